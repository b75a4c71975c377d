/* Risk models: what is refused, and the classes that follow from signals. The laws and standards
 * behind each rule stand beside its cases. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/risk.h"
#include "planner/risk_table.h"

/* ---- a small model as lines `path value` ---- */

static const char *const sample[] = {
	"computed.rank 20",
	"field.food.name 食品生产企业",
	"field.lift.name 特种设备",
	"indicator.base.basis b",
	"indicator.base.bands 1:-30,2:-80,3:-160",
	"indicator.base.ends yes",
	"indicator.base.field *",
	"indicator.base.half 0",
	"indicator.base.match general",
	"indicator.base.measure has",
	"indicator.base.name 通用分类",
	"indicator.base.red none",
	"indicator.base.repair yes",
	"indicator.base.source model",
	"indicator.base.window 0",
	"model.food.at.A 700",
	"model.food.at.B 500",
	"model.food.at.C 300",
	"model.food.basis b",
	"model.food.field food",
	"model.food.high 1000",
	"model.food.indicators base,food-penalty",
	"model.food.industries *",
	"model.food.kinds *",
	"model.food.labels food",
	"model.food.low 0",
	"model.food.name 食品",
	"model.food.points 800",
	"model.food.version 1",
	"model.general.at.A 700",
	"model.general.at.B 500",
	"model.general.at.C 300",
	"model.general.basis 国市监信发〔2022〕6号",
	"model.general.field ",
	"model.general.high 1000",
	"model.general.indicators abnormal,age,amount,complaint,listed,penalty,serious",
	"model.general.industries *",
	"model.general.kinds enterprise",
	"model.general.labels *",
	"model.general.low 0",
	"model.general.name 企业",
	"model.general.points 800",
	"model.general.version 1",
	"model.individual.at.A 650",
	"model.individual.at.B 450",
	"model.individual.at.C 250",
	"model.individual.basis b",
	"model.individual.field ",
	"model.individual.high 900",
	"model.individual.indicators complaint",
	"model.individual.industries *",
	"model.individual.kinds individual",
	"model.individual.labels *",
	"model.individual.low 100",
	"model.individual.name 个体工商户",
	"model.individual.points 600",
	"model.individual.version 1",
	"repeat.basis ",
	"repeat.days 0",
	"repeat.exempt 0",
	"scale.tax.basis b",
	"scale.tax.name 纳税信用",
	"scale.tax.values A级=A,D级=D,M级=B",
	"source.province.basis b",
	"source.province.days 62",
	"source.province.field ",
	"source.province.name 省级",
	"source.province.rank 10",
	"source.province.scale ",
	"source.register.basis b",
	"source.register.days 0",
	"source.register.field ",
	"source.register.name 名录库",
	"source.register.rank 30",
	"source.register.scale ",
	"source.tax.basis b",
	"source.tax.days 0",
	"source.tax.field food",
	"source.tax.name 税务",
	"source.tax.rank 10",
	"source.tax.scale tax",
	"trigger.many.at 2.5",
	"trigger.many.basis b",
	"trigger.many.days 90",
	"trigger.many.early 1.5",
	"trigger.many.indicator complaint",
	"trigger.many.label focus",
	"trigger.many.letter ",
	"trigger.many.name 投诉集中",
	"trigger.many.reminder ",
};

/* The other indicators differ in a few of their settings: code, source, match, field, measure,
 * window, half, bands, red. All of them mind repair and the end of publication, but `listed`. */
static const char *const indicators[][9] = {
	{ "abnormal", "listings", "abnormal", "*", "has", "0", "0", "1:-200", "C" },
	{ "age", "entity", "established", "*", "days", "0", "0", "0:-10,365:0,1825:20", "none" },
	{ "amount", "events", "*", "*", "sum", "1095", "0", "10000:-10,100000.5:-40", "none" },
	{ "complaint", "events", "complaint", "*", "count", "365", "0", "1:-10,3:-40", "none" },
	{ "food-penalty", "events", "penalty", "food", "has", "0", "0", "1:-250", "none" },
	{ "listed", "listings", "abnormal", "*", "days", "0", "0", "1095:-200", "D" },
	{ "penalty", "events", "penalty", "*", "count", "1095", "365", "0.25:-20,0.5:-40,1:-80",
		"none" },
	{ "serious", "labels", "serious,worst", "*", "has", "0", "0", "1:-500", "D" },
};

