/* GET of a list: what is asked is read from the query, then a page of JSON or a file follows. */
#include <event2/keyvalq_struct.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/export.h"
#include "daemon/http.h"
#include "daemon/list.h"

struct listing {
	struct list_ask ask;
	struct list_statement statement;
};

/* ---- what is asked ------------------------------------------------------------------------ */

/* A program that names a format in Accept and none in the query gets that one. */
static enum list_format format_of(const struct request *r)
{
	static const struct {
		const char *type;
		enum list_format format;
	} types[] = {
		{ "application/json", LIST_JSON },
		{ "text/csv", LIST_CSV },
		{ "application/jsonl", LIST_JSON_LINES },
		{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", LIST_XLSX },
	};
	const char *accept = request_header(r, "Accept");
	size_t n = accept != NULL ? strcspn(accept, ",; ") : 0;
	for (size_t i = 0; i < sizeof types / sizeof *types && n > 0; i++)
		if (strlen(types[i].type) == n && strncmp(accept, types[i].type, n) == 0)
			return types[i].format;
	return LIST_JSON;
}

static bool read_query(struct request *r, struct list_ask *q, struct err *e)
{
	struct evkeyval *h;
	TAILQ_FOREACH (h, r->query, next)
		if (!list_ask_take(q, h->key, h->value, e)) {
			r->field = arena_strdup(r->arena, h->key);
			return false;
		}
	if (!q->format_set)
		q->format = format_of(r);
	r->field = "after";
	if (!list_ask_end(q, r->arena, e))
		return false;
	r->field = NULL;
	return true;
}

/* ---- a page ------------------------------------------------------------------------------- */

/* One row more than asked for was looked for: it says that there is a next page. */
static void give_page(struct request *r, const struct db_rows *rows)
{
	const struct listing *l = r->ctx;
	bool more = (int64_t)rows->n > l->ask.limit;
	size_t n = more ? (size_t)l->ask.limit : rows->n;
	struct buf b = buf_new(r->arena, 4096);
	buf_str(&b, "{\"");
	buf_str(&b, l->ask.list->name);
	buf_str(&b, "\":[");
	for (size_t i = 0; i < n; i++) {
		buf_str(&b, i > 0 ? "," : "");
		list_put_json(&b, l->ask.list, rows, i);
	}
	buf_str(&b, "],\"next\":");
	if (more) {
		const struct list_place p = list_place_after(&l->ask, rows, n - 1, r->arena);
		json_put_text(&b, bytes_of(list_cursor(&l->ask, &p, r->arena)));
	} else {
		buf_str(&b, "null");
	}
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

static void give_list(struct request *r)
{
	struct listing *l = r->ctx;
	if (l->ask.format != LIST_JSON) {
		export_begin(r, &l->ask);
		return;
	}
	list_statement(&l->statement, &l->ask, l->ask.limit + 1, r->arena);
	request_ask_query(r, l->statement.query, l->statement.param, give_page);
}

static void take_noted(struct request *r, const struct db_rows *rows)
{
	(void)rows; /* none where he sees nobody but himself */
	give_list(r);
}

static void take_parent(struct request *r, const struct db_rows *rows)
{
	if (rows->n > 0)
		give_list(r);
	else
		reply_missing(r);
}

void list_get(struct request *r)
{
	struct listing *l = arena_calloc(r->arena, 1, sizeof *l);
	const struct list *list = r->route->list;
	struct err e = { 0 };
	const struct list *rows = list->of != NULL ? list->of(bytes_of(request_arg(r, 0))) : list;
	if (rows == NULL) {
		reply_missing(r);
		return;
	}
	l->ask = list_ask_new(rows, r->web->process->conf.web.page);
	if (list->within != NULL || list->of != NULL)
		l->ask.within = bytes_of(request_arg(r, 0));
	r->ctx = l;
	if (!read_query(r, &l->ask, &e))
		reply_error(r, &e);
	else if (list->within != NULL || list->of != NULL)
		REQUEST_ASK(r, list->parent, take_parent, DB_BYTES(l->ask.within));
	else if (list->personal != NULL)
		REQUEST_ASK(r, Q_list_personal, take_noted, DB_TEXT(list->personal));
	else
		give_list(r);
}
