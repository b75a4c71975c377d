#!/bin/bash
# How fast a list goes in: bench_import.sh [OBJECTS [SHEET_ROWS]]. A million objects with all checks, notes,
# history and the difference, against a bare COPY of the same columns into the same indexed table, before
# and after it on the same machine; the same list once more with one row in a hundred changed; a workbook.
# Prints NAME VALUE UNIT lines. The size of a workbook's parser is the most it had in memory.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
TEST_DIR=$(mktemp -d /tmp/drawd-bench.XXXXXX)
chmod 755 "$TEST_DIR"
B=$(cd "${B:-$top/build}" && pwd)
objects=${1:-1000000} sheet_rows=${2:-200000}
set --
. "$top/tests/e2e/lib.sh"
trap 'stop_house; etc/cluster.sh remove "$TEST_DIR/pg"; rm -rf "$TEST_DIR"' EXIT

lists=$TEST_DIR/lists
"$B/drawgen" district --entities "$objects" --inspectors 20 --out "$lists" >/dev/null
start_server

of_log() { # MEMBER of the last import
	grep 'import\.done' "$house/log" | tail -n 1 | grep -o "$1=[0-9]*" | cut -d= -f2
}
seconds() { awk -v ms="$1" 'BEGIN { printf "%.2f", ms / 1000 }'; }
line() { echo "$1 $2 $3"; }
take_in() { # FILE; what follows from it (the figures of quality) is over before anything else is measured
	import entities "$1" >"$TEST_DIR/said" 2>&1 || { cat "$TEST_DIR/said"; exit 1; }
	while [ "$(sql -c "SELECT count(*) FROM drawd.job WHERE state IN ('queued', 'running')")" != 0 ]; do sleep 0.5; done
}
bare_copy() { # milliseconds of a COPY of the facts into a table like theirs
	sql -c 'SET client_min_messages = warning' -c 'DROP TABLE IF EXISTS drawd.bare' -c 'CREATE TABLE drawd.bare (LIKE drawd.entity_fact INCLUDING ALL)' \
		-c CHECKPOINT
	sql -c '\timing on' -c "\\copy drawd.bare FROM '$TEST_DIR/facts'" | sed -n 's/^Time: \([0-9]*\).*/\1/p'
}

house sheet
python3 tests/bench/make_sheet.py "$lists/entities.csv" "$sheet_rows" "$TEST_DIR/list.xlsx"
(
	while sleep 0.02; do
		for p in $(pgrep -f ' parser entities'); do
			sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$p/status" 2>/dev/null || true
		done
	done
) >"$TEST_DIR/size" &
watcher=$!
take_in "$TEST_DIR/list.xlsx"
kill $watcher
line import.xlsx "$(seconds "$(of_log read_ms)")" s
line import.xlsx.memory $(($(sort -n "$TEST_DIR/size" | tail -n 1) / 1024)) MiB

house bench
take_in "$lists/entities.csv"
whole=$(($(of_log read_ms) + $(of_log stage_ms)))
rows=$(sql -c 'SELECT count(*) FROM drawd.entity_fact')
sql -c "\\copy (SELECT * FROM drawd.entity_fact ORDER BY line) TO '$TEST_DIR/facts'"
copy=$(bare_copy)
again=$(bare_copy)
[ "$again" -lt "$copy" ] && copy=$again
line import.entities $((rows * 1000 / whole)) rows/s
line import.copy $((rows * 1000 / copy)) rows/s
line import.ratio "$(awk -v a="$copy" -v b="$whole" 'BEGIN { printf "%.2f", a / b }')" of-copy
sql -c 'DROP TABLE drawd.bare'
rm "$TEST_DIR/facts"

awk -F, -v OFS=, 'NR > 1 && NR % 100 == 0 { $5 = $5 "新" } 1' "$lists/entities.csv" >"$TEST_DIR/changed.csv"
take_in "$TEST_DIR/changed.csv"
line import.diff "$(seconds "$(of_log stage_ms)")" s
line import.diff.changed "$(sql -c 'SELECT changed FROM drawd.import_batch ORDER BY id DESC LIMIT 1')" rows
