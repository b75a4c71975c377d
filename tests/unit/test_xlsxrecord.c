/* Workbooks to rows: what the cells show, and what is refused. */
#include "tests/unit/workbook.h"

#include <stdlib.h>

#include "daemon/register/xlsxrecord.h"

struct seen {
	char text[16384];
	size_t n;
};

static void add(struct seen *s, const char *p, size_t n)
{
	assert_true(s->n + n < sizeof s->text);
	memcpy(s->text + s->n, p, n);
	s->n += n;
	s->text[s->n] = '\0';
}

/* One row a line: "LINE|field|5=n|2026-03-31=d" */
static bool each(void *ctx, const struct raw_row *r, struct err *e)
{
	static const char *const types[FIELD_TYPES] = { "", "=n", "=d", "=f", "=e" };
	struct seen *s = ctx;
	char head[64];
	(void)e;
	assert_true(r->sparse);
	add(s, head, (size_t)snprintf(head, sizeof head, "%d", (int)r->line));
	if (r->fault != ERR_NONE)
		add(s, head,
			(size_t)snprintf(head, sizeof head, " %s@%zu", err_row(r->fault)->name,
				r->fault_field));
	for (size_t i = 0; i < r->n && i < RAW_FIELDS_MAX; i++) {
		add(s, "|", 1);
		add(s, r->field[i].p, r->field[i].n);
		add(s, types[raw_type(r, i)], strlen(types[raw_type(r, i)]));
	}
	add(s, "\n", 1);
	return true;
}

static const struct xlsx_caps caps = { 64 << 20, 128 << 20, 16 << 20 };

static bool read_sheet(
	int fd, const struct xlsx_caps *most, size_t sheet, struct seen *s, struct err *e)
{
	struct xlsx_reader *r;
	size_t n = 0;
	s->n = 0;
	s->text[0] = '\0';
	bool ok = xlsx_reader_open(&r, fd, most, 80, e);
	if (ok)
		xlsx_reader_sheets(r, &n);
	ok = ok && sheet < n && xlsx_reader_read(r, sheet, each, s, e);
	xlsx_reader_close(r);
	return ok;
}

static void wants(const struct part *parts, const char *wanted)
{
	struct seen s;
	struct err e = { 0 };
	if (!read_sheet(workbook_of(parts), &caps, 0, &s, &e))
		fail_msg("%s: %s (%s)", err_row(e.code)->name, e.where, e.what);
	assert_string_equal(s.text, wanted);
}

static void refuses(const struct part *parts, enum err_code code, const char *what)
{
	struct seen s;
	struct err e = { 0 };
	assert_false(read_sheet(workbook_of(parts), &caps, 0, &s, &e));
	if (e.code != code || strstr(e.what, what) == NULL)
		fail_msg("%s (%s), not %s (%s)", err_row(e.code)->name, e.what, err_row(code)->name,
			what);
}

#define SHEET(xml) \
	((const struct part[]){ WORKBOOK_ONE, { "xl/worksheets/sheet1.xml", xml }, { 0 } })
#define CELLS(rows) SHEET(WORKBOOK_CELLS(rows))
#define STRINGS(all) \
	{ \
		"xl/sharedStrings.xml", "<sst>" all "</sst>" \
	}
#define STYLES(a, all) \
	{ \
		"xl/styles.xml", \
			"<styleSheet><numFmts>" a \
			"</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" all \
			"</cellXfs></styleSheet>" \
	}

/* ---- what cells show ------------------------------------------------------------------------- */

