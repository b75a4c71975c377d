#include "daemon/replay/replay.h"

#include <stdio.h>
#include <string.h>

#define ON(id) (1u << (id))

const struct check replay_checks[CHECKS] = {
	[V1_BUNDLE] = { "bundle", "复核包逐字节合规，清单无误", "archive canonical, MANIFEST right",
		"12", 0, false, false, check_bundle },
	[V2_LOG] = { "log", "日志条目完整，各检查点的树根可重算", "entries whole, roots recomputed",
		"2–4", ON(V1_BUNDLE), false, false, check_log },
	[V3_CHECKPOINTS] = { "checkpoints", "检查点由日志密钥签名并经见证",
		"signed by the log, cosigned", "4, 13", ON(V2_LOG), true, false,
		check_checkpoints },
	[V4_SIGNERS] = { "signers", "本轮次的记录均由规定的签名人签名",
		"records signed by whom they must", "3, 13", ON(V2_LOG), true, false,
		check_signers },
	[V5_ROUND] = { "round", "本轮次的记录齐全、有序、首尾相连", "records in order and linked",
		"3, 7", ON(V2_LOG), false, false, check_round },
	[V6_LOCK] = { "lock", "锁定在公共随机数产生之前已经见证",
		"lock witnessed before the beacon", "7.2, 7.5", ON(V3_CHECKPOINTS) | ON(V5_ROUND),
		true, false, check_lock },
	[V7_ARTEFACTS] = { "artefacts", "各存档文件与记录中的哈希一致",
		"artefacts have the recorded hashes", "5", ON(V5_ROUND), false, true,
		check_artefacts },
	[V8_POLICY] = { "policy", "抽查方案完整、合法", "policy complete and lawful", "6.1",
		ON(V7_ARTEFACTS), false, true, check_policy },
	[V9_FRAME] = { "frame", "抽取库格式正确，总表与树根一致",
		"frame well-formed, universe and root", "5", ON(V8_POLICY), false, true,
		check_frame },
	[V10_EXCLUSIONS] = { "exclusions", "每一项排除和分层均由事实推出",
		"codes follow from the facts", "6.2", ON(V9_FRAME), false, true, check_exclusions },
	[V11_STRATA] = { "strata", "分层、名额与排除台账相符并合计无误", "strata and ledger add up",
		"6.2, 6.3", ON(V9_FRAME), false, true, check_strata },
	[V12_SEED] = { "seed", "承诺、公共随机数、种子文本与启封一致",
		"commitment, beacon, seed, reveal agree", "6.4, 7", ON(V5_ROUND), false, true,
		check_seed },
	[V13_TICKETS] = { "tickets", "抽签号的树根可重算", "ticket root recomputed", "8",
		ON(V11_STRATA) | ON(V12_SEED), false, true, check_tickets },
	[V14_SELECTION] = { "selection", "入选对象即各层抽签号最小者",
		"smallest tickets of every stratum", "8", ON(V11_STRATA) | ON(V12_SEED), false,
		true, check_selection },
	[V15_VISITS] = { "visits", "入企检查的合并可重算", "merging recomputed", "9",
		ON(V14_SELECTION) | ON(V7_ARTEFACTS), false, true, check_visits },
	[V16_INSPECTORS] = { "inspectors", "执法检查人员的抽取可重算",
		"inspectors redrawn by rule SHP", "10", ON(V15_VISITS), false, true,
		check_inspectors },
	[V17_SCHEDULE] = { "schedule", "日程可重算", "calendar recomputed", "10, 11",
		ON(V16_INSPECTORS), false, true, check_schedule },
	[V18_BLINDS] = { "blinds", "抽取后的存档文件带有规定的盲值", "blinds derive from the seed",
		"5", ON(V7_ARTEFACTS) | ON(V12_SEED), false, true, check_blinds },
	[V19_RESULTS] = { "results", "检查结果的登记情况", "results entered", "3", ON(V5_ROUND),
		false, false, check_results },
	[V20_CHANGES] = { "changes", "抽取后的变更可重算", "changes after the draw replayed",
		"11.1", ON(V17_SCHEDULE) | ON(V19_RESULTS), false, true, check_changes },
};

