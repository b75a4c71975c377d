#!/bin/bash
# The page GET /api, as it is served and in a browser.
. "$(dirname "$0")/walk.sh"
start_world
head=$(curl -s --noproxy '*' -o "$TEST_DIR/page" -D - "http://127.0.0.1:$port/api" | tr -d '\r')
has "the page" "200 OK" "$head"
has "is HTML" "Content-Type: text/html; charset=utf-8" "$head"
has "and loads nothing from elsewhere" "Content-Security-Policy: default-src 'self'" "$head"
for part in css js; do
	curl -s --noproxy '*' -o "$TEST_DIR/page.$part" "http://127.0.0.1:$port/api/page.$part"
	cmp -s "$TEST_DIR/page.$part" "$TOP/daemon/web/api.$part" && ok "page.$part is the file" || bad "page.$part"
done
cmp -s "$TEST_DIR/page" "$TOP/daemon/web/api.html" && ok "the page is the file" || bad "the page is another"
same "no address of another place in it" "" "$(grep -ohE '(https?:)?//[a-z][a-z0-9.-]+\.[a-z]+' "$TEST_DIR"/page* | sort -u)"
if command -v chromium >/dev/null; then
	python3 "$TOP/tests/http/page.py" "$(password clerk-scjg)" || failures=1
else
	echo "skipped the page in a browser: chromium is not installed"
fi
finish
