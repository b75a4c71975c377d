#!/bin/bash
# What the notary and the workers refuse, each with its own word; and that a refusal changes nothing.
. tests/faults/lib.sh
start_server
new_house refusals
# no witness yet: the supervisor does not start one
sed -i 's/run = true/run = false/' "$house/drawd.conf"
start_house && load_round $((T + 60)) || not_ok "the house does not start"

state() { ask "SELECT state FROM drawd.round WHERE id = '$ROUND'"; }
stays() { [ "$(state)" = "$1" ]; }
second_proposal_conflicts() { ! propose lock 2>/dev/null; }
as_worker() { # KIND BODY
	sql -v body="$2" <<-END
		SET ROLE drawd_worker;
		INSERT INTO drawd.proposal (round, kind, body) VALUES ('$ROUND', '$1', :'body' || E'\n');
	END
}
set_time() {
	stop_house
	sed -i "s/time = [0-9]*/time = $1/" "$house/drawd.conf"
	start_house
}

propose lock
check "lock before the freeze" refused lock bad-state
propose reveal
check "reveal before the freeze" refused reveal bad-state
propose_beacon "$VALUE" "$house/attesters/supervision.key"
check "beacon before the lock" refused beacon bad-state
job draw "{\"round\":\"$ROUND\"}"
check "draw before the lock" failed draw bad-state
job bundle "{\"round\":\"$ROUND\"}"
check "bundle before the freeze" failed bundle bad-state
job freeze "{\"round\":\"$ROUND\"}"
check "freeze without a time" failed freeze bad-job
freeze $T 2026-0099
check "freeze of no round" failed freeze no-round
job magic '{}'
check "an unknown kind of job" failed magic bad-job
ask "BEGIN; CREATE TABLE public.kept AS SELECT * FROM drawd.approval; DELETE FROM drawd.approval WHERE department = 'fire'; COMMIT"
freeze
check "freeze without an approval" failed freeze not-approved
ask "INSERT INTO drawd.approval SELECT * FROM public.kept WHERE department = 'fire'"
as_worker freeze "drawd/freeze/v1
round $ROUND"
check "a freeze that nobody agreed to" refused freeze motion-needed
ask "INSERT INTO drawd.proposal (round, kind, body, motion)
	VALUES ('$ROUND', 'freeze', E'drawd/freeze/v1\nround $ROUND\n', public.agreed('freeze', '$ROUND'))"
check "a freeze that is no record" refused freeze bad-record
stays draft && ok "still a draft" || not_ok "still a draft"

# dated: ahead, back behind an approval, long before it is signed
for time in $((T + 1)) $((T - 60)) $((T - 5000000)); do
	freeze $time
	check "a freeze dated $((time - T)) s from now" failed freeze freeze-time
	# behind the trigger that lets no result change
	ask "SET session_replication_role = replica; UPDATE drawd.job SET error = '{}' WHERE kind = 'freeze'"
done
ask "UPDATE drawd.approval SET at = at - 200000"
freeze $((T - 86401))
check "a freeze dated more than a day back" failed freeze freeze-time
ask "UPDATE drawd.approval SET at = at + 200000"
# a round that was made around the API: the daemon keeps the rule of the replay
ask "ALTER TABLE drawd.round DROP CONSTRAINT round_delta; UPDATE drawd.round SET delta = 300"
freeze
check "a demo round with a delta between" failed freeze round-settings
ask "UPDATE drawd.round SET delta = 0"
ask "UPDATE drawd.round SET departments = 'fire'"
freeze
check "a department taken off the round's row" failed freeze record-differs
ask "UPDATE drawd.round SET departments = 'fire,market'"

freeze
until_true 20 "(SELECT state FROM drawd.round) = 'frozen'"
check "freeze without a witness stands" stays frozen
propose lock
check "lock without a witness" refused lock no-witness
check "and the round is as it was" stays frozen
check "no secret was made" [ "$(ask "SELECT count(*) FROM drawd.secret WHERE purpose = 'lock'")" = 0 ]
freeze
check "a second freeze" failed freeze already-done

stop_house
sed -i 's/run = false/run = true/' "$house/drawd.conf"
start_house
propose lock
check "lock with a witness" entered lock
check "a second lock" second_proposal_conflicts
propose_beacon
check "beacon before its time" refused beacon too-early
set_time $((T + 60))
propose_beacon "$VALUE" "$house/attesters/supervision.key"
check "beacon with one attester" refused beacon missing-signer
propose_beacon "$VALUE" "$house/attesters/supervision.key" "$house/keys/operator.key"
check "an operator does not attest" [ "$(refusal beacon)" = missing-signer ]
propose_beacon 777
check "beacon of another form" refused beacon bad-beacon
beacon_text 1111111111 >"$house/other"
beacon_text >"$house/beacon"
attest "$house/other" "$house"/attesters/*.key >"$house/attested"
sql -v body="$(cat "$house/beacon")" -v lines="$(cat "$house/attested")" <<-END
	INSERT INTO drawd.proposal (round, kind, body, attestations, motion)
	VALUES ('$ROUND', 'beacon', :'body' || E'\n', :'lines' || E'\n', public.agreed('beacon', '$ROUND'));
END
check "signatures of another value" refused beacon bad-signature
job draw "{\"round\":\"$ROUND\"}"
check "draw before the beacon" failed draw no-beacon
propose_beacon
check "beacon" entered beacon
as_worker draw "drawd/draw/v1
round $ROUND
lock $(printf '0%.0s' $(seq 64))
objects 1
ticket-root $(printf '0%.0s' $(seq 64))
selected 1
selection $(printf '0%.0s' $(seq 64))
visit-count 1
visit-root $(printf '0%.0s' $(seq 64))
visits $(printf '0%.0s' $(seq 64))
dropped $(printf '0%.0s' $(seq 64))
slot-count 1
open 0
slots $(printf '0%.0s' $(seq 64))
capacity $(printf '0%.0s' $(seq 64))
schedule $(printf '0%.0s' $(seq 64))"
check "a draw of another lock" refused draw record-differs
propose reveal
check "reveal before the draw" refused reveal bad-state
ask "UPDATE drawd.round SET reveal_after = '2026-02-03'" # as the owner: no role may
job draw "{\"round\":\"$ROUND\"}"
check "draw" entered draw
until_true 10 "EXISTS (SELECT FROM drawd.job WHERE kind = 'draw' AND state = 'done')"
propose reveal
check "reveal before its day" refused reveal too-early
job draw "{\"round\":\"$ROUND\"}"
check "a second draw" failed draw already-done
set_time $((T + 86400))
propose reveal
check "reveal on its day" entered reveal
check "five entries, one of each" [ "$(ask "SELECT string_agg(kind, ' ' ORDER BY idx) FROM drawd.log_entry")" = \
	"freeze lock beacon draw reveal" ]
stop_house
"$B/drawctl" key new fire.example -o "$house/fire.key" >"$house/fire.vkey"
printf 'signer department:fire %s\n' "$(cat "$house/fire.vkey")" >>"$house/trust"
timeout 10 "$B/drawd" --conf "$house/drawd.conf" notary 2>"$house/notary.log"
check "no notary where a department would have to sign" grep -q "signer department:fire" "$house/notary.log"
finish
