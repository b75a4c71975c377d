#include "daemon/replay/sample_world.h"

/* canteen draws entities, in two batches; hotel draws objects, strictly. */
static const char *const policy_text[][2] = {
	{ "adjust.1.basis", "信用激励规定" },
	{ "adjust.1.factor", "500000" },
	{ "adjust.1.labels", "honoured" },
	{ "adjust.2.basis", "重点监管规定" },
	{ "adjust.2.factor", "1500000" },
	{ "adjust.2.labels", "watched" },
	{ "ceiling.general", "500000" },
	{ "class.missing", "B" },
	{ "cycle.from", "2026-01-01" },
	{ "cycle.to", "2026-12-31" },
	{ "focus.labels", "key-object" },
	{ "inspectors.limit", "20" },
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
	{ "matrix.DB", "D" },
	{ "matrix.DC", "D" },
	{ "matrix.DD", "D" },
	{ "rounding", "half-up" },
	{ "strata.empty", "report" },
	{ "visits.departments", "0" },
	{ "rule.checked.basis", "国市监信〔2019〕38号" },
	{ "rule.closed.basis", "市场主体登记管理条例" },
	{ "rule.remit.basis", "属地管辖" },
	{ "rule.type.basis", "随机抽查事项清单" },
	{ "cap.low-risk.basis", "一个检查周期内最多检查一次" },
	{ "cap.low-risk.classes", "A,B" },
	{ "cap.low-risk.counts", "entries" },
	{ "cap.low-risk.days", "0" },
	{ "cap.low-risk.departments", "scjg" },
	{ "cap.low-risk.kinds", "*" },
	{ "cap.low-risk.labels", "*" },
	{ "cap.low-risk.levels", "*" },
	{ "cap.low-risk.most", "1" },
	{ "cap.low-risk.name", "低风险主体" },
	{ "cap.low-risk.version", "1" },
	{ "cap.twice.basis", "每级每年度不超过2次" },
	{ "cap.twice.classes", "*" },
	{ "cap.twice.counts", "checks" },
	{ "cap.twice.days", "0" },
	{ "cap.twice.departments", "wjw" },
	{ "cap.twice.kinds", "enterprise" },
	{ "cap.twice.labels", "*" },
	{ "cap.twice.levels", "county" },
	{ "cap.twice.most", "2" },
	{ "cap.twice.name", "卫生健康" },
	{ "cap.twice.version", "3" },
	{ "department.scjg.apart", "" },
	{ "department.scjg.inspects", "yes" },
	{ "department.scjg.name", "市场监督管理局" },
	{ "department.scjg.regions", "*" },
	{ "department.wjw.apart", "" },
	{ "department.wjw.inspects", "yes" },
	{ "department.wjw.name", "卫生健康局" },
	{ "department.wjw.regions", "3710" },
	{ "field.food.name", "食品" },
	{ "field.food.strict", "no" },
	{ "item.food.basis", "中华人民共和国食品安全法" },
	{ "item.food.department", "scjg" },
	{ "item.food.field", "food" },
	{ "item.food.kind", "general" },
	{ "item.food.name", "食品经营检查" },
	{ "item.health.basis", "公共场所卫生管理条例" },
	{ "item.health.department", "wjw" },
	{ "item.health.field", "" },
	{ "item.health.kind", "general" },
	{ "item.health.name", "公共场所卫生检查" },
	{ "mode.newly.basis", "观察期规定" },
	{ "mode.newly.classes", "*" },
	{ "mode.newly.except", "reported" },
	{ "mode.newly.from", "2025-01-01" },
	{ "mode.newly.industries", "*" },
	{ "mode.newly.kinds", "*" },
	{ "mode.newly.labels", "*" },
	{ "mode.newly.lifts", "yes" },
	{ "mode.newly.months", "12" },
	{ "mode.newly.name", "观察期" },
	{ "mode.newly.regions", "*" },
	{ "mode.newly.scope", "general" },
	{ "mode.newly.start", "established" },
	{ "mode.newly.statuses", "*" },
	{ "mode.newly.to", "2026-12-31" },
	{ "mode.newly.version", "2" },
	{ "mode.resting.basis", "市场主体登记管理条例第三十条" },
	{ "mode.resting.classes", "*" },
	{ "mode.resting.except", "reported" },
	{ "mode.resting.from", "2025-01-01" },
	{ "mode.resting.industries", "*" },
	{ "mode.resting.kinds", "*" },
	{ "mode.resting.labels", "*" },
	{ "mode.resting.lifts", "no" },
	{ "mode.resting.months", "36" },
	{ "mode.resting.name", "宽容期" },
	{ "mode.resting.regions", "*" },
	{ "mode.resting.scope", "all" },
	{ "mode.resting.start", "status" },
	{ "mode.resting.statuses", "suspended" },
	{ "mode.resting.to", "2026-12-31" },
	{ "mode.resting.version", "1" },
	{ "task.canteen.batches", "2026-03-02..2026-03-13,2026-03-16..2026-03-27" },
	{ "task.canteen.category", "daily" },
	{ "task.canteen.ceiling-reason", "" },
	{ "task.canteen.class", "worst" },
	{ "task.canteen.coordination", "own" },
	{ "task.canteen.design", "equal" },
	{ "task.canteen.frequency", "1" },
	{ "task.canteen.from", "2026-03-02" },
	{ "task.canteen.industries", "*" },
	{ "task.canteen.items", "food,health" },
	{ "task.canteen.kinds", "*" },
	{ "task.canteen.labels", "*" },
	{ "task.canteen.lead", "scjg" },
	{ "task.canteen.level", "county" },
	{ "task.canteen.minimum", "600000" },
	{ "task.canteen.mode.A", "paper" },
	{ "task.canteen.mode.B", "onsite" },
	{ "task.canteen.mode.C", "onsite" },
	{ "task.canteen.mode.D", "onsite" },
	{ "task.canteen.name", "食堂联合抽查" },
	{ "task.canteen.officers", "2" },
	{ "task.canteen.officers-basis", "" },
	{ "task.canteen.ratio.A", "200000" },
	{ "task.canteen.ratio.B", "300000" },
	{ "task.canteen.ratio.C", "500000" },
	{ "task.canteen.ratio.D", "1000000" },
	{ "task.canteen.reason", "" },
	{ "task.canteen.regions", "3710" },
	{ "task.canteen.safety", "no" },
	{ "task.canteen.to", "2026-03-27" },
	{ "task.hotel.batches", "" },
	{ "task.hotel.category", "daily" },
	{ "task.hotel.ceiling-reason", "公共场所须现场检查" },
	{ "task.hotel.class", "general" },
	{ "task.hotel.coordination", "own" },
	{ "task.hotel.design", "equal" },
	{ "task.hotel.frequency", "1" },
	{ "task.hotel.from", "2026-03-09" },
	{ "task.hotel.industries", "H" },
	{ "task.hotel.items", "health" },
	{ "task.hotel.kinds", "*" },
	{ "task.hotel.labels", "*" },
	{ "task.hotel.lead", "wjw" },
	{ "task.hotel.level", "city" },
	{ "task.hotel.minimum", "0" },
	{ "task.hotel.mode.A", "onsite" },
	{ "task.hotel.mode.B", "onsite" },
	{ "task.hotel.mode.C", "onsite" },
	{ "task.hotel.mode.D", "onsite" },
	{ "task.hotel.name", "住宿场所抽查" },
	{ "task.hotel.officers", "2" },
	{ "task.hotel.officers-basis", "" },
	{ "task.hotel.ratio.A", "250000" },
	{ "task.hotel.ratio.B", "250000" },
	{ "task.hotel.ratio.C", "500000" },
	{ "task.hotel.ratio.D", "1000000" },
	{ "task.hotel.reason", "公共场所须现场检查" },
	{ "task.hotel.regions", "*" },
	{ "task.hotel.safety", "yes" },
	{ "task.hotel.to", "2026-04-03" },
};

