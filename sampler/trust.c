#include "sampler/trust.h"

#include <string.h>

#include "sampler/base/text.h"

/* What reading needs besides the policy itself. */
struct reader {
	struct trust *t;
	struct arena *arena;
	struct bytes *field; /* of this line */
	size_t fields;
	bool log, quorum;
	bool *witness_taken, *group_taken; /* already a member of a group */
	struct err *e;
};

static const char *const role_names[TRUST_ROLES] = { "operator", "department", "custodian",
	"attester" };

const char *trust_role_name(enum trust_role role)
{
	return role_names[role];
}

static bool bad(struct reader *r, const char *what)
{
	return err_set(r->e, ERR_BAD_TRUST, "%s", what);
}

static bool read_vkey(struct reader *r, struct bytes s, enum note_type type, struct vkey *k)
{
	struct err e = { 0 };
	if (!vkey_parse(k, s, &e))
		return err_set(r->e, ERR_BAD_TRUST, "verifier key: %s", e.what);
	if (k->type != type)
		return err_set(r->e, ERR_BAD_TRUST, "key type %u, expected %d", k->type, (int)type);
	return true;
}

/* The same key, or two keys that a signature line could not tell apart. */
static bool same_key(const struct vkey *a, const struct vkey *b)
{
	return memcmp(a->key, b->key, sizeof a->key) == 0 ||
	       (memcmp(a->id, b->id, sizeof a->id) == 0 && strcmp(a->name, b->name) == 0);
}

/* Keys must differ, whatever name and type they go by. */
static bool key_is_new(struct reader *r, const struct vkey *k)
{
	const struct trust *t = r->t;
	bool found = r->log && same_key(&t->log, k);
	for (size_t i = 0; i < t->witness_count; i++)
		found |= same_key(&t->witness_keys[i], k);
	for (size_t i = 0; i < t->signer_count; i++)
		found |= same_key(&t->signers[i].key, k);
	return !found || err_set(r->e, ERR_BAD_TRUST, "the key of %s stands above", k->name);
}

static bool find(const struct trust *t, struct bytes name, struct trust_member *m)
{
	for (size_t i = 0; i < t->witness_count; i++)
		if (bytes_equal(t->witnesses[i].name, name)) {
			*m = (struct trust_member){ .group = false, .index = i };
			return true;
		}
	for (size_t i = 0; i < t->group_count; i++)
		if (bytes_equal(t->groups[i].name, name)) {
			*m = (struct trust_member){ .group = true, .index = i };
			return true;
		}
	return false;
}

static bool name_is_new(struct reader *r, struct bytes name)
{
	struct trust_member m;
	if (bytes_is(name, "none"))
		return bad(r, "none is no name of a witness or group");
	return !find(r->t, name, &m) || bad(r, "a witness or group of this name stands above");
}

static bool find_above(struct reader *r, struct bytes name, struct trust_member *m)
{
	return find(r->t, name, m) ||
	       err_set(r->e, ERR_BAD_TRUST, "no witness or group %.*s stands above",
		       BYTES_ARG(name));
}

static bool read_log(struct reader *r)
{
	struct vkey k;
	if (r->log)
		return bad(r, "a second log");
	if (!read_vkey(r, r->field[1], NOTE_ED25519, &k) || !key_is_new(r, &k))
		return false;
	r->t->log = k;
	r->log = true;
	return true;
}

static bool read_witness(struct reader *r)
{
	struct trust *t = r->t;
	struct vkey k;
	if (!name_is_new(r, r->field[1]) || !read_vkey(r, r->field[2], NOTE_COSIGNATURE, &k) ||
		!key_is_new(r, &k))
		return false;
	t->witnesses[t->witness_count] = (struct trust_witness){ .name = r->field[1], .key = k };
	t->witness_keys[t->witness_count++] = k;
	return true;
}

