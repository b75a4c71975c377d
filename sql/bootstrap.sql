-- Roles and database of an installation. A superuser runs this once, and it may be run again:
--   psql -v database=drawd -f sql/bootstrap.sql
-- Every process connects as its own role over a Unix socket (peer), nobody by password.
\set ON_ERROR_STOP on
\if :{?database}
\else
\set database drawd
\endif

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', role)
  FROM unnest(ARRAY['drawd_owner', 'drawd_notary', 'drawd_web', 'drawd_worker', 'drawd_auth',
                    'drawd_reader']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

-- PostgreSQL copies into no table under row-level security but for a role that it does not bind. This
-- one may only insert what a worker copies (sql/migrations/0004_register.sql, 0005_rounds.sql); nobody connects as it, and
-- drawd_worker takes its place for the length of a COPY (daemon/db.c).
SELECT 'CREATE ROLE drawd_loader NOLOGIN NOINHERIT BYPASSRLS'
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'drawd_loader')
\gexec
SELECT 'GRANT drawd_loader TO drawd_worker'
 WHERE NOT pg_has_role('drawd_worker', 'drawd_loader', 'MEMBER')
\gexec

ALTER ROLE drawd_owner SET search_path = drawd;
ALTER ROLE drawd_notary SET search_path = drawd;
ALTER ROLE drawd_web SET search_path = drawd;
ALTER ROLE drawd_worker SET search_path = drawd;
ALTER ROLE drawd_auth SET search_path = drawd;
ALTER ROLE drawd_reader SET search_path = drawd;

-- Registers are read in the order of their keys, a page or a whole freeze: by the index, not by a sort of
-- everything. Solid state disks and memory do not mind.
ALTER ROLE drawd_web SET random_page_cost = 1.1;
ALTER ROLE drawd_worker SET random_page_cost = 1.1;

SELECT format('CREATE DATABASE %I OWNER drawd_owner ENCODING ''UTF8'' TEMPLATE template0',
              :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database"
   TO drawd_owner, drawd_notary, drawd_web, drawd_worker, drawd_auth, drawd_reader;

-- Large objects belong to no schema, so no grant of ours would keep a role from filling the disk with
-- them.
\connect :"database"
SELECT format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', oid::regprocedure)
  FROM pg_proc
 WHERE pronamespace = 'pg_catalog'::regnamespace
   AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite'))
\gexec
