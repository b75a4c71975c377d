#!/bin/bash
# A change with an Idempotency-Key is made exactly once, also while database and web process are killed
# under it; what was read is known by its ETag; a stream lives through a new secret of its session.
# alone
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
web_conf "$sockets" 'database = 2' >>"$state/drawd.conf"
# a server that is killed keeps what it said it had committed, whatever else the tests trade for speed
sql 'ALTER ROLE drawd_web SET synchronous_commit = on'
start_web
once() { python3 "$TOP/tests/http/once.py" "$1" "$api" "${token[clerk-scjg]}" "${@:2}"; }

# ---- once ---------------------------------------------------------------------------------------

same "one key from eight at once" "8 replies, 1 of them different, status 201" "$(once same)"
same "made once" 1 "$(sql "SELECT count(*) FROM upload WHERE name = 'together'")"

# made NUMBER: wait until there are that many uploads
made() { until [ "$(sql 'SELECT count(*) FROM upload')" -ge "$1" ]; do sleep 0.05; done; }

# killed, not stopped: the answer to a COMMIT may be lost
once send 1 4000 >"$TEST_DIR/first" &
sender=$!
made 500
"$TOP/etc/cluster.sh" stop "$TEST_DIR/pg" immediate >/dev/null 2>&1
"$TOP/etc/cluster.sh" start "$TEST_DIR/pg" --test >/dev/null
wait "$sender"
same "the database was killed" "4000 of 4000, other answers: some" "$(cat "$TEST_DIR/first")"
once send 4001 8000 >"$TEST_DIR/second" &
sender=$!
made 4500
kill -9 "$web"
wait "$web" 2>/dev/null
"$B/drawd" --conf "$state/drawd.conf" web 2>>"$TEST_DIR/log" &
web=$!
wait "$sender"
same "the web process was killed" "4000 of 4000, other answers: some" "$(cat "$TEST_DIR/second")"
same "each was made once" 8000 "$(sql "SELECT count(*) FROM upload WHERE name LIKE 'once-%'")"
same "no key without its reply" 0 "$(sql "SELECT count(*) FROM request_key WHERE status IS NULL")"

# a refusal leaves no key behind
KEY=refused-1 as clerk-scjg POST /api/v1/imports -d '{"upload":1,"kind":"entities","source":"s","provider":"p"}'
same "refused" "409 upload-incomplete" "$status $(member code)"
as clerk-scjg PUT '/api/v1/uploads/1?offset=0' --data-binary x
KEY=refused-1 as clerk-scjg POST /api/v1/imports -d '{"upload":1,"kind":"entities","source":"s","provider":"p"}'
same "the key may be used again" 202 "$status"

# ---- told once ----------------------------------------------------------------------------------

# what tells a secret is done once as well, and tells it once
jar=$TEST_DIR/jar
call POST /api/v1/session -c "$jar" -d "{\"account\":\"head-scjg\",\"password\":\"$(password head-scjg)\"}"
csrf=$(member csrf)
sql "UPDATE session SET restricted = false"
session() { # KEY METHOD PATH [CURL ARGUMENT...]
	local key=$1 method=$2 path=$3
	shift 3
	call "$method" "$path" -b "$jar" -c "$jar" -H "Drawd-CSRF: $csrf" -H "Idempotency-Key: $key" "$@"
}
call POST /api/v1/tokens -b "$jar" -H "Drawd-CSRF: $csrf" -d '{"name":"t","scopes":"*","days":1}'
same "a token without a key" "400 key-needed" "$status $(member code)"
session token-once-1 POST /api/v1/tokens -d '{"name":"twice","scopes":"*","days":1}'
same "a token" 201 "$status"
secret=$(member token)
session token-once-1 POST /api/v1/tokens -d '{"name":"twice","scopes":"*","days":1}'
same "sent twice" "409 told-once" "$status $(member code)"
case $body in *"$secret"*) bad "the secret is told again" ;; *) ok "the secret is not told again" ;; esac
session token-once-1 POST /api/v1/tokens -d '{"name":"twice","scopes":"*","days":2}'
same "the key for another" "422 key-reused" "$status $(member code)"
for n in 1 2 3 4 5 6 7 8; do
	curl -s -o /dev/null -w '%{http_code}\n' --unix-socket "$api" -b "$jar" -H "Drawd-CSRF: $csrf" -X POST \
		-H 'Idempotency-Key: token-once-2' -d '{"name":"eight","scopes":"*","days":1}' http://localhost/api/v1/tokens &
	posts[n]=$!
