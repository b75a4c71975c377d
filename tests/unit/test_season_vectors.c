/* Changes after the draw against the golden vectors of the second implementation. */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "planner/season.h"
#include "sampler/table.h"
#include "sampler/type.h"
#include "tests/unit/vectors.h"

enum { MOST = 64, SLOTS = 512 };

struct reader {
	struct vectors v;
	struct vector line;
};

static bool next(struct reader *r)
{
	return vectors_next(&r->v, &r->line);
}

static bool at(const struct reader *r, const char *tag)
{
	return bytes_is(r->line.field[0], tag);
}

static int32_t day_of(struct bytes text)
{
	int32_t day = 0;
	assert_true(civil_parse(text, &day));
	return day;
}

/* A plan by hand: everything season.h looks at. */
struct hand {
	struct arena *a;
	struct policy policy;
	struct plan_input in;
	struct seed_keys keys;
	struct plan plan;
	struct visit visit[MOST];
	uint32_t slot[SLOTS], slot_start[SLOTS], final[MOST], used[MOST], half[MOST], leader[MOST];
};

static void read_policy(struct reader *r, struct hand *h)
{
	struct policy *p = &h->policy;
	next(r);
	memcpy(h->keys.k[KEY_SLOT], r->line.field[1].p, 64);
	memcpy(h->keys.k[KEY_CANDIDATE], r->line.field[2].p, 64);
	p->inspectors_limit = 5;
	p->inspectors_rotation = 30;
	p->departments = arena_calloc(h->a, MOST, sizeof *p->departments);
	p->items = arena_calloc(h->a, MOST, sizeof *p->items);
	p->tasks = arena_calloc(h->a, MOST, sizeof *p->tasks);
	for (next(r); at(r, "department"); next(r))
		p->departments[p->department_count++].code = r->line.field[1];
	for (; at(r, "item"); next(r)) {
		int64_t department = policy_department(p, r->line.field[2]);
		assert_true(department >= 0);
		p->items[p->item_count++] = (struct item){ .code = r->line.field[1],
			.department = (uint32_t)department };
	}
}

/* Lines of one tag as an artefact: their fields, then `more` columns that the vectors leave out. */
static struct bytes read_artefact(struct reader *r, struct hand *h, const char *tag,
	enum table_id id, const struct bytes *more, size_t columns)
{
	struct table_pile pile = table_pile_new(id, h->a);
	struct buf out = buf_new(h->a, 1024);
	uint8_t blind[32] = { 0 }, hash[32];
	struct err e = { 0 };
	size_t own = 0;
	for (; at(r, tag); next(r)) {
		struct bytes field[TABLE_COLUMNS_MAX];
		own = r->line.n - 1;
		for (size_t i = 0; i < own; i++)
			field[i] = r->line.field[i + 1];
		for (size_t i = 0; i < columns; i++)
			field[own + i] = more[i];
		table_pile_put(&pile, field);
	}
	assert_true(table_pile_write(&pile, id, blind, sink_buf(&out), hash, &e));
	return buf_view(&out);
}

static void read_people(struct reader *r, struct hand *h)
{
	const struct bytes kin[] = { BYTES("kin"), BYTES("") };
	struct pool_artefacts *in = &h->in.artefacts;
	struct err e = { 0 };
	in->calendar = read_artefact(r, h, "day", TABLE_CALENDAR, NULL, 0);
	in->pool = read_artefact(r, h, "person", TABLE_POOL, NULL, 0);
	in->recusals = read_artefact(r, h, "recusal", TABLE_RECUSALS, kin, 2);
	in->history = read_artefact(r, h, "history", TABLE_HISTORY, NULL, 0);
	if (!pool_read(&h->plan.pool, h->a, &h->policy, in, &e))
		fail_msg("%s: %s", e.where, e.what);
}

/* The items of a visit make a task of its own, their departments are those of the visit. */
static void set_items(struct hand *h, struct visit *v, struct task *t, struct bytes list)
{
	uint32_t *items = arena_calloc(h->a, MOST, sizeof *items);
	uint32_t *departments = arena_calloc(h->a, MOST, sizeof *departments);
	bool in[MOST] = { false };
	struct bytes one;
	while (type_next_member(&list, &one))
		for (uint32_t i = 0; i < h->policy.item_count; i++)
			if (bytes_equal(h->policy.items[i].code, one)) {
				items[t->item_count++] = i;
				in[h->policy.items[i].department] = true;
			}
	for (uint32_t d = 0; d < h->policy.department_count; d++)
		if (in[d])
			departments[t->department_count++] = d;
	t->items = items;
	t->departments = departments;
	v->departments = departments;
	v->department_count = t->department_count;
}

