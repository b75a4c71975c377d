#include "daemon/policy/labels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "sampler/base/text.h"

enum { BUCKETS = 1024, RULES_MAX = 256, FILE_MAX = 1 << 20 };

/* Where a word counts. */
enum { IN_NAME = 1, IN_SCOPE = 2, VETO = 4, NEGATION = 8, IN_PERMIT = 16 };

struct word {
	struct bytes text;
	uint32_t rule, use;
	const struct word *next; /* same bucket */
};

struct rule {
	const char *label;
	const char *title; /* as the house writes it; NULL: none */
	const char **industries;
	size_t industries_n;
};

struct label_rules {
	struct rule *rules; /* bytewise by label */
	size_t n;
	const struct word *bucket[BUCKETS]; /* by the first character of the word */
	struct arena *arena;
	const char *file;
	bool permits; /* some rule looks at them */
};

/* Length of the UTF-8 character at p; clean text only. */
static size_t char_size(const char *p)
{
	unsigned char c = (unsigned char)*p;
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static uint32_t bucket_of(const char *p, size_t n)
{
	uint32_t h = 2166136261U;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619U;
	return (h ^ h >> 15) % BUCKETS;
}

static void add_word(struct label_rules *r, const char *text, size_t rule, uint32_t use)
{
	struct word *w = arena_calloc(r->arena, 1, sizeof *w);
	uint32_t b = bucket_of(text, char_size(text));
	*w = (struct word){ bytes_of(arena_strdup(r->arena, text)), (uint32_t)rule, use,
		r->bucket[b] };
	r->bucket[b] = w;
}

/* ---- reading ----------------------------------------------------------------------------- */

static const char *member(
	const struct label_rules *r, const config_setting_t *s, int i, struct err *e)
{
	const char *text = config_setting_get_string_elem(s, i);
	if (text != NULL && text[0] != '\0' && text_is_clean(bytes_of(text)))
		return text;
	cfg_refuse(e, r->file, s, "a list of words is wanted, none of them empty");
	return NULL;
}

static bool is_list(const struct label_rules *r, const config_setting_t *s, struct err *e)
{
	int type = config_setting_type(s);
	return type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST ||
	       cfg_refuse(e, r->file, s, "%s, a list of words is wanted", cfg_type_name(s));
}

static bool add_words(
	struct label_rules *r, const config_setting_t *s, size_t rule, uint32_t use, struct err *e)
{
	if (!is_list(r, s, e))
		return false;
	for (int i = 0; i < config_setting_length(s); i++) {
		const char *text = member(r, s, i, e);
		if (text == NULL)
			return false;
		add_word(r, text, rule, use);
	}
	return true;
}

static bool add_industries(
	struct label_rules *r, const config_setting_t *s, size_t rule, struct err *e)
{
	if (!is_list(r, s, e))
		return false;
	struct rule *to = &r->rules[rule];
	to->industries_n = (size_t)config_setting_length(s);
	to->industries = arena_calloc(r->arena, to->industries_n + 1, sizeof *to->industries);
	for (size_t i = 0; i < to->industries_n; i++) {
		const char *text = member(r, s, (int)i, e);
		if (text == NULL)
			return false;
		to->industries[i] = arena_strdup(r->arena, text);
	}
	return true;
}

static bool add_title(struct label_rules *r, const config_setting_t *s, size_t rule, struct err *e)
{
	struct bytes label, text = BYTES("");
	if (config_setting_type(s) == CONFIG_TYPE_STRING)
		text = bytes_of(config_setting_get_string(s));
	if (text.n == 0 || !text_is_clean(text) || strpbrk(text.p, " ,|") != NULL)
		return cfg_refuse(e, r->file, s, "a word of the house is wanted");
	if (label_rules_titled(r, text, &label))
		return cfg_refuse(e, r->file, s, "the title of %s", label.p);
	r->rules[rule].title = arena_strdup(r->arena, text.p);
	return true;
}

static bool add_rule(struct label_rules *r, const config_setting_t *g, size_t rule, struct err *e)
{
	static const struct {
		const char *name;
		uint32_t use;
	} kinds[] = { { "name", IN_NAME }, { "scope", IN_SCOPE | IN_NAME }, { "not", VETO },
		{ "permits", IN_PERMIT } };
	if (config_setting_type(g) != CONFIG_TYPE_GROUP || config_setting_length(g) == 0)
		return cfg_refuse(e, r->file, g,
			"a group of title, name, scope, industries, permits, not is wanted");
	if (!text_is_token(bytes_of(r->rules[rule].label)))
		return cfg_refuse(e, r->file, g, "a label is 1 to 32 of a-z 0-9 -");
	for (int i = 0; i < config_setting_length(g); i++) {
		const config_setting_t *s = config_setting_get_elem(g, (unsigned)i);
		const char *name = config_setting_name(s);
		uint32_t use = 0;
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
			use = strcmp(name, kinds[k].name) == 0 ? kinds[k].use : use;
		bool industries = strcmp(name, "industries") == 0;
		r->permits |= use == IN_PERMIT;
		bool title = strcmp(name, "title") == 0;
		if (use == 0 && !industries && !title)
			return cfg_refuse(e, r->file, s, "there is no such setting");
		if (title ? !add_title(r, s, rule, e)
			  : !(industries ? add_industries(r, s, rule, e)
					 : add_words(r, s, rule, use, e)))
			return false;
	}
	return true;
}

static int compare_rule(const void *x, const void *y)
{
	return strcmp(((const struct rule *)x)->label, ((const struct rule *)y)->label);
}

static bool add_labels(struct label_rules *r, const config_setting_t *labels, struct err *e)
{
	size_t n = (size_t)config_setting_length(labels);
	if (config_setting_type(labels) != CONFIG_TYPE_GROUP || n > RULES_MAX)
		return cfg_refuse(
			e, r->file, labels, "a group of at most %d rules is wanted", RULES_MAX);
	r->n = n;
	for (size_t i = 0; i < n; i++)
		r->rules[i].label = arena_strdup(r->arena,
			config_setting_name(config_setting_get_elem(labels, (unsigned)i)));
	qsort(r->rules, n, sizeof *r->rules, compare_rule);
	for (size_t i = 0; i < n; i++)
		if (!add_rule(r, config_setting_get_member(labels, r->rules[i].label), i, e))
			return false;
	return true;
}

static bool add_root(struct label_rules *r, const config_t *cfg, struct err *e)
{
	const config_setting_t *root = config_root_setting(cfg);
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(s);
		bool ok;
		if (strcmp(name, "labels") == 0)
			ok = add_labels(r, s, e);
		else if (strcmp(name, "negations") == 0)
			ok = add_words(r, s, 0, NEGATION, e);
		else
			ok = cfg_refuse(e, r->file, s, "there is no such setting");
		if (!ok)
			return false;
	}
	return true;
}

