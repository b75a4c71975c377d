/* import, imports … */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"

static int usage(struct ctl *c, const char *what)
{
	struct err e = { 0 };
	err_set(&e, ERR_USAGE, "%s", what);
	return tell_error(c, &e);
}

/* ---- upload ------------------------------------------------------------------------------- */

static const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	return slash != NULL ? slash + 1 : file;
}

static bool announce(struct ctl *c, const char *file, int64_t size, int64_t *id, int *exit_code)
{
	struct reply reply;
	json_t *o = json_pack("{s:s, s:I}", "name", base_name(file), "size", (json_int_t)size);
	if (o == NULL) {
		*exit_code = usage(c, file);
		return false;
	}
	if (!client_post(c, "/api/v1/uploads", o, &reply, exit_code))
		return false;
	*id = member_int(reply.json, "id");
	return true;
}

static bool send_pieces(struct ctl *c, int fd, int64_t size, int64_t id, int *exit_code)
{
	char *piece = malloc(CTL_PIECE);
	int64_t at = 0;
	bool ok = piece != NULL;
	while (ok && at < size) {
		struct reply reply;
		ssize_t n = pread(fd, piece, CTL_PIECE, at);
		if (n <= 0) {
			struct err e = { 0 };
			err_set(&e, ERR_FILE, "%s",
				n < 0 ? strerror(errno) : "the file became shorter");
			*exit_code = tell_error(c, &e);
			ok = false;
			break;
		}
		if (n > size - at)
			n = (ssize_t)(size - at);
		ok = client_call(c, "PUT",
			arena_printf(c->arena, "/api/v1/uploads/%lld?offset=%lld", (long long)id,
				(long long)at),
			"application/octet-stream", (struct bytes){ piece, (size_t)n }, &reply,
			exit_code);
		at += n;
		tell_progress(c, TR(c, "上传", "uploading"), at, size);
	}
	tell_progress_end(c);
	free(piece);
	return ok;
}

static bool upload(struct ctl *c, const char *file, int64_t *id, int *exit_code)
{
	struct err e = { 0 };
	struct stat s;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
		err_set(&e, ERR_FILE, "%s: %s", file, fd < 0 ? strerror(errno) : "not a file");
		if (fd >= 0)
			close(fd);
		*exit_code = tell_error(c, &e);
		return false;
	}
	if (s.st_size == 0) {
		close(fd);
		err_set(&e, ERR_EMPTY_FILE, "%s: 0 bytes", file);
		*exit_code = tell_error(c, &e);
		return false;
	}
	bool ok = announce(c, file, s.st_size, id, exit_code) &&
		  send_pieces(c, fd, s.st_size, *id, exit_code);
	close(fd);
	return ok;
}

/* ---- import ------------------------------------------------------------------------------- */

static void show_state(struct ctl *c, long long id, json_t *b)
{
	bool failed = strcmp(member_text(b, "state"), "failed") == 0;
	printf(TR(c, "批次 %lld（%s）：%s\n", "batch %lld (%s): %s\n"), id, member_text(b, "kind"),
		failed ? TR(c, "失败，一行也没有收入", "failed, no row went in")
		       : TR(c, "正在导入", "under way"));
}

static void show_batch(struct ctl *c, json_t *b)
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
		printf(TR(c, "  取回错误行：drawctl imports file %lld -o errors.csv\n",
			       "  have the wrong rows back: drawctl imports file %lld -o errors.csv\n"),
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
static int show_import(struct ctl *c, const struct reply *done)
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

int ctl_import(struct ctl *c)
{
	struct options *o = &c->o;
	struct reply reply, done;
	int64_t id;
	int code = CTL_OK;
	if (o->kind == NULL)
		return usage(c, "--kind entities|inspectors|recusals");
	if (!upload(c, o->arg[0], &id, &code))
		return code;
	const char *user = getenv("USER");
	json_t *body = json_pack("{s:I, s:s, s:s, s:s, s:s}", "upload", (json_int_t)id, "kind",
		o->kind, "source", o->source != NULL ? o->source : base_name(o->arg[0]), "person",
		o->person != NULL ? o->person : (user != NULL && user[0] ? user : "root"), "labels",
		o->labels != NULL ? o->labels : "");
	if (body == NULL)
		return usage(c, "--source, --person: UTF-8");
	if (!client_post(c, "/api/v1/imports", body, &reply, &code) ||
		!wait_for(c, &reply, TR(c, "导入", "importing"), &done, &code))
		return code;
	return show_import(c, &done);
}

/* ---- batches ------------------------------------------------------------------------------ */

int ctl_imports_list(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *b;
	const char *path = arena_printf(c->arena, "/api/v1/imports%s%s",
		c->o.limit != NULL ? "?limit=" : "", c->o.limit != NULL ? c->o.limit : "");
	if (!client_get(c, path, &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		json_array_foreach(json_object_get(reply.json, "imports"), i, b) show_batch(c, b);
	return CTL_OK;
}

int ctl_imports_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(
		    c, arena_printf(c->arena, "/api/v1/imports/%s", c->o.arg[0]), &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	show_batch(c, reply.json);
	show_unknown(c, reply.json);
	return CTL_OK;
}

/* 第 3 行 成立日期“2012-02-30”：日期有误（…）。请写成…… */
static void show_error(struct ctl *c, json_t *row)
{
	const char *name = member_text(row, "code"), *detail = member_text(row, "detail");
	const char *column = member_text(row, "column"), *value = member_text(row, "value");
	const struct err_row *known = error_of(name);
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

static void show_errors(struct ctl *c, json_t *errors, int64_t most)
{
	size_t i;
	json_t *row;
	json_array_foreach(errors, i, row)
	{
		if ((int64_t)i == most)
			return;
		show_error(c, row);
	}
}

int ctl_imports_errors(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	int64_t after = 0, told = 0;
	int64_t most = c->o.limit != NULL ? strtoll(c->o.limit, NULL, 10) : INT64_MAX;
	do {
		const char *path = arena_printf(c->arena, "/api/v1/imports/%s/errors?after=%lld",
			c->o.arg[0], (long long)after);
		if (!client_get(c, path, &reply, &code))
			return code;
		json_t *errors = json_object_get(reply.json, "errors");
		if (!tell_raw(c, &reply))
			show_errors(c, errors, most - told);
		told += (int64_t)json_array_size(errors);
		after = member_int(reply.json, "next");
	} while (after > 0 && told < most);
	if (told == 0 && !c->o.json)
		puts(TR(c, "没有错误行，也没有提示", "no row errors and no remarks"));
	return CTL_OK;
}

int ctl_imports_file(struct ctl *c)
{
	struct reply reply;
	struct err e = { 0 };
	int code = CTL_OK, fd;
	const char *path = arena_printf(c->arena, "/api/v1/imports/%s/file", c->o.arg[0]);
	if (!client_get(c, path, &reply, &code))
		return code;
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	if (write_all(fd, reply.body) && (fd == STDOUT_FILENO || close(fd) == 0))
		return CTL_OK;
	err_set(&e, ERR_FILE, "%s: %s", c->o.output != NULL ? c->o.output : "-", strerror(errno));
	return tell_error(c, &e);
}
