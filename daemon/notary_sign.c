#include <stdlib.h>
#include <string.h>

#include "daemon/notary.h"
#include "sampler/base/text.h"

enum { LINES_MAX = NOTE_LINES_MAX };

/* A verified line of somebody the trust policy knows. */
struct seal {
	const struct note_line *line;
	const struct trust_signer *signer;
};

struct seals {
	struct seal at[LINES_MAX];
	size_t n;
};

static int by_key_name(const void *a, const void *b)
{
	const struct seal *x = a, *y = b;
	int order = bytes_compare(x->line->name, y->line->name);
	return order != 0 ? order : memcmp(x->line->id, y->line->id, 4);
}

/* Signature lines handed in by others: those of known keys, each verified, each key once. */
static bool read_seals(struct deed *d, struct seals *out, struct err *e)
{
	const struct trust *t = &d->n->trust;
	struct note *note = arena_calloc(d->a, 1, sizeof *note);
	out->n = 0;
	if (d->p->attestations.n == 0)
		return true;
	struct buf whole = buf_new(d->a, d->text.n + d->p->attestations.n + 1);
	buf_bytes(&whole, buf_view(&d->text));
	buf_byte(&whole, '\n');
	buf_bytes(&whole, d->p->attestations);
	if (!note_parse(note, d->a, buf_view(&whole), e))
		return err_at(e, "attestations");
	for (size_t i = 0; i < t->signer_count; i++) {
		const struct trust_signer *s = &t->signers[i];
		for (size_t j = 0; j < note->count; j++) {
			const struct note_line *l = &note->lines[j];
			if (!bytes_equal(vkey_name(&s->key), l->name) ||
				memcmp(s->key.id, l->id, 4) != 0)
				continue;
			if (!note_verify_one(note, &s->key, NULL, e))
				return err_at(e, "attestations");
			out->at[out->n++] = (struct seal){ l, s };
			break;
		}
	}
	qsort(out->at, out->n, sizeof *out->at, by_key_name);
	return true;
}

static void put_line(struct buf *b, const struct note_line *l)
{
	uint8_t raw[4 + 128];
	size_t n = l->signature.n < 128 ? l->signature.n : 128;
	memcpy(raw, l->id, 4);
	memcpy(raw + 4, l->signature.p, n);
	buf_str(b, "\xe2\x80\x94 ");
	buf_bytes(b, l->name);
	buf_byte(b, ' ');
	text_put_base64(b, raw, 4 + n);
	buf_byte(b, '\n');
}

/* The first unused seal of a role (and token, if one is asked for); an attester's token counts
 * once, whatever keys it holds. */
static bool take(struct seals *s, struct buf *lines, enum trust_role role, struct bytes token,
	struct bytes not_token)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct trust_signer *signer = s->at[i].signer;
		if (s->at[i].line == NULL || signer->role != role ||
			(token.n > 0 && !bytes_equal(signer->token, token)) ||
			(not_token.n > 0 && bytes_equal(signer->token, not_token)))
			continue;
		put_line(lines, s->at[i].line);
		s->at[i].line = NULL;
		return true;
	}
	return false;
}

static bool missing(struct err *e, enum trust_role role, struct bytes token)
{
	return err_set(e, ERR_MISSING_SIGNER, "%s %.*s", trust_role_name(role), (int)token.n,
		token.n > 0 ? token.p : "");
}

static bool take_departments(
	struct deed *d, const struct record *rec, struct seals *s, struct buf *lines, struct err *e)
{
	struct bytes rest = record_get(rec, "departments"), member;
	const struct bytes any = BYTES("");
	while (type_next_member(&rest, &member)) {
		if (trust_signer(&d->n->trust, TRUST_DEPARTMENT, member) != NULL &&
			!take(s, lines, TRUST_DEPARTMENT, member, any))
			return missing(e, TRUST_DEPARTMENT, member);
	}
	return true;
}

/* Several attesters: ascending by key name, two different ones. */
static bool take_attesters(struct seals *s, struct buf *lines, unsigned count, struct err *e)
{
	struct bytes before = BYTES("");
	const struct bytes any = BYTES("");
	for (unsigned i = 0; i < count; i++) {
		struct bytes next = BYTES("");
		for (size_t j = 0; j < s->n && next.n == 0; j++) {
			const struct seal *at = &s->at[j];
			if (at->line != NULL && at->signer->role == TRUST_ATTESTER &&
				!bytes_equal(at->signer->token, before))
				next = at->signer->token;
		}
		if (next.n == 0 || !take(s, lines, TRUST_ATTESTER, next, any))
			return err_set(e, ERR_MISSING_SIGNER, "%u of %u attesters", i, count);
		before = next;
	}
	return true;
}

/* The lines after the operator's, as the record table demands them. */
static bool other_lines(struct deed *d, const struct record *rec, struct buf *lines, struct err *e)
{
	struct seals *s = arena_calloc(d->a, 1, sizeof *s);
	const struct bytes any = BYTES("");
	if (!read_seals(d, s, e))
		return false;
	for (const struct record_signer *r = record_form(rec->kind)->signer; r->role != ROLE_NONE;
		r++) {
		bool ok = true;
		if (r->role == ROLE_DEPARTMENTS)
			ok = take_departments(d, rec, s, lines, e);
		else if (r->role == ROLE_ATTESTER)
			ok = take_attesters(s, lines, r->count, e);
		else if (r->role == ROLE_DEPARTMENT)
			ok = take(s, lines, TRUST_DEPARTMENT, record_get(rec, "department"), any) ||
			     missing(e, TRUST_DEPARTMENT, record_get(rec, "department"));
		else if (r->role == ROLE_CUSTODIAN)
			ok = take(s, lines, TRUST_CUSTODIAN, any, any) ||
			     missing(e, TRUST_CUSTODIAN, any);
		if (!ok)
			return false;
	}
	return true;
}

bool notary_note(struct deed *d, struct bytes *note, struct err *e)
{
	struct record rec;
	struct note *check = arena_calloc(d->a, 1, sizeof *check);
	struct bytes text = buf_view(&d->text);
	if (!record_parse(&rec, text, e))
		return false;
	struct buf whole = buf_new(d->a, text.n + 1024), lines = buf_new(d->a, 512);
	if (!other_lines(d, &rec, &lines, e))
		return false;
	buf_bytes(&whole, text);
	buf_byte(&whole, '\n');
	note_put_line(&whole, text, &d->n->operator, 0);
	buf_bytes(&whole, buf_view(&lines));
	*note = buf_view(&whole);
	return note_parse(check, d->a, *note, e);
}
