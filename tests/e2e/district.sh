#!/bin/bash
# The whole path on a generated district of 2,000 objects: lists, round, bundle, both replays. The same
# lists with their rows in another order and in GB18030 give the same bytes to the last.
. "$(dirname "$0")/lib.sh"
lists=$TEST_DIR/lists
"$B/drawgen" district --entities 2000 --inspectors 120 --defects 13 --out "$lists" || exit 1
"$B/drawgen" district --entities 2000 --inspectors 120 --defects 13 --out "$lists.again"
check 'the generator repeats itself' diff -r "$lists" "$lists.again"

start_server
house one
for kind in entities inspectors recusals; do
	check "$kind imported" import $kind "$lists/$kind.csv"
done
same 'rows, accepted, refused' '2015|2002|13' \
	"$(sql -c "SELECT rows, accepted, refused FROM drawd.import_batch WHERE kind = 'entities'")"
same 'as many facts as good rows' 2002 "$(sql -c 'SELECT count(*) FROM drawd.entity_fact')"
same 'inspectors have opaque ids' t \
	"$(sql -c "SELECT bool_and(inspector ~ '^[A-Z]+-[0-9]{4}\$') FROM drawd.inspector_fact")"
facts >"$TEST_DIR/facts.one"
override='名单中有意写错的行尚未补正'
check 'a round is drawn, after a freeze without a reason was refused' draw_round
same 'the freeze tells what was wrong, and why it was frozen all the same' \
	"quality-rows 1983
quality-correct 1969
quality-min 995000
override $override" "$(sql -c "SELECT convert_from(note, 'UTF8') FROM drawd.log_entry WHERE kind = 'freeze'" |
	grep -E '^(quality-|override )')"
share='99\.2939% (1969/1983), a freeze asks for 99\.5000%'
check 'whoever decides is told how correct the lists are' grep -q "^correctness of the lists at this moment: $share\$" "$house/freeze.txt"
check 'which source is worst' grep -q '^sources with most errors: e2e 99\.2939% (1969/1983)$' "$house/freeze.txt"
check 'and why to freeze all the same' grep -q "quality_override = $override" "$house/freeze.txt"
ctl round show "$round" >"$house/round.txt"
check 'the round tells it ever after' grep -q "^correctness of the lists as frozen: $share\$" "$house/round.txt"
check 'with the reason' grep -q "^to be frozen all the same because: $override\$" "$house/round.txt"
same 'tasks, departments' '17|12' "$(sql -c "SELECT (SELECT count(*) FROM string_to_table(policy, E'\n') AS r
	WHERE r ~ '^task\.[^.]+\.name\t'), cardinality(string_to_array(departments, ',')) FROM drawd.round")"
same 'fewer visits than drawn pairs' t "$(sql -c "SELECT (SELECT count(*) FROM drawd.visit WHERE mode = 'onsite')
	< (SELECT count(*) FROM drawd.selection)")"
artefact() { # NAME: its rows
	sql -c "SELECT string_agg(convert_from(c.data, 'UTF8'), '' ORDER BY c.part) FROM drawd.round_artefact r
		JOIN drawd.artefact a USING (sha256) JOIN drawd.artefact_chunk c USING (part_set) WHERE r.name = '$1'" | sed '1,3d; /^$/d'
}
# what a cap keeps out of the round's own visits, by the list and by the record
artefact dropped >"$TEST_DIR/dropped"
ctl round dropped "$round" --all --format csv >"$house/dropped.csv"
same 'the list has what the record has' "$(cut -f 1-2 "$TEST_DIR/dropped" | tr '\t' , | sort)" \
	"$(sed 1d "$house/dropped.csv" | cut -d, -f 1-2 | sort)"
same 'and the figures count it' "$(wc -l <"$TEST_DIR/dropped")" \
	"$(ctl round show "$round" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["draw"]["dropped"])')"
same 'a recusal bites' t "$(sql -c "SELECT count(*) > 0 FROM drawd.recusals_current r
	JOIN drawd.visit v ON r.subject IN (v.object, v.entity)
	JOIN drawd.inspector_current i USING (inspector)
	WHERE i.department = ANY (string_to_array(v.departments, ','))")"
