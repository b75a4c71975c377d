/* The bundle 复核包: a ustar archive in one canonical form (PROTOCOL.md §12). Written as a stream,
 * read from a slice that may be mapped. */
#ifndef DRAWD_SAMPLER_BUNDLE_H
#define DRAWD_SAMPLER_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"
#include "sampler/sha256.h"
#include "sampler/sink.h"

enum bundle_level { LEVEL_AUDIT, LEVEL_PUBLIC };

/* Largest file: eleven octal digits. */
#define BUNDLE_FILE_MAX ((UINT64_C(1) << 33) - 1)

struct bundle_file {
	struct bytes name;
	uint64_t size;
	uint8_t hash[32];
	struct bytes content; /* set by bundle_open only */
};

struct bundle_writer {
	const struct bundle_file *file;
	size_t files, at; /* at: file whose content is being written */
	uint64_t left; /* bytes missing of it */
	struct sink sink;
	struct sha256 hash;
};

/* Is this the name of a file of such a bundle (MANIFEST not included)? */
bool bundle_name_ok(struct bytes name, enum bundle_level level);
/* Sort files bytewise by name, the order in which they are written. */
void bundle_sort(struct bundle_file *file, size_t n);

/* Write MANIFEST. file: name, size and hash of every other file, in bundle order; it must stay
 * until bundle_end. Errors: ERR_BAD_BUNDLE for a name, order or size that is not lawful, or a file
 * that is missing. */
bool bundle_start(struct bundle_writer *w, struct bytes round, enum bundle_level level,
	const struct bundle_file *file, size_t files, struct sink sink, struct arena *a,
	struct err *e);
/* The next bytes of the contents, of one file after the other; a chunk never spans two files.
 * Files of size 0 need no call. Refuses a content that has not the hash announced. */
bool bundle_put(struct bundle_writer *w, struct bytes chunk, struct err *e);
/* The end of the archive; all contents must have been written. */
bool bundle_end(struct bundle_writer *w, struct err *e);

struct bundle {
	struct bytes round;
	enum bundle_level level;
	const struct bundle_file *file; /* without MANIFEST, in bundle order */
	size_t files;
};

/* Accepts exactly what bundle_start … bundle_end write, hashes included: one changed byte is
 * refused, but for the digits of the round in MANIFEST, which the caller compares with the freeze.
 * Contents point into the slice. Errors: ERR_BAD_BUNDLE with the file's name. */
bool bundle_open(struct bundle *b, struct bytes all, struct arena *a, struct err *e);

/* The file of this name, NULL if the bundle has none. */
const struct bundle_file *bundle_find(const struct bundle *b, const char *name);
/* The files whose name begins with a folder ("entries/"): the first of them and how many. */
const struct bundle_file *bundle_folder(const struct bundle *b, const char *folder, size_t *n);

/* MANIFEST, built and parsed (file names, sizes and hashes; no contents). */
void bundle_manifest(struct buf *out, struct bytes round, enum bundle_level level,
	const struct bundle_file *file, size_t files);
bool bundle_manifest_parse(struct bundle *b, struct bytes text, struct arena *a, struct err *e);

#endif
