#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "daemon/conf.h"
#include "daemon/conf_keys.h"

static bool parse(struct conf *c, struct arena *a, const char *text, struct err *e)
{
	*e = (struct err){ 0 };
	return conf_parse(c, a, text, "/srv/drawd/drawd.conf", e);
}

static void test_defaults(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c;
	struct err e;
	assert_true(parse(&c, a, "", &e));
	assert_string_equal(c.state, "/var/lib/drawd");
	assert_string_equal(c.web.socket, "/var/lib/drawd/run/web.sock");
	assert_int_equal(c.web.port, 8470);
	assert_int_equal(c.web.upload_max, INT64_C(8589934592));
	assert_int_equal(c.web.uploads_max, INT64_C(34359738368));
	assert_int_equal(c.web.hosts.n, 3);
	assert_string_equal(c.auth.socket, "/var/lib/drawd/auth/auth.sock");
	assert_string_equal(c.auth.box, "/var/lib/drawd/auth/auth.box");
	assert_string_equal(c.web.proxy_socket, "");
	assert_int_equal(c.auth.totp.n, 5);
	assert_false(c.demo);
}

static void test_paths(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c;
	struct err e;
	assert_true(parse(&c, a,
		"state = \"here\"; notary: { trust = \"/etc/trust\"; };"
		"import: { labels = \"\"; };",
		&e));
	assert_string_equal(c.state, "/srv/drawd/here");
	assert_string_equal(c.notary.trust, "/etc/trust");
	assert_string_equal(c.notary.keys, "/srv/drawd/here/keys");
	assert_string_equal(c.import.labels, "");
}

static void test_people(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c;
	struct err e;
	assert_true(parse(&c, a,
		"web: { origin = \"https://drawd.example:8443\"; proxy_socket = \"run/proxy.sock\"; };"
		"auth: { totp = (); idle = 600; absolute = 600; };",
		&e));
	assert_string_equal(c.web.proxy_socket, "/var/lib/drawd/run/proxy.sock");
	assert_int_equal(c.auth.totp.n, 0);
	assert_true(parse(&c, a, "web: { origin = \"http://[::1]:8470\"; };", &e));
	assert_non_null(strstr(conf_conninfo(&c, ROLE_AUTH, a), "user=drawd_auth"));
}

/* Text, place and part of the reason of each refusal. */
static void test_refusals(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} rows[] = {
		{ "web:\n{\n\tprot = 1;\n};\n", "drawd.conf:3",
			"web.prot: there is no such setting" },
		{ "web = 5;", "drawd.conf:1", "web: there is no such setting" },
		{ "nothing: { };", "drawd.conf:1", "no such setting" },
		{ "worker:\n{ count = \"four\"; };", "drawd.conf:2",
			"a string, an integer is wanted" },
		{ "worker: { count = 4.0; };", "drawd.conf:1", "a decimal fraction" },
		{ "worker: { count = 0; };", "drawd.conf:1", "0 is not between 1 and 64" },
		{ "worker: { count = 65; };", "drawd.conf:1", "65 is not between 1 and 64" },
		{ "\nweb: { upload_max = 5000000000; };", "drawd.conf:2", "written with L" },
		{ "web: { upload_max = 99999999999999999999L; };", "drawd.conf:1", "64 bits" },
		{ "web: { upload_max = -1; };", "drawd.conf:1", "-1 is not between" },
		{ "demo = 1;", "drawd.conf:1", "true or false" },
		{ "log: { level = \"loud\"; };", "drawd.conf:1", "none of debug|info" },
		{ "log: { level = \"\"; };", "drawd.conf:1", "none of" },
		{ "web: { hosts = \"a\"; };", "drawd.conf:1", "a list of strings" },
		{ "web: { hosts = (\"a\", 1); };", "drawd.conf:1", "web.hosts[1]: an integer" },
		{ "web: { hosts = (\"\"); };", "drawd.conf:1", "0 bytes" },
		{ "state = \"\";", "drawd.conf:1", "0 bytes" },
		{ "state = \"a\\x01\";", "drawd.conf:1", "control character" },
		{ "demo = true;\ndemo = true;", "drawd.conf:2", "duplicate" },
		{ "demo = ;", "drawd.conf:1", "syntax error" },
		{ "\n\n@include \"x\"\n", "drawd.conf:3", "@include" },
		{ "clock: { offset_days = 1; };", "drawd.conf", "demo = true" },
		{ "register: { quality_min = \"101%\"; };", "drawd.conf", "register.quality_min" },
		{ "register: { quality_min = \"99.5\"; };", "drawd.conf", "register.quality_min" },
		{ "register: { class_move_max = \"5\"; };", "drawd.conf", "register.class_move_max" },
		{ "test: { secret = \"x\"; };", "drawd.conf", "demo = true" },
		{ "test: { anchors = false; };", "drawd.conf", "demo = true" },
		{ "authority = \"A B\";", "drawd.conf", "authority" },
		{ "web: { listen = \"0.0.0.0\"; };", "drawd.conf", "web.listen" },
		{ "notary: { witnesses = (\"ftp://x\"); };", "drawd.conf", "notary.witnesses" },
		{ "web: { users = (\"wang\"); };", "drawd.conf:1",
			"web.users: there is no such setting" },
		{ "web: { origin = \"ftp://x\"; };", "drawd.conf", "web.origin" },
		{ "web: { origin = \"https://\"; };", "drawd.conf", "web.origin" },
		{ "web: { origin = \"https://x/y\"; };", "drawd.conf", "web.origin" },
		{ "web: { origin = \"https://X\"; };", "drawd.conf", "web.origin" },
		{ "web: { origin = \"https://x:\"; };", "drawd.conf", "web.origin" },
		{ "web: { origin = \"x.example\"; };", "drawd.conf", "web.origin" },
		{ "web: { proxy_header = \"A: B\"; };", "drawd.conf", "web.proxy_header" },
		{ "web: { proxy_header = \"\"; };", "drawd.conf:1", "0 bytes" },
		{ "auth: { memory = 7; };", "drawd.conf:1", "7 is not between 8 and 4096" },
		{ "auth: { totp = (\"chief\"); };", "drawd.conf", "auth.totp" },
		{ "auth: { totp = (\"public\"); };", "drawd.conf", "auth.totp" },
		{ "auth: { idle = 4000; absolute = 3600; };", "drawd.conf", "auth.idle" },
		{ "state = \"\xff\";", "drawd.conf", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct conf c;
		struct err e;
		if (parse(&c, a, rows[i].text, &e))
			fail_msg("taken: %s", rows[i].text);
		if (strstr(e.where, rows[i].where) == NULL || strstr(e.what, rows[i].what) == NULL)
			fail_msg("%s: \"%s\" \"%s\"", rows[i].text, e.where, e.what);
	}
}

