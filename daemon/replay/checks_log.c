/* V1–V6: the archive, the log, its witnesses, the order of the round's records. */
#include "daemon/replay/replay.h"

#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/demand.h"
#include "sampler/merkle.h"
#include "sampler/step.h"

bool check_bundle(struct replay *r, char *note, size_t size, struct err *e)
{
	if (!bundle_open(&r->bundle, r->all, r->arena, e))
		return false;
	snprintf(note, size, "%.*s, %zu files, %zu bytes", BYTES_ARG(r->bundle.round),
		r->bundle.files, r->all.n);
	return true;
}

/* "entries/0000000012" → 12 */
static bool file_number(const struct bundle_file *f, const char *folder, uint64_t *out)
{
	size_t skip = strlen(folder);
	uint64_t v = 0;
	for (size_t i = skip; i < f->name.n; i++) {
		if (f->name.p[i] < '0' || f->name.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(f->name.p[i] - '0');
	}
	*out = v;
	return f->name.n == skip + 10;
}

static bool read_entry(
	struct replay *r, const struct bundle_file *f, struct entry *en, struct err *e)
{
	if (!note_parse(&en->note, r->arena, f->content, e) ||
		!record_parse(&en->record, en->note.text, e))
		return err_at(e, "%.*s", BYTES_ARG(f->name));
	record_leaf(f->content, en->leaf);
	en->ours = record_has(en->record.kind, "round") &&
		   bytes_equal(record_get(&en->record, "round"), r->bundle.round);
	return true;
}

static bool read_entries(struct replay *r, struct err *e)
{
	const struct bundle_file *f = bundle_folder(&r->bundle, "entries/", &r->entries);
	if (r->entries == 0)
		return err_set(e, ERR_BAD_BUNDLE, "entries/: ∅");
	r->entry = arena_calloc(r->arena, r->entries, sizeof *r->entry);
	for (size_t i = 0; i < r->entries; i++) {
		struct entry *en = &r->entry[i];
		if (!file_number(&f[i], "entries/", &en->index) ||
			en->index != r->entry[0].index + i)
			return err_set(e, ERR_BAD_BUNDLE, "%.*s", BYTES_ARG(f[i].name));
		if (!read_entry(r, &f[i], en, e))
			return false;
	}
	return true;
}

static bool read_checkpoints(struct replay *r, struct err *e)
{
	const struct bundle_file *f = bundle_folder(&r->bundle, "checkpoints/", &r->publications);
	if (r->publications == 0)
		return err_set(e, ERR_BAD_BUNDLE, "checkpoints/: ∅");
	r->published = arena_calloc(r->arena, r->publications, sizeof *r->published);
	for (size_t i = 0; i < r->publications; i++) {
		struct published *p = &r->published[i];
		struct note n;
		uint64_t named;
		p->whole = f[i].content;
		if (!note_parse(&n, r->arena, p->whole, e) ||
			!checkpoint_parse(&p->checkpoint, n.text, e))
			return err_at(e, "%.*s", BYTES_ARG(f[i].name));
		if (!file_number(&f[i], "checkpoints/", &named) || named != p->checkpoint.size)
			return err_set(e, ERR_BAD_BUNDLE, "%.*s: size %llu", BYTES_ARG(f[i].name),
				(unsigned long long)p->checkpoint.size);
	}
	return true;
}

static bool read_frontier(struct replay *r, struct merkle *m, struct err *e)
{
	const struct bundle_file *f = bundle_find(&r->bundle, "frontier");
	struct hash peak[MERKLE_LEVELS];
	size_t n = 0;
	struct bytes rest = f->content;
	while (rest.n > 0) {
		bool more;
		struct bytes line = bytes_cut(&rest, '\n', &more);
		if (!more || n == MERKLE_LEVELS || !text_hex(line, peak[n].b, 32))
			return err_set(e, ERR_BAD_BUNDLE, "frontier: line %zu", n + 1);
		n++;
	}
	return merkle_from_frontier(m, r->entry[0].index, peak, n, e) || err_at(e, "frontier");
}

/* Grow the tree entry by entry; wherever a checkpoint stands its root must come out. */
static bool check_roots(struct replay *r, struct merkle *m, struct err *e)
{
	size_t next = 0;
	if (r->published[0].checkpoint.size <= r->entry[0].index)
		return err_set(e, ERR_BAD_TREE, "checkpoint %llu ≤ entry %llu",
			(unsigned long long)r->published[0].checkpoint.size,
			(unsigned long long)r->entry[0].index);
	for (size_t i = 0; i < r->entries; i++) {
		struct hash leaf, root;
		memcpy(leaf.b, r->entry[i].leaf, 32);
		merkle_append(m, &leaf);
		if (next == r->publications || r->published[next].checkpoint.size != m->size)
			continue;
		merkle_root(m, &root);
		if (memcmp(root.b, r->published[next].checkpoint.root.b, 32) != 0)
			return err_set(
				e, ERR_BAD_TREE, "checkpoint %llu", (unsigned long long)m->size);
		next++;
	}
	if (next == r->publications && r->published[next - 1].checkpoint.size == m->size)
		return true;
	return err_set(e, ERR_BAD_TREE, "%llu entries, last checkpoint %llu",
		(unsigned long long)m->size,
		(unsigned long long)r->published[r->publications - 1].checkpoint.size);
}

bool check_log(struct replay *r, char *note, size_t size, struct err *e)
{
	struct merkle m;
	if (bundle_find(&r->bundle, "frontier") == NULL)
		return err_set(e, ERR_BAD_BUNDLE, "frontier: ∅");
	if (!read_entries(r, e) || !read_checkpoints(r, e) || !read_frontier(r, &m, e) ||
		!check_roots(r, &m, e))
		return false;
	char hex[65];
	sha256_hex(r->published[r->publications - 1].checkpoint.root.b, hex);
	snprintf(note, size, "%zu entries, %zu checkpoints, size %llu root %s", r->entries,
		r->publications, (unsigned long long)m.size, hex);
	return true;
}

bool check_checkpoints(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct trust *t = r->trust;
	for (size_t i = 0; i < r->publications; i++) {
		struct published *p = &r->published[i];
		p->marks = arena_calloc(r->arena, t->witness_count + 1, sizeof *p->marks);
		struct checkpoint c;
		if (!trust_checkpoint(t, r->arena, p->whole, &c, p->marks, e))
			return err_at(e, "checkpoint %llu", (unsigned long long)p->checkpoint.size);
	}
	const struct published *last = &r->published[r->publications - 1];
	if (!trust_quorum_by(t, last->marks, UINT64_MAX))
		return err_set(e, ERR_NOT_WITNESSED, "checkpoint %llu",
			(unsigned long long)last->checkpoint.size);
	snprintf(note, size, "%s", t->log.name);
	return true;
}

/* ---- V4 ---- */

/* The trust policy's signer of a line, NULL if it is no known key's. */
static const struct trust_signer *signer_of_line(const struct trust *t, const struct note_line *l)
{
	for (size_t i = 0; i < t->signer_count; i++) {
		const struct vkey *k = &t->signers[i].key;
		if (bytes_equal(vkey_name(k), l->name) && memcmp(k->id, l->id, 4) == 0)
			return &t->signers[i];
	}
	return NULL;
}

static bool meets(const struct demand *d, const struct trust_signer *s)
{
	return d->role == s->role && (d->token.n == 0 || bytes_equal(d->token, s->token));
}

static bool counted(const struct trust_signer *const *by, size_t n, const struct trust_signer *s)
{
	for (size_t i = 0; i < n; i++)
		if (by[i] == s)
			return true;
	return false;
}

/* Does s stand in the place of demand d behind the signer before it? Attesters stand in the order
 * of their key names and have different tokens, so none counts twice. */
static bool in_place(
	const struct demand *d, const struct trust_signer *s, const struct trust_signer *before)
{
	if (!meets(d, s))
		return false;
	return before == NULL || before->role != s->role || d->token.n > 0 ||
	       (bytes_compare(vkey_name(&before->key), vkey_name(&s->key)) < 0 &&
		       !bytes_equal(before->token, s->token));
}

static bool signed_as_demanded(const struct replay *r, const struct entry *en, struct err *e)
{
	struct demands d;
	const struct trust_signer *by[NOTE_LINES_MAX];
	const char *kind = record_form(en->record.kind)->kind;
	size_t got = 0;
	if (!demands_of(&d, &en->record, r->trust, e))
		return false;
	for (size_t i = 0; i < en->note.count; i++) {
		const struct trust_signer *s = signer_of_line(r->trust, &en->note.lines[i]);
		if (s == NULL || counted(by, got, s))
			continue;
		if (!note_verify_one(&en->note, &s->key, NULL, e))
			return false;
		if (got == d.n || !in_place(&d.at[got], s, got > 0 ? by[got - 1] : NULL))
			return err_set(e, ERR_MISSING_SIGNER, "%s: %s", kind, s->key.name);
		by[got++] = s;
	}
	if (got == d.n)
		return true;
	return err_set(e, ERR_MISSING_SIGNER, "%s: %s %.*s", kind, trust_role_name(d.at[got].role),
		BYTES_ARG(d.at[got].token));
}

bool check_signers(struct replay *r, char *note, size_t size, struct err *e)
{
	size_t n = 0;
	for (size_t i = 0; i < r->entries; i++) {
		if (!r->entry[i].ours)
			continue;
		if (!signed_as_demanded(r, &r->entry[i], e))
			return err_at(e, "entry %llu", (unsigned long long)r->entry[i].index);
		n++;
	}
	snprintf(note, size, "%zu records", n);
	return true;
}

/* ---- V5 ---- */

static bool links(const struct entry *en, const char *key, const struct entry *to, struct err *e)
{
	return replay_hash(&en->record, key, to->leaf, e);
}

static bool same_value(const struct entry *a, const struct entry *b, const char *key, struct err *e)
{
	struct bytes x = record_get(&a->record, key), y = record_get(&b->record, key);
	if (bytes_equal(x, y))
		return true;
	return err_set(e, ERR_DIFFERENT, "%s: %.*s ≠ %.*s", key, BYTES_ARG(x), BYTES_ARG(y));
}

static bool add_beacon(struct replay *r, const struct entry *en, struct err *e)
{
	r->beacon[r->beacons++] = en;
	return links(en, "lock", r->lock, e) && replay_number(&en->record, "place", r->beacons, e);
}

static bool all_beacons(const struct replay *r)
{
	struct bytes rest = record_get(&r->freeze->record, "pulses");
	struct pulse p;
	size_t n = 0;
	while (type_next_pulse(&rest, &p))
		n++;
	return n == r->beacons;
}

static bool take_record(struct replay *r, const struct entry *en, struct err *e)
{
	switch (en->record.kind) {
	case RECORD_FREEZE:
		r->freeze = en;
		return true;
	case RECORD_LOCK:
		r->lock = en;
		return links(en, "freeze", r->freeze, e);
	case RECORD_BEACON:
		return add_beacon(r, en, e);
	case RECORD_DRAW:
		r->draw = en;
		return all_beacons(r) ? links(en, "lock", r->lock, e)
				      : err_set(e, ERR_ROUND_ORDER, "draw < beacon");
	case RECORD_REVEAL:
		r->reveal = en;
		return links(en, "draw", r->draw, e);
	case RECORD_VOID:
		return err_set(e, ERR_ROUND_ORDER, "void: %.*s",
			BYTES_ARG(record_get(&en->record, "reason")));
	case RECORD_KEY:
	case RECORD_ESCROW:
	case RECORD_CAUSE:
	case RECORD_CHANGE:
	case RECORD_VISIT:
	case RECORD_RESULT:
	case RECORD_ANCHOR:
	case RECORD_KINDS:
		return true;
	}
	return true;
}

/* Walk the step table with the round's records. */
static bool walk(struct replay *r, struct err *e)
{
	enum round_state state = STATE_DRAFT;
	unsigned times[STEPS] = { 0 };
	r->beacon = arena_calloc(r->arena, r->entries, sizeof(struct entry *));
	for (size_t i = 0; i < r->entries; i++) {
		const struct entry *en = &r->entry[i];
		enum step_id step;
		if (!en->ours || !step_of_record(en->record.kind, &step))
			continue;
		const struct step_form *f = step_form(step);
		bool again = f->times == TIMES_ONCE && times[step] > 0;
		if (again || !step_lawful(step, state)) {
			err_set(e, ERR_ROUND_ORDER, "%s (%s)", f->name, state_form(state)->name);
			return err_at(e, "entry %llu", (unsigned long long)en->index);
		}
		times[step]++;
		state = step_after(step, state);
		if (!take_record(r, en, e))
			return err_at(e, "entry %llu", (unsigned long long)en->index);
	}
	for (unsigned s = 0; s < STEPS; s++)
		if (step_form((enum step_id)s)->times == TIMES_ONCE && times[s] == 0 &&
			step_form((enum step_id)s)->record >= 0)
			return err_set(
				e, ERR_ROUND_ORDER, "%s: ∅", step_form((enum step_id)s)->name);
	return true;
}

/* The lock names the pulses of the freeze, and every beacon is of its pulse. */
static bool pulses_kept(const struct replay *r, struct err *e)
{
	struct bytes rest = record_get(&r->lock->record, "pulses");
	if (!same_value(r->lock, r->freeze, "pulses", e))
		return false;
	for (size_t i = 0; i < r->beacons; i++) {
		const struct record *b = &r->beacon[i]->record;
		struct pulse p = { 0 };
		type_next_pulse(&rest, &p);
		if (!bytes_equal(p.source, record_get(b, "source")) ||
			!bytes_equal(p.pulse, record_get(b, "pulse")))
			return err_set(e, ERR_DIFFERENT, "beacon %zu: %.*s:%.*s", i + 1,
				BYTES_ARG(p.source), BYTES_ARG(p.pulse));
	}
	return true;
}

/* `date` is the day of `frozen` in China, and nobody approved later than that. */
static bool freeze_times(const struct record *f, struct err *e)
{
	enum { CHINA = 8 * 3600, DAY = 86400 };
	uint64_t frozen = record_number(f, "frozen");
	int32_t date;
	if (!civil_parse(record_get(f, "date"), &date) || (uint64_t)date != (frozen + CHINA) / DAY)
		return err_set(e, ERR_DIFFERENT, "date: %.*s, frozen %llu",
			BYTES_ARG(record_get(f, "date")), (unsigned long long)frozen);
	struct bytes rest = record_get(f, "approvals");
	struct approval a;
	while (type_next_approval(&rest, &a))
		if (a.time > frozen)
			return err_set(e, ERR_ROUND_ORDER, "approvals: %.*s > frozen",
				BYTES_ARG(a.department));
	return true;
}

static bool freeze_lawful(const struct replay *r, struct err *e)
{
	const struct record *f = &r->freeze->record;
	bool demo = bytes_is(record_get(f, "demo"), "yes");
	if (!record_freeze_rules(f, e))
		return false;
	if (demo && r->trust != NULL && !r->trust->demo)
		return err_set(e, ERR_DEMO_REFUSED, "demo yes");
	struct bytes origin = r->published[0].checkpoint.origin;
	if (!bytes_equal(record_get(f, "authority"), origin))
		return err_set(e, ERR_DIFFERENT, "authority: %.*s ≠ %.*s",
			BYTES_ARG(record_get(f, "authority")), BYTES_ARG(origin));
	return freeze_times(f, e);
}

/* Outside of demo rounds the secret is in custody before the lock. */
static bool escrowed(const struct replay *r, struct err *e)
{
	size_t n = 0;
	for (size_t i = 0; i < r->entries; i++) {
		const struct entry *en = &r->entry[i];
		if (!en->ours || en->record.kind != RECORD_ESCROW)
			continue;
		if (en->index > r->lock->index || !links(en, "freeze", r->freeze, e) ||
			!same_value(en, r->lock, "commitment", e)) {
			err_set(e, ERR_ROUND_ORDER, "escrow > lock");
			return err_at(e, "entry %llu", (unsigned long long)en->index);
		}
		n++;
	}
	if (n > 0 || bytes_is(record_get(&r->freeze->record, "demo"), "yes"))
		return true;
	return err_set(e, ERR_ROUND_ORDER, "escrow: ∅");
}

bool check_round(struct replay *r, char *note, size_t size, struct err *e)
{
	const struct entry *first = &r->entry[0];
	if (!first->ours || first->record.kind != RECORD_FREEZE)
		return err_set(e, ERR_ROUND_ORDER, "entry %llu: %s",
			(unsigned long long)first->index, record_form(first->record.kind)->kind);
	if (!walk(r, e) || !pulses_kept(r, e) || !freeze_lawful(r, e) || !escrowed(r, e))
		return false;
	bool demo = bytes_is(record_get(&r->freeze->record, "demo"), "yes");
	const struct record *f = &r->freeze->record;
	snprintf(note, size, "%.*s%s, quality %.*s/%.*s, override %.*s", BYTES_ARG(r->bundle.round),
		demo ? " DEMO" : "", BYTES_ARG(record_get(f, "quality-correct")),
		BYTES_ARG(record_get(f, "quality-rows")), BYTES_ARG(record_get(f, "override")));
	return true;
}

/* ---- V6 ---- */

/* The first checkpoint over the entry that the quorum cosigned by `latest`, or NULL. */
static const struct published *witnessed(
	const struct replay *r, const struct entry *en, uint64_t latest)
{
	for (size_t i = 0; i < r->publications; i++) {
		const struct published *p = &r->published[i];
		if (p->checkpoint.size > en->index && trust_quorum_by(r->trust, p->marks, latest))
			return p;
	}
	return NULL;
}

bool check_lock(struct replay *r, char *note, size_t size, struct err *e)
{
	uint64_t latest = 0, delta = record_number(&r->freeze->record, "delta");
	uint64_t deadline = record_number(&r->freeze->record, "draw-deadline");
	bool any = lock_latest(record_get(&r->lock->record, "pulses"), delta, &latest);
	const struct published *lock = any ? witnessed(r, r->lock, latest) : NULL;
	if (lock == NULL)
		return err_set(e, ERR_NOT_WITNESSED, "lock %llu, latest %llu, delta %llu",
			(unsigned long long)r->lock->index, (unsigned long long)latest,
			(unsigned long long)delta);
	if (witnessed(r, r->draw, deadline) == NULL)
		return err_set(e, ERR_NOT_WITNESSED, "draw %llu, draw-deadline %llu",
			(unsigned long long)r->draw->index, (unsigned long long)deadline);
	snprintf(note, size, "checkpoint %llu, pulse %llu, delta %llu",
		(unsigned long long)lock->checkpoint.size, (unsigned long long)(latest + delta),
		(unsigned long long)delta);
	return true;
}
