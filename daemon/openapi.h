/* The API described as OpenAPI 3.1, from the tables that the daemon itself works by: routes, forms,
 * parameters, lists, shapes, roles and errors. The same tables give the same bytes. */
#ifndef DRAWD_OPENAPI_H
#define DRAWD_OPENAPI_H

#include "daemon/http.h"
#include "sampler/base/bytes.h"

/* Append the whole document, a JSON object without a line feed at its end. */
void openapi_put(struct buf *b);

/* `drawd openapi`: print it. Returns the exit code. */
int openapi_main(int argc, char **argv);

/* GET /api/v1/openapi.json */
request_handler openapi_get;
/* GET /api: the page for people, its script and its style; none of them comes from elsewhere. */
request_handler page_get, page_script, page_style;

#endif
