/* The template of every register is read back as what it is a template of. */
#include "tests/unit/test.h"

#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/register/parse.h"
#include "daemon/template.h"

struct seen {
	size_t fields, known;
};

static bool on_header(void *ctx, size_t field, struct bytes name, struct bytes column,
	const char *how, struct err *e)
{
	struct seen *s = ctx;
	(void)field;
	(void)e;
	if (column.n == 0 || strcmp(how, "automatic") != 0)
		fail_msg("nobody knows %.*s", BYTES_ARG(name));
	s->known += column.n > 0;
	s->fields++;
	return true;
}

static int file_of(struct bytes b)
{
	int fd = memfd_create("template", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(write(fd, b.p, b.n) == (ssize_t)b.n);
	assert_true(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* A part of the workbook, with a NUL. */
static char *part(struct arena *a, struct bytes book, const char *name)
{
	zip_error_t why;
	zip_stat_t st;
	zip_source_t *source = zip_source_buffer_create(book.p, book.n, 0, &why);
	zip_t *z = zip_open_from_source(source, ZIP_RDONLY, &why);
	assert_non_null(z);
	assert_int_equal(zip_stat(z, name, 0, &st), 0);
	char *text = arena_calloc(a, st.size + 1, 1);
	zip_file_t *f = zip_fopen(z, name, 0);
	assert_true(zip_fread(f, text, st.size) == (zip_int64_t)st.size);
	zip_fclose(f);
	zip_close(z);
	return text;
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;
	for (const char *at = text; (at = strstr(at, word)) != NULL; at += strlen(word))
		n++;
	return n;
}

static void check_drop_downs(struct arena *a, enum register_id id, struct bytes book)
{
	const struct column *c;
	size_t lists = 0;
	bool shown[FACTS_MAX] = { false };
	char *words = part(a, book, "xl/sharedStrings.xml");
	for (size_t i = 0; (c = column_row(i)) != NULL; i++) {
		bool own = c->check == cell_department || c->check == cell_label;
		if (c->kind != id || (c->words == NULL && !own) || (c->fact >= 0 && shown[c->fact]))
			continue;
		if (c->fact >= 0)
			shown[c->fact] = true;
		lists++;
		if (own) {
			assert_non_null(
				strstr(words, c->check == cell_label ? ">餐饮<" : ">城管局<"));
			continue;
		}
		for (const struct cell_word *w = c->words; w->words != NULL; w++)
			assert_non_null(strstr(words,
				arena_printf(a, ">%.*s<", (int)strcspn(w->words, "|"), w->words)));
	}
	assert_int_equal(
		count(part(a, book, "xl/worksheets/sheet1.xml"), "<dataValidation "), lists);
}

static void test_templates(void **state)
{
	static const struct bytes names[] = { { "市场监管局", 15 }, { "城管局", 9 } };
	struct template_lists own = { names, 2, NULL };
	struct err why = { 0 };
	(void)state;
	assert_true(sodium_init() >= 0);
	ARENA_AUTO rules = arena_new();
	struct label_rules *labels;
	assert_true(label_rules_parse(&labels, rules,
		"labels: { catering: { title = \"餐饮\"; name = [\"餐馆\"]; }; };", "l", &why));
	own.labels = labels;
	for (unsigned i = 0; i < REGISTERS; i++) {
		struct arena *a = arena_new();
		struct bytes book;
		struct err e = { 0 };
		struct seen seen = { 0 };
		struct parse_totals totals;
		struct parse_rules parse_rules = { .kind = (enum register_id)i,
			.row_max = 65536,
			.rows_max = 10,
			.xlsx = { 64 << 20, 128 << 20, 16 << 20 },
			.sink = { .ctx = &seen, .header = on_header } };
		assert_true(template_make((enum register_id)i, &own, a, &book, &e));
		struct parse *p = parse_new(a, &parse_rules);
		assert_false(parse_workbook(p, file_of(book), &totals, &e));
		if (e.code != ERR_EMPTY_FILE)
			fail_msg("%s: %s %s", registers[i].name, err_row(e.code)->name, e.what);
		assert_true(seen.fields > 2 && seen.known == seen.fields);
		check_drop_downs(a, (enum register_id)i, book);
		parse_free(p);
		arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_templates) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