enum { ROOM = 400 };

static struct setting_row row_of(const char *line)
{
	const char *space = strchr(line, ' ');
	assert_non_null(space);
	return (struct setting_row){ { line, (size_t)(space - line) }, bytes_of(space + 1) };
}

static size_t make_rows(struct arena *a, struct setting_row *rows)
{
	static const char *const name[9] = { NULL, "source", "match", "field", "measure", "window",
		"half", "bands", "red" };
	size_t n = 0;
	for (size_t i = 0; i < sizeof sample / sizeof *sample; i++)
		rows[n++] = row_of(sample[i]);
	for (size_t i = 0; i < sizeof indicators / sizeof *indicators; i++) {
		const char *code = indicators[i][0];
		const char *flag = strcmp(code, "listed") == 0 ? "no" : "yes";
		for (size_t k = 1; k < 9; k++)
			rows[n++] = row_of(arena_printf(
				a, "indicator.%s.%s %s", code, name[k], indicators[i][k]));
		rows[n++] = row_of(arena_printf(a, "indicator.%s.name %s", code, code));
		rows[n++] = row_of(arena_printf(a, "indicator.%s.basis law", code));
		rows[n++] = row_of(arena_printf(a, "indicator.%s.repair %s", code, flag));
		rows[n++] = row_of(arena_printf(a, "indicator.%s.ends %s", code, flag));
	}
	assert_true(n < ROOM - 20);
	return n;
}

static void set(
	struct arena *a, struct setting_row *rows, size_t *n, const char *path, const char *value)
{
	for (size_t i = 0; i < *n; i++) {
		if (!bytes_is(rows[i].path, path))
			continue;
		if (value == NULL)
			rows[i] = rows[--*n];
		else
			rows[i].value = bytes_of(value);
		return;
	}
	assert_non_null(value);
	rows[(*n)++] = row_of(arena_printf(a, "%s %s", path, value));
}

