-- Rounds of the annual programme (0018). Its tasks are looked at over the present lists (job programme-check,
-- daemon/programme.c) before anybody agrees to them; on its day each date of the year becomes one round (job
-- programme-round, daemon/programme_rounds.c), whose policy is carried by the programme's approval (all departments'
-- reviews and heads, two persons) and by the amendments since (two persons each, and the check of what they left).

-- What a check found: it stands for exactly the tasks of its hash on that version of the base.
CREATE TABLE drawd.programme_check (
	job int8 PRIMARY KEY REFERENCES drawd.job,
	year int NOT NULL REFERENCES drawd.programme,
	hash drawd.hash NOT NULL,
	base_version int NOT NULL,
	refusals int NOT NULL CHECK (refusals >= 0),
	refused text NOT NULL, -- the first of them, '' none
	result json NOT NULL,
	at int8 NOT NULL
);
CREATE INDEX programme_check_year ON drawd.programme_check (year, job DESC);
-- A date of a year once its round was due: made, or why not.
CREATE TABLE drawd.programme_round (
	year int NOT NULL REFERENCES drawd.programme,
	draw_on drawd.day NOT NULL,
	round drawd.round_id UNIQUE REFERENCES drawd.round,
	made_at int8,
	approved int8 REFERENCES drawd.motion, -- of the programme's approval; the round has that of its last amendment
	tries int NOT NULL DEFAULT 0, -- that made none
	error jsonb, -- of the last of them
	tried_at int8,
	PRIMARY KEY (year, draw_on),
	CHECK (num_nulls(round, made_at, approved) IN (0, 3) AND num_nulls(error, tried_at) IN (0, 2)),
	CHECK (round IS NULL OR error IS NULL)
);

-- The newest check of the tasks as they stand.
CREATE FUNCTION drawd.programme_checked(the_year int) RETURNS SETOF drawd.programme_check
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT c.* FROM programme p JOIN programme_check c ON c.year = p.year
	 WHERE p.year = the_year AND c.hash = programme_hash(p.year) AND c.base_version = programme_base_version(p)
	 ORDER BY c.job DESC LIMIT 1
$$;
CREATE FUNCTION drawd.programme_check_stands(the_year int) RETURNS int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT job FROM programme_checked(the_year)
$$;
-- Refuses what was not checked as it stands, and what the check refused.
CREATE FUNCTION drawd.programme_check_hold(the_year int) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	c programme_check;
BEGIN
	SELECT * INTO c FROM programme_checked(the_year);
	IF NOT FOUND THEN
		PERFORM refuse('programme-check', the_year::text);
	ELSIF c.refusals > 0 THEN
		PERFORM refuse('programme-refused', concat_ws(': ', the_year, c.refused));
	END IF;
