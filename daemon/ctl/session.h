/* Signing in by password, for what a token may not do. */
#ifndef DRAWD_CTL_SESSION_H
#define DRAWD_CTL_SESSION_H

#include "daemon/ctl/ctl.h"

/* A session by account, password and code, which are asked for; from here on the client speaks as
 * it, until sign_out. *password is to be forgotten, also after an error (told). */
bool sign_in(struct ctl *c, char **password, struct reply *reply, int *exit_code);
void sign_out(struct ctl *c);
/* What the account still lacks before it may do anything else: a password of its own, then a second
 * factor. Errors are told. */
bool session_complete(struct ctl *c, json_t *session, const char *password, int *exit_code);

/* qr.c: the text as a QR code on stderr, a terminal. */
void show_qr(const char *text);

#endif
