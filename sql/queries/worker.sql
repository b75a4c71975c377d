-- Freeze, draw and bundle jobs (daemon/worker.c, daemon/step_*.c).

-- name: round_get
-- in: id text
SELECT id, state, demo, policy, departments, pulses, delta, draw_deadline, reveal_after,
       results_due, disclosure
  FROM round WHERE id = $1;

-- name: key_ask
-- in: round text, purpose text, worker_key bytea
INSERT INTO key_request (round, purpose, worker_key) VALUES ($1, $2, $3) RETURNING id;

-- name: key_answer
-- in: id int8
SELECT sealed IS NOT NULL AS sealed_there, error IS NOT NULL AS refused,
       coalesce(sealed, '') AS sealed, coalesce(error::text, '') AS error
  FROM key_request WHERE id = $1;

-- name: proposal_insert
-- in: round text, kind text, job int8, body text, artefacts jsonb, beside jsonb
INSERT INTO proposal (round, kind, job, body, artefacts, beside)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id;

-- name: proposal_of_job
-- in: job int8, kind text
SELECT id, state, coalesce(entry, -1) AS entry, coalesce(error::text, '') AS error
  FROM proposal WHERE job = $1 AND kind = $2 ORDER BY id DESC LIMIT 1;

-- name: proposal_state
-- in: id int8
SELECT state, coalesce(entry, -1) AS entry, coalesce(error::text, '') AS error
  FROM proposal WHERE id = $1;

-- name: checkpoint_after
-- in: idx int8
SELECT size FROM checkpoint WHERE size > $1 ORDER BY size LIMIT 1;

-- What was done to an entity since a day: the past checks of the register, those for a cause left out, and the visits of
-- closed rounds, also under the codes it had before; and what open rounds will still do there (`reserved`).
-- name: frame_visits
-- in: demo bool, since text, day text
WITH inspection AS (
	SELECT c.entity, c.date, d.level, d.id AS department,
	       CASE WHEN c.mode IN ('', 'site') THEN 'entry' ELSE 'remote' END AS way
	  FROM checks_current c LEFT JOIN department d ON d.id = c.department
	 WHERE c.date BETWEEN $2 AND $3 AND c.cause IS DISTINCT FROM 't'
	UNION ALL
	SELECT v.entity, coalesce(nullif(v.day, ''), v.to_date), d.level, d.id, v.way
	  FROM visit v
	  JOIN round r ON r.id = v.round AND r.state = 'closed' AND r.demo = $1
	 CROSS JOIN string_to_table(v.departments, ',') AS of (department)
	  JOIN department d ON d.id = of.department
	 WHERE coalesce(nullif(v.day, ''), v.to_date) BETWEEN $2 AND $3
), one AS MATERIALIZED (
	SELECT DISTINCT entity COLLATE "C" AS entity, concat_ws('/', date, coalesce(policy_level(level), 'none'),
		coalesce(department, 'none'), way) COLLATE "C" AS element
	  FROM inspection WHERE entity <> ''
), entered AS MATERIALIZED (
	SELECT entity, string_agg(element, ',' ORDER BY element) AS list
	  FROM (SELECT entity, element FROM one
	         UNION
	        SELECT s.new, o.element
	          FROM one o JOIN successions_on($3, (SELECT array_agg(DISTINCT entity) FROM one)) s ON s.old = o.entity) e
	 GROUP BY entity
), reserved AS MATERIALIZED (
	SELECT v.entity COLLATE "C" AS entity, least(count(*), 999) AS visits
	  FROM visit v JOIN round r ON r.id = v.round
	 WHERE r.state IN ('drawn', 'visiting', 'revealed') AND r.demo = $1 AND v.way = 'entry'
	 GROUP BY v.entity
)
SELECT coalesce(e.entity, r.entity) AS entity, coalesce(e.list, '') AS entered, coalesce(r.visits, 0) AS reserved
  FROM entered e FULL JOIN reserved r ON r.entity = e.entity
 WHERE coalesce(e.entity, r.entity) <> ''
 ORDER BY coalesce(e.entity, r.entity) COLLATE "C";

-- Classes that the model computed, as they stood last on a day, and whether they go before those of the register of
-- objects. In the order of their index: nothing is sorted.
-- name: frame_computed
-- in: day text
SELECT c.entity, c.field, c.class, class_first(k.rank, k.own) AS first
  FROM (SELECT DISTINCT ON (s.entity, s.field) s.entity, s.field, s.class
	  FROM class_said s WHERE s.day <= $1 ORDER BY s.entity, s.field, s.run DESC) c
 CROSS JOIN (SELECT risk_computed_rank() AS rank, risk_register_rank() AS own OFFSET 0) k
 WHERE c.class <> '' AND c.entity <> '' AND k.rank IS NOT NULL
 ORDER BY c.entity, c.field;