static void make(struct risk *r, struct arena *a)
{
	struct setting_row *rows = arena_calloc(a, ROOM, sizeof *rows);
	struct err e = { 0 };
	char why[700];
	size_t n = make_rows(a, rows);

	settings_sort(rows, n);
	if (!risk_from_rows(r, a, rows, n, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
}

/* ---- reading ---- */

static void test_rows(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct setting_row *rows = arena_calloc(a, ROOM, sizeof *rows);
	const struct setting_row *again;
	struct risk r;
	struct err e = { 0 };
	size_t n = make_rows(a, rows), m;

	settings_sort(rows, n);
	assert_true(risk_from_rows(&r, a, rows, n, &e));
	risk_rows(&r, a, &again, &m);
	assert_int_equal(n, m);
	for (size_t i = 0; i < n; i++) {
		assert_true(bytes_equal(rows[i].path, again[i].path));
		assert_true(bytes_equal(rows[i].value, again[i].value));
	}
	/* a model stands behind those it looks at, whatever its code */
	uint32_t place[3];
	for (uint32_t i = 0; i < r.model_count; i++)
		place[r.order[i]] = i;
	assert_true(place[risk_model(&r, BYTES("food"))] > place[risk_model(&r, BYTES("general"))]);
}

/* settings to change (value NULL: to leave out), the error, and what it must name */
static const struct {
	const char *path[2], *value[2];
	enum err_code code;
	const char *where, *what;
} refusals[] = {
	{ { "model.general.indicators" }, { "abnormal,nobody" }, ERR_NO_INDICATOR,
		"model.general.indicators", "nobody" },
	{ { "trigger.many.indicator" }, { "nobody" }, ERR_NO_INDICATOR, "trigger.many.indicator",
		"nobody" },
	/* thresholds that overlap */
	{ { "indicator.complaint.bands" }, { "3:-40,1:-10" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "above" },
	{ { "indicator.complaint.bands" }, { "1:-10,1:-40" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "above" },
	{ { "indicator.complaint.bands" }, { "1:-10,1.0:-40" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "not a" },
	{ { "indicator.complaint.bands" }, { "1:-40,3:0" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "one way" },
	{ { "indicator.complaint.bands" }, { "1:20,3:10" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "one way" },
	{ { "indicator.complaint.bands" }, { "0:5,1:-40,3:-30" }, ERR_BAD_BANDS,
		"indicator.complaint.bands", "one way" },
	{ { "indicator.abnormal.bands" }, { "1:200" }, ERR_BAD_BANDS, "indicator.abnormal.bands",
		"red line" },
	{ { "indicator.complaint.bands" }, { "1" }, ERR_BAD_BANDS, "indicator.complaint.bands",
		"not a" },
	{ { "indicator.complaint.bands" }, { "" }, ERR_BAD_BANDS, "indicator.complaint.bands",
		"not a" },
	{ { "indicator.complaint.bands" }, { "1:-0" }, ERR_BAD_BANDS, "indicator.complaint.bands",
		"not a" },
	{ { "indicator.abnormal.bands" }, { "0:-200" }, ERR_BAD_BANDS, "indicator.abnormal.bands",
		"everybody" },
	{ { "model.general.at.B" }, { "700" }, ERR_BAD_BANDS, "model.general.at.B", "below" },
	{ { "model.general.at.C" }, { "600" }, ERR_BAD_BANDS, "model.general.at.C", "below" },
	{ { "model.general.at.A" }, { "1001" }, ERR_BAD_BANDS, "model.general.at.A", "within" },
	{ { "model.general.low" }, { "300" }, ERR_BAD_BANDS, "model.general.at.C", "within" },
	{ { "model.general.high" }, { "0" }, ERR_BAD_BANDS, "model.general.high", "above" },
	{ { "model.general.points" }, { "1001" }, ERR_BAD_BANDS, "model.general.points", "within" },
	/* rings: of one, and of two */
	{ { "model.general.indicators" }, { "base" }, ERR_MODEL_CYCLE, "model.general.indicators",
		"general → general" },
	{ { "indicator.age.source", "indicator.age.match" }, { "model", "food" }, ERR_BAD_MODEL,
		"indicator.age.measure", "no days" },
	{ { "indicator.serious.source", "indicator.serious.match" }, { "model", "food" },
		ERR_MODEL_CYCLE, "model.food.indicators", "food → general → food" },
	{ { "indicator.base.match" }, { "nobody" }, ERR_BAD_MODEL, "indicator.base.match",
		"nobody" },
	{ { "indicator.base.match" }, { "*" }, ERR_BAD_MODEL, "indicator.base.match",
		"name the models" },
	{ { "indicator.base.window" }, { "30" }, ERR_BAD_MODEL, "indicator.base.measure",
		"no days" },
	{ { "indicator.abnormal.measure" }, { "sum" }, ERR_BAD_MODEL, "indicator.abnormal.measure",
		"amounts" },
	{ { "indicator.age.half" }, { "10" }, ERR_BAD_MODEL, "indicator.age.half", "decay" },
	{ { "indicator.food-penalty.field" }, { "fodd" }, ERR_BAD_MODEL,
		"indicator.food-penalty.field", "fodd" },
	{ { "model.food.field" }, { "fodd" }, ERR_BAD_MODEL, "model.food.field", "fodd" },
	/* one word, two classes; one rank, two sources */
	{ { "scale.tax.values" }, { "A级=A,A级=B" }, ERR_BAD_BANDS, "scale.tax.values",
		"two classes" },
	{ { "scale.tax.values" }, { "A级=E" }, ERR_BAD_MODEL, "scale.tax.values", "not a" },
	{ { "source.tax.scale" }, { "nobody" }, ERR_BAD_MODEL, "source.tax.scale", "nobody" },
	{ { "source.register.rank" }, { "10" }, ERR_BAD_MODEL, "source.register.rank", "province" },
	{ { "source.register.rank" }, { "20" }, ERR_BAD_MODEL, "source.register.rank", "computed" },
	{ { "source.register.scale" }, { "tax" }, ERR_BAD_MODEL, "source.register.scale",
		"A to D" },
	{ { "trigger.many.at" }, { "0" }, ERR_BAD_BANDS, "trigger.many.at", "everybody" },
	{ { "trigger.many.at" }, { "0.50" }, ERR_BAD_MODEL, "trigger.many.at", "not a" },
	{ { "trigger.many.early" }, { "2.5" }, ERR_BAD_BANDS, "trigger.many.early", "not below" },
	{ { "trigger.many.reminder", "trigger.many.early" }, { "x", "0" }, ERR_BAD_MODEL,
		"trigger.many.reminder", "nobody" },
	{ { "trigger.many.letter" }, { "a {name} {nobody} b" }, ERR_BAD_MODEL,
		"trigger.many.letter", "{nobody}" },
	{ { "trigger.many.letter" }, { "a {name" }, ERR_BAD_MODEL, "trigger.many.letter",
		"{name}" },
	{ { "trigger.many.reminder" }, { "a } b" }, ERR_BAD_MODEL, "trigger.many.reminder",
		"without" },
	{ { "repeat.days" }, { "60" }, ERR_BAD_MODEL, "repeat.basis", "basis" },
	{ { "repeat.exempt" }, { "367" }, ERR_BAD_MODEL, "repeat.exempt", "not a" },
	{ { "indicator.complaint.source" }, { "rumours" }, ERR_BAD_MODEL,
		"indicator.complaint.source", "events" },
	{ { "indicator.complaint.basis" }, { NULL }, ERR_BAD_MODEL, "indicator.complaint.basis",
		"missing" },
	{ { "indicator.complaint.weight" }, { "3" }, ERR_BAD_MODEL, "indicator.complaint.weight",
		"unknown" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		ARENA_AUTO a = arena_new();
		struct setting_row *set_rows = arena_calloc(a, ROOM, sizeof *set_rows);
		struct risk r;
		struct err e = { 0 };
		size_t n = make_rows(a, set_rows);
		for (size_t k = 0; k < 2 && refusals[i].path[k] != NULL; k++)
			set(a, set_rows, &n, refusals[i].path[k], refusals[i].value[k]);
		settings_sort(set_rows, n);
		assert_false(risk_from_rows(&r, a, set_rows, n, &e));
		if (e.code != refusals[i].code || strstr(e.where, refusals[i].where) == NULL ||
			strstr(e.what, refusals[i].what) == NULL)
			fail_msg("case %zu: %s | %s | %s", i, err_row(e.code)->name, e.where,
				e.what);
	}
}

/* ---- classes ---- */

/* "SOURCE KIND [FIELD] DAY [ends DAY] [repaired DAY] [FEN]": days count from 0 */
struct said {
	enum risk_source source;
	const char *kind, *field;
	int32_t day, ends, repaired;
	int64_t amount;
};
#define NO CIVIL_NONE
enum { TODAY = 20000 };

static size_t signals_of(const struct risk_facts *facts, const struct said *said, size_t n,
	struct risk_signal *out, size_t room)
{
	size_t m = risk_own_signals(facts, out, room);
	for (size_t i = 0; i < n && said[i].kind != NULL; i++) {
		assert_true(m < room);
		out[m++] = (struct risk_signal){ said[i].source, bytes_of(said[i].kind),
			bytes_of(said[i].field), said[i].day, said[i].ends, said[i].repaired,
			said[i].amount };
	}
	return m;
}

enum { SAID = 4 };

static const struct entity_case {
	const char *name, *kind, *labels;
	int32_t established;
	struct said said[SAID];
	enum stratum class; /* general */
	int32_t points, next; /* next counted from today; NO: never */
	enum stratum food;
} cases[] = {
	{ "nothing known: the points at the start, less those of value 0", "enterprise", "", NO,
		{ { 0 } }, STRATUM_A, 790, NO, STRATUM_U },
	{ "no model for this kind", "cooperative", "", NO, { { 0 } }, STRATUM_U, 0, NO, STRATUM_U },
	{ "individual businesses by their own model (FIELD 55)", "individual", "", NO,
		{ { RISK_EVENTS, "complaint", "", TODAY, NO, NO, 0 } }, STRATUM_B, 590, 365,
		STRATUM_U },
	{ "a year old tomorrow", "enterprise", "", TODAY - 364, { { 0 } }, STRATUM_A, 790, 1,
		STRATUM_U },
	{ "a year old", "enterprise", "", TODAY - 365, { { 0 } }, STRATUM_A, 800, 1825 - 365,
		STRATUM_U },
	{ "on the list of abnormal operations: at least C", "enterprise", "", NO,
		{ { RISK_LISTINGS, "abnormal", "", TODAY - 10, NO, NO, 0 } }, STRATUM_C, 590, 1085,
		STRATUM_U },
	/* 满三年 */
	{ "three years on it: D", "enterprise", "", NO,
		{ { RISK_LISTINGS, "abnormal", "", TODAY - 1095, NO, NO, 0 } }, STRATUM_D, 390, NO,
		STRATUM_U },
	{ "removed today (移出): no more", "enterprise", "", NO,
		{ { RISK_LISTINGS, "abnormal", "", TODAY - 10, NO, TODAY, 0 } }, STRATUM_A, 790,
		1085, STRATUM_U },
	{ "removed tomorrow: today still", "enterprise", "", NO,
		{ { RISK_LISTINGS, "abnormal", "", TODAY - 10, NO, TODAY + 1, 0 } }, STRATUM_C, 590,
		1, STRATUM_U },
	/* 信用修复: 修复之日起不再计 */
	{ "penalty", "enterprise", "", NO, { { RISK_EVENTS, "penalty", "", TODAY, NO, NO, 0 } },
		STRATUM_A, 710, 365, STRATUM_U },
	{ "penalty repaired on its date", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 9, NO, TODAY, 0 } }, STRATUM_A, 790, NO,
		STRATUM_U },
	/* 公示期届满自动停止 */
	{ "last day of publication counts", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 9, TODAY, NO, 0 } }, STRATUM_A, 710, 1,
		STRATUM_U },
	{ "the day after does not", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 9, TODAY - 1, NO, 0 } }, STRATUM_A, 790, NO,
		STRATUM_U },
	{ "after a half-life it weighs half", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 365, NO, NO, 0 } }, STRATUM_A, 750, 365,
		STRATUM_U },
	{ "the day before whole", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 364, NO, NO, 0 } }, STRATUM_A, 710, 1,
		STRATUM_U },
	{ "two halves are one", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 365, NO, NO, 0 },
			{ RISK_EVENTS, "penalty", "", TODAY - 370, NO, NO, 0 } },
		STRATUM_A, 710, 360, STRATUM_U },
	{ "last day of the window", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 1094, NO, NO, 0 } }, STRATUM_A, 770, 1,
		STRATUM_U },
	{ "behind the window", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY - 1095, NO, NO, 0 } }, STRATUM_A, 790, NO,
		STRATUM_U },
	{ "tomorrow's event counts tomorrow", "enterprise", "", NO,
		{ { RISK_EVENTS, "penalty", "", TODAY + 1, NO, NO, 0 } }, STRATUM_A, 790, 1,
		STRATUM_U },
	{ "10,000 yuan", "enterprise", "", NO,
		{ { RISK_EVENTS, "other", "", TODAY, NO, NO, 1000000 } }, STRATUM_A, 780, 1095,
		STRATUM_U },
	{ "a fen less", "enterprise", "", NO,
		{ { RISK_EVENTS, "other", "", TODAY, NO, NO, 999999 } }, STRATUM_A, 790, 1095,
		STRATUM_U },
	{ "100,000.50 yuan in two sums", "enterprise", "", NO,
		{ { RISK_EVENTS, "other", "", TODAY, NO, NO, 10000000 },
			{ RISK_EVENTS, "other", "", TODAY, NO, NO, 50 } },
		STRATUM_A, 750, 1095, STRATUM_U },
	{ "sums do not overflow", "enterprise", "", NO,
		{ { RISK_EVENTS, "other", "", TODAY, NO, NO, INT64_MAX },
			{ RISK_EVENTS, "other", "", TODAY, NO, NO, INT64_MAX } },
		STRATUM_A, 750, 1095, STRATUM_U },
	{ "a red line by a label", "enterprise", "serious", NO, { { 0 } }, STRATUM_D, 290, NO,
		STRATUM_U },
	{ "a label from and until", "enterprise", "", NO,
		{ { RISK_LABELS, "worst", "", TODAY - 5, TODAY + 5, NO, 0 } }, STRATUM_D, 290, 6,
		STRATUM_U },
	{ "points stay at or above low", "enterprise", "serious", TODAY - 1,
		{ { RISK_LISTINGS, "abnormal", "", TODAY - 2000, NO, NO, 0 },
			{ RISK_EVENTS, "penalty", "", TODAY, NO, NO, 1000000000 } },
		STRATUM_D, 0, 364, STRATUM_U },
	/* professional: by label, with its own events and the general class */
	{ "food, nothing known", "enterprise", "food", NO, { { 0 } }, STRATUM_A, 790, NO,
		STRATUM_A },
	{ "food, a penalty of the field, by its code", "enterprise", "food", NO,
		{ { RISK_EVENTS, "penalty", "food", TODAY, NO, NO, 0 } }, STRATUM_A, 710, 365,
		STRATUM_B },
	{ "by its name", "enterprise", "food", NO,
		{ { RISK_EVENTS, "penalty", "食品生产企业", TODAY, NO, NO, 0 } }, STRATUM_A, 710,
		365, STRATUM_B },
	{ "a penalty of another field", "enterprise", "food", NO,
		{ { RISK_EVENTS, "penalty", "lift", TODAY, NO, NO, 0 } }, STRATUM_A, 710, 365,
		STRATUM_A },
	{ "general D weighs in", "enterprise", "food,serious", NO, { { 0 } }, STRATUM_D, 290, NO,
		STRATUM_B },
	{ "the food label ends", "enterprise", "", NO,
		{ { RISK_LABELS, "food", "", TODAY - 5, TODAY, NO, 0 } }, STRATUM_A, 790, 1,
		STRATUM_A },
	{ "the food label has ended", "enterprise", "", NO,
		{ { RISK_LABELS, "food", "", TODAY - 5, TODAY - 1, NO, 0 } }, STRATUM_A, 790, NO,
		STRATUM_U },
	{ "the food label begins", "enterprise", "", NO,
		{ { RISK_LABELS, "food", "", TODAY + 7, NO, NO, 0 } }, STRATUM_A, 790, 7,
		STRATUM_U },
	{ "food of an individual business: no general model of its kind", "individual", "food", NO,
		{ { 0 } }, STRATUM_B, 600, NO, STRATUM_A },
};

