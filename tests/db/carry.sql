-- What motions do to people, departments and recusals, and what one person alone takes away.
\ir motion_world.sql

-- ---- people ------------------------------------------------------------------------------------------

DELETE FROM approval;
UPDATE account_role SET ended_at = now() WHERE delegated_from IS NOT NULL;
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh',
	'{"do": "new", "person": "P99", "name": "新人", "department": "aaa"}')$$, 'an account is made');
RESET ROLE;
-- its first password, in halves
CREATE FUNCTION pg_temp.half(asker text, account text) RETURNS text AS $$
	SELECT pg_temp.enter_as(asker);
	SELECT coalesce((SELECT format('%s %s', half, told) FROM drawd.password_half(account)), 'none');
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_auth;
SELECT is(pg_temp.half('head-aaa', 'fresh'), 'none', 'no half of its password is for anybody else');
SELECT is(pg_temp.half('administrator', 'newcomer'), 'none', 'none of an account nobody decided on');
SELECT is(pg_temp.half('administrator', 'fresh'), '1 f', 'one half is for the one who moved it');
SELECT is(pg_temp.half('administrator-two', 'fresh'), '2 f', 'the other for the one who seconded');
SELECT is(pg_temp.half('administrator-again', 'fresh'), '1 t', 'who asks again was told, under whatever account');
SELECT is(pg_temp.half('administrator-two', 'fresh'), '2 t', 'the other as well');
RESET ROLE;
SELECT is((SELECT string_agg(format('%s %s', account, detail -> 'halves'), ', ' ORDER BY id) FROM audit
	WHERE object_kind = 'motion' AND object = (SELECT max(id)::text FROM motion WHERE subject = 'fresh') AND detail ? 'halves'
	  AND act = 'changed'),
	'administrator [0, 1], administrator-two [1, 3]', 'who took which half stands in the audit log');
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator-two', 'administrator', 'account', 'fresh', '{"do": "reset"}')$$, 'it is reset');
SET LOCAL ROLE drawd_auth;
SELECT is(pg_temp.half('administrator', 'fresh'), '2 f', 'and there are halves again');
RESET ROLE;
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh',
	'{"do": "new", "person": "P99", "name": "新人"}')$$, 'DR000', 'account-exists: fresh', 'not twice');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh2',
	'{"do": "new", "person": "P98", "name": "新人", "department": "zzz"}')$$, 'DR000',
	'no-department: zzz', 'not for a department that is not there');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'fresh2',
	'{"do": "new", "person": "P98", "name": "新人", "os_user": "auditor"}')$$, 'DR000',
	'conflict: auditor', 'not with a name that another account signs in under');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'fresh3',
	'{"do": "new", "person": "P97", "name": "新人", "department": "bbb"}')$$, 'DR000',
	'not-allowed: account: administrator, head:bbb', 'a head makes accounts of its own department');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'clerk-bbb', '{"do": "reset"}')$$,
	'DR000', 'no-account: clerk-bbb', 'one of another department is not there');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'nobody', '{"do": "reset"}')$$,
	'DR000', 'no-account: nobody', 'no more than one that is not');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'account', 'clerk-aaa',
	'{"do": "change", "department": "bbb"}')$$, 'DR000', 'not-allowed: account: administrator', 'nor sends one away');
SELECT throws_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'role', 'clerk-aaa',
	'{"do": "give", "role": "coordinator"}')$$, 'DR000', 'not-allowed: role: administrator',
	'a head gives no role of the whole installation');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'administrator-two',
	'{"do": "give", "role": "coordinator"}')$$, 'DR000', 'same-person: administrator',
	'nobody seconds what is given to himself');
SELECT throws_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'role', 'clerk-aaa',
	'{"do": "give", "role": "clerk", "department": "aaa", "from": "2026-01-01"}')$$, 'DR000',
	'role-held: clerk', 'not the same role twice');
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
	'DR000', 'not-allowed: account: administrator', 'but not one that has a role of the installation');
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

-- ---- recusals: one, its end, a file of them -------------------------------------------------------------

SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('inspector-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA2", "ground": "relative"}')$$, 'an inspector recuses himself');
SELECT throws_ok($$SELECT pg_temp.both('inspector-aaa-two', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: AAA-0001', 'but nobody else');
SELECT throws_ok($$SELECT pg_temp.both('clerk-bbb', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: AAA-0001', 'nor a clerk of another department');
SELECT throws_ok($$SELECT pg_temp.both('coordinator', 'coordinator-two', 'recusal', 'AAA-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: AAA-0001', 'nor a coordinator');
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'ZZZ-0001',
	'{"object": "91330100MA3"}')$$, 'DR000', 'bad-inspector: ZZZ-0001', 'nor one that is not there');
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100ma3"}')$$, 'DR000', 'bad-object: 91330100ma3', 'nor of an object that can be none');
RESET ROLE;
SELECT is((SELECT concat_ws(' ', inspector, subject, ground, since) FROM recusal_fact),
	'AAA-0001 91330100MA2 relative 2026-03-01', 'it stands among the recusals');

-- its end: a fact of its own
CREATE FUNCTION pg_temp.recused(day text) RETURNS text AS $$
	SELECT coalesce(string_agg(concat_ws(' ', inspector, subject), ',' ORDER BY id), 'nobody') FROM recusals_on(day);
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"action": "end", "object": "91330100MA9"}')$$, 'DR000', 'no-recusal: AAA-0001 91330100MA9',
	'what is not in force does not end');
SELECT throws_ok($$SELECT pg_temp.both('clerk-bbb', 'head-aaa', 'recusal', 'AAA-0001',
	'{"action": "end", "object": "91330100MA2"}')$$, 'DR000', 'bad-inspector: AAA-0001',
	'nor does another department end it');
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'clerk-aaa', 'recusal', 'AAA-0001',
	'{"action": "end", "object": "91330100MA2"}')$$, 'DR000', 'not-allowed: recusal: head:aaa', 'nor one person alone');
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"action": "pause", "object": "91330100MA2"}')$$, 'DR000', 'bad-json: pause', 'nor in another way');
SELECT lives_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"action": "end", "object": "91330100MA2", "until": "2026-03-10"}')$$, 'a recusal is ended');
RESET ROLE;
SELECT is((SELECT count(*) FROM recusal_fact), 2::bigint, 'by another fact');
SELECT is(pg_temp.recused('2026-03-10'), 'AAA-0001 91330100MA2', 'it holds until its last day');
SELECT is(pg_temp.recused('2026-03-11'), 'nobody', 'and not behind it');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"action": "end", "object": "91330100MA2"}')$$, 'DR000', NULL, 'once');
SELECT lives_ok($$SELECT pg_temp.both('clerk-aaa', 'head-aaa', 'recusal', 'AAA-0001',
	'{"object": "91330100MA2"}')$$, 'it begins anew');
RESET ROLE;
SELECT is(pg_temp.recused('2026-03-11'), 'AAA-0001 91330100MA2', 'and holds');
SET LOCAL ROLE drawd_owner;
UPDATE recusal_fact SET until = '2026-01-01';
RESET ROLE;
SELECT is((SELECT count(*) FROM recusal_fact WHERE until < '2026-03-10'), 0::bigint, 'no fact is changed, not by its owner');

-- a file: moved, seconded, then a job that is its mover's
INSERT INTO account_role (account, role, department, from_date) VALUES ('deputy2', 'clerk', 'aaa', '2026-01-01'),
	('deputy2', 'clerk', 'bbb', '2026-01-01');
SET LOCAL session_replication_role = replica;
INSERT INTO upload (id, name, size, received, account, department) OVERRIDING SYSTEM VALUE VALUES
	(901, 'aaa.csv', 5, 5, 'clerk-aaa', 'aaa'), (902, 'bbb.csv', 5, 5, 'clerk-bbb', 'bbb'),
	(903, 'all.csv', 5, 5, 'coordinator', NULL), (904, 'half.csv', 5, 4, 'clerk-aaa', 'aaa'),
	(905, 'two.csv', 5, 5, 'deputy2', 'aaa'), (906, 'again.csv', 5, 5, 'head-aaa', 'aaa');
UPDATE upload SET sha256 = sha256(CASE WHEN id IN (901, 906) THEN 'same' ELSE name END::bytea) WHERE id BETWEEN 901 AND 906;
SET LOCAL session_replication_role = origin;
CREATE FUNCTION pg_temp.file(n int, more text DEFAULT '') RETURNS jsonb LANGUAGE sql AS $$
	SELECT ('{"action": "import", "kind": "recusals", "upload": ' || n
		|| ', "source": "s", "provider": "p", "labels": ""' || more || '}')::jsonb $$;
