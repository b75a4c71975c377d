-- Who may do what, for every role and every table, and a few doors tried by hand.
-- Letters: S select, I insert, U update, each with its columns where it is not the whole table.
\set QUIET on
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap WITH SCHEMA public;
SET search_path = drawd, public;

-- an import that is over
INSERT INTO upload (name, size) VALUES ('x', 0);
INSERT INTO job (kind, args) VALUES ('import', '{}');
INSERT INTO import_batch (kind, upload, job, source, person) SELECT 'entities', max(u.id), max(j.id), 's', 'p'
  FROM upload u, job j;
INSERT INTO entity_fact (object, batch, line, entity, name)
SELECT 'T0001' || i, max(id), i, '', 'x' FROM import_batch, generate_series(1, 3) i GROUP BY i;
BEGIN;

CREATE TEMP TABLE expected (relation text, role text, rights text);
INSERT INTO expected VALUES
	('access_token', 'web', 'S(account,created_at,ended_at,ends_at,id,name,scopes,used_at)'),
	('access_token_list', 'web', 'S'),
	('account', 'auth', 'S U(password,password_at,password_once,totp,totp_step)'),
	('account', 'web', 'S(created_at,department,id,inspector,kind,language,name,'
		'os_user,password_at,password_once,person,sso_name,state,totp_on)'),
	('account_list', 'web', 'S'),
	('account_role', 'auth', 'S'), ('account_role', 'web', 'S'),
	('account_role_list', 'web', 'S'),
	('anchor', 'notary', 'S I'), ('anchor', 'web', 'S'),
	('approval', 'notary', 'S'), ('approval', 'web', 'S'), ('approval', 'worker', 'S'),
	('artefact', 'notary', 'S I'), ('artefact', 'web', 'S'), ('artefact', 'worker', 'S I'),
	('artefact_chunk', 'notary', 'S I'),
	('artefact_chunk', 'worker', 'S I'),
	('audit', 'notary', 'S(hash,seq)'), ('audit', 'web', 'S'),
	('audit_head', 'notary', 'S'), ('audit_head', 'web', 'S'),
	('audit_list', 'web', 'S'),
	('bundle', 'web', 'S'), ('bundle', 'worker', 'S'),
	('bundle_public', 'reader', 'S'), ('bundle_public', 'web', 'S'),
	('cause', 'notary', 'S U(blinding,content,entry,error,round,state)'), ('cause', 'web', 'S'), ('cause_list', 'web', 'S'),
	('clue', 'web', 'S(assignee,department,due,entity,id,object,received,source,state,taken_at,taken_by,taken_for)'),
	('clue_list', 'web', 'S'), ('clue_step', 'web', 'S'),
	('checkpoint', 'notary', 'S I U(cosigned,cosigned_at)'), ('checkpoint', 'reader', 'S'),
	('checkpoint', 'web', 'S'), ('checkpoint', 'worker', 'S'),
	('document', 'notary', 'S'), ('document', 'web', 'S'), ('document', 'worker', 'S'),
	('programme', 'notary', 'S'), ('programme', 'web', 'S'), ('programme', 'worker', 'S'),
	('programme_task', 'notary', 'S'), ('programme_task', 'web', 'S'), ('programme_task', 'worker', 'S'),
	('programme_draw', 'notary', 'S'), ('programme_draw', 'web', 'S'), ('programme_draw', 'worker', 'S'),
	('programme_check', 'web', 'S'), ('programme_round', 'web', 'S'),
	('programme_submission', 'web', 'S'), ('programme_opinion', 'web', 'S'), ('programme_amendment', 'web', 'S'),
	('programme_filing', 'web', 'S'), ('programme_escalation', 'web', 'S'), ('programme_published', 'web', 'S'),
	('programme_list', 'web', 'S'), ('programme_public', 'web', 'S'), ('programme_task_list', 'web', 'S'),
	('programme_amendment_list', 'web', 'S'), ('programme_public_tasks', 'web', 'S'), ('programme_public_amendments', 'web', 'S'),
	('document_list', 'web', 'S'), ('document_source', 'web', 'S'), ('look', 'web', 'S(account,department,job,kind,result)'), ('look', 'worker', 'S(against,job,policy) U(result)'),
	('department', 'auth', 'S'), ('department', 'web', 'S'), ('department', 'worker', 'S'),
	('department_list', 'web', 'S'),
	('device', 'auth', 'S I(account,hash) D'),
	('batch_counted', 'web', 'S'), ('batch_counted', 'worker', 'S'),
	('entity_current', 'worker', 'S'),
	('header_mapping', 'web', 'S'), ('header_mapping', 'worker', 'S'),
	('import_batch', 'web', 'S'),
	('import_batch', 'worker', 'S I(job,kind,mapping,person,scope,sheet,source,upload) '
		'U(accepted,changed,encoding,file,file_state,gone,mapping,new_rows,preview,refused,remarked,'
		'repaired,result,rows,same,sheet,staged_at,state)'),
	('import_error', 'loader', 'I'), ('import_error', 'web', 'S'),
	('import_error', 'worker', 'S'),
	('import_error_list', 'web', 'S'),
	('import_group_list', 'web', 'S'),
	('import_list', 'web', 'S'),
	('inspector_current', 'worker', 'S'),
	('inspector_name', 'web', 'S'),
	('inspector_number', 'loader', 'I'), ('inspector_number', 'web', 'S'),
	('inspector_number', 'worker', 'S'),
	('job', 'notary', 'S'), ('job', 'web', 'S I(args,dedup,kind)'),
	('job', 'worker', 'S U(attempts,done,error,fence,finished_at,lease_until,not_before,'
		'note,result,state,taken_at,total)'),
	('job_list', 'web', 'S'),
	('key_request', 'notary', 'S U(error,sealed)'),
	('key_request', 'worker', 'S I(purpose,round,worker_key)'),
	('log_entry', 'notary', 'S I'), ('log_entry', 'reader', 'S'), ('log_entry', 'web', 'S'),
	('log_entry', 'worker', 'S'),
	('log_head', 'notary', 'S U(frontier,published,root,size)'), ('log_head', 'reader', 'S'),
	('log_head', 'web', 'S'), ('log_head', 'worker', 'S'),
	('log_tile', 'notary', 'S I U(hashes)'), ('log_tile', 'reader', 'S'),
	('log_tile', 'web', 'S'), ('log_tile', 'worker', 'S'),
	('migration', 'auth', 'S'), ('migration', 'notary', 'S'), ('migration', 'reader', 'S'),
	('migration', 'web', 'S'), ('migration', 'worker', 'S'),
	('motion', 'notary', 'S'), ('motion', 'web', 'S'),
	('motion_kind', 'notary', 'S'), ('motion_kind', 'web', 'S'),
	('motion_list', 'web', 'S'),
	('object_name', 'web', 'S'),
	('projection', 'web', 'S'), ('projection', 'worker', 'S I(bound,bounds,round)'),
	('proposal', 'notary', 'S U(entry,error,state)'), ('proposal', 'web', 'S'),
	('proposal', 'worker', 'S I(artefacts,beside,body,created_by,job,kind,place,round)'),
	('proposal_list', 'web', 'S'),
	('recusal_fact', 'loader', 'I(batch,ground,inspector,kind,line,since,subject)'),
	('recusal_fact', 'web', 'S'), ('recusal_fact', 'worker', 'S'),
	('register', 'web', 'S'), ('register', 'worker', 'S'),
	('role', 'auth', 'S'), ('role', 'web', 'S'),
	('round', 'notary', 'S U(state)'),
	('round', 'reader', 'S(delta,demo,disclosure,draw_deadline,id,pulses,'
		'results_due,reveal_after,state)'),
	('round', 'web', 'S'), ('round', 'worker', 'S'),
	('round_artefact', 'notary', 'S I'), ('round_artefact', 'web', 'S'),
	('round_artefact', 'worker', 'S'),
	('round_list', 'web', 'S'),
	('round_public', 'reader', 'S'), ('round_public', 'web', 'S'),
	('round_task', 'web', 'S'),
	('secret', 'notary', 'S I'),
	('selection', 'loader', 'I'), ('selection', 'web', 'S'), ('selection', 'worker', 'S'),
	('session', 'auth', 'S I(account,address,agent,csrf,ends_at,hash,idle,'
		'restricted) U(csrf,ended_at,ended_why,hash,previous,restricted,rotated_at,seen_at)'),
	('session', 'web', 'S(account,address,agent,created_at,ended_at,ended_why,'
		'ends_at,id,idle,restricted,seen_at)'),
	('quality_edit', 'web', 'S'), ('quality_edit_list', 'web', 'S'), ('quality_edit_round', 'web', 'S'),
	('quality_object', 'worker', 'S'),
	('dropped', 'loader', 'I'), ('dropped', 'web', 'S'), ('dropped', 'worker', 'S'), ('dropped_list', 'web', 'S'),
	('focus', 'worker', 'S'), ('focus', 'web', 'S'), ('focus_list', 'web', 'S'), ('letter', 'web', 'S'), ('letter_list', 'web', 'S'),
	('buffer', 'web', 'S'), ('buffer_list', 'web', 'S'), ('repeat_list', 'web', 'S'),
	('class_computed', 'worker', 'S'), ('class_due', 'loader', 'I'), ('class_said', 'loader', 'I'),
	('class_said', 'worker', 'S'), ('risk_object', 'worker', 'S'), ('risk_signal', 'worker', 'S'),
	('session_list', 'web', 'S'),
	('signin_failure', 'auth', 'S I U D'),
	('slot', 'loader', 'I'), ('slot', 'web', 'S'), ('slot', 'worker', 'S'),
	('upload', 'web', 'S I(name,size) U(received)'), ('upload', 'worker', 'S'),
	('upload_list', 'web', 'S'),
	('upload_piece', 'web', 'I'), ('upload_piece', 'worker', 'S'),
	('visit', 'loader', 'I'), ('visit', 'web', 'S'), ('visit', 'worker', 'S'),
	('visit_list', 'web', 'S');
