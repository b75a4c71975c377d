-- The audit log (审计日志): who changed or read what, from where, why. Rows come from triggers on the
-- changed tables and from note_read; a deferred trigger numbers and chains them at the commit, under
-- the lock of audit_head, which is the last lock of every transaction. Nobody updates or deletes.
CREATE TABLE drawd.audit (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	seq int8 UNIQUE, -- 1, 2, … without gaps; NULL until the commit
	at timestamptz NOT NULL DEFAULT now(),
	account text NOT NULL DEFAULT '', -- or "process:worker"
	person text NOT NULL DEFAULT '',
	roles text NOT NULL DEFAULT '', -- comma list
	via text NOT NULL, -- session, token, peer, proxy, process, public
	address text NOT NULL DEFAULT '',
	route text NOT NULL DEFAULT '', -- operation of the API
	act text NOT NULL CHECK (act IN ('made', 'changed', 'removed', 'read', 'refused')),
	object_kind drawd.token NOT NULL, -- account, round, motion, artefact …
	object text NOT NULL,
	department text NOT NULL DEFAULT '', -- of the object
	before drawd.hash, -- SHA-256 of the row as jsonb text without its secret columns
	after drawd.hash,
	reason text NOT NULL DEFAULT '',
	detail jsonb NOT NULL DEFAULT '{}', -- columns that changed, and what was and is in the telling ones
	prev drawd.hash,
	hash drawd.hash,
	CHECK (num_nulls(seq, prev, hash) IN (0, 3))
);
CREATE INDEX audit_object ON drawd.audit (object_kind, object, id);
CREATE INDEX audit_account ON drawd.audit (account, id);
CREATE INDEX audit_at ON drawd.audit (at, id);
CREATE INDEX audit_unchained ON drawd.audit (object_kind, object) WHERE seq IS NULL;
CREATE TABLE drawd.audit_head (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	entries int8 NOT NULL, -- seq of the last row
	hash drawd.hash NOT NULL, -- of the last row; 32 zero bytes before the first
	at timestamptz
);
INSERT INTO drawd.audit_head (entries, hash) VALUES (0, decode(repeat('00', 32), 'hex'));
-- One anchor a day in the log, made by the notary.
CREATE TABLE drawd.anchor (
	date text PRIMARY KEY CHECK (date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'), -- civil day, UTC+8
	entries int8 NOT NULL,
	audit drawd.hash NOT NULL,
	entry int8 NOT NULL UNIQUE REFERENCES drawd.log_entry
);

-- ---- the chain ----------------------------------------------------------------------------------

-- The canonical text of an entry (sql/README.md). A value stands on one line: `\` as `\\`, LF as `\n`.
CREATE FUNCTION drawd.audit_line(name text, value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN name || ' ' || replace(replace(value, '\', '\\'), E'\n', '\n') || E'\n';
CREATE FUNCTION drawd.audit_text(a drawd.audit) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = drawd, pg_temp AS $$
	SELECT E'drawd/audit/v1\n' || audit_line('seq', a.seq::text)
		|| audit_line('at', ((extract(epoch FROM a.at) * 1000000)::int8)::text)
		|| audit_line('account', a.account) || audit_line('person', a.person)
		|| audit_line('roles', a.roles) || audit_line('via', a.via)
		|| audit_line('address', a.address) || audit_line('route', a.route)
		|| audit_line('act', a.act) || audit_line('object-kind', a.object_kind)
		|| audit_line('object', a.object) || audit_line('department', a.department)
		|| audit_line('before', coalesce(encode(a.before, 'hex'), 'none'))
		|| audit_line('after', coalesce(encode(a.after, 'hex'), 'none'))
		|| audit_line('reason', a.reason) || audit_line('detail', a.detail::text)
$$;
CREATE FUNCTION drawd.audit_hash(a drawd.audit) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = drawd, pg_temp
	RETURN sha256(a.prev || convert_to(drawd.audit_text(a), 'UTF8'));

CREATE FUNCTION drawd.audit_chain() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	a audit := NEW;
	h audit_head;
BEGIN
	SELECT * INTO h FROM audit_head FOR UPDATE;
	a.seq := h.entries + 1;
	a.prev := h.hash;
	a.hash := audit_hash(a);
	UPDATE audit SET seq = a.seq, prev = a.prev, hash = a.hash WHERE id = a.id;
	UPDATE audit_head SET entries = a.seq, hash = a.hash, at = a.at;
	RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON drawd.audit
	DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION drawd.audit_chain();

-- Once chained an entry stands, for the owner as well.
CREATE FUNCTION drawd.audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = 'the audit log is not changed';
END
$$;
CREATE TRIGGER stands BEFORE UPDATE ON drawd.audit
	FOR EACH ROW WHEN (OLD.seq IS NOT NULL) EXECUTE FUNCTION drawd.audit_stands();
CREATE TRIGGER stays BEFORE DELETE ON drawd.audit
	FOR EACH ROW EXECUTE FUNCTION drawd.audit_stands();
CREATE TRIGGER kept BEFORE TRUNCATE ON drawd.audit
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.audit_stands();

-- ---- who -------------------------------------------------------------------------------------------

-- An entry of the one who asks; of a process where nobody does.
CREATE FUNCTION drawd.audit_put(the_act text, the_kind text, the_object text, the_department text,
	was bytea, became bytea, why text, what jsonb) RETURNS void
	LANGUAGE plpgsql SET search_path = drawd, pg_temp AS $$
DECLARE
	c jsonb := context();
	process text := CASE session_user
		WHEN 'drawd_owner' THEN coalesce(nullif(regexp_replace(current_setting('application_name'),
			'^drawd[^a-z]*|[^a-z-]', '', 'g'), ''), 'owner')
		ELSE replace(session_user, 'drawd_', '') END;
BEGIN
	IF c IS NULL THEN
		c := jsonb_build_object('account', 'process:' || process, 'kind', 'process');
		IF session_user = 'drawd_web' THEN
			c := '{"kind": "public"}';
		ELSIF session_user = 'drawd_auth' THEN -- whoever signs in, or changes how
			c := jsonb_build_object('account', coalesce(what ->> 'account', the_object),
				'kind', 'session', 'address', what ->> 'address');
		END IF;
	END IF;
	INSERT INTO audit (account, person, roles, via, address, route, act, object_kind, object,
		department, before, after, reason, detail)
	VALUES (coalesce(c ->> 'account', ''), coalesce(c ->> 'person', ''),
		array_to_string(list_of(c -> 'roles'), ','), c ->> 'kind', coalesce(c ->> 'address', ''),
		coalesce(c ->> 'route', ''), the_act, the_kind, the_object, coalesce(the_department, ''), was,
		became, coalesce(nullif(why, ''), nullif(current_setting('drawd.why', true), ''),
		c ->> 'reason', ''), what);
END
$$;

-- ---- changes ---------------------------------------------------------------------------------------

-- Arguments: kind of object; its key columns; columns never hashed or told; columns that are told,
-- `all` others by name only. What the connection sets for itself does not change the hashes.
CREATE FUNCTION drawd.audit_change() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp SET timezone = 'UTC'
	SET bytea_output = 'hex' SET IntervalStyle = 'postgres' SET DateStyle = 'ISO, YMD'
	SET extra_float_digits = 1 AS $$
DECLARE
	secret text[] := string_to_array(TG_ARGV[2], ',');
	old_row jsonb := to_jsonb(OLD);
	new_row jsonb := to_jsonb(NEW);
	this jsonb := coalesce(new_row, old_row);
	changed text[];
	detail jsonb;
BEGIN
	SELECT array_agg(key ORDER BY key COLLATE "C")
	  INTO changed
	  FROM jsonb_each(this)
	 WHERE old_row -> key IS DISTINCT FROM new_row -> key AND value IS DISTINCT FROM 'null'
	    OR old_row -> key IS DISTINCT FROM new_row -> key AND TG_OP = 'UPDATE';
	IF TG_OP = 'UPDATE' AND coalesce(changed <@ ARRAY['totp_step'], true) THEN
		RETURN NULL;
	END IF;
	SELECT coalesce(jsonb_object_agg(key, CASE TG_OP WHEN 'UPDATE'
			THEN jsonb_build_array(old_row -> key, new_row -> key) ELSE value END), '{}')
	  INTO detail
	  FROM jsonb_each(this)
	 WHERE key = ANY (string_to_array(TG_ARGV[3], ',')) AND key = ANY (changed);
	IF TG_OP = 'UPDATE' THEN
		detail := detail || jsonb_build_object('changed', to_jsonb(changed));
	END IF;
	IF this ? 'account' AND NOT detail ? 'account' AND TG_ARGV[0] IN ('session', 'access-token') THEN
		detail := detail || jsonb_build_object('account', this -> 'account');
	END IF;
	PERFORM audit_put(CASE TG_OP WHEN 'INSERT' THEN 'made' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
		TG_ARGV[0],
		(SELECT string_agg(this ->> k, '/' ORDER BY n)
		   FROM unnest(string_to_array(TG_ARGV[1], ',')) WITH ORDINALITY AS t(k, n)),
		this ->> 'department',
		sha256(convert_to((old_row - secret)::text, 'UTF8')),
		sha256(convert_to((new_row - secret)::text, 'UTF8')),
		coalesce(this ->> 'decided_why', this ->> 'reason'), detail);
	RETURN NULL;
END
$$;

CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.account FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('account', 'id', 'password,totp,totp_step',
		'kind,person,name,department,inspector,os_user,sso_name,state');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.account_role FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('account-role', 'id', '',
		'account,role,department,from_date,to_date,delegated_from,motion,ended_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.department FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('department', 'id', '',
		'system,level,region,name,name_en,short,inspects,active');
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF ended_at, restricted ON drawd.session
	FOR EACH ROW EXECUTE FUNCTION drawd.audit_change('session', 'id', 'hash,previous,csrf',
		'account,address,restricted,ended_why');
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF ended_at ON drawd.access_token
	FOR EACH ROW EXECUTE FUNCTION drawd.audit_change('access-token', 'id', 'hash',
		'account,name,scopes,ends_at,ended_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.motion FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('motion', 'id', '', 'kind,round,subject,mark,state,result,halves');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.round FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('round', 'id', '', 'state,policy_name,departments,policy_motion');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.approval FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('approval', 'round,department', '', 'account');
CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE OF state ON drawd.proposal FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('proposal', 'id', '', 'round,kind,place,state,entry,motion,job');
CREATE TRIGGER audit AFTER INSERT OR DELETE ON drawd.job FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('job', 'id', '', 'kind,args,motion');
CREATE TRIGGER audit AFTER INSERT OR DELETE ON drawd.upload FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('upload', 'id', '', 'name,size');
CREATE TRIGGER audit_whole AFTER UPDATE OF received ON drawd.upload FOR EACH ROW
	WHEN (NEW.received = NEW.size)
	EXECUTE FUNCTION drawd.audit_change('upload', 'id', '', 'received');
CREATE TRIGGER audit_removed AFTER UPDATE OF removed_at ON drawd.upload FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('upload', 'id', '', 'removed_at');
CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON drawd.import_batch FOR EACH ROW
	EXECUTE FUNCTION drawd.audit_change('import', 'id', '', 
		'kind,upload,job,source,scope,state,rows,accepted,refused,new_rows,changed,gone,undo_reason');
CREATE TRIGGER audit AFTER INSERT ON drawd.recusal_fact FOR EACH ROW
	WHEN (NEW.motion IS NOT NULL) -- those of a file stand with its batch
	EXECUTE FUNCTION drawd.audit_change('recusal', 'inspector,subject', '', 'motion');

-- ---- reading ---------------------------------------------------------------------------------------

-- Sealed or personal content was read: called in the text of the query that reads it. Once for an
-- object in a transaction; always true, so that it can stand in a WHERE.
CREATE FUNCTION drawd.note_read(the_kind text, the_object text, the_department text DEFAULT '')
	RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	-- entries without a number that can be seen are those of this transaction
	IF NOT EXISTS (SELECT FROM audit WHERE seq IS NULL AND object_kind = the_kind
	                  AND object = the_object AND act = 'read') THEN
		PERFORM audit_put('read', the_kind, the_object, the_department, NULL, NULL, '', '{}');
	END IF;
	RETURN true;
END
$$;

-- ---- refused sign-ins ------------------------------------------------------------------------------

-- Of an account ('' of all names that nobody has) in an hour. Whoever guesses makes two entries for an
-- account and hour, however often and from however many addresses: the first refusal at once, and
-- how many there were when the hour is over.
CREATE TABLE drawd.signin_refusal (
	account text NOT NULL,
	hour timestamptz NOT NULL,
	n int8 NOT NULL DEFAULT 1,
	addresses jsonb NOT NULL, -- the first 20, and how often each: {"10.0.0.7": 3}
	others int8 NOT NULL DEFAULT 0, -- from further ones
	PRIMARY KEY (account, hour)
);

-- For the sign-in process: a password or code of that account was wrong.
CREATE FUNCTION drawd.signin_refused(the_account text, the_address text, the_route text) RETURNS void
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	this_hour timestamptz := date_trunc('hour', now(), 'UTC');
	r signin_refusal;
BEGIN
	INSERT INTO signin_refusal (account, hour, addresses)
	VALUES (the_account, this_hour, jsonb_build_object(the_address, 1))
	ON CONFLICT (account, hour) DO NOTHING;
	IF FOUND THEN
		INSERT INTO audit (via, address, route, act, object_kind, object, department)
		VALUES ('public', the_address, the_route, 'refused', 'sign-in', the_account,
			coalesce((SELECT department FROM account WHERE id = the_account), ''));
		RETURN;
	END IF;
	SELECT * INTO r FROM signin_refusal WHERE account = the_account AND hour = this_hour FOR UPDATE;
	IF r.addresses ? the_address OR (SELECT count(*) FROM jsonb_object_keys(r.addresses)) < 20 THEN
		r.addresses := r.addresses || jsonb_build_object(the_address,
			coalesce((r.addresses ->> the_address)::int8, 0) + 1);
	ELSE
		r.others := r.others + 1;
	END IF;
	UPDATE signin_refusal SET n = n + 1, addresses = r.addresses, others = r.others
	 WHERE account = the_account AND hour = this_hour;
END
$$;

-- Hours that are over: what came behind the first refusal.
CREATE FUNCTION drawd.signin_refusals_close() RETURNS void
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH over AS (
		DELETE FROM signin_refusal WHERE hour < date_trunc('hour', now(), 'UTC') RETURNING *
	)
	INSERT INTO audit (account, via, act, object_kind, object, department, detail)
	SELECT 'process:auth', 'process', 'refused', 'sign-in', o.account, coalesce(a.department, ''),
	       jsonb_build_object('hour', extract(epoch FROM o.hour)::int8, 'count', o.n,
			'addresses', o.addresses, 'others', o.others)
	  FROM over o LEFT JOIN account a ON a.id = o.account
	 WHERE o.n > 1
	 ORDER BY o.hour, o.account
$$;

-- ---- who may call ----------------------------------------------------------------------------------

GRANT SELECT ON drawd.audit, drawd.audit_head, drawd.anchor TO drawd_web;
GRANT SELECT (seq, hash) ON drawd.audit TO drawd_notary;
GRANT SELECT ON drawd.audit_head, drawd.anchor TO drawd_notary;
GRANT INSERT ON drawd.anchor TO drawd_notary;
GRANT EXECUTE ON FUNCTION drawd.note_read(text, text, text), drawd.audit_text(drawd.audit),
	drawd.audit_line(text, text)
	TO drawd_web;
GRANT EXECUTE ON FUNCTION drawd.signin_refused(text, text, text), drawd.signin_refusals_close()
	TO drawd_auth;
