-- Rounds, the log, what is asked of the notary, and the projections of a draw. drawd_notary alone
-- changes a round's state, writes the log, decides proposals and sees secrets.

-- A round. Only state changes, only the notary changes it, and only with a log entry; and, once, that
-- its policy was agreed to (0007).
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
	CONSTRAINT round_delta CHECK (delta >= 600 OR (demo AND delta = 0)) -- PROTOCOL.md §3
);

-- Tasks of a round and the departments of their items (PROTOCOL.md §6.1), read off the policy.
CREATE TABLE drawd.round_task (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	task drawd.token NOT NULL,
	departments text[] NOT NULL,
	PRIMARY KEY (round, task)
);
CREATE FUNCTION drawd.round_tasks() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	DELETE FROM round_task WHERE round = NEW.id;
	INSERT INTO round_task (round, task, departments)
	WITH line AS (
		SELECT string_to_array(split_part(l, E'\t', 1), '.') AS path, split_part(l, E'\t', 2) AS value
		  FROM string_to_table(NEW.policy, E'\n') l
		 WHERE l ~ '^(task\.[^.]+\.items|item\.[^.]+\.department)\t'
	)
	SELECT NEW.id, t.path[2], array_agg(DISTINCT i.value)
	  FROM line t
	  JOIN line i ON i.path[1] = 'item' AND i.path[2] = ANY (string_to_array(t.value, ','))
	 WHERE t.path[1] = 'task'
	 GROUP BY t.path[2];
	RETURN NULL;
END
$$;
CREATE TRIGGER round_tasks AFTER INSERT OR UPDATE OF policy ON drawd.round
	FOR EACH ROW EXECUTE FUNCTION drawd.round_tasks();

