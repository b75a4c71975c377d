#!/bin/bash
# A clerk hands in a list of 651 rows as bad as offices keep them (bureau.py), and goes the whole way by
# drawctl: try, preview, what was wrong, the workbook that comes back, put right, import again, confirm, undo,
# confirm again. In the end every row is in, repaired and told, or came back with reason and remedy.
. "$(dirname "$0")/lib.sh"
start_server
house sheet
bureau() { python3 tests/e2e/bureau.py "$@" || failures=$((failures + 1)); }
clerk() { as clerk-scjg "$@"; }
count() { sql -c "SELECT count(*) FROM drawd.entities_current"; }
# what the register says of the objects of the clerk's department, in lines of tabs
rows() { sql -F $'\t' -c "SELECT object, name, reg_no, established FROM drawd.entities_current"; }
state() { sql -c "SELECT state FROM drawd.import_batch WHERE id = $1"; }
newest() { sql -c 'SELECT max(id) FROM drawd.import_batch'; }

list=$TEST_DIR/list.xlsx truth=$TEST_DIR/truth.json
same 'the list: rows, with a USCC, typed as numbers' '651 352 83' "$(bureau make "$list" "$TEST_DIR/earlier.csv" "$truth")"
check 'the list of the year before' clerk import entities "$TEST_DIR/earlier.csv" --source 示范区名录 --yes

# try it: nothing is written
clerk import entities "$list" --source 经营主体名录 --dry-run --json >"$TEST_DIR/first.json" 2>"$TEST_DIR/said"
same 'a dry run: exit code' 0 $?
same 'a dry run: its members' 'accepted,errors,refused,repaired,rows' \
	"$(python3 -c 'import json, sys; print(",".join(sorted(json.load(sys.stdin))))' <"$TEST_DIR/first.json")"
bureau result "$truth" "$TEST_DIR/first.json" first
same 'a dry run: nothing went in' '44 discarded' "$(count) $(state "$(newest)")"

# look at it: nothing counts before it is confirmed
clerk import entities "$list" --source 经营主体名录 --preview >"$TEST_DIR/preview"
same 'a preview: exit code' 0 $?
first=$(newest)
same 'a preview: staged' 'staged 44' "$(state "$first") $(count)"
check 'a preview: says what is new' grep -q ' new,' "$TEST_DIR/preview"
check 'a preview: how a header was read' grep -q '统一社会信用代码' "$TEST_DIR/preview"
check 'a preview: which column nobody read' grep -q '内部备注' "$TEST_DIR/preview"
clerk --lang zh import errors "$first" --all >"$TEST_DIR/errors"
check 'errors as sentences, with the remedy' grep -q '被表格软件改成了数字.*请' "$TEST_DIR/errors"
clerk --lang zh import groups "$first" >"$TEST_DIR/groups"
check 'alike errors in groups: 83 codes that were numbers' grep -q '^83 .*统一社会信用代码.*被表格软件改成了数字' "$TEST_DIR/groups"
clerk import file "$first" -o "$TEST_DIR/back.xlsx" 2>"$TEST_DIR/said"
same 'the workbook comes back' 0 $?
bureau returned "$truth" "$TEST_DIR/back.xlsx" first
check 'the rows that are right are confirmed' clerk import confirm "$first"
accepted=$(sql -c "SELECT accepted FROM drawd.import_batch WHERE id = $first")
same 'and in' "confirmed $((44 + accepted))" "$(state "$first") $(count)"

# as the whole list of the year before's source: rows that were refused strike nothing off
clerk import entities "$list" --source 示范区名录 --full --dry-run >"$TEST_DIR/said"
same 'a whole list: what stands in refused rows is not gone' 0 \
	"$(sql -c 'SELECT gone FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"

