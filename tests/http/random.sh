#!/bin/bash
# Random requests from openapi.json: never a 5xx, every reply as told. RANDOM_REQUESTS says how many,
# SEED which.
. "$(dirname "$0")/walk.sh"
LOG=warning start_world
python3 "$TOP/tests/http/random_requests.py" "${RANDOM_REQUESTS:-100000}" "${SEED:-1}" || failures=1
same "no right was missed until row security" "" "$(grep web.row-denied "$TEST_DIR/log" | head -n 3)"
kill -0 "$web" 2>/dev/null && ok "the web process lives" || bad "the web process is gone"
same "nothing failed in the log" "" "$(grep -E ' (error|critical) (web|auth) ' "$TEST_DIR/log" | head -n 3)"
same "the audit log's chain holds" 0 "$(sql 'SELECT count(*) FROM audit a LEFT JOIN audit p ON p.seq = a.seq - 1
	WHERE a.seq IS NULL OR a.hash <> audit_hash(a) OR a.seq > 1 AND a.prev IS DISTINCT FROM p.hash')"
same "up to its head" t "$(sql 'SELECT h.hash = a.hash FROM audit_head h JOIN audit a ON a.seq = h.entries')"
finish
