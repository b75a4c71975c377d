/* The process `auth`: the only one that reads the hashes of passwords and the secrets of second
 * factors, and the only one that makes sessions. It answers on a Unix socket (conf auth.socket),
 * and only the web process, root and its own user.
 *
 * A question is one line: a verb (auth_verbs in auth.c), a space, an object of JSON. The answer is
 * one line, an object: what the verb tells, or {"error":NAME,"what":…,"after":SECONDS}. A sign-in
 * that fails says "bad-sign-in", after the same work, whether the account is unknown, disabled or
 * without a password, and whichever of password and code was wrong. */
#ifndef DRAWD_AUTH_H
#define DRAWD_AUTH_H

#include "daemon/process.h"

/* A line, either way. */
enum { AUTH_LINE_MAX = 8192 };

/* The mode `auth`: serves until process_stopping(). */
mode_fn auth_run;

#endif
