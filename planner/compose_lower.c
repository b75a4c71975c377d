#include "planner/compose_lower.h"

#include <stdlib.h>
#include <string.h>

#include "planner/list.h"
#include "sampler/type.h"

enum { PARTS = 3 }; /* settings of a department beside `apart`; an item has five */

static const char *const department_parts[PARTS] = { "inspects", "name", "regions" };
static const char *const item_parts[] = { "basis", "department", "field", "kind", "name" };
enum { ITEM_PARTS = sizeof item_parts / sizeof *item_parts };

struct lowering {
	struct arena *a;
	struct setting_row *row; /* of the base, growing; the first `sorted` are in order */
	size_t n, room, sorted;
	struct compose_copy *copy;
	size_t copies, copies_room;
};

/* ---- rows ---- */

static struct bytes path_of(struct arena *a, const char *owner, struct bytes code, const char *part)
{
	return bytes_of(arena_printf(a, "%s.%.*s.%s", owner, BYTES_ARG(code), part));
}

static int compare_path(const void *key, const void *row)
{
	return bytes_compare(*(const struct bytes *)key, ((const struct setting_row *)row)->path);
}

/* The value of a path of the base, or no bytes at NULL. */
static struct bytes value_of(const struct lowering *l, struct bytes path)
{
	const struct setting_row *row =
		bsearch(&path, l->row, l->sorted, sizeof *l->row, compare_path);

	return row != NULL ? row->value : (struct bytes){ NULL, 0 };
}

static void add(struct lowering *l, struct bytes path, struct bytes value)
{
	if (l->n == l->room) {
		struct setting_row *more = arena_calloc(l->a, 2 * l->room + 64, sizeof *more);
		if (l->n > 0)
			memcpy(more, l->row, l->n * sizeof *more);
		l->row = more;
		l->room = 2 * l->room + 64;
	}
	l->row[l->n++] = (struct setting_row){ path, value };
}

/* Was it added before? Those in order are the base's own. */
static bool is_added(const struct lowering *l, struct bytes path)
{
	for (size_t i = l->sorted; i < l->n; i++)
		if (bytes_equal(l->row[i].path, path))
			return true;
	return value_of(l, path).p != NULL;
}

static void add_department(struct lowering *l, const struct compose_department *d)
{
	const struct bytes value[PARTS] = { d->inspects ? BYTES("yes") : BYTES("no"), d->name,
		d->region };

	for (size_t i = 0; i < PARTS; i++) {
		struct bytes path = path_of(l->a, "department", d->code, department_parts[i]);
		if (!is_added(l, path))
			add(l, path, value[i]);
	}
}

/* ---- items ---- */

static void note_copy(struct lowering *l, struct bytes item, struct bytes of)
{
	if (l->copies == l->copies_room) {
		struct compose_copy *more =
			arena_calloc(l->a, 2 * l->copies_room + 64, sizeof *more);
		if (l->copies > 0)
			memcpy(more, l->copy, l->copies * sizeof *more);
		l->copy = more;
		l->copies_room = 2 * l->copies_room + 64;
	}
	l->copy[l->copies++] = (struct compose_copy){ item, of };
}

/* The item for a department below: its code, or false. */
static bool add_item(struct lowering *l, struct bytes item, const struct compose_department *d,
	struct bytes *code, struct err *e)
{
	*code = bytes_of(arena_printf(l->a, "%.*s-%.*s", BYTES_ARG(item), BYTES_ARG(d->region)));
	if (!type_check(TYPE_TOKEN, *code))
		return err_set(e, ERR_BAD_POLICY, "item %.*s is too long", BYTES_ARG(*code));
	if (is_added(l, path_of(l->a, "item", *code, item_parts[0])))
		return true;
	for (size_t i = 0; i < ITEM_PARTS; i++) {
		struct bytes value = value_of(l, path_of(l->a, "item", item, item_parts[i]));
		if (strcmp(item_parts[i], "department") == 0)
			value = d->code;
		if (value.p != NULL)
			add(l, path_of(l->a, "item", *code, item_parts[i]), value);
	}
	note_copy(l, *code, item);
	return true;
}

