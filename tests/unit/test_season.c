/* Changes after the draw: a season of 200 of them, replayed; what never happens; what is refused.
 */
#include "tests/unit/test.h"

#include <string.h>

#include "planner/civil.h"
#include "planner/season.h"
#include "tests/unit/planworld.h"

static const struct world_size sizes[] = {
	{ 150, 60, 6, 2, 130, 9999, 30, 120, 1 },
	{ 150, 40, 6, 2, 100, 9999, 20, 60, 2 },
	{ 120, 40, 4, 1, 120, 6, 50, 120, 3 },
};
enum { SIZES = sizeof sizes / sizeof sizes[0], CHANGES = 200, FIRST_DAY = 20545 };

static uint64_t state;

static uint32_t any(uint32_t n)
{
	state += 0x9e3779b97f4a7c15u;
	uint64_t z = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)((z ^ (z >> 31)) % n);
}

static void make(struct world *w, struct plan *plan, struct arena *a, size_t k)
{
	struct err e = { 0 };
	world_make(w, a, &sizes[k]);
	if (!plan_make(plan, a, &w->in, &e))
		fail_msg("%s: %s", e.where, e.what);
}

static struct bytes number(struct arena *a, uint64_t v)
{
	return bytes_of(arena_printf(a, "%llu", (unsigned long long)v));
}

static struct bytes date(struct arena *a, int32_t day)
{
	char room[CIVIL_TEXT];
	return bytes_of(arena_strdup(a, civil_format(day, room)));
}

/* ---- a random change ------------------------------------------------------------------------- */

struct script {
	struct arena *a;
	const struct plan *plan;
	const struct season *s;
	int32_t today;
	struct bytes department;
	struct change c;
};

static void name_person(struct script *x, uint32_t person)
{
	x->c.value[CHANGE_INSPECTOR] = x->plan->pool.at[person].id;
	x->department = x->plan->pool.at[person].department;
}

static void name_visit(struct script *x, uint32_t visit)
{
	const struct visit *v = &x->plan->visits.at[visit];
	x->c.value[CHANGE_OBJECT] = x->plan->in->draws.at[v->object].object;
	x->c.value[CHANGE_ORDINAL] = number(x->a, v->ordinal);
}

static void name_slot(struct script *x, uint32_t assignment, uint32_t place)
{
	const struct assignment *s = &x->plan->assignments.at[assignment];
	name_visit(x, s->visit);
	x->department = x->plan->in->policy->departments[s->department].code;
	x->c.value[CHANGE_DEPARTMENT] = x->department;
	x->c.value[CHANGE_PLACE] = number(x->a, place);
}

/* Somebody who has a slot. */
static uint32_t busy_person(const struct script *x)
{
	uint32_t i = any(x->plan->pool.n);
	for (uint32_t k = 0; k < x->plan->pool.n && season_used(x->s, i) == 0; k++)
		i = (i + 1) % x->plan->pool.n;
	return i;
}

/* An open slot if there is one near a random place. */
static void pick_slot(struct script *x)
{
	uint32_t n = x->plan->assignments.n, k = any(n);
	for (uint32_t tries = 0; tries < n; tries++, k = (k + 1) % n)
		for (uint32_t p = 1; p <= x->plan->assignments.at[k].places; p++)
			if (season_slot(x->s, k, p) == SHP_OPEN) {
				name_slot(x, k, p);
				return;
			}
	name_slot(x, k, 1);
}

