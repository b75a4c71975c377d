#include "daemon/framerows.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/keyed.h"
#include "daemon/policy/labels.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"
#include "sampler/frame.h"

/* ---- permits in force ----------------------------------------------------------------------- */

/* The permit of an object, or of an entity: then of all its objects. */
struct permit {
	struct bytes key, name;
};

/* What a row of the query frame_rows has behind those facts that stand first. */
enum row_column { ROW_LABELS = FACT_CLASS + 1, ROW_CHECKED, ROW_ACTIVE, ROW_COLUMNS };

/* What stands elsewhere of an object or of its entity: looked up by that key. */
enum side {
	SIDE_LABELS, /* told of it, in force */
	SIDE_CHECKS, /* past inspections of lists */
	SIDE_RECODED, /* `t` where it stands beside what it became, class, inspections before */
	SIDE_LISTED, /* by entity: lists (名单) on which it stands, as labels */
	SIDE_FOCUS, /* by entity: labels of triggers */
	SIDE_VISITS, /* by entity: `entered`, `reserved` */
	SIDE_COMPUTED, /* by entity: class or `-`, `t` or `f` (does it go before that of the
			* register?), classes of fields */
	SIDE_GIVEN, /* the same of those to whom somebody gave a class: in place of the computed */
	SIDES
};

struct rows {
	struct arena *arena;
	struct label_rules *rules;
	struct permit *permit; /* bytewise by key */
	size_t permits, room;
	struct bytes *name; /* of the object at hand */
	struct keyed side[SIDES];
	struct bytes *member; /* of the lists at hand */
	size_t members;
	struct buf labels, checked; /* of the row at hand */
	db_each *row;
	void *ctx;
};

static struct bytes kept(struct arena *a, struct bytes b)
{
	return (struct bytes){ arena_strndup(a, b.p, b.n), b.n };
}

static bool on_permit(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct rows *r = ctx;
	(void)columns;
	(void)e;
	if (r->permits == r->room) {
		struct permit *more = arena_calloc(r->arena, 2 * r->room + 64, sizeof *more);
		if (r->permits > 0)
			memcpy(more, r->permit, r->permits * sizeof *more);
		r->permit = more;
		r->room = 2 * r->room + 64;
	}
	r->permit[r->permits++] =
		(struct permit){ kept(r->arena, value[0]), kept(r->arena, value[1]) };
	return true;
}

