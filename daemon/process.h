/* What every process of the daemon does alike: configuration, logs, signals, no core dumps. */
#ifndef DRAWD_PROCESS_H
#define DRAWD_PROCESS_H

#include <stdbool.h>

#include "daemon/conf.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"

struct process {
	const char *name; /* "notary", "web", … */
	const char *conf_file;
	struct conf conf;
	struct arena *arena; /* of the configuration; lives as long as the process */
};

/* One mode of drawd: returns the exit code. argv[0] is the mode's name. */
typedef int mode_fn(struct process *p, int argc, char **argv);

/* The modes; table in drawd.c. */
mode_fn supervise_run, notary_run, web_run, worker_run, witness_run, parser_run;

/* Load the configuration, open the log, forbid core dumps and tracing by the same user, ignore
 * SIGPIPE, take SIGTERM, SIGINT and SIGHUP. Returns false with the error to print. */
bool process_start(struct process *p, const char *name, const char *conf_file, struct err *e);

/* SIGTERM or SIGINT came: end, or leave what you do resumable, within supervise.grace. */
bool process_stopping(void);
/* SIGHUP came since the last call: the configuration has been read again (an unreadable one is
 * logged and the old one stays). */
bool process_reloaded(struct process *p);

/* Wait that long, or until a signal comes. */
void process_sleep(int milliseconds);

/* Print an error as people read it (stderr, language of the environment) and give its exit code. */
int process_fail(const struct err *e);

#endif
