-- Lists within something (daemon/list_get.c): a row where the asker may see it; what is personal in
-- it is noted as read. The lists themselves are put together in daemon/list_sql.c.

-- name: list_import
-- in: id int8
SELECT note_read('import', id::text, coalesce(department, '')) FROM import_batch WHERE id = $1;

-- Rows of a register: that they were read is noted.
-- name: list_register
-- in: register text
SELECT CASE WHEN sight = 'own' OR 'personal' = ANY (forms) THEN note_read('register', $1) END
  FROM register WHERE name = $1;

-- Names and staff numbers of others: of all that one sees, whatever the filters.
-- name: list_personal
-- in: kind text
SELECT note_read($1, '*') WHERE has_role('administrator', 'auditor', 'head');

-- Of a round that one takes part in.
-- name: list_dropped_round
-- in: id text
SELECT note_read('dropped', $1) WHERE EXISTS (SELECT FROM round WHERE id = $1);

-- Of a round that one takes part in, or in which one has a visit.
-- name: list_visit_round
-- in: id text
SELECT note_read('visits', $1)
 WHERE EXISTS (SELECT FROM round WHERE id = $1) OR EXISTS (SELECT FROM visit WHERE round = $1);

-- Progress of a job (daemon/events.c).

-- name: events_job
-- in: id int8
SELECT attempts::int8 AS attempts, done, state,
       json_build_object('id', id, 'state', state, 'attempts', attempts, 'done', done,
		'total', total, 'note', note)::text AS json
  FROM job WHERE id = $1;
