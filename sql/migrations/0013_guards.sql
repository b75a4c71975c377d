-- What a process that was taken over cannot do: whoever runs any SQL as drawd_worker makes nothing
-- public and writes no row that no job stands behind; whoever does as drawd_web reads nothing sealed
-- without a note in the audit log.

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.clock FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('clock', 'one', '', 'ahead,fixed');

-- ---- bundles: what everybody may fetch once the round is revealed ---------------------------------

-- By the running job of that round and level alone, and no hash that is something else already.
CREATE FUNCTION drawd.bundle_put(the_job int8, the_fence int8, the_round text, the_level text,
	the_size int8, the_hash bytea) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM job
	                WHERE id = the_job AND fence = the_fence AND kind = 'bundle' AND state = 'running'
	                  AND args ->> 'round' = the_round
	                  AND coalesce(args ->> 'level', 'audit') = the_level) THEN
		PERFORM refuse('not-allowed', format('bundle: %s %s', the_round, the_level));
	ELSIF EXISTS (SELECT FROM bundle
	               WHERE sha256 = the_hash AND (round <> the_round OR level <> the_level))
		OR EXISTS (SELECT FROM round_artefact WHERE sha256 = the_hash)
		OR NOT EXISTS (SELECT FROM artefact WHERE sha256 = the_hash AND name = 'bundle') THEN
		PERFORM refuse('not-allowed', format('bundle: %s', encode(the_hash, 'hex')));
	END IF;
	INSERT INTO bundle (round, level, size, sha256)
	VALUES (the_round, the_level, the_size, the_hash) ON CONFLICT DO NOTHING;
END
$$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.bundle FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('bundle', 'round,level,size', '', 'sha256');

-- ---- rows of a draw: written once, by its job -----------------------------------------------------

CREATE FUNCTION drawd.projection_open() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM round
	                WHERE id = NEW.round AND is_drawn(state))
		OR NOT EXISTS (SELECT FROM job
		                WHERE kind IN ('draw', 'project') AND state = 'running'
		                  AND args ->> 'round' = NEW.round) THEN
		RAISE insufficient_privilege USING MESSAGE = format('no job draws round %s', NEW.round);
	END IF;
	RETURN NEW;
END
$$;
-- Only in the transaction that writes the row of projection, which is the first of them.
CREATE FUNCTION drawd.projection_rows() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	closed text;
BEGIN
	SELECT m.round INTO closed
	  FROM (SELECT DISTINCT round FROM made) m
	 WHERE NOT EXISTS (SELECT FROM projection p
	                    WHERE p.round = m.round AND p.xmin = pg_current_xact_id()::xid)
	 LIMIT 1;
	IF FOUND THEN
		RAISE insufficient_privilege USING MESSAGE = format('%s of round %s is closed', TG_TABLE_NAME, closed);
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON drawd.projection
	FOR EACH ROW WHEN (current_user = 'drawd_worker') EXECUTE FUNCTION drawd.projection_open();
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF round, bound ON drawd.projection FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('projection', 'round', '', 'bound');

-- ---- facts: under the open batch of the import that runs ------------------------------------------

-- A statement that copies facts names its batch (drawd.batch, set by the worker), which is looked at once, before
-- its rows: open, of the kind of the table, of an import that runs. What was found is kept as the last value of a
-- sequence, which is the session's own and which nobody but this function can set; each row is compared with that.
-- Collecting the rows of a statement to look at them behind it doubles the time of a large list.
CREATE SEQUENCE drawd.loading;
CREATE FUNCTION drawd.batch_open(the_batch int8, the_kind text) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT EXISTS (SELECT FROM import_batch b JOIN job j ON j.id = b.job
	                WHERE (b.id = the_batch OR the_batch IS NULL) AND b.state = 'open'
	                  AND b.kind = coalesce(the_kind, b.kind)
	                  AND j.kind = 'import' AND j.state = 'running'
	                  AND j.args ->> 'kind' = b.kind AND j.args ->> 'upload' = b.upload::text)
