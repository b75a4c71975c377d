#!/bin/bash
# The programme over the lists: what is refused before anybody agrees to it, overlaps and joint tasks; its days become
# rounds, each once, whoever dies meanwhile; why one was not made; what the city draws and the counties inspect.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
policy=$TOP/etc/policy

# one city department of two systems above two counties; the others as in the sample
sed -e 's/^level = .*/level = "city";/; s/^region = .*/region = "330100";/' "$policy/people.conf" |
	python3 -c '
import sys
below = "".join("\t%s-%s: { name = \"%s%s\"; level = \"county\"; region = \"3301%s\"; system = \"%s\"; };\n"
	% (code, county, name, body, county, code)
	for county, name in (("10", "甲县"), ("99", "乙县")) for code, body in (("scjg", "市场监督管理局"), ("wsjk", "卫生健康局")))
people = "".join("\t%s-%s-%s: { name = \"某%s\"; person = \"3%s%s%s\"; department = \"%s-%s\"; roles = [\"%s\"]; };\n"
	% (role, code, county, county, n, m, county, code, county, role)
	for county in ("10", "99") for n, code in enumerate(("scjg", "wsjk")) for m, role in enumerate(("head", "clerk")))
text = sys.stdin.read()
text = text.replace("departments:\n{\n", "departments:\n{\n" + below).replace("accounts:\n{\n", "accounts:\n{\n" + people)
sys.stdout.write(text)' >"$TEST_DIR/people.conf"

at() { date -u -d "$1 01:00" +%s; } # nine in the morning in Beijing
install_drawd 'demo = true;'
{
	web_conf "$sockets"
	printf 'import: { labels = "%s/labels.conf"; departments = ""; };\n' "$policy"
	printf 'test: { time = %s; };\nworker: { lease = 2; };\nprogramme: { lead_days = 5; };\n' "$(at 2026-01-05)"
} >>"$state/drawd.conf"
enrol "$TEST_DIR/people.conf"
clock() { # DATE: the clock of the database and of the processes
	sql "SELECT clock_set(0, $(at "$1"))" >/dev/null
	sed -i "s/time = [0-9]*;/time = $(at "$1");/" "$state/drawd.conf"
	kill -HUP "$web" ${worker:+"$worker"}
}
clock_first() { sql "SELECT clock_set(0, $(at 2026-01-05))" >/dev/null; }
clock_first
start_web
start_worker

