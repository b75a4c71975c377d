#!/bin/bash
# The audit log (audit.sql), its chain recomputed from what the API gives out, and many changes at once:
# no deadlock, no gap, and of two who second a motion at the same time one.
set -u
TEST_DIR=${TEST_DIR:-$(mktemp -d /tmp/drawd-test.XXXXXX)}
B=${B:-build}
failures=0
trap 'etc/cluster.sh remove "$TEST_DIR/pg"' EXIT
# same NAME WANTED GOT
same() {
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1: wanted \"$2\", got \"$3\""
		failures=$((failures + 1))
	fi
}
sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test) || exit 1
etc/cluster.sh psql "$TEST_DIR/pg" -q -f sql/bootstrap.sql || exit 1
printf 'state = ".";\ndatabase: { host = "%s"; };\n' "$sock" >"$TEST_DIR/drawd.conf"
"$B/drawd" --conf "$TEST_DIR/drawd.conf" migrate 2>"$TEST_DIR/log" || exit 1
sql() { etc/cluster.sh psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 "$@"; }
as() { # ROLE: SQL from stdin
	sql -U "$1" -c 'SET search_path = drawd' -f -
}

sql -f tests/db/audit.sql || failures=$((failures + 1))

# The chain as drawctl audit verify does it: SHA-256 over the hash before and the text.
chain() { # the last number and hash, or where it breaks
	awk '/^-- name: audit_chain/ { on = 1; next } /^-- name/ { on = 0 } on' sql/queries/audit.sql |
		grep -v '^--' | tr -d ';' >"$TEST_DIR/chain.sql"
	{
		echo "PREPARE c (int8, int8) AS"
		cat "$TEST_DIR/chain.sql"
		echo "; EXECUTE c (0, 100000);"
	} | sql -c 'SET search_path = drawd' -f - | python3 -c '
import hashlib, json, sys
before = bytes(32)
for n, entry in enumerate(json.load(sys.stdin)["entries"], 1):
    before = hashlib.sha256(before + entry["text"].encode()).digest()
    if entry["seq"] != n or entry["hash"] != before.hex():
        sys.exit("broken at %d" % n)
print(n, before.hex())' 2>&1
}
head_of() { sql -c "SELECT entries || ' ' || encode(hash, 'hex') FROM drawd.audit_head"; }
same "the chain recomputed from its texts" "$(head_of)" "$(chain)"

# Changes of two tables each, in both orders, by four at once.
many() { # N FIRST SECOND
	for i in $(seq "$1"); do
		printf "BEGIN; UPDATE department SET short = '%s %s' WHERE id = '%s';\n" "$BASHPID" "$i" "$2"
		printf "INSERT INTO job (kind) VALUES ('none');\n"
		printf "UPDATE account SET name = '%s %s' WHERE id = '%s'; COMMIT;\n" "$BASHPID" "$i" "$3"
	done
}
before=$(sql -c 'SELECT entries FROM drawd.audit_head')
for pair in "aaa head" "bbb lead" "aaa admin" "bbb auditor"; do
	# shellcheck disable=SC2086
	many 50 $pair | as drawd_owner >>"$TEST_DIR/many" 2>&1 &
done
wait
same "four at once: nobody waits for ever" "" "$(cat "$TEST_DIR/many")"
same "and every change is an entry" $((before + 600)) "$(sql -c 'SELECT entries FROM drawd.audit_head')"
same "the chain holds" "$(head_of)" "$(chain)"

# Two who second the same motion at the same moment.
enter() { printf "SELECT refused FROM enter('peer', '%s', 'unix:1000', 'test', '', '');\n" "$1"; }
{
	echo BEGIN\;
	enter admin
	echo "SELECT motion_move('department', NULL, 'aaa', '{\"do\": \"change\", \"name\": \"新局\"}', 'why', ''); COMMIT;"
} | as drawd_web >/dev/null
motion=$(sql -c 'SELECT max(id) FROM drawd.motion')
for who in admin-two lead; do
	{
		echo BEGIN\;
		enter $who
		echo "SELECT pg_sleep(0.5); SELECT motion_decide($motion, 'seconded', 'yes', ''); SELECT pg_sleep(0.5); COMMIT;"
	} | as drawd_web >"$TEST_DIR/second.$who" 2>&1 &
done
wait
same "of two at once one seconds" "1 1" \
	"$(cat "$TEST_DIR"/second.* | grep -c '"state": "done"') $(cat "$TEST_DIR"/second.* | grep -c 'motion-decided: done')"
same "it is done once" 1 "$(sql -c "SELECT count(*) FROM drawd.audit WHERE object_kind = 'department' AND act = 'changed'
	AND route = 'test'")"

same "the chain holds to the end" "$(head_of)" "$(chain)"
[ "$failures" = 0 ]
