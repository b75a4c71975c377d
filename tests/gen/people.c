/* inspectors.csv and recusals.csv. */
#include <stdlib.h>
#include <string.h>

#include "planner/civil.h"
#include "tests/gen/gen.h"
#include "tests/gen/stream.h"
#include "tests/gen/world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { REGIONS_MAX = 64, SUBJECTS_MAX = 65536, PER_INSPECTOR = 8, LEAST_PEOPLE = 4 };

/* What inspectors are for: regions, and entities of which they may have to be recused. */
struct scene {
	char region[REGIONS_MAX][13];
	size_t regions;
	char (*subject)[USCC_LENGTH + 1];
	size_t subjects;
};

static void add_region(struct scene *s, const char *code, size_t n)
{
	for (size_t i = 0; i < s->regions; i++)
		if (strlen(s->region[i]) == n && memcmp(s->region[i], code, n) == 0)
			return;
	if (s->regions < REGIONS_MAX) {
		memcpy(s->region[s->regions], code, n);
		s->region[s->regions++][n] = '\0';
	}
}

static void add_subject(struct scene *s, const char *code)
{
	if (s->subjects < SUBJECTS_MAX)
		memcpy(s->subject[s->subjects++], code, USCC_LENGTH + 1);
}

/* ---- the district -----------------------------------------------------------------------------
 */

/* Recusals are about those who are likely to be drawn: classes C and D. */
static void see_district(struct scene *s, const struct options *o)
{
	static struct entity e;
	for (size_t i = 0; i < STREETS; i++) {
		char code[16];
		snprintf(code, sizeof code, WORLD_REGION "%03u", (unsigned)i + 1);
		add_region(s, code, 9);
	}
	uint64_t step = o->entities / 200000 + 1;
	for (uint64_t i = 0; i < o->entities && s->subjects < SUBJECTS_MAX; i += step) {
		entity_make(&e, o, i);
		if (e.class >= 'C' && e.premises == 1 && e.code[0] != '\0')
			add_subject(s, e.code);
	}
}

/* ---- a list of the user's ----------------------------------------------------------------------
 */

static int is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static size_t code_length(const char *p, size_t n)
{
	if (n == USCC_LENGTH && uscc_check((struct bytes){ p, n }) == IDENT_OK)
		return n;
	return n == REGNO_LENGTH && regno_check((struct bytes){ p, n }) == IDENT_OK ? n : 0;
}

/* The first valid USCC or 注册号 of a line, whatever the columns and the encoding are. */
static void see_line(struct scene *s, const char *line)
{
	for (const char *p = line; *p != '\0';) {
		size_t n = 0;
		while (is_word(p[n]))
			n++;
		if (code_length(p, n) > 0) {
			char code[USCC_LENGTH + 1] = "";
			memcpy(code, p, n);
			add_region(s, n == USCC_LENGTH ? p + 2 : p, 6);
			add_subject(s, code);
			return;
		}
		p += n > 0 ? n : 1;
	}
}

static int by_code(const void *a, const void *b)
{
	return memcmp(a, b, USCC_LENGTH);
}

/* A list may name one entity many times. */
static void drop_repeated(struct scene *s)
{
	size_t n = 1;
	qsort(s->subject, s->subjects, sizeof *s->subject, by_code);
	for (size_t i = 1; i < s->subjects; i++)
		if (by_code(s->subject[i], s->subject[n - 1]) != 0)
			memcpy(s->subject[n++], s->subject[i], sizeof *s->subject);
	s->subjects = n;
}

static void see_list(struct scene *s, const char *path)
{
	FILE *f = fopen(path, "rb");
	char *line = NULL;
	size_t room = 0;
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	while (getline(&line, &room, f) > 0)
		see_line(s, line);
	free(line);
	fclose(f);
	if (s->subjects == 0) {
		fprintf(stderr, "%s: no valid USCC or registration number in it\n", path);
		exit(1);
	}
	drop_repeated(s);
}

/* ---- inspectors --------------------------------------------------------------------------------
 */

struct person {
	size_t department;
	char name[32], certificate[32];
};

static void make_person(struct person *p, const struct options *o, uint32_t i)
{
	uint32_t weight[DEPARTMENTS];
	struct dice d;
	for (size_t k = 0; k < DEPARTMENTS; k++)
		weight[k] = departments[k].weight;
	dice_start(&d, o->seed, "person", i);
	/* visits are made by two: every department gets four at least, so that recusals leave two
	 */
	p->department = i < LEAST_PEOPLE * DEPARTMENTS ? i % DEPARTMENTS
						       : dice_weighted(&d, weight, DEPARTMENTS);
	snprintf(p->name, sizeof p->name, "%s%s", surnames[dice_below(&d, SYLLABLES)],
		given_names[dice_below(&d, SYLLABLES)]);
	snprintf(p->certificate, sizeof p->certificate, "澜C%02u%04u%04u",
		(unsigned)p->department + 1, dice_below(&d, 10000), i);
}

/* Regions joined by 、: everywhere, or some of the scene's. */
static void put_regions(struct out *out, const struct scene *s, struct dice *d)
{
	if (s->regions < 3 || !dice_chance(d, 2500)) {
		out_text(out, "*,");
		return;
	}
	const char *comma = "";
	size_t wanted = s->regions / 2 + 1, at = dice_below(d, (uint32_t)s->regions);
	for (size_t i = 0; i < wanted; i++) {
		out_text(out, comma);
		out_text(out, s->region[(at + i) % s->regions]);
		comma = "、";
	}
	out_put(out, ",", 1);
}