static void read_visits(struct reader *r, struct hand *h)
{
	struct plan_object *object = arena_calloc(h->a, MOST, sizeof *object);
	uint32_t n = 0;
	for (; at(r, "visit"); next(r), n++) {
		assert_true(n < MOST);
		uint32_t *task = arena_calloc(h->a, 1, sizeof *task);
		struct task *t = &h->policy.tasks[n];
		*task = n;
		object[n] = (struct plan_object){ .object = r->line.field[1],
			.entity = r->line.field[2],
			.region = r->line.field[3] };
		h->visit[n] = (struct visit){ .object = n,
			.ordinal = (uint32_t)vectors_u64(r->line.field[4]),
			.from = day_of(r->line.field[5]),
			.to = day_of(r->line.field[6]),
			.lead = (uint32_t)policy_department(&h->policy, r->line.field[7]),
			.task_count = 1,
			.tasks = task };
		t->officers = (uint32_t)vectors_u64(r->line.field[8]);
		set_items(h, &h->visit[n], t, r->line.field[9]);
	}
	h->policy.task_count = n;
	h->in.draws = (struct draws){ .n = n, .at = object };
	h->plan.visits = (struct visits){ .n = n, .at = h->visit };
	assignments_make(&h->plan.assignments, h->a, &h->policy, &h->in.draws, &h->plan.visits,
		&h->plan.pool);
}

static uint32_t person(const struct hand *h, struct bytes id)
{
	int64_t i = id.n == 0 ? (int64_t)SHP_OPEN : pool_find(&h->plan.pool, id);
	assert_true(i >= 0);
	return (uint32_t)i;
}

static void read_plan(struct reader *r, struct hand *h)
{
	uint32_t n = 0, visit = 0;
	for (; at(r, "slot"); next(r)) {
		assert_true(n < SLOTS);
		h->slot[n] = person(h, r->line.field[5]);
		if (h->slot[n] != SHP_OPEN)
			h->used[h->slot[n]]++;
		n++;
	}
	for (uint32_t s = 0; s < h->plan.assignments.n; s++)
		h->slot_start[s + 1] = h->slot_start[s] + h->plan.assignments.at[s].places;
	assert_int_equal(h->slot_start[h->plan.assignments.n], n);
	for (; at(r, "capacity"); next(r))
		h->final[person(h, r->line.field[1])] = (uint32_t)vectors_u64(r->line.field[2]);
	for (; at(r, "half"); next(r), visit++) {
		h->half[visit] = HALF_NONE;
		h->leader[visit] = person(h, r->line.field[5]);
		if (r->line.field[3].n == 0)
			continue;
		int32_t day = day_of(r->line.field[3]);
		h->half[visit] = 2 * pool_window(&h->plan.pool, day, day).from +
				 bytes_is(r->line.field[4], "pm");
	}
	assert_int_equal(visit, h->plan.visits.n);
	h->plan.shp = (struct shp_result){ .slot = h->slot,
		.slot_start = h->slot_start,
		.slots = n,
		.final = h->final,
		.used = h->used };
	h->plan.half = h->half;
	h->plan.leader = h->leader;
}

static void play(struct reader *r, const struct hand *h, uint32_t *accepted, uint32_t *rejected)
{
	struct season *s = season_new(h->a, &h->plan);
	for (; at(r, "change"); next(r)) {
		struct err e = { 0 };
		struct change c;
		struct bytes effects, content = vectors_hex(r->line.field[3], h->a);
		struct buf made = buf_new(h->a, 256);
		assert_true(change_parse(&c, content, &effects, &e));
		change_put(&made, &c);
		assert_true(
			made.n + effects.n == content.n && memcmp(made.p, content.p, made.n) == 0);
		made.n = 0;
		bool ok = season_apply(s, &c, r->line.field[1], &made, &e);
		if (ok != vectors_accept(r->line.field[2]))
			fail_msg("line %zu: %s", r->line.line, ok ? "accepted" : e.what);
		if (ok && !bytes_equal(buf_view(&made), effects))
			fail_msg("line %zu: wanted\n%.*sgot\n%.*s", r->line.line,
				BYTES_ARG(effects), BYTES_ARG(buf_view(&made)));
		*accepted += ok;
		*rejected += !ok;
	}
}

static void seasons_agree(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct reader r = { .v = vectors_open("changes.txt", a) };
	uint32_t accepted = 0, rejected = 0;
	while (next(&r)) {
		ARENA_AUTO block = arena_new();
		struct hand *h = arena_calloc(block, 1, sizeof *h);
		assert_true(at(&r, "case"));
		h->a = block;
		h->in.policy = &h->policy;
		h->in.keys = &h->keys;
		h->plan.in = &h->in;
		read_policy(&r, h);
		read_people(&r, h);
		read_visits(&r, h);
		read_plan(&r, h);
		play(&r, h, &accepted, &rejected);
		assert_true(at(&r, "end"));
	}
	assert_true(accepted > 300 && rejected > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seasons_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
