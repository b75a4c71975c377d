#include <stdlib.h>
#include <string.h>

#include "daemon/notary.h"
#include "sampler/base/text.h"
#include "sampler/demand.h"

/* A verified line of somebody the trust policy knows. */
struct seal {
	const struct note_line *line;
	const struct trust_signer *signer;
};

struct seals {
	struct seal at[NOTE_LINES_MAX];
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

/* The first unused seal that meets a demand. Where the demand names no token, the token of the
 * line before (`last`) does not count again, whatever keys it holds. */
static bool take(struct seals *s, const struct demand *d, struct bytes *last, struct buf *lines)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct trust_signer *signer = s->at[i].signer;
		if (s->at[i].line == NULL || signer->role != d->role ||
			!(d->token.n > 0 ? bytes_equal(signer->token, d->token)
					 : !bytes_equal(signer->token, *last)))
			continue;
		put_line(lines, s->at[i].line);
		s->at[i].line = NULL;
		*last = signer->token;
		return true;
	}
	return false;
}

/* The lines that the record table demands, in its order; the operator's is ours. */
static bool put_lines(struct deed *d, const struct record *rec, struct buf *whole, struct err *e)
{
	struct seals *s = arena_calloc(d->a, 1, sizeof *s);
	struct demands *wanted = arena_calloc(d->a, 1, sizeof *wanted);
	struct bytes last = BYTES("");
	if (!read_seals(d, s, e) || !demands_of(wanted, rec, &d->n->trust, e))
		return false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct demand *w = &wanted->at[i];
		if (w->role == TRUST_OPERATOR)
			note_put_line(whole, buf_view(&d->text), &d->n->operator, 0);
		else if (!take(s, w, &last, whole))
			return err_set(e, ERR_MISSING_SIGNER, "line %zu of %zu: %s %.*s", i + 1,
				wanted->n, trust_role_name(w->role), BYTES_ARG(w->token));
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
	struct buf whole = buf_new(d->a, text.n + 1024);
	buf_bytes(&whole, text);
	buf_byte(&whole, '\n');
	if (!put_lines(d, &rec, &whole, e))
		return false;
	*note = buf_view(&whole);
	return note_parse(check, d->a, *note, e);
}
