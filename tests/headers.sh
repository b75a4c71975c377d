#!/bin/bash
# Every header compiles alone, and those of the pure floors without any library's include path.
set -eu
cd "$(dirname "$0")/.."
B=${B:-build}
[ -e "$B/gen/queries.h" ] || env -u MAKEFLAGS make -s B="$B" "$B/gen/queries.h"
read -ra daemon < <(pkg-config --cflags libpq) # the others lie where the compiler looks anyway
failed=0
while read -r header; do
	case $header in
	sampler/* | planner/*) flags=(-I.) ;;
	*) flags=(-I. "-I$B" ${daemon[@]+"${daemon[@]}"}) ;;
	esac
	if printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
		${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror "${flags[@]}" \
			-fsyntax-only -x c -; then
		echo "ok $header"
	else
		echo "not ok $header"
		failed=1
	fi
done < <(find sampler planner daemon tests -name '*.h' | LC_ALL=C sort)
exit $failed
