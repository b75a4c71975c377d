#!/bin/bash
# Requests that are malformed or lead elsewhere: each gets its status and harms nobody.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd 'demo = true;'
web_conf "$sockets" >>"$state/drawd.conf"
start_web

# raw REQUEST: the status of the answer over TCP, "closed" where there is none
raw() {
	local line=
	exec 3<>"/dev/tcp/127.0.0.1/$port" || return
	printf '%b' "$1" >&3
	read -r -t 5 line <&3
	exec 3>&-
	line=${line#HTTP/1.? }
	echo "${line%% *}"
}
# answers REQUESTS: the statuses of all that comes back until the connection is closed
answers() {
	exec 3<>"/dev/tcp/127.0.0.1/$port" || return
	printf '%b' "$1" >"$TEST_DIR/request"
	cat "$TEST_DIR/request" >&3 # as one piece: a reset for what was not read would cost the answer
	timeout 2 cat <&3 | tr -d '\0' | grep -ao 'HTTP/1\.[01] [0-9]*' | cut -d' ' -f2 | paste -sd' '
	exec 3>&-
}
get() { printf 'GET %s HTTP/1.1\\r\\n%s\\r\\n' "$1" "$2"; }
host='Host: localhost\r\n'

while IFS='|' read -r name wanted request; do
	[ -n "$name" ] || continue
	got=$(raw "$request")
	case " $wanted " in *" ${got:-closed} "*) ok "$name" ;; *) bad "$name: wanted $wanted, got ${got:-closed}" ;; esac
done <<TABLE
plain|200|$(get /healthz "$host")
any case of the host|200|$(get /healthz 'Host: LOCALHOST:80\r\n')
host with address|200|$(get /healthz 'Host: 127.0.0.1\r\n')
no host|400|$(get /healthz '')
empty host|400|$(get /healthz 'Host: \r\n')
two hosts|400|$(get /healthz "${host}${host}")
foreign host|400|$(get /healthz 'Host: evil.example\r\n')
foreign host with our port|400|$(get /healthz "Host: evil.example:$port\\r\\n")
two lengths|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}
two lengths that differ|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}
length and chunks|400 closed|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
negative length|400 413 closed|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n
length of letters|400 closed|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: abc\r\n\r\n
length beyond all|400 413 closed|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 99999999999999\r\n\r\n
control character in a header|400|$(get /healthz "${host}X-Test: a\\001b\\r\\n")
delete character in a header|400|$(get /healthz "${host}X-Test: a\\177b\\r\\n")
header without a name|400 closed|$(get /healthz "${host}: x\\r\\n")
space in a header's name|400 closed|$(get /healthz "${host}X Y: x\\r\\n")
address without a slash|400 closed|$(get healthz "$host")
address of a whole URL|400 404|$(get http://evil.example/healthz "$host")
escaped path|400|$(get '/%68ealthz' "$host")
dots|400|$(get /api/../healthz "$host")
escaped dots|400|$(get '/api/%2e%2e/healthz' "$host")
overlong slash|400|$(get '/api/..%c0%afhealthz' "$host")
NUL in the path|400|$(get '/healthz%00' "$host")
NUL in a parameter|400|$(get '/api/v1/rounds?limit=1%00' "$host")
NUL in a parameter's name|400|$(get '/api/v1/rounds?limit%00=1' "$host")
escaped line feed|400|$(get '/api/v1/rounds?limit=1%0A' "$host")
escaped delete character|400|$(get '/api/v1/rounds?limit=1%7f' "$host")
two slashes|400|$(get //healthz "$host")
backslash|400|$(get '/api\\\\v1' "$host")
raw letters beyond ASCII|400 closed|$(get '/\\303\\244' "$host")
unknown path|404|$(get /nothing "$host")
trailing slash|404|$(get /healthz/ "$host")
unknown parameter|400|$(get '/api/v1/routes?x=1' "$host")
parameter twice|400|$(get '/api/v1/rounds?limit=1&limit=2' "$host")
parameter of letters|400|$(get '/api/v1/rounds?limit=x' "$host")
parameter out of range|400|$(get '/api/v1/rounds?limit=99999999' "$host")
wrong method|405|DELETE /healthz HTTP/1.1\r\n${host}\r\n
unknown method|400 501 closed|FROBNICATE /healthz HTTP/1.1\r\n${host}\r\n
trace|400 501 405 closed|TRACE /healthz HTTP/1.1\r\n${host}\r\n
no version|400 closed|GET /healthz\r\n${host}\r\n
half a request line|400 closed|GET\r\n\r\n
tile with escapes|400|$(get '/tile/0/..%2f..%2fetc' "$host")
tile of no form|404|$(get /tile/0/7 "$host")
tile beyond the log|404|$(get /tile/0/000 "$host")
TABLE

# what is refused for its form ends its connection: nothing behind it is a request
inner=$(get /readyz "$host")
while IFS='|' read -r name wanted request; do
	same "$name: what is behind it" "$wanted" "$(answers "$request$inner")"
done <<TABLE
plain|200 200|$(get /healthz "$host")
body of a read|413 200|GET /healthz HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}
unknown coding|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n
identity|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Transfer-Encoding: identity\r\n\r\n
coding with a control character|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Transfer-Encoding: \013chunked\r\n\r\n
two codings|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n
coding of a read|400|GET /healthz HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n
length and chunks|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n
length with a sign|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: +2\r\n\r\n{}
no length and another|400|POST /api/v1/rounds HTTP/1.1\r\n${host}Content-Length: 0\r\nContent-Length: 40\r\n\r\n
no host|400|$(get /healthz '')
foreign host|400|$(get /healthz 'Host: evil.example\r\n')
whole URL|400|$(get http://evil.example/healthz "$host")
dots|400|$(get /api/../healthz "$host")
TABLE

long=$(head -c 20000 /dev/zero | tr '\0' a)
got=$(raw "GET /$long HTTP/1.1\r\n$host\r\n")
case $got in 400 | 414 | 431 | '') ok "long address" ;; *) bad "long address: $got" ;; esac
got=$(raw "GET /healthz HTTP/1.1\r\n${host}X: $long\r\n\r\n")
case $got in 400 | 431 | '') ok "long header" ;; *) bad "long header: $got" ;; esac

