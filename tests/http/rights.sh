#!/bin/bash
# Who somebody is: nobody, by a token, by the user behind the socket, by a trusted proxy; and what
# each of them is told. What every role may do is matrix.py's.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" "proxy_socket = \"$sockets/proxy.sock\";" >>"$state/drawd.conf"
start_web

call GET /api/v1/routes
printf '%s' "$body" | python3 -c '
import json, re, sys
for r in json.load(sys.stdin)["routes"]:
    path = re.sub(r"{round}", "2026-0001", r["path"])
    path = re.sub(r"{sha256}", "0" * 64, re.sub(r"{id}", "1", path)).replace("*", "0/000")
    path = re.sub(r"{[a-z]*}", "nobody", path)
    print(r["method"], path, "public" if "public" in r["roles"] else "others")
    assert r["zh"] and r["en"]' >"$TEST_DIR/routes" || bad "routes are JSON with help"
same "routes were listed" yes "$([ "$(wc -l <"$TEST_DIR/routes")" -gt 25 ] && echo yes)"

# somebody who is not signed in, on either door
while read -r method path who; do
	for door in tcp call; do
		$door "$method" "$path"
		case $who:$status in
		others:401) has "$door $method $path asks to sign in" sign-in-needed "$body" ;;
		others:* | public:403 | public:500 | public:000) bad "$door $method $path: $status $body" ;;
		*) ok "$door $method $path is public" ;;
		esac
	done
done <"$TEST_DIR/routes"
has "what is wanted is said" "WWW-Authenticate: Bearer" \
	"$(curl -si --unix-socket "$api" http://localhost/api/v1/jobs)"

# a token counts on every door; one that is none, or has ended, is worse than none
tcp GET /api/v1/session -H "Authorization: Bearer ${token[lead]}"
same "a token on TCP" "200 lead" "$status $(member account)"
for wrong in "drawd_$(head -c 43 /dev/zero | tr '\0' A)" drawd_ x "${token[lead]}A"; do
	call GET /api/v1/rounds -H "Authorization: Bearer $wrong"
	same "a token that is none" "401 session-ended" "$status $(member code)"
done
sql "UPDATE access_token SET ended_at = now() WHERE account = 'clerk-gaj'"
as clerk-gaj GET /api/v1/session
same "an ended token" "401 session-ended" "$status $(member code)"
sql "UPDATE account SET state = 'disabled' WHERE id = 'clerk-rsj'"
as clerk-rsj GET /api/v1/session
same "a disabled account" "401 session-ended" "$status $(member code)"
sql "UPDATE account_role SET to_date = '2020-01-01', from_date = '2019-01-01' WHERE account = 'clerk-swj'"
as clerk-swj GET /api/v1/jobs
same "a role that is over" "403 not-allowed" "$status $(member code)"

sql "INSERT INTO account_role (account, role, department, from_date) VALUES ('clerk-jyj', 'clerk', 'scjg', '2020-01-01')"
as clerk-jyj POST /api/v1/uploads -d '{"name":"a.csv","size":1}'
upload=$(member id)
as clerk-jyj PUT "/api/v1/uploads/$upload?offset=0" -d x
list="{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"s\",\"provider\":\"p\"}"
as clerk-jyj POST /api/v1/imports -d "$list"
same "who acts for two departments says for which" "400 department-needed department" "$status $(member code) $(member field)"
as clerk-jyj POST /api/v1/imports -d "${list%?},\"department\":\"scjg\"}"
same "and is heard" "202 scjg" "$status $(sql "SELECT department FROM job WHERE id = $(member job)")"
same "the address alone leads to the page" "303 http://localhost/api" \
	"$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' --unix-socket "$api" http://localhost/)"

# what everybody is shown of a round is the public part, and of a draft nothing
python3 - "$TOP/etc/policy/district.conf" >"$TEST_DIR/round" <<'PY'
import json, sys
print(json.dumps({"policy": open(sys.argv[1], encoding="utf-8").read(), "demo": True, "reason": "r",
                  "pulses": "dice:1:1790000000"}))
PY
as lead POST /api/v1/rounds -d "@$TEST_DIR/round"
same "a round" 201 "$status"
round=$(member id)
tcp GET "/api/v1/rounds/$round"
same "nobody is shown a draft" "404 no-round" "$status $(member code)"
sql "UPDATE round SET state = 'frozen' WHERE id = '$round'"
tcp GET "/api/v1/rounds/$round"
has "public state" '"state":"frozen"' "${body// /}"
has "the rest is not told" '"strata":null,"draw":null,"visits":null,"slots":null,"by_department":null' "${body// /}"
case $body in *approvals* | *policy* | *created_by*) bad "public part only: $body" ;; *) ok "public part only" ;; esac
as head-scjg GET "/api/v1/rounds/$round"
has "a department of the round sees who approved" approvals "$body"

# the same job, asked for twice at once: the first is not yet seen by the second
as lead POST /api/v1/uploads -d '{"name":"a.csv","size":2}'
id=$(member id)
as lead PUT "/api/v1/uploads/$id" --data-binary 'ab'
wish="{\"upload\":$id,\"kind\":\"entities\",\"source\":\"s\",\"provider\":\"p\"}"
as lead POST /api/v1/imports -d "$wish"
first=$(member job)
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qX >/dev/null <<SQL &
UPDATE drawd.job SET state = 'running' WHERE id = $first;
UPDATE drawd.job SET state = 'failed' WHERE id = $first;
BEGIN;
INSERT INTO drawd.job (kind, args, dedup) SELECT kind, args, dedup FROM drawd.job WHERE id = $first;
SELECT pg_sleep(1.5);
COMMIT;
SQL
twin=$!
sleep 0.5
as lead POST /api/v1/imports -d "$wish"
same "a job that is being queued" 202 "$status"
same "is told" "$(sql 'SELECT max(id) FROM job')" "$(member job)"
same "which is not the one that failed" "$first" "$(($(member job) - 1))"
wait $twin

