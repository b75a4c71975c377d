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
INSERT INTO drawd.check_fact (id, object, entity, date, department, item, mode, cause, batch, line)
VALUES ('9', 'E3', 'E3', '2026-03-09', 'a', 'i', 'site', '', 902, 9); -- what came of a visit of ours
INSERT INTO drawd.succession_fact (id, old, new, kind, date, batch, line) VALUES ('1', 'OLD', 'E2', 'code', '2026-04-01', 903, 1);
INSERT INTO drawd.round (id, state, demo, policy, departments, pulses, delta, draw_deadline, reveal_after, results_due,
	created_by)
SELECT '2026-000' || n, s, s = 'revealed', E'task.t.items\ti,j\n', 'a', '', 600, 0, '2026-12-31', '2026-12-31', 'x'
  FROM unnest('{closed,drawn,visiting,void,revealed}'::text[]) WITH ORDINALITY u (s, n)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, demo = excluded.demo, policy = excluded.policy, delta = 600;
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
	(ARRAY['E3', '2026-03-09/city/a/entry', '0']),
	(ARRAY['E4', '', '1'])$$, 'demonstrations and rounds that bind know nothing of each other');

-- Of each object the inspections of items: lists, and visits of drawn rounds under the items of their tasks.
CREATE FUNCTION pg_temp.checked(demo boolean) RETURNS TABLE (object text, checked text) LANGUAGE plpgsql AS $$
BEGIN
	SET LOCAL role = 'drawd_worker';
	RETURN QUERY SELECT c.object COLLATE "C", c.checked FROM drawd.checks_on('2026-01-01', '2026-06-01', E'i\ta\tx\nj\tb\ty\n', demo) c
		WHERE c.object LIKE 'E%' ORDER BY c.object;
	SET LOCAL role = 'none';
END
$$;
SELECT results_eq($$SELECT object, checked FROM pg_temp.checked(false)$$, $$VALUES
	('E1', 'i=2026-02-03'), ('E1/02', 'i=2026-02-03,i=2026-06-01,j=2026-06-01'),
	('E3', 'i=2026-03-09,i=2026-05-31,i=2026-06-01,j=2026-03-31,j=2026-05-31,j=2026-06-01')$$,
	'each date of an item; a visit by the end of its window or the day itself; one that a list tells of once; none of a void round');
SELECT results_eq($$SELECT object, checked FROM pg_temp.checked(true)$$, $$VALUES
	('E1', 'i=2026-02-03'), ('E1/02', 'i=2026-02-03'), ('E3', 'i=2026-03-09'), ('E4', 'i=2026-06-01,j=2026-06-01')$$,
	'of demonstrations theirs');

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
-- Who tells of the class that counts tells the same: the frame of an object, the summary, `why` and the moves of an entity.
SET LOCAL session_replication_role = replica;
UPDATE drawd.entity_fact SET class = CASE object WHEN 'E1' THEN 'A' WHEN 'E1/02' THEN 'B' WHEN 'E2' THEN 'C' END
 WHERE batch = 901 AND object IN ('E1', 'E1/02', 'E2');
SET LOCAL session_replication_role = origin;
SELECT results_eq($$SELECT e.object COLLATE "default", drawd.class_of_object(e.class, drawd.risk_register_rank(), g.class, g.rank) COLLATE "default"
		FROM drawd.entity_current e LEFT JOIN drawd.classes_on('2026-06-01') g ON g.entity = e.entity
		WHERE e.object LIKE 'E_%' ORDER BY 1$$,
	$$VALUES ('E1', 'A'), ('E1/02', 'B'), ('E2', 'C'), ('E3', ''), ('E4', 'B')$$, 'of objects: their own, else what was given');
