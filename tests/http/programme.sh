#!/bin/bash
# The annual programme as its people run it: opened, submitted line by line, let in late, reviewed, approved by heads
# and by a second coordinator, published, filed, amended, and read by everybody. What is refused, and for whom.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker
schemes=$TOP/etc/policy/schemes
year=$(($(date +%Y) + 1))

of() { printf '%s' "$body" | python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
# send ACCOUNT PATH FILE [SED PROGRAM] [MEMBERS]: the text of a file as `source`
send() {
	sed -e "${4:-}" "$3" | python3 -c '
import json, sys
print(json.dumps({"source": sys.stdin.read(), **json.loads(sys.argv[1])}))' "${5:-"{}"}" >"$TEST_DIR/body"
	as "$1" POST "/api/v1/$2" -d "@$TEST_DIR/body"
}
P=/api/v1/programmes
post() { as "$1" POST "$P/$year/$2" -d "$3"; }
# agree ACCOUNT KIND DOCUMENTS SECOND: documents come into force
agree() {
	as "$1" POST "/api/v1/documents/$2/agree" -d "{\"documents\":$3,\"reason\":\"审定\"}"
	second "$4" "$(member motion)"
	same "$2 in force" "done" "$(member state)"
}
# tasks [LINE…]: a file of tasks in CSV
head=任务代码,任务名称,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间,批准文号,备案文号,公布文件,公布日期,个案理由
tasks() { printf '%s\r\n' "$head" "$@" >"$TEST_DIR/tasks.csv"; }
# submit ACCOUNT [MEMBERS]: that file; what is refused in $refused: "2 windows programme-dates, …"
submit() {
	send "$1" "programmes/$year/tasks" "$TEST_DIR/tasks.csv" '' "${2:-"{}"}"
	refused=$(of '", ".join("%d %s %s" % (w["line"], w["column"], w["code"]) for w in o.get("refused", [o]))' 2>/dev/null)
}

# ---- a base, schemes, the list of items ---------------------------------------------------------------

send lead documents/base "$TOP/etc/policy/district.conf" "s/2026-/$year-/g"
agree lead base '{"main":""}' lead2
send clerk-scjg documents/scheme "$schemes/food-and-drugs.conf"
agree clerk-scjg scheme '{"catering":"","food-making":"","pharmacy":""}' head-scjg
send lead documents/scheme "$schemes/public-safety.conf" 's/draws = 1;/draws = 2;/'
codes=$(of '", ".join("\"%s\": \"\"" % d["code"] for d in o["documents"])')
agree lead scheme "{$codes}" lead2
as lead GET /api/v1/documents/base/main
printf '%s' "$body" | python3 -c '
import csv, json, sys
items = {}
for line in json.load(sys.stdin)["rows"].splitlines():
    path, value = line.split("\t")
    if path.startswith("item."):
        items.setdefault(path.split(".")[1], {})[path.split(".")[2]] = value
out = csv.writer(sys.stdout)
out.writerow(["事项编号", "部门", "抽查类别", "抽查事项", "检查对象", "事项类别", "检查依据", "生效日期", "失效日期"])
for code, i in sorted(items.items()):
    until = "2020-12-31" if code == "gaj-dangerous-goods" else ""
    out.writerow([code, i["department"], "检查", i["name"], "经营者", "重点检查事项" if i["kind"] == "key" else "一般检查事项",
                  i["basis"], "2016-01-01", until])' >"$TEST_DIR/items.csv"
same "the sample list of items is that of the sample policy" "" "$(diff \
	<(cut -d, -f1,2,4,6,7 "$TEST_DIR/items.csv" | tr -d '\r' | sort) <(cut -d, -f1,2,4,6,7 "$TOP/etc/policy/items.csv" | sort))"
as lead POST /api/v1/uploads -d "{\"name\":\"i.csv\",\"size\":$(stat -c %s "$TEST_DIR/items.csv")}"
upload=$(member id)
as lead PUT "/api/v1/uploads/$upload?offset=0" --data-binary "@$TEST_DIR/items.csv"
as lead POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"items\",\"source\":\"s\",\"mode\":\"confirm\"}"
done_job
n=$(sql 'SELECT count(*) FROM items_current')
[ "$n" -gt 20 ] && ok "a list of items" || bad "a list of $n items"

# ---- opened -------------------------------------------------------------------------------------------

opened="{\"year\":$year,\"title\":\"${year}年度抽查工作计划\",\"number\":\"双随机〔$year〕1号\",\"deadline\":\"$year-01-31\"}"
as head-scjg POST $P -d "$opened"
same "not by a department" 403 "$status"
as lead POST $P -d "${opened/$year-01-31/2020-01-31}"
same "no deadline in the past, and what is today" "409 programme-deadline True" "$status $(member code) $(of "'$(TZ=Asia/Shanghai date +%F)' in str(o)")"
as lead POST $P -d "$opened"
same "a coordinator opens it" "201 collecting" "$status $(member state)"
as lead2 POST $P -d "$opened"
same "once a year" "409 already-done" "$status $(member code)"
as clerk-jyj GET "$P/$year"
same "all departments are asked" "12 pending" "$(of 'len(o["departments"])') $(of '",".join(sorted({d["state"] for d in o["departments"]}))')"
as clerk-jyj GET "$P/2001"
same "no other year" "404 no-programme" "$status $(member code)"
as inspector-scjg GET "$P/$year"
same "not for inspectors" 403 "$status"
call GET "/api/v1/public/programmes/$year"
same "nothing of it is public yet" "404 no-programme" "$status $(member code)"

# ---- submitted ------------------------------------------------------------------------------------------

sed "s/2026-/$year-/g" "$TOP/etc/policy/tasks.csv" >"$TEST_DIR/tasks.csv"
submit clerk-scjg '{"check":true}'
same "the sample tasks are right" "200 " "$status $refused"
catering="catering,,catering,日常,定向,县抽县查,餐饮科,$year-03-10,$year-03-16..$year-06-30,,,,,"
food="food-making,,food-making,日常,定向,县抽县查,食品生产科,$year-03-10,$year-03-16至$year-06-30,,,,,"
printf '编号,部门\r\n1,scjg\r\n' >"$TEST_DIR/tasks.csv"
submit clerk-scjg
same "a file that is no list of tasks" "400 programme-file" "$status $(member code)"
has "which columns are missing" "抽查方案 (scheme)、种类 (kind)" "$body"
has "and which are not known" "? 编号、部门" "$body"
tasks
submit clerk-scjg
same "one without tasks" "400 programme-file" "$status $(member code)"
# LINE WANTED NAME: a task that is refused
wrong() {
	tasks "$2"
	submit clerk-scjg
	same "$1" "200 False $3" "$status $(of 'o["stored"]') $refused"
}
wrong "cells that are empty or malformed" ",,catering,,定向,县抽,," \
	"2 code programme-file"
wrong "words that are none" "x,,catering,每日,都可,县抽,,$year-03-10,$year-03-16..$year-06-30,,,,," \
	"2 kind programme-cell, 2 targeted programme-cell, 2 levels programme-cell, 2 owner programme-cell"
wrong "dates that are none" "${catering/$year-03-10/$year-02-30}" "2 draws bad-date"
wrong "a window short" "${catering/$year-03-10/$year-03-10；$year-09-10}" "2 windows programme-cell"
wrong "a scheme that is not agreed to" "${catering//catering/hotel}" "2 scheme programme-scheme"
wrong "more draws than the scheme has" "catering,,catering,日常,定向,县抽县查,餐饮科,$year-03-10;$year-09-10,$year-03-16..$year-06-30;$year-09-16..$year-10-30,,,,," \
	"2 draws programme-draws"
wrong "a window before its draw" "${catering/$year-03-16/$year-03-10}" "2 windows programme-dates"
wrong "one behind the year" "${catering/$year-06-30/$((year + 1))-01-05}" "2 windows programme-dates"
wrong "a draw in another year" "${catering/$year-03-10/$((year - 1))-12-30}" "2 draws programme-dates"
wrong "a daily scheme as a special task" "${catering/日常/专项}" \
	"2 kind programme-kind, 2 approval programme-special, 2 filing programme-special, 2 publication programme-special, 2 published programme-special"
wrong "other levels than the scheme's" "${catering/县抽县查/市抽市查}" "2 levels programme-mode"
wrong "a case that is drawn and has no cause" "${catering/日常/个案}" "2 cause programme-case"
wrong "a scheme of another department" "gathering,,gathering,日常,定向,县抽县查,防火科,$year-03-10;$year-09-10,$year-03-16..$year-06-30;$year-09-16..$year-10-30,,,,," \
	"2 scheme programme-lead"
has "each with what to do" '"remedy_zh":"请由牵头部门报送' "$body"
sql "UPDATE department SET inspects = false WHERE id = 'wsjk'" >/dev/null
wrong "a department that may not inspect" "$catering" "2 scheme programme-body"
sql "UPDATE department SET inspects = true WHERE id = 'wsjk'" >/dev/null
tasks "$catering" "$food" "$catering"
submit clerk-scjg
same "one code twice" "4 code programme-code" "$refused"
same "of a file with one refused nothing is stored" 0 "$(sql 'SELECT count(*) FROM programme_task')"
tasks "$catering" "$food" "pharmacy,,pharmacy,个案,定向,县抽县查,药品科,,,,,,,群众投诉某药店"
submit clerk-scjg '{"check":true}'
same "a look stores nothing" "False 0" "$(of 'o["stored"]') $(sql 'SELECT count(*) FROM programme_task')"
submit clerk-scjg
same "what is right is stored" "200 True 3" "$status $(of 'o["stored"]') $(sql 'SELECT count(*) FROM programme_task')"
as clerk-jyj GET "$P/$year"
same "others do not see it yet" 0 "$(of 'len(o["tasks"])')"
same "but that it was submitted" reported "$(of '[d["state"] for d in o["departments"] if d["department"] == "scjg"][0]')"
as auditor GET "$P/$year/tasks?format=csv"
has "it is exported" "catering," "$body"
printf '%s' "$body" | python3 -c 'import sys; sys.stdout.write(sys.stdin.read().replace("餐饮科", "餐饮监管科"))' >"$TEST_DIR/tasks.csv"
submit clerk-scjg
same "and what was exported is submitted again" "True 餐饮监管科" "$(of 'o["stored"]') $(sql "SELECT owner FROM programme_task WHERE code = 'catering'")"
submit clerk-jyj '{"department":"scjg"}'
same "not for another department" "403 not-allowed" "$status $(member code)"

cat >"$TEST_DIR/tasks.csv" <<END
[{"scheme": "school", "kind": "daily", "targeted": true, "levels": "county-county", "owner": "基教科",
  "draws": [{"on": "$year-03-10", "from": "$year-03-16", "to": "$year-06-30"}, {"on": "$year-09-10", "from": "$year-09-16", "to": "$year-12-20"}]}]
END
submit clerk-jyj
same "JSON as well" "200 True" "$status $(of 'o["stored"]')"
post clerk-jyj none '{"reason":"无"}'
same "who has tasks has not none" "409 conflict" "$status $(member code)"
post clerk-gaj none '{"reason":"本年度无牵头任务"}'
same "others have" 200 "$status"
special="chemicals,,chemicals,专项,定向,县抽县查,危化科,$year-04-10;$year-10-10,$year-04-16..$year-06-30;$year-10-16..$year-11-30,应急〔$year〕3号,备〔$year〕9号,区政府网站,$year-01-10,"
tasks "$special"
submit lead '{"department":"yjgl"}'
same "an item that is not published any more" "2 scheme item-unpublished" "$refused"
has "is named" "gaj-dangerous-goods" "$body"
sql "UPDATE item_fact SET until = '' WHERE until = '2020-12-31'" >/dev/null
sql "UPDATE item_fact SET basis = '—' WHERE id = 'yjgl-chemicals'" >/dev/null
submit lead '{"department":"yjgl"}'
same "an item without a legal basis" "2 scheme item-basis" "$refused"
has "nor is it inspected for a cause" cause-item "$(sql "SELECT cause_items('yjgl', '$year-03-01', 'yjgl-chemicals')" 2>&1)"
sql "UPDATE item_fact SET basis = '《危险化学品安全管理条例》' WHERE id = 'yjgl-chemicals'" >/dev/null
tasks "${special/$year-01-10/$year-04-11}"
submit lead '{"department":"yjgl"}'
same "a special one that is published behind its draw" "2 published programme-special" "$refused"
tasks "${special/应急〔$year〕3号/}"
submit lead '{"department":"yjgl"}'
same "or was not approved" "2 approval programme-special" "$refused"
tasks "$special"
submit lead
same "a coordinator says for whom" "400 department-needed" "$status $(member code)"
submit lead '{"department":"yjgl"}'
same "and submits for it" "200 True" "$status $(of 'o["stored"]')"
post clerk-jyj withdraw '{"code":"catering","reason":"不办"}'
same "nobody withdraws what is another's" "404 no-task" "$status $(member code)"
post clerk-scjg withdraw '{"code":"food-making","reason":"合并到餐饮"}'
same "one's own" 200 "$status"
tasks "$food"
submit clerk-scjg
same "and submits it again" "kept" "$(sql "SELECT state FROM programme_task WHERE code = 'food-making'")"

# behind the deadline
sql "UPDATE programme SET deadline = '2020-01-31'" >/dev/null
tasks "gathering,,gathering,日常,定向,县抽县查,防火科,$year-03-10；$year-09-10,$year-03-16..$year-06-30；$year-09-16..$year-10-30,,,,,"
submit clerk-xfjy
same "behind the deadline nobody submits" "409 programme-late" "$status $(member code)"
post clerk-xfjy admit '{"department":"xfjy","reason":"系统故障"}'
same "nobody lets himself in" 403 "$status"
post lead admit '{"department":"xfjy","reason":"系统故障"}'
submit clerk-xfjy
same "who was let in does" "200 True" "$status $(of 'o["stored"]')"
same "that is kept" "系统故障 lead" "$(sql "SELECT late_why || ' ' || late_by FROM programme_submission WHERE department = 'xfjy'")"
out=$(ctl_as head-jyj programme status "$year" --lang zh 2>&1) && has "programme status" "已过" "$out" || bad "status: $out"
has "tells who has not submitted" "未报  示范区商务局" "$out"
has "who has none" "无任务  示范区公安分局" "$out"

# ---- review, approval -------------------------------------------------------------------------------------

post head-jyj escalations '{"matter":"学校检查与督导重叠","code":"school"}'
same "a matter for the joint conference" "201 1" "$status $(member item)"
post head-jyj opinions '{"kind":"review","opinion":"合法"}'
same "no opinions before all is collected" "409 programme-state" "$status $(member code)"
post lead state '{"state":"review"}'
same "the review begins" review "$(member state)"
as clerk-jyj GET "$P/$year"
same "and everybody sees all of it" 6 "$(of 'len(o["tasks"])')"
same "what is missing" "review:gaj, review:jyj, review:scjg, review:sthj, review:wsjk, review:xfjy, review:ybj, review:yjgl" \
	"$(of '", ".join(w for w in o["lacking"].split(", ") if w.startswith("review"))')"
as lead POST "$P/$year/approve" -d '{"reason":"提请批准"}'
same "nothing is approved without" "409 programme-lacks" "$status $(member code)"
post head-jyj opinions '{"kind":"approval"}'
same "no head approves what was not reviewed" "409 programme-lacks" "$status $(member code)"
post clerk-jyj opinions '{"kind":"review","verdict":"objected","opinion":"缺依据"}'
same "an objection" "201 objected" "$status $(sql "SELECT verdict FROM programme_opinion WHERE department = 'jyj'")"
has "is not enough" "review:jyj" "$(member lacking)"
has "which the status tells by department" "待法制审核  待负责人同意" "$(ctl_as head-jyj programme status "$year" --lang zh 2>&1 | grep ^jyj)"
post clerk-jyj opinions '{"kind":"review"}'
same "an opinion has words" "400 bad-json" "$status $(member code)"
post head-swj opinions '{"kind":"review","opinion":"合法"}'
same "not of who takes no part" "400 bad-department" "$status $(member code)"
post lead opinions '{"kind":"review","opinion":"合法"}'
same "nor of a coordinator" 403 "$status"
for d in gaj jyj scjg sthj wsjk xfjy ybj yjgl; do
	case " ${!token[*]} " in *" clerk-$d "*) ;; *) bad "no clerk-$d" ;; esac
	post "clerk-$d" opinions '{"kind":"review","opinion":"符合法定职权和依据"}'
