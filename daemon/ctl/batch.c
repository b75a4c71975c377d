/* Import batches: shown, confirmed, discarded, undone, imported again; what is wrong with their
 * rows. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/import.h"
#include "daemon/ctl/verbs.h"
#include "daemon/register/cell.h"
#include "daemon/register/detail.h"
#include "daemon/register/registers.h"
#include "daemon/register/words.h"

/* ---- a line of a batch ---------------------------------------------------------------------- */

const char *register_title(struct ctl *c, const char *name)
{
	enum register_id id;
	if (!register_named(bytes_of(name), &id))
		return name;
	return TR(c, registers[id].zh, registers[id].en);
}

static void show_counts(struct ctl *c, json_t *b)
{
	printf(TR(c, "  %lld 行：收入 %lld（修复 %lld，有提示 %lld），退回 %lld\n",
		       "  %lld rows: %lld accepted (%lld repaired, %lld with remarks), %lld refused\n"),
		(long long)member_int(b, "rows"), (long long)member_int(b, "accepted"),
		(long long)member_int(b, "repaired"), (long long)member_int(b, "remarked"),
		(long long)member_int(b, "refused"));
	if (strcmp(member_text(b, "state"), "undone") == 0)
		printf(TR(c, "  已撤销：新增的 %lld 不再计入，变更的 %lld、缺失的 %lld 恢复此前的内容（其他批次也写明的除外）\n",
			       "  undone: %lld new ones do not count any more, %lld changed and %lld gone ones are as they were (but where other batches say so too)\n"),
			(long long)member_int(b, "new"), (long long)member_int(b, "changed"),
			(long long)member_int(b, "gone"));
	else if (member_int(b, "accepted") > 0 || member_int(b, "gone") > 0)
		printf(TR(c, "  新增 %lld，变更 %lld，缺失 %lld，相同 %lld\n",
			       "  %lld new, %lld changed, %lld gone, %lld the same\n"),
			(long long)member_int(b, "new"), (long long)member_int(b, "changed"),
			(long long)member_int(b, "gone"), (long long)member_int(b, "same"));
}

/* Why it failed: the whole error, or its name (in lists). */
static void show_reason(struct ctl *c, long long id, json_t *reason)
{
	const char *name =
		json_is_string(reason) ? json_string_value(reason) : member_text(reason, "code");
	enum err_code code;
	if (name[0] == '\0')
		return;
	const struct err_row *known = err_named(name, strlen(name), &code) ? err_row(code) : NULL;
	printf(TR(c, "  失败：%s", "  failed: %s"),
		known != NULL ? known->sentence[c->lang] : name);
	if (json_is_string(reason)) { /* the remedy speaks of what lists leave out */
		printf(TR(c, "。详见：drawctl import show %lld\n",
			       "; see drawctl import show %lld\n"),
			id);
		return;
	}
	if (member_text(reason, "what")[0] != '\0') {
		fputs(TR(c, "（", " ("), stdout);
		put_clean(member_text(reason, "what"));
		fputs(TR(c, "）", ")"), stdout);
	}
	printf("%s%s\n", TR(c, "。", ". "), known != NULL ? known->remedy[c->lang] : "");
}

/* What an undoing brought about: where it comes from, or what else is gone with it. */
static void show_made(struct ctl *c, json_t *b)
{
	size_t i;
	json_t *m;
	if (member_int(b, "follows") > 0)
		printf(TR(c, "  撤销批次 %lld 时产生：批次 %lld 是全部清单，未列这些，故缺失\n",
			       "  made when batch %lld was undone: batch %lld is a whole list and lacks these\n"),
			(long long)member_int(b, "because"), (long long)member_int(b, "follows"));
	json_array_foreach(json_object_get(b, "made"), i, m) printf(
		TR(c, "  随之缺失 %lld（批次 %lld）：全部清单未列，此前只因本批次而仍在。查看：drawctl import show %lld\n",
			"  %lld are gone with it (batch %lld): a whole list lacks what only this batch kept; see drawctl import show %lld\n"),
		(long long)member_int(m, "gone"), (long long)member_int(m, "import"),
		(long long)member_int(m, "import"));
}

static bool has_notes(json_t *b)
{
	return member_int(b, "refused") > 0 || member_int(b, "repaired") > 0 ||
	       member_int(b, "remarked") > 0;
}

