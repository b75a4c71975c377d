#include "tests/bench/world.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/cfgfile.h"
#include "daemon/documents.h"
#include "daemon/policy/schemefile.h"

void bench_must(bool ok, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "bench: %s %s\n", e->where, e->what);
	exit(1);
}

uint64_t bench_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void bench_line(const char *name, uint64_t value, const char *unit)
{
	printf("%s %" PRIu64 " %s\n", name, value, unit);
}

void bench_ms(const char *name, uint64_t ns)
{
	bench_line(name, ns / 1000000, "ms");
}

void bench_said(const char *group, const char *words, uint64_t value, const char *unit)
{
	bool gap = false;

	printf("%s.", group);
	for (const char *p = words; *p != '\0'; p++) {
		bool part = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
		char small = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
		if (!part && small == *p) {
			gap = p > words;
			continue;
		}
		printf("%s%c", gap ? "-" : "", small);
		gap = false;
	}
	printf(" %" PRIu64 " %s\n", value, unit);
}

/* ---- policies ------------------------------------------------------------------------------ */

static const char *read_file(struct arena *a, const char *name)
{
	struct err e = { 0 };
	char *text;
	bench_must(cfg_read(&text, a, name, DOCUMENT_MAX, &e), &e);
	return text;
}

void bench_policy(struct policy *p, struct arena *a, size_t tasks)
{
	static const char *const files[] = { "etc/policy/schemes/food-and-drugs.conf",
		"etc/policy/schemes/network.conf", "etc/policy/schemes/public-safety.conf",
		"etc/policy/schemes/trade.conf" };
	struct err e = { 0 };
	struct documents base, d;
	struct compose_rows base_rows, out;
	struct compose_task *task = arena_calloc(a, tasks + 1, sizeof *task);
	bench_must(document_base(&base, a, read_file(a, "etc/policy/district.conf"), "base", "main",
			   NULL, &e),
		&e);
	bench_must(compose_split(base.at[0].rows, a, &base_rows, &e), &e);
	for (size_t n = 0, file = 0; n < tasks; file++) {
		bench_must(document_scheme(&d, a, read_file(a, files[file % 4]), "scheme", "",
				   &base_rows, &e),
			&e);
		for (size_t i = 0; i < d.n && n < tasks; i++, n++) {
			task[n] = (struct compose_task){ .from = BYTES("2026-03-02"),
				.to = BYTES("2026-05-29") };
			task[n].code = bytes_of(arena_printf(a, "%s-%zu", d.at[i].code, file / 4));
			bench_must(compose_split(d.at[i].rows, a, &task[n].scheme, &e), &e);
		}
	}
	bench_must(compose_read(p, &base_rows, task, tasks, a, &out, &e), &e);
}

/* ---- objects ------------------------------------------------------------------------------- */

void bench_objects(struct bench_objects *o, const struct policy *p)
{
	o->labels = 0;
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < p->tasks[t].labels.n && o->labels < BENCH_LABELS; i++)
			o->label[o->labels++] = p->tasks[t].labels.at[i];
}

void bench_facts(struct bench_objects *o, size_t i, struct bytes fact[FRAME_FACTS])
{
	static const char *const classes[] = { "A", "A", "A", "A", "A", "A", "A", "B", "B", "C",
		"D", "" };
	size_t n = (size_t)snprintf(o->id, sizeof o->id, "91330199MA%08zu", i);
	for (size_t k = 0; k < FRAME_FACTS; k++)
		fact[k] = BYTES("");
	fact[FACT_OBJECT] = fact[FACT_ENTITY] = (struct bytes){ o->id, n };
	fact[FACT_KIND] = BYTES("enterprise");
	fact[FACT_INDUSTRY] = BYTES("F5212");
	fact[FACT_REGION] = BYTES("330199001");
	fact[FACT_ESTABLISHED] = i % 10 != 0 ? BYTES("2015-06-01") : BYTES("2025-10-01");
	fact[FACT_STATUS] = BYTES("open");
	fact[FACT_CLASS] = bytes_of(classes[i * 7 % 12]);
	fact[FACT_LABELS] = o->label[i * 31 % o->labels];
	fact[FACT_RESERVED] = BYTES("0");
}
