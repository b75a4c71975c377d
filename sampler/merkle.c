#include "sampler/merkle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/cpu.h"

static const struct bytes leaf_prefix = { "\0", 1 };

void merkle_leaf(struct bytes entry, struct hash *out)
{
	sha256_parts((struct bytes[]){ leaf_prefix, entry }, 2, out->b);
}

/* 65 bytes are always two blocks, so the second one is laid out here once and for all. */
void merkle_node(const struct hash *left, const struct hash *right, struct hash *out)
{
	uint8_t block[2 * SHA256_BLOCK] = {
		[0] = 1, [65] = 0x80, [126] = 65 * 8 >> 8, [127] = 65 * 8 & 255
	};
	uint32_t state[8];
	memcpy(block + 1, left->b, SHA256_SIZE);
	memcpy(block + 33, right->b, SHA256_SIZE);
	memcpy(state, sha256_start, sizeof state);
	sha256_blocks(state, block, 2);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		out->b[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void merkle_init(struct merkle *m)
{
	m->size = 0;
}

bool merkle_from_frontier(
	struct merkle *m, uint64_t size, const struct hash *frontier, size_t count, struct err *e)
{
	size_t expect = (size_t)__builtin_popcountll(size);
	if (size > MERKLE_SIZE_MAX || count != expect)
		return err_set(e, ERR_BAD_TREE, "frontier of %zu hashes, size %llu needs %zu",
			count, (unsigned long long)size, expect);
	m->size = size;
	for (size_t level = MERKLE_LEVELS; level-- > 0;)
		if (size >> level & 1)
			m->peak[level] = *frontier++;
	return true;
}

size_t merkle_frontier(const struct merkle *m, struct hash out[MERKLE_LEVELS])
{
	size_t n = 0;
	for (size_t level = MERKLE_LEVELS; level-- > 0;)
		if (m->size >> level & 1)
			out[n++] = m->peak[level];
	return n;
}

void merkle_append(struct merkle *m, const struct hash *leaf)
{
	struct hash h = *leaf;
	size_t level = 0;
	assert(m->size < MERKLE_SIZE_MAX);
	for (; m->size >> level & 1; level++)
		merkle_node(&m->peak[level], &h, &h);
	m->peak[level] = h;
	m->size++;
}

void merkle_append_entry(struct merkle *m, struct bytes entry)
{
	struct hash leaf;
	merkle_leaf(entry, &leaf);
	merkle_append(m, &leaf);
}

void merkle_root(const struct merkle *m, struct hash *out)
{
	bool any = false;
	for (size_t level = 0; level < MERKLE_LEVELS; level++) {
		if (!(m->size >> level & 1))
			continue;
		if (any)
			merkle_node(&m->peak[level], out, out);
		else
			*out = m->peak[level];
		any = true;
	}
	if (!any)
		sha256(NULL, 0, out->b);
}

void merkle_root_of(const struct hash *leaves, size_t n, struct hash *out)
{
	struct merkle m;
	merkle_init(&m);
	for (size_t i = 0; i < n; i++)
		merkle_append(&m, &leaves[i]);
	merkle_root(&m, out);
}

/* Equal hashes are the same bytes, so their order is of no effect. */
static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct hash));
}

void merkle_sort_leaves(struct hash *leaves, size_t n)
{
	if (n > 1)
		qsort(leaves, n, sizeof *leaves, by_bytes);
}

void merkle_tree_build(struct merkle_tree *t, struct arena *a, const struct hash *leaves, size_t n)
{
	memset(t, 0, sizeof *t);
	t->size = n;
	for (size_t level = 0; n >> level > 0; level++) {
		size_t count = n >> level;
		struct hash *row = arena_alloc(a, count * sizeof *row);
		if (level == 0)
			memcpy(row, leaves, count * sizeof *row);
		else
			for (size_t i = 0; i < count; i++)
				merkle_node(&t->level[level - 1][2 * i],
					&t->level[level - 1][2 * i + 1], &row[i]);
		t->level[level] = row;
	}
}

static bool read_tree(
	const void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *e)
{
	const struct merkle_tree *t = ctx;
	if (level >= MERKLE_LEVELS || index >= t->size >> level)
		return err_set(e, ERR_BAD_TREE, "no node %llu on level %u of a tree of %llu leaves",
			(unsigned long long)index, level, (unsigned long long)t->size);
	*out = t->level[level][index];
	return true;
}

struct merkle_source merkle_tree_source(const struct merkle_tree *t)
{
	return (struct merkle_source){ .read = read_tree, .ctx = t };
}
