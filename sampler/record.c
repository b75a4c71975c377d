#include "sampler/record.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/merkle.h"

/* clang-format off */
static const struct record_form forms[RECORD_KINDS] = {
	[RECORD_KEY] = { "key", {
		{ "authority", TYPE_NAME }, { "role", TYPE_TEXT }, { "vkey", TYPE_VKEY },
		{ "from", TYPE_TIME }, { "previous", TYPE_HASH_OR_NONE },
	}, { { ROLE_OPERATOR, 1 } } },
	[RECORD_FREEZE] = { "freeze", {
		{ "round", TYPE_ROUND }, { "demo", TYPE_FLAG }, { "authority", TYPE_NAME },
		{ "frozen", TYPE_TIME }, { "date", TYPE_DATE }, { "departments", TYPE_TOKENS },
		{ "approvals", TYPE_APPROVALS }, { "protocol", TYPE_HASH }, { "program", TYPE_HASH },
		{ "policy", TYPE_HASH }, { "register", TYPE_NUMBER }, { "universe", TYPE_HASH },
		{ "frame", TYPE_HASH }, { "frame-root", TYPE_HASH }, { "strata", TYPE_HASH },
		{ "ledger", TYPE_HASH }, { "pool", TYPE_HASH }, { "recusals", TYPE_HASH },
		{ "history", TYPE_HASH }, { "calendar", TYPE_HASH },
		{ "quality-rows", TYPE_NUMBER }, { "quality-correct", TYPE_NUMBER },
		{ "quality-min", TYPE_NUMBER }, { "override", TYPE_TEXT }, { "pulses", TYPE_PULSES },
		{ "delta", TYPE_NUMBER }, { "draw-deadline", TYPE_TIME },
		{ "reveal-after", TYPE_DATE }, { "results-due", TYPE_DATE },
		{ "disclosure", TYPE_TOKEN }, { "previous", TYPE_HASH_OR_NONE },
	}, { { ROLE_OPERATOR, 1 }, { ROLE_DEPARTMENTS, 1 } } },
	[RECORD_ESCROW] = { "escrow", {
		{ "round", TYPE_ROUND }, { "freeze", TYPE_HASH }, { "commitment", TYPE_HASH },
		{ "holder", TYPE_TOKEN }, { "share", TYPE_HASH }, { "threshold", TYPE_NUMBER },
		{ "shares", TYPE_NUMBER },
	}, { { ROLE_CUSTODIAN, 1 } } },
	[RECORD_LOCK] = { "lock", {
		{ "round", TYPE_ROUND }, { "freeze", TYPE_HASH }, { "commitment", TYPE_HASH },
		{ "pulses", TYPE_PULSES },
	}, { { ROLE_OPERATOR, 1 } } },
	[RECORD_BEACON] = { "beacon", {
		{ "round", TYPE_ROUND }, { "lock", TYPE_HASH }, { "place", TYPE_NUMBER },
		{ "source", TYPE_TOKEN }, { "pulse", TYPE_TEXT }, { "value", TYPE_TEXT },
	}, { { ROLE_OPERATOR, 1 }, { ROLE_ATTESTER, 2 } } },
	[RECORD_DRAW] = { "draw", {
		{ "round", TYPE_ROUND }, { "lock", TYPE_HASH }, { "objects", TYPE_NUMBER },
		{ "ticket-root", TYPE_HASH }, { "selected", TYPE_NUMBER }, { "selection", TYPE_HASH },
		{ "visit-count", TYPE_NUMBER }, { "visit-root", TYPE_HASH }, { "visits", TYPE_HASH },
		{ "dropped", TYPE_HASH },
		{ "slot-count", TYPE_NUMBER }, { "open", TYPE_NUMBER }, { "slots", TYPE_HASH },
		{ "capacity", TYPE_HASH }, { "schedule", TYPE_HASH },
	}, { { ROLE_OPERATOR, 1 } } },
	[RECORD_CAUSE] = { "cause", {
		{ "round", TYPE_ROUND_OR_NONE }, { "department", TYPE_TOKEN }, { "content", TYPE_HASH },
	}, { { ROLE_DEPARTMENT_OR_OPERATOR, 1 } } },
	[RECORD_CHANGE] = { "change", {
		{ "round", TYPE_ROUND }, { "department", TYPE_TOKEN }, { "content", TYPE_HASH },
	}, { { ROLE_OPERATOR, 1 }, { ROLE_DEPARTMENT, 1 } } },
	[RECORD_VISIT] = { "visit", {
		{ "round", TYPE_ROUND }, { "department", TYPE_TOKEN }, { "content", TYPE_HASH },
	}, { { ROLE_DEPARTMENT, 1 } } },
	[RECORD_RESULT] = { "result", {
		{ "round", TYPE_ROUND }, { "department", TYPE_TOKEN }, { "content", TYPE_HASH },
	}, { { ROLE_DEPARTMENT, 1 } } },
	[RECORD_REVEAL] = { "reveal", {
		{ "round", TYPE_ROUND }, { "draw", TYPE_HASH }, { "content", TYPE_HASH },
	}, { { ROLE_OPERATOR, 1 } } },
	[RECORD_VOID] = { "void", {
		{ "round", TYPE_ROUND }, { "last", TYPE_HASH }, { "reason", TYPE_TOKEN },
		{ "evidence", TYPE_HASH },
	}, { { ROLE_OPERATOR, 1 }, { ROLE_CUSTODIAN, 1 } } },
	[RECORD_ANCHOR] = { "anchor", {
		{ "date", TYPE_DATE }, { "entries", TYPE_NUMBER }, { "audit", TYPE_HASH },
	}, { { ROLE_OPERATOR, 1 } } },
};
/* clang-format on */

