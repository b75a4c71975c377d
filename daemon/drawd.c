/* drawd: one program, one mode for each process of the house. */
#include <stdio.h>
#include <string.h>

#include "daemon/auth.h"
#include "daemon/conf.h"
#include "daemon/crash.h"
#include "daemon/db.h"
#include "daemon/enrol.h"
#include "daemon/init.h"
#include "daemon/list.h"
#include "daemon/migrate.h"
#include "daemon/openapi.h"
#include "daemon/process.h"
#include "daemon/register/registers.h"
#include "daemon/register/unseal.h"

static int migrate_mode(struct process *p, int argc, char **argv);
static int check_config(struct process *p, int argc, char **argv);
static int check_queries(struct process *p, int argc, char **argv);

/* Modes that need the configuration. */
static const struct mode {
	const char *name;
	mode_fn *run;
	const char *zh, *en;
} modes[] = {
	{ "supervise", supervise_run, "启动并看护其余进程（默认）",
		"start and mind the others (default)" },
	{ "notary", notary_run, "存证：唯一持有日志密钥、改变轮次状态",
		"the notary: log key and door" },
	{ "web", web_run, "接口", "the API" },
	{ "auth", auth_run, "登录：密码、动态验证码、登录的起止",
		"sign-in: passwords, second factors, sessions" },
	{ "worker", worker_run, "执行作业", "run jobs" },
	{ "witness", witness_run, "见证：联署检查点", "a witness that cosigns checkpoints" },
	{ "parser", parser_run, "读取外来文件（由 worker 启动）",
		"read one outside file (started by a worker)" },
	{ "migrate", migrate_mode, "更新数据库结构", "bring the database schema up to date" },
	{ "enrol", enrol_run, "登记部门和首批账号（只在没有账号时）",
		"enter departments and the first accounts (only while there are none)" },
	{ "unseal", unseal_run, "打开一项封存的个人信息（记入审计日志）",
		"open one sealed personal fact (the audit log notes it)" },
	{ "check-config", check_config, "检查设置并列出生效值",
		"check the configuration and print what is in force" },
	{ "check-queries", check_queries, "在数据库上预备全部查询",
		"prepare every query against the database" },
};

/* ---- small modes ------------------------------------------------------------------------- */

static struct db *owner(struct process *p, struct err *e)
{
	return db_open(conf_conninfo(&p->conf, ROLE_OWNER, p->arena), e);
}

static int migrate_mode(struct process *p, int argc, char **argv)
{
	struct err e = { 0 };
	int applied = 0;
	(void)argc;
	(void)argv;
	struct db *db = owner(p, &e);
	bool ok = db != NULL && migrate_run(db, &applied, &e);
	db_free(db);
	return ok ? 0 : process_fail(&e);
}

static int check_config(struct process *p, int argc, char **argv)
{
	(void)argc;
	(void)argv;
	conf_print(&p->conf, stdout);
	return 0;
}

static int check_queries(struct process *p, int argc, char **argv)
{
	struct err e = { 0 };
	(void)argc;
	(void)argv;
	struct db *db = owner(p, &e);
	int lists_n = 0;
	bool ok = db != NULL && db_check_schema(db, &e) && db_prepare_all(db, &e) &&
		  list_prepare_all(db, &lists_n, &e);
	db_free(db);
	if (ok)
		printf("%d\n", (int)Q_COUNT + lists_n);
	return ok ? 0 : process_fail(&e);
}

static int sample_config(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	conf_print_sample(stdout);
	return 0;
}

static int crash_points(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; crash_point_name(i) != NULL; i++)
		puts(crash_point_name(i));
	return 0;
}

/* A line each, as tests/db/registers.sh prints the database's. */
static int registers_mode(int argc, char **argv)
{
	static const char *const sight[] = { [SIGHT_OWN] = "own",
		[SIGHT_ALL] = "all",
		[SIGHT_NEED] = "need" };
	static const char *const giver[] = { [GIVER_DEPARTMENT] = "department",
		[GIVER_OFFICE] = "office",
		[GIVER_MOTION] = "motion" };
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < REGISTERS; i++) {
		const struct register_info *r = &registers[i];
		printf("%zu\t%s\t%s\t%s\t", i + 1, r->name, r->zh, r->table);
		for (size_t f = 0; f < r->facts; f++)
			printf("%s%s:%s", f > 0 ? " " : "", r->fact[f].name,
				fact_form_names[r->fact[f].form]);
		printf("\t%s\t%s\t%s\n", r->entity != NULL ? r->entity : "", sight[r->sight],
			giver[r->giver]);
	}
	return 0;
}

static int version(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("drawd " DRAWD_VERSION);
	return 0;
}

static int help(int argc, char **argv);

/* Modes without configuration. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *zh, *en;
} plain[] = {
	{ "init", init_main, "建立文件夹、密钥、信任策略和设置",
		"make folder, keys, trust policy and configuration" },
	{ "sample-config", sample_config, "打印全部设置及说明",
		"print every setting with its help" },
	{ "openapi", openapi_main, "打印接口说明（OpenAPI 3.1）",
		"print the description of the API (OpenAPI 3.1)" },
	{ "crash-points", crash_points, "列出测试用的崩溃点",
		"list the crash points of the tests" },
	{ "registers", registers_mode, "列出各名录及其字段", "list the registers and their facts" },
	{ "--version", version, "版本", "version" },
	{ "--help", help, "本说明", "this text" },
};

static int help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	puts("drawd [--conf FILE] [MODE]\n");
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		printf("  %-14s %s\n  %-14s %s\n", modes[i].name, modes[i].zh, "", modes[i].en);
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		printf("  %-14s %s\n  %-14s %s\n", plain[i].name, plain[i].zh, "", plain[i].en);
	return 0;
}

/* ---- start ------------------------------------------------------------------------------- */

static int run_mode(const struct mode *m, const char *conf_file, int argc, char **argv)
{
	struct process *p = &(struct process){ 0 };
	struct err e = { 0 };
	if (!process_start(p, m->name, conf_file, &e))
		return process_fail(&e);
	int code = m->run(p, argc, argv);
	arena_free(p->arena);
	return code;
}

int main(int argc, char **argv)
{
	const char *conf_file = conf_default_file();
	int at = 1;
	if (argc > 2 && strcmp(argv[1], "--conf") == 0) {
		conf_file = argv[2];
		at = 3;
	}
	char name[] = "supervise";
	char *none[] = { name, NULL };
	char **args = at < argc ? argv + at : none;
	int n = at < argc ? argc - at : 1;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (strcmp(plain[i].name, args[0]) == 0)
			return plain[i].run(n, args);
	}
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		if (strcmp(modes[i].name, args[0]) == 0)
			return run_mode(&modes[i], conf_file, n, args);
	}
	struct err e = { 0 };
	err_set(&e, ERR_USAGE, "%s", args[0]);
	return process_fail(&e);
}
