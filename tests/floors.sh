#!/bin/bash
# Proves the floors of the house: sampler/base < sampler < planner < daemon.
#   - a floor includes only itself and the floors before it, and only the libraries it may use;
#   - sampler/ and planner/ have no clock, randomness, locale, environment, float or file in them;
#   - drawreplay includes, links and needs only the pure floors and libsodium.
# At the end it shows on small samples that each of these checks can fail.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}
export LC_ALL=C

libc='(assert|ctype|errno|inttypes|limits|stdalign|stdarg|stdbool|stddef|stdint|stdlib|stdnoreturn|string)\.h'
# Functions and types that would make the same bytes in give other bytes out, or reach outside.
impure='(time|clock|gettimeofday|clock_gettime|localtime(_r)?|gmtime(_r)?|mktime|strftime|strptime|setlocale|localeconv|newlocale|uselocale|strcoll|strxfrm|iconv|s?rand(om)?(_r)?|[dlm]rand48|arc4random\w*|getrandom|randombytes\w*|(secure_)?getenv|setenv|putenv|f(open|dopen|reopen|read|write|close|scanf|printf|puts|putc|flush|seek|tell|gets|getc)|popen|system|open(at)?|creat|read|write|socket|connect|printf|puts|putchar|scanf|perror|get(char|line|delim)|atof|strto(d|f|ld)|sleep|usleep|nanosleep|fork|exec[vlpe]*|signal|sigaction|pthread_\w+)[ \t]*\('
# An arena that gets no memory says so and ends the process; nothing else may speak.
last_words='^sampler/base/arena\.c:[0-9]+:.*\bfputs\(\w+, stderr\)|:arena\.o: +U (fputs|fwrite|stderr)\b'
floats='\b(float|double|_Complex|FLT_\w+|DBL_\w+)\b|\b[0-9]+\.[0-9]+f?\b'