done
post clerk-jyj opinions '{"kind":"approval"}'
same "a clerk approves nothing" "403 not-allowed" "$status $(member code)"
for d in gaj jyj scjg sthj wsjk xfjy ybj; do
	post "head-$d" opinions '{"kind":"approval"}'
done
same "one head is missing, and a matter" "approval:yjgl, escalation:1" "$(member lacking)"
post head-yjgl opinions '{"kind":"approval","opinion":"同意"}'
post lead escalations/1/resolve '{"resolution":"会议决定同日检查"}'
same "the matter is resolved" "200" "$status"
post lead escalations/1/resolve '{"resolution":"再议"}'
same "once" "409 already-done" "$status $(member code)"
as lead GET "$P/$year"
same "nothing is missing" "" "$(member lacking)"

# a change of tasks asks all of them anew
post lead state '{"state":"collecting"}'
tasks "${catering/餐饮科/餐饮处}"
sql "UPDATE programme SET deadline = '$year-01-31'" >/dev/null
submit clerk-scjg
post lead state '{"state":"review"}'
as lead GET "$P/$year"
same "after a change nobody has approved" 8 "$(of 'o["lacking"].count("approval:")')"
for d in gaj jyj scjg sthj wsjk xfjy ybj yjgl; do
	post "clerk-$d" opinions '{"kind":"review","opinion":"符合法定职权和依据"}'
	post "head-$d" opinions '{"kind":"approval"}'
