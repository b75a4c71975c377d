#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/log.h"
#include "daemon/notary.h"
#include "sampler/base/text.h"
#include "sampler/checkpoint.h"
#include "sampler/tile.h"

/* ---- high water -------------------------------------------------------------------------- */

bool high_water_read(const char *path, struct high_water *h, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct bytes all;
	bool more;
	*h = (struct high_water){ 0 };
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return true;
	if (!keys_read(path, 200, a, &all, e))
		return false;
	struct bytes size = bytes_cut(&all, ' ', &more), root = bytes_cut(&all, '\n', &more);
	if (more && all.n == 0 && text_u64(size, MERKLE_SIZE_MAX, &h->size) &&
		text_hex(root, h->root.b, 32))
		return true;
	return err_set(e, ERR_FILE, "%s: not a high-water mark", path);
}

bool high_water_write(const char *path, const struct high_water *h, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 128);
	buf_u64(&b, h->size);
	buf_byte(&b, ' ');
	buf_hex(&b, h->root.b, 32);
	buf_byte(&b, '\n');
	return keys_write(path, buf_view(&b), 0600, e);
}

/* ---- the tree in the tiles --------------------------------------------------------------- */

static bool read_node(
	const void *ctx, unsigned level, uint64_t index, struct hash *out, struct err *e)
{
	const struct notary_tiles *t = ctx;
	struct tile_place at = tile_place(level, index);
	DB_ROWS rows = { 0 };
	if (!DB_RUN(t->n->db, Q_tile_get, &rows, e, DB_INT(at.level), DB_INT(at.index)))
		return false;
	if (rows.n == 0)
		return err_set(e, ERR_BAD_TILE, "level %u tile %" PRIu64 " is missing", at.level,
			at.index);
	struct db_row r = db_row(&rows, 0, t->a, e);
	struct bytes tile = db_bytea(&r, "hashes");
	return !r.bad && tile_node(tile, &at, out, e);
}

struct merkle_source notary_source(const struct notary_tiles *t)
{
	return (struct merkle_source){ read_node, t };
}

/* The root at a smaller, published size. */
static bool root_at(struct notary *n, uint64_t size, struct hash *root, struct err *e)
{
	ARENA_AUTO a = arena_new();
	const struct notary_tiles tiles = { n, a };
	const struct merkle_source source = notary_source(&tiles);
	return merkle_source_root(&source, size, root, e);
}

static bool rolled_back(const struct high_water *h, const struct head *head, struct err *e)
{
	char hex[65];
	sha256_hex(h->root.b, hex);
	return err_set(e, ERR_ROLLED_BACK,
		"signed: size %" PRIu64 " root %s; database: size %" PRIu64, h->size, hex,
		head->size);
}

/* What was signed must be the beginning of what the database holds. */
static bool above_high_water(struct notary *n, const struct head *head, struct err *e)
{
	struct high_water h;
	struct hash root;
	if (!high_water_read(n->process->conf.notary.high_water, &h, e))
		return false;
	if (h.size == 0)
		return true;
	if (h.size > head->size)
		return rolled_back(&h, head, e);
	if (h.size == head->size)
		merkle_root(&head->tree, &root);
	else if (!root_at(n, h.size, &root, e))
		return false;
	return memcmp(root.b, h.root.b, 32) == 0 || rolled_back(&h, head, e);
}

/* ---- the head ---------------------------------------------------------------------------- */

static bool read_head(const struct db_rows *rows, struct head *head, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct hash frontier[MERKLE_LEVELS], root, stored;
	struct db_row r = db_row(rows, 0, a, e);
	head->size = (uint64_t)db_int(&r, "size");
	head->published = (uint64_t)db_int(&r, "published");
	struct bytes f = db_bytea(&r, "frontier");
	db_hash(&r, "root", stored.b);
	if (r.bad)
		return false;
	if (f.n > sizeof frontier)
		return err_set(e, ERR_BAD_TREE, "log_head: frontier of %zu bytes", f.n);
	if (f.n > 0)
		memcpy(frontier, f.p, f.n);
	if (!merkle_from_frontier(&head->tree, head->size, frontier, f.n / 32, e))
		return err_at(e, "log_head");
	merkle_root(&head->tree, &root);
	return memcmp(root.b, stored.b, 32) == 0 || err_set(e, ERR_BAD_TREE, "log_head: root");
}

bool notary_head(struct notary *n, bool lock, struct head *head, struct err *e)
{
	DB_ROWS rows = { 0 };
	return db_query(n->db, lock ? Q_head_lock : Q_head_get, NULL, &rows, e) &&
	       read_head(&rows, head, e) && above_high_water(n, head, e);
}

