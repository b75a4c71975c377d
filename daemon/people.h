/* Departments and first accounts of an installation, as a person writes them for `drawd enrol`
 * (etc/policy/people.conf): a libconfig file, read strictly. */
#ifndef DRAWD_PEOPLE_H
#define DRAWD_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/roles.h"
#include "sampler/base/arena.h"
#include "sampler/base/err.h"

/* Texts are never NULL; an empty one means none. */
struct people_department {
	const char *id; /* token: scjg */
	const char *system; /* token of the system it belongs to, at whatever level */
	const char *level; /* province, city, county or town */
	const char *region; /* its region code: 6, 9 or 12 digits */
	const char *name, *name_en, *brief;
	bool inspects; /* false for an office that coordinates only (国办发〔2024〕54号) */
	unsigned line; /* in the file */
};

struct people_role {
	const struct role *role;
	const char *department; /* of a scoped role, else "" */
	const char *from, *to; /* civil days; from may be "": the day of the enrolment */
};

struct people_account {
	const char *id; /* token; the name to sign in with */
	bool service; /* of a program; else of a person */
	const char *person; /* staff number of the human, or of a service's keeper */
	const char *name;
	const char *department; /* id, or "" */
	const char *inspector; /* id of an inspector (SCJG-0001), or "" */
	const char *os_user; /* signs in by the Unix socket, or "" */
	const char *sso_name; /* named by a trusted proxy, or "" */
	const struct people_role *role;
	size_t roles;
	unsigned line;
};

/* In the order of the file. */
struct people {
	const struct people_department *department;
	size_t departments;
	const struct people_account *account;
	size_t accounts;
};

enum { PEOPLE_FILE_MAX = 1 << 22 }; /* bytes */

/* Read text; everything lives in `a`, `file` names it in errors. What is checked: forms; that names
 * are there; that a department's system, level and region together, an inspector, an os_user and a
 * sso_name occur once; that a scoped role has a department and no other has one; that an
 * inspector's account has its number; that a service has the role service and nobody else has; and
 * that there are an administrator and a second person with whom an administrator's motions can be
 * carried. Errors: ERR_CONF with file:line of the setting. */
bool people_parse(
	struct people *out, struct arena *a, const char *text, const char *file, struct err *e);

/* The same of a file. Errors: ERR_FILE as well. */
bool people_load(struct people *out, struct arena *a, const char *file, struct err *e);

#endif
