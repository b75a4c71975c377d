#!/bin/bash
# The database goes away: connections cut, the server killed and restarted in the middle of a round,
# a server that comes up late, and an old backup in the place of the database.
. tests/faults/lib.sh
# durable this time: what was acknowledged must survive the server's death
sock=$(etc/cluster.sh start "$TEST_DIR/pg") || exit 1
"$B/drawd" init "$TEST_DIR/keys" --demo --database "$sock" --port 0 \
	--calendar "$PWD/etc/calendar/cn.txt" --labels "$PWD/etc/policy/labels.conf" >/dev/null || exit 1
new_house reference
start_house && load_round && play_round
wanted=$(bundle_hash)
stop_house

same() { [ "$(ask "SELECT string_agg(kind, ' ' ORDER BY idx) FROM drawd.log_entry")" = \
	"freeze lock beacon draw reveal" ] && [ "$(bundle_hash)" = "$wanted" ]; }
again() { # COMMAND...: until it works; the database may be away
	for _ in $(seq 100); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.2
	done
	return 1
}
# was it asked? An answer that did not come is no answer: then it is tried again
asked() {
	local n
	n=$(ask "SELECT count(*) FROM drawd.$1 WHERE kind = '$2'") && [ "$n" != 0 ]
}
ask_once() { asked "$1" "$2" || "${@:3}"; }
steps() {
	again ask_once job freeze freeze && again entered freeze && again ask_once proposal lock propose lock &&
		again entered lock && again ask_once proposal beacon propose_beacon && again entered beacon &&
		again ask_once job draw job draw "{\"round\":\"$ROUND\"}" && again entered draw &&
		again until_true 10 "(SELECT bool_and(state = 'done') FROM drawd.job)" &&
		again ask_once proposal reveal propose reveal && again entered reveal &&
		again ask_once job bundle job bundle "{\"round\":\"$ROUND\"}" &&
		again until_true 10 "(SELECT bool_and(state = 'done') FROM drawd.job)"
}

new_house cut
start_house && load_round
(
	while sleep 0.3; do
		etc/cluster.sh psql "$TEST_DIR/pg" -qAtX -c "SELECT pg_terminate_backend(pid)
			FROM pg_stat_activity WHERE usename IN ('drawd_notary', 'drawd_worker')" >/dev/null 2>&1
	done
) &
cutter=$!
sleep 1
kill "$cutter"
wait "$cutter" 2>/dev/null
(
	for _ in 1 2 3 4 5 6; do
		sleep 0.7
		etc/cluster.sh psql "$TEST_DIR/pg" -qAtX -c "SELECT pg_terminate_backend(pid)
			FROM pg_stat_activity WHERE usename IN ('drawd_notary', 'drawd_worker')" >/dev/null 2>&1
	done
) &
cutter=$!
check "a round while connections are cut" steps
wait "$cutter"
check "the same bundle" same
stop_house

new_house killed
start_house && load_round
(
	for _ in 1 2 3; do
		sleep 1
		etc/cluster.sh stop "$TEST_DIR/pg" immediate
		etc/cluster.sh start "$TEST_DIR/pg" >/dev/null
	done
) &
killer=$!
check "a round while the server dies three times" steps
wait "$killer"
check "the same bundle again" same
stop_house

new_house late
start_house && load_round
stop_house
etc/cluster.sh stop "$TEST_DIR/pg"
"$B/drawd" --conf "$house/drawd.conf" supervise >>"$house/log" 2>&1 &
supervisor=$!
sleep 2
check "it waits for a server that is away" kill -0 "$supervisor"
etc/cluster.sh start "$TEST_DIR/pg" >/dev/null
check "and works when it is there" steps
stop_house

# The database of an hour ago under the keys of now.
new_house restored
start_house && load_round && freeze && entered freeze
stop_house
etc/cluster.sh psql "$TEST_DIR/pg" -q -c "CREATE DATABASE backup TEMPLATE restored"
start_house
propose lock && check "the lock after the backup" entered lock
stop_house
etc/cluster.sh psql "$TEST_DIR/pg" -q -c "DROP DATABASE restored" -c "ALTER DATABASE backup RENAME TO restored"
start_house
propose lock
for _ in $(seq 50); do
	grep -q 'error=rolled-back' "$house/log" && break
	sleep 0.1
done
check "an old backup is noticed" grep -q 'error=rolled-back' "$house/log"
check "nothing is signed on it" [ "$(ask "SELECT size FROM drawd.log_head")" = 1 ]
check "the proposal waits" [ "$(ask "SELECT state FROM drawd.proposal WHERE kind = 'lock'")" = pending ]
rm "$house/keys/high-water"
for _ in $(seq 150); do
	[ "$(grep -c 'rolled-back' "$house/log")" -gt 8 ] && break
	sleep 0.1
done
stop_house
check "without the mark the witness knows better" [ "$(ask "SELECT count(*) FROM drawd.log_entry WHERE kind = 'lock'")" = 0 ]
finish
