-- Who is asking. enter() checks what somebody signs in with and keeps the answer in the setting
-- drawd.context of the transaction, under a MAC whose key only the owner reads: drawd_web can set the
-- setting to anything, but not to anything that counts. Policies (0010) ask me(), has_role() …
--
-- The web process vouches for users of the Unix socket (peer) and of the trusted proxy: exactly the
-- accounts with an os_user or sso_name rest on its word, all others on a secret it does not hold. What
-- time it is the database says.

-- An error of the error table, by name: the processes know it by SQLSTATE DR000. field: the member of
-- the request at fault, where it is one.
CREATE FUNCTION drawd.refuse(name text, what text, field text DEFAULT '') RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION USING ERRCODE = 'DR000', MESSAGE = name || ': ' || what, COLUMN = field;
END
$$;

-- ---- the clock ---------------------------------------------------------------------------------

-- How far the installation's clock is from the database's. The notary writes it down (clock_set); only a
-- demonstration moves or fixes its clock.
CREATE TABLE drawd.clock (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	ahead int8 NOT NULL DEFAULT 0, -- seconds
	fixed int8, -- seconds since 1970: it stands still there, before `ahead`
	quality_min int8 -- parts per million that a freeze asks for, as the notary's configuration has it (0015)
);
INSERT INTO drawd.clock DEFAULT VALUES;
CREATE FUNCTION drawd.clock_set(the_ahead int8, the_fixed int8) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	IF (the_ahead <> 0 OR the_fixed IS NOT NULL) AND EXISTS (SELECT FROM round WHERE NOT demo) THEN
		PERFORM refuse('demo-only', 'clock');
	END IF;
	UPDATE clock SET ahead = the_ahead, fixed = the_fixed
	 WHERE (ahead, fixed) IS DISTINCT FROM (the_ahead, the_fixed);
END
$$;
-- The time by it, in seconds since 1970, of the transaction.
CREATE FUNCTION drawd.clock_time() RETURNS int8
	LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
	SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(fixed, floor(extract(epoch FROM now()))::int8) + ahead FROM clock
$$;
-- The moment, as far ahead; it never stands still, because the order of batches is read off it.
CREATE FUNCTION drawd.clock_stamp() RETURNS timestamptz
	LANGUAGE sql VOLATILE PARALLEL RESTRICTED SECURITY DEFINER
	SET search_path = drawd, pg_temp AS $$
	SELECT clock_timestamp() + ahead * interval '1 second' FROM clock
$$;
-- That of a batch: behind those of all batches of the register, also where the clock was put back.
CREATE FUNCTION drawd.batch_stamp(the_kind text) RETURNS timestamptz
	LANGUAGE sql VOLATILE PARALLEL RESTRICTED SECURITY DEFINER
	SET search_path = drawd, pg_temp AS $$
	SELECT greatest(clock_stamp(), max(greatest(staged_at, confirmed_at, undone_at)) + interval '1 microsecond')
	  FROM import_batch WHERE kind = the_kind
$$;
ALTER TABLE drawd.import_batch ALTER created_at SET DEFAULT drawd.clock_stamp();
ALTER TABLE drawd.recusal_fact ALTER at SET DEFAULT drawd.clock_stamp();

-- ---- the MAC -----------------------------------------------------------------------------------

-- HMAC-SHA256: inner and outer are the key, filled to 64 bytes, xor 0x36 and 0x5c.
CREATE TABLE drawd.context_key (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	inner_pad bytea NOT NULL CHECK (octet_length(inner_pad) = 64),
	outer_pad bytea NOT NULL CHECK (octet_length(outer_pad) = 64)
);
DO $$
DECLARE
	key bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
		|| uuid_send(gen_random_uuid())) || decode(repeat('00', 32), 'hex');
	inner_pad bytea := key;
	outer_pad bytea := key;
