/* What cells of regions, names, leaves, money, levels and keys mean, and what is said of them. */
#include "tests/unit/cells.h"

#include "daemon/register/cell.h"

/* ---- regions, money, levels --------------------------------------------------------------------
 */

static void test_regions(void **state)
{
	static const struct {
		const char *region, *now;
	} rows[] = {
		{ "371002", NULL }, { "510122", "510116" },
		{ "510122100", "510116001" }, /* a street that the table knows */
		{ "510122101", "510116" }, /* one of which only the county is known */
		{ "310226", "310120" }, /* renamed twice */
		{ "310226003", "310120" }, /* a street, and then its county */
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *cells = arena_printf(
			f->a, "名称=甲|统一社会信用代码=" USCC "|行政区划=%s", rows[i].region);
		const char *said = read_row(f, REGISTER_ENTITIES, cells);
		/* the fact is what the file has; the code in force is told */
		assert_non_null(strstr(said, arena_printf(f->a, "region=%s ", rows[i].region)));
		assert_int_equal(
			strstr(said, "remark region-renamed") != NULL, rows[i].now != NULL);
		if (rows[i].now != NULL)
			assert_non_null(strstr(said, arena_printf(f->a, "→ %s;", rows[i].now)));
	}
	/* a ring in the table ends */
	assert_non_null(strstr(
		read_row(f, REGISTER_ENTITIES, "名称=甲|统一社会信用代码=" USCC "|行政区划=999901"),
		"region=9999"));
	wants(f, REGISTER_REGIONS, "区划代码=11|区划名称=北京市",
		"code=110000 name=北京市 level=province <110000>");
	wants(f, REGISTER_REGIONS,
		"区划代码=510122|区划名称=双流县|停用日期=2015-12-03|变更后代码=510116|上级区划=5101",
		"code=510122 name=双流县 level=county parent=510100 until=2015-12-03 successor=510116 <510122>");
	wants(f, REGISTER_REGIONS, "区划代码=510116|区划名称=双流区|启用日期=2015-12-03",
		"code=510116 name=双流区 level=county from_date=2015-12-03 <510116:2015-12-03>");
	wants(f, REGISTER_REGIONS, "区划代码=510116|区划名称=双流区|变更后代码=510116",
		"error same-code 变更后代码 [510116] ; ");
	wants(f, REGISTER_REGIONS, "区划代码=51011|区划名称=双流区",
		"error bad-region 区划代码 [51011] 5; ");
}

/* Names of regions and items stand for their codes, where one alone has the name. */
static void test_names(void **state)
{
	struct fixture *f = *state;
	static const char start[] = "姓名=某人|部门=scjg|执法证编号=C1|执法证有效期至=2027-01-31";
	static const char entity[] = "统一社会信用代码=" USCC "|名称=甲";
	wants(f, REGISTER_ENTITIES, arena_printf(f->a, "%s|行政区划=北京市东城区", entity),
		"repair repaired 行政区划 [北京市东城区] → 110101; entity=" USCC
		" name=甲 region=110101 <" USCC ">");
	wants(f, REGISTER_ENTITIES, arena_printf(f->a, "%s|行政区划=东城区", entity),
		"remark region-name 行政区划 [东城区] ; entity=" USCC " name=甲 <" USCC ">");
	wants(f, REGISTER_ENTITIES, arena_printf(f->a, "%s|行政区划=#REF", entity),
		"remark region-name 行政区划 [#REF] ; entity=" USCC " name=甲 <" USCC ">");
	/* what lies in a city or province begins with less */
	const char *said = read_row(f, REGISTER_INSPECTORS,
		arena_printf(f->a, "%s|地区/片区=环翠区、威海市,山东省", start));
	assert_non_null(strstr(said, "regions=37,3710,371002 "));
	assert_non_null(strstr(said, "repair repaired 地区/片区 [威海市] → 371000; "));
	wants(f, REGISTER_INSPECTORS, arena_printf(f->a, "%s|地区/片区=东澜街道", start),
		"error region-name 地区/片区 [东澜街道] ; ");
	wants(f, REGISTER_INSPECTORS, arena_printf(f->a, "%s|地区/片区=1234567890123", start),
		"error bad-region 地区/片区 [1234567890123] ; ");
	said = read_row(f, REGISTER_INSPECTORS,
		arena_printf(f->a, "%s|执法事项清单范围=餐饮服务监督检查、scjg-price", start));
	assert_non_null(strstr(said, "items=scjg-catering,scjg-price "));
	wants(f, REGISTER_INSPECTORS, arena_printf(f->a, "%s|执法事项清单范围=食品销售", start),
		"error bad-item 执法事项清单范围 [食品销售] scjg-catering,scjg-price; ");
}

