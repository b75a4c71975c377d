#!/bin/bash
# The web process when the database goes and comes, on SIGHUP and on SIGTERM.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;' 'log: { format = "json"; };'
web_conf "$sockets" 'page = 50; database = 2;' >>"$state/drawd.conf"
start_web

call GET '/api/v1/rounds?limit=51'
same "page limit" 400 "$status"
web_conf "$sockets" 'page = 60;' | cat <(grep -v '^web' "$state/drawd.conf") - >"$state/new"
mv "$state/new" "$state/drawd.conf"
kill -HUP "$web"
for _ in $(seq 40); do
	call GET '/api/v1/rounds?limit=51'
	[ "$status" = 200 ] && break
	sleep 0.1
done
same "SIGHUP takes the new limit" 200 "$status"
echo 'nonsense' >>"$state/drawd.conf"
kill -HUP "$web"
sleep 0.5
call GET '/api/v1/rounds?limit=51'
same "a broken file changes nothing" 200 "$status"
sed -i '$d' "$state/drawd.conf"

# whoever takes nothing, or does not end what he sends, holds none of the two connections to the database
"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 >/dev/null <<'SQL' || exit 1
SET session_replication_role = replica;
INSERT INTO drawd.upload (name, size) VALUES ('big.csv', 1);
INSERT INTO drawd.import_batch (kind, upload, source, person, department, state, confirmed_at) VALUES ('entities', 1, 's', 'p', 'scjg', 'confirmed', now());
INSERT INTO drawd.import_error (batch, ordinal, line, col, value, code, detail, severity)
SELECT 1, i, i, '名称', repeat(md5(i::text), 12), 'bad-uscc', '', 'error' FROM generate_series(1, 20000) i;
INSERT INTO drawd.job (kind, state, args, department) VALUES ('import', 'running', '{}', 'scjg');
SQL
tokens=()
for name in "${!token[@]}"; do tokens+=("$name=${token[$name]}"); done
python3 "$TOP/tests/http/slow.py" "$api" "${tokens[@]}" || failures=1
same "none of them held a transaction" 0 "$(sql "SELECT count(*) FROM pg_stat_activity
	WHERE usename = 'drawd_web' AND state LIKE 'idle in transaction%'")"

# connections on TCP that send nothing harm nobody on the Unix socket, and end by themselves
python3 - "$port" "$TEST_DIR/full" <<'PY' &
import os, resource, socket, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
began = time.time()
clients = []
for i in range(1300): # one address has three quarters at most: from two
    s = socket.socket()
    s.setblocking(False)
    s.bind((f"127.0.0.{1 + i % 2}", 0))
    s.connect_ex(("127.0.0.1", int(sys.argv[1])))
    clients.append(s)
first = clients[0]
first.settimeout(5)
first.send(b"GET /healthz HTTP/1.1\r\nX: ")
open(sys.argv[2], "w").close()
closed = False
while not closed and time.time() - began < 20: # a byte now and then does not hold the place
    try:
        first.send(b"a")
        first.settimeout(0.5)
        closed = first.recv(100) == b""
    except TimeoutError:
        pass
    except OSError:
        closed = True
sys.exit(not (closed and time.time() - began > 5))
PY
flood=$!
for _ in $(seq 100); do
	[ -e "$TEST_DIR/full" ] && break
	sleep 0.1
done
for _ in 1 2 3; do
	same "the Unix socket while TCP is full" 200 "$(curl -s -m 2 -o /dev/null -w '%{http_code}' \
		--unix-socket "$api" http://localhost/healthz)"
	sleep 0.3
done
wait $flood && ok "a header that never ends is cut" || bad "a header that never ends is cut"
same "TCP was paused" yes "$(grep -q web.full "$TEST_DIR/log" && echo yes)"
for _ in $(seq 150); do
	tcp GET /healthz -m 1
	[ "$status" = 200 ] && break
	sleep 0.1
done
same "TCP serves again" 200 "$status"

# idle connections of one user on the Unix socket: he has a part of it, the rest and TCP go on
cat >"$TEST_DIR/idle.py" <<'PY'
import socket, sys, time
where, n, done = sys.argv[1], int(sys.argv[2]), sys.argv[3]
clients = []
for i in range(n):
    s = socket.socket(*(() if where.isdigit() else (socket.AF_UNIX,)))
    s.settimeout(2)
    for _ in range(20): # as long as the queue of those that wait is full
        try:
            s.connect(("127.0.0.1", int(where)) if where.isdigit() else where)
            s.setblocking(False)
            clients.append(s)
            break
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:
            break
def ended(s):
    try:
        return s.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
