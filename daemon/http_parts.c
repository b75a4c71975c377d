#include "daemon/http_parts.h"

#include <event2/util.h>
#include <stdio.h>
#include <string.h>

#include "daemon/secret.h"
#include "sampler/base/text.h"
#include "sampler/sha256.h"

#define LETTERS "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

const char *part_phrase(int status)
{
	static const struct {
		int status;
		const char *phrase;
	} phrases[] = { { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 204, "No Content" }, { 303, "See Other" }, { 304, "Not Modified" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" },
		{ 404, "Not Found" }, { 405, "Method Not Allowed" }, { 406, "Not Acceptable" },
		{ 409, "Conflict" }, { 410, "Gone" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 422, "Unprocessable Content" }, { 428, "Precondition Required" },
		{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
		{ 502, "Bad Gateway" }, { 503, "Service Unavailable" } };
	for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "Status";
}

/* ---- secrets ------------------------------------------------------------------------------ */

struct bytes part_bearer(const char *authorization)
{
	static const char scheme[] = "Bearer ", prefix[] = "drawd_";
	struct bytes none = { "", 0 };
	if (evutil_ascii_strncasecmp(authorization, scheme, strlen(scheme)) != 0)
		return none;
	authorization += strlen(scheme);
	authorization += strspn(authorization, " ");
	if (strncmp(authorization, prefix, strlen(prefix)) != 0)
		return none;
	struct bytes s = bytes_of(authorization + strlen(prefix));
	return secret_form(s) ? s : none;
}

/* Spaces and tabs at both ends. */
static struct bytes trim(struct bytes s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* How often the name stands there; *value gets the last one. */
static int cookies(const char *field, const char *name, struct bytes *value)
{
	struct bytes rest = bytes_of(field);
	bool more = true, has_value;
	int seen = 0;
	while (more) {
		struct bytes pair = trim(bytes_cut(&rest, ';', &more));
		struct bytes key = bytes_cut(&pair, '=', &has_value);
		if (bytes_is(key, name)) {
			*value = has_value ? pair : (struct bytes){ "", 0 };
			seen++;
		}
	}
	return seen;
}

struct bytes part_cookie(const char *field, const char *name)
{
	struct bytes value = { "", 0 };
	bool one = cookies(field, name, &value) == 1;
	return one && secret_form(value) ? value : (struct bytes){ "", 0 };
}

bool part_cookie_stands(const char *field, const char *name)
{
	struct bytes value;
	return cookies(field, name, &value) > 0;
}

/* ---- entity tags -------------------------------------------------------------------------- */

const char *part_etag(struct bytes body, char out[PART_ETAG])
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];
	sha256(body.p, body.n, hash);
	sha256_hex(hash, hex);
	snprintf(out, PART_ETAG, "\"%.32s\"", hex);
	return out;
}

/* Quoted texts hold no comma here: ours are hexadecimal, and others match nothing anyway. */
bool part_etag_listed(const char *field, const char *etag, bool weak)
{
	struct bytes rest = bytes_of(field);
	bool more = true;
	if (bytes_is(trim(rest), "*"))
		return true;
	while (more) {
		struct bytes tag = trim(bytes_cut(&rest, ',', &more));
		if (weak && bytes_starts(tag, BYTES("W/"))) {
			tag.p += 2;
			tag.n -= 2;
		}
		if (bytes_is(tag, etag))
			return true;
	}
	return false;
}

/* ---- where from --------------------------------------------------------------------------- */

size_t part_host(const char *host)
{
	size_t n = host[0] == '[' ? strspn(host + 1, "0123456789abcdefABCDEF:.") + 1
				  : strspn(host, LETTERS "-._");
	if (host[0] == '[' && host[n] != ']')
		return 0;
	n += host[0] == '[';
	const char *port = host + n + (host[n] == ':');
	return port[strspn(port, "0123456789")] == '\0' && (host[n] == ':' || host[n] == '\0') ? n
											       : 0;
}

bool part_origin(const char *origin, const char *own, const char *host)
{
	static const char *const schemes[] = { "http://", "https://" };
	if (own[0] != '\0')
		return evutil_ascii_strcasecmp(origin, own) == 0;
	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(schemes[i]);
		if (evutil_ascii_strncasecmp(origin, schemes[i], n) == 0)
			return evutil_ascii_strcasecmp(origin + n, host) == 0;
	}
	return false;
}

bool part_site(const char *site)
{
	return site == NULL || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
}

struct bytes part_forwarded(const char *field)
{
	const char *comma = strrchr(field, ',');
	struct bytes last = trim(bytes_of(comma != NULL ? comma + 1 : field));
	for (size_t i = 0; i < last.n; i++)
		if (strchr("0123456789abcdefABCDEF:.", last.p[i]) == NULL)
			return (struct bytes){ "", 0 };
	return last.n <= 45 ? last : (struct bytes){ "", 0 };
}

/* ---- others ------------------------------------------------------------------------------- */

bool part_is_key(const char *key)
{
	size_t n = strspn(key, LETTERS "_-");
	return key[n] == '\0' && n >= 8 && n <= 64;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool part_percent(struct arena *a, const char *text, struct bytes *out)
{
	struct buf b = buf_new(a, strlen(text) + 1);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '%') {
			buf_byte(&b, *p);
			continue;
		}
		int high = hex_digit(p[1]), low = high < 0 ? -1 : hex_digit(p[2]);
		if (low < 0)
			return false;
		buf_byte(&b, (char)(high * 16 + low));
		p += 2;
	}
	*out = buf_view(&b);
	return text_is_clean(*out);
}