static void test_leaves(void **state)
{
	static const char start[] =
		"姓名=某人|部门=scjg|执法证编号=C1|执法证有效期至=2027-01-31|请假=";
	static const char *const rows[][2] = {
		{ "2026.8.10-2026.8.20", "2026-08-10..2026-08-20" },
		{ "2026-08-10/2026-08-20", "2026-08-10..2026-08-20" },
		{ "2026-08-10-2026-08-20", "2026-08-10..2026-08-20" },
		{ "2026/8/10-2026/8/20", "2026-08-10..2026-08-20" },
		{ "2026-08-10 至 2026-08-20、2026.9.1",
			"2026-08-10..2026-08-20,2026-09-01..2026-09-01" },
		{ "2026年8月10日——2026年8月20日", "2026-08-10..2026-08-20" },
		{ "2026-08-10～2026-08-20 2026-10-01..2026-10-02",
			"2026-08-10..2026-08-20,2026-10-01..2026-10-02" },
		{ "2026-08-10", "2026-08-10..2026-08-10" },
		{ "2026-08-20至2026-08-10", NULL },
		{ "8月10日至20日", NULL },
		{ "2026-08-10至", NULL },
		{ "下周", NULL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = read_row(
			f, REGISTER_INSPECTORS, arena_printf(f->a, "%s%s", start, rows[i][0]));
		const char *wanted = rows[i][1] != NULL
					     ? arena_printf(f->a, " leave=%s ", rows[i][1])
					     : "error bad-leave 请假 [";
		if (strstr(said, wanted) == NULL)
			fail_msg("%s: %s", rows[i][0], said);
	}
}

static void test_money(void **state)
{
	static const struct {
		const char *column, *cell, *fen, *code; /* what is said, if anything */
	} rows[] = {
		{ "注册资本(万元)", "100", "100000000", NULL },
		{ "注册资本（万元）", "1,234.5", "1234500000", NULL },
		{ "注册资本(万元)", "0.05", "50000", NULL },
		{ "注册资本(万元)", "100元", "10000", NULL }, /* the cell knows better */
		{ "注册资本", "100万元", "100000000", NULL },
		{ "注册资本", "100万元人民币", "100000000", NULL },
		{ "注册资本", "人民币伍佰万元整", NULL, "bad-amount" },
		{ "注册资本", "￥１００.５０元", "10050", NULL },
		{ "注册资本", "1.5亿元", "15000000000", NULL },
		{ "注册资本", "3千万", "3000000000", NULL },
		{ "注册资本", "2百万元", "200000000", NULL },
		{ "注册资本", "100", "100000000", "amount-unit" },
		{ "注册资本", "999999", "999999000000", "amount-unit" },
		{ "注册资本", "990000000", NULL, "bad-amount" }, /* an export's 分 */
		{ "注册资本", "1000000万元", "1000000000000", NULL },
		{ "注册资本(分)", "990000000", "990000000", NULL },
		{ "注册资本(分)", "9900.5", NULL, "bad-amount" },
		{ "注册资本", "100万美元", NULL, "bad-amount" },
		{ "注册资本", "-100万元", NULL, "bad-amount" },
		{ "注册资本", "1.2.3万元", NULL, "bad-amount" },
		{ "注册资本", "万元", NULL, "bad-amount" },
		{ "注册资本", "99999999999999999亿元", NULL, "bad-amount" },
		{ "注册资本(元)", "0.019", "1", NULL }, /* below a 分 is cut */
		{ "注册资本(元)", "0", "0", NULL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = read_row(f, REGISTER_ENTITIES,
			arena_printf(f->a, "名称=甲|统一社会信用代码=" USCC "|%s=%s",
				rows[i].column, rows[i].cell));
		const char *at = strstr(said, "capital=");
		if ((at != NULL) != (rows[i].fen != NULL) || strncmp(said, "error", 5) == 0)
			fail_msg("%s: %s", rows[i].cell, said);
		if (at != NULL && rows[i].fen != NULL)
			assert_int_equal(strncmp(at + 8, arena_printf(f->a, "%s ", rows[i].fen),
						 strlen(rows[i].fen) + 1),
				0);
		assert_int_equal(rows[i].code != NULL, strchr(said, ';') != NULL);
		assert_true(rows[i].code == NULL || strstr(said, rows[i].code) != NULL);
	}
	wants(f, REGISTER_EVENTS,
		"统一社会信用代码=" USCC
		"|事件类型=行政处罚|发生日期=2026-01-02|罚款金额=500.5|文书号=D1",
		"…entity=" USCC " kind=penalty date=2026-01-02 document=D1 amount=50050 <" USCC
		":#>");
}

static void test_levels(void **state)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{ "县级以上市场监管部门", "city,county,province" },
		{ "县级以上(含县级）公安机关", "city,county,province" },
		{ "省级以下市场监管部门", "city,county,province" },
		{ "省级、市级市场监管部门", "city,province" },
		{ "省级教育行政部门和市场监管部门", "province" },
		{ "省、跨区域稽查局", "province" },
		{ "口岸主管海关", "" },
		{ "乡级", "township" },
		{ "市级以上", "city,province" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct row *r = row_new(f->a, REGISTER_ITEMS, 4096);
		row_start(r, 2);
		struct bytes said = levels_of(r, cell_half(r, bytes_of(rows[i].text)));
		if (!bytes_is(said, rows[i].wanted))
			fail_msg("%s: %.*s", rows[i].text, BYTES_ARG(said));
	}
}

/* The key of a row is the same wherever it stands in whatever file, and no other row has it. */
static void test_keys(void **state)
{
	static const struct {
		const char *cells, *key;
	} rows[] = {
		/* BLAKE2b of 12 bytes over the parts, each behind its length in 4 bytes */
		{ "编制单位=省教育厅|抽查事项=教材|检查依据=甲", "841d8d9b1d0ba34e28f693d9" },
		{ "检查依据=乙|抽查事项=教材|编制单位=省教育厅|序号=7",
			"841d8d9b1d0ba34e28f693d9" },
		{ "编制单位=省教育|抽查事项=厅教材|检查依据=甲", NULL },
		{ "编制单位=省教育厅|抽查类别=教材|检查依据=甲|抽查事项=教材", NULL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f->keys = true;
		const char *said = strchr(read_row(f, REGISTER_ITEMS, rows[i].cells), '<');
		assert_non_null(said);
		assert_int_equal(
			strcmp(said, "<841d8d9b1d0ba34e28f693d9>") == 0, rows[i].key != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_regions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_leaves, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_money, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_levels, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_keys, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
