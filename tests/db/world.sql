-- One row of each kind for each department, for rows.sql and context.sql: a is a city's department, c
-- the one below it, b one of another system. Every account signs in with the SHA-256 of its name. The
-- day is 2026-05-10.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET search_path = drawd, public;
BEGIN;

INSERT INTO department (id, system, level, region, name) VALUES
	('a', 's', 'city', '510100', '甲'), ('b', 't', 'county', '510104', '乙'),
	('c', 's', 'county', '510104', '丙');
INSERT INTO account (id, kind, person, name, department, inspector) VALUES
	('adm', 'person', '1', '甲', NULL, NULL), ('coord', 'person', '2', '甲', NULL, NULL),
	('head', 'person', '3', '甲', 'a', NULL), ('clerk', 'person', '4', '甲', 'a', NULL),
	('insp', 'person', '5', '甲', 'a', 'A-0001'), ('aud', 'person', '6', '甲', NULL, NULL),
	('over', 'person', '7', '甲', NULL, NULL), ('cust', 'person', '8', '甲', NULL, NULL),
	('svc', 'service', '4', '甲', 'a', NULL), ('headb', 'person', '10', '甲', 'b', NULL),
	('clerkc', 'person', '11', '甲', 'c', NULL), ('lone', 'person', '12', '甲', 'a', 'A-0002'),
	('old', 'person', '13', '甲', 'a', NULL), ('off', 'person', '14', '甲', 'a', NULL),
	('deputy', 'person', '15', '甲', 'a', NULL), ('shut', 'person', '16', '甲', 'a', NULL),
	('astray', 'person', '17', '甲', 'a', 'B-0001'); -- with an inspector of another department
INSERT INTO account_role (account, role, department, from_date, to_date, delegated_from) VALUES
	('adm', 'administrator', NULL, '2026-01-01', NULL, NULL),
	('coord', 'coordinator', NULL, '2026-01-01', NULL, NULL),
	('head', 'head', 'a', '2026-01-01', NULL, NULL), ('clerk', 'clerk', 'a', '2026-01-01', NULL, NULL),
	('insp', 'inspector', 'a', '2026-01-01', NULL, NULL),
	('astray', 'inspector', 'a', '2026-01-01', NULL, NULL),
	('aud', 'auditor', NULL, '2026-01-01', NULL, NULL),
	('over', 'oversight', NULL, '2026-01-01', NULL, NULL),
	('cust', 'custodian', NULL, '2026-01-01', NULL, NULL),
	('svc', 'service', 'a', '2026-01-01', NULL, NULL), ('headb', 'head', 'b', '2026-01-01', NULL, NULL),
	('clerkc', 'clerk', 'c', '2026-01-01', NULL, NULL),
	('old', 'head', 'a', '2026-01-01', '2026-05-09', NULL), ('old', 'head', 'a', '2026-05-11', NULL, NULL),
	('off', 'head', 'a', '2026-01-01', NULL, NULL), ('shut', 'head', 'a', '2026-01-01', NULL, NULL),
	('deputy', 'head', 'a', '2026-05-01', '2026-05-31', 'head');
INSERT INTO session (account, hash, csrf, ends_at, restricted)
SELECT id, sha256(id::text::bytea), repeat('c', 43), now() + interval '1 day', id = 'shut' FROM account
 WHERE kind = 'person';
UPDATE account SET state = 'disabled' WHERE id = 'off';
INSERT INTO access_token (account, name, hash, scopes, ends_at)
SELECT id, 'probe', sha256(id::text::bytea), CASE id WHEN 'headb' THEN 'rounds:read,files:write' ELSE '*' END,
       now() + interval '1 day'
  FROM account WHERE id IN ('clerk', 'svc', 'headb');
INSERT INTO device (account, hash) VALUES ('clerk', sha256('device'));
INSERT INTO signin_failure (account, source) VALUES ('clerk', '10.0.0.1');
INSERT INTO signin_refusal (account, hour, addresses) VALUES ('clerk', '2026-03-01 00:00+00', '{"10.0.0.1": 1}');
INSERT INTO request_key (account, key, route, body_hash) VALUES ('clerk', 'clerk-key', 'x', sha256('x'));

UPDATE clock SET fixed = extract(epoch FROM timestamptz '2026-05-10 12:00+08');

-- become(account): what it writes is stamped with it
CREATE FUNCTION public.become(who text) RETURNS void AS $$
	SELECT set_config('drawd.context', '', true) WHERE who = 'nobody';
	SELECT drawd.enter(CASE who WHEN 'svc' THEN 'token' WHEN 'stranger' THEN 'public' ELSE 'session' END,
		encode(sha256(who::bytea), 'hex'), '10.0.0.1', 'probe', '', '') WHERE who <> 'nobody';
