/* The container of an XLSX workbook: a ZIP archive from outside, read with suspicion. Its directory
 * is walked before anything is inflated: entries that lie over each other, that are too many or
 * locked are refused; while inflating the bytes are counted, whatever the directory says of them.
 */
#ifndef DRAWD_XLSXZIP_H
#define DRAWD_XLSXZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* What a workbook may be, in bytes. */
struct xlsx_caps {
	uint64_t file; /* as it came */
	uint64_t inflated; /* all that is unpacked of it */
	uint64_t strings; /* texts kept in memory */
};

enum {
	XLSX_ENTRIES_MAX = 10000,
	/* Spreadsheets pack their sheets to a tenth or a twentieth; what is packed better than
	 * this, behind its first XLSX_RATIO_FREE bytes, was made to burst. */
	XLSX_RATIO_MAX = 250,
	XLSX_RATIO_FREE = 64 << 20,
	XLSX_CHUNK = 65536
};

struct xlsx_zip;

/* The archive in a regular file; fd is taken over. *out is to be closed in any case. Errors:
 * ERR_BAD_ZIP, ERR_ZIP_BOMB, ERR_XLSX_LIMIT. */
bool xlsx_zip_open(struct xlsx_zip **out, int fd, const struct xlsx_caps *caps, struct err *e);
void xlsx_zip_close(struct xlsx_zip *z);

/* The entry with this name; case and the direction of slashes do not matter. */
bool xlsx_zip_find(const struct xlsx_zip *z, struct bytes name, size_t *entry);
/* Its name, as the archive spells it; bytes from outside. */
struct bytes xlsx_zip_name(const struct xlsx_zip *z, size_t entry);
/* How much it unpacks to, by what the directory says: to be shown, not to be trusted. */
uint64_t xlsx_zip_size(const struct xlsx_zip *z, size_t entry);
uint64_t xlsx_zip_inflated(const struct xlsx_zip *z); /* so far */

/* Called about once a MiB with what is unpacked and what will be; false ends the reading. */
typedef bool xlsx_progress(void *ctx, uint64_t done, uint64_t all, struct err *e);
void xlsx_zip_tell(struct xlsx_zip *z, uint64_t all, xlsx_progress *progress, void *ctx);

/* Unpack an entry; at most XLSX_CHUNK bytes a call, an empty chunk at its end. False with the error
 * of `each`, or with e untouched where `each` returned false without one: it has seen enough.
 * Errors beside: ERR_BAD_ZIP, ERR_ZIP_BOMB, ERR_XLSX_LIMIT, ERR_ENCRYPTED_FILE. */
typedef bool xlsx_zip_each(void *ctx, struct bytes chunk, struct err *e);
bool xlsx_zip_read(struct xlsx_zip *z, size_t entry, xlsx_zip_each *each, void *ctx, struct err *e);

#endif