$$;
-- Argument: the kind of import; none: any.
CREATE FUNCTION drawd.fact_open() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	batch text := coalesce(current_setting('drawd.batch', true), '');
BEGIN
	IF batch !~ '^[0-9]{1,18}$' OR NOT batch_open(batch::int8, TG_ARGV[0]) THEN
		RAISE insufficient_privilege USING MESSAGE = format('%s: batch %s is closed', TG_TABLE_NAME, batch);
	END IF;
	PERFORM setval('loading', batch::int8);
	RETURN NULL;
END
$$;
CREATE FUNCTION drawd.fact_foreign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('%s: batch %s is not the one named', TG_TABLE_NAME, NEW.batch);
END
$$;
GRANT SELECT ON SEQUENCE drawd.loading TO drawd_loader;
-- Numbers of inspectors stand under no batch.
CREATE FUNCTION drawd.fact_numbers() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF NOT batch_open(NULL, 'inspectors') THEN
		RAISE insufficient_privilege USING MESSAGE = 'no import of inspectors runs';
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON drawd.inspector_number
	FOR EACH STATEMENT WHEN (current_user = 'drawd_loader') EXECUTE FUNCTION drawd.fact_numbers();

-- They are for the role that copies: whoever maintains the database can take a trigger away as well.
DO $$
DECLARE
	p record;
BEGIN
	FOR p IN SELECT * FROM (VALUES ('selection'), ('dropped'), ('visit'), ('slot')) AS v (name) LOOP
		EXECUTE format('CREATE TRIGGER guard AFTER INSERT ON drawd.%I REFERENCING NEW TABLE AS made '
			'FOR EACH STATEMENT WHEN (current_user = ''drawd_loader'') EXECUTE FUNCTION drawd.projection_rows()',
			p.name);
	END LOOP;
	FOR p IN SELECT 'import_error' AS tbl, '' AS kind UNION ALL
	         SELECT r.tbl, quote_literal(r.name) FROM drawd.register r LOOP
		EXECUTE format('CREATE TRIGGER guard BEFORE INSERT ON drawd.%I FOR EACH STATEMENT '
			'WHEN (current_user = ''drawd_loader'') EXECUTE FUNCTION drawd.fact_open(%s)', p.tbl, p.kind);
		EXECUTE format('CREATE TRIGGER guard_row AFTER INSERT ON drawd.%I FOR EACH ROW '
			'WHEN (current_user = ''drawd_loader'' AND NEW.batch IS DISTINCT FROM currval(''drawd.loading'')) '
			'EXECUTE FUNCTION drawd.fact_foreign()', p.tbl);
	END LOOP;
END
$$;

-- ---- content: read through a function that notes it -----------------------------------------------

-- May the asker have the file that goes back? It is what was uploaded, personal facts in the clear: of a
-- register that has such facts it is its department's, and whose upload it was.
CREATE FUNCTION drawd.returned_seen(b drawd.import_batch) RETURNS boolean
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT batch_seen(b.department, b.job) AND (
		NOT EXISTS (SELECT FROM register r WHERE r.name = b.kind AND 'personal' = ANY (r.forms))
		OR EXISTS (SELECT FROM job j WHERE j.id = b.job AND j.account = acting())
		OR CASE WHEN b.department IS NULL THEN has_role('coordinator') ELSE b.department = ANY (my_acts()) END)
$$;

-- Parts of an artefact; one row with its size where none of them is there, no row where the asker may
-- not read it. Public bundles of revealed rounds are everybody's, and not noted.
CREATE FUNCTION drawd.artefact_read(the_hash bytea, from_part int, to_part int)
	RETURNS TABLE (size int8, part int, data bytea)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	a artefact;
BEGIN
	SELECT * INTO a FROM artefact WHERE sha256 = the_hash;
	IF NOT FOUND THEN
		RETURN;
	ELSIF NOT EXISTS (SELECT FROM bundle_public WHERE sha256 = the_hash) THEN
		IF NOT sees_all() OR EXISTS (SELECT FROM import_batch b WHERE b.file = the_hash AND NOT returned_seen(b)) THEN
			RETURN;
		END IF;
		PERFORM note_read('artefact', encode(the_hash, 'hex'));
	END IF;
	RETURN QUERY
		SELECT a.size, c.part, c.data
		  FROM (SELECT 1) one
		  LEFT JOIN artefact_chunk c ON c.part_set = a.part_set AND c.part BETWEEN from_part AND to_part
		 ORDER BY c.part;
