/* Checkers of the columns of 执法检查人员名录库 and of recusals. */
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/tables.h"
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
	char mask[CITIZEN_LENGTH + 1];
	if (code_of_person(v, r->type == FIELD_NUMBER, mask)) {
		row_fail(r, c->name, ERR_CITIZEN_ID, bytes_of(mask), "%s", "");
		return;
	}
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
		struct bytes id = next;
		bool named = tables_find(r->tables, TABLE_ITEM, next, &id);
		if (n == CELL_MEMBERS || (!named && !text_is_token(next))) {
			cell_wrong(r, c, n == CELL_MEMBERS ? ERR_BAD_LIST : ERR_BAD_ITEM, next,
				"scjg-catering,scjg-price");
			return;
		}
		if (named)
			row_repair(r, c->name, ERR_REPAIRED, next, "→ %.*s", BYTES_ARG(id));
		member[n++] = id;
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

static const char *const joints[] = { "..", "至", "到", "~", "～", "——", "—", "–", "-", "/" };
enum { JOINTS = sizeof joints / sizeof *joints };

static bool is_day(struct bytes s, int32_t *day)
{
	bool serial;
	return cell_date(s, day, &serial) && !serial;
}

/* One leave: a day, or two with a joint between them. The signs that stand in dates too
 * (2026-08-10/ 2026-08-20, 2026.8.10-2026.8.20) are the joint where a day is on either side. */
static bool leave_of(struct bytes s, int32_t *from, int32_t *to)
{
	if (is_day(s, from)) {
		*to = *from;
		return true;
	}
	for (size_t i = 0; i < JOINTS; i++) {
		struct bytes joint = bytes_of(joints[i]);
		for (size_t at = 1; at + joint.n < s.n; at++)
			if (bytes_starts((struct bytes){ s.p + at, s.n - at }, joint) &&
				is_day((struct bytes){ s.p, at }, from) &&
				is_day((struct bytes){ s.p + at + joint.n, s.n - at - joint.n },
					to))
				return *from <= *to;
	}
	return false;
}

/* Without the blanks around joints, which would cut a leave in two. */
static struct bytes without_gaps(struct row *r, struct bytes s)
{
	struct bytes out = row_text(r, s);
	char *p = r->text + (out.p - r->text);
	size_t n = 0;
	for (size_t at = 0, k; at < s.n;) {
		struct bytes rest = { s.p + at, s.n - at };
		size_t gap = 0;
		while (gap < rest.n && rest.p[gap] == ' ')
			gap++;
		for (k = 0; k < JOINTS; k++)
			if (bytes_starts((struct bytes){ rest.p + gap, rest.n - gap },
				    bytes_of(joints[k])))
				break;
		size_t size = k < JOINTS ? strlen(joints[k]) : gap > 0 ? gap : 1;
		gap = k < JOINTS ? gap : 0;
		memcpy(p + n, rest.p + gap, size);
		n += size;
		at += gap + size;
		while (k < JOINTS && at < s.n && s.p[at] == ' ')
			at++;
	}
	return (struct bytes){ p, n };
}

void cell_leave(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = without_gaps(r, cell_half(r, v));
	size_t n = 0;
	int32_t from, to;
	while (cell_next(&rest, &next)) {
		if (!leave_of(next, &from, &to) || n == CELL_MEMBERS) {
			row_fail(r, c->name, ERR_BAD_LEAVE, next, "%s", "");
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
