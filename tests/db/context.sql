-- The context (0006): who it lets in, when it ends, and that nobody forges one. In the world of
-- world.sql, after rows.sql; each BEGIN … is a request of the web process. What a ROLLBACK takes back are
-- also the counts of pgTAP: there is no plan, an error ends the script.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = drawd, public;
SELECT * FROM no_plan();

-- what the web process is told, in one line
CREATE FUNCTION public.set_day(day text) RETURNS void LANGUAGE sql SECURITY DEFINER
	AS $$UPDATE drawd.clock SET fixed = extract(epoch FROM (day || ' 12:00+08')::timestamptz)$$;
CREATE FUNCTION public.told(kind text, who text, day text DEFAULT '2026-05-10', scope text DEFAULT '')
	RETURNS text AS $$
	SELECT set_day(day);
	SELECT concat_ws(' ', nullif(refused, ''), account, nullif(roles, ''), nullif(departments, ''),
			CASE WHEN restricted THEN 'restricted' END, CASE WHEN renew THEN 'renew' END)
	  FROM drawd.enter(kind, CASE WHEN kind IN ('session', 'token') THEN encode(sha256(who::bytea), 'hex')
			ELSE who END, '10.0.0.1', 'probe', scope, '')
$$ LANGUAGE sql;
-- what the policies then know
CREATE FUNCTION public.known() RETURNS text AS $$
	SELECT concat_ws(' ', coalesce(me(), '-'), coalesce(acting(), '-'), my_roles(), my_departments(), my_acts(),
			coalesce(my_inspector(), '-'), sees_all())
$$ LANGUAGE sql;
\set nobody '- - {} {} {} - f'
-- as the web process, one connection for one transaction
CREATE FUNCTION public.web() RETURNS void AS $$SELECT set_config('role', 'drawd_web', true)$$ LANGUAGE sql;

-- ---- who is let in -------------------------------------------------------------------------------

BEGIN;
SELECT web() \g /dev/null
SELECT is(known(), :'nobody', 'nobody asks before somebody entered');
SELECT is(told('session', 'head'), 'head head a,c', 'a head of a department, and what lies below it');
SELECT is(known(), 'head head {head} {a,c} {a} - f', 'he reads both and acts for his own');
SELECT is(has_role('clerk', 'head'), true, 'he has one of two roles');
SELECT is(has_role('clerk'), false, 'and not the other');
SELECT is(acts_for('a'), true, 'acts for his own');
SELECT is(acts_for('c'), false, 'not for the one below');
SELECT is(acts_for(NULL), false, 'nor for none');
SELECT is(acts_as('head', 'a'), true, 'as its head');
SELECT is(acts_as('clerk', 'a'), false, 'not as its clerk');
SELECT is(context() ->> 'address' || ' ' || (context() ->> 'route'), '10.0.0.1 probe',
	'where he asks from and what for');
SELECT is(told('session', 'aud'), 'aud auditor *', 'an auditor reads all');
SELECT is(known(), 'aud aud {auditor} {} {} - t', 'and acts for nobody');
SELECT is(told('session', 'insp'), 'insp inspector', 'an inspector');
SELECT is(known(), 'insp insp {inspector} {} {} A-0001 f', 'sees his visits');
SELECT is(told('session', 'astray'), 'astray inspector', 'one with the number of an inspector of another department');
SELECT is(known(), 'astray astray {inspector} {} {} - f', 'sees no visits of his');
SELECT is(told('session', 'lone'), 'lone', 'somebody without a role');
SELECT is(known(), 'lone lone {} {} {} - f', 'sees none, though he is an inspector of the register');
SELECT is(told('token', 'svc'), 'svc service a', 'a service by its token');
SELECT is(known(), 'svc svc {service} {a} {a} - f', 'is of its department');
SELECT is(told('public', ''), '', 'the public');
SELECT is(known(), :'nobody', 'is nobody');
SELECT is(told('session', 'shut'), 'shut restricted', 'a restricted session');
SELECT is(known(), 'shut - {} {} {} - f', 'has no roles and does nothing');
SELECT is(told('session', 'off'), 'session-ended ', 'a disabled account is refused');
SELECT is(known(), :'nobody', 'and leaves nobody behind');
SELECT is(told('session', 'unheard'), 'session-ended ', 'so is a token that nobody has');
SELECT is(told('token', 'head'), 'session-ended ', 'a session is no access token');
SELECT is(told('session', 'svc'), 'session-ended ', 'nor the other way');
SELECT is((SELECT refused FROM enter('session', 'x', '', '', '', '')), 'session-ended',
	'a malformed secret is no error of the database');