static void fill_in(struct script *x)
{
	struct bytes *v = x->c.value;
	const struct policy *p = x->plan->in->policy;
	uint32_t visit = any(x->plan->visits.n);
	int32_t from = x->today + (int32_t)any(20);
	switch (x->c.kind) {
	case CHANGE_RECUSE:
		name_person(x, busy_person(x));
		v[CHANGE_SUBJECT] = x->plan->in->draws.at[any(x->plan->in->draws.n)].object;
		/* the object of a slot of theirs where there is one */
		for (uint32_t k = 0; k < x->plan->assignments.n; k++)
			for (uint32_t q = 1; q <= x->plan->assignments.at[k].places; q++) {
				uint32_t who = season_slot(x->s, k, q);
				if (who != SHP_OPEN &&
					bytes_equal(x->plan->pool.at[who].id, v[CHANGE_INSPECTOR]))
					v[CHANGE_SUBJECT] = x->plan->assignments.at[k].object;
			}
		v[CHANGE_GROUND] = BYTES("亲属在该企业任职");
		break;
	case CHANGE_LEAVE:
		name_person(x, busy_person(x));
		v[CHANGE_FIRST] = date(x->a, from);
		v[CHANGE_LAST] = date(x->a, from + (int32_t)any(40));
		break;
	case CHANGE_CERTIFICATE:
		name_person(x, busy_person(x));
		v[CHANGE_UNTIL] = any(3) == 0 ? BYTES("none") : date(x->a, from + 10);
		break;
	case CHANGE_WITHDRAW:
		name_person(x, busy_person(x));
		break;
	case CHANGE_ABSENT:
		name_slot(x, any(x->plan->assignments.n), 1);
		break;
	case CHANGE_BORROW:
		pick_slot(x);
		v[CHANGE_FROM] = p->departments[any(p->department_count)].code;
		break;
	case CHANGE_ASSIGN:
		pick_slot(x);
		v[CHANGE_SLOT_INSPECTOR] = x->plan->pool.at[any(x->plan->pool.n)].id;
		break;
	case CHANGE_MOVE:
		name_visit(x, visit);
		x->department = p->departments[x->plan->visits.at[visit].lead].code;
		v[CHANGE_DAY] = date(x->a, x->plan->visits.at[visit].from + (int32_t)any(60));
		v[CHANGE_HALF] = any(2) == 0 ? BYTES("am") : BYTES("pm");
		break;
	case CHANGE_KINDS:
		break;
	}
}

static enum change_kind any_kind(void)
{
	static const enum change_kind often[] = { CHANGE_LEAVE, CHANGE_LEAVE, CHANGE_RECUSE,
		CHANGE_RECUSE, CHANGE_CERTIFICATE, CHANGE_WITHDRAW, CHANGE_ABSENT, CHANGE_BORROW,
		CHANGE_BORROW, CHANGE_ASSIGN, CHANGE_ASSIGN, CHANGE_MOVE, CHANGE_MOVE };
	return often[any(sizeof often / sizeof *often)];
}

static void random_change(struct script *x)
{
	x->c = (struct change){ .kind = any_kind() };
	x->c.value[CHANGE_AT] = number(x->a, (uint64_t)x->today * 86400 + 3600);
	x->c.value[CHANGE_BASIS] = BYTES("《行政处罚法》第四十三条");
	x->c.value[CHANGE_REASON] = BYTES("本人申请，负责人批准");
	fill_in(x);
}

/* ---- a season -------------------------------------------------------------------------------- */

struct log {
	uint32_t n;
	struct bytes content[CHANGES], department[CHANGES];
	uint32_t kinds[CHANGE_KINDS], refused;
};

/* Nobody is in two places at once or away, nobody is twice in a visit, the numbers are right. */
static void is_sound(const struct plan *p, const struct season *s)
{
	ARENA_AUTO a = arena_new();
	const uint32_t halves = 2 * p->pool.days;
	uint32_t *used = arena_calloc(a, p->pool.n + 1, sizeof *used);
	uint8_t *taken = arena_calloc(a, (size_t)p->pool.n * halves + 1, 1);
	for (uint32_t i = 0; i < p->visits.n; i++) {
		uint32_t half = season_half(s, i), leader = season_leader(s, i), crew = 0;
		bool led = false;
		for (uint32_t k = p->assignments.visit_start[i];
			k < p->assignments.visit_start[i + 1]; k++)
			for (uint32_t q = 1; q <= p->assignments.at[k].places; q++) {
				uint32_t who = season_slot(s, k, q);
				if (who == SHP_OPEN)
					continue;
				crew++;
				used[who]++;
				led = led || who == leader;
				if (half == HALF_NONE)
					continue;
				assert_int_equal(taken[(size_t)who * halves + half], 0);
				taken[(size_t)who * halves + half] = 1;
			}
		assert_true(crew == 0 ? leader == SHP_OPEN : led);
	}
	for (uint32_t i = 0; i < p->pool.n; i++) {
		assert_int_equal(used[i], season_used(s, i));
		assert_true(used[i] <= season_capacity(s, i));
	}
}

static struct bytes rows(struct arena *a, const struct season *s)
{
	struct buf b = buf_new(a, 1 << 16);
	season_put(s, &b);
	return buf_view(&b);
}

static uint32_t lines_that_differ(struct bytes a, struct bytes b)
{
	uint32_t n = 0;
	while (a.n > 0 && b.n > 0) {
		const char *x = memchr(a.p, '\n', a.n), *y = memchr(b.p, '\n', b.n);
		size_t i = (size_t)(x - a.p) + 1, k = (size_t)(y - b.p) + 1;
		n += !bytes_equal((struct bytes){ a.p, i }, (struct bytes){ b.p, k });
		a = (struct bytes){ a.p + i, a.n - i };
		b = (struct bytes){ b.p + k, b.n - k };
	}
	assert_true(a.n == 0 && b.n == 0);
	return n;
}

