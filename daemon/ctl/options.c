#include "daemon/ctl/options.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "daemon/roles.h"
#include "sampler/base/text.h"

/* A row: kind, name, member of struct options, what it takes, sentences. */
#define ROW(kind, name, brief, field, least, value, everywhere, zh, en) \
	{ \
		name, brief, kind, offsetof(struct options, field), least, value, everywhere, zh, \
			en \
	}
#define TEXT(name, field, value, zh, en) \
	ROW(OPTION_TEXT, name, NULL, field, 0, value, false, zh, en)
#define FLAG(name, field, zh, en) ROW(OPTION_FLAG, name, NULL, field, 0, "", false, zh, en)
#define LIST(name, field, value, zh, en) \
	ROW(OPTION_LIST, name, NULL, field, 0, value, false, zh, en)
#define NUMBER(name, field, least, value, zh, en) \
	ROW(OPTION_NUMBER, name, NULL, field, least, value, false, zh, en)

/* clang-format off */
const struct option option_table[] = {
	ROW(OPTION_TEXT, "profile", NULL, profile, 0, "NAME", true,
		"使用哪个凭据（默认 $DRAWD_PROFILE）", "the profile to use (default $DRAWD_PROFILE)"),
	ROW(OPTION_TEXT, "profiles", NULL, profiles, 0, "FILE", true,
		"凭据文件（默认 $DRAWD_PROFILES，再默认 ~/.config/drawd/profiles.conf）",
		"file of profiles (default $DRAWD_PROFILES, else ~/.config/drawd/profiles.conf)"),
	ROW(OPTION_TEXT, "socket", NULL, socket, 0, "PATH", true,
		"drawd 的 Unix 套接字，代替凭据中的地址（默认 $DRAWD_SOCKET）",
		"drawd's Unix socket, instead of the profile's address (default $DRAWD_SOCKET)"),
	ROW(OPTION_TEXT, "reason", NULL, reason, 0, "TEXT", true,
		"理由：写入提请和审计日志", "why: kept in the motion and in the audit log"),
	ROW(OPTION_FLAG, "json", NULL, json, 0, "", true, "按 JSON 输出", "print JSON"),
	ROW(OPTION_TEXT, "lang", NULL, lang, 0, "zh|en", true,
		"语言（默认依 LANG）", "language (default from LANG)"),
	ROW(OPTION_FLAG, "quiet", "q", quiet, 0, "", true,
		"不显示进度和说明", "no progress, no remarks"),
	ROW(OPTION_NUMBER, "timeout", NULL, timeout, 1, "SECONDS", true,
		"最长等待时间", "how long to wait for a step"),
	ROW(OPTION_FLAG, "help", "h", help, 0, "", true,
		"显示用法；放在命令之后只显示该命令的用法",
		"show this help, or the help of the verb it follows"),
	ROW(OPTION_FLAG, "version", NULL, version, 0, "", true, "显示版本", "show the version"),
	/* lists and files */
	ROW(OPTION_TEXT, "output", "o", output, 0, "FILE", false, "写入文件", "write to this file"),
	LIST("filter", filter, "NAME=VALUE", "只列符合的行，可重复；时间、数字、日期还有 NAME_from、NAME_to，时间写作 2026-03-31 或 2026-03-31T09:30（北京时间）",
		"only rows that match; may be repeated; times, numbers and days also as NAME_from, NAME_to; times like 2026-03-31 or 2026-03-31T09:30 (Beijing)"),
	TEXT("search", search, "TEXT", "名称中含有这些字的行，至少两个字", "rows whose name holds this, two characters at least"),
	TEXT("sort", sort, "[-]NAME", "按该列排序，- 为倒序", "sort by this column, - descending"),
	NUMBER("limit", limit, 1, "N", "至多多少行", "at most that many rows"),
	FLAG("all", all, "列出全部", "all rows"),
	TEXT("format", format, "csv|json|jsonl|xlsx", "输出格式", "form of the output"),
	/* imports and rounds */
	TEXT("kind", kind, "KIND", "种类", "which kind"),
	TEXT("source", source, "TEXT", "名录：数据来源，缺省为部门名称，同一来源的各次名录请用同一写法；方案的试算和模拟：尚未入库的方案文件", "of a list: where the data come from, else the department; write it alike for each list of a source; of a preview or simulation: a file of schemes that are not put yet"),
	TEXT("provider", provider, "TEXT", "提供人", "who handed the list over"),
	TEXT("labels", labels, "a,b", "给每一行加上的标签", "labels given to every row"),
	TEXT("sheet", sheet, "NAME|@N", "XLSX 的工作表：名称或序号", "sheet of an XLSX file: its name or number"),
	LIST("map", map, "HEADER=COLUMN", "文件中的列名当作哪一列读，空为不采用；可重复；确认后按来源记住",
		"what a header of the file is read as, nothing where it is empty; may be repeated; kept for the source once confirmed"),
	FLAG("full", full, "文件为该来源的全部：未列的视为缺失", "the file is all of its source: what it lacks is gone"),
	FLAG("dry-run", dry_run, "只检查，不收入", "check only, take nothing in"),
	FLAG("preview", preview, "停在预览，以后用 import confirm 确认", "stop at the preview; confirm it later by import confirm"),
	TEXT("register", in_register, "NAME", "哪个名录", "the register"),
	TEXT("fact", fact, "NAME", "名录的哪一项内容：名称或成员名（完整率按项统计）", "which fact of the register, by its name (completeness is of each fact)"),
	TEXT("at", at, "TIME", "该时刻所知的（北京时间 2026-03-31T09:30，或某日，该日终了）",
		"as it was known then (2026-03-31T09:30 in Beijing time, or a day: its end)"),
	TEXT("base", base, "CODE", "依据哪份方案基础（默认 main）", "the base that schemes stand on (default main)"),
	NUMBER("number", version_no, 1, "N", "第几版", "which version"),
	TEXT("day", day, "DATE", "日期（默认当日）：以哪一日冻结来试算；函件送达、答复之日", "the day (default today): of the freeze that is tried; on which a letter was sent or answered"),
	TEXT("policy", policy, "FILE", "方案文件", "policy file"),
	TEXT("against", against, "FILE", "与之并列的另一方案文件", "another policy file, to stand beside it"),
	LIST("scheme", schemes, "CODE", "生效的抽查方案，可重复；* 为全部", "a scheme in force; may be repeated; * for all"),
	NUMBER("seeds", seeds, 1, "N", "随机种子数（默认 200）", "number of seeds (default 200)"),
	FLAG("staff", staff, "也抽取执法检查人员：名额、空缺、各部门的工作量", "draw inspectors too: slots, open ones, workload by department"),
	TEXT("inspectors", inspectors, "DEPARTMENT±N,…", "人员增减，如 scjg+3,gaj-2；与现有人员并列", "another staffing, such as scjg+3,gaj-2; the present one stands beside it"),
	NUMBER("workload", workload, 1, "N", "每人在一轮中至多承担的名额", "most slots of one inspector in a round"),
	FLAG("backtest", backtest, "回测：方案会抽到多少既往检查的对象，发现问题的和未发现的", "backtest: how many past inspections, with and without findings, the draw would reach"),
	TEXT("past-from", past_from, "DATE", "回测期间的首日（默认末日的一年前）", "first day of the backtest's period (default a year before its last)"),
	TEXT("past-to", past_to, "DATE", "回测期间的末日（默认当日）", "last day of the backtest's period (default today)"),
	TEXT("pulses", pulses, "SOURCE:PULSE:TIME,…", "公共随机数的来源、期号、时间（北京时间 2026-03-31T21:15，或 UTC 秒）；来源见“公共随机数”",
		"beacon sources, pulses and times (Beijing time 2026-03-31T21:15, or UTC seconds); see BEACON SOURCES"),
	FLAG("demo", demo, "演示轮次", "a demo round"),
	NUMBER("delta", delta, 0, "SECONDS", "锁定须在最早公共随机数之前多少秒取得见证联署",
		"seconds by which the cosigned lock precedes the earliest pulse"),
	TEXT("draw-deadline", deadline, "TIME", "抽取期限：北京时间 2026-03-31T09:30，或某日（该日终了）",
		"latest time of the draw: 2026-03-31T09:30 in Beijing time, or a day (its end)"),
	TEXT("reveal-after", reveal_after, "DATE", "启封不早于此日", "no reveal before this day"),
	TEXT("results-due", results_due, "DATE", "结果公示不迟于此日",
		"results are public by this day"),
	TEXT("disclosure", disclosure, "audit|public", "公开程度", "how much is disclosed"),
	LIST("department", departments, "CODE", "部门", "a department"),
	NUMBER("place", place, 1, "N", "第几个公共随机数", "which of the pulses"),
	TEXT("value", value, "VALUE", "公共随机数的值", "the beacon value"),
	LIST("attestation", attestations, "FILE", "见证签名文件，可重复",
		"file with signature lines; may be repeated"),
	TEXT("level", level, "LEVEL", "级别", "level"),
	TEXT("cause", cause, "TOKEN", "作废原因的代码，写入记录", "a token for why, which the record tells"),
	TEXT("round", round, "ROUND", "抽取轮次", "the round"),
	/* motions */
	LIST("evidence", evidence, "SHA256", "依据材料的哈希，可重复",
		"hash of what supports it; may be repeated"),
	ROW(OPTION_FLAG, "yes", "y", yes, 0, "", false, "不再询问（供脚本使用）",
		"do not ask (for scripts)"),
	FLAG("wait", wait, "等到他人决定、事情办完", "wait until it is decided and done"),
	TEXT("quality-override", override, "TEXT", "数据正确率低于要求仍须冻结的理由，写入冻结记录并公开",
		"why to freeze though the lists are less correct than they must be; the freeze record tells it to everybody"),
	/* people */
	FLAG("keep-others", keep, "更改密码时保留该账号的其余登录和访问令牌",
		"keep the account's other sessions and tokens when the password is changed"),
	TEXT("account", account, "ACCOUNT", "账号", "the account"),
	TEXT("for", holder, "ACCOUNT", "令牌归哪个服务账号", "the service account that gets the token"),
	TEXT("name", name, "TEXT", "名称", "the name"),
	TEXT("person", person, "TEXT", "工号；服务账号为其负责人的工号",
		"staff number; of a service account that of whoever answers for it"),
	TEXT("name-en", name_en, "TEXT", "英文名称", "the name in English"),
	TEXT("short", short_name, "TEXT", "简称", "the short name"),
	TEXT("system", system, "TOKEN", "所属系统，如 market", "the system it belongs to, such as market"),
	TEXT("region", region, "CODE", "行政区划代码", "code of its region"),
	TEXT("inspects", inspects, "yes|no", "是否具备行政检查主体资格", "is it entitled to inspect?"),
	TEXT("active", active, "yes|no", "是否在用", "is it in use?"),
	TEXT("language", language, "zh|en", "该账号的语言", "language of the account"),
	TEXT("inspector", inspector, "ID", "执法检查人员编号", "id of the inspector"),
	TEXT("os-user", os_user, "USER", "本机用户名", "user name on this machine"),
	TEXT("sso-name", sso_name, "NAME", "单点登录名", "name at the trusted proxy"),
	TEXT("from", from, "DATE", "自此日起", "from this day on"),
	TEXT("to", to, "DATE", "至此日止", "up to this day"),
	TEXT("ground", ground, "TEXT", "回避事由", "ground of the recusal"),
	TEXT("action", action, "begin|end", "回避或终止回避（默认 begin）",
		"a recusal or its end (default begin)"),
	TEXT("since", since, "DATE", "自此日起回避", "recused since this day"),
	TEXT("until", until, "DATE", "到此日为止", "until this day"),
	TEXT("document", document, "TEXT", "文号：计划的发文文号，备案编号", "number of a document: of the programme, of its filing"),
	TEXT("recipient", recipient, "TEXT", "报备机关", "with whom it was filed"),
	TEXT("opinion", opinion, "TEXT", "法制审核或同意的意见", "opinion of a review or approval"),
	FLAG("objected", objected, "法制审核有异议", "the review objects"),
	TEXT("withdraw", withdraw, "CODE", "取消这项任务", "take this task out"),
	FLAG("rebase", rebase, "改以现行的方案基础为准", "stand on the base in force from now on"),
	TEXT("task", task, "CODE", "所涉任务的代码", "code of the task it is about"),
	TEXT("way", way, "WAY", "方式：函件如何送达，检查如何进行", "how: a letter was sent, an inspection is made"),
	TEXT("receipt", receipt, "TEXT", "回执：单号、签收人等", "receipt: number of the mail, who took it"),
	TEXT("answer", answer, "TEXT", "答复内容", "what was answered"),
	TEXT("matter", matter, "TEXT", "缓冲期内应改正的事项", "what is to be cured in the buffer"),
	TEXT("basis", basis, "TEXT", "依据", "its basis"),
	TEXT("outcome", outcome, "WORD", "结果", "what became of it"),
	TEXT("url", url, "URL", "经代理访问的地址", "address behind a proxy"),
	TEXT("ca", ca, "FILE", "该地址的根证书", "root certificate of that address"),
	NUMBER("days", days, 1, "N", "有效天数", "for how many days"),
	TEXT("scopes", scopes, "a:read,b:write",
		"令牌范围：* 为全部，否则为 NAME:read、NAME:write，逗号相连；NAME 有 " SCOPE_WORDS,
		"scopes of the token: * for all, else NAME:read and NAME:write with commas; NAME is one of " SCOPE_WORDS),
	TEXT("entity", entity, "CODE", "经营主体：统一社会信用代码，或 R 加注册号", "the entity: USCC, or R and registration number"),
	TEXT("object", object, "CODE", "其检查对象（场所）编号", "which of its premises"),
	TEXT("received", received, "DATE", "收到日期（默认当日）", "day of receipt (default today)"),
	TEXT("caller", caller, "FILE", "写有来人姓名和联系方式的文件，封存", "file that says who said it and how he is reached; it is sealed"),
	TEXT("items", items, "a,b", "检查事项编号", "items of the department's list"),
	TEXT("date", date, "DATE", "检查日期", "day of the inspection"),
	TEXT("officers", officers, "A,B", "执法检查人员编号，两人以上", "inspectors, two or more"),
	TEXT("result", result, "WORD", "检查结果", "what the inspection found"),
	NUMBER("year", year, 1, "YEAR", "年度（默认本年）", "year (default the present one)"),
	/* keys, the log, the API */
	TEXT("key", key, "FILE", "签名密钥文件", "file of the signing key"),
	TEXT("type", type, "signer|witness", "密钥类型", "type of the new key"),
	TEXT("trust", trust, "FILE", "信任策略文件", "file of the trust policy"),
	ROW(OPTION_TEXT, "data", "d", data, 0, "JSON|@FILE", false, "请求内容", "body of the request"),
	TEXT("if-match", match, "ETAG", "所依据的版本", "the state that was looked at"),
	TEXT("idempotency-key", once, "KEY", "防重键（默认每次命令新取）",
		"idempotency key (default a new one for each command)"),
	TEXT("last-event-id", last, "ID", "从该事件之后继续", "go on after this event"),
	{ 0 },
};
/* clang-format on */

