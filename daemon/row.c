#include "daemon/row.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cell.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

enum { SHOWN = 200 }; /* bytes of a value in an error */

static const char *const kinds[IMPORT_KINDS] = { "entities", "inspectors", "recusals" };

const char *import_kind_name(enum import_kind kind)
{
	return kinds[kind];
}

bool import_kind_of(struct bytes name, enum import_kind *kind)
{
	for (unsigned i = 0; i < IMPORT_KINDS; i++)
		if (bytes_is(name, kinds[i])) {
			*kind = (enum import_kind)i;
			return true;
		}
	return false;
}

const char *derived_name(unsigned bit_number)
{
	static const char *const names[DERIVED_KINDS] = { "kind", "region", "labels", "unclassed" };
	return names[bit_number];
}

static const struct bytes no_value = { "", 0 };
const struct bytes row_unsaid = { NULL, 0 };

/* ---- text -------------------------------------------------------------------------------- */

struct row *row_new(struct arena *a, size_t text_max)
{
	struct row *r = arena_calloc(a, 1, sizeof *r);
	r->text = arena_alloc(a, text_max);
	r->text_max = text_max;
	return r;
}

void row_start(struct row *r, uint64_t line)
{
	r->line = line;
	for (size_t i = 0; i < ROW_FACTS; i++)
		r->fact[i] = row_unsaid;
	for (size_t i = 0; i < CELLS; i++)
		r->cell[i] = no_value;
	r->derived = 0;
	r->bad = false;
	r->notes = 0;
	r->text_n = 0;
}

struct bytes row_text(struct row *r, struct bytes s)
{
	char *to = r->text + r->text_n;
	size_t room = r->text_max - r->text_n;
	size_t n = s.n < room ? s.n : room;
	if (n > 0)
		memcpy(to, s.p, n);
	r->text_n += n;
	return (struct bytes){ to, n };
}

struct bytes row_printf(struct row *r, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return row_text(
		r, (struct bytes){ line, n < (int)sizeof line ? (size_t)n : sizeof line - 1 });
}

/* Length of the clean UTF-8 character at s, 0 where there is none. */
static size_t character(struct bytes s)
{
	for (size_t n = 1; n <= 4 && n <= s.n; n++)
		if (text_is_clean((struct bytes){ s.p, n }))
			return n;
	return 0;
}

static struct bytes shown(struct row *r, struct bytes s)
{
	char out[SHOWN + 8];
	size_t n = 0;
	while (s.n > 0 && n < SHOWN - 4) {
		size_t size = character(s);
		if (size > 0)
			memcpy(out + n, s.p, size);
		else
			snprintf(out + n, 5, "\\x%02X", (unsigned char)s.p[0]);
		n += size > 0 ? size : 4;
		size += size == 0;
		s = (struct bytes){ s.p + size, s.n - size };
	}
	if (s.n > 0) {
		n += (size_t)snprintf(out + n, sizeof out - n, "…");
	}
	return row_text(r, (struct bytes){ out, n });
}

/* ---- notes ------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 0))) static void put_note(
	struct row *r, struct row_note note, const char *fmt, va_list ap)
{
	char detail[512];
	int n = vsnprintf(detail, sizeof detail, fmt, ap);
	r->bad = r->bad || !note.warning;
	if (r->notes == ROW_NOTES)
		return;
	note.value = shown(r, note.value);
	note.detail = row_text(r,
		(struct bytes){ detail, n < (int)sizeof detail ? (size_t)n : sizeof detail - 1 });
	r->note[r->notes++] = note;
}

void row_fail(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	put_note(r, (struct row_note){ code, false, column, value, no_value }, detail, ap);
	va_end(ap);
}

void row_warn(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	put_note(r, (struct row_note){ code, true, column, value, no_value }, detail, ap);
	va_end(ap);
}

/* ---- what follows from the cells ---------------------------------------------------------- */

/* The USCC is the object; without one R and the registration number. Further premises get a number.
 */
static void make_object(struct row *r)
{
	struct bytes code = r->cell[CELL_USCC].n > 0 ? r->cell[CELL_USCC] : r->cell[CELL_REGNO];
	if (code.n > 0)
		r->fact[ENTITY_ENTITY] = code;
	else if (r->fact[ENTITY_OBJECT].n == 0 && !r->bad)
		row_fail(r, "统一社会信用代码", ERR_MISSING_VALUE, no_value, "%s", "");
	if (r->fact[ENTITY_OBJECT].n == 0 && code.n > 0)
		r->fact[ENTITY_OBJECT] = object_join(r, code, r->cell[CELL_PREMISES]);
}

/* What the database derives from the code (entity_current) is counted here. */
static void count_derived(struct row *r)
{
	struct bytes *fact = r->fact, code = fact[ENTITY_ENTITY];
	enum ident_fault fault = uscc_check(code);
	bool uscc = fault != IDENT_LENGTH && fault != IDENT_CHARSET;
	bool region = uscc && text_all_digits((struct bytes){ code.p + 2, 6 });
	if (fact[ENTITY_KIND].n == 0 && uscc)
		r->derived |= DERIVED_KIND;
	if (fact[ENTITY_REGION].n == 0 && region)
		r->derived |= DERIVED_REGION;
	else if (r->cell[CELL_REGION_NAME].n > 0)
		row_warn(r, "行政区划", ERR_BAD_REGION, r->cell[CELL_REGION_NAME], "%s", "");
	if (fact[ENTITY_CLASS].n == 0)
		r->derived |= DERIVED_UNCLASSED;
}

