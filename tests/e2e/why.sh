#!/bin/sh
# Why somebody was drawn for an object, why others were not and why a slot is open, asked of a bundle.
set -eu
B=${B:-build}
kept=${TEST_DIR:-$(mktemp -d)}/why
mkdir -p "$kept"
python3 tests/vectors/make_bundle.py "$kept"

why() { "$B/drawreplay" --trust "$kept/trust" "$@" "$kept/bundle.tar"; }
says() { # WHAT PATTERN: the text behind stdin has a line like it
	if grep -qE "$2"; then echo "ok $1"; else echo "not ok $1"; fi
}

tar xOf "$kept/bundle.tar" artefacts/slots | sed 1,3d >"$kept/slots"
filled=$(awk -F'\t' '$5 != "" { print $1; exit }' "$kept/slots")
who=$(awk -F'\t' '$5 != "" { print $5; exit }' "$kept/slots")
open=$(awk -F'\t' '$5 == "" { print $1; exit }' "$kept/slots")

why --lang en --why "$filled" | says "who was drawn, and why" "^$filled~[0-9]+/[a-z0-9-]+/[0-9] $who was drawn: number [0-9]+ of the [0-9]+ "
why --lang zh --why "$filled" | says "the same in Chinese" "^$filled~[0-9]+/[a-z0-9-]+/[0-9] $who 抽中："
why --lang en --why "$open" | says "why nobody, and what the law offers" "^$open~.* Nobody can take this slot: .*borrowing by draw"
why --lang en --why "$filled" --inspector "$who" | says "about one inspector" "^$filled~.* $who was drawn"
other=$(tar xOf "$kept/bundle.tar" artefacts/pool | sed 1,3d | cut -f1,2 | awk -v d="$(
	awk -F'\t' -v w="$who" '$5 == w { print $3; exit }' "$kept/slots")" '$2 != d { print $1; exit }')
why --lang en --why "$filled" --inspector "$other" | says "why not her" "$other is not eligible: not of "
why --why "$filled" --json | grep '^{' >"$kept/json"
if python3 - "$kept/json" "$who" <<'PY'; then echo "ok a visit as JSON"; else echo "not ok a visit as JSON"; fi
import json, sys
visits = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
slots = [slot for v in visits for a in v["assignments"] for slot in a["slots"]]
assert any(slot["inspector"] == sys.argv[2] and slot["rank"] >= 1 for slot in slots)
assert all(slot["inspector"] or "nobody" in slot for slot in slots)
PY
if why --lang en --why 91330100TESTNOBODY 2>&1 >/dev/null | grep -q "no visit to explain"; then
	echo "ok an object without a visit"
else
	echo "not ok an object without a visit"
fi
