-- People, departments and what they sign in with. Passwords, TOTP secrets, sessions and devices are
-- the sign-in process' (drawd_auth); everything else here changes by motions (0007) or at the
-- enrolment of an installation. Rows are ended, never deleted, but for devices, failures and keys.

-- The rows of daemon/roles.c, and what each may read: `own`, rows of the department for which it is
-- held, for which it also acts; `below`, the same and rows of those below it; `all`, everybody's; '',
-- what its own policies (0010) say.
CREATE TABLE drawd.role (
	name drawd.token PRIMARY KEY,
	scoped boolean NOT NULL, -- held for one department
	delegable boolean NOT NULL, -- whoever holds it may have another act in it for some days
	reads text NOT NULL CHECK (reads IN ('', 'own', 'below', 'all')),
	zh text NOT NULL,
	en text NOT NULL,
	UNIQUE (name, scoped),
	CHECK (scoped OR reads IN ('', 'all'))
);
INSERT INTO drawd.role (name, scoped, delegable, reads, zh, en) VALUES
	('administrator', false, true, '', '管理员', 'administrator'),
	('coordinator', false, true, 'all', '联席会议办公室协调员', 'coordinator of the joint conference office'),
	('head', true, true, 'below', '部门负责人', 'department head'),
	('clerk', true, true, 'below', '部门经办人', 'department clerk'),
	('inspector', true, false, '', '执法检查人员', 'inspector'),
	('auditor', false, false, 'all', '纪检审计', 'auditor'),
	('oversight', false, false, '', '行政执法监督', 'oversight body'),
	('custodian', false, true, '', '密钥保管人', 'key custodian'),
	('service', true, false, 'own', '服务账号', 'service account');

-- Levels from the top: 1, 2, …; NULL where there is none of that name.
CREATE FUNCTION drawd.level_depth(level text) RETURNS int
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN array_position('{province,city,county,town}'::text[], level);
-- The word of PROTOCOL.md §6.1 for a level: 乡镇街道 is `street` in policies.
CREATE FUNCTION drawd.policy_level(level text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE level WHEN 'town' THEN 'street' ELSE level END;

-- A department is a system at a level of a region: 市场监管 × county × 510104.
CREATE TABLE drawd.department (
	id drawd.token PRIMARY KEY,
	system drawd.token NOT NULL,
	level text NOT NULL CHECK (drawd.level_depth(level) IS NOT NULL),
	region text COLLATE "C" NOT NULL, -- 行政区划代码; 9 or 12 digits below the county
	name text NOT NULL CHECK (name <> ''),
	name_en text NOT NULL DEFAULT '',
	short text NOT NULL DEFAULT '',
	inspects boolean NOT NULL DEFAULT true, -- may lawfully inspect; the joint conference office may not
	active boolean NOT NULL DEFAULT true,
	UNIQUE (system, level, region),
	CHECK (id <> 'none'), -- PROTOCOL.md §6.1
	CHECK (region ~ CASE level WHEN 'town' THEN '^[0-9]{9}([0-9]{3})?$' ELSE '^[0-9]{6}$' END)
);

-- 510100 → 5101: what every region below begins with.
CREATE FUNCTION drawd.region_stem(region text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT regexp_replace(region, '(00)+$', '')
$$;
-- A department and those of its system below it.
CREATE FUNCTION drawd.departments_under(top text) RETURNS SETOF text LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT d.id::text
	  FROM drawd.department t
	  JOIN drawd.department d ON d.system = t.system
	 WHERE t.id = top
	   AND (d.id = t.id
		OR (drawd.level_depth(d.level) > drawd.level_depth(t.level)
		    AND starts_with(d.region, drawd.region_stem(t.region))));
END;

-- Whoever acts: a person, who may have several accounts under one staff number, or a service, which
-- has the number of the person who answers for it.
CREATE TABLE drawd.account (
	id drawd.token PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('person', 'service')),
	person text NOT NULL CHECK (person ~ '^[0-9A-Za-z.-]{1,32}$'), -- staff number
	name text NOT NULL CHECK (name <> ''),
	department drawd.token REFERENCES drawd.department,
	inspector drawd.inspector_id UNIQUE, -- whose visits it sees while it is an inspector of his department
	os_user text UNIQUE CHECK (os_user <> ''), -- signed in by the Unix socket as this user
	sso_name text UNIQUE CHECK (sso_name <> ''), -- signed in by the trusted proxy under this name
	state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
	language text NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
	password text, -- argon2id string
	password_at timestamptz,
	password_once boolean NOT NULL DEFAULT false, -- issued by somebody else: to be changed at once
	totp bytea, -- sealed by the sign-in process
	totp_on boolean GENERATED ALWAYS AS (totp IS NOT NULL) STORED,
	totp_step int8 NOT NULL DEFAULT 0, -- the last one used: no step counts twice
	created_at timestamptz NOT NULL DEFAULT now(),
	UNIQUE (id, kind)
);
CREATE INDEX account_department ON drawd.account (department);
CREATE INDEX account_person ON drawd.account (person);

-- Who holds which role, for which department, on which civil days; delegated by whom, by which motion
-- (0007). A delegated role counts while the one who delegated it holds it.
CREATE TABLE drawd.account_role (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account drawd.token NOT NULL REFERENCES drawd.account,
	role drawd.token NOT NULL,
	department drawd.token REFERENCES drawd.department,
	from_date drawd.day NOT NULL,
	to_date drawd.day, -- the last day; NULL: without an end
	delegated_from drawd.token REFERENCES drawd.account,
	motion int8,
	ended_at timestamptz,
	scoped boolean GENERATED ALWAYS AS (department IS NOT NULL) STORED,
	kind text GENERATED ALWAYS AS (CASE role WHEN 'service' THEN 'service' ELSE 'person' END) STORED,
	FOREIGN KEY (role, scoped) REFERENCES drawd.role (name, scoped),
	FOREIGN KEY (account, kind) REFERENCES drawd.account (id, kind),
	CHECK (to_date >= from_date),
	CHECK (delegated_from <> account),
	CHECK (delegated_from IS NULL OR to_date IS NOT NULL) -- a delegation has an end
);
CREATE UNIQUE INDEX account_role_once ON drawd.account_role
	(account, role, coalesce(department, ''), coalesce(delegated_from, ''), from_date)
	WHERE ended_at IS NULL;
CREATE INDEX account_role_department ON drawd.account_role (department);

-- Sessions are made, changed and ended by functions of 0006 and by the sign-in process. hash and
-- previous are SHA-256 of tokens; ended rows stay.
CREATE TABLE drawd.session (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account drawd.token NOT NULL REFERENCES drawd.account,
	hash drawd.hash NOT NULL UNIQUE,
	previous drawd.hash UNIQUE, -- of the token before the last rotation
	rotated_at timestamptz NOT NULL DEFAULT now(),
	csrf text NOT NULL CHECK (csrf ~ '^[A-Za-z0-9_-]{22,64}$'),
	created_at timestamptz NOT NULL DEFAULT now(),
	seen_at timestamptz NOT NULL DEFAULT now(),
	idle interval NOT NULL DEFAULT '30 minutes', -- ends when unseen for that long
	ends_at timestamptz NOT NULL, -- and then in any case
	restricted boolean NOT NULL DEFAULT false, -- lacks a second factor that a role of it needs
	address text NOT NULL DEFAULT '',
	agent text NOT NULL DEFAULT '',
	ended_at timestamptz,
	ended_why text, -- signed-out, revoked, expired, idle, reused, disabled, changed
	CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX session_account ON drawd.session (account, id DESC);

-- What programs sign in with.
CREATE TABLE drawd.access_token (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	account drawd.token NOT NULL REFERENCES drawd.account,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	hash drawd.hash NOT NULL UNIQUE,
	scopes text NOT NULL CHECK (scopes ~ '^(\*|[a-z]+:(read|write)(,[a-z]+:(read|write))*)$'),
	created_at timestamptz NOT NULL DEFAULT now(),
	ends_at timestamptz NOT NULL,
	used_at timestamptz,
	ended_at timestamptz
);
CREATE INDEX access_token_account ON drawd.access_token (account, id DESC);

-- Browsers that signed in before: others cannot hold them up by guessing.
CREATE TABLE drawd.device (
	account drawd.token NOT NULL REFERENCES drawd.account,
	hash drawd.hash NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account, hash)
);
-- Refused tries to sign in, also under names that nobody has.
CREATE TABLE drawd.signin_failure (
	account text NOT NULL,
	source text NOT NULL, -- address, device or 'unknown'
	n int8 NOT NULL DEFAULT 0,
	last_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account, source)
);
CREATE INDEX signin_failure_old ON drawd.signin_failure (last_at);

