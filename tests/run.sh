#!/bin/bash
# Runs test suites and adds up what they say.
#
#   tests/run.sh SUITE...     floors headers words rules unit vectors fuzz db http sim e2e faults
#
# B is the build folder, JOBS how many jobs run at once, CASE a filter handed to the tests,
# TEST_TIMEOUT the seconds one job may take, V=1 shows the output of passing jobs as well.
#
# A job is a cmocka program (its closing lines are read) or a script that prints lines
#   ok NAME      not ok NAME      skipped NAME: why          (TAP with `# SKIP` is understood too)
# A job that prints none of them counts as one test by its exit status. Each job gets an empty
# folder of its own in TEST_DIR (a short path that every user can enter; a failed job's is kept),
# and must use no fixed port and nothing outside that folder; a script with a line `# alone` runs
# while no other job does.
set -u
cd "$(dirname "$0")/.." || exit 1
TOP=$PWD
unset MAKEFLAGS MFLAGS MAKELEVEL # a test that calls make starts afresh
mkdir -p "${B:=build}" && B=$(cd "$B" && pwd) || exit 1
export TOP B CASE="${CASE:-}"
JOBS=${JOBS:-$(nproc)}
TEST_TIMEOUT=${TEST_TIMEOUT:-420}
logs=$B/test
tally=$logs/run.$$ # counts and process ids of this run
mkdir -p "$tally"
trap 'rm -rf "$tally"' EXIT
started=$SECONDS

jobs_quiet=() jobs_alone=()
add() { # NAME COMMAND...
	local name=$1
	shift
	if [ -f "$1" ] && grep -q '^# alone$' "$1" 2>/dev/null; then
		jobs_alone+=("$name $*")
	else
		jobs_quiet+=("$name $*")
	fi
}

for suite in "$@"; do
	case $suite in
	floors | headers | words | rules) add "$suite" "tests/$suite.sh" ;;
	unit)
		for source in tests/unit/test_*.c; do
			[ -e "$source" ] || continue
			name=$(basename "$source" .c)
			add "unit/${name#test_}" "${B#"$TOP"/}/unit/$name"
		done
		;;
	fuzz)
		for source in tests/fuzz/fuzz_*.c; do
			[ -e "$source" ] || continue
			name=$(basename "$source" .c)
			add "fuzz/${name#fuzz_}" tests/fuzz/replay.sh "$name"
		done
		;;
	vectors)
		for script in tests/vectors/*.py; do
			[ -e "$script" ] || continue
			name=vectors/$(basename "$script" .py)
			if grep -q -e '--check' "$script"; then
				add "$name" python3 "$script" --check
			elif [[ $name == vectors/check_* ]]; then
				add "$name" python3 "$script"
			fi
		done
		for script in tests/vectors/*.sh; do
			[ -x "$script" ] && add "vectors/$(basename "$script" .sh)" "$script"
		done
		;;
	db | http | sim | e2e | faults)
		for script in tests/"$suite"/*.sh; do
			[ -x "$script" ] && add "$suite/$(basename "$script" .sh)" "$script"
		done
		;;
	*)
		echo "tests/run.sh: no suite \"$suite\"" >&2
		exit 2
		;;
	esac
done

# Counts of one log: "passed failed skipped".
count() { # LOG STATUS
	awk -v status="$2" '
	/^\[  PASSED  \] [0-9]+ test/ { p += $4; seen = 1 }
	/^\[  FAILED  \] [0-9]+ test/ { f += $4; seen = 1 }
	/^\[  SKIPPED \] [0-9]+ test/ { s += $4; seen = 1 }
	/^ok([ \t]|$)/ { if ($0 ~ /# *(SKIP|skip)/) s++; else p++; seen = 1 }
	/^not ok([ \t]|$)/ { if ($0 ~ /# *TODO/) s++; else f++; seen = 1 }
	/^skipped([ \t]|$)/ { s++; seen = 1 }
	END {
		if (status == 77) # no case of this program has the name asked for
			p = f = s = 0
		else if (status != 0 && !f)
			f = 1
		else if (!seen)
			p = 1
		print p + 0, f + 0, s + 0
	}' "$1"
}

# Stop what a job left running, forget what an earlier run kept.
clean_up() { # FOLDER
	local where
	for where in "$1"/where "$1"/*/where; do
		[ ! -e "$where" ] || etc/cluster.sh remove "${where%/where}"
	done
}

