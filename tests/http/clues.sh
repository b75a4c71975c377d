#!/bin/bash
# Clues and inspections for a cause as a clerk, his head, another department, an auditor and everybody meet them: what is
# said is sealed, a whistle-blower is named to nobody, two persons decide, the notary enters a record that opens only with
# its blinding, and nothing of it is in the figures of what was drawn.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker
"$B/drawd" --conf "$state/drawd.conf" notary 2>>"$TEST_DIR/log" &
notary=$!
trap 'kill $notary 2>/dev/null; cleanup' EXIT
cd "$TEST_DIR" || exit 1
day() { TZ=Asia/Shanghai date -d "$1 days" +%F; }
today=$(day 0)
get() { printf '%s' "$body" | python3 -c 'import json, sys
o = json.load(sys.stdin)
for k in sys.argv[1].split("."): o = o[int(k)] if isinstance(o, list) else o[k]
print(o)' "$1"; }
says() { printf '%s' "$status $(member code 2>/dev/null)"; } # 404 no-clue
ids() { printf '%s' "$body" | python3 -c 'import json, sys
o = json.load(sys.stdin)
print(*sorted(r["id"] for r in o[sys.argv[1]]))' "$1"; }

# ---- lists: one firm that trades, one in suspension, which no draw takes -------------------------------------
{
	echo '统一社会信用代码,名称,主体类型,成立日期,登记状态'
	python3 - <<'PY'
A = "0123456789ABCDEFGHJKLMNPQRTUWXY"
W = [pow(3, i, 31) for i in range(17)]
for i, state in ((1, "存续"), (2, "歇业")):
    b = "MA%06d" % i
    s = sum("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(c) * w for c, w in zip(b, [3, 7, 9, 10, 5, 8, 4, 2]))
    c = "91330199" + b + "0123456789X0"[11 - s % 11]
    print("%s,第%d公司,企业,2010-01-01,%s" % (c + A[(31 - sum(A.index(x) * w for x, w in zip(c, W)) % 31) % 31], i, state))
PY
} >entities.csv
open=$(sed -n 2p entities.csv | cut -d, -f1) shut=$(sed -n 3p entities.csv | cut -d, -f1)
printf '%s\n' 事项编号,部门,抽查事项,检查依据 food,scjg,食品销售检查,《食品安全法》第一百一十条 \
	price,scjg,明码标价检查,《价格法》第三十三条 >items.csv
printf '%s\n' 姓名,部门,执法证编号,执法证有效期至 "孔德明,scjg,C1,$(day 900)" "某乙,scjg,C2,$(day 900)" "某丙,scjg,C3,$(day 3)" \
	"某丁,scjg,C4,$(day 900)" >people.csv
for kind in entities items; do
	said=$(ctl_as clerk-scjg import $kind $kind.csv --yes --source x 2>&1 </dev/null) || bad "import $kind: $said"
done
said=$(ctl_as clerk-scjg import inspectors people.csv --yes --source x 2>&1 </dev/null) || bad "import: $said"
motion=$(ctl_as clerk-scjg recusal new SCJG-0004 "$open" --ground 近亲属 --reason 近亲属 2>/dev/null)
second head-scjg "$motion"

# ---- taking in ------------------------------------------------------------------------------------------------
echo '店内销售过期食品，群众王大力亲见。' >said.txt
echo '陈举报 13800138000' >caller.txt
n=$(ctl_as clerk-scjg clue new said.txt --source report --entity "$open" --caller caller.txt 2>/dev/null)
same 'a clerk takes a clue in' 1 "$n"
as clerk-scjg GET /api/v1/clues/1
same 'what is known of it' "200 taken scjg False $(day 15)" "$status $(get state) $(get department) $(get late) $(get due)"
as clerk-scjg GET "/api/v1/clues?entity=$open"
same 'it is found by its entity' 1 "$(ids clues)"
readings() { sql "SELECT count(*) FROM audit WHERE act = 'read' AND object_kind = 'clue' AND object = '$1'"; }
before=$(readings 1)
said=$(ctl_as clerk-scjg clue text 1 2>/dev/null)
has 'what was said' 王大力 "$said"
has 'and by whom, for who deals with it' '陈举报 13800138000' "$said"
same 'the reading is noted' $((before + 1)) "$(readings 1)"
same 'the database holds it sealed' 0 "$(sql "SELECT count(*) FROM clue WHERE position(convert_to('王大力', 'UTF8') IN text) > 0
	OR position(convert_to('13800138000', 'UTF8') IN caller) > 0")"
same 'and nowhere else' 0 "$(sql "SELECT (SELECT count(*) FROM audit a WHERE a::text ~ '王大力|13800138000')
	+ (SELECT count(*) FROM request_key k WHERE k.json ~ '王大力|13800138000')")"
same 'no line of a log has it' 0 "$(grep -c '王大力\|13800138000' "$TEST_DIR/log")"
same 'no process but web, by its door' 'f f' "$(sql "SELECT concat_ws(' ', has_column_privilege('drawd_web', 'drawd.clue', 'text', 'SELECT'),
	has_table_privilege('drawd_worker', 'drawd.clue', 'SELECT'))")"

as clerk-scjg POST /api/v1/clues -d '{"source":"report","text":"x","entity":"913301990000000000"}'
same 'a code that cannot be right' '400 bad-uscc' "$(says)"
as clerk-scjg POST /api/v1/clues -d "{\"source\":\"report\",\"text\":\"x\",\"received\":\"$(day 1)\"}"
same 'a day to come' '400 bad-date' "$(says)"
as clerk-scjg POST /api/v1/clues -d '{"source":"rumour","text":"x"}'
same 'no such source' '400 bad-json' "$(says)"
as lead POST /api/v1/clues -d '{"source":"assigned","text":"x"}'
same 'the office names a department' '400 department-needed' "$(says)"
as lead POST /api/v1/clues -d '{"source":"assigned","text":"x","department":"lxb"}'
same 'none that may not inspect' '403 no-inspecting-department' "$(says | sed 's/4../403/')"
as platform POST /api/v1/clues -d '{"source":"monitoring","text":"平台监测到价格异常"}'
same 'a program takes in what it saw' '201 2' "$status $(get id)"
as platform GET /api/v1/clues/2/text
same 'and does not read it' 403 "$status"
as platform GET /api/v1/clues
same 'and lists what it took in, nothing else of its department' 2 "$(ids clues)"
as platform GET /api/v1/clues/1
same 'nor sees it' '404 no-clue' "$(says)"
as lead POST /api/v1/clues -d '{"source":"assigned","text":"市局转办","department":"wsjk"}'
same 'the office assigns one' '201 3 wsjk' "$status $(get id) $(get department)"

# ---- others ------------------------------------------------------------------------------------------------
for path in 1 1/text; do
	as clerk-wsjk GET "/api/v1/clues/$path"
	same "a stranger and clues/$path" '404 no-clue' "$(says)"
done
as clerk-wsjk GET /api/v1/clues
same 'a department lists its own' 3 "$(ids clues)"
as head-wsjk POST /api/v1/clues/1/dismiss -d '{"reason":"x"}'
same 'nor decides of others' '404 no-clue' "$(says)"
as lead GET /api/v1/clues
same 'the office sees all' '1 2 3' "$(ids clues)"
as lead GET /api/v1/clues/1/text
same 'and what was said, by nobody' '200 None True' "$status $(get caller) $(get withheld)"
call GET /api/v1/clues
same 'the public none' 401 "$status"

# ---- a whistle-blower ---------------------------------------------------------------------------------------
echo '内部员工 李吹哨' >caller.txt
ctl_as clerk-scjg clue new said.txt --source whistle --entity "$shut" --caller caller.txt >/dev/null 2>&1
for who in clerk-scjg head-scjg lead auditor; do
	as $who GET /api/v1/clues/4/text
	same "the whistle-blower is not told to $who" '200 None True' "$status $(get caller) $(get withheld)"
done
has 'who reads it is told so' 不予显示 "$(ctl_as clerk-scjg clue text 4 2>&1)"
same 'on the machine, with a reason' '内部员工 李吹哨' \
	"$("$B/drawd" --conf "$state/drawd.conf" unseal clues 4 caller 司法机关调取 2>>"$TEST_DIR/log")"
same 'which is noted' 司法机关调取 "$(sql "SELECT reason FROM audit WHERE object_kind = 'clue-caller'")"
"$B/drawd" --conf "$state/drawd.conf" unseal clues 4 caller ' ' >out 2>>"$TEST_DIR/log" && bad 'unsealed without a reason'
"$B/drawd" --conf "$state/drawd.conf" unseal clues 1 caller x >out 2>>"$TEST_DIR/log" && bad 'unsealed one that is no whistle-blower'
mv "$state/personal/personal.key" kept.key
as head-scjg GET /api/v1/clues/1/text
same 'the web process has no use of the key for it' 200 "$status"
mv kept.key "$state/personal/personal.key"

# ---- assign, dismiss, refer -----------------------------------------------------------------------------------
as head-scjg POST /api/v1/clues/2/assign -d '{"account":"clerk-wsjk"}'
same 'not to somebody else’s clerk' '404 no-account' "$(says)"
said=$(ctl_as head-scjg clue assign 2 clerk-scjg 2>&1)
has 'assigned' 已交办 "$said"
as clerk-scjg POST /api/v1/clues/2/dismiss -d '{"reason":"x"}'
same 'a clerk does not dismiss' 403 "$status"
as head-scjg POST /api/v1/clues -d '{"source":"complaint","text":"负责人亲自接的投诉"}'
as head-scjg POST /api/v1/clues/5/dismiss -d '{"reason":"x"}'
same 'nor the head what he took in himself' '409 same-person' "$(says)"
as head-scjg POST /api/v1/clues/2/dismiss -d '{"reason":"价格已公示，系误报"}'
same 'the head dismisses' '200 dismissed' "$status $(get state)"
as head-scjg POST /api/v1/clues/2/dismiss -d '{"reason":"x"}'
same 'once' '409 clue-state' "$(says)"
as head-scjg POST /api/v1/clues/5/refer -d '{"department":"wsjk","reason":"属卫健职责"}'
same 'referred' '200 taken wsjk' "$status $(get state) $(get department)"
as head-wsjk GET /api/v1/clues/5/text
same 'who deals with it now reads it' 200 "$status"
as clerk-scjg GET /api/v1/clues/5
same 'who took it in sees where it is' '200 wsjk' "$status $(get department)"
as clerk-scjg GET /api/v1/clues/5/text
same 'and reads it no more' '404 no-clue' "$(says)"
sql "UPDATE clue SET due = '2020-01-01' WHERE id = 5; DELETE FROM clue_step WHERE clue = 5 AND act = 'referred'" >/dev/null
as head-wsjk POST /api/v1/clues/5/refer -d '{"department":"scjg","reason":"属市场监管"}'
same 'what is late stays late with another' '200 2020-01-01' "$status $(get due)"
sql "UPDATE clue SET department = 'wsjk', due = '2020-01-01' WHERE id IN (2, 5)" >/dev/null
as lead GET '/api/v1/clues?late=true'
same 'the office sees what is late, and was not decided' 5 "$(ids clues)"

# ---- an inspection for a cause ------------------------------------------------------------------------------
visit() { # WHAT WANTED MEMBERS: refused
	as clerk-scjg POST /api/v1/clues/1/visit -d "$(python3 - "$3" <<PY
import json, sys
o = {"items": "food", "basis": "《食品安全法》第一百一十条", "date": "$(day 5)", "officers": "SCJG-0001,SCJG-0002", "reason": "群众举报"}
o.update(json.loads(sys.argv[1]))
print(json.dumps(o))
PY
)"
	same "$1" "$2" "$(says)"
}
visit 'an item that is not published' '400 cause-item' '{"items": "food,smell"}'
visit 'one officer' '400 cause-officers' '{"officers": "SCJG-0001"}'
visit 'twice the same' '400 cause-officers' '{"officers": "SCJG-0001,SCJG-0001"}'
visit 'an officer who is not there' '400 bad-inspector' '{"officers": "SCJG-0001,WSJK-0001"}'
visit 'a certificate that is over by then' '409 cause-unfit' '{"officers": "SCJG-0001,SCJG-0003"}'
visit 'one who is recused' '409 cause-recused' '{"officers": "SCJG-0001,SCJG-0004"}'
visit 'a day that is over' '400 bad-date' "{\"date\": \"$(day -1)\"}"
visit 'no such day' '400 bad-json' '{"date": "2026-02-30"}'
visit 'no law' '400 bad-json' '{"basis": ""}'
visit 'a mistyped code' '400 bad-uscc' '{"entity": "913301990000000000"}'
as clerk-wsjk POST /api/v1/clues/1/visit -d '{"items":"food","basis":"x","date":"2030-01-01","officers":"A,B","reason":"x"}'
same 'of another department' '404 no-clue' "$(says)"
wanted=(--items food --basis 《食品安全法》第一百一十条 --date "$(day 2)" --officers SCJG-0002,SCJG-0001)
motion=$(ctl_as clerk-scjg clue visit 1 "${wanted[@]}" --reason 举报线索具体，须现场核查 2>/dev/null)
as head-scjg POST /api/v1/clues/1/dismiss -d '{"reason":"x"}'
same 'not dismissed meanwhile' '409 motion-open' "$(says)"
said=$(ctl_as head-scjg motion show "$motion")
has 'the head sees of what' "$open" "$said"
has 'and what follows' 不可撤回 "$said"
second clerk-scjg "$motion"
same 'who moves does not decide' 403 "$status"
second head-wsjk "$motion"
same 'nor another head' 404 "$status"
said=$(ctl_as head-scjg motion second "$motion" --yes 2>&1) || bad "second: $said"
has 'the head decides, and it is entered' 完成 "$said"
same 'in the log, of no round' 'cause  operator' "$(sql "SELECT concat_ws(' ', kind, coalesce(round::text, ''), substring(convert_from(note, 'UTF8') FROM '— [^ ]*/(operator)')) FROM log_entry WHERE kind = 'cause'")"

as auditor GET /api/v1/causes/1
same 'an auditor sees it' '200 entered onsite SCJG-0001,SCJG-0002' "$status $(get state) $(get way) $(get officers)"
printf '%s' "$body" | python3 -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)["content"])' >content
same 'and opens the record' "$(get hash)" \
	"$({ printf 'drawd/cause/content/v1\n%s\n' "$(get blinding)"; cat content; } | sha256sum | cut -c1-64)"
