/* The bundle job: the 复核包 of a revealed round as an artefact, streamed (PROTOCOL.md §12). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/chunk.h"
#include "daemon/crash.h"
#include "daemon/frozen.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "sampler/base/text.h"
#include "sampler/bundle.h"
#include "sampler/merkle.h"

/* Where the content of a file comes from. */
struct source {
	struct bytes content; /* in memory */
	uint8_t hash[32]; /* or an artefact, where `stored` */
	bool stored;
};

struct packing {
	struct job *job;
	struct arena *a;
	struct round_row round;
	enum bundle_level level;
	uint64_t first, size; /* the freeze's index; size of the last checkpoint */
	struct bundle_file *file;
	struct source *source;
	size_t files, room;
	struct bundle_writer bundle;
	struct chunk_writer chunks;
};

/* ---- the files --------------------------------------------------------------------------- */

static struct source *add(struct packing *p, const char *name, uint64_t size)
{
	if (p->files == p->room) {
		size_t room = p->room == 0 ? 64 : 2 * p->room;
		struct bundle_file *file = arena_calloc(p->a, room, sizeof *file);
		struct source *source = arena_calloc(p->a, room, sizeof *source);
		for (size_t i = 0; i < p->files; i++) {
			file[i] = p->file[i];
			source[i] = p->source[i];
		}
		p->file = file;
		p->source = source;
		p->room = room;
	}
	p->file[p->files].name = bytes_of(arena_strdup(p->a, name));
	p->file[p->files].size = size;
	return &p->source[p->files++];
}

static void add_text(struct packing *p, const char *name, struct bytes content)
{
	add(p, name, content.n)->content = content;
	sha256(content.p, content.n, p->file[p->files - 1].hash);
}

static bool add_artefacts(struct packing *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (p->level == LEVEL_PUBLIC)
		return true;
	if (!DB_RUN(p->job->db, Q_round_artefacts, &rows, e, DB_TEXT(p->round.id)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, p->a, e);
		const char *name = db_text(&r, "name");
		bool seed = strcmp(name, "seed.txt") == 0;
		uint64_t size = (uint64_t)db_int(&r, "size");
		struct source *s =
			add(p, seed ? name : arena_printf(p->a, "artefacts/%s", name), size);
		s->stored = true;
		db_hash(&r, "sha256", s->hash);
		memcpy(p->file[p->files - 1].hash, s->hash, 32);
		if (r.bad)
			return false;
	}
	return true;
}

static bool add_checkpoints(struct packing *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(p->job->db, Q_bundle_checkpoints, &rows, e, DB_INT(p->first)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, p->a, e);
		p->size = (uint64_t)db_int(&r, "size");
		struct bytes note = db_bytes(&r, "note");
		if (r.bad)
			return false;
		add_text(p, arena_printf(p->a, "checkpoints/%010" PRIu64, p->size), note);
	}
	return true;
}

static bool add_entries(struct packing *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(p->job->db, Q_bundle_entries, &rows, e, DB_INT(p->first), DB_INT(p->size)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, p->a, e);
		uint64_t idx = (uint64_t)db_int(&r, "idx");
		struct bytes note = db_bytea(&r, "note");
		if (r.bad)
			return false;
		add_text(p, arena_printf(p->a, "entries/%010" PRIu64, idx), note);
	}
	return rows.n == p->size - p->first ||
	       err_set(e, ERR_ROLLED_BACK, "log entries are missing");
}

static bool on_leaf(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct hash leaf;
	struct bytes hex = { value[0].p + 2, value[0].n - 2 };
	(void)columns;
	if (value[0].n != 66 || !text_hex(hex, leaf.b, 32))
		return err_set(e, ERR_QUERY, "leaf");
	merkle_append(ctx, &leaf);
	return true;
}

static bool add_frontier(struct packing *p, struct err *e)
{
	struct merkle m;
	struct hash frontier[MERKLE_LEVELS];
	const struct db_param range[] = { DB_INT(0), DB_INT(p->first) };
	struct buf b = buf_new(p->a, 4096);
	merkle_init(&m);
	if (!db_stream(p->job->worker->stream, Q_entry_leaves, range, on_leaf, &m, e))
		return false;
	if (m.size != p->first)
		return err_set(e, ERR_ROLLED_BACK, "log entries are missing");
	size_t n = merkle_frontier(&m, frontier);
	for (size_t i = 0; i < n; i++) {
		buf_hex(&b, frontier[i].b, 32);
		buf_byte(&b, '\n');
	}
	add_text(p, "frontier", buf_view(&b));
	return true;
}

/* Files and sources are sorted together: the writer wants bytewise order. */
static void sort_files(struct packing *p)
{
	struct bundle_file *sorted = arena_calloc(p->a, p->files, sizeof *sorted);
	struct source *source = arena_calloc(p->a, p->files, sizeof *source);
	memcpy(sorted, p->file, p->files * sizeof *sorted);
	/* content is free until the bundle is read: it carries the old place through the sort */
	for (size_t i = 0; i < p->files; i++)
		sorted[i].content = (struct bytes){ "", i };
	bundle_sort(sorted, p->files);
	for (size_t i = 0; i < p->files; i++) {
		source[i] = p->source[sorted[i].content.n];
		sorted[i].content = (struct bytes){ NULL, 0 };
	}
	p->file = sorted;
	p->source = source;
}

