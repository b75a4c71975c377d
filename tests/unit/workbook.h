/* Workbooks made of parts for tests: what stands in them is all there is. */
#ifndef DRAWD_TESTS_UNIT_WORKBOOK_H
#define DRAWD_TESTS_UNIT_WORKBOOK_H

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "tests/unit/test.h"

struct part {
	const char *name, *text; /* ended by a NULL name */
};

#define WORKBOOK_TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define WORKBOOK_RELATION(id, type, target) \
	"<Relationship Id=\"" id "\" Type=\"" WORKBOOK_TYPES "/" type "\" Target=\"" target "\"/>"
#define WORKBOOK_RELATIONS(all) \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships " \
	"xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" all \
	"</Relationships>"
#define WORKBOOK_SHEETS(all) \
	"<workbook xmlns:r=\"" WORKBOOK_TYPES "\"><sheets>" all "</sheets></workbook>"
#define WORKBOOK_CELLS(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"
/* What every workbook of one sheet has beside it. */
#define WORKBOOK_ROOT \
	{ \
		"_rels/.rels", WORKBOOK_RELATIONS(WORKBOOK_RELATION( \
				       "r1", "officeDocument", "xl/workbook.xml")) \
	}
#define WORKBOOK_ONE \
	WORKBOOK_ROOT, \
		{ "xl/workbook.xml", \
			WORKBOOK_SHEETS("<sheet name=\"名录\" sheetId=\"1\" r:id=\"r1\"/>") }, \
	{ \
		"xl/_rels/workbook.xml.rels", \
			WORKBOOK_RELATIONS( \
				WORKBOOK_RELATION("r1", "worksheet", "worksheets/sheet1.xml") \
					WORKBOOK_RELATION("r2", "styles", "/xl/styles.xml") \
						WORKBOOK_RELATION("r3", "sharedStrings", \
							"sharedStrings.xml")) \
	}

/* The bytes of the archive, and how many; to be freed. */
static inline char *workbook_bytes(const struct part *parts, size_t *n)
{
	zip_error_t why;
	zip_stat_t st;
	zip_error_init(&why);
	zip_source_t *all = zip_source_buffer_create(NULL, 0, 0, &why);
	assert_non_null(all);
	zip_source_keep(all);
	zip_t *z = zip_open_from_source(all, ZIP_TRUNCATE, &why);
	assert_non_null(z);
	for (; parts->name != NULL; parts++) {
		zip_source_t *one = zip_source_buffer(z, parts->text, strlen(parts->text), 0);
		assert_true(zip_file_add(z, parts->name, one, ZIP_FL_ENC_UTF_8) >= 0);
	}
	assert_int_equal(zip_close(z), 0);
	assert_int_equal(zip_source_stat(all, &st), 0);
	char *bytes = malloc(st.size);
	assert_non_null(bytes);
	assert_int_equal(zip_source_open(all), 0);
	*n = (size_t)zip_source_read(all, bytes, st.size);
	assert_int_equal(*n, st.size);
	zip_source_close(all);
	zip_source_free(all);
	return bytes;
}

/* A regular file that holds them. */
static inline int workbook_file(const char *bytes, size_t n)
{
	int fd = memfd_create("workbook", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	return fd;
}

static inline int workbook_of(const struct part *parts)
{
	size_t n;
	char *bytes = workbook_bytes(parts, &n);
	int fd = workbook_file(bytes, n);
	free(bytes);
	return fd;
}

#endif
