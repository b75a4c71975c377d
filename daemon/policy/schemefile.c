#include "daemon/policy/schemefile.h"

#include "daemon/policy/settingsfile.h"

static const char *const owners[] = { "scheme", NULL };

static const struct settings_file_share shares[] = {
	{ "scheme.*.minimum", 1000000 },
	{ "scheme.*.ratio.*", 1000000 },
};

static const struct settings_file_fill fills[] = {
	{ "scheme", "ceiling-reason", "" },
	{ "scheme", "coordination", "own" },
	{ "scheme", "design", "equal" },
	{ "scheme", "measures.A", "" },
	{ "scheme", "measures.B", "" },
	{ "scheme", "measures.C", "" },
	{ "scheme", "measures.D", "" },
	{ "scheme", "officers-basis", "" },
	{ "scheme", "reason", "" },
};

static const struct settings_file_form scheme_file = { owners, shares,
	sizeof shares / sizeof *shares, fills, sizeof fills / sizeof *fills };

/* What the base says; empty where it does not, which policy_from_rows refuses. */
static struct bytes value_of(const struct compose_rows *rows, const char *path)
{
	for (size_t i = 0; i < rows->n; i++)
		if (bytes_is(rows->row[i].path, path))
			return rows->row[i].value;
	return (struct bytes){ "", 0 };
}

bool scheme_policy(struct policy *p, const struct compose_rows *base,
	const struct compose_rows *schemes, struct bytes from, struct bytes to, struct arena *a,
	struct compose_rows *out, struct err *e)
{
	const struct scheme *scheme;
	size_t n = 0;

	if (!schemes_read(schemes, a, &scheme, &n, e))
		return false;
	struct compose_task *task = arena_calloc(a, n + 1, sizeof *task);
	for (size_t i = 0; i < n; i++)
		task[i] = (struct compose_task){ .code = scheme[i].code,
			.scheme = scheme_rows(schemes, scheme[i].code, a),
			.from = from.n > 0 ? from : value_of(base, "cycle.from"),
			.to = to.n > 0 ? to : value_of(base, "cycle.to") };
	return compose_read(p, base, task, n, a, out, e);
}

struct checking {
	struct scheme_file *out;
	const struct compose_rows *base;
};

static bool check(
	void *ctx, struct arena *a, const struct setting_row *rows, size_t n, struct err *e)
{
	struct checking *c = ctx;
	const struct bytes none = { "", 0 };

	c->out->rows = (struct compose_rows){ rows, n };
	return schemes_read(&c->out->rows, a, &c->out->scheme, &c->out->n, e) &&
	       scheme_policy(&c->out->policy, c->base, &c->out->rows, none, none, a,
		       &c->out->policy_rows, e);
}

bool scheme_file_parse(struct scheme_file *out, struct arena *a, const char *text, const char *file,
	const struct compose_rows *base, struct err *e)
{
	struct settings_file parsed;
	struct checking c = { out, base };

	if (!settings_file_parse(&parsed, &scheme_file, a, text, file, check, &c, e))
		return false;
	out->title = parsed.title;
	return out->n > 0 || (err_set(e, ERR_BAD_POLICY, "scheme: missing"), err_at(e, "%s", file));
}
