/* The service itself: its routes, whether it runs, whether it is ready. */
#include "daemon/api.h"

#include "daemon/clock.h"

enum { CLOCK_APART = 300 /* seconds; requests are dated by the database */ };

/* Whoever types the address alone looks for the page. */
void home_get(struct request *r)
{
	reply_header(r, "Location", "/api");
	reply_bytes(r, "text/plain; charset=utf-8", BYTES("/api\n"));
}

static const char *method_of(enum evhttp_cmd_type method)
{
	return method == EVHTTP_REQ_GET      ? "GET"
	       : method == EVHTTP_REQ_POST   ? "POST"
	       : method == EVHTTP_REQ_DELETE ? "DELETE"
					     : "PUT";
}

static void put_route(struct buf *b, struct arena *a, const struct route *route)
{
	struct buf roles = buf_new(a, 128);
	roles_put(route->who, &roles);
	buf_byte(b, '{');
	json_put_member(b, "method", bytes_of(method_of(route->method)));
	json_put_member(b, "path", bytes_of(route->path));
	json_put_member(b, "name", bytes_of(route->name));
	json_put_raw(b, "roles", buf_view(&roles));
	json_put_member(b, "scope", bytes_of(route->scope != NULL ? route->scope : ""));
	json_put_flag(b, "key", route->kind == ROUTE_ONCE);
	json_put_number(b, "body", (int64_t)route->body_max);
	json_put_member(b, "zh", bytes_of(route->zh));
	json_put_member(b, "en", bytes_of(route->en));
	buf_byte(b, '}');
}

void routes_get(struct request *r)
{
	struct buf b = buf_new(r->arena, 16384);
	buf_str(&b, "{\"routes\":[");
	for (const struct route *route = routes; route->run != NULL; route++) {
		buf_str(&b, route == routes ? "" : ",");
		put_route(&b, r->arena, route);
	}
	buf_str(&b, "]}");
	reply_json(r, 200, buf_view(&b));
}

void health_get(struct request *r)
{
	struct buf b = buf_new(r->arena, 64);
	buf_byte(&b, '{');
	json_put_member(&b, "status", BYTES("ok"));
	json_put_member(&b, "version", BYTES(DRAWD_VERSION));
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

static void tell_ready(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t number = db_int(&row, "number"), at = db_int(&row, "at");
	int64_t apart = at - (int64_t)clock_now(&r->web->process->conf);
	if (!row.bad && number != migrations_count)
		err_set(&e, ERR_SCHEMA, "the database has %lld, this program %d", (long long)number,
			migrations_count);
	else if (!row.bad && (apart > CLOCK_APART || apart < -CLOCK_APART))
		err_set(&e, ERR_CLOCK, "%lld s", (long long)apart);
	if (e.code != ERR_NONE)
		reply_error(r, &e);
	else
		reply_json(r, 200, BYTES("{\"status\":\"ready\"}"));
}

void ready_get(struct request *r)
{
	request_ask(r, Q_web_ready, NULL, tell_ready);
}
