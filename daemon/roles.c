#include "daemon/roles.h"

#include <string.h>

static const struct role rows[] = {
	{ WHO_PUBLIC, "public", false, false, false, { "公众", "public" } },
	{ WHO_ADMINISTRATOR, "administrator", false, true, true, { "管理员", "administrator" } },
	{ WHO_COORDINATOR, "coordinator", false, true, true,
		{ "联席会议办公室协调员", "coordinator of the joint conference office" } },
	{ WHO_HEAD, "head", true, true, true, { "部门负责人", "department head" } },
	{ WHO_CLERK, "clerk", true, true, true, { "部门经办人", "department clerk" } },
	{ WHO_INSPECTOR, "inspector", true, false, true, { "执法检查人员", "inspector" } },
	{ WHO_AUDITOR, "auditor", false, false, true, { "纪检审计", "auditor" } },
	{ WHO_OVERSIGHT, "oversight", false, false, true, { "行政执法监督", "oversight body" } },
	{ WHO_CUSTODIAN, "custodian", false, true, true, { "密钥保管人", "key custodian" } },
	{ WHO_SERVICE, "service", true, false, true, { "服务账号", "service account" } },
	{ WHO_SIGNED_IN, "signed-in", false, false, false, { "已登录者", "anybody signed in" } },
};
enum { ROWS = sizeof rows / sizeof *rows };

const struct role *roles_all(size_t *n)
{
	*n = ROWS;
	return rows;
}

const struct role *role_of(unsigned bit)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].bit == bit)
			return &rows[i];
	}
	return NULL;
}

const struct role *role_by_token(struct bytes token)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (bytes_is(token, rows[i].token))
			return &rows[i];
	}
	return NULL;
}

bool roles_parse(struct bytes list, unsigned *bits)
{
	bool more = list.n > 0;
	*bits = 0;
	while (more) {
		const struct role *r = role_by_token(bytes_cut(&list, ',', &more));
		if (r == NULL)
			return false;
		*bits |= r->bit;
	}
	return true;
}

const char *roles_text(unsigned bits, char *out, size_t size)
{
	size_t n = 0;
	out[0] = '\0';
	for (size_t i = 0; i < ROWS; i++) {
		size_t token = strlen(rows[i].token);
		if ((bits & rows[i].bit) == 0)
			continue;
		if (n + token + 2 > size)
			break;
		if (n > 0)
			out[n++] = ',';
		memcpy(out + n, rows[i].token, token + 1);
		n += token;
	}
	return out;
}

void roles_put(unsigned bits, struct buf *b)
{
	bool more = false;
	buf_byte(b, '[');
	for (size_t i = 0; i < ROWS; i++) {
		if ((rows[i].bit & bits) == 0)
			continue;
		buf_str(b, more ? ",\"" : "\"");
		buf_str(b, rows[i].token);
		buf_byte(b, '"');
		more = true;
	}
	buf_byte(b, ']');
}
