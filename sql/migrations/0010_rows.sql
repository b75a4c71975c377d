-- Whose rows are whose. Every table is under row-level security, also for its owner. Processes with one
-- task (notary, worker, auth) see all rows of what they are granted; drawd_web sees what the context
-- (0006) entitles to, and without one what is public. tests/db/rows.sql proves it for each role.
--
-- A table without a policy for a role shows that role nothing. A later migration that makes a table
-- gives it the same: ENABLE, FORCE, policies; one that changes rows sets NO FORCE around it.
--
-- What does not depend on the row stands in (SELECT …) and is asked once a statement. OFFSET 0 keeps a
-- question about one row of another table from being answered by a hash of all its rows.

-- Visits of the inspector who asks; not by a policy, as those of visit and slot would ask each other.
CREATE FUNCTION drawd.my_visits() RETURNS TABLE (round text, object text, ordinal int)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT s.round, s.object, s.ordinal FROM slot s WHERE s.inspector = my_inspector()
$$;
GRANT EXECUTE ON FUNCTION drawd.my_visits() TO drawd_web;

-- ---- every table, and the processes ------------------------------------------------------------

-- A worker proposes what it computed; the notary decides, once.
CREATE POLICY worker_insert ON drawd.proposal FOR INSERT TO drawd_worker
	WITH CHECK (kind IN ('freeze', 'draw') AND state = 'pending');
CREATE POLICY notary_update ON drawd.proposal FOR UPDATE TO drawd_notary
	USING (state = 'pending') WITH CHECK (true);

-- A policy for each verb that a process is granted on a table, unless one is written down already.
DO $$
DECLARE
	t record;
	who text;
	verb text;
BEGIN
	FOR t IN SELECT oid, relname FROM pg_class
	          WHERE relnamespace = 'drawd'::regnamespace AND relkind IN ('r', 'p') LOOP
		EXECUTE format('ALTER TABLE drawd.%I ENABLE ROW LEVEL SECURITY', t.relname);
		EXECUTE format('ALTER TABLE drawd.%I FORCE ROW LEVEL SECURITY', t.relname);
		FOREACH who IN ARRAY ARRAY['notary', 'worker', 'auth'] LOOP
			FOREACH verb IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] LOOP
				CONTINUE WHEN NOT (has_table_privilege('drawd_' || who, t.oid, verb)
						OR verb <> 'DELETE'
						AND has_any_column_privilege('drawd_' || who, t.oid, verb))
					OR EXISTS (SELECT FROM pg_policies
					            WHERE schemaname = 'drawd' AND tablename = t.relname
					              AND roles = ARRAY['drawd_' || who]::name[] AND cmd = verb);
				EXECUTE format('CREATE POLICY %I ON drawd.%I FOR %s TO %I %s',
					who || '_' || lower(verb), t.relname, verb, 'drawd_' || who,
					CASE verb WHEN 'INSERT' THEN 'WITH CHECK (true)' ELSE 'USING (true)' END);
			END LOOP;
		END LOOP;
	END LOOP;
END
$$;

