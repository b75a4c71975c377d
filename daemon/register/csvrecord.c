#include "daemon/register/csvrecord.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/register/foreign.h"
#include "sampler/base/text.h"

/* The first bytes of a file are looked at before anything is decided. */
enum { LOOK = 65536 };

struct csv_reader {
	struct csv_rules rules;
	struct csv_parser csv;
	iconv_t gb; /* GB18030 to UTF-8 */
	bool has_gb;
	bool decided, failed, ended;
	enum csv_encoding encoding;
	bool cr; /* lines end in CR alone; it becomes LF as it comes in */
	/* bytes taken and not yet handed over: [record, scan) are lines of the record under way,
	 * [scan, n) has not been looked at */
	char *p;
	size_t n, room, record, scan;
	uint64_t record_line, line; /* of the record's first line; of the line at scan */
	size_t lines; /* of the record under way */
	bool skipping; /* the rest of a line that is too long */
	bool suspect; /* a line of the record holds NUL or is no UTF-8 */
	bool mixed; /* a line of it was in the other encoding */
	bool row_done;
	/* fields of the record under way: end[i] is where field i ends in text */
	char *text;
	size_t text_n, text_room;
	size_t fields, end[RAW_FIELDS_MAX];
	size_t columns; /* of the header; 0: it was not found yet */
	struct bytes field[RAW_FIELDS_MAX];
	char *converted; /* a line in UTF-8 */
	size_t converted_room;
};

const char *csv_encoding_name(enum csv_encoding encoding)
{
	static const char *const names[] = { "UTF-8", "UTF-8 BOM", "GB18030" };
	return names[encoding];
}

static void *grow(void *p, size_t *room, size_t wanted)
{
	if (wanted <= *room)
		return p;
	size_t size = *room == 0 ? 4096 : *room;
	while (size < wanted)
		size *= 2;
	p = realloc(p, size);
	if (p == NULL)
		abort();
	*room = size;
	return p;
}

/* ---- libcsv ------------------------------------------------------------------------------ */

static void on_field(void *s, size_t n, void *ctx)
{
	struct csv_reader *r = ctx;
	if (r->fields < RAW_FIELDS_MAX) {
		r->text = grow(r->text, &r->text_room, r->text_n + n + 1);
		if (n > 0)
			memcpy(r->text + r->text_n, s, n);
		r->text_n += n;
		r->end[r->fields] = r->text_n;
	}
	r->fields++;
}

static void on_row(int c, void *ctx)
{
	struct csv_reader *r = ctx;
	(void)c;
	r->row_done = true;
}

/* Ready for a new record. The delimiter stays. */
static void csv_again(struct csv_reader *r, unsigned char delimiter)
{
	csv_free(&r->csv);
	if (csv_init(&r->csv, 0) != 0)
		abort();
	csv_set_delim(&r->csv, delimiter);
	r->fields = r->text_n = r->lines = 0;
	r->suspect = r->mixed = false;
}

struct csv_reader *csv_reader_new(const struct csv_rules *rules)
{
	struct csv_reader *r = calloc(1, sizeof *r);
	if (r == NULL || csv_init(&r->csv, 0) != 0)
		abort();
	r->rules = *rules;
	r->gb = iconv_open("UTF-8", "GB18030");
	r->has_gb =
		r->gb != (iconv_t)-1; /* NOLINT(performance-no-int-to-ptr): as iconv(3) has it */
	r->line = r->record_line = 1;
	csv_again(r, CSV_COMMA);
	return r;
}

void csv_reader_free(struct csv_reader *r)
{
	if (r == NULL)
		return;
	csv_free(&r->csv);
	if (r->has_gb)
		iconv_close(r->gb);
	free(r->p);
	free(r->text);
	free(r->converted);
	free(r);
}

enum csv_encoding csv_reader_encoding(const struct csv_reader *r)
{
	return r->encoding;
}

void csv_reader_expect(struct csv_reader *r, size_t n)
{
	r->columns = n;
}

