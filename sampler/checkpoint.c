#include "sampler/checkpoint.h"

#include "sampler/base/text.h"
#include "sampler/merkle.h"

bool checkpoint_parse(struct checkpoint *c, struct bytes text, struct err *e)
{
	bool end[3] = { false, false, false };
	size_t n = 0;
	struct bytes rest = text, size, root;
	c->origin = bytes_cut(&rest, '\n', &end[0]);
	size = bytes_cut(&rest, '\n', &end[1]);
	root = bytes_cut(&rest, '\n', &end[2]);
	if (!end[0] || !end[1] || !end[2] || rest.n > 0)
		return err_set(e, ERR_BAD_NOTE, "a checkpoint is three lines: origin, size, root");
	if (!note_is_name(c->origin))
		return err_set(e, ERR_BAD_NOTE, "the origin is no key name");
	if (!text_u64(size, MERKLE_SIZE_MAX, &c->size))
		return err_set(e, ERR_BAD_NOTE, "the size is no number");
	if (!text_base64(root, c->root.b, SHA256_SIZE, &n) || n != SHA256_SIZE)
		return err_set(e, ERR_BAD_NOTE, "the root is no canonical base64 of 32 bytes");
	return true;
}

void checkpoint_put(struct buf *out, const struct checkpoint *c)
{
	buf_bytes(out, c->origin);
	buf_byte(out, '\n');
	buf_u64(out, c->size);
	buf_byte(out, '\n');
	text_put_base64(out, c->root.b, SHA256_SIZE);
	buf_byte(out, '\n');
}

bool checkpoint_open(struct checkpoint *c, struct note *note, struct arena *a, struct bytes whole,
	const struct vkey *log, struct err *e)
{
	if (!note_parse(note, a, whole, e) || !checkpoint_parse(c, note->text, e))
		return false;
	if (!bytes_equal(c->origin, vkey_name(log)))
		return err_set(e, ERR_BAD_KEY, "origin %.*s, the log is %s", BYTES_ARG(c->origin),
			log->name);
	return note_verify_one(note, log, NULL, e);
}
