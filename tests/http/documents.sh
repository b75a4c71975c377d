#!/bin/bash
# Documents: a base that two coordinators agree to, schemes of their departments, what is refused with file and
# line, versions, whose drafts are whose; what schemes would draw before they are put.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker
schemes=$TOP/etc/policy/schemes
base=$TOP/etc/policy/district.conf

# send ACCOUNT PATH FILE [SED PROGRAM] [MEMBERS]: the text of a file as `source`
send() {
	sed -e "${4:-}" "$3" | python3 -c '
import json, sys
print(json.dumps({"source": sys.stdin.read(), **json.loads(sys.argv[1])}))' "${5:-"{}"}" >"$TEST_DIR/body"
	as "$1" POST "/api/v1/$2" -d "@$TEST_DIR/body"
}
# of EXPRESSION: of the JSON in $body, as o
of() { printf '%s' "$body" | python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
# agree ACCOUNT KIND DOCUMENTS [WHAT]: moves, its number in $motion
agree() {
	as "$1" POST "/api/v1/documents/$2/${4:-agree}" -d "{\"documents\":$3,\"reason\":\"审定\"}"
	motion=$(of 'o.get("motion", "")')
}

# ---- a base -----------------------------------------------------------------------------------------

send clerk-scjg documents/scheme/check "$schemes/food-and-drugs.conf"
same "schemes stand on a base in force" "404 no-document" "$status $(member code)"
send lead documents/base "$base"
same "a base" "201 main 1 draft True" "$status $(of '" ".join(str(o["documents"][0][k]) for k in ("code","version","state","new"))')"
same "its tasks are left out, and that is told" tasks-left-out "$(of 'o["warnings"][0]["code"]')"
send lead documents/base "$base"
same "the same is no new version" "1 False" "$(of 'o["documents"][0]["version"]') $(of 'o["documents"][0]["new"]')"
send head-scjg documents/base "$base"
same "not by a department" "403 not-allowed" "$status $(member code)"
send lead documents/base "$base" 's/rounding = "half-up"/rounding = "sideways"/'
line=$(grep -n 'rounding = ' "$base" | cut -d: -f1)
same "what is wrong" "400 bad-policy" "$status $(member code)"
has "with its line" "policy:$line" "$body"
has "and what to do" '"remedy_zh":"' "$body"
for edit in 's/name = "联席会议办公室"; inspects = false;/name = "联席会议办公室";/' \
	's/name = "联席会议办公室"; inspects = false;/name = "综合科";/'; do
	send lead documents/base/check "$base" "$edit"
	same "an office that only co-ordinates inspects nowhere, under any name" "400 no-inspecting-department" "$status $(member code)"
	has "with the path" 'policy: department.lxb.inspects' "$body"
	send lead documents/base "$base" "$edit"
	same "nor is it put" "400 no-inspecting-department" "$status $(member code)"
done
as clerk-scjg GET /api/v1/documents/base/main
same "a draft of all is not a department's" "404 no-document" "$status $(member code)"
agree lead base '{"main":""}'
same "is moved" 202 "$status"
second lead "$motion"
same "not by one person alone" "409 same-person" "$status $(member code)"
second lead2 "$motion"
same "by a second" "200 done" "$status $(member state)"
as clerk-scjg GET /api/v1/documents/base/main
same "in force for all" "agreed 1" "$(member state) $(member version)"
same "the file is kept" "$(sha256sum <"$base" | cut -c1-64)" "$(member source | head -c -1 | sha256sum | cut -c1-64)"
has "the rows have no task" False "$(of '"\ntask." in o["rows"]')"

# ---- schemes ----------------------------------------------------------------------------------------

send clerk-scjg documents/scheme/check "$schemes/food-and-drugs.conf"
same "a file is checked" "200 3" "$status $(of 'len(o["documents"])')"
same "of life and safety nothing more is to be said" "[]" "$(of 'o["warnings"]')"
send clerk-scjg documents/scheme/check "$schemes/network.conf" 's/mode: { A = "network"/mode: { A = "onsite"/; s/safety = false;/safety = false; reason = "试点";/'
same "of others what is worth a look is told" "200 onsite-a price" "$status $(of 'o["warnings"][0]["code"] + " " + o["warnings"][0]["what"]')"
same "nothing is stored" 0 "$(sql "SELECT count(*) FROM document WHERE kind = 'scheme'")"
line=$(grep -n 'draws = 1' "$schemes/food-and-drugs.conf" | cut -d: -f1)
send clerk-scjg documents/scheme "$schemes/food-and-drugs.conf" 's/draws = 1/draws = 99/'
same "too many draws" "400 bad-policy" "$status $(member code)"
has "where" "policy:" "$body"
send clerk-scjg documents/scheme "$schemes/food-and-drugs.conf" 's/draws = 1;/draws = 1; from = "2026-01-01";/'
has "a scheme has no dates" 'no dates' "$body"
send clerk-scjg documents/scheme "$schemes/trade.conf"
same "schemes of other departments" "403 not-allowed" "$status $(member code)"
same "are not stored, not even in part" 0 "$(sql "SELECT count(*) FROM document WHERE kind = 'scheme'")"
send clerk-scjg documents/scheme "$schemes/food-and-drugs.conf"
same "their own are" "201 catering food-making pharmacy" "$status $(of '" ".join(d["code"] for d in o["documents"])')"
as clerk-jyj GET /api/v1/documents/scheme
same "drafts are their department's" 0 "$(of 'len(o["documents"])')"
as head-scjg GET '/api/v1/documents/scheme?state=draft'
same "which sees them" 3 "$(of 'len(o["documents"])')"
as auditor GET /api/v1/documents/scheme/catering
same "as does the auditor" "200 scjg" "$status $(member department)"
agree clerk-jyj scheme '{"catering":""}'
same "another department moves nothing" "404 no-document" "$status $(member code)"
agree clerk-scjg scheme '{"catering":"","food-making":"1","pharmacy":""}'
same "three at once" 202 "$status"
second head-jyj "$motion"
same "not for another head" "404 no-motion" "$status $(member code)"
second head-scjg "$motion"
same "their own head agrees" "200 done" "$status $(member state)"
as clerk-jyj GET /api/v1/documents/scheme
same "what is in force is for all to see" 3 "$(of 'len(o["documents"])')"

# a new version takes the place of the one before
send clerk-scjg documents/scheme "$schemes/food-and-drugs.conf" 's/D = "100%"/D = "90%"/'
same "new versions" "2 draft" "$(of 'o["documents"][0]["version"]') $(of 'o["documents"][0]["state"]')"
agree head-scjg scheme '{"catering":""}'
second lead "$motion"
same "a coordinator agrees for a head" "done" "$(member state)"
same "one is in force" "1 retired,2 agreed" "$(sql "SELECT string_agg(version || ' ' || state, ',' ORDER BY version) FROM document WHERE code = 'catering'")"
as head-scjg GET '/api/v1/documents/scheme/catering?version=1'
same "the old one stays" "retired" "$(member state)"
agree head-scjg scheme '{"catering":"1"}'
same "and does not come back" "409 document-state" "$status $(member code)"
agree head-scjg scheme '{"catering":"7"}'
same "nor does one that never was" "404 no-document" "$status $(member code)"
agree head-scjg scheme '{"Catering":""}'
same "a code that is none" "400 bad-json" "$status $(member code)"
agree head-scjg scheme '{"pharmacy":""}' retire
second lead "$motion"
same "retired" "retired" "$(sql "SELECT state FROM document WHERE code = 'pharmacy' AND version = 1")"
sql "UPDATE document SET rows = '' WHERE code = 'catering'" >/dev/null 2>&1 && bad "a version can be written over" || ok "no version is written over"
as lead GET /api/v1/documents/task
same "a kind that is none" "404 no-document" "$status $(member code)"

# ---- what they would draw -----------------------------------------------------------------------------

"$B/drawgen" district --entities 1000 --inspectors 20 --out "$TEST_DIR/lists" >/dev/null || bad "drawgen"
cp "$TEST_DIR/lists/entities.csv" "$TEST_DIR/entities.csv"
as lead POST /api/v1/uploads -d "{\"name\":\"e.csv\",\"size\":$(stat -c %s "$TEST_DIR/entities.csv")}"
upload=$(member id)
as lead PUT "/api/v1/uploads/$upload?offset=0" --data-binary "@$TEST_DIR/entities.csv"
as lead POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"entities\",\"source\":\"s\",\"mode\":\"confirm\"}"
done_job
objects=$(sql "SELECT count(*) FROM entity_current")
[ "$objects" -gt 300 ] && ok "a register" || bad "a register of $objects"
rounds=$(sql "SELECT count(*) FROM round")
send clerk-scjg looks "$schemes/network.conf"
same "a look at a file that is not put" 202 "$status"
job=$(member job)
done_job
same "ends" "done" "$ended"
as admin GET "/api/v1/jobs/$job"
same "what it found is not in the job, which administrators see" "{'look': $job}" "$(of 'o["result"]')"
as clerk-jyj GET "/api/v1/looks/$job"
same "nor is it told to others" "404 not-found" "$status $(member code)"
as clerk-scjg GET "/api/v1/looks/$job"
same "every object is in a stratum or excluded" "$objects" "$(of 'o["register"]')"
same "to a department counts go down to steps" True "$(of 'all(n % 5 == 0 for t in o["tasks"] for n in [t["population"], t["drawn"] or 0] + [x["count"] for x in t["ledger"]] + [s[k] or 0 for s in t["strata"] for k in ("population", "units", "quota")])')"
same "no stratum of a few is told to a department" True "$(of 'all(s["population"] >= 20 or (s["stratum"], s["quota"], s["units"]) == ("*", None, None) for t in o["tasks"] for s in t["strata"])')"
# a scheme whose scope is one enterprise: with a way of its own for every class it would tell the enterprise's
sql "UPDATE entity_fact SET matched = 'lone' WHERE object = (SELECT min(object) FROM entity_current WHERE object = entity AND class = 'B' AND kind = 'enterprise')" >/dev/null
sed 's/labels = [^;]*;/labels = ["lone"];/' "$schemes/network.conf" >"$TEST_DIR/lone.conf"
send clerk-scjg looks "$TEST_DIR/lone.conf"
job=$(member job)
done_job
as clerk-scjg GET "/api/v1/looks/$job"
same "of one enterprise nothing is told" "done True" "$ended $(of 'all((t["drawn"], t["strata"], t["ledger"], "error" in t) == (None, [], [], False) for t in o["tasks"])')"
has "which is said" "抽取库不足 20 户" "$(ctl_as clerk-scjg scheme preview --source "$TEST_DIR/lone.conf" --lang zh 2>&1)"
send lead looks "$TEST_DIR/lone.conf"
job=$(member job)
done_job
as lead GET "/api/v1/looks/$job"
same "the office is told" True "$(of 'any(t["population"] == 1 for t in o["tasks"]) and all(t["population"] <= 1 and t["drawn"] is not None and t["ledger"] for t in o["tasks"])')"
# a risk model is held against the base in force: a label that it does not know puts nobody in focus
sed 's/label = "focus"/label = "fokus"/' "$TOP/etc/policy/risk.conf" >"$TEST_DIR/risk.conf"
send lead documents/model/check "$TEST_DIR/risk.conf"
same "a trigger's label that no policy looks at is told" "200 trigger-label" "$status $(of '",".join(sorted({w["code"] for w in o["warnings"]}))')"
has "of which trigger" "fokus" "$body"
send lead documents/model/check "$TOP/etc/policy/risk.conf"
same "one that it looks at is not" "200 []" "$status $(of 'o["warnings"]')"
as lead POST /api/v1/looks -d '{"schemes":"*","from":"2026-04-01","to":"2026-06-30"}'
job=$(member job)
done_job
as lead GET "/api/v1/looks/$job"
same "of those in force" "catering food-making" "$(of '" ".join(t["task"] for t in o["tasks"])')"
same "of which the ledger adds up" True "$(of 'all(t["population"] + sum(x["count"] for x in t["ledger"]) == o["register"] for t in o["tasks"])')"
same "so do the strata" True "$(of 'all(not t["strata"] or (sum(s["population"] for s in t["strata"]) == t["population"] and sum(s["quota"] for s in t["strata"]) == t["drawn"]) for t in o["tasks"])')"
same "a coordinator is told every class" True "$(of 'all(s["stratum"] != "*" for t in o["tasks"] for s in t["strata"])')"
same "no round is written" "$rounds" "$(sql "SELECT count(*) FROM round")"
as lead POST /api/v1/looks -d '{"schemes":"catering,none"}'
same "a scheme that is not in force" "404 no-document" "$status $(member code)"
as lead POST /api/v1/looks -d '{}'
same "of nothing" "400 bad-json" "$status $(member code)"
as inspector-scjg POST /api/v1/looks -d '{"schemes":"*"}'
same "not for inspectors" 403 "$status"

# ---- drawctl ----------------------------------------------------------------------------------------

out=$(ctl_as clerk-scjg scheme check "$schemes/food-and-drugs.conf" 2>&1) && has "scheme check" catering "$out" || bad "scheme check: $out"
sed 's/"5%"/"5 %"/' "$schemes/food-and-drugs.conf" >"$TEST_DIR/wrong.conf"
out=$(ctl_as clerk-scjg scheme check "$TEST_DIR/wrong.conf" 2>&1) && bad "a wrong file is taken" || has "names file and line" "wrong.conf:$(grep -n '"5 %"' "$TEST_DIR/wrong.conf" | cut -d: -f1)" "$out"
out=$(ctl_as clerk-scjg scheme list 2>&1) && has "scheme list" food-making "$out" || bad "scheme list: $out"
out=$(ctl_as clerk-scjg scheme preview --source "$schemes/network.conf" --lang zh 2>&1) && has "scheme preview" "户，应抽" "$out" || bad "scheme preview: $out"
out=$(ctl_as lead scheme preview catering --json 2>&1) && has "as JSON" '"register":' "$out" || bad "preview --json: $out"
out=$(ctl_as clerk-scjg scheme print --lang zh 2>&1) && has "scheme print" 差异化监管措施清单 "$out" || bad "scheme print: $out"
has "says what is done with each class" 可约谈负责人 "$out"
out=$(ctl_as clerk-scjg scheme print --format csv --lang zh 2>&1) && has "as CSV" "catering,餐饮服务提供者联合抽查,scjg" "$out" || bad "csv: $out"
out=$(ctl_as lead policy show 2>/dev/null) && same "policy show" "$(cat "$base")" "$out" || bad "policy show: $out"
out=$(ctl_as head-scjg scheme agree --all --reason 审定 2>&1) && ok "scheme agree --all" || bad "scheme agree --all: $out"
finish
