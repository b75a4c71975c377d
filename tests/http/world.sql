-- Objects for world.py: everything twice, once in scjg and once in jyj. Triggers do not run.
\set ON_ERROR_STOP 1
SET search_path = drawd, pg_catalog;
SET client_min_messages = warning;

-- a coordinator without second factor, the second account of a coordinator, disabled accounts, such that
-- wait for their first password
INSERT INTO account (id, kind, person, name, department) VALUES
	('lead-new', 'person', '10013', '新统筹', 'lxb'),
	('lead-same', 'person', '10011', '苏统筹', 'lxb'),
	('old-scjg', 'person', '20009', '旧经办', 'scjg'), ('old-jyj', 'person', '20109', '旧经办', 'jyj'),
	('new-scjg', 'person', '20010', '新经办', 'scjg'), ('new-jyj', 'person', '20110', '新经办', 'jyj');
UPDATE account SET state = 'disabled' WHERE id LIKE 'old-%';
INSERT INTO account_role (account, role, department, from_date) VALUES
	('lead-new', 'coordinator', NULL, '2026-01-01'), ('lead-same', 'coordinator', NULL, '2026-01-01'),
	('old-scjg', 'clerk', 'scjg', '2026-01-01'), ('old-jyj', 'clerk', 'jyj', '2026-01-01');
-- delegated to those who are disabled: nobody acts by it
INSERT INTO account_role (id, account, role, department, from_date, to_date, delegated_from) OVERRIDING SYSTEM VALUE VALUES
	(901, 'old-scjg', 'head', 'scjg', '2026-01-01', '2099-12-31', 'head-scjg'),
	(902, 'old-jyj', 'head', 'jyj', '2026-01-01', '2099-12-31', 'head-jyj');

-- schemes: drafts of scjg and jyj, and one of each in force; the base comes by the API (world.py)
INSERT INTO document_source (sha256, source) VALUES (sha256('s'), 's');
INSERT INTO document (kind, code, version, title, department, rows, sha256, source, made_by, made_at, state, motion,
	agreed_at)
SELECT 'scheme', code, 1, code, department, 'r', sha256('r'), sha256('s'), 'clerk-' || department, 1, state,
       CASE state WHEN 'agreed' THEN 1 END, CASE state WHEN 'agreed' THEN 1 END
  FROM (VALUES ('food', 'scjg', 'draft'), ('school', 'jyj', 'draft'), ('drugs', 'scjg', 'agreed'),
	('training', 'jyj', 'agreed')) v (code, department, state);

-- programmes, each year with its twin; task a is scjg's in the first, jyj's in the second: collected, in review,
-- approved, published
INSERT INTO programme (year, title, state, deadline, opened_at, motion, base_version, approved_at, published_at)
SELECT y, '计划', w, '2029-01-31', 1, m, m, m, p
  FROM (VALUES (2030, 'collecting', NULL, NULL), (2031, 'collecting', NULL, NULL), (2032, 'review', NULL, NULL),
	(2033, 'review', NULL, NULL), (2034, 'approved', 1, NULL), (2035, 'approved', 1, NULL), (2036, 'published', 1, 1),
	(2037, 'published', 1, 1)) v (y, w, m, p);
INSERT INTO programme_task (year, code, name, scheme, scheme_version, kind, targeted, levels, department, lead, owner, at,
	ordinal, number)
SELECT p.year, c, '任务', CASE d WHEN 'scjg' THEN 'drugs' ELSE 'training' END, 1, 'daily', true, 'county-county', d, d, '科', 1,
       CASE WHEN p.motion IS NOT NULL THEN 1 END, CASE WHEN p.motion IS NOT NULL THEN d || '抽查〔' || p.year || '〕1号' END
  FROM programme p, (VALUES ('a', 0), ('b', 1)) t (c, other),
	LATERAL (SELECT CASE (p.year + other) % 2 WHEN 0 THEN 'scjg' ELSE 'jyj' END) x (d)
 WHERE c = 'a' OR p.year NOT IN (2032, 2033);
