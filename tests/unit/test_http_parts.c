#include "tests/unit/test.h"

#include <string.h>

#include "daemon/http_parts.h"

#define SECRET "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE" /* 43 */

static void is(struct bytes got, const char *wanted)
{
	assert_int_equal(got.n, strlen(wanted));
	assert_memory_equal(got.p, wanted, got.n);
}

static void phrases(void **state)
{
	(void)state;
	assert_string_equal(part_phrase(200), "OK");
	assert_string_equal(part_phrase(304), "Not Modified");
	assert_string_equal(part_phrase(428), "Precondition Required");
	assert_string_equal(part_phrase(299), "Status");
}

static void bearers(void **state)
{
	(void)state;
	is(part_bearer("Bearer drawd_" SECRET), SECRET);
	is(part_bearer("bearer  drawd_" SECRET), SECRET);
	is(part_bearer("Bearer " SECRET), "");
	is(part_bearer("Bearer drawd_" SECRET " "), "");
	is(part_bearer("Bearer drawd_" SECRET SECRET), "");
	is(part_bearer("Bearer DRAWD_" SECRET), "");
	is(part_bearer("Basic drawd_" SECRET), "");
	is(part_bearer("Bearer"), "");
	is(part_bearer(""), "");
}

static void cookies(void **state)
{
	(void)state;
	is(part_cookie("drawd=" SECRET, "drawd"), SECRET);
	is(part_cookie("a=b; drawd=" SECRET ";c=d", "drawd"), SECRET);
	is(part_cookie("a=b;drawd=" SECRET " ; c", "drawd"), SECRET);
	is(part_cookie("drawd-device=" SECRET, "drawd"), "");
	is(part_cookie("xdrawd=" SECRET, "drawd"), "");
	is(part_cookie("DRAWD=" SECRET, "drawd"), "");
	/* who can set a second one of the same name may be anybody */
	is(part_cookie("drawd=" SECRET "; drawd=" SECRET, "drawd"), "");
	is(part_cookie("drawd=x; drawd=" SECRET, "drawd"), "");
	is(part_cookie("drawd=\"" SECRET "\"", "drawd"), "");
	is(part_cookie("drawd=", "drawd"), "");
	is(part_cookie("", "drawd"), "");
	assert_true(part_cookie_stands("a=b; drawd=", "drawd"));
	assert_true(part_cookie_stands("a=b; drawd", "drawd"));
	assert_false(part_cookie_stands("a=drawd; drawdx=1", "drawd"));
	assert_false(part_cookie_stands("", "drawd"));
}

static void tags(void **state)
{
	(void)state;
	char tag[PART_ETAG], other[PART_ETAG];
	/* SHA-256 of "abc", FIPS 180-4 */
	assert_string_equal(part_etag(BYTES("abc"), tag), "\"ba7816bf8f01cfea414140de5dae2223\"");
	part_etag(BYTES("abd"), other);
	char list[200];
	snprintf(list, sizeof list, "%s , %s", other, tag);
	assert_true(part_etag_listed(tag, tag, false));
	assert_true(part_etag_listed(list, tag, false));
	assert_true(part_etag_listed(" * ", tag, false));
	assert_false(part_etag_listed(other, tag, false));
	assert_false(part_etag_listed("", tag, true));
	/* without its quotes it is no tag */
	assert_false(part_etag_listed("ba7816bf8f01cfea414140de5dae2223", tag, true));
	snprintf(list, sizeof list, "W/%s", tag);
	assert_true(part_etag_listed(list, tag, true));
	assert_false(part_etag_listed(list, tag, false));
	assert_false(part_etag_listed("*, *", tag, true));
}

static void hosts(void **state)
{
	(void)state;
	assert_int_equal(part_host("a.example:80"), 9);
	assert_int_equal(part_host("a.example"), 9);
	assert_int_equal(part_host("[::1]:80"), 5);
	assert_int_equal(part_host("a.example:"), 9);
	assert_int_equal(part_host("A-1.example"), 11);
	static const char *const wrong[] = { "", "[::1", "[::1]x", "[::1]:8x", "[]x",
		"localhost:x@evil", "localhost:80@evil", "localhost:80:80", "localhost@evil",
		"localhost/", "a b", ":80" };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(part_host(wrong[i]), 0);
}

static void origins(void **state)
{
	(void)state;
	assert_true(part_origin("https://a.example", "https://a.example", "b"));
	assert_true(part_origin("HTTPS://A.example", "https://a.example", "b"));
	assert_false(part_origin("https://a.example.evil", "https://a.example", "b"));
	assert_false(part_origin("http://a.example", "https://a.example", "a.example"));
	assert_true(part_origin("http://localhost:8470", "", "localhost:8470"));
	assert_true(part_origin("https://localhost", "", "localhost"));
	assert_false(part_origin("http://localhost:8471", "", "localhost:8470"));
	assert_false(part_origin("null", "", "null"));
	assert_false(part_origin("", "", ""));
	assert_false(part_origin("ftp://localhost", "", "localhost"));
	assert_true(part_site(NULL));
	assert_true(part_site("same-origin"));
	assert_true(part_site("none"));
	assert_false(part_site("same-site"));
	assert_false(part_site("cross-site"));
	assert_false(part_site(""));
}

static void forwarded(void **state)
{
	(void)state;
	is(part_forwarded("10.0.0.1"), "10.0.0.1");
	is(part_forwarded("8.8.8.8, 10.0.0.1 "), "10.0.0.1");
	is(part_forwarded("10.0.0.1, ::ffff:7f00:1"), "::ffff:7f00:1");
	is(part_forwarded("10.0.0.1, evil.example"), "");
	is(part_forwarded("10.0.0.1,"), "");
	is(part_forwarded(""), "");
	is(part_forwarded("1111111111111111111111111111111111111111111111"), "");
}

static void keys(void **state)
{
	(void)state;
	assert_true(part_is_key("aB3_-678"));
	assert_false(part_is_key("aB3_-67"));
	assert_false(part_is_key("aB3_-678 "));
	assert_false(part_is_key("aB3_-67.8"));
	assert_false(part_is_key(""));
	char key[66];
	memset(key, 'a', 65);
	key[65] = '\0';
	assert_false(part_is_key(key));
	key[64] = '\0';
	assert_true(part_is_key(key));
}

static void percents(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct bytes out;
	assert_true(part_percent(a, "%E5%A4%8D%e6%a0%b8 2", &out));
	is(out, "复核 2");
	assert_true(part_percent(a, "复核", &out));
	assert_true(part_percent(a, "", &out));
	is(out, "");
	assert_false(part_percent(a, "%E5%A4", &out));
	assert_false(part_percent(a, "a%0Ab", &out));
	assert_false(part_percent(a, "a%00b", &out));
	assert_false(part_percent(a, "100%", &out));
	assert_false(part_percent(a, "%4", &out));
	assert_false(part_percent(a, "%4G", &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phrases),
		cmocka_unit_test(bearers),
		cmocka_unit_test(cookies),
		cmocka_unit_test(tags),
		cmocka_unit_test(hosts),
		cmocka_unit_test(origins),
		cmocka_unit_test(forwarded),
		cmocka_unit_test(keys),
		cmocka_unit_test(percents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
