#include "daemon/sandbox.h"

#include <errno.h>
#include <linux/close_range.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static bool limit(unsigned resource, uint64_t most, struct err *e)
{
	const struct rlimit l = { most, most };
	return setrlimit((__rlimit_resource_t)resource, &l) == 0 ||
	       err_set(e, ERR_PARSER, "setrlimit %u: %s", resource, strerror(errno));
}

static bool limits(int64_t memory, int64_t seconds, struct err *e)
{
	if (!SANITIZED && !limit(RLIMIT_AS, (uint64_t)memory << 20, e))
		return false;
	return limit(RLIMIT_CPU, (uint64_t)seconds, e) && limit(RLIMIT_CORE, 0, e) &&
	       limit(RLIMIT_NPROC, 0, e);
}

/* Nothing below / may be opened, made or removed. */
static bool no_files(struct err *e)
{
	const struct landlock_ruleset_attr all = { .handled_access_fs =
							   (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
	long fd = syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (fd < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ||
		       err_set(e, ERR_PARSER, "landlock: %s", strerror(errno));
	bool ok = syscall(SYS_landlock_restrict_self, (int)fd, 0) == 0 ||
		  err_set(e, ERR_PARSER, "landlock: %s", strerror(errno));
	close((int)fd);
	return ok;
}

/* Memory, the pipes that are open, the end. Anything else kills the process. */
static bool few_calls(struct err *e)
{
	static const int allowed[] = { SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write),
		SCMP_SYS(writev), SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap),
		SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
		SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall),
		SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(tgkill), SCMP_SYS(clock_gettime),
		SCMP_SYS(getrandom), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
		SCMP_SYS(sysinfo) /* glibc's qsort of more than 1 KiB */ };
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = filter != NULL;
	for (size_t i = 0; ok && i < sizeof allowed / sizeof *allowed; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
	ok = ok && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok || err_set(e, ERR_PARSER, "seccomp");
}

bool sandbox_enter(int64_t memory, int64_t seconds, int keep, struct err *e)
{
	tzset(); /* libzip asks for the local time, and that is a file */
	if (keep > 3 && dup2(keep, 3) < 0)
		return err_set(e, ERR_PARSER, "dup2: %s", strerror(errno));
	if (close_range(keep < 0 ? 3 : 4, ~0U, 0) != 0)
		return err_set(e, ERR_PARSER, "close_range: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_set(e, ERR_PARSER, "prctl: %s", strerror(errno));
	return no_files(e) && limits(memory, seconds, e) && (SANITIZED || few_calls(e));
}
