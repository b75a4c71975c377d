/* The command line of drawctl: one table of options, and what was said. */
#ifndef DRAWD_CTL_OPTIONS_H
#define DRAWD_CTL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/err.h"

enum { CTL_ARGS = 48, CTL_LIST = 64 };

/* What an option that may be repeated was given. */
struct texts {
	const char *text[CTL_LIST];
	size_t n;
};

/* What the command line said; a text is NULL where it said nothing. */
struct options {
	/* everywhere */
	const char *profile, *profiles, *socket, *lang, *timeout;
	bool json, quiet, help, version;
	/* lists and files */
	const char *output, *sort, *limit, *format, *search;
	struct texts filter;
	bool all;
	/* imports and rounds */
	const char *kind, *source, *provider, *person, *labels, *pulses, *delta, *deadline,
		*reveal_after, *results_due, *disclosure, *place, *value, *level, *round, *cause;
	const char *sheet, *at, *in_register, *base, *version_no, *day, *fact;
	const char *policy, *against, *seeds, *inspectors, *workload, *past_from, *past_to;
	bool staff, backtest;
	struct texts departments, attestations, map, schemes;
	bool demo, dry_run, full, preview;
	/* motions */
	const char *reason, *override;
	struct texts evidence;
	bool yes, wait;
	bool keep; /* other sessions and tokens */
	/* people */
	const char *account, *holder, *name, *name_en, *short_name, *system, *region, *inspector,
		*os_user, *sso_name, *inspects, *active, *language, *from, *to, *ground, *since,
		*until, *action, *url, *ca, *days, *scopes;
	/* clues, inspections for a cause */
	const char *entity, *object, *received, *caller, *items, *date, *officers, *result, *year;
	/* letters, buffers */
	const char *document, *recipient, *opinion, *withdraw, *task; /* programmes */
	bool objected, rebase;
	const char *way, *receipt, *answer, *matter, *basis, *outcome;
	/* keys, the log, the API */
	const char *key, *type, *trust, *data, *match, *once, *last;
	/* words that are no options; the verb's own come first */
	const char *arg[CTL_ARGS];
	size_t args;
};

enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_LIST, OPTION_NUMBER };

struct option {
	const char *name, *brief; /* "kind", "o" or NULL: without dashes */
	enum option_kind kind;
	size_t offset; /* in struct options */
	size_t least; /* of a number */
	const char *value; /* what it takes, for the help; with | the only ones it takes */
	bool everywhere; /* every verb takes it */
	const char *zh, *en;
};
extern const struct option option_table[]; /* ended by name == NULL */

/* Read the command line: `--name value`, `--name=value`, `-o value`; `--` ends the options. What
 * belongs to which verb is not looked at. ERR_USAGE names the word. */
bool options_read(struct options *to, int argc, char **argv, struct err *e);

/* One part of a verb's list of options ("!kind=a|b"). */
struct verb_option {
	const struct option *option;
	bool needed; /* `!`, `?` */
	bool asked; /* `?`: where somebody sits at a terminal he is asked for it */
	const char *values; /* the only ones here; "" where the option's own rule holds */
	size_t values_n;
};
/* Cut the next one off *list; false at the end. An option that does not exist is a bug. */
bool verb_option_next(const char **list, struct verb_option *out);

/* Were exactly options given that the verb takes, those it needs, and with values it knows?
 * ERR_USAGE names the option. */
bool options_check(const struct options *o, const char *list, struct err *e);
/* Was it given? */
bool option_given(const struct options *o, const struct option *option);
/* What the option with that name was given: NULL where it was not, the first of a list. */
const char *option_text(const struct options *o, const char *name);
/* Is it one of a|b|c or a,b,c, whole? */
bool one_of(const char *all, size_t n, const char *value);

#endif
