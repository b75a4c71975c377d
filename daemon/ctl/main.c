/* drawctl: options, the table of verbs, help. */
#include <curl/curl.h>
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl/ctl.h"
#include "sampler/base/text.h"

/* ---- options ------------------------------------------------------------------------------ */

/* the first rows, which every verb takes */
enum { OPTIONS_EVERYWHERE = 7 };
enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_LIST, OPTION_NUMBER };

static const struct option {
	const char *name, *brief;
	enum option_kind kind;
	size_t offset, count; /* in struct options; of a number: the least it may be */
	const char *value; /* what it takes, for the help; with | the only ones it takes */
	const char *zh, *en;
} options[] = {
#define TEXT(name, brief, field, value, zh, en) \
	{ \
		name, brief, OPTION_TEXT, offsetof(struct options, field), 0, value, zh, en \
	}
#define NUMBER(name, field, least, value, zh, en) \
	{ \
		name, NULL, OPTION_NUMBER, offsetof(struct options, field), least, value, zh, en \
	}
#define FLAG(name, brief, field, zh, en) \
	{ \
		name, brief, OPTION_FLAG, offsetof(struct options, field), 0, "", zh, en \
	}
#define LIST(name, field, value, zh, en) \
	{ \
		name, NULL, OPTION_LIST, offsetof(struct options, field), \
			offsetof(struct options, field##_n), value, zh, en \
	}
	TEXT("--socket", NULL, socket, "PATH", "drawd 的 Unix 套接字（默认 $DRAWD_SOCKET）",
		"drawd's Unix socket (default $DRAWD_SOCKET)"),
	FLAG("--json", NULL, json, "按 JSON 输出", "print JSON"),
	TEXT("--lang", NULL, lang, "zh|en", "语言（默认依 LANG）", "language (default from LANG)"),
	FLAG("--quiet", "-q", quiet, "不显示进度", "no progress, no remarks"),
	NUMBER("--wait", wait, 1, "SECONDS", "最长等待时间", "how long to wait for a step"),
	FLAG("--help", "-h", help, "显示用法", "show this help"),
	FLAG("--version", NULL, version, "显示版本", "show the version"),
	TEXT("--output", "-o", output, "FILE", "写入文件", "write to this file"),
	TEXT("--kind", NULL, kind, "entities|inspectors|recusals", "检查对象、执法检查人员或回避",
		"objects, inspectors or recusals"),
	TEXT("--source", NULL, source, "TEXT", "数据来源部门", "where the data come from"),
	TEXT("--person", NULL, person, "TEXT", "数据责任人", "who answers for them"),
	TEXT("--labels", NULL, labels, "a,b", "给每一行加上的标签", "labels given to every row"),
	TEXT("--pulses", NULL, pulses, "SOURCE:PULSE:TIME,…",
		"公共随机数的来源、期号、时间（UTC 秒）",
		"beacon sources, pulses and times (UTC seconds)"),
	FLAG("--demo", NULL, demo, "演示轮次", "a demo round"),
	NUMBER("--delta", delta, 0, "SECONDS", "锁定须早于首个公共随机数的秒数",
		"how long before the first pulse the lock must stand"),
	NUMBER("--draw-deadline", deadline, 1, "TIME", "抽取期限（UTC 秒）",
		"latest time of the draw (UTC seconds)"),
	TEXT("--reveal-after", NULL, reveal_after, "DATE", "启封不早于此日",
		"no reveal before this day"),
	TEXT("--results-due", NULL, results_due, "DATE", "结果公示不迟于此日",
		"results are public by this day"),
	TEXT("--disclosure", NULL, disclosure, "audit|public", "公开程度", "how much is disclosed"),
	LIST("--department", departments, "CODE", "批准的部门，可重复",
		"department that approves; may be repeated"),
	TEXT("--account", NULL, account, "TOKEN", "批准人账号",
		"account of the person who approves"),
	NUMBER("--place", place, 1, "N", "第几个公共随机数", "which of the pulses"),
	TEXT("--value", NULL, value, "VALUE", "公共随机数的值", "the beacon value"),
	LIST("--attestation", attestations, "FILE", "见证签名文件，可重复",
		"file with signature lines; may be repeated"),
	TEXT("--level", NULL, level, "audit|public", "复核包的级别", "level of the bundle"),
	NUMBER("--limit", limit, 1, "N", "至多多少行", "at most that many rows"),
	TEXT("--key", NULL, key, "FILE", "签名密钥文件", "file of the signing key"),
	TEXT("--type", NULL, type, "signer|witness", "密钥类型", "type of the new key"),
#undef TEXT
#undef NUMBER
#undef FLAG
#undef LIST
	{ 0 },
};

/* ---- verbs -------------------------------------------------------------------------------- */

static const struct verb {
	const char *words, *args;
	size_t least, most; /* words behind the verb */
	verb_fn *run;
	const char *zh, *en;
} verbs[] = {
	{ "import", "FILE --kind KIND [--source TEXT] [--person TEXT] [--labels a,b]", 1, 1,
		ctl_import, "导入名录文件", "import a list" },
	{ "imports list", "[--limit N]", 0, 0, ctl_imports_list, "列出导入批次",
		"list import batches" },
	{ "imports show", "BATCH", 1, 1, ctl_imports_show, "查看一个批次", "show a batch" },
	{ "imports errors", "BATCH [--limit N]", 1, 1, ctl_imports_errors, "列出错误行",
		"list row errors" },
	{ "imports file", "BATCH [-o FILE]", 1, 1, ctl_imports_file, "取回附错误说明的原始行",
		"have the wrong rows back with what is wrong" },
	{ "round create",
		"POLICY --pulses … [--demo] [--delta SECONDS] [--draw-deadline TIME] "
		"[--reveal-after DATE] [--results-due DATE] [--disclosure LEVEL]",
		1, 1, ctl_round_create, "由方案新建轮次", "make a round from a policy file" },
	{ "round list", "", 0, 0, ctl_round_list, "列出轮次", "list rounds" },
	{ "round show", "ROUND", 1, 1, ctl_round_show, "查看轮次", "show a round" },
	{ "round approve", "ROUND --department CODE [--account TOKEN]", 1, 1, ctl_round_approve,
		"部门批准", "a department approves" },
	{ "round freeze", "ROUND", 1, 1, ctl_round_freeze, "冻结抽取库", "freeze the frame" },
	{ "round lock", "ROUND", 1, 1, ctl_round_lock, "锁定秘密", "lock the secret" },
	{ "round beacon-text", "ROUND --value VALUE [--place N]", 1, 1, ctl_round_beacon_text,
		"打印供见证人签名的文本", "print the text that attesters sign" },
	{ "round beacon", "ROUND --value VALUE --attestation FILE [--place N]", 1, 1,
		ctl_round_beacon, "录入公共随机数", "enter a beacon value" },
	{ "round draw", "ROUND", 1, 1, ctl_round_draw, "抽取", "draw" },
	{ "round visits", "ROUND [--limit N]", 1, 1, ctl_round_visits, "列出入企检查",
		"list visits" },
	{ "round reveal", "ROUND", 1, 1, ctl_round_reveal, "启封", "reveal the seed" },
	{ "round bundle", "ROUND [--level LEVEL] [-o FILE]", 1, 1, ctl_round_bundle, "制作复核包",
		"make the bundle" },
	{ "log checkpoint", "", 0, 0, ctl_log_checkpoint, "打印日志检查点",
		"print the log's checkpoint" },
	{ "log vkey", "", 0, 0, ctl_log_vkey, "打印日志验证密钥", "print the log's verifier key" },
	{ "artefact", "SHA256 [-o FILE]", 1, 1, ctl_artefact, "下载工件", "fetch an artefact" },
	{ "attest", "[FILE] --key FILE", 0, 1, ctl_attest, "为文本签名，打印签名行",
		"sign a text, print the signature line" },
	{ "key new", "NAME -o FILE [--type TYPE]", 1, 1, ctl_key_new, "生成密钥文件，打印验证密钥",
		"make a key file, print the verifier key" },
	{ "key show", "FILE", 1, 1, ctl_key_show, "打印验证密钥", "print the verifier key" },
	{ "job", "ID", 1, 1, ctl_job, "查看作业", "show a job" },
	{ "routes", "", 0, 0, ctl_routes, "列出接口", "list the API" },
	{ "health", "", 0, 0, ctl_health, "检查 drawd 是否正常", "is drawd ready?" },
	{ 0 },
};

/* ---- command line ------------------------------------------------------------------------- */

static void *option_slot(struct options *o, size_t offset)
{
	return (char *)o + offset;
}

static const struct option *find_option(const char *word, size_t n)
{
	for (const struct option *o = options; o->name != NULL; o++)
		if ((strlen(o->name) == n && memcmp(o->name, word, n) == 0) ||
			(o->brief != NULL && strlen(o->brief) == n &&
				memcmp(o->brief, word, n) == 0))
			return o;
	return NULL;
}

/* Is it one of a|b|c, whole? */
static bool one_of(const char *all, const char *value)
{
	size_t n = strlen(value);
	for (const char *p = all; p != NULL; p = strchr(p, '|')) {
		p += *p == '|';
		if (strncmp(p, value, n) == 0 && (p[n] == '\0' || p[n] == '|'))
			return n > 0;
	}
	return false;
}

static bool check_option(const struct option *o, const char *value, struct err *e)
{
	uint64_t v;
	if (o->kind == OPTION_NUMBER && (!text_u64(bytes_of(value), INT64_MAX, &v) || v < o->count))
		return err_set(e, ERR_USAGE, "%s \"%s\": ≥ %zu", o->name, value, o->count);
	if (strchr(o->value, '|') != NULL && !one_of(o->value, value))
		return err_set(e, ERR_USAGE, "%s \"%s\": %s", o->name, value, o->value);
	return true;
}

static bool set_option(struct options *to, const struct option *o, const char *value)
{
	const char **text = option_slot(to, o->offset);
	if (o->kind == OPTION_FLAG) {
		*(bool *)option_slot(to, o->offset) = true;
		return true;
	}
	if (o->kind != OPTION_LIST) {
		*text = value;
		return true;
	}
	size_t *n = option_slot(to, o->count);
	if (*n == CTL_LIST)
		return false;
	text[(*n)++] = value;
	return true;
}

/* `--name value`, `--name=value`, `-o value`; `--` ends the options. */
static bool read_line(struct options *to, int argc, char **argv, struct err *e)
{
	bool over = false;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (!over && strcmp(word, "--") == 0) {
			over = true;
			continue;
		}
		if (over || word[0] != '-' || word[1] == '\0') {
			if (to->args == CTL_ARGS)
				return err_set(e, ERR_USAGE, "%s", word);
			to->arg[to->args++] = word;
			continue;
		}
		size_t n = strncmp(word, "--", 2) == 0 ? strcspn(word, "=") : strlen(word);
		const struct option *o = find_option(word, n);
		bool joined = word[n] == '=', takes = o != NULL && o->kind != OPTION_FLAG;
		if (o == NULL || (joined && !takes) || (takes && !joined && i + 1 >= argc))
			return err_set(e, ERR_USAGE, "%s", word);
		const char *value = joined ? word + n + 1 : takes ? argv[++i] : NULL;
		if (takes && !check_option(o, value, e))
			return false;
		if (!set_option(to, o, value))
			return err_set(e, ERR_USAGE, "%s", word);
	}
	return true;
}

