/* The words of the frame's columns: strata, exclusion codes and facts (PROTOCOL.md §5, §6.2), and
 * the hash over the facts. */
#include "sampler/frame.h"

#include <assert.h>
#include <string.h>

#include "sampler/base/text.h"
#include "sampler/type.h"

#define WORD(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

/* As bytes_equal; most words that differ do so in length or in the first byte. */
static bool is_word(struct bytes v, struct bytes word)
{
	return v.n == word.n &&
	       (v.n == 0 || (v.p[0] == word.p[0] && memcmp(v.p, word.p, v.n) == 0));
}

/* ---- strata and exclusion codes ---- */

const char *stratum_name(enum stratum s)
{
	static const char *const name[FRAME_STRATA] = { "A", "B", "C", "D", "U", "A1", "B1", "C1",
		"D1", "U1", "A2", "B2", "C2", "D2", "U2" };
	assert(s < STRATUM_OUT);
	return name[s];
}

bool stratum_of(struct bytes name, enum stratum *out)
{
	unsigned mark = 0, class = STRATUM_U;
	if (name.n < 1 || name.n > 2)
		return false;
	if (name.n == 2) {
		if (name.p[1] != '1' && name.p[1] != '2')
			return false;
		mark = (unsigned)(name.p[1] - '0');
	}
	if (name.p[0] >= 'A' && name.p[0] <= 'D')
		class = (unsigned)(name.p[0] - 'A');
	else if (name.p[0] != 'U')
		return false;
	*out = (enum stratum)(mark * FRAME_CLASSES + class);
	return true;
}

static bool is_owned(struct bytes code, struct bytes prefix)
{
	enum { OWNER = 27 };
	return bytes_starts(code, prefix) && code.n > prefix.n && code.n <= prefix.n + OWNER;
}

bool frame_is_exclusion(struct bytes code)
{
	static const struct bytes word[] = { WORD(EXCLUDED_TYPE), WORD(EXCLUDED_REMIT),
		WORD(EXCLUDED_CLOSED), WORD(EXCLUDED_CHECKED) };
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		if (is_word(code, word[i]))
			return true;
	return (is_owned(code, BYTES(EXCLUDED_MODE)) || is_owned(code, BYTES(EXCLUDED_CAP))) &&
	       text_is_token(code);
}

/* ---- the facts ---- */

static bool one_of(struct bytes v, const struct bytes *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_word(v, words[i]))
			return true;
	return false;
}

static bool is_kind(struct bytes v)
{
	static const struct bytes words[] = { WORD(""), WORD("enterprise"), WORD("individual"),
		WORD("cooperative"), WORD("office"), WORD("other") };
	return one_of(v, words, sizeof words / sizeof *words);
}

static bool is_industry(struct bytes v)
{
	if (v.n == 0)
		return true;
	return v.p[0] >= 'A' && v.p[0] <= 'T' && (v.n == 1 || (v.n >= 3 && v.n <= 5)) &&
	       text_all_digits((struct bytes){ v.p + 1, v.n - 1 });
}

static bool is_region(struct bytes v)
{
	return (v.n == 0 || v.n == 6 || v.n == 9 || v.n == 12) && text_all_digits(v);
}

static bool is_date(struct bytes v)
{
	int y, m, d;
	return v.n == 0 || type_date(v, &y, &m, &d);
}

static bool is_status(struct bytes v)
{
	static const struct bytes words[] = { WORD(""), WORD("open"), WORD("cancelled"),
		WORD("revoked"), WORD("moved"), WORD("suspended") };
	return one_of(v, words, sizeof words / sizeof *words);
}

static bool is_class(struct bytes v)
{
	return v.n == 0 || (v.n == 1 && v.p[0] >= 'A' && v.p[0] <= 'D');
}

static bool is_labels(struct bytes v)
{
	return type_is_list(v, text_is_token);
}

static bool is_past_check(struct bytes v)
{
	bool more;
	struct bytes item = bytes_cut(&v, '=', &more);
	return more && v.n > 0 && (bytes_is(item, "*") || text_is_token(item)) && is_date(v);
}

