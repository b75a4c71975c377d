#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "sampler/witness.h"

enum { LEAVES = 40 };

/* A log of 40 entries and its witness. */
struct scene {
	struct arena *arena;
	struct note_signer log, other, witness;
	struct merkle_tree tree;
	struct merkle_source source;
};

static void open_scene(struct scene *s, struct arena *a)
{
	static const uint8_t seeds[3][32] = { { 1 }, { 2 }, { 3 } };
	struct hash leaves[LEAVES];
	struct err e = { 0 };
	s->arena = a;
	assert_true(note_signer_init(&s->log, BYTES("log.x"), NOTE_ED25519, seeds[0], &e));
	assert_true(note_signer_init(&s->other, BYTES("log.x"), NOTE_ED25519, seeds[1], &e));
	assert_true(note_signer_init(&s->witness, BYTES("w.x"), NOTE_COSIGNATURE, seeds[2], &e));
	for (size_t i = 0; i < LEAVES; i++)
		merkle_leaf((struct bytes){ (const char *)&i, sizeof i }, &leaves[i]);
	merkle_tree_build(&s->tree, a, leaves, LEAVES);
	s->source = merkle_tree_source(&s->tree);
}

static struct bytes checkpoint_at(
	struct scene *s, const char *origin, uint64_t size, const struct note_signer *signer)
{
	struct checkpoint c = { .origin = bytes_of(origin), .size = size };
	struct buf b = buf_new(s->arena, 0);
	struct err e = { 0 };
	assert_true(merkle_source_root(&s->source, size, &c.root, &e));
	checkpoint_put(&b, &c);
	return note_sign(s->arena, buf_view(&b), signer, 1, 0);
}

static struct witness_request request(struct scene *s, uint64_t old, uint64_t size)
{
	struct witness_request r = { .old = old };
	struct err e = { 0 };
	assert_true(merkle_prove_consistency(&s->source, old, size, &r.proof, &e));
	r.checkpoint = checkpoint_at(s, "log.x", size, &s->log);
	return r;
}

static enum witness_answer ask(struct scene *s, const struct witness_state *known,
	const struct witness_request *r, struct witness_state *next)
{
	struct buf b = buf_new(s->arena, 0);
	struct note n;
	struct err e = { 0 };
	witness_request_put(&b, r);
	enum witness_answer answer =
		witness_judge(known, &s->log.vkey, buf_view(&b), s->arena, next, &n, &e);
	assert_int_equal(answer == WITNESS_OK, e.code == ERR_NONE);
	return answer;
}

static void test_request_round_trip(void **state)
{
	ARENA_AUTO a = arena_new();
	struct scene s;
	(void)state;
	open_scene(&s, a);
	for (uint64_t old = 0; old <= LEAVES; old++) {
		struct witness_request r = request(&s, old, LEAVES), again;
		struct buf b = buf_new(a, 0), c = buf_new(a, 0);
		struct err e = { 0 };
		witness_request_put(&b, &r);
		assert_true(witness_request_parse(&again, buf_view(&b), &e));
		assert_int_equal(again.old, old);
		witness_request_put(&c, &again);
		assert_true(bytes_equal(buf_view(&b), buf_view(&c)));
	}
}

static void test_refused_requests(void **state)
{
	ARENA_AUTO a = arena_new();
	static const char *const bodies[] = { "", "old", "old 1", "old 1\n", "old 01\n\nx\n",
		"old -1\n\nx\n", "Old 1\n\nx\n", "old 1\nAAAA\n\nx\n", "old 1\n?\n\nx\n",
		"old  1\n\nx\n", "old 9223372036854775808\n\nx\n" };
	struct witness_request r;
	struct buf many = buf_new(a, 0);
	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct err e = { 0 };
		assert_false(witness_request_parse(&r, bytes_of(bodies[i]), &e));
		assert_int_equal(e.code, ERR_BAD_NOTE);
	}
	buf_str(&many, "old 1\n");
	for (int i = 0; i < 64; i++)
		buf_str(&many, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
	buf_str(&many, "\nx\n");
	struct err e = { 0 };
	assert_false(witness_request_parse(&r, buf_view(&many), &e));
	assert_int_equal(e.code, ERR_BAD_NOTE);
}

