-- Triggers (daemon/triggers.c, daemon/api_trigger.c).

-- name: focus_take
-- in: run int8, triggers text, hits text
SELECT focus_take($1, $2::jsonb, $3::jsonb);

-- name: focus_settle
-- in: run int8, triggers text, entities text
SELECT focus_settle($1, $2::jsonb, $3);

-- name: focus_get
-- in: id int8
SELECT (to_jsonb(l) || jsonb_build_object('facts', f.facts, 'began', f.began, 'fields', to_jsonb(f.fields)))::text AS json
  FROM focus_list l JOIN focus f ON f.id = l.id
 WHERE l.id = $1 AND note_read('focus', l.id::text);

-- name: focus_end
-- in: id int8, reason text
WITH done AS MATERIALIZED (SELECT focus_end($1, $2) AS id)
SELECT jsonb_build_object('id', id)::text AS json FROM done WHERE id IS NOT NULL;

-- How many, of what the asker is told: by trigger, and buffers by department. `from` … `to`: what began, was made, sent,
-- answered or ended then ('': ever); the others are of now.
-- name: focus_summary
-- in: from_day text, to_day text
WITH p AS (
	SELECT $1 AS a, coalesce(nullif($2, ''), '9999') AS z
), f AS (
	SELECT l.*, t.made, t.sent, t.answered
	  FROM focus_list l LEFT JOIN letter_list t ON t.focus = l.id
), triggers AS (
	SELECT trigger, max(name) AS name, count(*) FILTER (WHERE kind = 'focus' AND state IN ('holds', 'runs')) AS focus,
	       count(*) FILTER (WHERE kind = 'early' AND state IN ('holds', 'runs')) AS early,
	       count(*) FILTER (WHERE kind = 'focus' AND "from" BETWEEN p.a AND p.z) AS begun,
	       count(*) FILTER (WHERE kind = 'early' AND "from" BETWEEN p.a AND p.z) AS warned,
	       count(*) FILTER (WHERE ended BETWEEN p.a AND p.z) AS ended,
	       count(*) FILTER (WHERE made BETWEEN p.a AND p.z) AS letters,
	       count(*) FILTER (WHERE sent BETWEEN p.a AND p.z) AS sent,
	       count(*) FILTER (WHERE answered BETWEEN p.a AND p.z) AS answered
	  FROM f CROSS JOIN p GROUP BY trigger
), buffers AS (
	SELECT department, count(*) FILTER (WHERE state = 'runs') AS runs, count(*) FILTER (WHERE state = 'overdue') AS overdue,
	       count(*) FILTER (WHERE extends IS NULL AND "from" BETWEEN p.a AND p.z) AS begun,
	       count(*) FILTER (WHERE state = 'cured' AND ended BETWEEN p.a AND p.z) AS cured,
	       count(*) FILTER (WHERE state = 'not-cured' AND ended BETWEEN p.a AND p.z) AS not_cured,
	       count(*) FILTER (WHERE state = 'extended' AND ended BETWEEN p.a AND p.z) AS extended
	  FROM buffer_list CROSS JOIN p GROUP BY department
)
SELECT jsonb_build_object('from', $1, 'to', $2,
	'triggers', coalesce((SELECT jsonb_agg(to_jsonb(t) ORDER BY t.trigger COLLATE "C") FROM triggers t), '[]'),
	'buffers', coalesce((SELECT jsonb_agg(to_jsonb(b) ORDER BY b.department COLLATE "C") FROM buffers b), '[]'))::text AS json;

-- name: letter_get
-- in: id int8
SELECT (to_jsonb(l) || jsonb_build_object('text', t.text))::text AS json
  FROM letter_list l JOIN letter t ON t.id = l.id
 WHERE l.id = $1 AND note_read('letter', l.id::text);

-- name: letter_sent
-- in: id int8, day text, way text, receipt text
WITH done AS MATERIALIZED (SELECT letter_send($1, $2, $3, $4) AS id)
SELECT jsonb_build_object('id', id)::text AS json FROM done WHERE id IS NOT NULL;

-- name: letter_answered
-- in: id int8, day text, answer text
WITH done AS MATERIALIZED (SELECT letter_answer($1, $2, $3) AS id)
SELECT jsonb_build_object('id', id)::text AS json FROM done WHERE id IS NOT NULL;

-- name: buffer_new
-- in: entity text, department text, matter text, basis text, until text
SELECT jsonb_build_object('id', buffer_make($1, $2, $3, $4, $5))::text AS json;

-- name: buffer_get
-- in: id int8
SELECT to_jsonb(l)::text AS json FROM buffer_list l WHERE l.id = $1;

-- name: buffer_end
-- in: id int8, outcome text, reason text, until text
WITH done AS MATERIALIZED (SELECT buffer_end($1, $2, $3, $4) AS id)
SELECT jsonb_build_object('id', id)::text AS json FROM done WHERE id IS NOT NULL;
