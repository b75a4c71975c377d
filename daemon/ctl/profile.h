/* Profiles: where drawd is and as whom to speak, in a file that only its user can read (0600). */
#ifndef DRAWD_CTL_PROFILE_H
#define DRAWD_CTL_PROFILE_H

#include <stdbool.h>

#include "sampler/base/arena.h"
#include "sampler/base/err.h"

enum { PROFILES_MAX = 1 << 20 }; /* bytes of the file */

/* Absent texts are "". A profile has a socket, or a url, or neither ($DRAWD_SOCKET then). */
struct profile {
	const char *name;
	const char *account; /* whose token it is; for people */
	const char *socket; /* path of the Unix socket */
	const char *url; /* https://host[:port][/path], or http:// to this machine */
	const char *ca; /* file of the certificates that sign the url's; "" those of the system */
	const char *token; /* "drawd_…"; "" without one: the socket tells who the user is */
	/* Cookie "name=value" by which the server knows where its account signed in before: others
	 * who guess the password do not hold it up. "" before the first time. */
	const char *device;
};

struct profiles {
	const char *file;
	const char *standard; /* name of the profile used where none is named; "" */
	struct profile *all;
	size_t n;
};

/* --profiles, else $DRAWD_PROFILES, else ~/.config/drawd/profiles.conf. */
const char *profiles_file(const char *option, struct arena *a);

/* Read the file; one that is not there has no profiles. Errors: ERR_PROFILES_OPEN where others may
 * read or write it, or it belongs to another user; ERR_CONF with the line; ERR_FILE. */
bool profiles_load(struct profiles *p, const char *file, struct arena *a, struct err *e);

/* The profile with a name, or NULL. */
struct profile *profiles_find(const struct profiles *p, const char *name);

/* Add the profile, or put it in the place of the one with its name; everything lives in `a`. */
void profiles_put(struct profiles *p, const struct profile *profile, struct arena *a);

/* Write the file anew, 0600, by a rename; makes its folder (0700). Comments are lost. ERR_FILE. */
bool profiles_store(const struct profiles *p, struct arena *a, struct err *e);

/* Is it an address to which a token may travel: https, or http to this very machine? ERR_CONF. */
bool profile_url_ok(const char *url, struct err *e);

#endif