END
$$;

-- Parts of the file of an import that goes back, with its state; no row where the asker may not read it.
CREATE FUNCTION drawd.import_file_read(the_batch int8, from_part int, to_part int)
	RETURNS TABLE (state text, size int8, part int, data bytea)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	b import_batch;
BEGIN
	SELECT * INTO b FROM import_batch x WHERE x.id = the_batch AND returned_seen(x);
	IF NOT FOUND THEN
		RETURN;
	ELSIF b.file IS NULL THEN
		RETURN QUERY SELECT CASE b.file_state WHEN 'ready' THEN 'wanted' ELSE b.file_state END,
			0::int8, 0, ''::bytea;
		RETURN;
	END IF;
	IF from_part = 0 THEN
		PERFORM note_read('import', the_batch::text, coalesce(b.department, ''));
	END IF;
	RETURN QUERY
		SELECT b.file_state, a.size, c.part, c.data
		  FROM artefact a JOIN artefact_chunk c USING (part_set)
		 WHERE a.sha256 = b.file AND c.part BETWEEN from_part AND to_part
		 ORDER BY c.part;
END
$$;

-- A personal fact as it is sealed, of a row that counts; NULL where nothing is said. Who reads it says why.
CREATE FUNCTION drawd.personal_read(the_register text, the_key text, the_fact text, why text) RETURNS text
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	r register;
	sealed text;
BEGIN
	SELECT * INTO r FROM register
	 WHERE name = the_register AND forms[array_position(columns, the_fact)] = 'personal';
	IF NOT FOUND THEN
		PERFORM refuse('not-found', the_register || ' ' || the_fact);
	ELSIF coalesce(why !~ '\S' OR char_length(why) > 1000, true) THEN
		PERFORM refuse('bad-json', 'reason', 'reason');
	END IF;
	EXECUTE format('SELECT %I FROM %I WHERE %I = $1', the_fact, r.name || '_current', r.key) INTO sealed USING the_key;
	IF sealed <> '' THEN
		PERFORM audit_put('read', 'personal', concat_ws('/', r.name, the_key, the_fact), '', NULL, NULL, why, '{}');
	END IF;
	RETURN nullif(sealed, '');
END
$$;

-- ---- evidence: what is here, under its hash --------------------------------------------------------

-- Of files of up to 64 MiB, once they are complete.
CREATE FUNCTION drawd.upload_whole() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	content bytea;
BEGIN
	SELECT coalesce(string_agg(data, ''::bytea ORDER BY position), '') INTO content
	  FROM upload_piece WHERE upload = NEW.id;
	IF octet_length(content) = NEW.size THEN
		UPDATE upload SET sha256 = sha256(content) WHERE id = NEW.id AND sha256 IS NULL;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER whole AFTER UPDATE OF received ON drawd.upload FOR EACH ROW
	WHEN (NEW.received = NEW.size AND NEW.size <= 67108864)
	EXECUTE FUNCTION drawd.upload_whole();
-- Every hash of a motion's evidence is that of an artefact or of a complete file.
CREATE FUNCTION drawd.evidence_known(evidence text) RETURNS void
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	h text;
BEGIN
	FOREACH h IN ARRAY string_to_array(evidence, ',') LOOP
		IF h !~ '^[0-9a-f]{64}$' OR NOT EXISTS (
				SELECT FROM artefact WHERE sha256 = decode(h, 'hex')
				UNION ALL
				SELECT FROM upload WHERE sha256 = decode(h, 'hex') AND removed_at IS NULL) THEN
			PERFORM refuse('bad-evidence', h, 'evidence');
		END IF;
	END LOOP;
END
$$;

-- ---- who may call ----------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION drawd.bundle_put(int8, int8, text, text, int8, bytea),
	drawd.personal_read(text, text, text, text) TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.artefact_read(bytea, int, int),
	drawd.import_file_read(int8, int, int) TO drawd_web;
