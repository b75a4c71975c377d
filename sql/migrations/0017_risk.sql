-- Credit risk classes (信用风险分类): what the model in force computes (daemon/step_classify.c), what others gave
-- (register `grades`, the class column of the objects), and which of them counts. A class is an internal reference for
-- oversight (国市监信发〔2022〕6号): it is told to coordinator and auditor, and to a department that needs it.

-- ---- the model in force --------------------------------------------------------------------------

-- Here and below `at` is a time, seconds since 1970; NULL: now.
CREATE FUNCTION drawd.risk_rows(at int8 DEFAULT NULL) RETURNS TABLE (path text, value text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT split_part(l, E'\t', 1), substr(l, strpos(l, E'\t') + 1)
	  FROM document_in_force('model', 'main', at) d, string_to_table(d.rows, E'\n') l WHERE l <> ''
$$;
-- Who gives classes: rank, the lower wins; field '' the general class; days for which a class holds, 0 as said.
CREATE FUNCTION drawd.risk_sources(at int8 DEFAULT NULL) RETURNS TABLE (code text, field text, scale text, rank int, days int)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT split_part(path, '.', 2), max(value) FILTER (WHERE path LIKE '%.field'),
	       max(value) FILTER (WHERE path LIKE '%.scale'), max(value) FILTER (WHERE path LIKE '%.rank')::int,
	       max(value) FILTER (WHERE path LIKE '%.days')::int
	  FROM (SELECT * FROM risk_rows(at) WHERE path ~ '^source\.[^.]+\.(field|scale|rank|days)$') r
	 GROUP BY 1
$$;
CREATE FUNCTION drawd.risk_scales(at int8 DEFAULT NULL) RETURNS TABLE (scale text, raw text, class text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT split_part(path, '.', 2), split_part(v, '=', 1), split_part(v, '=', 2)
	  FROM risk_rows(at), string_to_table(value, ',') v WHERE path ~ '^scale\.[^.]+\.values$'
	 UNION ALL
	SELECT '', c, c FROM unnest('{A,B,C,D}'::text[]) c
$$;
-- Of what a model computes; NULL: there is no model.
CREATE FUNCTION drawd.risk_computed_rank(at int8 DEFAULT NULL) RETURNS int
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT value::int FROM risk_rows(at) WHERE path = 'computed.rank'
$$;
-- Of the class column of the register of objects; NULL: the model does not look at it. Without a model nothing else counts.
CREATE FUNCTION drawd.risk_register_rank(at int8 DEFAULT NULL) RETURNS int
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT CASE WHEN risk_computed_rank(at) IS NULL THEN 0
		ELSE (SELECT rank FROM risk_sources(at) WHERE code = 'register') END
$$;

-- ---- what was computed -----------------------------------------------------------------------------

CREATE TABLE drawd.class_run (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	job int8 NOT NULL REFERENCES drawd.job,
	day drawd.day NOT NULL, -- on which the classes hold
	at int8 NOT NULL, -- by the installation's clock
	scope text NOT NULL CHECK (scope IN ('full', 'changed')),
	model drawd.hash NOT NULL, -- of its rows
	version int NOT NULL,
	entities int8 NOT NULL DEFAULT 0, -- looked at
	said int8 NOT NULL DEFAULT 0, -- rows of class_said
	moved int8 NOT NULL DEFAULT 0, -- of them those with another class
	xact xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE UNIQUE INDEX class_run_xact ON drawd.class_run (xact);
-- Said where it changed, and stands: the last one of an entity and field holds. class '': no model is for it any more.
CREATE TABLE drawd.class_said (
	entity text COLLATE "C" NOT NULL,
	field text COLLATE "C" NOT NULL, -- '': the general class
	run int8 NOT NULL, -- of class_run
	class text NOT NULL CHECK (class IN ('', 'A', 'B', 'C', 'D')),
	points int NOT NULL, -- 信用积分
	day text NOT NULL,
	model text NOT NULL, -- that gave it
	forced boolean NOT NULL, -- by a red line
	PRIMARY KEY (entity, field, run)
);
CREATE INDEX class_said_day ON drawd.class_said USING brin (day);
-- The first day on which time alone may change the classes of an entity.
CREATE TABLE drawd.class_due (
	entity text COLLATE "C" PRIMARY KEY,
	day text NOT NULL
);
CREATE INDEX class_due_day ON drawd.class_due (day);
-- Batches that a run has looked at; undone: it has seen that as well.
CREATE TABLE drawd.class_batch (
	batch int8 PRIMARY KEY REFERENCES drawd.import_batch,
	undone boolean NOT NULL
);
-- How many entities had which class, by a run; the last one of a month is its snapshot.
CREATE TABLE drawd.class_count (
	run int8 NOT NULL REFERENCES drawd.class_run,
	day text NOT NULL,
	field text COLLATE "C" NOT NULL,
	class text NOT NULL,
	entities int8 NOT NULL,
	computed int8 NOT NULL, -- of them by a model
	PRIMARY KEY (run, field, class)
);
CREATE INDEX class_count_day ON drawd.class_count (day, run);

CREATE VIEW drawd.class_computed WITH (security_invoker = true) AS
	SELECT DISTINCT ON (entity, field) entity, field, class, points, day, model, forced, run
	  FROM drawd.class_said ORDER BY entity, field, run DESC;

-- ---- what a model looks at ---------------------------------------------------------------------------

-- The entity of an object as a row of the register of objects says it.
CREATE FUNCTION drawd.entity_named(entity text, object text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(nullif(entity, ''), split_part(object, '/', 1)) COLLATE "C";
-- And as the register says it last; of an object that it does not have by the form of its code.
CREATE FUNCTION drawd.entity_of(the_object text) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE SET search_path = drawd, pg_temp AS $$
	SELECT entity_named((SELECT f.entity FROM entity_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
		WHERE f.object = the_object COLLATE "C" AND f.entity IS NOT NULL ORDER BY f.batch DESC, f.line DESC LIMIT 1), the_object)
$$;

-- Signals of the registers: source, kind, field, day, last day of publication, day of repair, amount in fen, and the fact
-- (batch, line, key) they are. `what`: a condition on the row x of the view of a register.
CREATE FUNCTION drawd.risk_query(the_register text, what text) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT format(CASE the_register
		WHEN 'events' THEN 'SELECT x.entity COLLATE "C", ''events'', x.kind, x.field, x.date, x.ends, x.repaired, x.amount,
			x.batch, x.line, x.id FROM drawd.events_current x %s'
		WHEN 'listings' THEN 'SELECT x.entity COLLATE "C", ''listings'', x.list, '''', x.from_date, x.until, x.removed, '''',
			x.batch, x.line, x.id FROM drawd.listings_current x %s'
		WHEN 'commitments' THEN 'SELECT x.entity COLLATE "C", ''commitments'', x.outcome, x.kind,
			coalesce(nullif(x.checked, ''''), x.date), '''', '''', '''', x.batch, x.line, x.id
			FROM drawd.commitments_current x %s'
		WHEN 'declarations' THEN 'SELECT x.entity COLLATE "C", ''declarations'',
			CASE x.verified WHEN ''t'' THEN ''verified'' ELSE ''unverified'' END, x.field, x.date, '''', '''', '''',
			x.batch, x.line, x.id FROM drawd.declarations_current x %s'
		-- of a permit that ran out the day is known; since when it is revoked is not. One of which nothing is said is valid.
		WHEN 'permits' THEN 'SELECT x.entity COLLATE "C", ''permits'', p.kind, x.name, p.day, p.ends, '''', '''',
			x.batch, x.line, x.id FROM drawd.permits_current x
			CROSS JOIN LATERAL (SELECT ''valid'' AS kind, x.from_date AS day, x.until AS ends WHERE x.state IN ('''', ''valid'')
				UNION ALL SELECT x.state, '''', '''' WHERE x.state NOT IN ('''', ''valid'', ''expired'')
				UNION ALL SELECT ''expired'', CASE WHEN x.until = '''' THEN '''' ELSE (x.until::date + 1)::text END, ''''
				WHERE x.state = ''expired'' OR x.until <> '''' AND x.state IN ('''', ''valid'')) p %s'
		WHEN 'checks' THEN 'SELECT x.entity COLLATE "C", ''checks'', x.result, x.item, x.date, '''', '''', '''',
			x.batch, x.line, x.id FROM drawd.checks_current x %s'
		WHEN 'labels' THEN 'SELECT drawd.entity_of(x.object), ''labels'', x.label, '''', x.from_date, x.until,
			'''', '''', x.batch, x.line, x.id FROM drawd.labels_current x %s'
		WHEN 'entities' THEN 'SELECT x.entity COLLATE "C", ''object'', x.kind, x.industry, x.established, x.since, x.status,
			x.labels, x.batch, x.line, x.object FROM drawd.entity_current x %s' END, what)
$$;
CREATE FUNCTION drawd.risk_registers() RETURNS text[] LANGUAGE sql IMMUTABLE
	RETURN '{events,listings,commitments,declarations,permits,checks,labels}'::text[];

-- Of all entities. Objects are rows as well (source `object`: kind, industry, established, since, status, labels).
DO $$
BEGIN
	EXECUTE 'CREATE VIEW drawd.risk_signal (entity, source, kind, field, day, ends, repaired, amount, batch, line, key)
		WITH (security_invoker = true) AS '
		|| (SELECT string_agg(drawd.risk_query(r, ''), ' UNION ALL ') FROM unnest(drawd.risk_registers()) r);
	EXECUTE 'CREATE VIEW drawd.risk_object (entity, source, kind, field, day, ends, repaired, amount, batch, line, key)
		WITH (security_invoker = true) AS ' || drawd.risk_query('entities', '');
END
$$;

-- Objects that some entities have or had.
CREATE FUNCTION drawd.risk_objects(codes text[]) RETURNS text[]
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(array_agg(DISTINCT o), '{}')
	  FROM (SELECT f.object AS o FROM unnest(codes) c CROSS JOIN LATERAL (SELECT f.object FROM entity_fact f
			WHERE f.object = c COLLATE "C" OR f.object >= (c || '/') COLLATE "C" AND f.object < (c || '0') COLLATE "C") f
		UNION ALL
		SELECT f.object FROM entity_fact f WHERE f.entity = ANY (codes) AND NOT starts_with(f.object, f.entity)) x
$$;

-- Of some entities: only their facts are looked up, by key, in whatever order.
CREATE FUNCTION drawd.risk_signals_of(codes text[])
	RETURNS TABLE (entity text, source text, kind text, field text, day text, ends text, repaired text, amount text,
		batch int8, line int8, key text)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp SET enable_seqscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
	r register;
	objects text[] := risk_objects(codes);
	keys text[];
BEGIN
	IF codes = '{}' THEN
		RETURN;
	END IF;
	FOR r IN SELECT * FROM register WHERE name = ANY (risk_registers()) ORDER BY place LOOP
		EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %I WHERE %I = ANY ($1)', r.key, r.tbl, r.entity)
			INTO keys USING CASE r.name WHEN 'labels' THEN objects || codes ELSE codes END;
		IF keys IS NOT NULL THEN
			RETURN QUERY EXECUTE 'SELECT * FROM (' || risk_query(r.name, 'WHERE x.id = ANY ($1)')
				|| ') s (entity) WHERE s.entity = ANY ($2)' USING keys, codes;
		END IF;
	END LOOP;
	RETURN QUERY EXECUTE 'SELECT * FROM (' || risk_query('entities', 'WHERE x.object = ANY ($1)')
		|| ') s (entity) WHERE s.entity = ANY ($2)' USING objects, codes;
END
$$;

-- What stood under a code counts under the one that followed it by that day: nobody sheds a record by another code.
CREATE FUNCTION drawd.risk_carried(the_day text, codes text[] DEFAULT NULL)
	RETURNS TABLE (entity text, source text, kind text, field text, day text, ends text, repaired text, amount text,
		batch int8, line int8, key text)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	olds text[] := ARRAY(SELECT DISTINCT s.old FROM successions_current s WHERE s.date <= the_day);
	pairs jsonb := CASE WHEN olds <> '{}' THEN (SELECT jsonb_agg(jsonb_build_object('old', s.old, 'new', s.new))
	                  FROM successions_on(the_day, olds) s WHERE codes IS NULL OR s.new = ANY (codes)) END;
BEGIN
	IF pairs IS NOT NULL THEN
		RETURN QUERY
			SELECT p.new COLLATE "C", s.source, s.kind, s.field, s.day, s.ends, s.repaired, s.amount, s.batch, s.line, s.key
			  FROM risk_signals_of(ARRAY(SELECT DISTINCT o ->> 'old' FROM jsonb_array_elements(pairs) o)) s
			  JOIN jsonb_to_recordset(pairs) AS p (old text, new text) ON p.old = s.entity
			 WHERE s.source <> 'object';
	END IF;
END
$$;

-- ---- a run ---------------------------------------------------------------------------------------------

-- Batches that the runs before have not seen as they are.
CREATE FUNCTION drawd.class_unlooked() RETURNS TABLE (batch int8, undone boolean, kind text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT b.id, b.state = 'undone', b.kind
	  FROM import_batch b LEFT JOIN class_batch c ON c.batch = b.id
	 WHERE b.state IN ('confirmed', 'undone') AND (c.batch IS NULL OR c.undone <> (b.state = 'undone'))
	   AND b.kind = ANY (risk_registers() || '{entities,successions}'::text[])
$$;

-- Entities that some batches speak of.
CREATE FUNCTION drawd.class_touched(the_batch int8, the_kind text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	r register;
BEGIN
	SELECT * INTO r FROM register WHERE name = the_kind;
	RETURN QUERY EXECUTE format('SELECT DISTINCT %s FROM %I WHERE batch = $1', CASE r.name
		WHEN 'successions' THEN 'unnest(ARRAY[old, new])'
		WHEN 'labels' THEN 'entity_of(object)'
		WHEN 'entities' THEN 'unnest(ARRAY[entity_named(entity, object), entity_of(object)])'
		ELSE quote_ident(r.entity) END, r.tbl) USING the_batch;
END
$$;

-- What a run has to do, seen in one snapshot with the rows it reads: the model, whether all entities are to be looked at
-- (another model than the last time, or too many changed), which ones otherwise, and the batches it sees.
CREATE FUNCTION drawd.class_look(the_day text, scope text)
	RETURNS TABLE (rows text, model bytea, version int, whole boolean, entities text, batches text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	most constant int := 100000;
	d document;
	last class_run;
	codes text[];
BEGIN
	SELECT * INTO d FROM document_in_force('model', 'main');
	IF d.code IS NULL THEN
		PERFORM refuse('no-model', '');
	END IF;
	SELECT * INTO last FROM class_run ORDER BY id DESC LIMIT 1;
	IF last.day > the_day THEN
		PERFORM refuse('bad-date', format('%s, %s', the_day, last.day), 'day');
	END IF;
	batches := coalesce((SELECT string_agg(u.batch || CASE WHEN u.undone THEN '-' ELSE '+' END, ',' ORDER BY u.batch)
		FROM class_unlooked() u), '');
	whole := coalesce(scope <> 'changed' OR last.model <> d.sha256, true);
	IF NOT whole THEN
		SELECT array_agg(e) INTO codes
		  FROM (SELECT DISTINCT e COLLATE "C" AS e
			  FROM (SELECT class_touched(u.batch, u.kind) AS e FROM class_unlooked() u
				 UNION ALL SELECT w.entity FROM class_due w WHERE w.day <= the_day) x
			 WHERE e <> ''
			 LIMIT most + 1) y;
		-- what one of these was counts for those that followed it
		codes := codes || ARRAY(SELECT s.new FROM successions_on(the_day, codes) s);
		whole := coalesce(cardinality(codes), 0) > most;
	END IF;
	RETURN QUERY SELECT d.rows, d.sha256::bytea, d.version, whole,
		CASE WHEN whole THEN '' ELSE coalesce(array_to_string(codes, ','), '') END, batches;
END
$$;

-- Have the classes of a day still to be computed: no run of it, none with the model in force, or batches that no run saw?
CREATE FUNCTION drawd.classes_behind(the_day text) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT EXISTS (SELECT FROM document_in_force('model', 'main') d
		WHERE NOT EXISTS (SELECT FROM (SELECT * FROM class_run ORDER BY id DESC LIMIT 1) r
			WHERE r.day >= the_day AND r.model = d.sha256)
		   OR EXISTS (SELECT FROM class_unlooked()))
$$;

-- A freeze computes those of its day itself.
CREATE FUNCTION drawd.class_running(the_job int8, the_fence int8) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM job WHERE id = the_job AND fence = the_fence AND state = 'running'
	                  AND kind IN ('classify', 'freeze')) THEN
		PERFORM refuse('not-allowed', 'classify');
	END IF;
END
$$;

-- For the running job: a run, in the transaction that copies its rows.
CREATE FUNCTION drawd.class_begin(the_job int8, the_fence int8, the_day text, the_scope text, the_model bytea, the_version int)
	RETURNS int8 LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	made int8;
BEGIN
	PERFORM class_running(the_job, the_fence);
	PERFORM pg_advisory_xact_lock(7363417258); -- runs come one after the other
	INSERT INTO class_run (job, day, at, scope, model, version)
	VALUES (the_job, the_day, clock_time(), the_scope, the_model, the_version) RETURNING id INTO made;
	RETURN made;
END
$$;
-- Before the days of the run's entities are copied: all, or those named.
CREATE FUNCTION drawd.class_due_clear(entities text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM class_run WHERE xact = pg_current_xact_id()) THEN
		PERFORM refuse('not-allowed', 'classify');
	ELSIF entities = '*' THEN
		TRUNCATE class_due;
	ELSE
		DELETE FROM class_due WHERE entity = ANY (string_to_array(entities, ','));
	END IF;
END
$$;
-- The end of a run: what it looked at, and once a day and behind every full run how many have which class.
CREATE FUNCTION drawd.class_end(the_run int8, looked int8, said int8, moved int8, batches text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp SET work_mem = '64MB' SET jit = off AS $$
DECLARE
	r class_run;
BEGIN
	UPDATE class_run SET entities = looked, said = class_end.said, moved = class_end.moved
	 WHERE id = the_run AND xact = pg_current_xact_id() RETURNING * INTO r;
	IF NOT FOUND THEN
		PERFORM refuse('not-allowed', 'classify');
	END IF;
	INSERT INTO class_batch (batch, undone)
	SELECT rtrim(b, '+-')::int8, right(b, 1) = '-' FROM string_to_table(batches, ',') b WHERE b <> ''
	ON CONFLICT (batch) DO UPDATE SET undone = excluded.undone;
	IF r.scope = 'full' OR NOT EXISTS (SELECT FROM class_count c WHERE c.day = r.day) THEN
		INSERT INTO class_count (run, day, field, class, entities, computed)
		SELECT r.id, r.day, c.field, c.class, count(*), count(*) FILTER (WHERE c.source = 'model')
		  FROM class_entities(r.day) c GROUP BY c.field, c.class;
	END IF;
END
$$;

-- Rows are copied by the run that this transaction made, and by nobody else.
CREATE FUNCTION drawd.class_open() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM class_run WHERE xact = pg_current_xact_id()) THEN
		RAISE insufficient_privilege USING MESSAGE = format('%s: no run', TG_TABLE_NAME);
	END IF;
	RETURN NULL;
END
$$;
CREATE FUNCTION drawd.class_foreign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('%s: another run', TG_TABLE_NAME);
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON drawd.class_said
	FOR EACH STATEMENT WHEN (current_user = 'drawd_loader') EXECUTE FUNCTION drawd.class_open();
CREATE TRIGGER guard_row AFTER INSERT ON drawd.class_said
	FOR EACH ROW WHEN (current_user = 'drawd_loader' AND NEW.run IS DISTINCT FROM currval('drawd.class_run_id_seq'))
	EXECUTE FUNCTION drawd.class_foreign();
CREATE TRIGGER guard BEFORE INSERT ON drawd.class_due
	FOR EACH STATEMENT WHEN (current_user = 'drawd_loader') EXECUTE FUNCTION drawd.class_open();

-- When to run: once a day, behind every batch that begins or ends to count, behind a new model.
CREATE FUNCTION drawd.class_ask(the_scope text) RETURNS int8
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO job (kind, args, dedup)
	SELECT 'classify', jsonb_build_object('scope', the_scope), 'classify:' || the_scope
	 WHERE EXISTS (SELECT FROM document_in_force('model', 'main'))
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
	RETURNING id
$$;
CREATE FUNCTION drawd.classify_due() RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF EXISTS (SELECT FROM import_batch WHERE state = 'confirmed')
		AND (NOT EXISTS (SELECT FROM class_run WHERE day = day_of(clock_time()))
			OR EXISTS (SELECT FROM class_unlooked())) THEN
		PERFORM class_ask('changed');
	END IF;
END
$$;
CREATE FUNCTION drawd.classify_again() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM class_ask('changed');
	RETURN NULL;
END
$$;
CREATE TRIGGER classify AFTER UPDATE OF state ON drawd.import_batch
	FOR EACH ROW WHEN (NEW.state IN ('confirmed', 'undone') AND NEW.state <> OLD.state)
	EXECUTE FUNCTION drawd.classify_again();
CREATE TRIGGER classify AFTER UPDATE OF state ON drawd.document
	FOR EACH ROW WHEN (NEW.kind = 'model' AND NEW.state = 'agreed' AND OLD.state <> 'agreed')
	EXECUTE FUNCTION drawd.classify_again();

-- ---- which class counts ----------------------------------------------------------------------------------

-- Every class that somebody gave an entity and that holds on a day: imported grades by their source, computed ones by
-- `model`. codes NULL: of all; at: as it was known then. The class column of the objects is not here: it is told of
-- objects (class_of_object).
CREATE FUNCTION drawd.class_given(the_day text, codes text[] DEFAULT NULL, at int8 DEFAULT NULL)
	RETURNS TABLE (entity text, field text, class text, rank int, source text, day text, points int)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
	keys text[];
	computed int := risk_computed_rank(at);
BEGIN
	IF computed IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT c.entity, c.field, c.class, computed, 'model', c.day, c.points
	  FROM (SELECT DISTINCT ON (s.entity, s.field) s.* FROM class_said s
	         WHERE (codes IS NULL OR s.entity = ANY (codes)) AND s.day <= the_day
	         ORDER BY s.entity, s.field, s.run DESC) c WHERE c.class <> '';
	IF codes IS NOT NULL THEN
		keys := ARRAY(SELECT DISTINCT f.id FROM grade_fact f WHERE f.entity = ANY (codes));
	END IF;
	RETURN QUERY EXECUTE format('
		SELECT g.entity COLLATE "C", coalesce(nullif(g.field, ''''), s.field), k.class, s.rank, s.code, g.date, NULL::int
		  FROM %s g
		  JOIN drawd.risk_sources($3) s ON s.code = g.source
		  JOIN drawd.risk_scales($3) k ON k.scale = coalesce(nullif(g.scale, ''''), s.scale) AND k.raw = g.value
		 WHERE g.date <= $1 AND (g.until = '''' OR g.until >= $1)
		   AND (s.days = 0 OR g.date <> '''' AND g.date > to_char($1::date - s.days, ''YYYY-MM-DD'')) %s',
		CASE WHEN at IS NULL THEN 'grades_current' ELSE 'grades_as_of(to_timestamp($3))' END,
		CASE WHEN codes IS NOT NULL THEN 'AND g.id = ANY ($2)' ELSE '' END) USING the_day, keys, at;
END
$$;
-- The one that counts: of the source with the lowest rank the newest, of two on one day the worse.
CREATE FUNCTION drawd.class_on(the_day text, codes text[] DEFAULT NULL, at int8 DEFAULT NULL)
	RETURNS TABLE (entity text, field text, class text, rank int, source text, day text, points int)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT DISTINCT ON (entity COLLATE "C", field COLLATE "C") g.entity, g.field, g.class, g.rank, g.source, g.day, g.points
	  FROM class_given(the_day, codes, at) g
	 ORDER BY entity COLLATE "C", field COLLATE "C", rank, day DESC, class DESC
$$;
-- The same of each entity in one row, as a frame has them; class of the general class, classes of the fields.
CREATE FUNCTION drawd.classes_on(the_day text)
	RETURNS TABLE (entity text, class text, rank int, classes text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT entity, coalesce(max(class) FILTER (WHERE field = ''), ''), max(rank) FILTER (WHERE field = ''),
	       coalesce(string_agg(field || '=' || class, ',' ORDER BY (field || '=' || class) COLLATE "C")
			FILTER (WHERE field <> ''), '')
	  FROM class_on(the_day) GROUP BY entity
$$;
-- Does a class of that rank go before the register's? Of two of one rank the register's counts.
CREATE FUNCTION drawd.class_first(rank int, register_rank int) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN register_rank IS NULL OR coalesce(rank < register_rank, false);
-- The general class of an object (or the worst of an entity's objects): its own of the register, or that of its entity.
CREATE FUNCTION drawd.class_of_object(own text, register_rank int, given text, rank int) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN coalesce(given, '') <> '' AND (coalesce(own, '') = '' OR drawd.class_first(rank, register_rank))
		THEN given WHEN register_rank IS NOT NULL THEN coalesce(own, '') ELSE '' END;
-- The worst class that the register has of objects of entities; codes and at as of class_given.
CREATE FUNCTION drawd.class_register(codes text[], at int8) RETURNS TABLE (entity text, class text)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp SET jit = off AS $$
DECLARE
	objects text[] := CASE WHEN codes IS NOT NULL THEN risk_objects(codes) END;
BEGIN
	IF at IS NULL THEN
		RETURN QUERY EXECUTE 'SELECT e.entity COLLATE "C", max(e.class) FROM entity_current e
			WHERE e.class <> '''' AND e.entity <> '''' '
			|| CASE WHEN codes IS NULL THEN '' ELSE 'AND e.object = ANY ($1) AND e.entity = ANY ($2) ' END
			|| 'GROUP BY e.entity COLLATE "C"' USING objects, codes;
		RETURN;
	END IF;
	RETURN QUERY SELECT e.entity COLLATE "C", max(e.class)
	  FROM (SELECT DISTINCT ON (f.object) entity_named(f.entity, f.object) AS entity,
		       CASE WHEN f.gone THEN '' ELSE f.class END AS class
		  FROM entity_fact f
		 WHERE (f.class IS NOT NULL OR f.gone) AND (objects IS NULL OR f.object = ANY (objects))
		   AND f.batch IN (SELECT b.id FROM batch_counted b WHERE b.kind = 'entities'
			AND b.confirmed_at < to_timestamp(at) AND (b.undone_at IS NULL OR b.undone_at >= to_timestamp(at)))
		 ORDER BY f.object, f.batch DESC, f.line DESC) e
	 WHERE e.class <> '' AND (codes IS NULL OR e.entity = ANY (codes)) GROUP BY 1;
END
$$;
-- The classes of entities that count, whoever gave them: what everybody is told of an entity. at: as it was known then.
CREATE FUNCTION drawd.class_entities(the_day text, codes text[] DEFAULT NULL, at int8 DEFAULT NULL)
	RETURNS TABLE (entity text, field text, class text, rank int, source text, day text, points int)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
	own int := risk_register_rank(at);
BEGIN
	RETURN QUERY
		WITH given AS MATERIALIZED (
			SELECT * FROM class_on(the_day, codes, at)
		), register AS MATERIALIZED (
			SELECT r.entity, r.class FROM class_register(codes, at) r WHERE own IS NOT NULL
		), general AS (
			SELECT coalesce(r.entity, g.entity) AS entity, class_of_object(r.class, own, g.class, g.rank) AS class,
			       r.entity IS NOT NULL AND (g.entity IS NULL OR NOT class_first(g.rank, own)) AS ours,
			       g.rank, g.source, g.day, g.points
			  FROM register r FULL JOIN (SELECT * FROM given WHERE field = '') g ON g.entity = r.entity
		)
		SELECT g.entity, g.field, g.class, g.rank, g.source, g.day, g.points FROM given g WHERE g.field <> ''
		 UNION ALL
		SELECT n.entity, '', n.class, CASE WHEN n.ours THEN own ELSE n.rank END,
		       CASE WHEN n.ours THEN 'register' ELSE n.source END, CASE WHEN n.ours THEN '' ELSE n.day END,
		       CASE WHEN NOT n.ours THEN n.points END FROM general n;
END
$$;

-- ---- a batch that would move many (import_confirm, 0014) ---------------------------------------------------

-- Entities whose class that counts, general or of a field, is another one or none with the batch than without it, of those
-- that have one. The batch counts for a moment, or one that counts does not, which is taken back.
CREATE FUNCTION drawd.class_moved(b drawd.import_batch, OUT moved int8, OUT classed int8)
	LANGUAGE plpgsql SET search_path = drawd, pg_temp SET jit = off AS $$
DECLARE
	today text := day_of(clock_time());
	bit int8 := (SELECT 1::int8 << array_position(columns, 'class') FROM register WHERE name = 'entities');
	before text[];
BEGIN
	moved := 0;
	classed := 0;
	IF b.kind = 'entities' AND (risk_register_rank() IS NULL OR b.gone = 0 AND coalesce(b.said_any, -1) & bit = 0)
		OR b.kind = 'grades' AND risk_computed_rank() IS NULL OR b.kind NOT IN ('entities', 'grades') THEN
		RETURN;
	END IF;
	SELECT coalesce(array_agg(c.entity || ' ' || c.field || '=' || c.class), '{}'), count(DISTINCT c.entity)
	  INTO before, classed FROM class_entities(today) c;
	IF classed = 0 THEN
		RETURN;
	END IF;
	BEGIN
		UPDATE import_batch SET state = CASE b.state WHEN 'confirmed' THEN 'undone' ELSE 'confirmed' END,
			confirmed_at = coalesce(b.confirmed_at, clock_timestamp()),
			undone_at = CASE b.state WHEN 'confirmed' THEN clock_timestamp() END WHERE id = b.id;
		SELECT count(DISTINCT split_part(x, ' ', 1)) INTO moved
		  FROM (SELECT unnest(before) AS x
			EXCEPT SELECT c.entity || ' ' || c.field || '=' || c.class FROM class_entities(today) c) y
		 WHERE split_part(x, ' ', 1) IN (SELECT v.entity FROM entity_current v); -- who is gone has not moved
		RAISE EXCEPTION USING ERRCODE = 'DR001';
	EXCEPTION WHEN SQLSTATE 'DR001' THEN
		NULL;
	END;
END
$$;
-- Would it move more than `most` parts per million? How many of how many, NULL where not.
CREATE FUNCTION drawd.class_over(b drawd.import_batch, most int8) RETURNS text
	LANGUAGE sql VOLATILE SET search_path = drawd, pg_temp AS $$
	SELECT format('import %s: %s / %s', b.id, m.moved, m.classed)
	  FROM (SELECT b AS b WHERE most < 1000000) o CROSS JOIN LATERAL class_moved(o.b) m
	 WHERE m.moved > 10 AND m.moved::numeric * 1000000 > most::numeric * m.classed -- a handful is a correction, in a small register too
$$;
-- Refuses that to one person.
CREATE FUNCTION drawd.class_hold(b drawd.import_batch, most int8) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	over text := class_over(b, most);
BEGIN
	IF over IS NOT NULL THEN
		PERFORM refuse('class-moves', over);
	END IF;
END
$$;
CREATE FUNCTION drawd.class_may(the_batch int8, most int8) RETURNS boolean
	LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT class_over(b, most) IS NULL FROM import_batch b WHERE b.id = the_batch
$$;
ALTER TABLE drawd.motion_kind NO FORCE ROW LEVEL SECURITY;
INSERT INTO drawd.motion_kind (kind, first, second, whole, seconds, after, zh, en) VALUES
	('classes', '{head,clerk}', '{head}', '{coordinator}', 604800, 'done', '分类结果入库', 'grades');
ALTER TABLE drawd.motion_kind FORCE ROW LEVEL SECURITY;
-- {"import": id}: of the department whose batch it is; one that counts already is undone.
CREATE FUNCTION drawd.move_classes(m drawd.motion) RETURNS drawd.motion
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch;
BEGIN
	SELECT * INTO b FROM import_batch
	 WHERE id = (m.body ->> 'import')::int8 AND kind IN ('entities', 'grades')
	   AND (sees_all() OR department = ANY (my_departments()));
	IF NOT FOUND THEN
		PERFORM refuse('not-found', m.body ->> 'import', 'import');
	END IF;
	m.department := b.department;
	m.subject := b.id::text;
	RETURN m;
END
$$;
CREATE FUNCTION drawd.carry_classes(m drawd.motion) RETURNS jsonb
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	RETURN jsonb_build_object('import', CASE WHEN EXISTS (SELECT FROM import_batch
			WHERE id = m.subject::int8 AND state = 'confirmed')
		THEN import_undo(m.subject::int8, m.reason, 1000000) ELSE import_confirm(m.subject::int8, 1000000) END);
END
$$;

-- ---- who is told --------------------------------------------------------------------------------------------

-- Fields whose classes the asker needs: all for coordinator and auditor; for others those of which a department of his
-- has an item (一单). The general class is told of entities in lists of his departments (class_needs).
CREATE FUNCTION drawd.class_fields() RETURNS TABLE (code text, name text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT split_part(r.path, '.', 2), r.value
	  FROM risk_rows() r
	 WHERE r.path ~ '^field\.[^.]+\.name$'
	   AND (sees_all() OR EXISTS (SELECT FROM items_current i
		WHERE i.department = ANY (my_departments()) AND i.field IN (split_part(r.path, '.', 2), r.value)))
$$;
CREATE FUNCTION drawd.class_needs(the_entity text) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT sees_all() OR EXISTS (
		SELECT FROM entity_current e JOIN import_batch b ON b.id = e.batch
		 WHERE e.object = ANY (risk_objects(ARRAY[the_entity])) AND b.department = ANY (my_departments()))
$$;

-- What is told of one entity, recomputed as of a day ('' today) by what is known now: rows `model` (kind: its rows), `day`, `field` (kind: code, '' the general
-- class) of those that the asker needs, `current` (the class that counts: kind class, amount points, key source, batch rank),
-- then objects and signals as a run reads them. None where he needs nothing, or there is no such entity.
CREATE FUNCTION drawd.class_why(the_entity text, the_day text DEFAULT '')
	RETURNS TABLE (entity text, source text, kind text, field text, day text, ends text, repaired text, amount text,
		batch int8, line int8, key text)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	today text := coalesce(nullif(the_day, ''), day_of(clock_time()));
	fields text[] := ARRAY(SELECT '' WHERE class_needs(the_entity) UNION ALL SELECT code FROM class_fields());
	d document;
BEGIN
	PERFORM scope_needed('classes:read');
	SELECT * INTO d FROM document_in_force('model', 'main');
	IF d.code IS NULL THEN
		PERFORM refuse('no-model', '');
	ELSIF fields = '{}' OR NOT EXISTS (SELECT FROM entity_fact f
			WHERE f.object = ANY (risk_objects(ARRAY[the_entity]))) THEN
		RETURN;
	END IF;
	PERFORM note_read('class', the_entity);
	RETURN QUERY
		SELECT '', 'model', d.rows, '', '', '', '', '', d.version::int8, 0::int8, encode(d.sha256, 'hex')
		UNION ALL SELECT '', 'day', today, '', '', '', '', '', 0::int8, 0::int8, ''
		UNION ALL SELECT '', 'field', f, '', '', '', '', '', 0::int8, 0::int8, '' FROM unnest(fields) f;
	RETURN QUERY SELECT '', 'current', c.class, c.field, c.day, '', '', coalesce(c.points::text, ''), c.rank::int8, 0::int8,
		c.source FROM class_entities(today, ARRAY[the_entity]) c WHERE c.field = ANY (fields);
	RETURN QUERY SELECT * FROM (SELECT * FROM risk_signals_of(ARRAY[the_entity])
		UNION ALL SELECT * FROM risk_carried(today, ARRAY[the_entity])) s
		 ORDER BY s.source COLLATE "C", s.day DESC, s.key COLLATE "C";
END
$$;

-- All classes that one entity had, in those fields: what models said, run by run, and what departments gave. '' where the
-- asker needs nothing, or there is no such entity.
CREATE FUNCTION drawd.class_history(the_entity text) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp SET jit = off AS $$
DECLARE
	fields text[] := ARRAY(SELECT '' WHERE class_needs(the_entity) UNION ALL SELECT code FROM class_fields());
	keys text[] := ARRAY(SELECT DISTINCT f.id FROM grade_fact f WHERE f.entity = the_entity);
BEGIN
	PERFORM scope_needed('classes:read');
	IF NOT EXISTS (SELECT FROM document_in_force('model', 'main')) THEN
		PERFORM refuse('no-model', '');
	ELSIF fields = '{}' OR NOT EXISTS (SELECT FROM entity_fact f
			WHERE f.object = ANY (risk_objects(ARRAY[the_entity]))) THEN
		RETURN '';
	END IF;
	PERFORM note_read('class', the_entity);
	RETURN jsonb_build_object('entity', the_entity, 'history', (
		SELECT coalesce(jsonb_agg(jsonb_build_object('field', h.field, 'class', h.class, 'source', h.source, 'points', h.points,
			'day', h.day, 'until', h.until) ORDER BY h.day COLLATE "C" DESC, h.n DESC, h.field COLLATE "C", h.source COLLATE "C"), '[]')
		  FROM (SELECT s.field, s.class, 'model' AS source, s.points, s.day, '' AS until, s.run AS n
			  FROM class_said s WHERE s.entity = the_entity COLLATE "C"
			 UNION ALL
			SELECT coalesce(nullif(g.field, ''), s.field), k.class, s.code, NULL, g.date, g.until, 0
			  FROM grades_current g
			  JOIN risk_sources() s ON s.code = g.source
			  JOIN risk_scales() k ON k.scale = coalesce(nullif(g.scale, ''), s.scale) AND k.raw = g.value
			 WHERE g.id = ANY (keys)) h
		 WHERE h.field = ANY (fields)))::text;
END
$$;

-- Names of fields the asker may be told figures of; '' only for coordinator and auditor.
CREATE FUNCTION drawd.class_figured() RETURNS TABLE (code text, name text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT '', '' WHERE sees_all() UNION ALL SELECT f.code, f.name FROM class_fields() f
$$;
CREATE FUNCTION drawd.class_figures(the_run int8) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('field', f.code, 'name', f.name,
		'a', n.a, 'b', n.b, 'c', n.c, 'd', n.d, 'classed', n.a + n.b + n.c + n.d, 'computed', n.computed)
		ORDER BY f.code COLLATE "C"), '[]')
	  FROM class_figured() f
	 CROSS JOIN LATERAL (SELECT coalesce(sum(entities) FILTER (WHERE class = 'A'), 0)::int8 AS a,
		coalesce(sum(entities) FILTER (WHERE class = 'B'), 0)::int8 AS b,
		coalesce(sum(entities) FILTER (WHERE class = 'C'), 0)::int8 AS c,
		coalesce(sum(entities) FILTER (WHERE class = 'D'), 0)::int8 AS d,
		coalesce(sum(computed), 0)::int8 AS computed
	          FROM class_count WHERE run = the_run AND field = f.code) n
$$;
-- The last run, and how many have which class; who needs none is told of no field, and of no run.
CREATE FUNCTION drawd.class_summary() RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object(
		'run', (SELECT jsonb_build_object('id', r.id, 'day', r.day, 'at', r.at, 'scope', r.scope, 'version', r.version,
			'entities', r.entities, 'said', r.said, 'moved', r.moved) FROM class_run r
			 WHERE EXISTS (SELECT FROM class_figured()) ORDER BY r.id DESC LIMIT 1),
		'day', coalesce((SELECT day FROM class_count WHERE EXISTS (SELECT FROM class_figured()) ORDER BY run DESC LIMIT 1), ''),
		'fields', class_figures((SELECT run FROM class_count ORDER BY run DESC LIMIT 1)))::text
	 WHERE allows('classes:read')
$$;
CREATE FUNCTION drawd.class_months() RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('months', coalesce((SELECT jsonb_agg(jsonb_build_object('month', m.month,
			'day', m.day, 'fields', class_figures(m.run)) ORDER BY m.month DESC)
		  FROM (SELECT DISTINCT ON (left(day, 7)) left(day, 7) AS month, day, run FROM class_count
			 WHERE EXISTS (SELECT FROM class_figured()) ORDER BY left(day, 7), run DESC) m), '[]'))::text
	 WHERE allows('classes:read')
$$;
-- Classes of entities as they were known when a day was over: by the model that was in force then and the lists that
-- counted then. codes NULL: of all.
CREATE FUNCTION drawd.class_known(the_day text, codes text[]) RETURNS TABLE (entity text, field text, class text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT e.entity, e.field, e.class FROM class_entities(the_day, codes, day_over(the_day)) e
$$;
-- Entities whose class may be another one behind the second day than behind the first; NULL: any.
CREATE FUNCTION drawd.class_stirred(from_day text, to_day text) RETURNS text[]
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	most constant int := 100000;
	first int8 := day_over(from_day);
	last int8 := day_over(to_day);
	before document := document_in_force('model', 'main', first);
	after document := document_in_force('model', 'main', last);
	codes text[];
BEGIN
	IF before.sha256 IS DISTINCT FROM after.sha256 THEN
		RETURN NULL;
	END IF;
	SELECT array_agg(x.e) INTO codes
	  FROM (SELECT DISTINCT y.e COLLATE "C" AS e
		  FROM (SELECT s.entity AS e FROM class_said s WHERE s.day > from_day AND s.day <= to_day
			 UNION ALL
			SELECT class_touched(b.id, b.kind) FROM import_batch b
			 WHERE b.kind IN ('entities', 'grades')
			   AND (b.confirmed_at >= to_timestamp(first) AND b.confirmed_at < to_timestamp(last)
				OR b.undone_at >= to_timestamp(first) AND b.undone_at < to_timestamp(last))
			 UNION ALL -- what begins or ends to hold with the days
			SELECT g.entity FROM grade_fact g LEFT JOIN risk_sources(last) s ON s.code = g.source
			 WHERE g.date > from_day AND g.date <= to_day OR g.until >= from_day AND g.until < to_day AND g.until <> ''
			    OR s.days > 0 AND g.date <> '' AND g.date > to_char(nullif(from_day, '')::date - s.days, 'YYYY-MM-DD')
				AND g.date <= to_char(to_day::date - s.days, 'YYYY-MM-DD')) y
		 WHERE y.e <> ''
		 LIMIT most + 1) x;
	RETURN CASE WHEN coalesce(cardinality(codes), 0) <= most THEN coalesce(codes, '{}') END;
END
$$;
-- Entities whose class that counts, whoever gave it, is another one behind the second day than behind the first.
CREATE FUNCTION drawd.class_moves(from_day text, to_day text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp SET jit = off AS $$
DECLARE
	last text := coalesce(nullif(to_day, ''), day_of(clock_time()));
	codes text[];
	moves jsonb := '[]';
BEGIN
	IF NOT allows('classes:read') THEN
		RETURN '';
	END IF;
	IF EXISTS (SELECT FROM class_figured()) AND from_day < last THEN
		codes := class_stirred(from_day, last);
		SELECT coalesce(jsonb_agg(jsonb_build_object('field', m.field, 'before', m.before, 'after', m.after, 'entities', m.n)
			ORDER BY m.field COLLATE "C", m.before, m.after), '[]') INTO moves
		  FROM (SELECT field, coalesce(b.class, '') AS before, coalesce(a.class, '') AS after, count(*) AS n
			  FROM class_known(from_day, codes) b FULL JOIN class_known(last, codes) a USING (entity, field)
			 WHERE field IN (SELECT code FROM class_figured()) AND coalesce(b.class, '') <> coalesce(a.class, '')
			 GROUP BY 1, 2, 3) m;
	END IF;
	RETURN jsonb_build_object('from', from_day, 'to', to_day, 'moves', moves)::text;
END
$$;
-- A run, asked for by the coordinator. Gives the job.
CREATE FUNCTION drawd.class_run_ask(the_scope text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	made int8;
BEGIN
	PERFORM scope_needed('classes:write');
	IF NOT has_role('coordinator') THEN
		PERFORM refuse('not-allowed', 'coordinator');
	ELSIF NOT EXISTS (SELECT FROM document_in_force('model', 'main')) THEN
		PERFORM refuse('no-model', '');
	END IF;
	made := coalesce(class_ask(the_scope), (SELECT id FROM job
		WHERE dedup = 'classify:' || the_scope AND state IN ('queued', 'running')));
	IF made IS NULL THEN
		PERFORM refuse('busy', 'classify');
	END IF;
	RETURN made;
END
$$;

-- ---- who may what ----------------------------------------------------------------------------------------------

CREATE TRIGGER audit AFTER INSERT ON drawd.class_run FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('class', 'id', 'xact', 'day,scope,version');

SELECT drawd.owner_rows(name, verbs)
  FROM (VALUES
	('class_run', 'SELECT INSERT UPDATE'), ('class_said', 'SELECT'), ('class_due', 'SELECT DELETE'),
	('class_batch', 'SELECT INSERT UPDATE'), ('class_count', 'SELECT INSERT')) AS v (name, verbs);
CREATE POLICY worker_select ON drawd.class_said FOR SELECT TO drawd_worker USING (true);
GRANT SELECT ON drawd.class_said, drawd.class_computed, drawd.risk_signal, drawd.risk_object TO drawd_worker;
GRANT INSERT ON drawd.class_said, drawd.class_due TO drawd_loader;
GRANT SELECT ON SEQUENCE drawd.class_run_id_seq TO drawd_loader;
GRANT EXECUTE ON FUNCTION drawd.risk_rows(int8), drawd.risk_sources(int8), drawd.risk_scales(int8),
	drawd.risk_computed_rank(int8), drawd.risk_register_rank(int8), drawd.risk_query(text, text), drawd.risk_registers(), drawd.risk_objects(text[]),
	drawd.risk_signals_of(text[]), drawd.risk_carried(text, text[]), drawd.class_given(text, text[], int8),
	drawd.class_on(text, text[], int8), drawd.classes_on(text), drawd.class_first(int, int), drawd.class_register(text[], int8),
	drawd.class_entities(text, text[], int8), drawd.entity_named(text, text), drawd.entity_of(text), drawd.class_of_object(text, int, text, int),
	drawd.class_look(text, text), drawd.class_begin(int8, int8, text, text, bytea, int), drawd.class_due_clear(text),
	drawd.class_end(int8, int8, int8, int8, text), drawd.classes_behind(text), drawd.classify_due(), drawd.class_may(int8, int8)
	TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.class_why(text, text), drawd.class_history(text), drawd.class_summary(), drawd.class_months(),
	drawd.class_moves(text, text), drawd.class_run_ask(text)
	TO drawd_web;
