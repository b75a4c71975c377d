-- Connections, transactions, the schema.

-- name: begin
BEGIN;

-- name: begin_snapshot
BEGIN ISOLATION LEVEL REPEATABLE READ;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: set_timeout
-- in: milliseconds int8
SELECT set_config('statement_timeout', $1::int8::text, false);

-- name: schema_version
SELECT coalesce(max(number), 0) AS number FROM drawd.migration;

-- name: migration_lock
SELECT pg_advisory_lock(7363417252);

-- name: migration_unlock
SELECT pg_advisory_unlock(7363417252);

-- name: migration_known
SELECT to_regclass('drawd.migration') IS NOT NULL AS known;

-- name: migration_list
SELECT number, name, sha256 FROM drawd.migration ORDER BY number;

-- name: migration_note
-- in: number int4, name text, sha256 bytea
INSERT INTO drawd.migration (number, name, sha256) VALUES ($1, $2, $3);

-- name: listen_notary
LISTEN drawd_notary;

-- name: listen_job
LISTEN drawd_job;

-- name: listen_answer
LISTEN drawd_answer;

-- For the length of a COPY a worker is the role that row-level security does not bind.
-- name: loader_on
SET LOCAL ROLE drawd_loader;

-- name: loader_off
SET LOCAL ROLE NONE;
