#!/bin/bash
# Simulations: what a policy and schemes would mean over many seeds; who is told what; the same again; two
# policies side by side; nothing of a round is written.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
{
	web_conf "$sockets"
	printf 'import: { labels = "%s/etc/policy/labels.conf"; departments = ""; };\n' "$TOP"
	printf 'calendar: { file = "%s/etc/calendar/cn.txt"; };\n' "$TOP"
} >>"$state/drawd.conf"
start_web
start_worker
base=$TOP/etc/policy/district.conf
schemes=$TOP/etc/policy/schemes

# send ACCOUNT MEMBERS [NAME FILE]...: a simulation of these members and of files' texts
send() {
	local account=$1 members=$2
	shift 2
	python3 -c '
import json, sys
o = json.loads(sys.argv[1])
for name, file in zip(sys.argv[2::2], sys.argv[3::2]):
    o[name] = open(file, encoding="utf-8").read()
print(json.dumps(o))' "$members" "$@" >"$TEST_DIR/body"
	as "$account" POST /api/v1/simulations -d "@$TEST_DIR/body"
}
# of EXPRESSION: of the JSON in $body, as o
of() { printf '%s' "$body" | python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1"; }
# rows of every table of rounds, of the log and of artefacts
traces() {
	sql "SELECT string_agg(c.relname || '=' || (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM drawd.'
		|| quote_ident(c.relname), false, true, '')))[1]::text, ' ' ORDER BY c.relname)
	  FROM pg_class c WHERE c.relnamespace = 'drawd'::regnamespace AND c.relkind = 'r'
	   AND c.relname ~ '^(round|visit|slot|selection|projection|log_|record|artefact|secret|proposal|motion\$|document\$)'"
}
bring() {
	as lead POST /api/v1/uploads -d "{\"name\":\"e.csv\",\"size\":$(stat -c %s "$2")}"
	local upload
	upload=$(member id)
	as lead PUT "/api/v1/uploads/$upload?offset=0" --data-binary "@$2"
	as lead POST /api/v1/imports -d "{\"upload\":$upload,\"kind\":\"$1\",\"source\":\"s\",\"mode\":\"confirm\"}"
	done_job
}

"$B/drawgen" district --entities 3000 --inspectors 20 --out "$TEST_DIR/lists" >/dev/null || bad "drawgen"
bring entities "$TEST_DIR/lists/entities.csv"
objects=$(sql "SELECT count(*) FROM entity_current")
[ "$objects" -gt 300 ] && ok "a register" || bad "a register of $objects"
before=$(traces)
has "tables of rounds are looked at" "round=0" "$before"

# ---- a policy ---------------------------------------------------------------------------------------

send lead '{"seeds":20}' policy "$base"
same "a policy file" 202 "$status"
job=$(member job)
done_job
same "ends" "done" "$ended"
as admin GET "/api/v1/jobs/$job"
same "its figures are not in the job, which administrators see" "{'simulation': $job}" "$(of 'o["result"]')"
as clerk-scjg GET "/api/v1/simulations/$job"
same "nor are they told to others" "404 not-found" "$status $(member code)"
as lead GET "/api/v1/looks/$job"
same "a simulation is no look" "404 not-found" "$status $(member code)"
as lead GET "/api/v1/simulations/$job"
first=$body
same "seeds and register" "20 $objects" "$(of 'str(o["seeds"]) + " " + str(o["register"])')"
same "somebody is visited" True "$(of 'o["visits"]["mean"] > 0')"
same "the mean lies in the range" True "$(of 'all(v["low"] <= v["mean"] <= v["high"] for v in o.values() if isinstance(v, dict))')"
same "no way of drawing is below the bound" True "$(of 'o["visits"]["bound"] <= o["visits"]["mean"] + (o["visits"]["high"] - o["visits"]["low"])')"
same "tickets of their own are more entries" True "$(of 'o["visits"]["independent"] >= o["visits"]["mean"]')"
same "classes add up to the objects" True "$(of 'abs(sum(p["mean"] for p in o["parts"] if p["kind"] == "class") - o["objects"]["mean"]) < 0.01')"
same "nobody is drawn of whom there is none" True "$(of 'all(p["high"] <= p["population"] for p in o["parts"] if p["kind"] != "department")')"
same "without past outcomes nothing is expected" "None None []" "$(of 'str(o["findings"]) + " " + str(o["rated"]) + " " + str(o["rates"])')"
same "nobody is sent who was not asked for" "False False" "$(of 'str("staff" in o) + " " + str("slots" in o)')"
send lead '{"seeds":20}' policy "$base"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "the same again" "$first" "$body"

