#include "planner/quota.h"

#include <assert.h>
#include <string.h>

#include "planner/exclude.h"
#include "planner/unions.h"
#include "sampler/type.h"

__extension__ typedef unsigned __int128 u128;

enum { PPM = 1000000, TARGETED_BELOW = 5, WEIGHTED_BELOW = 1 << 30 };

uint64_t quota(uint64_t units, uint32_t ppm, enum rounding rounding)
{
	/* added to N·r before ⌊… / 10^6⌋; half-up: ⌊(2·N·r + 10^6) / (2·10^6)⌋ is the same number
	 */
	static const uint32_t add[] = {
		[ROUND_DOWN] = 0, [ROUND_HALF_UP] = PPM / 2, [ROUND_UP] = PPM - 1
	};

	assert(units <= UINT64_C(1) << 40 && ppm <= PPM);
	uint64_t n = (units * ppm + add[rounding]) / PPM;
	return n == 0 && units > 0 && ppm > 0 ? 1 : n;
}

uint32_t quota_adjust(uint32_t ppm, uint32_t factor)
{
	uint64_t adjusted = (uint64_t)ppm * factor / PPM;

	if (adjusted == 0)
		return ppm > 0;
	return adjusted < PPM ? (uint32_t)adjusted : PPM;
}

uint32_t quota_ratio(const struct policy *p, const struct task *t, enum stratum stratum)
{
	uint32_t ratio = t->ratio[policy_class(p, stratum)];
	unsigned mark = stratum_mark(stratum);

	return mark == 0 ? ratio : quota_adjust(ratio, p->adjust[mark - 1].factor);
}

const char *quota_report(uint64_t units, uint64_t among, uint64_t n, uint32_t ppm)
{
	if (units == 0)
		return "empty";
	if (ppm == PPM)
		return "full";
	return among < TARGETED_BELOW || 2 * n > among ? "targeted" : "random";
}

/* ---- one task ---- */

/* The strata of a task, by enum stratum. */
struct of_task {
	const struct task *task;
	const uint64_t *population, *units, *among;
	uint64_t quota[FRAME_STRATA];
	uint32_t ratio[FRAME_STRATA];
	uint64_t all; /* units */
	uint64_t least; /* M, of them and of what modes, `checked` and caps keep out */
};

/* The share of a number of units that a policy names in parts per million. */
static uint64_t share(uint64_t units, uint32_t ppm, enum rounding rounding)
{
	return (units * ppm + (rounding == ROUND_UP ? PPM - 1 : 0)) / PPM;
}

static bool refuse(struct err *e, enum err_code code, const struct task *t, const char *stratum,
	const char *what)
{
	err_set(e, code, "%s", what);
	return err_at(e, "task %.*s%s%s", BYTES_ARG(t->code),
		stratum[0] != '\0' ? ", stratum " : "", stratum);
}

/* In a union as many as the task draws on average, rounded up. */
static uint64_t drawn_in_all(const struct of_task *o)
{
	uint64_t n = 0;
	for (size_t s = 0; s < FRAME_STRATA; s++) {
		uint64_t among = o->among[s];
		n += among == o->units[s]
			     ? o->quota[s]
			     : (uint64_t)(((u128)o->quota[s] * o->units[s] + among - 1) / among);
	}
	return n;
}

/* The objects that are left alone although they are of the task: the law's share is of them too. */
static uint64_t left_alone(const struct frame_counts *c, uint32_t task)
{
	uint64_t n = 0;
	for (size_t k = 0; k < c->codes; k++)
		if (bytes_is(c->code[k], EXCLUDED_CHECKED) ||
			bytes_starts(c->code[k], BYTES(EXCLUDED_MODE)) ||
			bytes_starts(c->code[k], BYTES(EXCLUDED_CAP)))
			n += c->excluded[(size_t)task * c->codes + k];
	return n;
}

/* What is missing to the least share that the law asks for goes to the strata where most is to be
 * found; who is not to be drawn at all is not for that either. */
static void fill_up(struct of_task *o, const struct policy *p)
{
	uint64_t drawn = drawn_in_all(o);
	struct strata_rank rank;
	size_t by_rank[FRAME_STRATA];

	policy_rank(p, &rank);
	for (size_t s = 0; s < FRAME_STRATA; s++)
		by_rank[rank.place[s]] = s;
	for (size_t i = 0; i < FRAME_STRATA && drawn < o->least; i++) {
		size_t s = by_rank[i];
		uint64_t room = o->ratio[s] > 0 ? o->units[s] - o->quota[s] : 0;
		uint64_t missing = o->least - drawn;
		uint64_t more = room < missing ? room : missing;
		o->quota[s] += more;
		drawn += more;
	}
}