time.sleep(1)
first = sum(map(ended, clients))
open(done, "w").write(f"{len(clients)} {first}")
time.sleep(float(sys.argv[4]))
open(done + ".later", "w").write(str(sum(map(ended, clients))))
PY
as_other() { # somebody else on the Unix socket: the status of /healthz
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid nobody --clear-groups curl -s -m 2 -o /dev/null -w '%{http_code}' \
			--unix-socket "$api" http://localhost/healthz
	else
		echo 200
	fi
}
chmod 666 "$api"
lines=$(wc -l <"$TEST_DIR/log")
ulimit -n 4096
python3 "$TEST_DIR/idle.py" "$api" 700 "$TEST_DIR/idle" 11 &
idle=$!
for _ in $(seq 100); do
	[ -s "$TEST_DIR/idle" ] && break
	sleep 0.1
done
read -r opened ended <"$TEST_DIR/idle"
same "one user has 256 connections" "700 256" "$opened $((opened - ended))"
same "another user is served" 200 "$(as_other)"
tcp GET /healthz -m 2
same "TCP as well" 200 "$status"
wait $idle
same "what keeps silent is ended here too" "$opened" "$(cat "$TEST_DIR/idle.later")"
same "the log stays small" yes "$([ $(($(wc -l <"$TEST_DIR/log") - lines)) -lt 100 ] && echo yes)"
call GET /healthz
same "and he is served again" 200 "$status"
chmod 660 "$api"

# no descriptor is left: accepting rests, and goes on by itself
if [ "$(id -u)" = 0 ]; then
	files=$(find "/proc/$web/fd" -mindepth 1 | wc -l)
	lines=$(wc -l <"$TEST_DIR/log")
	prlimit --pid "$web" --nofile=$((files + 20)):4096
	python3 "$TEST_DIR/idle.py" "$port" 100 "$TEST_DIR/less" 3 &
	idle=$!
	sleep 2
	begun=$(awk '{ print $14 + $15 }' "/proc/$web/stat")
	sleep 2
	spent=$(($(awk '{ print $14 + $15 }' "/proc/$web/stat") - begun))
	same "without descriptors it does not spin" yes "$([ $spent -lt 60 ] && echo yes || echo "$spent")"
	same "nor fill the log" yes "$([ $(($(wc -l <"$TEST_DIR/log") - lines)) -lt 100 ] && echo yes)"
	wait $idle
	for _ in $(seq 50); do
		call GET /healthz -m 1
		[ "$status" = 200 ] && break
		sleep 0.1
	done
	same "it accepts again" 200 "$status"
	prlimit --pid "$web" --nofile=4096:4096
else
	echo 'skipped no descriptor is left: only root may take them from the process'
fi

# what the web process' role sets for itself does not outlast the connections of whoever took it over
for setting in "default_transaction_read_only = on" "default_transaction_isolation = 'serializable'" \
	"bytea_output = escape" "IntervalStyle = iso_8601" "search_path = public" "statement_timeout = 1"; do
	sql "ALTER ROLE drawd_web SET $setting"
done
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'drawd_web'" >/dev/null
for _ in $(seq 50); do
	as clerk-scjg POST /api/v1/uploads -d '{"name":"a.csv","size":3}'
	[ "$status" = 201 ] && break
	sleep 0.1
done
same "the role's own settings change nothing" 201 "$status"
sql "ALTER ROLE drawd_web RESET ALL"

"$TOP/etc/cluster.sh" stop "$TEST_DIR/pg" immediate
call GET /readyz
same "without the database" 503 "$status"
has "and a sentence" '"code":"database"' "$body"
call GET /healthz
same "the process lives" 200 "$status"
"$TOP/etc/cluster.sh" start "$TEST_DIR/pg" --test >/dev/null
for _ in $(seq 100); do
	call GET /readyz
	[ "$status" = 200 ] && break
	sleep 0.1
done
same "the database is back" 200 "$status"

python3 -c '
import json, sys
for line in open(sys.argv[1]):
    if line.startswith("{"):
        row = json.loads(line)
        assert set(row) >= {"time", "level", "process", "event"}, row' "$TEST_DIR/log" &&
	ok "log lines are JSON" || bad "log lines are JSON"

# a request under way is answered, a silent connection does not hold the process
exec 4<>"/dev/tcp/127.0.0.1/$port"
begun=$SECONDS
kill -TERM "$web"
wait "$web"
same "SIGTERM ends it well" 0 "$?"
same "within ten seconds" yes "$([ $((SECONDS - begun)) -lt 10 ] && echo yes)"
web=
same "its socket is gone" no "$([ -e "$api" ] && echo yes || echo no)"
finish
