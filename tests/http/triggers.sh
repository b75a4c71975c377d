#!/bin/bash
# Triggers, through the API and drawctl: complaints come in, an entity is warned, then in focus, in the frame with its
# label, and out again by day or by a decision; letters made once, sent, answered; who is told; buffers; repeats.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
{ web_conf "$sockets"; import_conf; } >>"$state/drawd.conf"
start_web
start_worker
cd "$TEST_DIR" || exit 1

ago() { TZ=Asia/Shanghai date -d "$1 days ago" +%F; }
today=$(ago 0)
code=(91330199MA00000018 91330199MA00000026 91330199MA00000034 91330199MA00000042 91330199MA00000050)
mapfile -t code < <(python3 - <<'PY'
A = "0123456789ABCDEFGHJKLMNPQRTUWXY"
W = [pow(3, i, 31) for i in range(17)]
def org(b):
    s = sum(("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(c)) * w for c, w in zip(b, [3, 7, 9, 10, 5, 8, 4, 2]))
    return "0123456789X0"[11 - s % 11]
for i in range(6):
    b = "MA%06d" % (i + 1)
    c = "91330199" + b + org(b)
    print(c + A[(31 - sum(A.index(x) * w for x, w in zip(c, W)) % 31) % 31])
PY
)
goods() { # KIND FILE WHO SOURCE: a file that counts
	said=$(ctl_as "$3" import "$1" "$2" --yes --source "$4" 2>&1 </dev/null) || bad "import $1: $said"
}
settled() { # every run that was asked for is over
	for _ in $(seq 400); do
		[ "$(sql "SELECT count(*) FROM job WHERE kind = 'classify' AND state IN ('queued', 'running')")" = 0 ] && return
		sleep 0.05
	done
	bad 'the runs do not end'
}
run() { # a run of today, or of the day that is N days ahead
	sql "INSERT INTO job (kind, args) VALUES ('classify', jsonb_build_object('scope', 'changed', 'day', '$(ago -"${1:-0}")'))"
	settled
}
rows() { # WHO PATH EXPRESSION of a row r, one line each
	as "$1" GET "$2"
	printf '%s' "$body" | python3 -c 'import json, sys
o = json.load(sys.stdin)
for r in next((v for v in o.values() if isinstance(v, list)), []):
    print(eval(sys.argv[1]))' "$3"
}
complaints() { # the days ago of those of an entity: FILE CODE N DAY...
	local file=$1 entity=$2 i=0
	shift 2
	echo '统一社会信用代码,事件类型,发生日期,认定机关,文书号' >"$file"
	for d in "$@"; do echo "$entity,投诉举报,$(ago "$d"),12315,$entity-$((i++))" >>"$file"; done
}
frame() { # what a frame of a day has as labels of an entity
	sql "SELECT coalesce(string_agg(labels, ' '), '') FROM focus_on('$(ago -"${2:-0}")') WHERE entity = '$1'"
}

{
	echo '统一社会信用代码,名称,主体类型,成立日期,登记状态,标签'
	for i in 0 1 2 3 4; do echo "${code[i]},第${i}公司,企业,2010-01-01,存续,$([ "$i" = 1 ] && echo focus)"; done
} >entities.csv
goods entities entities.csv clerk-scjg list
ctl_as lead model put "$TOP/etc/policy/risk.conf" >/dev/null 2>&1 || bad 'model put'
sed 's/{name}：近期涉及/{firm}：近期涉及/' "$TOP/etc/policy/risk.conf" >wrong.conf
said=$(ctl_as lead model check wrong.conf --lang en 2>&1)
has 'a letter with a word that nobody knows is refused, with its line' "wrong.conf:$(grep -n '{firm}' wrong.conf | head -1 | cut -d: -f1)" "$said"
has 'and the word' '{firm}' "$said"
motion=$(ctl_as lead model agree --reason 首版 2>/dev/null) || bad 'model agree'
second lead2 "$motion"
settled
same 'nobody is in focus' '' "$(rows lead /api/v1/focus 'r["id"]')"

# two complaints: on the early-warning list, with a reminder and no label; three: in focus
complaints two.csv "${code[0]}" 3 5
goods events two.csv clerk-scjg two
settled
same 'two complaints: a reminder' "${code[0]} early holds  complaints 2 2" \
	"$(rows lead /api/v1/focus '" ".join((r["entity"], r["kind"], r["state"], r["label"], r["trigger"], r["value"], r["at"]))')"
same 'no label' '' "$(frame "${code[0]}")"
complaints three.csv "${code[0]}" 1
sed -i 's/-0$/-9/' three.csv
goods events three.csv clerk-scjg three
settled
focus=$(sql "SELECT id FROM focus WHERE kind = 'focus'")
same 'a third one: in focus' "focus holds focus $today $(ago -90)" \
	"$(rows lead '/api/v1/focus?kind=focus' '" ".join((r["kind"], r["state"], r["label"], r["from"], r["until"]))')"
same 'its label is in the frame' focus "$(frame "${code[0]}")"
same 'of nobody else' 1 "$(sql "SELECT count(*) FROM focus_on('$today')")"
# a scheme for whom has the label: the one in focus, and the one that a list gave it
ctl_as lead policy put "$TOP/etc/policy/district.conf" >/dev/null 2>&1 || bad 'policy put'
motion=$(ctl_as lead policy agree --reason 首版 2>/dev/null) || bad 'policy agree'
second lead2 "$motion"
python3 - >scheme.conf <<'PY'
print("""scheme: { watched: { name = "重点监管对象检查"; lead = "scjg"; items = ["scjg-price"]; category = "daily"; level = "county"; class = "worst";
draws = 1; frequency = 1; minimum = "0%"; kinds = "*"; labels = ["focus"]; industries = "*"; regions = "*"; officers = 2; safety = false;
ratio: { A = "1%"; B = "2%"; C = "5%"; D = "10%"; }; mode: { A = "network"; B = "network"; C = "paper"; D = "paper"; }; }; };""")
PY
watched() { ctl_as lead scheme preview --source scheme.conf --lang en 2>&1 | sed -n 's/^watched .*: \([0-9]*\) objects.*/\1/p'; }
same 'a frame has them' 2 "$(watched)"
as lead GET "/api/v1/focus/$focus"
same 'the facts that count, the newest first' "$(ago 1) $(ago 3) $(ago 5)" \
	"$(printf '%s' "$body" | python3 -c 'import json, sys; print(" ".join(f["date"] for f in json.load(sys.stdin)["facts"]))')"
has 'with register and row' '"row": 2' "$body"
same 'reading is noted' t "$(sql "SELECT count(*) > 0 FROM audit WHERE act = 'read' AND object_kind = 'focus' AND object = '$focus'")"
has 'drawctl focus show' "$(ago 5)" "$(ctl_as lead focus show "$focus" 2>&1)"
run
same 'another run makes nothing twice' '2 2' "$(sql "SELECT (SELECT count(*) FROM focus) || ' ' || (SELECT count(*) FROM letter)")"

# letters: made once, with what stands in them filled in
same 'a reminder and a warning' "reminder 提醒函〔${today%%-*}〕1号 made,warning 预警函〔${today%%-*}〕1号 made" \
	"$(rows lead '/api/v1/letters?sort=id' '" ".join((r["kind"], r["number"], r["state"]))' | paste -sd,)"
letter=$(sql "SELECT id FROM letter WHERE kind = 'warning'")
said=$(ctl_as clerk-scjg letter show "$letter" 2>&1)
has 'its number' "预警函〔${today%%-*}〕1号" "$said"
has 'name, value and day are filled in' "第0公司：近期涉及贵单位的投诉举报较多（投诉举报3，触发值3），自${today}起" "$said"
case $said in *'{'*) bad "left unfilled: $said" ;; *) ok 'nothing is left unfilled' ;; esac
as clerk-scjg POST "/api/v1/letters/$letter/answered" -d '{"answer":"已整改"}'
same 'no answer before it was sent' '409 letter-unsent' "$status $(member code)"
as clerk-scjg POST "/api/v1/letters/$letter/sent" -d "{\"way\":\"post\",\"receipt\":\"EMS 1\",\"day\":\"$(ago -1)\"}"
same 'not tomorrow' '400 day-range' "$status $(member code)"
as auditor POST "/api/v1/letters/$letter/sent" -d '{"way":"post","receipt":"EMS 1"}'
same 'the auditor sends none' 403 "$status"
said=$(ctl_as clerk-scjg letter sent "$letter" --way post --receipt 'EMS 1' 2>&1) || bad "letter sent: $said"
as clerk-scjg POST "/api/v1/letters/$letter/sent" -d '{"way":"hand","receipt":"x"}'
same 'once' '409 letter-sent' "$status $(member code)"
said=$(ctl_as clerk-scjg letter answered "$letter" --answer 已整改 2>&1) || bad "letter answered: $said"
same 'sent and answered' "answered post EMS 1" "$(rows lead "/api/v1/letters?id=$letter" '" ".join((r["state"], r["way"], r["receipt"]))')"
has 'it is in the audit log' 'sent_on' "$(sql "SELECT detail FROM audit WHERE object_kind = 'letter' AND act = 'changed' ORDER BY id LIMIT 1")"

