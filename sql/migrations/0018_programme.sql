-- The annual programme (年度抽查工作计划): departments submit tasks by a deadline, each a scheme in force with the days
-- on which it is drawn; legal review, the heads' approval, two persons, publication, filing, amendments as public
-- records. All tasks of a year with the same draw date are one round: that is what makes one door entry of several.

-- ---- tables ----------------------------------------------------------------------------------------

CREATE TABLE drawd.programme (
	year int PRIMARY KEY CHECK (year BETWEEN 2000 AND 9999),
	version int NOT NULL DEFAULT 1, -- one more with each amendment
	state text NOT NULL DEFAULT 'collecting' CHECK (state IN ('collecting', 'review', 'approved', 'published')),
	number text NOT NULL DEFAULT '', -- 抽查计划编号
	title text NOT NULL CHECK (title <> ''),
	deadline drawd.day NOT NULL, -- the last day on which departments submit
	base drawd.token NOT NULL DEFAULT 'main', -- document on which its schemes stand
	base_version int, -- the version in force when it was approved, or to which an amendment went over
	opened_by drawd.token REFERENCES drawd.account,
	opened_at int8 NOT NULL,
	motion int8 REFERENCES drawd.motion, -- by which it was approved
	amended int8 REFERENCES drawd.motion, -- by which it was amended last
	approved_at int8,
	published_by drawd.token REFERENCES drawd.account,
	published_at int8,
	CHECK ((state IN ('approved', 'published')) = (motion IS NOT NULL)),
	CHECK (num_nulls(motion, approved_at, base_version) IN (0, 3)),
	CHECK (amended IS NULL OR motion IS NOT NULL),
	CHECK ((state = 'published') = (published_at IS NOT NULL))
);
-- Who inspects what others drew: city-county 市抽县查.
CREATE FUNCTION drawd.programme_levels(levels text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(drawd.level_depth(split_part(levels, '-', 1)) <= drawd.level_depth(split_part(levels, '-', 2))
		AND levels ~ '^[a-z]+-[a-z]+$', false);
CREATE TABLE drawd.programme_task (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	year int NOT NULL REFERENCES drawd.programme,
	code drawd.token NOT NULL CHECK (octet_length(code) <= 32), -- of the task in the policy of a round
	ordinal int CHECK (ordinal > 0), -- 序号 of its lead department, without gaps; NULL until it is approved
	number text, -- 牵头机关简称抽查〔年〕序号
	name text NOT NULL CHECK (name <> ''),
	scheme drawd.token NOT NULL,
	scheme_version int NOT NULL,
	scheme_kind drawd.token NOT NULL GENERATED ALWAYS AS ('scheme') STORED,
	kind text NOT NULL CHECK (kind IN ('daily', 'special', 'case')),
	targeted boolean NOT NULL, -- 定向
	levels text NOT NULL CHECK (drawd.programme_levels(levels)),
	department drawd.token NOT NULL REFERENCES drawd.department, -- that submitted it
	lead drawd.token NOT NULL REFERENCES drawd.department,
	owner text NOT NULL CHECK (owner <> ''), -- 责任处室
	approval text NOT NULL DEFAULT '', -- 专项: 批准文号
	filing text NOT NULL DEFAULT '', -- 备案文号
	publication text NOT NULL DEFAULT '', -- where it was published
	published text NOT NULL DEFAULT '' CHECK (published ~ '^([0-9]{4}-[0-9]{2}-[0-9]{2})?$'),
	cause text NOT NULL DEFAULT '', -- 个案: 理由
	state text NOT NULL DEFAULT 'kept' CHECK (state IN ('kept', 'withdrawn')),
	why text NOT NULL DEFAULT '', -- it was withdrawn
	account drawd.token REFERENCES drawd.account,
	at int8 NOT NULL,
	UNIQUE (year, code),
	UNIQUE (year, lead, ordinal),
	CHECK (num_nulls(ordinal, number) IN (0, 2)),
	FOREIGN KEY (scheme_kind, scheme, scheme_version) REFERENCES drawd.document (kind, code, version)
);
-- A draw whose round was made stands as it was drawn, whatever becomes of its task.
CREATE TABLE drawd.programme_draw (
	task int8 NOT NULL REFERENCES drawd.programme_task,
	nth int NOT NULL CHECK (nth BETWEEN 1 AND 12),
	draw_on drawd.day NOT NULL,
	from_date drawd.day NOT NULL,
	to_date drawd.day NOT NULL,
	batches text NOT NULL DEFAULT '', -- PROTOCOL.md §6.1; '' none
	round drawd.round_id REFERENCES drawd.round, -- that it is part of; NULL until that is made
	scheme drawd.token, -- of which that round was made; before it, that of the task
	scheme_version int,
	PRIMARY KEY (task, nth),
	CHECK (num_nulls(round, scheme, scheme_version) IN (0, 3)),
	CHECK (from_date > draw_on AND to_date >= from_date)
);
CREATE INDEX programme_draw_day ON drawd.programme_draw (draw_on);
-- A department has submitted (reported 已报) or has nothing to submit (none 无任务); no row: 未报.
CREATE TABLE drawd.programme_submission (
	year int NOT NULL REFERENCES drawd.programme,
	department drawd.token NOT NULL REFERENCES drawd.department,
	state text CHECK (state IN ('reported', 'none')),
	reason text NOT NULL DEFAULT '', -- none: why
	account drawd.token REFERENCES drawd.account,
	at int8,
	late_why text NOT NULL DEFAULT '', -- a coordinator lets it in behind the deadline
	late_by drawd.token REFERENCES drawd.account,
	late_at int8,
	PRIMARY KEY (year, department),
	CHECK (num_nulls(state, at) IN (0, 2) AND num_nulls(late_by, late_at) IN (0, 2))
);
-- Legal review (法制审核) and approval, by a department, of exactly these tasks (programme_hash).
CREATE TABLE drawd.programme_opinion (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	year int NOT NULL REFERENCES drawd.programme,
	department drawd.token NOT NULL REFERENCES drawd.department,
	kind text NOT NULL CHECK (kind IN ('review', 'approval')),
	verdict text NOT NULL CHECK (verdict IN ('agreed', 'objected')),
	opinion text NOT NULL,
	hash drawd.hash NOT NULL,
	account drawd.token NOT NULL REFERENCES drawd.account,
	person text NOT NULL,
	at int8 NOT NULL,
	CHECK (kind = 'review' OR verdict = 'agreed')
);
CREATE INDEX programme_opinion_of ON drawd.programme_opinion (year, department, kind, id DESC);
-- What was changed once it was approved.
CREATE TABLE drawd.programme_amendment (
	year int NOT NULL REFERENCES drawd.programme,
	n int NOT NULL CHECK (n > 0),
	action text NOT NULL CHECK (action IN ('add', 'change', 'withdraw', 'base')),
	code text NOT NULL, -- of the task
	number text NOT NULL,
	before jsonb, -- as programme_task_told() tells it
	after jsonb,
	reason text NOT NULL,
	motion int8 NOT NULL REFERENCES drawd.motion,
	at int8 NOT NULL,
	PRIMARY KEY (year, n)
);
-- 备案
CREATE TABLE drawd.programme_filing (
	year int NOT NULL REFERENCES drawd.programme,
	n int NOT NULL CHECK (n > 0),
	number text NOT NULL, -- 备案编号
	recipient text NOT NULL CHECK (recipient <> ''), -- with whom
	day drawd.day NOT NULL,
	version int NOT NULL, -- of the programme
	account drawd.token REFERENCES drawd.account,
	at int8 NOT NULL,
	PRIMARY KEY (year, n)
);
-- 提请联席会议审议
CREATE TABLE drawd.programme_escalation (
	year int NOT NULL REFERENCES drawd.programme,
	n int NOT NULL CHECK (n > 0),
	code text NOT NULL DEFAULT '', -- of a task, '' of none
	matter text NOT NULL CHECK (matter <> ''),
	department drawd.token REFERENCES drawd.department, -- that raised it; NULL: the office
	account drawd.token REFERENCES drawd.account,
	at int8 NOT NULL,
	resolution text NOT NULL DEFAULT '',
	resolved_by drawd.token REFERENCES drawd.account,
	resolved_at int8,
	PRIMARY KEY (year, n),
	CHECK ((resolution <> '') = (resolved_at IS NOT NULL))
);
-- What is published of a task, as it was written when it was (FIELD: 公示).
CREATE TABLE drawd.programme_published (
	year int NOT NULL REFERENCES drawd.programme,
	code drawd.token NOT NULL,
	lead_place text COLLATE "C" NOT NULL,
	ordinal int NOT NULL,
	columns jsonb NOT NULL, -- name of a column: text
	PRIMARY KEY (year, code)
);

-- ---- what schemes and base say --------------------------------------------------------------------------

CREATE FUNCTION drawd.programme_settings(rows text, prefix text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_object_agg(substr(split_part(l, E'\t', 1), length(prefix) + 1),
			substr(l, strpos(l, E'\t') + 1)), '{}')
	  FROM string_to_table(rows, E'\n') l WHERE l <> '' AND starts_with(l, prefix)
$$;
-- Settings of a version of a scheme, path without `scheme.<s>.`; of the base on which a programme stands.
CREATE FUNCTION drawd.programme_scheme(the_code text, the_version int) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT programme_settings(rows, format('scheme.%s.', code)) FROM document
	 WHERE kind = 'scheme' AND code = the_code AND version = the_version
$$;
-- The version of the base on which a programme stands: that of its approval, before it the one in force.
CREATE FUNCTION drawd.programme_base_version(p drawd.programme) RETURNS int
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(p.base_version, (SELECT version FROM document_in_force('base', p.base)))
$$;
CREATE FUNCTION drawd.programme_base(p drawd.programme) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce((SELECT programme_settings(rows, '') FROM document
		WHERE kind = 'base' AND code = p.base AND version = programme_base_version(p)), '{}')
$$;
-- Departments of a task: its lead, then those of its items.
CREATE FUNCTION drawd.programme_partners(base jsonb, scheme jsonb) RETURNS SETOF text
	LANGUAGE sql IMMUTABLE SET search_path = drawd, pg_temp AS $$
	SELECT DISTINCT base ->> format('item.%s.department', i)
	  FROM string_to_table(scheme ->> 'items', ',') i WHERE base ? format('item.%s.department', i)
	 UNION SELECT scheme ->> 'lead'
$$;

-- A task as files and amendments say it, and as it is told.
CREATE FUNCTION drawd.programme_task_told(the_task int8) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('code', t.code, 'number', coalesce(t.number, ''), 'name', t.name, 'scheme', t.scheme,
		'version', t.scheme_version, 'kind', t.kind, 'targeted', t.targeted, 'levels', t.levels,
		'department', t.department, 'lead', t.lead, 'owner', t.owner, 'approval', t.approval, 'filing', t.filing,
		'publication', t.publication, 'published', t.published, 'cause', t.cause, 'state', t.state, 'why', t.why,
		'draws', coalesce((SELECT jsonb_agg(jsonb_build_object('on', d.draw_on, 'from', d.from_date, 'to', d.to_date,
				'batches', d.batches) ORDER BY d.nth) FROM programme_draw d WHERE d.task = t.id), '[]'))
	  FROM programme_task t WHERE t.id = the_task
$$;
-- Of what a programme says and of the base on which it says it: whoever agrees to it, agrees to exactly this.
CREATE FUNCTION drawd.programme_hash(the_year int) RETURNS bytea
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT sha256(convert_to(concat_ws(' ', p.base, programme_base_version(p)) || E'\n' || coalesce((SELECT string_agg((programme_task_told(t.id)
			- '{number,state,why}'::text[])::text, E'\n' ORDER BY t.code COLLATE "C")
		FROM programme_task t WHERE t.year = p.year AND t.state = 'kept'), ''), 'UTF8'))
	  FROM programme p WHERE p.year = the_year
$$;

-- ---- what is refused ----------------------------------------------------------------------------------------

-- What keeps a department from inspecting an item from one day to another: it is not published for it, or for a department
-- above it, in the list of items, or without a legal basis. NULL: nothing.
CREATE FUNCTION drawd.no_basis(basis text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN btrim(coalesce(basis, ''), E' \t　-—/无') = '';
CREATE FUNCTION drawd.item_wrong(the_item text, the_department text, the_from text, the_to text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT CASE WHEN count(*) = 0 THEN 'item-unpublished' WHEN bool_and(no_basis(c.basis)) THEN 'item-basis' END
	  FROM items_current c
	 WHERE c.id = the_item AND c.from_date <= the_from AND (c.until = '' OR c.until >= the_to)
	   AND (c.department = the_department OR the_department IN (SELECT departments_under(c.department)))
$$;
-- Of the items of a scheme: each for the days of the windows; the base has its basis as well.
CREATE FUNCTION drawd.programme_wrong_items(base jsonb, scheme jsonb, the_from text, the_to text)
	RETURNS TABLE (place text, error text, what text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT 'scheme', w.error, concat_ws(' ', i, base ->> format('item.%s.name', i))
	  FROM string_to_table(scheme ->> 'items', ',') i
	 CROSS JOIN LATERAL (SELECT coalesce(item_wrong(i, base ->> format('item.%s.department', i), the_from, the_to),
			CASE WHEN no_basis(base ->> format('item.%s.basis', i)) THEN 'item-basis' END)) AS w (error)
	 WHERE w.error IS NOT NULL
$$;
-- Of departments: all of them may lawfully inspect on that day (the joint conference office may not), and the lead is the
-- one that submits, or below it.
CREATE FUNCTION drawd.programme_wrong_bodies(base jsonb, scheme jsonb, the_department text, the_day text)
	RETURNS TABLE (place text, error text, what text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT 'scheme', 'programme-body', concat_ws(' ', a.department, a.name)
	  FROM authorities_on(the_day, (SELECT string_agg(d, ',' ORDER BY d COLLATE "C")
				FROM programme_partners(base, scheme) d)) a
	 WHERE NOT (a.inspects AND a.listed AND EXISTS (SELECT FROM department x WHERE x.id = a.department AND x.active))
	    OR base ->> format('department.%s.inspects', a.department) = 'no'
	 UNION ALL
	SELECT 'scheme', 'programme-lead', scheme ->> 'lead'
	 WHERE scheme ->> 'lead' NOT IN (SELECT departments_under(the_department))
$$;
-- Of kind, levels and what special and single-case inspections need.
CREATE FUNCTION drawd.programme_wrong_kind(t jsonb, scheme jsonb) RETURNS TABLE (place text, error text, what text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT * FROM (
		SELECT 'kind' AS place, 'programme-kind' AS error, concat_ws(' ', t ->> 'kind', scheme ->> 'category') AS what
		 WHERE t ->> 'kind' <> 'case' AND t ->> 'kind' <> scheme ->> 'category'
		UNION ALL
		SELECT r, 'programme-special', r FROM unnest('{approval,filing,publication,published}'::text[]) r
		 WHERE t ->> 'kind' = 'special' AND coalesce(t ->> r, '') !~ '\S'
		UNION ALL
		SELECT 'published', 'programme-special', t ->> 'published'
		 WHERE t ->> 'kind' = 'special' AND t ->> 'published' > (t -> 'draws' -> 0 ->> 'on')
		UNION ALL
		SELECT 'cause', 'programme-case', t ->> 'code'
		 WHERE t ->> 'kind' = 'case' AND (coalesce(t ->> 'cause', '') !~ '\S' OR t -> 'draws' <> '[]')
		UNION ALL
		SELECT 'levels', 'programme-mode', concat_ws(' ', t ->> 'levels', scheme ->> 'level', d.level)
		  FROM department d
		 WHERE d.id = scheme ->> 'lead'
		   AND NOT (coalesce(programme_levels(t ->> 'levels'), false)
			AND split_part(t ->> 'levels', '-', 2) = scheme ->> 'level'
			AND level_depth(d.level) BETWEEN level_depth(split_part(t ->> 'levels', '-', 1))
				AND level_depth(split_part(t ->> 'levels', '-', 2)))) w
$$;
-- Of days: as many draws as the scheme says, one behind the other, none in the past (those of `kept`, which stand
-- already, may be), each window behind its draw and within the year.
CREATE FUNCTION drawd.programme_wrong_days(the_year int, t jsonb, scheme jsonb, kept jsonb, today text)
	RETURNS TABLE (place text, error text, what text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT 'draws', 'programme-draws', format('%s ≠ %s', jsonb_array_length(t -> 'draws'), scheme ->> 'draws')
	 WHERE t ->> 'kind' <> 'case' AND jsonb_array_length(t -> 'draws') <> (scheme ->> 'draws')::int
	 UNION ALL
	SELECT CASE WHEN d."on" <= before OR left(d."on", 4) <> the_year::text OR d."on" < today AND NOT kept @> jsonb_build_array(d.said)
			THEN 'draws' ELSE 'windows' END,
	       'programme-dates', concat_ws(' ', d."on", d."from" || '..' || d."to")
	  FROM (SELECT e.value AS said, e.value ->> 'on' AS "on", e.value ->> 'from' AS "from", e.value ->> 'to' AS "to",
		       coalesce(lag(e.value ->> 'on') OVER (ORDER BY e.ordinality), '') AS before
		  FROM jsonb_array_elements(t -> 'draws') WITH ORDINALITY e) d
	 WHERE d."on" <= before OR left(d."on", 4) <> the_year::text OR d."on" < today AND NOT kept @> jsonb_build_array(d.said)
	    OR d."from" <= d."on" OR d."to" < d."from" OR left(d."to", 4) <> the_year::text
$$;

-- Draws of a task that may stand although their day is over: of one that was withdrawn those whose round was made.
CREATE FUNCTION drawd.programme_stands(t drawd.programme_task) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('on', d.draw_on, 'from', d.from_date, 'to', d.to_date, 'batches', d.batches)), '[]')
	  FROM programme_draw d WHERE d.task = t.id AND (t.state = 'kept' OR d.round IS NOT NULL)
$$;
-- Everything that is wrong with a task that a department submits: the member at fault, an error by name. A task that
-- was agreed to keeps the version of its scheme while that is in force.
CREATE FUNCTION drawd.programme_wrong(p drawd.programme, the_department text, t jsonb, today text)
	RETURNS TABLE (place text, error text, what text)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	base jsonb := programme_base(p);
	d document;
	scheme jsonb;
	stands programme_task;
BEGIN
	SELECT * INTO d FROM document_in_force('scheme', t ->> 'scheme');
	SELECT * INTO stands FROM programme_task s WHERE s.year = p.year AND s.code = t ->> 'code';
	IF base = '{}' THEN
		RETURN QUERY SELECT 'scheme', 'no-document', 'base/' || p.base;
	ELSIF d.code IS NULL OR d.version <> coalesce((t ->> 'version')::int, d.version) THEN
		RETURN QUERY SELECT 'scheme', 'programme-scheme', concat_ws(' ', t ->> 'scheme', t ->> 'version');
	ELSE
		IF stands.department <> the_department THEN
			RETURN QUERY SELECT 'code', 'programme-code', concat_ws(' ', t ->> 'code', stands.department);
		END IF;
		scheme := programme_scheme(d.code, d.version);
		RETURN QUERY SELECT * FROM programme_wrong_items(base, scheme,
				coalesce(t -> 'draws' -> 0 ->> 'from', today), coalesce(t -> 'draws' -> -1 ->> 'to', today))
			UNION ALL SELECT * FROM programme_wrong_bodies(base, scheme, the_department,
				coalesce(t -> 'draws' -> 0 ->> 'on', today))
			UNION ALL SELECT * FROM programme_wrong_kind(t, scheme)
			UNION ALL SELECT * FROM programme_wrong_days(p.year, t, scheme,
				CASE WHEN p.state IN ('approved', 'published') THEN programme_stands(stands) ELSE '[]' END, today);
	END IF;
END
$$;
-- Of all tasks of a programme.
CREATE FUNCTION drawd.programme_refused(p drawd.programme, today text)
	RETURNS TABLE (code text, place text, error text, what text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT t.code::text, w.*
	  FROM programme_task t CROSS JOIN LATERAL programme_wrong(p, t.department, programme_task_told(t.id), today) w
	 WHERE t.year = p.year AND t.state = 'kept'
	 ORDER BY t.code COLLATE "C"
$$;

-- ---- collecting -------------------------------------------------------------------------------------------

-- The programme of a year, held until the end of the transaction, in one of these states ('{}' any).
CREATE FUNCTION drawd.programme_hold(the_year text, VARIADIC states text[]) RETURNS drawd.programme
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme;
BEGIN
	PERFORM scope_needed('programmes:write');
	SELECT * INTO p FROM programme WHERE year::text = the_year FOR UPDATE;
	IF NOT FOUND OR NOT (sees_all() OR my_departments() <> '{}') THEN
		PERFORM refuse('no-programme', the_year);
	ELSIF p.state <> ALL (states) THEN
		PERFORM refuse('programme-state', format('%s: %s', p.year, p.state));
	END IF;
	RETURN p;
END
$$;
CREATE FUNCTION drawd.programme_office() RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF acting() IS NULL OR NOT has_role('coordinator') THEN
		PERFORM refuse('not-allowed', 'programme: coordinator');
	END IF;
END
$$;
-- The department for which the one who asks submits: his own, or any where he is a coordinator.
CREATE FUNCTION drawd.programme_acts(named text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	d text := nullif(named, '');
BEGIN
	IF has_role('coordinator') AND acting() IS NOT NULL AND (d IS NOT NULL OR my_acts() = '{}') THEN
		IF d IS NULL THEN
			PERFORM refuse('department-needed', 'department', 'department');
		END IF;
		PERFORM department_known(d);
		RETURN d;
	ELSIF acting() IS NULL OR my_acts() = '{}' THEN
		PERFORM refuse('not-allowed', 'programme: head, clerk');
	END IF;
	d := acting_department(named);
	IF NOT (acts_as('head', d) OR acts_as('clerk', d)) THEN
		PERFORM refuse('not-allowed', rights_told('{head,clerk}', d));
	END IF;
	RETURN d;
END
$$;
CREATE FUNCTION drawd.programme_told(the_year int) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('year', year, 'version', version, 'state', state, 'deadline', deadline)
	  FROM programme WHERE year = the_year
$$;

CREATE FUNCTION drawd.programme_open(the_year int, the_title text, the_number text, the_deadline text, the_base text)
	RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM scope_needed('programmes:write');
	PERFORM programme_office();
	IF NOT EXISTS (SELECT FROM document_in_force('base', the_base)) THEN
		PERFORM refuse('no-document', 'base/' || the_base, 'base');
	ELSIF the_deadline < day_of(asked_at()) OR left(the_deadline, 4)::int > the_year THEN
		PERFORM refuse('programme-deadline', format('%s, %s', the_deadline, day_of(asked_at())), 'deadline');
	END IF;
	INSERT INTO programme (year, title, number, deadline, base, opened_by, opened_at)
	VALUES (the_year, the_title, the_number, the_deadline, the_base, acting(), asked_at())
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		PERFORM refuse('already-done', the_year::text, 'year');
	END IF;
	RETURN programme_told(the_year);
END
$$;

-- Behind the deadline only who was let in.
CREATE FUNCTION drawd.programme_in_time(p drawd.programme, the_department text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF day_of(asked_at()) > p.deadline AND NOT EXISTS (SELECT FROM programme_submission s
			WHERE s.year = p.year AND s.department = the_department AND s.late_by IS NOT NULL) THEN
		PERFORM refuse('programme-late', p.deadline);
	END IF;
END
$$;
CREATE FUNCTION drawd.programme_reported(p drawd.programme, the_department text, what text, why text) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO programme_submission (year, department, state, reason, account, at)
	VALUES (p.year, the_department, what, why, acting(), asked_at())
	ON CONFLICT (year, department) DO UPDATE SET state = excluded.state, reason = excluded.reason,
		account = excluded.account, at = excluded.at
$$;

-- Write a task that nothing is wrong with; draws whose round was made are among its draws and stay as they are. Gives its id.
CREATE FUNCTION drawd.programme_store(p drawd.programme, the_department text, t jsonb, by text) RETURNS int8
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	d document;
	scheme jsonb;
	drawn jsonb;
	the_task int8;
BEGIN
	SELECT * INTO d FROM document_in_force('scheme', t ->> 'scheme');
	scheme := programme_scheme(d.code, d.version);
	INSERT INTO programme_task (year, code, name, scheme, scheme_version, kind, targeted, levels, department, lead, owner,
		approval, filing, publication, published, cause, account, at)
	VALUES (p.year, t ->> 'code', coalesce(nullif(t ->> 'name', ''), scheme ->> 'name'), d.code, d.version, t ->> 'kind',
		(t ->> 'targeted')::boolean, t ->> 'levels', the_department, scheme ->> 'lead', t ->> 'owner', t ->> 'approval',
		t ->> 'filing', t ->> 'publication', t ->> 'published', t ->> 'cause', by, asked_at())
	ON CONFLICT (year, code) DO UPDATE SET name = excluded.name, scheme = excluded.scheme,
		scheme_version = excluded.scheme_version, kind = excluded.kind, targeted = excluded.targeted,
		levels = excluded.levels, department = excluded.department, lead = excluded.lead, owner = excluded.owner,
		approval = excluded.approval, filing = excluded.filing, publication = excluded.publication,
		published = excluded.published, cause = excluded.cause, state = 'kept', why = '', account = excluded.account,
		at = excluded.at
	RETURNING id INTO the_task;
	SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') INTO drawn FROM programme_draw o WHERE o.task = the_task AND o.round IS NOT NULL;
	DELETE FROM programme_draw WHERE task = the_task;
	INSERT INTO programme_draw (task, nth, draw_on, from_date, to_date, batches, round, scheme, scheme_version)
	SELECT the_task, e.ordinality, e.value ->> 'on', e.value ->> 'from', e.value ->> 'to', e.value ->> 'batches',
	       o.round, o.scheme, o.scheme_version
	  FROM jsonb_array_elements(t -> 'draws') WITH ORDINALITY e
	  LEFT JOIN jsonb_populate_recordset(NULL::programme_draw, drawn) o ON o.draw_on = e.value ->> 'on';
	RETURN the_task;
END
$$;

-- A department's tasks [{"line", "code", "name", "scheme", "kind", "targeted", "levels", "owner", "approval", "filing",
-- "publication", "published", "cause", "draws": [{"on", "from", "to", "batches"}]}, …]: all of them, or none where rows
-- come back: what is refused, line by line. Those that were there under a code are written anew, others stay.
CREATE FUNCTION drawd.programme_submit(the_year text, named text, tasks jsonb, only_look boolean)
	RETURNS TABLE (line int, place text, error text, what text)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting');
	the_department text := programme_acts(named);
	today text := day_of(asked_at());
	t jsonb;
BEGIN
	PERFORM programme_in_time(p, the_department);
	FOR t IN SELECT e.value FROM jsonb_array_elements(tasks) e LOOP
		RETURN QUERY SELECT (t ->> 'line')::int, w.* FROM programme_wrong(p, the_department, t, today) w;
		only_look := only_look OR FOUND;
	END LOOP;
	IF NOT only_look THEN
		PERFORM programme_store(p, the_department, e.value, acting()) FROM jsonb_array_elements(tasks) e;
		PERFORM programme_reported(p, the_department, 'reported', '');
	END IF;
END
$$;

-- Take tasks back before anything is approved; a department that has none left has not submitted.
CREATE FUNCTION drawd.programme_withdraw(the_year text, the_code text, reason text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting');
	t programme_task;
BEGIN
	SELECT * INTO t FROM programme_task WHERE year = p.year AND code = the_code AND state = 'kept';
	IF NOT FOUND OR NOT (has_role('coordinator') OR t.department = ANY (my_departments())) THEN
		PERFORM refuse('no-task', the_code, 'code');
	END IF;
	PERFORM programme_acts(t.department);
	PERFORM programme_in_time(p, t.department);
	UPDATE programme_task SET state = 'withdrawn', why = reason, account = acting(), at = asked_at() WHERE id = t.id;
	UPDATE programme_submission s SET state = NULL, at = NULL, account = NULL
	 WHERE s.year = p.year AND s.department = t.department
	   AND NOT EXISTS (SELECT FROM programme_task o WHERE o.year = p.year AND o.department = t.department AND o.state = 'kept');
	RETURN programme_told(p.year);
END
$$;
CREATE FUNCTION drawd.programme_none(the_year text, named text, reason text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting');
	the_department text := programme_acts(named);
BEGIN
	PERFORM programme_in_time(p, the_department);
	IF EXISTS (SELECT FROM programme_task t WHERE t.year = p.year AND t.department = the_department AND t.state = 'kept') THEN
		PERFORM refuse('conflict', the_department, 'department');
	END IF;
	PERFORM programme_reported(p, the_department, 'none', reason);
	RETURN programme_told(p.year);
END
$$;
CREATE FUNCTION drawd.programme_admit(the_year text, the_department text, reason text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting');
BEGIN
	PERFORM programme_office();
	PERFORM department_known(the_department);
	INSERT INTO programme_submission (year, department, late_why, late_by, late_at)
	VALUES (p.year, the_department, reason, acting(), asked_at())
	ON CONFLICT (year, department) DO UPDATE SET late_why = excluded.late_why, late_by = excluded.late_by,
		late_at = excluded.late_at;
	RETURN programme_told(p.year);
END
$$;

-- ---- review and approval --------------------------------------------------------------------------------

-- Departments that take part: their tasks, their items.
CREATE FUNCTION drawd.programme_departments(p drawd.programme) RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT d
	  FROM programme_base(p) b
	 CROSS JOIN programme_task t
	 CROSS JOIN LATERAL (SELECT programme_partners(b, programme_scheme(t.scheme, t.scheme_version)) UNION SELECT t.department) x (d)
	 WHERE t.year = p.year AND t.state = 'kept' AND d IS NOT NULL GROUP BY d ORDER BY d COLLATE "C"
$$;
-- The last opinion of each department on the programme as it stands.
CREATE FUNCTION drawd.programme_opinions(p drawd.programme) RETURNS SETOF drawd.programme_opinion
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT DISTINCT ON (o.department, o.kind) o.*
	  FROM (SELECT programme_hash(p.year) AS hash OFFSET 0) h JOIN programme_opinion o ON o.year = p.year AND o.hash = h.hash
	 ORDER BY o.department, o.kind, o.id DESC
$$;
-- What is missing before it can be approved: "review:jyj, approval:jyj, escalation:2"; ''.
CREATE FUNCTION drawd.programme_lacking(p drawd.programme) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH o AS MATERIALIZED (SELECT * FROM programme_opinions(p))
	SELECT coalesce(string_agg(w, ', ' ORDER BY place, w COLLATE "C"), '')
	  FROM (SELECT k.place, k.kind || ':' || d AS w
		  FROM programme_departments(p) d CROSS JOIN (VALUES (1, 'review'), (2, 'approval')) AS k (place, kind)
		 WHERE NOT EXISTS (SELECT FROM o WHERE o.department = d AND o.kind = k.kind AND o.verdict = 'agreed')
		UNION ALL
		SELECT 3, 'escalation:' || n FROM programme_escalation e WHERE e.year = p.year AND e.resolved_at IS NULL) t
$$;
-- Opinion of a department: review by head or clerk, approval by its head, who is not the one who reviewed.
CREATE FUNCTION drawd.programme_opine(the_year text, named text, the_kind text, the_verdict text, the_opinion text)
	RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'review');
	d text := acting_department(named);
	may text[] := CASE the_kind WHEN 'review' THEN '{head,clerk}'::text[] ELSE '{head}' END;
	other text;
BEGIN
	IF acting() IS NULL OR d IS NULL OR right_of(may, d) IS NULL THEN
		PERFORM refuse('not-allowed', coalesce(rights_told(may, d), the_kind));
	ELSIF d NOT IN (SELECT programme_departments(p)) THEN
		PERFORM refuse('bad-department', d, 'department');
	ELSIF the_kind = 'approval' AND NOT EXISTS (SELECT FROM programme_opinions(p) o
			WHERE o.department = d AND o.kind = 'review' AND o.verdict = 'agreed') THEN
		PERFORM refuse('programme-lacks', 'review:' || d);
	END IF;
	SELECT o.account INTO other FROM programme_opinions(p) o
	 WHERE o.department = d AND o.kind <> the_kind AND o.person = context() ->> 'person';
	IF other IS NOT NULL THEN
		PERFORM refuse('same-person', other);
	END IF;
	INSERT INTO programme_opinion (year, department, kind, verdict, opinion, hash, account, person, at)
	VALUES (p.year, d, the_kind, the_verdict, the_opinion, programme_hash(p.year), acting(), context() ->> 'person', asked_at());
	RETURN programme_told(p.year) || jsonb_build_object('lacking', programme_lacking(p));
END
$$;

-- From collecting to review, back again, and from approved to published.
CREATE FUNCTION drawd.programme_turn(the_year text, the_state text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, CASE the_state WHEN 'review' THEN 'collecting'
		WHEN 'collecting' THEN 'review' ELSE 'approved' END);
BEGIN
	PERFORM programme_office();
	IF the_state = 'review' AND NOT EXISTS (SELECT FROM programme_task t WHERE t.year = p.year AND t.state = 'kept') THEN
		PERFORM refuse('programme-empty', the_year);
	END IF;
	UPDATE programme SET state = the_state,
		published_by = CASE the_state WHEN 'published' THEN acting() END,
		published_at = CASE the_state WHEN 'published' THEN asked_at() END
	 WHERE year = p.year;
	IF the_state = 'published' THEN
		PERFORM programme_publish(t.id) FROM programme_task t WHERE t.year = p.year AND t.number IS NOT NULL;
	END IF;
	RETURN programme_told(p.year);
END
$$;

-- ---- the second person ------------------------------------------------------------------------------------

ALTER TABLE drawd.motion_kind NO FORCE ROW LEVEL SECURITY;
INSERT INTO drawd.motion_kind (kind, first, second, whole, seconds, after, zh, en) VALUES
	('programme', '{coordinator,head,clerk}', '{coordinator}', '{coordinator}', 1209600, 'done', '年度抽查工作计划', 'programme');
ALTER TABLE drawd.motion_kind FORCE ROW LEVEL SECURITY;

-- Tasks of an amendment, each with the version of its scheme that is in force now: whoever agrees, agrees to that one.
CREATE FUNCTION drawd.programme_pinned(tasks jsonb) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_agg(t.value || jsonb_build_object('version', coalesce((t.value ->> 'version')::int,
			(SELECT version FROM document_in_force('scheme', t.value ->> 'scheme')))) ORDER BY t.ordinality), '[]')
	  FROM jsonb_array_elements(tasks) WITH ORDINALITY t
$$;
-- {"do": "approve"}, or what changes once it is approved: {"do": "amend"} with "tasks" as in programme_submit, with
-- "withdraw" (code) or with "base" (the version to which it goes over). Subject: the year. Heads and clerks move about
-- their own tasks only.
-- Nobody moves or agrees to what he, or whom he stands in for, approved as a head.
CREATE FUNCTION drawd.programme_approver(p drawd.programme, the_person text, the_at int8) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	approver text;
BEGIN
	SELECT o.account INTO approver FROM programme_opinions(p) o
	 WHERE o.kind = 'approval' AND one_side(the_person, o.person, '{head}', day_of(o.at), day_of(the_at)) LIMIT 1;
	IF approver IS NOT NULL THEN
		PERFORM refuse('same-person', approver);
	END IF;
END
$$;
CREATE FUNCTION drawd.move_programme(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	whole boolean := m.body ->> 'do' = 'approve';
	p programme := programme_hold(m.subject, VARIADIC CASE WHEN whole THEN '{review}'::text[] ELSE '{approved,published}' END);
BEGIN
	IF whole THEN -- what stands now is agreed to, or nothing
		PERFORM programme_approver(p, m.moved_person, m.moved_at);
		m.body := m.body || jsonb_build_object('hash', encode(programme_hash(p.year), 'hex'));
	ELSIF m.body ? 'tasks' THEN
		m.body := m.body || jsonb_build_object('tasks', programme_pinned(m.body -> 'tasks'));
	ELSIF m.body ? 'base' THEN
		m.body := m.body || jsonb_build_object('base', (SELECT version FROM document_in_force('base', p.base)));
	END IF;
	m.mark := encode(sha256(convert_to(m.body::text, 'UTF8')), 'hex');
	m.department := nullif(m.body ->> 'department', '');
	IF NOT whole AND m.body ? 'withdraw' THEN
		SELECT t.department INTO m.department FROM programme_task t WHERE t.year = p.year AND t.code = m.body ->> 'withdraw';
	END IF;
	RETURN m;
END
$$;

-- The next number of its lead department, where it has none.
CREATE FUNCTION drawd.programme_numbered(the_task int8) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	UPDATE programme_task t
	   SET ordinal = n.next, number = format('%s抽查〔%s〕%s号', n.short, t.year, n.next)
	  FROM (SELECT o.id, coalesce(nullif(d.short, ''), d.name) AS short,
		       1 + coalesce((SELECT max(x.ordinal) FROM programme_task x WHERE x.year = o.year AND x.lead = o.lead), 0) AS next
		  FROM programme_task o JOIN department d ON d.id = o.lead WHERE o.id = the_task) n
	 WHERE t.id = n.id AND t.ordinal IS NULL
$$;
CREATE FUNCTION drawd.programme_agree(m drawd.motion, p drawd.programme) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	lacking text := programme_lacking(p);
	w record;
	t int8;
BEGIN
	IF m.body ->> 'hash' IS DISTINCT FROM encode(programme_hash(p.year), 'hex') THEN
		PERFORM refuse('stale', p.year::text);
	ELSIF lacking <> '' THEN
		PERFORM refuse('programme-lacks', lacking);
	END IF;
	PERFORM programme_approver(p, m.moved_person, m.moved_at);
	PERFORM programme_approver(p, context() ->> 'person', m.decided_at);
	FOR w IN SELECT * FROM programme_refused(p, day_of(asked_at())) LOOP
		PERFORM refuse(w.error, concat_ws(' ', w.code, w.what));
	END LOOP;
	PERFORM programme_check_hold(p.year);
	FOR t IN SELECT id FROM programme_task WHERE year = p.year AND state = 'kept' ORDER BY lead, code COLLATE "C" LOOP
		PERFORM programme_numbered(t);
	END LOOP;
	UPDATE programme SET state = 'approved', motion = m.id, approved_at = m.decided_at,
		base_version = (SELECT version FROM document_in_force('base', p.base))
	 WHERE year = p.year;
END
$$;

-- One public record of a change: what stood before, what stands now.
CREATE FUNCTION drawd.programme_record(m drawd.motion, p drawd.programme, what text, the_code text, the_before jsonb,
	the_after jsonb) RETURNS void LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO programme_amendment (year, n, action, code, number, before, after, reason, motion, at)
	SELECT p.year, 1 + coalesce(max(a.n), 0), what, the_code,
	       coalesce(nullif(the_after ->> 'number', ''), the_before ->> 'number', ''), the_before, the_after, m.reason, m.id,
	       m.decided_at
	  FROM programme_amendment a WHERE a.year = p.year
$$;
-- A draw whose round was made stands as it is among the new draws of its task; no other is on a day whose round was made.
CREATE FUNCTION drawd.programme_undrawn(p drawd.programme, t jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	wrong text;
BEGIN
	FOR wrong IN
		WITH drawn AS (SELECT d.draw_on::text AS day, jsonb_build_object('on', d.draw_on, 'from', d.from_date, 'to', d.to_date,
				'batches', d.batches) AS told
			  FROM programme_task s JOIN programme_draw d ON d.task = s.id
			 WHERE s.year = p.year AND s.code = t ->> 'code' AND d.round IS NOT NULL)
		SELECT day FROM drawn WHERE NOT t -> 'draws' @> jsonb_build_array(told)
		 UNION
		SELECT e.value ->> 'on' FROM jsonb_array_elements(t -> 'draws') e
		 WHERE e.value ->> 'on' NOT IN (SELECT day FROM drawn) ORDER BY 1 LOOP
		PERFORM programme_draw_open(p.year, wrong);
	END LOOP;
END
$$;
CREATE FUNCTION drawd.programme_amend_task(m drawd.motion, p drawd.programme, t jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	the_before jsonb;
	the_after jsonb;
	w record;
	id int8;
BEGIN
	SELECT programme_task_told(s.id) INTO the_before FROM programme_task s
	 WHERE s.year = p.year AND s.code = t ->> 'code';
	FOR w IN SELECT * FROM programme_wrong(p, m.body ->> 'department', t, day_of(m.decided_at)) LOOP
		PERFORM refuse(w.error, concat_ws(' ', t ->> 'code', w.what));
	END LOOP;
	PERFORM programme_undrawn(p, t);
	id := programme_store(p, m.body ->> 'department', t, m.moved_by);
	PERFORM programme_numbered(id);
	the_after := programme_task_told(id);
	IF the_after = the_before THEN
		PERFORM refuse('no-change', t ->> 'code');
	END IF;
	PERFORM programme_record(m, p, CASE WHEN the_before IS NULL OR the_before ->> 'number' = '' THEN 'add' ELSE 'change' END,
		t ->> 'code', the_before, the_after);
	IF p.state = 'published' THEN
		PERFORM programme_publish(id);
	END IF;
END
$$;
-- What was drawn stays drawn; nothing more is.
CREATE FUNCTION drawd.programme_amend_out(m drawd.motion, p drawd.programme, the_code text) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	t programme_task;
	the_before jsonb;
BEGIN
	SELECT * INTO t FROM programme_task WHERE year = p.year AND code = the_code AND state = 'kept';
	IF NOT FOUND THEN
		PERFORM refuse('no-task', the_code, 'withdraw');
	END IF;
	the_before := programme_task_told(t.id);
	UPDATE programme_task SET state = 'withdrawn', why = m.reason WHERE id = t.id;
	PERFORM programme_record(m, p, 'withdraw', the_code, the_before, NULL);
	IF p.state = 'published' THEN
		PERFORM programme_publish(t.id);
	END IF;
END
$$;
CREATE FUNCTION drawd.programme_amend_base(m drawd.motion, p drawd.programme) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	d document;
	w record;
BEGIN
	SELECT * INTO d FROM document_in_force('base', p.base);
	IF d.version IS NULL OR d.version = p.base_version THEN
		PERFORM refuse('no-change', 'base/' || p.base);
	ELSIF d.version <> (m.body ->> 'base')::int THEN
		PERFORM refuse('conflict', concat_ws(' ', 'base/' || p.base, d.version));
	END IF;
	PERFORM programme_record(m, p, 'base', '', jsonb_build_object('base', p.base, 'version', p.base_version),
		jsonb_build_object('base', p.base, 'version', d.version));
	p.base_version := d.version;
	FOR w IN SELECT * FROM programme_refused(p, day_of(asked_at())) r WHERE r.error NOT IN ('programme-dates', 'programme-scheme') LOOP
		PERFORM refuse(w.error, concat_ws(' ', w.code, w.what));
	END LOOP;
	UPDATE programme SET base_version = d.version WHERE year = p.year;
	IF p.state = 'published' THEN
		PERFORM programme_publish(t.id) FROM programme_task t WHERE t.year = p.year AND t.state = 'kept';
	END IF;
END
$$;
CREATE FUNCTION drawd.carry_programme(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme;
BEGIN
	SELECT * INTO p FROM programme WHERE year::text = m.subject FOR UPDATE;
	IF p.state <> ALL (CASE m.body ->> 'do' WHEN 'approve' THEN '{review}'::text[] ELSE '{approved,published}' END) THEN
		PERFORM refuse('programme-state', format('%s: %s', p.year, p.state));
	ELSIF m.body ->> 'do' = 'approve' THEN
		PERFORM programme_agree(m, p);
		RETURN '{}';
	ELSIF m.body ? 'tasks' THEN
		PERFORM programme_amend_task(m, p, e.value) FROM jsonb_array_elements(m.body -> 'tasks') e;
	ELSIF m.body ? 'withdraw' THEN
		PERFORM programme_amend_out(m, p, m.body ->> 'withdraw');
	ELSE
		PERFORM programme_amend_base(m, p);
	END IF;
	UPDATE programme SET version = version + 1, amended = m.id WHERE year = p.year;
	RETURN jsonb_build_object('check', 'due'); -- the rounds to come wait for it (0021)
END
$$;
CREATE FUNCTION drawd.programme_propose(the_year text, reason text, evidence text) RETURNS jsonb
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT motion_move('programme', NULL, the_year, '{"do": "approve"}', reason, evidence)
$$;
-- tasks NULL: `withdraw` the task of that code, or ('') go over to the base in force.
CREATE FUNCTION drawd.programme_amend(the_year text, named text, tasks jsonb, withdraw text, reason text, evidence text)
	RETURNS jsonb LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT motion_move('programme', NULL, the_year, jsonb_build_object('do', 'amend')
		|| CASE WHEN tasks IS NOT NULL THEN jsonb_build_object('tasks', tasks, 'department', programme_acts(named))
			WHEN withdraw <> '' THEN jsonb_build_object('withdraw', withdraw)
			ELSE jsonb_build_object('base', true) END, reason, evidence)
$$;

-- ---- what is public ---------------------------------------------------------------------------------------

-- 2.5%
CREATE FUNCTION drawd.percent_told(ppm text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN trim_scale(ppm::numeric / 10000)::text || '%';
CREATE FUNCTION drawd.levels_told(levels text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN format('%s抽%s查', ('{"province":"省","city":"市","county":"县","town":"乡"}'::jsonb) ->> split_part(levels, '-', 1),
		('{"province":"省","city":"市","county":"县","town":"乡"}'::jsonb) ->> split_part(levels, '-', 2));
-- Whom a scheme looks at: what the list of items says, then its pool.
CREATE FUNCTION drawd.programme_scope(scheme jsonb) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT concat_ws('；', (SELECT string_agg(DISTINCT c.object, '、') FROM items_current c
			WHERE c.id = ANY (string_to_array(scheme ->> 'items', ',')) AND c.object <> ''),
		'主体类型：' || nullif(scheme ->> 'kinds', '*'), '标签：' || nullif(scheme ->> 'labels', '*'),
		'行业：' || nullif(scheme ->> 'industries', '*'), '区域：' || nullif(scheme ->> 'regions', '*'))
$$;
-- How many objects a task is expected to draw of how many, by the check of the tasks as they stand; '' before there is one.
CREATE FUNCTION drawd.programme_targets(the_year int, the_code text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	RETURN coalesce((SELECT format('%s（抽取库 %s）', e.drawn, e.population) FROM programme_expected(the_year, the_code) e), '');
END
$$;
-- The rounds of a task that everybody may know of.
CREATE FUNCTION drawd.programme_listed(the_year int, the_code text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	RETURN programme_drawn(the_year, the_code);
END
$$;
-- The columns of 年度抽查工作计划 as bureaux publish them, in the words in which they do.
CREATE FUNCTION drawd.programme_columns(p drawd.programme, t drawd.programme_task) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_object_agg(e.key, CASE e.value WHEN 'null' THEN '""' ELSE e.value END)
	  FROM programme_base(p) b CROSS JOIN programme_scheme(t.scheme, t.scheme_version) s
	 CROSS JOIN LATERAL jsonb_each(jsonb_build_object('number', t.number, 'name', t.name, 'state', 'kept', 'kind', ('{"daily":"日常检查","special":"专项检查","case":"个案检查"}'::jsonb) ->> t.kind,
		'design', CASE WHEN t.targeted THEN '定向' ELSE '不定向' END, 'levels', levels_told(t.levels),
		'methods', (SELECT string_agg(DISTINCT ('{"onsite":"现场检查","paper":"书面检查","network":"网络监测","offsite":"非现场检查"}'::jsonb)
				->> (s ->> ('mode.' || c)), '、') FROM unnest('{A,B,C,D}'::text[]) c),
		'items', (SELECT string_agg(coalesce(b ->> format('item.%s.name', i.i), i.i), '；' ORDER BY i.ordinality)
				FROM string_to_table(s ->> 'items', ',') WITH ORDINALITY AS i (i, ordinality)),
		'objects', programme_scope(s), 'frequency', format('每年%s次', s ->> 'draws'),
		'ratio', (SELECT string_agg(format('%s类%s', c, percent_told(s ->> ('ratio.' || c))), '，') FROM unnest('{A,B,C,D}'::text[]) c),
		'classes', ('{"general":"按通用分类","professional":"按专业分类","worst":"通用、专业分类从严","matrix":"通用、专业分类组合"}'::jsonb)
				->> (s ->> 'class'),
		'draws', coalesce((SELECT string_agg(d.draw_on, '；' ORDER BY d.nth) FROM programme_draw d WHERE d.task = t.id), ''),
		'windows', coalesce((SELECT string_agg(d.from_date || '至' || d.to_date, '；' ORDER BY d.nth) FROM programme_draw d
				WHERE d.task = t.id), ''),
		'targets', programme_targets(p.year, t.code),
		'lead', (SELECT name FROM department WHERE id = t.lead), 'owner', t.owner,
		'partners', coalesce((SELECT string_agg(d.name, '、' ORDER BY d.id COLLATE "C")
				FROM programme_partners(b, s) x JOIN department d ON d.id = x WHERE x <> t.lead), ''),
		'basis', concat_ws('；', '批准：' || nullif(t.approval, ''), '备案：' || nullif(t.filing, ''),
				'公布：' || nullif(concat_ws(' ', nullif(t.publication, ''), nullif(t.published, '')), '')))) e
$$;
CREATE FUNCTION drawd.programme_publish(the_task int8) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO programme_published (year, code, lead_place, ordinal, columns)
	SELECT p.year, t.code, t.lead, t.ordinal, programme_columns(p, t)
	  FROM programme_task t JOIN programme p ON p.year = t.year WHERE t.id = the_task
	ON CONFLICT (year, code) DO UPDATE SET columns = CASE (SELECT state FROM programme_task WHERE id = the_task)
		WHEN 'kept' THEN excluded.columns ELSE programme_published.columns || '{"state": "withdrawn"}' END
$$;

-- ---- filing, escalation -------------------------------------------------------------------------------------

CREATE FUNCTION drawd.programme_file(the_year text, the_number text, the_recipient text, the_day text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'approved', 'published');
BEGIN
	PERFORM programme_office();
	IF the_day > day_of(asked_at()) OR the_day < day_of(p.approved_at) THEN
		PERFORM refuse('programme-dates', the_day, 'day');
	END IF;
	INSERT INTO programme_filing (year, n, number, recipient, day, version, account, at)
	SELECT p.year, 1 + coalesce(max(f.n), 0), the_number, the_recipient, the_day, p.version, acting(), asked_at()
	  FROM programme_filing f WHERE f.year = p.year;
	RETURN programme_told(p.year);
END
$$;
CREATE FUNCTION drawd.programme_escalate(the_year text, the_code text, the_matter text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting', 'review', 'approved', 'published');
	d text;
	made int;
BEGIN
	d := CASE WHEN acting() IS NOT NULL AND has_role('coordinator') THEN NULL ELSE programme_acts('') END;
	IF the_code <> '' AND NOT EXISTS (SELECT FROM programme_task t WHERE t.year = p.year AND t.code = the_code
			AND (p.state <> 'collecting' OR d IS NULL OR t.department = d OR t.lead = d)) THEN
		PERFORM refuse('no-task', the_code, 'code');
	END IF;
	INSERT INTO programme_escalation (year, n, code, matter, department, account, at)
	SELECT p.year, 1 + coalesce(max(e.n), 0), the_code, the_matter, d, acting(), asked_at()
	  FROM programme_escalation e WHERE e.year = p.year
	RETURNING n INTO made;
	RETURN programme_told(p.year) || jsonb_build_object('item', made);
END
$$;
CREATE FUNCTION drawd.programme_resolve(the_year text, the_item text, the_resolution text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	p programme := programme_hold(the_year, 'collecting', 'review', 'approved', 'published');
	e programme_escalation;
BEGIN
	PERFORM programme_office();
	SELECT * INTO e FROM programme_escalation x WHERE x.year = p.year AND x.n::text = the_item;
	IF NOT FOUND THEN
		PERFORM refuse('not-found', the_item);
	ELSIF e.resolved_at IS NOT NULL THEN
		PERFORM refuse('already-done', the_item);
	END IF;
	UPDATE programme_escalation SET resolution = the_resolution, resolved_by = acting(), resolved_at = asked_at()
	 WHERE year = p.year AND n = e.n;
	RETURN programme_told(p.year) || jsonb_build_object('item', e.n);
END
$$;

-- ---- who may what -----------------------------------------------------------------------------------------

-- What is missing before it is approved, for who sees it.
CREATE FUNCTION drawd.programme_lacks(the_year int) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT programme_lacking(p) FROM programme p
	 WHERE p.year = the_year AND p.state = 'review' AND (sees_all() OR my_departments() <> '{}')
$$;
-- The last review and approval of a department that still hold.
CREATE FUNCTION drawd.programme_heard(the_year int)
	RETURNS TABLE (department text, kind text, verdict text, opinion text, account text, at int8)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT o.department::text, o.kind, o.verdict, o.opinion, o.account::text, o.at
	  FROM programme p CROSS JOIN LATERAL programme_opinions(p) o
	 WHERE p.year = the_year AND (sees_all() OR my_departments() <> '{}')
$$;
-- Who has submitted: every department that may inspect, and others that did.
CREATE FUNCTION drawd.programme_status(the_year int) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH heard AS MATERIALIZED (SELECT * FROM programme_heard(the_year))
	SELECT coalesce(jsonb_agg(jsonb_build_object('department', d.id, 'name', d.name,
		'state', coalesce(s.state, 'pending'), 'account', s.account, 'at', s.at, 'reason', coalesce(s.reason, ''),
		'tasks', (SELECT count(*) FROM programme_task t WHERE t.year = the_year AND t.department = d.id AND t.state = 'kept'),
		'late', coalesce(s.late_why, ''),
		'review', (SELECT h.verdict FROM heard h WHERE h.department = d.id AND h.kind = 'review'),
		'opinion', coalesce((SELECT h.opinion FROM heard h WHERE h.department = d.id AND h.kind = 'review'), ''),
		'approved_by', (SELECT h.account FROM heard h WHERE h.department = d.id AND h.kind = 'approval'))
		ORDER BY d.id COLLATE "C"), '[]')
	  FROM department d LEFT JOIN programme_submission s ON s.year = the_year AND s.department = d.id
	 WHERE d.active AND d.inspects OR s.department IS NOT NULL
$$;
CREATE FUNCTION drawd.programme_show(the_year text) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('year', p.year, 'version', p.version, 'state', p.state, 'number', p.number, 'title', p.title,
		'deadline', p.deadline, 'days_left', p.deadline::text::pg_catalog.date - day_of(asked_at())::pg_catalog.date, 'base', p.base,
		'base_version', p.base_version, 'opened', p.opened_at, 'motion', coalesce(p.amended, p.motion), 'approved', p.approved_at,
		'published', p.published_at, 'lacking', coalesce(programme_lacks(p.year), ''),
		'departments', programme_status(p.year),
		'tasks', coalesce((SELECT jsonb_agg(programme_task_told(t.id) ORDER BY t.lead COLLATE "C", t.ordinal, t.code COLLATE "C")
			FROM programme_task t WHERE t.year = p.year), '[]'),
		'filings', coalesce((SELECT jsonb_agg(jsonb_build_object('number', f.number, 'recipient', f.recipient, 'day', f.day,
				'version', f.version) ORDER BY f.n) FROM programme_filing f WHERE f.year = p.year), '[]'),
		'escalations', coalesce((SELECT jsonb_agg(jsonb_build_object('item', e.n, 'code', e.code, 'matter', e.matter,
				'department', e.department, 'account', e.account, 'at', e.at, 'resolution', e.resolution,
				'resolved', e.resolved_at) ORDER BY e.n) FROM programme_escalation e WHERE e.year = p.year), '[]'))
	  FROM programme p
	 WHERE p.year::text = the_year AND (sees_all() OR my_departments() <> '{}')
$$;

CREATE VIEW drawd.programme_list WITH (security_invoker = true) AS
SELECT p.year::int8 AS year, p.title, p.number, p.state, p.version::int8 AS version, p.deadline::text AS deadline,
       (SELECT count(*) FROM drawd.programme_task t WHERE t.year = p.year AND t.state = 'kept') AS tasks,
       p.approved_at AS approved, p.published_at AS published
  FROM drawd.programme p WHERE drawd.sees_all() OR drawd.my_departments() <> '{}';
CREATE VIEW drawd.programme_public WITH (security_invoker = true) AS
SELECT p.year::int8 AS year, p.title, p.number, p.version::int8 AS version, p.published_at AS published,
       (SELECT count(*) FROM drawd.programme_published t WHERE t.year = p.year) AS tasks,
       (SELECT string_agg(concat_ws(' ', f.recipient, f.number, f.day), '；' ORDER BY f.n) FROM drawd.programme_filing f
	 WHERE f.year = p.year) AS filed
  FROM drawd.programme p WHERE p.state = 'published';
CREATE VIEW drawd.programme_public_tasks WITH (security_invoker = true) AS
SELECT t.year::text COLLATE "C" AS year, t.lead_place || lpad(t.ordinal::text, 6, '0') AS place, t.code::text COLLATE "C" AS code,
       p.number AS plan_number, p.title AS plan_name, c.*,
       drawd.programme_listed(t.year, t.code) AS rounds
  FROM drawd.programme_published t JOIN drawd.programme p ON p.year = t.year AND p.state = 'published'
 CROSS JOIN LATERAL jsonb_to_record(t.columns) AS c (number text, name text, kind text, design text, levels text, methods text,
	items text, objects text, frequency text, ratio text, classes text, windows text, draws text, lead text, partners text,
	owner text, basis text, targets text, state text);
CREATE VIEW drawd.programme_task_list WITH (security_invoker = true) AS
SELECT t.year::text COLLATE "C" AS year, t.code::text COLLATE "C" AS code, t.number, t.name, t.state, t.kind, t.targeted,
       t.levels, t.department::text AS department, t.lead::text AS lead, t.owner, t.scheme::text AS scheme,
       t.scheme_version::int8 AS version,
       coalesce((SELECT string_agg(d.draw_on, ';' ORDER BY d.nth) FROM drawd.programme_draw d WHERE d.task = t.id), '') AS draws,
       coalesce((SELECT string_agg(d.from_date || '..' || d.to_date, ';' ORDER BY d.nth) FROM drawd.programme_draw d
	WHERE d.task = t.id), '') AS windows,
       coalesce((SELECT string_agg(d.batches, ';' ORDER BY d.nth) FROM drawd.programme_draw d
	WHERE d.task = t.id AND d.batches <> ''), '') AS batches,
       t.approval, t.filing, t.publication, t.published, t.cause, t.account::text AS account, t.at
  FROM drawd.programme_task t;
CREATE VIEW drawd.programme_amendment_list WITH (security_invoker = true) AS
SELECT a.year::text COLLATE "C" AS year, a.n::int8 AS n, a.action, a.code COLLATE "C" AS code, a.number, a.reason, a.at,
       a.motion, a.before::json AS before, a.after::json AS after
  FROM drawd.programme_amendment a;
CREATE VIEW drawd.programme_public_amendments WITH (security_invoker = true) AS
SELECT a.* FROM drawd.programme_amendment_list a
 WHERE EXISTS (SELECT FROM drawd.programme p WHERE p.year::text = a.year AND p.state = 'published');

DO $$
DECLARE
	t record;
	who text;
BEGIN
	FOR t IN SELECT * FROM (VALUES
			('programme', 'SELECT INSERT UPDATE', 'year', 'state,title,deadline,version,motion,amended'),
			('programme_task', 'SELECT INSERT UPDATE', 'year,code', 'state,name,scheme,scheme_version,kind,levels,department,lead,number'),
			('programme_draw', 'SELECT INSERT UPDATE DELETE', 'task,nth', 'draw_on,from_date,to_date,batches,round,scheme_version'),
			('programme_submission', 'SELECT INSERT UPDATE', 'year,department', 'state,late_why'),
			('programme_opinion', 'SELECT INSERT', 'year,department,kind', 'verdict'),
			('programme_amendment', 'SELECT INSERT', 'year,n', 'action,code,motion'),
			('programme_filing', 'SELECT INSERT', 'year,n', 'number,recipient,day'),
			('programme_escalation', 'SELECT INSERT UPDATE', 'year,n', 'code,department,resolution'),
			('programme_published', 'SELECT INSERT UPDATE', 'year,code', '')) AS v (name, verbs, keys, told) LOOP
		PERFORM drawd.owner_rows(t.name, t.verbs);
		EXECUTE format('CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.%I FOR EACH ROW EXECUTE FUNCTION '
			'drawd.audit_change(%L, %L, '''', %L)', t.name, replace(t.name, '_', '-'), t.keys, t.told);
		EXECUTE format('GRANT SELECT ON drawd.%I TO drawd_web', t.name);
		CONTINUE WHEN t.name NOT IN ('programme', 'programme_task', 'programme_draw');
		FOREACH who IN ARRAY ARRAY['notary', 'worker'] LOOP
			EXECUTE format('CREATE POLICY %I ON drawd.%I FOR SELECT TO %I USING (true)', who || '_select', t.name, 'drawd_' || who);
			EXECUTE format('GRANT SELECT ON drawd.%I TO %I', t.name, 'drawd_' || who);
		END LOOP;
	END LOOP;
	-- everybody who works in a department sees how far the others are
	FOREACH who IN ARRAY ARRAY['programme_submission', 'programme_opinion', 'programme_escalation'] LOOP
		EXECUTE format('CREATE POLICY web_select ON drawd.%I FOR SELECT TO drawd_web '
			'USING ((SELECT drawd.sees_all() OR drawd.my_departments() <> ''{}''))', who);
	END LOOP;
	-- and the public what was published
	FOREACH who IN ARRAY ARRAY['programme_filing', 'programme_amendment', 'programme_published'] LOOP
		EXECUTE format('CREATE POLICY web_select ON drawd.%I FOR SELECT TO drawd_web '
			'USING ((SELECT drawd.sees_all() OR drawd.my_departments() <> ''{}'') OR EXISTS (SELECT FROM drawd.programme p '
			'WHERE p.year = %I.year AND p.state = ''published'' OFFSET 0))', who, who);
	END LOOP;
END
$$;
CREATE POLICY web_select ON drawd.programme FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all() OR drawd.my_departments() <> '{}') OR state = 'published');
-- A department sees its own tasks, and those of others once they are all collected.
CREATE POLICY web_select ON drawd.programme_task FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR department = ANY ((SELECT drawd.my_departments())::text[])
		OR lead = ANY ((SELECT drawd.my_departments())::text[])
		OR (SELECT drawd.my_departments() <> '{}') AND EXISTS (SELECT FROM drawd.programme p
			WHERE p.year = programme_task.year AND p.state <> 'collecting' OFFSET 0));
CREATE POLICY web_select ON drawd.programme_draw FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.programme_task t WHERE t.id = programme_draw.task OFFSET 0));
GRANT SELECT ON drawd.programme_list, drawd.programme_public, drawd.programme_task_list, drawd.programme_amendment_list,
	drawd.programme_public_tasks, drawd.programme_public_amendments TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.programme_levels(text), drawd.programme_task_told(int8), drawd.programme_lacks(int),
	drawd.programme_heard(int), drawd.programme_listed(int, text), drawd.programme_status(int), drawd.programme_show(text),
	drawd.programme_open(int, text, text, text, text), drawd.programme_submit(text, text, jsonb, boolean),
	drawd.programme_withdraw(text, text, text), drawd.programme_none(text, text, text),
	drawd.programme_admit(text, text, text), drawd.programme_turn(text, text),
	drawd.programme_opine(text, text, text, text, text), drawd.programme_propose(text, text, text),
	drawd.programme_amend(text, text, jsonb, text, text, text), drawd.programme_file(text, text, text, text),
	drawd.programme_escalate(text, text, text), drawd.programme_resolve(text, text, text) TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.programme_settings(text, text), drawd.programme_scheme(text, int), drawd.programme_hash(int),
	drawd.programme_task_told(int8) TO drawd_worker;
