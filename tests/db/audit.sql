-- The audit log: what is noted, of whom, and that nobody changes it. Transactions commit here: the
-- chain is made at the commit. Needs a database without people.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
CREATE TEMP TABLE tap_lines (line text);
SELECT no_plan();

-- ---- the world, made as the enrolment makes it -----------------------------------------------------

SET SESSION AUTHORIZATION drawd_owner;
SET search_path = drawd, public;
SET application_name = 'drawd enrol';
BEGIN;
INSERT INTO department (id, system, level, region, name) VALUES
	('aaa', 'aaa', 'county', '330199', '甲局'), ('bbb', 'bbb', 'county', '330199', '乙局');
INSERT INTO account (id, kind, person, name, department, os_user) VALUES
	('admin', 'person', 'P1', '甲', NULL, 'admin'), ('admin-two', 'person', 'P2', '乙', NULL, 'admin-two'),
	('lead', 'person', 'P3', '丙', NULL, 'lead'), ('lead-two', 'person', 'P4', '丁', NULL, 'lead-two'),
	('head', 'person', 'P5', '戊', 'aaa', 'head'), ('auditor', 'person', 'P6', '己', NULL, 'auditor'),
	('clerk', 'person', 'P7', '庚', 'aaa', 'clerk');
INSERT INTO account_role (account, role, department, from_date) VALUES
	('admin', 'administrator', NULL, '2026-01-01'), ('admin-two', 'administrator', NULL, '2026-01-01'),
	('lead', 'coordinator', NULL, '2026-01-01'), ('lead-two', 'coordinator', NULL, '2026-01-01'),
	('head', 'head', 'aaa', '2026-01-01'), ('auditor', 'auditor', NULL, '2026-01-01'),
	('clerk', 'clerk', 'aaa', '2026-01-01');
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(count(*), 16::bigint, 'one entry a row') FROM audit;
SELECT is(string_agg(DISTINCT concat_ws(' ', account, via, act), ','), 'process:enrol process made', 'made by the enrolment')
  FROM audit;
SELECT is(max(seq), 16::bigint, 'numbered without gaps') FROM audit;

-- what an entry says of one thing
CREATE FUNCTION pg_temp.last_of(kind text, object text) RETURNS audit LANGUAGE sql AS $$
	SELECT a FROM drawd.audit a WHERE object_kind = kind AND a.object = last_of.object ORDER BY id DESC LIMIT 1
$$;
SELECT is(concat_ws(' ', act, object, department, before IS NULL, after IS NOT NULL, detail ->> 'name'),
	'made head aaa t t 戊', 'an account that was made') FROM pg_temp.last_of('account', 'head');

-- ---- a change by somebody ----------------------------------------------------------------------------

SET SESSION AUTHORIZATION drawd_web;
SET search_path = drawd, public;
BEGIN;
SELECT refused FROM enter('peer', 'admin', '10.0.0.9', 'account.disable', '', 'left the office') \gset
SELECT motion_move('account', NULL, 'clerk', '{"do": "disable"}', 'on leave', '') AS moved \gset
COMMIT;
BEGIN;
SELECT refused FROM enter('peer', 'head', 'unix:1000', 'motion.second', '', '') \gset
SELECT motion_decide((:'moved'::jsonb ->> 'motion')::int8, 'seconded', 'I know', '') AS decided \gset
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(concat_ws('|', account, person, roles, via, address, route, act, object_kind, department, reason),
	'admin|P1|administrator|peer|10.0.0.9|account.disable|made|motion|aaa|on leave', 'who moved, from where, why')
  FROM audit WHERE object_kind = 'motion' AND act = 'made';
SELECT is(concat_ws('|', account, person, roles, via, route, act, department, reason, detail ->> 'state'),
	'head|P5|head|peer|motion.second|changed|aaa|#1 on leave|["active", "disabled"]', 'who did it, by which motion, what was and is')
  FROM pg_temp.last_of('account', 'clerk');
