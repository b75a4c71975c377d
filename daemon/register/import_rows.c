/* A row on its way into the fact table. The parser is not trusted: what it calls good is looked at
 * once more. */
#include <string.h>

#include "daemon/register/entityfacts.h"
#include "daemon/register/import.h"
#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/frame.h"

enum { COPY_SIZE = 262144, SCRATCH_ROWS = 4096, KEY_MAX = 200 };

/* ---- lines of a COPY ----------------------------------------------------------------------------
 */

bool import_send(struct import *i, bool now, struct err *e)
{
	if (i->copy.n == 0 || (!now && i->copy.n < COPY_SIZE))
		return true;
	bool ok = db_copy_put(i->db, buf_view(&i->copy), e);
	i->copy.n = 0;
	return ok;
}

void import_put_int(struct import *i, int64_t v, char after)
{
	if (v < 0)
		buf_byte(&i->copy, '-');
	buf_u64(&i->copy, v < 0 ? (uint64_t)-v : (uint64_t)v);
	buf_byte(&i->copy, after);
}

void import_put(struct import *i, struct bytes v, char after)
{
	if (v.p != NULL)
		db_copy_value(&i->copy, v);
	else
		buf_str(&i->copy, "\\N");
	buf_byte(&i->copy, after);
}

/* The columns are those of the table of registers. */
bool import_copy_start(struct import *i, struct err *e)
{
	const struct register_info *of = i->of;
	struct buf columns = buf_new(i->arena, 512);
	for (size_t f = 0; f < of->facts; f++) {
		buf_str(&columns, of->fact[f].name);
		buf_str(&columns, f == 0 ? ", batch, line" : "");
		buf_str(&columns, f + 1 < of->facts ? ", " : "");
	}
	buf_byte(&columns, '\0');
	return db_copy_into(i->db, of->table, columns.p, e);
}

bool import_copy_end(struct import *i, struct err *e)
{
	int64_t rows;
	return import_send(i, true, e) && db_copy_end(i->db, &rows, e);
}

/* ---- what a fact may look like
 * ------------------------------------------------------------------- */

static bool is_clean(struct bytes s)
{
	return text_is_clean(s);
}

/* A date of the calendar. */
static bool is_date(struct bytes s)
{
	int32_t day;
	return s.n == 0 || civil_parse(s, &day);
}

/* A word without blanks: a token, or one of a column's words. */
static bool is_word(struct bytes s)
{
	return s.n <= 64 && memchr(s.p, ' ', s.n) == NULL && text_is_clean(s);
}

static bool is_code(struct bytes s)
{
	return s.n == 0 || text_is_object_id(s);
}

static bool is_number(struct bytes s)
{
	uint64_t v;
	bool minus = s.n > 0 && s.p[0] == '-';
	return s.n == 0 || text_u64((struct bytes){ s.p + minus, s.n - minus }, INT64_MAX, &v);
}

static bool is_flag(struct bytes s)
{
	return s.n == 0 || bytes_is(s, "t") || bytes_is(s, "f");
}

static bool is_form(enum fact_form form, struct bytes s)
{
	static bool (*const is[])(struct bytes s) = {
		[FORM_TEXT] = is_clean,
		[FORM_DATE] = is_date,
		[FORM_TOKEN] = is_word,
		[FORM_LIST] = is_clean,
		[FORM_CODE] = is_code,
		[FORM_NUMBER] = is_number,
		[FORM_FLAG] = is_flag,
		[FORM_PERSONAL] = is_clean,
	};
	return s.p == NULL || is[form](s);
}

/* Micro-degrees or nothing. */
static bool is_micro(struct bytes s)
{
	uint64_t v;
	bool minus = s.n > 0 && s.p[0] == '-';
	return s.n == 0 || text_u64((struct bytes){ s.p + minus, s.n - minus }, 180000000, &v);
}

/* The facts that the draw reads are held to PROTOCOL.md §5. */
static bool check_entity(const struct bytes *fact, struct err *e)
{
	struct bytes facts[FRAME_FACTS];
	entity_frame_facts(fact, facts);
	if (!frame_facts_check(facts, e))
		return false;
	return (is_micro(fact[ENTITY_X]) && is_micro(fact[ENTITY_Y]) &&
		       frame_fact_check(FACT_LABELS, fact[ENTITY_MATCHED])) ||
	       err_set(e, ERR_PARSER, "place or labels");
}

