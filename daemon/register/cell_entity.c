/* Checkers of the columns of 检查对象名录库: words, labels, past checks. */
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/tables.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

/* ---- words ------------------------------------------------------------------------------- */

static const char *kind_of_words(struct bytes v)
{
	/* the first that occurs decides */
	static const struct cell_word words[] = {
		{ "代表机构", "office" },
		{ "代表处", "office" },
		{ "合作社", "cooperative" },
		{ "农专社", "cooperative" },
		{ "个体", "individual" },
		{ NULL, NULL },
	};
	for (const struct cell_word *w = words; w->words != NULL; w++)
		if (cell_contains(v, w->words))
			return w->value;
	return NULL;
}

void cell_kind(struct row *r, const struct column *c, struct bytes v)
{
	const char *kind = cell_word(c->words, cell_half(r, v));
	if (kind == NULL)
		kind = kind_of_words(v);
	if (kind == NULL && (cell_contains(v, "公司") || cell_contains(v, "企业")))
		kind = "enterprise";
	if (kind != NULL)
		r->fact[c->fact] = bytes_of(kind);
	else
		cell_wrong(r, c, ERR_BAD_KIND, v, "%s", "");
}

/* 企业类型: some hundred values; all but a few name enterprises. */
void cell_type(struct row *r, const struct column *c, struct bytes v)
{
	const char *kind = kind_of_words(v);
	cell_text(r, c, v);
	r->cell[CELL_TYPE] = bytes_of(kind != NULL ? kind : "enterprise");
}

void cell_status(struct row *r, const struct column *c, struct bytes v)
{
	/* the first that occurs decides: 吊销，未注销 is revoked, 吊销后注销 cancelled */
	static const struct cell_word within[] = {
		{ "未注销", "revoked" },
		{ "未吊销", "open" },
		{ "注销", "cancelled" },
		{ "撤销", "cancelled" },
		{ "吊销", "revoked" },
		{ "迁出", "moved" },
		{ "迁往", "moved" },
		{ "歇业", "suspended" },
		{ "存续", "open" },
		{ "在营", "open" },
		{ "开业", "open" },
		{ "在业", "open" },
		{ NULL, NULL },
	};
	const char *status = cell_word(c->words, cell_half(r, v));
	for (const struct cell_word *w = within; status == NULL && w->words != NULL; w++)
		if (cell_contains(v, w->words))
			status = w->value;
	if (status != NULL)
		r->fact[c->fact] = bytes_of(status);
	else
		row_fail(r, c->name, ERR_BAD_STATUS, v, "%s", "");
}

void cell_class(struct row *r, const struct column *c, struct bytes v)
{
	const char *class = cell_word(c->words, cell_half(r, v));
	if (class != NULL)
		r->fact[c->fact] = bytes_of(class);
	else
		row_fail(r, c->name, ERR_BAD_CLASS, v, "A B C D");
}

/* ---- lists -------------------------------------------------------------------------------- */

/* A label that neither a rule gives nor a policy asks for matches no task: a slip of the pen. */
static void look_known(struct row *r, const struct column *c, struct bytes label)
{
	struct bytes asked;
	size_t policies;
	(void)tables_all(r->tables, TABLE_LABEL, &policies);
	if ((policies == 0 && r->labels == NULL) ||
		tables_find(r->tables, TABLE_LABEL, label, &asked) ||
		(r->labels != NULL && label_rules_have(r->labels, label)))
		return;
	row_remark(r, c->name, ERR_UNKNOWN_LABEL, label, "%s", "");
}

bool cell_label_of(struct row *r, const struct column *c, struct bytes v, struct bytes *label)
{
	*label = cell_half(r, v);
	if (r->labels != NULL && label_rules_titled(r->labels, *label, label)) {
		row_repair(r, c->name, ERR_REPAIRED, v, "→ %.*s", BYTES_ARG(*label));
		return true;
	}
	if (!text_is_token(*label))
		return false;
	look_known(r, c, *label);
	return true;
}

struct bytes cell_label_names(struct row *r)
{
	enum { TOLD_BYTES = 400 }; /* a detail has room for them */
	size_t n = r->labels != NULL ? label_rules_count(r->labels) : 0;
	struct bytes out = { r->text + r->text_n, 0 };
	for (size_t i = 0; i < n; i++) {
		struct bytes name = bytes_of(label_rules_name(r->labels, i));
		bool more = out.n + name.n < TOLD_BYTES;
		out.n += i > 0 ? row_text(r, BYTES("、")).n : 0;
		out.n += row_text(r, more ? name : BYTES("…")).n;
		if (!more)
			break;
	}
	return out;
}

void cell_labels(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	size_t n = 0;
	while (cell_next(&rest, &next)) {
		if (n < CELL_MEMBERS && cell_label_of(r, c, next, &member[n])) {
			n++;
			continue;
		}
		struct bytes names = cell_label_names(r);
		row_remark(r, c->name, ERR_BAD_LABEL, next, "%.*s", BYTES_ARG(names));
	}
	r->fact[c->fact] = cell_list(r, member, n);
}

/* A date (of a check of everything), or a list of item=date. */
void cell_checked(struct row *r, const struct column *c, struct bytes v)
{
	struct bytes member[CELL_MEMBERS], next, rest = cell_half(r, v);
	char text[CIVIL_TEXT];
	size_t n = 0;
	int32_t day;
	if (memchr(rest.p, '=', rest.n) == NULL) {
		if (cell_read_date(r, c, rest, &day))
			r->fact[c->fact] = row_printf(r, "*=%s", civil_format(day, text));
		return;
	}
	while (cell_next(&rest, &next)) {
		bool more;
		struct bytes date = next, item = bytes_cut(&date, '=', &more);
		if (!more || n == CELL_MEMBERS || !(bytes_is(item, "*") || text_is_token(item))) {
			row_fail(r, c->name, ERR_BAD_LIST, next, "item=YYYY-MM-DD");
			return;
		}
		if (!cell_read_date(r, c, date, &day))
			return;
		member[n++] = row_printf(r, "%.*s=%s", BYTES_ARG(item), civil_format(day, text));
	}
	r->fact[c->fact] = cell_list(r, member, n);
}
