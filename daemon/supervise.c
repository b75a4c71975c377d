/* The supervisor: for the demo and small installations. Starts the other processes, restarts them
 * with a growing pause, hands SIGHUP on, ends them on SIGTERM, tells systemd. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "daemon/process.h"

enum { CHILDREN_MAX = 70, STEADY = 30 };

struct child {
	const char *mode, *user;
	pid_t pid; /* 0: not running */
	int64_t started, again; /* clock_tick */
	int64_t pause;
};

struct supervisor {
	struct process *process;
	struct child child[CHILDREN_MAX];
	size_t n;
	bool ready;
};

/* ---- one child --------------------------------------------------------------------------- */

/* As root every process gets its own user, where that user exists. */
static bool become(const char *user)
{
	const struct passwd *pw = geteuid() == 0 && user != NULL ? getpwnam(user) : NULL;
	if (pw == NULL)
		return true;
	return initgroups(user, pw->pw_gid) == 0 && setgid(pw->pw_gid) == 0 &&
	       setuid(pw->pw_uid) == 0;
}

static void run_child(const struct supervisor *s, const struct child *c)
{
	sigset_t none;
	char file[4096];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	snprintf(file, sizeof file, "%s", s->process->conf.file);
	char *const args[] = { (char[]){ "drawd" }, (char[]){ "--conf" }, file, strdup(c->mode),
		NULL };
	unsetenv("NOTIFY_SOCKET");
	if (!become(c->user)) {
		fprintf(stderr, "drawd: user %s: %s\n", c->user, strerror(errno));
		_exit(1);
	}
	/* after the change of user, which clears it: no child outlives its supervisor */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv("/proc/self/exe", args);
	fprintf(stderr, "drawd: %s: %s\n", c->mode, strerror(errno));
	_exit(1);
}

static void start(struct supervisor *s, struct child *c)
{
	pid_t pid = fork();
	c->started = clock_tick();
	if (pid == 0)
		run_child(s, c);
	if (pid < 0) {
		c->again = clock_tick() + 1;
		log_failed("child.fork", STR("mode", c->mode), STR("reason", strerror(errno)));
		return;
	}
	c->pid = pid;
	log_info("child.started", STR("mode", c->mode), NUM("pid", pid));
}

static void ended(struct supervisor *s, struct child *c, int status)
{
	int64_t max = s->process->conf.supervise.backoff_max;
	c->pid = 0;
	if (process_stopping())
		return;
	bool steady = clock_tick() - c->started >= STEADY;
	c->pause = steady || c->pause == 0 ? 1 : 2 * c->pause;
	c->pause = c->pause > max ? max : c->pause;
	c->again = clock_tick() + (WIFSIGNALED(status) && c->pause == 1 ? 0 : c->pause);
	log_warning("child.ended", STR("mode", c->mode),
		NUM("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
		NUM("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
		NUM("again_in", c->again - clock_tick()));
}

/* ---- all of them ------------------------------------------------------------------------- */

static void add(struct supervisor *s, const char *mode, const char *user)
{
	s->child[s->n++] = (struct child){ .mode = mode, .user = user };
}

static void list_children(struct supervisor *s)
{
	const struct conf *c = &s->process->conf;
	if (c->witness.run)
		add(s, "witness", c->users.witness);
	add(s, "notary", c->users.notary);
	add(s, "auth", c->users.auth);
	add(s, "web", c->users.web);
	for (int64_t i = 0; i < c->worker.count; i++)
		add(s, "worker", c->users.worker);
}

/* The schema first; whoever starts before it is there would only wait. */
static bool migrate(struct supervisor *s)
{
	struct child c = { .mode = "migrate" };
	int status = 0;
	start(s, &c);
	while (c.pid != 0 && waitpid(c.pid, &status, 0) < 0 && errno == EINTR)
		;
	return c.pid != 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void reap(struct supervisor *s)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < s->n; i++) {
			if (s->child[i].pid == pid)
				ended(s, &s->child[i], status);
		}
	}
}

static void start_due(struct supervisor *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->child[i].pid == 0 && clock_tick() >= s->child[i].again)
			start(s, &s->child[i]);
	}
}

static void tell(struct supervisor *s, int signal)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->child[i].pid != 0)
			kill(s->child[i].pid, signal);
	}
}

static bool any_running(const struct supervisor *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->child[i].pid != 0)
			return true;
	}
	return false;
}

static void stop_all(struct supervisor *s)
{
	sd_notify(0, "STOPPING=1");
	tell(s, SIGTERM);
	for (int64_t until = clock_tick() + s->process->conf.supervise.grace;
		any_running(s) && clock_tick() < until; reap(s))
		process_sleep(50);
	tell(s, SIGKILL);
	while (any_running(s)) {
		process_sleep(20);
		reap(s);
	}
}

int supervise_run(struct process *p, int argc, char **argv)
{
	struct supervisor *s = arena_calloc(p->arena, 1, sizeof *s);
	(void)argc;
	(void)argv;
	s->process = p;
	list_children(s);
	for (int64_t pause = 1; !process_stopping() && !migrate(s);
		pause = pause < 8 ? 2 * pause : 8) {
		log_warning("migrate.again", NUM("seconds", pause));
		for (int64_t until = clock_tick() + pause;
			clock_tick() < until && !process_stopping();)
			process_sleep(100);
	}
	while (!process_stopping()) {
		reap(s);
		start_due(s);
		if (!s->ready)
			sd_notify(0, "READY=1");
		s->ready = true;
		if (process_reloaded(p)) {
			sd_notify(0, "RELOADING=1");
			tell(s, SIGHUP);
			sd_notify(0, "READY=1");
		}
		process_sleep(100);
	}
	stop_all(s);
	log_plain(LEVEL_INFO, "supervise.stopped");
	return 0;
}
