/* log …, artefact: the public log, and artefacts by their hash. */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/verbs.h"
#include "sampler/base/text.h"

/* What the verb's path gives, as it is: text for other programs. */
int ctl_print(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, c->verb->with, &reply, &code))
		return code;
	fwrite(reply.body.p, 1, reply.body.n, stdout);
	return CTL_OK;
}

/* ---- artefacts ------------------------------------------------------------------------------ */

/* A piece on its way to the file. */
struct artefact_sink {
	crypto_hash_sha256_state hash;
	int fd;
	int64_t at;
	bool ok;
};

static bool take_piece(void *ctx, struct bytes piece)
{
	struct artefact_sink *s = ctx;
	crypto_hash_sha256_update(&s->hash, (const unsigned char *)piece.p, piece.n);
	s->at += (int64_t)piece.n;
	s->ok = write_all(s->fd, piece);
	return s->ok;
}

static bool fetch_pieces(struct ctl *c, const char *sha256, struct artefact_sink *s, int *exit_code)
{
	int64_t size = 1;
	while (s->at < size) {
		struct reply reply;
		int64_t before = s->at;
		const char *path = arena_printf(
			c->arena, "/api/v1/artefacts/%s?offset=%lld", sha256, (long long)before);
		struct call call = { .method = "GET", .path = path, .take = take_piece, .ctx = s };
		if (!client_call(c, &call, &reply, exit_code))
			return false;
		size = reply.size;
		if (!s->ok)
			*exit_code = tell(c, ERR_FILE, "%s", strerror(errno));
		else if (s->at == before && s->at < size)
			*exit_code = tell(c, ERR_BAD_REPLY, "%s", path);
		if (!s->ok || (s->at == before && s->at < size))
			return false;
		tell_progress(c, TR(c, "下载", "fetching"), s->at, size);
	}
	tell_progress_end(c);
	return true;
}

int fetch_artefact(struct ctl *c, const char *sha256)
{
	struct artefact_sink s = { .ok = true };
	uint8_t wanted[32], got[32];
	int code = CTL_REFUSED;
	if (!text_hex(bytes_of(sha256), wanted, sizeof wanted))
		return tell(c, ERR_USAGE, "%s", sha256);
	if (!open_output(c, &s.fd))
		return CTL_REFUSED;
	crypto_hash_sha256_init(&s.hash);
	bool ok = fetch_pieces(c, sha256, &s, &code);
	ok = close_output(c, s.fd) && ok;
	if (!ok)
		return code;
	crypto_hash_sha256_final(&s.hash, got);
	if (memcmp(wanted, got, sizeof got) != 0)
		return tell(c, ERR_BAD_ARTEFACT, "%s", sha256);
	tell_written(c, -1, s.at);
	return CTL_OK;
}

int ctl_artefact(struct ctl *c)
{
	return fetch_artefact(c, c->o.arg[0]);
}