/* ---- what kind of file ------------------------------------------------------------------- */

/* Into r->converted; false where s is not GB18030. */
static bool convert(struct csv_reader *r, struct bytes s, struct bytes *out)
{
	/* GB18030 takes at least 2 bytes for what UTF-8 says in 3 */
	r->converted = grow(r->converted, &r->converted_room, 2 * s.n + 16);
	if (!r->has_gb)
		return false;
	char in_place[1] = { 0 };
	char *in = s.n > 0 ? r->p + (s.p - r->p) : in_place, *to = r->converted;
	size_t in_n = s.n, room = r->converted_room;
	iconv(r->gb, NULL, NULL, NULL, NULL);
	if (iconv(r->gb, &in, &in_n, &to, &room) == (size_t)-1 || in_n > 0)
		return false;
	*out = (struct bytes){ r->converted, (size_t)(to - r->converted) };
	return true;
}

static bool is_ascii(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* How many fields of a line (UTF-8) are known names, with this delimiter. */
static size_t count_known(struct csv_reader *r, struct bytes line, char delimiter)
{
	enum { NAME_BYTES = 120 };
	size_t n = 0;
	bool more = line.n > 0 && r->rules.knows != NULL;
	while (more) {
		struct bytes name = bytes_cut(&line, delimiter, &more);
		while (name.n > 0 && strchr("\"\r ", name.p[name.n - 1]) != NULL)
			name.n--;
		while (name.n > 0 && strchr("\" ", name.p[0]) != NULL)
			name = (struct bytes){ name.p + 1, name.n - 1 };
		n += name.n > 0 && name.n <= NAME_BYTES && r->rules.knows(r->rules.knows_ctx, name);
	}
	return n;
}

/* UTF-8 as far as it goes; a character cut by the end of what was read is no fault. */
static bool utf8_so_far(struct bytes s)
{
	for (size_t cut = 0; cut < 4 && cut <= s.n; cut++)
		if (text_is_utf8((struct bytes){ s.p, s.n - cut }))
			return true;
	return false;
}

/* What a line of names tells of its file. */
struct reading {
	size_t known;
	bool foreign, ascii; /* read as GB18030; tells nothing of the encoding */
	char delimiter;
};

static void read_as(struct csv_reader *r, struct bytes line, bool foreign, struct reading *best)
{
	static const char delimiters[] = { ',', CSV_TAB, ';' };
	for (size_t i = 0; i < sizeof delimiters; i++) {
		if (i > 0 && memchr(line.p, delimiters[i], line.n) == NULL)
			continue;
		size_t known = count_known(r, line, delimiters[i]);
		if (known > best->known)
			*best = (struct reading){ known, foreign, is_ascii(line), delimiters[i] };
	}
}

/* The line with most known names, of those that may be the header. */
static struct reading best_line(struct csv_reader *r, struct bytes seen)
{
	struct reading best = { 0 };
	struct bytes utf8;
	bool more = true;
	for (size_t i = 0; i < CSV_HEAD_LINES && more && best.known < 3; i++) {
		struct bytes line = bytes_cut(&seen, '\n', &more);
		if (line.n == 0 || line.n > r->rules.row_max)
			continue;
		if (text_is_utf8(line))
			read_as(r, line, false, &best);
		if (!is_ascii(line) && convert(r, line, &utf8))
			read_as(r, utf8, true, &best);
	}
	return best;
}

static unsigned char delimiter_of(struct bytes head)
{
	static const unsigned char others[] = { CSV_TAB, ';' };
	for (size_t i = 0; i < sizeof others && memchr(head.p, ',', head.n) == NULL; i++)
		if (memchr(head.p, others[i], head.n) != NULL)
			return others[i];
	return CSV_COMMA;
}

/* Column names decide; where there are none that are known, or nothing but ASCII in their line, the
 * bytes seen so far. */
static void decide_by(struct csv_reader *r, struct bytes seen, bool bom)
{
	const char *end = seen.n > 0 ? memchr(seen.p, '\n', seen.n) : NULL;
	struct bytes head = { seen.p, end != NULL ? (size_t)(end - seen.p) : seen.n };
	struct reading best = best_line(r, seen);
	if (best.known > 0)
		csv_set_delim(&r->csv, (unsigned char)best.delimiter);
	else if (head.n > 0)
		csv_set_delim(&r->csv, delimiter_of(head));
	bool told = best.known > 0 && !best.ascii;
	bool foreign = told ? best.foreign : !utf8_so_far(seen);
	r->encoding = bom ? CSV_UTF8_BOM : foreign ? CSV_GB18030 : CSV_UTF8;
}

static void take_cr(struct csv_reader *r, size_t from)
{
	for (size_t i = from; r->cr && i < r->n; i++)
		if (r->p[i] == '\r')
			r->p[i] = '\n';
}

static bool decide(struct csv_reader *r, struct err *e)
{
	/* never more than LOOK bytes: the cut of the bytes must not decide */
	struct bytes seen = { r->p, r->n < LOOK ? r->n : LOOK };
	if (!foreign_check(seen, e))
		return false;
	bool bom = bytes_starts(seen, BYTES("\xef\xbb\xbf"));
	if (bom) {
		r->record = r->scan = 3;
		seen = (struct bytes){ seen.p + 3, seen.n - 3 };
	}
	r->cr = seen.n > 0 && memchr(seen.p, '\n', seen.n) == NULL;
	take_cr(r, 0);
	decide_by(r, seen, bom);
	return r->decided = true;
}

/* ---- the encoding of a line -------------------------------------------------------------- */

/* Nothing but pairs of GB 2312, enough of them that text in UTF-8 with a byte missing is none. */
static bool surely_gb(struct bytes s)
{
	enum { PAIRS = 4 };
	size_t pairs = 0;
	for (size_t i = 0; i < s.n; i++) {
		const unsigned char *c = (const unsigned char *)s.p + i;
		if (c[0] < 0x80)
			continue;
		bool lead = (c[0] >= 0xa1 && c[0] <= 0xa9) || (c[0] >= 0xb0 && c[0] <= 0xf7);
		if (!lead || i + 1 == s.n || c[1] < 0xa1 || c[1] == 0xff)
			return false;
		pairs++;
		i++;
	}
	return pairs >= PAIRS;
}

/* UTF-8 with at least two characters of three bytes, and of two at most such as the dot within
 * names: GB18030 looks like that never. */
static bool surely_utf8(struct bytes s)
{
	size_t wide = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0xf0 || (c > 0xc2 && c < 0xe2))
			return false;
		wide += c >= 0xe2;
	}
	return wide >= 2 && text_is_utf8(s);
}

