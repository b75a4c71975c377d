/* drawreplay: replay a bundle and say, check by check, whether the draw is what it claims to be. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/replay/replay.h"
#include "daemon/replay/selftest.h"
#include "daemon/replay/why.h"
#include "planner/bound.h"
#include "sampler/base/text.h"

struct options {
	enum err_lang lang;
	enum bundle_level level;
	const char *trust, *bundle, *ticket, *why, *inspector, *keep;
	bool figures, json, selftest;
};

static const char *const usage[2] = {
	[LANG_ZH] =
		"用法：drawreplay [--trust 文件] [--level audit|public] [--ticket 对象] [--figures]\n"
		"                  [--why 对象 [--inspector 编号] [--json]] [--lang zh|en] 复核包\n"
		"      drawreplay --selftest [--keep 文件夹]\n"
		"  --trust   信任策略（日志、见证人、签名人的密钥）；不给则只能证明自身一致\n"
		"  --level   复核包的级别，缺省 audit\n"
		"  --ticket  再给出某一检查对象的抽签号及其各任务的结果\n"
		"  --figures 再给出全部和各部门的检查次数、合并数和下界 L\n"
		"  --why     再说明某一检查对象的每一席位由谁承担、为什么、为什么不是别人\n"
		"  --inspector 只说明某一执法检查人员；--json 每次入企检查一行 JSON\n"
		"  --selftest 逐项篡改样例，证明每一项检查都能发现问题\n"
		"退出码：0 全部通过，1 有不通过，2 用法错误，3 有未能检查的项目\n",
	[LANG_EN] =
		"usage: drawreplay [--trust FILE] [--level audit|public] [--ticket OBJECT] [--figures]\n"
		"                  [--why OBJECT [--inspector ID] [--json]] [--lang zh|en] BUNDLE\n"
		"       drawreplay --selftest [--keep FOLDER]\n"
		"  --trust    trust policy (keys of log, witnesses, signers); without it a bundle is only\n"
		"             shown to be self-consistent\n"
		"  --level    level of the bundle, audit if not given\n"
		"  --ticket   print the ticket of one object too, and what each task made of it\n"
		"  --figures  print visits, what merging saves and the bound L, of all and by department\n"
		"  --why      tell who has every slot of an object's visits and why, and why others not\n"
		"  --inspector tell it of one inspector only; --json one line of JSON for each visit\n"
		"  --selftest tamper with a sample once per check and show that each can fail\n"
		"exit: 0 all passed, 1 something failed, 2 usage, 3 something could not be checked\n",
};

/* The user's language: --lang, else Chinese unless the locale is an English one. */
static enum err_lang default_lang(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *v = getenv(names[i]);
		if (v != NULL && *v != '\0')
			return strncmp(v, "en", 2) == 0 ? LANG_EN : LANG_ZH;
	}
	return LANG_ZH;
}

static bool parse_options(struct options *o, int argc, char **argv)
{
	static const struct option long_options[] = { { "trust", required_argument, NULL, 't' },
		{ "level", required_argument, NULL, 'l' },
		{ "ticket", required_argument, NULL, 'k' }, { "why", required_argument, NULL, 'w' },
		{ "figures", no_argument, NULL, 'f' },
		{ "inspector", required_argument, NULL, 'i' }, { "json", no_argument, NULL, 'j' },
		{ "lang", required_argument, NULL, 'g' }, { "selftest", no_argument, NULL, 's' },
		{ "keep", required_argument, NULL, 'd' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, "t:h", long_options, NULL)) != -1;) {
		if (c == 't')
			o->trust = optarg;
		else if (c == 'l' &&
			 (strcmp(optarg, "audit") == 0 || strcmp(optarg, "public") == 0))
			o->level = optarg[0] == 'a' ? LEVEL_AUDIT : LEVEL_PUBLIC;
		else if (c == 'k')
			o->ticket = optarg;
		else if (c == 'w')
			o->why = optarg;
		else if (c == 'f')
			o->figures = true;
		else if (c == 'i')
			o->inspector = optarg;
		else if (c == 'j')
			o->json = true;
		else if (c == 'g' && (strcmp(optarg, "zh") == 0 || strcmp(optarg, "en") == 0))
			o->lang = optarg[0] == 'z' ? LANG_ZH : LANG_EN;
		else if (c == 's')
			o->selftest = true;
		else if (c == 'd')
			o->keep = optarg;
		else
			return false;
	}
	if (optind < argc)
		o->bundle = argv[optind++];
	if ((o->inspector != NULL || o->json) && o->why == NULL)
		return false;
	return optind == argc && (o->selftest ? o->bundle == NULL : o->bundle != NULL);
}