# ---- two policies, and those that are none ------------------------------------------------------------

sed 's/D = "100%"/D = "50%"/' "$base" >"$TEST_DIR/other.conf"
send lead '{"seeds":10}' policy "$base" against "$TEST_DIR/other.conf"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "beside another" "done 10 10" "$ended $(of 'str(o["seeds"]) + " " + str(o["against"]["seeds"])')"
same "which draws no more" True "$(of 'o["against"]["objects"]["mean"] <= o["objects"]["mean"]')"
send lead '{}' policy "$base" against "$schemes/network.conf"
same "another that is none" 400 "$status"
has "is named" "against" "$body"
send lead '{"schemes":"*"}' policy "$base"
same "policy or schemes" "400 bad-json" "$status $(member code)"
send lead '{}'
same "of nothing" "400 bad-json" "$status $(member code)"
send lead '{"seeds":0}' policy "$base"
same "no seeds" 400 "$status"
send lead '{"seeds":10001}' policy "$base"
same "too many" 400 "$status"
send inspector-scjg '{}' policy "$base"
same "not for inspectors" 403 "$status"
send clerk-scjg '{"schemes":"none"}'
same "a base that is not in force" "404 no-document" "$status $(member code)"

# ---- schemes, for a department --------------------------------------------------------------------------