/* A witness follows the log from nothing to its end, in steps and standing still. */
static void test_follows(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 1, 2, 5, 16, 17, 33, 40, 40 };
	ARENA_AUTO a = arena_new();
	struct scene s;
	struct witness_state known = { 0 };
	(void)state;
	open_scene(&s, a);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct witness_request r = request(&s, known.size, sizes[i]);
		struct witness_state next;
		assert_int_equal(ask(&s, &known, &r, &next), WITNESS_OK);
		assert_int_equal(next.size, sizes[i]);
		known = next;
	}
}

static void test_answers(void **state)
{
	ARENA_AUTO a = arena_new();
	struct scene s;
	struct witness_state known = { .size = 7 }, next = { .size = 99 };
	struct err e = { 0 };
	(void)state;
	open_scene(&s, a);
	assert_true(merkle_source_root(&s.source, 7, &known.root, &e));
	struct witness_request r = request(&s, 7, 20);
	assert_int_equal(ask(&s, &known, &r, &next), WITNESS_OK);
	next.size = 99;

	struct witness_request bad = r;
	bad.proof.hash[0].b[0] ^= 1;
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_NO_PROOF);
	bad = r;
	bad.proof.n--;
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_NO_PROOF);
	bad = request(&s, 6, 20);
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_CONFLICT);
	bad = request(&s, 0, 20); /* how a log asks where the witness is */
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_CONFLICT);
	bad = r;
	bad.old = 21;
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_BAD);
	bad = r;
	bad.checkpoint = BYTES("no note\n");
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_BAD);
	bad.checkpoint = checkpoint_at(&s, "log.x", 20, &s.other);
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_UNSIGNED);
	bad.checkpoint = checkpoint_at(&s, "log.y", 20, &s.log);
	assert_int_equal(ask(&s, &known, &bad, &next), WITNESS_UNKNOWN);

	struct witness_request same = request(&s, 7, 7);
	assert_int_equal(ask(&s, &known, &same, &next), WITNESS_OK);
	known.root.b[31] ^= 1; /* the log shows another tree of the same size */
	next.size = 99;
	assert_int_equal(ask(&s, &known, &same, &next), WITNESS_CONFLICT);
	assert_int_equal(ask(&s, &known, &r, &next), WITNESS_NO_PROOF);
	assert_int_equal(next.size, 99); /* a refusal changes nothing */
}

static void test_join(void **state)
{
	ARENA_AUTO a = arena_new();
	struct scene s;
	struct bytes joined;
	struct note n;
	struct note_mark mark;
	struct err e = { 0 };
	(void)state;
	open_scene(&s, a);
	struct bytes checkpoint = checkpoint_at(&s, "log.x", 20, &s.log);
	assert_true(note_parse(&n, a, checkpoint, &e));
	struct buf line = buf_new(a, 0);
	note_put_line(&line, n.text, &s.witness, 1234);
	assert_true(witness_answer_join(&joined, a, checkpoint, buf_view(&line), &e));
	assert_true(note_parse(&n, a, joined, &e));
	assert_true(note_verify(&n, &s.witness.vkey, 1, &mark, &e));
	assert_true(mark.found && mark.time == 1234);
	static const char *const answers[] = { "", "\n", "20\n", "\n\n", "— w.x AAAA\n" };
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct err why = { 0 };
		assert_false(
			witness_answer_join(&joined, a, checkpoint, bytes_of(answers[i]), &why));
		assert_int_equal(why.code, ERR_BAD_NOTE);
	}
	struct err whole = { 0 };
	assert_false(witness_answer_join(&joined, a, n.text, buf_view(&line), &whole));
	assert_int_equal(whole.code, ERR_BAD_NOTE);
	struct err moved = { 0 }; /* well-formed lines behind a blank line are no part of it */
	struct bytes tail = bytes_of(arena_printf(
		a, "\n%.*s%.*s", BYTES_ARG(buf_view(&line)), BYTES_ARG(buf_view(&line))));
	assert_false(witness_answer_join(&joined, a, checkpoint, tail, &moved));
	assert_int_equal(moved.code, ERR_BAD_NOTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_round_trip),
		cmocka_unit_test(test_refused_requests),
		cmocka_unit_test(test_follows),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_join),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
