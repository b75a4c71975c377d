#include "daemon/people.h"

#include <stddef.h>
#include <string.h>

#include "daemon/cfgfile.h"
#include "planner/civil.h"
#include "sampler/base/text.h"

/* A file under way. `department` and `account` grow in these arrays. */
struct reader {
	struct arena *a;
	const char *file;
	const char *level, *region; /* of departments that name none */
	struct people_department *department;
	size_t departments;
	struct people_account *account;
	size_t accounts;
};

/* ---- forms ------------------------------------------------------------------------------- */

static bool is_token(const char *s)
{
	return text_is_token(bytes_of(s));
}

static bool is_level(const char *s)
{
	static const char *const levels[] = { "province", "city", "county", "town" };
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strcmp(s, levels[i]) == 0)
			return true;
	return false;
}

static bool is_region(const char *s)
{
	size_t n = strlen(s);
	return (n == 6 || n == 9 || n == 12) && text_all_digits(bytes_of(s));
}

/* A region code of six digits, of a town of nine or twelve. */
static bool fits_level(const char *region, const char *level)
{
	return (strlen(region) > 6) == (strcmp(level, "town") == 0);
}

static bool is_name(const char *s)
{
	return s[0] != '\0' && strlen(s) <= 200;
}

static bool is_short(const char *s)
{
	return s[0] != '\0' && strlen(s) <= 64;
}

static bool is_staff_number(const char *s)
{
	size_t n = strspn(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-");
	return n > 0 && n <= 32 && s[n] == '\0';
}

static bool is_inspector(const char *s)
{
	return text_is_inspector_id(bytes_of(s));
}

static bool is_kind(const char *s)
{
	return strcmp(s, "person") == 0 || strcmp(s, "service") == 0;
}

static bool is_date(const char *s)
{
	int32_t day;
	return civil_parse(bytes_of(s), &day);
}

/* One setting of a group: where its text goes, what it must look like. */
struct setting {
	const char *name;
	size_t offset;
	bool (*form)(const char *s);
	const char *wanted;
};

#define TOKEN_FORM "1 to 32 of a-z 0-9 - are wanted"
#define DATE_FORM  "a date such as 2026-03-01 is wanted"

static const struct setting top_settings[] = {
	{ "level", offsetof(struct reader, level), is_level,
		"province, city, county or town is wanted" },
	{ "region", offsetof(struct reader, region), is_region, "6, 9 or 12 digits are wanted" },
	{ 0 },
};

static const struct setting department_settings[] = {
	{ "system", offsetof(struct people_department, system), is_token, TOKEN_FORM },
	{ "level", offsetof(struct people_department, level), is_level,
		"province, city, county or town is wanted" },
	{ "region", offsetof(struct people_department, region), is_region,
		"6, 9 or 12 digits are wanted" },
	{ "name", offsetof(struct people_department, name), is_name, "1 to 200 bytes are wanted" },
	{ "name_en", offsetof(struct people_department, name_en), is_name,
		"1 to 200 bytes are wanted" },
	{ "short", offsetof(struct people_department, brief), is_short,
		"1 to 64 bytes are wanted" },
	{ 0 },
};

/* struct people_account has a flag where the file has the word `kind`. */
struct account_text {
	const char *kind;
	struct people_account to;
};

static const struct setting account_settings[] = {
	{ "kind", offsetof(struct account_text, kind), is_kind, "person or service is wanted" },
	{ "person", offsetof(struct account_text, to.person), is_staff_number,
		"a staff number is wanted: 1 to 32 of 0-9 a-z A-Z . -" },
	{ "name", offsetof(struct account_text, to.name), is_name, "1 to 200 bytes are wanted" },
	{ "department", offsetof(struct account_text, to.department), is_token, TOKEN_FORM },
	{ "inspector", offsetof(struct account_text, to.inspector), is_inspector,
		"1 to 32 of A-Z 0-9 - are wanted" },
	{ "os_user", offsetof(struct account_text, to.os_user), is_short,
		"1 to 64 bytes are wanted" },
	{ "sso_name", offsetof(struct account_text, to.sso_name), is_short,
		"1 to 64 bytes are wanted" },
	{ 0 },
};

/* And struct people_role has the role itself. */
struct role_text {
	const char *role;
	struct people_role to;
};

static const struct setting role_settings[] = {
	{ "role", offsetof(struct role_text, role), is_token, TOKEN_FORM },
	{ "department", offsetof(struct role_text, to.department), is_token, TOKEN_FORM },
	{ "from", offsetof(struct role_text, to.from), is_date, DATE_FORM },
	{ "to", offsetof(struct role_text, to.to), is_date, DATE_FORM },
	{ 0 },
};

/* ---- settings ---------------------------------------------------------------------------- */

static const char **text_at(void *base, const struct setting *s)
{
	return (const char **)(void *)((char *)base + s->offset);
}

/* Texts that the file leaves out are empty, so that no reader meets NULL. */
static void empty(void *base, const struct setting *table)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		*text_at(base, s) = "";
}