END
$$;
-- Refuses a date whose round was made: what it draws stands in that round.
CREATE FUNCTION drawd.programme_draw_open(the_year int, the_day text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	made text;
BEGIN
	SELECT round INTO made FROM programme_round WHERE year = the_year AND draw_on = the_day;
	IF made IS NOT NULL THEN
		PERFORM refuse('programme-drawn', concat_ws(' ', the_day, made));
	END IF;
END
$$;
-- Rounds of a task that everybody may know of; '' none.
CREATE FUNCTION drawd.programme_drawn(the_year int, the_code text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(string_agg(r.id, '、' ORDER BY d.draw_on), '')
	  FROM programme_task t
	  JOIN programme_draw d ON d.task = t.id
	  JOIN round r ON r.id = d.round
	 WHERE t.year = the_year AND t.code = the_code AND r.state <> 'draft'
$$;
-- Objects that a task may draw and is expected to, over all its draws, as the check of the tasks as they stand found; no
-- row: there is none.
CREATE FUNCTION drawd.programme_expected(the_year int, the_code text, OUT population int8, OUT drawn int8)
	RETURNS SETOF record LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT max((t ->> 'population')::int8), sum((t ->> 'drawn')::int8)::int8
	  FROM programme_checked(the_year) c
	 CROSS JOIN json_array_elements(c.result -> 'days') d
	 CROSS JOIN json_array_elements(d -> 'tasks') t
	 WHERE t ->> 'task' = the_code
	HAVING count(*) > 0
$$;

-- Ask for a check. Gives the number of the job, of one that waits where there is one.
CREATE FUNCTION drawd.programme_check_queue(the_year int, the_days int) RETURNS int8
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	key text := format('programme-check:%s:%s:%s', the_year, the_days, encode(programme_hash(the_year), 'hex'));
	made int8;
BEGIN
	INSERT INTO job (kind, args, dedup)
	VALUES ('programme-check', jsonb_build_object('year', the_year, 'days', the_days), key)
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id INTO made;
	RETURN coalesce(made, (SELECT id FROM job WHERE dedup = key AND state IN ('queued', 'running')));
END
$$;
CREATE FUNCTION drawd.programme_check_ask(the_year text, the_days int) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme;
BEGIN
	PERFORM scope_needed('programmes:write');
	SELECT * INTO p FROM programme WHERE year::text = the_year;
	IF acting() IS NULL OR NOT (has_role('coordinator') OR my_acts() <> '{}') THEN
		PERFORM refuse('not-allowed', 'programme');
	ELSIF p.year IS NULL THEN
		PERFORM refuse('no-programme', the_year);
	ELSIF p.state = 'collecting' AND NOT has_role('coordinator') THEN
		PERFORM refuse('programme-state', format('%s: %s', p.year, p.state));
	END IF;
	RETURN programme_check_queue(p.year, the_days);
END
$$;
-- What the job found; the numbers of objects that are published are those of the tasks as they stand. The last twenty of a
-- year are kept.
CREATE FUNCTION drawd.programme_check_found(the_job int8, the_fence int8, the_hash bytea, the_base int, the_refusals int,
	the_refused text, the_result text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	the_year int;
BEGIN
	SELECT (args ->> 'year')::int INTO the_year FROM job
	 WHERE id = the_job AND fence = the_fence AND kind = 'programme-check' AND state = 'running';
	IF NOT FOUND THEN
		PERFORM refuse('not-allowed', 'programme-check');
	END IF;
	INSERT INTO programme_check (job, year, hash, base_version, refusals, refused, result, at)
	VALUES (the_job, the_year, the_hash, the_base, the_refusals, the_refused, the_result::json, clock_time())
	ON CONFLICT DO NOTHING;
	IF programme_check_stands(the_year) = the_job THEN
		UPDATE programme_published o
		   SET columns = o.columns || jsonb_build_object('targets', programme_targets(o.year, o.code))
		  FROM programme_task t
		 WHERE o.year = the_year AND t.year = o.year AND t.code = o.code AND t.state = 'kept';
	END IF;
	DELETE FROM programme_check
	 WHERE year = the_year
	   AND job NOT IN (SELECT job FROM programme_check WHERE year = the_year ORDER BY job DESC LIMIT 20);
END
$$;

-- Dates whose round is due, `ahead` days before, and has not been made: not again within the hour, unless somebody agreed
-- to something since.
CREATE FUNCTION drawd.programme_rounds_due(ahead int, now_at int8) RETURNS TABLE (year int, draw_on text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT DISTINCT p.year, d.draw_on::text
	  FROM programme p
	  JOIN programme_task t ON t.year = p.year AND t.state = 'kept'
	  JOIN programme_draw d ON d.task = t.id
	  LEFT JOIN programme_round m ON m.year = p.year AND m.draw_on = d.draw_on
	 WHERE p.state IN ('approved', 'published') AND d.draw_on::date - ahead <= day_of(now_at)::date
	   AND m.round IS NULL
	   AND (m.tried_at IS NULL OR m.tried_at <= now_at - 3600
		OR EXISTS (SELECT FROM motion o WHERE o.kind IN ('programme', 'document') AND o.state = 'done'
		              AND o.decided_at >= m.tried_at))
$$;
-- Jobs for what is due: checks of tasks as they stand, rounds.
CREATE FUNCTION drawd.programme_due(ahead int, the_days int) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM programme_check_queue(p.year, the_days)
	   FROM programme p
	  WHERE p.state <> 'collecting' AND NOT EXISTS (SELECT FROM programme_checked(p.year))
	    AND p.year >= left(day_of(clock_time()), 4)::int AND programme_base_version(p) IS NOT NULL;
	INSERT INTO job (kind, args, dedup)
	SELECT 'programme-round', jsonb_build_object('year', d.year, 'draw_on', d.draw_on),
	       'programme-round:' || d.draw_on
	  FROM programme_rounds_due(ahead, clock_time()) d
	 WHERE EXISTS (SELECT FROM programme_checked(d.year))
	 ORDER BY d.draw_on
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING;
END
$$;

-- The round of a date, once: a draft whose policy was agreed to with the programme: by all heads and two persons, and by
-- two persons where it was amended since, whose motion is then that of the round. hash: of the tasks that the policy was
-- composed of. Gives its number.
CREATE FUNCTION drawd.programme_round_make(the_job int8, the_fence int8, the_hash bytea, is_demo boolean, name text,
	rows text, source text, the_departments text, the_pulses text, the_delta int8, deadline int8, reveal text,
	due text) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	j job;
	p programme;
	m motion;
	made text;
	wrong text;
	the_at int8 := clock_time();
	year_of text := left(day_of(the_at), 4);
BEGIN
	SELECT * INTO j FROM job
	 WHERE id = the_job AND fence = the_fence AND kind = 'programme-round' AND state = 'running';
	IF NOT FOUND THEN
		PERFORM refuse('not-allowed', 'programme-round');
	END IF;
	SELECT * INTO p FROM programme WHERE year = (j.args ->> 'year')::int FOR UPDATE;
	INSERT INTO programme_round (year, draw_on) VALUES (p.year, j.args ->> 'draw_on') ON CONFLICT DO NOTHING;
	SELECT round INTO made FROM programme_round WHERE year = p.year AND draw_on = j.args ->> 'draw_on';
	IF made IS NOT NULL THEN
		RETURN made;
	ELSIF p.state NOT IN ('approved', 'published') OR programme_hash(p.year) <> the_hash THEN
		PERFORM refuse('conflict', concat_ws(' ', 'programme', p.year, p.state));
	END IF;
	PERFORM programme_check_hold(p.year);
	SELECT string_agg(d, ',' ORDER BY d COLLATE "C") INTO wrong
	  FROM string_to_table(the_departments, ',') d
	 WHERE NOT EXISTS (SELECT FROM department WHERE id = d AND active AND inspects);
	IF wrong IS NOT NULL THEN
		PERFORM refuse('no-inspecting-department', wrong);
	END IF;
	SELECT * INTO m FROM motion WHERE id = coalesce(p.amended, p.motion);
	PERFORM pg_advisory_xact_lock(7363417255); -- numbers without gaps
	INSERT INTO round (id, demo, policy_name, policy, policy_source, departments, pulses, delta, draw_deadline,
		reveal_after, results_due, created_by, policy_motion, policy_agreed_at)
	SELECT year_of || '-' || lpad((coalesce(max(right(id, 4)::int), 0) + 1)::text, 4, '0'), is_demo, name, rows,
		source, the_departments, the_pulses, the_delta, deadline, reveal, due, m.moved_by, m.id, m.decided_at
	  FROM round WHERE left(id, 4) = year_of
	RETURNING id INTO made;
	UPDATE programme_round SET round = made, made_at = the_at, error = NULL, tried_at = NULL, approved = p.motion
	 WHERE year = p.year AND draw_on = j.args ->> 'draw_on';
	UPDATE programme_draw d SET round = made, scheme = t.scheme, scheme_version = t.scheme_version
	  FROM programme_task t
	 WHERE t.id = d.task AND t.year = p.year AND t.state = 'kept' AND d.draw_on = j.args ->> 'draw_on';
	RETURN made;
END
$$;
-- Why there is none: told to whoever coordinates until there is one.
CREATE FUNCTION drawd.programme_round_failed(the_job int8, the_fence int8, why jsonb) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	INSERT INTO programme_round AS r (year, draw_on, tries, error, tried_at)
	SELECT (args ->> 'year')::int, args ->> 'draw_on', 1, why, clock_time() FROM job
	 WHERE id = the_job AND fence = the_fence AND kind = 'programme-round' AND state = 'running'
	ON CONFLICT (year, draw_on) DO UPDATE
	   SET tries = r.tries + 1, error = excluded.error, tried_at = excluded.tried_at
	 WHERE r.round IS NULL
$$;

-- All dates of a year: what is drawn then, when its round is made, which one it is or why there is none; `waits`: it is
-- due, and its tasks were not checked since the programme changed; `due`: the day for making it has come.
CREATE FUNCTION drawd.programme_rounds(the_year int, ahead int) RETURNS json
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT json_build_object('year', p.year, 'state', p.state, 'rounds', coalesce((
		SELECT json_agg(json_build_object('draw_on', d.draw_on, 'made_on', (d.draw_on::date - ahead)::text,
			'tasks', d.tasks, 'round', m.round, 'state', r.state, 'made', m.made_at,
			'waits', m.round IS NULL AND d.draw_on::date - ahead <= day_of(clock_time())::date
				AND programme_check_stands(p.year) IS NULL,
			'due', d.draw_on::date - ahead <= day_of(clock_time())::date,
			'tries', coalesce(m.tries, 0), 'error', m.error, 'tried', m.tried_at) ORDER BY d.draw_on)
		  FROM (SELECT w.draw_on, array_agg(t.code ORDER BY t.code COLLATE "C") AS tasks
		          FROM programme_task t JOIN programme_draw w ON w.task = t.id
		         WHERE t.year = p.year AND (t.state = 'kept' OR w.round IS NOT NULL) GROUP BY w.draw_on) d
		  LEFT JOIN programme_round m ON m.year = p.year AND m.draw_on = d.draw_on
		  LEFT JOIN round r ON r.id = m.round), '[]'))
	  FROM programme p WHERE p.year = the_year
$$;
-- The newest check, and whether it is of the tasks as they stand.
CREATE FUNCTION drawd.programme_check_told(the_year int) RETURNS json
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT json_build_object('job', c.job, 'at', c.at,
		'current', coalesce(c.job = programme_check_stands(the_year), false), 'found', c.result)
	  FROM programme_check c WHERE c.year = the_year ORDER BY c.job DESC LIMIT 1
$$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.programme_round FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('programme', 'year,draw_on', '', 'round,error');
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['programme_check', 'programme_round'] LOOP
		EXECUTE format('ALTER TABLE drawd.%I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE drawd.%I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY owner_select ON drawd.%I FOR SELECT TO drawd_owner USING (true)', name);
		EXECUTE format('CREATE POLICY owner_insert ON drawd.%I FOR INSERT TO drawd_owner WITH CHECK (true)', name);
		-- departments see what is of all tasks once they are all collected (0018)
		EXECUTE format('CREATE POLICY web_select ON drawd.%I FOR SELECT TO drawd_web
			USING ((SELECT drawd.sees_all()) OR (SELECT drawd.my_departments() <> ''{}'') AND EXISTS (
				SELECT FROM drawd.programme p WHERE p.year = %I.year AND p.state <> ''collecting'' OFFSET 0))',
			name, name);
		EXECUTE format('GRANT SELECT ON drawd.%I TO drawd_web', name);
	END LOOP;
END
$$;
CREATE POLICY owner_update ON drawd.programme_round FOR UPDATE TO drawd_owner USING (true);
CREATE POLICY owner_delete ON drawd.programme_check FOR DELETE TO drawd_owner USING (true);
GRANT EXECUTE ON FUNCTION drawd.programme_check_ask(text, int), drawd.programme_check_told(int),
	drawd.programme_rounds(int, int), drawd.programme_check_stands(int) TO drawd_web;
GRANT EXECUTE ON FUNCTION
	drawd.programme_check_found(int8, int8, bytea, int, int, text, text), drawd.programme_due(int, int),
	drawd.programme_round_make(int8, int8, bytea, boolean, text, text, text, text, text, int8, int8, text, text),
	drawd.programme_round_failed(int8, int8, jsonb), drawd.programme_base_version(drawd.programme),
	drawd.region_stem(text)
	TO drawd_worker;
