-- Import jobs (daemon/register/import*.c, returned.c). A batch belongs to its job and is written in one
-- transaction.

-- name: import_open
-- in: kind text, upload int8, job int8, source text, person text, scope text, sheet text
INSERT INTO import_batch (kind, upload, job, source, person, scope, sheet)
VALUES ($1, $2, $3, $4, $5, $6, $7)
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

-- The batch of the rows that are copied next (0013).
-- name: import_loading
-- in: batch int8
SELECT set_config('drawd.batch', $1::int8::text, true);

-- What the parser is told. Every department with each of its names, and with none.
-- name: import_departments
SELECT d.id AS key, v.name AS value
  FROM department d CROSS JOIN LATERAL (VALUES (''), (d.name), (d.short)) AS v (name)
 WHERE d.active
 ORDER BY d.id, v.name;

-- Codes of regions that are no longer in force on that day → the ones that are.
-- name: import_regions
-- in: day text
SELECT old AS key, new AS value FROM region_renames($1) ORDER BY old;

-- name: import_exceptions
SELECT DISTINCT code AS key, '' AS value FROM exceptions_current ORDER BY code;

-- name: import_labels
SELECT DISTINCT l AS key, '' AS value
  FROM round r, regexp_matches(r.policy, '(?n)^task\.[^.]+\.labels\t(.+)$', 'g') w, string_to_table(w[1], ',') l
 WHERE l <> '*' ORDER BY 1;

-- Names of regions down to streets, alone and behind those of what they lie in, where one region in force has
-- the name: 东城区, 北京市东城区.
-- name: import_places
-- in: day text
WITH place AS MATERIALIZED (
	SELECT code, name FROM regions_current
	 WHERE name <> '' AND length(code) <= 9 AND successor = '' AND (until = '' OR until >= $1)
	   AND (from_date = '' OR from_date <= $1))
SELECT n.key, min(p.code) AS value
  FROM place p
  LEFT JOIN place a ON a.code = left(p.code, 2) || '0000' AND a.code <> p.code
  LEFT JOIN place b ON b.code = left(p.code, 4) || '00' AND b.code <> p.code AND right(b.code, 4) <> '0000'
  LEFT JOIN place c ON c.code = left(p.code, 6) AND c.code <> p.code AND right(c.code, 2) <> '00'
 CROSS JOIN LATERAL (VALUES (p.name), (c.name || p.name), (b.name || p.name), (b.name || c.name || p.name),
	(a.name || p.name), (a.name || c.name || p.name), (a.name || b.name || p.name),
	(a.name || b.name || c.name || p.name)) n (key)
 WHERE n.key IS NOT NULL
 GROUP BY n.key HAVING count(DISTINCT p.code) = 1
 ORDER BY n.key;

-- name: import_items
SELECT name AS key, min(id) AS value FROM items_current
 WHERE name <> '' AND name !~ '[[:space:],;|，；、｜]' GROUP BY name HAVING count(DISTINCT id) = 1 ORDER BY name;

-- name: import_saved
-- in: kind text, source text, department text
SELECT DISTINCT ON (m.header) m.header AS key, m."column" AS value
  FROM header_mapping m JOIN import_batch b ON b.id = m.batch AND b.state = 'confirmed'
 WHERE m.kind = $1 AND m.source = $2 AND m.department = $3
 ORDER BY m.header, m.batch DESC;

-- Rows that contradict each other in the file.
-- name: import_withdraw
-- in: batch int8, rows text
SELECT import_withdraw($1, $2) AS gone;

-- name: import_withdraw_others
-- in: batch int8
SELECT key, line FROM import_withdraw_others($1, 9223372036854775807) ORDER BY line;

-- Numbers of inspectors are given out by one import at a time.
-- name: import_number_lock
SELECT pg_advisory_xact_lock(7363417253);

-- counting: of those in a list that counts; whoever stands only in one that waits is nobody yet.
-- name: import_numbers
-- in: counting bool
SELECT n.department, n.certificate_no, n.inspector
  FROM inspector_number n
 WHERE NOT $1
    OR EXISTS (SELECT FROM inspector_fact f JOIN batch_counted b ON b.id = f.batch
                WHERE f.inspector = n.inspector AND b.undone_at IS NULL);

