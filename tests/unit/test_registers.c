/* The tables of registers, columns and words hold together. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/registers.h"

static const struct column *named(enum register_id id, const char *name)
{
	const struct column *c;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++)
		if (c->kind == id && strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

/* A name that SQL, JSON and C can have. */
static bool is_name(const char *s)
{
	return s[0] >= 'a' && s[0] <= 'z' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
}

static void check_facts(enum register_id id)
{
	const struct register_info *r = &registers[id];
	assert_true(r->facts > 1 && r->facts <= FACTS_MAX);
	for (size_t i = 0; i < r->facts; i++) {
		const struct fact *f = &r->fact[i];
		assert_true(is_name(f->name));
		assert_true((unsigned)f->form < FORMS);
		assert_true(f->zh[0] != '\0' && f->en[0] != '\0');
		assert_int_equal(register_fact(id, f->name), i); /* no name twice */
	}
	assert_int_equal(register_fact(id, "nothing"), r->facts);
	assert_true(r->entity == NULL || register_fact(id, r->entity) < r->facts);
}

/* A key is made: of parts, or by the register's own finish. */
static void check_key(enum register_id id)
{
	const struct register_info *r = &registers[id];
	assert_true(r->key != NULL || r->finish != NULL);
	for (const signed char *k = r->key; k != NULL && *k >= 0; k++)
		assert_true(*k > 0 && (size_t)*k < r->facts);
	for (const signed char *w = r->wanted; *w >= 0; w++) {
		assert_true((size_t)*w < r->facts);
		/* a note names the column by the fact */
		if (strcmp(r->fact[*w].name, "object") != 0)
			assert_non_null(named(id, r->fact[*w].zh));
	}
}

static void test_registers(void **state)
{
	enum register_id id;
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++) {
		const struct register_info *r = &registers[i];
		assert_true(is_name(r->name) && is_name(r->table));
		assert_true(r->zh[0] != '\0' && r->en[0] != '\0');
		assert_true(register_named(bytes_of(r->name), &id));
		assert_int_equal(id, i); /* no name twice */
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(r->table, registers[k].table);
		check_facts((enum register_id)i);
		check_key((enum register_id)i);
	}
	assert_false(register_named(BYTES("entity"), &id));
	assert_false(register_named(BYTES(""), &id));
}

/* What a header must have is there to be had. */
static void test_needed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++) {
		size_t lines = 0;
		for (; registers[i].needed[lines][0] != NULL; lines++)
			for (size_t k = 0; k < 3 && registers[i].needed[lines][k] != NULL; k++)
				assert_non_null(
					named((enum register_id)i, registers[i].needed[lines][k]));
		assert_true(lines > 0);
	}
}

/* Every name of every column leads to that column, so that no two have one. */
static void test_columns(void **state)
{
	const struct column *c;
	(void)state;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++) {
		struct bytes rest = bytes_of(c->synonyms);
		bool more = true;
		assert_ptr_equal(column_find(c->kind, bytes_of(c->name)), c);
		while (more) {
			struct bytes one = bytes_cut(&rest, '|', &more);
			const struct column *found = column_find(c->kind, one);
			if (found != c)
				fail_msg("%s: %.*s is %s too", c->name, BYTES_ARG(one),
					found != NULL ? found->name : "nothing");
		}
		assert_true(c->fact < (int)registers[c->kind].facts);
		assert_true(!c->soft || (c->check != NULL && c->fact >= 0));
		assert_true(c->words == NULL || c->fact >= 0);
	}
}

/* A fact that a file may bring has a column, and one of its columns has its name. */
static void test_facts_have_columns(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++)
		for (size_t f = 1; f < registers[i].facts; f++) {
			const struct column *c;
			bool any = false, same = false;
			for (size_t k = 0; (c = column_row(k)) != NULL; k++) {
				bool here = c->kind == (enum register_id)i && c->fact == (int)f;
				any = any || here;
				same = same ||
				       (here && strcmp(c->name, registers[i].fact[f].zh) == 0);
			}
			/* those without are made from others: codes, departments, rules */
			if (any && !same)
				fail_msg("%s.%s: no column has its name", registers[i].name,
					registers[i].fact[f].name);
		}
}