CREATE FUNCTION pg_temp.move_file(account text, n int, more text DEFAULT '') RETURNS int8 AS $$
	SELECT pg_temp.enter_as(account);
	SELECT (drawd.motion_move('recusal', NULL, '', pg_temp.file(n, more), 'list of the year', '') ->> 'motion')::int8;
$$ LANGUAGE sql;
-- the newest job: whose, of which department, its list; the motion's state
CREATE FUNCTION pg_temp.newest() RETURNS text AS $$
	SELECT concat_ws(' ', j.account, coalesce(j.department, 'all'), j.args ->> 'upload', j.args ->> 'kind', m.state)
	  FROM job j JOIN motion m ON m.id = j.motion ORDER BY j.id DESC LIMIT 1;
$$ LANGUAGE sql SECURITY DEFINER;
CREATE FUNCTION pg_temp.end_job(how text) RETURNS void AS $$
	UPDATE job SET state = 'running', fence = fence + 1 WHERE id = (SELECT max(id) FROM job);
	UPDATE job SET state = how, error = CASE how WHEN 'failed' THEN '{"code": "no-column"}'::jsonb END
	 WHERE id = (SELECT max(id) FROM job);
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_web;
SELECT pg_temp.enter_as('clerk-aaa');
SELECT throws_ok($$INSERT INTO drawd.job (kind, args, dedup) VALUES ('import', '{"upload": 901, "kind": "recusals"}', 'x')$$,
	'42501', NULL, 'no job imports recusals without a motion');
SELECT throws_ok($$SELECT pg_temp.move_file('clerk-aaa', 902)$$, 'DR000', 'upload-incomplete: upload 902',
	'a file of another department is not there');
SELECT throws_ok($$SELECT pg_temp.move_file('clerk-aaa', 999)$$, 'DR000', 'upload-incomplete: upload 999',
	'no more than one that is not');
SELECT throws_ok($$SELECT pg_temp.move_file('clerk-aaa', 904)$$, 'DR000', 'upload-incomplete: upload 904',
	'nor one that is not complete');
SELECT throws_ok($$SELECT pg_temp.move_file('clerk-aaa', 901, ', "department": "bbb"')$$, 'DR000', 'not-allowed: bbb',
	'nobody moves it for another department');
SELECT throws_ok($$SELECT pg_temp.move_file('custodian', 901)$$, 'DR000', NULL, 'nor without a role for it');
SELECT ok(pg_temp.move_file('clerk-aaa', 901) > 0, 'a clerk moves a file of recusals');
SELECT throws_ok($$SELECT pg_temp.move_file('head-aaa', 901)$$, 'DR000', 'motion-open: recusal', 'once');
SELECT throws_ok($$SELECT pg_temp.move_file('head-aaa', 906)$$, 'DR000', 'motion-open: recusal',
	'the same recusals in a file that was sent again are that motion');
SELECT throws_ok(format($$SELECT pg_temp.decide('%s', (SELECT max(id) FROM motion))$$, who), 'DR000', said,
	who || ' does not second it')
  FROM (VALUES ('clerk-aaa', 'not-allowed: recusal: head:aaa'), ('clerk-aaa-two', 'not-allowed: recusal: head:aaa'),
	('coordinator', 'not-allowed: recusal: head:aaa'), ('head-bbb', 'not-allowed: recusal: head:aaa')) v (who, said);
SELECT matches(pg_temp.decide('head-aaa', (SELECT max(id) FROM motion))::text, '"state": "carried"', 'its head does');
SELECT is(pg_temp.newest(), 'clerk-aaa aaa 901 recusals carried', 'and a job of the mover''s imports it');
RESET ROLE;
SELECT pg_temp.end_job('done');
SELECT is(pg_temp.newest(), 'clerk-aaa aaa 901 recusals done', 'done with it');
SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move_file('service-aaa', 901) > 0, 'a service of the department moves one');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator', (SELECT max(id) FROM motion))$$, 'DR000', NULL,
	'which no coordinator seconds');
