/* Between openapi.c, openapi_paths.c and openapi_schema.c only. */
#ifndef DRAWD_OPENAPI_INNER_H
#define DRAWD_OPENAPI_INNER_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/http.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

/* ---- writing: commas come by themselves, as in json.h ---- */

/* `"name":{` and `"name":[`; without a name (NULL) only the bracket, as the member of a list. */
void put_open(struct buf *b, const char *name, char bracket);
/* The bracket that closes what put_open opened with it. */
void put_close(struct buf *b, char bracket);
/* A text as the member of a list. */
void put_item(struct buf *b, struct bytes text);
void put_flag(struct buf *b, const char *name, bool value);
/* `"$ref":"#/components/<group>/<name>"` */
void put_ref(struct buf *b, const char *group, const char *name);
/* The words of a comma list as a list; with `null`, null is one of them. */
void put_words(struct buf *b, const char *name, const char *words, bool null);
/* description (English) and x-zh. */
void put_told(struct buf *b, const char *zh, const char *en);

/* ---- schemas (openapi_schema.c) ---- */

/* components.schemas: shapes, pages of lists, bodies. */
void schemas_put(struct buf *b);
/* The names that a route's body and reply have there; NULL: a reply without members. */
const char *schema_of_body(const struct route *route, char *out, size_t size);
const char *schema_of_reply(const struct route *route, char *out, size_t size);

/* A parameter up to its schema, which is to be put next; `}` closes it. */
void parameter_open(struct buf *b, const char *name, const char *in, bool required, const char *zh,
	const char *en);
/* A part {name} of a path, a parameter behind `?`, all those of a list. */
void parameter_put_argument(struct buf *b, struct bytes name);
void parameter_put(struct buf *b, const struct param *p);
void parameters_put_list(struct buf *b, const struct list *l);

/* ---- paths (openapi_paths.c) ---- */

/* paths: every row of the route table. */
void paths_put(struct buf *b);
/* Can this route tell this error? */
bool route_tells(const struct route *route, enum err_code code);
/* The area of a route: what its name begins with. */
struct bytes route_area(const struct route *route);

#endif
