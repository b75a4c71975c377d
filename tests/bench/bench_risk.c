/* Classes: a million entities by a model of 100 indicators, in processor time; the signals of an
 * entity are made up from its number. bench_risk.sh measures the same with the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "planner/risk.h"
#include "tests/bench/world.h"

enum { INDICATORS = 100, KINDS = 25, SIGNALS = 6, TODAY = 20000 };

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void add(struct arena *a, struct setting_row *rows, size_t *n, const char *line)
{
	const char *space = strchr(line, ' ');
	rows[(*n)++] =
		(struct setting_row){ { line, (size_t)(space - line) }, bytes_of(space + 1) };
	(void)a;
}

static void add_indicator(struct arena *a, struct setting_row *rows, size_t *n, int i)
{
	static const char *const same[] = { "basis b", "ends yes", "field *", "measure count",
		"name n", "red none", "repair yes", "source events" };
	for (size_t k = 0; k < sizeof same / sizeof *same; k++)
		add(a, rows, n, arena_printf(a, "indicator.i%02d.%s", i, same[k]));
	add(a, rows, n, arena_printf(a, "indicator.i%02d.match k%02d", i, i % KINDS));
	add(a, rows, n, arena_printf(a, "indicator.i%02d.window %d", i, 365 + 10 * i));
	add(a, rows, n, arena_printf(a, "indicator.i%02d.half %d", i, 100 + i));
	add(a, rows, n,
		arena_printf(a, "indicator.i%02d.bands 0.5:-%d,1:-%d,3:-%d", i, i % 5 + 1,
			i % 5 + 3, i % 5 + 9));
}

static void make(struct risk *r, struct arena *a)
{
	static const char *const model[] = { "at.A 750", "at.B 600", "at.C 400", "basis b",
		"field ", "high 1000", "industries *", "kinds *", "labels *", "low 0", "name n",
		"points 800", "version 1" };
	struct setting_row *rows = arena_calloc(a, 20 * INDICATORS, sizeof *rows);
	struct buf codes = buf_new(a, 1024);
	struct err e = { 0 };
	size_t n = 0;

	add(a, rows, &n, "computed.rank 20");
	add(a, rows, &n, "repeat.basis ");
	add(a, rows, &n, "repeat.days 0");
	add(a, rows, &n, "repeat.exempt 0");
	for (size_t k = 0; k < sizeof model / sizeof *model; k++)
		add(a, rows, &n, arena_printf(a, "model.general.%s", model[k]));
	for (int i = 0; i < INDICATORS; i++) {
		add_indicator(a, rows, &n, i);
		buf_str(&codes, arena_printf(a, "%si%02d", i > 0 ? "," : "", i));
	}
	add(a, rows, &n,
		arena_printf(a, "model.general.indicators %.*s", BYTES_ARG(buf_view(&codes))));
	settings_sort(rows, n);
	if (!risk_from_rows(r, a, rows, n, &e)) {
		fprintf(stderr, "%s %s\n", e.where, e.what);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	long entities = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	const struct risk_facts facts = {
		.kind = BYTES("enterprise"), .established = TODAY - 3000, .since = CIVIL_NONE
	};
	char kind[KINDS][4];
	struct risk risk;
	size_t classes[STRATUM_U + 1] = { 0 };
	uint64_t x = 1;

	ARENA_AUTO a = arena_new();
	make(&risk, a);
	struct risk_machine *m = risk_compile(&risk, a);
	for (unsigned k = 0; k < KINDS; k++)
		snprintf(kind[k], sizeof kind[k], "k%02u", k % 100);
	uint64_t start = now();
	for (long i = 0; i < entities; i++) {
		struct risk_signal s[SIGNALS + RISK_OWN_SIGNALS];
		size_t n = risk_own_signals(&facts, s, RISK_OWN_SIGNALS);
		x = x * 6364136223846793005u + 1442695040888963407u;
		for (unsigned k = 0; k < (x >> 60) % SIGNALS; k++)
			s[n++] = (struct risk_signal){ .source = RISK_EVENTS,
				.kind = { kind[(x >> (8 + 5 * k)) % KINDS], 3 },
				.day = TODAY - (int32_t)((x >> (3 * k)) % 1500),
				.ends = CIVIL_NONE,
				.repaired = CIVIL_NONE };
		classes[risk_classify(m, &facts, s, n, TODAY)->field[0].class]++;
	}
	uint64_t took = now() - start;
	bench_line("risk.pure.entities", (uint64_t)entities, "entities");
	bench_line("risk.pure.indicators", INDICATORS, "indicators");
	bench_line("risk.pure.each", took / (uint64_t)(entities > 0 ? entities : 1), "ns");
	bench_ms("risk.pure.all", took);
	for (unsigned c = STRATUM_A; c <= STRATUM_D; c++)
		bench_said(
			"risk.pure.class", stratum_name((enum stratum)c), classes[c], "entities");
	return 0;
}
