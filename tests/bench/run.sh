#!/bin/bash
# run.sh [NAME]: every bench, or that one: the program bench_NAME of $B/bench and the script bench_NAME.sh, where there
# are both; `planner` is plan and coordination. Prints lines NAME VALUE UNIT; what a bench says beside goes to the errors.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build} found=
case ${1:-} in
planner) set -- plan coordination ;;
esac
wanted() { # NAME: is it one of those asked for?
	[ -z "$asked" ] || case " $asked " in *" $1 "*) ;; *) return 1 ;; esac
}
asked=$*
for bench in "$B"/bench/bench_* tests/bench/bench_*.sh; do
	name=${bench##*/bench_} name=${name%.sh}
	[ -f "$bench" ] && [ -x "$bench" ] || continue
	wanted "$name" || continue
	found=yes
	B=$B "$bench"
done
[ -n "$found" ] || {
	echo "there is no bench $asked: planner $(ls tests/bench | sed -n 's/^bench_\([a-z]*\)\.\(c\|sh\)$/\1/p' | sort -u | tr '\n' ' ')" >&2
	exit 1
}
