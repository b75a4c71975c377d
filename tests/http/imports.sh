#!/bin/bash
# The way of a file: preview, confirm, undo; what is wrong with its rows, and the file that goes back.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker

# send ACCOUNT FILE: uploads it, sets $upload
send() {
	as "$1" POST /api/v1/uploads -d "{\"name\":\"$(basename "$2")\",\"size\":$(stat -c %s "$2")}"
	upload=$(member id)
	as "$1" PUT "/api/v1/uploads/$upload?offset=0" --data-binary "@$2"
	[ "$status" = 200 ] || bad "upload: $body"
}
# import ACCOUNT FILE [MEMBERS]: sets $batch, "" where none came of it
import() {
	send "$1" "$2"
	as "$1" POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"市监局\"${3:-}}"
	[ "$status" = 202 ] || bad "import: $status $body"
	done_job
	batch=$(sql "SELECT max(id) FROM import_batch WHERE upload = $upload")
}
batch() { as "${2:-clerk-scjg}" GET "/api/v1/imports/$1"; }
counts() { echo "$(member rows) $(member accepted) $(member refused) $(member new) $(member changed) $(member gone) $(member same)"; }
post() { as "$1" POST "/api/v1/imports/$2" -d "${3-"{}"}"; }
plain() { printf '%s' "$body" | sed 's/\(["0-9a-z]\): /\1:/g; s/, /,/g'; }
rows() {
	as clerk-scjg GET "/api/v1/registers/entities/rows${1-}"
	printf '%s' "$body" | python3 -c 'import json, sys; print(*(r["key"] + ":" + (r["name"] or "") for r in json.load(sys.stdin)["rows"]))'
}

printf '企业名称,统一社会信用代码,成立日期,住所\n甲公司,91310000X072143273,2019-01-01,上海路1号\n"乙,""丙""",123,x,\n丁公司,91512081MA62K0260E,2020-01-01,=1+1\n' \
	>"$TEST_DIR/one.csv"
send clerk-scjg "$TEST_DIR/one.csv"
as clerk-scjg POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"*\"}"
same "no source is called as all of them are" "400 bad-json source" "$status $(member code) $(member field)"
import clerk-scjg "$TEST_DIR/one.csv"
batch "$batch"
same "staged, nothing counts" "staged 3 2 1 2 0 0 0" "$(member state) $(counts)"
same "the provider is the account's name" "$(sql "SELECT name FROM account WHERE id = 'clerk-scjg'")" "$(member provider)"
same "file and time are told" "one.csv t" "$(member file) $(sql "SELECT abs($(member created) - extract(epoch FROM now())) < 100")"
has "a sample of what is new" '"name":"甲公司"' "${body// /}"
has "what the headers were read as" '"how":"automatic","column":"名称","header":"企业名称"' "$(plain)"
same "no row counts yet" "" "$(rows)"
first=$batch

as clerk-scjg GET "/api/v1/imports/$first/errors"
has "an error names row, column, value" '"row":3,"column":"统一社会信用代码","value":"123"' "$(plain)"
has "its sentence" '"message":"' "$body"
has "and what to do, in English too" '"remedy_en":"' "$body"
as clerk-scjg GET "/api/v1/imports/$first/groups"
has "alike errors together" '"count":1' "${body// /}"

for who in clerk-jyj head-jyj; do
	for what in confirm discard; do
		post $who "$first/$what"
		told="$status $(member code)"
		post $who "999999/$what"
		same "$what by a wrong department is told as of none: $who" "$status $(member code)" "$told"
		same "which is not found: $who $what" "404 not-found" "$told"
	done
	post $who "$first/undo" '{"reason":"x"}'
	same "nor undo: $who" "404 not-found" "$status $(member code)"
	post $who "$first/again"
	same "nor again: $who" "404 not-found" "$status $(member code)"
done
post clerk-scjg "$first/undo" '{"reason":"x"}'
same "what does not count cannot be undone" "409 bad-batch-state" "$status $(member code)"
post clerk-scjg "$first/confirm"
same "confirmed" "200 confirmed clerk-scjg" "$status $(member state) $(member confirmed_by)"
same "now its rows count" "91310000X072143273:甲公司 91512081MA62K0260E:丁公司" "$(rows)"
post clerk-scjg "$first/confirm"
same "twice" "409 bad-batch-state" "$status $(member code)"
post clerk-scjg "$first/discard"
same "nor discarded any more" "409 bad-batch-state" "$status $(member code)"
sleep 1.1 # a time is a whole second
before=$(date +%s)
sleep 1.1