/* A line in the file's encoding, or in the one it is in; false where it is in none. */
static bool to_utf8(struct csv_reader *r, struct bytes *line)
{
	if (is_ascii(*line))
		return true;
	bool utf8 = text_is_utf8(*line), gb = r->encoding == CSV_GB18030;
	bool other = gb ? surely_utf8(*line) : !utf8 && surely_gb(*line);
	r->mixed = r->mixed || other;
	return gb == other ? utf8 : convert(r, *line, line);
}

/* ---- records ----------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* The end of the field that begins at `from`: the delimiter behind it, or the end of the line. */
static size_t field_end(struct bytes line, size_t from, char delimiter, bool *quoted)
{
	size_t at = from;
	while (at < line.n && is_space(line.p[at]) && line.p[at] != delimiter)
		at++;
	*quoted = at < line.n && line.p[at] == '"';
	if (*quoted)
		for (at++; at < line.n; at++)
			if (line.p[at] == '"' && (at + 1 == line.n || line.p[++at] != '"'))
				break; /* "" is a quote within */
	while (at < line.n && line.p[at] != delimiter)
		at++;
	return at;
}

/* libcsv takes the blanks around a field off. Those of a field without quotes belong to it: who
 * reads the cell says that they were taken off. Where this reads a line otherwise than libcsv, its
 * fields are kept. */
