/* Artefacts in the database: by the hash of their bytes, in parts of 1 MiB. */
#ifndef DRAWD_CHUNK_H
#define DRAWD_CHUNK_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/db.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/sha256.h"
#include "sampler/sink.h"

enum { CHUNK_SIZE = 1048576 };

/* An artefact being written. It needs a connection of its own until chunk_end: all parts and the
 * artefact's row are one transaction, so a killed process leaves nothing behind. */
struct chunk_writer {
	struct db *db;
	struct arena *arena;
	const char *name;
	struct buf part;
	struct sha256 hash;
	int64_t part_set, parts, size;
};
bool chunk_start(
	struct chunk_writer *w, struct db *db, const char *name, struct arena *a, struct err *e);
bool chunk_put(struct chunk_writer *w, struct bytes data, struct err *e);
/* Commits; an artefact of the same hash that is there already stands, and the parts are dropped. */
bool chunk_end(struct chunk_writer *w, uint8_t hash[32], struct err *e);
void chunk_cancel(struct chunk_writer *w);
/* A sink that writes to w. */
struct sink chunk_sink(struct chunk_writer *w);
/* A whole artefact from memory. */
bool chunk_store(struct db *db, const char *name, struct bytes all, struct arena *a,
	uint8_t hash[32], struct err *e);

/* The same inside the caller's transaction. */
bool chunk_store_inside(struct db *db, const char *name, struct bytes all, struct arena *a,
	uint8_t hash[32], struct err *e);

/* An artefact's part_set and size. ERR_NO_ARTEFACT. */
struct chunk_info {
	int64_t part_set, size;
	const char *name;
};
bool chunk_find(struct db *db, const uint8_t hash[32], struct arena *a, struct chunk_info *info,
	struct err *e);
/* Read it whole, a part at a time, into sink. */
bool chunk_read(
	struct db *db, const uint8_t hash[32], struct sink sink, struct arena *a, struct err *e);
/* Called after every part that was read, so that a lease can be kept; false stops with its error.
 */
struct chunk_watch {
	bool (*tick)(void *ctx, struct err *e);
	void *ctx;
};
/* The same into memory (mapped, so that large ones do not count as heap); the hash is checked.
 * ERR_BAD_ARTEFACT when the bytes do not have it. chunk_unmap of an empty slice is allowed. */
bool chunk_map(struct db *db, const uint8_t hash[32], struct chunk_watch watch, struct bytes *all,
	struct arena *a, struct err *e);
void chunk_unmap(struct bytes all);

#endif
