/* What follows from the cells of a row, register by register. */
#include <string.h>

#include "daemon/register/cell.h"
#include "daemon/register/tables.h"
#include "planner/uscc.h"
#include "sampler/base/text.h"

static const struct bytes no_value = { "", 0 };

static struct bytes code_of(const struct row *r)
{
	return r->cell[CELL_USCC].n > 0 ? r->cell[CELL_USCC] : r->cell[CELL_REGNO];
}

/* ---- objects ------------------------------------------------------------------------------- */

/* Without a code; one that could not be read was told. */
static void miss_code(struct row *r)
{
	if (!row_told(r, "注册号") && !row_told(r, "检查对象编号"))
		row_miss(r, "统一社会信用代码");
}

/* The USCC is the object; without one R and the registration number. Further premises get a number,
 * products, projects and activities have one of their own. */
static void make_object(struct row *r)
{
	struct bytes *fact = r->fact, code = code_of(r), own = r->cell[CELL_OBJECT];
	struct bytes category = fact[ENTITY_CATEGORY];
	bool premises = category.n == 0 || bytes_is(category, "premises");
	if (code.n == 0 && (own.n == 0 || !premises))
		miss_code(r);
	if (own.n == 0 && !premises)
		row_miss(r, "检查对象编号");
	if (code.n > 0 || own.n > 0)
		fact[ENTITY_ENTITY] = code.n > 0 ? code : r->cell[CELL_OBJECT_ENTITY];
	if (own.n > 0)
		fact[ENTITY_OBJECT] = own;
	else if (code.n > 0)
		fact[ENTITY_OBJECT] = object_join(r, code, r->cell[CELL_PREMISES]);
}

/* A registration number may stand where the code should, or in an object's id. */
static void take_number(struct row *r)
{
	struct bytes code = code_of(r).n > 0 ? r->cell[CELL_REGNO] : r->fact[ENTITY_ENTITY];
	bool number = code.n == REGNO_LENGTH + 1 && code.p[0] == 'R' &&
		      text_all_digits((struct bytes){ code.p + 1, REGNO_LENGTH });
	if (number && r->fact[ENTITY_REG_NO].n == 0)
		r->fact[ENTITY_REG_NO] = (struct bytes){ code.p + 1, REGNO_LENGTH };
}

/* What the database derives from the code (entity_current) is counted here. */
static void count_derived(struct row *r)
{
	struct bytes *fact = r->fact, code = fact[ENTITY_ENTITY];
	enum ident_fault fault = uscc_check(code);
	bool uscc = fault != IDENT_LENGTH && fault != IDENT_CHARSET;
	bool region = uscc && text_all_digits((struct bytes){ code.p + 2, 6 });
	if (fact[ENTITY_KIND].n == 0 && uscc)
		r->derived |= DERIVED_KIND;
	if (fact[ENTITY_REGION].n == 0 && region)
		r->derived |= DERIVED_REGION;
	if (fact[ENTITY_CLASS].n == 0)
		r->derived |= DERIVED_UNCLASSED;
}

static void add_given(struct row *r)
{
	struct bytes member[2 * CELL_MEMBERS];
	struct bytes lists[2] = { r->fact[ENTITY_LABELS], r->given };
	size_t n = 0;
	for (size_t i = 0; i < 2; i++)
		while (n < 2 * CELL_MEMBERS && cell_next(&lists[i], &member[n]))
			n++;
	r->fact[ENTITY_LABELS] = cell_list(r, member, n);
}

static void match_labels(struct row *r)
{
	struct buf out = { NULL, r->text + r->text_n, 0, r->text_max - r->text_n };
	r->fact[ENTITY_MATCHED] = no_value;
	if (r->labels == NULL || out.room < 33 * label_rules_count(r->labels) + 1)
		return; /* row_new's caller made room for a whole row and this */
	label_rules_match(r->labels, r->fact[ENTITY_NAME], r->fact[ENTITY_SCOPE],
		r->fact[ENTITY_INDUSTRY], no_value, &out);
	r->text_n += out.n;
	r->fact[ENTITY_MATCHED] = (struct bytes){ out.p, out.n };
	if (out.n > 0)
		r->derived |= DERIVED_LABELS;
}

/* A code alone has no words. */
static struct bytes words_of(struct bytes s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return s;
	return no_value;
}