-- All classes of entities of which somebody gave one, in place of those: of the sources the one that counts.
-- name: frame_given
-- in: day text
WITH told AS MATERIALIZED (
	SELECT CASE WHEN count(*) <= 100000 THEN coalesce(array_agg(entity), '{}') END AS codes
	  FROM (SELECT DISTINCT entity FROM grade_fact WHERE entity <> '' LIMIT 100001) g
)
SELECT c.entity, c.field, c.class, class_first(c.rank, k.own) AS first
  FROM told t
 CROSS JOIN LATERAL class_on($1, t.codes) c
 CROSS JOIN (SELECT risk_register_rank() AS own OFFSET 0) k
 WHERE c.entity <> ''
 ORDER BY c.entity COLLATE "C", c.field COLLATE "C";

-- Labels in force on a day, by object; those of lists and of triggers, by entity; past inspections since the cycle began, by object
-- (items: as of checks_on, 0014); what recodes say of objects.
-- name: frame_labels
-- in: day text
SELECT object, labels FROM labels_on($1) ORDER BY object COLLATE "C";

-- name: frame_listed
-- in: day text
SELECT object, labels FROM labels_on($1, true) ORDER BY object COLLATE "C";

-- name: frame_focus
-- in: day text
SELECT DISTINCT entity COLLATE "C" AS entity, labels FROM focus_on($1) ORDER BY 1;

-- name: frame_checks
-- in: day text, cycle_from text, items text, demo bool
SELECT object, checked FROM checks_on($2, $1, $3, $4) ORDER BY object COLLATE "C";

-- name: frame_recoded
-- in: day text
SELECT w.object, w.replaced, CASE WHEN risk_register_rank() IS NULL THEN '' ELSE w.class END AS class, w.checked
  FROM recoded_on($1) w ORDER BY w.object COLLATE "C";

-- For the queries of a frame, up to the end of the transaction: what they sort fits into memory.
-- name: frame_plan
SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true);

-- Every object, in the order of the frame (PROTOCOL.md §5): its region by the code in force, the class of the register
-- where that counts. Labels, inspections and classes that stand elsewhere are joined to it by the worker, which keeps them
-- by key (framerows.c): nothing of the frame's size is sorted or joined here.
-- name: frame_rows
-- in: day text
WITH renamed AS MATERIALIZED (
	SELECT old, new FROM region_renames($1)
), renames AS MATERIALIZED (
	SELECT coalesce(jsonb_object_agg(old, new), '{}') AS codes FROM renamed
), own AS MATERIALIZED (
	SELECT risk_register_rank() IS NOT NULL AS counts
)
SELECT v.object, v.entity, v.kind, v.industry,
       CASE WHEN v.region IN (SELECT old FROM renamed) OR left(v.region, 6) IN (SELECT old FROM renamed)
	    THEN region_named(v.region, (SELECT codes FROM renames)) ELSE v.region END AS region,
       v.established, v.status, v.since,
       CASE WHEN (SELECT counts FROM own) THEN v.class ELSE '' END AS class,
       v.labels, v.checked, v.active
  FROM entity_current v
 ORDER BY v.object;

-- name: pool_rows
-- in: departments text, day text
SELECT i.inspector, i.department,
       CASE WHEN i.regions IN ('', '*') THEN i.regions
	    ELSE (SELECT join_lists(string_agg(region_named(m, r.codes), ',')) FROM string_to_table(i.regions, ',') m) END AS regions,
       i.items, i.certificate, i.leave, i.lim
  FROM inspector_current i
 CROSS JOIN (SELECT coalesce(jsonb_object_agg(old, new), '{}') AS codes FROM region_renames($2) OFFSET 0) r
 WHERE i.active AND i.department = ANY (string_to_array($1, ','));

-- Which departments may inspect on that day, of those that a round is of.
-- name: authority_rows
-- in: departments text, day text
SELECT department, name, inspects, listed FROM authorities_on($2, $1) ORDER BY department COLLATE "C";

-- Codes of regions that the policy of a round names and that were replaced by that day.
-- name: policy_region_rows
-- in: round text, day text
SELECT n.path, n.old, n.new FROM policy_regions((SELECT policy FROM round WHERE id = $1), $2) n;

