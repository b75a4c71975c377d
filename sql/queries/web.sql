-- The API of the web process (daemon/api_*.c). Answers are made as JSON here, so that a handler
-- only says which question to ask; times are seconds since 1970.

-- name: web_ready
SELECT coalesce(max(number), 0) AS number FROM migration;

-- name: web_upload_new
-- in: name text, size int8
INSERT INTO upload (name, size) VALUES ($1, $2)
RETURNING id, json_build_object('id', id, 'size', size, 'received', received)::text AS json;

-- name: web_upload_piece
-- in: id int8, offset int8, data bytea
WITH step AS (
	UPDATE upload SET received = received + octet_length($3::bytea)
	 WHERE id = $1 AND received = $2::int8 AND received + octet_length($3::bytea) <= size
	RETURNING id, size, received
), piece AS (
	INSERT INTO upload_piece (upload, position, data) SELECT id, $2::int8, $3::bytea FROM step
)
SELECT json_build_object('id', id, 'size', size, 'received', received)::text AS json FROM step;

-- name: web_upload
-- in: id int8
SELECT size, received,
       json_build_object('id', id, 'name', name, 'size', size, 'received', received)::text AS json
  FROM upload WHERE id = $1;

-- name: web_upload_data
-- in: id int8, from_position int8
SELECT position, data FROM upload_piece
 WHERE upload = $1 AND position >= $2 ORDER BY position LIMIT 1;

-- name: web_job_new
-- in: kind text, args jsonb, dedup text
WITH fresh AS (
	INSERT INTO job (kind, args, dedup) VALUES ($1, $2, $3)
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id
)
SELECT id, json_build_object('job', id)::text AS json FROM fresh
UNION ALL
SELECT id, json_build_object('job', id)::text FROM job
 WHERE dedup = $3 AND state IN ('queued', 'running') AND NOT EXISTS (SELECT FROM fresh);

-- name: web_job
-- in: id int8
SELECT json_build_object('id', id, 'kind', kind, 'state', state, 'attempts', attempts,
		'done', done, 'total', total, 'note', note, 'args', args, 'result', result,
		'error', error, 'created', extract(epoch FROM created_at)::int8,
		'finished', extract(epoch FROM finished_at)::int8)::text AS json
  FROM job WHERE id = $1;

-- name: web_jobs
-- in: before int8, count int8
SELECT json_build_object('jobs', coalesce(json_agg(json_build_object('id', id, 'kind', kind,
		'state', state, 'done', done, 'total', total, 'error', error) ORDER BY id DESC), '[]'),
		'next', CASE WHEN count(*) = $2 THEN min(id) END)::text AS json
  FROM (SELECT * FROM job WHERE id < $1 ORDER BY id DESC LIMIT $2) j;

-- name: web_proposal
-- in: id int8
SELECT json_build_object('id', id, 'round', round, 'kind', kind, 'place', place, 'state', state,
		'entry', entry, 'error', error)::text AS json
  FROM proposal WHERE id = $1;

-- name: web_imports
-- in: before int8, count int8
SELECT json_build_object('imports', coalesce(json_agg(json_build_object('id', id, 'kind', kind,
		'source', source, 'person', person, 'state', state, 'rows', rows, 'good', good,
		'bad', bad, 'warned', warned, 'errors_dropped', result->'errors_dropped',
		'warnings_dropped', result->'warnings_dropped',
		'created', extract(epoch FROM created_at)::int8)
		ORDER BY id DESC), '[]'),
		'next', CASE WHEN count(*) = $2 THEN min(id) END)::text AS json
  FROM (SELECT * FROM import_current WHERE id < $1 ORDER BY id DESC LIMIT $2) b;

-- name: web_import
-- in: id int8
SELECT upload, kind,
       json_build_object('id', id, 'kind', kind, 'upload', upload, 'job', job, 'source', source,
		'person', person, 'state', state, 'rows', rows, 'good', good, 'bad', bad,
		'warned', warned, 'encoding', encoding,
		'unknown_columns', result->>'unknown_columns',
		'errors_dropped', result->'errors_dropped',
		'warnings_dropped', result->'warnings_dropped',
		'created', extract(epoch FROM created_at)::int8)::text AS json
  FROM import_current WHERE id = $1;

-- name: web_import_errors
-- in: batch int8, after int8, count int8
SELECT json_build_object('errors', coalesce(json_agg(json_build_object('ordinal', ordinal,
		'line', line, 'column', col, 'value', value, 'code', code, 'detail', detail,
		'severity', severity) ORDER BY ordinal), '[]'),
		'next', CASE WHEN count(*) = $3 THEN max(ordinal) END)::text AS json
  FROM (SELECT * FROM import_error WHERE batch = $1 AND ordinal > $2
	 ORDER BY ordinal LIMIT $3) e;

-- name: web_import_error_rows
-- in: batch int8, after int8, count int8
SELECT ordinal, line, col, code, detail, severity FROM import_error
 WHERE batch = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3;

