#include "daemon/register/xlsxxml.h"

#include <expat.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

struct reading {
	const struct xlsx_xml *handlers;
	XML_Parser parser;
	struct err *e;
	struct bytes part;
	unsigned depth;
	bool enough, over;
};

/* ---- memory ------------------------------------------------------------------------------ */

/* expat keeps every name it meets and every token whole; its functions for memory know no parser,
 * and one runs at a time in a thread. */
static _Thread_local size_t held;

static void *take(size_t n)
{
	void *p = n <= XLSX_XML_MEMORY && held + n <= XLSX_XML_MEMORY ? malloc(n) : NULL;
	held += p != NULL ? malloc_usable_size(p) : 0;
	return p;
}

static void *take_more(void *old, size_t n)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *p =
		n <= XLSX_XML_MEMORY && held - had + n <= XLSX_XML_MEMORY ? realloc(old, n) : NULL;
	if (p != NULL)
		held = held - had + malloc_usable_size(p);
	return p;
}

static void give_back(void *p)
{
	held -= p != NULL ? malloc_usable_size(p) : 0;
	free(p);
}

/* ---- what expat says --------------------------------------------------------------------- */

static const char *local(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon != NULL ? colon + 1 : name;
}

const char *xlsx_attribute(const char *const *attributes, const char *name)
{
	for (; attributes[0] != NULL; attributes += 2)
		if (strcmp(local(attributes[0]), name) == 0)
			return attributes[1];
	return NULL;
}

/* After XML_StopParser expat may still say something; it is not listened to. */
static void stop(struct reading *r)
{
	r->over = true;
	r->enough = r->e->code == ERR_NONE;
	XML_StopParser(r->parser, XML_FALSE);
}

static void on_start(void *ctx, const char *name, const char **attributes)
{
	struct reading *r = ctx;
	if (r->over)
		return;
	if (++r->depth > XLSX_DEPTH_MAX)
		err_set(r->e, ERR_BAD_XLSX, "%.*s: depth > %d", BYTES_ARG(r->part), XLSX_DEPTH_MAX);
	if (r->depth > XLSX_DEPTH_MAX ||
		(r->handlers->start != NULL && !r->handlers->start(r->handlers->ctx, local(name),
						       (const char *const *)attributes, r->e)))
		stop(r);
}

static void on_end(void *ctx, const char *name)
{
	struct reading *r = ctx;
	if (r->over)
		return;
	r->depth--;
	if (r->handlers->end != NULL && !r->handlers->end(r->handlers->ctx, local(name), r->e))
		stop(r);
}

static void on_text(void *ctx, const char *s, int n)
{
	struct reading *r = ctx;
	if (!r->over && !r->handlers->text(r->handlers->ctx, (struct bytes){ s, (size_t)n }, r->e))
		stop(r);
}

static void on_doctype(
	void *ctx, const char *name, const char *system, const char *public, int internal)
{
	struct reading *r = ctx;
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	err_set(r->e, ERR_XML_DTD, "%.*s", BYTES_ARG(r->part));
	stop(r);
}

/* ---- the bytes --------------------------------------------------------------------------- */

static bool on_chunk(void *ctx, struct bytes chunk, struct err *e)
{
	struct reading *r = ctx;
	if (XML_Parse(r->parser, chunk.p, (int)chunk.n, chunk.n == 0) == XML_STATUS_OK)
		return true;
	if (r->over)
		return false;
	enum XML_Error why = XML_GetErrorCode(r->parser);
	if (why == XML_ERROR_NO_MEMORY)
		return err_set(e, ERR_XLSX_LIMIT, "%.*s: %d MiB for one part's markup",
			BYTES_ARG(r->part), XLSX_XML_MEMORY >> 20);
	return err_set(e, ERR_BAD_XLSX, "%.*s:%llu: %s", BYTES_ARG(r->part),
		(unsigned long long)XML_GetCurrentLineNumber(r->parser), XML_ErrorString(why));
}

bool xlsx_xml_read(struct xlsx_zip *z, size_t entry, const struct xlsx_xml *handlers, struct err *e)
{
	static const XML_Memory_Handling_Suite memory = { take, take_more, give_back };
	struct reading r = { .handlers = handlers, .e = e, .part = xlsx_zip_name(z, entry) };
	if (r.part.n > 100)
		r.part.n = 100;
	r.parser = XML_ParserCreate_MM(NULL, &memory, NULL);
	if (r.parser == NULL)
		abort();
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	if (handlers->text != NULL)
		XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	bool ok = xlsx_zip_read(z, entry, on_chunk, &r, e) || r.enough;
	XML_ParserFree(r.parser);
	return ok;
}
