# Sourced by the scripts of this folder: a private server, installations with the same keys, the way
# of a round by drawctl. The clock stands still and secrets are derived, so that the same lists give
# the same bytes. Needs TEST_DIR, B (tests/run.sh sets them).
set -u
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C.UTF-8
unset DRAWD_CONF DRAWD_SOCKET DRAWD_CRASH_AT DRAWD_PROFILE DRAWD_PROFILES
TEST_DIR=${TEST_DIR:-$(mktemp -d /tmp/drawd-test.XXXXXX)}
B=${B:-build}
T=1771980000 # 2026-02-25T00:40:00Z
failures=0
supervisor=

ok() { echo "ok $*"; }
not_ok() {
	echo "not ok $*"
	failures=$((failures + 1))
}
# check NAME COMMAND…: what the command says is shown only where it fails
check() {
	local name=$1
	shift
	if "$@" >"$TEST_DIR/said" 2>&1; then
		ok "$name"
	else
		not_ok "$name"
		head -n 20 "$TEST_DIR/said"
	fi
}
# same NAME WANTED GOT
same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted \"$2\", got \"$3\""; fi; }

stop_house() {
	[ -n "$supervisor" ] || return 0
	kill "$supervisor" 2>/dev/null
	wait "$supervisor" 2>/dev/null
	supervisor=
}
trap 'stop_house; etc/cluster.sh remove "$TEST_DIR/pg"' EXIT
finish() { exit $((failures > 0)); }

start_server() {
	sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test) || exit 1
	mkdir -p "$TEST_DIR/keys"
	"$B/drawd" init "$TEST_DIR/keys" --demo --database "$sock" --port 0 \
		--calendar "$PWD/etc/calendar/cn.txt" --labels "$PWD/etc/policy/labels.conf" \
		--departments "$PWD/etc/policy/departments.conf" >/dev/null || exit 1
}
sql() { etc/cluster.sh psql "$TEST_DIR/pg" -d "$db" -qAtX -v ON_ERROR_STOP=1 "$@"; }
# as ACCOUNT ARGUMENT…, and what a coordinator does
as() { "$B/drawctl" -q --profiles "$house/profiles" --profile "$1" --lang en "${@:2}"; }
ctl() { as lead "$@"; }
agree() { as lead2 motion second --round "$1" --kind "$2" --yes; } # ROUND KIND: the second person

# house NAME [CRASH_POINT]: a running installation with a database of that name.
house() {
	stop_house
	db=$1
	house=$TEST_DIR/$1
	etc/cluster.sh psql "$TEST_DIR/pg" -q -v database="$db" -f sql/bootstrap.sql >/dev/null || exit 1
	cp -a "$TEST_DIR/keys" "$house"
	sed -i "s|unix:$TEST_DIR/keys|unix:$house|; s|^\tname = .*||; s|^database: {|&\n\tname = \"$db\";|" \
		"$house/drawd.conf"
	printf 'test: {\n\ttime = %s;\n\tsecret = "e2e";\n\tanchors = false;\n};\nworker: {\n\tlease = 3;\n};\nregister: {\n\tclass_move_max = "100%%"; # a clerk confirms and undoes alone\n};\n' $T >>"$house/drawd.conf"
	mkdir "$house/crashed"
	"$B/drawd" --conf "$house/drawd.conf" migrate 2>"$house/log" &&
		"$B/drawd" --conf "$house/drawd.conf" enrol "${people:-etc/policy/people.conf}" --profiles "$house/profiles" >/dev/null || exit 1
	DRAWD_CRASH_AT=${2:-} DRAWD_CRASH_DIR=$house/crashed \
		"$B/drawd" --conf "$house/drawd.conf" supervise >>"$house/log" 2>&1 &
	supervisor=$!
	for _ in $(seq 200); do
		ctl health >/dev/null 2>&1 && return
		sleep 0.05
	done
	echo 'the house does not start:'
	tail -n 20 "$house/log"
	exit 1
}