void finish_entity(struct row *r)
{
	make_object(r);
	take_number(r);
	struct bytes object = r->fact[ENTITY_OBJECT];
	if (object.n > 0 && !text_is_object_id(object))
		row_fail(r, "检查对象编号", ERR_BAD_OBJECT, object, "%s", "");
	if (r->bad)
		return;
	if (r->fact[ENTITY_KIND].n == 0 && r->cell[CELL_TYPE].n > 0)
		r->fact[ENTITY_KIND] = r->cell[CELL_TYPE];
	if (r->cell[CELL_INDUSTRY].n > 0 && r->fact[ENTITY_INDUSTRY_TEXT].n == 0)
		r->fact[ENTITY_INDUSTRY_TEXT] = words_of(r->cell[CELL_INDUSTRY]);
	count_derived(r);
	if (r->fact[ENTITY_X].n == 0 || r->fact[ENTITY_Y].n == 0) { /* one half is no place */
		bool said = r->fact[ENTITY_X].p != NULL && r->fact[ENTITY_Y].p != NULL;
		bool x = r->fact[ENTITY_X].n > 0, y = r->fact[ENTITY_Y].n > 0;
		r->fact[ENTITY_X] = r->fact[ENTITY_Y] = said && !x && !y ? no_value : row_unsaid;
		if (said && (x || y))
			row_remark(r, x ? "纬度" : "经度", ERR_BAD_COORDINATE, no_value, "%s", "");
	}
	if (r->given.n > 0)
		add_given(r);
	match_labels(r);
}

/* ---- departments --------------------------------------------------------------------------- */

/* What it means that no department has the name. */
enum wanted {
	NEEDED, /* the row is refused, as where it names none */
	MUST, /* the row is refused */
	SHOULD, /* the row goes in without one, which is said */
	MAY, /* the same where 部门 names one; what 单位 names need not be a department */
};

/* A department's list is of its own; whose a row is is told by what stands there. The worker looks
 * at that again. */
static void look_whose(struct row *r, const char *column, struct bytes seen, struct bytes code)
{
	struct bytes own;
	bool known = tables_find(r->tables, TABLE_OPTION, BYTES("department"), &own) && own.n > 0;
	/* of an inspector named by his number it is that which tells his department */
	bool told = r->id == REGISTER_RECUSALS && r->fact[RECUSAL_INSPECTOR].n > 0;
	if (known && !told && !bytes_equal(own, code))
		row_fail(r, column, ERR_OTHER_DEPARTMENT, seen, "%.*s",
			bytes_equal(seen, code) ? 0 : (int)code.n, code.p);
}

/* 部门 may name an office inside the organisation that 单位 names: the first that has a code. */
static bool find_department(struct row *r, int fact, enum wanted wanted)
{
	static const struct {
		enum cell cell;
		const char *column;
	} sources[] = { { CELL_DEPARTMENT, "部门" }, { CELL_UNIT, "单位" } };
	const char *column = NULL;
	struct bytes seen = no_value;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct bytes name = r->cell[sources[i].cell];
		if (name.n == 0)
			continue;
		if (departments_code(r->departments, name, &r->fact[fact])) {
			look_whose(r, sources[i].column, name, r->fact[fact]);
			return true;
		}
		if (wanted == MAY && sources[i].cell == CELL_UNIT)
			continue;
		column = sources[i].column;
		seen = name;
	}
	if (column == NULL && wanted == NEEDED)
		row_miss(r, "部门");
	if (column != NULL)
		(wanted <= MUST ? row_fail : row_remark)(
			r, column, ERR_UNKNOWN_DEPARTMENT, seen, "%s", "");
	return false;
}

/* ---- people -------------------------------------------------------------------------------- */

void finish_inspector(struct row *r)
{
	/* what an empty cell means */
	static const struct {
		enum inspector_fact_id fact;
		const char *means;
	} empty[] = { { INSPECTOR_REGIONS, "*" }, { INSPECTOR_ITEMS, "*" },
		{ INSPECTOR_LIMIT, "0" }, { INSPECTOR_ACTIVE, "t" } };
	struct bytes *fact = r->fact;
	find_department(r, INSPECTOR_DEPARTMENT, NEEDED);
	for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
		if (fact[empty[i].fact].p != NULL && fact[empty[i].fact].n == 0)
			fact[empty[i].fact] = bytes_of(empty[i].means);
	if (bytes_is(fact[INSPECTOR_EXPERT], "t"))
		fact[INSPECTOR_ACTIVE] = BYTES("f"); /* assists, is not drawn */
	else if (bytes_is(fact[INSPECTOR_EXPERT], "f") && fact[INSPECTOR_ACTIVE].p == NULL)
		fact[INSPECTOR_ACTIVE] = BYTES("t");
	fact[INSPECTOR_KEY] = row_printf(r, "%.*s:%.*s", BYTES_ARG(fact[INSPECTOR_DEPARTMENT]),
		BYTES_ARG(fact[INSPECTOR_CERTIFICATE_NO]));
}

