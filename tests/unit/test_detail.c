#include "tests/unit/test.h"

#include <string.h>

#include "daemon/register/detail.h"

static void in_words(void **state)
{
	static const struct {
		const char *code, *facts, *zh, *en;
	} rows[] = {
		{ "duplicate-differs", "≠ 13", "与第 13 行不同", "differs from row 13" },
		{ "duplicate-row", "= 13", "与第 13 行相同", "the same as row 13" },
		{ "uscc-digit", "[18] 0 ≠ 9", "第 18 位应为 9，而不是 0",
			"character 18 should be 9, not 0" },
		{ "bad-uscc", "[18] 4 ≠ 3", "第 18 位应为 3，而不是 4",
			"character 18 should be 3, not 4" },
		{ "bad-uscc", "17 ≠ 18", "应为 18 位，而不是 17 位",
			"18 characters are wanted, not 17" },
		{ "bad-uscc", "→ 91350200MA2YJ1XR9G ?", "是否为 91350200MA2YJ1XR9G",
			"is it 91350200MA2YJ1XR9G" },
		{ "bad-uscc", "[3–8] 0-9", "第 3–8 位须为数字", "characters 3–8 must be digits" },
		{ "bad-uscc", "0-9 A-Z, I O S V Z ✗", "只能是数字和大写字母，且没有字母 I O S V Z",
			"digits and capital letters only, none of them I O S V Z" },
		{ "uscc-rounded", "A, B", "可能是 A, B", "it may be A, B" },
		{ "uscc-rounded", "B = 名称, A, C", "按名称应为 B；也可能是 A, C",
			"by its name B; or else A, C" },
		{ "uscc-rounded", "B = 名称", "按名称应为 B", "by its name B" },
		{ "repaired", "→ 2026-03-31", "改为 2026-03-31", "now 2026-03-31" },
		{ "bad-citizen-id", "date", "出生日期不对", "no such birthday" },
		/* without words, and of another error */
		{ "bad-list", "item=YYYY-MM-DD", "item=YYYY-MM-DD", "item=YYYY-MM-DD" },
		{ "duplicate-differs", "= 13", "= 13", "= 13" },
		{ "bad-date", "", "", "" },
		{ "uscc-rounded", "", "", "" },
	};
	ARENA_AUTO a = arena_new();
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(
			detail_words(a, LANG_ZH, rows[i].code, rows[i].facts), rows[i].zh);
		assert_string_equal(
			detail_words(a, LANG_EN, rows[i].code, rows[i].facts), rows[i].en);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(in_words) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
