#!/bin/bash
# What a freeze reads of the registers: bench_frame.sh [OBJECTS]. A list of a million objects that was handed in
# twice, the second time without most of its columns for one in a hundred; labels and past inspections of one in
# ten; 400 renamed regions, 3,000 successions in one chain; a computed class of each, and of a field of one in five.
# Prints NAME VALUE UNIT lines: the frame as the worker reads it (measure_frame, to be under 5 s on two idle cores),
# then queries of sql/queries/worker.sql.
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
line() { echo "$1 $2 $3"; }

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
INSERT INTO document_source (sha256, source) VALUES (sha256('x'), 'x');
INSERT INTO document (kind, code, version, state, title, rows, sha256, source, made_at, motion, agreed_at)
SELECT 'model', 'main', 1, 'agreed', 'x', r, sha256(convert_to(r, 'UTF8')), sha256('x'), 0, 1, 0
  FROM (SELECT E'computed.rank\t10\nsource.register.days\t0\nsource.register.field\t\nsource.register.rank\t20\n'
	'source.register.scale\t\n' AS r) x;
INSERT INTO class_said (entity, field, run, class, points, day, model, forced)
SELECT c, '', 1, substr('ABCD', 1 + i % 4, 1), 700, '2026-01-01', 'general', false
  FROM generate_series(1, :n) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x
 UNION ALL
SELECT c, 'food', 1, substr('ABCD', 1 + i % 4, 1), 700, '2026-01-01', 'food', false
  FROM generate_series(5, :n, 5) i, LATERAL (SELECT '91330199' || lpad(i::text, 10, '0') AS c) x;
VACUUM ANALYZE;
END

"$B/bench/measure_frame" "host=$sock dbname=drawd user=drawd_worker" 2026-02-25

# run NAME QUERY ARGUMENTS: all rows to nowhere
run() {
	awk -v query="$2" '/^-- name: / { on = $3 == query } on' sql/queries/worker.sql >"$TEST_DIR/worker.sql"
	{
		echo "SET search_path = drawd;"
		awk -f tests/db/queries.awk "$TEST_DIR/worker.sql"
		echo '\timing on'
		echo "EXECUTE \"worker.$2\" $3 \g /dev/null"
	} >"$TEST_DIR/run.sql"
	line "$1" "$(sql -U drawd_worker -f "$TEST_DIR/run.sql" | sed -n 's/^Time: \([0-9]*\).*/\1/p')" ms
}
run frame.pool pool_rows "('a', '2026-02-25')"
run frame.recusals recusal_rows "('a', '2026-02-25')"
chain="(SELECT array_agg(old) FROM drawd.successions_current)"
line frame.chain "$(sql -c '\timing on' -c "SELECT count(*) FROM drawd.successions_on('2026-02-25', $chain)" |
	sed -n 's/^Time: \([0-9]*\).*/\1/p')" ms
