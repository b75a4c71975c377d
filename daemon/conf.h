/* The configuration of an installation: one table of keys over a libconfig file (drawd.conf(5)).
 * A key that is unknown, of the wrong type or out of range is refused with file and line. */
#ifndef DRAWD_CONF_H
#define DRAWD_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sampler/base/arena.h"
#include "sampler/base/err.h"

/* A list of strings; n may be 0. */
struct conf_list {
	size_t n;
	const char *const *v;
};

/* Every string lives in the arena given to conf_load and is never NULL. Paths are absolute:
 * `state` is taken from the folder of the configuration file, all others from `state`. */
struct conf {
	const char *file; /* the configuration file, absolute */

	const char *state; /* folder of keys, sockets and small files */
	const char *authority; /* key name of the authority (PROTOCOL.md §1, name) */
	bool demo; /* demo rounds and a moved clock are allowed */

	struct {
		int64_t offset_days; /* added to the real date; only with demo; reloadable */
	} clock;
	struct {
		const char *file; /* holidays and make-up days (etc/calendar/cn.txt) */
	} calendar;
	struct {
		const char *quality_min; /* "99.5%": conf_quality_min; reloadable */
		const char *class_move_max; /* "5%": conf_class_move_max; reloadable */
	} registers;
	struct {
		int64_t level; /* enum log_level; reloadable */
		int64_t format; /* enum log_format; reloadable */
	} log;
	struct {
		const char *host; /* folder of the server's Unix socket, or host names */
		int64_t port;
		const char *name;
		int64_t timeout; /* seconds until a connection attempt is given up */
	} database;
	struct {
		const char *socket; /* Unix socket of the API, mode 0660 */
		bool tcp; /* public reads on listen:port as well */
		const char *listen; /* loopback address */
		int64_t port; /* 0: any free one; the number stands in port_file */
		const char *port_file;
		struct conf_list hosts; /* names accepted in Host: on TCP; reloadable */
		const char *origin; /* "https://host[:port]" where browsers find the API, or "" */
		const char *proxy_socket; /* Unix socket of a proxy that signs people in, or "" */
		const char *proxy_header; /* the field in which it names the account */
		struct conf_list proxy_users; /* users the proxy may run as, besides root and the
						 own one; reloadable */
		const char *group; /* group that owns the socket; "" leaves it */
		int64_t timeout; /* seconds until a silent connection is closed */
		int64_t connections; /* connections open at once */
		int64_t database; /* connections to the database */
		int64_t queue; /* requests that wait for the database before 503 */
		int64_t page; /* most rows in one answer; reloadable */
		int64_t upload_max; /* bytes of one uploaded file; reloadable */
		int64_t uploads_max; /* of an account's that nothing came of yet; reloadable */
	} web;
	struct {
		const char *socket; /* Unix socket of the sign-in process */
		const char *box; /* key that seals the secrets of second factors */
		int64_t memory; /* MiB that one password hash takes (argon2id) */
		int64_t passes; /* over that memory */
		int64_t queue; /* sign-ins that wait for their hash before "busy" */
		struct conf_list totp; /* roles (daemon/roles.h) that need a second factor;
					  reloadable */
		int64_t idle; /* seconds until an unused session ends; reloadable */
		int64_t absolute; /* seconds until any session ends; reloadable */
	} auth;
	struct {
		const char *keys; /* folder of log.key, operator.key, notary.box */
		const char *trust; /* trust policy (PROTOCOL.md §13) that the notary pins */
		const char *high_water; /* size and root of the largest log signed */
		struct conf_list witnesses; /* "unix:/path" or "http://host:port/prefix" */
		int64_t witness_timeout; /* seconds; reloadable */
		int64_t freeze_age; /* seconds from a freeze's time to its signature; reloadable */
	} notary;
	struct {
		bool run; /* the supervisor starts a witness of its own */
		const char *socket;
		const char *folder; /* witness.key and state */
	} witness;
	struct {
		int64_t count; /* worker processes */
		int64_t lease; /* seconds a job is held without a sign of life; reloadable */
		int64_t attempts; /* starts of a job before it is given up; reloadable */
	} worker;
	struct {
		int64_t memory; /* MiB of address space */
		int64_t seconds; /* of processor time for one file */
		int64_t row_max; /* bytes of one row */
		int64_t rows_max; /* rows of one file */
		int64_t xlsx_file; /* MiB of a workbook */
		int64_t xlsx_inflated; /* MiB of all that is unpacked of it */
		int64_t xlsx_strings; /* MiB of its shared texts, which are kept in memory */
		int64_t rows_known; /* rows remembered in memory, lest one come twice */
	} parser;
	struct {
		int64_t lead_days; /* a round is made that many days before it is drawn; reloadable */
		int64_t hour; /* of that day, in Beijing, at which its pulse is; reloadable */
		int64_t beacon; /* source of the pulse, 0 nist, 1 nist+dice; reloadable */
	} programme;
	struct {
		const char *labels; /* label rules used at import (etc/policy/labels.conf); "" for
				       none */
		const char *departments; /* names of departments (etc/policy/departments.conf); ""
					    for none */
		const char *sealing; /* key that seals personal facts: the worker's alone */
		int64_t errors_max; /* row errors kept per batch; reloadable */
		int64_t keep_days; /* files that came in or went back; 0: for ever; reloadable */
	} import;
	struct {
		const char *box; /* key that seals what clues say: the web process's */
		const char *callers; /* to which whistle-blowers' names are sealed: only the worker's
					user opens them */
		int64_t due_days; /* until a clue has to be decided; reloadable */
	} clues;
	struct {
		const char *notary, *web, *auth, *worker, *parser,
			*witness; /* used when started as root */
	} users;
	struct {
		int64_t time; /* the clock stands still at these UTC seconds; 0: it runs */
		const char *secret; /* secrets are derived from this text; "": they are random */
		bool anchors; /* false: the audit log, which knows the real time, is not anchored */
	} test; /* only with demo: two runs give the same bytes */
	struct {
		int64_t grace; /* seconds from SIGTERM to SIGKILL */
		int64_t backoff_max; /* longest pause before a restart, seconds */
	} supervise;
};

