#include "daemon/register/xlsxrecord.h"

#include <stdlib.h>

#include "daemon/register/xlsxsheet.h"

struct xlsx_reader {
	struct arena *arena;
	struct xlsx_zip *zip;
	struct xlsx_caps caps;
	size_t row_max;
	struct xlsx_book book;
	bool loaded; /* styles and shared texts, with the first sheet */
	struct xlsx_styles styles;
	struct xlsx_strings *strings;
	xlsx_progress *progress;
	void *progress_ctx;
};

bool xlsx_is_zip(struct bytes head)
{
	return bytes_starts(head, BYTES("PK\3\4")) || bytes_starts(head, BYTES("PK\5\6"));
}

bool xlsx_reader_open(struct xlsx_reader **out, int fd, const struct xlsx_caps *caps,
	size_t row_max, struct err *e)
{
	struct xlsx_reader *r = *out = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->arena = arena_new();
	r->caps = *caps;
	r->row_max = row_max;
	return xlsx_zip_open(&r->zip, fd, caps, e) && xlsx_book_read(&r->book, r->zip, r->arena, e);
}

void xlsx_reader_close(struct xlsx_reader *r)
{
	if (r == NULL)
		return;
	xlsx_strings_free(r->strings);
	xlsx_zip_close(r->zip);
	arena_free(r->arena);
	free(r);
}

const struct xlsx_sheet *xlsx_reader_sheets(const struct xlsx_reader *r, size_t *n)
{
	*n = r->book.n;
	return r->book.sheet;
}

void xlsx_reader_tell(struct xlsx_reader *r, xlsx_progress *progress, void *ctx)
{
	r->progress = progress;
	r->progress_ctx = ctx;
}

static bool load(struct xlsx_reader *r, struct err *e)
{
	if (r->loaded)
		return true;
	r->loaded = true;
	return xlsx_styles_read(&r->styles, r->zip, &r->book, r->arena, e) &&
	       xlsx_strings_read(&r->strings, r->zip, &r->book, r->caps.strings, r->row_max, e);
}

bool xlsx_reader_read(struct xlsx_reader *r, size_t sheet, raw_each *each, void *ctx, struct err *e)
{
	struct xlsx_merges merges = { 0 };
	struct xlsx_sheet_rules rules = { .row_max = r->row_max,
		.from_1904 = r->book.from_1904,
		.styles = &r->styles,
		.merges = &merges,
		.each = each,
		.ctx = ctx };
	size_t entry = r->book.sheet[sheet].entry;
	/* the sheet twice, for its merged cells stand at its end */
	uint64_t all = xlsx_zip_inflated(r->zip) + 2 * xlsx_zip_size(r->zip, entry);
	if (!r->loaded && r->book.has_strings)
		all += xlsx_zip_size(r->zip, r->book.strings);
	xlsx_zip_tell(r->zip, all, r->progress, r->progress_ctx);
	if (!load(r, e))
		return false;
	rules.strings = r->strings;
	bool ok = xlsx_merges_read(&merges, r->zip, entry, e) &&
		  xlsx_sheet_read(r->zip, entry, &rules, e);
	xlsx_merges_free(&merges);
	return ok;
}
