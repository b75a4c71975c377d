/* Artefacts: an input that opens as one is written again to the same bytes and hash. The name in
 * its second line says which it is. */
#include <stdlib.h>
#include <string.h>

#include "sampler/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct table *t, struct arena *a)
{
	struct bytes *field = arena_calloc(a, t->columns, sizeof *field);
	struct bytes *task = arena_calloc(a, t->tasks + 1, sizeof *task);
	struct buf out = buf_new(a, t->all.n);
	struct table_cursor c = table_rows(t);
	struct table_writer w;
	struct err e = { 0 };
	uint8_t hash[32], again[32];
	if (t->tasks > 0)
		table_task_codes(t, task);
	if (!table_start(&w, t->id, t->blind, task, t->tasks, sink_buf(&out), a, &e))
		abort();
	while (table_next(t, &c, field))
		if (!table_put(&w, field, &e))
			abort();
	if (!table_end(&w, hash, &e) || c.row != t->n || !bytes_equal(buf_view(&out), t->all))
		abort();
	sha256(t->all.p, t->all.n, again);
	if (memcmp(hash, again, sizeof hash) != 0)
		abort();
}

static void load_frame(const struct table *t, struct arena *a)
{
	struct strata_rank rank;
	struct frame f;
	struct err e = { 0 };
	for (int s = 0; s <= FRAME_STRATA; s++)
		rank.place[s] = (uint8_t)s;
	if (!frame_load(&f, t, &rank, a, &e)) {
		if (e.code == ERR_NONE || e.what[0] == '\0')
			abort();
		return;
	}
	for (size_t i = 0; i < f.n; i++) {
		size_t at;
		if (!frame_find(&f, frame_object(&f, i), &at) || at != i)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = { (const char *)data, size }, rest = all;
	bool more;
	enum table_id id = TABLE_POLICY;
	bytes_cut(&rest, '\n', &more);
	struct bytes name = bytes_cut(&rest, '\n', &more);
	if (name.n > 9)
		table_id_of((struct bytes){ name.p + 6, name.n - 9 }, &id);

	ARENA_AUTO a = arena_new();
	struct table t;
	struct err e = { 0 };
	if (!table_open(&t, id, all, &e)) {
		if (e.code != ERR_BAD_TABLE || e.what[0] == '\0')
			abort();
		return 0;
	}
	write_again(&t, a);
	if (id == TABLE_FRAME)
		load_frame(&t, a);
	return 0;
}
