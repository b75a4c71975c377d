/* What may stand for the word that is being typed: asked by the shells (etc/completion). */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/help.h"
#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

/* The words typed so far: `word` is the one to be completed. */
struct typed {
	const char *plain[CTL_ARGS]; /* that are no options and no options' values */
	size_t plains;
	const struct option *open; /* whose value `word` is */
	const char *word;
};

static const struct option *option_typed(const char *word)
{
	for (const struct option *o = option_table; o->name != NULL; o++)
		if ((strncmp(word, "--", 2) == 0 && strcmp(word + 2, o->name) == 0) ||
			(o->brief != NULL && word[0] == '-' && strcmp(word + 1, o->brief) == 0))
			return o;
	return NULL;
}

static struct typed read_typed(int n, char **words)
{
	struct typed t = { .word = n > 0 ? words[n - 1] : "" };
	for (int i = 0; i + 1 < n; i++) {
		const struct option *o = option_typed(words[i]);
		if (o != NULL && o->kind != OPTION_FLAG && i + 2 < n)
			i++;
		else if (o != NULL && o->kind != OPTION_FLAG)
			t.open = o;
		else if (words[i][0] != '-' && t.plains < CTL_ARGS)
			t.plain[t.plains++] = words[i];
	}
	return t;
}

static void offer(const struct typed *t, const char *word, size_t n, const char *head)
{
	char text[200];
	snprintf(text, sizeof text, "%s%.*s", head, (int)n, word);
	if (strncmp(text, t->word, strlen(t->word)) == 0)
		puts(text);
}

static void offer_values(const struct typed *t, const char *values, size_t n)
{
	if (memchr(values, '|', n) == NULL && memchr(values, ',', n) == NULL)
		return;
	for (const char *p = values, *end = values + n; p < end; p++) {
		const char *from = p;
		while (p < end && *p != '|' && *p != ',')
			p++;
		offer(t, from, (size_t)(p - from), "");
	}
}

static void offer_profiles(struct ctl *c, const struct typed *t)
{
	struct profiles all;
	struct err ignored = { 0 };
	if (!profiles_load(&all, profiles_file(NULL, c->arena), c->arena, &ignored))
		return;
	for (size_t i = 0; i < all.n; i++)
		offer(t, all.all[i].name, strlen(all.all[i].name), "");
}

/* "state=" is completed to "state=open" and so on. */
static void offer_filter_words(const struct typed *t, const struct list_column *k)
{
	const char *words = k->filters ? list_words(k) : NULL;
	char head[100];
	snprintf(head, sizeof head, "%s=", k->name);
	if (words == NULL || strncmp(t->word, head, strlen(head)) != 0)
		return;
	for (const char *p = words; *p != '\0';) {
		size_t n = strcspn(p, ",");
		offer(t, p, n, head);
		p += n + (p[n] == ',');
	}
}

static void offer_columns(const struct typed *t, const struct verb *v)
{
	const struct listing *l = v->with;
	bool sort = strcmp(t->open->name, "sort") == 0;
	for (const struct list_column *k = l->list->columns; k->name != NULL; k++) {
		if (!sort)
			offer_filter_words(t, k);
		char text[100];
		snprintf(text, sizeof text, sort ? "%s" : "%s=", k->name);
		if (sort ? k->sorts : k->filters)
			offer(t, text, strlen(text), "");
	}
}

static void offer_value(struct ctl *c, const struct typed *t, const struct verb *v)
{
	const char *rest = v != NULL ? v->options : "";
	struct verb_option o;
	bool column = strcmp(t->open->name, "sort") == 0 || strcmp(t->open->name, "filter") == 0;
	if (strcmp(t->open->name, "profile") == 0)
		offer_profiles(c, t);
	else if (column && v != NULL && v->run == ctl_list)
		offer_columns(t, v);
	while (verb_option_next(&rest, &o))
		if (o.option == t->open && o.values_n > 0) {
			offer_values(t, o.values, o.values_n);
			return;
		}
	offer_values(t, t->open->value, strlen(t->open->value));
}

static void offer_options(const struct typed *t, const struct verb *v)
{
	for (const struct option *o = option_table; o->name != NULL; o++)
		if (o->everywhere || v == NULL || verb_takes(v, o))
			offer(t, o->name, strlen(o->name), "--");
}

/* The word of the verb that comes behind the plain ones; NULL where they are not its beginning. */
static const char *next_word(const struct typed *t, const struct verb *v, size_t *n)
{
	const char *words = v->words;
	for (size_t i = 0; i < t->plains; i++) {
		size_t length = strcspn(words, " ");
		if (strlen(t->plain[i]) != length || memcmp(t->plain[i], words, length) != 0 ||
			words[length] == '\0')
			return NULL;
		words += length + 1;
	}
	*n = strcspn(words, " ");
	return words;
}

static void offer_words(const struct typed *t)
{
	const char *last = "";
	size_t last_n = 0, n;
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const char *word = next_word(t, v, &n);
		if (word == NULL || (n == last_n && memcmp(word, last, n) == 0))
			continue;
		offer(t, word, n, "");
		last = word;
		last_n = n;
	}
}

/* The words that argument `at` of the verb takes; false where it takes any. */
static bool offer_argument(const struct typed *t, const struct verb *v, size_t at)
{
	const char *p = v->args;
	for (; at > 0 && *p != '\0'; at--)
		p += strcspn(p, " ") + (p[strcspn(p, " ")] == ' ');
	size_t n = strcspn(p, " "), name = strcspn(p, "= ");
	if (name < n)
		offer_values(t, p + name + 1, n - name - 1);
	return name < n;
}

/* Are the words so far also the beginning of longer verbs ("import", "import list")? */
static bool goes_on(const struct typed *t)
{
	size_t n;
	for (const struct verb *v = verbs; v->words != NULL; v++)
		if (next_word(t, v, &n) != NULL)
			return true;
	return false;
}

int complete(struct ctl *c, int n, char **words)
{
	struct typed t = read_typed(n, words);
	if (t.plains > 0 && strcmp(t.plain[0], "help") == 0)
		memmove(t.plain, t.plain + 1, --t.plains * sizeof *t.plain);
	struct options o = { .args = t.plains };
	memcpy(o.arg, t.plain, sizeof o.arg);
	const struct verb *v = verb_find(&o);
	if (t.open != NULL)
		offer_value(c, &t, v);
	else if (t.word[0] == '-')
		offer_options(&t, v);
	else if (v != NULL && v->args[0] != '\0' && offer_argument(&t, v, o.args) &&
		!goes_on(&t))
		return CTL_OK;
	else
		offer_words(&t);
	return CTL_OK;
}
