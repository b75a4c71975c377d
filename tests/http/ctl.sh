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
ends "unknown verb" 2 fly
ends "half a verb" 2 round
ends "unknown option" 2 health --fly
ends "an option of other verbs" 2 health --limit 3
has "names it" --limit "$err"
ends "option without its value" 2 round list --limit
ends "too few words" 2 round show
has "shows the usage" "round show ROUND" "$err"
ends "too many words" 2 round show a b
ends "an option that is needed" 2 import x
has "names it" "--kind entities|inspectors|recusals" "$err"
ends "a value there is not" 2 import x --kind foo
has "the values there are" "entities|inspectors|recusals" "$err"
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
same "of a value" "entities inspectors recusals" "$(complete_words import x --kind '' | paste -sd' ')"
same "of a filter" "state= subject=" "$(complete_words motion list --filter s | sort | paste -sd' ')"
same "of a profile" "auditor" "$(complete_words --profile aud)"
(cd "$TEST_DIR" && : >file-of-mine && same "of a file" file-of-mine "$(complete_words import file-of)")
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
ends "whoami as JSON" 0 whoami --profile head-scjg --json
same "roles as tokens" "['head']" "$(of 'o["roles"]')"
ends "the wrong role" 1 import "$state/drawd.conf" --kind entities --profile auditor
has "is told so" 无权办理 "$err"
ends "departments" 0 department list --all --json
same "all of them" "$(grep -c '	[a-z]*: { name = .*short' "$TOP/etc/policy/people.conf")" "$(of 'len(o["departments"])')"
ends "one" 0 department show scjg
has "with its name" 市场监督管理局 "$out"

# ---- a round, by motions ------------------------------------------------------------------------
policy=$TOP/etc/policy/district.conf
ends "no pulses" 2 round new "$policy" --profile lead
ends "no file" 1 round new "$TEST_DIR/none" --pulses dice:1:1790000000 --reason r --profile lead
ends "no reason" 2 round new "$policy" --pulses dice:1:1790000000 --demo --profile lead
has "asks for one" --reason "$err"
ends "dice in earnest" 1 round new "$policy" --pulses dice:1:1790000000 --reason r --profile lead
has "says what to do" --demo "$err"
sed 's/A = "2%"/A = "200%"/' "$policy" >"$TEST_DIR/p.conf"
ends "bad policy" 1 round new "$TEST_DIR/p.conf" --pulses dice:1:1790000000 --demo --reason r --profile lead
has "names the file and the line" "p.conf:$(grep -n 'A = "200%"' "$TEST_DIR/p.conf" | cut -d: -f1)" "$err"
ends "a round" 0 round new "$policy" --pulses dice:1:1790000000 --demo --reason 年度计划 --profile lead
round=$out
same "prints its number" 0001 "${round#*-}"
has "and who has to agree" "drawctl motion second" "$err"
has "by role" 协调员 "$err"
ends "the same person" 1 motion second --round "$round" --kind policy --yes --profile lead
has "cannot" 不能是同一人 "$err"
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
ends "a filter there is not" 2 motion list --filter colour=red --profile lead
has "is named" colour "$err"
ends "as CSV" 0 motion list --format csv -o "$TEST_DIR/m.csv" --profile lead
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
ends "one half of the password" 0 -q account password wang-fang --profile admin
half=$out
ends "the other half" 0 -q account password wang-fang --profile head-scjg
ends "not for a third person" 1 account password wang-fang --profile admin2
second_half=$(ctl -q account password wang-fang --profile head-scjg)
ends "a role" 0 -q role give wang-fang clerk --department scjg --reason 新入职 --profile admin
ends "agreed" 0 motion second "$out" --yes --profile head-scjg
mine=$TEST_DIR/mine.conf
printf '%s-%s\n\n%s\n' "$half" "$second_half" 'a long new one 42' |
	ctl login --profiles "$mine" --profile wang --account wang-fang --socket "$api" >/dev/null 2>"$TEST_DIR/err"
same "login with both, and a new password" 0 $?
ends "is signed in" 0 whoami --profiles "$mine" --profile wang --json
same "as the clerk" "wang-fang ['clerk']" "$(of 'f"""{o["account"]} {o["roles"]}"""')"
ends "her token" 0 token list --profiles "$mine" --profile wang --json
same "is hers" "['wang-fang']" "$(of '[t["account"] for t in o["tokens"]]')"
printf '%s\n\n%s\n' 'a long new one 42' 'another one 43 long' |
	ctl password --profiles "$mine" --profile wang >/dev/null 2>&1
same "password" 0 $?
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
ends "import of no file" 1 import "$TEST_DIR/none" --kind entities --profile clerk-scjg
printf '' >"$TEST_DIR/empty"
ends "import of an empty file" 1 import "$TEST_DIR/empty" --kind entities --profile clerk-scjg
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
