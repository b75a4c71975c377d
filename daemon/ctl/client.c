#include "daemon/ctl/client.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"
#include "daemon/peer.h"

enum {
	CONNECT_SECONDS = 10,
	ANSWER_SECONDS = 300,
	SILENT_SECONDS = 90, /* of a stream, which says something every 15 */
	BODY_MAX = 64 << 20,
	LATER_MAX = 5, /* seconds of a Retry-After that are waited for */
};

struct client {
	CURL *curl;
	int fd; /* of the connection */
	const char *socket;
	struct arena *arena; /* of replies */
	struct arena *lasting; /* of the command */
	json_t *kept; /* array of all replies' JSON */
	char key[33]; /* of the command: what all its Idempotency-Keys begin with */
	unsigned changes; /* sent so far, one key for each */
	char *cookie, *fresh; /* of the session spoken as; the one that was last set */
	const char *device; /* cookie that a reply set */
	const char *csrf;
};

/* One request on its way. */
struct transfer {
	CURL *curl;
	const struct call *call;
	struct reply *reply;
	struct buf body;
	struct client *client;
	struct bytes rest; /* of the body to be sent */
	bool taken; /* a piece went to call->take: it cannot be sent again */
	bool stopped; /* take did not want more */
};

void client_free(struct client *client)
{
	if (client == NULL)
		return;
	curl_easy_cleanup(client->curl);
	json_decref(client->kept);
	arena_free(client->arena);
}

static struct client *client_of(struct ctl *c)
{
	if (c->client == NULL) {
		uint8_t random[16];
		struct client *k = c->client = arena_calloc(c->arena, 1, sizeof *k);
		k->curl = curl_easy_init();
		k->arena = arena_new();
		k->lasting = c->arena;
		k->kept = json_array();
		randombytes_buf(random, sizeof random);
		sodium_bin2hex(k->key, sizeof k->key, random, sizeof random);
	}
	return c->client;
}

/* ---- what comes back ------------------------------------------------------------------------ */

static bool succeeded(struct transfer *t)
{
	long status = 0;
	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	if (t->call->take != NULL && succeeded(t)) {
		t->taken = true;
		t->stopped = !t->call->take(t->call->ctx, (struct bytes){ p, size * n });
		return t->stopped ? 0 : size * n;
	}
	if (t->body.n + size * n > BODY_MAX)
		return 0;
	buf_put(&t->body, p, size * n);
	return size * n;
}

static const char *header_value(struct client *k, const char *p, size_t n, const char *name)
{
	size_t length = strlen(name);
	if (n <= length || strncasecmp(p, name, length) != 0)
		return NULL;
	p += length;
	n -= length;
	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	return arena_strndup(k->arena, p, n);
}

static bool is_cookie(const char *value, const char *name)
{
	static const char prefix[] = "__Host-";
	size_t n = strlen(name);
	if (strncmp(value, prefix, sizeof prefix - 1) == 0)
		value += sizeof prefix - 1;
	return strncmp(value, name, n) == 0 && value[n] == '=';
}

/* All that stands before the attributes. */
static void take_cookie(struct client *k, const char *value)
{
	if (is_cookie(value, "drawd"))
		k->fresh = arena_strndup(k->lasting, value, strcspn(value, ";"));
	if (is_cookie(value, "drawd-device"))
		k->device = arena_strndup(k->lasting, value, strcspn(value, ";"));
	if (k->cookie != NULL && k->fresh != NULL)
		k->cookie = k->fresh; /* the session goes on under a new one */
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	struct reply *r = t->reply;
	struct client *k = t->client;
	const char *v;
	n *= size;
	if ((v = header_value(k, p, n, "Drawd-Size:")) != NULL)
		r->size = strtoll(v, NULL, 10);
	else if ((v = header_value(k, p, n, "Retry-After:")) != NULL)
		r->later = strtoll(v, NULL, 10);
	else if ((v = header_value(k, p, n, "ETag:")) != NULL)
		r->etag = v;
	else if ((v = header_value(k, p, n, "Content-Type:")) != NULL)
		r->type = v;
	else if ((v = header_value(k, p, n, "Drawd-Request:")) != NULL)
		r->request = v;
	else if ((v = header_value(k, p, n, "Set-Cookie:")) != NULL)
		take_cookie(k, v);
	return n;
}

