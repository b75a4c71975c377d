/* The registers: what they hold, which columns their files have, their templates. Rows and history
 * are lists (daemon/list_register.c). */
#include <string.h>

#include "daemon/api.h"
#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/registers.h"
#include "daemon/template.h"

/* ---- members ------------------------------------------------------------------------------ */

static void put_comma(struct buf *b)
{
	if (b->p[b->n - 1] != '[')
		buf_byte(b, ',');
}

static void open_list(struct buf *b, const char *name)
{
	json_put_raw(b, name, BYTES("["));
}

/* Texts joined by |, as members of the list that is open. */
static void put_texts(struct buf *b, const char *joined)
{
	struct bytes rest = bytes_of(joined);
	bool more = joined[0] != '\0';
	while (more) {
		put_comma(b);
		json_put_text(b, bytes_cut(&rest, '|', &more));
	}
}

static void put_register(struct buf *b, const struct register_info *r)
{
	static const char *const sights[] = { [SIGHT_OWN] = "own",
		[SIGHT_ALL] = "all",
		[SIGHT_NEED] = "need" };
	static const char *const givers[] = { [GIVER_DEPARTMENT] = "department",
		[GIVER_OFFICE] = "office",
		[GIVER_MOTION] = "motion" };
	json_put_member(b, "name", bytes_of(r->name));
	json_put_member(b, "zh", bytes_of(r->zh));
	json_put_member(b, "en", bytes_of(r->en));
	json_put_member(b, "sight", bytes_of(sights[r->sight]));
	json_put_member(b, "giver", bytes_of(givers[r->giver]));
}

static void put_facts(struct buf *b, const struct register_info *r)
{
	open_list(b, "facts");
	for (size_t i = 0; i < r->facts; i++) {
		put_comma(b);
		buf_byte(b, '{');
		json_put_member(b, "name", bytes_of(i == 0 ? "key" : r->fact[i].name));
		json_put_member(b, "form", bytes_of(fact_form_names[r->fact[i].form]));
		json_put_member(b, "zh", bytes_of(r->fact[i].zh));
		json_put_member(b, "en", bytes_of(r->fact[i].en));
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

/* The columns that are read; those that are known and of no use are left out. */
static void put_columns(struct buf *b, enum register_id id)
{
	const struct column *c;
	bool alone;
	open_list(b, "columns");
	for (size_t i = 0; (c = column_row(i)) != NULL; i++) {
		if (c->kind != id || c->check == NULL)
			continue;
		put_comma(b);
		buf_byte(b, '{');
		json_put_member(b, "name", bytes_of(c->name));
		open_list(b, "synonyms");
		put_texts(b, c->synonyms != NULL ? c->synonyms : "");
		buf_byte(b, ']');
		open_list(b, "words");
		for (const struct cell_word *w = c->words; w != NULL && w->words != NULL; w++) {
			put_comma(b);
			json_put_text(b, (struct bytes){ w->words, strcspn(w->words, "|") });
		}
		buf_byte(b, ']');
		json_put_flag(b, "needed", template_needs(id, c->name, &alone));
		buf_byte(b, '}');
	}
	buf_byte(b, ']');
}

static void put_needed(struct buf *b, const struct register_info *r)
{
	const char *const(*group)[NEEDED_MAX] = r->needed;
	open_list(b, "needed");
	for (; group != NULL && (*group)[0] != NULL; group++) {
		put_comma(b);
		buf_byte(b, '[');
		for (size_t i = 0; i < NEEDED_MAX && (*group)[i] != NULL; i++)
			put_texts(b, (*group)[i]);
		buf_byte(b, ']');
	}
	buf_byte(b, ']');
}

/* ---- requests ----------------------------------------------------------------------------- */

void register_list(struct request *r)
{
	struct buf b = buf_new(r->arena, 4096);
	buf_byte(&b, '{');
	open_list(&b, "registers");
	for (size_t i = 0; i < REGISTERS; i++) {
		put_comma(&b);
		buf_byte(&b, '{');
		put_register(&b, &registers[i]);
		buf_byte(&b, '}');
	}
	buf_str(&b, "]}");
	reply_json(r, 200, buf_view(&b));
}

void register_get(struct request *r)
{
	struct buf b = buf_new(r->arena, 8192);
	enum register_id id;
	if (!register_named(r->arg[0], &id)) {
		reply_missing(r);
		return;
	}
	const struct register_info *g = &registers[id];
	buf_byte(&b, '{');
	put_register(&b, g);
	json_put_member(&b, "key", bytes_of(g->fact[0].name));
	if (g->entity == NULL)
		json_put_raw(&b, "entity", BYTES("null"));
	else
		json_put_member(&b, "entity",
			bytes_of(strcmp(g->entity, g->fact[0].name) == 0 ? "key" : g->entity));
	put_facts(&b, g);
	put_columns(&b, id);
	put_needed(&b, g);
	buf_byte(&b, '}');
	reply_json(r, 200, buf_view(&b));
}

/* With what the installation has to choose from. A file of labels that cannot be read has none. */
static void tell_template(struct request *r, const struct db_rows *rows)
{
	enum register_id id;
	struct bytes file, *name = arena_calloc(r->arena, rows->n + 1, sizeof *name);
	struct err e = { 0 };
	struct label_rules *labels = NULL;
	const char *path = r->web->process->conf.import.labels;
	if (path[0] != '\0' && !label_rules_load(&labels, r->arena, path, &e))
		labels = NULL;
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row row = db_row(rows, i, r->arena, &e);
		name[i] = db_bytes(&row, "name");
	}
	struct template_lists own = { name, rows->n, labels };
	if (!register_named(r->arg[0], &id)) {
		reply_missing(r);
	} else if (!template_make(id, &own, r->arena, &file, &e)) {
		reply_error(r, &e);
	} else {
		reply_header(r, "Content-Disposition",
			arena_printf(
				r->arena, "attachment; filename=\"%s.xlsx\"", registers[id].name));
		reply_bytes(r, r->route->type, file);
	}
}

void register_template(struct request *r)
{
	REQUEST_ASK(r, Q_web_department_names, tell_template, DB_NULL);
}