# two imports at once: the second one's preview is stale once the first is confirmed
printf '企业名称,统一社会信用代码,住所\n甲公司,91310000X072143273,上海路2号\n' >"$TEST_DIR/two.csv"
printf '企业名称,统一社会信用代码,住所\n甲甲公司,91310000X072143273,上海路3号\n丁公司,91512081MA62K0260E,=1+1\n' >"$TEST_DIR/three.csv"
import clerk-scjg "$TEST_DIR/two.csv"
second=$batch
batch "$second"
same "a change is previewed" "1 1 0 0 1 0 0" "$(counts)"
has "with before and after" '上海路1号' "$body"
import clerk-scjg "$TEST_DIR/three.csv"
third=$batch
batch "$third"
same "so is the other's" "2 2 0 0 1 0 1" "$(counts)"
post clerk-scjg "$third/confirm"
same "the later one is confirmed" "200 confirmed" "$status $(member state)"
post clerk-scjg "$second/confirm"
same "the earlier one is stale" "409 preview-stale" "$status $(member code)"
has "what to do is said" "import again" "$body"
post clerk-scjg "$second/again"
same "again" 202 "$status"
done_job
fourth=$(sql "SELECT max(id) FROM import_batch")
batch "$fourth"
same "as a batch of its own, of the same file" "staged $second two.csv" "$(member state) $((fourth - 2)) $(member file)"
post clerk-scjg "$second/discard"
same "the stale one is discarded" "200 discarded" "$status $(member state)"
same "its facts are gone" 0 "$(sql "SELECT count(*) FROM entity_fact WHERE batch = $second")"
post clerk-scjg "$fourth/confirm"
same "the fresh one counts" "200 confirmed" "$status $(member state)"
same "both changes stand" "91310000X072143273:甲公司 91512081MA62K0260E:丁公司" "$(rows)"

# undo
post clerk-scjg "$fourth/undo" '{}'
same "undo wants a reason" "400 bad-json" "$status $(member code)"
post clerk-scjg "$fourth/undo" '{"reason":"发错了文件"}'
same "undone" "200 undone 发错了文件" "$status $(member state) $(member undo_reason)"
same "what stood before stands again" "91310000X072143273:甲甲公司 91512081MA62K0260E:丁公司" "$(rows)"
post clerk-scjg "$fourth/undo" '{"reason":"x"}'
same "undone twice" "409 bad-batch-state" "$status $(member code)"
same "facts that counted stay" 1 "$(sql "SELECT count(*) FROM entity_fact WHERE batch = $fourth")"
same "as it was known then" "91310000X072143273:甲公司 91512081MA62K0260E:丁公司" "$(rows "?at=$before")"
as clerk-scjg GET "/api/v1/registers/entities/history?key=91310000X072143273"
same "who said what when" "$(printf '%s\n' "$fourth undone two.csv 2" "$third confirmed three.csv 2" "$first confirmed one.csv 2")" \
	"$(printf '%s' "$body" | python3 -c 'import json, sys
for r in json.load(sys.stdin)["history"]: print(r["import"], r["import_state"], r["import_file"], r["row"])')"
same "the audit log tells who undid it, and why" "clerk-scjg 发错了文件" "$(sql "SELECT account || ' ' || reason FROM audit
	WHERE object_kind = 'import' AND object = '$fourth' AND reason <> '' ORDER BY id DESC LIMIT 1")"

# a full list: what it lacks is gone
printf '企业名称,统一社会信用代码\n甲甲公司,91310000X072143273\n' >"$TEST_DIR/full.csv"
import clerk-scjg "$TEST_DIR/full.csv" ',"scope":"full"'
batch "$batch"
same "one is gone" "staged 1 1 0 0 0 1 1" "$(member state) $(counts)"
post clerk-scjg "$batch/confirm"
same "after confirming" "91310000X072143273:甲甲公司" "$(rows)"

# two persons confirm two lists at the same moment: one of them is told
printf '企业名称,统一社会信用代码\n甲公司,91310000X072143273\n' >"$TEST_DIR/a.csv"
import clerk-scjg "$TEST_DIR/a.csv"
a=$batch
import clerk-scjg "$TEST_DIR/a.csv"
for one in "$a" "$batch"; do
	curl -s -o /dev/null -w '%{http_code}\n' --unix-socket "$api" -X POST -H "Authorization: Bearer ${token[clerk-scjg]}" \
		-H "Idempotency-Key: $(fresh_key)" -d '{}' "http://localhost/api/v1/imports/$one/confirm" >"$TEST_DIR/code.$one" &
	pids+=("$!")
done
wait "${pids[@]}"
same "at the same moment" "200 409" "$(cat "$TEST_DIR/code.$a" "$TEST_DIR/code.$batch" | sort | paste -sd' ')"
for one in "$a" "$batch"; do # as it was before
	[ "$(cat "$TEST_DIR/code.$one")" = 200 ] && post clerk-scjg "$one/undo" '{"reason":"试"}' || post clerk-scjg "$one/discard"
