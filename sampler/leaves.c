#include "sampler/leaves.h"

#include <string.h>

#include "sampler/ticket.h"
#include "sampler/type.h"

static void put_line(struct buf *out, struct bytes v)
{
	buf_bytes(out, v);
	buf_byte(out, '\n');
}

static void put_hash(struct buf *out, const uint8_t h[32])
{
	char hex[65];
	sha256_hex(h, hex);
	put_line(out, (struct bytes){ hex, 64 });
}

/* The leaf up to the tasks. */
static void put_ticket(struct buf *out, const struct ticket_key *salt, struct bytes object,
	const uint8_t ticket[32])
{
	uint8_t h[32];
	buf_str(out, "drawd/ticket-leaf/v1\n");
	ticket_one(salt, object, h);
	put_hash(out, h);
	put_line(out, object);
	put_hash(out, ticket);
}

void leaves_ticket(struct buf *out, const struct seed_keys *k, struct bytes object,
	const uint8_t ticket[32], const struct bytes *task, size_t tasks)
{
	struct ticket_key salt;
	ticket_key_init(&salt, k->k[KEY_SALT]);
	put_ticket(out, &salt, object, ticket);
	for (size_t i = 0; i < tasks; i++)
		put_line(out, task[i]);
}

void leaves_ticket_root(const struct frame *f, const struct drawn *d, const struct seed_keys *k,
	struct hash *leaf, struct hash *root)
{
	ARENA_AUTO a = arena_new();
	struct ticket_key entity, salt;
	struct buf entry = buf_new(a, 4096);
	uint8_t ticket[32];
	ticket_key_init(&entity, k->k[KEY_ENTITY]);
	ticket_key_init(&salt, k->k[KEY_SALT]);
	for (size_t i = 0, j = 0; i < f->n; i++) {
		entry.n = 0;
		struct bytes object = frame_object(f, i);
		ticket_one(&entity, object, ticket);
		put_ticket(&entry, &salt, object, ticket);
		if (j < d->n && d->object[j] == i) {
			for (size_t t = d->first[j]; t < d->first[j + 1]; t++)
				put_line(&entry, f->task[d->task[t]]);
			j++;
		}
		merkle_leaf(buf_view(&entry), &leaf[i]);
	}
	merkle_sort_leaves(leaf, f->n);
	merkle_root_of(leaf, f->n, root);
}

void leaves_visit(struct buf *out, const struct seed_keys *k, struct bytes object,
	struct bytes ordinal, struct bytes departments)
{
	struct bytes parts[] = { seed_key(k, KEY_BLIND), object, BYTES("\n"), ordinal,
		BYTES("\n") };
	struct bytes department;
	uint8_t h[32];
	sha256_parts(parts, 5, h);
	buf_str(out, "drawd/visit-leaf/v1\n");
	put_hash(out, h);
	put_line(out, object);
	put_line(out, ordinal);
	while (type_next_member(&departments, &department))
		put_line(out, department);
}

void leaves_visit_root(
	const struct table *visits, const struct seed_keys *k, struct hash *leaf, struct hash *root)
{
	size_t object = table_column(TABLE_VISITS, "object"),
	       ordinal = table_column(TABLE_VISITS, "ordinal"),
	       departments = table_column(TABLE_VISITS, "departments");
	ARENA_AUTO a = arena_new();
	struct buf entry = buf_new(a, 1024);
	struct bytes field[TABLE_COLUMNS_MAX];
	struct table_cursor c = table_rows(visits);
	while (table_next(visits, &c, field)) {
		entry.n = 0;
		leaves_visit(&entry, k, field[object], field[ordinal], field[departments]);
		merkle_leaf(buf_view(&entry), &leaf[c.row - 1]);
	}
	merkle_sort_leaves(leaf, visits->n);
	merkle_root_of(leaf, visits->n, root);
}

bool leaves_find(const struct hash *leaf, size_t n, const struct hash *wanted, size_t *at)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (memcmp(leaf[mid].b, wanted->b, sizeof wanted->b) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*at = low;
	return low < n && memcmp(leaf[low].b, wanted->b, sizeof wanted->b) == 0;
}
