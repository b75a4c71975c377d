#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/note.h"
#include "tests/unit/outside.h"
#include "tests/unit/vectors.h"

static const uint8_t seed_a[32] = { 1 }, seed_b[32] = { 2 };

static struct note_signer signer(const char *name, enum note_type type, const uint8_t seed[32])
{
	struct note_signer s;
	struct err e = { 0 };
	assert_true(note_signer_init(&s, bytes_of(name), type, seed, &e));
	return s;
}

static struct bytes key_text(struct arena *a, const struct vkey *k)
{
	struct buf b = buf_new(a, 0);
	vkey_put(&b, k);
	return buf_view(&b);
}

static bool parses(struct arena *a, struct bytes whole)
{
	struct note n;
	struct err e = { 0 };
	bool ok = note_parse(&n, a, whole, &e);
	assert_int_equal(ok ? ERR_NONE : ERR_BAD_NOTE, e.code);
	return ok;
}

/* ERR_NONE, or why the note does not hold with these keys. */
static enum err_code verdict(struct arena *a, struct bytes whole, const struct vkey *keys,
	size_t count, struct note_mark *marks)
{
	struct note n;
	struct err e = { 0 };
	bool ok = note_parse(&n, a, whole, &e) && note_verify(&n, keys, count, marks, &e);
	assert_int_equal(ok, e.code == ERR_NONE);
	return e.code;
}

static void test_vkey_round_trip(void **state)
{
	ARENA_AUTO a = arena_new();
	struct note_signer s = signer("log.example/2026", NOTE_ED25519, seed_a);
	struct note_signer w = signer("log.example/2026", NOTE_COSIGNATURE, seed_a);
	struct vkey k;
	struct err e = { 0 };
	(void)state;
	assert_true(vkey_parse(&k, key_text(a, &s.vkey), &e));
	assert_true(vkey_equal(&k, &s.vkey));
	assert_memory_equal(k.id, s.vkey.id, 4);
	assert_true(bytes_is(vkey_name(&k), "log.example/2026"));
	assert_false(vkey_equal(&s.vkey, &w.vkey));
	assert_memory_not_equal(s.vkey.id, w.vkey.id, 4);
}

/* Every proper piece of a verifier key and every byte changed is refused, and says why. */
static void test_vkey_manglings(void **state)
{
	ARENA_AUTO a = arena_new();
	struct note_signer s = signer("log.example", NOTE_ED25519, seed_a);
	struct bytes good = key_text(a, &s.vkey);
	(void)state;
	for (size_t i = 0; i < good.n; i++)
		for (size_t j = i; j <= good.n; j++) {
			struct vkey k;
			struct err e = { 0 };
			bool ok = vkey_parse(&k, (struct bytes){ good.p + i, j - i }, &e);
			assert_int_equal(ok, j - i == good.n);
			assert_int_equal(e.code, ok ? ERR_NONE : ERR_BAD_KEY);
		}
	for (size_t i = 0; i < good.n; i++)
		for (int d = 1; d < 256; d += 3) {
			char *p = arena_strndup(a, good.p, good.n);
			struct vkey k;
			struct err e = { 0 };
			p[i] = (char)(p[i] + d);
			assert_false(vkey_parse(&k, (struct bytes){ p, good.n }, &e));
			assert_int_equal(e.code, ERR_BAD_KEY);
		}
}

static void test_signer_storage(void **state)
{
	ARENA_AUTO a = arena_new();
	struct note_signer s = signer("notary.example", NOTE_ED25519, seed_a), again;
	struct buf b = buf_new(a, 0);
	struct err e = { 0 };
	(void)state;
	note_signer_put(&b, &s);
	assert_true(bytes_starts(buf_view(&b), BYTES("PRIVATE+KEY+notary.example+")));
	assert_true(note_signer_parse(&again, buf_view(&b), &e));
	assert_memory_equal(&again, &s, sizeof s);
	for (size_t i = 0; i < b.n; i++) {
		struct err why = { 0 };
		char was = b.p[i];
		b.p[i] ^= 1;
		assert_false(note_signer_parse(&again, buf_view(&b), &why));
		assert_int_equal(why.code, ERR_BAD_KEY);
		b.p[i] = was;
	}
	struct err name = { 0 };
	assert_false(note_signer_init(&again, BYTES("a~b"), NOTE_ED25519, seed_a, &name));
	assert_int_equal(name.code, ERR_BAD_KEY);
	note_signer_wipe(&s);
	assert_true(sodium_is_zero((const uint8_t *)&s, sizeof s));
}

