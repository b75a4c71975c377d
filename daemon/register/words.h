/* What people write in a column of words, and what it means. One table serves the checker, the
 * drop-down list of a template (the first word of every row) and openapi.json (the values). */
#ifndef DRAWD_WORDS_H
#define DRAWD_WORDS_H

struct cell_word {
	/* joined by |; the first is the one to write. Behind || stand terms of their own that are
	 * read so too, and that is said. */
	const char *words;
	const char *value;
};

/* Each ends with a row of NULLs. */
extern const struct cell_word words_kind[], words_status[], words_class[], words_category[],
	words_flag[], words_working[], words_active[], words_valid[], words_sex[], words_level[],
	words_education[], words_recusal[], words_authority[], words_grade[], words_region[],
	words_listing[], words_commitment[], words_outcome[], words_event[], words_permit[],
	words_mode[], words_succession[];
/* Names of the sections and divisions of GB/T 4754-2017 → their codes. */
extern const struct cell_word words_industry[];

#endif
