#!/bin/bash
# drawctl against a running web process: usage, people, motions, lists, tokens; every verb and every
# option in help, manual and completion; every route has a verb.
. "$(dirname "$0")/lib.sh"
unset XDG_CONFIG_HOME
export HOME=$TEST_DIR/home
mkdir -p "$TEST_DIR/pg" "$HOME"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web
export DRAWD_SOCKET=$api DRAWD_PROFILES=$profiles
ctl() { "$B/drawctl" "$@"; }
# ends NAME CODE ARGUMENT...: stdout in $out, stderr in $err
ends() {
	local name=$1 code=$2
	shift 2
	out=$(ctl "$@" 2>"$TEST_DIR/err" </dev/null)
	same "$name" "$code" "$?"
	err=$(cat "$TEST_DIR/err")
}
# of EXPRESSION: of the JSON in $out, `o`
of() { python3 -c 'import json, sys; o = json.load(sys.stdin); print(eval(sys.argv[1]))' "$1" <<<"$out"; }

# ---- usage --------------------------------------------------------------------------------------
ends "health" 0 health
ends "no verb" 2
has "is told the words there are" "round proposal artefact" "$err"
same "on a short page" True "$([ "$(wc -l <<<"$err")" -le 15 ] && echo True)"
missing=
for noun in $(ctl verbs | sed 's/[ 	].*//' | sort -u); do grep -qw -e "$noun" <<<"$err" || missing="$missing $noun"; done
same "with every first word" "" "$missing"
has "and where the rest is" "drawctl help" "$err"
ends "unknown verb" 2 fly
has "is named" "没有这个命令（fly）" "$err"
ends "a typo" 2 whaomi
has "the verb that was meant" "drawctl whoami" "$err"
ends "a typo in the second word" 2 round freze 2026-0001
has "the verb that was meant" "drawctl round freeze ROUND --reason TEXT" "$err"
ends "half a verb" 2 round
has "lists the verbs" "round beacon-text ROUND" "$err"
ends "half a word" 2 rou
has "lists those too" "round beacon-text ROUND" "$err"
ends "help of one word" 0 help motion
has "is about its verbs" "motion second" "$out"
ends "help of what is none" 2 help fly
ends "an argument of some words" 2 role give a king
has "which it names" "ROLE \"king\": administrator,coordinator" "$err"
ends "unknown option" 2 health --fly
ends "an option of other verbs" 2 health --limit 3
has "names it" --limit "$err"
ends "option without its value" 2 round list --limit
ends "too few words" 2 round show
has "shows the usage" "round show ROUND" "$err"
ends "too many words" 2 round show a b
ends "an option that is needed" 2 token new x
has "names it" "--scopes a:read,b:write" "$err"
has "and says that it is missing" 缺少必需的选项 "$err"
ends "a value there is not" 2 import foo x --yes
has "the values there are" "entities,inspectors,recusals" "$err"
ends "wrong language" 2 health --lang fr
for word in x 0 -1; do ends "--limit $word" 2 round list --limit $word; done
ends "help" 0 --help
has "help in Chinese" 用法 "$out"
ends "help in English" 0 --help --lang en
has "it is English" usage: "$out"
has "exit codes in the help" "3 not reached" "$out"
ends "help of a verb" 0 round new --help
has "its options" --reveal-after "$out"
hasnt() { case $3 in *"$2"*) bad "$1: \"$2\" in \"$3\"" ;; *) ok "$1" ;; esac; }
hasnt "no other verb" "import file" "$out"
ends "help of a list" 0 motion list --help
has "its filters" moved_by "$out"
has "the words of a filter" "open 待同意、" "$out"
ends "help of what needs a reason" 0 help round freeze
has "no brackets around it" "round freeze ROUND --reason TEXT [" "$out"
ends "help of roles" 0 help role give
has "the words there are" "custodian 密钥保管人" "$out"
ends "help of tokens" 0 help token new
has "the scopes there are" "artefacts,audit,classes,clues,documents,files" "$out"
ends "version" 0 --version
ends "nobody there" 3 health --socket "$TEST_DIR/none"
ends "no such round" 1 round show 2026-0042
has "sentence in Chinese" 没有这个抽取轮次 "$err"
ends "no such round" 1 round show 2026-0042 --lang=en
has "sentence in English" "there is no such round" "$err"
LANG=en_US.UTF-8 LC_ALL='' ends "language of the environment" 1 round show 2026-0042
has "it is English" "check the number" "$err"
ends "errors as JSON" 1 round show 2026-0042 --json
has "the code" '"no-round"' "$err"