static bool below_ceiling(const struct of_task *o, const struct policy *p, struct err *e)
{
	const struct task *t = o->task;
	uint64_t drawn = drawn_in_all(o), most = share(o->all, p->ceiling_general, ROUND_DOWN);

	if (!t->general || t->ceiling_reason.n > 0 || drawn <= most || drawn <= o->least)
		return true;
	err_set(e, ERR_CEILING, "%llu of %llu, at most %llu", (unsigned long long)drawn,
		(unsigned long long)o->all, (unsigned long long)most);
	return err_at(e, "task %.*s", BYTES_ARG(t->code));
}

/* Has the stratum a row? A to D with ratio or population, the others with population only. */
static bool has_row(const struct of_task *o, enum stratum s)
{
	return o->population[s] > 0 || (s < STRATUM_U && o->ratio[s] > 0);
}

static bool has_objects(const struct of_task *o, const struct policy *p, struct err *e)
{
	uint64_t objects = 0;

	for (size_t s = 0; s < FRAME_STRATA; s++)
		objects += o->population[s];
	if (objects == 0)
		return refuse(e, ERR_EMPTY_STRATUM, o->task, "",
			"no object of the register falls to this task");
	for (size_t i = 0; i < FRAME_STRATA; i++) {
		enum stratum s = stratum_by_name(i);
		if (p->empty_refuse && o->population[s] == 0 && has_row(o, s))
			return refuse(e, ERR_EMPTY_STRATUM, o->task, stratum_name(s),
				"no object, and strata.empty is refuse");
	}
	return true;
}

static bool check_weighted(const struct of_task *o, struct err *e)
{
	for (size_t s = 0; s < FRAME_STRATA; s++)
		if (o->task->weighted && o->units[s] >= WEIGHTED_BELOW)
			return refuse(e, ERR_BAD_STRATUM, o->task, stratum_name((enum stratum)s),
				"2^30 units or more, too many for the design weighted");
	return true;
}

static bool quotas_of(struct of_task *o, const struct policy *p, uint64_t alone, struct err *e)
{
	for (size_t s = 0; s < FRAME_STRATA; s++) {
		o->ratio[s] = quota_ratio(p, o->task, (enum stratum)s);
		o->quota[s] = quota(o->among[s], o->ratio[s], (enum rounding)p->rounding);
		o->all += o->units[s];
	}
	if (!has_objects(o, p, e) || !check_weighted(o, e))
		return false;
	o->least = share(o->all + alone, o->task->minimum, ROUND_UP);
	fill_up(o, p);
	return below_ceiling(o, p, e);
}

/* ---- all tasks ---- */

/* What strata_make fills. */
struct making {
	struct stratum_row *row;
	size_t rows;
	uint64_t *units, *among, *quota;
	struct draw_rule *rule;
	bool by_entity;
};

static void put_rows(struct making *m, uint32_t task, const struct of_task *o)
{
	for (size_t i = 0; i < FRAME_STRATA; i++) {
		enum stratum s = stratum_by_name(i);
		if (!has_row(o, s))
			continue;
		m->row[m->rows++] = (struct stratum_row){ .task = task,
			.stratum = s,
			.population = o->population[s],
			.units = o->units[s],
			.among = o->among[s],
			.quota = o->quota[s],
			.ratio = o->ratio[s],
			.report =
				quota_report(o->units[s], o->among[s], o->quota[s], o->ratio[s]) };
	}
}

bool strata_make(struct strata *s, const struct policy *p, const struct frame_counts *c,
	struct arena *a, struct err *e)
{
	size_t room = (size_t)p->task_count * FRAME_STRATA + 1;
	struct making m = { .row = arena_calloc(a, room, sizeof *m.row),
		.units = arena_calloc(a, room, sizeof *m.units),
		.among = arena_calloc(a, room, sizeof *m.among),
		.quota = arena_calloc(a, room, sizeof *m.quota),
		.rule = arena_calloc(a, (size_t)p->task_count + 1, sizeof *m.rule) };

