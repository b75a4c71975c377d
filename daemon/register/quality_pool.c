/* Objects that were in no pool: the register and the frames of the cycle, side by side. All of them
 * are in bytewise order of objects; of a frame no more than a part of 1 MiB is in memory. */
#include <string.h>

#include "daemon/chunk.h"
#include "daemon/json.h"
#include "daemon/register/quality.h"
#include "daemon/sqltext.h"
#include "daemon/worker.h"
#include "sampler/frame.h"

enum { FRAMES_MAX = 400, SOURCES_MAX = 4096, SAMPLES = 10, BEAT_ROWS = 65536, HEAD_LINES = 3 };

/* ---- a frame, line by line --------------------------------------------------------------- */

struct frame_stream {
	struct db *db;
	struct chunk_info info;
	struct arena *part_arena; /* of the part in hand */
	struct bytes part; /* what is left of it */
	struct buf cut; /* a line that runs over the end of a part */
	int64_t next_part, left;
	bool on; /* a row is in hand */
	struct bytes object;
	bool pooled; /* it is in a stratum of some task */
};

static bool next_part(struct frame_stream *s, struct err *e)
{
	DB_ROWS rows = { 0 };
	arena_free(s->part_arena);
	s->part_arena = arena_new();
	if (!DB_RUN(s->db, Q_chunk_get, &rows, e, DB_INT(s->info.part_set), DB_INT(s->next_part++)))
		return false;
	struct db_row r = db_row(&rows, 0, s->part_arena, e);
	s->part = db_bytea(&r, "data");
	s->left -= (int64_t)s->part.n;
	if (r.bad)
		return false;
	return (s->part.n > 0 && s->left >= 0) || err_set(e, ERR_BAD_ARTEFACT, "%s", s->info.name);
}

/* The next line without its LF, valid until the next call; *more false behind the last one. */
static bool next_line(struct frame_stream *s, struct bytes *line, bool *more, struct err *e)
{
	s->cut.n = 0;
	for (;;) {
		const char *lf = s->part.n > 0 ? memchr(s->part.p, '\n', s->part.n) : NULL;
		size_t n = lf != NULL ? (size_t)(lf - s->part.p) : s->part.n;
		*line = (struct bytes){ s->part.p, n };
		if (lf == NULL || s->cut.n > 0) {
			buf_bytes(&s->cut, *line);
			*line = buf_view(&s->cut);
		}
		if (lf != NULL) {
			s->part = (struct bytes){ lf + 1, s->part.n - n - 1 };
			*more = true;
			return true;
		}
		s->part.n = 0;
		if (s->left == 0) {
			*more = false;
			return s->cut.n == 0 || err_set(e, ERR_BAD_ARTEFACT, "%s", s->info.name);
		}
		if (!next_part(s, e))
			return false;
	}
}

/* Columns: facts, tasks, weight, salt. */
static void read_row(struct frame_stream *s, struct bytes line)
{
	bool more = true;
	s->pooled = false;
	s->object = bytes_cut(&line, '\t', &more);
	for (size_t column = 1; more; column++) {
		struct bytes value = bytes_cut(&line, '\t', &more);
		enum stratum stratum;
		if (column >= FRAME_FACTS && more && stratum_of(value, &stratum))
			s->pooled = true;
	}
}

static bool next_row(struct frame_stream *s, struct err *e)
{
	struct bytes line;
	if (!next_line(s, &line, &s->on, e))
		return false;
	if (s->on)
		read_row(s, line);
	return true;
}

static bool open_frame(struct frame_stream *s, struct db *db, const uint8_t hash[32],
	struct arena *a, struct err *e)
{
	struct bytes line;
	s->db = db;
	s->cut = buf_new(a, 1024);
	if (!chunk_find(db, hash, a, &s->info, e))
		return false;
	s->left = s->info.size;
	for (int i = 0; i < HEAD_LINES; i++)
		if (!next_line(s, &line, &s->on, e))
			return false;
	return next_row(s, e);
}

/* ---- side by side ------------------------------------------------------------------------ */

struct source {
	struct bytes batch; /* its first: by that the database knows it */
	int64_t objects, absent, excluded;
};

struct pools {
	struct job *job;
	struct arena *a;
	struct frame_stream *frame;
	size_t frames;
	struct source *source, *last;
	size_t sources;
	struct buf samples; /* of objects, as JSON */
	int64_t rows, never;
};