INSERT INTO programme_submission (year, department, state, at) SELECT DISTINCT year, department, 'reported', 1 FROM programme_task;
INSERT INTO programme_escalation (year, n, code, matter, department, at)
SELECT year, 1, 'a', '事项', department, 1 FROM programme_task WHERE code = 'a';
INSERT INTO programme_amendment (year, n, action, code, number, reason, motion, at)
SELECT year, 1, 'base', '', '', '理由', 1, 1 FROM programme WHERE motion IS NOT NULL;
INSERT INTO programme_published (year, code, lead_place, ordinal, columns)
SELECT year, code, lead, 1, jsonb_build_object('number', number, 'name', name, 'kind', '日常检查', 'design', '定向', 'levels', '县抽县查',
	'methods', '', 'items', '', 'objects', '', 'frequency', '', 'ratio', '', 'classes', '', 'windows', '', 'draws', '', 'lead', lead,
	'partners', '', 'owner', owner, 'basis', '', 'targets', '', 'state', 'kept')
  FROM programme_task WHERE year IN (2036, 2037);

-- files: 1 and 2 complete, 3 and 4 begun, 5 and 6 a coordinator's
INSERT INTO upload (id, name, size, received, account, department) OVERRIDING SYSTEM VALUE VALUES
	(1, 'scjg.csv', 60, 60, 'clerk-scjg', 'scjg'), (2, 'jyj.csv', 60, 60, 'clerk-jyj', 'jyj'),
	(3, 'scjg-2.csv', 10, 0, 'clerk-scjg', 'scjg'), (4, 'jyj-2.csv', 10, 0, 'clerk-jyj', 'jyj'),
	(5, 'all.csv', 60, 60, 'lead', NULL), (6, 'all-2.csv', 10, 0, 'lead', NULL);
INSERT INTO upload_piece (upload, position, data)
SELECT id, 0, convert_to(E'统一社会信用代码,名称\r\n91330100X,甲\r\n', 'UTF8') || repeat(' ', 5)::bytea
  FROM upload WHERE received = 60;
INSERT INTO job (id, kind, args, dedup, state, attempts, result, account, department, finished_at)
OVERRIDING SYSTEM VALUE VALUES
	(1, 'import', '{"upload": 1, "kind": "entities"}', 'import:1', 'done', 1, '{}', 'clerk-scjg', 'scjg', now()),
	(2, 'import', '{"upload": 2, "kind": "entities"}', 'import:2', 'done', 1, '{}', 'clerk-jyj', 'jyj', now()),
	(3, 'freeze', '{"round": "2026-0005"}', 'freeze:2026-0005', 'done', 1, '{}', 'lead', NULL, now()),
	(4, 'draw', '{}', 'draw:x', 'failed', 1, NULL, 'lead2', NULL, now()),
	(5, 'import', '{"upload": 5, "kind": "regions"}', 'import:5', 'done', 1, '{}', 'lead', NULL, now()),
	(6, 'simulate', '{}', 'simulate:6', 'done', 1, '{}', 'clerk-scjg', 'scjg', now()),
	(7, 'simulate', '{}', 'simulate:7', 'done', 1, '{}', 'clerk-jyj', 'jyj', now());
INSERT INTO programme_check (job, year, hash, base_version, refusals, refused, result, at)
SELECT job, year, sha256('x'), 1, 0, '', json_build_object('year', year, 'day', '2029-02-01', 'register', 0, 'base_version', 1,
	'repeat_days', 60, 'refused', w, 'warnings', w, 'days', w, 'overlaps', w, 'proposals', w, 'caps', w, 'items', w), 1
  FROM (VALUES (3, 2034), (4, 2035)) v (job, year), json('[]') w;
INSERT INTO look (job, account, department, policy, result, at) VALUES
	(1, 'clerk-scjg', 'scjg', 'x', '{"register": 0, "tasks": [], "overlaps": []}', 1),
	(2, 'clerk-jyj', 'jyj', 'x', '{"register": 0, "tasks": [], "overlaps": []}', 1);
INSERT INTO look (job, kind, account, department, policy, result, at)
SELECT job, 'simulate', account, department, 'x', jsonb_object_agg(name, '{"mean": 1.5, "low": 1, "high": 2}'::jsonb
	|| CASE name WHEN 'visits' THEN '{"bound": 1, "independent": 2}' ELSE '{}' END::jsonb)
	|| '{"seeds": 2, "register": 1, "few": false, "parts": [], "rates": []}', 1
  FROM (VALUES (6, 'clerk-scjg', 'scjg'), (7, 'clerk-jyj', 'jyj')) AS s (job, account, department),
	unnest('{visits,offsite,objects,separate,saved,joint,departments_per_visit,repeats,again,findings}'::text[]) AS name
 GROUP BY job, account, department;
