/* Texts that the build embeds: named queries, migrations and the protocol.
 * etc/queries.awk and etc/embed.awk write the tables from sql/ and sampler/PROTOCOL.md. */
#ifndef DRAWD_SQLTEXT_H
#define DRAWD_SQLTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "gen/queries.h" /* enum query_id: Q_<name> …, Q_COUNT */

struct query {
	const char *name;
	const char *text;
	int params; /* how many $n it takes */
	const char *types; /* their SQL types, "int8, text"; "" without parameters */
	bool once; /* one of very many that tables make: parsed each time, never kept prepared */
};

/* By enum query_id; one row of NULLs ends the table. */
extern const struct query queries[Q_COUNT + 1];

struct migration {
	int number; /* 1, 2, … without gaps */
	const char *name;
	const char *text;
};

/* In the order they are applied; a row with number 0 ends the table. */
extern const struct migration migrations[];
extern const int migrations_count;

/* sampler/PROTOCOL.md, byte for byte; a NUL that protocol_text_size does not count ends it. */
extern const char protocol_text[];
extern const size_t protocol_text_size;

/* daemon/web/: the page GET /api, its style and its script. */
extern const char page_html[], page_css[], page_js[];
extern const size_t page_html_size, page_css_size, page_js_size;

/* SHA-256 in hex over the lines `<sha256>  <path>` of every source of the pure floors, bytewise by
 * path: `program` of the freeze (PROTOCOL.md §3). */
extern const char program_hash[65];

#endif
