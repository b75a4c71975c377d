#include "daemon/askers.h"

#include <sodium.h>
#include <string.h>

enum { PLACES = 4096 };

struct askers {
	uint8_t key[crypto_shorthash_KEYBYTES]; /* nobody can choose a name that meets another's */
	struct {
		uint64_t secret, account;
	} place[PLACES]; /* by the secret; a later one takes it */
};

struct askers *askers_new(struct arena *a)
{
	struct askers *s = arena_calloc(a, 1, sizeof *s);
	crypto_shorthash_keygen(s->key);
	return s;
}

static uint64_t hash(const struct askers *s, const char *kind, const char *text)
{
	uint8_t sum[crypto_shorthash_BYTES];
	uint64_t n;
	unsigned char joined[256];
	size_t kind_n = strlen(kind) + 1, text_n = strlen(text);
	if (text_n > sizeof joined - kind_n)
		text_n = sizeof joined - kind_n;
	memcpy(joined, kind, kind_n);
	memcpy(joined + kind_n, text, text_n);
	crypto_shorthash(sum, joined, kind_n + text_n, s->key);
	memcpy(&n, sum, sizeof n);
	return n != 0 ? n : 1;
}

uint64_t askers_of(
	const struct askers *s, const char *kind, const char *secret, const char *address)
{
	uint64_t h = hash(s, kind, secret);
	if (s->place[h % PLACES].secret == h)
		return s->place[h % PLACES].account;
	return hash(s, "from", address);
}

void askers_learn(struct askers *s, const char *kind, const char *secret, const char *account)
{
	uint64_t h = hash(s, kind, secret);
	s->place[h % PLACES].secret = h;
	s->place[h % PLACES].account = hash(s, "account", account);
}