has 'which says of whom' "entity $open" "$(cat content)"
sql "SELECT encode(note, 'hex') FROM log_entry WHERE kind = 'cause'" | python3 -c 'import sys
note = bytes.fromhex(sys.stdin.read().strip())
sys.path.insert(0, sys.argv[1] + "/sampler")
import verify as v
r = v.parse_record(v.parse_note(note).text)
print(r.kind, r["round"], r["department"])
assert b"MA0000" not in note' "$TOP" >parsed 2>&1
same 'the second implementation reads it, and no code' 'cause none scjg' "$(cat parsed)"
as inspector-scjg GET /api/v1/causes
same 'an officer sees what he makes' 1 "$(ids causes)"
as head-wsjk GET /api/v1/causes/1
same 'another department does not' '404 no-clue' "$(says)"
as clerk-wsjk GET "/api/v1/lookup?code=$open"
same 'nor before it was made, by looking up' 'None 0 0' "$(get last) $(get inspections) $(get causes)"
sql "UPDATE cause SET content = 'x' WHERE id = 1" >/dev/null 2>&1 && bad 'a record is changed'

# an excluded firm: the draw leaves it alone, a cause does not; and a round that is drawn is named
sql "INSERT INTO round (id, demo, policy, departments, pulses, delta, draw_deadline, reveal_after, results_due, created_by, state)
	SELECT '2026-000' || n, true, '', d, 'dice:1:1', 0, 1, '2026-01-01', '2026-01-01', 'lead', s
	  FROM (VALUES (1, 'scjg', 'drawn'), (2, 'scjg,wsjk', 'drawn'), (3, 'wsjk', 'drawn'), (4, 'scjg', 'void')) v (n, d, s)" >/dev/null