done
kill -STOP "$worker" # checks by itself what has none
sql 'DELETE FROM programme_check' >/dev/null
as lead POST "$P/$year/approve" -d '{"reason":"提请批准"}'
same "a check of caps and overlaps comes first" "409 programme-check" "$status $(member code)"
kill -CONT "$worker"
as lead POST "$P/$year/checks" -d '{}'
done_job
same "checked" "done" "$ended"
sql "UPDATE document SET state = 'retired', ended_by = motion, ended_at = agreed_at WHERE code = 'chemicals'" >/dev/null
as lead POST "$P/$year/approve" -d '{"reason":"提请批准"}'
same "a scheme that ended since" "409 programme-scheme" "$status $(member code)"
sql "UPDATE document SET state = 'agreed', ended_by = NULL, ended_at = NULL WHERE code = 'chemicals'" >/dev/null
as lead POST "$P/$year/approve" -d '{"reason":"提请批准"}'
same "is moved" 202 "$status"; [ "$status" = 202 ] || echo "$body"
motion=$(member motion)
second lead "$motion"
same "not by one person alone" "409 same-person" "$status $(member code)"
post lead state '{"state":"published"}'
same "not public before" "409 programme-state" "$status $(member code)"
sql "UPDATE programme_task SET name = name || '二' WHERE year = $year AND code = 'chemicals'" >/dev/null
second lead2 "$motion"
same "nobody agrees to what was changed since it was moved" "412 stale" "$status $(member code)"
sql "UPDATE programme_task SET name = left(name, -1) WHERE year = $year AND code = 'chemicals'" >/dev/null
approver=$(sql "SELECT person FROM account WHERE id = 'head-jyj'")
other=$(sql "SELECT person FROM account WHERE id = 'lead2'")
sql "UPDATE programme_opinion SET person = '$other' WHERE year = $year AND account = 'head-jyj' AND kind = 'approval'" >/dev/null
second lead2 "$motion"
same "nor to what he approved as a head" "409 same-person" "$status $(member code)"
sql "UPDATE programme_opinion SET person = '$approver' WHERE year = $year AND account = 'head-jyj' AND kind = 'approval'" >/dev/null
second lead2 "$motion"
same "another coordinator agrees" "200 done" "$status $(member state)"
as auditor GET "$P/$year"
same "approved" "approved 1" "$(member state) $(member base_version)"
same "numbered by lead without gaps" "市监局抽查〔$year〕1号 市监局抽查〔$year〕2号 市监局抽查〔$year〕3号 应急局抽查〔$year〕1号 教育局抽查〔$year〕1号 消防大队抽查〔$year〕1号" \
	"$(of '" ".join(sorted(t["number"] for t in o["tasks"]))')"
