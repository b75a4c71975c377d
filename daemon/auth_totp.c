#include "daemon/auth_totp.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/bytes.h"
#include "sampler/base/text.h"

bool totp_fits(const uint8_t secret[TOTP_SECRET], int64_t now, int64_t last, const char *code,
	int64_t *step)
{
	char wanted[TOTP_DIGITS + 1];
	bool fits = false;
	if (strlen(code) != TOTP_DIGITS || !text_all_digits(bytes_of(code)))
		return false;
	/* every step of the window, so that the time does not tell which one it was */
	for (int64_t s = now / TOTP_STEP - TOTP_WINDOW; s <= now / TOTP_STEP + TOTP_WINDOW; s++) {
		int rc = s < 0 ? OATH_INVALID_OTP
			       : oath_totp_generate2((const char *)secret, TOTP_SECRET,
					 (time_t)(s * TOTP_STEP), TOTP_STEP, 0, TOTP_DIGITS, 0,
					 wanted);
		if (rc != OATH_OK || s <= last || fits)
			continue;
		fits = memcmp(wanted, code, TOTP_DIGITS) == 0;
		*step = fits ? s : *step;
	}
	return fits;
}

char *totp_base32(struct arena *a, const uint8_t secret[TOTP_SECRET])
{
	char *out = NULL;
	size_t n = 0;
	if (oath_base32_encode((const char *)secret, TOTP_SECRET, &out, &n) != OATH_OK)
		abort(); /* out of memory */
	while (n > 0 && out[n - 1] == '=')
		n--;
	char *kept = arena_strndup(a, out, n);
	explicit_bzero(out, n);
	free(out);
	return kept;
}

/* Percent-encoded but for unreserved characters (RFC 3986). */
static void put_encoded(struct buf *b, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || strchr("-._~", c) != NULL;
		if (plain) {
			buf_byte(b, *s);
			continue;
		}
		buf_byte(b, '%');
		buf_byte(b, hex[c >> 4]);
		buf_byte(b, hex[c & 15]);
	}
}

char *totp_uri(
	struct arena *a, const char *issuer, const char *account, const uint8_t secret[TOTP_SECRET])
{
	struct buf b = buf_new(a, 256);
	buf_str(&b, "otpauth://totp/");
	put_encoded(&b, issuer);
	buf_byte(&b, ':');
	put_encoded(&b, account);
	buf_str(&b, "?secret=");
	buf_str(&b, totp_base32(a, secret));
	buf_str(&b, "&issuer=");
	put_encoded(&b, issuer);
	buf_str(&b, "&algorithm=SHA1&digits=6&period=30");
	return arena_strndup(a, b.p, b.n);
}
