/* The bundle: PROTOCOL.md §12. */
#include "tests/unit/test.h"

#include <string.h>

#include "sampler/bundle.h"
#include "sampler/table.h"

enum { FILES_MAX = 32 };

struct sample {
	struct bundle_file file[FILES_MAX];
	size_t n;
};

static void add(struct sample *s, const char *name, struct bytes content)
{
	struct bundle_file *f = &s->file[s->n++];
	*f = (struct bundle_file){ .name = bytes_of(name), .size = content.n, .content = content };
	sha256(content.p, content.n, f->hash);
}

static struct sample make(enum bundle_level level, struct arena *a)
{
	struct sample s = { .n = 0 };
	add(&s, "seed.txt", BYTES("drawd/seed/v1\n"));
	add(&s, "frontier", BYTES(""));
	add(&s, "entries/0000000009", BYTES("lock"));
	add(&s, "entries/0000000008", BYTES("freeze"));
	add(&s, "entries/0000000010", bytes_of(arena_printf(a, "%01024d", 7)));
	add(&s, "checkpoints/0000000011", BYTES("checkpoint"));
	for (unsigned t = 0; t < TABLES; t++)
		add(&s, arena_printf(a, "artefacts/%s", table_form((enum table_id)t)->name),
			bytes_of(arena_printf(a, "%0*u", (int)(510 + t), t)));
	add(&s, "PROTOCOL.md", BYTES("# The draw protocol\n"));
	size_t kept = 0;
	for (size_t i = 0; i < s.n; i++)
		if (bundle_name_ok(s.file[i].name, level))
			s.file[kept++] = s.file[i];
	s.n = kept;
	bundle_sort(s.file, s.n);
	return s;
}

static bool write(const struct sample *s, enum bundle_level level, struct buf *out, size_t chunk,
	struct err *e)
{
	struct bundle_writer w;
	if (!bundle_start(
		    &w, BYTES("2026-0007"), level, s->file, s->n, sink_buf(out), out->arena, e))
		return false;
	for (size_t i = 0; i < s->n; i++)
		for (struct bytes rest = s->file[i].content; rest.n > 0;) {
			size_t n = rest.n < chunk ? rest.n : chunk;
			if (!bundle_put(&w, (struct bytes){ rest.p, n }, e))
				return false;
			rest = (struct bytes){ rest.p + n, rest.n - n };
		}
	return bundle_end(&w, e);
}

static void test_round_trip(void **state)
{
	(void)state;
	for (int level = LEVEL_AUDIT; level <= LEVEL_PUBLIC; level++) {
		ARENA_AUTO a = arena_new();
		struct sample s = make((enum bundle_level)level, a);
		struct buf out = buf_new(a, 0), small = buf_new(a, 0);
		struct err e = { 0 };
		struct bundle b;
		assert_true(write(&s, (enum bundle_level)level, &out, SIZE_MAX, &e));
		assert_true(write(&s, (enum bundle_level)level, &small, 7, &e));
		assert_true(bytes_equal(buf_view(&out), buf_view(&small)));
		assert_true(bundle_open(&b, buf_view(&out), a, &e));
		assert_true(bytes_is(b.round, "2026-0007"));
		assert_int_equal(b.level, level);
		assert_int_equal(b.files, s.n);
		for (size_t i = 0; i < s.n; i++) {
			assert_true(bytes_equal(b.file[i].name, s.file[i].name));
			assert_true(bytes_equal(b.file[i].content, s.file[i].content));
		}
		size_t n;
		assert_true(bytes_is(bundle_folder(&b, "entries/", &n)[1].content, "lock"));
		assert_int_equal(n, 3);
		bundle_folder(&b, "artefacts/", &n);
		assert_int_equal(n, level == LEVEL_AUDIT ? TABLES : 0);
		assert_int_equal(bundle_find(&b, "seed.txt") != NULL, level == LEVEL_AUDIT);
		assert_null(bundle_find(&b, "seed.tx"));
		assert_int_equal(bundle_find(&b, "frontier")->size, 0);
	}
}

