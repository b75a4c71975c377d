/* The law against the template: what etc/policy/district.conf says of one object, case by case,
 * with the rule each case stands for beside it. etc/policy/RULES.md names these cases. */
#include "tests/unit/test.h"

#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/documents.h"
#include "daemon/policy/policyfile.h"
#include "daemon/policy/riskfile.h"
#include "planner/civil.h"
#include "planner/exclude.h"
#include "planner/quota.h"

static const char *read_file(struct arena *a, const char *path)
{
	char *text;
	struct err e = { 0 };

	if (!cfg_read(&text, a, path, POLICY_FILE_MAX, &e))
		fail_msg("%s: %s", path, e.what);
	return arena_strdup(a, text);
}

static const char *read_template(struct arena *a)
{
	return read_file(a, "etc/policy/district.conf");
}

static void parse(struct policy_file *f, struct arena *a, const char *text)
{
	struct err e = { 0 };
	char why[700];

	if (!policy_file_parse(f, a, text, "district.conf", &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
}

static void set_fact(struct bytes fact[FRAME_FACTS], struct bytes name, struct bytes value)
{
	for (size_t i = 0; i < FRAME_FACTS; i++) {
		if (bytes_is(name, table_form(TABLE_FRAME)->column[i])) {
			fact[i] = value;
			return;
		}
	}
	fail_msg("no fact \"%.*s\"", BYTES_ARG(name));
}

/* An open enterprise, class B, of 2015; `facts` says what differs. */
static void object_of(struct bytes fact[FRAME_FACTS], const char *facts)
{
	struct bytes rest = bytes_of(facts);
	bool more = rest.n > 0;

	for (size_t i = 0; i < FRAME_FACTS; i++)
		fact[i] = BYTES("");
	fact[FACT_OBJECT] = BYTES("91371002MA3C00000X");
	fact[FACT_ENTITY] = fact[FACT_OBJECT];
	fact[FACT_KIND] = BYTES("enterprise");
	fact[FACT_REGION] = BYTES("371002");
	fact[FACT_ESTABLISHED] = BYTES("2015-06-01");
	fact[FACT_STATUS] = BYTES("open");
	fact[FACT_CLASS] = BYTES("B");
	fact[FACT_RESERVED] = BYTES("0");
	while (more) {
		struct bytes value = bytes_cut(&rest, ' ', &more);
		bool equals;
		struct bytes name = bytes_cut(&value, '=', &equals);
		assert_true(equals);
		set_fact(fact, name, value);
	}
}

static struct bytes code_of(const struct policy *p, struct arena *a, const char *task,
	const char *facts, const char *day)
{
	struct bytes fact[FRAME_FACTS];
	struct facts read;
	struct err e = { 0 };
	int32_t date = 0;
	int64_t t = policy_task(p, bytes_of(task));

	assert_true(civil_parse(bytes_of(day), &date));
	assert_true(t >= 0);
	object_of(fact, facts);
	if (!frame_facts_check(fact, &e))
		fail_msg("%s: %s: %s", facts, e.where, e.what);
	uint8_t *codes = arena_calloc(a, p->task_count, 1);
	struct excluder *x = excluder_new(a, p, date);
	facts_read(&read, fact);
	exclude(x, &read, codes);
	return excluder_code(x, codes[t]);
}

/* 是否抽取、按哪一类抽取 */
static const struct {
	const char *law, *task, *facts, *code;
} situations[] = {
	/* 观察期：《优化营商环境条例》第五十五条；新设一年，一般事项，不涉安全 */
	{ "观察期内", "labour", "established=2025-08-01", "mode-observation" },
	{ "观察期满一年", "labour", "established=2025-02-20", "B" },
	{ "观察期差一日", "labour", "established=2025-02-21", "mode-observation" },
	{ "观察期：重点事项照抽", "food-making", "labels=food-making established=2025-08-01", "B" },
	{ "观察期：有线索的照抽", "labour", "established=2025-08-01 labels=clue", "B" },
	{ "成立日期不明不得免检", "labour", "established=", "B" },
	/* 宽容期：《市场主体登记管理条例》第三十条，至多三年 */
	{ "歇业宽容期", "labour", "status=suspended since=2025-05-01", "mode-tolerance" },
	{ "歇业满三年", "labour", "status=suspended since=2023-02-20", "B" },
	{ "歇业起日不明不得免检", "labour", "status=suspended", "B" },
	{ "歇业：有线索只作个案检查", "labour", "status=suspended since=2025-05-01 labels=clue",
		"mode-tolerance" },
	{ "歇业：安全事项也不抽", "catering", "labels=catering status=suspended since=2025-05-01",
		"mode-tolerance" },
	/* 无事不扰、自贸试验区触发式监管、信用沙盒 */
	{ "无事不扰", "labour", "class=A labels=undisturbed", "mode-undisturbed" },
	{ "无事不扰只限 A 类", "labour", "class=B labels=undisturbed", "B" },
	{ "自贸试验区低风险", "labour", "class=A labels=free-trade", "mode-free-trade" },
	{ "自贸试验区高风险照抽", "labour", "class=D labels=free-trade", "D" },
	{ "自贸试验区有线索照抽", "labour", "class=A labels=clue,free-trade", "A" },
	/* 重点监管对象：达到触发条件的开展现场监管，不因包容措施免检 */
	{ "重点监管对象：自贸试验区照抽", "labour", "class=A labels=focus,free-trade", "A" },
	{ "重点监管对象：无事不扰照抽", "labour", "class=A labels=focus,undisturbed", "A" },
	{ "重点监管对象：观察期照抽", "labour", "established=2025-08-01 labels=focus", "B" },
	{ "重点监管对象：沙盒照抽", "labour", "labels=focus,sandbox", "B" },
	{ "重点监管对象：歇业仍不抽", "labour", "status=suspended since=2025-05-01 labels=focus",
		"mode-tolerance" },
	{ "信用沙盒", "labour", "labels=sandbox", "mode-sandbox" },
	{ "严格监管领域不适用沙盒", "food-making", "labels=food-making,sandbox", "B" },
	/* 通用 + 专业：6 号文；未分类按 B 类 */
	{ "只看通用分类", "labour", "class=A classes=food-making=D", "A" },
	{ "通用、专业从严", "food-making", "class=A classes=food-making=C labels=food-making",
		"C" },
	{ "别的领域的专业分类不算", "food-making", "class=A classes=testing=D labels=food-making",
		"A" },
	{ "通用好、专业差，按矩阵", "environment", "class=A labels=manufacture", "A" },
	{ "未分类", "labour", "class=", "U" },
	/* 激励、联盟降低，异常、失信提高；严格监管的任务不得降低 */
	{ "激励清单", "labour", "labels=incentive", "B1" },
	{ "信用同盟", "labour", "class=A labels=alliance", "A1" },
	{ "列入经营异常名录", "labour", "labels=abnormal", "B2" },
	{ "严重违法失信", "labour", "class=D labels=serious", "D2" },
	{ "既在激励又在失信名单，从严", "labour", "labels=incentive,serious", "B2" },
	{ "严格监管领域不因激励降低", "food-making", "labels=food-making,incentive", "B" },
	{ "严格监管领域可以提高", "food-making", "labels=abnormal,food-making", "B2" },
	/* 不重复检查 */
	{ "本周期已检查", "labour", "checked=rsj-labour=2026-02-01", "checked" },
	{ "上一周期检查过的照抽", "labour", "checked=rsj-labour=2025-12-31", "B" },
	{ "别的事项检查过的照抽", "labour", "checked=scjg-food-sale=2026-02-01", "B" },
	/* 频次上限；非现场检查不是入企 */
	{ "低风险一个周期至多入企一次", "food-making",
		"class=A entered=2026-01-15/county/gaj/entry labels=food-making", "cap-low-risk" },
	{ "B 类不受此限", "food-making", "entered=2026-01-15/county/gaj/entry labels=food-making",
		"B" },
	{ "非现场不计入企", "food-making",
		"class=A entered=2026-01-15/county/gaj/remote labels=food-making", "A" },
	{ "预留的入企也计", "food-making", "class=A reserved=1 labels=food-making",
		"cap-low-risk" },
	{ "能非现场的不受入企上限", "report", "class=A entered=2026-01-15/county/gaj/entry", "A" },
	{ "重点监管对象须入企，上限照算", "report",
		"class=A entered=2026-01-15/county/gaj/entry labels=focus", "cap-low-risk" },
	{ "卫健每级每年二次", "catering",
		"entered=2026-01-10/county/wsjk/entry,2026-02-01/county/wsjk/entry labels=catering",
		"cap-health" },
	{ "卫健：同日两项是一次入企", "catering",
		"entered=2026-01-10/county/wsjk/entry labels=catering", "B" },
	{ "卫健：别的部门不计", "catering",
		"entered=2026-01-10/county/gaj/entry,2026-02-01/county/gaj/entry labels=catering",
		"B" },
	{ "卫健：市县两级四次", "catering",
		"entered=2026-01-05/city/wsjk/entry,2026-01-10/county/wsjk/entry,"
		"2026-01-20/city/wsjk/entry,2026-02-01/city/wsjk/entry labels=catering",
		"cap-health-total" },
	/* 检查对象范围和已注销的 */
	{ "不在专项库", "catering", "", "type" },
	{ "个体工商户不在劳动用工抽查", "labour", "kind=individual", "type" },
	{ "已注销", "labour", "status=cancelled", "closed" },
	{ "已迁出", "labour", "status=moved", "closed" },
	{ "已吊销", "labour", "status=revoked", "closed" },
};

static void test_situations(void **state)
{
	ARENA_AUTO a = arena_new();
	struct policy_file f;

	(void)state;
	parse(&f, a, read_template(a));
	for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
		struct bytes code = code_of(
			&f.policy, a, situations[i].task, situations[i].facts, "2026-02-20");
		if (!bytes_is(code, situations[i].code))
			fail_msg("%s: %.*s, wanted %s", situations[i].law, BYTES_ARG(code),
				situations[i].code);
	}
}

/* 抽查比例：信用好的低、差的高，标签调整，未分类按 B 类 */
static void test_ratios(void **state)
{
	static const struct {
		const char *law, *task, *stratum;
		uint32_t ppm;
	} rows[] = {
		{ "A 类合理降低", "labour", "A", 5000 },
		{ "B 类常规", "labour", "B", 10000 },
		{ "C 类适当提高", "labour", "C", 50000 },
		{ "D 类大幅提高", "labour", "D", 200000 },
		{ "未分类", "labour", "U", 10000 },
		{ "激励减半，但不免检", "labour", "A1", 2500 },
		{ "异常加倍", "labour", "B2", 20000 },
		{ "加倍不超过全部", "food-sale", "D2", 1000000 },
		{ "重点事项不设上限", "chemicals", "C", 1000000 },
	};
	ARENA_AUTO a = arena_new();
	struct policy_file f;

	(void)state;
	parse(&f, a, read_template(a));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum stratum s = STRATUM_OUT;
		const struct task *t =
			&f.policy.tasks[policy_task(&f.policy, bytes_of(rows[i].task))];
		assert_true(stratum_of(bytes_of(rows[i].stratum), &s));
		if (quota_ratio(&f.policy, t, s) != rows[i].ppm)
			fail_msg("%s: %u", rows[i].law, quota_ratio(&f.policy, t, s));
	}
}

