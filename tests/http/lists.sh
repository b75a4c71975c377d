#!/bin/bash
# Lists: pages, sorts, filters, cursors and files of every list, against what the database holds.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" 'page = 100000' >>"$state/drawd.conf"
start_web
psql=("$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1)
"${psql[@]}" -f "$TOP/tests/http/lists.sql" >/dev/null || exit 1
accounts=()
for name in auditor lead clerk-scjg clerk-jyj clerk-wsjk; do accounts+=("$name=${token[$name]}"); done
python3 "$TOP/tests/http/lists.py" "$api" "${psql[*]}" "${accounts[@]}" || failures=1
same "the process lived" 0 "$(kill -0 "$web" 2>/dev/null; echo $?)"
finish