/* Does the command line begin with these words? How many they are, else 0. */
static size_t begins(const struct options *o, const char *words)
{
	size_t i = 0;
	while (*words != '\0') {
		size_t n = strcspn(words, " ");
		if (i >= o->args || strlen(o->arg[i]) != n || memcmp(o->arg[i], words, n) != 0)
			return 0;
		i++;
		words += n + (words[n] == ' ');
	}
	return i;
}

static const struct verb *find_verb(struct options *o)
{
	for (const struct verb *v = verbs; v->run != NULL; v++) {
		size_t n = begins(o, v->words);
		if (n == 0)
			continue;
		memmove(o->arg, o->arg + n, (o->args - n) * sizeof *o->arg);
		o->args -= n;
		return v;
	}
	return NULL;
}

/* Chinese unless somebody says otherwise. */
static enum err_lang language(const struct options *o)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	if (o->lang != NULL)
		return strcmp(o->lang, "en") == 0 ? LANG_EN : LANG_ZH;
	for (size_t i = 0; i < 3; i++) {
		const char *v = getenv(names[i]);
		if (v != NULL && v[0] != '\0')
			return strncmp(v, "en", 2) == 0 ? LANG_EN : LANG_ZH;
	}
	return LANG_ZH;
}

/* Does the verb begin with the words of the command line, or they with it? */
static bool asked_for(const struct options *o, const struct verb *v)
{
	const char *words = v->words;
	for (size_t i = 0; i < o->args && *words != '\0'; i++) {
		size_t n = strcspn(words, " ");
		if (strlen(o->arg[i]) != n || memcmp(o->arg[i], words, n) != 0)
			return false;
		words += n + (words[n] == ' ');
	}
	return true;
}

