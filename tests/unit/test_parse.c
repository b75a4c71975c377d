/* Files of the field in, rows and notes out: the column table, the checkers, the parser. */
#include "tests/unit/parsing.h"

#include "daemon/register/parse.h"

/* ---- columns ------------------------------------------------------------------------------- */

/* Every name and synonym of the table finds its own column. */
static void test_table(void **state)
{
	const struct column *c;
	(void)state;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++) {
		struct bytes rest = bytes_of(c->synonyms);
		bool more = true;
		assert_ptr_equal(column_find(c->kind, bytes_of(c->name)), c);
		while (more)
			assert_ptr_equal(column_find(c->kind, bytes_cut(&rest, '|', &more)), c);
		assert_true(c->check != NULL || c->fact < 0);
	}
}

static void test_names(void **state)
{
	static const struct {
		const char *name, *column;
	} rows[] = {
		{ "企业名称", "名称" },
		{ " 统一社会信用代码\xe3\x80\x80", "统一社会信用代码" },
		{ "*名称", "名称" },
		{ "名称（必填）", "名称" },
		{ "注册资本（万元）", "注册资本(万元)" },
		{ "注册资金（人民币）", "注册资本" },
		{ "企业（机构）类型", "企业类型" },
		{ "注册日期", "成立日期" },
		{ "注册地址", "住所" },
		{ "CLASS", "信用风险等级" },
		{ "信用等级", "信用风险等级" },
		{ "纳税信用等级", NULL }, /* of taxpayers: another thing */
		{ "", NULL },
		{ "（必填）", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct column *c = column_find(REGISTER_ENTITIES, bytes_of(rows[i].name));
		if (rows[i].column == NULL)
			assert_null(c);
		else
			assert_string_equal(c->name, rows[i].column);
	}
}

static void test_refused_files(void **state)
{
	struct fixture *f = *state;
	assert_false(parse_text(f, "甲,乙\n1,2\n", 100));
	assert_int_equal(f->e.code, ERR_NO_COLUMN);
	assert_non_null(strstr(f->e.what, "统一社会信用代码"));
	assert_false(parse_text(f, "统一社会信用代码\n1\n", 100));
	assert_int_equal(f->e.code, ERR_NO_COLUMN);
	assert_false(parse_text(f, "名称,注册号,住所,＊名称\n甲,1,某路,乙\n", 100));
	assert_int_equal(f->e.code, ERR_COLUMN_TWICE);
	assert_string_equal(f->e.what, "1 = 4: ＊名称");
	assert_true(parse_text(
		f, "名称,注册号,备注,备注,其他,其他\n甲,110108000000016,1,2,3,4\n", 100));
	assert_false(parse_text(f, "名称,注册号\n\n , \n", 100));
	assert_int_equal(f->e.code, ERR_EMPTY_FILE);
	assert_false(parse_text(f, "", 100));
	assert_int_equal(f->e.code, ERR_EMPTY_FILE);
	f->rules.rows_max = 1;
	assert_false(parse_text(f, "名称,注册号\na,1\nb,2\n", 100));
	assert_int_equal(f->e.code, ERR_TOO_MANY_ROWS);
}

/* ---- entities ------------------------------------------------------------------------------- */

static void test_real_header(void **state)
{
	row_wants(*state, "企业名称,统一社会信用代码,注册日期,企业类型,经营范围,注册地址",
		"某酒店,91350200MA2YJ1XR9G,2012-07-16,N/A,食品销售,某路1号",
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|某酒店|~|~|~|2012-07-16|~|~|~|~|~|某路1号|食品销售|~|~|fire,food\n");
	const struct fixture *f = *state;
	assert_int_equal(f->totals.derived[0], 1);
	assert_int_equal(f->totals.derived[1], 1);
	assert_int_equal(f->totals.derived[2], 1);
	assert_int_equal(f->totals.derived[3], 1);
	assert_string_equal(f->totals.encoding, "UTF-8");
}

/* 17 facts, then those of the rest that say something */
#define NAMED(code)    "row 2|" code "|" code "|甲|~|~|~|~|~|~|~|~|~|~|~|~|~|"
#define GOOD(code)     NAMED(code) "\n"
#define NUMBERED(code) NAMED("R" code) "|reg_no=" code "\n"

static void test_codes(void **state)
{
	static const struct {
		const char *cell, *wanted;
	} rows[] = {
		{ "91350200MA2YJ1XR9G", GOOD("91350200MA2YJ1XR9G") },
		{ "91350200ma2yj1xr9g",
			"repair 2 repaired 统一社会信用代码 [91350200ma2yj1xr9g] → 91350200MA2YJ1XR9G\n" GOOD(
				"91350200MA2YJ1XR9G") },
		{ "９１350200 MA2YJ1XR9G",
			"repair 2 repaired 统一社会信用代码 [９１350200 MA2YJ1XR9G] → 91350200MA2YJ1XR9G\n" GOOD(
				"91350200MA2YJ1XR9G") },
		{ "'91350200MA2YJ1XR9G",
			"repair 2 repaired 统一社会信用代码 ['91350200MA2YJ1XR9G] → 91350200MA2YJ1XR9G\n" GOOD(
				"91350200MA2YJ1XR9G") },
		/* issued before the standard: the law knows it */
		{ "91350200MA2YJ1XR9H",
			"remark 2 uscc-digit 统一社会信用代码 [91350200MA2YJ1XR9H] [18] H ≠ G\n" GOOD(
				"91350200MA2YJ1XR9H") },
		{ "91350200MA2YJ1XR9",
			"error 2 bad-uscc 统一社会信用代码 [91350200MA2YJ1XR9] 17 ≠ 18\n" },
		{ "91350200MA2YJ1XRI9",
			"error 2 bad-uscc 统一社会信用代码 [91350200MA2YJ1XRI9] 0-9 A-Z, I O S V Z ✗\n" },
		{ "9I350200MA2YJ1XR9G",
			"error 2 bad-uscc 统一社会信用代码 [9I350200MA2YJ1XR9G] → 91350200MA2YJ1XR9G ?\n" },
		{ "9.13502E+17", "error 2 uscc-rounded 统一社会信用代码 [9.13502E+17] \n" },
		{ "", "error 2 missing-value 统一社会信用代码 [] \n" },
		{ "91350200MA2YJ1XR9G/2",
			"row 2|91350200MA2YJ1XR9G/02|91350200MA2YJ1XR9G|甲|~|~|~|~|~|~|~|~|~|~|~|~|~|\n" },
		{ "91350200MA2YJ1XR9G/X",
			"error 2 bad-uscc 统一社会信用代码 [91350200MA2YJ1XR9G/X] / 2–9999\n" },
		/* a registration number stands where the USCC should */
		{ "110108000000016", NUMBERED("110108000000016") },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char row[128];
		snprintf(row, sizeof row, "甲,%s", rows[i].cell);
		row_wants(*state, "名称,统一社会信用代码", row, rows[i].wanted);
	}
}

static void test_rounded(void **state)
{
	struct fixture *f = *state;
	assert_true(parse_text(f, "名称,统一社会信用代码\n甲,913710000509012000\n", 1000));
	assert_non_null(strstr(f->seen.text, "error 2 uscc-rounded"));
	assert_non_null(strstr(f->seen.text, "913710000509012293"));
	assert_int_equal(f->totals.accepted, 0);
}

/* Fact `which` of a line "row 2|…|…". */
static void fact_of(const char *row, unsigned which, char out[80])
{
	for (unsigned k = 0; k <= which; k++)
		row = strchr(row, '|') + 1;
	size_t n = strcspn(row, "|\n");
	assert_true(n < 80);
	memcpy(out, row, n);
	out[n] = '\0';
}

static void test_ids(void **state)
{
	row_wants(*state, "名称,统一社会信用代码,注册号,场所序号", "甲,,110108000000016,3",
		"row 2|R110108000000016/03|R110108000000016|甲|~|~|~|~|~|~|~|~|~|~|~|~|~|"
		"|reg_no=110108000000016\n");
	row_wants(*state, "名称,注册号", "甲,110108000000017",
		"remark 2 bad-registration-number 注册号 [110108000000017] [15] 7 ≠ 6\n" NUMBERED(
			"110108000000017"));
	row_wants(*state, "名称,注册号", "甲,1101",
		"remark 2 bad-registration-number 注册号 [1101] 4 ≠ 15\n"
		"error 2 missing-value 统一社会信用代码 [] \n");
	row_wants(*state, "名称,检查对象编号", "甲,X-SCJG-1", GOOD("X-SCJG-1"));
	row_wants(
		*state, "名称,检查对象编号", "甲,x~1", "error 2 bad-object 检查对象编号 [x~1] \n");
}

/* However it is written, and in whatever column: one id, the same for a recusal. */
static void test_one_id(void **state)
{
	static const struct {
		const char *cell, *object, *entity;
	} rows[] = {
		{ "91350200MA2YJ1XR9G", "91350200MA2YJ1XR9G", "91350200MA2YJ1XR9G" },
		{ "91350200MA2YJ1XR9G/1", "91350200MA2YJ1XR9G", "91350200MA2YJ1XR9G" },
		{ "91350200MA2YJ1XR9G/2", "91350200MA2YJ1XR9G/02", "91350200MA2YJ1XR9G" },
		{ "91350200MA2YJ1XR9G/02", "91350200MA2YJ1XR9G/02", "91350200MA2YJ1XR9G" },
		{ "91350200ma2yj1xr9g／００２", "91350200MA2YJ1XR9G/02", "91350200MA2YJ1XR9G" },
		{ "110108000000016", "R110108000000016", "R110108000000016" },
		{ "R110108000000016/01", "R110108000000016", "R110108000000016" },
		{ "110108000000017/3", "R110108000000017/03", "R110108000000017" },
	};
	static const struct {
		enum register_id kind;
		const char *head, *before;
		unsigned object, entity; /* facts; 0: none */
	} columns[] = {
		{ REGISTER_ENTITIES, "名称,统一社会信用代码", "甲,", ENTITY_OBJECT, ENTITY_ENTITY },
		{ REGISTER_ENTITIES, "名称,注册号", "甲,", ENTITY_OBJECT, ENTITY_ENTITY },
		{ REGISTER_ENTITIES, "名称,检查对象编号", "甲,", ENTITY_OBJECT, ENTITY_ENTITY },
		{ REGISTER_RECUSALS, "执法证编号,统一社会信用代码", "C1,", RECUSAL_SUBJECT, 0 },
		{ REGISTER_RECUSALS, "执法证编号,检查对象编号", "C1,", RECUSAL_SUBJECT, 0 },
	};
	struct fixture *f = *state;
	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			char text[256], got[2][80] = { "", "" };
			f->rules.kind = columns[c].kind;
			snprintf(text, sizeof text, "%s\n%s%s\n", columns[c].head,
				columns[c].before, rows[i].cell);
			assert_true(parse_text(f, text, 1000));
			const char *at = strstr(f->seen.text, "row 2|");
			assert_non_null(at);
			fact_of(at, columns[c].object, got[0]);
			assert_string_equal(got[0], rows[i].object);
			if (columns[c].entity == 0)
				continue;
			fact_of(at, columns[c].entity, got[1]);
			assert_string_equal(got[1], rows[i].entity);
		}
}

/* Facts by their column: what people write, and what becomes of it. */
static const struct {
	const char *column, *cell;
	enum entity_fact_id fact;
	const char *wanted; /* NULL: the row is refused */
} cells[] = {
	{ "成立日期", "2026-03-31", ENTITY_ESTABLISHED, "2026-03-31" },
	{ "成立日期", "2026/3/1", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "2026.03.01", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "20260301", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "2026年3月1日", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "２０２６-０３-０１", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "2026-03-01 00:00:00", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "2026-03-01T08:00:00Z", ENTITY_ESTABLISHED, "2026-03-01" },
	{ "成立日期", "45717", ENTITY_ESTABLISHED, "2025-03-01" },
	{ "成立日期", "-", ENTITY_ESTABLISHED, "" },
	{ "成立日期", "2026-02-29", ENTITY_ESTABLISHED, NULL },
	{ "成立日期", "3/1/2026", ENTITY_ESTABLISHED, NULL },
	{ "成立日期", "26-03-01", ENTITY_ESTABLISHED, NULL },
	{ "成立日期", "2026-03", ENTITY_ESTABLISHED, NULL },
	{ "成立日期", "2026-03-01x", ENTITY_ESTABLISHED, NULL },
	{ "成立日期", "1899-12-31", ENTITY_ESTABLISHED, NULL },
	{ "登记状态", "存续（在营、开业、在册）", ENTITY_STATUS, "open" },
	{ "登记状态", "在营", ENTITY_STATUS, "open" },
	{ "登记状态", "开业", ENTITY_STATUS, "open" },
	{ "登记状态", "注销", ENTITY_STATUS, "cancelled" },
	{ "登记状态", "吊销，未注销", ENTITY_STATUS, "revoked" },
	{ "登记状态", "吊销后注销", ENTITY_STATUS, "cancelled" },
	{ "登记状态", "吊销", ENTITY_STATUS, "revoked" },
	{ "登记状态", "迁出", ENTITY_STATUS, "moved" },
	{ "登记状态", "歇业", ENTITY_STATUS, "suspended" },
	{ "登记状态", "奇怪", ENTITY_STATUS, NULL },
	{ "信用风险等级", "A", ENTITY_CLASS, "A" },
	{ "信用风险等级", "b类", ENTITY_CLASS, NULL },
	{ "信用风险等级", "低", ENTITY_CLASS, "A" },
	{ "信用风险等级", "一般", ENTITY_CLASS, "B" },
	{ "信用风险等级", "中高", ENTITY_CLASS, "C" },
	{ "信用风险等级", "信用风险高", ENTITY_CLASS, "D" },
	{ "信用风险等级", "Ｄ", ENTITY_CLASS, "D" },
	{ "信用风险等级", "未分类", ENTITY_CLASS, "" },
	{ "信用风险等级", "E", ENTITY_CLASS, NULL },
	{ "主体类型", "个体工商户", ENTITY_KIND, "individual" },
	{ "主体类型", "农专社", ENTITY_KIND, "cooperative" },
	{ "主体类型", "外国企业常驻代表机构", ENTITY_KIND, "office" },
	{ "主体类型", "内资企业", ENTITY_KIND, "enterprise" },
	{ "主体类型", "飞船", ENTITY_KIND, NULL },
	{ "企业类型", "有限责任公司(自然人独资)", ENTITY_KIND, "enterprise" },
	{ "企业类型", "个体工商户", ENTITY_KIND, "individual" },
	{ "企业类型", "农民专业合作社", ENTITY_KIND, "cooperative" },
	{ "行业", "F5212", ENTITY_INDUSTRY, "F5212" },
	{ "行业", "f5212 超级市场零售", ENTITY_INDUSTRY, "F5212" },
	{ "行业", "5212", ENTITY_INDUSTRY, "F5212" },
	{ "行业", "0141", ENTITY_INDUSTRY, "A0141" },
	{ "行业", "97", ENTITY_INDUSTRY, "T97" },
	{ "行业", "F", ENTITY_INDUSTRY, "F" },
	{ "行业", "A5212", ENTITY_INDUSTRY, "~" },
	{ "行业", "9812", ENTITY_INDUSTRY, "~" },
	{ "行业", "0012", ENTITY_INDUSTRY, "~" },
	{ "行业", "零售业", ENTITY_INDUSTRY, "F52" },
	{ "行业", "全民所有制", ENTITY_INDUSTRY, "~" },
	{ "行业", "F52123", ENTITY_INDUSTRY, "~" },
	{ "行政区划", "371002", ENTITY_REGION, "371002" },
	{ "行政区划", "371002001", ENTITY_REGION, "371002001" },
	{ "行政区划", "环翠区", ENTITY_REGION, "~" }, /* a name that no region has */
	{ "行政区划", "", ENTITY_REGION, "" },
	{ "行政区划", "3710", ENTITY_REGION, NULL },
	{ "标签", "vip、food，a1", ENTITY_LABELS, "a1,food,vip" },
	{ "标签", "重点", ENTITY_LABELS, "~" },
	{ "标签", "ｖｉｐ；food", ENTITY_LABELS, "food,vip" },
	{ "上次检查日期", "2026年1月9日", ENTITY_CHECKED, "*=2026-01-09" },
	{ "上次检查日期", "b-x=2026-01-09;a=2026-01-08", ENTITY_CHECKED,
		"a=2026-01-08,b-x=2026-01-09" },
	{ "上次检查日期", "b=2026-1-9;a=2025/3/1", ENTITY_CHECKED, "a=2025-03-01,b=2026-01-09" },
	{ "上次检查日期", "ｂ＝２０２６年１月９日", ENTITY_CHECKED, "b=2026-01-09" },
	{ "上次检查日期", "*=45717", ENTITY_CHECKED, "*=2025-03-01" },
	{ "上次检查日期", "b=2026-13-9", ENTITY_CHECKED, NULL },
	{ "上次检查日期", "B=2026-01-09", ENTITY_CHECKED, NULL },
	{ "上次检查日期", "a=2026-01-09;2026-01-08", ENTITY_CHECKED, NULL },
	{ "坐标", "\"119.5,30.25\"", ENTITY_X, "119500000" },
	{ "坐标", "119.5 -30.2512349", ENTITY_Y, "-30251234" },
	{ "坐标", "119.5", ENTITY_X, "~" },
	{ "坐标", "181 30", ENTITY_Y, "~" },
	{ "经营范围", "\"a\nb\"", ENTITY_SCOPE, "a b" },
};

static void test_cells(void **state)
{
	struct fixture *f = *state;
	f->rules.labels = NULL;
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		char text[512], wanted[256];
		snprintf(text, sizeof text, "名称,统一社会信用代码,%s\n甲,91350200MA2YJ1XR9G,%s\n",
			cells[i].column, cells[i].cell);
		assert_true(parse_text(f, text, 10000));
		const char *row = strstr(f->seen.text, "row 2|");
		if (cells[i].wanted == NULL) {
			assert_null(row);
			assert_non_null(strstr(f->seen.text, "error 2 "));
			continue;
		}
		assert_non_null(row);
		for (unsigned k = 0; k <= cells[i].fact; k++)
			row = strchr(row, '|') + 1;
		snprintf(wanted, sizeof wanted, "%s|", cells[i].wanted);
		size_t n = strlen(cells[i].wanted);
		if (strncmp(row, wanted, n) != 0 || (row[n] != '|' && row[n] != '\n'))
			fail_msg("%s \"%s\": %s", cells[i].column, cells[i].cell, row);
	}
}

