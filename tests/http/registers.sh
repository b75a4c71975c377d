#!/bin/bash
# Registers at the command line: import with its preview, one row put in, rows and history, templates,
# what is known of an entity, quality, codes.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker
cd "$TEST_DIR" || exit 1

# told WANTED-CODE NAME PART ARGUMENT…: what drawctl says as clerk-scjg holds PART
told() {
	local code=$1 name=$2 part=$3
	shift 3
	said=$(ctl_as "${who:-clerk-scjg}" "$@" 2>&1 </dev/null)
	same "$name: exit code" "$code" "$?"
	has "$name" "$part" "$said"
}
printf '企业名称,统一社会信用代码,成立日期,登记状态,联系电话\n甲公司,91310000x072143273,2019-01-01,存续,13800138000\n乙公司,9151,2019-13-01,存续,\n' >one.csv

told 2 "without a terminal one says what is wanted" --yes import entities one.csv
json=$(ctl_as clerk-scjg import entities one.csv --dry-run --json 2>/dev/null </dev/null)
same "dry run as JSON" "2 1 1 1 [3]" "$(printf '%s' "$json" | python3 -c 'import json, sys
o = json.load(sys.stdin)
e = [x for x in o["errors"] if x["severity"] == "error"]
assert all({"row", "column", "value", "code", "message", "remedy", "message_en", "remedy_en"} <= set(x) for x in o["errors"])
print(o["rows"], o["accepted"], o["repaired"], o["refused"], sorted({x["row"] for x in e}))')"
same "nothing went in" 0 "$(sql 'SELECT count(*) FROM entity_fact')"

printf '企业名称,地址\n甲,某地\n' >lacking.csv
said=$(ctl_as clerk-scjg import entities lacking.csv --yes 2>&1 </dev/null)
same "a needed column that is missing: exit code" 1 "$?"
same "and told once" 1 "$(grep -c '统一社会信用代码' <<<"$said")"
told 0 "the list tells that it failed, and why" "失败" import list
case $said in *只检查*) bad "a dry run crowds the list" ;; *) ok "no dry run in the list" ;; esac
has "with the file's name" "lacking.csv" "$said"

case $said in *括号*) bad "the list speaks of what it does not show: $said" ;; *) ok "the list speaks of nothing it does not show" ;; esac
failed=$(sql "SELECT max(id) FROM import_batch WHERE state = 'failed'")
has "and where more is said" "import show $failed" "$said"
told 1 "of what could not be read no file goes back: it is told why" "缺少必需的列" import file "$failed"

told 0 "a dry run is listed with --all" "（只检查）" import list --all
told 0 "and by its mode" "（只检查）" import list --filter mode=dry-run

told 0 "preview" "新增 1" import entities one.csv --preview
has "with a sample" "甲公司" "$said"
has "and what comes next" "import confirm" "$said"
batch=$(sql 'SELECT max(id) FROM import_batch')
has "with what is wrong" "第 3 行 统一社会信用代码" "$said"
told 0 "errors" "第 3 行" import errors "$batch"
told 0 "repairs as such" "【修复】" import errors "$batch"
told 0 "alike ones together" "第 3 行" import groups "$batch"
told 0 "confirm" "已确认" import confirm "$batch"
told 1 "confirmed twice" "批次" import confirm "$batch"
told 0 "the file that goes back" "已写入" import file "$batch" -o back.xlsx
same "is a workbook" "PK" "$(head -c 2 back.xlsx)"
told 0 "--yes" "已确认" import entities one.csv --yes --source 市监局
told 2 "a whole list names its source" "--source" import entities one.csv --yes --full
last=$(sql 'SELECT max(id) FROM import_batch')
told 2 "what an undoing takes away is told, and asked" "不再计入" import undo "$last" --reason 发错
same "nothing was undone" confirmed "$(sql "SELECT state FROM import_batch WHERE id = $last")"
told 0 "undo" "已撤销" import undo "$last" --reason 发错 --yes
told 0 "who undid it, and why" "理由：发错" import show "$(sql 'SELECT max(id) FROM import_batch')"
has "who had confirmed it" "确认：" "$said"
has "what the undoing did" "已撤销：新增的 " "$said"
who=auditor told 1 "a file that one may not have is no batch that is not there" "无权" import file "$batch" -o other.xlsx
told 0 "again" "待确认" import again "$batch"
told 0 "discard" "已放弃" import discard "$(sql 'SELECT max(id) FROM import_batch')"
who=clerk-jyj told 1 "another department's batch is not there" "没有这条记录" import show "$batch"

