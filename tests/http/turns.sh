#!/bin/bash
# One account that asks for more than the database can do holds nobody else up (turns.py).
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web

as clerk-scjg POST /api/v1/uploads -d '{"name":"a.csv","size":3}'
same "an upload to look at" 201 "$status"
# looking at uploads takes half a second from here
sql "CREATE POLICY slow ON upload AS RESTRICTIVE FOR SELECT USING ((SELECT pg_sleep(0.5)::text IS NOT NULL))"
python3 "$TOP/tests/http/turns.py" "$api" "${token[clerk-scjg]}" "${token[lead]}" || failures=1
finish
