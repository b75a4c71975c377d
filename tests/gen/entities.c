#include <stdio.h>
#include <string.h>

#include "planner/civil.h"
#include "tests/gen/gen.h"
#include "tests/gen/stream.h"
#include "tests/gen/world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* ---- who is there: blocks of indices with ids of one form -------------------------------------
 */

/* Enterprises 55 %, individuals 42 %, cooperatives 2.6 %, individuals with a number only 0.4 %. */
struct block {
	enum entity_kind kind;
	int numbered;
	uint64_t at, of; /* place in the block, size of the block */
};

static struct block block_of(uint64_t n, uint64_t i)
{
	static const struct {
		enum entity_kind kind;
		int numbered;
		uint32_t until; /* per thousand */
	} shares[] = { { GEN_ENTERPRISE, 0, 550 }, { GEN_INDIVIDUAL, 0, 970 },
		{ GEN_COOPERATIVE, 0, 996 }, { GEN_INDIVIDUAL, 1, 1000 } };
	uint64_t from = 0, to = 0;
	for (size_t k = 0; k < COUNT(shares); k++, from = to) {
		to = n * shares[k].until / 1000;
		if (i < to)
			return (struct block){ shares[k].kind, shares[k].numbered, i - from,
				to - from };
	}
	return (struct block){ GEN_INDIVIDUAL, 1, i - from, n - from };
}

static void base31(uint64_t v, char *out, size_t n)
{
	static const char digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	for (size_t k = n; k-- > 0; v /= 31)
		out[k] = digits[v % 31];
}

/* The first 8 characters of the organisation code: digits for the older two fifths, MA… for the
 * rest, strictly ascending with the place in the block. */
static void org_of(const struct block *b, struct dice *d, char out[8])
{
	const uint64_t young_space = UINT64_C(887503681); /* 31^6 */
	uint64_t old = b->of * 2 / 5, young = b->of - old, v;
	if (b->at < old) {
		uint64_t step = 99000000 / old;
		v = 1000000 + b->at * step + dice_below(d, (uint32_t)step);
		for (size_t k = 8; k-- > 0; v /= 10)
			out[k] = (char)('0' + v % 10);
		return;
	}
	uint64_t step = young_space / young < 1000000 ? young_space / young : 1000000;
	memcpy(out, "MA", 2);
	base31((b->at - old) * step + dice_below(d, (uint32_t)step), out + 2, 6);
}

static void make_id(struct entity *e, const struct block *b, struct dice *d)
{
	static const char *const registrar[] = { "91" WORLD_REGION, "92" WORLD_REGION,
		"93" WORLD_REGION };
	char org[8];
	e->code[0] = e->number[0] = '\0';
	if (b->numbered) {
		snprintf(e->number, sizeof e->number, WORLD_REGION "6%07llu",
			(unsigned long long)b->at % 10000000);
		e->number[14] = regno_digit(e->number);
		e->number[15] = '\0';
		return;
	}
	org_of(b, d, org);
	uscc_make(registrar[b->kind], org, e->code);
}

/* ---- what is said of it ------------------------------------------------------------------------
 */

static void put_date(char out[12], int32_t day)
{
	civil_format(day, out);
}

/* 存续 96 %; where it ended or rests, since when. */
static void make_status(struct entity *e, struct dice *d, int32_t today, int32_t established)
{
	static const char *const names[] = { "存续（在营、开业、在册）", "注销", "吊销，未注销",
		"迁出", "歇业" };
	static const uint32_t weight[] = { 9600, 150, 100, 60, 90 };
	size_t s = dice_weighted(d, weight, COUNT(weight));
	uint32_t days = (uint32_t)(today - established);
	e->status = names[s];
	e->since[0] = '\0';
	if (s > 0)
		put_date(e->since, today - (int32_t)dice_below(d, days < 1500 ? days + 1 : 1500));
}

static void make_dates(struct entity *e, struct dice *d, int32_t today)
{
	static const uint32_t weight[] = { 4, 30, 66 }; /* last year, last five years, before */
	static const uint32_t span[] = { 365, 1826, 9500 };
	uint32_t age = dice_below(d, span[dice_weighted(d, weight, COUNT(weight))]);
	int32_t established = today - (int32_t)age;
	put_date(e->established, established);
	make_status(e, d, today, established);
	e->checked[0] = '\0';
	if (dice_chance(d, 900) && age > 400)
		put_date(e->checked, today - (int32_t)dice_below(d, 400));
}

static void make_name(struct entity *e, struct dice *d, const struct domain *of)
{
	const char *a = syllables[dice_below(d, SYLLABLES)],
		   *b = syllables[dice_below(d, SYLLABLES)];
	const char *c = syllables[dice_below(d, SYLLABLES)];
	const char *street = streets[e->street].name;
	if (e->kind == GEN_ENTERPRISE)
		snprintf(e->name, sizeof e->name, "%s%s%s%s%s有限公司", WORLD_CITY, a, b, c,
			of->word);
	else if (e->kind == GEN_INDIVIDUAL)
		snprintf(e->name, sizeof e->name, "%s%s%s%s%s", WORLD_NAME, a, b, c, of->shop);
	else
		snprintf(e->name, sizeof e->name, "%s%s%s%s%s专业合作社", WORLD_NAME, street, a, b,
			of->shop);
}

