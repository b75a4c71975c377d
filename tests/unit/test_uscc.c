#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "planner/uscc.h"

static void expect(enum ident_fault got, const char *name, const char *code)
{
	if (strcmp(ident_fault_name(got), name) != 0)
		fail_msg("%s: %s, expected %s", code, ident_fault_name(got), name);
}

/* The worked examples of the standards, and one fault of each kind. */
static void worked_examples(void **state)
{
	static const struct {
		const char *code, *fault;
	} uscc[] = {
		{ "91512081MA62K0260E", "ok" },
		{ "", "len" },
		{ "91512081MA62K0260", "len" },
		{ "91512081MA62K0260E1", "len" },
		{ "91512081MA62K0260F", "usccdigit" },
		{ "91512081MA62K0250E", "usccdigit" },
		{ "91512081MA62KO260E", "charset" },
		{ "91512081ma62K0260E", "charset" },
		{ "91512081MA62K026 E", "charset" },
	}, regno[] = {
		{ "320404000009558", "ok" },
		{ "320404000009557", "usccdigit" },
		{ "32040400000955", "len" },
		{ "32040400000955X", "charset" },
		{ "3204O4000009558", "charset" },
	}, citizen[] = {
		{ "11010519491231002X", "ok" },
		{ "110105194912310021", "usccdigit" },
		{ "11010519491331002X", "date" },
		{ "11010519490229002X", "date" },
		{ "11010519491231002x", "charset" },
		{ "1101051949123100X2", "charset" },
		{ "1101051949123100", "len" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof uscc / sizeof *uscc; i++)
		expect(uscc_check(bytes_of(uscc[i].code)), uscc[i].fault, uscc[i].code);
	for (size_t i = 0; i < sizeof regno / sizeof *regno; i++)
		expect(regno_check(bytes_of(regno[i].code)), regno[i].fault, regno[i].code);
	for (size_t i = 0; i < sizeof citizen / sizeof *citizen; i++)
		expect(citizen_check(bytes_of(citizen[i].code)), citizen[i].fault, citizen[i].code);
	assert_int_equal(org_digit("59467239"), '9');
	assert_int_equal(org_digit("5946723 "), '\0');
}

/* A code with a wrong organisation character and a last character that fits it. */
static void organisation_digit(void **state)
{
	char code[USCC_LENGTH + 1] = "91512081MA62K02600";

	(void)state;
	code[16] = '1';
	code[17] = uscc_digit(code);
	expect(uscc_check(bytes_of(code)), "orgdigit", code);
}

static void make(void **state)
{
	char code[USCC_LENGTH + 1];

	(void)state;
	assert_true(uscc_make("91512081", "MA62K026", code));
	assert_string_equal(code, "91512081MA62K0260E");
	assert_false(uscc_make("9151208I", "MA62K026", code));
	assert_false(uscc_make("91512081", "MA62K02S", code)); /* in GB 11714, not in GB 32100 */
	assert_false(uscc_make("91512081", "MA62K02-", code));
	/* every made code passes; every single changed character is noticed */
	uint64_t x = 88172645463325252u;
	for (int round = 0; round < 2000; round++) {
		char org[9] = "";
		for (size_t i = 0; i < 8; i++) {
			x = x * 6364136223846793005u + 1442695040888963407u;
			org[i] = "0123456789ABCDEFGHJKLMNPQRTUWXY"[(x >> 33) % 31];
		}
		assert_true(uscc_make("92371002", org, code));
		expect(uscc_check(bytes_of(code)), "ok", code);
		code[round % 18] = code[round % 18] == '7' ? '8' : '7';
		assert_int_not_equal(uscc_check(bytes_of(code)), IDENT_OK);
	}
}

static void normalise(void **state)
{
	enum { T = IDENT_TRIMMED, Q = IDENT_UNQUOTED, W = IDENT_WIDTH, C = IDENT_CASE };
	static const struct {
		const char *in, *out;
		unsigned repairs;
	} rows[] = {
		{ "91310000X072143273", "91310000X072143273", 0 },
		{ "91310000x072143273", "91310000X072143273", C },
		{ " 91310000X072143273\t\r\n", "91310000X072143273", T },
		{ "\xEF\xBB\xBF"
		  "91310000X072143273",
			"91310000X072143273", T },
		{ "9131 0000\xC2\xA0X072 1432\xE3\x80\x80"
		  "73",
			"91310000X072143273", T },
		{ "９１３１００００Ｘ０７２１４３２７３", "91310000X072143273", W },
		{ "９１３１００００ｘ０７２１４３２７３", "91310000X072143273", W | C },
		{ "'320404000009558", "320404000009558", Q },
		{ " ＇320404000009558", "320404000009558", T | Q | W },
		{ "=\"320404000009558\"", "320404000009558", Q },
		{ "=\"", "=\"", 0 },
		{ "=", "=", 0 },
		{ "无", "无", 0 },
		{ "", "", 0 },
		{ " ", "", T },
	};
	char out[USCC_TEXT_MAX + 1];
	struct bytes result;
	unsigned repairs;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(ident_normalise(bytes_of(rows[i].in), out, &result, &repairs));
		assert_string_equal(out, rows[i].out);
		assert_ptr_equal(result.p, out);
		assert_int_equal(result.n, strlen(rows[i].out));
		assert_int_equal(repairs, rows[i].repairs);
	}
	/* a NUL is kept, so that it cannot hide what follows it */
	assert_true(ident_normalise(BYTES("91\0x"), out, &result, &repairs));
	assert_int_equal(result.n, 4);
	assert_memory_equal(out, "91\0X", 4);
	assert_false(ident_normalise(BYTES("91\xFF"), out, &result, &repairs));

	char lengthy[80];
	memset(lengthy, '1', sizeof lengthy);
	assert_true(ident_normalise((struct bytes){ lengthy, 64 }, out, &result, &repairs));
	assert_false(ident_normalise((struct bytes){ lengthy, 65 }, out, &result, &repairs));
	assert_int_equal(result.n, 64);
	memset(lengthy + 2, ' ', 70); /* what is taken out does not count */
	assert_true(ident_normalise((struct bytes){ lengthy, 80 }, out, &result, &repairs));
	assert_int_equal(result.n, 10);
}

