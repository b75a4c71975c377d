#include "planner/slotkeys.h"

#include <assert.h>
#include <string.h>

#include "sampler/cpu.h"
#include "sampler/sha256.h"

/* object, ordinal, department, place and their line feeds: 55 + 10 + 32 + 1 + 4 */
enum { BEGINNING = 128 };

/* A hash under way: the state after whole blocks, and the blocks to come. */
struct started {
	uint32_t state[8];
	uint64_t blocks;
	uint32_t n; /* bytes in block, < SHA256_BLOCK */
	uint8_t block[2 * SHA256_BLOCK];
};

static void start(struct started *h, const uint32_t state[8], struct bytes text)
{
	size_t whole = text.n / SHA256_BLOCK;
	*h = (struct started){ .blocks = 1 + whole };
	memcpy(h->state, state, sizeof h->state);
	sha256_blocks(h->state, (const uint8_t *)text.p, whole);
	h->n = (uint32_t)(text.n - whole * SHA256_BLOCK);
	memcpy(h->block, text.p + whole * SHA256_BLOCK, h->n);
}

/* What comes last, with the padding's first byte behind it: copied whole, whatever its length. */
static void set_end(struct slot_end *end, struct bytes id)
{
	assert(id.n <= 32);
	*end = (struct slot_end){ 0 };
	if (id.n > 0) {
		memcpy(end->text, id.p, id.n);
		end->text[id.n] = '\n';
		end->n = (uint8_t)(id.n + 1);
	}
	end->text[end->n] = 0x80;
}

static void finish(const struct started *h, const struct slot_end *end, struct shp_key *out)
{
	uint8_t block[2 * SHA256_BLOCK];
	uint32_t state[8];
	memcpy(block, h->block, sizeof block);
	memcpy(block + h->n, end->text, sizeof end->text);
	memcpy(state, h->state, sizeof state);
	uint64_t n = h->n + end->n, bits = (h->blocks * SHA256_BLOCK + n) * 8;
	size_t blocks = n + 9 <= SHA256_BLOCK ? 1 : 2;
	for (unsigned k = 0; k < 8; k++)
		block[blocks * SHA256_BLOCK - 1 - k] = (uint8_t)(bits >> 8 * k);
	sha256_blocks(state, block, blocks);
	for (unsigned k = 0; k < 4; k++)
		out->w[k] = (uint64_t)state[2 * k] << 32 | state[2 * k + 1];
}

static struct bytes beginning(
	const struct slot_keys *k, uint32_t assignment, uint32_t place, char room[BEGINNING])
{
	const struct assignment *s = &k->assignments->at[assignment];
	struct buf b = { .p = room, .room = BEGINNING };
	buf_bytes(&b, s->object);
	buf_byte(&b, '\n');
	buf_u64(&b, k->visits->at[s->visit].ordinal);
	buf_byte(&b, '\n');
	buf_bytes(&b, k->policy->departments[s->department].code);
	buf_byte(&b, '\n');
	buf_u64(&b, place);
	buf_byte(&b, '\n');
	return buf_view(&b);
}

static void state_of(const struct seed_keys *keys, enum seed_key which, uint32_t state[8])
{
	struct bytes k = seed_key(keys, which);
	assert(k.n == SHA256_BLOCK);
	memcpy(state, sha256_start, sizeof sha256_start);
	sha256_blocks(state, (const uint8_t *)k.p, 1);
}

void slot_keys_init(
	struct slot_keys *k, struct arena *a, const struct seed_keys *keys, const struct pool *pool)
{
	struct slot_end *end = arena_calloc(a, (size_t)pool->n + 1, sizeof *end);
	for (uint32_t i = 0; i < pool->n; i++)
		set_end(&end[i], pool->at[i].id);
	k->end = end;
	state_of(keys, KEY_SLOT, k->slot_state);
	state_of(keys, KEY_CANDIDATE, k->candidate_state);
}

void slot_key(void *keys, uint32_t assignment, uint32_t place, struct shp_key *out)
{
	const struct slot_keys *k = keys;
	char room[BEGINNING];
	struct started h;
	struct slot_end nothing;
	set_end(&nothing, (struct bytes){ NULL, 0 });
	start(&h, k->slot_state, beginning(k, assignment, place, room));
	finish(&h, &nothing, out);
}

void slot_candidate_keys(void *keys, uint32_t assignment, uint32_t place,
	const uint32_t *inspectors, uint32_t n, struct shp_key *out)
{
	const struct slot_keys *k = keys;
	char room[BEGINNING];
	struct started h;
	start(&h, k->candidate_state, beginning(k, assignment, place, room));
	for (uint32_t i = 0; i < n; i++)
		finish(&h, &k->end[inspectors[i]], &out[i]);
}

void slot_graph(struct shp_graph *g, struct arena *a, struct slot_keys *k,
	const struct seed_keys *keys, const struct pool *pool, const struct eligible *who)
{
	const struct assignments *s = k->assignments;
	uint8_t *places = arena_calloc(a, (size_t)s->n + 1, 1);
	uint32_t *limit = arena_calloc(a, (size_t)pool->n + 1, sizeof *limit);
	for (uint32_t i = 0; i < s->n; i++)
		places[i] = (uint8_t)s->at[i].places;
	for (uint32_t i = 0; i < pool->n; i++)
		limit[i] = pool->at[i].limit;
	slot_keys_init(k, a, keys, pool);
	*g = (struct shp_graph){ .assignments = s->n,
		.inspectors = pool->n,
		.start = who->start,
		.to = who->to,
		.places = places,
		.limit = limit,
		.slack = k->policy->inspectors_slack,
		.keys = k,
		.slot_key = slot_key,
		.candidate_keys = slot_candidate_keys };
}