SELECT results_eq($$SELECT entity COLLATE "default", field COLLATE "default", class COLLATE "default", source COLLATE "default", rank FROM drawd.class_entities('2026-06-01') WHERE entity LIKE 'E_' ORDER BY 1, 2$$,
	$$VALUES ('E1', '', 'B', 'register', 10), ('E1', 'food', 'D', 'q', 5), ('E2', '', 'C', 'register', 10), ('E4', '', 'B', 'p', 30)$$,
	'of entities: that of the worst object where the register goes first');
SELECT results_eq($$SELECT entity COLLATE "default", field COLLATE "default", class COLLATE "default" FROM drawd.class_entities('2026-06-01', ARRAY['E1', 'E4']) ORDER BY 1, 2$$,
	$$SELECT entity COLLATE "default", field COLLATE "default", class COLLATE "default" FROM drawd.class_entities('2026-06-01') WHERE entity IN ('E1', 'E4') ORDER BY 1, 2$$, 'of some as of all');
SELECT results_eq($$SELECT entity COLLATE "default", field COLLATE "default", class COLLATE "default" FROM drawd.class_known(to_char(now() + interval '1 day', 'YYYY-MM-DD'), ARRAY['E1', 'E2']) ORDER BY 1, 2$$,
	$$SELECT entity COLLATE "default", field COLLATE "default", class COLLATE "default" FROM drawd.class_entities(to_char(now() + interval '1 day', 'YYYY-MM-DD'), ARRAY['E1', 'E2']) ORDER BY 1, 2$$,
	'as it was known');
SELECT results_eq($$SELECT drawd.class_of_object(o, 10, g, r) COLLATE "default" FROM (VALUES ('A', 'D', 10), ('A', 'D', 9), ('A', '', 1), ('', 'D', 30), ('', '', 1)) v (o, g, r)$$,
	$$VALUES ('A'), ('D'), ('A'), ('D'), ('')$$, 'of two of one rank the register''s');
SELECT is(drawd.class_of_object('A', NULL, '', NULL), '', 'a register that the model does not look at gives none');
-- Objects with a code of their own are their entity's.
SET LOCAL session_replication_role = replica;
INSERT INTO drawd.entity_fact (object, entity, kind, region, batch, line) VALUES ('EQ-0001', 'E1', 'enterprise', '510104', 901, 9);
INSERT INTO drawd.import_batch (id, kind, upload, source, person, state, confirmed_at) OVERRIDING SYSTEM VALUE
VALUES (911, 'labels', 1, 'x', 'p', 'confirmed', now());
INSERT INTO drawd.label_fact (id, object, label, from_date, until, batch, line) VALUES ('1', 'EQ-0001', 'boiler', '', '', 911, 1),
	('2', 'E9/01', 'none', '', '', 911, 2);
SET LOCAL session_replication_role = origin;
SELECT results_eq($$SELECT entity COLLATE "default", kind COLLATE "default" FROM drawd.risk_signal WHERE source = 'labels' AND batch = 911 ORDER BY key$$,
	$$VALUES ('E1', 'boiler'), ('E9', 'none')$$, 'a label of an object is its entity''s');
SELECT is((SELECT kind FROM drawd.risk_signals_of(ARRAY['E1']) WHERE source = 'labels'), 'boiler', 'looked up by entity too');
SELECT set_eq($$SELECT * FROM drawd.class_touched(911, 'labels')$$, ARRAY['E1', 'E9'], 'and a batch of labels touches it');
SELECT results_eq($$SELECT drawd.policy_level(l) FROM unnest('{province,city,county,town}'::text[]) l$$,
	$$VALUES ('province'), ('city'), ('county'), ('street')$$, 'every level has its word of a policy');
