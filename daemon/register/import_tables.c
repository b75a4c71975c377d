/* What the parser is told before it reads: it has no database. */
#include <jansson.h>
#include <string.h>

#include "daemon/clock.h"
#include "daemon/register/import.h"
#include "daemon/register/tables.h"
#include "daemon/worker.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

/* Two texts a row: key and value of one table. */
static bool put_all(struct import *i, struct buf *out, enum told_id table,
	const struct db_rows *rows, struct err *e)
{
	for (size_t k = 0; k < rows->n; k++) {
		struct db_row r = db_row(rows, k, i->arena, e);
		struct bytes key = db_bytes(&r, "key"), value = db_bytes(&r, "value");
		if (r.bad)
			return false;
		/* what has a control character could be taken for two; no file can have it in a
		 * cell */
		if (text_is_clean(key) && text_is_clean(value))
			tables_put(out, table, key, value);
	}
	return true;
}

static bool put_departments(struct import *i, struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct buf lines = buf_new(i->arena, 4096);
	if (!DB_RUN(i->db, Q_import_departments, &rows, e, DB_NULL) ||
		!put_all(i, out, TABLE_DEPARTMENT, &rows, e))
		return false;
	for (size_t k = 0; k < rows.n; k++) {
		struct db_row r = db_row(&rows, k, i->arena, e);
		buf_bytes(&lines, db_bytes(&r, "key"));
		buf_byte(&lines, '\n');
	}
	departments_know(&i->known, i->arena, buf_view(&lines));
	return true;
}

/* Only an entity's code and region are looked up in them. */
static bool put_codes(struct import *i, struct buf *out, struct err *e)
{
	DB_ROWS regions = { 0 };
	DB_ROWS exceptions = { 0 };
	char day[CIVIL_TEXT];
	civil_format(clock_date(&i->job->worker->process->conf), day);
	return DB_RUN(i->db, Q_import_regions, &regions, e, DB_TEXT(day)) &&
	       put_all(i, out, TABLE_REGION, &regions, e) &&
	       DB_RUN(i->db, Q_import_exceptions, &exceptions, e, DB_NULL) &&
	       put_all(i, out, TABLE_EXCEPTION, &exceptions, e);
}

static bool put_saved(struct import *i, struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	return DB_RUN(i->db, Q_import_saved, &rows, e, DB_TEXT(i->of->name), DB_BYTES(i->source),
		       DB_BYTES(i->department)) &&
	       put_all(i, out, TABLE_SAVED, &rows, e);
}

/* Labels that policies ask for, for the registers that say some. */
static bool put_labels(struct import *i, struct buf *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	return (i->kind != REGISTER_ENTITIES && i->kind != REGISTER_LABELS) ||
	       (DB_RUN(i->db, Q_import_labels, &rows, e, DB_NULL) &&
		       put_all(i, out, TABLE_LABEL, &rows, e));
}

/* Names that stand for codes, for the registers that have such columns. */
static bool put_names(struct import *i, struct buf *out, struct err *e)
{
	DB_ROWS places = { 0 };
	DB_ROWS items = { 0 };
	bool people = i->kind == REGISTER_INSPECTORS;
	bool regions = people || i->kind == REGISTER_ENTITIES || i->kind == REGISTER_AUTHORITIES;
	char day[CIVIL_TEXT];
	civil_format(clock_date(&i->job->worker->process->conf), day);
	return (!regions || (DB_RUN(i->db, Q_import_places, &places, e, DB_TEXT(day)) &&
				    put_all(i, out, TABLE_PLACE, &places, e))) &&
	       (!people || (DB_RUN(i->db, Q_import_items, &items, e, DB_NULL) &&
				   put_all(i, out, TABLE_ITEM, &items, e)));
}

/* {"原列名": "列名", …}; "" says that the column is of no use here. */
static bool put_given(struct import *i, struct buf *out, struct err *e)
{
	struct bytes args = i->job->args;
	json_t *all = json_loadb(args.p, args.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *given = json_object_get(all, "mapping"), *value;
	const char *key;
	bool ok = given == NULL || json_is_null(given) || json_is_object(given);
	json_object_foreach(given, key, value)
	{
		ok = ok && json_is_string(value) && text_is_clean(bytes_of(key)) &&
		     text_is_clean(bytes_of(json_string_value(value)));
		if (ok)
			tables_put(out, TABLE_GIVEN, bytes_of(key),
				bytes_of(json_string_value(value)));
	}
	json_decref(all);
	return ok || err_set(e, ERR_BAD_ARGS, "mapping");
}

bool import_tables(struct import *i, struct err *e)
{
	struct buf out = buf_new(i->arena, 4096);
	tables_put(&out, TABLE_OPTION, BYTES("labels"), i->labels);
	tables_put(&out, TABLE_OPTION, BYTES("sheet"), i->sheet);
	tables_put(&out, TABLE_OPTION, BYTES("department"), i->department);
	if (!put_departments(i, &out, e) || !put_codes(i, &out, e) || !put_saved(i, &out, e) ||
		!put_labels(i, &out, e) || !put_names(i, &out, e) || !put_given(i, &out, e))
		return false;
	i->tables = buf_view(&out);
	return true;
}

void import_echo_tables(struct import *i)
{
	struct buf out = buf_new(i->arena, 256);
	tables_put(&out, TABLE_OPTION, BYTES("sheet"), i->sheet);
	i->tables = buf_view(&out);
}
