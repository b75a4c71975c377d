-- What the lists of the API show (daemon/lists.c has the same columns): text, int8, boolean or json;
-- times are seconds since 1970. Rows are those that the asker may see of the tables below.
CREATE FUNCTION drawd.seconds(at timestamptz) RETURNS int8
	LANGUAGE sql STABLE PARALLEL SAFE AS 'SELECT extract(epoch FROM at)::int8';
GRANT EXECUTE ON FUNCTION drawd.seconds(timestamptz) TO drawd_web;

CREATE VIEW drawd.job_list WITH (security_invoker = true) AS
SELECT id, kind::text, state, done, total, error ->> 'code' AS error, account::text,
       department::text, drawd.seconds(created_at) AS created, drawd.seconds(finished_at) AS finished
  FROM drawd.job;

CREATE VIEW drawd.import_list WITH (security_invoker = true) AS
SELECT b.id, b.kind, coalesce(u.name, '') AS file, b.upload, b.job, b.department::text, b.source,
       b.person AS provider, j.account::text, b.state, coalesce(j.args ->> 'mode', 'confirm') AS mode,
       coalesce(j.args ->> 'mode', 'confirm') = 'dry-run' AS dry_run, b.scope, b.sheet, b.rows, b.accepted, b.repaired, b.remarked, b.refused, b.new_rows AS new,
       b.changed, b.gone, b.same, b.encoding,
       (b.result ->> 'errors_dropped')::int8 AS errors_dropped,
       (b.result ->> 'remarks_dropped')::int8 AS remarks_dropped,
       b.file_state AS returned, b.reason ->> 'code' AS reason,
       drawd.seconds(b.created_at) AS created, drawd.seconds(b.staged_at) AS staged,
       drawd.seconds(b.confirmed_at) AS confirmed, b.confirmed_by::text,
       drawd.seconds(b.undone_at) AS undone, b.undone_by::text, nullif(b.undo_reason, '') AS undo_reason,
       drawd.seconds(u.removed_at) AS removed
  FROM drawd.import_batch b
  LEFT JOIN drawd.upload u ON u.id = b.upload
  LEFT JOIN drawd.job j ON j.id = b.job;

-- What is said of an error is in the error table of the program: message and the others are its name.
CREATE VIEW drawd.import_error_list WITH (security_invoker = true) AS
SELECT batch AS import, ordinal, line AS "row", col AS "column", value, code, detail, severity,
       code AS message, code AS message_en, code AS remedy, code AS remedy_en
  FROM drawd.import_error;

-- Alike ones as one, with the first of them; what was refused comes first.
CREATE VIEW drawd.import_group_list WITH (security_invoker = true) AS
SELECT g.import, row_number() OVER (PARTITION BY g.import
		ORDER BY array_position('{error,repair,remark}', g.severity), g.count DESC, g.ordinal) AS place,
       g.ordinal, g.code, g.col AS "column", g.severity, g.count,
       (SELECT json_agg(json_build_object('row', s.line, 'value', s.value, 'detail', s.detail)
			ORDER BY s.ordinal)
	  FROM (SELECT * FROM drawd.import_error e
		 WHERE e.batch = g.import AND e.ordinal = ANY (g.first)) s) AS samples,
       g.code AS message, g.code AS message_en, g.code AS remedy, g.code AS remedy_en
  FROM (SELECT batch AS import, code, col, severity, min(ordinal) AS ordinal, count(*) AS count,
	       (array_agg(ordinal ORDER BY ordinal))[1:5] AS first
	  FROM drawd.import_error GROUP BY batch, code, col, severity) g;

CREATE VIEW drawd.upload_list WITH (security_invoker = true) AS
SELECT id, name, size, received, account::text, department::text,
       drawd.seconds(created_at) AS created, drawd.seconds(removed_at) AS removed
  FROM drawd.upload;

-- Those who take part see all of a round, others what is public of it.
CREATE VIEW drawd.round_list WITH (security_invoker = true) AS
SELECT r.id::text COLLATE "C" AS id, r.state, r.demo, r.policy_name AS name, r.departments, r.pulses,
       r.delta, r.draw_deadline, r.reveal_after,
       r.results_due, r.disclosure, drawd.seconds(r.created_at) AS created
  FROM drawd.round r
 UNION ALL
SELECT p.id::text COLLATE "C", p.state, p.demo, NULL, NULL, p.pulses, p.delta, p.draw_deadline,
       p.reveal_after, p.results_due, p.disclosure, NULL
  FROM drawd.round_public p
 WHERE NOT EXISTS (SELECT FROM drawd.round r WHERE r.id = p.id);

