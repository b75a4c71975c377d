#!/bin/bash
# Rounds over the API: made of a policy text that a second person agrees to, numbered without gaps,
# approved by the heads of the departments, never edited.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
for who in zhangsan lisi; do # two who attest beacons
	echo "signer attester:$who $("$B/drawctl" key new $who -o "$TEST_DIR/$who.key")" >>"$state/trust"
done
start_web
policy=$TOP/etc/policy/district.conf

# round [SED PROGRAM] [MEMBERS]: a body with the template, edited
round() {
	sed -e "${1:-}" "$policy" | python3 -c '
import json, sys
body = {"policy": sys.stdin.read(), "demo": True, "pulses": "dice:1:1790000000", "reason": "年度抽查"}
body.update(json.loads(sys.argv[1]))
print(json.dumps({k: v for k, v in body.items() if v is not None}))' "${2:-"{}"}" >"$TEST_DIR/body"
	as lead POST /api/v1/rounds -d "@$TEST_DIR/body"
}

round
same "a round" 201 "$status"
first=$(member id)
policy_motion=$(member motion)
for _ in 1 2 3 4 5 6 7 8; do
	curl -s -o /dev/null --unix-socket "$api" -d "@$TEST_DIR/body" -H "Authorization: Bearer ${token[lead]}" \
		-H "Idempotency-Key: $(fresh_key)" http://localhost/api/v1/rounds &
	pids="${pids:-} $!"
done
# shellcheck disable=SC2086
wait $pids
call GET /api/v1/rounds
has "the public sees no draft" '"rounds":[]' "${body// /}"
as lead GET /api/v1/rounds
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
refused "a day that is none" 400 bad-json reveal_after '' '{"reveal_after":"2026-02-30"}'
refused "a word for a day" 400 bad-json reveal_after '' '{"reveal_after":"tomorrow"}'
refused "a reveal behind the results" 400 reveal-late "2026-12-02 > 2026-12-01" '' \
	'{"reveal_after":"2026-12-02","results_due":"2026-12-01"}'
round '' '{"reveal_after":"2026-12-01","results_due":"2026-12-01"}'
same "revealed on the day when results are due" 201 "$status"
refused "disclosure" 400 bad-json disclosure '' '{"disclosure":"all"}'
refused "unknown member" 400 bad-json colour '' '{"colour":"red"}'
refused "no policy" 400 bad-json policy '' '{"policy":null}'
refused "no reason" 400 bad-json reason '' '{"reason":null}'

