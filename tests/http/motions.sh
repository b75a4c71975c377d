#!/bin/bash
# Motions over the API: moved, looked at, decided as they were seen; people, departments, recusals; what
# the audit log tells whom.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web

# moved NAME ACCOUNT PATH BODY: a motion, its number in $motion
moved() {
	as "$2" POST "$3" -d "$4"
	same "$1" 202 "$status"
	motion=$(member motion)
}
# refused NAME STATUS CODE ACCOUNT METHOD PATH [CURL ARGUMENT...]
refused() {
	local name=$1 wanted=$2 code=$3
	shift 3
	as "$@"
	same "$name" "$wanted $code" "$status $(member code)"
}
etag_of() {
	curl -s -o /dev/null -D - --unix-socket "$api" -H "Authorization: Bearer ${token[$1]}" \
		"http://localhost/api/v1/motions/$2" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p'
}
why='"reason":"test"'

# ---- as it was seen -------------------------------------------------------------------------------

moved "an account is moved" admin /api/v1/accounts \
	"{\"id\":\"newcomer\",\"person\":\"30001\",\"name\":\"新人\",\"department\":\"scjg\",$why}"
as admin2 GET "/api/v1/motions/$motion"
same "who may decide sees it" 200 "$status"
has "and what is to be done" 新人 "$body"
has "and who may decide" '"second"' "$body"
as inspector-jyj GET "/api/v1/motions/$motion"
same "others do not" 404 "$status"
etag=$(etag_of admin2 "$motion")
refused "second without If-Match" 428 match-needed admin2 POST "/api/v1/motions/$motion/second" -d "{$why}"
refused "second of another state" 412 stale admin2 POST "/api/v1/motions/$motion/second" -H 'If-Match: "0"' -d "{$why}"
refused "second without a reason" 400 bad-json admin2 POST "/api/v1/motions/$motion/second" -H "If-Match: $etag" -d '{}'
refused "second of one's own" 409 same-person admin POST "/api/v1/motions/$motion/second" -H "If-Match: $etag" -d "{$why}"
refused "second of what is not seen" 404 no-motion head-jyj POST "/api/v1/motions/$motion/second" -H "If-Match: $etag" -d "{$why}"
refused "second of what is not there" 404 no-motion admin2 POST /api/v1/motions/999999/second -H "If-Match: $etag" -d "{$why}"
refused "withdrawn by another" 403 not-allowed admin2 POST "/api/v1/motions/$motion/withdraw" -H "If-Match: $etag" -d "{$why}"
refused "second by an auditor" 403 not-allowed auditor POST "/api/v1/motions/$motion/second" -H "If-Match: $etag" -d "{$why}"
refused "the same once more" 409 motion-open admin2 POST /api/v1/accounts \
	-d "{\"id\":\"newcomer\",\"person\":\"30002\",\"name\":\"他人\",$why}"
refused "evidence that is no hash" 400 bad-json admin POST /api/v1/accounts \
	-d "{\"id\":\"other\",\"person\":\"30002\",\"name\":\"他人\",\"evidence\":\"x\",$why}"
second head-scjg "$motion"
same "the head of the department agrees" "200 done" "$status $(member state)"
refused "agreed to once" 409 motion-decided admin2 POST "/api/v1/motions/$motion/decline" \
	-H "If-Match: $(etag_of admin2 "$motion")" -d "{$why}"
refused "as it was seen before" 412 stale admin2 POST "/api/v1/motions/$motion/decline" -H "If-Match: $etag" -d "{$why}"
as admin GET /api/v1/accounts/newcomer
same "the account is there" 200 "$status"

# ---- its first password -----------------------------------------------------------------------------

refused "no password for an account nobody decided on" 404 no-account admin POST /api/v1/accounts/lead/password -d '{}'
as admin POST /api/v1/accounts/newcomer/password -d '{}'
same "the one who moved is told one half of its password" "201 1" "$status $(member half)"
as head-scjg POST /api/v1/accounts/newcomer/password -d '{}'
same "the one who agreed the other" "201 2" "$status $(member half)"

# ---- roles, delegation ---------------------------------------------------------------------------------

moved "a role" head-scjg /api/v1/accounts/newcomer/roles "{\"role\":\"clerk\",\"department\":\"scjg\",$why}"
second admin "$motion"
same "is given" "done" "$(member state)"
refused "a head gives no role of the installation" 403 not-allowed head-scjg POST /api/v1/accounts/newcomer/roles \
	-d "{\"role\":\"coordinator\",$why}"
