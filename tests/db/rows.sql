-- What every account sees of every table, and what it may write: as drawd_web, in the world of
-- world.sql. Labels stand for rows; `denied` is a table on which drawd_web has no right at all.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
BEGIN;

-- `nobody` entered not at all, `stranger` as the public; old holds its role on other days, off is
-- disabled, shut is restricted, lone has no role, deputy has that of head delegated.
CREATE TEMP TABLE actor (name text, place serial);
INSERT INTO actor SELECT unnest('{nobody,stranger,adm,coord,head,deputy,clerk,svc,headb,clerkc,insp,aud,over,
	cust,lone,old,off,shut,astray}'::text[]);

-- The label of a row of each table; NULL leaves it out.
CREATE TEMP TABLE label (relation text, expression text);
INSERT INTO label VALUES
	('access_token', 'account'), ('account', 'id'), ('account_role', 'account'), ('anchor', '''row'''),
	('approval', 'right(round, 1)'), ('artefact', 'name'), ('artefact_chunk', 'part_set'),
	('audit', 'CASE WHEN object = ''probe'' THEN account || ''/'' || object_kind END'),
	('audit_head', '''row'''), ('bundle', 'size'), ('checkpoint', '''row'''), ('clock', 'one'), ('context_key', 'one'),
	('department', 'id'), ('device', 'account'), ('entity_fact', 'name'),
	('import_batch', 'source'), ('import_error', 'value'), ('inspector_fact', 'inspector'),
	('inspector_number', 'inspector'), ('job', 'CASE WHEN kind <> ''quality'' THEN dedup END'), ('key_request', 'id'), ('log_entry', '''row'''),
	('log_head', '''row'''), ('log_tile', '''row'''), ('migration', '''row'''), ('motion', 'subject'),
	('motion_kind', '''row'''), ('projection', 'right(round, 1)'), ('proposal', 'right(round, 1)'),
	('recusal_fact', 'ground'), ('request_key', 'account'), ('role', '''row'''),
	('programme', 'title'), ('programme_task', 'code'), ('programme_draw', 'batches'), ('programme_submission', 'department'),
	('programme_opinion', 'opinion'), ('programme_amendment', 'reason'), ('programme_filing', 'number'),
	('programme_escalation', 'matter'), ('programme_published', 'code'), ('programme_check', 'refused'), ('programme_round', 'error #>> ''{}'''),
	('document', 'code'), ('document_source', 'source'), ('dropped', 'object'), ('look', 'result'),
	('class_batch', '''row'''), ('class_count', '''row'''), ('class_due', '''row'''), ('class_run', '''row'''),
	('class_said', '''row'''), ('focus', 'trigger'), ('letter', 'text'), ('buffer', 'matter'),
	('clue', 'lower(object)'), ('clue_step', 'note'), ('cause', 'basis'),
	('quality_batch', '''row'''), ('quality_code', '''row'''),
	('quality_snapshot', '''row'''), ('quality_figure', '''row'''), ('quality_edit', 'key'),
	('round', 'right(id, 1)'), ('round_artefact', 'name'), ('round_figure', 'department'), ('round_task', 'task'),
	('secret', 'round'),
	('selection', 'object'), ('session', 'account'), ('signin_failure', 'account'),
	('signin_refusal', 'account'),
	('slot', 'object || '':'' || department'), ('upload', 'name'),
	('upload_piece', 'convert_from(data, ''UTF8'')'), ('visit', 'object'),
	('bundle_public', 'size'), ('round_public', 'right(id, 1)'), ('batch_counted', '''row'''),
	('register', '''row'''), ('header_mapping', 'header'), ('object_name', 'name'), ('inspector_name', 'inspector');
INSERT INTO label SELECT tbl, key FROM register WHERE name NOT IN ('entities', 'inspectors', 'recusals');