static void make_place(struct entity *e, struct dice *d)
{
	static const char *const roads[] = { "澄波路", "兰台路", "晓汀路", "望岫路", "云栈路",
		"芦荻巷", "石桥街", "柳浦大道", "青禾路", "归帆路" };
	uint32_t weight[STREETS];
	for (size_t i = 0; i < STREETS; i++)
		weight[i] = streets[i].weight;
	e->street = dice_weighted(d, weight, STREETS);
	const struct street *s = &streets[e->street];
	snprintf(e->region, sizeof e->region, WORLD_REGION "%03u", (unsigned)e->street + 1);
	snprintf(e->address, sizeof e->address, "%s%s%s%s%u号%u室", WORLD_CITY, WORLD_NAME, s->name,
		roads[dice_below(d, COUNT(roads))], dice_below(d, 880) + 1,
		100 * (dice_below(d, 24) + 1) + dice_below(d, 12) + 1);
	e->x = s->x + (int32_t)dice_below(d, 16000) - 8000;
	e->y = s->y + (int32_t)dice_below(d, 14000) - 7000;
}

static void make_type(struct entity *e, struct dice *d)
{
	static const char *const types[] = { "有限责任公司（自然人投资或控股）",
		"有限责任公司（自然人独资）", "有限责任公司（法人独资）", "个人独资企业",
		"股份有限公司（非上市）", "有限责任公司分公司（自然人独资）" };
	static const char *const others[] = { "", "个体工商户", "农民专业合作社" };
	const char *type =
		e->kind == GEN_ENTERPRISE ? types[dice_below(d, COUNT(types))] : others[e->kind];
	snprintf(e->type, sizeof e->type, "%s", type);
	e->capital =
		e->kind == GEN_ENTERPRISE ? 10 * (1 + dice_below(d, 200)) : 1 + dice_below(d, 30);
}

static void make_facts(struct entity *e, struct dice *d, int32_t today)
{
	static const uint32_t classes[] = { 73, 19, 5, 3 };
	uint32_t weight[DOMAINS];
	for (size_t i = 0; i < DOMAINS; i++)
		weight[i] = domains[i].weight[e->kind];
	e->domain = dice_weighted(d, weight, DOMAINS);
	const struct domain *of = &domains[e->domain];
	int joint = of->more[0] != '\0' && dice_chance(d, 2500);
	e->class = "ABCD"[dice_weighted(d, classes, COUNT(classes))];
	make_place(e, d);
	make_name(e, d, of);
	make_type(e, d);
	make_dates(e, d, today);
	snprintf(e->scope, sizeof e->scope,
		"%s%s%s。（依法须经批准的项目，经相关部门批准后方可开展经营活动）", of->scope,
		joint ? "；" : "", joint ? of->more : "");
}

/* Further premises of the entity before: 1.5 %. */
static int is_branch(const struct options *o, uint64_t i)
{
	struct dice d;
	struct block b = block_of(o->entities, i);
	if (b.numbered || b.at == 0)
		return 0;
	dice_start(&d, o->seed, "branch", i);
	return dice_chance(&d, 150);
}

void entity_make(struct entity *e, const struct options *o, uint64_t i)
{
	struct dice d;
	uint64_t main = i;
	while (is_branch(o, main))
		main--;
	struct block b = block_of(o->entities, main);
	dice_start(&d, o->seed, "entity", main);
	e->kind = b.kind;
	e->premises = (unsigned)(i - main) + 1;
	make_id(e, &b, &d);
	make_facts(e, &d, o->date);
	if (main == i)
		return;
	size_t n = strlen(e->name);
	dice_start(&d, o->seed, "premises", i);
	make_place(e, &d);
	snprintf(e->name + n, sizeof e->name - n, "（%s店）", streets[e->street].name);
}

/* ---- frame.tsv
 * ----------------------------------------------------------------------------------- */

static void put_object(struct out *out, const struct entity *e)
{
	if (e->code[0] == '\0')
		out_put(out, "R", 1);
	out_text(out, e->code[0] != '\0' ? e->code : e->number);
}

static const char *status_code(const char *status)
{
	static const struct {
		const char *starts, *code;
	} codes[] = { { "注", "cancelled" }, { "吊", "revoked" }, { "迁", "moved" },
		{ "歇", "suspended" } };
	for (size_t i = 0; i < COUNT(codes); i++)
		if (strncmp(status, codes[i].starts, strlen(codes[i].starts)) == 0)
			return codes[i].code;
	return "open";
}

static void put_facts(struct out *out, const struct entity *e)
{
	static const char *const kinds[] = { "enterprise", "individual", "cooperative" };
	const struct domain *of = &domains[e->domain];
	char class[2] = { e->class, '\0' };
	const char *const columns[] = { kinds[e->kind], of->industry, e->region, e->established,
		status_code(e->status), e->since, class, "", of->labels };
	put_object(out, e);
	if (e->premises > 1) {
		out_put(out, "/", 1);
		out_number(out, e->premises, 2);
	}
	out_put(out, "\t", 1);
	put_object(out, e);
	for (size_t i = 0; i < COUNT(columns); i++) {
		out_put(out, "\t", 1);
		out_text(out, columns[i]);
	}
	out_text(out, e->checked[0] != '\0' ? "\t*=" : "\t");
	out_text(out, e->checked);
	out_put(out, "\t", 1);
	out_text(out, e->checked);
	out_text(out, e->checked[0] != '\0' ? "/county/scjg/entry\t0\n" : "\t0\n");
}

void write_frame(const struct options *o)
{
	static struct out out;
	static struct entity e;
	out_open(&out, o->out, "frame.tsv");
	for (uint64_t i = 0; i < o->entities; i++) {
		entity_make(&e, o, i);
		put_facts(&out, &e);
	}
	out_close(&out);
}