$$ LANGUAGE sql;

-- files, jobs and imports: of a, b, c and of the installation
DO $$
DECLARE
	r record;
	u int8;
	j int8;
	n int8;
BEGIN
	FOR r IN SELECT * FROM (VALUES ('clerk', 'a'), ('headb', 'b'), ('clerkc', 'c'), ('coord', 'i')) v (who, tag)
	LOOP
		PERFORM become(r.who);
		INSERT INTO upload (name, size, received) VALUES ('u' || r.tag, 1, 1) RETURNING id INTO u;
		INSERT INTO upload_piece (upload, position, data) VALUES (u, 0, ('u' || r.tag)::bytea);
		INSERT INTO job (kind, args, dedup) VALUES ('import', jsonb_build_object('upload', u, 'kind', 'entities'), 'j' || r.tag)
		RETURNING id INTO j;
		INSERT INTO import_batch (kind, upload, job, source, person)
		VALUES ('entities', u, j, 'i' || r.tag, 'p') RETURNING id INTO n;
		INSERT INTO import_error (batch, ordinal, line, col, value, code, severity)
		VALUES (n, 1, 2, 'x', 'i' || r.tag, 'bad-uscc', 'error');
		PERFORM become('nobody');
	END LOOP;
END
$$;

-- the registers: of each a list of a, one of c that waits and one of the installation, each with a row of
-- its name; objects of each department, and one of a and b
UPDATE import_batch SET state = 'confirmed', confirmed_at = now();
DELETE FROM job WHERE kind = 'quality'; -- which that asks for
INSERT INTO entity_fact (object, batch, line, entity, name, class, address)
SELECT upper(n), id, 1, upper(n), n, 'D', 'x'
  FROM (VALUES ('oa', 'ia'), ('oab', 'ia'), ('ob', 'ib'), ('oc', 'ic'), ('ox', 'ii')) v (n, source)
  JOIN import_batch USING (source);
DO $$
DECLARE
	r record;
	n int8;
BEGIN
	FOR r IN SELECT * FROM drawd.register, (VALUES ('a', 'a', 'confirmed'), ('c', 'c', 'staged'),
			(NULL, 'i', 'confirmed')) v (department, tag, state)
	          WHERE name NOT IN ('entities', 'inspectors', 'recusals') ORDER BY place LOOP
		INSERT INTO import_batch (kind, upload, source, person, department, state, confirmed_at, staged_at)
		SELECT r.name, id, 'i' || r.tag, 'p', r.department, r.state, CASE r.state WHEN 'confirmed' THEN now() END, now()
		  FROM upload WHERE name = 'u' || r.tag RETURNING id INTO n;
		EXECUTE format('INSERT INTO %I (%I, batch, line) VALUES (%L, %s, 1)', r.tbl, r.key, 'r' || r.tag, n);
	END LOOP;
END
$$;
INSERT INTO quality_batch (batch) SELECT id FROM import_batch WHERE kind = 'entities';
INSERT INTO quality_edit (batch, line, register, key, fact, before, after, at)
SELECT id, 1, kind, 'q' || right(source, 1), 'class', 'A', 'D', 1 FROM import_batch WHERE kind = 'entities';
INSERT INTO header_mapping (source, kind, department, header, "column", batch)
SELECT source, kind, coalesce(department, ''), 'h' || right(source, 1), 'x', id FROM import_batch WHERE kind = 'entities';
INSERT INTO import_batch (kind, upload, source, person, state, confirmed_at)
SELECT kind, min(id), 'ii', 'p', 'confirmed', now() FROM upload, unnest('{inspectors,recusals}'::text[]) kind GROUP BY kind;
INSERT INTO inspector_number (department, certificate_no, inspector) VALUES
	('a', '1', 'A-0001'), ('a', '2', 'A-0002'), ('b', '1', 'B-0001'), ('c', '1', 'C-0001');
INSERT INTO inspector_fact (inspector, batch, line, department, name, certificate_no)
SELECT n.inspector, b.id, 1, n.department, 'x', n.certificate_no
  FROM inspector_number n, import_batch b WHERE b.kind = 'inspectors';
INSERT INTO recusal_fact (inspector, subject, ground, batch, line)
SELECT v.inspector, 'OX', v.ground, b.id, 1
  FROM import_batch b, (VALUES ('A-0001', 'ra'), ('B-0001', 'rb'), ('C-0001', 'rc')) v (inspector, ground)
 WHERE b.kind = 'recusals';

