-- Motions: every kind by every role, moved and seconded; who is the same person; what has been
-- decided, has lapsed, is refused; what a carried one does, and that it does it once.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
BEGIN;
SELECT no_plan();

-- ---- the world -----------------------------------------------------------------------------------

INSERT INTO department (id, system, level, region, name, inspects) VALUES
	('aaa', 'aaa', 'county', '330199', '甲局', true), ('bbb', 'bbb', 'county', '330199', '乙局', true),
	('office', 'office', 'county', '330199', '联席办', false);
-- one account a role and department, its name says which; persons 1, 2, …
CREATE TEMP TABLE cast_of (id text, role text, department text, person text);
INSERT INTO cast_of
SELECT id, split_part(id, '-', 1), nullif(split_part(id, '-', 2), ''), 'P' || row_number() OVER ()
  FROM unnest(ARRAY['administrator', 'coordinator', 'auditor', 'oversight', 'custodian',
	'head-aaa', 'clerk-aaa', 'inspector-aaa', 'head-bbb', 'clerk-bbb', 'inspector-bbb']) id;
-- a second person of each role, and a second account of each person
INSERT INTO cast_of SELECT id || '-two', role, department, person || '2' FROM cast_of;
INSERT INTO cast_of SELECT id || '-again', role, department, person FROM cast_of WHERE id !~ 'two';
INSERT INTO account (id, kind, person, name, department, inspector, os_user)
SELECT id, 'person', person, id, department,
       CASE WHEN id ~ '^inspector-(aaa|bbb)$' THEN upper(department) || '-0001' END, id FROM cast_of;
INSERT INTO account_role (account, role, department, from_date)
SELECT id, role, department, '2026-01-01' FROM cast_of;
INSERT INTO account (id, kind, person, name, department, os_user) VALUES
	('service-aaa', 'service', 'P7', 'service', 'aaa', 'service-aaa'),
	('newcomer', 'person', 'Q1', 'newcomer', 'aaa', 'newcomer'),
	('deputy', 'person', 'Q2', 'deputy', 'aaa', 'deputy'),
	('deputy2', 'person', 'Q3', 'deputy2', 'aaa', 'deputy2');
INSERT INTO account_role (account, role, department, from_date) VALUES ('service-aaa', 'service', 'aaa', '2026-01-01');
INSERT INTO inspector_number VALUES ('aaa', 'X1', 'AAA-0001'), ('bbb', 'X2', 'BBB-0001');
INSERT INTO round (id, state, demo, policy, departments, pulses, delta, draw_deadline, reveal_after,
	results_due, created_by, policy_agreed_at)
SELECT '2026-000' || n, state, true, '', 'aaa,bbb', 'dice:1:1', 0, 9, '2026-01-01', '2026-01-01', 't',
       CASE n WHEN 1 THEN NULL ELSE 5 END
  FROM unnest(ARRAY['draft', 'draft', 'frozen', 'locked', 'drawn']) WITH ORDINALITY AS s (state, n);
INSERT INTO approval (round, department, account, person, at) VALUES
	('2026-0002', 'aaa', 'head-aaa', 'P6', 6), ('2026-0002', 'bbb', 'head-bbb', 'P9', 6);

-- what each kind is asked with, on which round, and by whom it may be moved and seconded
CREATE TEMP TABLE asked (kind text, round text, subject text, body jsonb, first text, second text);
INSERT INTO asked VALUES
	('policy', '2026-0001', '', '{}', 'coordinator', 'coordinator'),
	('freeze', '2026-0002', '', '{}', 'coordinator', 'coordinator'),
	('lock', '2026-0003', '', '{}', 'coordinator', 'coordinator'),
	('beacon', '2026-0004', '1', '{"record": "r", "attestations": "a"}', 'coordinator',
		'coordinator custodian'),
	('publication', '2026-0005', '', '{}', 'coordinator', 'coordinator'),
	('void', '2026-0005', '', '{"record": "r"}', 'coordinator', 'custodian'),
	('recusal', NULL, 'AAA-0001', '{"object": "911"}', 'inspector-aaa clerk-aaa head-aaa', 'head-aaa'),
	('substitution', '2026-0005', '', '{"department": "aaa"}', 'clerk-aaa coordinator', 'head-aaa'),
	('assignment', '2026-0005', '', '{"department": "aaa"}', 'clerk-aaa coordinator', 'head-aaa'),
	('account', NULL, 'newcomer', '{"do": "disable"}', 'administrator head-aaa',
		'administrator coordinator head-aaa'),
	('role', NULL, 'newcomer', '{"do": "give", "role": "clerk", "department": "aaa"}',
		'administrator head-aaa', 'administrator coordinator head-aaa'),
	('department', NULL, 'aaa', '{"do": "change", "name": "丙局"}', 'administrator',
		'administrator coordinator');

