/* The end of an import: what it changes, what it says, and the batch's state. */
#include "daemon/crash.h"
#include "daemon/json.h"
#include "daemon/register/import.h"
#include "daemon/worker.h"

bool import_stage(struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(i->db, Q_import_stage, &rows, e, DB_INT(i->batch), DB_INT(i->some_say),
		    DB_INT(i->all_say), DB_BYTES(buf_view(&i->spared))))
		return false;
	struct db_row r = db_row(&rows, 0, i->arena, e);
	i->difference = (struct import_difference){ db_int(&r, "new_rows"), db_int(&r, "changed"),
		db_int(&r, "gone"), db_int(&r, "same"), db_bytes(&r, "preview") };
	return !r.bad;
}

bool import_is_kept(const struct import *i)
{
	return i->mode != IMPORT_DRY_RUN && import_totals(i).accepted > 0;
}

static const char *state_after(const struct import *i)
{
	if (!import_is_kept(i))
		return "discarded";
	return i->mode == IMPORT_CONFIRM ? "confirmed" : "staged";
}

static void put_counts(struct buf *b, const struct import *i)
{
	const struct parse_totals t = import_totals(i);
	json_put_number(b, "rows", (int64_t)t.rows);
	json_put_number(b, "accepted", (int64_t)t.accepted);
	json_put_number(b, "refused", (int64_t)t.refused);
	json_put_number(b, "repaired", (int64_t)t.repaired);
	json_put_number(b, "remarked", (int64_t)t.remarked);
	json_put_number(b, "new", i->difference.new_rows);
	json_put_number(b, "changed", i->difference.changed);
	json_put_number(b, "gone", i->difference.gone);
	json_put_number(b, "same", i->difference.same);
}

static struct bytes result_json(struct import *i)
{
	const struct parse_totals *t = &i->totals;
	struct buf b = buf_new(i->arena, 512);
	buf_byte(&b, '{');
	json_put_number(&b, "batch", i->batch);
	json_put_member(&b, "kind", bytes_of(i->of->name));
	json_put_member(&b, "state", bytes_of(state_after(i)));
	put_counts(&b, i);
	json_put_member(&b, "encoding", bytes_of(t->encoding));
	json_put_member(&b, "sheet", t->sheet);
	json_put_number(&b, "header_line", (int64_t)t->header_line);
	json_put_member(&b, "unread_sheets", t->unread);
	json_put_member(&b, "unknown_columns", t->unknown);
	buf_str(&b, ",\"derived\":{");
	for (unsigned k = 0; k < DERIVED_KINDS; k++)
		json_put_number(&b, derived_name(k), (int64_t)t->derived[k]);
	buf_byte(&b, '}');
	json_put_number(&b, "unknown_subjects", (int64_t)i->unknown_subjects);
	json_put_number(&b, "errors_dropped", import_dropped(i, ROW_ERROR));
	json_put_number(&b, "repairs_dropped", import_dropped(i, ROW_REPAIR));
	json_put_number(&b, "remarks_dropped", import_dropped(i, ROW_REMARK));
	buf_byte(&b, '}');
	return buf_view(&b);
}

/* The file goes back to those who sent it once there is something to tell. */
static const char *file_wanted(const struct import *i)
{
	return i->counted[ROW_ERROR] + i->counted[ROW_REPAIR] > 0 ? "wanted" : "none";
}

static bool confirm(struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(i->db, Q_import_confirm_own, &rows, e, DB_INT(i->batch),
		    DB_INT(conf_class_move_max(&i->job->worker->process->conf))))
		return false;
	struct db_row r = db_row(&rows, 0, i->arena, e);
	db_int(&r, "batch"); /* NULL where it was not */
	return !r.bad;
}

bool import_close(struct import *i, struct bytes *result, struct err *e)
{
	const struct parse_totals t = import_totals(i);
	const char *state = import_is_kept(i) ? "staged" : "discarded";
	*result = result_json(i);
	buf_byte(&i->mapping, ']');
	if (!DB_RUN(i->db, Q_import_close, NULL, e, DB_INT(i->batch), DB_TEXT(state),
		    DB_INT(t.rows), DB_INT(t.accepted), DB_INT(t.refused), DB_INT(t.repaired),
		    DB_INT(t.remarked), DB_INT(i->difference.new_rows),
		    DB_INT(i->difference.changed), DB_INT(i->difference.gone),
		    DB_INT(i->difference.same), DB_TEXT(t.encoding), DB_BYTES(t.sheet),
		    DB_BYTES(buf_view(&i->mapping)), DB_BYTES(i->difference.preview),
		    DB_BYTES(*result), DB_TEXT(file_wanted(i))))
		return false;
	crash_point("import.staged");
	return i->mode != IMPORT_CONFIRM || !import_is_kept(i) || confirm(i, e);
}
