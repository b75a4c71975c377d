/* The facts of a note about a row (struct row_note), in words for people. On the wire, in the
 * database and in the API they are in no language. */
#ifndef DRAWD_DETAIL_H
#define DRAWD_DETAIL_H

#include "sampler/base/arena.h"
#include "sampler/base/err.h"

/* "[18] 0 ≠ 9" of uscc-digit: 第 18 位应为 9，而不是 0. What has no words stays as it is. `code` is
 * the note's name of the error; the result lives in the arena, or is `facts`. */
const char *detail_words(struct arena *a, enum err_lang lang, const char *code, const char *facts);

#endif
