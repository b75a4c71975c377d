#include "planner/compose.h"

#include <string.h>

#include "sampler/base/text.h"
#include "sampler/type.h"

#define SCHEME "scheme."
#define TASK   "task."

/* ---- text ---- */

bool compose_split(struct bytes text, struct arena *a, struct compose_rows *out, struct err *e)
{
	size_t lines = 0, n = 0;
	bool more = text.n > 0, tab;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	struct setting_row *row = arena_calloc(a, lines + 1, sizeof *row);
	while (more) {
		struct bytes line = bytes_cut(&text, '\n', &more);
		if (!more) {
			if (line.n > 0)
				return err_set(e, ERR_BAD_POLICY, "row %zu: no line feed", n + 1);
			break;
		}
		row[n].value = line;
		row[n].path = bytes_cut(&row[n].value, '\t', &tab);
		if (!tab)
			return err_set(e, ERR_BAD_POLICY, "row %zu: no tabulator", n + 1);
		n++;
	}
	*out = (struct compose_rows){ row, n };
	return true;
}

struct compose_rows compose_sorted(const struct compose_rows *rows, struct arena *a)
{
	struct setting_row *row = arena_calloc(a, rows->n + 1, sizeof *row);

	if (rows->n > 0)
		memcpy(row, rows->row, rows->n * sizeof *row);
	settings_sort(row, rows->n);
	return (struct compose_rows){ row, rows->n };
}

struct bytes compose_join(const struct compose_rows *rows, struct arena *a)
{
	struct buf b = buf_new(a, 16384);

	for (size_t i = 0; i < rows->n; i++) {
		buf_bytes(&b, rows->row[i].path);
		buf_byte(&b, '\t');
		buf_bytes(&b, rows->row[i].value);
		buf_byte(&b, '\n');
	}
	return buf_view(&b);
}

/* ---- the settings that a task has not ---- */

static bool read_measure(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	*(struct bytes *)at = value;
	return value.n <= 1000 && text_is_clean(value);
}

static void write_measure(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	buf_bytes(out, *(const struct bytes *)at);
}

static const struct setting_form measure_form = { "text of at most 1,000 bytes", read_measure,
	write_measure };

