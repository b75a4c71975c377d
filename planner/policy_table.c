#include "planner/policy_table.h"

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

/* ---- forms of values ---- */

static bool read_text(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)f;
	(void)a;
	*(struct bytes *)at = value;
	return type_check(TYPE_TEXT, value);
}

static bool read_text_or_empty(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	return read_text(f, a, value, at) || value.n == 0;
}

static bool read_token(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)f;
	(void)a;
	*(struct bytes *)at = value;
	return text_is_token(value);
}

static void write_bytes(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	buf_bytes(out, *(const struct bytes *)at);
}

static bool read_number(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	uint64_t v;

	(void)a;
	if (!text_u64(value, f->max, &v) || v < f->min)
		return false;
	*(uint32_t *)at = (uint32_t)v;
	return true;
}

static void write_number(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	buf_u64(out, *(const uint32_t *)at);
}

static bool read_date(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)f;
	(void)a;
	return civil_parse(value, at);
}

static void write_date(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	civil_put(out, *(const int32_t *)at);
}

static bool read_choice(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)a;
	for (uint32_t i = 0; f->choice[i] != NULL; i++) {
		if (bytes_is(value, f->choice[i])) {
			*(uint32_t *)at = i;
			return true;
		}
	}
	return false;
}

static void write_choice(const struct field *f, const void *at, struct buf *out)
{
	buf_str(out, f->choice[*(const uint32_t *)at]);
}

static bool read_flag(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)f;
	(void)a;
	*(bool *)at = bytes_is(value, "yes");
	return type_check(TYPE_FLAG, value);
}

static void write_flag(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	buf_str(out, *(const bool *)at ? "yes" : "no");
}

static bool read_prefixes(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	(void)f;
	return text_is_clean(value) && prefixes_parse(at, a, value);
}

static void write_prefixes(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	list_put(&((const struct prefixes *)at)->list, out);
}

static bool read_tokens(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	struct list *l = at;

	(void)f;
	if (!list_parse(l, a, value))
		return false;
	for (uint32_t i = 0; i < l->n; i++)
		if (!text_is_token(l->at[i]))
			return false;
	return true;
}

static bool read_some_tokens(const struct field *f, struct arena *a, struct bytes value, void *at)
{
	return read_tokens(f, a, value, at) && ((struct list *)at)->n > 0;
}

static void write_list(const struct field *f, const void *at, struct buf *out)
{
	(void)f;
	list_put(at, out);
}

static const struct form text_form = { "text of 1 to 200 bytes", read_text, write_bytes };
static const struct form basis_form = { "text of at most 200 bytes", read_text_or_empty,
	write_bytes };
static const struct form token_form = { "token", read_token, write_bytes };
static const struct form number_form = { "number", read_number, write_number };
static const struct form date_form = { "date YYYY-MM-DD", read_date, write_date };
static const struct form choice_form = { "one of", read_choice, write_choice };
static const struct form flag_form = { "yes or no", read_flag, write_flag };
static const struct form prefixes_form = { "prefix list in ascending order, or *", read_prefixes,
	write_prefixes };
static const struct form kinds_form = { "list of tokens in ascending order, or *", read_tokens,
	write_list };
static const struct form items_form = { "list of tokens in ascending order, not empty",
	read_some_tokens, write_list };

/* ---- the table of paths (PROTOCOL.md §6.1) ---- */

static const char *const class_choice[] = { "A", "B", "C", "D", NULL };
static const char *const rounding_choice[] = {
	[ROUND_DOWN] = "down", [ROUND_HALF_UP] = "half-up", [ROUND_UP] = "up", NULL
};
static const char *const empty_choice[] = { "report", "refuse", NULL };
static const char *const kind_choice[] = { "general", "key", NULL };
static const char *const category_choice[] = { "daily", "special", NULL };
static const char *const mode_choice[] = { "onsite", "offsite", NULL };

#define P(member)    .at = offsetof(struct policy, member)
#define D(member)    .at = offsetof(struct department, member)
#define I(member)    .at = offsetof(struct item, member)
#define T(member)    .at = offsetof(struct task, member)
#define RULE(code)   P(basis[CODE_##code - CODE_TYPE])
#define RATIO(class) T(ratio[CODE_##class]), .max = PPM, .error = ERR_BAD_RATIO

enum { PPM = 1000000 };

