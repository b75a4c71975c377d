/* Artefacts, and the log as C2SP tlog-tiles serves it. */
#include <stdio.h>
#include <string.h>

#include "daemon/api.h"
#include "daemon/chunk.h"
#include "sampler/base/text.h"
#include "sampler/tile.h"

/* ---- artefacts ---------------------------------------------------------------------------- */

struct artefact_request {
	uint8_t hash[32];
	int64_t offset;
};

/* The parts that hold a piece, cut at both ends. */
static bool join_parts(struct request *r, const struct db_rows *rows, struct buf *out,
	int64_t *size, struct err *e)
{
	const struct artefact_request *q = r->ctx;
	int64_t skip = q->offset % CHUNK_SIZE;
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, e);
		*size = db_int(&row, "size");
		if (row.bad)
			return false;
		if (db_is_null(&row, "part"))
			return true;
		struct bytes data = db_bytea(&row, "data");
		if (row.bad)
			return false;
		int64_t from = skip < (int64_t)data.n ? skip : (int64_t)data.n;
		buf_put(out, data.p + from, data.n - (size_t)from);
		skip -= from;
	}
	return true;
}

static void give_artefact(struct request *r, const struct db_rows *rows)
{
	struct buf b = buf_new(r->arena, CHUNK_SIZE);
	struct err e = { 0 };
	int64_t size = 0;
	char text[24];
	if (rows->n == 0) {
		reply_missing(r);
		return;
	}
	if (!join_parts(r, rows, &b, &size, &e)) {
		reply_error(r, &e);
		return;
	}
	snprintf(text, sizeof text, "%lld", (long long)size);
	reply_header(r, "Drawd-Size", text);
	reply_bytes(r, "application/octet-stream", buf_view(&b));
}

void artefact_get(struct request *r)
{
	enum { PARTS = PIECE_MAX / CHUNK_SIZE };
	struct artefact_request *q = arena_calloc(r->arena, 1, sizeof *q);
	if (!text_hex(r->arg[0], q->hash, 32)) {
		reply_missing(r);
		return;
	}
	q->offset = param_number(r, "offset");
	r->ctx = q;
	int64_t first = q->offset / CHUNK_SIZE;
	REQUEST_ASK(r, Q_web_artefact, give_artefact, DB_HASH(q->hash), DB_INT(first),
		DB_INT(first + PARTS - 1));
}

/* ---- the log ------------------------------------------------------------------------------ */

static void give_checkpoint(struct request *r, const struct db_rows *rows)
{
	struct err e = { 0 };
	if (rows->n == 0) {
		reply_code(r, ERR_NOT_FOUND, "the log is empty");
		return;
	}
	struct db_row row = db_row(rows, 0, r->arena, &e);
	struct bytes note = db_bytes(&row, "note");
	if (row.bad)
		reply_error(r, &e);
	else
		reply_bytes(r, "text/plain; charset=utf-8", note);
}

void checkpoint_get(struct request *r)
{
	request_ask(r, Q_web_checkpoint, NULL, give_checkpoint);
}

void vkey_get(struct request *r)
{
	if (r->web->vkey[0] == '\0')
		reply_code(r, ERR_NOT_FOUND, "there is no trust policy yet");
	else
		reply_bytes(r, "text/plain; charset=utf-8",
			bytes_of(arena_printf(r->arena, "%s\n", r->web->vkey)));
}

/* A tile never changes: what it holds was published. */
static void give_tile(struct request *r, struct bytes bytes)
{
	reply_header(r, "Cache-Control", "public, max-age=31536000, immutable");
	reply_bytes(r, "application/octet-stream", bytes);
}

static bool published(struct request *r, const struct tile *t, int64_t size)
{
	if (size >= 0 && t->width <= tile_width((uint64_t)size, t->level, t->index))
		return true;
	reply_code(r, ERR_NOT_FOUND, "%s", r->path);
	return false;
}

static void give_hashes(struct request *r, const struct db_rows *rows)
{
	const struct tile *t = r->ctx;
	struct err e = { 0 };
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t size = db_int(&row, "published");
	if (!row.bad && !published(r, t, size))
		return;
	struct bytes hashes = db_bytea(&row, "hashes");
	if (!row.bad && hashes.n < t->width * (size_t)32)
		err_set(&e, ERR_BAD_TILE, "%s", r->path);
	if (e.code != ERR_NONE)
		reply_error(r, &e);
	else
		give_tile(r, (struct bytes){ hashes.p, t->width * (size_t)32 });
}

static void give_entries(struct request *r, const struct db_rows *rows)
{
	const struct tile *t = r->ctx;
	struct err e = { 0 };
	struct buf b = buf_new(r->arena, 65536);
	struct db_row row = db_row(rows, 0, r->arena, &e);
	int64_t size = db_int(&row, "published");
	if (!row.bad && !published(r, t, size))
		return;
	for (size_t i = 0; i < rows->n && !row.bad; i++) {
		row = db_row(rows, i, r->arena, &e);
		struct bytes note = db_bytea(&row, "note");
		if (!row.bad)
			tile_put_entry(&b, note);
	}
	if (e.code == ERR_NONE && rows->n != t->width)
		err_set(&e, ERR_BAD_TILE, "%s", r->path);
	if (e.code != ERR_NONE)
		reply_error(r, &e);
	else
		give_tile(r, buf_view(&b));
}

void tile_get(struct request *r)
{
	struct tile *t = arena_calloc(r->arena, 1, sizeof *t);
	struct err e = { 0 };
	if (!tile_parse(t, bytes_of(r->path + 1), &e) || t->index > INT64_MAX / TILE_WIDTH - 1) {
		reply_code(r, ERR_NOT_FOUND, "%s", r->path);
		return;
	}
	r->ctx = t;
	int64_t first = (int64_t)t->index * TILE_WIDTH;
	if (t->entries)
		REQUEST_ASK(r, Q_web_tile_entries, give_entries, DB_INT(first),
			DB_INT(first + t->width - 1));
	else
		REQUEST_ASK(r, Q_web_tile, give_hashes, DB_INT(t->level), DB_INT(t->index));
}
