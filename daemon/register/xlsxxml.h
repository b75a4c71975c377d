/* A part of an XLSX workbook as XML: expat over an entry of the archive. No document types, so no
 * entities of the file's own; depth and memory have ends. Names come without their prefix: what is
 * read of a workbook has names of its own, in whatever namespace. */
#ifndef DRAWD_XLSXXML_H
#define DRAWD_XLSXXML_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/register/xlsxzip.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { XLSX_DEPTH_MAX = 64, XLSX_XML_MEMORY = 8 << 20 };

/* False from any of them ends the reading: with an error, or with e untouched where enough was
 * seen. Any may be NULL. */
struct xlsx_xml {
	bool (*start)(void *ctx, const char *name, const char *const *attributes, struct err *e);
	bool (*end)(void *ctx, const char *name, struct err *e);
	bool (*text)(void *ctx, struct bytes s, struct err *e);
	void *ctx;
};
/* Errors beside: those of xlsx_zip_read, ERR_BAD_XLSX (the part, its line, what expat says),
 * ERR_XML_DTD, ERR_XLSX_LIMIT. True also where enough was seen. */
bool xlsx_xml_read(
	struct xlsx_zip *z, size_t entry, const struct xlsx_xml *handlers, struct err *e);

/* The value of an attribute without regard to its prefix; NULL where there is none. */
const char *xlsx_attribute(const char *const *attributes, const char *name);

#endif
