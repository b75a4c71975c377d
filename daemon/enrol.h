/* The first people of an installation (`drawd enrol`): departments and accounts of a file go into
 * an empty database, with random first passwords and access tokens where they are asked for. What
 * comes later is moved by one person and seconded by another. */
#ifndef DRAWD_ENROL_H
#define DRAWD_ENROL_H

#include "daemon/process.h"

enum { ENROL_TOKEN_DAYS = 30 };

/* drawd enrol FILE [--profiles OUT] [--passwords OUT]
 * FILE: daemon/people.h. --passwords gives every person a random password and writes OUT (mode
 * 0600: account TAB password TAB name, a line each); it is good for seven days and, but in a demo,
 * for nothing except its change. --profiles gives every account an access token with all scopes,
 * valid for ENROL_TOKEN_DAYS, and writes OUT (mode 0600: a file of profiles for drawctl). All or
 * nothing: a file that is there already is not overwritten, and where anything fails neither file
 * nor row is left. Errors: those of people_load, ERR_FILE, ERR_FILE_EXISTS, ERR_ENROLLED where an
 * account exists, and those of the database. Runs as the owner of the schema.
 */
mode_fn enrol_run;

#endif
