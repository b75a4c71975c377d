#!/bin/bash
# Migrations, named queries, grants, and whose rows are whose: on a private server.
set -u
TEST_DIR=${TEST_DIR:-$(mktemp -d /tmp/drawd-test.XXXXXX)}
B=${B:-build}
failures=0
trap 'etc/cluster.sh remove "$TEST_DIR/pg"' EXIT
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$TEST_DIR/said" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		cat "$TEST_DIR/said"
		failures=$((failures + 1))
	fi
}
refuses() { # WORD COMMAND...: fails, and says so
	local word=$1 said
	shift
	said=$(LC_ALL=C.UTF-8 LANG=en "$@" 2>&1) && return 1
	[[ $said == *"$word"* ]] || { echo "$said"; return 1; }
}
sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test) || exit 1
new_database() { # NAME: the database and a configuration for it
	etc/cluster.sh psql "$TEST_DIR/pg" -q -v database="$1" -f sql/bootstrap.sql &&
		printf 'state = ".";\ndatabase: { host = "%s"; name = "%s"; };\n' "$sock" "$1" >"$TEST_DIR/$1.conf"
}
drawd() { "$B/drawd" --conf "$TEST_DIR/$db.conf" "$@" 2>>"$TEST_DIR/log"; }
loud() { "$B/drawd" --conf "$TEST_DIR/$db.conf" "$@"; }
ask() { etc/cluster.sh psql "$TEST_DIR/pg" -d "$db" -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
count=$(find sql/migrations -name '*.sql' | wc -l)

db=one
new_database one
check "bootstrap runs twice" new_database one
check "an empty database is refused" refuses 'schema' loud check-queries
check "migrations apply" loud migrate
check "migrations apply once" loud migrate
check "all are noted" [ "$(ask 'SELECT count(*) FROM drawd.migration')" = "$count" ]
check "every named query can be prepared" loud check-queries

db=two
new_database two
for _ in 1 2 3 4; do drawd migrate & done
wait
check "four at once apply each migration once" [ "$(grep -c "migrate.applied" "$TEST_DIR/log")" = "$count" ]
ask "UPDATE drawd.migration SET sha256 = sha256('') WHERE number = 1"
check "another text under the same number is refused" refuses 'migration 1' loud migrate

db=three
new_database three
mkdir "$TEST_DIR/crashed"
DRAWD_CRASH_AT=migrate.apply DRAWD_CRASH_DIR=$TEST_DIR/crashed loud migrate 2>/dev/null
check "a killed migration leaves nothing" [ "$(ask "SELECT to_regnamespace('drawd') IS NULL")" = t ]
check "and is done by the next" loud migrate
ask "INSERT INTO drawd.migration (number, name, sha256) VALUES ($count + 1, 'later', sha256('x'))"
check "a newer schema is refused" refuses "this program ends at $count" loud migrate
check "and nobody works with it" refuses 'schema' loud check-queries

db=one
run() { # FILE: of SQL, whose output is the result
	etc/cluster.sh psql "$TEST_DIR/pg" -d "$db" -qAtX -v ON_ERROR_STOP=1 -f "$1" || failures=$((failures + 1))
}
run tests/db/grants.sql
run tests/db/motion.sql
run tests/db/carry.sql

# Every query of the daemon, planned as the process that runs it.
{
	echo 'SET search_path = drawd; BEGIN;'
	awk -f tests/db/queries.awk sql/queries/*.sql
	cat tests/db/queries.sql
} >"$TEST_DIR/queries.sql"
run "$TEST_DIR/queries.sql"

# Every COPY of the daemon, without rows: the role, then the columns and row-level security.
copies() {
	cat sql/queries/*.sql | awk '/^COPY / { on = !/^COPY recusal_fact/ } on { print } on && /;/ { on = 0; print "\\." }'
}
as_worker() { # ROLE
	{ echo "BEGIN; SELECT set_config('drawd.batch', '$batch', true); SET LOCAL ROLE $1;" && copies && echo 'COMMIT;'; } |
		etc/cluster.sh psql "$TEST_DIR/pg" -d "$db" -U drawd_worker -qAtX -v ON_ERROR_STOP=1
}
# what an import of inspectors copies; one of recusals needs a motion (tests/e2e)
batch=$(ask "WITH u AS (INSERT INTO drawd.upload (name, size) VALUES ('x', 0) RETURNING id), j AS (
	INSERT INTO drawd.job (kind, args, state) SELECT 'import', jsonb_build_object('kind', 'inspectors', 'upload', id), 'running'
	FROM u RETURNING id)
	INSERT INTO drawd.import_batch (kind, upload, job, source, person) SELECT 'inspectors', u.id, j.id, 'x', 'x' FROM u, j
	RETURNING id")
check "there are files to copy" [ "$(copies | grep -c '^COPY')" -ge 5 ]
check "a worker copies as the loader" as_worker drawd_loader
check "and not as itself" refuses 'permission denied' as_worker none

db=rows
new_database rows
check "a database for the rows" loud migrate
for script in world rows context imports; do
	run tests/db/$script.sql
done

# The frame's facts, by the query itself.
{
	echo 'SET search_path = drawd, public;'
	awk -f tests/db/queries.awk sql/queries/worker.sql
	cat tests/db/frame.sql
} >"$TEST_DIR/frame.sql"
run "$TEST_DIR/frame.sql"

db=quality
new_database quality
check "a database for quality" loud migrate
for script in world quality; do
	run tests/db/$script.sql
done

db=jobs
new_database jobs
check "a database for jobs" loud migrate
{
	echo 'SET search_path = drawd;'
	awk -f tests/db/queries.awk sql/queries/job.sql
	cat tests/db/jobs.sql
} >"$TEST_DIR/jobs.sql"
run "$TEST_DIR/jobs.sql"
[ "$failures" = 0 ]
