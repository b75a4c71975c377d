-- Clues (线索) and inspections for a cause (有因检查, 个案检查): what people and other authorities say of an entity, who
-- deals with it by when, what was decided, and the record that stands in the log. No draw chose these inspections, so
-- they are in no figure of a round, and no exclusion stands against one.

CREATE TABLE drawd.clue (
	id int8 PRIMARY KEY CHECK (id > 0),
	source text NOT NULL CHECK (source IN ('complaint', 'report', 'assigned', 'whistle', 'monitoring', 'request')),
	entity text COLLATE "C" NOT NULL DEFAULT '', -- '': nobody knows yet
	object text COLLATE "C" NOT NULL DEFAULT '',
	received drawd.day NOT NULL,
	taken_for drawd.token REFERENCES drawd.department, -- who took it in; NULL: the joint conference office
	text bytea NOT NULL, -- sealed (daemon/cluebox.h)
	caller bytea, -- who said it: sealed; a whistle-blower's to a key that the web process does not have
	taken_by drawd.token NOT NULL REFERENCES drawd.account,
	taken_person text NOT NULL,
	taken_at int8 NOT NULL,
	-- what follows changes while it is dealt with; clue_step tells how
	department drawd.token NOT NULL REFERENCES drawd.department, -- who deals with it
	assignee drawd.token REFERENCES drawd.account,
	due drawd.day NOT NULL, -- last day to decide
	state text NOT NULL DEFAULT 'taken' CHECK (state IN ('taken', 'assigned', 'dismissed', 'visit', 'done')),
	CHECK (entity = '' OR entity ~ '^[0-9A-Z:./-]{1,55}$'),
	CHECK (object = '' OR object ~ '^[0-9A-Z:./-]{1,55}$' AND entity <> ''),
	CHECK (octet_length(text) BETWEEN 49 AND 70000 AND octet_length(caller) BETWEEN 49 AND 4000)
);
CREATE INDEX clue_entity ON drawd.clue (entity) WHERE entity <> '';
CREATE INDEX clue_open ON drawd.clue (due) WHERE state IN ('taken', 'assigned');

-- What was done with a clue, appended.
CREATE TABLE drawd.clue_step (
	clue int8 NOT NULL REFERENCES drawd.clue,
	step int NOT NULL CHECK (step > 0),
	act text NOT NULL CHECK (act IN ('taken', 'assigned', 'referred', 'dismissed', 'visit', 'outcome')),
	department drawd.token NOT NULL REFERENCES drawd.department, -- who dealt with it behind this step
	account drawd.token NOT NULL REFERENCES drawd.account,
	person text NOT NULL,
	at int8 NOT NULL,
	note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 1000), -- why, or to whom
	PRIMARY KEY (clue, step)
);

-- An inspection for a cause that two persons decided on. The notary gives it its round, blinding and entry; its outcome
-- is written once.
CREATE TABLE drawd.cause (
	id int8 PRIMARY KEY CHECK (id > 0), -- `number` of PROTOCOL.md §3
	clue int8 NOT NULL REFERENCES drawd.clue,
	motion int8 NOT NULL UNIQUE REFERENCES drawd.motion,
	department drawd.token NOT NULL REFERENCES drawd.department,
	entity drawd.object_id NOT NULL,
	object text COLLATE "C" NOT NULL DEFAULT '',
	items text NOT NULL CHECK (items <> ''), -- lists of PROTOCOL.md §5
	basis text NOT NULL CHECK (octet_length(basis) BETWEEN 1 AND 200),
	date drawd.day NOT NULL,
	officers text NOT NULL CHECK (officers ~ ','), -- two or more
	way text NOT NULL CHECK (way IN ('onsite', 'paper', 'network', 'offsite')),
	reason text NOT NULL,
	decided_at int8 NOT NULL,
	-- the notary's
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'entered', 'refused')),
	round drawd.round_id REFERENCES drawd.round,
	content text,
	blinding drawd.hash,
	entry int8 UNIQUE REFERENCES drawd.log_entry,
	error jsonb,
	-- the outcome
	result text CHECK (result IN ('none', 'undisclosed', 'false', 'unreachable', 'corrected', 'uncooperative',
		'inactive', 'pending', 'cancelled')),
	result_note text NOT NULL DEFAULT '' CHECK (char_length(result_note) <= 1000),
	done_on drawd.day, -- NULL: it was not made
	result_by drawd.token REFERENCES drawd.account,
	result_at int8,
	CHECK ((state = 'entered') = (entry IS NOT NULL) AND num_nulls(entry, content, blinding) IN (0, 3)),
	CHECK ((state = 'refused') = (error IS NOT NULL)),
	CHECK (num_nulls(result, result_by, result_at) IN (0, 3)),
	CHECK ((done_on IS NOT NULL) = (result IS NOT NULL AND result <> 'cancelled'))
);
CREATE INDEX cause_entity ON drawd.cause (entity);
CREATE INDEX cause_clue ON drawd.cause (clue);
CREATE INDEX cause_pending ON drawd.cause (id) WHERE state = 'pending';
CREATE TRIGGER wake AFTER INSERT ON drawd.cause
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_notary');
CREATE TRIGGER wake_answer AFTER UPDATE ON drawd.cause
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');

