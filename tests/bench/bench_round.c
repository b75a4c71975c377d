/* A whole round, from facts to the replay: bench_round [OBJECTS [TASKS [1]]], the 1 for tasks that
 * draw entities, of which one in fifty has two objects; a district and a city of 12 tasks where
 * nothing is given. Processor time of every step, per object and as a multiple of
 * one hash of a ticket by libsodium, so that different machines compare; memory that is the
 * program's own (no mapped text) and the peak of the step. Draw and replay must agree. */
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "planner/exclude.h"
#include "planner/frame_build.h"
#include "planner/plan.h"
#include "planner/quota.h"
#include "sampler/bundle.h"
#include "sampler/leaves.h"
#include "sampler/select.h"
#include "sampler/ticket.h"
#include "tests/bench/world.h"

enum { COUNTY = 50000, INSPECTORS = 300, DEPARTMENTS = 6, BATCH = 4096, DATE = 20514 };
static const char salt_key[65] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

struct round {
	struct arena *arena, *work; /* work: what a draw or its replay takes */
	size_t objects, tasks;
	bool by_entity; /* tasks draw entities */
	char dir[256];
	struct policy policy;
	struct frame_sums sums;
	struct bytes artefact[TABLES];
	struct seed_keys keys;
	uint64_t libsodium; /* picoseconds of one ticket */
};

/* What a draw or its replay finds out. */
struct drawn_round {
	struct frame frame;
	struct strata strata;
	struct tickets tickets;
	struct selection selection;
	struct drawn drawn;
	struct hash root;
	struct plan plan;
	struct plan_input input;
	struct bytes text; /* artefact `selection` */
};

static void must(bool ok, const char *what, const struct err *e)
{
	if (ok)
		return;
	fprintf(stderr, "bench_round: %s: %s %s\n", what, e != NULL ? e->where : "",
		e != NULL ? e->what : "");
	exit(1);
}