done

# at once, and not at all
import clerk-scjg "$TEST_DIR/one.csv" ',"mode":"confirm"'
batch "$batch"
same "mode confirm" confirmed "$(member state)"
facts=$(sql "SELECT count(*) FROM entity_fact")
import clerk-scjg "$TEST_DIR/one.csv" ',"mode":"dry-run"'
batch "$batch"
same "mode dry-run" "discarded 3 2 1" "$(member state) $(member rows) $(member accepted) $(member refused)"
same "writes no fact" "$facts" "$(sql "SELECT count(*) FROM entity_fact")"

# a column that nobody knows, named by hand; kept for the source
printf '招牌,统一社会信用代码\n招牌一,91310000X072143273\n' >"$TEST_DIR/odd.csv"
import clerk-scjg "$TEST_DIR/odd.csv"
same "without a needed column there is no batch to confirm" failed "$(sql "SELECT state FROM import_batch WHERE id = $batch")"
batch "$batch"
has "and the batch says why" '"code":"no-column"' "${body//\": /\":}"
import clerk-scjg "$TEST_DIR/odd.csv" ',"mapping":{"招牌":"名称"},"mode":"confirm"'
batch "$batch"
has "named by hand" '"how":"given","column":"名称","header":"招牌"' "$(plain)"
same "it counts" "confirmed" "$(member state)"
import clerk-scjg "$TEST_DIR/odd.csv"
batch "$batch"
has "kept for the source" '"how":"saved","column":"名称","header":"招牌"' "$(plain)"

# the file that goes back
for _ in $(seq 200); do
	[ "$(sql "SELECT file_state FROM import_batch WHERE id = $first")" = ready ] && break
	sleep 0.05
done
curl -s --unix-socket "$api" -H "Authorization: Bearer ${token[clerk-scjg]}" -o "$TEST_DIR/back.xlsx" \
	"http://localhost/api/v1/imports/$first/file"
python3 - "$TEST_DIR/back.xlsx" <<'PY' && ok "the file comes back with what is wrong" || bad "the file comes back with what is wrong"
import re, sys, zipfile
book = zipfile.ZipFile(sys.argv[1])
text = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
assert "错误说明" in text and "乙," in text and "=1+1" in text, text[:2000]
assert "<f>" not in text, "a formula"
PY
# it is what was uploaded, telephones in the clear: of a register with personal facts its department's only
for who in auditor lead; do
	as $who GET "/api/v1/imports/$first"
	same "$who sees the batch" 200 "$status"
	as $who GET "/api/v1/imports/$first/file"
	same "not its file: $who" "403 not-allowed" "$status $(member code)"
done
hash=$(sql "SELECT encode(file, 'hex') FROM import_batch WHERE id = $first")
as auditor GET "/api/v1/artefacts/$hash"
same "nor by its hash" "404 no-artefact" "$status $(member code)"
as clerk-jyj GET "/api/v1/imports/$first/file"
same "another department may not" "404 not-found" "$status $(member code)"
as clerk-scjg GET "/api/v1/imports/$batch/file"
same "where nothing was wrong there is none" "404 nothing-returned" "$status $(member code)"
same "readings are noted" 1 "$(sql "SELECT least(count(*), 1) FROM audit
	WHERE act = 'read' AND account = 'clerk-scjg' AND object_kind = 'import' AND object = '$first'")"
for path in "/api/v1/imports/$first" "/api/v1/imports/$first/errors" "/api/v1/imports/$first/groups"; do
	as admin GET "$path"
	same "the administrator does not read $path" 403 "$status"
done

# files are kept for import.keep_days; then the worker removes what came in and what went back
old=$(sql "SELECT upload FROM import_batch WHERE id = $first")
sql "BEGIN; SET LOCAL session_replication_role = replica;
	UPDATE upload SET created_at = now() - interval '31 days' WHERE id = $old;
	UPDATE import_batch SET created_at = now() - interval '31 days', staged_at = now() - interval '31 days',
		confirmed_at = now() - interval '31 days' WHERE upload = $old; COMMIT"
kill "$worker"
wait "$worker" 2>/dev/null
start_worker
for _ in $(seq 200); do
	[ "$(sql "SELECT removed_at IS NOT NULL FROM upload WHERE id = $old")" = t ] && break
	sleep 0.05
done
batch "$first"
same "an old batch says that its files are gone" "confirmed removed t" \
	"$(member state) $(member returned) $(sql "SELECT abs($(member removed) - extract(epoch FROM now())) < 100")"