# ---- tables: verbs, options, routes -------------------------------------------------------------
bash -n "$TOP/etc/completion/drawctl.bash" && ok "completion parses" || bad "completion parses"
complete_words() { # WORD...: the last is being completed
	bash -c 'PATH=$1:$PATH; . "$2"; shift 2; COMP_WORDS=(drawctl "$@"); COMP_CWORD=$#; _drawctl
		printf "%s\n" "${COMPREPLY[@]}"' - "$B" "$TOP/etc/completion/drawctl.bash" "$@"
}
same "completion of a word" freeze "$(complete_words round fr)"
same "of a value" "update full" "$(complete_words import list --filter scope= | sed 's/scope=//' | grep . | paste -sd' ')"
same "of a register, and of longer verbs" "entities experts events exceptions errors" "$(complete_words import e | paste -sd' ')"
same "of a filter's value" "state=done state=declined" "$(complete_words motion list --filter state=d | paste -sd' ')"
same "of a role" "coordinator clerk custodian" "$(complete_words role give x c | paste -sd' ')"
same "of a figure" "correctness completeness" "$(complete_words quality trend co | paste -sd' ')"
same "of help" freeze "$(complete_words help round fr)"
same "of a filter" "state= subject=" "$(complete_words motion list --filter s | sort | paste -sd' ')"
same "of a profile" "auditor" "$(complete_words --profile aud)"
(cd "$TEST_DIR" && : >file-of-mine && same "of a file" file-of-mine "$(complete_words import entities file-of)")
if command -v zsh >/dev/null; then
	zsh -n "$TOP/etc/completion/_drawctl" && ok "zsh completion parses" || bad "zsh completion parses"
else
	echo "skipped zsh completion: there is no zsh"
fi
B=$B "$TOP/etc/manual.sh" --check >"$TEST_DIR/said" && ok "the manual has the tables" || bad "$(cat "$TEST_DIR/said")"
missing=
while IFS=$'\t' read -r words _; do
	read -ra parts <<<"$words"
	complete_words "${parts[@]}" | grep -qx -e "${parts[-1]}" || missing="$missing $words"
	for page in "$TOP"/etc/man{,/zh_CN}/drawctl.1; do
		sed 's/\\-/-/g' "$page" | grep -q -e "^\\\\fB$words[ \\\\]" || missing="$missing ${page#"$TOP"/}:$words"
	done
done < <(ctl verbs)
same "every verb is completed and in both manuals" "" "$missing"
missing=
for option in $(ctl --help --lang en | sed -n 's/^  \(--[a-z-]*\).*/\1/p'); do
	complete_words "$option" | grep -qx -e "$option" || missing="$missing $option"
	for page in "$TOP"/etc/man{,/zh_CN}/drawctl.1; do
		sed 's/\\-/-/g' "$page" | grep -q -e "^\\\\fB$option[ ,\\\\]" || missing="$missing ${page#"$TOP"/}:$option"
	done
