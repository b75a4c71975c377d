#include "tests/unit/test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"

static char said[16384];

/* What a call writes to stderr, through a pipe. */
static const char *caught(void (*speak)(void))
{
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	speak();
	dup2(kept, STDERR_FILENO);
	close(ends[1]);
	ssize_t n = read(ends[0], said, sizeof said - 1);
	said[n > 0 ? n : 0] = '\0';
	close(ends[0]);
	close(kept);
	return said;
}

static void speak_plain(void)
{
	errno = EIO;
	log_info("job.done", STR("kind", "freeze"), NUM("rows", -5), STR("note", "a b=\"c\"\n"),
		STR("empty", NULL));
	assert_int_equal(errno, EIO);
}

static void test_text(void **state)
{
	(void)state;
	log_open("worker", LEVEL_INFO, FORMAT_TEXT);
	const char *line = caught(speak_plain);
	assert_int_equal(line[10], 'T');
	assert_int_equal(line[23], 'Z');
	assert_string_equal(line + 24, " info worker job.done kind=freeze rows=-5 "
				       "note=\"a b=\\\"c\\\"\\u000a\" empty=\"\"\n");
}

static void test_json(void **state)
{
	(void)state;
	log_open("worker", LEVEL_INFO, FORMAT_JSON);
	const char *line = caught(speak_plain);
	assert_int_equal(strncmp(line, "{\"time\":\"", 9), 0);
	assert_non_null(
		strstr(line, "\",\"level\":\"info\",\"process\":\"worker\",\"event\":\"job.done\","
			     "\"kind\":\"freeze\",\"rows\":-5,\"note\":\"a b=\\\"c\\\"\\u000a\","
			     "\"empty\":\"\"}\n"));
}

static void speak_error(void)
{
	struct err e = { 0 };
	err_set(&e, ERR_BAD_RATIO, "101%%");
	err_at(&e, "policy:7");
	log_failed("web.error", ERR(&e));
}

static void test_error(void **state)
{
	(void)state;
	log_open("web", LEVEL_ERROR, FORMAT_TEXT);
	assert_non_null(strstr(caught(speak_error),
		" error web web.error error=bad-ratio where=policy:7 what=101%\n"));
}

static void test_level(void **state)
{
	(void)state;
	log_open("web", LEVEL_WARNING, FORMAT_TEXT);
	assert_false(log_wants(LEVEL_INFO));
	assert_string_equal(caught(speak_plain), "");
}

static void speak_long(void)
{
	static char text[9000];
	memset(text, 'x', sizeof text - 1);
	log_info("a", STR("first", "1"), STR("long", text), STR("last", "2"));
}

/* A line is never longer than one atomic write, and still one line. */
static void test_long(void **state)
{
	(void)state;
	for (int form = FORMAT_TEXT; form <= FORMAT_JSON; form++) {
		log_open("web", LEVEL_INFO, form == FORMAT_TEXT ? FORMAT_TEXT : FORMAT_JSON);
		const char *line = caught(speak_long);
		size_t n = strlen(line);
		assert_true(n <= 4000);
		assert_int_equal(line[n - 1], '\n');
		assert_ptr_equal(strchr(line, '\n'), line + n - 1);
		assert_non_null(strstr(line, "first"));
		assert_null(strstr(line, "last"));
		assert_string_equal(line + n - 3, form == FORMAT_JSON ? "\"}\n" : "x\"\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
