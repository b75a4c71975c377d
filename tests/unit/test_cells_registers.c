/* What rows of the other registers mean, and what is said of them. */
#include "tests/unit/cells.h"

#include "daemon/register/cell.h"

/* ---- the other registers ----------------------------------------------------------------------
 */

static void test_lists_of_items(void **state)
{
	struct fixture *f = *state;
	wants(f, REGISTER_ITEMS,
		"编制单位名称=省市场监管局|序号=95|抽查类别=登记事项检查|抽查事项=住所的检查|检查对象=企业|事项类别=一般检查事项|检查方式=现场检查|检查主体=县级以上市场监管部门|检查依据=《公司法》",
		"department=scjg unit=省市场监管局 number=95 category=登记事项检查 name=住所的检查 object=企业 grade=general methods=现场检查 body=县级以上市场监管部门 level=city,county,province basis=《公司法》 <scjg:#>");
	wants(f, REGISTER_ITEMS, "编制单位=省教育厅|抽查事项=教材|检查依据=《教育法》",
		"unit=省教育厅 name=教材 basis=《教育法》 <#>");
	wants(f, REGISTER_ITEMS,
		"编制单位=省教育厅|抽查事项=教材|检查依据=", "error missing-value 检查依据 [] ; ");
	/* all that is missing is told at once */
	wants(f, REGISTER_ITEMS, "编制单位=|抽查事项=|检查依据=",
		"error missing-value 部门 [] ; error missing-value 抽查事项 [] ; error missing-value 检查依据 [] ; ");
	wants(f, REGISTER_ITEMS, "部门=某厅|抽查事项=教材|检查依据=《教育法》",
		"error unknown-department 部门 [某厅] ; ");
	wants(f, REGISTER_ITEMS,
		"事项编号=JY-01|编制单位=省教育厅|抽查事项=教材|检查依据=《教育法》|涉及安全=是",
		"unit=省教育厅 name=教材 basis=《教育法》 safety=t <JY-01>");
	wants(f, REGISTER_JOINT_ITEMS, "抽查领域=学校|抽查事项=教材|发起部门=教育部门",
		"…remark no-basis 检查依据 [] ; field=学校 name=教材 lead=教育部门 <#>");
	wants(f, REGISTER_CHECKLISTS, "编号=1|事项编号=JY-01|检查内容=台账",
		"item=JY-01 content=台账 <1>");
}

static void test_authorities(void **state)
{
	struct fixture *f = *state;
	wants(f, REGISTER_AUTHORITIES, "部门=市场监管局|主体类别=法定|执法依据=《食品安全法》",
		"department=scjg kind=statutory basis=《食品安全法》 <scjg>");
	wants(f, REGISTER_AUTHORITIES,
		"部门=市场监管局|主体名称=综合执法大队|主体类别=受委托组织|执法依据=委托书",
		"department=scjg name=综合执法大队 kind=entrusted basis=委托书 <scjg:#>");
	/* 议事协调机构不得实施行政检查 */
	wants(f, REGISTER_AUTHORITIES,
		"部门=市场监管局|主体名称=双随机联席会议办公室|主体类别=法定|执法依据=某文件",
		"error not-an-authority 主体名称 [双随机联席会议办公室] 国办发〔2024〕54号; ");
	wants(f, REGISTER_AUTHORITIES, "部门=某领导小组办公室|主体类别=法定|执法依据=某文件",
		"error not-an-authority 部门 [某领导小组办公室] 国办发〔2024〕54号; ");
	wants(f, REGISTER_AUTHORITIES,
		"部门=市场监管局|主体类别=法定|执法依据=", "error missing-value 执法依据 [] ; ");
}

