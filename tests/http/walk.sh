# Sourced by the scripts that walk the whole API: lib.sh, an installation whose web process logs every
# statement, and the world of world.py in it.
. "$(dirname "$0")/lib.sh"
export TEST_DIR TOP B api port

start_world() { # further lines of the configuration as arguments
	mkdir -p "$TEST_DIR/pg"
	# nothing is held up here but what a test holds up itself
	install_drawd 'demo = true;' "log: { level = \"${LOG:-debug}\"; };" "$@"
	web_conf "$sockets" "page = 200; connections = 200; proxy_socket = \"$sockets/proxy.sock\";" >>"$state/drawd.conf"
	start_web
	python3 "$TOP/tests/http/world.py" build || exit 1
}
