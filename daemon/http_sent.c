/* What was sent: parts of the path, parameters, the body; read as the route's row says, before its
 * handler runs. */
#include <assert.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "daemon/http.h"
#include "daemon/http_inner.h"
#include "daemon/http_parts.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

enum { WORD_MAX = 200 };

#define WORD_LETTERS "0123456789:./~_,*-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* ---- the path ----------------------------------------------------------------------------- */

static bool is_number(struct bytes s)
{
	uint64_t v;
	return text_u64(s, INT64_MAX, &v);
}

static bool is_round(struct bytes s)
{
	return type_check(TYPE_ROUND, s);
}

static bool is_sha256(struct bytes s)
{
	uint8_t hash[32];
	return text_hex(s, hash, sizeof hash);
}

static bool is_word(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(WORD_LETTERS, s.p[i]) == NULL)
			return false;
	return s.n > 0 && s.n <= WORD_MAX;
}

static bool fits(struct bytes name, struct bytes value)
{
	static const struct {
		const char *name;
		bool (*check)(struct bytes s);
	} kinds[] = { { "id", is_number }, { "round", is_round }, { "sha256", is_sha256 },
		{ "account", text_is_token }, { "department", text_is_token },
		{ "kind", text_is_token }, { "document", text_is_token },
		{ "year", is_number }, { "token", is_word }, { "register", is_word }, { "code", is_word } };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (bytes_is(name, kinds[i].name))
			return kinds[i].check(value);
	return is_word(value);
}

/* A part that can name nothing is told like one that names nothing. */
static bool read_path(struct request *r, struct err *e)
{
	const char *form = r->route->path;
	for (size_t i = 0; (form = strchr(form, '{')) != NULL; i++) {
		struct bytes name = { form + 1, strcspn(form + 1, "}") };
		r->arg[i].p = arena_strndup(r->arena, r->arg[i].p, r->arg[i].n);
		if (!fits(name, r->arg[i]))
			return err_set(e,
				r->route->missing != ERR_NONE ? r->route->missing : ERR_NO_ROUTE,
				"%s", r->path);
		form++;
	}
	return true;
}

int64_t request_arg_id(const struct request *r, size_t i)
{
	uint64_t v = 0;
	bool ok = text_u64(r->arg[i], INT64_MAX, &v);
	assert(ok);
	(void)ok;
	return (int64_t)v;
}

const char *request_arg(const struct request *r, size_t i)
{
	return r->arg[i].p;
}

/* ---- parameters --------------------------------------------------------------------------- */

static const struct param no_params[] = { { 0 } };

static const struct param *params_of(const struct request *r)
{
	return r->route->query != NULL ? r->route->query : no_params;
}

static bool check_word(const char *text)
{
	return text[strspn(text, WORD_LETTERS)] == '\0' && strlen(text) <= WORD_MAX;
}

static bool read_param(struct request *r, size_t i, const char *text, struct err *e)
{
	const struct param *p = &params_of(r)[i];
	uint64_t v;
	switch (p->kind) {
	case PARAM_NUMBER:
		if (!text_u64(bytes_of(text), (uint64_t)p->max, &v))
			return err_set(
				e, ERR_BAD_NUMBER, "%s, 0 to %lld", p->name, (long long)p->max);
		r->numbers[i] = (int64_t)v;
		return true;
	case PARAM_TEXT:
		if (!text_is_clean(bytes_of(text)) || strlen(text) > WORD_MAX)
			return err_set(e, ERR_BAD_REQUEST, "%s", p->name);
		r->words[i] = arena_strdup(r->arena, text);
		return true;
	case PARAM_WORD:
		if (!check_word(text))
			return err_set(e, ERR_BAD_REQUEST, "%s", p->name);
		r->words[i] = arena_strdup(r->arena, text);
		return true;
	}
	return false;
}

/* The place of a name in the route's table; the place of its end where it does not stand there. */
static size_t param_place(const struct request *r, const char *name)
{
	const struct param *p = params_of(r);
	size_t i = 0;
	while (p[i].name != NULL && strcmp(p[i].name, name) != 0)
		i++;
	return i;
}

static bool read_query(struct request *r, struct err *e)
{
	const struct param *p = params_of(r);
	bool seen[REQUEST_PARAMS] = { false };
	struct evkeyval *h;
	for (size_t i = 0; p[i].name != NULL; i++) {
		assert(i < REQUEST_PARAMS);
		r->numbers[i] = p[i].otherwise;
		r->words[i] = p[i].word != NULL ? p[i].word : "";
	}
	TAILQ_FOREACH (h, r->query, next) {
		size_t i = param_place(r, h->key);
		r->field = p[i].name != NULL ? p[i].name : h->key;
		if (p[i].name == NULL)
			return err_set(e, ERR_BAD_REQUEST, "?%.60s", h->key);
		if (seen[i])
			return err_set(e, ERR_BAD_REQUEST, "%s stands twice", h->key);
		if (!read_param(r, i, h->value, e))
			return false;
		seen[i] = true;
		r->field = NULL;
	}
	return true;
}

int64_t param_number(const struct request *r, const char *name)
{
	size_t i = param_place(r, name);
	assert(params_of(r)[i].name != NULL);
	return r->numbers[i];
}

const char *param_word(const struct request *r, const char *name)
{
	size_t i = param_place(r, name);
	assert(params_of(r)[i].name != NULL);
	return r->words[i];
}

/* ---- the body ----------------------------------------------------------------------------- */

static bool read_body(struct request *r, struct err *e)
{
	const struct json_form *form = r->route->body;
	if (form == NULL)
		return true;
	r->sent = arena_calloc(r->arena, 1, form->size > 0 ? form->size : 1);
	if (form->otherwise != NULL)
		memcpy(r->sent, form->otherwise, form->size);
	struct bytes body = r->body.n > 0 ? r->body : BYTES("{}");
	return json_read_object(body, form->fields, r->sent, r->arena, &r->field, e);
}

bool sent_read(struct request *r, struct err *e)
{
	return read_path(r, e) && (r->route->list != NULL || read_query(r, e)) && read_body(r, e);
}

/* ---- header fields ------------------------------------------------------------------------ */

const char *request_header(const struct request *r, const char *name)
{
	if (r->http == NULL)
		return NULL;
	return evhttp_find_header(evhttp_request_get_input_headers(r->http), name);
}

const char *cookie_name(const struct request *r, enum cookie which)
{
	static const char *const names[2][2] = { { "drawd", "drawd-device" },
		{ "__Host-drawd", "__Host-drawd-device" } };
	bool secure = bytes_starts(bytes_of(r->web->process->conf.web.origin), BYTES("https://"));
	return names[secure][which];
}

const char *request_cookie(const struct request *r, enum cookie which)
{
	const char *field = request_header(r, "Cookie");
	struct bytes value = { "", 0 };
	if (field != NULL)
		value = part_cookie(field, cookie_name(r, which));
	return value.n > 0 ? arena_strndup(r->arena, value.p, value.n) : NULL;
}

bool request_match(struct request *r, struct bytes json)
{
	const char *field = request_header(r, "If-Match");
	char etag[PART_ETAG];
	if (field != NULL && part_etag_listed(field, part_etag(json, etag), false))
		return true;
	if (field == NULL)
		reply_field(r, "If-Match", ERR_MATCH_NEEDED, "%s", r->path);
	else
		reply_field(r, "If-Match", ERR_STALE, "%s", r->path);
	return false;
}

bool request_has(const struct request *r, unsigned who)
{
	return (r->roles & who) != 0;
}
