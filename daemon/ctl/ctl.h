/* drawctl: the command line of drawd. Verbs are rows of one table (verbs.c), which drives the
 * command line, the help, the manual and the shells' completion. Each talks to the web process
 * (client.c) and prints for people or, with --json, for programs. */
#ifndef DRAWD_CTL_H
#define DRAWD_CTL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "daemon/ctl/client.h"
#include "daemon/ctl/options.h"
#include "daemon/ctl/profile.h"
#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

enum { CTL_OK = 0, CTL_REFUSED = 1, CTL_USAGE = 2, CTL_UNREACHABLE = 3 };
enum { CTL_PIECE = 4194304 };

struct ctl;
typedef int verb_fn(struct ctl *c); /* gives the exit code */

/* A row of the verb table. */
struct verb {
	const char *words; /* "round freeze" */
	/* What follows the words: "ROUND", "[FILE]", "[VERB]…" any number, "ROLE=a,b" one of these
	 */
	const char *args;
	/* Names of the options it takes: "!kind=a|b ?reason": `!` one it needs, `?` one it needs
	 * and asks for at a terminal, `=` its values here */
	const char *options;
	verb_fn *run;
	const void *with; /* what run works on, where several verbs share it */
	const char *routes; /* names of the API's routes that it asks, with blanks between */
	const char *zh, *en;
};
extern const struct verb verbs[]; /* ended by words == NULL */

/* The verbs from `first` on, up to the next group. */
struct verb_group {
	const char *first; /* its words */
	const char *zh, *en;
};
extern const struct verb_group verb_groups[]; /* ended by first == NULL */

struct ctl {
	struct options o;
	const struct verb *verb;
	struct arena *arena;
	enum err_lang lang;
	struct profile profile; /* where to, and as whom */
	struct client *client; /* made at the first call */
	const char *policy_file; /* what the API calls "policy" in the place of an error */
	int64_t until; /* when waiting ends, milliseconds; 0: nothing was waited for */
	int64_t said; /* when progress was last told, milliseconds */
	int64_t begun, begun_done; /* when it was first told of, and how far it was then */
	bool line_open; /* a progress line is on the terminal */
};

/* Sentences stand in pairs: printf(TR(c, "…", "…"), …). */
#define TR(c, zh, en) ((c)->lang == LANG_ZH ? (zh) : (en))

/* ---- tell.c: what drawctl says ---- */

