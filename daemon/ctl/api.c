/* health, routes, call: the API itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl/verbs.h"

enum { BODY_FILE_MAX = CTL_PIECE };

int ctl_health(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	struct call call = { .method = "GET", .path = "/readyz", .once = true };
	if (!client_call(c, &call, &reply, &code))
		return code;
	if (!tell_raw(c, &reply))
		printf("%s\n", TR(c, "drawd 运行正常", "drawd is ready"));
	return CTL_OK;
}

/* What a browser opens; it asks for its script and its style by itself. */
int ctl_page(struct ctl *c)
{
	return fetch_to_output(c, "/api");
}

/* ---- routes --------------------------------------------------------------------------------- */

static const char *roles_joined(struct ctl *c, json_t *roles)
{
	struct buf b = buf_new(c->arena, 64);
	size_t i;
	json_t *role;
	json_array_foreach(roles, i, role)
	{
		buf_str(&b, i > 0 ? TR(c, "、", ",") : "");
		buf_str(&b, TR(c, role_name(c, json_string_value(role)), json_string_value(role)));
	}
	buf_byte(&b, '\0');
	return b.p;
}

int ctl_routes(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	size_t i;
	json_t *r;
	if (!client_get(c, "/api/v1/routes", &reply, &code) || tell_raw(c, &reply))
		return code;
	json_array_foreach(json_object_get(reply.json, "routes"), i, r)
	{
		printf("%-6s %-38s %-20s %s\n       %s\n", member_text(r, "method"),
			member_text(r, "path"), member_text(r, "name"),
			roles_joined(c, json_object_get(r, "roles")),
			member_text(r, TR(c, "zh", "en")));
	}
	return CTL_OK;
}

/* ---- call ----------------------------------------------------------------------------------- */

static bool read_data(struct ctl *c, struct bytes *body, int *code)
{
	struct err e = { 0 };
	const char *data = c->o.data;
	*body = data != NULL ? bytes_of(data) : BYTES("");
	if (data == NULL || data[0] != '@')
		return true;
	if (read_input(c, data + 1, BODY_FILE_MAX, body, &e))
		return true;
	*code = tell_error(c, &e);
	return false;
}

static bool write_piece(void *ctx, struct bytes piece)
{
	return write_all(*(const int *)ctx, piece);
}

/* Any request: what came back is printed as it came. */
int ctl_call(struct ctl *c)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "DELETE" };
	struct reply reply;
	struct call call = { .path = c->o.arg[1], .match = c->o.match, .last = c->o.last };
	int code = CTL_OK, fd = STDOUT_FILENO;
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i], c->o.arg[0]) == 0)
			call.method = methods[i];
	if (call.method == NULL || call.path[0] != '/')
		return tell(c, ERR_USAGE, "%s %s: GET|POST|PUT|DELETE /api/v1/…", c->o.arg[0],
			c->o.arg[1]);
	if (!read_data(c, &call.body, &code))
		return code;
	if (!open_output(c, &fd))
		return CTL_REFUSED;
	call.take = write_piece;
	call.ctx = &fd;
	client_call(c, &call, &reply, &code);
	return close_output(c, fd) ? code : CTL_REFUSED;
}
