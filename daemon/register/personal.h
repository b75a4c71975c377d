/* Numbers of people in texts that are told: what was wrong with a row, which columns a file has.
 * Digits may be full-width, and blanks and the signs of telephone numbers may stand between them.
 */
#ifndef DRAWD_PERSONAL_H
#define DRAWD_PERSONAL_H

#include <stdbool.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"

enum personal_how {
	PERSONAL_CITIZENS, /* citizen IDs, whose check digit is right */
	PERSONAL_CODES, /* those of 15 digits too, which had none, and mobile telephones */
	PERSONAL_NUMBERS /* whatever has 7 digits and is no day, USCC, or part of a word */
};

/* The text, or a copy in `a` with stars: 110***********4215, 138-****-8007, 8*******. */
struct bytes personal_hide(struct arena *a, enum personal_how how, struct bytes text);

/* Is it an old citizen ID: 15 digits, a province that exists, a birthday of two-digit year? As it
 * has no check digit, one that is a 注册号 by its own is none. */
bool personal_is_old(struct bytes digits);

#endif
