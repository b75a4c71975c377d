#!/bin/bash
# The demo: a private database, a daemon, one round from two lists to a bundle that replays.
#
#   etc/demo.sh start       ENTITIES=FILE.csv INSPECTORS=FILE.csv POLICY=FILE in the environment
#   etc/demo.sh stop
#
# B is the build folder. Everything is below $B/demo, or below a folder in /tmp that $B/demo/at names
# where the path is too long for a socket or the daemon's users cannot enter it. A second start ends
# the first and begins anew; stop takes keys and database away, lists and bundle stay. DEMO_SIZE is
# the number of generated entities.
set -euo pipefail
: "${ENTITIES:=}" "${INSPECTORS:=}" "${POLICY:=}" "${DEMO_SIZE:=50000}"
for name in ENTITIES INSPECTORS POLICY; do
	[ -z "${!name}" ] || printf -v "$name" %s "$(realpath -m -- "${!name}")"
done
cd "$(dirname "$0")/.."
mkdir -p "${B:=build}" && B=$(cd "$B" && pwd)
export LC_ALL=C.UTF-8
unset DRAWD_CONF DRAWD_SOCKET DRAWD_CRASH_AT DRAWD_PROFILE DRAWD_PROFILES http_proxy https_proxy
demo=$B/demo
today=2026-02-25  # the demo's day: the scheme's windows lie ahead of it
later=2026-08-03  # and the day when they are over
processes=(notary auth web worker parser witness)
lists=$demo/lists
begun=$SECONDS

bold= plain=
[ ! -t 1 ] || bold=$'\033[1m' plain=$'\033[0m'
say() { printf '\n%s%s%s  %s\n' "$bold" "$1" "$plain" "$2"; }
note() { printf '    %s\n' "$*"; }
# die 中文 ENGLISH: what drawctl said stands above it.
die() {
	printf '\n演示中止：%s\ndemo: %s\n' "$1" "$2" >&2
	! daemon >/dev/null || echo "drawd 仍在运行，用 $end 结束 / is still running; end it with $end" >&2
	exit 1
}
# The same where only the log can tell why.
die_log() {
	[ ! -s "$demo/log" ] || { echo "… $demo/log:" && tail -n 12 "$demo/log"; } >&2
	die "$@"
}
end='make demo-stop'
[ "$B" = "$PWD/build" ] || end="make B=$(printf '%q' "$B") demo-stop"
short() { printf '%q' "${1#"$PWD"/}"; } # a path as a command line takes it
tool() { echo "$(short "$B/drawctl") --profiles $(short "$state/profiles.conf") --profile $1"; }
sql() { etc/cluster.sh psql "$demo/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 "$@"; }
# as ACCOUNT ARGUMENT…: drawctl with the profile of that account
as() { "$B/drawctl" --profiles "$state/profiles.conf" --profile "$1" --lang zh "${@:2}"; }

# ---- stop ---------------------------------------------------------------------------------------

# The daemon of this folder, if it runs: its process id.
daemon() {
	local pid
	pid=$(cat "$demo/pid" 2>/dev/null) || return 1
	tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q 'drawd --conf .* supervise' || return 1
	echo "$pid"
}

stop() {
	local pid i
	if pid=$(daemon); then
		kill "$pid" 2>/dev/null || die '演示由另一用户运行，请由该用户结束' 'it runs as another user; end it as that user'
		for i in $(seq 150); do
			daemon >/dev/null || break
			sleep 0.1
		done
		[ "$i" -lt 150 ] || kill -9 "$pid"
	fi
	rm -f "$demo/pid"
	etc/cluster.sh stop "$demo/pg"
}

remove_state() {
	local at
	at=$(cat "$demo/at" 2>/dev/null || true)
	case $at in /tmp/drawd-demo.*) rm -rf "$at" ;; esac
	rm -rf "$demo/state" "$demo/at"
}

# ---- start --------------------------------------------------------------------------------------

# Root gives every process a user of its own, until the demo is ended.
make_users() {
	local p
	[ "$(id -u)" = 0 ] && command -v useradd >/dev/null || return 0
	for p in "${processes[@]}"; do
		has_user "$p" || useradd --system --no-create-home --home-dir /nonexistent \
			--shell /usr/sbin/nologin "drawd-demo-$p"
	done
	note "各进程分属用户 / users until demo-stop: ${processes[*]/#/drawd-demo-}"
}
has_user() { [ "$(id -u)" = 0 ] && id -u "drawd-demo-$1" >/dev/null 2>&1; }
remove_users() {
	local p
	has_user web || return 0
	for _ in $(seq 20); do # a process that is just ending still counts as one
		demo_processes || break
		sleep 0.1
	done
	if demo_processes; then
		echo '另一个演示正在运行，用户 drawd-demo-* 保留 / another demo is running: its users drawd-demo-* stay'
		return 0
	fi
	for p in "${processes[@]}"; do
		! has_user "$p" || userdel "drawd-demo-$p" || true
	done
}
# Does any process run as one of the users, of whatever demo?
demo_processes() { ps -eo user:32= | grep -q '^drawd-demo-'; }
# give PROCESS FILE…: where that process has a user, the files are its own.
give() {
	! has_user "$1" || chown -R "drawd-demo-$1" "${@:2}"
}

