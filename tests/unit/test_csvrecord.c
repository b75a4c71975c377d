#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "daemon/register/csvrecord.h"

/* What came out, one record a line: "LINE fault|field|field". */
struct seen {
	char text[8192];
	size_t n;
	struct csv_reader *reader;
	bool drop; /* count records only */
	size_t dropped;
};

static void add(struct seen *s, const char *p, size_t n)
{
	assert_true(s->n + n < sizeof s->text);
	memcpy(s->text + s->n, p, n);
	s->n += n;
	s->text[s->n] = '\0';
}

static bool each(void *ctx, const struct raw_row *r, struct err *e)
{
	struct seen *s = ctx;
	char head[64];
	(void)e;
	s->dropped += s->drop;
	if (s->drop)
		return true;
	if (s->n == 0)
		csv_reader_expect(s->reader, r->n); /* the first is the header here */
	add(s, head, (size_t)snprintf(head, sizeof head, "%d", (int)r->line));
	if (r->fault != ERR_NONE)
		add(s, head,
			(size_t)snprintf(head, sizeof head, " %s@%zu", err_row(r->fault)->name,
				r->fault_field));
	if (r->repair != ERR_NONE)
		add(s, head, (size_t)snprintf(head, sizeof head, " %s", err_row(r->repair)->name));
	for (size_t i = 0; i < r->n; i++) {
		add(s, "|", 1);
		add(s, r->field[i].p, r->field[i].n);
	}
	add(s, "\n", 1);
	return true;
}

static bool knows(const void *ctx, struct bytes name)
{
	(void)ctx;
	return bytes_is(name, "名称");
}

static bool read_cut(
	struct seen *s, struct bytes all, size_t cut, enum csv_encoding *encoding, struct err *e)
{
	struct csv_rules rules = { 64, knows, NULL, each, s };
	struct csv_reader *r = s->reader = csv_reader_new(&rules);
	bool ok = true;
	for (size_t at = 0; ok && at < all.n; at += cut)
		ok = csv_reader_put(
			r, (struct bytes){ all.p + at, all.n - at < cut ? all.n - at : cut }, e);
	ok = ok && csv_reader_end(r, e);
	*encoding = csv_reader_encoding(r);
	csv_reader_free(r);
	return ok;
}

/* Whole, and cut at every place: always the same records. */
static void wants(struct bytes all, enum csv_encoding encoding, const char *wanted)
{
	for (size_t cut = 1; cut <= all.n; cut++) {
		struct seen s = { .n = 0 };
		struct err e = { 0 };
		enum csv_encoding got;
		assert_true(read_cut(&s, all, cut, &got, &e));
		assert_string_equal(s.text, wanted);
		assert_int_equal(got, encoding);
	}
}
#define WANTS(text, encoding, wanted) wants(BYTES(text), encoding, wanted)

static void test_plain(void **state)
{
	(void)state;
	WANTS("a,b\n1,2\n", CSV_UTF8, "1|a|b\n2|1|2\n");
	WANTS("a,b\r\n1,2", CSV_UTF8, "1|a|b\n2|1|2\n");
	WANTS("a,b\r1,2\r", CSV_UTF8, "1|a|b\n2|1|2\n");
	/* blanks belong to a field without quotes: who reads it says that they are taken off */
	WANTS("\n\n a , b \n\n1,\n", CSV_UTF8, "3| a | b \n5|1|\n");
	WANTS("a,b\n \"1 , \"\"2\" , 3\t,4 \n", CSV_UTF8, "1|a|b\n2|1 , \"2| 3\t|4 \n");
	WANTS("a\tb\n 1 \t\t 2\n", CSV_UTF8, "1|a|b\n2| 1 || 2\n");
	WANTS("a;b\n1;2,5\n", CSV_UTF8, "1|a|b\n2|1|2,5\n");
	WANTS("a\tb\n1\t\n", CSV_UTF8, "1|a|b\n2|1|\n");
}

static void test_quotes(void **state)
{
	(void)state;
	WANTS("a,b\n\"1,\"\"x\"\"\n y\",2\n3,4\n", CSV_UTF8, "1|a|b\n2|1,\"x\"\n y|2\n3|3|4\n");
	WANTS("a,b\n\"1,2\n3,4\n5,6\n", CSV_UTF8,
		"1|a|b\n2 unclosed-quote@0|\"1,2\n3|3|4\n4|5|6\n");
	WANTS("a\n\"x\n\"y\nz\n", CSV_UTF8,
		"1|a\n2 unclosed-quote@0|\"x\n3 unclosed-quote@0|\"y\n4|z\n");
	WANTS("a\nx \"y\" z\n", CSV_UTF8, "1|a\n2|x \"y\" z\n");
	/* the quote of line 4 closes that of line 2: line 3 and 4 are not lost */
	WANTS("a,b\n\"1,2\n3,4\n5,\"6\"\n7,8\n", CSV_UTF8,
		"1|a|b\n2 unclosed-quote@0|\"1,2\n3|3|4\n4|5|6\n5|7|8\n");
	WANTS("a\nz\n\"", CSV_UTF8, "1|a\n2|z\n3 unclosed-quote@0|\"\n");
}

