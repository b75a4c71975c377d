-- What becomes of a batch: the difference, confirming, discarding and undoing it, when it is stale, whose objects a
-- list may speak of, what counted when. In the world of world.sql, on the register of permits, which has one row
-- of a and one of the whole installation, and on that of objects.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = drawd, public;
SELECT * FROM no_plan();

-- handed(ACCOUNT, REGISTER, ROWS, SOURCE, SCOPE, MODE): a batch with these facts, {"key": …, fact: …}, staged as a
-- worker does it
CREATE FUNCTION public.opened(who text, register text, source text, scope text DEFAULT 'update', mode text DEFAULT 'preview')
	RETURNS int8 AS $$
DECLARE
	j int8;
	n int8;
BEGIN
	PERFORM become(who);
	INSERT INTO upload (name, size) VALUES ('file', 0) RETURNING id INTO n;
	INSERT INTO job (kind, args) VALUES ('import', jsonb_build_object('upload', n, 'kind', register, 'mode', mode))
	RETURNING id INTO j;
	PERFORM become('nobody');
	UPDATE job SET state = 'running' WHERE id = j;
	INSERT INTO import_batch (kind, upload, job, source, person, scope) VALUES (register, n, j, opened.source, 'p', opened.scope)
	RETURNING id INTO n;
	RETURN n;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.filled(batch int8, rows jsonb) RETURNS void AS $$
DECLARE
	r drawd.register;
	c jsonb;
	line int := 1;
BEGIN
	SELECT x.* INTO r FROM import_batch b JOIN register x ON x.name = b.kind WHERE b.id = filled.batch;
	FOR c IN SELECT jsonb_array_elements(rows) LOOP
		line := line + 1;
		EXECUTE format('INSERT INTO %I (batch, line, %s) VALUES ($1, $2, %s)', r.tbl,
			(SELECT string_agg(quote_ident(CASE key WHEN 'key' THEN r.key ELSE key END), ', ' ORDER BY key) FROM jsonb_each_text(c)),
			(SELECT string_agg(quote_literal(value), ', ' ORDER BY key) FROM jsonb_each_text(c))) USING filled.batch, line;
	END LOOP;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.stage(batch int8) RETURNS void AS $$
DECLARE
	s record;
BEGIN
	PERFORM set_config('role', 'drawd_worker', true);
	PERFORM import_withdraw_others(batch, 100);
	SELECT * INTO s FROM import_stage(stage.batch);
	UPDATE import_batch b SET new_rows = s.new_rows, changed = s.changed, gone = s.gone, same = s.same,
	       preview = s.preview, state = 'staged', staged_at = coalesce(staged_at, batch_stamp(kind)), result = '{}'
	 WHERE b.id = stage.batch;
	PERFORM set_config('role', 'none', true);
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.handed(who text, register text, rows jsonb, source text DEFAULT 's', scope text DEFAULT 'update')
	RETURNS int8 AS $$
DECLARE
	n int8 := opened(who, register, source, scope);
BEGIN
	PERFORM filled(n, rows);
	PERFORM stage(n);
	UPDATE job SET state = 'done', result = '{}' WHERE id = (SELECT job FROM import_batch WHERE id = n);
	RETURN n;
END
$$ LANGUAGE plpgsql;
-- done(ACCOUNT, WHAT): 'ok', 'nothing' (there is none to see) or the error, as drawd_web
CREATE FUNCTION public.done(who text, what text) RETURNS text AS $$
DECLARE
	said int8;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	EXECUTE 'SELECT drawd.' || what INTO said;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN CASE WHEN said IS NULL THEN 'nothing' ELSE 'ok' END;
EXCEPTION
	WHEN SQLSTATE 'DR000' OR insufficient_privilege THEN
		PERFORM set_config('role', 'none', true);
		PERFORM become('nobody');
		RETURN regexp_replace(SQLERRM, 'import [0-9]+', 'import N');
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION public.counts(batch int8) RETURNS text AS $$
	SELECT format('%s new, %s changed, %s gone, %s same', new_rows, changed, gone, same) FROM drawd.import_batch WHERE id = batch
$$ LANGUAGE sql;
-- key=number of each permit that holds now, or did then
CREATE FUNCTION public.held(at timestamptz DEFAULT NULL) RETURNS text AS $$
	SELECT coalesce(string_agg(id || '=' || number, ' ' ORDER BY id), 'none')
	  FROM (SELECT id, number FROM drawd.permits_current WHERE at IS NULL
		UNION ALL SELECT id, number FROM drawd.permits_as_of(at) WHERE at IS NOT NULL) x
	 WHERE id !~ '^r'
$$ LANGUAGE sql;
CREATE FUNCTION public.permits(VARIADIC list text[]) RETURNS jsonb AS $$
	SELECT jsonb_agg(jsonb_build_object('key', split_part(x, '=', 1), 'entity', 'E', 'number', split_part(x, '=', 2))) FROM unnest(list) x
$$ LANGUAGE sql;
CREATE FUNCTION public.state_of(batch int8) RETURNS text AS
	'SELECT state FROM drawd.import_batch WHERE id = batch' LANGUAGE sql;

-- ---- the states ----------------------------------------------------------------------------------

SELECT clock_timestamp() AS t0 \gset
SELECT handed('clerk', 'permits', permits('A=1', 'B=1', 'C=1')) AS one \gset
SELECT is(counts(:one) || ', ' || state_of(:one), '3 new, 0 changed, 0 gone, 0 same, staged', 'a staged list is told');
SELECT is(held(), 'none', 'and does not count');
SELECT is(done('headb', 'import_confirm(' || :one || ')'), 'nothing', 'another department sees none');
SELECT is(done('stranger', 'import_confirm(' || :one || ')'), 'nothing', 'nor the public');
SELECT is(done('nobody', 'import_confirm(' || :one || ')'), 'nothing', 'nor whoever did not enter');
SELECT is(done('aud', 'import_confirm(' || :one || ')'), 'not-allowed: a', 'an auditor sees it and confirms none');
SELECT is(done('coord', 'import_confirm(' || :one || ')'), 'not-allowed: a', 'whose it is, answers for it');
SELECT is(done('clerk', 'import_undo(' || :one || ', ''x'')'), 'bad-batch-state: staged', 'what does not count is not undone');
SELECT is(done('clerk', 'import_confirm(' || :one || ')'), 'ok', 'its department confirms it');
SELECT is(held(), 'A=1 B=1 C=1', 'and it counts');
SELECT is(done('clerk', 'import_confirm(' || :one || ')'), 'bad-batch-state: confirmed', 'once');
SELECT is(done('clerk', 'import_discard(' || :one || ')'), 'bad-batch-state: confirmed', 'and is not discarded');
SELECT is((SELECT confirmed_by::text FROM import_batch WHERE id = :one), 'clerk', 'by whom is kept');
SELECT is((SELECT string_agg(account || ' ' || act || ' ' || (detail -> 'state' ->> 1), ', ' ORDER BY id) FROM audit
            WHERE object_kind = 'import' AND object = :one::text AND detail -> 'state' ->> 1 = 'confirmed'),
	'clerk changed confirmed', 'and in the audit log');
SELECT is(register_version('permits'), 3::bigint, 'the register has changed once more');

SELECT clock_timestamp() AS t1 \gset
SELECT handed('clerk', 'permits', permits('A=1', 'B=2', 'D=1'), 's', 'full') AS two \gset
SELECT is(counts(:two), '1 new, 1 changed, 1 gone, 1 same', 'a whole list lacks what it does not have');
SELECT is(preview, jsonb_build_object('columns', '{"number": 1}'::jsonb, 'columns_rows', 1,
	'new', '[{"key": "D", "line": 4, "after": {"entity": "E", "number": "1"}}]'::jsonb,
	'changed', '[{"key": "B", "line": 3, "before": {"number": "1"}, "after": {"number": "2"}}]'::jsonb,
	'gone', '[{"key": "C", "line": 4, "before": {"entity": "E", "number": "1"}}]'::jsonb,
	'same', '[{"key": "A", "line": 2}]'::jsonb), 'with samples') FROM import_batch WHERE id = :two;
SELECT is(held(), 'A=1 B=1 C=1', 'nothing is gone before it is confirmed');
SELECT is(done('clerk', 'import_confirm(' || :two || ')'), 'ok', 'it is confirmed');
SELECT is(held(), 'A=1 B=2 D=1', 'what it lacks is gone');
SELECT clock_timestamp() AS t2 \gset
SELECT handed('clerk', 'permits', permits('C=3')) AS three \gset
SELECT is(counts(:three), '1 new, 0 changed, 0 gone, 0 same', 'what was gone comes back as new');
SELECT is(done('clerk', 'import_confirm(' || :three || ')') || ' ' || held(), 'ok A=1 B=2 C=3 D=1', 'and holds again');
SELECT clock_timestamp() AS t3 \gset
SELECT is(done('clerk', 'import_undo(' || :two || ', '' '')'), 'bad-json: reason', 'undoing wants a reason');
SELECT is(done('headb', 'import_undo(' || :two || ', ''x'')'), 'nothing', 'of its own');
SELECT is(done('clerk', 'import_undo(' || :two || ', ''wrong file'')') || ' ' || held(), 'ok A=1 B=1 C=3',
	'one in the middle is undone: what stood before it stands, what came after it too');
