#include "daemon/policy/riskfile.h"

#include "daemon/policy/settingsfile.h"

static const char *const owners[] = { "field", "indicator", "model", "scale", "source", "trigger",
	NULL };

/* What is so for nearly all: every kind and field, nothing fades, what is repaired or no longer
 * published stops counting. */
static const struct settings_file_fill fills[] = {
	{ "indicator", "ends", "yes" },
	{ "indicator", "field", "*" },
	{ "indicator", "half", "0" },
	{ "indicator", "match", "*" },
	{ "indicator", "red", "none" },
	{ "indicator", "repair", "yes" },
	{ "indicator", "window", "0" },
	{ "model", "field", "" },
	{ "model", "industries", "*" },
	{ "model", "kinds", "*" },
	{ "model", "labels", "*" },
	{ "source", "days", "0" },
	{ "source", "field", "" },
	{ "source", "scale", "" },
	{ NULL, "repeat.basis", "" },
	{ NULL, "repeat.days", "0" },
	{ NULL, "repeat.exempt", "0" },
	{ "trigger", "early", "0" },
	{ "trigger", "letter", "" },
	{ "trigger", "reminder", "" },
};

static const struct settings_file_form form = { owners, NULL, 0, fills,
	sizeof fills / sizeof *fills };

static bool make_risk(
	void *ctx, struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	return risk_from_rows(ctx, a, rows, n, e);
}

bool risk_file_parse(
	struct risk_file *out, struct arena *a, const char *text, const char *file, struct err *e)
{
	struct settings_file compiled;
	if (!settings_file_parse(&compiled, &form, a, text, file, make_risk, &out->risk, e))
		return false;
	out->title = compiled.title;
	out->rows = compiled.rows;
	return true;
}

bool risk_of_text(struct risk *r, struct arena *a, struct bytes rows, struct err *e)
{
	size_t n = 0;
	bool more;

	for (size_t i = 0; i < rows.n; i++)
		n += rows.p[i] == '\n';
	struct setting_row *row = arena_calloc(a, n + 1, sizeof *row);
	for (size_t i = 0; i < n; i++) {
		struct bytes line = bytes_cut(&rows, '\n', &more);
		row[i].path = bytes_cut(&line, '\t', &more);
		row[i].value = line;
	}
	return risk_from_rows(r, a, row, n, e);
}
