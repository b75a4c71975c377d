/* import KIND FILE; register put. */
#include "daemon/ctl/import.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/ctl/upload.h"
#include "daemon/ctl/verbs.h"
#include "daemon/register/columns.h"

/* ---- what is asked -------------------------------------------------------------------------- */

/* --map HEADER=COLUMN; an empty column is not read. */
static json_t *mapping_of(struct ctl *c, int *code)
{
	json_t *map = json_object();
	for (size_t i = 0; i < c->o.map.n; i++) {
		const char *text = c->o.map.text[i], *sign = strrchr(text, '=');
		json_t *column = sign != NULL ? json_string(sign + 1) : NULL;
		if (sign == NULL || sign == text || column == NULL ||
			json_object_setn_new(map, text, (size_t)(sign - text), column) != 0) {
			*code = tell(c, ERR_USAGE, "--map \"%s\": HEADER=COLUMN", text);
			json_decref(map);
			return NULL;
		}
	}
	return map;
}

/* The body of POST /imports; NULL after the error was told. */
static json_t *import_body(struct ctl *c, const char *kind, int64_t upload, const char *mode,
	const char *source, int *code)
{
	const struct options *o = &c->o;
	json_t *map = mapping_of(c, code);
	if (map == NULL)
		return NULL;
	json_t *body = json_pack("{s:I, s:s, s:s, s:s, s:o}", "upload", (json_int_t)upload, "kind",
		kind, "mode", mode, "scope", o->full ? "full" : "update", "mapping", map);
	if (body != NULL && set_text(body, "source", source) &&
		set_text(body, "provider", o->provider) && set_text(body, "labels", o->labels) &&
		set_text(body, "sheet", o->sheet) &&
		set_text(body, "department", option_text(o, "department")))
		return body;
	json_decref(body);
	*code = tell(c, ERR_BAD_UTF8, "--source, --provider, --labels, --sheet, --department");
	return NULL;
}

/* ---- --dry-run ------------------------------------------------------------------------------ */

/* All errors of a batch, page by page. */
static bool get_errors(struct ctl *c, int64_t id, json_t *errors, int *code)
{
	const char *next = "";
	do {
		struct reply reply;
		const char *path = arena_printf(c->arena, "/api/v1/imports/%lld/errors%s%s",
			(long long)id, next[0] != '\0' ? "?after=" : "", next);
		if (!client_get(c, path, &reply, code))
			return false;
		json_array_extend(errors, json_object_get(reply.json, "errors"));
		next = arena_strdup(c->arena, member_text(reply.json, "next"));
		client_forget(c);
	} while (next[0] != '\0');
	return true;
}

static void print_result(
	json_t *rows, json_t *accepted, json_t *repaired, json_t *refused, json_t *errors)
{
	json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:o}", "rows", rows, "accepted", accepted,
		"repaired", repaired, "refused", refused, "errors", errors);
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

/* A file of which no row could be read: its one error. */
static int print_failure(json_t *job)
{
	json_t *e = json_object_get(job, "error"), *errors = json_array();
	const char *name = member_text(e, "code");
	enum err_code code;
	const struct err_row *known = err_named(name, strlen(name), &code) ? err_row(code) : NULL;
	json_array_append_new(errors,
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "row", 0, "column",
			"", "value", "", "code", name, "detail", member_text(e, "what"), "severity",
			"error", "message", known != NULL ? known->sentence[LANG_ZH] : name,
			"message_en", known != NULL ? known->sentence[LANG_EN] : name, "remedy",
			known != NULL ? known->remedy[LANG_ZH] : "", "remedy_en",
			known != NULL ? known->remedy[LANG_EN] : ""));
	print_result(json_integer(0), json_integer(0), json_integer(0), json_integer(0), errors);
	return CTL_REFUSED;
}

static int print_batch(struct ctl *c, int64_t id)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *errors = json_array();
	if (!get_batch(c, id, &reply, &code)) {
		json_decref(errors);
		return code;
	}
	int64_t accepted = member_int(reply.json, "accepted"),
		rows = member_int(reply.json, "rows"),
		repaired = member_int(reply.json, "repaired"),
		refused = member_int(reply.json, "refused");
	if (!get_errors(c, id, errors, &code)) {
		json_decref(errors);
		return code;
	}
	print_result(json_integer(rows), json_integer(accepted), json_integer(repaired),
		json_integer(refused), errors);
	return accepted > 0 ? CTL_OK : CTL_REFUSED;
}

/* ---- import --------------------------------------------------------------------------------- */

