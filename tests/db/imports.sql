-- A department's list speaks of its own objects. In the world of world.sql: a, b and the whole
-- installation have handed in one list each.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = drawd, public;
SELECT * FROM no_plan();

-- list(ACCOUNT, OBJECTS): a batch that this account asked for, with a fact of each of them; not yet over
CREATE FUNCTION public.list(who text, objects text[]) RETURNS int8 AS $$
DECLARE
	j int8;
	n int8;
BEGIN
	PERFORM become(who);
	INSERT INTO job (kind, args) VALUES ('import', '{"upload": 1}') RETURNING id INTO j;
	PERFORM become('nobody');
	INSERT INTO import_batch (kind, upload, job, source, person) SELECT 'entities', min(id), j, 'x', 'p' FROM upload
	RETURNING id INTO n;
	INSERT INTO entity_fact (object, batch, line, entity, name)
	SELECT o, n, 1 + place, o, 'x' FROM unnest(objects) WITH ORDINALITY AS t (o, place);
	RETURN n;
END
$$ LANGUAGE plpgsql;
-- what the worker takes back of it, and what stays
CREATE FUNCTION public.taken(batch int8, most int8 DEFAULT 100) RETURNS text AS $$
DECLARE
	gone text;
BEGIN
	PERFORM set_config('role', 'drawd_worker', true);
	SELECT string_agg(w.line || ' ' || w.object || ' ' || w.gone, ', ') INTO gone
	  FROM drawd.import_withdraw_others(batch, most) w;
	PERFORM set_config('role', 'none', true);
	RETURN coalesce(gone, 'none') || ' / ' || (SELECT string_agg(object, ' ' ORDER BY line) FROM drawd.entity_fact f
		WHERE f.batch = taken.batch);
END
$$ LANGUAGE plpgsql;

BEGIN;
SELECT is(taken(list('headb', '{OA,NEW}')), 'none / OA NEW', 'nobody else has a list that is over: all is its own');
ROLLBACK;

UPDATE import_batch SET result = '{}' WHERE source IN ('ia', 'ib', 'ii');
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT o, id, 9, o, 'x'
  FROM (VALUES ('ib', 'OB'), ('ii', 'OC'), ('ib', 'OAB'), ('ii', 'OX')) v (source, o) JOIN import_batch USING (source);
-- the last fact decides: OAB was b's, and is a's again
SELECT list('clerk', '{OAB}') \g /dev/null
UPDATE import_batch SET result = '{}' WHERE id = (SELECT max(id) FROM import_batch);

BEGIN;
SELECT is(taken(list('clerk', '{OA,OB,OC,OAB,OX,NEW}')), '3 OB 3, 4 OC 3, 6 OX 3 / OA OAB NEW',
	'objects of another department and of the whole installation are not');
ROLLBACK;
BEGIN;
SELECT is(taken(list('clerk', '{OA,OB,OC,OAB,OX,NEW}'), 1), '3 OB 3 / OA OAB NEW',
	'all go, as many are named as are asked for');
ROLLBACK;
BEGIN;
SELECT is(taken(list('headb', '{OA,OB,OAB}')), '2 OA 2, 4 OAB 2 / OB', 'nor the other way');
ROLLBACK;
BEGIN;
SELECT is(taken(list('coord', '{OA,OB,OC,NEW}')), 'none / OA OB OC NEW', 'a list of all departments speaks of all');
ROLLBACK;
BEGIN;
SELECT list('clerk', '{OB}') AS batch \gset
COMMIT;
SELECT is(taken(:batch), 'none / OB', 'what is committed stands');