const struct record_form *record_form(enum record_kind kind)
{
	assert(kind < RECORD_KINDS);
	return &forms[kind];
}

size_t record_key_count(enum record_kind kind)
{
	const struct record_form *f = record_form(kind);
	size_t n = 0;
	while (f->key[n].name != NULL)
		n++;
	return n;
}

bool record_kind_of(struct bytes name, enum record_kind *out)
{
	for (unsigned k = 0; k < RECORD_KINDS; k++)
		if (bytes_is(name, forms[k].kind)) {
			*out = (enum record_kind)k;
			return true;
		}
	return false;
}

/* The place of a key in its kind's list, or the number of keys. */
static size_t place_of(enum record_kind kind, const char *key)
{
	const struct record_form *f = record_form(kind);
	size_t i = 0;
	while (f->key[i].name != NULL && strcmp(f->key[i].name, key) != 0)
		i++;
	return i;
}

bool record_has(enum record_kind kind, const char *key)
{
	return forms[kind].key[place_of(kind, key)].name != NULL;
}

struct bytes record_get(const struct record *r, const char *key)
{
	assert(record_has(r->kind, key));
	return r->value[place_of(r->kind, key)];
}

void record_set(struct record *r, const char *key, struct bytes value)
{
	assert(record_has(r->kind, key));
	r->value[place_of(r->kind, key)] = value;
}

uint64_t record_number(const struct record *r, const char *key)
{
	uint64_t n = 0;
	bool ok = text_u64(record_get(r, key), INT64_MAX, &n);
	assert(ok);
	return ok ? n : 0;
}

bool record_hash(const struct record *r, const char *key, uint8_t out[32])
{
	return text_hex(record_get(r, key), out, 32);
}

void record_leaf(struct bytes note, uint8_t out[32])
{
	struct hash h;
	merkle_leaf(note, &h);
	memcpy(out, h.b, 32);
}

/* ---- checking ---- */

static bool only_dice(struct bytes pulses)
{
	struct pulse p;
	while (type_next_pulse(&pulses, &p))
		if (!bytes_is(p.source, "dice"))
			return false;
	return true;
}

