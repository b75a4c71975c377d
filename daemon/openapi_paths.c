/* Every row of the route table as an operation. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/list.h"
#include "daemon/openapi_inner.h"
#include "daemon/shapes.h"

/* ---- what follows from a row -------------------------------------------------------------- */

static bool always(const struct route *r)
{
	(void)r;
	return true;
}

/* Is it asked who asks? */
static bool asks_who(const struct route *r)
{
	return r->kind != ROUTE_OPEN && (r->who != WHO_PUBLIC || r->scope != NULL);
}

static bool needs_person(const struct route *r)
{
	return r->kind != ROUTE_OPEN && (r->who & WHO_PUBLIC) == 0;
}

static bool has_scope(const struct route *r)
{
	return r->kind != ROUTE_OPEN && r->scope != NULL;
}

static bool changes(const struct route *r)
{
	return r->kind != ROUTE_READ;
}

static bool once(const struct route *r)
{
	return r->kind == ROUTE_ONCE;
}

static bool tells_once(const struct route *r)
{
	return r->secret;
}

static bool takes_body(const struct route *r)
{
	return r->body_max > 0;
}

static bool takes_json(const struct route *r)
{
	return r->body != NULL;
}

static bool takes_numbers(const struct route *r)
{
	for (const struct param *p = r->query; p != NULL && p->name != NULL; p++)
		if (p->kind == PARAM_NUMBER)
			return true;
	return false;
}

static bool takes_evidence(const struct route *r)
{
	for (const struct json_field *f = r->body != NULL ? r->body->fields : NULL;
		f != NULL && f->name != NULL; f++)
		if (strcmp(f->name, "evidence") == 0)
			return true;
	return false;
}

static bool takes_match(const struct route *r)
{
	return r->match;
}

static bool takes_list(const struct route *r)
{
	return r->list != NULL;
}

static bool gives_json(const struct route *r)
{
	return r->list != NULL || (r->type == NULL && r->reply != NULL);
}

/* What every route of a kind can be refused with. */
static const struct {
	enum err_code code;
	bool (*when)(const struct route *route);
} implied[] = {
	{ ERR_BAD_REQUEST, always },
	{ ERR_BUSY, always },
	{ ERR_DATABASE, always },
	{ ERR_TOO_LARGE, always },
	{ ERR_INTERNAL, always },
	{ ERR_QUERY, always },
	{ ERR_PROXY_HEADER, always },
	{ ERR_SESSION_ENDED, asks_who },
	{ ERR_SIGN_IN_NEEDED, needs_person },
	{ ERR_NOT_ALLOWED, needs_person },
	{ ERR_SECOND_FACTOR_NEEDED, needs_person },
	{ ERR_SCOPE, has_scope },
	{ ERR_CSRF, changes },
	{ ERR_KEY_NEEDED, once },
	{ ERR_KEY_REUSED, once },
	{ ERR_KEY_RUNNING, once },
	{ ERR_TOLD_ONCE, tells_once },
	{ ERR_BAD_NUMBER, takes_numbers },
	{ ERR_BAD_JSON, takes_json },
	{ ERR_BAD_EVIDENCE, takes_evidence },
	{ ERR_MATCH_NEEDED, takes_match },
	{ ERR_STALE, takes_match },
};

static bool is_among(const enum err_code *codes, enum err_code code)
{
	for (; codes != NULL && *codes != ERR_NONE; codes++)
		if (*codes == code)
			return true;
	return false;
}

bool route_tells(const struct route *route, enum err_code code)
{
	if (code != ERR_NONE && code == route->missing)
		return true;
	for (size_t i = 0; i < sizeof implied / sizeof implied[0]; i++)
		if (implied[i].code == code && implied[i].when(route))
			return true;
	return is_among(route->errors, code) || (takes_list(route) && is_among(list_errors, code));
}

struct bytes route_area(const struct route *route)
{
	return (struct bytes){ route->name, strcspn(route->name, ".") };
}

static const char *method_of(const struct route *route)
{
	switch ((unsigned)route->method) {
	case EVHTTP_REQ_POST:
		return "post";
	case EVHTTP_REQ_PUT:
		return "put";
	case EVHTTP_REQ_DELETE:
		return "delete";
	}
	return "get";
}

/* ---- who ---------------------------------------------------------------------------------- */

