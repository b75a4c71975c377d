#include "daemon/replay/sample.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/replay/sample_world.h"
#include "planner/civil.h"
#include "planner/frame_build.h"
#include "planner/plan.h"
#include "planner/quota.h"
#include "sampler/bundle.h"
#include "sampler/checkpoint.h"
#include "sampler/leaves.h"
#include "sampler/merkle.h"
#include "sampler/select.h"

/* Times of the sample: all in the past of nobody, so that nothing depends on a clock. */
enum { FROZEN_AT = 1767229200, COSIGNED_AT = FROZEN_AT + 600, PULSE_AT = FROZEN_AT + 3600 };
#define PULSES "dice:20260001:1767232800"
static const char salt_key[65] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
static const char round_id[] = "2026-0001";

enum { INSPECTORS = 14 };

static struct note_signer signer(const char *name, enum note_type type, uint8_t fill)
{
	struct note_signer s;
	uint8_t seed[32];
	struct err e = { 0 };
	memset(seed, fill, sizeof seed);
	bool ok = note_signer_init(&s, bytes_of(name), type, seed, &e);
	assert(ok);
	(void)ok;
	return s;
}

static void make_keys(struct sample *s)
{
	s->log = signer("selftest.example/log", NOTE_ED25519, 1);
	s->operator= signer("selftest.example/operator", NOTE_ED25519, 2);
	s->witness = signer("selftest.example/witness", NOTE_COSIGNATURE, 3);
	s->attester[0] = signer("selftest.example/attester-1", NOTE_ED25519, 4);
	s->attester[1] = signer("selftest.example/attester-2", NOTE_ED25519, 5);
	s->stranger_key = signer("selftest.example/gtj", NOTE_ED25519, 6);
	s->log_signer = &s->log;
	s->draw_signer = &s->operator;
	s->cosign_time = COSIGNED_AT;
}

static void put_vkey(struct buf *b, const char *before, const struct note_signer *s)
{
	buf_str(b, before);
	vkey_put(b, &s->vkey);
	buf_byte(b, '\n');
}

static void make_trust(struct sample *s)
{
	struct buf b = buf_new(s->arena, 1024);
	put_vkey(&b, "log ", &s->log);
	put_vkey(&b, "witness w1 ", &s->witness);
	buf_str(&b, "group all-witnesses all w1\nquorum all-witnesses\n");
	put_vkey(&b, "signer operator ", &s->operator);
	put_vkey(&b, "signer attester:a1 ", &s->attester[0]);
	put_vkey(&b, "signer attester:a2 ", &s->attester[1]);
	put_vkey(&b, "signer department:gtj ", &s->stranger_key);
	buf_str(&b, "demo yes\n");
	s->trust = buf_view(&b);
}

static void put_rows(struct sample *s, struct table_pile *p, enum table_id id, const uint8_t *blind)
{
	struct buf b = buf_new(s->arena, 4096);
	uint8_t own[32], hash[32];
	struct err e = { 0 };
	seed_frame_blind(salt_key, table_form(id)->name, own);
	bool ok = table_pile_write(p, id, blind != NULL ? blind : own, sink_buf(&b), hash, &e);
	assert(ok);
	(void)ok;
	s->artefact[id] = buf_view(&b);
}

static bool make_policy(struct sample *s, struct err *e)
{
	struct table t;
	struct table_pile p = table_pile_new(TABLE_POLICY, s->arena);
	for (size_t i = 0; i < s->policy_rows; i++)
		table_pile_put(
			&p, (struct bytes[]){ s->policy_row[i].path, s->policy_row[i].value });
	put_rows(s, &p, TABLE_POLICY, NULL);
	return table_open(&t, TABLE_POLICY, s->artefact[TABLE_POLICY], e) &&
	       policy_read(&s->policy, s->arena, &t, e);
}

