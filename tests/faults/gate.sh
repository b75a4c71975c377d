#!/bin/bash
# A list is confirmed while a freeze looks at what came in before: the freeze looks at that list as well, before
# it reads the register, and what it tells of its lists is true of exactly what it froze.
. tests/faults/lib.sh
start_server
new_house gate
start_house && load_round || exit 1

# The first look waits here, until this file is there.
sql >"$TEST_DIR/held" <<-END &
	BEGIN;
	LOCK TABLE drawd.quality_code IN EXCLUSIVE MODE;
	\! touch $TEST_DIR/locked
	\! while ! [ -e $TEST_DIR/go ]; do sleep 0.05; done
	COMMIT;
END
holder=$!
for _ in $(seq 200); do [ ! -e "$TEST_DIR/locked" ] || break; sleep 0.05; done
freeze $((T - 40))
check "the freeze looks at the lists" until_true 20 "EXISTS (SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
	WHERE c.relname = 'quality_code' AND NOT l.granted)"
# a new object whose code fails, and another class for one that was there
ask "WITH b AS (
	INSERT INTO drawd.import_batch (kind, upload, source, person, rows, accepted, state, confirmed_at)
	VALUES ('entities', 1, 'late', 'tester', 2, 2, 'confirmed', drawd.batch_stamp('entities')) RETURNING id)
	INSERT INTO drawd.entity_fact (object, batch, line, entity, name, class)
	SELECT v.object, b.id, v.line, v.object, '后来', v.class
	  FROM b, (VALUES ('91371000MA9999999X', 2, 'A'), ('91371000MA0000001X', 3, 'C')) v (object, line, class)"
touch "$TEST_DIR/go"
wait $holder
check "then it freezes" entered freeze
record() { ask "SELECT substring(convert_from(note, 'UTF8') FROM '(?n)^$1 (.+)\$') FROM drawd.log_entry WHERE kind = 'freeze'"; }
check "what came in meanwhile is in the frame" [ "$(record register)" = 601 ]
check "and was looked at: its codes fail" [ "$(record quality-rows) $(record quality-correct)" = \
	"$(ask "SELECT count(DISTINCT e.entity) || ' ' || count(DISTINCT e.entity) FILTER (WHERE q.code IS NULL) FROM drawd.entity_current e
		LEFT JOIN drawd.quality_code q ON q.code = e.entity")" ]
codes=$(record quality-rows)
check "premises of one code are one" [ "$codes" -lt 601 ]
check "the database knows what the notary's configuration asks for" [ "$(ask 'SELECT quality_min FROM drawd.clock')" = 0 ]
check "the late one among them" [ "$(ask "SELECT count(*) FROM drawd.quality_code WHERE code = '91371000MA9999999X'")" = 1 ]
edits() { "$B/drawctl" --profiles "$house/profiles" --profile lead --lang en round edits $ROUND --json; }
check "behind the agreement, and told among what was edited before the freeze" \
	[ "$(edits | python3 -c 'import json, sys
print(*((e["key"], e["fact"], e["before"], e["after"], e["at"] > '$((T - 40))') for e in json.load(sys.stdin)["round_edits"]))')" = \
	"('91371000MA0000001X', 'class', 'A', 'C', True)" ]
show=$("$B/drawctl" --profiles "$house/profiles" --profile lead --lang en round show $ROUND)
check "the round tells how correct its lists were" grep -q "^correctness of the lists as frozen: .*/$codes), a freeze asks for 0.0000%" <<<"$show"
check "when they were read" grep -q '^the lists were read at 2026-02-02 10:40' <<<"$show"
check "and which are worst" grep -q '^sources with most errors: test ' <<<"$show"
finish
