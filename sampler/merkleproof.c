#include "sampler/merkle.h"

#include <assert.h>
#include <string.h>

typedef unsigned long long ull; /* for printf */

static unsigned floor_log2(uint64_t v)
{
	return 63 - (unsigned)__builtin_clzll(v);
}

/* Hash of the subtree over leaves [low, high), where low is a multiple of the smallest power of
 * two ≥ high - low: the perfect subtrees in it from left to right, folded from the right. */
static bool range_hash(
	const struct merkle_source *s, uint64_t low, uint64_t high, struct hash *out, struct err *e)
{
	struct hash peak[MERKLE_LEVELS + 1];
	size_t n = 0;
	assert(low < high);
	do {
		unsigned level = floor_log2(high - low);
		if (!s->read(s->ctx, level, low >> level, &peak[n++], e))
			return false;
		low += (uint64_t)1 << level;
	} while (low < high);
	*out = peak[--n];
	while (n > 0)
		merkle_node(&peak[--n], out, out);
	return true;
}

static bool size_ok(uint64_t size, struct err *e)
{
	return size <= MERKLE_SIZE_MAX ||
	       err_set(e, ERR_BAD_TREE, "tree size %llu is above 2^63 - 1", (ull)size);
}

bool merkle_source_root(
	const struct merkle_source *s, uint64_t size, struct hash *out, struct err *e)
{
	if (!size_ok(size, e))
		return false;
	if (size > 0)
		return range_hash(s, 0, size, out, e);
	sha256(NULL, 0, out->b);
	return true;
}

bool merkle_prove_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size,
	struct merkle_proof *proof, struct err *e)
{
	proof->n = 0;
	if (!size_ok(size, e))
		return false;
	if (index >= size)
		return err_set(
			e, ERR_BAD_TREE, "no leaf %llu in a tree of %llu", (ull)index, (ull)size);
	for (unsigned level = 0; (size - 1) >> level > 0; level++) {
		uint64_t low = (index >> level ^ 1) << level, high = low + ((uint64_t)1 << level);
		if (low >= size)
			continue; /* a right edge without a sibling: the node moves up as it is */
		if (!range_hash(s, low, high < size ? high : size, &proof->hash[proof->n], e))
			return false;
		proof->n++;
	}
	return true;
}

/* RFC 6962 §2.1.2, SUBPROOF: walk down from the root to where the old tree ends; what is passed
 * on the way is the proof, from the bottom up. */
bool merkle_prove_consistency(const struct merkle_source *s, uint64_t from, uint64_t size,
	struct merkle_proof *proof, struct err *e)
{
	struct {
		uint64_t low, high;
	} passed[MERKLE_PROOF_MAX];
	uint64_t low = 0, high = size;
	size_t n = 0;
	proof->n = 0;
	if (!size_ok(size, e))
		return false;
	if (from > size)
		return err_set(e, ERR_BAD_TREE,
			"a tree of %llu leaves is no beginning of one of %llu", (ull)from,
			(ull)size);
	if (from == 0 || from == size)
		return true;
	while (high != from) {
		uint64_t half = (uint64_t)1 << floor_log2(high - low - 1);
		if (from <= low + half) {
			passed[n].low = low + half;
			passed[n++].high = high;
			high = low + half;
		} else {
			passed[n].low = low;
			passed[n++].high = low + half;
			low += half;
		}
	}
	/* The verifier has the old root itself where the old tree is one of these subtrees. */
	if (low > 0 && !range_hash(s, low, high, &proof->hash[proof->n++], e))
		return false;
	while (n > 0) {
		n--;
		if (!range_hash(s, passed[n].low, passed[n].high, &proof->hash[proof->n++], e))
			return false;
	}
	return true;
}

static bool same_root(
	const struct hash *is, const struct hash *expect, const char *of, struct err *e)
{
	char a[65], b[65];
	if (memcmp(is->b, expect->b, SHA256_SIZE) == 0)
		return true;
	sha256_hex(is->b, a);
	sha256_hex(expect->b, b);
	return err_set(e, ERR_BAD_TREE, "the proof leads to the %s root %s, not %s", of, a, b);
}

static bool wrong_length(const struct merkle_proof *proof, struct err *e)
{
	return err_set(e, ERR_BAD_TREE, "the proof has the wrong length, %zu hashes", proof->n);
}

bool merkle_check_inclusion(const struct merkle_proof *proof, const struct hash *leaf,
	uint64_t index, uint64_t size, const struct hash *root, struct err *e)
{
	struct hash r = *leaf;
	size_t used = 0;
	if (!size_ok(size, e))
		return false;
	if (index >= size)
		return err_set(
			e, ERR_BAD_TREE, "no leaf %llu in a tree of %llu", (ull)index, (ull)size);
	/* at: this node's place on its level; last: that of the level's last node */
	for (uint64_t at = index, last = size - 1; last > 0; at >>= 1, last >>= 1) {
		if (at == last && !(at & 1))
			continue; /* without a sibling */
		if (used == proof->n)
			return wrong_length(proof, e);
		if (at & 1)
			merkle_node(&proof->hash[used++], &r, &r);
		else
			merkle_node(&r, &proof->hash[used++], &r);
	}
	return used == proof->n ? same_root(&r, root, "tree's", e) : wrong_length(proof, e);
}

/* Rebuild both roots from one proof: `old` takes only what stood left of its end, `new` all. */
static bool rebuild(const struct merkle_proof *proof, uint64_t from, const struct hash *from_root,
	uint64_t size, struct hash *old, struct hash *new, struct err *e)
{
	uint64_t at = from - 1, last = size - 1;
	size_t used = 0;
	for (; at & 1; at >>= 1)
		last >>= 1;
	if (at > 0 && proof->n == 0)
		return wrong_length(proof, e);
	*old = *new = at > 0 ? proof->hash[used++] : *from_root;
	for (; last > 0; at >>= 1, last >>= 1) {
		if (at == last && !(at & 1))
			continue;
		if (used == proof->n)
			return wrong_length(proof, e);
		if (at & 1) {
			merkle_node(&proof->hash[used], old, old);
			merkle_node(&proof->hash[used++], new, new);
		} else {
			merkle_node(new, &proof->hash[used++], new);
		}
	}
	return used == proof->n || wrong_length(proof, e);
}

bool merkle_check_consistency(const struct merkle_proof *proof, uint64_t from,
	const struct hash *from_root, uint64_t size, const struct hash *root, struct err *e)
{
	struct hash old, new;
	if (!size_ok(size, e))
		return false;
	if (from > size)
		return err_set(e, ERR_BAD_TREE,
			"a tree of %llu leaves is no beginning of one of %llu", (ull)from,
			(ull)size);
	if (from == 0 || from == size) {
		if (proof->n > 0)
			return wrong_length(proof, e);
		if (from == size)
			return same_root(from_root, root, "new", e);
		sha256(NULL, 0, old.b);
		return same_root(&old, from_root, "old", e);
	}
	return rebuild(proof, from, from_root, size, &old, &new, e) &&
	       same_root(&old, from_root, "old", e) && same_root(&new, root, "new", e);
}
