#!/bin/bash
# Several processes at the same work: a worker that slept beyond its lease is fenced off, two
# notaries write one log, a stop in the middle of a job is quick and the job goes on later.
. tests/faults/lib.sh
start_server
new_house reference
start_house && load_round && play_round
wanted=$(bundle_hash)
stop_house

more=() # processes beside those of the supervisor
drawd() {
	"$B/drawd" --conf "$house/drawd.conf" "$@" >>"$house/$1.log" 2>&1 &
	more+=($!)
}
end_more() {
	[ ${#more[@]} -gt 0 ] || return 0
	kill "${more[@]}" 2>/dev/null
	wait "${more[@]}"
	more=()
}
trap 'end_more; stop_house; etc/cluster.sh remove "$TEST_DIR/pg"' EXIT
children() { pgrep -P "$supervisor" -f "drawd.conf $1\$"; }
one_of_each() { [ "$(ask "SELECT string_agg(kind, ' ' ORDER BY idx) FROM drawd.log_entry")" = \
	"freeze lock beacon draw reveal" ]; }

# A worker sleeps with a job in hand: it waits for the notary, which sleeps too.
new_house fenced
start_house && load_round
notary=$(children notary)
kill -STOP "$notary"
freeze
check "a worker has the job" until_true 30 "(SELECT state FROM drawd.job WHERE kind = 'freeze') = 'running'"
sleepers=$(children worker)
# shellcheck disable=SC2086
kill -STOP $sleepers
drawd worker
check "another takes it over" until_true 30 "(SELECT fence FROM drawd.job WHERE kind = 'freeze') = 2"
kill -CONT "$notary"
check "and finishes it" until_true 40 "(SELECT state FROM drawd.job WHERE kind = 'freeze') = 'done'"
# shellcheck disable=SC2086
kill -CONT $sleepers
for _ in $(seq 300); do
	grep -q lease-lost "$house/log" && break
	sleep 0.1
done
check "the sleeper finds its lease lost" grep -q lease-lost "$house/log"
check "one freeze" [ "$(ask "SELECT count(*) FROM drawd.proposal")" = 1 ]
end_more
stop_house

# Two notaries and four workers.
new_house crowd
start_house && load_round
drawd notary
drawd worker
drawd worker
check "two notaries, four workers: a round" play_round
check "each entry once" one_of_each
check "the same bundle" [ "$(bundle_hash)" = "$wanted" ]
end_more
stop_house

# Stop in the middle, go on later.
new_house stopped
start_house && load_round
kill -STOP "$(children notary)"
freeze
until_true 5 "(SELECT state FROM drawd.job WHERE kind = 'freeze') = 'running'"
kill -CONT "$(children notary)"
begun=$SECONDS
stop_house
check "stops within ten seconds" [ $((SECONDS - begun)) -le 10 ]
check "nothing is left running" [ -z "$(pgrep -f "$house/drawd.conf")" ]
start_house
check "the freeze goes on" entered freeze
check "the round goes on" eval 'propose lock && entered lock && propose_beacon && entered beacon &&
	job draw "{\"round\":\"$ROUND\"}" && entered draw && until_true 40 "(SELECT bool_and(state = '"'done'"') FROM drawd.job)" &&
	propose reveal && entered reveal && job bundle "{\"round\":\"$ROUND\"}" && until_true 40 "(SELECT bool_and(state = '"'done'"') FROM drawd.job)"'
check "to the same bundle" [ "$(bundle_hash)" = "$wanted" ]
finish