/* ---- measuring ---- */

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A line of /proc/self/status in bytes; 0 where there is none. */
static uint64_t memory(const char *name)
{
	char line[256];
	uint64_t kib = 0;
	FILE *f = fopen("/proc/self/status", "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, name, strlen(name)) == 0)
			kib = strtoull(line + strlen(name) + 1, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib * 1024;
}

/* From here on the peak counts anew. */
static void forget_peak(void)
{
	FILE *f = fopen("/proc/self/clear_refs", "w");
	if (f == NULL)
		return;
	fputs("5", f);
	fclose(f);
}

static const char *group; /* of the lines: draw or replay, and how many objects */

static void head(struct round *r, const char *what)
{
	group = arena_printf(r->arena, "round.%zu.%s", r->objects, what);
}

static void show(const char *what, uint64_t ns)
{
	bench_said(group, what, ns / 1000, "us");
	fflush(stdout);
}

static void lap(const struct round *r, const char *what, uint64_t *since)
{
	show(what, now() - *since);
	bench_said(group, arena_printf(r->arena, "%s memory", what), memory("VmHWM:") >> 20, "MiB");
	forget_peak();
	*since = now();
}

/* Picoseconds of the hash of a ticket. */
static uint64_t hash_sodium(void)
{
	enum { TIMES = 200000 };
	unsigned char message[64 + 18] = { 0 }, out[32] = { 0 };
	uint64_t least = UINT64_MAX;
	for (int k = 0; k < 5; k++) {
		uint64_t start = now();
		for (int i = 0; i < TIMES; i++) {
			memcpy(message, out, sizeof out);
			crypto_hash_sha256(out, message, sizeof message);
		}
		uint64_t took = now() - start;
		least = took < least ? took : least;
	}
	return least * 1000 / TIMES;
}

/* ---- files ---- */

static char *path_of(const struct round *r, const char *name)
{
	return arena_printf(r->arena, "%s/%s", r->dir, name);
}

static bool put_file(void *ctx, struct bytes chunk, struct err *e)
{
	const int *fd = ctx;
	while (chunk.n > 0) {
		ssize_t n = write(*fd, chunk.p, chunk.n);
		if (n <= 0)
			return err_set(e, ERR_INTERNAL, "write");
		chunk.p += n;
		chunk.n -= (size_t)n;
	}
	return true;
}

static int create_file(const struct round *r, const char *name)
{
	int fd = open(path_of(r, name), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	must(fd >= 0, "create a file", NULL);
	return fd;
}

static struct bytes map_file(int fd)
{
	struct stat st;
	must(fstat(fd, &st) == 0, "fstat", NULL);
	void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	must(p != MAP_FAILED, "mmap", NULL);
	close(fd);
	return (struct bytes){ p, (size_t)st.st_size };
}

static void unmap(struct bytes all)
{
	munmap((void *)(uintptr_t)all.p, all.n);
}

/* ---- the made-up register ---- */

static uint64_t mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

struct fact_row {
	char object[64], entity[64], county[16], founded[48], since[12], checked[48], entered[64];
	struct bytes fact[FRAME_FACTS];
};

static struct bytes chosen(const char *const *words, const uint8_t *per_cent, uint64_t dice)
{
	size_t i = 0;
	for (unsigned left = (unsigned)(dice % 100); left >= per_cent[i]; i++)
		left -= per_cent[i];
	return bytes_of(words[i]);
}

/* Object i; ids ascend with i. */
static void make_facts(struct fact_row *row, size_t i, bool premises)
{
	static const char *const kinds[] = { "enterprise", "individual", "cooperative" };
	static const char *const industries[] = { "F52", "H62", "C13", "F5212", "O81", "E47" };
	static const char *const status[] = { "open", "cancelled", "revoked", "suspended" };
	static const char *const classes[] = { "A", "B", "C", "D", "" };
	static const char *const labels[] = { "", "food", "fire,food", "chemicals" };
	uint64_t d = mix(i), more = mix(d);
	int county = 370000 + (int)(i / COUNTY);
	snprintf(row->county, sizeof row->county, "%d", county);
	snprintf(row->object, sizeof row->object, "91%dMA%07zu%c", county, i % COUNTY,
		(char)('0' + d % 10));
	memcpy(row->entity, row->object, sizeof row->entity);
	if (premises && i % 50 == 49) /* further premises of the one before */
		snprintf(row->entity, sizeof row->entity, "91%dMA%07zu%c", county, i % COUNTY - 1,
			(char)('0' + mix(i - 1) % 10));
	snprintf(row->founded, sizeof row->founded, "%d-%02d-%02d", 1990 + (int)(more % 36),
		1 + (int)(more >> 8 & 7), 1 + (int)(more >> 16 & 15));
	snprintf(row->checked, sizeof row->checked, "*=202%d-0%d-1%d", 2 + (int)(more >> 20 & 3),
		1 + (int)(more >> 24 & 7), (int)(more >> 28 & 7));
	memcpy(row->since, "2025-07-01", sizeof "2025-07-01");
	for (size_t f = 0; f < FRAME_FACTS; f++)
		row->fact[f] = BYTES("");
	row->fact[FACT_OBJECT] = bytes_of(row->object);
	row->fact[FACT_ENTITY] = bytes_of(row->entity);
	row->fact[FACT_KIND] = chosen(kinds, (const uint8_t[]){ 35, 60, 5 }, d >> 8);
	row->fact[FACT_INDUSTRY] =
		chosen(industries, (const uint8_t[]){ 30, 20, 10, 20, 10, 10 }, d >> 16);
	row->fact[FACT_REGION] = bytes_of(row->county);
	row->fact[FACT_ESTABLISHED] = bytes_of(row->founded);
	row->fact[FACT_STATUS] = chosen(status, (const uint8_t[]){ 95, 2, 2, 1 }, d >> 24);
	if (row->fact[FACT_STATUS].n != 4)
		row->fact[FACT_SINCE] = bytes_of(row->since);
	row->fact[FACT_CLASS] = chosen(classes, (const uint8_t[]){ 24, 53, 15, 5, 3 }, d >> 32);
	row->fact[FACT_RESERVED] = BYTES("0");
	row->fact[FACT_LABELS] = chosen(labels, (const uint8_t[]){ 70, 20, 5, 5 }, d >> 40);
	if (d >> 48 & 1)
		row->fact[FACT_CHECKED] = bytes_of(row->checked);
	snprintf(row->entered, sizeof row->entered, "2026-0%d-1%d/county/depa00%d/entry",
		1 + (int)(more >> 32 & 1), (int)(more >> 36 & 7), (int)(more >> 40 & 3));
	if ((d >> 50 & 7) == 0)
		row->fact[FACT_ENTERED] = bytes_of(row->entered);
}

/* ---- policy and people ---- */

struct rows {
	struct arena *arena;
	struct setting_row row[POLICY_TASKS_MAX * 32 + 200];
	size_t n;
};

/* The path is kind, number and name: "item" 3 ".basis" is item.item3.basis. */
static void add(struct rows *p, const char *kind, unsigned n, const char *name, const char *value)
{
	char *path = arena_printf(p->arena, "%s.%.4s%03u%s", kind, kind, n, name);
	p->row[p->n++] = (struct setting_row){ bytes_of(path), bytes_of(value) };
}

static void add_general(struct rows *p, const char *path, const char *value)
{
	p->row[p->n++] = (struct setting_row){ bytes_of(path), bytes_of(value) };
}

static void add_task(struct rows *p, unsigned t)
{
	static const char *const industries[] = { "*", "F", "F,H", "F52", "C,F5212", "H,O" };
	unsigned one = t % DEPARTMENTS, two = (t + 1 + t / DEPARTMENTS % 2) % DEPARTMENTS;
	char *items = arena_printf(
		p->arena, "item%03u,item%03u", one < two ? one : two, one < two ? two : one);
	const char *const rows[][2] = { { ".batches", "" }, { ".category", "daily" },
		{ ".ceiling-reason", "" }, { ".class", t % 2 == 0 ? "general" : "worst" },
		{ ".coordination", "own" }, { ".design", "equal" }, { ".frequency", "1" },
		{ ".from", "2026-03-02" }, { ".industries", industries[t % 6] },
		{ ".items", items }, { ".kinds", t % 4 == 1 ? "enterprise" : "*" },
		{ ".labels", t % 5 == 4 ? "food" : "*" },
		{ ".lead", arena_printf(p->arena, "depa%03u", one) }, { ".level", "county" },
		{ ".minimum", "0" }, { ".mode.A", "onsite" }, { ".mode.B", "onsite" },
		{ ".mode.C", "onsite" }, { ".mode.D", "onsite" }, { ".name", "抽查" },
		{ ".officers", "2" }, { ".officers-basis", "" }, { ".ratio.A", "2000" },
		{ ".ratio.B", "5000" }, { ".ratio.C", "20000" }, { ".ratio.D", "60000" },
		{ ".reason", "样例" }, { ".regions", "*" },
		{ ".safety", t % 3 == 0 ? "yes" : "no" }, { ".to", "2026-05-29" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(p, "task", t, rows[i][0], rows[i][1]);
}

static void add_department(struct rows *p, unsigned d)
{
	add(p, "department", d, ".apart", "");
	add(p, "department", d, ".inspects", "yes");
	add(p, "department", d, ".name", "部门");
	add(p, "department", d, ".regions", "*");
	add(p, "item", d, ".basis", "法");
	add(p, "item", d, ".department", arena_printf(p->arena, "depa%03u", d));
	add(p, "item", d, ".field", "");
	add(p, "item", d, ".kind", "general");
	add(p, "item", d, ".name", "事项");
}

static void add_matrix(struct rows *p)
{
	for (unsigned g = 0; g < CLASSES; g++)
		for (unsigned k = 0; k < CLASSES; k++)
			add_general(p,
				arena_printf(
					p->arena, "matrix.%c%c", (char)('A' + g), (char)('A' + k)),
				arena_printf(p->arena, "%c", (char)('A' + (g > k ? g : k))));
}

static void add_mode(
	struct rows *p, unsigned m, const char *start, const char *months, const char *statuses)
{
	const char *const rows[][2] = { { ".basis", "依据" }, { ".classes", "*" },
		{ ".except", "" }, { ".from", "2020-01-01" }, { ".industries", "*" },
		{ ".kinds", "*" }, { ".labels", "*" }, { ".lifts", "yes" }, { ".months", months },
		{ ".name", "监管方式" }, { ".regions", "*" }, { ".scope", "all" },
		{ ".start", start }, { ".statuses", statuses }, { ".to", "2030-12-31" },
		{ ".version", "1" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(p, "mode", m, rows[i][0], rows[i][1]);
}

static void add_cap(struct rows *p, unsigned c, const char *counts, const char *most)
{
	const char *const rows[][2] = { { ".basis", "依据" }, { ".classes", "*" },
		{ ".counts", counts }, { ".days", "0" }, { ".departments", "*" }, { ".kinds", "*" },
		{ ".labels", "*" }, { ".levels", "*" }, { ".most", most }, { ".name", "频次上限" },
		{ ".version", "1" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		add(p, "cap", c, rows[i][0], rows[i][1]);
}

static struct bytes written(const struct round *r, struct table_pile *p, enum table_id id)
{
	struct buf b = buf_new(r->arena, 4096);
	struct err e = { 0 };
	uint8_t blind[32], hash[32];
	seed_frame_blind(salt_key, table_form(id)->name, blind);
	must(table_pile_write(p, id, blind, sink_buf(&b), hash, &e), table_form(id)->name, &e);
	return buf_view(&b);
}

static void make_policy(struct round *r)
{
	static const char *const general[][2] = { { "adjust.1.basis", "" },
		{ "adjust.1.factor", "1000000" }, { "adjust.1.labels", "" },
		{ "adjust.2.basis", "" }, { "adjust.2.factor", "1000000" },
		{ "adjust.2.labels", "" }, { "ceiling.general", "1000000" },
		{ "class.missing", "B" }, { "cycle.from", "2026-01-01" },
		{ "cycle.to", "2026-12-31" }, { "focus.labels", "" }, { "inspectors.limit", "60" },
		{ "inspectors.rotation", "0" }, { "inspectors.slack", "130" },
		{ "rounding", "half-up" }, { "strata.empty", "report" },
		{ "visits.departments", "0" } };
	static const char *const codes[] = { "checked", "closed", "remit", "type" };
	struct rows *p = arena_calloc(r->arena, 1, sizeof *p);
	struct table_pile pile = table_pile_new(TABLE_POLICY, r->arena);
	struct table t;
	struct err e = { 0 };
	p->arena = r->arena;
	for (size_t i = 0; i < sizeof general / sizeof *general; i++)
		add_general(p, general[i][0], general[i][1]);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		add_general(p, arena_printf(r->arena, "rule.%s.basis", codes[i]), "依据");
	add_matrix(p);
	add_mode(p, 1, "established", "12", "*");
	add_mode(p, 2, "status", "36", "suspended");
	add_cap(p, 1, "checks", "2");
	if (r->by_entity)
		add_cap(p, 2, "entries", "4");
	for (unsigned d = 0; d < DEPARTMENTS; d++)
		add_department(p, d);
	for (unsigned i = 0; i < r->tasks; i++)
		add_task(p, i);
	for (size_t i = 0; i < p->n; i++)
		table_pile_put(&pile, (struct bytes[]){ p->row[i].path, p->row[i].value });
	r->artefact[TABLE_POLICY] = written(r, &pile, TABLE_POLICY);
	must(table_open(&t, TABLE_POLICY, r->artefact[TABLE_POLICY], &e) &&
			policy_read(&r->policy, r->arena, &t, &e),
		"policy", &e);
}

/* A few hundred inspectors a county, and the working days of the window. */
static void make_people(struct round *r)
{
	struct table_pile p = table_pile_new(TABLE_POOL, r->arena);
	size_t counties = (r->objects + COUNTY - 1) / COUNTY;
	for (size_t i = 0; i < counties * INSPECTORS; i++)
		table_pile_put(&p,
			(struct bytes[]){ bytes_of(arena_printf(r->arena, "P-%08zu", i)),
				bytes_of(arena_printf(r->arena, "depa%03zu", i % DEPARTMENTS)),
				bytes_of(arena_printf(r->arena, "%zu", 370000 + i / INSPECTORS)),
				BYTES("*"), BYTES("2030-12-31"), BYTES(""), BYTES("0") });
	r->artefact[TABLE_POOL] = written(r, &p, TABLE_POOL);
	p = table_pile_new(TABLE_RECUSALS, r->arena);
	r->artefact[TABLE_RECUSALS] = written(r, &p, TABLE_RECUSALS);
	p = table_pile_new(TABLE_HISTORY, r->arena);
	r->artefact[TABLE_HISTORY] = written(r, &p, TABLE_HISTORY);
	p = table_pile_new(TABLE_CALENDAR, r->arena);
	for (int d = 0; d < 89; d++) /* from Monday, 2026-03-02 */
		if (d % 7 < 5)
			table_pile_put(&p,
				(struct bytes[]){ bytes_of(arena_printf(r->arena, "2026-%02d-%02d",
					d < 30   ? 3
					: d < 60 ? 4
						 : 5,
					d < 30   ? d + 2
					: d < 60 ? d - 29
						 : d - 59)) });
	r->artefact[TABLE_CALENDAR] = written(r, &p, TABLE_CALENDAR);
}

/* ---- the steps ---- */

/* Facts are made between the measured batches. */
static void build_frame(struct round *r, int fd)
{
	struct err e = { 0 };
	uint64_t spent = 0;
	struct fact_row *row = arena_calloc(r->work, BATCH, sizeof *row);
	struct frame_builder *b = frame_build_start(
		r->work, &r->policy, DATE, salt_key, (struct sink){ put_file, &fd }, &e);
	must(b != NULL, "frame", &e);
	for (size_t i = 0; i < r->objects; i += BATCH) {
		size_t n = r->objects - i < BATCH ? r->objects - i : BATCH;
		for (size_t j = 0; j < n; j++)
			make_facts(&row[j], i + j, r->by_entity);
		uint64_t start = now();
		for (size_t j = 0; j < n; j++)
			must(frame_build_put(b, row[j].fact, 1, &e), "frame", &e);
		spent += now() - start;
	}
	uint64_t start = now();
	must(frame_build_end(b, &r->sums, &e), "frame", &e);
	show("frame built and written", spent + now() - start);
	forget_peak();
}

static void load_frame(const struct round *r, struct drawn_round *d, struct bytes all, uint64_t *t)
{
	struct table table;
	struct err e = { 0 };
	uint8_t hash[32];
	sha256(all.p, all.n, hash);
	must(memcmp(hash, r->sums.frame, 32) == 0, "the frame's hash", NULL);
	lap(r, "frame hashed", t);
	must(table_open(&table, TABLE_FRAME, all, &e), "frame", &e);
	lap(r, "frame opened: text, order", t);
	must(policy_frame(&r->policy, &d->frame, &table, r->work, &e), "frame", &e);
	must(memcmp(d->frame.universe, r->sums.universe, 32) == 0 &&
			memcmp(d->frame.root, r->sums.root, 32) == 0,
		"the frame's roots", NULL);
	lap(r, "frame loaded: facts, roots", t);
}

static void draw(const struct round *r, struct drawn_round *d, uint64_t *t)
{
	const struct frame *f = &d->frame;
	struct err e = { 0 };
	uint64_t start = *t;
	must(strata_make(&d->strata, &r->policy, &f->counts, r->work, &e), "strata", &e);
	units_numbers(&d->tickets, f, &r->keys, d->strata.order.by_entity, r->work);
	lap(r, "tickets", t);
	must(select_draw(&d->selection, f, &d->tickets, &d->strata.order, &r->keys, r->work, &e),
		"draw", &e);
	lap(r, "selection", t);
	select_by_object(&d->drawn, &d->selection, f, r->work);
	lap(r, "selection by object", t);
	show("tickets and selection in all", now() - start);
	*t = now();
}

static void ticket_root(const struct round *r, struct drawn_round *d, uint64_t *t)
{
	ARENA_AUTO a = arena_new();
	struct hash *leaf = arena_alloc(a, d->frame.n * sizeof *leaf);
	leaves_ticket_root(&d->frame, &d->drawn, &r->keys, leaf, &d->root);
	lap(r, "ticket root", t);
}

static void plan(struct round *r, struct drawn_round *d, uint64_t *t)
{
	struct buf b = buf_new(r->work, 65536);
	struct err e = { 0 };
	uint8_t blind[32], hash[32];
	seed_blind(&r->keys, "selection", blind);
	must(select_write(&d->selection, &d->frame, blind, sink_buf(&b), hash, &e), "selection",
		&e);
	d->text = buf_view(&b);
	lap(r, "selection written", t);
	d->input = (struct plan_input){ .policy = &r->policy,
		.artefacts = { r->artefact[TABLE_POOL], r->artefact[TABLE_RECUSALS],
			r->artefact[TABLE_HISTORY], r->artefact[TABLE_CALENDAR] },
		.keys = &r->keys };
	draws_of_frame(&d->input.draws, r->work, &r->policy, &d->frame, &d->drawn);
	must(plan_make(&d->plan, r->work, &d->input, &e), "plan", &e);
	lap(r, "plan", t);
}

/* The files of an archive of this round; those of the log hold a line feed, for there is none. */
static size_t bundle_files(struct round *r, const struct drawn_round *d, struct bundle_file *file)
{
	static const char *const others[] = { "PROTOCOL.md", "checkpoints/0000000001",
		"entries/0000000000", "frontier", "seed.txt" };
	size_t n = 0;
	r->artefact[TABLE_SELECTION] = d->text;
	r->artefact[TABLE_VISITS] = d->plan.made.visits;
	r->artefact[TABLE_SLOTS] = d->plan.made.slots;
	r->artefact[TABLE_CAPACITY] = d->plan.made.capacity;
	r->artefact[TABLE_DROPPED] = d->plan.made.dropped;
	r->artefact[TABLE_SCHEDULE] = d->plan.made.schedule;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		file[n++] = (struct bundle_file){ bytes_of(others[i]), 1, { 0 }, BYTES("\n") };
	for (unsigned id = 0; id < TABLES; id++) {
		const char *name = table_form((enum table_id)id)->name;
		char *path = arena_printf(r->work, "artefacts/%s", name);
		struct bytes all = r->artefact[id];
		file[n++] = (struct bundle_file){ bytes_of(path), all.n, { 0 }, all };
	}
	for (size_t i = 0; i < n; i++)
		sha256(file[i].content.p, file[i].content.n, file[i].hash);
	bundle_sort(file, n);
	return n;
}

static void write_bundle(struct round *r, const struct drawn_round *d, int fd, uint64_t *t)
{
	enum { CHUNK = 1 << 20 };
	struct bundle_writer w;
	struct bundle_file file[TABLES + 5];
	struct sink sink = { put_file, &fd };
	struct err e = { 0 };
	size_t n = bundle_files(r, d, file);
	lap(r, "artefacts hashed", t);
	bool ok = bundle_start(&w, BYTES("2026-0001"), LEVEL_AUDIT, file, n, sink, r->work, &e);
	for (size_t i = 0; ok && i < n; i++)
		for (struct bytes rest = file[i].content; ok && rest.n > 0;) {
			struct bytes chunk = { rest.p, rest.n < CHUNK ? rest.n : CHUNK };
			ok = bundle_put(&w, chunk, &e);
			rest = (struct bytes){ rest.p + chunk.n, rest.n - chunk.n };
		}
	must(ok && bundle_end(&w, &e), "bundle", &e);
	lap(r, "bundle written", t);
}

static struct bytes content(const struct bundle *b, const char *name)
{
	const struct bundle_file *f = bundle_find(b, name);
	must(f != NULL, name, NULL);
	return f->content;
}

/* What a replay computes anew, from the archive alone. */
static void replay(struct round *r, const struct drawn_round *was, struct bytes all)
{
	struct drawn_round d = { 0 };
	struct bundle b;
	struct err e = { 0 };
	uint64_t start = now(), t = start;
	must(bundle_open(&b, all, r->work, &e), "bundle", &e);
	lap(r, "bundle opened", &t);
	load_frame(r, &d, content(&b, "artefacts/frame"), &t);
	must(exclude_verify(&r->policy, &d.frame, DATE, r->work, &e), "exclusions", &e);
	lap(r, "exclusions verified", &t);
	draw(r, &d, &t);
	ticket_root(r, &d, &t);
	must(memcmp(&d.root, &was->root, sizeof d.root) == 0, "ticket-root differs", NULL);
	plan(r, &d, &t);
	must(bytes_equal(d.text, content(&b, "artefacts/selection")) &&
			bytes_equal(d.plan.made.schedule, content(&b, "artefacts/schedule")),
		"the replay differs", NULL);
	show("the replay in all", now() - start);
}

static size_t number(int argc, char **argv, int i, size_t otherwise)
{
	return argc > i ? (size_t)strtoull(argv[i], NULL, 10) : otherwise;
}

static void draw_all(struct round *r, struct drawn_round *d)
{
	int fd = create_file(r, "frame");
	head(r, "draw");
	build_frame(r, fd);
	struct bytes all = map_file(fd);
	r->artefact[TABLE_FRAME] = all;
	uint64_t t = now();
	load_frame(r, d, all, &t);
	draw(r, d, &t);
	ticket_root(r, d, &t);
	plan(r, d, &t);
	fd = create_file(r, "bundle");
	write_bundle(r, d, fd, &t);
	bench_said(group, "row", d->frame.table.rows.n / d->frame.n, "bytes");
	bench_said(group, "pairs", d->selection.n, "pairs");
	bench_said(group, "objects drawn", d->drawn.n, "objects");
	bench_said(group, "visits", d->plan.visits.n, "visits");
	bench_said(group, "slots", d->plan.shp.slots, "slots");
	bench_said(group, "open", d->plan.shp.open, "slots");
	close(fd);
	unmap(all);
	arena_freep(&r->work);
}

static void run(size_t objects, size_t tasks, bool by_entity)
{
	ARENA_AUTO a = arena_new();
	struct round r = { .arena = a,
		.work = arena_new(),
		.objects = objects,
		.tasks = tasks,
		.by_entity = by_entity };
	struct drawn_round d = { 0 };
	const char *tmp = getenv("TMPDIR");
	snprintf(r.dir, sizeof r.dir, "%s/drawd-bench-XXXXXX", tmp != NULL ? tmp : "/tmp");
	must(mkdtemp(r.dir) != NULL, r.dir, NULL);
	r.libsodium = hash_sodium();
	bench_line("round.ticket-by-libsodium", r.libsodium / 1000, "ns");
	seed_derive(BYTES("drawd/seed/v1\n"), &r.keys);
	make_policy(&r);
	make_people(&r);
	draw_all(&r, &d);
	int fd = open(path_of(&r, "bundle"), O_RDONLY | O_CLOEXEC);
	must(fd >= 0, "the bundle", NULL);
	struct bytes all = map_file(fd);
	r.work = arena_new();
	head(&r, "replay");
	replay(&r, &d, all);
	unmap(all);
	arena_freep(&r.work);
	remove(path_of(&r, "frame"));
	remove(path_of(&r, "bundle"));
	rmdir(r.dir);
}

int main(int argc, char **argv)
{
	size_t tasks = number(argc, argv, 2, 12);
	must(number(argc, argv, 1, COUNTY) > 0 && tasks > 0 && tasks <= POLICY_TASKS_MAX,
		"objects, tasks", NULL);
	must(sodium_init() >= 0, "libsodium does not start", NULL);
	run(number(argc, argv, 1, COUNTY), tasks, number(argc, argv, 3, 0) != 0);
	if (argc < 2)
		run((size_t)20 * COUNTY, tasks, false);
	return 0;
}