submit clerk-scjg
same "nothing is submitted any more" "409 programme-state" "$status $(member code)"

# ---- public -------------------------------------------------------------------------------------------------

call GET "/api/v1/public/programmes/$year"
same "still not public" "404" "$status"
post lead state '{"state":"published"}'
same "published" "200 published" "$status $(member state)"
post lead filings "{\"number\":\"备〔$year〕1号\",\"recipient\":\"市市场监管局\",\"day\":\"$(date +%F -u -d '+8 hours')\"}"
same "filed" 201 "$status"
call GET /api/v1/public/programmes
same "everybody sees it" "200 1" "$status $(of 'len(o["public_programmes"])')"
has "and where it was filed" 市市场监管局 "$body"
call GET "/api/v1/public/programmes/$year" -G --data-urlencode lead=示范区市场监督管理局
same "its tasks" "3 县抽县查" "$(of 'len(o["public_tasks"])') $(of 'o["public_tasks"][0]["levels"]')"
same "with the ratio of each class" "A类2%，B类5%，C类20%，D类100%" "$(of 'o["public_tasks"][0]["ratio"]')"
call GET "/api/v1/public/programmes/$year?format=csv"
has "as CSV in the columns in which it is published" 抽查计划编号,抽查计划名称,抽查任务编号,抽查任务名称,检查种类,抽查类型,抽查方式,抽查事项,抽查对象范围,抽查频率,抽查比例 "$body"
has "with its partners" "示范区公安分局、示范区消防救援大队" "$body"
has "and what special ones need" "批准：应急〔$year〕3号；备案：备〔$year〕9号；公布：区政府网站 $year-01-10" "$body"
call GET "$P/$year"
same "the rest is not public" 401 "$status"

