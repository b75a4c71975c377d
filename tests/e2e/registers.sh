#!/bin/bash
# Every register the same way: its template, two right rows and a wrong one filled in, imported, listed,
# undone. Then what all of them know of one entity.
. "$(dirname "$0")/lib.sh"
start_server
house registers
filled() { PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/registers.py "$@" || failures=$((failures + 1)); }

while read -r name who; do
	file=$TEST_DIR/$name
	as "$who" register template "$name" -o "$file.template.xlsx" >"$TEST_DIR/said" 2>&1
	same "$name: a template" 0 $?
	filled fill "$name" "$file.template.xlsx" "$file.xlsx"
	if [ "$name" != recusals ]; then
		as "$who" import "$name" "$file.xlsx" --dry-run --json >"$file.json" 2>"$TEST_DIR/said"
		filled dry "$name" "$file.json"
	fi
	check "$name: imported" import "$name" "$file.xlsx" "$who"
	batch=$(sql -c 'SELECT max(id) FROM drawd.import_batch')
	same "$name: two in, one refused" 'confirmed 3 2 1' \
		"$(sql -F ' ' -c "SELECT state, rows, accepted, refused FROM drawd.import_batch WHERE id = $batch")"
	as "$who" register rows "$name" --json >"$file.rows.json" 2>"$TEST_DIR/said"
	filled rows "$name" "$file.rows.json"
	same "$name: the wrong row comes back with its reason" 1 \
		"$(as "$who" import file "$batch" -o "$file.back.xlsx" 2>/dev/null && tests/e2e/sheet.py "$file.back.xlsx" | grep -c '退回')"
	as "$who" register history "$name" >"$file.history" 2>&1
	check "$name: its history names the file" grep -q "$name.xlsx" "$file.history"
done < <(filled names)

# personal facts: shown as masks, and in no row of the database in clear
same 'their masks are shown' t "$(sql -c "SELECT count(*) = 3 AND bool_and(phone ~ '^1[0-9*]+ ') FROM (
	SELECT phone FROM drawd.inspector_fact WHERE phone <> '' UNION ALL
	SELECT phone FROM drawd.agency_fact WHERE phone <> '' UNION ALL
	SELECT phone FROM drawd.entity_fact WHERE phone <> '') x")"
for text in $(filled personal); do
	same "$text is not shown" 0 "$(cat "$TEST_DIR"/*.rows.json "$TEST_DIR"/*.history | grep -c "$text")"
	same "$text is not kept in clear" '' "$(sql -c "SELECT format('SELECT %L FROM drawd.%I t WHERE t::text LIKE %L;',
		tablename, tablename, '%$text%') FROM pg_tables WHERE schemaname = 'drawd'" | sql -f -)"
done

# one row by hand, by the same way
code=$(filled code)
check 'one row by hand' as clerk-scjg register put labels 统一社会信用代码="$code" 标签=hotel
same 'it is there' 1 "$(sql -c "SELECT count(*) FROM drawd.labels_current WHERE label = 'hotel'")"
as clerk-scjg register put labels 统一社会信用代码="${code%?}" 标签=hotel >"$TEST_DIR/out" 2>&1
same 'a wrong one is refused' 1 $?
same 'and no list of which nothing was taken in is confirmed' discarded \
	"$(sql -c 'SELECT state FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"

# a region that was renamed: the fact is what the file has, and that is said
check 'an old code of a region' as clerk-scjg register put entities 统一社会信用代码="$code" 名称=示范区青禾食品有限公司 行政区划=330198
same 'stands as it was written, with a remark' '330198 region-renamed' "$(sql -F ' ' -c "SELECT region, (SELECT code FROM drawd.import_error
	WHERE batch = e.batch) FROM drawd.entities_current e WHERE object = '$code'")"

# what is known of one entity
as clerk-scjg entity show "$code" --json >"$TEST_DIR/dossier" 2>&1
for name in entities recusals agencies labels listings commitments declarations events permits checks successions grades; do
	check "the dossier has rows of $name" grep -q "\"register\": *\"$name\"" "$TEST_DIR/dossier"