/* Who made it count, and who ended that. */
static void show_deeds(struct ctl *c, json_t *b)
{
	if (json_is_string(json_object_get(b, "confirmed_by")))
		printf(TR(c, "  确认：%s  %s\n", "  confirmed: %s  %s\n"),
			time_text(c, member_int(b, "confirmed")), member_text(b, "confirmed_by"));
	if (json_is_string(json_object_get(b, "undone_by"))) {
		printf(TR(c, "  撤销：%s  %s  理由：", "  undone: %s  %s  reason: "),
			time_text(c, member_int(b, "undone")), member_text(b, "undone_by"));
		put_clean(member_text(b, "undo_reason"));
		putchar('\n');
	}
}

static void show_hints(struct ctl *c, json_t *b)
{
	long long id = member_int(b, "id"),
		  lost = member_int(b, "errors_dropped") + member_int(b, "remarks_dropped");
	if (lost > 0)
		printf(TR(c, "  说明过多，另有 %lld 条没有保存\n",
			       "  too many remarks: %lld more were not kept\n"),
			lost);
	if (json_is_integer(json_object_get(b, "removed")))
		printf(TR(c, "  原文件和退回文件已于 %s 删除（保存期满）；所收入的内容不变\n",
			       "  its file and the one that went back were removed on %s, kept for their time; what was taken in stands\n"),
			time_text(c, member_int(b, "removed")));
	else if (has_notes(b))
		printf(TR(c, "  错误、修复和提示按类汇总：drawctl import groups %lld；退回文件：drawctl import file %lld -o 退回.xlsx\n",
			       "  errors, repairs and remarks by kind: drawctl import groups %lld; the file with them: drawctl import file %lld -o returned.xlsx\n"),
			id, id);
	if (strcmp(member_text(b, "state"), "staged") == 0)
		printf(TR(c, "  尚未收入。确认：drawctl import confirm %lld；放弃：drawctl import discard %lld\n",
			       "  nothing counts yet. confirm: drawctl import confirm %lld; discard: drawctl import discard %lld\n"),
			id, id);
}

void show_batch(struct ctl *c, json_t *b)
{
	const char *state = member_text(b, "state"), *file = member_text(b, "file");
	printf(TR(c, "批次 %lld  %s  %s  ", "batch %lld  %s  %s  "), (long long)member_int(b, "id"),
		time_text(c, member_int(b, "created")), register_title(c, member_text(b, "kind")));
	put_clean(file);
	printf("  %s%s\n", word_in(c, "imports", state),
		strcmp(member_text(b, "mode"), "dry-run") == 0 ? TR(c, "（只检查）", " (dry run)")
							       : "");
	if (strcmp(state, "failed") == 0)
		show_reason(c, member_int(b, "id"), json_object_get(b, "reason"));
	else if (strcmp(state, "open") != 0)
		show_counts(c, b);
	show_made(c, b);
	show_hints(c, b);
}

/* ---- the difference ------------------------------------------------------------------------- */

/* The column that a file was read by, of those that bring the fact. */
static const char *column_read(enum register_id id, size_t fact, json_t *mapping)
{
	size_t i;
	json_t *m;
	json_array_foreach(mapping, i, m)
	{
		const char *name = member_text(m, "column");
		const struct column *k = column_of_fact(id, fact, name);
		if (k != NULL && strcmp(k->name, name) == 0)
			return name;
	}
	return NULL;
}

static const char *flag_text(struct ctl *c, const char *value)
{
	if (c->lang == LANG_EN)
		return value[0] == 't' ? "yes" : "no";
	return value[0] == 't' ? "是" : "否";
}

const char *fact_text(
	struct ctl *c, enum register_id id, size_t fact, json_t *mapping, const char *value)
{
	const enum fact_form form = registers[id].fact[fact].form;
	const struct column *k = column_of_fact(id, fact, column_read(id, fact, mapping));
	if (value[0] == '\0') /* some tables have a word for that, 未分类 */
		return value;
	if (form == FORM_DATE && strcmp(value, CELL_ENDLESS) == 0)
		return TR(c, "长期", "no end");
	if (form == FORM_FLAG && (value[0] == 't' || value[0] == 'f'))
		value = value[0] == 't' ? "t" : "f"; /* views say true and false */
	const struct cell_word *w = k != NULL && c->lang == LANG_ZH ? k->words : NULL;
	for (; w != NULL && w->words != NULL; w++)
		if (strcmp(w->value, value) == 0)
			return arena_strndup(c->arena, w->words, strcspn(w->words, "|"));
	return form == FORM_FLAG ? flag_text(c, value)
				 : column_unit_text(c->arena, k, c->lang, value);
}

