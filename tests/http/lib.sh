# Sourced by the scripts of this folder: a private database, an installation with people, its web
# process and its sign-in process. Needs TEST_DIR (empty), TOP and B from tests/run.sh.
set -u
: "${TOP:=$(cd "$(dirname "$0")/../.." && pwd)}" "${B:=$TOP/build}" "${TEST_DIR:=$(mktemp -d)}"
export LC_ALL=C.UTF-8 LANG=C.UTF-8
unset DRAWD_CONF DRAWD_SOCKET DRAWD_CRASH_AT DRAWD_PROFILE DRAWD_PROFILES
state=$TEST_DIR/state
profiles=$state/profiles.conf
failures=0
declare -A token

ok() { echo "ok $*"; }
bad() {
	echo "not ok $*"
	failures=$((failures + 1))
}
# same NAME WANTED GOT
same() { if [ "$2" = "$3" ]; then ok "$1"; else bad "$1: wanted \"$2\", got \"$3\""; fi; }
# has NAME PART TEXT
has() { case $3 in *"$2"*) ok "$1" ;; *) bad "$1: no \"$2\" in \"$3\"" ;; esac; }

cleanup() {
	local p
	for p in ${web:-} ${auth:-} ${worker:-}; do kill "$p" 2>/dev/null; done
	wait
	"$TOP/etc/cluster.sh" remove "$TEST_DIR/pg" >/dev/null 2>&1
}
trap 'cleanup' EXIT

# install_drawd [LINE...]: a server, a database, keys and a configuration of these lines. AUTH: the settings
# of the group auth but its socket.
install_drawd() {
	local sock
	sock=$("$TOP/etc/cluster.sh" start "$TEST_DIR/pg" --test) || exit 1
	"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -q -f "$TOP/sql/bootstrap.sql" >/dev/null || exit 1
	# a socket's path is short, whatever the folder of the test
	sockets=$(dirname "$(cat "$TEST_DIR/pg/where")/x")
	"$B/drawd" init "$state" >/dev/null || exit 1
	{
		echo 'state = ".";'
		printf 'database: { host = "%s"; };\n' "$sock"
		printf 'auth: { socket = "%s/auth.sock"; %s };\n' "$sockets" \
			"${AUTH:-memory = 8; passes = 1; totp = ();}"
		printf '%s\n' "$@"
	} >"$state/drawd.conf"
	"$B/drawd" --conf "$state/drawd.conf" migrate 2>>"$TEST_DIR/log" || exit 1
}
# enrol [FILE]: departments and accounts, a token for each of them (token[ACCOUNT]) and passwords
# (password ACCOUNT)
enrol() {
	local name value
	"$B/drawd" --conf "$state/drawd.conf" enrol "${1:-$TOP/etc/policy/people.conf}" --profiles "$profiles" \
		--passwords "$state/passwords" >/dev/null 2>>"$TEST_DIR/log" || {
		tail -n 3 "$TEST_DIR/log"
		exit 1
	}
	while read -r name value; do token[$name]=$value; done < <(
		sed -n 's/.*name = "\([^"]*\)".*token = "\([^"]*\)".*/\1 \2/p' "$profiles")
}
password() { awk -F '\t' -v account="$1" '$1 == account { print $2 }' "$state/passwords"; }

start_web() {
	[ -e "$profiles" ] || enrol
	"$B/drawd" --conf "$state/drawd.conf" auth 2>>"$TEST_DIR/log" &
	auth=$!
	"$B/drawd" --conf "$state/drawd.conf" web 2>>"$TEST_DIR/log" &
	web=$!
	api=$sockets/web.sock
	for _ in $(seq 100); do
		[ -S "$sockets/auth.sock" ] &&
			[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$api" http://localhost/readyz)" = 200 ] && break
		sleep 0.05
	done
	port=$(cat "$state/run/web.port" 2>/dev/null)
}

# start_worker: what is asked for is done (imports without rules for labels: import_conf)
start_worker() {
	"$B/drawd" --conf "$state/drawd.conf" worker 2>>"$TEST_DIR/log" &
	worker=$!
}
import_conf() { echo 'import: { labels = ""; departments = ""; };'; }
# done_job: waits for the job of the last reply, its state in $ended
done_job() {
	local job
	job=$(member job) || { bad "no job: $body"; return; }
	for _ in $(seq 600); do
		ended=$(sql "SELECT state FROM job WHERE id = $job")
		case $ended in done | failed) return ;; esac
		sleep 0.05
	done
	bad "job $job does not end: $ended"
}

# web_conf: the lines of the configuration's web group every script needs
web_conf() { printf 'web: { port = 0; socket = "%s/web.sock"; %s };\n' "$1" "${2:-}"; }

take() { # splits what curl said
	status=${body##*$'\n'}
	body=${body%$'\n'*}
}
# call METHOD PATH [CURL ARGUMENT...]: status in $status, body in $body, over the Unix socket, as nobody
# (the tests' user has no account)
call() {
	local method=$1 path=$2
	shift 2
	body=$(curl -s -X "$method" -w '\n%{http_code}' --unix-socket "$api" "http://localhost$path" "$@")
	take
}
# tcp METHOD PATH [CURL ARGUMENT...]: the same over loopback
tcp() {
	local method=$1 path=$2
	shift 2
	body=$(curl -s --noproxy '*' -X "$method" -w '\n%{http_code}' "http://127.0.0.1:$port$path" "$@")
	take
}
# as ACCOUNT METHOD PATH [CURL ARGUMENT...]: with that account's token; a POST has a fresh
# Idempotency-Key, or the one in $KEY
as() {
	local account=$1 method=$2 path=$3
	local key=(-H "Idempotency-Key: ${KEY:-$(fresh_key)}")
	shift 3
	[ "$method" = POST ] || key=()
	call "$method" "$path" -H "Authorization: Bearer ${token[$account]}" ${key[@]+"${key[@]}"} "$@"
}
fresh_key() { echo "test-$(od -An -N 9 -tx1 /dev/urandom | tr -d ' \n')"; }
# second ACCOUNT MOTION: agrees to it as it is seen
second() {
	local etag
	etag=$(curl -s -o /dev/null -D - --unix-socket "$api" -H "Authorization: Bearer ${token[$1]}" \
		"http://localhost/api/v1/motions/$2" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
	as "$1" POST "/api/v1/motions/$2/second" -H "If-Match: $etag" -d '{"reason":"test"}'
}
# ctl_as ACCOUNT ARGUMENT...: drawctl with that account's profile
ctl_as() {
	local account=$1
	shift
	"$B/drawctl" --profiles "$profiles" --profile "$account" "$@"
}

# member NAME: of the JSON in $body
member() { printf '%s' "$body" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
sql() { "$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -d drawd -qAtX -c "SET search_path = drawd" -c "$1"; }

finish() { exit $((failures > 0)); }
