/* The small languages inside HTTP's header fields. Pure: texts in, texts out. */
#ifndef DRAWD_HTTP_PARTS_H
#define DRAWD_HTTP_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

enum { PART_ETAG = 35 };

/* The phrase of a status that this program sends; "Status" for any other. */
const char *part_phrase(int status);

/* The secret of `Bearer drawd_<secret>`; n == 0 where the value is anything else. */
struct bytes part_bearer(const char *authorization);
/* A cookie's value in a Cookie field; n == 0 where it is missing, stands twice or is no secret. */
struct bytes part_cookie(const char *field, const char *name);

/* Does the name stand in a Cookie field, whatever its value? */
bool part_cookie_stands(const char *field, const char *name);

/* The strong entity tag of a body: `"`, 32 hexadecimal digits, `"`. Returns out. */
const char *part_etag(struct bytes body, char out[PART_ETAG]);
/* Is the tag among those of If-Match or If-None-Match, or is the field `*`? weak: `W/` is looked
 * over (If-None-Match), else a weak tag matches nothing (RFC 9110, 8.8.3.2). */
bool part_etag_listed(const char *field, const char *etag, bool weak);

/* The length of a Host without its port; "[::1]:80" keeps its brackets. 0 where it is not a name
 * or an address, with or without `:` and digits. */
size_t part_host(const char *host);
/* Is an Origin field this installation's: `own` (web.origin), or where that is empty http or https
 * with the Host of the request? */
bool part_origin(const char *origin, const char *own, const char *host);
/* May a request with this Sec-Fetch-Site (NULL: none was sent) change anything? */
bool part_site(const char *site);

/* The last member of X-Forwarded-For, which the trusted proxy wrote; n == 0 where it is no
 * address. */
struct bytes part_forwarded(const char *field);

/* An Idempotency-Key: 8 to 64 of [A-Za-z0-9_-]. */
bool part_is_key(const char *key);
/* Percent-decode; false where an escape is broken or the result is not clean UTF-8. */
bool part_percent(struct arena *a, const char *text, struct bytes *out);

#endif
