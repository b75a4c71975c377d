-- Motions (提请): one person moves, another seconds, and then it is done, once.
--
-- What each kind does stands in 0011_carry.sql, what rounds begin with in 0012_round.sql.
--
-- Web changes none of these tables itself: it calls round_make, round_approve, motion_move and
-- motion_decide, and what takes rights away at once, delegation_end and account_suspend. They belong to
-- drawd_owner and run as it; between them they
--   read            department, inspector_number, log_entry, role, upload
--   read and write  motion, round, approval, proposal, job, recusal_fact, account,
--                   account_role, department, session, access_token, device
-- Order of locks, everywhere: round, motion, numbers of motions (advisory), people (advisory), what is
-- changed, audit_head.
CREATE TABLE drawd.motion_kind (
	kind drawd.token PRIMARY KEY,
	first text[] NOT NULL, -- roles that may move
	second text[] NOT NULL, -- roles that may second or decline
	whole text[] NOT NULL DEFAULT '{}', -- both, where it is about no department; {}: the same
	seconds int8 NOT NULL CHECK (seconds > 0), -- until it lapses
	after text NOT NULL CHECK (after IN ('done', 'carried')), -- its state once seconded
	states text[] NOT NULL DEFAULT '{}', -- of the round in which it is lawful; {}: it is about no round
	step text NOT NULL DEFAULT '', -- of the notary (sampler/step.c), "" none
	zh text NOT NULL,
	en text NOT NULL
);
INSERT INTO drawd.motion_kind (kind, first, second, seconds, after, states, step, zh, en) VALUES
	('policy', '{coordinator}', '{coordinator}', 1209600, 'done', '{draft}', '', '抽查方案', 'policy'),
	('freeze', '{coordinator}', '{coordinator}', 259200, 'carried', '{draft}', 'freeze', '冻结', 'freeze'),
	('lock', '{coordinator}', '{coordinator}', 259200, 'carried', '{frozen}', 'lock', '锁定', 'lock'),
	('beacon', '{coordinator}', '{coordinator,custodian}', 259200, 'carried', '{locked}', 'beacon',
		'公共随机数', 'beacon'),
	('publication', '{coordinator}', '{coordinator}', 604800, 'carried', '{drawn,visiting}', 'reveal',
		'启封公布', 'publication'),
	('void', '{coordinator}', '{custodian}', 604800, 'carried', '{frozen,locked,drawn,visiting}', 'void',
		'作废', 'void'),
	('recusal', '{head,clerk,inspector,service}', '{head}', 1209600, 'done', '{}', '', '回避', 'recusal'),
	('substitution', '{clerk,coordinator}', '{head}', 604800, 'carried', '{drawn,visiting}', '',
		'人员替换', 'substitution'),
	('assignment', '{clerk,coordinator}', '{head}', 604800, 'carried', '{drawn,visiting}', '',
		'直接指派', 'assignment'),
	('account', '{administrator,head}', '{administrator,coordinator,head}', 1209600, 'done', '{}', '',
		'账号', 'account'),
	('role', '{administrator,head}', '{administrator,coordinator,head}', 1209600, 'done', '{}', '',
		'角色', 'role'),
	('department', '{administrator}', '{administrator,coordinator}', 1209600, 'done', '{}', '',
		'部门', 'department');
UPDATE drawd.motion_kind SET whole = '{coordinator}' WHERE kind = 'recusal'; -- a list of all departments
INSERT INTO drawd.motion_kind (kind, first, second, seconds, after, zh, en)
SELECT 'delegation', array_agg(name::text ORDER BY name), '{administrator,coordinator,head}', 1209600, 'done',
       '委托代行', 'delegation'
  FROM drawd.role WHERE delegable;

-- The next number of a motion: without gaps, so that none looks taken away. What was refused has none.
CREATE FUNCTION drawd.motion_number() RETURNS int8
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_xact_lock(7363417256);
	RETURN (SELECT coalesce(max(id), 0) + 1 FROM motion);
