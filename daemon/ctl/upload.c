#include "daemon/ctl/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/ctl/verbs.h"

const char *base_name(const char *file)
{
	const char *slash = strrchr(file, '/');
	return slash != NULL ? slash + 1 : file;
}

static bool announce(struct ctl *c, const char *name, int64_t size, int64_t *id, int *exit_code)
{
	struct reply reply;
	json_t *o = json_pack("{s:s, s:I}", "name", name, "size", (json_int_t)size);
	if (o == NULL) {
		*exit_code = tell(c, ERR_BAD_UTF8, "%s", name);
		return false;
	}
	if (!client_post(c, "/api/v1/uploads", o, &reply, exit_code))
		return false;
	*id = member_int(reply.json, "id");
	return true;
}

/* ---- pieces --------------------------------------------------------------------------------- */

struct sending {
	int fd;
	int64_t id, at, size;
	char *piece; /* CTL_PIECE bytes */
};

/* A piece may have arrived although its answer did not: then the upload goes on elsewhere. */
static bool find_place(struct ctl *c, struct sending *s, int *exit_code)
{
	struct reply reply;
	int64_t before = s->at;
	const char *path = arena_printf(c->arena, "/api/v1/uploads/%lld", (long long)s->id);
	if (!client_get(c, path, &reply, exit_code))
		return false;
	s->at = member_int(reply.json, "received");
	if (s->at > before && s->at <= s->size)
		return true;
	*exit_code = tell(c, ERR_BAD_OFFSET, "%lld", (long long)s->at);
	return false;
}

static bool send_piece(struct ctl *c, struct sending *s, int *exit_code)
{
	struct reply reply;
	int64_t left = s->size - s->at;
	ssize_t n = pread(s->fd, s->piece, left < CTL_PIECE ? (size_t)left : CTL_PIECE, s->at);
	if (n <= 0) {
		*exit_code = tell(
			c, ERR_FILE, "%s", n < 0 ? strerror(errno) : "the file became shorter");
		return false;
	}
	struct call call = { .method = "PUT",
		.path = arena_printf(c->arena, "/api/v1/uploads/%lld?offset=%lld", (long long)s->id,
			(long long)s->at),
		.type = "application/octet-stream",
		.body = { s->piece, (size_t)n },
		.expected = ERR_BAD_OFFSET };
	if (client_call(c, &call, &reply, exit_code)) {
		s->at += n;
		return true;
	}
	return *exit_code == CTL_OK && find_place(c, s, exit_code);
}

static bool send_pieces(struct ctl *c, struct sending *s, int *exit_code)
{
	bool ok = true;
	while (ok && s->at < s->size) {
		ok = send_piece(c, s, exit_code);
		tell_progress(c, TR(c, "上传", "uploading"), s->at, s->size);
	}
	tell_progress_end(c);
	return ok;
}

bool upload_open_file(
	struct ctl *c, int fd, const char *name, int64_t size, int64_t *id, int *exit_code)
{
	struct sending s = { .fd = fd, .size = size };
	s.piece = arena_alloc(c->arena, CTL_PIECE);
	bool ok = announce(c, name, s.size, &s.id, exit_code) && send_pieces(c, &s, exit_code);
	*id = s.id;
	return ok;
}

bool upload_file(struct ctl *c, const char *file, int64_t *id, int *exit_code)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	bool ok = false;
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		*exit_code = tell(c, ERR_FILE, "%s: %s", file,
			fd < 0 ? strerror(errno) : TR(c, "不是文件", "not a file"));
	else if (st.st_size == 0)
		*exit_code = tell(c, ERR_EMPTY_FILE, TR(c, "%s：0 字节", "%s: 0 bytes"), file);
	else
		ok = upload_open_file(c, fd, base_name(file), st.st_size, id, exit_code);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* ---- upload FILE ---------------------------------------------------------------------------- */

static bool hash_file(struct ctl *c, const char *file, char hex[65], int *exit_code)
{
	crypto_hash_sha256_state state;
	uint8_t hash[32];
	char piece[65536];
	size_t n;
	FILE *in = fopen(file, "re");
	crypto_hash_sha256_init(&state);
	while (in != NULL && (n = fread(piece, 1, sizeof piece, in)) > 0)
		crypto_hash_sha256_update(&state, (const unsigned char *)piece, n);
	bool ok = in != NULL && ferror(in) == 0;
	if (!ok)
		*exit_code = tell(c, ERR_FILE, "%s: %s", file, strerror(errno));
	if (in != NULL)
		fclose(in);
	crypto_hash_sha256_final(&state, hash);
	sodium_bin2hex(hex, 65, hash, sizeof hash);
	return ok;
}

/* The hash under which the daemon knows it now; of a file of over 64 MiB it keeps none. */
static bool same_there(struct ctl *c, int64_t id, const char *hex, int *exit_code)
{
	struct reply reply;
	if (!client_get(c, arena_printf(c->arena, "/api/v1/uploads/%lld", (long long)id), &reply,
		    exit_code))
		return false;
	const char *there = json_string_value(json_object_get(reply.json, "sha256"));
	if (there != NULL && strcmp(there, hex) == 0)
		return true;
	*exit_code = tell(c, there == NULL ? ERR_BAD_EVIDENCE : ERR_DIFFERS, "sha256 %s, %s", hex,
		there == NULL ? "-" : there);
	return false;
}

/* A file that is no list: what supports a motion. */
int ctl_upload(struct ctl *c)
{
	char hex[65];
	int64_t id;
	int code = CTL_OK;
	if (!hash_file(c, c->o.arg[0], hex, &code) || !upload_file(c, c->o.arg[0], &id, &code) ||
		!same_there(c, id, hex, &code))
		return code;
	if (c->o.json)
		printf("{\"id\":%lld,\"sha256\":\"%s\"}\n", (long long)id, hex);
	else
		printf("%s\n", hex);
	remark(c,
		TR(c, "上传 %lld；作为依据：--evidence %s",
			"upload %lld; as evidence: --evidence %s"),
		(long long)id, hex);
	return CTL_OK;
}
