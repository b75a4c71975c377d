# What the fault tests share: a server, installations with the same keys, a round step by step.
# The clock stands still and secrets are derived, so two runs of a round give the same bytes.
# Sourced by bash scripts that run in $TOP with TEST_DIR and B set (tests/run.sh).
set -u
TEST_DIR=${TEST_DIR:-$(mktemp -d /tmp/drawd-test.XXXXXX)}
B=${B:-build}
T=1770000000 # 2026-02-02T02:40:00Z: freeze, dice and reveal at once, as only a demo round may
DATE=2026-02-02
ROUND=2026-0001
VALUE=3141526535123456123
supervisor=
failures=0

ok() { echo "ok $*"; }
not_ok() {
	echo "not ok $*"
	failures=$((failures + 1))
}
# check NAME COMMAND...
check() {
	local name=$1
	shift
	if "$@"; then ok "$name"; else not_ok "$name"; fi
}
finish() {
	stop_house
	etc/cluster.sh remove "$TEST_DIR/pg"
	[ "$failures" = 0 ]
	exit
}
trap 'stop_house; etc/cluster.sh remove "$TEST_DIR/pg"' EXIT

start_server() {
	sock=$(etc/cluster.sh start "$TEST_DIR/pg" --test) || exit 1
	"$B/drawd" init "$TEST_DIR/keys" --demo --database "$sock" --port 0 \
		--calendar "$PWD/etc/calendar/cn.txt" --labels "$PWD/etc/policy/labels.conf" >/dev/null || exit 1
}

sql() { etc/cluster.sh psql "$TEST_DIR/pg" -d "$db" -qAtX -v ON_ERROR_STOP=1 "$@"; }
ask() { sql -c "$1"; }

# until_true SECONDS CONDITION: waits in the database; false when time is up.
until_true() {
	[ "$(sql -v ON_ERROR_STOP=0 2>/dev/null <<-END
		DO \$\$ BEGIN
			FOR i IN 1 .. $1 * 50 LOOP
				EXIT WHEN $2;
				PERFORM pg_sleep(0.02);
			END LOOP;
		END \$\$;
		SELECT ($2)::int;
	END
	)" = 1 ]
}

# new_house NAME: a database and an installation folder of that name, keys as everywhere.
new_house() {
	db=$1
	house=$TEST_DIR/$1
	etc/cluster.sh psql "$TEST_DIR/pg" -q -v database="$db" -f sql/bootstrap.sql || exit 1
	cp -a "$TEST_DIR/keys" "$house"
	sed -i "s|unix:$TEST_DIR/keys|unix:$house|; s|^\tname = .*||; s|^database: {|&\n\tname = \"$db\";|" \
		"$house/drawd.conf"
	printf 'test: {\n\ttime = %s;\n\tsecret = "faults";\n\tanchors = false;\n};\nworker: {\n\tlease = 2;\n};\nregister: {\n\tquality_min = "0%%"; # made-up codes, without their check digits\n};\n' $T \
		>>"$house/drawd.conf"
}

# start_house [CRASH_POINT]
start_house() {
	mkdir -p "$house/crashed"
	DRAWD_CRASH_AT=${1:-} DRAWD_CRASH_DIR=$house/crashed \
		"$B/drawd" --conf "$house/drawd.conf" supervise >>"$house/log" 2>&1 &
	supervisor=$!
	local i
	for i in $(seq 1 150); do
		[ "$(ask 'SELECT count(*) FROM drawd.migration' 2>/dev/null)" = \
			"$(find sql/migrations -name '*.sql' | wc -l)" ] && enrol && return
		sleep 0.1
	done
	echo "the house does not start:"
	tail -n 5 "$house/log"
	return 1
}

enrol() {
	[ -e "$house/profiles" ] || "$B/drawd" --conf "$house/drawd.conf" enrol tests/faults/people.conf \
		--profiles "$house/profiles" >/dev/null
}

stop_house() {
	[ -n "$supervisor" ] || return 0
	kill "$supervisor" 2>/dev/null
	wait "$supervisor"
	supervisor=
}

load_round() {
	sql -v policy="$(cat tests/faults/policy.rows)" -v frozen=$T -v pulse=${1:-$T} -v reveal=$DATE \
		-f tests/faults/round.sql
}

# The steps: each asks and waits for the entry and its cosigned checkpoint.
entered() { until_true 40 "(SELECT count(*) FROM drawd.log_entry e JOIN drawd.checkpoint c
	ON c.size = e.idx + 1 WHERE e.kind = '$1' AND c.cosigned IS NOT NULL) = 1"; }
