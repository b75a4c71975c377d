#include "daemon/register/row.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/register/columns.h"
#include "daemon/register/tables.h"
#include "sampler/base/text.h"

enum { SHOWN = 200 }; /* bytes of a value in an error */

const char *row_severity_name(enum row_severity severity)
{
	static const char *const names[ROW_SEVERITIES] = { "error", "repair", "remark" };
	return names[severity];
}

const char *derived_name(unsigned bit_number)
{
	static const char *const names[DERIVED_KINDS] = { "kind", "region", "labels", "unclassed" };
	return names[bit_number];
}

static const struct bytes no_value = { "", 0 };
const struct bytes row_unsaid = { NULL, 0 };

/* ---- text -------------------------------------------------------------------------------- */

struct row *row_new(struct arena *a, enum register_id id, size_t text_max)
{
	struct row *r = arena_calloc(a, 1, sizeof *r);
	r->id = id;
	r->text = arena_alloc(a, text_max);
	r->text_max = text_max;
	return r;
}

void row_start(struct row *r, uint64_t line)
{
	r->line = line;
	for (size_t i = 0; i < FACTS_MAX; i++)
		r->fact[i] = row_unsaid;
	for (size_t i = 0; i < CELLS; i++)
		r->cell[i] = no_value;
	r->derived = 0;
	r->raw = no_value;
	r->bad = r->repaired = r->remarked = false;
	r->notes = 0;
	r->text_n = 0;
}

struct bytes row_text(struct row *r, struct bytes s)
{
	char *to = r->text + r->text_n;
	size_t room = r->text_max - r->text_n;
	size_t n = s.n < room ? s.n : room;
	if (n > 0)
		memcpy(to, s.p, n);
	r->text_n += n;
	return (struct bytes){ to, n };
}

struct bytes row_printf(struct row *r, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return row_text(
		r, (struct bytes){ line, n < (int)sizeof line ? (size_t)n : sizeof line - 1 });
}

/* Length of the clean UTF-8 character at s, 0 where there is none. */
static size_t character(struct bytes s)
{
	for (size_t n = 1; n <= 4 && n <= s.n; n++)
		if (text_is_clean((struct bytes){ s.p, n }))
			return n;
	return 0;
}

static struct bytes shown(struct row *r, struct bytes s)
{
	char out[SHOWN + 8];
	size_t n = 0;
	while (s.n > 0 && n < SHOWN - 4) {
		size_t size = character(s);
		if (size > 0)
			memcpy(out + n, s.p, size);
		else
			snprintf(out + n, 5, "\\x%02X", (unsigned char)s.p[0]);
		n += size > 0 ? size : 4;
		size += size == 0;
		s = (struct bytes){ s.p + size, s.n - size };
	}
	if (s.n > 0) {
		n += (size_t)snprintf(out + n, sizeof out - n, "…");
	}
	return row_text(r, (struct bytes){ out, n });
}

/* ---- notes ------------------------------------------------------------------------------- */

__attribute__((format(printf, 3, 0))) static void put_note(
	struct row *r, struct row_note note, const char *fmt, va_list ap)
{
	char detail[512];
	int n = vsnprintf(detail, sizeof detail, fmt, ap);
	r->bad = r->bad || note.severity == ROW_ERROR;
	r->repaired = r->repaired || note.severity == ROW_REPAIR;
	r->remarked = r->remarked || note.severity == ROW_REMARK;
	if (r->notes == ROW_NOTES)
		return;
	note.value = shown(r, note.value);
	note.detail = row_text(r,
		(struct bytes){ detail, n < (int)sizeof detail ? (size_t)n : sizeof detail - 1 });
	r->note[r->notes++] = note;
}

void row_fail(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	put_note(r, (struct row_note){ code, ROW_ERROR, column, value, no_value }, detail, ap);
	va_end(ap);
}

void row_repair(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	put_note(r, (struct row_note){ code, ROW_REPAIR, column, value, no_value }, detail, ap);
	va_end(ap);
}