-- name: web_round_new
-- in: year text, demo bool, name text, policy text, source text, departments text, pulses text, delta int8, deadline int8, reveal text, due text, disclosure text, by text
INSERT INTO round (id, demo, policy_name, policy, policy_source, departments, pulses, delta,
	draw_deadline, reveal_after, results_due, disclosure, created_by)
SELECT $1 || '-' || lpad((coalesce(max(right(id, 4)::int), 0) + 1)::text, 4, '0'),
	$2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
  FROM round WHERE left(id, 4) = $1
RETURNING json_build_object('id', id, 'state', state)::text AS json;

-- name: web_round_state
-- in: id text
SELECT state, EXISTS (SELECT FROM projection p WHERE p.round = round.id) AS projected
  FROM round WHERE id = $1;

-- name: web_rounds
-- in: before text, count int8
SELECT json_build_object('rounds', coalesce(json_agg(json_build_object('id', id, 'state', state,
		'demo', demo, 'name', policy_name, 'departments', departments,
		'created', extract(epoch FROM created_at)::int8) ORDER BY id DESC), '[]'),
		'next', CASE WHEN count(*) = $2 THEN min(id) END)::text AS json
  FROM (SELECT * FROM round WHERE id < $1 ORDER BY id DESC LIMIT $2) r;

-- name: web_rounds_public
-- in: before text, count int8
SELECT json_build_object('rounds', coalesce(json_agg(json_build_object('id', id, 'state', state,
		'demo', demo) ORDER BY id DESC), '[]'),
		'next', CASE WHEN count(*) = $2 THEN min(id) END)::text AS json
  FROM (SELECT * FROM round WHERE id < $1 ORDER BY id DESC LIMIT $2) r;

-- name: web_round_public
-- in: id text
SELECT json_build_object('id', id, 'state', state, 'demo', demo, 'pulses', pulses,
		'delta', delta, 'draw-deadline', draw_deadline, 'reveal-after', reveal_after,
		'results-due', results_due, 'disclosure', disclosure,
		'entries', (SELECT coalesce(json_agg(json_build_object('index', idx, 'kind', kind,
			'leaf', encode(leaf, 'hex')) ORDER BY idx), '[]')
			FROM log_entry WHERE round = round.id))::text AS json
  FROM round WHERE id = $1;

-- name: web_round
-- in: id text
SELECT json_build_object('id', id, 'state', state, 'demo', demo, 'name', policy_name,
	'departments', departments, 'pulses', pulses, 'delta', delta,
	'draw-deadline', draw_deadline, 'reveal-after', reveal_after, 'results-due', results_due,
	'disclosure', disclosure, 'created-by', created_by,
	'created', extract(epoch FROM created_at)::int8,
	'approvals', (SELECT coalesce(json_agg(json_build_object('department', department,
		'account', account, 'at', at) ORDER BY department), '[]')
		FROM approval WHERE round = round.id),
	'entries', (SELECT coalesce(json_agg(json_build_object('index', idx, 'kind', kind,
		'leaf', encode(leaf, 'hex')) ORDER BY idx), '[]')
		FROM log_entry WHERE round = round.id),
	'artefacts', (SELECT coalesce(json_object_agg(name, encode(sha256, 'hex') ORDER BY name), '{}')
		FROM round_artefact WHERE round = round.id),
	'bundles', (SELECT coalesce(json_agg(json_build_object('level', level, 'checkpoint', size,
		'sha256', encode(sha256, 'hex')) ORDER BY level, size), '[]')
		FROM bundle WHERE round = round.id),
	'strata', (SELECT coalesce(json_agg(json_build_object('task', f[1], 'stratum', f[2],
		'population', f[3]::int8, 'quota', f[4]::int8, 'ratio', f[5]::int8, 'report', f[6])
		ORDER BY f[1], f[2]), '[]')
		FROM (SELECT string_agg(c.data, ''::bytea ORDER BY c.part) AS data
			FROM round_artefact ra JOIN artefact a USING (sha256)
			JOIN artefact_chunk c USING (part_set)
		       WHERE ra.round = round.id AND ra.name = 'strata') s,
		     LATERAL (SELECT string_to_array(line, E'\t') AS f
			FROM string_to_table(convert_from(s.data, 'UTF8'), E'\n')
				WITH ORDINALITY AS t(line, place)
		       WHERE place > 3 AND line <> '') l),
	'class-missing', substring(policy FROM '(?n)^class\.missing\t([A-D])$'),
	'draw', (SELECT json_build_object('pairs',
			(SELECT count(*) FROM selection s WHERE s.round = p.round),
		'objects', count(o.object), 'unmerged', coalesce(sum(o.departments), 0),
		'merged_objects', count(*) FILTER (WHERE o.onsite = 1 AND o.departments > 1),
		'bound_billionths', p.bound)
		FROM projection p
		LEFT JOIN (SELECT v.round, v.object,
				count(DISTINCT v.ordinal) FILTER (WHERE v.mode = 'onsite') AS onsite,
				count(DISTINCT d) FILTER (WHERE v.mode = 'onsite') AS departments
			FROM visit v, LATERAL string_to_table(v.departments, ',') d
		       GROUP BY v.round, v.object) o ON o.round = p.round
	       WHERE p.round = round.id
	       GROUP BY p.round, p.bound),
	'visits', (SELECT json_build_object('all', count(*),
		'onsite', count(*) FILTER (WHERE mode = 'onsite'),
		'offsite', count(*) FILTER (WHERE mode = 'offsite'),
		'departments', coalesce(sum(cardinality(string_to_array(departments, ','))), 0),
		'unplaced', count(*) FILTER (WHERE day = ''))
		FROM visit WHERE round = round.id),
	'slots', (SELECT json_build_object('all', count(*),
		'open', count(*) FILTER (WHERE inspector = ''),
		'inspectors', count(DISTINCT nullif(inspector, '')))
		FROM slot WHERE round = round.id))::text AS json
  FROM round WHERE id = $1;

