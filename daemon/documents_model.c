/* Risk models as documents. */
#include <string.h>

#include "daemon/documents.h"
#include "daemon/policy/riskfile.h"

/* The labels of a base on which objects are in focus (PROTOCOL.md §9). */
static struct list focus_labels(const struct compose_rows *base, struct arena *a)
{
	struct list labels = { 0 };

	for (size_t i = 0; i < base->n; i++)
		if (bytes_is(base->row[i].path, "focus.labels"))
			list_parse(&labels, a, base->row[i].value);
	return labels;
}

/* A trigger whose label no policy looks at puts nobody in focus. */
static void warn_triggers(struct documents *out, struct arena *a, const struct risk *r,
	const struct compose_rows *base)
{
	const struct list labels = focus_labels(base, a);
	struct document_warning *w = arena_calloc(a, r->trigger_count + 1, sizeof *w);

	out->warning = w;
	for (uint32_t i = 0; i < r->trigger_count; i++) {
		const struct risk_trigger *t = &r->triggers[i];
		if (list_has(&labels, t->label))
			continue;
		w[out->warnings++] = (struct document_warning){
			"trigger-label",
			arena_printf(a, "trigger.%.*s.label %.*s", BYTES_ARG(t->code),
				BYTES_ARG(t->label)),
			"生效的方案基础的 focus.labels 中没有这一标签，达到触发条件的不会一律现场检查",
			"focus.labels of the base in force does not have the label: who reaches the trigger is not visited for it"
		};
	}
}

bool document_model(struct documents *out, struct arena *a, const char *text, const char *file,
	const char *code, const struct compose_rows *base, struct err *e)
{
	struct risk_file *model = arena_calloc(a, 1, sizeof *model);
	struct document *d = arena_calloc(a, 1, sizeof *d);

	*out = (struct documents){ 0 };
	if (!risk_file_parse(model, a, text, file, e))
		return false;
	*d = (struct document){ code, model->title, "", model->rows };
	out->at = d;
	out->n = 1;
	if (base != NULL)
		warn_triggers(out, a, &model->risk, base);
	return true;
}