static bool read_need(struct reader *r, struct bytes s, size_t members, size_t *need)
{
	uint64_t k = bytes_is(s, "any") ? 1 : members;
	if (!bytes_is(s, "any") && !bytes_is(s, "all") && (!text_u64(s, members, &k) || k == 0))
		return bad(r, "a group needs any, all, or a number from 1 to that of its members");
	*need = (size_t)k;
	return true;
}

static bool read_member(struct reader *r, struct bytes name, struct trust_member *m)
{
	if (!find_above(r, name, m))
		return false;
	bool *taken = m->group ? &r->group_taken[m->index] : &r->witness_taken[m->index];
	if (*taken)
		return err_set(r->e, ERR_BAD_TRUST, "%.*s is already a member of a group",
			BYTES_ARG(name));
	*taken = true;
	return true;
}

static bool read_group(struct reader *r)
{
	struct trust_group g = { .name = r->field[1], .count = r->fields - 3 };
	if (!name_is_new(r, g.name) || !read_need(r, r->field[2], g.count, &g.need))
		return false;
	g.members = arena_calloc(r->arena, g.count, sizeof *g.members);
	for (size_t i = 0; i < g.count; i++)
		if (!read_member(r, r->field[3 + i], &g.members[i]))
			return false;
	r->t->groups[r->t->group_count++] = g;
	return true;
}

static bool read_quorum(struct reader *r)
{
	if (r->quorum)
		return bad(r, "a second quorum");
	r->quorum = true;
	r->t->quorum_none = bytes_is(r->field[1], "none");
	return r->t->quorum_none || find_above(r, r->field[1], &r->t->quorum);
}

static bool read_role(struct reader *r, struct trust_signer *s)
{
	bool more;
	struct bytes token = r->field[1], role = bytes_cut(&token, ':', &more);
	int at = 0;
	while (at < TRUST_ROLES && !bytes_is(role, role_names[at]))
		at++;
	if (at == TRUST_ROLES || more == (at == TRUST_OPERATOR))
		return bad(r, "a signer is operator, department:<token>, custodian:<token> or "
			      "attester:<token>");
	if (more && !text_is_token(token))
		return bad(r, "a token is 1-32 of a-z 0-9 -");
	s->role = (enum trust_role)at;
	s->token = token;
	return true;
}

static bool read_signer(struct reader *r)
{
	struct trust_signer s;
	if (!read_role(r, &s) || !read_vkey(r, r->field[2], NOTE_ED25519, &s.key) ||
		!key_is_new(r, &s.key))
		return false;
	r->t->signers[r->t->signer_count++] = s;
	return true;
}

static bool read_demo(struct reader *r)
{
	if (!bytes_is(r->field[1], "yes"))
		return bad(r, "expected demo yes");
	r->t->demo = true;
	return true;
}

static const struct rule {
	const char *word;
	size_t least, most; /* fields, the word included */
	bool (*read)(struct reader *r);
} rules[] = {
	{ "log", 2, 2, read_log },
	{ "witness", 3, 3, read_witness },
	{ "group", 4, SIZE_MAX, read_group },
	{ "quorum", 2, 2, read_quorum },
	{ "signer", 3, 3, read_signer },
	{ "demo", 2, 2, read_demo },
};

static bool split(struct reader *r, struct bytes line)
{
	bool more = true;
	size_t spaces = 0;
	for (size_t i = 0; i < line.n; i++)
		spaces += line.p[i] == ' ';
	r->field = arena_calloc(r->arena, spaces + 1, sizeof *r->field);
	for (r->fields = 0; more; r->fields++) {
		r->field[r->fields] = bytes_cut(&line, ' ', &more);
		if (r->field[r->fields].n == 0)
			return bad(r, "fields are separated by one space");
	}
	return true;
}

static bool read_line(struct reader *r, struct bytes line)
{
	if (!text_is_clean(line))
		return bad(r, "not UTF-8 without control characters");
	if (line.n == 0 || line.p[0] == '#')
		return true;
	if (!split(r, line))
		return false;
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (!bytes_is(r->field[0], rules[i].word))
			continue;
		if (r->fields < rules[i].least || r->fields > rules[i].most)
			return err_set(r->e, ERR_BAD_TRUST, "%s with %zu fields", rules[i].word,
				r->fields - 1);
		return rules[i].read(r);
	}
	return bad(r, "expected log, witness, group, quorum, signer or demo");
}