-- name: web_approve
-- in: round text, department text, account text, at int8
WITH r AS (
	SELECT id, state, $2 = ANY (string_to_array(departments, ',')) AS named
	  FROM round WHERE id = $1
), fresh AS (
	INSERT INTO approval (round, department, account, at)
	SELECT id, $2, $3, $4 FROM r WHERE state = 'draft' AND named
	ON CONFLICT (round, department) DO NOTHING
	RETURNING department
)
SELECT state, named, EXISTS (SELECT FROM fresh) AS fresh,
	(SELECT string_agg(d, ',' ORDER BY d) FROM round,
		LATERAL string_to_table(departments, ',') d
	  WHERE id = $1 AND d <> $2
	    AND NOT EXISTS (SELECT FROM approval WHERE round = $1 AND department = d)) AS missing
  FROM r;

-- name: web_missing_approvals
-- in: round text
SELECT coalesce(string_agg(d, ',' ORDER BY d), '') AS missing
  FROM round, LATERAL string_to_table(departments, ',') d
 WHERE id = $1 AND NOT EXISTS (SELECT FROM approval WHERE round = $1 AND department = d);

-- name: web_propose
-- in: round text, kind text, place int4, body text, attestations text, by text
INSERT INTO proposal (round, kind, place, body, attestations, created_by)
VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id, json_build_object('proposal', id)::text AS json;

-- name: web_lock_leaf
-- in: round text
SELECT r.pulses, encode(l.leaf, 'hex') AS leaf
  FROM round r LEFT JOIN log_entry l ON l.round = r.id AND l.kind = 'lock'
 WHERE r.id = $1;

-- name: web_visits
-- in: round text, after_object text, after_ordinal int4, count int8
SELECT json_build_object('visits', coalesce(json_agg(json_build_object('object', object,
		'ordinal', ordinal, 'entity', entity, 'name', name, 'mode', mode, 'from', from_date,
		'to', to_date, 'lead', lead, 'tasks', tasks, 'departments', departments,
		'day', day, 'half', half, 'leader', leader, 'slots', slots)
		ORDER BY object, ordinal), '[]'),
		'next', CASE WHEN count(*) = $4
			THEN (array_agg(object || '~' || ordinal ORDER BY object, ordinal))[count(*)] END
		)::text AS json
  FROM (SELECT v.*,
	       (SELECT name FROM entity_fact f WHERE f.object = v.object
		 ORDER BY batch DESC, line DESC LIMIT 1) AS name,
	       (SELECT coalesce(json_agg(json_build_object('department', department,
			'place', place, 'inspector', inspector, 'name', (SELECT i.name
				FROM inspector_fact i WHERE i.inspector = s.inspector
				ORDER BY i.batch DESC, i.line DESC LIMIT 1))
			ORDER BY department, place), '[]')
		  FROM slot s
		 WHERE s.round = v.round AND s.object = v.object AND s.ordinal = v.ordinal) AS slots
	  FROM visit v
	 WHERE round = $1 AND (object, ordinal) > ($2, $3)
	 ORDER BY object, ordinal LIMIT $4) v;

-- name: web_artefact
-- in: sha256 bytea, from_part int4, to_part int4
SELECT a.size, c.part, c.data
  FROM artefact a
  LEFT JOIN artefact_chunk c ON c.part_set = a.part_set AND c.part BETWEEN $2 AND $3
 WHERE a.sha256 = $1
 ORDER BY c.part;

-- name: web_checkpoint
SELECT size, coalesce(cosigned, note) AS note FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: web_tile
-- in: level int4, idx int8
SELECT h.published, t.hashes
  FROM log_head h LEFT JOIN log_tile t ON t.level = $1 AND t.idx = $2;

-- name: web_tile_entries
-- in: first int8, last int8
SELECT h.published, e.note
  FROM log_head h LEFT JOIN log_entry e ON e.idx BETWEEN $1 AND $2
 ORDER BY e.idx;
