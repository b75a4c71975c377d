-- Rounds begin: a draft with the motion on its policy, and the approvals of its departments.

-- A draft and the motion on its policy. Gives {"id", "state", "motion"}.
CREATE FUNCTION drawd.round_make(year text, is_demo boolean, name text, rows text, source text,
	the_departments text, the_pulses text, the_delta int8, deadline int8, reveal text, due text,
	the_disclosure text, reason text, evidence text) RETURNS jsonb
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
	moved := motion_move('policy', made, '', '{}', reason, evidence);
	RETURN jsonb_build_object('id', made, 'state', 'draft') || moved;
END
$$;

-- The head of a department approves a draft; nobody who ever moved its policy. Empty: the department
-- that he heads, where it is one of the round's. Drafts in which he takes no part are not there. Gives
-- {"department", "missing"}.
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
		text),
	drawd.round_approve(text, text)
	TO drawd_web;
