-- What each kind of motion does once it is seconded (0007_motion.sql), and what one person alone takes away
-- from others at once. A kind without a function here that names a step of the notary proposes it.

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
	r round;
	made int8;
BEGIN
	SELECT * INTO r FROM round WHERE id = m.round;
	IF r.policy_agreed_at IS NULL THEN
		PERFORM refuse('motion-needed', policy_waits(r));
	ELSIF missing <> '' THEN
		PERFORM refuse('not-approved', missing);
	END IF;
	PERFORM quality_hold(m);
	SELECT string_agg(format('%s %s → %s', n.path, n.old, n.new), '; ' ORDER BY n.path, n.old) INTO missing
	  FROM policy_regions(r.policy, day_of(coalesce(m.decided_at, asked_at()))) n;
	IF missing IS NOT NULL THEN
		PERFORM refuse('policy-region', missing);
	END IF;
	INSERT INTO job (kind, args, dedup, motion)
	SELECT 'freeze', jsonb_build_object('round', m.round, 'frozen', m.decided_at)
		|| jsonb_strip_nulls(jsonb_build_object('quality_override', m.body -> 'quality_override')),
		'freeze:' || m.round, m.id
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('already-done', 'freeze');
	END IF;
	RETURN jsonb_build_object('job', made);
END
$$;

CREATE FUNCTION drawd.carry_step(m drawd.motion, step text) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	made int8;
BEGIN
	INSERT INTO proposal (round, kind, place, body, attestations, created_by, motion)
	VALUES (m.round, step, coalesce(nullif(m.subject, '')::int, 1), coalesce(m.body ->> 'record', ''),
		coalesce(m.body ->> 'attestations', '') || m.seals, m.moved_by, m.id)
	ON CONFLICT (round, kind, place) WHERE state <> 'refused' DO NOTHING
	RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('already-done', step);
	END IF;
	RETURN jsonb_build_object('proposal', made);
END
$$;

-- ---- recusals ------------------------------------------------------------------------------------