# What two people have agreed to, written down as the superuser: here it is about what comes of it.
job() { ask "INSERT INTO drawd.job (kind, args, dedup, motion)
	VALUES ('$1', '$2', '$1', public.agreed('$1', '$2'::jsonb ->> 'round'))"; }
propose() { ask "INSERT INTO drawd.proposal (round, kind, motion)
	VALUES ('$ROUND', '$1', public.agreed('$1', '$ROUND'))"; }
beacon_text() {
	printf 'drawd/beacon/v1\nround %s\nlock %s\nplace 1\nsource dice\npulse 1\nvalue %s\n' $ROUND \
		"$(ask "SELECT encode(leaf, 'hex') FROM drawd.log_entry WHERE kind = 'lock'")" "${1:-$VALUE}"
}
# attest FILE KEY...: their signature lines on a text
attest() {
	local file=$1 key
	shift
	for key in "$@"; do "$B/drawctl" attest "$file" --key "$key" || return; done
}
propose_beacon() { # [VALUE] [KEY]...
	local value=${1:-$VALUE}
	shift
	[ $# -gt 0 ] || set -- "$house"/attesters/*.key
	beacon_text "$value" >"$house/beacon"
	attest "$house/beacon" "$@" >"$house/attested"
	sql -v body="$(cat "$house/beacon")" -v lines="$(cat "$house/attested")" <<-END
		INSERT INTO drawd.proposal (round, kind, place, body, attestations, motion)
		VALUES ('$ROUND', 'beacon', 1, :'body' || E'\n', :'lines' || E'\n', public.agreed('beacon', '$ROUND'));
	END
}
freeze() { job freeze "{\"round\":\"${2:-$ROUND}\",\"frozen\":${1:-$T}}"; } # [TIME] [ROUND]
play_round() {
	freeze && entered freeze && propose lock && entered lock && propose_beacon && entered beacon &&
		job draw "{\"round\":\"$ROUND\"}" && entered draw &&
		until_true 40 "EXISTS (SELECT FROM drawd.job WHERE kind = 'draw' AND state = 'done')" &&
		propose reveal && entered reveal && job bundle "{\"round\":\"$ROUND\"}" &&
		until_true 40 "(SELECT bool_and(state = 'done') FROM drawd.job)"
}
bundle_hash() { ask "SELECT encode(sha256, 'hex') FROM drawd.bundle WHERE round = '$ROUND'"; }
bundle_file() {
	ask "SELECT encode(c.data, 'hex') FROM drawd.bundle b JOIN drawd.artefact a USING (sha256)
		JOIN drawd.artefact_chunk c USING (part_set) WHERE b.round = '$ROUND' ORDER BY c.part" |
		python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))'
}
# What anybody is told of the round: results of its jobs, figures of the draw, rows.
told() { ask "SELECT kind, result FROM drawd.job WHERE kind <> 'quality' ORDER BY kind; SELECT round, bound, bounds::text FROM drawd.projection;
	SELECT count(*), md5(string_agg(v::text, ' ' ORDER BY v::text)) FROM drawd.visit v;
	SELECT count(*), md5(string_agg(s::text, ' ' ORDER BY s::text)) FROM drawd.selection s;
	SELECT count(*), md5(string_agg(d::text, ' ' ORDER BY d::text)) FROM drawd.dropped d;
	SELECT count(*), md5(string_agg(s::text, ' ' ORDER BY s::text)) FROM drawd.slot s" |
	sed 's/"size": [0-9]*//'; "$B/drawctl" --profiles "$house/profiles" --profile lead --lang en round show $ROUND; }
# Why was a proposal or job refused? The newest error's code.
refusal() { ask "SELECT error ->> 'code' FROM drawd.proposal WHERE kind = '$1' AND state = 'refused'
	ORDER BY id DESC LIMIT 1"; }
job_error() { ask "SELECT error ->> 'code' FROM drawd.job WHERE kind = '$1' AND state = 'failed'
	ORDER BY id DESC LIMIT 1"; }
refused() { until_true 40 "EXISTS (SELECT FROM drawd.proposal WHERE kind = '$1' AND state = 'refused'
	AND error ->> 'code' = '$2')"; }
failed() { until_true 40 "EXISTS (SELECT FROM drawd.job WHERE kind = '$1' AND state = 'failed'
	AND error ->> 'code' = '$2')"; }
