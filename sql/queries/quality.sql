-- Quality of the registers (daemon/register/quality*.c, daemon/step_quality.c, the freeze's gate), and what
-- is known of one entity.

-- name: quality_unlooked
SELECT batch FROM quality_unlooked();

-- In the transaction that reads the register: was all that counts in it looked at, and the time.
-- name: quality_snapshot_at
SELECT NOT EXISTS (SELECT FROM quality_unlooked()) AS looked, clock_of(clock_stamp()) AS at;

-- name: quality_codes
-- in: batch int8
SELECT code, rows FROM quality_codes($1);

-- name: quality_looked
-- in: job int8, fence int8, batch int8, failed text
SELECT quality_looked($1, $2, $3, $4);

-- The sum of all sources of objects, then those with most errors.
-- name: quality_stands
SELECT source, rows, correct FROM quality_stands();

-- name: quality_taken
SELECT quality_taken() AS id;

-- name: quality_snapshot
-- in: job int8, day text, minimum int8, pools jsonb, samples jsonb
SELECT quality_take($1, $2, $3, $4, $5) AS id;

-- name: quality_due
SELECT quality_due();

-- name: quality_objects
SELECT object, source FROM quality_object ORDER BY object;

-- Frames of the rounds frozen in the inspection cycle of a day; demonstrations only where there are.
-- name: quality_frames
-- in: day text, demo bool
SELECT a.sha256
  FROM round r JOIN round_artefact a ON a.round = r.id AND a.name = 'frame'
 WHERE r.state NOT IN ('draft', 'void') AND (NOT r.demo OR $2)
   AND $1 BETWEEN r.cycle_from AND r.cycle_to
 ORDER BY r.id;

-- The reason that two persons agreed to, for the notary.
-- name: quality_override
-- in: proposal int8
SELECT coalesce(j.args ->> 'quality_override', '') AS reason
  FROM proposal p JOIN job j ON j.id = p.job
 WHERE p.id = $1;

-- name: calendar_days
SELECT date, working FROM calendar_current WHERE date <> '' ORDER BY date;

-- name: quality_read
-- in: register text, department text, level text
SELECT quality_read($1, $2, $3) AS json;

-- name: quality_trend
-- in: figure text, fact text, register text, department text, source text, from_day text, to_day text
SELECT quality_trend($1, $2, $3, $4, $5, $6, $7) AS json;

-- Those who see the round see what was changed before its freeze, of their own lists.
-- name: quality_round
-- in: round text
SELECT id FROM round WHERE id = $1;

-- name: entity_dossier
-- in: code text, at int8
SELECT entity_dossier($1, $2) AS json;

-- name: entity_lookup
-- in: code text
SELECT l.json, l.json = '' OR o.told @> '{"known": true}' OR o.told -> 'lists' <> '[]' OR o.told -> 'last' <> 'null' AS found
  FROM entity_lookup($1) AS l (json), LATERAL (SELECT coalesce(nullif(l.json, ''), '{}')::jsonb AS told) o;
