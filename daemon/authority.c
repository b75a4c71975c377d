#include "daemon/authority.h"

#include "daemon/register/cell.h"
#include "daemon/sqltext.h"
#include "planner/civil.h"

/* The first task that has the department. */
static struct bytes task_of(const struct policy *p, int64_t department)
{
	for (uint32_t t = 0; t < p->task_count; t++)
		for (uint32_t i = 0; i < p->tasks[t].department_count; i++)
			if (p->tasks[t].departments[i] == department)
				return p->tasks[t].code;
	return BYTES("");
}

bool authority_check(
	struct db *db, const struct policy *p, int32_t day, struct arena *a, struct err *e)
{
	char text[CIVIL_TEXT];
	struct buf departments = buf_new(a, 256);
	DB_ROWS rows = { 0 };
	policy_departments(p, &departments);
	if (!DB_RUN(db, Q_authority_rows, &rows, e, DB_BYTES(buf_view(&departments)),
		    DB_TEXT(civil_format(day, text))))
		return false;
	for (size_t i = 0; i < rows.n; i++) {
		struct db_row r = db_row(&rows, i, a, e);
		struct bytes code = db_bytes(&r, "department");
		const char *name = db_text(&r, "name");
		bool inspects = db_bool(&r, "inspects"), listed = db_bool(&r, "listed");
		if (r.bad)
			return false;
		bool coordinates = cell_coordinates(bytes_of(name));
		if (inspects && listed && !coordinates)
			continue;
		struct bytes task = task_of(p, policy_department(p, code));
		return err_set(e, ERR_NO_DEPARTMENT, "task %.*s: %.*s %s%s", BYTES_ARG(task),
			BYTES_ARG(code), name, inspects && !coordinates ? " (authorities)" : "");
	}
	return true;
}