SELECT is((SELECT refused FROM enter('king', '', '', '', '', '')), 'sign-in-needed',
	'nor is a kind that does not exist');
SELECT is(told('session', 'head'), 'head head a,c', 'who enters');
SELECT is(told('session', 'unheard'), 'session-ended ', 'and is then refused');
SELECT is(known(), :'nobody', 'is nobody again');
COMMIT;

-- ---- dates and delegation --------------------------------------------------------------------------

BEGIN;
SELECT is(told('session', 'old'), 'old', 'a role that ended yesterday and begins tomorrow');
SELECT is(told('session', 'old', '2026-05-09'), 'old head a,c', 'its last day counts');
SELECT is(told('session', 'old', '2026-05-11'), 'old head a,c', 'and its first');
SELECT is(told('session', 'deputy', '2026-04-30'), 'deputy', 'a delegated role before its days');
SELECT is(told('session', 'deputy', '2026-05-01'), 'deputy head a,c', 'on the first of them');
SELECT is(told('session', 'deputy', '2026-05-31'), 'deputy head a,c', 'on the last');
SELECT is(told('session', 'deputy', '2026-06-01'), 'deputy', 'after them');
SAVEPOINT held;
UPDATE account_role SET ended_at = now() WHERE account = 'head';
SELECT is(told('session', 'deputy'), 'deputy', 'none once the one who delegated it lost it');
ROLLBACK TO held;
UPDATE account SET state = 'disabled' WHERE id = 'head';
SELECT is(told('session', 'deputy'), 'deputy', 'or was disabled');
ROLLBACK TO held;
UPDATE department SET active = false WHERE id = 'a';
SELECT is(told('session', 'head'), 'head', 'no role of a department that is no more');
ROLLBACK TO held;
SELECT throws_ok($$UPDATE account SET inspector = 'A-0001' WHERE id = 'clerk'$$, '23505', NULL,
	'an inspector has one account');
SELECT throws_ok($$INSERT INTO account_role (account, role, from_date) VALUES ('lone', 'head', '2026-01-01')$$,
	'23503', NULL, 'a head is head of a department');
SELECT throws_ok($$INSERT INTO account_role (account, role, department, from_date)
	VALUES ('lone', 'auditor', 'a', '2026-01-01')$$, '23503', NULL, 'an auditor of none');
SELECT throws_ok($$INSERT INTO account_role (account, role, department, from_date)
	VALUES ('lone', 'service', 'a', '2026-01-01')$$, '23503', NULL, 'a person is no service');
SELECT throws_ok($$INSERT INTO account_role (account, role, department, from_date)
	VALUES ('svc', 'head', 'a', '2026-01-01')$$, '23503', NULL, 'and a service no head');
SELECT throws_ok($$INSERT INTO account_role (account, role, department, from_date, delegated_from)
	VALUES ('lone', 'head', 'a', '2026-01-01', 'head')$$, '23514', NULL, 'a delegation has an end');
ROLLBACK;

-- ---- the clock --------------------------------------------------------------------------------------

BEGIN;
SELECT web() \g /dev/null
SELECT throws_ok($$UPDATE drawd.clock SET ahead = 1$$, '42501', NULL, 'web does not move the clock');
SELECT throws_ok($$SELECT clock_set(1, NULL)$$, '42501', NULL, 'nor has it moved');
SET LOCAL ROLE drawd_notary;
SELECT clock_set(-86400, NULL) \g /dev/null
SELECT web() \g /dev/null
SELECT enter('session', encode(sha256('old'), 'hex'), '', 'probe', '', '') \g /dev/null
SELECT is(asked_at(), floor(extract(epoch FROM now()))::int8 - 86400, 'whoever asks asks at the time of the notary');
SELECT is(context() ->> 'day', to_char(now() AT TIME ZONE 'UTC' - interval '16 hours', 'YYYY-MM-DD'),
	'and on its civil day');
RESET ROLE;
SELECT is((SELECT concat_ws(' ', act, detail -> 'ahead') FROM audit WHERE object_kind = 'clock' ORDER BY id DESC LIMIT 1),
	'changed [0, -86400]', 'moving it is noted');
UPDATE round SET demo = false, delta = 600 WHERE id = '2026-0004';
SET LOCAL ROLE drawd_notary;
SELECT throws_ok($$SELECT clock_set(1, NULL)$$, 'DR000', 'demo-only: clock', 'beside a round in earnest it is not moved');
SELECT lives_ok($$SELECT clock_set(0, NULL)$$, 'only set right');
ROLLBACK;

