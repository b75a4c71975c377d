/* The steps of a round: what a second person has to agree to, and what is just done. */
#include <stdio.h>
#include <string.h>

#include "daemon/ctl/verbs.h"

enum { ATTESTATION_MAX = 65536 };

/* ---- approvals ------------------------------------------------------------------------------ */

static int approve(struct ctl *c, const char *department)
{
	struct reply reply;
	int code = CTL_OK;
	json_t *body = json_object();
	set_text(body, "department", department);
	if (!client_post(c, round_path(c, "approve"), body, &reply, &code))
		return code;
	if (tell_raw(c, &reply) || c->o.quiet)
		return CTL_OK;
	const char *missing = member_text(reply.json, "missing");
	tell_warnings(c, reply.json);
	printf(TR(c, "%s 已批准；尚缺：%s\n", "%s approved; missing: %s\n"),
		member_text(reply.json, "department"), missing[0] ? missing : TR(c, "无", "none"));
	return CTL_OK;
}

/* As oneself: for one's own department, or those named of the several one heads. */
int ctl_round_approve(struct ctl *c)
{
	int code = CTL_OK;
	if (c->o.departments.n == 0)
		return approve(c, NULL);
	for (size_t i = 0; i < c->o.departments.n && code == CTL_OK; i++)
		code = approve(c, c->o.departments.text[i]);
	return code;
}

/* ---- what a second person agrees to --------------------------------------------------------- */

int ctl_round_policy(struct ctl *c)
{
	return move(c, round_path(c, "policy"), json_object());
}

int ctl_round_freeze(struct ctl *c)
{
	json_t *body = json_object();
	return set_text(body, "quality_override", c->o.override)
		       ? move(c, round_path(c, "freeze"), body)
		       : tell(c, ERR_BAD_UTF8, "--quality-override");
}

int ctl_round_lock(struct ctl *c)
{
	return move(c, round_path(c, "lock"), json_object());
}

int ctl_round_reveal(struct ctl *c)
{
	return move(c, round_path(c, "reveal"), json_object());
}

int ctl_round_void(struct ctl *c)
{
	json_t *body = json_pack("{s:s}", "cause", c->o.cause);
	return body != NULL ? move(c, round_path(c, "void"), body)
			    : tell(c, ERR_BAD_UTF8, "--cause");
}

/* ---- jobs ----------------------------------------------------------------------------------- */

/* Ask for a step, wait, tell how it ended. */
static int step(
	struct ctl *c, const char *verb, json_t *body, const char *doing, struct reply *done)
{
	struct reply reply;
	int code = CTL_OK;
	*done = (struct reply){ .size = -1 };
	if (client_post(c, round_path(c, verb), body, &reply, &code))
		wait_for(c, reply.json, doing, done, &code);
	return code;
}

int ctl_round_draw(struct ctl *c)
{
	struct reply done;
	int code = step(c, "draw", json_object(), TR(c, "抽取", "drawing"), &done);
	if (code != CTL_OK || tell_raw(c, &done) || c->o.quiet)
		return code;
	printf("%s %s\n", c->o.arg[0], TR(c, "已抽取", "is drawn"));
	return ctl_round_show(c);
}

int ctl_round_bundle(struct ctl *c)
{
	struct reply done;
	json_t *body = json_object();
	set_text(body, "level", c->o.level);
	int code = step(c, "bundle", body, TR(c, "制作复核包", "making the bundle"), &done);
	if (code != CTL_OK)
		return code;
	const char *sha256 = member_text(json_object_get(done.json, "result"), "sha256");
	if (c->o.output != NULL)
		return fetch_artefact(c, sha256);
	if (!tell_raw(c, &done))
		printf("%s\n", sha256);
	return CTL_OK;
}

/* ---- beacons -------------------------------------------------------------------------------- */

int ctl_round_beacon_text(struct ctl *c)
{
	struct reply reply;
	int code = CTL_OK;
	const char *path =
		arena_printf(c->arena, "%s?place=%s&value=%s", round_path(c, "beacon-text"),
			c->o.place != NULL ? c->o.place : "1", url_text(c, c->o.value));
	if (!client_get(c, path, &reply, &code))
		return code;
	fwrite(reply.body.p, 1, reply.body.n, stdout);
	return CTL_OK;
}

/* Signature lines come from files, one file an attester or several lines in one. */
static bool read_attestations(struct ctl *c, struct buf *lines, struct err *e)
{
	for (size_t i = 0; i < c->o.attestations.n; i++) {
		struct bytes text;
		if (!read_input(c, c->o.attestations.text[i], ATTESTATION_MAX, &text, e))
			return false;
		buf_bytes(lines, text);
		if (text.n > 0 && text.p[text.n - 1] != '\n')
			buf_byte(lines, '\n');
	}
	return true;
}

bool add_attestations(struct ctl *c, json_t *body, int *exit_code)
{
	struct buf lines = buf_new(c->arena, 512);
	struct err e = { 0 };
	if (c->o.attestations.n == 0)
		return true;
	if (read_attestations(c, &lines, &e) &&
		json_object_set_new(body, "attestations", json_stringn(lines.p, lines.n)) != 0)
		err_set(&e, ERR_BAD_UTF8, "--attestation");
	if (e.code != ERR_NONE)
		*exit_code = tell_error(c, &e);
	return e.code == ERR_NONE;
}

int ctl_round_beacon(struct ctl *c)
{
	int code = CTL_OK;
	json_t *body = json_pack("{s:s}", "value", c->o.value);
	if (body == NULL)
		return tell(c, ERR_BAD_UTF8, "--value");
	set_number(body, "place", c->o.place);
	if (add_attestations(c, body, &code))
		return move(c, round_path(c, "beacon"), body);
	json_decref(body);
	return code;
}
