/* V7–V12: what was frozen: artefacts, policy, frame, exclusions, strata, and the seed. */
#include "daemon/replay/replay.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "planner/exclude.h"
#include "sampler/beacon.h"

/* ---- V7 ---- */

static bool open_artefact(struct replay *r, enum table_id id, struct err *e)
{
	const struct table_form *form = table_form(id);
	char name[64];
	snprintf(name, sizeof name, "artefacts/%s", form->name);
	const struct bundle_file *f = bundle_find(&r->bundle, name);
	if (f == NULL)
		return err_set(e, ERR_BAD_BUNDLE, "%s: ∅", name);
	const struct entry *en = form->after_draw ? r->draw : r->freeze;
	if (!replay_hash(&en->record, form->name, f->hash, e))
		return false;
	return table_open(&r->table[id], id, f->content, e);
}

bool check_artefacts(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct bundle_file *text = bundle_find(&r->bundle, "PROTOCOL.md");
	if (text == NULL)
		return err_set(e, ERR_BAD_BUNDLE, "PROTOCOL.md: ∅");
	if (!replay_hash(&r->freeze->record, "protocol", text->hash, e))
		return false;
	for (unsigned id = 0; id < TABLES; id++)
		if (!open_artefact(r, (enum table_id)id, e))
			return false;
	/* the forms of what no later check makes anew */
	struct pool_artefacts people = { r->table[TABLE_POOL].all, r->table[TABLE_RECUSALS].all,
		r->table[TABLE_HISTORY].all, r->table[TABLE_CALENDAR].all };
	static const struct policy any = { .inspectors_limit = 1 };
	struct pool pool;
	ARENA_AUTO scratch = arena_new();
	if (!pool_read(&pool, scratch, &any, &people, e))
		return false;
	snprintf(note, size, "%d artefacts", TABLES);
	return true;
}

/* ---- V8 ---- */

/* The freeze's departments are those of the policy's tasks: each of them approves or signs. */
static bool departments_agree(const struct replay *r, struct err *e)
{
	struct buf b = buf_new(r->arena, 256);
	policy_departments(&r->policy, &b);
	struct bytes given = record_get(&r->freeze->record, "departments");
	if (bytes_equal(given, buf_view(&b)))
		return true;
	return err_set(e, ERR_DIFFERENT, "departments: %.*s ≠ %.*s", BYTES_ARG(given),
		BYTES_ARG(buf_view(&b)));
}

/* Nobody approves who has no part in the round. */
static bool approvals_fit(const struct replay *r, struct err *e)
{
	struct bytes rest = record_get(&r->freeze->record, "approvals");
	struct approval a;
	while (type_next_approval(&rest, &a))
		if (!replay_has_department(r, a.department))
			return err_set(
				e, ERR_DIFFERENT, "approvals: %.*s", BYTES_ARG(a.department));
	return true;
}

/* Every department of the freeze has signed it (V4) or is listed with an approval; without a trust
 * policy nobody knows who holds a key. */
static bool departments_approved(const struct replay *r, struct err *e)
{
	struct bytes rest = record_get(&r->freeze->record, "departments"), code;
	while (type_next_member(&rest, &code)) {
		struct bytes list = record_get(&r->freeze->record, "approvals");
		struct approval a;
		bool found =
			r->trust == NULL || trust_signer(r->trust, TRUST_DEPARTMENT, code) != NULL;
		while (!found && type_next_approval(&list, &a))
			found = bytes_equal(a.department, code);
		if (!found)
			return err_set(e, ERR_MISSING_SIGNER, "approvals: %.*s", BYTES_ARG(code));
	}
	return true;
}

bool check_policy(struct replay *r, char *note, size_t size, struct err *e)
{
	if (!policy_read(&r->policy, r->arena, &r->table[TABLE_POLICY], e))
		return false;
	if (!civil_parse(record_get(&r->freeze->record, "date"), &r->date))
		return err_set(e, ERR_BAD_DATE, "date");
	if (!departments_agree(r, e) || !approvals_fit(r, e) || !departments_approved(r, e))
		return false;
	snprintf(note, size, "%u tasks, %u items, %u departments", r->policy.task_count,
		r->policy.item_count, r->policy.department_count);
	return true;
}

/* ---- V9 ---- */