static void test_people(void **state)
{
	static const char start[] =
		"姓名=某人|单位=市公安局|执法证编号=C1|执法证有效期至=2027-01-31";
	static const char name[] = "name=某人 certificate_no=C1 certificate=2027-01-31";
	static const struct {
		const char *cells, *wanted; /* behind start; what follows the name, or the notes */
	} rows[] = {
		{ "", "unit=市公安局" },
		{ "是否专家=是", "active=f unit=市公安局 expert=t" },
		{ "是否专家=否", "active=t unit=市公安局 expert=f" },
		{ "岗位状态=停用|是否专家=否", "active=f unit=市公安局 expert=f" },
		{ "身份证号=11010519491231002x", "unit=市公安局 id_no=11010519491231002X" },
		{ "出生年月=1980年5月", "unit=市公安局 born=1980-05" },
		{ "出生日期=1980/5/6", "unit=市公安局 born=1980-05-06" },
		{ "学历=本科|性别=女|层级=县级",
			"unit=市公安局 sex=female level=county education=bachelor" },
		{ "业务专长=特种设备、食品", "unit=市公安局 specialties=特种设备,食品" },
		{ "地区/片区=510122、371002", "regions=371002,510122 unit=市公安局" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = read_row(f, REGISTER_INSPECTORS,
			arena_printf(f->a, "%s%s%s", start, rows[i].cells[0] != '\0' ? "|" : "",
				rows[i].cells));
		const char *at = strstr(said, name);
		if (at == NULL ||
			strncmp(at + strlen(name) + 1, rows[i].wanted, strlen(rows[i].wanted)) != 0)
			fail_msg("%s: %s", rows[i].cells, said);
	}
	/* what is wrong with a personal fact never repeats it */
	const char *said = read_row(f, REGISTER_INSPECTORS,
		arena_printf(f->a, "%s|身份证号=110105194912310021", start));
	assert_non_null(strstr(said, "remark bad-citizen-id 身份证号 [***] usccdigit; "));
	assert_null(strstr(said, "110105"));
	said = read_row(f, REGISTER_INSPECTORS, arena_printf(f->a, "%s|学历=秀才", start));
	assert_non_null(strstr(said, "remark bad-word 学历 [秀才] 博士研究生、"));
	assert_null(strstr(said, "education="));
	wants(f, REGISTER_RECUSALS,
		"执法证编号=C1|统一社会信用代码=" USCC "|回避类型=近亲属|回避事由=夫妻",
		"certificate_no=C1 subject=" USCC " ground=夫妻 kind=kin <" USCC ":::C1::夫妻>");
	wants(f, REGISTER_EXPERTS, "姓名=某人|工作单位=某大学|专业领域=食品|部门=某厅",
		"remark unknown-department 部门 [某厅] ; name=某人 unit=某大学 field=食品 <#>");
	wants(f, REGISTER_AGENCIES, "统一社会信用代码=" USCC "|机构名称=某所|部门=市场监管局",
		"name=某所 department=scjg <" USCC ">");
}

static void test_known(void **state)
{
	static const struct {
		enum register_id id;
		const char *cells, *wanted;
	} rows[] = {
		{ REGISTER_CALENDAR, "日期=2026-10-01|是否工作日=休息|节日名称=国庆节",
			"date=2026-10-01 working=f name=国庆节 <2026-10-01>" },
		{ REGISTER_CALENDAR, "日期=2026-10-10|是否工作日=补班",
			"date=2026-10-10 working=t <2026-10-10>" },
		{ REGISTER_CALENDAR,
			"日期=2026-10-10|是否工作日=", "error missing-value 是否工作日 [] ; " },
		{ REGISTER_LABELS, "统一社会信用代码=" USCC "|场所序号=2|标签=vip",
			"object=" USCC "/02 label=vip <" USCC "/02:#>" },
		{ REGISTER_LABELS, "统一社会信用代码=" USCC "|标签=重点",
			"error bad-label 标签 [重点] ; " },
		{ REGISTER_LABELS, "标签=",
			"error missing-value 统一社会信用代码 [] ; error missing-value 标签 [] ; " },
		{ REGISTER_LABELS, "检查对象编号=a~|标签=重点",
			"error bad-object 检查对象编号 [a~] ; error bad-label 标签 [重点] ; " },
		{ REGISTER_LABELS, "标签=vip", "error missing-value 统一社会信用代码 [] ; " },
		{ REGISTER_LISTINGS, "注册号=110108000000016|名单=严重违法|列入日期=2026-01-02",
			"entity=R110108000000016 list=serious from_date=2026-01-02 <R110108000000016:#>" },
		{ REGISTER_LISTINGS, "统一社会信用代码=" USCC "|名单=光荣榜|列入日期=2026-01-02",
			"error bad-word 名单 [光荣榜] 经营异常名录、严重违法失信名单、信用激励名单、信用联盟、其他; " },
		/* a term of its own is read, and that is said; no more is said of an alias */
		{ REGISTER_LISTINGS, "统一社会信用代码=" USCC "|名单=黑名单|列入日期=2026-01-02",
			"repair repaired 名单 [黑名单] → 严重违法失信名单; entity=" USCC
			" list=serious from_date=2026-01-02 <" USCC ":#>" },
		{ REGISTER_LISTINGS,
			"统一社会信用代码=" USCC
			"|名单=异常|列入日期=2026-01-02|移出日期=2025-12-31",
			"remark ends-first 移出日期 [2025-12-31] 2025-12-31 < 2026-01-02; entity=" USCC
			" list=abnormal from_date=2026-01-02 removed=2025-12-31 <" USCC ":#>" },
		{ REGISTER_PERMITS,
			"统一社会信用代码=" USCC
			"|许可证名称=某|许可证编号=1|核准日期=2024-01-01|有效期至=2023-01-01",
			"remark ends-first 有效期至 [2023-01-01] 2023-01-01 < 2024-01-01; entity=" USCC
			" name=某 number=1 from_date=2024-01-01 until=2023-01-01 <" USCC ":#>" },
		{ REGISTER_COMMITMENTS,
			"统一社会信用代码=" USCC
			"|承诺类型=告知承诺|承诺日期=2026-01-02|履行情况=虚假承诺",
			"entity=" USCC " kind=approval date=2026-01-02 outcome=untrue <" USCC
			":#>" },
		{ REGISTER_DECLARATIONS,
			"统一社会信用代码=" USCC "|申报项目=从业人数|申报内容=12|是否核实=否",
			"entity=" USCC " field=从业人数 value=12 verified=f <" USCC ":#>" },
		{ REGISTER_PERMITS,
			"统一社会信用代码=" USCC
			"|许可证名称=食品经营许可证|许可证编号=JY1|有效期至=长期",
			"entity=" USCC " name=食品经营许可证 number=JY1 until=2999-12-31 <" USCC
			":#>" },
		{ REGISTER_CHECKS,
			"统一社会信用代码=" USCC
			"|检查日期=2026-01-02|检查机关=市公安局|有因检查=是|检查方式=喝茶",
			"remark bad-word 检查方式 [喝茶] 现场检查、书面检查、网络检查、抽样检测、非现场检查; entity=" USCC
			" date=2026-01-02 department=gaj authority=市公安局 cause=t <" USCC ":#>" },
		{ REGISTER_CHECKS, "检查对象编号=P-1|检查日期=2026-01-02",
			"object=P-1 entity=P-1 date=2026-01-02 <P-1:#>" },
		{ REGISTER_SUCCESSIONS,
			"变更前代码=110108000000016|变更后代码=" USCC "|变更类型=更码",
			"old=R110108000000016 new=" USCC " kind=recode <R110108000000016:#>" },
		{ REGISTER_SUCCESSIONS, "变更前代码=" USCC "|变更后代码=" USCC "|变更类型=合并",
			"error same-code 变更后代码 [" USCC "] ; " },
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=91350100m0001TGQXM|例外原因=福建试点",
			"repair repaired 统一社会信用代码 [91350100m0001TGQXM] → 91350100M0001TGQXM; code=91350100M0001TGQXM reason=福建试点 <91350100M0001TGQXM>" },
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=" USCC "|例外原因=某",
			"remark no-exception 统一社会信用代码 [" USCC "] ; code=" USCC
			" reason=某 <" USCC ">" },
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=1101080000000|例外原因=某",
			"error bad-uscc 统一社会信用代码 [1101080000000] 13 ≠ 18; " },
		/* a 注册号 of before, as the registers know it */
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=110108000000017|例外原因=早年手工赋号",
			"code=R110108000000017 reason=早年手工赋号 <R110108000000017>" },
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=110108000000016|例外原因=某",
			"remark no-exception 统一社会信用代码 [110108000000016] ; "
			"code=R110108000000016 reason=某 <R110108000000016>" },
		{ REGISTER_EXCEPTIONS, "统一社会信用代码=110108000000017/02|例外原因=某",
			"error bad-uscc 统一社会信用代码 [110108000000017/02] 16 ≠ 18; " },
		/* of which nothing is said any more */
		{ REGISTER_ENTITIES, "注册号=330199000000012|名称=甲",
			"entity=R330199000000012 name=甲 reg_no=330199000000012 <R330199000000012>" },
		{ REGISTER_ENTITIES, "注册号=330199000000013|名称=甲",
			"remark bad-registration-number 注册号 [330199000000013] [15] 3 ≠ 8; "
			"entity=R330199000000013 name=甲 reg_no=330199000000013 <R330199000000013>" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(*state, rows[i].id, rows[i].cells, rows[i].wanted);
}

