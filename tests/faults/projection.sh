#!/bin/bash
# The rows of a draw get lost, or nobody was left to write them: they are written again from the
# artefacts, the same as before, and no later round is frozen without them.
. tests/faults/lib.sh
start_server
new_house lost
start_house && load_round && check "a round" play_round
wanted=$(told)
check "the freeze tells who has no class" grep -q '"unclassed": [1-9]' <<<"$wanted"
check "and in whose ratio's stead" grep -q '"class_missing": "B"' <<<"$wanted"
check "nothing is uncovered in 2026" grep -q '"uncovered_days": 0' <<<"$wanted"
check "show says it as well" grep -q 'unclassed U: [1-9][0-9]* objects .* at the ratio of B' <<<"$wanted"

# as the owner: no role may
ask "DELETE FROM drawd.slot; DELETE FROM drawd.visit; DELETE FROM drawd.dropped;
	DELETE FROM drawd.selection; DELETE FROM drawd.projection"
# the year after, whose freeze must know who was where this year
NEXT=2026-0002
sql -v policy="$(sed 's/\t2026-/\t2027-/' tests/faults/policy.rows)" <<-END
	INSERT INTO drawd.round (id, demo, policy_name, policy, departments, pulses, delta, draw_deadline,
		reveal_after, results_due, created_by, policy_agreed_at)
	SELECT '$NEXT', demo, 'next', :'policy' || E'\n', departments, pulses, delta, draw_deadline,
		reveal_after, results_due, created_by, policy_agreed_at FROM drawd.round WHERE id = '$ROUND';
	INSERT INTO drawd.approval (round, department, account, person, at)
	SELECT '$NEXT', department, account, person, at - 1000 FROM drawd.approval;
END
freeze $T $NEXT
check "no freeze without the draw before" failed freeze draw-not-written
check "it names the round" grep -q $ROUND <<<"$(ask "SELECT error FROM drawd.job WHERE state = 'failed'")"
ask "DELETE FROM drawd.job WHERE state = 'failed'"
stop_house
start_house
check "a worker's start finds it" until_true 20 "(SELECT state FROM drawd.job WHERE kind = 'project') = 'done'"
ask "DELETE FROM drawd.job WHERE kind = 'project'"
check "the same rows and figures" [ "$(told)" = "$wanted" ]
check "nothing was drawn again" [ "$(ask "SELECT count(*) FROM drawd.proposal WHERE kind = 'draw'")" = 1 ]

freeze $((T - 500)) $NEXT
check "no freeze before the one before" failed freeze freeze-time
freeze $T $NEXT
check "then the freeze" until_true 20 "(SELECT state FROM drawd.round WHERE id = '$NEXT') = 'frozen'"
check "it knows who was where" [ "$(ask "SELECT size > 300 FROM drawd.round_artefact JOIN drawd.artefact USING (sha256)
	WHERE round = '$NEXT' AND round_artefact.name = 'history'")" = t ]
check "the holidays of 2027 are not announced" until_true 10 "EXISTS (SELECT FROM drawd.job
	WHERE args ->> 'round' = '$NEXT' AND (result ->> 'uncovered_days')::int = 91)"
finish
