/* Names of departments → department codes of the policy, from a libconfig file
 * (etc/policy/departments.conf):  departments: { scjg = ["市场监督管理局", "市场监管局"]; … }; */
#ifndef DRAWD_DEPARTMENTS_H
#define DRAWD_DEPARTMENTS_H

#include <stdbool.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct departments;

/* Errors: ERR_FILE, ERR_CONF with file:line. */
bool departments_load(struct departments **out, struct arena *a, const char *file, struct err *e);
bool departments_parse(struct departments **out, struct arena *a, const char *text,
	const char *file, struct err *e);

/* The code of a name: a code itself, or that of the longest listed name in the text, so that places
 * and branches around it (某区市场监督管理局, 某市公安局某区分局) do not matter. False where there
 * is none; *code lives with the table (or is `name` where that is a code). */
bool departments_code(const struct departments *d, struct bytes name, struct bytes *code);

#endif