SELECT ok((pg_temp.decide('head-aaa', (SELECT max(id) FROM motion)) -> 'result' ->> 'job')::int8 > 0, 'its head does');
RESET ROLE;
SELECT pg_temp.end_job('failed');
SELECT is(pg_temp.newest(), 'service-aaa aaa 901 recusals refused', 'refused where the job fails');
SET LOCAL ROLE drawd_web;
SELECT ok(pg_temp.move_file('coordinator', 903) > 0, 'a coordinator moves a file of all departments');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-again', (SELECT max(id) FROM motion))$$, 'DR000',
	'same-person: coordinator', 'whoever moved it does not second it');
SELECT throws_ok($$SELECT pg_temp.decide('head-aaa', (SELECT max(id) FROM motion))$$, 'DR000',
	'not-allowed: recusal: coordinator', 'nor a head');
SELECT is(roles_asked(k.second, k.whole, m.department), '{coordinator}', 'who may is told')
  FROM motion m JOIN motion_kind k USING (kind) ORDER BY m.id DESC LIMIT 1;
SELECT matches(pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion))::text, '"job"', 'another coordinator does');
SELECT is(pg_temp.newest(), 'coordinator all 903 recusals carried', 'it is of all departments');
-- one who acts for two departments says for which
SELECT throws_ok($$SELECT pg_temp.move_file('deputy2', 905)$$, 'DR000', 'department-needed: aaa,bbb',
	'who acts for two departments names one');
SELECT pg_temp.enter_as('deputy2');
SELECT throws_ok($$INSERT INTO drawd.job (kind, args, dedup) VALUES ('import', '{"upload": 905, "kind": "entities"}', 'y')$$,
	'DR000', 'department-needed: aaa,bbb', 'for any list');
SELECT ok(pg_temp.move_file('deputy2', 905, ', "department": "bbb"') > 0, 'and it is that one''s');
SELECT is(department::text, 'bbb', 'for its head to second') FROM motion ORDER BY id DESC LIMIT 1;
RESET ROLE;

-- ---- what constraints are told as ------------------------------------------------------------------------

UPDATE account_role SET ended_at = NULL WHERE account IN ('administrator', 'administrator-two');
UPDATE account SET state = 'active' WHERE id LIKE 'administrator%';
-- Those that no request can break: numbers given out here, generated columns, states set by functions.
SELECT is((SELECT string_agg(name, ',' ORDER BY name) FROM (
	SELECT conname AS name FROM pg_constraint
	 WHERE conrelid IN ('account'::regclass, 'account_role'::regclass, 'department'::regclass) AND contype <> 'n'
	UNION
	SELECT indexrelid::regclass::text FROM pg_index
	 WHERE indrelid IN ('account'::regclass, 'account_role'::regclass, 'department'::regclass) AND indisunique) c
	WHERE (constraint_told(name)).error IS NULL),
	'account_id_kind_key,account_role_motion_fkey,account_role_pkey,account_state_check',
	'every constraint on people and departments has an error');
SET LOCAL ROLE drawd_web;
SELECT throws_ok(format($$SELECT pg_temp.both('administrator', 'administrator-two', %L, %L, %L)$$, kind, subject, body),
	'DR000', said, said)
  FROM (VALUES
	('account', 'n1', '{"do": "new", "person": "P 1", "name": "x"}', 'bad-person: P 1'),
	('account', 'n1', '{"do": "new", "person": "P1", "name": ""}', 'bad-json: '),
	('account', 'n1', '{"do": "new", "person": "P1"}', 'bad-json: name'),
	('account', 'n1', '{"do": "new", "person": "P1", "name": "x", "kind": "robot"}', 'bad-json: robot'),
	('account', 'n1', '{"do": "new", "person": "P1", "name": "x", "language": "la"}', 'bad-json: la'),
	('account', 'n1', '{"do": "new", "person": "P1", "name": "x", "inspector": "a b"}', 'bad-inspector: a b'),
	('account', 'n1', '{"do": "new", "person": "P1", "name": "x", "department": "aaa", "inspector": "AAA-0001"}',
		'conflict: AAA-0001'),
	('role', 'newcomer', '{"do": "give", "role": "clerk"}', 'department-needed: newcomer'),
	('role', 'newcomer', '{"do": "give", "role": "king", "department": "aaa"}', 'department-needed: aaa'),
	('role', 'newcomer', '{"do": "give", "role": "service", "department": "aaa"}', 'role-kind: service'),
	('role', 'service-aaa', '{"do": "give", "role": "clerk", "department": "aaa"}', 'role-kind: clerk'),
	('role', 'newcomer', '{"do": "give", "role": "clerk", "department": "aaa", "to": "2026-02-28"}', 'date-order: 2026-02-28'),
	('department', 'none', '{"do": "new", "level": "county", "region": "330199", "name": "x"}', 'reserved-name: none'),
	('department', 'ddd', '{"do": "new", "level": "county", "region": "3301990", "name": "x"}', 'bad-region: 3301990'),
	('department', 'ddd', '{"do": "new", "level": "moon", "region": "330199", "name": "x"}', 'bad-json: moon'),
	('department', 'aaa', '{"do": "new", "level": "city", "region": "330100", "name": "x"}', 'department-exists: aaa'),
	('department', 'ddd', '{"do": "new", "system": "aaa", "level": "county", "region": "330199", "name": "x"}', 'conflict: 330199'))
	v (kind, subject, body, said);