# Source text of files without comments, string and character literals, each line "FILE:LINE:TEXT".
# Includes keep their names.
strip() {
	awk '
	FNR == 1 { inside = 0 }
	{
		s = $0
		out = ""
		if (s ~ /^[ \t]*#[ \t]*include/ && !inside) {
			sub(/[ \t]*\/[*\/].*/, "", s)
			print FILENAME ":" FNR ":" s
			next
		}
		while (s != "") {
			if (inside) {
				i = index(s, "*/")
				if (!i) { s = ""; break }
				s = substr(s, i + 2)
				inside = 0
			} else if (match(s, /\/\*|\/\/|"|\047/)) {
				out = out substr(s, 1, RSTART - 1)
				token = substr(s, RSTART, RLENGTH)
				s = substr(s, RSTART + RLENGTH)
				if (token == "//")
					s = ""
				else if (token == "/*")
					inside = 1
				else {
					while (s != "" && substr(s, 1, 1) != token)
						s = substr(s, substr(s, 1, 1) == "\\" ? 3 : 2)
					s = substr(s, 2)
					out = out " "
				}
			} else {
				out = out s
				s = ""
			}
		}
		print FILENAME ":" FNR ":" out
	}' "$@" /dev/null
}

sources() { find "$@" -type f \( -name '*.[ch]' -o -name '*.def' \) 2>/dev/null | sort; }

# includes FLOOR-NAME ALLOWED-REGEX FILE...: prints the includes that are not allowed.
includes() {
	local allowed=$1
	shift
	[ $# -gt 0 ] || return 0
	strip "$@" | grep -E ':[ \t]*#[ \t]*include' |
		grep -vE "#[ \t]*include[ \t]*($allowed)[ \t]*\$"
}

# All findings below the folder $1, one a line.
findings() {
	local top=$1 files
	cd "$top" || exit 1
	mapfile -t files < <(sources sampler/base)
	includes "<($libc|stdio\.h)>|\"sampler/base/[a-z0-9_]+\.(h|def)\"" "${files[@]}" |
		sed 's/^/include: /'
	mapfile -t files < <(sources sampler | grep -v '^sampler/base/')
	includes "<($libc|sodium\.h|sodium/[a-z0-9_]+\.h|cpuid\.h|[a-z]*mmintrin\.h|immintrin\.h)>|\"sampler/(base/)?[a-z0-9_]+\.(h|def)\"" \
		"${files[@]}" | sed 's/^/include: /'
	mapfile -t files < <(sources planner)
	includes "<$libc>|\"(sampler/(base/)?|planner/)[a-z0-9_]+\.(h|def)\"" "${files[@]}" |
		sed 's/^/include: /'
	mapfile -t files < <(sources daemon/replay)
	includes "<($libc|(fcntl|getopt|signal|stdio|strings|time|unistd|sodium|sys/(mman|stat|types|resource|time))\.h)>|\"(sampler/(base/)?|planner/|daemon/replay/)[a-z0-9_]+\.(h|def)\"" \
		"${files[@]}" | sed 's/^/include: /'
	mapfile -t files < <(sources daemon | grep -v '^daemon/replay/')
	includes '<[^>]+>|"((sampler|sampler/base|planner|daemon|daemon/register|daemon/policy|daemon/ctl|gen)/)[a-z0-9_]+\.(h|def)"' \
		"${files[@]}" | sed 's/^/include: /'
	mapfile -t files < <(sources sampler planner)
	[ ${#files[@]} = 0 ] || {
		strip "${files[@]}" | grep -E ":.*[^.>[:alnum:]_]$impure" | grep -vE "$last_words" | sed 's/^/impure: /'
		strip "${files[@]}" | grep -E ":[0-9]+:.*($floats)" | sed 's/^/float: /'
		strip "${files[@]}" | grep -E ':.*\b(__DATE__|__TIME__|__TIMESTAMP__|FILE[ \t]*\*|(stdin|stdout|stderr)\b)' |
			grep -vE "$last_words" | sed 's/^/impure: /'
	}
	true
}

failed=0
report() { # NAME FINDINGS
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		printf '%s\n' "$2"
		failed=1
	fi
}

found=$(findings .)
report 'floors: a floor includes only the floors before it' "$(grep '^include: ' <<<"$found")"
report 'floors: sampler and planner reach nothing outside' "$(grep '^impure: ' <<<"$found")"
report 'floors: sampler and planner have no floating point' "$(grep '^float: ' <<<"$found")"

# What the objects ask of libc tells more than their text.
undefined() { nm -A -u "$@" 2>/dev/null | grep -E " U (${impure%%\[ *}|std(in|out|err)|__v?f?printf_chk)(@|\$)" |
	grep -vE "$last_words"; }
report 'floors: the pure libraries call nothing impure' \
	"$(undefined "$B/libsampler.a" "$B/libplanner.a")"
needed() { readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	grep -vE '^(libsodium\.so\.[0-9]+|libc\.so\.6|ld-linux.*|lib(a|t|ub)san\.so\.[0-9]+|libm\.so\.6|libgcc_s\.so\.1)$'; }
if [ -e "$B/drawreplay" ]; then
	report 'floors: drawreplay needs only libsodium and libc' "$(needed "$B/drawreplay")"
fi

# ---- each check can fail ------------------------------------------------------------------------
sample=$(mktemp -d)
trap 'rm -rf "$sample"' EXIT
can_fail() { # NAME FOLDER EXPECTED-KIND LINE
	mkdir -p "$sample/$2"
	printf '%s\n' "$4" >"$sample/$2/sample.c"
	report "floors: refuses $1" \
		"$( (findings "$sample") | grep -q "^$3: $2/sample.c:1:" || echo "$4 was not found")"
	rm -rf "${sample:?}"/*
}
passes() { # NAME FOLDER TEXT
	mkdir -p "$sample/$2"
	printf '%s\n' "$3" >"$sample/$2/sample.c"
	report "floors: lets pass $1" "$( (findings "$sample"))"
	rm -rf "${sample:?}"/*
}
can_fail 'base that includes sampler' sampler/base include '#include "sampler/draw.h"'
can_fail 'base that includes libsodium' sampler/base include '#include <sodium.h>'
can_fail 'sampler that includes planner' sampler include '#include "planner/frame.h"'
can_fail 'sampler with <time.h>' sampler include '#include <time.h>'
can_fail 'planner that includes daemon' planner include '#include "daemon/db.h"'
can_fail 'planner that includes libsodium' planner include '#include <sodium.h>'
can_fail 'replay that includes daemon' daemon/replay include '#include "daemon/sqltext.h"'
can_fail 'replay with a library of the daemon' daemon/replay include '#include <libpq-fe.h>'
can_fail 'daemon that includes tests' daemon include '#include "tests/unit/test.h"'
can_fail 'an include written as a path' planner include '#include "../daemon/db.h"'
can_fail 'a clock' sampler impure 'x = time(NULL);'
can_fail 'a random number' planner impure 'x = rand();'
can_fail 'the environment' planner impure 'p = getenv("X");'
can_fail 'a file' sampler/base impure 'f = fopen(p, "r");'
can_fail 'the standard output' planner impure 'fputs(p, stdout);'
can_fail 'a float' planner float 'double x = y;'
can_fail 'a fraction' sampler float 'x = 0.5;'
passes 'a comment and a string with such words' planner \
	'/* double time(x) */ const char *p = "float rand() 0.5"; // fopen('
passes 'the text functions of base' sampler/base '#include <stdio.h>'
if command -v "${CC:-cc}" >/dev/null; then
	echo 'long t(void); long t(void) { extern long time(long *); return time(0); }' >"$sample/x.c"
	${CC:-cc} -c -o "$sample/x.o" "$sample/x.c"
	report 'floors: refuses an object that calls the clock' \
		"$(undefined "$sample/x.o" | grep -q time || echo 'time was not found')"
	echo 'int event_base_new(void); int main(void) { return event_base_new(); }' >"$sample/y.c"
	${CC:-cc} -o "$sample/y" "$sample/y.c" -levent_core
	report 'floors: refuses a replay that needs libevent' \
		"$(needed "$sample/y" | grep -q libevent || echo 'libevent was not found')"
fi
exit $failed