/* ---- what goes out -------------------------------------------------------------------------- */

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct client *k = arg;
	(void)purpose;
	k->fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	return k->fd;
}

/* Nothing is told to somebody who took the socket's place. */
static int on_connected(void *arg, char *ip, char *local_ip, int port, int local_port)
{
	const struct client *k = arg;
	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	return peer_trusted(k->fd, k->socket) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t on_read(char *p, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	size_t take = t->rest.n < size * n ? t->rest.n : size * n;
	memcpy(p, t->rest.p, take);
	t->rest.p += take;
	t->rest.n -= take;
	return take;
}

static void set_method(CURL *curl, const struct call *call, struct transfer *t)
{
	if (strcmp(call->method, "PUT") == 0) {
		t->rest = call->body;
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(curl, CURLOPT_READDATA, t);
		curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)call->body.n);
	} else if (call->body.n > 0 || strcmp(call->method, "POST") == 0) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.n > 0 ? call->body.p : "");
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.n);
	}
	if (strcmp(call->method, "GET") != 0)
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
}

static void header(struct client *k, struct curl_slist **list, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		*list = curl_slist_append(*list, arena_printf(k->arena, "%s: %s", name, value));
}

/* The same key however often the same change is sent, another for the command's next. */
static const char *key_of(struct ctl *c, const struct client *k)
{
	if (c->o.once != NULL && k->changes == 1)
		return c->o.once;
	return arena_printf(k->arena, "%s-%u", k->key, k->changes);
}

/* The session, and where it signs in or a password changes also what this machine is known by. */
static const char *cookies_of(struct ctl *c, const struct call *call)
{
	struct client *k = c->client;
	const char *device = k->device != NULL ? k->device : c->profile.device;
	bool signs_in =
		strcmp(call->method, "POST") == 0 && strcmp(call->path, "/api/v1/session") == 0;
	if (k->cookie == NULL)
		return signs_in ? device : "";
	return device[0] == '\0' ? k->cookie : arena_printf(k->arena, "%s; %s", k->cookie, device);
}

static struct curl_slist *headers_of(struct ctl *c, const struct call *call)
{
	struct client *k = c->client;
	/* without Expect: a piece goes out at once */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:");
	const char *type = call->type != NULL ? call->type : "application/json";
	bool change = strcmp(call->method, "GET") != 0;
	header(k, &list, "User-Agent", "drawctl/" DRAWD_VERSION);
	header(k, &list, "Accept-Language", TR(c, "zh", "en"));
	header(k, &list, "Content-Type", call->body.n > 0 ? type : NULL);
	header(k, &list, "Cookie", cookies_of(c, call));
	if (k->cookie != NULL) {
		header(k, &list, "Drawd-CSRF", k->csrf);
	} else if (c->profile.token[0] != '\0') {
		header(k, &list, "Authorization",
			arena_printf(k->arena, "Bearer %s", c->profile.token));
	}
	header(k, &list, "Idempotency-Key", change ? key_of(c, k) : NULL);
	header(k, &list, "If-Match", call->match);
	header(k, &list, "Last-Event-ID", call->last);
	header(k, &list, "Drawd-Reason", c->o.reason != NULL ? url_text(c, c->o.reason) : NULL);
	return list;
}