CREATE FUNCTION pg_temp.enter_as(account text) RETURNS void AS $$
BEGIN
	PERFORM drawd.enter('peer', account, 'local', 'test', '', '', '2026-03-01');
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.now_at() RETURNS int8 LANGUAGE sql AS 'SELECT 1772323200::int8'; -- 2026-03-01
CREATE FUNCTION pg_temp.move(account text, the_kind text, at int8 DEFAULT pg_temp.now_at()) RETURNS int8 AS $$
DECLARE
	a asked;
BEGIN
	SELECT * INTO a FROM asked WHERE kind = the_kind;
	PERFORM pg_temp.enter_as(account);
	RETURN (drawd.motion_move(a.kind, a.round, a.subject, a.body, 'because', '', at) ->> 'motion')::int8;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.decide(account text, id int8, verdict text DEFAULT 'seconded',
	at int8 DEFAULT pg_temp.now_at() + 1) RETURNS jsonb AS $$
BEGIN
	PERFORM pg_temp.enter_as(account);
	RETURN drawd.motion_decide(id, verdict, 'for good reason', '', at);
END
$$ LANGUAGE plpgsql;

-- The name of the error that a statement ends with, or 'done'; what it did is taken back.
CREATE FUNCTION pg_temp.outcome(mover text, kind text, seconder text) RETURNS text AS $$
BEGIN
	BEGIN
		PERFORM pg_temp.move(mover, kind);
		IF seconder IS NOT NULL THEN
			PERFORM pg_temp.decide(seconder, (SELECT max(id) FROM motion));
		END IF;
		RAISE EXCEPTION USING ERRCODE = 'DR002';
	EXCEPTION
		WHEN SQLSTATE 'DR002' THEN RETURN 'done';
		WHEN SQLSTATE 'DR000' THEN RETURN split_part(SQLERRM, ':', 1);
	END;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.both(a text, b text, the_kind text, the_subject text, the_body jsonb) RETURNS jsonb AS $$
DECLARE
	moved jsonb;
BEGIN
	PERFORM pg_temp.enter_as(a);
	moved := drawd.motion_move(the_kind, NULL, the_subject, the_body, 'why', '', pg_temp.now_at());
	PERFORM pg_temp.enter_as(b);
	RETURN jsonb_build_object('moved', moved, 'carried', drawd.motion_decide((moved ->> 'motion')::int8, 'seconded',
		'why', '', pg_temp.now_at()));
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.make(account text, departments text) RETURNS jsonb AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.round_make('2026', true, 'name', '', '', departments, 'dice:1:1', 0, 9, '2026-01-01',
		'2026-01-01', 'audit', 'yearly', '', pg_temp.now_at());
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.approve(account text, department text) RETURNS text AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.round_approve('2026-0006', department, pg_temp.now_at()) ->> 'missing';
$$ LANGUAGE sql;
-- the newest motion's state in the list and as GET /motions/{id} tells it
CREATE FUNCTION pg_temp.told(at int8) RETURNS text AS $$
	SELECT drawd.enter('peer', 'coordinator', 'local', 'test', '', '', '2026-03-01', at);
	SELECT concat_ws(' ', (SELECT state FROM motion_list ORDER BY id DESC LIMIT 1),
		motion_state(state, ends_at, asked_at())) FROM motion ORDER BY id DESC LIMIT 1;
$$ LANGUAGE sql;
GRANT ALL ON asked, cast_of TO drawd_web;
GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO drawd_web;
CREATE POLICY test_sees ON motion FOR SELECT TO drawd_web USING (true);

-- ---- every kind, every role ----------------------------------------------------------------------