END
$$;
CREATE TABLE drawd.motion (
	id int8 PRIMARY KEY DEFAULT drawd.motion_number() CHECK (id > 0),
	kind drawd.token NOT NULL REFERENCES drawd.motion_kind,
	round drawd.round_id REFERENCES drawd.round,
	department drawd.token REFERENCES drawd.department, -- whose heads and clerks it concerns; NULL: nobody's
	subject text NOT NULL DEFAULT '', -- account, inspector, department, place of a beacon …
	mark text NOT NULL DEFAULT '', -- what tells several about one subject apart
	body jsonb NOT NULL DEFAULT '{}',
	reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 1000),
	evidence text NOT NULL DEFAULT '' CHECK (evidence ~ '^([0-9a-f]{64}(,[0-9a-f]{64})*)?$'),
	moved_by drawd.token NOT NULL REFERENCES drawd.account,
	moved_person text NOT NULL,
	moved_role text NOT NULL, -- by which it was allowed
	moved_at int8 NOT NULL,
	ends_at int8 NOT NULL CHECK (ends_at > moved_at),
	seals text NOT NULL DEFAULT '', -- signature lines that the one who seconded handed in
	halves int NOT NULL DEFAULT 0 CHECK (halves BETWEEN 0 AND 3), -- of a first password that were told: 1 and 2
	state text NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'carried', 'done', 'refused', 'declined', 'withdrawn', 'lapsed')),
	decided_by drawd.token REFERENCES drawd.account,
	decided_person text,
	decided_role text,
	decided_at int8,
	decided_why text CHECK (char_length(decided_why) BETWEEN 1 AND 1000),
	result jsonb, -- what came of it: {"job": 1}, {"proposal": 1}, {"entry": 1}, {"error": …}
	CHECK ((state IN ('open', 'lapsed')) = (decided_by IS NULL)),
	CHECK (num_nulls(decided_by, decided_person, decided_role, decided_at, decided_why) IN (0, 5)),
	CHECK (state NOT IN ('carried', 'done', 'refused') OR decided_person <> moved_person)
);
CREATE UNIQUE INDEX motion_once ON drawd.motion (kind, coalesce(round::text, ''), subject, mark)
	WHERE state = 'open';
CREATE INDEX motion_open ON drawd.motion (ends_at) WHERE state = 'open';
CREATE INDEX motion_round ON drawd.motion (round, id);

ALTER TABLE drawd.round
	ADD COLUMN policy_motion int8 REFERENCES drawd.motion,
	ADD COLUMN policy_agreed_at int8;
ALTER TABLE drawd.job ADD COLUMN motion int8 UNIQUE REFERENCES drawd.motion;
ALTER TABLE drawd.proposal ADD COLUMN motion int8 UNIQUE REFERENCES drawd.motion;
-- A recusal comes from a motion, or from a file of which a motion was carried. Another fact ends it: it
-- holds until that day, inclusive. A list that has it once more begins it anew.
ALTER TABLE drawd.recusal_fact
	ADD COLUMN id int8 GENERATED ALWAYS AS IDENTITY UNIQUE,
	ADD COLUMN motion int8 REFERENCES drawd.motion,
	ADD COLUMN ends int8 REFERENCES drawd.recusal_fact (id),
	ADD COLUMN until drawd.day,
	ADD CHECK (num_nonnulls(batch, motion) = 1),
	ADD CHECK (num_nulls(ends, until) IN (0, 2)),
	ADD CHECK (ends IS NULL OR motion IS NOT NULL);
CREATE UNIQUE INDEX recusal_fact_motion ON drawd.recusal_fact (motion) WHERE ends IS NULL;
CREATE INDEX recusal_fact_ends ON drawd.recusal_fact (ends, until) WHERE ends IS NOT NULL;
-- Those that hold on a day: of a motion, or of a list that counts.
CREATE FUNCTION drawd.recusals_on(day text) RETURNS SETOF drawd.recusal_fact
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT f.* FROM recusal_fact f
	 WHERE f.ends IS NULL
	   AND (f.batch IS NULL OR f.batch IN (SELECT b.id FROM batch_counted b
	                                        WHERE b.kind = 'recusals' AND b.undone_at IS NULL))
	   AND NOT EXISTS (SELECT FROM recusal_fact e WHERE e.ends = f.id AND e.until < day)
$$;
GRANT EXECUTE ON FUNCTION drawd.recusals_on(text) TO drawd_worker;
-- As those of the other registers (0004). until: the day on which they end, inclusive; '' as long as none does.
CREATE FUNCTION drawd.recusals_seen(at timestamptz)
	RETURNS TABLE (id text, batch int8, line int8, inspector text, department text, certificate_no text,
		subject text, ground text, since text, kind text, until text, motion int8)
	LANGUAGE sql STABLE AS $$
	SELECT f.id::text, f.batch, f.line, f.inspector::text, coalesce(n.department::text, ''),
	       coalesce(n.certificate_no, ''), f.subject::text, f.ground, f.since, f.kind,
	       coalesce((SELECT min(e.until::text) FROM drawd.recusal_fact e
	                  WHERE e.ends = f.id AND ($1 IS NULL OR e.at <= $1)), ''), f.motion
	  FROM drawd.recusal_fact f
	  LEFT JOIN drawd.inspector_number n ON n.inspector = f.inspector
	 WHERE f.ends IS NULL
	   AND CASE WHEN f.batch IS NULL THEN $1 IS NULL OR f.at <= $1
		ELSE f.batch IN (SELECT b.id FROM drawd.batch_counted b
		                  WHERE b.kind = 'recusals' AND ($1 IS NULL OR b.confirmed_at <= $1)
		                    AND (b.undone_at IS NULL OR b.undone_at > $1)) END
