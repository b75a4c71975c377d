#include "planner/settings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/type.h"

struct reader {
	const struct settings_form *form;
	struct arena *arena;
	struct setting_list *list;
	uint64_t *seen[SETTING_OWNERS_MAX]; /* by owner; bit k: its k-th setting has been read */
	struct err *e;
};

/* What a path says: whose, and which. */
struct path {
	size_t owner;
	struct bytes code, name;
};

static struct path path_split(const struct settings_form *form, struct bytes path)
{
	for (size_t o = 1; o < form->owners; o++) {
		struct bytes prefix = bytes_of(form->owner[o].prefix), rest = path;
		bool more;
		if (!bytes_starts(path, prefix))
			continue;
		rest.p += prefix.n;
		rest.n -= prefix.n;
		struct bytes code = bytes_cut(&rest, '.', &more);
		return (struct path){ o, code, rest };
	}
	return (struct path){ 0, { NULL, 0 }, path };
}

static int compare_code(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

int64_t settings_find(const void *base, uint32_t n, size_t size, struct bytes code)
{
	if (n == 0)
		return -1;
	const char *at = bsearch(&code, base, n, size, compare_code);
	return at != NULL ? (at - (const char *)base) / (int64_t)size : -1;
}

bool settings_refuse(const struct settings_form *form, struct err *e, enum err_code code,
	struct bytes path, const char *what)
{
	err_set(e, code, "%s", what);
	return err_at(e, "%s: %.*s", form->name, BYTES_ARG(type_shown(path)));
}

/* ---- reading ---- */

static bool refuse(const struct reader *r, struct bytes path, const char *what)
{
	return settings_refuse(r->form, r->e, r->form->error, path, what);
}

static bool check_code(const struct reader *r, const struct path *path, struct bytes whole)
{
	size_t max = r->form->owner[path->owner].code_max;
	if (path->owner == 0)
		return true;
	if (!text_is_token(path->code))
		return refuse(r, whole, "the code is not a token [a-z0-9-]{1,32}");
	if (max > 0 && path->code.n > max)
		return refuse(
			r, whole, arena_printf(r->arena, "the code has more than %zu bytes", max));
	return true;
}

static bool check_paths(const struct reader *r, const struct setting_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct path path = path_split(r->form, rows[i].path);
		if (i > 0 && bytes_equal(rows[i - 1].path, rows[i].path))
			return refuse(r, rows[i].path, "stands twice");
		if (i > 0 && bytes_compare(rows[i - 1].path, rows[i].path) > 0)
			return refuse(r, rows[i].path, "not in ascending order");
		if (!check_code(r, &path, rows[i].path))
			return false;
	}
	return true;
}

/* Go over the owners of all rows: count them, or write down their codes. Rows of one owner stand
 * together, but owners not in the order of their codes: "task.a-b." comes before "task.a.". */
static void list_owners(struct reader *r, const struct setting_row *rows, size_t n, bool write)
{
	struct bytes last[SETTING_OWNERS_MAX] = { { NULL, 0 } };
	for (size_t o = 1; o < r->form->owners; o++)
		r->list[o].n = 0;
	for (size_t i = 0; i < n; i++) {
		struct path path = path_split(r->form, rows[i].path);
		struct setting_list *of = &r->list[path.owner];
		if (path.owner == 0 || bytes_equal(path.code, last[path.owner]))
			continue;
		last[path.owner] = path.code;
		if (write)
			memcpy(of->base + of->n * r->form->owner[path.owner].size, &path.code,
				sizeof path.code);
		of->n++;
	}
}

static void make_owners(struct reader *r, const struct setting_row *rows, size_t n)
{
	const struct setting_owner *owner = r->form->owner;
	list_owners(r, rows, n, false);
	for (size_t o = 1; o < r->form->owners; o++)
		r->list[o].base = arena_calloc(r->arena, r->list[o].n + 1, owner[o].size);
	list_owners(r, rows, n, true);
	for (size_t o = 0; o < r->form->owners; o++) {
		struct setting_list *of = &r->list[o];
		assert(owner[o].settings <= 64);
		r->seen[o] = arena_calloc(r->arena, of->n + 1, sizeof *r->seen[o]);
		if (o > 0 && of->n > 1)
			qsort(of->base, of->n, owner[o].size, compare_code);
	}
}

/* An empty legal basis is told as what it is. */
static bool lacks_basis(struct bytes path, struct bytes value)
{
	static const char name[] = "basis";
	const size_t n = sizeof name - 1;

	return !setting_names_law(value) && path.n > n && memcmp(path.p + path.n - n, name, n) == 0;
}

static bool refuse_value(struct reader *r, const struct setting *s, const struct setting_row *row)
{
	enum err_code code = s->error != ERR_NONE ? s->error : r->form->error;
	struct buf form = buf_new(r->arena, 80);

	setting_form_put(s, &form);
	return settings_refuse(r->form, r->e,
		lacks_basis(row->path, row->value) ? ERR_BASIS_MISSING : code, row->path,
		arena_printf(r->arena, "\"%.*s\": not a %.*s", BYTES_ARG(type_shown(row->value)),
			BYTES_ARG(buf_view(&form))));
}

