-- The registers (一单两库 and what belongs to them): what each is made of, the batches that bring their facts,
-- and a table of facts for each. A file is a batch; what it says are facts, which are appended, in one
-- transaction. They count while their batch is confirmed: no fact that ever counted is changed or deleted.
-- What holds now is read off the facts by the views *_current, what held at a time by the functions
-- *_as_of. How a batch goes from state to state stands in 0014_imports.sql.

-- The table of daemon/register/registers.c, in its order; tests/db/registers.sh holds the two together.
CREATE TABLE drawd.register (
	place int PRIMARY KEY,
	name text NOT NULL UNIQUE,
	zh text NOT NULL,
	tbl text NOT NULL UNIQUE,
	key text NOT NULL, -- columns[1]: what its rows are known by
	columns text[] NOT NULL,
	forms text[] NOT NULL, -- of each column: text, date, token, list, code, number, flag, personal
	entity text, -- the column that names an entity or an object
	sight text NOT NULL CHECK (sight IN ('own', 'all', 'need')), -- whose rows a department sees; need: its own only
	giver text NOT NULL CHECK (giver IN ('department', 'office', 'motion')) -- who brings it
);
INSERT INTO drawd.register
SELECT row_number() OVER (), v.name, v.zh, v.tbl, f.columns[1], f.columns, f.forms, v.entity, v.sight, v.giver
  FROM (VALUES
	('entities', '检查对象名录库', 'entity_fact', 'entity', 'own', 'department',
		'object:code entity:code name kind:token industry region established:date'
		' status:token since:date class:token labels:list checked:list address scope x:number'
		' y:number matched:list reg_no pripid category:token type authority station'
		' capital:number paid:number legal_person liaison:personal phone:personal'
		' approved:date term:date pools:list active:flag industry_text'),
	('inspectors', '执法检查人员名录库', 'inspector_fact', NULL, 'own', 'department',
		'inspector department:token name certificate_no certificate:date regions:list'
		' items:list leave:list lim:number active:flag unit sex:token level:token duty post'
		' major education:token title work_no expert:flag province_certificate_no'
		' province_certificate:date specialties:list id_no:personal phone:personal'
		' born:personal'),
	('recusals', '回避', 'recusal_fact', 'subject', 'own', 'motion',
		'id inspector department:token certificate_no subject:code ground since:date'
		' kind:token'),
	('experts', '专家库', 'expert_fact', NULL, 'all', 'department',
		'id department:token name unit field title from_date:date until:date phone:personal'
		' id_no:personal active:flag'),
	('agencies', '专业机构', 'agency_fact', 'id', 'all', 'department',
		'id:code name field qualification certificate_no until:date department:token address'
		' phone:personal'),
	('authorities', '行政检查主体资格', 'authority_fact', NULL, 'all', 'office',
		'id:token department:token name kind:token basis region published:date url'
		' from_date:date until:date'),
	('items', '随机抽查事项清单', 'item_fact', NULL, 'all', 'department',
		'id department:token unit number category name object grade:token methods body'
		' level:list basis content standard ratio frequency staff office safety:flag field'
		' from_date:date until:date'),
	('joint_items', '部门联合抽查事项清单', 'joint_item_fact', NULL, 'all', 'office',
		'id number field name object lead partners basis grade:token level:list'
		' from_date:date until:date'),
	('checklists', '检查内容与标准', 'checklist_fact', NULL, 'all', 'department',
		'id item number content standard method basis'),
	('regions', '行政区划', 'region_fact', NULL, 'all', 'office',
		'id code name level:token parent from_date:date until:date successor'),
	('calendar', '工作日历', 'calendar_fact', NULL, 'all', 'office',
		'id:date date:date working:flag name'),
	('labels', '标签', 'label_fact', 'object', 'own', 'department',
		'id object:code label:token from_date:date until:date basis'),
	('listings', '名单', 'listing_fact', 'entity', 'own', 'department',
		'id entity:code name list:token from_date:date until:date removed:date reason'
		' authority document'),
	('commitments', '信用承诺', 'commitment_fact', 'entity', 'own', 'department',
		'id entity:code kind:token content date:date outcome:token checked:date authority'
		' document'),
	('declarations', '自主申报', 'declaration_fact', 'entity', 'own', 'department',
		'id entity:code field value date:date verified:flag verified_by verified_on:date'),
	('events', '信用事件', 'event_fact', 'entity', 'own', 'department',
		'id entity:code object:code kind:token field date:date authority document content'
		' amount:number ends:date repaired:date'),
	('permits', '许可证', 'permit_fact', 'entity', 'own', 'department',
		'id entity:code object:code name number from_date:date until:date authority'
		' state:token'),
	('checks', '既往检查', 'check_fact', 'entity', 'own', 'department',
		'id object:code entity:code date:date department:token authority item result'
		' mode:token cause:flag inspectors'),
	('successions', '主体变更', 'succession_fact', 'old', 'own', 'department',
		'id old:code new:code kind:token date:date reason document'),
	('exceptions', '历史赋码例外', 'exception_fact', 'code', 'own', 'office',
		'id:code code:code name reason document date:date'),
	('grades', '分级结果', 'grade_fact', 'entity', 'need', 'department',
		'id entity:code source:token field:token scale:token value date:date until:date'
		' authority document')
	) v (name, zh, tbl, entity, sight, giver, facts)
 CROSS JOIN LATERAL (
	SELECT array_agg(split_part(w, ':', 1) ORDER BY n) AS columns,
	       array_agg(coalesce(nullif(split_part(w, ':', 2), ''), 'text') ORDER BY n) AS forms
	  FROM string_to_table(v.facts, ' ') WITH ORDINALITY AS t (w, n)) f;