-- name: copy_inspector_number
COPY inspector_number (department, certificate_no, inspector) FROM STDIN;

-- name: copy_recusal_fact
COPY recusal_fact (inspector, subject, ground, since, kind, batch, line) FROM STDIN;

-- Lines whose subject is neither an object nor the entity of one.
-- name: import_unknown_subjects
-- in: batch int8
SELECT DISTINCT r.line
  FROM recusal_fact r
 WHERE r.batch = $1
   AND NOT EXISTS (SELECT FROM entity_fact f WHERE f.object = r.subject)
   AND NOT EXISTS (SELECT FROM entity_fact f WHERE f.entity = r.subject)
 ORDER BY r.line;

-- Lines that are worth a look once they are compared with other lists (0014).
-- name: import_doubts
-- in: batch int8
SELECT line, what, value FROM import_doubts($1);

-- Which of the candidates of a code are known with the row's name or registration number; none where
-- several are.
-- name: import_match_all
-- in: clues text
SELECT n, candidate, how
  FROM (SELECT c.n, m.candidate, m.how, count(*) OVER (PARTITION BY c.n, m.how) AS alike,
	       row_number() OVER (PARTITION BY c.n ORDER BY m.how DESC, m.candidate) AS nth
	  FROM jsonb_to_recordset($1::jsonb) AS c (n int8, candidates text, name text, reg_no text)
	 CROSS JOIN LATERAL import_match(string_to_array(c.candidates, ', '), c.name, c.reg_no) m) found
 WHERE nth = 1 AND alike = 1
 ORDER BY n;

-- name: copy_import_error
COPY import_error (batch, ordinal, line, col, value, code, detail, severity) FROM STDIN;

-- name: import_stage
-- in: batch int8, some_say int8, all_say int8, spared text
SELECT new_rows, changed, gone, same, preview::text AS preview FROM import_stage($1, $2, $3, $4);

-- name: import_close
-- in: id int8, state text, rows int8, accepted int8, refused int8, repaired int8, remarked int8, new_rows int8, changed int8, gone int8, same int8, encoding text, sheet text, mapping jsonb, preview jsonb, result jsonb, file_state text
UPDATE import_batch
   SET state = $2, rows = $3, accepted = $4, refused = $5, repaired = $6, remarked = $7,
       new_rows = $8, changed = $9, gone = $10, same = $11, encoding = $12, sheet = $13,
       mapping = $14, preview = $15, result = $16, file_state = $17,
       staged_at = coalesce(staged_at, batch_stamp(kind))
 WHERE id = $1 AND state = 'open';

-- What would move more classes than one person may stays staged.
-- name: import_confirm_own
-- in: batch int8, class_most int8
SELECT CASE WHEN class_may($1, $2) THEN import_confirm($1, $2) ELSE $1 END AS batch;

-- The file that goes back.
-- name: returned_batch
-- in: batch int8
SELECT b.kind, b.upload, u.size, b.sheet, b.rows, coalesce(b.mapping, '[]')::text AS mapping,
       coalesce((b.result ->> 'header_line')::int8, 1) AS header_line
  FROM import_batch b JOIN upload u ON u.id = b.upload
 WHERE b.id = $1 AND b.state <> 'open';

-- name: returned_notes
-- in: batch int8, after_ordinal int8, most int8
SELECT ordinal, line, col, code, detail, severity
  FROM import_error
 WHERE batch = $1 AND ordinal > $2
 ORDER BY ordinal
 LIMIT $3;

-- name: returned_file
-- in: batch int8, file bytea
UPDATE import_batch SET file = $2, file_state = 'ready' WHERE id = $1;

-- Content that was kept long enough.
-- name: import_sweep
-- in: days int8, most int8
SELECT uploads, files FROM import_sweep($1, $2);

-- name: personal_read
-- in: register text, key text, fact text, reason text
SELECT coalesce(personal_read($1, $2, $3, $4), '') AS sealed;
