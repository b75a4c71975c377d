-- Figures of quality and what they are made of, the gate before a freeze, and what is told of one entity to whom.
-- In the world of world.sql, whose own lists of objects have no rows.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
SELECT * FROM no_plan();

-- listed(REGISTER, SOURCE, DEPARTMENT, ROWS, REFUSED, NEW, SCOPE): a staged list
CREATE FUNCTION public.listed(register text, source text, department text, rows int8, refused int8 DEFAULT 0,
	fresh int8 DEFAULT 0, scope text DEFAULT 'update') RETURNS int8 AS $$
	INSERT INTO drawd.import_batch (kind, upload, source, person, department, rows, accepted, refused, new_rows,
		scope, state, staged_at)
	SELECT $1, min(id), $2, 'p', $3, $4, $4 - $5, $5, $6, $7, 'staged', clock_timestamp() FROM drawd.upload
	RETURNING id
$$ LANGUAGE sql;
CREATE FUNCTION public.confirm(batch int8) RETURNS void AS $$
	UPDATE drawd.import_batch SET state = 'confirmed', confirmed_at = clock_timestamp(), confirmed_by = 'clerk'
	 WHERE id = batch
$$ LANGUAGE sql;
CREATE FUNCTION public.undo(batch int8) RETURNS void AS $$
	UPDATE drawd.import_batch SET state = 'undone', undone_at = clock_timestamp(), undone_by = 'clerk'
	 WHERE id = batch
$$ LANGUAGE sql;
-- as the worker does in a job of kind quality; failed: codes that fail, each once
CREATE FUNCTION public.look(VARIADIC failed text[]) RETURNS void AS $$
DECLARE
	j int8;
	b int8;
BEGIN
	INSERT INTO job (kind, state, fence) VALUES ('quality', 'running', 7) RETURNING id INTO j;
	PERFORM set_config('role', 'drawd_worker', true);
	FOR b IN SELECT batch FROM quality_unlooked() LOOP
		PERFORM quality_looked(j, 7, b, (SELECT string_agg(c.code || E'\t' || c.rows || E'\n', '')
			FROM quality_codes(b) c WHERE c.code = ANY (failed)));
	END LOOP;
	PERFORM set_config('role', 'none', true);
	UPDATE job SET state = 'done' WHERE id = j;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.take(day text, pools jsonb DEFAULT '[]', keys jsonb DEFAULT '[]') RETURNS int8 AS $$
DECLARE
	j int8;
	made int8;
BEGIN
	INSERT INTO job (kind, state) VALUES ('quality', 'running') RETURNING id INTO j;
	PERFORM set_config('role', 'drawd_worker', true);
	made := quality_take(j, day, 995000, pools, keys);
	PERFORM set_config('role', 'none', true);
	UPDATE job SET state = 'done' WHERE id = j;
	RETURN made;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.correct(source text) RETURNS text AS $$
	SELECT correct || '/' || rows FROM drawd.quality_sources() s
	 WHERE s.register = 'entities' AND s.source = correct.source
$$ LANGUAGE sql;
-- figure(…): "numerator/denominator" of the newest snapshot
CREATE FUNCTION public.figure(figure text, fact text, register text, department text, source text) RETURNS text AS $$
	SELECT numerator || '/' || denominator FROM drawd.quality_figure f
	 WHERE f.snapshot = (SELECT max(id) FROM drawd.quality_snapshot)
	   AND (f.figure, f.fact, f.register, f.department, f.source) = ($1, $2, $3, $4, $5)
$$ LANGUAGE sql;
-- told(ACCOUNT, CALL): what drawd_web is given, or the error
CREATE FUNCTION public.told(who text, what text) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	EXECUTE 'SELECT drawd.' || what INTO said;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN said;
EXCEPTION
	WHEN SQLSTATE 'DR000' OR insufficient_privilege THEN
		PERFORM set_config('role', 'none', true);
		PERFORM become('nobody');
		RETURN SQLERRM;
END
$$ LANGUAGE plpgsql;
TRUNCATE quality_edit, quality_code, quality_batch;
DELETE FROM job WHERE kind = 'quality';

-- ---- jobs ------------------------------------------------------------------------------------------

SELECT listed('entities', 'one', 'a', 10, 2, 8) AS one \gset
SELECT is((SELECT count(*) FROM job WHERE kind = 'quality'), 0::int8, 'a staged list is nothing yet');
SELECT confirm(:one);
SELECT is((SELECT string_agg(dedup, ' ') FROM job WHERE kind = 'quality'), format('quality:%s:confirmed', :one),
	'a list that is confirmed wants its figures');
