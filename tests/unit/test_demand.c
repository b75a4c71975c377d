/* Whose signatures a record needs: PROTOCOL.md §3. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/demand.h"

/* A trust policy as far as demands read it. */
static const struct trust_signer signers[] = {
	{ .role = TRUST_OPERATOR },
	{ .role = TRUST_DEPARTMENT, .token = { "fire", 4 } },
	{ .role = TRUST_DEPARTMENT, .token = { "tax", 3 } },
	{ .role = TRUST_ATTESTER, .token = { "market", 6 } },
};

static bool ask(struct demands *d, enum record_kind kind, const char *key, struct bytes value,
	struct err *e)
{
	struct trust_signer copy[sizeof signers / sizeof *signers];
	struct trust t = { .signers = copy, .signer_count = sizeof signers / sizeof *signers };
	struct record rec = { .kind = kind };
	memcpy(copy, signers, sizeof copy);
	if (key != NULL)
		record_set(&rec, key, value);
	return demands_of(d, &rec, &t, e);
}

static void is(const struct demand *d, enum trust_role role, const char *token)
{
	assert_int_equal(d->role, role);
	assert_true(bytes_is(d->token, token));
}

static void test_in_order(void **state)
{
	(void)state;
	struct demands d;
	struct err e = { 0 };
	assert_true(ask(&d, RECORD_FREEZE, "departments", BYTES("fire,market,tax"), &e));
	assert_int_equal(d.n, 3);
	is(&d.at[0], TRUST_OPERATOR, "");
	is(&d.at[1], TRUST_DEPARTMENT, "fire");
	is(&d.at[2], TRUST_DEPARTMENT, "tax");
	assert_true(ask(&d, RECORD_BEACON, NULL, BYTES(""), &e));
	assert_int_equal(d.n, 3);
	is(&d.at[0], TRUST_OPERATOR, "");
	is(&d.at[1], TRUST_ATTESTER, "");
	is(&d.at[2], TRUST_ATTESTER, "");
	assert_true(ask(&d, RECORD_CHANGE, "department", BYTES("market"), &e));
	assert_int_equal(d.n, 2);
	is(&d.at[1], TRUST_DEPARTMENT, "market");
	assert_true(ask(&d, RECORD_CAUSE, "department", BYTES("fire"), &e));
	assert_int_equal(d.n, 1);
	is(&d.at[0], TRUST_DEPARTMENT, "fire");
	assert_true(ask(&d, RECORD_CAUSE, "department", BYTES("market"), &e)); /* it holds no key */
	assert_int_equal(d.n, 1);
	is(&d.at[0], TRUST_OPERATOR, "");
	assert_true(ask(&d, RECORD_ESCROW, "holder", BYTES("audit"), &e));
	assert_int_equal(d.n, 1);
	is(&d.at[0], TRUST_CUSTODIAN, "audit");
	assert_true(ask(&d, RECORD_VOID, NULL, BYTES(""), &e));
	assert_int_equal(d.n, 2);
	is(&d.at[1], TRUST_CUSTODIAN, "");
}

/* More signers than a note has lines: refused, none of them forgotten. */
static void test_no_room(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct trust_signer *many = arena_calloc(a, NOTE_LINES_MAX, sizeof *many);
	struct trust t = { .signers = many };
	struct record rec = { .kind = RECORD_FREEZE };
	struct demands *d = arena_calloc(a, 1, sizeof *d);
	struct buf list = buf_new(a, 1024);
	for (int n = 0; n < NOTE_LINES_MAX; n++) {
		struct err e = { 0 };
		const char *name = arena_printf(a, "d%02d", n);
		many[n] =
			(struct trust_signer){ .role = TRUST_DEPARTMENT, .token = bytes_of(name) };
		t.signer_count = (size_t)n + 1;
		buf_str(&list, n > 0 ? "," : "");
		buf_str(&list, name);
		record_set(&rec, "departments", buf_view(&list));
		assert_int_equal(demands_of(d, &rec, &t, &e), n + 2 <= NOTE_LINES_MAX);
		assert_int_equal(e.code, n + 2 <= NOTE_LINES_MAX ? ERR_NONE : ERR_MISSING_SIGNER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_no_room),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