/* row_max bytes of a line that is longer */
#define LONG "0123456789012345678901234567890123456789012345678901234567890123"

static void test_too_long(void **state)
{
	(void)state;
	WANTS("a,b\n0123456789012345678901234567890123456789012345678901234567890123456789,1\n3,4\n",
		CSV_UTF8, "1|a|b\n2 row-too-long@0|" LONG "\n3|3|4\n");
	/* a quote that runs into it is the fault of the line it begins on */
	WANTS("a\n\"x\n0123456789012345678901234567890123456789012345678901234567890123456789\ny\n",
		CSV_UTF8, "1|a\n2 unclosed-quote@0|\"x\n3 row-too-long@0|" LONG "\n4|y\n");
}

static void test_encodings(void **state)
{
	(void)state;
	WANTS("\xef\xbb\xbf名称,b\n甲,2\n", CSV_UTF8_BOM, "1|名称|b\n2|甲|2\n");
	WANTS("名称,b\n甲,2\n", CSV_UTF8, "1|名称|b\n2|甲|2\n");
	/* 名称,b and 甲,2 in GB18030 */
	WANTS("\xc3\xfb\xb3\xc6,b\n\xbc\xd7,2\n", CSV_GB18030, "1|名称|b\n2|甲|2\n");
	/* the names of columns are ASCII: the rows decide */
	WANTS("a,b\n\xbc\xd7,2\n", CSV_GB18030, "1|a|b\n2|甲|2\n");
	/* four bytes: U+3400 */
	WANTS("\xc3\xfb\xb3\xc6\n\x81\x39\xee\x39\n", CSV_GB18030, "1|名称\n2|㐀\n");
}

static void test_broken_text(void **state)
{
	(void)state;
	WANTS("名称,b\n甲,\xff\n乙,2\n", CSV_UTF8, "1|名称|b\n2 bad-utf8@1|甲|\xff\n3|乙|2\n");
	WANTS("\xc3\xfb\xb3\xc6,b\n\xff,2\n\xbc\xd7,2\n", CSV_GB18030,
		"1|名称|b\n2 bad-utf8@0|\xff|2\n3|甲|2\n");
}

/* Files that somebody joined. */
static void test_mixed(void **state)
{
	(void)state;
	/* 名称,b / 甲乙丙丁,2 in GB18030, then the same in UTF-8, with the dot of names */
	WANTS("\xc3\xfb\xb3\xc6,b\n\xbc\xd7\xd2\xd2\xb1\xfb\xb6\xa1,2\n甲·乙丙,3\n", CSV_GB18030,
		"1|名称|b\n2|甲乙丙丁|2\n3 mixed-encoding|甲·乙丙|3\n");
	WANTS("名称,b\n甲,1\n\xbc\xd7\xd2\xd2\xb1\xfb\xb6\xa1,2\n", CSV_UTF8,
		"1|名称|b\n2|甲|1\n3 mixed-encoding|甲乙丙丁|2\n");
	/* too little to be sure: two characters, and UTF-8 of which a byte is missing */
	WANTS("名称,b\n\xbc\xd7\xd2\xd2,2\n", CSV_UTF8,
		"1|名称|b\n2 bad-utf8@0|\xbc\xd7\xd2\xd2|2\n");
	WANTS("名称,b\n甲乙丙丁\xe6\x88,2\n", CSV_UTF8,
		"1|名称|b\n2 bad-utf8@0|甲乙丙丁\xe6\x88|2\n");
}

/* A title has neither the names nor the delimiter. */
static void test_titles(void **state)
{
	(void)state;
	WANTS("\xc3\xfb, x\n\xc3\xfb\xb3\xc6;b\n\xbc\xd7;2,5\n", CSV_GB18030,
		"1|名, x\n2|名称|b\n3|甲|2,5\n");
	WANTS("x\n\n名称\tb\n甲\t2\n", CSV_UTF8, "1|x\n3|名称|b\n4|甲|2\n");
}