/* Labels of a batch, of the row and of the rules come together. */
static void test_given(void **state)
{
	struct fixture *f = *state;
	f->rules.given = BYTES("batch,vip");
	row_wants(f, "名称,统一社会信用代码,标签,经营范围", "甲,91350200MA2YJ1XR9G,vip z,食品",
		"remark 2 unknown-label 标签 [vip] \nremark 2 unknown-label 标签 [z] \n"
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|甲|~|~|~|~|~|~|~|batch,vip,z|~|~|食品|~|~|food\n");
}

/* A name that no region has, or several, is said and leaves alone what was known. */
static void test_region_names(void **state)
{
	struct fixture *f = *state;
	row_wants(f, "名称,统一社会信用代码,行政区划", "甲,91350200MA2YJ1XR9G,环翠区",
		"remark 2 region-name 行政区划 [环翠区] \n" GOOD("91350200MA2YJ1XR9G"));
	assert_int_equal(f->totals.derived[1], 1);
	assert_int_equal(f->totals.remarked, 1);
	row_wants(f, "名称,注册号,行政区划", "甲,110108000000016,环翠区",
		"remark 2 region-name 行政区划 [环翠区] \n" NUMBERED("110108000000016"));
	assert_int_equal(f->totals.derived[1], 0);
}

/* What cannot be read is left out and leaves alone what was known; an empty cell and a word for
 * nothing empty it. */
static void test_left_out(void **state)
{
	static const struct {
		const char *head, *cells, *said; /* of x, y */
	} rows[] = {
		{ "经度,纬度", "119.5,30.2", "119500000|30200000" },
		{ "经度,纬度", "30.2,119.9", "~|~" },
		{ "经度,纬度", "191.5,30.2", "~|~" },
		{ "经度,纬度", ",", "|" },
		{ "经度,纬度", "无,/", "|" },
		{ "经度,纬度", "119.5,", "~|~" },
		{ "经度", "119.5", "~|~" },
		{ "坐标,住所", "某处,", "~|~" },
		{ "经度(微度),纬度(微度)", "119500000,30200000", "119500000|30200000" },
		{ "经度(微度),纬度(微度)", "119.5,30200000", "~|~" },
	};
	struct fixture *f = *state;
	f->rules.labels = NULL;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[300];
		snprintf(text, sizeof text, "统一社会信用代码,名称,%s\n91350200MA2YJ1XR9G,甲,%s\n",
			rows[i].head, rows[i].cells);
		assert_true(parse_text(f, text, 1000));
		const char *at = strstr(f->seen.text, "row 2|");
		for (unsigned k = 0; at != NULL && k <= ENTITY_X; k++)
			at = strchr(at, '|') + 1;
		size_t n = strlen(rows[i].said);
		if (at == NULL || strncmp(at, rows[i].said, n) != 0 || at[n] != '|')
			fail_msg("%s %s: %s", rows[i].head, rows[i].cells, f->seen.text);
		bool left = strstr(f->seen.text, "remark 2 bad-coordinate") != NULL;
		assert_int_equal(left, rows[i].said[0] == '~' && strcmp(rows[i].head, "经度") != 0);
	}
	row_wants(f, "统一社会信用代码,名称,注册号", "91350200MA2YJ1XR9G,甲,12",
		"remark 2 bad-registration-number 注册号 [12] 2 ≠ 15\n" GOOD("91350200MA2YJ1XR9G"));
}