/* What no policy may say, as an edit of the template. */
static void test_refusals(void **state)
{
	static const struct {
		const char *law, *from, *to;
		enum err_code code;
	} rows[] = {
		{ "比例随风险下降须有理由（6 号文）",
			"A = \"0.5%\"; B = \"1%\"; C = \"5%\"; D = \"20%\"; };\n\t\tclass",
			"A = \"2%\"; B = \"1%\"; C = \"5%\"; D = \"20%\"; };\n\t\tclass",
			ERR_NO_REASON },
		{ "某类比例为零须有理由（不免检）",
			"A = \"0.5%\"; B = \"1%\"; C = \"5%\"; D = \"20%\"; };\n\t\tclass",
			"A = \"0%\"; B = \"1%\"; C = \"5%\"; D = \"20%\"; };\n\t\tclass",
			ERR_NO_REASON },
		{ "对 A 类现场检查须有理由（54 号文：能非现场的不得入企）",
			"kinds = [\"enterprise\"];\n\t\tratio",
			"mode: { A = \"onsite\"; };\n\t\tratio", ERR_NO_REASON },
		{ "没有依据的事项不得抽查（54 号文）",
			"name = \"餐饮服务监督检查\";\n\t\tbasis = \"《中华人民共和国食品安全法》第一百一十条；《食品生产经营监督检查管理办法》\"",
			"name = \"餐饮服务监督检查\";\n\t\tbasis = \"\"", ERR_BASIS_MISSING },
		{ "依据写“无”的就是没有依据（54 号文）",
			"name = \"登记事项检查\";\n\t\tbasis = \"《中华人民共和国市场主体登记管理条例》\"",
			"name = \"登记事项检查\";\n\t\tbasis = \"无\"", ERR_BASIS_MISSING },
		{ "依据写横线的就是没有依据（54 号文）",
			"name = \"登记事项检查\";\n\t\tbasis = \"《中华人民共和国市场主体登记管理条例》\"",
			"name = \"登记事项检查\";\n\t\tbasis = \"—\"", ERR_BASIS_MISSING },
		{ "议事协调机构不得检查（54 号文）", "jyj: { name = \"教育局\"; };",
			"jyj: { name = \"教育局\"; inspects = false; };", ERR_NO_DEPARTMENT },
		{ "降低比例须有依据",
			"basis = \"国办发〔2015〕58号：合理确定抽查比例和频次；信用激励清单、信用同盟成员适当降低\"",
			"basis = \"\"", ERR_BASIS_MISSING },
		{ "同一标签不得既降低又提高", "labels = [\"alliance\", \"incentive\"]",
			"labels = [\"serious\"]", ERR_BAD_POLICY },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ARENA_AUTO a = arena_new();
		struct policy_file f;
		struct err e = { 0 };
		const char *text = read_template(a), *at = strstr(text, rows[i].from);
		if (at == NULL)
			fail_msg("%s: the template has no such text", rows[i].law);
		text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, rows[i].to,
			at + strlen(rows[i].from));
		if (policy_file_parse(&f, a, text, "p.conf", &e))
			fail_msg("%s: taken", rows[i].law);
		if (e.code != rows[i].code)
			fail_msg("%s: %s", rows[i].law, err_row(e.code)->name);
		assert_non_null(strstr(e.where, "p.conf:"));
	}
}

