#!/bin/bash
# What was wrong with an import: listed page by page, and as the rows that came with a remark.
. "$(dirname "$0")/lib.sh"
mkdir -p "$TEST_DIR/pg"
install_drawd
web_conf "$sockets" >>"$state/drawd.conf"
start_web

fetch() { curl -s --unix-socket "$api" -H "Authorization: Bearer ${token[clerk-scjg]}" "$@"; }
# send FILE: uploads it, sets $id
send() {
	as clerk-scjg POST /api/v1/uploads -d "{\"name\":\"a.csv\",\"size\":$(stat -c %s "$1")}"
	id=$(member id)
	as clerk-scjg PUT "/api/v1/uploads/$id?offset=0" --data-binary "@$1"
	[ "$status" = 200 ] || bad "upload: $body"
}
# batch ENCODING: a finished batch of that upload with three remarks, as a worker leaves it
batch() {
	batch=$(sql "INSERT INTO import_batch (kind, upload, source, person, rows, good, bad, warned, encoding)
		VALUES ('entities', $id, '市监局', '张三', 4, 3, 1, 1, '$1') RETURNING id")
	sql "UPDATE import_batch SET department = 'scjg', result = '{\"errors_dropped\": 2}' WHERE id = $batch"
	sql "INSERT INTO import_error (batch, ordinal, line, col, value, code, detail, severity) VALUES
		($batch, 1, 3, '统一社会信用代码', '123', 'bad-uscc', '18 位', 'error'),
		($batch, 2, 3, '成立日期', 'x', 'bad-date', '', 'error'),
		($batch, 3, 5, '统一社会信用代码', '9', 'bad-uscc', '', 'warning')"
}
printf '企业名称,统一社会信用代码,成立日期\r\n甲,91510112MA6DG0QY7R,2019-01-01\r\n"乙,""丙""",123,x\r\n丁,91510112MA6DG0QY7R,2019-01-01\r\n戊,9,2020-01-01\r\n' \
	>"$TEST_DIR/utf8.csv"
iconv -f UTF-8 -t GB18030 "$TEST_DIR/utf8.csv" >"$TEST_DIR/gb.csv"
printf '\xef\xbb\xbf企业名称,统一社会信用代码,成立日期,错误说明\r\n"乙,""丙""",123,x,统一社会信用代码：统一社会信用代码有误（18 位），请对照营业执照改正；成立日期：日期有误，请写成 2026-03-31 的形式\r\n' \
	>"$TEST_DIR/wanted.csv"

for encoding in UTF-8 GB18030; do
	file=$TEST_DIR/utf8.csv
	[ $encoding = UTF-8 ] || file=$TEST_DIR/gb.csv
	send "$file"
	batch $encoding
	fetch "http://localhost/api/v1/imports/$batch/file" >"$TEST_DIR/got.csv"
	cmp "$TEST_DIR/wanted.csv" "$TEST_DIR/got.csv" && ok "rows with remarks, $encoding" ||
		bad "rows with remarks, $encoding: $(cat "$TEST_DIR/got.csv")"
done
as clerk-scjg GET "/api/v1/imports/$batch"
same "the batch" "4 3 1 1" "$(member rows) $(member good) $(member bad) $(member warned)"
same "what was not kept" 2 "$(member errors_dropped)"
as clerk-scjg GET "/api/v1/imports/$batch/errors?limit=2"
has "first page" '"line":3' "${body// /}"
as clerk-scjg GET "/api/v1/imports/$batch/errors?after=$(member next)&limit=2"
has "second page" '"line":5' "${body// /}"
same "is the last" None "$(member next)"
as clerk-scjg GET /api/v1/imports
has "newest first" "\"id\":$batch" "$(cut -c 1-40 <<<"${body// /}")"
for path in "/api/v1/imports/$batch" "/api/v1/imports/$batch/errors" "/api/v1/imports/$batch/file"; do
	as clerk-jyj GET "$path"
	same "another department's $path" "404 not-found" "$status $(member code)"
	as auditor GET "$path"
	same "the auditor reads $path" 200 "$status"
	as admin GET "$path"
	same "the administrator does not read $path" 403 "$status"
done
same "and the audit log notes it" 2 "$(sql "SELECT count(*) FROM audit
	WHERE act = 'read' AND account = 'auditor' AND object_kind = 'import' AND object = '$batch'")"
for path in /api/v1/imports/99 /api/v1/imports/99/file /api/v1/imports/x; do
	as clerk-scjg GET $path
	same "$path" 404 "$status"
done
has "drawctl lists them" "第 3 行" "$(ctl_as clerk-scjg import errors "$batch")"
ctl_as clerk-scjg import file "$batch" -o "$TEST_DIR/ctl.csv" && cmp "$TEST_DIR/wanted.csv" "$TEST_DIR/ctl.csv" &&
	ok "drawctl has the file" || bad "drawctl has the file"

# what a spreadsheet would run goes back as text, and comes in again as it was
printf '企业名称,统一社会信用代码,成立日期\r\n甲,91510112MA6DG0QY7R,2019-01-01\r\n"=HYPERLINK(""http://x"")",－1,@x\r\n' >"$TEST_DIR/formula.csv"
send "$TEST_DIR/formula.csv"
batch UTF-8
same "formulas are text" "\"'=HYPERLINK(\"\"http://x\"\")\",\"'－1\",\"'@x\"" \
	"$(fetch "http://localhost/api/v1/imports/$batch/file" | tail -n 1 | cut -d, -f1-3)"

# a client that goes away in the middle, and a file of many pieces
python3 -c '
print("企业名称,统一社会信用代码")
for i in range(400000): print(f"企业{i},{i:018d}")' >"$TEST_DIR/big.csv"
as clerk-scjg POST /api/v1/uploads -d "{\"name\":\"big.csv\",\"size\":$(stat -c %s "$TEST_DIR/big.csv")}"
id=$(member id)
split -b 4194304 "$TEST_DIR/big.csv" "$TEST_DIR/piece."
offset=0
for piece in "$TEST_DIR"/piece.*; do
	as clerk-scjg PUT "/api/v1/uploads/$id?offset=$offset" --data-binary "@$piece"
	offset=$((offset + $(stat -c %s "$piece")))
done
same "all pieces" "$offset" "$(member received)"
batch UTF-8
sql "INSERT INTO import_error (batch, ordinal, line, col, value, code, severity)
	SELECT $batch, 10 + i, i, '名称', '', 'bad-text', 'error' FROM generate_series(6, 150000) i"
fetch "http://localhost/api/v1/imports/$batch/file" | head -c 1000 >/dev/null
fetch "http://localhost/api/v1/imports/$batch/file" >"$TEST_DIR/got.csv"
same "rows of many pieces" 149997 "$(wc -l <"$TEST_DIR/got.csv")"
same "last of them" "企业149998,000000000000149998,名称：文本不符合格式，请按所示位置改正" "$(tail -n 1 "$TEST_DIR/got.csv" | tr -d '\r')"
call GET /healthz
same "still alive" 200 "$status"
finish
