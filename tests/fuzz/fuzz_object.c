/* The ids of objects, as people write them.
 *   - one spelling: what was made of an id, written again, is the same, and needs no repair;
 *   - the entity is what stands before the slash; a registration number gets its R;
 *   - premises are 02 … 9999 or none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define want(holds) ((holds) ? (void)0 : abort())

static void check_parts(const struct object *o)
{
	uint64_t n;
	struct bytes s = o->premises, start = { o->object.p, o->entity.n };
	want(o->object.n >= o->entity.n && bytes_equal(start, o->entity));
	want(o->object.n == o->entity.n + (s.n > 0 ? s.n + 1 : 0));
	want(memchr(o->entity.p, '/', o->entity.n) == NULL);
	if (s.n > 0) {
		bool padded = s.p[0] == '0';
		want(s.n >= 2 && (!padded || s.n == 2));
		want(text_u64((struct bytes){ s.p + padded, s.n - padded }, 9999, &n) && n > 1);
	}
	if (o->numbered)
		want(o->entity.n == REGNO_LENGTH + 1 && o->entity.p[0] == 'R');
	want(!o->digit || o->numbered);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes text = { (const char *)data, size };
	struct object o, again;
	struct arena *a = arena_new();
	struct row *r = row_new(a, REGISTER_ENTITIES, 4096);
	row_start(r, 2);
	const char *wrong = object_of(r, text, &o);
	if (wrong == NULL) {
		check_parts(&o);
		want(o.repaired || size == 0 || size >= o.entity.n || o.numbered);
		if (text_is_object_id(o.object)) {
			want(object_of(r, o.object, &again) == NULL);
			want(bytes_equal(again.object, o.object) && !again.repaired);
			want(bytes_equal(again.entity, o.entity) && again.digit == o.digit);
		}
	} else {
		want(wrong[0] != '\0');
	}
	arena_free(a);
	return 0;
}