/* The reason why a check cannot run, SKIP_NONE if it can. */
static enum skip_reason obstacle(
	const struct check *c, const struct replay *r, const struct outcome *out)
{
	for (unsigned i = 0; i < CHECKS; i++)
		if ((c->base & ON(i)) && out[i].verdict == CHECK_FAIL)
			return SKIP_BASE;
	if (c->trust && r->trust == NULL)
		return SKIP_TRUST;
	for (unsigned i = 0; i < CHECKS; i++)
		if ((c->base & ON(i)) && out[i].verdict == CHECK_SKIP)
			return out[i].skip == SKIP_BASE ? SKIP_BASE : out[i].skip;
	if (c->audit && r->bundle.level == LEVEL_PUBLIC)
		return SKIP_LEVEL;
	return SKIP_NONE;
}

void replay_run(struct replay *r, struct arena *a, struct bytes all, const struct trust *trust,
	struct outcome out[CHECKS])
{
	memset(r, 0, sizeof *r);
	memset(out, 0, CHECKS * sizeof *out);
	r->arena = a;
	r->all = all;
	r->trust = trust;
	for (unsigned i = 0; i < CHECKS; i++) {
		const struct check *c = &replay_checks[i];
		struct outcome *o = &out[i];
		o->skip = obstacle(c, r, out);
		if (o->skip != SKIP_NONE)
			o->verdict = CHECK_SKIP;
		else
			o->verdict = c->run(r, o->note, sizeof o->note, &o->err) ? CHECK_PASS
										 : CHECK_FAIL;
	}
}

int replay_exit(const struct outcome out[CHECKS], enum bundle_level level)
{
	int code = 0;
	for (unsigned i = 0; i < CHECKS; i++) {
		if (out[i].verdict == CHECK_FAIL)
			return 1;
		bool excused = out[i].skip == SKIP_LEVEL && level == LEVEL_PUBLIC;
		if (out[i].verdict == CHECK_SKIP && !excused)
			code = 3;
	}
	return code;
}

bool replay_has_department(const struct replay *r, struct bytes department)
{
	struct bytes rest = record_get(&r->freeze->record, "departments"), code;
	while (type_next_member(&rest, &code))
		if (bytes_equal(code, department))
			return true;
	return false;
}

bool replay_hash(const struct record *rec, const char *key, const uint8_t found[32], struct err *e)
{
	uint8_t stated[32];
	char hex[65];
	if (record_hash(rec, key, stated) && memcmp(stated, found, 32) == 0)
		return true;
	sha256_hex(found, hex);
	return err_set(
		e, ERR_DIFFERENT, "%s: %.*s ≠ %s", key, BYTES_ARG(record_get(rec, key)), hex);
}

bool replay_number(const struct record *rec, const char *key, uint64_t found, struct err *e)
{
	if (record_number(rec, key) == found)
		return true;
	return err_set(e, ERR_DIFFERENT, "%s: %.*s ≠ %llu", key, BYTES_ARG(record_get(rec, key)),
		(unsigned long long)found);
}

/* A row for an error text: tabs become bars, so that it stands on one line. */
static const char *shown(struct bytes row, char *out, size_t size)
{
	size_t n = row.n < size - 1 ? row.n : size - 1;
	memcpy(out, row.p, n);
	out[n] = '\0';
	for (char *c = out; (c = strchr(c, '\t')) != NULL;)
		*c = '|';
	return out;
}

bool replay_rows(const struct table *given, struct bytes made, struct err *e)
{
	if (bytes_equal(given->rows, made))
		return true;
	struct bytes rest = given->rows, line[2];
	char text[2][120];
	for (size_t row = 1;; row++) {
		bool more;
		bool here = rest.n > 0, there = made.n > 0;
		line[0] = here ? bytes_cut(&rest, '\n', &more) : BYTES("∅");
		line[1] = there ? bytes_cut(&made, '\n', &more) : BYTES("∅");
		if (here && there && bytes_equal(line[0], line[1]))
			continue;
		err_set(e, ERR_DIFFERENT, "%s ≠ %s", shown(line[0], text[0], sizeof text[0]),
			shown(line[1], text[1], sizeof text[1]));
		return err_at(e, "%s: row %zu", table_form(given->id)->name, row);
	}
}