static void check_class(
	const struct risk *r, struct risk_machine *m, const struct entity_case *wanted)
{
	uint32_t food = (uint32_t)risk_field(r, BYTES("food")) + 1;
	struct risk_facts facts = { .kind = bytes_of(wanted->kind),
		.labels = bytes_of(wanted->labels),
		.established = wanted->established,
		.since = NO };
	struct risk_signal signal[16];
	size_t n = signals_of(&facts, wanted->said, SAID, signal, 16);
	const struct risk_result *got = risk_classify(m, &facts, signal, n, TODAY);
	int32_t next = wanted->next == NO ? NO : TODAY + wanted->next;
	if (got->field[0].class != wanted->class || got->field[0].points != wanted->points ||
		got->next != next || got->field[food].class != wanted->food)
		fail_msg("%s: class %s, %d points, next %d, food %s", wanted->name,
			stratum_name(got->field[0].class), got->field[0].points,
			got->next == NO ? -1 : got->next - TODAY,
			stratum_name(got->field[food].class));
}

/* Twice, the second time from the end: nothing stays from the entity before. */
static void test_classes(void **state)
{
	enum { N = sizeof cases / sizeof *cases };
	ARENA_AUTO a = arena_new();
	struct risk r;
	(void)state;
	make(&r, a);
	struct risk_machine *m = risk_compile(&r, a);
	for (size_t i = 0; i < N; i++)
		check_class(&r, m, &cases[i]);
	for (size_t i = N; i-- > 0;)
		check_class(&r, m, &cases[i]);
}

