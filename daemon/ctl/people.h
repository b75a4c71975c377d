/* Motions about people and departments: one table says which verb sends what where. */
#ifndef DRAWD_CTL_PEOPLE_H
#define DRAWD_CTL_PEOPLE_H

#include "daemon/ctl/list.h"

enum move_kind { MOVE_TEXT, MOVE_FLAG /* yes and no become true and false */ };

/* A member of the body: given by an option, or by a word of the command line. */
struct move_field {
	const char *member;
	const char *option; /* its name; NULL: the word `word` */
	size_t word;
	enum move_kind kind;
};

struct people_form {
	const char *path; /* {} is the first word */
	const struct move_field *fields; /* ended by member NULL */
};
extern const struct people_form account_new, account_change, account_disable, account_enable,
	account_reset, role_give, role_end, delegation_new, department_new, department_change,
	recusal_new;

/* An object with the columns of a list: where GET has it. */
struct showing {
	const char *path;
	const struct list *list;
};
extern const struct showing account_shown, department_shown, role_shown;

#endif
