/* A simulation: bench_simulate [OBJECTS [TASKS [SEEDS]]], 50,000 objects, 25 tasks and 200 seeds
 * where nothing is given. Cells and windows are made by counting; what is measured is what the job
 * does once the frame is loaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/cfgfile.h"
#include "daemon/documents.h"
#include "daemon/policy/schemefile.h"
#include "planner/frame_build.h"
#include "planner/simulate.h"

enum { OBJECTS = 50000, TASKS = 25, SEEDS = 200, INDEPENDENT = 20, DATE = 20514, LABELS_MOST = 64 };

static void must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "bench_simulate: %s %s\n", e->where, e->what);
	exit(1);
}

static const char *read_file(struct arena *a, const char *name)
{
	struct err e = { 0 };
	char *text;
	must(cfg_read(&text, a, name, DOCUMENT_MAX, &e), &e);
	return text;
}
/* Base and schemes of the templates, each scheme as often as is needed. */
static void make_policy(struct policy *p, struct arena *a, size_t tasks)
{
	static const char *const files[] = { "etc/policy/schemes/food-and-drugs.conf",
		"etc/policy/schemes/network.conf", "etc/policy/schemes/public-safety.conf",
		"etc/policy/schemes/trade.conf" };
	struct err e = { 0 };
	struct documents base, d;
	struct compose_rows base_rows, out;
	struct compose_task *task = arena_calloc(a, tasks + 1, sizeof *task);
	must(document_base(
		     &base, a, read_file(a, "etc/policy/district.conf"), "base", "main", NULL, &e),
		&e);
	must(compose_split(base.at[0].rows, a, &base_rows, &e), &e);
	for (size_t n = 0, file = 0; n < tasks; file++) {
		must(document_scheme(
			     &d, a, read_file(a, files[file % 4]), "scheme", "", &base_rows, &e),
			&e);
		for (size_t i = 0; i < d.n && n < tasks; i++, n++) {
			task[n] = (struct compose_task){ .from = BYTES("2026-03-02"),
				.to = BYTES("2026-05-29") };
			task[n].code = bytes_of(arena_printf(a, "%s-%zu", d.at[i].code, file / 4));
			must(compose_split(d.at[i].rows, a, &task[n].scheme, &e), &e);
		}
	}
	must(compose_read(p, &base_rows, task, tasks, a, &out, &e), &e);
}

/* All labels that tasks look for. */
static size_t labels_of(const struct policy *p, struct bytes label[LABELS_MOST])
{
	size_t n = 0;
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < p->tasks[t].labels.n && n < LABELS_MOST; i++)
			label[n++] = p->tasks[t].labels.at[i];
	return n;
}

static void make_facts(
	struct bytes *f, const struct bytes *label, size_t labels, size_t i, char id[32])
{
	static const char *const classes[] = { "A", "A", "A", "A", "A", "A", "A", "B", "B", "C",
		"D", "" };
	size_t n = (size_t)snprintf(id, 32, "91330199MA%08zu", i);
	for (size_t k = 0; k < FRAME_FACTS; k++)
		f[k] = BYTES("");
	f[FACT_OBJECT] = f[FACT_ENTITY] = (struct bytes){ id, n };
	f[FACT_KIND] = BYTES("enterprise");
	f[FACT_INDUSTRY] = BYTES("F5212");
	f[FACT_REGION] = BYTES("330199001");
	f[FACT_ESTABLISHED] = i % 10 != 0 ? BYTES("2015-06-01") : BYTES("2025-10-01");
	f[FACT_STATUS] = BYTES("open");
	f[FACT_CLASS] = bytes_of(classes[i * 7 % 12]);
	f[FACT_LABELS] = label[i * 31 % labels];
	f[FACT_RESERVED] = BYTES("0");
}

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void make_frame(struct frame *f, struct arena *a, const struct policy *p, size_t objects)
{
	static const char salt_key[] =
		"0000000000000000000000000000000000000000000000000000000000000000";
	struct bytes label[LABELS_MOST], fact[FRAME_FACTS];
	struct buf *text = arena_calloc(a, 1, sizeof *text);
	struct table *table = arena_calloc(a, 1, sizeof *table);
	size_t labels = labels_of(p, label);
	struct frame_sums sums;
	struct err e = { 0 };
	char id[32];

	*text = buf_new(a, 1 << 20);
	struct frame_builder *b = frame_build_start(a, p, DATE, salt_key, sink_buf(text), &e);
	must(b != NULL, &e);
	for (size_t i = 0; i < objects; i++) {
		make_facts(fact, label, labels, i, id);
		must(frame_build_put(b, fact, 1, &e), &e);
	}
	must(frame_build_end(b, &sums, &e) && table_open(table, TABLE_FRAME, buf_view(text), &e) &&
			policy_frame(p, f, table, a, &e),
		&e);
}

int main(int argc, char **argv)
{
	size_t objects = argc > 1 ? strtoul(argv[1], NULL, 10) : OBJECTS;
	size_t tasks = argc > 2 ? strtoul(argv[2], NULL, 10) : TASKS;
	uint32_t seeds = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : SEEDS;
	ARENA_AUTO a = arena_new();
	struct policy *p = arena_calloc(a, 1, sizeof *p);
	struct frame frame;
	struct strata strata;
	struct simulation s;
	struct err e = { 0 };
	make_policy(p, a, tasks);
	uint64_t start = now();
	make_frame(&frame, a, p, objects);
	must(strata_make(&strata, p, &frame.counts, a, &e), &e);
	uint64_t loaded = now();
	struct simulate_input in = { .policy = p,
		.frame = &frame,
		.strata = &strata,
		.seeds = seeds,
		.independent = seeds < INDEPENDENT ? seeds : INDEPENDENT };
	must(simulate(&s, &in, a, &e), &e);
	uint64_t end = now();
	printf("simulate.objects %zu\nsimulate.tasks %zu\nsimulate.seeds %u\n", objects, tasks,
		seeds);
	printf("simulate.visits_thousandths %llu\nsimulate.bound_thousandths %llu\n",
		(unsigned long long)s.figure[SIMULATE_VISITS].mean, (unsigned long long)s.bound);
	printf("simulate.frame_ms %llu\nsimulate.seeds_ms %llu\n",
		(unsigned long long)(loaded - start), (unsigned long long)(end - loaded));
	return 0;
}
