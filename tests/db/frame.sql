-- What a freeze reads of the inspections of entities (frame_visits of worker.sql): past checks and the visits of closed
-- rounds are `entered`, those of open rounds `reserved`; and of their classes (frame_computed, frame_given). After the PREPAREs of queries.awk, in the world of world.sql.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
BEGIN;
SELECT * FROM no_plan();
SET LOCAL session_replication_role = replica; -- rows alone: nobody asked for them
DELETE FROM drawd.visit;
UPDATE drawd.department SET level = 'town', region = '510104001' WHERE id = 'c';
INSERT INTO drawd.import_batch (id, kind, upload, source, person, state, confirmed_at) OVERRIDING SYSTEM VALUE
SELECT 900 + n, k, 1, 'x', 'p', 'confirmed', now()
  FROM unnest('{entities,checks,successions}'::text[]) WITH ORDINALITY u (k, n);
INSERT INTO drawd.entity_fact (object, entity, kind, region, batch, line)
SELECT o, split_part(o, '/', 1), 'enterprise', '510104', 901, n
  FROM unnest('{E1,E1/02,E2,E3,E4}'::text[]) WITH ORDINALITY u (o, n);
INSERT INTO drawd.check_fact (id, object, entity, date, department, mode, cause, batch, line) VALUES
	('1', 'E1', 'E1', '2026-02-03', 'a', 'site', 'f', 902, 1),
	('2', 'E1/02', 'E1', '2026-02-03', 'a', 'site', '', 902, 2), -- the same visit, another premises
	('3', 'E1', 'E1', '2026-02-04', 'c', 'remote', '', 902, 3),
	('4', 'E1', 'E1', '2026-02-05', 'b', 'site', 't', 902, 4), -- for a cause: does not count
	('5', 'E1', 'E1', '2025-12-31', 'b', 'site', '', 902, 5), -- too early
	('6', 'E1', 'E1', '2026-06-02', 'b', 'site', '', 902, 6), -- too late
	('7', '', 'OLD', '2026-03-03', '', '', '', 902, 7), -- by nobody this installation knows
	('8', '', 'OTHER', '2026-03-03', 'a', 'site', '', 902, 8);
INSERT INTO drawd.succession_fact (id, old, new, kind, date, batch, line) VALUES ('1', 'OLD', 'E2', 'code', '2026-04-01', 903, 1);
INSERT INTO drawd.round (id, state, demo, policy, departments, pulses, delta, draw_deadline, reveal_after, results_due,
	created_by)
SELECT '2026-000' || n, s, s = 'revealed', '', 'a', '', 600, 0, '2026-12-31', '2026-12-31', 'x'
  FROM unnest('{closed,drawn,visiting,void,revealed}'::text[]) WITH ORDINALITY u (s, n)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, demo = excluded.demo, delta = 600;
INSERT INTO drawd.visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments, day, half,
	leader) VALUES
	('2026-0001', 'E3', 1, 'E3', 'onsite', '2026-03-01', '2026-03-31', 'a', 't', 'a,b', '2026-03-09', 'am', ''),
	('2026-0001', 'E3', 2, 'E3', 'offsite', '2026-03-01', '2026-03-31', 'a', 't', 'b', '', '', ''),
	('2026-0002', 'E3', 1, 'E3', 'onsite', '2026-05-01', '2026-05-31', 'a', 't', 'a', '2026-05-09', 'am', ''),
	('2026-0003', 'E3', 1, 'E3', 'onsite', '2026-06-01', '2026-06-30', 'a', 't', 'a', '', '', ''),
	('2026-0003', 'E3', 2, 'E3', 'offsite', '2026-06-01', '2026-06-30', 'a', 't', 'a', '', '', ''),
	('2026-0003', 'E1/02', 1, 'E1', 'onsite', '2026-06-01', '2026-06-30', 'a', 't', 'a', '', '', ''),
	('2026-0004', 'E3', 1, 'E3', 'onsite', '2026-06-01', '2026-06-30', 'a', 't', 'a', '', '', ''), -- void
	('2026-0005', 'E4', 1, 'E4', 'onsite', '2026-06-01', '2026-06-30', 'a', 't', 'a', '', '', ''); -- a demonstration
-- inspections for a cause, decided on and made: neither `entered` nor `reserved`
INSERT INTO drawd.cause (id, clue, motion, department, entity, items, basis, date, officers, way, reason, decided_at, result, result_by,
	result_at, done_on)
SELECT 900 + n, 1, 900 + n, 'a', e, 'i', 'b', '2026-05-03', 'X,Y', 'onsite', 'r', 1, r, CASE WHEN r <> '' THEN 'x' END,
       CASE WHEN r <> '' THEN 1 END, CASE WHEN r <> '' THEN '2026-05-03' END
  FROM (VALUES (1, 'E1', 'none'), (2, 'E4', NULL)) v (n, e, r);