/* Tell an error (stderr; as JSON with --json) and give its exit code. */
int tell_error(struct ctl *c, const struct err *e);
/* The same made on the spot. */
int tell(struct ctl *c, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same from {"code","where","what","field"}; its own sentences serve codes that this program
 * does not know. tell_problem adds what the reply's headers say. */
int tell_json_error(struct ctl *c, json_t *error);
int tell_problem(struct ctl *c, const struct reply *reply);
/* The `warnings` of a reply, as remarks. */
void tell_warnings(struct ctl *c, json_t *o);
/* Progress on stderr: at most a few lines a minute where it is no terminal. */
void tell_progress(struct ctl *c, const char *what, int64_t done, int64_t total);
void tell_progress_end(struct ctl *c);
/* A remark on stderr, a line that --quiet leaves out. */
void remark(struct ctl *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Text of somebody else on stdout: what would steer a terminal becomes U+FFFD. */
void put_clean(const char *text);
/* Columns of a terminal that a text takes. */
size_t text_width(const char *text);
int64_t clock_ms(void);
void pause_ms(int64_t ms);

/* Members of an object; "" and 0 where they are not there. */
const char *member_text(json_t *o, const char *name);
int64_t member_int(json_t *o, const char *name);
/* Add a member where the command line gave it: false where a text is not UTF-8 or no number. */
bool set_text(json_t *o, const char *name, const char *text);
bool set_number(json_t *o, const char *name, const char *text);
/* A list of the command line as JSON texts; left out where it is empty. */
bool set_list(json_t *o, const char *name, const struct texts *list);

/* ---- times.c: Beijing's time for people, seconds since 1970 for the API ---- */

/* "2026-03-31 09:30"; "" for 0. */
const char *time_text(struct ctl *c, int64_t seconds);
/* A time as somebody writes it: seconds, "2026-03-31", "2026-03-31 09:30" or with a T, with seconds
 * and with Z or +08:00. The seconds that it covers, from the first to the last. */
bool time_range(const char *text, int64_t *first, int64_t *last);
/* Add such a time as a member where it was given, the last second that it covers. ERR_BAD_TIME. */
bool set_time(json_t *o, const char *name, const char *text, const char *option, struct err *e);
/* "source:pulse:time,…" with times as people write them, as the API takes it; what is none of that
 * form is left to the API. NULL: ERR_BAD_TIME. */
const char *pulses_sent(struct arena *a, const char *text, struct err *e);
/* Pulses for people. */
const char *pulses_text(struct ctl *c, const char *pulses);

/* ---- files.c ---- */

/* Write bytes to --output, or to stdout where it is not given. Errors are told. */
bool open_output(struct ctl *c, int *fd);
bool close_output(struct ctl *c, int fd);
bool write_all(int fd, struct bytes b);
/* What went into the file of --output, as a remark; rows below 0 are not told. */
void tell_written(struct ctl *c, int64_t rows, int64_t bytes);
/* GET into --output or on stdout, however long it is; the file is made once there is an answer. */
int fetch_to_output(struct ctl *c, const char *path);
/* A small file, or stdin for "-". ERR_FILE. */
bool read_input(struct ctl *c, const char *name, size_t max, struct bytes *out, struct err *e);

/* ---- ask.c: what a person is asked ---- */

enum { ASK_SECRET = 1, ASK_BLANK = 2 }; /* no echo; an empty answer is one */
/* A line from the terminal, or from stdin where that is none. NULL after an error was told. The
 * text is the arena's; wipe secrets with forget(). */
char *ask_line(struct ctl *c, const char *prompt, unsigned how);
void forget(char *secret);
/* True with --yes or a "y"/"是" on the terminal; else ERR_NOT_CONFIRMED is told. */
bool confirmed(struct ctl *c, const char *question);
/* --reason, or a line from the terminal; NULL after the error was told. */
const char *reason_of(struct ctl *c);

/* ---- wait.c ---- */

/* Wait for what a reply started, {"job": n} or {"proposal": n}; nothing to wait for is done. *last
 * gets the final state (may be NULL). Errors are told; false with *exit_code. */
bool wait_for(struct ctl *c, json_t *started, const char *what, struct reply *last, int *exit_code);
/* Ask `path` again and again until `over` says so; it sets *ok. Errors are told. */
bool wait_until(struct ctl *c, const char *path, const char *what,
	bool (*over)(struct ctl *c, json_t *state, bool *ok, int *exit_code), struct reply *last,
	int *exit_code);

/* ---- motion.c ---- */

/* Ask for something that a second person has to agree to: POST path with the body and --reason,
 * --evidence. Tells the motion's number and who may second it; with --wait it waits for the second
 * person and for what follows, and the exit code tells how that ended. Takes the body's reference.
 */
int move(struct ctl *c, const char *path, json_t *body);
/* --reason and --evidence as members of the body; false where they are not UTF-8. */
bool add_why(struct ctl *c, json_t *body);
/* Who may second a motion, as a remark. */
void tell_moved(struct ctl *c, int64_t id);

/* ---- step.c ---- */

/* The signature lines of --attestation as a member of the body; none where there are none. */
bool add_attestations(struct ctl *c, json_t *body, int *exit_code);

/* ---- log.c ---- */

/* Put an artefact into --output or on stdout, checking its hash. */
int fetch_artefact(struct ctl *c, const char *sha256);

/* ---- words.c ---- */

/* The state of a round, and any word of the API for a reader of Chinese. */
const char *state_word(struct ctl *c, const char *name);
const char *word_of(struct ctl *c, const char *word);
/* A role, in either language. */
const char *role_name(struct ctl *c, const char *token);
/* The same of a column or member, where the word means something else there. */
const char *word_in(struct ctl *c, const char *place, const char *word);
/* The one of the words (joined by `,` or `|`, up to a blank) that was typed, as it is or in
 * Chinese; NULL: none. */
const char *word_typed(struct ctl *c, const char *place, const char *all, const char *typed);
/* What a member of an object is called. */
const char *member_name(struct ctl *c, const char *name);
/* Does the member hold words of the API, and not names that somebody chose? */
bool is_wordy(const char *member);

/* ---- round.c ---- */

const char *round_path(struct ctl *c, const char *verb);
/* What is not drawn at random, or not by its own class, said aloud. */
void tell_strata(struct ctl *c, int64_t unclassed, const char *class_missing, int64_t targeted,
	int64_t empty);
/* How correct the lists are that a freeze asks for, or froze; nothing where that is not told. */
void show_quality(struct ctl *c, json_t *quality);

/* ---- rows that lists print in words (batch.c, register.c, round.c) ---- */

void show_batch(struct ctl *c, json_t *batch);
/* batch.c: the batch that a job of an import made, once it is done. Gives the exit code. */
int show_import(struct ctl *c, const struct reply *done);
void show_row_error(struct ctl *c, json_t *row);
void show_row_group(struct ctl *c, json_t *group);
void show_edit(struct ctl *c, json_t *row);
void show_register_row(struct ctl *c, json_t *row);
void show_register_fact(struct ctl *c, json_t *row);
void show_visit(struct ctl *c, json_t *visit);

#endif