SET LOCAL ROLE drawd_web;
WITH tried AS (
	SELECT a.kind, c.id AS mover, c.id = ANY (string_to_array(a.first, ' ')) AS may,
	       pg_temp.outcome(c.id, a.kind, NULL) AS said
	  FROM asked a, cast_of c WHERE c.id !~ 'again|two'
	UNION ALL
	SELECT a.kind, 'service-aaa', false, pg_temp.outcome('service-aaa', a.kind, NULL) FROM asked a
)
SELECT ok(may = (said = 'done') AND said IN ('done', 'not-allowed', 'no-account', 'bad-inspector'),
	format('%s moved by %s: %s', kind, mover, said))
  FROM tried ORDER BY kind, mover;
WITH tried AS (
	SELECT a.kind, c.id AS seconder, replace(c.id, '-two', '') = ANY (string_to_array(a.second, ' ')) AS may,
	       pg_temp.outcome(split_part(a.first, ' ', 1), a.kind, c.id) AS said
	  FROM asked a, cast_of c WHERE c.id ~ 'two'
)
SELECT ok(said = CASE WHEN may THEN 'done' ELSE 'not-allowed' END,
	format('%s seconded by %s: %s', kind, seconder, said))
  FROM tried ORDER BY kind, seconder;
-- every pair of those who may: done by two persons, refused to one, under one account or two
WITH tried AS (
	SELECT a.kind, f AS mover, c.id AS seconder, c.person = m.person AS same,
	       pg_temp.outcome(f, a.kind, c.id) AS said
	  FROM asked a, string_to_table(a.first, ' ') f, string_to_table(a.second, ' ') s, cast_of c, cast_of m
	 WHERE m.id = f AND c.id IN (s, s || '-two', s || '-again')
)
SELECT ok(said = CASE WHEN same THEN 'same-person' ELSE 'done' END,
	format('%s moved by %s, seconded by %s: %s', kind, mover, seconder, said))
  FROM tried ORDER BY kind, mover, seconder;
RESET ROLE;
SELECT is((SELECT count(*) FROM motion_kind WHERE kind NOT IN (SELECT kind FROM asked)), 1::bigint,
	'all kinds but delegation are in the table');
SELECT is((SELECT count(*) FROM motion), 0::bigint, 'and nothing stayed');

-- ---- whose side ----------------------------------------------------------------------------------

-- deputy stands for coordinator and deputy2 too; head-aaa for head-bbb
INSERT INTO account_role (account, role, department, from_date, to_date, delegated_from) VALUES
	('deputy', 'coordinator', NULL, '2026-02-01', '2026-03-31', 'coordinator'),
	('deputy2', 'coordinator', NULL, '2026-02-01', '2026-03-31', 'coordinator'),
	('head-aaa', 'head', 'bbb', '2026-02-01', '2026-03-31', 'head-bbb');
SET LOCAL ROLE drawd_web;
SELECT is(pg_temp.outcome('coordinator', 'lock', 'deputy'), 'same-person',
	'a delegate does not second what the one moved who delegated');
SELECT is(pg_temp.outcome('deputy', 'lock', 'coordinator'), 'same-person', 'nor the other way');
SELECT is(pg_temp.outcome('deputy', 'lock', 'coordinator-again'), 'same-person', 'whatever the account');
SELECT is(pg_temp.outcome('deputy', 'lock', 'deputy2'), 'same-person',
	'two who act for the same person are one side');
SELECT is(pg_temp.outcome('deputy', 'lock', 'coordinator-two'), 'done', 'a delegate moves for others');
SELECT is(pg_temp.outcome('coordinator-two', 'lock', 'deputy'), 'done', 'and seconds what others moved');
RESET ROLE;
-- a delegation that ends after the moving still binds
SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move('deputy', 'lock') > 0, 'a delegate moves');
RESET ROLE;
UPDATE account_role SET to_date = '2026-03-01' WHERE account = 'deputy';
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'seconded',
	pg_temp.now_at() + 2 * 86400)$$, 'DR000', 'same-person: deputy',
	'a delegation that ended since the moving still binds');
SELECT lives_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'declined')$$,
	'somebody else declines it');
RESET ROLE;

-- ---- decided, lapsed, withdrawn ------------------------------------------------------------------

SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move('coordinator', 'lock') > 0, 'a lock is moved');
SELECT throws_ok($$SELECT pg_temp.move('coordinator-two', 'lock')$$, 'DR000', 'already-done: lock',
	'a second one is not moved beside it');