-- the registers: web reads every fact but the class of an entity
INSERT INTO expected
SELECT tbl, x.role, x.rights
  FROM register, LATERAL (VALUES ('loader', 'I'), ('worker', 'S'), ('web', (
	SELECT 'S(' || string_agg(c, ',' ORDER BY c COLLATE "C") || ')'
	  FROM unnest(columns || '{batch,line,gone}'::text[]) c WHERE (name, c) <> ('entities', 'class')))) x (role, rights)
 WHERE name <> 'recusals'
 UNION ALL
SELECT name || kind, role, 'S'
  FROM register, unnest('{_current,_said}'::text[]) kind, unnest('{web,worker}'::text[]) role
 UNION ALL
SELECT name || kind, 'web', 'S' FROM register, unnest('{_rows,_history}'::text[]) kind;

-- "S", "S(a,b)" or nothing, for one verb
CREATE FUNCTION pg_temp.right_of(role text, relation oid, verb text) RETURNS text AS $$
	SELECT CASE
		WHEN has_table_privilege(role, relation, verb) THEN left(verb, 1)
		WHEN verb NOT IN ('SELECT', 'INSERT', 'UPDATE') THEN NULL
		ELSE (SELECT left(verb, 1) || '(' || string_agg(attname, ',' ORDER BY attname COLLATE "C") || ')'
		        FROM pg_attribute
		       WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped
		         AND has_column_privilege(role, relation, attnum, verb))
	END
