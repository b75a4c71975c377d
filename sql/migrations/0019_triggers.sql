-- Triggers (触发式监管): who reached what a trigger of the risk model asks for is a 重点监管对象 with an end, and has
-- the trigger's label in the frame; below it there is the early-warning list (预警名单). Letters to both (预警函, 提醒函).
-- Buffers (缓冲期): a disposal with a deadline and an outcome, counted, and no exclusion. What is told
-- here tells of classes, and is told as they are (0017).

-- kind: `focus` has the label, `early` is warned. The label holds from `from_date` while the indicator does (`holds`), and up
-- to `until`, or until somebody ended it.
CREATE TABLE drawd.focus (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	entity text COLLATE "C" NOT NULL,
	trigger drawd.token NOT NULL,
	kind text NOT NULL CHECK (kind IN ('focus', 'early')),
	from_date drawd.day NOT NULL,
	until drawd.day NOT NULL,
	holds boolean NOT NULL DEFAULT true, -- as the last run that looked saw it
	-- of the trigger, as the last run that it held had it
	name text NOT NULL,
	basis text NOT NULL,
	indicator text NOT NULL,
	label text NOT NULL,
	fields text[] NOT NULL, -- whoever needs one of them is told; none: those whose lists the entity is in
	-- of the entity, as the last run that looked had it
	called text NOT NULL,
	departments text[] NOT NULL, -- whose lists told it last
	at text NOT NULL, -- what the trigger asks for, at most three decimals
	value text NOT NULL,
	facts jsonb NOT NULL, -- that count: register, import, row, key, kind, field, date, weight
	began int8 NOT NULL REFERENCES drawd.class_run,
	run int8 NOT NULL REFERENCES drawd.class_run, -- the last that it held
	ended_on drawd.day, -- by somebody: from this day on
	ended_by drawd.token REFERENCES drawd.account,
	ended_at int8,
	reason text,
	CHECK (num_nulls(ended_on, ended_by, ended_at, reason) IN (0, 4))
);
-- never two at once
CREATE UNIQUE INDEX focus_holds ON drawd.focus (entity, trigger, kind) WHERE holds;
CREATE INDEX focus_entity ON drawd.focus (entity, trigger, kind);

CREATE TABLE drawd.letter (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	focus int8 NOT NULL UNIQUE REFERENCES drawd.focus, -- one for each
	kind text NOT NULL CHECK (kind IN ('warning', 'reminder')),
	year int NOT NULL,
	number int NOT NULL,
	made_on drawd.day NOT NULL,
	name text NOT NULL, -- of the entity, as it was then
	text text NOT NULL,
	sent_on drawd.day,
	way text CHECK (way IN ('post', 'hand', 'electronic', 'notice')),
	receipt text,
	sent_by drawd.token REFERENCES drawd.account,
	answered_on drawd.day,
	answer text,
	answered_by drawd.token REFERENCES drawd.account,
	UNIQUE (kind, year, number),
	CHECK (num_nulls(sent_on, way, receipt, sent_by) IN (0, 4)),
	CHECK (num_nulls(answered_on, answer, answered_by) IN (0, 3)),
	CHECK (sent_on >= made_on AND answered_on >= sent_on),
	CHECK (sent_on IS NOT NULL OR answered_on IS NULL)
);
CREATE FUNCTION drawd.letter_number(kind text, year int, number int) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN format('%s〔%s〕%s号', CASE kind WHEN 'warning' THEN '预警函' ELSE '提醒函' END, year, number);

-- ---- what a run found ------------------------------------------------------------------------------

