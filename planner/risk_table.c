#include "planner/risk_table.h"

#include "sampler/base/text.h"
#include "sampler/type.h"

/* ---- forms of values that only risk models have ---- */

enum { THOUSAND = 1000 };
#define BOUND_MAX INT64_C(1000000000000000) /* 10^15: thousandths of 10^12 */

static bool thousandths_of(struct bytes whole, struct bytes part, int64_t max, int64_t *v)
{
	uint64_t w, p = 0;
	static const unsigned unit[] = { 1, 100, 10, 1 };

	if (!text_u64(whole, (uint64_t)(max / THOUSAND), &w) || part.n > 3)
		return false;
	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] < '0' || part.p[i] > '9')
			return false;
		p = p * 10 + (uint64_t)(part.p[i] - '0');
	}
	*v = (int64_t)(w * THOUSAND + p * unit[part.n]);
	return *v <= max;
}

/* "3", "0.5": at most three decimals, none of them a trailing zero. */
bool risk_thousandths(struct bytes text, int64_t max, int64_t *v)
{
	bool more;
	struct bytes part = text, whole = bytes_cut(&part, '.', &more);

	if (more && (part.n == 0 || part.p[part.n - 1] == '0'))
		return false;
	return thousandths_of(whole, part, max, v);
}

void risk_thousandths_put(struct buf *out, int64_t v)
{
	uint64_t u = (uint64_t)v, part = u % THOUSAND;

	buf_u64(out, u / THOUSAND);
	if (part == 0)
		return;
	buf_byte(out, '.');
	for (unsigned unit = 100; part > 0; unit /= 10) {
		buf_byte(out, (char)('0' + part / unit));
		part %= unit;
	}
}

static bool read_thousandths(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	return risk_thousandths(value, BOUND_MAX, at);
}

static void write_thousandths(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	risk_thousandths_put(out, *(const int64_t *)at);
}

static bool read_points(struct bytes text, int32_t *points)
{
	uint64_t v;
	bool minus = bytes_starts(text, BYTES("-"));

	if (minus) {
		text.p++;
		text.n--;
	}
	if (!text_u64(text, RISK_POINTS_MAX, &v) || (minus && v == 0))
		return false;
	*points = minus ? -(int32_t)v : (int32_t)v;
	return true;
}

static void put_points(struct buf *out, int32_t points)
{
	if (points < 0)
		buf_byte(out, '-');
	buf_u64(out, (uint64_t)(points < 0 ? -(int64_t)points : points));
}

/* "1:-20,3:-60" in the order of the bounds, which is no order of bytes. */
static bool read_bands(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	struct risk_bands *b = at;
	bool more = true;
	uint32_t n = 1;

	(void)s;
	for (size_t i = 0; i < value.n; i++)
		n += value.p[i] == ',';
	struct risk_band *band = arena_calloc(a, n, sizeof *band);
	for (uint32_t i = 0; more; i++) {
		bool colon;
		struct bytes points = bytes_cut(&value, ',', &more);
		struct bytes bound = bytes_cut(&points, ':', &colon);
		if (!colon || !risk_thousandths(bound, BOUND_MAX, &band[i].bound) ||
			!read_points(points, &band[i].points))
			return false;
	}
	*b = (struct risk_bands){ n, band };
	return true;
}

static void write_bands(const struct setting *s, const void *at, struct buf *out)
{
	const struct risk_bands *b = at;

	(void)s;
	for (uint32_t i = 0; i < b->n; i++) {
		buf_str(out, i > 0 ? "," : "");
		risk_thousandths_put(out, b->at[i].bound);
		buf_byte(out, ':');
		put_points(out, b->at[i].points);
	}
}

static bool read_values_or_all(
	const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	const struct list *l = at;

	(void)s;
	return text_is_clean(value) && list_parse(at, a, value) && (l->all || l->n > 0);
}

static bool read_grades(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	const struct list *l = at;

	if (!read_values_or_all(s, a, value, at) || l->all)
		return false;
	for (uint32_t i = 0; i < l->n; i++) {
		bool more;
		struct bytes class = l->at[i], raw = bytes_cut(&class, '=', &more);
		if (raw.n == 0 || class.n != 1 || class.p[0] < 'A' || class.p[0] > 'D')
			return false;
	}
	return true;
}

/* A letter is longer than other texts. */
static bool read_letter(const struct setting *s, struct arena *a, struct bytes value, void *at)
{
	(void)s;
	(void)a;
	*(struct bytes *)at = value;
	return value.n <= RISK_LETTER_MAX && text_is_clean(value);
}

static void write_letter(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	buf_bytes(out, *(const struct bytes *)at);
}

static void write_list(const struct setting *s, const void *at, struct buf *out)
{
	(void)s;
	list_put(at, out);
}