motion=$(ctl_as clerk-scjg clue visit 4 "${wanted[@]}" --way network --reason 内部人员反映 2>/dev/null)
ctl_as head-scjg motion second "$motion" --yes >/dev/null 2>&1
as clerk-scjg GET /api/v1/causes/2
same 'a firm in suspension, in the department’s newest drawn round' 'entered 2026-0002 network' "$(get state) $(get round) $(get way)"
as lead GET /api/v1/rounds/2026-0002
same 'the round tells it apart' '1 None' "$(get causes) $(get visits 2>/dev/null || echo None)"

# ---- what came of it ------------------------------------------------------------------------------------------
as clerk-scjg POST /api/v1/causes/2/outcome -d '{"result":"cancelled"}'
same 'not made, and no word why' '400 bad-json' "$(says)"
said=$(ctl_as clerk-scjg cause outcome 2 --result cancelled --reason 企业已注销 2>&1) || bad "outcome: $said"
as clerk-wsjk POST /api/v1/causes/1/outcome -d '{"result":"none"}'
same 'not by another department' '404 no-clue' "$(says)"
as clerk-scjg POST /api/v1/causes/1/outcome -d "{\"result\":\"none\",\"day\":\"$(day 1)\"}"
same 'not ahead of its day' '409 cause-early' "$(says)"
sql "BEGIN; SET LOCAL session_replication_role = replica; UPDATE cause SET date = '$today' WHERE id = 1; COMMIT" >/dev/null
as clerk-scjg POST /api/v1/causes/1/outcome -d "{\"result\":\"none\",\"day\":\"$(day 1)\"}"
same 'nor for a day to come' '400 bad-date' "$(says)"
said=$(ctl_as clerk-scjg cause outcome 1 --result corrected --reason 当场下架 2>&1)
has 'the outcome' 发现问题已责令改正 "$said"
as clerk-scjg POST /api/v1/causes/1/outcome -d '{"result":"none"}'
same 'once' '409 already-done' "$(says)"
said=$(ctl_as clerk-scjg clue show 1)
for part in 登记 决定有因检查 录入结果 '有因检查：1'; do has "the clue tells: $part" "$part" "$said"; done

