#!/bin/bash
# Every process is killed once at every crash point of a round; the house comes back by itself, no
# step is lost or done twice, and the bundle is byte for byte that of the undisturbed round.
. tests/faults/lib.sh
start_server

once() { # nothing twice: one entry of each kind, one accepted proposal each, one bundle
	[ "$(ask "SELECT string_agg(kind, ' ' ORDER BY idx) FROM drawd.log_entry")" = \
		"freeze lock beacon draw reveal" ] &&
		[ "$(ask "SELECT count(*) FROM drawd.proposal WHERE state = 'accepted'")" = 5 ] &&
		[ "$(ask "SELECT count(*) FROM drawd.proposal WHERE state <> 'accepted'")" = 0 ] &&
		[ "$(ask "SELECT count(*) FROM drawd.job WHERE state <> 'done'")" = 0 ]
}

new_house undisturbed
start_house && load_round && check "undisturbed round" play_round
wanted=$(bundle_hash)
wanted_told=$(told)
check "figures are told" grep -q '[1-9][0-9]* objects drawn for [1-9]' <<<"$wanted_told"
bundle_file >"$TEST_DIR/bundle.tar"
check "undisturbed bundle replays" "$B/drawreplay" --trust "$house/trust" "$TEST_DIR/bundle.tar"
stop_house

for point in $("$B/drawd" crash-points | grep -Ev '^(web|import|returned|parser|programme)\.'); do
	[[ $point == ${CASE:-*} ]] || continue
	new_house "killed_${point//[.]/_}"
	start_house "$point" && load_round && play_round >"$house/steps" 2>&1
	if [ ! -e "$house/crashed/$point" ]; then
		not_ok "$point: nobody came there"
	elif [ "$(bundle_hash)" != "$wanted" ]; then
		not_ok "$point: another bundle"
		ask "SELECT kind, state, attempts, error FROM drawd.job; SELECT kind, state, error FROM drawd.proposal"
		tail -n 20 "$house/log"
	elif [ "$(told)" != "$wanted_told" ]; then
		not_ok "$point: something else is told"
		diff <(told) <(echo "$wanted_told")
	elif ! once; then
		not_ok "$point: something was done twice"
	else
		ok "$point"
	fi
	stop_house
	etc/cluster.sh psql "$TEST_DIR/pg" -q -c "DROP DATABASE $db" 2>/dev/null
done
finish
