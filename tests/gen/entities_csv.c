/* entities.csv: 检查对象名录库, and rows with defects. */
#include <stdio.h>
#include <string.h>

#include "tests/gen/gen.h"
#include "tests/gen/stream.h"
#include "tests/gen/world.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char head[] =
	"序号,统一社会信用代码,注册号,场所序号,名称,主体类型,企业类型,成立日期,登记状态,状态日期,登记机关,属地监管机关,"
	"行政区划,住所,经营范围,行业,注册资本(万元),标签,上次检查日期,信用风险等级,经度,纬度\n";

static void put_degrees(struct out *out, int32_t micro, char after)
{
	out_number(out, (uint64_t)micro / 1000000, micro >= 100000000 ? 3 : 2);
	out_put(out, ".", 1);
	out_number(out, (uint64_t)micro % 1000000, 6);
	out_put(out, &after, 1);
}

static void put_count(struct out *out, uint64_t v, char after)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)v);
	out_value(out, text, after);
}

/* One row; code, established, status, class and name may differ from the entity's. */
static void put_row(struct out *out, uint64_t number, const struct entity *e)
{
	static const char *const kinds[] = { "企业", "个体工商户", "农民专业合作社" };
	char class[2] = { e->class, '\0' }, office[96];
	snprintf(office, sizeof office, "%s市场监督管理所", streets[e->street].name);
	put_count(out, number, ',');
	out_value(out, e->code, ',');
	out_value(out, e->number, ',');
	if (e->premises > 1)
		out_number(out, e->premises, 2);
	out_put(out, ",", 1);
	out_value(out, e->name, ',');
	out_value(out, kinds[e->kind], ',');
	out_value(out, e->type, ',');
	out_value(out, e->established, ',');
	out_value(out, e->status, ',');
	out_value(out, e->since, ',');
	out_value(out, WORLD_CITY WORLD_NAME "市场监督管理局", ',');
	out_value(out, office, ',');
	out_value(out, e->region, ',');
	out_value(out, e->address, ',');
	out_value(out, e->scope, ',');
	out_value(out, domains[e->domain].industry, ',');
	put_count(out, e->capital, ',');
	out_put(out, ",", 1);
	out_value(out, e->checked, ',');
	out_value(out, class, ',');
	put_degrees(out, e->x, ',');
	put_degrees(out, e->y, '\n');
}

/* ---- defects ----------------------------------------------------------------------------------
 */

/* Each takes a fresh, good entity and spoils it, or writes the row itself and returns 1. */
typedef int spoil(struct out *out, uint64_t number, struct entity *e);

static int rounded(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	memcpy(e->code + 2, WORLD_REGION "123456", 12);
	strcpy(e->code + 14, "7000");
	return 0;
}

static int check_digit(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->code[17] = e->code[17] == 'A' ? 'B' : 'A';
	return 0;
}

static int letter(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->code[8] = 'O';
	return 0;
}

static int too_short(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->code[17] = '\0';
	return 0;
}

static int scientific(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	strcpy(e->code, "9.13302E+17");
	return 0;
}

static int bad_date(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	strcpy(e->established, "2019-02-29");
	return 0;
}

static int bad_status(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->status = "待核实";
	return 0;
}

static int bad_class(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->class = 'X';
	return 0;
}

static int no_name(struct out *out, uint64_t number, struct entity *e)
{
	(void)out;
	(void)number;
	e->name[0] = '\0';
	return 0;
}

static int repeated(struct out *out, uint64_t number, struct entity *e)
{
	put_row(out, number, e);
	put_row(out, number, e);
	return 1;
}

static int contradicting(struct out *out, uint64_t number, struct entity *e)
{
	put_row(out, number, e);
	e->class = e->class == 'A' ? 'B' : 'A';
	return 0;
}

static int few_columns(struct out *out, uint64_t number, struct entity *e)
{
	put_count(out, number, ',');
	out_value(out, e->code, ',');
	out_value(out, e->name, '\n');
	return 1;
}

static int open_quote(struct out *out, uint64_t number, struct entity *e)
{
	put_count(out, number, ',');
	out_value(out, e->code, ',');
	out_text(out, ",,\"");
	out_value(out, e->name, '\n');
	return 1;
}

static void put_defects(struct out *out, const struct options *o)
{
	static spoil *const all[] = { rounded, check_digit, letter, too_short, scientific, bad_date,
		bad_status, bad_class, no_name, repeated, contradicting, few_columns, open_quote };
	struct options fresh = *o; /* entities that are not in the district */
	struct entity e;
	fresh.seed = "drawgen: defects";
	fresh.entities = 2000000;
	for (uint32_t i = 0; i < o->defects; i++) {
		uint64_t number = o->entities + i + 1;
		entity_make(&e, &fresh, 2 * (uint64_t)i * 977 % 1000000);
		e.premises = 1;
		if (!all[i % COUNT(all)](out, number, &e))
			put_row(out, number, &e);
	}
}

/* ---- the file -----------------------------------------------------------------------------------
 */

static uint64_t divisor(uint64_t a, uint64_t b)
{
	return b == 0 ? a : divisor(b, a % b);
}

/* Rows stand in no order: every stride-th, round and round. */
void write_entities(const struct options *o)
{
	static struct out out;
	static struct entity e;
	uint64_t n = o->entities, stride = n * 618 / 1000 + 1, at = n / 3;
	while (divisor(stride, n) != 1)
		stride++;
	out_open(&out, o->out, "entities.csv");
	out_text(&out, head);
	for (uint64_t i = 0; i < n; i++) {
		entity_make(&e, o, at);
		put_row(&out, i + 1, &e);
		at = (at + stride) % n;
	}
	put_defects(&out, o);
	out_close(&out);
}
