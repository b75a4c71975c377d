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

void merkle_leaves(const struct bytes *entries, size_t n, struct hash *out)
{
	struct sha256 begin;
	sha256_init(&begin);
	sha256_update_bytes(&begin, leaf_prefix);
	sha256_batch(&begin, entries, n, out);
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

/* The parents of 2·n hashes that lie side by side; out must not be among them. */
static void nodes(const struct hash *children, size_t n, struct hash *out)
{
	enum { BATCH = 128 };
	struct bytes pair[BATCH];
	struct sha256 begin;
	sha256_init(&begin);
	sha256_update(&begin, "\1", 1);
	for (size_t i = 0; i < n; i += BATCH) {
		size_t some = n - i < BATCH ? n - i : BATCH;
		for (size_t j = 0; j < some; j++)
			pair[j] = (struct bytes){ (const char *)children[2 * (i + j)].b,
				2 * SHA256_SIZE };
		sha256_batch(&begin, pair, some, out + i);
	}
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

/* Append a perfect subtree of 2^level leaves; the size must be a multiple of that. */
static void append_subtree(struct merkle *m, size_t level, const struct hash *root)
{
	uint64_t leaves = UINT64_C(1) << level;
	struct hash h = *root;
	assert(m->size <= MERKLE_SIZE_MAX - leaves && m->size % leaves == 0);
	for (; m->size >> level & 1; level++)
		merkle_node(&m->peak[level], &h, &h);
	m->peak[level] = h;
	m->size += leaves;
}

void merkle_append(struct merkle *m, const struct hash *leaf)
{
	append_subtree(m, 0, leaf);
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

/* Leaves are taken in groups that are perfect subtrees: large, to fill the lanes of sha256_batch,
 * but small enough to stay in the processor's cache. */
enum { GROUP_LEVEL = 10 };

static size_t group_level(uint64_t size, size_t n)
{
	size_t level = 0;
	while (level < GROUP_LEVEL && n >> (level + 1) > 0 && (size >> level & 1) == 0)
		level++;
	return level;
}

static void group_root(const struct hash *leaves, size_t level, struct hash *root)
{
	struct hash room[1 << GROUP_LEVEL], *next = room;
	for (size_t n = (size_t)1 << level >> 1; n > 0; n /= 2) {
		nodes(leaves, n, next);
		leaves = next;
		next += n;
	}
	*root = *leaves;
}

void merkle_append_all(struct merkle *m, const struct hash *leaves, size_t n)
{
	while (n > 0) {
		size_t level = group_level(m->size, n);
		struct hash root;
		group_root(leaves, level, &root);
		append_subtree(m, level, &root);
		leaves += (size_t)1 << level;
		n -= (size_t)1 << level;
	}
}

void merkle_root_of(const struct hash *leaves, size_t n, struct hash *out)
{
	struct merkle m;
	merkle_init(&m);
	merkle_append_all(&m, leaves, n);
	merkle_root(&m, out);
}

/* ---- sorting ---- */

static void insert_sort(struct hash *h, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct hash moved = h[i];
		size_t j = i;
		for (; j > 0 && memcmp(&h[j - 1], &moved, sizeof moved) > 0; j--)
			h[j] = h[j - 1];
		h[j] = moved;
	}
}

/* Hashes whose first `byte` bytes are equal, sorted by the rest: each is put into its place among
 * 256 shelves by that byte, the one found there is taken along, and every shelf is sorted in turn.
 * In place, and hashes are spread so evenly that few bytes are ever looked at. */
static void shelve(struct hash *h, size_t n, size_t byte)
{
	enum { FEW = 32 };
	size_t end[256] = { 0 }, next[256], start = 0;
	if (n <= FEW || byte == SHA256_SIZE) {
		insert_sort(h, byte == SHA256_SIZE ? 0 : n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		end[h[i].b[byte]]++;
	for (size_t s = 0; s < 256; s++) {
		next[s] = start;
		end[s] = start += end[s];
	}
	for (size_t s = 0; s < 256; s++)
		while (next[s] < end[s]) {
			struct hash in_hand = h[next[s]];
			while (in_hand.b[byte] != s) {
				struct hash *place = &h[next[in_hand.b[byte]]++], found = *place;
				*place = in_hand;
				in_hand = found;
			}
			h[next[s]++] = in_hand;
		}
	for (size_t s = 0; s < 256; s++) {
		size_t from = s > 0 ? end[s - 1] : 0;
		shelve(h + from, end[s] - from, byte + 1);
	}
}

void merkle_sort_leaves(struct hash *leaves, size_t n)
{
	shelve(leaves, n, 0);
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
			nodes(t->level[level - 1], count, row);
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
