#include <string.h>

#include "daemon/notary.h"
#include "daemon/seals.h"
#include "sampler/base/text.h"
#include "sampler/demand.h"

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

/* The lines that the record table demands, in its order; the operator's is ours. */
static bool put_lines(struct deed *d, const struct record *rec, struct buf *whole, struct err *e)
{
	struct seals *s = arena_calloc(d->a, 1, sizeof *s);
	struct demands *wanted = arena_calloc(d->a, 1, sizeof *wanted);
	if (!seals_read(s, d->a, &d->n->trust, buf_view(&d->text), d->p->attestations, e) ||
		!demands_of(wanted, rec, &d->n->trust, e))
		return false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct demand *w = &wanted->at[i];
		const struct note_line *line = NULL;
		if (w->role == TRUST_OPERATOR)
			note_put_line(whole, buf_view(&d->text), &d->n->operator, 0);
		else if ((line = seals_take(s, w)) != NULL)
			put_line(whole, line);
		else
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