-- Who sees which rows; `*` is everybody not named for the table.
CREATE TEMP TABLE expected (relation text, actors text, seen text);
INSERT INTO expected VALUES
	-- everybody
	('anchor', '*', 'row'), ('checkpoint', '*', 'row'), ('log_entry', '*', 'row'), ('log_head', '*', 'row'),
	('log_tile', '*', 'row'), ('migration', '*', 'row'), ('motion_kind', '*', 'row'), ('role', '*', 'row'),
	('register', '*', 'row'), ('batch_counted', '*', 'row'),
	('department', '*', 'a b c'), ('round_public', '*', '2 3 5'), ('bundle_public', '*', '1'),
	-- nobody
	('context_key', '*', 'denied'), ('clock', '*', 'denied'), ('device', '*', 'denied'), ('round_figure', '*', 'denied'),
	('upload_piece', '*', 'denied'), ('artefact_chunk', '*', 'denied'),
	('key_request', '*', 'denied'), ('request_key', '*', 'denied'), ('secret', '*', 'denied'),
	('signin_failure', '*', 'denied'), ('signin_refusal', '*', 'denied'),
	-- people
	('account', 'adm aud', 'adm astray aud clerk clerkc coord cust deputy head headb insp lone off old over shut svc'),
	('account', 'head deputy', 'astray clerk deputy head insp lone off old shut svc'),
	('account', 'clerk', 'clerk svc'), ('account', 'coord', 'coord'), ('account', 'svc', 'svc'),
	('account', 'headb', 'headb'), ('account', 'clerkc', 'clerkc'), ('account', 'insp', 'insp'),
	('account', 'over', 'over'), ('account', 'cust', 'cust'), ('account', 'lone', 'lone'),
	('account', 'old', 'old'), ('account', 'shut', 'shut'), ('account', 'astray', 'astray'),
	('account', '*', ''),
	('account_role', 'adm aud',
		'adm astray aud clerk clerkc coord cust deputy head headb insp off old over shut svc'),
	('account_role', 'head deputy', 'astray clerk deputy head insp off old shut svc'),
	('account_role', 'clerk', 'clerk svc'), ('account_role', 'coord', 'coord'),
	('account_role', 'svc', 'svc'), ('account_role', 'headb', 'headb'),
	('account_role', 'clerkc', 'clerkc'), ('account_role', 'insp', 'insp'),
	('account_role', 'over', 'over'), ('account_role', 'cust', 'cust'), ('account_role', 'old', 'old'),
	('account_role', 'shut', 'shut'), ('account_role', 'astray', 'astray'), ('account_role', '*', ''),
	('session', 'adm aud',
		'adm astray aud clerk clerkc coord cust deputy head headb insp lone off old over shut'),
	('session', 'coord', 'coord'), ('session', 'head', 'head'), ('session', 'deputy', 'deputy'),
	('session', 'clerk', 'clerk'), ('session', 'headb', 'headb'), ('session', 'clerkc', 'clerkc'),
	('session', 'insp', 'insp'), ('session', 'over', 'over'), ('session', 'cust', 'cust'),
	('session', 'lone', 'lone'), ('session', 'old', 'old'), ('session', 'shut', 'shut'),
	('session', 'astray', 'astray'), ('session', '*', ''),
	('access_token', 'adm aud', 'clerk headb svc'), ('access_token', 'head deputy', 'svc'),
	('access_token', 'clerk', 'clerk svc'), ('access_token', 'svc', 'svc'),
	('access_token', 'headb', 'headb'), ('access_token', '*', ''),
	-- files, jobs, imports
	('upload', 'aud coord', 'ua ub uc ui'), ('upload', 'head deputy clerk', 'ua uc'), ('upload', 'svc', 'ua'),
	('upload', 'headb', 'ub'), ('upload', 'clerkc', 'uc'), ('upload', '*', ''),
	('job', 'adm coord aud', 'ja jb jc ji'), ('job', 'head deputy clerk', 'ja jc'), ('job', 'svc', 'ja'),
	('job', 'headb', 'jb'), ('job', 'clerkc', 'jc'), ('job', '*', ''),
	('import_batch', 'coord aud', 'ia ib ic ii'), ('import_batch', 'head deputy clerk', 'ia ic'),
	('import_batch', 'svc', 'ia'), ('import_batch', 'headb', 'ib'), ('import_batch', 'clerkc', 'ic'),
	('import_batch', '*', ''),
	('import_error', 'coord aud', 'ia ib ic ii'), ('import_error', 'head deputy clerk', 'ia ic'),
	('import_error', 'svc', 'ia'), ('import_error', 'headb', 'ib'), ('import_error', 'clerkc', 'ic'),
	('import_error', '*', ''),
	('artefact', 'coord aud', 'audit early public sealed'), ('artefact', '*', 'public'),
	('header_mapping', 'coord aud', 'ha hb hc hi'), ('header_mapping', 'head deputy clerk', 'ha hc'),
	('header_mapping', 'svc', 'ha'), ('header_mapping', 'headb', 'hb'), ('header_mapping', 'clerkc', 'hc'),
	('header_mapping', '*', ''),
	('look', 'coord aud', 'la lb lc li'), ('look', 'head deputy clerk', 'la lc'), ('look', 'svc', 'la'),
	('look', 'headb', 'lb'), ('look', 'clerkc', 'lc'), ('look', '*', ''),
	-- programmes: pc is being collected, pr in review, pp published; tasks of a and b, and one of c
	('programme', 'coord aud head deputy clerk svc headb clerkc', 'pc pp pr'), ('programme', '*', 'pp'),
	('programme_task', 'coord aud', 'ca cb cc pa pb pc ra rb rc'), ('programme_task', 'head deputy clerk', 'ca cc pa pb pc ra rb rc'),
	('programme_task', 'svc', 'ca pa pb pc ra rb rc'), ('programme_task', 'headb', 'cb pa pb pc ra rb rc'),
	('programme_task', 'clerkc', 'cc pa pb pc ra rb rc'), ('programme_task', '*', ''),
	('programme_draw', 'coord aud', 'ca cb cc pa pb pc ra rb rc'), ('programme_draw', 'head deputy clerk', 'ca cc pa pb pc ra rb rc'),
	('programme_draw', 'svc', 'ca pa pb pc ra rb rc'), ('programme_draw', 'headb', 'cb pa pb pc ra rb rc'),
	('programme_draw', 'clerkc', 'cc pa pb pc ra rb rc'), ('programme_draw', '*', ''),
	('programme_submission', 'coord aud head deputy clerk svc headb clerkc', 'a b'), ('programme_submission', '*', ''),
	('programme_opinion', 'coord aud head deputy clerk svc headb clerkc', 'oc op or'), ('programme_opinion', '*', ''),
	('programme_escalation', 'coord aud head deputy clerk svc headb clerkc', 'mc mp mr'), ('programme_escalation', '*', ''),
	('programme_amendment', 'coord aud head deputy clerk svc headb clerkc', 'ap ar'), ('programme_amendment', '*', 'ap'),
	('programme_filing', 'coord aud head deputy clerk svc headb clerkc', 'fp fr'), ('programme_filing', '*', 'fp'),
	('programme_published', 'coord aud head deputy clerk svc headb clerkc', 'pa ra'), ('programme_published', '*', 'pa'),
	('programme_check', 'coord aud', 'kc kp kr'), ('programme_check', 'head deputy clerk svc headb clerkc', 'kp kr'), ('programme_check', '*', ''),
	('programme_round', 'coord aud', 'nc np nr'), ('programme_round', 'head deputy clerk svc headb clerkc', 'np nr'), ('programme_round', '*', ''),
	('document', 'coord aud', 'da db dc di'), ('document', 'head deputy clerk', 'da dc di'),
	('document', 'svc', 'da di'), ('document', 'headb', 'db di'), ('document', 'clerkc', 'dc di'), ('document', '*', ''),
	('document_source', 'coord aud', 'sa sb sc si'), ('document_source', 'head deputy clerk', 'sa sc si'),
	('document_source', 'svc', 'sa si'), ('document_source', 'headb', 'sb si'), ('document_source', 'clerkc', 'sc si'),
	('document_source', '*', ''),
	('class_batch', '*', 'denied'), ('class_count', '*', 'denied'), ('class_due', '*', 'denied'),
	('class_run', '*', 'denied'), ('class_said', '*', 'denied'),
	('focus', 'coord aud', 'ff foa foab fob foc fox'), ('focus', 'head deputy clerk', 'foa foab foc'), ('focus', 'svc', 'foa foab'),
	('focus', 'headb', 'fob'), ('focus', 'clerkc', 'foc'), ('focus', '*', ''),
	('clue', 'coord aud', 'ca cab cb cc'), ('clue', 'head deputy clerk', 'ca cab cc'), ('clue', 'svc', 'cab'),
	('clue', 'headb', 'cab cb'), ('clue', 'clerkc', 'cc'), ('clue', '*', ''),
	('clue_step', 'coord aud', 'ta tab tb tc'), ('clue_step', 'head deputy clerk', 'ta tab tc'), ('clue_step', 'svc', 'tab'),
	('clue_step', 'headb', 'tab tb'), ('clue_step', 'clerkc', 'tc'), ('clue_step', '*', ''),
	('cause', 'coord aud', 'va vb vc'), ('cause', 'head deputy clerk', 'va vc'), ('cause', 'svc insp', 'va'),
	('cause', 'headb', 'vb'), ('cause', 'clerkc', 'vc'), ('cause', '*', ''),
	('letter', 'coord aud', 'lfoa lfoab lfob lfoc lfox'), ('letter', 'head deputy clerk', 'lfoa lfoab lfoc'),
	('letter', 'svc', 'lfoa lfoab'), ('letter', 'headb', 'lfob'), ('letter', 'clerkc', 'lfoc'), ('letter', '*', ''),
	('buffer', 'coord aud', 'ba bb bc'), ('buffer', 'head deputy clerk', 'ba bc'), ('buffer', 'svc', 'ba'),
	('buffer', 'headb', 'bb'), ('buffer', 'clerkc', 'bc'), ('buffer', '*', ''),
	('quality_batch', '*', 'denied'), ('quality_code', '*', 'denied'),
	('quality_snapshot', '*', 'denied'), ('quality_figure', '*', 'denied'),
	('quality_edit', 'coord aud', 'qa qb qc qi'), ('quality_edit', 'head deputy clerk', 'qa qc'),
	('quality_edit', 'svc', 'qa'), ('quality_edit', 'headb', 'qb'), ('quality_edit', 'clerkc', 'qc'),
	('quality_edit', '*', ''),
	-- the registers
	('entity_fact', 'coord aud', 'oa oab ob oc ox'), ('entity_fact', 'head deputy clerk', 'oa oab oc ox'),
	('entity_fact', 'svc', 'oa oab ox'), ('entity_fact', 'headb', 'ob ox'), ('entity_fact', 'clerkc', 'oc ox'),
	('entity_fact', '*', ''),
	('object_name', 'coord aud', 'oa oab ob oc ox'), ('object_name', 'head deputy clerk', 'oa oab oc'),
	('object_name', 'svc', 'oa oab'), ('object_name', 'headb', 'oab ob'), ('object_name', 'clerkc', 'oc'),
	('object_name', 'insp', 'oa'), ('object_name', '*', ''),
	('inspector_number', 'coord aud', 'A-0001 A-0002 B-0001 C-0001'),
	('inspector_number', 'head deputy clerk', 'A-0001 A-0002 C-0001'),
	('inspector_number', 'svc', 'A-0001 A-0002'), ('inspector_number', 'headb', 'B-0001'),
	('inspector_number', 'clerkc', 'C-0001'), ('inspector_number', 'insp', 'A-0001'),
	('inspector_number', '*', ''),
	('inspector_fact', 'coord aud', 'A-0001 A-0002 B-0001 C-0001'),
	('inspector_fact', 'head deputy clerk', 'A-0001 A-0002 C-0001'), ('inspector_fact', 'svc', 'A-0001 A-0002'),
	('inspector_fact', 'headb', 'B-0001'), ('inspector_fact', 'clerkc', 'C-0001'),
	('inspector_fact', 'insp', 'A-0001'), ('inspector_fact', '*', ''),
	('inspector_name', 'coord aud head deputy clerk', 'A-0001 A-0002 B-0001 C-0001'),
	('inspector_name', 'svc', 'A-0001 A-0002 B-0001'), ('inspector_name', 'headb', 'A-0002 B-0001'),
	('inspector_name', 'clerkc', 'C-0001'), ('inspector_name', 'insp', 'A-0001'),
	('inspector_name', '*', ''),
	('recusal_fact', 'coord aud', 'ra rb rc'), ('recusal_fact', 'head deputy clerk', 'ra rc'),
	('recusal_fact', 'svc insp', 'ra'), ('recusal_fact', 'headb', 'rb'), ('recusal_fact', 'clerkc', 'rc'),
	('recusal_fact', '*', ''),
	-- rounds
	('round', 'coord aud', '1 2 3 4 5'), ('round', 'head deputy clerk', '1 2 5'), ('round', 'svc', '1 2'),
	('round', 'headb', '2 3 4'), ('round', 'clerkc', '5'), ('round', '*', ''),
	('round_task', 'coord aud', 'ta1 ta2 tab2 tb2 tb3 tb4 tc5'),
	('round_task', 'head deputy clerk', 'ta1 ta2 tab2 tc5'), ('round_task', 'svc', 'ta1 ta2 tab2'),
	('round_task', 'headb', 'tab2 tb2 tb3 tb4'), ('round_task', 'clerkc', 'tc5'), ('round_task', '*', ''),
	('approval', 'coord aud', '1 4'), ('approval', 'head deputy clerk svc', '1'), ('approval', 'headb', '4'),
	('approval', '*', ''),
	('round_artefact', 'coord aud', 'strata'), ('round_artefact', '*', ''),
	('bundle', 'coord aud', '1 2 3'), ('bundle', '*', '1'),
	('proposal', 'coord aud', '2'), ('proposal', '*', ''),
	('projection', 'coord aud', '2'), ('projection', '*', ''),
	('dropped', 'coord aud', 'OA OAB OB OC'), ('dropped', 'head deputy clerk', 'OA OAB OC'),
	('dropped', 'svc', 'OA OAB'), ('dropped', 'headb', 'OAB OB'), ('dropped', 'clerkc', 'OC'), ('dropped', '*', ''),
	('selection', 'coord aud', 'OA OAB OB OC'), ('selection', 'head deputy clerk', 'OA OAB OC'),
	('selection', 'svc', 'OA OAB'), ('selection', 'headb', 'OAB OB'), ('selection', 'clerkc', 'OC'),
	('selection', '*', ''),
	('visit', 'coord aud', 'OA OAB OB OC'), ('visit', 'head deputy clerk', 'OA OAB OC'),
	('visit', 'svc', 'OA OAB'), ('visit', 'headb', 'OAB OB'), ('visit', 'clerkc', 'OC'),
	('visit', 'insp', 'OA'), ('visit', '*', ''),
	('slot', 'coord aud', 'OA:a OAB:a OAB:b OB:b OC:c'),
	('slot', 'head deputy clerk', 'OA:a OAB:a OAB:b OC:c'), ('slot', 'svc', 'OA:a OAB:a OAB:b'),
	('slot', 'headb', 'OAB:a OAB:b OB:b'), ('slot', 'clerkc', 'OC:c'), ('slot', 'insp', 'OA:a'),
	('slot', '*', ''),
	-- motions and audit
	('motion', 'coord aud over', 'acc beacon del dep freeze ra rb role void'),
	('motion', 'adm', 'acc del dep role'),
	('motion', 'cust', 'beacon void'), ('motion', 'head deputy', 'acc ra'), ('motion', 'clerk', 'ra'),
	('motion', 'headb', 'del rb'), ('motion', '*', ''),
	('audit', 'aud', 'adm/account clerk/upload headb/upload off/access-token off/account-role off/department '
		'off/motion off/session off/sign-in'),
	('audit', 'adm', 'adm/account off/access-token off/account-role off/department off/session off/sign-in'),
	('audit', 'clerk', 'clerk/upload'), ('audit', 'headb', 'headb/upload'), ('audit', '*', ''),
	('audit_head', 'aud', 'row'), ('audit_head', '*', '');
