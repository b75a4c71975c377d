-- Which process may run which query, and whether those that need it are among them: after the PREPAREs
-- of queries.awk. A role may run what it can plan: PostgreSQL checks grants before the first row.
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.may(role text, query text, params int) RETURNS boolean AS $$
BEGIN
	PERFORM set_config('role', role, true);
	EXECUTE format('EXPLAIN EXECUTE %I%s', query,
		CASE WHEN params > 0 THEN '(' || array_to_string(array_fill('NULL'::text, ARRAY[params]), ',') || ')'
		ELSE '' END);
	PERFORM set_config('role', 'none', true);
	RETURN true;
EXCEPTION WHEN insufficient_privilege THEN
	RETURN false;
END
$$ LANGUAGE plpgsql;
CREATE TEMP TABLE allowed AS
SELECT split_part(name, '.', 1) AS file, split_part(name, '.', 2) AS query,
       ARRAY(SELECT r FROM unnest('{web,worker,notary,auth,owner}'::text[]) r
              WHERE pg_temp.may('drawd_' || r, name, cardinality(parameter_types))) AS roles
  FROM pg_prepared_statements WHERE name LIKE '%.%';
-- whose queries a file holds; those of base, audit, artefact and motion are of several
CREATE TEMP TABLE user_of (file text, role text);
INSERT INTO user_of VALUES ('auth', 'auth'), ('enrol', 'owner'), ('import', 'worker'), ('job', 'worker'),
	('list', 'web'), ('notary', 'notary'), ('round', 'web'), ('session', 'web'),
	('web', 'web'), ('worker', 'worker');
SELECT CASE WHEN count(*) > 100 THEN 'ok' ELSE 'not ok' END || ' there are queries to plan' FROM allowed;
SELECT CASE WHEN cardinality(a.roles) > 0 AND (u.role IS NULL OR u.role = ANY (a.roles)) THEN 'ok '
       ELSE 'not ok ' END
       || format('%s of %s: %s', a.query, a.file, coalesce(nullif(array_to_string(a.roles, ' '), ''), 'nobody'))
  FROM allowed a LEFT JOIN user_of u USING (file)
 ORDER BY a.file, a.query;