SELECT is(detail -> 'changed', '["state"]', 'the columns that changed') FROM pg_temp.last_of('account', 'clerk');
SELECT ok(before IS DISTINCT FROM after, 'before and after differ') FROM pg_temp.last_of('account', 'clerk');
SELECT is(after::bytea, sha256(convert_to((to_jsonb(a) - '{password,totp,totp_step}'::text[])::text, 'UTF8')),
	'after is the hash of the row as it stands')
  FROM account a, LATERAL pg_temp.last_of('account', 'clerk') WHERE a.id = 'clerk';
SELECT is(reason, 'I know', 'the reason of the one who seconded') FROM audit
 WHERE object_kind = 'motion' AND act = 'changed' ORDER BY id LIMIT 1;

-- ---- the sign-in process: whose session it is; secrets are not told --------------------------------------

SET SESSION AUTHORIZATION drawd_auth;
SET search_path = drawd, public;
INSERT INTO session (account, hash, csrf, ends_at, address)
VALUES ('lead', sha256('a session'), repeat('c', 22), now() + interval '8 hours', '10.0.0.7');
UPDATE account SET password = 'argon2id and so on', totp = 'sealed' WHERE id = 'lead';
UPDATE account SET totp_step = 9 WHERE id = 'lead';
UPDATE session SET seen_at = now() WHERE account = 'lead';
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(concat_ws('|', account, via, address, act, detail ->> 'account'), 'lead|session|10.0.0.7|made|lead',
	'who signed in, from where') FROM audit WHERE object_kind = 'session';
SELECT is(concat_ws(' ', account, detail -> 'changed'), 'lead ["password", "totp", "totp_on"]', 'who changed his password')
  FROM pg_temp.last_of('account', 'lead');
SELECT is(count(*), 2::bigint, 'the step of a second factor is no entry')
  FROM audit WHERE object_kind = 'account' AND object = 'lead';
SELECT is(count(*), 1::bigint, 'nor is a session that is used') FROM audit WHERE object_kind = 'session';
SELECT is(count(*), 0::bigint, 'no secret stands in it') FROM audit a
 WHERE audit_text(a) ~ 'argon2id|sealed|cccccc' OR audit_text(a) ~ encode(sha256('a session'), 'hex');
-- a connection of another zone and other forms hashes the same
SET SESSION AUTHORIZATION drawd_auth;
SET search_path = drawd, public;
SET timezone = 'Asia/Shanghai';
SET bytea_output = 'escape';
SET IntervalStyle = 'iso_8601';
SET DateStyle = 'German';
SET extra_float_digits = -10;
UPDATE session SET ended_at = '2026-03-01 00:00:00+00', ended_why = 'signed-out' WHERE account = 'lead';
RESET SESSION AUTHORIZATION;
RESET ALL;
SET timezone = 'UTC';
SET search_path = drawd, public;
SELECT is(after::bytea, sha256(convert_to((to_jsonb(s) - '{hash,previous,csrf}'::text[])::text, 'UTF8')),
	'what a connection sets for itself does not matter')
  FROM session s, LATERAL pg_temp.last_of('session', s.id::text);

-- ---- processes, the public -----------------------------------------------------------------------------

SET SESSION AUTHORIZATION drawd_web;
SET search_path = drawd, public;
BEGIN;
SELECT refused FROM enter('peer', 'clerk', 'unix:1000', 'upload.new', '', '') \gset
ROLLBACK;
BEGIN;
SELECT refused FROM enter('peer', 'head', 'unix:1000', 'upload.new', '', '') \gset
INSERT INTO upload (name, size) VALUES ('list.csv', 4);
INSERT INTO job (kind, args) SELECT 'import', jsonb_build_object('kind', 'entities', 'upload', id) FROM upload;
UPDATE upload SET received = 2;
UPDATE upload SET received = 4;
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(string_agg(concat_ws(' ', account, act, object_kind, department), ',' ORDER BY id),
	'head made upload aaa,head made job aaa,head changed upload aaa', 'an upload, its end, a job')
  FROM audit WHERE object_kind IN ('upload', 'job');
