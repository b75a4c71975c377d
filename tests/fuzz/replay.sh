#!/bin/bash
# tests/fuzz/replay.sh TARGET: run one fuzz target over its corpus, the folder TARGET.in.
set -eu
cd "$(dirname "$0")"
shopt -s nullglob
inputs=("$1".in/*)
[ ${#inputs[@]} -gt 0 ] || { echo "not ok $1: the corpus tests/fuzz/$1.in is empty"; exit 1; }
exec "$B/fuzz/$1" "${inputs[@]}"