refused "nor one to an account of another department" 404 no-account head-jyj POST /api/v1/accounts/newcomer/roles \
	-d "{\"role\":\"clerk\",\"department\":\"jyj\",$why}"
refused "which is told like one that is not there" 404 no-account head-jyj POST /api/v1/accounts/nobody/roles \
	-d "{\"role\":\"clerk\",\"department\":\"jyj\",$why}"
grant=$(sql "SELECT id FROM account_role WHERE account = 'newcomer'")
moved "its end" head-scjg "/api/v1/roles/$grant/end" "{$why}"
as admin POST "/api/v1/motions/$motion/decline" -H "If-Match: $(etag_of admin "$motion")" -d "{$why}"
same "is declined" declined "$(member state)"
moved "its end once more" head-scjg "/api/v1/roles/$grant/end" "{$why}"
as head-scjg POST "/api/v1/motions/$motion/withdraw" -H "If-Match: $(etag_of head-scjg "$motion")" -d "{$why}"
same "is withdrawn" withdrawn "$(member state)"
refused "of another department" 404 not-found head-jyj POST "/api/v1/roles/$grant/end" -d "{$why}"
today=$(TZ=Asia/Shanghai date +%F)
moved "a delegation" head-scjg /api/v1/delegations "{\"account\":\"clerk-scjg\",\"role\":\"head\",\"department\":\"scjg\",
	\"from\":\"$today\",\"to\":\"$today\",$why}"
second admin "$motion"
same "is given" "done" "$(member state)"
refused "of what one does not hold" 403 not-allowed clerk-scjg POST /api/v1/delegations \
	-d "{\"account\":\"newcomer\",\"role\":\"head\",\"department\":\"scjg\",\"from\":\"$today\",\"to\":\"$today\",$why}"
moved "the delegate moves" clerk-scjg /api/v1/accounts/newcomer/disable "{$why}"
second head-scjg "$motion"
same "and the one who delegated does not second" "409 same-person" "$status $(member code)"

# ---- departments, recusals -------------------------------------------------------------------------------

moved "a department" admin /api/v1/departments "{\"id\":\"nyj\",\"level\":\"county\",\"region\":\"330199\",\"name\":\"农业农村局\",
	\"inspects\":false,$why}"
second lead "$motion"
same "is made" "done" "$(member state)"
moved "its change" admin /api/v1/departments/nyj/change "{\"inspects\":true,$why}"
second admin2 "$motion"
call GET /api/v1/departments/nyj
has "is made" '"inspects":true' "${body// /}"
refused "one that is not there" 400 bad-json admin POST /api/v1/departments/xyz/change -d "{\"colour\":1,$why}"
as admin POST /api/v1/departments/xyz/change -d "{\"name\":\"x\",$why}"
same "is not changed" 404 "$status"
sql "INSERT INTO inspector_number VALUES ('scjg', 'N1', 'SCJG-0001')"
moved "a recusal" inspector-scjg /api/v1/recusals "{\"inspector\":\"SCJG-0001\",\"object\":\"91330199MA0D559X7R\",\"ground\":\"亲属\",$why}"
second head-scjg "$motion"
same "stands" "SCJG-0001 91330199MA0D559X7R $motion" "$(sql "SELECT concat_ws(' ', inspector, subject, motion) FROM recusal_fact")"
moved "its end" inspector-scjg /api/v1/recusals "{\"inspector\":\"SCJG-0001\",\"object\":\"91330199MA0D559X7R\",\"action\":\"end\",$why}"
second head-scjg "$motion"
same "is a fact of its own" 2 "$(sql "SELECT count(*) FROM recusal_fact")"
refused "once" 404 no-recusal inspector-scjg POST /api/v1/recusals \
	-d "{\"inspector\":\"SCJG-0001\",\"object\":\"91330199MA0D559X7R\",\"action\":\"end\",$why}"
refused "of another's inspector" 400 bad-inspector inspector-jyj POST /api/v1/recusals \
	-d "{\"inspector\":\"SCJG-0001\",\"object\":\"91330199MA0D559X7R\",$why}"

# ---- what cannot be moved is told by its member ----------------------------------------------------------

