#include "daemon/register/unseal.h"

#include <stdio.h>
#include <string.h>

#include "daemon/conf.h"
#include "daemon/db.h"
#include "daemon/keys.h"
#include "daemon/register/registers.h"
#include "daemon/register/sealing.h"

enum { REGISTER = 1, KEY, FACT, REASON, ARGS };

/* Not a register: whose name a clue does not tell. */
static bool is_clue(char **argv)
{
	return strcmp(argv[REGISTER], "clues") == 0 && strcmp(argv[FACT], "caller") == 0;
}

/* The fact as it is sealed; the reading is noted. */
static bool read_sealed(struct process *p, char **argv, struct bytes *sealed, struct err *e)
{
	DB_ROWS rows = { 0 };
	struct db *db = db_open(conf_conninfo(&p->conf, ROLE_WORKER, p->arena), e);
	bool clue = is_clue(argv);
	bool ok = db != NULL && db_check_schema(db, e);
	if (ok && clue)
		ok = DB_RUN(db, Q_clue_caller, &rows, e, DB_TEXT(argv[KEY]), DB_TEXT(argv[REASON]));
	else if (ok)
		ok = DB_RUN(db, Q_personal_read, &rows, e, DB_TEXT(argv[REGISTER]),
			DB_TEXT(argv[KEY]), DB_TEXT(argv[FACT]), DB_TEXT(argv[REASON]));
	if (ok) {
		struct db_row r = db_row(&rows, 0, p->arena, e);
		*sealed = clue ? db_bytea(&r, "sealed") : db_bytes(&r, "sealed");
		ok = !r.bad && (sealed->n > 0 || err_set(e, ERR_NOT_FOUND, "%s", argv[KEY]));
	}
	db_free(db);
	return ok;
}

/* Sealed to the workers' key by the web process, which cannot open it again. */
static bool unseal_caller(struct process *p, char **argv, struct bytes *text, struct err *e)
{
	struct box_key key;
	struct bytes sealed;
	if (!keys_box(p->conf.import.sealing, &key, e))
		return false;
	bool ok = read_sealed(p, argv, &sealed, e) && keys_unseal(p->arena, &key, sealed, text, e);
	keys_box_wipe(&key);
	return ok;
}

static bool unseal(struct process *p, char **argv, struct bytes *text, struct err *e)
{
	struct sealing key;
	struct bytes sealed;
	struct sealing_place place = sealing_at(argv[REGISTER], argv[FACT], bytes_of(argv[KEY]));
	if (is_clue(argv))
		return unseal_caller(p, argv, text, e);
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