# let_in PROCESS FOLDER: that process' group, and nobody else, reaches the socket in the folder.
let_in() {
	! has_user "$1" || { chgrp "$(id -gn "drawd-demo-$1")" "$2" && chmod 2710 "$2"; }
}

# Sockets fit, and the daemon's users can enter.
fits() {
	[ "$(printf '%s' "$1/state/witness/witness.sock" | wc -c)" -lt 100 ] || return 1
	! has_user web || setpriv --reuid drawd-demo-web --regid drawd-demo-web --clear-groups test -x "$1"
}

# A fresh folder for keys, sockets and configuration: sets state.
make_state() {
	local old
	remove_state
	rm -rf "$demo/bundle.tar" "$demo/trust" "$demo/replay.txt" "$demo/policy.conf" "$demo/log"
	rm -f "$demo"/returned-*.xlsx
	state=$demo/state
	if ! fits "$demo"; then
		old=$(mktemp -d /tmp/drawd-demo.XXXXXX)
		chmod 755 "$old"
		echo "$old" >"$demo/at"
		state=$old/state
	fi
	mkdir -p "$state/etc"
	cp etc/calendar/cn.txt etc/policy/labels.conf etc/policy/departments.conf "$state/etc"
}

# move_clock DATE: the daemon's civil date becomes DATE.
move_clock() {
	days=$((($(date -ud "$1" +%s) - $(date -ud "$(TZ=Asia/Shanghai date +%F)" +%s)) / 86400))
	sed -i '/^clock: /d' "$state/drawd.conf"
	echo "clock: { offset_days = $days; };" >>"$state/drawd.conf"
}
# The daemon's time in UTC seconds.
now() { echo $(($(date +%s) + days * 86400)); }

# tell_clock DATE: which clock counts for what.
tell_clock() {
	note "演示时钟：业务日期（名录、提请、轮次）从 $1 起算，审计日志、登录、作业记机器时间；时间都是北京时间（+08:00）"
	note "clock: lists, motions and rounds live on $1, the audit log, sessions and jobs on the machine's clock; times are Beijing's"
}

start_daemon() {
	local socket p maps=()
	for p in notary auth web worker; do
		! has_user $p || maps+=(--map "drawd-demo-$p=drawd_$p")
	done
	socket=$(etc/cluster.sh start "$demo/pg" ${maps[@]+"${maps[@]}"}) || die '数据库没有启动' 'the database does not start'
	etc/cluster.sh psql "$demo/pg" -qAtX -c 'DROP DATABASE IF EXISTS drawd WITH (FORCE)' 2>/dev/null
	etc/cluster.sh psql "$demo/pg" -qAtX -f sql/bootstrap.sql >/dev/null
	"$B/drawd" init "$state" --demo --authority demo.invalid --port 0 --database "$socket" \
		--calendar "$state/etc/cn.txt" --labels "$state/etc/labels.conf" \
		--departments "$state/etc/departments.conf" >/dev/null || die '初始化失败' 'drawd init failed'
	move_clock $today
	if has_user web; then
		echo 'users: {'
		for p in "${processes[@]}"; do echo "	$p = \"drawd-demo-$p\";"; done
		echo '};'
	fi >>"$state/drawd.conf"
	give notary "$state/keys"
	give witness "$state/witness"
	give web "$state/run"
	give worker "$state/personal"
	give web "$state/clues"
	give auth "$state/auth"
	let_in notary "$state/witness"
	let_in web "$state/auth"
	enrol
	setsid "$B/drawd" --conf "$state/drawd.conf" supervise </dev/null >>"$demo/log" 2>&1 3>&- 4>&- 5>&- &
	echo $! >"$demo/pid"
	for _ in $(seq 200); do
		"$B/drawctl" --socket "$state/run/web.sock" -q health >/dev/null 2>&1 && return
		daemon >/dev/null || break
		sleep 0.1
	done
	die_log 'drawd 没有应答' 'the daemon does not answer'
}

# ---- people ---------------------------------------------------------------------------------------