done
same "every option too" "" "$missing"
ends "routes" 0 routes --json
same "method, path, name, roles" True "$(of 'all(r["method"] and r["path"] and r["name"] and r["roles"] for r in o["routes"])')"
of '"\n".join(sorted(r["name"] for r in o["routes"]))' >"$TEST_DIR/routes"
ctl verbs | cut -f2 | tr ' ' '\n' | grep -v '^[-*]*$' | sort -u >"$TEST_DIR/verbs"
same "every route has a verb" "" "$(comm -23 "$TEST_DIR/routes" "$TEST_DIR/verbs" | paste -sd' ')"
same "and no verb a route that is not there" "" "$(comm -13 "$TEST_DIR/routes" "$TEST_DIR/verbs" | paste -sd' ')"
same "the scopes of the help are those of the routes" \
	"$(of '",".join(sorted({r["scope"] for r in o["routes"]} - {""}))')" \
	"$(ctl help token new --lang en | sed -n 's/.*NAME is one of //p')"
same "the kinds of motions are those of the database" "$(sql "SELECT string_agg(kind, ' ' ORDER BY kind) FROM motion_kind")" \
	"$(complete_words motion list --filter kind= | sed 's/kind=//' | grep . | LC_ALL=C sort | paste -sd' ')"
ends "routes for people" 0 routes --lang en
has "tell what they do" "/api/v1/rounds/{round}/freeze" "$out"
ends "openapi" 0 openapi
same "is OpenAPI" 3.1.0 "$(of 'o["openapi"]')"
ends "the page" 0 page -o "$TEST_DIR/page.html"
has "is a page" "<html" "$(cat "$TEST_DIR/page.html")"

# ---- who ----------------------------------------------------------------------------------------
ends "nobody" 1 motion list
has "is told to sign in" "drawctl login" "$err"
ends "nobody sees rounds of the public" 0 round list
ends "whoami" 0 whoami --profile lead
has "says the role" 协调员 "$out"
has "and the second factor" 动态验证码：未启用 "$out"
ends "whoami as JSON" 0 whoami --profile head-scjg --json
same "roles as tokens" "['head']" "$(of 'o["roles"]')"
ends "the wrong role" 1 import entities "$state/drawd.conf" --yes --profile auditor
has "is told so" 无权办理 "$err"
ends "departments" 0 department list --all --json
same "all of them" "$(grep -c '	[a-z]*: { name = .*short' "$TOP/etc/policy/people.conf")" "$(of 'len(o["departments"])')"
ends "one" 0 department show scjg
has "with its name" 市场监督管理局 "$out"

