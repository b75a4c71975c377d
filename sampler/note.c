#include "sampler/note.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/sha256.h"

enum { SIGNATURE = 64, COSIGNATURE = 8 + 64 };
static const struct bytes line_start = { "\xe2\x80\x94 ", 4 };
static const char private_start[] = "PRIVATE+KEY+";

bool note_is_name(struct bytes s)
{
	if (s.n < 1 || s.n > NOTE_NAME_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '/' && c != '-' &&
			c != '_')
			return false;
	}
	return true;
}

struct bytes vkey_name(const struct vkey *k)
{
	return bytes_of(k->name);
}

bool vkey_equal(const struct vkey *a, const struct vkey *b)
{
	return strcmp(a->name, b->name) == 0 && a->type == b->type &&
	       memcmp(a->key, b->key, sizeof a->key) == 0;
}

static void key_id(const struct vkey *k, uint8_t id[4])
{
	uint8_t hash[SHA256_SIZE];
	const struct bytes parts[] = { vkey_name(k), BYTES("\n"), { (const char *)&k->type, 1 },
		{ (const char *)k->key, sizeof k->key } };
	sha256_parts(parts, 4, hash);
	memcpy(id, hash, 4);
}

static bool known_type(uint8_t type)
{
	return type == NOTE_ED25519 || type == NOTE_COSIGNATURE;
}

/* name "+" id "+" base64(type ‖ 32 bytes): the common form of verifier keys and stored signers. */
static bool read_key(struct vkey *k, struct bytes s, struct err *e)
{
	uint8_t raw[33];
	size_t n = 0;
	bool plus;
	struct bytes rest = s, name = bytes_cut(&rest, '+', &plus);
	struct bytes id = plus ? bytes_cut(&rest, '+', &plus) : (struct bytes){ 0 };
	if (!plus)
		return err_set(e, ERR_BAD_KEY, "expected name+id+key");
	if (!note_is_name(name))
		return err_set(e, ERR_BAD_KEY, "a key name is 1-64 of A-Z a-z 0-9 . _ / -");
	if (!text_hex(id, k->id, sizeof k->id))
		return err_set(e, ERR_BAD_KEY, "a key id is 8 lower-case hexadecimal digits");
	if (!text_base64(rest, raw, sizeof raw, &n) || n != sizeof raw)
		return err_set(e, ERR_BAD_KEY, "the key is no canonical base64 of 33 bytes");
	if (!known_type(raw[0]))
		return err_set(e, ERR_BAD_KEY, "key type %u, expected 1 or 4", raw[0]);
	memset(k->name, 0, sizeof k->name);
	memcpy(k->name, name.p, name.n);
	k->type = raw[0];
	memcpy(k->key, raw + 1, sizeof k->key);
	sodium_memzero(raw, sizeof raw);
	return true;
}

static bool check_id(const struct vkey *k, const uint8_t stated[4], struct err *e)
{
	uint8_t id[4];
	key_id(k, id);
	if (memcmp(id, stated, 4) == 0)
		return true;
	return err_set(e, ERR_BAD_KEY, "%s has the key id %02x%02x%02x%02x", k->name, id[0], id[1],
		id[2], id[3]);
}

bool vkey_parse(struct vkey *k, struct bytes s, struct err *e)
{
	return read_key(k, s, e) && check_id(k, k->id, e);
}

static void put_key(struct buf *out, const struct vkey *k, const uint8_t key[32])
{
	uint8_t raw[33] = { k->type };
	memcpy(raw + 1, key, 32);
	buf_str(out, k->name);
	buf_byte(out, '+');
	buf_hex(out, k->id, sizeof k->id);
	buf_byte(out, '+');
	text_put_base64(out, raw, sizeof raw);
	sodium_memzero(raw, sizeof raw);
}

void vkey_put(struct buf *out, const struct vkey *k)
{
	put_key(out, k, k->key);
}

bool note_signer_init(struct note_signer *s, struct bytes name, enum note_type type,
	const uint8_t seed[32], struct err *e)
{
	if (!note_is_name(name))
		return err_set(e, ERR_BAD_KEY, "a key name is 1-64 of A-Z a-z 0-9 . _ / -");
	assert(known_type((uint8_t)type));
	memset(s, 0, sizeof *s);
	memcpy(s->vkey.name, name.p, name.n);
	s->vkey.type = (uint8_t)type;
	crypto_sign_seed_keypair(s->vkey.key, s->secret, seed);
	key_id(&s->vkey, s->vkey.id);
	return true;
}