-- rounds: 1 a draft of a, 2 of a and b drawn, 3 of b revealed, 4 a draft of b, 5 of c drawn
INSERT INTO round (id, state, demo, policy_name, policy, departments, pulses, delta, draw_deadline,
	reveal_after, results_due, created_by)
SELECT '2026-000' || n, state, true, 'x', policy, departments, 'dice:1:1', 0, 9, '2026-01-01', '2026-01-01',
       'coord'
  FROM (VALUES
	(1, 'draft', 'a', E'item.x.department\ta\ntask.ta1.items\tx\n'),
	(2, 'drawn', 'a,b', E'cap.year.basis\t条例第九条\ncap.year.name\t一年一次\nitem.x.department\ta\nitem.y.department\tb\n'
		|| E'rule.checked.basis\t条例第八条\ntask.ta2.items\tx\ntask.tab2.items\tx,y\ntask.tb2.items\ty\n'),
	(3, 'revealed', 'b', E'item.y.department\tb\ntask.tb3.items\ty\n'),
	(4, 'draft', 'b', E'item.y.department\tb\ntask.tb4.items\ty\n'),
	(5, 'drawn', 'c', E'item.z.department\tc\ntask.tc5.items\tz\n')) v (n, state, departments, policy);
INSERT INTO approval (round, department, account, person, at) VALUES
	('2026-0001', 'a', 'head', '3', 1), ('2026-0004', 'b', 'headb', '10', 1);
INSERT INTO artefact (sha256, part_set, name, size)
SELECT sha256(n::bytea), row_number() OVER (), n, 1 FROM unnest('{sealed,public,early,audit}'::text[]) n;
INSERT INTO artefact_chunk (part_set, part, data)
SELECT part_set, 0, CASE name WHEN 'sealed' THEN convert_to(E'drawd/strata/v1\nx\ny\n'
	|| E'ta2\tA\t10\t10\t10\t1\t100000\trandom\ntab2\tA\t20\t20\t20\t2\t100000\trandom\ntb2\tA\t30\t30\t30\t3\t100000\trandom\n', 'UTF8')
	ELSE name::bytea END
  FROM artefact;
INSERT INTO round_artefact (round, name, sha256) VALUES ('2026-0002', 'strata', sha256('sealed'));
INSERT INTO bundle (round, level, size, sha256) VALUES
	('2026-0003', 'public', 1, sha256('public')), ('2026-0002', 'public', 2, sha256('early')),
	('2026-0003', 'audit', 3, sha256('audit'));
INSERT INTO proposal (round, kind) VALUES ('2026-0002', 'reveal');
INSERT INTO secret (round, purpose, sealed) VALUES ('2026-0002', 'lock', 'x');
INSERT INTO key_request (round, purpose, worker_key) VALUES ('2026-0002', 'seed', sha256('x'));
INSERT INTO projection (round, bound, bounds) VALUES ('2026-0002', 7, '{"a": 4, "b": 5}');
INSERT INTO selection (round, task, stratum, object, batch) VALUES
	('2026-0002', 'ta2', 'A', 'OA', 0), ('2026-0002', 'tab2', 'A', 'OAB', 2), ('2026-0002', 'tb2', 'A', 'OB', 0),
	('2026-0005', 'tc5', 'A', 'OC', 0);
INSERT INTO dropped (round, object, task, entity, code)
SELECT round, object, task, object, CASE object WHEN 'OB' THEN 'checked' ELSE 'cap-year' END FROM selection;
INSERT INTO visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments, day,
	half, leader)
SELECT round, object, 1, object, 'onsite', '2026-05-01', '2026-05-31', left(departments, 1), 'x', departments,
       '', '', ''
  FROM (VALUES ('2026-0002', 'OA', 'a'), ('2026-0002', 'OAB', 'a,b'), ('2026-0002', 'OB', 'b'),
	('2026-0005', 'OC', 'c')) v (round, object, departments);
INSERT INTO slot (round, object, ordinal, department, place, inspector) VALUES
	('2026-0002', 'OA', 1, 'a', 1, 'A-0001'), ('2026-0002', 'OA', 1, 'a', 2, ''),
	('2026-0002', 'OAB', 1, 'a', 1, 'A-0002'), ('2026-0002', 'OAB', 1, 'b', 1, 'B-0001'),
	('2026-0002', 'OB', 1, 'b', 1, 'B-0001'), ('2026-0005', 'OC', 1, 'c', 1, 'C-0001');