SELECT is((SELECT reason || ', ' || account FROM audit WHERE object_kind = 'import' AND object = :two::text
            ORDER BY id DESC LIMIT 1), 'wrong file, clerk', 'the reason is in the audit log');
SELECT is(done('clerk', 'import_undo(' || :two || ', ''x'')'), 'bad-batch-state: undone', 'once');
SELECT is(done('clerk', 'import_confirm(' || :two || ')'), 'bad-batch-state: undone', 'and for good');
SELECT is(held(:'t0') || ' / ' || held(:'t1') || ' / ' || held(:'t2') || ' / ' || held(:'t3') || ' / ' || held(clock_timestamp()),
	'none / A=1 B=1 C=1 / A=1 B=2 D=1 / A=1 B=2 C=3 D=1 / A=1 B=1 C=3', 'what held then is told as it was then');
SELECT is((SELECT count(*) FROM permit_fact WHERE batch = :two), 4::bigint, 'the facts stay');
SELECT is((SELECT count(*) FROM permits_said WHERE batch = :two AND gone), 1::bigint, 'also of what was gone');

-- ---- discarded, failed, again ---------------------------------------------------------------------

SELECT handed('clerk', 'permits', permits('A=9')) AS four \gset
SELECT is(done('clerk', 'import_discard(' || :four || ')') || ' ' || state_of(:four), 'ok discarded', 'what waits is discarded');
SELECT is((SELECT count(*) FROM permit_fact WHERE batch = :four), 0::bigint, 'with its facts');
SELECT is(done('clerk', 'import_confirm(' || :four || ')'), 'bad-batch-state: discarded', 'and never counts');
SELECT opened('clerk', 'permits', 's') AS five \gset
SELECT is(done('clerk', 'import_confirm(' || :five || ')'), 'bad-batch-state: open', 'what is being read is not confirmed');
UPDATE job SET state = 'failed', error = '{"code": "no-column"}' WHERE id = (SELECT job FROM import_batch WHERE id = :five);
SELECT is((SELECT state || ' ' || (reason ->> 'code') FROM import_batch WHERE id = :five), 'failed no-column', 'a job that fails tells its batch');
UPDATE import_batch SET file_state = 'wanted' WHERE id = :five;
SELECT is((SELECT state || ' ' || (args ->> 'batch') FROM job WHERE kind = 'returned' ORDER BY id DESC LIMIT 1), 'queued ' || :five,
	'a file that is wanted is made by a job');
UPDATE job SET state = 'running' WHERE kind = 'returned' AND state = 'queued' AND args ->> 'batch' = :'five';
UPDATE job SET state = 'failed', error = '{"code": "file"}' WHERE kind = 'returned' AND state = 'running';
SELECT is((SELECT file_state FROM import_batch WHERE id = :five), 'failed', 'and if that fails, so says its batch');
BEGIN;
SELECT become('clerk') \g /dev/null
SELECT is(import_again(:five) ->> 'kind', 'permits', 'it is asked for again as it was');
SET LOCAL session_replication_role = replica; -- what was asked of a job that is over is not changed otherwise
UPDATE job SET args = args || '{"mode": "confirm"}' WHERE id = (SELECT job FROM import_batch WHERE id = :five);
SELECT is(import_again(:five) ->> 'mode', 'preview', 'but what had counted at once is looked at first');
UPDATE job SET args = args || '{"mode": "dry-run"}' WHERE id = (SELECT job FROM import_batch WHERE id = :five);
SELECT is(import_again(:five) ->> 'mode', 'dry-run', 'and what did not count does not');
SET LOCAL session_replication_role = origin;
SELECT become('headb') \g /dev/null
SELECT is(import_again(:five), NULL, 'by whom it is');
ROLLBACK;

-- ---- stale -----------------------------------------------------------------------------------------

SELECT handed('clerk', 'permits', permits('A=1', 'F=1')) AS first \gset
SELECT handed('clerk', 'permits', permits('F=2')) AS second \gset
SELECT is(done('clerk', 'import_confirm(' || :second || ')'), 'ok', 'the later of two is confirmed');
SELECT is(done('clerk', 'import_confirm(' || :first || ')'), 'preview-stale: import N', 'and the earlier one is stale');
SELECT handed('clerk', 'permits', permits('G=1')) AS third \gset
SELECT is(done('clerk', 'import_undo(' || :second || ', ''x'')'), 'ok', 'one is undone');
SELECT is(done('clerk', 'import_confirm(' || :third || ')'), 'preview-stale: import N', 'so is what was compared with it');
SELECT handed('coord', 'permits', permits('Z=1')) AS whole \gset
SELECT handed('clerk', 'permits', permits('G=1')) AS third \gset
SELECT is(done('coord', 'import_confirm(' || :whole || ')'), 'ok', 'the installation confirms its own');
SELECT is(done('clerk', 'import_confirm(' || :third || ')'), 'preview-stale: import N', 'which all departments'' lists wait for');
SELECT handed('clerk', 'permits', permits('G=1')) AS third \gset
SELECT handed('headb', 'permits', permits('H=1')) AS theirs \gset
SELECT is(done('headb', 'import_confirm(' || :theirs || ')') || ', ' || done('clerk', 'import_confirm(' || :third || ')'), 'ok, ok',
	'two departments do not wait for each other');
SELECT handed('clerk', 'permits', permits('J=1')) AS ours \gset
SELECT handed('headb', 'permits', permits('J=2', 'K=1')) AS theirs \gset
SELECT is(done('headb', 'import_confirm(' || :theirs || ')'), 'ok', 'of two that name the same');
SELECT is(done('clerk', 'import_confirm(' || :ours || ')'), 'preview-stale: J', 'one is first');

-- ---- whose ------------------------------------------------------------------------------------------

SELECT handed('clerk', 'permits', permits('H=9', 'Z=9', 'A=4', 'N=1')) AS ours \gset
SELECT is((SELECT string_agg(id, ' ' ORDER BY id) FROM permit_fact WHERE batch = :ours), 'A N',
	'rows of another department and of the installation go');
BEGIN;
SELECT opened('clerk', 'permits', 's') AS ours \gset
SELECT filled(:ours, permits('H=9', 'Z=9', 'A=4', 'J=1')) \g /dev/null
SET LOCAL ROLE drawd_worker;
SELECT is((SELECT string_agg(concat_ws(' ', w.line, w.key, w.gone), ', ') FROM import_withdraw_others(:ours, 2) w), '2 H 3, 3 Z 3',
	'as many are named as are asked for, with the number of all');
RESET ROLE;
ROLLBACK;
SELECT handed('headb', 'permits', permits('K=1', 'H=1'), 's', 'full') AS theirs \gset
SELECT is(counts(:theirs), '0 new, 0 changed, 1 gone, 2 same', 'a whole list of b takes away what b said alone');
SELECT is(done('headb', 'import_confirm(' || :theirs || ')'), 'ok', 'and is confirmed');
SELECT handed('clerk', 'permits', permits('J=5')) AS ours \gset
SELECT is(counts(:ours) || ' ' || done('clerk', 'import_confirm(' || :ours || ')'), '1 new, 0 changed, 0 gone, 0 same ok',
	'what its department gave up is anybody''s');
SELECT is(held() ~ 'J=5', true, 'and holds as he says');
SELECT handed('headb', 'permits', permits('V=1'), 'v') AS had \gset
SELECT is(done('headb', 'import_confirm(' || :had || ')'), 'ok', 'b has one');
SELECT handed('headb', 'permits', permits('W=1'), 'v', 'full') AS gave \gset
SELECT is(done('headb', 'import_confirm(' || :gave || ')'), 'ok', 'gives it up');
SELECT handed('clerk', 'permits', permits('V=2')) AS ours \gset
SELECT is(counts(:ours) || ' ' || done('headb', 'import_undo(' || :gave || ', ''x'')'), '1 new, 0 changed, 0 gone, 0 same ok',
	'and takes that back while a waits with it');
SELECT is(done('clerk', 'import_confirm(' || :ours || ')'), 'preview-stale: V', 'whose list is stale');
SELECT is(held() ~ 'V=1', true, 'and b''s stands');
SELECT handed('coord', 'permits', permits('A=7', 'H=7')) AS whole \gset
SELECT is(counts(:whole), '0 new, 2 changed, 0 gone, 0 same', 'a list of the installation speaks of all');
SELECT handed('clerk', 'permits', permits('B=1'), 'other', 'full') AS other \gset
SELECT is(counts(:other), '0 new, 0 changed, 0 gone, 1 same', 'a whole list takes away what its own source said');

