-- What each kind of motion does once it is seconded (0007_motion.sql), and how rounds begin.

CREATE FUNCTION drawd.carry_policy(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	UPDATE round SET policy_agreed_at = m.decided_at WHERE id = m.round;
	SELECT '{}'::jsonb
$$;

-- The time of the freeze is that of the agreement, so that another attempt gives the same bytes.
CREATE FUNCTION drawd.carry_freeze(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	missing text := approvals_missing(m.round);
	made int8;
BEGIN
	IF NOT EXISTS (SELECT FROM round WHERE id = m.round AND policy_agreed_at IS NOT NULL) THEN
		PERFORM refuse('motion-needed', 'policy');
	ELSIF missing <> '' THEN
		PERFORM refuse('not-approved', missing);
	END IF;
	INSERT INTO job (kind, args, dedup, motion)
	VALUES ('freeze', jsonb_build_object('round', m.round, 'frozen', m.decided_at),
		'freeze:' || m.round, m.id)
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('already-done', 'freeze');
	END IF;
	RETURN jsonb_build_object('job', made);
END
$$;

CREATE FUNCTION drawd.carry_step(m drawd.motion, step text, the_place int) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	made int8;
BEGIN
	INSERT INTO proposal (round, kind, place, body, attestations, created_by, motion)
	VALUES (m.round, step, the_place, coalesce(m.body ->> 'record', ''),
		coalesce(m.body ->> 'attestations', '') || m.seals, m.moved_by, m.id)
	ON CONFLICT (round, kind, place) WHERE state <> 'refused' DO NOTHING
	RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('already-done', step);
	END IF;
	RETURN jsonb_build_object('proposal', made);
END
$$;
CREATE FUNCTION drawd.carry_lock(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$SELECT carry_step(m, 'lock', 1)$$;
CREATE FUNCTION drawd.carry_beacon(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$SELECT carry_step(m, 'beacon', m.subject::int)$$;
CREATE FUNCTION drawd.carry_publication(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$SELECT carry_step(m, 'reveal', 1)$$;
CREATE FUNCTION drawd.carry_void(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$SELECT carry_step(m, 'void', 1)$$;

CREATE FUNCTION drawd.carry_recusal(m drawd.motion) RETURNS jsonb
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO recusal_fact (inspector, subject, ground, since, motion)
	VALUES (m.subject, m.body ->> 'object', coalesce(m.body ->> 'ground', ''),
		coalesce(m.body ->> 'since', day_of(m.decided_at)), m.id);
	SELECT '{}'::jsonb
$$;
CREATE FUNCTION drawd.carry_substitution(m drawd.motion) RETURNS jsonb
	LANGUAGE sql IMMUTABLE RETURN '{}'::jsonb;
CREATE FUNCTION drawd.carry_assignment(m drawd.motion) RETURNS jsonb
	LANGUAGE sql IMMUTABLE RETURN '{}'::jsonb;

-- ---- people --------------------------------------------------------------------------------------

-- Changes of accounts and roles come one after the other: none is decided on what another changes.
CREATE FUNCTION drawd.people_hold() RETURNS void LANGUAGE sql
	AS 'SELECT pg_advisory_xact_lock(7363417254)';

CREATE FUNCTION drawd.administrator_left(at int8) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM account a, roles_on(a.id, day_of(at)) r
	                WHERE a.state = 'active' AND r.role = 'administrator' AND r.delegated_from IS NULL) THEN
		PERFORM refuse('last-administrator', day_of(at));
	END IF;
END
$$;

-- The one who asks gets one half of an account's first password: he moved, or seconded, that it be made
-- or reset. One alone would otherwise be whoever has no password yet, and so both sides. side is
-- 'first' or 'second', motion the newest that made or reset it; no row for anybody else.
CREATE FUNCTION drawd.password_side(the_account text, OUT motion int8, OUT side text) RETURNS SETOF record
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT id, CASE context() ->> 'person' WHEN moved_person THEN 'first' ELSE 'second' END
	  FROM (SELECT id, moved_person, decided_person FROM motion
	         WHERE kind = 'account' AND subject = the_account AND state = 'done'
	           AND body ->> 'do' IN ('new', 'reset')
	         ORDER BY id DESC LIMIT 1) m
	 WHERE context() ->> 'person' IN (moved_person, decided_person)
$$;

CREATE FUNCTION drawd.carry_account(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	b jsonb := m.body;
	what text := m.body ->> 'do';
BEGIN
	PERFORM people_hold();
	IF what = 'new' THEN
		IF EXISTS (SELECT FROM account WHERE id = m.subject) THEN
			PERFORM refuse('already-done', m.subject);
		END IF;
		INSERT INTO account (id, kind, person, name, department, inspector, os_user, sso_name, language)
		VALUES (m.subject, coalesce(b ->> 'kind', 'person'), b ->> 'person', b ->> 'name',
			nullif(b ->> 'department', ''), nullif(b ->> 'inspector', ''),
			nullif(b ->> 'os_user', ''), nullif(b ->> 'sso_name', ''),
			coalesce(b ->> 'language', 'zh'));
		RETURN '{}';
	ELSIF what = 'change' THEN
		UPDATE account
		   SET name = coalesce(b ->> 'name', name),
		       language = coalesce(b ->> 'language', language),
		       department = CASE WHEN b ? 'department' THEN nullif(b ->> 'department', '') ELSE department END,
		       inspector = CASE WHEN b ? 'inspector' THEN nullif(b ->> 'inspector', '') ELSE inspector END,
		       os_user = CASE WHEN b ? 'os_user' THEN nullif(b ->> 'os_user', '') ELSE os_user END,
		       sso_name = CASE WHEN b ? 'sso_name' THEN nullif(b ->> 'sso_name', '') ELSE sso_name END
		 WHERE id = m.subject;
		RETURN '{}';
	ELSIF what = 'reset' THEN
		UPDATE account SET password = NULL, password_at = NULL, password_once = false, totp = NULL
		 WHERE id = m.subject;
		PERFORM cut_off(m.subject, 'changed');
		RETURN '{}';
	ELSIF what IN ('disable', 'enable') THEN
		UPDATE account SET state = CASE what WHEN 'disable' THEN 'disabled' ELSE 'active' END
		 WHERE id = m.subject AND state <> CASE what WHEN 'disable' THEN 'disabled' ELSE 'active' END;
		IF NOT FOUND THEN
			PERFORM refuse('already-done', m.subject);
		END IF;
		IF what = 'disable' THEN
			PERFORM cut_off(m.subject, 'disabled');
			PERFORM administrator_left(m.decided_at);
		END IF;
		RETURN '{}';
	END IF;
	PERFORM refuse('bad-json', 'do');
END
$$;

-- Its roles change: a session does not grow into one that needs a second factor, nor keep what it was
-- told under another. Access tokens stay, they ask for the roles of the day.
CREATE FUNCTION drawd.roles_change(the_account text) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	SELECT session_close(id, 'changed') FROM session
	 WHERE account = the_account AND ended_at IS NULL
$$;

CREATE FUNCTION drawd.carry_role(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	b jsonb := m.body;
BEGIN
	PERFORM people_hold();
	IF b ->> 'do' = 'end' THEN
		UPDATE account_role SET ended_at = clock_timestamp()
		 WHERE id = (b ->> 'grant')::int8 AND ended_at IS NULL;
		IF NOT FOUND THEN
			PERFORM refuse('already-done', b ->> 'grant');
		END IF;
		PERFORM roles_change(m.subject);
		PERFORM administrator_left(m.decided_at);
	ELSIF b ->> 'do' = 'give' THEN
		IF m.department IS NOT NULL THEN
			PERFORM department_known(m.department);
		END IF;
		INSERT INTO account_role (account, role, department, from_date, to_date, motion)
		VALUES (m.subject, b ->> 'role', m.department, coalesce(b ->> 'from', day_of(m.decided_at)),
			b ->> 'to', m.id);
		PERFORM roles_change(m.subject);
	ELSE
		PERFORM refuse('bad-json', 'do');
	END IF;
	RETURN '{}';
END
$$;

CREATE FUNCTION drawd.carry_delegation(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM people_hold();
	IF EXISTS (SELECT FROM account WHERE id = m.subject AND person = m.moved_person) THEN
		PERFORM refuse('same-person', m.subject);
	END IF;
	INSERT INTO account_role (account, role, department, from_date, to_date, delegated_from, motion)
	VALUES (m.subject, m.body ->> 'role', m.department, m.body ->> 'from', m.body ->> 'to', m.moved_by,
		m.id);
	PERFORM roles_change(m.subject);
	RETURN '{}';
END
$$;

CREATE FUNCTION drawd.carry_department(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	b jsonb := m.body;
BEGIN
	PERFORM people_hold();
	IF b ->> 'do' = 'new' THEN
		INSERT INTO department (id, system, level, region, name, name_en, short, inspects)
		VALUES (m.subject, coalesce(b ->> 'system', m.subject), b ->> 'level', b ->> 'region',
			b ->> 'name', coalesce(b ->> 'name_en', ''), coalesce(b ->> 'short', ''),
			coalesce((b ->> 'inspects')::boolean, true));
	ELSIF b ->> 'do' = 'change' THEN
		UPDATE department
		   SET name = coalesce(b ->> 'name', name), name_en = coalesce(b ->> 'name_en', name_en),
		       short = coalesce(b ->> 'short', short),
		       inspects = coalesce((b ->> 'inspects')::boolean, inspects),
		       active = coalesce((b ->> 'active')::boolean, active)
		 WHERE id = m.subject;
		IF NOT FOUND THEN
			PERFORM refuse('no-department', m.subject);
		END IF;
		IF b ? 'active' THEN
			PERFORM roles_change(account)
			   FROM (SELECT DISTINCT account FROM account_role
			          WHERE department = m.subject AND ended_at IS NULL) a;
		END IF;
	ELSE
		PERFORM refuse('bad-json', 'do');
	END IF;
	RETURN '{}';
END
$$;

-- ---- rounds ------------------------------------------------------------------------------------------

-- A draft and the motion on its policy. Gives {"id", "state", "motion"}.
CREATE FUNCTION drawd.round_make(year text, is_demo boolean, name text, rows text, source text,
	the_departments text, the_pulses text, the_delta int8, deadline int8, reveal text, due text,
	the_disclosure text, reason text, evidence text, the_at int8) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	made text;
	wrong text;
	moved jsonb;
BEGIN
	IF NOT has_role('coordinator') THEN
		PERFORM refuse('not-allowed', 'policy');
	END IF;
	SELECT string_agg(d, ',' ORDER BY d COLLATE "C") INTO wrong
	  FROM string_to_table(the_departments, ',') d
	 WHERE NOT EXISTS (SELECT FROM department WHERE id = d AND active);
	IF wrong IS NOT NULL THEN
		PERFORM refuse('no-department', wrong);
	END IF;
	SELECT string_agg(d, ',' ORDER BY d COLLATE "C") INTO wrong
	  FROM string_to_table(the_departments, ',') d
	 WHERE EXISTS (SELECT FROM department WHERE id = d AND NOT inspects);
	IF wrong IS NOT NULL THEN
		PERFORM refuse('no-inspecting-department', wrong);
	END IF;
	PERFORM pg_advisory_xact_lock(7363417255); -- numbers without gaps
	INSERT INTO round (id, demo, policy_name, policy, policy_source, departments, pulses, delta,
		draw_deadline, reveal_after, results_due, disclosure, created_by)
	SELECT year || '-' || lpad((coalesce(max(right(id, 4)::int), 0) + 1)::text, 4, '0'), is_demo, name,
		rows, source, the_departments, the_pulses, the_delta, deadline, reveal, due, the_disclosure,
		acting()
	  FROM round WHERE left(id, 4) = year
	RETURNING id INTO made;
	moved := motion_move('policy', made, '', '{}', reason, evidence, the_at);
	RETURN jsonb_build_object('id', made, 'state', 'draft') || moved;
END
$$;

-- The head of a department approves a draft; nobody who ever moved its policy. Empty: the department
-- that he heads, where it is one of the round's. Drafts in which he takes no part are not there. Gives
-- {"department", "missing"}.
CREATE FUNCTION drawd.round_approve(the_round text, the_department text, the_at int8) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r round := round_hold(the_round);
	d text := the_department;
	p motion;
	mover text;
BEGIN
	IF r.state = 'draft' AND NOT (sees_all()
			OR string_to_array(r.departments, ',') && my_departments()) THEN
		PERFORM refuse('no-round', r.id);
	END IF;
	IF d = '' THEN
		SELECT min(x) INTO d FROM string_to_table(r.departments, ',') x
		 WHERE acts_as('head', x) HAVING count(*) = 1;
	END IF;
	SELECT * INTO p FROM motion WHERE id = r.policy_motion;
	SELECT moved_by INTO mover
	  FROM motion
	 WHERE kind = 'policy' AND round = r.id
	   AND one_side(moved_person, context() ->> 'person', '{head}', day_of(moved_at), day_of(the_at))
	 LIMIT 1;
	IF r.state <> 'draft' THEN
		PERFORM refuse('frozen', r.state);
	ELSIF d IS NULL OR d <> ALL (string_to_array(r.departments, ',')) THEN
		PERFORM refuse('bad-department', coalesce(d, r.departments));
	ELSIF right_of('{head}', d) IS NULL THEN
		PERFORM refuse('not-allowed', d);
	ELSIF coalesce(motion_state(p.state, p.ends_at, the_at), '') NOT IN ('open', 'done') THEN
		PERFORM refuse('motion-needed', 'policy');
	ELSIF mover IS NOT NULL THEN
		PERFORM refuse('same-person', mover);
	END IF;
	INSERT INTO approval (round, department, account, person, at)
	VALUES (r.id, d, acting(), context() ->> 'person', the_at)
	ON CONFLICT (round, department) DO NOTHING;
	IF NOT FOUND THEN
		PERFORM refuse('already-done', d);
	END IF;
	RETURN jsonb_build_object('department', d, 'missing', approvals_missing(the_round));
END
$$;

-- ---- who may call -----------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION
	drawd.round_make(text, boolean, text, text, text, text, text, int8, int8, text, text, text, text,
		text, int8),
	drawd.round_approve(text, text, int8)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.password_side(text) TO drawd_auth;
