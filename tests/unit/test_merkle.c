#include "tests/unit/test.h"

#include <string.h>

#include "sampler/merkle.h"
#include "tests/unit/outside.h"
#include "tests/unit/vectors.h"

enum { LEAVES = 70 };

static void hex_is(const struct hash *h, const char *hex)
{
	char text[65];
	sha256_hex(h->b, text);
	assert_string_equal(text, hex);
}

static void make_leaves(struct hash *leaves, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = (char)i;
		merkle_leaf((struct bytes){ &c, 1 }, &leaves[i]);
	}
}

/* MTH of RFC 6962 §2.1, word for word. */
static void mth(const struct hash *leaves, size_t n, struct hash *out)
{
	struct hash left, right;
	size_t k = 1;
	if (n == 0) {
		sha256(NULL, 0, out->b);
		return;
	}
	if (n == 1) {
		*out = leaves[0];
		return;
	}
	while (2 * k < n)
		k *= 2;
	mth(leaves, k, &left);
	mth(leaves + k, n - k, &right);
	sha256_parts((struct bytes[]){ { "\1", 1 }, { (const char *)left.b, 32 },
			     { (const char *)right.b, 32 } },
		3, out->b);
}

static void test_hashes(void **state)
{
	struct hash h, left, right;
	(void)state;
	merkle_leaf(BYTES(""), &h);
	hex_is(&h, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
	merkle_leaf(BYTES("L123456"), &h);
	hex_is(&h, "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
	memset(&left, 'l', sizeof left);
	memset(&right, 'r', sizeof right);
	mth((struct hash[]){ left, right }, 2, &h);
	merkle_node(&left, &right, &left);
	assert_memory_equal(&left, &h, sizeof h);
}

static void test_roots(void **state)
{
	struct hash leaves[LEAVES], expect, is;
	struct merkle m;
	(void)state;
	make_leaves(leaves, LEAVES);
	merkle_init(&m);
	for (size_t n = 0; n <= LEAVES; n++) {
		mth(leaves, n, &expect);
		merkle_root(&m, &is);
		assert_memory_equal(&is, &expect, sizeof is);
		merkle_root_of(leaves, n, &is);
		assert_memory_equal(&is, &expect, sizeof is);
		if (n < LEAVES) {
			char c = (char)n;
			merkle_append_entry(&m, (struct bytes){ &c, 1 });
		}
	}
}

/* From the frontier at any size the tree grows to the same root. */
static void test_frontier(void **state)
{
	struct hash leaves[LEAVES], root, is, frontier[MERKLE_LEVELS];
	(void)state;
	make_leaves(leaves, LEAVES);
	merkle_root_of(leaves, LEAVES, &root);
	for (size_t n = 0; n <= LEAVES; n++) {
		struct merkle m, again;
		struct err e = { 0 };
		merkle_init(&m);
		for (size_t i = 0; i < n; i++)
			merkle_append(&m, &leaves[i]);
		size_t count = merkle_frontier(&m, frontier);
		assert_true(merkle_from_frontier(&again, n, frontier, count, &e));
		for (size_t i = n; i < LEAVES; i++)
			merkle_append(&again, &leaves[i]);
		merkle_root(&again, &is);
		assert_memory_equal(&is, &root, sizeof is);
		assert_false(merkle_from_frontier(&again, n, frontier, count + 1, &e));
		assert_int_equal(e.code, ERR_BAD_TREE);
	}
}

static void flip(struct hash *h, size_t bit)
{
	h->b[bit / 8 % 32] ^= (uint8_t)(1 << bit % 8);
}

struct claim {
	struct merkle_proof proof;
	struct hash leaf, root;
	uint64_t index, size;
};

static bool included(const struct claim *c)
{
	struct err e = { 0 };
	bool ok = merkle_check_inclusion(&c->proof, &c->leaf, c->index, c->size, &c->root, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return ok;
}

/* Every change of a claim that is another claim must fail. */
static void mangle_inclusion(const struct claim *good, size_t bit)
{
	struct claim c;
	for (size_t i = 0; i < good->proof.n; i++) {
		c = *good;
		flip(&c.proof.hash[i], bit);
		assert_false(included(&c));
	}
	c = *good;
	flip(&c.leaf, bit);
	assert_false(included(&c));
	c = *good;
	flip(&c.root, bit);
	assert_false(included(&c));
	c = *good;
	c.proof.hash[c.proof.n++] = c.root;
	assert_false(included(&c));
	for (uint64_t index = 0; index <= good->size; index++) {
		c = *good;
		c.index = index;
		assert_int_equal(included(&c), index == good->index);
	}
	if (good->proof.n > 0) {
		c = *good;
		c.proof.n--;
		assert_false(included(&c));
	}
}

static void test_inclusion(void **state)
{
	ARENA_AUTO a = arena_new();
	struct hash leaves[LEAVES];
	struct merkle_tree t;
	(void)state;
	make_leaves(leaves, LEAVES);
	merkle_tree_build(&t, a, leaves, LEAVES);
	struct merkle_source s = merkle_tree_source(&t);
	for (uint64_t size = 1; size <= LEAVES; size++)
		for (uint64_t i = 0; i < size; i++) {
			struct claim c = { .leaf = leaves[i], .index = i, .size = size };
			struct err e = { 0 };
			assert_true(merkle_source_root(&s, size, &c.root, &e));
			assert_true(merkle_prove_inclusion(&s, i, size, &c.proof, &e));
			assert_true(included(&c));
			if (size % 7 < 2)
				mangle_inclusion(&c, (size_t)(i * 31 + size));
		}
}

struct step {
	struct merkle_proof proof;
	struct hash old_root, root;
	uint64_t old, size;
};

static bool consistent(const struct step *s)
{
	struct err e = { 0 };
	bool ok = merkle_check_consistency(&s->proof, s->old, &s->old_root, s->size, &s->root, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return ok;
}

static void mangle_consistency(const struct step *good, size_t bit)
{
	struct step s;
	for (size_t i = 0; i < good->proof.n; i++) {
		s = *good;
		flip(&s.proof.hash[i], bit);
		assert_false(consistent(&s));
	}
	s = *good;
	flip(&s.old_root, bit);
	assert_false(consistent(&s));
	if (good->old > 0) {
		s = *good;
		flip(&s.root, bit);
		assert_false(consistent(&s));
	}
	s = *good;
	s.proof.hash[s.proof.n++] = s.root;
	assert_false(consistent(&s));
	if (good->proof.n > 0) {
		s = *good;
		s.proof.n--;
		assert_false(consistent(&s));
	}
}

static void test_consistency(void **state)
{
	ARENA_AUTO a = arena_new();
	struct hash leaves[LEAVES];
	struct merkle_tree t;
	(void)state;
	make_leaves(leaves, LEAVES);
	merkle_tree_build(&t, a, leaves, LEAVES);
	struct merkle_source source = merkle_tree_source(&t);
	for (uint64_t size = 0; size <= LEAVES; size++)
		for (uint64_t old = 0; old <= size; old++) {
			struct step s = { .old = old, .size = size };
			struct err e = { 0 };
			mth(leaves, (size_t)old, &s.old_root);
			mth(leaves, (size_t)size, &s.root);
			assert_true(merkle_prove_consistency(&source, old, size, &s.proof, &e));
			assert_true(consistent(&s));
			mangle_consistency(&s, (size_t)(old * 13 + size));
		}
}

/* Sizes no memory holds: the subtrees of a log whose leaves are all equal have one hash a level. */
static bool read_equal(
	const void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *e)
{
	const struct hash *h = ctx;
	(void)e;
	assert_true(level < MERKLE_LEVELS && index < MERKLE_SIZE_MAX >> level);
	*out = h[level];
	return true;
}

static void test_largest_sizes(void **state)
{
	static const uint64_t sizes[] = { 1, 2, 255, 256, 65537, (1ull << 40) - 1, 1ull << 62,
		MERKLE_SIZE_MAX - 1, MERKLE_SIZE_MAX };
	struct hash h[MERKLE_LEVELS];
	struct merkle_source source = { .read = read_equal, .ctx = h };
	(void)state;
	merkle_leaf(BYTES("equal"), &h[0]);
	for (size_t i = 1; i < MERKLE_LEVELS; i++)
		merkle_node(&h[i - 1], &h[i - 1], &h[i]);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		for (size_t j = 0; j <= i; j++) {
			struct step s = { .old = sizes[j], .size = sizes[i] };
			struct claim c = { .leaf = h[0], .index = sizes[j] - 1, .size = sizes[i] };
			struct err e = { 0 };
			assert_true(merkle_source_root(&source, s.old, &s.old_root, &e));
			assert_true(merkle_source_root(&source, s.size, &s.root, &e));
			assert_true(merkle_prove_consistency(&source, s.old, s.size, &s.proof, &e));
			assert_true(consistent(&s));
			c.root = s.root;
			assert_true(merkle_prove_inclusion(&source, c.index, c.size, &c.proof, &e));
			assert_true(included(&c));
		}
}

static void test_refusals(void **state)
{
	ARENA_AUTO a = arena_new();
	struct hash leaves[4], root;
	struct merkle_proof proof;
	struct merkle_tree t;
	(void)state;
	make_leaves(leaves, 4);
	merkle_tree_build(&t, a, leaves, 4);
	struct merkle_source s = merkle_tree_source(&t);
	struct err e1 = { 0 }, e2 = { 0 }, e3 = { 0 }, e4 = { 0 };
	assert_false(merkle_prove_inclusion(&s, 4, 4, &proof, &e1));
	assert_int_equal(e1.code, ERR_BAD_TREE);
	assert_false(merkle_prove_consistency(&s, 4, 3, &proof, &e2));
	assert_int_equal(e2.code, ERR_BAD_TREE);
	assert_false(merkle_source_root(&s, 5, &root, &e3)); /* more than the source has */
	assert_int_equal(e3.code, ERR_BAD_TREE);
	assert_false(merkle_source_root(&s, MERKLE_SIZE_MAX + 1, &root, &e4));
	assert_int_equal(e4.code, ERR_BAD_TREE);
}

/* Proofs that lead beyond what the source holds, sizes no tree has, a proof of nothing. */
static void test_refusals_in_depth(void **state)
{
	ARENA_AUTO a = arena_new();
	static const uint64_t huge = MERKLE_SIZE_MAX + 1;
	struct hash leaves[4];
	struct merkle_proof proof, none = { 0 };
	struct merkle_tree t;
	struct err e[8] = { 0 };
	(void)state;
	make_leaves(leaves, 4);
	merkle_tree_build(&t, a, leaves, 4);
	struct merkle_source s = merkle_tree_source(&t);
	assert_false(merkle_prove_inclusion(&s, 0, 9, &proof, &e[0]));
	assert_false(merkle_prove_inclusion(&s, 0, huge, &proof, &e[1]));
	assert_false(merkle_prove_consistency(&s, 6, 9, &proof, &e[2]));
	assert_false(merkle_prove_consistency(&s, 3, 9, &proof, &e[3]));
	assert_false(merkle_prove_consistency(&s, 3, huge, &proof, &e[4]));
	assert_false(merkle_check_inclusion(&none, &leaves[0], 0, huge, &leaves[0], &e[5]));
	assert_false(merkle_check_consistency(&none, 1, &leaves[0], huge, &leaves[0], &e[6]));
	assert_false(merkle_check_consistency(&none, 2, &leaves[0], 1, &leaves[0], &e[7]));
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(e[i].code, ERR_BAD_TREE);
	struct err empty = { 0 };
	assert_false(merkle_check_consistency(&none, 3, &leaves[0], 4, &leaves[0], &empty));
	assert_int_equal(empty.code, ERR_BAD_TREE);
}

static void test_sort(void **state)
{
	struct hash leaves[LEAVES];
	(void)state;
	make_leaves(leaves, LEAVES);
	merkle_sort_leaves(leaves, LEAVES);
	for (size_t i = 1; i < LEAVES; i++)
		assert_true(memcmp(&leaves[i - 1], &leaves[i], sizeof leaves[i]) < 0);
	merkle_sort_leaves(NULL, 0);
}

struct golden {
	struct arena *arena;
	struct merkle_tree tree;
	struct hash leaves[1024];
	size_t count;
};

static void list_is(const struct hash *hashes, size_t n, struct bytes list)
{
	for (size_t i = 0; i < n; i++) {
		bool more;
		uint8_t expect[32];
		vectors_hash(bytes_cut(&list, ',', &more), expect);
		assert_memory_equal(hashes[i].b, expect, 32);
		assert_int_equal(more, i + 1 < n);
	}
	assert_int_equal(list.n, 0);
}

static void golden_entry(struct golden *g, const struct vector *v)
{
	assert_int_equal(vectors_u64(v->field[1]), g->count);
	merkle_leaf(vectors_hex(v->field[2], g->arena), &g->leaves[g->count++]);
	merkle_tree_build(&g->tree, g->arena, g->leaves, g->count);
}

static void golden_root(struct golden *g, const struct vector *v)
{
	struct hash root;
	merkle_root_of(g->leaves, vectors_u64(v->field[1]), &root);
	list_is(&root, 1, v->field[2]);
}

static void golden_frontier(struct golden *g, const struct vector *v)
{
	struct hash hashes[MERKLE_LEVELS];
	struct merkle m;
	merkle_init(&m);
	for (size_t i = 0; i < vectors_u64(v->field[1]); i++)
		merkle_append(&m, &g->leaves[i]);
	list_is(hashes, merkle_frontier(&m, hashes), v->field[2]);
}

static void golden_inclusion(struct golden *g, const struct vector *v)
{
	struct merkle_source s = merkle_tree_source(&g->tree);
	struct merkle_proof proof;
	struct err e = { 0 };
	assert_true(merkle_prove_inclusion(
		&s, vectors_u64(v->field[1]), vectors_u64(v->field[2]), &proof, &e));
	list_is(proof.hash, proof.n, v->field[3]);
}

static void golden_consistency(struct golden *g, const struct vector *v)
{
	struct merkle_source s = merkle_tree_source(&g->tree);
	struct merkle_proof proof;
	struct err e = { 0 };
	assert_true(merkle_prove_consistency(
		&s, vectors_u64(v->field[1]), vectors_u64(v->field[2]), &proof, &e));
	list_is(proof.hash, proof.n, v->field[3]);
}

static const struct {
	const char *tag;
	void (*check)(struct golden *g, const struct vector *v);
} golden_lines[] = {
	{ "entry", golden_entry },
	{ "root", golden_root },
	{ "frontier", golden_frontier },
	{ "inclusion", golden_inclusion },
	{ "consistency", golden_consistency },
};

static void test_golden(void **state)
{
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("merkle.txt", a);
	struct golden *g = arena_calloc(a, 1, sizeof *g);
	struct vector v;
	size_t seen[5] = { 0 };
	(void)state;
	g->arena = a;
	while (vectors_next(&file, &v)) {
		size_t i = 0;
		while (i < 5 && !bytes_is(v.field[0], golden_lines[i].tag))
			i++;
		assert_true(i < 5);
		golden_lines[i].check(g, &v);
		seen[i]++;
	}
	for (size_t i = 0; i < 5; i++)
		assert_true(seen[i] > 0);
}

/* The classic eight leaves, as published with their roots. */
static void test_eight_leaves(void **state)
{
	ARENA_AUTO a = arena_new();
	static const char *const entries[] = { "", "00", "10", "2021", "3031", "40414243",
		"5051525354555657", "606162636465666768696a6b6c6d6e6f" };
	struct bytes file = outside_file(a, "vectors/rfc6962/tree8.json");
	struct merkle m;
	(void)state;
	merkle_init(&m);
	for (size_t i = 0; i <= 8; i++) {
		struct hash root;
		char text[67] = "\"";
		merkle_root(&m, &root);
		sha256_hex(root.b, text + 1);
		assert_non_null(memmem(file.p, file.n, text, 65));
		if (i < 8)
			merkle_append_entry(&m, vectors_hex(bytes_of(entries[i]), a));
	}
}

static int plain_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct hash));
}

/* Large arrays against qsort: spread evenly, with long common beginnings, and mostly equal. */
static void test_sort_large(void **state)
{
	enum { MANY = 20000 };
	static const size_t same[] = { 0, 3, 31, 32 };
	ARENA_AUTO a = arena_new();
	struct hash *ours = arena_calloc(a, MANY, sizeof *ours);
	struct hash *theirs = arena_calloc(a, MANY, sizeof *theirs);
	(void)state;
	for (size_t s = 0; s < sizeof same / sizeof *same; s++) {
		for (size_t i = 0; i < MANY; i++) {
			size_t number = s % 2 == 0 ? i : i % 7;
			sha256(&number, sizeof number, ours[i].b);
			memset(ours[i].b, 9, same[s]);
			theirs[i] = ours[i];
		}
		merkle_sort_leaves(ours, MANY);
		qsort(theirs, MANY, sizeof *theirs, plain_order);
		assert_memory_equal(ours, theirs, MANY * sizeof *ours);
	}
}

/* Many leaves at once give the tree that they give one by one, whatever stood there before. */
static void test_append_all(void **state)
{
	enum { MANY = 5000 };
	ARENA_AUTO a = arena_new();
	struct hash *leaf = arena_calloc(a, MANY, sizeof *leaf), one, all;
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		sha256(&i, sizeof i, leaf[i].b);
	for (size_t before = 0; before < 2100; before = before * 3 + 1)
		for (size_t n = 0; before + n <= MANY; n = n * 2 + 1) {
			struct merkle m, together;
			merkle_init(&m);
			for (size_t i = 0; i < before; i++)
				merkle_append(&m, &leaf[i]);
			together = m;
			for (size_t i = before; i < before + n; i++)
				merkle_append(&m, &leaf[i]);
			merkle_append_all(&together, leaf + before, n);
			merkle_root(&m, &one);
			merkle_root(&together, &all);
			assert_int_equal(m.size, together.size);
			assert_memory_equal(&one, &all, sizeof one);
		}
}

/* Leaves of entries hashed together. */
static void test_leaves_together(void **state)
{
	struct bytes entry[100];
	struct hash leaf[100], one;
	(void)state;
	for (size_t i = 0; i < 100; i++)
		entry[i] = (struct bytes){ (const char *)entry, i * 13 };
	merkle_leaves(entry, 100, leaf);
	for (size_t i = 0; i < 100; i++) {
		merkle_leaf(entry[i], &one);
		assert_memory_equal(&one, &leaf[i], sizeof one);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_frontier),
		cmocka_unit_test(test_inclusion),
		cmocka_unit_test(test_consistency),
		cmocka_unit_test(test_largest_sizes),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refusals_in_depth),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_sort_large),
		cmocka_unit_test(test_append_all),
		cmocka_unit_test(test_leaves_together),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_eight_leaves),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
