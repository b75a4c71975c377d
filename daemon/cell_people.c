/* Checkers of the columns of 执法检查人员名录库 and of recusals. */
#include <string.h>

#include "daemon/cell.h"
#include "planner/civil.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

enum { CERTIFICATE_MAX = 60 };

void cell_unit(struct row *r, const struct column *c, struct bytes v)
{
	(void)c;
	r->cell[CELL_UNIT] = v;
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
		row_fail(r, c->name, ERR_BAD_CERTIFICATE, v, "1–%d", CERTIFICATE_MAX);
		return;
	}
	r->fact[c->fact] = row_text(r, out);
	if (repairs != 0 && !bytes_equal(out, v))
		row_warn(r, c->name, ERR_REPAIRED, v, "→ %.*s", BYTES_ARG(out));
}

void cell_certificate(struct row *r, const struct column *c, struct bytes v)
{
	if (cell_one_of(v, "长期|长期有效|永久"))
		r->fact[c->fact] = BYTES("2999-12-31");
	else
		cell_day(r, c, v);
}

static const char everything[] = "*|全部|不限|所有|全区|全县|全市|全域|全部区域|全部事项|ALL|all";

static bool is_prefix(struct bytes s)
{
	return s.n > 0 && s.n <= 12 && text_all_digits(s);
}

/* A list whose members hold `is`, or everything. */
static void list_of(struct row *r, const struct column *c, struct bytes v, bool (*is)(struct bytes),
	const char *form)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	if (cell_one_of(rest, everything)) {
		r->fact[c->fact] = BYTES("*");
		return;
	}
	while (cell_next(&rest, &next)) {
		if (!is(next) || n == CELL_MEMBERS) {
			row_fail(r, c->name, ERR_BAD_LIST, next, "%s", form);
			return;
		}
		member[n++] = next;
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

void cell_regions(struct row *r, const struct column *c, struct bytes v)
{
	list_of(r, c, v, is_prefix, "371002,371003");
}

void cell_items(struct row *r, const struct column *c, struct bytes v)
{
	list_of(r, c, v, text_is_token, "scjg-catering,scjg-price");
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

void cell_active(struct row *r, const struct column *c, struct bytes v)
{
	static const struct cell_word table[] = {
		{ "在岗|在职|在编|正常|启用|有效|是|1|yes", "t" },
		{ "停用|离岗|离职|退休|调离|调出|借调|停职|注销|无效|否|0|no", "f" },
		{ NULL, NULL },
	};
	const char *active = cell_word(table, v);
	if (active != NULL)
		r->fact[c->fact] = bytes_of(active);
	else
		row_fail(r, c->name, ERR_BAD_TEXT, v, "在岗, 停用");
}

/* Experts assist and fill no place. */
void cell_expert(struct row *r, const struct column *c, struct bytes v)
{
	if (cell_one_of(v, "否|不是|0|no"))
		return;
	r->cell[CELL_EXPERT] = v;
	row_warn(r, c->name, ERR_EXPERT, v, "%s", "");
}

void cell_inspector(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes id = cell_half(r, v);
	if (text_is_inspector_id(id))
		r->fact[c->fact] = id;
	else
		row_fail(r, c->name, ERR_BAD_INSPECTOR, v, "%s", "");
}

/* An entity or an object. */
void cell_subject(struct row *r, const struct column *c, struct bytes v)
{
	struct object o;
	if (cell_read_object(r, c, v, ERR_BAD_OBJECT, &o))
		r->fact[c->fact] = o.object;
}