static void test_texts(void **state)
{
	const struct part shared[] = { WORKBOOK_ONE,
		STRINGS("<si><t>名称</t></si>"
			"<si><r><rPr><b/></rPr><t>某</t></r><r><t xml:space=\"preserve\"> 公司</t></r>"
			"<rPh sb=\"0\" eb=\"1\"><t>ボウ</t></rPh><phoneticPr fontId=\"1\"/></si>"
			"<si><t/></si><si><t>a&amp;b_x000a_c_x005F_x000D__xD800_</t></si>"),
		{ "xl/worksheets/sheet1.xml",
			WORKBOOK_CELLS(
				"<row r=\"2\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"s\"><v>1</v></c>"
				"<c r=\"D2\" t=\"s\"><v>2</v></c></row>"
				"<row r=\"3\"/><row r=\"4\"><c r=\"A4\" t=\"s\"><v>2</v></c><c r=\"B4\" s=\"1\"/></row>"
				"<row r=\"7\" hidden=\"1\"><c r=\"B7\" t=\"s\"><v>3</v></c></row>") },
		{ 0 } };
	(void)state;
	wants(shared, "2|名称||某 公司\n7||a&b\nc_x000D__xD800_\n");
	wants(CELLS("<row><c t=\"inlineStr\"><is><t>甲</t></is></c><c t=\"inlineStr\"><is><r><t>乙</t></r>"
		    "<rPh><t>x</t></rPh><r><t>丙</t></r></is></c></row>"
		    "<row><c/><c t=\"inlineStr\"><is><t><![CDATA[<丁>]]></t></is></c></row>"),
		"1|甲|乙丙\n2||<丁>\n");
	/* another prefix */
	wants(SHEET("<x:worksheet xmlns:x=\"y\"><x:sheetData><x:row r=\"1\"><x:c r=\"C1\" t=\"str\">"
		    "<x:f>A1</x:f><x:v>甲</x:v></x:c></x:row></x:sheetData></x:worksheet>"),
		"1|||甲\n");
}

static void test_values(void **state)
{
	const struct part styled[] = { WORKBOOK_ONE,
		STYLES("<numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
		       "<numFmt numFmtId=\"177\" formatCode=\"000000\"/>",
			"<xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"177\"/><xf numFmtId=\"10\"/>"
			"<xf numFmtId=\"31\"/>"),
		{ "xl/worksheets/sheet1.xml",
			WORKBOOK_CELLS(
				"<row r=\"1\"><c r=\"A1\" s=\"1\"><v>46112</v></c><c r=\"B1\" s=\"2\">"
				"<v>371</v></c><c r=\"C1\" s=\"3\"><v>0.05</v></c><c r=\"D1\" s=\"4\"><v>46112</v></c>"
				"<c r=\"E1\" s=\"9\"><v>46112</v></c><c r=\"F1\" s=\"1\" t=\"str\"><v>长期</v></c></row>") },
		{ 0 } };
	const struct part from_1904[] = { WORKBOOK_ROOT,
		{ "xl/workbook.xml",
			"<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"a\" "
			"sheetId=\"1\" id=\"r1\"/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels",
			WORKBOOK_RELATIONS(
				WORKBOOK_RELATION("r1", "worksheet", "worksheets/sheet1.xml")
					WORKBOOK_RELATION("r2", "styles", "styles.xml")) },
		STYLES("", "<xf/><xf numFmtId=\"14\"/>"),
		{ "xl/worksheets/sheet1.xml",
			WORKBOOK_CELLS("<row><c s=\"1\"><v>44650</v></c></row>") },
		{ 0 } };
	(void)state;
	wants(styled, "1|2026-03-31=d|000371=n|5%=n|2026-03-31=d|46112=n|长期\n");
	wants(from_1904, "1|2026-03-31=d\n");
	wants(CELLS("<row r=\"9\"><c r=\"A9\"><v>9.1110108551385E+17</v></c><c r=\"B9\" t=\"b\"><v>1</v></c>"
		    "<c r=\"C9\" t=\"b\"><v>0</v></c><c r=\"D9\" t=\"e\"><v>#N/A</v></c><c r=\"E9\" t=\"d\">"
		    "<v>2026-03-31T09:30:00.000</v></c><c r=\"F9\" t=\"d\"><v>2026-03-31T00:00:00</v></c>"
		    "<c r=\"G9\" t=\"d\"><v>2026-03-31</v></c></row>"),
		"9|911101085513850000=n|TRUE=f|FALSE=f|#N/A=e|2026-03-31 09:30:00=d|2026-03-31=d|"
		"2026-03-31=d\n");
	/* formulas: what they came to; without that what they are; an empty text is one */
	wants(CELLS("<row><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>2x</v></c>"
		    "<c><f>SUM(A1,1)</f></c><c t=\"str\"><f>\"\"</f><v></v></c><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>"),
		"1|2=n|2x|=SUM(A1,1)=e||#DIV/0!=e\n");
}

