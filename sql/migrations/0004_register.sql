-- The register: objects, inspectors, recusals. One batch per imported file, all of whose rows are
-- written in one transaction. Facts are appended; what counts is read off them by the views *_current.

-- Counts and result are written when it ends, and then it stands: that there is a result says that
-- the batch was committed, so that a job taken again after its commit gives the same answer.
CREATE TABLE drawd.import_batch (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('entities', 'inspectors', 'recusals')),
	upload int8 NOT NULL REFERENCES drawd.upload,
	job int8 UNIQUE REFERENCES drawd.job,
	source text NOT NULL, -- where the data come from
	person text NOT NULL, -- who answers for them
	rows int8 NOT NULL DEFAULT 0,
	good int8 NOT NULL DEFAULT 0,
	bad int8 NOT NULL DEFAULT 0,
	warned int8 NOT NULL DEFAULT 0,
	encoding text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now(),
	result jsonb,
	department drawd.token REFERENCES drawd.department -- whose list it is; NULL: the whole installation's
);
CREATE INDEX import_batch_upload ON drawd.import_batch (upload);
CREATE FUNCTION drawd.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('%s %s is closed', TG_TABLE_NAME, OLD.id);
END
$$;
CREATE TRIGGER import_closed BEFORE UPDATE ON drawd.import_batch
	FOR EACH ROW WHEN (OLD.result IS NOT NULL) EXECUTE FUNCTION drawd.refuse_change();

-- A batch is of the department that asked for its job.
CREATE FUNCTION drawd.stamp_batch() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	NEW.department := (SELECT department FROM job WHERE id = NEW.job);
	RETURN NEW;
END
$$;
CREATE TRIGGER a_stamp BEFORE INSERT ON drawd.import_batch
	FOR EACH ROW EXECUTE FUNCTION drawd.stamp_batch();

-- How far a batch is, is known from its result and its job.
CREATE VIEW drawd.import_current WITH (security_invoker = true) AS
	SELECT b.*, CASE WHEN b.result IS NOT NULL THEN 'done' ELSE coalesce(j.state, 'queued') END AS state
	  FROM drawd.import_batch b
	  LEFT JOIN drawd.job j ON j.id = b.job;

CREATE TABLE drawd.import_error (
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	ordinal int8 NOT NULL, -- 1, 2, … in the order of the file
	line int8 NOT NULL,
	col text NOT NULL,
	value text NOT NULL,
	code text NOT NULL, -- name of an error of the error table
	detail text NOT NULL DEFAULT '',
	severity text NOT NULL CHECK (severity IN ('error', 'warning')),
	PRIMARY KEY (batch, ordinal)
);

-- ---- objects -----------------------------------------------------------------------------------

-- Facts about objects, with columns as PROTOCOL.md §5 has them: what a file said. Empty is "unknown",
-- NULL is a column the file does not have, of which what was said before stands. Source, person and
-- time of a fact are those of its batch.
-- No domain and no foreign key here: they would cost two thirds of an import's time. The worker checks
-- every object id, and the batch is the one it writes in the same transaction.
CREATE TABLE drawd.entity_fact (
	object text COLLATE "C" NOT NULL CHECK (octet_length(object) BETWEEN 1 AND 55),
	batch int8 NOT NULL, -- of import_batch
	line int8 NOT NULL,
	entity text COLLATE "C" NOT NULL DEFAULT '',
	name text NOT NULL DEFAULT '',
	kind text,
	industry text,
	region text,
	established text, -- YYYY-MM-DD
	status text,
	since text, -- YYYY-MM-DD
	class text,
	labels text, -- a,b,… ascending
	checked text, -- item=YYYY-MM-DD,… ascending
	address text,
	scope text,
	x text, -- micro-degrees
	y text,
	matched text NOT NULL DEFAULT '' -- labels by rules on name, scope and industry
);
CREATE INDEX entity_fact_current ON drawd.entity_fact (object, batch DESC, line DESC);
CREATE INDEX entity_fact_batch ON drawd.entity_fact USING brin (batch); -- costs a COPY nothing

-- Of values in descending order of batches the first that is not NULL.
CREATE FUNCTION drawd.keep_first(anyelement, anyelement) RETURNS anyelement
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE AGGREGATE drawd.last_said(anyelement) (SFUNC = drawd.keep_first, STYPE = anyelement);

