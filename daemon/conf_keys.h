/* The table of configuration keys; conf.c walks it. */
#ifndef DRAWD_CONF_KEYS_H
#define DRAWD_CONF_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_type { KEY_INT, KEY_BOOL, KEY_CHOICE, KEY_TEXT, KEY_PATH, KEY_LIST };

struct conf_key {
	const char *name; /* "group.key" */
	enum key_type type;
	size_t offset; /* in struct conf */
	const char *value; /* default, as written in the file */
	int64_t min, max; /* integers: range; texts and list members: bytes */
	const char *form; /* KEY_CHOICE: "a|b|c"; else what is wanted, for documentation, or NULL */
	bool reloadable;
	const char *help[2]; /* by enum err_lang */
};

/* Groups stand together; a row with name NULL ends the table. */
extern const struct conf_key conf_keys[];

#endif