bool freeze_rules(
	bool demo, uint64_t delta, struct bytes pulses, struct bytes disclosure, struct err *e)
{
	if (!bytes_is(disclosure, "audit") && !bytes_is(disclosure, "public"))
		return err_set(e, ERR_ROUND_SETTINGS, "disclosure \"%.*s\": audit or public",
			BYTES_ARG(type_shown(disclosure)));
	if (delta < FREEZE_DELTA_MIN && !(demo && delta == 0))
		return err_set(e, ERR_ROUND_SETTINGS, "delta %" PRIu64 ": at least %d%s", delta,
			FREEZE_DELTA_MIN, demo ? ", or 0" : "");
	if (!demo && only_dice(pulses))
		return err_set(e, ERR_DICE_ALONE, "pulses \"%.*s\"", BYTES_ARG(type_shown(pulses)));
	return true;
}

/* Of 10^6 · correct ≥ minimum · rows both sides may exceed a word: what is wrong is compared with
 * the most that may be, ⌊rows · (10^6 − minimum) / 10^6⌋, taken apart at the million. */
bool quality_enough(uint64_t rows, uint64_t correct, uint64_t minimum)
{
	assert(correct <= rows && minimum <= MILLION);
	uint64_t leeway = MILLION - minimum;
	return rows - correct <= rows / MILLION * leeway + rows % MILLION * leeway / MILLION;
}

static bool quality_rules(const struct record *r, struct err *e)
{
	uint64_t rows = record_number(r, "quality-rows");
	uint64_t correct = record_number(r, "quality-correct");
	uint64_t minimum = record_number(r, "quality-min");
	bool none = bytes_is(record_get(r, "override"), "none");
	if (correct > rows || minimum > MILLION)
		return err_set(e, ERR_ROUND_SETTINGS,
			"quality %" PRIu64 "/%" PRIu64 ", quality-min %" PRIu64, correct, rows,
			minimum);
	if (quality_enough(rows, correct, minimum) != none)
		return err_set(e, ERR_ROUND_SETTINGS,
			"quality %" PRIu64 "/%" PRIu64 ", quality-min %" PRIu64 ": override %s",
			correct, rows, minimum, none ? "none" : "≠ none");
	return true;
}

bool record_freeze_rules(const struct record *r, struct err *e)
{
	return freeze_rules(bytes_is(record_get(r, "demo"), "yes"), record_number(r, "delta"),
		       record_get(r, "pulses"), record_get(r, "disclosure"), e) &&
	       quality_rules(r, e);
}

bool lock_latest(struct bytes pulses, uint64_t delta, uint64_t *latest)
{
	struct pulse p;
	uint64_t first = UINT64_MAX;
	while (type_next_pulse(&pulses, &p))
		first = p.time < first ? p.time : first;
	if (first == UINT64_MAX || first < delta)
		return false;
	*latest = first - delta;
	return true;
}

static bool check(const struct record *r, struct err *e)
{
	const struct record_form *f = record_form(r->kind);
	for (size_t i = 0; f->key[i].name != NULL; i++)
		if (!type_check(f->key[i].type, r->value[i]))
			return err_set(e, ERR_BAD_RECORD, "%s: %s \"%.*s\": expected %s", f->kind,
				f->key[i].name, BYTES_ARG(type_shown(r->value[i])),
				type_name(f->key[i].type));
	return true;
}

/* ---- parsing and encoding ---- */

/* The kind in a first line `drawd/<kind>/v1`. */
static bool kind_of_line(struct bytes line, enum record_kind *out)
{
	static const char before[] = "drawd/", after[] = "/v1";
	size_t b = sizeof before - 1, a = sizeof after - 1;
	if (line.n < b + a || memcmp(line.p, before, b) != 0 ||
		memcmp(line.p + line.n - a, after, a) != 0)
		return false;
	return record_kind_of((struct bytes){ line.p + b, line.n - a - b }, out);
}

