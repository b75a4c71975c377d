/* The bundle: an archive that opens is written again to the same bytes. A fuzzer does not find
 * SHA-256 by itself, so MANIFEST is read on its own too. */
#include <stdlib.h>

#include "sampler/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const struct bundle *b, struct bytes all, struct arena *a)
{
	struct buf out = buf_new(a, all.n);
	struct bundle_writer w;
	struct err e = { 0 };
	if (!bundle_start(&w, b->round, b->level, b->file, b->files, sink_buf(&out), a, &e))
		abort();
	for (size_t i = 0; i < b->files; i++)
		if (b->file[i].content.n > 0 && !bundle_put(&w, b->file[i].content, &e))
			abort();
	if (!bundle_end(&w, &e) || !bytes_equal(buf_view(&out), all))
		abort();
}

static void manifest(struct bytes text, struct arena *a)
{
	struct bundle b;
	struct err e = { 0 };
	if (!bundle_manifest_parse(&b, text, a, &e)) {
		if (e.code != ERR_BAD_BUNDLE || e.what[0] == '\0')
			abort();
		return;
	}
	struct buf again = buf_new(a, text.n);
	bundle_manifest(&again, b.round, b.level, b.file, b.files);
	if (!bytes_equal(buf_view(&again), text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes all = { (const char *)data, size };
	struct bundle b;
	struct err e = { 0 };
	ARENA_AUTO a = arena_new();
	manifest(all, a);
	if (bundle_open(&b, all, a, &e))
		write_again(&b, all, a);
	else if (e.code != ERR_BAD_BUNDLE || e.what[0] == '\0')
		abort();
	return 0;
}