SELECT throws_ok($$SELECT pg_temp.decide('custodian', (SELECT max(id) FROM motion))$$, 'DR000',
	'not-allowed: lock', 'one without the role does not second it');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'withdrawn')$$,
	'DR000', 'not-allowed: withdrawn', 'who did not move it does not withdraw it');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'declined')$$,
	'DR000', 'same-person: coordinator', 'who moved it does not decline it');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'carried')$$,
	'DR000', NULL, 'no other verdicts');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'seconded',
	pg_temp.now_at() + 259201)$$, 'DR000', NULL, 'after its end it is not seconded');
SELECT matches(pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'seconded',
	pg_temp.now_at() + 259200)::text, '"state": "carried"', 'at its end it is');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion))$$,
	'DR000', 'motion-decided: carried', 'it is decided once');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'withdrawn')$$,
	'DR000', 'motion-decided: carried', 'and then not withdrawn');
SELECT throws_ok($$SELECT pg_temp.move('coordinator', 'lock')$$, 'DR000', NULL,
	'nor moved again while the notary has it');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator', 999999)$$, 'DR000', 'no-motion: 999999',
	'what is not there is not decided');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0003', '', '{}', 'why', '', 1)$$, 'DR000',
	'bad-state: frozen', 'a step is moved in its state only');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0009', '', '{}', 'why', '', 1)$$, 'DR000',
	'no-round: 2026-0009', 'on a round that is there');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0001', '', '{}', 'why', '', 1)$$, 'DR000',
	'motion-needed: policy', 'a freeze needs an agreed policy');
SELECT throws_ok($$SELECT drawd.motion_move('lock', '2026-0003', '', '{}', ' ', '', 1)$$, 'DR000',
	'bad-json: reason', 'nothing without a reason');
RESET ROLE;
SELECT is((SELECT count(*) FROM proposal WHERE kind = 'lock' AND motion = (SELECT max(id) FROM motion)),
	1::bigint, 'one proposal came of it');
UPDATE proposal SET state = 'refused', error = '{"code": "no-witness"}' WHERE kind = 'lock';
SELECT is(state || ' ' || (result -> 'error' ->> 'code'), 'refused no-witness', 'the notary refused it')
  FROM motion ORDER BY id DESC LIMIT 1;
SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move('coordinator', 'lock') > 0, 'so it is moved anew');
SELECT is(pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'withdrawn') ->> 'state', 'withdrawn',
	'and withdrawn');
SELECT ok(pg_temp.move('coordinator', 'lock') > 0, 'and moved');
-- what is told follows the time of the asker's clock, before the notary notes it
SELECT is(pg_temp.told(pg_temp.now_at() + 259200), 'open open', 'open until its end');
SELECT is(pg_temp.told(pg_temp.now_at() + 259201), 'lapsed lapsed', 'told as lapsed behind it');
SELECT is((SELECT state FROM motion ORDER BY id DESC LIMIT 1), 'open', 'though nobody noted it');
RESET ROLE;
SET LOCAL ROLE drawd_notary;
SELECT is(motion_lapse(pg_temp.now_at() + 259200), 0::int8, 'nothing lapses before its end');
SELECT is(motion_lapse(pg_temp.now_at() + 259201), 1::int8, 'behind it it lapses');
RESET ROLE;
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion))$$, 'DR000', NULL,
	'a lapsed one is not seconded');
RESET ROLE;

-- ---- freeze: one job; what the worker and the notary make of it ------------------------------------

SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move('coordinator', 'freeze') > 0, 'a freeze is moved');
SELECT matches(pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion))::text, '"job"',
	'seconded it is a job');
RESET ROLE;
SELECT is(args::text, '{"round": "2026-0002", "frozen": 1772323201}', 'frozen at the time of the agreement')
  FROM job ORDER BY id DESC LIMIT 1;
UPDATE job SET state = 'running', fence = fence + 1 WHERE id = (SELECT max(id) FROM job);
UPDATE job SET state = 'failed', error = '{"code": "empty-stratum"}' WHERE id = (SELECT max(id) FROM job);
SELECT is(state, 'refused', 'a job that fails refuses it') FROM motion ORDER BY id DESC LIMIT 1;

-- ---- people ------------------------------------------------------------------------------------------