-- A recusal holds for what its subject became: another code ends none. And for all numbers of the person.
-- name: recusal_rows
-- in: departments text, day text
WITH said AS MATERIALIZED (
	SELECT r.inspector::text AS inspector, r.subject::text COLLATE "C" AS subject, r.ground, r.since, r.batch FROM recusals_on($2) r
), held AS MATERIALIZED (
	SELECT i.inspector, w.subject, w.ground, w.since, w.batch, w.by_other
	  FROM (SELECT s.*, false AS by_other FROM said s
		UNION ALL
		SELECT p.other, s.subject, s.ground, s.since, s.batch, true
		  FROM said s JOIN same_person() p ON p.inspector = s.inspector) w
	  JOIN inspector_current i ON i.inspector = w.inspector
	 WHERE i.active AND i.department = ANY (string_to_array($1, ','))
), line AS (
	SELECT *, false AS succeeded FROM held
	UNION ALL
	SELECT h.inspector, s.new, h.ground, h.since, h.batch, h.by_other, true
	  FROM held h JOIN successions_on($2, (SELECT array_agg(subject) FROM held)) s ON s.old = h.subject
)
SELECT DISTINCT ON (inspector, subject) inspector, subject, ground, since
  FROM line
 ORDER BY inspector, subject, succeeded, by_other, batch DESC, ground COLLATE "C", since COLLATE "C";

-- Who was where in the inspection cycle before this one, also where that has another code by the day, or he another
-- number.
-- name: history_rows
-- in: demo bool, cycle_from text, day text
WITH drawn AS MATERIALIZED (
	SELECT s.inspector::text AS inspector, v.entity,
	       max(coalesce(nullif(v.day, ''), v.to_date)) AS last
	  FROM slot s
	  JOIN visit v USING (round, object, ordinal)
	  JOIN rounds_before($1, $2) r ON r.id = s.round
	 WHERE s.inspector <> '' AND v.entity <> ''
	 GROUP BY 1, 2
), was AS MATERIALIZED (
	SELECT inspector, entity, last FROM drawn
	UNION ALL
	SELECT p.other, d.entity, d.last FROM drawn d JOIN same_person() p ON p.inspector = d.inspector
), now AS (
	SELECT inspector, entity, last FROM was
	 UNION ALL
	SELECT w.inspector, s.new, w.last
	  FROM was w JOIN successions_on($3, (SELECT array_agg(DISTINCT entity::text) FROM was)) s ON s.old = w.entity
)
SELECT inspector, entity, max(last) FROM now GROUP BY 1, 2;

-- Those of its rounds, and of rounds whose visits may count (checks_on), whose draw is not written yet.
-- name: history_unwritten
-- in: demo bool, cycle_from text
SELECT coalesce(string_agg(r.id, ',' ORDER BY r.id), '') AS rounds
  FROM round r
 WHERE r.demo = $1 AND is_drawn(r.state) AND (r.cycle_to >= $2 OR r.id IN (SELECT b.id FROM rounds_before($1, $2) b))
   AND NOT EXISTS (SELECT FROM projection p WHERE p.round = r.id);

-- name: round_artefacts
-- in: round text
SELECT ra.name, ra.sha256, a.size
  FROM round_artefact ra JOIN artefact a USING (sha256)
 WHERE ra.round = $1 ORDER BY ra.name COLLATE "C";

-- name: projected
-- in: round text
SELECT EXISTS (SELECT FROM projection WHERE round = $1) AS there;

-- Whoever comes second waits here for the first and then changes nothing.
-- name: projection_insert
-- in: round text, bound int8, bounds text
INSERT INTO projection (round, bound, bounds) VALUES ($1, $2, $3::json) ON CONFLICT (round) DO NOTHING;

-- name: queue_projections
SELECT queue_projections() AS queued;

-- name: copy_selection
COPY selection (round, task, stratum, object, batch) FROM STDIN;

-- name: copy_dropped
COPY dropped (round, object, task, entity, code) FROM STDIN;

-- name: copy_visit
COPY visit (round, object, ordinal, entity, mode, from_date, to_date, lead, tasks, departments,
	day, half, leader) FROM STDIN;

-- name: copy_slot
COPY slot (round, object, ordinal, department, place, inspector) FROM STDIN;

-- name: freeze_idx
-- in: round text
SELECT min(idx) AS idx FROM log_entry WHERE round = $1 AND kind = 'freeze' HAVING count(*) > 0;

-- name: record_idx
-- in: round text, kind text
SELECT idx, leaf, note FROM log_entry WHERE round = $1 AND kind = $2 ORDER BY idx;

-- name: bundle_checkpoints
-- in: from_idx int8
SELECT size, coalesce(cosigned, note) AS note
  FROM checkpoint
 WHERE size > $1
   AND size <= (SELECT coalesce(max(size), 0) FROM checkpoint WHERE cosigned IS NOT NULL)
 ORDER BY size;

-- name: bundle_entries
-- in: from_idx int8, to_idx int8
SELECT idx, note FROM log_entry WHERE idx >= $1 AND idx < $2 ORDER BY idx;

-- name: bundle_put
-- in: job int8, fence int8, round text, level text, size int8, sha256 bytea
SELECT bundle_put($1, $2, $3, $4, $5, $6);
