#include "daemon/approval.h"

#include <string.h>

#include "sampler/type.h"

/* The row of a department, or rows->n. */
static size_t row_of(
	const struct db_rows *rows, struct bytes department, struct arena *a, struct err *e)
{
	size_t i = 0;
	for (; i < rows->n; i++) {
		struct db_row r = db_row(rows, i, a, e);
		if (bytes_equal(db_bytes(&r, "department"), department))
			break;
	}
	return i;
}

bool approvals_text(struct db *db, struct bytes round, struct bytes departments, struct arena *a,
	struct bytes *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct bytes rest = departments, member;
	struct buf text = buf_new(a, 256), missing = buf_new(a, 64);
	if (!DB_RUN(db, Q_approval_list, &rows, e, DB_BYTES(round)))
		return false;
	while (type_next_member(&rest, &member)) {
		size_t i = row_of(&rows, member, a, e);
		struct buf *b = i < rows.n ? &text : &missing;
		if (b->n > 0)
			buf_byte(b, ',');
		buf_bytes(b, member);
		if (i == rows.n)
			continue;
		struct db_row r = db_row(&rows, i, a, e);
		buf_byte(b, ':');
		buf_bytes(b, db_bytes(&r, "account"));
		buf_byte(b, ':');
		buf_u64(b, (uint64_t)db_int(&r, "at"));
	}
	if (missing.n > 0)
		return err_set(e, ERR_NOT_APPROVED, "%.*s", (int)missing.n, missing.p);
	*out = buf_view(&text);
	return e->code == ERR_NONE;
}
