-- Imports and registers in the API (daemon/api_import.c, api_register.c).

-- An upload that the asker acts for, not one that he only sees: the policy on job wants that of an import.
-- With the name of the asker, who is the provider where nobody else is named, and that of the department whose
-- list it is, which is its source.
-- name: web_upload_own
-- in: id int8, department text
SELECT u.size, u.received, u.removed_at IS NOT NULL AS removed, coalesce(a.name, '') AS asker,
       coalesce((SELECT d.name FROM department d
                  WHERE d.id = coalesce(nullif($2::text, ''), u.department, a.department)), a.name, '') AS source
  FROM upload u LEFT JOIN account a ON a.id = acting()
 WHERE u.id = $1 AND (u.account = acting() OR u.department = ANY (my_acts()));

-- To choose from in a template.
-- name: web_department_names
SELECT d.name FROM department d WHERE d.active AND d.name <> '' ORDER BY d.id;

-- name: web_import
-- in: id int8
SELECT json_build_object('id', b.id, 'kind', b.kind, 'file', b.file, 'upload', b.upload, 'job', b.job,
		'department', b.department, 'source', b.source, 'provider', b.provider,
		'account', b.account, 'state', b.state, 'mode', b.mode, 'scope', b.scope,
		'sheet', b.sheet, 'rows', b.rows, 'accepted', b.accepted, 'repaired', b.repaired,
		'remarked', b.remarked, 'refused', b.refused, 'new', b.new, 'changed', b.changed,
		'gone', b.gone, 'same', b.same, 'encoding', b.encoding,
		'unknown_columns', coalesce(r.result ->> 'unknown_columns', ''),
		'errors_dropped', b.errors_dropped, 'remarks_dropped', b.remarks_dropped,
		'mapping', coalesce(r.mapping, '[]'), 'preview', coalesce(r.preview, '{}'),
		'reason', r.reason, 'returned', b.returned, 'created', b.created, 'staged', b.staged,
		'confirmed', b.confirmed, 'confirmed_by', b.confirmed_by, 'undone', b.undone,
		'undone_by', b.undone_by, 'undo_reason', b.undo_reason, 'removed', b.removed,
		'follows', r.follows, 'because', r.because,
		'made', (SELECT coalesce(json_agg(json_build_object('import', f.id, 'gone', f.gone) ORDER BY f.id), '[]')
		           FROM import_batch f WHERE f.because = b.id))::text AS json
  FROM import_list b JOIN import_batch r ON r.id = b.id
 WHERE b.id = $1;

-- What people do with a batch: its number again, or NULL where it is not theirs.
-- name: web_import_confirm
-- in: id int8, class_most int8
SELECT import_confirm($1, $2) AS id;

-- name: web_import_discard
-- in: id int8
SELECT import_discard($1) AS id;

-- name: web_import_undo
-- in: id int8, reason text, class_most int8
SELECT import_undo($1, $2, $3) AS id;

-- The arguments of its job, for another one.
-- name: web_import_again
-- in: id int8
SELECT import_again($1)::text AS args;

-- Parts of the file that goes back; without one the state says why.
-- name: web_import_file
-- in: id int8, from_part int4, to_part int4
SELECT state, size, part, data FROM import_file_read($1, $2, $3);