static void test_sign_and_verify(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer s[] = { signer("a.example", NOTE_ED25519, seed_a),
		signer("w.example", NOTE_COSIGNATURE, seed_b) };
	const struct vkey keys[] = { s[1].vkey, s[0].vkey };
	struct note_mark marks[2];
	struct bytes whole = note_sign(a, BYTES("a\n\nb\n"), s, 2, 1767225600);
	struct note n;
	struct err e = { 0 };
	(void)state;
	assert_int_equal(verdict(a, whole, keys, 2, marks), ERR_NONE);
	assert_true(marks[0].found && marks[0].time == 1767225600);
	assert_true(marks[1].found && marks[1].time == 0);
	assert_true(note_parse(&n, a, whole, &e) && bytes_is(n.text, "a\n\nb\n"));
	assert_int_equal(n.count, 2);
	assert_int_equal(verdict(a, whole, &keys[1], 1, marks), ERR_NONE);
	assert_int_equal(verdict(a, whole, NULL, 0, NULL), ERR_NONE);
}

static void test_verify_one(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer s = signer("a.example", NOTE_ED25519, seed_a);
	const struct note_signer w = signer("w.example", NOTE_COSIGNATURE, seed_b);
	struct err e = { 0 }, missing = { 0 };
	struct note n;
	uint64_t time = 0;
	(void)state;
	assert_true(note_parse(&n, a, note_sign(a, BYTES("text\n"), &w, 1, 77), &e));
	assert_true(note_verify_one(&n, &w.vkey, &time, &e));
	assert_int_equal(time, 77);
	assert_false(note_verify_one(&n, &s.vkey, NULL, &missing));
	assert_int_equal(missing.code, ERR_MISSING_SIGNER);
}

/* Any single bit of a signed note flipped: never again a note that this key signed. */
static void test_every_bit(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer s[] = { signer("a.example", NOTE_ED25519, seed_a),
		signer("w.example", NOTE_COSIGNATURE, seed_b) };
	const struct vkey keys[] = { s[0].vkey, s[1].vkey };
	struct bytes whole = note_sign(a, BYTES("line one\nline two\n"), s, 2, 9);
	char *p = arena_strndup(a, whole.p, whole.n);
	(void)state;
	for (size_t bit = 0; bit < 8 * whole.n; bit++) {
		struct note_mark marks[2];
		ARENA_AUTO scratch = arena_new();
		p[bit / 8] = (char)(p[bit / 8] ^ 1 << bit % 8);
		enum err_code code = verdict(scratch, (struct bytes){ p, whole.n }, keys, 2, marks);
		assert_true(code != ERR_NONE || !marks[0].found || !marks[1].found);
		p[bit / 8] = (char)(p[bit / 8] ^ 1 << bit % 8);
	}
}

/* A second line of a known key counts once, but must hold as well; the first gives the time. */
static void test_twice(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer w = signer("w.example", NOTE_COSIGNATURE, seed_b);
	struct bytes text = BYTES("text\n");
	struct buf b = buf_new(a, 0);
	struct note_mark mark;
	(void)state;
	buf_bytes(&b, note_sign(a, text, &w, 1, 500));
	note_put_line(&b, text, &w, 400);
	assert_int_equal(verdict(a, buf_view(&b), &w.vkey, 1, &mark), ERR_NONE);
	assert_true(mark.found && mark.time == 500);
	note_put_line(&b, BYTES("other\n"), &w, 400);
	assert_int_equal(verdict(a, buf_view(&b), &w.vkey, 1, &mark), ERR_BAD_SIGNATURE);
}

static void test_ambiguous_keys(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer s = signer("a.example", NOTE_ED25519, seed_a);
	struct vkey keys[2] = { s.vkey, s.vkey };
	struct note_mark marks[2];
	(void)state;
	keys[1].key[0] ^= 1; /* as if two keys had the same id */
	assert_int_equal(
		verdict(a, note_sign(a, BYTES("t\n"), &s, 1, 0), keys, 2, marks), ERR_BAD_KEY);
}