$$ LANGUAGE sql;

CREATE TEMP VIEW actual AS
	SELECT c.relname::text AS relation, r AS role,
	       concat_ws(' ', pg_temp.right_of('drawd_' || r, c.oid, 'SELECT'),
			pg_temp.right_of('drawd_' || r, c.oid, 'INSERT'),
			pg_temp.right_of('drawd_' || r, c.oid, 'UPDATE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'DELETE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'TRUNCATE'),
			pg_temp.right_of('drawd_' || r, c.oid, 'TRIGGER'),
			pg_temp.right_of('drawd_' || r, c.oid, 'REFERENCES')) AS rights
	  FROM pg_class c, unnest(ARRAY['notary', 'web', 'worker', 'auth', 'loader', 'reader']) r
	 WHERE c.relnamespace = 'drawd'::regnamespace AND c.relkind IN ('r', 'v', 'p', 'm');

-- Functions that somebody may call; all others are the owner's.
CREATE TEMP TABLE callable (name text, roles text);
INSERT INTO callable
SELECT name, 'auth notary reader web worker'
  FROM unnest('{acting,allows,acting_department,acts_as,acts_for,asked_at,brings_lists,context,has_role,list_of,me,my_acts,only_own,
	my_departments,my_held,my_inspector,my_person,my_roles,refuse,sees_all}'::text[]) AS name
 UNION ALL
