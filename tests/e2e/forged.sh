#!/bin/sh
# Bundles forged with the true keys: both replays must refuse each, and by the same check.
set -eu
B=${B:-build}
kept=${TEST_DIR:-$(mktemp -d)}/forged
mkdir -p "$kept"
"$B/drawreplay" --selftest --keep "$kept" --lang en >"$kept/selftest.out" || {
	grep '^not ok' "$kept/selftest.out"
	exit 1
}
grep '^ok ' "$kept/selftest.out" | sed 's/ — .*//'

# $1 forged bundle, $2 the check that must be the first to fail, none for a good one
first_failures() {
	"$B/drawreplay" --trust "$kept/trust" "$kept/$1.tar" | sed -n 's/^\(V[0-9]*\) *FAIL.*/\1/p' | head -1
	python3 sampler/verify.py --trust "$kept/trust" "$kept/$1.tar" | sed -n 's/^\(V[0-9]*\) *FAIL.*/\1/p' | head -1
}
sed -n 's/^ok \(V[0-9]*\) \([a-z-]*\).*/\1 \2/p' "$kept/selftest.out" | while read -r check name; do
	found=$(first_failures "$name" | tr '\n' ' ')
	if [ "$found" = "$check $check " ]; then
		echo "ok $name fails $check in both replays"
	else
		echo "not ok $name fails $check in both replays (found: $found)"
	fi
done
if [ -z "$(first_failures good)" ]; then echo "ok good passes both replays"; else echo "not ok good"; fi

# Both tell an object the same about its ticket: one that was drawn, one that is excluded, one of whose entity another
# object was drawn, one whose entity stands in another stratum.
ticket() {
	"$B/drawreplay" --trust "$kept/trust" --ticket "$1" "$kept/good.tar" | grep -E "^(K_entity|$1) "
}
ticket_again() {
	python3 sampler/verify.py --trust "$kept/trust" --ticket "$1" "$kept/good.tar" | grep -E "^(K_entity|$1) "
}
for object in 91371000SELFTEST09 91371000SELFTEST06 91371000SELFTEST19 91371000SELFTEST48; do
	if [ "$(ticket $object)" = "$(ticket_again $object)" ] && [ -n "$(ticket $object)" ]; then
		echo "ok both replays tell the same of $object"
	else
		echo "not ok both replays tell the same of $object"
	fi
done

# The changes that the Python side makes to its own bundle fail by the same check here.
changed=$kept/changed
mkdir -p "$changed"
python3 tests/vectors/check_bundle.py --keep "$changed"
same=0
for bundle in "$changed"/*.tar; do
	wanted=$(basename "$bundle" | sed 's/-.*//')
	found=$("$B/drawreplay" --lang en --trust "$changed/trust" "$bundle" | sed -n 's/^\(V[0-9]*\) *FAIL.*/\1/p' | head -1)
	if [ "$found" = "$wanted" ]; then
		same=$((same + 1))
	else
		echo "not ok $(basename "$bundle") fails $wanted (found: $found)"
	fi
done
if [ "$same" -ge 139 ]; then echo "ok $same changed bundles fail the same check in both replays"; else echo "not ok only $same changed bundles"; fi
