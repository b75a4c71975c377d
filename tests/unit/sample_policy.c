#include "tests/unit/sample_policy.h"

#include <assert.h>
#include <string.h>

static const char *const rows[][2] = {
	{ "class.missing", "B" },
	{ "cycle.from", "2026-01-01" },
	{ "cycle.to", "2026-12-31" },
	{ "inspectors.limit", "40" },
	{ "inspectors.slack", "130" },
	{ "observation.months", "12" },
	{ "rounding", "half-up" },
	{ "rule.checked.basis", "本周期内已检查的不再抽取" },
	{ "rule.closed.basis", "已注销、吊销或迁出" },
	{ "rule.observation.basis", "新设经营主体观察期" },
	{ "rule.remit.basis", "不在部门管辖范围" },
	{ "rule.tolerance.basis", "歇业宽容期" },
	{ "rule.type.basis", "不属于任务的检查对象范围" },
	{ "strata.empty", "report" },
	{ "tolerance.months", "6" },
	{ "department.fire.inspects", "yes" },
	{ "department.fire.name", "消防救援局" },
	{ "department.fire.regions", "3710" },
	{ "department.market.inspects", "yes" },
	{ "department.market.name", "市场监督管理局" },
	{ "department.market.regions", "*" },
	{ "department.office.inspects", "no" },
	{ "department.office.name", "联席会议办公室" },
	{ "department.office.regions", "*" },
	{ "item.alarm.basis", "中华人民共和国消防法" },
	{ "item.alarm.department", "fire" },
	{ "item.alarm.kind", "key" },
	{ "item.alarm.name", "消防设施" },
	{ "item.licence.basis", "无证无照经营查处办法" },
	{ "item.licence.department", "market" },
	{ "item.licence.kind", "general" },
	{ "item.licence.name", "营业执照" },
	{ "item.scale.basis", "中华人民共和国计量法" },
	{ "item.scale.department", "market" },
	{ "item.scale.kind", "general" },
	{ "item.scale.name", "计量器具" },
	{ "task.t.category", "daily" },
	{ "task.t.from", "2026-04-01" },
	{ "task.t.industries", "*" },
	{ "task.t.items", "licence,scale" },
	{ "task.t.kinds", "*" },
	{ "task.t.labels", "*" },
	{ "task.t.lead", "market" },
	{ "task.t.mode", "onsite" },
	{ "task.t.name", "登记事项检查" },
	{ "task.t.officers", "2" },
	{ "task.t.officers-basis", "" },
	{ "task.t.ratio.A", "20000" },
	{ "task.t.ratio.B", "50000" },
	{ "task.t.ratio.C", "200000" },
	{ "task.t.ratio.D", "1000000" },
	{ "task.t.regions", "*" },
	{ "task.t.safety", "no" },
	{ "task.t.to", "2026-06-30" },
	{ "task.t-2.category", "special" },
	{ "task.t-2.from", "2026-05-01" },
	{ "task.t-2.industries", "F,H61,H62" },
	{ "task.t-2.items", "alarm,licence" },
	{ "task.t-2.kinds", "enterprise,individual" },
	{ "task.t-2.labels", "*" },
	{ "task.t-2.lead", "fire" },
	{ "task.t-2.mode", "offsite" },
	{ "task.t-2.name", "公众聚集场所联合检查" },
	{ "task.t-2.officers", "1" },
	{ "task.t-2.officers-basis", "中华人民共和国行政处罚法第四十二条" },
	{ "task.t-2.ratio.A", "10000" },
	{ "task.t-2.ratio.B", "30000" },
	{ "task.t-2.ratio.C", "0" },
	{ "task.t-2.ratio.D", "500000" },
	{ "task.t-2.regions", "3710" },
	{ "task.t-2.safety", "yes" },
	{ "task.t-2.to", "2026-05-31" },
};

static size_t find(const struct sample *s, const char *path)
{
	size_t i = 0;
	while (i < s->n && !bytes_is(s->row[i].path, path))
		i++;
	return i;
}

void sample_set(struct sample *s, const char *path, const char *value)
{
	size_t i = find(s, path);

	assert(i < SAMPLE_ROOM);
	s->row[i].path = bytes_of(arena_strdup(s->arena, path));
	s->row[i].value = bytes_of(arena_strdup(s->arena, value));
	s->n += i == s->n;
}

void sample_init(struct sample *s, struct arena *a)
{
	s->arena = a;
	s->n = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		sample_set(s, rows[i][0], rows[i][1]);
}

void sample_drop(struct sample *s, const char *path)
{
	size_t i = find(s, path);

	assert(i < s->n);
	s->row[i] = s->row[--s->n];
}

void sample_drop_all(struct sample *s, const char *prefix)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!bytes_starts(s->row[i].path, bytes_of(prefix)))
			s->row[kept++] = s->row[i];
	s->n = kept;
}

bool sample_read(struct sample *s, struct policy *p, struct err *e)
{
	policy_sort(s->row, s->n);
	return policy_from_rows(p, s->arena, s->row, s->n, e);
}