# the body's limit is the route's, and 4 MiB for all
head -c 5000000 /dev/zero >"$TEST_DIR/five"
call POST /api/v1/imports --data-binary "@$TEST_DIR/five"
same "body beyond 4 MiB" 413 "$status"
head -c 20000 /dev/zero >"$TEST_DIR/small"
as clerk-scjg POST /api/v1/uploads --data-binary "@$TEST_DIR/small"
same "body beyond the route's limit" 413 "$status"
has "and the sentence" too-large "$body"
call GET /api/v1/rounds --data-binary '{}'
same "body of a read" 413 "$status"

# problem+json in both languages, with a remedy
call GET /nothing
same "type of errors" "application/problem+json; charset=utf-8" \
	"$(curl -s -o /dev/null -w '%{content_type}' --unix-socket "$api" http://localhost/nothing)"
for part in '"code":"no-such-address"' '"zh":"没有这个地址"' '"en":"there is no such address"' \
	'"remedy_zh":"' '"what":"/nothing"'; do
	has "error holds $part" "$part" "$body"
done
call DELETE /healthz
same "wrong method on the socket" 405 "$status"
has "Allow" "Allow: GET" "$(curl -si -X DELETE --unix-socket "$api" http://localhost/healthz)"
same "HEAD has no body" 0 "$(curl -sI -o /dev/null -w '%{size_download}' --unix-socket "$api" http://localhost/healthz)"

# a check that is missing: row security refuses the row, and the log says so
sql "DROP POLICY web_insert ON upload"
as clerk-scjg POST /api/v1/uploads -d '{"name":"a.csv","size":2}'
same "a row that may not be written" "403 not-allowed" "$status $(member code)"
case $body in *upload\"* | *policy*) bad "the reply names the table: $body" ;; *) ok "the reply names no table" ;; esac
has "is a warning in the log" "row-level security" "$(grep ' warning .*web.row-denied' "$TEST_DIR/log")"
sql "REVOKE INSERT ON upload FROM drawd_web; REVOKE INSERT (name, size) ON upload FROM drawd_web"
as clerk-scjg POST /api/v1/uploads -d '{"name":"a.csv","size":2}'
same "a grant that is missing is our mistake" "500 denied" "$status $(member code)"

call GET /healthz
same "still alive" 200 "$status"
finish
