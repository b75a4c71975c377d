/* Strict readers for the small alphabets of the protocol. Each accepts exactly one spelling. */
#ifndef DRAWD_BASE_TEXT_H
#define DRAWD_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/bytes.h"

/* Valid UTF-8 without C0 controls, DEL and C1 controls (LF and TAB are controls too). */
bool text_is_clean(struct bytes s);
/* Valid UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(struct bytes s);
/* [a-z0-9-]{1,32} */
bool text_is_token(struct bytes s);
/* [0-9A-Z:./-]{1,55}: an object_id (PROTOCOL.md §6). */
bool text_is_object_id(struct bytes s);
/* [A-Z0-9-]{1,32}: an inspector id. */
bool text_is_inspector_id(struct bytes s);
/* Nothing but 0-9; the empty text has nothing else. */
bool text_all_digits(struct bytes s);
/* Decimal without sign or leading zeros, at most max. */
bool text_u64(struct bytes s, uint64_t max, uint64_t *out);
/* Exactly 2 × size lower-case hexadecimal digits. */
bool text_hex(struct bytes s, void *out, size_t size);
/* Standard base64 with padding, canonical (re-encoding gives the same text). *n gets the length. */
bool text_base64(struct bytes s, void *out, size_t size, size_t *n);
/* Append base64 of n bytes. */
void text_put_base64(struct buf *b, const void *p, size_t n);

#endif