-- inspections for a cause, each of the clue with its number, which comes by the API (world.py)
INSERT INTO cause (id, clue, motion, department, entity, items, basis, date, officers, way, reason, decided_at, state, content, blinding, entry)
SELECT n, n, n, lower(d), '91330199MA000000' || n || 'X', 'food', '依据', '2026-01-02', d || '-0001,' || d || '-0002', 'onsite', '理由', 1, 'entered',
       'x', sha256('x'), n
  FROM unnest('{SCJG,JYJ}'::text[]) WITH ORDINALITY v (d, n);
-- who reached a trigger: 1 and 2 in focus, 3 and 4 on the early-warning list, each with a letter, the last two sent; buffers
INSERT INTO class_run (id, job, day, at, scope, model, version) OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-01-02', 1, 'full', sha256('m'), 1);
INSERT INTO focus (id, entity, trigger, kind, from_date, until, name, basis, indicator, label, fields, called, departments, at, value, facts, began, run)
OVERRIDING SYSTEM VALUE
SELECT n, '91330199MA000000' || (2 - n % 2) || 'X', 'complaints', CASE WHEN n < 3 THEN 'focus' ELSE 'early' END, '2026-01-02', '2099-12-31',
	'投诉举报集中', '依据', '投诉举报', CASE WHEN n < 3 THEN 'focus' ELSE '' END, '{}',
	CASE n % 2 WHEN 1 THEN '甲公司' ELSE '乙学校' END, CASE n % 2 WHEN 1 THEN '{scjg}' ELSE '{jyj}' END::text[], '3', '3',
	'[{"register": "events", "import": 1, "row": 2, "key": "k", "kind": "complaint", "field": "", "date": "2026-01-01", "weight": 1000}]', 1, 1
  FROM generate_series(1, 4) n;
INSERT INTO letter (id, focus, kind, year, number, made_on, name, text, sent_on, way, receipt, sent_by) OVERRIDING SYSTEM VALUE
SELECT n, n, CASE WHEN n < 3 THEN 'warning' ELSE 'reminder' END, 2026, n, '2026-01-02', '甲公司', '正文', CASE WHEN n > 2 THEN '2026-01-03' END,
	CASE WHEN n > 2 THEN 'post' END, CASE WHEN n > 2 THEN '单号' END, CASE WHEN n > 2 THEN 'lead' END
  FROM generate_series(1, 4) n;
INSERT INTO buffer (id, entity, department, matter, basis, from_date, until, made_by, made_at) OVERRIDING SYSTEM VALUE VALUES
	(1, '91330199MA0000001X', 'scjg', '年报未公示', '依据', '2026-01-02', '2026-03-02', 'clerk-scjg', 1),
	(2, '91330199MA0000002X', 'jyj', '年报未公示', '依据', '2026-01-02', '2026-03-02', 'clerk-jyj', 1);
UPDATE job SET error = '{"code": "too-early", "where": "", "what": ""}' WHERE id = 4;
-- 4 to 6 wait to be confirmed, the others count; 3 and 6 are the whole installation's
INSERT INTO import_batch (id, kind, upload, job, source, person, rows, accepted, refused, department, state,
	staged_at, confirmed_at, file_state)
OVERRIDING SYSTEM VALUE VALUES
	(1, 'entities', 1, 1, '市场监管局', '经办人', 1, 0, 1, 'scjg', 'confirmed', now(), now(), 'wanted'),
	(2, 'entities', 2, 2, '教育局', '经办人', 1, 0, 1, 'jyj', 'confirmed', now(), now(), 'wanted'),
	(3, 'regions', 5, 5, '民政局', '经办人', 1, 1, 0, NULL, 'confirmed', now(), now(), 'none'),
	(4, 'entities', 1, NULL, '市场监管局', '经办人', 1, 1, 0, 'scjg', 'staged', now() + interval '1 second', NULL, 'none'),
	(5, 'entities', 2, NULL, '教育局', '经办人', 1, 1, 0, 'jyj', 'staged', now() + interval '1 second', NULL, 'none'),
	(6, 'regions', 5, NULL, '民政局', '经办人', 1, 1, 0, NULL, 'staged', now() + interval '1 second', NULL, 'none'),
	(7, 'inspectors', 1, NULL, '市场监管局', '经办人', 1, 1, 0, 'scjg', 'confirmed', now(), now(), 'none'),
	(8, 'inspectors', 2, NULL, '教育局', '经办人', 1, 1, 0, 'jyj', 'confirmed', now(), now(), 'none');
INSERT INTO import_error (batch, ordinal, line, col, value, code, severity)
SELECT b, 1, 2, '统一社会信用代码', '91330100X', 'bad-uscc', 'error' FROM generate_series(1, 2) b;

