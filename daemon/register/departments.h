/* What departments are called. Which there are tells the table drawd.department alone (id, name,
 * short name); a libconfig file (etc/policy/departments.conf) has further spellings for codes of
 * it: departments: { scjg = ["市场监督管理局", "市场监管局"]; … }; */
#ifndef DRAWD_DEPARTMENTS_H
#define DRAWD_DEPARTMENTS_H

#include <stdbool.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct departments;

/* The file of spellings. Errors: ERR_FILE, ERR_CONF with file:line. */
bool departments_load(struct departments **out, struct arena *a, const char *file, struct err *e);
bool departments_parse(struct departments **out, struct arena *a, const char *text,
	const char *file, struct err *e);

/* The departments that there are, from lines `code TAB name LF`, one for each of their names: from
 * now on no other code is known. *d is the file's spellings, or NULL; the lines outlive it. */
void departments_know(struct departments **d, struct arena *a, struct bytes lines);

/* The code of a name: a code itself, or that of the longest listed name in the text, so that places
 * and branches around it (某区市场监督管理局, 某市公安局某区分局) do not matter. False where there
 * is none, where the longest names are of several departments, and where no such code is known;
 * *code lives with the table (or is `name` where that is a code). */
bool departments_code(const struct departments *d, struct bytes name, struct bytes *code);

#endif