python3 -c '
import json, sys
print(json.dumps({"source": open(sys.argv[1], encoding="utf-8").read()}))' "$base" >"$TEST_DIR/body"
as lead POST /api/v1/documents/base -d "@$TEST_DIR/body"
as lead POST /api/v1/documents/base/agree -d '{"documents":{"main":""},"reason":"审定"}'
motion=$(of 'o["motion"]')
second lead2 "$motion"
same "a base in force" "done" "$(member state)"
before=$(traces)
send clerk-scjg '{"seeds":5}' source "$schemes/network.conf"
job=$(member job)
done_job
as clerk-scjg GET "/api/v1/simulations/$job"
same "schemes not yet put" "done 5" "$ended $(of 'o["seeds"]')"
same "no class of a few is told to a department" True "$(of 'o["few"] == (o["visits"] is None) and all(p["population"] >= 20 for p in o["parts"])')"
# a scheme whose scope is a few enterprises: every figure would tell their class
sed 's/labels = [^;]*;/labels = ["nobody"];/' "$schemes/network.conf" >"$TEST_DIR/lone.conf"
send clerk-scjg '{"seeds":5,"staff":true,"backtest":true}' source "$TEST_DIR/lone.conf"
job=$(member job)
done_job
as clerk-scjg GET "/api/v1/simulations/$job"
same "of few nothing is told to a department" "done True True" "$ended $(of 'o["few"]') $(of 'not any(isinstance(v, dict) for v in o.values()) and o["parts"] == [] and "staff" not in o and "backtest" not in o')"
has "which is said" "不足 20 户" "$(ctl_as clerk-scjg simulate --source "$TEST_DIR/lone.conf" --seeds 5 --lang zh 2>&1)"
sed '/^\tprice:/,/^\t};/d' "$schemes/network.conf" >"$TEST_DIR/many.conf"
send clerk-scjg '{"seeds":5}' source "$TEST_DIR/many.conf"
job=$(member job)
done_job
as clerk-scjg GET "/api/v1/simulations/$job"
clerks=$body
send lead '{"seeds":5}' source "$TEST_DIR/many.conf"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "of many, figures go down to steps" True "$(python3 -c '
import json, sys
mine, all = map(json.loads, sys.argv[1:])
print(not mine["few"] and not all["few"] and mine["departments_per_visit"] is None
      and mine["visits"] == {k: int(v // 5 * 5) for k, v in all["visits"].items()})' "$clerks" "$body")"
same "nothing of a round is written" "$before" "$(traces)"

# ---- past outcomes --------------------------------------------------------------------------------------

# ten inspections of entities of class A, four of which found something, and one for a cause
sql "SELECT entity FROM entity_current WHERE class = 'A' AND entity = object ORDER BY entity LIMIT 11" >"$TEST_DIR/classed"
same "entities of class A" 11 "$(wc -l <"$TEST_DIR/classed")"
python3 - "$TEST_DIR" <<'END'
import sys
folder = sys.argv[1]
results = ["发现问题已责令改正"] * 4 + ["未发现问题"] * 5 + ["合格", "发现问题待后续处理"]
with open(f"{folder}/checks.csv", "w", encoding="utf-8") as out:
    out.write("统一社会信用代码,检查日期,检查机关,检查事项,检查结果,有因检查\n")
    for n, (code, result) in enumerate(zip(open(f"{folder}/classed").read().split(), results)):
        out.write(f"{code},2026-01-0{1 + n % 9},澜州市教育局,巡查,{result},{'是' if n == 10 else '否'}\n")
END
bring checks "$TEST_DIR/checks.csv"
same "past inspections" 11 "$(sql 'SELECT count(*) FROM checks_current')"
send lead '{"seeds":5}' policy "$base"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "what they found, those for a cause left out" "[{'class': 'A', 'checks': 10, 'found': 4, 'ppm': 400000}]" "$(of 'o["rates"]')"
same "is expected of visits to class A" True "$(of '0 < o["findings"]["mean"] <= 0.4 * o["visits"]["high"]')"
same "and of no others" True "$(of '0 < o["rated"]["mean"] < o["visits"]["mean"] and abs(o["findings"]["mean"] - 0.4 * o["rated"]["mean"]) < 0.01')"

# ---- inspectors -----------------------------------------------------------------------------------------

# staff EXPRESSION: of the members s of the list of departments
staff() { of "sum($1 for s in o['staff'])"; }
bring inspectors "$TEST_DIR/lists/inspectors.csv"
before=$(traces)
there=$(sql "SELECT count(*) FROM inspector_current WHERE active")
send lead '{"seeds":5,"staff":true}' policy "$base"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "inspectors are drawn" "done $there" "$ended $(staff 's["inspectors"]')"
same "two at least for each visit" True "$(of 'o["slots"]["mean"] >= 2 * o["visits"]["mean"]')"
same "slots are those of the departments" True "$(of 'abs(sum(s["slots"]["mean"] for s in o["staff"]) - o["slots"]["mean"]) < 0.1')"
same "so are the open ones" True "$(of 'abs(sum(s["open"]["mean"] for s in o["staff"]) - o["open"]["mean"]) < 0.1')"
open=$(of 'o["open"]["mean"]') scjg=$(of 'sum(s["inspectors"] for s in o["staff"] if s["department"] == "scjg")')
same "nobody has more than the most" True "$(of 'max(s["busiest"]["high"] for s in o["staff"]) == o["busiest"]["high"]')"
same "who has nothing to do is told" True "$(of 'all(s["idle"]["high"] <= s["inspectors"] for s in o["staff"])')"
send lead '{"seeds":5,"inspectors":"scjg+40","limit":1}' policy "$base"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "another staffing" "done $((there + 40)) $there" "$ended $(staff 's["inspectors"]') $(of 'sum(s["inspectors"] for s in o["against"]["staff"])')"
same "one slot each" "1 True" "$(of 'str(o["busiest"]["high"]) + " " + str(o["open"]["mean"] > 0)')"
same "beside the present one" "$open" "$(of 'o["against"]["open"]["mean"]')"
same "drawn alike" True "$(of 'o["visits"] == o["against"]["visits"]')"
send lead "{\"seeds\":5,\"inspectors\":\"scjg-$((scjg + 1))\"}" policy "$base"
job=$(member job)
done_job
same "more fewer than there are" "failed" "$ended"
as lead GET "/api/v1/jobs/$job"
has "is named" "staffing" "$body"
send lead '{"inspectors":"scjg"}' policy "$base"
same "no number" "400 staffing" "$status $(member code)"
send lead '{"limit":0}' policy "$base"
same "nobody may do nothing" 400 "$status"

# ---- backtest -------------------------------------------------------------------------------------------

send lead '{"seeds":20,"backtest":true,"past_from":"2026-01-02","past_to":"2026-01-31"}' policy "$base"
job=$(member job)
done_job
as lead GET "/api/v1/simulations/$job"
same "the period" "done 2026-01-02 2026-01-31" "$ended $(of 'o["backtest"]["from"] + " " + o["backtest"]["to"]')"
same "past inspections, those for a cause left out" "[('all', 3, 5), ('class', 3, 5)]" \
	"$(of '[(p["kind"], p["found"]["checks"], p["clean"]["checks"]) for p in o["backtest"]["parts"]]')"
same "as if nothing of it had been found yet" "[{'class': 'A', 'checks': 2, 'found': 1, 'ppm': 500000}]" "$(of 'o["rates"]')"
same "of which draws reach some, or none" True "$(of 'all(0 <= s["low"] <= s["mean"] <= s["high"] <= s["checks"] for p in o["backtest"]["parts"] for s in (p["found"], p["clean"]))')"
same "as shares" True "$(of 'all(abs(s["ppm"] - 1000000 * s["mean"] / s["checks"]) <= 1 for p in o["backtest"]["parts"] for s in (p["found"], p["clean"]))')"
same "nothing is outside" "0 0" "$(of 'str(o["backtest"]["outside_found"]) + " " + str(o["backtest"]["outside_clean"])')"
send clerk-jyj '{"seeds":2,"backtest":true,"past_from":"2026-01-08","past_to":"2026-01-08"}' source "$TEST_DIR/many.conf"
job=$(member job)
done_job
as clerk-jyj GET "/api/v1/simulations/$job"
same "classes of few are not told to a department" "['all']" "$(of '[p["kind"] for p in o["backtest"]["parts"]]')"
send lead '{"backtest":true,"past_from":"2026-02-02","past_to":"2026-01-01"}' policy "$base"
job=$(member job)
done_job
same "a period that ends before it begins" failed "$ended"
send lead '{"past_from":"2026-01-02"}' policy "$base"
same "a period without a backtest" "400 bad-json" "$status $(member code)"

# ---- drawctl ------------------------------------------------------------------------------------------

out=$(ctl_as lead simulate --policy "$base" --seeds 10 --json 2>&1) && has "simulate --json" '"seeds":10,' "$out" || bad "simulate: $out"
has "with the bound" '"bound":' "$out"
out=$(ctl_as lead simulate "$base" --seeds 10 --against "$TEST_DIR/other.conf" --lang zh 2>&1) && has "simulate" 入企检查次数 "$out" || bad "simulate: $out"
has "beside another" other.conf "$out"
out=$(ctl_as lead simulate "$base" --seeds 3 --inspectors scjg+2 --workload 9 --lang en 2>&1) && has "simulate --inspectors" "the present staffing:" "$out" || bad "simulate: $out"
has "inspectors of a department" "$((scjg + 2)) inspectors: without a slot" "$out"
out=$(ctl_as lead simulate "$base" --seeds 3 --backtest --past-to 2026-01-31 --lang zh 2>&1) && has "simulate --backtest" "回测 2025-01-31 至 2026-01-31" "$out" || bad "simulate: $out"
has "what is not known" "预计发现问题的检查  -" "$out"
has "shares of past inspections" "全部：发现问题的 " "$out"
sed 's/rounding = "half-up"/rounding = "sideways"/' "$base" >"$TEST_DIR/wrong.conf"
out=$(ctl_as lead simulate "$TEST_DIR/wrong.conf" 2>&1) && bad "a wrong file is taken" || has "names file and line" "wrong.conf:$(grep -n 'sideways' "$TEST_DIR/wrong.conf" | cut -d: -f1)" "$out"
out=$(ctl_as lead simulate 2>&1) && bad "of nothing" || ok "needs a policy"
same "nothing of a round is written" "$before" "$(traces)"
finish