DELETE FROM approval;
UPDATE account_role SET ended_at = now() WHERE delegated_from IS NOT NULL;
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh',
	'{"do": "new", "person": "P99", "name": "新人", "department": "aaa"}')$$, 'an account is made');
RESET ROLE;
-- its first password, in halves
CREATE FUNCTION pg_temp.side(asker text, account text) RETURNS text AS $$
	SELECT pg_temp.enter_as(asker);
	SELECT coalesce((SELECT side FROM drawd.password_side(account)), 'none');
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_auth;
SELECT is(pg_temp.side('administrator', 'fresh'), 'first', 'one half of its password is for the one who moved it');
SELECT is(pg_temp.side('administrator-two', 'fresh'), 'second', 'the other for the one who seconded');
SELECT is(pg_temp.side('administrator', 'newcomer'), 'none', 'none of an account nobody decided on');
SELECT is(pg_temp.side('head-aaa', 'fresh'), 'none', 'nor for anybody else');
RESET ROLE;
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh',
	'{"do": "new", "person": "P99", "name": "新人"}')$$, 'DR000', 'already-done: fresh', 'not twice');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh2',
	'{"do": "new", "person": "P98", "name": "新人", "department": "zzz"}')$$, 'DR000',
	'no-department: zzz', 'not for a department that is not there');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh2',
	'{"do": "new", "person": "P98", "name": "新人", "os_user": "auditor"}')$$, 'DR000',
	'conflict: account_os_user_key', 'not with a name that another account signs in under');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'fresh3',
	'{"do": "new", "person": "P97", "name": "新人", "department": "bbb"}')$$, 'DR000',
	'not-allowed: account', 'a head makes accounts of its own department');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'clerk-bbb', '{"do": "reset"}')$$,
	'DR000', 'no-account: clerk-bbb', 'one of another department is not there');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'nobody', '{"do": "reset"}')$$,
	'DR000', 'no-account: nobody', 'no more than one that is not');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'clerk-aaa',
	'{"do": "change", "department": "bbb"}')$$, 'DR000', 'not-allowed: account', 'nor sends one away');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'role', 'clerk-aaa',
	'{"do": "give", "role": "coordinator"}')$$, 'DR000', 'not-allowed: role',
	'a head gives no role of the whole installation');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'administrator-two',
	'{"do": "give", "role": "coordinator"}')$$, 'DR000', 'same-person: administrator',
	'nobody seconds what is given to himself');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'clerk-aaa',
	'{"do": "give", "role": "clerk", "department": "aaa", "from": "2026-01-01"}')$$, 'DR000',
	'conflict: account_role_once', 'not the same role twice');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'clerk-aaa',
	'{"do": "give", "role": "coordinator", "department": "aaa"}')$$, 'DR000', NULL,
	'no role of the installation for a department');
RESET ROLE;
-- the department's own: reset ends what is open
INSERT INTO session (account, hash, csrf, ends_at) VALUES ('clerk-aaa', sha256('s'), repeat('c', 22), now() + interval '1 day');
INSERT INTO access_token (account, name, hash, scopes, ends_at) VALUES ('clerk-aaa', 'x', sha256('t'), '*', now() + interval '1 day');
UPDATE account SET password = 'x', totp = 'y' WHERE id = 'clerk-aaa';
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('head-aaa', 'head-aaa-two', 'account', 'clerk-aaa', '{"do": "reset"}')$$,
	'two heads reset an account of their department');
RESET ROLE;
SELECT is((SELECT concat_ws(' ', password, totp, totp_on, (SELECT ended_why FROM session WHERE account = a.id),
	(SELECT ended_at IS NOT NULL FROM access_token WHERE account = a.id)) FROM account a WHERE id = 'clerk-aaa'),
	'f changed t', 'password, second factor, session and token are gone');
-- a head whose account has a role of the installation is nobody's to reset
INSERT INTO account_role (account, role, from_date) VALUES ('clerk-aaa', 'coordinator', '2026-01-01');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'head-aaa-two', 'account', 'clerk-aaa', '{"do": "reset"}')$$,
	'DR000', 'not-allowed: account', 'but not one that has a role of the installation');
RESET ROLE;
UPDATE account_role SET ended_at = now() WHERE account = 'clerk-aaa' AND role = 'coordinator';