# Departments of the user's scheme that people.conf does not have: a head for each, so that it can
# be approved.
more_departments() { # of the groups below `department:`
	awk '/^department[ \t]*[:=]/ { open = 1 }
		open { line = $0; sub(/#.*/, "", line); gsub(/"[^"]*"/, "", line)
			if (depth == 1 && match(line, /^[ \t]*[a-z0-9-]+[ \t]*[:=]/)) {
				id = substr(line, RSTART, RLENGTH); gsub(/[ \t:=]/, "", id); print id
			}
			was = depth; depth += gsub(/\{/, "", line) - gsub(/\}/, "", line)
			if (was > 0 && depth <= 0) exit }' "$1" |
		while read -r id; do grep -q "^[[:space:]]*$id:" etc/policy/people.conf || echo "$id"; done
}

make_people() {
	local id n=90000 departments= accounts=
	cp etc/policy/people.conf "$state/etc/people.conf"
	[ -n "$POLICY" ] || return 0
	for id in $(more_departments "$POLICY"); do
		n=$((n + 1))
		departments+="	$id: { name = \"$id\"; };\n"
		accounts+="	head-$id: { name = \"$id\"; person = \"$n\"; department = \"$id\"; roles = [\"head\"]; };\n"
	done
	sed -i "/^departments:/,/^{/s/^{/{\n$departments/; /^accounts:/,/^{/s/^{/{\n$accounts/" "$state/etc/people.conf"
}

enrol() {
	make_people
	"$B/drawd" --conf "$state/drawd.conf" migrate 2>>"$demo/log" || die_log '数据库结构没有建立' 'the schema could not be made'
	"$B/drawd" --conf "$state/drawd.conf" enrol "$state/etc/people.conf" --profiles "$state/profiles.conf" \
		--passwords "$state/passwords" | sed 's/^/    /' || die '没有登记人员' 'the people could not be enrolled'
}

# ---- lists --------------------------------------------------------------------------------------

# Before anything is stopped: are the user's files there?
check_files() {
	local name file
	for name in ENTITIES INSPECTORS POLICY; do
		file=${!name}
		[ -z "$file" ] || { [ -f "$file" ] && [ -r "$file" ]; } ||
			die "$name：$file 不是可读的文件" "$name: $file is not a file that can be read"
	done
}

# People enough that places are rarely open.
inspectors_for() { echo $((100 + $1 / 50)); }

generate_district() {
	say '生成示范区名录库' "generating a made-up district of $DEMO_SIZE entities"
	local defects=$((DEMO_SIZE / 400)) # few enough for a freeze (99.5 %)
	[ "$defects" -lt 13 ] || defects=13
	"$B/drawgen" district --entities "$DEMO_SIZE" --inspectors "$(inspectors_for "$DEMO_SIZE")" \
		--defects "$defects" --date $today --out "$lists"
	entities=$lists/entities.csv
	[ "$defects" = 0 ] ||
		note "另附 $defects 处有意写错的行，看导入如何退回 / $defects defects on purpose"
}

# For a list of the user's: people of the twelve departments for the regions it holds.
generate_people() {
	say '生成执法检查人员' "generating inspectors for the regions of ${entities##*/}"
	sql -F , -c 'SELECT DISTINCT entity, region FROM drawd.entity_current ORDER BY 1, 2' >"$lists/codes.csv"
	"$B/drawgen" inspectors --for "$lists/codes.csv" --inspectors "$(inspectors_for "$objects")" \
		--date $today --out "$lists" || die '无法为该名录生成人员，请另给 INSPECTORS=文件' \
		'no inspectors can be generated for that list: name INSPECTORS as well'
}

# What the files did not say and was derived, said aloud.
derived() { # BATCH
	local kind region labels unclassed
	IFS='|' read -r kind region labels unclassed < <(sql -c "
		SELECT d->>'kind', d->>'region', d->>'labels', d->>'unclassed'
		  FROM drawd.import_batch, LATERAL (SELECT result->'derived') AS x(d) WHERE id = $1")
	note "按代码推定：类型 $kind 行、区划 $region 行；按规则打标签 $labels 行；无信用风险等级 $unclassed 行，归入未分类层，按 B 类比例"
	note "derived: kind $kind, region $region, labels $labels; without class $unclassed (stratum U, ratio of B)"
}

without_samples() { sed '/drawctl import/d; /^    /d; /（共 [0-9]*）$/d; s/^/    /'; }

import() { # KIND FILE ACCOUNT
	local line batch n
	if [ "$1" = recusals ]; then # a motion: the second coordinator agrees
		line=$(as "$3" -q import "$1" "$2" --source demo --provider demo --reason "${2##*/}") &&
			as lead2 -q motion second "$line" --yes >/dev/null || die "$2 没有导入" "$2 was not imported"
		batch=$(sql -c 'SELECT max(id) FROM drawd.import_batch')
		as "$3" import show "$batch" | without_samples
	else # what it would change, and then it counts
		line=$(as "$3" import "$1" "$2" --source demo --provider demo --preview) ||
			die "$2 没有导入" "$2 was not imported"
		printf '%s\n' "$line" | without_samples
		batch=$(sql -c 'SELECT max(id) FROM drawd.import_batch')
		as "$3" -q import confirm "$batch" >/dev/null || die "$2 没有导入" "$2 was not imported"
		note "已确认收入 / confirmed: $(tool "$3") import show $batch"
	fi
	[ "$1" != entities ] || derived "$batch"
	as "$3" -q import errors "$batch" --all >"$state/errors.txt"
	n=$(sql -c "SELECT count(*) FROM drawd.import_error WHERE batch = $batch")
	[ "$n" = 0 ] || sed -n '1,4s/^/      /p' "$state/errors.txt"
	[ "$n" -le 4 ] || note "  另有 $((n - 4)) 条 / $((n - 4)) more: $(tool "$3") import errors $batch --all"
	[ "$(sql -c "SELECT refused > 0 FROM drawd.import_batch WHERE id = $batch")" = t ] || return 0
	for _ in $(seq 100); do
		[ "$(sql -c "SELECT file_state FROM drawd.import_batch WHERE id = $batch")" = wanted ] || break
		sleep 0.1
	done
	as "$3" -q import file "$batch" -o "$demo/returned-$1.xlsx" >/dev/null
	note "退回文件，附错误说明 / the file with what was wrong: $demo/returned-$1.xlsx"
}

# For inspectors of the user's: each is recused from one entity in a hundred, of a short list from
# one in four at most.
make_recusals() {
	recusals=$lists/recusals.csv
	echo '执法人员编号,统一社会信用代码,回避事由,起始日期' >"$recusals"
	sql -F, >>"$recusals" <<-'END'
		WITH e AS MATERIALIZED (SELECT DISTINCT entity FROM drawd.entity_current WHERE entity <> '')
		SELECT i.inspector, x.entity, '示例：利害关系', '2026-01-05'
		  FROM drawd.inspector_current i
		 CROSS JOIN LATERAL (
			SELECT entity FROM e ORDER BY md5(i.inspector || entity)
			 LIMIT (SELECT least(greatest(8, count(*) / 100), count(*) / 4) FROM e)) x;
	END
}

# One class is changed by hand: what was edited before a freeze is told.
edit_one() {
	local object name
	IFS='|' read -r object name < <(sql -F '|' -c "SELECT object, name FROM drawd.entity_current
		WHERE class = 'A' AND object NOT LIKE '%/%' ORDER BY object LIMIT 1")
	as clerk-scjg -q register put entities "统一社会信用代码=$object" "名称=$name" 信用风险等级=B >/dev/null ||
		die "$object 没有改成" "$object was not changed"
	edited=$object
}

register() {
	local people=$INSPECTORS recusals=$lists/recusals.csv
	rm -rf "$lists"
	mkdir -p "$lists"
	entities=$ENTITIES
	[ -n "$entities" ] || generate_district
	say '导入名录' 'importing the lists'
	import entities "$entities" clerk-scjg
	objects=$(sql -c 'SELECT count(*) FROM drawd.entity_current')
	[ "$objects" -gt 0 ] || die "$entities 没有一行可以收入" "no row of $entities could be taken in"
	[ -z "$ENTITIES" ] || [ -n "$people" ] || generate_people
	import inspectors "${people:-$lists/inspectors.csv}" lead
	import items etc/policy/items.csv lead
	[ -z "$people" ] || make_recusals
	[ "$(wc -l <"$recusals")" = 1 ] || import recusals "$recusals" lead
	edited=
	[ -n "$ENTITIES" ] || edit_one
}

# The accounts of inspectors bear the names that the register has for them.
name_inspectors() {
	local account name motion
	while IFS='|' read -r account name; do
		motion=$(as admin -q account change "$account" --name "$name" --reason '与执法检查人员名录一致') &&
			as admin2 -q motion second "$motion" --yes || die "账号 $account 没有改名" "$account could not be renamed"
	done < <(sql -F '|' -c "SELECT a.id, i.name FROM drawd.account a JOIN drawd.inspector_current i
		ON i.inspector = a.inspector AND i.name <> a.name ORDER BY a.id")
}

# ---- the round ----------------------------------------------------------------------------------

# The sample scheme without a task that no object of the user's list falls to.
drop_task() { # TASK
	[ "$policy" = "$demo/policy.conf" ] || { cp "$policy" "$demo/policy.conf" && policy=$demo/policy.conf; }
	note "样例方案的任务 $1 在名录中没有对象，去掉后重来 / no object for task $1 of the sample scheme: dropped"
	awk -v head="	$1:" '/^task:/ { tasks = 1 } tasks && $0 == head { skip = 1 }
		!skip; skip && /^\t};/ { skip = 0 }' "$policy" >"$policy.new"
	! cmp -s "$policy" "$policy.new" && mv "$policy.new" "$policy" && dropped="$dropped $1" &&
		awk '/^task:/ { tasks = 1 } tasks && /^\t[a-z0-9-]+:$/ { found = 1 } END { exit !found }' "$policy" ||
		die '样例方案的任务在名录中都没有对象；请按自己的事项改写 etc/policy/district.conf，用 POLICY=文件 给出' \
			'no task of the sample scheme has an object in that list: write your own after etc/policy/district.conf and name it as POLICY=FILE'
}

# agree ROUND KIND [ACCOUNT] [OPTION…]: the second person of a motion, and what comes of it
agree() { as "${3:-lead2}" motion second --round "$1" --kind "$2" --yes "${@:4}"; }

freeze() {
	local task why=() # a list of one's own need not be good enough to be tried
	[ -z "$ENTITIES" ] || why=(--quality-override '演示：自带名单，正确率不足亦冻结')
	as lead -q round freeze "$round" --reason '年度计划已经各部门批准' "${why[@]}" >/dev/null || die '冻结被拒绝' 'the freeze was refused'
	! agree "$round" freeze lead2 -q --json >/dev/null 2>"$state/freeze.txt" || return 0
	task=$(sed -nE '/"empty-stratum"/s/.*task ([a-z0-9-]+)".*/\1/p' "$state/freeze.txt")
	if [ -z "$task" ] || [ -n "$POLICY" ]; then
		cat "$state/freeze.txt" >&2
		die '冻结被拒绝' 'the freeze was refused'
	fi
	drop_task "$task"
	return 1
}

approve() {
	local d
	departments=$(sql -c "SELECT departments FROM drawd.round WHERE id = '$round'")
	for d in ${departments//,/ }; do
		as "head-$d" -q round approve "$round" || die "部门 $d 没有批准：etc/policy/people.conf 中须有 head-$d" \
			"department $d did not approve: etc/policy/people.conf needs head-$d"
	done
}

freeze_and_lock() { # SECONDS until the dice: false when they came too soon, or a task was dropped
	local departments
	again=
	pulse=$(($(now) + $1))
	round=$(as lead -q round new "$policy" --demo --delta 0 --pulses "dice:1:$pulse" --reason '年度抽查工作计划') ||
		die "方案 $policy 没有通过" "the policy $policy was refused"
	agree "$round" policy lead2 -q || die '方案没有得到同意' 'the policy was not seconded'
	approve
	freeze || { again=task && return 1; }
	note "$round 方案由协调员 lead 提请、lead2 同意 / policy moved by lead, seconded by lead2"
	note "轮次 $round：$(tr -cd , <<<"$departments," | wc -c) 个部门已批准 / approved by the heads of all departments"
	note "$round 抽取库已冻结 / the frame is frozen"
	[ -z "$edited" ] || note "$edited 冻结前改了信用风险等级 / its class was edited before: $(tool lead) round edits $round"
	as lead -q round lock "$round" --reason '抽取库已冻结' >/dev/null || die '锁定被拒绝' 'the lock was refused'
	if ! agree "$round" lock lead2 -q; then
		[ "$(now)" -ge "$pulse" ] || die '锁定被拒绝' 'the lock was refused'
		return 1
	fi
	note "$round 秘密由协调员 lead 提请、lead2 同意锁定，已入公开日志 / secret locked, moved by lead, seconded by lead2"
}

throw_dice() { # 20 throws of bytes below 252, so that every face is equally likely
	od -An -v -N 240 -tu1 /dev/urandom | tr -s ' ' '\n' |
		awk '$1 != "" && $1 < 252 && n < 20 { printf "%d", $1 % 6 + 1; n++ }'
}

beacon() {
	local value key signatures=()
	while [ "$(now)" -lt "$pulse" ]; do sleep 0.1; done
	value=$(throw_dice)
	note "掷骰 / dice: $value"
	as lead round beacon-text "$round" --value "$value" >"$state/beacon.txt"
	for key in "$state"/attesters/*.key; do
		"$B/drawctl" attest "$state/beacon.txt" --key "$key" >"${key%.key}.sig"
		signatures+=(--attestation "${key%.key}.sig")
	done
	as lead -q round beacon "$round" --value "$value" "${signatures[@]}" --reason '当众掷骰，两名见证签名' >/dev/null &&
		agree "$round" beacon custodian -q || die '公共随机数被拒绝' 'the beacon was refused'
	note '由 lead 提请、密钥保管人 custodian 同意，已入日志 / moved by lead, seconded by the custodian, logged'
}

run_round() {
	local wait=$((3 + objects / 20000))
	say '冻结、锁定' 'freeze and lock'
	policy=${POLICY:-etc/policy/district.conf} dropped=
	until freeze_and_lock $wait; do
		[ -z "$again" ] || continue
		wait=$((2 * wait))
		note "时间不够，另建轮次 / too slow for the dice, once more with $wait s"
	done
	say '公共随机数（演示：骰子，两名见证签名）' 'beacon: dice, attested by two'
	beacon
	say '抽取、合并、派人、排期' 'draw, merge, inspectors, calendar'
	as lead -q round draw "$round" >/dev/null || die '抽取失败' 'the draw failed'
	note '已抽取，记录已入日志并经见证 / drawn, logged, witnessed'
}

reveal() {
	local date p
	say "启封（演示时钟拨到 $later）" 'reveal, with the clock moved behind the windows'
	date=$(sql -c "SELECT greatest(reveal_after, '$later') FROM drawd.round WHERE id = '$round'")
	move_clock "$date"
	kill -HUP "$(daemon)"
	for p in web notary witness; do # their clocks: of the motion, of the reveal, of its checkpoint
		for _ in $(seq 50); do
			grep -q " $p conf.reloaded" "$demo/log" && break
			sleep 0.1
		done
	done
	{ as lead -q round reveal "$round" --reason '检查窗口已过' && agree "$round" publication lead2 -q; } \
		>"$state/reveal.txt" 2>&1 || true
	[ "$(sql -c "SELECT state FROM drawd.round WHERE id = '$round'")" = revealed ] ||
		die "启封被拒绝：$(cat "$state/reveal.txt")" 'the reveal was refused'
	as lead -q round bundle "$round" --level audit -o "$demo/bundle.tar" >/dev/null || die '没有生成复核包' 'no bundle was made'
	cp "$state/trust" "$demo/trust"
	note "复核包 / bundle: $demo/bundle.tar ($(($(stat -c %s "$demo/bundle.tar") / 1048576)) MiB)"
}

# ---- what a coordinator sees ----------------------------------------------------------------------

per_task() {
	sql -F '|' -c "SELECT split_part(split_part(row, E'\t', 1), '.', 2), split_part(row, E'\t', 2)
		FROM drawd.round, string_to_table(policy, E'\n') AS row
		WHERE id = '$round' AND row ~ '^task\.[^.]+\.name\t'" >"$state/tasks.txt"
	as auditor --lang en round show "$round" |
		awk -v names="$state/tasks.txt" '
		BEGIN { while ((getline line < names) > 0) { split(line, f, "|"); name[f[1]] = f[2] } }
		/^  [a-z0-9-]+ +[A-DU][12]? / { N[$1] += $3; n[$1] += $5; if (!seen[$1]++) order[++k] = $1 }
		END { for (i = 1; i <= k; i++)
			printf "    %-14s N %7d   n %6d   %s\n", order[i], N[order[i]], n[order[i]], name[order[i]] }'
}

# Why objects were left out, added over the tasks.
excluded() {
	local ledger
	ledger=$(sql -c "SELECT encode(sha256, 'hex') FROM drawd.round_artefact WHERE round = '$round' AND name = 'ledger'")
	as auditor -q artefact "$ledger" -o "$state/ledger.txt"
	sql -F '|' -c "SELECT replace(substring(row FROM '^(.*)\.name\t'), '.', '-'), split_part(row, E'\t', 2)
		FROM drawd.round, string_to_table(policy, E'\n') AS row
		WHERE id = '$round' AND row ~ '^(mode|cap)\.[^.]+\.name\t'" >"$state/rules.txt"
	awk -F '\t' -v names="$state/rules.txt" '
	BEGIN {
		zh["type"] = "不属任务对象"; zh["remit"] = "不属部门管辖"; zh["closed"] = "注销、吊销、迁出"
		zh["checked"] = "本周期已查"
		while ((getline line < names) > 0) { split(line, f, "|"); zh[f[1]] = f[2] }
	}
	FNR > 3 { if (!($2 in n)) order[++k] = $2; n[$2] += $3 }
	END {
		for (i = 1; i <= k; i++) { a = a sep zh[order[i]] " " n[order[i]]; b = b sep order[i] " " n[order[i]]; sep = "，" }
		gsub("，", ", ", b)
		if (k) printf "    排除（户次，各任务相加）：%s\n    excluded, added over the tasks: %s\n", a, b
	}' "$state/ledger.txt"
}

# Places that stayed open: where, why, and what can be done about it.
open_places() {
	sql -F '|' >"$state/open.txt" <<-END
		WITH one AS (SELECT coalesce(substring(policy FROM '(?n)^inspectors\\.limit\t([0-9]+)\$')::int, 0) AS lim
			FROM drawd.round WHERE id = '$round'),
		gap AS (SELECT department, count(*) AS n FROM drawd.slot WHERE round = '$round' AND inspector = '' GROUP BY 1),
		used AS (SELECT inspector, count(*) AS n FROM drawd.slot WHERE round = '$round' GROUP BY 1)
		SELECT g.department, g.n, count(i.inspector),
			count(*) FILTER (WHERE u.n >= coalesce(nullif(i.lim, 0), one.lim))
		  FROM gap g CROSS JOIN one
		  LEFT JOIN drawd.inspector_current i ON i.department = g.department AND i.active
		  LEFT JOIN used u USING (inspector)
		 GROUP BY g.department, g.n ORDER BY g.department;
	END
	[ -s "$state/open.txt" ] || return 0
	awk -F '|' '
	{
		full = $3 > 0 && $4 == $3
		printf "      %-6s 空缺 %d：在岗 %d 人，%d 人已满每轮上限；%s / open %d: %s\n", $1, $2, $3, $4,
			(full ? "上限已满" : "其余人员因地区、事项、证件、请假或回避不合条件"), $2,
			(full ? "everybody at the limit" : "too few eligible (" $4 " of " $3 " at the limit)")
	}' "$state/open.txt"
	note '  补派、借调，或提高 inspectors.limit、减少比例后另建轮次'
	note '  fill them by hand, or make a new round with more people, a higher inspectors.limit or lower ratios'
}

calendar() {
	local first last placed all
	IFS='|' read -r first last placed all < <(sql -F '|' -c "
		SELECT min(day) FILTER (WHERE day <> ''), max(day) FILTER (WHERE day <> ''),
			count(*) FILTER (WHERE day <> ''), count(*) FROM drawd.visit WHERE round = '$round'")
	note "日程：已排 $placed / $all 次检查，$first 至 $last"
	note "calendar: $placed of $all checks have a day, $first to $last"
	[ "$placed" = "$all" ] || note "  其余 $((all - placed)) 次：窗口期内检查组没有共同空闲的半天，由牵头部门另定 / no half-day free for the whole team"
}

recusals() {
	local barred taken
	barred=$(sql <<-END
		SELECT count(DISTINCT (v.object, v.ordinal, r.inspector))
		  FROM drawd.recusals_current r
		  JOIN drawd.visit v ON v.round = '$round' AND r.subject IN (v.object, v.entity)
		  JOIN drawd.inspector_number i USING (inspector)
		 WHERE i.department = ANY (string_to_array(v.departments, ','));
	END
	)
	taken=$(sql <<-END
		SELECT count(*) FROM drawd.slot s JOIN drawd.visit v USING (round, object, ordinal)
		  JOIN drawd.recusals_current r ON r.inspector = s.inspector AND r.subject IN (v.object, v.entity)
		 WHERE s.round = '$round';
	END
	)
	note "回避：抽中对象的候选人员中 $barred 人次因回避不得派，实际派出 $taken 人次"
	note "recusals: $barred candidates of drawn objects were barred, $taken of them were sent"
	[ "$taken" = 0 ] || die '有回避人员被派出' 'a recusal was broken'
	[ -n "$ENTITIES$INSPECTORS" ] || [ "$barred" -gt 0 ] || die '没有一条回避生效' 'no recusal applied'
}

people() {
	sql -F '|' -c "SELECT count(*), count(*) FILTER (WHERE active) FROM drawd.inspector_current" |
		awk -F '|' '{ printf "    执法检查人员名录 %d 人，在岗 %d 人 / inspectors in the register: %d, %d on duty\n", $1, $2, $1, $2 }'
}

# One account of each role: password, what it may do.
whom() {
	say '账号' 'one account of each role; the other departments have theirs as well'
	while IFS='|' read -r account zh en; do
		printf '    %-15s %-24s %s\n    %-40s %s\n' "$account" \
			"$(awk -F '\t' -v a="$account" '$1 == a { p = $2 } END { print p == "" ? "(token)" : p }' "$state/passwords")" \
			"$zh" '' "$en"
	done <<-'END'
		admin|管理员：账号、部门、登录；看不到名录和抽查内容|administrator: accounts, departments, sessions; no content
		lead|协调员：导入、建轮次、提请（lead2 同意）|coordinator: imports, rounds, motions, which lead2 seconds
		head-scjg|部门负责人：批准本部门的抽查，同意本部门的提请|head: approves the department's inspections, seconds its motions
		clerk-scjg|部门经办人：导入本部门名录，看本部门的入企检查|clerk: imports, and sees the department's visits
		inspector-scjg|执法检查人员：看自己的入企检查，提请回避|inspector: own visits, moves recusals
		auditor|纪检审计：全看，不改；审计日志|auditor: sees everything, changes nothing; the audit log
		oversight|行政执法监督：备案、数字、提请的结果|oversight body: filings, figures, what became of motions
		custodian|密钥保管人：同意公共随机数和作废|key custodian: seconds beacons and voids
		platform|服务账号（scjg）：凭访问令牌上传、导入、读取|service account of scjg: by its token, uploads, imports and reads
	END
	note "访问令牌在 / tokens: $(short "$state/profiles.conf")，全部密码在 / all passwords: $(short "$state/passwords")"
}

ticket() {
	local seed key object
	seed=$(tar -xOf "$demo/bundle.tar" seed.txt | sha256sum | cut -c1-64)
	key=$(printf 'drawd/entity/v1\n%s\n' "$seed" | sha256sum | cut -c1-64)
	object=$(sql -c "SELECT object FROM drawd.selection WHERE round = '$round' ORDER BY md5(object) LIMIT 1")
	note "任何企业的抽签号都可自行验算 / anybody can recompute a ticket:"
	note "$(short "$B/drawreplay") --trust $(short "$demo/trust") --ticket $object $(short "$demo/bundle.tar")"
	note "printf '%s%s' $key $object | sha256sum"
	note "$(printf '%s%s' "$key" "$object" | sha256sum | cut -c1-64)"
}

summary() {
	say '======== 结果 ========' 'summary'
	note "检查对象 $objects 户；各任务抽取库 N 与抽取数 n / objects in the frame and drawn, by task"
	per_task
	[ -z "$dropped" ] || note "未列入的任务（名录中没有对象）/ tasks dropped:$dropped"
	echo
	excluded
	as lead round show "$round" | sed -nE '/^(未分类|定向|抽中|各部门|执法)/s/^/    /p'
	as auditor --lang en round show "$round" |
		sed -nE '/^(unclassed|targeted|[0-9]+ (objects drawn|separate|inspector places))/s/^/    /p'
	people
	open_places
	calendar
	recusals
	echo
	ticket
}

replay() {
	say '复核' "$(short "$B/drawreplay") --trust $(short "$demo/trust") $(short "$demo/bundle.tar")"
	if ! "$B/drawreplay" --trust "$demo/trust" "$demo/bundle.tar" >"$demo/replay.txt"; then
		cat "$demo/replay.txt"
		die '复核不通过' 'the replay failed'
	fi
	note "$(tail -n 1 "$demo/replay.txt")"
}

start() {
	local program
	for program in drawd drawctl drawreplay drawgen; do
		[ -x "$B/$program" ] || die "没有 $B/$program，请先 make" "$B/$program is missing: run make"
	done
	{ mkdir -p "$demo" && [ -w "$demo" ]; } || die "$demo 属于 $(stat -c %U "$demo")，请由该用户删除" \
		"$demo belongs to $(stat -c %U "$demo"): remove it as that user"
	check_files
	stop
	say '启动 drawd' 'starting a private database and drawd'
	make_users
	make_state
	start_daemon
	tell_clock "$today"
	register
	name_inspectors
	run_round
	reveal
	replay
	summary
	echo
	whom
	say '试用' 'try it'
	note "业务日期现为 $(TZ=Asia/Shanghai date -d "@$(now)" +%F) / today is now $(TZ=Asia/Shanghai date -d "@$(now)" +%F)"
	note "接口网页 / API page: http://127.0.0.1:$(cat "$state/run/web.port")/api"
	note '用上列账号和密码登录，凭据存入本人的 ~/.config/drawd / sign in with an account and a password from above:'
	note "$(short "$B/drawctl") login --url http://127.0.0.1:$(cat "$state/run/web.port") --account lead"
	note '或直接用演示备好的凭据 / or use the profiles that the demo made:'
	note "export PATH=\$PATH:$(printf '%q' "$B") DRAWD_PROFILES=$(printf '%q' "$state/profiles.conf")   # drawctl --profile clerk-scjg …"
	note "$(tool lead) round show $round"
	note "$(tool clerk-jyj) round visits $round --limit 20"
	note "$(tool auditor) audit list --limit 20"
	note "$end 结束 / ends it          $((SECONDS - begun)) s"
}

case ${1:-} in
start) start ;;
stop)
	stop
	remove_state
	[ ! -d "$demo/pg" ] || { etc/cluster.sh remove "$demo/pg" && rm -rf "$demo/pg"; }
	remove_users
	;;
*)
	sed -n '4,5s/^# *//p' "$0" >&2
	exit 2
	;;
esac
