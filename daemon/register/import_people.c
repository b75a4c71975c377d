/* Inspectors and their opaque numbers, recusals. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/import.h"
#include "sampler/base/text.h"

/* What the house knows: a certificate and its inspector. */
struct number {
	struct bytes department, certificate_no, inspector;
	bool fresh;
};

struct numbers {
	size_t n, room;
	struct number *at;
};

static int compare(const struct number *a, const struct number *b)
{
	int order = bytes_compare(a->certificate_no, b->certificate_no);
	return order != 0 ? order : bytes_compare(a->department, b->department);
}

static int by_certificate(const void *x, const void *y)
{
	return compare(x, y);
}

/* The parser is not trusted: is what it calls a department one? */
static bool check_department(const struct import *i, const struct import_row *row,
	struct bytes department, struct err *e)
{
	return import_is_department(i, department) ||
	       err_set(e, ERR_PARSER, "line %llu: department", (unsigned long long)row->line);
}

/* SCJG-0017 is of scjg, by its form alone: whether others have that number nobody learns. */
static bool is_our_number(const struct import *i, struct bytes inspector)
{
	size_t n = i->department.n;
	if (n == 0)
		return true;
	if (inspector.n < n + 2 || inspector.p[n] != '-')
		return false;
	for (size_t k = 0; k < n; k++)
		if (toupper((unsigned char)i->department.p[k]) != inspector.p[k])
			return false;
	return text_all_digits((struct bytes){ inspector.p + n + 1, inspector.n - n - 1 });
}

static void add(struct numbers *all, struct arena *a, struct number one)
{
	if (all->n == all->room) {
		all->room = all->room == 0 ? 256 : 2 * all->room;
		struct number *more = arena_calloc(a, all->room, sizeof *more);
		if (all->n > 0)
			memcpy(more, all->at, all->n * sizeof *more);
		all->at = more;
	}
	all->at[all->n++] = one;
}

static bool load(struct numbers *all, struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	if (!DB_RUN(i->db, Q_import_number_lock, NULL, e, DB_NULL) ||
		!DB_RUN(i->db, Q_import_numbers, &rows, e,
			DB_TEXT(i->kind == REGISTER_RECUSALS ? "t" : "f")))
		return false;
	for (size_t k = 0; k < rows.n; k++) {
		struct db_row r = db_row(&rows, k, i->arena, e);
		struct number one = { db_bytes(&r, "department"), db_bytes(&r, "certificate_no"),
			db_bytes(&r, "inspector"), false };
		if (r.bad)
			return false;
		add(all, i->arena, one);
	}
	if (all->n > 0)
		qsort(all->at, all->n, sizeof *all->at, by_certificate);
	return true;
}

