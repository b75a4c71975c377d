/* openapi.json tells every route, member, parameter and error that the tables have, and no other.
 */
#include "tests/unit/test.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "daemon/list.h"
#include "daemon/openapi.h"
#include "daemon/openapi_inner.h"
#include "daemon/roles.h"
#include "daemon/shapes.h"

static struct arena *arena;
static json_t *document;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	struct buf b = buf_new(arena, 1 << 19);
	json_error_t why;
	openapi_put(&b);
	document = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &why);
	if (document == NULL)
		print_error("line %d, column %d: %s\n", why.line, why.column, why.text);
	return document == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	json_decref(document);
	arena_free(arena);
	return 0;
}

static json_t *at(json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);
	if (v == NULL)
		fail_msg("there is no %s", name);
	return v;
}

static const char *text_at(json_t *object, const char *name)
{
	return json_string_value(at(object, name));
}

static const char *method_name(const struct route *r)
{
	static const struct {
		enum evhttp_cmd_type method;
		const char *name;
	} names[] = { { EVHTTP_REQ_GET, "get" }, { EVHTTP_REQ_POST, "post" },
		{ EVHTTP_REQ_PUT, "put" }, { EVHTTP_REQ_DELETE, "delete" } };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].method == r->method)
			return names[i].name;
	fail_msg("%s: a method that openapi.json does not know", r->path);
	return NULL;
}

static json_t *operation_of(const struct route *r)
{
	char path[160];
	size_t n = strlen(r->path);
	bool rest = r->path[n - 1] == '*';
	snprintf(path, sizeof path, "%.*s%s", (int)(n - rest), r->path, rest ? "{rest}" : "");
	return at(at(at(document, "paths"), path), method_name(r));
}

/* What a "$ref" points to, or the value itself. */
static json_t *deref(json_t *v)
{
	char part[100];
	const char *ref = json_string_value(json_object_get(v, "$ref"));
	json_t *found = document;
	if (ref == NULL)
		return v;
	for (ref += 2; *ref != '\0'; ref += strcspn(ref, "/"), ref += *ref == '/') {
		snprintf(part, sizeof part, "%.*s", (int)strcspn(ref, "/"), ref);
		found = at(found, part);
	}
	return found;
}

static json_t *parameter(json_t *operation, const char *in, const char *name)
{
	size_t i;
	json_t *p;
	json_array_foreach(at(operation, "parameters"), i, p)
	{
		p = deref(p);
		if (strcmp(text_at(p, "in"), in) == 0 && strcmp(text_at(p, "name"), name) == 0)
			return p;
	}
	return NULL;
}

static size_t parameters_in(json_t *operation, const char *in)
{
	size_t i, n = 0;
	json_t *p;
	json_array_foreach(at(operation, "parameters"), i, p) n +=
		strcmp(text_at(deref(p), "in"), in) == 0;
	return n;
}

static bool among(json_t *list, const char *word)
{
	size_t i;
	json_t *v;
	json_array_foreach(list, i, v) if (strcmp(json_string_value(v), word) == 0) return true;
	return false;
}

/* ---- routes ------------------------------------------------------------------------------- */

static void routes_are_all_there_and_no_other(void **state)
{
	size_t in_table = 0, in_document = 0;
	const char *path;
	json_t *methods;
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++, in_table++) {
		json_t *o = operation_of(r);
		assert_string_equal(text_at(o, "operationId"), r->name);
		assert_string_equal(text_at(o, "x-path"), r->path);
		assert_string_equal(text_at(o, "summary"), r->en);
		assert_string_equal(text_at(o, "x-zh"), r->zh);
	}
	json_object_foreach(at(document, "paths"), path, methods) in_document +=
		json_object_size(methods);
	assert_int_equal(in_table, in_document);
}

static void every_area_is_named(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		size_t i;
		json_t *tag;
		bool found = false;
		json_array_foreach(at(document, "tags"), i, tag) found =
			found || bytes_is(route_area(r), text_at(tag, "name"));
		if (!found)
			fail_msg("%s: its area has no name in openapi.c", r->name);
	}
}

static void roles_are_those_of_the_row(void **state)
{
	size_t n;
	const struct role *all = roles_all(&n);
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		json_t *told = at(operation_of(r), "x-roles");
		unsigned bits = 0;
		for (size_t i = 0; i < n; i++)
			if (among(told, all[i].token))
				bits |= all[i].bit;
		assert_int_equal(bits, r->who);
	}
	assert_int_equal(json_array_size(at(document, "x-roles")), n);
}