static bool make_frame(struct sample *s, struct frame_sums *sums, struct err *e)
{
	struct buf *b = arena_calloc(s->arena, 1, sizeof *b);
	int32_t date;
	*b = buf_new(s->arena, 16384);
	civil_parse(BYTES("2026-01-01"), &date);
	struct frame_builder *fb =
		frame_build_start(s->arena, &s->policy, date, salt_key, sink_buf(b), e);
	if (fb == NULL)
		return false;
	for (unsigned i = 0; i < SAMPLE_OBJECTS; i++) {
		struct bytes fact[FRAME_FACTS];
		sample_facts(s->arena, i, fact);
		if (!frame_build_put(fb, fact, 1, e))
			return false;
	}
	if (!frame_build_end(fb, sums, e))
		return false;
	s->artefact[TABLE_FRAME] = buf_view(b);
	return true;
}

static bool make_strata(struct sample *s, const struct frame *f, struct err *e)
{
	struct strata strata;
	uint8_t hash[32], blind[32];
	struct buf b = buf_new(s->arena, 4096), l = buf_new(s->arena, 4096);
	if (!strata_make(&strata, &s->policy, &f->counts, s->arena, e))
		return false;
	seed_frame_blind(salt_key, "strata", blind);
	if (!strata_write(&strata, &s->policy, blind, sink_buf(&b), s->arena, hash, e))
		return false;
	seed_frame_blind(salt_key, "ledger", blind);
	if (!ledger_write(&s->policy, &f->counts, blind, sink_buf(&l), s->arena, hash, e))
		return false;
	s->artefact[TABLE_STRATA] = buf_view(&b);
	s->artefact[TABLE_LEDGER] = buf_view(&l);
	return true;
}

static void make_people(struct sample *s)
{
	struct table_pile p = table_pile_new(TABLE_POOL, s->arena);
	for (unsigned i = 0; i < INSPECTORS; i++) {
		const char *dept = i % 2 == 0 ? "scjg" : "wjw";
		struct bytes id = bytes_of(
			arena_printf(s->arena, "%s-%04u", i % 2 == 0 ? "SCJG" : "WJW", i / 2 + 1));
		table_pile_put(&p,
			(struct bytes[]){ id, bytes_of(dept), BYTES("*"), BYTES("*"),
				i == 4 ? BYTES("2026-03-10") : BYTES("2028-12-31"),
				i == 6 ? BYTES("2026-03-02..2026-03-06") : BYTES(""), BYTES("0") });
	}
	put_rows(s, &p, TABLE_POOL, NULL);
	p = table_pile_new(TABLE_RECUSALS, s->arena);
	table_pile_put(&p, (struct bytes[]){ BYTES("SCJG-0001"), BYTES("91371000SELFTEST06"),
				   BYTES("kin"), BYTES("2025-06-01") });
	put_rows(s, &p, TABLE_RECUSALS, NULL);
	p = table_pile_new(TABLE_HISTORY, s->arena);
	table_pile_put(&p, (struct bytes[]){ BYTES("WJW-0002"), BYTES("91371000SELFTEST14"),
				   BYTES("2025-06-01") });
	put_rows(s, &p, TABLE_HISTORY, NULL);
	p = table_pile_new(TABLE_CALENDAR, s->arena);
	for (int32_t day = 0, from = 20514; day < 33; day++) { /* 2026-03-02 on */
		char text[CIVIL_TEXT];
		if (civil_weekday(from + day) <= 5)
			table_pile_put(&p, (struct bytes[]){ bytes_of(arena_strdup(
						   s->arena, civil_format(from + day, text))) });
	}
	put_rows(s, &p, TABLE_CALENDAR, NULL);
}

/* ---- records ---- */

static struct bytes hex_of(struct sample *s, const uint8_t hash[32])
{
	char *hex = arena_alloc(s->arena, 65);
	sha256_hex(hash, hex);
	return (struct bytes){ hex, 64 };
}

static void set(struct sample *s, enum record_kind kind, const char *key, struct bytes value)
{
	record_set(&s->record[kind], key, value);
}

static void set_hashes(struct sample *s, enum record_kind kind, bool after_draw)
{
	for (unsigned id = 0; id < TABLES; id++) {
		uint8_t hash[32];
		const struct table_form *form = table_form((enum table_id)id);
		if (form->after_draw != after_draw)
			continue;
		sha256(s->artefact[id].p, s->artefact[id].n, hash);
		set(s, kind, form->name, hex_of(s, hash));
	}
}