-- The file goes in as any other list; its batch is of the motion's department.
CREATE FUNCTION drawd.recusals_import(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	made int8;
BEGIN
	INSERT INTO job (kind, args, dedup, motion)
	VALUES ('import', m.body - '{action,do,department}'::text[] || '{"mode": "confirm"}',
		format('import:%s:recusals', m.body ->> 'upload'), m.id)
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('conflict', m.mark);
	END IF;
	RETURN jsonb_build_object('job', made);
END
$$;

-- Facts stay: another one says until when they hold, for each that nothing has ended yet.
CREATE FUNCTION drawd.recusal_end(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	INSERT INTO recusal_fact (inspector, subject, ground, ends, until, motion)
	SELECT f.inspector, f.subject, coalesce(m.body ->> 'ground', ''), f.id,
	       coalesce(m.body ->> 'until', day_of(m.decided_at)), m.id
	  FROM recusal_fact f
	 WHERE f.inspector = m.subject AND f.subject = m.body ->> 'object' AND f.ends IS NULL
	   AND (f.batch IS NULL OR f.batch IN (SELECT id FROM batch_counted WHERE undone_at IS NULL))
	   AND NOT EXISTS (SELECT FROM recusal_fact e WHERE e.ends = f.id);
	IF NOT FOUND THEN
		PERFORM refuse('no-recusal', concat_ws(' ', m.subject, m.body ->> 'object'), 'object');
	END IF;
	RETURN '{}';
END
$$;

CREATE FUNCTION drawd.carry_recusal(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	what text := coalesce(m.body ->> 'action', 'begin');
BEGIN
	IF what = 'import' THEN
		RETURN recusals_import(m);
	ELSIF what = 'end' THEN
		RETURN recusal_end(m);
	ELSIF what <> 'begin' THEN
		PERFORM refuse('bad-json', what, 'action');
	END IF;
	INSERT INTO recusal_fact (inspector, subject, ground, since, motion)
	VALUES (m.subject, m.body ->> 'object', coalesce(m.body ->> 'ground', ''),
		coalesce(m.body ->> 'since', day_of(m.decided_at)), m.id);
	RETURN '{}';
END
$$;

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

-- No longer let in: sessions, tokens and devices end with it.
CREATE FUNCTION drawd.account_disable(the_account text, at int8) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	UPDATE account SET state = 'disabled' WHERE id = the_account AND state <> 'disabled';
	IF NOT FOUND THEN
		PERFORM refuse('no-change', the_account);
	END IF;
	PERFORM cut_off(the_account, 'disabled');
	PERFORM administrator_left(at);
END
$$;

-- An inspector who signs in is on the list of his department.
CREATE FUNCTION drawd.inspector_fits(the_account text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	stranger text;
BEGIN
	SELECT inspector INTO stranger
	  FROM account a
	 WHERE a.id = the_account AND a.inspector IS NOT NULL
	   AND NOT EXISTS (SELECT FROM inspector_number n
	                    WHERE n.inspector = a.inspector AND n.department = a.department);
	IF FOUND THEN
		PERFORM refuse('bad-inspector', stranger, 'inspector');
	END IF;
END
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
			PERFORM refuse('account-exists', m.subject);
		END IF;
		INSERT INTO account (id, kind, person, name, department, inspector, os_user, sso_name, language)
		VALUES (m.subject, coalesce(b ->> 'kind', 'person'), b ->> 'person', b ->> 'name',
			nullif(b ->> 'department', ''), nullif(b ->> 'inspector', ''),
			nullif(b ->> 'os_user', ''), nullif(b ->> 'sso_name', ''),
			coalesce(b ->> 'language', 'zh'));
		PERFORM inspector_fits(m.subject);
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
		IF b ?| '{inspector,department}' THEN
			PERFORM inspector_fits(m.subject);
		END IF;
		RETURN '{}';
	ELSIF what = 'reset' THEN
		UPDATE account SET password = NULL, password_at = NULL, password_once = false, totp = NULL
		 WHERE id = m.subject;
		PERFORM cut_off(m.subject, 'changed');
		RETURN '{}';
	ELSIF what = 'disable' THEN
		PERFORM account_disable(m.subject, m.decided_at);
		RETURN '{}';
	ELSIF what = 'enable' THEN
		UPDATE account SET state = 'active' WHERE id = m.subject AND state <> 'active';
		IF NOT FOUND THEN
			PERFORM refuse('no-change', m.subject);
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
			PERFORM refuse('no-change', b ->> 'grant');
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

-- ---- one person alone: rights are only taken away ---------------------------------------------------

-- Whoever delegated a role takes it back. False where there is none of his to take.
CREATE FUNCTION drawd.delegation_end(the_grant int8) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	delegate text;
BEGIN
	PERFORM scope_needed('people:write');
	PERFORM people_hold();
	UPDATE account_role SET ended_at = clock_timestamp()
	 WHERE id = the_grant AND delegated_from = acting() AND ended_at IS NULL
	RETURNING account INTO delegate;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	PERFORM roles_change(delegate);
	RETURN true;
END
$$;

-- An account that somebody else may have got hold of is disabled at once, by an administrator or the head of
-- its department; only a motion lifts it. Another administrator's is not: whoever got hold of one
-- account of theirs would shut the others out.
CREATE FUNCTION drawd.account_suspend(the_account text, why text) RETURNS boolean
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	a account := account_seen(the_account);
BEGIN
	PERFORM scope_needed('people:write');
	IF coalesce(why !~ '\S' OR char_length(why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	ELSIF NOT (has_role('administrator') OR acts_as('head', account_heads(a))) THEN
		PERFORM refuse('not-allowed', format('%s: %s', a.id,
			rights_told('{administrator,head}', account_heads(a))));
	ELSIF a.person <> context() ->> 'person' AND EXISTS (
			SELECT FROM account_role
			 WHERE account = a.id AND role = 'administrator' AND ended_at IS NULL) THEN
		PERFORM refuse('motion-needed', 'account.disable');
	END IF;
	PERFORM people_hold();
	PERFORM set_config('drawd.why', why, true); -- for audit_put
	PERFORM account_disable(a.id, asked_at());
	RETURN true;
END
$$;

-- ---- who may call -----------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION drawd.delegation_end(int8), drawd.account_suspend(text, text)
	TO drawd_web;