run_one() { # NAME COMMAND...
	local name=$1 log kept status begun=$SECONDS p f s
	shift
	log=$logs/${name//\//-}.log
	kept=${log%.log}.dir
	[ ! -L "$kept" ] || rm -rf "$(readlink "$kept")"
	rm -f "$kept"
	TEST_DIR=$(mktemp -d /tmp/drawd-test.XXXXXX) || exit 1
	export TEST_DIR
	chmod 711 "$TEST_DIR"
	timeout -k 10 "$TEST_TIMEOUT" "$@" >"$log" 2>&1 </dev/null &
	echo $! >"$tally/${name//\//-}.pid"
	wait $!
	status=$?
	rm -f "$tally/${name//\//-}.pid"
	[ $status = 124 ] && echo "stopped after $TEST_TIMEOUT s" >>"$log"
	clean_up "$TEST_DIR" >>"$log" 2>&1
	read -r p f s < <(count "$log" $status)
	echo "$p $f $s" >"$tally/${name//\//-}.count"
	if [ $status = 77 ]; then
		rm -rf "$TEST_DIR"
	elif [ "$f" = 0 ]; then
		rm -rf "$TEST_DIR"
		printf '  ok      %-28s %4d passed%s  %ds\n' "$name" "$p" "${s/#/, }" $((SECONDS - begun)) |
			sed 's/, 0  /  /; s/\(, [0-9][0-9]*\)  /\1 skipped  /'
		grep '^skipped\|^ok.*# *SKIP' "$log" | sed 's/^/          /'
		[ -z "${V:-}" ] || sed 's/^/          /' "$log"
	else
		printf '  FAILED  %-28s %4d passed, %d failed (status %d)  %ds\n' "$name" "$p" "$f" $status \
			$((SECONDS - begun))
		{
			grep -n -A4 '^not ok\|^\[  FAILED  \]\|^\[  ERROR   \]\|ERROR: \|runtime error' "$log" |
				head -n 60
			echo "… the end of ${log#"$TOP"/}:"
			tail -n 25 "$log"
		} | sed 's/^/          /'
		if rmdir "$TEST_DIR" 2>/dev/null; then return; fi
		ln -s "$TEST_DIR" "$kept"
		echo "          its folder is kept: $TEST_DIR"
	fi
}

stop() {
	local pid
	trap - INT TERM
	for pid in "$tally"/*.pid; do
		[ ! -e "$pid" ] || kill "$(cat "$pid")"
	done
	wait
	echo 'stopped'
	exit 1
}
trap stop INT TERM
asked=$((${#jobs_quiet[@]} + ${#jobs_alone[@]}))
if [ "$asked" = 0 ]; then
	echo "nothing to run: there are no tests in $*"
	exit 0
fi
running=0
for job in ${jobs_quiet[@]+"${jobs_quiet[@]}"}; do
	if [ $running -ge "$JOBS" ]; then
		wait -n
		running=$((running - 1))
	fi
	# shellcheck disable=SC2086 # a job is a list of words
	{ out=$(run_one $job); printf '%s\n' "$out"; } &
	running=$((running + 1))
done
wait
for job in ${jobs_alone[@]+"${jobs_alone[@]}"}; do
	# shellcheck disable=SC2086
	run_one $job
done

read -r passed failed skipped < <(cat "$tally"/*.count 2>/dev/null |
	awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
answered=$(find "$tally" -name '*.count' | wc -l)
[ "$asked" = "$answered" ] || failed=$((failed + asked - answered))
if [ -n "$CASE" ] && [ $((passed + failed + skipped)) = 0 ]; then
	echo "no test matches CASE=$CASE"
	failed=1
fi
echo "$asked jobs in $((SECONDS - started)) s; their output is in ${logs#"$TOP"/}"
printf '%d passed, %d failed' "$passed" "$failed"
[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
echo
[ "$failed" = 0 ]
