#!/bin/bash
# The table of registers of the program and that of the database are one: names, tables, facts in their order and
# form, whose rows are whose and who brings them; and every fact is a column.
set -u
TEST_DIR=${TEST_DIR:-$(mktemp -d /tmp/drawd-test.XXXXXX)}
B=${B:-build}
trap 'etc/cluster.sh remove "$TEST_DIR/pg"' EXIT
sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test) || exit 1
etc/cluster.sh psql "$TEST_DIR/pg" -q -v database=drawd -f sql/bootstrap.sql >/dev/null || exit 1
printf 'state = ".";\ndatabase: { host = "%s"; };\n' "$sock" >"$TEST_DIR/conf"
"$B/drawd" --conf "$TEST_DIR/conf" migrate 2>"$TEST_DIR/log" || { cat "$TEST_DIR/log"; exit 1; }
ask() { etc/cluster.sh psql "$TEST_DIR/pg" -d drawd -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
registers() {
	ask "SELECT concat_ws(E'\t', place, name, zh, tbl, (SELECT string_agg(c || ':' || f, ' ' ORDER BY n)
			FROM ROWS FROM (unnest(columns), unnest(forms)) WITH ORDINALITY AS u (c, f, n)),
		coalesce(entity, ''), sight, giver) FROM drawd.register ORDER BY place"
}
failures=0
same() { # NAME WANTED GOT
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$3")
		failures=$((failures + 1))
	fi
}
told=$("$B/drawd" registers)
same 'twenty-one registers' 21 "$(printf '%s\n' "$told" | wc -l)"
same 'program and database tell the same' "$told" "$(registers)"
# recusals stand under numbers of inspectors: their table takes what it needs of them
same 'every fact is a column of its table' 'certificate_no department id' "$(ask "
	SELECT string_agg(c, ' ' ORDER BY c) FROM drawd.register, unnest(columns) c
	 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = format('drawd.%I', tbl)::regclass AND attname = c
		AND (name <> 'recusals' OR c <> 'id'))")"
for kind in current said; do
	same "and of the view of what is $kind" '' "$(ask "
		SELECT string_agg(name || '.' || c, ' ') FROM drawd.register, unnest(columns) c
		 WHERE NOT EXISTS (SELECT FROM pg_attribute
		                    WHERE attrelid = format('drawd.%I', name || '_$kind')::regclass AND attname = c)")"
done
same 'no table of facts is in no register' '' "$(ask "
	SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'drawd'::regnamespace AND relkind = 'r'
	   AND relname ~ '_fact\$' AND relname NOT IN (SELECT tbl FROM drawd.register)")"
ask "UPDATE drawd.register SET forms[2] = 'number' WHERE name = 'items'" # by the superuser
[ "$told" != "$(registers)" ] && echo 'ok another form would be found' || { echo 'not ok another form would be found'; failures=1; }
[ "$failures" = 0 ]
