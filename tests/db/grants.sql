-- Who may do what, for every role and every table, and a few doors tried by hand.
-- Letters: S select, I insert, U update, each with its columns where it is not the whole table.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;

-- an import that is over
INSERT INTO upload (name, size) VALUES ('x', 0);
INSERT INTO job (kind, args) VALUES ('import', '{}');
INSERT INTO import_batch (kind, upload, job, source, person) SELECT 'entities', max(u.id), max(j.id), 's', 'p'
  FROM upload u, job j;
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT 'T0001' || i, max(id), i, '', 'x' FROM import_batch, generate_series(1, 3) i GROUP BY i;
BEGIN;

CREATE TEMP TABLE expected (relation text, role text, rights text);
INSERT INTO expected VALUES
	('approval', 'notary', 'S'), ('approval', 'web', 'S I'), ('approval', 'worker', 'S'),
	('artefact', 'notary', 'S I'), ('artefact', 'web', 'S'), ('artefact', 'worker', 'S I'),
	('artefact_chunk', 'notary', 'S I'), ('artefact_chunk', 'web', 'S'),
	('artefact_chunk', 'worker', 'S I'),
	('bundle', 'web', 'S'), ('bundle', 'worker', 'S I'),
	('checkpoint', 'notary', 'S I U(cosigned,cosigned_at)'), ('checkpoint', 'web', 'S'),
	('checkpoint', 'worker', 'S'), ('checkpoint', 'reader', 'S'),
	('entity_current', 'web', 'S'), ('entity_current', 'worker', 'S'),
	('entity_fact', 'web', 'S'), ('entity_fact', 'worker', 'S I'),
	('import_batch', 'web', 'S'),
	('import_batch', 'worker', 'S I(bad,encoding,good,job,kind,person,rows,source,upload,warned)'
		' U(bad,encoding,good,result,rows,warned)'),
	('import_current', 'web', 'S'),
	('import_error', 'web', 'S'), ('import_error', 'worker', 'S I'),
	('inspector_current', 'web', 'S'), ('inspector_current', 'worker', 'S'),
	('inspector_fact', 'web', 'S'), ('inspector_fact', 'worker', 'S I'),
	('inspector_number', 'web', 'S'), ('inspector_number', 'worker', 'S I'),
	('job', 'notary', 'S'), ('job', 'web', 'S I(args,dedup,kind)'),
	('job', 'worker', 'S U(attempts,done,error,fence,finished_at,lease_until,note,result,state,total)'),
	('key_request', 'notary', 'S U(error,sealed)'),
	('key_request', 'worker', 'S I(purpose,round,worker_key)'),
	('log_entry', 'notary', 'S I'), ('log_entry', 'web', 'S'), ('log_entry', 'worker', 'S'),
	('log_entry', 'reader', 'S'),
	('log_head', 'notary', 'S U(frontier,published,root,size)'), ('log_head', 'web', 'S'),
	('log_head', 'worker', 'S'), ('log_head', 'reader', 'S'),
	('log_tile', 'notary', 'S I U(hashes)'), ('log_tile', 'web', 'S'), ('log_tile', 'worker', 'S'),
	('log_tile', 'reader', 'S'),
	('migration', 'notary', 'S'), ('migration', 'web', 'S'), ('migration', 'worker', 'S'),
	('migration', 'reader', 'S'),
	('projection', 'web', 'S'), ('projection', 'worker', 'S I(bound,round)'),
	('proposal', 'notary', 'S U(entry,error,state)'),
	('proposal', 'web', 'S I(attestations,body,created_by,kind,place,round)'),
	('proposal', 'worker', 'S I(artefacts,body,created_by,job,kind,place,round)'),
	('recusal_fact', 'web', 'S'), ('recusal_fact', 'worker', 'S I'),
	('round', 'notary', 'S U(state)'),
	('round', 'web', 'S I(created_by,delta,demo,departments,disclosure,draw_deadline,id,policy,'
		'policy_name,policy_source,pulses,results_due,reveal_after)'),
	('round', 'worker', 'S'),
	('round', 'reader', 'S(delta,demo,disclosure,draw_deadline,id,pulses,results_due,reveal_after,'
		'state)'),
	('round_artefact', 'notary', 'S I'), ('round_artefact', 'web', 'S'),
	('round_artefact', 'worker', 'S'),
	('secret', 'notary', 'S I'),
	('selection', 'web', 'S'), ('selection', 'worker', 'S I'),
	('slot', 'web', 'S'), ('slot', 'worker', 'S I'),
	('upload', 'web', 'S I(name,size) U(received)'), ('upload', 'worker', 'S'),
	('upload_piece', 'web', 'S I'), ('upload_piece', 'worker', 'S'),
	('visit', 'web', 'S'), ('visit', 'worker', 'S I');