SET SESSION AUTHORIZATION drawd_worker;
SET search_path = drawd, public;
BEGIN;
INSERT INTO import_batch (kind, upload, job, source, person)
SELECT 'entities', u.id, j.id, 's', 'p' FROM upload u, job j WHERE j.kind = 'import';
UPDATE import_batch SET result = '{}', accepted = 3, state = 'staged', staged_at = now();
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(string_agg(concat_ws(' ', account, via, act, department), ',' ORDER BY id),
	'process:worker process made aaa,process:worker process changed aaa', 'a batch, by a worker, of the department')
  FROM audit WHERE object_kind = 'import';

-- ---- reading ---------------------------------------------------------------------------------------------

SET SESSION AUTHORIZATION drawd_web;
SET search_path = drawd, public;
BEGIN;
SELECT refused FROM enter('peer', 'auditor', 'unix:1000', 'artefact.get', '', '') \gset
SELECT note_read('artefact', 'abc') AND note_read('artefact', 'abc') AND note_read('import', '1', 'aaa') AS noted \gset
COMMIT;
BEGIN;
SELECT refused FROM enter('peer', 'auditor', 'unix:1000', 'artefact.get', '', '') \gset
SELECT note_read('artefact', 'abc') AS noted \gset
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(string_agg(concat_ws(' ', account, act, object_kind, object, nullif(department, '')), ',' ORDER BY id),
	'auditor read artefact abc,auditor read import 1 aaa,auditor read artefact abc', 'once a request')
  FROM audit WHERE act = 'read';

-- ---- rounds, approvals, proposals ------------------------------------------------------------------------

SET SESSION AUTHORIZATION drawd_web;
SET search_path = drawd, public;
BEGIN;
SELECT refused FROM enter('peer', 'lead', 'unix:1000', 'round.new', '', '') \gset
SELECT round_make('2026', true, 'name', E'cycle.from\t2026-01-01\n', 'source', 'aaa', 'dice:1:1', 0, 9, '2026-01-01', '2026-01-01',
	'audit', 'yearly', '') AS made \gset
COMMIT;
BEGIN;
SELECT refused FROM enter('peer', 'lead-two', 'unix:1000', 'motion.second', '', '') \gset
SELECT motion_decide((:'made'::jsonb ->> 'motion')::int8, 'seconded', 'yes', '') AS decided \gset
COMMIT;
BEGIN;
SELECT refused FROM enter('peer', 'head', 'unix:1000', 'round.approve', '', '') \gset
SELECT round_approve(:'made'::jsonb ->> 'id', '') AS approved \gset
COMMIT;
RESET SESSION AUTHORIZATION;
SET search_path = drawd, public;
SELECT is(string_agg(concat_ws(' ', account, act, object_kind, object, detail ->> 'state'), ',' ORDER BY id),
	format('lead made round 2026-0001 draft,lead made motion %1$s open,lead changed round 2026-0001,'
		'lead-two changed round 2026-0001,lead-two changed motion %1$s ["open", "done"],'
		'head made approval 2026-0001/aaa', :'made'::jsonb ->> 'motion'),
	'a round, its motion, the agreement, an approval')
  FROM audit WHERE route IN ('round.new', 'motion.second', 'round.approve') AND account <> 'head' OR object_kind = 'approval';

-- ---- nobody changes it -----------------------------------------------------------------------------------

SELECT throws_ok(format($$SET LOCAL ROLE %I; %s$$, role, verb), '42501', NULL, format('%s: %s', role, verb))
  FROM unnest(ARRAY['drawd_web', 'drawd_worker', 'drawd_notary', 'drawd_auth', 'drawd_reader']) role,
       unnest(ARRAY['UPDATE drawd.audit SET reason = ''x''', 'DELETE FROM drawd.audit', 'TRUNCATE drawd.audit',
		'INSERT INTO drawd.audit (via, act, object_kind, object) VALUES (''public'', ''read'', ''x'', ''x'')',
		'UPDATE drawd.audit_head SET entries = 0', 'DELETE FROM drawd.anchor']) verb;
