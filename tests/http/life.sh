#!/bin/bash
# The web process when the database goes and comes, on SIGHUP and on SIGTERM.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;' 'log: { format = "json"; };'
web_conf "$sockets" 'page = 50;' >>"$state/drawd.conf"
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

# connections on TCP that send nothing harm nobody on the Unix socket, and end by themselves
python3 - "$port" "$TEST_DIR/full" <<'PY' &
import os, resource, socket, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
began = time.time()
clients = []
for _ in range(1300):
    s = socket.socket()
    s.setblocking(False)
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