static bool check_facts(const struct import *i, const struct bytes *fact, struct err *e)
{
	const struct register_info *of = i->of;
	if (fact[0].n == 0 || fact[0].n > KEY_MAX)
		return err_set(e, ERR_PARSER, "%s", of->fact[0].name);
	for (size_t f = 0; f < of->facts; f++)
		if (!is_form(of->fact[f].form, fact[f]))
			return err_set(e, ERR_PARSER, "%s", of->fact[f].name);
	return i->kind != REGISTER_ENTITIES || check_entity(fact, e);
}

/* ---- whose rows these are
 * ------------------------------------------------------------------------ */

bool import_is_department(const struct import *i, struct bytes code)
{
	struct bytes found;
	return text_is_token(code) && departments_code(i->known, code, &found);
}

bool import_is_ours(const struct import *i, struct bytes department)
{
	return i->department.n == 0 || bytes_equal(department, i->department);
}

/* Does the row name a department other than the one whose list this is? *ours says no. */
static bool look_at_department(
	struct import *i, uint64_t line, const struct bytes *fact, bool *ours, struct err *e)
{
	size_t f = register_fact(i->kind, "department");
	*ours = true;
	if (f == i->of->facts || fact[f].n == 0)
		return true;
	if (!import_is_department(i, fact[f]))
		return err_set(e, ERR_PARSER, "department");
	*ours = import_is_ours(i, fact[f]);
	return *ours || import_refuse(i, line, ERR_OTHER_DEPARTMENT, i->of->fact[f].zh, fact[f], e);
}

/* ---- rows
 * ---------------------------------------------------------------------------------------- */

static struct arena *scratch(struct import *i)
{
	if (i->scratched++ % SCRATCH_ROWS == 0) {
		arena_free(i->scratch);
		i->scratch = arena_new();
	}
	return i->scratch;
}

bool import_put_row(
	struct import *i, uint64_t line, struct bytes key, const struct bytes *fact, struct err *e)
{
	const struct register_info *of = i->of;
	struct arena *a = scratch(i);
	int64_t says = 0;
	import_put(i, key, '\t');
	import_put_int(i, i->batch, '\t');
	import_put_int(i, (int64_t)line, '\t');
	for (size_t f = 1; f < of->facts; f++) {
		struct bytes v = fact[f];
		says |= (int64_t)(v.p != NULL) << (f + 1);
		if (of->fact[f].form == FORM_PERSONAL && v.n > 0) {
			struct sealing_place at = sealing_at(of->name, of->fact[f].name, key);
			v = sealing_seal(&i->sealing, a, &at, v);
		}
		import_put(i, v, f + 1 == of->facts ? '\n' : '\t');
	}
	i->some_say |= says;
	i->all_say &= says;
	return import_send(i, false, e);
}

static struct bytes keep(struct arena *a, struct bytes s)
{
	return s.n == 0 ? s : (struct bytes){ arena_strndup(a, s.p, s.n), s.n };
}

static void hold_row(struct import *i, uint64_t line, const struct bytes *fact)
{
	i->rows = import_grow(i->arena, i->rows, i->row_n, &i->row_room, sizeof *i->rows);
	struct import_row *row = &i->rows[i->row_n++];
	row->line = line;
	for (size_t f = 0; f < i->of->facts; f++)
		row->fact[f] = keep(i->arena, fact[f]);
}

bool import_on_row(void *ctx, uint64_t line, const struct bytes *fact, struct err *e)
{
	struct import *i = ctx;
	bool ours = true;
	if (!check_facts(i, fact, e))
		return err_at(e, "line %llu", (unsigned long long)line);
	if (i->of->held) {
		hold_row(i, line, fact);
		return true;
	}
	if (!look_at_department(i, line, fact, &ours, e))
		return err_at(e, "line %llu", (unsigned long long)line);
	return !ours || import_put_row(i, line, fact[0], fact, e);
}
