/* Roles of people and services: their bits, tokens and names. The table drawd.role of the database
 * holds the same rows; tests/db/roles compares them. */
#ifndef DRAWD_ROLES_H
#define DRAWD_ROLES_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum who {
	WHO_PUBLIC = 1, /* everybody, also those who signed in */
	WHO_ADMINISTRATOR = 2,
	WHO_COORDINATOR = 4,
	WHO_HEAD = 8,
	WHO_CLERK = 16,
	WHO_INSPECTOR = 32,
	WHO_AUDITOR = 64,
	WHO_OVERSIGHT = 128,
	WHO_CUSTODIAN = 256,
	WHO_SERVICE = 512,
	WHO_SIGNED_IN = 1024, /* anybody with an account, also while the session is restricted */
};

/* Those that whoever holds them may have another act in for some days, and all that are granted. */
#define WHO_DELEGABLE        (WHO_ADMINISTRATOR | WHO_COORDINATOR | WHO_HEAD | WHO_CLERK | WHO_CUSTODIAN)
#define ROLE_WORDS_DELEGABLE "administrator,coordinator,head,clerk,custodian"
#define ROLE_WORDS \
	"administrator,coordinator,head,clerk,inspector,auditor,oversight,custodian,service"

/* What access tokens can be held to: `scope` of the route table, in order. */
#define SCOPE_WORDS \
	"artefacts,audit,classes,clues,documents,files,jobs,motions,people,programmes,registers,rounds"

struct role {
	unsigned bit; /* one of enum who */
	const char *token; /* "administrator" */
	bool scoped; /* held for one department; else for the whole installation */
	bool delegable; /* one of WHO_DELEGABLE */
	bool granted; /* a row of account_role can name it; public and signed-in it cannot */
	const char *name[2]; /* by enum err_lang */
};

/* All roles in ascending order of their bits, public and signed-in among them; *n: how many. */
const struct role *roles_all(size_t *n);

/* The role of a bit; NULL where the bit is none of the table. */
const struct role *role_of(unsigned bit);
/* The role with a token; NULL where there is none. */
const struct role *role_by_token(struct bytes token);

/* The bits of a comma list of tokens, as drawd.enter() returns them. False where a token is
 * unknown; the empty list is 0. */
bool roles_parse(struct bytes list, unsigned *bits);

/* The tokens of bits, with commas, in ascending order of the bits; ends early where out is full.
 * Returns out. 160 bytes hold all of them. */
const char *roles_text(unsigned bits, char *out, size_t size);

/* The same as a JSON array: ["head","clerk"]. */
void roles_put(unsigned bits, struct buf *b);

#endif