bool label_rules_parse(struct label_rules **out, struct arena *a, const char *text,
	const char *file, struct err *e)
{
	config_t cfg;
	if (!cfg_parse(&cfg, text, file, e))
		return false;
	struct label_rules *r = arena_calloc(a, 1, sizeof *r);
	r->rules = arena_calloc(a, RULES_MAX, sizeof *r->rules);
	r->arena = a;
	r->file = arena_strdup(a, file);
	bool ok = add_root(r, &cfg, e);
	config_destroy(&cfg);
	*out = r;
	return ok;
}

bool label_rules_load(struct label_rules **out, struct arena *a, const char *file, struct err *e)
{
	char *text;
	return cfg_read(&text, a, file, FILE_MAX, e) && label_rules_parse(out, a, text, file, e);
}

size_t label_rules_count(const struct label_rules *r)
{
	return r->n;
}

bool label_rules_have(const struct label_rules *r, struct bytes label)
{
	size_t i = 0;
	while (i < r->n && !bytes_is(label, r->rules[i].label))
		i++;
	return i < r->n;
}

bool label_rules_titled(const struct label_rules *r, struct bytes title, struct bytes *label)
{
	size_t i = 0;
	while (i < r->n && (r->rules[i].title == NULL || !bytes_is(title, r->rules[i].title)))
		i++;
	if (i < r->n)
		*label = bytes_of(r->rules[i].label);
	return i < r->n;
}

