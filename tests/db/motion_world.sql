-- For motion.sql and carry.sql: two departments, everybody in them twice, rounds; ways to ask as one of them.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;
BEGIN;
SELECT no_plan();

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

INSERT INTO upload (name, size) VALUES ('grades.csv', 0);
INSERT INTO import_batch (kind, upload, source, person, department, state, staged_at)
SELECT 'grades', max(id), 's', 'p', 'aaa', 'staged', now() FROM upload;

INSERT INTO document_source (sha256, source) VALUES (sha256('s'), 's');
INSERT INTO document (kind, code, version, title, department, rows, sha256, source, made_at)
VALUES ('scheme', 'food', 1, '食品', 'aaa', 'r', sha256('r'), sha256('s'), 1);

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
INSERT INTO asked VALUES ('document', NULL, 'scheme food', '{"do": "agree", "documents": [{"code": "food", "version": 1}]}',
	'coordinator head-aaa clerk-aaa', 'head-aaa coordinator');
-- a programme that was approved, with a task of aaa
SET LOCAL session_replication_role = replica; -- by no motion of this world
INSERT INTO programme (year, title, state, deadline, opened_at, motion, base_version, approved_at)
VALUES (2026, '计划', 'approved', '2026-01-31', 1, 1, 1, 1);
SET LOCAL session_replication_role = origin;
INSERT INTO programme_task (year, code, name, scheme, scheme_version, kind, targeted, levels, department, lead, owner, at, ordinal, number)
VALUES (2026, 'food', '食品', 'food', 1, 'case', true, 'county-county', 'aaa', 'aaa', 'x', 1, 1, 'x');
INSERT INTO asked VALUES ('programme', NULL, '2026', '{"do": "amend", "withdraw": "food"}', 'coordinator head-aaa clerk-aaa', 'coordinator');
-- a clue that aaa deals with, an item and two inspectors of it
SET LOCAL session_replication_role = replica;
INSERT INTO import_batch (kind, upload, source, person, state, staged_at, confirmed_at)
SELECT k, max(u.id), 's', 'p', 'confirmed', now(), now() FROM upload u, unnest('{items,inspectors}'::text[]) k GROUP BY k;
INSERT INTO item_fact (id, department, name, basis, batch, line)
SELECT 'food', 'aaa', '食品', '法', id, 1 FROM import_batch WHERE kind = 'items';
INSERT INTO inspector_number VALUES ('aaa', 'X99', 'AAA-0099');
INSERT INTO inspector_fact (inspector, department, name, certificate_no, certificate, batch, line)
SELECT n.inspector, 'aaa', 'x', n.certificate_no, '2030-01-01', b.id, 1
  FROM import_batch b, inspector_number n WHERE b.kind = 'inspectors' AND n.department = 'aaa';
INSERT INTO clue (id, source, entity, received, taken_for, text, taken_by, taken_person, taken_at, department, due)
VALUES (1, 'report', '911', '2026-02-01', 'aaa', repeat('x', 60)::bytea, 'clerk-aaa', 'P', 1, 'aaa', '2026-03-20');
SET LOCAL session_replication_role = origin;
INSERT INTO asked VALUES ('cause', NULL, '1', '{"items": "food", "basis": "法", "date": "2026-03-05", "officers": "AAA-0001,AAA-0099", "way": "onsite"}',
	'head-aaa clerk-aaa', 'head-aaa');
INSERT INTO asked SELECT 'classes', NULL, '', jsonb_build_object('import', max(id)), 'head-aaa clerk-aaa', 'head-aaa'
  FROM import_batch WHERE state = 'staged';

CREATE FUNCTION pg_temp.now_at() RETURNS int8 LANGUAGE sql AS 'SELECT 1772323200::int8'; -- 2026-03-01
CREATE FUNCTION pg_temp.set_clock(at int8) RETURNS void LANGUAGE sql SECURITY DEFINER
	AS 'UPDATE drawd.clock SET fixed = at';
CREATE FUNCTION pg_temp.enter_as(account text, at int8 DEFAULT pg_temp.now_at()) RETURNS void AS $$
BEGIN
	PERFORM pg_temp.set_clock(at);
	PERFORM drawd.enter('peer', account, 'unix:1000', 'test', '', '');
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.move(account text, the_kind text, at int8 DEFAULT pg_temp.now_at()) RETURNS int8 AS $$
DECLARE
	a asked;
BEGIN
	SELECT * INTO a FROM asked WHERE kind = the_kind;
	PERFORM pg_temp.enter_as(account, at);
	RETURN (drawd.motion_move(a.kind, a.round, a.subject, a.body, 'because', '') ->> 'motion')::int8;
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.decide(account text, id int8, verdict text DEFAULT 'seconded',
	at int8 DEFAULT pg_temp.now_at() + 1) RETURNS jsonb AS $$
BEGIN
	PERFORM pg_temp.enter_as(account, at);
	RETURN drawd.motion_decide(id, verdict, 'for good reason', '');
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
	moved := drawd.motion_move(the_kind, NULL, the_subject, the_body, 'why', '');
	PERFORM pg_temp.enter_as(b);
	RETURN jsonb_build_object('moved', moved, 'carried', drawd.motion_decide((moved ->> 'motion')::int8, 'seconded',
		'why', ''));
END
$$ LANGUAGE plpgsql;
CREATE FUNCTION pg_temp.make(account text, departments text) RETURNS jsonb AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.round_make('2026', true, 'name', '', '', departments, 'dice:1:1', 0, 9, '2026-01-01',
		'2026-01-01', 'audit', 'yearly', '');
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.approve(account text, department text) RETURNS text AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.round_approve('2026-0006', department) ->> 'missing';
$$ LANGUAGE sql;
-- what is told of a draft beside it: "code what, …"; and how far its policy is
CREATE FUNCTION pg_temp.warned(account text, the_round text DEFAULT '2026-0006') RETURNS text AS $$
	SELECT pg_temp.enter_as(account);
	SELECT coalesce(string_agg(concat_ws(' ', w ->> 'code', w ->> 'what'), ', ' ORDER BY n), '')
	  FROM round r, jsonb_array_elements(drawd.round_warnings(r, drawd.asked_at())) WITH ORDINALITY AS t (w, n)
	 WHERE r.id = the_round;
$$ LANGUAGE sql;
CREATE FUNCTION pg_temp.state_of_policy(account text) RETURNS text AS $$
	SELECT pg_temp.enter_as(account);
	SELECT drawd.policy_state('2026-0006');
$$ LANGUAGE sql;
-- the newest motion's state in the list and as GET /motions/{id} tells it
CREATE FUNCTION pg_temp.told(at int8) RETURNS text AS $$
	SELECT pg_temp.enter_as('coordinator', at);
	SELECT concat_ws(' ', (SELECT state FROM motion_list ORDER BY id DESC LIMIT 1),
		motion_state(state, ends_at, asked_at())) FROM motion ORDER BY id DESC LIMIT 1;
$$ LANGUAGE sql;
GRANT ALL ON asked, cast_of TO drawd_web;
GRANT ALL ON ALL FUNCTIONS IN SCHEMA public TO drawd_web;
CREATE POLICY test_sees ON motion FOR SELECT TO drawd_web USING (true);