bool note_signer_parse(struct note_signer *s, struct bytes text, struct err *e)
{
	struct vkey stored = { .name = "" };
	bool ok;
	if (!bytes_starts(text, bytes_of(private_start)))
		return err_set(e, ERR_BAD_KEY, "a signing key starts with %s", private_start);
	text.p += sizeof private_start - 1;
	text.n -= sizeof private_start - 1;
	ok = read_key(&stored, text, e) &&
	     note_signer_init(s, vkey_name(&stored), stored.type, stored.key, e) &&
	     check_id(&s->vkey, stored.id, e);
	sodium_memzero(&stored, sizeof stored);
	if (!ok)
		note_signer_wipe(s);
	return ok;
}

void note_signer_put(struct buf *out, const struct note_signer *s)
{
	buf_str(out, private_start);
	put_key(out, &s->vkey, s->secret);
}

void note_signer_wipe(struct note_signer *s)
{
	sodium_memzero(s, sizeof *s);
}

/* UTF-8 whose only control character is "\n": every line on its own is clean text. */
static bool lines_are_clean(struct bytes s)
{
	bool more = true;
	while (more)
		if (!text_is_clean(bytes_cut(&s, '\n', &more)))
			return false;
	return true;
}

bool note_text_ok(struct bytes text, struct err *e)
{
	if (text.n == 0 || text.p[text.n - 1] != '\n')
		return err_set(e, ERR_BAD_NOTE, "the text is empty or does not end its last line");
	if (!lines_are_clean(text))
		return err_set(e, ERR_BAD_NOTE, "the text is not UTF-8 without control characters");
	return true;
}

static bool read_line(struct note_line *l, struct arena *a, struct bytes line, struct err *e)
{
	bool space;
	if (!bytes_starts(line, line_start))
		return err_set(e, ERR_BAD_NOTE, "does not start with a dash (U+2014) and a space");
	struct bytes rest = { line.p + line_start.n, line.n - line_start.n };
	l->name = bytes_cut(&rest, ' ', &space);
	if (!space || !note_is_name(l->name))
		return err_set(e, ERR_BAD_NOTE, "a key name is 1-64 of A-Z a-z 0-9 . _ / -");
	size_t room = rest.n / 4 * 3, n = 0;
	uint8_t *raw = arena_alloc(a, room + 1);
	if (!text_base64(rest, raw, room, &n))
		return err_set(e, ERR_BAD_NOTE, "the signature is no canonical base64");
	if (n <= sizeof l->id)
		return err_set(e, ERR_BAD_NOTE, "no signature behind the key id");
	memcpy(l->id, raw, sizeof l->id);
	l->signature = (struct bytes){ (const char *)raw + sizeof l->id, n - sizeof l->id };
	return true;
}

static bool read_lines(struct note *n, struct arena *a, struct bytes lines, struct err *e)
{
	if (lines.n == 0 || lines.p[lines.n - 1] != '\n')
		return err_set(e, ERR_BAD_NOTE, "no signature line, or its end is missing");
	size_t count = 0;
	for (size_t i = 0; i < lines.n; i++)
		count += lines.p[i] == '\n';
	if (count > NOTE_LINES_MAX)
		return err_set(
			e, ERR_BAD_NOTE, "%zu signature lines, at most %d", count, NOTE_LINES_MAX);
	n->lines = arena_calloc(a, count, sizeof *n->lines);
	while (lines.n > 0) {
		bool more;
		struct bytes line = bytes_cut(&lines, '\n', &more);
		if (!read_line(&n->lines[n->count], a, line, e))
			return err_at(e, "signature line %zu", n->count + 1);
		n->count++;
	}
	return true;
}

bool note_parse(struct note *n, struct arena *a, struct bytes whole, struct err *e)
{
	size_t at = whole.n;
	memset(n, 0, sizeof *n);
	if (whole.n > NOTE_MAX)
		return err_set(e, ERR_BAD_NOTE, "%zu bytes, at most %d", whole.n, NOTE_MAX);
	if (!lines_are_clean(whole))
		return err_set(e, ERR_BAD_NOTE, "not UTF-8 without control characters");
	while (at >= 2 && (whole.p[at - 1] != '\n' || whole.p[at - 2] != '\n'))
		at--;
	if (at < 2)
		return err_set(e, ERR_BAD_NOTE, "no blank line before the signatures");
	n->whole = whole;
	n->text = (struct bytes){ whole.p, at - 1 };
	return read_lines(n, a, (struct bytes){ whole.p + at, whole.n - at }, e);
}