static void *slot(struct options *o, const struct option *option)
{
	return (char *)o + option->offset;
}

bool option_given(const struct options *o, const struct option *option)
{
	const char *at = (const char *)o + option->offset;
	if (option->kind == OPTION_FLAG)
		return *(const bool *)at;
	if (option->kind == OPTION_LIST)
		return ((const struct texts *)at)->n > 0;
	return *(const char *const *)at != NULL;
}

static const struct option *find(const char *name, size_t n)
{
	for (const struct option *o = option_table; o->name != NULL; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

const char *option_text(const struct options *o, const char *name)
{
	const struct option *option = find(name, strlen(name));
	assert(option != NULL && option->kind != OPTION_FLAG);
	const char *at = (const char *)o + option->offset;
	if (option->kind == OPTION_LIST)
		return option_given(o, option) ? ((const struct texts *)at)->text[0] : NULL;
	return *(const char *const *)at;
}

/* "--kind", "--kind=x" or "-o"; *joined gets what stands behind the `=`. */
static const struct option *option_of(const char *word, const char **joined)
{
	size_t n = strcspn(word, "=");
	*joined = NULL;
	if (strncmp(word, "--", 2) == 0) {
		*joined = word[n] == '=' ? word + n + 1 : NULL;
		return n > 2 ? find(word + 2, n - 2) : NULL;
	}
	for (const struct option *o = option_table; o->name != NULL; o++)
		if (o->brief != NULL && strcmp(o->brief, word + 1) == 0)
			return o;
	return NULL;
}

bool one_of(const char *all, size_t n, const char *value)
{
	size_t length = strlen(value);
	const char *end = all + n;
	for (const char *p = all; p < end; p++) {
		const char *from = p;
		while (p < end && *p != '|' && *p != ',')
			p++;
		if ((size_t)(p - from) == length && memcmp(from, value, length) == 0)
			return length > 0;
	}
	return false;
}

static bool check_value(const struct option *o, const char *value, struct err *e)
{
	uint64_t v;
	if (o->kind == OPTION_NUMBER && (!text_u64(bytes_of(value), INT64_MAX, &v) || v < o->least))
		return err_set(e, ERR_USAGE, "--%s \"%s\": ≥ %zu", o->name, value, o->least);
	if (strchr(o->value, '|') != NULL && strchr(o->value, '@') == NULL &&
		!one_of(o->value, strlen(o->value), value))
		return err_set(e, ERR_USAGE, "--%s \"%s\": %s", o->name, value, o->value);
	return true;
}

static bool set_value(struct options *to, const struct option *o, const char *value, struct err *e)
{
	if (o->kind == OPTION_FLAG) {
		*(bool *)slot(to, o) = true;
		return true;
	}
	if (!check_value(o, value, e))
		return false;
	if (o->kind != OPTION_LIST) {
		*(const char **)slot(to, o) = value;
		return true;
	}
	struct texts *list = slot(to, o);
	if (list->n == CTL_LIST)
		return err_set(e, ERR_USAGE, "--%s: ≤ %d", o->name, CTL_LIST);
	list->text[list->n++] = value;
	return true;
}

static bool keep_word(struct options *to, const char *word, struct err *e)
{
	if (to->args == CTL_ARGS)
		return err_set(e, ERR_USAGE, "%s", word);
	to->arg[to->args++] = word;
	return true;
}

bool options_read(struct options *to, int argc, char **argv, struct err *e)
{
	bool over = false;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i], *value;
		if (!over && strcmp(word, "--") == 0) {
			over = true;
			continue;
		}
		if (over || word[0] != '-' || word[1] == '\0') {
			if (!keep_word(to, word, e))
				return false;
			continue;
		}
		const struct option *o = option_of(word, &value);
		bool valued = o != NULL && o->kind != OPTION_FLAG;
		if (o == NULL || (value != NULL && !valued) ||
			(valued && value == NULL && i + 1 >= argc))
			return err_set(e, ERR_USAGE, "%s", word);
		if (valued && value == NULL)
			value = argv[++i];
		if (!set_value(to, o, value, e))
			return false;
	}
	return true;
}

