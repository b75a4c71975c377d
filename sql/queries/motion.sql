-- Motions (daemon/api_motion.c, api_round.c, api_step.c, notary_motion.c). Row-level security says which a caller sees.

-- name: motion_get
-- in: id int8
SELECT json_build_object('id', m.id, 'kind', m.kind, 'round', m.round, 'department', m.department,
		'subject', m.subject, 'body', m.body, 'reason', m.reason, 'evidence', m.evidence,
		'moved_by', m.moved_by, 'moved_at', m.moved_at, 'ends_at', m.ends_at,
		'state', motion_state(m.state, m.ends_at, asked_at()), 'second', array_to_json(roles_asked(k.second, k.whole, m.department)), 'decided_by', m.decided_by,
		'decided_at', m.decided_at, 'decided_why', m.decided_why, 'result', m.result,
		'quality', CASE m.kind WHEN 'freeze' THEN motion_quality(m.round,
			motion_state(m.state, m.ends_at, asked_at()), m.body ->> 'quality_override') END)::text AS json,
       coalesce(m.body ->> 'record', '') AS record,
       coalesce(m.body ->> 'attestations', '') AS attestations
  FROM motion m JOIN motion_kind k USING (kind)
 WHERE m.id = $1;

-- The body is what was sent, but for what stands in columns of its own.
-- name: motion_move
-- in: kind text, round text, subject text, body jsonb, what text, reason text, evidence text
SELECT motion_move($1, nullif($2, ''), $3, $4 - '{reason,evidence,id,account}'::text[]
		|| CASE $5 WHEN '' THEN '{}' ELSE jsonb_build_object('do', $5) END, $6, $7)::text AS json;

-- name: motion_decide
-- in: id int8, verdict text, why text, seals text
SELECT motion_decide($1, $2, $3, $4)::text AS json;

-- Those that nobody seconded in time (the notary).
-- name: motion_lapse
-- in: at int8
SELECT motion_lapse($1) AS lapsed;

-- Has somebody else agreed to what is proposed? A freeze is proposed by the job of its motion.
-- name: proposal_agreed
-- in: id int8
SELECT EXISTS (SELECT FROM proposal p
                 LEFT JOIN job j ON j.id = p.job AND j.kind = 'freeze'
                 JOIN motion m ON m.id = coalesce(p.motion, j.motion)
                 JOIN motion_kind k ON k.kind = m.kind
                WHERE p.id = $1 AND m.round = p.round AND k.step = p.kind AND m.state = 'carried'
                  AND m.decided_person <> m.moved_person
                  AND (p.kind <> 'beacon' OR m.subject = p.place::text)) AS agreed;

-- What one person alone takes away.
-- name: delegation_end
-- in: id int8
SELECT delegation_end($1) AS ended;

-- name: account_suspend
-- in: account text, why text
SELECT account_suspend($1, $2) AS ended;
