#include "tests/gen/stream.h"

#include <stdlib.h>
#include <string.h>

void dice_start(struct dice *d, const char *seed, const char *topic, uint64_t index)
{
	char number[24];
	int n = snprintf(number, sizeof number, "%llu", (unsigned long long)index);
	sha256_init(&d->start);
	sha256_update(&d->start, seed, strlen(seed) + 1);
	sha256_update(&d->start, topic, strlen(topic) + 1);
	sha256_update(&d->start, number, (size_t)n + 1);
	d->block = 0;
	d->used = 8;
}

static uint32_t next(struct dice *d)
{
	if (d->used == 8) {
		struct sha256 s = d->start;
		uint8_t h[32], counter[8];
		for (size_t i = 0; i < 8; i++)
			counter[i] = (uint8_t)(d->block >> 8 * (7 - i));
		sha256_update(&s, counter, sizeof counter);
		sha256_final(&s, h);
		for (size_t i = 0; i < 8; i++)
			d->word[i] = (uint32_t)h[4 * i] << 24 | (uint32_t)h[4 * i + 1] << 16 |
				     (uint32_t)h[4 * i + 2] << 8 | h[4 * i + 3];
		d->block++;
		d->used = 0;
	}
	return d->word[d->used++];
}

uint32_t dice_below(struct dice *d, uint32_t n)
{
	return (uint32_t)((uint64_t)next(d) * n >> 32);
}

int dice_chance(struct dice *d, uint32_t n)
{
	return dice_below(d, 10000) < n;
}

size_t dice_weighted(struct dice *d, const uint32_t *weight, size_t n)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < n; i++)
		sum += weight[i];
	uint32_t at = dice_below(d, sum);
	for (size_t i = 0; i + 1 < n; i++) {
		if (at < weight[i])
			return i;
		at -= weight[i];
	}
	return n - 1;
}

/* ---- output ------------------------------------------------------------------------------ */

static void die(const struct out *o)
{
	perror(o->path);
	exit(1);
}

void out_open(struct out *o, const char *folder, const char *name)
{
	static char paths[4][4096];
	static unsigned n;
	char *path = paths[n++ % 4];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	o->path = path;
	o->n = 0;
	o->file = fopen(path, "wb");
	if (o->file == NULL)
		die(o);
}

static void flush(struct out *o)
{
	if (fwrite(o->text, 1, o->n, o->file) != o->n)
		die(o);
	o->n = 0;
}

void out_close(struct out *o)
{
	flush(o);
	if (fclose(o->file) != 0)
		die(o);
}

void out_put(struct out *o, const char *p, size_t n)
{
	if (o->n + n > sizeof o->text)
		flush(o);
	memcpy(o->text + o->n, p, n);
	o->n += n;
}

void out_text(struct out *o, const char *s)
{
	out_put(o, s, strlen(s));
}

void out_number(struct out *o, uint64_t v, unsigned digits)
{
	char text[20];
	for (unsigned i = digits; i-- > 0; v /= 10)
		text[i] = (char)('0' + v % 10);
	out_put(o, text, digits);
}

void out_value(struct out *o, const char *s, char after)
{
	if (strpbrk(s, ",\"\n") == NULL) {
		out_text(o, s);
	} else {
		out_put(o, "\"", 1);
		for (; *s != '\0'; s++) {
			if (*s == '"')
				out_put(o, s, 1);
			out_put(o, s, 1);
		}
		out_put(o, "\"", 1);
	}
	out_put(o, &after, 1);
}
