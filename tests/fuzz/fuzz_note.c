/* Notes and keys: what is accepted is spelt in exactly one way, what is refused says why, and a
 * note that was accepted can be signed once more and verified. */

#include "sampler/base/text.h"
#include "sampler/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

static void fuzz_key(struct arena *a, struct bytes in)
{
	struct vkey k;
	struct err e = { 0 };
	struct buf b = buf_new(a, 0);
	if (!vkey_parse(&k, in, &e)) {
		must(e.code == ERR_BAD_KEY && e.what[0] != '\0');
		return;
	}
	vkey_put(&b, &k);
	must(bytes_equal(buf_view(&b), in));
}

/* Put the note together again from its parts. */
static struct bytes rebuilt(struct arena *a, const struct note *n)
{
	struct buf b = buf_new(a, n->whole.n);
	buf_bytes(&b, n->text);
	buf_byte(&b, '\n');
	for (size_t i = 0; i < n->count; i++) {
		struct buf raw = buf_new(a, 0);
		buf_put(&raw, n->lines[i].id, 4);
		buf_bytes(&raw, n->lines[i].signature);
		buf_str(&b, "\xe2\x80\x94 ");
		buf_bytes(&b, n->lines[i].name);
		buf_byte(&b, ' ');
		text_put_base64(&b, raw.p, raw.n);
		buf_byte(&b, '\n');
	}
	return buf_view(&b);
}

static void sign_once_more(struct arena *a, const struct note *n)
{
	static const uint8_t seed[32] = { 7 };
	struct note_signer s;
	struct note again;
	struct note_mark mark;
	struct err e = { 0 };
	struct buf b = buf_new(a, n->whole.n + 256);
	must(note_signer_init(&s, BYTES("fuzz.example"), NOTE_COSIGNATURE, seed, &e));
	bool held = note_verify(n, &s.vkey, 1, &mark, &e);
	must(held || e.code == ERR_BAD_SIGNATURE);
	if (!held || mark.found || n->count == NOTE_LINES_MAX)
		return;
	buf_bytes(&b, n->whole);
	note_put_line(&b, n->text, &s, 42);
	if (b.n > NOTE_MAX)
		return;
	must(note_parse(&again, a, buf_view(&b), &e) && again.count == n->count + 1);
	must(note_verify(&again, &s.vkey, 1, &mark, &e) && mark.found && mark.time == 42);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct bytes in = { (const char *)data, size };
	struct note n;
	struct err e = { 0 }, text = { 0 };
	fuzz_key(a, in);
	if (!note_parse(&n, a, in, &e)) {
		must(e.code == ERR_BAD_NOTE && e.what[0] != '\0');
		return 0;
	}
	must(n.count >= 1 && n.count <= NOTE_LINES_MAX && note_text_ok(n.text, &text));
	must(bytes_equal(rebuilt(a, &n), in));
	sign_once_more(a, &n);
	return 0;
}