static bool has_candidate(const char *cell, const char *code)
{
	char out[USCC_CANDIDATES][USCC_LENGTH + 1];
	size_t n = uscc_candidates(bytes_of(cell), out);
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		assert_int_equal(uscc_check(bytes_of(out[i])), IDENT_OK);
		if (i > 0)
			assert_true(strcmp(out[i - 1], out[i]) < 0);
		found = found || strcmp(out[i], code) == 0;
	}
	return found;
}

static void candidates(void **state)
{
	static const struct {
		const char *cell, *code;
	} rows[] = {
		{ "914690067138471040", "914690067138471565" }, /* cut, then as binary fraction */
		{ "914690060623329024", "914690060623329838" },
		{ "914690067138471000", "914690067138471565" }, /* cut */
		{ "914690067138471552", "914690067138471565" }, /* as binary fraction */
	};
	char out[USCC_CANDIDATES][USCC_LENGTH + 1];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!has_candidate(rows[i].cell, rows[i].code))
			fail_msg("%s: %s is not among its candidates", rows[i].cell, rows[i].code);
	assert_false(has_candidate("914690067138471000", "914690060623329838"));
	/* nothing for a valid code, a typing slip, letters, another length, a leading zero */
	assert_int_equal(uscc_candidates(BYTES("914690067138471565"), out), 0);
	assert_int_equal(uscc_candidates(BYTES("914690067138471567"), out), 0);
	assert_int_equal(uscc_candidates(BYTES("91512081MA62K02600"), out), 0);
	assert_int_equal(uscc_candidates(BYTES("91469006713847100"), out), 0);
	assert_int_equal(uscc_candidates(BYTES("014690067138471000"), out), 0);
	assert_int_equal(uscc_candidates(BYTES("999999999999999999"), out), 0);
	(void)uscc_candidates(BYTES("999999999999999000"), out);
}

/* A number cell whose digits pass is believed only where nothing else looks the same. */
static void numbers(void **state)
{
	char out[USCC_CANDIDATES][USCC_LENGTH + 1];

	(void)state;
	assert_int_equal(uscc_in_number(BYTES("914690067138471565"), out), 1);
	assert_string_equal(out[0], "914690067138471565");
	size_t n = uscc_in_number(BYTES("914690067138471000"), out);
	assert_true(n > 1);
	assert_true(n >= uscc_candidates(BYTES("914690067138471000"), out));
	assert_int_equal(uscc_in_number(BYTES("91512081MA62K0260E"), out), 0);
	assert_int_equal(uscc_in_number(BYTES("91469006713847156"), out), 0);
	/* 16 digits that stand for a binary fraction: the codes that have the same one */
	n = uscc_in_number(BYTES("914690067138471600"), out);
	bool found = false;
	for (size_t i = 0; i < n; i++)
		found = found || strcmp(out[i], "914690067138471565") == 0;
	assert_true(found);
}

static void persons_by_their_number(void **state)
{
	(void)state;
	assert_true(citizen_like(BYTES("110101199003074215")));
	assert_true(citizen_like(BYTES("110101199003074000")));
	assert_false(citizen_like(BYTES("910101199003074215"))); /* no such province */
	assert_false(citizen_like(BYTES("110101199002304215"))); /* no such day */
	assert_false(citizen_like(BYTES("110101219003074215")));
	assert_false(citizen_like(BYTES("11010119900307421")));
	assert_false(citizen_like(BYTES("11010119900307421A")));
}