/* Each word means one thing, the first ones are what a drop-down shows. */
static void check_words(const struct column *c)
{
	enum fact_form form = registers[c->kind].fact[c->fact].form;
	assert_true(form == FORM_TOKEN || form == FORM_FLAG);
	for (const struct cell_word *w = c->words; w->words != NULL; w++) {
		struct bytes rest = bytes_of(w->words);
		bool more = true, apart = false;
		if (form == FORM_FLAG)
			assert_true(strcmp(w->value, "t") == 0 || strcmp(w->value, "f") == 0);
		while (more) {
			struct bytes word = bytes_cut(&rest, '|', &more);
			if (word.n == 0 && word.p > w->words && !apart) {
				apart = more; /* || before terms of their own */
				assert_true(more);
				continue;
			}
			assert_true(word.n > 0);
			assert_string_equal(cell_word(c->words, word), w->value);
			assert_int_equal(cell_trim(word).n, word.n); /* is not taken for nothing */
		}
	}
}

static void test_words(void **state)
{
	const struct column *c;
	size_t seen = 0;
	(void)state;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++)
		if (c->words != NULL) {
			check_words(c);
			seen++;
		}
	assert_true(seen > 20);
}

/* An integer is read in the unit of its column, whose name may say one. */
static void test_units(void **state)
{
	static const struct {
		size_t fact;
		const char *said, *value, *zh, *en;
	} rows[] = {
		{ ENTITY_X, NULL, "119867504", "119.867504°", "119.867504°" },
		{ ENTITY_Y, NULL, "-30500000", "-30.5°", "-30.5°" },
		{ ENTITY_Y, NULL, "7", "0.000007°", "0.000007°" },
		{ ENTITY_CAPITAL, NULL, "990000000", "990 万元", "9900000 yuan" },
		{ ENTITY_CAPITAL, "注册资本(元)", "990000050", "9900000.5 元", "9900000.5 yuan" },
		{ ENTITY_CAPITAL, "注册资本", "1", "0.000001 万元", "0.01 yuan" },
		{ ENTITY_PAID, NULL, "0", "0 万元", "0 yuan" },
		{ ENTITY_PAID, NULL, "约百万", "约百万", "约百万" },
		{ ENTITY_NAME, NULL, "12", "12", "12" },
	};
	struct arena *a = arena_new();
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct column *c =
			column_of_fact(REGISTER_ENTITIES, rows[i].fact, rows[i].said);
		assert_non_null(c);
		assert_string_equal(column_unit_text(a, c, LANG_ZH, rows[i].value), rows[i].zh);
		assert_string_equal(column_unit_text(a, c, LANG_EN, rows[i].value), rows[i].en);
	}
	const struct column *fine = column_of_fact(REGISTER_EVENTS, EVENT_AMOUNT, NULL);
	assert_string_equal(column_unit_text(a, fine, LANG_ZH, "5000000"), "50000 元");
	assert_null(column_of_fact(REGISTER_ENTITIES, ENTITY_MATCHED, NULL));
	arena_free(a);
}

/* Personal facts are where persons are, and nothing that a draw reads is one. */
static void test_personal(void **state)
{
	size_t personal = 0;
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++)
		for (size_t f = 0; f < registers[i].facts; f++)
			personal += registers[i].fact[f].form == FORM_PERSONAL;
	assert_int_equal(personal, 8);
	assert_int_equal(registers[REGISTER_AGENCIES].fact[AGENCY_PHONE].form, FORM_PERSONAL);
	assert_int_equal(registers[REGISTER_INSPECTORS].fact[INSPECTOR_ID_NO].form, FORM_PERSONAL);
	for (size_t f = 0; f <= ENTITY_MATCHED; f++)
		assert_int_not_equal(registers[REGISTER_ENTITIES].fact[f].form, FORM_PERSONAL);
}

/* What bodies, lists and drawctl take is what there is, in its order. */
static void test_names(void **state)
{
	struct bytes rest = BYTES(REGISTER_WORDS);
	bool more = true;
	(void)state;
	for (unsigned i = 0; i < REGISTERS; i++) {
		assert_true(more);
		assert_true(bytes_is(bytes_cut(&rest, ',', &more), registers[i].name));
	}
	assert_false(more);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_needed),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_facts_have_columns),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_personal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
