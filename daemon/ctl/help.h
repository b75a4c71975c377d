/* Help, manual and completion of drawctl, from the verb table and the option table. */
#ifndef DRAWD_CTL_HELP_H
#define DRAWD_CTL_HELP_H

#include <stdio.h>

#include "daemon/ctl/ctl.h"

/* The row whose words the command line begins with; they are taken off o->arg. NULL: none. */
const struct verb *verb_find(struct options *o);
/* Its words, arguments and options on one line. */
const char *usage_of(struct arena *a, const struct verb *v);
/* All of it, or what the words of the command line are about. */
void print_help(struct ctl *c, FILE *out);
/* What may stand for the last of these words, one a line: asked by the shells. */
int complete(struct ctl *c, int n, char **words);

#endif
