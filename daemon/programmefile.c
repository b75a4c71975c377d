#include "daemon/programmefile.h"

#include <jansson.h>
#include <string.h>

#include "daemon/json.h"
#include "daemon/register/csvrecord.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

enum column {
	COLUMN_CODE,
	COLUMN_NAME,
	COLUMN_SCHEME,
	COLUMN_KIND,
	COLUMN_TARGETED,
	COLUMN_LEVELS,
	COLUMN_OWNER,
	COLUMN_DRAWS,
	COLUMN_WINDOWS,
	COLUMN_BATCHES,
	COLUMN_APPROVAL,
	COLUMN_FILING,
	COLUMN_PUBLICATION,
	COLUMN_PUBLISHED,
	COLUMN_CAUSE,
	COLUMNS
};
enum { CELL_MAX = 1000, DRAWS_MAX = 12, LINE_FIELDS = RAW_FIELDS_MAX };

/* The name in JSON, in replies and as an English header, and the headers that are read beside it.
 */
static const struct {
	const char *name, *title, *others;
	bool needed;
} columns[COLUMNS] = {
	[COLUMN_CODE] = { "code", "任务代码", "代码", false },
	[COLUMN_NAME] = { "name", "任务名称", "抽查任务名称", false },
	[COLUMN_SCHEME] = { "scheme", "抽查方案", "方案|方案代码", true },
	[COLUMN_KIND] = { "kind", "种类", "检查种类|检查类型", true },
	[COLUMN_TARGETED] = { "targeted", "抽查类型", "定向", true },
	[COLUMN_LEVELS] = { "levels", "抽查模式", "抽查检查模式", true },
	[COLUMN_OWNER] = { "owner", "责任处室", "责任科室|牵头处室", true },
	[COLUMN_DRAWS] = { "draws", "抽取日期", "抽取时间", true },
	[COLUMN_WINDOWS] = { "windows", "检查时间", "活动期限", true },
	[COLUMN_BATCHES] = { "batches", "批次", "检查批次", false },
	[COLUMN_APPROVAL] = { "approval", "批准文号", "批准", false },
	[COLUMN_FILING] = { "filing", "备案文号", "备案", false },
	[COLUMN_PUBLICATION] = { "publication", "公布文件", "公布", false },
	[COLUMN_PUBLISHED] = { "published", "公布日期", "公告日期", false },
	[COLUMN_CAUSE] = { "cause", "个案理由", "检查理由", false },
};

struct reading {
	struct arena *a;
	struct csv_reader *csv;
	struct programme_refusal *refused;
	size_t refusals, room;
	struct buf tasks;
	size_t n;
	struct bytes *codes; /* of the tasks so far */
	bool headed;
	int place[LINE_FIELDS]; /* column of each field; -1 none of ours */
	size_t known; /* columns of the line that names most of them so far, and what is wrong with
			 it */
	const char *unheaded;
	size_t fields;
};

const char *programme_column_title(const char *column)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(columns[i].name, column) == 0)
			return columns[i].title;
	return column;
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void refuse(
	struct reading *r, int64_t line, enum column column, enum err_code code, struct bytes what)
{
	if (r->refusals == r->room) {
		struct programme_refusal *more = arena_calloc(r->a, 2 * r->room + 16, sizeof *more);
		if (r->refusals > 0)
			memcpy(more, r->refused, r->refusals * sizeof *more);
		r->refused = more;
		r->room = 2 * r->room + 16;
	}
	r->refused[r->refusals++] = (struct programme_refusal){ line, columns[column].name, code,
		arena_strndup(r->a, what.p, what.n < 80 ? what.n : 0) };
}

/* ---- cells --------------------------------------------------------------------------------------
 */

struct word {
	const char *said, *token;
};
static const struct word kind_words[] = { { "daily", "daily" }, { "日常", "daily" },
	{ "日常检查", "daily" }, { "special", "special" }, { "专项", "special" },
	{ "专项检查", "special" }, { "case", "case" }, { "个案", "case" }, { "个案检查", "case" },
	{ NULL, NULL } };
static const struct word targeted_words[] = { { "targeted", "true" }, { "true", "true" },
	{ "定向", "true" }, { "是", "true" }, { "untargeted", "false" }, { "false", "false" },
	{ "不定向", "false" }, { "否", "false" }, { NULL, NULL } };
