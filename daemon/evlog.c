#include "daemon/evlog.h"

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/clock.h"
#include "daemon/log.h"

static int64_t told = -1; /* clock_tick of the last line */
static int64_t more; /* since then */

static void on_line(int severity, const char *text)
{
	if (severity < EVENT_LOG_WARN)
		return;
	if (clock_tick() == told) {
		more++;
		return;
	}
	told = clock_tick();
	log_warning("event.libevent", STR("text", text), NUM("more", more));
	more = 0;
}

void evlog_open(void)
{
	event_set_log_callback(on_line);
}

void evlog_tick(void)
{
	if (more == 0 || clock_tick() == told)
		return;
	told = clock_tick();
	log_warning("event.libevent", NUM("more", more));
	more = 0;
}