# put right what came back, in the workbook that came back
bureau mend "$truth" "$TEST_DIR/back.xlsx" "$TEST_DIR/mended.xlsx"
clerk import entities "$TEST_DIR/mended.xlsx" --source 经营主体名录 --dry-run --json >"$TEST_DIR/second.json" 2>"$TEST_DIR/said"
same 'put right: exit code' 0 $?
bureau result "$truth" "$TEST_DIR/second.json" second
clerk import entities "$TEST_DIR/mended.xlsx" --source 经营主体名录 --preview >"$TEST_DIR/preview"
second=$(newest)
same 'those of the year before are known' 0 "$(sql -c "SELECT gone FROM drawd.import_batch WHERE id = $second")"
clerk import file "$second" -o "$TEST_DIR/back2.xlsx" 2>"$TEST_DIR/said"
bureau returned "$truth" "$TEST_DIR/back2.xlsx" second
before=$(rows | md5sum)
check 'confirmed' clerk import confirm "$second"
after=$(rows | md5sum)
rows >"$TEST_DIR/rows.tsv"
bureau end "$truth" "$TEST_DIR/rows.tsv" "$TEST_DIR/second.json"

# undone: what stood before; imported again: what stood after
same 'confirming twice is refused' 1 "$(clerk import confirm "$second" >/dev/null 2>&1; echo $?)"
check 'undone' clerk import undo "$second" --yes --reason '误报'
same 'undone: as before' "undone $before" "$(state "$second") $(rows | md5sum)"
check 'imported again' clerk import again "$second"
third=$(newest)
same 'imported again: a batch of its own' 'staged undone' "$(state "$third") $(state "$second")"
check 'confirmed again' clerk import confirm "$third"
same 'as after the first time' "$after" "$(rows | md5sum)"
same 'every row of the register has its batch and line' 0 "$(sql -c "SELECT count(*) FROM drawd.entities_current
	WHERE batch IS NULL OR line IS NULL OR line < 2")"

# codes that fail their digits, and are valid: recorded with a reason
odd=$(python3 -c 'import json, sys; print("\n".join(r["code"] for r in json.load(open(sys.argv[1])) if r.get("exception")))' "$truth")
{
	echo '统一社会信用代码,例外原因,证明文书'
	for code in $odd; do echo "$code,试点期间赋码,示例文〔2015〕1号"; done
} >"$TEST_DIR/exceptions.csv"
check 'exceptions are recorded' import exceptions "$TEST_DIR/exceptions.csv"
clerk import entities "$TEST_DIR/mended.xlsx" --source 经营主体名录 --dry-run --json >"$TEST_DIR/third.json" 2>"$TEST_DIR/said"
same 'and nothing is said of them any more' 0 "$(grep -c uscc-digit "$TEST_DIR/third.json")"
# what looks like a formula is none in what is exported
clerk register rows entities --all --format csv -o "$TEST_DIR/rows.csv" >/dev/null
same 'exported as CSV: no formula' "'=cmd" "$(grep -o ".=cmd" "$TEST_DIR/rows.csv")"
clerk register rows entities --all --format xlsx -o "$TEST_DIR/rows.xlsx" >/dev/null
same 'exported as XLSX: no formula' '1 0' "$(tests/e2e/sheet.py "$TEST_DIR/rows.xlsx" | grep -c '=cmd') $(
	python3 -c 'import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("xl/worksheets/sheet1.xml").count(b"<f>"))' \
		"$TEST_DIR/rows.xlsx")"
same 'exported: every object' "$(count)" "$(($(wc -l <"$TEST_DIR/rows.csv") - 1))"

# correctness of the list: of 650 rows three repeat others, and two have numbers that fail their digit
for _ in $(seq 100); do
	[ "$(sql -c "SELECT count(*) FROM drawd.job WHERE kind = 'quality' AND state IN ('queued', 'running')")" != 0 ] || break
	sleep 0.1
done
clerk quality show --json >"$TEST_DIR/quality"
same 'correctness of its source, as a figure' '645 650' "$(python3 -c '
import json, sys
for f in json.load(open(sys.argv[1]))["figures"]:
    if (f["level"], f["figure"], f["source"]) == ("source", "correctness", "经营主体名录"):
        print(f["numerator"], f["denominator"])' "$TEST_DIR/quality")"

# the same list, entered before a second time: no difference
clerk import entities "$TEST_DIR/mended.xlsx" --source 经营主体名录 --preview >"$TEST_DIR/preview"
same 'the same list again: nothing new, changed or gone' '0 0 0' \
	"$(sql -F ' ' -c "SELECT new_rows, changed, gone FROM drawd.import_batch ORDER BY id DESC LIMIT 1")"
check 'discarded' clerk import discard "$(newest)"
finish
