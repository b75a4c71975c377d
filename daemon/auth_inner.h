/* Between the files auth*.c only: the process, a question, the verbs. */
#ifndef DRAWD_AUTH_INNER_H
#define DRAWD_AUTH_INNER_H

#include <event2/event.h>
#include <sys/queue.h>

#include "daemon/auth.h"
#include "daemon/auth_lockout.h"
#include "daemon/auth_password.h"
#include "daemon/auth_queue.h"
#include "daemon/auth_totp.h"
#include "daemon/db.h"
#include "daemon/json.h"
#include "daemon/secret.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

enum {
	AUTH_CSRF = 33, /* a text of 24 random bytes, with its NUL */
	ENROLMENTS = 256, /* second factors under way */
	ENROLMENT_SECONDS = 600,
	ENROLMENT_TRIES = 10,
	REFUSALS = 64, /* not written yet */
};

/* Derived from auth.box, never written down; in locked memory. */
struct auth_keys {
	uint8_t seal[32]; /* of the secrets of second factors */
	uint8_t pick[32]; /* which decoy a name gets */
	uint8_t first[32]; /* first passwords of accounts */
	uint8_t decoy[TOTP_SECRET]; /* the second factor of an account that has none */
};

/* A second factor that was shown and waits for its first code; only in memory. */
struct enrolment {
	char account[33];
	uint8_t secret[TOTP_SECRET];
	int64_t at; /* clock_tick */
	int tries;
};

/* A refused sign-in that the audit log does not have yet. */
struct refusal {
	char account[33]; /* "" of a name that nobody has */
	char address[SOURCE_MAX];
	const char *route;
};

TAILQ_HEAD(ask_list, ask);

struct auth {
	struct process *process;
	struct event_base *base;
	struct event *listener, *tick, *work;
	struct db *db; /* NULL: to be connected */
	struct auth_queue *queue;
	struct auth_keys *keys;
	struct enrolment *enrolments; /* ENROLMENTS of them */
	char decoy[PASSWORD_STRING]; /* for a database without passwords */
	struct ask_list asks;
	size_t open;
	uid_t web; /* the user of the web process */
	int64_t swept; /* clock_tick of the last clear-up */
	size_t turned_away; /* connections, not told in the log yet */
	int64_t told; /* clock_tick of the last line about them */
	int64_t held_told; /* of the last one that descriptors ran out */
	struct refusal refusal[REFUSALS];
	size_t refusals;
};

/* What a verb may be sent. Texts are empty where they were not. */
struct auth_sent {
	const char *account, *password, *code, *device; /* sign-in */
	const char *fresh, *others; /* password */
	const char *kind, *secret; /* who asks: the first arguments of drawd.enter() */
	const char *address, *agent;
};

struct verb {
	const char *name;
	const struct json_field *fields; /* of struct auth_sent */
	bool (*run)(struct ask *q, struct buf *out, struct err *e);
	bool hashes; /* stands in line */
};
extern const struct verb auth_verbs[]; /* ended by name NULL */

/* One question: a connection. */
struct ask {
	TAILQ_ENTRY(ask) link;
	struct auth *auth;
	struct arena *arena;
	struct event *event;
	int fd;
	char line[AUTH_LINE_MAX];
	size_t n;
	const struct verb *verb; /* NULL: the line is not complete yet */
	struct auth_sent sent;
	uint8_t device[32]; /* hash of sent.device */
	bool issued, known; /* a device of some account; of this one */
	char source[SOURCE_MAX];
	int64_t after; /* with ERR_TRY_LATER */
};

/* auth_signin.c. Has the source to wait? ERR_TRY_LATER, and q->after. */
bool auth_held(struct ask *q, const char *account, struct err *e);
/* Note a wrong password or code of the source; ERR_… of the database only. */
bool auth_failed(struct ask *q, const char *account, struct err *e);
/* The source signed in: what it did wrong before is forgotten. */
bool auth_forgive(struct ask *q, const char *account, struct err *e);
/* Is the device of the question one of the account's? Sets q->known and q->source. */
bool auth_source(struct ask *q, const char *account, struct err *e);
bool auth_sign_in(struct ask *q, struct buf *out, struct err *e);

/* auth_refused.c. Note a refusal for the audit log: account "" where nobody has the name. */
void auth_refused(struct ask *q, const char *account, const char *route);
/* Write down what was noted; what cannot be written waits. */
void auth_refused_write(struct auth *a);
/* Write down how many there were in the hours that are over. There is a connection. */
void auth_refused_close(struct auth *a);

/* auth_account.c */
bool auth_password(struct ask *q, struct buf *out, struct err *e);
bool auth_password_first(struct ask *q, struct buf *out, struct err *e);
bool auth_totp_new(struct ask *q, struct buf *out, struct err *e);
bool auth_totp_confirm(struct ask *q, struct buf *out, struct err *e);

/* auth_secret.c: keys, and what is made with them. */
bool auth_keys_load(struct auth *a, struct err *e);
void auth_keys_wipe(struct auth *a);
/* Seal the secret of an account's second factor; it opens for no other account. */
struct bytes auth_seal(struct auth *a, struct arena *arena, const char *account,
	const uint8_t secret[TOTP_SECRET]);
bool auth_unseal(
	struct auth *a, const char *account, struct bytes sealed, uint8_t secret[TOTP_SECRET]);
/* The first password that a motion gave an account, from the motion: nobody keeps it. Ten letters
 * of it are for one of the two who agreed, ten for the other. */
void auth_first(const struct auth *a, const char *account, int64_t motion, uint8_t out[20]);
/* A number from a name that only this installation can tell. */
int64_t auth_pick(const struct auth *a, const char *account);

/* What has to be done before a session of the account is worth anything: "password" (its first one
 * is to be changed), "totp" (a role of it needs a second factor), "" nothing. ERR_… of the
 * database. */
bool auth_needs(struct ask *q, const char *account, bool once, bool totp, const char **needs,
	struct err *e);
/* The civil day of now; in the question's arena. */
const char *auth_day(struct ask *q);
struct password_cost auth_cost(const struct auth *a);

#endif
