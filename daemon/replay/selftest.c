#include "daemon/replay/selftest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/replay/replay.h"
#include "daemon/replay/sample.h"
#include "sampler/step.h"

/* ---- the tamperings: one function each, called after every stage ---- */

static void flip_archive(struct sample *s, enum stage stage)
{
	if (stage != AFTER_BUNDLE)
		return;
	char *copy = arena_strndup(s->arena, s->bundle.p, s->bundle.n);
	copy[s->bundle.n / 2] ^= 1;
	s->bundle.p = copy;
}

/* The checkpoints are of a log that holds another entry in the place of the last one. */
static void other_entry(struct sample *s, enum stage stage)
{
	s->stale_root |= stage == AFTER_LOG;
}

static void foreign_log_key(struct sample *s, enum stage stage)
{
	if (stage == AFTER_LOG)
		s->log_signer = &s->attester[0];
}

static void unsigned_draw(struct sample *s, enum stage stage)
{
	if (stage == AFTER_LOCK)
		s->draw_signer = &s->attester[0];
}

static void lock_twice(struct sample *s, enum stage stage)
{
	s->twice |= stage == AFTER_LOCK;
}

static void witnessed_late(struct sample *s, enum stage stage)
{
	if (stage == AFTER_LOG)
		s->cosign_time += 3600;
}

static void other_pool(struct sample *s, enum stage stage)
{
	if (stage == AFTER_LOG)
		sample_replace(s, TABLE_POOL, "2028-12-31", "2028-12-30");
}

static void unlawful_department(struct sample *s, enum stage stage)
{
	if (stage == AFTER_POLICY)
		sample_policy(s, "department.wjw.inspects", "no");
}

static void other_universe(struct sample *s, enum stage stage)
{
	if (stage == AFTER_FREEZE)
		record_set(&s->record[RECORD_FREEZE], "universe",
			record_get(&s->record[RECORD_FREEZE], "frame-root"));
}

static void exclusion_dropped(struct sample *s, enum stage stage)
{
	if (stage == AFTER_FRAME)
		sample_replace(s, TABLE_FRAME, "\tclosed\t", "\tB\t");
}

static void report_changed(struct sample *s, enum stage stage)
{
	if (stage == AFTER_FROZEN)
		sample_replace(s, TABLE_STRATA, "\ttargeted\n", "\trandom\n");
}

static void other_secret(struct sample *s, enum stage stage)
{
	if (stage == AFTER_BEACON)
		s->secret[0] ^= 1;
}

static void other_ticket_root(struct sample *s, enum stage stage)
{
	if (stage == AFTER_DRAW)
		record_set(&s->record[RECORD_DRAW], "ticket-root",
			record_get(&s->record[RECORD_DRAW], "visit-root"));
}

/* One drawn object gives way to one that was not drawn; plan and tree are made for the forgery. */
static void object_swapped(struct sample *s, enum stage stage)
{
	if (stage != AFTER_SELECTION)
		return;
	struct table t;
	struct err e = { 0 };
	struct bytes row[TABLE_COLUMNS_MAX], chosen = { NULL, 0 };
	if (!table_open(&t, TABLE_SELECTION, s->artefact[TABLE_SELECTION], &e))
		return;
	struct table_cursor c = table_rows(&t);
	while (table_next(&t, &c, row))
		if (bytes_is(row[0], "canteen") && bytes_is(row[1], "C"))
			chosen = row[2];
	/* the last one of its stratum has a neighbour that keeps the rows in order */
	char *copy = arena_strndup(s->arena, t.all.p, t.all.n);
	char *last = copy + (chosen.p - t.all.p) + chosen.n - 1;
	*last = *last == '9' ? '8' : (char)(*last + 1);
	s->artefact[TABLE_SELECTION] = (struct bytes){ copy, t.all.n };
}

/* An object is put off to another batch; its visits are made for that. */
static void batch_changed(struct sample *s, enum stage stage)
{
	if (stage == AFTER_SELECTION)
		sample_replace(s, TABLE_SELECTION, "\t1\n", "\t2\n");
}

/* Objects of one entity are passed off as units of their own. */
static void unit_added(struct sample *s, enum stage stage)
{
	struct table t;
	struct err e = { 0 };
	struct bytes row[TABLE_COLUMNS_MAX];
	if (stage != AFTER_FROZEN || !table_open(&t, TABLE_STRATA, s->artefact[TABLE_STRATA], &e))
		return;
	struct table_cursor c = table_rows(&t);
	while (table_next(&t, &c, row) && bytes_equal(row[2], row[3]))
		;
	char *start = arena_printf(s->arena, "%.*s\t%.*s\t%.*s\t", BYTES_ARG(row[0]),
		BYTES_ARG(row[1]), BYTES_ARG(row[2]));
	sample_replace(s, TABLE_STRATA,
		arena_printf(s->arena, "%s%.*s\t", start, BYTES_ARG(row[3])),
		arena_printf(s->arena, "%s%.*s\t", start, BYTES_ARG(row[2])));
}