done >"$TEST_DIR/posts"
wait "${posts[@]}"
same "by eight at once" "201 409 409 409 409 409 409 409" "$(sort "$TEST_DIR/posts" | paste -sd' ')"
same "made once each" "1 1" "$(sql "SELECT count(*) FROM access_token WHERE name IN ('twice', 'eight') GROUP BY name" | paste -sd' ')"
session totp-once-1 POST /api/v1/session/totp
same "a second factor" 200 "$status"
session totp-once-1 POST /api/v1/session/totp
same "sent twice" "409 told-once" "$status $(member code)"
session word-once-1 POST /api/v1/session/password -d '{"old":"not the old one","new":"Tr4m-ostern-38"}'
same "a wrong password" "403 bad-password" "$status $(member code)"
change="{\"old\":\"$(password head-scjg)\",\"new\":\"Tr4m-ostern-38\"}"
session word-once-1 POST /api/v1/session/password -d "$change"
same "leaves no key behind" "200 false" "$status $(member restricted | tr TF tf)"
csrf=$(member csrf)
session word-once-1 POST /api/v1/session/password -d "$change"
same "sent twice" "409 told-once" "$status $(member code)"
same "no secret is kept" 4 "$(sql "SELECT count(*) FROM request_key WHERE key ~ '-once-' AND json = ''")"
guess=$(printf 'POST\0/api/v1/session/password\0%s\0' "$change" | sha256sum | cut -d' ' -f1)
same "nor the hash of a password" 0 "$(sql "SELECT count(*) FROM request_key WHERE encode(body_hash, 'hex') = '$guess'")"
known=$(printf 'POST\0/api/v1/tokens\0%s\0' '{"name":"twice","scopes":"*","days":1}' | sha256sum | cut -d' ' -f1)
same "where that of others is" 1 "$(sql "SELECT count(*) FROM request_key WHERE encode(body_hash, 'hex') = '$known'")"
sql "DELETE FROM session"

# ---- seen ---------------------------------------------------------------------------------------

headers() { curl -s -o /dev/null -D - --unix-socket "$api" -H "Authorization: Bearer ${token[clerk-scjg]}" "$@" | tr -d '\r'; }
field() { sed -n "s/^$1: //Ip"; }
etag=$(headers http://localhost/api/v1/uploads/1 | field etag)
same "known" "HTTP/1.1 304 Not Modified" "$(headers -H "If-None-Match: \"x\", W/$etag" http://localhost/api/v1/uploads/1 | head -n 1)"
same "not known" "HTTP/1.1 200 OK" "$(headers -H 'If-None-Match: "x"' http://localhost/api/v1/uploads/1 | head -n 1)"
same "HEAD tells the same" "$etag $(headers http://localhost/api/v1/uploads/1 | field content-length)" \
	"$(headers -I http://localhost/api/v1/uploads/1 | field etag) $(headers -I http://localhost/api/v1/uploads/1 | field content-length)"
same "each has a number" 2 "$({ headers http://localhost/healthz; headers http://localhost/none; } | field drawd-request | sort -u | wc -l)"

# ---- a stream and its session -------------------------------------------------------------------

jar=$TEST_DIR/cookies
call POST /api/v1/session -c "$jar" -d "{\"account\":\"clerk-scjg\",\"password\":\"$(password clerk-scjg)\"}"
same "signed in" 201 "$status"
sql "UPDATE session SET restricted = false" # the first password is as good as another here
job=$(sql "SELECT max(id) FROM job")
curl -s -N -b "$jar" --unix-socket "$api" "http://localhost/api/v1/jobs/$job/events" >"$TEST_DIR/events" &
stream=$!
for _ in $(seq 50); do grep -q '^data:' "$TEST_DIR/events" && break; sleep 0.1; done
sql "UPDATE session SET rotated_at = now() - interval '16 minutes'"
call GET /api/v1/session -b "$jar" -c "$jar"
same "the session has a new secret" "200 0" "$status $(sql "SELECT count(*) FROM session WHERE previous IS NULL")"
sql "UPDATE session SET rotated_at = now() - interval '2 minutes'"
sleep 2.5 # it looks again each second
same "the stream is no thief" 1 "$(sql "SELECT count(*) FROM session WHERE ended_at IS NULL")"
kill -0 "$stream" && ok "and goes on" || bad "the stream ended"
sql "UPDATE session SET ended_at = now(), ended_why = 'signed-out'"
for _ in $(seq 50); do kill -0 "$stream" 2>/dev/null || break; sleep 0.1; done
kill "$stream" 2>/dev/null && bad "the stream outlived its session" || ok "it ends with its session"
finish
