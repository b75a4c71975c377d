/* Rows `path TAB value LF`: a refusal says where and why, an accepted policy gives back exactly the
 * rows it was read from. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "planner/exclude.h"
#include "planner/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t split(struct bytes text, struct arena *a, struct setting_row **rows)
{
	size_t n = 0, room = 1;
	bool more = true;

	for (size_t i = 0; i < text.n; i++)
		room += text.p[i] == '\n';
	*rows = arena_calloc(a, room, sizeof **rows);
	while (more && text.n > 0) {
		struct bytes line = bytes_cut(&text, '\n', &more);
		bool tab;
		struct bytes path = bytes_cut(&line, '\t', &tab);
		(*rows)[n++] = (struct setting_row){ path, line };
	}
	return n;
}

static void compare(
	const struct policy *p, struct arena *a, const struct setting_row *rows, size_t n)
{
	const struct setting_row *again;
	size_t count;

	policy_rows(p, a, &again, &count);
	if (count != n)
		abort();
	for (size_t i = 0; i < n; i++)
		if (!bytes_equal(rows[i].path, again[i].path) ||
			!bytes_equal(rows[i].value, again[i].value))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO a = arena_new();
	struct setting_row *rows;
	struct policy p;
	struct err e = { 0 };
	size_t n = split((struct bytes){ (const char *)data, size }, a, &rows);

	settings_sort(rows, n);
	if (!policy_from_rows(&p, a, rows, n, &e)) {
		if (e.code == ERR_NONE || e.where[0] == '\0' || e.what[0] == '\0')
			abort();
		return 0;
	}
	if (e.code != ERR_NONE)
		abort();
	compare(&p, a, rows, n);
	for (uint32_t t = 0; t < p.task_count; t++) {
		const struct task *task = &p.tasks[t];
		if (task->item_count == 0 || task->department_count == 0 || task->from > task->to)
			abort();
	}
	(void)excluder_new(a, &p, 20605);
	return 0;
}
