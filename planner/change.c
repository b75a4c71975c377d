#include "planner/change.h"

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "sampler/type.h"

#define HAS(key) (1u << (key))
#define VISIT    (HAS(CHANGE_OBJECT) | HAS(CHANGE_ORDINAL))
#define SLOT     (VISIT | HAS(CHANGE_DEPARTMENT) | HAS(CHANGE_PLACE))
#define ALWAYS   (HAS(CHANGE_AT) | HAS(CHANGE_BASIS) | HAS(CHANGE_REASON))

static const struct {
	const char *name;
	uint32_t keys;
} kinds[CHANGE_KINDS] = {
	[CHANGE_RECUSE] = { "recuse",
		HAS(CHANGE_INSPECTOR) | HAS(CHANGE_SUBJECT) | HAS(CHANGE_GROUND) },
	[CHANGE_LEAVE] = { "leave", HAS(CHANGE_INSPECTOR) | HAS(CHANGE_FIRST) | HAS(CHANGE_LAST) },
	[CHANGE_CERTIFICATE] = { "certificate", HAS(CHANGE_INSPECTOR) | HAS(CHANGE_UNTIL) },
	[CHANGE_WITHDRAW] = { "withdraw", HAS(CHANGE_INSPECTOR) },
	[CHANGE_ABSENT] = { "absent", VISIT | HAS(CHANGE_DEPARTMENT) },
	[CHANGE_BORROW] = { "borrow", SLOT | HAS(CHANGE_FROM) },
	[CHANGE_ASSIGN] = { "assign", SLOT | HAS(CHANGE_SLOT_INSPECTOR) },
	[CHANGE_MOVE] = { "move", VISIT | HAS(CHANGE_DAY) | HAS(CHANGE_HALF) },
};

static bool is_number(struct bytes v)
{
	return type_check(TYPE_NUMBER, v);
}

static bool is_date(struct bytes v)
{
	return type_check(TYPE_DATE, v);
}

static bool is_date_or_none(struct bytes v)
{
	return bytes_is(v, "none") || is_date(v);
}

static bool is_text(struct bytes v)
{
	return type_check(TYPE_TEXT, v);
}

static bool is_half(struct bytes v)
{
	return bytes_is(v, "am") || bytes_is(v, "pm");
}

static const struct {
	const char *name;
	bool (*holds)(struct bytes v);
} keys[CHANGE_KEYS] = {
	[CHANGE_AT] = { "at", is_number },
	[CHANGE_INSPECTOR] = { "inspector", text_is_inspector_id },
	[CHANGE_SUBJECT] = { "subject", text_is_object_id },
	[CHANGE_GROUND] = { "ground", is_text },
	[CHANGE_FIRST] = { "first", is_date },
	[CHANGE_LAST] = { "last", is_date },
	[CHANGE_UNTIL] = { "until", is_date_or_none },
	[CHANGE_OBJECT] = { "object", text_is_object_id },
	[CHANGE_ORDINAL] = { "ordinal", is_number },
	[CHANGE_DEPARTMENT] = { "department", text_is_token },
	[CHANGE_PLACE] = { "place", is_number },
	[CHANGE_FROM] = { "from", text_is_token },
	[CHANGE_SLOT_INSPECTOR] = { "inspector", text_is_inspector_id },
	[CHANGE_DAY] = { "day", is_date },
	[CHANGE_HALF] = { "half", is_half },
	[CHANGE_BASIS] = { "basis", is_text },
	[CHANGE_REASON] = { "reason", is_text },
};

const char *change_name(enum change_kind kind)
{
	return kinds[kind].name;
}

bool change_kind_of(struct bytes name, enum change_kind *out)
{
	for (unsigned k = 0; k < CHANGE_KINDS; k++)
		if (bytes_is(name, kinds[k].name)) {
			*out = (enum change_kind)k;
			return true;
		}
	return false;
}

bool change_has(enum change_kind kind, enum change_key key)
{
	return ((kinds[kind].keys | ALWAYS) >> key & 1) != 0;
}

const char *change_key_name(enum change_key key)
{
	return keys[key].name;
}

/* The value of the next line, which must begin with `key `. */
static bool next_value(struct bytes *rest, const char *key, struct bytes *value, struct err *e)
{
	struct bytes line, name = bytes_of(key);
	size_t n = 0;
	while (n < rest->n && rest->p[n] != '\n')
		n++;
	if (n == rest->n || n <= name.n || rest->p[name.n] != ' ' ||
		!bytes_equal((struct bytes){ rest->p, name.n }, name))
		return err_set(e, ERR_BAD_TABLE, "change: %s", key);
	line = (struct bytes){ rest->p, n };
	*value = (struct bytes){ line.p + name.n + 1, line.n - name.n - 1 };
	*rest = (struct bytes){ rest->p + n + 1, rest->n - n - 1 };
	return true;
}

bool change_parse(struct change *c, struct bytes content, struct bytes *effects, struct err *e)
{
	struct bytes rest = content, name;
	*c = (struct change){ 0 };
	if (!next_value(&rest, "kind", &name, e))
		return false;
	if (!change_kind_of(name, &c->kind))
		return err_set(e, ERR_BAD_TABLE, "change: kind \"%.*s\"", BYTES_ARG(name));
	for (unsigned k = 0; k < CHANGE_KEYS; k++) {
		if (!change_has(c->kind, (enum change_key)k))
			continue;
		if (!next_value(&rest, keys[k].name, &c->value[k], e))
			return false;
		if (!keys[k].holds(c->value[k]))
			return err_set(e, ERR_BAD_TABLE, "change: %s \"%.*s\"", keys[k].name,
				BYTES_ARG(c->value[k]));
	}
	*effects = rest;
	return true;
}

void change_put(struct buf *b, const struct change *c)
{
	buf_str(b, "kind ");
	buf_str(b, kinds[c->kind].name);
	buf_byte(b, '\n');
	for (unsigned k = 0; k < CHANGE_KEYS; k++) {
		if (!change_has(c->kind, (enum change_key)k))
			continue;
		buf_str(b, keys[k].name);
		buf_byte(b, ' ');
		buf_bytes(b, c->value[k]);
		buf_byte(b, '\n');
	}
}
