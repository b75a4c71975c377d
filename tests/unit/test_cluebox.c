/* What clues say: who has the key and the row reads it; of a whistle-blower the web process has
 * only the half that seals. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/cluebox.h"
#include "daemon/keys.h"

struct place {
	char folder[32];
	struct arena *a;
	struct conf conf;
	struct box_key workers;
};

static const char *in(const struct place *p, const char *name)
{
	return arena_printf(p->a, "%s/%s", p->folder, name);
}

static void place_make(struct place *p)
{
	struct err e = { 0 };
	struct buf line;
	*p = (struct place){ .folder = "/tmp/drawd-clue.XXXXXX", .a = arena_new() };
	assert_non_null(mkdtemp(p->folder));
	p->conf.clues.box = in(p, "clues.box");
	p->conf.clues.callers = in(p, "callers.open");
	assert_true(keys_make_box(p->conf.clues.box, &e));
	keys_box_fresh(&p->workers);
	line = buf_new(p->a, 80);
	buf_hex(&line, p->workers.open, sizeof p->workers.open);
	buf_byte(&line, '\n');
	assert_true(keys_write(p->conf.clues.callers, buf_view(&line), 0644, &e));
}

static void place_end(struct place *p)
{
	unlink(p->conf.clues.box);
	unlink(p->conf.clues.callers);
	rmdir(p->folder);
	arena_free(p->a);
}

static void test_text(void **state)
{
	struct place p;
	struct err e = { 0 };
	struct bytes one, two, text = BYTES("群众举报"), out;
	(void)state;
	place_make(&p);
	assert_true(cluebox_seal(&p.conf, p.a, text, &one, &e));
	assert_true(cluebox_seal(&p.conf, p.a, text, &two, &e));
	assert_false(bytes_equal(one, two)); /* alike ones cannot be told */
	assert_null(memmem(one.p, one.n, text.p, text.n));
	assert_true(cluebox_open(&p.conf, p.a, one, &out, &e));
	assert_true(bytes_equal(out, text));
	((char *)(uintptr_t)two.p)[two.n - 1] ^= 1;
	assert_false(cluebox_open(&p.conf, p.a, two, &out, &e));
	assert_int_equal(e.code, ERR_SEALED);
	unlink(p.conf.clues.box);
	e = (struct err){ 0 };
	assert_false(cluebox_seal(&p.conf, p.a, text, &one, &e));
	assert_int_equal(e.code, ERR_KEY_FILE);
	place_end(&p);
}

static void test_whistle_blower(void **state)
{
	struct place p;
	struct err e = { 0 };
	struct bytes sealed, out, name = BYTES("李吹哨");
	(void)state;
	place_make(&p);
	assert_true(cluebox_seal_caller(&p.conf, p.a, name, &sealed, &e));
	assert_false(cluebox_open(&p.conf, p.a, sealed, &out, &e));
	assert_int_equal(e.code, ERR_SEALED);
	e = (struct err){ 0 };
	assert_true(keys_unseal(p.a, &p.workers, sealed, &out, &e));
	assert_true(bytes_equal(out, name));
	assert_true(keys_write(p.conf.clues.callers, BYTES("no key\n"), 0644, &e));
	assert_false(cluebox_seal_caller(&p.conf, p.a, name, &sealed, &e));
	assert_int_equal(e.code, ERR_KEY_FILE);
	place_end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_whistle_blower),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
