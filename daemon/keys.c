#include "daemon/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sampler/base/text.h"

static bool refuse(struct err *e, const char *path)
{
	return err_set(e, ERR_FILE, "%s: %s", path, strerror(errno));
}

/* ---- small files ------------------------------------------------------------------------- */

bool keys_read(const char *path, size_t max, struct arena *a, struct bytes *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return refuse(e, path);
	char *p = arena_alloc(a, max + 1);
	size_t n = 0;
	ssize_t got = 1;
	while (n <= max && (got = read(fd, p + n, max + 1 - n)) > 0)
		n += (size_t)got;
	bool ok = got >= 0 || refuse(e, path);
	close(fd);
	if (ok && n > max)
		ok = err_set(e, ERR_FILE, "%s: more than %zu bytes", path, max);
	*out = (struct bytes){ p, n };
	return ok;
}

static bool write_all(int fd, struct bytes b)
{
	while (b.n > 0) {
		ssize_t n = write(fd, b.p, b.n);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			b = (struct bytes){ b.p + n, b.n - (size_t)n };
	}
	return true;
}

static bool sync_folder(const char *path)
{
	char folder[PATH_MAX];
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');
	if (slash == NULL)
		snprintf(folder, sizeof folder, ".");
	else
		slash[slash == folder ? 1 : 0] = '\0';
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = fsync(fd) == 0;
	close(fd);
	return ok;
}

/* finish: rename over what is there, or link, which fails where something is. */
static bool put_file(const char *path, struct bytes content, unsigned mode,
	int (*finish)(const char *, const char *), struct err *e)
{
	char temporary[PATH_MAX];
	snprintf(temporary, sizeof temporary, "%s.%d.new", path, (int)getpid());
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
	if (fd < 0)
		return refuse(e, temporary);
	bool ok = fchmod(fd, (mode_t)mode) == 0 && write_all(fd, content) && fsync(fd) == 0;
	if (!ok)
		refuse(e, temporary);
	close(fd);
	if (ok && finish(temporary, path) != 0)
		ok = refuse(e, path);
	if (finish == link || !ok)
		unlink(temporary);
	return ok && (sync_folder(path) || refuse(e, path));
}

bool keys_write(const char *path, struct bytes content, unsigned mode, struct err *e)
{
	return put_file(path, content, mode, rename, e);
}

bool keys_write_new(
	const char *path, struct bytes content, unsigned mode, bool *made, struct err *e)
{
	struct err trial = { 0 };
	*made = put_file(path, content, mode, link, &trial);
	if (*made || errno == EEXIST)
		return true;
	*e = trial;
	return false;
}

/* Key files are for their user alone. */
static bool only_ours(const char *path, struct err *e)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return err_set(e, ERR_KEY_FILE, "%s: %s", path, strerror(errno));
	if ((st.st_mode & 077) != 0)
		return err_set(e, ERR_KEY_FILE, "%s: mode %04o lets others read it", path,
			(unsigned)st.st_mode & 07777);
	return true;
}

/* The one line of a key file. */
static bool read_line(const char *path, struct arena *a, struct bytes *line, struct err *e)
{
	bool more;
	if (!only_ours(path, e) || !keys_read(path, 1024, a, line, e))
		return false;
	struct bytes rest = *line;
	*line = bytes_cut(&rest, '\n', &more);
	return (more && rest.n == 0) || err_set(e, ERR_KEY_FILE, "%s: one line is expected", path);
}

/* ---- signing keys ------------------------------------------------------------------------ */

bool keys_signer(const char *path, struct note_signer *s, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct bytes line;
	return read_line(path, a, &line, e) &&
	       (note_signer_parse(s, line, e) || err_at(e, "%s", path));
}

bool keys_make_signer(
	const char *path, const char *name, enum note_type type, struct vkey *vkey, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct note_signer s = { 0 };
	uint8_t seed[32];
	randombytes_buf(seed, sizeof seed);
	bool made = false;
	bool ok = note_signer_init(&s, bytes_of(name), type, seed, e);
	if (ok) {
		struct buf line = buf_new(a, 256);
		note_signer_put(&line, &s);
		buf_byte(&line, '\n');
		ok = keys_write_new(path, buf_view(&line), 0600, &made, e);
		sodium_memzero(line.p, line.n);
	}
	if (ok && !made)
		ok = keys_signer(path, &s, e);
	*vkey = s.vkey;
	note_signer_wipe(&s);
	sodium_memzero(seed, sizeof seed);
	return ok;
}

/* ---- boxes ------------------------------------------------------------------------------- */

void keys_box_fresh(struct box_key *k)
{
	crypto_box_keypair(k->open, k->secret);
}

void keys_box_wipe(struct box_key *k)
{
	sodium_memzero(k, sizeof *k);
}

bool keys_box(const char *path, struct box_key *k, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct bytes line;
	if (!read_line(path, a, &line, e))
		return false;
	if (!text_hex(line, k->secret, sizeof k->secret))
		return err_set(e, ERR_KEY_FILE, "%s: 64 hexadecimal digits are expected", path);
	crypto_scalarmult_base(k->open, k->secret);
	return true;
}

bool keys_make_box(const char *path, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct box_key k;
	bool made;
	keys_box_fresh(&k);
	struct buf line = buf_new(a, 80);
	buf_hex(&line, k.secret, sizeof k.secret);
	buf_byte(&line, '\n');
	bool ok = keys_write_new(path, buf_view(&line), 0600, &made, e);
	sodium_memzero(line.p, line.n);
	keys_box_wipe(&k);
	return ok;
}

struct bytes keys_seal(struct arena *a, const uint8_t to[32], struct bytes secret)
{
	size_t n = secret.n + crypto_box_SEALBYTES;
	uint8_t *out = arena_alloc(a, n);
	crypto_box_seal(out, (const uint8_t *)secret.p, secret.n, to);
	return (struct bytes){ (const char *)out, n };
}

bool keys_unseal(struct arena *a, const struct box_key *k, struct bytes sealed, struct bytes *out,
	struct err *e)
{
	if (sealed.n < crypto_box_SEALBYTES)
		return err_set(e, ERR_SEALED, "only %zu bytes", sealed.n);
	size_t n = sealed.n - crypto_box_SEALBYTES;
	uint8_t *p = arena_alloc(a, n + 1);
	if (crypto_box_seal_open(p, (const uint8_t *)sealed.p, sealed.n, k->open, k->secret) != 0)
		return err_set(e, ERR_SEALED, "it was sealed to another key");
	*out = (struct bytes){ (const char *)p, n };
	return true;
}