static bool read_row(struct reader *r, const struct setting_row *row)
{
	struct path path = path_split(r->form, row->path);
	const struct setting_owner *owner = &r->form->owner[path.owner];
	struct setting_list *of = &r->list[path.owner];
	int64_t i = path.owner == 0 ? 0 : settings_find(of->base, of->n, owner->size, path.code);

	assert(i >= 0);
	for (size_t k = 0; k < owner->settings; k++) {
		const struct setting *s = &owner->setting[k];
		if (!bytes_is(path.name, s->name))
			continue;
		r->seen[path.owner][i] |= UINT64_C(1) << k;
		if (s->form->read(
			    s, r->arena, row->value, of->base + (size_t)i * owner->size + s->at))
			return true;
		return refuse_value(r, s, row);
	}
	return refuse(r, row->path, "unknown path");
}

/* Empty for the document itself. */
static struct bytes code_of(size_t o, const char *owner)
{
	struct bytes code = { NULL, 0 };
	if (o > 0)
		memcpy(&code, owner, sizeof code);
	return code;
}

static bool refuse_missing(struct reader *r, size_t o, uint32_t i, const struct setting *s)
{
	const struct setting_owner *owner = &r->form->owner[o];
	struct bytes code = code_of(o, r->list[o].base + i * owner->size);
	err_set(r->e, r->form->error, "missing");
	return err_at(r->e, "%s: %s%.*s%s%s", r->form->name, owner->prefix, BYTES_ARG(code),
		o > 0 ? "." : "", s->name);
}

static bool check_complete(struct reader *r)
{
	for (size_t o = 0; o < r->form->owners; o++)
		for (uint32_t i = 0; i < r->list[o].n; i++)
			for (size_t k = 0; k < r->form->owner[o].settings; k++)
				if ((r->seen[o][i] >> k & 1) == 0)
					return refuse_missing(
						r, o, i, &r->form->owner[o].setting[k]);
	return true;
}

bool settings_read(const struct settings_form *form, void *document, struct setting_list *list,
	struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	struct reader r = { .form = form, .arena = a, .list = list, .e = e };

	assert(form->owners <= SETTING_OWNERS_MAX);
	list[0] = (struct setting_list){ .base = document, .n = 1 };
	if (!check_paths(&r, rows, n))
		return false;
	make_owners(&r, rows, n);
	for (size_t i = 0; i < n; i++)
		if (!read_row(&r, &rows[i]))
			return false;
	return check_complete(&r);
}

/* ---- writing ---- */

static int compare_row(const void *x, const void *y)
{
	const struct setting_row *a = x, *b = y;
	int c = bytes_compare(a->path, b->path);
	return c != 0 ? c : bytes_compare(a->value, b->value);
}

void settings_sort(struct setting_row *rows, size_t n)
{
	if (n > 1)
		qsort(rows, n, sizeof *rows, compare_row);
}

/* All rows of one owner. */
static void put_owner(const struct setting_owner *o, const char *owner, struct bytes code,
	struct arena *a, struct setting_row *rows, size_t *n)
{
	for (size_t k = 0; k < o->settings; k++) {
		const struct setting *s = &o->setting[k];
		struct buf path = buf_new(a, 80), value = buf_new(a, 32);
		buf_str(&path, o->prefix);
		buf_bytes(&path, code);
		buf_str(&path, code.n > 0 ? "." : "");
		buf_str(&path, s->name);
		s->form->write(s, owner + s->at, &value);
		rows[(*n)++] = (struct setting_row){ buf_view(&path), buf_view(&value) };
	}
}

void settings_rows(const struct settings_form *form, const void *document,
	const struct setting_list *list, struct arena *a, const struct setting_row **rows,
	size_t *n)
{
	size_t room = form->owner[0].settings, count = 0;

	for (size_t o = 1; o < form->owners; o++)
		room += list[o].n * form->owner[o].settings;
	struct setting_row *row = arena_calloc(a, room + 1, sizeof *row);
	put_owner(&form->owner[0], document, code_of(0, NULL), a, row, &count);
	for (size_t o = 1; o < form->owners; o++) {
		for (size_t i = 0; i < list[o].n; i++) {
			const char *owner = list[o].base + i * form->owner[o].size;
			put_owner(&form->owner[o], owner, code_of(o, owner), a, row, &count);
		}
	}
	settings_sort(row, count);
	*rows = row;
	*n = count;
}

/* ---- telling ---- */

bool settings_path(const struct settings_form *form, size_t i, struct settings_path *path)
{
	for (size_t o = 0; o < form->owners; i -= form->owner[o].settings, o++) {
		if (i >= form->owner[o].settings)
			continue;
		const struct setting *s = &form->owner[o].setting[i];
		*path = (struct settings_path){ form->owner[o].pattern, s->name, s->form->name,
			s->min, s->max, s->choice };
		return true;
	}
	return false;
}

void setting_form_put(const struct setting *s, struct buf *out)
{
	buf_str(out, s->form->name);
	for (size_t i = 0; s->choice != NULL && s->choice[i] != NULL; i++) {
		buf_byte(out, ' ');
		buf_str(out, s->choice[i]);
	}
	if (s->max > 0) {
		buf_str(out, " from ");
		buf_u64(out, s->min);
		buf_str(out, " to ");
		buf_u64(out, s->max);
	}
}