-- Narrow doors: what an object and an inspector are called and where it is, for whoever sees a visit
-- of theirs.
CREATE VIEW drawd.object_name WITH (security_barrier = true) AS
SELECT f.object, f.batch, f.line, f.name, f.address
  FROM drawd.entity_fact f
 WHERE (f.batch IN (SELECT b.id FROM drawd.batch_counted b
                     WHERE b.kind = 'entities' AND b.undone_at IS NULL)) IS TRUE
   AND ((SELECT drawd.sees_all())
	OR EXISTS (SELECT FROM drawd.visit v
	            WHERE v.object = f.object
	              AND (string_to_array(v.departments, ',') && (SELECT drawd.my_departments())
			OR EXISTS (SELECT FROM drawd.slot s
			            WHERE s.round = v.round AND s.object = v.object AND s.ordinal = v.ordinal
			              AND s.inspector = (SELECT drawd.my_inspector()))) OFFSET 0)
	OR EXISTS (SELECT FROM drawd.dropped d JOIN drawd.round_task t USING (round, task)
	            WHERE d.object = f.object AND t.departments && (SELECT drawd.my_departments()) OFFSET 0));
CREATE VIEW drawd.inspector_name WITH (security_barrier = true) AS
SELECT f.inspector, f.batch, f.line, f.name
  FROM drawd.inspector_fact f
 WHERE (f.batch IN (SELECT b.id FROM drawd.batch_counted b
                     WHERE b.kind = 'inspectors' AND b.undone_at IS NULL)) IS TRUE
   AND ((SELECT drawd.sees_all())
	OR f.department = ANY ((SELECT drawd.my_departments())::text[])
	OR f.inspector = (SELECT drawd.my_inspector())
	OR EXISTS (SELECT FROM drawd.slot s JOIN drawd.visit v USING (round, object, ordinal)
	            WHERE s.inspector = f.inspector
	              AND (string_to_array(v.departments, ',') && (SELECT drawd.my_departments())
			OR EXISTS (SELECT FROM drawd.slot m
			            WHERE m.round = v.round AND m.object = v.object AND m.ordinal = v.ordinal
			              AND m.inspector = (SELECT drawd.my_inspector()))) OFFSET 0));
GRANT SELECT ON drawd.object_name, drawd.inspector_name TO drawd_web;

-- Names and slots stand in the list of columns, so that they are looked up for the rows of a page only,
-- after they were sorted.
CREATE VIEW drawd.visit_list WITH (security_invoker = true) AS
SELECT v.round::text COLLATE "C" AS round, v.object::text COLLATE "C" AS object,
       v.ordinal::int8 AS ordinal, v.entity,
       (SELECT f.name FROM drawd.object_name f
	 WHERE f.object = v.object::text
	 ORDER BY f.batch DESC, f.line DESC LIMIT 1) AS name,
       (SELECT f.address FROM drawd.object_name f
	 WHERE f.object = v.object::text AND f.address IS NOT NULL
	 ORDER BY f.batch DESC, f.line DESC LIMIT 1) AS address,
       v.mode, v.from_date AS "from", v.to_date AS "to",
       v.lead::text, v.tasks, v.departments, v.day, v.half, v.leader,
       (SELECT coalesce(json_agg(json_build_object('department', s.department, 'place', s.place,
			'inspector', s.inspector, 'name', (
				SELECT i.name FROM drawd.inspector_name i
				 WHERE i.inspector = s.inspector
				 ORDER BY i.batch DESC, i.line DESC LIMIT 1))
			ORDER BY s.department, s.place), '[]')
	  FROM drawd.slot s
	 WHERE s.round = v.round AND s.object = v.object AND s.ordinal = v.ordinal) AS slots
  FROM drawd.visit v;

-- With the name and the law of the cap, or the law of the frequency, as the policy of the round has them.
CREATE VIEW drawd.dropped_list WITH (security_invoker = true) AS
SELECT d.round::text COLLATE "C" AS round, d.object::text COLLATE "C" AS object, d.task::text AS task, d.entity,
       (SELECT f.name FROM drawd.object_name f
	 WHERE f.object = d.object::text
	 ORDER BY f.batch DESC, f.line DESC LIMIT 1) AS name,
       d.code,
       (SELECT substring(r.policy FROM '(?n)^cap\.' || substr(d.code, 5) || '\.name\t(.*)$')
	  FROM drawd.round r WHERE r.id = d.round AND d.code LIKE 'cap-%') AS cap,
       (SELECT substring(r.policy FROM CASE d.code WHEN 'checked' THEN '(?n)^rule\.checked\.basis\t(.*)$'
			ELSE '(?n)^cap\.' || substr(d.code, 5) || '\.basis\t(.*)$' END)
	  FROM drawd.round r WHERE r.id = d.round) AS basis
  FROM drawd.dropped d;

CREATE VIEW drawd.proposal_list WITH (security_invoker = true) AS
SELECT id, round::text COLLATE "C" AS round, kind::text, place::int8 AS place, state, entry,
       error ->> 'code' AS error, drawd.seconds(created_at) AS created
  FROM drawd.proposal;

CREATE VIEW drawd.motion_list WITH (security_invoker = true) AS
SELECT id, kind::text, round::text COLLATE "C" AS round, department::text, subject, reason,
       moved_by::text, moved_at, ends_at,
       drawd.motion_state(state, ends_at, (SELECT drawd.asked_at())) AS state, decided_by::text,
       decided_at, decided_why
  FROM drawd.motion;

