#include "tests/unit/test.h"

#include <string.h>

#include "sampler/tile.h"
#include "tests/unit/outside.h"
#include "tests/unit/vectors.h"

static bool parses(struct tile *t, struct bytes path)
{
	struct err e = { 0 };
	bool ok = tile_parse(t, path, &e);
	assert_int_equal(e.code, ok ? ERR_NONE : ERR_BAD_TILE);
	return ok;
}

static void round_trip(struct tile t, const char *path)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 0);
	struct tile again;
	tile_put_path(&b, &t);
	assert_true(bytes_is(buf_view(&b), path));
	assert_true(parses(&again, bytes_of(path)));
	assert_true(again.entries == t.entries && again.level == t.level &&
		    again.index == t.index && again.width == t.width);
}

static void test_paths(void **state)
{
	(void)state;
	round_trip((struct tile){ false, 0, 0, 256 }, "tile/0/000");
	round_trip((struct tile){ false, 0, 999, 256 }, "tile/0/999");
	round_trip((struct tile){ false, 0, 1000, 256 }, "tile/0/x001/000");
	round_trip((struct tile){ false, 63, 1234067, 1 }, "tile/63/x001/x234/067.p/1");
	round_trip((struct tile){ true, 0, 1000000, 255 }, "tile/entries/x001/x000/000.p/255");
	round_trip((struct tile){ true, 0, INT64_MAX, 256 },
		"tile/entries/x009/x223/x372/x036/x854/x775/807");
}

static void test_refused_paths(void **state)
{
	static const char *const paths[] = { "", "tile", "tile/", "tile/0", "tile/0/", "Tile/0/000",
		"/tile/0/000", "tile//000", "tile/00/000", "tile/-1/000", "tile/64/000",
		"tile/x/000", "tile/entry/000", "tile/0/00", "tile/0/0000", "tile/0/000/",
		"tile/0/x000/001", "tile/0/001/002", "tile/0/x001/x002", "tile/0/x001",
		"tile/0/x01/000", "tile/0/x001/00a", "tile/0/000.p", "tile/0/000.p/",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/",
		"tile/0/000.q/1", "tile/0/x001.p/1", "tile/0/x009/x223/x372/x036/x854/x775/808",
		"tile/0/x001/x000/x000/x000/x000/x000/x000/000", "tile/0/000\n" };
	struct tile t;
	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		assert_false(parses(&t, bytes_of(paths[i])));
	assert_false(parses(&t, (struct bytes){ "tile/0/000\0", 11 }));
}

static void test_width(void **state)
{
	static const struct {
		uint64_t size;
		unsigned level;
		uint64_t index;
		unsigned width;
	} rows[] = { { 0, 0, 0, 0 }, { 1, 0, 0, 1 }, { 255, 0, 0, 255 }, { 256, 0, 0, 256 },
		{ 256, 0, 1, 0 }, { 256, 1, 0, 1 }, { 257, 0, 1, 1 }, { 70000, 0, 273, 112 },
		{ 70000, 1, 1, 17 }, { 70000, 2, 0, 1 }, { 70000, 3, 0, 0 },
		{ MERKLE_SIZE_MAX, 7, 0, 127 }, { MERKLE_SIZE_MAX, 8, 0, 0 } };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			tile_width(rows[i].size, rows[i].level, rows[i].index), rows[i].width);
}

static struct bytes tile_bytes(
	struct arena *a, const struct merkle_tree *t, unsigned level, uint64_t index)
{
	unsigned width = tile_width(t->size, level, index);
	struct buf b = buf_new(a, 8192);
	buf_put(&b, t->level[level * TILE_HEIGHT] + index * TILE_WIDTH,
		width * (size_t)SHA256_SIZE);
	return buf_view(&b);
}