SELECT name, 'web'
  FROM unnest('{programme_check_ask,programme_check_told,programme_check_stands,programme_rounds,programme_levels,programme_lacks,programme_heard,programme_listed,programme_status,programme_show,programme_open,
	programme_submit,programme_withdraw,programme_none,programme_admit,programme_turn,programme_opine,programme_propose,
	programme_amend,programme_file,programme_escalate,programme_resolve,cause_outcome,causes_public,check_entered,clue_assign,clue_dismiss,clue_new,clue_read,clue_refer,class_field_codes,day_of,focus_state,letter_number,repeat_days,focus_end,letter_send,letter_answer,buffer_make,buffer_end,class_months,class_moves,class_run_ask,class_summary,class_history,class_why,account_suspend,artefact_read,audit_line,batch_told,code_line,document_agree,document_put,look_ask,simulate_ask,entity_dossier,entity_line,entity_lookup,entity_objects,
	entity_rows,fact_class,fact_masked,motion_told,quality_read,quality_trend,register_read,round_quality,motion_quality,clock_time,audit_text,delegation_end,departments_under,import_again,import_discard,import_file_read,import_undo,key_claim,
	key_drop,key_store,level_depth,may_give,my_batches,my_jobs,my_told,
	motion_decide,motion_move,motion_state,my_visits,note_read,roles_asked,policy_state,round_approve,round_departments,round_figures,round_make,
	round_strata,round_warnings,seconds,session_end,session_rotate,token_end,token_new}'::text[]) AS name
 UNION ALL
SELECT name, 'worker'
  FROM unnest('{programme_check_found,programme_due,programme_round_make,programme_round_failed,programme_base_version,clue_caller,bundle_put,batch_stamp,clock_of,quality_codes,quality_due,quality_looked,quality_stands,quality_take,quality_taken,
	check_found,focus_on,focus_take,focus_settle,classes_behind,class_begin,class_due_clear,class_end,class_given,class_look,class_may,class_of_object,class_first,class_register,class_entities,entity_named,entity_of,class_on,classes_on,classify_due,
	risk_carried,risk_computed_rank,risk_objects,risk_query,risk_register_rank,risk_registers,risk_rows,risk_scales,
	risk_signals_of,risk_sources,quality_unlooked,authorities_on,checks_on,visits_checked,code_tellers,codes_became,departments_beside,import_doubts,is_others,labels_on,policy_regions,recoded_on,region_named,region_renames,same_person,succession_holds,succession_links,successions_on,import_match,import_stage,import_sweep,import_withdraw,import_withdraw_others,is_drawn,personal_read,policy_level,queue_projections,recusals_on,
	rounds_before}'::text[]) AS name
 UNION ALL
SELECT name, 'web worker' FROM unnest('{check_outcome,class_said,class_seen,import_confirm,join_lists,kind_of_code,last_said,
	recusals_seen,region_of_code,register_version}'::text[]) AS name
 UNION ALL
SELECT name || '_keys', 'web' FROM register WHERE entity <> key AND name <> 'recusals'
UNION ALL
SELECT name || '_of', 'web' FROM register WHERE name <> 'recusals'
UNION ALL
SELECT name || '_named', 'web' FROM register WHERE 'name' = ANY (columns)
UNION ALL
SELECT name || '_as_of', 'web worker' FROM register
 UNION ALL
SELECT name || '_rows_at', 'web' FROM register
 UNION ALL
VALUES ('region_stem', 'web worker'), ('programme_task_told', 'web worker'), ('programme_settings', 'worker'), ('programme_scheme', 'worker'), ('programme_hash', 'worker'),
	('clock_stamp', 'loader worker'), ('enter', 'auth web'), ('document_in_force', 'notary web worker'), ('roles_on', 'auth'),
	('password_half', 'auth'), ('others_end', 'auth'), ('signin_refused', 'auth'), ('signin_refusals_close', 'auth'), ('motion_lapse', 'notary'), ('cause_round', 'notary'), ('clock_set', 'notary'), ('quality_asked', 'notary');

-- Views that show their owner's rows: narrow doors.
CREATE TEMP TABLE door (name text);
INSERT INTO door VALUES ('round_public'), ('bundle_public'), ('batch_counted'), ('object_name'), ('inspector_name');

