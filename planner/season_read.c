/* What a season has come to. */
#include "planner/civil.h"
#include "planner/season_inner.h"

uint32_t season_slot(const struct season *s, uint32_t assignment, uint32_t place)
{
	return s->slot[s->plan->shp.slot_start[assignment] + place - 1];
}

uint32_t season_half(const struct season *s, uint32_t visit)
{
	return s->half[visit];
}

uint32_t season_leader(const struct season *s, uint32_t visit)
{
	return s->leader[visit];
}

uint32_t season_capacity(const struct season *s, uint32_t person)
{
	return s->capacity[person];
}

uint32_t season_used(const struct season *s, uint32_t person)
{
	return s->used[person];
}

uint32_t season_vacated(const struct season *s, uint32_t department)
{
	return s->vacated[department];
}

uint32_t season_left(const struct season *s, uint32_t person)
{
	return s->left[person];
}

struct season_figures season_figures(const struct season *s)
{
	struct season_figures f = s->figures;
	f.open = 0;
	for (uint32_t k = 0; k < s->plan->shp.slots; k++)
		f.open += s->slot[k] == SHP_OPEN;
	return f;
}

static void put_begin(const struct season *s, struct buf *b, uint32_t visit)
{
	const struct visit *v = &s->plan->visits.at[visit];
	buf_bytes(b, s->plan->in->draws.at[v->object].object);
	buf_byte(b, '\t');
	buf_u64(b, v->ordinal);
	buf_byte(b, '\t');
}

static void put_id(const struct season *s, struct buf *b, uint32_t person)
{
	if (person != SHP_OPEN)
		buf_bytes(b, s->person[person].id);
	buf_byte(b, '\n');
}

void season_put(const struct season *s, struct buf *b)
{
	const struct assignments *as = &s->plan->assignments;
	char day[CIVIL_TEXT];
	for (uint32_t k = 0; k < as->n; k++)
		for (uint32_t place = 1; place <= as->at[k].places; place++) {
			put_begin(s, b, as->at[k].visit);
			buf_bytes(b, s->plan->in->policy->departments[as->at[k].department].code);
			buf_byte(b, '\t');
			buf_u64(b, place);
			buf_byte(b, '\t');
			put_id(s, b, season_slot(s, k, place));
		}
	for (uint32_t i = 0; i < s->plan->visits.n; i++) {
		uint32_t half = s->half[i];
		put_begin(s, b, i);
		buf_str(b, half == HALF_NONE ? "" : civil_format(s->pool.day[half / 2], day));
		buf_byte(b, '\t');
		buf_str(b, half == HALF_NONE ? "" : half_name(half));
		buf_byte(b, '\t');
		put_id(s, b, s->leader[i]);
	}
}

/* ---- effects --------------------------------------------------------------------------------- */

static void put_person(const struct season *s, struct buf *b, uint32_t person)
{
	buf_byte(b, ' ');
	buf_bytes(b, person == SHP_OPEN ? BYTES("none") : s->person[person].id);
}

static void put_visit(const struct season *s, struct buf *b, const char *word, uint32_t visit)
{
	const struct visit *v = &s->plan->visits.at[visit];
	buf_str(b, word);
	buf_byte(b, ' ');
	buf_bytes(b, s->plan->in->draws.at[v->object].object);
	buf_byte(b, ' ');
	buf_u64(b, v->ordinal);
}

static void put_slot(struct step *x, struct buf *b, const struct vacancy *v)
{
	const struct season *s = x->s;
	const struct assignment *a = &s->plan->assignments.at[v->assignment];
	put_visit(s, b, "slot", a->visit);
	buf_byte(b, ' ');
	buf_bytes(b, s->plan->in->policy->departments[a->department].code);
	buf_byte(b, ' ');
	buf_u64(b, v->place);
	put_person(s, b, v->who);
	put_person(s, b, s->slot[step_slot(x, v->assignment, v->place)]);
	buf_byte(b, ' ');
	buf_str(b, v->how);
	buf_byte(b, '\n');
	x->s->figures.slots++;
}

static void put_day(struct step *x, struct buf *b, uint32_t visit)
{
	const struct season *s = x->s;
	char day[CIVIL_TEXT];
	uint32_t half = s->half[visit];
	put_visit(s, b, "day", visit);
	buf_byte(b, ' ');
	buf_str(b, half == HALF_NONE ? "none" : civil_format(s->pool.day[half / 2], day));
	buf_byte(b, ' ');
	buf_str(b, half == HALF_NONE ? "none" : half_name(half));
	buf_byte(b, '\n');
	x->s->figures.days++;
}

void step_effects(struct step *x, struct buf *b)
{
	const struct season *s = x->s;
	for (uint32_t k = 0; k < x->vacancies; k++)
		put_slot(x, b, &x->vacancy[k]);
	for (uint32_t k = 0; k < s->plan->visits.n; k++)
		if (s->half[s->order[k]] != x->half_before[s->order[k]])
			put_day(x, b, s->order[k]);
	for (uint32_t k = 0; k < s->plan->visits.n; k++) {
		uint32_t visit = s->order[k];
		if (s->leader[visit] == x->leader_before[visit])
			continue;
		put_visit(s, b, "leader", visit);
		put_person(s, b, s->leader[visit]);
		buf_byte(b, '\n');
	}
}
