/* One row after another through the checkers: what cells of every register mean, and what is said.
 */
#include "tests/unit/test.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/tables.h"
#include "planner/uscc.h"

struct fixture {
	struct arena *a;
	const struct tables *tables;
	const struct departments *departments;
	enum field_type type; /* of the next row's first cell */
	bool keys; /* say the hashes in keys */
	char said[4096];
	char key[100]; /* of the last row, good or bad */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	struct err e = { 0 };
	struct tables *t;
	struct departments *d;
	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	f->a = arena_new();
	struct buf lines = buf_new(f->a, 256);
	tables_put(&lines, TABLE_REGION, BYTES("510122"), BYTES("510116"));
	tables_put(&lines, TABLE_REGION, BYTES("310226"), BYTES("310127"));
	tables_put(&lines, TABLE_REGION, BYTES("310127"), BYTES("310120"));
	tables_put(&lines, TABLE_REGION, BYTES("999901"), BYTES("999902")); /* a ring */
	tables_put(&lines, TABLE_REGION, BYTES("999902"), BYTES("999901"));
	tables_put(&lines, TABLE_REGION, BYTES("510122100"), BYTES("510116001"));
	tables_put(&lines, TABLE_REGION, BYTES("310226003"), BYTES("310226004"));
	tables_put(&lines, TABLE_PLACE, BYTES("环翠区"), BYTES("371002"));
	tables_put(&lines, TABLE_PLACE, BYTES("北京市东城区"), BYTES("110101"));
	tables_put(&lines, TABLE_PLACE, BYTES("威海市"), BYTES("371000"));
	tables_put(&lines, TABLE_PLACE, BYTES("山东省"), BYTES("370000"));
	tables_put(&lines, TABLE_ITEM, BYTES("餐饮服务监督检查"), BYTES("scjg-catering"));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("91350203M0001QAY9B"), BYTES(""));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("R330199000000012"), BYTES(""));
	tables_put(&lines, TABLE_EXCEPTION, BYTES("R330199850101012"), BYTES(""));
	assert_true(tables_read(&t, f->a, buf_view(&lines), &e));
	assert_true(departments_parse(&d, f->a,
		"departments: { scjg = [\"市场监督管理局\", \"市场监管局\"]; gaj = [\"公安局\"]; };\n",
		"departments", &e));
	f->tables = t;
	f->departments = d;
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

static void say(struct fixture *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct fixture *f, const char *fmt, ...)
{
	size_t n = strlen(f->said);
	va_list ap;
	va_start(ap, fmt);
	assert_true(
		vsnprintf(f->said + n, sizeof f->said - n, fmt, ap) < (int)(sizeof f->said - n));
	va_end(ap);
}

static void check_cell(struct row *r, const char *name, struct bytes v)
{
	const struct column *c = column_find(r->id, bytes_of(name));
	if (c == NULL)
		fail_msg("%s has no column %s", registers[r->id].name, name);
	else if (c->fact >= 0 && r->fact[c->fact].p == NULL)
		r->fact[c->fact] = BYTES("");
	v = cell_trim(v);
	if (c != NULL && c->check != NULL && v.n > 0)
		c->check(r, c, v);
}

/* <key>, with # for a hash. */
static void say_key(struct fixture *f, const struct row *r)
{
	enum { HEX = 24 };
	struct bytes key = r->fact[0];
	bool hash =
		!f->keys && key.n >= HEX && strspn(key.p + key.n - HEX, "0123456789abcdef") >= HEX;
	key.n -= hash ? HEX : 0;
	say(f, hash ? "<%.*s#>" : "<%.*s>", BYTES_ARG(key));
}

/* "列名=内容|列名=内容": notes ("severity code column [value] detail"), then facts "name=value" in
 * their order, the key last; all joined by blanks. */
