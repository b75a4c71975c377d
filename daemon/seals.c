#include "daemon/seals.h"

#include <stdlib.h>
#include <string.h>

static int by_key_name(const void *a, const void *b)
{
	const struct seal *x = a, *y = b;
	int order = bytes_compare(x->line->name, y->line->name);
	return order != 0 ? order : memcmp(x->line->id, y->line->id, 4);
}

/* The signer's first line; NULL where there is none. */
static const struct note_line *line_of(const struct note *note, const struct vkey *key)
{
	for (size_t i = 0; i < note->count; i++) {
		const struct note_line *l = &note->lines[i];
		if (bytes_equal(vkey_name(key), l->name) && memcmp(key->id, l->id, 4) == 0)
			return l;
	}
	return NULL;
}

bool seals_read(struct seals *s, struct arena *a, const struct trust *t, struct bytes text,
	struct bytes lines, struct err *e)
{
	struct note *note = arena_calloc(a, 1, sizeof *note);
	*s = (struct seals){ 0 };
	if (lines.n == 0)
		return true;
	struct buf whole = buf_new(a, text.n + lines.n + 1);
	buf_bytes(&whole, text);
	buf_byte(&whole, '\n');
	buf_bytes(&whole, lines);
	if (!note_parse(note, a, buf_view(&whole), e))
		return err_at(e, "attestations");
	for (size_t i = 0; i < t->signer_count; i++) {
		const struct trust_signer *signer = &t->signers[i];
		const struct note_line *l = line_of(note, &signer->key);
		if (l == NULL)
			continue;
		if (!note_verify_one(note, &signer->key, NULL, e))
			return err_at(e, "attestations");
		s->at[s->n++] = (struct seal){ l, signer };
	}
	qsort(s->at, s->n, sizeof *s->at, by_key_name);
	return true;
}

const struct note_line *seals_take(struct seals *s, const struct demand *d)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct trust_signer *signer = s->at[i].signer;
		const struct note_line *line = s->at[i].line;
		if (line == NULL || signer->role != d->role ||
			!(d->token.n > 0 ? bytes_equal(signer->token, d->token)
					 : !bytes_equal(signer->token, s->last)))
			continue;
		s->at[i].line = NULL;
		s->last = signer->token;
		return line;
	}
	return NULL;
}

bool seals_check(struct arena *a, const struct trust *t, struct bytes text, struct bytes lines,
	bool whole, struct err *e)
{
	struct seals *s = arena_calloc(a, 1, sizeof *s);
	struct demands *wanted = arena_calloc(a, 1, sizeof *wanted);
	const struct demand *missing = NULL;
	struct record rec;
	size_t taken = 0;
	if (!record_parse(&rec, text, e) || !demands_of(wanted, &rec, t, e) ||
		!seals_read(s, a, t, text, lines, e))
		return false;
	for (size_t i = 0; i < wanted->n; i++) {
		const struct demand *d = &wanted->at[i];
		if (d->role == TRUST_OPERATOR)
			continue;
		if (seals_take(s, d) != NULL)
			taken++;
		else if (missing == NULL)
			missing = d;
	}
	if (missing == NULL || (!whole && taken > 0))
		return true;
	return err_set(e, ERR_MISSING_SIGNER, "%s %.*s", trust_role_name(missing->role),
		BYTES_ARG(missing->token));
}
