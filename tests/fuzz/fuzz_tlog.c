/* Checkpoints, witness requests, tile paths and entry bundles: each has one spelling only. */
#include "sampler/checkpoint.h"
#include "sampler/tile.h"
#include "sampler/witness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

static void refused(const struct err *e, enum err_code code)
{
	must(e->code == code && e->what[0] != '\0');
}

static void fuzz_checkpoint(struct arena *a, struct bytes in)
{
	struct checkpoint c;
	struct err e = { 0 };
	struct buf b = buf_new(a, 0);
	if (!checkpoint_parse(&c, in, &e)) {
		refused(&e, ERR_BAD_NOTE);
		return;
	}
	checkpoint_put(&b, &c);
	must(bytes_equal(buf_view(&b), in));
}

static void fuzz_request(struct arena *a, struct bytes in)
{
	struct witness_request r;
	struct err e = { 0 };
	struct buf b = buf_new(a, 0);
	if (!witness_request_parse(&r, in, &e)) {
		refused(&e, ERR_BAD_NOTE);
		return;
	}
	witness_request_put(&b, &r);
	must(bytes_equal(buf_view(&b), in));
}

static void fuzz_path(struct arena *a, struct bytes in)
{
	struct tile t;
	struct err e = { 0 };
	struct buf b = buf_new(a, 0);
	if (!tile_parse(&t, in, &e)) {
		refused(&e, ERR_BAD_TILE);
		return;
	}
	must(t.width >= 1 && t.width <= TILE_WIDTH && t.level <= TILE_LEVEL_MAX);
	tile_put_path(&b, &t);
	must(bytes_equal(buf_view(&b), in));
}

static void fuzz_bundle(struct arena *a, struct bytes in)
{
	struct bytes entries[TILE_WIDTH];
	size_t count;
	struct err e = { 0 };
	struct buf b = buf_new(a, in.n);
	if (!tile_entries(in, entries, &count, &e)) {
		refused(&e, ERR_BAD_TILE);
		return;
	}
	must(count >= 1 && count <= TILE_WIDTH);
	for (size_t i = 0; i < count; i++)
		tile_put_entry(&b, entries[i]);
	must(bytes_equal(buf_view(&b), in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct bytes in = { (const char *)data, size };
	fuzz_checkpoint(a, in);
	fuzz_request(a, in);
	fuzz_path(a, in);
	fuzz_bundle(a, in);
	return 0;
}