static void put_roles(struct buf *b, const struct route *route)
{
	size_t n;
	const struct role *all = roles_all(&n);
	put_open(b, "x-roles", '[');
	for (size_t i = 0; i < n; i++)
		if ((route->who & all[i].bit) != 0)
			put_item(b, bytes_of(all[i].token));
	put_close(b, ']');
}

static void put_way(struct buf *b, const char *scheme, const char *and)
{
	put_open(b, NULL, '{');
	put_open(b, scheme, '[');
	put_close(b, ']');
	if (and != NULL) {
		put_open(b, and, '[');
		put_close(b, ']');
	}
	put_close(b, '}');
}

static void put_security(struct buf *b, const struct route *route)
{
	put_open(b, "security", '[');
	if (asks_who(route)) {
		put_way(b, "session", changes(route) ? "csrf" : NULL);
		put_way(b, "token", NULL);
	}
	if (!needs_person(route)) {
		put_open(b, NULL, '{');
		put_close(b, '}');
	}
	put_close(b, ']');
	if (has_scope(route)) {
		char scope[64];
		snprintf(scope, sizeof scope, "%s:%s", route->scope,
			changes(route) ? "write" : "read");
		json_put_member(b, "x-scope", bytes_of(scope));
	}
}

/* ---- what is sent ------------------------------------------------------------------------- */

/* The next part {name} of a path; false after the last one. A last `*` is {rest}. */
static bool next_argument(const char **path, struct bytes *name)
{
	const char *p = strpbrk(*path, "{*");
	if (p == NULL)
		return false;
	if (*p == '*') {
		*name = BYTES("rest");
		*path = p + 1;
		return true;
	}
	*name = (struct bytes){ p + 1, strcspn(p + 1, "}") };
	*path = p + 1 + name->n;
	return true;
}

static void put_common(struct buf *b, const char *name)
{
	put_open(b, NULL, '{');
	put_ref(b, "parameters", name);
	put_close(b, '}');
}

static void put_parameters(struct buf *b, const struct route *route)
{
	const char *path = route->path;
	struct bytes name;
	put_open(b, "parameters", '[');
	while (next_argument(&path, &name))
		parameter_put_argument(b, name);
	if (route->list != NULL)
		parameters_put_list(b, route->list);
	for (const struct param *p = route->query; p != NULL && p->name != NULL; p++)
		parameter_put(b, p);
	if (once(route))
		put_common(b, "key");
	if (takes_match(route))
		put_common(b, "match");
	if (route->kind == ROUTE_READ && gives_json(route))
		put_common(b, "none-match");
	if (asks_who(route))
		put_common(b, "reason");
	put_close(b, ']');
}

static bool needs_body(const struct route *route)
{
	if (route->body == NULL)
		return true;
	for (const struct json_field *f = route->body->fields; f->name != NULL; f++)
		if (f->required)
			return true;
	return false;
}

static void put_body(struct buf *b, const struct route *route)
{
	char name[64];
	if (!takes_body(route))
		return;
	put_open(b, "requestBody", '{');
	put_flag(b, "required", needs_body(route));
	json_put_number(b, "x-max-bytes", (int64_t)route->body_max);
	put_open(b, "content", '{');
	put_open(b, route->body != NULL ? "application/json" : "application/octet-stream", '{');
	put_open(b, "schema", '{');
	if (route->body != NULL)
		put_ref(b, "schemas", schema_of_body(route, name, sizeof name));
	put_close(b, '}');
	put_close(b, '}');
	put_close(b, '}');
	put_close(b, '}');
}

/* ---- what is told ------------------------------------------------------------------------- */

static void put_content(struct buf *b, const char *type, const char *schema)
{
	put_open(b, type, '{');
	put_open(b, "schema", '{');
	if (schema != NULL)
		put_ref(b, "schemas", schema);
	put_close(b, '}');
	put_close(b, '}');
}

static void put_header(struct buf *b, const char *name, const char *component)
{
	put_open(b, name, '{');
	put_ref(b, "headers", component);
	put_close(b, '}');
}