$$;
CREATE VIEW drawd.recusals_current WITH (security_invoker = true) AS SELECT * FROM drawd.recusals_seen(NULL);
CREATE FUNCTION drawd.recusals_as_of(at timestamptz) RETURNS SETOF drawd.recusals_current LANGUAGE sql STABLE
	AS 'SELECT * FROM drawd.recusals_seen($1)';
CREATE VIEW drawd.recusals_said WITH (security_invoker = true) AS
	SELECT f.id::text, f.inspector::text, coalesce(n.department::text, '') AS department,
	       coalesce(n.certificate_no, '') AS certificate_no, f.subject::text, f.ground, f.since, f.kind, f.batch,
	       f.line, f.ends IS NOT NULL AS gone, f.until::text, f.motion
	  FROM drawd.recusal_fact f
	  LEFT JOIN drawd.inspector_number n ON n.inspector = f.inspector;
GRANT SELECT ON drawd.recusals_current, drawd.recusals_said TO drawd_web, drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.recusals_seen(timestamptz), drawd.recusals_as_of(timestamptz)
	TO drawd_web, drawd_worker;
-- Nobody imports recusals without a motion, whatever else may make a job.
ALTER TABLE drawd.job ADD CONSTRAINT job_recusals_moved
	CHECK (kind <> 'import' OR motion IS NOT NULL OR args ->> 'kind' IS DISTINCT FROM 'recusals');

ALTER TABLE drawd.account_role ADD FOREIGN KEY (motion) REFERENCES drawd.motion;

-- ---- who may -----------------------------------------------------------------------------------

-- The civil day in China (PROTOCOL.md §3).
CREATE FUNCTION drawd.day_of(at int8) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	RETURN to_char(to_timestamp(at + 28800) AT TIME ZONE 'UTC', 'YYYY-MM-DD');
-- When a day is over; no day is over before all.
CREATE FUNCTION drawd.day_over(day text) RETURNS int8 LANGUAGE sql STABLE PARALLEL SAFE
	RETURN coalesce(extract(epoch FROM nullif(day, '')::date + 1)::int8 - 28800, 0);

-- The state of a motion as it is at a time: nobody need have noted that it lapsed.
CREATE FUNCTION drawd.motion_state(state text, ends_at int8, at int8) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN state = 'open' AND ends_at < at THEN 'lapsed' ELSE state END;

-- The roles that count for a motion about that department, or about none.
CREATE FUNCTION drawd.roles_asked(roles text[], whole text[], the_department text) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN the_department IS NULL AND whole <> '{}' THEN whole ELSE roles END;

