-- Quality of the registers as standing figures, each a numerator and a denominator; what changed in what
-- decides who is drawn; and all that is known of one entity. What needs a check digit or a frozen frame
-- the worker counts (daemon/register/quality*.c), the rest is counted here.

-- ---- looking at batches ------------------------------------------------------------------------

-- Batches that count or did, once the worker has looked at them; undone: once it has seen that as well.
CREATE TABLE drawd.quality_batch (
	batch int8 PRIMARY KEY REFERENCES drawd.import_batch,
	looked_at timestamptz NOT NULL DEFAULT now(),
	undone boolean NOT NULL DEFAULT false
);
-- Codes in them that fail a check digit, and in how many rows. An exception (历史赋码例外) that is recorded
-- later counts all the same, so it is looked up when the figures are made.
CREATE TABLE drawd.quality_code (
	batch int8 NOT NULL REFERENCES drawd.quality_batch,
	code text COLLATE "C" NOT NULL,
	rows int8 NOT NULL,
	PRIMARY KEY (batch, code)
);
-- What a batch changed of objects and inspectors that were there before: class, labels, status, availability, what
-- else keeps an object out, and whether they are listed; and what its undoing changed of what counted by then.
-- Appended only.
CREATE TABLE drawd.quality_edit (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	batch int8 NOT NULL REFERENCES drawd.quality_batch,
	line int8 NOT NULL,
	register text NOT NULL,
	key text COLLATE "C" NOT NULL,
	fact text NOT NULL,
	before text NOT NULL,
	after text NOT NULL,
	act text NOT NULL DEFAULT 'confirmed' CHECK (act IN ('confirmed', 'undone')),
	at int8 NOT NULL -- by the installation's clock
);
CREATE INDEX quality_edit_at ON drawd.quality_edit (at, id);
CREATE INDEX quality_edit_key ON drawd.quality_edit (key);
CREATE INDEX quality_edit_batch ON drawd.quality_edit (batch);

-- What is looked up by entity. Premises are found by their key, which begins with it: those rows cost a
-- COPY nothing here.
CREATE INDEX entity_fact_entity ON drawd.entity_fact (entity) WHERE NOT starts_with(object, entity);
DO $$
DECLARE
	r drawd.register;
BEGIN
	FOR r IN SELECT * FROM drawd.register
	          WHERE entity IS NOT NULL AND entity <> key AND name NOT IN ('entities', 'recusals') LOOP
		EXECUTE format('CREATE INDEX %I ON drawd.%I (%I)', r.tbl || '_entity', r.tbl, r.entity);
	END LOOP;
END
$$;
CREATE INDEX succession_fact_new ON drawd.succession_fact (new);
CREATE INDEX check_fact_object ON drawd.check_fact (object COLLATE "C") WHERE object <> '' AND object <> entity;

-- <register>_keys(code): the keys of which some fact was ever about that entity. What a view holds now is looked up
-- by key only: whoever asks for an entity's rows asks for these keys too. Nothing is set, so that it is
-- planned with the query around it.
DO $$
DECLARE
	r drawd.register;
	found text;
BEGIN
	FOR r IN SELECT * FROM drawd.register WHERE entity IS NOT NULL AND entity <> key AND name <> 'recusals' LOOP
		found := CASE r.name WHEN 'entities' THEN
			'SELECT object FROM drawd.entity_fact
			  WHERE entity = $1 AND (object = $1 OR object >= $1 || ''/'' AND object < $1 || ''0'')
			 UNION ALL
			 SELECT object FROM drawd.entity_fact WHERE entity = $1 AND NOT starts_with(object, entity)'
			ELSE format('SELECT %I FROM drawd.%I WHERE %I = $1', r.key, r.tbl, r.entity) END;
		EXECUTE format('CREATE FUNCTION drawd.%I(code text) RETURNS SETOF text LANGUAGE sql STABLE AS %L',
			r.name || '_keys', found);
		EXECUTE format('GRANT EXECUTE ON FUNCTION drawd.%I(text) TO drawd_web', r.name || '_keys');
	END LOOP;
END
$$;

-- <register>_of(batch) and <register>_named(part): in the same way the keys of which that file says something, and those
-- that ever had a name with these characters in it. A name is looked up by the characters it has: parts of two are what
-- is asked for, and no word ends where another begins. Under row-level security no index is asked for
-- what a name holds; the function asks it for all, and the view tells of its keys what the asker may see.
DO $$
DECLARE
	r drawd.register;
BEGIN
	FOR r IN SELECT * FROM drawd.register WHERE name <> 'recusals' LOOP
		EXECUTE format('CREATE FUNCTION drawd.%I(batch int8) RETURNS SETOF text LANGUAGE sql STABLE AS '
			'$x$SELECT f.%I FROM drawd.%I f WHERE f.batch = $1$x$', r.name || '_of', r.key, r.tbl);
		EXECUTE format('GRANT EXECUTE ON FUNCTION drawd.%I(int8) TO drawd_web', r.name || '_of');
		CONTINUE WHEN 'name' <> ALL (r.columns);
		EXECUTE format('CREATE INDEX %I ON drawd.%I USING gin (string_to_array(lower(name), NULL))',
			r.tbl || '_named', r.tbl);
		EXECUTE format('CREATE FUNCTION drawd.%I(part text) RETURNS SETOF text LANGUAGE sql STABLE '
			'SECURITY DEFINER SET search_path = drawd, pg_temp AS '
			'$x$SELECT %I FROM %I WHERE string_to_array(lower(name), NULL) @> string_to_array(lower($1), NULL) '
			'AND strpos(lower(name), lower($1)) > 0$x$', r.name || '_named', r.key, r.tbl);
		EXECUTE format('GRANT EXECUTE ON FUNCTION drawd.%I(text) TO drawd_web', r.name || '_named');
	END LOOP;
END
$$;

-- A stamp by the installation's clock; where a test has fixed that, never behind where it stands.
CREATE FUNCTION drawd.clock_of(at timestamptz) RETURNS int8
	LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT CASE WHEN fixed IS NULL THEN seconds(at)
		ELSE least(fixed + ahead, fixed + seconds(at) - seconds(now())) END
	  FROM clock
$$;

CREATE FUNCTION drawd.quality_unlooked() RETURNS TABLE (batch int8)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT b.id
	  FROM import_batch b LEFT JOIN quality_batch q ON q.batch = b.id
	 WHERE b.state IN ('confirmed', 'undone') AND (q.batch IS NULL OR q.undone <> (b.state = 'undone'))
	 ORDER BY b.id
$$;