static int compare_bytes(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static struct bytes joined(struct arena *a, struct bytes *code, size_t n)
{
	struct buf b = buf_new(a, 200);

	qsort(code, n, sizeof *code, compare_bytes);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_byte(&b, ',');
		buf_bytes(&b, code[i]);
	}
	return buf_view(&b);
}

/* Those of the list, each for every department below its own. */
static bool lower_items(struct lowering *l, const struct compose_below *b, struct bytes list,
	struct bytes *out, struct err *e)
{
	size_t room = 1, n = 0;
	bool more = list.n > 0;

	for (size_t i = 0; i < list.n; i++)
		room += list.p[i] == ',';
	struct bytes *code = arena_calloc(l->a, room * (b->departments + 1), sizeof *code);
	while (more) {
		struct bytes item = bytes_cut(&list, ',', &more);
		struct bytes upper = value_of(l, path_of(l->a, "item", item, "department"));
		size_t before = n;
		for (size_t i = 0; i < b->departments; i++) {
			const struct compose_department *d = &b->department[i];
			if (upper.p == NULL || !bytes_equal(d->upper, upper))
				continue;
			add_department(l, d);
			if (!add_item(l, item, d, &code[n++], e))
				return false;
		}
		if (n == before)
			code[n++] = item;
	}
	*out = joined(l->a, code, n);
	return true;
}

/* ---- tasks ---- */

static struct setting_row *row_of(struct compose_rows *scheme, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < scheme->n; i++) {
		struct bytes path = scheme->row[i].path;
		if (path.n > n && path.p[path.n - n - 1] == '.' &&
			memcmp(path.p + path.n - n, name, n) == 0)
			return (struct setting_row *)(uintptr_t)&scheme->row[i];
	}
	return NULL;
}

static const struct compose_department *below_of(const struct compose_below *b, struct bytes upper)
{
	for (size_t i = 0; i < b->departments; i++)
		if (bytes_equal(b->department[i].upper, upper))
			return &b->department[i];
	return NULL;
}

static bool lower_task(struct lowering *l, const struct compose_below *b, struct err *e)
{
	struct compose_rows scheme = compose_sorted(&b->task->scheme, l->a);
	struct setting_row *items = row_of(&scheme, "items"), *lead = row_of(&scheme, "lead"),
			   *level = row_of(&scheme, "level");

	if (items == NULL || lead == NULL || level == NULL)
		return err_set(e, ERR_BAD_POLICY, "scheme %.*s: items, lead, level",
			BYTES_ARG(b->task->code));
	const struct compose_department *first = below_of(b, lead->value);
	if (first == NULL)
		return err_set(e, ERR_NO_DEPARTMENT, "%.*s: %.*s has no department below it",
			BYTES_ARG(b->task->code), BYTES_ARG(lead->value));
	if (!lower_items(l, b, items->value, &items->value, e))
		return err_at(e, "%.*s", BYTES_ARG(b->task->code));
	lead->value = first->code;
	level->value = b->level;
	b->task->scheme = scheme;
	return true;
}

/* ---- departments apart ---- */

static bool stands_in(struct bytes code, struct bytes list)
{
	bool more = list.n > 0;

	while (more)
		if (bytes_equal(bytes_cut(&list, ',', &more), code))
			return true;
	return false;
}

static bool is_department(const struct lowering *l, const struct compose_department *d)
{
	return is_added(l, path_of(l->a, "department", d->code, department_parts[0]));
}

/* A department below never takes part in one visit with those below the ones that its own upper
 * department is apart from. */
