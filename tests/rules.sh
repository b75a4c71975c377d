#!/bin/bash
# etc/policy/RULES.md against the house: each row's test, operation and verb are there. Its settings
# are held against the templates by tests/unit/test_law.c.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 rows=0

fail() {
	echo "not ok rules: $*"
	failed=1
}

"$B/drawd" openapi | grep -o '"operationId": *"[^"]*"' | cut -d'"' -f4 >"$work/operations"
[ -s "$work/operations" ] || fail "drawd openapi names no operation"
while IFS='|' read -r _ rule _ _ test operation verb _; do
	rule=$(echo $rule) test=$(echo $test) operation=$(echo $operation) verb=$(echo $verb)
	rows=$((rows + 1))
	file=tests/${test%%: *} name=${test#*: }
	if [ ! -f "$file" ]; then
		fail "$rule: there is no $file"
	elif ! grep -qF -- "$name" "$file"; then
		fail "$rule: $file has no \"$name\""
	fi
	grep -qxF -- "$operation" "$work/operations" || fail "$rule: no operation $operation"
	# shellcheck disable=SC2086 # words of the verb
	"$B/drawctl" help $verb >/dev/null 2>&1 || fail "$rule: drawctl has no $verb"
done < <(sed -n '/^|---/,$p' etc/policy/RULES.md | sed 1d)
[ $rows -ge 40 ] || fail "only $rows rows"
# the check can fail
"$B/drawctl" help no such verb >/dev/null 2>&1 && fail "a verb that is not there is told"
[ $failed = 0 ] && echo "ok rules: $rows rules have their test, operation and verb"
exit $failed
