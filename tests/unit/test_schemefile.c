/* Scheme files: the templates, refusals with file and line, and as many schemes as a district has.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "daemon/documents.h"
#include "daemon/policy/schemefile.h"

static const char *const templates[] = { "etc/policy/schemes/food-and-drugs.conf",
	"etc/policy/schemes/network.conf", "etc/policy/schemes/public-safety.conf",
	"etc/policy/schemes/trade.conf" };

static const char *read_file(struct arena *a, const char *name)
{
	char *text;
	struct err e = { 0 };
	assert_true(cfg_read(&text, a, name, DOCUMENT_MAX, &e));
	return arena_strdup(a, text);
}

static struct compose_rows read_base(struct arena *a)
{
	struct documents d;
	struct compose_rows rows;
	struct err e = { 0 };
	char why[700];
	if (!document_base(&d, a, read_file(a, "etc/policy/district.conf"), "district.conf", "main",
		    NULL, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
	assert_int_equal(d.n, 1);
	assert_string_equal(d.at[0].code, "main");
	assert_int_equal(d.warnings, 1); /* its tasks are left out, and that is told */
	assert_string_equal(d.warning[0].code, "tasks-left-out");
	assert_true(compose_split(d.at[0].rows, a, &rows, &e));
	for (size_t i = 0; i < rows.n; i++)
		assert_false(bytes_starts(rows.row[i].path, BYTES("task.")));
	return rows;
}

static void template_files(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct compose_rows base = read_base(a);
	size_t n = 0;
	for (size_t i = 0; i < sizeof templates / sizeof *templates; i++) {
		struct documents d;
		struct err e = { 0 };
		char why[700];
		if (!document_scheme(
			    &d, a, read_file(a, templates[i]), templates[i], "", &base, &e))
			fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
		for (size_t k = 0; k < d.n; k++) {
			assert_true(d.at[k].department[0] != '\0' && d.at[k].title[0] != '\0');
			assert_true(bytes_starts(d.at[k].rows, BYTES("scheme.")));
		}
		for (size_t k = 0; k < d.warnings; k++)
			assert_string_equal(d.warning[k].code, "onsite-a");
		n += d.n;
	}
	assert_int_equal(n, 18);
}

/* Individual businesses are drawn by themselves: no other kind, and each ratio below that of the
 * scheme for enterprises. */
static void individuals_apart(void **state)
{
	(void)state;
	ARENA_AUTO a = arena_new();
	struct compose_rows base = read_base(a), out;
	static const char *const code[] = { "individual-register", "labour" };
	struct documents d;
	struct err e = { 0 };
	struct compose_task task[2] = { 0 };
	struct policy p;
	size_t n = 0;

	assert_true(
		document_scheme(&d, a, read_file(a, templates[3]), templates[3], "", &base, &e));
	for (size_t k = 0; k < d.n; k++)
		if (n < 2 && strcmp(d.at[k].code, code[n]) == 0)
			assert_true(compose_split(d.at[k].rows, a, &task[n++].scheme, &e));
	assert_int_equal(n, 2);
	for (size_t k = 0; k < n; k++) {
		task[k].code = bytes_of(code[k]);
		task[k].from = BYTES("2026-04-01");
		task[k].to = BYTES("2026-06-30");
	}
	assert_true(compose_read(&p, &base, task, 2, a, &out, &e));
	const struct task *one = &p.tasks[policy_task(&p, BYTES("individual-register"))],
			  *other = &p.tasks[policy_task(&p, BYTES("labour"))];
	assert_int_equal(one->kinds.n, 1);
	assert_true(list_has(&one->kinds, BYTES("individual")));
	assert_false(list_has(&other->kinds, BYTES("individual")));
	for (int c = 0; c < CLASSES; c++)
		assert_true(one->ratio[c] > 0 && one->ratio[c] < other->ratio[c]);
}

#define SCHEME_TEXT \
	"scheme:\n{\n\tone:\n\t{\n" \
	"\t\tname = \"价格检查\"; lead = \"scjg\"; items = [\"scjg-price\"];\n" \
	"\t\tcategory = \"daily\"; level = \"county\"; class = \"worst\"; draws = 2;\n" \
	"\t\tfrequency = 1; minimum = \"0%\"; kinds = \"*\"; labels = \"*\";\n" \
	"\t\tindustries = \"*\"; regions = \"*\"; officers = 2; safety = false;\n" \
	"\t\tmode: { A = \"network\"; B = \"network\"; C = \"network\"; D = \"network\"; };\n" \
	"\t\tratio: { A = \"1%\"; B = \"2%\"; C = \"5%\"; D = \"10%\"; };\n" \
	"\t};\n};\n"