SELECT throws_ok(format('SELECT quality_looked(1, 1, %s, '''')', :one), 'DR000', NULL, 'no job, no look');
SELECT throws_ok('SELECT quality_take(1, ''2026-05-10'', 1, ''[]'', ''[]'')', 'DR000', NULL, 'and no snapshot');
DELETE FROM job WHERE kind = 'quality';
SELECT quality_due(), quality_due() \g /dev/null
SELECT is((SELECT string_agg(dedup, ' ') FROM job WHERE kind = 'quality'), 'quality:2026-05-10',
	'one a day, by the clock of the installation');
DELETE FROM job WHERE kind = 'quality';

-- ---- correctness -----------------------------------------------------------------------------------

INSERT INTO entity_fact (object, batch, line, entity, name, address, class, labels, status)
SELECT 'K' || n || CASE WHEN n = 3 THEN '/02' ELSE '' END, :one, n, 'K' || n, 'n' || n, 'x', 'A', '', 'open'
  FROM generate_series(1, 8) n;
INSERT INTO entity_fact (object, batch, line, entity, name) VALUES ('K3', :one, 9, 'K3', 'n3');
SELECT is((SELECT string_agg(code || ':' || rows, ' ' ORDER BY code COLLATE "C") FROM quality_codes(:one)),
	'K1:1 K2:1 K3:2 K4:1 K5:1 K6:1 K7:1 K8:1', 'premises have the code of their entity');
SELECT is(correct('one'), '8/10', 'rows handed back are not correct');
SELECT look('K3');
SELECT is(correct('one'), '6/10', 'nor are those whose code fails');
SELECT is((SELECT count(*) FROM quality_edit WHERE batch = :one), 0::int8, 'what is new changes nothing');
DELETE FROM quality_edit; -- by the lists of the world
SELECT listed('exceptions', 'e', NULL, 1) AS e \gset
INSERT INTO exception_fact (id, batch, line, code, name, reason) VALUES ('K3', :e, 1, 'K3', 'x', '赋码试点');
SELECT is(correct('one'), '6/10', 'an exception that waits excuses nothing');
SELECT confirm(:e);
SELECT is(correct('one'), '8/10', 'one that counts does');
SELECT listed('entities', 'one', 'a', 3, 1, 2) AS two \gset
SELECT confirm(:two);
SELECT is(correct('one'), '10/11', 'two are brought again, one more is handed back');
SELECT confirm(listed('entities', 'one', 'a', 9, 9));
SELECT is(correct('one'), '10/11', 'a file of which nothing was taken in is none');
SELECT listed('entities', 'one', 'a', 4, 0, 4) AS three \gset
SELECT confirm(:three);
SELECT is(correct('one'), '14/15', 'what is new adds to it');
SELECT undo(:three);
SELECT is(correct('one'), '10/11', 'what is undone does not count');
SELECT listed('entities', 'one', 'a', 5, 2, 0) AS half \gset
SELECT confirm(:half);
SELECT is(correct('one'), '10/13', 'a file half as large replaces nothing, and what it hands back is more');
SELECT undo(:half);
SELECT listed('entities', 'one', 'a', 2, 1, 0, 'full') AS small \gset
SELECT confirm(:small);
SELECT is(correct('one'), '10/12', 'nor does a small one that says that it is whole');
SELECT undo(:small);
SELECT listed('entities', 'one', 'a', 5, 1, 0, 'full') AS small \gset
SELECT confirm(:small);
SELECT is(correct('one'), '4/5', 'one half as large does');
SELECT undo(:small);
SELECT listed('entities', 'one', 'a', 10, 3, 0) AS small \gset
SELECT confirm(:small);
SELECT is(correct('one'), '7/10', 'or as large');
SELECT undo(:small);
SELECT listed('entities', 'other', 'b', 5, 1, 4) AS other \gset
SELECT confirm(:other);
SELECT results_eq('SELECT source, correct, rows FROM quality_stands()',
	$$VALUES ('*'::text, 13::int8, 17::int8), ('a/one', 8, 11), ('b/other', 0, 1)$$,
	'codes that count and rows handed back, and who is worst');

-- ---- what cannot make it better --------------------------------------------------------------------

BEGIN;
UPDATE import_batch SET state = 'undone', undone_at = clock_timestamp(), undone_by = 'clerk'
 WHERE kind = 'entities' AND state = 'confirmed';
-- brought(SOURCE, FROM, TO, REFUSED, SCOPE): a list of these objects that counts
CREATE FUNCTION public.brought(source text, a int, b int, refused int8 DEFAULT 0, scope text DEFAULT 'update')
	RETURNS int8 AS $$
	INSERT INTO drawd.entity_fact (object, batch, line, entity, name)
	SELECT 'G' || n, l, n, 'G' || n, 'x'
	  FROM generate_series(a, b) n, (SELECT public.listed('entities', source, 'a', b - a + 1 + refused, refused, 0, scope)
		OFFSET 0) x (l);
	SELECT public.confirm(max(id)) FROM drawd.import_batch;
	SELECT max(id) FROM drawd.import_batch;
$$ LANGUAGE sql;
CREATE FUNCTION public.stands() RETURNS text AS $$
	SELECT correct || '/' || rows FROM drawd.quality_stands() WHERE source = '*'
$$ LANGUAGE sql;
SELECT is(stands(), '0/0', 'nothing counts');
SELECT brought('G', 1, 90, 10) AS bad \gset
SELECT is(stands(), '90/100', 'a list of which a tenth is handed back');
SELECT brought('G', 1, 51), brought('G', 1, 90) \g /dev/null
SELECT is(stands(), '90/100', 'its good rows brought once more mend nothing, half of them or all');
SELECT listed('entities', 'G', 'a', 90) AS none \gset
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT 'XM-' || n, :none, n, '', 'x' FROM generate_series(1, 40) n
UNION ALL SELECT 'G2/' || n, :none, 40 + n, 'G2', 'x' FROM generate_series(1, 50) n;
SELECT confirm(:none) \g /dev/null
SELECT is(stands(), '90/100', 'objects without a code, and many premises of one code, do not pay for them');
SELECT undo(:none) \g /dev/null
SELECT brought('G', 101, 110) \g /dev/null
SELECT is(stands(), '100/110', 'unrelated objects of that source do not pay for rows handed back');
SELECT brought(s, 1, 90) FROM unnest('{S1,S2,S3}'::text[]) s \g /dev/null
SELECT is(stands(), '100/110', 'the same objects under other names of sources add nothing');
SELECT results_eq('SELECT source, correct, rows FROM quality_stands() OFFSET 1',
	$$VALUES ('a/G'::text, 10::int8, 20::int8)$$, 'and the source that handed the rows in is still named');
INSERT INTO quality_batch (batch) VALUES (:bad);
INSERT INTO quality_code VALUES (:bad, 'G1', 1);
SELECT is(stands(), '99/110', 'a code that fails is wrong in whichever list the object stands');
SELECT brought('G', 101, 101, 0, 'full') \g /dev/null
SELECT is(stands(), '99/110', 'a small list does not replace a larger one by saying that it is whole');
SELECT brought('G', 111, 113, 2) \g /dev/null
SELECT is(stands(), '102/115', 'nor is it a way to hand in rows that are not counted');
SELECT brought('G', 1, 100) AS whole \gset
SELECT is(stands(), '112/113', 'the whole list, mended, takes its place');
SELECT undo(:whole);
SELECT is(stands(), '102/115', 'as long as it counts');
SELECT listed('entities', 'G', 'a', 1) AS end \gset
INSERT INTO entity_fact (object, batch, line, gone) VALUES ('G113', :end, 0, true);
SELECT confirm(:end);
SELECT is(stands(), '101/114', 'what is gone counts no more');
-- files of which nothing was taken in; the second only to look at it
WITH j AS (INSERT INTO job (kind, args, state) SELECT 'import', jsonb_build_object('mode', m), 'done'
	FROM unnest('{confirm,dry-run}'::text[]) m RETURNING id, args)
INSERT INTO import_batch (kind, upload, job, source, person, rows, refused, state)
SELECT 'entities', (SELECT min(id) FROM upload), j.id, 'Z', 'p', 7, 7, 'discarded' FROM j;
SELECT is(stands(), '101/114', 'rows of a file of which nothing was taken in are in no sum');
SELECT is((SELECT concat_ws(' ', correct, rows) FROM quality_stands() WHERE source = 'Z accepted=0'), '0 7', 'but told beside it');
SELECT take('2026-05-10') \g /dev/null
SELECT is(figure('refused', '', 'entities', '', 'Z'), '7/1', 'and among the figures');
SELECT listed('entities', 'Z', NULL, 7) AS mended \gset
SELECT confirm(:mended) \g /dev/null
SELECT is((SELECT count(*) FROM quality_refused()), 0::int8, 'until the source brings as many');
ROLLBACK;
SELECT throws_ok($$SELECT listed('entities', '*', 'a', 1)$$, '23514', NULL, 'no source is called as all of them are in figures');

-- ---- what was changed ------------------------------------------------------------------------------

SELECT look('');
INSERT INTO import_batch (kind, upload, source, person, department, rows, accepted, scope, state, staged_at)
SELECT 'entities', min(id), 'one', 'p', 'a', 5, 5, 'update', 'staged', now() FROM upload RETURNING id AS five \gset
INSERT INTO entity_fact (object, batch, line, gone, entity, name, class, labels, status) VALUES
	('K1', :five, 1, false, 'K1', 'n1', 'D', NULL, NULL), ('K2', :five, 2, false, 'K2', 'n2', 'A', '', 'open'),
	('K4', :five, 3, false, 'K4', 'n4', NULL, 'dairy', 'suspended'), ('K5', :five, 0, true, 'K5', '', NULL, NULL, NULL),
	('K9', :five, 4, false, 'K9', 'n9', 'D', 'dairy', 'open');
SELECT confirm(:five);
SELECT look('');
CREATE FUNCTION public.edits(act text, batch int8) RETURNS text AS $$
	SELECT string_agg(concat(key, '.', fact, ' ', before, '>', after), ', ' ORDER BY key, fact)
	  FROM drawd.quality_edit e WHERE e.act = edits.act AND e.batch = edits.batch
$$ LANGUAGE sql;
SELECT is(edits('confirmed', :five), 'K1.class A>D, K4.labels >dairy, K4.status open>suspended, K5.listed t>f',
	'class, labels, status and whether it is listed; not of what is new, unsaid or the same');
INSERT INTO import_batch (kind, upload, source, person, department, rows, accepted, scope, state, staged_at)
SELECT 'entities', min(id), 'one', 'p', 'a', 1, 1, 'update', 'staged', now() FROM upload RETURNING id AS six \gset
INSERT INTO entity_fact (object, batch, line, entity, name, class) VALUES ('K4', :six, 1, 'K4', 'n4', 'C'),
	('K5', :six, 2, 'K5', 'n5', 'A');
SELECT confirm(:six);
SELECT look('');
SELECT is(edits('confirmed', :six), 'K4.class A>C, K5.class >A, K5.listed f>t',
	'what a list left unsaid is that of the list before, but nothing comes back of what was gone');
SELECT undo(:five);
SELECT look('');
SELECT is(edits('undone', :five), 'K1.class D>A, K4.labels dairy>, K4.status suspended>open',
	'an undone list changes it back, but for what another has said since');
SELECT look('');
SELECT is((SELECT count(*) FROM quality_edit WHERE batch = :five), 7::int8, 'once');
SELECT listed('inspectors', 'i', 'a', 1) AS people \gset
INSERT INTO inspector_fact (inspector, batch, line, department, name, active, leave) VALUES
	('A-0001', :people, 1, 'a', 'x', false, '2026-05-01..2026-05-31');
SELECT listed('labels', 'l', 'a', 1) AS labels \gset
INSERT INTO label_fact (id, batch, line, object, label) VALUES ('K1:dairy', :labels, 1, 'K1', 'dairy');
SELECT confirm(:people), confirm(:labels) \g /dev/null
SELECT look('');
SELECT is(edits('confirmed', :people), 'A-0001.active >f, A-0001.leave >2026-05-01..2026-05-31', 'who may be sent');
SELECT is(edits('confirmed', :labels), 'K1:dairy.label >dairy, K1:dairy.listed f>t', 'and what is marked');
-- more of what keeps an object out or in; in a world of its own
BEGIN;
UPDATE import_batch SET state = 'undone', undone_at = clock_timestamp(), undone_by = 'clerk' WHERE state = 'confirmed';
SELECT look('');
-- said(COLUMNS, VALUES…): a list of one row that counts
CREATE FUNCTION public.said(register text, columns text, vals text) RETURNS int8 AS $$
DECLARE
	l int8 := public.listed(register, 'e', 'a', 1);
BEGIN
	EXECUTE format('INSERT INTO %I (batch, line, %s) VALUES (%s, 1, %s)', (SELECT tbl FROM register r WHERE r.name = $1), columns, l, vals);
	PERFORM public.confirm(l);
	PERFORM public.look('');
	RETURN l;
END
$$ LANGUAGE plpgsql;
SELECT said('entities', 'object, entity, name, scope, industry, matched, region, kind', $$'91330199MA0000138B', '91330199MA0000138B', 'x', '零售', '52', 'retail', '', ''$$) \g /dev/null
SELECT is(edits('confirmed', said('entities', 'object, entity, name, scope, industry, matched, checked, since, active, region, kind',
	$$'91330199MA0000138B', '91330199MA0000138B', 'y', '住宿', '61', 'gathering,hotel', 'fire=2026-02-03', '2026-04-01', 'f', '330199', 'individual'$$)),
	'91330199MA0000138B.active >f, 91330199MA0000138B.checked >fire=2026-02-03, 91330199MA0000138B.kind enterprise>individual, '
	'91330199MA0000138B.labels retail>gathering,hotel, 91330199MA0000138B.since >2026-04-01',
	'labels by rules, whether it is in use, when it was inspected; of region and kind what a freeze reads');
SELECT is(edits('confirmed', said('entities', 'object, entity, name, matched', $$'91330199MA0000138B', '91330199MA0000138B', 'z', 'dairy'$$)),
	'91330199MA0000138B.labels gathering,hotel>dairy,gathering,hotel', 'where only the name is said, those of scope and industry stand');
SELECT is(edits('confirmed', said('labels', 'id, object, label', $$'K1:hotel', 'K1', 'hotel'$$)), 'K1:hotel.label >hotel, K1:hotel.listed f>t',
	'the first list of labels of all');
SELECT is(edits('confirmed', said('checks', 'id, object, entity, date, item', $$'K1:x', 'K1', 'K1', '2026-02-03', 'fire'$$)),
	'K1:x.date >2026-02-03, K1:x.item >fire, K1:x.listed f>t', 'and of inspections, which keep it out');
SELECT said('entities', 'object, entity, class', $$'U', 'U', 'D'$$) \g /dev/null
SELECT said('entities', 'object, entity, class', $$'U', 'U', 'B'$$) AS b \gset
SELECT said('entities', 'object, entity, class', $$'U', 'U', 'C'$$) AS c \gset
SELECT said('entities', 'object, entity, class', $$'U', 'U', 'C'$$) AS again \gset
SELECT undo(:b) \g /dev/null
SELECT look('');
SELECT is(edits('undone', :b), NULL, 'what is undone changes nothing where another list has the last word');
SELECT undo(:c) \g /dev/null
SELECT look('');
SELECT is(edits('undone', :c), NULL, 'nor where another said the same');
SELECT undo(:again) \g /dev/null
SELECT look('');
SELECT is(edits('undone', :again), 'U.class C>D', 'else back to what stands by then');
SELECT take('2026-05-10') \g /dev/null
SELECT is(figure('completeness', 'region', 'entities', '*', '*') || ' ' || figure('completeness', 'kind', 'entities', '*', '*'), '1/2 1/2', 'said, not derived');
SELECT said('entities', 'object, entity, region, kind', $$'91330199MA0000138B', '91330199MA0000138B', '', ''$$) \g /dev/null
SELECT take('2026-05-10') \g /dev/null
SELECT is(figure('completeness', 'region', 'entities', '*', '*') || ' ' || figure('completeness', 'kind', 'entities', '*', '*'), '0/2 0/2', 'what a code tells nobody said');
ROLLBACK;
SELECT is((SELECT (max(at) - min(at) < 60) || ' ' || bool_and(at BETWEEN clock_time() - 60 AND clock_time() + 60)
             FROM quality_edit WHERE batch = :five), 'true true', 'dated by the installation''s clock');

-- ---- snapshots -------------------------------------------------------------------------------------

UPDATE entity_fact SET name = 'n1' WHERE batch = :one AND object = 'K2';
INSERT INTO entity_fact (object, batch, line, entity, name, class, address) VALUES ('K1', :other, 1, 'K1', 'n1', 'B', 'x'),
	('K7', :other, 2, 'K7', 'n7', '', '');
SELECT take('2026-05-09') AS first \gset
UPDATE import_batch SET confirmed_at = now() - interval '40 days' WHERE id = :other;
SELECT look('K7');
INSERT INTO quality_code VALUES (:other, 'K7', 1);
SELECT take('2026-05-10', format('[{"batch": "%s", "objects": 7, "absent": 2, "excluded": 1}, {"batch": "%s",
	"objects": 2, "absent": 0, "excluded": 1}]', :one, :other)::jsonb, '["K1", "K2"]') AS second \gset
SELECT is(figure('correctness', '', 'entities', '*', '*'), '12/17', 'of all sources together');
SELECT is(figure('correctness', '', 'entities', 'a', 'one'), '10/11', 'of one');
SELECT is(figure('correctness', '', 'entities', 'b', '*'), '3/5', 'of a department');
SELECT is(figure('completeness', 'class', 'entities', 'b', 'other'), '1/2', 'rows in which a fact is said');
SELECT is(figure('completeness', 'class', 'entities', 'a', '*'), '8/9', 'by the list that said it last');
SELECT is(figure('completeness', 'industry', 'entities', '*', '*'), '0/14', 'of the whole register');
SELECT is(figure('duplicate-name', '', 'entities', '*', '*'), '2/14', 'one name, two codes');
SELECT is(figure('duplicate-name', '', 'entities', 'a', 'one'), '1/7', 'of one source');
SELECT is(figure('duplicate-address', '', 'entities', '*', '*'), '2/14', 'one name and address, two objects');
SELECT is(figure('duplicate-source', '', 'entities', '*', '*'), '2/14', 'one object, two sources');
SELECT is(figure('age', '', 'entities', 'b', 'other'), '40/31', 'days since the last list, of a cycle');
SELECT is(figure('timely', '', 'entities', 'b', '*'), '0/1', 'sources in time, of sources');
BEGIN;
UPDATE import_batch SET source = '手工录入' WHERE id = :other;
SELECT take('2026-05-10') \g /dev/null
SELECT is(figure('age', '', 'entities', 'b', '手工录入'), NULL, 'rows typed one by one are no list that is due again');
SELECT is(figure('timely', '', 'entities', 'b', '*'), NULL, 'nor a source in time or late');
ROLLBACK;
SELECT is(figure('unpooled', '', 'entities', '*', '*'), '4/9', 'objects never in a pool');
SELECT is(figure('unpooled', 'absent', 'entities', 'a', '*'), '2/7', 'in no frame');
SELECT is(figure('unpooled', 'excluded', 'entities', 'b', 'other'), '1/2', 'or excluded in each');
SELECT is((SELECT samples FROM quality_figure WHERE snapshot = :second AND figure = 'duplicate-source' AND department = '*'),
	'["K1", "K7"]', 'with examples');
SELECT is(quality_taken(), :second::int8, 'nothing came in since');
SELECT confirm(listed('permits', 'p', 'a', 1));
SELECT is(quality_taken(), 0::int8, 'something did');
SELECT look('');
SELECT is(quality_taken(), 0::int8, 'and was only looked at');
SELECT is((SELECT pg_typeof(numerator)::text || ' ' || pg_typeof(denominator) FROM quality_figure LIMIT 1), 'bigint bigint',
	'figures are integers');

-- ---- who is told what ------------------------------------------------------------------------------

CREATE FUNCTION public.shown(who text, ask text) RETURNS jsonb AS $$
	SELECT nullif(told(who, ask), '')::jsonb
$$ LANGUAGE sql;
SELECT is(who || ': ' || coalesce((SELECT string_agg(DISTINCT f ->> 'department', ' ' ORDER BY f ->> 'department')
	FROM jsonb_array_elements(shown(who, $$quality_read('entities', '', '')$$) -> 'figures') f), 'nothing'), wanted, wanted)
  FROM (VALUES ('coord', 'coord:  * a b c'), ('aud', 'aud:  * a b c'), ('over', 'over:  * a b c'), ('clerk', 'clerk: * a c'),
	('headb', 'headb: * b'), ('svc', 'svc: * a'), ('stranger', 'stranger: nothing'), ('lone', 'lone: nothing'),
	('insp', 'insp: nothing'), ('shut', 'shut: nothing')) v (who, wanted);
SELECT is((shown('coord', $$quality_read('', '', '')$$) - 'figures' - 'at')::text,
	format('{"day": "2026-05-10", "now": {"refused": 0, "numerator": 12, "denominator": 17}, "minimum": 995000, "snapshot": %s}', :second),
	'the snapshot, and how it stands now');
SELECT is(shown('coord', $$quality_read('entities', '', 'register')$$) -> 'figures' @>
	'[{"level": "register", "register": "entities", "department": "*", "source": "*", "figure": "correctness", "fact": "",
	"numerator": 12, "denominator": 17, "previous": {"day": "2026-05-09", "numerator": 13, "denominator": 17}}]', true,
	'each with that of an earlier day');
SELECT is((SELECT string_agg(f ->> 'samples', '') FROM jsonb_array_elements(shown('clerk',
	$$quality_read('entities', '', 'register')$$) -> 'figures') f WHERE f ->> 'samples' <> '[]'), NULL, 'departments see no examples');
SELECT is((SELECT count(*) FROM jsonb_array_elements(shown('coord', $$quality_read('', '', '')$$) -> 'figures') f
	WHERE f ->> 'figure' = 'completeness' AND f ->> 'level' <> 'register'), 0::int8, 'completeness of whole registers, unless asked');
SELECT is((SELECT string_agg(DISTINCT f ->> 'department', '|') FROM jsonb_array_elements(shown('coord',
	$$quality_read('entities', 'none', '')$$) -> 'figures') f), '', 'none: the whole installation''s own');
SELECT is(shown('clerk', $$quality_trend('correctness', '', 'entities', '', '', '', '')$$) -> 'points' -> 0 ->> 'day', '2026-05-09',
	'a trend begins with the first day');
SELECT is((SELECT string_agg(p ->> 'numerator' || '/' || (p ->> 'denominator'), ' ') FROM jsonb_array_elements(
	shown('coord', $$quality_trend('correctness', '', 'entities', 'b', 'other', '', '')$$) -> 'points') p), '4/5 3/5', 'and goes on');
SELECT is(told('clerk', $$quality_trend('correctness', '', 'entities', 'b', '', '', '')$$), '', 'of another department there is none');
SELECT is(told('stranger', $$quality_trend('correctness', '', '', '', '', '', '')$$), '', 'nor for the public');

CREATE FUNCTION public.seen(who text, what text) RETURNS int8 AS $$
DECLARE
	n int8;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	EXECUTE 'SELECT count(*) FROM drawd.' || what INTO n;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN n;
END
$$ LANGUAGE plpgsql;
SELECT is(seen(who, 'quality_edit_list'), n::int8, who || ' sees changes by his own lists, and by others'' of his own objects')
  FROM (VALUES ('coord', 14), ('aud', 14), ('clerk', 14), ('headb', 2), ('svc', 14), ('stranger', 0), ('over', 0)) v (who, n);
SELECT is(seen('coord', 'quality_edit_round WHERE round = ''2026-0001'''), 14::int8, 'of a draft those of the last 30 days');
UPDATE quality_edit SET at = at - 2592060 WHERE batch = :people;
SELECT is(seen('coord', 'quality_edit_round WHERE round = ''2026-0001'''), 12::int8, 'and no older ones');
INSERT INTO log_entry (idx, leaf, kind, round, note)
SELECT 1, sha256('f'), 'freeze', '2026-0002', convert_to(format(E'drawd/freeze/v1\nfrozen %s\ndate x\nquality-rows 18\n'
	'quality-correct 13\nquality-min 995000\noverride 名单 次日补正\n', clock_time() - 2592000 - 60), 'UTF8');