-- The owner, for its functions (SECURITY DEFINER), the enrolment, triggers and narrow doors: a table is under row-level
-- security for everybody, and of its rows the owner has these verbs. For later migrations as well.
CREATE FUNCTION drawd.owner_rows(tbl text, verbs text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	verb text;
BEGIN
	EXECUTE format('ALTER TABLE drawd.%I ENABLE ROW LEVEL SECURITY', tbl);
	EXECUTE format('ALTER TABLE drawd.%I FORCE ROW LEVEL SECURITY', tbl);
	FOREACH verb IN ARRAY string_to_array(verbs, ' ') LOOP
		EXECUTE format('CREATE POLICY %I ON drawd.%I FOR %s TO drawd_owner %s', 'owner_' || lower(verb), tbl, verb,
			CASE verb WHEN 'INSERT' THEN 'WITH CHECK (true)' ELSE 'USING (true)' END);
	END LOOP;
END
$$;
DO $$
DECLARE
	p record;
BEGIN
	FOR p IN SELECT * FROM (VALUES
		('migration', 'SELECT INSERT'),
		('role', 'SELECT'),
		('department', 'SELECT INSERT UPDATE'),
		('account', 'SELECT INSERT UPDATE'),
		('account_role', 'SELECT INSERT UPDATE'),
		('session', 'SELECT UPDATE'),
		('access_token', 'SELECT INSERT UPDATE'),
		('device', 'SELECT DELETE'),
		('signin_refusal', 'SELECT INSERT UPDATE DELETE'),
		('request_key', 'SELECT INSERT UPDATE DELETE'),
		('context_key', 'SELECT'),
		('job', 'SELECT INSERT'),
		('clock', 'SELECT UPDATE'),
		('upload', 'SELECT UPDATE'),
		('upload_piece', 'SELECT'),
		('artefact', 'SELECT'),
		('artefact_chunk', 'SELECT'),
		('register', 'SELECT'),
		('import_batch', 'SELECT INSERT UPDATE'),
		('import_error', 'SELECT'),
		('header_mapping', 'SELECT INSERT UPDATE'),
		('inspector_number', 'SELECT'),
		('round', 'SELECT INSERT UPDATE'),
		('round_task', 'SELECT INSERT DELETE'),
		('round_artefact', 'SELECT'),
		('approval', 'SELECT INSERT'),
		('bundle', 'SELECT INSERT'),
		('proposal', 'SELECT INSERT'),
		('log_entry', 'SELECT'),
		('projection', 'SELECT'),
		('round_figure', 'SELECT INSERT'),
		('selection', 'SELECT'),
		('dropped', 'SELECT'),
		('visit', 'SELECT'),
		('slot', 'SELECT'),
		('motion_kind', 'SELECT'),
		('motion', 'SELECT INSERT UPDATE'),
		('audit', 'SELECT INSERT'),
		('audit_head', 'SELECT UPDATE'),
		('anchor', 'SELECT')) AS v (name, verbs) LOOP
		PERFORM drawd.owner_rows(p.name, p.verbs);
	END LOOP;
END
$$;
-- of content only what was removed, and a file that goes back to nobody any more
CREATE POLICY owner_delete ON drawd.upload_piece FOR DELETE TO drawd_owner
	USING (EXISTS (SELECT FROM drawd.upload u WHERE u.id = upload_piece.upload AND u.removed_at IS NOT NULL));
CREATE POLICY owner_delete ON drawd.artefact FOR DELETE TO drawd_owner
	USING (name = 'returned' AND NOT EXISTS (SELECT FROM drawd.import_batch b WHERE b.file = artefact.sha256));
CREATE POLICY owner_delete ON drawd.artefact_chunk FOR DELETE TO drawd_owner
	USING (NOT EXISTS (SELECT FROM drawd.artefact a WHERE a.part_set = artefact_chunk.part_set));
-- not even the owner changes an entry of the audit log once it is in the chain
CREATE POLICY owner_update ON drawd.audit FOR UPDATE TO drawd_owner
	USING (seq IS NULL) WITH CHECK (true);

-- ---- what everybody sees -----------------------------------------------------------------------

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['migration', 'role', 'department', 'motion_kind', 'register', 'anchor',
			'log_entry',
			'log_tile', 'log_head', 'checkpoint'] LOOP
		EXECUTE format('CREATE POLICY web_select ON drawd.%I FOR SELECT TO drawd_web USING (true)',
			name);
	END LOOP;
	FOREACH name IN ARRAY ARRAY['migration', 'log_entry', 'log_tile', 'log_head', 'checkpoint'] LOOP
		EXECUTE format('CREATE POLICY reader_select ON drawd.%I FOR SELECT TO drawd_reader USING (true)',
			name);
	END LOOP;
END
$$;
CREATE POLICY reader_select ON drawd.round FOR SELECT TO drawd_reader USING (state <> 'draft');

-- ---- people ------------------------------------------------------------------------------------

-- oneself, services that one answers for, those of the departments that one heads
CREATE POLICY web_select ON drawd.account FOR SELECT TO drawd_web
	USING (id = (SELECT drawd.me())
		OR (SELECT drawd.has_role('administrator', 'auditor'))
		OR (kind = 'service' AND person = (SELECT drawd.my_person()))
		OR 'head:' || department = ANY ((SELECT drawd.my_held())::text[]));
CREATE POLICY web_select ON drawd.account_role FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.me())
		OR EXISTS (SELECT FROM drawd.account a WHERE a.id = account_role.account));
CREATE POLICY web_select ON drawd.session FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.me()) OR (SELECT drawd.has_role('administrator', 'auditor')));
CREATE POLICY web_select ON drawd.access_token FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.acting())
		OR (SELECT drawd.has_role('administrator', 'auditor'))
		OR EXISTS (SELECT FROM drawd.account a
		            WHERE a.id = access_token.account AND a.kind = 'service'));