-- two sources of one department; what was gone stays gone, whichever list is undone
SELECT handed('headb', 'permits', permits('S1=1', 'S2=1'), 's1', 'full') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'one source');
SELECT handed('headb', 'permits', permits('S2=2', 'S3=1'), 's2', 'full') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'and another of the same department');
SELECT handed('headb', 'permits', permits('S4=1'), 's1', 'full') AS list \gset
SELECT is(counts(:list) || ' ' || done('headb', 'import_confirm(' || :list || ')') || ' ' || (preview -> 'gone')::text,
	'1 new, 0 changed, 1 gone, 0 same ok [{"key": "S1", "line": 2, "before": {"entity": "E", "number": "1"}}]',
	'a whole list takes away what its source said last') FROM import_batch WHERE id = :list;
SELECT is((SELECT string_agg(id || '=' || number, ' ' ORDER BY id) FROM permits_current WHERE id ~ '^S'), 'S2=2 S3=1 S4=1',
	'and nothing that another source says');
SELECT handed('headb', 'permits', permits('S4=1'), 's1', 'full') AS again \gset
SELECT is(counts(:again) || ' ' || done('headb', 'import_confirm(' || :again || ')'), '0 new, 0 changed, 0 gone, 1 same ok',
	'the next one counts none twice');
SELECT is(done('headb', 'import_undo(' || :list || ', ''x'')'), 'ok', 'the one before is undone');
SELECT is((SELECT string_agg(id || '=' || number, ' ' ORDER BY id) FROM permits_current WHERE id ~ '^S'), 'S2=2 S3=1 S4=1',
	'and what the newest lacks does not come back');
-- nor with the other source's word: what a source's whole list lacks is gone once nobody else says it
CREATE FUNCTION public.said_of(prefix text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(id || '=' || number, ' ' ORDER BY id), '') FROM drawd.permits_current WHERE id ~ ('^' || prefix)
$$;
SELECT handed('headb', 'permits', permits('T1=1', 'T2=1', 'T3=1'), 't1', 'full') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'a source');
SELECT handed('headb', 'permits', permits('T2=2', 'T3=2'), 't2') AS other \gset
SELECT is(done('headb', 'import_confirm(' || :other || ')'), 'ok', 'another says two of them, too');
SELECT handed('headb', 'permits', permits('T1=1'), 't1', 'full') AS lacks \gset
SELECT is(counts(:lacks) || ' ' || done('headb', 'import_confirm(' || :lacks || ')'), '0 new, 0 changed, 0 gone, 1 same ok',
	'the first has them no more');
SELECT handed('headb', 'permits', permits('T3=3'), 't3') AS third \gset
SELECT is(done('headb', 'import_confirm(' || :third || ')') || ' ' || said_of('T'), 'ok T1=1 T2=2 T3=3', 'a third says one of them');
SELECT clock_timestamp() AS then \gset
SELECT is(done('headb', 'import_undo(' || :other || ', ''x'')') || ' ' || said_of('T'), 'ok T1=1 T3=3',
	'the other is undone: what the whole list lacks is gone, what the third says is not');
SELECT is((SELECT string_agg(id || '=' || number, ' ' ORDER BY id) FROM permits_as_of(:'then') WHERE id ~ '^T'), 'T1=1 T2=2 T3=3',
	'what held before that is told as it was');
SELECT id AS follows FROM import_batch WHERE follows = :lacks \gset
SELECT is((SELECT concat_ws(' ', source, department, scope, state, gone, rows) FROM import_batch WHERE id = :follows),
	't1 b full confirmed 1 0', 'a batch of the source says so');
SELECT is((SELECT because || ' ' || (preview -> 'gone') FROM import_batch WHERE id = :follows),
	:other || ' [{"key": "T2", "line": 3, "before": {"entity": "E", "number": "1"}}]', 'why it was made, and what is gone by it');
SELECT is(done('headb', 'import_undo(' || :third || ', ''x'')') || ' ' || said_of('T'), 'ok T1=1', 'the third is undone, too');
SELECT is(done('headb', 'import_undo(' || :follows || ', ''x'')'), 'bad-batch-state: import N', 'it stands as long as that list');
SELECT is(done('headb', 'import_undo(' || :lacks || ', ''x'')') || ' ' || said_of('T'), 'ok T1=1 T2=1 T3=1',
	'and ends with it: the list before counts again');
SELECT is((SELECT string_agg(state, ' ') FROM import_batch WHERE follows = :lacks), 'undone undone', 'so do those that followed');
-- rows of an entity are found by the keys that its facts ever had, and by an index
SELECT is(ARRAY(SELECT DISTINCT k FROM permits_keys('E') k ORDER BY 1), ARRAY(SELECT DISTINCT id::text FROM permit_fact WHERE entity = 'E' ORDER BY 1),
	'the keys of an entity');
CREATE FUNCTION public.explained(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	told text := '';
BEGIN
	SET LOCAL enable_seqscan = off;
	FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP
		told := told || line || E'\n';
	END LOOP;
	RETURN told;
END
$$;
SELECT is(explained(format('SELECT * FROM %1$s_rows WHERE entity = ''E'' AND key = ANY (ARRAY(SELECT k FROM %1$s_keys(''E'') k))', name))
	~ format('Index Cond: \(\(?%s\)?(::text)? = ANY', key), true, name || ' of an entity: by index')
  FROM register WHERE name IN ('entities', 'permits', 'checks', 'listings');
-- so are those of a file, and those with a part of a name
SELECT is(explained(format('SELECT * FROM %1$s_rows WHERE import = 1 AND key = ANY (ARRAY(SELECT k FROM %1$s_of(1) k))', name))
	~ format('Index Cond: \(\(?%s\)?(::text)? = ANY', key), true, name || ' of a file: by index')
  FROM register WHERE name IN ('entities', 'permits', 'checks', 'listings');
SELECT is(ARRAY(SELECT DISTINCT k FROM permits_of(:lacks) k ORDER BY 1), ARRAY(SELECT DISTINCT id::text FROM permit_fact WHERE batch = :lacks ORDER BY 1),
	'the keys of a file');
SELECT is(explained('SELECT object FROM entity_fact WHERE string_to_array(lower(name), NULL) @> string_to_array(''ab'', NULL)')
	~ 'entity_fact_named', true, 'an index finds the characters of a name');
-- a row that was refused names its key, wherever that is noticed
SELECT opened('headb', 'permits', 't1', 'full') AS refuses \gset
SELECT filled(:refuses, permits('T1=1')) \g /dev/null
SELECT is((SELECT gone FROM import_stage(:refuses, NULL, NULL, E'T2\n')), 1::int8, 'a refused row is spared');
SELECT is((SELECT spared FROM import_batch WHERE id = :refuses), E'T2\n', 'and known as long as the list is');
SELECT is(ARRAY(SELECT import_spared('{X:1,X:2,Y:1,Z,W}', E'X:\nZ\n') ORDER BY 1), '{X:1,X:2,Z}'::text[],
	'of a key that could not be made the beginning tells');
SELECT is(ARRAY(SELECT import_spared('{X:1,Z,W}', E':\n') ORDER BY 1), '{W,Z}'::text[], 'or that it has none');

-- ---- confirmed at once --------------------------------------------------------------------------------

BEGIN;
SELECT opened('clerk', 'permits', 's', 'update', 'confirm') AS once \gset
SELECT filled(:once, permits('Q=1')) \g /dev/null
SELECT stage(:once) \g /dev/null
SET LOCAL ROLE drawd_worker;
SELECT is(import_confirm(:once), :once::int8, 'a worker confirms what its job was asked to');
RESET ROLE;
SELECT is((SELECT confirmed_by::text FROM import_batch WHERE id = :once), 'clerk', 'in the name of who asked');
SELECT is(held() ~ 'Q=1', true, 'and it counts');
SELECT opened('clerk', 'permits', 's') AS waits \gset
SELECT stage(:waits) \g /dev/null
SET LOCAL ROLE drawd_worker;
SELECT is(import_confirm(:waits), NULL, 'and nothing else');
RESET ROLE;
ROLLBACK;

-- ---- mapping of headers ---------------------------------------------------------------------------------

SELECT handed('clerk', 'permits', permits('R=1'), 'bureau') AS mapped \gset
UPDATE import_batch SET mapping = '[{"header": "甲", "column": "许可证编号", "how": "given"},
	{"header": "乙", "column": "名称", "how": "automatic"}, {"header": "丙", "column": "", "how": "given"}]' WHERE id = :mapped;
SELECT is(done('clerk', 'import_confirm(' || :mapped || ')'), 'ok', 'a list with headers that were told');
SELECT is((SELECT string_agg(concat_ws(' ', department, header, '>' || "column"), ', ' ORDER BY header) FROM header_mapping
            WHERE source = 'bureau'), 'a 丙 >, a 甲 >许可证编号', 'what was told of them is kept for the next');
-- as import_saved asks it
CREATE FUNCTION public.saved(source text) RETURNS text AS $$
	SELECT string_agg(concat_ws(' ', header, '>' || "column"), ', ' ORDER BY header)
	  FROM (SELECT DISTINCT ON (m.header) m.header, m."column"
	          FROM drawd.header_mapping m JOIN drawd.import_batch b ON b.id = m.batch AND b.state = 'confirmed'
	         WHERE m.source = saved.source ORDER BY m.header, m.batch DESC) x
