#include "daemon/register/xlsxzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

/* Sizes of the records of APPNOTE.TXT: end of the directory, its larger form and where that is
 * found, one entry of the directory, and the header before the bytes of an entry. */
enum { END = 22, LOCATOR = 20, END64 = 56, CENTRAL = 46, LOCAL = 30, COMMENT_MAX = 65535 };
enum { DIRECTORY_MAX = 16 << 20, LOCKED = 1, ZIP64 = 1 };

struct entry {
	char *name;
	uint64_t at, packed; /* of its header; of its bytes */
	uint64_t size; /* as the directory has it */
	size_t name_n;
	bool locked;
};

struct xlsx_zip {
	int fd;
	uint64_t at; /* where libzip reads */
	zip_error_t error;
	zip_t *zip;
	struct xlsx_caps caps;
	uint64_t size, inflated;
	uint64_t directory_at, directory_size, n;
	char *directory;
	struct entry *entry;
	xlsx_progress *progress;
	void *progress_ctx;
	uint64_t all;
};

/* ---- the directory ----------------------------------------------------------------------- */

static uint64_t le(const char *p, size_t n)
{
	uint64_t v = 0;
	while (n-- > 0)
		v = v << 8 | (uint8_t)p[n];
	return v;
}

/* What is wrong says the error's sentence, where the name of a part: both are read in any language.
 */
static bool damaged(struct err *e)
{
	return err_set(e, ERR_BAD_ZIP, "%s", "");
}

static bool read_at(const struct xlsx_zip *z, void *to, size_t n, uint64_t at)
{
	size_t done = 0;
	while (done < n) {
		ssize_t got = pread(z->fd, (char *)to + done, n - done, (off_t)(at + done));
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		done += got > 0 ? (size_t)got : 0;
	}
	return true;
}

/* A name fit to print. */
struct shown {
	char text[120];
};
static struct shown shown(const struct entry *entry)
{
	struct shown s = { "" };
	for (size_t i = 0; i < entry->name_n && i + 1 < sizeof s.text; i++) {
		char c = entry->name[i];
		s.text[i] = c > ' ' && c < 0x7f ? c : '?';
	}
	return s;
}

/* Of a part that is there but cannot be read. */
static bool bad_part(const struct entry *entry, struct err *e)
{
	return err_set(e, ERR_BAD_ZIP, "%s", shown(entry).text);
}

/* The larger form of the end record, where the smaller one has no room for a number. */
static bool find_end64(struct xlsx_zip *z, uint64_t end_at, struct err *e)
{
	char locator[LOCATOR], end[END64];
	if (end_at < LOCATOR || !read_at(z, locator, LOCATOR, end_at - LOCATOR) ||
		memcmp(locator, "PK\6\7", 4) != 0)
		return true; /* the numbers are what they are */
	uint64_t at = le(locator + 8, 8);
	if (at > end_at || end_at - at < END64 || !read_at(z, end, END64, at) ||
		memcmp(end, "PK\6\6", 4) != 0)
		return damaged(e);
	z->n = le(end + 32, 8);
	z->directory_size = le(end + 40, 8);
	z->directory_at = le(end + 48, 8);
	return true;
}

static bool find_end(struct xlsx_zip *z, struct err *e)
{
	size_t n = z->size < END + COMMENT_MAX ? (size_t)z->size : END + COMMENT_MAX;
	char *tail = malloc(n + 1);
	if (tail == NULL)
		abort();
	bool ok = n >= END && read_at(z, tail, n, z->size - n), found = false;
	for (size_t at = ok ? n - END + 1 : 0; at-- > 0 && !found;) {
		found = memcmp(tail + at, "PK\5\6", 4) == 0 &&
			at + END + le(tail + at + 20, 2) <= n;
		if (!found)
			continue;
		z->n = le(tail + at + 10, 2);
		z->directory_size = le(tail + at + 12, 4);
		z->directory_at = le(tail + at + 16, 4);
		if (z->n == 0xffff || z->directory_size == 0xffffffff ||
			z->directory_at == 0xffffffff)
			ok = find_end64(z, z->size - n + at, e);
	}
	free(tail);
	return found ? ok : err_set(e, ERR_ZIP_CUT, "%s", "");
}

