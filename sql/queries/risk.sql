-- Classes (daemon/step_classify.c, daemon/api_risk.c).

-- What a run has to do, in the snapshot in which it reads.
-- name: classify_look
-- in: day text, scope text
SELECT rows, model, version::int8 AS version, whole, entities, batches FROM class_look($1, $2);

-- name: classify_behind
-- in: day text
SELECT classes_behind($1) AS behind;

-- All that is known of all entities: objects, signals of the registers, those under codes they had before, and the
-- classes that were said.
-- name: classify_all
-- in: day text
SELECT entity, source, kind, field, day, ends, repaired, amount, batch, line, key
  FROM (SELECT * FROM risk_object
	 UNION ALL SELECT * FROM risk_signal
	 UNION ALL SELECT * FROM risk_carried($1)
	 UNION ALL SELECT entity, 'said', class, field, '', '', '', points::text, 0, 0, model FROM class_computed) x
 WHERE entity <> ''
 ORDER BY entity COLLATE "C";

-- The same of those named.
-- name: classify_some
-- in: day text, entities text
WITH named AS MATERIALIZED (SELECT string_to_array($2, ',') AS codes)
SELECT entity, source, kind, field, day, ends, repaired, amount, batch, line, key
  FROM (SELECT s.* FROM named n CROSS JOIN LATERAL risk_signals_of(n.codes) s
	 UNION ALL SELECT s.* FROM named n CROSS JOIN LATERAL risk_carried($1, n.codes) s
	 UNION ALL
	SELECT s.entity, 'said', s.class, s.field, '', '', '', s.points::text, 0, 0, s.model
	  FROM named n CROSS JOIN LATERAL unnest(n.codes) c (code)
	 CROSS JOIN LATERAL (SELECT DISTINCT ON (field) * FROM class_said WHERE entity = c.code COLLATE "C"
		ORDER BY field, run DESC) s) x
 WHERE entity <> ''
 ORDER BY entity COLLATE "C";

-- name: classify_begin
-- in: job int8, fence int8, day text, scope text, model bytea, version int8
SELECT class_begin($1, $2, $3, $4, $5, $6::int) AS run;

-- name: classify_due_clear
-- in: entities text
SELECT class_due_clear($1);

-- name: classify_end
-- in: run int8, entities int8, said int8, moved int8, batches text
SELECT class_end($1, $2, $3, $4, $5);

-- name: classify_due
SELECT classify_due();

-- name: class_why
-- in: entity text, day text
SELECT source, kind, field, day, ends, repaired, amount, batch, line, key FROM class_why($1, $2);

-- name: class_history
-- in: entity text
SELECT class_history($1) AS json;

-- name: class_summary
SELECT class_summary() AS json;

-- name: class_months
SELECT class_months() AS json;

-- name: class_moves
-- in: from_day text, to_day text
SELECT class_moves($1, $2) AS json;

-- name: class_run_ask
-- in: scope text
SELECT jsonb_build_object('job', class_run_ask($1))::text AS json;