/* A fact on a line among others: its first characters. */
static void put_short(struct ctl *c, const char *text)
{
	enum { MOST = 40 };
	size_t at = 0, chars = 0;
	while (text[at] != '\0' && chars <= MOST) {
		at++;
		while (((unsigned char)text[at] & 0xc0) == 0x80)
			at++;
		chars++;
	}
	if (text[at] == '\0')
		put_clean(text);
	else
		put_clean(arena_printf(c->arena, "%.*s…", (int)at, text));
}

void put_facts(struct ctl *c, enum register_id id, json_t *mapping, json_t *before, json_t *after,
	const char *key)
{
	const char *between = "";
	for (size_t i = 1; i < registers[id].facts; i++) {
		const struct fact *f = &registers[id].fact[i];
		const char *was = member_text(before, f->name), *is = member_text(after, f->name);
		if ((was[0] == '\0' && is[0] == '\0') || strcmp(is, key) == 0)
			continue;
		printf("%s%s%s", between, TR(c, f->zh, f->name), TR(c, "：", ": "));
		put_short(c, fact_text(c, id, i, mapping, was));
		fputs(before != NULL && after != NULL ? "→" : "", stdout);
		put_short(c, fact_text(c, id, i, mapping, is));
		between = TR(c, "；", "; ");
	}
	putchar('\n');
}

static void show_samples(struct ctl *c, json_t *b, const char *part, const char *title)
{
	json_t *preview = json_object_get(b, "preview"), *row;
	long long all = member_int(b, part);
	enum register_id id;
	size_t i;
	if (all == 0 || json_array_size(json_object_get(preview, part)) == 0 ||
		!register_named(bytes_of(member_text(b, "kind")), &id))
		return;
	printf(TR(c, "  %s（共 %lld）\n", "  %s (%lld in all)\n"), title, all);
	json_array_foreach(json_object_get(preview, part), i, row)
	{
		fputs("    ", stdout);
		put_clean(member_text(row, "key"));
		fputs("  ", stdout);
		put_facts(c, id, json_object_get(b, "mapping"), json_object_get(row, "before"),
			json_object_get(row, "after"), member_text(row, "key"));
	}
}

/* Several headers may be read as one column: a cell is taken from the first of them that is not
 * empty. */
static const char *column_before(json_t *mapping, size_t i, const char *column)
{
	for (size_t k = 0; column[0] != '\0' && k < i; k++) {
		json_t *m = json_array_get(mapping, k);
		if (strcmp(member_text(m, "column"), column) == 0)
			return member_text(m, "header");
	}
	return NULL;
}

static void show_mapping(struct ctl *c, json_t *b)
{
	size_t i;
	json_t *m;
	json_array_foreach(json_object_get(b, "mapping"), i, m)
	{
		const char *header = member_text(m, "header"), *column = member_text(m, "column"),
			   *how = member_text(m, "how");
		if (strcmp(how, "unknown") == 0 ||
			(strcmp(how, "automatic") == 0 &&
				(column[0] == '\0' ||
					column_same_name(bytes_of(header), bytes_of(column)))))
			continue;
		fputs(TR(c, "  列 ", "  header "), stdout);
		put_clean(header);
		fputs(TR(c, " 读作 ", " is read as "), stdout);
		put_clean(column[0] != '\0' ? column : TR(c, "（不采用）", "(nothing)"));
		printf("%s%s", TR(c, "（", " ("), word_in(c, "how", how));
		const char *first = column_before(json_object_get(b, "mapping"), i, column);
		if (first != NULL) {
			fputs(TR(c, "，仅用于补“", ", only where there is nothing in \""), stdout);
			put_clean(first);
			fputs(TR(c, "”的空格", "\""), stdout);
		}
		puts(TR(c, "）", ")"));
	}
}

