#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "sampler/checkpoint.h"
#include "sampler/merkle.h"
#include "sampler/tile.h"
#include "tests/unit/outside.h"

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static void test_body(void **state)
{
	ARENA_AUTO a = arena_new();
	struct bytes text = BYTES("log.example/2026\n0\n" ROOT "\n");
	struct checkpoint c;
	struct err e = { 0 };
	struct hash empty;
	struct buf b = buf_new(a, 0);
	(void)state;
	assert_true(checkpoint_parse(&c, text, &e));
	assert_true(bytes_is(c.origin, "log.example/2026") && c.size == 0);
	sha256(NULL, 0, empty.b);
	assert_memory_equal(&c.root, &empty, sizeof empty);
	checkpoint_put(&b, &c);
	assert_true(bytes_equal(buf_view(&b), text));
}

static void test_refused_bodies(void **state)
{
	static const char *const bodies[] = { "", "a\n", "a\n1\n", "a\n1\n" ROOT,
		"a\n1\n" ROOT "\nextension\n", "a\n1\n" ROOT "\n\n", "\n1\n" ROOT "\n",
		"go.sum database tree\n1\n" ROOT "\n", "a~\n1\n" ROOT "\n", "a\n01\n" ROOT "\n",
		"a\n-1\n" ROOT "\n", "a\n9223372036854775808\n" ROOT "\n", "a\n\n" ROOT "\n",
		"a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", "a\n1\nAAAA\n",
		"a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA\n" };
	(void)state;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		struct checkpoint c;
		struct err e = { 0 };
		assert_false(checkpoint_parse(&c, bytes_of(bodies[i]), &e));
		assert_int_equal(e.code, ERR_BAD_NOTE);
	}
}

static enum err_code open_with(struct arena *a, struct bytes whole, const struct vkey *log)
{
	struct checkpoint c;
	struct note n;
	struct err e = { 0 };
	bool ok = checkpoint_open(&c, &n, a, whole, log, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return e.code;
}

static void test_open(void **state)
{
	ARENA_AUTO a = arena_new();
	static const uint8_t seed[32] = { 3 }, other_seed[32] = { 4 };
	struct bytes text = BYTES("log.example\n5\n" ROOT "\n");
	struct note_signer log, other, named;
	struct err e = { 0 };
	(void)state;
	assert_true(note_signer_init(&log, BYTES("log.example"), NOTE_ED25519, seed, &e));
	assert_true(note_signer_init(&other, BYTES("log.example"), NOTE_ED25519, other_seed, &e));
	assert_true(note_signer_init(&named, BYTES("b.example"), NOTE_ED25519, seed, &e));
	struct bytes whole = note_sign(a, text, &log, 1, 0);
	assert_int_equal(open_with(a, whole, &log.vkey), ERR_NONE);
	assert_int_equal(open_with(a, whole, &other.vkey), ERR_MISSING_SIGNER);
	assert_int_equal(open_with(a, whole, &named.vkey), ERR_BAD_KEY);
	char *p = arena_strndup(a, whole.p, whole.n);
	p[12] = '6';
	assert_int_equal(open_with(a, (struct bytes){ p, whole.n }, &log.vkey), ERR_BAD_SIGNATURE);
	assert_int_equal(open_with(a, text, &log.vkey), ERR_BAD_NOTE);
}

struct log {
	struct arena *arena;
	struct vkey key;
	struct checkpoint at[16];
	struct merkle tree;
};

/* One size of a published log: its signature, and the root from its entries and its tile. */
static void check_size(struct log *l, unsigned size)
{
	struct arena *a = l->arena;
	struct bytes whole =
		outside_file(a, arena_printf(a, "vectors/tlog/tessera-log/checkpoint.%u", size));
	struct note n;
	struct err e = { 0 };
	struct hash root;
	assert_true(checkpoint_open(&l->at[size], &n, a, whole, &l->key, &e));
	assert_int_equal(l->at[size].size, size);
	if (size > 0) {
		struct bytes entries[TILE_WIDTH], tile, bundle;
		size_t count;
		bundle = outside_file(
			a, arena_printf(a, "vectors/tlog/tessera-log/tile/entries/000.p/%u", size));
		tile = outside_file(
			a, arena_printf(a, "vectors/tlog/tessera-log/tile/0/000.p/%u", size));
		assert_true(tile_entries(bundle, entries, &count, &e));
		assert_int_equal(count, size);
		merkle_append_entry(&l->tree, entries[size - 1]);
		merkle_root_of((const struct hash *)tile.p, size, &root);
		assert_memory_equal(&root, &l->at[size].root, sizeof root);
	}
	merkle_root(&l->tree, &root);
	assert_memory_equal(&root, &l->at[size].root, sizeof root);
}

static bool read_tile(
	const void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *e)
{
	struct tile_place at = tile_place(level, index);
	const struct bytes *tile = ctx;
	assert_true(at.level == 0 && at.index == 0);
	return tile_node(*tile, &at, out, e);
}

/* Sixteen checkpoints of another implementation, each consistent with every later one by a proof
 * made from its tiles. */
static void test_published_log(void **state)
{
	ARENA_AUTO a = arena_new();
	struct log l = { .arena = a };
	struct err e = { 0 };
	(void)state;
	assert_true(vkey_parse(&l.key, outside_line(a, "vectors/tlog/tessera-log.vkey"), &e));
	merkle_init(&l.tree);
	for (unsigned size = 0; size < 16; size++)
		check_size(&l, size);
	struct bytes tile = outside_file(a, "vectors/tlog/tessera-log/tile/0/000.p/15");
	struct merkle_source source = { .read = read_tile, .ctx = &tile };
	for (unsigned size = 0; size < 16; size++)
		for (unsigned old = 0; old <= size; old++) {
			struct merkle_proof proof;
			assert_true(merkle_prove_consistency(&source, old, size, &proof, &e));
			assert_true(merkle_check_consistency(
				&proof, old, &l.at[old].root, size, &l.at[size].root, &e));
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_refused_bodies),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_published_log),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