-- Codes of entities in a batch, each with its number of rows.
CREATE FUNCTION drawd.quality_codes(the_batch int8) RETURNS TABLE (code text, rows int8)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r register;
BEGIN
	SELECT g.* INTO r FROM import_batch b JOIN register g ON g.name = b.kind WHERE b.id = the_batch;
	IF r.entity IS NULL OR r.name IN ('recusals', 'exceptions') THEN
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format('SELECT split_part(%1$I, ''/'', 1), count(*) FROM %2$I'
		' WHERE batch = $1 AND line > 0 AND %1$I <> '''' GROUP BY 1', r.entity, r.tbl) USING the_batch;
END
$$;

-- What a batch changes, or its undoing does, of keys that others tell: what stands with it against what stands
-- without it, at that time. What is marked, or was inspected, is told from the first list on: the objects were there.
CREATE FUNCTION drawd.quality_edits_make(the_batch int8, the_act text) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp SET jit = off AS $$
DECLARE
	b import_batch;
	r register;
	moment timestamptz;
	others int8[]; -- that count beside it
	facts text[];
	labels text; -- of an object as a freeze reads them: said, and those that rules find
	relabelled text := 'NOT (f.matched = p.matched AND NOT p.gone AND coalesce(f.labels = p.labels, f.labels IS NULL)
		AND (f.scope IS NULL OR p.scope IS NOT NULL) AND (f.industry IS NULL OR p.industry IS NOT NULL))';
BEGIN
	SELECT * INTO b FROM import_batch WHERE id = the_batch;
	SELECT * INTO r FROM register WHERE name = b.kind;
	moment := CASE the_act WHEN 'undone' THEN b.undone_at ELSE b.confirmed_at END;
	facts := CASE r.name WHEN 'entities' THEN '{class,status,active,checked,since,region,kind}'::text[]
		WHEN 'inspectors' THEN '{active,leave,regions,items}'::text[]
		WHEN 'labels' THEN '{label,from_date,until}'::text[]
		WHEN 'checks' THEN '{date,item,cause}'::text[] END;
	SELECT coalesce(array_agg(o.id), '{}') INTO others
	  FROM import_batch o
	 WHERE o.kind = b.kind AND o.id <> b.id AND o.confirmed_at <= moment
	   AND (o.undone_at IS NULL OR o.undone_at > moment);
	IF facts IS NULL OR others = '{}' AND r.name NOT IN ('labels', 'checks') THEN
		RETURN;
	END IF;
	labels := 'SELECT join_lists(last_said(z.labels), last_said(z.matched),
			last_said(z.matched) FILTER (WHERE z.scope IS NOT NULL),
			last_said(z.matched) FILTER (WHERE z.industry IS NOT NULL))
		  FROM (SELECT y.* FROM (SELECT o.*, bool_or(o.gone) OVER (ORDER BY o.batch DESC, o.line DESC) AS past
				FROM entity_fact o WHERE o.object = f.object AND o.batch = ANY (%s)) y
			 WHERE NOT y.past ORDER BY y.batch DESC, y.line DESC) z';
	-- p: the last fact beside it; what it leaves unsaid is looked up only where the batch says it
	EXECUTE format('INSERT INTO quality_edit (batch, line, register, key, fact, before, after, act, at)
		SELECT f.batch, f.line, %1$L, f.%2$I, e.fact, CASE $5 WHEN ''undone'' THEN e.has ELSE e.lacks END,
		       CASE $5 WHEN ''undone'' THEN e.lacks ELSE e.has END, $5, $4
		  FROM %3$I f
		  %4$s JOIN LATERAL (SELECT * FROM %3$I o WHERE o.%2$I = f.%2$I AND o.batch = ANY ($2)
		                  ORDER BY o.batch DESC, o.line DESC LIMIT 1) p ON true
		 CROSS JOIN LATERAL (
			SELECT ''listed'', CASE WHEN coalesce(p.gone, true) THEN ''f'' ELSE ''t'' END,
			       CASE WHEN CASE WHEN p.batch > f.batch THEN p.gone ELSE f.gone END THEN ''f'' ELSE ''t'' END
			%5$s) e (fact, lacks, has)
		 WHERE f.batch = $1 AND (f.gone OR coalesce(p.gone, true)%6$s) AND e.lacks <> e.has',
		r.name, r.key, r.tbl, CASE WHEN r.name IN ('labels', 'checks') THEN 'LEFT' ELSE '' END,
		(SELECT string_agg(format('UNION ALL
			SELECT %1$L, CASE WHEN coalesce(p.gone, true) THEN '''' ELSE %3$s END,
			       CASE WHEN p.batch > f.batch THEN CASE WHEN p.gone THEN '''' ELSE %4$s END ELSE %2$s END
			 WHERE NOT f.gone AND f.%1$I IS NOT NULL AND f.%1$I IS DISTINCT FROM p.%1$I',
				c, format(shown, format(said, 'f', c)),
				format(shown, format(filled, format(said, 'p', c), format(said, 'o', c), r.tbl, r.key, c, '$2')),
				format(shown, format(filled, format(said, 'p', c), format(said, 'o', c), r.tbl, r.key, c, '$3'))),
				' ' ORDER BY n)
		   FROM unnest(facts) WITH ORDINALITY AS u (c, n),
			LATERAL (SELECT CASE WHEN c = 'active' THEN 'left(%s.%I::text, 1)' -- t or f
				ELSE '%s.%I' END AS said,
				CASE WHEN r.name = 'entities' AND c IN ('kind', 'region') -- as a freeze reads them
				THEN format('coalesce(nullif(%%s, ''''), %I(f.entity))', c || '_of_code') ELSE '%s' END AS shown,
				'coalesce(%1$s, (SELECT %2$s FROM %3$I o
				  WHERE o.%4$I = f.%4$I AND o.batch = ANY (%6$s) AND (o.%5$I IS NOT NULL OR o.gone)
				  ORDER BY o.batch DESC, o.line DESC LIMIT 1), '''')' AS filled) x)
		|| CASE r.name WHEN 'entities' THEN format(' UNION ALL
			SELECT ''labels'', CASE WHEN coalesce(p.gone, true) THEN '''' ELSE (%s) END, (%s)
			 WHERE NOT f.gone AND %s', format(labels, '$2'), format(labels, '$3'), relabelled) ELSE '' END,
		(SELECT string_agg(format(' OR f.%1$I IS NOT NULL AND f.%1$I IS DISTINCT FROM p.%1$I', c), '') FROM unnest(facts) c)
		|| CASE r.name WHEN 'entities' THEN ' OR ' || relabelled ELSE '' END)
	USING the_batch, others, others || the_batch, clock_of(moment), the_act;
END
$$;

-- For the running job: it has looked at that batch. failed: lines `code TAB rows`.
CREATE FUNCTION drawd.quality_looked(the_job int8, the_fence int8, the_batch int8, failed text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM job WHERE id = the_job AND fence = the_fence AND state = 'running'
	                  AND kind IN ('quality', 'freeze')) THEN
		PERFORM refuse('not-allowed', 'quality');
	END IF;
	INSERT INTO quality_batch (batch)
	SELECT id FROM import_batch WHERE id = the_batch AND state IN ('confirmed', 'undone')
	ON CONFLICT DO NOTHING;
	IF FOUND THEN
		INSERT INTO quality_code (batch, code, rows)
		SELECT the_batch, split_part(l, E'\t', 1), split_part(l, E'\t', 2)::int8
		  FROM string_to_table(failed, E'\n') l WHERE l <> '';
		PERFORM quality_edits_make(the_batch, 'confirmed');
	END IF;
	UPDATE quality_batch q SET undone = true, looked_at = now()
	  FROM import_batch b
	 WHERE q.batch = the_batch AND NOT q.undone AND b.id = q.batch AND b.state = 'undone';
	IF FOUND THEN
		PERFORM quality_edits_make(the_batch, 'undone');
	END IF;
END
$$;

-- ---- correctness -------------------------------------------------------------------------------