static const char *read_row(struct fixture *f, enum register_id id, const char *cells)
{
	struct row *r = row_new(f->a, id, 65536);
	struct bytes rest = bytes_of(cells);
	bool more = rest.n > 0;
	r->departments = f->departments;
	r->tables = f->tables;
	row_start(r, 2);
	r->type = f->type;
	while (more) {
		bool filled;
		struct bytes value = bytes_cut(&rest, '|', &more);
		struct bytes name = bytes_cut(&value, '=', &filled);
		char column[100];
		assert_true(filled && name.n < sizeof column);
		memcpy(column, name.p, name.n);
		column[name.n] = '\0';
		check_cell(r, column, value);
		r->type = FIELD_TEXT;
	}
	row_finish(r);
	snprintf(f->key, sizeof f->key, "%.*s", BYTES_ARG(r->fact[0]));
	f->said[0] = '\0';
	for (size_t i = 0; i < r->notes; i++)
		say(f, "%s %s %s [%.*s] %.*s; ", row_severity_name(r->note[i].severity),
			err_row(r->note[i].code)->name, r->note[i].column,
			BYTES_ARG(r->note[i].value), BYTES_ARG(r->note[i].detail));
	for (size_t i = 1; !r->bad && i < registers[id].facts; i++)
		if (r->fact[i].n > 0)
			say(f, "%s=%.*s ", registers[id].fact[i].name, BYTES_ARG(r->fact[i]));
	if (!r->bad)
		say_key(f, r);
	return f->said;
}

/* Where of a wanted text only the end is given ("… x=1"), only the end counts. */
static void wants(struct fixture *f, enum register_id id, const char *cells, const char *wanted)
{
	const char *said = read_row(f, id, cells);
	size_t n = strlen(wanted), m = strlen(said);
	bool end = strncmp(wanted, "…", 3) == 0;
	if (end ? (m + 3 < n || strcmp(said + m + 3 - n, wanted + 3) != 0)
		: strcmp(said, wanted) != 0)
		fail_msg(
			"%s %s\n  says:  %s\n  wants: %s", registers[id].name, cells, said, wanted);
}

#define USCC "91350200MA2YJ1XR9G"
#define CUT  "913710000509012106, 913710000509012293, 913710000509012886, 913710000509012961"

/* ---- identity -------------------------------------------------------------------------------- */

static void test_numbers(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *code, *wanted;
		enum field_type type;
	} rows[] = {
		/* cut to 15 digits: refused, with what it may have been */
		{ "913710000509012000",
			"error uscc-rounded 统一社会信用代码 [913710000509012000] " CUT "; ",
			FIELD_NUMBER },
		{ "913710000509012000",
			"error uscc-rounded 统一社会信用代码 [913710000509012000] " CUT "; ",
			FIELD_TEXT },
		/* all digits are there, and no other code looks like this number */
		{ "913710000509012293", "entity=913710000509012293 name=甲 <913710000509012293>",
			FIELD_NUMBER },
		{ "913710000509012293", "entity=913710000509012293 name=甲 <913710000509012293>",
			FIELD_TEXT },
		{ "91110100000000000", "error uscc-rounded 统一社会信用代码 [91110100000000000] ; ",
			FIELD_NUMBER },
		{ "91110100000000000",
			"error bad-uscc 统一社会信用代码 [91110100000000000] 17 ≠ 18; ",
			FIELD_TEXT },
		/* of a binary fraction 15 to 17 digits are right */
		{ "913301997000000323",
			"error uscc-rounded 统一社会信用代码 [913301997000000323] ; ",
			FIELD_NUMBER },
		{ "913301997000000323",
			"remark uscc-digit 统一社会信用代码 [913301997000000323] [18] 3 ≠ F; "
			"entity=913301997000000323 name=甲 <913301997000000323>",
			FIELD_TEXT },
		/* persons: none of these is shown or taken in */
		{ "110101199003074215", "error citizen-id 统一社会信用代码 [110***********4215] ; ",
			FIELD_TEXT },
		{ "１１０１０１　19900307 4215",
			"error citizen-id 统一社会信用代码 [110***********4215] ; ", FIELD_TEXT },
		{ "张三110101199003074215",
			"error citizen-id 统一社会信用代码 [110***********4215] ; ", FIELD_TEXT },
		{ "110101199003074000", "error citizen-id 统一社会信用代码 [110***********4000] ; ",
			FIELD_NUMBER },
		/* 15 digits fit into a number */
		{ "110108000000016",
			"entity=R110108000000016 name=甲 reg_no=110108000000016 <R110108000000016>",
			FIELD_NUMBER },
		{ "91350203M0001QAY9B", "entity=91350203M0001QAY9B name=甲 <91350203M0001QAY9B>",
			FIELD_TEXT }, /* a recorded exception */
		{ "91350203M0001QAY9C",
			"remark uscc-digit 统一社会信用代码 [91350203M0001QAY9C] [18] C ≠ 9; "
			"entity=91350203M0001QAY9C name=甲 <91350203M0001QAY9C>",
			FIELD_TEXT },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f->type = rows[i].type;
		wants(f, REGISTER_ENTITIES,
			arena_printf(f->a, "统一社会信用代码=%s|名称=甲", rows[i].code),
			rows[i].wanted);
	}
}