done
as clerk-scjg entity lookup "$code" --json >"$TEST_DIR/lookup" 2>&1
check 'the look-up: on which list' grep -q '"list": *"abnormal"' "$TEST_DIR/lookup"
check 'the look-up: last inspected when' grep -q '2025-11-12' "$TEST_DIR/lookup"
check 'the look-up tells no class' bash -c "! grep -q class $TEST_DIR/lookup"

# what is exported is taken in again as it is: nothing new, nothing changed
mkdir "$TEST_DIR/exported"
while read -r name who; do
	[ "$name" != recusals ] || continue
	file=$TEST_DIR/exported/$name.csv
	as "$who" register rows "$name" --format csv -o "$file" >"$TEST_DIR/said" 2>&1 || not_ok "$name: exported: $(cat "$TEST_DIR/said")"
	as "$who" import "$name" "$file" --dry-run --json >"$TEST_DIR/said" 2>&1
	same "$name: its export brings nothing" "0 0 0 $(($(wc -l <"$file") - 1))" "$(sql -F ' ' -c 'SELECT refused, new_rows, changed, same
		FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"
done < <(filled names)

# a name for which there is one code, a code that has another name, another person with one certificate, a sum
printf '区划代码,区划名称\n330000,浙江省\n330100,示范市\n330199005,东澜街道\n330198006,东澜街道\n' >"$TEST_DIR/streets.csv"
check 'regions of the house' as lead import regions "$TEST_DIR/streets.csv" --yes
check 'written as names' as clerk-scjg register put entities 统一社会信用代码="$code" 名称=示范区青禾食品有限公司 行政区划=示范区东澜街道
same 'are kept as codes' 330199005 "$(sql -c "SELECT region FROM drawd.entities_current WHERE object = '$code'")"
as clerk-scjg register put entities 统一社会信用代码="$code" 名称=示范区青禾食品有限公司 行政区划=东澜街道 >"$TEST_DIR/said" 2>&1
same 'of which there are two is told and changes nothing' '330199005 region-name' "$(sql -F ' ' -c "SELECT e.region, (SELECT code
	FROM drawd.import_error ORDER BY batch DESC LIMIT 1) FROM drawd.entities_current e WHERE e.object = '$code'")"
said() { sql -F ' ' -c "SELECT col, code, value FROM drawd.import_error WHERE batch = (SELECT max(id) FROM drawd.import_batch)"; }
check 'a listing under another name' as clerk-scjg register put listings 统一社会信用代码="$code" 名称=错误的名字有限公司 名单=其他 列入日期=2026-02-01
same 'is told' '名称 other-name 错误的名字有限公司 ≠ 示范区青禾食品有限公司' "$(said)"
check 'one under its name' as clerk-scjg register put listings 统一社会信用代码="$code" 名称=示范区青禾食品有限公司 名单=其他 列入日期=2026-02-02
same 'is not' '' "$(said)"
check 'another person with his certificate' as clerk-scjg register put inspectors 姓名=某丙丁 部门=scjg 执法证编号=E1 执法证有效期至=2027-01-31
same 'is told, too' '姓名 other-holder 某甲 → 某丙丁' "$(said)"
check 'a label by its title' as clerk-scjg register put labels 统一社会信用代码="$code" 标签=住宿 起始日期=2026-02-02
same 'is that label' 'hotel' "$(sql -c "SELECT label FROM drawd.labels_current WHERE from_date = '2026-02-02'")"

# undone, the last first: every register is as it was
for batch in $(sql -c "SELECT id FROM drawd.import_batch WHERE state = 'confirmed' AND kind <> 'recusals' ORDER BY id DESC"); do
	as "$(sql -c "SELECT account FROM drawd.job JOIN drawd.import_batch b ON b.job = job.id WHERE b.id = $batch")" \
		import undo "$batch" --yes --reason '试验' >"$TEST_DIR/said" 2>&1 || not_ok "batch $batch is undone: $(cat "$TEST_DIR/said")"
done
for name in $(filled names | cut -d ' ' -f 1 | grep -v recusals); do
	same "$name: undone" 0 "$(sql -c "SELECT count(*) FROM drawd.${name}_current")"
done
finish
