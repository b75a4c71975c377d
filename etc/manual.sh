#!/bin/bash
# The sections of drawctl(1) and drawd-registers(7) that come from tables, in both languages.
#   etc/manual.sh            puts them into the pages
#   etc/manual.sh --check    says which page is behind
# B is the build folder.
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
B=${B:-build}
failed=0
for page in 'en etc/man/drawctl.1' 'zh etc/man/zh_CN/drawctl.1' \
	'en etc/man/drawd-registers.7 registers' 'zh etc/man/zh_CN/drawd-registers.7 registers'; do
	read -r lang file part <<<"$page"
	# shellcheck disable=SC2086 # no part, no argument
	sections=$("$B/drawctl" manual $part --lang "$lang") || exit 1
	new=$(sections=$sections awk '
		/^\.\\" end of tables$/ { skip = 0 }
		!skip
		/^\.\\" tables/ { print ENVIRON["sections"]; skip = 1 }' "$file")
	if [ "${1:-}" != --check ]; then
		printf '%s\n' "$new" >"$file"
	elif [ "$new" != "$(cat "$file")" ]; then
		echo "$file is behind drawctl's tables: run etc/manual.sh"
		failed=1
	fi
done
exit $failed