static void put_success(struct buf *b, const struct route *route)
{
	char status[12], name[64];
	const char *schema = schema_of_reply(route, name, sizeof name);
	snprintf(status, sizeof status, "%d", route->status != 0 ? route->status : 200);
	put_open(b, status, '{');
	json_put_member(b, "description", BYTES("done"));
	put_open(b, "headers", '{');
	put_header(b, "Drawd-Request", "request");
	if (route->kind == ROUTE_READ && gives_json(route))
		put_header(b, "ETag", "etag");
	if (once(route) && !tells_once(route))
		put_header(b, "Idempotent-Replayed", "replayed");
	if (route->status == 303)
		put_header(b, "Location", "location");
	put_close(b, '}');
	if (gives_json(route) || route->type != NULL) {
		put_open(b, "content", '{');
		if (route->type != NULL)
			put_content(b, route->type, NULL);
		else
			put_content(b, "application/json", schema);
		if (takes_list(route)) {
			put_content(b, "application/jsonl", NULL);
			put_content(b, "text/csv", NULL);
			put_content(b,
				"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
				NULL);
		}
		put_close(b, '}');
	}
	put_close(b, '}');
}

/* The smallest status above `after` that a route refuses with; 0 after the last. */
static int next_refusal(const bool told[static ERR_COUNT], int after)
{
	int next = 0;
	for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++) {
		int status = err_row(c)->http;
		if (told[c] && status > after && (next == 0 || status < next))
			next = status;
	}
	return next;
}

static void put_refusal(struct buf *b, const bool told[static ERR_COUNT], int status)
{
	char text[12];
	snprintf(text, sizeof text, "%d", status);
	put_open(b, text, '{');
	put_open(b, "x-errors", '[');
	for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++)
		if (told[c] && err_row(c)->http == status)
			put_item(b, bytes_of(err_row(c)->name));
	put_close(b, ']');
	json_put_member(b, "description", BYTES("refused"));
	put_open(b, "headers", '{');
	put_header(b, "Drawd-Request", "request");
	if (status == 429 || status == 503)
		put_header(b, "Retry-After", "retry");
	put_close(b, '}');
	put_open(b, "content", '{');
	put_content(b, "application/problem+json", "problem");
	put_close(b, '}');
	put_close(b, '}');
}

/* One reply for each status: the errors it can stand for. */
static void put_refusals(struct buf *b, const struct route *route)
{
	bool told[ERR_COUNT];
	for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++)
		told[c] = route_tells(route, c);
	for (int status = next_refusal(told, 0); status != 0; status = next_refusal(told, status))
		put_refusal(b, told, status);
}

static void put_responses(struct buf *b, const struct route *route)
{
	put_open(b, "responses", '{');
	put_success(b, route);
	if (route->kind == ROUTE_READ && gives_json(route)) {
		put_open(b, "304", '{');
		json_put_member(b, "description", BYTES("it is what If-None-Match names"));
		put_close(b, '}');
	}
	put_refusals(b, route);
	put_close(b, '}');
}

/* ---- operations --------------------------------------------------------------------------- */

static const char *const kinds[] = {
	[ROUTE_READ] = "read",
	[ROUTE_AGAIN] = "again",
	[ROUTE_ONCE] = "once",
	[ROUTE_OPEN] = "open",
};

static void put_operation(struct buf *b, const struct route *route)
{
	put_open(b, method_of(route), '{');
	json_put_member(b, "operationId", bytes_of(route->name));
	put_open(b, "tags", '[');
	put_item(b, route_area(route));
	put_close(b, ']');
	json_put_member(b, "summary", bytes_of(route->en));
	json_put_member(b, "x-zh", bytes_of(route->zh));
	json_put_member(b, "x-path", bytes_of(route->path));
	json_put_member(b, "x-kind", bytes_of(kinds[route->kind]));
	put_roles(b, route);
	put_security(b, route);
	put_parameters(b, route);
	put_body(b, route);
	put_responses(b, route);
	put_close(b, '}');
}

/* A last part that takes all that follows is {rest} there. */
static const char *path_of(const struct route *route, char *out, size_t size)
{
	size_t n = strlen(route->path);
	if (n > 0 && route->path[n - 1] == '*')
		snprintf(out, size, "%.*s{rest}", (int)(n - 1), route->path);
	else
		snprintf(out, size, "%s", route->path);
	return out;
}

static bool first_of_path(const struct route *route)
{
	for (const struct route *r = routes; r < route; r++)
		if (strcmp(r->path, route->path) == 0)
			return false;
	return true;
}

void paths_put(struct buf *b)
{
	char path[160];
	put_open(b, "paths", '{');
	for (const struct route *first = routes; first->run != NULL; first++) {
		if (!first_of_path(first))
			continue;
		put_open(b, path_of(first, path, sizeof path), '{');
		for (const struct route *r = first; r->run != NULL; r++)
			if (strcmp(r->path, first->path) == 0)
				put_operation(b, r);
		put_close(b, '}');
	}
	put_close(b, '}');
}
