-- What a freeze reads of the inspections of entities (frame_rows of worker.sql): past checks and the visits of closed
-- rounds are `entered`, those of open rounds `reserved`. After the PREPAREs of queries.awk, in the world of world.sql.
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
SET LOCAL session_replication_role = origin;
CREATE FUNCTION pg_temp.rows(demo boolean) RETURNS TABLE (object text, classes text, entered text, reserved text) AS $$
BEGIN
	SET LOCAL role = 'drawd_worker';
	RETURN QUERY EXECUTE format('SELECT object::text, classes::text, entered::text, reserved::text FROM (%s) f
		WHERE object LIKE ''E_'' OR object LIKE ''E_/%%''', replace(replace(replace(replace(replace(rtrim(substring(p.statement
		FROM 'AS\n(.*)$'), E';\n '), '$1', quote_literal(demo)), '$2', '''2026-01-01'''), '$3', '''2026-06-01'''), '$4', '''2026-01-01'''), '$5', ''''''))
		FROM pg_prepared_statements p WHERE p.name = 'worker.frame_rows';
	SET LOCAL role = 'none';
END
$$ LANGUAGE plpgsql;
SELECT results_eq('SELECT * FROM pg_temp.rows(false)', $$VALUES
	('E1', '', '2026-02-03/city/a/entry,2026-02-04/street/c/remote', '1'),
	('E1/02', '', '2026-02-03/city/a/entry,2026-02-04/street/c/remote', '1'),
	('E2', '', '2026-03-03/none/none/entry', '0'),
	('E3', '', '2026-03-09/city/a/entry,2026-03-09/county/b/entry,2026-03-31/county/b/remote', '2'),
	('E4', '', '', '0')$$, 'what was done to an entity and what will be, in all its rows');
SELECT results_eq($$SELECT object, entered, reserved FROM pg_temp.rows(true) WHERE object IN ('E3', 'E4')$$, $$VALUES
	('E3', '', '0'), ('E4', '', '1')$$, 'demonstrations and rounds that bind know nothing of each other');
SELECT * FROM finish();
ROLLBACK;