bool notary_append(struct notary *n, struct head *head, struct bytes note, const char *kind,
	struct bytes round, uint64_t *idx, struct err *e)
{
	struct hash leaf, root, frontier[MERKLE_LEVELS];
	uint64_t old = head->size;
	DB_ROWS rows = { 0 };
	merkle_leaf(note, &leaf);
	merkle_append(&head->tree, &leaf);
	merkle_root(&head->tree, &root);
	size_t count = merkle_frontier(&head->tree, frontier);
	if (!DB_RUN(n->db, Q_entry_insert, NULL, e, DB_INT(old), DB_HASH(leaf.b), DB_TEXT(kind),
		    round.n > 0 ? DB_BYTES(round) : DB_NULL, DB_BYTEA(note)))
		return false;
	struct bytes f = { (const char *)frontier, 32 * count };
	if (!DB_RUN(n->db, Q_head_advance, &rows, e, DB_INT(old), DB_HASH(root.b), DB_BYTEA(f)))
		return false;
	if (rows.affected != 1)
		return err_set(e, ERR_BUSY, "the log moved on");
	head->size = old + 1;
	*idx = old;
	return true;
}

/* ---- publishing -------------------------------------------------------------------------- */

static bool tile_bytes(struct notary *n, struct arena *a, unsigned level, uint64_t idx,
	struct bytes *out, struct err *e)
{
	DB_ROWS rows = { 0 };
	*out = (struct bytes){ "", 0 };
	if (!DB_RUN(n->db, Q_tile_get, &rows, e, DB_INT(level), DB_INT(idx)))
		return false;
	if (rows.n == 0)
		return true;
	struct db_row r = db_row(&rows, 0, a, e);
	*out = db_bytea(&r, "hashes");
	return !r.bad;
}

/* Put hash number m - 1 of a level into its tile; a tile that has it already stands. */
static bool tile_add(struct notary *n, struct arena *a, unsigned level, uint64_t m,
	const struct hash *h, struct bytes *full, struct err *e)
{
	uint64_t idx = (m - 1) / TILE_WIDTH, at = (m - 1) % TILE_WIDTH;
	struct bytes old;
	if (!tile_bytes(n, a, level, idx, &old, e))
		return false;
	if (old.n < 32 * at)
		return err_set(e, ERR_BAD_TILE, "level %u tile %" PRIu64 " has %zu bytes", level,
			idx, old.n);
	struct buf b = buf_new(a, 32 * (at + 1));
	buf_put(&b, old.p, 32 * at);
	buf_put(&b, h->b, 32);
	*full = buf_view(&b);
	return DB_RUN(n->db, Q_tile_put, NULL, e, DB_INT(level), DB_INT(idx), DB_BYTEA(*full));
}

/* The tiles that entry size - 1 changes: one a level, upwards while tiles become full. */
static bool publish_tiles(struct notary *n, uint64_t size, struct err *e)
{
	ARENA_AUTO a = arena_new();
	DB_ROWS rows = { 0 };
	struct hash h;
	if (!DB_RUN(n->db, Q_entry_leaf, &rows, e, DB_INT(size - 1)))
		return false;
	if (rows.n != 1)
		return err_set(e, ERR_ROLLED_BACK, "entry %" PRIu64 " is missing", size - 1);
	struct db_row r = db_row(&rows, 0, a, e);
	db_hash(&r, "leaf", h.b);
	if (r.bad)
		return false;
	for (unsigned level = 0;; level++, size /= TILE_WIDTH) {
		struct bytes tile;
		if (!tile_add(n, a, level, size, &h, &tile, e))
			return false;
		if (size % TILE_WIDTH != 0)
			return true;
		struct hash all[TILE_WIDTH];
		memcpy(all, tile.p, sizeof all);
		merkle_root_of(all, TILE_WIDTH, &h);
	}
}

static struct bytes checkpoint_note(struct notary *n, struct arena *a, const struct head *head)
{
	struct checkpoint c = { .origin = vkey_name(&n->log.vkey), .size = head->size };
	merkle_root(&head->tree, &c.root);
	struct buf text = buf_new(a, 256);
	checkpoint_put(&text, &c);
	return note_sign(a, buf_view(&text), &n->log, 1, 0);
}

/* One checkpoint an entry: the head moves on only when the last one is published, so at most one
 * entry waits here, and a process that comes back after a kill signs the same bytes. */
static bool publish_locked(struct notary *n, struct head *head, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct high_water h = { .size = head->size };
	merkle_root(&head->tree, &h.root);
	if (!publish_tiles(n, head->size, e))
		return false;
	crash_point("notary.tiles");
	if (!high_water_write(n->process->conf.notary.high_water, &h, e))
		return false;
	crash_point("notary.high_water");
	struct bytes note = checkpoint_note(n, a, head);
	return DB_RUN(n->db, Q_checkpoint_insert, NULL, e, DB_INT(head->size), DB_BYTES(note),
		       DB_INT(clock_now(&n->process->conf))) &&
	       DB_RUN(n->db, Q_head_published, NULL, e, DB_INT(head->size));
}

bool notary_publish(struct notary *n, struct err *e)
{
	struct head head;
	if (!notary_head(n, false, &head, e))
		return false;
	if (head.published == head.size)
		return true;
	bool ok = db_begin(n->db, false, e) && notary_head(n, true, &head, e);
	if (ok && head.published < head.size)
		ok = publish_locked(n, &head, e);
	ok = ok && db_commit(n->db, e);
	if (!ok) {
		db_rollback(n->db);
		return err_at(e, "publish");
	}
	crash_point("notary.published");
	n->cosign_at = 0;
	n->cosign_pause = 0;
	log_info("log.published", NUM("size", head.size));
	return true;
}
