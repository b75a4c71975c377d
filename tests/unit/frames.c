#include "tests/unit/frames.h"

#include <string.h>

#include "sampler/seed.h"
#include "tests/unit/test.h"

static const char salt_key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static struct bytes cell_text(uint8_t cell)
{
	return cell < FRAME_STRATA ? bytes_of(stratum_name((enum stratum)cell))
				   : BYTES(EXCLUDED_CLOSED);
}

static struct bytes weighted_text(struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell,
	const uint16_t *weight, size_t n)
{
	struct buf out = buf_new(a, 65536);
	struct table_writer w;
	struct err e = { 0 };
	uint8_t blind[32], hash[32];
	char salt[33];
	struct bytes *field = arena_calloc(a, FRAME_FACTS + tasks + 2, sizeof *field);
	const struct bytes facts[FRAME_FACTS] = { BYTES(""), BYTES("91370000"), BYTES("enterprise"),
		BYTES("C13"), BYTES("371000"), BYTES("2019-02-28"), BYTES("open"), BYTES(""),
		BYTES("B"), BYTES("food=A"), BYTES("food,key"), BYTES("*=2025-03-01"),
		BYTES("2025-03-01/county/market/entry"), BYTES("0") };

	seed_frame_blind(salt_key, "frame", blind);
	assert_true(table_start(&w, TABLE_FRAME, blind, task, tasks, sink_buf(&out), a, &e));
	for (size_t i = 0; i < n; i++) {
		memcpy(field, facts, sizeof facts);
		field[FACT_OBJECT] = object[i];
		field[FACT_ENTITY] = entity != NULL ? entity[i] : object[i];
		for (size_t t = 0; t < tasks; t++)
			field[FRAME_FACTS + t] = cell_text(cell[i * tasks + t]);
		seed_frame_salt(salt_key, object[i], salt);
		field[FRAME_FACTS + tasks] =
			bytes_of(arena_printf(a, "%u", weight != NULL ? weight[i] : 1u));
		field[FRAME_FACTS + tasks + 1] = bytes_of(salt);
		assert_true(table_put(&w, field, &e));
	}
	assert_true(table_end(&w, hash, &e));
	return buf_view(&out);
}

struct bytes frames_text(struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n)
{
	return weighted_text(a, task, tasks, object, entity, cell, NULL, n);
}

const struct strata_rank frames_rank = { { [STRATUM_D] = 0,
	[STRATUM_D1] = 1,
	[STRATUM_D2] = 2,
	[STRATUM_C] = 3,
	[STRATUM_C1] = 4,
	[STRATUM_C2] = 5,
	[STRATUM_U] = 6,
	[STRATUM_U1] = 7,
	[STRATUM_U2] = 8,
	[STRATUM_B] = 9,
	[STRATUM_B1] = 10,
	[STRATUM_B2] = 11,
	[STRATUM_A] = 12,
	[STRATUM_A1] = 13,
	[STRATUM_A2] = 14,
	[STRATUM_OUT] = 15 } };

void frames_load_weighted(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell,
	const uint16_t *weight, size_t n, const struct strata_rank *rank)
{
	struct table t;
	struct err e = { 0 };
	struct bytes text = weighted_text(a, task, tasks, object, entity, cell, weight, n);
	assert_true(table_open(&t, TABLE_FRAME, text, &e));
	assert_true(frame_load(f, &t, rank, a, &e));
}

void frames_load_ranked(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n,
	const struct strata_rank *rank)
{
	frames_load_weighted(f, a, task, tasks, object, entity, cell, NULL, n, rank);
}

void frames_load_entities(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const struct bytes *entity, const uint8_t *cell, size_t n)
{
	frames_load_ranked(f, a, task, tasks, object, entity, cell, n, &frames_rank);
}

void frames_load(struct frame *f, struct arena *a, const struct bytes *task, size_t tasks,
	const struct bytes *object, const uint8_t *cell, size_t n)
{
	frames_load_entities(f, a, task, tasks, object, NULL, cell, n);
}

struct bytes *frames_ids(struct arena *a, size_t n)
{
	struct bytes *id = arena_calloc(a, n + 1, sizeof *id);
	for (size_t i = 0; i < n; i++)
		id[i] = bytes_of(arena_printf(a, "91%06zu", i));
	return id;
}

uint64_t frames_mix(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15);
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}
