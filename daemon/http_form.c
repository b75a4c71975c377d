/* The form of a message, before anything is made of it: what evhttp lets pass and should not. */
#include <event2/keyvalq_struct.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "sampler/base/text.h"

enum { PATH_MAX_BYTES = 512, QUERY_MAX_BYTES = 2048 };

static bool bad(struct err *e, const char *what)
{
	return err_set(e, ERR_BAD_REQUEST, "%s", what);
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* strspn() makes a table of its set each time; every byte of every request comes by here. */
static bool made_of(const char *s, const char *signs)
{
	while (*s != '\0' && (is_letter_or_digit(*s) || strchr(signs, *s) != NULL))
		s++;
	return *s == '\0';
}

static bool has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\t') || *s == 0x7f)
			return true;
	return false;
}

/* What a message says of its end must be what evhttp made of it: evhttp takes any other coding for
 * no body, and what follows for the next request. */
static bool check_end(struct request *r, struct err *e)
{
	const char *length = request_header(r, "Content-Length");
	const char *coding = request_header(r, "Transfer-Encoding");
	uint64_t n;
	if (length != NULL && coding != NULL)
		return bad(e, "Content-Length and Transfer-Encoding together");
	if (coding != NULL && evutil_ascii_strcasecmp(coding, "chunked") != 0)
		return bad(e, "a Transfer-Encoding other than chunked");
	if (length != NULL && (length[0] == '\0' || length[strspn(length, "0123456789")] != '\0'))
		return bad(e, "Content-Length is not of digits");
	if (length != NULL && (!text_u64(bytes_of(length), PIECE_MAX, &n) || n != r->body.n))
		return bad(e, "Content-Length is not that of the body");
	return true;
}

/* Most names differ in their first letter. */
static bool same_name(const char *a, const char *b)
{
	return ((a[0] ^ b[0]) & ~32) == 0 && evutil_ascii_strcasecmp(a, b) == 0;
}

/* Fields that decide where a message ends, where it goes or who sent it stand once at most; the
 * name of the account that a proxy signed in stands on the proxy's own socket only. */
static bool check_headers(struct request *r, struct err *e)
{
	const char *const once[] = { "Host", "Content-Length", "Transfer-Encoding", "Content-Type",
		"Authorization", "Cookie", "Origin", "Idempotency-Key", "Drawd-CSRF",
		r->web->process->conf.web.proxy_header };
	enum { ONCE = sizeof once / sizeof once[0] };
	int seen[ONCE] = { 0 };
	struct evkeyval *h;
	TAILQ_FOREACH (h, evhttp_request_get_input_headers(r->http), next) {
		if (h->key[0] == '\0' || !made_of(h->key, "!#$%&'*+-.^_`|~"))
			return bad(e, "the name of a header");
		if (has_control(h->value))
			return bad(e, "a control character in a header");
		for (size_t i = 0; i < ONCE; i++)
			if (same_name(h->key, once[i]) && ++seen[i] > 1)
				return err_set(e, ERR_BAD_REQUEST, "%s stands twice", once[i]);
	}
	if (seen[ONCE - 1] > 0 && r->door != DOOR_PROXY)
		return err_set(e, ERR_PROXY_HEADER, "%s", once[ONCE - 1]);
	return check_end(r, e) && (seen[0] == 1 || bad(e, "Host is missing"));
}

/* On TCP only the names of the configuration: a page of another site that resolves its own name to
 * this address is not served. */
static bool check_host(struct request *r, struct err *e)
{
	const char *host = request_header(r, "Host");
	size_t n = part_host(host);
	const struct conf_list *hosts = &r->web->process->conf.web.hosts;
	if (n == 0)
		return bad(e, "Host is not a name and a port");
	for (size_t i = 0; r->door == DOOR_TCP && i < hosts->n; i++)
		if (strlen(hosts->v[i]) == n && evutil_ascii_strncasecmp(hosts->v[i], host, n) == 0)
			return true;
	return r->door != DOOR_TCP ||
	       err_set(e, ERR_BAD_REQUEST, "Host: %.60s is not in web.hosts", host);
}

/* Does an escape in the query stand for a control character? */
static bool has_escaped_control(const char *s)
{
	while ((s = strchr(s, '%')) != NULL) {
		if (s[1] == '0' || s[1] == '1' || (s[1] == '7' && (s[2] | 32) == 'f'))
			return true;
		s++;
	}
	return false;
}

static bool check_query(struct request *r, const char *query, struct err *e)
{
	for (const char *p = query; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || *p == '#')
			return bad(e, "the address");
	if (has_escaped_control(query))
		return bad(e, "a control character in the address");
	r->query = arena_calloc(r->arena, 1, sizeof *r->query);
	TAILQ_INIT(r->query);
	if (query[0] == '?' && evhttp_parse_query_str(query + 1, r->query) != 0) {
		r->query = NULL;
		return bad(e, "the part of the address after `?`");
	}
	return true;
}

/* The path has one spelling: no escapes, no empty or dotted parts. */
static bool check_path(struct request *r, struct err *e)
{
	const char *target = evhttp_request_get_uri(r->http);
	size_t n = strcspn(target, "?#");
	if (target[0] != '/' || n > PATH_MAX_BYTES || strlen(target + n) > QUERY_MAX_BYTES)
		return bad(e, "the address");
	r->target = arena_strdup(r->arena, target);
	r->path = arena_strndup(r->arena, target, n);
	if (!made_of(r->path, "/-._~"))
		return bad(e, "the address");
	if (strstr(r->path, "//") != NULL || strstr(r->path, "/.") != NULL)
		return bad(e, "the address");
	return check_query(r, target + n, e);
}

bool form_check(struct request *r, struct err *e)
{
	return check_path(r, e) && check_headers(r, e) && check_host(r, e);
}

/* A list may come in several lines, which stand for one (RFC 9110, 5.3). */
const char *form_last(const struct request *r, const char *name)
{
	const char *last = "";
	const struct evkeyval *h;
	if (r->http == NULL)
		return last;
	TAILQ_FOREACH (h, evhttp_request_get_input_headers(r->http), next)
		if (same_name(h->key, name))
			last = h->value;
	return last;
}
