#include "daemon/frozen.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/chunk.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/seed.h"

struct bytes frozen_hex(struct arena *a, const uint8_t hash[32])
{
	struct buf b = buf_new(a, 65);
	buf_hex(&b, hash, 32);
	return buf_view(&b);
}

struct bytes frozen_number(struct arena *a, uint64_t v)
{
	return bytes_of(arena_printf(a, "%" PRIu64, v));
}

struct bytes frozen_text(struct arena *a, enum table_id id, const char key[64], struct bytes rows)
{
	const struct table_form *form = table_form(id);
	uint8_t blind[32];
	struct buf b = buf_new(a, rows.n + 512);
	seed_frame_blind(key, form->name, blind);
	buf_str(&b, "blind ");
	buf_hex(&b, blind, sizeof blind);
	buf_str(&b, "\ndrawd/");
	buf_str(&b, form->name);
	buf_str(&b, "/v1\n");
	for (size_t i = 0; form->column[i] != NULL; i++) {
		buf_str(&b, i > 0 ? "\t" : "");
		buf_str(&b, form->column[i]);
	}
	buf_byte(&b, '\n');
	buf_bytes(&b, rows);
	return buf_view(&b);
}

bool freeze_before(struct db *db, struct arena *a, struct freeze_before *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct note note;
	struct record rec;
	uint8_t leaf[32];
	*out = (struct freeze_before){ BYTES("none"), 0 };
	if (!db_query(db, Q_last_freeze, NULL, &rows, e))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	struct bytes whole = db_bytea(&r, "note");
	db_hash(&r, "leaf", leaf);
	if (r.bad || !note_parse(&note, a, whole, e) || !record_parse(&rec, note.text, e))
		return err_at(e, "the last freeze");
	*out = (struct freeze_before){ frozen_hex(a, leaf), record_number(&rec, "frozen") };
	return true;
}

/* The hash of each artefact that the round's records name. */
static bool hashes(struct job *job, const struct round_row *round, uint8_t hash[TABLES][32],
	unsigned *found, struct err *e)
{
	DB_ROWS rows = { 0 };
	*found = 0;
	if (!DB_RUN(job->db, Q_round_artefacts, &rows, e, DB_TEXT(round->id)))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, job->arena, e);
		enum table_id id;
		if (!table_id_of(db_bytes(&r, "name"), &id))
			continue;
		db_hash(&r, "sha256", hash[id]);
		*found |= TABLE_BIT(id);
		if (r.bad)
			return false;
	}
	return true;
}

static bool keep_lease(void *ctx, struct err *e)
{
	return job_progress(ctx, 0, 0, "load", e);
}

bool frozen_load(struct job *job, const struct round_row *round, unsigned tables, struct frozen *f,
	struct err *e)
{
	uint8_t hash[TABLES][32];
	unsigned found = 0;
	if (!hashes(job, round, hash, &found, e))
		return false;
	for (unsigned id = 0; id < TABLES; id++) {
		const char *name = table_form((enum table_id)id)->name;
		if ((tables & TABLE_BIT(id)) == 0 || f->all[id].p != NULL)
			continue;
		if ((found & TABLE_BIT(id)) == 0)
			return err_set(e, ERR_NO_ARTEFACT, "%s %s", round->id, name);
		if (!chunk_map(job->db, hash[id], (struct chunk_watch){ keep_lease, job },
			    &f->all[id], job->arena, e) ||
			!table_open(&f->table[id], (enum table_id)id, f->all[id], e))
			return err_at(e, "%s %s", round->id, name);
		if (!job_progress(job, 0, 0, name, e))
			return false;
	}
	return true;
}

void frozen_unload(struct frozen *f)
{
	for (unsigned id = 0; id < TABLES; id++)
		chunk_unmap(f->all[id]);
	*f = (struct frozen){ 0 };
}
