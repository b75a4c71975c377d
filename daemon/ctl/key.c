/* attest, key …: what attesters and witnesses do on their own machines; no daemon is asked. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ctl/verbs.h"
#include "sampler/note.h"

enum { KEY_MAX = 1024, TEXT_MAX = 65535 };

static bool load_key(struct ctl *c, const char *file, struct note_signer *s, struct err *e)
{
	struct bytes text;
	struct stat st;
	if (strcmp(file, "-") == 0 || stat(file, &st) != 0)
		return err_set(e, ERR_FILE, "%s: %s", file, strerror(errno));
	if ((st.st_mode & 077) != 0)
		return err_set(
			e, ERR_KEY_FILE, "%s: mode %04o", file, (unsigned)st.st_mode & 07777U);
	if (!read_input(c, file, KEY_MAX, &text, e))
		return false;
	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	return note_signer_parse(s, text, e) || err_at(e, "%s", file);
}

static void print_vkey(struct ctl *c, const struct vkey *k)
{
	struct buf b = buf_new(c->arena, 128);
	vkey_put(&b, k);
	printf("%.*s\n", BYTES_ARG(buf_view(&b)));
}

/* The file must not be there: a key is never overwritten. */
static bool store_key(struct ctl *c, const struct note_signer *s, struct err *e)
{
	struct buf b = buf_new(c->arena, 256);
	note_signer_put(&b, s);
	buf_byte(&b, '\n');
	int fd = open(c->o.output, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && write_all(fd, buf_view(&b)) && fsync(fd) == 0;
	sodium_memzero(b.p, b.n);
	if (!ok)
		err_set(e, fd < 0 && errno == EEXIST ? ERR_FILE_EXISTS : ERR_FILE, "%s: %s",
			c->o.output, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

int ctl_key_new(struct ctl *c)
{
	uint8_t seed[32];
	struct note_signer s;
	struct err e = { 0 };
	bool witness = c->o.type != NULL && strcmp(c->o.type, "witness") == 0;
	randombytes_buf(seed, sizeof seed);
	bool ok = note_signer_init(&s, bytes_of(c->o.arg[0]),
			  witness ? NOTE_COSIGNATURE : NOTE_ED25519, seed, &e) &&
		  store_key(c, &s, &e);
	sodium_memzero(seed, sizeof seed);
	if (ok)
		print_vkey(c, &s.vkey);
	note_signer_wipe(&s);
	return ok ? CTL_OK : tell_error(c, &e);
}

int ctl_key_show(struct ctl *c)
{
	struct note_signer s;
	struct err e = { 0 };
	if (!load_key(c, c->o.arg[0], &s, &e))
		return tell_error(c, &e);
	print_vkey(c, &s.vkey);
	note_signer_wipe(&s);
	return CTL_OK;
}

/* The signature line for a text, as `round beacon --attestation` takes it. */
int ctl_attest(struct ctl *c)
{
	struct note_signer s;
	struct bytes text;
	struct buf line = buf_new(c->arena, 256);
	struct err e = { 0 };
	if (!read_input(c, c->o.args > 0 ? c->o.arg[0] : "-", TEXT_MAX, &text, &e) ||
		!note_text_ok(text, &e) || !load_key(c, c->o.key, &s, &e))
		return tell_error(c, &e);
	note_put_line(&line, text, &s, 0);
	note_signer_wipe(&s);
	fwrite(line.p, 1, line.n, stdout);
	return CTL_OK;
}
