-- Roles and database of an installation. A superuser runs this once, and it may be run again:
--   psql -v database=drawd -f sql/bootstrap.sql
-- Every process connects as its own role over a Unix socket (peer), nobody by password.
\set ON_ERROR_STOP on
\if :{?database}
\else
\set database drawd
\endif

SELECT format('CREATE ROLE %I LOGIN NOINHERIT', role)
  FROM unnest(ARRAY['drawd_owner', 'drawd_notary', 'drawd_web', 'drawd_worker', 'drawd_reader'])
       AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec

ALTER ROLE drawd_owner SET search_path = drawd;
ALTER ROLE drawd_notary SET search_path = drawd;
ALTER ROLE drawd_web SET search_path = drawd;
ALTER ROLE drawd_worker SET search_path = drawd;
ALTER ROLE drawd_reader SET search_path = drawd;

SELECT format('CREATE DATABASE %I OWNER drawd_owner ENCODING ''UTF8'' TEMPLATE template0',
              :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database')
\gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database"
   TO drawd_owner, drawd_notary, drawd_web, drawd_worker, drawd_reader;

-- Large objects belong to no schema, so no grant of ours would keep a role from filling the disk with
-- them.
\connect :"database"
SELECT format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', oid::regprocedure)
  FROM pg_proc
 WHERE pronamespace = 'pg_catalog'::regnamespace
   AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite'))
\gexec
