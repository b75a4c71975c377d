/* USCC.
 *   - normalising never lengthens a text, is done at once, and says when it changed something;
 *   - of a code that passes, no other code of one changed character passes, and none with two
 *     neighbours swapped;
 *   - every candidate is valid, shows as the number it was asked for, and comes in order;
 *   - any 17 characters have one last character that passes, once the organisation code does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "planner/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

#define want(holds) ((holds) ? (void)0 : abort())

static bool passes(const char code[USCC_LENGTH])
{
	return uscc_check((struct bytes){ code, USCC_LENGTH }) == IDENT_OK;
}

static void check_code(struct bytes code)
{
	char other[USCC_LENGTH];

	if (uscc_check(code) != IDENT_OK)
		return;
	for (size_t i = 0; i < USCC_LENGTH; i++)
		for (const char *c = alphabet; *c != '\0'; c++) {
			memcpy(other, code.p, sizeof other);
			other[i] = *c;
			want(passes(other) == (*c == code.p[i]));
		}
	for (size_t i = 0; i + 1 < USCC_LENGTH; i++) {
		memcpy(other, code.p, sizeof other);
		other[i] = code.p[i + 1];
		other[i + 1] = code.p[i];
		want(passes(other) == (code.p[i] == code.p[i + 1]));
	}
}

static void check_candidates(struct bytes text)
{
	char out[USCC_CANDIDATES][USCC_LENGTH + 1], one[USCC_LENGTH + 1];
	size_t n = uscc_candidates(text, out);
	bool valid = uscc_check(text) == IDENT_OK, itself = false;

	want(n == 0 || (text.n == USCC_LENGTH && !valid));
	n = uscc_in_number(text, out);
	for (size_t i = 0; i < n; i++) {
		want(passes(out[i]));
		want(i == 0 || strcmp(out[i - 1], out[i]) < 0);
		itself = itself || bytes_is(text, out[i]);
	}
	want(!itself || valid);
	if (uscc_lookalike(text, one))
		want(passes(one) && !valid);
}

/* A code from bytes: every organisation code and region has its check characters. */
static void check_made(const uint8_t *data, size_t size)
{
	char registrar[8], org[8], code[USCC_LENGTH + 1];
	for (size_t i = 0; i < 8; i++) {
		uint8_t r = i < size ? data[i] : 0, o = 8 + i < size ? data[8 + i] : 0;
		registrar[i] = i < 2 ? alphabet[r % 31] : (char)('0' + r % 10);
		org[i] = alphabet[o % 31];
	}
	want(uscc_make(registrar, org, code));
	want(passes(code));
	registrar[2] = 'A';
	want(!uscc_make(registrar, org, code));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size }, once, twice;
	char out[USCC_TEXT_MAX + 1], again[USCC_TEXT_MAX + 1];
	unsigned repairs, more;

	check_made(data, size);
	check_code(text);
	check_candidates(text);
	if (!ident_normalise(text, out, &once, &repairs))
		return 0;
	want(once.n <= size && once.p == out && out[once.n] == '\0');
	want(repairs != 0 || bytes_equal(text, once));
	check_code(once);
	check_candidates(once);
	want(ident_normalise(once, again, &twice, &more));
	want((more & ~(unsigned)IDENT_UNQUOTED) == 0);
	return 0;
}
