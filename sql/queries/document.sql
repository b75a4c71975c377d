-- Documents: bases, models, schemes; looks and simulations (daemon/api_document.c, daemon/api_look.c,
-- daemon/look.c, daemon/step_simulate.c).

-- name: document_put
-- in: kind text, documents jsonb, source text
SELECT document_put($1, $2, $3)::text AS json;

-- name: document_agree
-- in: kind text, documents jsonb, what text, reason text, evidence text
SELECT document_agree($1, $2, $3, $4, $5)::text AS json;

-- Which departments may inspect.
-- name: document_departments
SELECT id AS department, name, inspects FROM department ORDER BY id COLLATE "C";

-- The version in force.
-- name: document_rows
-- in: kind text, code text
SELECT version, rows FROM document_in_force($1, $2);

-- Several of them, bytewise by code: those named with commas, or `*` for all in force.
-- name: document_rows_of
-- in: kind text, codes text
SELECT code, version, rows FROM document
 WHERE kind = $1 AND state = 'agreed' AND ($2 = '*' OR code = ANY (string_to_array($2, ',')))
 ORDER BY code COLLATE "C";

-- Version 0: the one in force, else the newest.
-- name: document_get
-- in: kind text, code text, version int4
SELECT json_build_object('kind', d.kind, 'code', d.code, 'version', d.version, 'state', d.state, 'title', d.title,
	'department', d.department, 'sha256', encode(d.sha256, 'hex'), 'replaces', d.replaces,
	'account', d.made_by, 'created', d.made_at, 'motion', d.motion, 'agreed', d.agreed_at,
	'ended_by', d.ended_by, 'ended', d.ended_at, 'rows', d.rows, 'source', s.source)::text AS json
  FROM document d JOIN document_source s ON s.sha256 = d.source
 WHERE d.kind = $1 AND d.code = $2 AND ($3 = 0 OR d.version = $3)
 ORDER BY d.state = 'agreed' DESC, d.version DESC LIMIT 1;

-- Is there anything of that kind that the asker may see? Lists of an unknown kind are not there.
-- name: list_document
-- in: kind text
SELECT $1 AS kind WHERE $1 IN ('base', 'model', 'scheme');

-- name: look_ask
-- in: policy text, args jsonb
SELECT json_build_object('job', look_ask($1, $2))::text AS json;

-- name: look_get
-- in: job int8
SELECT result AS json FROM look WHERE job = $1 AND kind = 'look' AND result IS NOT NULL;

-- name: simulate_ask
-- in: policy text, against text, args jsonb
SELECT json_build_object('job', simulate_ask($1, $2, $3))::text AS json;

-- name: simulation_get
-- in: job int8
SELECT result AS json FROM look WHERE job = $1 AND kind = 'simulate' AND result IS NOT NULL;

-- What past inspections found up to a day, by the class that counts on it (of an entity its worst object's); those for a cause stand apart.
-- name: finding_rates
-- in: day text
SELECT k.class COLLATE "C" AS class, count(*) AS checks, count(*) FILTER (WHERE check_found(c.result)) AS found
  FROM checks_current c
  JOIN class_entities($1) k ON k.entity = c.entity COLLATE "C" AND k.field = ''
 WHERE c.date <= $1 AND check_found(c.result) IS NOT NULL AND c.cause IS DISTINCT FROM 't' AND k.class <> ''
 GROUP BY k.class ORDER BY 1;

-- Past inspections of some days and what they found: the premises named, an object of the entity (of the one it became,
-- where it is not listed any more), department, item. Those for a cause stand apart.
-- name: past_checks
-- in: from_day text, to_day text
WITH past AS MATERIALIZED (
	SELECT c.entity::text AS entity, c.object, c.department, btrim(c.item) AS item, check_found(c.result) AS found
	  FROM checks_current c
	 WHERE c.date BETWEEN $1 AND $2 AND check_found(c.result) IS NOT NULL AND c.cause IS DISTINCT FROM 't'
), there AS MATERIALIZED (
	SELECT entity COLLATE "C" AS entity, min(object COLLATE "C") AS object FROM entity_current WHERE entity <> '' GROUP BY 1
), became AS MATERIALIZED (
	SELECT DISTINCT ON (s.old) s.old, t.object
	  FROM successions_on($2, (SELECT array_agg(DISTINCT entity) FROM past)) s JOIN there t ON t.entity = s.new
	 ORDER BY s.old, t.object
)
SELECT p.object, coalesce(t.object, b.object, '') AS other, p.department, p.item, p.found
  FROM past p
  LEFT JOIN there t ON t.entity = p.entity
  LEFT JOIN became b ON b.old = p.entity;

-- name: look_found
-- in: job int8, result text
UPDATE look SET result = $2 WHERE job = $1;

-- name: look_policy
-- in: job int8
SELECT policy, against FROM look WHERE job = $1;

-- Permits in force on a day, of an object or (where they name none) of all objects of an entity.
-- name: permits_on
-- in: day text
SELECT coalesce(nullif(object, ''), entity) COLLATE "C" AS key, name
  FROM permits_current
 WHERE state IN ('', 'valid') AND from_date <= $1 AND (until = '' OR until >= $1) AND name <> ''
   AND coalesce(nullif(object, ''), entity) <> ''
 ORDER BY 1, name COLLATE "C";
