#!/bin/bash
# The whole path on a real list, from $DRAWD_TEST_DATA, with inspectors generated for its regions.
. "$(dirname "$0")/lib.sh"
list=${DRAWD_TEST_DATA:-}/data/entities_weihai_3710.csv
if [ -z "${DRAWD_TEST_DATA:-}" ] || [ ! -r "$list" ]; then
	echo 'skipped real: DRAWD_TEST_DATA is not set'
	exit 0
fi
"$B/drawgen" inspectors --for "$list" --out "$TEST_DIR/lists" || exit 1
start_server
house real
check 'imported as it is' import entities "$list"
import inspectors "$TEST_DIR/lists/inspectors.csv" >/dev/null
import recusals "$TEST_DIR/lists/recusals.csv" >/dev/null
rows=$(($(wc -l <"$list") - 1))
same 'every row' "$rows|$rows|0" "$(sql -c "SELECT rows, accepted, refused FROM drawd.import_batch WHERE id = 1")"
same 'class is nowhere, said aloud' "$rows" \
	"$(sql -c "SELECT result->'derived'->>'unclassed' FROM drawd.import_batch WHERE id = 1")"
same 'kind and region are derived' t "$(sql -c "SELECT bool_and(kind <> '' AND region <> '') FROM drawd.entity_current")"
check 'a round is drawn' draw_round
same 'one stratum, without class' U "$(sql -c 'SELECT DISTINCT stratum FROM drawd.selection')"
same 'a recusal bites' t "$(sql -c "SELECT count(*) > 0 FROM drawd.recusals_current r
	JOIN drawd.visit v ON r.subject IN (v.object, v.entity)
	JOIN drawd.inspector_current i USING (inspector)
	WHERE i.department = ANY (string_to_array(v.departments, ','))")"
check 'the bundle is made' bundle_round "$TEST_DIR/real.tar"
check 'both replays accept it' replays "$TEST_DIR/real.tar"
finish
