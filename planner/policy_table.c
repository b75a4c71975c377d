#include "planner/policy_table.h"

#include "planner/civil.h"
#include "sampler/type.h"

/* ---- forms of values that only the policy has ---- */

static bool read_classes(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	struct classes *c = at;

	(void)s;
	if (!list_parse(&c->list, a, value))
		return false;
	c->set = c->list.all ? (1u << FRAME_CLASSES) - 1 : 0;
	for (uint32_t i = 0; i < c->list.n; i++) {
		enum stratum class = STRATUM_OUT;
		if (!stratum_of(c->list.at[i], &class) || stratum_mark(class) > 0)
			return false;
		c->set |= 1u << class;
	}
	return true;
}

static void write_classes(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	list_put(&((const struct classes *)at)->list, out);
}

/* "2026-03-02..2026-03-13" */
static bool read_span(struct bytes value, struct span *span)
{
	enum { DATE = CIVIL_TEXT - 1 };
	const struct bytes first = { value.p, DATE }, last = { value.p + DATE + 2, DATE };

	return value.n == 2 * DATE + 2 && value.p[DATE] == '.' && value.p[DATE + 1] == '.' &&
	       civil_parse(first, &span->from) && civil_parse(last, &span->to);
}

static bool read_batches(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	struct list list;
	struct batches *b = at;

	(void)s;
	if (!list_parse(&list, a, value) || list.all)
		return false;
	struct span *span = arena_calloc(a, list.n + 1, sizeof *span);
	for (uint32_t i = 0; i < list.n; i++)
		if (!read_span(list.at[i], &span[i]))
			return false;
	*b = (struct batches){ list.n, span };
	return true;
}

static void write_batches(const struct setting *s, const void *at, struct buf *out)
{
	const struct batches *b = at;

	(void)s;
	for (uint32_t i = 0; i < b->n; i++) {
		buf_str(out, i > 0 ? "," : "");
		civil_put(out, b->at[i].from);
		buf_str(out, "..");
		civil_put(out, b->at[i].to);
	}
}

static const struct setting_form classes_form = { "list of A B C D U in ascending order, or *",
	read_classes, write_classes };
static const struct setting_form batches_form = {
	"list of YYYY-MM-DD..YYYY-MM-DD in ascending order", read_batches, write_batches
};

/* ---- the table of paths (PROTOCOL.md §6.1) ---- */

static const char *const class_choice[] = { "A", "B", "C", "D", NULL };
static const char *const rounding_choice[] = {
	[ROUND_DOWN] = "down", [ROUND_HALF_UP] = "half-up", [ROUND_UP] = "up", NULL
};
static const char *const empty_choice[] = { "report", "refuse", NULL };
static const char *const kind_choice[] = { "general", "key", NULL };
static const char *const category_choice[] = { "daily", "special", NULL };
static const char *const counts_choice[] = {
	[COUNTS_ENTRIES] = "entries", [COUNTS_CHECKS] = "checks", NULL
};
static const char *const scope_choice[] = {
	[SCOPE_ALL] = "all", [SCOPE_GENERAL] = "general", NULL
};
static const char *const start_choice[] = {
	[START_NONE] = "none", [START_ESTABLISHED] = "established", [START_STATUS] = "status", NULL
};
static const char *const task_class_choice[] = { [CLASS_GENERAL] = "general",
	[CLASS_PROFESSIONAL] = "professional",
	[CLASS_WORST] = "worst",
	[CLASS_MATRIX] = "matrix",
	NULL };
static const char *const level_choice[] = { [LEVEL_PROVINCE] = "province",
	[LEVEL_CITY] = "city",
	[LEVEL_COUNTY] = "county",
	[LEVEL_STREET] = "street",
	NULL };
static const char *const coordination_choice[] = {
	[COORDINATION_OWN] = "own", [COORDINATION_SHARED] = "shared-cutoff", NULL
};
static const char *const design_choice[] = {
	[DESIGN_EQUAL] = "equal", [DESIGN_WEIGHTED] = "weighted", NULL
};
static const char *const way_choice[] = { [WAY_ONSITE] = "onsite",
	[WAY_PAPER] = "paper",
	[WAY_NETWORK] = "network",
	[WAY_OFFSITE] = "offsite",
	NULL };

const char *task_way_name(enum task_way way)
{
	return way_choice[way];
}

const char *task_level_name(enum task_level level)
{
	return level_choice[level];
}

enum { PPM = 1000000, FACTOR_MAX = 100000000, OWNER_TOKEN = 27 };

