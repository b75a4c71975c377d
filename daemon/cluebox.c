#include "daemon/cluebox.h"

#include "daemon/keys.h"
#include "sampler/base/text.h"

bool cluebox_seal(const struct conf *c, struct arena *a, struct bytes text, struct bytes *sealed,
	struct err *e)
{
	struct box_key k;
	bool ok = keys_box(c->clues.box, &k, e);
	if (ok)
		*sealed = keys_seal(a, k.open, text);
	keys_box_wipe(&k);
	return ok;
}

bool cluebox_seal_caller(const struct conf *c, struct arena *a, struct bytes name,
	struct bytes *sealed, struct err *e)
{
	uint8_t open[32];
	struct bytes all;
	bool more;
	if (!keys_read(c->clues.callers, 100, a, &all, e))
		return false;
	if (!text_hex(bytes_cut(&all, '\n', &more), open, sizeof open))
		return err_set(e, ERR_KEY_FILE, "%s: 64 hexadecimal digits are expected",
			c->clues.callers);
	*sealed = keys_seal(a, open, name);
	return true;
}

bool cluebox_open(const struct conf *c, struct arena *a, struct bytes sealed, struct bytes *text,
	struct err *e)
{
	struct box_key k;
	bool ok = keys_box(c->clues.box, &k, e) && keys_unseal(a, &k, sealed, text, e);
	keys_box_wipe(&k);
	return ok;
}
