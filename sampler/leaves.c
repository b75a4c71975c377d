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

/* The leaf up to the tasks; opened is SHA256(K_salt ‖ object). */
static void put_ticket(
	struct buf *out, const uint8_t opened[32], struct bytes object, const uint8_t ticket[32])
{
	buf_bytes(out, BYTES("drawd/ticket-leaf/v1\n"));
	put_hash(out, opened);
	put_line(out, object);
	put_hash(out, ticket);
}

void leaves_ticket(struct buf *out, const struct seed_keys *k, struct bytes object,
	const uint8_t ticket[32], const struct bytes *task, size_t tasks)
{
	struct ticket_key salt;
	uint8_t opened[32];
	ticket_key_init(&salt, k->k[KEY_SALT]);
	ticket_one(&salt, object, opened);
	put_ticket(out, opened, object, ticket);
	for (size_t i = 0; i < tasks; i++)
		put_line(out, task[i]);
}

/* Ticket leaves of many objects, hashed together (sha256_batch). */
enum { BATCH = 512 };

struct batch {
	struct sha256 entity, salt; /* these have taken K_entity and K_salt */
	struct bytes object[BATCH], entry[BATCH];
	struct hash ticket[BATCH], opened[BATCH];
	size_t end[BATCH]; /* of entry in text */
	struct buf text;
};

static void batch_start(struct batch *b, const struct seed_keys *k, struct arena *a)
{
	sha256_init(&b->entity);
	sha256_init(&b->salt);
	sha256_update_bytes(&b->entity, seed_key(k, KEY_ENTITY));
	sha256_update_bytes(&b->salt, seed_key(k, KEY_SALT));
	b->text = buf_new(a, (size_t)BATCH * 512);
}

/* The leaves of a batch of objects; *j is the first drawn object that is not before them, then the
 * first that is behind them. */
static void batch_leaves(struct batch *b, const struct frame *f, const struct drawn *d, size_t *j,
	size_t from, struct hash *leaf)
{
	size_t n = frame_objects(f, from, BATCH, b->object);
	sha256_batch(&b->entity, b->object, n, b->ticket);
	sha256_batch(&b->salt, b->object, n, b->opened);
	b->text.n = 0;
	for (size_t i = 0; i < n; i++) {
		put_ticket(&b->text, b->opened[i].b, b->object[i], b->ticket[i].b);
		if (*j < d->n && d->object[*j] == from + i) {
			for (size_t t = d->first[*j]; t < d->first[*j + 1]; t++)
				put_line(&b->text, f->task[d->task[t]]);
			++*j;
		}
		b->end[i] = b->text.n;
	}
	for (size_t i = 0, start = 0; i < n; start = b->end[i++])
		b->entry[i] = (struct bytes){ b->text.p + start, b->end[i] - start };
	merkle_leaves(b->entry, n, leaf);
}

void leaves_ticket_root(const struct frame *f, const struct drawn *d, const struct seed_keys *k,
	struct hash *leaf, struct hash *root)
{
	ARENA_AUTO a = arena_new();
	struct batch *b = arena_alloc(a, sizeof *b);
	size_t j = 0;
	batch_start(b, k, a);
	for (size_t i = 0; i < f->n; i += BATCH)
		batch_leaves(b, f, d, &j, i, leaf + i);
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
