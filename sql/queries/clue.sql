-- Clues and inspections for a cause (daemon/api_clue.c, daemon/notary_cause.c, daemon/register/unseal.c).

-- name: clue_new
-- in: source text, department text, entity text, object text, received text, sealed bytea, caller bytea, due_days int4, wrong bool
SELECT clue_new($1, $2, $3, $4, $5, $6, $7, $8, $9)::text AS json;

-- name: clue_get
-- in: id int8
SELECT json_build_object('id', c.id, 'source', c.source, 'entity', c.entity, 'object', c.object, 'received', c.received,
	'department', c.department, 'taken_for', c.taken_for, 'account', c.taken_by, 'created', c.taken_at,
	'assignee', c.assignee, 'due', c.due, 'state', c.state,
	'late', c.state IN ('taken', 'assigned') AND c.due < day_of(asked_at()),
	'steps', (SELECT coalesce(json_agg(json_build_object('act', s.act, 'department', s.department,
		'account', s.account, 'at', s.at, 'note', s.note) ORDER BY s.step), '[]')
		FROM clue_step s WHERE s.clue = c.id),
	'causes', (SELECT coalesce(json_agg(v.id ORDER BY v.id), '[]') FROM cause v WHERE v.clue = c.id))::text AS json
  FROM clue c WHERE c.id = $1;

-- The reading is noted.
-- name: clue_text
-- in: id int8
SELECT sealed, caller, withheld FROM clue_read($1);

-- name: clue_assign
-- in: id int8, account text, reason text
SELECT clue_assign($1, $2, $3)::text AS json;

-- name: clue_dismiss
-- in: id int8, reason text
SELECT clue_dismiss($1, $2)::text AS json;

-- name: clue_refer
-- in: id int8, department text, reason text, due_days int4
SELECT clue_refer($1, $2, $3, $4)::text AS json;

-- name: clue_caller
-- in: clue text, reason text
SELECT clue_caller($1, $2) AS sealed;

-- Content and blinding, for those who see it: with them the record is opened.
-- name: cause_get
-- in: id int8
SELECT json_build_object('id', v.id, 'clue', v.clue, 'motion', v.motion, 'department', v.department,
	'entity', v.entity, 'object', v.object, 'items', v.items, 'basis', v.basis, 'date', v.date,
	'officers', v.officers, 'way', v.way, 'reason', v.reason, 'decided', v.decided_at, 'state', v.state,
	'round', v.round, 'entry', v.entry, 'content', v.content, 'blinding', encode(v.blinding, 'hex'),
	'hash', (SELECT substring(convert_from(l.note, 'UTF8') FROM '(?n)^content ([0-9a-f]{64})$') FROM log_entry l
	          WHERE l.idx = v.entry),
	'error', v.error, 'result', v.result, 'note', v.result_note, 'day', v.done_on, 'result_by', v.result_by,
	'result_at', v.result_at)::text AS json
  FROM cause v WHERE v.id = $1 AND note_read('cause', v.id::text, v.department);

-- name: cause_outcome
-- in: id int8, result text, day text, reason text
SELECT cause_outcome($1, $2, $3, $4)::text AS json;

-- name: causes_public
-- in: year int4
SELECT causes_public(coalesce(nullif($1::int, 0), left(day_of(clock_time()), 4)::int))::text AS json;

-- ---- the notary ----

-- name: cause_pending
SELECT id FROM cause WHERE state = 'pending' ORDER BY id LIMIT 100;

-- name: cause_lock
-- in: id int8
SELECT id, department, entity, object, items, basis, date, officers, way, cause_round(department) AS round
  FROM cause WHERE id = $1 AND state = 'pending' FOR UPDATE;

-- name: cause_enter
-- in: id int8, round text, content text, blinding bytea, entry int8
UPDATE cause SET state = 'entered', round = $2, content = $3, blinding = $4, entry = $5
 WHERE id = $1 AND state = 'pending';

-- name: cause_refuse
-- in: id int8, error jsonb
UPDATE cause SET state = 'refused', error = $2 WHERE id = $1 AND state = 'pending';
