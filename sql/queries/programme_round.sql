-- The programme's checks and rounds (daemon/programme.c, daemon/programme_rounds.c, daemon/api_programme_round.c).

-- What a programme stands on: 0 and nothing where there is no base.
-- name: programme_head
-- in: year int4
SELECT p.state, p.title, p.version, coalesce(p.motion, 0) AS motion, coalesce(p.amended, 0) AS amended, programme_hash(p.year) AS hash, p.base, coalesce(d.version, 0) AS base_version,
       coalesce(d.state, '') AS base_state, coalesce(d.rows, '') AS rows
  FROM programme p LEFT JOIN document d ON d.kind = 'base' AND d.code = p.base AND d.version = programme_base_version(p)
 WHERE p.year = $1;

-- What is drawn in a year, or on one day of it; what was drawn, by the scheme that it was drawn by.
-- name: programme_draws
-- in: year int4, draw_on text
SELECT d.draw_on, t.code, t.name, coalesce(t.number, '') AS number, t.levels, s.code AS scheme, s.version AS scheme_version, s.state AS scheme_state,
       s.rows, d.from_date, d.to_date, d.batches
  FROM programme_task t
  JOIN programme_draw d ON d.task = t.id
  JOIN document s ON s.kind = 'scheme' AND s.code = coalesce(d.scheme, t.scheme)
   AND s.version = coalesce(d.scheme_version, t.scheme_version)
 WHERE t.year = $1 AND (t.state = 'kept' OR d.round IS NOT NULL) AND ($2 = '' OR d.draw_on = $2)
 ORDER BY d.draw_on, t.code COLLATE "C";

-- Departments at the second of two levels, below one of their system at the first: what is drawn above and inspected there.
-- name: programme_below
-- in: year int4
SELECT w.levels, policy_level(split_part(w.levels, '-', 2)) AS level, u.id AS upper, d.id AS code, d.name, region_stem(d.region) AS region,
       d.inspects
  FROM (SELECT DISTINCT levels FROM programme_task
         WHERE year = $1 AND split_part(levels, '-', 1) <> split_part(levels, '-', 2)) w
  JOIN department u ON u.level = split_part(w.levels, '-', 1) AND u.active
  JOIN department d ON d.level = split_part(w.levels, '-', 2) AND d.active AND d.system = u.system
   AND starts_with(d.region, region_stem(u.region))
 ORDER BY w.levels, d.id COLLATE "C";

-- Items that the joint list names, and the domain (抽查领域) under which it does.
-- name: programme_joint
-- in: day text
SELECT DISTINCT name, field FROM joint_items_current
 WHERE name <> '' AND field <> '' AND (from_date = '' OR from_date <= $1) AND (until = '' OR until >= $1)
 ORDER BY name, field;

-- name: programme_check_found
-- in: job int8, fence int8, hash bytea, base int4, refusals int4, refused text, result text
SELECT programme_check_found($1, $2, $3, $4, $5, $6, $7);

-- name: programme_due
-- in: ahead int4, days int4
SELECT programme_due($1, $2);

-- Changes whenever a round may have become due but by the calendar; never 0.
-- name: programme_mark
SELECT hashtextextended(coalesce(string_agg(concat_ws(' ', year, version, state, motion, amended), ',' ORDER BY year), ''), 0) | 1 AS mark
  FROM programme;

-- name: programme_round_make
-- in: job int8, fence int8, hash bytea, demo bool, name text, rows text, source text, departments text, pulses text, delta int8, deadline int8, reveal text, due text
SELECT programme_round_make($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS round;

-- name: programme_round_failed
-- in: job int8, fence int8, why jsonb
SELECT programme_round_failed($1, $2, $3);

-- name: programme_check_ask
-- in: year text, days int4
SELECT json_build_object('job', programme_check_ask($1, $2))::text AS json;

-- name: programme_check_told
-- in: year text
SELECT programme_check_told(year)::text AS json FROM programme
 WHERE year::text = $1 AND EXISTS (SELECT FROM programme_check c WHERE c.year = programme.year);

-- name: programme_rounds
-- in: year text, ahead int4
SELECT programme_rounds(year, $2)::text AS json FROM programme WHERE year::text = $1;
