#include "tests/unit/test.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "sampler/trust.h"

/* "{name:n}" in a policy stands for a verifier key made of seed n, "{name!n}" for a witness's. */
static struct note_signer signer(const char *name, size_t length, enum note_type type, unsigned n)
{
	uint8_t seed[32] = { (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16) };
	struct note_signer s;
	struct err e = { 0 };
	assert_true(note_signer_init(&s, (struct bytes){ name, length }, type, seed, &e));
	return s;
}

static struct bytes with_keys(struct arena *a, const char *p)
{
	struct buf b = buf_new(a, 4096);
	while (*p != '\0') {
		if (*p != '{') {
			buf_byte(&b, *p++);
			continue;
		}
		size_t n = strcspn(++p, ":!");
		struct note_signer s = signer(p, n, p[n] == ':' ? NOTE_ED25519 : NOTE_COSIGNATURE,
			(unsigned)atoi(p + n + 1));
		vkey_put(&b, &s.vkey);
		p = strchr(p, '}') + 1;
	}
	return buf_view(&b);
}

static const char good[] = "# 双随机 trust\n"
			   "log {log.x:1}\n"
			   "\n"
			   "witness X1 {w1.x!11}\n"
			   "witness X2 {w2.x!12}\n"
			   "witness X3 {w3.x!13}\n"
			   "group X 2 X1 X2 X3\n"
			   "witness Y1 {w4.x!14}\n"
			   "witness Y2 {w5.x!15}\n"
			   "group Y any Y1 Y2\n"
			   "group both all X Y\n"
			   "quorum both\n"
			   "signer operator {op.x:2}\n"
			   "signer operator {op.x:3}\n"
			   "signer department:market {market.x:4}\n"
			   "signer department:fire {fire.x:5}\n"
			   "signer custodian:audit {audit.x:6}\n"
			   "signer attester:notary {notary.x:7}\n"
			   "demo yes\n";

static struct trust read_good(struct arena *a)
{
	struct trust t;
	struct err e = { 0 };
	assert_true(trust_parse(&t, a, with_keys(a, good), &e));
	return t;
}

static void test_reads(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = read_good(a);
	(void)state;
	assert_string_equal(t.log.name, "log.x");
	assert_int_equal(t.witness_count, 5);
	assert_int_equal(t.group_count, 3);
	assert_int_equal(t.signer_count, 6);
	assert_true(t.demo && !t.quorum_none && t.quorum.group && t.quorum.index == 2);
	assert_true(t.groups[0].need == 2 && t.groups[1].need == 1 && t.groups[2].need == 2);
	for (size_t i = 0; i < t.witness_count; i++)
		assert_true(vkey_equal(&t.witnesses[i].key, &t.witness_keys[i]));
}

static void test_signers(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = read_good(a);
	size_t from = 0;
	(void)state;
	const struct trust_signer *fire = trust_signer(&t, TRUST_DEPARTMENT, BYTES("fire"));
	assert_non_null(fire);
	assert_string_equal(fire->key.name, "fire.x");
	assert_ptr_equal(trust_signer_of(&t, &fire->key), fire);
	assert_null(trust_signer(&t, TRUST_DEPARTMENT, BYTES("audit")));
	assert_null(trust_signer(&t, TRUST_ATTESTER, BYTES("fire")));
	assert_null(trust_signer_of(&t, &t.log));
	assert_non_null(trust_next(&t, TRUST_OPERATOR, (struct bytes){ 0 }, &from));
	const struct trust_signer *second =
		trust_next(&t, TRUST_OPERATOR, (struct bytes){ 0 }, &from);
	assert_non_null(second);
	assert_ptr_not_equal(second, trust_signer(&t, TRUST_OPERATOR, (struct bytes){ 0 }));
	assert_null(trust_next(&t, TRUST_OPERATOR, (struct bytes){ 0 }, &from));
	assert_string_equal(trust_role_name(TRUST_CUSTODIAN), "custodian");
}

/* All 32 sets of witnesses against the rule written out. */
static void test_quorum(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = read_good(a);
	(void)state;
	for (unsigned set = 0; set < 32; set++) {
		bool by[5];
		struct note_mark marks[5] = { 0 };
		for (unsigned i = 0; i < 5; i++) {
			by[i] = set >> i & 1;
			marks[i] = (struct note_mark){ .found = by[i], .time = 100 + i };
		}
		bool expect = by[0] + by[1] + by[2] >= 2 && (by[3] || by[4]);
		assert_int_equal(trust_quorum_met(&t, by), expect);
		assert_int_equal(trust_quorum_by(&t, marks, UINT64_MAX), expect);
		/* until 103 the last witness does not count, until 99 nobody does */
		bool early = by[0] + by[1] + by[2] >= 2 && by[3];
		assert_int_equal(trust_quorum_by(&t, marks, 103), early);
		assert_false(trust_quorum_by(&t, marks, 99));
	}
}

static void test_quorum_of_one_and_none(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t;
	struct err e = { 0 };
	(void)state;
	assert_true(trust_parse(&t, a,
		with_keys(a, "log {l:1}\nwitness a {a!3}\nwitness b {b!4}\nquorum b\n"
			     "signer operator {o:2}"),
		&e));
	assert_false(t.demo);
	assert_true(trust_quorum_met(&t, (bool[]){ false, true }));
	assert_false(trust_quorum_met(&t, (bool[]){ true, false }));
	assert_true(trust_parse(
		&t, a, with_keys(a, "log {l:1}\nquorum none\nsigner operator {o:2}\n"), &e));
	assert_true(trust_quorum_met(&t, NULL));
	assert_true(trust_quorum_by(&t, NULL, 0));
}