INSERT INTO proposal (round, kind, state, entry, beside)
SELECT '2026-0002', 'freeze', 'accepted', 1, jsonb_build_object('read', clock_time() - 2592000, 'worst', 'a/one 70.0000% (7/10)');
SELECT is(seen('coord', 'quality_edit_round WHERE round = ''2026-0002'''), 2::int8,
	'of a frozen round those before its register was read, which is later than the agreement');
UPDATE proposal SET beside = jsonb_build_object('read', clock_time() - 2592000 - 120, 'worst', 'a/one 70.0000% (7/10)') WHERE round = '2026-0002';
SELECT is(seen('coord', 'quality_edit_round WHERE round = ''2026-0002'''), 0::int8, 'and none behind that');
SELECT is(told('coord', 'round_quality(''2026-0002'')')::jsonb - 'read',
	'{"numerator": 13, "denominator": 18, "minimum": 995000, "override": "名单 次日补正", "worst": "a/one 70.0000% (7/10)"}',
	'how correct the lists were that it froze, and why all the same');
SELECT is(told(who, 'round_quality(''2026-0002'')')::jsonb ->> 'worst', NULL, who || ' is not told of others'' sources')
  FROM unnest('{clerk,headb,stranger}'::text[]) who;
SELECT is(told('coord', 'round_quality(''2026-0001'')'), NULL, 'of a draft there is nothing');

