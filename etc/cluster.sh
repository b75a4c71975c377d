#!/bin/bash
# A private PostgreSQL server for the demo and the tests: a Unix socket, no TCP port, no password.
#
#   etc/cluster.sh start DIR [--test] [--map OSUSER=ROLE]...   print the socket's folder
#   etc/cluster.sh stop DIR [fast|immediate]
#   etc/cluster.sh psql DIR [ARGUMENT...]                      as the superuser drawd
#   etc/cluster.sh remove DIR                                  stop it and delete its files
#
# start makes the server if there is none, starts it if it is down, and is harmless when it runs.
# --test trades durability for speed. The files are in the folder that DIR/where names: DIR
# itself, or one below /tmp where the server's user cannot enter DIR or its path is too long for
# a socket. Started by root, the server runs as the user postgres (DRAWD_USER names another).
set -eu
export LC_ALL=C.UTF-8
unset PGHOST PGPORT PGDATABASE PGUSER PGDATA PGOPTIONS PGSERVICE
roles=(drawd drawd_owner drawd_notary drawd_web drawd_auth drawd_worker drawd_reader)

die() {
	echo "cluster: $*" >&2
	exit 1
}
usage() {
	sed -n '4,7s/^# *//p' "$0" >&2
	exit 2
}

[ $# -ge 2 ] || usage
verb=$1
dir=$2
shift 2
case $verb in start | stop | psql | remove) ;; *) usage ;; esac

user=$(id -un)
as=()
if [ "$(id -u)" = 0 ]; then
	user=${DRAWD_USER:-postgres}
	id -u "$user" >/dev/null 2>&1 || die "there is no user $user; is postgresql installed? (make setup)"
	as=(setpriv --reuid "$user" --regid "$(id -gn "$user")" --init-groups env HOME=/)
fi
bin=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || die "PostgreSQL's programs are not installed (make setup)"

# As the server's user, in a folder that everyone can enter, with the lock closed.
server() { (cd / && exec ${as[@]+"${as[@]}"} "$@" 9>&-); }
running() { server "$bin/pg_ctl" -D "$home/data" status >/dev/null 2>&1; }

# The server's user can write below $1, and a socket fits there.
fits() {
	local probe=$1/probe.$$ ok=1
	[ "$(printf '%s' "$1/sock/.s.PGSQL.5432.lock" | wc -c)" -lt 107 ] || return 1
	mkdir -p "$probe" && chown "$user" "$probe" || return 1
	server test -w "$probe" -a -x "$probe" 2>/dev/null || ok=0
	rmdir "$probe"
	[ $ok = 1 ]
}

find_home() { # sets home; with "make" chooses and makes the folder
	home=
	[ ! -e "$dir/where" ] || home=$(cat "$dir/where")
	# a copied or moved project must not take the server of the place it came from
	[ -n "$home" ] && [ "$(cat "$home/for" 2>/dev/null)" = "$dir" ] || home=
	[ -z "$home" ] || [ ! -d "$home/data" ] || [ "$(stat -c %U "$home/data")" = "$user" ] ||
		die "$home/data belongs to $(stat -c %U "$home/data"), not to $user: take another folder, or remove it as that user"
	[ "${1:-}" = make ] || return 0
	if [ -z "$home" ] && fits "$dir"; then
		home=$dir
	elif [ -z "$home" ]; then
		home=$(mktemp -d /tmp/drawd.XXXXXX)
	fi
	mkdir -p "$home/sock"
	chown "$user" "$home/sock"
	chmod 711 "$home" "$home/sock"
	printf '%s\n' "$dir" >"$home/for"
	printf '%s\n' "$home" >"$dir/where"
}

create() {
	local new=$home/data.new
	rm -rf "$new"
	mkdir -m 700 "$new"
	chown "$user" "$new"
	server "$bin/initdb" -D "$new" -U drawd -E UTF8 --locale=C.UTF-8 --data-checksums \
		--auth-local=peer --auth-host=reject --no-instructions $no_sync >"$home/initdb.log" 2>&1 ||
		die "initdb failed: $(tail -n 3 "$home/initdb.log")"
	echo 'local all all peer map=drawd' | write "$new/pg_hba.conf"
	echo "include 'drawd.conf'" | write -a "$new/postgresql.conf"
	mv "$new" "$home/data"
}

write() { server tee "$@" >/dev/null; } # stdin to a file of the server's user

configure() {
	local os role
	{
		echo "listen_addresses = ''"
		echo "port = 5432"
		printf "unix_socket_directories = '\"%s\"'\n" "${home//\'/\'\'}/sock"
		[ -z "$no_sync" ] || printf '%s = off\n' fsync full_page_writes synchronous_commit
	} | write "$home/data/drawd.conf"
	# one line per user and role: peer authentication lets nobody else in
	{
		for os in $(printf '%s\n' root "$user" "$(id -un)" | sort -u); do
			for role in "${roles[@]}"; do
				echo "drawd \"$os\" $role"
			done
		done
		for role in ${maps[@]+"${maps[@]}"}; do
			echo "drawd \"${role%%=*}\" ${role#*=}"
		done
	} | write "$home/data/pg_ident.conf"
}

no_sync=
maps=()
if [ "$verb" = start ]; then
	while [ $# -gt 0 ]; do
		case $1 in
		--test) no_sync=--no-sync ;;
		--map)
			[[ ${2:-} == ?*=?* ]] || usage
			maps+=("$2")
			shift
			;;
		*) usage ;;
		esac
		shift
	done
	mkdir -p "$dir"
fi
dir=$(cd "$dir" 2>/dev/null && pwd -P) || {
	[ "$verb" != psql ] && exit 0
	die "no server in that folder"
}

case $verb in
start)
	exec 9>"$dir/lock"
	flock 9
	find_home make
	[ -s "$home/data/PG_VERSION" ] || create
	configure
	if running; then
		server "$bin/pg_ctl" -D "$home/data" -s reload
	else
		: >>"$home/server.log"
		chown "$user" "$home/server.log"
		server "$bin/pg_ctl" -D "$home/data" -s -w -t 60 -l "$home/server.log" start ||
			die "the server does not start: $(tail -n 5 "$home/server.log")"
	fi
	echo "$home/sock"
	;;
stop)
	find_home
	[ -n "$home" ] && running || exit 0
	server "$bin/pg_ctl" -D "$home/data" -s -w -t 60 -m "${1:-fast}" stop
	;;
psql)
	find_home
	[ -n "$home" ] || die "no server in $dir"
	PGDATABASE=postgres exec "$bin/psql" -X -h "$home/sock" -p 5432 -U drawd "$@"
	;;
remove)
	find_home
	[ -n "$home" ] || exit 0
	! running || server "$bin/pg_ctl" -D "$home/data" -s -w -t 60 -m immediate stop
	rm -rf "$home/data" "$home/data.new" "$home/sock" "$home/server.log" "$home/initdb.log" \
		"$home/for" "$dir/where" "$dir/lock"
	[ "$home" = "$dir" ] || rmdir "$home"
	;;
esac