/* ---- the table of rules ---- */

static struct bytes cell_of(struct bytes *row)
{
	bool more;
	struct bytes cell = bytes_cut(row, '|', &more);

	while (cell.n > 0 && cell.p[0] == ' ')
		cell = (struct bytes){ cell.p + 1, cell.n - 1 };
	while (cell.n > 0 && cell.p[cell.n - 1] == ' ')
		cell.n--;
	return cell;
}

/* The canonical rows of a template: `path TAB value LF …`. */
static struct bytes rows_of(struct arena *a, const struct policy_file *policy, const char *name)
{
	const char *text = read_file(a, arena_printf(a, "etc/policy/%s", name));
	struct documents base, schemes;
	struct compose_rows rows;
	struct risk_file risk;
	struct err e = { 0 };
	struct buf b = buf_new(a, 1024);

	if (strcmp(name, "district.conf") == 0)
		return policy->rows;
	if (strcmp(name, "risk.conf") == 0) {
		assert_true(risk_file_parse(&risk, a, text, name, &e));
		return risk.rows;
	}
	assert_true(document_base(&base, a, read_template(a), "district.conf", "main", NULL, &e));
	assert_true(compose_split(base.at[0].rows, a, &rows, &e));
	if (!document_scheme(&schemes, a, text, name, "", &rows, &e))
		fail_msg("%s: %s: %s", name, e.where, e.what);
	for (size_t i = 0; i < schemes.n; i++)
		buf_bytes(&b, schemes.at[i].rows);
	return buf_view(&b);
}