-- ---- batches -----------------------------------------------------------------------------------

-- open: its file is read; staged: all its facts are there and wait; confirmed: they count; discarded:
-- they were deleted before they counted; undone: they do not count any more; failed: nothing came of it.
-- Counts and result are written when the file was read, and stand: that there is a result says that the
-- batch was committed, so that a job taken again after its commit gives the same answer.
CREATE TABLE drawd.import_batch (
	id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	kind text NOT NULL REFERENCES drawd.register (name),
	upload int8 NOT NULL REFERENCES drawd.upload,
	job int8 UNIQUE REFERENCES drawd.job,
	source text NOT NULL CHECK (source <> '*'), -- where the data come from; * is said of all in figures
	person text NOT NULL, -- who answers for them
	scope text NOT NULL DEFAULT 'update' CHECK (scope IN ('update', 'full')), -- full: what it lacks is gone
	sheet text NOT NULL DEFAULT '',
	rows int8 NOT NULL DEFAULT 0,
	accepted int8 NOT NULL DEFAULT 0,
	refused int8 NOT NULL DEFAULT 0,
	repaired int8 NOT NULL DEFAULT 0, -- accepted rows with a repair
	remarked int8 NOT NULL DEFAULT 0, -- accepted rows with a remark
	new_rows int8 NOT NULL DEFAULT 0, -- against what counted when it was staged
	changed int8 NOT NULL DEFAULT 0,
	gone int8 NOT NULL DEFAULT 0,
	same int8 NOT NULL DEFAULT 0,
	encoding text NOT NULL DEFAULT '',
	mapping jsonb NOT NULL DEFAULT '[]', -- of headers: [{"header", "column", "how"}]
	preview jsonb, -- import_stage (0014)
	created_at timestamptz NOT NULL DEFAULT now(),
	state text NOT NULL DEFAULT 'open'
		CHECK (state IN ('open', 'staged', 'confirmed', 'discarded', 'undone', 'failed')),
	staged_at timestamptz,
	confirmed_at timestamptz,
	confirmed_by drawd.token REFERENCES drawd.account,
	undone_at timestamptz,
	undone_by drawd.token REFERENCES drawd.account,
	undo_reason text,
	reason jsonb, -- why it failed: {"code", "where", "what"}
	result jsonb,
	said_any int8, -- columns that some of its rows say and that all of them say: a bit for each, -1 unknown
	said_all int8,
	file drawd.hash REFERENCES drawd.artefact, -- the original with its errors, as XLSX
	file_state text NOT NULL DEFAULT 'none' CHECK (file_state IN ('none', 'wanted', 'ready', 'failed', 'removed')),
	department drawd.token REFERENCES drawd.department, -- whose list it is; NULL: the whole installation's
	spared text NOT NULL DEFAULT '', -- of a whole list: keys that its refused rows may have meant (import_spared)
	follows int8 REFERENCES drawd.import_batch, -- made with the undoing of another, because of this whole list
	because int8 REFERENCES drawd.import_batch, -- that other
	CHECK ((confirmed_at IS NOT NULL) = (state IN ('confirmed', 'undone'))),
	CHECK ((undone_at IS NOT NULL) = (state = 'undone')),
	CHECK (undone_at >= confirmed_at),
	CHECK ((file_state = 'ready') = (file IS NOT NULL)),
	CHECK (NOT (kind = 'recusals' AND scope = 'full')) -- a recusal ends by a motion only
);
CREATE INDEX import_batch_upload ON drawd.import_batch (upload);
CREATE INDEX import_batch_kind ON drawd.import_batch (kind, id);

