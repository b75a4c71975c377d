-- Rows for lists.sh: many of equal value, with and without NULLs, and texts that break careless writers.
-- Loaded by the superuser without triggers: what is shown of a row is tested, not how it comes to be.
SET session_replication_role = replica;
SET search_path = drawd;

CREATE TEMP TABLE nasty (n int, t text);
INSERT INTO nasty SELECT row_number() OVER () - 1, t FROM unnest(ARRAY['', 'plain', '=1+1', '+cmd|''/C calc''!A1',
	'-2', '@SUM(A1)', E'\ttab', E'\rcr', '＝全角', '"quoted"', 'a,b', E'two\nlines', '市场监管', 'Zürich', '😀 emoji',
	'''', '\', 'NULL', '001', '91510100MA6CGU8X4Q', '1E5', 'a~b', '<b>&amp;', E'\u0001control', 'z', 'Z', 'ä',
	repeat('长', 250), repeat('长', 250) || 'b', '  spaces  ', '%', '_', '{"a":1}', 'next', '100%']) t;
CREATE FUNCTION pg_temp.nasty(i int) RETURNS text LANGUAGE sql AS
	'SELECT t FROM nasty WHERE n = i % (SELECT count(*)::int FROM nasty)';
CREATE FUNCTION pg_temp.at(i int) RETURNS timestamptz LANGUAGE sql AS
	$$SELECT timestamptz '2026-03-01 00:00:00+08' + make_interval(hours => i)$$;
CREATE FUNCTION pg_temp.dept(i int) RETURNS text LANGUAGE sql AS
	$$SELECT (ARRAY['scjg', 'jyj', 'wsjk', NULL])[i % 4 + 1]$$;
CREATE FUNCTION pg_temp.who(i int) RETURNS text LANGUAGE sql AS
	$$SELECT (ARRAY['clerk-scjg', 'clerk-jyj', 'clerk-wsjk', 'lead', 'auditor'])[i % 5 + 1]$$;

INSERT INTO job (kind, state, done, total, error, account, department, created_at, finished_at)
SELECT (ARRAY['import', 'draw', 'bundle'])[i % 3 + 1], (ARRAY['queued', 'running', 'done', 'failed'])[i % 4 + 1],
       i, 2 * i, CASE WHEN i % 4 = 3 THEN jsonb_build_object('code', 'bad-job', 'where', '', 'what', '') END,
       CASE WHEN i % 5 > 0 THEN pg_temp.who(i) END, pg_temp.dept(i), pg_temp.at(i / 9),
       CASE WHEN i % 3 > 0 THEN pg_temp.at(i / 30) END
  FROM generate_series(1, 331) i;
INSERT INTO upload (name, size, received, account, department, created_at)
SELECT pg_temp.nasty(i), i % 7, i % 5, pg_temp.who(i), pg_temp.dept(i), pg_temp.at(i / 4)
  FROM generate_series(1, 163) i;
INSERT INTO import_batch (kind, upload, job, source, person, rows, accepted, refused, remarked, encoding, result,
	department, created_at, state, confirmed_at)
SELECT (ARRAY['entities', 'inspectors', 'recusals'])[i % 3 + 1], i, CASE WHEN i % 2 = 0 THEN i END,
       pg_temp.nasty(i), pg_temp.nasty(i / 2), i % 11, i % 3, i % 2, 0, 'utf-8',
       CASE i % 3 WHEN 0 THEN jsonb_build_object('errors_dropped', i) WHEN 1 THEN '{}'::jsonb END,
       pg_temp.dept(i), pg_temp.at(i / 5), 'confirmed', pg_temp.at(i / 5)
  FROM generate_series(1, 97) i;
INSERT INTO import_error (batch, ordinal, line, col, value, code, detail, severity)
SELECT b, i, i / 3, (ARRAY['名称', 'code', ''])[i % 3 + 1], pg_temp.nasty(i), (ARRAY['bad-uscc', 'missing-value'])[i % 2 + 1],
       pg_temp.nasty(i + 1), (ARRAY['error', 'remark'])[i % 2 + 1]
  FROM unnest(ARRAY[4, 5]) b, generate_series(1, 211) i;
INSERT INTO round (id, state, demo, policy_name, policy, departments, pulses, delta, draw_deadline, reveal_after,
	results_due, disclosure, created_by, created_at)
SELECT '2026-' || lpad(i::text, 4, '0'), (ARRAY['draft', 'frozen', 'drawn', 'revealed'])[i % 4 + 1], i % 2 = 0, pg_temp.nasty(i), '',
       (ARRAY['scjg', 'jyj,scjg', 'wsjk'])[i % 3 + 1], '', 600, 1800000000 + i / 6, '2026-0' || i % 9 + 1 || '-01',
       '2026-12-0' || i % 5 + 1, (ARRAY['audit', 'public'])[i % 2 + 1], 'lead', pg_temp.at(i / 3)
  FROM generate_series(1, 71) i;
INSERT INTO visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments, day, half, leader)
SELECT r, 'X-SCJG-' || lpad((i / 2)::text, 4, '0'), i % 2 + 1, 'X-SCJG-' || i / 2, (ARRAY['onsite', 'offsite'])[i % 2 + 1],
       '2026-04-0' || i % 3 + 1, '2026-05-0' || i % 4 + 1, (ARRAY['scjg', 'jyj'])[i % 2 + 1], 't1',
       (ARRAY['scjg', 'jyj,scjg', 'wsjk'])[i % 3 + 1], CASE WHEN i % 7 > 0 THEN '2026-04-1' || i % 7 ELSE '' END,
       (ARRAY['am', 'pm'])[i % 2 + 1], CASE WHEN i % 4 > 0 THEN 'SCJG-000' || i % 4 ELSE '' END
  FROM unnest(ARRAY['2026-0001', '2026-0002']) r, generate_series(2, 151) i;
INSERT INTO slot (round, object, ordinal, department, place, inspector)
SELECT v.round, v.object, v.ordinal, d, p, CASE WHEN p = 1 THEN 'SCJG-0001' ELSE '' END
  FROM visit v, string_to_table(v.departments, ',') d, generate_series(1, 2) p;
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT DISTINCT ON (object) object, b, 1, entity, pg_temp.nasty(right(object, 4)::int)
  FROM visit, unnest(ARRAY[1, 2]) b WHERE right(object, 4)::int % 3 > 0
    ON CONFLICT DO NOTHING;
INSERT INTO inspector_fact (inspector, batch, line, department, name) VALUES ('SCJG-0001', 2, 1, 'scjg', '孔德明');
INSERT INTO proposal (round, kind, place, state, error, entry, created_at)
SELECT '2026-' || lpad((i / 3)::text, 4, '0'), (ARRAY['freeze', 'lock', 'beacon'])[i % 3 + 1], 1,
       (ARRAY['pending', 'accepted', 'refused'])[i / 3 % 3 + 1],
       CASE WHEN i / 3 % 3 = 2 THEN jsonb_build_object('code', 'too-early') END, CASE WHEN i / 3 % 3 = 1 THEN i END,
       pg_temp.at(i / 7)
  FROM generate_series(3, 140) i;
INSERT INTO motion (kind, round, department, subject, reason, moved_by, moved_person, moved_role, moved_at, ends_at,
	state, decided_by, decided_person, decided_role, decided_at, decided_why)
SELECT (ARRAY['freeze', 'lock', 'role', 'account'])[i % 4 + 1], CASE WHEN i % 4 < 2 THEN '2026-' || lpad((i % 71 + 1)::text, 4, '0') END,
       pg_temp.dept(i), pg_temp.nasty(i) || i, 'because ' || pg_temp.nasty(i), pg_temp.who(i), '1', 'coordinator',
       1772294400 + i / 8, 1772294400 + 100 + i / 9, CASE WHEN o THEN 'open' ELSE (ARRAY['done', 'declined'])[i % 2 + 1] END,
       CASE WHEN NOT o THEN 'lead2' END, CASE WHEN NOT o THEN '2' END, CASE WHEN NOT o THEN 'coordinator' END,
       CASE WHEN NOT o THEN 1772294400 + i / 20 END, CASE WHEN NOT o THEN pg_temp.nasty(i) || '.' END
  FROM generate_series(1, 151) i, LATERAL (SELECT i % 3 = 0 AS o) x;
INSERT INTO department (id, system, level, region, name, name_en, short, inspects, active)
SELECT 'd' || i, 's' || i % 4, 'county', lpad((510000 + i)::text, 6, '0'), pg_temp.nasty(i) || '局', pg_temp.nasty(i / 3), '',
       i % 2 = 0, i % 5 > 0
  FROM generate_series(1, 83) i;
INSERT INTO account (id, kind, person, name, department, inspector, state, created_at)
SELECT 'a' || i, (ARRAY['person', 'service'])[i % 2 + 1], 'p' || i % 9, pg_temp.nasty(i) || '人', pg_temp.dept(i),
       CASE WHEN i % 6 = 0 THEN 'SCJG-' || i END, (ARRAY['active', 'disabled'])[i % 2 + 1], pg_temp.at(i / 6)
  FROM generate_series(1, 127) i;
INSERT INTO account_role (account, role, department, from_date, to_date, delegated_from, ended_at)
SELECT 'a' || i % 60 + 1, (ARRAY['clerk', 'head'])[i % 2 + 1], coalesce(pg_temp.dept(i), 'jyj'), '2026-01-' || lpad((i % 28 + 1)::text, 2, '0'),
       CASE WHEN i % 3 > 0 THEN '2027-01-0' || i % 9 + 1 END, CASE WHEN i % 3 = 1 THEN 'lead' END,
       CASE WHEN i % 4 = 0 THEN pg_temp.at(i / 11) END
  FROM generate_series(1, 131) i
    ON CONFLICT DO NOTHING;
INSERT INTO session (account, hash, csrf, created_at, seen_at, ends_at, restricted, address, agent, ended_at, ended_why)
SELECT pg_temp.who(i), sha256(i::text::bytea), repeat('c', 22), pg_temp.at(i / 8), pg_temp.at(i / 5), pg_temp.at(i / 3 + 900), i % 2 = 0,
       (ARRAY['127.0.0.1', 'unix:1000', '::1'])[i % 3 + 1], pg_temp.nasty(i), CASE WHEN i % 3 > 0 THEN pg_temp.at(i / 4) END,
       CASE WHEN i % 3 > 0 THEN (ARRAY['signed-out', 'revoked'])[i % 2 + 1] END
  FROM generate_series(1, 119) i;
INSERT INTO access_token (account, name, hash, scopes, created_at, ends_at, used_at, ended_at)
SELECT pg_temp.who(i), pg_temp.nasty(i % 20 + 1), sha256(('t' || i)::bytea), '*', pg_temp.at(i / 8), pg_temp.at(i / 3 + 900),
       CASE WHEN i % 2 = 0 THEN pg_temp.at(i / 4) END, CASE WHEN i % 4 = 0 THEN pg_temp.at(i / 3) END
  FROM generate_series(1, 109) i;
INSERT INTO audit (seq, at, account, person, roles, via, address, route, act, object_kind, object, department, before, after,
	reason, detail, prev, hash)
SELECT 100000 + i, pg_temp.at(i / 10) + make_interval(secs => i % 10 / 10.0), coalesce(pg_temp.who(i), ''), 'p' || i % 4,
       'clerk', 'token', 'unix:1000', (ARRAY['job.new', 'round.freeze', ''])[i % 3 + 1], (ARRAY['made', 'changed', 'read'])[i % 3 + 1],
       (ARRAY['round', 'account', 'session'])[i % 3 + 1], (i % 20)::text, coalesce(pg_temp.dept(i), ''),
       CASE WHEN i % 2 = 0 THEN sha256('b') END, sha256('a'), pg_temp.nasty(i), jsonb_build_object('n', i, 't', pg_temp.nasty(i)),
       sha256('p'), sha256(('h' || i)::bytea)
  FROM generate_series(1, 401) i;
ANALYZE;
