-- Motions: every kind by every role, moved and seconded; who is the same person; what has been
-- decided, has lapsed, is refused; what a carried one does, and that it does it once.
\ir motion_world.sql

-- ---- every kind, every role ----------------------------------------------------------------------

SET LOCAL ROLE drawd_web;
WITH tried AS (
	SELECT a.kind, c.id AS mover, c.id = ANY (string_to_array(a.first, ' ')) AS may,
	       pg_temp.outcome(c.id, a.kind, NULL) AS said
	  FROM asked a, cast_of c WHERE c.id !~ 'again|two'
	UNION ALL
	SELECT a.kind, 'service-aaa', false, pg_temp.outcome('service-aaa', a.kind, NULL) FROM asked a
)
SELECT ok(may = (said = 'done') AND said IN ('done', 'not-allowed', 'no-account', 'no-document', 'not-found', 'bad-inspector', 'no-programme', 'no-clue'),
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
SELECT throws_ok($$SELECT pg_temp.move('coordinator-two', 'lock')$$, 'DR000', 'motion-open: lock',
	'a second one is not moved beside it');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0001', '', '{}', 'why', '')$$, 'DR000', NULL,
	'nor one that could not be carried out');
SELECT is((SELECT max(id) FROM motion), (SELECT count(*) FROM motion), 'what was refused has taken no number');
SELECT throws_ok($$SELECT pg_temp.decide('custodian', (SELECT max(id) FROM motion))$$, 'DR000',
	'not-allowed: lock: coordinator', 'one without the role does not second it');
SELECT throws_ok($$SELECT pg_temp.decide('coordinator-two', (SELECT max(id) FROM motion), 'withdrawn')$$,
	'DR000', 'not-allowed: withdrawn: coordinator', 'who did not move it does not withdraw it');
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
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0003', '', '{}', 'why', '')$$, 'DR000',
	'bad-state: freeze: frozen', 'a step is moved in its state only');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0009', '', '{}', 'why', '')$$, 'DR000',
	'no-round: 2026-0009', 'on a round that is there');
SELECT throws_ok($$SELECT drawd.motion_move('freeze', '2026-0001', '', '{}', 'why', '')$$, 'DR000',
	'motion-needed: policy', 'a freeze needs an agreed policy');
