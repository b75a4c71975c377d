#include "tests/unit/sample_policy.h"

#include <assert.h>
#include <string.h>

static const char *const rows[][2] = {
	{ "adjust.1.basis", "" },
	{ "adjust.1.factor", "500000" },
	{ "adjust.1.labels", "" },
	{ "adjust.2.basis", "" },
	{ "adjust.2.factor", "2000000" },
	{ "adjust.2.labels", "" },
	{ "cap.year.basis", "涉企行政检查年度频次上限" },
	{ "cap.year.classes", "*" },
	{ "cap.year.counts", "checks" },
	{ "cap.year.days", "0" },
	{ "cap.year.departments", "*" },
	{ "cap.year.kinds", "*" },
	{ "cap.year.labels", "*" },
	{ "cap.year.levels", "*" },
	{ "cap.year.most", "4" },
	{ "cap.year.name", "年度检查次数" },
	{ "cap.year.version", "1" },
	{ "ceiling.general", "1000000" },
	{ "class.missing", "B" },
	{ "cycle.from", "2026-01-01" },
	{ "cycle.to", "2026-12-31" },
	{ "focus.labels", "focus" },
	{ "inspectors.limit", "40" },
	{ "inspectors.rotation", "0" },
	{ "inspectors.slack", "130" },
	{ "matrix.AA", "A" },
	{ "matrix.AB", "A" },
	{ "matrix.AC", "B" },
	{ "matrix.AD", "C" },
	{ "matrix.BA", "A" },
	{ "matrix.BB", "B" },
	{ "matrix.BC", "C" },
	{ "matrix.BD", "D" },
	{ "matrix.CA", "B" },
	{ "matrix.CB", "C" },
	{ "matrix.CC", "C" },
	{ "matrix.CD", "D" },
	{ "matrix.DA", "C" },
	{ "matrix.DB", "C" },
	{ "matrix.DC", "D" },
	{ "matrix.DD", "D" },
	{ "mode.observation.basis", "新设经营主体观察期" },
	{ "mode.observation.classes", "*" },
	{ "mode.observation.except", "" },
	{ "mode.observation.from", "2020-01-01" },
	{ "mode.observation.industries", "*" },
	{ "mode.observation.kinds", "*" },
	{ "mode.observation.labels", "*" },
	{ "mode.observation.lifts", "yes" },
	{ "mode.observation.months", "12" },
	{ "mode.observation.name", "观察期" },
	{ "mode.observation.regions", "*" },
	{ "mode.observation.scope", "general" },
	{ "mode.observation.start", "established" },
	{ "mode.observation.statuses", "*" },
	{ "mode.observation.to", "2029-12-31" },
	{ "mode.observation.version", "1" },
	{ "mode.tolerance.basis", "歇业宽容期" },
	{ "mode.tolerance.classes", "*" },
	{ "mode.tolerance.except", "" },
	{ "mode.tolerance.from", "2020-01-01" },
	{ "mode.tolerance.industries", "*" },
	{ "mode.tolerance.kinds", "*" },
	{ "mode.tolerance.labels", "*" },
	{ "mode.tolerance.lifts", "no" },
	{ "mode.tolerance.months", "6" },
	{ "mode.tolerance.name", "宽容期" },
	{ "mode.tolerance.regions", "*" },
	{ "mode.tolerance.scope", "all" },
	{ "mode.tolerance.start", "status" },
	{ "mode.tolerance.statuses", "suspended" },
	{ "mode.tolerance.to", "2029-12-31" },
	{ "mode.tolerance.version", "1" },
	{ "rounding", "half-up" },
	{ "rule.checked.basis", "本周期内已检查的不再抽取" },
	{ "rule.closed.basis", "已注销、吊销或迁出" },
	{ "rule.remit.basis", "不在部门管辖范围" },
	{ "rule.type.basis", "不属于任务的检查对象范围" },
	{ "strata.empty", "report" },
	{ "visits.departments", "0" },
	{ "department.fire.apart", "" },
	{ "department.fire.inspects", "yes" },
	{ "department.fire.name", "消防救援局" },
	{ "department.fire.regions", "3710" },
	{ "department.market.apart", "" },
	{ "department.market.inspects", "yes" },
	{ "department.market.name", "市场监督管理局" },
	{ "department.market.regions", "*" },
	{ "department.office.apart", "" },
	{ "department.office.inspects", "no" },
	{ "department.office.name", "联席会议办公室" },
	{ "department.office.regions", "*" },
	{ "field.fire-safety.name", "消防安全" },
	{ "field.fire-safety.strict", "yes" },
	{ "field.trade.name", "登记事项" },
	{ "field.trade.strict", "no" },
	{ "item.alarm.basis", "中华人民共和国消防法" },
	{ "item.alarm.department", "fire" },
	{ "item.alarm.field", "fire-safety" },
	{ "item.alarm.kind", "key" },
	{ "item.alarm.name", "消防设施" },
	{ "item.licence.basis", "无证无照经营查处办法" },
	{ "item.licence.department", "market" },
	{ "item.licence.field", "trade" },
	{ "item.licence.kind", "general" },
	{ "item.licence.name", "营业执照" },
	{ "item.scale.basis", "中华人民共和国计量法" },
	{ "item.scale.department", "market" },
	{ "item.scale.field", "" },
	{ "item.scale.kind", "general" },
	{ "item.scale.name", "计量器具" },
	{ "task.t.batches", "" },
	{ "task.t.category", "daily" },
	{ "task.t.ceiling-reason", "" },
	{ "task.t.class", "worst" },
	{ "task.t.coordination", "own" },
	{ "task.t.design", "equal" },
	{ "task.t.frequency", "1" },
	{ "task.t.from", "2026-04-01" },
	{ "task.t.industries", "*" },
	{ "task.t.items", "licence,scale" },
	{ "task.t.kinds", "*" },
	{ "task.t.labels", "*" },
	{ "task.t.lead", "market" },
	{ "task.t.level", "county" },
	{ "task.t.minimum", "0" },
	{ "task.t.mode.A", "onsite" },
	{ "task.t.mode.B", "onsite" },
	{ "task.t.mode.C", "onsite" },
	{ "task.t.mode.D", "onsite" },
	{ "task.t.name", "登记事项检查" },
	{ "task.t.officers", "2" },
	{ "task.t.officers-basis", "" },
	{ "task.t.ratio.A", "20000" },
	{ "task.t.ratio.B", "50000" },
	{ "task.t.ratio.C", "200000" },
	{ "task.t.ratio.D", "1000000" },
	{ "task.t.reason", "样例" },
	{ "task.t.regions", "*" },
	{ "task.t.safety", "no" },
	{ "task.t.to", "2026-06-30" },
	{ "task.t-2.batches", "2026-05-01..2026-05-10,2026-05-20..2026-05-31" },
	{ "task.t-2.category", "special" },
	{ "task.t-2.ceiling-reason", "" },
	{ "task.t-2.class", "general" },
	{ "task.t-2.coordination", "own" },
	{ "task.t-2.design", "equal" },
	{ "task.t-2.frequency", "1" },
	{ "task.t-2.from", "2026-05-01" },
	{ "task.t-2.industries", "F,H61,H62" },
	{ "task.t-2.items", "alarm,licence" },
	{ "task.t-2.kinds", "enterprise,individual" },
	{ "task.t-2.labels", "*" },
	{ "task.t-2.lead", "fire" },
	{ "task.t-2.level", "city" },
	{ "task.t-2.minimum", "0" },
	{ "task.t-2.mode.A", "offsite" },
	{ "task.t-2.mode.B", "offsite" },
	{ "task.t-2.mode.C", "offsite" },
	{ "task.t-2.mode.D", "offsite" },
	{ "task.t-2.name", "公众聚集场所联合检查" },
	{ "task.t-2.officers", "1" },
	{ "task.t-2.officers-basis", "中华人民共和国行政处罚法第四十二条" },
	{ "task.t-2.ratio.A", "10000" },
	{ "task.t-2.ratio.B", "30000" },
	{ "task.t-2.ratio.C", "20000" },
	{ "task.t-2.ratio.D", "500000" },
	{ "task.t-2.reason", "样例" },
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

void sample_empty(struct sample *s, struct arena *a)
{
	s->arena = a;
	s->n = 0;
}

void sample_init(struct sample *s, struct arena *a)
{
	sample_empty(s, a);
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
	settings_sort(s->row, s->n);
	return policy_from_rows(p, s->arena, s->row, s->n, e);
}