/* Sizes and places that take 8 bytes stand in an extra field. */
static void take_zip64(struct entry *to, const char *fixed, const char *extra, size_t n)
{
	while (n >= 4) {
		size_t size = le(extra + 2, 2);
		if (le(extra, 2) == ZIP64 && size <= n - 4) {
			const char *p = extra + 4, *end = p + size;
			if (le(fixed + 24, 4) == 0xffffffff && end - p >= 8) {
				to->size = le(p, 8);
				p += 8;
			}
			if (to->packed == 0xffffffff && end - p >= 8) {
				to->packed = le(p, 8);
				p += 8;
			}
			if (to->at == 0xffffffff && end - p >= 8)
				to->at = le(p, 8);
			return;
		}
		if (size > n - 4)
			return;
		extra += 4 + size;
		n -= 4 + size;
	}
}

static bool walk(struct xlsx_zip *z, struct err *e)
{
	char *p = z->directory, *end = p + z->directory_size;
	for (uint64_t i = 0; i < z->n; i++) {
		struct entry *to = &z->entry[i];
		if (end - p < CENTRAL || memcmp(p, "PK\1\2", 4) != 0)
			return damaged(e);
		size_t name = le(p + 28, 2), extra = le(p + 30, 2), comment = le(p + 32, 2);
		if ((size_t)(end - p) - CENTRAL < name + extra + comment)
			return damaged(e);
		to->locked = (le(p + 8, 2) & LOCKED) != 0;
		to->packed = le(p + 20, 4);
		to->size = le(p + 24, 4);
		to->at = le(p + 42, 4);
		to->name = p + CENTRAL;
		to->name_n = name;
		take_zip64(to, p, p + CENTRAL + name, extra);
		for (size_t k = 0; k < name; k++)
			if (to->name[k] == '\\')
				to->name[k] = '/';
		if (to->at > z->directory_at || to->packed > z->directory_at - to->at)
			return bad_part(to, e);
		p += CENTRAL + name + extra + comment;
	}
	return true;
}