#define P(member)     .at = offsetof(struct policy, member)
#define C(member)     .at = offsetof(struct cap, member)
#define D(member)     .at = offsetof(struct department, member)
#define F(member)     .at = offsetof(struct field, member)
#define I(member)     .at = offsetof(struct item, member)
#define M(member)     .at = offsetof(struct mode, member)
#define T(member)     .at = offsetof(struct task, member)
#define CLASS(member) P(member), .choice = class_choice
#define WAY(class)    T(mode[STRATUM_##class]), .choice = way_choice
#define RATIO(class)  T(ratio[STRATUM_##class]), .max = PPM, .error = ERR_BAD_RATIO
#define MATRIX(g, p) \
	{ \
		"matrix." #g #p, &setting_choice, CLASS(matrix[STRATUM_##g][STRATUM_##p]) \
	}

static const struct setting root_setting[] = {
	{ "adjust.1.basis", &setting_basis_or_empty, P(adjust[0].basis) },
	{ "adjust.1.factor", &setting_number, P(adjust[0].factor), .min = 1, .max = FACTOR_MAX },
	{ "adjust.1.labels", &setting_tokens, P(adjust[0].labels) },
	{ "adjust.2.basis", &setting_basis_or_empty, P(adjust[1].basis) },
	{ "adjust.2.factor", &setting_number, P(adjust[1].factor), .min = 1, .max = FACTOR_MAX },
	{ "adjust.2.labels", &setting_tokens, P(adjust[1].labels) },
	{ "ceiling.general", &setting_number, P(ceiling_general), .max = PPM,
		.error = ERR_BAD_RATIO },
	{ "class.missing", &setting_choice, CLASS(class_missing) },
	{ "cycle.from", &setting_date, P(cycle_from), .error = ERR_BAD_DATE },
	{ "cycle.to", &setting_date, P(cycle_to), .error = ERR_BAD_DATE },
	{ "focus.labels", &setting_tokens, P(focus_labels) },
	{ "inspectors.limit", &setting_number, P(inspectors_limit), .min = 1, .max = 9999 },
	{ "inspectors.rotation", &setting_number, P(inspectors_rotation), .max = 3660 },
	{ "inspectors.slack", &setting_number, P(inspectors_slack), .min = 100, .max = 1000 },
	MATRIX(A, A),
	MATRIX(A, B),
	MATRIX(A, C),
	MATRIX(A, D),
	MATRIX(B, A),
	MATRIX(B, B),
	MATRIX(B, C),
	MATRIX(B, D),
	MATRIX(C, A),
	MATRIX(C, B),
	MATRIX(C, C),
	MATRIX(C, D),
	MATRIX(D, A),
	MATRIX(D, B),
	MATRIX(D, C),
	MATRIX(D, D),
	{ "rounding", &setting_choice, P(rounding), .choice = rounding_choice },
	{ "rule.checked.basis", &setting_basis, P(basis[RULE_CHECKED]) },
	{ "rule.closed.basis", &setting_basis, P(basis[RULE_CLOSED]) },
	{ "rule.remit.basis", &setting_basis, P(basis[RULE_REMIT]) },
	{ "rule.type.basis", &setting_basis, P(basis[RULE_TYPE]) },
	{ "strata.empty", &setting_choice, P(empty_refuse), .choice = empty_choice },
	{ "visits.departments", &setting_number, P(visits_departments), .max = 99 },
};

static const struct setting cap_setting[] = {
	{ "basis", &setting_basis, C(basis) },
	{ "classes", &classes_form, C(classes) },
	{ "counts", &setting_choice, C(counts), .choice = counts_choice },
	{ "days", &setting_number, C(days), .max = 3660 },
	{ "departments", &setting_tokens_or_all, C(departments) },
	{ "kinds", &setting_tokens_or_all, C(kinds) },
	{ "labels", &setting_tokens_or_all, C(labels) },
	{ "levels", &setting_tokens_or_all, C(levels) },
	{ "most", &setting_number, C(most), .min = 1, .max = 999 },
	{ "name", &setting_text, C(name) },
	{ "version", &setting_number, C(version), .min = 1, .max = 9999 },
};

static const struct setting department_setting[] = {
	{ "apart", &setting_tokens, D(apart_codes) },
	{ "inspects", &setting_flag, D(inspects) },
	{ "name", &setting_text, D(name) },
	{ "regions", &setting_prefixes, D(regions) },
};

static const struct setting field_setting[] = {
	{ "name", &setting_text, F(name) },
	{ "strict", &setting_flag, F(strict) },
};

static const struct setting item_setting[] = {
	{ "basis", &setting_basis, I(basis) },
	{ "department", &setting_token, I(department_code) },
	{ "field", &setting_token_or_empty, I(field_code) },
	{ "kind", &setting_choice, I(key), .choice = kind_choice },
	{ "name", &setting_text, I(name) },
};