-- Which list of a source stands: {batch, rows}. Another takes its place, and with it that of the rows that were handed
-- back, where it has as many rows, or half as many and says that it is whole: what it lacks is gone then. Rows that
-- repeat others count in neither (rows_listed): whoever mends a list takes them out.
CREATE FUNCTION drawd.list_stands(standing int8[], id int8, rows int8, scope text) RETURNS int8[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN standing IS NULL OR rows >= standing[2] OR scope = 'full' AND 2 * rows >= standing[2]
		THEN ARRAY[id, rows] ELSE standing END;
CREATE AGGREGATE drawd.list_standing(int8, int8, text) (SFUNC = drawd.list_stands, STYPE = int8[]);
CREATE FUNCTION drawd.rows_listed(b drawd.import_batch) RETURNS int8
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp
	RETURN b.rows - CASE WHEN b.refused = 0 THEN 0 ELSE (SELECT count(*) FROM drawd.import_error e
		WHERE e.batch = b.id AND e.severity = 'error' AND e.code IN ('duplicate-row', 'duplicate-differs')) END;

-- Of each source: its list that stands; files behind it mend and add. A row that was handed back and is brought
-- again counts once, and a file of which nothing was taken in counts not at all. Not correct are rows handed
-- back, and rows whose code fails and is no exception. first, last: batches of the source.
CREATE FUNCTION drawd.quality_sources()
	RETURNS TABLE (register text, department text, source text, first int8, last int8,
		last_at timestamptz, rows int8, correct int8)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH counted AS (
		SELECT b.id, b.kind, coalesce(b.department::text, '') AS department, b.source, b.scope, b.rows,
		       b.refused, b.new_rows, b.confirmed_at, rows_listed(b) AS listed
		  FROM import_batch b WHERE b.state = 'confirmed' AND b.accepted + b.gone > 0 AND b.follows IS NULL
	), list AS (
		SELECT kind, department, source, min(id) AS first, max(id) AS last, max(confirmed_at) AS last_at,
		       (list_standing(counted.id, counted.listed, scope ORDER BY counted.id))[1] AS id
		  FROM counted GROUP BY kind, department, source
	), sum AS (
		SELECT l.kind, l.department, l.source, l.first, l.last, l.last_at,
		       coalesce(sum(c.rows) FILTER (WHERE c.id = l.id), 0)::int8 AS rows,
		       coalesce(sum(c.refused) FILTER (WHERE c.id = l.id), 0)::int8 AS refused,
		       coalesce(sum(c.new_rows) FILTER (WHERE c.id > l.id), 0)::int8 AS fresh,
		       coalesce(sum(c.refused) FILTER (WHERE c.id > l.id), 0)::int8 AS refused_since,
		       coalesce((SELECT sum(f.rows) FROM (
				SELECT q.code, max(q.rows) AS rows
				  FROM quality_code q JOIN counted m ON m.id = q.batch
				 WHERE m.kind = l.kind AND m.department = l.department AND m.source = l.source
				   AND m.id >= l.id
				   AND q.code NOT IN (SELECT x.code FROM exceptions_current x)
				 GROUP BY q.code) f), 0)::int8 AS failed
		  FROM list l JOIN counted c USING (kind, department, source)
		 GROUP BY l.kind, l.department, l.source, l.first, l.last, l.last_at, l.id
	)
	SELECT s.kind, s.department, s.source, s.first, s.last, s.last_at, t.rows,
	       greatest(t.rows - s.refused + least(s.refused, s.fresh) - s.refused_since - s.failed, 0)
	  FROM sum s, LATERAL (SELECT s.rows + s.fresh - least(s.refused, s.fresh) + s.refused_since AS rows) t
$$;

-- The correctness of a register as a whole, by which a freeze is held and which its record signs: of the keys that
-- count now, each once whoever says it, and the rows that were handed back, those keys whose code is right or a
-- recorded exception. Of objects their entities are counted, by their codes: many premises of one code are one, and
-- what has no code is in neither number (how many have one is their completeness). Handed back are the rows refused in
-- each source's standing list and behind it: keys of refused rows are not kept, so they stay refused until another list
-- stands in its place. A key is told with the source that said it last, so that the sources add up to the register.
CREATE FUNCTION drawd.quality_counting(the_register text)
	RETURNS TABLE (department text, source text, rows int8, correct int8)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp SET work_mem = '64MB'
	SET jit = off AS $$
DECLARE
	r register;
	code text := '''''';
BEGIN
	SELECT * INTO r FROM register WHERE name = the_register;
	IF r.entity IS NOT NULL AND r.name NOT IN ('recusals', 'exceptions') THEN
		code := format('split_part(o.%I, ''/'', 1)', r.entity);
	END IF;
	RETURN QUERY EXECUTE format('
	WITH failed AS MATERIALIZED (
		SELECT DISTINCT q.code FROM quality_code q
		 WHERE q.code NOT IN (SELECT x.code FROM exceptions_current x)
	), now AS (
		SELECT n.batch, count(*) AS rows, count(*) FILTER (WHERE f.code IS NULL) AS correct
		  FROM (%s) n LEFT JOIN failed f ON f.code = n.code
		 GROUP BY n.batch
	), counted AS (
		SELECT b.id, coalesce(b.department::text, '''') AS department, b.source, b.rows, b.refused, b.scope,
		       rows_listed(b) AS listed, b.accepted + b.gone > 0 AND b.follows IS NULL AS taken
		  FROM import_batch b WHERE b.kind = $1 AND b.state = ''confirmed''
	), list AS (
		SELECT c.*, s.standing[1] AS standing
		  FROM counted c
		  LEFT JOIN (SELECT t.department, t.source, list_standing(t.id, t.listed, t.scope ORDER BY t.id) AS standing
			       FROM counted t WHERE t.taken GROUP BY 1, 2) s USING (department, source)
	)
	SELECT l.department, l.source,
	       sum(coalesce(n.rows, 0) + CASE WHEN l.taken AND l.id >= l.standing THEN l.refused ELSE 0 END)::int8,
	       sum(coalesce(n.correct, 0))::int8
	  FROM list l LEFT JOIN now n ON n.batch = l.id
	 GROUP BY l.department, l.source',
		CASE r.name WHEN 'recusals' THEN 'SELECT batch, '''' AS code FROM recusals_current'
		ELSE format('SELECT %4$s
		  FROM (SELECT DISTINCT ON (o.%1$I) o.batch, o.gone, %2$s AS code
			  FROM %3$I o JOIN import_batch b ON b.id = o.batch AND b.state = ''confirmed''
			 ORDER BY o.%1$I, o.batch DESC, o.line DESC) said
		 WHERE NOT gone%5$s', r.key, code, r.tbl,
			CASE r.name WHEN 'entities' THEN 'max(batch) AS batch, code' ELSE 'batch, code' END,
			CASE r.name WHEN 'entities' THEN ' AND code <> '''' GROUP BY code' ELSE '' END) END)
	USING r.name;
END
$$;

-- Files of which no row was taken in, since that source brought a list with as many rows: no batch of theirs counts.
CREATE FUNCTION drawd.quality_refused()
	RETURNS TABLE (register text, department text, source text, files int8, rows int8)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT b.kind, coalesce(b.department::text, ''), b.source, count(*), sum(b.refused)::int8
	  FROM import_batch b JOIN job j ON j.id = b.job
	 WHERE b.state = 'discarded' AND b.refused > 0 AND b.accepted + b.gone = 0 AND j.args ->> 'mode' <> 'dry-run'
	   AND NOT EXISTS (SELECT FROM import_batch o
	                    WHERE o.kind = b.kind AND o.source = b.source AND o.department IS NOT DISTINCT FROM b.department
	                      AND o.id > b.id AND o.state = 'confirmed' AND o.accepted >= b.refused)
	 GROUP BY 1, 2, 3
$$;

-- How correct the lists of objects are at this moment: the sum, then the sources with most errors, and those with most
-- rows in files of which nothing was taken in, which are in no sum.
CREATE FUNCTION drawd.quality_stands() RETURNS TABLE (source text, rows int8, correct int8)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH s AS MATERIALIZED (SELECT * FROM quality_counting('entities'))
	SELECT '*', coalesce(sum(s.rows), 0)::int8, coalesce(sum(s.correct), 0)::int8 FROM s
	UNION ALL
	(SELECT concat_ws('/', nullif(s.department, ''), s.source), s.rows, s.correct
	   FROM s WHERE s.correct < s.rows
	  ORDER BY s.rows - s.correct DESC, s.department COLLATE "C", s.source COLLATE "C" LIMIT 3)
	UNION ALL
	(SELECT concat_ws('/', nullif(f.department, ''), f.source) || ' accepted=0', f.rows, 0::int8
	   FROM quality_refused() f WHERE f.register = 'entities'
	  ORDER BY f.rows DESC, f.department COLLATE "C", f.source COLLATE "C" LIMIT 3)
$$;

-- ---- snapshots ---------------------------------------------------------------------------------

-- How many days there are between two lists of a source; NULL: of that register there is no such cycle.
-- Month by month where what happens to entities is kept (信用风险分类 is a month's snapshot), else by the year.
CREATE FUNCTION drawd.quality_cycle(register text) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN register IN ('recusals', 'successions', 'exceptions') THEN NULL
		WHEN register IN ('entities', 'labels', 'listings', 'commitments', 'declarations', 'events',
			'permits', 'checks', 'grades') THEN 31
		ELSE 366 END;

CREATE TABLE drawd.quality_snapshot (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	job int8 NOT NULL REFERENCES drawd.job,
	day drawd.day NOT NULL,
	at int8 NOT NULL, -- by the installation's clock
	begun timestamptz NOT NULL DEFAULT now(),
	minimum int8 NOT NULL -- parts per million that a freeze asks for
);
CREATE INDEX quality_snapshot_day ON drawd.quality_snapshot (day, id);
-- '*': of all of them. department '' is the whole installation's own.
--   correctness        of a register and overall: quality_counting; of departments and sources: quality_sources
--   refused            rows in files of which nothing was taken in (quality_refused), and how many such files
--   completeness       rows in which the fact is said, of rows
--   age                days since the last list, of the days of a cycle (of a source)
--   timely             sources whose last list is not older than a cycle, of sources
--   duplicate-name     objects whose name is that of another entity as well, of objects
--   duplicate-address  objects that share name and address with another object
--   duplicate-source   objects that several sources bring
--   unpooled           objects in use that were in no pool of the rounds frozen in this cycle, of objects in
--                      use; fact `absent`: in no frame, `excluded`: excluded in every one
CREATE TABLE drawd.quality_figure (
	snapshot int8 NOT NULL REFERENCES drawd.quality_snapshot,
	register text NOT NULL,
	department text NOT NULL,
	source text NOT NULL,
	figure text NOT NULL CHECK (figure IN ('correctness', 'refused', 'completeness', 'age', 'timely',
		'duplicate-name', 'duplicate-address', 'duplicate-source', 'unpooled')),
	fact text NOT NULL DEFAULT '',
	numerator int8 NOT NULL CHECK (numerator >= 0),
	denominator int8 NOT NULL CHECK (denominator >= 0),
	samples jsonb NOT NULL DEFAULT '[]', -- keys, of the whole register only
	level text NOT NULL GENERATED ALWAYS AS (CASE WHEN source <> '*' THEN 'source'
		WHEN department <> '*' THEN 'department' WHEN register <> '*' THEN 'register' ELSE 'overall' END)
		STORED,
	PRIMARY KEY (snapshot, figure, fact, register, department, source)
);

-- Every fact of objects as it was said, with their classes.
DO $$
DECLARE
	r drawd.register;
BEGIN
	SELECT * INTO r FROM drawd.register WHERE name = 'entities';
	EXECUTE 'CREATE VIEW drawd.quality_entity WITH (security_invoker = true) AS '
		|| drawd.register_query(r, r.columns, 'b.undone_at IS NULL', 'coalesce(%s, '''')', false);
END
$$;

-- '*' where a grouping set leaves a column out.
CREATE FUNCTION drawd.or_all(value text, grouped int) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE grouped WHEN 1 THEN '*' ELSE value END;

CREATE FUNCTION drawd.quality_count_sources(the_snapshot int8) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO quality_figure (snapshot, figure, register, department, source, numerator, denominator)
	WITH s AS MATERIALIZED (
		-- rows typed one by one (drawctl register put) are no list that is due again
		SELECT q.*, CASE WHEN q.source NOT IN ('手工录入', 'by hand') THEN quality_cycle(q.register) END AS days,
		       floor(extract(epoch FROM clock_stamp() - q.last_at) / 86400)::int8 AS age
		  FROM quality_sources() q
	)
	SELECT the_snapshot, 'correctness', or_all(c.register, grouping(c.register)), '*', '*',
	       coalesce(sum(c.correct), 0), coalesce(sum(c.rows), 0)
	  FROM (SELECT g.name AS register, q.rows, q.correct
	          FROM register g CROSS JOIN LATERAL quality_counting(g.name) q) c
	 GROUP BY GROUPING SETS ((), (c.register))
	UNION ALL
	SELECT the_snapshot, 'correctness', or_all(register, grouping(register)), department,
	       or_all(source, grouping(source)), sum(correct), sum(rows)
	  FROM s GROUP BY GROUPING SETS ((department), (register, department), (register, department, source))
	UNION ALL
	SELECT the_snapshot, 'timely', or_all(register, grouping(register)),
	       or_all(department, grouping(department)), '*', count(*) FILTER (WHERE age <= days), count(*)
	  FROM s WHERE days IS NOT NULL
	 GROUP BY GROUPING SETS ((), (register), (department), (register, department))
	UNION ALL
	SELECT the_snapshot, 'age', register, department, source, age, days FROM s WHERE days IS NOT NULL
	UNION ALL
	SELECT the_snapshot, 'refused', or_all(f.register, grouping(f.register)), or_all(f.department, grouping(f.department)),
	       or_all(f.source, grouping(f.source)), sum(f.rows), sum(f.files)
	  FROM quality_refused() f
	 GROUP BY GROUPING SETS ((f.register), (f.register, f.department), (f.register, f.department, f.source))
$$;

-- Of every fact of a register in how many of its rows it is said; of objects also those that are there
-- more than once. The register is read once: a bit of `said` for each fact; names and addresses are
-- compared by hashes of 64 bits, so that a million of them fit the memory.
CREATE FUNCTION drawd.quality_count_rows(the_snapshot int8, r drawd.register) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	facts text[] := ARRAY(SELECT c FROM unnest(r.columns) WITH ORDINALITY AS u (c, n)
	                       WHERE c NOT IN (r.key, 'matched') ORDER BY n);
	objects boolean := r.name = 'entities';
BEGIN
	EXECUTE format('
	INSERT INTO quality_figure (snapshot, figure, register, department, source, fact, numerator, denominator,
		samples)
	WITH now AS MATERIALIZED (
		SELECT v.batch, %1$s AS said%2$s FROM %3$I v
	), rows AS MATERIALIZED (
		SELECT batch, count(*) AS rows, ARRAY[%4$s] AS said FROM now GROUP BY batch
	), batch AS MATERIALIZED (
		SELECT id, coalesce(department::text, '''') AS department, source FROM import_batch
	)%5$s
	SELECT $1, ''completeness'', $2, or_all(b.department, grouping(b.department)),
	       or_all(b.source, grouping(b.source)), t.fact, sum(t.said), sum(s.rows), ''[]''::jsonb
	  FROM rows s JOIN batch b ON b.id = s.batch
	 CROSS JOIN LATERAL unnest($3, s.said) t (fact, said)
	 GROUP BY GROUPING SETS ((t.fact), (t.fact, b.department), (t.fact, b.department, b.source))
	%6$s',
		(SELECT string_agg(format('CASE WHEN v.%I::text <> '''' THEN %s::int8 ELSE 0::int8 END', c,
				1::int8 << (n - 1)::int), ' | ' ORDER BY n)
		   FROM unnest(facts) WITH ORDINALITY AS u (c, n)),
		CASE WHEN objects THEN ', v.object, hashtextextended(v.entity, 0) AS entity,
			CASE WHEN v.name <> '''' THEN hashtextextended(v.name, 0) END AS name,
			CASE WHEN v.name <> '''' AND v.address <> '''' THEN hashtextextended(v.address, 1)
			END AS address' ELSE '' END,
		CASE WHEN objects THEN 'quality_entity' ELSE r.name || '_current' END,
		(SELECT string_agg(format('count(*) FILTER (WHERE said & %s::int8 <> 0)', 1::int8 << (n - 1)::int),
				', ' ORDER BY n)
		   FROM unnest(facts) WITH ORDINALITY AS u (c, n)),
		CASE WHEN objects THEN ', found (figure, object, batch) AS MATERIALIZED (
		SELECT ''duplicate-name'', n.object, n.batch
		  FROM now n JOIN (SELECT name FROM now WHERE name IS NOT NULL GROUP BY name
		                   HAVING min(entity) <> max(entity)) d USING (name)
		UNION ALL
		SELECT ''duplicate-address'', n.object, n.batch
		  FROM now n JOIN (SELECT name, address FROM now WHERE address IS NOT NULL GROUP BY name, address
		                   HAVING count(*) > 1) d USING (name, address)
		UNION ALL
		SELECT ''duplicate-source'', n.object, n.batch
		  FROM now n JOIN (SELECT f.object
				  FROM entity_fact f
				  JOIN (SELECT id, dense_rank() OVER (ORDER BY department, source) AS source
				          FROM import_batch WHERE kind = ''entities'' AND state = ''confirmed'') b
					ON b.id = f.batch
				 WHERE NOT f.gone
				   AND (SELECT count(*) > 1 FROM quality_sources() WHERE register = ''entities'')
				 GROUP BY f.object HAVING min(b.source) <> max(b.source)) d USING (object)
	), counted AS (
		SELECT t.figure, or_all(b.department, grouping(b.department)) AS department,
		       or_all(b.source, grouping(b.source)) AS source, sum(coalesce(f.n, 0)) AS n, sum(s.rows) AS rows
		  FROM rows s JOIN batch b ON b.id = s.batch
		 CROSS JOIN (VALUES (''duplicate-name''), (''duplicate-address''), (''duplicate-source'')) t (figure)
		  LEFT JOIN (SELECT figure, batch, count(*) AS n FROM found GROUP BY figure, batch) f
			ON f.figure = t.figure AND f.batch = s.batch
		 GROUP BY GROUPING SETS ((t.figure), (t.figure, b.department), (t.figure, b.department, b.source))
	)' ELSE '' END,
		CASE WHEN objects THEN 'UNION ALL
	SELECT $1, c.figure, $2, c.department, c.source, '''', c.n, c.rows,
	       CASE WHEN c.department = ''*'' THEN coalesce((SELECT jsonb_agg(o.object ORDER BY o.object)
			FROM (SELECT f.object FROM found f WHERE f.figure = c.figure
			       ORDER BY f.object LIMIT 10) o), ''[]'') ELSE ''[]'' END
	  FROM counted c' ELSE '' END)
	USING the_snapshot, r.name, facts;
END
$$;

-- pools: of each source, by its first batch, {"batch", "objects", "absent", "excluded"}.
CREATE FUNCTION drawd.quality_count_pools(the_snapshot int8, pools jsonb, keys jsonb) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	INSERT INTO quality_figure (snapshot, figure, register, department, source, fact, numerator, denominator,
		samples)
	WITH g AS (
		SELECT or_all(b.department, grouping(b.department)) AS department,
		       or_all(b.source, grouping(b.source)) AS source, sum(p.objects) AS objects,
		       sum(p.absent) AS absent, sum(p.excluded) AS excluded
		  FROM jsonb_to_recordset(pools) p (batch text, objects int8, absent int8, excluded int8)
		  JOIN (SELECT id, coalesce(department::text, '') AS department, source FROM import_batch) b
			ON b.id = p.batch::int8
		 GROUP BY GROUPING SETS ((), (b.department), (b.department, b.source))
	)
	SELECT the_snapshot, 'unpooled', 'entities', g.department, g.source, v.fact, v.n, g.objects,
	       CASE WHEN g.department = '*' AND v.fact = '' THEN keys ELSE '[]' END
	  FROM g CROSS JOIN LATERAL (VALUES ('', absent + excluded), ('absent', absent), ('excluded', excluded))
			v (fact, n)
	 WHERE g.objects > 0
$$;

-- For the running job of kind quality.
CREATE FUNCTION drawd.quality_take(the_job int8, the_day text, the_minimum int8, pools jsonb, keys jsonb)
	RETURNS int8 LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp SET work_mem = '64MB'
	SET jit = off AS $$
DECLARE
	made int8;
	r register;
BEGIN
	IF NOT EXISTS (SELECT FROM job WHERE id = the_job AND state = 'running' AND kind = 'quality') THEN
		PERFORM refuse('not-allowed', 'quality');
	END IF;
	INSERT INTO quality_snapshot (job, day, at, minimum)
	VALUES (the_job, the_day, clock_time(), the_minimum) RETURNING id INTO made;
	PERFORM quality_count_sources(made);
	FOR r IN SELECT * FROM register g
	          WHERE EXISTS (SELECT FROM import_batch b WHERE b.kind = g.name AND b.state = 'confirmed') LOOP
		PERFORM quality_count_rows(made, r);
	END LOOP;
	PERFORM quality_count_pools(made, pools, keys);
	RETURN made;
END
$$;

-- The newest snapshot where nothing has changed since, and the day has not.
CREATE FUNCTION drawd.quality_taken() RETURNS int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce((SELECT max(s.id) FROM quality_snapshot s
	                  WHERE s.day = day_of(clock_time())
	                    AND s.begun > (SELECT coalesce(max(looked_at), '-infinity') FROM quality_batch)
	                    AND NOT EXISTS (SELECT FROM quality_unlooked())), 0)
$$;

-- Objects in use in the order of frames, each with the first batch of its source.
CREATE VIEW drawd.quality_object WITH (security_invoker = true) AS
	SELECT v.object, s.first AS source
	  FROM drawd.entity_current v
	  JOIN drawd.import_batch b ON b.id = v.batch
	  JOIN (SELECT coalesce(department::text, '') AS department, source, min(id) AS first
	          FROM drawd.import_batch WHERE kind = 'entities' AND state = 'confirmed'
	         GROUP BY 1, 2) s ON s.department = coalesce(b.department::text, '') AND s.source = b.source
	 WHERE v.status NOT IN ('cancelled', 'revoked', 'moved') AND v.active <> 'f';

-- ---- when --------------------------------------------------------------------------------------

-- A batch begins to count, or ends to: a job each. The job knows when another has done its work.
CREATE FUNCTION drawd.quality_wanted() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	INSERT INTO job (kind, dedup) VALUES ('quality', format('quality:%s:%s', NEW.id, NEW.state))
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING;
	RETURN NULL;
END
$$;
CREATE TRIGGER quality AFTER UPDATE OF state ON drawd.import_batch
	FOR EACH ROW WHEN (NEW.state IN ('confirmed', 'undone') AND NEW.state <> OLD.state)
	EXECUTE FUNCTION drawd.quality_wanted();
-- A frame is frozen, or is none after all: which objects were never in a pool is counted anew.
CREATE FUNCTION drawd.quality_of_round() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	INSERT INTO job (kind, args, dedup)
	VALUES ('quality', jsonb_build_object('round', NEW.id), format('quality:%s:%s', NEW.id, NEW.state))
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING;
	RETURN NULL;
END
$$;
CREATE TRIGGER quality AFTER UPDATE OF state ON drawd.round
	FOR EACH ROW WHEN (NEW.state IN ('frozen', 'void') AND NEW.state <> OLD.state)
	EXECUTE FUNCTION drawd.quality_of_round();
-- And one a day, once there is anything.
CREATE FUNCTION drawd.quality_due() RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	INSERT INTO job (kind, dedup)
	SELECT 'quality', 'quality:' || day_of(clock_time())
	 WHERE EXISTS (SELECT FROM import_batch WHERE state = 'confirmed')
	   AND NOT EXISTS (SELECT FROM quality_snapshot WHERE day = day_of(clock_time()))
	   AND NOT EXISTS (SELECT FROM job WHERE kind = 'quality' AND state IN ('queued', 'running'))
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
$$;

-- ---- the gate ----------------------------------------------------------------------------------

-- "99.1200% (9912/10000)", rounded down.
CREATE FUNCTION drawd.quality_told(correct int8, rows int8) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN to_char(CASE rows WHEN 0 THEN 100 ELSE trunc(100 * correct::numeric / rows, 4) END, 'FM990.0000')
		|| format('%% (%s/%s)', correct, rows);

-- What a freeze asks for, in parts per million: as the notary read it (register.quality_min), else as in the newest
-- snapshot; NULL before anything was counted.
CREATE FUNCTION drawd.quality_minimum() RETURNS int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(c.quality_min, s.minimum) FROM clock c, (SELECT minimum FROM quality_snapshot ORDER BY id DESC LIMIT 1) s
$$;
CREATE FUNCTION drawd.quality_asked(the_minimum int8) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	UPDATE clock SET quality_min = the_minimum WHERE quality_min IS DISTINCT FROM the_minimum
$$;

-- How the lists stand against what a freeze asks for; minimum: NULL before anything was counted.
CREATE FUNCTION drawd.quality_gate()
	RETURNS TABLE (rows int8, correct int8, minimum int8, worst text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT min(q.rows) FILTER (WHERE n = 1), min(q.correct) FILTER (WHERE n = 1),
	       quality_minimum(),
	       coalesce(string_agg(format('%s %s', q.source, quality_told(q.correct, q.rows)), '; ' ORDER BY n)
			FILTER (WHERE n > 1), '')
	  FROM quality_stands() WITH ORDINALITY AS q (source, rows, correct, n)
$$;

-- When the register of a round was read for its freeze; NULL: it is not frozen.
CREATE FUNCTION drawd.register_read(the_round text) RETURNS int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT (p.beside ->> 'read')::int8
	  FROM log_entry l JOIN proposal p ON p.round = l.round AND p.entry = l.idx
	 WHERE l.round = the_round AND l.kind = 'freeze'
$$;
-- How correct the lists were that a round froze, as its record says; the worst sources for those who see all.
CREATE FUNCTION drawd.round_quality(the_round text) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('numerator', substring(t FROM '(?n)^quality-correct ([0-9]+)$')::int8,
		'denominator', substring(t FROM '(?n)^quality-rows ([0-9]+)$')::int8,
		'minimum', substring(t FROM '(?n)^quality-min ([0-9]+)$')::int8,
		'override', nullif(substring(t FROM '(?n)^override (.+)$'), 'none'),
		'worst', CASE WHEN sees_all() THEN p.beside ->> 'worst' END, 'read', p.beside -> 'read')
	  FROM log_entry l
	  LEFT JOIN proposal p ON p.round = l.round AND p.entry = l.idx,
	       LATERAL convert_from(l.note, 'UTF8') AS t
	 WHERE l.round = the_round AND l.kind = 'freeze' AND t ~ '(?n)^quality-rows [0-9]+$'
$$;
-- What whoever decides on a freeze has to know: how correct the lists are at this moment and why to freeze all the
-- same; once it is done, how correct those were that it froze.
CREATE FUNCTION drawd.motion_quality(the_round text, the_state text, the_override text) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT CASE the_state WHEN 'done' THEN round_quality(the_round)
		ELSE (SELECT jsonb_build_object('numerator', g.correct, 'denominator', g.rows, 'minimum', g.minimum,
				'override', the_override, 'worst', CASE WHEN sees_all() THEN g.worst END, 'read', NULL)
		        FROM quality_gate() g) END
	 WHERE the_state IN ('open', 'carried', 'done')
$$;

-- Whoever moves a freeze is told at once that the lists are too bad; the freeze itself looks again, at
-- exactly what it freezes.
CREATE FUNCTION drawd.quality_hold(m drawd.motion) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	s record;
BEGIN
	IF m.body ? 'quality_override' AND (m.body ->> 'quality_override' = 'none'
			OR m.body ->> 'quality_override' !~ '^\S(.*\S)?$'
			OR m.body ->> 'quality_override' ~ '[[:cntrl:]]'
			OR octet_length(m.body ->> 'quality_override') > 200) THEN
		PERFORM refuse('bad-json', 'quality_override', 'quality_override');
	END IF;
	IF m.body ? 'quality_override' OR NOT EXISTS (SELECT FROM quality_snapshot) THEN
		RETURN;
	END IF;
	SELECT * INTO s FROM quality_gate();
	IF 1000000::numeric * s.correct < s.minimum::numeric * s.rows THEN
		PERFORM refuse('quality-low', format('%s < %s%%: %s', quality_told(s.correct, s.rows),
			to_char(s.minimum / 10000.0, 'FM990.0000'), s.worst));
	END IF;
END
$$;

-- ---- reading -----------------------------------------------------------------------------------

-- Figures of the newest snapshot, each with that of the last one of an earlier day; '' filters nothing, and
-- the department `none` (no department has that name) is the whole installation's own lists.
-- Departments see their own rows and the sums of all without examples. Without a register, completeness is
-- told of whole registers only.
CREATE FUNCTION drawd.quality_read(the_register text, the_department text, the_level text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	whole boolean := sees_all() OR has_role('oversight');
	mine text[] := my_departments();
	s quality_snapshot;
	before quality_snapshot;
	stands record;
	whose text := CASE the_department WHEN '' THEN NULL WHEN 'none' THEN '' ELSE the_department END;
BEGIN
	IF NOT whole AND mine = '{}' THEN
		RETURN '';
	END IF;
	SELECT * INTO s FROM quality_snapshot ORDER BY id DESC LIMIT 1;
	SELECT * INTO before FROM quality_snapshot WHERE day < s.day ORDER BY day DESC, id DESC LIMIT 1;
	SELECT rows, correct INTO stands FROM quality_stands() LIMIT 1;
	RETURN (SELECT jsonb_build_object('snapshot', s.id, 'at', s.at, 'day', s.day, 'minimum', quality_minimum(),
			'now', jsonb_build_object('numerator', stands.correct, 'denominator', stands.rows, 'refused',
				(SELECT coalesce(sum(q.rows), 0) FROM quality_refused() q WHERE q.register = 'entities')),
			'figures', coalesce(jsonb_agg(jsonb_build_object('level', f.level, 'register', f.register,
				'department', f.department, 'source', f.source, 'figure', f.figure,
				'fact', f.fact, 'numerator', f.numerator, 'denominator', f.denominator,
				'previous', CASE WHEN p.snapshot IS NOT NULL THEN jsonb_build_object(
					'day', before.day, 'numerator', p.numerator, 'denominator', p.denominator) END,
				'samples', CASE WHEN whole THEN f.samples ELSE '[]' END)
				ORDER BY array_position('{overall,register,department,source}'::text[], f.level),
					f.register COLLATE "C", f.department COLLATE "C", f.source COLLATE "C",
					f.figure COLLATE "C", f.fact COLLATE "C"), '[]'))::text
	          FROM quality_figure f
	          LEFT JOIN quality_figure p ON p.snapshot = before.id
	           AND (p.figure, p.fact, p.register, p.department, p.source)
	             = (f.figure, f.fact, f.register, f.department, f.source)
	         WHERE f.snapshot = s.id
	           AND the_register IN ('', f.register) AND coalesce(whose = f.department, true)
	           AND the_level IN ('', f.level)
	           AND (whole OR f.department = '*' OR f.department = ANY (mine))
	           AND (the_register <> '' OR f.figure <> 'completeness' OR f.level = 'register'));
END
$$;

-- One figure over time: of each day the last snapshot. '' of all of them, `none` as above.
CREATE FUNCTION drawd.quality_trend(the_figure text, the_fact text, the_register text, the_department text,
	the_source text, from_day text, to_day text) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	asked quality_figure;
BEGIN
	asked.register := coalesce(nullif(the_register, ''), '*');
	asked.department := CASE the_department WHEN '' THEN '*' WHEN 'none' THEN '' ELSE the_department END;
	asked.source := coalesce(nullif(the_source, ''), '*');
	IF NOT (sees_all() OR has_role('oversight') OR asked.department = ANY (my_departments())
			OR asked.department = '*' AND my_departments() <> '{}') THEN
		RETURN '';
	END IF;
	RETURN (SELECT jsonb_build_object('figure', the_figure, 'fact', the_fact, 'register', asked.register,
			'department', asked.department, 'source', asked.source, 'points',
			coalesce(jsonb_agg(jsonb_build_object('day', t.day, 'at', t.at, 'numerator', t.numerator,
				'denominator', t.denominator) ORDER BY t.day), '[]'))::text
	          FROM (SELECT DISTINCT ON (s.day) s.day, s.at, f.numerator, f.denominator
	                  FROM quality_snapshot s JOIN quality_figure f ON f.snapshot = s.id
	                 WHERE f.figure = the_figure AND f.fact = the_fact AND f.register = asked.register
	                   AND f.department = asked.department AND f.source = asked.source
	                   AND (from_day = '' OR s.day >= from_day) AND (to_day = '' OR s.day <= to_day)
	                 ORDER BY s.day, s.id DESC) t);
END
$$;

-- Where a fact comes from, for whoever may see it.
CREATE FUNCTION drawd.batch_told(the_batch int8) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('import', b.id, 'source', b.source, 'department', b.department,
		'provider', b.person, 'at', seconds(b.confirmed_at))
	  FROM import_batch b
	 WHERE b.id = the_batch AND (sees_all() OR my_departments() <> '{}')
$$;
-- Of another department's batch, whose edit of his object the asker sees, only what its rows tell as well.
CREATE VIEW drawd.quality_edit_list WITH (security_invoker = true) AS
	SELECT e.id, e.register, e.key, e.fact, e.before, e.after, e.act, e.batch AS import, e.line,
	       t.told ->> 'department' AS department, t.told ->> 'source' AS source, t.told ->> 'provider' AS provider,
	       (CASE e.act WHEN 'undone' THEN b.undone_by ELSE b.confirmed_by END)::text AS account, e.at
	  FROM drawd.quality_edit e
	  LEFT JOIN drawd.import_batch b ON b.id = e.batch
	 CROSS JOIN LATERAL (SELECT CASE WHEN b.id IS NULL THEN drawd.batch_told(e.batch)
		ELSE jsonb_build_object('department', b.department, 'source', b.source, 'provider', b.person) END AS told) t;
-- Of the 30 days before the register was read for the freeze of a round; of a draft, before now.
CREATE VIEW drawd.quality_edit_round WITH (security_invoker = true) AS
	SELECT r.id::text COLLATE "C" AS round, e.*
	  FROM drawd.round r
	 CROSS JOIN LATERAL (
		SELECT coalesce(drawd.register_read(r.id), drawd.clock_time()) AS at) f
	  JOIN drawd.quality_edit_list e ON e.at BETWEEN f.at - 2592000 AND f.at;

-- ---- one entity --------------------------------------------------------------------------------

-- Where a recusal comes from that a motion began or ended.
CREATE FUNCTION drawd.motion_told(the_motion int8) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT jsonb_build_object('import', NULL, 'source', 'motion ' || m.id, 'department', m.department,
		'provider', m.moved_by, 'at', m.decided_at)
	  FROM motion m
	 WHERE m.id = the_motion AND (sees_all() OR my_departments() <> '{}')
$$;
-- The class that one fact says, for whoever may see that: its own department, and those who see all.
CREATE FUNCTION drawd.fact_class(the_object text, the_batch int8, the_line int8) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT f.class
	  FROM entity_fact f JOIN import_batch b ON b.id = f.batch
	 WHERE f.object = the_object AND f.batch = the_batch AND f.line = the_line
	   AND (sees_all() OR b.department = ANY (my_departments()))
$$;
-- A sealed personal fact begins with its mask.
CREATE FUNCTION drawd.fact_masked(r drawd.register, facts jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_object_agg(u.c, CASE u.form WHEN 'personal'
			THEN to_jsonb(split_part(facts ->> u.c, ' ', 1)) ELSE facts -> u.c END), '{}')
	  FROM unnest(r.columns, r.forms) u (c, form)
	 WHERE u.c <> r.key AND facts ->> u.c <> ''
$$;

-- The keys of an entity's objects that the asker may see; at: NULL is now.
CREATE FUNCTION drawd.entity_objects(the_code text, at timestamptz) RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT DISTINCT f.object
	  FROM (SELECT object, batch FROM entity_fact
	         WHERE object = the_code OR object >= the_code || '/' AND object < the_code || '0'
		UNION ALL
		SELECT object, batch FROM entity_fact
		 WHERE entity = the_code AND NOT starts_with(object, entity)) f
	  JOIN batch_counted b ON b.id = f.batch
	 WHERE b.confirmed_at <= coalesce(entity_objects.at, 'infinity')
	   AND (b.undone_at IS NULL OR b.undone_at > entity_objects.at)
$$;

-- Facts of one register about an entity and its objects, as their files said them.
CREATE FUNCTION drawd.entity_rows(r drawd.register, codes text[], at timestamptz)
	RETURNS TABLE (told jsonb, confirmed int8, batch int8, line int8)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	shown text;
BEGIN
	IF r.name = 'recusals' THEN
		RETURN QUERY
			SELECT t.told || jsonb_build_object('register', r.name, 'key', f.id, 'object', NULL,
				'line', f.line, 'gone', f.gone, 'facts', fact_masked(r, to_jsonb(f) - 'certificate_no')),
			       (t.told ->> 'at')::int8, coalesce(f.batch, 0), f.line
			  FROM recusals_said f
			  LEFT JOIN batch_counted b ON b.id = f.batch
			 CROSS JOIN LATERAL (SELECT CASE WHEN f.batch IS NULL THEN motion_told(f.motion)
				ELSE batch_told(f.batch) END AS told) t
			 WHERE f.subject = ANY (codes)
			   AND CASE WHEN f.batch IS NULL
				THEN to_timestamp((t.told ->> 'at')::int8) <= coalesce(entity_rows.at, 'infinity')
				ELSE b.confirmed_at <= coalesce(entity_rows.at, 'infinity')
					AND (b.undone_at IS NULL OR b.undone_at > entity_rows.at) END;
		RETURN;
	END IF;
	SELECT string_agg(format('%L, %s', c, CASE WHEN r.name = 'entities' AND c = 'class'
			THEN 'fact_class(f.object, f.batch, f.line)' ELSE format('f.%I', c) END), ', ' ORDER BY n / 40, n)
	  INTO shown
	  FROM unnest(r.columns) WITH ORDINALITY AS u (c, n) WHERE c <> r.key;
	RETURN QUERY EXECUTE format('
		SELECT t.told || jsonb_build_object(''register'', $2, ''key'', f.%1$I, ''object'', %5$s,
			''line'', f.line, ''gone'', f.gone, ''facts'', fact_masked($1, jsonb_build_object(%2$s))),
		       (t.told ->> ''at'')::int8, f.batch, f.line
		  FROM %3$I f JOIN batch_counted b ON b.id = f.batch
		 CROSS JOIN LATERAL (SELECT batch_told(f.batch) AS told) t
		 WHERE (%4$s) AND b.confirmed_at <= coalesce($4, ''infinity'')
		   AND (b.undone_at IS NULL OR b.undone_at > $4)',
		r.key, shown, r.tbl,
		CASE WHEN r.name = 'successions' THEN 'f.old = ANY ($3) OR f.new = ANY ($3)'
			WHEN r.name = 'entities' THEN 'f.object = ANY ($3)'
			ELSE format('f.%I = ANY ($3)', r.entity) END,
		CASE WHEN 'object' = ANY (r.columns) THEN 'f.object' ELSE 'NULL' END)
	USING r, r.name, codes, entity_rows.at;
END
$$;

-- Codes that an entity or object had or has by the successions (更码, 合并, 分立, 迁移) that the asker sees, up to a day:
-- itself at distance 0, those after it at 1, 2, …, those before it at -1, -2, …, each once, by the way to it that is the
-- shortest. at: NULL is now. (What the draw follows is narrower: successions_on, 0014.)
CREATE FUNCTION drawd.code_line(the_code text, the_day text DEFAULT '9999-12-31', at timestamptz DEFAULT NULL)
	RETURNS TABLE (code text, distance int, kind text, date text, reason text, document text)
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	way int;
	nearest text[];
	next text[];
	known text[];
	l record;
BEGIN
	code := the_code;
	distance := 0;
	RETURN NEXT;
	FOREACH way IN ARRAY '{-1,1}'::int[] LOOP
		nearest := ARRAY[the_code];
		known := nearest;
		FOR steps IN 1..20 LOOP
			next := '{}';
			FOR l IN SELECT DISTINCT ON (x.code) x.*
				   FROM (SELECT CASE way WHEN 1 THEN s.new ELSE s.old END COLLATE "C" AS code, s.kind, s.date, s.reason,
					        s.document
				           FROM successions_as_of(coalesce(code_line.at, 'infinity')) s
				          WHERE s.id = ANY (ARRAY(SELECT f.id FROM succession_fact f WHERE way = 1 AND f.old = ANY (nearest)
						UNION SELECT f.id FROM succession_fact f WHERE way = -1 AND f.new = ANY (nearest)))
				            AND CASE way WHEN 1 THEN s.old ELSE s.new END = ANY (nearest) AND s.date <= the_day) x
				  WHERE x.code <> '' AND x.code <> ALL (known)
				  ORDER BY x.code, x.date DESC, x.kind, x.reason, x.document LOOP
				code := l.code;
				distance := way * steps;
				kind := l.kind;
				date := l.date;
				reason := l.reason;
				document := l.document;
				RETURN NEXT;
				next := next || l.code;
			END LOOP;
			EXIT WHEN next = '{}';
			known := known || next;
			nearest := next;
		END LOOP;
	END LOOP;
END
$$;
-- Those before it, or behind it, the nearest first, for a dossier.
CREATE FUNCTION drawd.entity_line(the_code text, back boolean, at timestamptz) RETURNS jsonb
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('code', l.code, 'kind', l.kind, 'date', l.date, 'reason', l.reason,
		'document', l.document, 'steps', abs(l.distance)) ORDER BY abs(l.distance), l.code COLLATE "C"), '[]')
	  FROM code_line(the_code, '9999-12-31', entity_line.at) l
	 WHERE CASE WHEN back THEN l.distance < 0 ELSE l.distance > 0 END
$$;

-- All that the asker may know of an entity, by source and date. the_at: seconds since 1970, 0 is now. It runs with
-- the asker's rights: rows are those that he sees. '' where that is nothing.
CREATE FUNCTION drawd.entity_dossier(the_code text, the_at int8) RETURNS text
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	most constant int := 1000;
	at timestamptz := CASE WHEN the_at > 0 THEN to_timestamp(the_at) END;
	day_on text := day_of(CASE WHEN the_at > 0 THEN the_at ELSE clock_time() END);
	keys text[] := ARRAY(SELECT entity_objects(the_code, at) ORDER BY 1);
	objects jsonb;
	facts jsonb := '[]';
	found int8 := 0;
	r register;
	told jsonb;
BEGIN
	IF NOT sees_all() AND my_departments() = '{}' THEN
		RETURN '';
	END IF;
	SELECT jsonb_agg(jsonb_build_object('object', v.object, 'facts', fact_masked(g, to_jsonb(v)))
			ORDER BY v.object)
	  INTO objects
	  FROM entities_as_of(coalesce(at, 'infinity')) v, register g
	 WHERE v.object = ANY (keys) AND g.name = 'entities';
	FOR r IN SELECT * FROM register WHERE entity IS NOT NULL ORDER BY place LOOP
		SELECT facts || coalesce(jsonb_agg(e.told ORDER BY e.confirmed DESC, e.batch DESC, e.line)
			FILTER (WHERE e.nth <= most), '[]'), found + count(*)
		  INTO facts, found
		  FROM (SELECT *, row_number() OVER (ORDER BY confirmed DESC, batch DESC, line) AS nth
		          FROM entity_rows(r, keys || the_code, at)) e;
	END LOOP;
	IF found = 0 THEN
		RETURN '';
	END IF;
	PERFORM note_read('entity', the_code);
	SELECT jsonb_agg(fact ORDER BY (fact ->> 'at')::int8 DESC, (fact ->> 'import')::int8 DESC, nth) INTO facts
	  FROM (SELECT fact, nth FROM jsonb_array_elements(facts) WITH ORDINALITY AS t (fact, nth)
	         ORDER BY (fact ->> 'at')::int8 DESC, (fact ->> 'import')::int8 DESC, nth LIMIT most) t;
	told := jsonb_build_object('code', the_code, 'at', nullif(the_at, 0),
		'name', coalesce(objects -> 0 -> 'facts' ->> 'name', ''),
		'classes', sees_all() OR EXISTS (SELECT FROM unnest(keys) k
			WHERE nullif(class_seen(k, at), '') IS NOT NULL),
		'objects', coalesce(objects, '[]'), 'rows', facts, 'more', found > most,
		'predecessors', entity_line(the_code, true, at), 'successors', entity_line(the_code, false, at),
		'visits', (SELECT coalesce(jsonb_agg(jsonb_build_object('round', v.round, 'object', v.object,
				'ordinal', v.ordinal, 'mode', v.mode, 'from', v.from_date, 'to', v.to_date,
				'day', v.day, 'lead', v.lead, 'departments', v.departments)
				ORDER BY v.round DESC, v.object, v.ordinal), '[]')
		             FROM visit v WHERE v.object = ANY (keys)),
		'causes', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'object', v.object, 'department', v.department,
				'items', v.items, 'date', v.date, 'way', v.way, 'day', k.day, 'result', k.result, 'entry', v.entry)
				ORDER BY v.id DESC), '[]')
		             FROM cause v
		             LEFT JOIN LATERAL (SELECT v.done_on AS day, v.result WHERE at IS NULL OR v.result_at <= the_at) k ON true
		            WHERE v.state = 'entered' AND (at IS NULL OR v.decided_at <= the_at) AND (v.entity = ANY (keys || the_code) OR v.object = ANY (keys))),
		'focus', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'trigger', f.trigger, 'kind', f.kind,
				'state', focus_state(f, day_on), 'name', f.name, 'label', f.label, 'from', f.from_date,
				'until', coalesce(f.ended_on, f.until)) ORDER BY f.id DESC), '[]')
		            FROM focus f WHERE f.entity = ANY (keys || the_code) AND f.from_date <= day_on),
		'buffers', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'department', b.department, 'state', b.state,
				'matter', b.matter, 'from', b."from", 'until', b.until, 'ended', b.ended) ORDER BY b.id DESC), '[]')
		              FROM buffer_list b WHERE b.entity = ANY (keys || the_code) AND b."from" <= day_on));
	RETURN told::text;