# who is told: as classes
same 'the department whose list it is in' 2 "$(rows clerk-scjg /api/v1/focus 1 | wc -l)"
same 'another department: nothing' '' "$(rows clerk-jyj /api/v1/focus 1)$(rows clerk-jyj /api/v1/letters 1)"
for path in "focus/$focus" "letters/$letter"; do
	as clerk-jyj GET "/api/v1/$path"
	same "nor $path" '404 not-found' "$status $(member code)"
done
as clerk-jyj POST "/api/v1/letters/$letter/answered" -d '{"answer":"x"}'
same 'nor does it answer' 404 "$status"
same 'nor has it figures' 0 "$(as clerk-jyj GET /api/v1/focus/summary; printf '%s' "$body" | python3 -c 'import json, sys; print(len(json.load(sys.stdin)["triggers"]))')"
for who in inspector-scjg oversight custodian admin; do
	as "$who" GET /api/v1/focus
	same "$who is told none" 403 "$status"
done
call GET /api/v1/focus
same 'the public is told none' 401 "$status"

# a decision with a reason ends it, and the same facts do not begin it again; another one does
as head-scjg POST "/api/v1/focus/$focus/end" -d '{"reason":"x"}'
same 'the coordinator ends it' 403 "$status"
said=$(ctl_as lead focus end "$focus" --reason 核查不属实 2>&1) || bad "focus end: $said"
same 'its label is gone' ' 1' "$(frame "${code[0]}") $(watched)"
as lead POST "/api/v1/focus/$focus/end" -d '{"reason":"x"}'
same 'once' '409 focus-over' "$status $(member code)"
has 'with the reason in the audit log' 核查不属实 "$(sql "SELECT reason FROM audit WHERE object_kind = 'focus' AND act = 'changed'")"
run
same 'the same facts do not begin it again' '' "$(frame "${code[0]}")"
complaints four.csv "${code[0]}" 0
sed -i 's/-0$/-8/' four.csv
goods events four.csv clerk-scjg four
settled
same 'a further one does' focus "$(frame "${code[0]}")"
same 'under a number of its own, with a letter of its own' "$((focus + 1)) 3" "$(sql "SELECT max(id) || ' ' || (SELECT count(*) FROM letter) FROM focus")"

