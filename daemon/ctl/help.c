/* Help and manual: both tell the verb table and the option table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/help.h"
#include "daemon/ctl/list.h"
#include "daemon/ctl/verbs.h"

/* ---- groups --------------------------------------------------------------------------------- */

static const struct verb_group *group_at(const struct verb *v)
{
	for (const struct verb_group *g = verb_groups; g->first != NULL; g++)
		if (strcmp(g->first, v->words) == 0)
			return g;
	return NULL;
}

static void put_padded(const char *title, FILE *out)
{
	enum { TITLE_WIDTH = 24 };
	size_t w = text_width(title);
	fprintf(out, "  %s%*s", title, w < TITLE_WIDTH ? (int)(TITLE_WIDTH - w) : 1, "");
}

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

/* "ACCOUNT ROLE" of "ACCOUNT ROLE=administrator,…" */
static void put_args(struct buf *b, const char *args)
{
	while (*args != '\0') {
		size_t n = strcspn(args, " "), name = strcspn(args, "= ");
		buf_byte(b, ' ');
		buf_put(b, args, name);
		args += n + (args[n] == ' ');
	}
}

/* "round freeze ROUND --reason TEXT [--wait]": what is needed comes first. */
const char *usage_of(struct arena *a, const struct verb *v)
{
	struct buf b = buf_new(a, 128);
	struct verb_option o;
	buf_str(&b, v->words);
	put_args(&b, v->args);
	for (int needed = 1; needed >= 0; needed--)
		for (const char *rest = v->options; verb_option_next(&rest, &o);)
			if (o.needed == (needed == 1))
				put_option(&b, &o);
	buf_byte(&b, '\0');
	return b.p;
}

/* "state: open, carried …" below a verb: which words an argument or a column takes. */
typedef void words_fn(
	struct ctl *c, const char *place, const char *name, const char *words, void *ctx);

const char *arg_place(struct ctl *c, const char *arg)
{
	size_t from = arg[0] == '[', n = strcspn(arg + from, "]= ");
	char *place = arena_strndup(c->arena, arg + from, n);
	for (size_t i = 0; i < n; i++)
		if (place[i] >= 'A' && place[i] <= 'Z')
			place[i] = (char)(place[i] - 'A' + 'a');
	return place;
}

/* Values of an option that are called otherwise in Chinese. */
static void option_words(struct ctl *c, const struct verb_option *o, words_fn *each, void *ctx)
{
	char *words = arena_strndup(c->arena, o->values, o->values_n);
	bool other = false;
	for (size_t i = 0; i < o->values_n; i++)
		words[i] = words[i] == '|' ? ',' : words[i];
	for (const char *p = words; *p != '\0' && !other;) {
		size_t n = strcspn(p, ",");
		const char *word = arena_strndup(c->arena, p, n);
		other = strcmp(word_in(c, o->option->name, word), word) != 0;
		p += n + (p[n] == ',');
	}
	if (other)
		each(c, o->option->name, arena_printf(c->arena, "--%s", o->option->name), words,
			ctx);
}

