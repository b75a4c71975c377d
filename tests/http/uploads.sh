#!/bin/bash
# Files in pieces: resumed, never mixed up, and imported only when whole.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
web_conf "$sockets" 'upload_max = 6000000L; uploads_max = 20000000L;' >>"$state/drawd.conf"
start_web

head -c 5000000 /dev/urandom >"$TEST_DIR/file"
head -c 4194304 "$TEST_DIR/file" >"$TEST_DIR/one"
tail -c +4194305 "$TEST_DIR/file" >"$TEST_DIR/two"

as clerk-scjg POST /api/v1/uploads -d '{"name":"名录.csv","size":5000000}'
same "announce" 201 "$status"
id=$(member id)
as clerk-scjg POST /api/v1/imports -d "{\"upload\":$id,\"kind\":\"entities\",\"source\":\"s\",\"provider\":\"p\"}"
same "no import before it is whole" 409 "$status"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=0" --data-binary "@$TEST_DIR/one"
same "first piece" "200 4194304" "$status $(member received)"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=0" --data-binary "@$TEST_DIR/one"
same "the same again" 409 "$status"
has "says where to go on" "received=4194304" "$body"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=4194305" --data-binary "@$TEST_DIR/two"
same "a gap" 409 "$status"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=4194304" --data-binary "@$TEST_DIR/one"
same "more than was announced" 409 "$status"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=4194304" --data-binary ''
same "nothing" 400 "$status"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=4194304" --data-binary "@$TEST_DIR/two"
same "second piece" "200 5000000" "$status $(member received)"
stored=$(sql "SELECT encode(sha256(string_agg(data, ''::bytea ORDER BY position)), 'hex') FROM upload_piece WHERE upload = $id")
same "bytes in the database" "$(sha256sum <"$TEST_DIR/file" | cut -d' ' -f1)" "$stored"
import="{\"upload\":$id,\"kind\":\"entities\",\"source\":\"s\",\"provider\":\"p\"}"
as clerk-scjg POST /api/v1/imports -d "$import"
same "import" 202 "$status"
job=$(member job)
as clerk-scjg POST /api/v1/imports -d "$import"
same "asked twice, done once" "$job" "$(member job)"
for other in ',"scope":"full"' ',"mapping":{"甲":"名称"}' ',"sheet":"2"' ',"labels":"a"'; do
	as clerk-scjg POST /api/v1/imports -d "${import%\}}$other}"
	same "in another way it is another job: $other" "202 no" "$status $([ "$(member job)" = "$job" ] && echo same || echo no)"
done
as clerk-scjg POST /api/v1/imports -d "${import/entities/inspectors}"
same "as another kind" 202 "$status"
[ "$(member job)" != "$job" ] && ok "another job" || bad "another job: $body"
as clerk-scjg GET "/api/v1/jobs/$job"
has "the job" '"state":"queued"' "${body// /}"
as head-scjg GET "/api/v1/uploads/$id"
same "its department sees it" 200 "$status"
for other in clerk-jyj lead; do
	as $other PUT "/api/v1/uploads/$id?offset=5000000" --data-binary x
	same "nobody else adds to it: $other" 404 "$status"
	as $other POST /api/v1/imports -d "$import"
	same "nor imports it: $other" "409 upload-incomplete" "$status $(member code)"
	told=$(member what)
	as $other POST /api/v1/imports -d "${import/$id/999}"
	same "told as of one that is not there: $other" "409 ${told/$id/999}" "$status $(member what)"
done
as clerk-jyj GET "/api/v1/uploads/$id"
same "nor sees it from another department" "404 not-found" "$status $(member code)"

while IFS='|' read -r name wanted json; do
	as clerk-scjg POST /api/v1/uploads -d "$json"
	same "$name" "$wanted" "$status"
done <<'TABLE'
too large|413|{"name":"a","size":6000001}
empty file|400|{"name":"a","size":0}
negative|400|{"name":"a","size":-1}
no name|400|{"size":1}
empty name|400|{"name":"","size":1}
control character|400|{"name":"a\u0001","size":1}
size as text|400|{"name":"a","size":"1"}
size as fraction|400|{"name":"a","size":1.5}
size beyond 64 bits|400|{"name":"a","size":99999999999999999999}
unknown member|400|{"name":"a","size":1,"x":1}
member twice|400|{"name":"a","size":1,"size":1}
an array|400|[]
not JSON|400|{"name":
two values|400|{"name":"a","size":1}{}
TABLE
printf '{"name":"\xff","size":1}' >"$TEST_DIR/latin"
as clerk-scjg POST /api/v1/uploads --data-binary "@$TEST_DIR/latin"
same "not UTF-8" 400 "$status"
as clerk-scjg PUT /api/v1/uploads/999?offset=0 -d x
same "no such upload" 404 "$status"
as clerk-scjg PUT "/api/v1/uploads/$id?offset=x" -d x
same "no such offset" 400 "$status"
while IFS='|' read -r name json; do
	as clerk-scjg POST /api/v1/imports -d "$json"
	same "$name" 400 "$status"
done <<TABLE
kind|{"upload":$id,"kind":"people","source":"s","provider":"p"}
labels|{"upload":$id,"kind":"entities","source":"s","provider":"p","labels":"b,a"}
a whole list of nobody|{"upload":$id,"kind":"entities","scope":"full"}
empty source|{"upload":$id,"kind":"entities","source":""}
mode|{"upload":$id,"kind":"entities","source":"s","mode":"now"}
scope|{"upload":$id,"kind":"entities","source":"s","scope":"all"}
mapping as a list|{"upload":$id,"kind":"entities","source":"s","mapping":[]}
mapping to a number|{"upload":$id,"kind":"entities","source":"s","mapping":{"a":1}}
mapping with a control character|{"upload":$id,"kind":"entities","source":"s","mapping":{"a":"\\u0001"}}
recusals as a full list|{"upload":$id,"kind":"recusals","source":"s","reason":"r","scope":"full"}
TABLE

# what nothing is taken in from takes room, whether it came or was announced
for n in 1 2 3; do
	as clerk-jyj POST /api/v1/uploads -d '{"name":"a","size":6000000}'
	same "room for three: $n" 201 "$status"
done
as clerk-jyj POST /api/v1/uploads -d '{"name":"a","size":6000000}'
same "none for a fourth" "409 uploads-full" "$status $(member code)"
as clerk-jyj POST /api/v1/uploads -d '{"name":"a","size":2000000}'
same "but for a small one" 201 "$status"
as clerk-gaj POST /api/v1/uploads -d '{"name":"a","size":6000000}'
same "nor is it anybody else's" 201 "$status"
sql "UPDATE upload SET created_at = now() - interval '2 days' WHERE name = 'a'" >/dev/null
as clerk-jyj POST /api/v1/uploads -d '{"name":"a","size":6000000}'
same "what never came takes none in the end" 201 "$status"
finish
