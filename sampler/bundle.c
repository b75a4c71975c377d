#include "sampler/bundle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/table.h"
#include "sampler/type.h"

enum { BLOCK = 512 };

static const char *const level_names[] = { [LEVEL_AUDIT] = "audit", [LEVEL_PUBLIC] = "public" };

/* ---- the table of names ---- */

enum rest { REST_NOTHING, REST_ARTEFACT, REST_NUMBER };

/* Which files a bundle has, by name and what follows it; in bundle order. */
static const struct name_form {
	const char *name;
	enum rest rest;
	bool audit_only;
} names[] = {
	{ "PROTOCOL.md", REST_NOTHING, false },
	{ "artefacts/", REST_ARTEFACT, true },
	{ "changes/", REST_NUMBER, true },
	{ "checkpoints/", REST_NUMBER, false },
	{ "entries/", REST_NUMBER, false },
	{ "frontier", REST_NOTHING, false },
	{ "seed.txt", REST_NOTHING, true },
};
enum { NAMES = sizeof names / sizeof *names };

static bool rest_ok(enum rest rest, struct bytes v)
{
	enum table_id id;
	if (rest == REST_NOTHING)
		return v.n == 0;
	if (rest == REST_ARTEFACT)
		return table_id_of(v, &id);
	for (size_t i = 0; i < v.n; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return false;
	return v.n == 10;
}

/* The row of the table that a name belongs to, NAMES if there is none. */
static size_t name_row(struct bytes name, enum bundle_level level)
{
	for (size_t i = 0; i < NAMES; i++) {
		struct bytes start = bytes_of(names[i].name);
		if (bytes_starts(name, start) &&
			rest_ok(names[i].rest,
				(struct bytes){ name.p + start.n, name.n - start.n }))
			return names[i].audit_only && level != LEVEL_AUDIT ? NAMES : i;
	}
	return NAMES;
}

bool bundle_name_ok(struct bytes name, enum bundle_level level)
{
	return name_row(name, level) < NAMES;
}

static int by_name(const void *a, const void *b)
{
	const struct bundle_file *x = a, *y = b;
	return bytes_compare(x->name, y->name);
}

void bundle_sort(struct bundle_file *file, size_t n)
{
	if (n > 1)
		qsort(file, n, sizeof *file, by_name);
}

/* Names are lawful and ascending. */
static bool check_names(const struct bundle *b, struct err *e)
{
	for (size_t i = 0; i < b->files; i++) {
		struct bytes name = b->file[i].name;
		if (!bundle_name_ok(name, b->level))
			return err_set(e, ERR_BAD_BUNDLE,
				"no such file in a bundle of level %s: %.*s", level_names[b->level],
				BYTES_ARG(type_shown(name)));
		if (i > 0 && bytes_compare(b->file[i - 1].name, name) >= 0)
			return err_set(
				e, ERR_BAD_BUNDLE, "files are not in order: %.*s", BYTES_ARG(name));
		if (b->file[i].size > BUNDLE_FILE_MAX)
			return err_set(
				e, ERR_BAD_BUNDLE, "%.*s: larger than 8 GiB", BYTES_ARG(name));
	}
	return true;
}

static uint64_t file_number(const struct bundle_file *f)
{
	uint64_t v = 0;
	for (size_t i = f->name.n - 10; i < f->name.n; i++)
		v = v * 10 + (uint64_t)(f->name.p[i] - '0');
	return v;
}

/* Nothing is missing: every single file, every artefact, some checkpoint, entries without a gap. */
static bool check_complete(const struct bundle *b, struct err *e)
{
	size_t have[NAMES] = { 0 };
	const struct bundle_file *entry = NULL;
	for (size_t i = 0; i < b->files; i++) {
		size_t row = name_row(b->file[i].name, b->level);
		have[row]++;
		if (strcmp(names[row].name, "entries/") != 0)
			continue;
		if (entry != NULL && file_number(entry) + 1 != file_number(&b->file[i]))
			return err_set(e, ERR_BAD_BUNDLE, "an entry is missing before %.*s",
				BYTES_ARG(b->file[i].name));
		entry = &b->file[i];
	}
	for (size_t i = 0; i < NAMES; i++) {
		size_t need = names[i].rest == REST_ARTEFACT ? TABLES : 1;
		if (strcmp(names[i].name, "changes/") == 0)
			continue;
		if (names[i].audit_only && b->level != LEVEL_AUDIT)
			continue;
		if (have[i] < need)
			return err_set(e, ERR_BAD_BUNDLE, "missing: %s%s", names[i].name,
				names[i].rest == REST_NOTHING ? "" : "…");
	}
	return true;
}

static bool check_files(const struct bundle *b, struct err *e)
{
	return check_names(b, e) && check_complete(b, e);
}

/* ---- MANIFEST ---- */

void bundle_manifest(struct buf *out, struct bytes round, enum bundle_level level,
	const struct bundle_file *file, size_t files)
{
	buf_str(out, "drawd/bundle/v1\nround ");
	buf_bytes(out, round);
	buf_str(out, "\nlevel ");
	buf_str(out, level_names[level]);
	buf_byte(out, '\n');
	for (size_t i = 0; i < files; i++) {
		buf_hex(out, file[i].hash, 32);
		buf_byte(out, ' ');
		buf_u64(out, file[i].size);
		buf_byte(out, ' ');
		buf_bytes(out, file[i].name);
		buf_byte(out, '\n');
	}
}

static bool next_line(struct bytes *rest, struct bytes *line)
{
	bool more;
	*line = bytes_cut(rest, '\n', &more);
	return more;
}

static bool parse_head(struct bundle *b, struct bytes *rest, struct err *e)
{
	struct bytes line;
	if (!next_line(rest, &line) || !bytes_is(line, "drawd/bundle/v1"))
		return err_set(e, ERR_BAD_BUNDLE, "MANIFEST: first line: expected drawd/bundle/v1");
	if (!next_line(rest, &line) || !bytes_starts(line, BYTES("round ")))
		return err_set(e, ERR_BAD_BUNDLE, "MANIFEST: line 2: expected \"round YYYY-NNNN\"");
	b->round = (struct bytes){ line.p + 6, line.n - 6 };
	if (!type_check(TYPE_ROUND, b->round))
		return err_set(e, ERR_BAD_BUNDLE, "MANIFEST: line 2: expected \"round YYYY-NNNN\"");
	if (!next_line(rest, &line) ||
		(!bytes_is(line, "level audit") && !bytes_is(line, "level public")))
		return err_set(e, ERR_BAD_BUNDLE,
			"MANIFEST: line 3: expected \"level audit\" or \"level public\"");
	b->level = bytes_is(line, "level audit") ? LEVEL_AUDIT : LEVEL_PUBLIC;
	return true;
}

static bool parse_line(struct bundle_file *f, struct bytes line)
{
	bool first, second;
	struct bytes hash = bytes_cut(&line, ' ', &first);
	struct bytes size = bytes_cut(&line, ' ', &second);
	f->name = line;
	return first && second && text_hex(hash, f->hash, 32) &&
	       text_u64(size, BUNDLE_FILE_MAX, &f->size);
}

bool bundle_manifest_parse(struct bundle *b, struct bytes text, struct arena *a, struct err *e)
{
	*b = (struct bundle){ 0 };
	if (!parse_head(b, &text, e))
		return false;
	size_t lines = 0;
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	/* a hash, two spaces, a digit, a letter, the line's end: no line is shorter */
	if (lines > text.n / 69)
		return err_set(e, ERR_BAD_BUNDLE, "MANIFEST: expected \"sha256 size name\"");
	struct bundle_file *file = arena_calloc(a, lines + 1, sizeof *file);
	for (size_t i = 0; i < lines; i++) {
		struct bytes line;
		next_line(&text, &line);
		if (!parse_line(&file[i], line))
			return err_set(e, ERR_BAD_BUNDLE,
				"MANIFEST: line %zu: expected \"sha256 size name\"", i + 4);
	}
	if (text.n > 0)
		return err_set(e, ERR_BAD_BUNDLE, "MANIFEST: the last line has no end");
	b->file = file;
	b->files = lines;
	return check_files(b, e);
}

/* ---- ustar ---- */

/* digits octal digits, most significant first. */
static void octal(unsigned char *out, uint64_t v, int digits)
{
	for (int i = digits - 1; i >= 0; i--, v >>= 3)
		out[i] = (unsigned char)('0' + (v & 7));
}

static void place(unsigned char *header, size_t at, const char *text)
{
	memcpy(header + at, text, strlen(text));
}

/* The one header of a file with this name and size. */
static void header_of(unsigned char h[BLOCK], struct bytes name, uint64_t size)
{
	assert(name.n <= 100);
	memset(h, 0, BLOCK);
	memcpy(h, name.p, name.n);
	place(h, 100, "0000644");
	place(h, 108, "0000000");
	place(h, 116, "0000000");
	octal(h + 124, size, 11);
	place(h, 136, "00000000000");
	place(h, 148, "        "); /* the checksum counts its own field as spaces */
	place(h, 156, "0");
	place(h, 257, "ustar");
	place(h, 263, "00");
	unsigned sum = 0;
	for (size_t i = 0; i < BLOCK; i++)
		sum += h[i];
	octal(h + 148, sum, 6);
	h[154] = '\0';
}

static size_t padding(uint64_t size)
{
	return (size_t)((BLOCK - size % BLOCK) % BLOCK);
}

/* ---- writing ---- */

static const char zeros[2 * BLOCK];

static bool put(const struct bundle_writer *w, const void *p, size_t n, struct err *e)
{
	return n == 0 || w->sink.put(w->sink.ctx, (struct bytes){ p, n }, e);
}

static bool begin_file(struct bundle_writer *w, struct err *e)
{
	const struct bundle_file *f = &w->file[w->at];
	unsigned char h[BLOCK];
	header_of(h, f->name, f->size);
	w->left = f->size;
	sha256_init(&w->hash);
	return put(w, h, BLOCK, e);
}

static bool finish_file(struct bundle_writer *w, struct err *e)
{
	const struct bundle_file *f = &w->file[w->at++];
	uint8_t hash[32];
	sha256_final(&w->hash, hash);
	if (memcmp(hash, f->hash, sizeof hash) != 0)
		return err_set(
			e, ERR_BAD_BUNDLE, "%.*s: not the content announced", BYTES_ARG(f->name));
	return put(w, zeros, padding(f->size), e);
}

/* Finish the file whose bytes are all there and begin the next one that wants some. */
static bool advance(struct bundle_writer *w, struct err *e)
{
	while (w->at < w->files && w->left == 0)
		if (!finish_file(w, e) || (w->at < w->files && !begin_file(w, e)))
			return false;
	return true;
}

bool bundle_start(struct bundle_writer *w, struct bytes round, enum bundle_level level,
	const struct bundle_file *file, size_t files, struct sink sink, struct arena *a,
	struct err *e)
{
	struct bundle b = { round, level, file, files };
	*w = (struct bundle_writer){ .file = file, .files = files, .sink = sink };
	assert(type_check(TYPE_ROUND, round));
	if (!check_files(&b, e))
		return false;
	struct buf manifest = buf_new(a, 64 + files * 128);
	bundle_manifest(&manifest, round, level, file, files);
	unsigned char h[BLOCK];
	header_of(h, BYTES("MANIFEST"), manifest.n);
	return put(w, h, BLOCK, e) && put(w, manifest.p, manifest.n, e) &&
	       put(w, zeros, padding(manifest.n), e) && begin_file(w, e) && advance(w, e);
}

bool bundle_put(struct bundle_writer *w, struct bytes chunk, struct err *e)
{
	if (chunk.n > w->left)
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: longer than announced",
			BYTES_ARG(w->at < w->files ? w->file[w->at].name : BYTES("the archive")));
	sha256_update_bytes(&w->hash, chunk);
	w->left -= chunk.n;
	return put(w, chunk.p, chunk.n, e) && advance(w, e);
}