-- whoever gets or loses a role signs in anew, whatever his session had; his tokens stay
CREATE FUNCTION pg_temp.sign_in(account text) RETURNS void AS $$
	UPDATE session SET ended_at = now(), ended_why = 'test' WHERE session.account = sign_in.account AND ended_at IS NULL;
	UPDATE access_token SET ended_at = now() WHERE access_token.account = sign_in.account AND ended_at IS NULL;
	INSERT INTO session (account, hash, csrf, ends_at)
	VALUES (account, sha256(uuid_send(gen_random_uuid())), repeat('c', 22), now() + interval '1 day');
	INSERT INTO access_token (account, name, hash, scopes, ends_at)
	VALUES (account, 'x', sha256(uuid_send(gen_random_uuid())), '*', now() + interval '1 day');
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.signed_in(account text) RETURNS text AS $$
	SELECT concat_ws(' ', (SELECT coalesce(ended_why, 'open') FROM session s WHERE s.account = $1 ORDER BY id DESC LIMIT 1),
		(SELECT CASE WHEN ended_at IS NULL THEN 'token' END FROM access_token t WHERE t.account = $1
		  ORDER BY id DESC LIMIT 1));
$$ LANGUAGE sql;
UPDATE account SET totp = 'x' WHERE id IN ('clerk-aaa', 'clerk-bbb'); -- a second factor, perhaps since a minute
DO $$BEGIN PERFORM pg_temp.sign_in(a) FROM unnest('{clerk-aaa,clerk-bbb,newcomer}'::text[]) a; END$$;
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'clerk-aaa',
	'{"do": "give", "role": "auditor"}')$$, 'a role is given');
RESET ROLE;
SELECT is(pg_temp.signed_in('clerk-aaa'), 'changed token', 'its session ends, not its token');
SELECT is(pg_temp.signed_in('newcomer'), 'open token', 'nobody else''s');
DO $$BEGIN PERFORM pg_temp.sign_in('clerk-aaa'); END$$;
SET LOCAL ROLE drawd_web;
SELECT lives_ok(format($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', '',
	'{"do": "end", "grant": %s}')$$, id), 'it is ended')
  FROM account_role WHERE account = 'clerk-aaa' AND role = 'auditor';
RESET ROLE;
SELECT is(pg_temp.signed_in('clerk-aaa'), 'changed token', 'and the session once more');
-- roles of a department that is put to use again count again
DO $$BEGIN PERFORM pg_temp.sign_in('clerk-bbb'); END$$;
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'department', 'bbb',
	'{"do": "change", "active": true}')$$, 'a department is put to use');
RESET ROLE;
SELECT is(pg_temp.signed_in('clerk-bbb'), 'changed token', 'and its people sign in anew');
DO $$BEGIN PERFORM pg_temp.sign_in('clerk-bbb'); END$$;

-- delegation
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', 'nobody',
	'{"role": "head", "department": "bbb", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'DR000',
	'no-account: nobody', 'nobody delegates to one who is not there');
SELECT throws_ok(format($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', '%s',
	'{"role": "coordinator", "from": "2026-03-01", "to": "2026-03-31"}')$$, who), 'DR000',
	'not-allowed: coordinator', 'what one does not hold tells nobody whether there is a ' || who)
  FROM unnest('{nobody,newcomer}'::text[]) who;
SELECT lives_ok($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', 'clerk-bbb',
	'{"role": "head", "department": "bbb", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'a head delegates');
SELECT is(pg_temp.signed_in('clerk-bbb'), 'changed token', 'the delegate signs in anew');
SELECT throws_ok($$SELECT pg_temp.both('clerk-bbb', 'administrator', 'delegation', 'newcomer',
	'{"role": "head", "department": "bbb", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'DR000',
	'not-allowed: head bbb', 'what was delegated is not delegated on');
SELECT throws_ok($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', 'newcomer',
	'{"role": "coordinator", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'DR000',
	'not-allowed: coordinator', 'nor what one does not hold');
SELECT throws_ok($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', 'head-bbb-again',
	'{"role": "head", "department": "bbb", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'DR000',
	'same-person: head-bbb-again', 'nor to oneself');
SELECT throws_ok($$SELECT pg_temp.both('head-bbb', 'administrator', 'delegation', 'newcomer',
	'{"role": "head", "department": "bbb", "from": "2026-03-01"}')$$, 'DR000', NULL, 'nor without an end');
RESET ROLE;
SELECT is((SELECT count(*) FROM roles_on('clerk-bbb', '2026-03-15') WHERE role = 'head' AND department = 'bbb'),
	1::bigint, 'the delegate holds it on these days');
SELECT is((SELECT count(*) FROM roles_on('clerk-bbb', '2026-04-01') WHERE role = 'head'), 0::bigint,
	'and not behind them');

-- the last administrator
UPDATE account SET state = 'disabled' WHERE id IN ('administrator-again');
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'coordinator', 'account', 'administrator-two',
	'{"do": "disable"}')$$, 'an administrator is disabled');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'coordinator', 'account', 'administrator',
	'{"do": "disable"}')$$, 'DR000', NULL, 'the last one is not');
