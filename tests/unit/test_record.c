/* Records and value types: PROTOCOL.md §1, §3. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/record.h"
#include "tests/unit/vectors.h"

/* A lawful value of every type. */
static const char *const sample[TYPE_COUNT] = {
	[TYPE_NUMBER] = "600",
	[TYPE_TIME] = "1767225600",
	[TYPE_DATE] = "2026-02-28",
	[TYPE_HASH] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	[TYPE_HASH_OR_NONE] = "none",
	[TYPE_TOKEN] = "public",
	[TYPE_TOKENS] = "market,tax",
	[TYPE_ROUND] = "2026-0007",
	[TYPE_ROUND_OR_NONE] = "none",
	[TYPE_NAME] = "example.org/log",
	[TYPE_VKEY] = "log.example/2026+536a125a+Ac9DwbCFeQtFNM+Ov6cRdDjUzgSqVBuFSuiCzsUCxNV5",
	[TYPE_FLAG] = "no",
	[TYPE_TEXT] = "0123456789",
	[TYPE_PULSES] = "drand:5000000:1767225600,dice:1:1767225601",
	[TYPE_APPROVALS] = "market:li:1767225600",
	[TYPE_OBJECT] = "91371000MA3C/02",
	[TYPE_INSPECTOR] = "TAX-0001",
};

static struct record sample_record(enum record_kind kind)
{
	struct record r = { .kind = kind };
	for (size_t i = 0; i < record_key_count(kind); i++)
		r.value[i] = bytes_of(sample[record_form(kind)->key[i].type]);
	return r;
}

/* The table in the text and the table in the program are the same, byte for byte. */
static void test_table_is_that_of_the_text(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes text = vectors_file("sampler/PROTOCOL.md", a);
	struct buf table = buf_new(a, 8192);
	record_markdown(&table);
	buf_byte(&table, '\0');
	const char *whole = arena_strndup(a, text.p, text.n);
	assert_non_null(strstr(whole, table.p));
}

static void test_every_kind_survives(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	for (unsigned k = 0; k < RECORD_KINDS; k++) {
		struct record r = sample_record((enum record_kind)k), back;
		struct err e = { 0 };
		struct buf text = buf_new(a, 0), again = buf_new(a, 0);
		enum record_kind kind;
		assert_true(record_encode(&r, &text, &e));
		assert_true(record_kind_of_text(buf_view(&text), &kind) && kind == k);
		assert_false(record_kind_of_text((struct bytes){ text.p + 1, text.n - 1 }, &kind));
		assert_true(record_parse(&back, buf_view(&text), &e));
		assert_int_equal(back.kind, k);
		assert_true(record_encode(&back, &again, &e));
		assert_true(bytes_equal(buf_view(&text), buf_view(&again)));
	}
}

/* Drop, repeat, or swap any line, cut the text anywhere: never a record. */
static void test_lines_are_exact(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	for (unsigned k = 0; k < RECORD_KINDS; k++) {
		struct record r = sample_record((enum record_kind)k), back;
		struct err none = { 0 };
		struct buf text = buf_new(a, 0);
		assert_true(record_encode(&r, &text, &none));
		for (size_t n = 0; n < text.n; n++) {
			struct err e = { 0 };
			assert_false(record_parse(&back, (struct bytes){ text.p, n }, &e));
			assert_int_equal(e.code, ERR_BAD_RECORD);
		}
		for (size_t drop = 0; drop <= record_key_count(r.kind); drop++)
			for (int twice = 0; twice < 2; twice++) {
				struct buf other = buf_new(a, 0);
				struct bytes rest = buf_view(&text);
				struct err e = { 0 };
				bool more;
				for (size_t line = 0; rest.n > 0; line++) {
					struct bytes l = bytes_cut(&rest, '\n', &more);
					for (int i = 0; i < (line != drop ? 1 : 2 * twice); i++) {
						buf_bytes(&other, l);
						buf_byte(&other, '\n');
					}
				}
				assert_false(record_parse(&back, buf_view(&other), &e));
			}
	}
}

static void test_get_and_set(void **state)
{
	(void)state;
	struct record r = sample_record(RECORD_FREEZE);
	uint8_t hash[32];
	assert_int_equal(record_number(&r, "register"), 600);
	assert_int_equal(record_number(&r, "frozen"), 1767225600);
	assert_true(record_hash(&r, "frame", hash));
	assert_int_equal(hash[1], 0x23);
	assert_false(record_hash(&r, "previous", hash));
	record_set(&r, "date", BYTES("2026-03-01"));
	assert_true(bytes_is(record_get(&r, "date"), "2026-03-01"));
	assert_true(bytes_is(r.value[4], "2026-03-01"));
	assert_false(record_has(RECORD_LOCK, "frame"));
	record_leaf(BYTES(""), hash); /* RFC 6962: the leaf of the empty entry */
	static const uint8_t empty[4] = { 0x6e, 0x34, 0x0b, 0x9c };
	assert_memory_equal(hash, empty, 4);
}

