/* Normalising never lengthens a text and is done at once; what passes the check fails it with any
 * other last character; every candidate is valid and shows as the number it was asked for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "planner/uscc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_code(struct bytes code)
{
	char other[USCC_LENGTH];

	if (uscc_check(code) != IDENT_OK)
		return;
	memcpy(other, code.p, sizeof other);
	other[USCC_LENGTH - 1] = other[USCC_LENGTH - 1] == '0' ? '1' : '0';
	if (uscc_check((struct bytes){ other, sizeof other }) != IDENT_DIGIT)
		abort();
}

static void check_candidates(struct bytes text)
{
	char out[USCC_CANDIDATES][USCC_LENGTH + 1];
	size_t n = uscc_candidates(text, out);

	if (n > 0 && (text.n != USCC_LENGTH || uscc_check(text) == IDENT_OK))
		abort();
	for (size_t i = 0; i < n; i++) {
		if (uscc_check(bytes_of(out[i])) != IDENT_OK)
			abort();
		if (i > 0 && strcmp(out[i - 1], out[i]) >= 0)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size }, once, twice;
	char out[USCC_TEXT_MAX + 1], again[USCC_TEXT_MAX + 1];
	unsigned repairs, more;

	(void)regno_check(text);
	(void)citizen_check(text);
	check_code(text);
	check_candidates(text);
	if (!ident_normalise(text, out, &once, &repairs))
		return 0;
	if (once.n > size || once.p != out || out[once.n] != '\0')
		abort();
	if (repairs == 0 && !bytes_equal(text, once))
		abort();
	check_code(once);
	check_candidates(once);
	if (!ident_normalise(once, again, &twice, &more))
		abort();
	if ((more & ~(unsigned)IDENT_UNQUOTED) != 0)
		abort();
	return 0;
}