$$ LANGUAGE sql;
SELECT handed('clerk', 'permits', permits('R=1'), 'bureau') AS mapped \gset
UPDATE import_batch SET mapping = '[{"header": "甲", "column": "名称", "how": "given"}]' WHERE id = :mapped;
SELECT is(done('clerk', 'import_confirm(' || :mapped || ')') || ' ' || saved('bureau'), 'ok 丙 >, 甲 >名称', 'the last word stands');
SELECT is(done('clerk', 'import_undo(' || :mapped || ', ''x'')') || ' ' || saved('bureau'), 'ok 丙 >, 甲 >许可证编号',
	'while its list counts');

-- ---- objects: facts of several lists, classes ----------------------------------------------------------------

SELECT handed('clerk', 'entities', '[{"key": "P1", "entity": "P1", "name": "one", "address": "x", "class": "A", "scope": "s"},
	{"key": "P2", "entity": "P2", "name": "two", "address": "x", "class": "B", "scope": "s"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'objects');
SELECT handed('clerk', 'entities', '[{"key": "P1", "entity": "P1", "name": "one", "class": "C"},
	{"key": "P2", "entity": "P2", "name": "two", "class": "B"}]', 'classes') AS classes \gset
SELECT is(counts(:classes) || ' ' || (preview -> 'changed')::text,
	'0 new, 1 changed, 0 gone, 1 same [{"key": "P1", "line": 2, "after": {"class": "C"}, "before": {"class": "A"}}]',
	'a list of classes is compared with the classes') FROM import_batch WHERE id = :classes;
SELECT is(done('clerk', 'import_confirm(' || :classes || ')'), 'ok', 'and confirmed');
SELECT is((SELECT string_agg(concat_ws(' ', object, class, address), ', ' ORDER BY object) FROM entity_current WHERE object ~ '^P'),
	'P1 C x, P2 B x', 'what it leaves unsaid stands');
SELECT handed('clerk', 'entities', '[{"key": "P1", "entity": "P1", "name": "one", "address": "x", "class": "C", "scope": "s"},
	{"key": "P2", "entity": "P2", "name": "new", "address": "x", "class": "B", "scope": "s"}]') AS list \gset
SELECT is(counts(:list) || ' ' || (preview ->> 'columns'), '0 new, 1 changed, 0 gone, 1 same {"name": 1}',
	'a list is compared with what several said') FROM import_batch WHERE id = :list;
SELECT handed('clerk', 'entities', '[{"key": "P1", "entity": "P1", "name": "one", "phone": "138****0000 AAAA", "reg_no": ""}]') AS list \gset
SELECT is((preview ->> 'columns') || ' ' || (preview #>> '{changed,0,after,phone}'), '{"phone": 1} 138****0000',
	'an empty cell of a new column changes nothing, a personal fact is told by its mask') FROM import_batch WHERE id = :list;
CREATE FUNCTION public.classes(who text, at timestamptz DEFAULT NULL) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	SELECT string_agg(lower(object) || ' ' || coalesce(class, '-'), ', ' ORDER BY object) INTO said
	  FROM (SELECT object, class FROM drawd.entities_current WHERE at IS NULL
		UNION ALL SELECT object, class FROM drawd.entities_as_of(at) WHERE at IS NOT NULL) x
	 WHERE object IN ('OA', 'OB', 'OX', 'P1');
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN coalesce(said, 'none');
END
$$ LANGUAGE plpgsql;
SELECT is(classes(who), wanted, who || ' and classes')
  FROM (VALUES ('coord', 'oa D, ob D, ox D, p1 C'), ('aud', 'oa D, ob D, ox D, p1 C'), ('clerk', 'oa D, ox -, p1 C'),
	('svc', 'oa D, ox -, p1 C'), ('headb', 'ob D, ox -'), ('clerkc', 'ox -'), ('insp', 'none'), ('adm', 'none'),
	('stranger', 'none'), ('nobody', 'none')) v (who, wanted);
SELECT is(classes('clerk', :'t3'), 'oa D, ox -', 'then as now');
CREATE FUNCTION public.classes_said(who text) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	SELECT string_agg(lower(object) || ' ' || coalesce(class, '-'), ', ' ORDER BY object) INTO said
	  FROM drawd.entities_said WHERE object IN ('OA', 'OB', 'OX');
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN coalesce(said, 'none');
END
$$ LANGUAGE plpgsql;
SELECT is(classes_said(who), wanted, who || ' and classes as they were said')
  FROM (VALUES ('coord', 'oa D, ob D, ox D'), ('clerk', 'oa D, ox -'), ('headb', 'ob D, ox -'), ('insp', 'none')) v (who, wanted);

-- ---- what was said before an object was gone ---------------------------------------------------------------------

SELECT handed('headb', 'entities', '[{"key": "T1", "entity": "T1", "name": "t", "class": "D", "address": "x", "phone": "139****0000 AAAA"}]', 't') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'b says an object');
SELECT handed('headb', 'entities', '[{"key": "T2", "entity": "T2", "name": "t"}]', 't', 'full') AS gave \gset
SELECT is(done('headb', 'import_confirm(' || :gave || ')'), 'ok', 'and gives it up');
SELECT handed('clerk', 'entities', '[{"key": "T1", "entity": "T1", "name": "u"}]', 't') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'a brings it');
CREATE FUNCTION public.shown(who text, key text) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	SELECT concat_ws(' ', name, '>' || class, '>' || address) INTO said FROM drawd.entities_current WHERE object = key;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN said;
END
$$ LANGUAGE plpgsql;
SELECT is((SELECT concat_ws(' ', name, '>' || class, '>' || address) FROM entity_current WHERE object = 'T1'), 'u > >',
	'nothing of before comes back into the frame');
SELECT is(shown(who, 'T1'), 'u > >', 'nor to ' || who) FROM (VALUES ('coord'), ('clerk')) v (who);
SELECT handed('clerk', 'entities', '[{"key": "T1", "entity": "T1", "name": "u", "class": "", "address": "", "phone": ""}]', 't') AS list \gset
SELECT is(counts(:list), '0 new, 0 changed, 0 gone, 1 same', 'nor into a comparison');
SELECT handed('clerk', 'entities', '[{"key": "T1", "entity": "T1", "name": "u", "class": "B", "address": "y"}]', 't') AS list \gset
SELECT is((preview -> 'changed' -> 0 -> 'before')::text, '{"class": "", "address": ""}', 'nor into a preview') FROM import_batch WHERE id = :list;
SELECT is(done('headb', 'import_undo(' || :gave || ', ''x'')'), 'ok', 'b takes back that it gave it up');
SELECT handed('clerk', 'entities', '[{"key": "T1", "entity": "T1", "name": "u", "class": "B", "address": "y", "phone": ""}]', 't') AS list \gset
SELECT is((preview -> 'changed' -> 0 -> 'before')::text, '{"class": "***", "phone": "***", "address": "***"}',
	'what b said is not told to a') FROM import_batch WHERE id = :list;

-- ---- inspectors: what a shorter list leaves unsaid ------------------------------------------------------------

SELECT handed('clerk', 'inspectors', '[{"key": "A-0001", "department": "a", "name": "x", "certificate_no": "1", "certificate": "2030-01-01",
	"regions": "510100", "items": "i", "leave": "", "lim": "7", "active": "f", "sex": "m"}]', 'wide') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'inspectors');
SELECT handed('clerk', 'inspectors', '[{"key": "A-0001", "department": "a", "name": "y", "certificate_no": "1", "certificate": "2030-01-01"}]',
	'narrow') AS list \gset
SELECT is(counts(:list) || ' ' || done('clerk', 'import_confirm(' || :list || ')'), '0 new, 1 changed, 0 gone, 0 same ok', 'by a shorter list');
SELECT is((SELECT concat_ws(' ', name, regions, items, lim, active) FROM inspector_current WHERE inspector = 'A-0001'), 'y 510100 i 7 f',
	'stands as it was said');
SELECT is((SELECT concat_ws(' ', lim, active, sex) FROM inspectors_as_of(clock_timestamp()) WHERE inspector = 'A-0001'), '7 f m', 'then as well');

-- ---- many rows: read through once instead of one by one, with the same outcome ---------------------------------

