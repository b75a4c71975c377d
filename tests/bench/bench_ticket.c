/* Tickets and bulk hashing against libsodium, in one run: the ratio is what holds, absolute times
 * drift with the machine. Every result is also compared, so a fast wrong answer ends the run. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sampler/cpu.h"
#include "sampler/merkle.h"
#include "sampler/sha256.h"
#include "sampler/ticket.h"
#include "tests/bench/world.h"

enum { OBJECTS = 1 << 18, ID = 18, ROUNDS = 5, BULK = 64 << 20, LEAVES = 1 << 18 };

struct work {
	struct ticket_key key;
	struct bytes *objects;
	uint64_t *u;
	unsigned char *bulk, out[32];
	struct hash *leaves, root;
};
static const char K[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench_ticket: %s\n", what);
	exit(1);
}

static void tickets_sodium(struct work *w)
{
	for (size_t i = 0; i < OBJECTS; i++) {
		unsigned char message[64 + TICKET_OBJECT_MAX], out[32];
		memcpy(message, K, 64);
		memcpy(message + 64, w->objects[i].p, w->objects[i].n);
		crypto_hash_sha256(out, message, 64 + w->objects[i].n);
		w->u[i] = ticket_number(out);
	}
}

static void tickets_portable(struct work *w)
{
	ticket_batch_portable(&w->key, w->objects, OBJECTS, w->u);
}

#if defined(__x86_64__)
static void tickets_ni(struct work *w)
{
	ticket_batch_ni(&w->key, w->objects, OBJECTS, w->u);
}

static void tickets_wide(struct work *w)
{
	ticket_batch_wide(&w->key, w->objects, OBJECTS, w->u);
}
#endif

static void tickets_ours(struct work *w)
{
	ticket_batch(&w->key, w->objects, OBJECTS, w->u);
}

static void bulk_sodium(struct work *w)
{
	crypto_hash_sha256(w->out, w->bulk, BULK);
}

static void bulk_ours(struct work *w)
{
	sha256(w->bulk, BULK, w->out);
}

static void tree(struct work *w)
{
	merkle_root_of(w->leaves, LEAVES, &w->root);
}

/* The fastest of a few runs in picoseconds per item: what the machine can do when left alone. */
static uint64_t best(void (*run)(struct work *w), struct work *w, uint64_t items)
{
	uint64_t least = UINT64_MAX;
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = now();
		run(w);
		uint64_t took = now() - start;
		least = took < least ? took : least;
	}
	return least * 1000 / items;
}

static void show(const char *what, uint64_t ps)
{
	bench_said("ticket", what, ps, "ps");
}

/* Times one way to make tickets; its results must be those of libsodium. */
static uint64_t show_way(
	const char *what, void (*run)(struct work *w), struct work *w, const uint64_t *expect)
{
	uint64_t ps = best(run, w, OBJECTS);
	must(memcmp(w->u, expect, OBJECTS * sizeof *expect) == 0, what);
	show(what, ps);
	return ps;
}

static void show_tickets(struct work *w)
{
	uint64_t *expect = calloc(OBJECTS, sizeof *expect);
	must(expect != NULL, "out of memory");
	tickets_sodium(w);
	memcpy(expect, w->u, OBJECTS * sizeof *expect);
	uint64_t theirs =
		show_way("ticket, libsodium crypto_hash_sha256", tickets_sodium, w, expect);
	show_way("ticket, plain C", tickets_portable, w, expect);
#if defined(__x86_64__)
	if (cpu_has_sha())
		show_way("ticket, SHA extensions", tickets_ni, w, expect);
	if (cpu_has_avx512())
		show_way("ticket, AVX-512", tickets_wide, w, expect);
#endif
	uint64_t ours = show_way("ticket_batch", tickets_ours, w, expect);
	bench_said("ticket", "libsodium by ticket_batch", theirs * 100 / ours, "percent");
	free(expect);
}

/* Picoseconds for 1000 bytes: 10^9 divided by that is bytes per microsecond, MB per second. */
static void show_bulk(struct work *w)
{
	unsigned char expect[32];
	uint64_t theirs = best(bulk_sodium, w, BULK / 1000);
	memcpy(expect, w->out, sizeof expect);
	uint64_t ours = best(bulk_ours, w, BULK / 1000);
	must(memcmp(w->out, expect, sizeof expect) == 0, "SHA-256 differs from libsodium");
	bench_said("ticket", "bulk SHA-256, libsodium", 1000000000ull / theirs, "MB/s");
	bench_said("ticket", "bulk SHA-256", 1000000000ull / ours, "MB/s");
}

int main(void)
{
	struct work w = { 0 };
	char *ids = malloc((size_t)OBJECTS * ID);
	w.objects = calloc(OBJECTS, sizeof *w.objects);
	w.u = calloc(OBJECTS, sizeof *w.u);
	w.bulk = calloc(BULK, 1);
	w.leaves = calloc(LEAVES, sizeof *w.leaves);
	must(sodium_init() >= 0, "libsodium does not start");
	must(ids != NULL && w.objects != NULL && w.u != NULL && w.bulk != NULL && w.leaves != NULL,
		"out of memory");
	ticket_key_init(&w.key, K);
	for (size_t i = 0; i < OBJECTS; i++) {
		char id[32];
		snprintf(id, sizeof id, "91371000%010zu", i * 7919);
		memcpy(ids + i * ID, id, ID);
		w.objects[i] = (struct bytes){ ids + i * ID, ID };
	}
	for (size_t i = 0; i < LEAVES; i++)
		sha256(&i, sizeof i, w.leaves[i].b);
	show_tickets(&w);
	show_bulk(&w);
	show("Merkle root, per leaf", best(tree, &w, LEAVES));
	free(ids);
	free(w.objects);
	free(w.u);
	free(w.bulk);
	free(w.leaves);
	return 0;
}
