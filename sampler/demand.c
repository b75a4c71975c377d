#include "sampler/demand.h"

/* What a role of the record table is in a trust policy. */
static const struct {
	enum trust_role role;
	const char *key; /* of the record that holds the token or tokens; NULL or not there: any */
	bool holders; /* a token for each of them that holds a key */
	bool otherwise; /* an operator where the one named holds none */
} asks[] = {
	[ROLE_OPERATOR] = { TRUST_OPERATOR, NULL, false, false },
	[ROLE_DEPARTMENT] = { TRUST_DEPARTMENT, "department", false, false },
	[ROLE_DEPARTMENT_OR_OPERATOR] = { TRUST_DEPARTMENT, "department", false, true },
	[ROLE_DEPARTMENTS] = { TRUST_DEPARTMENT, "departments", true, false },
	[ROLE_CUSTODIAN] = { TRUST_CUSTODIAN, "holder", false, false },
	[ROLE_ATTESTER] = { TRUST_ATTESTER, NULL, false, false },
};

static bool add(struct demands *d, enum trust_role role, struct bytes token, struct err *e)
{
	if (d->n == NOTE_LINES_MAX)
		return err_set(e, ERR_MISSING_SIGNER, "more than %d signers", NOTE_LINES_MAX);
	d->at[d->n++] = (struct demand){ role, token };
	return true;
}

static bool add_holders(struct demands *d, enum trust_role role, struct bytes tokens,
	const struct trust *t, struct err *e)
{
	struct bytes token;
	while (type_next_member(&tokens, &token))
		if (trust_signer(t, role, token) != NULL && !add(d, role, token, e))
			return false;
	return true;
}

bool demands_of(struct demands *d, const struct record *rec, const struct trust *t, struct err *e)
{
	d->n = 0;
	for (const struct record_signer *s = record_form(rec->kind)->signer; s->role != ROLE_NONE;
		s++) {
		const char *key = asks[s->role].key;
		enum trust_role role = asks[s->role].role;
		struct bytes token = { NULL, 0 };
		if (key != NULL && record_has(rec->kind, key))
			token = record_get(rec, key);
		if (asks[s->role].otherwise && trust_signer(t, role, token) == NULL) {
			role = TRUST_OPERATOR;
			token = (struct bytes){ NULL, 0 };
		}
		if (asks[s->role].holders) {
			if (!add_holders(d, role, token, t, e))
				return false;
			continue;
		}
		for (unsigned i = 0; i < s->count; i++)
			if (!add(d, role, token, e))
				return false;
	}
	return true;
}
