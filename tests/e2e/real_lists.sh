#!/bin/bash
# Real lists of several registers, from $DRAWD_TEST_DATA: what goes in, what is refused and why. Its lines
# with # are the figures.
. "$(dirname "$0")/lib.sh"
data=${DRAWD_TEST_DATA:-}/data
if [ -z "${DRAWD_TEST_DATA:-}" ] || [ ! -r "$data/hainan_random_items_2020.csv" ]; then
	echo 'skipped real_lists: DRAWD_TEST_DATA is not set'
	exit 0
fi
start_server
house lists
tell() { python3 tests/e2e/real_lists.py "$@"; }
tell holidays "$data/cn_holidays_chinese_days.json" "$TEST_DIR/holidays.csv"

# a list is tried, imported, and imported again without a difference
take() { # REGISTER FILE ACCEPTED
	local name rows
	name=$(basename "$2" .csv)
	rows=$(tell rows "$2")
	ctl import "$1" "$2" --source "$name" --dry-run --json >"$TEST_DIR/$name.json" 2>"$TEST_DIR/said"
	tell figures "$name" "$TEST_DIR/$name.json" || failures=$((failures + 1))
	check "$name: imported" ctl import "$1" "$2" --source "$name" --yes
	same "$name: every row is accounted for" "$rows $3 $((rows - $3))" \
		"$(sql -F ' ' -c 'SELECT rows, accepted, refused FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"
	check "$name: again" ctl import "$1" "$2" --source "$name" --full --preview
	same "$name: again, no difference" "0 0 0 $3" \
		"$(sql -F ' ' -c 'SELECT new_rows, changed, gone, same FROM drawd.import_batch ORDER BY id DESC LIMIT 1')"
	ctl import discard "$(sql -c 'SELECT max(id) FROM drawd.import_batch')" >/dev/null 2>&1
}
all() { tell rows "$1"; }

for level in province city county; do
	take regions "$data/region_$level.csv" "$(all "$data/region_$level.csv")"
done
take calendar "$TEST_DIR/holidays.csv" "$(all "$TEST_DIR/holidays.csv")"
items=$data/hainan_random_items_2020.csv # no item without a legal basis
take items "$items" "$(tell rows "$items" 抽查事项 检查依据)"
take joint_items "$data/hainan_joint_items_v2.csv" "$(all "$data/hainan_joint_items_v2.csv")"
for place in shuangliu_510116 weihai_3710; do
	take entities "$data/entities_$place.csv" "$(all "$data/entities_$place.csv")"
done
finish
