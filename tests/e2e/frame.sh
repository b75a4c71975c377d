#!/bin/bash
# What a freeze reads beside the list of objects: regions by the code in force on its day, labels in force, past
# inspections of the cycle, and whether the departments of the tasks may inspect at all.
. "$(dirname "$0")/lib.sh"
lists=$TEST_DIR/lists
"$B/drawgen" district --entities 3000 --inspectors 120 --out "$lists" || exit 1
start_server
house one
for kind in entities inspectors; do
	check "$kind imported" import $kind "$lists/$kind.csv"
done
# of an object that two columns speak of, and none of its region
code=$(PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/registers.py code)
other=$(sed -n 2p "$lists/entities.csv" | cut -d, -f2)
check 'an object without a region' as lead register put entities 统一社会信用代码="$code" 名称=青禾食品有限公司

# the county got another code after all of that was imported
cat >"$TEST_DIR/regions.csv" <<-END
	区划代码,区划名称,启用日期,停用日期,变更后代码
	330199,旧区,,2026-01-31,330188
	330188,中区,2026-02-01,2026-02-10,330187
	330187,新区,2026-02-11,,
	330177,后来的区,2026-06-01,,
END
check 'a region is renamed twice' import regions "$TEST_DIR/regions.csv"
printf '%s\n' 统一社会信用代码,标签,起始日期,截止日期 "$code,hotel,2026-01-01,2026-12-31" "$code,school,2025-01-01,2026-02-24" \
	"$code,gathering,2026-03-01," "$code,chemicals,," >"$TEST_DIR/labels.csv"
check 'labels' import labels "$TEST_DIR/labels.csv" clerk-scjg
printf '%s\n' 统一社会信用代码,许可证名称,许可证编号,核准日期,有效期至,许可状态 "$code,药品经营许可证,Y1,2025-01-01,2027-12-31,有效" \
	"$code,食品生产许可证,S1,2020-01-01,2026-02-24,有效" "$code,特种设备使用登记证,T1,2025-01-01,,吊销" >"$TEST_DIR/permits.csv"
# who is on a list (名单) bears its label: two open enterprises of class B, one of them removed in time
read -r serious cured <<<"$(awk -F, 'NR > 4 && $6 == "企业" && $8 < "2020" && $9 ~ /^存续|^在业|^开业/ && $20 == "B" && $4 == "" { print $2 }' \
	"$lists/entities.csv" | head -2 | paste -sd' ')"
printf '%s\n' 统一社会信用代码,名单,列入日期,移出日期 "$serious,严重违法失信名单,2025-05-01," "$cured,严重违法失信名单,2024-05-01,2026-02-25" \
	"$cured,经营异常名录,2026-02-26," >"$TEST_DIR/listings.csv"
check 'lists of the seriously dishonest and of abnormal operation' import listings "$TEST_DIR/listings.csv" clerk-scjg
check 'permits' import permits "$TEST_DIR/permits.csv" clerk-scjg
printf '%s\n' 统一社会信用代码,检查日期,部门,检查事项,有因检查 "$code,2026-01-15,市场监督管理局,食品销售监督检查,否" \
	"$code,2026-02-02,市场监督管理局,计量器具监督检查、scjg-price,否" "$code,2026-02-03,市场监督管理局,特种设备使用安全检查,是" \
	"$code,2025-12-31,市场监督管理局,scjg-lifts,否" "$code,2026-02-04,教育局,,否" "$code,2026-02-05,市场监督管理局,没有的事项,否" \
	>"$TEST_DIR/checks.csv"
check 'past inspections' import checks "$TEST_DIR/checks.csv" clerk-scjg
printf '%s\n' 统一社会信用代码,检查日期,部门 "$code,2026-02-06,医疗保障局" "$other,2026-02-06,教育局" >"$TEST_DIR/checks.csv"
check 'those of another department' import checks "$TEST_DIR/checks.csv" clerk-jyj

# two objects get new codes, one by the office and one by a clerk; a third is not in use any more
new=91330199MA00000235 old=$(sed -n 3p "$lists/entities.csv" | cut -d, -f2) idle=$(sed -n 4p "$lists/entities.csv" | cut -d, -f2)
check 'a new code is listed' as lead register put entities 统一社会信用代码=$new 名称=换了代码的便利店
printf '%s\n' 统一社会信用代码,标签 "$old,school" >"$TEST_DIR/labels.csv"
check 'the old one has a label' import labels "$TEST_DIR/labels.csv"
printf '%s\n' 统一社会信用代码,检查日期,部门,检查事项 "$old,2026-01-20,市场监督管理局,食品销售监督检查" >"$TEST_DIR/checks.csv"
check 'and was inspected' import checks "$TEST_DIR/checks.csv"
printf '%s\n' 变更前代码,变更后代码,变更类型,变更日期 "$old,$new,更码,2026-02-01" >"$TEST_DIR/recode.csv"
check 'recoded by the office' import successions "$TEST_DIR/recode.csv"
check 'a clerk says so too' import successions "$TEST_DIR/recode.csv" clerk-jyj
same 'who is told that the old code stays listed by his word alone' old-code-listed \
	"$(sql -c 'SELECT code FROM drawd.import_error WHERE batch = (SELECT max(id) FROM drawd.import_batch)')"