SELECT throws_ok(format($$SELECT pg_temp.both('administrator', 'coordinator', 'role', '', '{"do": "end", "grant": %s}')$$, id),
	'DR000', NULL, 'nor is his role ended')
  FROM account_role WHERE account = 'administrator' AND role = 'administrator';
RESET ROLE;

-- recusal
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('inspector-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA2", "ground": "relative"}')$$, 'an inspector recuses himself');
SELECT throws_ok($$SELECT pg_temp.both('inspector-aaa-two', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: AAA-0001', 'but nobody else');
SELECT throws_ok($$SELECT pg_temp.both('clerk-bbb', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: AAA-0001', 'nor a clerk of another department');
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'ZZZ-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: ZZZ-0001', 'nor one that is not there');
RESET ROLE;
SELECT is((SELECT concat_ws(' ', inspector, subject, ground, since) FROM recusal_fact),
	'AAA-0001 91330100MA2 relative 2026-03-01', 'it stands among the recusals');

-- ---- rounds and approvals ------------------------------------------------------------------------------

SET LOCAL ROLE drawd_web;
SELECT matches(pg_temp.make('coordinator', 'aaa,bbb')::text, '"id": "2026-0006", "state": "draft", "motion"',
	'a coordinator makes a round and moves its policy');
SELECT throws_ok($$SELECT pg_temp.make('head-aaa', 'aaa')$$, 'DR000', 'not-allowed: policy', 'a head does not');
SELECT throws_ok($$SELECT pg_temp.make('coordinator', 'aaa,office')$$, 'DR000',
	'no-inspecting-department: office', 'nobody may make the joint office inspect');
SELECT throws_ok($$SELECT pg_temp.make('coordinator', 'aaa,zzz')$$, 'DR000', 'no-department: zzz',
	'nor a department that is not there');
SELECT throws_ok($$SELECT pg_temp.approve('head-bbb', 'aaa')$$, 'DR000', 'not-allowed: aaa',
	'a head approves for its own department');
SELECT throws_ok($$SELECT pg_temp.approve('clerk-aaa', 'aaa')$$, 'DR000', 'not-allowed: aaa', 'a clerk does not');
SELECT is(pg_temp.approve('head-aaa', ''), 'bbb', 'what is missing is told');
SELECT throws_ok($$SELECT pg_temp.approve('head-aaa-two', 'aaa')$$, 'DR000', 'already-done: aaa', 'once');
SELECT throws_ok($$SELECT pg_temp.approve('head-bbb', 'office')$$, 'DR000', 'bad-department: office',
	'no department that is not in it');
RESET ROLE;
-- the one who moved the policy is also head of bbb, under his other account
INSERT INTO account_role (account, role, department, from_date) VALUES ('coordinator-again', 'head', 'bbb', '2026-01-01');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.approve('coordinator-again', 'bbb')$$, 'DR000', 'same-person: coordinator',
	'whoever moved the policy does not approve it');
SELECT is(pg_temp.approve('head-bbb-two', 'bbb'), '', 'then all have approved');
SELECT throws_ok($$INSERT INTO drawd.motion (kind) VALUES ('lock')$$, '42501', NULL, 'web writes no motion');
SELECT throws_ok($$UPDATE drawd.motion SET state = 'carried'$$, '42501', NULL, 'nor decides one');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0003', 'lock')$$, '42501', NULL,
	'nor proposes without one');
SELECT throws_ok($$INSERT INTO drawd.approval VALUES ('2026-0006', 'bbb', 'x', 1, 'P')$$, '42501', NULL,
	'nor approves');
SELECT throws_ok($$SELECT drawd.motion_carry(NULL)$$, '42501', NULL, 'nor carries one out itself');
SELECT set_config('drawd.context', '', true);
SELECT throws_ok($$SELECT drawd.motion_move('lock', '2026-0003', '', '{}', 'why', '', 1)$$, 'DR000',
	'not-allowed: lock', 'nobody moves nothing');
RESET ROLE;

-- ---- a draft whose policy nobody agreed to --------------------------------------------------------------

INSERT INTO department (id, system, level, region, name) VALUES ('ccc', 'ccc', 'county', '330199', '丁局');
INSERT INTO account (id, kind, person, name, os_user) VALUES ('head-ccc', 'person', 'R1', 'head-ccc', 'head-ccc');
INSERT INTO account_role (account, role, department, from_date) VALUES ('head-ccc', 'head', 'ccc', '2026-01-01');
UPDATE account SET state = 'active' WHERE id = 'coordinator-again';
CREATE FUNCTION pg_temp.approve7(account text, department text, at int8 DEFAULT pg_temp.now_at()) RETURNS text AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.round_approve('2026-0007', department, at) ->> 'missing';
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.policy(account text, at int8 DEFAULT pg_temp.now_at()) RETURNS int8 AS $$
	SELECT pg_temp.enter_as(account);
	SELECT (drawd.motion_move('policy', '2026-0007', '', '{}', 'again', '', at) ->> 'motion')::int8;
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_web;
SELECT matches(pg_temp.make('coordinator-two', 'aaa,bbb')::text, '2026-0007', 'another round');
SELECT throws_ok($$SELECT pg_temp.approve7('head-ccc', 'ccc')$$, 'DR000', 'no-round: 2026-0007',
	'a draft in which he takes no part is not there');
SELECT throws_ok($$SELECT pg_temp.approve7('head-ccc', 'aaa')$$, 'DR000', 'no-round: 2026-0007', 'whatever he asks for');
SELECT throws_ok($$SELECT pg_temp.policy('coordinator')$$, 'DR000', 'already-done: policy',
	'its policy is not moved while one is open');
SELECT is(pg_temp.approve7('head-aaa', 'aaa'), 'bbb', 'a head approves what is open');
SELECT throws_ok($$SELECT pg_temp.approve7('head-bbb', 'bbb', pg_temp.now_at() + 1209601)$$, 'DR000',
	'motion-needed: policy', 'not once it has lapsed');
SELECT is(pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'declined') ->> 'state', 'declined',
	'it is declined');