bool bundle_end(struct bundle_writer *w, struct err *e)
{
	if (w->at < w->files)
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: shorter than announced",
			BYTES_ARG(w->file[w->at].name));
	return put(w, zeros, sizeof zeros, e);
}

/* ---- reading ---- */

static bool all_zero(struct bytes s)
{
	unsigned char any = 0;
	for (size_t i = 0; i < s.n; i++)
		any |= (unsigned char)s.p[i];
	return any == 0;
}

/* Size in a header; the header is compared with the canonical one afterwards. */
static bool octal_size(const char *p, uint64_t *size)
{
	*size = 0;
	for (size_t i = 0; i < 11; i++) {
		if (p[i] < '0' || p[i] > '7')
			return false;
		*size = *size << 3 | (uint64_t)(p[i] - '0');
	}
	return true;
}

static struct bytes cut(struct bytes *rest, size_t n)
{
	struct bytes head = { rest->p, n };
	*rest = (struct bytes){ rest->p + n, rest->n - n };
	return head;
}

/* Cut the next file off; its header must be the one of this name. */
static bool read_file(struct bytes *rest, struct bytes name, struct bytes *content, struct err *e)
{
	unsigned char expected[BLOCK];
	uint64_t size;
	if (rest->n < BLOCK || !octal_size(rest->p + 124, &size))
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: no header", BYTES_ARG(type_shown(name)));
	header_of(expected, name, size);
	if (memcmp(rest->p, expected, BLOCK) != 0)
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: not the header expected",
			BYTES_ARG(type_shown(name)));
	cut(rest, BLOCK);
	if (rest->n < size || rest->n - size < padding(size))
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: the archive ends within it",
			BYTES_ARG(type_shown(name)));
	*content = cut(rest, (size_t)size);
	if (!all_zero(cut(rest, padding(size))))
		return err_set(e, ERR_BAD_BUNDLE, "%.*s: padding is not zero",
			BYTES_ARG(type_shown(name)));
	return true;
}