/* ---- what is sent ------------------------------------------------------------------------- */

static void check_field(const struct route *r, json_t *schema, const struct json_field *f)
{
	json_t *m = at(at(schema, "properties"), f->name);
	assert_int_equal(among(at(schema, "required"), f->name), f->required);
	if (f->zh == NULL || f->en == NULL)
		fail_msg("%s: the member %s is not described", r->name, f->name);
	assert_string_equal(text_at(m, "x-zh"), f->zh);
	assert_string_equal(text_at(m, "description"), f->en);
	if (f->kind == JSON_INT64) {
		assert_int_equal(json_integer_value(at(m, "minimum")), f->min);
		assert_int_equal(json_integer_value(at(m, "maximum")), f->max);
	} else if (f->kind == JSON_TEXT || f->kind == JSON_LONG) {
		assert_int_equal(json_integer_value(at(m, "maxLength")), f->max);
	}
	assert_int_equal(json_object_get(m, "enum") != NULL, f->one_of != NULL);
}

static void bodies_have_every_member(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		json_t *body = json_object_get(operation_of(r), "requestBody");
		size_t n = 0;
		assert_int_equal(body != NULL, r->body_max > 0);
		if (body != NULL)
			assert_int_equal(json_integer_value(at(body, "x-max-bytes")), r->body_max);
		if (r->body == NULL)
			continue;
		json_t *schema = deref(at(at(at(body, "content"), "application/json"), "schema"));
		for (const struct json_field *f = r->body->fields; f->name != NULL; f++, n++)
			check_field(r, schema, f);
		assert_int_equal(json_object_size(at(schema, "properties")), n);
	}
}

static void paths_have_every_argument(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		size_t n = 0;
		for (const char *p = r->path; *p != '\0'; p++)
			n += *p == '{' || *p == '*';
		assert_int_equal(parameters_in(operation_of(r), "path"), n);
	}
}

static size_t list_parameters(const struct route *r, json_t *operation)
{
	size_t n = 4;
	const char *const always[] = { "limit", "after", "sort", "format" };
	for (size_t i = 0; i < 4; i++)
		assert_non_null(parameter(operation, "query", always[i]));
	if (r->list->at) {
		assert_non_null(parameter(operation, "query", "at"));
		n++;
	}
	if (r->list->search != NULL) {
		assert_non_null(parameter(operation, "query", "search"));
		n++;
	}
	for (const struct list_column *c = r->list->columns; c->name != NULL; c++) {
		char name[80];
		if (!c->filters)
			continue;
		assert_non_null(parameter(operation, "query", c->name));
		n++;
		if (!list_has_range(c))
			continue;
		snprintf(name, sizeof name, "%s_from", c->name);
		assert_non_null(parameter(operation, "query", name));
		snprintf(name, sizeof name, "%s_to", c->name);
		assert_non_null(parameter(operation, "query", name));
		n += 2;
	}
	return n;
}

static void queries_have_every_parameter(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		json_t *o = operation_of(r);
		size_t n = r->list != NULL ? list_parameters(r, o) : 0;
		for (const struct param *p = r->query; p != NULL && p->name != NULL; p++, n++)
			assert_non_null(parameter(o, "query", p->name));
		assert_int_equal(parameters_in(o, "query"), n);
		assert_int_equal(
			parameter(o, "header", "Idempotency-Key") != NULL, r->kind == ROUTE_ONCE);
		assert_int_equal(parameter(o, "header", "If-Match") != NULL, r->match);
	}
}

/* ---- what is told ------------------------------------------------------------------------- */

static void check_members(json_t *schema, const struct shape *s)
{
	size_t n = 0;
	for (; s->name != NULL; s++, n++) {
		json_t *m = at(at(schema, "properties"), s->name);
		if (s->zh == NULL || s->en == NULL)
			fail_msg("the member %s is not described", s->name);
		assert_int_equal(among(at(schema, "required"), s->name), !s->maybe);
		assert_int_equal(json_object_get(m, "enum") != NULL, s->words != NULL);
		if (s->kind == SHAPE_OBJECT)
			check_members(m, s->of);
		else if (s->kind == SHAPE_LIST && s->of != NULL && s->of->name[0] != '\0')
			check_members(at(m, "items"), s->of);
	}
	assert_int_equal(json_object_size(at(schema, "properties")), n);
	assert_true(json_is_false(at(schema, "additionalProperties")));
}

