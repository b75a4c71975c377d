#!/bin/bash
# Imports that are disturbed: killed at every crash point, cut off while the file comes in, two at once, a
# worker that sleeps past its lease. A list is in with all its rows, once, or not at all.
. "$(dirname "$0")/../e2e/lib.sh"
start_server
"$B/drawgen" district --entities 30000 --inspectors 20 --out "$TEST_DIR/large" >/dev/null || exit 1
cat >"$TEST_DIR/old.csv" <<'END'
名称,统一社会信用代码,成立日期,登记状态,信用风险等级
甲酒店,91350200MA2YJ1XR9G,2012-07-16,存续,A
乙公司,91511304MA68671F6L,2012-07-16,存续,B
丙公司,913710000509012293,2012-07-16,存续,C
END
cat >"$TEST_DIR/new.csv" <<'END'
名称,统一社会信用代码,成立日期,登记状态,信用风险等级
甲酒店,91350200MA2YJ1XR9G,2012-07-16,存续,B
乙公司,９１５１１３０４ma68671f6l,2012-07-16,存续,B
丁公司,91511304MA68671F6,2012-07-16,存续,A
END
counts="concat_ws(' ', rows, accepted, refused, repaired, new_rows, changed, gone, same)"
standing() { # what counts now
	sql -c "SELECT string_agg(name || '=' || class, ' ' ORDER BY object) FROM drawd.entity_current"
}
newest() { sql -c "SELECT $1 FROM drawd.import_batch ORDER BY id DESC LIMIT 1"; }
settled() { # all jobs are over
	for _ in $(seq 300); do
		[ "$(sql -c "SELECT count(*) FROM drawd.job WHERE state IN ('queued', 'running')")" = 0 ] && return
		sleep 0.1
	done
	return 1
}
workers() {
	local p
	for p in $(pgrep -P "${supervisor:?}"); do
		[ "$(tr '\0' '\n' <"/proc/$p/cmdline" | tail -n 1)" != worker ] || echo "$p"
	done
}
copying() { # waits until a COPY of facts is under way
	for _ in $(seq 400); do
		[ -z "$(sql -c "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY entity_fact%' LIMIT 1")" ] || return 0
		sleep 0.01
	done
	return 1
}

# ---- killed ------------------------------------------------------------------------------------------

for point in $("$B/drawd" crash-points | grep -E '^(import|returned)\.'); do
	house "at_${point/./_}" "$point"
	import entities "$TEST_DIR/old.csv" >/dev/null
	check "killed at $point: staged all the same" ctl import entities "$TEST_DIR/new.csv" --source e2e --full --preview
	check "killed at $point: the file is made" settled
	check "killed at $point: it was" test -e "$house/crashed/$point"
	same "killed at $point: counts" '3 2 1 1 0 1 1 1' "$(newest "$counts")"
	same "killed at $point: facts once, and what is gone" '2 1' "$(sql -c "SELECT count(*) FILTER (WHERE NOT gone) || ' ' ||
		count(*) FILTER (WHERE gone) FROM drawd.entity_fact WHERE batch = (SELECT max(id) FROM drawd.import_batch)")"
	same "killed at $point: notes once" '2 of 2' "$(sql -c "SELECT count(*) || ' of ' || count(DISTINCT (line, col, code))
		FROM drawd.import_error")"
	same "killed at $point: nothing counts yet" '甲酒店=A 丙公司=C 乙公司=B' "$(standing)"
	same "killed at $point: two batches, every result its job's" 2 "$(sql -c "SELECT count(*) FROM drawd.import_batch b
		JOIN drawd.job j ON j.id = b.job AND j.result = b.result")"
	same "killed at $point: the file is an artefact" ready "$(newest file_state)"
	ctl import confirm "$(newest id)" >/dev/null
	same "killed at $point: confirmed" '甲酒店=B 乙公司=B' "$(standing)"
	ctl import undo "$(newest id)" --yes --reason e2e >/dev/null
	same "killed at $point: undone" '甲酒店=A 丙公司=C 乙公司=B' "$(standing)"
done

# a worker that dies in the middle of a COPY
house half
ctl import entities "$TEST_DIR/large/entities.csv" --source e2e --yes >"$TEST_DIR/out" 2>&1 &
client=$!
copying
for p in $(workers); do kill -9 "$p"; done
wait $client
same 'killed in the COPY: exit code' 0 $?
same 'killed in the COPY: one batch, all rows' '1 30000 30000' "$(sql -c "SELECT count(DISTINCT batch) || ' ' || count(*) || ' ' ||
	(SELECT rows FROM drawd.import_batch) FROM drawd.entity_fact")"

# ---- no room on the disk -----------------------------------------------------------------------------

house full
sql -c "CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END';
	CREATE TRIGGER full_disk BEFORE INSERT ON drawd.entity_fact FOR EACH ROW EXECUTE FUNCTION public.full_disk()"
ctl import entities "$TEST_DIR/old.csv" --source e2e --yes >"$TEST_DIR/out" 2>&1 &
client=$!
for _ in $(seq 100); do
	[ "$(sql -c "SELECT count(*) FROM drawd.job WHERE kind = 'import' AND attempts = 2 AND state = 'queued'")" = 0 ] || break
	sleep 0.1
done
sleep 0.5
same 'a full disk: the next attempt is waited for' 'queued 2' "$(sql -c "SELECT state || ' ' || attempts FROM drawd.job
	WHERE kind = 'import'")"
sql -c 'DROP FUNCTION public.full_disk CASCADE' 2>/dev/null
wait $client
same 'a full disk: exit code once there is room' 0 $?
same 'a full disk: all rows, once' '1 3 confirmed' "$(sql -c "SELECT count(DISTINCT batch) || ' ' || count(*)
	|| ' ' || (SELECT state FROM drawd.import_batch) FROM drawd.entity_fact")"

# ---- fenced ------------------------------------------------------------------------------------------

house fenced
kill "$supervisor" && wait "$supervisor"
sed -i 's/^worker: {/&\n\tcount = 2;/' "$house/drawd.conf"
"$B/drawd" --conf "$house/drawd.conf" supervise >>"$house/log" 2>&1 &
supervisor=$!
for _ in $(seq 100); do
	ctl health >/dev/null 2>&1 && break
	sleep 0.1
done
ctl import entities "$TEST_DIR/large/entities.csv" --source e2e --yes >"$TEST_DIR/out" 2>&1 &
client=$!
copying
slow=
for p in $(workers); do # the one whose child the parser is
	[ -z "$(pgrep -P "$p")" ] || slow=$p
done
if [ -z "$slow" ]; then
	not_ok 'a worker that slept: none was found at it'
else
	kill -STOP "$slow"
	for _ in $(seq 100); do
		[ "$(sql -c "SELECT max(attempts) FROM drawd.job WHERE kind = 'import'")" -lt 2 ] || break
		sleep 0.1
	done
	# the one that took over waits for what the sleeper's transaction holds, or goes by it
	sleep 0.3
	kill -CONT "$slow"
fi
wait $client
same 'a worker that slept: exit code' 0 $?
check 'a worker that slept: all jobs end' settled
same 'a worker that slept: another took over' t "$(sql -c "SELECT attempts > 1 FROM drawd.job WHERE kind = 'import'")"
check 'a worker that slept: it noticed' grep -q 'job\.stopped.*lease-lost' "$house/log"
same 'a worker that slept: one batch, all rows once' '1 30000 confirmed' "$(sql -c "SELECT count(DISTINCT batch) || ' ' || count(*)
	|| ' ' || (SELECT state FROM drawd.import_batch) FROM drawd.entity_fact")"

# ---- two at once -------------------------------------------------------------------------------------

sed 's/,存续（在营、开业、在册）,/,注销,/' "$TEST_DIR/large/entities.csv" >"$TEST_DIR/large/other.csv"
ctl import entities "$TEST_DIR/large/entities.csv" --source e2e --yes >"$TEST_DIR/one" 2>&1 &
one=$!
ctl import entities "$TEST_DIR/large/other.csv" --source other --yes >"$TEST_DIR/two" 2>&1 &
two=$!
wait $one
wait $two
settled
same 'two at once: each confirmed whole, or refused as stale' t "$(sql -c "SELECT bool_and(CASE state
	WHEN 'confirmed' THEN accepted = 30000 AND facts = 30000
	WHEN 'failed' THEN reason ->> 'code' = 'preview-stale' AND facts = 0 END) AND count(*) = 2
	  FROM (SELECT b.*, (SELECT count(*) FROM drawd.entity_fact WHERE batch = b.id) AS facts
	          FROM drawd.import_batch b WHERE id > 1) x")"
same 'two at once: the last in the order of batches stands' t "$(sql -c "SELECT bool_and(batch = last) AND count(*) = 30000
	FROM drawd.entity_current, (SELECT max(id) AS last FROM drawd.import_batch WHERE state = 'confirmed') l")"

house order
ctl import entities "$TEST_DIR/old.csv" --source e2e --preview >/dev/null
ctl import entities "$TEST_DIR/new.csv" --source e2e --preview >/dev/null
check 'two previews: one is confirmed' ctl import confirm 2
ctl import confirm 1 >"$TEST_DIR/out" 2>&1
same 'the other is stale: exit code' 1 $?
check 'and says what to do' grep -q 'import again' "$TEST_DIR/out"
same 'it changed nothing' '甲酒店=B 乙公司=B' "$(standing)"
check 'imported again it is compared anew' ctl import again 1
check 'and confirmed' ctl import confirm "$(newest id)"
same 'then it counts' '甲酒店=A 丙公司=C 乙公司=B' "$(standing)"

# ---- cut ---------------------------------------------------------------------------------------------

house cut
python3 - "$house" >"$TEST_DIR/out" 2>&1 <<'END'
import http.client
import json
import re
import socket
import sys

house = sys.argv[1]
token = re.search(r'token = "([^"]+)"', open(house + "/profiles").read().split("lead", 1)[1]).group(1)


class Local(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(house + "/run/web.sock")


def ask(method, path, body):
    c = Local("localhost")
    c.request(method, path, body, {"Authorization": "Bearer " + token, "Content-Type": "application/json",
                                   "Idempotency-Key": "cut-%s-of-test" % path.split("/")[3]})
    r = c.getresponse()
    text = r.read().decode()
    print(r.status, text)
    return r.status, json.loads(text)


_, upload = ask("POST", "/api/v1/uploads", json.dumps({"name": "cut.csv", "size": 1000}))
ask("PUT", "/api/v1/uploads/%d?offset=0" % upload["id"], "名称,统一社会信用代码\n".encode())
status, said = ask("POST", "/api/v1/imports", json.dumps({"upload": upload["id"], "kind": "entities", "source": "cut"}))
sys.exit(0 if (status, said.get("code")) == (409, "upload-incomplete") else 1)
END
same 'an upload that was cut off is not imported' 0 $?
same 'and leaves no batch' 0 "$(sql -c 'SELECT count(*) FROM drawd.import_batch')"
finish