check 'one is not in use any more' as lead register put entities 统一社会信用代码="$idle" 名称=停用的店 是否有效=否
check 'a label that nobody asks for' as clerk-scjg register put labels 统一社会信用代码="$new" 标签=hotle
same 'is told' unknown-label "$(sql -c 'SELECT code FROM drawd.import_error WHERE batch = (SELECT max(id) FROM drawd.import_batch)')"

# one person with two numbers: of one certificate, and of one citizen ID under another
cert=$(sed -n 2p "$lists/inspectors.csv" | cut -d, -f9)
first=$(sql -c "SELECT inspector FROM drawd.inspector_number WHERE certificate_no = '$cert'")
printf '%s\n' 姓名,部门,执法证编号,执法证有效期至,身份证号 "陌守正,教育局,$cert,2028-03-22,11010519491231002X" \
	'陌守正,教育局,澜C0282469999,2028-03-22,11010519491231002X' >"$TEST_DIR/again.csv"
check 'inspectors of another department' import inspectors "$TEST_DIR/again.csv" clerk-jyj
again=$(sql -c "SELECT string_agg(inspector, ' ' ORDER BY inspector) FROM drawd.inspectors_current WHERE name = '陌守正' AND department = 'jyj'")
same 'the same certificate is told' other-number "$(sql -c 'SELECT code FROM drawd.import_error WHERE batch = (SELECT max(id) FROM drawd.import_batch)')"
printf '%s\n' 执法证编号,单位,统一社会信用代码,回避事由,起始日期 "$cert,市场监督管理局,$other,曾在该单位任职,2024-01-01" >"$TEST_DIR/recusals.csv"
check 'a recusal of the first number' import recusals "$TEST_DIR/recusals.csv" clerk-scjg

# a policy that names an old code is warned of
sed '/^	scjg: {/s/};/regions = ["330198", "330199"]; };/' etc/policy/district.conf >"$TEST_DIR/old.conf"
ctl round new "$TEST_DIR/old.conf" --demo --delta 0 --pulses "dice:1:$T" --reason e2e --json >"$TEST_DIR/warned" 2>&1
check 'a policy that names the old code is warned of' grep -q 'department.scjg 330199 → 330187' "$TEST_DIR/warned"
round=$(sql -c "SELECT max(id) FROM drawd.round")
agree "$round" policy >/dev/null || not_ok 'a round'
for d in $(sql -c "SELECT departments FROM drawd.round WHERE id = '$round'" | tr , ' '); do
	as "head-$d" round approve "$round" >"$TEST_DIR/said" 2>&1 || not_ok "approved by $d"
done
ctl round freeze "$round" --reason e2e >"$TEST_DIR/refused" 2>&1 && not_ok 'a freeze that would miss objects is moved'
check 'and is not frozen' grep 'department.scjg 330199 → 330187' "$TEST_DIR/refused"

# the register of authorities lacks one department, and of another what it had is over
{
	echo 部门,主体名称,主体类别,执法依据,截止日期
	for d in scjg wsjk xfjy gaj yjgl zjj sthj jtys rsj swj ybj; do
		echo "$d,$d 机关,法定行政机关,《示范条例》第三条,"
	done
	echo 'jyj,教育局,法定行政机关,《示范条例》第三条,2026-02-24'
} >"$TEST_DIR/authorities.csv"
check 'authorities' import authorities "$TEST_DIR/authorities.csv"
round=$(ctl round new etc/policy/district.conf --demo --delta 0 --pulses "dice:1:$T" --reason e2e) &&
	agree "$round" policy >/dev/null || not_ok 'a round'
for d in $(sql -c "SELECT departments FROM drawd.round WHERE id = '$round'" | tr , ' '); do
	as "head-$d" round approve "$round" >"$TEST_DIR/said" 2>&1 || not_ok "approved by $d"
done
freeze() { ctl round freeze "$round" --reason e2e && agree "$round" freeze; }
freeze >"$TEST_DIR/refused" 2>&1 && not_ok 'frozen though a department may not inspect'
check 'a department whose authority is over: refused, with task and department' grep 'school: jyj .*(authorities)' "$TEST_DIR/refused"
sed -i '/^jyj/s/,2026-02-24/,2026-02-25/' "$TEST_DIR/authorities.csv"
check 'authorities once more' import authorities "$TEST_DIR/authorities.csv"
sql -c "UPDATE drawd.department SET name = '学校安全工作联席会议' WHERE id = 'jyj'"
freeze >"$TEST_DIR/refused" 2>&1 && not_ok 'frozen with a joint conference that inspects'
check 'a joint conference: refused, whatever the register says' grep 'school: jyj 学校安全工作联席会议' "$TEST_DIR/refused"
sql -c "UPDATE drawd.department SET name = '教育局' WHERE id = 'jyj'"
# a model is in force, and no run has seen the lists: the freeze computes the classes of its day first
{ ctl model put etc/policy/risk.conf && ctl model agree --reason e2e && as lead2 motion second --kind document --yes; } >"$TEST_DIR/said" 2>&1 ||
	not_ok 'a model'