INSERT INTO expected
SELECT tbl, v.actors, v.seen
  FROM register, LATERAL (VALUES ('coord aud', 'ra rc ri'),
	('head deputy clerk', CASE sight WHEN 'need' THEN 'ra rc' ELSE 'ra rc ri' END),
	('svc', CASE sight WHEN 'need' THEN 'ra' ELSE 'ra ri' END),
	('headb', CASE sight WHEN 'all' THEN 'ra ri' WHEN 'need' THEN '' ELSE 'ri' END),
	('clerkc', CASE sight WHEN 'all' THEN 'ra rc ri' WHEN 'need' THEN 'rc' ELSE 'rc ri' END),
	('adm insp over cust lone old astray', CASE sight WHEN 'all' THEN 'ra ri' ELSE '' END),
	('*', '')) v (actors, seen)
 WHERE name NOT IN ('entities', 'inspectors', 'recusals');

-- What drawd_web may write there: I insert, U(rows) update. Nobody deletes.
CREATE TEMP TABLE writes (relation text, actors text, rights text);
INSERT INTO writes VALUES
	('upload', 'head deputy clerk svc', 'I U(ua)'), ('upload', 'headb', 'I U(ub)'),
	('upload', 'clerkc', 'I U(uc)'), ('upload', 'coord', 'I U(ui)');

