#!/bin/bash
# tests/fuzz/fuzz.sh SECONDS TARGET...: search for new inputs with libFuzzer; the corpus in
# TARGET.in is read, finds go to the build folder.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
for target in "$@"; do
	finds=$B/finds/$target
	mkdir -p "$finds"
	echo "== $target, $seconds s"
	extra=()
	[ ! -e "tests/fuzz/$target.dict" ] || extra+=("-dict=tests/fuzz/$target.dict")
	"$B/fuzz/$target" -max_total_time="$seconds" -print_final_stats=1 \
		-artifact_prefix="$finds/crash-" "${extra[@]}" "$finds" "tests/fuzz/$target.in"
done