/* ---- writing ----------------------------------------------------------------------------- */

static bool put(void *ctx, struct bytes chunk, struct err *e)
{
	struct packing *p = ctx;
	return bundle_put(&p->bundle, chunk, e) &&
	       job_progress(p->job, p->chunks.size, 0, "bundle", e);
}

static bool write_files(struct packing *p, struct err *e)
{
	for (size_t i = 0; i < p->files; i++) {
		const struct source *s = &p->source[i];
		bool ok = true;
		if (s->stored)
			ok = chunk_read(p->job->db, s->hash, (struct sink){ put, p }, p->a, e);
		else if (s->content.n > 0)
			ok = put(p, s->content, e);
		if (!ok)
			return err_at(e, "%.*s", BYTES_ARG(p->file[i].name));
	}
	return bundle_end(&p->bundle, e);
}

static bool write_bundle(struct packing *p, uint8_t hash[32], struct err *e)
{
	return chunk_start(&p->chunks, p->job->worker->store, "bundle", p->a, e) &&
	       bundle_start(&p->bundle, bytes_of(p->round.id), p->level, p->file, p->files,
		       chunk_sink(&p->chunks), p->a, e) &&
	       write_files(p, e) && chunk_end(&p->chunks, hash, e);
}

/* ---- the job ----------------------------------------------------------------------------- */

static bool find_freeze(struct packing *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(p->job->db, Q_freeze_idx, &rows, e, DB_TEXT(p->round.id)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_BAD_STATE, "bundle: %s", state_form(p->round.state)->name);
	struct db_row r = db_row(&rows, 0, p->a, e);
	p->first = (uint64_t)db_int(&r, "idx");
	return !r.bad;
}

/* The last checkpoint that has its quorum must cover the reveal; its witnesses may be late. */
static bool wait_reveal(struct packing *p, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(p->job->db, Q_record_idx, &rows, e, DB_TEXT(p->round.id), DB_TEXT("reveal")))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_BAD_STATE, "bundle: %s", state_form(p->round.state)->name);
	struct db_row r = db_row(&rows, 0, p->a, e);
	int64_t idx = db_int(&r, "idx");
	return !r.bad && worker_cosigned(p->job, idx, e);
}

static bool read_args(struct packing *p, struct err *e)
{
	struct bytes id, level = job_arg_text_or(p->job, "level", "audit");
	if (!job_arg_text(p->job, "round", &id, e))
		return false;
	p->level = bytes_is(level, "public") ? LEVEL_PUBLIC : LEVEL_AUDIT;
	if (!bytes_is(level, "public") && !bytes_is(level, "audit"))
		return err_set(e, ERR_BAD_ARGS, "level: audit or public");
	return worker_round(p->job, id, &p->round, e);
}

static bool collect(struct packing *p, struct err *e)
{
	const struct bytes protocol = { protocol_text, protocol_text_size };
	if (!find_freeze(p, e) || !wait_reveal(p, e) || !add_checkpoints(p, e) ||
		!add_entries(p, e) || !add_frontier(p, e) || !add_artefacts(p, e))
		return false;
	add_text(p, "PROTOCOL.md", protocol);
	sort_files(p);
	return true;
}

static bool note_bundle(struct packing *p, const char *level, const uint8_t hash[32], struct err *e)
{
	bool ok =
		db_begin(p->job->db, false, e) && job_hold(p->job, e) &&
		DB_RUN(p->job->db, Q_bundle_put, NULL, e, DB_INT(p->job->id), DB_INT(p->job->fence),
			DB_TEXT(p->round.id), DB_TEXT(level), DB_INT(p->size), DB_HASH(hash)) &&
		db_commit(p->job->db, e);
	if (!ok)
		db_rollback(p->job->db);
	return ok;
}

bool step_bundle(struct job *job, struct bytes *result, struct err *e)
{
	struct packing *p = arena_calloc(job->arena, 1, sizeof *p);
	uint8_t hash[32];
	char hex[65];
	p->job = job;
	p->a = job->arena;
	if (!read_args(p, e))
		return false;
	const char *level = p->level == LEVEL_PUBLIC ? "public" : "audit";
	if (!collect(p, e) || !write_bundle(p, hash, e))
		return err_at(e, "%s", p->round.id);
	crash_point("bundle.stored");
	if (!note_bundle(p, level, hash, e))
		return false;
	sha256_hex(hash, hex);
	*result = bytes_of(arena_printf(job->arena,
		"{\"round\":\"%s\",\"level\":\"%s\",\"checkpoint\":%" PRIu64
		",\"sha256\":\"%s\",\"size\":%" PRId64 "}",
		p->round.id, level, p->size, hex, p->chunks.size));
	return true;
}
