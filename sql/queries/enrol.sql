-- The first people of an installation (drawd enrol), as the owner of the schema.

-- name: enrol_lock
LOCK TABLE drawd.account IN EXCLUSIVE MODE;

-- The audit log names the process by this.
-- name: enrol_named
SELECT set_config('application_name', 'drawd enrol', true);

-- name: enrol_accounts
SELECT count(*) AS n FROM drawd.account;

-- name: enrol_department
-- in: id text, system text, level text, region text, name text, name_en text, short text, inspects int8
INSERT INTO drawd.department (id, system, level, region, name, name_en, short, inspects)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8 <> 0);

-- once: the password is to be changed at the first sign-in.
-- name: enrol_account
-- in: id text, kind text, person text, name text, department text, inspector text, os_user text, sso_name text, password text, once boolean
INSERT INTO drawd.account (id, kind, person, name, department, inspector, os_user, sso_name,
	password, password_at, password_once)
VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), nullif($7, ''), nullif($8, ''),
	nullif($9, ''), CASE WHEN $9 <> '' THEN now() END, $9 <> '' AND $10);

-- name: enrol_role
-- in: account text, role text, department text, from_date text, to_date text
INSERT INTO drawd.account_role (account, role, department, from_date, to_date)
VALUES ($1, $2, nullif($3, ''), $4, nullif($5, ''));

-- name: enrol_token
-- in: account text, hash bytea, days int8
INSERT INTO drawd.access_token (account, name, hash, scopes, ends_at)
VALUES ($1, 'enrol', $2, '*', now() + $3 * interval '1 day');
