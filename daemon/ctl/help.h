/* Help, manual and completion of drawctl, from the verb table and the option table. */
#ifndef DRAWD_CTL_HELP_H
#define DRAWD_CTL_HELP_H

#include <stdio.h>

#include "daemon/ctl/ctl.h"

/* The row whose words the command line begins with; they are taken off o->arg. NULL: none. */
const struct verb *verb_find(struct options *o);
/* Its words, arguments and options on one line. */
const char *usage_of(struct arena *a, const struct verb *v);
/* The place (word_in) of the words of an argument, "[FIGURE]=…": "figure". */
const char *arg_place(struct ctl *c, const char *arg);
/* Does it take the option? */
bool verb_takes(const struct verb *v, const struct option *option);
/* All of it, or what the words of the command line are about; gives the exit code. */
int print_help(struct ctl *c, FILE *out);
/* A page of a few lines: which words there are. */
void print_page(struct ctl *c, FILE *out);
/* Say that the words of the command line are no verb, and which is near. Gives the exit code. */
int tell_no_verb(struct ctl *c);
/* A text for roff: a hyphen is `\-`, a backslash `\e`. */
void put_roff(const char *text);
/* The section of drawd-registers(7) that comes from the registers' tables. */
int manual_registers(struct ctl *c);
/* What may stand for the last of these words, one a line: asked by the shells. */
int complete(struct ctl *c, int n, char **words);

#endif