static void test_merged(void **state)
{
	(void)state;
	wants(SHEET("<worksheet><sheetData>"
		    "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>标题</v></c></row>"
		    "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>局</v></c><c r=\"B2\"><v>1</v></c></row>"
		    "<row r=\"3\"><c r=\"A3\"/><c r=\"B3\"><v>2</v></c></row>"
		    "<row r=\"5\"><c r=\"B5\"><v>3</v></c><c r=\"C5\" t=\"str\"><v>x</v></c></row>"
		    "<row r=\"6\"><c r=\"B6\"><v>4</v></c></row>"
		    "<row r=\"7\"><c r=\"A7\"/></row><row r=\"8\"><c r=\"B8\"><v>5</v></c></row>"
		    "</sheetData><mergeCells count=\"4\"><mergeCell ref=\"A1:F1\"/><mergeCell ref=\"A2:A5\"/>"
		    "<x:mergeCell junk='1' ref='C5:D8'/><mergeCell ref=\"B2:XFE9\"/></mergeCells></worksheet>"),
		"1|标题\n2|局|1=n\n3|局|2=n\n5|局|3=n|x\n6||4=n|x\n8||5=n|x\n");
}

/* Widths: a cell behind the last that is kept is counted; XFD is the last there is. */
static void test_wide(void **state)
{
	struct xlsx_reader *r;
	struct seen s = { .n = 0 };
	struct err e = { 0 };
	(void)state;
	int fd = workbook_of(
		CELLS("<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"XFD1\"><v>2</v></c></row>"
		      "<row r=\"2\"><c r=\"A2\"><v>3</v></c><c r=\"XFD2\"><v>4</v></c></row>"));
	assert_true(xlsx_reader_open(&r, fd, &caps, 64, &e));
	assert_true(xlsx_reader_read(r, 0, each, &s, &e));
	assert_int_equal(s.n, strlen("1||1=n\n") + (RAW_FIELDS_MAX - 2) + strlen("2|3=n\n") +
				      (RAW_FIELDS_MAX - 1));
	assert_string_equal(s.text + s.n - 4, "|||\n");
	xlsx_reader_close(r);
}