const char *label_rules_name(const struct label_rules *r, size_t i)
{
	return r->rules[i].title != NULL ? r->rules[i].title : r->rules[i].label;
}

/* ---- matching ---------------------------------------------------------------------------- */

static bool ends_clause(struct bytes s)
{
	static const char *const ends[] = { "；", ";", "。", "，", ",", "（", "(", "）", ")" };
	if (strchr(";,()\xef\xe3", s.p[0]) == NULL)
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (bytes_starts(s, bytes_of(ends[i])))
			return true;
	return false;
}

/* All words that begin at s; negations switch off what follows in the clause. */
static void match_here(
	const struct label_rules *r, struct bytes s, uint32_t use, bool *denied, uint8_t *hit)
{
	size_t n = char_size(s.p);
	for (const struct word *w = r->bucket[bucket_of(s.p, n < s.n ? n : s.n)]; w; w = w->next) {
		if (!bytes_starts(s, w->text))
			continue;
		if (w->use == NEGATION)
			*denied = true;
		else if (w->use == VETO && (use & IN_NAME))
			hit[w->rule] |= VETO;
		else if ((w->use & use) && !*denied)
			hit[w->rule] |= IN_NAME;
	}
}

static void match_text(const struct label_rules *r, struct bytes s, uint32_t use, uint8_t *hit)
{
	bool denied = false;
	while (s.n > 0) {
		if (ends_clause(s))
			denied = false;
		match_here(r, s, use, &denied, hit);
		size_t n = char_size(s.p);
		n = n < s.n ? n : s.n;
		s = (struct bytes){ s.p + n, s.n - n };
	}
}

static bool in_industries(const struct rule *rule, struct bytes industry)
{
	for (size_t i = 0; i < rule->industries_n; i++)
		if (bytes_starts(industry, bytes_of(rule->industries[i])))
			return true;
	return false;
}

static void put_label(struct buf *out, size_t start, struct bytes label)
{
	if (out->n > start)
		buf_byte(out, ',');
	buf_bytes(out, label);
}

/* The labels of the rules that were hit, among those given. */
static void put_labels(const struct label_rules *r, const uint8_t *hit, struct bytes industry,
	struct bytes given, struct buf *out)
{
	size_t start = out->n;
	bool more = given.n > 0;
	struct bytes next = more ? bytes_cut(&given, ',', &more) : given;
	for (size_t i = 0; i < r->n; i++) {
		struct bytes label = bytes_of(r->rules[i].label);
		bool on = ((hit[i] & IN_NAME) || in_industries(&r->rules[i], industry)) &&
			  !(hit[i] & VETO);
		while (next.n > 0 && bytes_compare(next, label) <= 0) {
			on = on && !bytes_equal(next, label);
			put_label(out, start, next);
			next = more ? bytes_cut(&given, ',', &more) : (struct bytes){ "", 0 };
		}
		if (on)
			put_label(out, start, label);
	}
	while (next.n > 0) {
		put_label(out, start, next);
		next = more ? bytes_cut(&given, ',', &more) : (struct bytes){ "", 0 };
	}
}

void label_rules_match(const struct label_rules *r, struct bytes name, struct bytes scope,
	struct bytes industry, struct bytes given, struct buf *out)
{
	uint8_t hit[RULES_MAX] = { 0 };
	match_text(r, name, IN_NAME, hit);
	match_text(r, scope, IN_SCOPE, hit);
	put_labels(r, hit, industry, given, out);
}

bool label_rules_have_permits(const struct label_rules *r)
{
	return r->permits;
}

void label_rules_permits(const struct label_rules *r, const struct bytes *permit, size_t n,
	struct bytes given, struct buf *out)
{
	uint8_t hit[RULES_MAX] = { 0 };
	for (size_t i = 0; i < n; i++)
		match_text(r, permit[i], IN_PERMIT, hit);
	put_labels(r, hit, (struct bytes){ "", 0 }, given, out);
}