-- the log
INSERT INTO log_entry (idx, leaf, kind, note) VALUES (0, sha256('l'), 'anchor', 'x');
INSERT INTO log_tile (level, idx, hashes) VALUES (0, 0, sha256('l'));
INSERT INTO checkpoint (size, note, at) VALUES (1, 'x', 1);
INSERT INTO anchor (date, entries, audit, entry) VALUES ('2026-05-09', 1, sha256('x'), 0);

-- motions, and what the audit log would have of some people
INSERT INTO motion (kind, round, department, subject, reason, moved_by, moved_person, moved_role, moved_at,
	ends_at)
SELECT v.kind, v.round, v.department, v.subject, 'x', v.by, a.person, 'x', 1, 2
  FROM (VALUES
	('freeze', '2026-0001', NULL, 'freeze', 'coord'), ('beacon', '2026-0002', NULL, 'beacon', 'coord'),
	('void', '2026-0002', NULL, 'void', 'coord'), ('recusal', NULL, 'a', 'ra', 'clerk'),
	('recusal', NULL, 'b', 'rb', 'headb'), ('account', NULL, 'a', 'acc', 'adm'),
	('role', NULL, NULL, 'role', 'adm'), ('delegation', NULL, 'b', 'del', 'headb'),
	('department', NULL, NULL, 'dep', 'coord')) v (kind, round, department, subject, by)
  JOIN account a ON a.id = v.by;
-- documents: drafts of a, b and c, a base in force
INSERT INTO document_source (sha256, source) SELECT sha256(s::bytea), s FROM unnest('{sa,sb,sc,si}'::text[]) s;
INSERT INTO document (kind, code, version, title, department, rows, sha256, source, made_at, state, motion, agreed_at)
SELECT CASE WHEN o = 'i' THEN 'base' ELSE 'scheme' END, 'd' || o, 1, 'x', nullif(o, 'i'), 'r', sha256('r'),
       sha256(('s' || o)::bytea), 1, CASE WHEN o = 'i' THEN 'agreed' ELSE 'draft' END,
       CASE WHEN o = 'i' THEN (SELECT min(id) FROM motion) END, CASE WHEN o = 'i' THEN 2 END
  FROM unnest('{a,b,c,i}'::text[]) o;
INSERT INTO look (job, account, department, policy, result, at)
SELECT id, account, department, 'x', 'l' || right(dedup, 1), 1 FROM job WHERE dedup ~ '^j.$';
-- programmes: one that is being collected, one in review, one published; a task of each department in each
INSERT INTO programme (year, title, state, deadline, opened_at, motion, base_version, approved_at, published_at)
SELECT y, 'p' || s, w, '2026-01-31', 1, m, CASE WHEN m IS NOT NULL THEN 1 END, CASE WHEN m IS NOT NULL THEN 1 END,
       CASE WHEN m IS NOT NULL THEN 1 END
  FROM (VALUES (2030, 'c', 'collecting', NULL), (2031, 'r', 'review', NULL), (2032, 'p', 'published', (SELECT min(id) FROM motion)))
	v (y, s, w, m);
INSERT INTO programme_task (year, code, name, scheme, scheme_version, kind, targeted, levels, department, lead, owner, at)
SELECT p.year, right(p.title, 1) || o, 'x', 'd' || o, 1, 'daily', true, 'county-county', o, o, 'x', 1
  FROM programme p, unnest('{a,b,c}'::text[]) o;
