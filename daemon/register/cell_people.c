/* Checkers of the columns of 执法检查人员名录库 and of recusals. */
#include <string.h>

#include "daemon/register/cell.h"
#include "planner/civil.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

enum { CERTIFICATE_MAX = 60 };

void cell_unit(struct row *r, const struct column *c, struct bytes v)
{
	r->cell[CELL_UNIT] = v;
	if (c->fact >= 0)
		cell_text(r, c, v);
}

void cell_department(struct row *r, const struct column *c, struct bytes v)
{
	(void)c;
	r->cell[CELL_DEPARTMENT] = v;
}

/* Certificate numbers of a province may begin with a Chinese character; blanks inside go. */
void cell_certificate_no(struct row *r, const struct column *c, struct bytes v)
{
	char text[USCC_TEXT_MAX + 1];
	struct bytes out;
	unsigned repairs = 0;
	if (!ident_normalise(v, text, &out, &repairs) || out.n == 0 || out.n > CERTIFICATE_MAX ||
		!text_is_clean(out)) {
		cell_wrong(r, c, ERR_BAD_CERTIFICATE, v, "1–%d", CERTIFICATE_MAX);
		return;
	}
	r->fact[c->fact] = row_text(r, out);
	if (repairs != 0 && !bytes_equal(out, v))
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s", BYTES_ARG(out));
}

/* A list of items, or everything. */
void cell_items(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	if (cell_one_of(rest, "*|全部|不限|所有|全部事项|ALL|all")) {
		r->fact[c->fact] = BYTES("*");
		return;
	}
	while (cell_next(&rest, &next)) {
		if (!text_is_token(next) || n == CELL_MEMBERS) {
			cell_wrong(r, c, ERR_BAD_LIST, next, "scjg-catering,scjg-price");
			return;
		}
		member[n++] = next;
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

/* One leave: a day, or two joined by .. 至 到 ~ — */
static bool leave_of(struct bytes s, int32_t *from, int32_t *to)
{
	static const char *const joints[] = { "..", "至", "到", "~", "～", "—" };
	bool serial;
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
		const char *at = memmem(s.p, s.n, joints[i], strlen(joints[i]));
		if (at == NULL)
			continue;
		size_t n = (size_t)(at - s.p), joint = strlen(joints[i]);
		return cell_date((struct bytes){ s.p, n }, from, &serial) && !serial &&
		       cell_date((struct bytes){ at + joint, s.n - n - joint }, to, &serial) &&
		       !serial && *from <= *to;
	}
	return cell_date(s, from, &serial) && !serial && (*to = *from, true);
}

void cell_leave(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	int32_t from, to;
	while (cell_next(&rest, &next)) {
		if (!leave_of(next, &from, &to) || n == CELL_MEMBERS) {
			row_fail(r, c->name, ERR_BAD_DATE, next, "2026-03-02..2026-03-06");
			return;
		}
		char a[CIVIL_TEXT], b[CIVIL_TEXT];
		member[n++] = row_printf(r, "%s..%s", civil_format(from, a), civil_format(to, b));
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

void cell_limit(struct row *r, const struct column *c, struct bytes v)
{
	uint64_t n;
	struct bytes s = cell_half(r, v);
	if (text_u64(s, 9999, &n))
		r->fact[c->fact] = s;
	else
		row_fail(r, c->name, ERR_BAD_NUMBER, v, "0–9999");
}

/* Experts assist and fill no place. Other words than yes and no say what he is an expert of. */
void cell_expert(struct row *r, const struct column *c, struct bytes v)
{
	const char *flag = cell_word(c->words, cell_half(r, v));
	bool expert = flag == NULL || flag[0] == 't';
	r->fact[c->fact] = expert ? BYTES("t") : BYTES("f");
	if (expert)
		row_remark(r, c->name, ERR_EXPERT, v, "%s", "");
}

void cell_inspector(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes id = cell_half(r, v);
	if (text_is_inspector_id(id))
		r->fact[c->fact] = id;
	else
		row_fail(r, c->name, ERR_BAD_INSPECTOR, v, "%s", "");
}
