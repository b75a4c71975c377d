/* The kinds of documents (sql/migrations/0016_documents.sql): what their files must be, as a table.
 * Texts come in, documents with canonical rows go out; nothing is stored here. */
#ifndef DRAWD_DOCUMENTS_H
#define DRAWD_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "planner/compose.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { DOCUMENT_MAX = 1 << 20 }; /* bytes of a file */
#define DOCUMENT_MAIN "main" /* the code of bases and models where nobody says another */

struct document {
	const char *code, *title;
	const char *department; /* whose it is; "": the whole installation's */
	struct bytes rows;
};

/* What is lawful and yet to be told: {"code", "what", "zh", "en"}, as of rounds. */
struct document_warning {
	const char *code, *what;
	const char *zh, *en;
};

struct documents {
	size_t n, warnings;
	const struct document *at;
	const struct document_warning *warning;
	/* what there is to look at (job `look`), canonical rows of a policy; empty: nothing */
	struct bytes policy;
};

/* Compile a file of the kind. code: of the document, where a file holds one. base: that in force,
 * where the kind has `on_base`, or `base_if_any` and there is one; else NULL. Everything lives in
 * the arena; `file` only names it. */
typedef bool document_compile_fn(struct documents *out, struct arena *a, const char *text,
	const char *file, const char *code, const struct compose_rows *base, struct err *e);

struct document_kind {
	const char *name;
	bool many; /* a file holds several, under codes of their own */
	bool on_base; /* checked together with a base */
	bool has_departments; /* says which departments inspect */
	document_compile_fn *compile;
	const char *zh, *en;
	bool base_if_any; /* held against a base where one is in force */
};
extern const struct document_kind document_kinds[]; /* ended by name NULL */
#define DOCUMENT_KINDS "base,model,scheme"

/* NULL where there is none of that name. */
const struct document_kind *document_kind(const char *name);

/* May that department inspect as the rows of a base say? name, inspects: what the table of
 * departments says of it; an office that only co-ordinates never does (国办发〔2024〕54号). Fails
 * with ERR_NO_DEPARTMENT at the path of the base. */
bool document_may_inspect(struct bytes rows, struct bytes department, struct bytes name,
	bool inspects, struct arena *a, struct err *e);

/* documents.c, and for models documents_model.c */
document_compile_fn document_base, document_scheme, document_model;

#endif
