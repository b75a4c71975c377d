#!/bin/bash
# Bad input: the right status, one sentence, nothing changed, nothing told (bad_input.py).
. "$(dirname "$0")/walk.sh"
start_world
python3 "$TOP/tests/http/bad_input.py" || failures=1
kill -0 "$web" 2>/dev/null && ok "the web process lives" || bad "the web process is gone"
finish