/* Of a refused row the key is told, or how it begins: a whole list that names it does not lack it.
 */
static void test_refused_keys(void **state)
{
	static const struct {
		enum register_id id;
		const char *right, *wrong; /* the same row, and with something that is refused */
		const char *key; /* NULL: that of the right one */
	} rows[] = {
		{ REGISTER_PERMITS,
			"统一社会信用代码=" USCC
			"|许可证名称=食品|许可证编号=1|核准日期=2026-01-01",
			"统一社会信用代码=" USCC "|许可证名称=食品|许可证编号=1|核准日期=某日",
			NULL },
		{ REGISTER_LISTINGS, "统一社会信用代码=" USCC "|名单=经营异常|列入日期=2026-01-01",
			"统一社会信用代码=" USCC "|名单=经营异常|列入日期=某日", USCC ":" },
		{ REGISTER_LISTINGS, "统一社会信用代码=" USCC "|名单=经营异常|列入日期=2026-01-01",
			"统一社会信用代码=" USCC "|名单=经营异常|列入日期=", USCC ":" },
		{ REGISTER_JOINT_ITEMS, "抽查领域=甲|抽查事项=乙|发起部门=丙",
			"抽查领域=甲|抽查事项=|发起部门=丙", ":" },
		{ REGISTER_REGIONS, "区划代码=510116|区划名称=双流区",
			"区划代码=510116|区划名称=双流区|变更后代码=510116", NULL },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_null(strstr(read_row(f, rows[i].id, rows[i].right), "error"));
		const char *key = rows[i].key != NULL ? rows[i].key : arena_strdup(f->a, f->key);
		assert_non_null(strstr(read_row(f, rows[i].id, rows[i].wrong), "error"));
		assert_string_equal(f->key, key);
	}
}