static int by_place(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

/* One run of bytes that many entries share unpacks without end. */
static bool apart(const struct xlsx_zip *z, struct err *e)
{
	struct entry *sorted = calloc(z->n, sizeof *sorted);
	size_t at = 1;
	if (sorted == NULL)
		abort();
	memcpy(sorted, z->entry, z->n * sizeof *sorted);
	qsort(sorted, z->n, sizeof *sorted, by_place);
	while (at < z->n && sorted[at].at - sorted[at - 1].at >=
				    LOCAL + sorted[at - 1].name_n + sorted[at - 1].packed)
		at++;
	if (at < z->n)
		err_set(e, ERR_ZIP_BOMB, "%s", shown(&sorted[at]).text);
	bool ok = at >= z->n;
	free(sorted);
	return ok;
}

static bool read_directory(struct xlsx_zip *z, struct err *e)
{
	if (!find_end(z, e))
		return false;
	if (z->n > XLSX_ENTRIES_MAX)
		return err_set(
			e, ERR_XLSX_PARTS, "%llu > %d", (unsigned long long)z->n, XLSX_ENTRIES_MAX);
	if (z->n == 0 || z->directory_at > z->size ||
		z->directory_size > z->size - z->directory_at || z->directory_size > DIRECTORY_MAX)
		return damaged(e);
	z->directory = malloc(z->directory_size + 1);
	z->entry = calloc(z->n, sizeof *z->entry);
	if (z->directory == NULL || z->entry == NULL)
		abort();
	return (read_at(z, z->directory, z->directory_size, z->directory_at) || damaged(e)) &&
	       walk(z, e) && apart(z, e);
}

/* ---- libzip ------------------------------------------------------------------------------ */

static bool refuse(const struct xlsx_zip *z, size_t entry, const zip_error_t *why, struct err *e)
{
	int code = zip_error_code_zip(why);
	enum err_code as = code == ZIP_ER_MEMORY     ? ERR_XLSX_LIMIT
			   : code == ZIP_ER_NOPASSWD ? ERR_ENCRYPTED_FILE
						     : ERR_BAD_ZIP;
	if (entry < z->n)
		return err_set(e, as, "%s: libzip %d", shown(&z->entry[entry]).text, code);
	return err_set(e, as, "libzip %d", code);
}

static zip_int64_t source_read(struct xlsx_zip *z, void *data, uint64_t n)
{
	uint64_t left = z->at < z->size ? z->size - z->at : 0;
	n = n < left ? n : left;
	if (n > 0 && !read_at(z, data, (size_t)n, z->at)) {
		zip_error_set(&z->error, ZIP_ER_READ, errno);
		return -1;
	}
	z->at += n;
	return (zip_int64_t)n;
}

static zip_int64_t source_stat(const struct xlsx_zip *z, zip_stat_t *st)
{
	zip_stat_init(st);
	st->size = z->size;
	st->valid |= ZIP_STAT_SIZE;
	return sizeof *st;
}

static zip_int64_t source_seek(struct xlsx_zip *z, void *data, uint64_t n)
{
	zip_int64_t at = zip_source_seek_compute_offset(z->at, z->size, data, n, &z->error);
	if (at < 0)
		return -1;
	z->at = (uint64_t)at;
	return 0;
}

/* libzip's view of the file: bytes at places, no other calls to the system. */
static zip_int64_t on_source(void *ctx, void *data, zip_uint64_t n, zip_source_cmd_t command)
{
	struct xlsx_zip *z = ctx;
	switch ((int)command) {
	case ZIP_SOURCE_SUPPORTS:
		return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ,
			ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
			ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
	case ZIP_SOURCE_OPEN:
		z->at = 0;
		return 0;
	case ZIP_SOURCE_READ:
		return source_read(z, data, n);
	case ZIP_SOURCE_CLOSE:
	case ZIP_SOURCE_FREE:
		return 0;
	case ZIP_SOURCE_STAT:
		return source_stat(z, data);
	case ZIP_SOURCE_ERROR:
		return zip_error_to_data(&z->error, data, n);
	case ZIP_SOURCE_SEEK:
		return source_seek(z, data, n);
	case ZIP_SOURCE_TELL:
		return (zip_int64_t)z->at;
	default:
		zip_error_set(&z->error, ZIP_ER_OPNOTSUPP, 0);
		return -1;
	}
}

static bool open_zip(struct xlsx_zip *z, struct err *e)
{
	zip_error_t why;
	zip_error_init(&why);
	zip_source_t *source = zip_source_function_create(on_source, z, &why);
	z->zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
	if (z->zip != NULL)
		return zip_get_num_entries(z->zip, 0) == (zip_int64_t)z->n || damaged(e);
	refuse(z, z->n, &why, e);
	if (source != NULL)
		zip_source_free(source);
	zip_error_fini(&why);
	return false;
}

bool xlsx_zip_open(struct xlsx_zip **out, int fd, const struct xlsx_caps *caps, struct err *e)
{
	struct stat st;
	struct xlsx_zip *z = calloc(1, sizeof *z);
	if (z == NULL)
		abort();
	*out = z;
	z->caps = *caps;
	z->fd = fd;
	zip_error_init(&z->error);
	if (fstat(fd, &st) != 0)
		return damaged(e);
	z->size = (uint64_t)st.st_size;
	if (z->size > caps->file)
		return err_set(e, ERR_XLSX_LIMIT, "parser.xlsx_file: %llu > %llu MiB",
			(unsigned long long)(z->size >> 20),
			(unsigned long long)(caps->file >> 20));
	return read_directory(z, e) && open_zip(z, e);
}

void xlsx_zip_close(struct xlsx_zip *z)
{
	if (z == NULL)
		return;
	if (z->zip != NULL)
		zip_discard(z->zip);
	close(z->fd);
	zip_error_fini(&z->error);
	free(z->directory);
	free(z->entry);
	free(z);
}

/* ---- entries ----------------------------------------------------------------------------- */

bool xlsx_zip_find(const struct xlsx_zip *z, struct bytes name, size_t *entry)
{
	for (size_t i = 0; i < z->n; i++)
		if (z->entry[i].name_n == name.n &&
			strncasecmp(z->entry[i].name, name.p, name.n) == 0) {
			*entry = i;
			return true;
		}
	return false;
}

struct bytes xlsx_zip_name(const struct xlsx_zip *z, size_t entry)
{
	return (struct bytes){ z->entry[entry].name, z->entry[entry].name_n };
}

uint64_t xlsx_zip_size(const struct xlsx_zip *z, size_t entry)
{
	return z->entry[entry].size;
}

uint64_t xlsx_zip_inflated(const struct xlsx_zip *z)
{
	return z->inflated;
}

void xlsx_zip_tell(struct xlsx_zip *z, uint64_t all, xlsx_progress *progress, void *ctx)
{
	z->all = all;
	z->progress = progress;
	z->progress_ctx = ctx;
}

/* About once a MiB. */
static bool tell(const struct xlsx_zip *z, uint64_t n, struct err *e)
{
	if (z->progress == NULL || (z->inflated - n) >> 20 == z->inflated >> 20)
		return true;
	return z->progress(z->progress_ctx, z->inflated < z->all ? z->inflated : z->all, z->all, e);
}

static bool within(struct xlsx_zip *z, size_t entry, uint64_t n, struct err *e)
{
	uint64_t packed = z->entry[entry].packed;
	if (z->inflated > z->caps.inflated)
		return err_set(e, ERR_XLSX_LIMIT, "parser.xlsx_inflated: > %llu MiB",
			(unsigned long long)(z->caps.inflated >> 20));
	return n <= XLSX_RATIO_FREE || n / XLSX_RATIO_MAX <= packed ||
	       err_set(e, ERR_ZIP_BOMB, "%s: %llu MiB of %llu bytes", shown(&z->entry[entry]).text,
		       (unsigned long long)(n >> 20), (unsigned long long)packed);
}

bool xlsx_zip_read(struct xlsx_zip *z, size_t entry, xlsx_zip_each *each, void *ctx, struct err *e)
{
	static _Thread_local char chunk[XLSX_CHUNK];
	if (z->entry[entry].locked)
		return err_set(e, ERR_ENCRYPTED_FILE, "%s", shown(&z->entry[entry]).text);
	zip_file_t *f = zip_fopen_index(z->zip, entry, 0);
	if (f == NULL)
		return refuse(z, entry, zip_get_error(z->zip), e);
	uint64_t total = 0;
	zip_int64_t n;
	bool ok = true;
	do {
		n = zip_fread(f, chunk, sizeof chunk);
		total += n > 0 ? (uint64_t)n : 0;
		z->inflated += n > 0 ? (uint64_t)n : 0;
		ok = (n >= 0 || refuse(z, entry, zip_file_get_error(f), e)) &&
		     within(z, entry, total, e) && tell(z, (uint64_t)n, e) &&
		     (n > 0 || total == z->entry[entry].size || bad_part(&z->entry[entry], e)) &&
		     each(ctx, (struct bytes){ chunk, (size_t)n }, e);
	} while (ok && n > 0);
	zip_fclose(f);
	return ok;
}
