#!/bin/bash
# How long it takes to walk every route as every role (tests/http/matrix.py): lines NAME VALUE UNIT.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d /tmp/drawd-bench.XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 711 "$folder"
TOP=$top B=$(cd "${B:-$top/build}" && pwd) TEST_DIR=$folder "$top/tests/http/matrix.sh" >"$folder.log" 2>&1
status=$?
sed -n 's/^# \([0-9]*\) routes × .*: \([0-9]*\) requests in \([0-9.]*\) s$/matrix.routes \1 routes\nmatrix.requests \2 requests\nmatrix.all \3 s/p' "$folder.log"
grep -v '^ok\|^#' "$folder.log" >&2
rm -f "$folder.log"
exit $status