static const struct setting_form thousandths_form = { "number of at most three decimals, 0.5",
	read_thousandths, write_thousandths };
static const struct setting_form bands_form = { "list of bound:points, 1:-20,3:-60", read_bands,
	write_bands };
static const struct setting_form letter_form = { "text of at most 3000 bytes, or empty",
	read_letter, write_letter };
static const struct setting_form values_form = { "list of values in ascending order, or *",
	read_values_or_all, write_list };
static const struct setting_form grades_form = { "list of value=A … value=D in ascending order",
	read_grades, write_list };

/* ---- the table of paths ---- */

const char *const risk_source_names[RISK_SOURCES + 1] = { [RISK_CHECKS] = "checks",
	[RISK_COMMITMENTS] = "commitments",
	[RISK_DECLARATIONS] = "declarations",
	[RISK_ENTITY] = "entity",
	[RISK_EVENTS] = "events",
	[RISK_LABELS] = "labels",
	[RISK_LISTINGS] = "listings",
	[RISK_MODEL] = "model",
	[RISK_PERMITS] = "permits",
	NULL };
static const char *const measure_choice[] = {
	[RISK_COUNT] = "count", [RISK_DAYS] = "days", [RISK_HAS] = "has", [RISK_SUM] = "sum", NULL
};
static const char *const red_choice[] = {
	[RISK_RED_NONE] = "none", [RISK_RED_B] = "B", [RISK_RED_C] = "C", [RISK_RED_D] = "D", NULL
};

enum { RANK_MAX = 999, DAYS_MAX = 36600, VERSION_MAX = 9999, REPEAT_MAX = 366 };

#define R(member)         .at = offsetof(struct risk, member)
#define F(member)         .at = offsetof(struct risk_field, member)
#define I(member)         .at = offsetof(struct risk_indicator, member)
#define M(member)         .at = offsetof(struct risk_model, member)
#define S(member)         .at = offsetof(struct risk_scale, member)
#define G(member)         .at = offsetof(struct risk_giver, member)
#define T(member)         .at = offsetof(struct risk_trigger, member)
#define POINTS(member)    M(member), .max = RISK_POINTS_MAX
#define THRESHOLD(member) POINTS(member), .error = ERR_BAD_BANDS

static const struct setting root_setting[] = {
	{ "computed.rank", &setting_number, R(computed_rank), .max = RANK_MAX },
	{ "repeat.basis", &setting_basis_or_empty, R(repeat.basis) },
	{ "repeat.days", &setting_number, R(repeat.days), .max = REPEAT_MAX },
	{ "repeat.exempt", &setting_number, R(repeat.exempt), .max = REPEAT_MAX },
};

static const struct setting field_setting[] = {
	{ "name", &setting_text, F(name) },
};

static const struct setting indicator_setting[] = {
	{ "bands", &bands_form, I(bands), .error = ERR_BAD_BANDS },
	{ "basis", &setting_basis, I(basis) },
	{ "ends", &setting_flag, I(ends) },
	{ "field", &setting_tokens_or_all, I(fields) },
	{ "half", &setting_number, I(half), .max = DAYS_MAX },
	{ "match", &values_form, I(match) },
	{ "measure", &setting_choice, I(measure), .choice = measure_choice },
	{ "name", &setting_text, I(name) },
	{ "red", &setting_choice, I(red), .choice = red_choice },
	{ "repair", &setting_flag, I(repair) },
	{ "source", &setting_choice, I(source), .choice = risk_source_names },
	{ "window", &setting_number, I(window), .max = DAYS_MAX },
};

static const struct setting model_setting[] = {
	{ "at.A", &setting_number, THRESHOLD(at_a) },
	{ "at.B", &setting_number, THRESHOLD(at_b) },
	{ "at.C", &setting_number, THRESHOLD(at_c) },
	{ "basis", &setting_basis, M(basis) },
	{ "field", &setting_token_or_empty, M(field_code) },
	{ "high", &setting_number, POINTS(high) },
	{ "indicators", &setting_some_tokens, M(indicator_codes) },
	{ "industries", &setting_prefixes, M(industries) },
	{ "kinds", &setting_tokens_or_all, M(kinds) },
	{ "labels", &setting_tokens_or_all, M(labels) },
	{ "low", &setting_number, POINTS(low) },
	{ "name", &setting_text, M(name) },
	{ "points", &setting_number, POINTS(points) },
	{ "version", &setting_number, M(version), .min = 1, .max = VERSION_MAX },
};

static const struct setting scale_setting[] = {
	{ "basis", &setting_basis, S(basis) },
	{ "name", &setting_text, S(name) },
	{ "values", &grades_form, S(values) },
};

