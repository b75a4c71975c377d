/* What cells of codes, persons and objects mean, and what is said of them. */
#include "tests/unit/cells.h"

#include "daemon/register/cell.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_doubtful_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_persons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_old_persons, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_persons_as_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_objects, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