# one row by hand, through the same checks
told 0 "a row by hand" "已确认" register put entities 名称=丁公司 统一社会信用代码=91512081MA62K0260E 登记状态=存续
told 1 "a bad one is refused" "退回" register put entities 名称=戊公司 统一社会信用代码=9151
case $said in *第*行*) bad "the row that was typed has a number: $said" ;; *) ok "which has no row's number" ;; esac
told 1 "a needed column that was not typed is told as such" "必填内容为空（名单）" register put 名单 统一社会信用代码=91310000X072143273
told 1 "one of several" "统一社会信用代码 | 注册号 | 检查对象编号" register put entities 名称=戊公司
told 1 "a column that is none" "名录没有这一列（名丹）" register put listings 统一社会信用代码=91310000X072143273 名丹=异常
told 2 "a register that is none" "KIND" import 名单名单 one.csv --yes
told 0 "rows" "91512081MA62K0260E" register rows entities
has "with the facts' names" "名称：丁公司" "$said"
row=$(grep -A1 '91512081MA62K0260E' <<<"$said")
case $row in *主体类型* | *行政区划*) bad "what nobody said is told as said: $row" ;; *) ok "what the code tells is not told as said" ;; esac
same "but the draw has it" "enterprise 512081" "$(sql "SELECT kind || ' ' || region FROM entity_current WHERE object = '91512081MA62K0260E'")"
has "telephones as masks" "联系电话：138" "$said"
case $said in *13800138000*) bad "a telephone in the clear" ;; *) ok "no telephone in the clear" ;; esac
same "nor in the database" 0 "$(sql "SELECT count(*) FROM entity_fact WHERE phone LIKE '%13800138000%'")"
told 0 "before that" "没有" register rows entities --at 2026-01-01
told 0 "rows by a part of the name" "名称：丁公司" register rows entities --search 丁公
case $said in *甲公司*) bad "another name is told: $said" ;; *) ok "and no other" ;; esac
told 0 "letters in either case, of any register with names" "没有" register rows items --search Abc
told 2 "one character is no part of a name" "search" register rows entities --search 丁
told 2 "nor has every register names" "search" register rows checks --search 丁公
told 0 "what was said of a name" "手工录入" register history entities --search 丁公
who=clerk-jyj told 0 "another department finds none by its name" "没有" register rows entities --search 丁公
told 0 "the rows of one import" "甲公司" register rows entities --filter "import=$(sql "SELECT batch FROM entities_current WHERE name = '甲公司'")"
told 0 "history of one" "手工录入" register history entities 91512081MA62K0260E
told 0 "all registers" "部门联合抽查事项清单" register list
told 0 "one register" "名称*" register show entities
has "one of a group" "注册号（*）" "$said"
told 0 "an export" "甲公司" register rows entities --format csv
who=clerk-jyj told 0 "another department sees its own" "没有" register rows entities

# every register has a template that its own reader takes
for r in $(sql 'SELECT name FROM register'); do
	ctl_as lead -q register template "$r" -o "$r.xlsx" >/dev/null 2>&1 || bad "template $r"
done
python3 - *.xlsx <<'PY' && ok "templates: text everywhere, drop-downs, a guide" || bad "templates"
import sys, zipfile
drops = 0
for name in sys.argv[1:]:
    if name == "back.xlsx":
        continue
    book = zipfile.ZipFile(name)
    text = book.read("xl/workbook.xml").decode()
    assert "填写说明" in text, name
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    drops += sheet.count("<dataValidation ")
    assert 'numFmtId="49"' in book.read("xl/styles.xml").decode(), name
assert drops > 10, drops
PY
told 1 "a template without rows is told as such" "" import entities entities.xlsx --dry-run

# what is known of an entity
told 0 "the dossier" "甲公司" entity show 91310000X072143273
has "by source: the department where nobody names another" "$(sql "SELECT name FROM department WHERE id = 'scjg'")" "$said"
told 1 "a name is no code" "统一社会信用代码有误" entity show 张三
told 1 "of an unknown one" "没有这条记录（91330199MA0000009X）" entity show 91330199MA0000009X
who=clerk-jyj told 1 "and of another department's" "没有这条记录" entity show 91310000X072143273
told 0 "the question before an inspection" "没有记录" entity lookup 91310000X072143273
has "on no list" "未列入任何名单" "$said"
told 0 "lower case and full width, as an import takes them" "甲公司" entity lookup ９1310000x072143273
told 1 "a wrong digit is told, not a clean record" "第 18 位应为 3，而不是 4" entity lookup 91310000X072143274
told 1 "a letter no code has" "统一社会信用代码有误" entity lookup 91310000X07214327I
told 1 "a digit too few" "应为 18 位，而不是 17 位" entity lookup 9131000X072143273
told 0 "a right one that is not there" "不在名录中" entity lookup 91330199MA2000027X
printf '变更前代码,变更后代码,变更类型,变更日期\n91310000X072143273,91330199MA2000027X,更码,2026-01-01\n' >recoded.csv
printf '统一社会信用代码,名单,列入日期\n91310000X072143273,严重违法失信名单,2026-01-02\n' >serious.csv
told 0 "a code is changed" "已确认" import successions recoded.csv --yes
told 0 "the old one is on a list" "已确认" import listings serious.csv --yes
told 0 "the new one is told with what it was" "前身：91310000X072143273 更换代码 2026-01-01" entity lookup 91330199MA2000027X
has "and with the list of the old code, by whose word" "名单：严重违法失信名单  2026-01-02 起  来源 $(sql "SELECT name FROM department WHERE id = 'scjg'")  （代码 91310000X072143273）" "$said"
told 0 "the old one is not told of another's" "起  来源 $(sql "SELECT name FROM department WHERE id = 'scjg'")" entity lookup 91310000X072143273
case $said in *（代码*) bad "its own list is told as another's" ;; *) ok "its own list is its own" ;; esac
same "readings are noted" t "$(sql "SELECT count(*) > 0 FROM audit WHERE act = 'read' AND account = 'clerk-scjg' AND object LIKE '%91310000X072143273%'")"

