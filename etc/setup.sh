#!/bin/bash
# Installs the Debian packages that building and testing need; quick when nothing is missing.
#   etc/setup.sh [PACKAGE...]     further packages a target wants (clang-format, cppcheck, …)
set -u
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

packages=(gcc make pkgconf libc6-dev libevent-dev libpq-dev libconfig-dev libsodium-dev
	libcmocka-dev libjansson-dev libcsv-dev libutf8proc-dev libsystemd-dev libseccomp-dev
	libcurl4-openssl-dev libqrencode-dev liboath-dev libxlsxwriter-dev libzip-dev libexpat1-dev zlib1g-dev
	python3-jsonschema python3-stdnum
	postgresql-15 postgresql-15-pgtap libtap-parser-sourcehandler-pgtap-perl curl procps glpk-utils)
# Older libevent reads some malformed HTTP requests differently from a proxy in front of it.
libevent=2.1.12-stable-8+deb12u1

say() { printf '%s\n' "$*" >&2; }

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	say "setup: this is not a Debian system; see that these are installed: ${packages[*]} python3 $*"
	exit 0
fi

# Names what is missing, one package a line.
missing() {
	dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' 2>/dev/null |
		awk -v wanted="${packages[*]} $*" '
		$2 == "installed" { version[$1] = $3 }
		END {
			n = split(wanted, w, " ")
			for (i = 1; i <= n; i++)
				if (!(w[i] in version))
					print w[i]
			for (p in version)
				if (p ~ /^libevent-(dev|2\.1-7|(core|extra)-2\.1-7)$/)
					print "version " p " " version[p]
		}' |
		while read -r package name version; do
			if [ "$package" != version ]; then
				echo "$package"
			elif dpkg --compare-versions "$version" lt "$libevent"; then
				echo "$name"
			fi
		done
	command -v python3 >/dev/null || echo python3
}

mapfile -t wanted < <(missing "$@" | sort -u)
[ ${#wanted[@]} -gt 0 ] || exit 0
say "setup: these packages are missing or too old and will be installed with apt-get:"
printf '%s\n' "${wanted[@]}" | paste -sd' ' | fold -s -w 90 | sed 's/^/         /' >&2

as_root=()
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		say "setup: you are not root and there is no sudo. Have the packages above installed, then try again."
		exit 1
	fi
	keep=$(compgen -e | grep -iE '^(http|https|ftp|no)_proxy$' | paste -sd,)
	as_root=(sudo ${keep:+"--preserve-env=$keep"})
	if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && say "setup: sudo may ask for your password." && sudo true; }; then
		say "setup: sudo does not let you become root. Have the packages above installed, then try again."
		exit 1
	fi
fi

log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# apt-get ARGUMENT...: waits for another package manager, shows progress, keeps the log.
apt() {
	local try
	for try in $(seq 1 60); do
		"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 \
			-o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef \
			-o Dpkg::Options::=--force-confold "$@" </dev/null 2>&1 | tee "$log" | progress
		[ "${PIPESTATUS[0]}" != 0 ] || return 0
		grep -q 'Could not get lock' "$log" || break
		[ "$try" != 1 ] || say "setup: another package manager is at work, waiting for it"
		sleep 5
	done
	say "setup: apt-get $1 failed:"
	tail -n 15 "$log" | sed 's/^/         /' >&2
	return 1
}

progress() {
	awk '
	/^Need to get/ { print "         " $0; fflush() }
	/^[0-9]+ upgraded, [0-9]+ newly/ { total = $1 + $3 }
	/^Unpacking / { if (++n % 20 == 0) { print "         unpacked " n " of " total; fflush() } }
	/^Setting up / { if (++s % 20 == 0) { print "         set up " s " of " total; fflush() } }' >&2
}

say "setup: reading the package lists"
apt update || exit 1

# drawd keeps a private server; no system-wide one is wanted. An existing choice stands.
conf=/etc/postgresql-common/createcluster.conf
if [[ " ${wanted[*]} " == *" postgresql"* ]] && [ ! -e $conf ]; then
	say "setup: writing $conf, so that installing PostgreSQL starts no system-wide server"
	"${as_root[@]}" mkdir -p ${conf%/*} || exit 1
	echo 'create_main_cluster = false' | "${as_root[@]}" tee $conf >/dev/null || exit 1
fi

say "setup: installing"
apt install --no-install-recommends "${wanted[@]}" || exit 1

mapfile -t wanted < <(missing "$@" | sort -u)
if [ ${#wanted[@]} -gt 0 ]; then
	say "setup: still missing or too old (libevent must be $libevent or later): ${wanted[*]}"
	say "setup: the package sources of this machine, security updates included, must offer them."
	exit 1
fi
say "setup: done"
