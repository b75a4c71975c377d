#include "tests/unit/vectors.h"

#include <stdio.h>

#include "sampler/base/text.h"
#include "tests/unit/test.h"

struct bytes vectors_file(const char *path, struct arena *a)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		fail_msg("cannot read %s from the root of the project", path);
	struct buf b = buf_new(a, 65536);
	char chunk[4096];
	for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
		buf_put(&b, chunk, n);
	fclose(f);
	return buf_view(&b);
}

struct vectors vectors_open(const char *name, struct arena *a)
{
	struct vectors v = { .name = name, .separator = ' ' };
	v.rest = vectors_file(arena_printf(a, "tests/vectors/%s", name), a);
	return v;
}

bool vectors_next(struct vectors *v, struct vector *out)
{
	bool more;
	while (v->rest.n > 0) {
		struct bytes line = bytes_cut(&v->rest, '\n', &more);
		v->line++;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		*out = (struct vector){ .line = v->line };
		for (more = true; more && out->n < VECTOR_FIELDS;) {
			struct bytes f = bytes_cut(&line, v->separator, &more);
			out->field[out->n++] = bytes_is(f, "-") ? (struct bytes){ f.p, 0 } : f;
		}
		return true;
	}
	return false;
}

struct bytes vectors_hex(struct bytes field, struct arena *a)
{
	char *out = arena_alloc(a, field.n / 2 + 1);
	assert_true(text_hex(field, out, field.n / 2));
	return (struct bytes){ out, field.n / 2 };
}

void vectors_hash(struct bytes field, uint8_t out[32])
{
	assert_true(text_hex(field, out, 32));
}

uint64_t vectors_u64(struct bytes field)
{
	uint64_t v = 0;
	assert_true(text_u64(field, UINT64_MAX, &v));
	return v;
}

bool vectors_accept(struct bytes field)
{
	assert_true(bytes_is(field, "accept") || bytes_is(field, "reject"));
	return bytes_is(field, "accept");
}