#define L "log {l:1}\n"
#define O "signer operator {o:2}\n"
#define W "witness w {w!3}\n"
#define Q "quorum none\n"

static void test_refusals(void **state)
{
	static const struct {
		const char *text, *where;
	} rows[] = {
		{ "", "" },
		{ L Q, "" },
		{ L O, "" },
		{ O Q, "" },
		{ L O Q "LOG {m:5}\n", "line 4" },
		{ L O Q " demo yes\n", "line 4" },
		{ L O Q "demo no\n", "line 4" },
		{ L O Q "demo yes yes\n", "line 4" },
		{ L O Q "demo  yes\n", "line 4" },
		{ L O Q "demo yes \n", "line 4" },
		{ L O Q "demo\tyes\n", "line 4" },
		{ L O Q "demo yes\r\n", "line 4" },
		{ L O Q "# \xff\n", "line 4" },
		{ L L O Q, "line 2" },
		{ L O Q Q, "line 4" },
		{ L "log {m:5}\n" O Q, "line 2" },
		{ "log l+00000000+AAAA\n" O Q, "line 1" },
		{ "log {l!1}\n" O Q, "line 1" },
		{ L O "witness w {w:3}\n" Q, "line 3" },
		{ L "signer operator {o!2}\n" Q, "line 2" },
		{ L O W "witness w {v!4}\n" Q, "line 4" },
		{ L O "witness none {w!3}\n" Q, "line 3" },
		{ L O "witness w {w!1}\n" Q, "line 3" }, /* the key of the log */
		{ L O Q "signer attester:a {a:2}\n", "line 4" }, /* the key of the operator */
		{ L O Q "signer custodian:a {a:2}\n", "line 4" },
		{ L O Q "signer department:a {a:2}\n", "line 4" },
		/* two keys of one name whose ids happen to be equal */
		{ L O Q "signer department:a {twin.x:4176}\nsigner department:b {twin.x:44196}\n",
			"line 5" },
		{ L O Q "signer department {a:6}\n", "line 4" },
		{ L O Q "signer department: {a:6}\n", "line 4" },
		{ L O Q "signer department:A {a:6}\n", "line 4" },
		{ L O Q "signer operator:a {a:6}\n", "line 4" },
		{ L O Q "signer minister:a {a:6}\n", "line 4" },
		{ L O W "group g 0 w\n" Q, "line 4" },
		{ L O W "group g 2 w\n" Q, "line 4" },
		{ L O W "group g some w\n" Q, "line 4" },
		{ L O W "group g all\n" Q, "line 4" },
		{ L O W "group g all v\n" Q, "line 4" },
		{ L O W "group g all g\n" Q, "line 4" },
		{ L O W "group w all w\n" Q, "line 4" },
		{ L O W "group none all w\n" Q, "line 4" },
		{ L O W "group g all none\n" Q, "line 4" },
		{ L O W "group g all w w\n" Q, "line 4" },
		{ L O W "group g all w\ngroup h all w\n" Q, "line 5" },
		{ L O "quorum w\n" W, "line 3" },
		{ L O "quorum w v\n" W, "line 3" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ARENA_AUTO a = arena_new();
		struct trust t;
		struct err e = { 0 };
		if (trust_parse(&t, a, with_keys(a, rows[i].text), &e))
			fail_msg("accepted: %s", rows[i].text);
		assert_int_equal(e.code, ERR_BAD_TRUST);
		assert_string_equal(e.where, rows[i].where);
		assert_true(e.what[0] != '\0');
	}
}

static void test_checkpoint(void **state)
{
	ARENA_AUTO a = arena_new();
	struct trust t = read_good(a);
	struct note_signer log = signer("log.x", 5, NOTE_ED25519, 1);
	struct checkpoint c = { .origin = BYTES("log.x"), .size = 3 }, read;
	struct note_mark marks[5];
	struct buf text = buf_new(a, 0), note = buf_new(a, 0);
	struct err e = { 0 };
	(void)state;
	checkpoint_put(&text, &c);
	buf_bytes(&note, note_sign(a, buf_view(&text), &log, 1, 0));
	assert_true(trust_checkpoint(&t, a, buf_view(&note), &read, marks, &e));
	assert_int_equal(read.size, 3);
	assert_false(trust_quorum_by(&t, marks, UINT64_MAX));
	for (unsigned i = 1; i < 5; i++) { /* all but X1, in the order of their times */
		struct note_signer w =
			signer(arena_printf(a, "w%u.x", i + 1), 4, NOTE_COSIGNATURE, 11 + i);
		note_put_line(&note, buf_view(&text), &w, 100 + i);
	}
	assert_true(trust_checkpoint(&t, a, buf_view(&note), &read, marks, &e));
	assert_true(!marks[0].found && marks[4].found && marks[4].time == 104);
	assert_true(trust_quorum_by(&t, marks, 103));
	assert_false(trust_quorum_by(&t, marks, 102));
	struct note_signer forged = signer("w1.x", 4, NOTE_COSIGNATURE, 11);
	note_put_line(&note, BYTES("another text\n"), &forged, 100);
	assert_false(trust_checkpoint(&t, a, buf_view(&note), &read, marks, &e));
	assert_int_equal(e.code, ERR_BAD_SIGNATURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_signers),
		cmocka_unit_test(test_quorum),
		cmocka_unit_test(test_quorum_of_one_and_none),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_checkpoint),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
