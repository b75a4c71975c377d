/* What is worth a look once the rows of a file are compared with what other lists say. */
#include <string.h>

#include "daemon/register/import.h"
#include "sampler/base/text.h"

/* What import_doubts of the database says of a line. */
static const struct doubt {
	const char *what;
	enum err_code code;
	const char *column;
} doubts[] = {
	{ "certificate", ERR_OTHER_NUMBER, "执法证编号" },
	{ "id", ERR_OTHER_NUMBER, "身份证号" },
	{ "name", ERR_OTHER_NUMBER, "姓名" },
	{ "holder", ERR_OTHER_HOLDER, "姓名" },
	{ "named", ERR_OTHER_NAME, "名称" },
	{ "object", ERR_NO_EFFECT, "统一社会信用代码" },
	{ "succession", ERR_NO_EFFECT, "变更前代码" },
	{ "listed", ERR_OLD_LISTED, "变更前代码" },
};

static bool on_doubt(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	uint64_t line;
	size_t i = 0;
	while (i < sizeof doubts / sizeof *doubts && !bytes_is(value[1], doubts[i].what))
		i++;
	if (columns != 3 || i == sizeof doubts / sizeof *doubts ||
		!text_u64(value[0], INT64_MAX, &line))
		return err_set(e, ERR_INTERNAL, "doubt");
	return import_remark(ctx, line, doubts[i].code, doubts[i].column, value[2], e);
}

bool import_doubts(struct import *i, struct err *e)
{
	return db_stream(i->db, Q_import_doubts, (const struct db_param[]){ DB_INT(i->batch) },
		on_doubt, i, e);
}