# wrong FIELD CODE PATH MEMBERS
wrong() {
	as admin POST "$3" -d "{$4,$why}"
	same "$2 in ${3##*/}" "400 $2 $1" "$status $(member code) $(member field)"
}
account='"id":"n1","name":"x"'
wrong person bad-person /api/v1/accounts "$account,\"person\":\"3 0\""
wrong inspector bad-inspector /api/v1/accounts "$account,\"person\":\"30\",\"inspector\":\"a b\""
wrong inspector bad-inspector /api/v1/accounts "$account,\"person\":\"30\",\"department\":\"jyj\",\"inspector\":\"JYJ-0909\""
wrong department department-needed /api/v1/accounts/newcomer/roles '"role":"clerk"'
wrong department whole-role /api/v1/accounts/newcomer/roles '"role":"auditor","department":"scjg"'
wrong role role-kind /api/v1/accounts/newcomer/roles '"role":"service","department":"scjg"'
wrong to date-order /api/v1/accounts/newcomer/roles '"role":"auditor","from":"2026-02-02","to":"2026-02-01"'
wrong to date-order /api/v1/accounts/newcomer/roles '"role":"auditor","to":"2020-02-01"'
wrong role bad-json /api/v1/delegations "\"account\":\"lead\",\"role\":\"auditor\",\"from\":\"$today\",\"to\":\"$today\""
wrong id reserved-name /api/v1/departments '"id":"none","level":"county","region":"330199","name":"x"'
wrong region bad-region /api/v1/departments '"id":"abc","level":"town","region":"330199","name":"x"'
wrong region bad-region /api/v1/departments '"id":"abc","level":"city","region":"33019X","name":"x"'
refused "an object that can be none" 400 bad-object clerk-scjg POST /api/v1/recusals \
	-d "{\"inspector\":\"SCJG-0001\",\"object\":\"a b\",$why}"

# ---- one person alone takes away ---------------------------------------------------------------------------

grant=$(sql "SELECT max(id) FROM account_role WHERE delegated_from = 'head-scjg'")
refused "not the delegate" 404 not-found clerk-scjg DELETE "/api/v1/delegations/$grant"
as head-scjg DELETE "/api/v1/delegations/$grant"
same "whoever delegated takes it back" 200 "$status"
refused "once" 404 not-found head-scjg DELETE "/api/v1/delegations/$grant"
refused "no head of another department suspends" 404 no-account head-jyj POST /api/v1/accounts/newcomer/suspend -d "{$why}"
as head-scjg POST /api/v1/accounts/newcomer/suspend -d '{"reason":"手机遗失"}'
same "the head suspends an account" "200 disabled" "$status $(sql "SELECT state FROM account WHERE id = 'newcomer'")"
same "why stands in the audit log" "head-scjg 手机遗失" "$(sql "SELECT account || ' ' || reason FROM audit
	WHERE object_kind = 'account' AND object = 'newcomer' ORDER BY id DESC LIMIT 1")"

refused "another administrator is not suspended by one alone" 409 motion-needed admin POST /api/v1/accounts/admin2/suspend -d "{$why}"
moved "he takes a motion" admin /api/v1/accounts/admin2/disable "{$why}"
etag=$(etag_of admin "$motion")
as admin POST "/api/v1/motions/$motion/withdraw" -H "If-Match: $etag" -d "{$why}"
refused "whoever may is named" 403 not-allowed clerk-scjg POST /api/v1/departments -d "{$why}"
same "in words" "['administrator'] 请由下列角色的账号办理：管理员" "$(member who) $(member remedy_zh)"
same "no number of a motion is missing" "$(sql "SELECT count(*) FROM motion")" "$(sql "SELECT max(id) FROM motion")"

# ---- recusals of a file --------------------------------------------------------------------------------------

ctl_as clerk-jyj -q upload "$TOP/README.md" >/dev/null
file=$(sql "SELECT max(id) FROM upload")
import="\"upload\":$file,\"kind\":\"recusals\",\"source\":\"s\",\"provider\":\"p\""
refused "recusals without a reason" 400 bad-json clerk-jyj POST /api/v1/imports -d "{$import}"
refused "of a file that is not one's own" 409 upload-incomplete clerk-scjg POST /api/v1/imports -d "{$import,$why}"
moved "recusals of a file" clerk-jyj /api/v1/imports "{$import,$why}"
same "are no job yet" 0 "$(sql "SELECT count(*) FROM job")"
second lead "$motion"
same "nor by a coordinator" "403 not-allowed" "$status $(member code)"
second head-jyj "$motion"
same "the head agrees" "200 carried" "$status $(member state)"
same "and it is the clerk's job" "clerk-jyj jyj $motion" "$(sql "SELECT concat_ws(' ', account, department, motion) FROM job")"