static void start_record(struct sample *s, enum record_kind kind)
{
	s->record[kind].kind = kind;
	set(s, kind, "round", bytes_of(round_id));
}

/* Sign the record by these and enter it. */
static bool enter(struct sample *s, enum record_kind kind, const struct note_signer *signers,
	size_t n, struct err *e)
{
	struct buf text = buf_new(s->arena, 2048);
	if (!record_encode(&s->record[kind], &text, e))
		return false;
	struct bytes note = note_sign(s->arena, buf_view(&text), signers, n, 0);
	record_leaf(note, s->leaf[kind]);
	s->entry[s->entries++] = note;
	return true;
}

static struct bytes number(struct sample *s, uint64_t v)
{
	return bytes_of(arena_printf(s->arena, "%llu", (unsigned long long)v));
}

static void freeze_record(struct sample *s, const struct frame *f)
{
	uint8_t hash[32];
	const struct {
		const char *key, *value;
	} fixed[] = { { "demo", "yes" }, { "authority", "selftest.example/log" },
		{ "frozen", "1767229200" }, { "date", "2026-01-01" }, { "departments", "scjg,wjw" },
		{ "approvals", "scjg:zhang:1767229100,wjw:li:1767229101" },
		{ "quality-rows", "1000" }, { "quality-correct", "996" },
		{ "quality-min", "995000" }, { "override", "none" }, { "pulses", PULSES },
		{ "delta", "600" }, { "draw-deadline", "1767830000" },
		{ "reveal-after", "2026-04-03" }, { "results-due", "2026-05-01" },
		{ "disclosure", "audit" }, { "previous", "none" } };
	start_record(s, RECORD_FREEZE);
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		set(s, RECORD_FREEZE, fixed[i].key, bytes_of(fixed[i].value));
	sha256(s->protocol.p, s->protocol.n, hash);
	set(s, RECORD_FREEZE, "protocol", hex_of(s, hash));
	set(s, RECORD_FREEZE, "program", hex_of(s, hash));
	set(s, RECORD_FREEZE, "register", number(s, f->n));
	set(s, RECORD_FREEZE, "universe", hex_of(s, f->universe));
	set(s, RECORD_FREEZE, "frame-root", hex_of(s, f->root));
	set_hashes(s, RECORD_FREEZE, false);
}

static void lock_record(struct sample *s)
{
	uint8_t hash[32];
	start_record(s, RECORD_LOCK);
	set(s, RECORD_LOCK, "freeze", hex_of(s, s->leaf[RECORD_FREEZE]));
	seed_commitment(s->leaf[RECORD_FREEZE], s->secret, hash);
	set(s, RECORD_LOCK, "commitment", hex_of(s, hash));
	set(s, RECORD_LOCK, "pulses", BYTES(PULSES));
}

static void beacon_record(struct sample *s)
{
	start_record(s, RECORD_BEACON);
	set(s, RECORD_BEACON, "lock", hex_of(s, s->leaf[RECORD_LOCK]));
	set(s, RECORD_BEACON, "place", BYTES("1"));
	set(s, RECORD_BEACON, "source", BYTES("dice"));
	set(s, RECORD_BEACON, "pulse", BYTES("20260001"));
	set(s, RECORD_BEACON, "value", BYTES("3141526535423"));
}

static void make_seed(struct sample *s)
{
	struct seed_pulse p = { BYTES("dice"), BYTES("20260001"), BYTES("3141526535423") };
	struct seed seed = { .pulse = &p, .pulses = 1 };
	struct buf b = buf_new(s->arena, 256);
	memcpy(seed.lock, s->leaf[RECORD_LOCK], 32);
	memcpy(seed.secret, s->secret, 32);
	seed_text(&seed, &b);
	s->seed_text = buf_view(&b);
	seed_derive(s->seed_text, &s->keys);
}