SELECT opened('headb', 'permits', 'many', 'full') AS list \gset
INSERT INTO permit_fact (id, batch, line, entity, number) SELECT 'M' || i, :list, i, 'E', i FROM generate_series(1, 21000) i;
SELECT stage(:list) \g /dev/null
SELECT is(counts(:list) || ' ' || done('headb', 'import_confirm(' || :list || ')'), '21000 new, 0 changed, 0 gone, 0 same ok', 'many rows');
SELECT opened('headb', 'permits', 'many', 'full') AS list \gset
INSERT INTO permit_fact (id, batch, line, entity, number)
SELECT 'M' || i, :list, i, 'E', CASE WHEN i % 2 = 0 THEN i ELSE 0 END FROM generate_series(101, 21300) i;
SELECT stage(:list) \g /dev/null
SELECT is(counts(:list) || ' ' || (preview ->> 'columns') || (preview ->> 'columns_rows') || ' ' || (preview #>> '{gone,0,key}'),
	'300 new, 10450 changed, 100 gone, 10450 same {"number": 10000}10000 M1', 'many that change')
  FROM import_batch WHERE id = :list;
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'are confirmed');
SELECT is((SELECT count(*) FROM permits_current WHERE id ~ '^M'), 21200::bigint, 'and hold');
SELECT opened('clerk', 'permits', 'many') AS list \gset
INSERT INTO permit_fact (id, batch, line, entity, number) SELECT 'M' || i, :list, i, 'E', i FROM generate_series(1, 21500) i;
SELECT stage(:list) \g /dev/null
SELECT is((SELECT count(*) || ' ' || min(substr(id, 2)::int) || ' ' || max(substr(id, 2)::int) FROM permit_fact WHERE batch = :list),
	'300 1 21500', 'of many that are another department''s none stays');

-- ---- recusals stand side by side ----------------------------------------------------------------------------

BEGIN;
INSERT INTO upload (name, size) VALUES ('r', 0) RETURNING id AS file \gset
INSERT INTO import_batch (kind, upload, source, person) VALUES ('recusals', :file, 's', 'p') RETURNING id AS list \gset
INSERT INTO recusal_fact (inspector, subject, ground, batch, line) VALUES ('A-0001', 'OX', 'ra', :list, 2), ('A-0001', 'OA', 'kin', :list, 3);
SELECT stage(:list) \g /dev/null
SELECT is(counts(:list), '1 new, 0 changed, 0 gone, 1 same', 'one that holds is the same');
SELECT is((SELECT string_agg(ground, ' ' ORDER BY ground) FROM recusals_on('2026-05-10')), 'ra rb rc', 'and does not hold before it is confirmed');
UPDATE import_batch SET state = 'confirmed', confirmed_at = now() WHERE id = :list;
SELECT is((SELECT string_agg(ground, ' ' ORDER BY ground) FROM recusals_on('2026-05-10')), 'kin ra ra rb rc', 'then it does');
SELECT is(done('coord', 'import_undo(' || :list || ', ''x'')'), 'motion-needed: recusal', 'nobody takes it away alone');
ROLLBACK;

-- ---- successions and renames as data --------------------------------------------------------------------------

SELECT handed('coord', 'successions', '[{"key": "s1", "old": "OLD", "new": "MID", "kind": "recode", "date": "2024-01-01"},
	{"key": "s2", "old": "MID", "new": "NEW", "kind": "merge", "date": "2025-01-01"},
	{"key": "s3", "old": "TWO", "new": "NEW", "kind": "merge", "date": "2025-01-01"},
	{"key": "s4", "old": "NEW", "new": "OLD", "kind": "recode", "date": "2026-01-01"}]') AS list \gset
SELECT is((SELECT count(*) FROM code_line('MID')), 1::bigint, 'a succession that waits joins nothing');
SELECT is(done('coord', 'import_confirm(' || :list || ')'), 'ok', 'successions');
SELECT is((SELECT string_agg(code || ' ' || distance, ', ' ORDER BY distance, code) FROM code_line('MID', day)), wanted, 'the line of a code by ' || day)
  FROM (VALUES ('2023-12-31', 'MID 0'), ('2024-06-01', 'OLD -1, MID 0'), ('2025-06-01', 'OLD -1, MID 0, NEW 1'),
	('2026-06-01', 'TWO -2, NEW -2, OLD -1, MID 0, NEW 1, OLD 2')) v (day, wanted) WHERE day < '2026';
SELECT is((SELECT string_agg(code || ' ' || distance, ', ' ORDER BY distance, code) FROM code_line('NEW', '2025-06-01')),
	'OLD -2, MID -1, TWO -1, NEW 0', 'of two that became one');
SELECT is((SELECT count(*) < 20 FROM code_line('MID')), true, 'a circle ends');
CREATE FUNCTION public.became(day text, VARIADIC codes text[]) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(old || '>' || new, ' ' ORDER BY old, new), '') FROM drawd.successions_on(day, codes)
$$;
SELECT is(became('2025-06-01', 'OLD', 'MID', 'TWO', 'NEW'), 'MID>NEW OLD>MID OLD>NEW TWO>NEW', 'what became of each');
SELECT is(became('2025-06-01', 'OLD'), 'OLD>MID OLD>NEW', 'of those that are asked for');
SELECT is(became('2024-06-01', 'OLD'), 'OLD>MID', 'by the day');
SELECT is((SELECT count(*) FROM successions_on('2026-06-01', '{OLD,MID,TWO,NEW}')), 9::bigint, 'also in a circle');
-- a department moves what is known of its own objects, not of others'
SELECT handed('headb', 'successions', '[{"key": "w1", "old": "T1", "new": "OX", "kind": "recode", "date": "2024-01-01"},
	{"key": "w2", "old": "OB", "new": "NEWB", "kind": "recode", "date": "2024-01-01"},
	{"key": "w3", "old": "NEWB", "new": "LASTB", "kind": "recode", "date": "2024-01-01"}]') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'successions of a department');
SELECT is((SELECT department::text FROM import_batch WHERE id = (SELECT batch FROM entities_current WHERE object = key)), told, key || ' is told by ' || told)
  FROM (VALUES ('T1', 'a'), ('OB', 'b')) v (key, told);
SELECT is(became('2025-06-01', 'T1'), '', 'neither code is its own: nothing moves');
SELECT is(became('2025-06-01', 'OB'), 'OB>NEWB', 'its own code: it does, and not on from there');
SELECT handed('headb', 'entities', '[{"key": "LASTB/01", "entity": "LASTB", "name": "t"}]', 'more') AS list \gset
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'premises of the last code');
SELECT is(became('2025-06-01', 'OB'), 'OB>LASTB OB>NEWB', 'are enough');
SELECT handed('coord', 'successions', (SELECT jsonb_agg(jsonb_build_object('key', 'chain' || i, 'old', 'Z' || i, 'new', 'Z' || i + 1, 'kind', 'recode',
	'date', '2024-01-01')) FROM generate_series(1, 3000) i)) AS list \gset
SELECT is(done('coord', 'import_confirm(' || :list || ')'), 'ok', 'three thousand in a chain');
SELECT is((SELECT count(*) FROM successions_on('2026-01-01', '{Z1}')), 20::bigint, 'twenty steps');
SELECT is((SELECT count(*) FROM successions_on('2026-01-01', (SELECT array_agg('Z' || i) FROM generate_series(1, 3000) i))), 59810::bigint,
	'of each');
SELECT handed('coord', 'regions', '[{"key": "510122:1", "code": "510122", "name": "双流县", "until": "2015-12-31", "successor": "510116"},
	{"key": "510116:1", "code": "510116", "name": "双流区", "from_date": "2016-01-01"}]') AS list \gset
SELECT is(done('coord', 'import_confirm(' || :list || ')'), 'ok', 'regions');
CREATE FUNCTION public.region_at(code text, day text) RETURNS text LANGUAGE sql AS $$
	SELECT drawd.region_named(code, coalesce((SELECT jsonb_object_agg(old, new) FROM drawd.region_renames(day)), '{}'))
$$;
SELECT is(region_at(code, day), wanted, format('%s is called %s on %s', code, wanted, day))
  FROM (VALUES ('510122', '2015-06-01', '510122'), ('510122', '2015-12-31', '510122'), ('510122', '2016-01-01', '510116'),
	('510122001', '2016-01-01', '510116'), ('510122001', '2015-06-01', '510122001'), ('999999', '2026-01-01', '999999'), ('', '2026-01-01', ''))
	v (code, day, wanted);

SELECT is(region_named('330199005', '{"330199005": "330199006", "330199": "330188"}'), '330188', 'a street, then its county');
SELECT is(region_named('1', '{"1": "2", "2": "1"}') IN ('1', '2'), true, 'in a circle');
SELECT is((SELECT coalesce(string_agg(concat_ws(' ', path, old, new), ', '), '') FROM policy_regions(E'department.a.regions\t' || r || E'\n', '2016-01-01')), wanted, r)
  FROM (VALUES ('510122', 'department.a 510122 510116'), ('510122001', 'department.a 510122001 510116'), ('510116,510122', ''), ('5101', ''), ('999999', '')) v (r, wanted);

-- ---- labels and past inspections as a freeze reads them -----------------------------------------------------------

SELECT handed('clerk', 'labels', '[{"key": "l1", "object": "L1", "label": "b", "from_date": "2026-01-01", "until": "2026-06-30"},
	{"key": "l2", "object": "L1", "label": "a"}, {"key": "l3", "object": "L1", "label": "b"},
	{"key": "l4", "object": "L2", "label": "b", "from_date": "2026-07-01"}]') AS list \gset
SELECT is((SELECT count(*) FROM labels_on('2026-06-30') WHERE object ~ '^L'), 0::bigint, 'labels that wait are none');
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'labels');
SELECT is((SELECT string_agg(object || ' ' || labels, '; ' ORDER BY object) FROM labels_on(day) WHERE object ~ '^L'), wanted, 'labels on ' || day)
  FROM (VALUES ('2026-06-30', 'L1 a,b'), ('2026-07-01', 'L1 a,b; L2 b')) v (day, wanted);
