#include "daemon/template.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"
#include "daemon/xlsx.h"

/* Sheets: the rows, how to fill them in, and the words of the drop-downs. */
enum {
	LAST_ROW = 1048575,
	COLUMN_WIDTH = 18,
	GUIDE_WIDTH = 40,
	TEXT_MAX = 2000,
	TEXT_FORMAT = 49 /* @ */
};
#define GUIDE "填写说明"
#define WORDS "选项"

struct book {
	lxw_workbook *book;
	lxw_worksheet *rows, *guide, *words;
	lxw_format *head, *need, *text, *wrap;
	enum register_id id;
	const struct template_lists *own;
	lxw_col_t columns; /* so far; each has the column of its number in the sheet of words */
};

bool template_needs(enum register_id id, const char *column, bool *alone)
{
	const char *const(*group)[NEEDED_MAX] = registers[id].needed;
	for (; group != NULL && (*group)[0] != NULL; group++)
		for (size_t i = 0; i < NEEDED_MAX && (*group)[i] != NULL; i++)
			if (strcmp((*group)[i], column) == 0) {
				*alone = i == 0 && (NEEDED_MAX == 1 || (*group)[1] == NULL);
				return true;
			}
	return false;
}

/* Word i of those that a column offers; false behind the last. */
static bool word_of(
	const struct book *b, const struct column *c, size_t i, char out[static TEXT_MAX])
{
	size_t labels = b->own->labels != NULL ? label_rules_count(b->own->labels) : 0, n = 0;
	if (c->check == cell_label || c->check == cell_labels) {
		snprintf(
			out, TEXT_MAX, "%s", i < labels ? label_rules_name(b->own->labels, i) : "");
		return i < labels;
	}
	if (c->check == cell_department) {
		struct bytes name = i < b->own->departments ? b->own->department[i] : BYTES("");
		snprintf(out, TEXT_MAX, "%.*s", BYTES_ARG(name));
		return i < b->own->departments;
	}
	while (c->words != NULL && c->words[n].words != NULL && n < i)
		n++;
	if (c->words == NULL || c->words[n].words == NULL)
		return false;
	snprintf(out, TEXT_MAX, "%.*s", (int)strcspn(c->words[n].words, "|"), c->words[n].words);
	return true;
}

/* ---- drop-downs --------------------------------------------------------------------------- */

static void put_words(struct book *b, const struct column *c)
{
	char text[TEXT_MAX], range[64], name[16],
		title[] = "不在选项中", advice[] = "请从下拉选项中选择；其他写法见“填写说明”。";
	lxw_row_t n = 0;
	while (word_of(b, c, n, text))
		worksheet_write_string(b->words, n++, b->columns, text, NULL);
	if (n == 0 || c->check == cell_labels) /* of which a cell may have several */
		return;
	lxw_col_to_name(name, b->columns, 1);
	snprintf(range, sizeof range, "=" WORDS "!%s$1:%s$%u", name, name, (unsigned)n);
	lxw_data_validation rule = { .validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
		.ignore_blank = LXW_VALIDATION_ON,
		.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
		.error_title = title,
		.error_message = advice };
	rule.value_formula = range;
	worksheet_data_validation_range(b->rows, 1, b->columns, LAST_ROW, b->columns, &rule);
}

/* ---- the guide ---------------------------------------------------------------------------- */

static const char *const form_zh[FORMS] = {
	[FORM_TEXT] = "文字",
	[FORM_DATE] = "日期，如 2026-03-31",
	[FORM_TOKEN] = "选项",
	[FORM_LIST] = "可填几项，以逗号或顿号分隔",
	[FORM_CODE] = "统一社会信用代码（18 位）、注册号（15 位）或对象编号，按文本填写",
	[FORM_NUMBER] = "数字",
	[FORM_FLAG] = "是或否",
	[FORM_PERSONAL] = "个人信息，入库时加密，各处只显示掩码",
};

static const char *need_text(const struct book *b, const struct column *c)
{
	bool alone = false;
	if (!template_needs(b->id, c->name, &alone))
		return "选填";
	return alone ? "必填" : "与同组各列至少有其一";
}

/* A hint, and the words to choose from. */
static void join_words(const struct book *b, const struct column *c, char out[static TEXT_MAX])
{
	const char *hint = column_hint(c, LANG_ZH);
	char text[TEXT_MAX];
	size_t start = (size_t)snprintf(out, TEXT_MAX, "%s", hint != NULL ? hint : ""), n = start;
	for (size_t i = 0; word_of(b, c, i, text); i++) {
		const char *between = n > start ? "、" : n > 0 ? "：" : "";
		int more = snprintf(out + n, TEXT_MAX - n, "%s%s", between, text);
		if (more < 0 || n + (size_t)more >= TEXT_MAX) {
			out[n] = '\0';
			return;
		}
		n += (size_t)more;
	}
}

