#!/bin/bash
# drawctl audit verify: the chain and its anchors as a stranger checks them, and every way to forge
# them. A server that answers as it is told; keys, notes and checkpoints are real.
set -u
: "${TOP:=$(cd "$(dirname "$0")/../.." && pwd)}" "${B:=$TOP/build}" "${TEST_DIR:=$(mktemp -d)}"
export LC_ALL=C.UTF-8 LANG=C.UTF-8
unset DRAWD_SOCKET DRAWD_PROFILE
export DRAWD_PROFILES=$TEST_DIR/none.conf
failures=0 server=
folder=$(mktemp -d /tmp/drawd-audit.XXXXXX)
sock=$folder/web.sock
a=$TEST_DIR/a
mkdir -p "$a"
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT
same() {
	if [ "$2" = "$3" ]; then echo "ok $1"; else
		echo "not ok $1: wanted \"$2\", got \"$3\""
		failures=$((failures + 1))
	fi
}
has() { case $3 in *"$2"*) echo "ok $1" ;; *) same "$1" "… $2 …" "$3" ;; esac; }
ctl() { "$B/drawctl" --lang en "$@"; }
make() { python3 "$TOP/tests/http/ctl_audit.py" "$@"; }
# sign FILE KEY…: the note, FILE.signed
sign() {
	local file=$1 key
	shift
	{
		cat "$file"
		echo
		for key in "$@"; do ctl attest "$file" --key "$TEST_DIR/$key.key"; done
	} >"$file.signed"
}
key() { ctl key new "demo.example/$1" -o "$TEST_DIR/$1.key" --type "${2:-signer}"; }
log=$(key log) operator=$(key operator) witness=$(key witness witness) other=$(key other)
printf 'log %s\nwitness w %s\nquorum w\nsigner operator %s\ndemo yes\n' "$log" "$witness" "$operator" >"$TEST_DIR/trust"

# publish KEY…: the records are signed by these, the log cosigned
publish() {
	local i
	rm -f "$a"/note.*.signed
	for i in 0 1 2 3; do sign "$a/note.$i" "$@"; done
	make checkpoint "$a" demo.example/log
	sign "$a/checkpoint" log witness
}
# verify NAME CODE [ARGUMENT…]: against the server where no argument names an export
verify() {
	local name=$1 code=$2 how=serve
	shift 2
	[ $# = 0 ] || how=log
	[ -z "$server" ] || { kill "$server" && wait "$server" 2>/dev/null; }
	make $how "$a" >"$folder/answers"
	rm -f "$sock"
	python3 "$TOP/tests/http/ctl_wire.py" "$sock" "$folder/log" "$folder/answers" &
	server=$!
	for _ in $(seq 100); do [ -S "$sock" ] && break || sleep 0.05; done
	out=$(ctl audit verify "$@" --trust "$TEST_DIR/trust" --socket "$sock" 2>"$folder/err")
	same "$name" "$code" "$?"
	err=$(cat "$folder/err")
}

make make "$a" "$log"
cp "$a/audit.jsonl" "$TEST_DIR/good.jsonl"
publish operator
verify "the server's audit log" 0
has "is whole" "400 entries, the chain is whole" "$out"
has "to its end" "$(tail -n 1 "$a/audit.jsonl" | python3 -c 'import json, sys; print(json.load(sys.stdin)["hash"])')" "$out"
has "and anchored" "3 anchors of the public log agree, the last of 2026-03-03; 10 entries behind it" "$out"
verify "an export" 0 "$TEST_DIR/good.jsonl"
has "the same" "3 anchors" "$out"
verify "as JSON" 0 "$TEST_DIR/good.jsonl" --json
has "figures" '"entries":400,' "$out"
head -n 300 "$TEST_DIR/good.jsonl" >"$TEST_DIR/early.jsonl"
verify "an export made earlier" 0 "$TEST_DIR/early.jsonl"
has "says what it cannot say" "1 anchors were made after this export" "$out"

# forge NAME SED WHERE: an export with that change is refused there
forge() {
	sed "$2" "$TEST_DIR/good.jsonl" >"$TEST_DIR/forged.jsonl"
	verify "$1" 1 "$TEST_DIR/forged.jsonl"
	has "$1: where" "$3" "$err"
}
forge "an entry taken out" 42d "seq 42"
forge "an entry changed" '42s/round.new/round.get/' "seq 42"
forge "two exchanged" '42{h;d};43{G}' "seq 42"
forge "the first ones missing" 1,10d "seq 1)"
forge "an entry said twice" '42p' "seq 43"
sed '42s/}$/, "seq": 42}/' "$TEST_DIR/good.jsonl" >"$TEST_DIR/forged.jsonl"
verify "no JSON line" 1 "$TEST_DIR/forged.jsonl"
has "named" "forged.jsonl:42" "$err"
printf 'seq,at,account\n1,2026-03-01T00:00:00Z,lead\n' >"$TEST_DIR/table.csv"
verify "a table of it" 2 "$TEST_DIR/table.csv"
has "says what is wanted" "drawctl audit export" "$err"
# the whole chain computed anew over a changed entry: only the anchors tell
python3 - "$TEST_DIR/good.jsonl" >"$TEST_DIR/forged.jsonl" <<-'END'
	import hashlib, json, sys
	last = bytes(32)
	for line in open(sys.argv[1], encoding="utf-8"):
	    e = json.loads(line)
	    if e["seq"] == 42:
	        e["text"] = e["text"].replace("account lead", "account nobody")
	    last = hashlib.sha256(last + e["text"].encode()).digest()
	    print(json.dumps(e | {"hash": last.hex()}))
END
verify "a chain computed anew" 1 "$TEST_DIR/forged.jsonl"
has "breaks at the next anchor" "2026-03-01: seq 100" "$err"
head -n 300 "$TEST_DIR/good.jsonl" >"$a/audit.jsonl"
verify "a server that lost its end" 1
has "is told by the anchor" "2026-03-03: seq 390; the audit log ends at 300" "$err"
cp "$TEST_DIR/good.jsonl" "$a/audit.jsonl"

# the public log
printf 'x' >>"$a/note.2.signed"
verify "an entry of the log changed" 1 "$TEST_DIR/good.jsonl"
publish other
verify "anchors by somebody else" 1 "$TEST_DIR/good.jsonl"
has "are no anchors" operator "$err"
publish operator
sign "$a/checkpoint" log
verify "a checkpoint that no witness cosigned" 1 "$TEST_DIR/good.jsonl"
has "does not count" witness "$err"
sign "$a/checkpoint" other witness
verify "a checkpoint of another log" 1 "$TEST_DIR/good.jsonl"
sed -i 's/^4$/3/' "$a/checkpoint"
sign "$a/checkpoint" log witness
verify "a checkpoint of fewer entries" 1 "$TEST_DIR/good.jsonl"
publish operator
printf 'drawd/anchor/v1\ndate 2026-03-02\nentries 250\naudit %064d\n' 0 >"$a/note.2"
publish operator
verify "an anchor of another audit log" 1 "$TEST_DIR/good.jsonl"
has "named by its day" "2026-03-02: seq 250, log entry 2" "$err"
exit $((failures > 0))
