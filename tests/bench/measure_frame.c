/* What a freeze reads of the registers: measure_frame CONNINFO DAY, as the worker reads it, handed
 * to nobody (frame_rows), and as the rows of a frame that is built. Run by bench_frame.sh. */
#include <stdio.h>

#include "daemon/framerows.h"
#include "planner/civil.h"
#include "planner/frame_build.h"
#include "tests/bench/world.h"

enum { TASKS = 25 };

static bool count(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	uint64_t *n = ctx;
	(void)value;
	(void)columns;
	(void)e;
	++*n;
	return true;
}

static bool build(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	(void)columns;
	return frame_build_put(ctx, value, 1, e);
}

static bool nowhere(void *ctx, struct bytes text, struct err *e)
{
	(void)ctx;
	(void)text;
	(void)e;
	return true;
}

static uint64_t read_rows(struct db *db, const struct frame_rows_of *of, db_each *each, void *ctx)
{
	struct err e = { 0 };
	uint64_t start = bench_now();
	bench_must(db_begin(db, true, &e) && frame_rows(db, of, each, ctx, &e), &e);
	db_rollback(db);
	return bench_now() - start;
}

int main(int argc, char **argv)
{
	static const char salt_key[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	ARENA_AUTO a = arena_new();
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct frame_sums sums;
	struct err e = { 0 };
	int32_t day;
	uint64_t n = 0;

	if (argc < 3 || !civil_parse(bytes_of(argv[2]), &day)) {
		fprintf(stderr, "usage: measure_frame CONNINFO DAY\n");
		return 2;
	}
	bench_policy(p, a, TASKS);
	const struct frame_rows_of of = { p, day, false, "" };
	struct db *db = db_open(argv[1], &e);
	bench_must(db != NULL, &e);
	bench_ms("frame.rows", read_rows(db, &of, count, &n));
	bench_line("frame.objects", n, "objects");
	struct frame_builder *b =
		frame_build_start(a, p, day, salt_key, (struct sink){ nowhere, NULL }, &e);
	bench_must(b != NULL, &e);
	uint64_t took = read_rows(db, &of, build, b), start = bench_now();
	bench_must(frame_build_end(b, &sums, &e), &e);
	bench_ms("frame.built", took + (bench_now() - start));
	db_free(db);
	return 0;
}
