#!/bin/bash
# The demo: a private database, a daemon, one round from two lists to a bundle that replays.
#
#   etc/demo.sh start       ENTITIES=FILE.csv INSPECTORS=FILE.csv in the environment: the user's lists
#   etc/demo.sh stop
#
# B is the build folder. Everything is below $B/demo, or below a folder in /tmp that $B/demo/at names
# where the path is too long for a socket or the daemon's users cannot enter it. A second start ends
# the first and begins anew. DEMO_SIZE is the number of generated entities.
set -euo pipefail
: "${ENTITIES:=}" "${INSPECTORS:=}" "${DEMO_SIZE:=50000}"
[ -z "$ENTITIES" ] || ENTITIES=$(realpath -- "$ENTITIES")
[ -z "$INSPECTORS" ] || INSPECTORS=$(realpath -- "$INSPECTORS")
cd "$(dirname "$0")/.."
mkdir -p "${B:=build}" && B=$(cd "$B" && pwd)
export LC_ALL=C.UTF-8
unset DRAWD_CONF DRAWD_SOCKET DRAWD_CRASH_AT http_proxy https_proxy
demo=$B/demo
today=2026-02-25  # the demo's day: the scheme's windows lie ahead of it
later=2026-08-03  # and the day when they are over
processes=(notary web worker parser witness)
begun=$SECONDS

bold= plain=
[ ! -t 1 ] || bold=$'\033[1m' plain=$'\033[0m'
say() { printf '\n%s%s%s  %s\n' "$bold" "$1" "$plain" "$2"; }
note() { printf '    %s\n' "$*"; }
die() {
	printf '\ndemo: %s\n' "$1" >&2
	[ ! -s "$demo/log" ] || { echo "… $demo/log:" >&2; tail -n 12 "$demo/log" >&2; }
	exit 1
}
sql() { etc/cluster.sh psql "$demo/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 "$@"; }
ctl() { "$B/drawctl" --socket "$state/run/web.sock" --lang zh "$@"; }

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
		kill "$pid" 2>/dev/null || die "the demo runs as another user; end it as that user"
		for i in $(seq 150); do
			daemon >/dev/null || break
			sleep 0.1
		done
		[ "$i" -lt 150 ] || kill -9 "$pid"
	fi
	rm -f "$demo/pid"
	etc/cluster.sh stop "$demo/pg"
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
	for p in "${processes[@]}"; do
		for _ in 1 2 3 4 5; do # a process that is just ending still counts as one
			has_user "$p" || break
			userdel "drawd-demo-$p" 2>/dev/null || sleep 0.2
		done
	done
}
# give PROCESS FILE…: where that process has a user, the files are its own.
give() {
	! has_user "$1" || chown -R "drawd-demo-$1" "${@:2}"
}

# Sockets fit, and the daemon's users can enter.
fits() {
	[ "$(printf '%s' "$1/state/run/witness.sock" | wc -c)" -lt 100 ] || return 1
	! has_user web || setpriv --reuid drawd-demo-web --regid drawd-demo-web --clear-groups test -x "$1"
}

# A fresh folder for keys, sockets and configuration: sets state.
make_state() {
	local old
	old=$(cat "$demo/at" 2>/dev/null || true)
	case $old in /tmp/drawd-demo.*) rm -rf "$old" ;; esac
	rm -rf "$demo/state" "$demo/at" "$demo/bundle.tar" "$demo/trust" "$demo/replay.txt" "$demo/log"
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