static bool make_selection(struct sample *s, const struct frame *f, struct err *e)
{
	struct strata strata;
	struct selection *sel = arena_calloc(s->arena, 1, sizeof *sel);
	struct tickets tickets;
	struct buf b = buf_new(s->arena, 4096);
	uint8_t hash[32], blind[32];
	if (!strata_make(&strata, &s->policy, &f->counts, s->arena, e))
		return false;
	units_numbers(&tickets, f, &s->keys, strata.order.by_entity, s->arena);
	seed_blind(&s->keys, "selection", blind);
	if (!select_draw(sel, f, &tickets, &strata.order, &s->keys, s->arena, e) ||
		!select_write(sel, f, blind, sink_buf(&b), hash, e))
		return false;
	s->artefact[TABLE_SELECTION] = buf_view(&b);
	select_by_object(&s->drawn, sel, f, s->arena);
	return true;
}

/* The plan of the selection as it stands, tampered with or not. */
static bool make_plan(struct sample *s, const struct frame *f, struct plan *plan, struct err *e)
{
	struct plan_input *in = arena_calloc(s->arena, 1, sizeof *in);
	in->policy = &s->policy;
	in->keys = &s->keys;
	in->artefacts =
		(struct pool_artefacts){ s->artefact[TABLE_POOL], s->artefact[TABLE_RECUSALS],
			s->artefact[TABLE_HISTORY], s->artefact[TABLE_CALENDAR] };
	if (!draws_read(&in->draws, s->arena, &s->policy, f, s->artefact[TABLE_SELECTION], e) ||
		!plan_make(plan, s->arena, in, e))
		return false;
	s->artefact[TABLE_VISITS] = plan->made.visits;
	s->artefact[TABLE_SLOTS] = plan->made.slots;
	s->artefact[TABLE_CAPACITY] = plan->made.capacity;
	s->artefact[TABLE_DROPPED] = plan->made.dropped;
	s->artefact[TABLE_SCHEDULE] = plan->made.schedule;
	return true;
}

static bool draw_record(
	struct sample *s, const struct frame *f, const struct plan *plan, struct err *e)
{
	struct table t[TABLES];
	struct hash root, *leaf = arena_calloc(s->arena, f->n, sizeof *leaf);
	static const struct {
		enum table_id id;
		const char *count;
	} counted[] = { { TABLE_SELECTION, "selected" }, { TABLE_VISITS, "visit-count" },
		{ TABLE_SLOTS, "slot-count" } };
	start_record(s, RECORD_DRAW);
	set(s, RECORD_DRAW, "lock", hex_of(s, s->leaf[RECORD_LOCK]));
	set(s, RECORD_DRAW, "objects", number(s, f->n));
	leaves_ticket_root(f, &s->drawn, &s->keys, leaf, &root);
	set(s, RECORD_DRAW, "ticket-root", hex_of(s, root.b));
	for (size_t i = 0; i < 3; i++) {
		enum table_id id = counted[i].id;
		if (!table_open(&t[id], id, s->artefact[id], e))
			return false;
		set(s, RECORD_DRAW, counted[i].count, number(s, t[id].n));
	}
	leaf = arena_calloc(s->arena, t[TABLE_VISITS].n, sizeof *leaf);
	leaves_visit_root(&t[TABLE_VISITS], &s->keys, leaf, &root);
	set(s, RECORD_DRAW, "visit-root", hex_of(s, root.b));
	set(s, RECORD_DRAW, "open", number(s, plan->shp.open));
	set_hashes(s, RECORD_DRAW, true);
	return true;
}

static void reveal_record(struct sample *s)
{
	uint8_t blinding[32], hash[32];
	start_record(s, RECORD_REVEAL);
	set(s, RECORD_REVEAL, "draw", hex_of(s, s->leaf[RECORD_DRAW]));
	seed_reveal_blinding(&s->keys, blinding);
	seed_content(BYTES("reveal"), blinding, s->seed_text, hash);
	set(s, RECORD_REVEAL, "content", hex_of(s, hash));
}

/* ---- the archive ---- */

struct files {
	struct bundle_file at[64];
	size_t n;
};

