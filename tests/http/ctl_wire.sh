#!/bin/bash
# What drawctl sends, looked at from the other side: profiles and tokens, keys over retries, ETags,
# streams that break, passwords that stay out of profiles. No daemon and no database.
set -u
: "${TOP:=$(cd "$(dirname "$0")/../.." && pwd)}" "${B:=$TOP/build}" "${TEST_DIR:=$(mktemp -d)}"
export LC_ALL=C.UTF-8 LANG=C.UTF-8 HOME=$TEST_DIR/home
unset DRAWD_SOCKET DRAWD_PROFILE DRAWD_PROFILES XDG_CONFIG_HOME LC_MESSAGES
mkdir -p "$HOME"
failures=0 server=
folder=$(mktemp -d /tmp/drawd-wire.XXXXXX) # a socket's path is short
sock=$folder/web.sock
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

ok() { echo "ok $*"; }
bad() {
	echo "not ok $*"
	failures=$((failures + 1))
}
same() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: wanted \"$2\", got \"$3\""; fi; }
has() { case $3 in *"$2"*) ok "$1" ;; *) bad "$1: no \"$2\" in \"$3\"" ;; esac; }
hasnt() { case $3 in *"$2"*) bad "$1: \"$2\" in \"$3\"" ;; *) ok "$1" ;; esac; }

# answers JSON: a server that gives these, and nothing else
answers() {
	[ -z "$server" ] || { kill "$server" && wait "$server" 2>/dev/null; }
	printf '%s' "$1" >"$folder/answers"
	: >"$folder/log"
	rm -f "$sock"
	python3 "$TOP/tests/http/ctl_wire.py" "$sock" "$folder/log" "$folder/answers" &
	server=$!
	for _ in $(seq 100); do [ -S "$sock" ] && break || sleep 0.05; done
}
# sent N EXPRESSION: of request N (from 0) in the log, `r`
sent() { python3 -c 'import json, sys
r = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")][int(sys.argv[2])]
print(eval(sys.argv[3]))' "$folder/log" "$@"; }
requests() { wc -l <"$folder/log"; }
ctl() { "$B/drawctl" --lang en "$@"; }
# run NAME CODE ARGUMENT…: stdout in $out, stderr in $err
run() {
	local name=$1 code=$2
	shift 2
	out=$(ctl "$@" 2>"$folder/err" </dev/null)
	same "$name" "$code" "$?"
	err=$(cat "$folder/err")
}

# ---- profiles -----------------------------------------------------------------------------------
profiles=$TEST_DIR/profiles.conf
export DRAWD_PROFILES=$profiles
cat >"$profiles" <<-END
	default = "one";
	profiles = (
		{ name = "one"; account = "li-ming"; socket = "$sock"; token = "drawd_one"; },
		{ name = "two"; socket = "$sock"; token = "drawd_two"; },
		{ name = "bare"; socket = "$sock"; },
		{ name = "away"; url = "https://127.0.0.1:1/drawd"; token = "drawd_away"; }
	);
END
chmod 644 "$profiles"
answers '[["GET", "/readyz", 200, {}, {"status": "ready"}], ["GET", "/readyz", 200, {}, {"status": "ready"}],
	["GET", "/readyz", 200, {}, {"status": "ready"}], ["GET", "/readyz", 200, {}, {"status": "ready"}],
	["GET", "/readyz", 200, {}, {"status": "ready"}]]'