/* What a cosignature at `time` signs. */
static struct bytes cosigned_text(struct arena *a, struct bytes text, uint64_t time)
{
	struct buf b = buf_new(a, text.n + 64);
	buf_str(&b, "cosignature/v1\ntime ");
	buf_u64(&b, time);
	buf_byte(&b, '\n');
	buf_bytes(&b, text);
	return buf_view(&b);
}

static uint64_t read_time(const uint8_t p[8])
{
	uint64_t v = 0;
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static bool line_holds(
	const struct note *n, const struct note_line *l, const struct vkey *k, uint64_t *time)
{
	const uint8_t *sig = (const uint8_t *)l->signature.p;
	*time = 0;
	if (k->type == NOTE_ED25519)
		return l->signature.n == SIGNATURE &&
		       crypto_sign_verify_detached(
			       sig, (const uint8_t *)n->text.p, n->text.n, k->key) == 0;
	if (l->signature.n != COSIGNATURE)
		return false;
	ARENA_AUTO a = arena_new();
	*time = read_time(sig);
	if (*time > INT64_MAX) /* no `time` of PROTOCOL.md §1 */
		return false;
	struct bytes text = cosigned_text(a, n->text, *time);
	return crypto_sign_verify_detached(sig + 8, (const uint8_t *)text.p, text.n, k->key) == 0;
}

/* The known key a line names, count if none, or SIZE_MAX if two. */
static size_t key_of(const struct note_line *l, const struct vkey *keys, size_t count)
{
	size_t found = count;
	for (size_t i = 0; i < count; i++) {
		if (memcmp(l->id, keys[i].id, 4) != 0 || !bytes_is(l->name, keys[i].name))
			continue;
		if (found != count)
			return SIZE_MAX;
		found = i;
	}
	return found;
}

bool note_verify(const struct note *n, const struct vkey *keys, size_t count,
	struct note_mark *marks, struct err *e)
{
	if (count > 0)
		memset(marks, 0, count * sizeof *marks);
	for (size_t i = 0; i < n->count; i++) {
		const struct note_line *l = &n->lines[i];
		size_t key = key_of(l, keys, count);
		uint64_t time;
		if (key == SIZE_MAX)
			return err_set(e, ERR_BAD_KEY, "two known keys %.*s with one id",
				BYTES_ARG(l->name));
		if (key == count)
			continue;
		if (!line_holds(n, l, &keys[key], &time)) {
			err_set(e, ERR_BAD_SIGNATURE, "%s", keys[key].name);
			return err_at(e, "signature line %zu", i + 1);
		}
		if (!marks[key].found)
			marks[key] = (struct note_mark){ .found = true, .time = time };
	}
	return true;
}

bool note_verify_one(const struct note *n, const struct vkey *key, uint64_t *time, struct err *e)
{
	struct note_mark mark;
	if (!note_verify(n, key, 1, &mark, e))
		return false;
	if (!mark.found)
		return err_set(e, ERR_MISSING_SIGNER, "%s", key->name);
	if (time != NULL)
		*time = mark.time;
	return true;
}

void note_put_line(struct buf *out, struct bytes text, const struct note_signer *s, uint64_t time)
{
	uint8_t raw[4 + COSIGNATURE], *sig = raw + 4;
	memcpy(raw, s->vkey.id, 4);
	if (s->vkey.type == NOTE_COSIGNATURE) {
		ARENA_AUTO a = arena_new();
		text = cosigned_text(a, text, time);
		for (unsigned i = 0; i < 8; i++)
			*sig++ = (uint8_t)(time >> (56 - 8 * i));
		crypto_sign_detached(sig, NULL, (const uint8_t *)text.p, text.n, s->secret);
	} else {
		crypto_sign_detached(sig, NULL, (const uint8_t *)text.p, text.n, s->secret);
	}
	buf_bytes(out, line_start);
	buf_str(out, s->vkey.name);
	buf_byte(out, ' ');
	text_put_base64(out, raw, (size_t)(sig - raw) + SIGNATURE);
	buf_byte(out, '\n');
}

struct bytes note_sign(struct arena *a, struct bytes text, const struct note_signer *signers,
	size_t count, uint64_t time)
{
	struct buf b = buf_new(a, text.n + 1 + count * 256);
	struct err e = { 0 };
	bool ok = note_text_ok(text, &e) && count >= 1 && count <= NOTE_LINES_MAX;
	buf_bytes(&b, text);
	buf_byte(&b, '\n');
	for (size_t i = 0; i < count; i++)
		note_put_line(&b, text, &signers[i], time);
	assert(ok && b.n <= NOTE_MAX);
	(void)ok;
	return buf_view(&b);
}
