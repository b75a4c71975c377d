#include "tests/unit/test.h"

#include <string.h>

#include "daemon/json.h"

struct sample {
	const char *name, *text, *who, *day, *level;
	int64_t count;
	bool flag;
	struct bytes map;
};

static const struct json_field fields[] = {
	{ .name = "name",
		.kind = JSON_TEXT,
		.offset = offsetof(struct sample, name),
		.required = true,
		.min = 1,
		.max = 10 },
	{ .name = "text", .kind = JSON_LONG, .offset = offsetof(struct sample, text), .max = 20 },
	{ .name = "count",
		.kind = JSON_INT64,
		.offset = offsetof(struct sample, count),
		.min = -5,
		.max = INT64_C(9007199254740993) },
	{ .name = "flag", .kind = JSON_FLAG, .offset = offsetof(struct sample, flag) },
	{ .name = "who", .kind = JSON_TOKEN, .offset = offsetof(struct sample, who) },
	{ .name = "day", .kind = JSON_DATE, .offset = offsetof(struct sample, day) },
	{ .name = "level",
		.kind = JSON_TEXT,
		.offset = offsetof(struct sample, level),
		.one_of = "audit,public" },
	{ .name = "map", .kind = JSON_MAP, .offset = offsetof(struct sample, map), .max = 2 },
	{ 0 },
};

static const char *fault; /* the member that the last refusal named */

static bool read_text(const char *text, struct sample *s, struct arena *a, struct err *e)
{
	*e = (struct err){ 0 };
	fault = NULL;
	return json_read_object(bytes_of(text), fields, s, a, &fault, e);
}

static void test_read(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample s = { .count = 7 };
	struct err e;
	assert_true(read_text("{\"name\":\"名录\",\"flag\":true}", &s, a, &e));
	assert_string_equal(s.name, "名录");
	assert_int_equal(s.count, 7);
	assert_true(s.flag);
	assert_true(read_text(
		"{\"count\":9007199254740993,\"name\":\"a\",\"text\":\"a\\n\\tb\"}", &s, a, &e));
	assert_int_equal(s.count, INT64_C(9007199254740993));
	assert_string_equal(s.text, "a\n\tb");
}

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *what;
	} rows[] = {
		{ "", "line" },
		{ "[]", "object" },
		{ "{}", "name: missing" },
		{ "{\"name\":\"\"}", "name: 0 bytes" },
		{ "{\"name\":\"12345678901\"}", "name: 11 bytes" },
		{ "{\"name\":1}", "name: a string" },
		{ "{\"name\":null}", "name: a string" },
		{ "{\"name\":\"a\\n\"}", "control" },
		{ "{\"name\":\"a\\u0000\"}", "" },
		{ "{\"name\":\"a\",\"text\":\"\\u0001\"}", "text" },
		{ "{\"name\":\"a\",\"text\":\"\\u007f\"}", "text" },
		{ "{\"name\":\"a\",\"count\":-6}", "count: -6" },
		{ "{\"name\":\"a\",\"count\":9007199254740994}", "count: 9007199254740994" },
		{ "{\"name\":\"a\",\"count\":1.0}", "count: an integer" },
		{ "{\"name\":\"a\",\"count\":\"1\"}", "count: an integer" },
		{ "{\"name\":\"a\",\"flag\":1}", "flag" },
		{ "{\"name\":\"a\",\"other\":1}", "other" },
		{ "{\"name\":\"a\",\"name\":\"a\"}", "duplicate" },
		{ "{\"name\":\"a\"} x", "line" },
		{ "{\"name\":\"\xff\"}", "" },
		{ "{\"name\":\"\\ud800\"}", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct sample s = { 0 };
		struct err e;
		if (read_text(rows[i].text, &s, a, &e))
			fail_msg("taken: %s", rows[i].text);
		assert_int_equal(e.code, ERR_BAD_JSON);
		if (strstr(e.what, rows[i].what) == NULL)
			fail_msg("%s: \"%s\"", rows[i].text, e.what);
	}
}

static void test_write(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 16);
	buf_byte(&b, '{');
	json_put_member(&b, "a", BYTES("x\"\\\n\x7f名"));
	json_put_number(&b, "b", -9007199254740993);
	json_put_member(&b, "c", BYTES("\xff!"));
	buf_byte(&b, '}');
	buf_byte(&b, '\0');
	assert_string_equal(b.p, "{\"a\":\"x\\\"\\\\\\u000a\\u007f名\",\"b\":-9007199254740993,"
				 "\"c\":\"\xef\xbf\xbd!\"}");
}

