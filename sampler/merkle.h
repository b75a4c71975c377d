/* Merkle trees of RFC 6962, PROTOCOL.md §4. A hash tree never holds more than 2^63 - 1 leaves. */
#ifndef DRAWD_MERKLE_H
#define DRAWD_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/sha256.h"

enum { MERKLE_LEVELS = 63, MERKLE_PROOF_MAX = 64 };
#define MERKLE_SIZE_MAX ((uint64_t)INT64_MAX)

/* SHA256(0x00 ‖ entry) */
void merkle_leaf(struct bytes entry, struct hash *out);
/* The leaves of n entries, hashed together (sha256_batch). */
void merkle_leaves(const struct bytes *entries, size_t n, struct hash *out);
/* SHA256(0x01 ‖ left ‖ right); out may be left or right. */
void merkle_node(const struct hash *left, const struct hash *right, struct hash *out);

/* A growing tree that keeps only the roots of its perfect subtrees (a compact range). */
struct merkle {
	uint64_t size;
	struct hash peak[MERKLE_LEVELS]; /* peak[l] is set where bit l of size is */
};

void merkle_init(struct merkle *m);
/* Start from `size` leaves given by their frontier: the roots of the perfect subtrees, largest
 * first (PROTOCOL.md §12). Refuses (ERR_BAD_TREE) a count that does not fit the size. */
bool merkle_from_frontier(
	struct merkle *m, uint64_t size, const struct hash *frontier, size_t count, struct err *e);
/* Write the frontier, largest first; returns the number of hashes. */
size_t merkle_frontier(const struct merkle *m, struct hash out[MERKLE_LEVELS]);
/* Append a leaf hash, or an entry that is hashed first. */
void merkle_append(struct merkle *m, const struct hash *leaf);
void merkle_append_entry(struct merkle *m, struct bytes entry);
/* The same for many, several times as fast: nodes of one level are hashed together. */
void merkle_append_all(struct merkle *m, const struct hash *leaves, size_t n);
/* The root at this size; SHA256("") of the empty tree. */
void merkle_root(const struct merkle *m, struct hash *out);
/* The root of n leaf hashes. */
void merkle_root_of(const struct hash *leaves, size_t n, struct hash *out);
/* Sort leaf hashes bytewise, in place: the order of ticket-root and visit-root (PROTOCOL.md §8,
 * §9). */
void merkle_sort_leaves(struct hash *leaves, size_t n);

/* Where proofs come from: the hash of the perfect subtree over leaves
 * [index · 2^level, (index + 1) · 2^level). Returns false with the error set where it has none. */
struct merkle_source {
	bool (*read)(
		const void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *e);
	const void *ctx;
};

/* All perfect subtrees of n leaves in memory: the source of many proofs from one tree. */
struct merkle_tree {
	uint64_t size;
	struct hash *level[MERKLE_LEVELS + 1]; /* level[l] holds size >> l hashes */
};
/* Copies the leaves; everything lives in the arena. */
void merkle_tree_build(struct merkle_tree *t, struct arena *a, const struct hash *leaves, size_t n);
struct merkle_source merkle_tree_source(const struct merkle_tree *t);

struct merkle_proof {
	size_t n;
	struct hash hash[MERKLE_PROOF_MAX];
};

/* The root of the first `size` leaves of a source. */
bool merkle_source_root(
	const struct merkle_source *s, uint64_t size, struct hash *out, struct err *e);
/* Proof that leaf `index` stands in the tree of `size` leaves. Refuses index ≥ size. */
bool merkle_prove_inclusion(const struct merkle_source *s, uint64_t index, uint64_t size,
	struct merkle_proof *proof, struct err *e);
/* Proof that the tree of `from` leaves is the beginning of that of `size` leaves; empty where from
 * is 0 or size. Refuses from > size. */
bool merkle_prove_consistency(const struct merkle_source *s, uint64_t from, uint64_t size,
	struct merkle_proof *proof, struct err *e);

/* Check a proof (RFC 9162 §2.1.3.2, §2.1.4.2); ERR_BAD_TREE says what does not hold. A proof has
 * exactly one right length. The tree of 0 leaves has the root SHA256("") and needs no proof. */
bool merkle_check_inclusion(const struct merkle_proof *proof, const struct hash *leaf,
	uint64_t index, uint64_t size, const struct hash *root, struct err *e);
bool merkle_check_consistency(const struct merkle_proof *proof, uint64_t from,
	const struct hash *from_root, uint64_t size, const struct hash *root, struct err *e);

#endif