start_daemon() {
	local socket p maps=()
	for p in notary web worker; do
		! has_user $p || maps+=(--map "drawd-demo-$p=drawd_$p")
	done
	socket=$(etc/cluster.sh start "$demo/pg" ${maps[@]+"${maps[@]}"}) || die 'the database does not start'
	etc/cluster.sh psql "$demo/pg" -qAtX -c 'DROP DATABASE IF EXISTS drawd WITH (FORCE)' 2>/dev/null
	etc/cluster.sh psql "$demo/pg" -qAtX -f sql/bootstrap.sql >/dev/null
	"$B/drawd" init "$state" --demo --authority demo.invalid --port 0 --database "$socket" \
		--calendar "$state/etc/cn.txt" --labels "$state/etc/labels.conf" \
		--departments "$state/etc/departments.conf" >/dev/null || die 'drawd init failed'
	move_clock $today
	if has_user web; then
		echo 'users: {'
		for p in "${processes[@]}"; do echo "	$p = \"drawd-demo-$p\";"; done
		echo '};'
	fi >>"$state/drawd.conf"
	give notary "$state/keys"
	give witness "$state/witness"
	setsid "$B/drawd" --conf "$state/drawd.conf" supervise </dev/null >>"$demo/log" 2>&1 3>&- 4>&- 5>&- &
	echo $! >"$demo/pid"
	for _ in $(seq 200); do
		ctl -q health >/dev/null 2>&1 && return
		daemon >/dev/null || break
		sleep 0.1
	done
	die 'the daemon does not answer'
}

# ---- lists --------------------------------------------------------------------------------------