static void replies_have_every_member(void **state)
{
	(void)state;
	for (const struct named_shape *n = named_shapes; n->name != NULL; n++)
		check_members(at(at(at(document, "components"), "schemas"), n->name), n->members);
}

static json_t *reply_schema(const struct route *r)
{
	char status[12];
	snprintf(status, sizeof status, "%d", r->status != 0 ? r->status : 200);
	json_t *success = at(at(operation_of(r), "responses"), status);
	json_t *content = json_object_get(success, "content");
	json_t *json = json_object_get(content, "application/json");
	return json == NULL ? NULL : deref(at(json, "schema"));
}

static void every_route_tells_its_reply(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		json_t *schema = reply_schema(r);
		assert_int_equal(schema != NULL, r->list != NULL || r->reply != NULL);
		if (r->list != NULL)
			at(at(schema, "properties"), r->list->name);
		else if (r->reply != NULL)
			check_members(schema, r->reply);
	}
}

static void errors_are_those_that_can_be_told(void **state)
{
	(void)state;
	for (const struct route *r = routes; r->run != NULL; r++) {
		json_t *responses = at(operation_of(r), "responses");
		for (enum err_code c = ERR_NONE; c < ERR_COUNT; c++) {
			char status[12];
			snprintf(status, sizeof status, "%d", err_row(c)->http);
			json_t *told =
				json_object_get(json_object_get(responses, status), "x-errors");
			assert_int_equal(among(told, err_row(c)->name), route_tells(r, c));
		}
		if (r->missing != ERR_NONE)
			assert_true(route_tells(r, r->missing));
	}
}

/* ---- names -------------------------------------------------------------------------------- */

/* [a-z][a-z0-9_]*; "x-…" is OpenAPI's own way to extend itself. */
static void check_name(const char *name, const char *within)
{
	const char *p = name;
	bool good = *p >= 'a' && *p <= 'z';
	for (; *p != '\0' && good; p++)
		good = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_';
	if (!good && !(strcmp(within, "openapi") == 0 && strncmp(name, "x-", 2) == 0))
		fail_msg("%s: the name %s is not of [a-z0-9_]", within, name);
}

/* Every member of every schema below `v`, every parameter of paths and queries. */
static size_t check_names(json_t *v, const char *within)
{
	const char *name, *member;
	json_t *value, *ignored;
	size_t i, n = 0;
	json_array_foreach(v, i, value) n += check_names(value, within);
	const char *in = json_string_value(json_object_get(v, "in"));
	if (in != NULL && (strcmp(in, "query") == 0 || strcmp(in, "path") == 0)) {
		check_name(text_at(v, "name"), within);
		n++;
	}
	json_object_foreach(v, name, value)
	{
		if (strcmp(name, "properties") == 0)
			json_object_foreach(value, member, ignored)
			{
				check_name(member, within);
				n++;
			}
		n += check_names(value, name);
	}
	return n;
}

static void names_are_of_one_form(void **state)
{
	size_t n = 0;
	(void)state;
	for (const struct named_shape *shape = named_shapes; shape->name != NULL; shape++)
		for (const struct shape *s = shape->members; s->name != NULL; s++)
			n++;
	assert_true(check_names(document, "") > n);
}

static void the_same_tables_give_the_same_bytes(void **state)
{
	struct buf a = buf_new(arena, 16), b = buf_new(arena, 16);
	(void)state;
	openapi_put(&a);
	openapi_put(&b);
	assert_true(bytes_equal(buf_view(&a), buf_view(&b)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_are_all_there_and_no_other),
		cmocka_unit_test(every_area_is_named),
		cmocka_unit_test(roles_are_those_of_the_row),
		cmocka_unit_test(bodies_have_every_member),
		cmocka_unit_test(paths_have_every_argument),
		cmocka_unit_test(queries_have_every_parameter),
		cmocka_unit_test(replies_have_every_member),
		cmocka_unit_test(every_route_tells_its_reply),
		cmocka_unit_test(errors_are_those_that_can_be_told),
		cmocka_unit_test(names_are_of_one_form),
		cmocka_unit_test(the_same_tables_give_the_same_bytes),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