SET LOCAL session_replication_role = origin;
CREATE FUNCTION pg_temp.asked(name text, demo boolean DEFAULT false) RETURNS SETOF text[] AS $$
BEGIN
	SET LOCAL role = 'drawd_worker';
	RETURN QUERY EXECUTE format('SELECT ARRAY(SELECT v FROM json_each_text(row_to_json(f)) AS j (k, v)) FROM (%s) f
		WHERE entity LIKE ''E_''', replace(replace(replace(rtrim(substring(p.statement FROM 'AS\n(.*)$'), E';\n '),
		'$1', CASE WHEN $1 = 'frame_visits' THEN quote_literal(demo) ELSE '''2026-06-01''' END), '$2', '''2026-01-01'''),
		'$3', '''2026-06-01''')) FROM pg_prepared_statements p WHERE p.name = 'worker.' || $1;
	SET LOCAL role = 'none';
END
$$ LANGUAGE plpgsql;
SELECT results_eq($$SELECT pg_temp.asked('frame_visits', false)$$, $$VALUES
	(ARRAY['E1', '2026-02-03/city/a/entry,2026-02-04/street/c/remote', '1']),
	(ARRAY['E2', '2026-03-03/none/none/entry', '0']),
	(ARRAY['E3', '2026-03-09/city/a/entry,2026-03-09/county/b/entry,2026-03-31/county/b/remote', '2'])$$,
	'what was done to an entity and what will be');
SELECT results_eq($$SELECT pg_temp.asked('frame_visits', true)$$, $$VALUES
	(ARRAY['E1', '2026-02-03/city/a/entry,2026-02-04/street/c/remote', '0']),
	(ARRAY['E2', '2026-03-03/none/none/entry', '0']),
	(ARRAY['E4', '', '1'])$$, 'demonstrations and rounds that bind know nothing of each other');

-- Classes: those of the model, those that others gave, in place of them, and which go before those of the register.
SET LOCAL session_replication_role = replica;
DELETE FROM drawd.document WHERE kind = 'model';
INSERT INTO drawd.document_source (sha256, source) VALUES (sha256('frame'), 'frame') ON CONFLICT DO NOTHING;
INSERT INTO drawd.document (kind, code, version, state, title, rows, sha256, source, made_at, motion, agreed_at)
SELECT 'model', 'main', 1, 'agreed', 'x', r, sha256(convert_to(r, 'UTF8')), sha256('frame'), 0, 1, 0
  FROM (SELECT string_agg(replace(l, ' ', E'\t') || E'\n', '') AS r FROM string_to_table('computed.rank 20|source.p.rank 30|source.p.field |source.p.scale |source.p.days 0|'
	'source.q.rank 5|source.q.field |source.q.scale |source.q.days 0|'
	'source.register.rank 10|source.register.field |source.register.scale |source.register.days 0', '|') AS l) x;
INSERT INTO drawd.class_said (entity, field, run, class, points, day, model, forced) VALUES
	('E1', '', 1, 'B', 1, '2026-01-01', 'm', false), ('E1', '', 2, 'C', 1, '2026-05-01', 'm', false),
	('E1', '', 3, 'D', 1, '2026-07-01', 'm', false), -- later
	('E1', 'food', 1, 'B', 1, '2026-01-01', 'm', false),
	('E2', '', 1, 'A', 1, '2026-01-01', 'm', false), ('E2', '', 2, '', 1, '2026-02-01', 'm', false); -- no model any more
INSERT INTO drawd.import_batch (id, kind, upload, source, person, state, confirmed_at, said_any, said_all) OVERRIDING SYSTEM VALUE
VALUES (910, 'grades', 1, 'x', 'p', 'confirmed', now(), -1, -1);
INSERT INTO drawd.grade_fact (id, entity, field, scale, value, date, until, source, batch, line) VALUES
	('1', 'E1', '', '', 'A', '2026-02-01', '', 'p', 910, 1), ('2', 'E1', 'food', '', 'D', '2026-02-01', '', 'q', 910, 2),
	('3', 'E3', '', '', 'B', '2026-02-01', '2026-03-01', 'p', 910, 3), ('4', 'E4', '', '', 'B', '2026-02-01', '', 'p', 910, 4);
SET LOCAL session_replication_role = origin;
SELECT results_eq($$SELECT pg_temp.asked('frame_computed')$$, $$VALUES (ARRAY['E1', '', 'C', 'false']),
	(ARRAY['E1', 'food', 'B', 'false'])$$, 'what the model said last by the day');
SELECT results_eq($$SELECT pg_temp.asked('frame_given')$$, $$VALUES (ARRAY['E1', '', 'C', 'false']),
	(ARRAY['E1', 'food', 'D', 'true']), (ARRAY['E4', '', 'B', 'false'])$$, 'of entities with grades all that counts, by rank');
SELECT * FROM finish();
ROLLBACK;