static void each_words(struct ctl *c, const struct verb *v, words_fn *each, void *ctx)
{
	struct verb_option o;
	for (const char *p = v->args; *p != '\0';) {
		size_t n = strcspn(p, " "), name = strcspn(p, "= ");
		if (name < n)
			each(c, arg_place(c, p), arena_strndup(c->arena, p, name),
				arena_strndup(c->arena, p + name + 1, n - name - 1), ctx);
		p += n + (p[n] == ' ');
	}
	for (const char *rest = v->options; verb_option_next(&rest, &o);)
		if (o.values_n > 0)
			option_words(c, &o, each, ctx);
	const struct listing *l = v->run == ctl_list ? v->with : NULL;
	for (const struct list_column *k = l != NULL ? l->list->columns : NULL;
		k != NULL && k->name != NULL; k++)
		if (k->filters && list_words(k) != NULL)
			each(c, l->list->name, k->name, list_words(k), ctx);
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

/* "open 待同意、done 完成": what is typed, and what a line of the list says. */
static const char *words_explained(struct ctl *c, const char *place, const char *words)
{
	struct buf b = buf_new(c->arena, 128);
	while (*words != '\0') {
		size_t n = strcspn(words, ",");
		const char *word = arena_strndup(c->arena, words, n),
			   *said = word_in(c, place, word);
		buf_str(&b, word);
		if (strcmp(said, word) != 0) {
			buf_byte(&b, ' ');
			buf_str(&b, said);
		}
		words += n + (words[n] == ',');
		buf_str(&b, *words != '\0' ? TR(c, "、", ", ") : "");
	}
	buf_byte(&b, '\0');
	return b.p;
}

bool verb_takes(const struct verb *v, const struct option *option)
{
	const char *rest = v->options;
	struct verb_option o;
	while (verb_option_next(&rest, &o))
		if (o.option == option)
			return true;
	return false;
}

enum { TOLD_MAX = 16, SHORT_WORDS = 60 };

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

/* Lists of words that were told already: the help of a word's verbs has each once. */
struct told_words {
	FILE *out;
	const char *words[TOLD_MAX], *name[TOLD_MAX];
	size_t n;
};

static void print_words(
	struct ctl *c, const char *place, const char *name, const char *words, void *ctx)
{
	struct told_words *told = ctx;
	fprintf(told->out, TR(c, "        %s：", "        %s: "), name);
	for (size_t i = 0; i < told->n; i++)
		if (strcmp(told->words[i], words) == 0) {
			fprintf(told->out, TR(c, "同上（%s）\n", "as above (%s)\n"), told->name[i]);
			return;
		}
	fprintf(told->out, "%s\n", words_explained(c, place, words));
	if (told->n < TOLD_MAX && strlen(words) > SHORT_WORDS) {
		told->words[told->n] = words;
		told->name[told->n++] = name;
	}
}

static void print_verb(struct ctl *c, const struct verb *v, bool whole, struct told_words *told)
{
	FILE *out = told->out;
	const char *filters = whole ? filters_of(c->arena, v) : NULL;
	struct buf b = buf_new(c->arena, 64);
	put_args(&b, v->args);
	buf_byte(&b, '\0');
	if (whole)
		fprintf(out, "  %s\n", usage_of(c->arena, v));
	else
		fprintf(out, "  %s%s\n", v->words, b.p);
	fprintf(out, "        %s\n", TR(c, v->zh, v->en));
	if (filters != NULL)
		fprintf(out, TR(c, "        --filter 可用：%s\n", "        --filter: %s\n"),
			filters);
	if (whole)
		each_words(c, v, print_words, told);
}

static void print_options(struct ctl *c, bool some, FILE *out)
{
	fputs(TR(c, "\n选项：\n", "\noptions:\n"), out);
	for (const struct option *o = option_table; o->name != NULL; o++) {
		bool wanted = o->everywhere;
		for (const struct verb *v = verbs; v->words != NULL && !wanted; v++)
			wanted = (!some || asked_for(&c->o, v)) && verb_takes(v, o);
		if (wanted)
			print_option(c, o, out);
	}
	fputs(TR(c, "\n退出码：0 成功，1 被拒绝或失败，2 用法有误，3 无法连接\n",
		      "\nexit codes: 0 done, 1 refused or failed, 2 usage, 3 not reached\n"),
		out);
}

int print_help(struct ctl *c, FILE *out)
{
	struct told_words told = { .out = out };
	bool some = c->o.args > 0, found = false;
	for (const struct verb *v = verbs; v->words != NULL; v++)
		found = found || asked_for(&c->o, v);
	if (!found)
		return tell_no_verb(c);
	fputs(TR(c, "用法：drawctl 命令 [参数] [选项]\n",
		      "usage: drawctl VERB [ARGUMENT] [OPTION]\n"),
		out);
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const struct verb_group *g = some ? NULL : group_at(v);
		if (g != NULL)
			fprintf(out, "\n%s\n", TR(c, g->zh, g->en));
		else if (v == verbs)
			fputc('\n', out);
		if (asked_for(&c->o, v))
			print_verb(c, v, some, &told);
	}
	print_options(c, some, out);
	return CTL_OK;
}

int ctl_help(struct ctl *c)
{
	return print_help(c, stdout);
}

/* ---- the short page ------------------------------------------------------------------------- */

/* The first words of the verbs of a group, each once. */
static void print_nouns(const struct verb *v, FILE *out)
{
	const char *last = "";
	size_t last_n = 0;
	for (const struct verb *first = v; v->words != NULL; v++) {
		size_t n = strcspn(v->words, " ");
		if (v != first && group_at(v) != NULL)
			break;
		if (n != last_n || memcmp(v->words, last, n) != 0)
			fprintf(out, " %.*s", (int)n, v->words);
		last = v->words;
		last_n = n;
	}
	fputc('\n', out);
}

void print_page(struct ctl *c, FILE *out)
{
	fputs(TR(c, "用法：drawctl 命令 [参数] [选项]\n\n",
		      "usage: drawctl VERB [ARGUMENT] [OPTION]\n\n"),
		out);
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const struct verb_group *g = group_at(v);
		if (g == NULL)
			continue;
		put_padded(TR(c, g->zh, g->en), out);
		print_nouns(v, out);
	}
	fputs(TR(c, "\n先登录：drawctl login。一类命令的用法：drawctl help round；全部：drawctl help\n",
		      "\nFirst: drawctl login. The verbs of one word: drawctl help round; all: drawctl help\n"),
		out);
}

/* ---- what is no verb ------------------------------------------------------------------------ */

