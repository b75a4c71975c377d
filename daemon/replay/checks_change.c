/* V20: the changes after the draw, from their openings. */
#include "daemon/replay/replay.h"

#include <stdio.h>
#include <string.h>

#include "planner/season.h"
#include "sampler/base/text.h"

enum { BLINDING = 64 }; /* digits, then a line feed */

/* What the record's content hides; false where the file does not give its hash. */
static bool opened(const struct entry *en, struct bytes file, struct bytes *content, struct err *e)
{
	uint8_t blinding[32], hash[32];
	if (file.n <= BLINDING || file.p[BLINDING] != '\n' ||
		!text_hex((struct bytes){ file.p, BLINDING }, blinding, sizeof blinding))
		return err_set(e, ERR_BAD_BUNDLE, "blinding: expected 64 hexadecimal digits");
	*content = (struct bytes){ file.p + BLINDING + 1, file.n - BLINDING - 1 };
	seed_content(BYTES("change"), blinding, *content, hash);
	return replay_hash(&en->record, "content", hash, e);
}

static bool one_change(struct replay *r, struct season *s, const struct entry *en, struct err *e)
{
	char name[32];
	struct bytes content;
	snprintf(name, sizeof name, "changes/%010llu", (unsigned long long)en->index);
	const struct bundle_file *f = bundle_find(&r->bundle, name);
	if (f == NULL)
		return err_set(e, ERR_BAD_BUNDLE, "%s: ∅", name);
	return (opened(en, f->content, &content, e) &&
		       season_replay(s, content, record_get(&en->record, "department"), e)) ||
	       err_at(e, "%s", name);
}

bool check_changes(struct replay *r, char *note, size_t size, struct err *e)
{
	struct season *s = season_new(r->arena, &r->plan);
	size_t files, changes = 0;
	bundle_folder(&r->bundle, "changes/", &files);
	for (size_t i = 0; i < r->entries; i++) {
		const struct entry *en = &r->entry[i];
		if (!en->ours || en->record.kind != RECORD_CHANGE)
			continue;
		changes++;
		if (!one_change(r, s, en, e))
			return false;
	}
	if (files > changes)
		return err_set(e, ERR_BAD_BUNDLE, "changes/: %zu > %zu", files, changes);
	struct season_figures f = season_figures(s);
	snprintf(note, size, "%zu changes of %u slots and %u days, %u slots open", changes, f.slots,
		f.days, f.open);
	return true;
}