void row_remark(struct row *r, const char *column, enum err_code code, struct bytes value,
	const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	put_note(r, (struct row_note){ code, ROW_REMARK, column, value, no_value }, detail, ap);
	va_end(ap);
}

bool row_told(const struct row *r, const char *column)
{
	for (size_t i = 0; i < r->notes; i++)
		if (r->note[i].severity == ROW_ERROR && strcmp(r->note[i].column, column) == 0)
			return true;
	return false;
}

void row_miss(struct row *r, const char *column)
{
	if (!row_told(r, column))
		row_fail(r, column, ERR_MISSING_VALUE, no_value, "%s", "");
}

/* Was that fact of a refused row in some cell that could not be read? */
static bool is_unread(const struct row *r, size_t fact)
{
	for (size_t i = 0; i < r->notes; i++) {
		const char *name = r->note[i].column;
		const struct column *c = column_find(r->id, bytes_of(name));
		if (r->note[i].severity == ROW_ERROR &&
			((c != NULL && c->fact == (int)fact) ||
				strcmp(name, registers[r->id].fact[fact].zh) == 0))
			return true;
	}
	return false;
}

/* A row that is refused and whose key nobody can make, as a part of it could not be read: of the
 * key there is the beginning. True where that is so. */
static bool begin_key(struct row *r, const signed char *part, struct bytes first)
{
	if (!r->bad)
		return false;
	while (*part >= 0 && !is_unread(r, (size_t)*part))
		part++;
	if (*part >= 0)
		r->fact[0] = row_printf(r, "%.*s:", BYTES_ARG(first));
	return *part >= 0;
}

/* What several departments say of one object stands side by side: a department's rows have its code
 * at the end of their keys, so that none takes the place of another's, or ends with it. */
static struct bytes whose(const struct row *r)
{
	const struct register_info *about = &registers[r->id];
	struct bytes own = BYTES("");
	if (about->sight == SIGHT_OWN && about->giver == GIVER_DEPARTMENT &&
		about->entity != NULL &&
		tables_find(r->tables, TABLE_OPTION, BYTES("department"), &own))
		return own;
	return BYTES("");
}

/* An entity or a department stands in front as it is; the rest is a hash, because texts are long.
 */
static void make_key(struct row *r)
{
	const struct register_info *about = &registers[r->id];
	const signed char *part = about->key;
	unsigned char h[12];
	char hex[2 * sizeof h + 1];
	crypto_generichash_state st;
	if (r->fact[0].n > 0) /* the file has keys */
		return;
	struct bytes first = r->fact[*part];
	enum fact_form form = about->fact[*part].form;
	bool plain = first.n > 0 && (form == FORM_CODE || form == FORM_TOKEN);
	if (begin_key(r, part, plain ? first : BYTES("")))
		return;
	crypto_generichash_init(&st, NULL, 0, sizeof h);
	for (part += plain; *part >= 0; part++) {
		struct bytes s = r->fact[*part];
		unsigned char n[4] = { (unsigned char)(s.n >> 24), (unsigned char)(s.n >> 16),
			(unsigned char)(s.n >> 8), (unsigned char)s.n };
		crypto_generichash_update(&st, n, sizeof n);
		crypto_generichash_update(&st, (const unsigned char *)s.p, s.n);
	}
	crypto_generichash_final(&st, h, sizeof h);
	sodium_bin2hex(hex, sizeof hex, h, sizeof h);
	struct bytes by = whose(r);
	const char *colon = by.n > 0 ? ":" : "";
	r->fact[0] =
		plain ? row_printf(r, "%.*s:%s%s%.*s", BYTES_ARG(first), hex, colon, BYTES_ARG(by))
		      : row_printf(r, "%s%s%.*s", hex, colon, BYTES_ARG(by));
}

void row_finish(struct row *r)
{
	const struct register_info *about = &registers[r->id];
	if (about->finish != NULL)
		about->finish(r);
	finish_period(r);
	for (const signed char *f = about->wanted; *f >= 0; f++)
		if (r->fact[*f].n == 0)
			row_miss(r, about->fact[*f].zh);
	if (about->key != NULL)
		make_key(r);
}