static const struct word level_words[] = { { "省", "province" }, { "市", "city" },
	{ "县", "county" }, { "区", "county" }, { "乡", "town" }, { "镇", "town" },
	{ NULL, NULL } };

static const char *word_of(const struct word *words, struct bytes said)
{
	for (; words->said != NULL; words++)
		if (bytes_is(said, words->said))
			return words->token;
	return NULL;
}

/* 市抽县查 is city-county; what is none is left as it stands. */
static struct bytes levels_of(struct bytes said, struct arena *a)
{
	struct bytes draw = BYTES("抽"), check = BYTES("查");
	const char *upper, *lower;

	if (said.n != 12 || memcmp(said.p + 3, draw.p, 3) != 0 ||
		memcmp(said.p + 9, check.p, 3) != 0)
		return said;
	upper = word_of(level_words, (struct bytes){ said.p, 3 });
	lower = word_of(level_words, (struct bytes){ said.p + 6, 3 });
	return upper != NULL && lower != NULL ? bytes_of(arena_printf(a, "%s-%s", upper, lower))
					      : said;
}

static bool is_level(struct bytes s)
{
	for (const struct word *w = level_words; w->said != NULL; w++)
		if (bytes_is(s, w->token))
			return true;
	return false;
}

static bool levels_fit(struct bytes s)
{
	bool more;
	struct bytes upper = bytes_cut(&s, '-', &more);
	return more && is_level(upper) && is_level(s);
}

/* Blanks around, and the field's own signs: ；、 for a semicolon, 至 for `..`. */
static struct bytes plain(struct bytes s, struct arena *a)
{
	static const struct word signs[] = { { "；", ";" }, { "、", ";" }, { "，", "," },
		{ "至", ".." }, { " ", "" }, { NULL, NULL } };
	struct buf b = buf_new(a, s.n + 1);
	while (s.n > 0) {
		size_t n = 0;
		for (const struct word *w = signs; w->said != NULL && n == 0; w++)
			if (bytes_starts(s, bytes_of(w->said))) {
				n = strlen(w->said);
				buf_str(&b, w->token);
			}
		if (n == 0)
			buf_byte(&b, s.p[n++]);
		s = (struct bytes){ s.p + n, s.n - n };
	}
	return buf_view(&b);
}

static bool is_day(struct bytes s)
{
	int32_t day;
	return civil_parse(s, &day);
}

/* `2026-04-01..2026-06-30` */
static bool is_window(struct bytes s, struct bytes *from, struct bytes *to)
{
	if (s.n != 22 || memcmp(s.p + 10, "..", 2) != 0)
		return false;
	*from = (struct bytes){ s.p, 10 };
	*to = (struct bytes){ s.p + 12, 10 };
	return is_day(*from) && is_day(*to);
}

static bool are_windows(struct bytes s)
{
	struct bytes from, to;
	bool more = s.n > 0;
	while (more)
		if (!is_window(bytes_cut(&s, ',', &more), &from, &to))
			return false;
	return true;
}

/* ---- the draws of a task
 * ------------------------------------------------------------------------- */

/* The n-th part of a list with semicolons; empty behind the last. */
static struct bytes part(struct bytes list, size_t n)
{
	bool more = true;
	struct bytes s = { list.p, 0 };
	for (size_t i = 0; i <= n; i++) {
		if (!more)
			return (struct bytes){ list.p, 0 };
		s = bytes_cut(&list, ';', &more);
	}
	return s;
}

static size_t parts(struct bytes list)
{
	size_t n = list.n > 0;
	for (size_t i = 0; i < list.n; i++)
		n += list.p[i] == ';';
	return n;
}