static bool put_text(struct reader *r, void *base, const struct setting *s,
	const config_setting_t *from, struct err *e)
{
	const char *text = config_setting_get_string(from);
	if (text == NULL)
		return cfg_refuse(e, r->file, from, "%s, a string is wanted", cfg_type_name(from));
	if (!text_is_clean(bytes_of(text)) || !s->form(text))
		return cfg_refuse(e, r->file, from, "%s", s->wanted);
	*text_at(base, s) = arena_strdup(r->a, text);
	return true;
}

/* The setting of that name in a table; false where there is none. `others` are names that the
 * caller reads itself. */
static bool put_setting(struct reader *r, void *base, const struct setting *table,
	const config_setting_t *from, const char *other, struct err *e)
{
	const char *name = config_setting_name(from);
	for (const struct setting *s = table; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return put_text(r, base, s, from, e);
	return (other != NULL && strcmp(other, name) == 0) ||
	       cfg_refuse(e, r->file, from, "there is no such setting");
}

/* All settings of a group but `other`. */
static bool put_group(struct reader *r, void *base, const struct setting *table,
	const config_setting_t *group, const char *other, struct err *e)
{
	if (config_setting_type(group) != CONFIG_TYPE_GROUP)
		return cfg_refuse(e, r->file, group, "%s, a group is wanted", cfg_type_name(group));
	for (int i = 0; i < config_setting_length(group); i++)
		if (!put_setting(
			    r, base, table, config_setting_get_elem(group, (unsigned)i), other, e))
			return false;
	return true;
}

static bool named(struct reader *r, const config_setting_t *s, struct err *e)
{
	return is_token(config_setting_name(s)) || cfg_refuse(e, r->file, s, TOKEN_FORM);
}

/* ---- departments ------------------------------------------------------------------------- */

static const struct people_department *department_of(const struct reader *r, const char *id)
{
	for (size_t i = 0; i < r->departments; i++)
		if (strcmp(r->department[i].id, id) == 0)
			return &r->department[i];
	return NULL;
}

static bool same_place(const struct people_department *a, const struct people_department *b)
{
	return strcmp(a->system, b->system) == 0 && strcmp(a->level, b->level) == 0 &&
	       strcmp(a->region, b->region) == 0;
}

static bool read_inspects(
	struct reader *r, struct people_department *d, const config_setting_t *group, struct err *e)
{
	const config_setting_t *s = config_setting_get_member(group, "inspects");
	d->inspects = s == NULL || config_setting_get_bool(s) != 0;
	return s == NULL || config_setting_type(s) == CONFIG_TYPE_BOOL ||
	       cfg_refuse(e, r->file, s, "%s, true or false is wanted", cfg_type_name(s));
}

static bool check_department(struct reader *r, const struct people_department *d,
	const config_setting_t *s, struct err *e)
{
	if (d->level[0] == '\0' || d->region[0] == '\0')
		return cfg_refuse(e, r->file, s, "%s is missing, here and at the top of the file",
			d->level[0] == '\0' ? "level" : "region");
	if (d->name[0] == '\0')
		return cfg_refuse(e, r->file, s, "name is missing");
	if (!fits_level(d->region, d->level))
		return cfg_refuse(e, r->file, s,
			"the region of a town has 9 or 12 digits, that of any other level 6");
	if (strcmp(d->id, "none") == 0)
		return cfg_refuse(e, r->file, s, "none is no department (PROTOCOL.md §6.1)");
	for (const struct people_department *b = r->department; b < d; b++)
		if (same_place(b, d))
			return cfg_refuse(
				e, r->file, s, "%s is of the same system, level and region", b->id);
	return true;
}

static bool read_department(struct reader *r, const config_setting_t *s, struct err *e)
{
	struct people_department *d = &r->department[r->departments];
	if (!named(r, s, e))
		return false;
	empty(d, department_settings);
	d->id = d->system = arena_strdup(r->a, config_setting_name(s));
	d->level = r->level;
	d->region = r->region;
	d->line = config_setting_source_line(s);
	if (!put_group(r, d, department_settings, s, "inspects", e) || !read_inspects(r, d, s, e) ||
		!check_department(r, d, s, e))
		return false;
	if (d->brief[0] == '\0')
		d->brief = d->name;
	r->departments++;
	return true;
}

/* ---- roles of an account ----------------------------------------------------------------- */

/* "head", or { role = "head"; department = "scjg"; from = …; to = …; }. */
static bool read_role(struct reader *r, const struct people_account *account,
	struct people_role *out, const config_setting_t *s, struct err *e)
{
	struct role_text t;
	empty(&t, role_settings);
	const char *word = config_setting_get_string(s);
	if (word != NULL)
		t.role = word;
	else if (!put_group(r, &t, role_settings, s, NULL, e))
		return false;
	const struct role *role = role_by_token(bytes_of(t.role));
	if (role == NULL || !role->granted)
		return cfg_refuse(e, r->file, s, "there is no role \"%.40s\"", t.role);
	if (!role->scoped && t.to.department[0] != '\0')
		return cfg_refuse(e, r->file, s,
			"%s is held for the whole installation, not for a department", role->token);
	*out = t.to;
	out->role = role;
	if (role->scoped && out->department[0] == '\0')
		out->department = account->department;
	if (role->scoped && department_of(r, out->department) == NULL)
		return cfg_refuse(e, r->file, s, "%s: there is no department \"%s\"", role->token,
			out->department);
	if (out->to[0] != '\0' && strcmp(out->from, out->to) > 0)
		return cfg_refuse(e, r->file, s, "it ends before it begins");
	return true;
}

static bool read_roles(struct reader *r, struct people_account *account,
	const config_setting_t *group, struct err *e)
{
	const config_setting_t *s = config_setting_get_member(group, "roles");
	int type = s == NULL ? CONFIG_TYPE_NONE : config_setting_type(s);
	if (s == NULL || config_setting_length(s) == 0)
		return cfg_refuse(
			e, r->file, s != NULL ? s : group, "roles: at least one is wanted");
	if (type != CONFIG_TYPE_LIST && type != CONFIG_TYPE_ARRAY)
		return cfg_refuse(e, r->file, s, "%s, a list of roles is wanted", cfg_type_name(s));
	size_t n = (size_t)config_setting_length(s);
	struct people_role *role = arena_calloc(r->a, n, sizeof *role);
	for (size_t i = 0; i < n; i++)
		if (!read_role(r, account, &role[i], config_setting_get_elem(s, (unsigned)i), e))
			return false;
	account->role = role;
	account->roles = n;
	return true;
}

/* ---- accounts ---------------------------------------------------------------------------- */

static bool holds(const struct people_account *account, unsigned bits)
{
	for (size_t i = 0; i < account->roles; i++)
		if ((account->role[i].role->bit & bits) != 0)
			return true;
	return false;
}

static bool check_roles(struct reader *r, const struct people_account *account,
	const config_setting_t *s, struct err *e)
{
	if (account->service != holds(account, WHO_SERVICE) ||
		(account->service && account->roles > 1))
		return cfg_refuse(e, r->file, s,
			"a service has the role service and no other, and nobody else has it");
	if (holds(account, WHO_INSPECTOR) != (account->inspector[0] != '\0'))
		return cfg_refuse(e, r->file, s,
			"inspector (a number such as SCJG-0001) and the role inspector go together");
	return true;
}

static bool taken(const char *mine, const char *other)
{
	return mine[0] != '\0' && strcmp(mine, other) == 0;
}

static bool check_account(struct reader *r, const struct people_account *account,
	const config_setting_t *s, struct err *e)
{
	if (account->name[0] == '\0' || account->person[0] == '\0')
		return cfg_refuse(e, r->file, s, "%s is missing",
			account->name[0] == '\0' ? "name" : "person (a staff number)");
	if (account->department[0] != '\0' && department_of(r, account->department) == NULL)
		return cfg_refuse(
			e, r->file, s, "there is no department \"%s\"", account->department);
	for (const struct people_account *b = r->account; b < account; b++)
		if (taken(account->inspector, b->inspector) ||
			taken(account->os_user, b->os_user) ||
			taken(account->sso_name, b->sso_name))
			return cfg_refuse(e, r->file, s,
				"inspector, os_user or sso_name is that of %s", b->id);
	return true;
}

static bool read_account(struct reader *r, const config_setting_t *s, struct err *e)
{
	struct people_account *to = &r->account[r->accounts];
	struct account_text t = { 0 };
	if (!named(r, s, e))
		return false;
	empty(&t, account_settings);
	if (!put_group(r, &t, account_settings, s, "roles", e))
		return false;
	*to = t.to;
	to->id = arena_strdup(r->a, config_setting_name(s));
	to->service = strcmp(t.kind, "service") == 0;
	to->line = config_setting_source_line(s);
	if (!check_account(r, to, s, e) || !read_roles(r, to, s, e) || !check_roles(r, to, s, e))
		return false;
	r->accounts++;
	return true;
}

/* ---- the file ---------------------------------------------------------------------------- */

static bool read_members(struct reader *r, const config_setting_t *root, const char *name,
	bool (*each)(struct reader *, const config_setting_t *, struct err *), struct err *e)
{
	const config_setting_t *group = config_setting_get_member(root, name);
	int n = group == NULL ? 0 : config_setting_length(group);
	if (n == 0)
		return cfg_refuse(e, r->file, group != NULL ? group : root,
			"the group %s names nobody", name);
	if (config_setting_type(group) != CONFIG_TYPE_GROUP)
		return cfg_refuse(e, r->file, group, "%s, a group is wanted", cfg_type_name(group));
	r->department = r->department != NULL
				? r->department
				: arena_calloc(r->a, (size_t)n, sizeof *r->department);
	r->account = arena_calloc(r->a, (size_t)n, sizeof *r->account);
	for (int i = 0; i < n; i++)
		if (!each(r, config_setting_get_elem(group, (unsigned)i), e))
			return false;
	return true;
}

/* What one administrator moves a second person must agree to: another administrator, or a
 * coordinator (the heads' right ends at their department). */
static bool check_two(struct reader *r, const config_setting_t *root, struct err *e)
{
	const char *person = NULL;
	bool second = false, administrator = false;
	for (size_t i = 0; i < r->accounts; i++) {
		const struct people_account *account = &r->account[i];
		administrator = administrator || holds(account, WHO_ADMINISTRATOR);
		if (!holds(account, WHO_ADMINISTRATOR | WHO_COORDINATOR))
			continue;
		second = second || (person != NULL && strcmp(person, account->person) != 0);
		person = account->person;
	}
	return (administrator && second) ||
	       cfg_refuse(e, r->file, root,
		       "an administrator and a second person who is administrator or coordinator "
		       "are wanted: what one moves the other must agree to");
}

static bool read_top(struct reader *r, const config_setting_t *root, struct err *e)
{
	for (int i = 0; i < config_setting_length(root); i++) {
		const config_setting_t *s = config_setting_get_elem(root, (unsigned)i);
		const char *name = config_setting_name(s);
		if (strcmp(name, "departments") != 0 &&
			!put_setting(r, r, top_settings, s, "accounts", e))
			return false;
	}
	return true;
}

bool people_parse(
	struct people *out, struct arena *a, const char *text, const char *file, struct err *e)
{
	struct reader r = { .a = a, .file = file };
	config_t cfg;
	empty(&r, top_settings);
	if (!cfg_parse(&cfg, text, file, e))
		return false;
	const config_setting_t *root = config_root_setting(&cfg);
	bool ok = read_top(&r, root, e) &&
		  read_members(&r, root, "departments", read_department, e) &&
		  read_members(&r, root, "accounts", read_account, e) && check_two(&r, root, e);
	config_destroy(&cfg);
	*out = (struct people){ r.department, r.departments, r.account, r.accounts };
	return ok;
}

bool people_load(struct people *out, struct arena *a, const char *file, struct err *e)
{
	char *text;
	return cfg_read(&text, a, file, PEOPLE_FILE_MAX, e) && people_parse(out, a, text, file, e);
}
