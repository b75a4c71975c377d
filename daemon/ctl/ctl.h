/* drawctl: the command line of drawd. Verbs are rows of a table (main.c); each talks to the web
 * process over its Unix socket (client.c) and prints for people or, with --json, for programs. */
#ifndef DRAWD_CTL_H
#define DRAWD_CTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { CTL_OK = 0, CTL_REFUSED = 1, CTL_USAGE = 2, CTL_UNREACHABLE = 3 };
enum { CTL_ARGS = 8, CTL_LIST = 32, CTL_PIECE = 4194304 };

/* What the command line said; a text is NULL where it said nothing. */
struct options {
	const char *socket, *kind, *source, *person, *labels, *pulses, *delta, *deadline,
		*reveal_after, *results_due, *disclosure, *account, *place, *value, *level, *output,
		*key, *type, *limit, *wait, *lang;
	const char *departments[CTL_LIST], *attestations[CTL_LIST];
	size_t departments_n, attestations_n;
	bool json, quiet, demo, help, version;
	const char *arg[CTL_ARGS]; /* words that are no options; the verb's own come first */
	size_t args;
};

struct ctl {
	struct options o;
	struct arena *arena;
	enum err_lang lang;
	struct client *client; /* made at the first call */
	const char *policy_file; /* what the API calls "policy" in the place of an error */
	int64_t said; /* when progress was last told, milliseconds */
	bool line_open; /* a progress line is on the terminal */
};

typedef int verb_fn(struct ctl *c);

/* Sentences stand in pairs: printf(TR(c, "…", "…"), …). */
#define TR(c, zh, en) ((c)->lang == LANG_ZH ? (zh) : (en))

/* ---- client.c ---- */

struct reply {
	int status;
	struct bytes body; /* NUL behind it */
	int64_t size; /* Drawd-Size, −1 where it was not sent */
	json_t *json; /* of a JSON body; belongs to the client, lives until it ends */
};

/* Ask; body NULL sends none. True with the reply of a 2xx. Otherwise the error is told on stderr
 * and *exit_code set. `type` is the body's media type. */
bool client_call(struct ctl *c, const char *method, const char *path, const char *type,
	struct bytes body, struct reply *reply, int *exit_code);
/* The usual cases: nothing sent; an object sent (the reference is taken). */
bool client_get(struct ctl *c, const char *path, struct reply *reply, int *exit_code);
bool client_post(
	struct ctl *c, const char *path, json_t *object, struct reply *reply, int *exit_code);
void client_free(struct client *client);

/* ---- tell.c ---- */

/* Tell an error (stderr; as JSON with --json) and give its exit code. */
int tell_error(struct ctl *c, const struct err *e);
/* The same from {"code","where","what"}; `zh` and `en` serve codes this program does not know. */
int tell_json_error(struct ctl *c, json_t *error);
/* Progress of a job on stderr: at most a few lines a minute where it is no terminal. */
void tell_progress(struct ctl *c, const char *what, int64_t done, int64_t total);
void tell_progress_end(struct ctl *c);
/* With --json print the reply as it came. False without --json. */
bool tell_raw(struct ctl *c, const struct reply *reply);
/* The row of the error table with that name, NULL where this program does not know it. */
const struct err_row *error_of(const char *name);
/* Members of an object; "" and 0 where they are not there. */
const char *member_text(json_t *o, const char *name);
int64_t member_int(json_t *o, const char *name);

/* Wait for what a reply started: {"job": n} or {"proposal": n}. *last gets the final state (may be
 * NULL). Errors are told. */
bool wait_for(struct ctl *c, const struct reply *started, const char *what, struct reply *last,
	int *exit_code);

/* Write bytes to --output, or to stdout where it is not given. */
bool open_output(struct ctl *c, int *fd);
bool write_all(int fd, struct bytes b);
/* A small file, or stdin for "-". ERR_FILE. */
bool read_input(struct ctl *c, const char *name, size_t max, struct bytes *out, struct err *e);

/* Print an artefact into a file, checking its hash. */
int fetch_artefact(struct ctl *c, const char *sha256);

/* ---- verbs ---- */

verb_fn ctl_import, ctl_imports_list, ctl_imports_show, ctl_imports_errors, ctl_imports_file;
verb_fn ctl_round_create, ctl_round_list, ctl_round_show, ctl_round_approve, ctl_round_freeze,
	ctl_round_lock, ctl_round_beacon, ctl_round_beacon_text, ctl_round_draw, ctl_round_reveal,
	ctl_round_bundle, ctl_round_visits;
verb_fn ctl_attest, ctl_key_new, ctl_key_show;
verb_fn ctl_log_checkpoint, ctl_log_vkey, ctl_artefact, ctl_job, ctl_routes, ctl_health;

#endif
