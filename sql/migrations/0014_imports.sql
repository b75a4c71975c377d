-- What becomes of a batch: its facts are compared with what counts and staged; then they are confirmed or
-- discarded, and what was confirmed can be undone. Confirming and undoing change one row. The worker calls
-- import_withdraw, import_withdraw_others, import_match, import_stage and, where the file was asked to count at
-- once, import_confirm, in the transaction that writes the facts; web calls the others.
--
-- Locks, in this order: the register (advisory), the batch.

-- ---- who changes a batch -----------------------------------------------------------------------

-- A worker writes what it read while the batch is open, and afterwards only the file that it gives back.
CREATE FUNCTION drawd.import_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF OLD.state = 'open' AND NEW.state IN ('open', 'staged', 'discarded')
		OR NEW.state = OLD.state AND to_jsonb(NEW) - '{file,file_state}'::text[]
			= to_jsonb(OLD) - '{file,file_state}'::text[] THEN
		RETURN NEW;
	END IF;
	RAISE insufficient_privilege USING MESSAGE = format('%s %s is closed', TG_TABLE_NAME, OLD.id);
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON drawd.import_batch
	FOR EACH ROW WHEN (current_user = 'drawd_worker') EXECUTE FUNCTION drawd.import_guard();

-- Nothing came of a job: nor of its batch, or of the file that it was to make.
CREATE FUNCTION drawd.import_failed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	UPDATE import_batch SET state = 'failed', reason = NEW.error
	 WHERE NEW.kind = 'import' AND job = NEW.id AND state = 'open';
	UPDATE import_batch SET file_state = 'failed'
	 WHERE NEW.kind = 'returned' AND id = (NEW.args ->> 'batch')::int8 AND file_state = 'wanted';
	RETURN NULL;
END
$$;
CREATE TRIGGER import_failed AFTER UPDATE OF state ON drawd.job
	FOR EACH ROW WHEN (NEW.kind IN ('import', 'returned') AND NEW.state = 'failed')
	EXECUTE FUNCTION drawd.import_failed();

-- The original with its errors is made by a job of its own.
CREATE FUNCTION drawd.import_returned() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	INSERT INTO job (kind, args, dedup)
	VALUES ('returned', jsonb_build_object('batch', NEW.id), 'returned:' || NEW.id)
	ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING;
	RETURN NULL;
END
$$;
CREATE TRIGGER returned AFTER UPDATE OF file_state ON drawd.import_batch
	FOR EACH ROW WHEN (NEW.file_state = 'wanted' AND OLD.file_state <> 'wanted')
	EXECUTE FUNCTION drawd.import_returned();

-- ---- rows that are taken back ------------------------------------------------------------------

-- Rows of a file that repeat or contradict each other: lines `key TAB line`. Facts of a batch that is no longer open
-- stay.
CREATE FUNCTION drawd.import_withdraw(the_batch int8, withdrawn text) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r register;
	n int8;
BEGIN
	SELECT x.* INTO r FROM import_batch b JOIN register x ON x.name = b.kind
	 WHERE b.id = the_batch AND b.state = 'open';
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	EXECUTE format('DELETE FROM %I f
		USING (SELECT split_part(l, E''\t'', 1) COLLATE "C" AS key, split_part(l, E''\t'', 2)::int8 AS line
		         FROM string_to_table(rtrim($2, E''\n''), E''\n'') l) w
		WHERE f.batch = $1 AND f.%I = w.key AND f.line = w.line', r.tbl, r.key) USING the_batch, withdrawn;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;

-- The query for the last fact of every key among some batches: key, batch, line, gone, and what else is asked;
-- among: a condition; one: it is one batch, which has a key once.
CREATE FUNCTION drawd.import_last(r drawd.register, batches text, more text DEFAULT '', among text DEFAULT '',
	one boolean DEFAULT false)
	RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT format(CASE WHEN one THEN '%s' ELSE 'SELECT DISTINCT ON (key) * FROM (%s) x ORDER BY key, batch DESC, line DESC' END,
		format('SELECT %I AS key, batch, line, gone%s FROM %I WHERE batch = ANY (%s)%s', r.key, more, r.tbl, batches, among))
$$;

-- A batch that is being written is not in the planner's statistics. Few rows are looked up one by one; with
-- many, tables are read through once. Says which, until the end of the function that calls it, where that
-- sets these three itself.
CREATE FUNCTION drawd.import_many(the_batch int8, tbl text) RETURNS boolean
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	n int8;
	name text;
BEGIN
	PERFORM set_config('enable_indexscan', 'off', true), set_config('enable_indexonlyscan', 'off', true);
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %I WHERE batch = $1 LIMIT 20001) x', tbl) INTO n USING the_batch;
	FOREACH name IN ARRAY '{enable_nestloop,enable_indexscan,enable_indexonlyscan}'::text[] LOOP
		PERFORM set_config(name, CASE WHEN n > 20000 THEN 'off' ELSE 'on' END, true);
	END LOOP;
	RETURN n > 20000;
END
$$;

-- Before a batch is compared with what counts: whatever was about to be confirmed is, or waits. What is confirmed
-- after the first look makes a preview stale; a list that counts at once lets nobody confirm until then.
CREATE FUNCTION drawd.import_look(b drawd.import_batch, r drawd.register) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	PERFORM pg_advisory_lock(73634172, r.place);
	IF EXISTS (SELECT FROM job WHERE id = b.job AND args ->> 'mode' = 'confirm') THEN
		PERFORM pg_advisory_xact_lock(73634172, r.place);
	END IF;
	PERFORM pg_advisory_unlock(73634172, r.place);
	UPDATE import_batch SET staged_at = batch_stamp(kind) WHERE id = b.id AND staged_at IS NULL;
END
$$;

-- A department speaks of its own objects and of new ones: rows go whose key was last told by a list of
-- another department or of the whole installation, and is not gone. A list of the whole installation may
-- speak of everything. Gives those of the first `most` lines, each with the count of all.
CREATE FUNCTION drawd.import_withdraw_others(the_batch int8, most int8)
	RETURNS TABLE (key text, line int8, gone int8)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp
	SET work_mem = '128MB' SET jit = off SET enable_nestloop = on SET enable_indexscan = on
	SET enable_indexonlyscan = on AS $$
#variable_conflict use_column
DECLARE
	b import_batch;
	r register;
	counting int8[];
	theirs int8[];
	named text[];
	every boolean;
BEGIN
	SELECT * INTO b FROM import_batch WHERE id = the_batch AND state = 'open';
	SELECT * INTO r FROM register WHERE name = b.kind;
	-- inspectors are of the department they name, which the worker looks at
	IF b.department IS NULL OR r.name IN ('inspectors', 'recusals') THEN
		RETURN;
	END IF;
	PERFORM import_look(b, r);
	SELECT array_agg(id), array_agg(id) FILTER (WHERE department IS DISTINCT FROM b.department)
	  INTO counting, theirs
	  FROM import_batch WHERE kind = b.kind AND state = 'confirmed';
	IF theirs IS NULL THEN -- nobody else has a list that counts
		RETURN;
	END IF;
	every := import_many(the_batch, r.tbl);
	EXECUTE format('SELECT array_agg(DISTINCT f.%1$I) FROM %2$I f
		 WHERE f.batch = $1 AND EXISTS (SELECT FROM %2$I e WHERE e.%1$I = f.%1$I AND e.batch = ANY ($2))',
		r.key, r.tbl) INTO named USING the_batch, theirs;
	IF named IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY EXECUTE format('
		WITH withdrawn AS (
			DELETE FROM %2$I f
			 USING (%3$s) o
			 WHERE f.batch = $1 AND f.%1$I = o.key AND NOT o.gone AND o.batch = ANY ($3)
			RETURNING f.%1$I AS key, f.line
		)
		SELECT w.key::text, w.line, count(*) OVER () FROM withdrawn w ORDER BY w.line LIMIT $4',
		r.key, r.tbl, import_last(r, '$2', '', CASE WHEN every AND cardinality(named) > 20000 THEN ''
			ELSE format(' AND %I = ANY ($5)', r.key) END))
		USING the_batch, counting, theirs, most, named;
END
$$;