static const struct field root_field[] = {
	{ "class.missing", &choice_form, P(class_missing), .choice = class_choice },
	{ "cycle.from", &date_form, P(cycle_from), .error = ERR_BAD_DATE },
	{ "cycle.to", &date_form, P(cycle_to), .error = ERR_BAD_DATE },
	{ "inspectors.limit", &number_form, P(inspectors_limit), .min = 1, .max = 9999 },
	{ "inspectors.slack", &number_form, P(inspectors_slack), .min = 100, .max = 1000 },
	{ "observation.months", &number_form, P(observation_months), .max = 120 },
	{ "rounding", &choice_form, P(rounding), .choice = rounding_choice },
	{ "rule.checked.basis", &text_form, RULE(CHECKED) },
	{ "rule.closed.basis", &text_form, RULE(CLOSED) },
	{ "rule.observation.basis", &text_form, RULE(OBSERVATION) },
	{ "rule.remit.basis", &text_form, RULE(REMIT) },
	{ "rule.tolerance.basis", &text_form, RULE(TOLERANCE) },
	{ "rule.type.basis", &text_form, RULE(TYPE) },
	{ "strata.empty", &choice_form, P(empty_refuse), .choice = empty_choice },
	{ "tolerance.months", &number_form, P(tolerance_months), .max = 120 },
};

static const struct field department_field[] = {
	{ "inspects", &flag_form, D(inspects) },
	{ "name", &text_form, D(name) },
	{ "regions", &prefixes_form, D(regions) },
};

static const struct field item_field[] = {
	{ "basis", &text_form, I(basis) },
	{ "department", &token_form, I(department_code) },
	{ "kind", &choice_form, I(key), .choice = kind_choice },
	{ "name", &text_form, I(name) },
};

static const struct field task_field[] = {
	{ "category", &choice_form, T(special), .choice = category_choice },
	{ "from", &date_form, T(from), .error = ERR_BAD_DATE },
	{ "industries", &prefixes_form, T(industries) },
	{ "items", &items_form, T(item_codes) },
	{ "kinds", &kinds_form, T(kinds) },
	{ "labels", &kinds_form, T(labels) },
	{ "lead", &token_form, T(lead_code) },
	{ "mode", &choice_form, T(offsite), .choice = mode_choice },
	{ "name", &text_form, T(name) },
	{ "officers", &number_form, T(officers), .min = 1, .max = 8 },
	{ "officers-basis", &basis_form, T(officers_basis) },
	{ "ratio.A", &number_form, RATIO(A) },
	{ "ratio.B", &number_form, RATIO(B) },
	{ "ratio.C", &number_form, RATIO(C) },
	{ "ratio.D", &number_form, RATIO(D) },
	{ "regions", &prefixes_form, T(regions) },
	{ "safety", &flag_form, T(safety) },
	{ "to", &date_form, T(to), .error = ERR_BAD_DATE },
};

#define FIELDS(array) array, sizeof(array) / sizeof *(array)

const struct policy_group policy_group[OWNERS] = {
	[OWNER_POLICY] = { "", "", FIELDS(root_field), sizeof(struct policy) },
	[OWNER_DEPARTMENT] = { "department.", "department.<d>.", FIELDS(department_field),
		sizeof(struct department) },
	[OWNER_ITEM] = { "item.", "item.<i>.", FIELDS(item_field), sizeof(struct item) },
	[OWNER_TASK] = { "task.", "task.<t>.", FIELDS(task_field), sizeof(struct task) },
};

bool policy_path(size_t i, struct policy_path *path)
{
	for (size_t g = 0; g < OWNERS; i -= policy_group[g].fields, g++) {
		if (i >= policy_group[g].fields)
			continue;
		const struct field *f = &policy_group[g].field[i];
		*path = (struct policy_path){ policy_group[g].pattern, f->name, f->form->name,
			f->min, f->max, f->choice };
		return true;
	}
	return false;
}

void policy_form_put(const struct field *f, struct buf *out)
{
	buf_str(out, f->form->name);
	for (size_t i = 0; f->choice != NULL && f->choice[i] != NULL; i++) {
		buf_byte(out, ' ');
		buf_str(out, f->choice[i]);
	}
	if (f->max > 0) {
		buf_str(out, " from ");
		buf_u64(out, f->min);
		buf_str(out, " to ");
		buf_u64(out, f->max);
	}
}