SET ROLE drawd_owner;
SELECT lives_ok($$UPDATE drawd.audit SET reason = 'x'; DELETE FROM drawd.audit; DELETE FROM drawd.audit_head$$,
	'the owner finds no row to change');
RESET ROLE;
SELECT is(count(*), 0::bigint, 'and changed none') FROM audit WHERE reason = 'x';
SELECT throws_ok($$SET LOCAL ROLE drawd_owner; TRUNCATE drawd.audit$$, '42501', 'the audit log is not changed',
	'nor empties it');
RESET ROLE;
SELECT throws_ok($$UPDATE drawd.audit SET reason = 'x'$$, '42501', 'the audit log is not changed',
	'a superuser has to take the triggers away');

-- ---- the chain -------------------------------------------------------------------------------------------

CREATE FUNCTION pg_temp.broken() RETURNS int8 LANGUAGE sql AS $$
	SELECT min(seq) FROM (
		SELECT a.seq, a.prev, lag(a.hash, 1, decode(repeat('00', 32), 'hex')) OVER (ORDER BY seq) AS wanted,
		       a.hash, audit_hash(a) AS made, a.seq - lag(a.seq, 1, 0::int8) OVER (ORDER BY seq) AS step
		  FROM audit a) c
	 WHERE prev <> wanted OR hash <> made OR step <> 1
$$;
SELECT is(pg_temp.broken(), NULL, 'the chain holds');
SELECT is(entries || ' ' || encode(h.hash, 'hex'), (SELECT seq || ' ' || encode(hash, 'hex') FROM audit ORDER BY seq DESC LIMIT 1),
	'the head is the last entry') FROM audit_head h;
BEGIN;
INSERT INTO upload (name, size) VALUES ('gone', 1);
ROLLBACK;
INSERT INTO upload (name, size) VALUES ('stays', 1);
SELECT is(pg_temp.broken(), NULL, 'what was rolled back leaves no hole');
-- each column of an entry, and an entry taken away, is found where it is
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.tampered(change text) RETURNS int8 AS $$
DECLARE
	found int8;
BEGIN
	BEGIN
		EXECUTE change;
		found := pg_temp.broken();
		RAISE EXCEPTION USING ERRCODE = 'DR002';
	EXCEPTION WHEN SQLSTATE 'DR002' THEN
		RETURN found;
	END;
END
$$ LANGUAGE plpgsql;
SELECT is(pg_temp.tampered(format('UPDATE audit SET %s WHERE seq = 5', change)), 5::int8, change)
  FROM unnest(ARRAY['at = at + interval ''1 microsecond''', 'account = ''x''', 'person = ''x''', 'roles = ''x''',
	'via = ''public''', 'address = ''x''', 'route = ''x''', 'act = ''read''', 'object_kind = ''x''',
	'object = ''x''', 'department = ''x''', 'before = sha256(''x'')', 'after = sha256(''x'')', 'after = NULL',
	'reason = ''x''', 'detail = ''{}''', 'prev = sha256(''x'')', 'hash = sha256(''x'')',
	-- lines that only look as if they were others
	'reason = E''\ndetail {}'', detail = ''{}''']) change;
SELECT is(pg_temp.tampered('DELETE FROM audit WHERE seq = 5'), 6::int8, 'an entry that is gone');
SELECT is(pg_temp.tampered('UPDATE audit SET seq = CASE seq WHEN 5 THEN 1000 ELSE seq END'), 6::int8, 'an entry that was moved');
SET session_replication_role = origin;
SELECT is(audit_line('a', E'b\nc\\d'), E'a b\\nc\\\\d\n', 'a value is one line');
SELECT * FROM finish();
