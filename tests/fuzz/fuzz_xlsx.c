/* Workbooks: any archive, and any parts in a good one (a mutated archive seldom comes so far that
 * its cells are read). The first byte says which: an even one is followed by an archive, an odd one
 * by the parts of one, each behind a NUL: a sheet, shared texts, styles, the workbook.
 *   - reading it twice gives the same;
 *   - rows ascend, their fields are text that can be sent, of types that there are, and not longer
 *     than a row may be;
 *   - counts of the rows add up. */
#include <assert.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/register/parse.h"
#include "daemon/register/xlsxrecord.h"
#include "sampler/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROW_MAX = 512 };

static const struct xlsx_caps caps = { 1 << 20, 8 << 20, 5 << 20 };

struct seen {
	uint64_t line, rows, withdrawn, sum;
};

static void mix(struct seen *s, struct bytes b)
{
	for (size_t i = 0; i < b.n; i++)
		s->sum = (s->sum ^ (uint8_t)b.p[i]) * UINT64_C(1099511628211);
	s->sum = (s->sum ^ 0x100) * UINT64_C(1099511628211);
}

/* ---- an archive of parts --------------------------------------------------------------------- */

static uint32_t crc(struct bytes s)
{
	uint32_t c = 0xffffffff;
	for (size_t i = 0; i < s.n; i++) {
		c ^= (uint8_t)s.p[i];
		for (int k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? 0xedb88320 : 0);
	}
	return ~c;
}

static void le(struct buf *b, uint64_t v, size_t n)
{
	for (size_t i = 0; i < n; i++, v >>= 8)
		buf_byte(b, (char)v);
}

struct entry {
	struct bytes name, text;
};

/* What a local header and one of the directory have in common. */
static void describe(struct buf *out, const struct entry *entry)
{
	le(out, 20, 2);
	le(out, 0x800, 2);
	le(out, 0, 2); /* stored */
	le(out, 0x00210000, 4);
	le(out, crc(entry->text), 4);
	le(out, entry->text.n, 4);
	le(out, entry->text.n, 4);
	le(out, entry->name.n, 2);
	le(out, 0, 2);
}

static struct bytes archive(struct arena *a, const struct entry *entries, size_t n)
{
	struct buf out = buf_new(a, 4096), directory = buf_new(a, 1024);
	for (size_t i = 0; i < n; i++) {
		size_t at = out.n;
		buf_put(&out, "PK\3\4", 4);
		describe(&out, &entries[i]);
		buf_bytes(&out, entries[i].name);
		buf_bytes(&out, entries[i].text);
		buf_put(&directory, "PK\1\2", 4);
		le(&directory, 20, 2);
		describe(&directory, &entries[i]);
		le(&directory, 0, 10);
		le(&directory, at, 4);
		buf_bytes(&directory, entries[i].name);
	}
	size_t at = out.n;
	buf_bytes(&out, buf_view(&directory));
	buf_put(&out, "PK\5\6", 4);
	le(&out, 0, 4);
	le(&out, n, 2);
	le(&out, n, 2);
	le(&out, directory.n, 4);
	le(&out, at, 4);
	le(&out, 0, 2);
	return buf_view(&out);
}

#define RELATION(id, type, target) \
	"<Relationship Id='" id "' Type='x/" type "' Target='" target "'/>"