run "profiles that others can read" 2 health
has "are refused with a sentence" "others can read" "$err"
has "and a remedy" "chmod 600" "$err"
same "nothing was sent" 0 "$(requests)"
chmod 600 "$profiles"
run "the default profile" 0 health
same "its token" "Bearer drawd_one" "$(sent 0 'r["headers"].get("authorization")')"
run "a named one" 0 health --profile two
same "its token" "Bearer drawd_two" "$(sent 1 'r["headers"].get("authorization")')"
DRAWD_PROFILE=bare run "one of the environment" 0 health
same "no token" None "$(sent 2 'r["headers"].get("authorization")')"
run "--socket alone" 0 health --socket "$sock"
same "sends nobody's token" None "$(sent 3 'r["headers"].get("authorization")')"
run "--socket with a profile" 0 health --socket "$sock" --profile two
same "sends its token" "Bearer drawd_two" "$(sent 4 'r["headers"].get("authorization")')"
run "a profile that is not there" 2 health --profile none
has "says so" "no such profile" "$err"
run "nobody behind a URL" 3 health --profile away
has "names it" "https://127.0.0.1:1/drawd" "$err"
run "profile list" 0 profile list
has "shows the default" "* one" "$out"
hasnt "shows no token" drawd_one "$out"
wrong() { # NAME TEXT: a file of profiles that is refused
	printf '%s\n' "$2" >"$TEST_DIR/wrong.conf"
	chmod 600 "$TEST_DIR/wrong.conf"
	run "$1" 2 health --profiles "$TEST_DIR/wrong.conf"
	has "$1: names the line" "$TEST_DIR/wrong.conf:" "$err"
}
wrong "a profile without a name" 'profiles = ( { socket = "/x"; } );'
wrong "two of one name" 'profiles = ( { name = "a"; }, { name = "a"; } );'
wrong "socket and url" 'profiles = ( { name = "a"; socket = "/x"; url = "https://x"; } );'
wrong "an unknown member" 'profiles = ( { name = "a"; pass = "x"; } );'
wrong "an unencrypted address" 'profiles = ( { name = "a"; url = "http://drawd.example/"; } );'
wrong "a name before the host" 'profiles = ( { name = "a"; url = "http://localhost@drawd.example/"; } );'
wrong "another scheme" 'profiles = ( { name = "a"; url = "ftp://drawd.example/"; } );'
wrong "no libconfig" 'profiles = ('
ln -s "$profiles" "$TEST_DIR/link.conf"
run "a link to a private file" 3 health --profiles "$TEST_DIR/link.conf" --profile away

# ---- keys and retries ---------------------------------------------------------------------------
moved='{"motion": 7}'
busy='{"code": "busy"}'
answers "[[\"POST\", \"/api/v1/rounds/2026-0001/freeze\", 503, {\"Content-Type\": \"application/problem+json\"}, $busy],
	[\"POST\", \"/api/v1/rounds/2026-0001/freeze\", 0, {}, \"\"],
	[\"POST\", \"/api/v1/rounds/2026-0001/freeze\", 202, {}, $moved]]"
run "busy, then broken, then done" 0 -q round freeze 2026-0001 --reason "名录已核对"
same "prints the motion alone" 7 "$out"
same "sent three times" 3 "$(requests)"
key=$(sent 0 'r["headers"]["idempotency-key"]')
same "the same key each time" "$key $key" "$(sent 1 'r["headers"]["idempotency-key"]') $(sent 2 'r["headers"]["idempotency-key"]')"
[[ $key =~ ^[A-Za-z0-9_-]{8,64}$ ]] && ok "a key of the right form" || bad "key $key"
same "the reason in the body" "名录已核对" "$(sent 0 'json.loads(r["body"])["reason"]')"
same "and in its header" "%E5%90%8D%E5%BD%95%E5%B7%B2%E6%A0%B8%E5%AF%B9" "$(sent 0 'r["headers"]["drawd-reason"]')"
answers "[[\"POST\", \"/api/v1/rounds/2026-0001/freeze\", 202, {}, $moved]]"
run "again" 0 -q round freeze 2026-0001 --reason r
[ "$(sent 0 'r["headers"]["idempotency-key"]')" != "$key" ] && ok "another command, another key" || bad "the key of the command before"
answers "[[\"POST\", \"/api/v1/uploads\", 0, {}, \"\"], [\"POST\", \"/api/v1/uploads\", 0, {}, \"\"],
	[\"POST\", \"/api/v1/uploads\", 0, {}, \"\"], [\"POST\", \"/api/v1/uploads\", 0, {}, \"\"],
	[\"POST\", \"/api/v1/uploads\", 0, {}, \"\"]]"
printf x >"$TEST_DIR/file"
run "broken for ever" 3 upload "$TEST_DIR/file"
same "gives up after five" 5 "$(requests)"
answers '[["GET", "/api/v1/rounds/2026-0001", 429, {"Content-Type": "application/problem+json", "Retry-After": "60"}, {"code": "try-later"}]]'
run "to be tried later" 3 round show 2026-0001
has "says when" "60 s" "$err"
same "and is not sent again" 1 "$(requests)"
answers '[["POST", "/api/v1/x", 200, {}, {}]]'
run "call with a key of one's own" 0 call POST /api/v1/x -d '{}' --idempotency-key my-own-key
same "sends it" my-own-key "$(sent 0 'r["headers"]["idempotency-key"]')"

# ---- errors -------------------------------------------------------------------------------------
answers '[["POST", "/api/v1/rounds", 400, {"Content-Type": "application/problem+json"},
	{"code": "bad-json", "where": "", "what": "too long", "field": "results_due"}],
	["GET", "/api/v1/session", 599, {"Content-Type": "application/problem+json"},
	{"code": "of-tomorrow", "zh": "明日", "en": "a new one", "remedy_zh": "升级", "remedy_en": "get the new drawctl", "what": "x"}]]'
printf 'x' >"$TEST_DIR/policy"
run "a field at fault" 2 round new "$TEST_DIR/policy" --pulses dice:1:1 --reason r
has "is named" "results_due: the body is not" "$err"
run "a code this program does not know" 1 whoami
has "tells its own words" "a new one x. get the new drawctl" "$err"

# ---- uploads go on where they stopped -----------------------------------------------------------
head -c 5000000 /dev/zero >"$TEST_DIR/large"
answers '[["POST", "/api/v1/uploads", 201, {}, {"id": 3}], ["PUT", "/api/v1/uploads/3?offset=0", 409, {"Content-Type": "application/problem+json"},
	{"code": "bad-offset"}], ["GET", "/api/v1/uploads/3", 200, {}, {"id": 3, "received": 4194304}],
	["PUT", "/api/v1/uploads/3?offset=4194304", 200, {}, {"received": 5000000}],
	["GET", "/api/v1/uploads/3", 200, {}, {"id": 3, "received": 5000000, "sha256": "'"$(sha256sum <"$TEST_DIR/large" | cut -d' ' -f1)"'"}]]'