/* What a department says of an object has a key of its own; labels that nobody asks for. */
static void test_of_a_department(void **state)
{
	struct fixture *f = *state;
	struct err e = { 0 };
	struct tables *t;
	struct buf lines = buf_new(f->a, 256);
	tables_put(&lines, TABLE_OPTION, BYTES("department"), BYTES("scjg"));
	tables_put(&lines, TABLE_LABEL, BYTES("hotel"), BYTES(""));
	assert_true(tables_read(&t, f->a, buf_view(&lines), &e));
	f->tables = t;
	wants(f, REGISTER_LABELS, "统一社会信用代码=" USCC "|标签=hotel", "…:scjg>");
	wants(f, REGISTER_SUCCESSIONS,
		"变更前代码=" USCC "|变更后代码=R110108000000016|变更类型=合并|变更日期=2026-01-02",
		"…:scjg>");
	wants(f, REGISTER_CHECKS, "统一社会信用代码=" USCC "|检查日期=2026-01-02", "…:scjg>");
	wants(f, REGISTER_ENTITIES, "名称=甲|统一社会信用代码=" USCC "|标签=hotel、hotle",
		"remark unknown-label 标签 [hotle] ; entity=" USCC
		" name=甲 labels=hotel,hotle <" USCC ">");
	assert_non_null(strstr(read_row(f, REGISTER_LABELS, "统一社会信用代码=" USCC "|标签=hotle"),
		"remark unknown-label 标签 [hotle] ; "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lists_of_items, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_authorities, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_people, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_of_a_department, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