-- the register, as far as visits name it
INSERT INTO inspector_number (department, certificate_no, inspector) VALUES
	('scjg', 'c1', 'SCJG-0001'), ('jyj', 'c2', 'JYJ-0001');
INSERT INTO inspector_fact (inspector, batch, line, department, name) VALUES
	('SCJG-0001', 7, 2, 'scjg', '孔德明'), ('JYJ-0001', 8, 2, 'jyj', '曹建业');
INSERT INTO entity_fact (object, batch, line, entity, name) VALUES
	('330199-0000001', 1, 2, '91330199MA0000001X', '甲公司'),
	('330199-0000002', 2, 2, '91330199MA0000002X', '乙学校'),
	('330199-0000003', 4, 2, '91330199MA0000003X', '丙公司'), ('330199-0000004', 5, 2, '91330199MA0000004X', '丁学校');
INSERT INTO region_fact (id, batch, line, code, name) VALUES
	('330199:2026-01-01', 3, 2, '330199', '某区'), ('330198:2026-01-01', 6, 2, '330198', '邻区');

-- rounds: odd ones of scjg, even ones of jyj, two of each state
INSERT INTO round (id, state, demo, policy_name, policy, departments, pulses, delta, draw_deadline,
	reveal_after, results_due, disclosure, created_by)
SELECT '2026-' || lpad(n::text, 4, '0'), state, true, '测试方案',
	format(E'item.a.department\t%1$s\ntask.t.items\ta\n', d), d,
	'dice:1:1790000000', 0, 4000000000, '2026-01-31', '2026-12-31', 'public', 'lead2'
  FROM unnest('{draft,draft,draft,draft,frozen,frozen,locked,locked,drawn,drawn,revealed,revealed}'::text[])
		WITH ORDINALITY s (state, n),
	LATERAL (SELECT CASE n % 2 WHEN 1 THEN 'scjg' ELSE 'jyj' END AS d) x;
INSERT INTO round_task (round, task, departments) SELECT id, 't', ARRAY[departments] FROM round;
INSERT INTO approval (round, department, account, at, person)
SELECT id, departments, 'head-' || departments, 1780000000, CASE departments WHEN 'scjg' THEN '20001' ELSE '20101' END
  FROM round WHERE id > '2026-0002';
UPDATE round SET policy_agreed_at = 1780000000 WHERE id > '2026-0002';

-- motions
CREATE TEMPORARY TABLE person AS SELECT id, person FROM account;
INSERT INTO motion (id, kind, round, department, subject, mark, body, reason, moved_by, moved_person, moved_role,
	moved_at, ends_at)
OVERRIDING SYSTEM VALUE
SELECT v.id, v.kind, v.round, v.department, v.subject, v.mark, v.body::jsonb, '测试', v.by, p.person, v.role,
	extract(epoch FROM now())::int8 - 7200, extract(epoch FROM now())::int8 + v.stays
  FROM (VALUES
	(1, 'policy', '2026-0001', NULL, '', '', '{}', 'lead2', 'coordinator', 86400),
	(2, 'policy', '2026-0002', NULL, '', '', '{}', 'lead2', 'coordinator', 86400),
	(3, 'recusal', NULL, 'scjg', 'SCJG-0001', '330199-0000001', '{"object": "330199-0000001"}', 'clerk-scjg', 'clerk', 86400),
	(4, 'recusal', NULL, 'jyj', 'JYJ-0001', '330199-0000002', '{"object": "330199-0000002"}', 'clerk-jyj', 'clerk', 86400),
	(5, 'department', NULL, NULL, 'ssj', '', '{"do": "new", "level": "county", "region": "330199", "name": "审计局"}', 'admin2', 'administrator', 86400),
	(6, 'department', NULL, NULL, 'tjj', '', '{"do": "new", "level": "county", "region": "330199", "name": "统计局"}', 'admin', 'administrator', 86400),
	(7, 'void', '2026-0005', NULL, '', '', '{}', 'lead', 'coordinator', 86400),
	(8, 'void', '2026-0010', NULL, '', '', '{}', 'lead2', 'coordinator', 86400),
	(9, 'recusal', NULL, 'scjg', 'SCJG-0001', '330199-0000003', '{"object": "330199-0000003"}', 'inspector-scjg', 'inspector', 86400),
	(10, 'recusal', NULL, 'jyj', 'JYJ-0001', '330199-0000004', '{"object": "330199-0000004"}', 'inspector-jyj', 'inspector', 86400),
	(11, 'role', NULL, 'scjg', 'clerk-scjg', 'head scjg', '{"do": "give", "role": "head", "department": "scjg"}', 'head-scjg', 'head', 86400),
	(12, 'role', NULL, 'jyj', 'clerk-jyj', 'head jyj', '{"do": "give", "role": "head", "department": "jyj"}', 'head-jyj', 'head', 86400),
	(13, 'freeze', '2026-0004', NULL, '', '', '{}', 'lead2', 'coordinator', -3600),
	(14, 'lock', '2026-0006', NULL, '', '', '{}', 'lead2', 'coordinator', 86400),
	(15, 'void', '2026-0008', NULL, '', '', '{}', 'lead2', 'coordinator', 86400),
	(18, 'account', NULL, 'scjg', 'new-scjg', '', '{"do": "reset"}', 'head-scjg', 'head', 86400),
	(19, 'account', NULL, 'jyj', 'new-jyj', '', '{"do": "reset"}', 'head-jyj', 'head', 86400),
	(17, 'publication', '2026-0010', NULL, '', '', '{}', 'lead', 'coordinator', 86400),
	(16, 'void', '2026-0007', NULL, '', '', '{}', 'lead', 'coordinator', 86400)
	) AS v (id, kind, round, department, subject, mark, body, by, role, stays)
  JOIN person p ON p.id = v.by;