/* Whether a path is there, or something below it. */
static bool has_path(struct bytes rows, struct bytes path)
{
	bool more = true;

	while (more && rows.n > 0) {
		struct bytes row = bytes_cut(&rows, '\n', &more);
		if (bytes_starts(row, path) && row.n > path.n &&
			(row.p[path.n] == '.' || row.p[path.n] == '\t'))
			return true;
	}
	return false;
}

/* Every setting that etc/policy/RULES.md names stands in its template (tests/rules.sh: the rest).
 */
static void test_settings(void **state)
{
	ARENA_AUTO a = arena_new();
	struct policy_file base;
	bool more = true;
	int rules = 0;

	(void)state;
	parse(&base, a, read_template(a));
	struct bytes text = bytes_of(read_file(a, "etc/policy/RULES.md"));
	while (more) {
		struct bytes row = bytes_cut(&text, '\n', &more);
		if (!bytes_starts(row, BYTES("| ")) || bytes_starts(row, BYTES("| 规则")))
			continue;
		cell_of(&row);
		struct bytes rule = cell_of(&row), law = cell_of(&row), setting = cell_of(&row);
		bool two;

		rules++;
		if (bytes_is(setting, "-"))
			continue; /* a rule of the program itself */
		struct bytes file = bytes_cut(&setting, ' ', &two);
		if (law.n == 0 || !two)
			fail_msg("%.*s: law | FILE PATH", BYTES_ARG(rule));
		if (!has_path(rows_of(a, &base, arena_strndup(a, file.p, file.n)), setting))
			fail_msg("%.*s: %.*s has no %.*s", BYTES_ARG(rule), BYTES_ARG(file),
				BYTES_ARG(setting));
	}
	assert_true(rules >= 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_situations),
		cmocka_unit_test(test_ratios),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
