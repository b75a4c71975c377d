-- The ground of the schema. Each file after it tells one subject, with its tables, functions and
-- grants: people, work, register, rounds, context (who is asking), motion, audit, lists, rows
-- (row-level security of every table), carry (what motions do), round (how they begin).
--
-- Rows are never changed unless the table's comment says so, and deleted only where it does; grants
-- prove it. Times of the protocol are int8 seconds since 1970 that the processes hand in; database time
-- serves leases, sessions and the "when" columns of the house (created_at …), never a rule.
CREATE SCHEMA IF NOT EXISTS drawd;
GRANT USAGE ON SCHEMA drawd
	TO drawd_notary, drawd_web, drawd_worker, drawd_auth, drawd_loader, drawd_reader;
-- What is made here is nobody's until it is granted; PostgreSQL would let everybody call functions.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE IF NOT EXISTS drawd.migration (
	number int PRIMARY KEY,
	name text NOT NULL,
	sha256 bytea NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
);
-- every process checks the version of the schema
GRANT SELECT ON drawd.migration TO drawd_notary, drawd_web, drawd_worker, drawd_auth, drawd_reader;

CREATE DOMAIN drawd.hash AS bytea CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN drawd.day AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');
CREATE DOMAIN drawd.token AS text CHECK (VALUE ~ '^[a-z0-9-]{1,32}$');
CREATE DOMAIN drawd.round_id AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{4}-[0-9]{4}$');
CREATE DOMAIN drawd.object_id AS text COLLATE "C" CHECK (VALUE ~ '^[0-9A-Z:./-]{1,55}$');
CREATE DOMAIN drawd.inspector_id AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z0-9-]{1,32}$');

-- Wakes: polling every second is the safety net.
CREATE FUNCTION drawd.wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify(TG_ARGV[0], TG_TABLE_NAME);
	RETURN NULL;
END
$$;