-- What the code of an entity tells: 登记管理部门 and 类别 (GB 32100-2015), and 登记管理机关行政区划.
CREATE FUNCTION drawd.kind_of_code(code text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN code !~ '^[0-9A-HJ-NP-RTUW-Y]{18}$' THEN ''
		WHEN left(code, 2) = '91' THEN 'enterprise'
		WHEN left(code, 2) = '92' THEN 'individual'
		WHEN left(code, 2) = '93' THEN 'cooperative'
		WHEN left(code, 2) IN ('21', '61', '62') THEN 'office'
		ELSE 'other'
	END
$$;
CREATE FUNCTION drawd.region_of_code(code text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN code ~ '^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$' THEN substr(code, 3, 6)
		ELSE ''
	END
$$;

-- Lists of PROTOCOL.md §5 as one.
CREATE FUNCTION drawd.join_lists(VARIADIC lists text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(string_agg(DISTINCT m COLLATE "C", ',' ORDER BY m COLLATE "C"), '')
	  FROM unnest(lists) AS list, string_to_table(list, ',') AS m
	 WHERE m <> ''
$$;

-- The last fact of every object; what it leaves unsaid comes from the facts before it (p, looked up
-- only then). Labels by rules stand until a file has the column again in which they were found.
CREATE VIEW drawd.entity_current WITH (security_invoker = true) AS
SELECT f.object, f.batch, f.line, f.entity, f.name,
       coalesce(nullif(coalesce(f.kind, p.kind), ''), drawd.kind_of_code(f.entity)) AS kind,
       coalesce(f.industry, p.industry, '') AS industry,
       coalesce(nullif(coalesce(f.region, p.region), ''), drawd.region_of_code(f.entity)) AS region,
       coalesce(f.established, p.established, '') AS established,
       coalesce(f.status, p.status, '') AS status,
       coalesce(f.since, p.since, '') AS since,
       coalesce(f.class, p.class, '') AS class,
       CASE
		WHEN coalesce(f.labels, p.labels, '') = '' AND NOT f.partial THEN f.matched
		WHEN f.matched = '' AND NOT f.partial THEN f.labels
		ELSE drawd.join_lists(coalesce(f.labels, p.labels), f.matched, p.by_scope, p.by_industry)
       END AS labels,
       coalesce(f.checked, p.checked, '') AS checked,
       coalesce(f.address, p.address, '') AS address,
       coalesce(f.scope, p.scope, '') AS scope,
       nullif(coalesce(f.x, p.x), '')::int8 AS x,
       nullif(coalesce(f.y, p.y), '')::int8 AS y
  FROM (SELECT *, row_number() OVER latest AS nth,
	       lead(batch) OVER latest IS NOT NULL AND
	       num_nulls(kind, industry, region, established, status, since, class, labels, checked,
			address, scope, x, y) > 0 AS partial
	  FROM drawd.entity_fact
	WINDOW latest AS (PARTITION BY object ORDER BY batch DESC, line DESC)) f
 CROSS JOIN LATERAL (
	SELECT drawd.last_said(kind) AS kind, drawd.last_said(industry) AS industry,
	       drawd.last_said(region) AS region, drawd.last_said(established) AS established,
	       drawd.last_said(status) AS status, drawd.last_said(since) AS since,
	       drawd.last_said(class) AS class, drawd.last_said(labels) AS labels,
	       drawd.last_said(matched) FILTER (WHERE scope IS NOT NULL) AS by_scope,
	       drawd.last_said(matched) FILTER (WHERE industry IS NOT NULL) AS by_industry,
	       drawd.last_said(checked) AS checked, drawd.last_said(address) AS address,
	       drawd.last_said(scope) AS scope, drawd.last_said(x) AS x, drawd.last_said(y) AS y
	  FROM (SELECT * FROM drawd.entity_fact e
	         WHERE e.object = f.object AND f.partial
	         ORDER BY e.batch DESC, e.line DESC) said) p
 WHERE f.nth = 1;

-- Rows of a file that turn out to contradict each other are taken back by the transaction that wrote
-- them (xmin), before it commits: no fact that anybody else could read is ever deleted.
CREATE FUNCTION drawd.import_withdraw(the_batch int8, objects text[]) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH gone AS (
		DELETE FROM entity_fact
		 WHERE batch = the_batch AND object = ANY (objects)
		   AND xmin = pg_current_xact_id()::xid
		RETURNING 1
	)
	SELECT count(*) FROM gone
$$;

-- So are rows of a department's file about objects that are not its own: whose last fact came from a
-- list of another department or of the whole installation. A list of the whole installation may speak
-- of every object. Gives those of the first `most` lines, each with the count of all.
CREATE FUNCTION drawd.import_withdraw_others(the_batch int8, most int8)
	RETURNS TABLE (object text, line int8, gone int8)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	ours text := (SELECT department FROM import_batch WHERE id = the_batch);
BEGIN
	-- where nobody else ever handed in a list, no row need be looked at
	IF ours IS NULL OR NOT EXISTS (SELECT FROM import_batch b
	                                WHERE b.kind = 'entities' AND b.result IS NOT NULL
	                                  AND b.department IS DISTINCT FROM ours) THEN
		RETURN;
	END IF;
	RETURN QUERY
	WITH withdrawn AS (
		DELETE FROM entity_fact f
		 WHERE f.batch = the_batch AND f.xmin = pg_current_xact_id()::xid
		   AND (SELECT b.department IS DISTINCT FROM ours
		          FROM entity_fact e LEFT JOIN import_batch b ON b.id = e.batch
		         WHERE e.object = f.object AND e.batch <> the_batch
		         ORDER BY e.batch DESC, e.line DESC
		         LIMIT 1)
		RETURNING f.object, f.line
	)
	SELECT w.object, w.line, count(*) OVER () FROM withdrawn w ORDER BY w.line LIMIT most;
END
$$;

-- ---- inspectors and recusals -------------------------------------------------------------------

-- Opaque ids (SCJG-0001), given once and for ever; the certificate number never leaves this house.
CREATE TABLE drawd.inspector_number (
	department drawd.token NOT NULL REFERENCES drawd.department,
	certificate_no text COLLATE "C" NOT NULL,
	inspector drawd.inspector_id NOT NULL UNIQUE,
	PRIMARY KEY (department, certificate_no)
);
CREATE TABLE drawd.inspector_fact (
	inspector drawd.inspector_id NOT NULL,
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	line int8 NOT NULL,
	department drawd.token NOT NULL,
	name text NOT NULL DEFAULT '',
	certificate_no text NOT NULL DEFAULT '',
	certificate text NOT NULL DEFAULT '', -- valid until, YYYY-MM-DD
	regions text, -- prefix list
	items text, -- list of tokens or *
	leave text, -- YYYY-MM-DD..YYYY-MM-DD,…
	lim int CHECK (lim BETWEEN 0 AND 9999),
	active boolean
);
CREATE INDEX inspector_fact_current ON drawd.inspector_fact (inspector, batch DESC, line DESC);
CREATE VIEW drawd.inspector_current WITH (security_invoker = true) AS
SELECT inspector, max(batch) AS batch, drawd.last_said(line) AS line,
       drawd.last_said(department) AS department, drawd.last_said(name) AS name,
       drawd.last_said(certificate_no) AS certificate_no,
       drawd.last_said(certificate) AS certificate,
       coalesce(drawd.last_said(regions), '*') AS regions,
       coalesce(drawd.last_said(items), '*') AS items,
       coalesce(drawd.last_said(leave), '') AS leave,
       coalesce(drawd.last_said(lim), 0) AS lim,
       coalesce(drawd.last_said(active), true) AS active
  FROM (SELECT * FROM drawd.inspector_fact ORDER BY inspector, batch DESC, line DESC) f
 GROUP BY inspector;

-- From a file, or from a motion (0007).
CREATE TABLE drawd.recusal_fact (
	inspector drawd.inspector_id NOT NULL,
	subject drawd.object_id NOT NULL, -- an object or an entity
	ground text NOT NULL DEFAULT '',
	since text NOT NULL DEFAULT '',
	batch int8 REFERENCES drawd.import_batch,
	line int8 NOT NULL DEFAULT 0
);
CREATE INDEX recusal_fact_current ON drawd.recusal_fact (inspector, subject, batch DESC, line DESC);

-- ---- who may what ------------------------------------------------------------------------------

-- Web: classes, labels, addresses, certificate numbers and leave stay between the file and the frame.
GRANT SELECT ON drawd.import_batch, drawd.import_current, drawd.import_error, drawd.recusal_fact
	TO drawd_web;
GRANT SELECT (object, batch, line, entity, name) ON drawd.entity_fact TO drawd_web;
GRANT SELECT (inspector, batch, line, department, name) ON drawd.inspector_fact TO drawd_web;
GRANT SELECT (inspector, department) ON drawd.inspector_number TO drawd_web;

GRANT SELECT ON drawd.import_batch, drawd.import_error, drawd.entity_fact, drawd.entity_current,
	drawd.inspector_number, drawd.inspector_fact, drawd.inspector_current, drawd.recusal_fact
	TO drawd_worker;
GRANT INSERT (kind, upload, job, source, person, rows, good, bad, warned, encoding)
	ON drawd.import_batch TO drawd_worker;
GRANT UPDATE (rows, good, bad, warned, encoding, result) ON drawd.import_batch TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.last_said(anyelement), drawd.kind_of_code(text),
	drawd.region_of_code(text), drawd.join_lists(text[]), drawd.import_withdraw(int8, text[]),
	drawd.import_withdraw_others(int8, int8)
	TO drawd_worker;
-- what a worker copies
GRANT INSERT ON drawd.import_error, drawd.entity_fact, drawd.inspector_number, drawd.inspector_fact
	TO drawd_loader;
GRANT INSERT (inspector, subject, ground, since, batch, line) ON drawd.recusal_fact TO drawd_loader;