SELECT plan((SELECT count(*)::int FROM actual) + 66);
SELECT is(a.rights, coalesce(e.rights, ''), format('%s on %s', a.role, a.relation))
  FROM actual a LEFT JOIN expected e USING (relation, role)
 ORDER BY a.relation, a.role;
SELECT is((SELECT count(*) FROM expected e LEFT JOIN actual a USING (relation, role)
            WHERE a.relation IS NULL), 0::bigint, 'every expected table is there');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'drawd'::regnamespace
              AND relkind IN ('r', 'v') AND pg_get_userbyid(relowner) <> 'drawd_owner'), 0::bigint,
	'drawd_owner owns every table');
SELECT is((SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname LIKE 'drawd\_%'
              AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit)),
	NULL, 'no role is more than a role');
SELECT is((SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname LIKE 'drawd\_%'
              AND (rolbypassrls OR NOT rolcanlogin)),
	'drawd_loader', 'row-level security binds all but the loader, as which nobody connects');
SELECT is((SELECT string_agg(format('%s in %s', member::regrole, roleid::regrole), ', ')
             FROM pg_auth_members WHERE member::regrole::text LIKE 'drawd%'),
	'drawd_worker in drawd_loader', 'a worker may take its place, and nobody that of another');
SELECT is((SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'drawd'::regnamespace AND relkind IN ('r', 'p')
              AND NOT (relrowsecurity AND relforcerowsecurity)),
	NULL, 'every table is under row-level security, for its owner as well');
SELECT is((SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
            WHERE relnamespace = 'drawd'::regnamespace AND relkind = 'v'
              AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}'))),
	(SELECT string_agg(name, ' ' ORDER BY name) FROM door),
	'every view but the narrow doors shows the rows of the one who asks');
SELECT is((SELECT string_agg(format('%s on %s', policyname, tablename), ', ') FROM pg_policies
            WHERE schemaname = 'drawd' AND roles && '{public,drawd_loader}'),
	NULL, 'no policy is for everybody');
SELECT is((WITH allowed AS (
	SELECT p.proname::text AS name, string_agg(r, ' ' ORDER BY r COLLATE "C") AS roles
	  FROM pg_proc p, unnest(ARRAY['notary', 'web', 'worker', 'auth', 'loader', 'reader', 'PUBLIC']) r
	 WHERE p.pronamespace = 'drawd'::regnamespace
	   AND has_function_privilege(CASE r WHEN 'PUBLIC' THEN 'public' ELSE 'drawd_' || r END, p.oid,
			'EXECUTE')
	 GROUP BY p.proname, p.oid)
	SELECT string_agg(name || ': ' || coalesce(a.roles, 'nobody'), ', ' ORDER BY name)
	  FROM allowed a FULL JOIN callable c USING (name) WHERE a.roles IS DISTINCT FROM c.roles),
	NULL, 'who may call which function');
SELECT is((SELECT string_agg(proname, ' ' ORDER BY proname) FROM pg_proc
            WHERE pronamespace = 'drawd'::regnamespace AND prosecdef
              AND NOT 'search_path=drawd, pg_temp' = ANY (coalesce(proconfig, '{}'))),
	NULL, 'what runs as the owner chooses its search_path');
SELECT is((SELECT count(*) FROM pg_class c WHERE relnamespace = 'drawd'::regnamespace
              AND has_table_privilege('public', c.oid, 'SELECT')), 0::bigint, 'PUBLIC reads nothing');

-- the doors
INSERT INTO round (id, demo, policy, departments, pulses, delta, draw_deadline, reveal_after,
	results_due, created_by)
VALUES ('2026-0001', true, E'cycle.from\t2026-01-01\ncycle.to\t2026-12-31\n', 'a', 'dice:1:1', 0, 9,
	'2026-01-01', '2026-01-01', 't');
SELECT is(cycle_from || ' ' || cycle_to, '2026-01-01 2026-12-31', 'the cycle is read off the policy')
  FROM round;

SELECT throws_ok($$UPDATE drawd.round SET delta = 300$$, '23514', NULL,
	'a delta of a demo round is 0 or at least 600');
SELECT lives_ok($$UPDATE drawd.round SET delta = 600$$, 'a demo round may take the delta of others');