END
$$;

-- Departments as people call them: of each code that one has its name.
CREATE FUNCTION drawd.department_names(codes text) RETURNS text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT string_agg(coalesce(d.name, u.code), '、' ORDER BY u.n)
	  FROM string_to_table(codes, ',') WITH ORDINALITY AS u (code, n)
	  LEFT JOIN department d ON d.id::text = u.code
$$;
-- 逢办必查: on which lists an entity is, when it was last inspected and by which department, and what is arranged, under
-- every code that it had or has; each is told with the code it was said of, a list with who said so.
-- Of all departments, never a class, and no visit before its round is revealed; who inspected only those are told who
-- see all, or are of that department. A visit of a plan is no inspection:
-- whether it took place is what the registers say. Inspections for a cause are marked, and counted apart. '' for who has no
-- part in inspections.
CREATE FUNCTION drawd.entity_lookup(the_code text) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	today text := day_of(clock_time());
	codes text[] := ARRAY(SELECT code FROM code_line(the_code, today));
	own text[] := ARRAY(SELECT entity_objects(the_code, NULL) ORDER BY 1); -- also those that are gone
	keys text[] := ARRAY(SELECT DISTINCT o FROM unnest(codes) c, entity_objects(c, NULL) o);
	check_ids text[] := ARRAY(SELECT f.id FROM check_fact f WHERE f.entity = ANY (keys || codes)
		UNION
		SELECT f.id FROM check_fact f
		 WHERE f.object COLLATE "C" = ANY (keys) AND f.object <> '' AND f.object <> f.entity);
	listing_ids text[] := ARRAY(SELECT listings_keys(c) FROM unnest(codes) c);
	named record;
	told jsonb;