# ---- amended ----------------------------------------------------------------------------------------------

amend() { as "$1" POST "$P/$year/amendments" -d "$2"; }
amend clerk-jyj '{"withdraw":"catering","reason":"不办"}'
same "not another's task" "403 not-allowed" "$status $(member code)"
amend clerk-jyj '{"reason":"不办"}'
same "something has to be changed" "400 bad-json" "$status $(member code)"
tasks "${catering/$year-06-30/$year-07-31}"
send clerk-scjg "programmes/$year/amendments" "$TEST_DIR/tasks.csv" '' '{"reason":"高温期调整"}'
same "a department moves" 202 "$status"
motion=$(member motion)
second head-scjg "$motion"
same "its head does not second" "404 no-motion" "$status $(member code)"
second lead "$motion"
same "a coordinator does" "200 done" "$status $(member state)"
amend lead '{"withdraw":"school","reason":"并入督导"}'
motion=$(member motion)
second lead "$motion"
same "not alone" "409 same-person" "$status $(member code)"
second lead2 "$motion"
same "taken out" "done" "$(member state)"
tasks "${food//food-making/catering-2}"
sed -i 's/^catering-2,,catering-2/catering-2,小餐饮,catering/' "$TEST_DIR/tasks.csv"
send lead "programmes/$year/amendments" "$TEST_DIR/tasks.csv" '' '{"reason":"增加小餐饮","department":"scjg"}'
second lead2 "$(member motion)"
same "one more task" "done 市监局抽查〔$year〕4号" "$(member state) $(sql "SELECT number FROM programme_task WHERE code = 'catering-2'")"
tasks "${catering/$year-03-10/$year-06-10}"
send lead "programmes/$year/amendments" "$TEST_DIR/tasks.csv" '' '{"reason":"改期","department":"scjg"}'
same "an amendment is held to the same rules" "409 programme-dates" "$status $(member code)"
amend lead '{"base":true,"reason":"改用新的方案基础"}'
same "the base is still the same" "409 no-change" "$status $(member code)"
call GET "/api/v1/public/programmes/$year/amendments"
same "all of it is public" "change withdraw add" "$(of '" ".join(a["action"] for a in o["public_amendments"])')"
same "what stood before and what stands now" "$year-06-30 $year-07-31" "$(of 'o["public_amendments"][0]["before"]["draws"][0]["to"]') $(of 'o["public_amendments"][0]["after"]["draws"][0]["to"]')"
call GET "/api/v1/public/programmes/$year?state=withdrawn"
same "what was taken out stays to be seen" "教育局抽查〔$year〕1号" "$(of 'o["public_tasks"][0]["number"]')"
same "its number is not given again" 7 "$(sql 'SELECT count(DISTINCT number) FROM programme_task')"
same "the version counts" 4 "$(sql 'SELECT version FROM programme')"