static void test_long_rows(void **state)
{
	(void)state;
	/* 80 bytes are the row's; what is left of a text is whole characters */
	wants(CELLS("<row><c/><c t=\"str\"><v>一二三四五六七八九十一二三四五六七八九十一二三四五六二三四五六七八九十一二三四五六七八九十</v></c></row>"
		    "<row><c><v>1</v></c></row>"),
		"1 row-too-long@0|一二三四五六七八九十一二三四五六七八九十一二三四五六\n2|1=n\n");
	const struct part shared[] = { WORKBOOK_ONE,
		STRINGS("<si><t>一二三四五六七八九十一二三四五六七八九十一二三四五六二三四五六七八九十一二三四五六七八九十</t></si>"),
		{ "xl/worksheets/sheet1.xml",
			WORKBOOK_CELLS(
				"<row><c t=\"s\"><v>0</v></c></row><row><c t=\"str\"><v>a_x0000_b</v></c></row>") },
		{ 0 } };
	struct seen s;
	struct err e = { 0 };
	assert_true(read_sheet(workbook_of(shared), &caps, 0, &s, &e));
	assert_memory_equal(s.text,
		"1 row-too-long@0|一二三四五六七八九十一二三四五六七八九十一二三四五六\n2 nul-byte@0|a\0b\n",
		s.n);
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static void test_sheets(void **state)
{
	const struct part parts[] = { WORKBOOK_ROOT,
		{ "xl/workbook.xml",
			WORKBOOK_SHEETS(
				"<sheet name=\"说明\" sheetId=\"7\" state=\"hidden\" r:id=\"r1\"/>"
				"<sheet name=\"图\" sheetId=\"2\" r:id=\"r2\"/>"
				"<sheet name=\"不在\" sheetId=\"3\" r:id=\"r9\"/>"
				"<sheet name=\"a&amp;b\" sheetId=\"4\" r:id=\"r3\"/>") },
		{ "xl/_rels/workbook.xml.rels",
			WORKBOOK_RELATIONS(WORKBOOK_RELATION("r1", "worksheet",
				"Worksheets\\.\\x.xml") WORKBOOK_RELATION("r1", "worksheet",
				"./worksheets/../worksheets/SHEET1.xml") WORKBOOK_RELATION("r2",
				"chartsheet", "chartsheets/sheet1.xml") WORKBOOK_RELATION("r3",
				"worksheet", "/xl/worksheets/b.xml")) },
		{ "xl\\worksheets\\sheet1.xml", WORKBOOK_CELLS("<row><c><v>1</v></c></row>") },
		{ "xl/chartsheets/sheet1.xml", "<chartsheet/>" },
		{ "xl/worksheets/b.xml", WORKBOOK_CELLS("<row><c><v>2</v></c></row>") }, { 0 } };
	struct xlsx_reader *r;
	struct seen s = { .n = 0 };
	struct err e = { 0 };
	size_t n;
	(void)state;
	assert_true(xlsx_reader_open(&r, workbook_of(parts), &caps, 64, &e));
	const struct xlsx_sheet *sheet = xlsx_reader_sheets(r, &n);
	assert_int_equal(n, 2);
	assert_true(bytes_is(sheet[0].name, "说明") && sheet[0].hidden);
	assert_true(bytes_is(sheet[1].name, "a&b") && !sheet[1].hidden);
	assert_true(xlsx_reader_read(r, 1, each, &s, &e));
	assert_true(xlsx_reader_read(r, 0, each, &s, &e));
	assert_string_equal(s.text, "1|2=n\n1|1=n\n");
	xlsx_reader_close(r);
}

static void test_other_archives(void **state)
{
	static const struct part ods[] = {
		{ "mimetype", "application/vnd.oasis.opendocument.spreadsheet" },
		{ "content.xml", "<x/>" }, { 0 }
	};
	static const struct part xlsb[] = { { "_rels/.rels",
						    WORKBOOK_RELATIONS(WORKBOOK_RELATION("r1",
							    "officeDocument", "xl/workbook.bin")) },
		{ "xl/workbook.bin", "x" }, { 0 } };
	static const struct part docx[] = {
		{ "_rels/.rels", WORKBOOK_RELATIONS(WORKBOOK_RELATION(
					 "r1", "officeDocument", "word/document.xml")) },
		{ "word/document.xml", "<x/>" }, { 0 }
	};
	static const struct part other[] = { { "a.csv", "a,b\n1,2\n" }, { 0 } };
	static const struct part empty[] = { WORKBOOK_ONE, { 0 } };
	(void)state;
	refuses(ods, ERR_OTHER_FILE, ".ods");
	refuses(xlsb, ERR_OTHER_FILE, ".xlsb");
	refuses(docx, ERR_OTHER_FILE, ".docx");
	refuses(other, ERR_OTHER_FILE, "zip");
	refuses(empty, ERR_BAD_XLSX, "no sheet of cells");
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void test_places(void **state)
{
	static const struct {
		const char *rows, *what;
	} bad[] = {
		{ "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>", "XFE1" },
		{ "<row r=\"1\"><c r=\"AAAA1\"><v>1</v></c></row>", "AAAA1" },
		{ "<row r=\"1\"><c r=\"a1\"><v>1</v></c></row>", "a1" },
		{ "<row r=\"1\"><c r=\"A0\"><v>1</v></c></row>", "A0" },
		{ "<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>", "A2" },
		{ "<row r=\"1\"><c r=\"A99999999999999999999\"><v>1</v></c></row>", "A999" },
		{ "<row r=\"1048577\"/>", "1048577" },
		{ "<row r=\"-1\"/>", "-1" },
		{ "<row r=\"2\"/><row r=\"2\"/>", "row 2: behind it comes row 2" },
		{ "<row r=\"2\"/><row r=\"1\"/>", "row 2: behind it comes row 1" },
		{ "<row r=\"1048576\"/><row/>", "behind it" },
		{ "<row><c r=\"XFD1\"/><c/></row>", "XFD" },
		{ "<row><c t=\"s\"><v>0</v></c></row>", "no shared text 0" },
		{ "<row><c t=\"s\"><v>x</v></c></row>", "no shared text x" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char xml[400];
		snprintf(xml, sizeof xml, "<worksheet><sheetData>%s</sheetData></worksheet>",
			bad[i].rows);
		refuses(SHEET(xml), ERR_BAD_XLSX, bad[i].what);
	}
}

static void test_xml(void **state)
{
	static const char laughs[] =
		"<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
		"<worksheet><sheetData><row><c t=\"str\"><v>&b;</v></c></row></sheetData></worksheet>";
	static const char outside[] =
		"<!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
		"<worksheet><sheetData><row><c t=\"str\"><v>&a;</v></c></row></sheetData></worksheet>";
	char deep[1024] = "<worksheet><sheetData>";
	(void)state;
	refuses(SHEET(laughs), ERR_XML_DTD, "sheet1.xml");
	refuses(SHEET(outside), ERR_XML_DTD, "sheet1.xml");
	refuses(SHEET("<!DOCTYPE w><worksheet/>"), ERR_XML_DTD, "sheet1.xml");
	refuses(SHEET(WORKBOOK_CELLS("<row><c t=\"str\"><v>&b;</v></c></row>")), ERR_BAD_XLSX,
		"entity");
	refuses(SHEET("<worksheet><sheetData><row><c>"), ERR_BAD_XLSX, "sheet1.xml:1");
	refuses(SHEET("<worksheet><sheetData></worksheet>"), ERR_BAD_XLSX, "mismatched");
	refuses(SHEET(WORKBOOK_CELLS("<row><c t=\"str\"><v>\xff</v></c></row>")), ERR_BAD_XLSX,
		"not well-formed");
	refuses(SHEET("<?xml version=\"1.0\" encoding=\"EBCDIC\"?><worksheet/>"), ERR_BAD_XLSX,
		"encoding");
	refuses(SHEET("a,b\n1,2\n"), ERR_BAD_XLSX, "");
	for (size_t i = 0; i < 70; i++)
		strcat(deep, "<a>");
	refuses(SHEET(deep), ERR_BAD_XLSX, "depth");
	const struct part strings[] = { WORKBOOK_ONE, { "xl/sharedStrings.xml", laughs },
		{ "xl/worksheets/sheet1.xml", WORKBOOK_CELLS("") }, { 0 } };
	refuses(strings, ERR_XML_DTD, "sharedStrings");
}

/* A name of 10 MB, and a million names: expat keeps both. */
static void test_markup(void **state)
{
	enum { SIZE = 10 << 20 };
	char *xml = malloc(SIZE + 100);
	size_t n = (size_t)sprintf(xml, "<worksheet><a");
	(void)state;
	memset(xml + n, 'a', SIZE - n);
	xml[SIZE] = '\0';
	refuses(SHEET(xml), ERR_XLSX_LIMIT, "markup");
	n = (size_t)sprintf(xml, "<worksheet>");
	for (unsigned i = 0; n < SIZE - 20; i++)
		n += (size_t)sprintf(xml + n, "<a%x/>", i);
	refuses(SHEET(xml), ERR_XLSX_LIMIT, "markup");
	free(xml);
}

/* ---- the archive ------------------------------------------------------------------------------
 */

#define SMALL CELLS("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>")

static enum err_code read_bytes(const char *bytes, size_t n, const struct xlsx_caps *most)
{
	struct seen s;
	struct err e = { 0 };
	bool ok = read_sheet(workbook_file(bytes, n), most, 0, &s, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return e.code;
}

/* An upload that ends early is refused wherever it ends. */
static void test_cut(void **state)
{
	size_t n;
	char *bytes = workbook_bytes(SMALL, &n);
	(void)state;
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_NONE);
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(read_bytes(bytes, cut, &caps), ERR_ZIP_CUT);
	free(bytes);
}

/* No single byte of the archive can be changed into more than an error. */
static void test_flipped(void **state)
{
	size_t n, refused = 0;
	char *bytes = workbook_bytes(SMALL, &n);
	(void)state;
	for (size_t i = 0; i < n; i++) {
		bytes[i] = (char)(bytes[i] ^ 0xff);
		refused += read_bytes(bytes, n, &caps) != ERR_NONE;
		bytes[i] = (char)(bytes[i] ^ 0xff);
	}
	assert_true(refused > n / 2);
	free(bytes);
}

/* The central directory's entry of the k-th part. */
static char *central(char *bytes, size_t n, unsigned k)
{
	char *p = bytes, *end = bytes + n;
	for (;; p++) {
		p = memmem(p, (size_t)(end - p), "PK\1\2", 4);
		assert_non_null(p);
		if (k-- == 0)
			return p;
	}
}

static void test_lies(void **state)
{
	size_t n;
	char *bytes = workbook_bytes(SMALL, &n);
	char *first = central(bytes, n, 0), *sheet = central(bytes, n, 3);
	char kept[46];
	(void)state;
	/* the sheet unpacks to more than it says, and to less */
	memcpy(kept, sheet, sizeof kept);
	sheet[24] = 1;
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_BAD_ZIP);
	memcpy(sheet + 24, "\xff\xff\xff\x7f", 4);
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_BAD_ZIP);
	/* another check sum */
	memcpy(sheet, kept, sizeof kept);
	sheet[16] = (char)(sheet[16] ^ 1);
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_BAD_ZIP);
	/* two entries of the same bytes; one that lies outside; one that is locked */
	memcpy(sheet, kept, sizeof kept);
	memcpy(sheet + 42, first + 42, 4);
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_ZIP_BOMB);
	memcpy(sheet + 42, "\xff\xff\xff\x00", 4);
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_BAD_ZIP);
	memcpy(sheet, kept, sizeof kept);
	sheet[8] |= 1;
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_ENCRYPTED_FILE);
	/* packed in another way */
	memcpy(sheet, kept, sizeof kept);
	sheet[10] = 99;
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_BAD_ZIP);
	free(bytes);
}

