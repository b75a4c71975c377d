#!/bin/bash
# Who has to wait, over the real processes: tests/http/lockout.py has the cases.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
AUTH='memory = 8; passes = 1; queue = 8; totp = ("administrator", "auditor");'
install_drawd
web_conf "$sockets" >>"$state/drawd.conf"
start_web

export TOP TEST_DIR
python3 "$TOP/tests/http/lockout.py" "$api" "$port" "$state" "$auth" ${CASE:+"$CASE"}
case $? in
0) ;;
77) exit 77 ;;
*) failures=1 ;;
esac

kill "$auth"
wait "$auth" 2>/dev/null
auth=
# what was refused in the hour that is over is counted when the process has its database again
"$B/drawd" --conf "$state/drawd.conf" auth 2>>"$TEST_DIR/log" &
auth=$!
if [ -z "${CASE:-}" ]; then
	for _ in $(seq 50); do [ -S "$sockets/auth.sock" ] && break; sleep 0.1; done
	tcp POST /api/v1/session -d '{"account":"clerk-scjg","password":"x"}'
	for _ in $(seq 50); do
		summed=$(sql "SELECT detail ->> 'count' FROM audit WHERE act = 'refused' AND via = 'process' AND object = 'head-rsj'")
		[ -n "$summed" ] && break
		sleep 0.1
	done
	same "an hour that is over" "4 0" "$summed $(sql "SELECT count(*) FROM signin_refusal WHERE account = 'head-rsj'")"
fi
finish
