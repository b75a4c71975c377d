-- Import jobs (daemon/import*.c). A batch belongs to its job and is written in one transaction.

-- name: import_open
-- in: kind text, upload int8, job int8, source text, person text
INSERT INTO import_batch (kind, upload, job, source, person) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (job) DO NOTHING;

-- A result says that the batch was committed. department is that of whoever asked for the import; ''
-- where the file may hold rows of all.
-- name: import_batch
-- in: job int8
SELECT b.id, coalesce(b.result::text, '') AS result, u.size, u.received,
       coalesce(b.department, '') AS department
  FROM import_batch b JOIN upload u ON u.id = b.upload
 WHERE b.job = $1;

-- The bytes that follow an offset; small slices, so that nobody needs room for a whole piece.
-- name: import_slice
-- in: upload int8, from_offset int8
SELECT substr(data, ($2 - position + 1)::int, 524288) AS data
  FROM upload_piece
 WHERE upload = $1 AND position <= $2
 ORDER BY position DESC
 LIMIT 1;

-- name: import_close
-- in: id int8, rows int8, good int8, bad int8, warned int8, encoding text, result jsonb
UPDATE import_batch
   SET rows = $2, good = $3, bad = $4, warned = $5, encoding = $6, result = $7
 WHERE id = $1 AND result IS NULL;

-- Lists of departments are compared with what stands one after the other: none misses a fact that another
-- is about to commit.
-- name: import_object_lock
SELECT pg_advisory_xact_lock(7363417256);

-- name: import_withdraw_others
-- in: batch int8, most int8
SELECT object, line, gone FROM import_withdraw_others($1, $2) ORDER BY line;

-- name: import_departments
SELECT id, name, short FROM department WHERE active ORDER BY id;

-- name: import_withdraw
-- in: batch int8, objects text
SELECT import_withdraw($1, string_to_array($2, ',')) AS gone;

-- Numbers of inspectors are given out by one import at a time.
-- name: import_number_lock
SELECT pg_advisory_xact_lock(7363417253);

-- name: import_numbers
SELECT department, certificate_no, inspector FROM inspector_number;

-- name: copy_entity_fact
COPY entity_fact (object, batch, line, entity, name, kind, industry, region, established, status,
	since, class, labels, checked, address, scope, x, y, matched) FROM STDIN;

-- name: copy_inspector_number
COPY inspector_number (department, certificate_no, inspector) FROM STDIN;

-- name: copy_inspector_fact
COPY inspector_fact (inspector, batch, line, department, name, certificate_no, certificate,
	regions, items, leave, lim, active) FROM STDIN;

-- name: copy_recusal_fact
COPY recusal_fact (inspector, subject, ground, since, batch, line) FROM STDIN;

-- Lines whose subject is neither an object nor the entity of one.
-- name: import_unknown_subjects
-- in: batch int8
SELECT DISTINCT r.line
  FROM recusal_fact r
 WHERE r.batch = $1
   AND NOT EXISTS (SELECT FROM entity_fact f WHERE f.object = r.subject)
   AND NOT EXISTS (SELECT FROM entity_fact f WHERE f.entity = r.subject)
 ORDER BY r.line;

-- name: copy_import_error
COPY import_error (batch, ordinal, line, col, value, code, detail, severity) FROM STDIN;
