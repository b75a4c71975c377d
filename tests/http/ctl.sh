#!/bin/bash
# drawctl: exit codes, languages, JSON, keys.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web
export DRAWD_SOCKET=$api
ctl() { "$B/drawctl" "$@"; }
# ends NAME CODE ARGUMENT...
ends() {
	local name=$1 code=$2
	shift 2
	out=$(ctl "$@" 2>"$TEST_DIR/err")
	same "$name" "$code" "$?"
	err=$(cat "$TEST_DIR/err")
}

ends "health" 0 health
ends "no verb" 2
ends "unknown verb" 2 fly
ends "half a verb" 2 round
ends "unknown option" 2 health --fly
ends "option without its value" 2 round list --limit
ends "too few words" 2 round show
ends "too many words" 2 round show a b
ends "wrong language" 2 health --lang fr
ends "help" 0 --help
has "help in Chinese" 用法 "$out"
ends "help in English" 0 --help --lang en
has "it is English" usage: "$out"
has "exit codes in the help" "3 not reached" "$out"
ends "nobody there" 3 health --socket "$TEST_DIR/none"
ends "no such round" 1 round show 2026-0042
has "sentence in Chinese" 没有这个抽取轮次 "$err"
ends "no such round" 1 round show 2026-0042 --lang=en
has "sentence in English" "there is no such round" "$err"
LANG=en_US.UTF-8 LC_ALL='' ends "language of the environment" 1 round show 2026-0042
has "it is English" "check the number" "$err"
ends "errors as JSON" 1 round show 2026-0042 --json
has "the code" '"no-round"' "$err"

policy=$TOP/etc/policy/district.conf
ends "no pulses" 2 round create "$policy"
ends "no file" 1 round create "$TEST_DIR/none" --pulses dice:1:1790000000
ends "a round" 0 round create "$policy" --pulses dice:1:1790000000 --demo
same "prints its number" 0001 "${out#*-}"
round=$out
round=$(ctl round list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["rounds"][0]["id"])')
ends "approve" 0 round approve "$round" --department scjg --department zjj
ends "freeze is refused" 1 round freeze "$round"
has "with a remedy" 批准 "$err"
sed 's/A = "2%"/A = "200%"/' "$policy" >"$TEST_DIR/p.conf"
ends "bad policy" 1 round create "$TEST_DIR/p.conf" --pulses dice:1:1790000000 --demo
has "names the file and the line" "p.conf:$(grep -n 'A = "200%"' "$TEST_DIR/p.conf" | cut -d: -f1)" "$err"
ends "import without a kind" 2 import "$policy"
ends "import of no file" 1 import "$TEST_DIR/none" --kind entities
printf '' >"$TEST_DIR/empty"
ends "import of an empty file" 1 import "$TEST_DIR/empty" --kind entities
has "says so" 没有数据行 "$err"
ends "an unknown kind" 2 import "$policy" --kind foo
has "the kinds there are" "entities|inspectors|recusals" "$err"
for word in x 0 -1; do ends "--limit $word" 2 round list --limit $word; done
ends "help of a verb" 0 round create --help
has "its options" --reveal-after "$out"
[[ $out != *"imports file"* ]] && ok "no other verb" || bad "no other verb"
ends "dice in earnest" 1 round create "$policy" --pulses dice:1:1790000000
has "says what to do" --demo "$err"

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

bash -n "$TOP/etc/completion/drawctl.bash" && ok "completion parses" || bad "completion parses"
words=$(bash -c '. "$1"; COMP_WORDS=(drawctl round fr); COMP_CWORD=2; _drawctl; echo "${COMPREPLY[*]}"' - \
	"$TOP/etc/completion/drawctl.bash")
same "completion" freeze "$words"
sed 's/\\f[BIPR]//g; s/\\-/-/g' "$TOP/etc/man/drawctl.1" >"$TEST_DIR/manual"
sed 's/\\f[BIPR]//g; s/\\-/-/g' "$TOP/etc/man/zh_CN/drawctl.1" >"$TEST_DIR/manual.zh"
for word in $(ctl --help --lang en | sed -n 's/^  \([a-z]*\) .*/\1/p; s/^  \(--[a-z-]*\).*/\1/p' | sort -u); do
	for file in "$TOP/etc/completion/drawctl.bash" "$TEST_DIR/manual" "$TEST_DIR/manual.zh"; do
		grep -q -w -e "$word" "$file" || bad "${file##*/} knows $word"
	done
done
finish