# while it holds it goes on; when it does not any more, its days run, and it is over by day
run 40
same 'it holds: the end is put off' "t $(ago -130)" "$(sql "SELECT holds || ' ' || until FROM focus ORDER BY id DESC LIMIT 1" | sed 's/true/t/')"
run 200
same 'it has faded: its days run' "f $(ago -130)" "$(sql "SELECT holds || ' ' || until FROM focus ORDER BY id DESC LIMIT 1" | sed 's/false/f/')"
same 'on its last day' focus "$(frame "${code[0]}" 130)"
same 'and not on the next' '' "$(frame "${code[0]}" 131)"

# an entity that has the label by a list keeps it
same 'a label of a list stays' focus "$(sql "SELECT labels FROM entity_current WHERE object = '${code[1]}'")"

# another model: all entities are looked at. A trigger of a field is told to whom has an item of that field, and one
# that is gone holds nothing
sed 's/^trigger:$/&/; s/^\tcomplaints:$/\tfood: { name = "食品生产处罚"; indicator = "food-making-penalty"; at = 1; label = "focus"; days = 30; basis = "《食品安全法》第一百一十三条"; };\n\tmany:/' \
	"$TOP/etc/policy/risk.conf" >second.conf
echo "统一社会信用代码,事件类型,监管领域,发生日期,认定机关,文书号
${code[2]},行政处罚,food-making,$today,12315,${code[2]}-f" >food.csv
goods events food.csv clerk-scjg food
settled
ctl_as lead model put second.conf >/dev/null 2>&1 || bad 'model put'
motion=$(ctl_as lead model agree --reason 次版 2>/dev/null) || bad 'model agree'
sql "UPDATE class_run SET day = '$today' WHERE day > '$today'; UPDATE focus SET holds = true, until = '$(ago -90)' WHERE id = $((focus + 1))"
second lead2 "$motion"
settled
same 'a trigger that is gone does not hold' runs "$(rows lead "/api/v1/focus?id=$((focus + 1))" 'r["state"]')"
same 'what it asked for is found anew under its new name' "many,food" "$(rows lead '/api/v1/focus?state=holds&kind=focus&sort=entity' 'r["trigger"]' | paste -sd,)"
same 'two triggers, one label' focus "$(frame "${code[0]}")"
food=$(sql "SELECT id FROM focus WHERE trigger = 'food'")
as clerk-jyj GET "/api/v1/focus/$food"
same 'a field without an item' 404 "$status"
echo '部门,抽查类别,抽查事项,检查依据,抽查领域
jyj,食品,学校食品检查,《示范条例》第六条,food-making' >items.csv
goods items items.csv clerk-jyj items
as clerk-jyj GET "/api/v1/focus/$food"
same 'with one: it is told' '200 1' "$status $(rows clerk-jyj /api/v1/focus 1 | wc -l)"
same 'and the list department without an item of it is not' 404 "$(as clerk-scjg GET "/api/v1/focus/$food"; echo "$status")"