/* A header as `tar --format=ustar` of GNU tar writes it, but for the fields §12 fixes. */
static void test_header_bytes(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample s = make(LEVEL_PUBLIC, a);
	struct buf out = buf_new(a, 0);
	struct err e = { 0 };
	char expected[512] = { 0 };
	assert_true(write(&s, LEVEL_PUBLIC, &out, SIZE_MAX, &e));
	assert_int_equal(out.n % 512, 0);
	memcpy(expected, "MANIFEST", 8);
	memcpy(expected + 100, "0000644\0000000000\0000000000", 23);
	memcpy(expected + 124, out.p + 124, 11);
	memcpy(expected + 136, "00000000000", 11);
	memcpy(expected + 148, out.p + 148, 6);
	expected[155] = ' ';
	memcpy(expected + 156, "0", 1);
	memcpy(expected + 257, "ustar\00000", 8);
	assert_memory_equal(out.p, expected, 512);
	unsigned sum = 0;
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)out.p[i];
	assert_int_equal(strtoul(out.p + 148, NULL, 8), sum);
	size_t size = strtoul(out.p + 124, NULL, 8);
	assert_memory_equal(out.p + 512, "drawd/bundle/v1\nround 2026-0007\nlevel public\n", 45);
	assert_int_equal(out.p[512 + size - 1], '\n');
}

/* Every byte, in eight ways: refused, but for the round, which the freeze decides. */
static void test_flip_any_byte(void **state)
{
	(void)state;
	for (int level = LEVEL_AUDIT; level <= LEVEL_PUBLIC; level++) {
		ARENA_AUTO a = arena_new();
		struct sample s = make((enum bundle_level)level, a);
		struct buf out = buf_new(a, 0);
		struct err fine = { 0 };
		assert_true(write(&s, (enum bundle_level)level, &out, SIZE_MAX, &fine));
		size_t round = 512 + strlen("drawd/bundle/v1\nround ");
		for (size_t i = 0; i < out.n; i++) {
			ARENA_AUTO own = arena_new();
			struct bundle b;
			struct err e = { 0 };
			unsigned bit = level == LEVEL_AUDIT ? i % 8 : 0;
			if (i >= round && i < round + 9)
				continue;
			for (unsigned k = bit; k < (level == LEVEL_AUDIT ? bit + 1 : 8); k++) {
				out.p[i] = (char)(out.p[i] ^ 1 << k);
				if (bundle_open(&b, buf_view(&out), own, &e))
					fail_msg("byte %zu, bit %u", i, k);
				assert_int_equal(e.code, ERR_BAD_BUNDLE);
				out.p[i] = (char)(out.p[i] ^ 1 << k);
			}
		}
	}
}

static void test_cut_and_add(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample s = make(LEVEL_PUBLIC, a);
	struct buf out = buf_new(a, 0);
	struct bundle b;
	struct err fine = { 0 };
	assert_true(write(&s, LEVEL_PUBLIC, &out, SIZE_MAX, &fine));
	for (size_t n = 0; n < out.n; n++) {
		struct err e = { 0 };
		assert_false(bundle_open(&b, (struct bytes){ out.p, n }, a, &e));
	}
	for (int more = 1; more <= 1024; more *= 2) {
		struct err e = { 0 };
		for (int i = 0; i < more; i++)
			buf_byte(&out, '\0');
		assert_false(bundle_open(&b, buf_view(&out), a, &e));
	}
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool audit, public;
	} rows[] = {
		{ "PROTOCOL.md", true, true },
		{ "frontier", true, true },
		{ "seed.txt", true, false },
		{ "artefacts/frame", true, false },
		{ "artefacts/frames", false, false },
		{ "artefacts/", false, false },
		{ "checkpoints/0000000012", true, true },
		{ "entries/0123456789", true, true },
		{ "entries/123456789", false, false },
		{ "entries/01234567890", false, false },
		{ "entries/012345678x", false, false },
		{ "MANIFEST", false, false },
		{ "frontier2", false, false },
		{ "../seed.txt", false, false },
		{ "", false, false },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct bytes name = bytes_of(rows[i].name);
		assert_int_equal(bundle_name_ok(name, LEVEL_AUDIT), rows[i].audit);
		assert_int_equal(bundle_name_ok(name, LEVEL_PUBLIC), rows[i].public);
	}
}