BEGIN
	FOR i IN 0..63 LOOP
		inner_pad := set_byte(inner_pad, i, get_byte(key, i) # 54);
		outer_pad := set_byte(outer_pad, i, get_byte(key, i) # 92);
	END LOOP;
	INSERT INTO drawd.context_key (inner_pad, outer_pad) VALUES (inner_pad, outer_pad);
END
$$;

-- Of a text in this transaction of this connection. For the functions below alone.
CREATE FUNCTION drawd.context_mac(body text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SET search_path = drawd, pg_temp AS $$
DECLARE
	k context_key;
BEGIN
	SELECT * INTO k FROM context_key;
	RETURN encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(concat_ws(' ',
		pg_backend_pid(), extract(epoch FROM transaction_timestamp()), body), 'UTF8'))), 'hex');
END
$$;

-- What enter() found: kind (session, token, peer, proxy, public), account, acting (the account, empty
-- while restricted), person, department, inspector, visits (the inspector whose visits it sees),
-- roles, held ("head:scjg"), all (reads everybody's), departments (that it reads), acts (departments it acts for), restricted,
-- session, token, scopes, address, route, reason, day, at. NULL where nobody entered.
CREATE FUNCTION drawd.context() RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
	SET search_path = drawd, pg_temp AS $$
DECLARE
	said text := current_setting('drawd.context', true);
BEGIN
	IF said IS NULL OR length(said) < 66 THEN
		RETURN NULL;
	END IF;
	IF left(said, 64) <> context_mac(substr(said, 65)) THEN
		RETURN NULL;
	END IF;
	RETURN substr(said, 65)::jsonb;
END
$$;

-- ---- questions to the context: lists and flags are never NULL, names are where there is nobody --

CREATE FUNCTION drawd.list_of(list jsonb) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY(SELECT jsonb_array_elements_text(list));

-- The account, also while its session is restricted.
CREATE FUNCTION drawd.me() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN nullif(drawd.context() ->> 'account', '');
-- The account, unless its session is restricted.
CREATE FUNCTION drawd.acting() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN nullif(drawd.context() ->> 'acting', '');
CREATE FUNCTION drawd.my_roles() RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN drawd.list_of(drawd.context() -> 'roles');
CREATE FUNCTION drawd.has_role(VARIADIC roles text[]) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce(drawd.context() -> 'roles' ?| roles, false);
-- Roles with their departments: "head:scjg", "auditor".
CREATE FUNCTION drawd.my_held() RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN drawd.list_of(drawd.context() -> 'held');
-- The staff number, unless the session is restricted.
CREATE FUNCTION drawd.my_person() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN CASE WHEN drawd.acting() IS NOT NULL THEN drawd.context() ->> 'person' END;
-- Departments whose rows it reads, by the roles that it holds (role.reads).
CREATE FUNCTION drawd.my_departments() RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN drawd.list_of(drawd.context() -> 'departments');
-- Departments it may change something for.
CREATE FUNCTION drawd.my_acts() RETURNS text[] LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN drawd.list_of(drawd.context() -> 'acts');
CREATE FUNCTION drawd.acts_for(department text) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce(drawd.context() -> 'acts' ? department, false);
-- Does it hold that role for that very department?
CREATE FUNCTION drawd.acts_as(role text, department text) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce(drawd.context() -> 'held' ? (role || ':' || department), false);
CREATE FUNCTION drawd.my_inspector() RETURNS text LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN nullif(drawd.context() ->> 'visits', '');
-- Does it read everybody's rows?
CREATE FUNCTION drawd.sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce((drawd.context() ->> 'all')::boolean, false);
-- May it hand in lists, for a department or for the whole installation?
CREATE FUNCTION drawd.brings_lists() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN drawd.has_role('coordinator') OR drawd.my_acts() <> '{}';
-- Does this request see nothing but what its account brought itself (own_only)?
CREATE FUNCTION drawd.only_own() RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce((drawd.context() ->> 'own')::boolean, false);
-- Does what it signed in with allow that ("rounds:write")? Functions that change something ask, so that
-- a token's scopes do not rest on what scope enter() was told.
CREATE FUNCTION drawd.allows(scope text) RETURNS boolean LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN coalesce('{*}'::text[] || scope && string_to_array(drawd.context() ->> 'scopes', ','), false);
CREATE FUNCTION drawd.scope_needed(scope text) RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF NOT drawd.allows(scope) THEN
		PERFORM drawd.refuse(CASE WHEN drawd.context() IS NULL THEN 'not-allowed' ELSE 'scope' END, scope);
	END IF;
END
$$;
-- When it asks, by the installation's clock, in seconds since 1970.
CREATE FUNCTION drawd.asked_at() RETURNS int8 LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN (drawd.context() ->> 'at')::int8;

-- ---- entering ----------------------------------------------------------------------------------

-- Roles that count on a day: open, their dates include it, account and department active; a delegated
-- one while the one who delegated it holds it by his own right.
CREATE FUNCTION drawd.roles_on(the_account text, the_day text)
	RETURNS TABLE (role text, department text, delegated_from text) LANGUAGE sql STABLE
BEGIN ATOMIC
	SELECT r.role, r.department, r.delegated_from
	  FROM drawd.account_role r
	  JOIN drawd.account a ON a.id = r.account
	  LEFT JOIN drawd.department d ON d.id = r.department
	 WHERE r.account = the_account AND r.ended_at IS NULL AND r.from_date <= the_day
	   AND (r.to_date IS NULL OR the_day <= r.to_date)
	   AND a.state = 'active' AND d.active IS NOT false
	   AND (r.delegated_from IS NULL
		OR EXISTS (SELECT FROM drawd.account_role o JOIN drawd.account p ON p.id = o.account
		            WHERE o.account = r.delegated_from AND o.role = r.role
		              AND o.department IS NOT DISTINCT FROM r.department
		              AND o.delegated_from IS NULL AND o.ended_at IS NULL
		              AND o.from_date <= the_day AND (o.to_date IS NULL OR the_day <= o.to_date)
		              AND p.state = 'active'));
END;

CREATE FUNCTION drawd.session_close(the_session int8, why text) RETURNS boolean
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	WITH ended AS (
		UPDATE session SET ended_at = clock_timestamp(), ended_why = why
		 WHERE id = the_session AND ended_at IS NULL
		RETURNING 1
	)
	SELECT EXISTS (SELECT FROM ended)
$$;

-- The open session of a token's hash. One that is over is ended here; so is one whose token came
-- again a minute after it was replaced: two hold it, and one of them has stolen it.
CREATE FUNCTION drawd.session_of(the_hash bytea, watching boolean) RETURNS drawd.session
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	s session;
	over text;
BEGIN
	SELECT * INTO s FROM session WHERE hash = the_hash;
	IF NOT FOUND THEN
		SELECT * INTO s FROM session WHERE previous = the_hash;
		over := CASE WHEN s.rotated_at < now() - interval '60 seconds' THEN 'reused' END;
	END IF;
	IF s.id IS NULL OR s.ended_at IS NOT NULL THEN
		RETURN NULL;
	END IF;
	over := coalesce(over, CASE WHEN s.ends_at <= now() THEN 'expired'
		WHEN s.seen_at + s.idle <= now() THEN 'idle' END);
	IF over IS NOT NULL THEN
		PERFORM session_close(s.id, over);
		RETURN NULL;
	END IF;
	-- nobody waits here for another request of the same session
	IF NOT watching AND s.seen_at < now() - interval '1 minute' THEN
		UPDATE session SET seen_at = now()
		 WHERE id = (SELECT id FROM session WHERE id = s.id FOR UPDATE SKIP LOCKED);
	END IF;
	RETURN s;
END
$$;

-- Is the token of a session due for a new one?
CREATE FUNCTION drawd.session_is_old(rotated_at timestamptz) RETURNS boolean LANGUAGE sql STABLE
	RETURN rotated_at < now() - interval '15 minutes';

CREATE FUNCTION drawd.access_token_of(the_hash bytea, watching boolean) RETURNS drawd.access_token
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	t access_token;
BEGIN
	SELECT * INTO t FROM access_token
	 WHERE hash = the_hash AND ended_at IS NULL AND ends_at > now();
	IF FOUND AND NOT watching AND coalesce(t.used_at < now() - interval '1 minute', true) THEN
		UPDATE access_token SET used_at = now()
		 WHERE id = (SELECT id FROM access_token WHERE id = t.id FOR UPDATE SKIP LOCKED);
	END IF;
	RETURN t;
END
$$;

-- Does a token reach this scope only for what its own account brought? Who may send files may look what
-- became of them.
CREATE FUNCTION drawd.own_only(scope text, scopes text) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN scope IN ('files:read', 'jobs:read') AND NOT '{*}'::text[] || scope && string_to_array(scopes, ',')
		AND 'files:write' = ANY (string_to_array(scopes, ','));

-- Whose secret that is, with the session or access token; refused as by enter().
CREATE FUNCTION drawd.enter_as(kind text, secret text, scope text, watching boolean,
	OUT refused text, OUT a drawd.account, OUT s drawd.session, OUT t drawd.access_token)
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
BEGIN
	enter_as.refused := 'session-ended';
	IF enter_as.kind IN ('session', 'token') AND enter_as.secret !~ '^[0-9a-f]{64}$' THEN
		RETURN;
	ELSIF enter_as.kind = 'session' THEN
		s := session_of(decode(enter_as.secret, 'hex'), watching);
		SELECT * INTO a FROM account WHERE id = s.account;
	ELSIF enter_as.kind = 'token' THEN
		t := access_token_of(decode(enter_as.secret, 'hex'), watching);
		SELECT * INTO a FROM account WHERE id = t.account;
	ELSE
		IF enter_as.kind IN ('peer', 'proxy') THEN
			SELECT * INTO a FROM account
			 WHERE CASE enter_as.kind WHEN 'peer' THEN os_user ELSE sso_name END = enter_as.secret;
		END IF;
		enter_as.refused := CASE WHEN a.id IS NOT NULL THEN 'session-ended'
			WHEN enter_as.kind = 'public' THEN '' ELSE 'sign-in-needed' END;
	END IF;
	IF a.state = 'active' THEN
		enter_as.refused := CASE WHEN t.scopes <> '*' AND enter_as.scope <> ''
			AND enter_as.scope <> ALL (string_to_array(t.scopes, ','))
			AND NOT own_only(enter_as.scope, t.scopes) THEN 'scope' ELSE '' END;
	ELSE
		a := NULL;
		s := NULL;
		t := NULL;
	END IF;
END
$$;

-- Begin a request. kind: session and token with the lower-case hex SHA-256 of the token, peer with
-- the name of a user of this machine, proxy with that of the trusted proxy, public with nothing.
-- scope: what a token must allow ("rounds:read"); without one, a token that does not allow everything
-- has no roles. watching: a stream of events looks again by itself, which is no use of the session or token.
-- refused is empty or the name of an error, and then the context is nobody's; with `scope` the account
-- and its roles are told all the same. renew: give the session a new token (session_rotate).
CREATE FUNCTION drawd.enter(kind text, secret text, address text, route text, scope text,
	reason text, watching boolean DEFAULT false,
	OUT refused text, OUT account text, OUT person text, OUT department text, OUT inspector text,
	OUT roles text, OUT departments text, OUT restricted boolean, OUT session int8,
	OUT renew boolean, OUT csrf text, OUT language text)
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	found record;
	a account;
	s session;
	t access_token;
	body jsonb;
	names text[];
	held text[];
	acts text[];
	reads text[];
	whole boolean;
	bare boolean;
	at int8 := clock_time();
	day text := day_of(at);
BEGIN
	PERFORM set_config('drawd.context', '', true);
	found := enter_as(enter.kind, enter.secret, enter.scope, enter.watching);
	a := found.a;
	s := found.s;
	t := found.t;
	enter.refused := found.refused;
	enter.restricted := coalesce(s.restricted, false);
	IF NOT enter.restricted THEN
		SELECT array_agg(DISTINCT r.role),
		       array_agg(DISTINCT r.role || coalesce(':' || r.department, '')),
		       array_agg(DISTINCT r.department) FILTER (WHERE k.reads IN ('own', 'below')),
		       array_agg(DISTINCT coalesce(u.id, r.department)) FILTER (WHERE k.reads IN ('own', 'below')),
		       bool_or(k.reads = 'all')
		  INTO names, held, acts, reads, whole
		  FROM roles_on(a.id, day) r
		  JOIN role k ON k.name = r.role
		  LEFT JOIN LATERAL departments_under(r.department) u (id) ON k.reads = 'below';
	END IF;
	enter.account := coalesce(a.id, '');
	enter.person := coalesce(a.person, '');
	enter.department := coalesce(a.department, '');
	enter.inspector := coalesce(a.inspector, '');
	enter.language := coalesce(a.language, '');
	enter.session := coalesce(s.id, 0);
	enter.csrf := coalesce(s.csrf, '');
	enter.renew := coalesce(encode(s.hash, 'hex') = enter.secret AND session_is_old(s.rotated_at), false);
	enter.roles := coalesce(array_to_string(names, ','), '');
	enter.departments := CASE WHEN whole THEN '*' ELSE coalesce(array_to_string(reads, ','), '') END;
	IF enter.refused <> '' THEN
		RETURN;
	END IF;
	bare := coalesce(enter.scope = '' AND t.scopes <> '*', false);
	IF bare THEN
		names := NULL;
		held := NULL;
		acts := NULL;
		reads := NULL;
		whole := false;
	END IF;
	body := jsonb_build_object('kind', enter.kind, 'account', enter.account,
		'acting', CASE WHEN enter.restricted OR bare THEN '' ELSE enter.account END,
		'person', enter.person, 'department', enter.department, 'inspector', enter.inspector,
		'visits', coalesce((SELECT n.inspector FROM inspector_number n
			WHERE n.inspector = a.inspector AND 'inspector:' || n.department = ANY (held)), ''),
		'roles', coalesce(names, '{}'), 'held', coalesce(held, '{}'), 'all', coalesce(whole, false),
		'departments', coalesce(reads, '{}'), 'acts', coalesce(acts, '{}'),
		'restricted', enter.restricted, 'session', enter.session,
		'token', coalesce(t.id, 0), 'scopes', coalesce(t.scopes, '*'),
		'own', own_only(coalesce(enter.scope, ''), coalesce(t.scopes, '*')),
		'address', coalesce(enter.address, ''), 'route', coalesce(enter.route, ''),
		'reason', coalesce(enter.reason, ''), 'day', day, 'at', at);
	PERFORM set_config('drawd.context', context_mac(body::text) || body::text, true);
END
$$;

-- ---- sessions and tokens -----------------------------------------------------------------------

-- A new token for the session of this request. False where another request was first: it tells.
CREATE FUNCTION drawd.session_rotate(new_hash text) RETURNS boolean
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH turned AS (
		UPDATE session SET previous = hash, hash = decode(new_hash, 'hex'), rotated_at = now()
		 WHERE id = (context() ->> 'session')::int8 AND ended_at IS NULL
		   AND session_is_old(rotated_at)
		RETURNING 1
	)
	SELECT EXISTS (SELECT FROM turned)
$$;

-- End a session: one's own, or as administrator anybody's. False where there is none to end.
CREATE FUNCTION drawd.session_end(the_session int8, why text) RETURNS boolean
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT coalesce((SELECT session_close(id, why) FROM session
	                  WHERE id = the_session AND allows('people:write')
	                    AND (account = me() OR has_role('administrator'))), false)
$$;

-- A token for oneself, or for a service account that one answers for: as the person named with it or
-- as head of its department. A token makes no tokens. Times are seconds since 1970.
CREATE FUNCTION drawd.token_new(the_account text, the_name text, the_hash text, the_scopes text,
	ends int8) RETURNS int8
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	c jsonb := context();
	a account;
	mine boolean;
	made int8;
BEGIN
	IF acting() IS NULL OR c ->> 'kind' = 'token' THEN
		PERFORM refuse('not-allowed', 'token');
	END IF;
	SELECT * INTO a FROM account WHERE id = the_account;
	mine := a.id = acting() OR a.kind = 'service' AND (a.person = c ->> 'person' OR acts_as('head', a.department));
	-- whoever may not see it is told that there is none
	IF mine IS NOT true THEN
		PERFORM refuse(CASE WHEN a.id IS NOT NULL
				AND (has_role('administrator', 'auditor') OR acts_as('head', a.department))
			THEN 'token-owner' ELSE 'no-account' END, the_account, 'account');
	ELSIF the_scopes !~ '^(\*|[a-z]+:(read|write)(,[a-z]+:(read|write))*)$' THEN
		PERFORM refuse('bad-scope', the_scopes);
	END IF;
	INSERT INTO access_token (account, name, hash, scopes, ends_at)
	VALUES (a.id, the_name, decode(the_hash, 'hex'), the_scopes, to_timestamp(ends))
	RETURNING id INTO made;
	RETURN made;
END
$$;

-- End a token: one's own, one of a service account that one answers for, as administrator any.
CREATE FUNCTION drawd.token_end(the_token int8) RETURNS boolean
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH ended AS (
		UPDATE access_token t SET ended_at = clock_timestamp()
		  FROM account a
		 WHERE t.id = the_token AND t.ended_at IS NULL AND a.id = t.account AND allows('people:write')
		   AND (a.id = acting() OR has_role('administrator') OR a.kind = 'service'
			AND (a.person = context() ->> 'person' OR acts_as('head', a.department)))
		RETURNING 1
	)
	SELECT EXISTS (SELECT FROM ended)
$$;

-- For owner functions: end all that an account is signed in with, but for the session `keep`.
CREATE FUNCTION drawd.cut_off(the_account text, why text, keep int8 DEFAULT 0) RETURNS void
	LANGUAGE sql SET search_path = drawd, pg_temp AS $$
	SELECT session_close(id, why) FROM session
	 WHERE account = the_account AND ended_at IS NULL AND id <> keep;
	UPDATE access_token SET ended_at = clock_timestamp()
	 WHERE account = the_account AND ended_at IS NULL;
	DELETE FROM device WHERE account = the_account;
$$;

-- For whoever has just set a new password: end all else that he is signed in with, so that nobody who
-- came by the old one stays. Gives how many sessions and tokens that were.
CREATE FUNCTION drawd.others_end(OUT sessions int8, OUT tokens int8)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	WITH other AS MATERIALIZED ( -- found before any is ended
		SELECT id FROM session
		 WHERE account = me() AND ended_at IS NULL AND id <> (context() ->> 'session')::int8
	)
	SELECT count(*) INTO sessions FROM other WHERE session_close(id, 'changed');
	UPDATE access_token SET ended_at = clock_timestamp() WHERE account = me() AND ended_at IS NULL;
	GET DIAGNOSTICS tokens = ROW_COUNT;
END
$$;

-- ---- changes asked for once --------------------------------------------------------------------

-- Claim a key for the request under way. state: fresh (go on, then key_store), done (status and json
-- are the answer), other (the key was used for another request). Whoever comes while the first one
-- is under way waits here for its end. Keys are kept for 48 hours; one whose request gave its
-- transaction back and died without an answer, for 5 minutes.
CREATE FUNCTION drawd.key_claim(the_key text, the_route text, the_hash text,
	OUT state text, OUT status int, OUT json text)
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
#variable_conflict use_column
DECLARE
	r request_key;
BEGIN
	DELETE FROM request_key
	 WHERE (account, key) IN (SELECT account, key FROM request_key
	                           WHERE at < now() - interval '48 hours'
	                           ORDER BY at LIMIT 20 FOR UPDATE SKIP LOCKED);
	DELETE FROM request_key
	 WHERE account = me() AND key = the_key
	   AND (at < now() - interval '48 hours' OR status IS NULL AND at < now() - interval '5 minutes');
	INSERT INTO request_key (account, key, route, body_hash)
	VALUES (me(), the_key, the_route, decode(the_hash, 'hex'))
	ON CONFLICT (account, key) DO NOTHING
	RETURNING * INTO r;
	IF FOUND THEN
		key_claim.state := 'fresh';
		RETURN;
	END IF;
	SELECT * INTO r FROM request_key WHERE account = me() AND key = the_key;
	key_claim.state := CASE WHEN r.body_hash = decode(the_hash, 'hex') THEN 'done' ELSE 'other' END;
	IF key_claim.state = 'done' THEN
		key_claim.status := r.status;
		key_claim.json := r.json;
	END IF;
END
$$;
CREATE FUNCTION drawd.key_store(the_key text, the_status int, the_json text) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	UPDATE request_key SET status = the_status, json = the_json
	 WHERE account = me() AND key = the_key AND status IS NULL
$$;

-- For a request that gave its transaction back and then failed: the key may be used again.
CREATE FUNCTION drawd.key_drop(the_key text) RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	DELETE FROM request_key WHERE account = me() AND key = the_key AND status IS NULL
$$;

-- ---- what is written down of the asker ---------------------------------------------------------

-- The department that whoever asks does something for: the one named, which must be one he acts for,
-- or the only one; NULL, the whole installation, for a coordinator who acts for none.
CREATE FUNCTION drawd.acting_department(named text) RETURNS text
	LANGUAGE plpgsql STABLE SET search_path = drawd, pg_temp AS $$
DECLARE
	acts text[] := my_acts();
BEGIN
	IF coalesce(named, '') = '' AND cardinality(acts) > 1 THEN
		PERFORM refuse('department-needed', array_to_string(acts, ','), 'department');
	ELSIF coalesce(named, '') <> '' AND NOT acts_for(named) THEN
		PERFORM refuse('not-allowed', named, 'department');
	END IF;
	RETURN coalesce(nullif(named, ''), acts[1]);
END
$$;

CREATE FUNCTION drawd.stamp() RETURNS trigger LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	c jsonb := context();
BEGIN
	NEW.account := nullif(c ->> 'account', '');
	IF TG_TABLE_NAME = 'job' AND c IS NOT NULL THEN
		IF NEW.kind = 'import' THEN
			-- what the office brings is the whole installation's
			NEW.department := CASE WHEN (SELECT giver FROM register WHERE name = NEW.args ->> 'kind')
				IS DISTINCT FROM 'office' THEN acting_department(NEW.args ->> 'department') END;
			RETURN NEW;
		END IF;
	END IF;
	-- the department it acts for, its own first; a coordinator's work is the whole installation's
	NEW.department := CASE
		WHEN c -> 'acts' ? (c ->> 'department') THEN c ->> 'department'
		WHEN c -> 'acts' ->> 0 IS NOT NULL THEN c -> 'acts' ->> 0
		WHEN c -> 'roles' ? 'coordinator' THEN NULL
		ELSE nullif(c ->> 'department', '')
	END;
	RETURN NEW;
END
$$;
CREATE TRIGGER a_stamp BEFORE INSERT ON drawd.job FOR EACH ROW EXECUTE FUNCTION drawd.stamp();
CREATE TRIGGER a_stamp BEFORE INSERT ON drawd.upload FOR EACH ROW EXECUTE FUNCTION drawd.stamp();

-- ---- who may call ------------------------------------------------------------------------------

GRANT EXECUTE ON FUNCTION drawd.refuse(text, text, text), drawd.context(), drawd.list_of(jsonb), drawd.me(),
	drawd.acting(), drawd.my_roles(), drawd.my_held(), drawd.my_person(), drawd.has_role(text[]),
	drawd.my_departments(),
	drawd.my_acts(), drawd.acts_for(text), drawd.acts_as(text, text), drawd.acting_department(text), drawd.my_inspector(),
	drawd.sees_all(), drawd.brings_lists(), drawd.allows(text), drawd.only_own(), drawd.asked_at()
	TO drawd_web, drawd_auth, drawd_worker, drawd_notary, drawd_reader;
GRANT EXECUTE ON FUNCTION drawd.enter(text, text, text, text, text, text, boolean)
	TO drawd_web, drawd_auth;
GRANT EXECUTE ON FUNCTION drawd.session_rotate(text), drawd.session_end(int8, text),
	drawd.token_new(text, text, text, text, int8), drawd.token_end(int8),
	drawd.key_claim(text, text, text), drawd.key_store(text, int, text), drawd.key_drop(text)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.roles_on(text, text), drawd.others_end() TO drawd_auth;
GRANT EXECUTE ON FUNCTION drawd.clock_set(int8, int8) TO drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.clock_time() TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.clock_stamp(), drawd.batch_stamp(text) TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.clock_stamp() TO drawd_loader;