/* Slot rows that an effect names: no more rows differ than that. */
static uint32_t lines_of(struct bytes text, const char *word)
{
	uint32_t n = 0;
	size_t length = strlen(word);
	for (size_t i = 0; i < text.n; i++)
		n += (i == 0 || text.p[i - 1] == '\n') && text.n - i > length &&
		     memcmp(text.p + i, word, length) == 0;
	return n;
}

static void play(struct arena *a, const struct plan *p, struct season *s, struct log *log)
{
	struct script x = { .a = a, .plan = p, .s = s, .today = FIRST_DAY };
	for (uint32_t tries = 0; log->n < CHANGES && tries < 4000; tries++) {
		struct err e = { 0 };
		struct buf content = buf_new(a, 512), effects = buf_new(a, 512);
		struct bytes before = rows(a, s);
		x.today = FIRST_DAY + (int32_t)(log->n * 2 / 3);
		random_change(&x);
		if (!season_apply(s, &x.c, x.department, &effects, &e)) {
			assert_int_equal(e.code, ERR_PLAN_RULE);
			assert_true(bytes_equal(rows(a, s), before));
			log->refused++;
			continue;
		}
		struct bytes made = buf_view(&effects);
		uint32_t visits = lines_of(made, "day ") + lines_of(made, "leader ");
		uint32_t differ = lines_that_differ(before, rows(a, s));
		assert_true(differ <= lines_of(made, "slot ") + visits);
		assert_true(differ >= (visits > 0));
		is_sound(p, s);
		change_put(&content, &x.c);
		buf_bytes(&content, made);
		log->kinds[x.c.kind]++;
		log->content[log->n] = buf_view(&content);
		log->department[log->n++] = x.department;
	}
	assert_int_equal(log->n, CHANGES);
}

static void two_hundred_changes_replay_to_the_same_bytes(void **unused)
{
	(void)unused;
	uint32_t kinds[CHANGE_KINDS] = { 0 }, how[4] = { 0 };
	static const char *const words[] = { " next\n", " raised\n", " borrowed\n", " assigned\n" };
	for (size_t k = 0; k < SIZES; k++) {
		ARENA_AUTO a = arena_new();
		struct world w;
		struct plan p;
		struct log *log = arena_calloc(a, 1, sizeof *log);
		struct err e = { 0 };
		make(&w, &p, a, k);
		state = 77 + k;
		struct season *s = season_new(a, &p), *again = season_new(a, &p);
		play(a, &p, s, log);
		for (uint32_t i = 0; i < log->n; i++)
			if (!season_replay(again, log->content[i], log->department[i], &e))
				fail_msg("%u: %s", i, e.what);
		assert_true(bytes_equal(rows(a, s), rows(a, again)));
		struct season_figures f = season_figures(s), g = season_figures(again);
		assert_memory_equal(&f, &g, sizeof f);
		assert_int_equal(f.changes, CHANGES);
		uint32_t vacated = 0, left = 0;
		for (uint32_t d = 0; d < w.policy.department_count; d++)
			vacated += season_vacated(s, d);
		for (uint32_t i = 0; i < p.pool.n; i++)
			left += season_left(s, i);
		assert_int_equal(vacated, left);
		for (int c = 0; c < CHANGE_KINDS; c++)
			kinds[c] += log->kinds[c];
		for (uint32_t i = 0; i < log->n; i++)
			for (int c = 0; c < 4; c++)
				how[c] += memmem(log->content[i].p, log->content[i].n, words[c],
						  strlen(words[c])) != NULL;
		assert_true(log->refused > 10);
	}
	for (int c = 0; c < CHANGE_KINDS; c++)
		if (kinds[c] == 0)
			fail_msg("no %s", change_name((enum change_kind)c));
	for (int c = 0; c < 4; c++)
		if (how[c] == 0)
			fail_msg("no%s", words[c]);
}

