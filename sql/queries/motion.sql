-- Motions (daemon/api_motion.c, api_round.c, api_step.c). Row-level security says which a caller sees.

-- name: motion_get
-- in: id int8
SELECT json_build_object('id', m.id, 'kind', m.kind, 'round', m.round, 'department', m.department,
		'subject', m.subject, 'body', m.body, 'reason', m.reason, 'evidence', m.evidence,
		'moved_by', m.moved_by, 'moved_at', m.moved_at, 'ends_at', m.ends_at,
		'state', motion_state(m.state, m.ends_at, asked_at()), 'second', array_to_json(k.second), 'decided_by', m.decided_by,
		'decided_at', m.decided_at, 'decided_why', m.decided_why, 'result', m.result)::text AS json,
       coalesce(m.body ->> 'record', '') AS record,
       coalesce(m.body ->> 'attestations', '') AS attestations
  FROM motion m JOIN motion_kind k USING (kind)
 WHERE m.id = $1;

-- The body is what was sent, but for what stands in columns of its own.
-- name: motion_move
-- in: kind text, round text, subject text, body jsonb, what text, reason text, evidence text, at int8
SELECT motion_move($1, nullif($2, ''), $3, $4 - '{reason,evidence,id,account}'::text[]
		|| CASE $5 WHEN '' THEN '{}' ELSE jsonb_build_object('do', $5) END, $6, $7, $8)::text AS json;

-- name: motion_decide
-- in: id int8, verdict text, why text, seals text, at int8
SELECT motion_decide($1, $2, $3, $4, $5)::text AS json;
