-- The whole schema. Rows are never changed unless the table's comment says so; grants prove it.
-- Times of the protocol are int8 seconds since 1970 that the processes hand in; database time
-- serves leases and the "when" columns of the house (created_at …), never a rule.
CREATE SCHEMA IF NOT EXISTS drawd;
GRANT USAGE ON SCHEMA drawd TO drawd_notary, drawd_web, drawd_worker, drawd_reader;
-- What is made here is nobody's until it is granted; PostgreSQL would let everybody call functions.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE IF NOT EXISTS drawd.migration (
	number int PRIMARY KEY,
	name text NOT NULL,
	sha256 bytea NOT NULL,
	applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE DOMAIN drawd.hash AS bytea CHECK (octet_length(VALUE) = 32);
CREATE DOMAIN drawd.token AS text CHECK (VALUE ~ '^[a-z0-9-]{1,32}$');
CREATE DOMAIN drawd.round_id AS text COLLATE "C" CHECK (VALUE ~ '^[0-9]{4}-[0-9]{4}$');
CREATE DOMAIN drawd.object_id AS text COLLATE "C" CHECK (VALUE ~ '^[0-9A-Z:./-]{1,55}$');
CREATE DOMAIN drawd.inspector_id AS text COLLATE "C" CHECK (VALUE ~ '^[A-Z0-9-]{1,32}$');

-- Work for workers. Changed by the worker that holds the lease: every write names its fence.
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
	finished_at timestamptz
);
CREATE UNIQUE INDEX job_dedup ON drawd.job (dedup) WHERE state IN ('queued', 'running');
CREATE INDEX job_open ON drawd.job (id) WHERE state IN ('queued', 'running');

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