-- ---- forged contexts ---------------------------------------------------------------------------------

BEGIN;
SELECT web() \g /dev/null
SELECT told('session', 'clerk') \g /dev/null
SELECT current_setting('drawd.context') AS held \gset
SELECT is(known(), 'clerk clerk {clerk} {a,c} {a} - f', 'a clerk');
SELECT set_config('drawd.context', replace(:'held', '"clerk"', '"aud"'), true) \g /dev/null
SELECT is(known(), :'nobody', 'who changes a name in the context is nobody');
SELECT set_config('drawd.context', replace(:'held', '"roles": ["clerk"]', '"roles": ["auditor"]'), true) \g /dev/null
SELECT is(known(), :'nobody', 'or a role');
SELECT set_config('drawd.context', replace(:'held', '"acts": ["a"]', '"acts": ["a", "b"]'), true) \g /dev/null
SELECT is(known(), :'nobody', 'or a department');
SELECT set_config('drawd.context', repeat('0', 64) || substr(:'held', 65), true) \g /dev/null
SELECT is(known(), :'nobody', 'or makes up the MAC');
SELECT set_config('drawd.context', encode(sha256(convert_to(substr(:'held', 65), 'UTF8')), 'hex')
	|| substr(:'held', 65), true) \g /dev/null
SELECT is(known(), :'nobody', 'or takes a hash for it');
SELECT set_config('drawd.context', 'x', true) \g /dev/null
SELECT is(known(), :'nobody', 'or writes nonsense');
SELECT set_config('drawd.context', :'held', true) \g /dev/null
SELECT is(known(), 'clerk clerk {clerk} {a,c} {a} - f', 'the true one counts again');
SELECT set_config('drawd.context', :'held', false) \g /dev/null
COMMIT;

BEGIN;
SELECT web() \g /dev/null
SELECT is(current_setting('drawd.context'), :'held', 'kept for the connection');
SELECT is(known(), :'nobody', 'the context of the last transaction counts no more');
SELECT is((SELECT count(*) FROM visit), 0::bigint, 'and shows no visit');
COMMIT;

-- ---- ends ------------------------------------------------------------------------------------------

BEGIN;
SAVEPOINT open;
UPDATE session SET ends_at = now() WHERE account = 'head';
SELECT is(told('session', 'head'), 'session-ended ', 'a session at its end');
SELECT is(ended_why, 'expired', 'is closed') FROM session WHERE account = 'head';
ROLLBACK TO open;
UPDATE session SET seen_at = now() - idle WHERE account = 'head';
SELECT is(told('session', 'head'), 'session-ended ', 'one that nobody used');
SELECT is(ended_why, 'idle', 'is closed as well') FROM session WHERE account = 'head';
ROLLBACK TO open;
UPDATE session SET seen_at = now() - interval '50 seconds' WHERE account = 'head';
SELECT told('session', 'head') \g /dev/null
SELECT is(now() - seen_at, interval '50 seconds', 'use is noted once a minute') FROM session WHERE account = 'head';
UPDATE session SET seen_at = now() - interval '70 seconds' WHERE account = 'head';
SELECT told('session', 'head') \g /dev/null
SELECT is(seen_at, now(), 'and then it is') FROM session WHERE account = 'head';
ROLLBACK TO open;

UPDATE session SET rotated_at = now() - interval '16 minutes' WHERE account = 'head';
SELECT web() \g /dev/null
SELECT is(told('session', 'head'), 'head head a,c renew', 'a token of a quarter of an hour is renewed');
SELECT is(session_rotate(encode(sha256('new'), 'hex')), true, 'by the first request');
SELECT is(session_rotate(encode(sha256('newer'), 'hex')), false, 'and not by another at the same time');
SELECT is(told('session', 'new'), 'head head a,c', 'the new token counts');
SELECT is(told('session', 'head'), 'head head a,c', 'the old one still does for requests under way');
RESET ROLE;
UPDATE session SET rotated_at = now() - interval '61 seconds' WHERE account = 'head';
SELECT is(told('session', 'head'), 'session-ended ', 'a minute later the old one is refused');
SELECT is(told('session', 'new'), 'session-ended ', 'and with it the session: one of the two was stolen');
SELECT is(ended_why, 'reused', 'which is told') FROM session WHERE account = 'head';
ROLLBACK TO open;