SELECT is(done('clerk', 'import_undo(' || :list || ', ''x'')'), 'ok', 'labels undone');
SELECT is((SELECT count(*) FROM labels_on('2026-06-30') WHERE object ~ '^L'), 0::bigint, 'are none');
-- an entity is on a list from the day it was put there up to the day before it was removed, as a label of the same name
SELECT handed('clerk', 'listings', '[{"key": "m1", "entity": "M1", "list": "serious", "from_date": "2026-02-01", "until": "2026-05-31"},
	{"key": "m2", "entity": "M1", "list": "abnormal", "from_date": "2026-01-01", "removed": "2026-03-01"},
	{"key": "m3", "entity": "M1", "list": "serious", "from_date": "2026-02-10"},
	{"key": "m4", "entity": "M2", "list": "incentive", "from_date": "2026-01-01", "until": ""}]') AS list \gset
CREATE FUNCTION public.listed(day text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(object || ' ' || labels, '; ' ORDER BY object), 'none') FROM drawd.labels_on(day, true) WHERE object ~ '^M'
$$;
SELECT is(listed('2026-02-15'), 'none', 'lists that wait label nobody');
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'lists');
SELECT is(listed(day), wanted, 'on lists on ' || day)
  FROM (VALUES ('2025-12-31', 'none'), ('2026-01-31', 'M1 abnormal; M2 incentive'), ('2026-02-28', 'M1 abnormal,serious; M2 incentive'),
	('2026-03-01', 'M1 serious; M2 incentive'), ('2026-06-01', 'M1 serious; M2 incentive')) v (day, wanted);
SELECT is((SELECT count(*) FROM labels_on('2026-02-15') WHERE object ~ '^M'), 0::bigint, 'told of entities, not of objects');
SELECT is(done('clerk', 'import_undo(' || :list || ', ''x'')') || ' ' || listed('2026-02-15'), 'ok none', 'until undone');
CREATE FUNCTION public.checked_of(code text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(string_agg(checked, ';'), '') FROM drawd.checks_on('2026-01-01', '2026-06-30',
		E'a-one\ta\tfirst\na-two\ta\tsecond、half\nb-one\tb\tfirst\n', false) WHERE object = code
$$;
SELECT handed('clerk', 'checks', '[{"key": "k1", "entity": "K1", "object": "", "date": "2026-06-30", "item": "first", "cause": "f"},
	{"key": "k2", "entity": "K1", "object": "", "date": "2026-01-01", "item": "a-one", "cause": ""},
	{"key": "k3", "entity": "K2", "object": "K2/02", "date": "2026-02-01", "item": "", "department": "a"},
	{"key": "k4", "entity": "K3", "object": "", "date": "2026-02-01", "item": "", "department": "b"},
	{"key": "k5", "entity": "K4", "object": "", "date": "2026-02-01", "item": "", "cause": "t"},
	{"key": "k6", "entity": "K5", "object": "", "date": "2025-12-31", "item": ""},
	{"key": "k7", "entity": "K6", "object": "", "date": "2026-07-01", "item": ""},
	{"key": "k8", "entity": "K7", "object": "", "date": "2026-02-01", "item": "second、half"},
	{"key": "k9", "entity": "K8", "object": "", "date": "2026-02-01", "item": "other, first；"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'checks of a');
SELECT is(checked_of(key), wanted, key || ': ' || what)
  FROM (VALUES ('K1', 'a-one=2026-01-01,a-one=2026-06-30', 'each date of an item, by name or code, of a''s own'), ('K2', '', 'not the entity'),
	('K2/02', 'a-one=2026-02-01,a-two=2026-02-01', 'the premises; no item: all of the department'), ('K3', '', 'a says nothing for b'),
	('K4', '', 'for a cause'), ('K5', '', 'before the cycle'), ('K6', '', 'after the day'), ('K7', 'a-two=2026-02-01', 'a name with a comma'),
	('K8', 'a-one=2026-02-01', 'one of several')) v (key, wanted, what);
SELECT handed('coord', 'checks', '[{"key": "k10", "entity": "K9", "object": "", "date": "2026-02-01", "item": ""},
	{"key": "k11", "entity": "KA", "object": "", "date": "2026-02-01", "item": "first"}]') AS list \gset
SELECT is(done('coord', 'import_confirm(' || :list || ')'), 'ok', 'checks of the whole installation');
SELECT is(checked_of(key), wanted, key || ': of every department')
  FROM (VALUES ('K9', 'a-one=2026-02-01,a-two=2026-02-01,b-one=2026-02-01'), ('KA', 'a-one=2026-02-01,b-one=2026-02-01')) v (key, wanted);

-- ---- whose objects rows are about --------------------------------------------------------------------------------

-- OA is a's, OB b's, OX the whole installation's
CREATE FUNCTION public.labelled(code text) RETURNS text LANGUAGE sql AS
	'SELECT coalesce((SELECT labels FROM drawd.labels_on(''2026-03-01'') WHERE object = code), ''-'')';
SELECT handed('headb', 'labels', '[{"key": "OA:x:b", "object": "OA", "label": "b-says"}, {"key": "OB:x:b", "object": "OB", "label": "b-says"},
	{"key": "OX:x:b", "object": "OX", "label": "b-says"}]') AS others \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ' ORDER BY line) FROM import_doubts(:others)), '2 object OA', 'what is no part of a draw is told');
SELECT is(done('headb', 'import_confirm(' || :others || ')'), 'ok', 'labels of b');
SELECT is(concat_ws(' ', labelled('OA'), labelled('OB'), labelled('OX')), '- b-says b-says', 'count at its own objects and at those of all');
SELECT handed('clerk', 'labels', '[{"key": "OA:x:a", "object": "OA", "label": "b-says"}]') AS list \gset
SELECT is(counts(:list) || ' ' || done('clerk', 'import_confirm(' || :list || ')'), '1 new, 0 changed, 0 gone, 0 same ok', 'nor do they bar those of a');
SELECT is(labelled('OA'), 'b-says', 'which count at a''s');
SELECT is(done('headb', 'import_undo(' || :others || ', ''x'')') || ' ' || labelled('OA'), 'ok b-says', 'and do not end with b''s');
SELECT handed('coord', 'labels', '[{"key": "OA:y", "object": "OA", "label": "c-says"}]') AS list \gset
SELECT is(done('coord', 'import_confirm(' || :list || ')') || ' ' || labelled('OA'), 'ok b-says,c-says', 'the whole installation speaks of all');
SELECT handed('headb', 'listings', '[{"key": "OA:s", "entity": "OA", "list": "serious", "from_date": "2026-01-01"},
	{"key": "OB:s", "entity": "OB", "list": "serious", "from_date": "2026-01-01"}]') AS list \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ') FROM import_doubts(:list)), '2 object OA', 'a list of b about an object of a');
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'is taken');
SELECT is((SELECT string_agg(object, ' ') FROM labels_on('2026-03-01', true) WHERE object ~ '^O'), 'OB', 'and labels those of b alone');
SELECT handed('headb', 'labels', '[{"key": "OA:z:b", "object": "OA", "label": "seen"}, {"key": "OB:z:b", "object": "OB", "label": "unseen"}]') AS list \gset
CREATE FUNCTION public.sees(who text, the_register text) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	EXECUTE format('SELECT string_agg(id, '' '' ORDER BY id) FROM drawd.%I WHERE id ~ ''^O[AB]:z''', the_register || '_said') INTO said;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN coalesce(said, 'none');
END
$$ LANGUAGE plpgsql;
SELECT is(sees('clerk', 'labels'), 'none', 'what waits with b a does not see');
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'b says more');
SELECT is(sees(who, 'labels'), wanted, who || ' and what b says')
  FROM (VALUES ('clerk', 'OA:z:b'), ('headb', 'OA:z:b OB:z:b'), ('clerkc', 'none'), ('coord', 'OA:z:b OB:z:b')) v (who, wanted);
INSERT INTO quality_batch (batch) VALUES (:list);
INSERT INTO quality_edit (batch, line, register, key, fact, before, after, at) VALUES (:list, 2, 'labels', 'OA:z:b', 'label', '', 'seen', 0),
	(:list, 3, 'labels', 'OB:z:b', 'label', '', 'unseen', 0);
CREATE FUNCTION public.edits_of(who text, batch int8) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	SELECT string_agg(concat_ws(' ', key, after, department, account IS NOT NULL), ', ' ORDER BY key) INTO said
	  FROM drawd.quality_edit_list WHERE import = edits_of.batch;
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN coalesce(said, 'none');
END
$$ LANGUAGE plpgsql;
SELECT is(edits_of(who, :list), wanted, who || ' and the edits of b''s labels')
  FROM (VALUES ('clerk', 'OA:z:b seen b f'), ('headb', 'OA:z:b seen b t, OB:z:b unseen b t'), ('clerkc', 'none')) v (who, wanted);
