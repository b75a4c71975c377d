/* What a person is asked: lines, secrets without echo, a yes. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"

enum { LINE_MAX_BYTES = 4096 };

/* A line of at most LINE_MAX_BYTES without its end. */
static bool read_line(FILE *in, char *out)
{
	size_t n = 0;
	int ch;
	while ((ch = fgetc(in)) != EOF && ch != '\n') {
		if (n + 1 >= LINE_MAX_BYTES)
			return false;
		out[n++] = (char)ch;
	}
	if (n > 0 && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	return ch == '\n' || n > 0; /* false: the end */
}

/* One key after the other: what was typed, or nothing after Ctrl-C or Ctrl-D. */
static bool read_keys(int fd, char *out)
{
	enum { CTRL_C = 3, CTRL_D = 4, CTRL_U = 21 };
	size_t n = 0;
	char key;
	while (read(fd, &key, 1) == 1 && key != '\n' && key != '\r') {
		if (key == CTRL_C || key == CTRL_D)
			return false;
		if (key == CTRL_U)
			n = 0;
		else if (key == '\b' || key == 0x7f)
			for (bool more = n > 0; more; more = n > 0 && (out[n] & 0xc0) == 0x80)
				n--;
		else if (n + 1 < LINE_MAX_BYTES)
			out[n++] = key;
	}
	out[n] = '\0';
	return true;
}

/* The terminal shows nothing meanwhile, and is afterwards as it was: no signal comes between. */
static bool read_quietly(int fd, char *out)
{
	struct termios before, quiet;
	if (tcgetattr(fd, &before) != 0)
		return false;
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0)
		return false;
	bool ok = read_keys(fd, out);
	tcsetattr(fd, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return ok;
}

char *ask_line(struct ctl *c, const char *prompt, unsigned how)
{
	char *line = arena_calloc(c->arena, 1, LINE_MAX_BYTES);
	bool terminal = isatty(STDIN_FILENO) == 1, secret = (how & ASK_SECRET) != 0;
	bool blank = (how & ASK_BLANK) != 0, ok;
	/* unbuffered: no copy of a secret stays behind, and the next reader finds the next line */
	setvbuf(stdin, NULL, _IONBF, 0);
	if (terminal)
		fprintf(stderr, "%s", prompt);
	ok = terminal && secret ? read_quietly(STDIN_FILENO, line) : read_line(stdin, line);
	if (ok ? line[0] != '\0' || blank : blank && !terminal && feof(stdin))
		return line;
	tell(c, ERR_NO_INPUT, "%s", prompt);
	return NULL;
}

void forget(char *secret)
{
	if (secret != NULL)
		sodium_memzero(secret, strlen(secret));
}

bool confirmed(struct ctl *c, const char *question)
{
	if (c->o.yes)
		return true;
	if (isatty(STDIN_FILENO) == 1) {
		char line[LINE_MAX_BYTES] = "";
		fprintf(stderr, "%s %s ", question, TR(c, "（是/否）", "(yes/no)"));
		if (read_line(stdin, line) &&
			(line[0] == 'y' || line[0] == 'Y' || strcmp(line, "是") == 0))
			return true;
	}
	tell(c, ERR_NOT_CONFIRMED, "%s", question);
	return false;
}

const char *reason_of(struct ctl *c)
{
	if (c->o.reason == NULL && isatty(STDIN_FILENO) == 1)
		c->o.reason = ask_line(c, TR(c, "理由：", "reason: "), 0);
	else if (c->o.reason == NULL)
		tell(c, ERR_OPTION_NEEDED, "--reason TEXT");
	return c->o.reason;
}