static void put_guide_row(struct book *b, const struct column *c)
{
	lxw_row_t row = (lxw_row_t)b->columns + 1;
	char words[TEXT_MAX], others[TEXT_MAX];
	enum fact_form form = c->fact >= 0 ? registers[b->id].fact[c->fact].form : FORM_TEXT;
	join_words(b, c, words);
	snprintf(others, sizeof others, "%s", c->synonyms != NULL ? c->synonyms : "");
	for (char *p = strchr(others, '|'); p != NULL; p = strchr(p, '|'))
		*p = ' ';
	worksheet_write_string(b->guide, row, 0, c->name, NULL);
	worksheet_write_string(b->guide, row, 1, need_text(b, c), NULL);
	worksheet_write_string(b->guide, row, 2, words[0] != '\0' ? words : form_zh[form], b->wrap);
	worksheet_write_string(b->guide, row, 3, others, b->wrap);
}

static void put_guide_head(struct book *b)
{
	static const char *const heads[] = { "列名", "是否必填", "怎么填", "也认的列名" };
	for (lxw_col_t i = 0; i < 4; i++)
		worksheet_write_string(b->guide, 0, i, heads[i], b->head);
	worksheet_set_column(b->guide, 0, 1, COLUMN_WIDTH, NULL);
	worksheet_set_column(b->guide, 2, 3, GUIDE_WIDTH, NULL);
	worksheet_freeze_panes(b->guide, 1, 0);
}

/* ---- the sheets --------------------------------------------------------------------------- */

static void put_column(struct book *b, const struct column *c)
{
	bool alone = false, needed = template_needs(b->id, c->name, &alone);
	char name[TEXT_MAX];
	snprintf(name, sizeof name, "%s%s", c->name, needed && alone ? "*" : "");
	/* text everywhere: a spreadsheet would make numbers of codes */
	worksheet_set_column(b->rows, b->columns, b->columns, COLUMN_WIDTH, b->text);
	worksheet_write_string(b->rows, 0, b->columns, name, needed ? b->need : b->head);
	put_guide_row(b, c);
	put_words(b, c);
	b->columns++;
}

/* Of several columns of one fact (注册资本 in 万元, in 元 …) the first is offered. */
static bool offered(enum register_id id, const struct column *c)
{
	const struct column *before;
	for (size_t i = 0; (before = column_row(i)) != c; i++)
		if (before->kind == id && before->fact == c->fact && c->fact >= 0)
			return false;
	return c->kind == id && c->check != NULL;
}

static bool fill(struct book *b)
{
	b->rows = workbook_add_worksheet(b->book, registers[b->id].zh);
	b->guide = workbook_add_worksheet(b->book, GUIDE);
	b->words = workbook_add_worksheet(b->book, WORDS);
	b->head = workbook_add_format(b->book);
	b->need = workbook_add_format(b->book);
	b->text = workbook_add_format(b->book);
	b->wrap = workbook_add_format(b->book);
	if (b->rows == NULL || b->guide == NULL || b->words == NULL || b->wrap == NULL)
		return false;
	format_set_bold(b->head);
	format_set_bold(b->need);
	format_set_font_color(b->need, LXW_COLOR_RED);
	format_set_num_format_index(b->text, TEXT_FORMAT);
	format_set_text_wrap(b->wrap);
	put_guide_head(b);
	const struct column *c;
	for (size_t i = 0; (c = column_row(i)) != NULL; i++)
		if (offered(b->id, c))
			put_column(b, c);
	worksheet_freeze_panes(b->rows, 1, 0);
	worksheet_hide(b->words);
	return true;
}

/* ---- the file ----------------------------------------------------------------------------- */

static bool read_file(int fd, struct arena *a, struct bytes *file)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return false;
	char *p = arena_alloc(a, (size_t)st.st_size + 1);
	*file = (struct bytes){ p, (size_t)st.st_size };
	return pread(fd, p, file->n, 0) == (ssize_t)file->n;
}

bool template_make(enum register_id id, const struct template_lists *own, struct arena *a,
	struct bytes *file, struct err *e)
{
	static const struct template_lists none = { 0 };
	char path[40];
	int fd = xlsx_nameless();
	bool ok = false;
	errno = 0;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	struct book b = { .book = fd >= 0 ? workbook_new(path) : NULL,
		.id = id,
		.own = own != NULL ? own : &none };
	if (b.book != NULL) {
		ok = fill(&b);
		ok = workbook_close(b.book) == LXW_NO_ERROR && ok && read_file(fd, a, file);
	}
	if (!ok)
		err_set(e, ERR_FILE, "%s: %s", P_tmpdir, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}
