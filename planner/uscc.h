/* Identifiers and their check digits: 统一社会信用代码 (GB 32100-2015 with the 组织机构代码 of
 * GB 11714 in it), 15-digit 注册号 (ISO 7064 MOD 11,10), 公民身份号码 (GB 11643-1999).
 * A failed check digit is a warning that a person may override: codes issued in the pilot before
 * the standard fail it and are valid in law. */
#ifndef DRAWD_PLANNER_USCC_H
#define DRAWD_PLANNER_USCC_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/bytes.h"

#define USCC_LENGTH     18
#define REGNO_LENGTH    15
#define CITIZEN_LENGTH  18
#define USCC_CANDIDATES 16 /* never more for one number */
#define USCC_TEXT_MAX   64 /* longest text normalised, in bytes after repair */

/* In the order in which they are tested: the first that is found is reported. */
enum ident_fault {
	IDENT_OK,
	IDENT_LENGTH, /* wrong number of characters */
	IDENT_CHARSET, /* a character outside the alphabet; of a USCC, no digit in its region */
	IDENT_DATE, /* citizen number: no such birthday */
	IDENT_DIGIT, /* last check character */
	IDENT_ORG_DIGIT, /* 17th character: check character of the organisation code */
	IDENT_FAULTS
};

/* What normalising repaired, as bits. */
enum ident_repair {
	IDENT_TRIMMED =
		1, /* white space, byte order mark or zero-width characters taken off or out */
	IDENT_UNQUOTED = 2, /* the apostrophe by which spreadsheets mark text */
	IDENT_WIDTH = 4, /* full-width to half-width */
	IDENT_CASE = 8, /* lower case to upper case */
};

/* Stable short names: "ok", "len", "charset", "date", "usccdigit", "orgdigit". */
const char *ident_fault_name(enum ident_fault fault);

/* Check exactly these bytes, without repairing anything. */
enum ident_fault uscc_check(struct bytes code);
enum ident_fault regno_check(struct bytes number);
enum ident_fault citizen_check(struct bytes number);
/* Are these 18 characters those of a citizen number but for the last: a region of a province that
 * exists, a birthday from 1800 to 2099, digits? */
bool citizen_like(struct bytes number);

/* The check characters: of 17 characters of a USCC, of 8 of an organisation code, of 14 digits of
 * a 注册号, of 17 digits of a citizen number. '\0' where a character is outside the alphabet. */
char uscc_digit(const char first[17]);
char org_digit(const char first[8]);
char regno_digit(const char first[14]);
char citizen_digit(const char first[17]);

/* A valid USCC of 登记管理部门, 类别 and 登记管理机关行政区划码 (8 characters) and the first 8 of
 * the organisation code. False if a character is none that may stand there. out gets 18 bytes and a
 * NUL. */
bool uscc_make(const char registrar[8], const char org[8], char out[USCC_LENGTH + 1]);

/* Repair what people and spreadsheets do to a code; *repairs gets the bits of enum ident_repair.
 * out gets the text and a NUL, returned as a slice of out. False (out as far as it fits) where
 * the text is longer than USCC_TEXT_MAX or not UTF-8. What cannot be repaired stays as it is. */
bool ident_normalise(
	struct bytes text, char out[USCC_TEXT_MAX + 1], struct bytes *result, unsigned *repairs);

/* The codes that a spreadsheet turns into this 18-digit number: it keeps 15 significant digits
 * (…000) or writes the nearest binary fraction (…040). Ascending, all with both check digits
 * right; returns how many, 0 if the text does not look like such a number or is valid itself. */
size_t uscc_candidates(struct bytes text, char out[USCC_CANDIDATES][USCC_LENGTH + 1]);

/* A valid USCC in which letters that none has (I O S V Z) were written for the digits that they
 * look like. False if the text is not that. */
bool uscc_lookalike(struct bytes text, char out[USCC_LENGTH + 1]);

/* The codes that a number cell which now shows these 18 digits may have been: those of
 * uscc_candidates, the text itself where it is valid, and those of the same binary fraction where
 * at most 17 digits were written of it. Exactly one: nothing was lost. */
size_t uscc_in_number(struct bytes text, char out[USCC_CANDIDATES][USCC_LENGTH + 1]);

#endif
