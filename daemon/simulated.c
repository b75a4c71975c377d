#include "daemon/simulated.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "daemon/json.h"
#include "daemon/untold.h"
#include "planner/civil.h"

enum {
	FEW = 5, /* classes with fewer objects are not told to whom classes are not told */
	THOUSAND = 1000,
	PPM = 1000000,
};

/* ---- numbers ------------------------------------------------------------------------------- */

/* A number of thousandths, and of thousandths of those, as a decimal. */
static void put_decimal(struct buf *b, const char *name, uint64_t value, uint64_t unit)
{
	char text[48];
	uint64_t rest = value % unit;
	if (rest == 0)
		snprintf(text, sizeof text, "%" PRIu64, value / unit);
	else
		snprintf(text, sizeof text, "%" PRIu64 ".%0*" PRIu64, value / unit,
			unit == THOUSAND ? 3 : 6, rest);
	json_put_raw(b, name, bytes_of(text));
}

static void put_spread(struct buf *b, const struct simulate_spread *s, bool thousandths, bool whole)
{
	uint64_t unit = thousandths ? THOUSAND : 1;
	put_decimal(b, "mean", untold_count(whole, s->mean, unit * THOUSAND), unit * THOUSAND);
	put_decimal(b, "low", untold_count(whole, s->low, unit), unit);
	put_decimal(b, "high", untold_count(whole, s->high, unit), unit);
}

static void put_spread_of(struct buf *b, const char *name, const struct simulate_spread *s,
	bool thousandths, bool whole)
{
	struct buf one = buf_new(b->arena, 128);
	buf_byte(&one, '{');
	put_spread(&one, s, thousandths, whole);
	buf_byte(&one, '}');
	json_put_raw(b, name, buf_view(&one));
}

/* The next member of a list whose bracket is open. */
static void next(struct buf *b, size_t *told)
{
	buf_str(b, (*told)++ > 0 ? ",{" : "{");
}

/* ---- figures ------------------------------------------------------------------------------- */

static void put_visits(struct buf *b, const struct simulation *found, bool whole)
{
	struct buf one = buf_new(b->arena, 128);
	buf_byte(&one, '{');
	put_spread(&one, &found->figure[SIMULATE_VISITS], false, whole);
	put_decimal(&one, "bound", untold_count(whole, found->bound, THOUSAND), THOUSAND);
	put_decimal(&one, "independent", untold_count(whole, found->independent.mean, THOUSAND),
		THOUSAND);
	buf_byte(&one, '}');
	json_put_raw(b, "visits", buf_view(&one));
}

/* Without past outcomes nothing is expected: null. */
static void put_figures(
	struct buf *b, const struct simulation *found, const struct simulated_about *about)
{
	bool rated = false;
	for (size_t c = 0; c < SIMULATE_CLASSES; c++)
		rated = rated || about->rate[c].checks > 0;
	put_visits(b, found, about->whole);
	for (size_t i = SIMULATE_VISITS + 1; i < SIMULATE_FIGURES; i++) {
		const struct simulate_form *f = &simulate_form[i];
		if (f->staffed && !found->staffed)
			continue;
		if ((!rated && (i == SIMULATE_FINDINGS || i == SIMULATE_RATED)) ||
			(!about->whole && i == SIMULATE_DEPARTMENTS)) /* no step hides a ratio */
			json_put_raw(b, f->name, BYTES("null"));
		else
			put_spread_of(b, f->name, &found->figure[i], f->thousandths, about->whole);
	}
}

/* Of a task of few objects every figure, and the sum with those of others, would tell a class. */
static void put_nothing(struct buf *b)
{
	for (size_t i = 0; i < SIMULATE_FIGURES; i++)
		if (!simulate_form[i].staffed)
			json_put_raw(b, simulate_form[i].name, BYTES("null"));
	json_put_raw(b, "parts", BYTES("[]"));
}

static void put_parts(
	struct buf *b, const struct simulation *found, const struct simulated_about *about)
{
	size_t told = 0;