SELECT handed('headb', 'checks', '[{"key": "OA:z:b", "entity": "OA", "object": "", "date": "2026-02-01", "item": ""},
	{"key": "OX:z:b", "entity": "OX", "object": "", "date": "2026-02-01", "item": ""}]') AS list \gset
SELECT is((SELECT count(*) FROM import_doubts(:list)), 0::bigint, 'an inspection needs no other''s word');
SELECT is(done('headb', 'import_confirm(' || :list || ')') || ' ' || checked_of('OA') || '|' || checked_of('OX'), 'ok b-one=2026-02-01|b-one=2026-02-01', 'it counts for the items of b');
SELECT is(sees('clerk', 'checks') || ' ' || sees('clerkc', 'checks'), 'OA:z:b none', 'a sees them');
-- successions: of nobody's, of all's, a row of each
SELECT handed('headb', 'successions', '[{"key": "OA:z:b", "old": "OA", "new": "QQ", "kind": "recode", "date": "2024-01-01"},
	{"key": "OX:z:b", "old": "OX", "new": "QX", "kind": "recode", "date": "2024-01-01"}]') AS list \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ') FROM import_doubts(:list)), '2 succession OA, 3 listed OX', 'successions that hold nothing are told');
SELECT is(done('headb', 'import_confirm(' || :list || ')') || ' ' || became('2025-06-01', 'OA') || ' ' || became('2025-06-01', 'OX'), 'ok  OX>QX',
	'of the installation''s objects they hold');
SELECT handed('clerk', 'successions', '[{"key": "OA:z:a", "old": "OA", "new": "QQ", "kind": "recode", "date": "2024-01-01"}]') AS own \gset
SELECT is(counts(:own) || ' ' || done('clerk', 'import_confirm(' || :own || ')') || ' ' || became('2025-06-01', 'OA'),
	'1 new, 0 changed, 0 gone, 0 same ok OA>QQ', 'and another''s row bars none');

-- ---- a recode carries labels, inspections and class, a merger labels alone ---------------------------------------

CREATE FUNCTION public.row_of(code text) RETURNS text AS $$
	SELECT concat_ws('|', coalesce(nullif(v.class, ''), r.class), coalesce(l.labels, '-'), checked_of(code), r.checked, CASE WHEN r.replaced THEN 'out' ELSE 'in' END)
	  FROM (SELECT code) x LEFT JOIN drawd.entity_current v ON v.object = code
	  LEFT JOIN drawd.recoded_on('2026-06-30') r ON r.object = code LEFT JOIN drawd.labels_on('2026-06-30') l ON l.object = code
$$ LANGUAGE sql;
SELECT handed('clerk', 'entities', '[{"key": "RO", "entity": "RO", "name": "r", "class": "D", "checked": "*=2026-01-05"},
	{"key": "RO/02", "entity": "RO", "name": "r", "class": "C", "checked": ""}, {"key": "MO", "entity": "MO", "name": "m", "class": "D", "checked": ""}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'the codes before');
SELECT handed('clerk', 'labels', '[{"key": "RO:1:a", "object": "RO", "label": "hotel"}, {"key": "RO/02:1:a", "object": "RO/02", "label": "school"},
	{"key": "MO:1:a", "object": "MO", "label": "hotel"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'with labels');
SELECT handed('clerk', 'checks', '[{"key": "RO:1:a", "entity": "RO", "object": "", "date": "2026-02-01", "item": "first"},
	{"key": "MO:1:a", "entity": "MO", "object": "", "date": "2026-02-01", "item": "first"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'and inspections');
SELECT handed('clerk', 'successions', '[{"key": "RO:2:a", "old": "RO", "new": "RM", "kind": "recode", "date": "2026-01-01"},
	{"key": "RM:2:a", "old": "RM", "new": "RN", "kind": "recode", "date": "2026-01-02"},
	{"key": "MO:2:a", "old": "MO", "new": "MN", "kind": "merge", "date": "2026-01-01"}]') AS recodes \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ') FROM import_doubts(:recodes)), '3 succession RM', 'of its own, and of one that is not listed yet');
SELECT is(done('clerk', 'import_confirm(' || :recodes || ')'), 'ok', 'recoded twice, and merged');
SELECT is(row_of('RO'), 'D|hotel|a-one=2026-02-01|in', 'the old code stands until the new one is listed');
SELECT handed('clerk', 'entities', '[{"key": "RN", "entity": "RN", "name": "r"}, {"key": "RN/02", "entity": "RN", "name": "r", "class": "A"},
	{"key": "MN", "entity": "MN", "name": "m"}, {"key": "RM", "entity": "RM", "name": "r"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'the codes after');
SELECT is(row_of(code), wanted, code) FROM (VALUES ('RN', 'D|hotel|a-one=2026-02-01|*=2026-01-05|in'), ('RN/02', 'A|school|||in'),
	('MN', 'hotel||in'), ('MO', 'D|hotel|a-one=2026-02-01|in'), ('RO', 'D|hotel|a-one=2026-02-01||out'), ('RM', 'D|hotel|a-one=2026-02-01|*=2026-01-05|out')) v (code, wanted);
SELECT is((SELECT count(*) FROM recoded_on('2025-12-31') WHERE object ~ '^R'), 0::bigint, 'by the day');
SELECT is(done('clerk', 'import_undo(' || :recodes || ', ''x'')') || ' ' || row_of('RO') || ' ' || row_of('RN'), 'ok D|hotel|a-one=2026-02-01|in -||in', 'until it is undone');

-- ---- one person with two numbers --------------------------------------------------------------------------------

BEGIN;
INSERT INTO inspector_number (department, certificate_no, inspector) VALUES ('a', 'C-9', 'A-0091'), ('b', 'C-9', 'B-0091'), ('b', 'C-10', 'B-0092'), ('b', 'C-11', 'B-0093');
SELECT handed('clerk', 'inspectors', '[{"key": "A-0091", "department": "a", "name": "戊", "certificate_no": "C-9", "certificate": "2030-01-01"}]') AS list \gset
SELECT is(done('clerk', 'import_confirm(' || :list || ')'), 'ok', 'an inspector of a');
SELECT handed('headb', 'inspectors', '[{"key": "B-0091", "department": "b", "name": "戊", "certificate_no": "C-9", "certificate": "2030-01-01", "id_no": "1 S"}]') AS list \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ') FROM import_doubts(:list)), '2 certificate C-9', 'the certificate of an inspector of a');
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'with a citizen ID');
SELECT handed('headb', 'inspectors', '[{"key": "B-0092", "department": "b", "name": "戊", "certificate_no": "C-10", "certificate": "2030-01-01", "id_no": "1 S"},
	{"key": "B-0093", "department": "b", "name": "己", "certificate_no": "C-11", "certificate": "2030-01-01", "id_no": "2 S"}]') AS list \gset
SELECT is((SELECT string_agg(concat_ws(' ', line, what, value), ', ' ORDER BY what) FROM import_doubts(:list)), '2 id , 2 name 戊', 'and one of the same ID, and name');
SELECT is(done('headb', 'import_confirm(' || :list || ')'), 'ok', 'under another certificate');
SELECT is((SELECT string_agg(other, ' ' ORDER BY other) FROM same_person() WHERE inspector = 'A-0091'), 'B-0091 B-0092', 'are one person, over two steps');
SELECT is((SELECT count(*) FROM same_person() WHERE inspector = 'B-0093'), 0::bigint, 'others are not');
ROLLBACK;

-- ---- candidates ---------------------------------------------------------------------------------------------

SELECT is((SELECT string_agg(candidate || ' ' || how, ', ' ORDER BY candidate) FROM import_match('{P1,P2,P3}', 'one', '')), 'P1 name',
	'of codes that may be meant, the one known by that name');
SELECT is((SELECT count(*) FROM import_match('{P1,P2}', '', '')), 0::bigint, 'no name is nobody''s');

-- ---- the same file again, by whom ----------------------------------------------------------------------------

BEGIN;
INSERT INTO account (id, kind, person, name) VALUES ('coord2', 'person', '99', '乙');
INSERT INTO account_role (account, role, from_date) VALUES ('coord2', 'coordinator', '2026-01-01');
INSERT INTO session (account, hash, csrf, ends_at) VALUES ('coord2', sha256('coord2'), repeat('c', 43), now() + interval '1 day');
SELECT handed('coord', 'permits', '[{"key": "P77", "number": "7"}]') AS office, handed('clerk', 'permits', '[{"key": "P78", "number": "7"}]') AS ofa \gset
CREATE FUNCTION pg_temp.again(who text, batch int8) RETURNS text AS $$
DECLARE
	asked jsonb;
BEGIN
	PERFORM become(who);
	PERFORM set_config('role', 'drawd_web', true);
	asked := import_again(batch);
	INSERT INTO drawd.job (kind, args) VALUES ('import', asked);
	PERFORM set_config('role', 'none', true);
	PERFORM become('nobody');
	RETURN 'queued';
