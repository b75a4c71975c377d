/* Structured log lines on stderr: `time level process event key=value …`, or one JSON object.
 * Never hand a secret, a key or a request body to these functions.
 *
 *	log_info("job.done", STR("kind", kind), NUM("rows", rows));
 *	log_failed("job.failed", ERR(&e), NUM("job", id));
 */
#ifndef DRAWD_LOG_H
#define DRAWD_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/err.h"

enum log_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR };
enum log_format { FORMAT_TEXT, FORMAT_JSON };

enum log_kind { FIELD_EVENT, FIELD_STR, FIELD_NUM, FIELD_ERR };

struct log_field {
	enum log_kind kind;
	const char *key;
	const char *str; /* NULL is written as empty */
	int64_t num;
	const struct err *err; /* becomes error=, where=, what= */
};

#define STR(k, s) \
	{ \
		FIELD_STR, (k), (s), 0, NULL \
	}
#define NUM(k, n) \
	{ \
		FIELD_NUM, (k), NULL, (int64_t)(n), NULL \
	}
#define ERR(e) \
	{ \
		FIELD_ERR, NULL, NULL, 0, (e) \
	}

/* Who speaks (kept by pointer; a literal or argv), and how. Before this: "drawd", info, text. */
void log_open(const char *process, enum log_level level, enum log_format format);

/* A line goes out in one write(2) of at most 4,000 bytes, so lines of several processes do not mix;
 * longer ones are cut. Control characters and quotes are escaped. errno is kept. */
void log_put(enum log_level level, const struct log_field *fields, size_t n);

/* The lowest level that is written; lets a caller skip costly preparation. */
bool log_wants(enum log_level level);

#define LOG_FIELDS_(...) \
	(const struct log_field[]){ __VA_ARGS__ }, \
		sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field)
#define LOG_EVENT_(event) \
	{ \
		FIELD_EVENT, NULL, (event), 0, NULL \
	}
#define LOG_AT_(level, ...) log_put((level), LOG_FIELDS_(__VA_ARGS__))

/* The first argument is the event, `module.what`; fields follow. At least one field. */
#define log_debug(event, ...)   LOG_AT_(LEVEL_DEBUG, LOG_EVENT_(event), __VA_ARGS__)
#define log_info(event, ...)    LOG_AT_(LEVEL_INFO, LOG_EVENT_(event), __VA_ARGS__)
#define log_warning(event, ...) LOG_AT_(LEVEL_WARNING, LOG_EVENT_(event), __VA_ARGS__)
#define log_failed(event, ...)  LOG_AT_(LEVEL_ERROR, LOG_EVENT_(event), __VA_ARGS__)
/* An event without fields. */
#define log_plain(level, event) LOG_AT_((level), LOG_EVENT_(event))

#endif