static void put_items(struct out *out, const struct department_row *of, struct dice *d)
{
	size_t n = 0;
	while (n < ITEMS_MAX && of->items[n] != NULL)
		n++;
	if (n < 3 || !dice_chance(d, 1500)) {
		out_text(out, "*,");
		return;
	}
	const char *comma = "";
	size_t at = dice_below(d, (uint32_t)n);
	for (size_t i = 0; i < n * 2 / 3; i++) {
		out_text(out, comma);
		out_text(out, of->items[(at + i) % n]);
		comma = "、";
	}
	out_put(out, ",", 1);
}

/* Certificates end between three months ago (1 in 20) and five years ahead. */
static void put_certificate(struct out *out, const struct options *o, struct dice *d)
{
	char text[CIVIL_TEXT];
	int32_t day = dice_chance(d, 500) ? o->date - 1 - (int32_t)dice_below(d, 90)
					  : o->date + 200 + (int32_t)dice_below(d, 1600);
	out_value(out, civil_format(day, text), ',');
}

static void put_leave(struct out *out, const struct options *o, struct dice *d, char after)
{
	char text[CIVIL_TEXT];
	if (dice_chance(d, 1200)) {
		int32_t from = o->date + (int32_t)dice_below(d, 120);
		out_text(out, civil_format(from, text));
		out_text(out, "..");
		out_text(out, civil_format(from + 4 + (int32_t)dice_below(d, 20), text));
	}
	out_put(out, &after, 1);
}

static void put_inspector(
	struct out *out, const struct options *o, const struct scene *s, uint32_t i)
{
	static const char *const posts[] = { "科员", "四级主任科员", "二级主任科员", "副大队长",
		"一级行政执法员" };
	static const char *const studies[] = { "大学本科", "硕士研究生", "大专" };
	struct person p;
	struct dice d;
	make_person(&p, o, i);
	const struct department_row *of = &departments[p.department];
	dice_start(&d, o->seed, "inspector", i);
	out_value(out, p.name, ',');
	out_value(out, dice_chance(&d, 4300) ? "女" : "男", ',');
	out_value(out, of->organisation, ',');
	out_value(out, of->office, ',');
	out_value(out, "区级", ',');
	put_regions(out, s, &d);
	out_value(out, posts[dice_below(&d, COUNT(posts))], ',');
	out_value(out, "行政执法", ',');
	out_value(out, p.certificate, ',');
	put_certificate(out, o, &d);
	out_value(out, studies[dice_below(&d, COUNT(studies))], ',');
	put_items(out, of, &d);
	out_value(out, "否", ',');
	out_value(out, i >= LEAST_PEOPLE * DEPARTMENTS && dice_chance(&d, 300) ? "停用" : "在岗",
		',');
	out_number(out, 10001 + i, 6);
	out_put(out, ",", 1);
	put_leave(out, o, &d, '\n');
}

/* ---- recusals ----------------------------------------------------------------------------------
 */

/* Of a short list, one in four at most: somebody has to go. */
static uint32_t recusals_each(const struct scene *s)
{
	return s->subjects / 4 < PER_INSPECTOR ? (uint32_t)s->subjects / 4 : PER_INSPECTOR;
}

/* Those of one inspector are as many different subjects, scattered over the list. */
static size_t subject_of(const struct options *o, const struct scene *s, uint32_t i, uint32_t k)
{
	struct dice d;
	size_t n = s->subjects, part = n / recusals_each(s);
	dice_start(&d, o->seed, "recusal", (uint64_t)i * PER_INSPECTOR + k);
	return k * part + dice_below(&d, (uint32_t)part);
}

static void put_recusal(
	struct out *out, const struct options *o, const struct scene *s, uint32_t i, uint32_t k)
{
	static const char *const grounds[] = { "近亲属在该单位任职", "本人曾在该单位任职",
		"近亲属持有股份", "与负责人有利害关系" };
	char text[CIVIL_TEXT];
	struct person p;
	struct dice d;
	make_person(&p, o, i);
	dice_start(&d, o->seed, "ground", (uint64_t)i * PER_INSPECTOR + k);
	out_value(out, p.certificate, ',');
	out_value(out, p.name, ',');
	out_value(out, departments[p.department].organisation, ',');
	out_value(out, s->subject[subject_of(o, s, i, k)], ',');
	out_value(out, grounds[dice_below(&d, COUNT(grounds))], ',');
	out_value(out, civil_format(o->date - 30 - (int32_t)dice_below(&d, 900), text), '\n');
}

void write_people(const struct options *o)
{
	static struct out out;
	struct scene s = { .subject = calloc(SUBJECTS_MAX, sizeof *s.subject) };
	if (s.subject == NULL)
		abort();
	if (o->list != NULL)
		see_list(&s, o->list);
	else
		see_district(&s, o);
	out_open(&out, o->out, "inspectors.csv");
	out_text(&out,
		"姓名,性别,单位,部门,层级,地区/片区,职务,岗位大类,执法证编号,执法证有效期至,学历,执法事项清单范围,是否专家,"
		"岗位状态,单位工号,请假\n");
	for (uint32_t i = 0; i < o->inspectors; i++)
		put_inspector(&out, o, &s, i);
	out_close(&out);
	out_open(&out, o->out, "recusals.csv");
	out_text(&out, "执法证编号,姓名,单位,统一社会信用代码,回避事由,起始日期\n");
	for (uint32_t i = 0; i < o->inspectors; i++)
		for (uint32_t k = 0; k < recusals_each(&s); k++)
			put_recusal(&out, o, &s, i, k);
	out_close(&out);
	free(s.subject);
}