static struct source *source_of(struct pools *p, struct bytes id)
{
	if (p->last != NULL && bytes_equal(p->last->batch, id))
		return p->last;
	size_t i = 0;
	while (i < p->sources && !bytes_equal(p->source[i].batch, id))
		i++;
	if (i == SOURCES_MAX)
		return NULL;
	if (i == p->sources)
		p->source[p->sources++] =
			(struct source){ { arena_strndup(p->a, id.p, id.n), id.n }, 0, 0, 0 };
	return p->last = &p->source[i];
}

/* Where the object stands in some frame, and whether it was in a pool of one. */
static bool look_up(struct pools *p, struct bytes object, bool *there, bool *pooled, struct err *e)
{
	*there = *pooled = false;
	for (size_t i = 0; i < p->frames; i++) {
		struct frame_stream *s = &p->frame[i];
		while (s->on && bytes_compare(s->object, object) < 0)
			if (!next_row(s, e))
				return false;
		if (s->on && bytes_equal(s->object, object)) {
			*there = true;
			*pooled = *pooled || s->pooled;
		}
	}
	return true;
}

static void keep_sample(struct pools *p, struct bytes object)
{
	if (++p->never > SAMPLES)
		return;
	if (p->samples.n > 1)
		buf_byte(&p->samples, ',');
	json_put_text(&p->samples, object);
}

/* object, source */
static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct pools *p = ctx;
	struct source *s = source_of(p, value[1]);
	bool there, pooled;
	(void)columns;
	if (s == NULL)
		return err_set(e, ERR_TOO_LARGE, "more than %d sources", SOURCES_MAX);
	if (!look_up(p, value[0], &there, &pooled, e))
		return false;
	s->objects++;
	s->absent += !there;
	s->excluded += there && !pooled;
	if (!pooled)
		keep_sample(p, value[0]);
	return ++p->rows % BEAT_ROWS != 0 || job_progress(p->job, p->rows, 0, "unpooled", e);
}

static bool open_frames(struct pools *p, const char *day, struct err *e)
{
	struct worker *w = p->job->worker;
	DB_ROWS rows = { 0 };
	if (!DB_RUN(p->job->db, Q_quality_frames, &rows, e, DB_TEXT(day),
		    DB_INT(w->process->conf.demo)))
		return false;
	if (rows.n > FRAMES_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu frames in the cycle", rows.n);
	p->frame = arena_calloc(p->a, rows.n + 1, sizeof *p->frame);
	for (size_t i = 0; i < rows.n; i++) {
		uint8_t hash[32];
		struct db_row r = db_row(&rows, i, p->a, e);
		db_hash(&r, "sha256", hash);
		if (r.bad)
			return false;
		p->frames++;
		if (!open_frame(&p->frame[i], w->store, hash, p->a, e))
			return false;
	}
	return true;
}

static struct bytes counts_json(struct pools *p)
{
	struct buf b = buf_new(p->a, 256);
	buf_byte(&b, '[');
	for (size_t i = 0; i < p->sources; i++) {
		const struct source *s = &p->source[i];
		buf_str(&b, i > 0 ? ",{" : "{");
		json_put_member(&b, "batch", s->batch);
		json_put_number(&b, "objects", s->objects);
		json_put_number(&b, "absent", s->absent);
		json_put_number(&b, "excluded", s->excluded);
		buf_byte(&b, '}');
	}
	buf_byte(&b, ']');
	return buf_view(&b);
}

static bool count(struct pools *p, struct err *e)
{
	struct db *stream = p->job->worker->stream;
	p->samples = buf_new(p->a, 512);
	buf_byte(&p->samples, '[');
	p->source = arena_calloc(p->a, SOURCES_MAX, sizeof *p->source);
	bool ok = db_begin(stream, true, e) &&
		  db_stream(stream, Q_quality_objects, NULL, on_object, p, e);
	db_rollback(stream);
	buf_byte(&p->samples, ']');
	return ok;
}

bool quality_unpooled(struct job *job, const char *day, struct quality_pools *out, struct err *e)
{
	struct pools p = { .job = job, .a = job->arena };
	bool ok = open_frames(&p, day, e) && (p.frames == 0 || count(&p, e));
	*out = (struct quality_pools){ counts_json(&p),
		p.frames > 0 ? buf_view(&p.samples) : BYTES("[]") };
	for (size_t i = 0; i < p.frames; i++)
		arena_free(p.frame[i].part_arena);
	return ok;
}
