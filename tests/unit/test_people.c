#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/people.h"

#define HEAD "level = \"county\"; region = \"330199\";\n"
#define DEPARTMENTS \
	HEAD "departments: { scjg: { name = \"市监局\"; }; jyj: { name = \"教育局\"; }; };\n"
#define ADMIN \
	"admin: { name = \"甲\"; person = \"1\"; roles = [\"administrator\"]; };" \
	"lead: { name = \"乙\"; person = \"2\"; roles = [\"coordinator\"]; };"

static bool parse(struct people *p, struct arena *a, const char *text, struct err *e)
{
	*e = (struct err){ 0 };
	return people_parse(p, a, text, "people.conf", e);
}

static void test_read(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct people p;
	struct err e;
	assert_true(parse(&p, a,
		DEPARTMENTS
		"accounts: {" ADMIN
		"x: { name = \"丙\"; person = \"1\"; department = \"scjg\"; inspector = \"SCJG-0001\";"
		"os_user = \"bing\"; roles = ( \"inspector\", { role = \"clerk\"; "
		"department = \"jyj\"; from = \"2026-03-01\"; to = \"2026-03-31\"; } ); };"
		"s: { kind = \"service\"; name = \"平台\"; person = \"2\"; department = "
		"\"scjg\"; roles = [\"service\"]; }; };",
		&e));
	assert_int_equal(p.departments, 2);
	assert_string_equal(p.department[0].system, "scjg");
	assert_string_equal(p.department[1].level, "county");
	assert_string_equal(p.department[1].region, "330199");
	assert_string_equal(p.department[1].name_en, "");
	assert_true(p.department[1].inspects);
	assert_int_equal(p.accounts, 4);
	const struct people_account *x = &p.account[2];
	assert_string_equal(x->id, "x");
	assert_false(x->service);
	assert_string_equal(x->os_user, "bing");
	assert_string_equal(x->sso_name, "");
	assert_int_equal(x->roles, 2);
	assert_int_equal(x->role[0].role->bit, WHO_INSPECTOR);
	assert_string_equal(x->role[0].department, "scjg");
	assert_string_equal(x->role[0].from, "");
	assert_string_equal(x->role[1].department, "jyj");
	assert_string_equal(x->role[1].to, "2026-03-31");
	assert_true(p.account[3].service);
}

