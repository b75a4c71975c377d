/* HTTP over the Unix socket, by libcurl. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/ctl/ctl.h"
#include "daemon/peer.h"

enum { CONNECT_SECONDS = 10, ANSWER_SECONDS = 300, BODY_MAX = 64 << 20 };

struct client {
	CURL *curl;
	int fd; /* of the connection */
	const char *socket;
	struct arena *arena;
	json_t *kept; /* array of all replies' JSON */
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
		c->client = arena_calloc(c->arena, 1, sizeof *c->client);
		c->client->curl = curl_easy_init();
		c->client->arena = arena_new();
		c->client->kept = json_array();
	}
	return c->client;
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
	struct buf *b = arg;
	if (b->n + size * n > BODY_MAX)
		return 0;
	buf_put(b, p, size * n);
	return size * n;
}

static size_t on_header(char *p, size_t size, size_t n, void *arg)
{
	static const char name[] = "Drawd-Size:";
	struct reply *reply = arg;
	if (size * n > sizeof name && strncasecmp(p, name, sizeof name - 1) == 0)
		reply->size = strtoll(p + sizeof name - 1, NULL, 10);
	return size * n;
}

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

struct upload {
	struct bytes rest;
};

static size_t on_read(char *p, size_t size, size_t n, void *arg)
{
	struct upload *u = arg;
	size_t take = u->rest.n < size * n ? u->rest.n : size * n;
	memcpy(p, u->rest.p, take);
	u->rest.p += take;
	u->rest.n -= take;
	return take;
}

static void set_request(CURL *curl, const char *method, struct bytes body, struct upload *u)
{
	if (strcmp(method, "POST") == 0) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.n > 0 ? body.p : "");
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
	} else if (strcmp(method, "PUT") == 0) {
		u->rest = body;
		curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(curl, CURLOPT_READDATA, u);
		curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)body.n);
	}
}

static bool perform(struct ctl *c, const char *method, const char *path, const char *type,
	struct bytes body, struct reply *reply, struct err *e)
{
	struct client *k = client_of(c);
	struct buf b = buf_new(k->arena, 4096);
	struct upload u;
	curl_easy_reset(k->curl);
	/* without Expect: a piece goes out at once */
	struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
	headers = curl_slist_append(headers, arena_printf(k->arena, "Content-Type: %s", type));
	k->socket = c->o.socket;
	curl_easy_setopt(k->curl, CURLOPT_UNIX_SOCKET_PATH, c->o.socket);
	curl_easy_setopt(k->curl, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(k->curl, CURLOPT_OPENSOCKETDATA, k);
	curl_easy_setopt(k->curl, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(k->curl, CURLOPT_PREREQDATA, k);
	curl_easy_setopt(k->curl, CURLOPT_URL, arena_printf(k->arena, "http://localhost%s", path));
	curl_easy_setopt(k->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(k->curl, CURLOPT_PROXY, "");
	curl_easy_setopt(k->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(k->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(k->curl, CURLOPT_TIMEOUT, (long)ANSWER_SECONDS);
	curl_easy_setopt(k->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(k->curl, CURLOPT_WRITEDATA, &b);
	curl_easy_setopt(k->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(k->curl, CURLOPT_HEADERDATA, reply);
	set_request(k->curl, method, body, &u);
	CURLcode code = curl_easy_perform(k->curl);
	long status = 0;
	curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	reply->status = (int)status;
	reply->body = (struct bytes){ arena_strndup(k->arena, b.n > 0 ? b.p : "", b.n), b.n };
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(e, ERR_UNREACHABLE, "%s: another user listens there", c->o.socket);
	return code == CURLE_OK ||
	       err_set(e, ERR_UNREACHABLE, "%s: %s", c->o.socket, curl_easy_strerror(code));
}

static void read_json(struct ctl *c, struct reply *reply)
{
	reply->json = json_loadb(reply->body.p, reply->body.n, JSON_REJECT_DUPLICATES, NULL);
	if (reply->json != NULL)
		json_array_append_new(c->client->kept, reply->json);
}

bool client_call(struct ctl *c, const char *method, const char *path, const char *type,
	struct bytes body, struct reply *reply, int *exit_code)
{
	struct err e = { 0 };
	*reply = (struct reply){ .size = -1 };
	if (!perform(c, method, path, type, body, reply, &e)) {
		*exit_code = tell_error(c, &e);
		return false;
	}
	read_json(c, reply);
	if (reply->status >= 200 && reply->status < 300)
		return true;
	if (json_is_object(reply->json)) {
		*exit_code = tell_json_error(c, reply->json);
		return false;
	}
	err_set(&e, ERR_BAD_REPLY, "%s %s: HTTP %d", method, path, reply->status);
	*exit_code = tell_error(c, &e);
	return false;
}

bool client_get(struct ctl *c, const char *path, struct reply *reply, int *exit_code)
{
	return client_call(c, "GET", path, "application/json", BYTES(""), reply, exit_code);
}

bool client_post(
	struct ctl *c, const char *path, json_t *object, struct reply *reply, int *exit_code)
{
	char *text = json_dumps(object, JSON_COMPACT);
	bool ok =
		client_call(c, "POST", path, "application/json", bytes_of(text), reply, exit_code);
	free(text);
	json_decref(object);
	return ok;
}
