#include "daemon/ctl/publiclog.h"

#include <string.h>

#include "sampler/merkle.h"
#include "sampler/note.h"
#include "sampler/record.h"
#include "sampler/tile.h"
#include "sampler/trust.h"

enum { TRUST_FILE_MAX = 1 << 20 };

struct reading {
	struct ctl *c;
	struct trust trust;
	struct checkpoint point;
	struct merkle tree;
	struct vkey *operators;
	struct note_mark *marks; /* one for each operator's key */
	size_t operators_n;
	struct anchors *out;
	size_t room;
};

/* ---- trust ---------------------------------------------------------------------------------- */

static void find_operators(struct reading *r)
{
	const struct trust_signer *s;
	struct arena *a = r->c->arena;
	size_t from = 0;
	r->operators = arena_calloc(a, r->trust.signer_count + 1, sizeof *r->operators);
	r->marks = arena_calloc(a, r->trust.signer_count + 1, sizeof *r->marks);
	while ((s = trust_next(&r->trust, TRUST_OPERATOR, (struct bytes){ 0 }, &from)) != NULL)
		r->operators[r->operators_n++] = s->key;
}

static bool read_trust(struct reading *r, const char *file, struct err *e)
{
	struct bytes text;
	if (!read_input(r->c, file, TRUST_FILE_MAX, &text, e))
		return false;
	if (!trust_parse(&r->trust, r->c->arena, text, e))
		return err_at(e, "%s", file);
	find_operators(r);
	return true;
}

static bool read_checkpoint(struct reading *r, struct bytes whole, struct err *e)
{
	struct arena *a = r->c->arena;
	struct note_mark *marks = arena_calloc(a, r->trust.witness_count + 1, sizeof *marks);
	whole.p = arena_strndup(a, whole.p, whole.n);
	if (!trust_checkpoint(&r->trust, a, whole, &r->point, marks, e))
		return err_at(e, "/checkpoint");
	return trust_quorum_by(&r->trust, marks, UINT64_MAX) ||
	       err_set(e, ERR_NO_WITNESS, "/checkpoint, %llu", (unsigned long long)r->point.size);
}

/* ---- entries -------------------------------------------------------------------------------- */

static bool signed_by_operator(
	struct reading *r, struct arena *a, struct bytes entry, struct err *e)
{
	struct note note;
	if (!note_parse(&note, a, entry, e) ||
		!note_verify(&note, r->operators, r->operators_n, r->marks, e))
		return false;
	for (size_t i = 0; i < r->operators_n; i++)
		if (r->marks[i].found)
			return true;
	return err_set(e, ERR_MISSING_SIGNER, "operator");
}

static void keep_anchor(struct reading *r, const struct record *record, uint64_t index)
{
	struct anchors *out = r->out;
	struct arena *a = r->c->arena;
	if (out->n == r->room) {
		r->room = r->room * 2 + 64;
		struct anchor *all = arena_calloc(a, r->room, sizeof *all);
		if (out->n > 0)
			memcpy(all, out->all, out->n * sizeof *all);
		out->all = all;
	}
	struct anchor *x = &out->all[out->n++];
	struct bytes date = record_get(record, "date");
	x->date = arena_strndup(a, date.p, date.n);
	x->entries = record_number(record, "entries");
	record_hash(record, "audit", x->audit.b);
	x->index = index;
}

static bool take_entry(struct reading *r, struct bytes entry, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct note note;
	struct record record;
	enum record_kind kind;
	uint64_t index = r->tree.size;
	merkle_append_entry(&r->tree, entry);
	if (!note_parse(&note, a, entry, e))
		return err_at(e, "log entry %llu", (unsigned long long)index);
	if (!record_kind_of_text(note.text, &kind) || kind != RECORD_ANCHOR)
		return true;
	if (!record_parse(&record, note.text, e) || !signed_by_operator(r, a, entry, e))
		return err_at(e, "log entry %llu", (unsigned long long)index);
	keep_anchor(r, &record, index);
	return true;
}

static bool take_bundle(struct reading *r, const struct tile *t, struct bytes bundle, struct err *e)
{
	struct bytes entries[TILE_WIDTH];
	size_t n;
	if (!tile_entries(bundle, entries, &n, e))
		return false;
	if (n != t->width)
		return err_set(e, ERR_BAD_TILE, "%zu entries, %u are wanted", n, t->width);
	for (size_t i = 0; i < n; i++)
		if (!take_entry(r, entries[i], e))
			return false;
	return true;
}

static bool read_bundle(struct reading *r, uint64_t index, int *exit_code)
{
	struct ctl *c = r->c;
	struct reply reply;
	struct err e = { 0 };
	struct buf path = buf_new(c->arena, 64);
	struct tile t = { .entries = true, .index = index };
	t.width = tile_width(r->point.size, 0, index);
	buf_byte(&path, '/');
	tile_put_path(&path, &t);
	buf_byte(&path, '\0');
	if (!client_get(c, path.p, &reply, exit_code))
		return false;
	bool ok = take_bundle(r, &t, reply.body, &e);
	client_forget(c);
	if (ok)
		return true;
	err_at(&e, "%s", path.p);
	*exit_code = tell_error(c, &e);
	return false;
}

static bool root_agrees(const struct reading *r, struct err *e)
{
	struct hash root;
	merkle_root(&r->tree, &root);
	return memcmp(root.b, r->point.root.b, sizeof root.b) == 0 ||
	       err_set(e, ERR_BAD_TREE, "the root of %llu entries is not that of the checkpoint",
		       (unsigned long long)r->point.size);
}

bool anchors_read(struct ctl *c, const char *trust_file, struct anchors *out, int *exit_code)
{
	struct reading r = { .c = c, .out = out };
	struct reply reply;
	struct err e = { 0 };
	*out = (struct anchors){ 0 };
	if (!read_trust(&r, trust_file, &e)) {
		*exit_code = tell_error(c, &e);
		return false;
	}
	if (!client_get(c, "/checkpoint", &reply, exit_code))
		return false;
	bool ok = read_checkpoint(&r, reply.body, &e);
	merkle_init(&r.tree);
	for (uint64_t i = 0; ok && i * TILE_WIDTH < r.point.size; i++) {
		if (!read_bundle(&r, i, exit_code))
			return false;
		tell_progress(c, TR(c, "读取公开日志", "reading the log"), (int64_t)r.tree.size,
			(int64_t)r.point.size);
	}
	tell_progress_end(c);
	ok = ok && root_agrees(&r, &e);
	if (!ok)
		*exit_code = tell_error(c, &e);
	out->size = r.point.size;
	return ok;
}