static const char *replaced(struct arena *a, const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	assert_non_null(at);
	return arena_printf(a, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* What is wrong is told with the line where it stands. */
static void refused(void **state)
{
	static const struct {
		const char *from, *to;
		enum err_code code;
		const char *where;
	} cases[] = {
		{ "draws = 2", "draws = 0", ERR_BAD_POLICY, "f:6" },
		{ "draws = 2;", "", ERR_BAD_POLICY, "f:3" },
		{ "draws = 2", "from = \"2026-01-01\"", ERR_BAD_POLICY, "f:6" },
		{ "draws = 2", "draws = 2; colour = \"red\"", ERR_BAD_POLICY, "f:6" },
		{ "\"1%\"", "\"101%\"", ERR_BAD_RATIO, "f:10" },
		/* 国市监信发〔2022〕6号: the worse the class, the more; else a reason */
		{ "B = \"2%\"", "B = \"0.5%\"", ERR_NO_REASON, "f:3" },
		{ "A = \"network\"", "A = \"onsite\"", ERR_NO_REASON, "f:3" },
		/* an item that no list of items has */
		{ "scjg-price", "scjg-none", ERR_BAD_POLICY, "f:5" },
		/* 国办发〔2024〕54号: the joint conference office does not inspect */
		{ "lead = \"scjg\"", "lead = \"lxb\"", ERR_BAD_POLICY, "f:5" },
		{ "frequency = 1", "frequency = 13", ERR_BAD_POLICY, "f:7" },
		{ "officers = 2", "officers = 1", ERR_BASIS_MISSING, "f:3" },
		{ "scheme:\n", "schemes:\n", ERR_BAD_POLICY, "f:6" },
		{ "name = ", "name ", ERR_CONF, "f:5" },
	};
	(void)state;
	ARENA_AUTO a = arena_new();
	struct compose_rows base = read_base(a);
	struct documents d;
	struct err fine = { 0 };
	char why[700];
	if (!document_scheme(&d, a, SCHEME_TEXT, "f", "", &base, &fine))
		fail_msg("%s", err_text(&fine, LANG_EN, why, sizeof why));
	assert_int_equal(d.n, 1);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };
		size_t n = strlen(cases[i].where);
		bool ok = document_scheme(&d, a,
			replaced(a, SCHEME_TEXT, cases[i].from, cases[i].to), "f", "", &base, &e);
		if (ok || e.code != cases[i].code || strncmp(e.where, cases[i].where, n) != 0 ||
			(e.where[n] != ':' && e.where[n] != '\0'))
			fail_msg("%s: %s at %s (%s)", cases[i].to,
				ok ? "taken" : err_row(e.code)->name, e.where, e.what);
		assert_true(err_row(e.code)->remedy[LANG_ZH][0] != '\0');
	}
	struct err none = { 0 };
	assert_false(document_scheme(&d, a, "title = \"x\";\n", "f", "", &base, &none));
	assert_int_equal(none.code, ERR_BAD_POLICY);
}

static void kinds(void **state)
{
	(void)state;
	assert_non_null(document_kind("base"));
	assert_true(document_kind("scheme")->on_base && document_kind("scheme")->many);
	assert_null(document_kind("task"));
	for (const struct document_kind *k = document_kinds; k->name != NULL; k++)
		assert_non_null(strstr(DOCUMENT_KINDS, k->name));
}

/* ---- the published lists of items ---------------------------------------------------------- */

/* A cell of a CSV line; moves on. Quotes doubled within a cell stay so. */
static struct bytes cell(struct bytes *line)
{
	bool more;
	size_t n = 1;
	if (line->n == 0 || line->p[0] != '"')
		return bytes_cut(line, ',', &more);
	while (n + 1 < line->n && (line->p[n] != '"' || line->p[n + 1] == '"'))
		n += line->p[n] == '"' ? 2 : 1;
	struct bytes inner = { line->p + 1, n - 1 };
	*line = (struct bytes){ line->p + n + 1, line->n - n - 1 };
	bytes_cut(line, ',', &more);
	return inner;
}

/* Departments, items and schemes of one file: for every category of items one scheme. */
struct district {
	struct arena *a;
	struct buf base, schemes;
	struct bytes department[64], category[400];
	size_t departments, categories, items;
};

static size_t place_of(struct bytes *list, size_t *n, size_t room, struct bytes name)
{
	for (size_t i = 0; i < *n; i++)
		if (bytes_equal(list[i], name))
			return i;
	assert_true(*n < room);
	list[*n] = name;
	return (*n)++;
}

/* The longest beginning of at most 200 bytes that ends with a character. */
static struct bytes shortened(struct bytes s)
{
	if (s.n > 200)
		for (s.n = 200; ((unsigned char)s.p[s.n] & 0xc0) == 0x80;)
			s.n--;
	return s;
}

static void put_row(struct buf *b, const char *path, struct bytes value)
{
	buf_str(b, path);
	buf_byte(b, '\t');
	buf_bytes(b, shortened(value));
	buf_byte(b, '\n');
}

