#include "daemon/register/header.h"

#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/personal.h"

enum { NAME_BYTES = 200, UNKNOWN_BYTES = 1000 };

const char *header_how_name(enum header_how how)
{
	static const char *const names[HEADER_HOWS] = { "unknown", "automatic", "saved", "given" };
	return names[how];
}

/* ---- what others say of a field ------------------------------------------------------------ */

/* The line of a table that speaks of the name; NULL where none does. */
static const struct table_line *told(
	const struct tables *tables, enum told_id id, struct bytes name)
{
	size_t n;
	const struct table_line *line = tables_all(tables, id, &n);
	for (size_t i = 0; i < n; i++)
		if (column_same_name(line[i].key, name))
			return &line[i];
	return NULL;
}

static bool given(
	struct header_field *f, enum register_id kind, const struct tables *tables, struct err *e)
{
	const struct table_line *line = told(tables, TABLE_GIVEN, f->name);
	if (line == NULL)
		return true;
	f->how = HEADER_GIVEN;
	f->column = line->value.n > 0 ? column_find(kind, line->value) : NULL;
	return line->value.n == 0 || f->column != NULL ||
	       err_set(e, ERR_BAD_MAPPING, "%.*s = %.*s", BYTES_ARG(line->key),
		       BYTES_ARG(line->value));
}

/* A column that is no more does not refuse a file. */
static void saved(struct header_field *f, enum register_id kind, const struct tables *tables)
{
	const struct table_line *line =
		f->how == HEADER_UNKNOWN ? told(tables, TABLE_SAVED, f->name) : NULL;
	const struct column *c =
		line != NULL && line->value.n > 0 ? column_find(kind, line->value) : NULL;
	if (c != NULL || (line != NULL && line->value.n == 0)) {
		f->how = HEADER_SAVED;
		f->column = c;
	}
}

static bool claimed(const struct header *h, const struct column *c)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->field[i].column == c && h->field[i].how > HEADER_AUTOMATIC)
			return true;
	return false;
}

static bool is_returned(const struct header_field *f)
{
	return column_same_name(f->name, BYTES(HEADER_NOTES));
}

/* By its name, where nobody says that the column is another field. */
static void automatic(struct header *h, enum register_id kind)
{
	for (size_t i = 0; i < h->n; i++) {
		struct header_field *f = &h->field[i];
		const struct column *c =
			f->how == HEADER_UNKNOWN ? column_find(kind, f->name) : NULL;
		if (f->how == HEADER_UNKNOWN && c == NULL && is_returned(f))
			f->how = HEADER_AUTOMATIC;
		if (c == NULL || claimed(h, c))
			continue;
		f->how = HEADER_AUTOMATIC;
		f->column = c;
	}
}

