#!/bin/bash
# Files of spreadsheets through the parser in its cage, with a quarter of the memory it has by default:
# each is read or refused with its own reason, and nothing of a refused one is kept.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg" "$TEST_DIR/files"
install_drawd
{
	web_conf "$sockets"
	import_conf
	echo 'parser: { memory = 256; xlsx_strings = 48; };'
} >>"$state/drawd.conf"
start_web
start_worker
python3 "$TOP/tests/http/workbooks.py" "$TEST_DIR/files"

# import FILE [MEMBERS]: sets $batch
import() {
	as clerk-scjg POST /api/v1/uploads -d "{\"name\":\"$(basename "$1")\",\"size\":$(stat -c %s "$1")}"
	upload=$(member id)
	for ((at = 0; at < $(stat -c %s "$1"); at += 4194304)); do
		tail -c +$((at + 1)) "$1" | head -c 4194304 >"$TEST_DIR/piece"
		as clerk-scjg PUT "/api/v1/uploads/$upload?offset=$at" --data-binary "@$TEST_DIR/piece"
		[ "$status" = 200 ] || bad "upload: $body"
	done
	as clerk-scjg POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"市监局\"${2:-}}"
	[ "$status" = 202 ] || bad "import: $status $body"
	done_job
	batch=$(sql "SELECT max(id) FROM import_batch WHERE upload = $upload")
}

while read -r file code rows accepted; do
	import "$TEST_DIR/files/$file"
	wanted="failed $code $rows $accepted"
	[ "$code" != ok ] || wanted="staged ok $rows $accepted"
	same "$file" "$wanted" "$(sql "SELECT state || ' ' || COALESCE(reason->>'code', 'ok') || ' ' || COALESCE(rows, 0) || ' ' ||
		COALESCE(accepted, 0) FROM import_batch WHERE id = $batch")"
	[ "$code" = ok ] || same "$file leaves nothing" 0 "$(sql "SELECT count(*) FROM entity_fact WHERE batch = $batch")"
done <"$TEST_DIR/files/files"

# the workbook as Excel writes it: dates, merged and hidden cells, what is wrong with its rows
import "$TEST_DIR/files/excel.xlsx"
same "the sheet that was read, and the one that was not" "名录 XLSX 说明" \
	"$(sql "SELECT sheet || ' ' || encoding || ' ' || (result->>'unread_sheets') FROM import_batch WHERE id = $batch")"
same "a date is a date; a merged cell says the same below; hidden rows count" \
	"91310000X072143273 2019-01-01 一路1号|91512081MA62K0260E 2019-01-02 一路1号" \
	"$(sql "SELECT string_agg(object || ' ' || established || ' ' || address, '|' ORDER BY object) FROM entity_fact WHERE batch = $batch")"
same "a number where a code should stand, and a formula's error, by row" "5 cell-error|5 uscc-rounded" \
	"$(sql "SELECT string_agg(line || ' ' || code, '|' ORDER BY code) FROM import_error WHERE batch = $batch AND severity = 'error'")"

import "$TEST_DIR/files/excel.xlsx" ',"sheet":"说明"'
same "a sheet by name" "no-column" "$(sql "SELECT reason->>'code' FROM import_batch WHERE id = $batch")"
import "$TEST_DIR/files/excel.xlsx" ',"sheet":"2"'
same "by its number" staged "$(sql "SELECT state FROM import_batch WHERE id = $batch")"
import "$TEST_DIR/files/excel.xlsx" ',"sheet":"没有"'
same "one that is not there" "no-sheet" "$(sql "SELECT reason->>'code' FROM import_batch WHERE id = $batch")"
finish
