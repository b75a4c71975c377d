#include "sampler/tile.h"

#include <assert.h>
#include <string.h>

#include "sampler/base/text.h"

typedef unsigned long long ull; /* for printf */

static bool bad(struct err *e, const char *what)
{
	return err_set(e, ERR_BAD_TILE, "%s", what);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Groups of three digits, all but the last with x before them: 1234067 is x001/x234/067. Reads
 * from *rest on and stops behind the last group. */
static bool read_index(struct bytes *rest, uint64_t *index)
{
	uint64_t v = 0;
	bool more = true;
	for (int group = 0; more; group++) {
		more = rest->n > 0 && rest->p[0] == 'x';
		const char *p = rest->p + (more ? 1 : 0);
		size_t size = more ? 5 : 3; /* x001/ or 067 */
		if (rest->n < size || !is_digit(p[0]) || !is_digit(p[1]) || !is_digit(p[2]))
			return false;
		if (more && p[3] != '/')
			return false;
		unsigned d = (unsigned)((p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0'));
		/* only the group that is all of the number may be 000 at the front */
		if (group == 0 && more && d == 0)
			return false;
		if (v > (MERKLE_SIZE_MAX - d) / 1000)
			return false;
		v = v * 1000 + d;
		rest->p += size;
		rest->n -= size;
	}
	*index = v;
	return true;
}

static void put_group(struct buf *out, unsigned v)
{
	const char digits[3] = { (char)('0' + v / 100), (char)('0' + v / 10 % 10),
		(char)('0' + v % 10) };
	buf_put(out, digits, sizeof digits);
}

static void put_index(struct buf *out, uint64_t index)
{
	uint64_t unit = 1;
	while (index / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000) {
		buf_byte(out, 'x');
		put_group(out, (unsigned)(index / unit % 1000));
		buf_byte(out, '/');
	}
	put_group(out, (unsigned)(index % 1000));
}

bool tile_parse(struct tile *t, struct bytes path, struct err *e)
{
	bool more;
	uint64_t level = 0, width = TILE_WIDTH;
	struct bytes rest = path, first = bytes_cut(&rest, '/', &more);
	struct bytes kind = more ? bytes_cut(&rest, '/', &more) : (struct bytes){ 0 };
	if (!more || !bytes_is(first, "tile"))
		return bad(e, "a tile's path is tile/<level>/<number> or tile/entries/<number>");
	t->entries = bytes_is(kind, "entries");
	if (!t->entries && !text_u64(kind, TILE_LEVEL_MAX, &level))
		return bad(e, "the level of a tile is 0-63 or entries");
	if (!read_index(&rest, &t->index))
		return bad(e,
			"the number of a tile is groups of three digits, x before all but the last");
	if (rest.n > 0) {
		if (!bytes_starts(rest, BYTES(".p/")))
			return bad(e, "nothing but .p/<width> may follow the number");
		rest = (struct bytes){ rest.p + 3, rest.n - 3 };
		if (!text_u64(rest, TILE_WIDTH - 1, &width) || width == 0)
			return bad(e, "the width of a partial tile is 1-255");
	}
	t->level = (unsigned)level;
	t->width = (unsigned)width;
	return true;
}

void tile_put_path(struct buf *out, const struct tile *t)
{
	assert(t->width >= 1 && t->width <= TILE_WIDTH && t->level <= TILE_LEVEL_MAX);
	buf_str(out, "tile/");
	if (t->entries)
		buf_str(out, "entries");
	else
		buf_u64(out, t->level);
	buf_byte(out, '/');
	put_index(out, t->index);
	if (t->width < TILE_WIDTH) {
		buf_str(out, ".p/");
		buf_u64(out, t->width);
	}
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t index)
{
	if (level > 7) /* 2^64 leaves below one hash */
		return 0;
	uint64_t hashes = size >> (TILE_HEIGHT * level), full = hashes / TILE_WIDTH;
	if (index < full)
		return TILE_WIDTH;
	return index == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}

struct tile_place tile_place(unsigned level, uint64_t index)
{
	unsigned fold = level % TILE_HEIGHT;
	uint64_t first = index << fold;
	assert(level < MERKLE_LEVELS && (fold == 0 || index >> (64 - fold) == 0));
	return (struct tile_place){
		.level = level / TILE_HEIGHT,
		.index = first / TILE_WIDTH,
		.first = (unsigned)(first % TILE_WIDTH),
		.width = 1u << fold,
	};
}

bool tile_node(struct bytes tile, const struct tile_place *at, struct hash *out, struct err *e)
{
	struct hash h[TILE_WIDTH / 2 + 1];
	size_t n = at->width;
	if (tile.n % SHA256_SIZE != 0 || tile.n > TILE_WIDTH * SHA256_SIZE)
		return err_set(e, ERR_BAD_TILE, "a tile of %zu bytes", tile.n);
	if (tile.n / SHA256_SIZE < at->first + n)
		return err_set(e, ERR_BAD_TILE, "tile %u/%llu holds %zu hashes, %zu are needed",
			at->level, (ull)at->index, tile.n / SHA256_SIZE, at->first + n);
	memcpy(h, tile.p + at->first * (size_t)SHA256_SIZE, n * SHA256_SIZE);
	for (; n > 1; n /= 2)
		for (size_t i = 0; i < n / 2; i++)
			merkle_node(&h[2 * i], &h[2 * i + 1], &h[i]);
	*out = h[0];
	return true;
}

void tile_put_entry(struct buf *bundle, struct bytes entry)
{
	assert(entry.n <= TILE_ENTRY_MAX);
	buf_byte(bundle, (char)(entry.n >> 8));
	buf_byte(bundle, (char)(entry.n & 0xff));
	buf_bytes(bundle, entry);
}

bool tile_entries(
	struct bytes bundle, struct bytes entries[TILE_WIDTH], size_t *count, struct err *e)
{
	size_t n = 0;
	while (bundle.n > 0) {
		const unsigned char *p = (const unsigned char *)bundle.p;
		if (n == TILE_WIDTH)
			return bad(e, "more than 256 entries in a bundle");
		if (bundle.n < 2 || bundle.n - 2 < (size_t)(p[0] << 8 | p[1]))
			return err_set(e, ERR_BAD_TILE, "entry %zu of the bundle is cut off", n);
		entries[n] = (struct bytes){ bundle.p + 2, (size_t)(p[0] << 8 | p[1]) };
		bundle.p += 2 + entries[n].n;
		bundle.n -= 2 + entries[n].n;
		n++;
	}
	*count = n;
	return n > 0 || bad(e, "an empty entry bundle");
}
