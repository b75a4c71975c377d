-- Rounds: one rule for delta (PROTOCOL.md §3); what was written of a draw is known by a row of its own.
ALTER TABLE drawd.round DROP CONSTRAINT round_check;
ALTER TABLE drawd.round ADD CONSTRAINT round_delta
	CHECK (delta >= 600 OR (demo AND delta = 0)) NOT VALID;

-- The projections of a draw are complete: written in the transaction of their rows.
CREATE TABLE drawd.projection (
	round drawd.round_id PRIMARY KEY REFERENCES drawd.round,
	bound int8 NOT NULL, -- L in thousand-millionths of a visit
	made_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON drawd.projection TO drawd_web, drawd_worker;
GRANT INSERT (round, bound) ON drawd.projection TO drawd_worker;

-- Drawn rounds of the inspection cycle before the one that begins on a day.
CREATE FUNCTION drawd.rounds_before(the_demo boolean, cycle_from text) RETURNS SETOF drawd.round
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT *
	  FROM drawd.round r
	 WHERE r.demo = the_demo AND r.state IN ('drawn', 'visiting', 'revealed', 'closed')
	   AND r.cycle_to = (SELECT max(p.cycle_to)
	                       FROM drawd.round p
	                      WHERE p.cycle_to < rounds_before.cycle_from AND p.demo = the_demo
	                        AND p.state IN ('drawn', 'visiting', 'revealed', 'closed'))
$$;
REVOKE ALL ON FUNCTION drawd.rounds_before(boolean, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drawd.rounds_before(boolean, text) TO drawd_worker;

-- A draw that was accepted while nobody was left to write its rows: a job of kind project each.
CREATE FUNCTION drawd.queue_projections() RETURNS int8
	LANGUAGE sql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	WITH fresh AS (
		INSERT INTO drawd.job (kind, args, dedup)
		SELECT 'project', jsonb_build_object('round', r.id), 'project:' || r.id
		  FROM drawd.round r
		 WHERE r.state IN ('drawn', 'visiting', 'revealed', 'closed')
		   AND NOT EXISTS (SELECT FROM drawd.projection p WHERE p.round = r.id)
		   AND NOT EXISTS (SELECT FROM drawd.job j
		                    WHERE j.kind = 'draw' AND j.state IN ('queued', 'running')
		                      AND j.args ->> 'round' = r.id)
		ON CONFLICT (dedup) WHERE state IN ('queued', 'running') DO NOTHING
		RETURNING 1
	)
	SELECT count(*) FROM fresh
$$;
REVOKE ALL ON FUNCTION drawd.queue_projections() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drawd.queue_projections() TO drawd_worker;