static struct bytes of_parts(struct arena *a, struct bytes all)
{
	bool more = true;
	struct bytes sheet = bytes_cut(&all, '\0', &more), strings = bytes_cut(&all, '\0', &more),
		     styles = bytes_cut(&all, '\0', &more), book = all;
	if (book.n == 0)
		book = BYTES("<workbook><sheets><sheet name='a' id='1'/></sheets></workbook>");
	const struct entry entries[] = {
		{ BYTES("_rels/.rels"),
			BYTES("<R>" RELATION("1", "officeDocument", "xl/workbook.xml") "</R>") },
		{ BYTES("xl/_rels/workbook.xml.rels"),
			BYTES("<R>" RELATION("1", "worksheet", "s.xml")
					RELATION("2", "sharedStrings", "t.xml")
						RELATION("3", "styles", "f.xml") "</R>") },
		{ BYTES("xl/workbook.xml"), book },
		{ BYTES("xl/s.xml"), sheet },
		{ BYTES("xl/t.xml"), strings },
		{ BYTES("xl/f.xml"), styles },
	};
	return archive(a, entries, sizeof entries / sizeof *entries);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool on_raw(void *ctx, const struct raw_row *r, struct err *e)
{
	struct seen *s = ctx;
	size_t all = 0;
	(void)e;
	assert(r->line > s->line && r->line <= XLSX_ROWS && r->sparse && r->n > 0);
	assert(r->n <= XLSX_COLUMNS && r->fault_field < r->n);
	for (size_t i = 0; i < r->n && i < RAW_FIELDS_MAX; i++) {
		assert(text_is_utf8(r->field[i]) && raw_type(r, i) < FIELD_TYPES);
		assert(r->fault == ERR_NUL_BYTE ||
			memchr(r->field[i].p, '\0', r->field[i].n) == NULL);
		all += r->field[i].n;
		mix(s, r->field[i]);
	}
	assert(all <= ROW_MAX);
	s->line = r->line;
	s->rows++;
	return true;
}

static bool on_row(void *ctx, const struct row *row, struct err *e)
{
	struct seen *s = ctx;
	(void)e;
	assert(!row->bad && row->line > 0);
	for (size_t i = 0; i < registers[row->id].facts; i++) {
		assert(text_is_utf8(row->fact[i]));
		mix(s, row->fact[i]);
	}
	s->rows++;
	return true;
}

static bool on_note(void *ctx, uint64_t line, const struct row_note *note, struct err *e)
{
	(void)e;
	assert(line > 0 && text_is_clean(note->value) && text_is_utf8(note->detail));
	mix(ctx, note->value);
	return true;
}

static bool on_withdraw(void *ctx, uint64_t line, struct bytes key, struct err *e)
{
	(void)e;
	(void)line;
	mix(ctx, key);
	((struct seen *)ctx)->withdrawn++;
	return true;
}

static int file_of(struct bytes all)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || write(fd, all.p, all.n) != (ssize_t)all.n)
		abort();
	return fd;
}

static uint64_t read_raw(struct bytes all)
{
	struct seen s = { 0 };
	struct err e = { 0 };
	struct xlsx_reader *r;
	size_t n = 0;
	bool ok = xlsx_reader_open(&r, file_of(all), &caps, ROW_MAX, &e);
	if (ok)
		xlsx_reader_sheets(r, &n);
	for (size_t i = 0; ok && i < n && i < 3; i++) {
		s.line = 0;
		ok = xlsx_reader_read(r, i, on_raw, &s, &e);
	}
	assert(ok == (e.code == ERR_NONE));
	xlsx_reader_close(r);
	return s.sum + s.rows + (uint64_t)e.code;
}

static void read_rows(struct bytes all)
{
	struct seen s = { 0 };
	struct err e = { 0 };
	struct parse_totals t = { 0 };
	ARENA_AUTO a = arena_new();
	struct parse_rules rules = { .kind = REGISTER_ENTITIES,
		.row_max = ROW_MAX,
		.rows_max = 10000,
		.xlsx = caps,
		.sink = { .ctx = &s, .row = on_row, .note = on_note, .withdraw = on_withdraw } };
	struct parse *p = parse_new(a, &rules);
	bool ok = parse_workbook(p, file_of(all), &t, &e);
	assert(ok == (e.code == ERR_NONE));
	assert(!ok || (t.rows == t.accepted + t.refused && t.accepted + s.withdrawn == s.rows));
	parse_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	if (size < 1 || size > 1 << 18 || sodium_init() < 0)
		return 0;
	struct bytes all = { (const char *)data + 1, size - 1 };
	if (data[0] & 1)
		all = of_parts(a, all);
	uint64_t first = read_raw(all), second = read_raw(all);
	assert(first == second);
	read_rows(all);
	return 0;
}