-- Files on their way in; received grows, nothing else changes.
CREATE TABLE drawd.upload (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL,
	size int8 NOT NULL CHECK (size >= 0),
	sha256 drawd.hash,
	received int8 NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE drawd.upload_piece (
	upload int8 NOT NULL REFERENCES drawd.upload,
	position int8 NOT NULL CHECK (position >= 0),
	data bytea NOT NULL CHECK (octet_length(data) BETWEEN 1 AND 4194304),
	PRIMARY KEY (upload, position)
);
ALTER TABLE drawd.upload_piece ALTER data SET STORAGE EXTERNAL;

-- The register: one batch per imported file. state and counts are written when it ends.
CREATE TABLE drawd.import_batch (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL CHECK (kind IN ('entities', 'inspectors', 'recusals')),
	upload int8 NOT NULL REFERENCES drawd.upload,
	job int8 UNIQUE REFERENCES drawd.job,
	source text NOT NULL, -- where the data come from
	person text NOT NULL, -- who answers for them
	state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
	rows int8 NOT NULL DEFAULT 0,
	good int8 NOT NULL DEFAULT 0,
	bad int8 NOT NULL DEFAULT 0,
	warned int8 NOT NULL DEFAULT 0,
	encoding text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE drawd.import_error (
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	ordinal int8 NOT NULL, -- 1, 2, … in the order of the file
	line int8 NOT NULL,
	col text NOT NULL,
	value text NOT NULL,
	code text NOT NULL, -- name of an error of the error table
	detail text NOT NULL DEFAULT '',
	severity text NOT NULL CHECK (severity IN ('error', 'warning')),
	PRIMARY KEY (batch, ordinal)
);

-- Facts about objects, append-only; empty texts mean unknown. Columns as PROTOCOL.md §5 has them.
-- No domain and no foreign key here: they would cost two thirds of an import's time. The worker checks
-- every object id, and the batch is the one it writes in the same transaction.
CREATE TABLE drawd.entity_fact (
	object text COLLATE "C" NOT NULL CHECK (octet_length(object) BETWEEN 1 AND 55),
	batch int8 NOT NULL, -- of import_batch
	line int8 NOT NULL,
	entity text COLLATE "C" NOT NULL DEFAULT '',
	name text NOT NULL DEFAULT '',
	kind text NOT NULL DEFAULT '',
	industry text NOT NULL DEFAULT '',
	region text NOT NULL DEFAULT '',
	established text NOT NULL DEFAULT '', -- YYYY-MM-DD
	status text NOT NULL DEFAULT '',
	since text NOT NULL DEFAULT '', -- YYYY-MM-DD
	class text NOT NULL DEFAULT '',
	labels text NOT NULL DEFAULT '', -- a,b,… ascending
	checked text NOT NULL DEFAULT '', -- item=YYYY-MM-DD,… ascending
	address text NOT NULL DEFAULT '',
	scope text NOT NULL DEFAULT '',
	x int8, -- metres or micro-degrees, as the source has them
	y int8,
	source text NOT NULL DEFAULT '',
	person text NOT NULL DEFAULT '',
	recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX entity_fact_current ON drawd.entity_fact (object, batch DESC, line DESC);
CREATE VIEW drawd.entity_current AS
	SELECT DISTINCT ON (object) *
	  FROM drawd.entity_fact
	 ORDER BY object, batch DESC, line DESC;

-- Inspectors: opaque ids (SCJG-0001); the certificate number never leaves this house.
CREATE TABLE drawd.inspector_number (
	department drawd.token NOT NULL,
	certificate_no text COLLATE "C" NOT NULL,
	inspector drawd.inspector_id NOT NULL UNIQUE,
	PRIMARY KEY (department, certificate_no)
);
CREATE TABLE drawd.inspector_fact (
	inspector drawd.inspector_id NOT NULL,
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	line int8 NOT NULL,
	department drawd.token NOT NULL,
	name text NOT NULL DEFAULT '',
	certificate_no text NOT NULL DEFAULT '',
	certificate text NOT NULL DEFAULT '', -- valid until, YYYY-MM-DD
	regions text NOT NULL DEFAULT '*', -- prefix list
	items text NOT NULL DEFAULT '*', -- list of tokens or *
	leave text NOT NULL DEFAULT '', -- YYYY-MM-DD..YYYY-MM-DD,…
	lim int NOT NULL DEFAULT 0 CHECK (lim BETWEEN 0 AND 9999),
	active boolean NOT NULL DEFAULT true,
	source text NOT NULL DEFAULT '',
	person text NOT NULL DEFAULT '',
	recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inspector_fact_current ON drawd.inspector_fact (inspector, batch DESC, line DESC);
CREATE VIEW drawd.inspector_current AS
	SELECT DISTINCT ON (inspector) *
	  FROM drawd.inspector_fact
	 ORDER BY inspector, batch DESC, line DESC;
CREATE TABLE drawd.recusal_fact (
	inspector drawd.inspector_id NOT NULL,
	subject drawd.object_id NOT NULL, -- an object or an entity
	ground text NOT NULL DEFAULT '',
	since text NOT NULL DEFAULT '',
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	line int8 NOT NULL,
	recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recusal_fact_current ON drawd.recusal_fact (inspector, subject, batch DESC, line DESC);

-- A round. Only state changes, only the notary changes it, and only with a log entry.
CREATE TABLE drawd.round (
	id drawd.round_id PRIMARY KEY,
	state text NOT NULL DEFAULT 'draft'
		CHECK (state IN ('draft', 'frozen', 'locked', 'drawn', 'visiting', 'revealed', 'closed', 'void')),
	demo boolean NOT NULL,
	policy_name text NOT NULL DEFAULT '',
	policy text NOT NULL, -- rows of PROTOCOL.md §6.1: path TAB value LF, ascending, nothing else
	policy_source text NOT NULL DEFAULT '', -- the file it was compiled from
	departments text NOT NULL, -- tokens: departments of the policy's tasks, ascending
	pulses text NOT NULL, -- pulses of PROTOCOL.md §1
	delta int8 NOT NULL CHECK (delta >= 0),
	draw_deadline int8 NOT NULL,
	reveal_after text NOT NULL CHECK (reveal_after ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
	results_due text NOT NULL CHECK (results_due ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
	disclosure text NOT NULL DEFAULT 'audit' CHECK (disclosure IN ('audit', 'public')),
	created_by text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	cycle_from text GENERATED ALWAYS AS
		(substring(policy FROM '(?n)^cycle\.from\t([0-9-]{10})$')) STORED,
	cycle_to text GENERATED ALWAYS AS
		(substring(policy FROM '(?n)^cycle\.to\t([0-9-]{10})$')) STORED,
	CHECK (demo OR delta >= 600)
);
CREATE TABLE drawd.approval (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	department drawd.token NOT NULL,
	account drawd.token NOT NULL,
	at int8 NOT NULL,
	PRIMARY KEY (round, department)
);
-- Artefacts whose hashes an accepted record holds, by name of PROTOCOL.md §5; also seed.txt.
CREATE TABLE drawd.round_artefact (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	name text NOT NULL,
	sha256 drawd.hash NOT NULL REFERENCES drawd.artefact,
	PRIMARY KEY (round, name)
);
CREATE TABLE drawd.bundle (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	level text NOT NULL CHECK (level IN ('audit', 'public')),
	size int8 NOT NULL, -- of the last checkpoint it holds
	sha256 drawd.hash NOT NULL REFERENCES drawd.artefact,
	PRIMARY KEY (round, level, size)
);

-- The log. Everything here is the notary's.
CREATE TABLE drawd.log_entry (
	idx int8 PRIMARY KEY CHECK (idx >= 0),
	leaf drawd.hash NOT NULL UNIQUE,
	kind drawd.token NOT NULL,
	round drawd.round_id REFERENCES drawd.round,
	note bytea NOT NULL CHECK (octet_length(note) BETWEEN 1 AND 65535),
	UNIQUE (round, idx)
);
CREATE TABLE drawd.log_tile (
	level int NOT NULL CHECK (level BETWEEN 0 AND 63),
	idx int8 NOT NULL CHECK (idx >= 0),
	hashes bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) <= 8192),
	PRIMARY KEY (level, idx)
);
CREATE TABLE drawd.log_head (
	one boolean PRIMARY KEY DEFAULT true CHECK (one),
	size int8 NOT NULL,
	root drawd.hash NOT NULL,
	frontier bytea NOT NULL CHECK (octet_length(frontier) % 32 = 0), -- largest subtree first
	published int8 NOT NULL DEFAULT 0 CHECK (published <= size) -- size of the newest checkpoint
);
-- A checkpoint is written when it is published; cosigned once its quorum has signed.
CREATE TABLE drawd.checkpoint (
	size int8 PRIMARY KEY CHECK (size > 0),
	note text NOT NULL, -- signed by the log key alone
	at int8 NOT NULL,
	cosigned text, -- the note with its cosignatures
	cosigned_at int8
);
INSERT INTO drawd.log_head (size, root, frontier)
VALUES (0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '');

-- What is asked of the notary. It alone decides; a decided row never changes again.
CREATE TABLE drawd.proposal (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	kind drawd.token NOT NULL,
	place int NOT NULL DEFAULT 1 CHECK (place BETWEEN 1 AND 64), -- of a beacon, else 1
	job int8 REFERENCES drawd.job,
	body text NOT NULL DEFAULT '', -- text of the record; empty where the notary writes it
	artefacts jsonb NOT NULL DEFAULT '{}', -- {"frame": "<sha256 hex>", …}
	attestations text NOT NULL DEFAULT '', -- signature lines of others
	state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'refused')),
	error jsonb,
	entry int8 REFERENCES drawd.log_entry,
	created_by text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now(),
	CHECK ((state = 'accepted') = (entry IS NOT NULL)),
	CHECK ((state = 'refused') = (error IS NOT NULL))
);
CREATE UNIQUE INDEX proposal_once ON drawd.proposal (round, kind, place) WHERE state <> 'refused';
CREATE INDEX proposal_pending ON drawd.proposal (id) WHERE state = 'pending';

-- Secrets, sealed to the key that the notary keeps outside PostgreSQL.
CREATE TABLE drawd.secret (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	purpose text NOT NULL CHECK (purpose IN ('frame-salt', 'lock')),
	sealed bytea NOT NULL,
	PRIMARY KEY (round, purpose)
);
-- Mailbox: a worker asks with the public half of a key it made at its start; the notary answers
-- with bytes sealed to it.
CREATE TABLE drawd.key_request (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	purpose text NOT NULL CHECK (purpose IN ('frame-salt', 'seed')),
	worker_key drawd.hash NOT NULL,
	sealed bytea,
	error jsonb,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX key_request_open ON drawd.key_request (id) WHERE sealed IS NULL AND error IS NULL;

-- Projections of the draw's artefacts, written after its checkpoint is published.
CREATE TABLE drawd.selection (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	task drawd.token NOT NULL,
	stratum text NOT NULL,
	object drawd.object_id NOT NULL,
	PRIMARY KEY (round, task, object)
);
CREATE TABLE drawd.visit (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	object drawd.object_id NOT NULL,
	ordinal int NOT NULL,
	entity text COLLATE "C" NOT NULL,
	mode text NOT NULL,
	from_date text NOT NULL,
	to_date text NOT NULL,
	lead drawd.token NOT NULL,
	tasks text NOT NULL,
	departments text NOT NULL,
	day text NOT NULL, -- empty: no half-day was free
	half text NOT NULL,
	leader text NOT NULL, -- empty: no place was filled
	PRIMARY KEY (round, object, ordinal)
);
CREATE TABLE drawd.slot (
	round drawd.round_id NOT NULL,
	object drawd.object_id NOT NULL,
	ordinal int NOT NULL,
	department drawd.token NOT NULL,
	place int NOT NULL,
	inspector text COLLATE "C" NOT NULL, -- empty: open
	PRIMARY KEY (round, object, ordinal, department, place),
	FOREIGN KEY (round, object, ordinal) REFERENCES drawd.visit
);
CREATE INDEX slot_inspector ON drawd.slot (inspector, round);

-- Wakes: polling every second is the safety net.
CREATE FUNCTION drawd.wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify(TG_ARGV[0], TG_TABLE_NAME);
	RETURN NULL;
END
$$;
CREATE TRIGGER wake AFTER INSERT ON drawd.proposal
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_notary');
CREATE TRIGGER wake AFTER INSERT ON drawd.key_request
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_notary');
CREATE TRIGGER wake AFTER INSERT ON drawd.job
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_job');
CREATE TRIGGER wake_answer AFTER UPDATE ON drawd.proposal
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');
CREATE TRIGGER wake_answer AFTER UPDATE ON drawd.key_request
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');
CREATE TRIGGER wake_answer AFTER UPDATE OF cosigned ON drawd.checkpoint
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');
