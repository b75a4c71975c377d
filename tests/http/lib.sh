# Sourced by the scripts of this folder: a private database, an installation and its web process.
# Needs TEST_DIR (empty), TOP and B from tests/run.sh.
set -u
: "${TOP:=$(cd "$(dirname "$0")/../.." && pwd)}" "${B:=$TOP/build}" "${TEST_DIR:=$(mktemp -d)}"
export LC_ALL=C.UTF-8 LANG=C.UTF-8
unset DRAWD_CONF DRAWD_SOCKET DRAWD_CRASH_AT
state=$TEST_DIR/state
failures=0

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
	[ -z "${web:-}" ] || kill "$web" 2>/dev/null
	wait
	"$TOP/etc/cluster.sh" remove "$TEST_DIR/pg" >/dev/null 2>&1
}
trap 'cleanup' EXIT

install_drawd() { # further lines of the configuration as arguments
	local sock
	sock=$("$TOP/etc/cluster.sh" start "$TEST_DIR/pg" --test) || exit 1
	"$TOP/etc/cluster.sh" psql "$TEST_DIR/pg" -q -f "$TOP/sql/bootstrap.sql" >/dev/null || exit 1
	# a socket's path is short, whatever the folder of the test
	sockets=$(dirname "$(cat "$TEST_DIR/pg/where")/x")
	mkdir -p "$state"
	{
		echo 'state = ".";'
		printf 'database: { host = "%s"; };\n' "$sock"
		printf '%s\n' "$@"
	} >"$state/drawd.conf"
	"$B/drawd" --conf "$state/drawd.conf" migrate 2>>"$TEST_DIR/log" || exit 1
}

start_web() {
	"$B/drawd" --conf "$state/drawd.conf" web 2>>"$TEST_DIR/log" &
	web=$!
	api=$sockets/web.sock
	for _ in $(seq 100); do
		[ "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$api" http://localhost/readyz)" = 200 ] && break
		sleep 0.05
	done
	port=$(cat "$state/run/web.port" 2>/dev/null)
}

# web_conf: the lines of the configuration's web group every script needs
web_conf() { printf 'web: { port = 0; socket = "%s/web.sock"; %s };\n' "$1" "${2:-}"; }

# call METHOD PATH [CURL ARGUMENT...]: status in $status, body in $body, over the Unix socket
call() {
	local method=$1 path=$2
	shift 2
	body=$(curl -s -X "$method" -w '\n%{http_code}' --unix-socket "$api" "http://localhost$path" "$@")
	status=${body##*$'\n'}
	body=${body%$'\n'*}
}
# tcp METHOD PATH [CURL ARGUMENT...]: the same over loopback
tcp() {
	local method=$1 path=$2
	shift 2
	body=$(curl -s --noproxy '*' -X "$method" -w '\n%{http_code}' "http://127.0.0.1:$port$path" "$@")
	status=${body##*$'\n'}
	body=${body%$'\n'*}
}
# member NAME: of the JSON in $body
member() { printf '%s' "$body" | python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

finish() { exit $((failures > 0)); }
