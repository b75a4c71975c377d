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