for _ in $(seq 100); do [ "$(sql -c 'SELECT count(*) FROM drawd.class_run')" != 0 ] && break; sleep 0.1; done
sql -c 'TRUNCATE drawd.class_run, drawd.class_batch, drawd.class_said, drawd.class_due CASCADE' 2>"$TEST_DIR/said"
check 'frozen' freeze
same 'with the classes of its day, which it computed' 'freeze t f' "$(sql -F ' ' -c "SELECT j.kind, r.entities > 2900, drawd.classes_behind(r.day)
	FROM drawd.class_run r JOIN drawd.job j ON j.id = r.job ORDER BY r.id LIMIT 1")"

artefact() {
	sql -c "SELECT string_agg(convert_from(c.data, 'UTF8'), '' ORDER BY c.part) FROM drawd.round_artefact r
		JOIN drawd.artefact a USING (sha256) JOIN drawd.artefact_chunk c USING (part_set) WHERE r.name = '$1'"
}
artefact frame >"$TEST_DIR/frame"
of() { awk -F '\t' -v o="$1" -v c="$2" '$1 == o { print $c }' "$TEST_DIR/frame"; } # OBJECT COLUMN
same 'all objects are in the frame' 3002 "$(awk -F '\t' 'NR > 3 && NF > 11' "$TEST_DIR/frame" | wc -l)"
same 'in order' 0 "$(awk -F '\t' 'NR > 3 && NF > 11 { print $1 }' "$TEST_DIR/frame" | LC_ALL=C sort -c >/dev/null 2>&1; echo $?)"
same 'every region by the code in force, also of streets, and where only the code of the entity tells it' 330187 \
	"$(awk -F '\t' 'NR > 3 && NF > 11 { print $5 }' "$TEST_DIR/frame" | sort -u | tr '\n' ' ' | sed 's/ $//')"
same 'those of inspectors too, once each' '*,330187' "$(artefact pool | awk -F '\t' 'NR > 3 && NF > 6 { print $3 }' | sort -u | paste -sd,)"
same 'the facts stay as they were said' t "$(sql -c "SELECT bool_and(region ~ '^330199') FROM drawd.entity_current")"
same 'labels in force on the day, and by a permit that is in force' chemicals,hotel,pharmacy \
	"$(of "$code" 11 | tr , '\n' | grep -vx 'food-.*' | paste -sd,)"
same 'a permit that is over or revoked gives none' '' "$(of "$code" 11 | tr , '\n' | grep -x 'special-equipment')"
same 'inspections of the cycle, of the items of whoever tells them' \
	scjg-food-sale=2026-01-15,scjg-metrology=2026-02-02,scjg-price=2026-02-02 "$(of "$code" 12)"
task_of() { of "$1" "$(sed -n 3p "$TEST_DIR/frame" | tr '\t' '\n' | grep -nx "task:$2" | cut -d: -f1)"; } # OBJECT TASK
same 'on the list of the seriously dishonest: drawn as such' serious/D2 "$(of "$serious" 11 | tr , '\n' | grep -x 'serious\|abnormal')/$(task_of "$serious" labour)"
same 'removed, and not yet on another: as all of its class' /B "$(of "$cured" 11 | tr , '\n' | grep -x 'serious\|abnormal')/$(task_of "$cured" labour)"
same 'the old code is out, beside the new one' moved "$(of "$old" 7)"
same 'which has its label, inspection and class' "food-sale,retail,school|scjg-food-sale=2026-01-20|B" \
	"$(of $new 11 | sed 's/hotle,//')|$(of $new 12)|$(of $new 9)"
same 'what is not in use is out' moved "$(of "$idle" 7)"
artefact recusals >"$TEST_DIR/recused"
same 'the recusal holds for all numbers of the person' "$(printf '%s\n' $again $first | LC_ALL=C sort | paste -sd' ')" \
	"$(awk -F '\t' -v o="$other" '$2 == o { print $1 }' "$TEST_DIR/recused" | LC_ALL=C sort -u | paste -sd' ')"
same 'without an item, of all of the department' "$(sed -n 's/^	\(jyj-[a-z-]*\):$/\1=2026-02-06/p' etc/policy/district.conf | LC_ALL=C sort | paste -sd,)" \
	"$(of "$other" 12 | tr , '\n' | grep -v '^\*' | paste -sd,)"
column=$(sed -n 3p "$TEST_DIR/frame" | tr '\t' '\n' | grep -nx 'task:price' | cut -d: -f1)
same 'who was inspected is kept out' checked "$(of "$code" "${column:-0}")"
finish