	assert(c->tasks == p->task_count);
	for (uint32_t t = 0; t < p->task_count; t++) {
		const struct task *task = &p->tasks[t];
		size_t at = (size_t)t * FRAME_STRATA;
		struct of_task o = { .task = task,
			.population = c->population + at,
			.units = (task->by_entity ? c->units : c->population) + at };
		o.among = task->shared && c->among != NULL ? c->among + at : o.units;
		if (!quotas_of(&o, p, left_alone(c, t), e))
			return false;
		memcpy(m.units + at, o.units, FRAME_STRATA * sizeof *m.units);
		memcpy(m.among + at, o.among, FRAME_STRATA * sizeof *m.among);
		memcpy(m.quota + at, o.quota, FRAME_STRATA * sizeof *m.quota);
		m.by_entity |= task->by_entity;
		m.rule[t] = (struct draw_rule){ task->by_entity, (uint8_t)task->batches.n,
			task->weighted == DESIGN_WEIGHTED };
		put_rows(&m, t, &o);
	}
	const struct unions *unions = c->among != NULL ? unions_of(p, a) : NULL;
	*s = (struct strata){ m.rows, m.row,
		{ .units = m.units,
			.quota = m.quota,
			.rule = m.rule,
			.by_entity = m.by_entity,
			.together = unions != NULL ? unions->of : NULL,
			.among = m.among,
			.unions = unions != NULL ? unions->n : 0 } };
	return true;
}

/* ---- artefacts ---- */

static struct bytes number(struct arena *a, uint64_t v)
{
	struct buf b = buf_new(a, 24);
	buf_u64(&b, v);
	return buf_view(&b);
}

/* Rows of values that are made, written and compared in the same way. */
struct made {
	enum table_id id;
	size_t n, columns;
	struct bytes *value; /* n × columns */
};

enum { STRATA_COLUMNS = 8, LEDGER_COLUMNS = 5 };

static struct made make_strata_rows(const struct strata *s, const struct policy *p, struct arena *a)
{
	struct made m = { TABLE_STRATA, s->n, STRATA_COLUMNS, NULL };

	m.value = arena_calloc(a, s->n * STRATA_COLUMNS + 1, sizeof *m.value);
	for (size_t i = 0; i < s->n; i++) {
		const struct stratum_row *r = &s->row[i];
		struct bytes *v = m.value + i * STRATA_COLUMNS;
		v[0] = p->tasks[r->task].code;
		v[1] = bytes_of(stratum_name(r->stratum));
		v[2] = number(a, r->population);
		v[3] = number(a, r->units);
		v[4] = number(a, r->among);
		v[5] = number(a, r->quota);
		v[6] = number(a, r->ratio);
		v[7] = bytes_of(r->report);
	}
	return m;
}

/* The exclusion of the policy behind every code of the frame: both stand bytewise by code. */
static bool match_codes(const struct policy *p, const struct frame_counts *c, struct arena *a,
	const struct exclusion **of, struct err *e)
{
	const struct exclusion *list;
	size_t n = exclusions_of(p, a, &list), k = 0;

	for (size_t i = 0; i < c->codes; i++) {
		while (k < n && bytes_compare(list[k].code, c->code[i]) < 0)
			k++;
		if (k == n || !bytes_equal(list[k].code, c->code[i]))
			return err_set(e, ERR_FRAME_DIFFERS, "\"%.*s\" is no rule of the policy",
				BYTES_ARG(type_shown(c->code[i])));
		of[i] = &list[k];
	}
	return true;
}

static void put_ledger_row(struct made *m, struct arena *a, const struct task *t,
	const struct exclusion *x, uint64_t count)
{
	struct bytes *v = m->value + m->n++ * LEDGER_COLUMNS;

	v[0] = t->code;
	v[1] = x->code;
	v[2] = number(a, count);
	v[3] = bytes_of(arena_printf(a, "%.*s/%u", BYTES_ARG(x->code), x->version));
	v[4] = x->basis;
}

static bool make_ledger_rows(struct made *m, const struct policy *p, const struct frame_counts *c,
	struct arena *a, struct err *e)
{
	const struct exclusion **of = arena_calloc(a, c->codes + 1, sizeof(const void *));
	size_t cells = c->tasks * c->codes, rows = 0;

