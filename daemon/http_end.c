/* Between the rights and the reply: the Idempotency-Key, the handler's questions to the database,
 * the end of the transaction. */
#include <string.h>

#include "daemon/askers.h"
#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "daemon/log.h"
#include "sampler/sha256.h"

/* ---- questions ---------------------------------------------------------------------------- */

void request_log_query(const struct request *r, const char *name)
{
	if (log_wants(LEVEL_DEBUG))
		log_debug("web.query", NUM("request", (int64_t)r->number), STR("name", name));
}

uint64_t request_turn(struct request *r)
{
	return askers_of(r->web->askers, via_names[r->via], r->secret, credentials_address(r));
}

void request_statement(
	struct request *r, const struct query *q, const struct db_param *v, pool_done *done)
{
	request_log_query(r, q->name);
	if (r->tx != NULL)
		tx_query(r->tx, q, v, done, r);
	else
		pool_query(r->web->pool, request_turn(r), q, v, done, r);
}

/* A right is missing, and no check saw it before the statement: row security is the last one. */
static void tell_row_denied(struct request *r, const struct err *e)
{
	log_warning("web.row-denied", NUM("request", (int64_t)r->number), STR("path", r->path),
		STR("account", r->account), ERR(e));
	reply_code(r, ERR_NOT_ALLOWED, "%s: %s", r->account, r->route->name);
}

static void on_answer(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	if (rows != NULL) {
		r->next(r, rows);
		return;
	}
	struct err told = *e;
	if (told.code == ERR_CONFLICT)
		told.code = r->conflict;
	if (told.code == ERR_ROW_DENIED)
		tell_row_denied(r, e);
	else
		reply_error(r, &told);
}

void request_ask_query(
	struct request *r, const struct query *q, const struct db_param *v, request_next *next)
{
	r->next = next;
	request_statement(r, q, v, on_answer);
}

void request_ask(struct request *r, enum query_id q, const struct db_param *v, request_next *next)
{
	request_ask_query(r, &queries[q], v, next);
}

/* ---- the handler -------------------------------------------------------------------------- */

static void run(struct request *r)
{
	struct err e = { 0 };
	if (sent_read(r, &e))
		r->route->run(r);
	else
		reply_error(r, &e);
}

/* ---- once for each key -------------------------------------------------------------------- */

static void hash_part(struct sha256 *h, struct bytes part)
{
	sha256_update_bytes(h, part);
	sha256_update(h, "", 1);
}

static bool holds_secret(const struct json_form *form)
{
	bool secret = false;
	for (const struct json_field *f = form != NULL ? form->fields : NULL;
		f != NULL && f->name != NULL; f++)
		secret = secret || f->secret;
	return secret;
}

/* Method, path with its query, and body: what the key stands for. A body that holds a password is
 * left out: its hash would tell it to whoever guesses. */
static const char *hash_request(struct request *r)
{
	uint8_t hash[SHA256_SIZE];
	char *hex = arena_alloc(r->arena, 2 * SHA256_SIZE + 1);
	struct sha256 h;
	sha256_init(&h);
	hash_part(&h, bytes_of(r->method));
	hash_part(&h, bytes_of(r->target));
	if (!holds_secret(r->route->body))
		hash_part(&h, r->body);
	sha256_final(&h, hash);
	sha256_hex(hash, hex);
	return hex;
}

/* The key was used: the reply it got, or why there is none. */
static void tell_again(struct request *r, struct db_row *row, const char *state)
{
	bool done = !db_is_null(row, "status");
	int64_t status = done ? db_int(row, "status") : 0;
	struct bytes json = done ? db_bytes(row, "json") : BYTES("");
	if (row->bad) {
		reply_error(r, row->e);
	} else if (strcmp(state, "done") != 0) {
		reply_field(r, "Idempotency-Key", ERR_KEY_REUSED, "Idempotency-Key");
	} else if (!done) {
		reply_code(r, ERR_KEY_RUNNING, "Idempotency-Key");
	} else if (r->route->secret) {
		reply_field(r, "Idempotency-Key", ERR_TOLD_ONCE, "Idempotency-Key");
	} else {
		reply_header(r, "Idempotent-Replayed", "true");
		reply_json(r, (int)status, json);
	}
}

static void take_key(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	const char *state = db_text(&row, "state");
	if (!row.bad && strcmp(state, "fresh") == 0) {
		run(r);
		return;
	}
	r->key = NULL; /* it is another's */
	tell_again(r, &row, state);
}

static void claim_key(struct request *r)
{
	const char *key = request_header(r, "Idempotency-Key");
	if (key == NULL || !part_is_key(key)) {
		reply_field(r, "Idempotency-Key", ERR_KEY_NEEDED, "Idempotency-Key");
		return;
	}
	r->key = arena_strdup(r->arena, key);
	REQUEST_ASK(r, Q_web_key_claim, take_key, DB_TEXT(r->key), DB_TEXT(r->route->name),
		DB_TEXT(hash_request(r)));
}

void request_allowed(struct request *r)
{
	if (r->body.n > r->route->body_max)
		reply_code(
			r, ERR_TOO_LARGE, "%zu bytes, at most %zu", r->body.n, r->route->body_max);
	else if (r->route->kind == ROUTE_ONCE)
		claim_key(r);
	else
		run(r);
}

/* ---- the end ------------------------------------------------------------------------------ */

static void on_ended(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	(void)rows;
	if (e->code == ERR_NONE)
		reply_send(r);
	else
		reply_error(r, e); /* there is no transaction now: it is sent */
}

static void commit(struct request *r)
{
	struct tx *t = r->tx;
	r->tx = NULL;
	tx_end(t, true, on_ended, r);
}

static void on_key_kept(void *ctx, const struct db_rows *rows, const struct err *e)
{
	struct request *r = ctx;
	r->key = NULL;
	if (rows != NULL)
		commit(r);
	else
		reply_error(r, e);
}

/* The reply stands in the transaction of what it tells; one that failed leaves no key behind. */
static void keep_key(struct request *r)
{
	bool done = r->status < 400;
	struct bytes json = r->route->secret ? BYTES("") : r->reply;
	while (json.n > 0 && json.p[json.n - 1] == '\n')
		json.n--;
	if (done)
		request_statement(r, &queries[Q_web_key_store],
			(const struct db_param[]){
				DB_TEXT(r->key), DB_INT(r->status), DB_BYTES(json) },
			on_key_kept);
	else
		request_statement(r, &queries[Q_web_key_drop],
			(const struct db_param[]){ DB_TEXT(r->key) }, on_key_kept);
}

static void send_now(struct request *r, bool keep)
{
	struct tx *t = r->tx;
	r->tx = NULL;
	r->key = NULL;
	if (t != NULL)
		tx_end(t, keep, NULL, NULL);
	reply_send(r);
}

/* A success waits for the COMMIT, so that whoever is told of a change, or of what is noted in the
 * audit log as read, is told the truth. A refusal undoes what a change had done; a read's stays,
 * for it is only that the session was used. */
void request_finish(struct request *r, int status, const char *type, struct bytes body)
{
	bool good = status < 400;
	if (r->held) {
		/* what was done outside the transaction stays told, whatever became of the key */
		send_now(r, false);
		return;
	}
	r->status = status;
	r->reply_type = type;
	r->reply = body;
	if (r->key != NULL && r->key_kept && r->tx == NULL) {
		r->held = true;
		request_again(r, keep_key);
	} else if (r->key != NULL && r->tx != NULL && good) {
		keep_key(r);
	} else if (r->tx != NULL && good) {
		commit(r);
	} else {
		send_now(r, request_reads(r));
	}
}