import() { # KIND FILE [ACCOUNT]: a second person agrees to recusals, the head of a clerk's department
	local who=${3:-lead} other motion
	[ "$1" = recusals ] || { as "$who" import "$1" "$2" --source e2e --provider e2e --yes; return; }
	other=head-${who#*-}
	[ "$who" != lead ] || other=lead2
	motion=$(as "$who" import "$1" "$2" --source e2e --provider e2e --reason e2e) &&
		as "$other" motion second "$motion" --yes
}

# Lists with defects on purpose: no freeze without a reason.
freeze_refused() {
	local said
	said=$({ ctl round freeze "$round" --reason e2e && agree "$round" freeze; } 2>&1) && return 1
	[[ $said == *'% ('*') < 99.5000%: e2e '* ]] || { echo "$said"; return 1; }
}
# The round from creation to the draw; sets round. override: why to freeze though the lists are bad.
draw_round() {
	local key d signatures=()
	round=$(ctl round new etc/policy/district.conf --demo --delta 0 --pulses "dice:1:$T" --reason e2e) &&
		agree "$round" policy || return 1
	for d in $(sql -c "SELECT departments FROM drawd.round" | tr , ' '); do
		as "head-$d" round approve "$round" || return 1
	done
	[ -z "${override:-}" ] || freeze_refused || return 1
	ctl round freeze "$round" --reason e2e ${override:+--quality-override "$override"} &&
		ctl motion show "$(sql -c "SELECT max(id) FROM drawd.motion WHERE kind = 'freeze'")" >"$house/freeze.txt" &&
		agree "$round" freeze &&
		ctl round lock "$round" --reason e2e && agree "$round" lock || return 1
	ctl round beacon-text "$round" --value 3141526535123456123 >"$house/text" || return 1
	for key in "$house"/attesters/*.key; do
		ctl attest "$house/text" --key "$key" >"$key.sig"
		signatures+=(--attestation "$key.sig")
	done
	ctl round beacon "$round" --value 3141526535123456123 "${signatures[@]}" --reason e2e &&
		agree "$round" beacon && ctl round draw "$round"
}
# Reveal once the windows are over, and take the bundle.
bundle_round() { # FILE
	sed -i "s/^\ttime = .*/\ttime = 1785715200;/" "$house/drawd.conf" # 2026-08-03
	kill -HUP "$supervisor"
	local p
	for p in web notary witness; do # their clocks: of the motion, of the reveal, of its checkpoint
		for _ in $(seq 50); do
			grep -q " $p conf.reloaded" "$house/log" && break
			sleep 0.1
		done
	done
	ctl round reveal "$round" --reason e2e && agree "$round" publication || return 1
	ctl round bundle "$round" --level audit -o "$1"
}

# The register as rounds see it: no batch, no line, no id of a house.
facts() {
	sql -c "COPY (SELECT object, entity, name, kind, industry, region, established, status, since, class,
			labels, checked, address, scope, x, y FROM drawd.entity_current ORDER BY object) TO STDOUT" \
		-c "COPY (SELECT inspector, department, name, certificate_no, certificate, regions, items, leave,
			lim, active FROM drawd.inspector_current ORDER BY inspector) TO STDOUT" \
		-c "COPY (SELECT DISTINCT inspector, subject, ground, since FROM drawd.recusals_current
			ORDER BY 1, 2, 3, 4) TO STDOUT"
}

replays() { # BUNDLE: both replays accept it
	"$B/drawreplay" --trust "$house/trust" "$1" >"$1.c.txt" 2>&1 &&
		python3 sampler/verify.py --trust "$house/trust" "$1" >"$1.py.txt" 2>&1
}
refused() { # BUNDLE: both replays end with another code than 0
	! "$B/drawreplay" --trust "$house/trust" "$1" >/dev/null 2>&1 &&
		! python3 sampler/verify.py --trust "$house/trust" "$1" >/dev/null 2>&1
}
flip() { # FILE OFFSET TO
	local byte
	cp "$1" "$3"
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf "\\x$(printf %x $((byte ^ 1)))" | dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}