SET LOCAL ROLE drawd_web;
SELECT throws_ok($$SELECT drawd.queue_projections()$$, '42501', NULL,
	'web does not queue what a worker finds missing');
SELECT throws_ok($$UPDATE drawd.round SET state = 'frozen'$$, '42501', NULL,
	'web cannot change a state');
SELECT throws_ok($$UPDATE drawd.round SET policy = ''$$, '42501', NULL,
	'web cannot edit a policy');
SELECT throws_ok($$INSERT INTO drawd.log_entry (idx) VALUES (0)$$, '42501', NULL,
	'web cannot write the log');
SELECT throws_ok($$SELECT * FROM drawd.secret$$, '42501', NULL,
	'web sees no secret');
SELECT throws_ok($$SELECT * FROM drawd.key_request$$, '42501', NULL,
	'web sees no request for keys');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'draw')$$, '42501', NULL,
	'web cannot propose a draw');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind, state) VALUES ('2026-0001', 'lock',
	'accepted')$$, '42501', NULL,
	'web cannot decide');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'lock')$$, '42501', NULL,
	'web proposes nothing: a motion does');
SELECT throws_ok($$INSERT INTO drawd.job (kind) VALUES ('freeze')$$, '42501', NULL,
	'nor does web ask for a freeze');
SELECT throws_ok($$INSERT INTO drawd.session (account) VALUES ('x')$$, '42501', NULL,
	'web makes no session');
SELECT throws_ok($$SELECT password FROM drawd.account$$, '42501', NULL, 'web reads no password');
SELECT throws_ok($$SELECT hash FROM drawd.session$$, '42501', NULL, 'nor the hash of a token');
SELECT throws_ok($$SELECT * FROM drawd.context_key$$, '42501', NULL, 'nor the key of the context');
SELECT throws_ok($$SELECT drawd.context_mac('x')$$, '42501', NULL, 'and signs no context');
SELECT throws_ok($$DELETE FROM drawd.proposal$$, '42501', NULL,
	'web cannot take back');
SET LOCAL ROLE drawd_worker;
SELECT throws_ok($$UPDATE drawd.round SET state = 'drawn'$$, '42501', NULL,
	'a worker cannot change a state');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'reveal')$$, '42501', NULL,
	'a worker cannot propose a reveal');
SELECT throws_ok($$UPDATE drawd.proposal SET state = 'accepted'$$, '42501', NULL,
	'a worker cannot decide');
SELECT throws_ok($$UPDATE drawd.entity_fact SET name = ''$$, '42501', NULL,
	'a worker cannot edit the register');
-- a batch that is over stands
UPDATE import_batch SET result = '{}', state = 'staged';
SELECT throws_ok($$UPDATE drawd.import_batch SET state = $$ || quote_literal(state), '42501', NULL,
	'a worker does not make a batch that is over ' || state)
  FROM unnest('{open,confirmed,discarded,failed}'::text[]) state;
SELECT throws_ok($$UPDATE drawd.import_batch SET accepted = 1$$, '42501', NULL,
	'nor change what it told');
SELECT throws_ok($$UPDATE drawd.import_batch SET department = 'a'$$, '42501', NULL, 'nor give it away');
SELECT is(import_withdraw((SELECT max(id) FROM import_batch), E'T00011\t1\nT00012\t2\nT00013\t3\nT00011\t2\n'), 0::bigint,
	'nothing of it goes');
SELECT is(import_confirm((SELECT max(id) FROM import_batch)), NULL, 'nor does a worker confirm it without its job');
SELECT throws_ok($$INSERT INTO drawd.entity_fact (object, batch, line) VALUES ('T00014', 1, 4)$$, '42501',
	NULL, 'a worker inserts facts only as the loader');
RESET ROLE;
INSERT INTO job (kind, args) SELECT 'import', jsonb_build_object('kind', 'entities', 'upload', max(id)) FROM upload;
UPDATE job SET state = 'running' WHERE id = (SELECT max(id) FROM job);
INSERT INTO import_batch (kind, upload, job, source, person) SELECT 'entities', max(u.id), max(j.id), 's', 'p'
  FROM upload u, job j;
