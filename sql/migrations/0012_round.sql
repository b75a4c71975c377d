-- Rounds begin: a draft with the motion on its policy, and the approvals of its departments.

-- The state of the motion on a round's policy, for all who see the round.
CREATE FUNCTION drawd.policy_state(the_round text) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT motion_state(m.state, m.ends_at, asked_at())
	  FROM round r JOIN motion m ON m.id = r.policy_motion
	 WHERE r.id = the_round
	   AND (sees_all() OR string_to_array(r.departments, ',') && my_departments())
$$;
-- For whoever has to wait for it: "policy: motion 7 open".
CREATE FUNCTION drawd.policy_waits(r drawd.round) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp
	RETURN concat('policy', ': motion ' || r.policy_motion || ' ' || drawd.policy_state(r.id));

-- Codes of regions that a policy names and that another took the place of by a day, which it does not name.
CREATE FUNCTION drawd.policy_regions(the_policy text, the_day text) RETURNS TABLE (path text, old text, new text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT w[1], m, n.code
	  FROM regexp_matches(the_policy, '(?n)^((?:department|task)\.[^.]+)\.regions\t([0-9,]+)$', 'g') w
	 CROSS JOIN (SELECT coalesce(jsonb_object_agg(r.old, r.new), '{}') AS codes FROM region_renames(the_day) r) r
	 CROSS JOIN string_to_table(w[2], ',') m
	 CROSS JOIN LATERAL (SELECT region_named(m, r.codes) AS code) n
	 WHERE NOT EXISTS (SELECT FROM string_to_table(w[2], ',') o WHERE starts_with(n.code, o))
	 ORDER BY 1, 2
$$;
-- The last run of classes that failed, where a freeze now would have to compute them (0017); NULL: there is none.
CREATE FUNCTION drawd.classes_failing(the_day text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	RETURN (SELECT format('job %s', j.id) FROM (SELECT * FROM job WHERE kind = 'classify' AND state IN ('done', 'failed')
			ORDER BY id DESC LIMIT 1) j
		 WHERE j.state = 'failed' AND classes_behind(the_day));
END
$$;
-- What a draft's people should know before they go on, though it is lawful: [{"code", "what", "zh", "en"}].
-- Of every other round there is nothing to tell.
CREATE FUNCTION drawd.round_warnings(r drawd.round, the_at int8) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'what', what, 'zh', zh, 'en', en)
			ORDER BY place, what COLLATE "C"), '[]')
	  FROM (SELECT 1 AS place, 'policy-open' AS code, policy_waits(r) AS what,
		       '方案须先由另一人同意，才能冻结' AS zh,
		       'a second person has to agree to the policy before the freeze' AS en
		 WHERE r.policy_agreed_at IS NULL
		UNION ALL
		SELECT 2, 'window-past', concat_ws(' ', w[1], w[2]), '该任务的检查窗口已经过去，排不出检查日期',
		       'the window of this task is over: its visits will have no day'
		  FROM regexp_matches(r.policy, '(?n)^task\.([^.]+)\.to\t([0-9-]{10})$', 'g') w
		 WHERE w[2] < day_of(the_at)
		UNION ALL
		SELECT 3, 'deadline-past', to_char(to_timestamp(r.draw_deadline + 28800) AT TIME ZONE 'UTC',
				'YYYY-MM-DD HH24:MI:SS "+08:00"'),
		       '抽取期限已过，该轮次不能再抽取', 'the deadline of the draw is over: it cannot be drawn'
		 WHERE r.draw_deadline < the_at
		UNION ALL
		SELECT 4, 'region-renamed', format('%s %s → %s', n.path, n.old, n.new),
		       '方案写的区划代码已变更，冻结时对象的区划按现行代码计，不会与它相符，不能冻结',
		       'the policy names a code that was replaced: at the freeze objects have the one in force; it is refused'
		  FROM policy_regions(r.policy, day_of(the_at)) n
		UNION ALL
		SELECT 5, 'classes-behind', c, '信用风险分类未能按现有名录计算，冻结时再算仍不成的，不予冻结',
		       'the classes could not be computed from the lists as they are; where a freeze cannot either, it is refused'
		  FROM classes_failing(day_of(the_at)) c WHERE c IS NOT NULL) t
	 WHERE r.state = 'draft'
$$;

-- A draft and the motion on its policy. Gives {"id", "state", "motion", "warnings"}.
CREATE FUNCTION drawd.round_make(year text, is_demo boolean, name text, rows text, source text,
	the_departments text, the_pulses text, the_delta int8, deadline int8, reveal text, due text,
	the_disclosure text, reason text, evidence text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	made round;
	wrong text;
	moved jsonb;
BEGIN
	IF NOT has_role('coordinator') THEN
		PERFORM refuse('not-allowed', 'policy: coordinator');
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
	RETURNING * INTO made;
	moved := motion_move('policy', made.id, '', '{}', reason, evidence);
	SELECT * INTO made FROM round WHERE id = made.id;
	RETURN jsonb_build_object('id', made.id, 'state', made.state,
		'warnings', round_warnings(made, asked_at())) || moved;
END
$$;

-- The head of a department approves a draft; nobody who ever moved its policy. Empty: the department
-- that he heads, where it is one of the round's. Drafts in which he takes no part are not there. Gives
-- {"department", "missing", "warnings"}.
CREATE FUNCTION drawd.round_approve(the_round text, the_department text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r round := round_hold(the_round);
	d text := the_department;
	p motion;
	mover text;
	the_at int8 := asked_at();
BEGIN
	PERFORM scope_needed('rounds:write');
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
	 WHERE (kind = 'policy' AND round = r.id OR id = r.policy_motion)
	   AND one_side(moved_person, context() ->> 'person', '{head}', day_of(moved_at), day_of(the_at))
	 LIMIT 1;
	IF r.state <> 'draft' THEN
		PERFORM refuse('frozen', r.state);
	ELSIF d IS NULL OR d <> ALL (string_to_array(r.departments, ',')) THEN
		PERFORM refuse('bad-department', coalesce(d, r.departments));
	ELSIF right_of('{head}', d) IS NULL THEN
		PERFORM refuse('not-allowed', rights_told('{head}', d));
	ELSIF coalesce(motion_state(p.state, p.ends_at, the_at), '') NOT IN ('open', 'done') THEN
		PERFORM refuse('motion-needed', policy_waits(r));
	ELSIF mover IS NOT NULL THEN
		PERFORM refuse('same-person', mover);
	END IF;
	INSERT INTO approval (round, department, account, person, at)
	VALUES (r.id, d, acting(), context() ->> 'person', the_at)
	ON CONFLICT (round, department) DO NOTHING;
	IF NOT FOUND THEN
		PERFORM refuse('already-done', d);
	END IF;
	RETURN jsonb_build_object('department', d, 'missing', approvals_missing(the_round),
		'warnings', round_warnings(r, the_at));
END
$$;

-- ---- who may call -----------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION
	drawd.round_make(text, boolean, text, text, text, text, text, int8, int8, text, text, text, text,
		text),
	drawd.round_approve(text, text), drawd.round_warnings(drawd.round, int8), drawd.policy_state(text)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.policy_regions(text, text) TO drawd_worker;