-- Which of the codes that a damaged one may have been the register knows under that name or number.
CREATE FUNCTION drawd.import_match(candidates text[], the_name text, the_reg_no text)
	RETURNS TABLE (candidate text, how text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT c, CASE WHEN f.reg_no = the_reg_no AND the_reg_no <> '' THEN 'reg-no' ELSE 'name' END
	  FROM unnest(candidates) c
	 CROSS JOIN LATERAL (SELECT x.name, x.reg_no FROM entities_current x
	                      WHERE x.object = c LIMIT 1) f
	 WHERE f.name = the_name AND the_name <> '' OR f.reg_no = the_reg_no AND the_reg_no <> ''
$$;

-- ---- the difference ----------------------------------------------------------------------------

-- Whatever changes what counts in a register, one after the other.
CREATE FUNCTION drawd.register_hold(the_register text) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	SELECT pg_advisory_xact_lock(73634172, place) FROM register WHERE name = the_register
$$;

-- Columns of a register that are compared: all but the key and what rules derive.
CREATE FUNCTION drawd.register_compared(r drawd.register) RETURNS text[]
	LANGUAGE sql IMMUTABLE
	RETURN array_remove(r.columns[2:], 'matched');

-- Which columns all rows of a batch say, and which some do, as bits by place: as the worker saw them go, else
-- as they are.
CREATE FUNCTION drawd.import_said(the_batch int8, r drawd.register, some_say int8, all_say int8) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	IF some_say IS NULL OR all_say IS NULL THEN
		EXECUTE format('SELECT coalesce(bit_or(said), 0), coalesce(bit_and(said), -1)
			FROM (SELECT %s AS said FROM %I WHERE batch = $1 AND NOT gone) x',
			(SELECT string_agg(format('CASE WHEN %I IS NULL THEN 0 ELSE %s END', c, 1::int8 << p::int), ' | ')
			   FROM unnest(r.columns) WITH ORDINALITY AS u (c, p) WHERE c = ANY (register_compared(r))),
			r.tbl) INTO some_say, all_say USING the_batch;
	END IF;
	UPDATE import_batch SET said_any = some_say, said_all = all_say WHERE id = the_batch;
END
$$;

-- Columns that the batch says, in groups: two are in one if every batch that counts says both in all of its
-- rows, or neither in any. Of a group the value that stood before is that of one fact.
CREATE FUNCTION drawd.import_groups(b drawd.import_batch, r drawd.register, counting int8[])
	RETURNS TABLE (names text[], said_by int8[], whole boolean)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH one AS (
		SELECT c, p,
		       ARRAY(SELECT o.id FROM import_batch o
		              WHERE o.id = ANY (counting) AND coalesce(o.said_any, -1) & (1::int8 << p::int) <> 0
		              ORDER BY o.id) AS said_by,
		       coalesce(b.said_all, -1) & (1::int8 << p::int) <> 0
			AND NOT EXISTS (SELECT FROM import_batch o
			                 WHERE o.id = ANY (counting)
			                   AND (coalesce(o.said_any, -1) & ~coalesce(o.said_all, -1)
					& (1::int8 << p::int)) <> 0) AS whole
		  FROM unnest(r.columns) WITH ORDINALITY AS u (c, p)
		 WHERE c = ANY (register_compared(r)) AND coalesce(b.said_any, -1) & (1::int8 << p::int) <> 0
	)
	SELECT array_agg(c ORDER BY p), said_by, whole
	  FROM one
	 GROUP BY said_by, whole, CASE WHEN NOT whole THEN p END
	 ORDER BY min(p)
$$;

-- What a fact is told as in a preview: personal ones by their mask.
CREATE FUNCTION drawd.fact_told(r drawd.register, name text, alias text) RETURNS text
	LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN r.forms[array_position(r.columns, name)] = 'personal'
		THEN format('split_part(%s.%I::text, '' '', 1)', alias, name)
		ELSE format('%s.%I::text', alias, name) END;

-- Which of these keys the refused rows of a list may have meant: spared is their keys, a LF behind each. Of a row whose
-- key is made of what could not be read only the beginning is known, `X:`; of one that has no beginning `:`.
CREATE FUNCTION drawd.import_spared(keys text[], spared text) RETURNS SETOF text
	LANGUAGE sql IMMUTABLE SET search_path = drawd, pg_temp AS $$
	WITH named AS MATERIALIZED (SELECT string_to_table(spared, E'\n') AS key)
	SELECT k FROM unnest(keys) k
	 WHERE k IN (SELECT key FROM named) OR k || ':' IN (SELECT key FROM named)
	    OR CASE WHEN strpos(k, ':') > 0 THEN split_part(k, ':', 1) ELSE '' END || ':' IN (SELECT key FROM named)
$$;

-- Tombstones of a whole list, for these keys, which its source said. earlier: its lists that count.
CREATE FUNCTION drawd.import_bury(b drawd.import_batch, r drawd.register, earlier int8[], keys text[]) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp SET enable_indexscan = on AS $$
DECLARE
	always text := (SELECT coalesce(string_agg(format(', %I', attname), '' ORDER BY attnum), '')
	                  FROM pg_attribute
	                 WHERE attrelid = r.tbl::regclass AND attnotnull AND attname = ANY (r.columns[2:]));
BEGIN
	IF keys = '{}' THEN
		RETURN;
	END IF;
	EXECUTE format('INSERT INTO %I (%I, batch, line, gone%s) SELECT p.key, $1, 0, true%s FROM (%s) p %s',
		r.tbl, r.key, always, replace(always, ', ', ', p.'), import_last(r, '$2', always,
			CASE WHEN cardinality(keys) > 20000 THEN '' ELSE format(' AND %I = ANY ($3)', r.key) END),
		'JOIN unnest($3) k (key) ON k.key = p.key') USING b.id, earlier, keys;
END
$$;

-- The query that tells each row of batch $1 against the batches $2: key, line, what (n new, c changed, s same). Of a
-- whole list also what it lacks, where its own source had the last word on it: g, and r where that was that it is
-- gone, which is said once more, lest it come back with an undone list. earlier: lists of its source. Values count
-- from behind the last time that a key was gone. many: otherwise $4 are all its keys.
CREATE FUNCTION drawd.import_compare(b drawd.import_batch, r drawd.register, counting int8[], earlier int8[],
	many boolean) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	g record;
	n int := 0;
	hashes text := ''; -- of the batch's facts
	base text := ''; -- of the last facts, where they say all of a group
	joins text := '';
	differs text := 'false';
	row_of text;
	filled text;
	among text := CASE WHEN many THEN '' ELSE format(' AND %I = ANY ($4)', r.key) END;
	-- whole lists; none if nothing was ever gone
	buried int8[] := ARRAY(SELECT id FROM import_batch
	                        WHERE id = ANY (counting) AND scope = 'full' AND EXISTS (SELECT FROM import_batch o
					WHERE o.kind = b.kind AND o.confirmed_at IS NOT NULL AND o.gone > 0));
BEGIN
	FOR g IN SELECT * FROM import_groups(b, r, counting) LOOP
		n := n + 1;
		SELECT string_agg(quote_ident(c), ', ') INTO row_of FROM unnest(g.names) c;
		-- labels by rules are compared where all that the rules read is said at once
		IF r.name = 'entities' AND g.names @> '{name,scope,industry}' THEN
			row_of := row_of || ', matched';
		END IF;
		row_of := format('hash_record_extended(ROW(%s), 0)', row_of);
		SELECT string_agg(format('coalesce(%I::text, '''') <> ''''', c), ' OR ') INTO filled
		  FROM unnest(g.names) c;
		hashes := hashes || format(', %s AS h%s, (%s) AS e%2$s', CASE WHEN g.whole THEN row_of
			ELSE format('CASE WHEN %I IS NOT NULL THEN %s END', g.names[1], row_of) END, n, filled);
		IF g.said_by = '{}' THEN
			differs := differs || format(' OR n.e%s', n);
		ELSIF g.whole AND g.said_by = counting THEN
			base := base || format(', %s AS h%s', row_of, n);
			differs := differs || format(' OR n.h%s <> o.h%1$s', n);
		ELSE
			joins := joins || format(' LEFT JOIN (SELECT DISTINCT ON (key) * FROM (
				SELECT %I AS key, batch, line, %s AS h FROM %I
				 WHERE batch = ANY (%L::int8[]) AND NOT gone AND %I IS NOT NULL%s) x%s
				ORDER BY key, batch DESC, line DESC) o%s ON o%8$s.key = n.key', r.key, row_of, r.tbl, g.said_by,
				g.names[1], among, CASE WHEN buried <> '{}' THEN ' WHERE NOT EXISTS (
					SELECT FROM buried z WHERE z.key = x.key AND z.batch > x.batch)' ELSE '' END, n);
			differs := differs || format(' OR CASE WHEN o%s.key IS NULL THEN n.e%1$s ELSE n.h%1$s <> o%1$s.h END', n);
		END IF;
	END LOOP;
	RETURN CASE WHEN buried <> '{}' THEN format('WITH buried AS MATERIALIZED (SELECT %I AS key, max(batch) AS batch FROM %I
		WHERE batch = ANY (%L::int8[]) AND gone%s GROUP BY 1) ', r.key, r.tbl, buried, among) ELSE '' END
		|| format('SELECT %sn.line, CASE %s WHEN o.key IS NULL OR o.gone THEN ''n''
			WHEN %s THEN ''c'' ELSE ''s'' END AS what
		  FROM (SELECT %I AS key, line%s FROM %I WHERE batch = $1) n
		  %s JOIN (%s) o ON o.key = n.key%s', CASE b.scope WHEN 'full' THEN 'coalesce(n.key, o.key) AS key, ' ELSE 'n.key, ' END,
		CASE b.scope WHEN 'full' THEN format('WHEN n.key IS NULL THEN CASE WHEN o.batch <> ALL (%L::int8[]) THEN ''''
			WHEN o.gone THEN ''r'' ELSE ''g'' END', earlier) ELSE '' END,
		differs, r.key, hashes, r.tbl, CASE b.scope WHEN 'full' THEN 'FULL' ELSE 'LEFT' END,
		import_last(r, '$2', base, CASE b.scope WHEN 'full' THEN '' ELSE among END, cardinality(counting) = 1), joins);
END
$$;

-- Counts and samples of what import_compare tells. RETURN QUERY, as it may use several processors.
CREATE FUNCTION drawd.import_told(query text, the_batch int8, counting int8[], most int8, keys text[])
	RETURNS TABLE (fresh int8, changed int8, same int8, first_fresh text[], lines int8[], first_same jsonb, gone text[],
		gone_before text[])
	LANGUAGE plpgsql SET search_path = drawd, pg_temp SET parallel_tuple_cost = 0.01 AS $$
BEGIN
	RETURN QUERY EXECUTE format('WITH d AS MATERIALIZED (%s)
		SELECT count(*) FILTER (WHERE what = ''n''), count(*) FILTER (WHERE what = ''c''), count(*) FILTER (WHERE what = ''s''),
		       ARRAY(SELECT key::text FROM d WHERE what = ''n'' ORDER BY line LIMIT 10),
		       ARRAY(SELECT line FROM d WHERE what = ''c'' ORDER BY line LIMIT $3),
		       (SELECT coalesce(jsonb_agg(jsonb_build_object(''line'', line, ''key'', key)), ''[]'')
		          FROM (SELECT line, key FROM d WHERE what = ''s'' ORDER BY line LIMIT 10) x),
		       ARRAY(SELECT key::text FROM d WHERE what = ''g'' ORDER BY key),
		       ARRAY(SELECT key::text FROM d WHERE what = ''r'') FROM d', query)
		USING the_batch, counting, most, keys;
END
$$;

-- The same of a batch that has nothing to be compared with.
CREATE FUNCTION drawd.import_first(the_batch int8, r drawd.register, OUT fresh int8, OUT changed int8, OUT same int8,
	OUT first_fresh text[], OUT lines int8[], OUT first_same jsonb, OUT gone text[], OUT gone_before text[])
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
BEGIN
	EXECUTE format('SELECT count(*) FROM %I WHERE batch = $1', r.tbl) INTO fresh USING the_batch;
	EXECUTE format('SELECT array_agg(key::text ORDER BY line)
		FROM (SELECT %I AS key, line FROM %I WHERE batch = $1 LIMIT 10) x', r.key, r.tbl) INTO first_fresh USING the_batch;
	changed := 0;
	same := 0;
	first_same := '[]';
	gone := '{}';
	gone_before := '{}';
END
$$;

-- At most this many changed rows are looked at column by column.
CREATE FUNCTION drawd.import_detail_most() RETURNS int LANGUAGE sql IMMUTABLE RETURN 10000;

-- What changes in which columns, of the rows at these lines: {"columns": {fact: rows}, "rows": how many were looked
-- at, "changed": the first ten}. What another department said last is told as ***.
CREATE FUNCTION drawd.import_changes(b drawd.import_batch, r drawd.register, counting int8[], lines int8[])
	RETURNS jsonb LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp
	SET enable_nestloop = on SET enable_indexscan = on SET enable_indexonlyscan = on AS $$
DECLARE
	told jsonb;
	c text;
	was text := '';
	pairs text := '';
	before text;
	theirs int8[]; -- as the policies of 0010 have it: a class is its department's, other facts of the installation all see
	others int8[];
BEGIN
	SELECT coalesce(array_agg(id), '{}'), coalesce(array_agg(id) FILTER (WHERE department IS NOT NULL), '{}') INTO theirs, others
	  FROM import_batch
	 WHERE id = ANY (counting) AND b.department IS NOT NULL AND department IS DISTINCT FROM b.department
	   AND r.sight = 'own' AND r.name <> 'inspectors';
	FOREACH c IN ARRAY register_compared(r) LOOP
		was := was || format(', last_said(%I) AS %1$I', c);
		before := fact_told(r, c, 'o');
		IF (CASE c WHEN 'class' THEN theirs ELSE others END) <> '{}' THEN
			was := was || format(', last_said(CASE WHEN %I IS NOT NULL THEN batch = ANY (%L::int8[]) END) AS %I', c,
				CASE c WHEN 'class' THEN theirs ELSE others END, 'theirs_' || c);
			before := format('CASE WHEN o.%I THEN ''***'' ELSE %s END', 'theirs_' || c, before);
		END IF;
		pairs := pairs || format(', (%L, %s, %s, n.%4$I IS NOT NULL AND n.%4$I::text IS DISTINCT FROM coalesce(o.%4$I::text, ''''))',
			c, fact_told(r, c, 'n'), before, c);
	END LOOP;
	EXECUTE format('
		WITH detail AS MATERIALIZED (
			SELECT n.line, n.%1$I AS key, v.name, v.after, v.before
			  FROM %2$I n
			 CROSS JOIN LATERAL (SELECT %3$s FROM (SELECT * FROM (
					SELECT *, bool_or(e.gone) OVER (ORDER BY e.batch DESC, e.line DESC) AS past FROM %2$I e
					WHERE e.%1$I = n.%1$I AND e.batch = ANY ($2)) e
					WHERE NOT past ORDER BY batch DESC, line DESC) said) o
			 CROSS JOIN LATERAL (VALUES %4$s) v (name, after, before, differs)
			 WHERE n.batch = $1 AND n.line = ANY ($3) AND v.differs
		), sample AS (
			SELECT line, key, jsonb_object_agg(name, coalesce(before, '''')) AS before, jsonb_object_agg(name, after) AS after
			  FROM detail GROUP BY line, key ORDER BY line LIMIT 10
		)
		SELECT jsonb_build_object(
			''columns'', (SELECT coalesce(jsonb_object_agg(name, n), ''{}'')
			              FROM (SELECT name, count(*) AS n FROM detail GROUP BY name) x),
			''rows'', cardinality($3),
			''changed'', (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY line), ''[]'') FROM sample s))',
		r.key, r.tbl, substr(was, 3), substr(pairs, 3)) INTO told USING b.id, counting, lines;
	RETURN told;
END
$$;

-- Some rows as they are: {"line", "key", which: {fact: value}}, of the newest facts of these keys among some batches.
CREATE FUNCTION drawd.import_samples(r drawd.register, batches int8[], keys text[], which text) RETURNS jsonb
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp
	SET enable_nestloop = on SET enable_indexscan = on SET enable_indexonlyscan = on AS $$
DECLARE
	told jsonb;
BEGIN
	EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_build_object(''line'', f.line, ''key'', k.key, $3,
			(SELECT jsonb_object_agg(name, value) FROM (VALUES %s) v (name, value)
			  WHERE coalesce(value, '''') <> '''')) ORDER BY k.n), ''[]'')
		  FROM unnest($1) WITH ORDINALITY AS k (key, n)
		 CROSS JOIN LATERAL (SELECT * FROM %I t WHERE t.%I = k.key AND t.batch = ANY ($2) AND NOT t.gone
		                      ORDER BY t.batch DESC, t.line DESC LIMIT 1) f',
		(SELECT string_agg(format('(%L, %s)', c, fact_told(r, c, 'f')), ', ')
		   FROM unnest(register_compared(r)) c), r.tbl, r.key) INTO told USING keys, batches, which;
	RETURN told;
END
$$;

-- Compare the facts of an open batch with those that count, and bury what a whole list lacks. Leaves the
-- batch open: the worker writes the counts with all else it has to tell, and what columns it saw said (import_said).
CREATE FUNCTION drawd.import_stage(the_batch int8, some_say int8 DEFAULT NULL, all_say int8 DEFAULT NULL, spared text DEFAULT '', OUT new_rows int8, OUT changed int8, OUT gone int8, OUT same int8,
	OUT preview jsonb)
	RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp
	SET work_mem = '128MB' SET jit = off SET enable_nestloop = on SET enable_indexscan = on
	SET enable_indexonlyscan = on AS $$
#variable_conflict use_column
DECLARE
	b import_batch;
	r register;
	counting int8[];
	earlier int8[] := '{}';
	many boolean;
	keys text[];
	found record;
	told jsonb := '{}';
BEGIN
	SELECT * INTO b FROM import_batch WHERE id = the_batch AND state = 'open';
	SELECT * INTO r FROM register WHERE name = b.kind;
	IF r.name IS NULL THEN
		PERFORM refuse('bad-batch-state', the_batch::text);
	END IF;
	PERFORM import_look(b, r);
	-- what has grown by a tenth is looked at before anybody plans with it
	IF (SELECT pg_relation_size(oid) > 1.1 * current_setting('block_size')::int * relpages FROM pg_class WHERE oid = r.tbl::regclass) THEN
		EXECUTE format('ANALYZE %I', r.tbl);
	END IF;
	IF r.name = 'recusals' THEN
		RETURN QUERY SELECT * FROM import_stage_recusals(the_batch);
		RETURN;
	END IF;
	many := import_many(the_batch, r.tbl);
	PERFORM import_said(the_batch, r, some_say, all_say);
	SELECT * INTO b FROM import_batch WHERE id = the_batch;
	SELECT coalesce(array_agg(id ORDER BY id), '{}') INTO counting
	  FROM import_batch WHERE kind = b.kind AND state = 'confirmed';
	SELECT coalesce(array_agg(id), '{}') INTO earlier
	  FROM import_batch
	 WHERE id = ANY (counting) AND source = b.source AND department IS NOT DISTINCT FROM b.department;
	IF counting = '{}' THEN -- nothing to compare with
		SELECT * INTO found FROM import_first(the_batch, r);
	ELSE
		IF NOT many THEN
			EXECUTE format('SELECT array_agg(DISTINCT %I) FROM %I WHERE batch = $1', r.key, r.tbl) INTO keys USING the_batch;
		END IF;
		SELECT * INTO found FROM import_told(import_compare(b, r, counting, earlier, many), the_batch, counting,
			import_detail_most(), keys);
	END IF;
	new_rows := found.fresh;
	changed := found.changed;
	same := found.same;
	IF b.scope = 'full' AND spared <> '' THEN -- it names them, in rows that were refused
		UPDATE import_batch SET spared = import_stage.spared WHERE id = the_batch;
		found.gone := ARRAY(SELECT k FROM unnest(found.gone) k EXCEPT SELECT * FROM import_spared(found.gone, spared) ORDER BY 1);
		found.gone_before := ARRAY(SELECT k FROM unnest(found.gone_before) k
			EXCEPT SELECT * FROM import_spared(found.gone_before, spared));
	END IF;
	gone := cardinality(found.gone);
	PERFORM import_bury(b, r, earlier, found.gone || found.gone_before);
	IF changed > 0 THEN
		told := import_changes(b, r, counting, found.lines);
	END IF;
	preview := jsonb_build_object('columns', coalesce(told -> 'columns', '{}'),
		'columns_rows', coalesce((told ->> 'rows')::int8, 0),
		'new', import_samples(r, ARRAY[the_batch], found.first_fresh, 'after'),
		'changed', coalesce(told -> 'changed', '[]'),
		-- as they were
		'gone', import_samples(r, earlier, found.gone[:10], 'before'), 'same', found.first_same);
	RETURN NEXT;
END
$$;
-- Recusals stand side by side: one that holds already is the same, none is changed or gone.
CREATE FUNCTION drawd.import_stage_recusals(the_batch int8, OUT new_rows int8, OUT changed int8, OUT gone int8,
	OUT same int8, OUT preview jsonb)
	RETURNS SETOF record LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH d AS (
		SELECT f.line, concat_ws(' ', f.inspector, f.subject) AS key, f.ground, f.since, f.kind,
		       EXISTS (SELECT FROM recusals_current c
		                WHERE c.inspector = f.inspector AND c.subject = f.subject
		                  AND c.ground = f.ground AND c.since = f.since AND c.until = '') AS known
		  FROM recusal_fact f WHERE f.batch = the_batch
	)
	SELECT count(*) FILTER (WHERE NOT known), 0, 0, count(*) FILTER (WHERE known),
	       jsonb_build_object('columns', '{}'::jsonb, 'columns_rows', 0, 'changed', '[]'::jsonb, 'gone', '[]'::jsonb,
		'new', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', line, 'key', key, 'after',
				jsonb_build_object('ground', ground, 'since', since, 'kind', kind)) ORDER BY line), '[]')
		          FROM (SELECT * FROM d WHERE NOT known ORDER BY line LIMIT 10) x),
		'same', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', line, 'key', key) ORDER BY line), '[]')
		           FROM (SELECT * FROM d WHERE known ORDER BY line LIMIT 10) x))
	  FROM d
$$;

-- ---- confirm, discard, undo, again -------------------------------------------------------------

-- The batch that the asker may decide about, held: one of a department he acts for, or as coordinator one of the
-- whole installation; in the state that what he decides needs. No row where he does not see it. Where nobody
-- asks, a worker does, for its own job.
CREATE FUNCTION drawd.import_hold(the_batch int8, wanted text DEFAULT NULL) RETURNS drawd.import_batch
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch;
BEGIN
	SELECT * INTO b FROM import_batch WHERE id = the_batch;
	IF context() IS NULL THEN
		IF NOT EXISTS (SELECT FROM job
		                WHERE id = b.job AND kind = 'import' AND state = 'running'
		                  AND (args ->> 'mode' = 'confirm' OR motion IS NOT NULL)) THEN
			RETURN NULL;
		END IF;
	ELSIF NOT coalesce(sees_all() OR b.department = ANY (my_departments()), false) THEN
		RETURN NULL;
	ELSE
		PERFORM scope_needed('files:write');
		IF b.kind = 'recusals' THEN
			PERFORM refuse('motion-needed', 'recusal');
		ELSIF NOT (CASE WHEN b.department IS NULL THEN has_role('coordinator') ELSE acts_for(b.department) END) THEN
			PERFORM refuse('not-allowed', coalesce(b.department::text, 'coordinator'));
		END IF;
	END IF;
	PERFORM register_hold(b.kind);
	SELECT * INTO b FROM import_batch WHERE id = the_batch FOR NO KEY UPDATE;
	IF b.state <> wanted THEN
		PERFORM refuse('bad-batch-state', b.state);
	END IF;
	RETURN b;
END
$$;

-- Why what a staged batch was compared with is not what counts now; NULL: it is. Lists of one department, and
-- those of the whole installation with all others, are confirmed in the order in which they were handed in;
-- those of two departments touch only where they name the same.
CREATE FUNCTION drawd.import_stale(b drawd.import_batch, held boolean) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	r register;
	other int8;
	others int8[];
	shared text;
BEGIN
	IF b.kind = 'recusals' THEN
		RETURN NULL;
	END IF;
	SELECT * INTO r FROM register WHERE name = b.kind;
	SELECT o.id INTO other
	  FROM import_batch o
	 WHERE o.kind = b.kind AND o.id <> b.id AND o.confirmed_at IS NOT NULL
	   AND (b.department IS NULL OR o.department IS NULL OR o.department = b.department)
	   AND (o.state = 'confirmed' AND o.id > b.id
		OR NOT held AND greatest(o.confirmed_at, o.undone_at) > b.staged_at)
	 ORDER BY o.id DESC LIMIT 1;
	IF FOUND THEN
		RETURN format('import %s', other);
	END IF;
	others := ARRAY(SELECT o.id FROM import_batch o
	                 WHERE o.kind = b.kind AND o.state = 'confirmed' AND o.department <> b.department
	                   AND (o.id > b.id OR NOT held AND o.confirmed_at > b.staged_at));
	IF others <> '{}' THEN
		EXECUTE format('SELECT f.%I FROM %I f WHERE f.batch = $1 AND EXISTS (SELECT FROM %2$I e
			WHERE e.%1$I = f.%1$I AND e.batch = ANY ($2)) LIMIT 1', r.key, r.tbl)
			INTO shared USING b.id, others;
	END IF;
	-- what another department had given up is its own again, where it undid that
	IF shared IS NULL AND NOT held AND r.name <> 'inspectors' AND EXISTS (
			SELECT FROM import_batch o
			 WHERE o.kind = b.kind AND o.department <> b.department AND o.undone_at > b.staged_at) THEN
		EXECUTE format('SELECT f.%1$I FROM %2$I f
			 CROSS JOIN LATERAL (SELECT e.gone, e.batch FROM %2$I e
				WHERE e.%1$I = f.%1$I AND e.batch = ANY ($2) ORDER BY e.batch DESC, e.line DESC LIMIT 1) o
			 WHERE f.batch = $1 AND NOT o.gone AND o.batch = ANY ($3) LIMIT 1', r.key, r.tbl) INTO shared
			USING b.id,
			      ARRAY(SELECT id FROM import_batch WHERE kind = b.kind AND state = 'confirmed'),
			      ARRAY(SELECT id FROM import_batch
			             WHERE kind = b.kind AND state = 'confirmed' AND department <> b.department);
	END IF;
	RETURN shared;
END
$$;

-- From now on its facts count. Gives the batch; NULL where there is none that the asker may see. class_most: how many of
-- those that have a class it may move, in parts per million; more is a matter of two persons (0017).
CREATE FUNCTION drawd.import_confirm(the_batch int8, class_most int8 DEFAULT 1000000) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch := import_hold(the_batch, 'staged');
	stale text;
BEGIN
	IF b.id IS NULL THEN
		RETURN NULL;
	END IF;
	stale := import_stale(b, context() IS NULL);
	IF stale IS NOT NULL THEN
		PERFORM refuse('preview-stale', stale);
	END IF;
	PERFORM class_hold(b, class_most);
	UPDATE import_batch
	   SET state = 'confirmed', confirmed_at = batch_stamp(kind),
	       confirmed_by = coalesce(acting(), (SELECT account FROM job WHERE id = b.job))
	 WHERE id = b.id;
	INSERT INTO header_mapping (source, kind, department, header, "column", batch)
	SELECT b.source, b.kind, coalesce(b.department, ''), m ->> 'header', m ->> 'column', b.id
	  FROM jsonb_path_query(b.mapping, '$[*] ? (@.how == "given")') m
	ON CONFLICT DO NOTHING;
	RETURN b.id;
END
$$;

-- It will never count: its facts go, which nobody could read as counting.
CREATE FUNCTION drawd.import_discard(the_batch int8) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch := import_hold(the_batch, 'staged');
BEGIN
	IF b.id IS NULL THEN
		RETURN NULL;
	END IF;
	UPDATE import_batch SET state = 'discarded' WHERE id = b.id;
	EXECUTE format('DELETE FROM %I WHERE batch = $1', (SELECT tbl FROM register WHERE name = b.kind)) USING b.id;
	RETURN b.id;
END
$$;

-- Keys that batches named which were just undone, and that now stand as some source said them which has brought a whole
-- list since without them: another source's word had kept them from being gone. For each such list a batch says so;
-- it is undone with that list.
CREATE FUNCTION drawd.import_follow(the_batch int8, undone int8[], r drawd.register) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp SET work_mem = '128MB' SET jit = off AS $$
DECLARE
	counting int8[] := ARRAY(SELECT id FROM import_batch WHERE kind = r.name AND state = 'confirmed');
	-- the newest whole list of each source that said something before it, while others spoke, too
	lists int8[] := ARRAY(
		SELECT max(w.id) FROM import_batch w
		 WHERE w.id = ANY (counting) AND w.scope = 'full' AND w.follows IS NULL
		   AND EXISTS (SELECT FROM import_batch o
		                WHERE o.id = ANY (counting) AND o.id < w.id AND o.source = w.source
		                  AND o.department IS NOT DISTINCT FROM w.department)
		   AND EXISTS (SELECT FROM import_batch o
		                WHERE o.kind = r.name AND o.id < w.id AND o.confirmed_at IS NOT NULL
		                  AND (o.source <> w.source OR o.department IS DISTINCT FROM w.department))
		 GROUP BY w.source, w.department);
	f record;
	made int8;
BEGIN
	IF r.name = 'recusals' OR lists = '{}' THEN
		RETURN;
	END IF;
	FOR f IN EXECUTE format('
		SELECT w.id, w.upload, w.source, w.person, w.department, w.spared, array_agg(l.key ORDER BY l.key) AS keys,
		       array_agg(DISTINCT o.id) AS earlier
		  FROM (%s) l
		  JOIN import_batch o ON o.id = l.batch
		  JOIN import_batch w ON w.id = ANY ($3) AND w.id > o.id AND w.source = o.source
		   AND w.department IS NOT DISTINCT FROM o.department
		 WHERE NOT l.gone
		 GROUP BY w.id', import_last(r, '$1', '', format(' AND %I IN (SELECT n.%1$I FROM %I n WHERE n.batch = ANY ($2))',
			r.key, r.tbl))) USING counting, undone, lists LOOP
		f.keys := ARRAY(SELECT unnest(f.keys) EXCEPT SELECT * FROM import_spared(f.keys, f.spared));
		CONTINUE WHEN f.keys = '{}';
		INSERT INTO import_batch (kind, upload, source, person, department, scope, follows, because, gone, preview, said_any,
			said_all, state, staged_at, confirmed_at, confirmed_by)
		VALUES (r.name, f.upload, f.source, f.person, f.department, 'full', f.id, the_batch, cardinality(f.keys),
			jsonb_build_object('gone', import_samples(r, f.earlier, f.keys[:10], 'before')), 0, -1, 'confirmed',
			batch_stamp(r.name), batch_stamp(r.name), acting())
		RETURNING id INTO made;
		PERFORM import_bury((SELECT b FROM import_batch b WHERE b.id = made), r, f.earlier, f.keys);
	END LOOP;
END
$$;

-- From now on its facts do not count any more; they stay, and are told as what was held then.
CREATE FUNCTION drawd.import_undo(the_batch int8, why text, class_most int8 DEFAULT 1000000) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch := import_hold(the_batch, 'confirmed');
	undone int8[];
BEGIN
	IF b.id IS NULL OR context() IS NULL THEN
		RETURN NULL;
	ELSIF b.follows IS NOT NULL THEN -- it ends with the list that it follows from
		PERFORM refuse('bad-batch-state', format('import %s', b.follows));
	ELSIF coalesce(why !~ '\S' OR char_length(why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	END IF;
	PERFORM class_hold(b, class_most);
	PERFORM set_config('drawd.why', why, true); -- for audit_put
	WITH ended AS (
		UPDATE import_batch SET state = 'undone', undone_at = batch_stamp(kind), undone_by = acting(), undo_reason = why
		 WHERE id = b.id OR follows = b.id AND state = 'confirmed'
		RETURNING id)
	SELECT array_agg(id) INTO undone FROM ended;
	PERFORM import_follow(b.id, undone, (SELECT x FROM register x WHERE x.name = b.kind));
	RETURN b.id;
END
$$;

-- What a job is asked that reads the same file once more, under the same options; what had counted at once is
-- looked at first.
CREATE FUNCTION drawd.import_again(the_batch int8) RETURNS jsonb
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch := import_hold(the_batch);
	asked jsonb := (SELECT args FROM job WHERE id = b.job);
BEGIN
	IF b.id IS NULL OR context() IS NULL THEN
		RETURN NULL;
	ELSIF b.state = 'open' OR asked IS NULL THEN
		PERFORM refuse('bad-batch-state', b.state);
	ELSIF EXISTS (SELECT FROM upload u WHERE u.id = b.upload AND u.removed_at IS NOT NULL) THEN
		PERFORM refuse('file-removed', format('upload %s', b.upload));
	ELSIF NOT EXISTS (SELECT FROM upload u
	                   WHERE u.id = b.upload AND u.received = u.size
	                     AND (u.size = 0 OR EXISTS (SELECT FROM upload_piece p WHERE p.upload = u.id))) THEN
		PERFORM refuse('upload-incomplete', format('upload %s', b.upload));
	END IF;
	RETURN CASE asked ->> 'mode' WHEN 'confirm' THEN asked || '{"mode": "preview"}' ELSE asked END;
END
$$;

-- ---- files are kept for a while ----------------------------------------------------------------

-- May the file of a batch be removed by then? All that was done with it is that long ago, and nothing waits for it.
CREATE FUNCTION drawd.upload_is_over(u drawd.upload, until timestamptz) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT u.removed_at IS NULL AND u.created_at < until
	   AND NOT EXISTS (SELECT FROM import_batch b
	                    WHERE b.upload = u.id
	                      AND (b.state IN ('open', 'staged')
				OR greatest(b.created_at, b.staged_at, b.confirmed_at, b.undone_at) >= until))
	   AND NOT EXISTS (SELECT FROM job j
	                    WHERE j.state IN ('queued', 'running')
	                      AND (j.kind = 'import' AND j.args ->> 'upload' = u.id::text
				OR j.kind = 'returned' AND (j.args ->> 'batch')::int8 IN (
					SELECT b.id FROM import_batch b WHERE b.upload = u.id)))
	   AND NOT EXISTS (SELECT FROM motion m
	                    WHERE m.kind = 'recusal' AND m.state = 'open' AND m.body ->> 'upload' = u.id::text
	                       OR encode(u.sha256, 'hex') = ANY (string_to_array(m.evidence, ',')))
$$;
-- Removes the content of files that were handed in, and of those that went back, once `days` are over by the machine's
-- clock and the installation's; 0: never. What supports a motion stays. At most `most` files at once.
CREATE FUNCTION drawd.import_sweep(days int8, most int8, OUT uploads int8, OUT files int8)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	until timestamptz := least(now(), to_timestamp(clock_time())) - make_interval(days => days::int);
	old int8[];
	back bytea[];
	parts int8[];
BEGIN
	IF days > 0 THEN
		SELECT array_agg(id) INTO old
		  FROM (SELECT u.id FROM upload u WHERE upload_is_over(u, until) ORDER BY u.id LIMIT most FOR UPDATE SKIP LOCKED) x;
	END IF;
	UPDATE upload SET removed_at = now() WHERE id = ANY (old);
	DELETE FROM upload_piece WHERE upload = ANY (old);
	SELECT array_agg(file) INTO back FROM import_batch WHERE upload = ANY (old) AND file_state = 'ready';
	UPDATE import_batch SET file = NULL, file_state = 'removed'
	 WHERE upload = ANY (old) AND file_state IN ('wanted', 'ready');
	WITH gone AS (
		DELETE FROM artefact a
		 WHERE a.sha256 = ANY (back)
		   AND NOT EXISTS (SELECT FROM motion m
		                    WHERE encode(a.sha256, 'hex') = ANY (string_to_array(m.evidence, ',')))
		RETURNING a.part_set
	)
	SELECT array_agg(part_set) INTO parts FROM gone;
	DELETE FROM artefact_chunk WHERE part_set = ANY (parts);
	uploads := coalesce(cardinality(old), 0);
	files := coalesce(cardinality(parts), 0);
END
$$;

-- ---- successions --------------------------------------------------------------------------------

-- Does a succession hold that a department says of codes which these lists told last?
CREATE FUNCTION drawd.succession_holds(by text, tellers text[]) RETURNS boolean
	LANGUAGE sql IMMUTABLE
	RETURN by = ANY (tellers) OR '' = ANY (tellers) AND tellers <@ ARRAY['', by];
-- Successions up to a day, and how far each holds. What a department says holds as far as lists told its codes, or one of
-- their premises, last:
--   moves  recusals and history follow it: one code is its own, or one is of the whole installation's lists and none of
--          another department's
--   gives  labels as well: and the new code is not another department's
--   same   a recode, by which the new code has the old one's inspections and class too: and one code is its own
--   ends   a recode that keeps the old code out of the frame once the new one is listed: the old code is its own
-- All of it holds for those of the whole installation.
CREATE FUNCTION drawd.succession_links(the_day text)
	RETURNS TABLE (old text, new text, moves boolean, gives boolean, same boolean, ends boolean)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH said AS MATERIALIZED (
		SELECT s.old COLLATE "C" AS old, s.new COLLATE "C" AS new, s.kind = 'recode' AS recode, b.department::text AS by
		  FROM successions_current s JOIN import_batch b ON b.id = s.batch
		 WHERE s.date <= the_day AND s.old <> s.new
	), teller AS MATERIALIZED (
		SELECT c.code, code_tellers(c.code) AS by
		  FROM (SELECT v.code FROM said s, LATERAL (VALUES (s.old), (s.new)) v (code) WHERE s.by IS NOT NULL GROUP BY 1) c
	), whose AS (
		SELECT s.*, s.by IS NULL AS office, s.by = ANY (o.by) AS own_old, s.by = ANY (n.by) AS own_new,
		       NOT o.by <@ ARRAY['', s.by] AS other_old, NOT n.by <@ ARRAY['', s.by] AS other_new,
		       succession_holds(s.by, o.by || n.by) AS holds
		  FROM said s LEFT JOIN teller o ON o.code = s.old LEFT JOIN teller n ON n.code = s.new
	)
	SELECT h.old, h.new, bool_or(h.office OR h.holds), bool_or(h.office OR h.holds AND NOT h.other_new),
	       bool_or(h.recode AND (h.office OR (h.own_old OR h.own_new) AND NOT h.other_new)),
	       bool_or(h.recode AND (h.office OR h.own_old AND NOT h.other_old))
	  FROM whose h GROUP BY h.old, h.new
$$;
-- Of some codes those that came after them by a day, also at second hand, up to 20 steps: nobody moves what is known of
-- others' objects.
CREATE FUNCTION drawd.successions_on(the_day text, codes text[]) RETURNS TABLE (old text, new text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH RECURSIVE link AS MATERIALIZED (
		SELECT l.old, l.new FROM succession_links(the_day) l WHERE l.moves
	), way (old, new, n) AS (
		SELECT l.old, l.new, 1 FROM link l JOIN (SELECT DISTINCT unnest(codes) AS code) c ON c.code = l.old
		UNION
		SELECT w.old, l.new, w.n + 1 FROM way w JOIN link l ON l.old = w.new WHERE w.n < 20
	)
	SELECT DISTINCT w.old, w.new FROM way w WHERE w.old <> w.new
$$;
-- Codes that give later ones their labels, over up to 20 steps; same: recodes all the way, so that it is one object.
CREATE FUNCTION drawd.codes_became(the_day text) RETURNS TABLE (old text, new text, same boolean)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH RECURSIVE link AS MATERIALIZED (
		SELECT * FROM succession_links(the_day) l WHERE l.gives
	), way (old, new, same, n) AS (
		SELECT l.old, l.new, l.same, 1 FROM link l
		UNION
		SELECT w.old, l.new, w.same AND l.same, w.n + 1 FROM way w JOIN link l ON l.old = w.new WHERE w.n < 20
	)
	SELECT w.old, w.new, bool_or(w.same) FROM way w WHERE w.old <> w.new GROUP BY 1, 2
$$;
-- ---- what a freeze reads beside the lists of objects -------------------------------------------

-- Did another department's list tell that object last? A department's rows about it are then no part of a draw.
CREATE FUNCTION drawd.is_others(the_object text, the_department text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT the_department IS NOT NULL AND coalesce((
		SELECT b.department <> the_department
		  FROM entity_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
		 WHERE f.object = the_object ORDER BY f.batch DESC, f.line DESC LIMIT 1), false)
$$;
-- Departments beside which another one has lists of objects that count.
CREATE FUNCTION drawd.departments_beside() RETURNS SETOF text
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT d.id::text FROM department d
	 WHERE EXISTS (SELECT FROM import_batch b WHERE b.kind = 'entities' AND b.state = 'confirmed' AND b.department <> d.id)
$$;
-- Labels in force on a day, of each object that has some: a list of PROTOCOL.md §5. Those of its own department and of the
-- whole installation, and of codes it took the place of. listed: those of the register of lists (名单), by entity in place of
-- object; an entity is on a list up to the day before it was removed.
CREATE FUNCTION drawd.labels_on(the_day text, listed boolean DEFAULT false) RETURNS TABLE (object text, labels text)
	LANGUAGE sql STABLE ROWS 100000 SET search_path = drawd, pg_temp SET enable_hashjoin = on AS $$
	WITH beside AS MATERIALIZED (
		SELECT department FROM departments_beside() department
	), told AS (
		SELECT l.object, l.label, l.from_date, l.until, l.batch FROM labels_current l WHERE NOT listed
		UNION ALL
		SELECT l.entity, l.list, l.from_date, l.until, l.batch
		  FROM listings_current l WHERE listed AND (l.removed = '' OR l.removed > the_day)
	), said AS MATERIALIZED (
		SELECT l.object COLLATE "C" AS object, l.label COLLATE "C" AS label
		  FROM told l JOIN import_batch b ON b.id = l.batch
		 WHERE l.label <> '' AND l.from_date <= the_day AND (l.until = '' OR l.until >= the_day)
		   AND (b.department IS NULL OR b.department NOT IN (SELECT department FROM beside) OR NOT is_others(l.object, b.department))
	), line AS MATERIALIZED (
		SELECT * FROM codes_became(the_day)
	)
	SELECT x.object, string_agg(DISTINCT x.label, ',' ORDER BY x.label)
	  FROM (SELECT s.object, s.label FROM said s
		UNION ALL
		SELECT w.new || substr(s.object, length(w.old) + 1), s.label
		  FROM said s JOIN line w ON w.old = split_part(s.object, '/', 1)) x
	 GROUP BY x.object
$$;
-- Visits of drawn rounds, whether they were made yet or not, as inspections under each item of their tasks: since, until of
-- the window; date is its end, or the day itself where that comes first (PROTOCOL.md §5).
CREATE FUNCTION drawd.visits_checked(is_demo boolean, from_day text, the_day text)
	RETURNS TABLE (object text, item text, since text, until text, date text)
	LANGUAGE sql STABLE ROWS 100000 SET search_path = drawd, pg_temp SET enable_hashjoin = on AS $$
	WITH task AS MATERIALIZED (
		SELECT r.id AS round, m[1] AS code, item
		  FROM round r
		 CROSS JOIN regexp_matches(r.policy, '(?n)^task\.([^.]+)\.items\t(.+)$', 'g') m
		 CROSS JOIN string_to_table(m[2], ',') item
		 WHERE r.demo = is_demo AND is_drawn(r.state)
	)
	SELECT DISTINCT v.object::text, t.item, v.from_date, v.to_date, least(v.to_date, the_day)
	  FROM visit v
	 CROSS JOIN string_to_table(v.tasks, ',') k
	  JOIN task t ON t.round = v.round AND t.code = k
	 WHERE least(v.to_date, the_day) >= from_day
$$;
-- Past inspections from one day to another, of each object that had some: `item=date`, each date of each item. items:
-- lines `code TAB department TAB name`. A department speaks of its own items, whoever told the object (else it would be
-- visited twice), the installation of all; one for a cause is none of the cycle. Without an item it was of all items of the
-- department, or of all that the list's may speak of; an item that is not among them is none of the round's. What names no
-- premises was at the entity's own. Visits of drawn rounds count under the items of their tasks, one that a list tells of as
-- well once. They go on with a recode.
CREATE FUNCTION drawd.checks_on(from_day text, to_day text, items text, is_demo boolean)
	RETURNS TABLE (object text, checked text)
	LANGUAGE sql STABLE ROWS 100000 SET search_path = drawd, pg_temp SET enable_hashjoin = on AS $$
	WITH item AS MATERIALIZED (
		SELECT split_part(l, E'\t', 1) AS code, split_part(l, E'\t', 2) AS department, split_part(l, E'\t', 3) AS name
		  FROM string_to_table(items, E'\n') l WHERE l <> ''
	), word AS MATERIALIZED (
		SELECT i.code, i.department, w.word
		  FROM item i CROSS JOIN LATERAL (SELECT i.code UNION SELECT i.name UNION SELECT '') w (word)
	), there AS MATERIALIZED (
		SELECT coalesce(nullif(c.object, ''), c.entity) COLLATE "C" AS object, c.date, c.department, btrim(c.item) AS item,
		       b.department AS said_by
		  FROM checks_current c JOIN import_batch b ON b.id = c.batch
		 WHERE c.date BETWEEN from_day AND to_day AND c.cause <> 't'
	), line AS MATERIALIZED (
		SELECT * FROM codes_became(to_day) w WHERE w.same
	), made AS MATERIALIZED (
		SELECT * FROM there
		UNION ALL
		SELECT w.new || substr(t.object, length(w.old) + 1), t.date, t.department, t.item, t.said_by
		  FROM there t JOIN line w ON w.old = split_part(t.object, '/', 1)
	), told AS (
		SELECT m.*, btrim(said.word) AS word
		  FROM made m
		 CROSS JOIN unnest(string_to_array(translate(m.item, '，,；;', '、、、、'), '、') || m.item) said (word)
		 WHERE m.item <> '' AND btrim(said.word) <> ''
		UNION ALL
		SELECT m.*, '' FROM made m WHERE m.item = ''
	), listed AS MATERIALIZED (
		SELECT DISTINCT t.object, w.code, t.date
		  FROM told t JOIN word w ON w.word = t.word
		 WHERE (t.said_by IS NULL OR t.said_by = w.department) AND t.department IN ('', w.department)
	), drawn AS MATERIALIZED (
		SELECT v.object COLLATE "C" AS object, i.code, v.since, v.until, v.date
		  FROM visits_checked(is_demo, from_day, to_day) v JOIN item i ON i.code = v.item
	), ours AS MATERIALIZED (
		SELECT * FROM drawn
		UNION ALL
		SELECT w.new || substr(d.object, length(w.old) + 1), d.code, d.since, d.until, d.date
		  FROM drawn d JOIN line w ON w.old = split_part(d.object, '/', 1)
	), every AS (
		SELECT * FROM listed
		UNION
		SELECT o.object, o.code, o.date FROM ours o
		 WHERE NOT EXISTS (SELECT FROM listed l
			WHERE l.object = o.object AND l.code = o.code AND l.date BETWEEN o.since AND o.until)
	)
	SELECT e.object, string_agg(e.code || '=' || e.date, ',' ORDER BY e.code || '=' || e.date)
	  FROM every e GROUP BY e.object
$$;
-- What recodes say of objects: replaced, one that stands beside the one it became; of the later one the class and the past
-- inspections that the lists said last of those before it.
CREATE FUNCTION drawd.recoded_on(the_day text)
	RETURNS TABLE (object text, replaced boolean, class text, checked text)
	LANGUAGE sql STABLE ROWS 100000 SET search_path = drawd, pg_temp SET enable_hashjoin = on AS $$
	WITH line AS MATERIALIZED (
		SELECT * FROM codes_became(the_day) w WHERE w.same
	), fact AS MATERIALIZED ( -- once for a code, however many it became
		SELECT o.old, f.object, f.class, f.checked, f.batch, f.line
		  FROM (SELECT DISTINCT w.old FROM line w) o
		  JOIN entity_fact f ON f.object >= o.old AND f.object < o.old || '0'
		   AND (f.object = o.old OR starts_with(f.object, o.old || '/'))
		  JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
	), was AS MATERIALIZED (
		SELECT w.old, w.new, f.object, w.new || substr(f.object, length(w.old) + 1) AS later, f.class, f.checked, f.batch, f.line
		  FROM line w JOIN fact f ON f.old = w.old
	), ended AS (
		SELECT DISTINCT w.object
		  FROM was w JOIN succession_links(the_day) l ON l.old = w.old AND l.new = w.new AND l.ends
		 CROSS JOIN LATERAL (
			SELECT f.gone FROM entity_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
			 WHERE f.object = w.later ORDER BY f.batch DESC, f.line DESC LIMIT 1) n
		 WHERE NOT n.gone
		   AND NOT EXISTS (SELECT FROM line back WHERE back.old = w.new AND back.new = w.old) -- which is the later one?
	), said AS (
		SELECT w.later AS object,
		       (array_agg(w.class ORDER BY w.batch DESC, w.line DESC) FILTER (WHERE w.class <> ''))[1] AS class,
		       (array_agg(w.checked ORDER BY w.batch DESC, w.line DESC) FILTER (WHERE w.checked <> ''))[1] AS checked
		  FROM was w GROUP BY 1
	)
	SELECT coalesce(s.object, e.object), e.object IS NOT NULL, coalesce(s.class, ''), coalesce(s.checked, '')
	  FROM said s FULL JOIN ended e ON e.object = s.object
$$;
-- Numbers of one person: of one certificate, or with one citizen ID (which is sealed alike for all inspectors).
CREATE FUNCTION drawd.same_person() RETURNS TABLE (inspector text, other text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH RECURSIVE mark AS MATERIALIZED (
		SELECT n.inspector::text AS inspector, 'c ' || n.certificate_no AS mark FROM inspector_number n
		UNION
		SELECT f.inspector::text, 'i ' || f.id_no
		  FROM inspector_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
		 WHERE f.id_no <> ''
	), pair AS MATERIALIZED (
		SELECT a.inspector, b.inspector AS other FROM mark a JOIN mark b ON b.mark = a.mark AND b.inspector <> a.inspector
	), way AS (
		SELECT p.inspector, p.other FROM pair p
		UNION
		SELECT w.inspector, p.other FROM way w JOIN pair p ON p.inspector = w.other
	)
	SELECT w.inspector, w.other FROM way w WHERE w.inspector <> w.other
$$;
-- Rows of a batch that is being read which are worth a look once they are compared with other lists: line, what, value.
CREATE FUNCTION drawd.import_doubts(the_batch int8) RETURNS TABLE (line int8, what text, value text)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	b import_batch;
BEGIN
	SELECT * INTO b FROM import_batch WHERE id = the_batch;
	IF b.kind = 'inspectors' THEN
		RETURN QUERY
			SELECT f.line, v.what, v.value
			  FROM inspector_fact f
			 CROSS JOIN LATERAL (
				SELECT 'certificate', f.certificate_no WHERE EXISTS (
					SELECT FROM inspector_number n
					 WHERE n.certificate_no = f.certificate_no AND n.inspector <> f.inspector AND inspector_counts(n.inspector))
				UNION ALL
				SELECT 'id', '' WHERE f.id_no <> '' AND EXISTS (
					SELECT FROM inspector_fact o JOIN import_batch ob ON ob.id = o.batch AND ob.state = 'confirmed'
					 WHERE o.id_no = f.id_no AND o.inspector <> f.inspector)
				UNION ALL -- whose it was
				SELECT 'holder', (SELECT o.name || ' → ' || f.name FROM inspectors_current o
					           WHERE o.inspector = f.inspector AND o.name NOT IN ('', f.name))
				UNION ALL -- whoever is new
				SELECT 'name', f.name WHERE f.name <> '' AND NOT inspector_counts(f.inspector) AND EXISTS (
					SELECT FROM inspectors_current o
					 WHERE o.department = f.department AND o.name = f.name AND o.inspector <> f.inspector)) v (what, value)
			 WHERE f.batch = b.id AND NOT f.gone AND v.value IS NOT NULL ORDER BY f.line;
	ELSIF b.kind IN ('listings', 'exceptions') THEN
		RETURN QUERY EXECUTE format($q$
			SELECT f.line, 'named', f.name || ' ≠ ' || min(n.name)
			  FROM %I f CROSS JOIN LATERAL (
				SELECT e.name, translate(e.name, '（） 　', '()') = translate(f.name, '（） 　', '()') AS same FROM entities_current e
				 WHERE e.object = f.%I AND e.name <> '') n
			 WHERE f.batch = $1 AND NOT f.gone AND f.name <> ''
			 GROUP BY f.line, f.name HAVING NOT bool_or(n.same) ORDER BY f.line$q$,
			CASE b.kind WHEN 'listings' THEN 'listing_fact' ELSE 'exception_fact' END,
			CASE b.kind WHEN 'listings' THEN 'entity' ELSE 'code' END) USING b.id;
	ELSIF b.kind = 'successions' AND b.department IS NOT NULL THEN
		RETURN QUERY
			SELECT f.line, v.what, f.old
			  FROM succession_fact f
			 CROSS JOIN LATERAL (SELECT code_tellers(f.old) AS old, code_tellers(f.new) AS new) t
			 CROSS JOIN LATERAL (
				SELECT 'succession' WHERE NOT succession_holds(b.department, t.old || t.new)
				UNION ALL
				SELECT 'listed' WHERE f.kind = 'recode' AND succession_holds(b.department, t.old || t.new)
				   AND (b.department::text <> ALL (t.old) OR NOT t.old <@ ARRAY['', b.department::text])
				   AND EXISTS (SELECT FROM entities_current v WHERE v.object = f.old)) v (what)
			 WHERE f.batch = b.id AND NOT f.gone ORDER BY f.line;
	END IF;
	IF b.kind IN ('labels', 'listings') AND b.department::text IN (SELECT departments_beside()) THEN
		RETURN QUERY
			SELECT f.line, 'object', f.object
			  FROM (SELECT l.line, l.object FROM label_fact l WHERE l.batch = b.id AND NOT l.gone
				UNION ALL
				SELECT l.line, l.entity FROM listing_fact l WHERE l.batch = b.id AND NOT l.gone) f
			 WHERE is_others(f.object, b.department) ORDER BY f.line;
	END IF;
END
$$;
-- Does any list that counts have that inspector?
CREATE FUNCTION drawd.inspector_counts(the_inspector text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT EXISTS (SELECT FROM inspector_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
	                WHERE f.inspector = the_inspector)
$$;
-- Which of some departments may inspect on a day: those that by the table of departments do, and of which the register
-- of authorities, where it says anything, has them or an organisation authorised in its own name in force.
CREATE FUNCTION drawd.authorities_on(the_day text, departments text)
	RETURNS TABLE (department text, name text, inspects boolean, listed boolean)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT t.id, coalesce(d.name, ''), coalesce(d.inspects, false),
	       NOT EXISTS (SELECT FROM authorities_current)
		OR EXISTS (SELECT FROM authorities_current a
		            WHERE a.department = t.id AND a.kind IN ('statutory', 'authorised')
		              AND a.from_date <= the_day AND (a.until = '' OR a.until >= the_day))
	  FROM string_to_table(departments, ',') t (id) LEFT JOIN department d ON d.id = t.id
$$;

-- ---- who may call ------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION drawd.import_withdraw(int8, text), drawd.import_withdraw_others(int8, int8),
	drawd.import_match(text[], text, text), drawd.import_stage(int8, int8, int8, text), drawd.import_sweep(int8, int8)
	TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.import_confirm(int8, int8) TO drawd_web, drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.import_discard(int8), drawd.import_undo(int8, text, int8), drawd.import_again(int8)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.successions_on(text, text[]), drawd.region_renames(text), drawd.region_named(text, jsonb),
	drawd.labels_on(text, boolean), drawd.checks_on(text, text, text, boolean), drawd.visits_checked(boolean, text, text), drawd.authorities_on(text, text),
	drawd.succession_links(text), drawd.codes_became(text), drawd.is_others(text, text), drawd.recoded_on(text),
	drawd.same_person(), drawd.import_doubts(int8), drawd.code_tellers(text), drawd.succession_holds(text, text[]),
	drawd.departments_beside()
	TO drawd_worker;
