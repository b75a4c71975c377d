-- The API of the web process (daemon/api_*.c). Answers are made as JSON here, so that a handler
-- only says which question to ask; times are seconds since 1970. Row security decides what is there:
-- the same statements run for what is not and for what is somebody else's.

-- Who asks (daemon/http_who.c), and once for each key (daemon/http_end.c).

-- name: web_enter
-- in: kind text, secret text, address text, route text, scope text, reason text, watching boolean
SELECT refused, account, person, department, inspector, roles, departments, restricted, session,
       renew, csrf, language
  FROM enter($1, $2, $3, $4, $5, $6, $7);

-- name: web_session_rotate
-- in: hash text
SELECT session_rotate($1) AS rotated;

-- name: web_key_claim
-- in: key text, route text, hash text
SELECT state, status, json FROM key_claim($1, $2, $3);

-- name: web_key_store
-- in: key text, status int4, json text
SELECT key_store($1, $2, $3);

-- name: web_key_drop
-- in: key text
SELECT key_drop($1);

-- name: web_ready
SELECT coalesce(max(number), 0) AS number, clock_time() AS at FROM migration;

-- No row: with it the account's uploads that no list was taken in from would be more than `most` bytes. What was announced
-- counts whole for a day, then what came of it.
-- name: web_upload_new
-- in: name text, size int8, most int8
INSERT INTO upload (name, size)
SELECT $1, $2::int8
 WHERE $2::int8 + (SELECT coalesce(sum(CASE WHEN u.created_at < now() - interval '1 day' THEN u.received ELSE u.size END), 0)
               FROM upload u
              WHERE u.account = acting() AND u.removed_at IS NULL
                AND NOT EXISTS (SELECT FROM import_batch b
                                 WHERE b.upload = u.id AND b.state IN ('staged', 'confirmed', 'undone'))) <= $3::int8
RETURNING id, json_build_object('id', id, 'size', size, 'received', received)::text AS json;

-- name: web_upload_piece
-- in: id int8, offset int8, data bytea
WITH step AS (
	UPDATE upload SET received = received + octet_length($3::bytea)
	 WHERE id = $1 AND received = $2::int8 AND received + octet_length($3::bytea) <= size AND removed_at IS NULL
	RETURNING id, size, received
), piece AS (
	INSERT INTO upload_piece (upload, position, data) SELECT id, $2::int8, $3::bytea FROM step
)
SELECT json_build_object('id', id, 'size', size, 'received', received)::text AS json FROM step;

-- name: web_upload
-- in: id int8
SELECT size, received, removed_at IS NOT NULL AS removed,
       json_build_object('id', id, 'name', name, 'size', size, 'received', received,
		'sha256', encode(sha256, 'hex'), 'removed', seconds(removed_at))::text AS json
  FROM upload WHERE id = $1;

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

-- name: web_proposal
-- in: id int8
SELECT json_build_object('id', id, 'round', round, 'kind', kind, 'place', place, 'state', state,
		'entry', entry, 'error', error)::text AS json
  FROM proposal WHERE id = $1;

-- The reading is noted, but of bundles that are for everybody.
-- name: web_artefact
-- in: sha256 bytea, from_part int4, to_part int4
SELECT size, part, data FROM artefact_read($1, $2, $3);

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
