/* What a workbook says of itself: its sheets, its styles, its shared texts (ECMA-376 part 1, 18).
 */
#ifndef DRAWD_XLSXBOOK_H
#define DRAWD_XLSXBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/register/xlsxnumber.h"
#include "daemon/register/xlsxzip.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { XLSX_SHEETS_MAX = 1000, XLSX_STYLES_MAX = 65536, XLSX_FORMATS_MAX = 10000 };
enum { XLSX_ROWS = 1048576, XLSX_COLUMNS = 16384 }; /* of a sheet */

struct xlsx_sheet {
	struct bytes name;
	bool hidden;
	size_t entry; /* of the archive */
};

struct xlsx_book {
	size_t n;
	struct xlsx_sheet *sheet; /* in the order of their tabs */
	bool from_1904;
	bool has_styles, has_strings;
	size_t styles, strings; /* entries of the archive */
};
/* Texts in the arena. Errors: those of xlsx_xml_read; ERR_OTHER_FILE for archives that are
 * something else (.ods, .xlsb, .docx …); ERR_BAD_XLSX where sheets are missing. */
bool xlsx_book_read(struct xlsx_book *b, struct xlsx_zip *z, struct arena *a, struct err *e);

/* The formats of cells, by the number a cell names (its s). */
struct xlsx_styles {
	size_t n;
	struct xlsx_format *format;
};
bool xlsx_styles_read(struct xlsx_styles *s, struct xlsx_zip *z, const struct xlsx_book *b,
	struct arena *a, struct err *e);

/* Shared texts, by the number a cell names. Runs are joined, phonetic ones left out. */
struct xlsx_strings;
/* No text is kept beyond text_max + 1 bytes. ERR_XLSX_LIMIT where all of them are more than the
 * archive's caps.strings. *out is to be freed in any case. */
bool xlsx_strings_read(struct xlsx_strings **out, struct xlsx_zip *z, const struct xlsx_book *b,
	uint64_t room, size_t text_max, struct err *e);
void xlsx_strings_free(struct xlsx_strings *s);
/* False behind the last. */
bool xlsx_strings_get(const struct xlsx_strings *s, uint64_t i, struct bytes *text);

/* _x000D_ and the like stand for signs that XML cannot hold: put right in place; the new length. */
size_t xlsx_unescape(char *s, size_t n);

#endif