/* A number with right check digits that other codes are cut to as well proves nothing. */
static void test_doubtful_number(void **state)
{
	struct fixture *f = *state;
	char candidate[USCC_CANDIDATES][USCC_LENGTH + 1], code[USCC_LENGTH + 1];
	for (uint64_t v = UINT64_C(911101000000000000);; v += 1000) {
		snprintf(code, sizeof code, "%llu", (unsigned long long)v);
		if (uscc_check(bytes_of(code)) == IDENT_OK)
			break;
	}
	assert_true(uscc_in_number(bytes_of(code), candidate) > 1);
	assert_int_equal(uscc_candidates(bytes_of(code), candidate), 0);
	char *cells = arena_printf(f->a, "名称=甲|统一社会信用代码=%s", code);
	assert_non_null(strstr(read_row(f, REGISTER_ENTITIES, cells), "entity="));
	cells = arena_printf(f->a, "统一社会信用代码=%s|名称=甲", code);
	f->type = FIELD_NUMBER;
	const char *said = read_row(f, REGISTER_ENTITIES, cells);
	assert_int_equal(strncmp(said, "error uscc-rounded", 18), 0);
	assert_non_null(strstr(said + 60, code)); /* it is one of those it may be */
}

/* In every column of a code. */
static void test_persons(void **state)
{
	static const char *const columns[] = { "统一社会信用代码", "注册号", "检查对象编号" };
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const char *said = read_row(f, REGISTER_ENTITIES,
			arena_printf(f->a, "%s=110101199003074215|名称=甲", columns[i]));
		assert_non_null(strstr(
			said, arena_printf(f->a, "error citizen-id %s [110***********4215] ; ",
				      columns[i])));
		assert_null(strstr(said, "19900307"));
	}
	const char *said =
		read_row(f, REGISTER_RECUSALS, "统一社会信用代码=110101199003074215|执法证编号=1");
	assert_null(strstr(said, "19900307"));
	assert_non_null(strstr(said, "error citizen-id"));
}

/* Old ones have 15 digits, as registration numbers do, and no check digit; one that was issued like
 * that is recorded as an exception. */
static void test_old_persons(void **state)
{
	struct fixture *f = *state;
	static const char *const columns[] = { "统一社会信用代码", "注册号", "检查对象编号" };
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const char *said = read_row(f, REGISTER_ENTITIES,
			arena_printf(f->a, "%s=110101900307421|名称=甲", columns[i]));
		assert_non_null(
			strstr(said, arena_printf(f->a, "error citizen-id %s [110********7421] ; ",
					     columns[i])));
		assert_null(strstr(said, "900307"));
	}
	wants(f, REGISTER_ENTITIES, "注册号=330199850101012|名称=甲",
		"entity=R330199850101012 name=甲 reg_no=330199850101012 <R330199850101012>");
	wants(f, REGISTER_EXCEPTIONS, "统一社会信用代码=110101900307421|例外原因=某",
		"code=R110101900307421 reason=某 <R110101900307421>");
}