/* Columns that are known and of no use. */
static void show_unused(struct ctl *c, json_t *b)
{
	size_t i, n = 0;
	json_t *m;
	json_array_foreach(json_object_get(b, "mapping"), i, m)
	{
		if (member_text(m, "column")[0] != '\0' ||
			strcmp(member_text(m, "how"), "automatic") != 0)
			continue;
		fputs(n++ == 0 ? TR(c, "  不采用的列：", "  columns not used: ")
			       : TR(c, "、", ", "),
			stdout);
		put_clean(member_text(m, "header"));
	}
	if (n > 0)
		putchar('\n');
}

/* Columns that nobody read: what stands there had no part in anything. */
static void show_unknown(struct ctl *c, json_t *b)
{
	const char *unknown = member_text(b, "unknown_columns");
	if (unknown[0] == '\0')
		return;
	fputs(TR(c, "  未识别、未采用的列：", "  columns not known and not used: "), stdout);
	put_clean(unknown);
	puts(TR(c, "（可用 --map 原列名=列名 指定）", " (name them with --map HEADER=COLUMN)"));
}

void show_preview(struct ctl *c, json_t *b)
{
	show_batch(c, b);
	show_deeds(c, b);
	show_mapping(c, b);
	show_unused(c, b);
	show_unknown(c, b);
	if (strcmp(member_text(b, "state"), "confirmed") == 0 && member_int(b, "follows") == 0)
		return;
	show_samples(c, b, "new", TR(c, "新增", "new"));
	show_samples(c, b, "changed", TR(c, "变更", "changed"));
	show_samples(c, b, "gone", TR(c, "缺失", "gone"));
}

/* ---- verbs ---------------------------------------------------------------------------------- */

bool get_batch(struct ctl *c, int64_t id, struct reply *reply, int *code)
{
	return client_get(
		c, arena_printf(c->arena, "/api/v1/imports/%lld", (long long)id), reply, code);
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
	if (!get_batch(c, member_int(result, "batch"), &reply, &code) || tell_raw(c, &reply))
		return code;
	show_preview(c, reply.json);
	return show_notes(c, reply.json);
}

static const char *batch_path(struct ctl *c, const char *rest)
{
	return arena_printf(c->arena, "/api/v1/imports/%s%s", url_text(c, c->o.arg[0]), rest);
}

int ctl_import_show(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, batch_path(c, ""), &reply, &code) || tell_raw(c, &reply))
		return code;
	show_preview(c, reply.json);
	return strcmp(member_text(reply.json, "state"), "staged") == 0 ? show_notes(c, reply.json)
								       : CTL_OK;
}

static int decide(struct ctl *c, const char *what, json_t *body)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_post(c, batch_path(c, what), body, &reply, &code) || tell_raw(c, &reply))
		return code;
	show_batch(c, reply.json);
	show_deeds(c, reply.json);
	return CTL_OK;
}

int ctl_import_confirm(struct ctl *c)
{
	return decide(c, "/confirm", json_object());
}

int ctl_import_discard(struct ctl *c)
{
	return decide(c, "/discard", json_object());
}

/* What goes with it is told before. */
static bool undo_agreed(struct ctl *c, int *code)
{
	struct reply reply;
	if (c->o.yes)
		return true;
	if (!client_get(c, batch_path(c, ""), &reply, code))
		return false;
	json_t *b = reply.json;
	const char *question = arena_printf(c->arena,
		TR(c, "撤销批次 %lld（%s）？其新增的 %lld 不再计入，变更的 %lld、缺失的 %lld 恢复此前的内容",
			"undo batch %lld (%s)? its %lld new ones will not count, %lld changed and %lld gone ones will be as they were"),
		(long long)member_int(b, "id"), register_title(c, member_text(b, "kind")),
		(long long)member_int(b, "new"), (long long)member_int(b, "changed"),
		(long long)member_int(b, "gone"));
	if (confirmed(c, question))
		return true;
	*code = CTL_USAGE;
	return false;
}

int ctl_import_undo(struct ctl *c)
{
	int code = CTL_OK;
	const char *reason = reason_of(c);
	if (reason == NULL)
		return CTL_USAGE;
	if (!undo_agreed(c, &code))
		return code;
	json_t *body = json_object();
	if (set_text(body, "reason", reason))
		return decide(c, "/undo", body);
	json_decref(body);
	return tell(c, ERR_BAD_UTF8, "--reason");
}