SELECT is(told('token', 'headb', scope => 'rounds:read'), 'headb head b', 'a token within its scopes');
SELECT is(told('token', 'headb', scope => 'rounds:write'), 'scope headb head b', 'and outside of them');
SELECT is(known(), :'nobody', 'where it does nothing');
SELECT is(told('token', 'headb'), 'headb head b', 'one that names no scope is told who it is');
SELECT is(known(), 'headb - {} {} {} - f', 'and has no role: scopes do not rest on the word of web');
SELECT told('token', 'headb', scope => 'rounds:read') \g /dev/null
SELECT is(known(), 'headb headb {head} {b} {b} - f', 'with one it has');
SELECT throws_ok($$SELECT motion_move('account', NULL, 'headb', '{"do": "disable"}', 'x', '')$$, 'DR000',
	'scope: people:write', 'but moves nothing that its scopes do not allow');
SELECT throws_ok($$SELECT motion_decide(1, 'seconded', 'x', '')$$, 'DR000', 'scope: motions:write',
	'seconds nothing');
SELECT throws_ok($$SELECT round_approve('2026-0004', 'b')$$, 'DR000', 'scope: rounds:write', 'approves nothing');
UPDATE access_token SET ends_at = now() WHERE account = 'svc';
SELECT is(told('token', 'svc'), 'session-ended ', 'a token at its end');
UPDATE account SET os_user = 'hua', sso_name = 'hua@example.org' WHERE id = 'clerk';
SELECT is(told('peer', 'hua'), 'clerk clerk a,c', 'a user of this machine');
SELECT is(told('proxy', 'hua@example.org'), 'clerk clerk a,c', 'a name of the trusted proxy');
SELECT is(told('peer', 'hua@example.org'), 'sign-in-needed ', 'one is not the other');
SELECT is(told('peer', ''), 'sign-in-needed ', 'and nothing is nobody');
ROLLBACK;

-- ---- what one may do to sessions and tokens ------------------------------------------------------------

BEGIN;
SELECT id AS theirs FROM session WHERE account = 'headb' \gset
SELECT web() \g /dev/null
SELECT told('session', 'head') \g /dev/null
SELECT is(session_end(:theirs, 'revoked'), false, 'nobody ends the session of another');
SELECT throws_ok($$SELECT token_new('headb', 'x', repeat('0', 64), '*', 1)$$, 'DR000', 'no-account: headb',
	'or makes a token for another');
SELECT isnt(token_new('svc', 'x', repeat('0', 64), 'files:write', 4000000000), NULL,
	'a head does for a service of the department');
SELECT throws_ok($$SELECT token_new('head', 'x', repeat('1', 64), 'all', 1)$$, 'DR000', 'bad-scope: all',
	'within the scopes there are');
SELECT told('token', 'clerk') \g /dev/null
SELECT throws_ok($$SELECT token_new('clerk', 'x', repeat('1', 64), '*', 1)$$, 'DR000', NULL,
	'a token makes no token');
SELECT told('session', 'shut') \g /dev/null
SELECT throws_ok($$SELECT token_new('shut', 'x', repeat('1', 64), '*', 1)$$, 'DR000', NULL,
	'nor does a restricted session');
SELECT told('session', 'adm') \g /dev/null
SELECT throws_ok($$SELECT token_new('svc', 'x', repeat('1', 64), '*', 1)$$, 'DR000', NULL,
	'nor an administrator, who would see what the service sees');
SELECT is(session_end(:theirs, 'revoked'), true, 'who ends any session');
SELECT is(session_end(:theirs, 'revoked'), false, 'once');
SELECT is(told('session', 'headb'), 'session-ended ', 'for good');
ROLLBACK;

-- ---- changes asked for once -----------------------------------------------------------------------------

BEGIN;
SELECT web() \g /dev/null
SELECT told('session', 'head') \g /dev/null
SELECT is((SELECT state FROM key_claim('key-0001', 'x', encode(sha256('x'), 'hex'))), 'fresh', 'a new key');
SELECT key_store('key-0001', 201, '{"a": 1}') \g /dev/null
SELECT is((SELECT concat_ws(' ', state, status, json) FROM key_claim('key-0001', 'x', encode(sha256('x'), 'hex'))),
	'done 201 {"a": 1}', 'the same again is answered again');
SELECT is((SELECT concat_ws(' ', state, status, json) FROM key_claim('key-0001', 'x', encode(sha256('y'), 'hex'))),
	'other', 'another request under it is not');
SELECT told('session', 'clerk') \g /dev/null
SELECT is((SELECT state FROM key_claim('key-0001', 'x', encode(sha256('y'), 'hex'))), 'fresh',
	'keys of two accounts are two');
RESET ROLE;
UPDATE request_key SET at = now() - interval '49 hours';
SELECT web() \g /dev/null
SELECT is((SELECT state FROM key_claim('key-0001', 'x', encode(sha256('z'), 'hex'))), 'fresh',
	'after two days it is forgotten');
