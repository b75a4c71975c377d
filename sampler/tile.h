/* The log as files (C2SP tlog-tiles), PROTOCOL.md §4: paths, hash tiles, entry bundles. */
#ifndef DRAWD_TILE_H
#define DRAWD_TILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/merkle.h"
#include "sampler/sha256.h"

enum { TILE_WIDTH = 256, TILE_HEIGHT = 8, TILE_LEVEL_MAX = 63, TILE_ENTRY_MAX = 65535 };

struct tile {
	bool entries; /* an entry bundle, else hashes */
	unsigned level; /* 0–63 in units of 8 tree levels; 0 for entries */
	uint64_t index;
	unsigned width; /* 1–255 partial, 256 full */
};

/* "tile/<L>/<N>[.p/<W>]" or "tile/entries/<N>[.p/<W>]", the one right spelling. ERR_BAD_TILE. */
bool tile_parse(struct tile *t, struct bytes path, struct err *e);
void tile_put_path(struct buf *out, const struct tile *t);

/* How many hashes (entries) tile `index` of `level` holds in a log of `size` entries: 0–256. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t index);

/* The tile and the place in it from which the hash of a perfect subtree of the tree can be had:
 * tile level `level / 8`, and within it `width` hashes from `first` on are folded. */
struct tile_place {
	unsigned level;
	uint64_t index;
	unsigned first, width;
};
struct tile_place tile_place(unsigned level, uint64_t index);

/* The perfect subtree's hash out of the bytes of its tile. ERR_BAD_TILE where they are no multiple
 * of 32 or too few. */
bool tile_node(struct bytes tile, const struct tile_place *at, struct hash *out, struct err *e);

/* Append one entry of at most 65,535 bytes to an entry bundle. */
void tile_put_entry(struct buf *bundle, struct bytes entry);
/* The entries of a bundle, 1–256 of them; they point into it. ERR_BAD_TILE. */
bool tile_entries(
	struct bytes bundle, struct bytes entries[TILE_WIDTH], size_t *count, struct err *e);

#endif
