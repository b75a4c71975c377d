#include "daemon/register/xlsxbook.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/register/xlsxxml.h"

/* ---- relations: from one part of the archive to others ------------------------------------- */

struct relation {
	struct bytes id, type, target;
};
struct relations {
	struct arena *arena;
	size_t n, room;
	struct relation *at;
	struct bytes folder; /* targets are relative to it */
};

enum { RELATIONS_MAX = XLSX_ENTRIES_MAX };

static bool ends(struct bytes s, const char *with)
{
	size_t n = strlen(with);
	return s.n >= n && memcmp(s.p + s.n - n, with, n) == 0;
}

/* a/b/../c is a/c, a leading slash is the archive's root. */
static struct bytes resolve(struct arena *a, struct bytes folder, struct bytes target)
{
	struct buf out = buf_new(a, folder.n + target.n + 1);
	bool more = true;
	if (target.n > 0 && target.p[0] != '/')
		buf_bytes(&out, folder);
	while (more) {
		struct bytes step = bytes_cut(&target, '/', &more);
		if (step.n == 0 || bytes_is(step, "."))
			continue;
		if (bytes_is(step, "..")) {
			while (out.n > 0 && out.p[out.n - 1] != '/')
				out.n--;
			out.n -= out.n > 0;
			continue;
		}
		if (out.n > 0)
			buf_byte(&out, '/');
		buf_bytes(&out, step);
	}
	return buf_view(&out);
}

static struct bytes kept(struct arena *a, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;
	return (struct bytes){ arena_strndup(a, s != NULL ? s : "", n), n };
}

static bool on_relation(void *ctx, const char *name, const char *const *attributes, struct err *e)
{
	struct relations *r = ctx;
	(void)e;
	const char *target = xlsx_attribute(attributes, "Target");
	if (strcmp(name, "Relationship") != 0 || target == NULL || r->n == RELATIONS_MAX)
		return true;
	if (r->n == r->room) {
		struct relation *old = r->at;
		r->room = r->room == 0 ? 16 : 2 * r->room;
		r->at = arena_calloc(r->arena, r->room, sizeof *r->at);
		if (r->n > 0)
			memcpy(r->at, old, r->n * sizeof *old);
	}
	r->at[r->n++] = (struct relation){ kept(r->arena, xlsx_attribute(attributes, "Id")),
		kept(r->arena, xlsx_attribute(attributes, "Type")),
		resolve(r->arena, r->folder, bytes_of(target)) };
	return true;
}

/* Those of a part; none where there is no such file. */
static bool read_relations(
	struct relations *r, struct xlsx_zip *z, struct arena *a, struct bytes part, struct err *e)
{
	const struct xlsx_xml xml = { .start = on_relation, .ctx = r };
	size_t cut = part.n, entry;
	while (cut > 0 && part.p[cut - 1] != '/')
		cut--;
	*r = (struct relations){ .arena = a, .folder = { part.p, cut > 0 ? cut - 1 : 0 } };
	struct bytes name = bytes_of(arena_printf(
		a, "%.*s_rels/%.*s.rels", (int)cut, part.p, (int)(part.n - cut), part.p + cut));
	return !xlsx_zip_find(z, name, &entry) || xlsx_xml_read(z, entry, &xml, e);
}

static const struct relation *of_type(const struct relations *r, const char *end)
{
	for (size_t i = 0; i < r->n; i++)
		if (ends(r->at[i].type, end))
			return &r->at[i];
	return NULL;
}

/* ---- the workbook ------------------------------------------------------------------------ */

struct book {
	struct xlsx_book *b;
	struct xlsx_zip *zip;
	struct arena *arena;
	struct relations relations;
	bool some; /* sheets of other kinds, or with no content */
};

static bool on_sheet(struct book *k, const char *const *attributes, struct err *e)
{
	const char *id = xlsx_attribute(attributes, "id");
	const char *state = xlsx_attribute(attributes, "state");
	struct xlsx_sheet *s = &k->b->sheet[k->b->n];
	k->some = true;
	for (size_t i = 0; id != NULL && i < k->relations.n; i++) {
		const struct relation *r = &k->relations.at[i];
		if (!bytes_is(r->id, id) || !ends(r->type, "/worksheet") ||
			!xlsx_zip_find(k->zip, r->target, &s->entry))
			continue;
		if (k->b->n == XLSX_SHEETS_MAX)
			return err_set(e, ERR_XLSX_LIMIT, "sheets > %d", XLSX_SHEETS_MAX);
		s->name = kept(k->arena, xlsx_attribute(attributes, "name"));
		s->hidden = state != NULL && strcmp(state, "visible") != 0;
		k->b->n++;
		return true;
	}
	return true;
}

static bool on_book(void *ctx, const char *name, const char *const *attributes, struct err *e)
{
	struct book *k = ctx;
	if (strcmp(name, "workbookPr") == 0) {
		const char *v = xlsx_attribute(attributes, "date1904");
		k->b->from_1904 = v != NULL && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
	}
	return strcmp(name, "sheet") != 0 || on_sheet(k, attributes, e);
}

