-- Rounds (daemon/api_round.c, api_step.c). Answers are made as JSON; times are seconds since 1970.

-- name: round_make
-- in: year text, demo bool, name text, policy text, source text, departments text, pulses text, delta int8, deadline int8, reveal text, due text, disclosure text, reason text, evidence text
SELECT round_make($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)::text AS json;

-- name: round_approve
-- in: round text, department text
SELECT round_approve($1, $2)::text AS json;

-- name: round_state
-- in: id text
SELECT state, EXISTS (SELECT FROM projection p WHERE p.round = round.id) AS projected
  FROM round WHERE id = $1;

-- What those who take part, and those who see all, are told; figures and strata as far as they may.
-- name: round_whole
-- in: id text
SELECT json_build_object('id', id, 'state', state, 'demo', demo, 'name', policy_name,
	'departments', departments, 'pulses', pulses, 'delta', delta,
	'draw_deadline', draw_deadline, 'reveal_after', reveal_after, 'results_due', results_due,
	'disclosure', disclosure, 'created_by', created_by,
	'created', extract(epoch FROM created_at)::int8,
	'policy_motion', policy_motion, 'policy_agreed', policy_agreed_at,
	'policy_state', policy_state(id),
	'warnings', round_warnings(r, asked_at()),
	'class_missing', substring(policy FROM '(?n)^class\.missing\t([A-D])$'),
	'approvals', (SELECT coalesce(json_agg(json_build_object('department', department,
		'account', account, 'at', at) ORDER BY department), '[]')
		FROM approval WHERE round = r.id),
	'entries', (SELECT coalesce(json_agg(json_build_object('index', idx, 'kind', kind,
		'leaf', encode(leaf, 'hex')) ORDER BY idx), '[]')
		FROM log_entry WHERE round = r.id),
	'artefacts', (SELECT coalesce(json_object_agg(name, encode(sha256, 'hex') ORDER BY name), '{}')
		FROM round_artefact WHERE round = r.id),
	'bundles', (SELECT coalesce(json_agg(json_build_object('level', level, 'checkpoint', size,
		'sha256', encode(sha256, 'hex')) ORDER BY level, size), '[]')
		FROM bundle WHERE round = r.id),
	'quality', round_quality(id), 'strata', nullif(round_strata(id), '')::json,
	'draw', f -> 'draw', 'visits', f -> 'visits', 'slots', f -> 'slots',
	'by_department', nullif(round_departments(id), '[]')::json,
	'causes', (SELECT count(*) FROM log_entry WHERE round = r.id AND kind = 'cause'))::text AS json
  FROM round r, LATERAL (SELECT nullif(round_figures(r.id), '')::json AS f) f
 WHERE id = $1;

-- What everybody is told, from the freeze on; figures for those who may know them.
-- name: round_open
-- in: id text
SELECT json_build_object('id', id, 'state', state, 'demo', demo, 'pulses', pulses,
	'delta', delta, 'draw_deadline', draw_deadline, 'reveal_after', reveal_after,
	'results_due', results_due, 'disclosure', disclosure,
	'entries', (SELECT coalesce(json_agg(json_build_object('index', idx, 'kind', kind,
		'leaf', encode(leaf, 'hex')) ORDER BY idx), '[]')
		FROM log_entry WHERE round = r.id),
	'bundles', (SELECT coalesce(json_agg(json_build_object('level', level, 'checkpoint', size,
		'sha256', encode(sha256, 'hex')) ORDER BY level, size), '[]')
		FROM bundle_public WHERE round = r.id),
	'quality', round_quality(id), 'strata', nullif(round_strata(id), '')::json,
	'draw', f -> 'draw', 'visits', f -> 'visits', 'slots', f -> 'slots',
	'by_department', nullif(round_departments(id), '[]')::json,
	'causes', (SELECT count(*) FROM log_entry WHERE round = r.id AND kind = 'cause'))::text AS json
  FROM round_public r, LATERAL (SELECT nullif(round_figures(r.id), '')::json AS f) f
 WHERE id = $1;

-- name: round_lock_leaf
-- in: round text
SELECT r.pulses, encode(l.leaf, 'hex') AS leaf
  FROM (SELECT id, pulses FROM round UNION SELECT id, pulses FROM round_public) r
  LEFT JOIN log_entry l ON l.round = r.id AND l.kind = 'lock'
 WHERE r.id = $1;

-- name: round_last_leaf
-- in: round text
SELECT (SELECT encode(leaf, 'hex') FROM log_entry l WHERE l.round = r.id AND l.kind <> 'cause'
         ORDER BY idx DESC LIMIT 1) AS leaf
  FROM round r WHERE id = $1;