# what a clerk reads: units, words, yes and no; JSON stays as it is
printf '名称*,统一社会信用代码*,经度,纬度,注册资本(元),是否有效,联系电话\n甲公司, 91310000X072143273 ,121.5,31.25,1234567.5,否,13800138000\n' >units.csv
told 0 "a code between blanks is repaired, and that is said" "修复 1" import entities units.csv --dry-run
has "the repair itself, though nothing is refused" "【修复】" "$said"
has "and where all of them are" "import groups" "$said"
case $said in *列\ 名称*) bad "the template's own stars are told" ;; *) ok "the stars of a template are no news" ;; esac
has "degrees" "经度：→121.5°；纬度：→31.25°" "$said"
has "the unit of the sheet" "注册资本：→1234567.5 元" "$said"
has "yes and no" "是否有效：→否" "$said"
printf '名称,统一社会信用代码,注册资本(万元)\n甲公司,91310000X072143273,990\n' >units.csv
told 0 "in 万元" "注册资本：→990 万元" import entities units.csv --dry-run
has "of JSON the integer" 990000000 "$(ctl_as clerk-scjg import show "$(sql 'SELECT max(id) FROM import_batch')" --json)"

# quality
for _ in {1..100}; do
	[ "$(sql 'SELECT count(*) > 0 FROM quality_snapshot')" = t ] && break
	sleep 0.1
done
told 0 "quality" "正确率" quality show
same "each level below its heading, and no line without what it is of" "全部名录 各名录 各部门 各来源 0" "$(
	sed '1,/快照的指标/d' <<<"$said" | grep -v '^ ' | tr '\n' ' ')$(sed -n '/^各名录/,$p' <<<"$said" | grep -cE '^  [^ ]+  [0-9]+/')"
has "the one that a freeze looks at has its name" "冻结所看的正确率" "$said"
has "rows of files of which nothing was taken in are told beside it" "另有 1 行在整份退回的文件中" "$said"
told 0 "its trend" "" quality trend correctness
told 0 "by the word that is shown" "" quality trend 正确率
told 2 "completeness is of a fact" "--fact" quality trend 完整率 --register entities
told 0 "by its name" "%" quality trend 完整率 --register entities --fact 名称
told 1 "a fact that is none" "--fact 名丹" quality trend 完整率 --register entities --fact 名丹
told 2 "one that is none is told with those that are" "duplicate-name" quality trend 对不对
told 0 "the help has them in both languages" "duplicate-name 同名异码" help quality trend
told 0 "edits" "" quality edits

# what only an undone batch had kept is gone with it, and that is said
printf '名称,统一社会信用代码\n甲公司,91310000X072143273\n' >p.csv
printf '名称,统一社会信用代码\n丁公司,91512081MA62K0260E\n' >q.csv
sed 1d q.csv | cat p.csv - >pq.csv
told 0 "a whole list" "已确认" import entities pq.csv --full --source S1 --yes
told 0 "another source has one of them" "已确认" import entities q.csv --source S2 --yes
kept=$(sql 'SELECT max(id) FROM import_batch')
told 0 "and the first lacks it" "缺失 0" import entities p.csv --full --source S1 --yes
told 0 "the other is undone" "随之缺失 1（批次 $((kept + 2))）" import undo "$kept" --yes --reason 误
told 0 "by a batch that says why" "撤销批次 $kept 时产生：批次 $((kept + 1)) 是全部清单" import show $((kept + 2))
has "how many" "缺失 1" "$said"
has "and which" "91512081MA62K0260E" "$said"
told 0 "what had counted at once is looked at when it comes again" "尚未收入" import again "$kept"

# codes, without a daemon
same "codes" "2 91310000X072143273" "$("$B/drawctl" code 91310000x072143273 91512081MA62K0260E |
	awk '/正确/ { n++; if (n == 1) code = $1 } END { print n, code }')"
printf '91512081MA62K0260F\n123\n' | "$B/drawctl" code - >codes
same "a wrong one: exit code" 1 "$?"
has "what is wrong" "校验码不符" "$(cat codes)"
has "and in JSON" '"verdict":"len"' "$("$B/drawctl" code --json 123)"
finish