	for (size_t i = 0; i < cells; i++)
		rows += c->excluded[i] > 0;
	*m = (struct made){ TABLE_LEDGER, 0, LEDGER_COLUMNS, NULL };
	m->value = arena_calloc(a, rows * LEDGER_COLUMNS + 1, sizeof *m->value);
	if (!match_codes(p, c, a, of, e))
		return false;
	for (size_t i = 0; i < cells; i++)
		if (c->excluded[i] > 0)
			put_ledger_row(
				m, a, &p->tasks[i / c->codes], of[i % c->codes], c->excluded[i]);
	return true;
}

static bool write_rows(const struct made *m, const uint8_t blind[32], struct sink sink,
	struct arena *a, uint8_t hash[32], struct err *e)
{
	struct table_writer w;

	bool ok = table_start(&w, m->id, blind, NULL, 0, sink, a, e);
	for (size_t i = 0; ok && i < m->n; i++)
		ok = table_put(&w, m->value + i * m->columns, e);
	return ok && table_end(&w, hash, e);
}

bool strata_write(const struct strata *s, const struct policy *p, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e)
{
	struct made m = make_strata_rows(s, p, a);
	return write_rows(&m, blind, sink, a, hash, e);
}

bool ledger_write(const struct policy *p, const struct frame_counts *c, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e)
{
	struct made m;
	return make_ledger_rows(&m, p, c, a, e) && write_rows(&m, blind, sink, a, hash, e);
}

/* ---- the replay ---- */

static bool differ(
	struct err *e, const struct table *t, size_t row, const struct bytes *v, const char *column)
{
	return err_at(e, "%s: row %zu (%.*s %.*s), %s", table_form(t->id)->name, row,
		BYTES_ARG(v[0]), BYTES_ARG(v[1]), column);
}

static bool verify_row(const struct table *t, size_t row, const struct bytes *field,
	const struct bytes *v, struct err *e)
{
	for (size_t k = 0; k < t->columns; k++) {
		if (bytes_equal(field[k], v[k]))
			continue;
		err_set(e, ERR_FRAME_DIFFERS, "\"%.*s\" stands where \"%.*s\" follows",
			BYTES_ARG(type_shown(field[k])), BYTES_ARG(type_shown(v[k])));
		return differ(e, t, row, v, table_form(t->id)->column[k]);
	}
	return true;
}

static bool verify_rows(const struct made *m, const struct table *t, struct err *e)
{
	struct table_cursor c = table_rows(t);
	struct bytes field[TABLE_COLUMNS_MAX];

	assert(t->id == m->id && t->columns == m->columns);
	for (size_t i = 0; i < m->n; i++) {
		const struct bytes *v = m->value + i * m->columns;
		if (!table_next(t, &c, field)) {
			err_set(e, ERR_FRAME_DIFFERS, "this row is missing");
			return differ(e, t, i + 1, v, "all columns");
		}
		if (!verify_row(t, i + 1, field, v, e))
			return false;
	}
	if (!table_next(t, &c, field))
		return true;
	err_set(e, ERR_FRAME_DIFFERS, "this row does not follow from the frame");
	return differ(e, t, m->n + 1, field, "all columns");
}

static bool verify_sums(
	const struct policy *p, const struct frame_counts *c, uint64_t rows, struct err *e)
{
	for (uint32_t t = 0; t < p->task_count; t++) {
		uint64_t sum = 0;
		for (size_t s = 0; s < FRAME_STRATA; s++)
			sum += c->population[(size_t)t * FRAME_STRATA + s];
		for (size_t k = 0; k < c->codes; k++)
			sum += c->excluded[(size_t)t * c->codes + k];
		if (sum != rows) {
			err_set(e, ERR_FRAME_DIFFERS, "%llu objects counted, %llu in the register",
				(unsigned long long)sum, (unsigned long long)rows);
			return err_at(e, "task %.*s", BYTES_ARG(p->tasks[t].code));
		}
	}
	return true;
}

bool strata_verify(struct strata *s, const struct policy *p, const struct frame_counts *c,
	uint64_t rows, const struct table *strata, const struct table *ledger, struct arena *a,
	struct err *e)
{
	struct made of_ledger;

	if (!strata_make(s, p, c, a, e) || !make_ledger_rows(&of_ledger, p, c, a, e))
		return false;
	struct made of_strata = make_strata_rows(s, p, a);
	return verify_rows(&of_strata, strata, e) && verify_rows(&of_ledger, ledger, e) &&
	       verify_sums(p, c, rows, e);
}
