#!/bin/bash
# The audit log of a whole round: anchored in the public log once a day, inside the bundle that both
# replays accept, recomputed by drawctl audit verify; changed behind the daemon's back it is found, and not
# anchored any more. A round made void by a coordinator and a custodian who signs.
. "$(dirname "$0")/lib.sh"
lists=$TEST_DIR/lists
"$B/drawgen" district --entities 1000 --inspectors 120 --defects 3 --out "$lists" || exit 1
start_server
"$B/drawctl" key new custodian -o "$TEST_DIR/custodian.key" >"$TEST_DIR/custodian.vkey" || exit 1
echo "signer custodian:pengshoumi $(cat "$TEST_DIR/custodian.vkey")" >>"$TEST_DIR/keys/trust"

# anchored N: wait until there are N anchors
anchored() {
	for _ in $(seq 250); do
		[ "$(sql -c 'SELECT count(*) FROM drawd.anchor')" = "$1" ] && return
		sleep 0.1
	done
	return 1
}
verify() { as auditor audit verify --trust "$house/trust"; }
reloads() { # of the process that has had the fewest
	for process in notary web witness; do grep -c " $process conf.reloaded" "$house/log"; done | sort -n | head -n 1
}
clock() { # SECONDS: move the clock of all processes
	local seen
	seen=$(reloads)
	sed -i "s/^\ttime = .*/\ttime = $1;/" "$house/drawd.conf"
	kill -HUP "$supervisor"
	for _ in $(seq 100); do
		[ "$(reloads)" -gt "$seen" ] && return
		sleep 0.1
	done
}

# house() of lib.sh with anchors
eval "$(declare -f house | sed 's/anchors = false/anchors = true/')"
house one
for kind in entities inspectors recusals; do
	check "$kind imported" import $kind "$lists/$kind.csv"
done
check 'an anchor is made' anchored 1
same 'of the day of the clock' 2026-02-25 "$(sql -c 'SELECT date FROM drawd.anchor')"
check 'a round is drawn' draw_round
same 'no second anchor on that day' 1 "$(sql -c 'SELECT count(*) FROM drawd.anchor')"
check 'the chain and its anchor hold' verify

# ---- an inspection for a cause, while the round is drawn --------------------------------------------

for_cause() {
	local motion officers firm
	printf '%s\n' 事项编号,部门,抽查事项,检查依据 food,scjg,食品销售检查,《示范条例》第六条 >"$TEST_DIR/items.csv"
	as clerk-scjg import items "$TEST_DIR/items.csv" --source e2e --yes || return 1
	firm=$(sql -c 'SELECT min(entity) FROM drawd.visit')
	officers=$(sql -c "SELECT string_agg(inspector, ',') FROM (SELECT inspector FROM drawd.inspector_current i
		WHERE department = 'scjg' AND active AND certificate >= '2026-03-01' AND coalesce(leave, '') = ''
		  AND NOT EXISTS (SELECT FROM drawd.recusals_current r WHERE r.inspector = i.inspector AND r.subject LIKE '$firm%')
		ORDER BY inspector LIMIT 2) i")
	echo 群众举报 >"$TEST_DIR/said.txt"
	as clerk-scjg clue new "$TEST_DIR/said.txt" --source report --entity "$firm" &&
		motion=$(as clerk-scjg clue visit 1 --items food --basis 《示范条例》第六条 --date 2026-03-01 --officers "$officers" --reason e2e) &&
		as head-scjg motion second "$motion" --yes
}
check 'an inspection for a cause is entered' for_cause
same 'which names the round' "$round" "$(sql -c "SELECT round FROM drawd.log_entry WHERE kind = 'cause'")"
counted() { grep -q 'V19 .*有因检查 1 次' "$1.py.txt" && grep -q 'V19 .*, 1 for a cause' "$1.c.txt"; }

clock $((T + 86400))
check 'an anchor the day after' anchored 2
clock 1785715200 # 2026-08-03
check 'the bundle is made' bundle_round "$TEST_DIR/one.tar"
check 'and one on the day of the bundle' anchored 3
same 'anchors stand in the bundle' t \
	"$(sql -c "SELECT count(*) > 0 FROM drawd.anchor a WHERE entry > (SELECT idx FROM drawd.log_entry WHERE kind = 'freeze')
		AND entry < (SELECT max(size) FROM drawd.bundle)")"
