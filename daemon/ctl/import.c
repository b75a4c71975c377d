/* import FILE; import show, import file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/upload.h"
#include "daemon/ctl/verbs.h"

/* ---- batches -------------------------------------------------------------------------------- */

static void show_state(struct ctl *c, long long id, json_t *b)
{
	bool failed = strcmp(member_text(b, "state"), "failed") == 0;
	printf(TR(c, "批次 %lld（%s）：%s\n", "batch %lld (%s): %s\n"), id, member_text(b, "kind"),
		failed ? TR(c, "失败，一行也没有收入", "failed, no row went in")
		       : TR(c, "正在导入", "under way"));
}

void show_batch(struct ctl *c, json_t *b)
{
	long long id = member_int(b, "id"), bad = member_int(b, "bad");
	const char *state = member_text(b, "state");
	if (state[0] != '\0' && strcmp(state, "done") != 0) {
		show_state(c, id, b);
		return;
	}
	printf(TR(c, "批次 %lld（%s）：%lld 行，导入 %lld，错误 %lld，提示 %lld\n",
		       "batch %lld (%s): %lld rows, %lld in, %lld wrong, %lld with remarks\n"),
		id, member_text(b, "kind"), (long long)member_int(b, "rows"),
		(long long)member_int(b, "good"), bad, (long long)member_int(b, "warned"));
	long long lost = member_int(b, "errors_dropped") + member_int(b, "warnings_dropped");
	if (lost > 0)
		printf(TR(c, "  说明过多，另有 %lld 条没有保存\n",
			       "  too many remarks: %lld more were not kept\n"),
			lost);
	if (bad > 0)
		printf(TR(c, "  取回错误行：drawctl import file %lld -o errors.csv\n",
			       "  have the wrong rows back: drawctl import file %lld -o errors.csv\n"),
			id);
}

/* Columns that nobody read: what stands there had no part in anything. */
static void show_unknown(struct ctl *c, json_t *o)
{
	const char *unknown = member_text(o, "unknown_columns");
	if (unknown[0] != '\0')
		printf(TR(c, "  未识别、未采用的列：%s\n",
			       "  columns not known and not used: %s\n"),
			unknown);
}

/* The worker names its batch in the job's result. */
int show_import(struct ctl *c, const struct reply *done)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *result = json_object_get(done->json, "result");
	if (json_object_get(result, "batch") == NULL) {
		tell_raw(c, done);
		return CTL_OK;
	}
	const char *path = arena_printf(
		c->arena, "/api/v1/imports/%lld", (long long)member_int(result, "batch"));
	if (!client_get(c, path, &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	show_batch(c, reply.json);
	show_unknown(c, result);
	return CTL_OK;
}

int ctl_import_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path = arena_printf(c->arena, "/api/v1/imports/%s", url_text(c, c->o.arg[0]));
	if (!client_get(c, path, &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	show_batch(c, reply.json);
	show_unknown(c, reply.json);
	return CTL_OK;
}

/* ---- import --------------------------------------------------------------------------------- */

int ctl_import(struct ctl *c)
{
	const struct options *o = &c->o;
	struct reply reply, done;
	int64_t id;
	int code = CTL_OK;
	if (!upload_file(c, o->arg[0], &id, &code))
		return code;
	const char *user = getenv("USER");
	json_t *body = json_pack("{s:I, s:s, s:s, s:s, s:s}", "upload", (json_int_t)id, "kind",
		o->kind, "source", o->source != NULL ? o->source : base_name(o->arg[0]), "provider",
		o->provider != NULL ? o->provider : (user != NULL && user[0] ? user : "root"),
		"labels", o->labels != NULL ? o->labels : "");
	if (body == NULL || !set_text(body, "department", option_text(o, "department"))) {
		json_decref(body);
		return tell(c, ERR_BAD_UTF8, "--source, --provider, --department");
	}
	if (strcmp(o->kind, "recusals") == 0)
		return move(c, "/api/v1/imports", body);
	if (!client_post(c, "/api/v1/imports", body, &reply, &code) ||
		!wait_for(c, reply.json, TR(c, "导入", "importing"), &done, &code))
		return code;
	return show_import(c, &done);
}

/* ---- row errors ----------------------------------------------------------------------------- */

/* 第 3 行 成立日期“2012-02-30”：日期有误（…）。请写成…… */
void show_row_error(struct ctl *c, json_t *row)
{
	const char *name = member_text(row, "code"), *detail = member_text(row, "detail");
	const char *column = member_text(row, "column"), *value = member_text(row, "value");
	enum err_code named;
	const struct err_row *known = err_named(name, strlen(name), &named) ? err_row(named) : NULL;
	bool warning = strcmp(member_text(row, "severity"), "warning") == 0;
	printf(TR(c, "第 %lld 行%s%s", "line %lld%s%s"), (long long)member_int(row, "line"),
		column[0] ? " " : "", column);
	if (value[0] != '\0')
		printf(TR(c, "“%s”", " \"%s\""), value);
	printf("%s%s%s", TR(c, "：", ": "), warning ? TR(c, "【提示】", "(remark) ") : "",
		known != NULL ? known->sentence[c->lang] : name);
	if (detail[0] != '\0')
		printf(TR(c, "（%s%s）", " (%s%s)"),
			strcmp(name, err_row(ERR_USCC_ROUNDED)->name) != 0
				? ""
				: TR(c, "可能的原代码：", "it may have been: "),
			detail);
	printf("%s%s\n", TR(c, "。", ". "), known != NULL ? known->remedy[c->lang] : "");
}

int ctl_import_file(struct ctl *c)
{
	return fetch_to_output(
		c, arena_printf(c->arena, "/api/v1/imports/%s/file", url_text(c, c->o.arg[0])));
}