/* Lines under a table are passed over, and of them no more is told than the word. */
static void test_footers(void **state)
{
	struct fixture *f = *state;
	assert_true(parse_text(f,
		"统一社会信用代码,名称,法定代表人\n91350200MA2YJ1XR9G,甲,某人\n"
		"合计 12户,,\n填表人：张三,,联系电话：13800138000\n,审核人,李四\n备注：某事,,\n",
		1000));
	assert_non_null(strstr(f->seen.text,
		"remark 3 line-under-table  [合计] \nremark 4 line-under-table  [填表人] \n"
		"remark 5 line-under-table  [审核人] \nremark 6 line-under-table  [备注] \n"));
	assert_null(strstr(f->seen.text, "138"));
	assert_int_equal(f->totals.rows, 1);
	assert_int_equal(f->totals.refused, 0);
	/* none is a row: with a code it is one, and so is a longer word */
	row_wants(f, "名称,统一社会信用代码", "备注,91350200MA2YJ1XR9",
		"error 2 bad-uscc 统一社会信用代码 [91350200MA2YJ1XR9] 17 ≠ 18\n");
	assert_true(parse_text(f, "名称,统一社会信用代码\n备注商行,\n甲,说明\n", 1000));
	assert_int_equal(f->totals.refused, 2);
}

