#include "daemon/register/sealing.h"

#include <sodium.h>
#include <string.h>

#include "daemon/keys.h"

enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

/* ---- keys --------------------------------------------------------------------------------------
 */

static void derive(uint8_t out[32], const uint8_t key[32], const char *what)
{
	crypto_generichash(out, 32, (const uint8_t *)what, strlen(what), key, 32);
}

void sealing_of(struct sealing *s, const uint8_t key[32])
{
	derive(s->seal, key, "drawd/personal/seal/v1");
	derive(s->nonce, key, "drawd/personal/nonce/v1");
}

bool sealing_load(struct sealing *s, const char *path, struct err *e)
{
	struct box_key k;
	bool ok = keys_box(path, &k, e);
	if (ok)
		sealing_of(s, k.secret);
	keys_box_wipe(&k);
	return ok;
}

void sealing_wipe(struct sealing *s)
{
	sodium_memzero(s, sizeof *s);
}

/* ---- masks -------------------------------------------------------------------------------------
 */

/* Characters at both ends that stay; the others are a star each. */
static const struct {
	const char *fact;
	size_t head, tail;
} masks[] = {
	{ "phone", 3, 4 },
	{ "id_no", 3, 4 },
	{ "born", 4, 0 },
};

static size_t characters(struct bytes s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((uint8_t)s.p[i] & 0xc0) != 0x80;
	return n;
}

struct bytes sealing_mask(struct arena *a, const char *fact, struct bytes text)
{
	size_t head = 1, tail = 0, n = characters(text), at = 0;
	struct buf b = buf_new(a, text.n + 1);
	for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
		/* of a short one the first character, not most of it */
		if (strcmp(masks[i].fact, fact) != 0 || n < masks[i].head + masks[i].tail + 3)
			continue;
		head = masks[i].head;
		tail = masks[i].tail;
	}
	for (size_t i = 0; i < text.n; i++) {
		bool first = ((uint8_t)text.p[i] & 0xc0) != 0x80;
		at += first;
		bool shown = (at <= head && n > 1) || at + tail > n || text.p[i] == '-';
		if (shown && text.p[i] != ' ')
			buf_byte(&b, text.p[i]);
		else if (first)
			buf_byte(&b, '*');
	}
	return buf_view(&b);
}

/* ---- sealing -----------------------------------------------------------------------------------
 */

struct sealing_place sealing_at(const char *table, const char *fact, struct bytes key)
{
	bool person = strcmp(table, "inspectors") == 0 && strcmp(fact, "id_no") == 0;
	return (struct sealing_place){ table, fact, person ? BYTES("*") : key };
}

static struct buf put_place(struct arena *a, const struct sealing_place *place, size_t room)
{
	struct buf b = buf_new(a, 64 + place->key.n + room);
	buf_str(&b, "drawd/personal/v1\n");
	buf_str(&b, place->table);
	buf_byte(&b, '\n');
	buf_str(&b, place->fact);
	buf_byte(&b, '\n');
	buf_bytes(&b, place->key);
	buf_byte(&b, '\n');
	return b;
}

struct bytes sealing_seal(const struct sealing *s, struct arena *a,
	const struct sealing_place *place, struct bytes text)
{
	if (text.n == 0)
		return text;
	struct buf all = put_place(a, place, text.n);
	size_t bound = all.n, size = NONCE + text.n + TAG;
	uint8_t *sealed = arena_alloc(a, size);
	buf_bytes(&all, text);
	crypto_generichash(sealed, NONCE, (const uint8_t *)all.p, all.n, s->nonce, sizeof s->nonce);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, (const uint8_t *)text.p,
		text.n, (const uint8_t *)all.p, bound, NULL, sealed, s->seal);
	struct bytes mask = sealing_mask(a, place->fact, text);
	size_t room = sodium_base64_encoded_len(size, VARIANT);
	char *out = arena_alloc(a, mask.n + 1 + room);
	memcpy(out, mask.p, mask.n);
	out[mask.n] = ' ';
	sodium_bin2base64(out + mask.n + 1, room, sealed, size, VARIANT);
	return (struct bytes){ out, mask.n + room };
}

bool sealing_open(const struct sealing *s, struct arena *a, const struct sealing_place *place,
	struct bytes sealed, struct bytes *text, struct err *e)
{
	bool more;
	struct bytes rest = sealed;
	*text = sealed;
	if (sealed.n == 0)
		return true;
	bytes_cut(&rest, ' ', &more);
	struct buf all = put_place(a, place, 0);
	uint8_t *raw = arena_alloc(a, rest.n + 1), *out = arena_alloc(a, rest.n + 1);
	size_t size = 0;
	if (!more ||
		sodium_base642bin(raw, rest.n, rest.p, rest.n, NULL, &size, NULL, VARIANT) != 0 ||
		size <= NONCE + TAG ||
		crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, raw + NONCE,
			size - NONCE, (const uint8_t *)all.p, all.n, raw, s->seal) != 0)
		return err_set(e, ERR_SEALED, "%s %s", place->table, place->fact);
	*text = (struct bytes){ (const char *)out, size - NONCE - TAG };
	return true;
}
