/* Shared texts of a workbook: one after the other in blocks that never move. */
#include <stdlib.h>
#include <string.h>

#include "daemon/register/xlsxbook.h"
#include "daemon/register/xlsxxml.h"

/* A block holds texts, each behind its length (4 bytes); the last 22 bits of a place are within it.
 */
enum { BLOCK_BITS = 22, BLOCK = 1 << BLOCK_BITS, BLOCKS_MAX = 1024, LENGTH = 4 };

struct xlsx_strings {
	size_t n, room;
	uint32_t *at; /* block and place within */
	size_t blocks, used; /* used: of the last block */
	char *block[BLOCKS_MAX];
	uint64_t most;
};

struct strings_reading {
	struct xlsx_strings *s;
	size_t text_max;
	bool in_text;
	unsigned phonetic; /* depth within */
	char *text;
	size_t text_n;
};

static void *checked(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

void xlsx_strings_free(struct xlsx_strings *s)
{
	for (size_t i = 0; s != NULL && i < s->blocks; i++)
		free(s->block[i]);
	if (s != NULL)
		free(s->at);
	free(s);
}

bool xlsx_strings_get(const struct xlsx_strings *s, uint64_t i, struct bytes *text)
{
	uint32_t n;
	if (s == NULL || i >= s->n)
		return false;
	const char *p = s->block[s->at[i] >> BLOCK_BITS] + (s->at[i] & (BLOCK - 1));
	memcpy(&n, p, sizeof n);
	*text = (struct bytes){ p + LENGTH, n };
	return true;
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c != '\0' ? strchr(digits, c | 32) : NULL;
	return at != NULL && (c >= '0' && (c <= '9' || c >= 'A')) ? (int)(at - digits) : -1;
}

size_t xlsx_unescape(char *s, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		int u = 0;
		bool found = n - i >= 7 && s[i] == '_' && s[i + 1] == 'x' && s[i + 6] == '_';
		for (size_t k = 2; found && k < 6; k++) {
			found = hex(s[i + k]) >= 0;
			u = u * 16 + hex(s[i + k]);
		}
		/* signs of more than a byte need no such spelling, and nobody writes them so */
		found = found && u < 0x80;
		s[to++] = found ? (char)u : s[i];
		i += found ? 6 : 0;
	}
	return to;
}

static bool keep(struct strings_reading *r, struct err *e)
{
	struct xlsx_strings *s = r->s;
	uint32_t n = (uint32_t)xlsx_unescape(r->text, r->text_n);
	if (s->n == s->room) {
		s->room = s->room == 0 ? 4096 : 2 * s->room;
		s->at = checked(realloc(s->at, s->room * sizeof *s->at));
	}
	if (s->blocks == 0 || BLOCK - s->used < LENGTH + n) {
		uint64_t all = (uint64_t)(s->blocks + 1) * BLOCK + s->room * sizeof *s->at;
		if (s->blocks == BLOCKS_MAX || all > s->most)
			return err_set(e, ERR_XLSX_LIMIT,
				"parser.xlsx_strings: > %llu MiB, %zu shared texts",
				(unsigned long long)(s->most >> 20), s->n);
		s->block[s->blocks++] = checked(malloc(BLOCK));
		s->used = 0;
	}
	char *to = s->block[s->blocks - 1] + s->used;
	memcpy(to, &n, sizeof n);
	memcpy(to + LENGTH, r->text, n);
	s->at[s->n++] = (uint32_t)((s->blocks - 1) << BLOCK_BITS | s->used);
	s->used += LENGTH + n;
	r->text_n = 0;
	return true;
}

static bool on_start(void *ctx, const char *name, const char *const *attributes, struct err *e)
{
	struct strings_reading *r = ctx;
	(void)attributes;
	(void)e;
	if (strcmp(name, "rPh") == 0)
		r->phonetic++;
	r->in_text = r->phonetic == 0 && strcmp(name, "t") == 0;
	return true;
}

static bool on_end(void *ctx, const char *name, struct err *e)
{
	struct strings_reading *r = ctx;
	r->in_text = false;
	if (strcmp(name, "rPh") == 0)
		r->phonetic--;
	return strcmp(name, "si") != 0 || keep(r, e);
}

static bool on_text(void *ctx, struct bytes s, struct err *e)
{
	struct strings_reading *r = ctx;
	if (!r->in_text)
		return true;
	if (r->text_n + s.n > BLOCK - LENGTH)
		return err_set(e, ERR_XLSX_LIMIT, "a text > %d bytes", BLOCK - LENGTH);
	size_t room = r->text_max - r->text_n;
	size_t n = s.n < room ? s.n : room;
	memcpy(r->text + r->text_n, s.p, n);
	r->text_n += n;
	return true;
}

bool xlsx_strings_read(struct xlsx_strings **out, struct xlsx_zip *z, const struct xlsx_book *b,
	uint64_t room, size_t text_max, struct err *e)
{
	struct xlsx_strings *s = *out = checked(calloc(1, sizeof *s));
	/* one byte more than a row may have, so that it is seen to be too long */
	size_t most = text_max + 1 < BLOCK - LENGTH ? text_max + 1 : BLOCK - LENGTH;
	struct strings_reading r = { .s = s, .text_max = most };
	const struct xlsx_xml xml = { on_start, on_end, on_text, &r };
	s->most = room;
	if (!b->has_strings)
		return true;
	r.text = checked(malloc(most));
	bool ok = xlsx_xml_read(z, b->strings, &xml, e);
	free(r.text);
	return ok;
}
