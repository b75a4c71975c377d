-- Documents (文书): the base of a policy, risk models, schemes (抽查方案). Each is the rows of a document of
-- settings under a code; a version is written once and never changed, two persons agree to it, and at most one of a
-- code is in force. What stands in the rows, the web process looks at before (daemon/documents.h).

-- The text they were made from; several may come from one file.
CREATE TABLE drawd.document_source (
	sha256 drawd.hash PRIMARY KEY CHECK (sha256 = sha256(convert_to(source, 'UTF8'))),
	source text NOT NULL
);
CREATE TABLE drawd.document (
	kind drawd.token NOT NULL CHECK (kind IN ('base', 'model', 'scheme')),
	code drawd.token NOT NULL,
	version int NOT NULL CHECK (version > 0),
	state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'agreed', 'retired')),
	title text NOT NULL,
	department drawd.token REFERENCES drawd.department, -- whose scheme it is; NULL: the whole installation's
	rows text NOT NULL, -- canonical: path TAB value LF …
	sha256 drawd.hash NOT NULL CHECK (sha256 = sha256(convert_to(rows, 'UTF8'))),
	source drawd.hash NOT NULL REFERENCES drawd.document_source,
	replaces int, -- the version in force when it was written
	made_by drawd.token REFERENCES drawd.account,
	made_at int8 NOT NULL,
	motion int8 REFERENCES drawd.motion, -- by which it was agreed to
	agreed_at int8,
	ended_by int8 REFERENCES drawd.motion, -- by which it, or the next version, ended
	ended_at int8,
	PRIMARY KEY (kind, code, version),
	CHECK (department IS NOT NULL OR kind <> 'scheme'),
	CHECK (num_nulls(motion, agreed_at) IN (0, 2) AND num_nulls(ended_by, ended_at) IN (0, 2)),
	CHECK ((state = 'draft') = (motion IS NULL)),
	CHECK ((state = 'retired') = (ended_by IS NOT NULL))
);
CREATE UNIQUE INDEX document_agreed ON drawd.document (kind, code) WHERE state = 'agreed';

-- A version is what it was written as.
CREATE FUNCTION drawd.document_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('%s %s %s is written', OLD.kind, OLD.code, OLD.version);
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OF kind, code, version, title, department, rows, sha256, source, replaces,
	made_by, made_at ON drawd.document FOR EACH ROW EXECUTE FUNCTION drawd.document_stands();

-- The version in force now, or at a time (seconds since 1970).
CREATE FUNCTION drawd.document_in_force(the_kind text, the_code text, at int8 DEFAULT NULL)
	RETURNS SETOF drawd.document LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT * FROM document
	 WHERE kind = the_kind AND code = the_code
	   AND CASE WHEN at IS NULL THEN state = 'agreed'
		ELSE agreed_at <= at AND (ended_at IS NULL OR ended_at > at) END
	 ORDER BY version DESC LIMIT 1
$$;

