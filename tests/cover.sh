#!/bin/bash
# tests/cover.sh BUILD: how many lines of sampler/ and planner/ the tests ran, per file and in all.
set -eu
cd "$(dirname "$0")/.."
find "$1/obj/sampler" "$1/obj/planner" -name '*.gcno' | sort | while read -r data; do
	gcov -n -o "$(dirname "$data")" "$data" 2>/dev/null
done | awk '
/^File / { file = $2; gsub(/\047/, "", file) }
/^Lines executed:/ && file ~ /^(sampler|planner)\/.*\.c$/ {
	sub(/^Lines executed:/, "")
	percent = $1 + 0
	lines = $3
	ran = int(percent * lines / 100 + 0.5)
	printf "%6.1f %%  %5d of %5d  %s\n", percent, ran, lines, file
	all += lines
	hit += ran
	file = ""
}
END { if (all) printf "%6.1f %%  %5d of %5d  lines of sampler and planner\n", 100 * hit / all, hit, all }'