static void put_draws(struct reading *r, const struct bytes *cell, int64_t line, struct buf *out)
{
	struct bytes days = plain(cell[COLUMN_DRAWS], r->a),
		     windows = plain(cell[COLUMN_WINDOWS], r->a),
		     batches = plain(cell[COLUMN_BATCHES], r->a), from = days, to = days;
	size_t n = parts(days);

	json_put_raw(out, "draws", BYTES("["));
	if (n > DRAWS_MAX)
		refuse(r, line, COLUMN_DRAWS, ERR_PROGRAMME_CELL, days);
	if (parts(windows) != n)
		refuse(r, line, COLUMN_WINDOWS, ERR_PROGRAMME_CELL, windows);
	if (parts(batches) > n)
		refuse(r, line, COLUMN_BATCHES, ERR_PROGRAMME_CELL, batches);
	for (size_t i = 0; i < n && i < DRAWS_MAX && parts(windows) == n; i++) {
		if (!is_day(part(days, i)))
			refuse(r, line, COLUMN_DRAWS, ERR_BAD_DATE, part(days, i));
		if (!is_window(part(windows, i), &from, &to))
			refuse(r, line, COLUMN_WINDOWS, ERR_BAD_DATE, part(windows, i));
		if (!are_windows(part(batches, i)))
			refuse(r, line, COLUMN_BATCHES, ERR_BAD_DATE, part(batches, i));
		buf_str(out, i > 0 ? ",{" : "{");
		json_put_member(out, "on", part(days, i));
		json_put_member(out, "from", from);
		json_put_member(out, "to", to);
		json_put_member(out, "batches", part(batches, i));
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

/* ---- a task
 * ---------------------------------------------------------------------------------------- */

static void check_code(struct reading *r, struct bytes code, int64_t line)
{
	if (!text_is_token(code)) {
		refuse(r, line, COLUMN_CODE, ERR_PROGRAMME_CELL, code);
		return;
	}
	for (size_t i = 0; i < r->n; i++)
		if (bytes_equal(r->codes[i], code))
			refuse(r, line, COLUMN_CODE, ERR_PROGRAMME_CODE, code);
}

static void check_cells(struct reading *r, const struct bytes *cell, int64_t line)
{
	for (enum column c = 0; c < COLUMNS; c++)
		if (cell[c].n > CELL_MAX || !text_is_clean(cell[c]))
			refuse(r, line, c, ERR_PROGRAMME_CELL, cell[c]);
	if (!text_is_token(cell[COLUMN_SCHEME]))
		refuse(r, line, COLUMN_SCHEME, ERR_PROGRAMME_CELL, cell[COLUMN_SCHEME]);
	if (word_of(kind_words, cell[COLUMN_KIND]) == NULL)
		refuse(r, line, COLUMN_KIND, ERR_PROGRAMME_CELL, cell[COLUMN_KIND]);
	if (word_of(targeted_words, cell[COLUMN_TARGETED]) == NULL)
		refuse(r, line, COLUMN_TARGETED, ERR_PROGRAMME_CELL, cell[COLUMN_TARGETED]);
	if (!levels_fit(levels_of(cell[COLUMN_LEVELS], r->a)))
		refuse(r, line, COLUMN_LEVELS, ERR_PROGRAMME_CELL, cell[COLUMN_LEVELS]);
	if (cell[COLUMN_OWNER].n == 0)
		refuse(r, line, COLUMN_OWNER, ERR_PROGRAMME_CELL, cell[COLUMN_OWNER]);
	if (cell[COLUMN_PUBLISHED].n > 0 && !is_day(cell[COLUMN_PUBLISHED]))
		refuse(r, line, COLUMN_PUBLISHED, ERR_BAD_DATE, cell[COLUMN_PUBLISHED]);
}

static bool take_task(struct reading *r, struct bytes *cell, int64_t line, struct err *e)
{
	static const enum column texts[] = { COLUMN_CODE, COLUMN_NAME, COLUMN_SCHEME, COLUMN_OWNER,
		COLUMN_APPROVAL, COLUMN_FILING, COLUMN_PUBLICATION, COLUMN_PUBLISHED,
		COLUMN_CAUSE };
	const char *kind, *targeted;

	if (r->n == PROGRAMME_TASKS_MAX)
		return err_set(e, ERR_PROGRAMME_FILE, "more than %d tasks", PROGRAMME_TASKS_MAX);
	for (enum column c = 0; c < COLUMNS; c++)
		cell[c] = (struct bytes){ arena_strndup(r->a, cell[c].p, cell[c].n), cell[c].n };
	if (cell[COLUMN_CODE].n == 0)
		cell[COLUMN_CODE] = cell[COLUMN_SCHEME];
	check_cells(r, cell, line);
	check_code(r, cell[COLUMN_CODE], line);
	kind = word_of(kind_words, cell[COLUMN_KIND]);
	targeted = word_of(targeted_words, cell[COLUMN_TARGETED]);
	buf_str(&r->tasks, r->n > 0 ? ",{" : "{");
	json_put_number(&r->tasks, "line", line);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		json_put_member(&r->tasks, columns[texts[i]].name, cell[texts[i]]);
	json_put_member(&r->tasks, "kind", bytes_of(kind != NULL ? kind : ""));
	json_put_flag(&r->tasks, "targeted", targeted != NULL && strcmp(targeted, "true") == 0);
	json_put_member(&r->tasks, "levels", levels_of(cell[COLUMN_LEVELS], r->a));
	put_draws(r, cell, line, &r->tasks);
	buf_byte(&r->tasks, '}');
	r->codes[r->n++] = cell[COLUMN_CODE];
	return true;
}

/* ---- CSV
 * ------------------------------------------------------------------------------------------- */

static bool is_named(struct bytes list, struct bytes name)
{
	for (bool more = true; more;)
		if (bytes_equal(bytes_cut(&list, '|', &more), name))
			return true;
	return false;
}

static int column_of(struct bytes header)
{
	for (int i = 0; i < COLUMNS; i++)
		if (bytes_is(header, columns[i].name) || bytes_is(header, columns[i].title) ||
			is_named(bytes_of(columns[i].others), header))
			return i;
	return -1;
}

static bool knows(const void *ctx, struct bytes name)
{
	(void)ctx;
	return column_of(name) >= 0;
}

/* "种类 (kind)、抽取日期 (draws); ? 备注": columns that a line of headers lacks, and headers that
 * are none. */
static const char *header_wrong(
	const struct reading *r, const struct raw_row *row, const bool has[COLUMNS])
{
	struct buf b = buf_new(r->a, 128);
	size_t shown = 0;
	for (size_t c = 0; c < COLUMNS; c++)
		if (columns[c].needed && !has[c])
			buf_str(&b, arena_printf(r->a, "%s%s (%s)", shown++ > 0 ? "、" : "",
					    columns[c].title, columns[c].name));
	shown = 0;
	for (size_t i = 0; i < r->fields && shown < 20; i++)
		if (r->place[i] < 0 && row->field[i].n > 0)
			buf_str(&b, arena_printf(r->a, "%s%.*s", shown++ > 0 ? "、" : "; ? ",
					    BYTES_ARG(row->field[i])));
	buf_byte(&b, '\0');
	return b.p;
}

/* The first line that names all the columns that are needed; those before it are titles. */
static bool take_header(struct reading *r, const struct raw_row *row, struct err *e)
{
	bool has[COLUMNS] = { false };
	size_t known = 0;
	r->fields = row->n < LINE_FIELDS ? row->n : LINE_FIELDS;
	for (size_t i = 0; i < r->fields; i++) {
		int c = column_of(row->field[i]);
		if (c >= 0 && has[c])
			return err_set(e, ERR_PROGRAMME_FILE, "%s twice", columns[c].name);
		r->place[i] = c;
		if (c >= 0) {
			has[c] = true;
			known++;
		}
	}
	r->headed = true;
	for (size_t c = 0; c < COLUMNS; c++)
		r->headed = r->headed && (!columns[c].needed || has[c]);
	if (r->headed) {
		csv_reader_expect(r->csv, row->n);
		return true;
	}
	if (r->unheaded == NULL || known > r->known) {
		r->known = known;
		r->unheaded = header_wrong(r, row, has);
	}
	return row->line < CSV_HEAD_LINES || err_set(e, ERR_PROGRAMME_FILE, "%s", r->unheaded);
}

static bool take_row(void *ctx, const struct raw_row *row, struct err *e)
{
	struct reading *r = ctx;
	struct bytes cell[COLUMNS];
	bool empty = true;

	if (!r->headed)
		return take_header(r, row, e);
	for (size_t i = 0; i < COLUMNS; i++)
		cell[i] = BYTES("");
	for (size_t i = 0; i < row->n && i < RAW_FIELDS_MAX; i++)
		empty = empty && row->field[i].n == 0;
	if (empty)
		return true;
	if (row->fault != ERR_NONE || row->n != r->fields) {
		refuse(r, (int64_t)row->line, COLUMN_CODE,
			row->fault != ERR_NONE ? row->fault : ERR_PROGRAMME_FILE, BYTES(""));
		return true;
	}
	for (size_t i = 0; i < r->fields; i++)
		if (r->place[i] >= 0)
			cell[r->place[i]] = row->field[i];
	return take_task(r, cell, (int64_t)row->line, e);
}

static bool read_csv(struct reading *r, struct bytes text, struct err *e)
{
	const struct csv_rules rules = {
		.row_max = 65536, .knows = knows, .each = take_row, .ctx = r
	};
	r->csv = csv_reader_new(&rules);
	bool ok = csv_reader_put(r->csv, text, e) && csv_reader_end(r->csv, e);
	csv_reader_free(r->csv);
	if (ok && !r->headed)
		return err_set(e, ERR_PROGRAMME_FILE, "%s",
			r->unheaded != NULL ? r->unheaded : columns[COLUMN_SCHEME].title);
	return ok;
}

/* ---- JSON
 * ------------------------------------------------------------------------------------------ */

/* [{"on", "from", "to", "batches"}, …] as the cells of a CSV say it. */
static void flatten(struct reading *r, json_t *draws, struct bytes *cell)
{
	struct buf day = buf_new(r->a, 64), window = buf_new(r->a, 64), batch = buf_new(r->a, 64);
	json_t *d;
	size_t i;
	bool batched = false;

	json_array_foreach(draws, i, d)
	{
		const char *on = json_string_value(json_object_get(d, "on"));
		const char *from = json_string_value(json_object_get(d, "from"));
		const char *to = json_string_value(json_object_get(d, "to"));
		const char *b = json_string_value(json_object_get(d, "batches"));
		buf_str(&day, i > 0 ? ";" : "");
		buf_str(&window, i > 0 ? ";" : "");
		buf_str(&batch, i > 0 ? ";" : "");
		buf_str(&day, on != NULL ? on : "");
		buf_str(&window, from != NULL ? from : "");
		buf_str(&window, "..");
		buf_str(&window, to != NULL ? to : "");
		buf_str(&batch, b != NULL ? b : "");
		batched = batched || (b != NULL && b[0] != '\0');
	}
	cell[COLUMN_DRAWS] = buf_view(&day);
	cell[COLUMN_WINDOWS] = buf_view(&window);
	cell[COLUMN_BATCHES] = batched ? buf_view(&batch) : (struct bytes){ "", 0 };
}

static struct bytes json_cell(struct arena *a, json_t *value)
{
	if (json_is_string(value))
		return bytes_of(arena_strdup(a, json_string_value(value)));
	if (json_is_boolean(value))
		return json_is_true(value) ? BYTES("true") : BYTES("false");
	return BYTES("");
}

static bool take_object(struct reading *r, json_t *o, int64_t line, struct err *e)
{
	struct bytes cell[COLUMNS];
	const char *name;
	json_t *value;

	if (!json_is_object(o))
		return err_set(e, ERR_PROGRAMME_FILE, "%lld", (long long)line);
	json_object_foreach(o, name, value)
	{
		if (column_of(bytes_of(name)) < 0)
			return err_set(e, ERR_PROGRAMME_FILE, "%lld: %.40s", (long long)line, name);
	}
	for (size_t i = 0; i < COLUMNS; i++)
		cell[i] = json_cell(r->a, json_object_get(o, columns[i].name));
	if (json_is_array(json_object_get(o, "draws")))
		flatten(r, json_object_get(o, "draws"), cell);
	return take_task(r, cell, line, e);
}

static bool read_json(struct reading *r, struct bytes text, struct err *e)
{
	json_error_t wrong;
	json_t *list = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &wrong), *o;
	bool ok = json_is_array(list);
	size_t i;

	if (!ok)
		err_set(e, ERR_PROGRAMME_FILE, "%d: %.100s", wrong.line, wrong.text);
	json_array_foreach(list, i, o)
	{
		ok = ok && take_object(r, o, (int64_t)i + 1, e);
	}
	json_decref(list);
	return ok;
}

bool programme_file_read(
	struct programme_file *out, struct arena *a, struct bytes text, struct err *e)
{
	struct reading *r = arena_calloc(a, 1, sizeof *r);
	size_t i = 0;

	r->a = a;
	r->codes = arena_calloc(a, PROGRAMME_TASKS_MAX, sizeof *r->codes);
	r->tasks = buf_new(a, 4096);
	buf_byte(&r->tasks, '[');
	if (text.n > PROGRAMME_FILE_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu", text.n);
	while (i < text.n && strchr(" \t\r\n", text.p[i]) != NULL)
		i++;
	if (!(i < text.n && text.p[i] == '[' ? read_json(r, text, e) : read_csv(r, text, e)))
		return false;
	if (r->n == 0 && r->refusals == 0)
		return err_set(e, ERR_PROGRAMME_FILE, "0");
	buf_byte(&r->tasks, ']');
	*out = (struct programme_file){ buf_view(&r->tasks), r->n, r->refused, r->refusals };
	return true;
}