EXCEPTION
	WHEN SQLSTATE 'DR000' OR insufficient_privilege THEN
		PERFORM set_config('role', 'none', true);
		PERFORM become('nobody');
		RETURN CASE WHEN SQLSTATE = 'DR000' THEN SQLERRM ELSE 'denied' END;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.again(who, batch), wanted, who || ' reads again')
  FROM (VALUES ('coord2', :office, 'queued'), ('coord', :office, 'queued'), ('head', :ofa, 'queued'),
	('coord2', :ofa, 'not-allowed: a')) v (who, batch, wanted);
ROLLBACK;

-- ---- files are kept for a while -----------------------------------------------------------------------------

BEGIN;
SELECT handed('clerk', 'permits', '[{"key": "P91", "number": "1"}]', 'k1') AS counts,
       handed('clerk', 'permits', '[{"key": "P92", "number": "1"}]', 'k2') AS waits,
       handed('clerk', 'permits', '[{"key": "P93", "number": "1"}]', 'k3') AS dropped,
       handed('clerk', 'permits', '[{"key": "P94", "number": "1"}]', 'k4') AS young,
       handed('clerk', 'permits', '[{"key": "P95", "number": "1"}]', 'k5') AS named,
       handed('clerk', 'permits', '[{"key": "P96", "number": "1"}]', 'k6') AS busy \gset
UPDATE import_batch SET state = 'discarded' WHERE id IN (:dropped, :named, :busy);
INSERT INTO artefact (sha256, part_set, name, size) VALUES (sha256('one'), 991, 'returned', 3), (sha256('two'), 992, 'returned', 3);
INSERT INTO artefact_chunk (part_set, part, data) VALUES (991, 0, 'one'), (992, 0, 'two');
UPDATE import_batch SET file = sha256('one'), file_state = 'ready' WHERE id IN (:counts, :dropped);
UPDATE import_batch SET file = sha256('two'), file_state = 'ready' WHERE id = :waits;
UPDATE import_batch SET state = 'confirmed', confirmed_at = staged_at WHERE id = :counts;
SELECT min(upload) AS u FROM import_batch WHERE id = :busy \gset
INSERT INTO job (kind, args) VALUES ('import', jsonb_build_object('upload', :u, 'kind', 'permits'));
CREATE TEMP TABLE mine AS SELECT b.id AS batch, b.upload FROM import_batch b WHERE b.id IN (:counts, :waits, :dropped, :young, :named, :busy);
UPDATE upload SET received = 0, size = 1 WHERE id IN (SELECT upload FROM mine);
INSERT INTO upload_piece (upload, position, data) SELECT upload, 0, 'x' FROM mine;
UPDATE upload SET sha256 = sha256('evidence') WHERE id = (SELECT upload FROM mine WHERE batch = :named);
INSERT INTO motion (kind, reason, evidence, moved_by, moved_person, moved_role, moved_at, ends_at)
VALUES ('void', 'x', encode(sha256('evidence'), 'hex'), 'coord', '2', 'coordinator', 1, 2);
UPDATE upload SET created_at = now() - interval '31 days';
UPDATE import_batch b SET created_at = now() - interval '31 days', staged_at = now() - interval '31 days',
       confirmed_at = CASE WHEN confirmed_at IS NOT NULL THEN now() - interval '31 days' END,
       undone_at = CASE WHEN undone_at IS NOT NULL THEN now() - interval '31 days' END;
UPDATE import_batch SET created_at = now() - interval '29 days' WHERE id = :young;
UPDATE clock SET fixed = extract(epoch FROM now());
CREATE FUNCTION pg_temp.swept(days int8) RETURNS text AS $$
DECLARE
	n record;
BEGIN
	PERFORM set_config('role', 'drawd_worker', true);
	SELECT * INTO n FROM import_sweep(days, 1000);
	PERFORM set_config('role', 'none', true);
	RETURN (SELECT string_agg(m.batch || CASE WHEN EXISTS (SELECT FROM upload_piece p WHERE p.upload = m.upload)
			THEN ' kept' ELSE ' removed' END, ', ' ORDER BY m.batch) FROM mine m) || '; files ' || n.files;
END
$$ LANGUAGE plpgsql;
SELECT format('%s kept, %s kept, %s kept, %s kept, %s kept, %s kept; files 0', :counts, :waits, :dropped, :young, :named, :busy) AS all_kept,
       format('%s removed, %s kept, %s removed, %s kept, %s kept, %s kept; files ', :counts, :waits, :dropped, :young, :named, :busy) AS some \gset
SELECT is(pg_temp.swept(0), :'all_kept', 'nothing is removed where files are kept for ever');
SELECT is(pg_temp.swept(32), :'all_kept', 'nor before the days are over');
UPDATE clock SET fixed = extract(epoch FROM now()) - 2 * 86400;
SELECT is(pg_temp.swept(30), :'all_kept', 'nor where they are over by one of two clocks');
UPDATE clock SET fixed = extract(epoch FROM now());
SELECT is(pg_temp.swept(30), :'some' || 1, 'what is over goes, but not what waits, was touched since, supports a motion or is being read');
SELECT is(pg_temp.swept(30), :'some' || 0, 'once');
SELECT is((SELECT string_agg(file_state || ' ' || (file IS NULL), ', ' ORDER BY id) FROM import_batch WHERE id IN (:counts, :waits)),
	'removed true, ready false', 'with the file that went back');
SELECT is((SELECT string_agg(part_set::text, ' ') FROM artefact JOIN artefact_chunk USING (part_set) WHERE name = 'returned'), '992',
	'of which nothing is left');
SELECT is((SELECT count(*) FROM artefact_chunk WHERE part_set = 991), 0::bigint, 'not a part');
SELECT is((SELECT count(*) FROM permits_current WHERE number = '1' AND id = 'P91'), 1::bigint, 'what it said counts as before');
SELECT is((SELECT count(*) FROM import_list WHERE removed IS NOT NULL AND id IN (:counts, :waits, :dropped, :young)), 2::bigint, 'batches tell it');
SELECT is((SELECT count(*) FROM audit WHERE object_kind = 'upload' AND act = 'changed' AND detail ? 'removed_at'
	AND object IN (SELECT upload::text FROM mine)), 2::bigint, 'the audit log too');
SELECT is(left(done('clerk', 'import_again(' || :dropped || ')'), 12), 'file-removed', 'and it is not read again');
SET LOCAL ROLE drawd_owner;
DELETE FROM drawd.upload_piece;
DELETE FROM drawd.artefact;
DELETE FROM drawd.artefact_chunk;
RESET ROLE;
SELECT is((SELECT count(*) FROM upload_piece p JOIN mine USING (upload)), 4::bigint, 'the owner removes no content that is kept');
SELECT is((SELECT count(*) FROM artefact_chunk WHERE part_set = 992), 1::bigint, 'nor a file that goes back');
ROLLBACK;

-- ---- by whose clock ------------------------------------------------------------------------------------------

BEGIN;
SELECT count(*) AS told FROM permits_current \gset
UPDATE clock SET ahead = 8640000;
SELECT handed('clerk', 'permits', permits('CLOCK=1')) AS ahead \gset
SELECT is(done('clerk', 'import_confirm(' || :ahead || ')'), 'ok', 'a list by a clock that is 100 days ahead');
SELECT is((SELECT array_agg(abs(extract(epoch FROM t - clock_timestamp()) - 8640000) < 60) FROM import_batch b,
	unnest(ARRAY[b.created_at, b.staged_at, b.confirmed_at]) t WHERE b.id = :ahead), '{t,t,t}', 'bears its times');
SELECT is((SELECT count(*) FROM permits_as_of(clock_timestamp() + interval '99 days')), :told::bigint, 'it did not count then');
SELECT is((SELECT count(*) FROM permits_as_of(clock_timestamp() + interval '101 days')), :told::bigint + 1, 'and did then');
SELECT handed('clerk', 'permits', permits('CLOCK=2')) AS waits \gset
UPDATE clock SET ahead = 0;
SELECT handed('clerk', 'permits', permits('CLOCK=3')) AS back \gset
SELECT is(done('clerk', 'import_confirm(' || :back || ')'), 'ok', 'where the clock was put back, lists still follow each other');
SELECT is(done('clerk', 'import_confirm(' || :waits || ')'), 'preview-stale: import N', 'and what waited meanwhile is stale');
SELECT is((SELECT number FROM permits_current WHERE id = 'CLOCK'), '3', 'the last one counts');
ROLLBACK;

-- ---- what counted is never deleted ---------------------------------------------------------------------------

BEGIN;
SET LOCAL ROLE drawd_owner;
DELETE FROM drawd.permit_fact;
DELETE FROM drawd.entity_fact;
RESET ROLE;
SELECT isnt((SELECT count(*) FROM permit_fact WHERE batch = :three), 0::bigint, 'the owner deletes no fact that counts');
SELECT isnt((SELECT count(*) FROM permit_fact WHERE batch = :two), 0::bigint, 'nor one that counted');
SELECT is((SELECT count(*) FROM permit_fact f JOIN import_batch b ON b.id = f.batch WHERE b.confirmed_at IS NULL), 0::bigint,
	'all others it may');
ROLLBACK;
SELECT * FROM finish();
