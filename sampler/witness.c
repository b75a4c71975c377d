#include "sampler/witness.h"

#include <string.h>

#include "sampler/base/text.h"

enum { PROOF_LINES_MAX = 63 };

static bool read_proof(struct merkle_proof *proof, struct bytes *rest, struct err *e)
{
	proof->n = 0;
	for (;;) {
		bool more;
		size_t n = 0;
		struct bytes line = bytes_cut(rest, '\n', &more);
		if (!more)
			return err_set(e, ERR_BAD_NOTE, "no blank line before the checkpoint");
		if (line.n == 0)
			return true;
		if (proof->n == PROOF_LINES_MAX)
			return err_set(
				e, ERR_BAD_NOTE, "more than %d proof lines", PROOF_LINES_MAX);
		if (!text_base64(line, proof->hash[proof->n].b, SHA256_SIZE, &n) ||
			n != SHA256_SIZE)
			return err_set(e, ERR_BAD_NOTE,
				"proof line %zu is no canonical base64 of 32 bytes", proof->n + 1);
		proof->n++;
	}
}

bool witness_request_parse(struct witness_request *r, struct bytes body, struct err *e)
{
	bool more;
	struct bytes rest = body, old = bytes_cut(&rest, '\n', &more);
	if (!more || !bytes_starts(old, BYTES("old ")))
		return err_set(e, ERR_BAD_NOTE, "the first line is no \"old <size>\"");
	old = (struct bytes){ old.p + 4, old.n - 4 };
	if (!text_u64(old, MERKLE_SIZE_MAX, &r->old))
		return err_set(e, ERR_BAD_NOTE, "the old size is no number");
	if (!read_proof(&r->proof, &rest, e))
		return false;
	r->checkpoint = rest;
	return true;
}

void witness_request_put(struct buf *out, const struct witness_request *r)
{
	buf_str(out, "old ");
	buf_u64(out, r->old);
	buf_byte(out, '\n');
	for (size_t i = 0; i < r->proof.n; i++) {
		text_put_base64(out, r->proof.hash[i].b, SHA256_SIZE);
		buf_byte(out, '\n');
	}
	buf_byte(out, '\n');
	buf_bytes(out, r->checkpoint);
}

/* 200 or the status for what is wrong with size, root and proof. */
static enum witness_answer judge_tree(const struct witness_state *known,
	const struct witness_request *r, const struct checkpoint *c, struct err *e)
{
	typedef unsigned long long ull;
	if (r->old > c->size) {
		err_set(e, ERR_BAD_TREE, "old size %llu above the checkpoint's %llu", (ull)r->old,
			(ull)c->size);
		return WITNESS_BAD;
	}
	if (r->old != known->size) {
		err_set(e, ERR_BAD_TREE, "old size %llu, the last one cosigned is %llu",
			(ull)r->old, (ull)known->size);
		return WITNESS_CONFLICT;
	}
	if (c->size == known->size && memcmp(c->root.b, known->root.b, SHA256_SIZE) != 0) {
		err_set(e, ERR_BAD_TREE, "another root at size %llu was cosigned", (ull)c->size);
		return WITNESS_CONFLICT;
	}
	return merkle_check_consistency(&r->proof, r->old, &known->root, c->size, &c->root, e)
		       ? WITNESS_OK
		       : WITNESS_NO_PROOF;
}

enum witness_answer witness_judge(const struct witness_state *known, const struct vkey *log,
	struct bytes body, struct arena *a, struct witness_state *next, struct note *note,
	struct err *e)
{
	struct witness_request r;
	struct checkpoint c;
	struct witness_state start = { .size = known->size, .root = known->root };
	if (known->size == 0) /* a witness that has seen nothing knows the empty tree */
		sha256(NULL, 0, start.root.b);
	if (!witness_request_parse(&r, body, e) || !note_parse(note, a, r.checkpoint, e) ||
		!checkpoint_parse(&c, note->text, e))
		return WITNESS_BAD;
	if (!bytes_equal(c.origin, vkey_name(log))) {
		err_set(e, ERR_BAD_KEY, "origin %.*s is not known here", BYTES_ARG(c.origin));
		return WITNESS_UNKNOWN;
	}
	if (!note_verify_one(note, log, NULL, e))
		return WITNESS_UNSIGNED;
	enum witness_answer answer = judge_tree(&start, &r, &c, e);
	if (answer == WITNESS_OK)
		*next = (struct witness_state){ .size = c.size, .root = c.root };
	return answer;
}

bool witness_answer_join(struct bytes *joined, struct arena *a, struct bytes checkpoint,
	struct bytes lines, struct err *e)
{
	struct note before, after;
	if (!note_parse(&before, a, checkpoint, e))
		return false;
	struct buf b = buf_new(a, checkpoint.n + lines.n);
	buf_bytes(&b, checkpoint);
	buf_bytes(&b, lines);
	*joined = buf_view(&b);
	/* a blank line in the answer would move the end of the text */
	if (!note_parse(&after, a, *joined, e) || after.text.n != before.text.n ||
		after.count == before.count)
		return err_set(e, ERR_BAD_NOTE, "the witness's answer is no signature lines");
	return true;
}
