#include "daemon/register/detail.h"

#include <stddef.h>
#include <string.h>

#include "sampler/base/bytes.h"

/* ---- forms of facts ------------------------------------------------------------------------- */

/* In a form and in its words %1 … %3 stand for what is between the other signs. */
enum { PARTS = 3 };
struct form {
	const char *codes; /* joined by |; "" for any */
	const char *facts;
	const char *words[2]; /* by enum err_lang */
};
/* the first that fits */
static const struct form forms[] = {
	{ "duplicate-row", "= %1", { "与第 %1 行相同", "the same as row %1" } },
	{ "duplicate-differs", "≠ %1", { "与第 %1 行不同", "differs from row %1" } },
	{ "uscc-digit|bad-uscc|bad-registration-number", "[%1] %2 ≠ %3",
		{ "第 %1 位应为 %3，而不是 %2", "character %1 should be %3, not %2" } },
	{ "bad-uscc", "[%1] 0-9", { "第 %1 位须为数字", "characters %1 must be digits" } },
	{ "bad-uscc", "0-9 A-Z, %1 ✗",
		{ "只能是数字和大写字母，且没有字母 %1",
			"digits and capital letters only, none of them %1" } },
	{ "bad-uscc", "→ %1 ?", { "是否为 %1", "is it %1" } },
	{ "column-count", "%1 ≠ %2",
		{ "应有 %2 列，而不是 %1 列", "%2 columns are wanted, not %1" } },
	{ "bad-uscc|bad-registration-number", "%1 ≠ %2",
		{ "应为 %2 位，而不是 %1 位", "%2 characters are wanted, not %1" } },
	{ "uscc-rounded", "%1 = 名称, %2",
		{ "按名称应为 %1；也可能是 %2", "by its name %1; or else %2" } },
	{ "uscc-rounded", "%1 = 名称", { "按名称应为 %1", "by its name %1" } },
	{ "uscc-rounded", "%1 = 注册号, %2",
		{ "按注册号应为 %1；也可能是 %2", "by its registration number %1; or else %2" } },
	{ "uscc-rounded", "%1 = 注册号", { "按注册号应为 %1", "by its registration number %1" } },
	{ "uscc-rounded", "%1", { "可能是 %1", "it may be %1" } },
	{ "bad-citizen-id", "len", { "位数不对", "wrong length" } },
	{ "bad-citizen-id", "charset", { "含不允许的字符", "a character that is not allowed" } },
	{ "bad-citizen-id", "date", { "出生日期不对", "no such birthday" } },
	{ "bad-citizen-id", "usccdigit", { "末位校验码不符", "the last check character fails" } },
	{ "bad-phone", "%1", { "数字有 %1 个", "%1 digits" } },
	{ "ends-first", "%1 < %2", { "%1 早于 %2", "%1 lies before %2" } },
	{ "", "→ %1", { "改为 %1", "now %1" } },
	{ "", "%1 > %2", { "%1，最多 %2", "%1, at most %2" } },
};

static bool is_of(const char *codes, const char *code)
{
	size_t n = strlen(code);
	for (const char *at = codes; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, code, n) == 0 && (at[n] == '|' || at[n] == '\0'))
			return true;
	}
	return codes[0] == '\0';
}

/* A part ends where the sign behind it begins, the last one at the end. */
static bool fits(const char *form, const char *facts, struct bytes part[PARTS])
{
	while (*form != '\0') {
		if (*form != '%') {
			if (*form++ != *facts++)
				return false;
			continue;
		}
		size_t which = (size_t)(form[1] - '1'), n = strcspn(form + 2, "%");
		struct bytes sign = { form + 2, n };
		const char *end = facts + strlen(facts);
		if (n > 0)
			end = memmem(facts, (size_t)(end - facts), sign.p, sign.n);
		if (end == NULL || end == facts)
			return false;
		part[which] = (struct bytes){ facts, (size_t)(end - facts) };
		facts = end;
		form += 2;
	}
	return *facts == '\0';
}

const char *detail_words(struct arena *a, enum err_lang lang, const char *code, const char *facts)
{
	struct bytes part[PARTS] = { { "", 0 }, { "", 0 }, { "", 0 } };
	size_t i = 0, n = sizeof forms / sizeof *forms;
	while (i < n && !(is_of(forms[i].codes, code) && fits(forms[i].facts, facts, part)))
		i++;
	if (i == n || facts[0] == '\0')
		return facts;
	struct buf b = buf_new(a, 64);
	for (const char *w = forms[i].words[lang]; *w != '\0'; w++) {
		if (*w == '%')
			buf_bytes(&b, part[*++w - '1']);
		else
			buf_byte(&b, *w);
	}
	buf_byte(&b, '\0');
	return b.p;
}
