-- Imports: the result of a batch stands with it, so that a job taken again after its commit gives the
-- same answer.
ALTER TABLE drawd.import_batch ADD COLUMN result jsonb;
GRANT UPDATE (result) ON drawd.import_batch TO drawd_worker;

-- Rows of a file that turn out to contradict each other are taken back before the batch is
-- committed. A batch under way is seen by nobody, so no fact that anybody has read is ever deleted.
CREATE FUNCTION drawd.import_withdraw(the_batch int8, objects text[]) RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH gone AS (
		DELETE FROM drawd.entity_fact
		 WHERE batch = the_batch AND object = ANY (objects)
		   AND EXISTS (SELECT FROM drawd.import_batch
		                WHERE id = the_batch AND state = 'running')
		RETURNING 1
	)
	SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION drawd.import_withdraw(int8, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drawd.import_withdraw(int8, text[]) TO drawd_worker;