/* A visit 入企检查 passed off as a check without a door entry. */
static void visit_offsite(struct sample *s, enum stage stage)
{
	if (stage == AFTER_PLAN)
		sample_replace(s, TABLE_VISITS, "\tonsite\t", "\toffsite\t");
}

static void department_dropped(struct sample *s, enum stage stage)
{
	if (stage == AFTER_PLAN)
		sample_replace(s, TABLE_VISITS, "scjg,wjw", "scjg");
}

/* Two inspectors change places, so that the counts still agree. */
static void inspector_swapped(struct sample *s, enum stage stage)
{
	if (stage != AFTER_PLAN)
		return;
	struct table t;
	struct err e = { 0 };
	struct bytes row[TABLE_COLUMNS_MAX], first = { NULL, 0 };
	if (!table_open(&t, TABLE_SLOTS, s->artefact[TABLE_SLOTS], &e))
		return;
	char *copy = arena_strndup(s->arena, t.all.p, t.all.n);
	struct table_cursor c = table_rows(&t);
	while (table_next(&t, &c, row)) {
		if (!bytes_is(row[2], "scjg") || row[4].n == 0)
			continue;
		if (first.p == NULL)
			first = row[4];
		else if (row[4].n == first.n && !bytes_equal(first, row[4])) {
			memcpy(copy + (first.p - t.all.p), row[4].p, first.n);
			memcpy(copy + (row[4].p - t.all.p), first.p, first.n);
			break;
		}
	}
	s->artefact[TABLE_SLOTS] = (struct bytes){ copy, t.all.n };
}

static void day_moved(struct sample *s, enum stage stage)
{
	if (stage == AFTER_PLAN)
		sample_replace(s, TABLE_SCHEDULE, "\tam\t", "\tpm\t");
}

static void blind_changed(struct sample *s, enum stage stage)
{
	if (stage != AFTER_PLAN)
		return;
	struct bytes all = s->artefact[TABLE_SCHEDULE];
	char *copy = arena_strndup(s->arena, all.p, all.n);
	copy[6] = copy[6] == '0' ? '1' : '0';
	s->artefact[TABLE_SCHEDULE] = (struct bytes){ copy, all.n };
}

static void stranger_reports(struct sample *s, enum stage stage)
{
	s->stranger |= stage == AFTER_DRAW;
}

static void loose_change(struct sample *s, enum stage stage)
{
	s->loose |= stage == AFTER_LOG;
}

static void early_cause(struct sample *s, enum stage stage)
{
	s->early |= stage == AFTER_FREEZE;
}

/* Every check has one, in the order of the checks. */
static const struct {
	enum check_id check;
	const char *name;
	tamper_fn *run;
} tampers[] = {
	{ V1_BUNDLE, "byte-flipped", flip_archive },
	{ V2_LOG, "entry-replaced", other_entry },
	{ V3_CHECKPOINTS, "foreign-log-key", foreign_log_key },
	{ V4_SIGNERS, "draw-by-attester", unsigned_draw },
	{ V5_ROUND, "lock-twice", lock_twice },
	{ V6_LOCK, "witnessed-late", witnessed_late },
	{ V7_ARTEFACTS, "pool-changed", other_pool },
	{ V8_POLICY, "unlawful-department", unlawful_department },
	{ V9_FRAME, "other-universe", other_universe },
	{ V10_EXCLUSIONS, "exclusion-dropped", exclusion_dropped },
	{ V11_STRATA, "report-changed", report_changed },
	{ V11_STRATA, "unit-added", unit_added },
	{ V12_SEED, "other-secret", other_secret },
	{ V13_TICKETS, "other-ticket-root", other_ticket_root },
	{ V14_SELECTION, "object-swapped", object_swapped },
	{ V14_SELECTION, "batch-changed", batch_changed },
	{ V15_VISITS, "department-dropped", department_dropped },
	{ V15_VISITS, "visit-offsite", visit_offsite },
	{ V16_INSPECTORS, "inspector-swapped", inspector_swapped },
	{ V17_SCHEDULE, "half-day-moved", day_moved },
	{ V18_BLINDS, "blind-changed", blind_changed },
	{ V19_RESULTS, "stranger-reports", stranger_reports },
	{ V19_RESULTS, "cause-before-draw", early_cause },
	{ V20_CHANGES, "loose-change", loose_change },
};
enum { TAMPERS = sizeof tampers / sizeof *tampers };