static void add_apart(struct lowering *l, const struct compose_below *b)
{
	struct bytes *code = arena_calloc(l->a, b->departments + 1, sizeof *code);

	for (size_t i = 0; i < b->departments; i++) {
		const struct compose_department *d = &b->department[i];
		struct bytes path = path_of(l->a, "department", d->code, "apart");
		struct bytes upper = value_of(l, path_of(l->a, "department", d->upper, "apart"));
		size_t n = 0;
		if (!is_department(l, d) || is_added(l, path))
			continue;
		for (size_t k = 0; k < b->departments; k++)
			if (stands_in(b->department[k].upper, upper) &&
				is_department(l, &b->department[k]))
				code[n++] = b->department[k].code;
		add(l, path, joined(l->a, code, n));
	}
}

bool compose_lower(struct compose_rows *base, const struct compose_below *below, size_t n,
	struct arena *a, const struct compose_copy **copy, size_t *copies, struct err *e)
{
	struct compose_rows sorted = compose_sorted(base, a);
	struct lowering l = { .a = a, .n = base->n, .room = base->n, .sorted = base->n };

	l.row = arena_calloc(a, base->n + 1, sizeof *l.row);
	if (base->n > 0)
		memcpy(l.row, sorted.row, base->n * sizeof *l.row);
	for (size_t i = 0; i < n; i++)
		if (!lower_task(&l, &below[i], e))
			return false;
	for (size_t i = 0; i < n; i++)
		add_apart(&l, &below[i]);
	*base = compose_sorted(&(struct compose_rows){ l.row, l.n }, a);
	*copy = l.copy;
	*copies = l.copies;
	return true;
}

/* ---- items of a composed policy ---- */

/* Is that item the copy of the other? */
static bool is_copy(const struct policy *p, const struct item *item, const struct item *of)
{
	const struct list *regions = &p->departments[item->department].regions.list;
	size_t n = of->code.n;

	return regions->n == 1 && item->department != of->department && item->code.n > n &&
	       bytes_starts(item->code, of->code) && item->code.p[n] == '-' &&
	       bytes_equal((struct bytes){ item->code.p + n + 1, item->code.n - n - 1 },
		       regions->at[0]) &&
	       bytes_equal(item->name, of->name) && bytes_equal(item->basis, of->basis);
}

static int compare_copies(const void *a, const void *b)
{
	const struct compose_copy *x = a, *y = b;
	int c = bytes_compare(x->of, y->of);

	return c != 0 ? c : bytes_compare(x->item, y->item);
}

const struct compose_copy *compose_copies(const struct policy *p, struct arena *a, size_t *n)
{
	struct compose_copy *copy = arena_calloc(a, (size_t)p->item_count + 1, sizeof *copy);

	*n = 0;
	for (uint32_t i = 0; i < p->item_count; i++) {
		/* items stand bytewise by code: what it is a copy of stands before it */
		for (uint32_t k = i; k-- > 0;) {
			if (!is_copy(p, &p->items[i], &p->items[k]))
				continue;
			copy[(*n)++] = (struct compose_copy){ p->items[i].code, p->items[k].code };
			break;
		}
	}
	qsort(copy, *n, sizeof *copy, compare_copies);
	return copy;
}

/* The first copy of an item, or of what stands behind it. */
static size_t first_copy(const struct compose_copy *copy, size_t copies, struct bytes of)
{
	size_t low = 0, high = copies;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (bytes_compare(copy[middle].of, of) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct bytes compose_items(const struct policy *p, const struct compose_copy *copy, size_t copies,
	struct bytes department, struct bytes items, struct arena *a)
{
	struct list list;
	size_t n = 0;

	if (copies == 0 || !list_parse(&list, a, items) || list.all || list.n == 0)
		return items;
	struct bytes *code = arena_calloc(a, list.n + copies, sizeof *code);
	for (uint32_t i = 0; i < list.n; i++) {
		struct bytes of = code[n++] = list.at[i];
		for (size_t k = first_copy(copy, copies, of);
			k < copies && bytes_equal(copy[k].of, of); k++) {
			const struct item *item = &p->items[policy_item(p, copy[k].item)];
			if (bytes_equal(item->department_code, department) &&
				!list_has(&list, item->code))
				code[n++] = item->code;
		}
	}
	return n == list.n ? items : joined(a, code, n);
}