# a list that is undone takes its facts away
batch=$(sql "SELECT max(id) FROM import_batch WHERE kind = 'events'")
as clerk-scjg POST "/api/v1/imports/$batch/undo" -d '{"reason":"误报"}'
settled
same 'it does not hold any more' runs "$(rows lead "/api/v1/focus?id=$food" 'r["state"]')"

# buffers: time to cure, counted, and no exclusion
said=$(ctl_as clerk-scjg buffer new "${code[2]}" --matter 年报未公示 --basis 《企业信息公示暂行条例》 --until "$(ago -30)" 2>&1) || bad "buffer new: $said"
buffer=$(sql 'SELECT max(id) FROM buffer')
as clerk-scjg POST /api/v1/buffers -d "{\"entity\":\"${code[2]}\",\"matter\":\"年报未公示\",\"basis\":\"b\",\"until\":\"$(ago -30)\"}"
same 'one for a matter' '409 buffer-open' "$status $(member code)"
as clerk-scjg POST /api/v1/buffers -d "{\"entity\":\"${code[2]}\",\"matter\":\"x\",\"basis\":\"b\",\"until\":\"$(ago 1)\"}"
same 'not of yesterday' '400 day-range' "$status $(member code)"
as clerk-scjg POST /api/v1/buffers -d "{\"entity\":\"${code[5]}\",\"matter\":\"x\",\"basis\":\"b\",\"until\":\"$(ago -1)\"}"
same 'of an entity that is there' '404 not-found' "$status $(member code)"
as clerk-jyj GET "/api/v1/buffers/$buffer"
same 'other departments see it not' 404 "$status"
as clerk-jyj POST "/api/v1/buffers/$buffer/end" -d '{"outcome":"cured","reason":"x"}'
same 'nor end it' 404 "$status"
as clerk-scjg POST "/api/v1/buffers/$buffer/end" -d "{\"outcome\":\"extended\",\"reason\":\"x\",\"until\":\"$(ago -30)\"}"
same 'extended behind its end' '400 day-range' "$status $(member code)"
said=$(ctl_as head-scjg buffer end "$buffer" --outcome extended --until "$(ago -60)" --reason 申请延期 2>&1) || bad "buffer end: $said"
as clerk-scjg POST "/api/v1/buffers/$buffer/end" -d '{"outcome":"cured","reason":"x"}'
same 'what was extended is over' '409 buffer-over' "$status $(member code)"
said=$(ctl_as clerk-scjg buffer end "$(sql 'SELECT max(id) FROM buffer')" --outcome cured --reason 已补报 2>&1) || bad "buffer end: $said"
same 'what became of them' "extended,cured" "$(rows lead '/api/v1/buffers?sort=id' 'r["state"]' | paste -sd,)"
as clerk-scjg GET "/api/v1/entities/${code[2]}"
same 'the dossier has the buffers of the department' 'cured,extended' "$(printf '%s' "$body" | python3 -c 'import json, sys
print(",".join(b["state"] for b in json.load(sys.stdin)["buffers"]))')"
has 'drawctl entity show as well' 年报未公示 "$(ctl_as clerk-scjg entity show "${code[2]}" 2>&1)"
as clerk-jyj GET "/api/v1/entities/${code[2]}"
same 'of no other department' 0 "$(printf '%s' "$body" | grep -c 年报未公示)"
has 'drawctl focus summary counts' '给予 1，已改正 1，未改正 0，延长 1' "$(ctl_as lead focus summary 2>&1)"
has 'letters as well' '送达 1，答复 1' "$(ctl_as lead focus summary 2>&1)"

