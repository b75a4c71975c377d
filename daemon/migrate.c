#include "daemon/migrate.h"

#include <string.h>

#include "daemon/crash.h"
#include "daemon/log.h"
#include "sampler/sha256.h"

/* Those already there must be ours, byte for byte. */
static bool compare(const struct db_rows *rows, struct err *e)
{
	ARENA_AUTO a = arena_new();
	for (size_t i = 0; i < rows->n; i++) {
		struct db_row r = db_row(rows, i, a, e);
		uint8_t there[32], ours[32];
		int64_t number = db_int(&r, "number");
		const char *name = db_text(&r, "name");
		db_hash(&r, "sha256", there);
		if (r.bad)
			return false;
		if (number != (int64_t)i + 1)
			return err_set(e, ERR_SCHEMA, "migration %zu is missing", i + 1);
		if (number > migrations_count)
			return err_set(e, ERR_SCHEMA,
				"the database has migration %d %s, this program ends at %d",
				(int)number, name, migrations_count);
		sha256(migrations[i].text, strlen(migrations[i].text), ours);
		if (strcmp(name, migrations[i].name) != 0 || memcmp(there, ours, 32) != 0)
			return err_set(e, ERR_SCHEMA, "migration %d: the database has another %s",
				(int)number, name);
	}
	return true;
}

static bool list(struct db *db, size_t *n, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS known = { 0 }, rows = { 0 };
	*n = 0;
	if (!db_query(db, Q_migration_known, NULL, &known, e))
		return false;
	struct db_row r = db_row(&known, 0, a, e);
	if (!db_bool(&r, "known"))
		return !r.bad;
	if (!db_query(db, Q_migration_list, NULL, &rows, e) || !compare(&rows, e))
		return false;
	*n = rows.n;
	return true;
}

static bool apply(struct db *db, const struct migration *m, struct err *e)
{
	uint8_t hash[32];
	sha256(m->text, strlen(m->text), hash);
	bool ok = db_begin(db, false, e) && db_script(db, m->text, e) &&
		  DB_RUN(db, Q_migration_note, NULL, e, DB_INT(m->number), DB_TEXT(m->name),
			  DB_HASH(hash));
	if (ok) {
		crash_point("migrate.apply");
		ok = db_commit(db, e);
	}
	if (!ok) {
		db_rollback(db);
		return err_at(e, "migration %d %s", m->number, m->name);
	}
	log_info("migrate.applied", NUM("number", m->number), STR("name", m->name));
	return true;
}

bool migrate_run(struct db *owner, int *applied, struct err *e)
{
	struct err ignored = { 0 };
	size_t n = 0;
	*applied = 0;
	if (!db_query(owner, Q_migration_lock, NULL, NULL, e))
		return false;
	bool ok = list(owner, &n, e);
	for (; ok && migrations[n].number != 0; n++) {
		ok = apply(owner, &migrations[n], e);
		*applied += ok;
	}
	db_query(owner, Q_migration_unlock, NULL, NULL, &ignored);
	return ok;
}