/* The first permit with that key, or where it would stand. */
static size_t find(const struct rows *r, struct bytes key)
{
	size_t low = 0, high = r->permits;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (bytes_compare(r->permit[mid].key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static size_t names_of(struct rows *r, struct bytes key, size_t n)
{
	for (size_t i = find(r, key); i < r->permits && bytes_equal(r->permit[i].key, key); i++)
		r->name[n++] = r->permit[i].name;
	return n;
}

/* Rules that look at permits, and the permits; no rules: none do. */
static bool read_permits(
	struct rows *r, struct db *stream, const char *labels, const char *day, struct err *e)
{
	const struct db_param on[] = { DB_TEXT(day) };
	if (labels[0] == '\0')
		return true;
	if (!label_rules_load(&r->rules, r->arena, labels, e))
		return false;
	if (label_rules_have_permits(r->rules) &&
		!db_stream(stream, Q_permits_on, on, on_permit, r, e))
		return false;
	r->name = arena_calloc(r->arena, r->permits + 1, sizeof *r->name);
	return true;
}

/* ---- lists --------------------------------------------------------------------------------- */

static int compare_member(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static void add_member(struct rows *r, size_t n, struct bytes member)
{
	if (n == r->members) {
		struct bytes *more = arena_calloc(r->arena, 2 * r->members + 64, sizeof *more);
		if (n > 0)
			memcpy(more, r->member, n * sizeof *more);
		r->member = more;
		r->members = 2 * r->members + 64;
	}
	r->member[n] = member;
}

/* One list of several: the only one there is as it stands, else in `to`. */
static struct bytes join(struct rows *r, const struct bytes *list, size_t lists, struct buf *to)
{
	size_t n = 0, there = 0;
	struct bytes only = BYTES("");
	for (size_t i = 0; i < lists; i++) {
		struct bytes rest = list[i];
		bool more = rest.n > 0;
		if (more)
			only = rest;
		there += more;
		while (more)
			add_member(r, n++, bytes_cut(&rest, ',', &more));
	}
	if (there < 2)
		return only;
	qsort(r->member, n, sizeof *r->member, compare_member);
	to->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && bytes_equal(r->member[i - 1], r->member[i]))
			continue;
		if (to->n > 0)
			buf_byte(to, ',');
		buf_bytes(to, r->member[i]);
	}
	return buf_view(to);
}

/* ---- what stands elsewhere ----------------------------------------------------------------- */

struct filling {
	struct keyed *into;
	struct buf *line;
};

/* The first column is the key; the others, joined by TAB, its text. */
static bool on_side(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct filling *f = ctx;
	f->line->n = 0;
	for (size_t i = 1; i < columns; i++) {
		if (i > 1)
			buf_byte(f->line, '\t');
		buf_bytes(f->line, value[i]);
	}
	return value[0].n == 0 || keyed_put(f->into, value[0], buf_view(f->line), e);
}

static bool read_side(struct rows *r, struct db *stream, enum side side, enum query_id q,
	const struct db_param *p, struct err *e)
{
	struct filling f = { &r->side[side], &r->checked };
	return db_stream(stream, q, p, on_side, &f, e);
}

/* Classes of one entity come together: '' the general one, then those of fields. */
struct classing {
	struct rows *r;
	struct keyed *into;
	struct buf entity, fields;
	char class, first;
};

static bool end_entity(struct classing *c, struct err *e)
{
	struct buf *b = &c->r->checked;
	struct bytes fields = buf_view(&c->fields), one[2] = { fields, fields };
	if (c->entity.n == 0)
		return true;
	/* in the order of the whole elements, which is not that of the fields */
	fields = join(c->r, one, 2, &c->r->labels);
	b->n = 0;
	buf_byte(b, c->class);
	buf_byte(b, c->first);
	buf_bytes(b, fields);
	return keyed_put(c->into, buf_view(&c->entity), buf_view(b), e);
}

static bool on_class(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct classing *c = ctx;
	(void)columns;
	if (!bytes_equal(buf_view(&c->entity), value[0])) {
		if (!end_entity(c, e))
			return false;
		c->entity.n = c->fields.n = 0;
		c->class = '-';
		c->first = 'f';
		buf_bytes(&c->entity, value[0]);
	}
	if (value[1].n == 0) {
		c->class = value[2].n > 0 ? value[2].p[0] : '-';
		c->first = bytes_is(value[3], "t") ? 't' : 'f';
		return true;
	}
	if (c->fields.n > 0)
		buf_byte(&c->fields, ',');
	buf_bytes(&c->fields, value[1]);
	buf_byte(&c->fields, '=');
	buf_bytes(&c->fields, value[2]);
	return true;
}

static bool read_classes(struct rows *r, struct db *stream, enum side side, enum query_id q,
	const struct db_param *on, struct err *e)
{
	struct classing c = { .r = r, .into = &r->side[side] };
	c.entity = buf_new(r->arena, 64);
	c.fields = buf_new(r->arena, 256);
	return db_stream(stream, q, on, on_class, &c, e) && end_entity(&c, e);
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* The items of the policy, of which past inspections are told: `code TAB department TAB name`. */
static struct bytes items_text(const struct policy *p, struct arena *a)
{
	struct buf b = buf_new(a, 4096);
	for (uint32_t i = 0; i < p->item_count; i++) {
		const struct item *item = &p->items[i];
		const struct bytes field[] = { item->code, BYTES("\t"), item->department_code,
			BYTES("\t"), item->name, BYTES("\n") };
		for (size_t k = 0; k < sizeof field / sizeof *field; k++)
			buf_bytes(&b, field[k]);
	}
	return buf_view(&b);
}

/* Columns of the text of a key; empty ones where there is none. */
static bool look_up(
	struct rows *r, enum side side, struct bytes key, struct bytes *column, size_t n)
{
	struct bytes text = BYTES("");
	bool more, there = keyed_get(&r->side[side], key, &text);
	for (size_t i = 0; i < n; i++)
		column[i] = bytes_cut(&text, '\t', &more);
	return there;
}

static void set_class(struct rows *r, struct bytes *fact)
{
	struct bytes of;
	fact[FACT_CLASSES] = BYTES("");
	if (!keyed_get(&r->side[SIDE_GIVEN], fact[FACT_ENTITY], &of) &&
		!keyed_get(&r->side[SIDE_COMPUTED], fact[FACT_ENTITY], &of))
		return;
	if (of.p[0] != '-' && (fact[FACT_CLASS].n == 0 || of.p[1] == 't'))
		fact[FACT_CLASS] = (struct bytes){ of.p, 1 };
	fact[FACT_CLASSES] = (struct bytes){ of.p + 2, of.n - 2 };
}

/* Gone from here: what its list says is not in use, and what stands beside the code it became. */
static bool has_moved(struct bytes status, struct bytes active, struct bytes replaced)
{
	return (bytes_is(active, "f") || bytes_is(replaced, "t")) &&
	       !bytes_is(status, "cancelled") && !bytes_is(status, "revoked");
}

static void make_facts(struct rows *r, const struct bytes *value, struct bytes *fact)
{
	struct bytes object = value[FACT_OBJECT], entity = value[FACT_ENTITY], recoded[3];
	struct bytes labels[] = { value[ROW_LABELS], BYTES(""), BYTES(""), BYTES("") };
	struct bytes checked[] = { value[ROW_CHECKED], BYTES(""), BYTES("") };

	memcpy(fact, value, ROW_LABELS * sizeof *fact);
	look_up(r, SIDE_RECODED, object, recoded, 3);
	look_up(r, SIDE_LABELS, object, &labels[1], 1);
	look_up(r, SIDE_FOCUS, entity, &labels[2], 1);
	look_up(r, SIDE_LISTED, entity, &labels[3], 1);
	look_up(r, SIDE_CHECKS, object, &checked[1], 1);
	checked[2] = recoded[2];
	if (has_moved(fact[FACT_STATUS], value[ROW_ACTIVE], recoded[0]))
		fact[FACT_STATUS] = BYTES("moved");
	if (fact[FACT_CLASS].n == 0)
		fact[FACT_CLASS] = recoded[1];
	set_class(r, fact);
	fact[FACT_LABELS] = join(r, labels, 4, &r->labels);
	fact[FACT_CHECKED] = join(r, checked, 3, &r->checked);
	if (!look_up(r, SIDE_VISITS, entity, &fact[FACT_ENTERED], 2))
		fact[FACT_RESERVED] = BYTES("0");
}

static bool hand_on(struct rows *r, struct bytes *fact, struct err *e)
{
	size_t n = names_of(r, fact[FACT_OBJECT], 0);
	if (!bytes_equal(fact[FACT_OBJECT], fact[FACT_ENTITY]))
		n = names_of(r, fact[FACT_ENTITY], n);
	if (n == 0)
		return r->row(r->ctx, fact, FRAME_FACTS, e);
	ARENA_AUTO a = arena_new();
	struct buf labels = buf_new(a, 256);
	label_rules_permits(r->rules, r->name, n, fact[FACT_LABELS], &labels);
	fact[FACT_LABELS] = buf_view(&labels);
	return r->row(r->ctx, fact, FRAME_FACTS, e);
}

static bool on_object(void *ctx, const struct bytes *value, size_t columns, struct err *e)
{
	struct rows *r = ctx;
	struct bytes fact[FRAME_FACTS];
	if (columns != ROW_COLUMNS)
		return err_set(e, ERR_QUERY, "%zu columns", columns);
	make_facts(r, value, fact);
	return hand_on(r, fact, e);
}

/* All that is looked up. */
static bool read_sides(struct rows *r, struct db *stream, const struct frame_rows_of *of,
	const struct db_param *on, struct err *e)
{
	const struct policy *p = of->policy;
	char since[CIVIL_TEXT], cycle[CIVIL_TEXT];
	const struct db_param checks[] = { on[0], DB_TEXT(civil_format(p->cycle_from, cycle)),
		DB_BYTES(items_text(p, r->arena)), DB_INT(of->demo) };
	const struct db_param visits[] = { DB_INT(of->demo),
		DB_TEXT(civil_format(policy_counts_from(p, of->day), since)), on[0] };

	return read_side(r, stream, SIDE_LABELS, Q_frame_labels, on, e) &&
	       read_side(r, stream, SIDE_CHECKS, Q_frame_checks, checks, e) &&
	       read_side(r, stream, SIDE_RECODED, Q_frame_recoded, on, e) &&
	       read_side(r, stream, SIDE_LISTED, Q_frame_listed, on, e) &&
	       read_side(r, stream, SIDE_FOCUS, Q_frame_focus, on, e) &&
	       read_side(r, stream, SIDE_VISITS, Q_frame_visits, visits, e) &&
	       read_classes(r, stream, SIDE_COMPUTED, Q_frame_computed, on, e) &&
	       read_classes(r, stream, SIDE_GIVEN, Q_frame_given, on, e);
}

bool frame_rows(
	struct db *stream, const struct frame_rows_of *of, db_each *row, void *ctx, struct err *e)
{
	char day[CIVIL_TEXT];
	ARENA_AUTO all = arena_new();
	struct rows r = { .arena = all, .row = row, .ctx = ctx };
	const struct db_param on[] = { DB_TEXT(civil_format(of->day, day)) };
	DB_ROWS plan = { 0 };

	for (size_t i = 0; i < SIDES; i++)
		r.side[i].arena = r.arena;
	r.labels = buf_new(r.arena, 4096);
	r.checked = buf_new(r.arena, 4096);
	return db_query(stream, Q_frame_plan, NULL, &plan, e) &&
	       read_permits(&r, stream, of->labels, day, e) && read_sides(&r, stream, of, on, e) &&
	       db_stream(stream, Q_frame_rows, on, on_object, &r, e);
}