BEGIN
	IF NOT (sees_all() OR my_departments() <> '{}' OR has_role('oversight', 'inspector')) THEN
		RETURN '';
	END IF;
	PERFORM note_read('entity', the_code);
	SELECT v.name, v.status, count(*) OVER () AS objects INTO named
	  FROM entity_current v WHERE v.object = ANY (own) ORDER BY v.object LIMIT 1;
	WITH inspected AS (
		SELECT coalesce(nullif(c.entity, ''), c.object) AS code, c.date,
		       coalesce(nullif(c.department, ''), c.authority) AS department, c.item, c.result,
		       CASE WHEN sees_all() OR c.department = ANY (my_departments()) THEN c.inspectors END AS inspectors,
		       'checks' AS register, c.cause = 't' AS cause
		  FROM checks_current c
		 WHERE c.id = ANY (check_ids) AND (c.entity = ANY (codes) OR c.object = ANY (keys)) AND c.date <= today
		UNION ALL
		SELECT coalesce(nullif(v.entity, ''), v.object), split_part(d, '=', 2), '', nullif(split_part(d, '=', 1), '*'), '', NULL, 'entities', false
		  FROM entity_current v, string_to_table(v.checked, ',') d
		 WHERE v.object = ANY (keys) AND split_part(d, '=', 2) <= today
		UNION ALL -- what was decided on and not made yet nobody is told here
		SELECT v.entity, v.done_on, v.department, v.items, CASE WHEN sees_all() OR v.department = ANY (my_departments()) THEN v.result END,
		       CASE WHEN sees_all() OR v.department = ANY (my_departments()) THEN v.officers END, 'causes', true
		  FROM cause v
		 WHERE (v.entity = ANY (codes) OR v.object = ANY (keys)) AND v.done_on <= today
	)
	SELECT jsonb_build_object('code', the_code, 'known', named.objects IS NOT NULL, 'name', coalesce(named.name, ''),
		'status', coalesce(named.status, ''), 'objects', coalesce(named.objects, 0),
		'line', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'steps', c.distance, 'kind', c.kind,
				'date', c.date) ORDER BY c.distance, c.code COLLATE "C"), '[]')
		           FROM code_line(the_code, today) c WHERE c.distance <> 0),
		'lists', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', l.entity, 'list', l.list, 'from', l.from_date,
				'until', l.until, 'authority', l.authority, 'document', l.document,
				'department', b.department, 'source', b.source)
				ORDER BY l.from_date DESC, l.list, l.entity, l.id), '[]')
		            FROM listings_current l JOIN import_batch b ON b.id = l.batch
		           WHERE l.id = ANY (listing_ids) AND l.entity = ANY (codes) AND l.from_date <= today
		             AND (l.until = '' OR l.until >= today) AND (l.removed = '' OR l.removed > today)),
		'last', (SELECT jsonb_build_object('code', i.code, 'date', i.date, 'department', i.department,
				'department_name', department_names(i.department), 'inspectors', i.inspectors,
				'item', coalesce(i.item, ''), 'result', i.result, 'register', i.register, 'cause', i.cause IS TRUE)
		           FROM inspected i
		          ORDER BY i.date DESC, i.department = '', i.register, i.code LIMIT 1),
		'planned', (SELECT coalesce(jsonb_agg(p.told ORDER BY p.day DESC, p.round DESC), '[]')
		              FROM (SELECT v.day, v.round, jsonb_build_object('code', v.entity, 'round', v.round, 'day', v.day,
					'from', v.from_date, 'to', v.to_date, 'departments', v.departments,
					'department_names', department_names(v.departments)) AS told
		                      FROM visit v JOIN round r ON r.id = v.round
		                     WHERE v.object = ANY (keys) AND r.state IN ('revealed', 'closed')
		                     ORDER BY v.day DESC, v.round DESC LIMIT 10) p),
		'inspections', (SELECT count(DISTINCT (i.code, i.date, i.department)) FROM inspected i
		                 WHERE i.date > to_char(today::date - interval '12 months', 'YYYY-MM-DD') AND i.cause IS NOT TRUE),
		'causes', (SELECT count(DISTINCT (i.code, i.date, i.department)) FROM inspected i
		            WHERE i.date > to_char(today::date - interval '12 months', 'YYYY-MM-DD') AND i.cause))
	  INTO told;
	RETURN told::text;
