/* The self-test of the replay: a small complete round is built with keys of its own, then tampered
 * with once per check, everything around the tampering rebuilt and signed anew with the true keys
 * (log, signatures, MANIFEST), and the check in question must fail. */
#ifndef DRAWD_REPLAY_SELFTEST_H
#define DRAWD_REPLAY_SELFTEST_H

#include "sampler/base/err.h"

/* Run it and print a line for each check. keep: a folder that gets the good bundle, every forged
 * one and the trust policy, or NULL. Returns the exit code of the tool. */
int selftest(const char *keep, enum err_lang lang);

#endif
