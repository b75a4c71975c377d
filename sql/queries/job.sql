-- The job queue (daemon/job.c). Leases are in database time; every write names the fence.

-- Accounts take turns: whose last job was taken longest ago comes first, and of one account the oldest. What nobody asked
-- for is one more account's; figures wait until nothing else does.
-- name: job_take
-- in: lease_seconds int8
UPDATE job
   SET state = 'running', attempts = attempts + 1, fence = fence + 1, taken_at = clock_timestamp(),
       lease_until = clock_timestamp() + $1::int8 * interval '1 second'
 WHERE id = (SELECT id
               FROM job
              WHERE state = 'queued' AND (not_before IS NULL OR not_before < clock_timestamp())
                 OR (state = 'running' AND lease_until < clock_timestamp())
              ORDER BY kind = 'quality', CASE WHEN account IS NULL
				THEN (SELECT max(o.taken_at) FROM job o WHERE o.account IS NULL)
				ELSE (SELECT max(o.taken_at) FROM job o WHERE o.account = job.account) END NULLS FIRST, id
                FOR UPDATE SKIP LOCKED
              LIMIT 1)
RETURNING id, kind, args, attempts, fence;

-- name: job_beat
-- in: id int8, fence int8, lease_seconds int8, done int8, total int8, note text
UPDATE job
   SET lease_until = clock_timestamp() + $3::int8 * interval '1 second',
       done = $4, total = $5, note = $6
 WHERE id = $1 AND fence = $2 AND state = 'running';

-- name: job_renew
-- in: id int8, fence int8, lease_seconds int8
UPDATE job SET lease_until = clock_timestamp() + $3::int8 * interval '1 second'
 WHERE id = $1 AND fence = $2 AND state = 'running';

-- name: job_hold
-- in: id int8, fence int8
SELECT 1 AS held FROM job WHERE id = $1 AND fence = $2 AND state = 'running' FOR UPDATE;

-- name: job_done
-- in: id int8, fence int8, result jsonb
UPDATE job
   SET state = 'done', result = $3, lease_until = NULL, done = total, finished_at = now()
 WHERE id = $1 AND fence = $2 AND state = 'running';

-- name: job_fail
-- in: id int8, fence int8, error jsonb
UPDATE job
   SET state = 'failed', error = $3, lease_until = NULL, finished_at = now()
 WHERE id = $1 AND fence = $2 AND state = 'running';

-- An attempt that ends because the process ends does not count; what failed waits `pause` seconds.
-- name: job_release
-- in: id int8, fence int8, uncounted int4, pause int8
UPDATE job
   SET state = 'queued', lease_until = NULL, attempts = attempts - $3,
       not_before = clock_timestamp() + $4::int8 * interval '1 second'
 WHERE id = $1 AND fence = $2 AND state = 'running';
