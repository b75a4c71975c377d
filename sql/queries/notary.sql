-- The notary: the log, the door, the secrets (daemon/notary*.c).

-- What the installation's clock is ahead of the database's; fixed: where it stands still, 0: nowhere.
-- name: clock_set
-- in: ahead int8, fixed int8
SELECT clock_set($1, nullif($2, 0));

-- What a freeze asks of the lists, in parts per million.
-- name: quality_asked
-- in: minimum int8
SELECT quality_asked($1);

-- name: head_lock
SELECT size, root, frontier, published FROM log_head FOR UPDATE;

-- name: head_get
SELECT size, root, frontier, published FROM log_head;

-- name: head_advance
-- in: old int8, root bytea, frontier bytea
UPDATE log_head SET size = size + 1, root = $2, frontier = $3 WHERE size = $1;

-- name: head_published
-- in: size int8
UPDATE log_head SET published = $1 WHERE published < $1;

-- name: entry_insert
-- in: idx int8, leaf bytea, kind text, round text, note bytea
INSERT INTO log_entry (idx, leaf, kind, round, note) VALUES ($1, $2, $3, $4, $5);

-- name: entry_leaf
-- in: idx int8
SELECT leaf FROM log_entry WHERE idx = $1;

-- name: entry_leaves
-- in: from int8, to int8
SELECT leaf FROM log_entry WHERE idx >= $1 AND idx < $2 ORDER BY idx;

-- name: tile_get
-- in: level int4, idx int8
SELECT hashes FROM log_tile WHERE level = $1 AND idx = $2;

-- name: tile_put
-- in: level int4, idx int8, hashes bytea
INSERT INTO log_tile (level, idx, hashes) VALUES ($1, $2, $3)
ON CONFLICT (level, idx) DO UPDATE SET hashes = excluded.hashes
 WHERE octet_length(log_tile.hashes) < octet_length(excluded.hashes);

-- name: checkpoint_insert
-- in: size int8, note text, at int8
INSERT INTO checkpoint (size, note, at) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING;

-- name: checkpoint_newest
SELECT size, note, at, cosigned IS NOT NULL AS done
  FROM checkpoint ORDER BY size DESC LIMIT 1;

-- name: checkpoint_cosigned_size
SELECT coalesce(max(size), 0) AS size FROM checkpoint WHERE cosigned IS NOT NULL;

-- name: checkpoint_cosign
-- in: size int8, cosigned text, at int8
UPDATE checkpoint SET cosigned = $2, cosigned_at = $3 WHERE size = $1 AND cosigned IS NULL;

-- name: checkpoint_covering
-- in: idx int8
SELECT size, cosigned FROM checkpoint
 WHERE size > $1 AND cosigned IS NOT NULL ORDER BY size;

-- name: proposal_pending
SELECT p.id, p.kind, r.state
  FROM proposal p JOIN round r ON r.id = p.round
 WHERE p.state = 'pending' ORDER BY p.id LIMIT 100;

-- name: proposal_lock
-- in: id int8
SELECT id, round, kind, place, body, artefacts, attestations, state
  FROM proposal WHERE id = $1 FOR UPDATE;

-- name: proposal_accept
-- in: id int8, entry int8
UPDATE proposal SET state = 'accepted', entry = $2 WHERE id = $1 AND state = 'pending';

-- name: proposal_refuse
-- in: id int8, error jsonb
UPDATE proposal SET state = 'refused', error = $2 WHERE id = $1 AND state = 'pending';

-- name: proposal_hashes
-- in: id int8
SELECT h.key AS name, decode(h.value, 'hex') AS sha256
  FROM proposal p, jsonb_each_text(p.artefacts) AS h
 WHERE p.id = $1 ORDER BY h.key;

-- name: round_lock
-- in: id text
SELECT id, state, demo, policy, departments, pulses, delta, draw_deadline, reveal_after,
       results_due, disclosure
  FROM round WHERE id = $1 FOR UPDATE;

-- name: round_advance
-- in: id text, from text, to text
UPDATE round SET state = $3 WHERE id = $1 AND state = $2;

-- name: round_entries
-- in: round text
SELECT idx, leaf, kind, note FROM log_entry WHERE round = $1 ORDER BY idx;

-- name: last_freeze
SELECT leaf, note FROM log_entry WHERE kind = 'freeze' ORDER BY idx DESC LIMIT 1;

-- name: approval_list
-- in: round text
SELECT department, account, at FROM approval
 WHERE round = $1 ORDER BY department COLLATE "C";

-- name: round_artefact_insert
-- in: round text, name text, sha256 bytea
INSERT INTO round_artefact (round, name, sha256) VALUES ($1, $2, $3);

-- name: secret_get
-- in: round text, purpose text
SELECT sealed FROM secret WHERE round = $1 AND purpose = $2;

-- name: secret_insert
-- in: round text, purpose text, sealed bytea
INSERT INTO secret (round, purpose, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: key_request_open
SELECT k.id, k.round, k.purpose, k.worker_key, r.state
  FROM key_request k JOIN round r ON r.id = k.round
 WHERE k.sealed IS NULL AND k.error IS NULL
 ORDER BY k.id LIMIT 100;

-- name: key_request_answer
-- in: id int8, sealed bytea, error jsonb
UPDATE key_request SET sealed = $2, error = $3 WHERE id = $1 AND sealed IS NULL AND error IS NULL;