static bool map_file(const char *path, struct bytes *out)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fprintf(stderr, "drawreplay: %s: %s\n", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	*out = (struct bytes){ "", 0 };
	if (st.st_size > 0) {
		void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		*out = (struct bytes){ p, (size_t)st.st_size };
		if (p == MAP_FAILED)
			fprintf(stderr, "drawreplay: %s: %s\n", path, strerror(errno));
	}
	close(fd);
	return out->p != MAP_FAILED;
}

static void print_outcomes(const struct outcome *out, enum err_lang lang)
{
	static const char *const verdict[] = { "PASS", "FAIL", "SKIP" };
	static const char *const skip[][2] = {
		[SKIP_NONE] = { "", "" },
		[SKIP_TRUST] = { "未给出信任策略", "no trust policy given" },
		[SKIP_LEVEL] = { "公开级复核包不含所需内容", "not in a public bundle" },
		[SKIP_BASE] = { "所依据的检查未通过", "a check it builds on did not pass" },
	};
	char text[900];
	for (unsigned i = 0; i < CHECKS; i++) {
		const struct check *c = &replay_checks[i];
		const struct outcome *o = &out[i];
		const char *why = o->verdict == CHECK_PASS ? o->note : skip[o->skip][lang];
		if (o->verdict == CHECK_FAIL)
			why = err_text(&o->err, lang, text, sizeof text);
		printf("V%-2u %s §%s %s: %s%s%s\n", i + 1, verdict[o->verdict], c->clause, c->name,
			lang == LANG_ZH ? c->zh : c->en,
			*why ? (lang == LANG_ZH ? "——" : " — ") : "", why);
	}
}

static void print_verdict(
	const struct outcome *out, const struct trust *trust, int code, enum err_lang lang)
{
	unsigned n[3] = { 0 };
	for (unsigned i = 0; i < CHECKS; i++)
		n[out[i].verdict]++;
	if (trust == NULL)
		puts(lang == LANG_ZH
				? "未给出信任策略：只能证明复核包自身一致。"
				: "No trust policy given: the bundle is self-consistent only.");
	if (lang == LANG_ZH)
		printf("%s：%u 项通过，%u 项不通过，%u 项未查\n",
			code == 0   ? "复核通过"
			: code == 1 ? "复核不通过"
				    : "复核不完整",
			n[0], n[1], n[2]);
	else
		printf("%s: %u passed, %u failed, %u skipped\n",
			code == 0   ? "replay holds"
			: code == 1 ? "replay FAILS"
				    : "replay incomplete",
			n[0], n[1], n[2]);
}

/* Did the task draw the object? */
static bool is_drawn(const struct drawn *d, size_t object, size_t task)
{
	size_t j = 0;
	while (j < d->n && d->object[j] < object)
		j++;
	if (j == d->n || d->object[j] != object)
		return false;
	for (size_t k = d->first[j]; k < d->first[j + 1]; k++)
		if (d->task[k] == task)
			return true;
	return false;
}

/* The place of the object's unit; `beside` where another object of the entity was drawn. */
static void print_place(const struct replay *r, size_t i, size_t t, enum stratum stratum)
{
	const struct draw_cell cell = { t, stratum, r->strata.order.rule[t].by_entity,
		&r->strata.order };
	uint64_t quota = r->strata.order.quota[t * FRAME_STRATA + stratum];
	uint64_t place = select_place(&r->frame, &r->tickets, &cell, (uint32_t)i);
	printf("place %llu quota %llu chance %u %s\n", (unsigned long long)place,
		(unsigned long long)quota, select_chance(&r->frame, &cell, (uint32_t)i),
		place > quota               ? "reserve"
		: is_drawn(&r->drawn, i, t) ? "drawn"
					    : "beside");
}

/* An object that is no candidate of its entity, which stands in another stratum, is `aside`. */
static void print_task(const struct replay *r, const char *object, size_t i, size_t t)
{
	enum stratum stratum = frame_cell(&r->frame, i, t);
	uint32_t standing = (uint32_t)i;
	printf("%s task %.*s ", object, BYTES_ARG(r->frame.task[t]));
	if (stratum == STRATUM_OUT) {
		printf("excluded %.*s\n", BYTES_ARG(frame_code(&r->frame, i, t)));
		return;
	}
	printf("stratum %s ", stratum_name(stratum));
	if (r->strata.order.rule[t].by_entity) {
		printf("entity %.*s ", BYTES_ARG(frame_entity(&r->frame, i)));
		units_standing(&r->frame, t, (uint32_t)i, &standing);
	}
	if (frame_cell(&r->frame, standing, t) != stratum)
		puts("aside");
	else
		print_place(r, i, t, stratum);
}

/* The ticket of one object, which `printf '%s%s' "$K" "$OBJECT" | sha256sum` prints too, and its
 * place in every stratum; the same lines as verify.py prints. */
