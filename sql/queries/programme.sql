-- Annual programmes (daemon/api_programme.c).

-- name: programme_open
-- in: year int8, title text, number text, deadline text, base text
SELECT programme_open($1::int, $2, $3, $4, $5)::text AS json;

-- name: programme_show
-- in: year text
SELECT programme_show($1)::text AS json;

-- name: programme_submit
-- in: year text, department text, tasks jsonb, look text
SELECT line::int8 AS line, place, error, what FROM programme_submit($1, $2, $3, $4 = 'yes');

-- name: programme_withdraw
-- in: year text, code text, reason text
SELECT programme_withdraw($1, $2, $3)::text AS json;

-- name: programme_none
-- in: year text, department text, reason text
SELECT programme_none($1, $2, $3)::text AS json;

-- name: programme_admit
-- in: year text, department text, reason text
SELECT programme_admit($1, $2, $3)::text AS json;

-- name: programme_turn
-- in: year text, state text
SELECT programme_turn($1, $2)::text AS json;

-- name: programme_opine
-- in: year text, department text, kind text, verdict text, opinion text
SELECT programme_opine($1, $2, $3, $4, $5)::text AS json;

-- name: programme_propose
-- in: year text, reason text, evidence text
SELECT programme_propose($1, $2, $3)::text AS json;

-- name: programme_amend
-- in: year text, department text, tasks jsonb, withdraw text, reason text, evidence text
SELECT programme_amend($1, $2, nullif($3::jsonb, 'null'), $4, $5, $6)::text AS json;

-- name: programme_file
-- in: year text, number text, recipient text, day text
SELECT programme_file($1, $2, $3, $4)::text AS json;

-- name: programme_escalate
-- in: year text, code text, matter text
SELECT programme_escalate($1, $2, $3)::text AS json;

-- name: programme_resolve
-- in: year text, item text, resolution text
SELECT programme_resolve($1, $2, $3)::text AS json;

-- name: list_programme
-- in: year text
SELECT year FROM programme WHERE year::text = $1 AND (sees_all() OR my_departments() <> '{}');

-- name: list_public_programme
-- in: year text
SELECT year FROM programme WHERE year::text = $1 AND state = 'published';