SELECT throws_ok($$SELECT pg_temp.approve7('head-bbb', 'bbb')$$, 'DR000', 'motion-needed: policy', 'nor then');
SELECT throws_ok($$SELECT pg_temp.policy('head-aaa')$$, 'DR000', 'not-allowed: policy', 'a head does not move it');
RESET ROLE;
-- the head who approved is a coordinator as well
INSERT INTO account_role (account, role, from_date) VALUES ('head-aaa', 'coordinator', '2026-01-01');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.policy('head-aaa')$$, 'DR000', 'same-person: head-aaa',
	'nor does whoever approved it');
SELECT ok(pg_temp.policy('coordinator') > 0, 'another coordinator moves it again');
SELECT is((SELECT policy_motion FROM round WHERE id = '2026-0007'), (SELECT max(id) FROM motion),
	'and that is the round''s motion');
RESET ROLE;
INSERT INTO account_role (account, role, department, from_date)
SELECT 'coordinator-two', 'head', 'bbb', '2026-01-01'
 WHERE NOT EXISTS (SELECT FROM account_role WHERE account = 'coordinator-two' AND role = 'head');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.approve7('coordinator-two', 'bbb')$$, 'DR000', 'same-person: coordinator-two',
	'whoever moved it the first time does not approve either');
SELECT is(pg_temp.approve7('head-bbb', 'bbb'), '', 'approvals given before stand');
SELECT is(pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion)) ->> 'state', 'done', 'and it is agreed to');
SELECT throws_ok($$SELECT pg_temp.policy('coordinator')$$, 'DR000', 'already-done: policy', 'once');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