static const struct setting mode_setting[] = {
	{ "basis", &setting_basis, M(basis) },
	{ "classes", &classes_form, M(classes) },
	{ "except", &setting_tokens, M(except) },
	{ "from", &setting_date, M(from), .error = ERR_BAD_DATE },
	{ "industries", &setting_prefixes, M(industries) },
	{ "kinds", &setting_tokens_or_all, M(kinds) },
	{ "labels", &setting_tokens_or_all, M(labels) },
	{ "lifts", &setting_flag, M(lifts) },
	{ "months", &setting_number, M(months), .max = 120 },
	{ "name", &setting_text, M(name) },
	{ "regions", &setting_prefixes, M(regions) },
	{ "scope", &setting_choice, M(scope), .choice = scope_choice },
	{ "start", &setting_choice, M(start), .choice = start_choice },
	{ "statuses", &setting_tokens_or_all, M(statuses) },
	{ "to", &setting_date, M(to), .error = ERR_BAD_DATE },
	{ "version", &setting_number, M(version), .min = 1, .max = 9999 },
};

static const struct setting task_setting[] = {
	{ "batches", &batches_form, T(batches), .error = ERR_BAD_DATE },
	{ "category", &setting_choice, T(special), .choice = category_choice },
	{ "ceiling-reason", &setting_text_or_empty, T(ceiling_reason) },
	{ "class", &setting_choice, T(class), .choice = task_class_choice },
	{ "coordination", &setting_choice, T(shared), .choice = coordination_choice },
	{ "design", &setting_choice, T(weighted), .choice = design_choice },
	{ "frequency", &setting_number, T(frequency), .min = 1, .max = 12 },
	{ "from", &setting_date, T(from), .error = ERR_BAD_DATE },
	{ "industries", &setting_prefixes, T(industries) },
	{ "items", &setting_some_tokens, T(item_codes) },
	{ "kinds", &setting_tokens_or_all, T(kinds) },
	{ "labels", &setting_tokens_or_all, T(labels) },
	{ "lead", &setting_token, T(lead_code) },
	{ "level", &setting_choice, T(level), .choice = level_choice },
	{ "minimum", &setting_number, T(minimum), .max = PPM, .error = ERR_BAD_RATIO },
	{ "mode.A", &setting_choice, WAY(A) },
	{ "mode.B", &setting_choice, WAY(B) },
	{ "mode.C", &setting_choice, WAY(C) },
	{ "mode.D", &setting_choice, WAY(D) },
	{ "name", &setting_text, T(name) },
	{ "officers", &setting_number, T(officers), .min = 1, .max = 8 },
	{ "officers-basis", &setting_basis_or_empty, T(officers_basis) },
	{ "ratio.A", &setting_number, RATIO(A) },
	{ "ratio.B", &setting_number, RATIO(B) },
	{ "ratio.C", &setting_number, RATIO(C) },
	{ "ratio.D", &setting_number, RATIO(D) },
	{ "reason", &setting_text_or_empty, T(reason) },
	{ "regions", &setting_prefixes, T(regions) },
	{ "safety", &setting_flag, T(safety) },
	{ "to", &setting_date, T(to), .error = ERR_BAD_DATE },
};

#define SETTINGS(array) array, sizeof(array) / sizeof *(array)

/* the code stands first in every owner's struct, so that one search serves all */
_Static_assert(offsetof(struct cap, code) == 0, "code first");
_Static_assert(offsetof(struct department, code) == 0, "code first");
_Static_assert(offsetof(struct field, code) == 0, "code first");
_Static_assert(offsetof(struct item, code) == 0, "code first");
_Static_assert(offsetof(struct mode, code) == 0, "code first");
_Static_assert(offsetof(struct task, code) == 0, "code first");

static const struct setting_owner policy_owner[OWNERS] = {
	[OWNER_POLICY] = { "", "", SETTINGS(root_setting), sizeof(struct policy), 0 },
	[OWNER_CAP] = { "cap.", "cap.<c>.", SETTINGS(cap_setting), sizeof(struct cap),
		OWNER_TOKEN },
	[OWNER_DEPARTMENT] = { "department.", "department.<d>.", SETTINGS(department_setting),
		sizeof(struct department), 0 },
	[OWNER_FIELD] = { "field.", "field.<f>.", SETTINGS(field_setting), sizeof(struct field),
		0 },
	[OWNER_ITEM] = { "item.", "item.<i>.", SETTINGS(item_setting), sizeof(struct item), 0 },
	[OWNER_MODE] = { "mode.", "mode.<m>.", SETTINGS(mode_setting), sizeof(struct mode),
		OWNER_TOKEN },
	[OWNER_TASK] = { "task.", "task.<t>.", SETTINGS(task_setting), sizeof(struct task), 0 },
};

const struct settings_form policy_form = { "policy", ERR_BAD_POLICY, policy_owner, OWNERS };