INSERT INTO programme_draw (task, nth, draw_on, from_date, to_date, batches)
SELECT id, 1, year || '-03-01', year || '-03-02', year || '-04-01', code FROM programme_task;
INSERT INTO programme_submission (year, department, state, at) VALUES (2030, 'a', 'reported', 1), (2032, 'b', 'none', 1);
INSERT INTO programme_opinion (year, department, kind, verdict, opinion, hash, account, person, at)
SELECT year, 'a', 'review', 'agreed', 'o' || right(title, 1), sha256('x'), 'clerk', 'x', 1 FROM programme;
INSERT INTO programme_escalation (year, n, matter, department, at) SELECT year, 1, 'm' || right(title, 1), 'b', 1 FROM programme;
INSERT INTO programme_amendment (year, n, action, code, number, reason, motion, at)
SELECT year, 1, 'base', '', '', 'a' || right(title, 1), (SELECT min(id) FROM motion), 1 FROM programme WHERE year > 2030;
INSERT INTO programme_filing (year, n, number, recipient, day, version, at)
SELECT year, 1, 'f' || right(title, 1), 'x', '2026-05-01', 1, 1 FROM programme WHERE year > 2030;
INSERT INTO programme_published (year, code, lead_place, ordinal, columns)
SELECT year, code, lead, 1, '{}' FROM programme_task WHERE lead = 'a' AND year > 2030;
INSERT INTO programme_check (job, year, hash, base_version, refusals, refused, result, at)
SELECT j.id, p.year, sha256('x'), 1, 0, 'k' || right(p.title, 1), '{}', 1
  FROM (SELECT *, row_number() OVER (ORDER BY year) AS n FROM programme) p
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM job) j USING (n);
INSERT INTO programme_round (year, draw_on, tries, error, tried_at)
SELECT year, year || '-03-01', 1, to_jsonb('n' || right(title, 1)), 1 FROM programme;
-- a run, what it said and when it is due
INSERT INTO class_run (job, day, at, scope, model, version) SELECT min(id), '2026-05-10', 1, 'full', sha256('m'), 1 FROM job;
INSERT INTO class_said (entity, field, run, class, points, day, model, forced)
SELECT 'T1', '', id, 'A', 1, day, 'm', false FROM class_run;
INSERT INTO class_due (entity, day) VALUES ('T1', '2027-01-01');
INSERT INTO class_count (run, day, field, class, entities, computed) SELECT id, day, '', 'A', 1, 1 FROM class_run;
INSERT INTO class_batch (batch, undone) SELECT min(id), false FROM import_batch;
-- who reached a trigger of the general class: an entity of each department's list, with a letter; buffers of each
INSERT INTO focus (entity, trigger, kind, from_date, until, name, basis, indicator, label, fields, called, departments, at, value, facts, began, run)
SELECT upper(o), 'f' || o, 'focus', r.day, '2027-01-01', 'x', 'x', 'x', 'l', '{}', o, d, '1', '1', '[]', r.id, r.id
  FROM class_run r, (VALUES ('oa', '{a}'::text[]), ('oab', '{a}'), ('ob', '{b}'), ('oc', '{c}'), ('ox', '{}')) v (o, d);
-- and one of a field of which nobody has an item
INSERT INTO focus (entity, trigger, kind, from_date, until, name, basis, indicator, label, fields, called, departments, at, value, facts, began, run)
SELECT 'OA', 'ff', 'early', r.day, '2027-01-01', 'x', 'x', 'x', '', '{food}', 'oa', '{a}', '1', '1', '[]', r.id, r.id FROM class_run r;
INSERT INTO letter (focus, kind, year, number, made_on, name, text)
SELECT id, 'warning', 2026, id, from_date, 'x', 'l' || trigger FROM focus WHERE kind = 'focus';
INSERT INTO buffer (entity, department, matter, basis, from_date, until, made_by, made_at)
SELECT 'OA', d, 'b' || d, 'x', '2026-05-10', '2026-06-10', 'clerk', 1 FROM unnest('{a,b,c}'::text[]) d;
-- a clue of each department, one that a program of a took in and a referred to b, and inspections for a cause
INSERT INTO clue (id, source, entity, object, received, taken_for, text, taken_by, taken_person, taken_at, department, due)
SELECT n, 'report', 'OA', upper(o), '2026-05-10', left(right(o, -1), 1), repeat('x', 60)::bytea, CASE o WHEN 'cab' THEN 'svc' ELSE 'clerk' END, '4', 1, right(o, 1), '2026-05-25'
  FROM unnest('{ca,cb,cc,cab}'::text[]) WITH ORDINALITY t (o, n);
INSERT INTO clue_step (clue, step, act, department, account, person, at, note)
SELECT id, 1, 'taken', department, 'clerk', '4', 1, 't' || right(lower(object), -1) FROM clue;
INSERT INTO cause (id, clue, motion, department, entity, items, basis, date, officers, way, reason, decided_at)
SELECT id, id, (SELECT min(m.id) + c.id - 1 FROM motion m), department, entity, 'food', 'v' || department, '2026-05-20',
       concat(upper(department), '-0001,', upper(department), '-0002'), 'onsite', 'x', 1
  FROM clue c WHERE id <= 3;
INSERT INTO audit (account, via, act, object_kind, object) VALUES
	('clerk', 'session', 'made', 'upload', 'probe'), ('headb', 'session', 'made', 'upload', 'probe'),
	('adm', 'session', 'changed', 'account', 'probe'), ('off', 'session', 'made', 'account-role', 'probe'),
	('off', 'session', 'made', 'access-token', 'probe'), ('off', 'session', 'made', 'session', 'probe'),
	('off', 'session', 'changed', 'department', 'probe'), ('off', 'session', 'made', 'motion', 'probe'),
	('off', 'public', 'refused', 'sign-in', 'probe');
COMMIT;
ANALYZE;