-- ---- looking and trying --------------------------------------------------------------------------

CREATE FUNCTION pg_temp.as_web(who text) RETURNS void AS $$
	SELECT set_config('role', 'none', true);
	SELECT become(who);
	SELECT set_config('role', 'drawd_web', true);
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.seen(relation text, expression text) RETURNS text AS $$
DECLARE
	said text;
BEGIN
	EXECUTE format('SELECT coalesce(string_agg(DISTINCT l, '' '' ORDER BY l), '''')
		FROM (SELECT (%s)::text COLLATE "C" AS l FROM drawd.%I) q WHERE l IS NOT NULL',
		expression, relation) INTO said;
	RETURN said;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN 'denied';
END
$$ LANGUAGE plpgsql;
-- a column that drawd_web may update, else any
CREATE FUNCTION pg_temp.column_of(relation text) RETURNS text AS $$
	SELECT attname::text FROM pg_attribute
	 WHERE attrelid = ('drawd.' || quote_ident(relation))::regclass AND attnum > 0 AND NOT attisdropped
	   AND attgenerated = '' AND attidentity = ''
	 ORDER BY has_column_privilege('drawd_web', attrelid, attnum, 'UPDATE') DESC, attnum LIMIT 1
$$ LANGUAGE sql;
-- Everything tried is taken back: the exception that ends a block does it.
CREATE FUNCTION pg_temp.written(relation text, expression text) RETURNS text AS $$
DECLARE
	column_name text := pg_temp.column_of(relation);
	said text := '';
	rows text;
	n int8;
BEGIN
	BEGIN
		EXECUTE format('INSERT INTO drawd.%I DEFAULT VALUES', relation);
		RAISE EXCEPTION USING ERRCODE = '23502';
	EXCEPTION
		WHEN insufficient_privilege OR object_not_in_prerequisite_state THEN NULL;
		WHEN not_null_violation THEN said := 'I';
	END;
	BEGIN
		EXECUTE format('WITH u AS (UPDATE drawd.%I SET %I = %I RETURNING (%s)::text AS l)
			SELECT string_agg(l, '' '' ORDER BY l COLLATE "C") FROM u', relation, column_name, column_name,
			expression) INTO rows;
		said := concat_ws(' ', nullif(said, ''), 'U(' || rows || ')');
	EXCEPTION WHEN insufficient_privilege OR object_not_in_prerequisite_state THEN NULL;
	END;
	BEGIN
		EXECUTE format('DELETE FROM drawd.%I', relation);
		GET DIAGNOSTICS n = ROW_COUNT;
		said := said || 'D' || n;
	EXCEPTION WHEN insufficient_privilege OR object_not_in_prerequisite_state THEN NULL;
	END;
	RETURN said;
END
$$ LANGUAGE plpgsql;

CREATE TEMP TABLE result AS SELECT relation, name AS actor, place, NULL::text AS seen, NULL::text AS rights
  FROM label, actor;
GRANT ALL ON result, label TO drawd_web;
DO $$
DECLARE
	a record;
BEGIN
	FOR a IN SELECT name FROM actor ORDER BY place LOOP
		PERFORM pg_temp.as_web(a.name);
		UPDATE pg_temp.result r SET seen = pg_temp.seen(r.relation, l.expression),
		       rights = pg_temp.written(r.relation, l.expression)
		  FROM pg_temp.label l WHERE l.relation = r.relation AND r.actor = a.name;
		PERFORM set_config('role', 'none', true);
	END LOOP;
END
$$;

SELECT plan((SELECT count(*)::int FROM result) + 173);
SELECT is((SELECT string_agg(relname, ' ') FROM pg_class
            WHERE relnamespace = 'drawd'::regnamespace AND relkind IN ('r', 'p')
              AND relname NOT IN (SELECT relation FROM label)), NULL, 'every table is looked at');
SELECT is(r.seen || ' / ' || r.rights,
	(SELECT seen FROM expected e
	  WHERE e.relation = r.relation
	    AND (r.actor = ANY (string_to_array(e.actors, ' ')) OR e.actors = '*')
	  ORDER BY e.actors = '*' LIMIT 1)
	|| ' / ' || coalesce((SELECT rights FROM writes w
	  WHERE w.relation = r.relation AND r.actor = ANY (string_to_array(w.actors, ' '))), ''),
	format('%s of %s', r.actor, r.relation))
  FROM result r ORDER BY r.relation, r.place;

-- ---- what stands in the rows that may be written --------------------------------------------------

CREATE TEMP TABLE try (who text, what text, allowed boolean);
INSERT INTO try
SELECT who, format($$INSERT INTO drawd.job (kind, args) VALUES ('import', '{"kind": "entities", "upload": %s}')$$, id), allowed
  FROM (VALUES ('clerk', 'ua', true), ('head', 'ua', true), ('deputy', 'ua', true), ('svc', 'ua', true),
	('headb', 'ub', true), ('coord', 'ui', true), ('clerk', 'ub', false), ('clerk', 'uc', false),
	('clerk', 'ui', false), ('coord', 'ua', false), ('svc', 'ub', false), ('aud', 'ua', false),
	('adm', 'ua', false), ('lone', 'ua', false), ('old', 'ua', false), ('off', 'ua', false),
	('shut', 'ua', false), ('stranger', 'ua', false), ('nobody', 'ua', false)) v (who, name, allowed)
  JOIN upload USING (name);
INSERT INTO try
SELECT who, format($$INSERT INTO drawd.job (kind, args) VALUES ('import', '{"kind": "%s", "upload": %s}')$$, r.name, u.id),
       r.giver = 'department' OR r.giver = 'office' AND who = 'coord'
  FROM register r, (VALUES ('clerk', 'ua'), ('svc', 'ua'), ('coord', 'ui')) v (who, name) JOIN upload u USING (name)
 WHERE r.name <> 'entities';
INSERT INTO try
SELECT who, format($$INSERT INTO drawd.job (kind, args) VALUES ('%s', '{"round": "2026-0002"}')$$, kind),
       who = 'coord' AND kind <> 'freeze'
  FROM unnest('{coord,head,clerk,svc,aud,adm,cust,over,insp}'::text[]) who,
       unnest('{draw,project,bundle,freeze}'::text[]) kind;
INSERT INTO try
SELECT who, format($$INSERT INTO drawd.upload_piece (upload, position, data) VALUES (%s, 9, 'x')$$, id), allowed
  FROM (VALUES ('clerk', 'ua', true), ('head', 'ua', true), ('svc', 'ua', true), ('clerk', 'ub', false),
	('head', 'uc', false), ('aud', 'ua', false), ('coord', 'ua', false), ('nobody', 'ua', false),
	('shut', 'ua', false)) v (who, name, allowed)
  JOIN upload USING (name);
CREATE FUNCTION pg_temp.tried(who text, what text) RETURNS boolean AS $$
BEGIN
	PERFORM pg_temp.as_web(who);
	BEGIN
		EXECUTE what;
		RAISE EXCEPTION USING ERRCODE = 'DR999';
	EXCEPTION
		WHEN insufficient_privilege THEN
			PERFORM set_config('role', 'none', true);
			RETURN false;
		WHEN SQLSTATE 'DR999' THEN
			PERFORM set_config('role', 'none', true);
			RETURN true;
	END;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.tried(who, what), allowed, who || ': ' || what) FROM try;

SELECT pg_temp.as_web('clerk') \g /dev/null
INSERT INTO upload (name, size) VALUES ('mine', 1);
INSERT INTO job (kind, args) SELECT 'import', jsonb_build_object('upload', id, 'kind', 'entities') FROM upload WHERE name = 'mine';
RESET ROLE;
SELECT is(account || ' ' || department, 'clerk a', 'a file is stamped with its maker') FROM upload
 WHERE name = 'mine';
SELECT is(account || ' ' || department, 'clerk a', 'and so is a job') FROM job ORDER BY id DESC LIMIT 1;
SELECT is((SELECT string_agg(department, ' ' ORDER BY source) || ' ' || count(*) FROM import_batch WHERE job IS NOT NULL), 'a b c 4',
	'a batch is of the department that asked for it');

-- Kinds of objects that a policy names are those that the triggers write.
CREATE TEMP TABLE named AS
SELECT unnest(string_to_array(translate(list[1], '''', ''), ',')) AS kind
  FROM (SELECT regexp_match(replace(qual, '::text', ''), 'object_kind.*ARRAY\[([^]]*)\]') AS list FROM pg_policies
         WHERE schemaname = 'drawd' AND tablename = 'audit' AND policyname = 'web_select') p;
SELECT is((SELECT string_agg(trim(kind), ' ' ORDER BY kind) FROM named
            WHERE trim(kind) NOT IN (SELECT split_part(encode(tgargs, 'escape'), '\000', 1) FROM pg_trigger
			WHERE tgfoid = 'audit_change'::regproc)
		AND NOT EXISTS (SELECT FROM pg_proc WHERE prosrc ~ ('INTO audit .*''' || trim(kind) || ''''))),
	NULL, 'every kind that the policy of the audit log names is written by a trigger or a function');
SELECT is((SELECT count(*) FROM named), 6::bigint, 'which are six');

-- ---- content, through the functions that note it -------------------------------------------------------

CREATE FUNCTION pg_temp.contents(who text) RETURNS text AS $$
DECLARE
	artefacts text[] := ARRAY(SELECT encode(sha256, 'hex') FROM artefact ORDER BY name);
	a text;
	said text;
	last int8;
BEGIN
	SELECT max(id) INTO last FROM audit;
	PERFORM pg_temp.as_web(who);
	a := (SELECT string_agg(DISTINCT size::text || data, ' ') FROM unnest(artefacts) f,
		LATERAL (SELECT size, left(encode(data, 'escape'), 6) AS data FROM artefact_read(decode(f, 'hex'), 0, 3)) x);
	PERFORM artefact_read(decode(f, 'hex'), 0, 0) FROM unnest(artefacts) f;
	PERFORM set_config('role', 'none', true);
	SELECT string_agg(n || ' ' || object_kind, ' ' ORDER BY object_kind) INTO said
	  FROM (SELECT object_kind, count(*) AS n FROM audit
	         WHERE id > last AND act = 'read' AND account = who GROUP BY object_kind) x;
	RAISE EXCEPTION USING ERRCODE = 'DR999', MESSAGE = concat_ws(' | ', a, said); -- takes the notes back
EXCEPTION
	WHEN SQLSTATE 'DR999' THEN
		PERFORM set_config('role', 'none', true);
		RETURN SQLERRM;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.contents(who), wanted, who || ' reads content, and that is noted once')
  FROM (VALUES ('aud', '1audit 1drawd/ 1early 1public | 3 artefact'),
	('coord', '1audit 1drawd/ 1early 1public | 3 artefact'),
	('head', '1public'), ('deputy', '1public'), ('clerk', '1public'), ('svc', '1public'),
	('headb', '1public'), ('clerkc', '1public'), ('insp', '1public'),
	('adm', '1public'), ('over', '1public'), ('cust', '1public'), ('lone', '1public'), ('old', '1public'),
	('off', '1public'), ('shut', '1public'), ('stranger', '1public'), ('nobody', '1public'),
	('astray', '1public')) v (who, wanted);

-- ---- what a worker that was taken over cannot do ---------------------------------------------------------

SELECT become('nobody') \g /dev/null
SELECT id AS drawing FROM job WHERE dedup = 'ja' \gset
CREATE FUNCTION pg_temp.as_role(role text, what text) RETURNS text AS $$
BEGIN
	PERFORM set_config('role', 'drawd_' || role, true);
	EXECUTE what;
	SET CONSTRAINTS ALL IMMEDIATE;
	RAISE EXCEPTION USING ERRCODE = 'DR999';
EXCEPTION
	WHEN SQLSTATE 'DR999' THEN RETURN 'done';
	WHEN SQLSTATE 'DR000' OR insufficient_privilege THEN RETURN SQLSTATE;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.as_role('worker', $$INSERT INTO drawd.bundle (round, level, size, sha256)
	SELECT '2026-0003', 'public', 9, sha256('sealed')$$), '42501', 'a worker writes no bundle');
SELECT is(pg_temp.as_role('worker', format($$SELECT drawd.bundle_put(%s, 0, '2026-0003', 'public', 9, sha256('bundle'))$$,
	:drawing)), 'DR000', 'nor by a job that is none of a bundle');
INSERT INTO artefact (sha256, part_set, name, size) VALUES (sha256('bundle'), 9, 'bundle', 1);
INSERT INTO job (kind, args, dedup) VALUES ('bundle', '{"round": "2026-0003", "level": "public"}', 'bundle');
SELECT id AS packing FROM job WHERE dedup = 'bundle' \gset
CREATE FUNCTION pg_temp.put(the_job int8, fence int8, round text, level text, name text) RETURNS text AS $$
	SELECT pg_temp.as_role('worker', format('SELECT drawd.bundle_put(%s, %s, %L, %L, 9, sha256(%L))',
		the_job, fence, round, level, name))
$$ LANGUAGE sql;
SELECT is(pg_temp.put(:packing, 0, '2026-0003', 'public', 'bundle'), 'DR000', 'nor by one that does not run');
UPDATE job SET state = 'running', fence = 1 WHERE id = :packing;
SELECT is(pg_temp.put(:packing, fence, round, level, name), wanted,
	format('a running job puts %s of %s as %s: %s', name, round, level, wanted))
  FROM (VALUES (1, '2026-0003', 'public', 'bundle', 'done'), (0, '2026-0003', 'public', 'bundle', 'DR000'),
	(1, '2026-0002', 'public', 'bundle', 'DR000'), (1, '2026-0003', 'audit', 'bundle', 'DR000'),
	(1, '2026-0003', 'public', 'audit', 'DR000'), (1, '2026-0003', 'public', 'sealed', 'DR000'),
	(1, '2026-0003', 'public', 'absent', 'DR000')) v (fence, round, level, name, wanted);

INSERT INTO job (kind, args, dedup) VALUES ('draw', '{"round": "2026-0005"}', 'draw');
CREATE FUNCTION pg_temp.rows_of_draw(before text, the_round text) RETURNS text AS $$
BEGIN
	EXECUTE before;
	SET LOCAL ROLE drawd_loader;
	EXECUTE format('INSERT INTO drawd.selection (round, task, stratum, object, batch) VALUES (%L, ''t'', ''A'', ''NEW'', 0)',
		the_round);
	SET LOCAL ROLE NONE;
	RAISE EXCEPTION USING ERRCODE = 'DR999';
EXCEPTION
	WHEN SQLSTATE 'DR999' THEN RETURN 'done';
	WHEN insufficient_privilege THEN RETURN SQLERRM;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.rows_of_draw('SELECT', '2026-0002'), 'selection of round 2026-0002 is closed',
	'rows of a draw that stands are not added to');
SELECT is(pg_temp.rows_of_draw('SELECT', '2026-0005'), 'selection of round 2026-0005 is closed',
	'nor are there any before it is projected');
SELECT is(pg_temp.rows_of_draw('SET LOCAL ROLE drawd_worker; INSERT INTO drawd.projection (round, bound)
	VALUES (''2026-0005'', 1)', '2026-0005'), 'no job draws round 2026-0005', 'which no worker does without its job');
UPDATE job SET state = 'running' WHERE dedup = 'draw';
SET LOCAL ROLE drawd_worker;
INSERT INTO projection (round, bound) VALUES ('2026-0005', 1);
SET LOCAL ROLE drawd_loader;
SELECT lives_ok($$INSERT INTO drawd.selection (round, task, stratum, object, batch) VALUES ('2026-0005', 'tc5', 'A', 'NEW', 0)$$,
	'the job writes them with the row that closes them');
SELECT throws_ok($$INSERT INTO drawd.selection (round, task, stratum, object, batch) VALUES ('2026-0002', 'ta2', 'A', 'NEW', 0)$$,
	'42501', NULL, 'and none of another round');
RESET ROLE;
SET CONSTRAINTS ALL IMMEDIATE;
SELECT is((SELECT string_agg(department || ' ' || (figures #>> '{draw,pairs}'), ', ' ORDER BY department)
             FROM round_figure WHERE round = '2026-0005'), '* 2, c 2', 'whose figures are kept');
SELECT is((SELECT string_agg(object_kind || ' ' || account, ', ' ORDER BY id) FROM audit
            WHERE object_kind = 'projection' AND object = '2026-0005'), 'projection process:drawd', 'and noted');

-- ---- the processes see all of what they are granted ---------------------------------------------------

CREATE FUNCTION pg_temp.rows_of(relation text) RETURNS int8 AS $$
DECLARE
	n int8;
BEGIN
	EXECUTE format('SELECT count(*) FROM drawd.%I', relation) INTO n;
	RETURN n;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.hidden(process text) RETURNS text AS $$
DECLARE
	t text;
	wrong text := '';
	seen int8;
BEGIN
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'drawd'::regnamespace AND relkind = 'r'
	          AND has_any_column_privilege('drawd_' || process, oid, 'SELECT') LOOP
		PERFORM set_config('role', 'drawd_' || process, true);
		seen := pg_temp.rows_of(t);
		PERFORM set_config('role', 'none', true);
		IF seen <> pg_temp.rows_of(t) OR seen = 0 AND t NOT IN ('secret') THEN
			wrong := concat_ws(' ', nullif(wrong, ''), t || ':' || seen);
		END IF;
	END LOOP;
	RETURN wrong;
END
$$ LANGUAGE plpgsql;
SELECT become('nobody') \g /dev/null
SELECT is(pg_temp.hidden(process), CASE process WHEN 'reader' THEN 'round:3' ELSE '' END,
	process || ' sees every row of its tables')
  FROM unnest('{notary,worker,auth,reader}'::text[]) process;

-- ---- jobs -----------------------------------------------------------------------------------------

SET LOCAL ROLE drawd_worker;
SELECT throws_ok($$UPDATE drawd.job SET state = 'done', result = '{}' WHERE dedup = 'ja'$$, '42501', NULL,
	'a job that nobody took gets no result');
UPDATE job SET state = 'running' WHERE dedup = 'ja';
SELECT lives_ok($$UPDATE drawd.job SET state = 'done', result = '{}' WHERE dedup = 'ja'$$,
	'one that runs does');
SELECT throws_ok($$UPDATE drawd.job SET result = '{"x": 1}' WHERE dedup = 'ja'$$, '42501', NULL,
	'which stands');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
