/* Files and standard streams. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"

static const char *output_name(const struct ctl *c)
{
	return c->o.output != NULL ? c->o.output : "-";
}

bool open_output(struct ctl *c, int *fd)
{
	*fd = STDOUT_FILENO;
	if (strcmp(output_name(c), "-") == 0)
		return fflush(stdout) == 0;
	*fd = open(c->o.output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (*fd >= 0)
		return true;
	tell(c, ERR_FILE, "%s: %s", c->o.output, strerror(errno));
	return false;
}

bool close_output(struct ctl *c, int fd)
{
	if (fd == STDOUT_FILENO || close(fd) == 0)
		return true;
	tell(c, ERR_FILE, "%s: %s", output_name(c), strerror(errno));
	return false;
}

bool write_all(int fd, struct bytes b)
{
	while (b.n > 0) {
		ssize_t n = write(fd, b.p, b.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		b.p += n;
		b.n -= (size_t)n;
	}
	return true;
}

/* The file is not touched before there is something to write. */
struct file_sink {
	struct ctl *c;
	int fd;
	bool open, ok;
	bool quoted; /* within "…" of a CSV */
	int64_t bytes, lines;
};

/* Line ends outside quotes: what a table has of rows, its heading included. */
static void count_piece(struct file_sink *s, struct bytes piece)
{
	bool csv = s->c->o.format != NULL && strcmp(s->c->o.format, "csv") == 0;
	s->bytes += (int64_t)piece.n;
	for (size_t i = 0; i < piece.n; i++) {
		s->quoted = s->quoted != (csv && piece.p[i] == '"');
		s->lines += piece.p[i] == '\n' && !s->quoted;
	}
}

void tell_written(struct ctl *c, int64_t rows, int64_t bytes)
{
	if (c->o.output == NULL || strcmp(c->o.output, "-") == 0)
		return;
	if (rows >= 0)
		remark(c,
			TR(c, "已写入 %s：%lld 行，%lld 字节",
				"%s is written: %lld rows, %lld bytes"),
			c->o.output, (long long)rows, (long long)bytes);
	else
		remark(c, TR(c, "已写入 %s：%lld 字节", "%s is written: %lld bytes"), c->o.output,
			(long long)bytes);
}

static int64_t rows_of(const struct file_sink *s)
{
	const char *format = s->c->o.format;
	if (format == NULL || strcmp(format, "xlsx") == 0)
		return -1;
	return strcmp(format, "csv") == 0 && s->lines > 0 ? s->lines - 1 : s->lines;
}

static bool sink_open(struct file_sink *s)
{
	if (!s->open)
		s->ok = open_output(s->c, &s->fd);
	s->open = true;
	return s->ok;
}

static bool take_piece(void *ctx, struct bytes piece)
{
	struct file_sink *s = ctx;
	if (!sink_open(s))
		return false;
	s->ok = write_all(s->fd, piece);
	count_piece(s, piece);
	if (!s->ok)
		tell(s->c, ERR_FILE, "%s: %s", output_name(s->c), strerror(errno));
	return s->ok;
}

int fetch_to_output(struct ctl *c, const char *path)
{
	struct file_sink sink = { .c = c, .ok = true };
	struct call call = { .method = "GET", .path = path, .take = take_piece, .ctx = &sink };
	struct reply reply;
	int code = CTL_OK;
	bool ok = client_call(c, &call, &reply, &code) && sink.ok && sink_open(&sink);
	if (sink.open && sink.fd >= 0)
		ok = close_output(c, sink.fd) && ok;
	if (ok)
		tell_written(c, rows_of(&sink), sink.bytes);
	return ok || code != CTL_OK ? code : CTL_REFUSED;
}

bool read_input(struct ctl *c, const char *name, size_t max, struct bytes *out, struct err *e)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *in = standard ? stdin : fopen(name, "re");
	struct buf b = buf_new(c->arena, 4096);
	char piece[4096];
	size_t n;
	if (in == NULL)
		return err_set(e, ERR_FILE, "%s: %s", name, strerror(errno));
	while (b.n <= max && (n = fread(piece, 1, sizeof piece, in)) > 0)
		buf_put(&b, piece, n);
	bool broken = ferror(in) != 0;
	if (!standard)
		fclose(in);
	if (broken || b.n > max)
		return err_set(e, ERR_FILE, "%s: %s", name, broken ? "read error" : "too large");
	*out = (struct bytes){ arena_strndup(c->arena, b.n > 0 ? b.p : "", b.n), b.n };
	return true;
}
