-- Who may do what. The door: drawd_notary alone changes a round's state, writes the log, decides
-- proposals and sees secrets. Nobody may delete or truncate anything.
REVOKE ALL ON ALL TABLES IN SCHEMA drawd FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA drawd FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA drawd FROM PUBLIC;

-- every process checks the version of the schema
GRANT SELECT ON drawd.migration TO drawd_notary, drawd_web, drawd_worker, drawd_reader;

-- notary
GRANT SELECT ON drawd.job, drawd.artefact, drawd.artefact_chunk, drawd.round, drawd.approval,
	drawd.round_artefact, drawd.log_entry, drawd.log_tile, drawd.log_head, drawd.checkpoint,
	drawd.proposal, drawd.secret, drawd.key_request
	TO drawd_notary;
GRANT UPDATE (state) ON drawd.round TO drawd_notary;
GRANT INSERT ON drawd.round_artefact, drawd.artefact, drawd.artefact_chunk, drawd.log_entry,
	drawd.log_tile, drawd.checkpoint, drawd.secret
	TO drawd_notary;
GRANT USAGE ON SEQUENCE drawd.artefact_part TO drawd_notary;
GRANT UPDATE (size, root, frontier, published) ON drawd.log_head TO drawd_notary;
GRANT UPDATE (hashes) ON drawd.log_tile TO drawd_notary;
GRANT UPDATE (cosigned, cosigned_at) ON drawd.checkpoint TO drawd_notary;
GRANT UPDATE (state, error, entry) ON drawd.proposal TO drawd_notary;
GRANT UPDATE (sealed, error) ON drawd.key_request TO drawd_notary;

-- web
GRANT SELECT ON drawd.job, drawd.artefact, drawd.artefact_chunk, drawd.upload,
	drawd.upload_piece, drawd.import_batch, drawd.import_error, drawd.entity_fact,
	drawd.entity_current, drawd.inspector_number, drawd.inspector_fact, drawd.inspector_current,
	drawd.recusal_fact, drawd.round, drawd.approval, drawd.round_artefact, drawd.bundle,
	drawd.log_entry, drawd.log_tile, drawd.log_head, drawd.checkpoint, drawd.proposal,
	drawd.selection, drawd.visit, drawd.slot
	TO drawd_web;
GRANT INSERT (kind, args, dedup) ON drawd.job TO drawd_web;
GRANT INSERT (name, size, sha256) ON drawd.upload TO drawd_web;
GRANT UPDATE (received, sha256) ON drawd.upload TO drawd_web;
GRANT INSERT ON drawd.upload_piece TO drawd_web;
GRANT INSERT (id, demo, policy_name, policy, policy_source, departments, pulses, delta,
	draw_deadline, reveal_after, results_due, disclosure, created_by)
	ON drawd.round TO drawd_web;
GRANT INSERT ON drawd.approval TO drawd_web;
GRANT INSERT (round, kind, place, body, attestations, created_by) ON drawd.proposal TO drawd_web;

-- worker
GRANT SELECT ON drawd.job, drawd.artefact, drawd.artefact_chunk, drawd.upload,
	drawd.upload_piece, drawd.import_batch, drawd.import_error, drawd.entity_fact,
	drawd.entity_current, drawd.inspector_number, drawd.inspector_fact, drawd.inspector_current,
	drawd.recusal_fact, drawd.round, drawd.approval, drawd.round_artefact, drawd.bundle,
	drawd.log_entry, drawd.log_tile, drawd.log_head, drawd.checkpoint, drawd.proposal,
	drawd.key_request, drawd.selection, drawd.visit, drawd.slot
	TO drawd_worker;
GRANT UPDATE (state, attempts, fence, lease_until, done, total, note, result, error, finished_at)
	ON drawd.job TO drawd_worker;
GRANT INSERT ON drawd.artefact, drawd.artefact_chunk, drawd.bundle, drawd.import_error,
	drawd.entity_fact, drawd.inspector_number, drawd.inspector_fact, drawd.recusal_fact,
	drawd.selection, drawd.visit, drawd.slot
	TO drawd_worker;
GRANT USAGE ON SEQUENCE drawd.artefact_part TO drawd_worker;
GRANT INSERT (kind, upload, job, source, person, state, rows, good, bad, warned, encoding)
	ON drawd.import_batch TO drawd_worker;
GRANT UPDATE (state, rows, good, bad, warned, encoding) ON drawd.import_batch TO drawd_worker;
GRANT INSERT (round, kind, place, job, body, artefacts, created_by)
	ON drawd.proposal TO drawd_worker;
GRANT INSERT (round, purpose, worker_key) ON drawd.key_request TO drawd_worker;

-- reader: what anybody may see
GRANT SELECT ON drawd.log_entry, drawd.log_tile, drawd.log_head, drawd.checkpoint TO drawd_reader;
GRANT SELECT (id, state, demo, pulses, delta, draw_deadline, reveal_after, results_due, disclosure)
	ON drawd.round TO drawd_reader;

-- A worker proposes what it computed, web what people ask for.
ALTER TABLE drawd.proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON drawd.proposal FOR SELECT USING (true);
CREATE POLICY web_asks ON drawd.proposal FOR INSERT TO drawd_web
	WITH CHECK (kind IN ('lock', 'beacon', 'reveal') AND state = 'pending');
CREATE POLICY worker_computed ON drawd.proposal FOR INSERT TO drawd_worker
	WITH CHECK (kind IN ('freeze', 'draw') AND state = 'pending');
CREATE POLICY notary_decides ON drawd.proposal FOR UPDATE TO drawd_notary
	USING (state = 'pending') WITH CHECK (true);