static bool keep_file(const char *folder, const char *name, const char *end, struct bytes content)
{
	char path[4096];
	if (folder == NULL)
		return true;
	snprintf(path, sizeof path, "%s/%s%s", folder, name, end);
	FILE *f = fopen(path, "wb");
	bool ok = f != NULL && fwrite(content.p, 1, content.n, f) == content.n;
	ok = f != NULL && fclose(f) == 0 && ok;
	if (!ok)
		fprintf(stderr, "drawreplay: %s: %s\n", path, strerror(errno));
	return ok;
}

/* Make one sample and replay it. False where it could not be made or kept. */
static bool run_sample(const char *name, tamper_fn *tamper, const char *keep, enum err_lang lang,
	struct outcome out[CHECKS])
{
	ARENA_AUTO a = arena_new();
	struct sample *s = arena_calloc(a, 1, sizeof *s);
	struct replay *r = arena_calloc(a, 1, sizeof *r);
	struct trust trust;
	struct err e = { 0 };
	char text[900];
	if (!sample_make(s, a, tamper, &e) || !trust_parse(&trust, a, s->trust, &e)) {
		fprintf(stderr, "%s: %s\n", name, err_text(&e, lang, text, sizeof text));
		return false;
	}
	replay_run(r, a, s->bundle, &trust, out);
	return keep_file(keep, name, ".tar", s->bundle) && keep_file(keep, "trust", "", s->trust);
}

/* The check in question fails, and none before it. */
static bool fails_at(const struct outcome out[CHECKS], unsigned want, unsigned *first)
{
	*first = 0;
	while (*first < CHECKS && out[*first].verdict != CHECK_FAIL)
		++*first;
	return *first == want;
}

/* Every part of the step table has its check here, under the same number and clause. */
static bool steps_have_checks(void)
{
	bool ok = true;
	for (size_t i = 0; step_part_at(i) != NULL; i++) {
		const struct step_part *p = step_part_at(i);
		unsigned long n = strtoul(p->check + 1, NULL, 10);
		const char *clause = p->clause + strlen("§");
		bool same = n >= 1 && n <= CHECKS &&
			    strstr(replay_checks[n - 1].clause, clause) != NULL &&
			    (replay_checks[n - 1].base != 0 || n == 1);
		if (!same)
			printf("not ok step table: %s, %s %s\n", p->pure, p->check, p->clause);
		ok = ok && same;
	}
	if (ok)
		puts("ok step table: every part has its check");
	return ok;
}

static bool checks_have_tampers(void)
{
	uint32_t seen = 0;
	for (unsigned i = 0; i < TAMPERS; i++)
		seen |= UINT32_C(1) << tampers[i].check;
	bool ok = seen == (UINT32_C(1) << CHECKS) - 1;
	printf("%s every check has its tampering\n", ok ? "ok" : "not ok");
	return ok;
}

int selftest(const char *keep, enum err_lang lang)
{
	struct outcome out[CHECKS];
	char text[900];
	unsigned bad = 0, first;
	bool good = run_sample("good", NULL, keep, lang, out) && fails_at(out, CHECKS, &first) &&
		    replay_exit(out, LEVEL_AUDIT) == 0;
	for (unsigned i = 0; !good && i < CHECKS; i++)
		if (out[i].verdict == CHECK_FAIL)
			printf("V%u %s\n", i + 1, err_text(&out[i].err, lang, text, sizeof text));
	printf("%s good\n", good ? "ok" : "not ok");
	bad += !good;
	bad += !steps_have_checks();
	bad += !checks_have_tampers();
	for (unsigned i = 0; i < TAMPERS; i++) {
		enum check_id check = tampers[i].check;
		bool made = run_sample(tampers[i].name, tampers[i].run, keep, lang, out);
		bool ok = made && fails_at(out, check, &first);
		printf("%s V%u %s%s%s\n", ok ? "ok" : "not ok", check + 1, tampers[i].name,
			ok ? " — " : "",
			ok ? err_text(&out[check].err, lang, text, sizeof text) : "");
		if (made && !ok)
			printf("  first failure: V%u %s\n", first + 1,
				first < CHECKS ? err_text(&out[first].err, lang, text, sizeof text)
					       : "");
		bad += !ok;
	}
	printf("%u passed, %u failed\n", TAMPERS + 3 - bad, bad);
	return bad == 0 ? 0 : 1;
}
