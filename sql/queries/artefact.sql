-- Artefacts by hash, in parts (daemon/chunk.c).

-- name: part_set_new
SELECT nextval('artefact_part') AS part_set;

-- name: chunk_insert
-- in: part_set int8, part int4, data bytea
INSERT INTO artefact_chunk (part_set, part, data) VALUES ($1, $2, $3);

-- name: artefact_insert
-- in: sha256 bytea, part_set int8, name text, size int8
INSERT INTO artefact (sha256, part_set, name, size) VALUES ($1, $2, $3, $4)
ON CONFLICT (sha256) DO NOTHING;

-- name: artefact_get
-- in: sha256 bytea
SELECT part_set, size, name FROM artefact WHERE sha256 = $1;

-- name: chunk_get
-- in: part_set int8, part int4
SELECT data FROM artefact_chunk WHERE part_set = $1 AND part = $2;