static bool read_content(struct bundle_file *f, struct bytes *rest, struct err *e)
{
	uint8_t hash[32];
	if (!read_file(rest, f->name, &f->content, e))
		return false;
	if (f->content.n != f->size)
		return err_set(
			e, ERR_BAD_BUNDLE, "%.*s: size differs from MANIFEST", BYTES_ARG(f->name));
	sha256(f->content.p, f->content.n, hash);
	if (memcmp(hash, f->hash, sizeof hash) != 0)
		return err_set(
			e, ERR_BAD_BUNDLE, "%.*s: hash differs from MANIFEST", BYTES_ARG(f->name));
	return true;
}

bool bundle_open(struct bundle *b, struct bytes all, struct arena *a, struct err *e)
{
	struct bytes manifest, rest = all;
	if (!read_file(&rest, BYTES("MANIFEST"), &manifest, e) ||
		!bundle_manifest_parse(b, manifest, a, e))
		return false;
	struct bundle_file *file = arena_calloc(a, b->files, sizeof *file);
	memcpy(file, b->file, b->files * sizeof *file);
	b->file = file;
	for (size_t i = 0; i < b->files; i++)
		if (!read_content(&file[i], &rest, e))
			return false;
	if (rest.n != sizeof zeros || !all_zero(rest))
		return err_set(e, ERR_BAD_BUNDLE, "the archive does not end with two zero blocks");
	return true;
}

/* The first file whose name is not below this one. */
static size_t lower_bound(const struct bundle *b, struct bytes name)
{
	size_t low = 0, high = b->files;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (bytes_compare(b->file[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct bundle_file *bundle_find(const struct bundle *b, const char *name)
{
	size_t i = lower_bound(b, bytes_of(name));
	return i < b->files && bytes_is(b->file[i].name, name) ? &b->file[i] : NULL;
}

const struct bundle_file *bundle_folder(const struct bundle *b, const char *folder, size_t *n)
{
	struct bytes start = bytes_of(folder);
	size_t from = lower_bound(b, start), to = from;
	while (to < b->files && bytes_starts(b->file[to].name, start))
		to++;
	*n = to - from;
	return *n > 0 ? &b->file[from] : NULL;
}