-- "S", "S(a,b)" or nothing, for one verb
CREATE FUNCTION pg_temp.right_of(role text, relation oid, verb text) RETURNS text AS $$
	SELECT CASE
		WHEN has_table_privilege(role, relation, verb) THEN left(verb, 1)
		WHEN verb NOT IN ('SELECT', 'INSERT', 'UPDATE') THEN NULL
		ELSE (SELECT left(verb, 1) || '(' || string_agg(attname, ',' ORDER BY attname) || ')'
		        FROM pg_attribute
		       WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
		         AND has_column_privilege(role, relation, attnum, verb))
	END
$$ LANGUAGE sql;

CREATE TEMP VIEW actual AS
	SELECT c.relname::text AS relation, r AS role,
	       concat_ws(' ', pg_temp.right_of('drawd_' || r, c.oid, 'SELECT'),
			pg_temp.right_of('drawd_' || r, c.oid, 'INSERT'),
			pg_temp.right_of('drawd_' || r, c.oid, 'UPDATE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'DELETE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'TRUNCATE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'TRIGGER'),
			pg_temp.right_of('drawd_' || r, c.oid, 'REFERENCES')) AS rights
	  FROM pg_class c, unnest(ARRAY['notary', 'web', 'worker', 'reader']) r
	 WHERE c.relnamespace = 'drawd'::regnamespace AND c.relkind IN ('r', 'v', 'p', 'm');

SELECT plan((SELECT count(*)::int FROM actual) + 33);
SELECT is(a.rights, coalesce(e.rights, ''), format('%s on %s', a.role, a.relation))
  FROM actual a LEFT JOIN expected e USING (relation, role)
 ORDER BY a.relation, a.role;
SELECT is((SELECT count(*) FROM expected e LEFT JOIN actual a USING (relation, role)
            WHERE a.relation IS NULL), 0::bigint, 'every expected table is there');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'drawd'::regnamespace
              AND relkind IN ('r', 'v') AND pg_get_userbyid(relowner) <> 'drawd_owner'), 0::bigint,
	'drawd_owner owns every table');
SELECT is((SELECT count(*) FROM pg_roles WHERE rolname LIKE 'drawd\_%'
              AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)),
	0::bigint, 'no role is more than a role');
SELECT is((SELECT count(*) FROM pg_class c WHERE relnamespace = 'drawd'::regnamespace
              AND has_table_privilege('public', c.oid, 'SELECT')), 0::bigint, 'PUBLIC reads nothing');

-- the doors
INSERT INTO upload (name, size) VALUES ('x', 0);
INSERT INTO round (id, demo, policy, departments, pulses, delta, draw_deadline, reveal_after,
	results_due, created_by)
VALUES ('2026-0001', true, E'cycle.from\t2026-01-01\ncycle.to\t2026-12-31\n', 'a', 'dice:1:1', 0, 9,
	'2026-01-01', '2026-01-01', 't');
SELECT is(cycle_from || ' ' || cycle_to, '2026-01-01 2026-12-31', 'the cycle is read off the policy')
  FROM round;

SELECT throws_ok($$UPDATE drawd.round SET delta = 300$$, '23514', NULL,
	'a delta of a demo round is 0 or at least 600');