-- May the one who asks write versions for that department, or (NULL) for the whole installation?
CREATE FUNCTION drawd.document_writer(the_department text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT has_role('coordinator')
	    OR the_department IS NOT NULL AND (acts_as('head', the_department) OR acts_as('clerk', the_department))
$$;

-- One version; what says the same as the newest is that.
CREATE FUNCTION drawd.document_write(the_kind text, d jsonb, the_source bytea) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	the_department text := nullif(d ->> 'department', '');
	hash bytea := sha256(convert_to(d ->> 'rows', 'UTF8'));
	newest document;
	made document;
BEGIN
	IF the_department IS NOT NULL THEN
		PERFORM department_known(the_department);
	END IF;
	IF NOT document_writer(the_department) THEN
		PERFORM refuse('not-allowed', concat_ws(' ', the_kind, d ->> 'code', the_department));
	END IF;
	SELECT * INTO newest FROM document
	 WHERE kind = the_kind AND code = d ->> 'code' ORDER BY version DESC LIMIT 1;
	IF newest.department IS DISTINCT FROM the_department AND newest.code IS NOT NULL
		AND NOT document_writer(newest.department) THEN
		PERFORM refuse('not-allowed', concat_ws(' ', the_kind, d ->> 'code', newest.department));
	END IF;
	made := newest;
	IF newest.code IS NULL OR newest.sha256 <> hash OR newest.state = 'retired' THEN
		INSERT INTO document (kind, code, version, title, department, rows, sha256, source, replaces, made_by,
			made_at)
		VALUES (the_kind, d ->> 'code', coalesce(newest.version, 0) + 1, d ->> 'title', the_department,
			d ->> 'rows', hash, the_source,
			(SELECT version FROM document_in_force(the_kind, d ->> 'code')), acting(), asked_at())
		RETURNING * INTO made;
	END IF;
	RETURN jsonb_build_object('kind', made.kind, 'code', made.code, 'version', made.version,
		'title', made.title, 'department', made.department, 'state', made.state,
		'sha256', encode(made.sha256, 'hex'), 'new', made.version IS DISTINCT FROM newest.version);
END
$$;

-- Write versions of all documents of a file: [{"code", "title", "department", "rows"}, …]. Gives
-- {"documents": [{"kind", "code", "version", "title", "department", "state", "sha256", "new"}, …]}.
CREATE FUNCTION drawd.document_put(the_kind text, documents jsonb, the_source text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	hash bytea := sha256(convert_to(the_source, 'UTF8'));
	made jsonb := '[]';
	d jsonb;
BEGIN
	PERFORM scope_needed('documents:write');
	IF acting() IS NULL OR NOT (has_role('coordinator') OR my_acts() <> '{}') THEN
		PERFORM refuse('not-allowed', the_kind);
	END IF;
	PERFORM pg_advisory_xact_lock(7363417257); -- versions without gaps
	INSERT INTO document_source (sha256, source) VALUES (hash, the_source) ON CONFLICT DO NOTHING;
	FOR d IN SELECT * FROM jsonb_array_elements(documents) LOOP
		made := made || document_write(the_kind, d, hash);
	END LOOP;
	RETURN jsonb_build_object('documents', made);
END
$$;

-- ---- the second person ------------------------------------------------------------------------------

ALTER TABLE drawd.motion_kind NO FORCE ROW LEVEL SECURITY;
INSERT INTO drawd.motion_kind (kind, first, second, whole, seconds, after, zh, en) VALUES
	('document', '{coordinator,head,clerk}', '{head,coordinator}', '{coordinator}', 1209600, 'done',
		'文书审定', 'document');
ALTER TABLE drawd.motion_kind FORCE ROW LEVEL SECURITY;

-- {"do": "agree" | "retire", "documents": [{"code", "version"}, …]}; subject: kind, and code where it is one.
-- Of one department where all its documents are, else of none, so for coordinators.
CREATE FUNCTION drawd.move_document(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	the_kind text := split_part(m.subject, ' ', 1);
	d record;
	owners text[] := '{}';
BEGIN
	IF coalesce(jsonb_typeof(m.body -> 'documents') <> 'array' OR m.body -> 'documents' = '[]', true)
		OR coalesce(m.body ->> 'do' NOT IN ('agree', 'retire'), true) THEN
		PERFORM refuse('bad-json', 'documents');
	END IF;
	FOR d IN SELECT w.code, w.version, t.department, t.code IS NOT NULL AS there
	           FROM jsonb_to_recordset(m.body -> 'documents') AS w (code text, version int)
	           LEFT JOIN document t ON t.kind = the_kind AND t.code = w.code AND t.version = w.version LOOP
		IF NOT d.there OR NOT document_writer(d.department) THEN
			PERFORM refuse('no-document', concat_ws('/', the_kind, d.code));
		END IF;
		owners := owners || coalesce(d.department, '');
	END LOOP;
	m.department := (SELECT nullif(min(o), '') FROM unnest(owners) o HAVING count(DISTINCT o) = 1);
	m.mark := encode(sha256(convert_to(m.body::text, 'UTF8')), 'hex');
	RETURN m;
END
$$;

CREATE FUNCTION drawd.carry_document(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	the_kind text := split_part(m.subject, ' ', 1);
	w record;
	d document;
BEGIN
	FOR w IN SELECT * FROM jsonb_to_recordset(m.body -> 'documents') AS w (code text, version int)
	          ORDER BY code COLLATE "C", version LOOP
		SELECT * INTO d FROM document
		 WHERE kind = the_kind AND code = w.code AND version = w.version FOR UPDATE;
		IF NOT FOUND THEN
			PERFORM refuse('no-document', concat_ws('/', the_kind, w.code));
		ELSIF d.state <> (CASE m.body ->> 'do' WHEN 'agree' THEN 'draft' ELSE 'agreed' END)
			OR EXISTS (SELECT FROM document WHERE kind = d.kind AND code = d.code
			            AND version > d.version AND state <> 'draft') THEN
			PERFORM refuse('document-state', concat_ws(' ', d.kind, d.code, d.version, d.state));
		END IF;
		UPDATE document SET state = 'retired', ended_by = m.id, ended_at = m.decided_at
		 WHERE kind = d.kind AND code = d.code AND state = 'agreed';
		IF m.body ->> 'do' = 'agree' THEN
			UPDATE document SET state = 'agreed', motion = m.id, agreed_at = m.decided_at
			 WHERE kind = d.kind AND code = d.code AND version = d.version;
		END IF;
	END LOOP;
	RETURN '{}';
END
$$;

-- Move that versions come into force, or that they end: [{"code", "version"}, …]; without a version the newest draft,
-- or the one in force. Gives {"motion": id}.
CREATE FUNCTION drawd.document_agree(the_kind text, documents jsonb, what text, reason text, evidence text)
	RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	named jsonb;
	missing text;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('code', w.code, 'version', v.version) ORDER BY w.code COLLATE "C"),
	       min(w.code) FILTER (WHERE v.version IS NULL)
	  INTO named, missing
	  FROM jsonb_to_recordset(documents) AS w (code text, version int)
	  LEFT JOIN LATERAL (SELECT coalesce(nullif(w.version, 0), max(t.version)) AS version FROM document t
	                      WHERE t.kind = the_kind AND t.code = w.code
	                        AND t.state = CASE what WHEN 'agree' THEN 'draft' ELSE 'agreed' END) v ON true;
	IF missing IS NOT NULL THEN
		PERFORM refuse('no-document', concat_ws('/', the_kind, missing));
	END IF;
	RETURN motion_move('document', NULL,
		the_kind || CASE WHEN jsonb_array_length(named) = 1 THEN ' ' || (named -> 0 ->> 'code') ELSE '' END,
		jsonb_build_object('do', what, 'documents', named), reason, evidence);
END
$$;

-- ---- looking and simulating (jobs `look`, `simulate`) ---------------------------------------------------

-- A dry freeze of a policy (planner/look.h), or many draws of it that count for nobody (planner/simulate.h): no round
-- is written. What was found is kept for a week, and beside the job, which more people see.
CREATE TABLE drawd.look (
	job int8 PRIMARY KEY REFERENCES drawd.job,
	kind drawd.token NOT NULL DEFAULT 'look' CHECK (kind IN ('look', 'simulate')),
	account drawd.token REFERENCES drawd.account,
	department drawd.token REFERENCES drawd.department,
	policy text NOT NULL, -- canonical rows
	against text NOT NULL DEFAULT '', -- simulations: those of another policy beside it, or nothing
	result text, -- JSON, once it is done
	at int8 NOT NULL
);

-- Classes of few objects would tell whose they are: only coordinator and auditor are told them one by one (`whole`).
CREATE FUNCTION drawd.look_queue(the_kind text, the_policy text, the_against text, the_args jsonb) RETURNS int8
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	week constant int8 := 604800;
	made job;
BEGIN
	PERFORM scope_needed('documents:read');
	IF acting() IS NULL OR NOT (sees_all() OR my_departments() <> '{}') THEN
		PERFORM refuse('not-allowed', the_kind);
	END IF;
	DELETE FROM look
	 WHERE at < asked_at() - week
	   AND job IN (SELECT id FROM job WHERE kind IN ('look', 'simulate') AND state IN ('done', 'failed'));
	INSERT INTO job (kind, args)
	VALUES (the_kind, the_args || jsonb_build_object('whole',
		CASE WHEN has_role('coordinator', 'auditor') THEN 'yes' ELSE 'no' END))
	RETURNING * INTO made;
	INSERT INTO look (job, kind, account, department, policy, against, at)
	VALUES (made.id, the_kind, made.account, made.department, the_policy, the_against, asked_at());
	RETURN made.id;
END
$$;
CREATE FUNCTION drawd.look_ask(the_policy text, the_args jsonb) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT look_queue('look', the_policy, '', the_args)
$$;
CREATE FUNCTION drawd.simulate_ask(the_policy text, the_against text, the_args jsonb) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT look_queue('simulate', the_policy, the_against, the_args)
$$;

-- What came of an inspection, as a code: of results as lists say them (抽查检查结果公示) and of those of inspections for
-- a cause (0020), which are codes. The first line that fits counts. gone: there is nobody left to inspect; found: a problem,
-- and no more is said; NULL: nothing that can be read.
CREATE FUNCTION drawd.check_outcome(result text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN result IN ('none', 'undisclosed', 'false', 'unreachable', 'corrected', 'uncooperative', 'inactive', 'pending',
			'cancelled', 'gone', 'found') THEN result
		WHEN result ~ '未发现.*经营活动' THEN 'inactive'
		WHEN result ~ '未发现|未查实|不属实|无问题|^(合格|正常|符合)' THEN 'none'
		WHEN result ~ '未进行|未检查|未实施' THEN 'cancelled'
		WHEN result ~ '无法联系|查无下落' THEN 'unreachable'
		WHEN result ~ '^(企业|主体|经营主体|对象)?(已|被)*(注销|吊销|歇业|停业|关闭|关停|迁出|迁移|搬迁|终止)' THEN 'gone'
		WHEN result ~ '隐瞒真实|弄虚作假' THEN 'false'
		WHEN result ~ '未(按规定|依法)?公示' THEN 'undisclosed'
		WHEN result ~ '不配合' THEN 'uncooperative'
		WHEN result ~ '责令|已改正|已整改' THEN 'corrected'
		WHEN result ~ '待后续|立案|移送' THEN 'pending'
		WHEN result ~ '查实|属实|发现|存在问题|不合格|不符合|不正常|违法|违规|处罚|隐患|整改' THEN 'found'
	END;
-- Did it find a problem? NULL where that is not known, or nothing was inspected.
CREATE FUNCTION drawd.check_found(result text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE coalesce(drawd.check_outcome(result), 'cancelled') WHEN 'cancelled' THEN NULL
		WHEN 'none' THEN false WHEN 'inactive' THEN false WHEN 'gone' THEN false ELSE true END;
-- Was the entity entered for it, for all that its result says?
CREATE FUNCTION drawd.check_entered(result text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(drawd.check_outcome(result), '') NOT IN ('cancelled', 'gone');

-- ---- who may what -----------------------------------------------------------------------------------

CREATE VIEW drawd.document_list WITH (security_invoker = true) AS
SELECT kind::text COLLATE "C" AS kind, code::text COLLATE "C" AS code, version::int8 AS version, state, title,
       department::text, encode(sha256, 'hex') AS hash, replaces::int8 AS replaces, made_by::text AS account,
       made_at AS created, motion, agreed_at AS agreed, ended_at AS ended
  FROM drawd.document;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.document FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('document', 'kind,code,version', '',
		'state,title,department,sha256,motion,ended_by');

SELECT drawd.owner_rows(name, 'SELECT INSERT') FROM unnest('{document,document_source,look}'::text[]) name;
DO $$
DECLARE
	verb text;
BEGIN
	FOREACH verb IN ARRAY ARRAY['notary', 'worker'] LOOP
		EXECUTE format('CREATE POLICY %I ON drawd.document FOR SELECT TO %I USING (true)',
			verb || '_select', 'drawd_' || verb);
		EXECUTE format('GRANT SELECT ON drawd.document TO %I', 'drawd_' || verb);
	END LOOP;
END
$$;
CREATE POLICY owner_update ON drawd.document FOR UPDATE TO drawd_owner USING (true);
CREATE POLICY owner_delete ON drawd.look FOR DELETE TO drawd_owner USING (true);
CREATE POLICY worker_select ON drawd.look FOR SELECT TO drawd_worker USING (true);
CREATE POLICY worker_update ON drawd.look FOR UPDATE TO drawd_worker USING (true);
CREATE POLICY web_select ON drawd.look FOR SELECT TO drawd_web
	USING (account = (SELECT drawd.acting()) OR (SELECT drawd.sees_all())
		OR department = ANY ((SELECT drawd.my_departments())::text[]));
GRANT SELECT (job, policy, against), UPDATE (result) ON drawd.look TO drawd_worker;
GRANT SELECT (job, kind, account, department, result) ON drawd.look TO drawd_web;
-- Drafts are their department's; what was agreed to, every department's.
CREATE POLICY web_select ON drawd.document FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR department = ANY ((SELECT drawd.my_departments())::text[])
		OR state <> 'draft' AND (SELECT drawd.my_departments() <> '{}'));
CREATE POLICY web_select ON drawd.document_source FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.document d WHERE d.source = document_source.sha256 OFFSET 0));
GRANT SELECT ON drawd.document, drawd.document_source, drawd.document_list TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.document_in_force(text, text, int8) TO drawd_web, drawd_worker, drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.check_outcome(text), drawd.check_found(text) TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.check_outcome(text), drawd.check_entered(text) TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.document_put(text, jsonb, text),
	drawd.document_agree(text, jsonb, text, text, text), drawd.look_ask(text, jsonb),
	drawd.simulate_ask(text, text, jsonb) TO drawd_web;
