-- The audit log (daemon/api_audit.c, notary_anchor.c).

-- What is needed to recompute the chain: the text of each entry, and the hash it was given.
-- name: audit_chain
-- in: after int8, count int8
SELECT json_build_object('entries', coalesce(json_agg(json_build_object('seq', seq,
		'hash', encode(hash, 'hex'), 'text', audit_text(a)) ORDER BY seq), '[]'),
		'next', CASE WHEN count(*) = $2 THEN max(seq) END)::text AS json
  FROM (SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2) a;

-- name: audit_anchors
SELECT json_build_object('entries', h.entries, 'hash', encode(h.hash, 'hex'),
		'anchors', (SELECT coalesce(json_agg(json_build_object('date', date, 'entries', entries,
			'audit', encode(audit, 'hex'), 'entry', entry) ORDER BY date), '[]')
			FROM anchor))::text AS json
  FROM audit_head h;

-- The newest anchor, what the audit log says today where it ended, and its head.
-- name: anchor_due
SELECT h.entries, h.hash, coalesce(a.date, '') AS date, coalesce(a.entries, 0) AS anchored,
       a.audit IS NOT DISTINCT FROM (SELECT hash FROM audit WHERE seq = a.entries) AS stands
  FROM audit_head h LEFT JOIN (SELECT * FROM anchor ORDER BY date DESC LIMIT 1) a ON true;

-- name: anchor_insert
-- in: date text, entries int8, audit bytea, entry int8
INSERT INTO anchor (date, entries, audit, entry) VALUES ($1, $2, $3, $4);