#define MEASURE(class) \
	{ \
		"measures." #class, &measure_form, \
			.at = offsetof(struct scheme, measures[STRATUM_##class]) \
	}
static const struct setting scheme_setting[] = {
	{ "draws", &setting_number, .at = offsetof(struct scheme, draws), .min = 1, .max = 12 },
	MEASURE(A),
	MEASURE(B),
	MEASURE(C),
	MEASURE(D),
};
enum { SCHEME_SETTINGS = sizeof scheme_setting / sizeof *scheme_setting };

static const struct setting_owner scheme_owner[] = {
	{ "", "", NULL, 0, 0, 0 },
	{ SCHEME, SCHEME "<s>.", scheme_setting, SCHEME_SETTINGS, sizeof(struct scheme), 0 },
};
static const struct settings_form scheme_form = { "scheme", ERR_BAD_POLICY, scheme_owner, 2 };

/* `scheme.food.ratio.A` is `ratio.A` of `food`. */
static bool scheme_path(struct bytes path, struct bytes *code, struct bytes *name)
{
	bool more;

	if (!bytes_starts(path, BYTES(SCHEME)))
		return false;
	*name = (struct bytes){ path.p + strlen(SCHEME), path.n - strlen(SCHEME) };
	*code = bytes_cut(name, '.', &more);
	return more;
}

static bool is_own(struct bytes name)
{
	for (size_t i = 0; i < SCHEME_SETTINGS; i++)
		if (bytes_is(name, scheme_setting[i].name))
			return true;
	return false;
}

static bool is_of_round(struct bytes name)
{
	return bytes_is(name, "from") || bytes_is(name, "to") || bytes_is(name, "batches");
}

static bool refuse(struct err *e, struct bytes path, const char *what)
{
	return settings_refuse(&scheme_form, e, ERR_BAD_POLICY, path, what);
}

/* Rows of schemes only, and what stands in them beside those of a task. A scheme that has none of
 * its own settings has to be told what it lacks: its first row stands for it. */
static bool own_rows(const struct compose_rows *rows, struct setting_row *own, size_t *n,
	struct bytes *bare, struct err *e)
{
	struct bytes code, name, last = { NULL, 0 };
	bool has = true;

	*bare = last;
	for (size_t i = 0; i < rows->n; i++) {
		struct bytes path = rows->row[i].path;
		if (!scheme_path(path, &code, &name))
			return refuse(e, path, "a scheme has paths scheme.<s>.… only");
		if (is_of_round(name))
			return refuse(e, path, "a scheme has no dates: they come with the round");
		if (!bytes_equal(code, last)) {
			*bare = !has && bare->n == 0 ? last : *bare;
			has = false;
			last = code;
		}
		if (is_own(name)) {
			own[(*n)++] = rows->row[i];
			has = true;
		}
	}
	*bare = !has && bare->n == 0 ? last : *bare;
	return true;
}

bool schemes_read(const struct compose_rows *rows, struct arena *a, const struct scheme **scheme,
	size_t *n, struct err *e)
{
	struct setting_row *own = arena_calloc(a, rows->n + 1, sizeof *own);
	struct setting_list list[2];
	struct bytes bare;
	size_t owns = 0;
	char nothing;

	if (!own_rows(rows, own, &owns, &bare, e))
		return false;
	if (bare.n > 0) {
		err_set(e, ERR_BAD_POLICY, "missing");
		return err_at(e, "scheme: " SCHEME "%.*s.draws", BYTES_ARG(type_shown(bare)));
	}
	if (!settings_read(&scheme_form, &nothing, list, a, own, owns, e))
		return false;
	*scheme = (const struct scheme *)(const void *)list[1].base;
	*n = list[1].n;
	return true;
}

struct compose_rows scheme_rows(const struct compose_rows *rows, struct bytes code, struct arena *a)
{
	struct setting_row *row = arena_calloc(a, rows->n + 1, sizeof *row);
	struct bytes own, name;
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (scheme_path(rows->row[i].path, &own, &name) && bytes_equal(own, code))
			row[n++] = rows->row[i];
	return (struct compose_rows){ row, n };
}

/* ---- putting together ---- */

struct composing {
	struct arena *arena;
	struct setting_row *row;
	size_t n;
};

static void put(struct composing *c, struct bytes code, struct bytes name, struct bytes value)
{
	struct buf path = buf_new(c->arena, 80);

	buf_str(&path, TASK);
	buf_bytes(&path, code);
	buf_byte(&path, '.');
	buf_bytes(&path, name);
	c->row[c->n++] = (struct setting_row){ buf_view(&path), value };
}

static bool put_task(struct composing *c, const struct compose_task *t, struct err *e)
{
	struct bytes first = { NULL, 0 }, code, name;

	for (size_t i = 0; i < t->scheme.n; i++) {
		const struct setting_row *row = &t->scheme.row[i];
		if (!scheme_path(row->path, &code, &name) || is_of_round(name))
			return refuse(e, row->path, "not a path of a scheme");
		first = i == 0 ? code : first;
		if (!bytes_equal(code, first))
			return refuse(e, row->path, "of another scheme than the rows before");
		if (!is_own(name))
			put(c, t->code, name,
				bytes_is(name, "name") && t->name.n > 0 ? t->name : row->value);
	}
	put(c, t->code, BYTES("from"), t->from);
	put(c, t->code, BYTES("to"), t->to);
	put(c, t->code, BYTES("batches"), t->batches);
	return true;
}

bool compose_policy(const struct compose_rows *base, const struct compose_task *task, size_t tasks,
	struct arena *a, struct compose_rows *out, struct err *e)
{
	size_t room = base->n;

	for (size_t t = 0; t < tasks; t++)
		room += task[t].scheme.n + 3;
	struct composing c = { a, arena_calloc(a, room + 1, sizeof *c.row), 0 };
	for (size_t i = 0; i < base->n; i++) {
		if (bytes_starts(base->row[i].path, BYTES(TASK)))
			return settings_refuse(&(struct settings_form){ .name = "base" }, e,
				ERR_BAD_POLICY, base->row[i].path, "a base has no tasks");
		c.row[c.n++] = base->row[i];
	}
	for (size_t t = 0; t < tasks; t++)
		if (!put_task(&c, &task[t], e))
			return false;
	settings_sort(c.row, c.n);
	*out = (struct compose_rows){ c.row, c.n };
	return true;
}

/* "policy: task.food.lead" is "scheme: scheme.food.lead". */
static void rename_place(char *where, size_t room)
{
	char told[200];
	struct bytes from = BYTES("policy: " TASK), to = BYTES("scheme: " SCHEME);
	char *at = strstr(where, from.p);

	if (at == NULL)
		return;
	size_t before = (size_t)(at - where), rest = strlen(at + from.n);
	if (before + to.n + rest + 1 > room || before + to.n + rest + 1 > sizeof told)
		return;
	memcpy(told, at + from.n, rest + 1);
	memcpy(at, to.p, to.n);
	memcpy(at + to.n, told, rest + 1);
}

bool compose_read(struct policy *p, const struct compose_rows *base,
	const struct compose_task *task, size_t tasks, struct arena *a, struct compose_rows *out,
	struct err *e)
{
	if (!compose_policy(base, task, tasks, a, out, e))
		return false;
	if (policy_from_rows(p, a, out->row, out->n, e))
		return true;
	rename_place(e->where, sizeof e->where);
	return false;
}

/* ---- warnings ---- */

static bool ignores_class(const struct task *t)
{
	for (int c = 1; c < CLASSES; c++)
		if (t->ratio[c] != t->ratio[0] || t->mode[c] != t->mode[0])
			return false;
	return true;
}

static bool is_over(const struct policy *p, const struct task *t)
{
	for (int c = 0; c < CLASSES; c++)
		if (t->ratio[c] <= p->ceiling_general)
			return false;
	return t->general;
}

uint32_t scheme_warnings(const struct policy *p, const struct task *t)
{
	return (ignores_class(t) ? 1u << SCHEME_CLASS_IGNORED : 0) |
	       (!t->strict && t->ratio[STRATUM_A] > 0 && t->mode[STRATUM_A] == WAY_ONSITE
			       ? 1u << SCHEME_ONSITE_A
			       : 0) |
	       (is_over(p, t) ? 1u << SCHEME_OVER_CEILING : 0);
}

const char *scheme_warning_name(enum scheme_warning w)
{
	static const char *const names[SCHEME_WARNINGS] = { "class-ignored", "onsite-a",
		"over-ceiling" };
	return names[w];
}