# ---- a round, by motions ------------------------------------------------------------------------
policy=$TOP/etc/policy/district.conf
ends "no pulses" 2 round new "$policy" --profile lead
ends "no file" 1 round new "$TEST_DIR/none" --pulses dice:1:1790000000 --reason r --profile lead
ends "a time that is none" 2 round new "$policy" --pulses dice:1:tomorrow --demo --reason r --profile lead
has "shows how to write one" 2026-03-31T09:30 "$err"
ends "a day is no time of a pulse" 2 round new "$policy" --pulses dice:1:2026-09-21 --demo --reason r --profile lead
ends "no reason" 2 round new "$policy" --pulses dice:1:1790000000 --demo --profile lead
has "asks for one" --reason "$err"
ends "dice in earnest" 1 round new "$policy" --pulses dice:1:1790000000 --reason r --profile lead
has "says what to do" --demo "$err"
sed 's/A = "2%"/A = "200%"/' "$policy" >"$TEST_DIR/p.conf"
ends "bad policy" 1 round new "$TEST_DIR/p.conf" --pulses dice:1:1790000000 --demo --reason r --profile lead
has "names the file and the line" "p.conf:$(grep -n 'A = "200%"' "$TEST_DIR/p.conf" | cut -d: -f1)" "$err"
ends "a round" 0 round new "$policy" --pulses dice:1:2026-09-21T22:13:20 --draw-deadline 2026-09-22 --demo --reason 年度计划 --profile lead
round=$out
same "prints its number" 0001 "${round#*-}"
has "and who has to agree" "drawctl motion second" "$err"
has "by role" 协调员 "$err"
ends "its times" 0 round show "$round" --profile lead --json
same "were Beijing's" "dice:1:1790000000 1790092799" "$(of 'f"""{o["pulses"]} {o["draw_deadline"]}"""')"
TZ=America/New_York ends "for people, on whatever machine" 0 round show "$round" --profile lead
has "in Beijing time" "dice 第 1 期，2026-09-21 22:13" "$out"
has "nobody approved yet" "批准：尚无" "$out"
ends "the same person" 1 motion second --round "$round" --kind policy --yes --profile lead
has "cannot" 不能是同一人 "$err"
ends "the policy, looked at" 0 motion list --filter kind=policy --profile lead2
has "in words" 抽查方案 "$out"
ends "a second person, not asked" 2 motion second --round "$round" --kind policy --profile lead2
has "sees the consequence" "同意之后：" "$out"
ends "a second person" 0 motion second --round "$round" --kind policy --yes --profile lead2
has "it is done" 完成 "$out"
ends "a second time" 1 motion second --round "$round" --kind policy --yes --profile lead2
ends "freeze before the approvals" 1 round freeze "$round" --reason r --profile lead
has "names what is missing" scjg "$err"
ends "approve for another department" 1 round approve "$round" --department zjj --profile head-scjg
for department in $(ctl --profile lead round show "$round" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["departments"].replace(",", " "))'); do
	ctl -q --profile "head-$department" round approve "$round" || bad "$department approves"
done
ends "approved by all" 0 round show "$round" --profile lead --json
same "each by its head" True "$(of 'all(a["account"] == "head-" + a["department"] for a in o["approvals"])')"
ends "freeze is moved" 0 -q round freeze "$round" --reason 名录已核对 --profile lead
motion=$out
[[ $motion =~ ^[0-9]+$ ]] && ok "quietly, its number alone" || bad "quietly: $motion"
ends "declined" 0 motion decline "$motion" --yes --reason 名录有误 --profile lead2
ends "the decision stands in the motion" 0 motion show "$motion" --profile lead
has "with its reason" 名录有误 "$out"
(
	ctl --profile lead round freeze "$round" --reason 名录已核对 --wait --timeout 20 >"$TEST_DIR/waited" 2>&1
	echo $? >"$TEST_DIR/waited.code"
) &
for _ in $(seq 100); do
	ends "the mover waits" 0 motion list --filter state=open --filter kind=freeze --json --profile lead2 >/dev/null
	[ "$(of 'len(o["motions"])')" = 1 ] && break
	sleep 0.1
done
same "open meanwhile" 1 "$(of 'len(o["motions"])')"
ends "withdrawn by him" 0 motion withdraw --round "$round" --kind freeze --yes --reason 改期 --profile lead
wait $!
same "the one who waits is told" 1 "$(cat "$TEST_DIR/waited.code")"
has "why" 改期 "$(cat "$TEST_DIR/waited")"
ends "rounds" 0 round list --profile lead
has "in words" 方案 "$out"

# ---- lists --------------------------------------------------------------------------------------
ends "motions, two of them" 0 motion list --sort id --limit 2 --json --profile lead
same "two" "['policy', 'freeze']" "$(of '[m["kind"] for m in o["motions"]]')"
ends "all of them" 0 motion list --all --json --profile lead
same "three, and no next" "3 None" "$(of 'f"""{len(o["motions"])} {o["next"]}"""')"
ends "those declined" 0 motion list --filter state=declined --json --profile lead
same "one" "['freeze']" "$(of '[m["kind"] for m in o["motions"]]')"
ends "none" 0 motion list --filter state=lapsed --profile lead
has "in a sentence" 没有符合条件的提请 "$err"
ends "a word there is not" 2 motion list --filter state=don --profile lead
has "the words there are" "open,carried,done" "$err"
ends "moved today" 0 motion list --filter "moved_at=$(TZ=Asia/Shanghai date +%F)" --json --profile lead
same "all three" 3 "$(of 'len(o["motions"])')"
ends "moved until yesterday" 0 motion list --filter "moved_at_to=$(TZ=Asia/Shanghai date -d yesterday +%F)" --json --profile lead
same "none" 0 "$(of 'len(o["motions"])')"
for when in 2026-03-01T08:00 '2026-03-01 08:00:00' 2026-03-01T00:00Z 2026-03-01T08:00:00+08:00 1772323200; do
	ends "moved since $when" 0 motion list --filter "moved_at_from=$when" --json --profile lead
	same "all three" 3 "$(of 'len(o["motions"])')"
done
for when in 2026-02-30 2026-03-01T24:00 2026-03-01T08 2026-03-01x08:00 2026-03-01T08:00+8 -; do
	ends "no time: $when" 2 motion list --filter "moved_at_from=$when" --profile lead
done
ends "moved some day" 2 motion list --filter moved_at_from=monday --profile lead
has "names it" "moved_at_from=monday" "$err"
ends "a filter there is not" 2 motion list --filter colour=red --profile lead
has "is named" colour "$err"
has "and those there are" "moved_by" "$err"
ends "as CSV" 0 motion list --format csv -o "$TEST_DIR/m.csv" --profile lead
has "says what was written" "已写入 $TEST_DIR/m.csv：3 行，$(stat -c %s "$TEST_DIR/m.csv") 字节" "$err"
has "with a heading" 提请编号 "$(cat "$TEST_DIR/m.csv")"
ends "as XLSX" 0 motion list --format xlsx -o "$TEST_DIR/m.xlsx" --profile lead
same "which is a zip" PK "$(head -c 2 "$TEST_DIR/m.xlsx")"
ends "as JSON lines" 0 motion list --format jsonl --profile lead
same "a line each" 3 "$(wc -l <<<"$out")"
for list in job import upload account role department session token round proposal; do
	ends "$list list" 0 "$list" list --profile auditor
done

# ---- people -------------------------------------------------------------------------------------
ends "a new account" 0 -q account new wang-fang --person 29999 --name 王芳 --department scjg --reason 新入职 --profile admin
motion=$out
ends "agreed" 0 motion second "$motion" --yes --profile head-scjg
has "in words" "办理：新建" "$out"
has "and what comes next" "admin（第 1 半）和您（第 2 半）各自运行 drawctl account password wang-fang" "$err"
ends "one half of the password" 0 -q account password wang-fang --profile admin
half=$out
ends "the other half" 0 -q account password wang-fang --profile head-scjg
second_half=$out
ends "not for a third person" 1 account password wang-fang --profile admin2
ends "a role" 0 -q role give wang-fang clerk --department scjg --reason 新入职 --profile admin
ends "agreed" 0 motion second "$out" --yes --profile head-scjg
mine=$TEST_DIR/mine.conf
typed() { # ANSWERS ARGUMENT...: drawctl at a terminal
	python3 "$TOP/tests/http/ctl_typed.py" "$1" "$B/drawctl" "${@:2}" >"$TEST_DIR/said"
}
ln -s "$api" "$TEST_DIR/near.sock"
(cd "$TEST_DIR" && typed "[[\"密码：\", \"$half-$second_half\"], [\"直接回车\", \"\"], [\"新密码：\", \"short\"], [\"再输入一次\", \"short\"],
	[\"新密码：\", \"a long new one 42\"], [\"再输入一次\", \"a long new one 42\"]]" \
	login --profiles "$mine" --profile wang --account wang-fang --socket near.sock)
same "login with both, and a new password" 0 $?
has "a weak one is said to be so" "须为 10 至 128 个字符" "$(cat "$TEST_DIR/said")"
has "the socket is kept from the root" "socket = \"$(realpath "$api")\"" "$(cat "$mine")"
ends "is signed in" 0 whoami --profiles "$mine" --profile wang --json
same "as the clerk" "wang-fang ['clerk']" "$(of 'f"""{o["account"]} {o["roles"]}"""')"
ends "her token" 0 token list --profiles "$mine" --profile wang --json
same "is hers" "['wang-fang']" "$(of '[t["account"] for t in o["tokens"]]')"
printf '%s\n\n' 'a long new one 42' | ctl login --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "login again" 0 $?
has "ends the token before" 凭据原有的访问令牌已终止 "$(cat "$TEST_DIR/said")"
ends "one token" 0 token list --profiles "$mine" --profile wang --json
same "lives" "[True, False]" "$(of '[t["ended"] is None for t in o["tokens"]]')"
typed '[["密码：", "a long new one 42"], ["直接回车", ""], ["6 位", "@totp"]]' totp --profiles "$mine" --profile wang
same "totp" 0 $?
has "as a code to be scanned" "▀▄" "$(cat "$TEST_DIR/said")"
has "which is used up" 下一个 "$(cat "$TEST_DIR/said")"
ends "whoami" 0 whoami --profiles "$mine" --profile wang
has "says so" 动态验证码：已启用 "$out"
ends "the second factor is reset" 0 -q account reset wang-fang --reason 换手机 --profile admin
ends "agreed" 0 motion second "$out" --yes --profile head-scjg
half=$(ctl -q account password wang-fang --profile admin)-$(ctl -q account password wang-fang --profile head-scjg)
printf '%s\n\n%s\n' "$half" 'a long new one 44' | ctl login -q --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "a first password once more" 0 $?
printf '%s\n\n%s\n' 'a long new one 44' 'another one 43 long' |
	ctl password --keep-others --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "password" 0 $?
ends "the token lives on" 0 whoami --profiles "$mine" --profile wang
printf '%s\n\n%s\n' 'another one 43 long' 'another one 45 long' |
	ctl password --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "password, and nothing is kept" 0 $?
has "says what ended" "1 个访问令牌已随之终止" "$(cat "$TEST_DIR/said")"
has "and what to do" "drawctl login" "$(cat "$TEST_DIR/said")"
printf '%s\n\n' 'another one 45 long' | ctl login -q --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "signed in again" 0 $?
printf 'wrong\n\n' | ctl password --profiles "$mine" --profile wang >"$TEST_DIR/said" 2>&1
same "the wrong password" 1 $?
has "is not told what was wrong" 账号、密码或动态验证码不正确 "$(cat "$TEST_DIR/said")"
ends "logout" 0 logout --profiles "$mine" --profile wang
ends "the profile has no token" 1 motion list --profiles "$mine" --profile wang --socket "$api"
ends "disable" 0 -q account disable wang-fang --reason 离职 --profile admin
ends "by number" 0 motion second "$out" --yes --profile head-scjg
ends "account show" 0 account show wang-fang --profile admin
has "disabled" 停用 "$out"
ends "a department" 0 -q department new kjj --name 科技局 --level county --region 330199 --reason 新设 --profile admin
ends "agreed" 0 motion second "$out" --yes --profile admin2
ends "is there" 0 department show kjj
has "by name" 科技局 "$out"

call POST /api/v1/session -H 'Content-Type: application/json' \
	-d "{\"account\":\"lead2\",\"password\":\"$(password lead2)\"}"
same "a session of a browser" 201 "$status"
ends "is listed" 0 session list --filter account=lead2 --json --profile auditor
id=$(of 'o["sessions"][0]["id"]')
ends "not ended by a stranger" 1 session end "$id" --profile lead
ends "ended by its owner" 0 session end "$id" --profile lead2
ends "once" 1 session end "$id" --profile lead2
ends "a token by number" 0 token list --json --profile lead2
id=$(of 'o["tokens"][0]["id"]')
ends "is ended" 0 token end "$id" --profile lead2
ends "and was that of the profile" 1 whoami --profile lead2
has "which says so" 终止 "$err"

# ---- audit, call --------------------------------------------------------------------------------
ends "audit" 0 audit list --filter object_kind=motion --all --json --profile auditor
same "who moved the round" lead "$(of '[a["account"] for a in o["audit"]][-1]')"
ends "for people" 0 audit list --filter object_kind=motion --profile auditor
has "in words" 新建 "$out"
ends "audit of today" 0 audit list --filter "at_from=$(TZ=Asia/Shanghai date +%FT00:00)" --profile auditor
ends "a table of it" 0 audit list --format csv -o "$TEST_DIR/audit.csv" --profile auditor
printf 'log test.example\n' >"$TEST_DIR/trust"
ends "the chain" 0 audit export -o "$TEST_DIR/audit.jsonl" --profile auditor
python3 - "$TEST_DIR/audit.jsonl" <<-'END' && ok "is whole" || bad "the chain is whole"
	import hashlib, json, sys
	last = bytes(32)
	for n, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
	    e = json.loads(line)
	    last = hashlib.sha256(last + e["text"].encode()).digest()
	    assert e["seq"] == n and e["hash"] == last.hex() and e["text"].startswith(f"drawd/audit/v1\nseq {n}\n")
END
ends "anchors" 0 audit anchors --profile auditor --json
same "the head is behind the export" True "$(of "o['entries'] >= $(wc -l <"$TEST_DIR/audit.jsonl")")"
ends "not for others" 1 audit export --profile lead
ends "call" 0 call GET /api/v1/session --profile lead
same "prints the answer" lead "$(of 'o["account"]')"
ends "call of another method" 2 call FETCH /api/v1/session
printf '%s\n\n' "$(password lead)" | ctl -q token new 只读 --scopes rounds:read --days 3 --profile lead >"$TEST_DIR/token" 2>&1
same "a token of one scope, by password" 0 $?
printf 'profiles = ( { name = "reader"; socket = "%s"; token = "%s"; } );\n' "$api" "$(cat "$TEST_DIR/token")" >"$TEST_DIR/reader.conf"
chmod 600 "$TEST_DIR/reader.conf"
ends "reads rounds" 0 round show "$round" --profiles "$TEST_DIR/reader.conf" --profile reader
ends "changes none" 1 round draw "$round" --profiles "$TEST_DIR/reader.conf" --profile reader
has "and is told the scope" rounds:write "$err"
ends "reads nothing else" 1 motion list --profiles "$TEST_DIR/reader.conf" --profile reader

# ---- keys ---------------------------------------------------------------------------------------
ends "import of no file" 1 import entities "$TEST_DIR/none" --yes --profile clerk-scjg
printf '' >"$TEST_DIR/empty"
ends "import of an empty file" 1 import entities "$TEST_DIR/empty" --yes --profile clerk-scjg
has "says so" 没有数据行 "$err"
ends "upload" 0 -q upload "$policy" --profile clerk-scjg
same "prints the hash" "$(sha256sum <"$policy" | cut -c1-64)" "$out"
ends "new key" 0 key new demo.example/one -o "$TEST_DIR/one.key"
vkey=$out
same "mode of the key" 600 "$(stat -c %a "$TEST_DIR/one.key")"
ends "keys are not overwritten" 1 key new demo.example/one -o "$TEST_DIR/one.key"
has "says so" 文件已经存在 "$err"
ends "its public half" 0 key show "$TEST_DIR/one.key"
same "is the one told" "$vkey" "$out"
ends "a name that is none" 1 key new 'Demo Example' -o "$TEST_DIR/two.key"
printf 'drawd/beacon/v1\nround 2026-0001\n' >"$TEST_DIR/text"
ends "attest" 0 attest "$TEST_DIR/text" --key "$TEST_DIR/one.key"
has "a signature line" "— demo.example/one " "$out"
same "the same from stdin" "$out" "$(ctl attest --key "$TEST_DIR/one.key" <"$TEST_DIR/text")"
chmod 644 "$TEST_DIR/one.key"
ends "a key that others can read" 1 attest "$TEST_DIR/text" --key "$TEST_DIR/one.key"
chmod 600 "$TEST_DIR/one.key"
printf 'no line end' >"$TEST_DIR/text"
ends "no text of a note" 1 attest "$TEST_DIR/text" --key "$TEST_DIR/one.key"
finish
