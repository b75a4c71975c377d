#include "daemon/policy/policyfile.h"

#include "daemon/policy/settingsfile.h"

static const char *const owners[] = { "cap", "department", "field", "item", "mode", "task", NULL };

static const struct settings_file_share shares[] = {
	{ "adjust.*.factor", 100000000 },
	{ "ceiling.general", 1000000 },
	{ "task.*.minimum", 1000000 },
	{ "task.*.ratio.*", 1000000 },
};

/* Empty for nearly every owner, or an adjustment for nobody. */
static const struct settings_file_fill fills[] = {
	{ NULL, "adjust.1.basis", "" },
	{ NULL, "adjust.1.factor", "1000000" },
	{ NULL, "adjust.1.labels", "" },
	{ NULL, "adjust.2.basis", "" },
	{ NULL, "adjust.2.factor", "1000000" },
	{ NULL, "adjust.2.labels", "" },
	{ NULL, "focus.labels", "" },
	{ NULL, "inspectors.rotation", "0" },
	{ NULL, "visits.departments", "0" },
	{ "department", "apart", "" },
	{ "item", "field", "" },
	{ "mode", "except", "" },
	{ "task", "batches", "" },
	{ "task", "ceiling-reason", "" },
	{ "task", "coordination", "own" },
	{ "task", "design", "equal" },
	{ "task", "officers-basis", "" },
	{ "task", "reason", "" },
};

static const struct settings_file_form policy_file = { owners, shares,
	sizeof shares / sizeof *shares, fills, sizeof fills / sizeof *fills };

static bool make_policy(
	void *ctx, struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	return policy_from_rows(ctx, a, rows, n, e);
}

bool policy_file_parse(
	struct policy_file *out, struct arena *a, const char *text, const char *file, struct err *e)
{
	struct settings_file compiled;
	if (!settings_file_parse(
		    &compiled, &policy_file, a, text, file, make_policy, &out->policy, e))
		return false;
	out->title = compiled.title;
	out->rows = compiled.rows;
	return true;
}