SELECT lives_ok($$UPDATE drawd.round SET delta = 600$$, 'a demo round may take the delta of others');

SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT drawd.queue_projections()$$, '42501', NULL,
	'web does not queue what a worker finds missing');
SELECT throws_ok($$UPDATE drawd.round SET state = 'frozen'$$, '42501', NULL,
	'web cannot change a state');
SELECT throws_ok($$UPDATE drawd.round SET policy = ''$$, '42501', NULL,
	'web cannot edit a policy');
SELECT throws_ok($$INSERT INTO drawd.log_entry (idx) VALUES (0)$$, '42501', NULL,
	'web cannot write the log');
SELECT throws_ok($$SELECT * FROM drawd.secret$$, '42501', NULL,
	'web sees no secret');
SELECT throws_ok($$SELECT * FROM drawd.key_request$$, '42501', NULL,
	'web sees no request for keys');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'draw')$$, '42501', NULL,
	'web cannot propose a draw');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind, state) VALUES ('2026-0001', 'lock',
	'accepted')$$, '42501', NULL,
	'web cannot decide');
SELECT lives_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'lock')$$,
	'web asks for a lock');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'lock')$$, '23505', NULL,
	'a second lock is refused');
SELECT throws_ok($$DELETE FROM drawd.proposal$$, '42501', NULL,
	'web cannot take back');
SET LOCAL ROLE drawd_worker;
SELECT throws_ok($$UPDATE drawd.round SET state = 'drawn'$$, '42501', NULL,
	'a worker cannot change a state');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'reveal')$$, '42501', NULL,
	'a worker cannot propose a reveal');
SELECT throws_ok($$UPDATE drawd.proposal SET state = 'accepted'$$, '42501', NULL,
	'a worker cannot decide');
SELECT throws_ok($$UPDATE drawd.entity_fact SET name = ''$$, '42501', NULL,
	'a worker cannot edit the register');
-- what was committed, with a result or without one, is not withdrawn
SELECT is(import_withdraw((SELECT max(id) FROM import_batch), ARRAY['T00011', 'T00012', 'T00013']), 0::bigint,
	'a worker does not withdraw facts of another transaction');
UPDATE import_batch SET result = '{}';
SELECT throws_ok($$UPDATE drawd.import_batch SET result = NULL$$, '42501', NULL,
	'a worker does not reopen an import');
SELECT throws_ok($$UPDATE drawd.import_batch SET good = 1$$, '42501', NULL,
	'nor change what it told');
SELECT is(import_withdraw((SELECT max(id) FROM import_batch), ARRAY['T00011', 'T00012', 'T00013']), 0::bigint,
	'nothing of a closed import goes');
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT 'T00014', max(id), 4, '', 'x' FROM import_batch;
SELECT is(import_withdraw((SELECT max(id) FROM import_batch), ARRAY['T00013', 'T00014']), 1::bigint,
	'a worker withdraws what it wrote itself just now');
SELECT throws_ok($$SELECT lo_create(0)$$, '42501', NULL, 'a worker makes no large object');
SELECT throws_ok($$SELECT lo_from_bytea(0, 'x')$$, '42501', NULL, 'nor one from bytes');
SELECT is((SELECT count(*) FROM pg_proc p, unnest(ARRAY['notary', 'web', 'worker', 'reader']) r
            WHERE p.pronamespace = 'pg_catalog'::regnamespace
              AND (p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite'))
              AND has_function_privilege('drawd_' || r, p.oid, 'EXECUTE')), 0::bigint,
	'nobody has anything of large objects');
SET LOCAL ROLE drawd_notary;
SELECT throws_ok($$UPDATE drawd.round SET policy = ''$$, '42501', NULL,
	'the notary cannot edit a policy');
SELECT throws_ok($$UPDATE drawd.log_entry SET note = ''$$, '42501', NULL,
	'the notary cannot rewrite the log');
SELECT lives_ok($$UPDATE drawd.proposal SET state = 'refused', error = '{}' WHERE state = 'pending'$$,
	'the notary decides');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