# the dossier tells of focus whom the list tells
dossier_focus() { as "$1" GET "/api/v1/entities/$2"; printf '%s' "$body" | python3 -c 'import json, sys
print(",".join(str(f["id"]) for f in json.load(sys.stdin)["focus"]))'; }
entity=$(sql "SELECT entity FROM focus WHERE id = $food")
same 'the dossier has what is in focus' t "$(case ,$(dossier_focus lead "$entity"), in *,$food,*) echo t ;; esac)"
same 'not for who is not told of that field' '' "$(case ,$(dossier_focus clerk-scjg "$entity"), in *,$food,*) echo told ;; esac)"

# repeats: entered again within the days of the model, and again for a cause
{
	echo '统一社会信用代码,检查日期,部门,检查事项,检查结果,有因检查'
	echo "${code[3]},$(ago 100),scjg,price,未发现问题,否"
	echo "${code[3]},$(ago 50),jyj,price,未发现问题,否"
	echo "${code[3]},$(ago 20),scjg,price,未发现问题,否"
	echo "${code[4]},$(ago 100),scjg,price,未发现问题,否"
	echo "${code[4]},$(ago 40),scjg,price,未发现问题,否"
	echo "${code[4]},$(ago 30),scjg,price,未发现问题,是"
	echo "${code[4]},$(ago 10),scjg,price,未发现问题,是"
	echo "${code[4]},$(ago 5),scjg,price,已注销,是"
} >checks.csv
goods checks checks.csv lead checks
same 'repeats within 60 days' "exempt ${code[4]} 20,repeat ${code[3]} 30,repeat ${code[3]} 50" \
	"$(rows lead /api/v1/repeats '" ".join((r["kind"], r["entity"], str(r["days"])))' | sort | paste -sd,)"
same 'those of one entity' 2 "$(rows lead "/api/v1/repeats?entity=${code[3]}" 1 | wc -l)"
has 'drawctl repeat list' "${code[4]}" "$(ctl_as lead repeat list 2>&1)"
finish
