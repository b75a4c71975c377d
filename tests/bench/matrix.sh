#!/bin/bash
# How long it takes to walk every route as every role (tests/http/matrix.py).
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d /tmp/drawd-bench.XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
chmod 711 "$folder"
TOP=$top B=$(cd "${B:-$top/build}" && pwd) TEST_DIR=$folder "$top/tests/http/matrix.sh" >"$folder.log" 2>&1
status=$?
grep -v '^ok' "$folder.log"
rm -f "$folder.log"
exit $status