-- an inspector who signs in is on the list of his department
RESET ROLE;
INSERT INTO inspector_number VALUES ('aaa', 'X3', 'AAA-0002'), ('bbb', 'X4', 'BBB-0002');
SET LOCAL ROLE drawd_web;
SELECT throws_ok(format($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', %L, %L)$$, subject, body),
	'DR000', said, name)
  FROM (VALUES
	('n2', '{"do": "new", "person": "P1", "name": "x", "department": "bbb", "inspector": "AAA-0002"}',
		'bad-inspector: AAA-0002', 'nobody is an inspector of another department'),
	('n2', '{"do": "new", "person": "P1", "name": "x", "inspector": "AAA-0002"}', 'bad-inspector: AAA-0002', 'nor of none'),
	('n2', '{"do": "new", "person": "P1", "name": "x", "department": "aaa", "inspector": "AAA-0777"}',
		'bad-inspector: AAA-0777', 'nor one that is on no list'),
	('newcomer', '{"do": "change", "inspector": "BBB-0002"}', 'bad-inspector: BBB-0002', 'nor becomes one'),
	('inspector-aaa', '{"do": "change", "department": "bbb"}', 'bad-inspector: AAA-0001', 'nor takes his number along'))
	v (subject, body, said, name);
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'inspector-aaa',
	'{"do": "change", "department": "bbb", "inspector": ""}')$$, 'he leaves without it');
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'newcomer',
	'{"do": "change", "inspector": "AAA-0001"}')$$, 'and another gets it');
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'administrator-two', 'account', 'inspector-bbb',
	'{"do": "change", "name": "x"}')$$, 'a name changes whatever the list says');
RESET ROLE;

-- ---- alone: rights are only taken away -------------------------------------------------------------------

SELECT is((SELECT string_agg(name, ',' ORDER BY name) FROM role WHERE NOT delegable), 'auditor,inspector,oversight,service',
	'what is not delegated');
SELECT is((SELECT first FROM motion_kind WHERE kind = 'delegation'),
	(SELECT array_agg(name::text ORDER BY name) FROM role WHERE delegable), 'who may delegate follows');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.both('auditor', 'administrator', 'delegation', 'newcomer',
	'{"role": "auditor", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'DR000', 'not-allowed: auditor',
	'an auditor does not have another see everything');
SELECT lives_ok($$SELECT pg_temp.both('head-aaa', 'administrator', 'delegation', 'deputy',
	'{"role": "head", "department": "aaa", "from": "2026-03-01", "to": "2026-03-31"}')$$, 'a head delegates');
RESET ROLE;
DO $$BEGIN PERFORM pg_temp.sign_in('deputy'); END$$;
CREATE TEMP TABLE delegated AS SELECT max(id) AS id FROM account_role WHERE delegated_from IS NOT NULL;
GRANT SELECT ON delegated TO drawd_web;
CREATE FUNCTION pg_temp.take_back(account text) RETURNS boolean AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.delegation_end((SELECT id FROM delegated));
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_web;
SELECT is(pg_temp.take_back(who), false, who || ' does not take it back')
  FROM unnest('{head-aaa-two,head-bbb,clerk-aaa}'::text[]) who;