same 'and nobody recused is sent' 0 "$(sql -c "SELECT count(*) FROM drawd.slot s
	JOIN drawd.visit v USING (round, object, ordinal)
	JOIN drawd.recusal_fact r ON r.inspector = s.inspector AND r.subject IN (v.object, v.entity)")"
# objects in use that no task of the frozen frame has in a stratum, once by the job and once by awk
for _ in $(seq 100); do
	[ "$(sql -c "SELECT count(*) FROM drawd.job WHERE kind = 'quality' AND state <> 'done'")" = 0 ] && break
	sleep 0.2
done
sql -c "SELECT string_agg(convert_from(c.data, 'UTF8'), '' ORDER BY c.part) FROM drawd.round_artefact r
	JOIN drawd.artefact a USING (sha256) JOIN drawd.artefact_chunk c USING (part_set) WHERE r.name = 'frame'" |
	awk -F '\t' 'NR > 3 && NF > 16 && $7 !~ /cancelled|revoked|moved/ { n++; in_pool = 0
		for (i = 15; i < NF - 1; i++) if ($i ~ /^[ABCDU][12]?$/) in_pool = 1
		out += !in_pool } END { print out "/" n }' >"$TEST_DIR/unpooled"
same 'objects never in any pool' "$(cat "$TEST_DIR/unpooled")" "$(sql -c "SELECT numerator || '/' || denominator
	FROM drawd.quality_figure WHERE figure = 'unpooled' AND fact = '' AND department = '*' ORDER BY snapshot DESC LIMIT 1")"
same 'some are' t "$(sql -c "SELECT numerator BETWEEN 1 AND denominator - 1 FROM drawd.quality_figure
	WHERE figure = 'unpooled' AND fact = 'excluded' AND department = '*' ORDER BY snapshot DESC LIMIT 1")"
check 'the bundle is made' bundle_round "$TEST_DIR/one.tar"
check 'both replays accept it' replays "$TEST_DIR/one.tar"
# figures by department, once by the database and once by the replay
"$B/drawreplay" --figures "$TEST_DIR/one.tar" | grep '^department ' >"$TEST_DIR/departments"
ctl round show "$round" --json | python3 -c 'import json, sys
for d in json.load(sys.stdin)["by_department"]:
	print("department", d["department"], "visits", d["onsite"], "offsite", d["offsite"], "joint", d["joint"], "saved", d["saved"],
		"L", "%d.%09d" % divmod(d["bound_billionths"], 10 ** 9))' >"$house/departments"
check 'the replay gives every department its figures' diff "$house/departments" "$TEST_DIR/departments"
check 'some of which visit jointly' grep -q 'joint [1-9][0-9]* saved [1-9]' "$TEST_DIR/departments"
for replay in c py; do
	check "and tell its quality: $replay" grep -q "1969/1983.*$override" "$TEST_DIR/one.tar.$replay.txt"
done
check 'an auditor has it made and takes it' as auditor round bundle "$round" --level audit -o "$TEST_DIR/auditor.tar"
check 'and both replays accept his' replays "$TEST_DIR/auditor.tar"

