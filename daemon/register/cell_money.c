/* Sums of money → 分. No floating point: a sum is a string of digits, and a unit moves its point.
 */
#include <string.h>

#include "daemon/register/cell.h"
#include "sampler/base/text.h"

/* A sum without a unit is 万元 below 1000000 (13 digits of 分); above, it was some smaller unit. */
enum { FEN_MAX_DIGITS = 18, GUESS_DIGITS = 12, YUAN = 2, WAN = 6, YI = 10 }; /* 10^unit 分 */

/* Take a word off the front or the end. */
static bool strip(struct bytes *s, const char *word, bool end)
{
	size_t n = strlen(word);
	if (s->n < n || memcmp(end ? s->p + s->n - n : s->p, word, n) != 0)
		return false;
	*s = cell_trim((struct bytes){ end ? s->p : s->p + n, s->n - n });
	return true;
}

static void strip_all(struct bytes *s, const char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strip(s, word[i], true) || strip(s, word[i], false))
			i = (size_t)-1; /* from the start again: 万元人民币, 人民币…元整 */
}

/* The unit behind a sum, taken off; 0 where there is none. */
static int unit_of(struct bytes *s)
{
	static const struct {
		const char *word;
		int unit;
	} units[] = { { "亿", YI }, { "千万", WAN + 3 }, { "百万", WAN + 2 }, { "万", WAN },
		{ "千", YUAN + 3 } };
	bool yuan = strip(s, "元", true) || strip(s, "圆", true);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strip(s, units[i].word, true))
			return units[i].unit;
	return yuan ? YUAN : 0;
}

/* Digits with a point and commas, times 10^unit, without leading zeros; false where it is no sum.
 */
static bool shift(struct bytes s, int unit, char out[FEN_MAX_DIGITS + 1])
{
	size_t n = 0, digits = 0;
	int decimals = -1;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == ',' && decimals < 0 && digits > 0)
			continue;
		if (c == '.' && decimals < 0) {
			decimals = 0;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		digits++;
		if (decimals >= unit || (n == 0 && c == '0')) {
			decimals += decimals >= 0;
			continue; /* below a 分, or in front */
		}
		decimals += decimals >= 0;
		if (n == FEN_MAX_DIGITS)
			return false;
		out[n++] = c;
	}
	for (int i = decimals < 0 ? 0 : decimals; n > 0 && i < unit; i++) {
		if (n == FEN_MAX_DIGITS)
			return false;
		out[n++] = '0';
	}
	if (n == 0)
		out[n++] = '0';
	out[n] = '\0';
	return digits > 0;
}

static void take(struct row *r, const struct column *c, struct bytes v, int unit, bool guessed)
{
	static const char *const ours[] = { "人民币", "RMB", "CNY", "￥", "¥", "整", "(", ")",
		"约" };
	static const char *const foreign[] = { "美元", "USD", "港元", "港币", "HKD", "欧元", "EUR",
		"日元", "英镑", "新台币", "韩元", "澳元", "加元", "新加坡元", "瑞士法郎" };
	char fen[FEN_MAX_DIGITS + 1];
	struct bytes s = cell_half(r, v);
	for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
		if (cell_contains(s, foreign[i])) {
			cell_wrong(r, c, ERR_BAD_AMOUNT, v, "%s ≠ 人民币", foreign[i]);
			return;
		}
	strip_all(&s, ours, sizeof ours / sizeof *ours);
	int said = unit_of(&s);
	strip_all(&s, ours, sizeof ours / sizeof *ours);
	if (!shift(s, said != 0 ? said : unit, fen)) {
		cell_wrong(r, c, ERR_BAD_AMOUNT, v, "%s", "");
		return;
	}
	if (said == 0 && guessed && strlen(fen) > GUESS_DIGITS) {
		cell_wrong(r, c, ERR_BAD_AMOUNT, v, "> 1000000 %s ?", "万元");
		return;
	}
	if (said == 0 && guessed)
		row_repair(r, c->name, ERR_AMOUNT_UNIT, v, "→ %.*s%s", BYTES_ARG(s), "万元");
	r->fact[c->fact] = row_text(r, bytes_of(fen));
}

void cell_money_wan(struct row *r, const struct column *c, struct bytes v)
{
	take(r, c, v, WAN, false);
}

/* As an export has it. */
void cell_money_fen(struct row *r, const struct column *c, struct bytes v)
{
	uint64_t fen;
	struct bytes s = cell_half(r, v);
	if (text_u64(s, INT64_MAX / 10, &fen) && s.n <= FEN_MAX_DIGITS)
		r->fact[c->fact] = s;
	else
		cell_wrong(r, c, ERR_BAD_AMOUNT, v, "%s", "分");
}

void cell_money_yuan(struct row *r, const struct column *c, struct bytes v)
{
	take(r, c, v, YUAN, false);
}

/* Registration writes capital in 万元 and often leaves the unit out. */
void cell_capital(struct row *r, const struct column *c, struct bytes v)
{
	take(r, c, v, WAN, true);
}
