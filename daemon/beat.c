#include "daemon/beat.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/db.h"
#include "daemon/log.h"

struct beat {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	const char *conninfo;
	int64_t lease;
	/* under the lock */
	bool end, on, lost;
	int64_t job, fence;
	/* of the thread alone */
	struct db *db;
};

/* Errors are left to the job's own connection; here only the next beat is tried. */
static bool renew(struct beat *b, int64_t job, int64_t fence)
{
	struct err e = { 0 };
	DB_ROWS rows = { 0 };
	if (b->db == NULL)
		b->db = db_open(b->conninfo, &e);
	if (b->db != NULL &&
		DB_RUN(b->db, Q_job_renew, &rows, &e, DB_INT(job), DB_INT(fence), DB_INT(b->lease)))
		return rows.affected == 1;
	log_warning("beat.missed", ERR(&e), NUM("job", job));
	db_free(b->db);
	b->db = NULL;
	return true;
}

static void wait_a_third(struct beat *b)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t at = until.tv_nsec + b->lease * INT64_C(333000000);
	until.tv_sec += at / INT64_C(1000000000);
	until.tv_nsec = at % INT64_C(1000000000);
	while (!b->end && pthread_cond_timedwait(&b->wake, &b->lock, &until) == 0)
		;
}

static void *run(void *arg)
{
	struct beat *b = arg;
	pthread_mutex_lock(&b->lock);
	while (!b->end) {
		wait_a_third(b);
		int64_t job = b->job, fence = b->fence;
		if (!b->on || b->end)
			continue;
		pthread_mutex_unlock(&b->lock);
		bool held = renew(b, job, fence);
		pthread_mutex_lock(&b->lock);
		if (!held && b->on && b->job == job && b->fence == fence)
			b->lost = true;
	}
	pthread_mutex_unlock(&b->lock);
	db_free(b->db);
	return NULL;
}

struct beat *beat_new(const char *conninfo, int64_t lease)
{
	struct beat *b = calloc(1, sizeof *b);
	pthread_condattr_t monotonic;
	sigset_t all, old;
	if (b == NULL)
		abort();
	b->conninfo = conninfo;
	b->lease = lease;
	pthread_mutex_init(&b->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&b->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	/* signals are for the main thread, whose waits they end */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	if (pthread_create(&b->thread, NULL, run, b) != 0)
		abort();
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return b;
}

void beat_free(struct beat *b)
{
	if (b == NULL)
		return;
	pthread_mutex_lock(&b->lock);
	b->end = true;
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
	pthread_join(b->thread, NULL);
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

void beat_on(struct beat *b, int64_t job, int64_t fence)
{
	pthread_mutex_lock(&b->lock);
	b->on = true;
	b->lost = false;
	b->job = job;
	b->fence = fence;
	pthread_mutex_unlock(&b->lock);
}

void beat_off(struct beat *b)
{
	pthread_mutex_lock(&b->lock);
	b->on = false;
	pthread_mutex_unlock(&b->lock);
}

bool beat_lost(struct beat *b)
{
	pthread_mutex_lock(&b->lock);
	bool lost = b->lost;
	pthread_mutex_unlock(&b->lock);
	return lost;
}
