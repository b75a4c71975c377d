-- A small register and a draft round, the same in every run. Variables: policy (rows of the policy
-- without the last line feed), frozen and pulse (UTC seconds), reveal (date).
\set ON_ERROR_STOP on
SET search_path = drawd;
INSERT INTO upload (name, size, received) VALUES ('register.csv', 0, 0);
INSERT INTO import_batch (kind, upload, source, person, result, state, confirmed_at)
SELECT kind, 1, 'test', 'tester', '{}', 'confirmed', now() FROM unnest(ARRAY['entities', 'inspectors', 'recusals']) kind;

INSERT INTO entity_fact (object, batch, line, entity, name, kind, industry, region, established,
	status, class, labels, checked)
SELECT format('91371000MA%sX', lpad(n::text, 7, '0')), 1, n + 1,
       format('91371000MA%sX', lpad((n - n % 7)::text, 7, '0')), '企业' || n,
       CASE WHEN n % 5 = 0 THEN 'individual' ELSE 'enterprise' END,
       CASE n % 4 WHEN 0 THEN 'F5212' WHEN 1 THEN 'H6210' WHEN 2 THEN 'C1351' ELSE 'H6110' END,
       CASE WHEN n % 11 = 0 THEN '371002' ELSE '371003' END,
       CASE WHEN n % 37 = 0 THEN '2026-01-15' ELSE '2015-06-01' END,
       CASE WHEN n % 41 = 0 THEN 'cancelled' ELSE 'open' END,
       CASE WHEN n % 29 = 0 THEN 'D' WHEN n % 17 = 0 THEN 'C' WHEN n % 6 = 0 THEN 'B'
            WHEN n % 13 = 0 THEN '' ELSE 'A' END,
       '', CASE WHEN n % 31 = 0 THEN '*=2026-02-01' ELSE '' END
  FROM generate_series(1, 600) n;

INSERT INTO inspector_fact (inspector, batch, line, department, name, certificate_no, certificate,
	leave)
SELECT format('%s-%s', prefix, lpad(n::text, 4, '0')), 2, n, department, '人员' || n,
       'C' || prefix || n, '2028-12-31',
       CASE WHEN n = 2 THEN '2026-04-01..2026-04-30' ELSE '' END
  FROM (VALUES ('FIRE', 'fire'), ('MARKET', 'market')) d (prefix, department),
       generate_series(1, 9) n;
INSERT INTO recusal_fact (inspector, subject, ground, since, batch, line)
VALUES ('MARKET-0001', '91371000MA0000029X', '亲属任职', '2025-01-01', 3, 1);

INSERT INTO round (id, demo, policy_name, policy, departments, pulses, delta, draw_deadline,
	reveal_after, results_due, created_by, policy_agreed_at)
VALUES ('2026-0001', true, 'faults', :'policy' || E'\n', 'fire,market', 'dice:1:' || :'pulse', 0,
	:pulse + 864000, :'reveal', '2026-07-31', 'lead', :frozen - 200);
INSERT INTO approval (round, department, account, person, at)
VALUES ('2026-0001', 'fire', 'head-fire', '3', :frozen - 100),
       ('2026-0001', 'market', 'head-market', '4', :frozen - 50);

-- What lead moved and lead2 agreed to, as the motions of the API leave it; NULL where there is no such
-- round, or the step needs nobody's agreement.
CREATE FUNCTION public.agreed(the_step text, the_round text) RETURNS int8 LANGUAGE sql AS $$
	INSERT INTO drawd.motion (kind, round, subject, reason, moved_by, moved_person, moved_role, moved_at,
		ends_at, state, decided_by, decided_person, decided_role, decided_at, decided_why)
	SELECT k.kind, r.id, CASE k.kind WHEN 'beacon' THEN '1' ELSE '' END, 'faults', 'lead', '2',
	       'coordinator', 1, 2, 'carried', 'lead2', '5', 'coordinator', 2, 'faults'
	  FROM drawd.motion_kind k, drawd.round r
	 WHERE k.step = the_step AND r.id = the_round
	RETURNING id
$$;
