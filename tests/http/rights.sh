#!/bin/bash
# Who may call which route: every row of the route table on the socket and on TCP.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web

call GET /api/v1/routes
printf '%s' "$body" | python3 -c '
import json, re, sys
for r in json.load(sys.stdin)["routes"]:
    path = re.sub(r"{round}", "2026-0001", r["path"])
    path = re.sub(r"{sha256}", "0" * 64, re.sub(r"{id}", "1", path)).replace("*", "0/000")
    print(r["method"], path, r["who"])
    assert r["zh"] and r["en"]' >"$TEST_DIR/routes" || bad "routes are JSON with help"
same "routes were listed" yes "$([ "$(wc -l <"$TEST_DIR/routes")" -gt 25 ] && echo yes)"

while read -r method path who; do
	tcp "$method" "$path"
	if [ "$who" = local ] || [ "$method" != GET ]; then
		same "$method $path on TCP" 403 "$status"
		has "$method $path says why" not-here "$body"
	elif [ "$status" = 403 ]; then
		bad "$method $path on TCP is public"
	else
		ok "$method $path on TCP is public"
	fi
	call "$method" "$path"
	case $status in
	403 | 500 | 000) bad "$method $path on the socket: $status $body" ;;
	*) ok "$method $path on the socket" ;;
	esac
done <"$TEST_DIR/routes"

# what TCP shows of a round is the public part
python3 - "$TOP/etc/policy/district.conf" >"$TEST_DIR/round" <<'PY'
import json, sys
print(json.dumps({"policy": open(sys.argv[1], encoding="utf-8").read(), "demo": True,
                  "pulses": "dice:1:1790000000"}))
PY
call POST /api/v1/rounds -d "@$TEST_DIR/round"
same "a round" 201 "$status"
tcp GET "/api/v1/rounds/$(member id)"
has "public state" '"state" : "draft"' "$body"
case $body in *approvals* | *strata* | *created-by*) bad "public part only: $body" ;; *) ok "public part only" ;; esac

# the same job, asked for twice at once: the first is not yet seen by the second
call POST /api/v1/uploads -d '{"name":"a.csv","size":2}'
id=$(member id)
call PUT "/api/v1/uploads/$id" --data-binary 'ab'
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qX >/dev/null <<SQL &
BEGIN;
INSERT INTO drawd.job (kind, args, dedup) VALUES ('import', '{}', 'import:$id:entities');
SELECT pg_sleep(1.5);
COMMIT;
SQL
twin=$!
sleep 0.5
call POST /api/v1/imports -d "{\"upload\":$id,\"kind\":\"entities\",\"source\":\"s\",\"person\":\"p\"}"
same "a job that is being queued" 202 "$status"
has "is told" '"job"' "$body"
wait $twin

# a folder where everybody could open the socket in our place is refused
mkdir -m 777 "$TEST_DIR/open"
sed "s|$sockets|$TEST_DIR/open|" "$state/drawd.conf" >"$state/open.conf"
has "a folder everybody may write to" "$TEST_DIR/open" "$("$B/drawd" --conf "$state/open.conf" web 2>&1)"

"$B/drawd" init "$TEST_DIR/fresh" --demo >/dev/null
same "only the web process writes its folder, only the witness its own" "755 711" \
	"$(stat -c %a "$TEST_DIR/fresh/run" "$TEST_DIR/fresh/witness" | paste -sd' ')"

same "mode of the socket" 660 "$(stat -c %a "$api")"

# another user: only public reads, unless listed
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
	same "and nothing else" 403 "$(as_nobody /api/v1/jobs)"
	web_conf "$sockets" 'users = ("nobody");' | cat <(grep -v '^web' "$state/drawd.conf") - >"$state/new"
	mv "$state/new" "$state/drawd.conf"
	kill -HUP "$web"
	for _ in $(seq 40); do
		[ "$(as_nobody /api/v1/jobs)" = 200 ] && break
		sleep 0.1
	done
	same "listed in web.users after SIGHUP" 200 "$(as_nobody /api/v1/jobs)"
else
	echo "skipped a stranger on the socket: needs root"
fi
finish