END
$$;

-- ---- who may what ------------------------------------------------------------------------------

CREATE TRIGGER audit AFTER INSERT ON drawd.quality_snapshot FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('quality', 'id', '', 'day,minimum');

SELECT drawd.owner_rows(name, verbs)
  FROM (VALUES
	('quality_batch', 'SELECT INSERT UPDATE'), ('quality_code', 'SELECT INSERT'),
	('quality_edit', 'SELECT INSERT'),
	('quality_snapshot', 'SELECT INSERT'), ('quality_figure', 'SELECT INSERT')) AS v (name, verbs);
CREATE POLICY web_select ON drawd.quality_edit FOR SELECT TO drawd_web
	USING ((SELECT drawd.sees_all())
		OR EXISTS (SELECT FROM drawd.import_batch b WHERE b.id = quality_edit.batch OFFSET 0)
		-- what others say of his objects (0010)
		OR register IN ('labels', 'checks') AND drawd.my_told(split_part(key, ':', 1)));
GRANT SELECT ON drawd.quality_edit, drawd.quality_edit_list, drawd.quality_edit_round TO drawd_web;
GRANT SELECT ON drawd.quality_object TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.quality_read(text, text, text),
	drawd.quality_trend(text, text, text, text, text, text, text), drawd.batch_told(int8),
	drawd.motion_told(int8), drawd.fact_class(text, int8, int8), drawd.fact_masked(drawd.register, jsonb),
	drawd.entity_objects(text, timestamptz), drawd.entity_rows(drawd.register, text[], timestamptz),
	drawd.entity_line(text, boolean, timestamptz), drawd.entity_dossier(text, int8),
	drawd.entity_lookup(text), drawd.clock_time(), drawd.register_read(text), drawd.round_quality(text),
	drawd.motion_quality(text, text, text), drawd.code_line(text, text, timestamptz)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.quality_asked(int8) TO drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.quality_unlooked(), drawd.quality_codes(int8),
	drawd.quality_looked(int8, int8, int8, text), drawd.quality_stands(), drawd.quality_taken(),
	drawd.quality_take(int8, text, int8, jsonb, jsonb), drawd.quality_due(), drawd.clock_of(timestamptz)
	TO drawd_worker;