RESET ROLE;
SELECT is((SELECT count(*) FROM roles_on('deputy', '2026-03-15')), 1::bigint, 'it still stands');
SET LOCAL ROLE drawd_web;
SELECT is(pg_temp.take_back('head-aaa'), true, 'whoever delegated it takes it back alone');
SELECT is(pg_temp.take_back('head-aaa'), false, 'once');
RESET ROLE;
SELECT is((SELECT count(*) FROM roles_on('deputy', '2026-03-15')), 0::bigint, 'and the delegate has it no more');
SELECT is(pg_temp.signed_in('deputy'), 'changed token', 'and signs in anew');
-- a grant that is no delegation is nobody's to take back
SET LOCAL ROLE drawd_web;
SELECT pg_temp.enter_as('administrator');
RESET ROLE;
SELECT is((SELECT delegation_end(id) FROM account_role WHERE account = 'clerk-bbb' AND delegated_from IS NULL LIMIT 1), false,
	'a role that was given is not ended so');

CREATE FUNCTION pg_temp.suspend(asker text, account text, why text DEFAULT 'phone lost') RETURNS boolean AS $$
	SELECT pg_temp.enter_as(asker);
	SELECT drawd.account_suspend(account, why);
$$ LANGUAGE sql;
DO $$BEGIN PERFORM pg_temp.sign_in('clerk-bbb-two'); END$$;
SET LOCAL ROLE drawd_web;
SELECT throws_ok(format('SELECT pg_temp.suspend(%L, %L)', who, whom), 'DR000', said, format('%s does not suspend %s', who, whom))
  FROM (VALUES ('head-aaa', 'clerk-bbb-two', 'no-account: clerk-bbb-two'), ('head-aaa', 'nobody', 'no-account: nobody'),
	('coordinator', 'clerk-bbb-two', 'no-account: clerk-bbb-two'), ('inspector-bbb', 'clerk-bbb-two', 'no-account: clerk-bbb-two'))
	v (who, whom, said);
SELECT throws_ok($$SELECT pg_temp.suspend('head-bbb', 'clerk-bbb-two', ' ')$$, 'DR000', 'bad-json: reason', 'not without a reason');
SELECT is(pg_temp.suspend('head-bbb', 'clerk-bbb-two'), true, 'a head suspends an account of the department alone');
SELECT throws_ok($$SELECT pg_temp.suspend('head-bbb', 'clerk-bbb-two')$$, 'DR000', 'no-change: clerk-bbb-two', 'once');
RESET ROLE;
SELECT is((SELECT concat_ws(' ', a.state, s.ended_why, t.ended_at IS NOT NULL) FROM account a
	JOIN session s ON s.account = a.id JOIN access_token t ON t.account = a.id WHERE a.id = 'clerk-bbb-two'),
	'disabled disabled t', 'it is disabled, its session and token have ended');
SELECT is((SELECT concat_ws(' ', account, act, reason) FROM audit WHERE object_kind = 'account' AND object = 'clerk-bbb-two'
	ORDER BY id DESC LIMIT 1), 'head-bbb changed phone lost', 'who, and why, stands in the audit log');
SET LOCAL ROLE drawd_web;
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'head-bbb', 'account', 'clerk-bbb-two', '{"do": "enable"}')$$,
	'two enable it again');
RESET ROLE;
INSERT INTO account_role (account, role, from_date) VALUES ('clerk-bbb-two', 'oversight', '2026-01-01');
SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT pg_temp.suspend('head-bbb', 'clerk-bbb-two')$$, 'DR000', 'not-allowed: clerk-bbb-two: administrator',
	'one with a role of the installation is for administrators');
SELECT is(pg_temp.suspend('administrator', 'clerk-bbb-two'), true, 'who suspend it');
SELECT throws_ok($$SELECT pg_temp.suspend('administrator', 'administrator-two')$$, 'DR000', 'motion-needed: account.disable',
	'another administrator takes two');
SELECT is(pg_temp.suspend('administrator', 'administrator-again'), true, 'but not one''s own other account');
SELECT lives_ok($$SELECT pg_temp.both('administrator', 'coordinator', 'account', 'administrator-two', '{"do": "disable"}')$$,
	'a motion disables him');
SELECT throws_ok($$SELECT pg_temp.suspend('administrator', 'administrator')$$, 'DR000', NULL, 'but not the last of them');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