int ctl_import_again(struct ctl *c)
{
	struct reply reply, done;
	int code = CTL_OK;
	if (!client_post(c, batch_path(c, "/again"), json_object(), &reply, &code) ||
		!wait_for(c, reply.json, TR(c, "导入", "importing"), &done, &code))
		return code;
	return show_import(c, &done);
}

/* A file that is being made is waited for. Of one that could not be read there is none. */
static bool file_made(struct ctl *c, json_t *b, bool *ok, int *exit_code)
{
	json_t *reason = json_object_get(b, "reason");
	const char *name = member_text(reason, "code");
	enum err_code code;
	*ok = true;
	if (strcmp(member_text(b, "state"), "failed") == 0 &&
		err_named(name, strlen(name), &code)) {
		*ok = false;
		tell_progress_end(c);
		*exit_code = tell(c, code, "%s", member_text(reason, "what"));
	}
	return strcmp(member_text(b, "returned"), "wanted") != 0;
}

int ctl_import_file(struct ctl *c)
{
	int code = CTL_OK;
	if (!wait_until(c, batch_path(c, ""), TR(c, "制作退回文件", "making the file"), file_made,
		    NULL, &code))
		return code;
	return fetch_to_output(c, batch_path(c, "/file"));
}

/* ---- row errors ----------------------------------------------------------------------------- */

static const struct err_row *error_of(json_t *row)
{
	const char *name = member_text(row, "code");
	enum err_code code;
	return err_named(name, strlen(name), &code) ? err_row(code) : NULL;
}

static void put_severity(struct ctl *c, json_t *row)
{
	const char *severity = member_text(row, "severity");
	if (strcmp(severity, "repair") == 0)
		fputs(TR(c, "【修复】", "(repaired) "), stdout);
	else if (strcmp(severity, "remark") == 0)
		fputs(TR(c, "【提示】", "(remark) "), stdout);
}

/* 第 3 行 成立日期“2012-02-30”：日期有误（…）。请写成…… */
void show_row_error(struct ctl *c, json_t *row)
{
	const struct err_row *known = error_of(row);
	const char *detail = detail_words(
			   c->arena, c->lang, member_text(row, "code"), member_text(row, "detail")),
		   *column = member_text(row, "column"), *value = member_text(row, "value");
	if (c->verb->run != ctl_register_put) /* it has one row, which was typed */
		printf(TR(c, "第 %lld 行%s", "row %lld%s"), (long long)member_int(row, "row"),
			column[0] ? " " : "");
	put_clean(column);
	if (value[0] != '\0') {
		fputs(TR(c, "“", " \""), stdout);
		put_clean(value);
		fputs(TR(c, "”", "\""), stdout);
	}
	fputs(TR(c, "：", ": "), stdout);
	put_severity(c, row);
	fputs(known != NULL ? known->sentence[c->lang] : member_text(row, "code"), stdout);
	if (detail[0] != '\0') {
		fputs(TR(c, "（", " ("), stdout);
		put_clean(detail);
		fputs(TR(c, "）", ")"), stdout);
	}
	printf("%s%s\n", TR(c, "。", ". "), known != NULL ? known->remedy[c->lang] : "");
}

/* 299 行 统一社会信用代码：…；如第 2、3、5 行“…” */
void show_row_group(struct ctl *c, json_t *group)
{
	const struct err_row *known = error_of(group);
	json_t *sample;
	size_t i;
	printf("%lld  ", (long long)member_int(group, "count"));
	put_severity(c, group);
	put_clean(member_text(group, "column"));
	printf("%s%s%s%s\n", member_text(group, "column")[0] != '\0' ? TR(c, "：", ": ") : "",
		known != NULL ? known->sentence[c->lang] : member_text(group, "code"),
		TR(c, "。", ". "), known != NULL ? known->remedy[c->lang] : "");
	json_array_foreach(json_object_get(group, "samples"), i, sample)
	{
		printf(TR(c, "    第 %lld 行 ", "    row %lld "),
			(long long)member_int(sample, "row"));
		put_clean(member_text(sample, "value"));
		const char *detail = detail_words(c->arena, c->lang, member_text(group, "code"),
			member_text(sample, "detail"));
		fputs(detail[0] != '\0' ? "  " : "", stdout);
		put_clean(detail);
		putchar('\n');
	}
}