-- What a freeze waits for: a run of its day, with the model in force, that saw every batch.
SET LOCAL session_replication_role = replica;
DELETE FROM drawd.class_run;
DELETE FROM drawd.class_batch;
INSERT INTO drawd.class_run (id, job, day, at, scope, model, version) OVERRIDING SYSTEM VALUE
SELECT 990, 1, '2026-06-01', 0, 'full', sha256, 1 FROM drawd.document_in_force('model', 'main');
SELECT is(drawd.classes_behind('2026-06-01'), true, 'batches that no run saw');
INSERT INTO drawd.class_batch SELECT batch, undone FROM drawd.class_unlooked();
SELECT is(drawd.classes_behind(d), b, 'a run of 1 June, on ' || d) FROM (VALUES ('2026-05-31', false), ('2026-06-01', false), ('2026-06-02', true)) v (d, b);
UPDATE drawd.class_run SET model = sha256('another');
SELECT is(drawd.classes_behind('2026-06-01'), true, 'another model');
DELETE FROM drawd.document WHERE kind = 'model';
SELECT is(drawd.classes_behind('2026-06-02'), false, 'without a model nothing is waited for');
SET LOCAL session_replication_role = origin;
-- Who is in focus under another code by now: what was decided stands, and nobody is written to twice for the same.
SET LOCAL session_replication_role = replica;
DELETE FROM drawd.focus;
DELETE FROM drawd.class_run;
INSERT INTO drawd.class_run (id, job, day, at, scope, model, version) OVERRIDING SYSTEM VALUE VALUES (999, 1, '2026-06-01', 0, 'changed', sha256('m'), 1);
INSERT INTO drawd.focus (entity, trigger, kind, from_date, until, name, basis, indicator, label, fields, called, departments, at, value,
	facts, began, run, ended_on, ended_by, ended_at, reason)
SELECT e, 't', 'focus', '2026-05-01', '2026-12-31', 'n', 'b', 'i', 'l', '{}', 'c', '{}', '1', '1', '[{"register": "events", "key": "k1"}]',
       998, 998, d, CASE WHEN d <> '' THEN 'x' END, CASE WHEN d <> '' THEN 1 END, CASE WHEN d <> '' THEN 'r' END
  FROM (VALUES ('W1', '2026-05-05'), ('W2', NULL)) v (e, d);
INSERT INTO drawd.succession_fact (id, old, new, kind, date, batch, line) VALUES ('w1', 'W1', 'N1', 'recode', '2026-05-10', 903, 2),
	('w2', 'W2', 'N2', 'recode', '2026-05-10', 903, 3), ('w3', 'N1', 'N3', 'recode', '2026-05-20', 903, 4);
SET LOCAL session_replication_role = origin;
CREATE FUNCTION pg_temp.hit(entity text, fact text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	before int8 := (SELECT coalesce(max(id), 0) FROM drawd.focus);
BEGIN
	PERFORM drawd.focus_take(999, '[{"code": "t", "name": "n", "basis": "b", "label": "l", "indicator": "i", "fields": [], "at": "1",
		"early": "", "days": 30, "letter": "{name}", "reminder": ""}]', jsonb_build_array(jsonb_build_object('entity', entity,
		'trigger', 't', 'kind', 'focus', 'value', '1', 'facts', jsonb_build_array(jsonb_build_object('register', 'events', 'key', fact)))));
	RETURN (SELECT concat(count(f.id), ' ', count(l.id)) FROM drawd.focus f LEFT JOIN drawd.letter l ON l.focus = f.id WHERE f.id > before);
END
$$;
SELECT is(pg_temp.hit('N1', 'k1'), '0 0', 'a decision stands under the code that followed');
SELECT is(pg_temp.hit('N3', 'k1'), '0 0', 'and under the one after that');
SELECT is(pg_temp.hit('N1', 'k2'), '1 1', 'another fact begins anew, with a letter');
SELECT is(pg_temp.hit('N2', 'k1'), '1 0', 'in force: the label goes on, and no second letter is written');
SELECT is(pg_temp.hit('N2', 'k1'), '0 0', 'once');
SELECT is(pg_temp.hit('N9', 'k1'), '1 1', 'who has no predecessor begins');
SELECT * FROM finish();
ROLLBACK;