static void add_file(struct files *f, const char *name, struct bytes content)
{
	struct bundle_file *file = &f->at[f->n++];
	file->name = bytes_of(name);
	file->size = content.n;
	file->content = content;
	sha256(content.p, content.n, file->hash);
}

/* The log holds three foreign entries before the round, so that there is a frontier. */
static void add_log(struct sample *s, struct files *f)
{
	struct merkle m;
	struct hash peak[MERKLE_LEVELS];
	struct buf frontier = buf_new(s->arena, 256);
	merkle_init(&m);
	for (unsigned i = 0; i < 3; i++)
		merkle_append_entry(&m, BYTES("before the round\n"));
	size_t peaks = merkle_frontier(&m, peak);
	for (size_t i = 0; i < peaks; i++) {
		buf_hex(&frontier, peak[i].b, 32);
		buf_byte(&frontier, '\n');
	}
	add_file(f, "frontier", buf_view(&frontier));
	for (size_t i = 0; i < s->entries; i++) {
		bool stale = s->stale_root && i + 1 == s->entries;
		add_file(f, arena_printf(s->arena, "entries/%010u", (unsigned)m.size), s->entry[i]);
		merkle_append_entry(&m, stale ? BYTES("another entry\n") : s->entry[i]);
		struct checkpoint c = { .origin = vkey_name(&s->log.vkey), .size = m.size };
		struct buf text = buf_new(s->arena, 256);
		merkle_root(&m, &c.root);
		checkpoint_put(&text, &c);
		struct note_signer who[2] = { *s->log_signer, s->witness };
		add_file(f, arena_printf(s->arena, "checkpoints/%010u", (unsigned)m.size),
			note_sign(s->arena, buf_view(&text), who, 2, s->cosign_time));
	}
}

static bool make_bundle(struct sample *s, struct err *e)
{
	struct files *f = arena_calloc(s->arena, 1, sizeof *f);
	struct bundle_writer w;
	struct buf *b = arena_calloc(s->arena, 1, sizeof *b);
	*b = buf_new(s->arena, 1 << 17);
	add_log(s, f);
	for (unsigned id = 0; id < TABLES; id++)
		add_file(f,
			arena_printf(s->arena, "artefacts/%s", table_form((enum table_id)id)->name),
			s->artefact[id]);
	add_file(f, "PROTOCOL.md", buf_view(&s->protocol));
	add_file(f, "seed.txt", s->seed_text);
	if (s->loose)
		add_file(f, "changes/0000000009", BYTES("kind withdraw\n"));
	bundle_sort(f->at, f->n);
	if (!bundle_start(
		    &w, bytes_of(round_id), LEVEL_AUDIT, f->at, f->n, sink_buf(b), s->arena, e))
		return false;
	for (size_t i = 0; i < f->n; i++)
		if (f->at[i].size > 0 && !bundle_put(&w, f->at[i].content, e))
			return false;
	if (!bundle_end(&w, e))
		return false;
	s->bundle = buf_view(b);
	return true;
}

/* ---- the way through ---- */

static void nothing(struct sample *s, enum stage stage)
{
	(void)s;
	(void)stage;
}

static bool load_frame(struct sample *s, struct frame *f, struct err *e)
{
	struct table *t = arena_calloc(s->arena, 1, sizeof *t);
	return table_open(t, TABLE_FRAME, s->artefact[TABLE_FRAME], e) &&
	       policy_frame(&s->policy, f, t, s->arena, e);
}

static bool freeze(struct sample *s, struct frame *f, tamper_fn *tamper, struct err *e)
{
	struct frame_sums sums;
	tamper(s, AFTER_POLICY);
	/* An unlawful policy still makes a frame: the sample's own, so that only V8 has to object.
	 */
	struct err unlawful = { 0 };
	struct policy lawful = s->policy;
	if (!make_policy(s, &unlawful))
		s->policy = lawful;
	if (!make_frame(s, &sums, e))
		return false;
	tamper(s, AFTER_FRAME);
	if (!load_frame(s, f, e) || !make_strata(s, f, e))
		return false;
	make_people(s);
	tamper(s, AFTER_FROZEN);
	freeze_record(s, f);
	tamper(s, AFTER_FREEZE);
	return enter(s, RECORD_FREEZE, &s->operator, 1, e);
}

