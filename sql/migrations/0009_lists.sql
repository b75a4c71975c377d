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
SELECT b.id, b.kind, b.upload, b.job, b.department::text, b.source, b.person AS provider,
       b.state,
       b.rows, b.good, b.bad, b.warned, b.encoding,
       (b.result ->> 'errors_dropped')::int8 AS errors_dropped,
       (b.result ->> 'warnings_dropped')::int8 AS warnings_dropped,
       drawd.seconds(b.created_at) AS created
  FROM drawd.import_current b;

CREATE VIEW drawd.import_error_list WITH (security_invoker = true) AS
SELECT batch AS import, ordinal, line, col AS "column", value, code, detail, severity
  FROM drawd.import_error;

CREATE VIEW drawd.upload_list WITH (security_invoker = true) AS
SELECT id, name, size, received, account::text, department::text,
       drawd.seconds(created_at) AS created
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

-- Names and slots stand in the list of columns, so that they are looked up for the rows of a page only,
-- after they were sorted.
CREATE VIEW drawd.visit_list WITH (security_invoker = true) AS
SELECT v.round::text COLLATE "C" AS round, v.object::text COLLATE "C" AS object,
       v.ordinal::int8 AS ordinal, v.entity,
       (SELECT f.name FROM drawd.entity_fact f
	 WHERE f.object = v.object::text
	 ORDER BY f.batch DESC, f.line DESC LIMIT 1) AS name,
       v.mode, v.from_date AS "from", v.to_date AS "to",
       v.lead::text, v.tasks, v.departments, v.day, v.half, v.leader,
       (SELECT coalesce(json_agg(json_build_object('department', s.department, 'place', s.place,
			'inspector', s.inspector, 'name', (
				SELECT i.name FROM drawd.inspector_fact i
				 WHERE i.inspector = s.inspector
				 ORDER BY i.batch DESC, i.line DESC LIMIT 1))
			ORDER BY s.department, s.place), '[]')
	  FROM drawd.slot s
	 WHERE s.round = v.round AND s.object = v.object AND s.ordinal = v.ordinal) AS slots
  FROM drawd.visit v;

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

GRANT SELECT ON drawd.job_list, drawd.import_list, drawd.import_error_list, drawd.upload_list,
	drawd.round_list, drawd.visit_list, drawd.proposal_list, drawd.motion_list, drawd.account_list,
	drawd.account_role_list, drawd.department_list, drawd.session_list, drawd.access_token_list,
	drawd.audit_list
	TO drawd_web;