size_t sample_settings(struct arena *a, struct setting_row **rows)
{
	enum { N = sizeof policy_text / sizeof *policy_text };
	*rows = arena_calloc(a, N, sizeof **rows);
	for (size_t i = 0; i < N; i++)
		(*rows)[i] = (struct setting_row){ bytes_of(policy_text[i][0]),
			bytes_of(policy_text[i][1]) };
	return N;
}

static struct bytes object_id(struct arena *a, unsigned i)
{
	return bytes_of(arena_printf(a, "91371000SELFTEST%02u", i));
}

void sample_facts(struct arena *a, unsigned i, struct bytes fact[FRAME_FACTS])
{
	static const char *const class[] = { "A", "A", "B", "", "C", "B", "D", "A" };
	static const char *const labels[] = { "", "honoured", "", "watched", "", "key-object" };
	unsigned like = i == 20 ? i - 1 : i; /* premises in the stratum of the first */
	unsigned first = i % 7 == 6 ? i - 1 : i; /* of its entity */
	for (unsigned f = 0; f < FRAME_FACTS; f++)
		fact[f] = BYTES("");
	fact[FACT_OBJECT] = object_id(a, i);
	fact[FACT_ENTITY] = object_id(a, first);
	fact[FACT_KIND] = BYTES("enterprise");
	fact[FACT_INDUSTRY] = i % 3 == 0 ? BYTES("H61") : BYTES("F52");
	fact[FACT_REGION] = i % 11 == 5 ? BYTES("370600") : BYTES("371002");
	fact[FACT_ESTABLISHED] = i % 13 == 4 ? BYTES("2025-10-01") : BYTES("2015-05-20");
	fact[FACT_STATUS] = i % 17 == 6   ? BYTES("revoked")
			    : i % 19 == 7 ? BYTES("suspended")
					  : BYTES("open");
	fact[FACT_SINCE] = i % 19 == 7 ? BYTES("2025-01-01") : BYTES("");
	fact[FACT_CLASS] = bytes_of(class[like % 8]);
	fact[FACT_CLASSES] = like % 9 == 2 ? BYTES("food=C") : BYTES("");
	fact[FACT_LABELS] = bytes_of(like % 12 == 0 ? "key-object" : labels[like % 6]);
	fact[FACT_CHECKED] = i % 23 == 8 ? BYTES("food=2026-01-01") : BYTES("");
	fact[FACT_ENTERED] = first % 29 == 10   ? BYTES("2026-01-01/city/scjg/entry")
			     : first % 31 == 12 ? BYTES("2026-01-01/county/wjw/entry,"
							"2026-01-01/county/wjw/remote")
						: BYTES("");
	fact[FACT_RESERVED] = first % 37 == 16 ? BYTES("1") : BYTES("0");
}