/* The first rows of a severity; those that were shown are added to *shown. */
static bool show_some(
	struct ctl *c, int64_t id, const char *severity, int most, int64_t *shown, int *code)
{
	struct reply reply;
	size_t i;
	json_t *row;
	const char *path = arena_printf(c->arena,
		"/api/v1/imports/%lld/errors?severity=%s&limit=%d", (long long)id, severity, most);
	if (!client_get(c, path, &reply, code))
		return false;
	json_array_foreach(json_object_get(reply.json, "errors"), i, row)
	{
		fputs("  ", stdout);
		show_row_error(c, row);
		++*shown;
	}
	return true;
}

/* How many notes there are. */
static bool count_notes(struct ctl *c, int64_t id, int64_t *all, int *code)
{
	struct reply reply;
	size_t i;
	json_t *group;
	const char *path =
		arena_printf(c->arena, "/api/v1/imports/%lld/groups?limit=1000", (long long)id);
	if (!client_get(c, path, &reply, code))
		return false;
	json_array_foreach(json_object_get(reply.json, "groups"), i, group) *all +=
		member_int(group, "count");
	return true;
}

int show_notes(struct ctl *c, json_t *batch)
{
	static const struct {
		const char *rows, *severity;
		int most;
	} parts[] = { { "refused", "error", 5 }, { "remarked", "remark", 3 },
		{ "repaired", "repair", 3 } };
	int64_t id = member_int(batch, "id"), shown = 0, all = 0;
	int code = CTL_OK;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (member_int(batch, parts[i].rows) > 0 &&
			!show_some(c, id, parts[i].severity, parts[i].most, &shown, &code))
			return code;
	if (shown == 0 || !count_notes(c, id, &all, &code))
		return code;
	if (all > shown)
		printf(TR(c, "  另有 %lld 条：drawctl import errors %lld --all\n",
			       "  and %lld more: drawctl import errors %lld --all\n"),
			(long long)(all - shown), (long long)id);
	return CTL_OK;
}

/* What was staged counts once somebody says so. */
static int ask_confirm(struct ctl *c, int64_t id, json_t *batch)
{
	struct reply reply;
	int code = CTL_OK;
	const char *question =
		arena_printf(c->arena, TR(c, "收入这 %lld 行？", "take in these %lld rows?"),
			(long long)member_int(batch, "accepted"));
	if (c->o.preview)
		return CTL_OK;
	if (!confirmed(c, question)) {
		remark(c,
			TR(c, "批次 %lld 仍待确认。确认：drawctl import confirm %lld；放弃：drawctl import discard %lld",
				"batch %lld still waits. confirm: drawctl import confirm %lld; discard: drawctl import discard %lld"),
			(long long)id, (long long)id, (long long)id);
		return CTL_REFUSED;
	}
	const char *path = arena_printf(c->arena, "/api/v1/imports/%lld/confirm", (long long)id);
	if (!client_post(c, path, json_object(), &reply, &code))
		return code;
	show_batch(c, reply.json);
	return CTL_OK;
}

static int tell_import(struct ctl *c, json_t *job)
{
	struct reply reply;
	int code = CTL_OK;
	int64_t id = member_int(json_object_get(job, "result"), "batch");
	if (c->o.json && c->o.dry_run)
		return print_batch(c, id);
	if (!get_batch(c, id, &reply, &code))
		return code;
	int64_t accepted = member_int(reply.json, "accepted");
	bool staged = strcmp(member_text(reply.json, "state"), "staged") == 0;
	if (!tell_raw(c, &reply)) {
		show_preview(c, reply.json);
		code = show_notes(c, reply.json);
		if (code != CTL_OK)
			return code;
		if (staged && accepted > 0)
			code = ask_confirm(c, id, reply.json);
	}
	return code == CTL_OK && accepted == 0 ? CTL_REFUSED : code;
}

static int start_import(
	struct ctl *c, const char *kind, int64_t upload, const char *mode, const char *source)
{
	struct reply reply, done = { 0 };
	int code = CTL_OK;
	json_t *body = import_body(c, kind, upload, mode, source, &code);
	if (body == NULL)
		return code;
	if (strcmp(kind, "recusals") == 0)
		return move(c, "/api/v1/imports", body);
	if (!client_post(c, "/api/v1/imports", body, &reply, &code))
		return code;
	if (wait_for(c, reply.json, TR(c, "导入", "importing"), &done, &code))
		return tell_import(c, done.json);
	if (c->o.json && c->o.dry_run && done.json != NULL)
		return print_failure(done.json);
	return code;
}

