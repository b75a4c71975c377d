#!/bin/bash
# Signing in over the real processes: tests/http/signin.py has the cases.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
AUTH='memory = 8; passes = 1; queue = 8; totp = ("administrator", "auditor");'
install_drawd
web_conf "$sockets" >>"$state/drawd.conf"
start_web

export TOP TEST_DIR
python3 "$TOP/tests/http/signin.py" "$api" "$port" "$state" "$auth" ${CASE:+"$CASE"}
case $? in
0) ;;
77) exit 77 ;;
*) failures=1 ;;
esac

# without the process nobody signs in, and who is in works on
kill "$auth"
wait "$auth" 2>/dev/null
auth=
tcp POST /api/v1/session -d '{"account":"clerk-scjg","password":"x"}'
same "sign-in away" "503 busy" "$status $(member code)"
as clerk-scjg GET /api/v1/session
same "tokens go on" "200 clerk-scjg" "$status $(member account)"
finish
