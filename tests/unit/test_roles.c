#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "daemon/roles.h"
#include "daemon/sqltext.h"

static void test_bits(void **state)
{
	(void)state;
	size_t n;
	const struct role *all = roles_all(&n);
	unsigned seen = 0;
	for (size_t i = 0; i < n; i++) {
		assert_true(all[i].bit > seen); /* ascending, and each its own */
		assert_int_equal(all[i].bit & (all[i].bit - 1), 0);
		assert_ptr_equal(role_of(all[i].bit), &all[i]);
		assert_ptr_equal(role_by_token(bytes_of(all[i].token)), &all[i]);
		seen |= all[i].bit;
	}
	assert_int_equal(seen, 2 * WHO_SIGNED_IN - 1);
	assert_null(role_of(WHO_HEAD | WHO_CLERK));
	assert_null(role_of(2 * WHO_SIGNED_IN));
	assert_null(role_by_token(BYTES("Head")));
	assert_null(role_by_token(BYTES("")));
}

static void test_lists(void **state)
{
	(void)state;
	unsigned bits;
	char text[160];
	assert_true(roles_parse(BYTES(""), &bits));
	assert_int_equal(bits, 0);
	assert_true(roles_parse(BYTES("clerk,head,auditor"), &bits));
	assert_int_equal(bits, WHO_CLERK | WHO_HEAD | WHO_AUDITOR);
	assert_string_equal(roles_text(bits, text, sizeof text), "head,clerk,auditor");
	assert_string_equal(roles_text(0, text, sizeof text), "");
	assert_false(roles_parse(BYTES("head,"), &bits));
	assert_false(roles_parse(BYTES(",head"), &bits));
	assert_false(roles_parse(BYTES("head,king"), &bits));
	assert_true(
		roles_parse(bytes_of(roles_text(2 * WHO_SIGNED_IN - 1, text, sizeof text)), &bits));
	assert_int_equal(bits, 2 * WHO_SIGNED_IN - 1);
	assert_string_equal(roles_text(WHO_HEAD | WHO_CLERK, text, 8), "head");
}

static void test_words(void **state)
{
	(void)state;
	size_t n;
	const struct role *all = roles_all(&n);
	unsigned granted = 0;
	char text[160];
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(all[i].delegable, (all[i].bit & WHO_DELEGABLE) != 0);
		granted |= all[i].granted ? all[i].bit : 0;
	}
	assert_string_equal(roles_text(WHO_DELEGABLE, text, sizeof text), ROLE_WORDS_DELEGABLE);
	assert_string_equal(roles_text(granted, text, sizeof text), ROLE_WORDS);
}

/* The rows of the migration, in the words of C. */
static const char *people_sql(void)
{
	for (const struct migration *m = migrations; m->number != 0; m++) {
		if (strcmp(m->name, "people") == 0)
			return strstr(m->text,
				"INSERT INTO drawd.role (name, scoped, delegable, reads, zh, en)");
	}
	return NULL;
}

static void test_array(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 8);
	roles_put(WHO_COORDINATOR | WHO_AUDITOR | WHO_PUBLIC, &b);
	roles_put(0, &b);
	buf_byte(&b, '\0');
	assert_string_equal(b.p, "[\"public\",\"coordinator\",\"auditor\"][]");
}

static void test_database(void **state)
{
	(void)state;
	size_t n, granted = 0, rows = 0;
	const struct role *all = roles_all(&n);
	const char *sql = people_sql();
	assert_non_null(sql);
	const char *end = strchr(sql, ';');
	assert_non_null(end);
	for (const char *at = sql; (at = strstr(at, "\n\t('")) != NULL && at < end; at++)
		rows++;
	for (size_t i = 0; i < n; i++) {
		char from[100], to[200];
		snprintf(from, sizeof from, "\n\t('%s', %s, %s, ", all[i].token,
			all[i].scoped ? "true" : "false", all[i].delegable ? "true" : "false");
		snprintf(
			to, sizeof to, ", '%s', '%s')", all[i].name[LANG_ZH], all[i].name[LANG_EN]);
		const char *at = strstr(sql, from);
		assert_int_equal(at != NULL && at < end, all[i].granted);
		if (all[i].granted)
			assert_memory_equal(strchr(at, ')') + 1 - strlen(to), to, strlen(to));
		granted += all[i].granted;
	}
	assert_int_equal(rows, granted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_array),
		cmocka_unit_test(test_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
