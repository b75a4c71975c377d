/* Trust policies: one that is accepted is complete and its quorum can be met by all witnesses, by
 * none of them only where it says none, and never lost by one more; a refusal says why. */
#include "sampler/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(x) \
	do { \
		if (!(x)) \
			__builtin_trap(); \
	} while (0)

static void check_quorum(const struct trust *t, struct arena *a)
{
	bool *by = arena_calloc(a, t->witness_count + 1, sizeof *by);
	bool met = trust_quorum_met(t, by);
	must(met == t->quorum_none);
	for (size_t i = 0; i < t->witness_count; i++) {
		by[i] = true;
		bool now = trust_quorum_met(t, by);
		must(now || !met);
		met = now;
	}
	must(met);
}

static void check_keys(const struct trust *t)
{
	must(t->log.type == NOTE_ED25519);
	for (size_t i = 0; i < t->witness_count; i++)
		must(t->witness_keys[i].type == NOTE_COSIGNATURE &&
			vkey_equal(&t->witness_keys[i], &t->witnesses[i].key));
	for (size_t i = 0; i < t->signer_count; i++) {
		const struct trust_signer *s = &t->signers[i];
		must(s->key.type == NOTE_ED25519 && !vkey_equal(&s->key, &t->log));
		must((s->token.n == 0) == (s->role == TRUST_OPERATOR));
		must(trust_signer_of(t, &s->key) == s);
		must(trust_signer(t, s->role, s->token) != NULL);
	}
	must(trust_signer(t, TRUST_OPERATOR, (struct bytes){ 0 }) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct trust t;
	struct err e = { 0 };
	if (!trust_parse(&t, a, (struct bytes){ (const char *)data, size }, &e)) {
		must(e.code == ERR_BAD_TRUST && e.what[0] != '\0');
		return 0;
	}
	check_keys(&t);
	check_quorum(&t, a);
	return 0;
}
