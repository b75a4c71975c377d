#include "daemon/chunk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "daemon/crash.h"

/* ---- writing ----------------------------------------------------------------------------- */

static bool start(
	struct chunk_writer *w, struct db *db, const char *name, struct arena *a, struct err *e)
{
	*w = (struct chunk_writer){ .db = db, .arena = a, .name = name };
	w->part = buf_new(a, CHUNK_SIZE);
	sha256_init(&w->hash);
	DB_ROWS rows = { 0 };
	if (!db_query(db, Q_part_set_new, NULL, &rows, e))
		return false;
	struct db_row r = db_row(&rows, 0, a, e);
	w->part_set = db_int(&r, "part_set");
	return !r.bad;
}

bool chunk_start(
	struct chunk_writer *w, struct db *db, const char *name, struct arena *a, struct err *e)
{
	return db_begin(db, false, e) && start(w, db, name, a, e);
}

static bool write_part(struct chunk_writer *w, struct err *e)
{
	struct bytes part = buf_view(&w->part);
	if (!DB_RUN(w->db, Q_chunk_insert, NULL, e, DB_INT(w->part_set), DB_INT(w->parts),
		    DB_BYTEA(part)))
		return false;
	w->parts++;
	w->part.n = 0;
	crash_point("chunk.part");
	return true;
}

bool chunk_put(struct chunk_writer *w, struct bytes data, struct err *e)
{
	sha256_update_bytes(&w->hash, data);
	w->size += (int64_t)data.n;
	while (data.n > 0) {
		size_t room = CHUNK_SIZE - w->part.n;
		size_t n = data.n < room ? data.n : room;
		buf_put(&w->part, data.p, n);
		data = (struct bytes){ data.p + n, data.n - n };
		if (w->part.n == CHUNK_SIZE && !write_part(w, e))
			return false;
	}
	return true;
}

/* The artefact's row; *stood: one of this hash was there before. */
static bool finish(struct chunk_writer *w, uint8_t hash[32], bool *stood, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (w->part.n > 0 && !write_part(w, e))
		return false;
	sha256_final(&w->hash, hash);
	if (!DB_RUN(w->db, Q_artefact_insert, &rows, e, DB_HASH(hash), DB_INT(w->part_set),
		    DB_TEXT(w->name), DB_INT(w->size)))
		return false;
	*stood = rows.affected == 0;
	return true;
}

bool chunk_end(struct chunk_writer *w, uint8_t hash[32], struct err *e)
{
	bool stood = false;
	if (!finish(w, hash, &stood, e))
		return false;
	if (stood) {
		db_rollback(w->db);
		return true;
	}
	crash_point("chunk.commit");
	return db_commit(w->db, e);
}

void chunk_cancel(struct chunk_writer *w)
{
	if (w->db != NULL)
		db_rollback(w->db);
}

static bool sink_put(void *ctx, struct bytes chunk, struct err *e)
{
	return chunk_put(ctx, chunk, e);
}

struct sink chunk_sink(struct chunk_writer *w)
{
	return (struct sink){ sink_put, w };
}

bool chunk_store(struct db *db, const char *name, struct bytes all, struct arena *a,
	uint8_t hash[32], struct err *e)
{
	struct chunk_writer w = { 0 };
	if (chunk_start(&w, db, name, a, e) && chunk_put(&w, all, e) && chunk_end(&w, hash, e))
		return true;
	chunk_cancel(&w);
	return false;
}

bool chunk_store_inside(struct db *db, const char *name, struct bytes all, struct arena *a,
	uint8_t hash[32], struct err *e)
{
	struct chunk_writer w = { 0 };
	bool stood;
	return start(&w, db, name, a, e) && chunk_put(&w, all, e) && finish(&w, hash, &stood, e);
}

/* ---- reading ----------------------------------------------------------------------------- */

bool chunk_find(struct db *db, const uint8_t hash[32], struct arena *a, struct chunk_info *info,
	struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(db, Q_artefact_get, &rows, e, DB_HASH(hash)))
		return false;
	if (rows.n == 0) {
		char hex[65];
		sha256_hex(hash, hex);
		return err_set(e, ERR_NO_ARTEFACT, "%s", hex);
	}
	struct db_row r = db_row(&rows, 0, a, e);
	*info = (struct chunk_info){ db_int(&r, "part_set"), db_int(&r, "size"),
		db_text(&r, "name") };
	return !r.bad;
}

static bool read_part(struct db *db, int64_t part_set, int64_t part, struct sink sink,
	size_t *taken, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	if (!DB_RUN(db, Q_chunk_get, &rows, e, DB_INT(part_set), DB_INT(part)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_BAD_ARTEFACT, "part %lld is missing", (long long)part);
	struct db_row r = db_row(&rows, 0, a, e);
	struct bytes data = db_bytea(&r, "data");
	*taken = data.n;
	return !r.bad && sink.put(sink.ctx, data, e);
}

bool chunk_read(
	struct db *db, const uint8_t hash[32], struct sink sink, struct arena *a, struct err *e)
{
	struct chunk_info info;
	if (!chunk_find(db, hash, a, &info, e))
		return false;
	int64_t left = info.size;
	for (int64_t part = 0; left > 0; part++) {
		size_t taken = 0;
		if (!read_part(db, info.part_set, part, sink, &taken, e))
			return false;
		left -= (int64_t)taken;
	}
	return left == 0 || err_set(e, ERR_BAD_ARTEFACT, "%s is longer than its size", info.name);
}

struct map {
	char *p;
	size_t n, room;
	struct sha256 hash;
	struct chunk_watch watch;
};

static bool map_put(void *ctx, struct bytes chunk, struct err *e)
{
	struct map *m = ctx;
	if (chunk.n > m->room - m->n)
		return err_set(e, ERR_BAD_ARTEFACT, "longer than its size");
	memcpy(m->p + m->n, chunk.p, chunk.n);
	m->n += chunk.n;
	sha256_update_bytes(&m->hash, chunk);
	return m->watch.tick(m->watch.ctx, e);
}

bool chunk_map(struct db *db, const uint8_t hash[32], struct chunk_watch watch, struct bytes *all,
	struct arena *a, struct err *e)
{
	struct chunk_info info;
	uint8_t got[32];
	*all = (struct bytes){ NULL, 0 };
	if (!chunk_find(db, hash, a, &info, e))
		return false;
	struct map m = { .room = (size_t)info.size, .watch = watch };
	void *p =
		mmap(NULL, m.room + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return err_set(e, ERR_INTERNAL, "mmap of %zu bytes: %s", m.room, strerror(errno));
	m.p = p;
	sha256_init(&m.hash);
	bool ok = chunk_read(db, hash, (struct sink){ map_put, &m }, a, e);
	sha256_final(&m.hash, got);
	if (ok && memcmp(got, hash, 32) != 0)
		ok = err_set(e, ERR_BAD_ARTEFACT, "%s", info.name);
	*all = (struct bytes){ m.p, m.room };
	if (!ok) {
		chunk_unmap(*all);
		*all = (struct bytes){ NULL, 0 };
	}
	return ok;
}

void chunk_unmap(struct bytes all)
{
	union {
		const char *in;
		void *out;
	} p = { all.p };
	if (all.p != NULL)
		munmap(p.out, all.n + 1);
}