/* A file left out, added or renamed is refused by the writer and, forged into MANIFEST, by the
 * reader. */
static void test_missing_and_unknown(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample whole = make(LEVEL_AUDIT, a);
	for (size_t drop = 0; drop < whole.n; drop++) {
		struct sample s = whole;
		struct buf out = buf_new(a, 0), manifest = buf_new(a, 0);
		struct err e = { 0 }, again = { 0 };
		struct bundle b;
		bool ends = bytes_is(whole.file[drop].name, "entries/0000000008") ||
			    bytes_is(whole.file[drop].name, "entries/0000000010");
		memmove(&s.file[drop], &s.file[drop + 1], (s.n - drop - 1) * sizeof *s.file);
		s.n--;
		/* which entry is the first and the last, the checkpoints decide */
		assert_int_equal(write(&s, LEVEL_AUDIT, &out, SIZE_MAX, &e), ends);
		bundle_manifest(&manifest, BYTES("2026-0007"), LEVEL_AUDIT, s.file, s.n);
		assert_int_equal(bundle_manifest_parse(&b, buf_view(&manifest), a, &again), ends);
	}
	struct sample s = whole;
	struct buf out = buf_new(a, 0);
	struct err e = { 0 };
	assert_false(write(&s, LEVEL_PUBLIC, &out, SIZE_MAX, &e));
	struct err other = { 0 };
	s.file[0].name = BYTES("protocol.md");
	assert_false(write(&s, LEVEL_AUDIT, &out, SIZE_MAX, &other));
}

static void test_writer_checks_contents(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct sample whole = make(LEVEL_PUBLIC, a);
	static const struct bytes contents[] = { { "# The draw protocoL\n", 20 },
		{ "# The draw protocol\n\n", 21 }, { "# The draw protocol", 19 } };
	for (size_t i = 0; i < 3; i++) {
		struct sample s = whole;
		struct buf out = buf_new(a, 0);
		struct err e = { 0 };
		s.file[0].content = contents[i];
		assert_false(write(&s, LEVEL_PUBLIC, &out, SIZE_MAX, &e));
		assert_int_equal(e.code, ERR_BAD_BUNDLE);
	}
	struct sample s = whole;
	struct buf out = buf_new(a, 0);
	struct bundle_writer w;
	struct err e = { 0 };
	s.file[0].size = BUNDLE_FILE_MAX + 1;
	assert_false(bundle_start(
		&w, BYTES("2026-0007"), LEVEL_PUBLIC, s.file, s.n, sink_buf(&out), a, &e));
	struct err end = { 0 };
	assert_true(bundle_start(&w, BYTES("2026-0007"), LEVEL_PUBLIC, whole.file, whole.n,
		sink_buf(&out), a, &end));
	assert_false(bundle_end(&w, &end));
}

static void test_manifest_lines(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "drawd/bundle/v1\n",
		"drawd/bundle/v1\nround 2026-7\n",
		"drawd/bundle/v1\nround 2026-0007\nlevel secret\n",
		"drawd/bundle/v1\nround 2026-0007\nlevel audit\nx\n",
		"drawd/bundle/v1\nround 2026-0007\nlevel audit\n00 1 seed.txt\n",
		"drawd/bundle/v1\nround 2026-0007\nlevel audit" };
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		ARENA_AUTO a = arena_new();
		struct bundle b;
		struct err e = { 0 };
		assert_false(bundle_manifest_parse(&b, bytes_of(bad[i]), a, &e));
		assert_int_equal(e.code, ERR_BAD_BUNDLE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_header_bytes),
		cmocka_unit_test(test_flip_any_byte),
		cmocka_unit_test(test_cut_and_add),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_missing_and_unknown),
		cmocka_unit_test(test_writer_checks_contents),
		cmocka_unit_test(test_manifest_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
