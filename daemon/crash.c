#include "daemon/crash.h"

#include <assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const points[] = {
	"migrate.apply",
	"job.taken",
	"job.done",
	"chunk.part",
	"chunk.commit",
	"import.opened",
	"import.copied",
	"import.staged",
	"import.committed",
	"returned.stored",
	"freeze.salted",
	"freeze.stored",
	"freeze.proposed",
	"draw.seeded",
	"draw.stored",
	"draw.proposed",
	"draw.projected",
	"bundle.stored",
	"programme.composed",
	"programme.made",
	"notary.checked",
	"notary.secret",
	"notary.append",
	"notary.committed",
	"notary.tiles",
	"notary.high_water",
	"notary.published",
	"notary.cosigned",
	"notary.answered",
	"witness.judged",
	"witness.stored",
	NULL,
};

const char *crash_point_name(size_t i)
{
	return points[i];
}

static bool known(const char *name)
{
	size_t i = 0;
	while (points[i] != NULL && strcmp(points[i], name) != 0)
		i++;
	return points[i] != NULL;
}

/* The mark is what makes it happen once: the process that comes back passes. */
static bool mark(const char *folder, const char *name)
{
	char path[4096];
	if (folder == NULL)
		return true;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

void crash_point(const char *name)
{
	const char *wanted = getenv("DRAWD_CRASH_AT");
	assert(known(name));
	if (wanted != NULL && strcmp(wanted, name) == 0 && mark(getenv("DRAWD_CRASH_DIR"), name))
		kill(getpid(), SIGKILL);
}
