-- Which job is taken next: accounts take turns, figures wait, what failed waits. Behind the prepared statements of
-- sql/queries/job.sql (tests/db/database.sh).
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
SELECT * FROM no_plan();
-- accounts of nobody
SET session_replication_role = replica;
INSERT INTO account (id, kind, person, name, os_user)
SELECT 'clerk-' || n, 'person', 'P' || n, n, 'clerk-' || n FROM unnest(ARRAY['a', 'b', 'c']) n;
INSERT INTO job (kind, dedup, account)
SELECT 'import', 'a' || n, 'clerk-a' FROM generate_series(1, 5) n;
INSERT INTO job (kind, dedup, account) VALUES
	('quality', 'q', NULL), ('import', 'b1', 'clerk-b'), ('import', 'b2', 'clerk-b'), ('project', 'p', NULL),
	('import', 'c1', 'clerk-c');
SET session_replication_role = origin;

CREATE FUNCTION pg_temp.take() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	took record;
BEGIN
	EXECUTE 'EXECUTE "job.job_take" (60)' INTO took;
	IF took.id IS NULL THEN
		RETURN NULL;
	END IF;
	EXECUTE format('EXECUTE "job.job_done" (%s, %s, NULL)', took.id, took.fence);
	RETURN (SELECT dedup FROM job WHERE id = took.id);
END
$$;
SELECT is((SELECT string_agg(pg_temp.take(), ' ') FROM generate_series(1, 10)), 'a1 b1 p c1 a2 b2 a3 a4 a5 q',
	'five jobs of one account hold up nobody else''s, and figures come last');

-- a full disk: another attempt later
INSERT INTO job (kind, dedup) VALUES ('project', 'full'), ('project', 'other');
EXECUTE "job.job_take" (60) \gset
EXECUTE "job.job_release" (:id, :fence, 0, 3600);
SELECT is((SELECT concat_ws(' ', state, attempts, not_before > now() + interval '3590 seconds') FROM job WHERE dedup = 'full'),
	'queued 1 t', 'what failed waits for its next attempt');
SELECT is(pg_temp.take(), 'other', 'and others are taken meanwhile');
SELECT is(pg_temp.take(), NULL, 'it is not');
UPDATE job SET not_before = now() - interval '1 second' WHERE dedup = 'full';
SELECT is(pg_temp.take(), 'full', 'until its time has come');
SELECT * FROM finish();
