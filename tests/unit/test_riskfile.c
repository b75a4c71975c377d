/* The template etc/policy/risk.conf, and what is refused with its line in the file. */
#include "tests/unit/test.h"

#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/policy/riskfile.h"
#include "daemon/policy/settingsfile.h"

static const char *read_template(struct arena *a)
{
	char *text;
	struct err e = { 0 };
	assert_true(cfg_read(&text, a, "etc/policy/risk.conf", SETTINGS_FILE_MAX, &e));
	return arena_strdup(a, text);
}

static const char *replaced(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static unsigned line_of(const char *text, const char *word)
{
	unsigned line = 1;
	const char *at = strstr(text, word);
	assert_non_null(at);
	for (const char *p = text; p < at; p++)
		line += *p == '\n';
	return line;
}

static void parse(struct risk_file *f, struct arena *a, const char *text)
{
	struct err e = { 0 };
	char why[700];
	if (!risk_file_parse(f, a, text, "risk.conf", &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
}

/* FIELD.md rows 9, 54, 55: a general class, one for individual businesses, the six professional
 * fields; row 42: several sources, each with its place. */
static void test_template(void **state)
{
	static const char *const fields[] = { "food-making", "canteen", "intellectual-property",
		"medical-insurance", "special-equipment", "testing" };

	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	parse(&f, a, read_template(a));
	assert_true(strlen(f.title) > 0);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		int64_t field = risk_field(&f.risk, bytes_of(fields[i]));
		size_t models = 0;
		assert_true(field >= 0);
		for (uint32_t m = 0; m < f.risk.model_count; m++)
			models += f.risk.models[m].field == field;
		assert_int_equal(models, 1);
	}
	assert_true(f.risk.giver_count >= 2 && f.risk.scale_count >= 2);
	assert_true(f.risk.trigger_count >= 1);
	/* every number has its law or its standard beside it */
	for (uint32_t i = 0; i < f.risk.indicator_count; i++)
		assert_true(f.risk.indicators[i].basis.n > 10);
	/* every indicator is looked at by some model */
	for (uint32_t i = 0; i < f.risk.indicator_count; i++) {
		size_t models = 0;
		for (uint32_t m = 0; m < f.risk.model_count; m++)
			models += list_has(
				&f.risk.models[m].indicator_codes, f.risk.indicators[i].code);
		if (models == 0)
			fail_msg("nobody looks at %.*s", BYTES_ARG(f.risk.indicators[i].code));
	}
}

/* What is stored says the same as the file. */
static void test_rows(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	struct risk r;
	struct err e = { 0 };
	const struct setting_row *row;
	size_t n;
	struct buf text = buf_new(a, 4096);

	parse(&f, a, read_template(a));
	assert_true(risk_of_text(&r, a, f.rows, &e));
	risk_rows(&r, a, &row, &n);
	for (size_t i = 0; i < n; i++) {
		buf_bytes(&text, row[i].path);
		buf_byte(&text, '\t');
		buf_bytes(&text, row[i].value);
		buf_byte(&text, '\n');
	}
	assert_true(bytes_equal(buf_view(&text), f.rows));
}

/* Who reaches a red line, whatever else speaks for him (FIELD.md row 10). */
static void test_red_lines(void **state)
{
	static const struct {
		enum risk_source source;
		const char *kind;
		int32_t before; /* days */
		enum stratum class;
	} rows[] = {
		{ RISK_LISTINGS, "serious", 10, STRATUM_D },
		{ RISK_LISTINGS, "abnormal", 10, STRATUM_C },
		{ RISK_LISTINGS, "abnormal", 1095, STRATUM_D },
		{ RISK_CHECKS, "不配合检查情节严重", 10, STRATUM_D },
		{ RISK_CHECKS, "不配合检查情节严重", 1095, STRATUM_A },
		{ RISK_CHECKS, "通过登记的住所（经营场所）无法联系", 10, STRATUM_C },
		{ RISK_CHECKS, "未发现问题", 10, STRATUM_A },
		{ RISK_COMMITMENTS, "untrue", 10, STRATUM_C },
		{ RISK_PERMITS, "revoked", 10, STRATUM_D },
		{ RISK_EVENTS, "honour", 10, STRATUM_A },
	};
	enum { TODAY = 20000 };

	(void)state;
	ARENA_AUTO a = arena_new();
	struct risk_file f;
	parse(&f, a, read_template(a));
	struct risk_machine *m = risk_compile(&f.risk, a);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct risk_facts facts = { .kind = BYTES("enterprise"),
			.established = TODAY - 7000,
			.since = CIVIL_NONE };
		struct risk_signal signal[12];
		size_t n = risk_own_signals(&facts, signal, 4);
		signal[n++] = (struct risk_signal){ rows[i].source, bytes_of(rows[i].kind),
			BYTES(""), TODAY - rows[i].before, CIVIL_NONE, CIVIL_NONE, 0 };
		for (int k = 0; k < 4; k++)
			signal[n++] = (struct risk_signal){ RISK_CHECKS, BYTES("未发现问题"),
				BYTES(""), TODAY - k, CIVIL_NONE, CIVIL_NONE, 0 };
		const struct risk_result *got = risk_classify(m, &facts, signal, n, TODAY);
		if (got->field[0].class != rows[i].class)
			fail_msg("%s %d days ago: %s", rows[i].kind, rows[i].before,
				stratum_name(got->field[0].class));
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum err_code code;
		const char *at, *what; /* what stands in the line that is named */
	} rows[] = {
		{ "bands = \"10000:-10,100000:-40,1000000:-100\"",
			"bands = \"100000:-40,10000:-10\"", ERR_BAD_BANDS, "100000:-40,10000:-10",
			"penalty-amount" },
		{ "indicators = [\"general-class\", \"testing-penalty\"]",
			"indicators = [\"general-class\", \"no-such\"]", ERR_NO_INDICATOR,
			"\"no-such\"", "no-such" },
		{ "at = { A = 720; B = 560; C = 360; }", "at = { A = 500; B = 560; C = 360; }",
			ERR_BAD_BANDS, "A = 500", "individual" },
		{ "\"uncooperative\",\n\t\t\t\"undisclosed\"",
			"\"uncooperative\", \"general-class\",\n\t\t\t\"undisclosed\"",
			ERR_MODEL_CYCLE,
			"indicators = [\"abnormal\", \"abnormal-long\", \"alliance\"",
			"general → general" },
		{ "measure = \"sum\"", "measure = \"mean\"", ERR_BAD_MODEL, "\"mean\"", "count" },
		{ "scale = \"food-risk\"", "scale = \"fodd-risk\"", ERR_BAD_MODEL, "\"fodd-risk\"",
			"fodd-risk" },
		{ "name = \"罚没金额\";", "", ERR_BAD_MODEL, "penalty-amount:", "missing" },
		{ "name = \"罚没金额\";", "name = \"罚没金额\"; colour = 1;", ERR_BAD_MODEL,
			"colour = 1", "unknown" },
		{ "window = 1095; half = 365;", "window = 10.5; half = 365;", ERR_CONF, "10.5",
			"fraction" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct risk_file f;
		struct err e = { 0 };
		const char *text = replaced(a, read_template(a), rows[i].from, rows[i].to);
		const char *line = arena_printf(a, "risk.conf:%u", line_of(text, rows[i].at));
		assert_false(risk_file_parse(&f, a, text, "risk.conf", &e));
		if (e.code != rows[i].code || strncmp(e.where, line, strlen(line)) != 0 ||
			(strstr(e.what, rows[i].what) == NULL &&
				strstr(e.where, rows[i].what) == NULL))
			fail_msg("case %zu: %s | %s | %s, wanted %s", i, err_row(e.code)->name,
				e.where, e.what, line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_template),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_red_lines),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
