#include "sampler/seed.h"

#include <assert.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/beacon.h"
#include "sampler/sha256.h"
#include "sampler/type.h"

static struct bytes chars(const char *p, size_t n)
{
	return (struct bytes){ p, n };
}

void seed_commitment(const uint8_t freeze[32], const uint8_t secret[32], uint8_t out[32])
{
	char f[65], s[65];
	sha256_hex(freeze, f);
	sha256_hex(secret, s);
	struct bytes parts[] = { BYTES("drawd/commit/v1\n"), chars(f, 64), BYTES("\n"),
		chars(s, 64), BYTES("\n") };
	sha256_parts(parts, 5, out);
}

void seed_content(
	struct bytes kind, const uint8_t blinding[32], struct bytes content, uint8_t out[32])
{
	char b[65];
	sha256_hex(blinding, b);
	struct bytes parts[] = { BYTES("drawd/"), kind, BYTES("/content/v1\n"), chars(b, 64),
		BYTES("\n"), content };
	sha256_parts(parts, 6, out);
}

/* ---- the seed text ---- */

void seed_text(const struct seed *s, struct buf *out)
{
	buf_str(out, "drawd/seed/v1\n");
	buf_hex(out, s->lock, 32);
	buf_byte(out, '\n');
	buf_hex(out, s->secret, 32);
	buf_byte(out, '\n');
	for (size_t i = 0; i < s->pulses; i++) {
		const struct seed_pulse *p = &s->pulse[i];
		buf_bytes(out, p->source);
		buf_byte(out, ' ');
		buf_bytes(out, p->pulse);
		buf_byte(out, ' ');
		buf_bytes(out, p->value);
		buf_byte(out, '\n');
	}
}

/* Cut a line off; false where its line feed is missing. */
static bool next_line(struct bytes *rest, struct bytes *line)
{
	bool more;
	*line = bytes_cut(rest, '\n', &more);
	return more;
}

static bool parse_pulse(struct seed_pulse *p, struct bytes line, struct err *e)
{
	bool first, second, third;
	p->source = bytes_cut(&line, ' ', &first);
	p->pulse = bytes_cut(&line, ' ', &second);
	p->value = bytes_cut(&line, ' ', &third);
	if (!first || !second || third)
		return err_set(e, ERR_BAD_SEED, "a pulse is \"source pulse value\"");
	return beacon_check(p->source, p->pulse, p->value, e);
}

static bool parse_head(struct seed *s, struct bytes *rest, struct err *e)
{
	struct bytes line;
	if (!next_line(rest, &line) || !bytes_is(line, "drawd/seed/v1"))
		return err_set(e, ERR_BAD_SEED, "first line: expected drawd/seed/v1");
	if (!next_line(rest, &line) || !text_hex(line, s->lock, 32))
		return err_set(e, ERR_BAD_SEED, "line 2: expected the leaf of the lock");
	if (!next_line(rest, &line) || !text_hex(line, s->secret, 32))
		return err_set(e, ERR_BAD_SEED, "line 3: expected the secret");
	return true;
}

bool seed_parse(struct seed *s, struct bytes text, struct arena *a, struct err *e)
{
	memset(s, 0, sizeof *s);
	if (!parse_head(s, &text, e))
		return false;
	size_t lines = 0;
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	/* source, pulse, value of at least ten digits, two spaces, the line's end */
	if (lines > text.n / 15)
		return err_set(e, ERR_BAD_SEED, "seed text: expected \"source pulse value\"");
	struct seed_pulse *pulse = arena_calloc(a, lines + 1, sizeof *pulse);
	for (size_t i = 0; i < lines; i++) {
		struct bytes line;
		next_line(&text, &line);
		if (!parse_pulse(&pulse[i], line, e))
			return err_at(e, "seed text: line %zu", i + 4);
	}
	if (text.n > 0)
		return err_set(e, ERR_BAD_SEED, "text after the last line");
	s->pulse = pulse;
	s->pulses = lines;
	return true;
}

/* ---- keys ---- */

void seed_derive(struct bytes text, struct seed_keys *out)
{
	static const char *const name[SEED_KEYS] = {
		[KEY_ENTITY] = "entity",
		[KEY_OBJECT] = "object",
		[KEY_SLOT] = "slot",
		[KEY_CANDIDATE] = "candidate",
		[KEY_SALT] = "salt",
		[KEY_BLIND] = "blind",
	};
	uint8_t h[32];
	char seed[65];
	sha256(text.p, text.n, h);
	sha256_hex(h, seed);
	for (size_t i = 0; i < SEED_KEYS; i++) {
		struct bytes parts[] = { BYTES("drawd/"), bytes_of(name[i]), BYTES("/v1\n"),
			chars(seed, 64), BYTES("\n") };
		sha256_parts(parts, 5, h);
		sha256_hex(h, out->k[i]);
	}
}

struct bytes seed_key(const struct seed_keys *k, enum seed_key which)
{
	assert(which < SEED_KEYS);
	return chars(k->k[which], 64);
}

/* ---- blinds and salts ---- */

static void named(struct bytes key, const char *name, uint8_t out[32])
{
	struct bytes parts[] = { key, bytes_of(name), BYTES("\n") };
	sha256_parts(parts, 3, out);
}

void seed_blind(const struct seed_keys *k, const char *artefact, uint8_t out[32])
{
	named(seed_key(k, KEY_BLIND), artefact, out);
}

void seed_reveal_blinding(const struct seed_keys *k, uint8_t out[32])
{
	named(seed_key(k, KEY_BLIND), "reveal", out);
}

void seed_frame_blind(const char key[64], const char *artefact, uint8_t out[32])
{
	named(chars(key, 64), artefact, out);
}

void seed_frame_salt(const char key[64], struct bytes object, char out[33])
{
	struct bytes parts[] = { chars(key, 64), object };
	uint8_t h[32];
	char hex[65];
	sha256_parts(parts, 2, h);
	sha256_hex(h, hex);
	memcpy(out, hex, 32);
	out[32] = '\0';
}