/* Cosignature lines of the wrong length, and with a time that is no `time`. */
static void test_cosignature_form(void **state)
{
	ARENA_AUTO a = arena_new();
	const struct note_signer w = signer("w.example", NOTE_COSIGNATURE, seed_b);
	struct note_signer plain = w;
	struct note_mark mark;
	(void)state;
	plain.vkey.type = NOTE_ED25519; /* 64 bytes under the id of a witness */
	assert_int_equal(verdict(a, note_sign(a, BYTES("t\n"), &plain, 1, 0), &w.vkey, 1, &mark),
		ERR_BAD_SIGNATURE);
	assert_int_equal(
		verdict(a, note_sign(a, BYTES("t\n"), &w, 1, INT64_MAX), &w.vkey, 1, &mark),
		ERR_NONE);
	assert_int_equal(verdict(a, note_sign(a, BYTES("t\n"), &w, 1, (uint64_t)INT64_MAX + 1),
				 &w.vkey, 1, &mark),
		ERR_BAD_SIGNATURE);
}

static void test_text_ok(void **state)
{
	static const struct {
		const char *text;
		bool ok;
	} rows[] = { { "a\n", true }, { "\n", true }, { "双随机\n\n", true }, { "", false },
		{ "a", false }, { "a\tb\n", false }, { "\x7f\n", false }, { "\xc2\x85\n", false },
		{ "\xff\n", false }, { "a\r\n", false } };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct err e = { 0 };
		assert_int_equal(note_text_ok(bytes_of(rows[i].text), &e), rows[i].ok);
		assert_int_equal(e.code, rows[i].ok ? ERR_NONE : ERR_BAD_NOTE);
	}
}

static void golden_vkey(struct arena *a, const struct vector *v)
{
	struct bytes text = vectors_hex(v->field[3], a);
	struct vkey k;
	struct err e = { 0 };
	bool ok = vkey_parse(&k, text, &e);
	assert_int_equal(ok, vectors_accept(v->field[1]));
	if (ok)
		assert_true(bytes_equal(key_text(a, &k), text));
}

static void golden_ed25519(struct arena *a, const struct vector *v)
{
	struct bytes message = vectors_hex(v->field[4], a), sig = vectors_hex(v->field[5], a);
	uint8_t key[32];
	vectors_hash(v->field[3], key);
	assert_int_equal(sig.n, 64);
	assert_int_equal(crypto_sign_verify_detached((const uint8_t *)sig.p,
				 (const uint8_t *)message.p, message.n, key) == 0,
		vectors_accept(v->field[1]));
}

/* The names of the known keys that signed, in the order of their lines, a time after "@". */
static struct bytes signers_of(struct arena *a, const struct note *n, const struct vkey *keys,
	size_t count, struct note_mark *marks)
{
	struct buf b = buf_new(a, 0);
	for (size_t i = 0; i < n->count; i++)
		for (size_t k = 0; k < count; k++) {
			if (!marks[k].found || memcmp(keys[k].id, n->lines[i].id, 4) != 0 ||
				!bytes_is(n->lines[i].name, keys[k].name))
				continue;
			if (b.n > 0)
				buf_byte(&b, ',');
			buf_str(&b, keys[k].name);
			if (keys[k].type == NOTE_COSIGNATURE) {
				buf_byte(&b, '@');
				buf_u64(&b, marks[k].time);
			}
			marks[k].found = false; /* each once */
		}
	return buf_view(&b);
}

static void golden_note(struct arena *a, const struct vector *v)
{
	struct vkey keys[8];
	struct note_mark marks[8];
	struct bytes list = v->field[4];
	struct note n;
	struct err e = { 0 };
	size_t count = 0;
	for (bool more = list.n > 0; more; count++) {
		struct err bad = { 0 };
		assert_true(count < 8);
		assert_true(vkey_parse(&keys[count], bytes_cut(&list, ',', &more), &bad));
	}
	bool ok = note_parse(&n, a, vectors_hex(v->field[6], a), &e) &&
		  note_verify(&n, keys, count, marks, &e);
	if (ok != vectors_accept(v->field[2]))
		fail_msg("notes.txt line %zu: %s", v->line, e.what);
	if (ok)
		assert_true(bytes_equal(signers_of(a, &n, keys, count, marks), v->field[5]));
}