static bool lock(struct sample *s, tamper_fn *tamper, struct err *e)
{
	lock_record(s);
	tamper(s, AFTER_LOCK);
	if (s->twice && !enter(s, RECORD_LOCK, &s->operator, 1, e))
		return false;
	if (!enter(s, RECORD_LOCK, &s->operator, 1, e))
		return false;
	beacon_record(s);
	tamper(s, AFTER_BEACON);
	struct note_signer who[3] = { s->operator, s->attester[0], s->attester[1] };
	return enter(s, RECORD_BEACON, who, 3, e);
}

static bool draw(struct sample *s, const struct frame *f, tamper_fn *tamper, struct err *e)
{
	struct plan *plan = arena_calloc(s->arena, 1, sizeof *plan);
	make_seed(s);
	if (!make_selection(s, f, e))
		return false;
	tamper(s, AFTER_SELECTION);
	if (!make_plan(s, f, plan, e))
		return false;
	tamper(s, AFTER_PLAN);
	if (!draw_record(s, f, plan, e))
		return false;
	tamper(s, AFTER_DRAW);
	return enter(s, RECORD_DRAW, s->draw_signer, 1, e);
}

/* A result by a department that is not of the freeze, signed by a key the policy trusts for it. */
static bool stranger_result(struct sample *s, struct err *e)
{
	start_record(s, RECORD_RESULT);
	set(s, RECORD_RESULT, "department", BYTES("gtj"));
	set(s, RECORD_RESULT, "content", hex_of(s, s->leaf[RECORD_DRAW]));
	return enter(s, RECORD_RESULT, &s->stranger_key, 1, e);
}

/* An inspection for a cause of a department without a key: the operator signs. */
static bool cause(struct sample *s, struct err *e)
{
	start_record(s, RECORD_CAUSE);
	set(s, RECORD_CAUSE, "department", BYTES("scjg"));
	set(s, RECORD_CAUSE, "content", hex_of(s, s->leaf[RECORD_LOCK]));
	return enter(s, RECORD_CAUSE, &s->operator, 1, e);
}

bool sample_make(struct sample *s, struct arena *a, tamper_fn *tamper, struct err *e)
{
	struct frame f;
	if (tamper == NULL)
		tamper = nothing;
	memset(s, 0, sizeof *s);
	s->arena = a;
	s->policy_rows = sample_settings(a, &s->policy_row);
	s->protocol = buf_new(a, 64);
	buf_str(&s->protocol, "# the protocol of a self-test\n");
	memset(s->secret, 7, sizeof s->secret);
	make_keys(s);
	make_trust(s);
	if (!make_policy(s, e) || !freeze(s, &f, tamper, e) || !lock(s, tamper, e) ||
		(s->early && !cause(s, e)) || !draw(s, &f, tamper, e) ||
		(!s->early && !cause(s, e)))
		return false;
	if (s->stranger && !stranger_result(s, e))
		return false;
	reveal_record(s);
	tamper(s, AFTER_REVEAL);
	if (!enter(s, RECORD_REVEAL, &s->operator, 1, e))
		return false;
	tamper(s, AFTER_LOG);
	if (!make_bundle(s, e))
		return false;
	tamper(s, AFTER_BUNDLE);
	return true;
}

void sample_replace(struct sample *s, enum table_id id, const char *old, const char *new)
{
	struct bytes all = s->artefact[id];
	char *at = memmem(all.p, all.n, old, strlen(old));
	assert(at != NULL);
	struct buf b = buf_new(s->arena, all.n + strlen(new));
	size_t before = (size_t)(at - all.p), after = before + strlen(old);
	buf_put(&b, all.p, before);
	buf_str(&b, new);
	buf_put(&b, all.p + after, all.n - after);
	s->artefact[id] = buf_view(&b);
}

void sample_policy(struct sample *s, const char *path, const char *value)
{
	for (size_t i = 0; i < s->policy_rows; i++)
		if (bytes_is(s->policy_row[i].path, path))
			s->policy_row[i].value = bytes_of(value);
}