as clerk-wsjk GET "/api/v1/lookup?code=$open"
same 'now looking up tells it, marked, apart' "$today True 0 1 None" \
	"$(get last.date) $(get last.cause) $(get inspections) $(get causes) $(get last.result)"
has 'at the command line as well' 有因检查 "$(ctl_as clerk-scjg entity lookup "$open")"
as clerk-scjg GET "/api/v1/entities/$open"
same 'the dossier has it' '1 corrected' "$(get causes.0.id) $(get causes.0.result)"
call GET /api/v1/public/causes
same 'everybody is told, but not how few' "200 None None scjg None {}" \
	"$status $(get decided) $(get made) $(get departments.0.department) $(get departments.0.found) $(get sources)"
has 'at the command line as well' '决定 少量（不公开） 次，已进行 少量（不公开） 次' "$(ctl_as clerk-scjg cause count)"
same 'and of whom nobody' 0 "$(printf '%s' "$body" | grep -c "$open\|$shut")"
call GET '/api/v1/public/causes?year=2001'
same 'of another year' '200 0' "$status $(get decided)"
same 'it is no inspection that the draw counts' 0 "$(sql "SELECT count(*) FROM check_fact")"
# five more of each: now they are told, the whistle-blower's as reports; nothing of it stays
more=$(sql "BEGIN;
	SET LOCAL session_replication_role = replica;
	INSERT INTO cause SELECT (jsonb_populate_record(v, jsonb_build_object('id', 900 + 10 * v.id + n, 'motion', 900 + 10 * v.id + n,
		'entry', 900 + 10 * v.id + n))).* FROM cause v, generate_series(1, 5) n;
	SELECT causes_public(${today%%-*});
	ROLLBACK" | grep decided)
same 'from five on how many' '12 6 6 {"report": 12}' "$(printf '%s' "$more" | python3 -c 'import json, sys
o = json.load(sys.stdin)
print(o["decided"], o["made"], o["departments"][0]["found"], json.dumps(o["sources"]))')"
# a list tells of another one for a cause, ten days before: within the days of the model that is a repeat
ctl_as lead model put "$TOP/etc/policy/risk.conf" >/dev/null 2>&1 || bad 'model put'
second lead2 "$(ctl_as lead model agree --reason 首版 2>/dev/null)"
printf '%s\n' 统一社会信用代码,检查日期,部门,检查事项,检查结果,有因检查 "$open,$(day -10),scjg,price,查实,是" \
	"$open,$(day -3),scjg,price,未进行,是" >checks.csv
said=$(ctl_as lead import checks checks.csv --yes --source x 2>&1 </dev/null) || bad "import checks: $said"
as clerk-scjg GET "/api/v1/repeats?entity=$open"
same 'repeats count those of this installation, exempt' "exempt $today 10" \
	"$(get repeats.0.kind) $(get repeats.0.date) $(get repeats.0.days)"
as auditor GET '/api/v1/audit?object_kind=clue&act=read'
same 'the auditor sees who read what' 200 "$status"
finish