/* The first number with this certificate; n where there is none. */
static size_t find(const struct numbers *all, struct bytes certificate_no)
{
	size_t from = 0, to = all->n;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		if (bytes_compare(all->at[middle].certificate_no, certificate_no) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	bool there = from < all->n && bytes_equal(all->at[from].certificate_no, certificate_no);
	return there ? from : all->n;
}

static const struct number *find_in(
	const struct numbers *all, struct bytes department, struct bytes certificate_no)
{
	for (size_t k = find(all, certificate_no);
		k < all->n && bytes_equal(all->at[k].certificate_no, certificate_no); k++)
		if (bytes_equal(all->at[k].department, department))
			return &all->at[k];
	return NULL;
}

/* ---- numbers for new certificates
 * ---------------------------------------------------------------- */

static int by_department(const void *x, const void *y)
{
	const struct number *a = x, *b = y;
	int order = bytes_compare(a->department, b->department);
	return order != 0 ? order : compare(a, b);
}

/* The digits at the end of SCJG-0017. */
static uint64_t tail(struct bytes inspector)
{
	uint64_t v = 0, unit = 1;
	for (size_t k = inspector.n; k-- > 0 && isdigit((unsigned char)inspector.p[k]);) {
		v += unit * (uint64_t)(inspector.p[k] - '0');
		unit *= 10;
	}
	return v;
}

static bool give_number(struct import *i, struct number *one, uint64_t v, struct err *e)
{
	char *id = arena_printf(
		i->arena, "%.*s-%04llu", BYTES_ARG(one->department), (unsigned long long)v);
	for (char *c = id; *c != '\0'; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
	one->inspector = bytes_of(id);
	return text_is_inspector_id(one->inspector) ||
	       err_set(e, ERR_UNKNOWN_DEPARTMENT, "%s: > 32", id);
}

/* In byte order of certificate numbers within a department, after the largest number given so far:
 * the order of rows in a file never matters. */
static bool give_numbers(struct import *i, struct numbers *all, struct err *e)
{
	if (all->n > 0)
		qsort(all->at, all->n, sizeof *all->at, by_department);
	for (size_t from = 0, to; from < all->n; from = to) {
		uint64_t last = 0;
		for (to = from; to < all->n &&
				bytes_equal(all->at[to].department, all->at[from].department);
			to++)
			if (!all->at[to].fresh && tail(all->at[to].inspector) > last)
				last = tail(all->at[to].inspector);
		for (size_t k = from; k < to; k++)
			if (all->at[k].fresh && !give_number(i, &all->at[k], ++last, e))
				return false;
	}
	if (all->n > 0)
		qsort(all->at, all->n, sizeof *all->at, by_certificate);
	return true;
}

static bool write_numbers(struct import *i, const struct numbers *all, struct err *e)
{
	int64_t rows;
	if (!db_copy_start(i->db, Q_copy_inspector_number, e))
		return false;
	for (size_t k = 0; k < all->n; k++) {
		if (!all->at[k].fresh)
			continue;
		import_put(i, all->at[k].department, '\t');
		import_put(i, all->at[k].certificate_no, '\t');
		import_put(i, all->at[k].inspector, '\n');
		if (!import_send(i, false, e))
			return false;
	}
	return import_send(i, true, e) && db_copy_end(i->db, &rows, e);
}

static bool write_inspectors(struct import *i, const struct numbers *all, struct err *e)
{
	if (!import_copy_start(i, e))
		return false;
	for (size_t k = 0; k < i->row_n; k++) {
		const struct import_row *row = &i->rows[k];
		if (import_is_refused(i, row->line))
			continue;
		const struct number *one = find_in(
			all, row->fact[INSPECTOR_DEPARTMENT], row->fact[INSPECTOR_CERTIFICATE_NO]);
		if (!import_put_row(i, row->line, one->inspector, row->fact, e))
			return false;
	}
	return import_copy_end(i, e);
}

/* A known department, and one that the file may speak of. */
static bool look_at_inspector(struct import *i, const struct import_row *row, struct err *e)
{
	struct bytes department = row->fact[INSPECTOR_DEPARTMENT];
	return check_department(i, row, department, e) &&
	       (import_is_ours(i, department) ||
		       import_refuse(i, row->line, ERR_OTHER_DEPARTMENT, "部门", department, e));
}

/* Keys of refused rows, as the parser has them (scjg:C17), by the numbers of their inspectors. */
static void spare_numbers(struct import *i, const struct numbers *all)
{
	struct bytes rest = buf_view(&i->spared);
	struct buf spared = buf_new(i->arena, rest.n);
	for (bool more = true, two; more && rest.n > 0;) {
		struct bytes certificate_no = bytes_cut(&rest, '\n', &more);
		struct bytes department = bytes_cut(&certificate_no, ':', &two);
		const struct number *one = find_in(all, department, certificate_no);
		if (one == NULL)
			continue;
		buf_bytes(&spared, one->inspector);
		buf_byte(&spared, '\n');
	}
	i->spared = spared;
}

bool import_inspectors(struct import *i, struct err *e)
{
	struct numbers all = { 0 };
	if (!load(&all, i, e))
		return false;
	spare_numbers(i, &all);
	struct numbers known = all;
	for (size_t k = 0; k < i->row_n; k++) {
		const struct import_row *row = &i->rows[k];
		struct number one = { row->fact[INSPECTOR_DEPARTMENT],
			row->fact[INSPECTOR_CERTIFICATE_NO], { "", 0 }, true };
		if (!import_is_refused(i, row->line) && !look_at_inspector(i, row, e))
			return false;
		if (!import_is_refused(i, row->line) &&
			find_in(&known, one.department, one.certificate_no) == NULL)
			add(&all, i->arena, one);
	}
	return give_numbers(i, &all, e) && write_numbers(i, &all, e) &&
	       write_inspectors(i, &all, e);
}

/* ---- recusals
 * ------------------------------------------------------------------------------------ */

/* recusal_fact (inspector, subject, ground, since, kind, batch, line) */
static void put_recusal(struct import *i, const struct import_row *row, struct bytes inspector)
{
	import_put(i, inspector, '\t');
	import_put(i, row->fact[RECUSAL_SUBJECT], '\t');
	import_put(i, row->fact[RECUSAL_GROUND], '\t');
	import_put(i, row->fact[RECUSAL_SINCE], '\t');
	import_put(
		i, row->fact[RECUSAL_KIND].p != NULL ? row->fact[RECUSAL_KIND] : BYTES(""), '\t');
	import_put_int(i, i->batch, '\t');
	import_put_int(i, (int64_t)row->line, '\n');
}

/* By id, or everybody with this certificate (of the department, where one is given), as far as the
 * file may name them. */
static size_t put_row(struct import *i, const struct numbers *all, const struct import_row *row)
{
	struct bytes id = row->fact[RECUSAL_INSPECTOR], department = row->fact[RECUSAL_DEPARTMENT];
	struct bytes certificate_no = row->fact[RECUSAL_CERTIFICATE_NO];
	size_t found = 0;
	for (size_t k = id.n > 0 ? 0 : find(all, certificate_no); k < all->n; k++) {
		const struct number *one = &all->at[k];
		if (id.n == 0 && !bytes_equal(one->certificate_no, certificate_no))
			break;
		bool is = id.n > 0 ? bytes_equal(one->inspector, id)
				   : department.n == 0 || bytes_equal(one->department, department);
		if (!is || !import_is_ours(i, one->department))
			continue;
		put_recusal(i, row, one->inspector);
		found++;
	}
	return found;
}

/* A recusal from what no list has: a slip of the pen, or an object that is still to come. */
static bool remark_unknown(struct import *i, struct err *e)
{
	DB_ROWS rows = { 0 };
	size_t k = 0;
	if (!DB_RUN(i->db, Q_import_unknown_subjects, &rows, e, DB_INT(i->batch)))
		return false;
	for (size_t n = 0; n < rows.n; n++) {
		struct db_row r = db_row(&rows, n, i->arena, e);
		uint64_t line = (uint64_t)db_int(&r, "line");
		if (r.bad)
			return false;
		while (k < i->row_n && i->rows[k].line < line)
			k++;
		if (k == i->row_n || i->rows[k].line != line)
			return err_set(e, ERR_INTERNAL, "line %llu", (unsigned long long)line);
		if (!import_remark(i, line, ERR_UNKNOWN_SUBJECT, "统一社会信用代码",
			    i->rows[k].fact[RECUSAL_SUBJECT], e))
			return false;
		i->unknown_subjects++;
	}
	return true;
}

/* Does the row name an inspector of another department? Then it is refused. */
static bool refuse_other(struct import *i, const struct import_row *row, bool *other, struct err *e)
{
	struct bytes id = row->fact[RECUSAL_INSPECTOR], department = row->fact[RECUSAL_DEPARTMENT];
	*other = id.n > 0 ? !is_our_number(i, id)
			  : department.n > 0 && !import_is_ours(i, department);
	return !*other ||
	       import_refuse(i, row->line, ERR_OTHER_DEPARTMENT, id.n > 0 ? "执法人员编号" : "部门",
		       id.n > 0 ? id : department, e);
}

static bool write_recusal(
	struct import *i, const struct numbers *all, const struct import_row *row, struct err *e)
{
	bool other = false, by_id = row->fact[RECUSAL_INSPECTOR].n > 0;
	struct bytes department = row->fact[RECUSAL_DEPARTMENT];
	if (import_is_refused(i, row->line))
		return true;
	if ((department.n > 0 && !check_department(i, row, department, e)) ||
		!refuse_other(i, row, &other, e))
		return false;
	if (!other && put_row(i, all, row) == 0 &&
		!import_refuse(i, row->line, ERR_BAD_INSPECTOR,
			by_id ? "执法人员编号" : "执法证编号",
			row->fact[by_id ? RECUSAL_INSPECTOR : RECUSAL_CERTIFICATE_NO], e))
		return false;
	return import_send(i, false, e);
}

bool import_recusals(struct import *i, struct err *e)
{
	struct numbers all = { 0 };
	if (!load(&all, i, e) || !db_copy_start(i->db, Q_copy_recusal_fact, e))
		return false;
	for (size_t k = 0; k < i->row_n; k++)
		if (!write_recusal(i, &all, &i->rows[k], e))
			return false;
	return import_copy_end(i, e) && remark_unknown(i, e);
}