static bool takes_option(const struct verb *v, const struct option *o)
{
	size_t n = strlen(o->name);
	for (const char *p = v->args; (p = strstr(p, o->name)) != NULL; p += n)
		if (p[n] == '\0' || p[n] == ' ' || p[n] == ']')
			return true;
	return o->brief != NULL && strstr(v->args, o->brief) != NULL;
}

static void print_option(struct ctl *c, const struct option *o, FILE *out)
{
	fprintf(out, "  %s%s%s %s\n        %s\n", o->name, o->brief != NULL ? ", " : "",
		o->brief != NULL ? o->brief : "", o->value, TR(c, o->zh, o->en));
}

/* All of it, or what the words of the command line are about. */
static void print_help(struct ctl *c, FILE *out)
{
	bool wanted[sizeof options / sizeof *options] = { false }, some = false;
	for (const struct verb *v = verbs; v->run != NULL; v++)
		some = some || (c->o.args > 0 && asked_for(&c->o, v));
	fputs(TR(c, "用法：drawctl 命令 [参数] [选项]\n\n命令：\n",
		      "usage: drawctl VERB [ARGUMENT] [OPTION]\n\nverbs:\n"),
		out);
	for (const struct verb *v = verbs; v->run != NULL; v++) {
		if (some && !asked_for(&c->o, v))
			continue;
		fprintf(out, "  %s %s\n        %s\n", v->words, v->args, TR(c, v->zh, v->en));
		for (size_t i = 0; options[i].name != NULL; i++)
			wanted[i] = wanted[i] || takes_option(v, &options[i]);
	}
	fputs(TR(c, "\n选项：\n", "\noptions:\n"), out);
	for (size_t i = 0; options[i].name != NULL; i++)
		if (!some || wanted[i] || i < OPTIONS_EVERYWHERE)
			print_option(c, &options[i], out);
	fputs(TR(c, "\n退出码：0 成功，1 被拒绝或失败，2 用法有误，3 无法连接\n",
		      "\nexit codes: 0 done, 1 refused or failed, 2 usage, 3 not reached\n"),
		out);
}

