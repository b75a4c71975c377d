/* The witness: cosigns checkpoints of the log its trust policy names, each only if it continues
 * the last one (C2SP tlog-witness). Its state is on disk before a cosignature leaves. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/crash.h"
#include "daemon/keys.h"
#include "daemon/log.h"
#include "daemon/peer.h"
#include "daemon/process.h"
#include "sampler/base/text.h"
#include "sampler/trust.h"
#include "sampler/witness.h"

enum { BODY_MAX = 128 * 1024, TRUST_MAX = 1 << 20, STATE_MAX = 4096 };

struct witness {
	struct process *process;
	struct event_base *base;
	struct trust trust;
	struct note_signer key;
	struct witness_state state;
	const char *state_file;
};

/* ---- what it knows ----------------------------------------------------------------------- */

/* "origin size root\n"; the state of another log is not ours to forget. */
static bool state_read(struct witness *w, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct bytes all;
	bool more;
	if (access(w->state_file, F_OK) != 0 && errno == ENOENT)
		return true;
	if (!keys_read(w->state_file, STATE_MAX, a, &all, e))
		return false;
	struct bytes origin = bytes_cut(&all, ' ', &more), size = bytes_cut(&all, ' ', &more),
		     root = bytes_cut(&all, '\n', &more);
	if (!more || all.n != 0 || !text_u64(size, MERKLE_SIZE_MAX, &w->state.size) ||
		!text_hex(root, w->state.root.b, 32))
		return err_set(e, ERR_FILE, "%s: not a witness's state", w->state_file);
	if (!bytes_equal(origin, vkey_name(&w->trust.log)))
		return err_set(e, ERR_BAD_TRUST, "%s holds the state of %.*s", w->state_file,
			BYTES_ARG(origin));
	return true;
}

static bool state_write(struct witness *w, const struct witness_state *s, struct err *e)
{
	ARENA_AUTO a = arena_new();
	struct buf b = buf_new(a, 256);
	buf_bytes(&b, vkey_name(&w->trust.log));
	buf_byte(&b, ' ');
	buf_u64(&b, s->size);
	buf_byte(&b, ' ');
	buf_hex(&b, s->root.b, 32);
	buf_byte(&b, '\n');
	return keys_write(w->state_file, buf_view(&b), 0600, e);
}

/* ---- one request ------------------------------------------------------------------------- */

static void reply(struct evhttp_request *req, unsigned status, const char *type, struct bytes body)
{
	evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", type);
	evbuffer_add(evhttp_request_get_output_buffer(req), body.p, body.n);
	evhttp_send_reply(req, (int)status, NULL, NULL);
}

static void refuse(struct evhttp_request *req, struct witness *w, enum witness_answer answer,
	const struct err *why, struct arena *a)
{
	char text[1200];
	log_warning("witness.refused", ERR(why), NUM("status", answer));
	if (answer == WITNESS_CONFLICT) {
		const char *size = arena_printf(a, "%" PRIu64 "\n", w->state.size);
		reply(req, answer, "text/x.tlog.size", bytes_of(size));
		return;
	}
	err_text(why, LANG_EN, text, sizeof text - 1);
	strcat(text, "\n");
	reply(req, answer, "text/plain; charset=utf-8", bytes_of(text));
}

static void on_checkpoint(struct evhttp_request *req, void *arg)
{
	struct witness *w = arg;
	ARENA_AUTO a = arena_new();
	struct err e = { 0 };
	struct witness_state next;
	struct note note;
	struct evbuffer *in = evhttp_request_get_input_buffer(req);
	size_t n = evbuffer_get_length(in);
	char *p = arena_alloc(a, n + 1);
	evbuffer_copyout(in, p, n);
	struct bytes body = { p, n };
	enum witness_answer answer =
		witness_judge(&w->state, &w->trust.log, body, a, &next, &note, &e);
	if (answer != WITNESS_OK) {
		refuse(req, w, answer, &e, a);
		return;
	}
	crash_point("witness.judged");
	if (!state_write(w, &next, &e)) {
		log_failed("witness.state", ERR(&e));
		reply(req, 500, "text/plain; charset=utf-8", BYTES("the state cannot be stored\n"));
		return;
	}
	w->state = next;
	crash_point("witness.stored");
	struct buf lines = buf_new(a, 256);
	note_put_line(&lines, note.text, &w->key, clock_now(&w->process->conf));
	log_info("witness.cosigned", NUM("size", next.size));
	reply(req, answer, "text/plain; charset=utf-8", buf_view(&lines));
}

static void on_other(struct evhttp_request *req, void *arg)
{
	(void)arg;
	reply(req, 404, "text/plain; charset=utf-8", BYTES("POST /add-checkpoint\n"));
}

/* ---- the process ------------------------------------------------------------------------- */

static bool load(struct witness *w, struct err *e)
{
	struct arena *a = w->process->arena;
	const struct conf *c = &w->process->conf;
	struct bytes text;
	w->state_file = arena_printf(a, "%s/state", c->witness.folder);
	if (!keys_signer(arena_printf(a, "%s/witness.key", c->witness.folder), &w->key, e) ||
		!keys_read(c->notary.trust, TRUST_MAX, a, &text, e))
		return false;
	if (!trust_parse(&w->trust, a, text, e))
		return err_at(e, "%s", c->notary.trust);
	if (w->key.vkey.type != NOTE_COSIGNATURE)
		return err_set(e, ERR_BAD_KEY, "witness.key does not cosign");
	return state_read(w, e);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct witness *w = arg;
	(void)fd;
	(void)what;
	process_reloaded(w->process);
	if (process_stopping())
		event_base_loopexit(w->base, NULL);
}

static bool serve(struct witness *w, struct err *e)
{
	const struct timeval tick = { 0, 200000 };
	/* the state file would not survive two witnesses: a live socket is refused */
	int fd = peer_listen(w->process->conf.witness.socket, 16, e);
	if (fd < 0)
		return false;
	w->base = event_base_new();
	struct evhttp *http = evhttp_new(w->base);
	struct event *timer = event_new(w->base, -1, EV_PERSIST, on_tick, w);
	evhttp_set_allowed_methods(http, EVHTTP_REQ_POST);
	evhttp_set_max_body_size(http, BODY_MAX);
	evhttp_set_max_headers_size(http, 8192);
	evhttp_set_timeout(http, 10);
	evhttp_set_cb(http, "/add-checkpoint", on_checkpoint, w);
	evhttp_set_gencb(http, on_other, w);
	bool ok = evhttp_accept_socket(http, fd) == 0 || err_set(e, ERR_INTERNAL, "evhttp");
	event_add(timer, &tick);
	log_info("witness.started", STR("key", w->key.vkey.name), NUM("size", w->state.size));
	if (ok)
		event_base_dispatch(w->base);
	event_free(timer);
	evhttp_free(http);
	event_base_free(w->base);
	return ok;
}

int witness_run(struct process *p, int argc, char **argv)
{
	struct witness *w = arena_calloc(p->arena, 1, sizeof *w);
	struct err e = { 0 };
	(void)argc;
	(void)argv;
	w->process = p;
	if (!load(w, &e) || !serve(w, &e))
		return process_fail(&e);
	note_signer_wipe(&w->key);
	log_plain(LEVEL_INFO, "witness.stopped");
	return 0;
}