int ctl_import(struct ctl *c)
{
	const struct options *o = &c->o;
	const char *kind = o->arg[0], *file = o->arg[1];
	const char *mode = o->dry_run ? "dry-run" : o->yes ? "confirm" : "preview";
	int64_t id;
	int code = CTL_OK;
	bool asks = !o->yes && !o->dry_run && !o->preview && strcmp(kind, "recusals") != 0;
	if (asks && (o->json || isatty(STDIN_FILENO) != 1))
		return tell(c, ERR_OPTION_NEEDED, "%s--yes | --dry-run | --preview",
			o->json ? "--json: "
				: TR(c, "标准输入不是终端：", "stdin is no terminal: "));
	/* what else the source said is struck off: no guess */
	if (o->full && o->source == NULL)
		return tell(c, ERR_OPTION_NEEDED, "--full: --source TEXT");
	if (!upload_file(c, file, &id, &code))
		return code;
	return start_import(c, kind, id, mode, o->source);
}

/* ---- register put --------------------------------------------------------------------------- */

/* A row of CSV of the names, and one of the values. */
static bool put_row(struct ctl *c, struct buf *b, bool values, int *code)
{
	for (size_t i = 1; i < c->o.args; i++) {
		const char *text = c->o.arg[i], *sign = strchr(text, '=');
		if (sign == NULL || sign == text) {
			*code = tell(c, ERR_USAGE, "\"%s\": COLUMN=VALUE", text);
			return false;
		}
		const char *p = values ? sign + 1 : text,
			   *end = values ? text + strlen(text) : sign;
		buf_str(b, i > 1 ? ",\"" : "\"");
		for (; p < end; p++) {
			buf_byte(b, *p);
			if (*p == '"')
				buf_byte(b, '"');
		}
		buf_byte(b, '"');
	}
	buf_str(b, "\r\n");
	return true;
}

/* The name typed in an argument. */
static struct bytes typed_name(const char *text)
{
	return (struct bytes){ text, strcspn(text, "=") };
}

static bool was_typed(struct ctl *c, enum register_id id, const char *column)
{
	for (size_t i = 1; i < c->o.args; i++) {
		const struct column *k = column_find(id, typed_name(c->o.arg[i]));
		if (k != NULL && strcmp(k->name, column) == 0)
			return true;
	}
	return false;
}

/* Columns that the register has, and one of each group that it needs: said of the row that was
 * typed, before a file is made of it. */
static bool columns_fit(struct ctl *c, enum register_id id, int *code)
{
	enum { NEEDED_MAX = sizeof *registers[0].needed / sizeof(*registers[0].needed)[0] };
	const char *const(*group)[NEEDED_MAX] = registers[id].needed;
	for (size_t i = 1; i < c->o.args; i++)
		if (column_find(id, typed_name(c->o.arg[i])) == NULL) {
			*code = tell(
				c, ERR_NO_SUCH_COLUMN, "%.*s", BYTES_ARG(typed_name(c->o.arg[i])));
			return false;
		}
	for (; group != NULL && (*group)[0] != NULL; group++) {
		struct buf names = buf_new(c->arena, 64);
		bool there = false;
		for (size_t k = 0; k < NEEDED_MAX && (*group)[k] != NULL; k++) {
			there = there || was_typed(c, id, (*group)[k]);
			buf_str(&names, k > 0 ? " | " : "");
			buf_str(&names, (*group)[k]);
		}
		buf_byte(&names, '\0');
		if (!there) {
			*code = tell(c, ERR_MISSING_VALUE, "%s", names.p);
			return false;
		}
	}
	return true;
}

/* One row, by the way of a file of one row: the same checks, the same history. */
int ctl_register_put(struct ctl *c)
{
	struct buf b = buf_new(c->arena, 1024);
	enum register_id id;
	int64_t upload;
	int code = CTL_OK;
	if (c->o.args < 2)
		return tell(c, ERR_USAGE, "COLUMN=VALUE");
	if (!put_row(c, &b, false, &code) || !put_row(c, &b, true, &code))
		return code;
	if (register_named(bytes_of(c->o.arg[0]), &id) && !columns_fit(c, id, &code))
		return code;
	int fd = memfd_create("row", MFD_CLOEXEC);
	if (fd < 0 || !write_all(fd, buf_view(&b)))
		return tell(c, ERR_FILE, "memfd");
	bool sent = upload_open_file(c, fd, "row.csv", (int64_t)b.n, &upload, &code);
	close(fd);
	const char *mode = c->o.dry_run ? "dry-run" : "confirm";
	if (!sent)
		return code;
	return start_import(c, c->o.arg[0], upload, mode,
		c->o.source != NULL ? c->o.source : TR(c, "手工录入", "by hand"));
}