static void keep_blanks(struct csv_reader *r, struct bytes line, size_t fields)
{
	char delimiter = (char)csv_get_delim(&r->csv);
	size_t from = 0;
	if (line.n == 0 ||
		(memchr(line.p, ' ', line.n) == NULL && memchr(line.p, '\t', line.n) == NULL))
		return;
	for (size_t i = 0; i < fields && from <= line.n; i++) {
		bool quoted;
		size_t end = field_end(line, from, delimiter, &quoted);
		struct bytes raw = { line.p + from, end - from }, bare = raw;
		while (bare.n > 0 && is_space(bare.p[0]))
			bare = (struct bytes){ bare.p + 1, bare.n - 1 };
		while (bare.n > 0 && is_space(bare.p[bare.n - 1]))
			bare.n--;
		if (!quoted && bytes_equal(bare, r->field[i]))
			r->field[i] = raw;
		from = end + 1;
	}
}

/* line: all of the record, where that is one line; else empty. */
static bool hand_over(struct csv_reader *r, struct bytes line, struct err *e)
{
	struct raw_row out = { .line = r->record_line,
		.field = r->field,
		.repair = r->mixed ? ERR_MIXED_ENCODING : ERR_NONE };
	size_t kept = r->fields < RAW_FIELDS_MAX ? r->fields : RAW_FIELDS_MAX;
	out.n = r->fields;
	/* on_field counts; cppcheck does not see it called */
	// cppcheck-suppress knownConditionTrueFalse
	for (size_t i = 0, from = 0; i < kept; from = r->end[i++])
		r->field[i] =
			(struct bytes){ r->text_n > 0 ? r->text + from : "", r->end[i] - from };
	keep_blanks(r, line, kept);
	// cppcheck-suppress knownConditionTrueFalse
	for (size_t i = 0; i < kept && r->suspect && out.fault == ERR_NONE; i++) {
		if (memchr(r->field[i].p, '\0', r->field[i].n) != NULL)
			out.fault = ERR_NUL_BYTE;
		else if (!text_is_utf8(r->field[i]))
			out.fault = ERR_BAD_UTF8;
		out.fault_field = i;
	}
	return r->rules.each(r->rules.ctx, &out, e);
}

static void next_record(struct csv_reader *r)
{
	r->record = r->scan;
	r->record_line = r->line;
	r->fields = r->text_n = r->lines = 0;
	r->suspect = r->mixed = false;
}

/* A line that cannot be read as fields: all of it is one. */
static bool hand_over_line(
	struct csv_reader *r, enum err_code fault, struct bytes line, struct err *e)
{
	struct raw_row out = { .line = r->record_line, .n = 1, .field = r->field, .fault = fault };
	to_utf8(r, &line);
	r->field[0] = line;
	return r->rules.each(r->rules.ctx, &out, e);
}

/* The quote that the record's first line opens is closed nowhere near: give up that line and read
 * on behind it. */
static bool give_up_line(struct csv_reader *r, struct err *e)
{
	char *end = memchr(r->p + r->record, '\n', r->n - r->record);
	assert(end != NULL);
	csv_again(r, csv_get_delim(&r->csv));
	struct bytes line = { r->p + r->record, (size_t)(end - r->p) - r->record };
	line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
	if (!hand_over_line(r, ERR_UNCLOSED_QUOTE, line, e))
		return false;
	r->scan = (size_t)(end - r->p) + 1;
	r->line = r->record_line + 1;
	next_record(r);
	return true;
}

