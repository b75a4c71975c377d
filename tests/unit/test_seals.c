#include "tests/unit/test.h"

#include "daemon/seals.h"

/* Two attesters, one of them with two keys; a custodian; somebody whom the trust policy does not
 * name. */
enum { LOG, OPERATOR, ZHANG, ZHANG_AGAIN, LI, CUSTODIAN, STRANGER, PEOPLE };
static const struct {
	const char *name, *line; /* of the trust policy; NULL: none */
} people[PEOPLE] = {
	[LOG] = { "log.x", "log " },
	[OPERATOR] = { "op.x", "signer operator " },
	[ZHANG] = { "zhang.x", "signer attester:zhang " },
	[ZHANG_AGAIN] = { "zhang.x.2", "signer attester:zhang " },
	[LI] = { "li.x", "signer attester:li " },
	[CUSTODIAN] = { "pan.x", "signer custodian:pan " },
	[STRANGER] = { "wang.x", NULL },
};

static struct note_signer signer(unsigned who)
{
	uint8_t seed[32] = { (uint8_t)(who + 1) };
	struct note_signer s;
	struct err e = { 0 };
	assert_true(note_signer_init(&s, bytes_of(people[who].name), NOTE_ED25519, seed, &e));
	return s;
}

static struct trust trust_of(struct arena *a)
{
	struct buf b = buf_new(a, 1024);
	struct trust t;
	struct err e = { 0 };
	for (unsigned i = 0; i < PEOPLE; i++) {
		struct note_signer s = signer(i);
		if (people[i].line == NULL)
			continue;
		buf_str(&b, people[i].line);
		vkey_put(&b, &s.vkey);
		buf_byte(&b, '\n');
	}
	buf_str(&b, "quorum none\n");
	assert_true(trust_parse(&t, a, buf_view(&b), &e));
	return t;
}

static struct bytes text_of(struct arena *a, enum record_kind kind, const char *value)
{
	struct record rec = { .kind = kind };
	struct buf b = buf_new(a, 512);
	struct err e = { 0 };
	const char *hash = "00000000000000000000000000000000000000000000000000000000000000aa";
	record_set(&rec, "round", BYTES("2026-0001"));
	if (kind == RECORD_VOID) {
		record_set(&rec, "last", bytes_of(hash));
		record_set(&rec, "reason", BYTES("mistake"));
		record_set(&rec, "evidence", bytes_of(hash));
	} else {
		record_set(&rec, "lock", bytes_of(hash));
		record_set(&rec, "place", BYTES("1"));
		record_set(&rec, "source", BYTES("dice"));
		record_set(&rec, "pulse", BYTES("1"));
		record_set(&rec, "value", bytes_of(value));
	}
	assert_true(record_encode(&rec, &b, &e));
	return buf_view(&b);
}

static void sign(struct buf *b, struct bytes text, unsigned who)
{
	struct note_signer s = signer(who);
	note_put_line(b, text, &s, 0);
}

/* What is said of these lines, a bit for each who signs. */
static enum err_code said(struct arena *a, struct bytes text, unsigned who, bool whole)
{
	struct trust t = trust_of(a);
	struct buf b = buf_new(a, 1024);
	struct err e = { 0 };
	for (unsigned i = 0; i < PEOPLE; i++)
		if ((who & 1u << i) != 0)
			sign(&b, text, i);
	bool ok = seals_check(a, &t, text, buf_view(&b), whole, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return e.code;
}

static void test_counts(void **state)
{
	ARENA_AUTO a = arena_new();
	struct bytes beacon = text_of(a, RECORD_BEACON, "123456");
	struct bytes voided = text_of(a, RECORD_VOID, NULL);
	/* who signed; what is said where all are wanted, and where one is */
	const struct {
		struct bytes text;
		unsigned who;
		enum err_code all, one;
	} cases[] = {
		{ beacon, 0, ERR_MISSING_SIGNER, ERR_MISSING_SIGNER },
		{ beacon, 1 << ZHANG, ERR_MISSING_SIGNER, ERR_NONE },
		{ beacon, 1 << ZHANG | 1 << LI, ERR_NONE, ERR_NONE },
		{ beacon, 1 << ZHANG | 1 << ZHANG_AGAIN, ERR_MISSING_SIGNER, ERR_NONE },
		{ beacon, 1 << ZHANG | 1 << ZHANG_AGAIN | 1 << LI, ERR_NONE, ERR_NONE },
		{ beacon, 1 << ZHANG | 1 << LI | 1 << STRANGER, ERR_NONE, ERR_NONE },
		{ beacon, 1 << ZHANG | 1 << CUSTODIAN, ERR_MISSING_SIGNER, ERR_NONE },
		{ beacon, 1 << CUSTODIAN, ERR_MISSING_SIGNER, ERR_MISSING_SIGNER },
		{ beacon, 1 << STRANGER, ERR_MISSING_SIGNER, ERR_MISSING_SIGNER },
		{ voided, 1 << CUSTODIAN, ERR_NONE, ERR_NONE },
		{ voided, 1 << ZHANG | 1 << LI, ERR_MISSING_SIGNER, ERR_MISSING_SIGNER },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(said(a, cases[i].text, cases[i].who, true), cases[i].all);
		assert_int_equal(said(a, cases[i].text, cases[i].who, false), cases[i].one);
	}
}

static void test_form(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = trust_of(a);
	struct bytes text = text_of(a, RECORD_BEACON, "123456");
	struct bytes other = text_of(a, RECORD_BEACON, "654321");
	struct buf b = buf_new(a, 512);
	struct err e = { 0 };
	(void)state;
	sign(&b, other, ZHANG);
	assert_false(seals_check(a, &t, text, buf_view(&b), false, &e));
	assert_int_equal(e.code, ERR_BAD_SIGNATURE);
	assert_string_equal(e.where, "attestations: signature line 1");
	e = (struct err){ 0 };
	assert_false(seals_check(a, &t, text, BYTES("zhang signed it"), false, &e));
	assert_int_equal(e.code, ERR_BAD_NOTE);
	e = (struct err){ 0 };
	assert_false(seals_check(a, &t, BYTES("no record\n"), BYTES(""), false, &e));
	assert_int_equal(e.code, ERR_BAD_RECORD);
}

/* The order of the lines is that of the key names, whatever the order they came in. */
static void test_order(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = trust_of(a);
	struct bytes text = text_of(a, RECORD_BEACON, "123456");
	const struct demand any = { TRUST_ATTESTER, { NULL, 0 } };
	struct buf b = buf_new(a, 512);
	struct seals s;
	struct err e = { 0 };
	(void)state;
	sign(&b, text, ZHANG);
	sign(&b, text, LI);
	assert_true(seals_read(&s, a, &t, text, buf_view(&b), &e));
	assert_int_equal(s.n, 2);
	assert_true(bytes_equal(seals_take(&s, &any)->name, BYTES("li.x")));
	assert_true(bytes_equal(seals_take(&s, &any)->name, BYTES("zhang.x")));
	assert_null(seals_take(&s, &any));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