SELECT throws_ok($$SELECT drawd.motion_move('lock', '2026-0003', '', '{}', ' ', '')$$, 'DR000',
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

-- ---- rounds and approvals ------------------------------------------------------------------------------

DELETE FROM approval;
UPDATE account_role SET ended_at = now() WHERE delegated_from IS NOT NULL;
SET LOCAL ROLE drawd_web;
SELECT matches(pg_temp.make('coordinator', 'aaa,bbb')::text, '"id": "2026-0006", "state": "draft", "motion"',
	'a coordinator makes a round and moves its policy');
SELECT throws_ok($$SELECT pg_temp.make('head-aaa', 'aaa')$$, 'DR000', 'not-allowed: policy: coordinator', 'a head does not');
SELECT throws_ok($$SELECT pg_temp.make('coordinator', 'aaa,office')$$, 'DR000',
	'no-inspecting-department: office', 'nobody may make the joint office inspect');
SELECT throws_ok($$SELECT pg_temp.make('coordinator', 'aaa,zzz')$$, 'DR000', 'no-department: zzz',
	'nor a department that is not there');
SELECT throws_ok($$SELECT pg_temp.approve('head-bbb', 'aaa')$$, 'DR000', 'not-allowed: head:aaa',
	'a head approves for its own department');
SELECT throws_ok($$SELECT pg_temp.approve('clerk-aaa', 'aaa')$$, 'DR000', 'not-allowed: head:aaa', 'a clerk does not');
SELECT is(pg_temp.approve('head-aaa', ''), 'bbb', 'what is missing is told');
SELECT is(pg_temp.warned('coordinator'), format('policy-open policy: motion %s open, deadline-past 1970-01-01 08:00:09 +08:00',
	(SELECT max(id) FROM motion)), 'and what is to be known before one goes on');
SELECT is(pg_temp.warned('head-aaa'), pg_temp.warned('coordinator'), 'a head of it knows the same');
SELECT is(pg_temp.warned('head-aaa', '2026-0003'), '', 'of a frozen round there is nothing to know');
RESET ROLE;
UPDATE round SET policy = E'cycle.from\t2026-01-01\ntask.a.from\t2026-01-01\ntask.a.to\t2026-02-28\ntask.b.to\t2026-03-01\n',
	draw_deadline = pg_temp.now_at() WHERE id = '2026-0006';
SET LOCAL ROLE drawd_web;
SELECT is(pg_temp.warned('head-aaa'), format('policy-open policy: motion %s open, window-past a 2026-02-28',
	(SELECT max(id) FROM motion)), 'a window is over the day after its last');
SELECT is(pg_temp.state_of_policy('clerk-bbb'), 'open', 'those who take part know how far the policy is');
SELECT is(pg_temp.state_of_policy('custodian'), NULL, 'others do not');
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
SELECT throws_ok($$SELECT drawd.motion_carry(NULL, NULL)$$, '42501', NULL, 'nor carries one out itself');
SELECT set_config('drawd.context', '', true);
SELECT throws_ok($$SELECT drawd.motion_move('lock', '2026-0003', '', '{}', 'why', '')$$, 'DR000',
	'not-allowed: lock', 'nobody moves nothing');
RESET ROLE;

-- ---- a draft whose policy nobody agreed to --------------------------------------------------------------

INSERT INTO department (id, system, level, region, name) VALUES ('ccc', 'ccc', 'county', '330199', '丁局');
INSERT INTO account (id, kind, person, name, os_user) VALUES ('head-ccc', 'person', 'R1', 'head-ccc', 'head-ccc');
INSERT INTO account_role (account, role, department, from_date) VALUES ('head-ccc', 'head', 'ccc', '2026-01-01');
UPDATE account SET state = 'active' WHERE id = 'coordinator-again';
CREATE FUNCTION pg_temp.approve7(account text, department text, at int8 DEFAULT pg_temp.now_at()) RETURNS text AS $$
	SELECT pg_temp.enter_as(account, at);
	SELECT drawd.round_approve('2026-0007', department) ->> 'missing';
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.policy(account text, at int8 DEFAULT pg_temp.now_at()) RETURNS int8 AS $$
	SELECT pg_temp.enter_as(account, at);
	SELECT (drawd.motion_move('policy', '2026-0007', '', '{}', 'again', '') ->> 'motion')::int8;
$$ LANGUAGE sql;
SET LOCAL ROLE drawd_web;
SELECT matches(pg_temp.make('coordinator-two', 'aaa,bbb')::text, '2026-0007', 'another round');
SELECT throws_ok($$SELECT pg_temp.approve7('head-ccc', 'ccc')$$, 'DR000', 'no-round: 2026-0007',
	'a draft in which he takes no part is not there');
SELECT throws_ok($$SELECT pg_temp.approve7('head-ccc', 'aaa')$$, 'DR000', 'no-round: 2026-0007', 'whatever he asks for');
SELECT throws_ok($$SELECT pg_temp.policy('coordinator')$$, 'DR000', 'motion-open: policy',
	'its policy is not moved while one is open');
SELECT is(pg_temp.approve7('head-aaa', 'aaa'), 'bbb', 'a head approves what is open');
SELECT throws_ok($$SELECT pg_temp.approve7('head-bbb', 'bbb', pg_temp.now_at() + 1209601)$$, 'DR000',
	format('motion-needed: policy: motion %s lapsed', (SELECT max(id) FROM motion)), 'not once it has lapsed');
SELECT is(pg_temp.decide('coordinator', (SELECT max(id) FROM motion), 'declined') ->> 'state', 'declined',
	'it is declined');
SELECT throws_ok($$SELECT pg_temp.approve7('head-bbb', 'bbb')$$, 'DR000',
	format('motion-needed: policy: motion %s declined', (SELECT max(id) FROM motion)), 'nor then');
SELECT throws_ok($$SELECT pg_temp.policy('head-aaa')$$, 'DR000', 'not-allowed: policy: coordinator', 'a head does not move it');
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