/* Characters to insert, delete, replace or swap with the next to make one text the other; texts
 * longer than ROOM are far. */
static size_t distance(const char *a, const char *b)
{
	enum { ROOM = 40 };
	size_t m = strlen(a), n = strlen(b), d[ROOM + 1][ROOM + 1];
	if (m > ROOM || n > ROOM)
		return ROOM;
	for (size_t i = 0; i <= m; i++)
		for (size_t j = 0; j <= n; j++) {
			if (i == 0 || j == 0) {
				d[i][j] = i + j;
				continue;
			}
			size_t least = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			least = d[i - 1][j] + 1 < least ? d[i - 1][j] + 1 : least;
			least = d[i][j - 1] + 1 < least ? d[i][j - 1] + 1 : least;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				d[i - 2][j - 2] + 1 < least)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	return d[m][n];
}

/* As many of the words typed as the verb has, joined by blanks. */
static const char *typed_like(struct ctl *c, const struct verb *v)
{
	struct buf b = buf_new(c->arena, 64);
	size_t words = 1;
	for (const char *p = v->words; *p != '\0'; p++)
		words += *p == ' ';
	for (size_t i = 0; i < words && i < c->o.args; i++) {
		buf_str(&b, i > 0 ? " " : "");
		buf_str(&b, c->o.arg[i]);
	}
	buf_byte(&b, '\0');
	return b.p;
}

static const struct verb *nearest(struct ctl *c)
{
	const struct verb *best = NULL;
	size_t least = SIZE_MAX;
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const char *typed = typed_like(c, v);
		size_t d = distance(typed, v->words);
		if (d < least && d * 3 <= strlen(typed)) {
			best = v;
			least = d;
		}
	}
	return best;
}

static void print_line(struct ctl *c, const struct verb *v, FILE *out)
{
	enum { VERB_WIDTH = 30 };
	struct buf b = buf_new(c->arena, 64);
	buf_str(&b, v->words);
	put_args(&b, v->args);
	buf_byte(&b, '\0');
	fprintf(out, "  %-*s  %s\n", VERB_WIDTH, b.p, TR(c, v->zh, v->en));
}

/* Verbs that begin with what was typed of the first word, where that is all or a beginning. */
static size_t print_like(struct ctl *c, FILE *out)
{
	const char *first = c->o.arg[0];
	size_t n = 0;
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		if (strncmp(v->words, first, strlen(first)) != 0)
			continue;
		if (out != NULL)
			print_line(c, v, out);
		n++;
	}
	return n;
}

int tell_no_verb(struct ctl *c)
{
	const struct verb *near = nearest(c);
	struct buf typed = buf_new(c->arena, 64);
	for (size_t i = 0; i < c->o.args && i < 2; i++) {
		buf_str(&typed, i > 0 ? " " : "");
		buf_str(&typed, c->o.arg[i]);
	}
	buf_byte(&typed, '\0');
	int code = tell(c, ERR_NO_VERB, "%s", typed.p);
	if (c->o.json)
		return code;
	if (near != NULL)
		fprintf(stderr, TR(c, "是否要用：drawctl %s\n", "did you mean: drawctl %s\n"),
			usage_of(c->arena, near));
	else if (print_like(c, NULL) > 0) {
		fprintf(stderr, TR(c, "以 %s 开头的命令：\n", "verbs that begin with %s:\n"),
			c->o.arg[0]);
		print_like(c, stderr);
	}
	return code;
}

/* ---- manual --------------------------------------------------------------------------------- */

void put_roff(const char *text)
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

static void put_words(
	struct ctl *c, const char *place, const char *name, const char *words, void *unused)
{
	(void)unused;
	fputs(TR(c, "；", "; "), stdout);
	put_roff(name);
	fputs(TR(c, "：", ": "), stdout);
	put_roff(words_explained(c, place, words));
}

static void put_verb(struct ctl *c, const struct verb *v)
{
	const char *filters = filters_of(c->arena, v);
	put_entry(usage_of(c->arena, v), TR(c, v->zh, v->en));
	if (filters != NULL) {
		fputs(TR(c, "；\\fB\\-\\-filter\\fP 可用：", "; \\fB\\-\\-filter\\fP takes "),
			stdout);
		put_roff(filters);
	}
	each_words(c, v, put_words, NULL);
	putchar('\n');
}

/* The sections of drawctl(1) that come from the tables; etc/manual.sh puts them in. */
int ctl_manual(struct ctl *c)
{
	if (c->o.args > 0)
		return manual_registers(c);
	puts(TR(c, ".SH 命令", ".SH VERBS"));
	for (const struct verb *v = verbs; v->words != NULL; v++) {
		const struct verb_group *g = group_at(v);
		if (g != NULL)
			printf(".SS %s\n", TR(c, g->zh, g->en));
		put_verb(c, v);
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
