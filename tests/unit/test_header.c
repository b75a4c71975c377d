/* From files to rows: where the header is, what its fields are, which sheet is read. */
#include "tests/unit/workbook.h"

#include <sodium.h>

#include "daemon/register/parse.h"

struct seen {
	char text[8192];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct seen *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(s->text + s->n, sizeof s->text - s->n, fmt, ap);
	va_end(ap);
	assert_true(n >= 0 && (size_t)n < sizeof s->text - s->n);
	s->n += (size_t)n;
}

static bool on_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	(void)e;
	add(ctx, "%zu %.*s=%.*s %s\n", field, BYTES_ARG(name), BYTES_ARG(column), how);
	return true;
}

static bool on_row(void *ctx, const struct row *row, struct err *e)
{
	(void)e;
	add(ctx, "row %d", (int)row->line);
	for (size_t i = 1; i <= ENTITY_NAME; i++)
		add(ctx, "|%.*s", BYTES_ARG(row->fact[i]));
	if (row->fact[ENTITY_ESTABLISHED].n > 0)
		add(ctx, "|%.*s", BYTES_ARG(row->fact[ENTITY_ESTABLISHED]));
	add(ctx, "\n");
	return true;
}

static bool on_clue(void *ctx, uint64_t line, struct bytes name, struct bytes reg_no, struct err *e)
{
	(void)e;
	add(ctx, "clue %d %.*s %.*s\n", (int)line, BYTES_ARG(name), BYTES_ARG(reg_no));
	return true;
}

static bool on_note(void *ctx, uint64_t line, const struct row_note *note, struct err *e)
{
	(void)e;
	add(ctx, "%s %d %s %s [%.*s]\n", row_severity_name(note->severity), (int)line,
		err_row(note->code)->name, note->column, BYTES_ARG(note->value));
	return true;
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	(void)e;
	add(ctx, "withdraw %d %.*s\n", (int)line, BYTES_ARG(key));
	return true;
}

static bool on_echo(void *ctx, uint64_t line, const struct bytes *field, const uint8_t *type,
	size_t n, struct err *e)
{
	(void)e;
	add(ctx, "echo %d", (int)line);
	for (size_t i = 0; i < n; i++)
		add(ctx, "|%.*s%s", BYTES_ARG(field[i]),
			type != NULL && type[i] != FIELD_TEXT ? "!" : "");
	add(ctx, "\n");
	return true;
}

struct fixture {
	struct arena *a;
	struct parse_rules rules;
	struct buf lines; /* of tables */
	struct seen seen;
	struct parse_totals totals;
	struct err e;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	assert_true(sodium_init() >= 0);
	f->a = arena_new();
	f->lines = buf_new(f->a, 64);
	f->rules = (struct parse_rules){ .kind = REGISTER_ENTITIES,
		.row_max = 4096,
		.rows_max = 1000,
		.xlsx = { 1 << 20, 16 << 20, 16 << 20 },
		.sink = { .ctx = &f->seen,
			.header = on_header,
			.row = on_row,
			.clue = on_clue,
			.note = on_note,
			.withdraw = on_withdraw,
			.echo = on_echo } };
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	arena_free(f->a);
	free(f);
	return 0;
}

static struct parse *begin(struct fixture *f)
{
	struct tables *t;
	f->e = (struct err){ 0 };
	f->seen.n = 0;
	f->seen.text[0] = '\0';
	assert_true(tables_read(&t, f->a, buf_view(&f->lines), &f->e));
	f->rules.tables = t;
	return parse_new(f->a, &f->rules);
}

static bool read_text(struct fixture *f, struct bytes text)
{
	struct parse *p = begin(f);
	bool ok = parse_put(p, text, &f->e) && parse_end(p, &f->totals, &f->e);
	parse_free(p);
	return ok;
}

static void wants(struct fixture *f, const char *text, const char *wanted)
{
	if (!read_text(f, bytes_of(text)))
		fail_msg("%s: %s (%s)", err_row(f->e.code)->name, f->e.where, f->e.what);
	assert_string_equal(f->seen.text, wanted);
}

static void refuses(struct fixture *f, const char *text, enum err_code code, const char *what)
{
	assert_false(read_text(f, bytes_of(text)));
	if (f->e.code != code || strstr(f->e.what, what) == NULL)
		fail_msg("%s (%s), not %s (%s)", err_row(f->e.code)->name, f->e.what,
			err_row(code)->name, what);
	assert_int_equal(f->seen.n, 0);
}