/* As it is compared and told: of one line. */
static struct bytes name_of(struct arena *a, struct bytes field)
{
	struct bytes name = cell_trim(field);
	char *to = arena_strndup(a, name.p, name.n <= NAME_BYTES ? name.n : 0);
	size_t n = 0;
	for (size_t i = 0; to[i] != '\0'; i++)
		if ((unsigned char)to[i] >= ' ' && to[i] != 0x7f)
			to[n++] = to[i];
	return (struct bytes){ to, n };
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Two names for one thing are a habit of tables; one name twice is an error of whoever made the
 * file, and which of the two is meant is not ours to guess. */
static bool link_earlier(struct header *h, size_t i, struct err *e)
{
	struct header_field *f = &h->field[i];
	for (size_t k = 0; k < i; k++)
		if (h->field[k].column == f->column)
			f->earlier = k + 1;
	if (f->earlier == 0)
		h->known++;
	for (size_t k = f->earlier; f->column->check != NULL && k > 0; k = h->field[k - 1].earlier)
		if (column_same_name(h->field[k - 1].name, f->name))
			return err_set(e, ERR_COLUMN_TWICE, "%zu = %zu: %.*s", k, i + 1,
				BYTES_ARG(f->told));
	return true;
}

static bool link_all(struct header *h, struct err *e)
{
	bool ok = true;
	for (size_t i = 0; i < h->n; i++) {
		if (h->field[i].column == NULL)
			continue;
		ok = link_earlier(h, i, e) && ok;
		if (h->field[i].column->fact >= 0)
			h->said[h->field[i].column->fact] = true;
	}
	return ok;
}

static void name_unknown(struct header *h, struct arena *a)
{
	struct buf unknown = buf_new(a, 64);
	for (size_t i = 0; i < h->n && unknown.n <= UNKNOWN_BYTES; i++) {
		const struct header_field *f = &h->field[i];
		if (f->how != HEADER_UNKNOWN || f->name.n == 0)
			continue;
		if (unknown.n > 0)
			buf_str(&unknown, "、");
		buf_bytes(&unknown, f->told);
	}
	h->unknown = buf_view(&unknown);
}

static bool has(const struct header *h, const char *name)
{
	for (size_t i = 0; name != NULL && i < h->n; i++)
		if (h->field[i].column != NULL && strcmp(h->field[i].column->name, name) == 0)
			return true;
	return false;
}

static bool complete(const struct header *h, enum register_id kind, struct err *e)
{
	for (size_t i = 0; registers[kind].needed[i][0] != NULL; i++) {
		const char *const *one = registers[kind].needed[i];
		if (has(h, one[0]) || has(h, one[1]) || has(h, one[2]))
			continue;
		struct bytes seen = h->n > 0 ? h->field[0].told : BYTES("");
		return err_set(e, ERR_NO_COLUMN, "%s; line %llu: \"%.*s\" …", one[0],
			(unsigned long long)h->line, seen.n < 100 ? (int)seen.n : 0, seen.p);
	}
	return true;
}

static bool all_given_there(const struct header *h, const struct tables *tables, struct err *e)
{
	size_t n;
	const struct table_line *line = tables_all(tables, TABLE_GIVEN, &n);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < h->n && !column_same_name(h->field[k].name, line[i].key))
			k++;
		if (k == h->n)
			return err_set(e, ERR_BAD_MAPPING, "%.*s", BYTES_ARG(line[i].key));
	}
	return true;
}

bool header_read(struct header *h, enum register_id kind, const struct tables *tables,
	const struct raw_row *record, struct arena *a, struct err *e)
{
	bool ok = true;
	*h = (struct header){ .line = record->line };
	if (record->n > RAW_FIELDS_MAX)
		return err_set(e, ERR_TOO_MANY_COLUMNS, "line %llu: %zu > %d",
			(unsigned long long)record->line, record->n, RAW_FIELDS_MAX);
	h->n = record->n;
	h->field = arena_calloc(a, h->n, sizeof *h->field);
	for (size_t i = 0; i < h->n; i++) {
		struct header_field *f = &h->field[i];
		f->name = name_of(a, record->field[i]);
		f->told = personal_hide(a, PERSONAL_NUMBERS, f->name);
		if (f->name.n == 0)
			continue;
		ok = given(f, kind, tables, e) && ok;
		saved(f, kind, tables);
	}
	automatic(h, kind);
	ok = link_all(h, e) && ok;
	name_unknown(h, a);
	return ok && complete(h, kind, e) && all_given_there(h, tables, e);
}

bool header_knows(enum register_id kind, const struct tables *tables, struct bytes name)
{
	return name.n > 0 && name.n <= NAME_BYTES &&
	       (column_find(kind, name) != NULL || told(tables, TABLE_GIVEN, name) != NULL ||
		       told(tables, TABLE_SAVED, name) != NULL);
}

/* The same without the signs that name_of leaves out. */
static bool says(struct bytes field, struct bytes name)
{
	size_t n = 0;
	for (size_t i = 0; i < field.n; i++) {
		if ((unsigned char)field.p[i] < ' ' || field.p[i] == 0x7f)
			continue;
		if (n == name.n || field.p[i] != name.p[n++])
			return false;
	}
	return n == name.n;
}

bool header_repeated(const struct header *h, const struct raw_row *record)
{
	if (record->n == 0 || (record->n != h->n && !record->sparse))
		return false;
	for (size_t i = 0; i < h->n || i < record->n; i++) {
		struct bytes said = i < record->n && i < RAW_FIELDS_MAX
					    ? cell_trim(record->field[i])
					    : BYTES("");
		struct bytes name = i < h->n ? h->field[i].name : BYTES("");
		if (!says(said, name))
			return false;
	}
	return true;
}
