#!/bin/bash
# Days of the programme that come late: nobody was there when a round was due. What was amended waits for its check, and
# that is told; a late round is drawn by the pulse of the next day; one whose windows are over is not made.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
policy=$TOP/etc/policy
at() { date -u -d "$1 01:00" +%s; } # nine in the morning in Beijing
install_drawd 'demo = true;'
{
	web_conf "$sockets"
	import_conf
	printf 'test: { time = %s; };\nworker: { lease = 2; };\nprogramme: { lead_days = 5; };\n' "$(at 2026-01-05)"
} >>"$state/drawd.conf"
clock() { # DATE: the clock of the database and of the processes
	sql "SELECT clock_set(0, $(at "$1"))" >/dev/null
	sed -i "s/time = [0-9]*;/time = $(at "$1");/" "$state/drawd.conf"
	kill -HUP "$web" ${worker:+"$worker"}
}
sql "SELECT clock_set(0, $(at 2026-01-05))" >/dev/null
start_web
start_worker
does() { # NAME COMMAND…
	local name=$1
	shift
	if said=$("$@" 2>&1); then ok "$name"; else bad "$name: $said"; fi
}
seconded() { # of the newest motion, whose answer stays in $body
	second lead2 "$(sql 'SELECT max(id) FROM motion')"
	same "${1:-a second person agrees}" "200 done" "$status $(member state)"
}
wait_for() { # NAME WANTED QUERY
	local got
	for _ in $(seq 200); do
		got=$(sql "$3")
		[ "$got" = "$2" ] && break
		sleep 0.05
	done
	same "$1" "$2" "$got"
}

"$B/drawgen" district --entities 100 --inspectors 5 --out "$TEST_DIR/lists" >/dev/null || bad drawgen
does "a register" ctl_as lead import entities "$TEST_DIR/lists/entities.csv" --source s --yes
printf '%s\n' 事项编号,部门,抽查事项,检查依据,生效日期 'scjg-report,scjg,年度报告公示信息检查,《企业信息公示暂行条例》第十四条,2026-01-01' \
	>"$TEST_DIR/items.csv"
does "an item" ctl_as lead import items "$TEST_DIR/items.csv" --source s --yes
does "a base" ctl_as lead policy put "$policy/district.conf"
does "is moved" ctl_as lead policy agree main --reason 审定
seconded
sed -e '/^\tprice:/,/^\t};/d; s/items = .*rsj.*/items = ["scjg-report"];/' "$policy/schemes/network.conf" >"$TEST_DIR/report.conf"
does "a scheme" ctl_as lead scheme put "$TEST_DIR/report.conf"
does "is moved" ctl_as lead scheme agree report --reason 审定
seconded
task() { # CODE DAY WINDOW
	printf '任务代码,任务名称,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间\n%s,年报抽查,report,日常,不定向,县抽县查,信用处,%s,%s\n' \
		"$@" >"$TEST_DIR/tasks.csv"
}
does "a programme" ctl_as lead programme open 2026 --name 2026年度抽查工作计划 --until 2026-01-31
task report 2026-03-02 2026-03-10至2026-04-30
does "a task" ctl_as clerk-scjg programme submit 2026 "$TEST_DIR/tasks.csv"
does "all are in" ctl_as lead programme close 2026
does "the check passes" ctl_as lead programme check 2026
does "reviewed" ctl_as clerk-scjg programme review 2026 --opinion 合法
does "approved" ctl_as head-scjg programme approve 2026
does "moved" ctl_as lead programme propose 2026 --reason 报批
seconded "and agreed to"
same "its check stands" 1 "$(sql 'SELECT count(*) FROM programme_checked(2026)')"

# ---- amended while no worker runs -----------------------------------------------------------------------

kill "$worker"
wait "$worker" 2>/dev/null
worker=
for row in 'late 2026-03-05 2026-03-16至2026-05-29' 'over 2026-03-06 2026-03-10至2026-03-20'; do
	read -r code day window <<<"$row"
	task "$code" "$day" "$window"
	does "$code comes in" ctl_as clerk-scjg programme amend 2026 "$TEST_DIR/tasks.csv" --reason 增加
	has "what follows is told whom it is shown to" 重新核对 "$(ctl_as lead2 motion show "$(sql 'SELECT max(id) FROM motion')" --lang zh 2>&1)"
	seconded
	same "and in the answer" "{'check': 'due'}" "$(member result)"
done
told() { as lead GET /api/v1/programmes/2026/rounds
	printf '%s' "$body" | python3 -c 'import json, sys
print(*(eval(sys.argv[1]) for r in json.load(sys.stdin)["rounds"]))' "$1"; }
same "nothing is due, nothing waits" "False False False" "$(told 'r["waits"]')"
clock 2026-03-25
same "what is due waits for a check of what was amended" "True True True" "$(told 'r["waits"]')"
has "at the command line as well" 等待变更后的核对 "$(ctl_as lead programme rounds 2026 --lang zh 2>&1)"
same "and no round is made on the old one" 0 "$(sql 'SELECT count(*) FROM round')"

# ---- a worker again ---------------------------------------------------------------------------------------

start_worker
wait_for "it is checked" 0 'SELECT refusals FROM programme_checked(2026)'
clock 2026-03-25
wait_for "the rounds of which windows are left are made" 2 'SELECT count(*) FROM round'
same "drawn by the pulse of tomorrow" "dice:20260326 2026-03-26" "$(sql "SELECT DISTINCT concat_ws(' ', left(pulses, 13),
	to_char(to_timestamp(split_part(pulses, ':', 3)::int8) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')) FROM round")"
wait_for "one that is over is not" programme-over "SELECT error ->> 'code' FROM programme_round WHERE draw_on = '2026-03-06'"
same "nor waits" "False False False" "$(told 'r["waits"]')"
same "the coordinator is told" "None None programme-over" "$(told '(r["error"] or {}).get("code")')"
said=$(ctl_as lead programme rounds 2026 --lang zh 2>&1)
has "with its day" 2026-03-06 "$said"
sleep 0.5
same "it is not tried at every beat" 1 "$(sql "SELECT tries FROM programme_round WHERE draw_on = '2026-03-06'")"
finish