void finish_recusal(struct row *r)
{
	struct bytes *fact = r->fact;
	find_department(r, RECUSAL_DEPARTMENT, MUST);
	if (fact[RECUSAL_INSPECTOR].n == 0 && fact[RECUSAL_CERTIFICATE_NO].n == 0 &&
		!row_told(r, "执法人员编号"))
		row_miss(r, "执法证编号");
	for (size_t i = 0; i < RECUSAL_FACTS; i++) /* a recusal is one row: nothing goes before */
		if (fact[i].p == NULL)
			fact[i] = no_value;
	fact[RECUSAL_KEY] = row_printf(r, "%.*s:%.*s:%.*s:%.*s:%.*s:%.*s",
		BYTES_ARG(fact[RECUSAL_SUBJECT]), BYTES_ARG(fact[RECUSAL_INSPECTOR]),
		BYTES_ARG(fact[RECUSAL_DEPARTMENT]), BYTES_ARG(fact[RECUSAL_CERTIFICATE_NO]),
		BYTES_ARG(fact[RECUSAL_SINCE]), BYTES_ARG(fact[RECUSAL_GROUND]));
}

void finish_expert(struct row *r)
{
	find_department(r, EXPERT_DEPARTMENT, SHOULD);
}

void finish_agency(struct row *r)
{
	r->fact[AGENCY_ID] = code_of(r);
	find_department(r, AGENCY_DEPARTMENT, SHOULD);
}

/* ---- lists of items and authorities --------------------------------------------------------- */