as clerk-scjg GET "/api/v1/imports/$first/file"
same "asked for the file that went back" "410 file-removed" "$status $(member code)"
post clerk-scjg "$first/again"
same "asked to read it again" "410 file-removed" "$status $(member code)"
as clerk-scjg POST /api/v1/imports -d "{\"upload\":$old,\"kind\":\"entities\",\"source\":\"市监局\"}"
same "or anew" "410 file-removed" "$status $(member code)"
as clerk-scjg PUT "/api/v1/uploads/$old?offset=0" --data-binary x
same "or to go on with it" "410 file-removed" "$status $(member code)"
as clerk-scjg GET "/api/v1/uploads/$old"
has "the upload says when" '"removed":1' "${body// /}"
same "nothing of it is left" 0 "$(sql "SELECT count(*) FROM upload_piece WHERE upload = $old")"
post clerk-scjg "$batch/again"
same "a young one is read again" 202 "$status"
done_job

# who may bring what
send clerk-scjg "$TEST_DIR/one.csv"
as clerk-scjg POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"regions\",\"source\":\"s\"}"
same "regions are a coordinator's" "403 not-allowed" "$status $(member code)"
has "it says whose" '"who":["coordinator"]' "${body// /}"
as clerk-scjg POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"recusals\",\"source\":\"s\"}"
same "recusals want a reason" "400 bad-json" "$status $(member code)"

# what one coordinator handed in, another one may read again: it is the whole installation's
printf '区划代码,区划名称\n110000,北京市\n' >"$TEST_DIR/regions.csv"
send lead "$TEST_DIR/regions.csv"
as lead POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"regions\",\"mode\":\"confirm\"}"
done_job
regions=$(sql "SELECT id FROM import_batch WHERE upload = $upload")
post lead2 "$regions/again"
same "another coordinator reads it again" 202 "$status"
done_job
same "as the installation's" "2 t" "$(sql "SELECT count(*), bool_and(department IS NULL) FROM import_batch WHERE upload = $upload" | tr '|' ' ')"
post lead2 "$third/again"
same "a department's he does not" "403 not-allowed" "$status $(member code)"

# the reading of what is public anyway is not noted
as clerk-scjg GET /api/v1/registers/regions/rows
has "regions are read" 北京市 "$body"
as clerk-scjg GET /api/v1/registers/agencies/rows
as clerk-scjg GET /api/v1/registers/entities/rows
same "noted are those that are not public" "agencies,entities" "$(sql "SELECT string_agg(DISTINCT object, ',' ORDER BY object) FROM audit
	WHERE act = 'read' AND object_kind = 'register' AND account = 'clerk-scjg'")"
as clerk-scjg GET /api/v1/registers/nothing/rows
same "of what there is not" "404 not-found" "$status $(member code)"

# what a spreadsheet would run is text in every file
curl -s --unix-socket "$api" -H "Authorization: Bearer ${token[clerk-scjg]}" \
	"http://localhost/api/v1/registers/entities/rows?format=csv&key=91512081MA62K0260E" >"$TEST_DIR/rows.csv"
has "formulas are escaped" "\"'=1+1\"" "$(cat "$TEST_DIR/rows.csv")"

# a token that may only send files sees what it sent
as clerk-scjg POST /api/v1/tokens -d '{"name":"send","scopes":"files:write"}'
if [ "$status" != 201 ]; then # tokens make no tokens
	sql "INSERT INTO access_token (account, name, hash, scopes, ends_at) VALUES ('platform', 'send',
		sha256('0000000000000000000000000000000000000000000'::bytea), 'files:write', now() + '1 day')"
	token[sender]=drawd_0000000000000000000000000000000000000000000
fi
send sender "$TEST_DIR/one.csv"
as sender POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"平台\",\"mode\":\"dry-run\"}"
same "files:write imports" 202 "$status"
job=$(member job)
done_job
own=$(sql "SELECT id FROM import_batch WHERE upload = $upload")
for path in "uploads/$upload" "jobs/$job" "imports/$own" "imports/$own/errors" "imports/$own/groups"; do
	as sender GET "/api/v1/$path"
	same "and reads its own $path" 200 "$status"
done
for path in uploads/1 jobs/1 "imports/$first" "imports/$first/errors" "imports/$first/file"; do
	as sender GET "/api/v1/$path"
	same "nothing else: $path" "404 not-found" "$status $(member code)"
done
as sender GET /api/v1/imports
same "its list has its own" "$own" "$(printf '%s' "$body" | python3 -c 'import json, sys; print(*(r["id"] for r in json.load(sys.stdin)["imports"]))')"
as sender GET /api/v1/registers/entities/rows
same "and no other scope" "403 scope" "$status $(member code)"
call GET /healthz
same "still alive" 200 "$status"
finish