-- ---- files, jobs, imports ----------------------------------------------------------------------

CREATE POLICY web_select ON drawd.upload FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.acting())
		OR (SELECT NOT drawd.only_own())
		AND (department = ANY ((SELECT drawd.my_acts())::text[])
			OR (SELECT drawd.has_role('auditor'))
			OR EXISTS (SELECT FROM drawd.import_batch b WHERE b.upload = upload.id OFFSET 0)));
CREATE POLICY web_insert ON drawd.upload FOR INSERT TO drawd_web
	WITH CHECK (account = (SELECT drawd.acting())
		AND (SELECT drawd.brings_lists()) AND (SELECT drawd.allows('files:write')));
CREATE POLICY web_update ON drawd.upload FOR UPDATE TO drawd_web
	USING ((SELECT drawd.allows('files:write'))
		AND (account = (SELECT drawd.acting()) OR department = ANY ((SELECT drawd.my_acts())::text[])));
-- what has its hash is not added to, nor what was removed
CREATE POLICY web_insert ON drawd.upload_piece FOR INSERT TO drawd_web
	WITH CHECK ((SELECT drawd.allows('files:write'))
		AND EXISTS (SELECT FROM drawd.upload u
	                     WHERE u.id = upload_piece.upload AND u.sha256 IS NULL AND u.removed_at IS NULL
	                       AND (u.account = (SELECT drawd.acting())
				OR u.department = ANY ((SELECT drawd.my_acts())::text[]))));

CREATE POLICY web_select ON drawd.job FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.acting())
		OR (SELECT NOT drawd.only_own())
		AND (department = ANY ((SELECT drawd.my_departments())::text[])
			OR (SELECT drawd.sees_all()) OR (SELECT drawd.has_role('administrator'))));
-- May the asker bring files of that register? Recusals come by motions only.
CREATE FUNCTION drawd.may_give(the_register text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce((SELECT giver = 'department' OR giver = 'office' AND has_role('coordinator')
	                   FROM register WHERE name = the_register), false)
$$;
GRANT EXECUTE ON FUNCTION drawd.may_give(text) TO drawd_web;
-- an import of a file of one's own, or once more of a batch that one may decide about; the steps of a round that
-- need no second person
CREATE POLICY web_insert ON drawd.job FOR INSERT TO drawd_web
	WITH CHECK (CASE
		WHEN kind = 'import' THEN (SELECT drawd.brings_lists() AND drawd.allows('files:write'))
			AND drawd.may_give(args ->> 'kind')
			AND EXISTS (SELECT FROM drawd.upload u
			             WHERE u.id = (args ->> 'upload')::int8
			               AND (u.account = (SELECT drawd.acting())
					OR u.department = ANY ((SELECT drawd.my_acts())::text[])
					OR EXISTS (SELECT FROM drawd.import_batch b
					            WHERE b.upload = u.id AND b.kind = args ->> 'kind'
					              AND CASE WHEN b.department IS NULL
							THEN (SELECT drawd.has_role('coordinator'))
							ELSE b.department = ANY ((SELECT drawd.my_acts())::text[]) END)))
		WHEN kind IN ('draw', 'project', 'bundle')
			THEN (SELECT drawd.has_role('coordinator') AND drawd.allows('rounds:write'))
				OR kind = 'bundle' AND args ->> 'level' = 'audit' -- which publishes nothing
				AND (SELECT drawd.has_role('auditor') AND drawd.allows('rounds:write'))
		ELSE false END);

CREATE FUNCTION drawd.batch_seen(department text, job int8) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT CASE WHEN only_own() THEN EXISTS (SELECT FROM job j WHERE j.id = $2 AND j.account = acting())
		ELSE sees_all() OR $1 = ANY (my_departments()) END
$$;
-- Not by a subquery: the policies of job, upload and import_batch would ask each other.
CREATE FUNCTION drawd.my_jobs() RETURNS SETOF int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT j.id FROM job j WHERE j.account = (SELECT acting())
$$;
GRANT EXECUTE ON FUNCTION drawd.my_jobs() TO drawd_web;
-- the same, with what does not depend on the row asked once
CREATE POLICY web_select ON drawd.import_batch FOR SELECT TO drawd_web
	USING (CASE WHEN (SELECT drawd.only_own())
		THEN job IN (SELECT drawd.my_jobs())
		ELSE (SELECT drawd.sees_all()) OR department = ANY ((SELECT drawd.my_departments())::text[]) END);
CREATE POLICY web_select ON drawd.import_error FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.import_batch b WHERE b.id = import_error.batch OFFSET 0));