/* One byte of the effects, or one change left out: it shows. */
static void another_history_is_refused(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	struct log *log = arena_calloc(a, 1, sizeof *log);
	make(&w, &p, a, 0);
	state = 5;
	play(a, &p, season_new(a, &p), log);
	uint32_t noticed = 0;
	for (uint32_t i = 0; i < 40; i++) {
		ARENA_AUTO b = arena_new();
		struct season *s = season_new(b, &p);
		struct err e = { 0 };
		bool fine = true;
		for (uint32_t k = 0; k < log->n && fine; k++)
			fine = k == i || season_replay(s, log->content[k], log->department[k], &e);
		noticed += !fine;
	}
	assert_true(noticed > 5);
	struct season *s = season_new(a, &p);
	struct err e = { 0 };
	struct bytes good = log->content[0];
	assert_false(
		season_replay(s, (struct bytes){ good.p, good.n - 1 }, log->department[0], &e));
	assert_true(e.code == ERR_DIFFERENT || e.code == ERR_BAD_TABLE);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void refused(
	struct season *s, const struct change *c, struct bytes department, const char *what)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 64);
	struct err e = { 0 };
	struct bytes before = rows(a, s);
	assert_false(season_apply(s, c, department, &b, &e));
	assert_int_equal(e.code, ERR_PLAN_RULE);
	if (strstr(e.what, what) == NULL)
		fail_msg("expected \"%s\", got \"%s\"", what, e.what);
	assert_true(bytes_equal(rows(a, s), before) && b.n == 0);
}

static void what_may_not_be(void **unused)
{
	(void)unused;
	ARENA_AUTO a = arena_new();
	struct world w;
	struct plan p;
	make(&w, &p, a, 0);
	struct season *s = season_new(a, &p);
	struct script x = { .a = a, .plan = &p, .s = s, .today = FIRST_DAY };
	struct err e = { 0 };
	struct buf effects = buf_new(a, 64);
	uint32_t filled = 0;
	while (season_slot(s, filled, 1) == SHP_OPEN)
		filled++;
	x.c = (struct change){ .kind = CHANGE_WITHDRAW };
	x.c.value[CHANGE_AT] = number(a, (uint64_t)x.today * 86400);
	x.c.value[CHANGE_INSPECTOR] = BYTES("NOBODY");
	refused(s, &x.c, BYTES("d00"), "no inspector NOBODY");
	name_person(&x, 0);
	refused(s, &x.c, BYTES("d99"), "of another department");
	assert_true(season_apply(s, &x.c, x.department, &effects, &e));
	x.c.value[CHANGE_AT] = number(a, (uint64_t)x.today * 86400 - 1);
	refused(s, &x.c, x.department, "earlier than the change before");
	x.c = (struct change){ .kind = CHANGE_ASSIGN };
	x.c.value[CHANGE_AT] = number(a, (uint64_t)x.today * 86400);
	name_slot(&x, filled, 1);
	x.c.value[CHANGE_SLOT_INSPECTOR] = p.pool.at[1].id;
	refused(s, &x.c, x.department, "the slot is not open");
	x.c.value[CHANGE_PLACE] = BYTES("9");
	refused(s, &x.c, x.department, "no such place");
	x.c.value[CHANGE_ORDINAL] = BYTES("99");
	refused(s, &x.c, x.department, "no such visit");
	pick_slot(&x);
	x.c.value[CHANGE_SLOT_INSPECTOR] = p.pool.at[0].id; /* who left the round */
	refused(s, &x.c, x.department, "keeps the inspector out");
	x.c.kind = CHANGE_BORROW;
	x.c.value[CHANGE_FROM] = x.department;
	refused(s, &x.c, x.department, "does not borrow from itself");
	x.c.value[CHANGE_FROM] = BYTES("nowhere");
	refused(s, &x.c, x.department, "nobody there may be borrowed");
	x.c.kind = CHANGE_MOVE;
	name_visit(&x, 0);
	x.department = w.policy.departments[p.visits.at[0].lead].code;
	x.c.value[CHANGE_DAY] = date(a, p.visits.at[0].to + 100);
	x.c.value[CHANGE_HALF] = BYTES("am");
	assert_false(season_apply(s, &x.c, x.department, &effects, &e));
	x.c.kind = CHANGE_LEAVE;
	name_person(&x, 1);
	x.c.value[CHANGE_FIRST] = BYTES("2026-05-02");
	x.c.value[CHANGE_LAST] = BYTES("2026-05-01");
	refused(s, &x.c, x.department, "ends before it begins");
	x.c.kind = CHANGE_WITHDRAW;
	x.c.value[CHANGE_AT] = number(a, (uint64_t)(p.visits.at[0].to + 2) * 86400);
	assert_true(season_apply(s, &x.c, x.department, &effects, &e));
	x.c.kind = CHANGE_ABSENT;
	name_slot(&x, 0, 1);
	refused(s, &x.c, x.department, "the visit is past");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_hundred_changes_replay_to_the_same_bytes),
		cmocka_unit_test(another_history_is_refused),
		cmocka_unit_test(what_may_not_be),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