static void test_caps(void **state)
{
	static const struct xlsx_caps no_file = { 100, 1 << 20, 1 << 20 },
				      no_room = { 1 << 20, 500, 1 << 20 },
				      no_strings = { 1 << 20, 64 << 20, 4 << 20 };
	size_t n;
	char *bytes = workbook_bytes(SMALL, &n);
	(void)state;
	assert_int_equal(read_bytes(bytes, n, &no_file), ERR_XLSX_LIMIT);
	assert_int_equal(read_bytes(bytes, n, &no_room), ERR_XLSX_LIMIT);
	free(bytes);
	enum { SIZE = 8 << 20 };
	char *xml = malloc(SIZE + 100), *p = xml + sprintf(xml, "<sst>");
	for (unsigned i = 0; p < xml + SIZE; i++)
		p += sprintf(p, "<si><t>%u</t></si>", i);
	strcpy(p, "</sst>");
	const struct part many[] = { WORKBOOK_ONE, { "xl/sharedStrings.xml", xml },
		{ "xl/worksheets/sheet1.xml",
			WORKBOOK_CELLS("<row><c t=\"s\"><v>300000</v></c></row>") },
		{ 0 } };
	bytes = workbook_bytes(many, &n);
	assert_int_equal(read_bytes(bytes, n, &no_strings), ERR_XLSX_LIMIT);
	free(bytes);
	wants(many, "1|300000\n");
	free(xml);
}