static void test_refusal_names_the_value(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct record r = sample_record(RECORD_LOCK);
	struct buf out = buf_new(a, 0);
	struct err e = { 0 };
	record_set(&r, "round", BYTES("2026-7"));
	assert_false(record_encode(&r, &out, &e));
	assert_int_equal(e.code, ERR_BAD_RECORD);
	assert_string_equal(e.what, "lock: round \"2026-7\": expected round");
	assert_int_equal(out.n, 0);
}

static void test_freeze_rules(void **state)
{
	(void)state;
	static const struct {
		const char *demo, *delta, *pulses, *disclosure;
		enum err_code code;
	} rows[] = {
		{ "no", "600", "drand:1:5", "audit", ERR_NONE },
		{ "no", "600", "drand:1:5,dice:1:6", "public", ERR_NONE },
		{ "no", "599", "drand:1:5", "audit", ERR_ROUND_SETTINGS },
		{ "no", "0", "drand:1:5", "audit", ERR_ROUND_SETTINGS },
		{ "no", "600", "dice:1:5", "audit", ERR_DICE_ALONE },
		{ "no", "600", "dice:1:5,dice:2:6", "audit", ERR_DICE_ALONE },
		{ "no", "600", "drand:1:5", "secret", ERR_ROUND_SETTINGS },
		{ "yes", "0", "dice:1:5", "audit", ERR_NONE },
		{ "yes", "1", "dice:1:5", "audit", ERR_ROUND_SETTINGS },
		{ "yes", "600", "drand:1:5", "audit", ERR_NONE },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r = sample_record(RECORD_FREEZE);
		struct err e = { 0 };
		record_set(&r, "demo", bytes_of(rows[i].demo));
		record_set(&r, "delta", bytes_of(rows[i].delta));
		record_set(&r, "pulses", bytes_of(rows[i].pulses));
		record_set(&r, "disclosure", bytes_of(rows[i].disclosure));
		record_set(&r, "override", BYTES("none"));
		assert_int_equal(record_freeze_rules(&r, &e), rows[i].code == ERR_NONE);
		assert_int_equal(e.code, rows[i].code);
	}
}

static void test_freeze_quality(void **state)
{
	static const struct {
		const char *rows, *correct, *minimum, *override;
		bool lawful;
	} rows[] = {
		{ "0", "0", "1000000", "none", true },
		{ "200", "199", "995000", "none", true },
		{ "200", "199", "995000", "a reason", false },
		{ "200", "198", "995000", "none", false },
		{ "200", "198", "995000", "a reason", true },
		{ "200", "201", "995000", "none", false },
		{ "200", "200", "1000000", "none", true },
		{ "200", "200", "1000001", "none", false },
		{ "9223372036854775807", "9223372036854775806", "1000000", "none", false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct record r = sample_record(RECORD_FREEZE);
		struct err e = { 0 };
		record_set(&r, "pulses", BYTES("drand:1:5"));
		record_set(&r, "delta", BYTES("600"));
		record_set(&r, "disclosure", BYTES("audit"));
		record_set(&r, "quality-rows", bytes_of(rows[i].rows));
		record_set(&r, "quality-correct", bytes_of(rows[i].correct));
		record_set(&r, "quality-min", bytes_of(rows[i].minimum));
		record_set(&r, "override", bytes_of(rows[i].override));
		assert_int_equal(record_freeze_rules(&r, &e), rows[i].lawful);
		assert_int_equal(e.code, rows[i].lawful ? ERR_NONE : ERR_ROUND_SETTINGS);
	}
}

static void test_quality_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("quality.txt", a);
	struct vector v;
	size_t enough = 0, low = 0;
	while (vectors_next(&file, &v)) {
		bool wanted = bytes_is(v.field[4], "enough");
		assert_int_equal(quality_enough(vectors_u64(v.field[1]), vectors_u64(v.field[2]),
					 vectors_u64(v.field[3])),
			wanted);
		enough += wanted;
		low += !wanted;
	}
	assert_true(enough > 100 && low > 100);
}

static void test_lock_latest(void **state)
{
	(void)state;
	uint64_t latest = 7;
	assert_true(lock_latest(BYTES("drand:1:2000,dice:1:1700"), 600, &latest));
	assert_int_equal(latest, 1100);
	assert_true(lock_latest(BYTES("dice:1:600"), 600, &latest));
	assert_int_equal(latest, 0);
	assert_false(lock_latest(BYTES("dice:1:599"), 600, &latest));
	assert_int_equal(latest, 0);
}

