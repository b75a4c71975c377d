#include "daemon/register/foreign.h"

#include <string.h>
#include <strings.h>

/* "EncryptedPackage" in UTF-16, as a directory of such a container spells it. */
static const char locked_name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
enum { LOCKED = sizeof locked_name }; /* the last character's second byte is the text's own NUL */

static const struct {
	struct bytes mark;
	enum err_code code;
	const char *what;
} marks[] = {
	{ { "\xff\xfe", 2 }, ERR_UTF16_TEXT, "FF FE" },
	{ { "\xfe\xff", 2 }, ERR_UTF16_TEXT, "FE FF" },
	{ { "\xd0\xcf\x11\xe0", 4 }, ERR_XLS_FILE, "D0 CF 11 E0" },
	{ { "PK\x03\x04", 4 }, ERR_OTHER_FILE, "zip" },
	{ { "PK\x05\x06", 4 }, ERR_OTHER_FILE, "zip" },
	{ { "%PDF", 4 }, ERR_OTHER_FILE, ".pdf" },
	{ { "{\\rtf", 5 }, ERR_OTHER_FILE, ".rtf" },
	{ { "Rar!", 4 }, ERR_OTHER_FILE, ".rar" },
	{ { "7z\xbc\xaf", 4 }, ERR_OTHER_FILE, ".7z" },
	{ { "\x1f\x8b", 2 }, ERR_OTHER_FILE, ".gz" },
	{ { "SQLite format", 13 }, ERR_OTHER_FILE, ".sqlite" },
	{ { "\x89PNG", 4 }, ERR_OTHER_FILE, ".png" },
	{ { "\xff\xd8\xff", 3 }, ERR_OTHER_FILE, ".jpg" },
};

/* Tables that web pages call .xls. */
static const char *const markup[] = { "<html", "<!doctype", "<table", "<?xml", "<meta", "<head",
	"<body", "<style", "<div" };

static bool is_markup(struct bytes s)
{
	if (bytes_starts(s, BYTES("\xef\xbb\xbf")))
		s = (struct bytes){ s.p + 3, s.n - 3 };
	while (s.n > 0 && strchr(" \t\r\n", s.p[0]) != NULL && s.p[0] != '\0')
		s = (struct bytes){ s.p + 1, s.n - 1 };
	for (size_t i = 0; i < sizeof markup / sizeof *markup; i++)
		if (s.n >= strlen(markup[i]) && strncasecmp(s.p, markup[i], strlen(markup[i])) == 0)
			return true;
	return false;
}

/* UTF-16 without a mark: every second byte of ASCII is NUL. */
static bool is_utf16(struct bytes s)
{
	size_t nul[2] = { 0, 0 };
	for (size_t i = 0; i < s.n; i++)
		nul[i % 2] += s.p[i] == '\0';
	return s.n >= 8 && (nul[0] > 8 * nul[1] || nul[1] > 8 * nul[0]) &&
	       nul[0] + nul[1] > s.n / 8;
}

bool foreign_check(struct bytes head, struct err *e)
{
	head.n = head.n < FOREIGN_HEAD ? head.n : FOREIGN_HEAD;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (bytes_starts(head, marks[i].mark))
			return err_set(e, marks[i].code, "%s", marks[i].what);
	if (is_markup(head))
		return err_set(e, ERR_OTHER_FILE, "%s", ".html / .xml");
	return !is_utf16(head) || err_set(e, ERR_UTF16_TEXT, "%s", "00");
}

bool foreign_is_ole(struct bytes head)
{
	return bytes_starts(head, BYTES("\xd0\xcf\x11\xe0"));
}

void foreign_ole_put(struct foreign_ole *o, struct bytes chunk)
{
	/* the name may lie across two chunks: look at the end of the last and the start of this */
	char both[2 * sizeof o->tail];
	size_t n = chunk.n < sizeof o->tail ? chunk.n : sizeof o->tail;
	if (chunk.n == 0)
		return;
	memcpy(both, o->tail, o->n);
	memcpy(both + o->n, chunk.p, n);
	o->locked = o->locked || memmem(both, o->n + n, locked_name, LOCKED) != NULL ||
		    memmem(chunk.p, chunk.n, locked_name, LOCKED) != NULL;
	size_t all = o->n + n, keep = all < sizeof o->tail ? all : sizeof o->tail;
	if (n == chunk.n) {
		memcpy(o->tail, both + all - keep, keep);
	} else {
		keep = sizeof o->tail;
		memcpy(o->tail, chunk.p + chunk.n - keep, keep);
	}
	o->n = keep;
}

bool foreign_ole_refuse(const struct foreign_ole *o, struct err *e)
{
	return err_set(e, o->locked ? ERR_ENCRYPTED_FILE : ERR_XLS_FILE, "%s", "D0 CF 11 E0");
}