	json_put_raw(b, "parts", BYTES("["));
	for (uint32_t i = 0; i < found->parts; i++) {
		const struct simulate_part *p = &found->part[i];
		if (untold_few(about->whole, p->population))
			continue;
		next(b, &told);
		json_put_member(b, "kind", bytes_of(p->kind));
		json_put_member(b, "code", p->code);
		json_put_member(b, "name", p->name);
		json_put_number(
			b, "population", (int64_t)untold_count(about->whole, p->population, 1));
		put_spread(b, &p->drawn, false, about->whole);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

static void put_staff(struct buf *b, const struct simulation *found, bool whole)
{
	size_t told = 0;

	json_put_raw(b, "staff", BYTES("["));
	for (uint32_t i = 0; i < found->staffs; i++) {
		const struct simulate_staff *s = &found->staff[i];
		if (s->inspectors == 0 && s->slots.high == 0)
			continue;
		next(b, &told);
		json_put_member(b, "department", s->code);
		json_put_member(b, "name", s->name);
		json_put_number(b, "inspectors", s->inspectors);
		put_spread_of(b, "slots", &s->slots, false, whole);
		put_spread_of(b, "open", &s->open, false, whole);
		put_spread_of(b, "idle", &s->idle, false, whole);
		put_spread_of(b, "busiest", &s->busiest, false, whole);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

/* ---- past outcomes ------------------------------------------------------------------------- */

static void put_rates(struct buf *b, const struct simulated_about *about)
{
	size_t told = 0;

	json_put_raw(b, "rates", BYTES("["));
	for (size_t c = 0; c < SIMULATE_CLASSES; c++) {
		const struct past_rate *r = &about->rate[c];
		if (r->checks == 0 || (!about->whole && r->checks < FEW))
			continue;
		next(b, &told);
		json_put_member(b, "class", (struct bytes){ &"ABCD"[c], 1 });
		json_put_number(b, "checks", (int64_t)r->checks);
		json_put_number(b, "found", (int64_t)r->found);
		json_put_number(b, "ppm", r->ppm);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

/* Parts per million of n; reached are thousandths where it is a mean. */
static void put_ppm(struct buf *b, const char *name, uint64_t reached, uint64_t n)
{
	if (n == 0)
		json_put_raw(b, name, BYTES("null"));
	else
		json_put_number(b, name, (int64_t)((2 * reached + n) / (2 * n)));
}

static void put_share(struct buf *b, const char *name, const struct backtest_share *all, bool whole)
{
	const struct backtest_share told = {
		untold_count(whole, all->checks, 1),
		{ untold_count(whole, all->reached.mean, THOUSAND),
			untold_count(whole, all->reached.low, 1),
			untold_count(whole, all->reached.high, 1) },
	}, *s = &told;
	struct buf one = buf_new(b->arena, 200);
	buf_byte(&one, '{');
	json_put_number(&one, "checks", (int64_t)s->checks);
	put_spread(&one, &s->reached, false, true);
	put_ppm(&one, "ppm", s->reached.mean * THOUSAND, s->checks);
	put_ppm(&one, "ppm_low", s->reached.low * PPM, s->checks);
	put_ppm(&one, "ppm_high", s->reached.high * PPM, s->checks);
	buf_byte(&one, '}');
	json_put_raw(b, name, buf_view(&one));
}

static bool told_of(const struct backtest_part *p, const struct simulated_about *about)
{
	uint64_t checks = p->found.checks + p->clean.checks;
	if (strcmp(p->kind, "all") == 0)
		return true;
	return checks > 0 && !untold_few(about->whole, checks);
}

static void put_past_parts(
	struct buf *b, const struct backtest_result *past, const struct simulated_about *about)
{
	size_t told = 0;

	json_put_raw(b, "parts", BYTES("["));
	for (uint32_t i = 0; i < past->parts; i++) {
		const struct backtest_part *p = &past->part[i];
		if (!told_of(p, about))
			continue;
		next(b, &told);
		json_put_member(b, "kind", bytes_of(p->kind));
		json_put_member(b, "code", p->code);
		json_put_member(b, "name", p->name);
		put_share(b, "found", &p->found, about->whole);
		put_share(b, "clean", &p->clean, about->whole);
		buf_byte(b, '}');
	}
	buf_str(b, "]");
}

static void put_backtest(
	struct buf *b, const struct simulated *d, const struct simulated_about *about)
{
	struct buf one = buf_new(b->arena, 2048);
	char day[CIVIL_TEXT];

	buf_byte(&one, '{');
	json_put_member(&one, "from", bytes_of(civil_format(about->past.from, day)));
	json_put_member(&one, "to", bytes_of(civil_format(about->past.to, day)));
	json_put_number(
		&one, "outside_found", (int64_t)untold_count(about->whole, d->outside[1], 1));
	json_put_number(
		&one, "outside_clean", (int64_t)untold_count(about->whole, d->outside[0], 1));
	put_past_parts(&one, d->found->past, about);
	buf_byte(&one, '}');
	json_put_raw(b, "backtest", buf_view(&one));
}

/* ---- all of it ----------------------------------------------------------------------------- */

static void put_side(struct buf *b, const struct simulated *d, const struct simulated_about *about)
{
	buf_byte(b, '{');
	json_put_number(b, "seeds", about->seeds);
	json_put_number(b, "register", d->rows);
	json_put_flag(b, "few", d->found == NULL);
	if (d->found == NULL) {
		put_nothing(b);
		return;
	}
	put_figures(b, d->found, about);
	put_parts(b, d->found, about);
	if (d->found->staffed)
		put_staff(b, d->found, about->whole);
	if (d->found->past != NULL)
		put_backtest(b, d, about);
}

struct bytes simulated_tell(const struct simulated *first, const struct simulated *against,
	const struct simulated_about *about, struct arena *a)
{
	struct buf b = buf_new(a, 8192), other = buf_new(a, 8192);

	put_side(&b, first, about);
	put_rates(&b, about);
	if (against != NULL) {
		put_side(&other, against, about);
		buf_byte(&other, '}');
		json_put_raw(&b, "against", buf_view(&other));
	}
	buf_byte(&b, '}');
	return buf_view(&b);
}