check 'both replays accept it' replays "$TEST_DIR/one.tar"
check 'and count what was for a cause apart' counted "$TEST_DIR/one.tar"
check 'the chain and its anchors hold' verify
as auditor audit export -o "$TEST_DIR/export" >/dev/null
check 'so does an export' as auditor audit verify "$TEST_DIR/export" --trust "$house/trust"
same 'who did what is found' "lead|round.freeze|e2e|$round" "$(sql -c "SELECT concat_ws('|', account, route, reason, detail ->> 'round')
	FROM drawd.audit WHERE route = 'round.freeze' AND act = 'made' AND object_kind = 'motion'")"
same 'every step has two persons' 0 "$(sql -c "SELECT count(*) FROM drawd.motion WHERE state IN ('carried', 'done')
	AND (decided_person = moved_person OR decided_person IS NULL)")"

# ---- a round is made void ------------------------------------------------------------------------

round=$(ctl round new etc/policy/district.conf --demo --delta 0 --pulses "dice:1:1785715300" --reason e2e)
agree "$round" policy >/dev/null
for d in $(sql -c "SELECT departments FROM drawd.round WHERE id = '$round'" | tr , ' '); do
	as "head-$d" round approve "$round" >/dev/null
done
ctl round freeze "$round" --reason e2e >/dev/null && agree "$round" freeze >/dev/null
sql -c "INSERT INTO drawd.proposal (round, kind) VALUES ('$round', 'lock')" # as if somebody had got behind the API
for _ in $(seq 50); do
	said=$(sql -c "SELECT state || ' ' || coalesce(error ->> 'code', '') FROM drawd.proposal ORDER BY id DESC LIMIT 1")
	[ "${said% *}" = pending ] || break
	sleep 0.1
done
same 'the notary wants a motion' 'refused motion-needed' "$said"
printf 1 >"$TEST_DIR/evidence"
evidence=$(printf 1 | sha256sum | cut -c1-64)
void_unfounded() { ! ctl round void "$round" --cause policy-wrong --evidence "$evidence" --reason e2e; }
check 'no void without its evidence' void_unfounded
same 'which is uploaded' "$evidence" "$(ctl upload "$TEST_DIR/evidence")"
motion=$(ctl round void "$round" --cause policy-wrong --evidence "$evidence" --reason e2e)
check 'a void is moved' test -n "$motion"
void_refused() { ! as lead2 motion second "$motion" --yes --reason e2e; }
check 'another coordinator does not second it' void_refused
sql -c "SELECT body ->> 'record' FROM drawd.motion WHERE id = $motion" | head -n -1 >"$TEST_DIR/text"
"$B/drawctl" attest "$TEST_DIR/text" --key "$TEST_DIR/custodian.key" >"$TEST_DIR/seal"
check 'a custodian signs and seconds' as custodian motion second "$motion" --yes --reason e2e --attestation "$TEST_DIR/seal"
same 'the round is void, the record stands' 'void|void|done' "$(sql -c "SELECT r.state, (SELECT kind FROM drawd.log_entry l
	WHERE l.round = r.id ORDER BY idx DESC LIMIT 1), (SELECT state FROM drawd.motion WHERE id = $motion) FROM drawd.round r WHERE id = '$round'")"

# ---- somebody changes the audit log in the database ------------------------------------------------

check 'before, it holds' verify
sql -c "SET session_replication_role = replica; UPDATE drawd.audit SET account = 'lead2' WHERE seq = 70"
found() { verify 2>&1 | grep -q 'seq 70'; }
check 'a changed entry is found' found
# … and makes the chain anew from there on, so that it holds in itself
sql -c "SET search_path = drawd" -c "SET session_replication_role = replica" -c "DO \$\$
DECLARE a audit; last bytea; BEGIN
	SELECT hash INTO last FROM audit WHERE seq = 69;
	FOR a IN SELECT * FROM audit WHERE seq >= 70 ORDER BY seq LOOP
		a.prev := last; a.hash := audit_hash(a); last := a.hash;
		UPDATE audit SET prev = a.prev, hash = a.hash WHERE id = a.id;
	END LOOP;
	UPDATE audit_head SET hash = last;
END \$\$"
against() { verify 2>&1 | grep -q 'audit log.*anchor'; }
check 'then its anchor tells' against
clock 1785888000 # 2026-08-05
told() {
	for _ in $(seq 150); do
		grep -q 'audit.changed' "$house/log" && return
		sleep 0.1
	done
	return 1
}
check 'the notary says so' told
same 'and anchors nothing of it' 3 "$(sql -c 'SELECT count(*) FROM drawd.anchor')"
finish