CREATE VIEW drawd.account_list WITH (security_invoker = true) AS
SELECT id::text COLLATE "C" AS id, kind, person, name, department::text, inspector::text, state,
       drawd.seconds(created_at) AS created
  FROM drawd.account;

CREATE VIEW drawd.account_role_list WITH (security_invoker = true) AS
SELECT id, account::text, role::text, department::text, from_date::text AS "from",
       to_date::text AS "to", delegated_from::text, motion, drawd.seconds(ended_at) AS ended
  FROM drawd.account_role;

CREATE VIEW drawd.department_list WITH (security_invoker = true) AS
SELECT id::text COLLATE "C" AS id, system::text, level, region, name, name_en, short, inspects, active
  FROM drawd.department;

CREATE VIEW drawd.session_list WITH (security_invoker = true) AS
SELECT id, account::text, drawd.seconds(created_at) AS created, drawd.seconds(seen_at) AS seen,
       drawd.seconds(ends_at) AS ends, restricted, address, agent, drawd.seconds(ended_at) AS ended,
       ended_why
  FROM drawd.session;

CREATE VIEW drawd.access_token_list WITH (security_invoker = true) AS
SELECT id, account::text, name, scopes, drawd.seconds(created_at) AS created,
       drawd.seconds(ends_at) AS ends, drawd.seconds(used_at) AS used,
       drawd.seconds(ended_at) AS ended
  FROM drawd.access_token;

CREATE VIEW drawd.audit_list WITH (security_invoker = true) AS
SELECT seq, floor(extract(epoch FROM at))::int8 AS at, at AS at_stamp, account, person, roles, via, address, route, act,
       object_kind::text, object, department, encode(before, 'hex') AS before,
       encode(after, 'hex') AS after, reason, detail::json AS detail, encode(prev, 'hex') AS prev,
       encode(hash, 'hex') AS hash
  FROM drawd.audit
 WHERE seq IS NOT NULL;

GRANT SELECT ON drawd.job_list, drawd.import_list, drawd.import_error_list, drawd.import_group_list,
	drawd.upload_list,
	drawd.round_list, drawd.dropped_list, drawd.visit_list, drawd.proposal_list, drawd.motion_list, drawd.account_list,
	drawd.account_role_list, drawd.department_list, drawd.session_list, drawd.access_token_list,
	drawd.audit_list
	TO drawd_web;

-- ---- registers -----------------------------------------------------------------------------------

-- Of each register the view <name>_rows, the function <name>_rows_at(seconds) with the same columns, and
-- the view <name>_history of all that was said: key, the facts, import (0: by a motion) and row; personal facts
-- as masks.
DO $do$
DECLARE
	r drawd.register;
	facts text;
	batch text; -- the import a fact is of
BEGIN
	FOR r IN SELECT * FROM drawd.register LOOP
		batch := CASE r.name WHEN 'recusals' THEN 'coalesce(f.batch, 0)' ELSE 'f.batch' END;
		SELECT string_agg(CASE
				WHEN f.form = 'personal' THEN format($f$split_part(f.%I::text, ' ', 1)$f$, f.name)
				ELSE format('f.%I::text', f.name) END
			|| ' AS ' || CASE f.place WHEN 1 THEN 'key' ELSE quote_ident(f.name) END, ', ' ORDER BY f.place)
		  INTO facts
		  FROM ROWS FROM (unnest(r.columns), unnest(r.forms)) WITH ORDINALITY AS f (name, form, place);
		EXECUTE format('CREATE VIEW drawd.%I WITH (security_invoker = true) AS '
			'SELECT %s, %s AS import, f.line AS "row" FROM drawd.%I f',
			r.name || '_rows', facts, batch, r.name || '_current');
		EXECUTE format('CREATE FUNCTION drawd.%I(seconds int8) RETURNS SETOF drawd.%I '
			'LANGUAGE sql STABLE AS ' -- nothing is set, so that it is planned with the query around it
			'$x$SELECT %s, %s, f.line FROM drawd.%I(to_timestamp($1)) f$x$',
			r.name || '_rows_at', r.name || '_rows', facts, batch, r.name || '_as_of');
		EXECUTE format('CREATE VIEW drawd.%I WITH (security_invoker = true) AS '
			'SELECT %s, %s AS import, f.line AS "row", f.gone, b.state AS import_state, '
			'b.confirmed AS import_at, b.source AS import_source, '
			'b.provider AS import_provider, b.account AS import_account, '
			'b.department AS import_department, b.file AS import_file '
			'FROM drawd.%I f LEFT JOIN drawd.import_list b ON b.id = f.batch',
			r.name || '_history', facts, batch, r.name || '_said');
		EXECUTE format('GRANT SELECT ON drawd.%I, drawd.%I TO drawd_web',
			r.name || '_rows', r.name || '_history');
		EXECUTE format('GRANT EXECUTE ON FUNCTION drawd.%I(int8) TO drawd_web', r.name || '_rows_at');
	END LOOP;
END
$do$;