static void test_walk_lists(void **state)
{
	(void)state;
	struct bytes pulses = bytes_of(sample[TYPE_PULSES]), approvals = BYTES("a:b:1,tax:wang:22");
	struct bytes none = BYTES("none"), list = BYTES("a,bc"), m;
	struct pulse p;
	struct approval ap;
	assert_true(type_next_pulse(&pulses, &p));
	assert_true(bytes_is(p.source, "drand") && bytes_is(p.pulse, "5000000"));
	assert_int_equal(p.time, 1767225600);
	assert_true(type_next_pulse(&pulses, &p));
	assert_true(bytes_is(p.source, "dice"));
	assert_false(type_next_pulse(&pulses, &p));
	assert_true(type_next_approval(&approvals, &ap));
	assert_true(type_next_approval(&approvals, &ap));
	assert_true(
		bytes_is(ap.department, "tax") && bytes_is(ap.account, "wang") && ap.time == 22);
	assert_false(type_next_approval(&approvals, &ap));
	assert_false(type_next_approval(&none, &ap));
	assert_true(type_next_member(&list, &m) && bytes_is(m, "a"));
	assert_true(type_next_member(&list, &m) && bytes_is(m, "bc"));
	assert_false(type_next_member(&list, &m));
	assert_true(type_is_list(BYTES(""), NULL) && type_is_list(BYTES("a,b"), NULL));
	assert_false(type_is_list(BYTES("b,a"), NULL) || type_is_list(BYTES("a,a"), NULL));
	assert_false(type_is_list(BYTES("a,"), NULL) || type_is_list(BYTES(",a"), NULL));
}

static void test_shown(void **state)
{
	(void)state;
	struct bytes long_text = BYTES("检查对象名录库检查对象名录库检查对象名录库检查对象名录库");
	struct bytes odd = { long_text.p + 21, long_text.n - 21 };
	assert_int_equal(type_shown(long_text).n, 60);
	assert_true(bytes_is(type_shown(BYTES("x\n")), "?"));
	assert_true(bytes_is(type_shown((struct bytes){ odd.p + 1, 5 }), "?"));
	ARENA_AUTO a = arena_new();
	struct bytes shifted = bytes_of(arena_printf(a, "x%.*s", BYTES_ARG(long_text)));
	assert_int_equal(type_shown(shifted).n, 58);
}

/* ---- golden vectors ---- */

static bool type_of(struct bytes name, enum value_type *out)
{
	for (unsigned t = 0; t < TYPE_COUNT; t++)
		if (bytes_is(name, type_name((enum value_type)t))) {
			*out = (enum value_type)t;
			return true;
		}
	return false;
}

static void check_value(const struct vector *v, struct arena *a, size_t *tried)
{
	enum value_type t = TYPE_COUNT;
	assert_true(type_of(v->field[1], &t));
	bool accept = vectors_accept(v->field[2]);
	if (type_check(t, vectors_hex(v->field[3], a)) != accept)
		fail_msg("records.txt line %zu: %s", v->line, type_name(t));
	*tried += 1;
}

static void check_record(const struct vector *v, struct arena *a, size_t *tried)
{
	struct bytes text = vectors_hex(v->field[5], a);
	struct record r;
	struct err e = { 0 };
	bool ok = record_parse(&r, text, &e);
	if (ok != vectors_accept(v->field[2]))
		fail_msg("records.txt line %zu: %.*s: %s", v->line, BYTES_ARG(v->field[1]), e.what);
	if (ok) {
		struct buf again = buf_new(a, 0);
		assert_true(bytes_is(v->field[4], record_form(r.kind)->kind));
		assert_true(record_encode(&r, &again, &e));
		assert_true(bytes_equal(buf_view(&again), text));
	}
	*tried += 1;
}

static void test_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("records.txt", a);
	struct vector v;
	size_t values = 0, records = 0;
	while (vectors_next(&file, &v)) {
		if (bytes_is(v.field[0], "value"))
			check_value(&v, a, &values);
		else if (bytes_is(v.field[0], "record"))
			check_record(&v, a, &records);
		else
			fail_msg("records.txt line %zu: unknown tag", v.line);
	}
	assert_true(values > 0 && records > 0);
}

static void test_date_vectors(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("dates.txt", a);
	struct vector v;
	size_t n = 0;
	while (vectors_next(&file, &v)) {
		if (!bytes_is(v.field[0], "date"))
			continue;
		assert_int_equal(type_check(TYPE_DATE, vectors_hex(v.field[2], a)),
			vectors_accept(v.field[1]));
		n++;
	}
	assert_true(n > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table_is_that_of_the_text),
		cmocka_unit_test(test_every_kind_survives),
		cmocka_unit_test(test_lines_are_exact),
		cmocka_unit_test(test_get_and_set),
		cmocka_unit_test(test_refusal_names_the_value),
		cmocka_unit_test(test_freeze_rules),
		cmocka_unit_test(test_freeze_quality),
		cmocka_unit_test(test_quality_vectors),
		cmocka_unit_test(test_lock_latest),
		cmocka_unit_test(test_walk_lists),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_date_vectors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