-- ---- taking in ---------------------------------------------------------------------------------------

CREATE FUNCTION drawd.clue_note(c drawd.clue, the_act text, the_note text) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO clue_step (clue, step, act, department, account, person, at, note)
	SELECT c.id, coalesce(max(step), 0) + 1, the_act, c.department, acting(), context() ->> 'person', asked_at(),
	       coalesce(the_note, '')
	  FROM clue_step WHERE clue = c.id
$$;

-- Who can be given a clue: a department in use that may lawfully inspect.
CREATE FUNCTION drawd.clue_handler(the_department text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM department_known(the_department);
	IF NOT EXISTS (SELECT FROM department WHERE id = the_department AND inspects) THEN
		PERFORM refuse('no-inspecting-department', the_department, 'department');
	END IF;
END
$$;

-- Take a clue in: a department for itself, the coordinator for any. due_days: until which it has to be decided. wrong: its
-- code cannot be right, so it counts only where the registers have it. Gives {"id", "department", "due", "known"}.
CREATE FUNCTION drawd.clue_new(the_source text, the_department text, the_entity text, the_object text,
	the_received text, sealed_text bytea, sealed_caller bytea, due_days int, wrong boolean) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	the_at int8 := asked_at();
	today text := day_of(asked_at());
	known boolean := the_entity <> '' AND EXISTS (SELECT FROM entity_objects(the_entity, NULL));
	c clue;
BEGIN
	PERFORM scope_needed('clues:write');
	IF acting() IS NULL OR NOT (has_role('coordinator') OR my_acts() <> '{}') THEN
		PERFORM refuse('not-allowed', 'clue');
	END IF;
	c.taken_for := CASE WHEN my_acts() <> '{}' THEN acting_department(CASE
		WHEN has_role('coordinator') AND NOT acts_for(the_department) THEN '' ELSE the_department END) END;
	c.department := coalesce(CASE WHEN has_role('coordinator') THEN nullif(the_department, '') END, c.taken_for);
	IF c.department IS NULL THEN
		PERFORM refuse('department-needed', 'clue', 'department');
	END IF;
	PERFORM clue_handler(c.department);
	c.received := coalesce(nullif(the_received, ''), today);
	IF c.received > today THEN
		PERFORM refuse('bad-date', c.received, 'received');
	ELSIF the_object <> '' AND the_entity = '' THEN
		PERFORM refuse('bad-json', 'entity', 'entity');
	ELSIF the_entity <> '' AND the_entity !~ '^[0-9A-Z:./-]{1,55}$' THEN
		PERFORM refuse('bad-object', the_entity, 'entity');
	ELSIF wrong AND NOT known THEN
		PERFORM refuse('bad-uscc', the_entity, 'entity');
	ELSIF the_object <> '' AND the_object !~ '^[0-9A-Z:./-]{1,55}$' THEN
		PERFORM refuse('bad-object', the_object, 'object');
	END IF;
	PERFORM pg_advisory_xact_lock(7363417261); -- numbers without gaps: none looks taken away
	INSERT INTO clue (id, source, entity, object, received, taken_for, text, caller, taken_by, taken_person, taken_at,
		department, due)
	SELECT coalesce(max(id), 0) + 1, the_source, the_entity, the_object, c.received, c.taken_for, sealed_text,
	       sealed_caller, acting(), context() ->> 'person', the_at, c.department, day_after(today, due_days)
	  FROM clue
	RETURNING * INTO c;
	PERFORM clue_note(c, 'taken', '');
	RETURN jsonb_build_object('id', c.id, 'department', c.department, 'due', c.due, 'known', known);
END
$$;

-- ---- dealing with it -----------------------------------------------------------------------------------

-- May the one who asks see a clue of this department, taken in for that one by that account? Both departments deal with
-- it or did; a program sees what it took in itself and nothing else of its department.
CREATE FUNCTION drawd.clue_seen(the_department text, the_taker text, the_account text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT sees_all() OR coalesce(ARRAY[the_department, the_taker] && my_departments(), false)
			AND (NOT has_role('service') OR the_account = acting())
$$;

-- The clue, held until the end of the transaction, for who has one of these roles in its department. What he may not see
-- is not there.
CREATE FUNCTION drawd.clue_hold(the_clue int8, roles text[]) RETURNS drawd.clue
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue;
BEGIN
	PERFORM scope_needed('clues:write');
	SELECT * INTO c FROM clue WHERE id = the_clue FOR UPDATE;
	IF NOT FOUND OR acting() IS NULL OR NOT clue_seen(c.department, c.taken_for, c.taken_by) THEN
		PERFORM refuse('no-clue', the_clue::text);
	ELSIF right_of(roles, c.department) IS NULL THEN
		PERFORM refuse('not-allowed', format('clue %s: %s', c.id, rights_told(roles, c.department)));
	END IF;
	RETURN c;
END
$$;

CREATE FUNCTION drawd.clue_undecided(c drawd.clue) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF c.state NOT IN ('taken', 'assigned') THEN
		PERFORM refuse('clue-state', format('clue %s: %s', c.id, c.state));
	END IF;
	IF EXISTS (SELECT FROM motion WHERE kind = 'cause' AND subject = c.id::text AND state = 'open'
	            AND ends_at >= asked_at()) THEN
		PERFORM refuse('motion-open', format('clue %s', c.id));
	END IF;
END
$$;

-- To whom of the department: who deals with clues there.
CREATE FUNCTION drawd.clue_assign(the_clue int8, the_account text, why text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue := clue_hold(the_clue, '{head,clerk}');
BEGIN
	PERFORM clue_undecided(c);
	IF NOT EXISTS (SELECT FROM account a, roles_on(a.id, day_of(asked_at())) r
	                WHERE a.id = the_account AND a.state = 'active' AND r.department = c.department
	                  AND r.role IN ('head', 'clerk')) THEN
		PERFORM refuse('no-account', the_account, 'account');
	END IF;
	UPDATE clue SET assignee = the_account, state = 'assigned' WHERE id = c.id RETURNING * INTO c;
	PERFORM clue_note(c, 'assigned', concat_ws(' ', the_account, nullif(why, '')));
	RETURN jsonb_build_object('id', c.id, 'state', c.state, 'department', c.department, 'due', c.due);
END
$$;

-- No inspection. The head decides, and not who took it in: nobody alone makes a clue go away.
CREATE FUNCTION drawd.clue_dismiss(the_clue int8, why text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue := clue_hold(the_clue, '{head}');
BEGIN
	PERFORM clue_undecided(c);
	IF coalesce(why !~ '\S' OR char_length(why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	ELSIF one_side(c.taken_person, context() ->> 'person', '{head,clerk}', day_of(c.taken_at), day_of(asked_at())) THEN
		PERFORM refuse('same-person', c.taken_by);
	END IF;
	UPDATE clue SET state = 'dismissed' WHERE id = c.id RETURNING * INTO c;
	PERFORM clue_note(c, 'dismissed', why);
	RETURN jsonb_build_object('id', c.id, 'state', c.state, 'department', c.department, 'due', c.due);
END
$$;

-- To the department whose matter it is; its time begins anew, once: one that was referred before keeps the day, and so
-- does one that is late, which no referral makes timely.
CREATE FUNCTION drawd.clue_refer(the_clue int8, the_department text, why text, due_days int) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue := clue_hold(the_clue, '{head,coordinator}');
BEGIN
	PERFORM clue_undecided(c);
	IF coalesce(why !~ '\S' OR char_length(why) > 900, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	ELSIF the_department = c.department THEN
		PERFORM refuse('no-change', the_department, 'department');
	END IF;
	PERFORM clue_handler(the_department);
	UPDATE clue SET department = the_department, state = 'taken', assignee = NULL,
		due = CASE WHEN due < day_of(asked_at())
		             OR EXISTS (SELECT FROM clue_step s WHERE s.clue = c.id AND s.act = 'referred') THEN due
			ELSE day_after(day_of(asked_at()), due_days) END
	 WHERE id = c.id RETURNING * INTO c;
	PERFORM clue_note(c, 'referred', why);
	RETURN jsonb_build_object('id', c.id, 'state', c.state, 'department', c.department, 'due', c.due);
END
$$;

-- What was said, sealed; by whom only for who deals with it, and a whistle-blower's identity for nobody. Noted.
CREATE FUNCTION drawd.clue_read(the_clue int8) RETURNS TABLE (sealed bytea, caller bytea, withheld boolean)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	c clue;
	deals boolean;
BEGIN
	PERFORM scope_needed('clues:read');
	SELECT * INTO c FROM clue WHERE id = the_clue;
	deals := right_of('{head,clerk}', c.department) IS NOT NULL;
	IF c.id IS NULL OR acting() IS NULL OR NOT (deals OR has_role('coordinator', 'auditor')) THEN
		RETURN;
	END IF;
	PERFORM note_read('clue', c.id::text, c.department);
	RETURN QUERY SELECT c.text, CASE WHEN deals AND c.source <> 'whistle' THEN c.caller END,
		c.caller IS NOT NULL AND NOT (deals AND c.source <> 'whistle');
END
$$;
-- A whistle-blower's name, for the operator of the machine (`drawd unseal clues`). Who reads it says why.
CREATE FUNCTION drawd.clue_caller(the_clue text, why text) RETURNS bytea
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue;
BEGIN
	IF coalesce(why !~ '\S' OR char_length(why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	END IF;
	SELECT * INTO c FROM clue WHERE id::text = the_clue AND source = 'whistle' AND clue.caller IS NOT NULL;
	IF NOT FOUND THEN
		PERFORM refuse('no-clue', the_clue);
	END IF;
	PERFORM audit_put('read', 'clue-caller', c.id::text, c.department, NULL, NULL, why, '{}');
	RETURN c.caller;
END
$$;

-- ---- an inspection for a cause: two persons ------------------------------------------------------------

ALTER TABLE drawd.motion_kind NO FORCE ROW LEVEL SECURITY;
INSERT INTO drawd.motion_kind (kind, first, second, seconds, after, zh, en) VALUES
	('cause', '{head,clerk}', '{head}', 604800, 'carried', '有因检查', 'inspection for a cause');
ALTER TABLE drawd.motion_kind FORCE ROW LEVEL SECURITY;

-- Members of a list of PROTOCOL.md §5, as somebody wrote them.
CREATE FUNCTION drawd.list_canonical(list text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN (SELECT coalesce(string_agg(DISTINCT m COLLATE "C", ',' ORDER BY m COLLATE "C"), '')
	          FROM string_to_table(list, ',') w, btrim(w) m WHERE m <> '');

-- Items that the department may inspect on that day (item_wrong: as in a programme).
CREATE FUNCTION drawd.cause_items(the_department text, the_day text, items text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	missing text;
BEGIN
	SELECT string_agg(w, ',' ORDER BY w COLLATE "C") INTO missing
	  FROM string_to_table(items, ',') w
	 WHERE item_wrong(w, the_department, the_day, the_day) IS NOT NULL;
	IF items = '' OR missing IS NOT NULL THEN
		PERFORM refuse('cause-item', coalesce(missing, 'items'), 'items');
	END IF;
END
$$;

-- Two persons at least, of that department, with a certificate and not on leave on that day, and none who is recused.
CREATE FUNCTION drawd.cause_officers(the_department text, the_day text, codes text[], officers text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	wrong text;
BEGIN
	SELECT string_agg(w, ',' ORDER BY w COLLATE "C") INTO wrong
	  FROM string_to_table(officers, ',') w
	 WHERE NOT EXISTS (SELECT FROM inspector_current i
	                    WHERE i.inspector = w AND i.department = the_department AND i.active);
	IF wrong IS NOT NULL THEN
		PERFORM refuse('bad-inspector', wrong, 'officers');
	ELSIF (SELECT count(DISTINCT p) < 2
	         FROM (SELECT coalesce(min(s.other), w) AS p
	                 FROM string_to_table(officers, ',') w
	                 LEFT JOIN (SELECT inspector, other FROM same_person()
				UNION ALL SELECT inspector, inspector FROM same_person()) s ON s.inspector = w
	                GROUP BY w) t) THEN
		PERFORM refuse('cause-officers', coalesce(nullif(officers, ''), 'officers'), 'officers');
	END IF;
	SELECT string_agg(w, ',' ORDER BY w COLLATE "C") INTO wrong
	  FROM string_to_table(officers, ',') w JOIN inspector_current i ON i.inspector = w
	 WHERE coalesce(i.certificate, '') < the_day
	    OR EXISTS (SELECT FROM string_to_table(i.leave, ',') l
	                WHERE the_day BETWEEN split_part(l, '..', 1) AND split_part(l, '..', 2));
	IF wrong IS NOT NULL THEN
		PERFORM refuse('cause-unfit', wrong, 'officers');
	END IF;
	SELECT string_agg(DISTINCT w, ',' ORDER BY w) INTO wrong
	  FROM string_to_table(officers, ',') w
	  LEFT JOIN same_person() s ON s.inspector = w
	  JOIN recusals_on(the_day) r ON r.inspector::text IN (w, s.other) AND r.subject::text = ANY (codes);
	IF wrong IS NOT NULL THEN
		PERFORM refuse('cause-recused', wrong, 'officers');
	END IF;
END
$$;

-- What is asked for can be decided on, at the time of the motion and again at that of the agreement.
CREATE FUNCTION drawd.cause_lawful(m drawd.motion, the_at int8) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	b jsonb := m.body;
	code text;
BEGIN
	FOREACH code IN ARRAY ARRAY[b ->> 'entity', nullif(b ->> 'object', '')] LOOP
		CONTINUE WHEN code IS NULL;
		IF code !~ '^[0-9A-Z:./-]{1,55}$' THEN
			PERFORM refuse('bad-object', code, 'entity');
		END IF;
	END LOOP;
	IF b ->> 'date' < day_of(the_at) THEN
		PERFORM refuse('bad-date', b ->> 'date', 'date');
	ELSIF NOT EXISTS (SELECT FROM authorities_on(b ->> 'date', m.department) a WHERE a.inspects AND a.listed) THEN
		PERFORM refuse('no-inspecting-department', m.department, 'department');
	END IF;
	PERFORM cause_items(m.department, b ->> 'date', b ->> 'items');
	PERFORM cause_officers(m.department, b ->> 'date', ARRAY(SELECT l.code FROM code_line(b ->> 'entity') l
		UNION SELECT b ->> 'entity' UNION SELECT b ->> 'object'), b ->> 'officers');
END
$$;

-- {"entity", "object", "items", "basis", "date", "officers", "way"}; subject: the clue. Where it says no entity, the
-- clue's.
CREATE FUNCTION drawd.move_cause(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue;
	b jsonb := m.body;
BEGIN
	SELECT * INTO c FROM clue WHERE id::text = m.subject FOR UPDATE;
	IF NOT FOUND OR NOT clue_seen(c.department, c.taken_for, c.taken_by) THEN
		PERFORM refuse('no-clue', m.subject);
	END IF;
	m.department := c.department;
	IF right_of('{head,clerk}', c.department) IS NULL THEN
		PERFORM refuse('not-allowed', format('clue %s: %s', c.id, rights_told('{head,clerk}', c.department)));
	END IF;
	PERFORM clue_undecided(c);
	b := b || jsonb_build_object('entity', coalesce(nullif(b ->> 'entity', ''), c.entity), 'object',
		coalesce(nullif(b ->> 'object', ''), CASE WHEN coalesce(b ->> 'entity', '') IN ('', c.entity) THEN c.object END, ''),
		'items', list_canonical(b ->> 'items'), 'officers', list_canonical(b ->> 'officers'));
	m.body := b - 'wrong' || jsonb_build_object('known', EXISTS (SELECT FROM entity_objects(b ->> 'entity', NULL)));
	IF b -> 'wrong' = 'true' AND m.body -> 'known' = 'false' THEN
		PERFORM refuse('bad-uscc', b ->> 'entity', 'entity');
	END IF;
	PERFORM cause_lawful(m, m.moved_at);
	RETURN m;
END
$$;

CREATE FUNCTION drawd.carry_cause(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	c clue;
	made int8;
BEGIN
	SELECT * INTO c FROM clue WHERE id::text = m.subject FOR UPDATE;
	IF NOT FOUND OR c.department IS DISTINCT FROM m.department OR c.state NOT IN ('taken', 'assigned') THEN
		PERFORM refuse('clue-state', format('clue %s: %s', m.subject, coalesce(c.state, '')));
	END IF;
	PERFORM cause_lawful(m, m.decided_at);
	PERFORM pg_advisory_xact_lock(7363417262);
	INSERT INTO cause (id, clue, motion, department, entity, object, items, basis, date, officers, way, reason, decided_at)
	SELECT coalesce(max(id), 0) + 1, c.id, m.id, m.department, m.body ->> 'entity', m.body ->> 'object',
	       m.body ->> 'items', m.body ->> 'basis', m.body ->> 'date', m.body ->> 'officers', m.body ->> 'way', m.reason,
	       m.decided_at
	  FROM cause
	RETURNING id INTO made;
	UPDATE clue SET state = 'visit' WHERE id = c.id RETURNING * INTO c;
	PERFORM clue_note(c, 'visit', m.reason);
	RETURN jsonb_build_object('cause', made);
END
$$;

-- The notary entered it, or could not.
CREATE FUNCTION drawd.cause_decided() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	UPDATE motion
	   SET state = CASE NEW.state WHEN 'entered' THEN 'done' ELSE 'refused' END,
	       result = coalesce(result, '{}') || CASE NEW.state WHEN 'entered' THEN jsonb_build_object('entry', NEW.entry)
			ELSE jsonb_build_object('error', NEW.error) END
	 WHERE id = NEW.motion AND state = 'carried';
	RETURN NULL;
END
$$;
CREATE TRIGGER decided AFTER UPDATE OF state ON drawd.cause
	FOR EACH ROW WHEN (OLD.state = 'pending' AND NEW.state <> 'pending') EXECUTE FUNCTION drawd.cause_decided();
-- What was entered stands.
CREATE FUNCTION drawd.cause_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('cause %s is %s', OLD.id, OLD.state);
END
$$;
CREATE TRIGGER stands BEFORE UPDATE OF state, round, content, blinding, entry, error ON drawd.cause
	FOR EACH ROW WHEN (OLD.state <> 'pending') EXECUTE FUNCTION drawd.cause_stands();

-- The round that a cause of a department names (PROTOCOL.md §3); NULL: none.
CREATE FUNCTION drawd.cause_round(the_department text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT max(id) FROM round
	 WHERE state IN ('drawn', 'visiting', 'revealed') AND the_department = ANY (string_to_array(departments, ','))
$$;

-- What came of it, once; the clue is done. day: when it was made; of one that was not, nothing.
CREATE FUNCTION drawd.cause_outcome(the_cause int8, the_result text, the_day text, why text) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	v cause;
	c clue;
	the_at int8 := asked_at();
	made text := CASE WHEN the_result <> 'cancelled' THEN coalesce(nullif(the_day, ''), day_of(asked_at())) END;
BEGIN
	PERFORM scope_needed('clues:write');
	SELECT * INTO v FROM cause WHERE id = the_cause FOR UPDATE;
	IF NOT FOUND OR NOT (sees_all() OR v.department = ANY (my_departments())) THEN
		PERFORM refuse('no-clue', the_cause::text);
	ELSIF right_of('{head,clerk}', v.department) IS NULL THEN
		PERFORM refuse('not-allowed', format('cause %s: %s', v.id, rights_told('{head,clerk}', v.department)));
	ELSIF v.result IS NOT NULL THEN
		PERFORM refuse('already-done', format('cause %s', v.id));
	ELSIF v.state <> 'entered' THEN
		PERFORM refuse('clue-state', format('cause %s: %s', v.id, v.state));
	ELSIF made IS NOT NULL AND day_of(the_at) < v.date THEN
		PERFORM refuse('cause-early', format('cause %s: %s', v.id, v.date), 'result');
	ELSIF made > day_of(the_at) OR made < day_of(v.decided_at) OR the_day <> '' AND made IS NULL THEN
		PERFORM refuse('bad-date', the_day, 'day');
	ELSIF the_result = 'cancelled' AND coalesce(why, '') !~ '\S' THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	END IF;
	UPDATE cause SET result = the_result, result_note = coalesce(why, ''), done_on = made, result_by = acting(),
		result_at = the_at
	 WHERE id = v.id;
	UPDATE clue SET state = 'done' WHERE id = v.clue RETURNING * INTO c;
	PERFORM clue_note(c, 'outcome', concat_ws(' ', the_result, nullif(why, '')));
	RETURN jsonb_build_object('id', v.id, 'clue', v.clue, 'result', the_result, 'day', made);
END
$$;

-- ---- what everybody may know ---------------------------------------------------------------------------

-- A number that would tell of whom: fewer than five.
CREATE FUNCTION drawd.few_untold(n int8) RETURNS int8 LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN n NOT BETWEEN 1 AND 4 THEN n END;

-- Of a year, for each department: how many were decided on, made and found something, by where the clue came from;
-- never of whom. Fewer than five are not told (null), nor a sum from which they would follow; that a whistle-blower
-- spoke is told by nothing, his clues are reports.
CREATE FUNCTION drawd.causes_public(the_year int) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH one AS (
		SELECT v.department, d.name, CASE c.source WHEN 'whistle' THEN 'report' ELSE c.source END AS source, v.result, v.done_on
		  FROM cause v JOIN clue c ON c.id = v.clue JOIN department d ON d.id = v.department
		 WHERE v.state = 'entered' AND left(day_of(v.decided_at), 4) = lpad(the_year::text, 4, '0')
	), of AS (
		SELECT department, min(name) AS name, count(*) AS decided, count(done_on) AS made,
		       count(*) FILTER (WHERE done_on IS NOT NULL AND check_found(result)) AS found
		  FROM one GROUP BY department
	), by_source AS (
		SELECT source, count(*) AS n FROM one GROUP BY source
	), told AS (
		SELECT coalesce(bool_and(few_untold(decided) IS NOT NULL), true)
			AND NOT EXISTS (SELECT FROM by_source WHERE few_untold(n) IS NULL) AS decided,
		       coalesce(bool_and(few_untold(made) IS NOT NULL), true) AS made
		  FROM of
	)
	SELECT jsonb_build_object('year', the_year,
		'decided', CASE WHEN told.decided THEN (SELECT count(*) FROM one) END,
		'made', CASE WHEN told.made THEN (SELECT count(done_on) FROM one) END,
		'departments', (SELECT coalesce(jsonb_agg(jsonb_build_object('department', department, 'name', name,
				'decided', few_untold(decided), 'made', few_untold(made), 'found', few_untold(found))
				ORDER BY department COLLATE "C"), '[]') FROM of),
		'sources', (SELECT coalesce(jsonb_object_agg(source, n ORDER BY source), '{}') FROM by_source WHERE told.decided))
	  FROM told
$$;

-- ---- lists ---------------------------------------------------------------------------------------------

CREATE VIEW drawd.clue_list WITH (security_invoker = true) AS
SELECT id, source, entity, object, received::text COLLATE "C" AS received, department::text, taken_for::text, assignee::text,
       due::text COLLATE "C" AS due, state,
       state IN ('taken', 'assigned') AND due < drawd.day_of((SELECT drawd.asked_at())) AS late, taken_by::text AS account,
       taken_at AS created
  FROM drawd.clue;

CREATE VIEW drawd.cause_list WITH (security_invoker = true) AS
SELECT id, clue, department::text, entity::text COLLATE "C" AS entity, object, items, basis, date::text COLLATE "C" AS date, officers, way,
       state, round::text COLLATE "C" AS round, entry, result, done_on::text COLLATE "C" AS day, decided_at AS decided
  FROM drawd.cause;

-- Days on which an entity was entered, of those inspections that the asker sees, and the one before it: drawn ones, and
-- those for a cause, which no cap counts, apart. A day on which both a list and this installation tell of one is one.
CREATE VIEW drawd.repeat_list WITH (security_invoker = true) AS
SELECT p.entity, p.kind, p.date, p.before, (p.date::date - p.before::date)::int8 AS days, p.departments, p.departments_before,
       p.items, p.items_before
  FROM (SELECT d.*, lag(d.date) OVER w AS before, lag(d.departments) OVER w AS departments_before,
	       lag(d.items) OVER w AS items_before
	  FROM (SELECT c.entity COLLATE "C" AS entity, c.kind, c.date, drawd.join_lists(VARIADIC array_agg(c.department)) AS departments,
		       drawd.join_lists(VARIADIC array_agg(c.item)) AS items
		  FROM (SELECT entity, CASE cause WHEN 't' THEN 'exempt' ELSE 'repeat' END AS kind, date,
			       coalesce(nullif(department::text, ''), authority) AS department, item
			  FROM drawd.checks_current
			 WHERE entity <> '' AND date <> '' AND mode IN ('', 'site') AND drawd.check_entered(result)
			UNION ALL
			SELECT v.entity, 'repeat', coalesce(nullif(v.day, ''), v.to_date), v.departments, v.tasks
			  FROM drawd.visit v JOIN drawd.round r ON r.id = v.round AND r.state = 'closed' AND NOT r.demo
			 WHERE v.way = 'entry'
			UNION ALL
			SELECT entity, 'exempt', done_on, department, items FROM drawd.cause
			 WHERE way = 'onsite' AND done_on IS NOT NULL AND entity <> '' AND drawd.check_entered(result)) c
		 GROUP BY c.entity COLLATE "C", c.kind, c.date) d
	WINDOW w AS (PARTITION BY d.entity, d.kind ORDER BY d.date)) p
 CROSS JOIN drawd.repeat_days() n
 WHERE p.date::date - p.before::date < CASE p.kind WHEN 'exempt' THEN n.exempt ELSE n.days END;

-- ---- who may what --------------------------------------------------------------------------------------

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.clue FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('clue', 'id', 'text,caller', 'source,department,assignee,due,state');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.cause FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('cause', 'id', '', 'clue,department,state,round,entry,result,done_on');

SELECT drawd.owner_rows('clue', 'SELECT INSERT UPDATE'), drawd.owner_rows('clue_step', 'SELECT INSERT'),
       drawd.owner_rows('cause', 'SELECT INSERT UPDATE');
CREATE POLICY notary_select ON drawd.cause FOR SELECT TO drawd_notary USING (true);
CREATE POLICY notary_update ON drawd.cause FOR UPDATE TO drawd_notary USING (state = 'pending') WITH CHECK (true);
GRANT SELECT, UPDATE (state, round, content, blinding, entry, error) ON drawd.cause TO drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.cause_round(text) TO drawd_notary;

CREATE POLICY web_select ON drawd.clue FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR (department = ANY ((SELECT drawd.my_departments())::text[])
			OR taken_for = ANY ((SELECT drawd.my_departments())::text[]))
		AND ((SELECT NOT drawd.has_role('service')) OR taken_by = (SELECT drawd.acting())));
CREATE POLICY web_select ON drawd.clue_step FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.clue c WHERE c.id = clue_step.clue OFFSET 0));
CREATE POLICY web_select ON drawd.cause FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR department = ANY ((SELECT drawd.my_departments())::text[])
		OR (SELECT drawd.my_inspector()) = ANY (string_to_array(officers, ',')));
-- never what is sealed: that is clue_read's
GRANT SELECT (id, source, entity, object, received, taken_for, taken_by, taken_at, department, assignee, due, state)
	ON drawd.clue TO drawd_web;
GRANT SELECT ON drawd.clue_step, drawd.cause, drawd.clue_list, drawd.cause_list, drawd.repeat_list TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.clue_new(text, text, text, text, text, bytea, bytea, int, boolean),
	drawd.clue_assign(int8, text, text), drawd.clue_dismiss(int8, text), drawd.clue_refer(int8, text, text, int),
	drawd.clue_read(int8), drawd.cause_outcome(int8, text, text, text), drawd.causes_public(int) TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.clue_caller(text, text) TO drawd_worker;