/* The accounts of a file, the line of the setting at fault, part of the reason. */
static void test_accounts_refused(void **state)
{
#define X "x: { name = \"丙\"; person = \"3\"; "
	static const struct {
		const char *text, *where, *what;
	} rows[] = {
		{ ADMIN, "", "" },
		{ ADMIN "\nX_1: { };", "people.conf:4", "X_1: 1 to 32" },
		{ ADMIN "\nx = 5;", "people.conf:4", "x: an integer" },
		{ ADMIN "\n" X "rolls = [\"head\"]; };", "people.conf:4", "accounts.x.rolls" },
		{ ADMIN "\n" X "};", "people.conf:4", "roles: at least one" },
		{ ADMIN "\n" X "roles = []; };", "people.conf:4", "at least one" },
		{ ADMIN "\n" X "roles = \"head\"; };", "people.conf:4", "roles" },
		{ ADMIN "\n" X "roles = [\"chief\"]; };", "people.conf:4", "no role \"chief\"" },
		{ ADMIN "\n" X "roles = [\"public\"]; };", "people.conf:4", "no role \"public\"" },
		{ ADMIN "\n" X "roles = [\"head\"]; };", "people.conf:4", "no department \"\"" },
		{ ADMIN "\n" X "department = \"gaj\"; roles = [\"auditor\"]; };", "people.conf:4",
			"no department \"gaj\"" },
		{ ADMIN "\n" X "roles = ( { role = \"auditor\"; department = \"scjg\"; } ); };",
			"people.conf:4", "whole installation" },
		{ ADMIN "\n" X "roles = ( { role = \"auditor\"; from = \"2026-02-30\"; } ); };",
			"people.conf:4", "a date" },
		{ ADMIN "\n" X "roles = ( { role = \"auditor\"; from = \"2026-03-02\";\n"
			"to = \"2026-03-01\"; } ); };",
			"people.conf:4", "before it begins" },
		{ ADMIN "\n" X "department = \"scjg\"; roles = [\"inspector\"]; };",
			"people.conf:4", "go together" },
		{ ADMIN "\n" X "inspector = \"SCJG-1\"; roles = [\"auditor\"]; };", "people.conf:4",
			"go together" },
		{ ADMIN "\n" X "inspector = \"scjg-1\"; roles = [\"auditor\"]; };", "people.conf:4",
			"inspector: 1 to 32 of A-Z" },
		{ ADMIN "\n" X "department = \"scjg\"; roles = [\"service\"]; };", "people.conf:4",
			"a service has" },
		{ ADMIN "\n" X "kind = \"service\"; roles = [\"auditor\"]; };", "people.conf:4",
			"a service has" },
		{ ADMIN "\n" X "kind = \"robot\"; roles = [\"auditor\"]; };", "people.conf:4",
			"person or service" },
		{ ADMIN "\nx: { name = \"丙\"; roles = [\"auditor\"]; };", "people.conf:4",
			"staff number" },
		{ ADMIN "\nx: { name = \"丙\"; person = \"a b\"; roles = [\"auditor\"]; };",
			"people.conf:4", "staff number" },
		{ ADMIN "\nx: { person = \"3\"; roles = [\"auditor\"]; };", "people.conf:4",
			"name is missing" },
		{ ADMIN "\n" X "sso_name = \"q\"; roles = [\"auditor\"]; };\n"
			"y: { name = \"丁\"; person = \"4\"; sso_name = \"q\"; roles = [\"auditor\"]; };",
			"people.conf:5", "that of x" },
		{ ADMIN "admin: { };", "people.conf:3", "duplicate" },
		/* one person with two accounts is one person */
		{ "a: { name = \"甲\"; person = \"1\"; roles = [\"administrator\"]; };"
		  "b: { name = \"甲\"; person = \"1\"; roles = [\"coordinator\"]; };",
			"people.conf", "a second person" },
		{ "a: { name = \"甲\"; person = \"1\"; roles = [\"coordinator\"]; };"
		  "b: { name = \"乙\"; person = \"2\"; roles = [\"coordinator\"]; };",
			"people.conf", "an administrator" },
		{ "", "people.conf", "accounts names nobody" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct people p;
		struct err e;
		const char *text =
			arena_printf(a, "%saccounts: { %s };\n", DEPARTMENTS, rows[i].text);
		if (parse(&p, a, text, &e) != (rows[i].where[0] == '\0'))
			fail_msg("%s: %s %s", text, e.where, e.what);
		if (strstr(e.where, rows[i].where) == NULL || strstr(e.what, rows[i].what) == NULL)
			fail_msg("%s: \"%s\" \"%s\"", text, e.where, e.what);
	}
#undef X
}

static void test_departments_refused(void **state)
{
	static const struct {
		const char *text, *where, *what;
	} rows[] = {
		{ HEAD "departments: { };", "people.conf:2", "departments names nobody" },
		{ HEAD "departments = ( );", "people.conf:2", "departments names nobody" },
		{ HEAD "departments = ( \"scjg\" );", "people.conf:2", "a group is wanted" },
		{ HEAD "offices: { };", "people.conf:2", "no such setting" },
		{ "departments: {\na: { name = \"甲\"; }; };", "people.conf:2",
			"level is missing" },
		{ "level = \"county\"; departments: {\na: { name = \"甲\"; }; };", "people.conf:2",
			"region is missing" },
		{ HEAD "departments: {\na: { }; };", "people.conf:3", "name is missing" },
		{ HEAD "departments: {\nnone: { name = \"甲\"; }; };", "people.conf:3", "none" },
		{ HEAD "departments: {\na: { name = 5; }; };", "people.conf:3", "a string" },
		{ HEAD "departments: {\na: { name = \"\"; }; };", "people.conf:3", "1 to 200" },
		{ HEAD "departments: {\na: { name = \"a\\x01\"; }; };", "people.conf:3",
			"1 to 200" },
		{ HEAD "departments: {\na: { name = \"甲\"; inspects = 1; }; };", "people.conf:3",
			"true or false" },
		{ HEAD "departments: {\na: { name = \"甲\"; region = \"33019\"; }; };",
			"people.conf:3", "digits" },
		{ HEAD "departments: {\na: { name = \"甲\"; region = \"330199001\"; }; };",
			"people.conf:3", "of a town" },
		{ HEAD "departments: {\na: { name = \"甲\"; level = \"town\"; }; };",
			"people.conf:3", "of a town" },
		{ HEAD "departments: {\na: { name = \"甲\"; level = \"village\"; }; };",
			"people.conf:3", "province" },
		{ HEAD "departments: {\na: { name = \"甲\"; };\nb: { name = \"乙\"; system = "
		       "\"a\"; }; };",
			"people.conf:4", "a is of the same system" },
		{ "level = \"state\";", "people.conf:1", "province" },
		{ "region = 330199;", "people.conf:1", "a string" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct people p;
		struct err e;
		if (parse(&p, a, rows[i].text, &e))
			fail_msg("taken: %s", rows[i].text);
		if (strstr(e.where, rows[i].where) == NULL || strstr(e.what, rows[i].what) == NULL)
			fail_msg("%s: \"%s\" \"%s\"", rows[i].text, e.where, e.what);
	}
}

/* The demo's people: the departments of the scheme, one office that does not inspect, and somebody
 * for every role. */
static void test_shipped(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct people p;
	struct err e = { 0 };
	if (!people_load(&p, a, "etc/policy/people.conf", &e))
		fail_msg("%s: %s", e.where, e.what);
	assert_int_equal(p.departments, 13);
	size_t inspecting = 0, n;
	for (size_t i = 0; i < p.departments; i++)
		inspecting += p.department[i].inspects;
	assert_int_equal(inspecting, 12);
	unsigned held = 0, wanted = 0;
	for (size_t i = 0; i < p.accounts; i++) {
		for (size_t k = 0; k < p.account[i].roles; k++)
			held |= p.account[i].role[k].role->bit;
		for (size_t k = 0; k < i; k++)
			assert_true(p.account[i].service || p.account[k].service ||
				    strcmp(p.account[i].person, p.account[k].person) != 0);
	}
	const struct role *roles = roles_all(&n);
	for (size_t i = 0; i < n; i++)
		wanted |= roles[i].granted ? roles[i].bit : 0;
	assert_int_equal(held, wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_accounts_refused),
		cmocka_unit_test(test_departments_refused),
		cmocka_unit_test(test_shipped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
