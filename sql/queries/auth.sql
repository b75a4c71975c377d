-- The process `auth` (daemon/auth*.c). What it asks for a name is the same whether somebody has the
-- name or not.

-- An account by name, always one row; decoy is the password of some other account, the same one for
-- the same pick, so that a name that nobody has costs the hash of a real one.
-- name: auth_account
-- in: account text, pick int8
SELECT a.id IS NOT NULL AS found,
       coalesce(a.state = 'active' AND a.kind = 'person', false) AS lives,
       coalesce(a.name, '') AS name,
       coalesce(a.password, '') AS password,
       coalesce(a.password_once, false) AS once,
       coalesce(a.password_once AND a.password_at < now() - interval '7 days', false) AS stale,
       coalesce(a.totp, '') AS totp,
       coalesce(a.totp_step, -1) AS totp_step,
       coalesce(d.password, '') AS decoy
  FROM (VALUES (1)) one (row)
  LEFT JOIN account a ON a.id = $1
  LEFT JOIN LATERAL (
	SELECT password FROM account WHERE password IS NOT NULL ORDER BY id
	OFFSET $2::int8 % greatest(1, (SELECT count(*) FROM account WHERE password IS NOT NULL))
	LIMIT 1) d ON true;

-- Is it a browser that signed in to the account within a year; or to any?
-- name: auth_device
-- in: account text, hash bytea
SELECT coalesce(bool_or(account = $1), false) AS known, count(*) > 0 AS issued
  FROM device WHERE hash = $2 AND created_at > now() - interval '1 year';

-- name: auth_device_put
-- in: account text, hash bytea
INSERT INTO device (account, hash) VALUES ($1, $2) ON CONFLICT (account, hash) DO NOTHING;

-- Each account keeps its 20 newest browsers, none for more than a year.
-- name: auth_devices_forget
-- in: account text
DELETE FROM device
 WHERE account = $1
   AND (created_at < now() - interval '1 year'
	OR hash NOT IN (SELECT hash FROM device WHERE account = $1
	                 ORDER BY created_at DESC LIMIT 20));

-- name: auth_devices_end
-- in: account text, keep bytea
DELETE FROM device WHERE account = $1 AND hash <> $2;

-- What failed before: of the source, and codes behind a right password. One row, of zeros where
-- nothing did.
-- name: auth_failures
-- in: account text, source text
SELECT coalesce(max(n) FILTER (WHERE source = $2), 0) AS n,
       coalesce(max(extract(epoch FROM last_at)::int8) FILTER (WHERE source = $2), 0) AS last,
       coalesce(max(n) FILTER (WHERE source = 'codes'), 0) AS codes_n,
       coalesce(max(extract(epoch FROM last_at)::int8) FILTER (WHERE source = 'codes'), 0) AS codes_last
  FROM signin_failure WHERE account = $1 AND source IN ($2, 'codes');

-- name: auth_failure_put
-- in: account text, source text, n int8, last int8
INSERT INTO signin_failure (account, source, n, last_at)
VALUES ($1, $2, $3, to_timestamp($4::int8))
ON CONFLICT (account, source) DO UPDATE SET n = excluded.n, last_at = excluded.last_at;

-- name: auth_failure_end
-- in: account text, source text
DELETE FROM signin_failure WHERE account = $1 AND source = $2;

-- name: auth_failures_forget
-- in: seconds int8
DELETE FROM signin_failure
 WHERE ctid = ANY (ARRAY(SELECT ctid FROM signin_failure
                          WHERE last_at < now() - make_interval(secs => $1::int8) LIMIT 10000));

-- A refusal, for the audit log; account: of one that is there, else empty.
-- name: auth_refused
-- in: account text, address text, route text
SELECT signin_refused($1, $2, $3);

-- name: auth_refusals_close
SELECT signin_refusals_close();

-- Roles that the account holds or is going to hold.
-- name: auth_roles
-- in: account text, day text
SELECT coalesce(string_agg(DISTINCT role, ','), '') AS roles
  FROM account_role
 WHERE account = $1 AND ended_at IS NULL AND (to_date IS NULL OR to_date >= $2);

-- name: auth_session_new
-- in: account text, hash bytea, csrf text, idle int8, absolute int8, restricted boolean, address text, agent text
INSERT INTO session (account, hash, csrf, idle, ends_at, restricted, address, agent)
VALUES ($1, $2, $3, make_interval(secs => $4::int8), now() + make_interval(secs => $5::int8), $6, $7, $8)
RETURNING id, extract(epoch FROM ends_at)::int8 AS ends;

-- Who asks, for what changes below; the audit log knows it from here.
-- name: auth_enter
-- in: kind text, secret text, address text, route text
SELECT refused, account, session FROM enter($1, $2, $3, $4, '', '');

-- The account of an open session, without noting that it was used.
-- name: auth_session_account
-- in: hash bytea
SELECT s.id, s.account, a.name, s.restricted
  FROM session s JOIN account a ON a.id = s.account
 WHERE s.hash = $1 AND s.ended_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now()
   AND a.state = 'active';

-- A session goes on under a new token; the old one is void at once.
-- name: auth_session_renew
-- in: id int8, hash bytea, csrf text, restricted boolean
UPDATE session SET hash = $2, previous = NULL, rotated_at = now(), csrf = $3, restricted = $4
 WHERE id = $1 AND ended_at IS NULL
RETURNING extract(epoch FROM ends_at)::int8 AS ends;

-- name: auth_sessions_end
-- in: account text, keep int8
UPDATE session SET ended_at = now(), ended_why = 'changed'
 WHERE account = $1 AND id <> $2 AND ended_at IS NULL;

-- All but the session of the one who asks, tokens as well.
-- name: auth_others_end
SELECT sessions, tokens FROM others_end();

-- name: auth_password_put
-- in: account text, password text, once boolean
UPDATE account SET password = $2, password_at = now(), password_once = $3 WHERE id = $1;

-- An account that waits for its first password, and which half of it the one who asks takes.
-- name: auth_first
-- in: account text
SELECT p.motion, p.half, p.told, a.password IS NULL AS fresh,
       coalesce(a.password, '') AS password, a.password_once AS once,
       extract(epoch FROM coalesce(a.password_at, now()) + interval '7 days')::int8 AS ends
  FROM password_half($1) p
  JOIN account a ON a.id = $1 AND a.kind = 'person' AND a.state = 'active';

-- name: auth_first_put
-- in: account text, password text
UPDATE account SET password = $2, password_at = now(), password_once = true
 WHERE id = $1 AND password IS NULL RETURNING id;

-- The same string made anew, with the cost of today.
-- name: auth_password_again
-- in: account text, password text, before text
UPDATE account SET password = $2 WHERE id = $1 AND password = $3;

-- A step counts once.
-- name: auth_totp_step
-- in: account text, step int8
UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2 RETURNING id;

-- name: auth_totp_put
-- in: account text, totp bytea, step int8
UPDATE account SET totp = $2, totp_step = $3 WHERE id = $1 AND totp IS NULL RETURNING password_once AS once;