static void test_problem(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 16);
	struct err e = { 0 };
	err_set(&e, ERR_BAD_RATIO, "101%%");
	err_at(&e, "policy:7");
	json_put_problem(&b, &(const struct json_problem){ .e = &e });
	buf_byte(&b, '\0');
	assert_non_null(strstr(b.p, "\"code\":\"bad-ratio\""));
	assert_non_null(strstr(b.p, "\"status\":400"));
	assert_non_null(strstr(b.p, "\"where\":\"policy:7\",\"what\":\"101%\"}"));
	b.n = 0;
	json_put_problem(&b, &(const struct json_problem){ .e = &e, .field = "ratio" });
	buf_byte(&b, '\0');
	assert_non_null(strstr(b.p, "\"what\":\"101%\",\"field\":\"ratio\"}"));
	b.n = 0;
	const char *const remedy[2] = { "请他办理", "ask him" };
	json_put_problem(
		&b, &(const struct json_problem){
			    .e = &e, .field = "", .remedy = remedy, .who = BYTES("[\"head\"]") });
	buf_byte(&b, '\0');
	assert_non_null(strstr(b.p, "\"remedy_zh\":\"请他办理\",\"remedy_en\":\"ask him\","));
	assert_non_null(strstr(b.p, "\"what\":\"101%\",\"who\":[\"head\"]}"));
}

static void test_kinds(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample s = { 0 };
	struct err e;
	assert_true(read_text("{\"name\":\"a\",\"who\":\"scjg-1\",\"day\":\"2026-02-28\","
			      "\"level\":\"public\"}",
		&s, a, &e));
	assert_string_equal(s.who, "scjg-1");
	assert_string_equal(s.day, "2026-02-28");
	assert_string_equal(s.level, "public");
	assert_null(fault);
	static const struct {
		const char *text, *field;
	} wrong[] = {
		{ "{\"name\":\"a\",\"who\":\"SCJG\"}", "who" },
		{ "{\"name\":\"a\",\"who\":\"\"}", "who" },
		{ "{\"name\":\"a\",\"day\":\"2026-02-29\"}", "day" },
		{ "{\"name\":\"a\",\"level\":\"publi\"}", "level" },
		{ "{\"name\":\"a\",\"level\":\"audit,public\"}", "level" },
		{ "{\"name\":\"a\",\"level\":\"\"}", "level" },
		{ "{\"name\":\"a\",\"none\":1}", "none" },
		{ "{\"who\":\"a\"}", "name" },
		{ "{\"name\":1}", "name" },
	};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_false(read_text(wrong[i].text, &s, a, &e));
		assert_int_equal(e.code, ERR_BAD_JSON);
		assert_non_null(fault);
		assert_string_equal(fault, wrong[i].field);
	}
	assert_false(read_text("[1]", &s, a, &e));
	assert_null(fault);
}

static void test_map(void **state)
{
	static const char *const refused[] = { "{\"name\":\"a\",\"map\":[]}",
		"{\"name\":\"a\",\"map\":{\"x\":1}}", "{\"name\":\"a\",\"map\":{\"x\":null}}",
		"{\"name\":\"a\",\"map\":{\"x\":\"\\n\"}}",
		"{\"name\":\"a\",\"map\":{\"\\u0001\":\"\"}}",
		"{\"name\":\"a\",\"map\":{\"x\":\"\",\"x\":\"\"}}",
		"{\"name\":\"a\",\"map\":{\"x\":\"\",\"y\":\"\",\"z\":\"\"}}" };
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample s = { 0 };
	struct err e;
	assert_true(read_text(
		"{\"name\":\"a\",\"map\":{ \"列\\\"\" : \"\", \"y\":\"z\" }}", &s, a, &e));
	assert_true(bytes_is(s.map, "{\"列\\\"\":\"\",\"y\":\"z\"}"));
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		assert_false(read_text(refused[i], &s, a, &e));
		assert_int_equal(e.code, ERR_BAD_JSON);
	}
}

/* A quote in the wrong place makes a name of what was to be sealed. */
static void test_secret(void **state)
{
	static const struct json_field sealed[] = {
		{ "name", JSON_TEXT, offsetof(struct sample, name), true, 1, 200, .secret = true },
		{ 0 },
	};
	static const char *const texts[] = { "{\"name\":\"a\",\"王大力\":\"x\"}",
		"{\"name\":\"a\"王大力\"}", "{\"name\":\"a\",\"王大力\":1,\"王大力\":1}",
		"{\"name\":\"王大力\n\"}", "{\"name\":王大力}", "[\"王大力\"]" };
	(void)state;
	ARENA_AUTO a = arena_new();
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct sample s = { 0 };
		const char *field = "";
		struct err e;
		assert_false(json_read_object(bytes_of(texts[i]), sealed, &s, a, &field, &e));
		assert_int_equal(e.code, ERR_BAD_JSON);
		assert_null(strstr(e.what, "王"));
		assert_null(strstr(field, "王"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_problem),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