/* On no day before `next` is anything else than today: time is looked ahead, day by day. */
static void test_next(void **state)
{
	static const char *const kinds[] = { "complaint", "penalty", "other", "abnormal",
		"serious" };
	static const enum risk_source sources[] = { RISK_EVENTS, RISK_EVENTS, RISK_EVENTS,
		RISK_LISTINGS, RISK_LABELS };
	uint64_t x = 1;

	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk r;
	size_t changes = 0;
	make(&r, a);
	struct risk_machine *m = risk_compile(&r, a);
	for (int round = 0; round < 300; round++) {
		struct said said[SAID] = { { 0 } };
		struct risk_signal signal[16];
		for (size_t i = 0; i < SAID; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			unsigned v = (unsigned)(x >> 33), k = v % 5;
			int32_t day = TODAY - (int32_t)(v / 5 % 1300) + 100;
			said[i] = (struct said){ sources[k], kinds[k], "", day,
				v / 7 % 3 == 0 ? day + (int32_t)(v / 11 % 500) : NO,
				v / 13 % 3 == 0 ? day + (int32_t)(v / 17 % 500) : NO,
				v % 20000000 };
		}
		struct risk_facts facts = {
			.kind = BYTES("enterprise"), .established = TODAY - 200 - round, .since = NO
		};
		size_t n = signals_of(&facts, said, SAID, signal, 16);
		const struct risk_result *got = risk_classify(m, &facts, signal, n, TODAY);
		int32_t next = got->next, points = got->field[0].points;
		enum stratum class = got->field[0].class;
		for (int32_t day = TODAY + 1; day < TODAY + 900 && (next == NO || day < next);
			day++) {
			got = risk_classify(m, &facts, signal, n, day);
			assert_int_equal(got->field[0].points, points);
			assert_int_equal(got->field[0].class, class);
		}
		if (next != NO && next < TODAY + 900) {
			got = risk_classify(m, &facts, signal, n, next);
			changes += got->field[0].points != points;
		}
	}
	assert_true(changes > 50);
}

