/* Label rules: words of a name or a business scope that put labels on an object at import, so
 * that tasks can define their pools by `labels` (PROTOCOL.md §6.2, rule `type`). Pure matching;
 * only label_rules_load reads a file. */
#ifndef DRAWD_POLICY_LABELS_H
#define DRAWD_POLICY_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "sampler/base/arena.h"
#include "sampler/base/bytes.h"
#include "sampler/base/err.h"

struct label_rules;

/* Read a rules file (drawd-policy.conf(5), labels: etc/policy/labels.conf). The rules live in `a`.
 * Errors: ERR_FILE, ERR_CONF with file:line and the setting. */
bool label_rules_load(struct label_rules **out, struct arena *a, const char *file, struct err *e);

/* The same on text; `file` only names it in errors. */
bool label_rules_parse(struct label_rules **out, struct arena *a, const char *text,
	const char *file, struct err *e);

/* How many rules there are; the most labels label_rules_match can give. */
size_t label_rules_count(const struct label_rules *r);

/* Is it the label of a rule? */
bool label_rules_have(const struct label_rules *r, struct bytes label);
/* The label whose rule has that title (餐饮 → catering); false where none has. */
bool label_rules_titled(const struct label_rules *r, struct bytes title, struct bytes *label);
/* What people call the label of rule i: its title, else the label. */
const char *label_rules_name(const struct label_rules *r, size_t i);

/* The labels of one object: every rule with a `name` word in the name, a `scope` word in name or
 * scope, or an `industries` prefix of the industry code, and no `not` word in the name. A word
 * does not count where one of the file's `negations` (不含 …) stands before it in the same clause.
 * Appends a list in the form of PROTOCOL.md §5 (joined by ",", bytewise ascending, unique) together
 * with the labels in `given` (same form, may be empty). Depends on nothing but the arguments. */
void label_rules_match(const struct label_rules *r, struct bytes name, struct bytes scope,
	struct bytes industry, struct bytes given, struct buf *out);

/* Does any rule look at permits? */
bool label_rules_have_permits(const struct label_rules *r);

/* The labels that follow from the names of an object's permits in force: every rule with a word of
 * `permits` in one of them. Appended together with the labels in `given`, as above. */
void label_rules_permits(const struct label_rules *r, const struct bytes *permit, size_t n,
	struct bytes given, struct buf *out);

#endif