static bool is_blank(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(" \t\r\n", s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	return true;
}

static void feed(struct csv_reader *r, struct bytes s)
{
	if (csv_parse(&r->csv, s.p, s.n, on_field, on_row, r) != s.n)
		abort(); /* out of memory; without CSV_STRICT nothing else fails */
}

/* To libcsv a CR ends a line; where the file's lines end otherwise it is a blank. */
static void take_lone_cr(struct csv_reader *r, struct bytes line)
{
	if (memchr(line.p, '\r', line.n) == NULL)
		return;
	for (char *p = r->p + (line.p - r->p), *end = p + line.n; p < end; p++)
		if (*p == '\r')
			*p = ' ';
}

/* One line that ends in '\n'; a CR before it goes. */
static bool take_line(struct csv_reader *r, size_t end, struct err *e)
{
	struct bytes line = { r->p + r->scan, end - r->scan };
	if (r->lines == 0 && is_blank(line)) {
		r->scan = end;
		r->line++;
		next_record(r);
		return true;
	}
	line.n -= line.n >= 2 && line.p[line.n - 2] == '\r' ? 2 : 1;
	take_lone_cr(r, line);
	r->suspect = !to_utf8(r, &line) || memchr(line.p, '\0', line.n) != NULL || r->suspect;
	r->row_done = false;
	feed(r, line);
	feed(r, BYTES("\n"));
	r->scan = end;
	r->line++;
	r->lines++;
	/* a record of several lines with other columns than the header: some stray quote closed it
	 */
	bool stray = r->lines > 1 && r->columns > 0 && r->fields != r->columns;
	if (r->row_done && !stray) {
		if (!hand_over(r, r->lines == 1 ? line : BYTES(""), e))
			return false;
		r->line = r->record_line + 1; /* a row of the sheet, however many lines */
		next_record(r);
		return true;
	}
	return !r->row_done && r->lines < CSV_LINES_MAX && r->scan - r->record <= r->rules.row_max
		       ? true
		       : give_up_line(r, e);
}

/* Nothing of a line that is too long is kept. */
static bool too_long(struct csv_reader *r, bool *again, struct err *e)
{
	*again = r->lines > 0; /* the record before it is at fault: its quote runs into this line */
	if (*again)
		return give_up_line(r, e);
	struct bytes line = { r->p + r->scan, r->rules.row_max };
	if (!hand_over_line(r, ERR_ROW_TOO_LONG, line, e))
		return false;
	r->skipping = true;
	return true;
}

static bool take_lines(struct csv_reader *r, struct err *e)
{
	while (r->scan < r->n) {
		const char *eol = memchr(r->p + r->scan, '\n', r->n - r->scan);
		size_t end = eol != NULL ? (size_t)(eol - r->p) + 1 : r->n;
		if (r->skipping) {
			r->skipping = eol == NULL;
			r->line += eol != NULL;
			r->scan = end;
			next_record(r);
			continue;
		}
		bool again = false;
		if (end - r->scan > r->rules.row_max && !too_long(r, &again, e))
			return false;
		if (again || r->skipping)
			continue;
		if (eol == NULL)
			break;
		if (!take_line(r, end, e))
			return false;
	}
	return true;
}

bool csv_reader_put(struct csv_reader *r, struct bytes chunk, struct err *e)
{
	assert(!r->ended);
	if (r->failed)
		return false;
	if (r->record > 0)
		memmove(r->p, r->p + r->record, r->n - r->record);
	r->n -= r->record;
	r->scan -= r->record;
	r->record = 0;
	r->p = grow(r->p, &r->room, r->n + chunk.n + 1);
	if (chunk.n > 0)
		memcpy(r->p + r->n, chunk.p, chunk.n);
	r->n += chunk.n;
	take_cr(r, r->n - chunk.n);
	if (!r->decided && r->n < LOOK)
		return true;
	r->failed = (!r->decided && !decide(r, e)) || !take_lines(r, e);
	return !r->failed;
}

bool csv_reader_end(struct csv_reader *r, struct err *e)
{
	if (r->failed)
		return false;
	r->p = grow(r->p, &r->room, r->n + 2);
	if (!r->decided && !decide(r, e))
		return false;
	if (r->n > r->scan && r->p[r->n - 1] != '\n')
		r->p[r->n++] = '\n';
	r->ended = true;
	if (!take_lines(r, e))
		return false;
	while (r->record < r->n)
		if (!give_up_line(r, e) || !take_lines(r, e))
			return false;
	return true;
}