-- A narrow door, by which everybody's facts can be told to count: batches that do or did. lacks: columns
-- (bits, as of said_all) that some of its rows leave unsaid and an earlier batch says.
CREATE VIEW drawd.batch_counted AS
	SELECT id, kind, confirmed_at, undone_at, coalesce(earlier, 0) & ~said_all AS lacks
	  FROM (SELECT id, kind, confirmed_at, undone_at, coalesce(said_all, 0) AS said_all,
		       bit_or(coalesce(said_any, -1)) OVER (PARTITION BY kind ORDER BY id
				ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier
		  FROM drawd.import_batch
		 WHERE confirmed_at IS NOT NULL) b;

-- A batch is of the department that asked for its job.
CREATE FUNCTION drawd.stamp_batch() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
BEGIN
	NEW.department := (SELECT department FROM job WHERE id = NEW.job);
	RETURN NEW;
END
$$;
CREATE TRIGGER a_stamp BEFORE INSERT ON drawd.import_batch
	FOR EACH ROW WHEN (NEW.job IS NOT NULL) EXECUTE FUNCTION drawd.stamp_batch();

CREATE TABLE drawd.import_error (
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	ordinal int8 NOT NULL, -- 1, 2, … in the order of the file
	line int8 NOT NULL,
	col text NOT NULL,
	value text NOT NULL,
	code text NOT NULL, -- name of an error of the error table
	detail text NOT NULL DEFAULT '',
	severity text NOT NULL CHECK (severity IN ('error', 'repair', 'remark')),
	PRIMARY KEY (batch, ordinal)
);

-- Which column a header of a source's files is ('': none), as whoever confirmed one of them had said. The last of
-- those that count stands.
CREATE TABLE drawd.header_mapping (
	source text NOT NULL,
	kind text NOT NULL REFERENCES drawd.register (name),
	department text NOT NULL, -- '': the whole installation's
	header text NOT NULL,
	"column" text NOT NULL,
	batch int8 NOT NULL REFERENCES drawd.import_batch,
	PRIMARY KEY (source, kind, department, header, batch)
);

-- ---- values ------------------------------------------------------------------------------------

-- Of values in descending order of batches the first that is not NULL.
CREATE FUNCTION drawd.keep_first(anyelement, anyelement) RETURNS anyelement
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1';
CREATE AGGREGATE drawd.last_said(anyelement) (SFUNC = drawd.keep_first, STYPE = anyelement);

-- What the code of an entity tells: 登记管理部门 and 类别 (GB 32100-2015), and 登记管理机关行政区划.
CREATE FUNCTION drawd.kind_of_code(code text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN code !~ '^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$' THEN ''
		WHEN left(code, 2) = '91' THEN 'enterprise'
		WHEN left(code, 2) = '92' THEN 'individual'
		WHEN left(code, 2) = '93' THEN 'cooperative'
		WHEN left(code, 2) IN ('21', '61', '62') THEN 'office'
		ELSE 'other'
	END
$$;
CREATE FUNCTION drawd.region_of_code(code text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN code ~ '^[0-9A-HJ-NP-RTUW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}$' THEN substr(code, 3, 6)
		ELSE ''
	END
$$;

-- Lists of PROTOCOL.md §5 as one.
CREATE FUNCTION drawd.join_lists(VARIADIC lists text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(string_agg(DISTINCT m COLLATE "C", ',' ORDER BY m COLLATE "C"), '')
	  FROM unnest(lists) AS list, string_to_table(list, ',') AS m
	 WHERE m <> ''
$$;

-- ---- facts -------------------------------------------------------------------------------------

-- What a file said, with the columns of PROTOCOL.md §5 where the draw reads them. Empty is "unknown",
-- NULL is a column the file does not have, of which what was said before stands. Source, person and time
-- of a fact are those of its batch. gone, in line 0: the source of this batch said it before, and the
-- whole list that is this batch does not.
-- No domain and no foreign key here: they would cost two thirds of an import's time. The worker checks
-- every code, and the batch is the one it writes in the same transaction.
CREATE TABLE drawd.entity_fact (
	object text COLLATE "C" NOT NULL CHECK (octet_length(object) BETWEEN 1 AND 55),
	batch int8 NOT NULL, -- of import_batch
	line int8 NOT NULL,
	gone boolean NOT NULL DEFAULT false,
	entity text COLLATE "C" NOT NULL DEFAULT '',
	name text NOT NULL DEFAULT '',
	matched text NOT NULL DEFAULT '' -- labels by rules on name, scope and industry
);
-- Opaque ids (SCJG-0001), given once and for ever; the certificate number never leaves this house.
CREATE TABLE drawd.inspector_number (
	department drawd.token NOT NULL REFERENCES drawd.department,
	certificate_no text COLLATE "C" NOT NULL,
	inspector drawd.inspector_id NOT NULL UNIQUE,
	PRIMARY KEY (department, certificate_no)
);
CREATE TABLE drawd.inspector_fact (
	inspector drawd.inspector_id NOT NULL,
	batch int8 NOT NULL,
	line int8 NOT NULL,
	gone boolean NOT NULL DEFAULT false,
	department drawd.token NOT NULL,
	name text NOT NULL DEFAULT '',
	certificate_no text NOT NULL DEFAULT '',
	certificate text NOT NULL DEFAULT '', -- valid until, YYYY-MM-DD
	lim int CHECK (lim BETWEEN 0 AND 9999),
	active boolean
);
-- From a file, or from a motion (0007, which adds what it needs).
CREATE TABLE drawd.recusal_fact (
	inspector drawd.inspector_id NOT NULL,
	subject drawd.object_id NOT NULL, -- an object or an entity
	ground text NOT NULL DEFAULT '',
	since text NOT NULL DEFAULT '',
	kind text NOT NULL DEFAULT '', -- self, employer, kin, entity, other
	batch int8 REFERENCES drawd.import_batch,
	line int8 NOT NULL DEFAULT 0,
	at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX recusal_fact_current ON drawd.recusal_fact (inspector, subject, batch DESC, line DESC);
CREATE INDEX recusal_fact_batch ON drawd.recusal_fact USING brin (batch);

-- The tables of the others, and of these the other columns: a text for each fact.
DO $$
DECLARE
	r drawd.register;
	c text;
BEGIN
	FOR r IN SELECT * FROM drawd.register WHERE name <> 'recusals' ORDER BY place LOOP
		IF to_regclass(format('drawd.%I', r.tbl)) IS NULL THEN
			EXECUTE format('CREATE TABLE drawd.%I (%I text COLLATE "C" NOT NULL
				CHECK (octet_length(%2$I) BETWEEN 1 AND 200), batch int8 NOT NULL, line int8 NOT NULL,
				gone boolean NOT NULL DEFAULT false)', r.tbl, r.key);
		END IF;
		FOREACH c IN ARRAY r.columns LOOP
			CONTINUE WHEN EXISTS (SELECT FROM pg_attribute
			                       WHERE attrelid = format('drawd.%I', r.tbl)::regclass AND attname = c);
			EXECUTE format('ALTER TABLE drawd.%I ADD COLUMN %I text%s', r.tbl, c,
				CASE WHEN c = r.entity THEN ' COLLATE "C"' ELSE '' END);
		END LOOP;
		EXECUTE format('CREATE INDEX %I ON drawd.%I (%I, batch DESC, line DESC)', r.tbl || '_current',
			r.tbl, r.key);
		-- costs a COPY nothing
		EXECUTE format('CREATE INDEX %I ON drawd.%I USING brin (batch)', r.tbl || '_batch', r.tbl);
	END LOOP;
END
$$;

-- ---- what holds --------------------------------------------------------------------------------

-- The class of an object, where the asker may know it: of what his departments said, NULL where not; ''
-- where nobody said one. Rights to columns cannot tell rows apart. at: NULL is now.
CREATE FUNCTION drawd.class_seen(the_object text, at timestamptz) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	said record;
BEGIN
	SELECT f.class, f.gone, b.department INTO said
	  FROM entity_fact f JOIN import_batch b ON b.id = f.batch
	 WHERE f.object = the_object AND (f.class IS NOT NULL OR f.gone)
	   AND b.confirmed_at <= coalesce(class_seen.at, 'infinity')
	   AND (b.undone_at IS NULL OR b.undone_at > class_seen.at)
	 ORDER BY f.batch DESC, f.line DESC LIMIT 1;
	RETURN CASE WHEN NOT FOUND OR said.gone THEN ''
		WHEN sees_all() OR said.department = ANY (my_departments()) THEN said.class END;
END
$$;

-- The same of one fact.
CREATE FUNCTION drawd.class_said(the_object text, the_batch int8, the_line int8) RETURNS text
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
DECLARE
	said record;
BEGIN
	SELECT f.class, b.department INTO said
	  FROM entity_fact f LEFT JOIN import_batch b ON b.id = f.batch
	 WHERE f.object = the_object AND f.batch = the_batch AND f.line = the_line;
	RETURN CASE WHEN sees_all() OR said.department = ANY (my_departments()) THEN said.class END;
END
$$;

-- The query of a view: of each key the last fact that counts, unless it is gone. What it leaves unsaid comes
-- from the facts before it, none before it was gone (p: a value for each column, looked up only where an earlier
-- batch says one).
-- Labels by rules stand until a file has the column again in which they were found. columns: which are
-- shown; counts: a condition on a row b of batch_counted; class: how the class of an entity is told, with %s for
-- what the facts say where the draw reads it: there what the code tells stands in for what nobody said, if derived.
CREATE FUNCTION drawd.register_query(r drawd.register, columns text[], counts text, class text,
	derived boolean DEFAULT true) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	special jsonb := CASE WHEN class ~ '%s' AND derived THEN jsonb_build_object(
		'entities.kind', 'coalesce(nullif(%s, ''''), drawd.kind_of_code(f.entity))',
		'entities.region', 'coalesce(nullif(%s, ''''), drawd.region_of_code(f.entity))')
		ELSE '{}' END || CASE WHEN class !~ '%s' THEN jsonb_build_object( -- shown: which label is whose
		'entities.matched', 'CASE WHEN f.partial THEN drawd.join_lists(%s, p.said[1], p.said[2]) ELSE %1$s END')
		ELSE jsonb_build_object('entities.labels', 'CASE WHEN coalesce(%s, '''') = '''' AND NOT f.partial THEN f.matched
			WHEN f.matched = '''' AND NOT f.partial THEN f.labels
			ELSE drawd.join_lists(%1$s, f.matched, p.said[1], p.said[2]) END') END || jsonb_build_object(
		'entities.class', class,
		'inspectors.lim', '%s', 'inspectors.active', '%s', 'inspectors.regions', '%s', 'inspectors.items', '%s');
	extra text[] := CASE WHEN r.name = 'entities'
		THEN ARRAY['drawd.last_said(matched) FILTER (WHERE scope IS NOT NULL)',
			'drawd.last_said(matched) FILTER (WHERE industry IS NOT NULL)'] ELSE '{}' END;
	shown text := format('f.%I, f.batch, f.line', r.key);
	facts text := format('t.%I, t.batch, t.line, t.gone', r.key) -- nothing else: rights are asked for each column
		|| CASE WHEN r.name = 'entities' THEN ', t.matched' ELSE '' END;
	unsaid text[] := '{}';
	said text[] := extra;
	mask int8 := 0;
	c record;
BEGIN
	FOR c IN SELECT u.name, a.attnotnull AS always, format_type(a.atttypid, NULL) AS type,
	                array_position(r.columns, u.name) AS place
	           FROM unnest(columns[2:]) WITH ORDINALITY AS u (name, n)
	           JOIN pg_attribute a ON a.attrelid = format('drawd.%I', r.tbl)::regclass AND a.attname = u.name
	          ORDER BY n LOOP
		IF c.name = 'class' AND class !~ '%s' THEN -- told by a door
			shown := shown || format(', %s AS class', class);
			CONTINUE;
		ELSIF c.name <> 'matched' THEN
			facts := facts || format(', t.%I', c.name);
		END IF;
		IF NOT c.always THEN
			unsaid := unsaid || format('t.%I', c.name);
			said := said || format('drawd.last_said(%I)%s', c.name, CASE c.type WHEN 'text' THEN '' ELSE '::text' END);
			mask := mask | (1::int8 << c.place);
		END IF;
		shown := shown || ', ' || format(coalesce(special ->> (r.name || '.' || c.name),
				CASE WHEN c.always THEN '%s' ELSE 'coalesce(%s, '''')' END),
			CASE WHEN c.always THEN format('f.%I', c.name)
			ELSE format('coalesce(f.%I, p.said[%s]%s)', c.name, cardinality(said),
				CASE c.type WHEN 'text' THEN '' ELSE '::' || c.type END) END)
			|| format(' AS %I', c.name);
	END LOOP;
	-- IS TRUE: batches are looked up for the facts as the index gives them, and not joined with them
	RETURN format('SELECT %1$s
	  FROM (SELECT %9$s, row_number() OVER latest AS nth,
		       lead(t.batch) OVER latest IS NOT NULL AND num_nulls(%2$s) > 0
			AND (t.batch IN (SELECT b.id FROM drawd.batch_counted b
			                  WHERE b.kind = %3$L AND b.lacks & %4$s <> 0)) IS TRUE AS partial
		  FROM drawd.%5$I t
		 WHERE (t.batch IN (SELECT b.id FROM drawd.batch_counted b WHERE b.kind = %3$L AND %6$s)) IS TRUE
		WINDOW latest AS (PARTITION BY t.%7$I ORDER BY t.batch DESC, t.line DESC)) f
	 CROSS JOIN LATERAL (
		SELECT CASE WHEN f.partial THEN (
			SELECT ARRAY[%8$s]
			  FROM (SELECT * FROM (
				SELECT %9$s, bool_or(t.gone) OVER (ORDER BY t.batch DESC, t.line DESC) AS past
				  FROM drawd.%5$I t
			         WHERE t.%7$I = f.%7$I AND (t.batch IN (SELECT b.id FROM drawd.batch_counted b
					WHERE b.kind = %3$L AND %6$s)) IS TRUE) t
			         WHERE NOT t.past ORDER BY t.batch DESC, t.line DESC) s) END AS said OFFSET 0) p
	 WHERE f.nth = 1 AND NOT f.gone', shown, array_to_string(unsaid, ', '), r.name, mask, r.tbl, counts,
		r.key, array_to_string(said, ', '), facts);
END
$$;

DO $$
DECLARE
	r drawd.register;
BEGIN
	FOR r IN SELECT * FROM drawd.register WHERE name <> 'recusals' ORDER BY place LOOP
		EXECUTE format('CREATE VIEW drawd.%I WITH (security_invoker = true) AS %s', r.name || '_current',
			drawd.register_query(r, r.columns, 'b.undone_at IS NULL', 'drawd.class_seen(f.object, NULL)'));
		EXECUTE format('CREATE FUNCTION drawd.%I(at timestamptz) RETURNS SETOF drawd.%I LANGUAGE sql STABLE AS %L',
			r.name || '_as_of', r.name || '_current', drawd.register_query(r, r.columns,
			'b.confirmed_at <= $1 AND (b.undone_at IS NULL OR b.undone_at > $1)',
			'drawd.class_seen(f.object, $1)'));
		-- all that was ever said, also by batches that do not count
		EXECUTE format('CREATE VIEW drawd.%I WITH (security_invoker = true) AS SELECT %s, batch, line, gone FROM drawd.%I',
			r.name || '_said', (SELECT string_agg(CASE WHEN (r.name, c) = ('entities', 'class')
				THEN 'drawd.class_said(object, batch, line) AS class' ELSE quote_ident(c) END, ', ')
				FROM unnest(r.columns) c), r.tbl);
	END LOOP;
	-- what the freeze reads
	SELECT * INTO r FROM drawd.register WHERE name = 'entities';
	EXECUTE 'CREATE VIEW drawd.entity_current WITH (security_invoker = true) AS '
		|| drawd.register_query(r, '{object,entity,name,kind,industry,region,established,status,since,class,labels,
			checked,address,scope,x,y,active}', 'b.undone_at IS NULL', 'coalesce(%s, '''')');
END
$$;
CREATE VIEW drawd.inspector_current WITH (security_invoker = true) AS
	SELECT inspector, batch, line, department, name, certificate_no, certificate,
	       coalesce(regions, '*') AS regions, coalesce(items, '*') AS items, leave, coalesce(lim, 0) AS lim,
	       coalesce(active, true) AS active -- what nobody said
	  FROM drawd.inspectors_current;

-- The departments whose lists told a code, or one of its premises, last; '' is the whole installation.
CREATE FUNCTION drawd.code_tellers(the_code text) RETURNS text[]
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	SELECT coalesce(array_agg(DISTINCT coalesce(l.department::text, '')), '{}')
	  FROM (SELECT DISTINCT ON (f.object) b.department
		  FROM entity_fact f JOIN import_batch b ON b.id = f.batch AND b.state = 'confirmed'
		 WHERE f.object >= the_code AND f.object < the_code || '0'
		   AND (f.object = the_code OR starts_with(f.object, the_code || '/'))
		 ORDER BY f.object, f.batch DESC, f.line DESC) l
$$;

-- Codes of regions that are not in force on a day, each with the one that is, over several steps.
CREATE FUNCTION drawd.region_renames(the_day text) RETURNS TABLE (old text, new text)
	LANGUAGE sql STABLE SET search_path = drawd, pg_temp AS $$
	WITH RECURSIVE old AS (
		SELECT code, successor FROM regions_current
		 WHERE successor <> '' AND successor <> code AND (until = '' OR until < the_day)
	), now AS (
		SELECT code FROM regions_current
		 WHERE successor = '' AND (from_date = '' OR from_date <= the_day) AND (until = '' OR until >= the_day)
	), step AS (
		SELECT code, successor, 1 AS n FROM old
		UNION ALL
		SELECT s.code, o.successor, s.n + 1 FROM step s JOIN old o ON o.code = s.successor
		 WHERE s.n < 20 AND s.successor NOT IN (SELECT code FROM now)
	)
	SELECT DISTINCT ON (code) code, successor FROM step
	 WHERE code NOT IN (SELECT code FROM now)
	 ORDER BY code, n DESC
$$;
-- The code of a region by these renames, {old: new}, until none has another. Streets are numbered anew with their
-- county: of one whose county was renamed only the county is known. Facts keep the code that their file has; whoever
-- imports is told (daemon/register/cell_place.c).
CREATE FUNCTION drawd.region_named(code text, renames jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	now text := code;
	next text;
BEGIN
	FOR n IN 1..20 LOOP
		next := coalesce(renames ->> now, CASE WHEN length(now) > 6 THEN renames ->> left(now, 6) END);
		EXIT WHEN next IS NULL;
		now := next;
	END LOOP;
	RETURN now;
END
$$;

-- How often what counts has changed.
CREATE FUNCTION drawd.register_version(the_register text) RETURNS int8
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = drawd, pg_temp AS $$
	SELECT count(confirmed_at) + count(undone_at) FROM import_batch WHERE kind = the_register
$$;

-- ---- who may what ------------------------------------------------------------------------------

GRANT SELECT ON drawd.register, drawd.batch_counted, drawd.import_batch, drawd.import_error,
	drawd.header_mapping, drawd.inspector_number, drawd.recusal_fact
	TO drawd_web, drawd_worker;
GRANT SELECT ON drawd.entity_current, drawd.inspector_current TO drawd_worker;
GRANT INSERT (kind, upload, job, source, person, scope, sheet, mapping) ON drawd.import_batch TO drawd_worker;
GRANT UPDATE (state, rows, accepted, refused, repaired, remarked, new_rows, changed, gone, same, encoding,
	sheet, mapping, preview, result, staged_at, file, file_state)
	ON drawd.import_batch TO drawd_worker;
GRANT EXECUTE ON FUNCTION drawd.last_said(anyelement), drawd.kind_of_code(text),
	drawd.region_of_code(text), drawd.join_lists(text[]), drawd.class_seen(text, timestamptz),
	drawd.class_said(text, int8, int8),
	drawd.register_version(text)
	TO drawd_web, drawd_worker;
-- what a worker copies
GRANT INSERT ON drawd.import_error, drawd.inspector_number TO drawd_loader;
GRANT INSERT (inspector, subject, ground, since, kind, batch, line) ON drawd.recusal_fact TO drawd_loader;

-- Personal facts are sealed before they come here. Web reads no class but by class_seen().
DO $$
DECLARE
	r drawd.register;
BEGIN
	FOR r IN SELECT * FROM drawd.register WHERE name <> 'recusals' ORDER BY place LOOP
		EXECUTE format('GRANT SELECT ON drawd.%I TO drawd_worker', r.tbl);
		EXECUTE format('GRANT INSERT ON drawd.%I TO drawd_loader', r.tbl);
		EXECUTE format('GRANT SELECT (batch, line, gone, %s) ON drawd.%I TO drawd_web',
			(SELECT string_agg(quote_ident(c), ', ') FROM unnest(r.columns) c
			  WHERE (r.name, c) <> ('entities', 'class')), r.tbl);
		EXECUTE format('GRANT SELECT ON drawd.%I, drawd.%I TO drawd_web, drawd_worker', r.name || '_current',
			r.name || '_said');
		EXECUTE format('GRANT EXECUTE ON FUNCTION drawd.%I(timestamptz) TO drawd_web, drawd_worker',
			r.name || '_as_of');
	END LOOP;
END
$$;
