/* The tasks of an annual programme as departments write them: CSV with a line of headers, or a JSON
 * list of objects. Pure text to JSON; what the tasks mean together with schemes and lists is the
 * database's to say (sql/migrations/0018_programme.sql). */
#ifndef DRAWD_PROGRAMMEFILE_H
#define DRAWD_PROGRAMMEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

#define PROGRAMME_STATES "collecting,review,approved,published"
#define PROGRAMME_KINDS  "daily,special,case"

enum { PROGRAMME_FILE_MAX = 1 << 20, PROGRAMME_TASKS_MAX = 999 };

/* A cell that cannot be read, or a task that is refused. */
struct programme_refusal {
	int64_t line; /* of the file, from 1; of a JSON list the place of the object */
	const char *column; /* "draws" */
	enum err_code code;
	const char *what;
};

struct programme_file {
	struct bytes tasks; /* JSON list as programme_submit() takes it */
	size_t n;
	const struct programme_refusal *refused;
	size_t refusals;
};

/* Everything lives in the arena. Errors: ERR_PROGRAMME_FILE (no header, no JSON, no task, too
 * many), ERR_TOO_LARGE. Cells that are wrong are no error but refusals. */
bool programme_file_read(
	struct programme_file *out, struct arena *a, struct bytes text, struct err *e);

/* The header of a column: "抽取日期"; the name itself where there is none. */
const char *programme_column_title(const char *column);

#endif
