#include "planner/quota.h"

#include <assert.h>

#include "planner/exclude.h"
#include "sampler/type.h"

enum { PPM = 1000000, TARGETED_BELOW = 5 };

uint64_t quota(uint64_t population, uint32_t ppm, enum rounding rounding)
{
	/* added to N·r before ⌊… / 10^6⌋; half-up: ⌊(2·N·r + 10^6) / (2·10^6)⌋ is the same number
	 */
	static const uint32_t add[] = {
		[ROUND_DOWN] = 0, [ROUND_HALF_UP] = PPM / 2, [ROUND_UP] = PPM - 1
	};

	assert(population <= UINT64_C(1) << 40 && ppm <= PPM);
	uint64_t n = (population * ppm + add[rounding]) / PPM;
	return n == 0 && population > 0 && ppm > 0 ? 1 : n;
}

uint32_t quota_ratio(const struct policy *p, const struct task *t, enum frame_code stratum)
{
	assert(stratum <= CODE_U);
	return t->ratio[stratum == CODE_U ? (size_t)p->class_missing : (size_t)stratum];
}

const char *quota_report(uint64_t population, uint64_t n, uint32_t ppm)
{
	if (population == 0)
		return "empty";
	if (ppm == PPM)
		return "full";
	return population < TARGETED_BELOW || 2 * n > population ? "targeted" : "random";
}

/* Has the stratum a row? A to D with ratio or population, U with population only. */
static bool has_row(enum frame_code stratum, uint64_t population, uint32_t ratio)
{
	return population > 0 || (stratum != CODE_U && ratio > 0);
}

static bool refuse(struct err *e, const struct task *t, const char *stratum, const char *what)
{
	err_set(e, ERR_EMPTY_STRATUM, "%s", what);
	return err_at(e, "task %.*s%s%s", BYTES_ARG(t->code),
		stratum[0] != '\0' ? ", stratum " : "", stratum);
}

/* What strata_make fills. */
struct making {
	const struct policy *policy;
	struct stratum_row *row;
	size_t rows;
	struct err *e;
};

static bool make_task(struct making *m, uint32_t task, const uint64_t *count, uint64_t *quotas)
{
	const struct policy *p = m->policy;
	const struct task *t = &p->tasks[task];
	uint64_t objects = 0;

	for (int s = CODE_A; s <= CODE_U; s++)
		objects += count[s];
	if (objects == 0)
		return refuse(m->e, t, "", "no object of the register falls to this task");
	for (int s = CODE_A; s <= CODE_U; s++) {
		enum frame_code stratum = (enum frame_code)s;
		uint32_t ratio = quota_ratio(p, t, stratum);
		if (!has_row(stratum, count[s], ratio))
			continue;
		if (count[s] == 0 && p->empty_refuse)
			return refuse(m->e, t, frame_code_name(stratum),
				"no object, and strata.empty is refuse");
		quotas[s] = quota(count[s], ratio, (enum rounding)p->rounding);
		m->row[m->rows++] = (struct stratum_row){ task, stratum, count[s], quotas[s], ratio,
			quota_report(count[s], quotas[s], ratio) };
	}
	return true;
}

bool strata_make(struct strata *s, const struct policy *p, const uint64_t *count, struct arena *a,
	struct err *e)
{
	size_t room = (size_t)p->task_count * FRAME_STRATA + 1;
	struct making m = { p, arena_calloc(a, room, sizeof *m.row), 0, e };
	uint64_t *quotas = arena_calloc(a, room, sizeof *quotas);
	bool ok = true;

	for (uint32_t t = 0; ok && t < p->task_count; t++)
		ok = make_task(
			&m, t, count + (size_t)t * FRAME_CODES, quotas + (size_t)t * FRAME_STRATA);
	*s = (struct strata){ m.rows, m.row, quotas };
	return ok;
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

enum { STRATA_COLUMNS = 6, LEDGER_COLUMNS = 5 };

static struct made make_strata_rows(const struct strata *s, const struct policy *p, struct arena *a)
{
	struct made m = { TABLE_STRATA, s->n, STRATA_COLUMNS, NULL };

	m.value = arena_calloc(a, s->n * STRATA_COLUMNS + 1, sizeof *m.value);
	for (size_t i = 0; i < s->n; i++) {
		const struct stratum_row *r = &s->row[i];
		struct bytes *v = m.value + i * STRATA_COLUMNS;
		v[0] = p->tasks[r->task].code;
		v[1] = bytes_of(frame_code_name(r->stratum));
		v[2] = number(a, r->population);
		v[3] = number(a, r->quota);
		v[4] = number(a, r->ratio);
		v[5] = bytes_of(r->report);
	}
	return m;
}

/* Exclusion codes in bytewise order, in which the ledger's rows stand. */
static const enum frame_code by_name[EXCLUSIONS] = { CODE_CHECKED, CODE_CLOSED, CODE_OBSERVATION,
	CODE_REMIT, CODE_TOLERANCE, CODE_TYPE };

static struct made make_ledger_rows(const struct policy *p, const uint64_t *count, struct arena *a)
{
	struct made m = { TABLE_LEDGER, 0, LEDGER_COLUMNS, NULL };

	m.value = arena_calloc(
		a, (size_t)p->task_count * EXCLUSIONS * LEDGER_COLUMNS + 1, sizeof *m.value);
	for (uint32_t t = 0; t < p->task_count; t++) {
		for (size_t i = 0; i < EXCLUSIONS; i++) {
			enum frame_code code = by_name[i];
			const char *name = frame_code_name(code);
			uint64_t n = count[(size_t)t * FRAME_CODES + code];
			struct bytes *v = m.value + m.n * LEDGER_COLUMNS;
			if (n == 0)
				continue;
			v[0] = p->tasks[t].code;
			v[1] = bytes_of(name);
			v[2] = number(a, n);
			v[3] = bytes_of(arena_printf(a, "%s/%u", name, exclusion_version(code)));
			v[4] = p->basis[code - CODE_TYPE];
			m.n++;
		}
	}
	return m;
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

bool ledger_write(const struct policy *p, const uint64_t *count, const uint8_t blind[32],
	struct sink sink, struct arena *a, uint8_t hash[32], struct err *e)
{
	struct made m = make_ledger_rows(p, count, a);
	return write_rows(&m, blind, sink, a, hash, e);
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

static bool verify_sums(const struct policy *p, const uint64_t *count, uint64_t rows, struct err *e)
{
	for (uint32_t t = 0; t < p->task_count; t++) {
		uint64_t sum = 0;
		for (int c = 0; c < FRAME_CODES; c++)
			sum += count[(size_t)t * FRAME_CODES + (size_t)c];
		if (sum != rows) {
			err_set(e, ERR_FRAME_DIFFERS, "%llu objects counted, %llu in the register",
				(unsigned long long)sum, (unsigned long long)rows);
			return err_at(e, "task %.*s", BYTES_ARG(p->tasks[t].code));
		}
	}
	return true;
}

bool strata_verify(const struct policy *p, const uint64_t *count, uint64_t rows,
	const struct table *strata, const struct table *ledger, struct arena *a, struct err *e)
{
	struct strata s;

	if (!strata_make(&s, p, count, a, e))
		return false;
	struct made of_strata = make_strata_rows(&s, p, a);
	struct made of_ledger = make_ledger_rows(p, count, a);
	return verify_rows(&of_strata, strata, e) && verify_rows(&of_ledger, ledger, e) &&
	       verify_sums(p, count, rows, e);
}