static const struct risk_reason *reason_of(
	const struct risk *r, const struct risk_why *why, const char *indicator)
{
	uint32_t i = 0;
	while (i < why->reasons &&
		!bytes_is(r->indicators[why->reason[i].indicator].code, indicator))
		i++;
	assert_true(i < why->reasons);
	return &why->reason[i];
}

/* Every contribution with the fact it comes from, and the day that stops it. */
static void test_why(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk r;
	make(&r, a);
	struct risk_machine *m = risk_compile(&r, a);
	const struct said said[SAID] = { { RISK_EVENTS, "complaint", "", TODAY - 5, NO, NO, 0 },
		{ RISK_EVENTS, "complaint", "", TODAY - 400, NO, NO, 0 },
		{ RISK_EVENTS, "complaint", "", TODAY - 6, NO, TODAY - 1, 0 },
		{ RISK_LISTINGS, "abnormal", "", TODAY - 10, TODAY + 3, NO, 0 } };
	struct risk_facts facts = { .kind = BYTES("enterprise"), .established = NO, .since = NO };
	struct risk_signal signal[16];
	size_t n = signals_of(&facts, said, SAID, signal, 16), models;
	const struct risk_why *why;

	risk_explain(m, &facts, signal, n, TODAY, a, &why, &models);
	assert_int_equal(models, 1);
	assert_true(bytes_is(r.models[why->model].code, "general"));
	assert_int_equal(why->class.class, STRATUM_C);
	assert_true(why->class.forced);
	int32_t sum = (int32_t)r.models[why->model].points;
	for (uint32_t i = 0; i < why->reasons; i++)
		sum += why->reason[i].points;
	assert_int_equal(sum, why->class.points);
	const struct risk_reason *c = reason_of(&r, why, "complaint");
	const struct risk_reason *l = reason_of(&r, why, "abnormal");
	assert_int_equal(c->value, 1000);
	assert_int_equal(c->points, -10);
	assert_int_equal(c->parts, 3);
	static const char *const states[] = { "counts", "window", "repaired" };
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(c->part[i].state, states[i]);
	assert_int_equal(c->part[0].until, TODAY - 5 + 365);
	assert_int_equal(c->part[1].weight, 0);
	assert_true(l->red);
	assert_int_equal(l->part[0].until, TODAY + 4);
}

static void test_grades(void **state)
{
	static const struct {
		const char *source, *raw;
		bool known;
		enum stratum class;
	} rows[] = {
		{ "province", "A", true, STRATUM_A },
		{ "province", "D", true, STRATUM_D },
		{ "province", "U", false, STRATUM_U },
		{ "province", "A1", false, STRATUM_U },
		{ "province", "A级", false, STRATUM_U },
		{ "tax", "A级", true, STRATUM_A },
		{ "tax", "M级", true, STRATUM_B },
		{ "tax", "A", false, STRATUM_U },
		{ "tax", "", false, STRATUM_U },
	};

	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk r;
	make(&r, a);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum stratum class = STRATUM_U;
		const struct risk_giver *g = NULL;
		for (uint32_t k = 0; k < r.giver_count; k++)
			g = bytes_is(r.givers[k].code, rows[i].source) ? &r.givers[k] : g;
		assert_non_null(g);
		assert_int_equal(risk_grade(&r, g, bytes_of(rows[i].raw), &class), rows[i].known);
		assert_int_equal(class, rows[i].class);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_grades),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
