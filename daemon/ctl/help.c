/* Help, manual and completion: all of them tell the verb table and the option table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/help.h"
#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

/* ---- one verb ------------------------------------------------------------------------------- */

static void put_option(struct buf *b, const struct verb_option *v)
{
	const struct option *o = v->option;
	buf_str(b, v->needed ? " " : " [");
	buf_str(b, "--");
	buf_str(b, o->name);
	if (o->kind != OPTION_FLAG) {
		buf_byte(b, ' ');
		if (v->values_n > 0)
			buf_put(b, v->values, v->values_n);
		else
			buf_str(b, o->value);
	}
	buf_str(b, v->needed ? "" : "]");
	buf_str(b, o->kind == OPTION_LIST ? "…" : "");
}

/* "round freeze ROUND [--wait] …" */
const char *usage_of(struct arena *a, const struct verb *v)
{
	struct buf b = buf_new(a, 128);
	const char *rest = v->options;
	struct verb_option o;
	buf_str(&b, v->words);
	buf_str(&b, v->args[0] != '\0' ? " " : "");
	buf_str(&b, v->args);
	while (verb_option_next(&rest, &o))
		put_option(&b, &o);
	buf_byte(&b, '\0');
	return b.p;
}

/* The columns that a list filters, NULL of another verb. */
static const char *filters_of(struct arena *a, const struct verb *v)
{
	struct buf b = buf_new(a, 128);
	if (v->run != ctl_list)
		return NULL;
	const struct listing *l = v->with;
	for (const struct list_column *k = l->list->columns; k->name != NULL; k++) {
		if (!k->filters)
			continue;
		buf_str(&b, b.n > 0 ? ", " : "");
		buf_str(&b, k->name);
	}
	buf_byte(&b, '\0');
	return b.p;
}

static bool takes(const struct verb *v, const struct option *option)
{
	const char *rest = v->options;
	struct verb_option o;
	while (verb_option_next(&rest, &o))
		if (o.option == option)
			return true;
	return false;
}

/* ---- help ----------------------------------------------------------------------------------- */

/* Do the words of the command line begin the verb, or it them? */
static bool asked_for(const struct options *o, const struct verb *v)
{
	const char *words = v->words;
	for (size_t i = 0; i < o->args && *words != '\0'; i++) {
		size_t n = strcspn(words, " ");
		if (strlen(o->arg[i]) != n || memcmp(o->arg[i], words, n) != 0)
			return false;
		words += n + (words[n] == ' ');
	}
	return true;
}

static void print_option(struct ctl *c, const struct option *o, FILE *out)
{
	fprintf(out, "  --%s%s%s %s\n        %s\n", o->name, o->brief != NULL ? ", -" : "",
		o->brief != NULL ? o->brief : "", o->value, TR(c, o->zh, o->en));
}

static void print_verb(struct ctl *c, const struct verb *v, bool whole, FILE *out)
{
	const char *filters = whole ? filters_of(c->arena, v) : NULL;
	if (whole)
		fprintf(out, "  %s\n", usage_of(c->arena, v));
	else
		fprintf(out, "  %s %s\n", v->words, v->args);
	fprintf(out, "        %s\n", TR(c, v->zh, v->en));
	if (filters != NULL)
		fprintf(out, TR(c, "        --filter 可用：%s\n", "        --filter: %s\n"),
			filters);
}

void print_help(struct ctl *c, FILE *out)
{
	bool some = false;
	for (const struct verb *v = verbs; v->words != NULL; v++)
		some = some || (c->o.args > 0 && asked_for(&c->o, v));
	fputs(TR(c, "用法：drawctl 命令 [参数] [选项]\n\n命令：\n",
		      "usage: drawctl VERB [ARGUMENT] [OPTION]\n\nverbs:\n"),
		out);
	for (const struct verb *v = verbs; v->words != NULL; v++)
		if (!some || asked_for(&c->o, v))
			print_verb(c, v, some, out);
	fputs(TR(c, "\n选项：\n", "\noptions:\n"), out);
	for (const struct option *o = option_table; o->name != NULL; o++) {
		bool wanted = o->everywhere;
		for (const struct verb *v = verbs; v->words != NULL && !wanted; v++)
			wanted = (!some || asked_for(&c->o, v)) && takes(v, o);
		if (wanted)
			print_option(c, o, out);
	}
	fputs(TR(c, "\n退出码：0 成功，1 被拒绝或失败，2 用法有误，3 无法连接\n",
		      "\nexit codes: 0 done, 1 refused or failed, 2 usage, 3 not reached\n"),
		out);
}

int ctl_help(struct ctl *c)
{
	print_help(c, stdout);
	return CTL_OK;
}

/* ---- manual --------------------------------------------------------------------------------- */

/* For roff: a hyphen is `\-`, a backslash `\e`. */
static void put_roff(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void put_entry(const char *head, const char *text)
{
	fputs(".TP\n\\fB", stdout);
	put_roff(head);
	printf("\\fP\n%s", text);
}

/* The sections of drawctl(1) that come from the tables; etc/manual.sh puts them in. */
int ctl_manual(struct ctl *c)
{
	puts(TR(c, ".SH 命令", ".SH VERBS"));
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const char *filters = filters_of(c->arena, v);
		put_entry(usage_of(c->arena, v), TR(c, v->zh, v->en));
		if (filters == NULL) {
			putchar('\n');
		} else {
			fputs(TR(c, "；\\fB\\-\\-filter\\fP 可用：",
				      "; \\fB\\-\\-filter\\fP takes "),
				stdout);
			put_roff(filters);
			putchar('\n');
		}
	}
	puts(TR(c, ".SH 选项", ".SH OPTIONS"));
	for (const struct option *o = option_table; o->name != NULL; o++) {
		const char *head = arena_printf(c->arena, "--%s%s%s%s%s", o->name,
			o->brief != NULL ? ", -" : "", o->brief != NULL ? o->brief : "",
			o->value[0] != '\0' ? " " : "", o->value);
		put_entry(head, TR(c, o->zh, o->en));
		putchar('\n');
	}
	return CTL_OK;
}

/* Every verb with the routes that it asks, for the test that no route is without one. */
int ctl_verbs(struct ctl *c)
{
	for (const struct verb *v = verbs; v->words != NULL; v++)
		printf("%s\t%s\t%s\n", v->words, v->routes, TR(c, v->zh, v->en));
	return CTL_OK;
}

/* ---- completion ----------------------------------------------------------------------------- */

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
	if (memchr(values, '|', n) == NULL)
		return;
	for (const char *p = values, *end = values + n; p < end; p++) {
		const char *bar = memchr(p, '|', (size_t)(end - p));
		size_t part = (size_t)((bar != NULL ? bar : end) - p);
		offer(t, p, part, "");
		p += part;
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

static void offer_columns(const struct typed *t, const struct verb *v)
{
	const struct listing *l = v->with;
	bool sort = strcmp(t->open->name, "sort") == 0;
	for (const struct list_column *k = l->list->columns; k->name != NULL; k++) {
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
		if (o->everywhere || v == NULL || takes(v, o))
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

int complete(struct ctl *c, int n, char **words)
{
	struct typed t = read_typed(n, words);
	struct options o = { .args = t.plains };
	memcpy(o.arg, t.plain, sizeof o.arg);
	const struct verb *v = verb_find(&o);
	if (t.open != NULL)
		offer_value(c, &t, v);
	else if (t.word[0] == '-')
		offer_options(&t, v);
	else
		offer_words(&t);
	return CTL_OK;
}