static int refuse_usage(struct ctl *c, const char *what)
{
	struct err e = { 0 };
	err_set(&e, ERR_USAGE, "%s", what);
	return tell_error(c, &e);
}

static const char *default_socket(void)
{
	const char *named = getenv("DRAWD_SOCKET");
	return named != NULL && named[0] != '\0' ? named : "/var/lib/drawd/run/web.sock";
}

static int run(struct ctl *c)
{
	if (c->o.help) {
		print_help(c, stdout);
		return CTL_OK;
	}
	if (c->o.version) {
		puts("drawctl " DRAWD_VERSION);
		return CTL_OK;
	}
	if (c->o.args == 0) {
		print_help(c, stderr);
		return CTL_USAGE;
	}
	const char *first = c->o.arg[0];
	const struct verb *v = find_verb(&c->o);
	if (v == NULL)
		return refuse_usage(c, first);
	if (c->o.args < v->least || c->o.args > v->most)
		return refuse_usage(c, arena_printf(c->arena, "drawctl %s %s", v->words, v->args));
	for (size_t i = 0; i < c->o.args; i++)
		if (c->o.arg[i][0] == '\0')
			return refuse_usage(c, v->args);
	return v->run(c);
}

int main(int argc, char **argv)
{
	struct ctl c = { .arena = arena_new() };
	struct err e = { 0 };
	int code;
	setlocale(LC_CTYPE, "");
	c.o.socket = default_socket();
	bool ok = read_line(&c.o, argc, argv, &e);
	c.lang = language(&c.o);
	if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return CTL_REFUSED;
	code = ok ? run(&c) : tell_error(&c, &e);
	if (fflush(stdout) != 0 && code == CTL_OK)
		code = CTL_REFUSED;
	client_free(c.client);
	curl_global_cleanup();
	arena_free(c.arena);
	return code;
}