/* Read and check a file. *c keeps memory of `a`. Errors: ERR_CONF with file:line in `where`,
 * the key and what was expected in `what`; ERR_FILE when it cannot be read. */
bool conf_load(struct conf *c, struct arena *a, const char *file, struct err *e);

/* The same on text in memory; `file` names it and its folder gives relative paths their root. */
bool conf_parse(struct conf *c, struct arena *a, const char *text, const char *file, struct err *e);

/* Copy the reloadable keys of `fresh` to *c. `fresh` must live as long as *c. Returns how many keys
 * that need a restart differ; *named gets the first of them (NULL if none). */
size_t conf_reload(struct conf *c, const struct conf *fresh, const char **named);

/* A complete sample: every key with its help in both languages, its range and its default. */
void conf_print_sample(FILE *out);

/* Every key and the value in force, one `key = value;` a line (`drawd check-config`). */
void conf_print(const struct conf *c, FILE *out);

/* Every key as a roff list entry for drawd.conf(5), in one language (enum err_lang). */
void conf_print_man(FILE *out, enum err_lang lang);

enum conf_role { ROLE_OWNER, ROLE_NOTARY, ROLE_WEB, ROLE_AUTH, ROLE_WORKER, ROLE_READER };

/* Of every connection to the database: what a role could have set for itself by ALTER ROLE … SET,
 * taken over by somebody, changes nothing. As it stands between quotes in a connection string. */
#define CONF_OPTIONS \
	"-c search_path=drawd -c default_transaction_read_only=off " \
	"-c default_transaction_isolation=read\\\\ committed -c row_security=on " \
	"-c bytea_output=hex -c IntervalStyle=postgres"

/* libpq connection string of a role (drawd_owner, drawd_notary, …), in `a`. No password: peer
 * authentication decides. */
const char *conf_conninfo(const struct conf *c, enum conf_role role, struct arena *a);

/* Least correctness of the lists for a freeze, in parts per million. */
uint64_t conf_quality_min(const struct conf *c);
/* The largest share of classes that one person's import may move, in parts per million. */
uint64_t conf_class_move_max(const struct conf *c);

/* Default file: $DRAWD_CONF, else /etc/drawd/drawd.conf. */
const char *conf_default_file(void);

#endif