# ---- the audit log --------------------------------------------------------------------------------------

as auditor GET '/api/v1/audit?limit=5'
same "the auditor searches it" 200 "$status"
as auditor GET '/api/v1/audit/chain?after=0&limit=3'
same "and takes the chain" "1 2 3" "$(printf '%s' "$body" | python3 -c '
import hashlib, json, sys
before = bytes(32)
for entry in json.load(sys.stdin)["entries"]:
    before = hashlib.sha256(before + entry["text"].encode()).digest()
    assert before.hex() == entry["hash"]
    print(entry["seq"], end=" " if entry["seq"] < 3 else "\n")')"
as auditor GET /api/v1/audit/anchors
same "and where it is anchored" 200 "$status"
refused "a coordinator does not" 403 not-allowed lead GET /api/v1/audit/chain
as head-jyj GET /api/v1/audit
same "others find what they did themselves" 0 "$(printf '%s' "$body" | python3 -c '
import json, sys
print(sum(e["account"] != "head-jyj" for e in json.load(sys.stdin)["audit"]))')"

# ---- two at once ------------------------------------------------------------------------------------------

# Each of two resets the other at the same moment: both hold what they asked with (they note its use), both
# want to change people, one after the other. One is told to come again, and nothing of his was done.
moved "a reset of one" admin /api/v1/accounts/lead/reset "{$why}"
one=$motion
moved "a reset of the other" admin /api/v1/accounts/lead2/reset "{$why}"
two=$motion
etag=("$(etag_of admin2 "$one")" "$(etag_of admin2 "$two")")
sql "UPDATE access_token SET used_at = NULL WHERE account IN ('lead', 'lead2')"
sql "BEGIN; SELECT people_hold(); SELECT pg_sleep(0.7); COMMIT" >/dev/null &
holder=$!
sleep 0.2
reset() { # ACCOUNT MOTION ETAG
	as "$1" POST "/api/v1/motions/$2/second" -H "If-Match: $3" -d "{$why}"
	echo "$status $(member "$([ "$status" = 200 ] && echo state || echo code)")" >"$TEST_DIR/reset.$1"
}
KEY=reset-of-one reset lead2 "$one" "${etag[0]}" &
first=$!
sleep 0.1
KEY=reset-of-two reset lead "$two" "${etag[1]}" &
wait $holder $first $!
same "of two who reset each other one does" "200 done, 503 busy" \
	"$(sort "$TEST_DIR"/reset.* | paste -sd , | sed 's/,/, /')"
loser=$(sql "SELECT subject FROM motion WHERE id IN ($one, $two) AND state = 'done'")
same "and the other did nothing" "1 open, 1 unused" "$(sql "SELECT (SELECT count(*) FROM motion
	WHERE id IN ($one, $two) AND state = 'open') || ' open, ' || (SELECT count(*) FROM access_token
	WHERE account IN ('lead', 'lead2') AND ended_at IS NULL) || ' unused'")"
same "his key is free" 1 "$(sql "SELECT count(*) FROM request_key WHERE key LIKE 'reset-of-%'")"
as "$loser" GET /api/v1/session
same "who was reset is signed out" "401 session-ended" "$status $(member code)"

# drawctl comes again by itself, with its key: here the database lets it lose against somebody who waits
# longer.
moved "a reset" admin /api/v1/accounts/clerk-jyj/reset "{$why}"
sql "BEGIN; SET LOCAL deadlock_timeout = '20s'; UPDATE access_token SET name = name WHERE account = 'clerk-jyj';
	SELECT pg_sleep(0.8); SELECT people_hold(); ROLLBACK" >/dev/null &
holder=$!
sleep 0.3
ctl_as admin2 motion second "$motion" --yes --reason test >"$TEST_DIR/again" 2>&1
same "drawctl tries again" 0 $?
wait $holder
same "and it was done once" "done 1" "$(sql "SELECT state || ' ' || (SELECT count(*) FROM audit
	WHERE object_kind = 'account' AND object = 'clerk-jyj' AND act = 'changed' AND reason LIKE '#$motion %') FROM motion WHERE id = $motion")"
has "after the database had broken the deadlock" 'deadlock' "$(grep -h deadlock "$TEST_DIR/log")"
finish