static const struct setting giver_setting[] = {
	{ "basis", &setting_basis, G(basis) },
	{ "days", &setting_number, G(days), .max = DAYS_MAX },
	{ "field", &setting_token_or_empty, G(field_code) },
	{ "name", &setting_text, G(name) },
	{ "rank", &setting_number, G(rank), .max = RANK_MAX },
	{ "scale", &setting_token_or_empty, G(scale_code) },
};

static const struct setting trigger_setting[] = {
	{ "at", &thousandths_form, T(at) },
	{ "basis", &setting_basis, T(basis) },
	{ "days", &setting_number, T(days), .min = 1, .max = 3660 },
	{ "early", &thousandths_form, T(early) },
	{ "indicator", &setting_token, T(indicator_code) },
	{ "label", &setting_token, T(label) },
	{ "letter", &letter_form, T(letter) },
	{ "name", &setting_text, T(name) },
	{ "reminder", &letter_form, T(reminder) },
};

#define SETTINGS(array) array, sizeof(array) / sizeof *(array)

_Static_assert(offsetof(struct risk_field, code) == 0, "code first");
_Static_assert(offsetof(struct risk_indicator, code) == 0, "code first");
_Static_assert(offsetof(struct risk_model, code) == 0, "code first");
_Static_assert(offsetof(struct risk_scale, code) == 0, "code first");
_Static_assert(offsetof(struct risk_giver, code) == 0, "code first");
_Static_assert(offsetof(struct risk_trigger, code) == 0, "code first");

static const struct setting_owner risk_owner[RISK_OWNERS] = {
	[RISK_OWNER_ROOT] = { "", "", SETTINGS(root_setting), sizeof(struct risk), 0 },
	[RISK_OWNER_FIELD] = { "field.", "field.<f>.", SETTINGS(field_setting),
		sizeof(struct risk_field), 0 },
	[RISK_OWNER_INDICATOR] = { "indicator.", "indicator.<i>.", SETTINGS(indicator_setting),
		sizeof(struct risk_indicator), 0 },
	[RISK_OWNER_MODEL] = { "model.", "model.<m>.", SETTINGS(model_setting),
		sizeof(struct risk_model), 0 },
	[RISK_OWNER_SCALE] = { "scale.", "scale.<s>.", SETTINGS(scale_setting),
		sizeof(struct risk_scale), 0 },
	[RISK_OWNER_SOURCE] = { "source.", "source.<s>.", SETTINGS(giver_setting),
		sizeof(struct risk_giver), 0 },
	[RISK_OWNER_TRIGGER] = { "trigger.", "trigger.<x>.", SETTINGS(trigger_setting),
		sizeof(struct risk_trigger), 0 },
};

const struct settings_form risk_form = { "risk model", ERR_BAD_MODEL, risk_owner, RISK_OWNERS };

bool risk_path(size_t i, struct settings_path *path)
{
	return settings_path(&risk_form, i, path);
}

bool risk_from_rows(
	struct risk *r, struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	struct setting_list list[RISK_OWNERS];

	*r = (struct risk){ 0 };
	if (!settings_read(&risk_form, r, list, a, rows, n, e))
		return false;
	r->field_count = list[RISK_OWNER_FIELD].n;
	r->fields = (void *)list[RISK_OWNER_FIELD].base;
	r->indicator_count = list[RISK_OWNER_INDICATOR].n;
	r->indicators = (void *)list[RISK_OWNER_INDICATOR].base;
	r->model_count = list[RISK_OWNER_MODEL].n;
	r->models = (void *)list[RISK_OWNER_MODEL].base;
	r->scale_count = list[RISK_OWNER_SCALE].n;
	r->scales = (void *)list[RISK_OWNER_SCALE].base;
	r->giver_count = list[RISK_OWNER_SOURCE].n;
	r->givers = (void *)list[RISK_OWNER_SOURCE].base;
	r->trigger_count = list[RISK_OWNER_TRIGGER].n;
	r->triggers = (void *)list[RISK_OWNER_TRIGGER].base;
	return risk_settle(r, a, e);
}

void risk_rows(const struct risk *r, struct arena *a, const struct setting_row **rows, size_t *n)
{
	const struct setting_list list[RISK_OWNERS] = {
		[RISK_OWNER_FIELD] = { (void *)r->fields, r->field_count },
		[RISK_OWNER_INDICATOR] = { (void *)r->indicators, r->indicator_count },
		[RISK_OWNER_MODEL] = { (void *)r->models, r->model_count },
		[RISK_OWNER_SCALE] = { (void *)r->scales, r->scale_count },
		[RISK_OWNER_SOURCE] = { (void *)r->givers, r->giver_count },
		[RISK_OWNER_TRIGGER] = { (void *)r->triggers, r->trigger_count },
	};
	settings_rows(&risk_form, r, list, a, rows, n);
}
