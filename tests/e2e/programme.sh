#!/bin/bash
# A year: tasks of the city that the counties inspect, drawn to the end and seen upwards only; then, with the real lists
# of $DRAWD_TEST_DATA, twelve departments and 44 schemes: submitted, reviewed, approved, published, and the first round
# made by the timer, frozen, its ledger adding up to the register.
. "$(dirname "$0")/lib.sh"
start_server

reload() { kill -HUP "$supervisor"; }
# for WANTED QUERY: waits until the database says so
wanted() {
	for _ in $(seq 300); do
		[ "$(sql -c "$2")" = "$1" ] && return
		sleep 0.1
	done
	echo "wanted $1, got $(sql -c "$2")"
	return 1
}
agree_last() { as "${1:-lead2}" motion second "$(sql -c 'SELECT max(id) FROM drawd.motion')" --yes; }
documents() { # KIND FILE
	ctl "$1" put "$2" && ctl "$1" agree --all --reason e2e && agree_last
}
base() { ctl policy put "$1" && ctl policy agree main --reason e2e && agree_last; }
opened() { ctl programme open 2026 --name 2026年度抽查工作计划 --until 2026-03-31; }
# Everybody's review and approval, then two persons.
approved() {
	local d
	ctl programme close 2026 && ctl programme check 2026 || return 1
	for d in $(sql -c 'SELECT d FROM drawd.programme p, drawd.programme_departments(p) d'); do
		as "clerk-$d" programme review 2026 --opinion 合法 && as "head-$d" programme approve 2026 || return 1
	done
	ctl programme propose 2026 --reason 报批 && agree_last
}
made() { reload && wanted 1 'SELECT count(*) FROM drawd.round' && round=$(sql -c 'SELECT id FROM drawd.round'); }
approve_round() {
	local d
	for d in $(sql -c 'SELECT departments FROM drawd.round' | tr , ' '); do
		as "head-$d" round approve "$round" || return 1
	done
}
artefact() {
	sql -c "SELECT string_agg(convert_from(c.data, 'UTF8'), '' ORDER BY c.part) FROM drawd.round_artefact r
		JOIN drawd.artefact a USING (sha256) JOIN drawd.artefact_chunk c USING (part_set) WHERE r.name = '$1'"
}
frozen() { ctl round freeze "$round" --reason e2e "$@" && agree "$round" freeze; }

# ---- the city draws, the counties inspect -----------------------------------------------------------------