at=/api/v1/rounds/$first
reason='{"reason":"按计划办理"}'
as lead GET "$at"
has "deadline follows the pulse" '"draw_deadline":1790086400' "${body// /}"
warned() { printf '%s' "$body" | python3 -c 'import json, sys; print(*sorted(w["code"] + " " + w["what"] for w in json.load(sys.stdin)["warnings"]), sep="; ")'; }
has "how far its policy is" '"policy_state":"open"' "${body// /}"
has "is a warning as well" "policy-open policy: motion $policy_motion open" "$(warned)"
sql "UPDATE round SET policy = regexp_replace(policy, '(?n)^(task\.[^.]+\.to\t).*$', '\12020-01-31', 'g') WHERE id = '$first'"
as head-scjg GET "$at"
has "so is a window that is over, for a head too" "window-past" "$(warned)"
has "which task, which day" " 2020-01-31" "$(warned)"
departments=$(member departments)
as lead POST "$at/freeze" -d "$reason"
same "freeze before the policy is agreed to" "409 motion-needed" "$status $(member code)"
same "what has to come first" "policy: motion $policy_motion open" "$(member what)"
second lead "$policy_motion"
same "one's own motion" "409 same-person" "$status $(member code)"
second head-scjg "$policy_motion"
same "the policy is not for a head to agree to" "404 no-motion" "$status $(member code)"
second lead2 "$policy_motion"
same "agreed to by another" "200 done" "$status $(member state)"
as lead POST "$at/freeze" -d "$reason"
same "freeze without approvals" "409 not-approved" "$status $(member code)"
has "names who is missing" scjg "$body"
as lead POST "$at/approve" -d '{"department":"scjg"}'
same "a coordinator does not approve" "403 not-allowed" "$status $(member code)"
as head-scjg POST "$at/approve" -d '{"department":"jyj"}'
same "nor a head for another department" 403 "$status"
for d in ${departments//,/ }; do
	as "head-$d" POST "$at/approve" -d '{}'
	[ "$status" = 201 ] || bad "approval of $d: $body"
done
same "nobody is missing" "" "$(member missing)"
as head-scjg POST "$at/approve" -d '{"department":"scjg"}'
same "approved twice" "409 already-done" "$status $(member code)"
for step in lock reveal; do
	as lead POST "$at/$step" -d "$reason"
	same "$step of a draft" "409 bad-state" "$status $(member code)"
done
for step in draw bundle; do
	as lead POST "$at/$step"
	same "$step of a draft" "409 bad-state" "$status $(member code)"
done
as auditor POST "$at/bundle" -d '{}'
same "an auditor may have a bundle made, but of no draft" "409 bad-state" "$status $(member code)"
as auditor POST "$at/bundle" -d '{"level":"public"}'
same "and publishes none" "403 not-allowed level ['coordinator']" "$status $(member code) $(member field) $(member who)"
as lead GET "$at/beacon-text?place=1&value=1234561234"
same "beacon before the lock" "409 bad-state" "$status $(member code)"
as lead POST "$at/freeze" -d '{}'
same "freeze without a reason" "400 bad-json" "$status $(member code)"
KEY=once-and-for-all as lead POST "$at/freeze" -d "$reason"
same "freeze" 202 "$status"
freeze=$(member motion)
KEY=once-and-for-all as lead POST "$at/freeze" -d "$reason"
same "sent again, one motion" "202 $freeze" "$status $(member motion)"
KEY=once-and-for-all as lead POST "$at/freeze" -d '{"reason":"别的"}'
same "the key for something else" "422 key-reused" "$status $(member code)"
second lead2 "$freeze"
same "agreed to: a job" "200 carried" "$status $(member state)"
job=$(printf '%s' "$body" | python3 -c 'import json, sys; print(json.load(sys.stdin)["result"]["job"])')
second lead2 "$freeze"
same "agreed to twice" "409 motion-decided" "$status $(member code)"
as lead GET "/api/v1/jobs/$job"
has "the time is fixed" '"frozen":1' "${body// /}"
as lead PUT "$at" -d '{}'
same "a round is not edited" "405 method-not-allowed" "$status $(member code)"

# only the notary changes a state: here it is done by the owner of the tables, for the sentences
sql "UPDATE round SET state = 'frozen' WHERE id = '$first'"
as lead POST "$at/freeze" -d "$reason"
same "second freeze" "409 already-done" "$status $(member code)"
as head-scjg POST "$at/approve" -d '{"department":"scjg"}'
same "approval after the freeze" "409 frozen" "$status $(member code)"
as lead POST "$at/lock" -d "$reason"
same "lock" 202 "$status"
lock=$(member motion)
as lead POST "$at/lock" -d "$reason"
same "moved twice" "409 motion-open" "$status $(member code)"
second lead2 "$lock"
proposal=$(printf '%s' "$body" | python3 -c 'import json, sys; print(json.load(sys.stdin)["result"]["proposal"])')
as lead GET "/api/v1/proposals/$proposal"
has "the notary has not decided" '"state":"pending"' "${body// /}"
as lead POST "$at/lock" -d "$reason"
same "second lock" "409 already-done" "$status $(member code)"
# drawn, and the rows of the draw are missing: asked for again they are written, nothing is drawn
sql "UPDATE round SET state = 'drawn' WHERE id = '$first'"
as lead POST "$at/draw"
same "a drawn round without rows" 202 "$status"
as lead GET "/api/v1/jobs/$(member job)"
has "they are written" '"kind":"project"' "${body// /}"
sql "INSERT INTO projection (round, bound) VALUES ('$first', 0)"
as lead POST "$at/draw"
same "second draw" "409 already-done" "$status $(member code)"

# ---- a policy that nobody agreed to ---------------------------------------------------------------

other=$(sql "SELECT id FROM round WHERE id <> '$first' ORDER BY id LIMIT 1")
at=/api/v1/rounds/$other
motion=$(sql "SELECT policy_motion FROM round WHERE id = '$other'")
as lead POST "$at/policy" -d "$reason"
same "a policy moved while a motion on it is open" "409 motion-open" "$status $(member code)"
decide() { # ACCOUNT MOTION VERDICT [MEMBERS]
	local etag
	etag=$(curl -s -o /dev/null -D - --unix-socket "$api" -H "Authorization: Bearer ${token[$1]}" \
		"http://localhost/api/v1/motions/$2" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
	as "$1" POST "/api/v1/motions/$2/$3" -H "If-Match: $etag" -d "{\"reason\":\"test\"${4:+,$4}}"
}
decide lead2 "$motion" decline
same "it is declined" "200 declined" "$status $(member state)"
as head-scjg POST "$at/approve" -d '{}'
same "no approval of a declined policy" "409 motion-needed" "$status $(member code)"
as lead POST "$at/policy" -d "$reason"
same "it is moved again" 202 "$status"
motion=$(member motion)
as lead GET "$at"
same "and is the round's motion" "$motion" "$(member policy_motion)"
sql "UPDATE motion SET moved_at = 1, ends_at = 2 WHERE id = $motion"
as lead2 GET "/api/v1/motions/$motion"
same "when its time is over it is told as lapsed" lapsed "$(member state)"
as lead2 GET "/api/v1/motions?state=open&round=$other"
has "also in the list" '"motions":[]' "${body// /}"
decide lead2 "$motion" second
same "and not seconded" "409 motion-lapsed" "$status $(member code)"
as lead POST "$at/policy" -d "$reason"
same "moved once more" 202 "$status"
second lead2 "$(member motion)"
same "agreed to" "200 done" "$status $(member state)"
as lead POST "$at/policy" -d "$reason"
same "and not moved again" "409 already-done" "$status $(member code)"
sql "UPDATE round SET state = 'frozen' WHERE id = '$other'"
as lead POST "$at/policy" -d "$reason"
same "nor after the freeze" "409 bad-state" "$status $(member code)"
as lead POST "$at/void" -d "{\"cause\":\"mistake\",\"evidence\":\"$(printf 'x' | sha256sum | cut -c1-64)\",\"reason\":\"test\"}"
same "a round of which the log has no entry is not made void" "409 bad-state" "$status $(member code)"

# ---- attestations of a beacon are looked at before anybody decides -------------------------------

sql "UPDATE round SET state = 'locked' WHERE id = '$other'"
sql "INSERT INTO log_entry (idx, leaf, kind, round, note) VALUES (0, sha256('lock'), 'lock', '$other', 'note')"
value=3141526535123456123
beacon() { # ATTESTATIONS
	python3 -c 'import json, sys
print(json.dumps({"value": sys.argv[1], "attestations": sys.argv[2], "reason": "test"}))' "$value" "$1" >"$TEST_DIR/body"
	as lead POST "$at/beacon" -d "@$TEST_DIR/body"
}
for text in "$value" 3141526535123456124; do
	as lead GET "$at/beacon-text?place=1&value=$text"
	printf '%s' "$body" >"$TEST_DIR/text"
	for who in zhangsan lisi; do
		"$B/drawctl" attest "$TEST_DIR/text" --key "$TEST_DIR/$who.key" >"$TEST_DIR/$who.$text"
	done
done
"$B/drawctl" key new wangwu -o "$TEST_DIR/wangwu.key" >/dev/null
"$B/drawctl" attest "$TEST_DIR/text" --key "$TEST_DIR/wangwu.key" >"$TEST_DIR/wangwu"
sealed() { # FILE: a beacon with its lines, line ends included
	local text
	text=$(cat "$TEST_DIR/$1" && echo .)
	beacon "${text%.}"
}
beacon "not a signature"
same "attestations that are no signature lines" "400 bad-note attestations" "$status $(member code) $(member field)"
sealed zhangsan.3141526535123456124
same "of another value" "400 bad-signature" "$status $(member code)"
sealed wangwu
same "of somebody whom the trust policy does not name" "409 missing-signer" "$status $(member code)"
same "no motion stands" 0 "$(sql "SELECT count(*) FROM motion WHERE kind = 'beacon'")"
sealed "zhangsan.$value"
same "one of two: the other comes with the second" 202 "$status"
motion=$(member motion)
members() { # FILE: the lines as a member of a body
	python3 -c 'import json, sys; print("\"attestations\": " + json.dumps(open(sys.argv[1]).read()))' "$TEST_DIR/$1"
}
decide lead2 "$motion" second
same "seconded without it" "409 missing-signer" "$status $(member code)"
decide lead2 "$motion" second "$(members "zhangsan.$value")"
same "nor with the same once more" "409 missing-signer" "$status $(member code)"
decide lead2 "$motion" second "$(members lisi.3141526535123456124)"
same "nor with one of another value" "400 bad-signature" "$status $(member code)"
same "nothing was decided" "open 0" \
	"$(sql "SELECT state || ' ' || (SELECT count(*) FROM proposal p WHERE p.motion = m.id) FROM motion m WHERE id = $motion")"
decide lead2 "$motion" second "$(members "lisi.$value")"
same "seconded with it" "200 carried" "$status $(member state)"
for path in /api/v1/rounds/2026-9999 /api/v1/rounds/x; do
	as lead GET $path
	same "$path" "404 no-round" "$status $(member code)"
done
finish
