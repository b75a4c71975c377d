#include "daemon/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "daemon/log.h"

static volatile sig_atomic_t stop, reload;

static void on_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static void on_reload(int signal)
{
	(void)signal;
	reload = 1;
}

/* No SA_RESTART: waits end when a signal comes. */
static void catch (int signal, void (*handler)(int))
{
	struct sigaction act = { 0 };
	act.sa_handler = handler;
	sigemptyset(&act.sa_mask);
	sigaction(signal, &act, NULL);
}

static void no_dumps(void)
{
	const struct rlimit none = { 0, 0 };
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	setrlimit(RLIMIT_CORE, &none);
}

bool process_start(struct process *p, const char *name, const char *conf_file, struct err *e)
{
	p->name = name;
	p->conf_file = conf_file;
	p->arena = arena_new();
	if (sodium_init() < 0)
		return err_set(e, ERR_INTERNAL, "libsodium does not start");
	if (!conf_load(&p->conf, p->arena, conf_file, e))
		return false;
	log_open(name, (enum log_level)p->conf.log.level, (enum log_format)p->conf.log.format);
	no_dumps();
	catch (SIGPIPE, SIG_IGN);
	catch (SIGTERM, on_stop);
	catch (SIGINT, on_stop);
	catch (SIGHUP, on_reload);
	return true;
}

bool process_stopping(void)
{
	return stop != 0;
}

bool process_reloaded(struct process *p)
{
	struct err e = { 0 };
	struct conf fresh;
	const char *named = NULL;
	if (reload == 0)
		return false;
	reload = 0;
	if (!conf_load(&fresh, p->arena, p->conf_file, &e)) {
		log_failed("conf.refused", ERR(&e));
		return false;
	}
	if (conf_reload(&p->conf, &fresh, &named) > 0)
		log_warning("conf.restart_needed", STR("key", named));
	log_open(p->name, (enum log_level)p->conf.log.level, (enum log_format)p->conf.log.format);
	log_info("conf.reloaded", STR("file", p->conf_file));
	return true;
}

void process_sleep(int milliseconds)
{
	poll(NULL, 0, milliseconds);
}

int process_fail(const struct err *e)
{
	char text[1200];
	const char *lang = getenv("LC_ALL");
	if (lang == NULL || *lang == '\0')
		lang = getenv("LANG");
	bool zh = lang == NULL || *lang == '\0' || strncmp(lang, "zh", 2) == 0;
	fprintf(stderr, "drawd: %s\n", err_text(e, zh ? LANG_ZH : LANG_EN, text, sizeof text));
	return err_row(e->code)->exit;
}