/* 100 MB of blanks in 100 kB; it is given up long before. */
static void test_bomb(void **state)
{
	enum { SIZE = 100 << 20 };
	char *xml = malloc(SIZE + 100);
	size_t n = (size_t)sprintf(xml, "<worksheet><sheetData>");
	(void)state;
	memset(xml + n, ' ', SIZE - n);
	strcpy(xml + SIZE, "</sheetData></worksheet>");
	refuses(SHEET(xml), ERR_ZIP_BOMB, "sheet1.xml: 64 MiB of");
	free(xml);
}

static void test_many_entries(void **state)
{
	enum { N = XLSX_ENTRIES_MAX + 1 };
	struct part *parts = calloc(N + 1, sizeof *parts);
	char(*names)[16] = calloc(N, sizeof *names);
	size_t n;
	(void)state;
	for (size_t i = 0; i < N; i++) {
		snprintf(names[i], sizeof *names, "%zu", i);
		parts[i] = (struct part){ names[i], "" };
	}
	char *bytes = workbook_bytes(parts, &n);
	assert_int_equal(read_bytes(bytes, n, &caps), ERR_XLSX_PARTS);
	free(bytes);
	free(names);
	free(parts);
}

/* ---- progress, and an end asked for -----------------------------------------------------------
 */