-- Changes asked for once: what was answered under a key of the asker is answered again.
CREATE TABLE drawd.request_key (
	account drawd.token NOT NULL REFERENCES drawd.account,
	key text COLLATE "C" NOT NULL CHECK (key ~ '^[A-Za-z0-9_-]{8,64}$'),
	route text NOT NULL,
	body_hash drawd.hash NOT NULL, -- of method, path and body
	status int, -- NULL: under way
	json text,
	at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (account, key)
);
CREATE INDEX request_key_old ON drawd.request_key (at);

-- ---- who may what ------------------------------------------------------------------------------

-- auth
GRANT SELECT ON drawd.role, drawd.department, drawd.account, drawd.account_role, drawd.session,
	drawd.device, drawd.signin_failure
	TO drawd_auth;
GRANT UPDATE (password, password_at, password_once, totp, totp_step) ON drawd.account TO drawd_auth;
GRANT INSERT (account, hash, csrf, idle, ends_at, restricted, address, agent) ON drawd.session
	TO drawd_auth;
GRANT UPDATE (hash, previous, rotated_at, csrf, seen_at, restricted, ended_at, ended_why)
	ON drawd.session TO drawd_auth;
GRANT INSERT (account, hash), DELETE ON drawd.device TO drawd_auth;
GRANT INSERT, UPDATE, DELETE ON drawd.signin_failure TO drawd_auth;

-- web: never a hash, a password or a secret
GRANT SELECT ON drawd.role, drawd.department, drawd.account_role TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.departments_under(text), drawd.region_stem(text), drawd.level_depth(text)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.policy_level(text) TO drawd_worker;
GRANT SELECT (id, kind, person, name, department, inspector, os_user, sso_name, state, language,
	password_at, password_once, totp_on, created_at)
	ON drawd.account TO drawd_web;
GRANT SELECT (id, account, created_at, seen_at, idle, ends_at, restricted, address, agent, ended_at,
	ended_why)
	ON drawd.session TO drawd_web;
GRANT SELECT (id, account, name, scopes, created_at, ends_at, used_at, ended_at)
	ON drawd.access_token TO drawd_web;

-- The worker names the departments that a file speaks of.
GRANT SELECT ON drawd.department TO drawd_worker;