of() { printf '%s' "$body" | python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
# does NAME COMMAND…: what it says is shown only where it fails, and stays in $said
does() {
	local name=$1
	shift
	if said=$("$@" 2>&1); then ok "$name"; else bad "$name: $said"; fi
}
# refuses NAME PART COMMAND…: and says so
refuses() {
	local name=$1 part=$2
	shift 2
	if said=$("$@" 2>&1); then bad "$name: $said"; else has "$name" "$part" "$said"; fi
}
seconded() { # ACCOUNT: the newest motion
	second "$1" "$(sql 'SELECT max(id) FROM motion')"
	same "${2:-a second person agrees}" "200 done" "$status $(member state)"
}
bring() { # KIND FILE
	ctl_as lead import "$1" "$2" --source s --yes >"$TEST_DIR/said" 2>&1 || { bad "import $1"; tail -n 5 "$TEST_DIR/said"; }
}
# wait_for NAME WANTED QUERY
wait_for() {
	local got
	for _ in $(seq 200); do
		got=$(sql "$3")
		[ "$got" = "$2" ] && break
		sleep 0.05
	done
	same "$1" "$2" "$got"
}

# ---- lists, base, schemes -----------------------------------------------------------------------------

"$B/drawgen" district --entities 600 --inspectors 20 --out "$TEST_DIR/lists" >/dev/null || bad drawgen
# of a city: half of the objects are in the one county, half in the other; many of class D
python3 - "$TEST_DIR/lists/entities.csv" <<'END'
import csv, sys
with open(sys.argv[1], encoding="utf-8-sig", newline="") as f:
    rows = list(csv.reader(f))
region, label = rows[0].index("行政区划"), rows[0].index("信用风险等级")
for i, row in enumerate(rows[1:]):
    row[region] = row[region].replace("330199", "330110") if i % 2 else row[region]
    row[label] = "D" if i % 9 == 0 else row[label]
with open(sys.argv[1], "w", encoding="utf-8", newline="") as f:
    csv.writer(f).writerows(rows)
END
bring entities "$TEST_DIR/lists/entities.csv"
objects=$(sql "SELECT count(*) FROM entity_current")
[ "$objects" -gt 300 ] && ok "a register" || bad "a register of $objects"
python3 - "$policy/district.conf" "$TEST_DIR" <<'END'
import csv, re, sys
text = open(sys.argv[1], encoding="utf-8").read()
items = re.findall(r'\n\t([a-z0-9-]+):\n\t\{\n\t\tdepartment = "([a-z]+)";(?:\n\t\tfield = "[^"]*";)?\n\t\tname = "([^"]*)";\n\t\tbasis = "([^"]*)";', text)
names = dict(re.findall(r'\n\t([a-z]+): \{ name = "示范区([^"]*)"', open(sys.argv[1].replace("district", "people"), encoding="utf-8").read()))
with open(sys.argv[2] + "/items.csv", "w", encoding="utf-8", newline="") as f:
    w = csv.writer(f)
    w.writerow(["事项编号", "部门", "抽查事项", "检查依据", "生效日期"])
    for code, department, name, basis in items:
        w.writerow([code, department, name, basis, "2026-01-01"])
with open(sys.argv[2] + "/joint.csv", "w", encoding="utf-8", newline="") as f:
    w = csv.writer(f)
    w.writerow(["抽查领域", "抽查事项", "发起部门", "检查依据"])
    for code, department, name, basis in items:
        if code in ("scjg-catering", "scjg-price"):
            w.writerow(["餐饮服务", name, department, basis])
END
bring items "$TEST_DIR/items.csv"
bring joint_items "$TEST_DIR/joint.csv"
# class D is entered once a cycle at most
sed 's/classes = \["A"\]; most = 1;/classes = ["D"]; most = 1;/' "$policy/district.conf" >"$TEST_DIR/base.conf"
does "a base" ctl_as lead policy put "$TEST_DIR/base.conf"
does "is moved" ctl_as lead policy agree main --reason 审定
seconded lead2
# the city inspects food; prices it draws for the counties, class D all and on site
sed 's/level = "county"/level = "city"/' "$policy/schemes/food-and-drugs.conf" >"$TEST_DIR/food.conf"
sed 's/D = "20%"/D = "100%"/; s/C = "paper"; D = "paper"/C = "paper"; D = "onsite"/' "$policy/schemes/network.conf" >"$TEST_DIR/network.conf"
for file in food network; do does "schemes: $file" ctl_as lead scheme put "$TEST_DIR/$file.conf"; done
does "are moved" ctl_as lead scheme agree --all --reason 审定
seconded lead2

# ---- a programme that a cap refuses -----------------------------------------------------------------------

# tasks DAY OF THE PRICES
tasks() {
	printf '任务名称,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间\n'
	printf '餐饮联合抽查,catering,日常,不定向,市抽市查,餐饮处,2026-03-02,2026-03-10至2026-04-30\n'
	printf '价格抽查,price,日常,不定向,市抽县查,价监处,%s,2026-04-10至2026-05-29\n' "$1"
}
as lead POST /api/v1/programmes/2026/checks -d '{}'
same "of a year that has no programme" "404 no-programme" "$status $(member code)"
does "a programme" ctl_as lead programme open 2026 --name 2026年度抽查工作计划 --until 2026-01-31
as lead GET /api/v1/programmes/2026/check
same "that was never checked" "404 no-programme" "$status $(member code)"
tasks 2026-04-01 >"$TEST_DIR/tasks.csv"
does "tasks" ctl_as clerk-scjg programme submit 2026 "$TEST_DIR/tasks.csv"
refuses "while they are collected departments look at their own" programme-state ctl_as clerk-scjg programme check 2026 --json
refuses "two days for class D are over the cap" "low-risk" ctl_as lead programme check 2026 --lang zh
has "its law is named" 国办发〔2024〕54号 "$said"
has "and the tasks" "catering, price" "$said"
has "and what to do" 同一抽取日 "$said"
as lead GET /api/v1/programmes/2026/check
same "once too often" "True 1 2000000 2" "$(of 'str(o["current"]) + " " + " ".join(str(next(c for c in o["found"]["caps"] if c["cap"] == "low-risk")[k]) for k in ("most", "expected", "days"))')"
same "the pair" "catering price 30 False" "$(of '" ".join(str(o["found"]["proposals"][0][k]) for k in ("a", "b", "gap", "meets"))')"
same "which the joint list names" 餐饮服务 "$(of 'o["found"]["proposals"][0]["joint"]')"
same "would save entries" True "$(of 'o["found"]["proposals"][0]["saved"] > 0')"
same "its day is a look" "$objects True" "$(of 'str(o["found"]["register"]) + " " + str(all(t["drawn"] > 0 for d in o["found"]["days"] for t in d["tasks"]))')"
does "overlaps" ctl_as lead programme overlaps 2026 --days 31 --lang zh
has "told" "catering × price" "$said"
has "within a month" "31 天内重复入企" "$said"
as clerk-scjg GET /api/v1/programmes/2026/check
same "nor for departments while tasks are collected" "404 no-programme" "$status $(member code)"
as inspector-scjg GET /api/v1/programmes/2026/check
same "not for inspectors" 403 "$status"

agreed() { # every department's review and its head's approval
	local d
	for d in scjg wsjk xfjy; do
		ctl_as "clerk-$d" programme review 2026 --opinion 合法 >/dev/null 2>&1 &&
			ctl_as "head-$d" programme approve 2026 >/dev/null 2>&1 || bad "$d does not agree"
	done
}
does "all are in" ctl_as lead programme close 2026
agreed
refuses "it cannot be approved" programme-refused ctl_as lead programme propose 2026 --reason 报批 --json
does "back" ctl_as lead programme reopen 2026
tasks 2026-03-02 >"$TEST_DIR/tasks.csv"
does "both on one day" ctl_as clerk-scjg programme submit 2026 "$TEST_DIR/tasks.csv"
as lead GET /api/v1/programmes/2026/check
same "what was found is of other tasks" False "$(of 'o["current"]')"
does "all are in" ctl_as lead programme close 2026
agreed
# a new base is not what they agreed to
sed 's/most = 4;/most = 5;/' "$TEST_DIR/base.conf" >"$TEST_DIR/again.conf"
does "a base that is new" ctl_as lead policy put "$TEST_DIR/again.conf"
does "is moved" ctl_as lead policy agree main --reason 审定
seconded lead2
as lead GET /api/v1/programmes/2026
same "on another base nobody has approved" "review:scjg, review:wsjk, review:xfjy, approval:scjg, approval:wsjk, approval:xfjy" "$(member lacking)"
agreed
kill -STOP "$worker" # checks by itself what has none
sql 'DELETE FROM programme_check' >/dev/null
refuses "unchecked it cannot be approved" programme-check ctl_as lead programme propose 2026 --reason 报批 --json
kill -CONT "$worker"
does "the check passes" ctl_as lead programme check 2026 --lang zh
as lead GET /api/v1/programmes/2026/check
as clerk-jyj GET /api/v1/programmes/2026/check
same "then all departments see it" "200 True" "$status $(of 'o["current"]')"
same "one entry for both" "True True 1000000" "$(of '" ".join(str(v) for v in (o["current"], o["found"]["overlaps"][0]["meets"], next(c for c in o["found"]["caps"] if c["cap"] == "low-risk")["expected"]))')"
does "moved" ctl_as lead programme propose 2026 --reason 报批
seconded lead2 "and agreed to"

# ---- its round ------------------------------------------------------------------------------------------------

does "rounds" ctl_as lead programme rounds 2026 --lang zh
has "one is to come" "将于 2026-02-25 建立" "$said"
restart_worker() { # CRASH POINT
	kill "$worker" 2>/dev/null
	wait "$worker" 2>/dev/null
	mkdir -p "$TEST_DIR/crashed"
	DRAWD_CRASH_AT=${1:-} DRAWD_CRASH_DIR=$TEST_DIR/crashed \
		"$B/drawd" --conf "$state/drawd.conf" worker 2>>"$TEST_DIR/log" &
	worker=$!
}
clock 2026-02-24
sleep 0.5
same "not before" 0 "$(sql 'SELECT count(*) FROM round')"
# the base changes: what was approved no longer stands
sed 's/^title = .*/title = "另一版";/; s/most = 4;/most = 3;/' "$TEST_DIR/base.conf" >"$TEST_DIR/other.conf"
does "another base" ctl_as lead policy put "$TEST_DIR/other.conf"
does "is moved" ctl_as lead policy agree main --reason 审定
seconded lead2
clock 2026-02-25
wait_for "no round is made" programme-stale "SELECT error ->> 'code' FROM programme_round WHERE draw_on = '2026-03-02'"
refuses "that is told" "base/main 2" ctl_as lead programme rounds 2026
has "with what to do" "programme amend" "$said"
# two persons go over to it; whoever makes the round is killed twice, once with it half written
does "an amendment" ctl_as lead programme amend 2026 --rebase --reason 新基础
seconded lead2
restart_worker programme.composed
wait_for "it is checked again" 0 "SELECT c.refusals FROM programme_checked(2026) c"
clock 2026-02-25
for point in programme.composed programme.made; do
	for _ in $(seq 100); do [ -e "$TEST_DIR/crashed/$point" ] && break; sleep 0.1; done
	wait "$worker" 2>/dev/null
	[ -e "$TEST_DIR/crashed/$point" ] && ok "killed at $point" || bad "nobody is killed at $point"
	same "no round yet" 0 "$(sql 'SELECT count(*) FROM round')"
	[ $point = programme.made ] || restart_worker programme.made
done
restart_worker
wait_for "one round" "1|1" "SELECT (SELECT count(*) FROM round), (SELECT count(*) FROM programme_round WHERE round IS NOT NULL)"
round=$(sql 'SELECT id FROM round')
clock 2026-02-26
sleep 0.5
same "and no other" 1 "$(sql 'SELECT count(*) FROM round')"
same "of both tasks, with their windows" "catering 2026-03-10 2026-04-30,price 2026-04-10 2026-05-29" "$(sql "
	SELECT string_agg(concat_ws(' ', w[1], w[2], (regexp_match(policy, '(?n)^task\.' || w[1] || '\.to\t(.*)'))[1]), ',' ORDER BY w[1])
	  FROM round, regexp_matches(policy, '(?n)^task\.([^.]+)\.from\t(.*)', 'g') w")"
same "agreed to with the programme" "t 2026-03-02" "$(sql "SELECT policy_motion = (SELECT amended FROM programme) AND policy_agreed_at IS NOT NULL, to_char(to_timestamp(draw_deadline - 86400 + 28800) AT TIME ZONE 'UTC', 'YYYY-MM-DD') FROM round" | tr '|' ' ')"
same "the counties inspect what the city draws" "scjg,scjg-10,scjg-99,wsjk,xfjy" "$(sql 'SELECT departments FROM round')"
same "by which motions, for who reads the round" "$(sql "SELECT format('# approved by motion %s, amended by motion %s', motion, amended) FROM programme") t" \
	"$(sql 'SELECT policy_source FROM round' | sed -n '/^# approved/p') $(sql 'SELECT m.approved = p.motion FROM programme_round m, programme p WHERE m.round IS NOT NULL')"
does "rounds" ctl_as clerk-scjg programme rounds 2026
has "tell it" "$round" "$said"
has "and its tasks" "catering, price" "$said"
as head-scjg-10 GET "/api/v1/rounds/$round"
same "a county takes part" "200 draft" "$status $(member state)"
does "its head approves" ctl_as head-scjg-10 round approve "$round"
as head-wsjk-10 GET "/api/v1/rounds/$round"
same "one that does not is told nothing of a draft" 404 "$status"
refuses "who moved the policy does not" "" ctl_as lead round approve "$round"
for d in scjg scjg-99 wsjk xfjy; do does "as do the others: $d" ctl_as "head-$d" round approve "$round"; done
does "a freeze is moved as always" ctl_as lead round freeze "$round" --reason 冻结

# ---- a task that is drawn twice a year --------------------------------------------------------------------

does "published" ctl_as lead programme publish 2026
targets() { sql "SELECT columns ->> 'targets' ~ '^[0-9]+（抽取库 [1-9]' FROM programme_published WHERE code = '$1'"; }
same "with the numbers of the check" t "$(targets price)"
# SCHEME FILE: reports looked at on paper by the city
sed -e '/^\tprice:/,/^\t};/d; s/level = "county"/level = "city"/; s/draws = 1;/draws = 2;/; s/items = .*rsj.*/items = ["scjg-report"];/' \
	"$policy/schemes/network.conf" >"$TEST_DIR/report.conf"
version_of() { # a new version of that scheme, agreed to
	does "a scheme" ctl_as lead scheme put "$TEST_DIR/report.conf"
	does "is moved" ctl_as lead scheme agree report --reason 审定
	seconded lead2
}
version_of
# reports OFFICE DAYS [CODE]
reports() {
	printf '任务代码,任务名称,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间\n%s,年报抽查,report,日常,不定向,市抽市查,%s,%s,2026-03-16至2026-04-30；2026-09-07至2026-10-30\n' \
		"${3:-report}" "$1" "$2" >"$TEST_DIR/tasks.csv"
}
amend() { ctl_as clerk-scjg programme amend 2026 "$TEST_DIR/tasks.csv" --reason "$1" "${@:2}"; }
days='2026-03-12；2026-09-01'
for code in report spare; do
	reports 信用处 "$days" $code
	does "$code comes in" amend 增加
	seconded lead2
done
does "checked" ctl_as lead programme check 2026
same "the published numbers are those of the check" "t t" "$(targets spare) $(targets price)"
does "one goes out again" ctl_as clerk-scjg programme amend 2026 --withdraw spare --reason 不办
seconded lead2
does "checked" ctl_as lead programme check 2026
clock 2026-03-08
wait_for "its first round" 2 "SELECT count(*) FROM round"
same "of the task that stayed" "report report 2" "$(sql "SELECT string_agg(t.code || ' ' || d.scheme || ' ' || d.scheme_version, ',') FROM programme_draw d JOIN programme_task t ON t.id = d.task WHERE d.draw_on = '2026-03-12' AND d.round IS NOT NULL")"
reports 信用处 "$days" spare
refuses "who went out before does not come into it" programme-drawn amend 恢复 --json
reports 信用处 '2026-03-13；2026-09-01'
refuses "what was drawn is not moved" programme-drawn amend 改期 --json
reports 信用监管处 "$days"
does "the rest is changed" amend 改责任处室
sed -i 's/B = "1.5%"/B = "2%"/' "$TEST_DIR/report.conf"
motion=$(sql 'SELECT max(id) FROM motion')
version_of
second lead2 "$motion"
same "but not to a version that its mover did not see" "409 programme-scheme" "$status $(member code)"
clock 2026-08-28
wait_for "on a scheme that ended its second round is not made" programme-stale "SELECT error ->> 'code' FROM programme_round WHERE draw_on = '2026-09-01'"
reports 信用监管处 "$days"
does "it takes the version in force" amend 改用新版本
seconded lead2
does "checked" ctl_as lead programme check 2026
clock 2026-08-28
wait_for "and its second round is made" 3 "SELECT count(*) FROM round"
same "each draw of its own version" "2 3" "$(sql "SELECT string_agg(d.scheme_version::text, ' ' ORDER BY d.nth) FROM programme_draw d JOIN programme_task t ON t.id = d.task WHERE t.code = 'report'")"
does "it is taken out" ctl_as clerk-scjg programme amend 2026 --withdraw report --reason 合并
seconded lead2
does "rounds" ctl_as clerk-scjg programme rounds 2026
same "its rounds stay" "3 report" "$(as lead GET /api/v1/programmes/2026/rounds; of 'str(sum(r["round"] is not None for r in o["rounds"])) + " " + o["rounds"][-1]["tasks"][0]')"

# ---- a change of the programme is followed at once ----------------------------------------------------------

before=$(sql "SELECT coalesce(max(id), 0) FROM job WHERE kind = 'programme-check'")
sql "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM programme_check; UPDATE programme SET version = version + 1 WHERE year = 2026; COMMIT" >/dev/null
wait_for "the worker asks what is due" t "SELECT count(*) > 0 FROM job WHERE kind = 'programme-check' AND id > $before"
finish
