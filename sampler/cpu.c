#include "sampler/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "sampler/sha256.h"
#include "sampler/ticket.h"

#if defined(__x86_64__)
static bool ask(void)
{
	unsigned a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

/* cpuid can cost microseconds in a virtual machine, so the answers are kept. Asking twice gives the
 * same answer: no order of calls changes anything. */
bool cpu_has_sha(void)
{
	static signed char known;
	if (known == 0)
		known = ask() ? 1 : -1;
	return known > 0;
}

bool cpu_has_avx512(void)
{
	static signed char known;
	if (known == 0) {
		__builtin_cpu_init();
		known = __builtin_cpu_supports("avx512f") ? 1 : -1;
	}
	return known > 0;
}

void sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	if (cpu_has_sha())
		sha256_blocks_ni(state, p, blocks);
	else
		sha256_blocks_portable(state, p, blocks);
}

void sha256_batch(const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out)
{
	if (cpu_has_avx512())
		sha256_batch_wide(begin, rest, n, out);
	else
		sha256_batch_plain(begin, rest, n, out);
}

void ticket_batch(const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u)
{
	if (cpu_has_avx512())
		ticket_batch_wide(k, objects, n, u);
	else if (cpu_has_sha())
		ticket_batch_ni(k, objects, n, u);
	else
		ticket_batch_portable(k, objects, n, u);
}
#else
bool cpu_has_sha(void)
{
	return false;
}

bool cpu_has_avx512(void)
{
	return false;
}

void sha256_blocks(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	sha256_blocks_portable(state, p, blocks);
}

void sha256_batch(const struct sha256 *begin, const struct bytes *rest, size_t n, struct hash *out)
{
	sha256_batch_plain(begin, rest, n, out);
}

void ticket_batch(const struct ticket_key *k, const struct bytes *objects, size_t n, uint64_t *u)
{
	ticket_batch_portable(k, objects, n, u);
}
#endif