static void print_ticket(const struct replay *r, const char *object, enum err_lang lang)
{
	uint8_t ticket[32];
	char hex[65];
	size_t i;
	struct bytes id = bytes_of(object);
	if (!r->drawn_anew || !text_is_object_id(id) || !frame_find(&r->frame, id, &i)) {
		fprintf(stderr,
			lang == LANG_ZH
				? "%s：没有抽签号（不在抽取库中，请核对代码；或复核未到这一步）\n"
				: "%s: no ticket (not in the frame, check the code; or not "
				  "replayed so far)\n",
			object);
		return;
	}
	select_ticket(id, &r->keys, ticket);
	sha256_hex(ticket, hex);
	printf("K_entity %s\n%s ticket %s\n", r->keys.k[KEY_ENTITY], object, hex);
	for (size_t t = 0; t < r->frame.tasks; t++)
		print_task(r, object, i, t);
}

static void print_bound(uint64_t bound)
{
	printf(" L %llu.%09llu\n", (unsigned long long)(bound / 1000000000),
		(unsigned long long)(bound % 1000000000));
}

static bool has_task(const struct policy *p, uint32_t department)
{
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t k = 0; k < p->tasks[t].department_count; k++)
			if (p->tasks[t].departments[k] == department)
				return true;
	return false;
}

/* What `drawctl round show` tells of the plan, from the bundle alone: no check asks for it. */
static void print_figures(struct replay *r, const struct outcome *out, enum err_lang lang)
{
	const struct plan_figures *f = &r->plan.figures;
	const struct policy *p = &r->policy;
	if (out[V15_VISITS].verdict != CHECK_PASS) {
		fputs(lang == LANG_ZH ? "没有可以给出的数字：复核未到这一步\n"
				      : "no figures: not replayed so far\n",
			stderr);
		return;
	}
	uint64_t *bound = arena_calloc(r->arena, (size_t)p->department_count + 1, sizeof *bound);
	bound_departments(p, &r->strata, &r->frame, bound);
	printf("all visits %llu offsite %llu pairs %llu departments %llu merged %llu",
		(unsigned long long)f->visits, (unsigned long long)f->offsite,
		(unsigned long long)f->department_pairs, (unsigned long long)f->assignments,
		(unsigned long long)f->merged_objects);
	print_bound(bound_of(p, &r->strata, &r->frame));
	for (uint32_t i = 0; i < p->department_count; i++) {
		const struct department_figures *own = &r->plan.own[i];
		if (!has_task(p, i))
			continue;
		printf("department %.*s visits %llu offsite %llu joint %llu saved %llu",
			BYTES_ARG(p->departments[i].code), (unsigned long long)own->visits,
			(unsigned long long)own->offsite, (unsigned long long)own->joint,
			(unsigned long long)own->saved);
		print_bound(bound[i]);
	}
}

static void tell_why(const struct replay *r, const struct options *o, const struct outcome *out)
{
	if (out[V16_INSPECTORS].verdict == CHECK_PASS &&
		print_why(&r->plan, o->why, o->inspector, o->json, o->lang))
		return;
	fprintf(stderr,
		o->lang == LANG_ZH
			? "%s：没有可以说明的入企检查（未抽中、没有该人员，或者复核未到这一步）\n"
			: "%s: no visit to explain (not drawn, no such inspector, or not replayed so "
			  "far)\n",
		o->why);
}

static int replay_file(const struct options *o)
{
	ARENA_AUTO a = arena_new();
	struct bytes all, file;
	struct trust trust;
	struct err e = { 0 };
	char text[900];
	if (!map_file(o->bundle, &all) || (o->trust != NULL && !map_file(o->trust, &file)))
		return 2;
	if (o->trust != NULL && !trust_parse(&trust, a, file, &e)) {
		fprintf(stderr, "drawreplay: %s: %s\n", o->trust,
			err_text(&e, o->lang, text, sizeof text));
		return 2;
	}
	struct replay *r = arena_calloc(a, 1, sizeof *r);
	struct outcome *out = arena_calloc(a, CHECKS, sizeof *out);
	replay_run(r, a, all, o->trust != NULL ? &trust : NULL, out);
	print_outcomes(out, o->lang);
	int code = replay_exit(out, o->level);
	if (o->ticket != NULL)
		print_ticket(r, o->ticket, o->lang);
	if (o->figures)
		print_figures(r, out, o->lang);
	if (o->why != NULL)
		tell_why(r, o, out);
	print_verdict(out, r->trust, code, o->lang);
	return code;
}

int main(int argc, char **argv)
{
	struct options o = { .lang = default_lang(), .level = LEVEL_AUDIT };
	if (!parse_options(&o, argc, argv)) {
		bool help = argc == 2 && strcmp(argv[1], "--help") == 0;
		fputs(usage[o.lang], help ? stdout : stderr);
		return help ? 0 : 2;
	}
	return o.selftest ? selftest(o.keep, o.lang) : replay_file(&o);
}
