-- Sessions, access tokens and people, for the web process (daemon/api_session.c, api_people.c): who
-- asks is in the transaction's context, row security decides what there is.

-- name: web_whoami
-- in: csrf text
SELECT json_build_object('account', a.id, 'name', a.name, 'kind', a.kind, 'via', c ->> 'kind',
		'department', a.department, 'inspector', a.inspector,
		'roles', c -> 'roles', 'held', c -> 'held',
		'departments', CASE WHEN c -> 'roles' ?| '{coordinator,auditor}' THEN '["*"]'::jsonb
			ELSE c -> 'departments' END,
		'restricted', c -> 'restricted',
		'needs', CASE WHEN NOT (c ->> 'restricted')::boolean THEN ''
			WHEN a.password_once THEN 'password' ELSE 'totp' END,
		'totp', a.totp_on,
		'session', nullif((c ->> 'session')::int8, 0), 'token', nullif((c ->> 'token')::int8, 0),
		'scopes', c ->> 'scopes', 'csrf', $1::text, 'language', a.language)::text AS json
  FROM (SELECT context() AS c) asker
  JOIN account a ON a.id = c ->> 'account';

-- What the asker is signed in with ends: his session, or his token.
-- name: web_sign_out
SELECT CASE c ->> 'kind' WHEN 'session' THEN session_end((c ->> 'session')::int8, 'signed-out')
	WHEN 'token' THEN token_end((c ->> 'token')::int8) ELSE false END AS ended
  FROM (SELECT context() AS c) asker;

-- name: web_session_end
-- in: id int8
SELECT session_end($1, 'revoked') AS ended;

-- name: web_token_new
-- in: account text, name text, hash text, scopes text, days int8
SELECT token_new(CASE WHEN $1 = '' THEN me() ELSE $1 END, $2, $3, $4, ends) AS id, ends
  FROM (SELECT extract(epoch FROM now())::int8 + $5::int8 * 86400 AS ends) t;

-- name: web_token_end
-- in: id int8
SELECT token_end($1) AS ended;

-- The reading of another's is noted.
-- name: web_account
-- in: account text
SELECT json_build_object('id', a.id, 'kind', a.kind, 'person', a.person, 'name', a.name,
		'department', a.department, 'inspector', a.inspector,
		'os_user', coalesce(a.os_user, ''), 'sso_name', coalesce(a.sso_name, ''),
		'state', a.state, 'language', a.language,
		'password', extract(epoch FROM a.password_at)::int8, 'first_password', a.password_once,
		'totp', a.totp_on, 'created', extract(epoch FROM a.created_at)::int8,
		'roles', (SELECT coalesce(json_agg(json_build_object('id', r.id, 'role', r.role,
				'department', r.department, 'from', r.from_date, 'to', r.to_date,
				'delegated_from', r.delegated_from, 'motion', r.motion)
				ORDER BY r.id), '[]')
			  FROM account_role r
			 WHERE r.account = a.id AND r.ended_at IS NULL))::text AS json,
       CASE WHEN a.id <> me() AND has_role('administrator', 'auditor', 'head')
	    THEN note_read('account', a.id, coalesce(a.department, '')) END AS noted
  FROM account a WHERE a.id = $1;

-- name: web_department
-- in: department text
SELECT json_build_object('id', id, 'system', system, 'level', level, 'region', region, 'name', name,
		'name_en', name_en, 'short', short, 'inspects', inspects, 'active', active)::text AS json
  FROM department WHERE id = $1;

-- name: web_role
-- in: id int8
SELECT json_build_object('id', id, 'account', account, 'role', role, 'department', department,
		'from', from_date, 'to', to_date, 'delegated_from', delegated_from, 'motion', motion,
		'ended', extract(epoch FROM ended_at)::int8)::text AS json
  FROM account_role WHERE id = $1;