SELECT min(id) AS closed, max(id) AS batch FROM import_batch \gset
SET LOCAL ROLE drawd_loader;
SELECT set_config('drawd.batch', :'batch', true) AS named \gset
INSERT INTO entity_fact (object, batch, line, entity, name) VALUES ('T00014', :batch, 4, '', 'x');
SELECT throws_ok(format('SELECT set_config(''drawd.batch'', %L, true); INSERT INTO drawd.entity_fact (object, batch, line, '
	'entity, name) VALUES (%L, %s, 9, %L, %L)', named, 'T00019', batch, '', 'x'), '42501', NULL,
	format('the loader adds no fact to batch %s when it names %s', batch, named))
  FROM (VALUES (:closed, :closed), (999999, 999999), (:closed, :batch), (:batch, :closed)) v (batch, named);
SELECT throws_ok($$INSERT INTO drawd.entity_fact (object, batch, line, entity, name)
	SELECT 'T00019', CASE g WHEN 1 THEN current_setting('drawd.batch')::int8 ELSE 1 END, g, set_config('drawd.batch', '1', true), 'x'
	  FROM generate_series(1, 2) g$$, '42501', NULL, 'nor when it names another one half-way');
SELECT throws_ok($$SELECT setval('drawd.loading', 1)$$, '42501', NULL, 'nor does it say itself what was found');
SELECT set_config('drawd.batch', :'batch', true) AS named \gset
SELECT throws_ok(format('INSERT INTO drawd.entity_fact (object, batch, line, entity, name) VALUES (%L, %s, 9, %L, %L)',
	'T00019', batch, '', 'x'), '42501', NULL, 'the loader adds no fact to a batch that is closed, or not there')
  FROM unnest(ARRAY[:closed, 999999]) batch;
SELECT throws_ok(format('INSERT INTO drawd.recusal_fact (inspector, subject, batch, line) VALUES (%L, %L, %s, 9)',
	'A-0001', 'X', batch), '42501', NULL, 'nor a recusal to one of another kind')
  FROM unnest(ARRAY[:closed, :batch]) batch;
SELECT throws_ok($$INSERT INTO drawd.inspector_number VALUES ('a', '9', 'A-0009')$$, '42501', NULL,
	'nor a number of an inspector while none are imported');
SELECT throws_ok($$SELECT FROM drawd.entity_fact$$, '42501', NULL, 'who reads nothing');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'draw')$$, '42501', NULL,
	'and inserts nothing else');
SET LOCAL ROLE drawd_worker;
SELECT is(import_withdraw(:batch, E'T00013\t4\nT00014\t4\nT00014\t5\n'), 1::bigint,
	'a worker withdraws what it wrote itself just now');
SELECT throws_ok($$SELECT lo_create(0)$$, '42501', NULL, 'a worker makes no large object');
SELECT throws_ok($$SELECT lo_from_bytea(0, 'x')$$, '42501', NULL, 'nor one from bytes');
SELECT is((SELECT count(*) FROM pg_proc p, unnest(ARRAY['notary', 'web', 'worker', 'auth', 'loader', 'reader']) r
            WHERE p.pronamespace = 'pg_catalog'::regnamespace
              AND (p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite'))
              AND has_function_privilege('drawd_' || r, p.oid, 'EXECUTE')), 0::bigint,
	'nobody has anything of large objects');
SET LOCAL ROLE drawd_notary;
SELECT throws_ok($$UPDATE drawd.round SET policy = ''$$, '42501', NULL,
	'the notary cannot edit a policy');
SELECT throws_ok($$UPDATE drawd.log_entry SET note = ''$$, '42501', NULL,
	'the notary cannot rewrite the log');
RESET ROLE;
INSERT INTO proposal (round, kind) VALUES ('2026-0001', 'lock');
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'lock')$$, '23505', NULL,
	'a second lock is refused');
SET LOCAL ROLE drawd_notary;
SELECT throws_ok($$INSERT INTO drawd.proposal (round, kind) VALUES ('2026-0001', 'lock')$$, '42501', NULL,
	'the notary proposes nothing');
SELECT lives_ok($$UPDATE drawd.proposal SET state = 'refused', error = '{}' WHERE state = 'pending'$$,
	'the notary decides');
WITH u AS (UPDATE drawd.proposal SET state = 'accepted' RETURNING 1)
SELECT is((SELECT count(*) FROM u), 0::bigint, 'once');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