-- ---- the gate --------------------------------------------------------------------------------------

UPDATE round SET policy_agreed_at = 1 WHERE id = '2026-0001';
DELETE FROM motion WHERE round = '2026-0001';
CREATE FUNCTION public.freeze(body jsonb) RETURNS text AS $$
	SELECT regexp_replace(told('coord', format('motion_move(''freeze'', ''2026-0001'', '''', %L, ''r'', '''')', body)),
		'"motion": [0-9]+', '"motion": N')
$$ LANGUAGE sql;
SELECT is(freeze('{}'), 'quality-low: 70.5882% (12/17) < 99.5000%: a/one 66.6666% (6/9); b/other 33.3333% (1/3)',
	'a freeze of bad lists is refused at once, with both numbers and the worst sources');
SELECT is(freeze(jsonb_build_object('quality_override', v)), 'bad-json: quality_override', 'a reason is a text, not: ' || quote_literal(replace(v, E'\n', 'LF')))
  FROM (VALUES (''), ('none'), (' x'), ('x '), (E'a\nb'), (repeat('x', 201))) t (v);
SELECT is(freeze('{"quality_override": "名单明日补正"}'), '{"motion": N}', 'but not where there is a reason');
SELECT is(told('coord', 'motion_quality(''2026-0001'', ''open'', ''名单明日补正'')')::jsonb,
	'{"numerator": 12, "denominator": 17, "minimum": 995000, "override": "名单明日补正", "read": null,
	"worst": "a/one 66.6666% (6/9); b/other 33.3333% (1/3)"}', 'whoever decides is told how the lists stand');