static bool is_checked(struct bytes v)
{
	return type_is_list(v, is_past_check);
}

static bool is_field_class(struct bytes v)
{
	bool more;
	struct bytes field = bytes_cut(&v, '=', &more);
	return more && v.n == 1 && is_class(v) && text_is_token(field);
}

/* Members of one field stand together. */
static bool is_classes(struct bytes v)
{
	struct bytes rest = v, member, last = { NULL, 0 };
	bool more;
	if (v.n == 0)
		return true;
	if (!type_is_list(v, is_field_class))
		return false;
	while (type_next_member(&rest, &member)) {
		struct bytes field = bytes_cut(&member, '=', &more);
		if (bytes_equal(field, last))
			return false;
		last = field;
	}
	return true;
}

static bool is_inspection(struct bytes v)
{
	bool more[3];
	struct bytes date = bytes_cut(&v, '/', &more[0]), level = bytes_cut(&v, '/', &more[1]),
		     department = bytes_cut(&v, '/', &more[2]);
	return more[2] && date.n > 0 && is_date(date) && text_is_token(level) &&
	       text_is_token(department) && (bytes_is(v, "entry") || bytes_is(v, "remote"));
}

static bool is_entered(struct bytes v)
{
	return type_is_list(v, is_inspection);
}

static bool is_reserved(struct bytes v)
{
	uint64_t n;
	return text_u64(v, 999, &n);
}

static bool (*const fact_check[FRAME_FACTS])(struct bytes v) = {
	[FACT_OBJECT] = text_is_object_id,
	[FACT_ENTITY] = text_is_object_id,
	[FACT_KIND] = is_kind,
	[FACT_INDUSTRY] = is_industry,
	[FACT_REGION] = is_region,
	[FACT_ESTABLISHED] = is_date,
	[FACT_STATUS] = is_status,
	[FACT_SINCE] = is_date,
	[FACT_CLASS] = is_class,
	[FACT_CLASSES] = is_classes,
	[FACT_LABELS] = is_labels,
	[FACT_CHECKED] = is_checked,
	[FACT_ENTERED] = is_entered,
	[FACT_RESERVED] = is_reserved,
};

bool frame_fact_check(enum frame_fact f, struct bytes v)
{
	assert(f < FRAME_FACTS);
	return fact_check[f](v);
}

bool frame_facts_check(const struct bytes fact[FRAME_FACTS], struct err *e)
{
	for (unsigned i = 0; i < FRAME_FACTS; i++)
		if (!fact_check[i](fact[i]))
			return err_set(e, i == FACT_OBJECT ? ERR_BAD_OBJECT : ERR_BAD_FRAME,
				"%s \"%.*s\"", table_form(TABLE_FRAME)->column[i],
				BYTES_ARG(type_shown(fact[i])));
	return true;
}

/* ---- universe ---- */

void frame_universe_start(struct frame_universe *u)
{
	const struct table_form *f = table_form(TABLE_FRAME);
	struct bytes column[FRAME_FACTS];
	for (size_t i = 0; i < FRAME_FACTS; i++)
		column[i] = bytes_of(f->column[i]);
	sha256_init(&u->hash);
	sha256_update_bytes(&u->hash, BYTES("drawd/universe/v1\n"));
	frame_universe_put(u, column);
}

void frame_universe_put(struct frame_universe *u, const struct bytes fact[FRAME_FACTS])
{
	for (size_t i = 0; i < FRAME_FACTS; i++) {
		sha256_update_bytes(&u->hash, fact[i]);
		sha256_update(&u->hash, i + 1 < FRAME_FACTS ? "\t" : "\n", 1);
	}
}

void frame_universe_line(struct frame_universe *u, struct bytes facts)
{
	sha256_update_bytes(&u->hash, facts);
	sha256_update(&u->hash, "\n", 1);
}

void frame_universe_end(struct frame_universe *u, uint8_t out[32])
{
	sha256_final(&u->hash, out);
}