#define HEAD "统一社会信用代码,名称\n"
#define TOLD "0 统一社会信用代码=统一社会信用代码 automatic\n1 名称=名称 automatic\n"
#define ONE  "91350200MA2YJ1XR9G,甲\n"
#define ROW  "|91350200MA2YJ1XR9G|甲\n"

/* ---- where it is ------------------------------------------------------------------------------
 */

static void test_titles(void **state)
{
	struct fixture *f = *state;
	wants(f, HEAD ONE, TOLD "row 2" ROW);
	wants(f, "某市检查对象名录库,\n填报单位：某局,2026年\n\n" HEAD ONE, TOLD "row 5" ROW);
	assert_int_equal(f->totals.header_line, 4);
	assert_int_equal(f->totals.rows, 1);
	wants(f, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n" HEAD ONE, TOLD "row 12" ROW);
	refuses(f, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n" HEAD ONE, ERR_NO_COLUMN, "line 1");
	/* what comes nearest tells what is missing */
	refuses(f, "标题\n名称,住所\n甲,某路\n", ERR_NO_COLUMN, "统一社会信用代码; line 2");
	refuses(f, "统一社会信用代码,住所,住所\n91350200MA2YJ1XR9G,a,b\n", ERR_COLUMN_TWICE,
		"2 = 3: 住所");
	refuses(f, "甲,乙\n", ERR_NO_COLUMN, "line 1");
	refuses(f, "", ERR_EMPTY_FILE, "");
	refuses(f, ",,\n\n", ERR_EMPTY_FILE, "");
	/* a title in no encoding, or that is too long, is a title */
	wants(f, "名\xff\n" HEAD ONE, TOLD "row 3" ROW);
	refuses(f, "名\xff\n乙\n", ERR_BAD_ENCODING, "line 1");
	refuses(f, "\"名\n", ERR_UNCLOSED_QUOTE, "line 1");
}

/* A file that went back has a column more, which is no news when it comes again. */
static void test_returned(void **state)
{
	struct fixture *f = *state;
	wants(f, "统一社会信用代码,名称,错误说明\n91350200MA2YJ1XR9G,甲,x\n",
		TOLD "2 错误说明= automatic\nrow 2" ROW);
	assert_int_equal(f->totals.unknown.n, 0);
}

/* A list without a header: its first row is told without the numbers of people. */
static void test_personal(void **state)
{
	struct fixture *f = *state;
	refuses(f, "110101199003074215,甲\n", ERR_NO_COLUMN, "line 1: \"110***********4215\" …");
	assert_null(strstr(f->e.what, "19900307"));
	refuses(f, "138-0013-8000,甲\n", ERR_NO_COLUMN, "\"138-****-8000\"");
	wants(f,
		"统一社会信用代码,名称,110101199003074215,13800138000\n91350200MA2YJ1XR9G,甲,a,b\n",
		TOLD "2 110***********4215= unknown\n3 138****8000= unknown\nrow 2" ROW);
	assert_true(bytes_is(f->totals.unknown, "110***********4215、138****8000"));
}

/* The header is told although no row follows. */
static void test_no_rows(void **state)
{
	struct fixture *f = *state;
	assert_false(read_text(f, bytes_of(HEAD)));
	assert_int_equal(f->e.code, ERR_EMPTY_FILE);
	assert_string_equal(f->seen.text, TOLD);
}

/* Names in two lines, where those above stand over several; and a header that every page repeats.
 */
static void test_more_lines(void **state)
{
	struct fixture *f = *state;
	wants(f,
		"统一社会信用代码,名称,\n统一社会信用代码,名称,成立日期\n91350200MA2YJ1XR9G,甲,2020-01-02\n",
		TOLD "2 成立日期=成立日期 automatic\nrow 3|91350200MA2YJ1XR9G|甲|2020-01-02\n");
	assert_int_equal(f->totals.header_line, 2);
	wants(f, HEAD ONE HEAD "91511304MA68671F6L,乙\n",
		TOLD "row 2" ROW "row 4|91511304MA68671F6L|乙\n");
	assert_int_equal(f->totals.rows, 2);
}

static void test_wide(void **state)
{
	struct fixture *f = *state;
	struct buf text = buf_new(f->a, 4096);
	buf_str(&text, "统一社会信用代码,名称");
	for (size_t i = 0; i < RAW_FIELDS_MAX; i++)
		buf_byte(&text, ',');
	buf_str(&text, "\n" ONE);
	assert_false(read_text(f, buf_view(&text)));
	assert_int_equal(f->e.code, ERR_TOO_MANY_COLUMNS);
	assert_string_equal(f->e.what, "line 1: 1002 > 1000");
}

/* ---- what its fields are ----------------------------------------------------------------------
 */

static void test_mapping(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "信用码,企业名,名称,备考\n91350200MA2YJ1XR9G,甲,乙,丙\n";
	refuses(f, text, ERR_NO_COLUMN, "统一社会信用代码");
	tables_put(&f->lines, TABLE_SAVED, BYTES("信用码"), BYTES("统一社会信用代码"));
	tables_put(&f->lines, TABLE_SAVED, BYTES("企业名"), BYTES("住所"));
	tables_put(&f->lines, TABLE_SAVED, BYTES("无此列"), BYTES("住所"));
	tables_put(&f->lines, TABLE_SAVED, BYTES("备考"), BYTES("已不存在的列"));
	wants(f, text,
		"0 信用码=统一社会信用代码 saved\n1 企业名=住所 saved\n2 名称=名称 automatic\n"
		"3 备考= unknown\nrow 2|91350200MA2YJ1XR9G|乙\n");
	assert_true(bytes_is(f->totals.unknown, "备考"));
	/* given beats saved; a column that is given to one field is not looked for in others; a
	 * field may be given to none */
	tables_put(&f->lines, TABLE_GIVEN, BYTES("企业名"), BYTES("企业名称"));
	tables_put(&f->lines, TABLE_GIVEN, BYTES("备考 "), BYTES(""));
	wants(f, text,
		"0 信用码=统一社会信用代码 saved\n1 企业名=名称 given\n2 名称= unknown\n3 备考= given\n"
		"row 2|91350200MA2YJ1XR9G|甲\n");
	assert_true(bytes_is(f->totals.unknown, "名称"));
}

static void test_wrong_mapping(void **state)
{
	struct fixture *f = *state;
	tables_put(&f->lines, TABLE_GIVEN, BYTES("名称"), BYTES("没有的列"));
	refuses(f, HEAD ONE, ERR_BAD_MAPPING, "名称 = 没有的列");
	f->lines.n = 0;
	tables_put(&f->lines, TABLE_GIVEN, BYTES("没有的名"), BYTES("名称"));
	refuses(f, HEAD ONE, ERR_BAD_MAPPING, "没有的名");
	f->lines.n = 0;
	tables_put(&f->lines, TABLE_GIVEN, BYTES("名称"), BYTES(""));
	refuses(f, HEAD ONE, ERR_NO_COLUMN, "名称");
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static void test_counts(void **state)
{
	struct fixture *f = *state;
	/* repaired; the same with another name: both are taken back */
	assert_true(read_text(f, BYTES(HEAD "91350200ma2yj1xr9g,甲\n" ONE "91350200MA2YJ1XR9G,乙\n"
					    "91511304MA68671F6L,丙\n")));
	assert_int_equal(f->totals.rows, 4);
	assert_int_equal(f->totals.accepted, 1);
	assert_int_equal(f->totals.refused, 3);
	assert_int_equal(f->totals.repaired, 0);
	assert_true(read_text(f, BYTES(HEAD "91350200ma2yj1xr9g,甲\n")));
	assert_int_equal(f->totals.repaired, 1);
	assert_int_equal(f->totals.remarked, 0);
}

static void test_clue(void **state)
{
	struct fixture *f = *state;
	assert_true(read_text(
		f, BYTES("名称,统一社会信用代码,注册号\n甲,913710000509012000,110108000000016\n")));
	assert_non_null(strstr(f->seen.text,
		"clue 2 甲 110108000000016\nerror 2 uscc-rounded 统一社会信用代码 [913710000509012000]"));
}

/* Lines in another encoding are rows that were repaired. */
static void test_mixed(void **state)
{
	struct fixture *f = *state;
	wants(f, HEAD ONE "91511304MA68671F6L,\xbc\xd7\xd2\xd2\xb1\xfb\xb6\xa1\n",
		TOLD "row 2" ROW "repair 3 mixed-encoding  [91511304MA68671F6L]\n"
		     "row 3|91511304MA68671F6L|甲乙丙丁\n");
	assert_int_equal(f->totals.repaired, 1);
}

static void test_echo(void **state)
{
	struct fixture *f = *state;
	f->rules.echo = true;
	wants(f, "标题\n" HEAD "x,\"甲\n乙\"\n\xff甲,\n",
		"echo 1|标题\necho 2|统一社会信用代码|名称\n"
		"echo 3|x|甲\n乙\necho 4|\\xff甲|\n");
	assert_true(read_text(f, BYTES("a,b\n1\0,2\n")));
	assert_string_equal(f->seen.text, "echo 1|a|b\necho 2|1\\x00|2\n");
}

/* ---- files of other kinds ---------------------------------------------------------------------
 */

static void test_containers(void **state)
{
	struct fixture *f = *state;
	static const char locked[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
	char file[2000] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	assert_false(read_text(f, (struct bytes){ file, sizeof file }));
	assert_int_equal(f->e.code, ERR_XLS_FILE);
	/* wherever the name stands and however it is cut */
	for (size_t at = 900; at < 1000; at++) {
		memset(file + 8, 'x', sizeof file - 8);
		memcpy(file + at, locked, sizeof locked - 1);
		struct parse *p = begin(f);
		bool ok = true;
		for (size_t from = 0; ok && from < sizeof file; from += 37)
			ok = parse_put(p,
				(struct bytes){ file + from,
					sizeof file - from < 37 ? sizeof file - from : 37 },
				&f->e);
		ok = ok && parse_end(p, &f->totals, &f->e);
		parse_free(p);
		assert_false(ok);
		assert_int_equal(f->e.code, ERR_ENCRYPTED_FILE);
	}
}

/* ---- workbooks --------------------------------------------------------------------------------
 */

#define TEXT(v) "<c t=\"str\"><v>" v "</v></c>"
#define NAMES   "<row>" TEXT("统一社会信用代码") TEXT("名称") TEXT("成立日期") "</row>"
#define BOOK(rows) \
	((const struct part[]){ \
		WORKBOOK_ONE, { "xl/worksheets/sheet1.xml", WORKBOOK_CELLS(rows) }, { 0 } })

static bool read_book(struct fixture *f, const struct part *parts)
{
	struct parse *p = begin(f);
	bool ok = parse_workbook(p, workbook_of(parts), &f->totals, &f->e);
	parse_free(p);
	return ok;
}

static void test_workbook(void **state)
{
	struct fixture *f = *state;
	assert_true(read_book(f,
		BOOK("<row>" TEXT(
			"名录") "</row>" NAMES "<row/>"
				"<row>" TEXT("91350200MA2YJ1XR9G") TEXT(
					"甲") "<c t=\"d\"><v>2020-01-02</v></c></row>"
					      "<row>" TEXT("91511304MA68671F6L") TEXT(
						      "乙") "</row>"
							    "<row><c><v>9.13710000509012E+17</v></c>" TEXT(
								    "丙") "</row>"
									  "<row>" TEXT("91110108MA0000015T") TEXT(
										  "丁") "<c t=\"e\"><v>#REF!</v></c></row>"
											"<row>" TEXT(
												"91110108MA0000015T")
												TEXT("丁") "<c t=\"e\"><v>#N/A</v></c>" TEXT(
													"注") "</row>")));
	assert_string_equal(f->seen.text,
		TOLD "2 成立日期=成立日期 automatic\nrow 4|91350200MA2YJ1XR9G|甲|2020-01-02\n"
		     "row 5|91511304MA68671F6L|乙\nclue 6 丙 \n"
		     "error 6 uscc-rounded 统一社会信用代码 [913710000509012000]\n"
		     "error 7 cell-error 成立日期 [#REF!]\n"
		     "row 8|91110108MA0000015T|丁\n");
}

#define PERMIT_NAMES "<row>" TEXT("统一社会信用代码") TEXT("许可证名称") TEXT("许可证编号") "</row>"
/* A number of more than 15 digits is not what it was, whatever the column. */
static void test_rounded(void **state)
{
	static const char *const cells[][2] = { { "<c><v>3.3019912345678E+17</v></c>",
							"330199123456780000" },
		{ "<c><v>20190012345678901</v></c>", "20190012345678901" },
		{ TEXT("3.30199E+17"), "3.30199E+17" } };
	struct fixture *f = *state;
	f->rules.kind = REGISTER_PERMITS;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		char rows[2000];
		snprintf(rows, sizeof rows,
			WORKBOOK_CELLS(PERMIT_NAMES "<row>" TEXT("91350200MA2YJ1XR9G")
					TEXT("许可证") "%s</row>"),
			cells[i][0]);
		const struct part parts[] = { WORKBOOK_ONE, { "xl/worksheets/sheet1.xml", rows },
			{ 0 } };
		assert_true(read_book(f, parts));
		const char *wanted =
			arena_printf(f->a, "error 2 number-rounded 许可证编号 [%s]", cells[i][1]);
		if (strstr(f->seen.text, wanted) == NULL)
			fail_msg("%s, not %s", f->seen.text, wanted);
	}
}

static void test_sheets(void **state)
{
	struct fixture *f = *state;
	const struct part parts[] = { WORKBOOK_ROOT,
		{ "xl/workbook.xml",
			WORKBOOK_SHEETS(
				"<sheet name=\"旧\" sheetId=\"1\" state=\"veryHidden\" r:id=\"r1\"/>"
				"<sheet name=\"填写说明\" sheetId=\"2\" r:id=\"r2\"/>"
				"<sheet name=\"空\" sheetId=\"3\" r:id=\"r3\"/>"
				"<sheet name=\"名录\" sheetId=\"4\" r:id=\"r4\"/>"
				"<sheet name=\"名录2\" sheetId=\"5\" r:id=\"r5\"/>") },
		{ "xl/_rels/workbook.xml.rels",
			WORKBOOK_RELATIONS(WORKBOOK_RELATION(
				"r1", "worksheet", "1.xml") WORKBOOK_RELATION("r2", "worksheet",
				"2.xml") WORKBOOK_RELATION("r3", "worksheet", "3.xml")
					WORKBOOK_RELATION("r4", "worksheet", "4.xml")
						WORKBOOK_RELATION("r5", "worksheet", "5.xml")) },
		{ "xl/1.xml", WORKBOOK_CELLS(NAMES "<row>" TEXT("91350200MA2YJ1XR9G")
					      TEXT("旧") "</row>") },
		{ "xl/2.xml", WORKBOOK_CELLS("<row>" TEXT("填写说明") "</row><row>" TEXT(
				      "名称") "</row>") },
		{ "xl/3.xml", WORKBOOK_CELLS("") },
		{ "xl/4.xml", WORKBOOK_CELLS(NAMES "<row>" TEXT("91350200MA2YJ1XR9G")
					      TEXT("甲") "</row>") },
		{ "xl/5.xml", WORKBOOK_CELLS(NAMES "<row>" TEXT("91350200MA2YJ1XR9G")
					      TEXT("乙") "</row>") },
		{ 0 } };
	static const struct {
		const char *sheet, *read, *row;
	} named[] = { { "", "名录", "row 2" ROW }, { "名录2", "名录2", "|乙\n" },
		{ " 名录 ", "名录", "|甲\n" }, { "5", "名录2", "|乙\n" }, { "1", "旧", "|旧\n" } };
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		f->rules.sheet = bytes_of(named[i].sheet);
		assert_true(read_book(f, parts));
		assert_true(bytes_is(f->totals.sheet, named[i].read));
		assert_non_null(strstr(f->seen.text, named[i].row));
	}
	assert_true(bytes_is(f->totals.unread, "填写说明、空、名录、名录2"));
	f->rules.sheet = BYTES("6");
	assert_false(read_book(f, parts));
	assert_int_equal(f->e.code, ERR_NO_SHEET);
	assert_string_equal(f->e.what, "6; 旧、填写说明、空、名录、名录2");
	f->rules.sheet = BYTES("填写说明");
	assert_false(read_book(f, parts));
	assert_int_equal(f->e.code, ERR_NO_COLUMN);
	assert_non_null(strstr(f->e.what, "line 2"));
	f->rules.sheet = BYTES("空");
	assert_false(read_book(f, parts));
	assert_int_equal(f->e.code, ERR_EMPTY_FILE);
	/* none reads: the nearest says why, and which it is */
	f->rules.sheet = BYTES("");
	f->rules.kind = REGISTER_INSPECTORS;
	assert_false(read_book(f, parts));
	assert_int_equal(f->e.code, ERR_NO_COLUMN);
	assert_int_equal(f->seen.n, 0);
}

static void test_workbook_echo(void **state)
{
	struct fixture *f = *state;
	f->rules.echo = true;
	assert_true(read_book(f, BOOK("<row>" TEXT("名录") "</row><row/><row><c/>" TEXT(
					 "甲") "<c><v>1</v></c></row>")));
	assert_string_equal(f->seen.text, "echo 1|名录\necho 3||甲|1!\n");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = { T(test_titles), T(test_no_rows), T(test_more_lines),
		T(test_wide), T(test_mapping), T(test_wrong_mapping), T(test_counts), T(test_clue),
		T(test_mixed), T(test_echo), T(test_containers), T(test_workbook), T(test_sheets),
		T(test_returned), T(test_personal), T(test_rounded), T(test_workbook_echo) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