static bool on_progress(void *ctx, uint64_t done, uint64_t all, struct err *e)
{
	uint64_t *last = ctx;
	(void)e;
	assert_true(done >= *last && done <= all);
	*last = done;
	return true;
}

static bool stop(void *ctx, const struct raw_row *r, struct err *e)
{
	(void)ctx;
	return err_set(e, ERR_STOPPING, "row %d", (int)r->line);
}

static void test_stops(void **state)
{
	enum { ROWS = 40000 };
	char *xml = malloc(100 * ROWS), *p = xml + sprintf(xml, "<worksheet><sheetData>");
	struct xlsx_reader *r;
	struct err e = { 0 };
	uint64_t last = 0;
	(void)state;
	for (unsigned i = 1; i <= ROWS; i++)
		p += sprintf(p,
			"<row r=\"%u\"><c r=\"A%u\" t=\"inlineStr\"><is><t>名称 %u</t></is></c></row>",
			i, i, i);
	strcpy(p, "</sheetData></worksheet>");
	assert_true(xlsx_reader_open(&r, workbook_of(SHEET(xml)), &caps, 64, &e));
	xlsx_reader_tell(r, on_progress, &last);
	assert_false(xlsx_reader_read(r, 0, stop, NULL, &e));
	assert_int_equal(e.code, ERR_STOPPING);
	assert_string_equal(e.what, "row 1");
	assert_true(last > 1 << 20);
	xlsx_reader_close(r);
	free(xml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_merged),
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_long_rows),
		cmocka_unit_test(test_sheets),
		cmocka_unit_test(test_other_archives),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_xml),
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_bomb),
		cmocka_unit_test(test_many_entries),
		cmocka_unit_test(test_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