static bool complete(struct reader *r)
{
	if (!r->log)
		return bad(r, "no log");
	if (!r->quorum)
		return bad(r, "no quorum");
	if (trust_signer(r->t, TRUST_OPERATOR, (struct bytes){ 0 }) == NULL)
		return bad(r, "no signer operator");
	return true;
}

bool trust_parse(struct trust *t, struct arena *a, struct bytes file, struct err *e)
{
	struct reader r = { .t = t, .arena = a, .e = e };
	bool more = true;
	size_t lines = 1;
	memset(t, 0, sizeof *t);
	for (size_t i = 0; i < file.n; i++)
		lines += file.p[i] == '\n';
	t->witnesses = arena_calloc(a, lines, sizeof *t->witnesses);
	t->witness_keys = arena_calloc(a, lines, sizeof *t->witness_keys);
	t->groups = arena_calloc(a, lines, sizeof *t->groups);
	t->signers = arena_calloc(a, lines, sizeof *t->signers);
	r.witness_taken = arena_calloc(a, lines, sizeof *r.witness_taken);
	r.group_taken = arena_calloc(a, lines, sizeof *r.group_taken);
	for (size_t number = 1; more; number++)
		if (!read_line(&r, bytes_cut(&file, '\n', &more)))
			return err_at(e, "line %zu", number);
	return complete(&r);
}

const struct trust_signer *trust_next(
	const struct trust *t, enum trust_role role, struct bytes token, size_t *from)
{
	while (*from < t->signer_count) {
		const struct trust_signer *s = &t->signers[(*from)++];
		if (s->role == role && (token.n == 0 || bytes_equal(s->token, token)))
			return s;
	}
	return NULL;
}

const struct trust_signer *trust_signer(
	const struct trust *t, enum trust_role role, struct bytes token)
{
	size_t from = 0;
	return trust_next(t, role, token, &from);
}

const struct trust_signer *trust_signer_of(const struct trust *t, const struct vkey *key)
{
	for (size_t i = 0; i < t->signer_count; i++)
		if (vkey_equal(&t->signers[i].key, key))
			return &t->signers[i];
	return NULL;
}

/* Groups name only what stands above them, so one pass in file order decides all of them. */
bool trust_quorum_met(const struct trust *t, const bool *cosigned)
{
	if (t->quorum_none)
		return true;
	ARENA_AUTO a = arena_new();
	bool *met = arena_calloc(a, t->group_count + 1, sizeof *met);
	for (size_t i = 0; i < t->group_count; i++) {
		const struct trust_group *g = &t->groups[i];
		size_t have = 0;
		for (size_t j = 0; j < g->count; j++)
			have += g->members[j].group ? met[g->members[j].index]
						    : cosigned[g->members[j].index];
		met[i] = have >= g->need;
	}
	return t->quorum.group ? met[t->quorum.index] : cosigned[t->quorum.index];
}

bool trust_checkpoint(const struct trust *t, struct arena *a, struct bytes whole,
	struct checkpoint *c, struct note_mark *marks, struct err *e)
{
	struct note note;
	return checkpoint_open(c, &note, a, whole, &t->log, e) &&
	       note_verify(&note, t->witness_keys, t->witness_count, marks, e);
}

bool trust_quorum_by(const struct trust *t, const struct note_mark *marks, uint64_t latest)
{
	ARENA_AUTO a = arena_new();
	bool *cosigned = arena_calloc(a, t->witness_count + 1, sizeof *cosigned);
	for (size_t i = 0; i < t->witness_count; i++)
		cosigned[i] = marks[i].found && marks[i].time <= latest;
	return trust_quorum_met(t, cosigned);
}