SELECT is(told('coord', 'motion_quality(''2026-0002'', ''done'', NULL)')::jsonb ->> 'override', '名单 次日补正', 'and later what was frozen');
SELECT is(told('coord', 'motion_quality(''2026-0001'', ''declined'', NULL)'), NULL, 'nothing of one that was not carried');
SELECT is(told('stranger', 'quality_stands()'), 'permission denied for function quality_stands', 'the public does not ask');
DELETE FROM motion WHERE round = '2026-0001';
INSERT INTO job (kind, state) VALUES ('quality', 'running');
UPDATE quality_snapshot SET minimum = 700000;
SELECT is(freeze('{}'), '{"motion": N}', 'lists that are good enough need none');
DELETE FROM motion WHERE round = '2026-0001';
SET ROLE drawd_notary;
SELECT quality_asked(705000) \g /dev/null
RESET ROLE;
SELECT is(freeze('{}'), '{"motion": N}', 'and what the configuration asks for now');
DELETE FROM motion WHERE round = '2026-0001';
UPDATE clock SET quality_min = 706000;
SELECT is(left(freeze('{}'), 47), 'quality-low: 70.5882% (12/17) < 70.6000%: a/one', 'counts, not what it was when a snapshot was taken');
SELECT is((shown('coord', $$quality_read('', '', '')$$) ->> 'minimum'), '706000', 'which is told');
UPDATE clock SET quality_min = NULL;

