#include "daemon/secret.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "sampler/sha256.h"

void secret_text(char *out, size_t size)
{
	uint8_t bytes[32];
	/* three bytes are four characters; two are three, one is two */
	size_t n = (size - 1) / 4 * 3 + (size - 1) % 4 * 3 / 4;
	assert(size > 1 && size <= SECRET_SIZE && (size - 1) % 4 != 1);
	randombytes_buf(bytes, n);
	sodium_bin2base64(out, size, bytes, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
}

void secret_make(char out[SECRET_SIZE])
{
	secret_text(out, SECRET_SIZE);
}

bool secret_form(struct bytes s)
{
	static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-";
	if (s.n != SECRET_LENGTH)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (memchr(letters, s.p[i], sizeof letters - 1) == NULL)
			return false;
	return true;
}

void secret_hash(uint8_t out[SECRET_HASH], struct bytes secret)
{
	sha256(secret.p, secret.n, out);
}

const char *secret_hex(char out[SECRET_HEX], struct bytes secret)
{
	uint8_t hash[SECRET_HASH];
	secret_hash(hash, secret);
	sha256_hex(hash, out);
	return out;
}

void secret_wipe(struct bytes b)
{
	union {
		const char *in;
		void *out;
	} p = { b.p };
	if (b.n > 0)
		sodium_memzero(p.out, b.n);
}
