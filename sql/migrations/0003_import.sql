-- Imports. The result of a batch stands with it, so that a job taken again after its commit gives
-- the same answer; that there is one says that the batch was committed.
ALTER TABLE drawd.import_batch ADD COLUMN result jsonb;
GRANT UPDATE (result) ON drawd.import_batch TO drawd_worker;

-- How far a batch is, is known from its result and its job.
ALTER TABLE drawd.import_batch DROP COLUMN state;
CREATE VIEW drawd.import_current AS
	SELECT b.*, CASE WHEN b.result IS NOT NULL THEN 'done' ELSE coalesce(j.state, 'queued') END AS state
	  FROM drawd.import_batch b
	  LEFT JOIN drawd.job j ON j.id = b.job;
GRANT SELECT ON drawd.import_current TO drawd_web;

-- Source, person and time of a fact are those of its batch.
DROP VIEW drawd.entity_current, drawd.inspector_current;
ALTER TABLE drawd.entity_fact DROP COLUMN source, DROP COLUMN person, DROP COLUMN recorded_at;
ALTER TABLE drawd.inspector_fact DROP COLUMN source, DROP COLUMN person, DROP COLUMN recorded_at;
ALTER TABLE drawd.recusal_fact DROP COLUMN recorded_at;
ALTER TABLE drawd.upload DROP COLUMN sha256;

-- A fact is what a file said: empty is "unknown", NULL is a column the file does not have, of which
-- what was said before stands.
ALTER TABLE drawd.entity_fact
	ALTER kind DROP NOT NULL, ALTER kind DROP DEFAULT,
	ALTER industry DROP NOT NULL, ALTER industry DROP DEFAULT,
	ALTER region DROP NOT NULL, ALTER region DROP DEFAULT,
	ALTER established DROP NOT NULL, ALTER established DROP DEFAULT,
	ALTER status DROP NOT NULL, ALTER status DROP DEFAULT,
	ALTER since DROP NOT NULL, ALTER since DROP DEFAULT,
	ALTER class DROP NOT NULL, ALTER class DROP DEFAULT,
	ALTER labels DROP NOT NULL, ALTER labels DROP DEFAULT,
	ALTER checked DROP NOT NULL, ALTER checked DROP DEFAULT,
	ALTER address DROP NOT NULL, ALTER address DROP DEFAULT,
	ALTER scope DROP NOT NULL, ALTER scope DROP DEFAULT,
	ALTER x TYPE text, ALTER y TYPE text, -- micro-degrees
	ADD COLUMN matched text NOT NULL DEFAULT ''; -- labels by rules on name, scope and industry
ALTER TABLE drawd.inspector_fact
	ALTER regions DROP NOT NULL, ALTER regions DROP DEFAULT,
	ALTER items DROP NOT NULL, ALTER items DROP DEFAULT,
	ALTER leave DROP NOT NULL, ALTER leave DROP DEFAULT,
	ALTER lim DROP NOT NULL, ALTER lim DROP DEFAULT,
	ALTER active DROP NOT NULL, ALTER active DROP DEFAULT;

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
CREATE VIEW drawd.entity_current AS
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
CREATE VIEW drawd.inspector_current AS
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
GRANT SELECT ON drawd.entity_current, drawd.inspector_current TO drawd_web, drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.last_said(anyelement), drawd.kind_of_code(text),
	drawd.region_of_code(text), drawd.join_lists(text[])
	TO drawd_worker;

-- A result once told stands.
CREATE FUNCTION drawd.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('%s %s is closed', TG_TABLE_NAME, OLD.id);
END
$$;
CREATE TRIGGER import_closed BEFORE UPDATE ON drawd.import_batch
	FOR EACH ROW WHEN (OLD.result IS NOT NULL) EXECUTE FUNCTION drawd.refuse_change();

-- Rows of a file that turn out to contradict each other are taken back by the transaction that wrote
-- them (xmin), before it commits: no fact that anybody else could read is ever deleted.
CREATE FUNCTION drawd.import_withdraw(the_batch int8, objects text[]) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH gone AS (
		DELETE FROM drawd.entity_fact
		 WHERE batch = the_batch AND object = ANY (objects)
		   AND xmin = pg_current_xact_id()::xid
		RETURNING 1
	)
	SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION drawd.import_withdraw(int8, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drawd.import_withdraw(int8, text[]) TO drawd_worker;
