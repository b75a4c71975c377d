#include "daemon/register/unseal.h"

#include <stdio.h>

#include "daemon/conf.h"
#include "daemon/db.h"
#include "daemon/register/registers.h"
#include "daemon/register/sealing.h"

enum { REGISTER = 1, KEY, FACT, REASON, ARGS };

/* The fact as it is sealed; the reading is noted. */
static bool read_sealed(struct process *p, char **argv, struct bytes *sealed, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct db *db = db_open(conf_conninfo(&p->conf, ROLE_WORKER, p->arena), e);
	bool ok = db != NULL && db_check_schema(db, e) &&
		  DB_RUN(db, Q_personal_read, &rows, e, DB_TEXT(argv[REGISTER]), DB_TEXT(argv[KEY]),
			  DB_TEXT(argv[FACT]), DB_TEXT(argv[REASON]));
	if (ok) {
		struct db_row r = db_row(&rows, 0, p->arena, e);
		*sealed = db_bytes(&r, "sealed");
		ok = !r.bad && (sealed->n > 0 || err_set(e, ERR_NOT_FOUND, "%s", argv[KEY]));
	}
	db_free(db);
	return ok;
}

static bool unseal(struct process *p, char **argv, struct bytes *text, struct err *e)
{
	struct sealing key;
	struct bytes sealed;
	struct sealing_place place = sealing_at(argv[REGISTER], argv[FACT], bytes_of(argv[KEY]));
	if (!sealing_load(&key, p->conf.import.sealing, e))
		return false;
	bool ok = read_sealed(p, argv, &sealed, e) &&
		  sealing_open(&key, p->arena, &place, sealed, text, e);
	sealing_wipe(&key);
	return ok;
}

int unseal_run(struct process *p, int argc, char **argv)
{
	struct err e = { 0 };
	struct bytes text;
	bool ok = argc == ARGS || err_set(&e, ERR_BAD_ARGS, "REGISTER KEY FACT REASON");
	if (!ok || !unseal(p, argv, &text, &e))
		return process_fail(&e);
	printf("%.*s\n", BYTES_ARG(text));
	return 0;
}
