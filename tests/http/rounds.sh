#!/bin/bash
# Rounds over the API: made of a policy text, numbered without gaps, approved, never edited.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web
policy=$TOP/etc/policy/district.conf

# round [SED PROGRAM] [MEMBERS]: a body with the template, edited
round() {
	sed -e "${1:-}" "$policy" | python3 -c '
import json, sys
body = {"policy": sys.stdin.read(), "demo": True, "pulses": "dice:1:1790000000"}
body.update(json.loads(sys.argv[1]))
print(json.dumps({k: v for k, v in body.items() if v is not None}))' "${2:-"{}"}" >"$TEST_DIR/body"
	call POST /api/v1/rounds -d "@$TEST_DIR/body"
}

round
same "a round" 201 "$status"
first=$(member id)
for _ in 1 2 3 4 5 6 7 8; do
	curl -s -o /dev/null --unix-socket "$api" -d "@$TEST_DIR/body" http://localhost/api/v1/rounds &
	pids="${pids:-} $!"
done
# shellcheck disable=SC2086
wait $pids
call GET /api/v1/rounds
same "numbers without gaps" "1 2 3 4 5 6 7 8 9" "$(printf '%s' "$body" | python3 -c '
import json, sys
print(*sorted(int(r["id"][5:]) for r in json.load(sys.stdin)["rounds"]))')"

# refused NAME STATUS CODE PART SED MEMBERS
refused() {
	round "$5" "${6:-"{}"}"
	same "$1" "$2 $3" "$status $(member code)"
	has "$1 says where" "$4" "$body"
}
line=$(grep -n 'A = "2%"' "$policy" | cut -d: -f1)
refused "ratio over 100 %" 400 bad-ratio "policy:$line" 's/A = "2%"/A = "101%"/'
refused "ratio as a number" 400 bad-ratio "policy:$line" 's/A = "2%"/A = 0.02/'
line=$(grep -n 'jyj: {' "$policy" | cut -d: -f1)
refused "a department that may not inspect" 400 no-inspecting-department "jyj" \
	"${line}s/};/inspects = false; };/"
refused "include" 400 bad-setting "policy:1" '1s/^/@include "\/etc\/passwd"\n/'
refused "no pulse" 400 bad-beacon pulses '' '{"pulses":"moon:1:1"}'
refused "pulse of another form" 400 bad-beacon ssq '' '{"pulses":"ssq:x:1790000000"}'
refused "dice alone in earnest" 400 dice-alone dice '' '{"demo":false}'
refused "a demo's delta between" 400 round-settings "delta 300" '' '{"delta":300}'
refused "too short a delta" 400 round-settings delta '' \
	'{"demo":false,"delta":599,"pulses":"drand:1000:1790000000"}'
refused "a day that is none" 400 bad-date reveal-after '' '{"reveal-after":"2026-02-30"}'
refused "a word for a day" 400 bad-json reveal-after '' '{"reveal-after":"tomorrow"}'
refused "disclosure" 400 round-settings disclosure '' '{"disclosure":"all"}'
refused "unknown member" 400 bad-json colour '' '{"colour":"red"}'
refused "no policy" 400 bad-json policy '' '{"policy":null}'

at=/api/v1/rounds/$first
call GET "$at"
has "deadline follows the pulse" '"draw-deadline" : 1790086400' "$body"
departments=$(member departments)
call POST "$at/freeze"
same "freeze without approvals" "409 not-approved" "$status $(member code)"
has "names who is missing" scjg "$body"
call POST "$at/approve" -d '{"department":"lxb"}'
same "the office does not approve" "400 bad-department" "$status $(member code)"
for d in ${departments//,/ }; do
	call POST "$at/approve" -d "{\"department\":\"$d\"}"
	[ "$status" = 201 ] || bad "approval of $d: $body"
done
same "nobody is missing" "" "$(member missing)"
call POST "$at/approve" -d '{"department":"scjg"}'
same "approved twice" "409 already-done" "$status $(member code)"
for step in lock draw reveal bundle; do
	call POST "$at/$step"
	same "$step of a draft" "409 bad-state" "$status $(member code)"
done
call GET "$at/beacon-text?place=1&value=1234561234"
same "beacon before the lock" "409 bad-state" "$status $(member code)"
call POST "$at/freeze"
same "freeze" 202 "$status"
job=$(member job)
call POST "$at/freeze"
same "asked twice, one job" "202 $job" "$status $(member job)"
call GET "/api/v1/jobs/$job"
has "the time is fixed" '"frozen": 1' "$body"
call PUT "$at" -d '{}'
same "edit of a draft" "409 not-edited" "$status $(member code)"

# only the notary changes a state: here it is done by the owner of the tables, for the sentences
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -q -c "UPDATE drawd.round SET state = 'frozen' WHERE id = '$first'"
call PUT "$at" -d '{}'
same "edit after the freeze" "409 frozen" "$status $(member code)"
call POST "$at/freeze"
same "second freeze" "409 already-done" "$status $(member code)"
call POST "$at/approve" -d '{"department":"scjg"}'
same "approval after the freeze" "409 frozen" "$status $(member code)"
call POST "$at/lock"
same "lock" 202 "$status"
call GET "/api/v1/proposals/$(member proposal)"
has "the notary has not decided" '"state" : "pending"' "$body"
call POST "$at/lock"
same "second lock" "409 already-done" "$status $(member code)"
# drawn, and the rows of the draw are missing: asked for again they are written, nothing is drawn
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -q -c "UPDATE drawd.round SET state = 'drawn' WHERE id = '$first'"
call POST "$at/draw"
same "a drawn round without rows" 202 "$status"
call GET "/api/v1/jobs/$(member job)"
has "they are written" '"kind" : "project"' "$body"
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -q -c "INSERT INTO drawd.projection (round, bound) VALUES ('$first', 0)"
call POST "$at/draw"
same "second draw" "409 already-done" "$status $(member code)"
for path in /api/v1/rounds/2026-9999 /api/v1/rounds/x; do
	call GET $path
	same "$path" "404 no-round" "$status $(member code)"
done
finish