bool record_kind_of_text(struct bytes text, enum record_kind *out)
{
	bool more;
	struct bytes first = bytes_cut(&text, '\n', &more);
	return more && kind_of_line(first, out);
}

static bool parse_keys(struct record *r, struct bytes rest, struct err *e)
{
	const struct record_form *f = record_form(r->kind);
	for (size_t i = 0; f->key[i].name != NULL; i++) {
		struct bytes name = bytes_of(f->key[i].name);
		bool more;
		struct bytes line = bytes_cut(&rest, '\n', &more);
		if (!more || !bytes_starts(line, name) || line.n <= name.n || line.p[name.n] != ' ')
			return err_set(e, ERR_BAD_RECORD, "%s: line %zu: expected \"%s value\"",
				f->kind, i + 2, f->key[i].name);
		r->value[i] = (struct bytes){ line.p + name.n + 1, line.n - name.n - 1 };
	}
	if (rest.n > 0)
		return err_set(e, ERR_BAD_RECORD, "%s: text after the last key", f->kind);
	return true;
}

bool record_parse(struct record *r, struct bytes text, struct err *e)
{
	bool more;
	struct bytes first = bytes_cut(&text, '\n', &more);
	memset(r, 0, sizeof *r);
	if (!more || !kind_of_line(first, &r->kind))
		return err_set(e, ERR_BAD_RECORD, "first line \"%.*s\": expected drawd/<kind>/v1",
			BYTES_ARG(type_shown(first)));
	return parse_keys(r, text, e) && check(r, e);
}

bool record_encode(const struct record *r, struct buf *out, struct err *e)
{
	const struct record_form *f = record_form(r->kind);
	if (!check(r, e))
		return false;
	buf_str(out, "drawd/");
	buf_str(out, f->kind);
	buf_str(out, "/v1\n");
	for (size_t i = 0; f->key[i].name != NULL; i++) {
		buf_str(out, f->key[i].name);
		buf_byte(out, ' ');
		buf_bytes(out, r->value[i]);
		buf_byte(out, '\n');
	}
	return true;
}

/* ---- the documents ---- */

static const char *const role_text[] = {
	[ROLE_NONE] = "",
	[ROLE_OPERATOR] = "operator",
	[ROLE_DEPARTMENT] = "department",
	[ROLE_DEPARTMENT_OR_OPERATOR] = "department, else operator",
	[ROLE_DEPARTMENTS] = "then every department in `departments` that holds a key",
	[ROLE_CUSTODIAN] = "custodian",
	[ROLE_ATTESTER] = "attester",
};

void record_signers_put(enum record_kind kind, struct buf *out)
{
	const struct record_signer *s = record_form(kind)->signer;
	for (size_t i = 0; s[i].role != ROLE_NONE; i++) {
		if (i > 0)
			buf_str(out, ", ");
		if (s[i].count > 1) {
			buf_u64(out, s[i].count);
			buf_byte(out, ' ');
		}
		buf_str(out, role_text[s[i].role]);
		if (s[i].count > 1)
			buf_byte(out, 's');
	}
}

void record_markdown(struct buf *out)
{
	buf_str(out, "| kind | keys (type) | signers |\n|---|---|---|\n");
	for (unsigned k = 0; k < RECORD_KINDS; k++) {
		buf_str(out, "| `");
		buf_str(out, forms[k].kind);
		buf_str(out, "` |");
		for (size_t i = 0; forms[k].key[i].name != NULL; i++) {
			buf_str(out, " `");
			buf_str(out, forms[k].key[i].name);
			buf_str(out, "`(");
			buf_str(out, type_name(forms[k].key[i].type));
			buf_byte(out, ')');
		}
		buf_str(out, " | ");
		record_signers_put((enum record_kind)k, out);
		buf_str(out, " |\n");
	}
}