CREATE TABLE drawd.approval (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	department drawd.token NOT NULL,
	account drawd.token NOT NULL,
	at int8 NOT NULL,
	person text NOT NULL, -- staff number of the account's
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
CREATE INDEX bundle_sha256 ON drawd.bundle (sha256);

-- Narrow doors: they show rows of their owner's.
-- What everybody may know of a round once it is frozen.
CREATE VIEW drawd.round_public AS
	SELECT id, state, demo, pulses, delta, draw_deadline, reveal_after, results_due, disclosure
	  FROM drawd.round WHERE state <> 'draft';
-- Bundles that everybody may fetch.
CREATE VIEW drawd.bundle_public AS
	SELECT b.round, b.level, b.size, b.sha256
	  FROM drawd.bundle b JOIN drawd.round r ON r.id = b.round
	 WHERE b.level = 'public' AND r.state IN ('revealed', 'closed');

-- ---- the log -----------------------------------------------------------------------------------

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
CREATE TRIGGER wake_answer AFTER UPDATE OF cosigned ON drawd.checkpoint
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');
INSERT INTO drawd.log_head (size, root, frontier)
VALUES (0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '');

-- ---- the notary --------------------------------------------------------------------------------

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
	beside jsonb NOT NULL DEFAULT '{}', -- of a freeze: {"read": when the register was read, "worst": its worst sources}
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
CREATE TRIGGER wake AFTER INSERT ON drawd.proposal
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_notary');
CREATE TRIGGER wake_answer AFTER UPDATE ON drawd.proposal
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');

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
CREATE TRIGGER wake AFTER INSERT ON drawd.key_request
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_notary');
CREATE TRIGGER wake_answer AFTER UPDATE ON drawd.key_request
	FOR EACH STATEMENT EXECUTE FUNCTION drawd.wake('drawd_answer');

-- ---- what was drawn ----------------------------------------------------------------------------

-- The projections of a draw's artefacts are written after its checkpoint is published; they are
-- complete: a row here is written in the transaction of theirs.
CREATE TABLE drawd.projection (
	round drawd.round_id PRIMARY KEY REFERENCES drawd.round,
	bound int8 NOT NULL, -- L in thousand-millionths of a visit
	bounds json NOT NULL DEFAULT '{}', -- {"scjg": that of its own tasks in its remit, …}
	made_at timestamptz NOT NULL DEFAULT now()
);
-- Its figures, computed at the commit of the rows (0010): they change and go only with it.
CREATE TABLE drawd.round_figure (
	round drawd.round_id NOT NULL REFERENCES drawd.projection ON DELETE CASCADE,
	department text NOT NULL, -- '*': the whole round
	figures json NOT NULL,
	PRIMARY KEY (round, department)
);
CREATE TABLE drawd.selection (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	task drawd.token NOT NULL,
	stratum text NOT NULL,
	object drawd.object_id NOT NULL,
	batch int NOT NULL CHECK (batch >= 0), -- 0: the task has none
	PRIMARY KEY (round, task, object)
);
-- Of what was drawn, what a cap or a frequency keeps out of the round's own visits (PROTOCOL.md §9).
CREATE TABLE drawd.dropped (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	object drawd.object_id NOT NULL,
	task drawd.token NOT NULL,
	entity text COLLATE "C" NOT NULL,
	code text NOT NULL, -- checked, cap-<c>
	PRIMARY KEY (round, object, task)
);
CREATE INDEX dropped_object ON drawd.dropped (object);
CREATE TABLE drawd.visit (
	round drawd.round_id NOT NULL REFERENCES drawd.round,
	object drawd.object_id NOT NULL,
	ordinal int NOT NULL,
	entity text COLLATE "C" NOT NULL,
	mode text NOT NULL,
	way text NOT NULL GENERATED ALWAYS AS (CASE mode WHEN 'onsite' THEN 'entry' ELSE 'remote' END) STORED,
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
CREATE INDEX visit_object ON drawd.visit (object);
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

-- Does a round of that state have a draw?
CREATE FUNCTION drawd.is_drawn(state text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN state IN ('drawn', 'visiting', 'revealed', 'closed');

-- Drawn rounds of the inspection cycle before the one that begins on a day.
CREATE FUNCTION drawd.rounds_before(the_demo boolean, cycle_from text) RETURNS SETOF drawd.round
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT *
	  FROM drawd.round r
	 WHERE r.demo = the_demo AND drawd.is_drawn(r.state)
	   AND r.cycle_to = (SELECT max(p.cycle_to)
	                       FROM drawd.round p
	                      WHERE p.cycle_to < rounds_before.cycle_from AND p.demo = the_demo
	                        AND drawd.is_drawn(p.state))
$$;

-- A draw that was accepted while nobody was left to write its rows: a job of kind project each.
CREATE FUNCTION drawd.queue_projections() RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH fresh AS (
		INSERT INTO drawd.job (kind, args, dedup)
		SELECT 'project', jsonb_build_object('round', r.id), 'project:' || r.id
		  FROM drawd.round r
		 WHERE drawd.is_drawn(r.state)
		   AND NOT EXISTS (SELECT FROM drawd.projection p WHERE p.round = r.id)
		   AND NOT EXISTS (SELECT FROM drawd.job j
		                    WHERE j.kind = 'draw' AND j.state IN ('queued', 'running')
		                      AND j.args ->> 'round' = r.id)
		ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
		RETURNING 1
	)
	SELECT count(*) FROM fresh
$$;

-- ---- who may what ------------------------------------------------------------------------------

-- notary
GRANT SELECT ON drawd.round, drawd.approval, drawd.round_artefact, drawd.log_entry, drawd.log_tile,
	drawd.log_head, drawd.checkpoint, drawd.proposal, drawd.secret, drawd.key_request
	TO drawd_notary;
GRANT UPDATE (state) ON drawd.round TO drawd_notary;
GRANT INSERT ON drawd.round_artefact, drawd.log_entry, drawd.log_tile, drawd.checkpoint, drawd.secret
	TO drawd_notary;
GRANT UPDATE (size, root, frontier, published) ON drawd.log_head TO drawd_notary;
GRANT UPDATE (hashes) ON drawd.log_tile TO drawd_notary;
GRANT UPDATE (cosigned, cosigned_at) ON drawd.checkpoint TO drawd_notary;
GRANT UPDATE (state, error, entry) ON drawd.proposal TO drawd_notary;
GRANT UPDATE (sealed, error) ON drawd.key_request TO drawd_notary;

-- web: rounds, approvals and proposals are made by motions (0007, 0011)
GRANT SELECT ON drawd.round, drawd.round_public, drawd.round_task, drawd.approval,
	drawd.round_artefact, drawd.bundle, drawd.bundle_public, drawd.log_entry, drawd.log_tile,
	drawd.log_head, drawd.checkpoint, drawd.proposal, drawd.projection, drawd.selection, drawd.dropped,
	drawd.visit, drawd.slot
	TO drawd_web;

-- worker; the rows of a draw it copies as drawd_loader
GRANT SELECT ON drawd.round, drawd.approval, drawd.round_artefact, drawd.bundle, drawd.log_entry,
	drawd.log_tile, drawd.log_head, drawd.checkpoint, drawd.proposal, drawd.key_request,
	drawd.projection, drawd.selection, drawd.dropped, drawd.visit, drawd.slot
	TO drawd_worker;
GRANT INSERT (round, bound, bounds) ON drawd.projection TO drawd_worker;
GRANT INSERT (round, kind, place, job, body, artefacts, beside, created_by) ON drawd.proposal TO drawd_worker;
GRANT INSERT (round, purpose, worker_key) ON drawd.key_request TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.rounds_before(boolean, text), drawd.queue_projections(),
	drawd.is_drawn(text)
	TO drawd_worker;
GRANT INSERT ON drawd.selection, drawd.dropped, drawd.visit, drawd.slot TO drawd_loader;

-- reader: what anybody may see
GRANT SELECT ON drawd.log_entry, drawd.log_tile, drawd.log_head, drawd.checkpoint, drawd.round_public,
	drawd.bundle_public
	TO drawd_reader;
GRANT SELECT (id, state, demo, pulses, delta, draw_deadline, reveal_after, results_due, disclosure)
	ON drawd.round TO drawd_reader;