bool cell_coordinates(struct bytes name)
{
	static const char *const words[] = { "联席会议", "联席办", "议事协调", "领导小组",
		"协调小组", "指挥部", "工作专班", "安全生产委员会", "食品安全委员会", "安委会",
		"食安委" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (cell_contains(name, words[i]))
			return true;
	return false;
}

/* A department is one authority of its own; organisations that act for it have names. */
void finish_authority(struct row *r)
{
	struct bytes *fact = r->fact, department = r->cell[CELL_DEPARTMENT];
	if (cell_coordinates(fact[AUTHORITY_NAME]) || cell_coordinates(department))
		row_fail(r, fact[AUTHORITY_NAME].n > 0 ? "主体名称" : "部门", ERR_NOT_AUTHORITY,
			fact[AUTHORITY_NAME].n > 0 ? fact[AUTHORITY_NAME] : department, "%s",
			"国办发〔2024〕54号");
	else
		find_department(r, AUTHORITY_DEPARTMENT, NEEDED);
	if (bytes_is(fact[AUTHORITY_KIND], "statutory"))
		fact[AUTHORITY_ID] = fact[AUTHORITY_DEPARTMENT];
}

void finish_item(struct row *r)
{
	struct bytes *fact = r->fact;
	find_department(r, ITEM_DEPARTMENT, fact[ITEM_UNIT].n > 0 ? MAY : NEEDED);
	if (fact[ITEM_LEVEL].p == NULL && fact[ITEM_BODY].n > 0) {
		struct bytes levels = levels_of(r, cell_half(r, fact[ITEM_BODY]));
		fact[ITEM_LEVEL] = levels.n > 0 ? levels : row_unsaid;
	}
}

/* The basis may stand in the lists of the departments. */
void finish_joint(struct row *r)
{
	if (r->fact[JOINT_BASIS].n == 0)
		row_remark(r, "检查依据", ERR_NO_BASIS, no_value, "%s", "");
}

/* ---- what is known of entities --------------------------------------------------------------- */

/* The rows of these name an entity, and some of them one of its premises. */
void finish_coded(struct row *r)
{
	static const struct {
		enum register_id id;
		signed char entity, object;
	} places[] = {
		{ REGISTER_LABELS, -1, LABEL_OBJECT },
		{ REGISTER_LISTINGS, LISTING_ENTITY, -1 },
		{ REGISTER_COMMITMENTS, COMMITMENT_ENTITY, -1 },
		{ REGISTER_DECLARATIONS, DECLARATION_ENTITY, -1 },
		{ REGISTER_EVENTS, EVENT_ENTITY, EVENT_OBJECT },
		{ REGISTER_PERMITS, PERMIT_ENTITY, PERMIT_OBJECT },
		{ REGISTER_CHECKS, CHECK_ENTITY, CHECK_OBJECT },
		{ REGISTER_GRADES, GRADE_ENTITY, -1 },
	};
	struct bytes code = code_of(r), own = r->cell[CELL_OBJECT];
	struct bytes entity = code.n > 0 ? code : r->cell[CELL_OBJECT_ENTITY];
	size_t i = 0;
	while (places[i].id != r->id)
		i++;
	if (own.n == 0 && (r->cell[CELL_PREMISES].n > 0 || places[i].entity < 0))
		own = object_join(r, code, r->cell[CELL_PREMISES]);
	if (entity.n == 0) {
		miss_code(r);
		return;
	}
	if (places[i].entity >= 0)
		r->fact[places[i].entity] = entity;
	if (places[i].object >= 0)
		r->fact[places[i].object] = own;
	if (r->id == REGISTER_CHECKS)
		find_department(r, CHECK_DEPARTMENT, MAY);
}

/* ---- regions, days, codes ------------------------------------------------------------------- */

/* Province, city or county by its zeros, street or village by its length. */
static const char *level_of(struct bytes code)
{
	if (code.n != 6)
		return code.n == 9 ? "township" : "village";
	if (memcmp(code.p + 2, "0000", 4) == 0)
		return "province";
	return memcmp(code.p + 4, "00", 2) == 0 ? "city" : "county";
}

void finish_region(struct row *r)
{
	struct bytes *fact = r->fact, from = fact[REGION_FROM];
	if (fact[REGION_CODE].n == 0)
		return;
	if (fact[REGION_LEVEL].n == 0)
		fact[REGION_LEVEL] = bytes_of(level_of(fact[REGION_CODE]));
	fact[REGION_ID] = from.n == 0 ? fact[REGION_CODE]
				      : row_printf(r, "%.*s:%.*s", BYTES_ARG(fact[REGION_CODE]),
						BYTES_ARG(from));
	if (bytes_equal(fact[REGION_CODE], fact[REGION_SUCCESSOR]))
		row_fail(r, "变更后代码", ERR_SAME_CODE, fact[REGION_SUCCESSOR], "%s", "");
}

void finish_calendar(struct row *r)
{
	r->fact[CALENDAR_ID] = r->fact[CALENDAR_DATE];
}

void finish_succession(struct row *r)
{
	struct bytes old = r->fact[SUCCESSION_OLD], new = r->fact[SUCCESSION_NEW];
	if (old.n > 0 && bytes_equal(old, new))
		row_fail(r, "变更后代码", ERR_SAME_CODE, new, "%s", "");
}

void finish_exception(struct row *r)
{
	r->fact[EXCEPTION_ID] = r->fact[EXCEPTION_CODE];
}

/* ---- periods -------------------------------------------------------------------------------- */

void finish_period(struct row *r)
{
	static const struct {
		enum register_id id;
		signed char from, until;
	} periods[] = {
		{ REGISTER_EXPERTS, EXPERT_FROM, EXPERT_UNTIL },
		{ REGISTER_AUTHORITIES, AUTHORITY_FROM, AUTHORITY_UNTIL },
		{ REGISTER_ITEMS, ITEM_FROM, ITEM_UNTIL },
		{ REGISTER_JOINT_ITEMS, JOINT_FROM, JOINT_UNTIL },
		{ REGISTER_REGIONS, REGION_FROM, REGION_UNTIL },
		{ REGISTER_LABELS, LABEL_FROM, LABEL_UNTIL },
		{ REGISTER_LISTINGS, LISTING_FROM, LISTING_UNTIL },
		{ REGISTER_LISTINGS, LISTING_FROM, LISTING_REMOVED },
		{ REGISTER_EVENTS, EVENT_DATE, EVENT_ENDS },
		{ REGISTER_PERMITS, PERMIT_FROM, PERMIT_UNTIL },
	};
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
		struct bytes from = r->fact[periods[i].from], until = r->fact[periods[i].until];
		if (periods[i].id != r->id || from.n == 0 || until.n == 0 ||
			bytes_compare(until, from) >= 0)
			continue;
		row_remark(r, registers[r->id].fact[periods[i].until].zh, ERR_ENDS_FIRST, until,
			"%.*s < %.*s", BYTES_ARG(until), BYTES_ARG(from));
	}
}