generate() {
	lists=$demo/lists
	rm -rf "$lists"
	mkdir -p "$lists"
	if [ -z "$ENTITIES" ]; then
		say '生成示范区名录库' "generating a made-up district of $DEMO_SIZE entities"
		"$B/drawgen" district --entities "$DEMO_SIZE" --defects 13 --date $today --out "$lists"
		ENTITIES=$lists/entities.csv
		note '另附 13 处有意写错的行，看导入如何退回 / 13 defects on purpose'
	elif [ -z "$INSPECTORS" ]; then
		say '生成执法检查人员' "generating inspectors for the regions of ${ENTITIES##*/}"
		"$B/drawgen" inspectors --for "$ENTITIES" --date $today --out "$lists" ||
			die 'no inspectors can be generated for that list: name INSPECTORS as well'
	fi
	recusals=$lists/recusals.csv
	[ -z "$INSPECTORS" ] || recusals=
	: "${INSPECTORS:=$lists/inspectors.csv}"
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

import() { # KIND FILE
	local line batch
	rm -f "$demo/errors-$1.csv"
	line=$(ctl import "$2" --kind "$1" --source demo --person demo) || die "$2 was not imported"
	printf '%s\n' "$line" | sed -n '1s/^/    /p'
	batch=$(sed -n '1s/[^0-9]*\([0-9]*\).*/\1/p' <<<"$line")
	[ "$1" != entities ] || derived "$batch"
	ctl imports errors "$batch" | sed -n '1,4s/^/      /p'
	[ "$(sql -c "SELECT bad > 0 FROM drawd.import_batch WHERE id = $batch")" = t ] || return 0
	ctl -q imports file "$batch" -o "$demo/errors-$1.csv" >/dev/null
	note "错误行及说明 / rows given back: $demo/errors-$1.csv"
}

# For inspectors of the user's: eight of them recused from one entity in twenty each way round.
make_recusals() {
	recusals=$lists/recusals.csv
	echo '执法人员编号,统一社会信用代码,回避事由,起始日期' >"$recusals"
	sql -F, >>"$recusals" <<-'END'
		SELECT i.inspector, e.entity, '示例：利害关系', '2026-01-05'
		  FROM drawd.inspector_current i
		 CROSS JOIN LATERAL (
			SELECT entity FROM drawd.entity_current
			 ORDER BY md5(i.inspector || object) LIMIT
			       greatest(8, (SELECT count(*) / 100 FROM drawd.entity_current))) e;
	END
}

register() {
	say '导入名录' 'importing the lists'
	import entities "$ENTITIES"
	import inspectors "$INSPECTORS"
	[ -n "$recusals" ] || make_recusals
	import recusals "$recusals"
	objects=$(sql -c 'SELECT count(DISTINCT object) FROM drawd.entity_fact')
	[ "$objects" -gt 0 ] || die 'no row could be read'
}

# ---- the round ----------------------------------------------------------------------------------

freeze_and_lock() { # SECONDS until the dice: false when they came too soon
	local departments d approvals=()
	pulse=$(($(now) + $1))
	round=$(ctl -q round create etc/policy/district.conf --demo --delta 0 --pulses "dice:1:$pulse")
	departments=$(sql -c "SELECT departments FROM drawd.round WHERE id = '$round'")
	for d in ${departments//,/ }; do approvals+=(--department "$d"); done
	ctl -q round approve "$round" "${approvals[@]}"
	note "轮次 $round：$(tr -cd , <<<"$departments," | wc -c) 个部门已批准 / approved by all departments"
	ctl round freeze "$round" | sed 's/^/    /' || die 'the freeze was refused'
	if ! ctl round lock "$round" | sed 's/^/    /'; then
		[ "$(now)" -ge "$pulse" ] || die 'the lock was refused'
		return 1
	fi
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
	ctl round beacon-text "$round" --value "$value" >"$state/beacon.txt"
	for key in "$state"/attesters/*.key; do
		ctl attest "$state/beacon.txt" --key "$key" >"${key%.key}.sig"
		signatures+=(--attestation "${key%.key}.sig")
	done
	ctl round beacon "$round" --value "$value" "${signatures[@]}" | sed 's/^/    /' ||
		die 'the beacon was refused'
}

run_round() {
	local wait=$((3 + objects / 20000))
	say '冻结、锁定' 'freeze and lock'
	until freeze_and_lock $wait; do
		wait=$((2 * wait))
		note "时间不够，另建轮次 / too slow for the dice, once more with $wait s"
	done
	say '公共随机数（演示：骰子，两名见证签名）' 'beacon: dice, attested by two'
	beacon
	say '抽取、合并、派人、排期' 'draw, merge, inspectors, calendar'
	ctl -q round draw "$round" >/dev/null || die 'the draw failed'
	note '已抽取，记录已入日志并经见证 / drawn, logged, witnessed'
}

reveal() {
	local date
	say "启封（演示时钟拨到 $later）" 'reveal, with the clock moved behind the windows'
	date=$(sql -c "SELECT greatest(reveal_after, '$later') FROM drawd.round WHERE id = '$round'")
	move_clock "$date"
	kill -HUP "$(daemon)"
	for _ in $(seq 50); do # until the notary has read the new date
		ctl round reveal "$round" >"$state/reveal.txt" 2>&1 && break
		grep -q too-early "$state/reveal.txt" || grep -q '尚未到' "$state/reveal.txt" || break
		sleep 0.1
	done
	[ "$(sql -c "SELECT state FROM drawd.round WHERE id = '$round'")" = revealed ] ||
		die "the reveal was refused: $(cat "$state/reveal.txt")"
	ctl -q round bundle "$round" --level audit -o "$demo/bundle.tar" >/dev/null || die 'no bundle was made'
	cp "$state/trust" "$demo/trust"
	note "复核包 / bundle: $demo/bundle.tar ($(($(stat -c %s "$demo/bundle.tar") / 1048576)) MiB)"
}

# ---- what a coordinator sees ----------------------------------------------------------------------

per_task() {
	sql -F '|' -c "SELECT split_part(split_part(row, E'\t', 1), '.', 2), split_part(row, E'\t', 2)
		FROM drawd.round, string_to_table(policy, E'\n') AS row
		WHERE id = '$round' AND row ~ '^task\.[^.]+\.name\t'" >"$state/tasks.txt"
	"$B/drawctl" --socket "$state/run/web.sock" --lang en round show "$round" |
		awk -v names="$state/tasks.txt" '
		BEGIN { while ((getline line < names) > 0) { split(line, f, "|"); name[f[1]] = f[2] } }
		/^  [a-z0-9-]+ +[A-DU] / { N[$1] += $3; n[$1] += $4; if (!seen[$1]++) order[++k] = $1 }
		END { for (i = 1; i <= k; i++)
			printf "    %-14s N %7d   n %6d   %s\n", order[i], N[order[i]], n[order[i]], name[order[i]] }'
}

summary() {
	local seed key object barred taken
	say '======== 结果 ========' 'summary'
	note "检查对象 $objects 户；各任务抽取库 N 与抽取数 n / objects in the frame and drawn, by task"
	per_task
	echo
	ctl round show "$round" | sed -nE '/^(抽中|各部门|执法)/s/^/    /p'
	"$B/drawctl" --socket "$state/run/web.sock" --lang en round show "$round" |
		sed -nE '/^[0-9]+ (objects drawn|separate|inspector places)/s/^/    /p'
	sql -F ' ' -c "SELECT '    日程 / calendar:', min(day), '–', max(day), ' ',
			count(*) FILTER (WHERE day <> ''), '/', count(*)
		FROM drawd.visit WHERE round = '$round' AND day <> ''"
	barred=$(sql <<-END
		SELECT count(DISTINCT (v.object, v.ordinal, r.inspector))
		  FROM drawd.recusal_fact r
		  JOIN drawd.visit v ON v.round = '$round' AND r.subject IN (v.object, v.entity)
		  JOIN drawd.inspector_current i USING (inspector)
		 WHERE i.department = ANY (string_to_array(v.departments, ','));
	END
	)
	taken=$(sql <<-END
		SELECT count(*) FROM drawd.slot s JOIN drawd.visit v USING (round, object, ordinal)
		  JOIN drawd.recusal_fact r ON r.inspector = s.inspector AND r.subject IN (v.object, v.entity)
		 WHERE s.round = '$round';
	END
	)
	note "回避：抽中对象的候选人员中 $barred 人次因回避不得派，实际派出 $taken 人次"
	note "recusals: $barred candidates of drawn objects were barred, $taken of them were sent"
	[ "$barred" -gt 0 ] && [ "$taken" = 0 ] || die 'no recusal applied, or one was broken'
	echo
	seed=$(tar -xOf "$demo/bundle.tar" seed.txt | sha256sum | cut -c1-64)
	key=$(printf 'drawd/entity/v1\n%s\n' "$seed" | sha256sum | cut -c1-64)
	object=$(sql -c "SELECT object FROM drawd.selection WHERE round = '$round' ORDER BY md5(object) LIMIT 1")
	note "任何企业的抽签号都可自行验算 / anybody can recompute a ticket:"
	note "printf '%s%s' $key $object | sha256sum"
	note "$(printf '%s%s' "$key" "$object" | sha256sum | cut -c1-64)"
}

replay() {
	say '复核' "$B/drawreplay --trust $demo/trust $demo/bundle.tar"
	if ! "$B/drawreplay" --trust "$demo/trust" "$demo/bundle.tar" >"$demo/replay.txt"; then
		cat "$demo/replay.txt"
		die 'the replay failed'
	fi
	note "$(tail -n 1 "$demo/replay.txt")"
}

start() {
	local program
	for program in drawd drawctl drawreplay drawgen; do
		[ -x "$B/$program" ] || die "$B/$program is missing: run make"
	done
	{ mkdir -p "$demo" && [ -w "$demo" ]; } || die "$demo belongs to $(stat -c %U "$demo"): remove it as that user"
	stop
	say '启动 drawd' 'starting a private database and drawd'
	make_users
	make_state
	start_daemon
	generate
	register
	run_round
	reveal
	replay
	summary
	echo
	note "drawd 正在运行 / is running: http://127.0.0.1:$(cat "$state/run/web.port")"
	note "drawctl --socket $state/run/web.sock round show $round"
	note "make demo-stop 结束 / ends it          $((SECONDS - begun)) s"
}

case ${1:-} in
start) start ;;
stop)
	stop
	remove_users
	;;
*)
	sed -n '4,5s/^# *//p' "$0" >&2
	exit 2
	;;
esac