run "a piece that had arrived" 0 -q upload "$TEST_DIR/large"
same "the hash of the file" "$(sha256sum <"$TEST_DIR/large" | cut -c1-64)" "$out"
same "the rest is sent" 805696 "$(sent 3 'len(r["body"])')"

# ---- motions ------------------------------------------------------------------------------------
open_motion='{"id": 7, "kind": "lock", "round": "2026-0001", "subject": "", "body": {"place": 1}, "reason": "r", "evidence": "", "moved_by": "a", "moved_at": 1, "ends_at": 2, "state": "open", "second": ["coordinator"]}'
carried=${open_motion/open/carried}
carried=${carried%\}}', "result": {"proposal": 5}}'
refused=${open_motion/open/refused}
refused=${refused%\}}', "result": {"error": {"code": "no-witness", "what": "0 of 1"}}}'
answers "[[\"GET\", \"/api/v1/motions/7\", 200, {\"ETag\": \"\\\"abc\\\"\"}, $open_motion],
	[\"GET\", \"/api/v1/motions/7\", 200, {\"ETag\": \"\\\"abc\\\"\"}, $open_motion],
	[\"POST\", \"/api/v1/motions/7/second\", 200, {}, {\"motion\": 7, \"state\": \"carried\", \"result\": {\"proposal\": 5}}],
	[\"GET\", \"/api/v1/motions/7\", 200, {}, $carried], [\"GET\", \"/api/v1/motions/7\", 200, {}, $carried],
	[\"GET\", \"/api/v1/motions/7\", 200, {}, $refused]]"
run "nobody to confirm" 2 motion second 7
has "says how scripts do it" --yes "$err"
has "showed what will happen" "it cannot be taken back" "$out"
has "and the body" "place = 1" "$out"
same "decided nothing" 1 "$(requests)"
run "seconded, and then the notary refuses" 1 motion second 7 --yes --reason "seen"
has "tells why" "no quorum of witnesses" "$err"
same "as it was seen" '"abc"' "$(sent 2 'r["headers"]["if-match"]')"
same "with the reason" seen "$(sent 2 'json.loads(r["body"])["reason"]')"
answers "[[\"GET\", \"/api/v1/motions?state=open&round=2026-0001&kind=lock\", 200, {}, {\"motions\": [{\"id\": 7}], \"next\": null}],
	[\"GET\", \"/api/v1/motions/7\", 200, {\"ETag\": \"\\\"abc\\\"\"}, $open_motion],
	[\"POST\", \"/api/v1/motions/7/decline\", 412, {\"Content-Type\": \"application/problem+json\"}, {\"code\": \"stale\"}]]"
run "found by round and kind, but stale" 1 motion decline --round 2026-0001 --kind lock --yes --reason no
has "says to look again" "look at it again" "$err"
done_motion=${open_motion/open/done}
answers "[[\"POST\", \"/api/v1/rounds/2026-0001/lock\", 202, {}, {\"motion\": 7}], [\"GET\", \"/api/v1/motions/7\", 200, {}, $open_motion],
	[\"GET\", \"/api/v1/motions/7\", 200, {}, $open_motion], [\"GET\", \"/api/v1/motions/7\", 200, {}, $carried],
	[\"GET\", \"/api/v1/motions/7\", 200, {}, $carried], [\"GET\", \"/api/v1/motions/7\", 200, {}, $done_motion]]"
run "--wait until the second person and the notary are done" 0 round lock 2026-0001 --reason r --wait
has "tells who is waited for" coordinator "$err"
has "and how it ended" "motion 7: lock 2026-0001 done" "$out"
declined=${open_motion/open/declined}
declined=${declined%\}}', "decided_why": "too early"}'
answers "[[\"POST\", \"/api/v1/rounds/2026-0001/lock\", 202, {}, {\"motion\": 7}], [\"GET\", \"/api/v1/motions/7\", 200, {}, $declined],
	[\"GET\", \"/api/v1/motions/7\", 200, {}, $declined], [\"GET\", \"/api/v1/motions/7\", 200, {}, $declined]]"
run "declined" 1 -q round lock 2026-0001 --reason r --wait
has "tells why" "too early" "$err"
many=
for _ in $(seq 20); do many="$many, [\"GET\", \"/api/v1/motions/7\", 200, {}, $open_motion]"; done
answers "[[\"POST\", \"/api/v1/rounds/2026-0001/lock\", 202, {}, {\"motion\": 7}]$many]"
run "nobody decides in time" 3 round lock 2026-0001 --reason r --wait --timeout 1
has "says so" "not done yet" "$err"
run "a motion without a reason" 2 round lock 2026-0001
has "asks for one" --reason "$err"

# ---- lists --------------------------------------------------------------------------------------
row() { printf '{"id": %d, "kind": "import", "state": "done", "done": 1, "total": 1, "account": "a", "created": 1, "error": ""}' "$1"; }
answers "[[\"GET\", \"/api/v1/jobs?sort=-id&state=done&limit=3\", 200, {}, {\"jobs\": [$(row 3), $(row 2)], \"next\": \"c2\"}],
	[\"GET\", \"/api/v1/jobs?sort=-id&state=done&limit=1&after=c2\", 200, {}, {\"jobs\": [$(row 1)], \"next\": \"c3\"}]]"
run "a list of three rows on two pages" 0 job list --sort -id --filter state=done --limit 3 --json
same "all of them" "[3, 2, 1]" "$(python3 -c 'import json, sys; print([r["id"] for r in json.loads(sys.argv[1])["jobs"]])' "$out")"
answers "[[\"GET\", \"/api/v1/jobs\", 200, {}, {\"jobs\": [$(row 1)], \"next\": \"c2\"}]]"
run "a first page" 0 job list
has "with headings" account "$out"
has "says that there are more" --all "$err"
answers '[["GET", "/api/v1/jobs?format=csv", 200, {"Content-Type": "text/csv"}, "a,b\r\n1,2\r\n"],
	["GET", "/api/v1/jobs?format=xlsx", 403, {"Content-Type": "application/problem+json"}, {"code": "scope"}]]'
run "as a file" 0 job list --format csv -o "$TEST_DIR/jobs.csv"
same "as it came" "$(printf 'a,b\r\n1,2\r\n' | sha256sum)" "$(sha256sum <"$TEST_DIR/jobs.csv")"
printf kept >"$TEST_DIR/jobs.xlsx"
run "refused" 1 job list --format xlsx -o "$TEST_DIR/jobs.xlsx"
same "the file stays as it was" kept "$(cat "$TEST_DIR/jobs.xlsx")"
run "a filter without a value" 2 job list --filter state

# ---- events -------------------------------------------------------------------------------------
e1=$': hello\n\nevent: progress\nid: 1-10-running\ndata: {"state":"running","done":10,"total":20}\n\nevent: progress\nid: 1-15-run'
e2=$'event: progress\nid: 1-15-running\ndata: {"state":"running","done":15,"total":20}\n\nevent: failed\nid: 1-15-failed\ndata: {"state":"failed","done":15,"total":20,"error":{"code":"empty-file","what":"f"}}\n\n'
json() { python3 -c 'import json, sys; print(json.dumps(sys.argv[1]))' "$1"; }
stream='{"Content-Type": "text/event-stream", "Content-Length": "100000"}'
answers "[[\"GET\", \"/api/v1/jobs/4/events\", 200, $stream, $(json "$e1")], [\"GET\", \"/api/v1/jobs/4/events\", 200, $stream, $(json "$e2")]]"
run "a stream that breaks" 1 job watch 4
same "is opened behind the last whole event" "1-10-running" "$(sent 1 'r["headers"]["last-event-id"]')"
same "tells each event once" "1-10-running 1-15-running 1-15-failed" "$(cut -d' ' -f1 <<<"$out" | paste -sd' ')"
has "and how it ended" "the file has no rows" "$err"

# ---- signing in ---------------------------------------------------------------------------------
signed='{"account": "li-ming", "restricted": false, "needs": "", "csrf": "c1", "ends": 1}'
answers "[[\"POST\", \"/api/v1/session\", 201, {\"Set-Cookie\": \"__Host-drawd=s1; HttpOnly; Secure; Path=/\"},
	{\"account\": \"li-ming\", \"restricted\": true, \"needs\": \"password\", \"csrf\": \"c0\", \"ends\": 1}],
	[\"POST\", \"/api/v1/session/password\", 200, {\"Set-Cookie\": \"__Host-drawd=s2; Path=/\"}, $signed],
	[\"POST\", \"/api/v1/tokens\", 201, {}, {\"id\": 9, \"token\": \"drawd_fresh\", \"ends\": 1}],
	[\"DELETE\", \"/api/v1/session\", 200, {}, {\"done\": true}]]"
rm -f "$TEST_DIR/new/p.conf"
out=$(printf 'old secret\n\nnew secret\n' | ctl login --account li-ming --socket "$sock" --profiles "$TEST_DIR/new/p.conf" --profile mine --days 3 2>"$folder/err")
same "login with a first password" 0 $?
same "asks with account and password" '{"account": "li-ming", "password": "old secret"}' "$(sent 0 'json.dumps(json.loads(r["body"]))')"
same "changes it under the session's cookie and csrf" "__Host-drawd=s1 c0" "$(sent 1 'r["headers"]["cookie"] + " " + r["headers"]["drawd-csrf"]')"
same "goes on under the next" "__Host-drawd=s2 c1" "$(sent 2 'r["headers"]["cookie"] + " " + r["headers"]["drawd-csrf"]')"
same "a token of three days" 3 "$(sent 2 'json.loads(r["body"])["days"]')"
same "signs out" DELETE "$(sent 3 'r["method"]')"
same "the file is private" 600 "$(stat -c %a "$TEST_DIR/new/p.conf")"
same "and its folder" 700 "$(stat -c %a "$TEST_DIR/new")"
has "it keeps the token" drawd_fresh "$(cat "$TEST_DIR/new/p.conf")"
hasnt "and no password" secret "$(cat "$TEST_DIR/new/p.conf")"
# where it signed in before it is known by a cookie, which the profile keeps
answers "[[\"POST\", \"/api/v1/session\", 201, {\"Set-Cookie\": [\"drawd=s3; Path=/\", \"drawd-device=d1; Max-Age=9; Path=/\"]}, $signed],
	[\"POST\", \"/api/v1/session/password\", 200, {\"Set-Cookie\": \"drawd=s4; Path=/\"}, $signed],
	[\"DELETE\", \"/api/v1/session\", 200, {}, {\"done\": true}]]"
printf 'old secret\n\nnew secret\n' | ctl password --profiles "$TEST_DIR/new/p.conf" --profile mine >/dev/null 2>&1
same "a change of the password names the machine" "drawd=s3; drawd-device=d1" "$(sent 1 'r["headers"]["cookie"]')"
has "the profile keeps it" 'device = "drawd-device=d1"' "$(cat "$TEST_DIR/new/p.conf")"
answers "[[\"POST\", \"/api/v1/session\", 201, {\"Set-Cookie\": \"drawd=s5; Path=/\"}, $signed],
	[\"POST\", \"/api/v1/tokens\", 201, {}, {\"id\": 10, \"token\": \"drawd_fresh\", \"ends\": 1}],
	[\"DELETE\", \"/api/v1/session\", 200, {}, {\"done\": true}]]"
printf 'new secret\n\n' | ctl login --profiles "$TEST_DIR/new/p.conf" --profile mine >/dev/null 2>&1
same "the next sign-in sends it" "drawd-device=d1" "$(sent 0 'r["headers"]["cookie"]')"
has "and it stays" 'device = "drawd-device=d1"' "$(cat "$TEST_DIR/new/p.conf")"
answers '[["DELETE", "/api/v1/session", 200, {}, {"done": true}]]'
run "logout" 0 logout --profiles "$TEST_DIR/new/p.conf" --profile mine
same "by its token" "Bearer drawd_fresh" "$(sent 0 'r["headers"]["authorization"]')"
hasnt "which is forgotten" drawd_fresh "$(cat "$TEST_DIR/new/p.conf")"
answers "[[\"POST\", \"/api/v1/session\", 201, {\"Set-Cookie\": \"drawd=s1; Path=/\"}, $signed],
	[\"POST\", \"/api/v1/session/totp\", 200, {}, {\"secret\": \"MFRGGZDF\", \"uri\": \"otpauth://totp/drawd:li-ming?secret=MFRGGZDF\"}],
	[\"PUT\", \"/api/v1/session/totp\", 200, {}, $signed], [\"DELETE\", \"/api/v1/session\", 200, {}, {\"done\": true}]]"
# at a terminal: PASSWORD, an empty code, then the code of the new factor
typed=$(python3 - "$B/drawctl" "$sock" <<-'END'
	import os, pty, sys, termios, time
	pid, fd = pty.fork()
	if pid == 0:
	    os.execv(sys.argv[1], ["drawctl", "--lang", "en", "totp", "--account", "li-ming", "--socket", sys.argv[2]])
	said = b""
	for prompt, answer in ((b"password: ", b"pa55-word\x7fd\n"), (b"none): ", b"\n"), (b"shows: ", b"123456\n")):
	    while prompt not in said:
	        said += os.read(fd, 4096)
	    time.sleep(0.1)
	    os.write(fd, answer)
	while True:
	    try:
	        more = os.read(fd, 4096)
	    except OSError:
	        break
	    said += more
	    if not more:
	        break
	print(said.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
)
has "totp at a terminal" "the second factor is set up" "$typed"
has "ends well" " 0" "${typed: -2}"
has "shows the address" "otpauth://totp/drawd:li-ming?secret=MFRGGZDF" "$typed"
has "and the secret" "secret: MFRGGZDF" "$typed"
hasnt "shows no password" pa55 "$typed"
same "a mistyped character is taken back" "pa55-word" "$(sent 0 'json.loads(r["body"])["password"]')"
same "an empty code is none" False "$(sent 0 '"code" in json.loads(r["body"])')"
same "the code confirms" 123456 "$(sent 2 'json.loads(r["body"])["code"]')"
run "no input for a password" 2 password --profile bare --account x
exit $((failures > 0))
