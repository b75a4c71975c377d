#!/bin/bash
# What a freeze reads of the registers: bench_frame.sh [OBJECTS]. A list of a million objects that was handed in
# twice, the second time without most of its columns for one in a hundred; labels and past inspections of one in
# ten; 400 renamed regions, 3,000 successions in one chain. Prints NAME VALUE lines: seconds of the queries of
# sql/queries/worker.sql as the worker runs them, all rows.
set -eu
cd "$(dirname "$0")/../.."
TEST_DIR=$(mktemp -d /tmp/drawd-bench.XXXXXX)
chmod 755 "$TEST_DIR"
B=${B:-build} objects=${1:-1000000}
trap 'etc/cluster.sh remove "$TEST_DIR/pg"; rm -rf "$TEST_DIR"' EXIT
sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test)
etc/cluster.sh psql "$TEST_DIR/pg" -q -v database=drawd -f sql/bootstrap.sql >/dev/null
printf 'state = ".";\ndatabase: { host = "%s"; };\n' "$sock" >"$TEST_DIR/conf"
"$B/drawd" --conf "$TEST_DIR/conf" migrate 2>/dev/null
sql() { etc/cluster.sh psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 "$@"; }
line() { printf '%-28s %s\n' "$1" "$2"; }

sql -v n="$objects" >/dev/null <<'END'
SET search_path = drawd;
SET session_replication_role = replica; -- superuser: facts without an import
INSERT INTO department (id, system, level, region, name) VALUES ('a', 'x', 'county', '330199', 'a');
INSERT INTO upload (name, size) VALUES ('x', 0);
INSERT INTO import_batch (kind, upload, source, person, state, confirmed_at, said_any, said_all, department)
SELECT k, (SELECT min(id) FROM upload), 's', 'p', 'confirmed', now(), -1, v, 'a'
  FROM (VALUES ('entities', -1::int8), ('entities', 0), ('labels', -1), ('checks', -1), ('regions', -1),
	('successions', -1)) x (k, v);
-- entities 1 and 2, labels 3, checks 4, regions 5, successions 6
INSERT INTO entity_fact (object, batch, line, entity, name, kind, industry, region, established, status, since, class,
	labels, checked, address, scope, x, y, matched)
SELECT c, 1, i + 1, c, '名称' || i, 'enterprise', 'F5212', CASE WHEN i % 10 > 0 THEN lpad((330000 + i % 4000)::text, 6, '0') ELSE '' END,
       '2019-01-01', 'open', '', 'B', CASE WHEN i % 5 = 0 THEN 'food-sale' ELSE '' END, '', '地址' || i, '经营范围', '', '', ''
  FROM generate_series(1, :n) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x;
INSERT INTO entity_fact (object, batch, line, entity, name, class)
SELECT c, 2, i + 1, c, '名称' || i, 'C'
  FROM generate_series(100, :n, 100) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x;
INSERT INTO label_fact (id, batch, line, object, label, from_date, until)
SELECT c || ':gathering:', 3, i, c, 'gathering', '2025-01-01', CASE WHEN i % 20 = 0 THEN '2025-06-01' ELSE '' END
  FROM generate_series(10, :n, 10) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x;
INSERT INTO check_fact (id, batch, line, object, entity, date, department, item, cause)
SELECT c || ':' || i, 4, i, '', c, '2026-01-15', 'a', '', ''
  FROM generate_series(5, :n, 10) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x;
INSERT INTO region_fact (id, batch, line, code, name, from_date, until, successor)
SELECT 330000 + i || ':', 5, i, 330000 + i, 'x', '', '2021-04-08', 350000 + i FROM generate_series(1, 400) i;
INSERT INTO succession_fact (id, batch, line, old, new, kind, date)
SELECT i, 6, i, '91330199' || lpad(i::text, 10, '0'), '91330199' || lpad((i + 1)::text, 10, '0'), 'recode', '2025-01-01'
  FROM generate_series(1, 3000) i;
VACUUM ANALYZE;
END

# run NAME QUERY ARGUMENTS: as the worker plans it, all rows to nowhere
run() {
	awk -v query="$2" '/^-- name: / { on = $3 == query } on' sql/queries/worker.sql >"$TEST_DIR/worker.sql"
	{
		echo "SET search_path = drawd; SET enable_hashjoin = ${4:-on};"
		awk -f tests/db/queries.awk "$TEST_DIR/worker.sql"
		echo '\timing on'
		echo "EXECUTE \"worker.$2\" $3 \g /dev/null"
	} >"$TEST_DIR/run.sql"
	line "$1" "$(sql -U drawd_worker -f "$TEST_DIR/run.sql" | sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' |
		awk '{ printf "%.2f", $1 / 1000 }')"
}
items=$(printf 'item-%s\\ta\\tname %s\\n' 1 1 2 2 3 3)
run frame.seconds frame_rows "(false, '2025-12-01', '2026-02-25', '2026-01-01', E'$items')" off
run frame.pool.seconds pool_rows "('a', '2026-02-25')"
run frame.recusals.seconds recusal_rows "('a', '2026-02-25')"
chain="(SELECT array_agg(old) FROM drawd.successions_current)"
line frame.chain.seconds "$(sql -c '\timing on' -c "SELECT count(*) FROM drawd.successions_on('2026-02-25', $chain)" |
	sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' | awk '{ printf "%.2f", $1 / 1000 }')"