-- The first of these roles that the one who asks has, a scoped one for that department.
CREATE FUNCTION drawd.right_of(wanted text[], the_department text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT name::text
	  FROM role
	 WHERE name = ANY (wanted)
	   AND CASE WHEN scoped THEN acts_as(name, the_department) ELSE has_role(name) END
	 ORDER BY array_position(wanted, name::text)
	 LIMIT 1
$$;

-- The same roles as they are told: "administrator, head:scjg".
CREATE FUNCTION drawd.rights_told(wanted text[], the_department text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT string_agg(concat_ws(':', name, CASE WHEN scoped THEN the_department END), ', '
		ORDER BY array_position(wanted, name::text))
	  FROM role
	 WHERE name = ANY (wanted) AND (NOT scoped OR the_department IS NOT NULL)
$$;

-- Do two persons stand on one side between two days? A delegate stands where the one who delegated
-- does; so do two who have these roles only from one and the same.
CREATE FUNCTION drawd.one_side(a text, b text, roles text[], from_day text, to_day text)
	RETURNS boolean LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH held AS (
		SELECT x.person AS holder, y.person AS giver, r.role
		  FROM account_role r
		  JOIN account x ON x.id = r.account
		  LEFT JOIN account y ON y.id = r.delegated_from
		 WHERE x.person IN (a, b) AND r.from_date <= to_day
		   AND (r.to_date IS NULL OR r.to_date >= from_day)
		   AND (r.ended_at IS NULL OR day_of(extract(epoch FROM r.ended_at)::int8) >= from_day)
	), borrowed AS (
		SELECT h.holder, h.giver
		  FROM held h
		 WHERE h.role = ANY (roles) AND h.giver IS NOT NULL
		   AND NOT EXISTS (SELECT FROM held o WHERE o.holder = h.holder AND o.giver IS NULL
		                      AND o.role = ANY (roles))
	)
	SELECT a = b
	    OR EXISTS (SELECT FROM held WHERE (holder, giver) IN ((a, b), (b, a)))
	    OR EXISTS (SELECT FROM borrowed p JOIN borrowed q USING (giver)
	                WHERE p.holder = a AND q.holder = b)
$$;

-- ---- the round of a motion ---------------------------------------------------------------------

-- Hold the round until the end of the transaction.
CREATE FUNCTION drawd.round_hold(the_round text) RETURNS drawd.round
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	r round;
BEGIN
	SELECT * INTO r FROM round WHERE id = the_round FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM refuse('no-round', coalesce(the_round, ''));
	END IF;
	RETURN r;
END
$$;

-- Departments of a round that have not approved.
CREATE FUNCTION drawd.approvals_missing(the_round text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(string_agg(d, ',' ORDER BY d COLLATE "C"), '')
	  FROM round, string_to_table(departments, ',') d
	 WHERE id = the_round
	   AND NOT EXISTS (SELECT FROM approval a WHERE a.round = the_round AND a.department = d)
$$;

-- ---- moving: subject, department and mark that follow from what is asked -------------------------

-- A department that is there and in use.
CREATE FUNCTION drawd.department_known(the_department text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM department WHERE id = the_department AND active) THEN
		PERFORM refuse('no-department', coalesce(the_department, ''));
	END IF;
END
$$;

-- An account as the one who moves sees it; what he must not see is not there.
CREATE FUNCTION drawd.account_seen(the_account text) RETURNS drawd.account
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	a account;
BEGIN
	SELECT * INTO a FROM account WHERE id = the_account;
	IF NOT FOUND OR NOT (has_role('administrator') OR acts_as('head', a.department)) THEN
		PERFORM refuse('no-account', coalesce(the_account, ''));
	END IF;
	RETURN a;
END
$$;

-- Whose heads may decide about an account: nobody's where it has a role of the whole installation.
CREATE FUNCTION drawd.account_heads(a drawd.account) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT CASE WHEN NOT EXISTS (SELECT FROM account_role r
	                              WHERE r.account = a.id AND r.department IS NULL AND r.ended_at IS NULL)
	       THEN a.department END
$$;

CREATE FUNCTION drawd.move_account(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	a account;
BEGIN
	IF m.body ->> 'department' <> '' THEN
		PERFORM department_known(m.body ->> 'department');
	END IF;
	IF m.body ->> 'do' = 'new' THEN
		m.department := nullif(m.body ->> 'department', '');
	ELSE
		a := account_seen(m.subject);
		m.department := account_heads(a);
		IF m.body ? 'department'
			AND nullif(m.body ->> 'department', '') IS DISTINCT FROM a.department THEN
			m.department := NULL;
		END IF;
	END IF;
	RETURN m;
END
$$;

CREATE FUNCTION drawd.move_role(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	r account_role;
	ignored account;
BEGIN
	IF m.body ->> 'do' = 'end' THEN
		SELECT * INTO r FROM account_role WHERE id = (m.body ->> 'grant')::int8;
		IF NOT FOUND OR NOT (has_role('administrator') OR acts_as('head', r.department)) THEN
			PERFORM refuse('not-found', m.body ->> 'grant');
		END IF;
		m.subject := r.account;
		m.department := r.department;
		m.mark := 'end ' || r.id;
	ELSE
		ignored := account_seen(m.subject);
		m.department := m.body ->> 'department';
		m.mark := concat_ws(' ', m.body ->> 'role', m.department);
	END IF;
	RETURN m;
END
$$;

-- One delegates what one holds by one's own right, for days on which one holds it.
CREATE FUNCTION drawd.move_delegation(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	m.department := m.body ->> 'department';
	m.mark := concat_ws(' ', m.moved_by, m.body ->> 'role', m.department);
	IF NOT EXISTS (
			SELECT FROM account_role r JOIN role k ON k.name = r.role AND k.delegable
			 WHERE r.account = m.moved_by AND r.role = m.body ->> 'role'
			   AND r.department IS NOT DISTINCT FROM m.department AND r.delegated_from IS NULL
			   AND r.ended_at IS NULL AND r.from_date <= m.body ->> 'from'
			   AND (r.to_date IS NULL OR r.to_date >= m.body ->> 'to')) THEN
		PERFORM refuse('not-allowed', concat_ws(' ', m.body ->> 'role', m.department));
	ELSIF NOT EXISTS (SELECT FROM account WHERE id = m.subject) THEN
		PERFORM refuse('no-account', m.subject);
	END IF;
	RETURN m;
END
$$;

-- Anew for a draft whose policy nobody agreed to: it was declined, withdrawn or has lapsed. Approvals
-- stand, the policy is the same; so whoever gave one does not move it.
CREATE FUNCTION drawd.move_policy(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	giver text;
BEGIN
	IF right_of('{coordinator}', NULL) IS NULL THEN
		PERFORM refuse('not-allowed', format('%s: coordinator', m.kind));
	ELSIF EXISTS (SELECT FROM round WHERE id = m.round AND policy_agreed_at IS NOT NULL) THEN
		PERFORM refuse('already-done', m.kind);
	END IF;
	SELECT a.account INTO giver
	  FROM approval a
	 WHERE a.round = m.round
	   AND one_side(m.moved_person, a.person, '{head}', day_of(a.at), day_of(m.moved_at))
	 LIMIT 1;
	IF FOUND THEN
		PERFORM refuse('same-person', giver);
	END IF;
	RETURN m;
END
$$;

-- A file of recusals: of the department for which the one who moves acts, or of all.
CREATE FUNCTION drawd.move_recusals(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	u upload;
BEGIN
	m.department := acting_department(m.body ->> 'department');
	SELECT * INTO u FROM upload
	 WHERE id = (m.body ->> 'upload')::int8 AND (account = m.moved_by OR acts_for(department));
	IF NOT FOUND OR u.received <> u.size THEN
		PERFORM refuse('upload-incomplete', format('upload %s', m.body ->> 'upload'), 'upload');
	ELSIF u.removed_at IS NOT NULL THEN
		PERFORM refuse('file-removed', format('upload %s', u.id), 'upload');
	END IF;
	m.subject := u.name;
	-- the same file once more, sent anew or under another name, is the motion that is open
	m.mark := concat_ws(' ', coalesce('file ' || encode(u.sha256, 'hex'), format('upload %s', u.id)), m.department);
	SELECT coalesce(max(o.subject), m.subject) INTO m.subject FROM motion o
	 WHERE o.kind = 'recusal' AND o.mark = m.mark AND o.state = 'open' AND o.ends_at >= m.moved_at;
	RETURN m;
END
$$;

-- One recusal, its end (action `end`), or a file of them (`import`).
CREATE FUNCTION drawd.move_recusal(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	IF m.body ->> 'action' = 'import' THEN
		RETURN move_recusals(m);
	END IF;
	SELECT department INTO m.department FROM inspector_number WHERE inspector = m.subject;
	IF m.department IS NULL OR NOT (acts_as('head', m.department) OR acts_as('clerk', m.department)
			OR acts_as('inspector', m.department)
				AND my_inspector() IS NOT DISTINCT FROM m.subject) THEN
		PERFORM refuse('bad-inspector', m.subject, 'inspector');
	END IF;
	m.mark := m.body ->> 'object';
	RETURN m;
END
$$;

-- Of a department of the round; how the two are carried out comes with the visits' own motions.
CREATE FUNCTION drawd.move_substitution(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	m.department := m.body ->> 'department';
	IF NOT EXISTS (SELECT FROM round
	                WHERE id = m.round AND m.department = ANY (string_to_array(departments, ','))) THEN
		PERFORM refuse('bad-department', coalesce(m.department, ''));
	END IF;
	RETURN m;
END
$$;
CREATE FUNCTION drawd.move_assignment(m drawd.motion) RETURNS drawd.motion
	LANGUAGE sql SET search_path = drawd, pg_temp AS 'SELECT move_substitution(m)';

-- ---- one after the other -------------------------------------------------------------------------

-- What a broken constraint is told as: an error by name, and the member of the request at fault. The API
-- (daemon/api_motion.c) looks at what it can see before; this is the net behind it.
CREATE FUNCTION drawd.constraint_told(broken text, OUT error text, OUT field text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT error, field
	  FROM (VALUES
		('account_pkey', 'account-exists', 'id'),
		('account_kind_check', 'bad-json', 'kind'),
		('account_person_check', 'bad-person', 'person'),
		('account_name_check', 'bad-json', 'name'),
		('account_department_fkey', 'no-department', 'department'),
		('account_inspector_key', 'conflict', 'inspector'),
		('account_os_user_key', 'conflict', 'os_user'),
		('account_os_user_check', 'bad-json', 'os_user'),
		('account_sso_name_key', 'conflict', 'sso_name'),
		('account_sso_name_check', 'bad-json', 'sso_name'),
		('account_language_check', 'bad-json', 'language'),
		('inspector_id_check', 'bad-inspector', 'inspector'),
		('object_id_check', 'bad-object', 'object'),
		('account_role_account_fkey', 'no-account', 'account'),
		('account_role_department_fkey', 'no-department', 'department'),
		('account_role_delegated_from_fkey', 'no-account', 'account'),
		('account_role_role_scoped_fkey', 'department-needed', 'department'),
		('account_role_account_kind_fkey', 'role-kind', 'role'),
		('account_role_check', 'date-order', 'to'),
		('account_role_check1', 'same-person', 'account'),
		('account_role_check2', 'bad-json', 'to'),
		('account_role_once', 'role-held', 'role'),
		('department_pkey', 'department-exists', 'id'),
		('department_level_check', 'bad-json', 'level'),
		('department_name_check', 'bad-json', 'name'),
		('department_id_check', 'reserved-name', 'id'),
		('department_check', 'bad-region', 'region'),
		('department_system_level_region_key', 'conflict', 'region'))
		AS t (name, error, field)
	 WHERE name = broken
$$;

-- Do what a motion says: by the function of its kind, or by the step of the notary; the others stand as
-- decisions on file. What the tables themselves refuse is told by name.
CREATE FUNCTION drawd.motion_carry(m drawd.motion, k drawd.motion_kind) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	result jsonb := '{}';
	broken text;
	missing text;
	told text;
	field text;
BEGIN
	IF to_regprocedure(format('drawd.carry_%s(drawd.motion)', k.kind)) IS NOT NULL THEN
		EXECUTE format('SELECT drawd.%I($1)', 'carry_' || k.kind) INTO result USING m;
	ELSIF k.step <> '' THEN
		result := carry_step(m, k.step);
	END IF;
	RETURN result;
EXCEPTION
	WHEN integrity_constraint_violation OR invalid_text_representation THEN
		GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, missing = COLUMN_NAME;
		SELECT t.error, t.field INTO told, field FROM constraint_told(broken) t;
		PERFORM refuse(coalesce(told, CASE SQLSTATE WHEN '23505' THEN 'conflict'
				WHEN '23502' THEN 'bad-json' ELSE 'bad-request' END),
			coalesce(m.body ->> field, nullif(missing, ''), nullif(m.subject, ''), broken),
			coalesce(field, missing));
END
$$;

-- May the one who asks move that? Gives the motion as it is to stand, but for its id.
CREATE FUNCTION drawd.motion_draft(k drawd.motion_kind, the_round text, the_subject text,
	the_body jsonb, the_reason text, the_evidence text, the_at int8) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	m motion;
	r round;
	may text[];
BEGIN
	IF acting() IS NULL THEN
		PERFORM refuse('not-allowed', k.kind);
	ELSIF coalesce(the_reason !~ '\S' OR char_length(the_reason) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason');
	END IF;
	PERFORM scope_needed(CASE WHEN k.states <> '{}' THEN 'rounds'
		WHEN k.kind IN ('account', 'role', 'delegation', 'department') THEN 'people'
		WHEN the_body ->> 'action' = 'import' THEN 'files' ELSE 'motions' END || ':write');
	PERFORM evidence_known(the_evidence);
	m.kind := k.kind;
	m.subject := the_subject;
	m.mark := '';
	m.seals := '';
	m.body := the_body;
	m.reason := the_reason;
	m.evidence := the_evidence;
	m.moved_by := acting();
	m.moved_person := context() ->> 'person';
	m.moved_at := the_at;
	m.ends_at := the_at + k.seconds;
	m.state := 'open';
	IF k.states <> '{}' THEN
		r := round_hold(the_round);
		m.round := r.id;
		IF r.state <> ALL (k.states) THEN
			PERFORM refuse(CASE WHEN k.step <> '' AND EXISTS (
				SELECT FROM motion WHERE kind = k.kind AND round = r.id AND state IN ('carried', 'done'))
				THEN 'already-done' ELSE 'bad-state' END, format('%s: %s', k.kind, r.state));
		END IF;
	END IF;
	IF to_regprocedure(format('drawd.move_%s(drawd.motion)', k.kind)) IS NOT NULL THEN
		EXECUTE format('SELECT (drawd.%I($1)).*', 'move_' || k.kind) INTO m USING m;
	END IF;
	may := roles_asked(k.first, k.whole, m.department);
	m.moved_role := right_of(may, m.department);
	IF m.moved_role IS NULL THEN
		PERFORM refuse('not-allowed', format('%s: %s', k.kind, rights_told(may, m.department)));
	END IF;
	RETURN m;
END
$$;

-- Those that nobody seconded in time. For the notary, whose clock it is.
CREATE FUNCTION drawd.motion_lapse(the_at int8) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH late AS (
		UPDATE motion SET state = 'lapsed'
		 WHERE id IN (SELECT id FROM motion WHERE state = 'open' AND ends_at < the_at
		               ORDER BY id FOR UPDATE SKIP LOCKED)
		RETURNING 1
	)
	SELECT count(*) FROM late
$$;

-- Move. What could not be carried out at this moment is refused at once: it is tried and taken back.
-- Gives {"motion": id}.
CREATE FUNCTION drawd.motion_move(the_kind text, the_round text, the_subject text, the_body jsonb,
	the_reason text, the_evidence text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	the_at int8 := asked_at();
	k motion_kind;
	m motion;
BEGIN
	SELECT * INTO k FROM motion_kind WHERE kind = the_kind;
	IF NOT FOUND THEN
		PERFORM refuse('bad-request', the_kind);
	END IF;
	m := motion_draft(k, the_round, the_subject, the_body, the_reason, the_evidence, the_at);
	UPDATE motion SET state = 'lapsed'
	 WHERE kind = m.kind AND round IS NOT DISTINCT FROM m.round AND subject = m.subject AND mark = m.mark
	   AND state = 'open' AND ends_at < the_at;
	INSERT INTO motion (kind, round, department, subject, mark, body, reason, evidence, moved_by,
		moved_person, moved_role, moved_at, ends_at)
	SELECT m.kind, m.round, m.department, m.subject, m.mark, m.body, m.reason, m.evidence, m.moved_by,
		m.moved_person, m.moved_role, m.moved_at, m.ends_at
	 WHERE NOT EXISTS (SELECT FROM motion o WHERE o.kind = m.kind AND o.round = m.round
	                      AND o.subject = m.subject AND o.state = 'carried' AND k.step <> '')
	ON CONFLICT (kind, coalesce(round::text, ''), subject, mark) WHERE state = 'open' DO NOTHING
	RETURNING id INTO m.id;
	IF m.id IS NULL THEN
		PERFORM refuse(CASE WHEN EXISTS (SELECT FROM motion o WHERE o.kind = m.kind
				AND o.round IS NOT DISTINCT FROM m.round AND o.subject = m.subject
				AND o.mark = m.mark AND o.state = 'open')
			THEN 'motion-open' ELSE 'already-done' END, m.kind);
	END IF;
	IF m.kind = 'policy' THEN
		UPDATE round SET policy_motion = m.id WHERE id = m.round;
	END IF;
	m.decided_at := the_at;
	BEGIN
		PERFORM motion_carry(m, k);
		RAISE EXCEPTION USING ERRCODE = 'DR001';
	EXCEPTION WHEN SQLSTATE 'DR001' THEN
		NULL;
	END;
	RETURN jsonb_build_object('motion', m.id);
END
$$;

-- Is the one who asks the person whom a motion about people concerns?
CREATE FUNCTION drawd.motion_concerns(m drawd.motion, the_person text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT m.kind IN ('account', 'role', 'delegation')
	   AND EXISTS (SELECT FROM account WHERE id = m.subject AND person = the_person)
$$;

-- By which role may the one who asks decide so? Refuses where by none.
CREATE FUNCTION drawd.motion_judge(m drawd.motion, k drawd.motion_kind, verdict text, the_at int8)
	RETURNS text LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	person text := context() ->> 'person';
	may text[] := roles_asked(k.second, k.whole, m.department);
	role text;
BEGIN
	IF verdict = 'withdrawn' THEN
		IF acting() IS NULL OR person <> m.moved_person THEN
			PERFORM refuse('not-allowed', format('%s: %s', verdict, m.moved_by));
		END IF;
		RETURN m.moved_role;
	END IF;
	role := right_of(may, m.department);
	IF role IS NULL THEN
		PERFORM refuse('not-allowed', format('%s: %s', m.kind, rights_told(may, m.department)));
	ELSIF one_side(m.moved_person, person, k.first || k.second || k.whole, day_of(m.moved_at), day_of(the_at))
		OR motion_concerns(m, person) THEN
		PERFORM refuse('same-person', m.moved_by);
	END IF;
	RETURN role;
END
$$;

-- Decide: verdict is seconded, declined or withdrawn. Seconded is agreed and carried out in this
-- transaction. seals: signature lines that the record it leads to needs (beacon, void). Gives
-- {"motion", "state", "result"}.
CREATE FUNCTION drawd.motion_decide(the_motion int8, verdict text, the_why text, the_seals text)
	RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	the_at int8 := asked_at();
	m motion;
	k motion_kind;
	r round;
BEGIN
	PERFORM scope_needed('motions:write');
	SELECT * INTO m FROM motion WHERE id = the_motion;
	IF NOT FOUND OR verdict IS NULL OR verdict NOT IN ('seconded', 'declined', 'withdrawn') THEN
		PERFORM refuse('no-motion', the_motion::text);
	END IF;
	IF m.round IS NOT NULL THEN
		r := round_hold(m.round);
	END IF;
	SELECT * INTO m FROM motion WHERE id = the_motion FOR UPDATE;
	SELECT * INTO k FROM motion_kind WHERE kind = m.kind;
	m.state := motion_state(m.state, m.ends_at, the_at);
	IF m.state = 'lapsed' THEN
		PERFORM refuse('motion-lapsed', m.ends_at::text);
	ELSIF m.state <> 'open' THEN
		PERFORM refuse('motion-decided', m.state);
	ELSIF coalesce(the_why !~ '\S' OR char_length(the_why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason');
	ELSIF the_seals <> '' AND m.kind NOT IN ('beacon', 'void') THEN
		PERFORM refuse('bad-json', 'attestations');
	END IF;
	m.decided_role := motion_judge(m, k, verdict, the_at);
	IF verdict = 'seconded' AND k.states <> '{}' AND r.state <> ALL (k.states) THEN
		PERFORM refuse('bad-state', format('%s: %s', k.kind, r.state));
	END IF;
	m.seals := the_seals;
	m.decided_at := the_at;
	IF verdict = 'seconded' THEN
		PERFORM set_config('drawd.why', format('#%s %s', m.id, m.reason), true); -- for audit_put
		m.result := nullif(motion_carry(m, k), '{}');
	END IF;
	m.state := CASE WHEN verdict <> 'seconded' THEN verdict
		WHEN m.result ?| '{job,proposal}' THEN 'carried' ELSE k.after END;
	UPDATE motion
	   SET state = m.state, decided_by = acting(), decided_person = context() ->> 'person',
	       decided_role = m.decided_role, decided_at = the_at, decided_why = the_why, seals = the_seals,
	       result = m.result
	 WHERE id = m.id;
	RETURN jsonb_build_object('motion', m.id, 'state', m.state, 'result', m.result);
END
$$;

-- ---- what became of it -----------------------------------------------------------------------------

-- The notary decided on what a motion proposed; a freeze is proposed by the motion's job.
CREATE FUNCTION drawd.motion_proposal_decided() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	the_motion int8 := coalesce(NEW.motion, (SELECT motion FROM job WHERE id = NEW.job AND kind = 'freeze'));
BEGIN
	UPDATE motion
	   SET state = CASE NEW.state WHEN 'accepted' THEN 'done' ELSE 'refused' END,
	       result = coalesce(result, '{}') || CASE NEW.state
			WHEN 'accepted' THEN jsonb_build_object('entry', NEW.entry)
			ELSE jsonb_build_object('error', NEW.error) END
	 WHERE id = the_motion AND state = 'carried' AND (NEW.state = 'accepted' OR NEW.motion IS NOT NULL);
	RETURN NULL;
END
$$;
CREATE TRIGGER motion_decided AFTER UPDATE OF state ON drawd.proposal
	FOR EACH ROW WHEN (NEW.state <> 'pending' AND NEW.kind <> 'draw')
	EXECUTE FUNCTION drawd.motion_proposal_decided();
-- Its job failed; or it is done and there is no more to it, as of an import. That of a freeze proposed
-- something.
CREATE FUNCTION drawd.motion_job_ended() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	UPDATE motion
	   SET state = CASE NEW.state WHEN 'done' THEN 'done' ELSE 'refused' END,
	       result = coalesce(result, '{}') || CASE NEW.state
			WHEN 'done' THEN '{}' ELSE jsonb_build_object('error', NEW.error) END
	 WHERE id = NEW.motion AND state = 'carried' AND (NEW.state = 'failed' OR NEW.kind = 'import');
	RETURN NULL;
END
$$;
CREATE TRIGGER motion_ended AFTER UPDATE OF state ON drawd.job
	FOR EACH ROW WHEN (NEW.state IN ('done', 'failed') AND NEW.motion IS NOT NULL)
	EXECUTE FUNCTION drawd.motion_job_ended();

-- A job that a motion made is of the one who moved it, and of its department.
CREATE FUNCTION drawd.stamp_moved() RETURNS trigger
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	SELECT moved_by, department INTO NEW.account, NEW.department FROM motion WHERE id = NEW.motion;
	RETURN NEW;
END
$$;
DROP TRIGGER a_stamp ON drawd.job;
CREATE TRIGGER a_stamp BEFORE INSERT ON drawd.job
	FOR EACH ROW WHEN (NEW.motion IS NULL) EXECUTE FUNCTION drawd.stamp();
CREATE TRIGGER a_stamp_moved BEFORE INSERT ON drawd.job
	FOR EACH ROW WHEN (NEW.motion IS NOT NULL) EXECUTE FUNCTION drawd.stamp_moved();

-- The one who asks takes his half of an account's first password: he moved, or seconded, that it be made
-- or reset. One alone would otherwise be whoever has no password yet, and so both sides. Each half is
-- told once: who finds his taken knows that another had it, and has the account reset. half is 1 or
-- 2, motion the newest that made or reset it; no row for anybody else.
CREATE FUNCTION drawd.password_half(the_account text, OUT motion int8, OUT half int, OUT told boolean)
	RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	m motion;
	me text := context() ->> 'person';
BEGIN
	SELECT * INTO m FROM motion
	 WHERE kind = 'account' AND subject = the_account AND state = 'done' AND body ->> 'do' IN ('new', 'reset')
	 ORDER BY id DESC LIMIT 1 FOR UPDATE;
	IF NOT FOUND OR me IS NULL OR me NOT IN (m.moved_person, m.decided_person) THEN
		RETURN;
	END IF;
	password_half.motion := m.id;
	password_half.half := CASE me WHEN m.moved_person THEN 1 ELSE 2 END;
	password_half.told := m.halves & half <> 0;
	UPDATE motion SET halves = halves | password_half.half WHERE id = m.id AND NOT password_half.told;
	RETURN NEXT;
END
$$;

-- ---- who may call ---------------------------------------------------------------------------------------

GRANT SELECT ON drawd.motion_kind, drawd.motion TO drawd_web, drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.motion_state(text, int8, int8),
	drawd.roles_asked(text[], text[], text),
	drawd.motion_move(text, text, text, jsonb, text, text),
	drawd.motion_decide(int8, text, text, text)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.motion_lapse(int8) TO drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.password_half(text) TO drawd_auth;