-- ---- one entity ------------------------------------------------------------------------------------

SELECT listed('listings', 'l', 'b', 2) AS lists \gset
INSERT INTO listing_fact (id, batch, line, entity, name, list, from_date, until, removed, authority) VALUES
	('1', :lists, 1, 'K1', 'n1', 'abnormal', '2026-01-01', '', '', '甲'), ('2', :lists, 2, 'K1', 'n1', 'serious', '2025-01-01', '2025-12-31', '', '甲'),
	('3', :lists, 3, 'K1', 'n1', 'incentive', '2026-01-01', '', '2026-02-01', '甲'), ('4', :lists, 4, 'K1', 'n1', 'alliance', '2026-06-01', '', '', '甲');
SELECT listed('checks', 'c', 'b', 2) AS checks \gset
INSERT INTO check_fact (id, batch, line, object, entity, date, department, item, result, inspectors) VALUES
	('1', :checks, 1, 'K1', 'K1', '2026-03-02', 'b', 'fire', '未发现问题', '丁'), ('2', :checks, 2, 'K1', 'K1', '2026-04-02', 'c', 'food', '发现问题', '孔德明'),
	('3', :checks, 3, 'K1', 'K1', '2026-05-11', 'b', 'later', '', '');
SELECT listed('successions', 's', NULL, 2) AS line \gset
INSERT INTO succession_fact (id, batch, line, old, new, kind, date) VALUES ('1', :line, 1, 'K0', 'K1', 'recode', '2025-01-01'),
	('2', :line, 2, 'K00', 'K0', 'merge', '2024-01-01'), ('3', :line, 3, 'K1', 'K10', 'split', '2026-04-01');
