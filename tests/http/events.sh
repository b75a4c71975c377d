#!/bin/bash
# Progress of jobs as server-sent events: what is sent, resuming, ends, limits.
# alone
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" 'timeout = 3' >>"$state/drawd.conf"
start_web
psql=("$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1)
"${psql[@]}" >/dev/null <<'SQL' || exit 1
SET session_replication_role = replica;
INSERT INTO drawd.job (kind, state, total, department, attempts)
SELECT 'import', 'running', 100, d, 1 FROM unnest(ARRAY['scjg', 'jyj', 'wsjk', 'xfjy', 'gaj', 'yjgl', 'zjj', 'sthj', 'jtys',
	'rsj', 'swj', 'ybj']) d;
SQL
accounts=()
for name in "${!token[@]}"; do accounts+=("$name=${token[$name]}"); done
python3 "$TOP/tests/http/events.py" "$api" "$web" "${psql[*]}" "${accounts[@]}" || failures=1
wait "$web"
same "the process stopped by itself" 0 $?
web=
finish