static void test_quiet_places(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c;
	struct err e;
	assert_true(parse(&c, a,
		"# @include 5000000000\n// @include\n/* @include \n */\n"
		"authority = \"a\"; // 99999999999\n"
		"database: { name = \"@x \\\" 9999999999\"; };",
		&e));
	assert_string_equal(c.database.name, "@x \" 9999999999");
	assert_true(parse(&c, a, "demo = true;\n# the last line, without its newline", &e));
	assert_true(parse(&c, a, "demo = true; // the same", &e));
}

static void test_reload(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c, fresh;
	struct err e;
	const char *named;
	assert_true(parse(&c, a, "", &e));
	assert_true(parse(
		&fresh, a, "log: { level = \"debug\"; }; web: { page = 20; hosts = (); };", &e));
	assert_int_equal(conf_reload(&c, &fresh, &named), 0);
	assert_null(named);
	assert_int_equal(c.log.level, 0);
	assert_int_equal(c.web.page, 20);
	assert_int_equal(c.web.hosts.n, 0);
	assert_true(parse(&fresh, a, "web: { page = 30; port = 1; }; worker: { count = 9; };", &e));
	assert_int_equal(conf_reload(&c, &fresh, &named), 2);
	assert_string_equal(named, "web.port");
	assert_int_equal(c.web.page, 30);
	assert_int_equal(c.web.port, 8470);
}

/* What is printed is read back as the same configuration: the sample with its comment signs taken
 * off, and the print of every value. */
static void test_sample(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c, d;
	struct err e;
	char *text = NULL, *one = NULL, *two = NULL;
	size_t n, m;
	FILE *out = open_memstream(&text, &n);
	conf_print_sample(out);
	fclose(out);
	for (char *p = text; (p = strchr(p, '#')) != NULL; p++)
		if (p[1] != ' ')
			*p = ' ';
	assert_true(parse(&c, a, text, &e));
	assert_true(parse(&d, a, "", &e));
	out = open_memstream(&one, &n);
	conf_print(&c, out);
	fclose(out);
	out = open_memstream(&two, &m);
	conf_print(&d, out);
	fclose(out);
	assert_string_equal(one, two);
	free(text);
	free(one);
	free(two);
}

/* The sample that is shipped is the one the program prints. */
static void test_shipped_sample(void **state)
{
	(void)state;
	char *text = NULL, file[65536];
	size_t n;
	FILE *in = fopen("etc/drawd.conf", "r");
	assert_non_null(in);
	size_t got = fread(file, 1, sizeof file - 1, in);
	file[got] = '\0';
	fclose(in);
	FILE *out = open_memstream(&text, &n);
	conf_print_sample(out);
	fclose(out);
	assert_string_equal(text, file);
	free(text);
}

/* Both manuals hold the list of keys as the program prints it. */
static void test_manuals(void **state)
{
	static const char *const files[] = { "etc/man/zh_CN/drawd.conf.5", "etc/man/drawd.conf.5" };
	(void)state;
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		char *list = NULL, *file = calloc(1, 65536);
		size_t n;
		FILE *out = open_memstream(&list, &n);
		conf_print_man(out, lang == LANG_ZH ? LANG_ZH : LANG_EN);
		fclose(out);
		FILE *in = fopen(files[lang], "r");
		assert_non_null(in);
		size_t got = fread(file, 1, 65535, in);
		fclose(in);
		assert_true(got > n);
		if (strstr(file, list) == NULL)
			fail_msg("%s: the list of settings is not the program's", files[lang]);
		free(list);
		free(file);
	}
}

static void test_conninfo(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct conf c;
	struct err e;
	assert_true(parse(&c, a, "database: { host = \"/tmp/a'b\\\\c\"; };", &e));
	const char *text = conf_conninfo(&c, ROLE_WEB, a);
	assert_non_null(strstr(text, "host='/tmp/a\\'b\\\\c'"));
	assert_non_null(strstr(text, "user=drawd_web"));
}

static void test_every_key_documented(void **state)
{
	(void)state;
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		assert_true(strlen(k->help[LANG_ZH]) > 5);
		assert_true(strlen(k->help[LANG_EN]) > 5);
		for (const struct conf_key *l = conf_keys; l < k; l++) {
			assert_string_not_equal(l->name, k->name);
			assert_int_not_equal(l->offset, k->offset);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_quiet_places),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_shipped_sample),
		cmocka_unit_test(test_manuals),
		cmocka_unit_test(test_conninfo),
		cmocka_unit_test(test_every_key_documented),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