SELECT listed('permits', 'p', 'a', 1) AS permits \gset
INSERT INTO permit_fact (id, batch, line, entity, object, name, number) VALUES ('1', :permits, 1, 'K1', 'K1', '食品经营许可证', 'JY1');
SELECT clock_timestamp() AS before_lists, extract(epoch FROM clock_timestamp())::int8 AS before_lists_at \gset
SELECT pg_sleep(1.1) \g /dev/null
SELECT confirm(:lists), confirm(:checks), confirm(:line), confirm(:permits) \g /dev/null
UPDATE entity_fact SET phone = '138****0000 c2VhbGVk' WHERE object = 'K1' AND batch = :other;

-- what an inspection found and whether it was an entry, by what its result says
SELECT is(concat_ws(' ', check_outcome(said), coalesce(check_found(said)::text, '-'), check_entered(said)::text), wanted, said)
  FROM (VALUES ('未发现问题', 'none false true'), ('合格', 'none false true'), ('举报不属实', 'none false true'),
	('未发现开展本次抽查涉及的经营活动', 'inactive false true'), ('已注销', 'gone false false'), ('企业已迁出', 'gone false false'),
	('未进行', 'cancelled - false'), ('查实', 'found true true'), ('发现问题', 'found true true'), ('不合格', 'found true true'),
	('发现问题已责令改正', 'corrected true true'), ('责令停业整顿', 'corrected true true'),
	('发现问题待后续处理', 'pending true true'), ('不配合检查情节严重', 'uncooperative true true'),
	('未按规定公示应当公示的信息', 'undisclosed true true'), ('公示信息隐瞒真实情况、弄虚作假', 'false true true'),
	('通过登记的住所（经营场所）无法联系', 'unreachable true true'), ('corrected', 'corrected true true'),
	('cancelled', 'cancelled - false'), ('见附件', '- true'), ('', '- true')) AS v (said, wanted);

CREATE FUNCTION public.dossier(who text, code text, at int8 DEFAULT 0) RETURNS jsonb AS $$
	SELECT nullif(told(who, format('entity_dossier(%L, %s)', code, at)), '')::jsonb
$$ LANGUAGE sql;
SELECT is(dossier('coord', 'K1') - '{objects,rows,predecessors,successors}'::text[],
	'{"at": null, "code": "K1", "more": false, "name": "n1", "causes": [], "focus": [], "visits": [], "buffers": [], "classes": true}', 'a dossier');
SELECT is((SELECT string_agg(concat_ws(' ', r ->> 'register', r ->> 'department', r ->> 'source', r -> 'facts' ->> 'class'), ', '
		ORDER BY r ->> 'register', r ->> 'key', r ->> 'department') FROM jsonb_array_elements(dossier('coord', 'K1') -> 'rows') r
	WHERE r ->> 'register' IN ('entities', 'permits', 'labels')),
	'entities a one A, entities b other B, labels a l, permits a p', 'everything by source');
SELECT is((SELECT string_agg(r -> 'facts' ->> 'class', ' ') FROM jsonb_array_elements(dossier('headb', 'K1') -> 'rows') r),
	'B', 'classes of one''s own lists');
SELECT is((SELECT string_agg(DISTINCT coalesce(r ->> 'department', 'whole'), ' ') FROM jsonb_array_elements(dossier('headb', 'K1') -> 'rows') r),
	'a b whole', 'rows of one''s own lists, of the whole installation''s, and of others'' about one''s own objects');
