/* libconfig files, read strictly: UTF-8, no @include, no integer that libconfig would wrap.
 * Used by the configuration, the policy and the label rules. */
#ifndef DRAWD_CFGFILE_H
#define DRAWD_CFGFILE_H

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/err.h"

/* A whole file of at most `max` bytes as a string in `a`. Errors: ERR_FILE; ERR_CONF when it is too
 * large or holds a NUL. */
bool cfg_read(char **text, struct arena *a, const char *file, size_t max, struct err *e);

/* Parse text; `file` only names it. On success the caller ends with config_destroy(cfg); on failure
 * nothing is kept. Errors: ERR_CONF with `file:line` in `where`. */
bool cfg_parse(config_t *cfg, const char *text, const char *file, struct err *e);

/* Refuse a setting: ERR_CONF, `where` is file:line, `what` is the dotted path and the reason. */
bool cfg_refuse(struct err *e, const char *file, const config_setting_t *s, const char *reason, ...)
	__attribute__((format(printf, 4, 5)));

/* The dotted path of a setting below the root ("web.port", "task.food.ratio"); list members are
 * [n], counted from 0. */
const char *cfg_path(const config_setting_t *s, char *out, size_t size);

/* Its value as an integer of either width; false if it is not one. */
bool cfg_int(const config_setting_t *s, long long *out);

/* "a string", "an integer" …: what a person calls the setting's type. */
const char *cfg_type_name(const config_setting_t *s);

#endif