CREATE POLICY web_select ON drawd.artefact FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.bundle_public p WHERE p.sha256 = artefact.sha256 OFFSET 0));

CREATE POLICY web_select ON drawd.header_mapping FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR department = ANY ((SELECT drawd.my_departments())::text[]));

-- ---- the registers -----------------------------------------------------------------------------

-- Batches whose facts the asker may read, besides whoever reads everything: all of his departments, and of
-- others those that count or did, if what the register holds is for all, or they are the whole installation's.
CREATE FUNCTION drawd.my_batches(the_kind text) RETURNS SETOF int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT b.id
	  FROM import_batch b JOIN register r ON r.name = b.kind
	 WHERE b.kind = the_kind
	   AND (b.department = ANY ((SELECT my_departments())::text[])
		OR b.confirmed_at IS NOT NULL AND CASE r.sight
			WHEN 'all' THEN (SELECT acting()) IS NOT NULL
			WHEN 'need' THEN false
			ELSE b.department IS NULL AND (SELECT my_departments()) <> '{}' END)
$$;
GRANT EXECUTE ON FUNCTION drawd.my_batches(text) TO drawd_web;

-- Did a list of the asker's departments tell one of these codes last? What others say of his objects he sees.
CREATE FUNCTION drawd.my_told(VARIADIC codes text[]) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT my_departments() <> '{}' AND EXISTS (SELECT FROM unnest(codes) c WHERE c <> '' AND code_tellers(c) && my_departments()::text[])
$$;
GRANT EXECUTE ON FUNCTION drawd.my_told(text[]) TO drawd_web;

-- The owner adds what is gone, and deletes what never counted.
DO $$
DECLARE
	r drawd.register;
BEGIN
	FOR r IN SELECT * FROM drawd.register ORDER BY place LOOP
		EXECUTE format('CREATE POLICY owner_select ON drawd.%I FOR SELECT TO drawd_owner USING (true)', r.tbl);
		EXECUTE format('CREATE POLICY owner_insert ON drawd.%I FOR INSERT TO drawd_owner WITH CHECK (true)',
			r.tbl);
		EXECUTE format('CREATE POLICY owner_delete ON drawd.%I FOR DELETE TO drawd_owner
			USING (batch NOT IN (SELECT b.id FROM drawd.batch_counted b WHERE b.kind = %L))', r.tbl, r.name);
		CONTINUE WHEN r.name IN ('inspectors', 'recusals');
		EXECUTE format('CREATE POLICY web_select ON drawd.%I FOR SELECT TO drawd_web
			USING ((SELECT drawd.sees_all()) OR batch IN (SELECT drawd.my_batches(%L))%s)', r.tbl, r.name,
			-- what the draw reads of an object, whoever says it
			(SELECT format(' OR batch IN (SELECT b.id FROM drawd.batch_counted b WHERE b.kind = %L) AND drawd.my_told(%s)', r.name, v.codes)
			   FROM (VALUES ('labels', 'object'), ('checks', 'entity, object'), ('successions', 'old, new')) v (name, codes)
			  WHERE v.name = r.name));
	END LOOP;
END
$$;
-- whose they are, whoever's list they stand in
CREATE POLICY web_select ON drawd.inspector_number FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR inspector = (SELECT drawd.my_inspector())
		OR department = ANY ((SELECT drawd.my_departments())::text[]));
CREATE POLICY web_select ON drawd.inspector_fact FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR inspector = (SELECT drawd.my_inspector())
		OR department = ANY ((SELECT drawd.my_departments())::text[]));
CREATE POLICY web_select ON drawd.recusal_fact FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.inspector_number n
	               WHERE n.inspector = recusal_fact.inspector OFFSET 0));

-- ---- rounds ------------------------------------------------------------------------------------

CREATE POLICY web_select ON drawd.round FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR string_to_array(departments, ',') && (SELECT drawd.my_departments()));
CREATE POLICY web_select ON drawd.round_task FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR departments && (SELECT drawd.my_departments()));
CREATE POLICY web_select ON drawd.approval FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.round r WHERE r.id = approval.round));
CREATE POLICY web_select ON drawd.round_artefact FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()));
CREATE POLICY web_select ON drawd.bundle FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.bundle_public p
		            WHERE p.round = bundle.round AND p.level = bundle.level AND p.size = bundle.size));