bool verb_option_next(const char **list, struct verb_option *out)
{
	const char *p = *list + strspn(*list, " ");
	if (*p == '\0')
		return false;
	out->asked = *p == '?';
	out->needed = *p == '!' || out->asked;
	p += out->needed;
	size_t word = strcspn(p, " "), name = strcspn(p, "= ");
	out->option = find(p, name);
	assert(out->option != NULL);
	out->values = name < word ? p + name + 1 : "";
	out->values_n = name < word ? word - name - 1 : 0;
	*list = p + word;
	return true;
}

static bool check_one(const struct options *o, const struct verb_option *v, struct err *e)
{
	const char *const *text = (const void *)((const char *)o + v->option->offset);
	bool given = option_given(o, v->option);
	if (!given)
		return !v->needed || (v->asked && isatty(STDIN_FILENO) == 1) ||
		       err_set(e, ERR_OPTION_NEEDED, "--%s %.*s", v->option->name,
			       v->values_n > 0 ? (int)v->values_n : (int)strlen(v->option->value),
			       v->values_n > 0 ? v->values : v->option->value);
	if (v->values_n == 0 || v->option->kind != OPTION_TEXT ||
		one_of(v->values, v->values_n, *text))
		return true;
	return err_set(e, ERR_USAGE, "--%s \"%s\": %.*s", v->option->name, *text, (int)v->values_n,
		v->values);
}

/* Does the list name the option? */
static bool takes(const char *list, const struct option *option)
{
	struct verb_option v;
	while (verb_option_next(&list, &v))
		if (v.option == option)
			return true;
	return false;
}

bool options_check(const struct options *o, const char *list, struct err *e)
{
	const char *rest = list;
	struct verb_option v;
	for (const struct option *p = option_table; p->name != NULL; p++)
		if (!p->everywhere && option_given(o, p) && !takes(list, p))
			return err_set(e, ERR_USAGE, "--%s", p->name);
	while (verb_option_next(&rest, &v))
		if (!check_one(o, &v, e))
			return false;
	return true;
}