# a folder where everybody could open the socket in our place is refused
mkdir -m 777 "$TEST_DIR/open"
sed "s|$sockets|$TEST_DIR/open|" "$state/drawd.conf" >"$state/open.conf"
has "a folder everybody may write to" "$TEST_DIR/open" "$("$B/drawd" --conf "$state/open.conf" web 2>&1)"

"$B/drawd" init "$TEST_DIR/fresh" --demo >/dev/null
same "every process writes its own folder alone" "755 2710 2710 700" \
	"$(stat -c %a "$TEST_DIR"/fresh/{run,witness,auth,keys} | paste -sd' ')"
same "and alone reads its key" 600 "$(stat -c %a "$TEST_DIR/fresh/auth/auth.box")"

same "mode of the socket" 660 "$(stat -c %a "$api")"

# only the proxy's socket takes a proxy's word
call GET /api/v1/session -H 'Drawd-User: lead'
same "the proxy's field elsewhere" "400 proxy-header" "$status $(member code)"
tcp GET /api/v1/session -H 'Drawd-User: lead'
same "the proxy's field on TCP" "400 proxy-header" "$status $(member code)"
sql "UPDATE account SET sso_name = '苏统筹@示范区' WHERE id = 'lead'"
proxied() { # CURL ARGUMENT...
	body=$(curl -s -w '\n%{http_code}' --unix-socket "$sockets/proxy.sock" "$@")
	take
}
proxied http://localhost/api/v1/session -H 'Drawd-User: 苏统筹@示范区' -H 'X-Forwarded-For: 10.1.1.1, 192.0.2.7'
same "the proxy's word" "200 lead" "$status $(member account)"
proxied http://localhost/api/v1/session -H 'Drawd-User: lead'
same "a name that no account has" 401 "$status"
proxied http://localhost/api/v1/session
same "a proxy that names nobody" "401 sign-in-needed" "$status $(member code)"
proxied http://localhost/api/v1/session -H 'Drawd-User: a' -H 'Drawd-User: 苏统筹@示范区'
same "two names" 400 "$status"
proxied http://localhost/api/v1/uploads -X POST -H 'Drawd-User: 苏统筹@示范区' -H 'Idempotency-Key: proxy-upload-1' \
	-d '{"name":"a.csv","size":2}'
same "a change from elsewhere in the browser" "403 csrf" "$status $(member code)"
proxied http://localhost/api/v1/uploads -X POST -H 'Drawd-User: 苏统筹@示范区' -H 'Idempotency-Key: proxy-upload-1' \
	-H 'Drawd-CSRF: 1' -H 'X-Forwarded-For: 10.1.1.1, 192.0.2.7' -d '{"name":"a.csv","size":2}'
same "a change by a page of ours" 201 "$status"
same "where from is what the proxy says last" "proxy 192.0.2.7" \
	"$(sql "SELECT via || ' ' || address FROM audit WHERE route = 'upload.new' AND via = 'proxy'")"

# another user of the machine: what is public, unless an account is his
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
	# somebody else behind the path: drawctl tells him nothing
	mkdir -m 777 "$TEST_DIR/taken"
	python3 - "$TEST_DIR/taken" <<'PY' &
import os, pwd, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1] + "/web.sock")
os.setgroups([])
os.setuid(pwd.getpwnam("nobody").pw_uid)
s.listen() # as whom counts
s.settimeout(20)
c = s.accept()[0]
c.settimeout(5)
open(sys.argv[1] + "/heard", "wb").write(c.recv(1000))
PY
	thief=$!
	for _ in $(seq 50); do
		[ -S "$TEST_DIR/taken/web.sock" ] && break
		sleep 0.1
	done
	has "drawctl sees who listens" "another user" "$("$B/drawctl" --lang en --socket "$TEST_DIR/taken/web.sock" health 2>&1)"
	wait $thief
	same "and tells him nothing" 0 "$(stat -c %s "$TEST_DIR/taken/heard")"
	chmod 666 "$api"
	as_nobody() {
		setpriv --reuid nobody --clear-groups curl -s -o /dev/null -w '%{http_code}' --unix-socket "$api" \
			"http://localhost$1"
	}
	same "a stranger on the socket reads what is public" 200 "$(as_nobody /api/v1/rounds)"
	same "and nothing else" 401 "$(as_nobody /api/v1/jobs)"
	sql "UPDATE account SET os_user = 'nobody' WHERE id = 'clerk-jyj'"
	same "an account of that user" 200 "$(as_nobody /api/v1/jobs)"
	same "by its own roles" 403 "$(as_nobody /api/v1/proposals)"
	same "a token wins over the user" lead "$(setpriv --reuid nobody --clear-groups curl -s --unix-socket "$api" \
		-H "Authorization: Bearer ${token[lead]}" http://localhost/api/v1/session |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["account"])')"
	chmod 666 "$sockets/proxy.sock"
	same "a stranger on the proxy's socket" 403 "$(setpriv --reuid nobody --clear-groups curl -s -o /dev/null \
		-w '%{http_code}' --unix-socket "$sockets/proxy.sock" -H 'Drawd-User: 苏统筹@示范区' http://localhost/api/v1/session)"
else
	echo "skipped a stranger on the socket: needs root"
fi
finish
