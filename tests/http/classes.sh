#!/bin/bash
# Credit risk classes, through the API and drawctl: a model agreed to by two persons, classes computed from what
# came in, why an entity has the one it has, who is told and who is not, grades of others and their rank, repair,
# and a list that would move more classes than one person may.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
{
	web_conf "$sockets"
	printf 'import: { labels = "%s/etc/policy/labels.conf"; departments = ""; };\n' "$TOP"
} >>"$state/drawd.conf"
start_web
start_worker
cd "$TEST_DIR" || exit 1

ago() { TZ=Asia/Shanghai date -d "$1 days ago" +%F; }
today=$(ago 0)
# codes N: valid codes of entities
codes() { python3 - "$1" <<'PY'
import sys
sys.path.insert(0, __import__("os").environ["TOP"] + "/tests/e2e")
A = "0123456789ABCDEFGHJKLMNPQRTUWXY"
W = [pow(3, i, 31) for i in range(17)]
def org(b):
    s = sum(("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(c)) * w for c, w in zip(b, [3, 7, 9, 10, 5, 8, 4, 2]))
    return "0123456789X0"[11 - s % 11]
for i in range(int(sys.argv[1])):
    b = "MA%06d" % (i + 1)
    c = "91330199" + b + org(b)
    print(c + A[(31 - sum(A.index(x) * w for x, w in zip(c, W)) % 31) % 31])
PY
}
mapfile -t code < <(codes 40)
goods() { # KIND FILE WHO: a file that counts
	said=$(ctl_as "$3" import "$1" "$2" --yes --source "$1" 2>&1 </dev/null) || bad "import $1: $said"
}
settled() { # every run that was asked for is over
	for _ in $(seq 400); do
		[ "$(sql "SELECT count(*) FROM job WHERE kind = 'classify' AND state IN ('queued', 'running')")" = 0 ] && return
		sleep 0.05
	done
	bad 'the runs do not end'
}
class() { # WHO CODE [FIELD]: the class that counts
	as "$1" GET "/api/v1/classes/$2"
	printf '%s' "$body" | python3 -c 'import json, sys
o = json.load(sys.stdin)
print(next((c["class"] + " " + c["source"] for c in o.get("current", []) if c["field"] == sys.argv[1]), o.get("code", "none")))' "${3:-}"
}

# without a model: the register's classes count, and there is nothing to run
{
	echo '统一社会信用代码,名称,主体类型,成立日期,登记状态,标签,信用风险等级'
	for i in $(seq 0 39); do echo "${code[i]},第${i}公司,企业,2010-01-01,存续,$([ "$i" -lt 4 ] && echo food-making),$([ "$i" -lt 20 ] && echo B)"; done
} >entities.csv
goods entities entities.csv clerk-scjg
as lead POST /api/v1/classes/run -d '{"scope":"full"}'
same 'no model' '409 no-model' "$status $(member code)"
as lead GET "/api/v1/classes/${code[0]}"
same 'and nothing to explain' '409 no-model' "$status $(member code)"

# the model: two persons
said=$(ctl_as lead model put "$TOP/etc/policy/risk.conf" 2>&1) || bad "model put: $said"
sed 's/"penalty", "complaint"/&/; s/at = 3; early/at = 0; early/' "$TOP/etc/policy/risk.conf" >wrong.conf
said=$(ctl_as lead model check wrong.conf --lang en 2>&1)
same 'a wrong model is refused' 1 $?
has 'with its file and line' "wrong.conf:$(grep -n 'at = 0; early' wrong.conf | cut -d: -f1)" "$said"
motion=$(ctl_as lead model agree --reason 首版 2>/dev/null) || bad 'model agree'
as lead POST "/api/v1/motions/$motion/second" -H 'If-Match: "x"' -d '{"reason":"test"}'
same 'not by the same person' 409 "$([ "$status" = 412 ] && echo 409 || echo "$status")"
second lead2 "$motion"
same 'a second person agrees' '200 done' "$status $(member state)"
settled
same 'all entities were looked at' 'full 40' "$(sql "SELECT scope || ' ' || entities FROM class_run ORDER BY id DESC LIMIT 1")"
same 'the class of a company of which nothing bad is known' 'B model' "$(class lead "${code[10]}")"
same 'computed comes before the register' 'B model' "$(class lead "${code[25]}")"

# what came in moves classes, and nothing else is looked at
{
	echo '统一社会信用代码,名单,列入日期,移出日期'
	echo "${code[0]},严重违法失信名单,$(ago 14),"
	echo "${code[1]},经营异常名录,$(ago 14),"
} >listings.csv
goods listings listings.csv clerk-scjg
settled
same 'only what changed was looked at' 'changed 2 3' "$(sql "SELECT scope || ' ' || entities || ' ' || moved FROM class_run ORDER BY id DESC LIMIT 1")"
same 'seriously dishonest: D' 'D model' "$(class lead "${code[0]}")"
same 'abnormal: at least C' 'C model' "$(class lead "${code[1]}")"
same 'its field as well, by the general class' 'C model' "$(class lead "${code[0]}" food-making)"
as lead GET "/api/v1/classes/${code[0]}"
has 'the reason, with its fact' '"register":"listings"' "$body"
has 'and its row' '"row":2' "$body"
has 'and red' '"red":true' "$body"
same 'reading is noted' t "$(sql "SELECT count(*) > 0 FROM audit WHERE act = 'read' AND object_kind = 'class' AND object = '${code[0]}'")"
said=$(ctl_as lead class why "${code[0]}" 2>&1)
has 'drawctl tells it' '红线' "$said"

# on the day of its removal it stops counting
echo "统一社会信用代码,名单,列入日期,移出日期
${code[1]},经营异常名录,$(ago 14),$today" >listings.csv
goods listings listings.csv clerk-scjg
settled
same 'removed today' 'B model' "$(class lead "${code[1]}")"
as lead GET "/api/v1/classes/${code[1]}"
has 'the fact is still told, as repaired' '"state":"repaired"' "$body"

# permits say what an entity is, while they are in force (labels.conf)
{
	echo '统一社会信用代码,许可证名称,许可证编号,发证日期,有效期至'
	echo "${code[30]},食品生产许可证,SC1,$(ago 100),$(ago -100)"
	echo "${code[31]},食品生产许可证,SC2,$(ago -10),$(ago -100)"
} >permits.csv
goods permits permits.csv clerk-scjg
settled
same 'a permit in force gives its label, and the field its model' 'B model' "$(class lead "${code[30]}" food-making)"
same 'one that is not yet in force does not' none "$(class lead "${code[31]}" food-making)"
same 'until the day it is' "$(ago -10)" "$(sql "SELECT day FROM class_due WHERE entity = '${code[31]}'")"
as lead GET "/api/v1/classes/${code[30]}"
has 'why tells of that field' '"model":"food-making"' "$body"

# who needs it
same 'the department whose list it is in' 'D model' "$(class clerk-scjg "${code[0]}")"
same 'the auditor' 'D model' "$(class auditor "${code[0]}")"
for who in clerk-jyj head-jyj; do
	as "$who" GET "/api/v1/classes/${code[0]}"
	same "$who without an item of the field" '404 not-found' "$status $(member code)"
	as "$who" GET /api/v1/classes/summary
	same "$who is told no figures" '200 None []' "$status $(member run) $(member fields)"
	as "$who" GET '/api/v1/classes/moves?from=2020-01-01'
	same 'and no moves' '200 []' "$status $(member moves)"
	as "$who" GET /api/v1/classes/months
	same 'and no snapshots' '200 []' "$status $(member months)"
done
said=$(ctl_as clerk-jyj class summary 2>&1)
same 'drawctl says why in a sentence: exit code' 0 $?
has 'and which one' '没有专业领域的抽查事项' "$said"
echo '部门,抽查类别,抽查事项,检查依据,抽查领域
jyj,食品,学校食品检查,《示范条例》第六条,food-making' >items.csv
goods items items.csv clerk-jyj
same 'an item of the field: its class' 'C model' "$(class clerk-jyj "${code[0]}" food-making)"
same 'and not the general one' none "$(class clerk-jyj "${code[0]}" '')"
as clerk-jyj GET "/api/v1/classes/${code[0]}"
same 'nor what general models say' 'food-making' "$(printf '%s' "$body" | python3 -c 'import json, sys
print(" ".join(m["model"] for m in json.load(sys.stdin)["models"]))')"
as clerk-jyj GET /api/v1/classes/summary
same 'and figures of that field only' 'food-making' "$(printf '%s' "$body" | python3 -c 'import json, sys
print(" ".join(f["field"] for f in json.load(sys.stdin)["fields"]))')"
for who in inspector-scjg custodian oversight admin; do
	as "$who" GET "/api/v1/classes/${code[0]}"
	same "$who is told none" 403 "$status"
done
call GET "/api/v1/classes/${code[0]}"
same 'the public is told none' 401 "$status"
as clerk-jyj GET /api/v1/registers/grades/rows
same 'nor other departments the grades' '200 []' "$status $(member rows)"

# grades of others: by the rank of their source, in their own words, while they hold
{
	echo '统一社会信用代码,分级来源,专业领域,分级结果,评定日期'
	for i in $(seq 0 19); do echo "${code[i]},province,,C,$(ago 14)"; done
	echo "${code[2]},food,,B级,$(ago 70)"
	echo "${code[3]},food,,没有的等级,$(ago 70)"
} >grades.csv
ctl_as clerk-scjg import grades grades.csv --yes --source grades >/dev/null 2>&1 </dev/null
same 'the first list of a source moves classes as well, and waits' staged "$(sql "SELECT state FROM import_batch ORDER BY id DESC LIMIT 1")"
motion=$(ctl_as clerk-scjg import propose "$(sql 'SELECT max(id) FROM import_batch')" --reason 首次 2>/dev/null) || bad 'import propose'
second head-scjg "$motion"
same 'two persons let it count' '200 done' "$status $(member state)"
same 'the province comes first' 'C province' "$(class lead "${code[10]}")"
same 'also before a red line of our own' 'C province' "$(class lead "${code[0]}")"
same 'a foreign scale is mapped' 'B food' "$(class lead "${code[2]}" food-making)"
same 'a word that it does not know counts for nothing' 'model' "$(class lead "${code[3]}" food-making | cut -d' ' -f2)"
same 'what is too old does not hold' 'model' "$(sql "SELECT source FROM class_on('$(ago -78)', ARRAY['${code[10]}'])")"
same 'what a frame has' "C food-making=B" "$(sql "SELECT class || ' ' || classes FROM classes_on('$today') WHERE entity = '${code[2]}'")"

# a list that moves many: two persons
sed -i 's/,C,/,D,/' grades.csv
said=$(ctl_as clerk-scjg import grades grades.csv --yes --source grades 2>&1 </dev/null)
batch=$(sql 'SELECT max(id) FROM import_batch')
same 'it waits' staged "$(sql "SELECT state FROM import_batch WHERE id = $batch")"
as clerk-scjg POST "/api/v1/imports/$batch/confirm" -d '{}'
same 'one person does not' '409 class-moves' "$status $(member code)"
has 'and is told how many' '/ 40' "$(member what)"
as clerk-jyj POST "/api/v1/imports/$batch/propose" -d '{"reason":"r"}'
same 'another department sees no such list' 404 "$status"
motion=$(ctl_as clerk-scjg import propose "$batch" --reason 年度调整 2>/dev/null) || bad 'import propose'
second head-scjg "$motion"
same 'two do' '200 done' "$status $(member state)"
same 'and it counts' 'D province' "$(class lead "${code[10]}")"

as clerk-scjg POST "/api/v1/imports/$batch/undo" -d '{"reason":"r"}'
same 'nor does one person undo it' '409 class-moves' "$status $(member code)"

# figures
as lead POST /api/v1/classes/run -d '{"scope":"full"}'
same 'a run by hand' 202 "$status"
done_job
as lead GET /api/v1/classes/summary
same 'how many have which class' '20' "$(printf '%s' "$body" | python3 -c 'import json, sys
print(next(f["d"] for f in json.load(sys.stdin)["fields"] if f["field"] == ""))')"
as auditor GET /api/v1/classes/months
same 'a snapshot of the month' "${today%-*}" "$(printf '%s' "$body" | python3 -c 'import json, sys
print(json.load(sys.stdin)["months"][0]["month"])')"
as lead GET '/api/v1/classes/moves?from='"$(ago 1)&to=$today"
has 'who moved' '"after": "D"' "$body"
same 'by whatever source: the register said B of 20 and nothing of 20 before there was a model' '20 20' "$(printf '%s' "$body" | python3 -c 'import json, sys
m = [x for x in json.load(sys.stdin)["moves"] if x["field"] == ""]
print(sum(x["entities"] for x in m if x["after"] == "D"), sum(x["entities"] for x in m if x["after"] == "B"))')"
as lead GET "/api/v1/classes/moves?from=$today&to=$today"
same 'nobody within a day' '200 []' "$status $(member moves)"
as lead GET "/api/v1/classes/moves?from=$today&to=$(ago -78)"
has 'what the province said will be too old' '"before": "D"' "$body"
as lead GET '/api/v1/classes/moves?from=soon'
same 'no day' '400 bad-request' "$status $(member code)"
has 'drawctl class summary' '模型第 1 版' "$(ctl_as lead class summary 2>&1)"
has 'drawctl class months' "${today%-*}" "$(ctl_as lead class months 2>&1)"
has 'drawctl class moves' '→ D' "$(ctl_as lead class moves --from "$(ago 1)" 2>&1)"

# what one entity had: worse with its listing, and only for who needs it
as lead GET "/api/v1/classes/${code[0]}/history"
same 'the classes it had, the newest first' "200 D" "$status $(printf '%s' "$body" | python3 -c 'import json, sys
h = [x for x in json.load(sys.stdin)["history"] if x["field"] == "" and x["source"] == "model"]
print(h[0]["class"] if len(h) > 1 and h[-1]["class"] != "D" and [x["day"] for x in h] == sorted((x["day"] for x in h), reverse=True) else h)')"
same 'its department as well' 'D' "$(as clerk-scjg GET "/api/v1/classes/${code[0]}/history"; printf '%s' "$body" | python3 -c 'import json, sys
print(json.load(sys.stdin)["history"][0]["class"])')"
as head-jyj GET "/api/v1/classes/${code[0]}/history"
same 'another department: those of the field of its item alone' '200 food-making' "$status $(printf '%s' "$body" | python3 -c 'import json, sys
print(*{x["field"] or "general" for x in json.load(sys.stdin)["history"]})')"
as head-jyj GET "/api/v1/classes/91330199MA0000009X/history"
same 'of nobody nothing' '404 not-found' "$status $(member code)"
same 'reading of it is noted' t "$(sql "SELECT count(*) > 2 FROM audit WHERE act = 'read' AND object_kind = 'class' AND object = '${code[0]}'")"
has 'drawctl class history' "$today  D  通用分类" "$(ctl_as lead class history "${code[0]}" --lang zh 2>&1)"
as lead GET "/api/v1/classes/${code[0]}?day=$(ago 300)"
same 'as of a day before all that' "200 $(ago 300)" "$status $(member day)"
hasnt() { case $3 in *"$2"*) same "$1" "without $2" "$3" ;; *) same "$1" ok ok ;; esac; }
hasnt 'nothing was red then' '"red":true' "$body"
as lead GET "/api/v1/classes/${code[0]}?day=soon"
same 'a day that is none' '400 bad-request' "$status $(member code)"
has 'drawctl class why --day' '"day"' "$(ctl_as lead class why "${code[0]}" --day "$(ago 300)" --json 2>&1)"
has 'drawctl class run' '40 户' "$(ctl_as lead class run --all 2>&1)"
as head-scjg POST /api/v1/classes/run -d '{}'
same 'only a coordinator asks for a run' 403 "$status"
finish