SELECT is(dossier('headb', 'K1') -> 'objects' -> 0 -> 'facts' ->> 'phone', '138****0000', 'personal facts are masked');
SELECT is((SELECT string_agg(concat_ws(' ', r ->> 'source', r -> 'facts' ->> 'ground', r -> 'facts' ->> 'inspector'), ', ' ORDER BY r -> 'facts' ->> 'ground')
	FROM jsonb_array_elements(dossier('clerk', 'OX') -> 'rows') r WHERE r ->> 'register' = 'recusals'), 'ii ra A-0001, ii rc C-0001',
	'recusals of one''s own inspectors');
SELECT ok(dossier('coord', 'K1')::text !~ 'c2VhbGVk', 'wherever they stand');
SELECT is(dossier(who, 'K1'), NULL, who || ' is told nothing') FROM unnest('{stranger,nobody,lone,insp,cust,adm,over,shut,off}'::text[]) who;
SELECT is(dossier('coord', 'K99'), NULL, 'of nobody there is nothing');
SELECT is((SELECT string_agg(concat(p ->> 'code', ' ', p ->> 'kind'), ', ' ORDER BY n) FROM jsonb_array_elements(dossier('coord', 'K1') -> 'predecessors')
	WITH ORDINALITY AS t (p, n)), 'K0 recode, K00 merge', 'what it was before');
SELECT is(dossier('coord', 'K1') -> 'successors' -> 0 ->> 'code', 'K10', 'and what it became');
SELECT is((SELECT count(*) FROM jsonb_array_elements(dossier('coord', 'K1', :before_lists_at) -> 'rows') r
	WHERE r ->> 'register' IN ('listings', 'checks', 'permits')), 0::int8, 'as of a time before');
SELECT is(dossier('coord', 'K1', :before_lists_at) -> 'predecessors', '[]', 'what was said later is not told');
SELECT is(jsonb_array_length(dossier('coord', 'K3') -> 'objects'), 2, 'with its premises');
BEGIN;
UPDATE import_batch SET confirmed_at = now() + interval '200 days' WHERE id IN (:one, :line);
SELECT is(dossier('coord', 'K3') ->> 'name', 'n3', 'lists are dated by the installation''s clock, also where that is ahead');
SELECT is(dossier('coord', 'K1') -> 'predecessors' -> 0 ->> 'code', 'K0', 'and so is what it was before');
ROLLBACK;
SELECT is((SELECT count(*) FROM audit WHERE object_kind = 'entity' AND object = 'K3' AND act = 'read' AND account = 'coord'), 1::int8,
	'reading is noted');

SELECT is(told('headb', 'entity_lookup(''K1'')')::jsonb, '{"code": "K1", "known": true, "name": "n1", "objects": 1, "status": "open",
	"line": [{"code": "K00", "date": "2024-01-01", "kind": "merge", "steps": -2}, {"code": "K0", "date": "2025-01-01", "kind": "recode", "steps": -1},
	{"code": "K10", "date": "2026-04-01", "kind": "split", "steps": 1}],
	"inspections": 2, "causes": 0, "last": {"code": "K1", "date": "2026-04-02", "department": "c", "department_name": "丙", "inspectors": null, "item": "food", "cause": false, "result": "发现问题", "register": "checks"},
	"planned": [], "lists": [{"code": "K1", "list": "abnormal", "from": "2026-01-01", "until": "", "authority": "甲", "document": "", "department": "b", "source": "l"}]}',
	'on which lists today and by whose word, and last inspected when and by whom, of all departments');
SELECT is(told('headb', format('entity_lookup(%L)', code))::jsonb #>> '{lists,0,code}' || ' ' || (told('headb', format('entity_lookup(%L)', code))::jsonb
	#>> '{last,code}') || ' ' || (told('headb', format('entity_lookup(%L)', code))::jsonb ->> 'known'), 'K1 K1 false',
	'what was said of a code is told of ' || code || ', which is on no list itself') FROM unnest('{K0,K00,K10}'::text[]) code;
SELECT is(told('coord', 'entity_lookup(''K1'')')::jsonb -> 'last' ->> 'inspectors', '孔德明',
	'who inspected, for whoever sees all');
-- visits of plans, in a round that is not revealed and in one that is
INSERT INTO visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments, day, half, leader)
SELECT r, 'K1', 1, 'K1', 'onsite', '2026-05-01', '2026-05-31', 'b', 'x', 'b,c', '2026-05-0' || right(r, 1), 'am', ''
  FROM unnest('{2026-0002,2026-0003}'::text[]) r;
SELECT is(told('over', 'entity_lookup(''K1'')')::jsonb -> 'planned', '[{"code": "K1", "round": "2026-0003", "day": "2026-05-03",
	"from": "2026-05-01", "to": "2026-05-31", "departments": "b,c", "department_names": "乙、丙"}]',
	'what is planned, of rounds that are revealed');
SELECT is(told('over', 'entity_lookup(''K1'')')::jsonb -> 'inspections', '2', 'and a plan is no inspection');
SELECT is(told('svc', 'entity_lookup(''K99'')')::jsonb, '{"code": "K99", "known": false, "name": "", "objects": 0, "status": "",
	"inspections": 0, "causes": 0, "last": null, "line": [], "planned": [], "lists": []}', 'an unknown code');
SELECT is(told(who, 'entity_lookup(''K1'')') <> '', allowed, who || ' looks up')
  FROM (VALUES ('coord', true), ('aud', true), ('over', true), ('insp', true), ('clerk', true), ('stranger', false), ('nobody', false),
	('lone', false), ('shut', false), ('adm', false)) v (who, allowed);
SELECT ok(told('coord', 'entity_lookup(''K1'')') !~ 'class', 'nobody is told a class there');
SELECT * FROM finish();