CREATE POLICY web_select ON drawd.proposal FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()));
CREATE POLICY web_select ON drawd.projection FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()));
CREATE POLICY web_select ON drawd.selection FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.round_task t
		            WHERE t.round = selection.round AND t.task = selection.task));
CREATE POLICY web_select ON drawd.dropped FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.round_task t
		            WHERE t.round = dropped.round AND t.task = dropped.task));

CREATE POLICY web_select ON drawd.visit FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR string_to_array(departments, ',') && (SELECT drawd.my_departments())
		OR (round, object, ordinal) IN (SELECT m.round, m.object, m.ordinal FROM drawd.my_visits() m));
CREATE POLICY web_select ON drawd.slot FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.visit v
		            WHERE v.round = slot.round AND v.object = slot.object
		              AND v.ordinal = slot.ordinal OFFSET 0));

-- ---- motions and audit -------------------------------------------------------------------------

-- those who may second it see it
CREATE POLICY web_select ON drawd.motion FOR SELECT TO drawd_web
	USING (moved_by = (SELECT drawd.acting())
		OR (SELECT drawd.sees_all()) OR (SELECT drawd.has_role('oversight'))
		OR EXISTS (SELECT FROM drawd.motion_kind k
		            WHERE k.kind = motion.kind
		              AND (('administrator' = ANY (k.second) AND (SELECT drawd.has_role('administrator')))
				OR ('custodian' = ANY (k.second) AND (SELECT drawd.has_role('custodian')))
				OR ('head' = ANY (k.second)
				    AND 'head:' || motion.department = ANY ((SELECT drawd.my_held())::text[])))));

CREATE POLICY web_select ON drawd.audit FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.acting())
		OR (SELECT drawd.has_role('auditor'))
		OR ((SELECT drawd.has_role('administrator')) AND object_kind IN
			('account', 'account-role', 'session', 'access-token', 'department', 'sign-in')));
CREATE POLICY web_select ON drawd.audit_head FOR SELECT TO drawd_web
	USING ((SELECT drawd.has_role('auditor')));

-- ---- figures -----------------------------------------------------------------------------------

-- Tasks of a round whose figures the asker may know: all, or those of his departments; none of a
-- draft for the oversight body.
CREATE FUNCTION drawd.my_tasks(the_round text) RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT t.task
	  FROM round_task t JOIN round r ON r.id = t.round
	 WHERE t.round = the_round
	   AND (sees_all() OR (has_role('oversight') AND r.state <> 'draft')
		OR t.departments && my_departments())
$$;

-- Of all of a round, or of the tasks, visits and slots of some departments.
CREATE FUNCTION drawd.figures_of(the_round text, whole boolean, mine text[]) RETURNS json
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH seen AS MATERIALIZED (
		SELECT v.*, string_to_array(v.departments, ',') AS names
		  FROM visit v
		 WHERE v.round = the_round AND (whole OR string_to_array(v.departments, ',') && mine)
	), object AS (
		SELECT s.object,
		       count(DISTINCT s.ordinal) FILTER (WHERE s.mode = 'onsite') AS onsite,
		       count(DISTINCT d) FILTER (WHERE s.mode = 'onsite') AS departments
		  FROM seen s, unnest(s.names) d
		 GROUP BY s.object
	)
	SELECT json_build_object(
		'draw', (SELECT json_build_object(
			'pairs', (SELECT count(*) FROM selection x JOIN round_task t USING (round, task)
			           WHERE x.round = the_round AND (whole OR t.departments && mine)),
			'objects', count(*), 'unmerged', coalesce(sum(o.departments), 0),
			'merged_objects', count(*) FILTER (WHERE o.onsite = 1 AND o.departments > 1),
			'dropped', (SELECT count(*) FROM dropped x JOIN round_task t USING (round, task)
			             WHERE x.round = the_round AND (whole OR t.departments && mine)),
			-- of one department its own; of several there is none
			'bound_billionths', (SELECT CASE WHEN whole THEN p.bound
				WHEN cardinality(mine) = 1 THEN (p.bounds ->> mine[1])::int8 END
				FROM projection p WHERE p.round = the_round))
			FROM object o
		       WHERE EXISTS (SELECT FROM projection p WHERE p.round = the_round)
		      HAVING EXISTS (SELECT FROM projection p WHERE p.round = the_round)),
		'visits', (SELECT json_build_object('all', count(*),
			'onsite', count(*) FILTER (WHERE mode = 'onsite'),
			'joint', count(*) FILTER (WHERE mode = 'onsite' AND cardinality(names) > 1),
			'saved', coalesce(sum(cardinality(names) - 1) FILTER (WHERE mode = 'onsite'), 0),
			'offsite', count(*) FILTER (WHERE mode = 'offsite'),
			'departments', coalesce(sum(cardinality(names)), 0),
			'unplaced', count(*) FILTER (WHERE day = '')) FROM seen),
		'slots', (SELECT json_build_object('all', count(*),
			'open', count(*) FILTER (WHERE inspector = ''),
			'inspectors', count(DISTINCT nullif(inspector, '')))
			FROM slot WHERE round = the_round AND (whole OR department = ANY (mine))))