UPDATE motion SET state = 'declined', decided_by = 'lead', decided_person = '10011', decided_role = 'coordinator',
	decided_at = moved_at + 60, decided_why = '测试' WHERE id = 14;
UPDATE motion SET state = 'done', decided_by = d.id, decided_person = d.person, decided_role = 'administrator',
	decided_at = moved_at + 60, decided_why = '测试'
  FROM account d WHERE motion.kind = 'account' AND d.id = CASE motion.department WHEN 'scjg' THEN 'admin' ELSE 'admin2' END;
UPDATE round SET policy_motion = right(id, 1)::int8 WHERE id <= '2026-0002';

-- artefacts: an audit bundle, a public one of a revealed round, a public one of a round not yet revealed
INSERT INTO artefact (sha256, part_set, name, size)
SELECT sha256(convert_to(name, 'UTF8')), n, name, octet_length(name)
  FROM unnest('{audit bundle of 11,public bundle of 11,public bundle of 9}'::text[]) WITH ORDINALITY a (name, n);
INSERT INTO artefact_chunk (part_set, part, data) SELECT part_set, 0, convert_to(name, 'UTF8') FROM artefact;
INSERT INTO bundle (round, level, size, sha256)
SELECT CASE WHEN name LIKE '% 9' THEN '2026-0009' ELSE '2026-0011' END, split_part(name, ' ', 1), 1, sha256
  FROM artefact;

-- the log
INSERT INTO log_entry (idx, leaf, kind, round, note)
SELECT row_number() OVER (ORDER BY id) - 1, sha256(convert_to('lock ' || id, 'UTF8')),
	CASE state WHEN 'frozen' THEN 'freeze' ELSE 'lock' END, id, convert_to('a note about ' || id || E'\n', 'UTF8')
  FROM round WHERE state <> 'draft';
INSERT INTO log_tile (level, idx, hashes)
SELECT 0, 0, string_agg(leaf, ''::bytea ORDER BY idx) FROM log_entry;
UPDATE log_head SET size = n, published = n FROM (SELECT count(*) AS n FROM log_entry) e;
INSERT INTO checkpoint (size, note, at) SELECT size, E'drawd test\n6\n', 1780000000 FROM log_head;
INSERT INTO proposal (id, round, kind, state, created_by) OVERRIDING SYSTEM VALUE VALUES
	(1, '2026-0005', 'draw', 'pending', 'lead'), (2, '2026-0006', 'draw', 'pending', 'lead');

-- visits of the drawn rounds
INSERT INTO visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments, day, half, leader)
SELECT id, '330199-000000' || (2 - right(id, 1)::int % 2), 1, '91330199MA000000' || (2 - right(id, 1)::int % 2) || 'X',
	'onsite', '2026-03-01', '2026-03-31', departments, 't', departments, '2026-03-02', 'am', upper(departments) || '-0001'
  FROM round WHERE state = 'drawn';
INSERT INTO slot (round, object, ordinal, department, place, inspector)
SELECT round, object, ordinal, departments, 1, leader FROM visit;
INSERT INTO dropped (round, object, task, entity, code)
SELECT round, object, 't', entity, 'cap-year' FROM visit;
INSERT INTO projection (round, bound) SELECT id, '5' FROM round WHERE state = 'drawn';