static void lookalikes(void **state)
{
	static const struct {
		const char *text, *code; /* NULL: none */
	} rows[] = {
		{ "9I350200MA2YJ1XR9G", "91350200MA2YJ1XR9G" },
		{ "9I3502OOMAZYJIXR9G", "91350200MA2YJ1XR9G" },
		{ "91350200MA2YJ1XR9G", NULL }, /* it is one */
		{ "9I350200MA2YJ1XR9H", NULL },
		{ "9I350200MA2YJ1XR9", NULL },
	};
	char out[USCC_LENGTH + 1];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(uscc_lookalike(bytes_of(rows[i].text), out), rows[i].code != NULL);
		if (rows[i].code != NULL)
			assert_string_equal(out, rows[i].code);
	}
}

/* The first two characters may be letters, the region's six are digits. */
static void region_is_digits(void **state)
{
	char code[USCC_LENGTH + 1];

	(void)state;
	assert_true(uscc_make("Y1110000", "MA000000", code));
	assert_int_equal(uscc_check(bytes_of(code)), IDENT_OK);
	assert_false(uscc_make("9111000A", "MA000000", code));
	assert_int_equal(uscc_check(bytes_of(code)), IDENT_CHARSET);
}

/* Every all-digit code comes back from its cut number. */
static void candidates_find_every_code(void **state)
{
	char code[USCC_LENGTH + 1], cell[USCC_LENGTH + 1];
	int tried = 0;

	(void)state;
	for (unsigned org = 10000000; org < 10006000; org += 7) {
		char text[9];
		snprintf(text, sizeof text, "%08u", org);
		assert_true(uscc_make("91371002", text, code));
		if (strspn(code, "0123456789") != USCC_LENGTH)
			continue;
		memcpy(cell, code, sizeof cell);
		memset(cell + 15, '0', 3);
		if (uscc_check(bytes_of(cell)) == IDENT_OK)
			continue;
		assert_true(has_candidate(cell, code));
		tried++;
	}
	assert_true(tried > 100);
}

/* ---- real data, only where it is at hand ---- */

static FILE *open_data(const char *name)
{
	const char *folder = getenv("DRAWD_TEST_DATA");
	char path[1024];

	if (folder == NULL || folder[0] == '\0') {
		printf("skipped: DRAWD_TEST_DATA is not set\n");
		skip();
	}
	snprintf(path, sizeof path, "%s/data/%s", folder, name);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s: cannot be opened", path);
	return f;
}

static void real_vectors(void **state)
{
	FILE *f = open_data("uscc_test_vectors.csv");
	char line[1024];
	int rows = 0;

	(void)state;
	assert_non_null(fgets(line, sizeof line, f));
	while (fgets(line, sizeof line, f) != NULL) {
		char *rest = NULL, *code = strtok_r(line, ",", &rest),
		     *fault = strtok_r(NULL, ",", &rest);
		char out[USCC_TEXT_MAX + 1];
		struct bytes result;
		unsigned repairs;
		expect(uscc_check(bytes_of(code)), fault, code);
		assert_true(ident_normalise(bytes_of(code), out, &result, &repairs));
		if (strchr(code, 'x') != NULL) /* what is wrong is only the case */
			expect(uscc_check(result), "ok", out);
		if (strlen(code) == REGNO_LENGTH)
			expect(regno_check(bytes_of(code)), "ok", code);
		rows++;
	}
	fclose(f);
	assert_int_equal(rows, 19);
}

/* Nearly all codes of real registers pass both check characters. */
static void real_entities(void **state)
{
	static const char *const files[] = { "entities_weihai_3710.csv",
		"entities_shuangliu_510116.csv" };
	static char line[1 << 20];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		FILE *f = open_data(files[i]);
		int rows = 0, valid = 0;
		assert_non_null(fgets(line, sizeof line, f));
		while (fgets(line, sizeof line, f) != NULL) {
			char *rest = NULL, *name = strtok_r(line, ",", &rest),
			     *code = name != NULL ? strtok_r(NULL, ",", &rest) : NULL;
			if (code == NULL || strncmp(code, "9", 1) != 0)
				continue; /* a line within a quoted value */
			rows++;
			valid += uscc_check(bytes_of(code)) == IDENT_OK;
		}
		fclose(f);
		printf("%s: %d of %d codes valid\n", files[i], valid, rows);
		assert_true(rows > 1000 && valid * 1000 >= rows * 990);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worked_examples),
		cmocka_unit_test(organisation_digit),
		cmocka_unit_test(make),
		cmocka_unit_test(normalise),
		cmocka_unit_test(candidates),
		cmocka_unit_test(candidates_find_every_code),
		cmocka_unit_test(numbers),
		cmocka_unit_test(persons_by_their_number),
		cmocka_unit_test(lookalikes),
		cmocka_unit_test(region_is_digits),
		cmocka_unit_test(real_vectors),
		cmocka_unit_test(real_entities),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
