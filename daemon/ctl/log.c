/* log …, artefact, job, routes, health */
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"
#include "sampler/base/text.h"

static int print_body(struct ctl *c, const char *path)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, path, &reply, &code))
		return code;
	fwrite(reply.body.p, 1, reply.body.n, stdout);
	return CTL_OK;
}

int ctl_log_checkpoint(struct ctl *c)
{
	return print_body(c, "/api/v1/log/checkpoint");
}

int ctl_log_vkey(struct ctl *c)
{
	return print_body(c, "/api/v1/log/vkey");
}

int ctl_job(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, arena_printf(c->arena, "/api/v1/jobs/%s", c->o.arg[0]), &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	printf("%lld %s %s %lld/%lld %s\n", (long long)member_int(reply.json, "id"),
		member_text(reply.json, "kind"), member_text(reply.json, "state"),
		(long long)member_int(reply.json, "done"),
		(long long)member_int(reply.json, "total"), member_text(reply.json, "note"));
	json_t *error = json_object_get(reply.json, "error");
	return json_is_object(error) ? tell_json_error(c, error) : CTL_OK;
}

int ctl_routes(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *r;
	if (!client_get(c, "/api/v1/routes", &reply, &code))
		return code;
	if (tell_raw(c, &reply))
		return CTL_OK;
	json_array_foreach(json_object_get(reply.json, "routes"), i, r)
		printf("%-4s %-40s %-6s %s\n", member_text(r, "method"), member_text(r, "path"),
			member_text(r, "who"), member_text(r, TR(c, "zh", "en")));
	return CTL_OK;
}

int ctl_health(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	if (!client_get(c, "/readyz", &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		printf("%s\n", TR(c, "drawd 运行正常", "drawd is ready"));
	return CTL_OK;
}

/* ---- artefacts ---------------------------------------------------------------------------- */

static bool fetch_pieces(
	struct ctl *c, const char *sha256, int fd, crypto_hash_sha256_state *hash, int *exit_code)
{
	struct err e = { 0 };
	int64_t at = 0, size = 1;
	while (at < size) {
		struct reply reply;
		const char *path = arena_printf(
			c->arena, "/api/v1/artefacts/%s?offset=%lld", sha256, (long long)at);
		if (!client_get(c, path, &reply, exit_code))
			return false;
		size = reply.size;
		at += (int64_t)reply.body.n;
		crypto_hash_sha256_update(hash, (const unsigned char *)reply.body.p, reply.body.n);
		if (reply.body.n == 0 && at < size)
			err_set(&e, ERR_BAD_REPLY, "%s", path);
		else if (!write_all(fd, reply.body))
			err_set(&e, ERR_FILE, "%s: %s", c->o.output != NULL ? c->o.output : "-",
				strerror(errno));
		if (e.code != ERR_NONE) {
			*exit_code = tell_error(c, &e);
			return false;
		}
		tell_progress(c, TR(c, "下载", "fetching"), at, size);
	}
	tell_progress_end(c);
	return true;
}

int fetch_artefact(struct ctl *c, const char *sha256)
{
	crypto_hash_sha256_state hash;
	uint8_t wanted[32], got[32];
	struct err e = { 0 };
	int fd, code = CTL_REFUSED;
	if (!text_hex(bytes_of(sha256), wanted, sizeof wanted)) {
		err_set(&e, ERR_USAGE, "%s", sha256);
		return tell_error(c, &e);
	}
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	crypto_hash_sha256_init(&hash);
	bool ok = fetch_pieces(c, sha256, fd, &hash, &code);
	if (fd != STDOUT_FILENO)
		ok = close(fd) == 0 && ok;
	if (!ok)
		return code;
	crypto_hash_sha256_final(&hash, got);
	if (memcmp(wanted, got, sizeof got) == 0)
		return CTL_OK;
	err_set(&e, ERR_BAD_ARTEFACT, "%s", sha256);
	return tell_error(c, &e);
}

int ctl_artefact(struct ctl *c)
{
	return fetch_artefact(c, c->o.arg[0]);
}