static void add_given(struct row *r)
{
	struct bytes member[2 * CELL_MEMBERS];
	struct bytes lists[2] = { r->fact[ENTITY_LABELS], r->given };
	size_t n = 0;
	for (size_t i = 0; i < 2; i++)
		while (n < 2 * CELL_MEMBERS && cell_next(&lists[i], &member[n]))
			n++;
	r->fact[ENTITY_LABELS] = cell_list(r, member, n);
}

static void match_labels(struct row *r)
{
	struct buf out = { NULL, r->text + r->text_n, 0, r->text_max - r->text_n };
	r->fact[ENTITY_MATCHED] = no_value;
	if (r->labels == NULL || out.room < 33 * label_rules_count(r->labels) + 1)
		return; /* row_new's caller made room for a whole row and this */
	label_rules_match(r->labels, r->fact[ENTITY_NAME], r->fact[ENTITY_SCOPE],
		r->fact[ENTITY_INDUSTRY], no_value, &out);
	r->text_n += out.n;
	r->fact[ENTITY_MATCHED] = (struct bytes){ out.p, out.n };
	if (out.n > 0)
		r->derived |= DERIVED_LABELS;
}

static void finish_entity(struct row *r)
{
	make_object(r);
	struct bytes object = r->fact[ENTITY_OBJECT];
	if (object.n > 0 && !text_is_object_id(object))
		row_fail(r, "检查对象编号", ERR_BAD_OBJECT, object, "%s", "");
	if (r->fact[ENTITY_NAME].n == 0)
		row_fail(r, "名称", ERR_MISSING_VALUE, no_value, "%s", "");
	if (r->bad)
		return;
	if (r->fact[ENTITY_KIND].n == 0 && r->cell[CELL_TYPE].n > 0)
		r->fact[ENTITY_KIND] = r->cell[CELL_TYPE];
	count_derived(r);
	if (r->fact[ENTITY_X].n == 0 || r->fact[ENTITY_Y].n == 0) { /* one half is no place */
		bool said = r->fact[ENTITY_X].p != NULL || r->fact[ENTITY_Y].p != NULL;
		r->fact[ENTITY_X] = r->fact[ENTITY_Y] = said ? no_value : row_unsaid;
	}
	if (r->given.n > 0)
		add_given(r);
	match_labels(r);
}

static void want(struct row *r, int fact, const char *column)
{
	if (r->fact[fact].n == 0 && !r->bad)
		row_fail(r, column, ERR_MISSING_VALUE, no_value, "%s", "");
}

/* 部门 may name an office inside the organisation that 单位 names: the first that has a code. */
static bool find_department(struct row *r, int fact)
{
	static const struct {
		enum cell cell;
		const char *column;
	} sources[] = { { CELL_DEPARTMENT, "部门" }, { CELL_UNIT, "单位" } };
	const char *column = NULL;
	struct bytes seen = no_value;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct bytes name = r->cell[sources[i].cell];
		if (name.n == 0)
			continue;
		if (departments_code(r->departments, name, &r->fact[fact]))
			return true;
		column = sources[i].column;
		seen = name;
	}
	if (column != NULL)
		row_fail(r, column, ERR_UNKNOWN_DEPARTMENT, seen, "%s", "");
	return false;
}

static void finish_inspector(struct row *r)
{
	/* what an empty cell means */
	static const struct {
		enum inspector_fact_id fact;
		const char *means;
	} empty[] = { { INSPECTOR_REGIONS, "*" }, { INSPECTOR_ITEMS, "*" },
		{ INSPECTOR_LIMIT, "0" }, { INSPECTOR_ACTIVE, "t" } };
	struct bytes *fact = r->fact;
	if (!find_department(r, INSPECTOR_DEPARTMENT))
		want(r, INSPECTOR_DEPARTMENT, "部门");
	want(r, INSPECTOR_NAME, "姓名");
	want(r, INSPECTOR_CERTIFICATE_NO, "执法证编号");
	want(r, INSPECTOR_CERTIFICATE, "执法证有效期至");
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		if (fact[empty[i].fact].p != NULL && fact[empty[i].fact].n == 0)
			fact[empty[i].fact] = bytes_of(empty[i].means);
	if (r->cell[CELL_EXPERT].n > 0)
		fact[INSPECTOR_ACTIVE] = BYTES("f");
	fact[INSPECTOR_KEY] = row_printf(r, "%.*s:%.*s", BYTES_ARG(fact[INSPECTOR_DEPARTMENT]),
		BYTES_ARG(fact[INSPECTOR_CERTIFICATE_NO]));
}

static void finish_recusal(struct row *r)
{
	struct bytes *fact = r->fact;
	find_department(r, RECUSAL_DEPARTMENT);
	if (fact[RECUSAL_INSPECTOR].n == 0)
		want(r, RECUSAL_CERTIFICATE_NO, "执法证编号");
	want(r, RECUSAL_SUBJECT, "统一社会信用代码");
	for (size_t i = 0; i < RECUSAL_FACTS; i++) /* a recusal is one row: nothing goes before */
		if (fact[i].p == NULL)
			fact[i] = no_value;
	fact[RECUSAL_KEY] = row_printf(r, "%.*s:%.*s:%.*s:%.*s:%.*s:%.*s",
		BYTES_ARG(fact[RECUSAL_SUBJECT]), BYTES_ARG(fact[RECUSAL_INSPECTOR]),
		BYTES_ARG(fact[RECUSAL_DEPARTMENT]), BYTES_ARG(fact[RECUSAL_CERTIFICATE_NO]),
		BYTES_ARG(fact[RECUSAL_SINCE]), BYTES_ARG(fact[RECUSAL_GROUND]));
}

void row_finish(struct row *r, enum import_kind kind)
{
	static void (*const finish[IMPORT_KINDS])(
		struct row * r) = { finish_entity, finish_inspector, finish_recusal };
	finish[kind](r);
}