/* Nor in a column of names, alone or behind one. */
static void test_persons_as_names(void **state)
{
	static const struct {
		enum register_id kind;
		const char *cells, *column;
	} rows[] = {
		{ REGISTER_ENTITIES, "统一社会信用代码=" USCC "|名称=110101199003074215", "名称" },
		{ REGISTER_ENTITIES,
			"统一社会信用代码=" USCC "|名称=张三１１０１０１１９９００３０７４２１５",
			"名称" },
		{ REGISTER_ENTITIES,
			"统一社会信用代码=" USCC "|名称=甲|法定代表人=张三 110101199003074215",
			"法定代表人" },
		{ REGISTER_INSPECTORS, "姓名=110101199003074215|部门=scjg", "姓名" },
		{ REGISTER_INSPECTORS, "姓名=某人|部门=scjg|执法证编号=110101 19900307 4215",
			"执法证编号" },
		{ REGISTER_INSPECTORS, "姓名=某人|部门=scjg|省政府证编号=110101199003074215",
			"省政府证编号" },
		{ REGISTER_RECUSALS, "统一社会信用代码=" USCC "|执法证编号=110101199003074215",
			"执法证编号" },
		{ REGISTER_EXPERTS, "编号=110101199003074215|姓名=某人", "编号" },
		{ REGISTER_ENTITIES,
			"统一社会信用代码=" USCC "|名称=甲|登记机关=110101199003074215",
			"登记机关" },
		{ REGISTER_ENTITIES,
			"统一社会信用代码=" USCC "|名称=甲|管辖单位=张三１１０１０１199003074215",
			"管辖单位" },
		{ REGISTER_AGENCIES, "统一社会信用代码=" USCC "|机构名称=110101199003074215",
			"机构名称" },
	};
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *said = read_row(f, rows[i].kind, rows[i].cells);
		assert_non_null(strstr(
			said, arena_printf(f->a, "error citizen-id %s [110***********4215] ; ",
				      rows[i].column)));
		assert_null(strstr(said, "19900307"));
	}
	const char *said = read_row(f, REGISTER_ENTITIES, "统一社会信用代码=" USCC "|名称=" USCC);
	assert_null(strstr(said, "citizen-id")); /* odd, but nobody's number */
	said = read_row(f, REGISTER_ENTITIES,
		"统一社会信用代码=" USCC "|名称=甲|联系电话=110101199003074215");
	assert_non_null(strstr(said, "remark bad-phone 联系电话 [***] 18; "));
	assert_null(strstr(said, "phone="));
	/* in a longer number it is none; one of another system's is what it is */
	wants(f, REGISTER_ENTITIES,
		"统一社会信用代码=" USCC
		"|名称=甲|住所=某路9110101199003074215号|主体身份代码=110101199003074215",
		"entity=" USCC
		" name=甲 address=某路9110101199003074215号 pripid=110101199003074215 <" USCC ">");
}

static void test_objects(void **state)
{
	static const struct {
		const char *cells, *wanted;
	} rows[] = {
		{ "名称=甲|统一社会信用代码=" USCC "|检查对象编号=P-1|对象类别=产品",
			"entity=" USCC " name=甲 category=product <P-1>" },
		{ "名称=甲|注册号=110108000000016|检查对象编号=P-1|对象类别=项目",
			"entity=R110108000000016 name=甲 reg_no=110108000000016 category=project <P-1>" },
		/* numbers are kept as numbers, wherever they stand */
		{ "名称=甲|检查对象编号=R110108000000016/2",
			"entity=R110108000000016 name=甲 reg_no=110108000000016 <R110108000000016/02>" },
		{ "名称=甲|统一社会信用代码=110108000000016|注册号=" USCC,
			"entity=" USCC " name=甲 reg_no=110108000000016 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|对象类别=产品",
			"error missing-value 检查对象编号 [] ; " },
		{ "名称=甲|检查对象编号=P-1|对象类别=行为",
			"error missing-value 统一社会信用代码 [] ; " },
		{ "名称=甲|检查对象编号=P-1|对象类别=场所",
			"entity=P-1 name=甲 category=premises <P-1>" },
		{ "名称=甲|统一社会信用代码=" USCC "|对象类别=飞船",
			"error bad-word 对象类别 [飞船] 场所、产品、项目、行为; " },
		{ "名称=甲|统一社会信用代码=" USCC "|企业类型=农民专业合作社",
			"entity=" USCC " name=甲 kind=cooperative type=农民专业合作社 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|行业=住宿和餐饮业",
			"repair repaired 行业 [住宿和餐饮业] → H; entity=" USCC
			" name=甲 industry=H industry_text=住宿和餐饮业 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|行业=全民所有制",
			"remark bad-industry 行业 [全民所有制] ; entity=" USCC
			" name=甲 industry_text=全民所有制 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|营业期限=2012-07-16至2042-07-15|核准日期=某日",
			"remark bad-date 核准日期 [某日] ; entity=" USCC
			" name=甲 term=2042-07-15 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|营业期限至=长期",
			"entity=" USCC " name=甲 term=2999-12-31 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|联系电话=0631-5231234|联络员=某人",
			"entity=" USCC " name=甲 liaison=某人 phone=0631-5231234 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|联系电话=某人",
			"remark bad-phone 联系电话 [***] 0; entity=" USCC " name=甲 <" USCC ">" },
		{ "名称=甲|统一社会信用代码=" USCC "|专项库=b、a|标签=x",
			"entity=" USCC " name=甲 labels=x pools=a,b <" USCC ">" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(*state, REGISTER_ENTITIES, rows[i].cells, rows[i].wanted);
}

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
		cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_doubtful_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_persons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_old_persons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_persons_as_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_objects, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_regions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_leaves, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_money, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_levels, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lists_of_items, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_authorities, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_people, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refused_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_of_a_department, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