/* Every node of a tree of 700 leaves can be had from the tile that tile_place() names. */
static void test_nodes(void **state)
{
	static const size_t N = 700;
	ARENA_AUTO a = arena_new();
	struct hash *leaves = arena_calloc(a, N, sizeof *leaves);
	struct merkle_tree t;
	(void)state;
	for (size_t i = 0; i < N; i++)
		merkle_leaf((struct bytes){ (const char *)&i, sizeof i }, &leaves[i]);
	merkle_tree_build(&t, a, leaves, N);
	for (unsigned level = 0; N >> level > 0; level++)
		for (uint64_t i = 0; i < N >> level; i++) {
			struct tile_place at = tile_place(level, i);
			struct bytes tile = tile_bytes(a, &t, at.level, at.index);
			struct hash h;
			struct err e = { 0 };
			assert_true(tile_node(tile, &at, &h, &e));
			assert_memory_equal(&h, &t.level[level][i], sizeof h);
			tile.n = (at.first + at.width) * (size_t)SHA256_SIZE - SHA256_SIZE;
			assert_false(tile_node(tile, &at, &h, &e)); /* one hash too few */
			assert_int_equal(e.code, ERR_BAD_TILE);
		}
	struct tile_place first = tile_place(0, 0);
	struct hash h;
	struct err odd = { 0 };
	assert_false(tile_node((struct bytes){ (const char *)leaves, 33 }, &first, &h, &odd));
	assert_int_equal(odd.code, ERR_BAD_TILE);
}

static void test_bundles(void **state)
{
	ARENA_AUTO a = arena_new();
	struct bytes in[TILE_WIDTH], out[TILE_WIDTH];
	struct buf b = buf_new(a, 0);
	size_t count;
	(void)state;
	for (size_t i = 0; i < TILE_WIDTH; i++) {
		size_t n = i == 7 ? TILE_ENTRY_MAX : i * 3 % 300;
		in[i] = (struct bytes){ arena_calloc(a, 1, n + 1), n };
		tile_put_entry(&b, in[i]);
		struct err e = { 0 };
		assert_true(tile_entries(buf_view(&b), out, &count, &e));
		assert_int_equal(count, i + 1);
		assert_true(bytes_equal(out[i], in[i]) && bytes_equal(out[0], in[0]));
	}
	for (size_t cut = b.n - in[255].n - 1; cut < b.n; cut++) {
		struct err e = { 0 };
		assert_false(tile_entries((struct bytes){ b.p, cut }, out, &count, &e));
		assert_int_equal(e.code, ERR_BAD_TILE);
	}
	struct err many = { 0 }, none = { 0 };
	tile_put_entry(&b, BYTES(""));
	assert_false(tile_entries(buf_view(&b), out, &count, &many));
	assert_int_equal(many.code, ERR_BAD_TILE);
	assert_false(tile_entries(BYTES(""), out, &count, &none));
	assert_int_equal(none.code, ERR_BAD_TILE);
}

static void test_published_paths(void **state)
{
	ARENA_AUTO a = arena_new();
	struct vectors v = { .separator = '\t' };
	struct vector f;
	(void)state;
	v.rest = outside_file(a, "vectors/tlog/tile_paths.tsv");
	for (; vectors_next(&v, &f);) {
		unsigned width = (unsigned)vectors_u64(f.field[2]);
		round_trip((struct tile){ false, (unsigned)vectors_u64(f.field[0]),
				   vectors_u64(f.field[1]), width > 0 ? width : TILE_WIDTH },
			arena_strndup(a, f.field[3].p, f.field[3].n));
	}
	v.rest = outside_file(a, "vectors/tlog/entry_paths.tsv");
	for (; vectors_next(&v, &f);) {
		uint64_t index = vectors_u64(f.field[0]) / TILE_WIDTH;
		round_trip((struct tile){ true, 0, index,
				   tile_width(vectors_u64(f.field[1]), 0, index) },
			arena_strndup(a, f.field[2].p, f.field[2].n));
	}
	v.rest = outside_file(a, "vectors/tlog/partial_widths.tsv");
	for (; vectors_next(&v, &f);)
		assert_int_equal(
			tile_width(vectors_u64(f.field[0]), (unsigned)vectors_u64(f.field[1]),
				vectors_u64(f.field[2])),
			vectors_u64(f.field[3]));
}

static void test_published_refusals(void **state)
{
	ARENA_AUTO a = arena_new();
	struct bytes rest = outside_line(a, "vectors/tlog/bad_tile_index.txt");
	struct tile t;
	(void)state;
	for (bool more = true; more;) {
		struct bytes line = bytes_cut(&rest, '\n', &more);
		assert_false(parses(&t, bytes_of(arena_printf(a, "tile/0/%.*s", BYTES_ARG(line)))));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_refused_paths),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_bundles),
		cmocka_unit_test(test_published_paths),
		cmocka_unit_test(test_published_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