seed=$(tar -xOf "$TEST_DIR/one.tar" seed.txt | sha256sum | cut -c1-64)
K=$(printf 'drawd/entity/v1\n%s\n' "$seed" | sha256sum | cut -c1-64)
check 'its K is the one the replay tells' grep -q "K_entity $K" "$TEST_DIR/one.tar.c.txt"
# the units drawn in a stratum are those with the smallest tickets: objects, or entities, each in the first by rank of
# the strata of its objects (the unclassified go with B, adjust.2 raises, adjust.1 lowers), and drawn with one of those
KO=$(printf 'drawd/object/v1\n%s\n' "$seed" | sha256sum | cut -c1-64)
tar -xOf "$TEST_DIR/one.tar" artefacts/frame >"$TEST_DIR/frame"
units() { # $1 column of the task, $2 stratum, $3 1 where the unit is the entity: "unit object" for every candidate
	awk -F '\t' -v c="$1" -v s="$2" -v entity="$3" 'BEGIN {
			split("D2 D D1 C2 C C1 U2 U U1 B2 B B1 A2 A A1", order, " ")
			for (i in order) rank[order[i]] = i + 0 }
		NR > 3 && $c in rank {
			unit = entity ? $2 : $1
			if (!(unit in best) || rank[$c] < best[unit]) best[unit] = rank[$c]
			if ($c == s) object[$1] = unit }
		END { for (o in object) if (best[object[o]] == rank[s]) print object[o], o }' "$TEST_DIR/frame"
}
by_hand() { # $1 task and stratum
	column=$(sed -n 3p "$TEST_DIR/frame" | tr '\t' '\n' | grep -nx "task:${1% *}" | cut -d: -f1)
	entity=$("$B/drawreplay" --ticket "$(sql -c "SELECT min(object) FROM drawd.selection
		WHERE task || ' ' || stratum = '$1'")" "$TEST_DIR/one.tar" | grep " task ${1% *} " | grep -c ' entity ')
	units "$column" "${1#* }" "$entity" | while read -r unit object; do
		echo "$(printf '%s%s' "$K" "$unit" | sha256sum | cut -c1-16) $unit" \
			"$(printf '%s%s' "$KO" "$object" | sha256sum | cut -c1-64) $object"
	done | sort | awk '!seen[$2]++ { print $4 }' |
		head -n "$(sql -c "SELECT count(*) FROM drawd.selection WHERE task || ' ' || stratum = '$1'")" | sort
}
# of the strata with further premises of an entity the first from which something was drawn
premises=$(awk -F '\t' 'NR == 3 { split($0, name) }
	NR > 3 && $1 ~ /\// { for (i = 1; i <= NF; i++) if ($i ~ /^[ABCDU][12]?$/ && name[i] ~ /^task:/)
		print "(" q substr(name[i], 6) " " $i q ")" }' q="'" "$TEST_DIR/frame" | sort -u | paste -sd,)
for task in "$(sql -c "SELECT task || ' ' || stratum FROM drawd.selection GROUP BY task, stratum
		HAVING count(*) BETWEEN 3 AND 30 ORDER BY 1 LIMIT 1")" \
	"$(sql -c "SELECT of FROM (VALUES $premises) AS premises (of)
		WHERE of IN (SELECT task || ' ' || stratum FROM drawd.selection) ORDER BY 1 DESC LIMIT 1")"; do
	by_hand "$task" >"$TEST_DIR/by-hand"
	sql -c "SELECT object FROM drawd.selection WHERE task || ' ' || stratum = '$task' ORDER BY object" >"$TEST_DIR/drawn"
	check "task $task drawn by hand with sha256sum and sort" diff "$TEST_DIR/drawn" "$TEST_DIR/by-hand"
	check 'and not empty' test -s "$TEST_DIR/drawn"
done

size=$(stat -c %s "$TEST_DIR/one.tar")
for part in 3 97 411 502 777 941; do
	flip "$TEST_DIR/one.tar" $((size * part / 1000)) "$TEST_DIR/flipped.tar"
	check "a bit flipped at $part ‰ is found by both" refused "$TEST_DIR/flipped.tar"
done
head -c $((size - 512)) "$TEST_DIR/one.tar" >"$TEST_DIR/flipped.tar"
check 'so is a cut' refused "$TEST_DIR/flipped.tar"

# the same lists, rows the other way round, in GB18030 with CRLF
mkdir "$TEST_DIR/turned"
for kind in entities inspectors recusals; do
	{ head -n 1 "$lists/$kind.csv"; tail -n +2 "$lists/$kind.csv" | tac; } | sed 's/$/\r/' |
		iconv -t GB18030 >"$TEST_DIR/turned/$kind.csv"
done
house two
for kind in entities inspectors recusals; do
	import $kind "$TEST_DIR/turned/$kind.csv" >/dev/null
done
same 'the encoding is found' GB18030,GB18030,GB18030 \
	"$(sql -c "SELECT string_agg(encoding, ',') FROM drawd.import_batch")"
facts >"$TEST_DIR/facts.two"
check 'turned round and in GB18030: the same facts' cmp "$TEST_DIR/facts.one" "$TEST_DIR/facts.two"
draw_round >/dev/null
bundle_round "$TEST_DIR/two.tar" >/dev/null
tar -xOf "$TEST_DIR/two.tar" artefacts/frame >"$TEST_DIR/frame.two"
check 'the same frame' cmp "$TEST_DIR/frame" "$TEST_DIR/frame.two"
check 'the same bundle, byte for byte' cmp "$TEST_DIR/one.tar" "$TEST_DIR/two.tar"
finish
