#include "daemon/register/repeats.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Rows lie in parts by their hashes; a part that grows needs room for itself twice, not for all. */
enum { PARTS = 256, START = 64, CHUNK = 65536, KEY_MOST = 4096 };
struct part {
	struct repeat *at;
	size_t room, n; /* room is a power of two */
};

/* A row on the heap, its key behind it. */
struct lump {
	uint32_t part, line, facts, key_n;
};

struct repeats {
	struct part part[PARTS];
	size_t most, n;
	struct repeats_heap heap;
	uint64_t heaped; /* rows */
	uint64_t written; /* bytes given to the heap; the others are in out */
	size_t out_n;
	char out[CHUNK];
};

struct repeats *repeats_new(size_t most, const struct repeats_heap *heap)
{
	struct repeats *r = calloc(1, sizeof *r);
	if (r == NULL)
		abort();
	r->most = most;
	r->heap = *heap;
	return r;
}

static void forget(struct repeats *r)
{
	for (size_t i = 0; i < PARTS; i++)
		free(r->part[i].at);
	memset(r->part, 0, sizeof r->part);
	r->n = 0;
}

void repeats_free(struct repeats *r)
{
	if (r != NULL)
		forget(r);
	free(r);
}

/* ---- in memory ----------------------------------------------------------------------------- */

static struct repeat *find_in(struct repeat *table, size_t room, const uint32_t key[3])
{
	size_t i = key[0] & (room - 1);
	while (table[i].line != 0 && memcmp(table[i].key, key, sizeof table[i].key) != 0)
		i = (i + 1) & (room - 1);
	return &table[i];
}

static void make_room(struct part *part)
{
	size_t room = part->room == 0 ? START : 2 * part->room;
	struct repeat *at = calloc(room, sizeof *at);
	if (at == NULL)
		abort();
	for (size_t i = 0; i < part->room; i++)
		if (part->at[i].line != 0)
			*find_in(at, room, part->at[i].key) = part->at[i];
	free(part->at);
	part->at = at;
	part->room = room;
}

/* Names of rows need no secret: whoever makes two of them collide spoils his own file. */
static void hash(struct bytes s, uint32_t out[4])
{
	static const unsigned char key[crypto_shorthash_siphashx24_KEYBYTES] = "drawd import/v1";
	unsigned char h[crypto_shorthash_siphashx24_BYTES];
	crypto_shorthash_siphashx24(h, (const unsigned char *)s.p, s.n, key);
	memcpy(out, h, sizeof h);
}

uint32_t repeats_hash(struct bytes s)
{
	uint32_t h[4];
	hash(s, h);
	return h[0];
}

/* The place of a key: that of the row there, or a free one. */
static struct repeat *place_of(struct repeats *r, const uint32_t h[4])
{
	struct part *part = &r->part[h[3] % PARTS];
	if (4 * part->n >= 3 * part->room)
		make_room(part);
	return find_in(part->at, part->room, h);
}

static void keep(
	struct repeats *r, struct repeat *at, const uint32_t h[4], uint32_t line, uint32_t facts)
{
	memcpy(at->key, h, sizeof at->key);
	at->line = line;
	at->facts = facts;
	r->part[h[3] % PARTS].n++;
	r->n++;
}

/* ---- on the heap --------------------------------------------------------------------------- */

static bool flush(struct repeats *r, struct err *e)
{
	if (r->out_n > 0 && !r->heap.put(r->heap.ctx, (struct bytes){ r->out, r->out_n }, e))
		return false;
	r->written += r->out_n;
	r->out_n = 0;
	return true;
}

static bool heap_up(struct repeats *r, struct bytes key, const struct lump *lump, struct err *e)
{
	if (r->out_n + sizeof *lump + key.n > CHUNK && !flush(r, e))
		return false;
	memcpy(r->out + r->out_n, lump, sizeof *lump);
	memcpy(r->out + r->out_n + sizeof *lump, key.p, key.n);
	r->out_n += sizeof *lump + key.n;
	r->heaped++;
	return true;
}

bool repeats_find(struct repeats *r, struct bytes key, uint32_t line, uint32_t facts,
	struct repeat **before, struct err *e)
{
	uint32_t h[4];
	hash(key, h);
	struct repeat *at = place_of(r, h);
	*before = at->line != 0 ? at : NULL;
	if (*before != NULL)
		return true;
	if (r->n < r->most || r->heap.put == NULL) {
		keep(r, at, h, line, facts);
		return true;
	}
	if (key.n > KEY_MOST)
		return err_set(e, ERR_INTERNAL, "key");
	const struct lump lump = { h[2], line, facts, (uint32_t)key.n };
	return heap_up(r, key, &lump, e);
}

/* ---- at the end ---------------------------------------------------------------------------- */

struct walk {
	struct repeats *r;
	uint64_t passes, pass;
	bool (*each)(void *ctx, struct repeat *before, struct bytes key, uint32_t line,
		uint32_t facts, struct err *e);
	void *ctx;
};

static bool look_at(const struct walk *w, const struct lump *lump, struct bytes key, struct err *e)
{
	uint32_t h[4];
	if (lump->part % w->passes != w->pass)
		return true;
	hash(key, h);
	struct repeat *at = place_of(w->r, h);
	if (at->line != 0)
		return w->each(w->ctx, at, key, lump->line, lump->facts, e);
	keep(w->r, at, h, lump->line, lump->facts);
	return true;
}

/* Whole rows of what was read; how many bytes they were, 0 with e where the last call said no. */
static size_t look_at_all(const struct walk *w, struct bytes s, struct err *e)
{
	struct lump lump;
	size_t at = 0;
	while (s.n - at >= sizeof lump) {
		memcpy(&lump, s.p + at, sizeof lump);
		if (s.n - at - sizeof lump < lump.key_n)
			break;
		struct bytes key = { s.p + at + sizeof lump, lump.key_n };
		if (!look_at(w, &lump, key, e))
			return 0;
		at += sizeof lump + lump.key_n;
	}
	return at;
}

static bool pass_over(const struct walk *w, struct err *e)
{
	struct repeats *r = w->r;
	for (uint64_t from = 0; from < r->written;) {
		uint64_t left = r->written - from;
		size_t n = left < CHUNK ? (size_t)left : CHUNK;
		if (!r->heap.get(r->heap.ctx, from, r->out, n, e))
			return false;
		n = look_at_all(w, (struct bytes){ r->out, n }, e);
		if (n == 0)
			return e->code != ERR_NONE ? false : err_set(e, ERR_INTERNAL, "heap");
		from += n;
	}
	return true;
}

bool repeats_end(struct repeats *r,
	bool (*each)(void *ctx, struct repeat *before, struct bytes key, uint32_t line,
		uint32_t facts, struct err *e),
	void *ctx, struct err *e)
{
	struct walk w = { .r = r, .each = each, .ctx = ctx };
	if (r->heaped == 0)
		return true;
	if (!flush(r, e))
		return false;
	w.passes = (r->heaped + r->most - 1) / r->most;
	for (; w.pass < w.passes; w.pass++) {
		forget(r);
		if (!pass_over(&w, e))
			return false;
	}
	return true;
}
