/* Every statement that a list can make, against the schema of a database. */
#include "daemon/list.h"

struct check {
	struct db *db;
	struct err *e;
	int n;
};

static bool prepare(void *ctx, const struct query *q)
{
	struct check *c = ctx;
	ARENA_AUTO a = arena_new();
	const char *script = arena_printf(a, "PREPARE list AS %s; DEALLOCATE list", q->text);
	c->n++;
	return db_script(c->db, script, c->e) || err_at(c->e, "%s", q->name);
}

bool list_prepare_all(struct db *db, int *n, struct err *e)
{
	struct check c = { db, e, 0 };
	bool ok = list_statements(prepare, &c);
	*n = c.n;
	return ok;
}