/* 编制单位名称,序号,抽查类别,抽查事项,检查对象,事项类别,检查方式,检查主体,检查依据 */
static void take_item(struct district *d, struct bytes line)
{
	struct bytes department = cell(&line);
	cell(&line);
	struct bytes category = cell(&line), named = cell(&line);
	struct bytes item = named.n > 0 ? named : category; /* as the list has it */
	cell(&line);
	struct bytes kind = cell(&line);
	cell(&line);
	cell(&line);
	bool key = bytes_is(kind, "重点检查事项");
	if (department.n == 0 || category.n == 0 || item.n == 0)
		return;
	size_t dep = place_of(d->department, &d->departments, 64, department);
	size_t known = d->categories, cat = place_of(d->category, &d->categories, 400, category);
	const char *code = arena_printf(d->a, "i%zu", d->items++);
	struct buf *b = &d->base;
	put_row(b, arena_printf(d->a, "item.%s.basis", code),
		line.n > 0 ? line : BYTES("随机抽查事项清单"));
	put_row(b, arena_printf(d->a, "item.%s.department", code),
		bytes_of(arena_printf(d->a, "d%zu", dep)));
	put_row(b, arena_printf(d->a, "item.%s.field", code), BYTES(""));
	put_row(b, arena_printf(d->a, "item.%s.kind", code), key ? BYTES("key") : BYTES("general"));
	put_row(b, arena_printf(d->a, "item.%s.name", code), item);
	if (cat < known)
		return;
	category = shortened(category);
	buf_str(&d->schemes,
		arena_printf(d->a,
			"\ts%zu: { name = \"%.*s\"; lead = \"d%zu\"; items = [\"%s\"]; };\n", cat,
			BYTES_ARG(category), dep, code));
}

static const char defaults[] =
	"defaults: { scheme: { category = \"daily\"; level = \"county\"; class = \"worst\"; draws = 1;\n"
	"frequency = 1; minimum = \"0%\"; kinds = \"*\"; labels = \"*\"; industries = \"*\"; regions = \"*\";\n"
	"officers = 2; safety = false;\n"
	"mode: { A = \"offsite\"; B = \"onsite\"; C = \"onsite\"; D = \"onsite\"; };\n"
	"ratio: { A = \"2%\"; B = \"5%\"; C = \"20%\"; D = \"100%\"; }; }; };\nscheme:\n{\n";

/* The template's base with the departments and items of the published list instead of its own. */
static void put_base(struct district *d, const struct compose_rows *template)
{
	for (size_t i = 0; i < template->n; i++) {
		struct bytes path = template->row[i].path;
		if (bytes_starts(path, BYTES("item.")) || bytes_starts(path, BYTES("department.")))
			continue;
		buf_bytes(&d->base, path);
		buf_byte(&d->base, '\t');
		buf_bytes(&d->base, template->row[i].value);
		buf_byte(&d->base, '\n');
	}
	for (size_t i = 0; i < d->departments; i++) {
		put_row(&d->base, arena_printf(d->a, "department.d%zu.apart", i), BYTES(""));
		put_row(&d->base, arena_printf(d->a, "department.d%zu.inspects", i), BYTES("yes"));
		put_row(&d->base, arena_printf(d->a, "department.d%zu.name", i), d->department[i]);
		put_row(&d->base, arena_printf(d->a, "department.d%zu.regions", i), BYTES("*"));
	}
}

/* 44 schemes side by side (成都市双流区), of real items. */
static void real_items(void **state)
{
	(void)state;
	const char *data = getenv("DRAWD_TEST_DATA");
	if (data == NULL) {
		puts("skipped: DRAWD_TEST_DATA is not set");
		skip();
	}
	ARENA_AUTO a = arena_new();
	struct compose_rows template = read_base(a), base;
	struct district d = { .a = a, .base = buf_new(a, 65536), .schemes = buf_new(a, 65536) };
	struct bytes rest = bytes_of(
		read_file(a, arena_printf(a, "%s/data/hainan_random_items_2020.csv", data)));
	bool more = true;
	struct err e = { 0 };
	char why[700];
	struct documents made;
	bytes_cut(&rest, '\n', &more);
	buf_str(&d.schemes, defaults);
	while (more) {
		struct bytes line = bytes_cut(&rest, '\n', &more);
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		take_item(&d, line);
	}
	buf_str(&d.schemes, "};\n");
	put_base(&d, &template);
	assert_true(compose_split(buf_view(&d.base), a, &base, &e));
	base = compose_sorted(&base, a);
	if (!document_scheme(
		    &made, a, arena_strndup(a, d.schemes.p, d.schemes.n), "f", "", &base, &e))
		fail_msg("%s", err_text(&e, LANG_EN, why, sizeof why));
	printf("%zu departments, %zu items, %zu schemes\n", d.departments, d.items, made.n);
	assert_true(d.departments >= 12 && d.items >= 370 && made.n >= 44);
	assert_int_equal(made.n, d.categories);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(template_files),
		cmocka_unit_test(individuals_apart),
		cmocka_unit_test(refused),
		cmocka_unit_test(kinds),
		cmocka_unit_test(real_items),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