# ---- drawctl ----------------------------------------------------------------------------------------------

out=$(ctl_as clerk-scjg programme list --lang zh 2>&1) && has "programme list" 已公示 "$out" || bad "list: $out"
out=$(ctl_as clerk-scjg programme show "$year" --lang zh 2>&1) && has "programme show" "$year-07-31 检查" "$out" || bad "show: $out"
has "with what was resolved" 会议决定同日检查 "$out"
out=$(ctl_as clerk-scjg programme export "$year" --format csv 2>&1) && has "programme export" "市监局抽查〔$year〕4号" "$out" || bad "export: $out"
out=$(ctl_as lead programme amendments "$year" --lang zh 2>&1) && has "programme amendments" 增加小餐饮 "$out" || bad "amendments: $out"
out=$(ctl_as lead programme published --lang zh 2>&1) && has "programme published" 市市场监管局 "$out" || bad "published: $out"
out=$(ctl_as lead programme notices "$year" --lang zh 2>&1) && has "programme notices" 并入督导 "$out" || bad "notices: $out"
next=$((year + 1))
out=$(ctl_as lead programme open "$next" --name 下一年度 --until "$next-01-31" --lang zh 2>&1) && has "programme open" "$next 编制" "$out" || bad "open: $out"
tasks "catering,,catering,日常,定向,县抽县查,餐饮科,$next-13-10,$next-03-16..$next-06-30,,,,,"
out=$(ctl_as clerk-scjg programme submit "$next" "$TEST_DIR/tasks.csv" --lang zh 2>&1)
same "programme submit exits with 1 where something is refused" 1 $?
has "and names file, line, column, what to do" "tasks.csv:2 抽取日期: 日期有误（$next-13-10）。 请写成 2026-03-31 的形式" "$out"
tasks "catering,,catering,日常,定向,县抽县查,餐饮科,$next-03-10,$next-03-16..$next-06-30,,,,,"
out=$(ctl_as clerk-scjg programme submit "$next" "$TEST_DIR/tasks.csv" --dry-run --lang zh 2>&1) && has "submit --dry-run" 核对无误 "$out" || bad "dry-run: $out"
out=$(ctl_as clerk-scjg programme submit "$next" "$TEST_DIR/tasks.csv" --lang zh 2>&1) && has "submit" "已报送 1 项" "$out" || bad "submit: $out"
out=$(ctl_as clerk-scjg programme withdraw "$next" catering --reason 暂缓 2>&1) && ok "programme withdraw" || bad "withdraw: $out"
out=$(ctl_as clerk-scjg programme none "$next" --reason 无 2>&1) && ok "programme none" || bad "none: $out"
out=$(ctl_as lead programme close "$next" 2>&1) && bad "an empty programme goes to review" || has "an empty programme is not reviewed" programme-empty "$(ctl_as lead programme close "$next" --json 2>&1)"
finish