counties() {
	python3 -c '
import sys
below = "".join("\tscjg-%s: { name = \"%s市场监督管理局\"; level = \"county\"; region = \"3301%s\"; system = \"scjg\"; };\n" % (c, n, c)
	for c, n in (("10", "甲县"), ("99", "乙县")))
people = "".join("\t%s-scjg-%s: { name = \"某%s\"; person = \"3%s%s\"; department = \"scjg-%s\"; roles = [\"%s\"]; };\n"
	% (role, c, c, m, c, c, role) for c in ("10", "99") for m, role in enumerate(("head", "clerk")))
text = sys.stdin.read().replace("level = \"county\"", "level = \"city\"", 1).replace("region = \"330199\"", "region = \"330100\"", 1)
text = text.replace("departments:\n{\n", "departments:\n{\n" + below).replace("accounts:\n{\n", "accounts:\n{\n" + people)
sys.stdout.write(text)' <etc/policy/people.conf
}
counties >"$TEST_DIR/counties.conf"
people=$TEST_DIR/counties.conf house counties
printf 'programme: {\n\tlead_days = 8;\n};\n' >>"$house/drawd.conf"
"$B/drawgen" district --entities 600 --inspectors 60 --out "$TEST_DIR/lists" >/dev/null || exit 1
# half of the objects and of scjg's inspectors are of the one county, half of the other
python3 - "$TEST_DIR/lists" <<'END'
import csv, sys
def change(name, edit):
    with open(f"{sys.argv[1]}/{name}.csv", encoding="utf-8-sig", newline="") as f:
        rows = list(csv.reader(f))
    for i, row in enumerate(rows[1:]):
        edit(rows[0], i, row)
    with open(f"{sys.argv[1]}/{name}.csv", "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows)
def entity(head, i, row):
    n = head.index("行政区划")
    row[n] = "330110" if i % 2 else "330199"
def inspector(head, i, row):
    n = next(k for k, h in enumerate(head) if h in ("部门", "单位"))
    if "市场监督" in row[n] or row[n] == "scjg":
        row[n] = "scjg-10" if i % 2 else "scjg-99"
    for k, h in enumerate(head):
        if "区" in h and "划" in h or h in ("片区", "地区", "区域"):
            row[k] = ""
        if "事项" in h: # as the city publishes it; the counties' copies follow from it
            row[k] = "scjg-price"
change("entities", entity)
change("inspectors", inspector)
END
check 'objects of two counties' import entities "$TEST_DIR/lists/entities.csv"
import inspectors "$TEST_DIR/lists/inspectors.csv" >"$TEST_DIR/said" 2>&1
printf '事项编号,部门,抽查事项,检查依据,生效日期\nscjg-price,scjg,明码标价和价格行为检查,《中华人民共和国价格法》第三十三条,2026-01-01\n' >"$TEST_DIR/items.csv"
check 'a published item' import items "$TEST_DIR/items.csv"
check 'a base' base etc/policy/district.conf
python3 - >"$TEST_DIR/price.conf" <<'END'
text = open("etc/policy/schemes/network.conf", encoding="utf-8").read()
print(text[:text.index("\treport:")].replace('D = "20%"', 'D = "100%"').replace('C = "paper"; D = "paper"', 'C = "onsite"; D = "onsite"') + "};")
END
check 'a scheme' documents scheme "$TEST_DIR/price.conf"
check 'a programme' opened
printf '任务名称,抽查方案,种类,抽查类型,抽查模式,责任处室,抽取日期,检查时间\n价格,price,日常,不定向,市抽县查,价监处,2026-03-05,2026-03-16至2026-04-30\n' >"$TEST_DIR/tasks.csv"
check 'the city submits' as clerk-scjg programme submit 2026 "$TEST_DIR/tasks.csv"
check 'and it is approved' approved
check 'its round is made' made
same 'of the counties' scjg-10,scjg-99 "$(sql -c 'SELECT departments FROM drawd.round')"
check 'whose heads approve' approve_round
check 'the city freezes' frozen --quality-override 名单中有意写错的行尚未补正
drawn() {
	local key signatures=() pulse
	ctl round lock "$round" --reason e2e && agree "$round" lock || return 1
	pulse=$(sql -c 'SELECT split_part(pulses, '"':'"', 3) FROM drawd.round')
	sed -i "s/^\ttime = .*/\ttime = $pulse;/" "$house/drawd.conf"
	reload
	sleep 2
	ctl round beacon-text "$round" --value 3141526535123456123 >"$house/text" || return 1
	for key in "$house"/attesters/*.key; do
		ctl attest "$house/text" --key "$key" >"$key.sig"
		signatures+=(--attestation "$key.sig")
	done
	ctl round beacon "$round" --value 3141526535123456123 "${signatures[@]}" --reason e2e &&
		agree "$round" beacon && ctl round draw "$round"
}
check 'and draws' drawn
same 'every visit is of the county of its object' t "$(sql -c "SELECT count(*) > 0 AND bool_and(v.departments =
	CASE left(e.region, 6) WHEN '330110' THEN 'scjg-10' ELSE 'scjg-99' END)
	FROM drawd.visit v JOIN drawd.entity_current e USING (object)")"
same 'whose people go' t "$(sql -c "SELECT count(*) > 0 AND bool_and(i.department = s.department)
	FROM drawd.slot s JOIN drawd.inspector_current i USING (inspector) WHERE s.inspector <> ''")"
seen() { as "$1" round visits "$round" --json 2>/dev/null | grep -o '"object": *"' | wc -l; }
all=$(sql -c 'SELECT count(*) FROM drawd.visit')
same 'upwards all is seen' "$all" "$(seen head-scjg)"
one=$(seen head-scjg-10) other=$(seen head-scjg-99)
same 'a county sees its own' "$all" "$((one + other))"
same 'and only that' t "$([ "$one" -gt 0 ] && [ "$other" -gt 0 ] && echo t)"
same 'others see nothing' 0 "$(seen head-jyj)"

# the city's item, the copies for their counties
same 'their lists name it as the city does' 'scjg-price scjg-10 scjg-price,scjg-price-330110,scjg-99 scjg-price,scjg-price-330199' \
	"$(sql -c "SELECT string_agg(DISTINCT items, ' ') FROM drawd.inspector_current WHERE department LIKE 'scjg-%'") $(artefact pool |
		awk -F '\t' 'NR > 3 && NF > 6 { print $2, $4 }' | sort -u | paste -sd,)"

# ---- a year of real items ---------------------------------------------------------------------------------

data=${DRAWD_TEST_DATA:-}/data
list=$data/entities_weihai_3710.csv
if [ -z "${DRAWD_TEST_DATA:-}" ] || [ ! -r "$list" ]; then
	echo 'skipped a year of 44 schemes: DRAWD_TEST_DATA is not set'
	finish
fi
sed 's/\bybj\b/nync/g; s/医疗保障局/农业农村局/g; s/医保局/农业局/g' etc/policy/people.conf >"$TEST_DIR/people.conf"
people=$TEST_DIR/people.conf house year
printf 'programme: {\n\tlead_days = 8;\n};\n' >>"$house/drawd.conf"
mkdir "$TEST_DIR/made"
same 'departments, schemes, days' '12 44 6' "$(python3 tests/e2e/programme.py "$data/hainan_random_items_2020.csv" etc/policy/district.conf "$TEST_DIR/made")"
check 'a real register' import entities "$list"
check 'real items' import items "$TEST_DIR/made/items.csv"
check 'a base' base "$TEST_DIR/made/base.conf"
check '44 schemes' documents scheme "$TEST_DIR/made/schemes.conf"
check 'a programme' opened
submitted() {
	local file d
	for file in "$TEST_DIR"/made/tasks-*.csv; do
		d=${file##*tasks-}
		as "clerk-${d%.csv}" programme submit 2026 "$file" || return 1
	done
}
check 'every department submits' submitted
check 'all of them approve' approved
same 'tasks are numbered without gaps' t "$(sql -c "SELECT bool_and(n = most) FROM (SELECT count(*) AS n, max(ordinal) AS most
	FROM drawd.programme_task GROUP BY lead) x")"
check 'it is published' ctl programme publish 2026
same 'tasks for everybody to read' 44 "$(sql -c 'SELECT count(*) FROM drawd.programme_published')"
check 'the first round is made' made
same 'of all tasks of its day' "$(sql -c "SELECT count(*) FROM drawd.programme_draw WHERE draw_on = '2026-03-05'")" \
	"$(sql -c "SELECT count(*) FROM drawd.round, regexp_matches(policy, '(?n)^task\.[^.]+\.name\t', 'g')")"
check 'its departments approve' approve_round
check 'it is frozen' frozen
rows=$(sql -c 'SELECT count(*) FROM drawd.entity_current')
same 'ledger and strata add up to the register' "$rows" "$({ artefact ledger | awk -F '\t' 'NR > 3 && NF { print $1, $3 }'
	artefact strata | awk -F '\t' 'NR > 3 && NF { print $1, $3 }'; } |
	awk '{ n[$1] += $2 } END { for (t in n) print n[t] }' | sort -u | tr '\n' ' ' | sed 's/ $//')"
same 'as the check foresaw' "$(sql -c "SELECT sum((t ->> 'drawn')::int) FROM drawd.programme_check c,
	json_array_elements(c.result -> 'days') d, json_array_elements(d -> 'tasks') t
	WHERE d ->> 'draw_on' = '2026-03-05' AND c.job = (SELECT max(job) FROM drawd.programme_check)")" \
	"$(artefact strata | awk -F '\t' 'NR > 3 { n += $6 } END { print n }')"
finish