static bool other_file(const struct xlsx_zip *z, struct err *e)
{
	static const struct {
		const char *entry, *is;
	} known[] = { { "content.xml", ".ods" }, { "xl/workbook.bin", ".xlsb" },
		{ "word/document.xml", ".docx" }, { "ppt/presentation.xml", ".pptx" },
		{ "index/document.iwa", ".numbers" } };
	size_t entry;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (xlsx_zip_find(z, bytes_of(known[i].entry), &entry))
			return err_set(e, ERR_OTHER_FILE, "%s", known[i].is);
	return err_set(e, ERR_OTHER_FILE, "%s", "zip");
}

static bool find_book(
	struct xlsx_zip *z, struct arena *a, struct bytes *part, size_t *entry, struct err *e)
{
	struct relations r;
	if (!read_relations(&r, z, a, BYTES(""), e))
		return false;
	const struct relation *book = of_type(&r, "/officeDocument");
	*part = book != NULL ? book->target : BYTES("xl/workbook.xml");
	bool xml = ends(*part, ".xml") && !bytes_starts(*part, BYTES("word/")) &&
		   !bytes_starts(*part, BYTES("ppt/"));
	return (xml && xlsx_zip_find(z, *part, entry)) || other_file(z, e);
}

bool xlsx_book_read(struct xlsx_book *b, struct xlsx_zip *z, struct arena *a, struct err *e)
{
	struct book k = { .b = b, .zip = z, .arena = a };
	const struct xlsx_xml xml = { .start = on_book, .ctx = &k };
	struct bytes part;
	size_t entry = 0;
	*b = (struct xlsx_book){ 0 };
	b->sheet = arena_calloc(a, XLSX_SHEETS_MAX + 1, sizeof *b->sheet);
	if (!find_book(z, a, &part, &entry, e) || !read_relations(&k.relations, z, a, part, e) ||
		!xlsx_xml_read(z, entry, &xml, e))
		return false;
	const struct relation *styles = of_type(&k.relations, "/styles"),
			      *strings = of_type(&k.relations, "/sharedStrings");
	b->has_styles = styles != NULL && xlsx_zip_find(z, styles->target, &b->styles);
	b->has_strings = strings != NULL && xlsx_zip_find(z, strings->target, &b->strings);
	return b->n > 0 ||
	       err_set(e, ERR_BAD_XLSX, "%s", k.some ? "no sheet of cells" : "no sheet");
}

/* ---- styles ------------------------------------------------------------------------------ */

struct number_format {
	unsigned id;
	struct xlsx_format format;
};
struct style_reading {
	struct xlsx_styles *s;
	bool in_cells;
	size_t n;
	struct number_format *own;
};

static unsigned number_of(const char *const *attributes, const char *name)
{
	const char *v = xlsx_attribute(attributes, name);
	return v != NULL ? (unsigned)strtoul(v, NULL, 10) : 0;
}

static struct xlsx_format format_of(const struct style_reading *r, unsigned id)
{
	for (size_t i = r->n; i-- > 0;)
		if (r->own[i].id == id)
			return r->own[i].format;
	return xlsx_format_builtin(id);
}

static bool on_style(void *ctx, const char *name, const char *const *attributes, struct err *e)
{
	struct style_reading *r = ctx;
	const char *code = xlsx_attribute(attributes, "formatCode");
	if (strcmp(name, "numFmt") == 0 && code != NULL) {
		if (r->n == XLSX_FORMATS_MAX)
			return err_set(e, ERR_XLSX_LIMIT, "formats > %d", XLSX_FORMATS_MAX);
		r->own[r->n++] = (struct number_format){ number_of(attributes, "numFmtId"),
			xlsx_format_of(bytes_of(code)) };
	}
	if (strcmp(name, "cellXfs") == 0)
		r->in_cells = true;
	if (strcmp(name, "xf") != 0 || !r->in_cells)
		return true;
	if (r->s->n == XLSX_STYLES_MAX)
		return err_set(e, ERR_XLSX_LIMIT, "styles > %d", XLSX_STYLES_MAX);
	r->s->format[r->s->n++] = format_of(r, number_of(attributes, "numFmtId"));
	return true;
}

static bool on_style_end(void *ctx, const char *name, struct err *e)
{
	(void)ctx;
	(void)e;
	return strcmp(name, "cellXfs") != 0; /* what follows is of no use */
}

bool xlsx_styles_read(struct xlsx_styles *s, struct xlsx_zip *z, const struct xlsx_book *b,
	struct arena *a, struct err *e)
{
	struct style_reading r = { .s = s,
		.own = arena_calloc(a, XLSX_FORMATS_MAX, sizeof *r.own) };
	const struct xlsx_xml xml = { .start = on_style, .end = on_style_end, .ctx = &r };
	*s = (struct xlsx_styles){ 0 };
	if (!b->has_styles)
		return true;
	s->format = arena_calloc(a, XLSX_STYLES_MAX, sizeof *s->format);
	return xlsx_xml_read(z, b->styles, &xml, e);
}