/* The first of two columns for one fact that is not empty counts. */
static void test_two_columns(void **state)
{
	struct fixture *f = *state;
	f->rules.labels = NULL;
	row_wants(f, "名称,统一社会信用代码,住所,经营场所", "甲,91350200MA2YJ1XR9G,-,某路",
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|甲|~|~|~|~|~|~|~|~|~|某路|~|~|~|\n");
	row_wants(f, "名称,统一社会信用代码,住所,经营场所", "甲,91350200MA2YJ1XR9G,甲路,乙路",
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|甲|~|~|~|~|~|~|~|~|~|甲路|~|~|~|\n");
}

/* The apostrophe that a file handed back puts before what looks like a formula comes off again. */
static void test_formulas(void **state)
{
	struct fixture *f = *state;
	f->rules.labels = NULL;
	row_wants(f, "名称,统一社会信用代码,住所", "'=甲,91350200MA2YJ1XR9G,'＠某路",
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|=甲|~|~|~|~|~|~|~|~|~|＠某路|~|~|~|\n");
	row_wants(f, "名称,统一社会信用代码,住所", "'甲,91350200MA2YJ1XR9G,'-",
		"row 2|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|'甲|~|~|~|~|~|~|~|~|~||~|~|~|\n");
}

static void test_broken_rows(void **state)
{
	struct fixture *f = *state;
	f->rules.labels = NULL;
	assert_true(parse_text(f,
		"名称,统一社会信用代码,怪\n"
		"甲,91350200MA2YJ1XR9G\n"
		"\"乙,91350200MA2YJ1XR9G,\n"
		"\xff,91350200MA2YJ1XR9G,\n"
		",91350200MA2YJ1XR9G,\n"
		",,\n"
		"丙,91350200MA2YJ1XR9G,\n",
		7));
	assert_string_equal(f->seen.text,
		"error 2 column-count  [甲] 2 ≠ 3\n"
		"error 3 unclosed-quote  [\"乙,91350200MA2YJ1XR9G,] \n"
		"error 4 bad-utf8 名称 [\\xFF] \n"
		"error 5 missing-value 名称 [] \n"
		"row 7|91350200MA2YJ1XR9G|91350200MA2YJ1XR9G|丙|~|~|~|~|~|~|~|~|~|~|~|~|~|\n");
	assert_int_equal(f->totals.rows, 5);
	assert_int_equal(f->totals.accepted, 1);
	assert_int_equal(f->totals.refused, 4);
	assert_true(bytes_is(f->totals.unknown, "怪"));
}

#define HEAD "名称,统一社会信用代码\n"
#define A    "甲,91350200MA2YJ1XR9G\n"
#define B    "乙,91350200MA2YJ1XR9G\n"
#define C    "丙,91511304MA68671F6L\n"

/* The same row twice is one row and an error; rows that differ are all refused, in any order. */
static void test_duplicates(void **state)
{
	static const char *const orders[] = { HEAD A B C, HEAD B A C, HEAD C B A, HEAD A B A C };
	struct fixture *f = *state;
	assert_true(parse_text(f, HEAD A C A A, 1000));
	assert_int_equal(f->totals.accepted, 2);
	assert_int_equal(f->totals.refused, 2);
	assert_non_null(strstr(f->seen.text, "error 4 duplicate-row  [91350200MA2YJ1XR9G] = 2\n"));
	assert_non_null(strstr(f->seen.text, "error 5 duplicate-row  [91350200MA2YJ1XR9G] = 2\n"));
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		assert_true(parse_text(f, orders[i], 1000));
		assert_int_equal(f->totals.accepted, 1);
		assert_non_null(strstr(f->seen.text, "91511304MA68671F6L|91511304MA68671F6L|丙"));
		const char *withdraw = strstr(f->seen.text, "withdraw ");
		assert_non_null(withdraw);
		assert_null(strstr(withdraw + 1, "withdraw "));
	}
	assert_int_equal(f->totals.refused, 3);
}

/* What a parser puts there is read again. */
static struct {
	char text[65536];
	size_t n;
} heap;

static bool heap_put(void *ctx, struct bytes s, struct err *e)
{
	(void)ctx;
	(void)e;
	assert_true(heap.n + s.n <= sizeof heap.text);
	memcpy(heap.text + heap.n, s.p, s.n);
	heap.n += s.n;
	return true;
}

static bool heap_get(void *ctx, uint64_t from, char *to, size_t n, struct err *e)
{
	(void)ctx;
	(void)e;
	assert_true(from + n <= heap.n);
	memcpy(to, heap.text + from, n);
	return true;
}

static int by_text(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

/* The lines that were said, sorted, without the rows that were withdrawn and the withdrawals. */
static const char *verdict(struct fixture *f)
{
	char *line[200], gone[32], *text = arena_strdup(f->a, f->seen.text);
	size_t n = 0;
	struct buf out = buf_new(f->a, 4096);
	for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
		int number = 0;
		bool row = sscanf(at, "row %d|", &number) == 1;
		snprintf(gone, sizeof gone, "withdraw %d ", number);
		assert_true(n < sizeof line / sizeof *line);
		if (strncmp(at, "withdraw ", 9) != 0 && !(row && strstr(f->seen.text, gone)))
			line[n++] = at;
	}
	qsort(line, n, sizeof *line, by_text);
	for (size_t i = 0; i < n; i++)
		buf_str(&out, arena_printf(f->a, "%s\n", line[i]));
	return arena_strndup(f->a, out.p, out.n);
}

/* However few rows are remembered in memory: the same is said of all. */
static void test_heap(void **state)
{
	static const char *const rows[] = { A, A, B, C, "甲,91350200MA2YJ1XR9g\n",
		"丁,92330110MA2JC0Q26T\n", "戊,92330110MA2JC0Q26T\n", "丁,92330110MA2JC0Q26T\n",
		"己,91330110MA2KJ4A20X\n", "庚,9133\n" };
	struct fixture *f = *state;
	uint32_t seed = 1;
	size_t heaped = 0;
	for (int round = 0; round < 300; round++) {
		char text[2048] = HEAD;
		for (int i = 0; i < 12; i++) {
			seed = seed * 1664525 + 1013904223;
			strcat(text, rows[(seed >> 16) % (sizeof rows / sizeof *rows)]);
		}
		f->rules.heap = (struct repeats_heap){ 0 };
		assert_true(parse_text(f, text, 1000));
		const char *wanted = verdict(f);
		struct parse_totals t = f->totals;
		for (size_t most = 1; most < 4; most++) {
			f->rules.heap = (struct repeats_heap){ .put = heap_put, .get = heap_get };
			f->rules.seen_most = most;
			heap.n = 0;
			assert_true(parse_text(f, text, 1000));
			assert_string_equal(verdict(f), wanted);
			assert_int_equal(f->totals.accepted, t.accepted);
			assert_int_equal(f->totals.refused, t.refused);
			assert_int_equal(f->totals.repaired, t.repaired);
			assert_int_equal(f->totals.remarked, t.remarked);
			heaped += heap.n > 0;
		}
	}
	assert_true(heaped > 500);
	f->rules.heap = (struct repeats_heap){ .put = heap_put, .get = heap_get };
	f->rules.seen_most = 1;
	heap.n = 0;
	assert_true(parse_text(f, HEAD C A A, 1000));
	assert_non_null(
		strstr(f->seen.text, "withdraw 4 91350200MA2YJ1XR9G\nerror 4 duplicate-row  "
				     "[91350200MA2YJ1XR9G] = 3\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_names),
		cmocka_unit_test_setup_teardown(test_refused_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_real_header, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_codes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_ids, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_one_id, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cells, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_given, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_region_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_footers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_two_columns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_formulas, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_broken_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_duplicates, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_heap, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