ROLLBACK;

-- ---- figures --------------------------------------------------------------------------------------------

CREATE FUNCTION public.figures(who text, the_round text) RETURNS text AS $$
DECLARE
	f text;
	s text;
BEGIN
	PERFORM become(who);
	PERFORM web();
	f := round_figures(the_round);
	s := round_strata(the_round);
	PERFORM set_config('role', 'none', true);
	RETURN CASE WHEN f = '' AND s = '' THEN '' ELSE
		concat_ws(' ', f::json #>> '{draw,pairs}', f::json #>> '{draw,objects}', f::json #>> '{visits,all}',
			f::json #>> '{slots,all}', (SELECT string_agg(j ->> 'task', ',') FROM json_array_elements(s::json) j))
		END;
END
$$ LANGUAGE plpgsql;
BEGIN;
SELECT is(figures(who, '2026-0002'), wanted, who || ' and the figures of a round')
  FROM (VALUES ('coord', '3 3 3 5 ta2,tab2,tb2'), ('aud', '3 3 3 5 ta2,tab2,tb2'),
	('over', '3 3 3 5 ta2,tab2,tb2'), ('head', '2 2 2 3 ta2,tab2'), ('svc', '2 2 2 3 ta2,tab2'),
	('headb', '2 2 2 2 tab2,tb2'), ('clerkc', ''), ('insp', ''), ('adm', ''), ('cust', ''), ('lone', ''),
	('shut', ''), ('stranger', ''), ('nobody', '')) v (who, wanted);
CREATE FUNCTION public.of_departments(who text, the_round text) RETURNS text AS $$
DECLARE
	f text;
BEGIN
	PERFORM become(who);
	PERFORM web();
	f := round_departments(the_round);
	PERFORM set_config('role', 'none', true);
	RETURN (SELECT string_agg(concat_ws(' ', j ->> 'department', j ->> 'onsite', j ->> 'joint', j ->> 'saved',
			j ->> 'dropped', j ->> 'slots', j ->> 'bound_billionths'), ', ') FROM json_array_elements(f::json) j);
END
$$ LANGUAGE plpgsql;
SELECT is(of_departments(who, '2026-0002'), wanted, who || ' and the figures by department')
  FROM (VALUES ('coord', 'a 2 1 1 2 3 4, b 2 1 1 2 2 5'), ('aud', 'a 2 1 1 2 3 4, b 2 1 1 2 2 5'),
	('over', 'a 2 1 1 2 3 4, b 2 1 1 2 2 5'), ('head', 'a 2 1 1 2 3 4'), ('svc', 'a 2 1 1 2 3 4'),
	('headb', 'b 2 1 1 2 2 5'), ('clerkc', NULL), ('insp', NULL), ('adm', NULL), ('cust', NULL),
	('stranger', NULL), ('nobody', NULL)) v (who, wanted);
CREATE FUNCTION public.dropped_of(who text) RETURNS text AS $$
DECLARE
	told text;
BEGIN
	PERFORM become(who);
	PERFORM web();
	told := (SELECT string_agg(concat_ws(' ', object, task, code, coalesce(cap, '-'), coalesce(basis, '-')), ', ' ORDER BY object)
	           FROM dropped_list WHERE round = '2026-0002');
	PERFORM set_config('role', 'none', true);
	RETURN told;
END
$$ LANGUAGE plpgsql;
SELECT is(dropped_of(who), wanted, who || ' and what was dropped, with the cap and its law')
  FROM (VALUES ('headb', 'OAB tab2 cap-year 一年一次 条例第九条, OB tb2 checked - 条例第八条'),
	('head', 'OA ta2 cap-year 一年一次 条例第九条, OAB tab2 cap-year 一年一次 条例第九条'),
	('clerkc', NULL), ('insp', NULL), ('over', NULL)) v (who, wanted);
SELECT is(figures('over', '2026-0001'), '', 'the oversight body sees nothing of a draft');
SELECT is(figures('coord', '2026-0001'), '0 0', 'the coordinator sees that there is nothing yet');
ROLLBACK;

-- ---- another connection ----------------------------------------------------------------------------------

\connect -
SET client_min_messages = warning;
SET search_path = drawd, public;
SELECT * FROM no_plan();
BEGIN;
SELECT web() \g /dev/null
SELECT set_config('drawd.context', :'held', true) \g /dev/null
SELECT is(known(), :'nobody', 'the context of another connection counts for nothing');
COMMIT;