-- A template with its words filled in; what is filled in is not looked at again.
CREATE FUNCTION drawd.letter_text(template text, words jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(string_agg(p.m[1] || coalesce(words ->> p.m[2], ''), '' ORDER BY p.n), '')
	  FROM regexp_matches(template, '([^{]*)(?:\{([a-z]+)\})?', 'g') WITH ORDINALITY AS p (m, n)
$$;
-- What entities are called, and the departments whose lists told them last (class_needs, 0017, for many).
CREATE FUNCTION drawd.focus_known(codes text[]) RETURNS TABLE (entity text, called text, departments text[])
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp SET enable_seqscan = off SET jit = off AS $$
BEGIN
	RETURN QUERY EXECUTE 'SELECT e.entity COLLATE "C",
			(array_agg(e.name ORDER BY e.object = e.entity DESC, e.object COLLATE "C"))[1],
			coalesce(array_agg(DISTINCT b.department::text) FILTER (WHERE b.department IS NOT NULL), ''{}'')
		  FROM entity_current e JOIN import_batch b ON b.id = e.batch
		 WHERE e.object = ANY ($1) AND e.entity = ANY ($2) GROUP BY 1, e.entity' USING risk_objects(codes), codes;
END
$$;
CREATE FUNCTION drawd.day_after(the_day text, days int) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN to_char(the_day::date + days, 'YYYY-MM-DD');

-- The run of this transaction.
CREATE FUNCTION drawd.class_this(the_run int8) RETURNS drawd.class_run
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	r class_run;
BEGIN
	SELECT * INTO r FROM class_run WHERE id = the_run AND xact = pg_current_xact_id();
	IF NOT FOUND THEN
		PERFORM refuse('not-allowed', 'classify');
	END IF;
	RETURN r;
END
$$;

-- Those that reached a trigger: hits [{entity, trigger, kind, value, facts}, …], of the triggers of the run's model. What is in
-- force goes on; what somebody ended begins anew only where a fact counts now that did not then (of classes, which have
-- no facts: where the value is greater). So it is with what stands under a code that this one followed: a decision on
-- that one stands, and who is in force under it is not written to again.
CREATE FUNCTION drawd.focus_take(the_run int8, triggers jsonb, hits jsonb) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp SET enable_seqscan = off SET jit = off AS $$
DECLARE
	r class_run := class_this(the_run);
	h record;
	f focus;
	made int8;
	n int;
	again boolean;
	codes text[] := ARRAY(SELECT DISTINCT y ->> 'entity' FROM jsonb_array_elements(hits) y);
	olds text[] := ARRAY(SELECT DISTINCT s.old FROM successions_current s WHERE s.date <= r.day);
	moved boolean;
	last_number int[]; -- of warnings and reminders this year; without gaps, as runs come one after the other (class_begin)
BEGIN
	SELECT ARRAY[coalesce(max(number) FILTER (WHERE kind = 'warning'), 0), coalesce(max(number) FILTER (WHERE kind = 'reminder'), 0)]
	  INTO last_number FROM letter WHERE year = left(r.day, 4)::int;
	FOR h IN SELECT x.entity, x.trigger, x.kind, x.value, x.facts, t.name, t.basis, t.label, t.indicator, t.fields,
			CASE x.kind WHEN 'focus' THEN t.at ELSE t.early END AS at, day_after(r.day, t.days) AS until, t.days,
			CASE x.kind WHEN 'focus' THEN t.letter ELSE t.reminder END AS letter,
			coalesce(k.called, '') AS called, coalesce(k.departments, '{}') AS departments, last.row AS last
	           FROM jsonb_to_recordset(hits) AS x (entity text, trigger text, kind text, value text, facts jsonb)
	           JOIN jsonb_to_recordset(triggers) AS t (code text, name text, basis text, label text, indicator text,
			fields text[], at text, early text, days int, letter text, reminder text) ON t.code = x.trigger
	           LEFT JOIN focus_known(codes) k ON k.entity = x.entity COLLATE "C"
	           LEFT JOIN (SELECT DISTINCT ON (w.code, o.trigger, o.kind) w.code AS entity, o.trigger, o.kind, o AS row
			  FROM (SELECT c COLLATE "C" AS code, c COLLATE "C" AS was FROM unnest(codes) c
				 UNION ALL SELECT s.new, s.old FROM successions_on(r.day, olds) s WHERE s.new = ANY (codes)) w
			  JOIN focus o ON o.entity = w.was
			 ORDER BY w.code, o.trigger, o.kind, o.id DESC) last
			ON last.entity = x.entity COLLATE "C" AND last.trigger = x.trigger AND last.kind = x.kind
	          ORDER BY x.entity COLLATE "C", x.trigger COLLATE "C", x.kind DESC LOOP
		f := h.last;
		moved := coalesce(f.entity <> h.entity, false);
		IF f.ended_on IS NOT NULL AND (f.holds OR moved) THEN
			again := CASE WHEN h.facts = '[]' THEN h.value::numeric > f.value::numeric
				ELSE EXISTS (SELECT FROM jsonb_array_elements(h.facts) y
					WHERE NOT f.facts @> jsonb_build_array(jsonb_build_object('register', y -> 'register', 'key', y -> 'key'))) END;
			UPDATE focus SET holds = NOT again, run = r.id WHERE id = f.id AND NOT moved;
			CONTINUE WHEN NOT again;
		ELSIF NOT moved AND f.ended_on IS NULL AND (f.holds OR f.until >= r.day) THEN
			UPDATE focus SET holds = true, run = r.id, until = greatest(f.until, h.until), value = h.value, at = h.at,
				facts = h.facts, name = h.name, basis = h.basis, indicator = h.indicator, fields = h.fields,
				called = h.called, departments = h.departments, label = CASE h.kind WHEN 'focus' THEN h.label ELSE '' END
			 WHERE id = f.id;
			CONTINUE;
		END IF;
		INSERT INTO focus (entity, trigger, kind, from_date, until, name, basis, indicator, label, fields, called,
			departments, at, value, facts, began, run)
		VALUES (h.entity, h.trigger, h.kind, r.day, h.until, h.name, h.basis, h.indicator,
			CASE h.kind WHEN 'focus' THEN h.label ELSE '' END, h.fields, h.called, h.departments, h.at, h.value,
			h.facts, r.id, r.id)
		RETURNING id INTO made;
		-- who is warned needs no reminder
		IF h.letter <> '' AND NOT (moved AND f.ended_on IS NULL AND (f.holds OR f.until >= r.day)) AND NOT (h.kind = 'early' AND EXISTS (SELECT FROM focus o
				WHERE o.entity = h.entity AND o.trigger = h.trigger AND o.kind = 'focus' AND o.holds)) THEN
			n := CASE h.kind WHEN 'focus' THEN 1 ELSE 2 END;
			last_number[n] := last_number[n] + 1;
			PERFORM letter_make(made, h.letter, h.days, last_number[n]);
		END IF;
	END LOOP;
END
$$;
CREATE FUNCTION drawd.letter_make(the_focus int8, template text, days int, n int) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	f focus;
	the_kind text;
	the_year int;
BEGIN
	SELECT * INTO f FROM focus WHERE id = the_focus;
	the_kind := CASE f.kind WHEN 'focus' THEN 'warning' ELSE 'reminder' END;
	the_year := left(f.from_date, 4)::int;
	INSERT INTO letter (focus, kind, year, number, made_on, name, text)
	VALUES (the_focus, the_kind, the_year, n, f.from_date, f.called, letter_text(template, jsonb_build_object(
		'at', f.at, 'basis', f.basis, 'code', f.entity, 'days', days, 'from', f.from_date, 'indicator', f.indicator,
		'line', E'\n', 'name', f.called, 'number', letter_number(the_kind, the_year, n), 'trigger', f.name,
		'until', f.until, 'value', f.value)));
END
$$;

-- Behind all hits of a run: what it looked at and did not find (entities: `*`, or those) does not hold any more; what holds
-- goes on, and triggers that are gone hold nothing.
CREATE FUNCTION drawd.focus_settle(the_run int8, triggers jsonb, entities text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r class_run := class_this(the_run);
	missed text[] := ARRAY(SELECT DISTINCT f.entity FROM focus f WHERE f.run <> r.id AND (f.holds OR f.until >= r.day)
		AND (entities = '*' OR f.entity = ANY (string_to_array(entities, ','))));
BEGIN
	UPDATE focus f SET holds = false, called = coalesce(k.called, f.called), departments = coalesce(k.departments, '{}')
	  FROM unnest(missed) AS m (entity) LEFT JOIN focus_known(missed) k ON k.entity = m.entity
	 WHERE f.entity = m.entity AND f.run <> r.id AND (f.holds OR f.until >= r.day);
	UPDATE focus f SET until = day_after(r.day, t.days)
	  FROM jsonb_to_recordset(triggers) AS t (code text, days int)
	 WHERE f.holds AND f.ended_on IS NULL AND f.trigger = t.code AND f.until < day_after(r.day, t.days);
END
$$;

-- ---- the frame (frame_focus) --------------------------------------------------------------------------

-- Labels of entities in focus on a day; all of their objects have them.
CREATE FUNCTION drawd.focus_on(the_day text) RETURNS TABLE (entity text, labels text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT entity, string_agg(DISTINCT label::text COLLATE "C", ',' ORDER BY label::text COLLATE "C") FROM focus
	 WHERE kind = 'focus' AND from_date <= the_day AND (holds OR until >= the_day)
	   AND (ended_on IS NULL OR ended_on > the_day)
	 GROUP BY entity
$$;

-- ---- decisions -----------------------------------------------------------------------------------------

-- Somebody ends it, alone and with a reason, from today on.
CREATE FUNCTION drawd.focus_end(the_focus int8, why text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	today text := day_of(asked_at());
	f focus;
BEGIN
	PERFORM scope_needed('classes:write');
	IF NOT has_role('coordinator') THEN
		PERFORM refuse('not-allowed', 'coordinator');
	END IF;
	SELECT * INTO f FROM focus WHERE id = the_focus FOR UPDATE;
	IF NOT FOUND THEN
		RETURN NULL;
	ELSIF f.ended_on IS NOT NULL OR NOT f.holds AND f.until < today THEN
		PERFORM refuse('focus-over', format('%s %s', f.entity, coalesce(f.ended_on, f.until)));
	END IF;
	UPDATE focus SET ended_on = today, ended_by = acting(), ended_at = asked_at(), reason = why WHERE id = the_focus;
	RETURN the_focus;
END
$$;

-- May the asker be told of it? As of classes: of fields of which he has an item, else of what his lists told.
CREATE FUNCTION drawd.focus_told(the_departments text[], the_fields text[]) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT sees_all() OR CASE WHEN the_fields = '{}' THEN the_departments && my_departments()
		ELSE EXISTS (SELECT FROM class_fields() c WHERE c.code = ANY (the_fields)) END
$$;
CREATE FUNCTION drawd.class_field_codes() RETURNS text[]
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT ARRAY(SELECT code FROM class_fields())
$$;
-- The letter, of those that the asker may be told of, locked; an office of the entity's deals with it.
CREATE FUNCTION drawd.letter_mine(the_letter int8) RETURNS drawd.letter
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	l letter;
BEGIN
	PERFORM scope_needed('classes:write');
	SELECT x.* INTO l FROM letter x JOIN focus f ON f.id = x.focus
	 WHERE x.id = the_letter AND focus_told(f.departments, f.fields) FOR UPDATE OF x;
	IF l.id IS NOT NULL AND NOT (has_role('coordinator') OR my_acts() <> '{}') THEN
		PERFORM refuse('not-allowed', 'coordinator, head, clerk');
	END IF;
	RETURN l;
END
$$;
-- A day that may be said today and not before another; '' is today.
CREATE FUNCTION drawd.day_said(said text, earliest text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	today text := day_of(asked_at());
BEGIN
	IF coalesce(said, '') = '' THEN
		RETURN today;
	ELSIF said < earliest OR said > today THEN
		PERFORM refuse('day-range', format('%s … %s … %s', earliest, said, today), 'day');
	END IF;
	RETURN said;
END
$$;
CREATE FUNCTION drawd.letter_send(the_letter int8, the_day text, the_way text, the_receipt text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	l letter := letter_mine(the_letter);
BEGIN
	IF l.id IS NULL THEN
		RETURN NULL;
	ELSIF l.sent_on IS NOT NULL THEN
		PERFORM refuse('letter-sent', format('%s %s', letter_number(l.kind, l.year, l.number), l.sent_on));
	END IF;
	UPDATE letter SET sent_on = day_said(the_day, l.made_on), way = the_way, receipt = the_receipt, sent_by = acting()
	 WHERE id = l.id;
	RETURN l.id;
END
$$;
CREATE FUNCTION drawd.letter_answer(the_letter int8, the_day text, the_answer text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	l letter := letter_mine(the_letter);
BEGIN
	IF l.id IS NULL THEN
		RETURN NULL;
	ELSIF l.sent_on IS NULL OR l.answered_on IS NOT NULL THEN
		PERFORM refuse(CASE WHEN l.sent_on IS NULL THEN 'letter-unsent' ELSE 'letter-answered' END,
			letter_number(l.kind, l.year, l.number));
	END IF;
	UPDATE letter SET answered_on = day_said(the_day, l.sent_on), answer = the_answer, answered_by = acting()
	 WHERE id = l.id;
	RETURN l.id;
END
$$;

-- ---- buffers ---------------------------------------------------------------------------------------------

-- An entity is given time to cure what a department found, up to a day. What became of it is said once; extended is
-- a new one behind it.
CREATE TABLE drawd.buffer (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	entity text COLLATE "C" NOT NULL,
	department drawd.token NOT NULL REFERENCES drawd.department,
	matter text NOT NULL, -- what is to be cured
	basis text NOT NULL,
	from_date drawd.day NOT NULL,
	until drawd.day NOT NULL,
	extends int8 UNIQUE REFERENCES drawd.buffer,
	made_by drawd.token NOT NULL REFERENCES drawd.account,
	made_at int8 NOT NULL,
	outcome text CHECK (outcome IN ('cured', 'not-cured', 'extended')),
	outcome_on drawd.day,
	reason text,
	outcome_by drawd.token REFERENCES drawd.account,
	CHECK (num_nulls(outcome, outcome_on, reason, outcome_by) IN (0, 4)),
	CHECK (until >= from_date AND outcome_on >= from_date)
);
CREATE UNIQUE INDEX buffer_open ON drawd.buffer (entity, department, matter) WHERE outcome IS NULL;

CREATE FUNCTION drawd.buffer_make(the_entity text, the_department text, the_matter text, the_basis text, the_until text)
	RETURNS int8 LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	today text := day_of(asked_at());
	office text := acting_department(the_department);
	made int8;
BEGIN
	PERFORM scope_needed('classes:write');
	IF office IS NULL THEN
		PERFORM refuse('department-needed', '', 'department');
	ELSIF NOT EXISTS (SELECT FROM entity_current e WHERE e.object = ANY (risk_objects(ARRAY[the_entity]))) THEN
		PERFORM refuse('not-found', the_entity, 'entity');
	ELSIF the_until < today THEN
		PERFORM refuse('day-range', format('%s … %s', today, the_until), 'until');
	END IF;
	INSERT INTO buffer (entity, department, matter, basis, from_date, until, made_by, made_at)
	VALUES (the_entity, office, the_matter, the_basis, today, the_until, acting(), asked_at())
	ON CONFLICT (entity, department, matter) WHERE outcome IS NULL DO NOTHING RETURNING id INTO made;
	IF made IS NULL THEN
		PERFORM refuse('buffer-open', concat_ws(' ', the_entity, office, the_matter));
	END IF;
	RETURN made;
END
$$;
-- Gives the buffer, or the one that goes on behind it.
CREATE FUNCTION drawd.buffer_end(the_buffer int8, the_outcome text, why text, the_until text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	today text := day_of(asked_at());
	b buffer;
	made int8;
BEGIN
	PERFORM scope_needed('classes:write');
	SELECT * INTO b FROM buffer x
	 WHERE x.id = the_buffer AND (sees_all() OR x.department = ANY (my_departments())) FOR UPDATE;
	IF NOT FOUND THEN
		RETURN NULL;
	ELSIF NOT acts_for(b.department) THEN
		PERFORM refuse('not-allowed', b.department);
	ELSIF b.outcome IS NOT NULL THEN
		PERFORM refuse('buffer-over', format('%s %s', b.outcome, b.outcome_on));
	ELSIF (the_outcome = 'extended') <> (the_until <> '') OR the_outcome = 'extended' AND the_until <= b.until THEN
		PERFORM refuse('day-range', format('%s … %s', b.until, the_until), 'until');
	END IF;
	UPDATE buffer SET outcome = the_outcome, outcome_on = today, reason = why, outcome_by = acting() WHERE id = b.id;
	IF the_outcome = 'extended' THEN
		INSERT INTO buffer (entity, department, matter, basis, from_date, until, extends, made_by, made_at)
		VALUES (b.entity, b.department, b.matter, b.basis, today, the_until, b.id, acting(), asked_at())
		RETURNING id INTO made;
	END IF;
	RETURN coalesce(made, b.id);
END
$$;

-- ---- repeats -----------------------------------------------------------------------------------------------

-- Days of the model in force within which a second inspection of an entity is told (repeat_list, 0020): random ones, and
-- those for a cause.
CREATE FUNCTION drawd.repeat_days() RETURNS TABLE (days int, exempt int)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT max(value) FILTER (WHERE path = 'repeat.days')::int, max(value) FILTER (WHERE path = 'repeat.exempt')::int
	  FROM risk_rows() WHERE path IN ('repeat.days', 'repeat.exempt')
$$;

-- ---- what is told ------------------------------------------------------------------------------------------

CREATE FUNCTION drawd.focus_state(f drawd.focus, today text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN f.ended_on IS NOT NULL THEN 'ended' WHEN f.holds THEN 'holds'
		WHEN f.until >= today THEN 'runs' ELSE 'over' END;
CREATE VIEW drawd.focus_list WITH (security_invoker = true) AS
SELECT f.id, f.entity, f.called, f.trigger::text, f.kind, drawd.focus_state(f, (SELECT drawd.day_of(drawd.asked_at()))) AS state, f.name, f.label,
       f.from_date::text AS "from", f.until::text, f.value, f.at, f.indicator, f.basis, f.run, f.ended_on::text AS ended,
       f.ended_by::text, f.reason, (SELECT l.id FROM drawd.letter l WHERE l.focus = f.id) AS letter
  FROM drawd.focus f;
CREATE VIEW drawd.letter_list WITH (security_invoker = true) AS
SELECT l.id, l.focus, l.kind, drawd.letter_number(l.kind, l.year, l.number) AS number, f.entity, l.name, f.trigger::text,
       CASE WHEN l.answered_on IS NOT NULL THEN 'answered' WHEN l.sent_on IS NOT NULL THEN 'sent' ELSE 'made' END AS state,
       l.made_on::text AS made, l.sent_on::text AS sent, l.way, l.receipt, l.sent_by::text, l.answered_on::text AS answered,
       l.answer, l.answered_by::text
  FROM drawd.letter l JOIN drawd.focus f ON f.id = l.focus;
CREATE VIEW drawd.buffer_list WITH (security_invoker = true) AS
SELECT b.id, b.entity, b.department::text, b.matter, b.basis, b.from_date::text AS "from", b.until::text,
       coalesce(b.outcome, CASE WHEN b.until < (SELECT drawd.day_of(drawd.asked_at())) THEN 'overdue' ELSE 'runs' END) AS state,
       b.outcome_on::text AS ended, b.reason, b.extends, b.made_by::text AS account, b.made_at AS made
  FROM drawd.buffer b;

-- ---- who may what ---------------------------------------------------------------------------------------------

CREATE TRIGGER audit AFTER UPDATE OF ended_on ON drawd.focus FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('focus', 'id', '', 'entity,trigger,ended_on');
CREATE TRIGGER audit AFTER UPDATE ON drawd.letter FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('letter', 'id', '', 'sent_on,way,receipt,answered_on');
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON drawd.buffer FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('buffer', 'id', '', 'entity,matter,until,extends,outcome,outcome_on');

SELECT drawd.owner_rows(t, 'SELECT INSERT UPDATE') FROM unnest('{focus,letter,buffer}'::text[]) t;
GRANT SELECT ON drawd.focus, drawd.letter, drawd.buffer, drawd.focus_list, drawd.letter_list, drawd.buffer_list TO drawd_web;
CREATE POLICY worker_select ON drawd.focus FOR SELECT TO drawd_worker USING (true);
CREATE POLICY web_select ON drawd.focus FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR fields = '{}' AND departments && (SELECT drawd.my_departments())::text[]
		OR fields <> '{}' AND (SELECT drawd.my_departments() <> '{}') AND fields && (SELECT drawd.class_field_codes())::text[]);
CREATE POLICY web_select ON drawd.letter FOR SELECT TO drawd_web
	USING (EXISTS (SELECT FROM drawd.focus f WHERE f.id = letter.focus OFFSET 0));
CREATE POLICY web_select ON drawd.buffer FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all()) OR department = ANY ((SELECT drawd.my_departments())::text[]));
GRANT SELECT ON drawd.focus TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.focus_on(text), drawd.focus_take(int8, jsonb, jsonb),
	drawd.focus_settle(int8, jsonb, text) TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.day_of(int8), drawd.class_field_codes(), drawd.focus_state(drawd.focus, text),
	drawd.letter_number(text, int, int), drawd.repeat_days(), drawd.focus_end(int8, text),
	drawd.letter_send(int8, text, text, text), drawd.letter_answer(int8, text, text),
	drawd.buffer_make(text, text, text, text, text), drawd.buffer_end(int8, text, text, text) TO drawd_web;