static void test_golden(void **state)
{
	ARENA_AUTO a = arena_new();
	struct vectors file = vectors_open("notes.txt", a);
	struct vector v;
	size_t lines = 0;
	(void)state;
	for (; vectors_next(&file, &v); lines++) {
		if (bytes_is(v.field[0], "vkey"))
			golden_vkey(a, &v);
		else if (bytes_is(v.field[0], "ed25519"))
			golden_ed25519(a, &v);
		else
			golden_note(a, &v);
	}
	assert_true(lines > 0);
}

static struct bytes joined(struct arena *a, const char *before, struct bytes b, const char *after)
{
	struct buf out = buf_new(a, 0);
	buf_str(&out, before);
	buf_bytes(&out, b);
	buf_str(&out, after);
	return buf_view(&out);
}

/* The published example note and the manglings that another implementation refuses. */
static void test_published_note(void **state)
{
	ARENA_AUTO a = arena_new();
	struct bytes whole = outside_file(a, "vectors/note/c2sp-example.note");
	struct note_mark mark;
	struct vkey k;
	struct err e = { 0 };
	struct note n;
	(void)state;
	assert_true(vkey_parse(&k, outside_line(a, "vectors/note/c2sp-example.vkey"), &e));
	assert_int_equal(verdict(a, whole, &k, 1, &mark), ERR_NONE);
	assert_true(mark.found);
	assert_true(note_parse(&n, a, whole, &e));
	assert_false(parses(a, n.text));
	assert_false(parses(a, joined(a, "", n.text, "\n")));
	assert_false(parses(a, (struct bytes){ whole.p, whole.n - 1 }));
	assert_false(parses(a, joined(a, "\1", whole, "")));
	assert_false(parses(a, joined(a, "\xff", whole, "")));
	assert_false(parses(a, joined(a, "", whole, "\xe2\x80\x94 bad name AAAAAAA=\n")));
	assert_false(parses(a, joined(a, "", whole, "Unexpected line.\n")));
	struct bytes line = { whole.p + n.text.n + 1, whole.n - n.text.n - 1 }, many = whole;
	for (int i = 1; i < NOTE_LINES_MAX; i++)
		many = joined(a, "", many, arena_strndup(a, line.p, line.n));
	assert_int_equal(verdict(a, many, &k, 1, &mark), ERR_NONE);
	assert_false(parses(a, joined(a, "", many, arena_strndup(a, line.p, line.n))));
	char *longer = arena_strndup(a, line.p, 60);
	line = (struct bytes){ line.p + 60, line.n - 60 };
	longer = arena_printf(a, "%sABCD%.*s", longer, BYTES_ARG(line));
	assert_int_equal(
		verdict(a, joined(a, "This is an example message.\n\n", bytes_of(longer), ""), &k,
			1, &mark),
		ERR_BAD_SIGNATURE);
}

/* Keys and notes of the Go implementation: good ones are read and verified, bad ones refused. */
static void test_published_keys(void **state)
{
	ARENA_AUTO a = arena_new();
	static const char *const files[] = { "peter.vkey", "enoch.vkey" };
	struct vkey k[2];
	struct note_mark mark[2];
	struct err e = { 0 };
	bool more = true;
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bytes rest = outside_line(a, arena_printf(a, "vectors/note/%s", files[i]));
		assert_true(vkey_parse(&k[i], bytes_cut(&rest, '\n', &more), &e));
	}
	struct bytes bad = outside_line(a, "vectors/note/bad.vkeys");
	for (more = true; more; e.code = ERR_NONE) {
		struct vkey none;
		assert_false(vkey_parse(&none, bytes_cut(&bad, '\n', &more), &e));
		assert_int_equal(e.code, ERR_BAD_KEY);
	}
	assert_int_equal(
		verdict(a, outside_file(a, "vectors/note/peter+enoch.note"), k, 2, mark), ERR_NONE);
	assert_true(mark[0].found && mark[1].found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vkey_round_trip),
		cmocka_unit_test(test_vkey_manglings),
		cmocka_unit_test(test_signer_storage),
		cmocka_unit_test(test_sign_and_verify),
		cmocka_unit_test(test_verify_one),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_ambiguous_keys),
		cmocka_unit_test(test_cosignature_form),
		cmocka_unit_test(test_text_ok),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_published_note),
		cmocka_unit_test(test_published_keys),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