static void set_address(struct ctl *c, CURL *curl, const char *path)
{
	struct client *k = c->client;
	const struct profile *p = &c->profile;
	size_t n = strlen(p->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	if (n > 0) {
		n -= p->url[n - 1] == '/';
		curl_easy_setopt(
			curl, CURLOPT_URL, arena_printf(k->arena, "%.*s%s", (int)n, p->url, path));
		if (p->ca[0] != '\0')
			curl_easy_setopt(curl, CURLOPT_CAINFO, p->ca);
		return;
	}
	k->socket = p->socket;
	curl_easy_setopt(curl, CURLOPT_URL, arena_printf(k->arena, "http://localhost%s", path));
	curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, p->socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, k);
	curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(curl, CURLOPT_PREREQDATA, k);
}

static void set_limits(CURL *curl, bool stream)
{
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	if (!stream) {
		curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
		return;
	}
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SILENT_SECONDS);
}

/* ---- one request ---------------------------------------------------------------------------- */

static CURLcode perform(struct ctl *c, const struct call *call, struct transfer *t)
{
	struct client *k = c->client;
	struct reply *reply = t->reply;
	long status = 0;
	*reply = (struct reply){ .size = -1, .later = -1, .etag = "", .type = "", .request = "" };
	t->body = buf_new(k->arena, 1024);
	curl_easy_reset(k->curl);
	struct curl_slist *headers = headers_of(c, call);
	set_address(c, k->curl, call->path);
	set_limits(k->curl, call->take != NULL);
	set_method(k->curl, call, t);
	curl_easy_setopt(k->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(k->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(k->curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(k->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(k->curl, CURLOPT_HEADERDATA, t);
	CURLcode code = curl_easy_perform(k->curl);
	curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	reply->status = (int)status;
	buf_byte(&t->body, '\0');
	reply->body = (struct bytes){ t->body.p, t->body.n - 1 };
	return code == CURLE_WRITE_ERROR && t->stopped ? CURLE_OK : code;
}

static void read_json(struct ctl *c, struct reply *reply)
{
	if (strstr(reply->type, "json") == NULL)
		return;
	reply->json = json_loadb(reply->body.p, reply->body.n, JSON_REJECT_DUPLICATES, NULL);
	if (reply->json != NULL)
		json_array_append_new(c->client->kept, reply->json);
}

/* The connection broke in the middle; what was sent may have arrived, or not. */
static bool broke(CURLcode code)
{
	return code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
	       code == CURLE_PARTIAL_FILE;
}

/* Does it pass by itself? */
static bool passes(CURLcode code, const struct reply *reply)
{
	enum err_code named;
	if (code != CURLE_OK)
		return broke(code);
	const char *name = member_text(reply->json, "code");
	return err_named(name, strlen(name), &named) && reply->later <= LATER_MAX &&
	       (named == ERR_KEY_RUNNING || (reply->status == 503 && err_passes(named)));
}

static CURLcode send_often(struct ctl *c, const struct call *call, struct reply *reply)
{
	static const int pauses[] = { 200, 500, 1000, 2000, 0 };
	struct transfer t = { .call = call, .reply = reply, .client = c->client };
	t.curl = c->client->curl;
	for (size_t i = 0;; i++) {
		CURLcode code = perform(c, call, &t);
		read_json(c, reply);
		if (pauses[i] == 0 || call->once || t.taken || !passes(code, reply))
			return code;
		pause_ms(reply->later > 0 ? reply->later * 1000 : pauses[i]);
	}
}

static void unreachable(struct ctl *c, CURLcode code, struct err *e)
{
	const struct profile *p = &c->profile;
	const char *where = p->url[0] != '\0' ? p->url : p->socket;
	if (code == CURLE_ABORTED_BY_CALLBACK)
		err_set(e, ERR_UNREACHABLE, "%s: another user listens there", where);
	else
		err_set(e, ERR_UNREACHABLE, "%s: %s", where, curl_easy_strerror(code));
}

static bool is_expected(const struct call *call, const struct reply *reply)
{
	return call->expected != ERR_NONE &&
	       strcmp(member_text(reply->json, "code"), err_row(call->expected)->name) == 0;
}

static bool tell_answer(struct ctl *c, const struct call *call, CURLcode code,
	const struct reply *reply, int *exit_code)
{
	struct err e = { 0 };
	if (code != CURLE_OK)
		unreachable(c, code, &e);
	else if (reply->status >= 200 && reply->status < 300)
		return true;
	else if (is_expected(call, reply))
		return false;
	else if (json_is_object(reply->json))
		*exit_code = tell_problem(c, reply);
	else
		err_set(&e, ERR_BAD_REPLY, "%s %s: HTTP %d", call->method, call->path,
			reply->status);
	if (e.code != ERR_NONE)
		*exit_code = tell_error(c, &e);
	return false;
}

bool client_call(struct ctl *c, const struct call *call, struct reply *reply, int *exit_code)
{
	struct client *k = client_of(c);
	k->changes += strcmp(call->method, "GET") != 0;
	return tell_answer(c, call, send_often(c, call, reply), reply, exit_code);
}

bool client_stream(
	struct ctl *c, const struct call *call, bool again, struct reply *reply, int *exit_code)
{
	struct transfer t = { .call = call, .reply = reply, .client = client_of(c) };
	t.curl = t.client->curl;
	CURLcode code = perform(c, call, &t);
	read_json(c, reply);
	if (broke(code) || code == CURLE_OPERATION_TIMEDOUT ||
		(again && code == CURLE_COULDNT_CONNECT))
		return true;
	return tell_answer(c, call, code, reply, exit_code);
}

bool client_get(struct ctl *c, const char *path, struct reply *reply, int *exit_code)
{
	return client_call(c, &(struct call){ .method = "GET", .path = path }, reply, exit_code);
}

bool client_send(
	struct ctl *c, struct call call, json_t *object, struct reply *reply, int *exit_code)
{
	char *text = object != NULL ? json_dumps(object, JSON_COMPACT) : NULL;
	call.body = text != NULL ? bytes_of(text) : BYTES("");
	bool ok = client_call(c, &call, reply, exit_code);
	if (text != NULL)
		sodium_memzero(text, strlen(text));
	free(text);
	json_decref(object);
	return ok;
}

bool client_post(
	struct ctl *c, const char *path, json_t *object, struct reply *reply, int *exit_code)
{
	return client_send(
		c, (struct call){ .method = "POST", .path = path }, object, reply, exit_code);
}

/* ---- small things --------------------------------------------------------------------------- */

bool client_signed_in(struct ctl *c, const char *csrf)
{
	struct client *k = client_of(c);
	k->cookie = k->fresh;
	k->csrf = arena_strdup(k->lasting, csrf);
	return k->cookie != NULL;
}

const char *client_device(struct ctl *c)
{
	return client_of(c)->device;
}

void client_signed_out(struct ctl *c)
{
	struct client *k = client_of(c);
	if (k->cookie != NULL)
		sodium_memzero(k->cookie, strlen(k->cookie));
	k->cookie = k->fresh = NULL;
	k->csrf = NULL;
}

void client_forget(struct ctl *c)
{
	struct client *k = client_of(c);
	json_array_clear(k->kept);
	arena_free(k->arena);
	k->arena = arena_new();
}

const char *url_text(struct ctl *c, const char *text)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	struct buf b = buf_new(c->arena, 64);
	for (; *text != '\0'; text++) {
		if (strchr(plain, *text) != NULL)
			buf_byte(&b, *text);
		else
			buf_str(&b, arena_printf(c->arena, "%%%02X", (unsigned char)*text));
	}
	buf_byte(&b, '\0');
	return b.p;
}

bool tell_raw(struct ctl *c, const struct reply *reply)
{
	if (!c->o.json)
		return false;
	fwrite(reply->body.p, 1, reply->body.n, stdout);
	if (reply->body.n == 0 || reply->body.p[reply->body.n - 1] != '\n')
		putchar('\n');
	return true;
}