$$;
-- At the commit of the rows.
CREATE FUNCTION drawd.figures_keep() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	INSERT INTO round_figure (round, department, figures)
	SELECT NEW.round, '*', figures_of(NEW.round, true, '{}')
	UNION ALL
	SELECT NEW.round, d, figures_of(NEW.round, false, ARRAY[d])
	  FROM round r, string_to_table(r.departments, ',') d
	 WHERE r.id = NEW.round;
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER figures AFTER INSERT ON drawd.projection
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION drawd.figures_keep();

-- Figures of a drawn round as JSON: of all of it for coordinator, auditor and oversight body, of their
-- own tasks, visits and slots for departments; empty for everybody else.
CREATE FUNCTION drawd.round_figures(the_round text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	whole boolean := sees_all() OR has_role('oversight');
	mine text[];
	kept json;
BEGIN
	IF NOT EXISTS (SELECT FROM my_tasks(the_round)) THEN
		RETURN '';
	END IF;
	SELECT array_agg(d) INTO mine
	  FROM round r, string_to_table(r.departments, ',') d
	 WHERE r.id = the_round AND d = ANY (my_departments());
	IF whole OR cardinality(mine) = 1 THEN
		SELECT figures INTO kept FROM round_figure
		 WHERE round = the_round AND department = CASE WHEN whole THEN '*' ELSE mine[1] END;
	END IF;
	RETURN coalesce(kept, figures_of(the_round, whole, mine))::text;
END
$$;

-- The same by department: of every department for those who are told all of the round, of their own
-- for departments; empty for everybody else, and before the draw.
CREATE FUNCTION drawd.round_departments(the_round text) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(json_agg(json_build_object('department', department,
			'onsite', figures #> '{visits,onsite}', 'offsite', figures #> '{visits,offsite}',
			'joint', figures #> '{visits,joint}', 'saved', figures #> '{visits,saved}',
			'unplaced', figures #> '{visits,unplaced}', 'dropped', figures #> '{draw,dropped}',
			'slots', figures #> '{slots,all}', 'open', figures #> '{slots,open}',
			'bound_billionths', figures #> '{draw,bound_billionths}')
			ORDER BY department COLLATE "C"), '[]')::text
	  FROM round_figure
	 WHERE round = the_round AND department <> '*'
	   AND (sees_all() OR has_role('oversight') OR department = ANY (my_departments()))
$$;

-- Rows of the strata table (PROTOCOL.md §5) as JSON, of the same tasks.
CREATE FUNCTION drawd.round_strata(the_round text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	tasks text[] := ARRAY(SELECT my_tasks(the_round));
BEGIN
	IF tasks = '{}' THEN
		RETURN '';
	END IF;
	RETURN (SELECT coalesce(json_agg(json_build_object('task', f[1], 'stratum', f[2],
			'population', f[3]::int8, 'units', f[4]::int8, 'among', f[5]::int8, 'quota', f[6]::int8,
			'ratio', f[7]::int8, 'report', f[8])
			ORDER BY f[1] COLLATE "C", f[2] COLLATE "C"), '[]')::text
	          FROM (SELECT string_agg(c.data, ''::bytea ORDER BY c.part) AS data
	                  FROM round_artefact x JOIN artefact a USING (sha256)
	                  JOIN artefact_chunk c USING (part_set)
	                 WHERE x.round = the_round AND x.name = 'strata') s,
	               LATERAL (SELECT string_to_array(line, E'\t') AS f
	                          FROM string_to_table(convert_from(s.data, 'UTF8'), E'\n')
					WITH ORDINALITY AS t (line, place)
	                         WHERE place > 3 AND line <> '') l
	         WHERE f[1] = ANY (tasks));
END
$$;
GRANT EXECUTE ON FUNCTION drawd.round_figures(text), drawd.round_departments(text), drawd.round_strata(text)
	TO drawd_web;
