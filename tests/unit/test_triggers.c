/* Triggers of a risk model: when what they look at may change, what counts for them, and those of
 * the template, whose label must force a visit on site. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/policy/policyfile.h"
#include "daemon/policy/riskfile.h"
#include "daemon/policy/settingsfile.h"

enum { TODAY = 20000 };

/* ---- a small model -------------------------------------------------------------------------- */

static const char model[] =
	"title = \"t\"; computed: { rank = 20; };\n"
	"defaults: { model: { version = 1; points = 700; low = 0; high = 1000; at = { A = 750; B = 600; C = 400; }; }; };\n"
	"indicator: {\n"
	" listed: { name = \"n\"; basis = \"b\"; source = \"listings\"; match = [\"abnormal\"]; measure = \"days\"; bands = \"1000:-1\"; };\n"
	" complaint: { name = \"n\"; basis = \"b\"; source = \"events\"; match = [\"complaint\"]; measure = \"count\"; window = 30; bands = \"1:-400\"; };\n"
	" class: { name = \"n\"; basis = \"b\"; source = \"model\"; match = [\"general\"]; measure = \"has\"; bands = \"1:0\"; };\n"
	"};\n"
	"model: { general: { name = \"m\"; basis = \"b\"; indicators = [\"complaint\"]; }; };\n"
	"trigger: {\n"
	" age: { name = \"x\"; basis = \"b\"; indicator = \"listed\"; at = 100; early = 70; label = \"focus\"; days = 30; };\n"
	" many: { name = \"x\"; basis = \"b\"; indicator = \"complaint\"; at = 2; label = \"focus\"; days = 30; };\n"
	" worst: { name = \"x\"; basis = \"b\"; indicator = \"class\"; at = 3; label = \"focus\"; days = 30; };\n"
	"};\n";

static void parse(struct risk_file *f, struct arena *a, const char *text)
{
	struct err e = { 0 };
	char why[700];
	if (!risk_file_parse(f, a, text, "risk.conf", &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
}

static const struct risk_result *classify(
	struct risk_machine *m, const struct risk_signal *signal, size_t n)
{
	const struct risk_facts facts = {
		.kind = BYTES("enterprise"), .established = CIVIL_NONE, .since = CIVIL_NONE
	};
	return risk_classify(m, &facts, signal, n, TODAY);
}

static struct risk_signal signal_of(enum risk_source source, const char *kind, int32_t before)
{
	return (struct risk_signal){ .source = source,
		.kind = bytes_of(kind),
		.field = BYTES(""),
		.day = TODAY - before,
		.ends = CIVIL_NONE,
		.repaired = CIVIL_NONE };
}

static int64_t value_of(const struct risk *r, const struct risk_result *got, const char *trigger)
{
	for (uint32_t i = 0; i < r->trigger_count; i++)
		if (bytes_is(r->triggers[i].code, trigger))
			return got->value[r->triggers[i].indicator];
	fail_msg("no trigger %s", trigger);
	return 0;
}

/* An indicator that no model has is valued for its trigger, and so is the class of a model. */
static void test_values(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	parse(&f, a, model);
	struct risk_machine *m = risk_compile(&f.risk, a);
	const struct risk_signal s[] = { signal_of(RISK_LISTINGS, "abnormal", 80),
		signal_of(RISK_EVENTS, "complaint", 5), signal_of(RISK_EVENTS, "complaint", 29),
		signal_of(RISK_EVENTS, "complaint", 30) };
	const struct risk_result *got = classify(m, s, 4);

	assert_int_equal(value_of(&f.risk, got, "age"), 80 * 1000);
	assert_int_equal(value_of(&f.risk, got, "many"), 2 * 1000);
	assert_int_equal(got->field[0].class, STRATUM_D); /* 700 - 400 points */
	assert_int_equal(value_of(&f.risk, got, "worst"), STRATUM_D * 1000);
	/* nothing of an entity is left in the next one */
	got = classify(m, s, 0);
	assert_int_equal(value_of(&f.risk, got, "age"), 0);
	assert_int_equal(value_of(&f.risk, got, "many"), 0);
	assert_int_equal(value_of(&f.risk, got, "worst"), STRATUM_B * 1000);
}

/* Days grow by themselves: the entity is due on the day on which a bound of a trigger is reached.
 */
static void test_next(void **state)
{
	static const struct {
		int32_t before, next; /* days before and behind today; -1: never */
	} rows[] = { { 0, 70 }, { 69, 1 }, { 70, 30 }, { 99, 1 }, { 100, 900 }, { 999, 1 },
		{ 1000, -1 } };

	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	parse(&f, a, model);
	struct risk_machine *m = risk_compile(&f.risk, a);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct risk_signal s = signal_of(RISK_LISTINGS, "abnormal", rows[i].before);
		const struct risk_result *got = classify(m, &s, 1);
		assert_int_equal(got->next, rows[i].next < 0 ? CIVIL_NONE : TODAY + rows[i].next);
	}
}

/* Which facts count for a trigger. */
static void test_parts(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	struct risk_part part[4];
	parse(&f, a, model);
	struct risk_machine *m = risk_compile(&f.risk, a);
	const struct risk_signal s[] = { signal_of(RISK_LISTINGS, "abnormal", 80),
		signal_of(RISK_EVENTS, "complaint", 5), signal_of(RISK_EVENTS, "complaint", 30),
		signal_of(RISK_EVENTS, "penalty", 5) };

	classify(m, s, 4);
	uint32_t n = risk_parts(
		m, (uint32_t)risk_indicator(&f.risk, BYTES("complaint")), s, 4, TODAY, part);
	assert_int_equal(n, 2);
	assert_int_equal(part[0].signal, 1);
	assert_int_equal(part[0].weight, 1000);
	assert_int_equal(part[0].until, TODAY - 5 + 30);
	assert_int_equal(part[1].signal, 2);
	assert_int_equal(part[1].weight, 0);
	assert_string_equal(part[1].state, "window");
}

/* ---- the template --------------------------------------------------------------------------- */

static const char *read_template(struct arena *a, const char *file)
{
	char *text;
	struct err e = { 0 };
	assert_true(cfg_read(&text, a, file, SETTINGS_FILE_MAX, &e));
	return arena_strdup(a, text);
}

/* FIELD.md rows 10, 11: who reaches a trigger is visited on site (PROTOCOL.md §9): its label is
 * among `focus.labels` of the template policy. Row 7: there is an early warning with a reminder. */
static void test_template(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	struct policy_file p;
	struct err e = { 0 };
	size_t early = 0;

	parse(&f, a, read_template(a, "etc/policy/risk.conf"));
	assert_true(policy_file_parse(
		&p, a, read_template(a, "etc/policy/district.conf"), "district.conf", &e));
	assert_true(f.risk.trigger_count >= 2);
	for (uint32_t i = 0; i < f.risk.trigger_count; i++) {
		const struct risk_trigger *t = &f.risk.triggers[i];
		if (!list_has(&p.policy.focus_labels, t->label))
			fail_msg("%.*s: nobody is visited for it", BYTES_ARG(t->code));
		assert_true(t->basis.n > 10 && t->letter.n > 0);
		early += t->early > 0 && t->reminder.n > 0;
	}
	assert_true(early > 0);
	assert_int_equal(f.risk.repeat.days, 60);
	assert_true(f.risk.repeat.basis.n > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_template),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
