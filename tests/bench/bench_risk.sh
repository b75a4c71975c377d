#!/bin/bash
# Classes with the database: bench_risk.sh [ENTITIES]. That many entities (1,000,000), as many events and past checks, a
# listing for every tenth; a model of 100 indicators. Prints NAME VALUE UNIT lines: a run over all of them (to be under 60 s),
# one behind a batch of 10,000 events (under 2 s), the rows of a frame with these classes, and the pure part alone is
# bench_risk.c.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
TEST_DIR=$(mktemp -d /tmp/drawd-bench.XXXXXX)
chmod 755 "$TEST_DIR"
B=$(cd "${B:-$top/build}" && pwd)
n=${1:-1000000}
set --
. "$top/tests/e2e/lib.sh"
trap 'stop_house; etc/cluster.sh remove "$TEST_DIR/pg"; rm -rf "$TEST_DIR"' EXIT
line() { echo "$1 $2 $3"; }

# The template with indicators of events added until there are 100.
model() {
	awk '
	/^# ---- 模型/ { models = 1 }
	{ text[NR] = $0 }
	/^\t[a-z-]+:$/ && !models && indicators { have++ }
	/^indicator:/ { indicators = 1 }
	END {
		split("penalty complaint finding honour", kind, " ")
		for (i = 1; i <= NR; i++) {
			if (text[i] == "};" && indicators_open) {
				for (k = have; k < 100; k++) {
					printf "\tx%02d: { name = \"x\"; source = \"events\"; match = [\"%s\"]; measure = \"count\"; window = %d; half = %d; bands = \"1:-%d\"; basis = \"x\"; };\n", k, kind[k % 4 + 1], 365 + k * 10, 100 + k, k % 5 + 1
					more = more sprintf(", \"x%02d\"", k)
				}
				indicators_open = 0
			}
			if (text[i] ~ /^indicator:/)
				indicators_open = 1
			if (text[i] ~ /"untrue", "unverified"\];/)
				sub(/"unverified"/, "\"unverified\"" more, text[i])
			print text[i]
		}
	}' etc/policy/risk.conf
}
# ran SCOPE: waits for the run of that scope, prints its seconds from the log
ran() {
	local job
	for _ in $(seq 3000); do
		[ "$(sql -c "SELECT count(*) FROM drawd.job WHERE kind = 'classify' AND state IN ('queued', 'running')")" = 0 ] && break
		sleep 0.1
	done
	job=$(sql -c "SELECT job FROM drawd.class_run WHERE scope = '$1' AND entities > 0 ORDER BY id DESC LIMIT 1")
	sed -n "s/^\([^ ]*\) .* job\.\(started\|done\) kind=classify job=$job\( .*\)*\$/\1/p" "$house/log" |
		while read -r at; do date -d "$at" +%s%N; done | sort -n |
		awk 'NR == 1 { from = $1 } { to = $1 } END { printf "%.2f\n", (to - from) / 1e9 }'
}

start_server
house bench
model >"$TEST_DIR/risk.conf"
ctl model put "$TEST_DIR/risk.conf" >/dev/null
line risk.indicators "$(sql -c "SELECT count(*) FROM drawd.document, string_to_table(rows, E'\n') r WHERE r LIKE 'indicator.%.name%'")" indicators
sql -v n="$n" <<'SQL' >/dev/null
SET search_path = drawd;
SET session_replication_role = replica; -- what came in before: no run behind it
INSERT INTO upload (name, size) VALUES ('x', 0);
INSERT INTO import_batch (kind, upload, source, person, state, staged_at, confirmed_at, confirmed_by, said_any, said_all)
SELECT k, (SELECT max(id) FROM upload), 's', 'p', 'confirmed', now(), now(), 'lead', -1, -1
  FROM unnest('{entities,events,checks,listings}'::text[]) k;
CREATE TEMP TABLE b AS SELECT kind, id FROM import_batch;
INSERT INTO entity_fact (object, batch, line, entity, name, kind, industry, region, established, status, since, class,
	labels, checked, address, scope)
SELECT '91330199' || lpad(i::text, 10, '0'), (SELECT id FROM b WHERE kind = 'entities'), i,
       '91330199' || lpad(i::text, 10, '0'), 'n' || i, CASE WHEN i % 3 = 0 THEN 'individual' ELSE 'enterprise' END,
       'F5251', '330199', '2015-01-01', 'open', '', '', CASE WHEN i % 20 = 0 THEN 'food-making' ELSE '' END, '', '', ''
  FROM generate_series(1, :n) i;
INSERT INTO event_fact (id, batch, line, entity, object, kind, field, date, authority, document, content, amount, ends, repaired)
SELECT 'e' || i, (SELECT id FROM b WHERE kind = 'events'), i, '91330199' || lpad((1 + i::int8 * 7919 % :n)::text, 10, '0'),
       '', (ARRAY['penalty', 'complaint', 'finding', 'honour'])[1 + i % 4], CASE WHEN i % 9 = 0 THEN 'food-making' ELSE '' END,
       to_char(date '2024-03-01' + i % 700, 'YYYY-MM-DD'), '', '', '', '100000', '', ''
  FROM generate_series(1, :n) i;
INSERT INTO check_fact (id, batch, line, entity, object, date, department, authority, item, result, mode, cause, inspectors)
SELECT 'c' || i, (SELECT id FROM b WHERE kind = 'checks'), i, '91330199' || lpad((1 + i::int8 * 104729 % :n)::text, 10, '0'),
       '', to_char(date '2024-03-01' + i % 700, 'YYYY-MM-DD'), 'scjg', '', '',
       (ARRAY['未发现问题', '发现问题已责令改正'])[1 + i % 2], 'site', 'f', ''
  FROM generate_series(1, :n) i;
INSERT INTO listing_fact (id, batch, line, entity, name, list, from_date, until, removed, reason, authority, document)
SELECT 'l' || i, (SELECT id FROM b WHERE kind = 'listings'), i,
       '91330199' || lpad((1 + i::int8 * 15485863 % :n)::text, 10, '0'), '', 'abnormal', '2025-01-01', '', '', '', '', ''
  FROM generate_series(1, :n / 10) i;
ANALYZE entity_fact, event_fact, check_fact, listing_fact, import_batch;
SQL
motion=$(ctl model agree --reason bench)
as lead2 motion second "$motion" --yes >/dev/null
line risk.full "$(ran full)" s
line risk.full.entities "$(sql -c "SELECT max(entities) FROM drawd.class_run")" entities
sql -v n="$n" <<'SQL' >/dev/null
SET search_path = drawd;
INSERT INTO import_batch (kind, upload, source, person, state, staged_at, said_any, said_all)
SELECT 'events', max(id), 's', 'p', 'staged', now(), -1, -1 FROM upload;
INSERT INTO event_fact (id, batch, line, entity, object, kind, field, date, authority, document, content, amount, ends, repaired)
SELECT 'f' || i, (SELECT max(id) FROM import_batch), i, '91330199' || lpad((1 + i::int8 * 31337 % :n)::text, 10, '0'), '',
       'penalty', '', '2026-02-01', '', '', '', '100000', '', ''
  FROM generate_series(1, 10000) i;
UPDATE import_batch SET state = 'confirmed', confirmed_at = now(), confirmed_by = 'lead'
 WHERE id = (SELECT max(id) FROM import_batch);
SQL
line risk.changed "$(ran changed)" s
line risk.changed.entities "$(sql -c "SELECT max(entities) FROM drawd.class_run WHERE scope = 'changed'")" entities
