/* Risk models as documents. */
#include "daemon/documents.h"
#include "daemon/policy/riskfile.h"

bool document_model(struct documents *out, struct arena *a, const char *text, const char *file,
	const char *code, const struct compose_rows *base, struct err *e)
{
	struct risk_file *model = arena_calloc(a, 1, sizeof *model);
	struct document *d = arena_calloc(a, 1, sizeof *d);

	(void)base;
	*out = (struct documents){ 0 };
	if (!risk_file_parse(model, a, text, file, e))
		return false;
	*d = (struct document){ code, model->title, "", model->rows };
	out->at = d;
	out->n = 1;
	return true;
}
