-- Work for workers, files on their way in, artefacts.

-- Jobs. Changed by the worker that holds the lease: every write names its fence.
CREATE TABLE drawd.job (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind drawd.token NOT NULL,
	args jsonb NOT NULL DEFAULT '{}',
	dedup text, -- two open jobs never share it
	state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
	attempts int NOT NULL DEFAULT 0,
	fence int8 NOT NULL DEFAULT 0,
	lease_until timestamptz,
	done int8 NOT NULL DEFAULT 0, -- progress, of total, with a note in no language
	total int8 NOT NULL DEFAULT 0,
	note text NOT NULL DEFAULT '',
	result jsonb,
	error jsonb, -- {"code", "where", "what"}
	created_at timestamptz NOT NULL DEFAULT now(),
	taken_at timestamptz, -- by the last attempt
	not_before timestamptz, -- after one that failed for what may pass
	finished_at timestamptz,
	account drawd.token REFERENCES drawd.account, -- who asked for it (0006)
	department drawd.token REFERENCES drawd.department -- and for which department; NULL: for none
);
CREATE UNIQUE INDEX job_dedup ON drawd.job (dedup) WHERE state IN ('queued', 'running');
CREATE INDEX job_open ON drawd.job (id) WHERE state IN ('queued', 'running');
CREATE INDEX job_turn ON drawd.job (account, taken_at);
CREATE TRIGGER wake AFTER INSERT ON drawd.job
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_job');

-- A result is that of a job that runs, and stands.
CREATE FUNCTION drawd.refuse_result() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE insufficient_privilege USING MESSAGE = format('job %s is %s', OLD.id, OLD.state);
END
$$;
CREATE TRIGGER job_running BEFORE UPDATE ON drawd.job
	FOR EACH ROW WHEN (OLD.state <> 'running' AND (OLD.state <> 'queued'
		OR NEW.state NOT IN ('queued', 'running')
		OR NEW.result IS NOT NULL OR NEW.error IS NOT NULL))
	EXECUTE FUNCTION drawd.refuse_result();

-- Files on their way in; received grows, and one day the content is removed (import_sweep, 0014).
CREATE TABLE drawd.upload (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL,
	size int8 NOT NULL CHECK (size >= 0),
	received int8 NOT NULL DEFAULT 0,
	sha256 drawd.hash, -- once complete; of files of up to 64 MiB (0013)
	created_at timestamptz NOT NULL DEFAULT now(),
	removed_at timestamptz, -- since then it has no pieces
	account drawd.token REFERENCES drawd.account, -- whose it is (0006)
	department drawd.token REFERENCES drawd.department
);
CREATE TABLE drawd.upload_piece (
	upload int8 NOT NULL REFERENCES drawd.upload,
	position int8 NOT NULL CHECK (position >= 0),
	data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 4194304),
	PRIMARY KEY (upload, position)
);
CREATE INDEX upload_account ON drawd.upload (account) WHERE removed_at IS NULL;
CREATE INDEX upload_sha256 ON drawd.upload (sha256) WHERE sha256 IS NOT NULL;
ALTER TABLE drawd.upload_piece ALTER data SET STORAGE EXTERNAL;

-- Artefacts by the hash of their bytes, in parts of 1 MiB (the last one shorter). The row of
-- artefact is written in the transaction of its last part: what is here is complete.
CREATE SEQUENCE drawd.artefact_part;
CREATE TABLE drawd.artefact (
	sha256 drawd.hash PRIMARY KEY,
	part_set int8 NOT NULL UNIQUE,
	name text NOT NULL,
	size int8 NOT NULL CHECK (size >= 0),
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE drawd.artefact_chunk (
	part_set int8 NOT NULL,
	part int NOT NULL CHECK (part >= 0),
	data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 1048576),
	PRIMARY KEY (part_set, part)
);
ALTER TABLE drawd.artefact_chunk ALTER data SET STORAGE EXTERNAL;

-- ---- who may what ------------------------------------------------------------------------------

GRANT SELECT ON drawd.job, drawd.upload TO drawd_web, drawd_worker;
GRANT SELECT ON drawd.upload_piece TO drawd_worker;
GRANT SELECT ON drawd.job TO drawd_notary;
GRANT INSERT (kind, args, dedup) ON drawd.job TO drawd_web;
GRANT UPDATE (state, attempts, fence, lease_until, done, total, note, result, error, taken_at, not_before, finished_at)
	ON drawd.job TO drawd_worker;
GRANT INSERT (name, size) ON drawd.upload TO drawd_web;
GRANT UPDATE (received) ON drawd.upload TO drawd_web;
GRANT INSERT ON drawd.upload_piece TO drawd_web;
GRANT SELECT ON drawd.artefact TO drawd_notary, drawd_web, drawd_worker;
GRANT SELECT ON drawd.artefact_chunk TO drawd_notary, drawd_worker; -- web: artefact_read (0013)
GRANT INSERT ON drawd.artefact, drawd.artefact_chunk TO drawd_notary, drawd_worker;
GRANT USAGE ON SEQUENCE drawd.artefact_part TO drawd_notary, drawd_worker;
