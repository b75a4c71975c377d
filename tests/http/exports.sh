#!/bin/bash
# A hundred thousand rows as files: the loop goes on, memory stays bounded, nobody is locked out.
# alone
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" 'timeout = 2' >>"$state/drawd.conf"
start_web
psql=("$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1)
"${psql[@]}" >/dev/null <<'SQL' || exit 1
SET session_replication_role = replica;
INSERT INTO drawd.upload (name, size) VALUES ('big.csv', 1);
INSERT INTO drawd.import_batch (kind, upload, source, person, department, state, confirmed_at) VALUES ('entities', 1, 's', 'p', 'scjg', 'confirmed', now());
INSERT INTO drawd.import_error (batch, ordinal, line, col, value, code, detail, severity)
SELECT 1, i, i, '名称', repeat(md5(i::text), 12), 'bad-uscc', '', 'error' FROM generate_series(1, 100000) i;
ANALYZE;
SQL
python3 "$TOP/tests/http/exports.py" "$api" "$web" "clerk-scjg=${token[clerk-scjg]}" || failures=1
same "the process lived" 0 "$(kill -0 "$web" 2>/dev/null; echo $?)"
finish