static void test_nul(void **state)
{
	struct seen s = { .n = 0 };
	struct err e = { 0 };
	enum csv_encoding got;
	(void)state;
	assert_true(read_cut(&s, BYTES("a,b\n1,\0002\n3,4\n"), 5, &got, &e));
	assert_non_null(strstr(s.text, "2 nul-byte@1|1|"));
	assert_memory_equal(s.text + s.n - 6, "3|3|4\n", 6);
}

static void test_foreign(void **state)
{
	static const struct {
		struct bytes file;
		enum err_code code;
	} files[] = {
		{ { "\xff\xfe"
		    "a\0",
			  4 },
			ERR_UTF16_TEXT },
		{ { "\xfe\xff\0a", 4 }, ERR_UTF16_TEXT },
		{ { "a\0,\0b\0\n\0", 8 }, ERR_UTF16_TEXT },
		{ { "PK\x03\x04xx", 6 }, ERR_OTHER_FILE },
		{ { "\xd0\xcf\x11\xe0x", 5 }, ERR_XLS_FILE },
		{ { "\xef\xbb\xbf \n<TABLE border=1>", 20 }, ERR_OTHER_FILE },
		{ { "<?xml version=\"1.0\"?>", 21 }, ERR_OTHER_FILE },
		{ { "%PDF-1.4", 8 }, ERR_OTHER_FILE },
	};
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct seen s = { .n = 0 };
		struct err e = { 0 };
		enum csv_encoding got;
		assert_false(read_cut(&s, files[i].file, 3, &got, &e));
		assert_int_equal(e.code, files[i].code);
	}
}

static bool stop(void *ctx, const struct raw_row *r, struct err *e)
{
	(void)ctx;
	return err_set(e, ERR_NO_COLUMN, "line %d", (int)r->line);
}

static void test_each_stops(void **state)
{
	struct csv_rules rules = { 64, NULL, NULL, stop, NULL };
	struct csv_reader *r = csv_reader_new(&rules);
	struct err e = { 0 };
	(void)state;
	assert_true(csv_reader_put(r, BYTES("a\nb\n"), &e));
	assert_false(csv_reader_end(r, &e));
	assert_int_equal(e.code, ERR_NO_COLUMN);
	assert_string_equal(e.what, "line 1");
	csv_reader_free(r);
	csv_reader_free(NULL);
}

static bool count(void *ctx, const struct raw_row *r, struct err *e)
{
	(void)e;
	*(size_t *)ctx = r->n;
	return true;
}

/* n counts every field, also those for which field[] has no room. */
static void test_many_fields(void **state)
{
	char line[4 * RAW_FIELDS_MAX];
	size_t n = 0;
	struct err e = { 0 };
	struct csv_rules rules = { sizeof line, NULL, NULL, count, &n };
	struct csv_reader *r = csv_reader_new(&rules);
	(void)state;
	memset(line, ',', sizeof line);
	line[RAW_FIELDS_MAX + 7] = '\n';
	assert_true(csv_reader_put(r, (struct bytes){ line, RAW_FIELDS_MAX + 8 }, &e));
	assert_true(csv_reader_end(r, &e));
	assert_int_equal(n, RAW_FIELDS_MAX + 8);
	csv_reader_free(r);
}

/* Lines of any length in the memory of a short one. */
static void test_endless_line(void **state)
{
	static char piece[1 << 20];
	struct seen s = { .n = 0 };
	struct csv_rules rules = { 65536, knows, NULL, each, &s };
	struct csv_reader *r = s.reader = csv_reader_new(&rules);
	struct err e = { 0 };
	struct rusage before, after;
	(void)state;
	memset(piece, 'x', sizeof piece);
	getrusage(RUSAGE_SELF, &before);
	assert_true(csv_reader_put(r, BYTES("a,b\n"), &e));
	/* what is kept of the line is more than a text of this test can be */
	s.drop = true;
	for (size_t i = 0; i < 1024; i++)
		assert_true(csv_reader_put(r, (struct bytes){ piece, sizeof piece }, &e));
	s.drop = false;
	assert_true(csv_reader_put(r, BYTES("\n1,2\n"), &e));
	assert_true(csv_reader_end(r, &e));
	getrusage(RUSAGE_SELF, &after);
	assert_string_equal(s.text, "3|1|2\n");
	assert_int_equal(s.dropped, 2);
	assert_true(after.ru_maxrss - before.ru_maxrss < 16384);
	csv_reader_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_broken_text),
		cmocka_unit_test(test_mixed),
		cmocka_unit_test(test_titles),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_each_stops),
		cmocka_unit_test(test_many_fields),
		cmocka_unit_test(test_endless_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