bool check_frame(struct replay *r, char *note, size_t size, struct err *e)
{
	struct frame *f = &r->frame;
	if (!policy_frame(&r->policy, f, &r->table[TABLE_FRAME], r->arena, e))
		return err_at(e, "frame");
	if (f->tasks != r->policy.task_count)
		return err_set(e, ERR_DIFFERENT, "tasks: %zu ≠ %u", f->tasks, r->policy.task_count);
	for (uint32_t t = 0; t < r->policy.task_count; t++)
		if (!bytes_equal(f->task[t], r->policy.tasks[t].code))
			return err_set(e, ERR_DIFFERENT, "task: %.*s ≠ %.*s", BYTES_ARG(f->task[t]),
				BYTES_ARG(r->policy.tasks[t].code));
	const struct record *rec = &r->freeze->record;
	if (!replay_number(rec, "register", f->n, e) ||
		!replay_hash(rec, "universe", f->universe, e) ||
		!replay_hash(rec, "frame-root", f->root, e))
		return false;
	snprintf(note, size, "%zu objects, %zu tasks", f->n, f->tasks);
	return true;
}

/* ---- V10 ---- */

bool check_exclusions(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct frame *f = &r->frame;
	if (!exclude_verify(&r->policy, f, r->date, r->arena, e))
		return false;
	uint64_t excluded = 0;
	for (size_t t = 0; t < f->tasks; t++)
		for (size_t c = 0; c < f->counts.codes; c++)
			excluded += f->counts.excluded[t * f->counts.codes + c];
	snprintf(note, size, "%llu exclusions", (unsigned long long)excluded);
	return true;
}

/* ---- V11 ---- */

bool check_strata(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct frame *f = &r->frame;
	if (!strata_verify(&r->strata, &r->policy, &f->counts, f->n, &r->table[TABLE_STRATA],
		    &r->table[TABLE_LEDGER], r->arena, e))
		return false;
	uint64_t drawn = 0;
	for (size_t i = 0; i < r->strata.n; i++)
		drawn += r->strata.row[i].quota;
	snprintf(note, size, "%zu strata, %llu to draw", r->strata.n, (unsigned long long)drawn);
	return true;
}

/* ---- V12 ---- */

static bool pulses_agree(const struct replay *r, const struct seed *s, struct err *e)
{
	if (s->pulses != r->beacons)
		return err_set(e, ERR_DIFFERENT, "pulses: %zu ≠ %zu", s->pulses, r->beacons);
	for (size_t i = 0; i < s->pulses; i++) {
		const struct record *b = &r->beacon[i]->record;
		if (!beacon_check(record_get(b, "source"), record_get(b, "pulse"),
			    record_get(b, "value"), e))
			return err_at(e, "beacon %zu", i + 1);
		if (!bytes_equal(s->pulse[i].source, record_get(b, "source")) ||
			!bytes_equal(s->pulse[i].pulse, record_get(b, "pulse")) ||
			!bytes_equal(s->pulse[i].value, record_get(b, "value")))
			return err_set(e, ERR_DIFFERENT, "seed.txt: pulse %zu", i + 1);
	}
	return true;
}

bool check_seed(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct bundle_file *f = bundle_find(&r->bundle, "seed.txt");
	struct seed s;
	uint8_t hash[32], blinding[32];
	if (f == NULL)
		return err_set(e, ERR_BAD_BUNDLE, "seed.txt: ∅");
	if (!seed_parse(&s, f->content, r->arena, e))
		return err_at(e, "seed.txt");
	if (memcmp(s.lock, r->lock->leaf, 32) != 0)
		return err_set(e, ERR_DIFFERENT, "seed.txt: lock leaf");
	seed_commitment(r->freeze->leaf, s.secret, hash);
	if (!replay_hash(&r->lock->record, "commitment", hash, e) || !pulses_agree(r, &s, e))
		return false;
	seed_derive(f->content, &r->keys);
	seed_reveal_blinding(&r->keys, blinding);
	seed_content(BYTES("reveal"), blinding, f->content, hash);
	if (!replay_hash(&r->reveal->record, "content", hash, e))
		return false;
	snprintf(note, size, "K_entity %s", r->keys.k[KEY_ENTITY]);
	return true;
}
