#!/bin/bash
# Every route × every role × (own, other, absent): see matrix.py.
. "$(dirname "$0")/walk.sh"
start_world
python3 "$TOP/tests/http/matrix.py" || failures=1
same "no right was missed until row security" "" "$(grep web.row-denied "$TEST_DIR/log" | head -n 3)"
kill -0 "$web" 2>/dev/null && ok "the web process lives" || bad "the web process is gone"
same "drawd openapi prints what is served" \
	"$(curl -s --unix-socket "$api" http://localhost/api/v1/openapi.json | sha256sum)" "$("$B/drawd" openapi | sha256sum)"
finish
