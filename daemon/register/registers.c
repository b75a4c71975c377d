#include "daemon/register/registers.h"

#include <string.h>

#include "daemon/register/row.h"

const char *const fact_form_names[FORMS] = { "text", "date", "token", "list", "code", "number",
	"flag", "personal" };

#define FACT_ROW(id, name, form, zh, en) { name, form, zh, en },

static const struct fact entity[] = { FACTS_OF_ENTITY(FACT_ROW) };
static const struct fact inspector[] = { FACTS_OF_INSPECTOR(FACT_ROW) };
static const struct fact recusal[] = { FACTS_OF_RECUSAL(FACT_ROW) };
static const struct fact expert[] = { FACTS_OF_EXPERT(FACT_ROW) };
static const struct fact agency[] = { FACTS_OF_AGENCY(FACT_ROW) };
static const struct fact authority[] = { FACTS_OF_AUTHORITY(FACT_ROW) };
static const struct fact item[] = { FACTS_OF_ITEM(FACT_ROW) };
static const struct fact joint[] = { FACTS_OF_JOINT(FACT_ROW) };
static const struct fact checklist[] = { FACTS_OF_CHECKLIST(FACT_ROW) };
static const struct fact region[] = { FACTS_OF_REGION(FACT_ROW) };
static const struct fact calendar[] = { FACTS_OF_CALENDAR(FACT_ROW) };
static const struct fact label[] = { FACTS_OF_LABEL(FACT_ROW) };
static const struct fact listing[] = { FACTS_OF_LISTING(FACT_ROW) };
static const struct fact commitment[] = { FACTS_OF_COMMITMENT(FACT_ROW) };
static const struct fact declaration[] = { FACTS_OF_DECLARATION(FACT_ROW) };
static const struct fact event[] = { FACTS_OF_EVENT(FACT_ROW) };
static const struct fact permit[] = { FACTS_OF_PERMIT(FACT_ROW) };
static const struct fact check[] = { FACTS_OF_CHECK(FACT_ROW) };
static const struct fact succession[] = { FACTS_OF_SUCCESSION(FACT_ROW) };
static const struct fact exception[] = { FACTS_OF_EXCEPTION(FACT_ROW) };
static const struct fact grade[] = { FACTS_OF_GRADE(FACT_ROW) };

#define FACTS(table) .fact = (table), .facts = sizeof(table) / sizeof *(table)
#define NEED(...) \
	.needed = (const char *const[][3]) \
	{ \
		__VA_ARGS__, \
		{ \
			NULL \
		} \
	}
#define WANT(...) \
	.wanted = (const signed char[]) \
	{ \
		__VA_ARGS__, -1 \
	}
#define KEY(...) \
	.key = (const signed char[]) \
	{ \
		__VA_ARGS__, -1 \
	}

/* Every list of headers knows an entity by one of these. */
#define CODES \
	{ \
		"统一社会信用代码", "注册号", "检查对象编号" \
	}

const struct register_info registers[REGISTERS] = {
	[REGISTER_ENTITIES] = { "entities", "检查对象名录库", "inspected objects", "entity_fact",
		FACTS(entity), .entity = "entity", NEED(CODES, { "名称" }), WANT(ENTITY_NAME),
		.finish = finish_entity, .sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_INSPECTORS] = { "inspectors", "执法检查人员名录库", "inspectors",
		"inspector_fact", FACTS(inspector),
		NEED({ "姓名" }, { "部门", "单位" }, { "执法证编号" }, { "执法证有效期至" }),
		WANT(INSPECTOR_NAME, INSPECTOR_CERTIFICATE_NO, INSPECTOR_CERTIFICATE),
		.finish = finish_inspector, .held = true, .sight = SIGHT_OWN,
		.giver = GIVER_DEPARTMENT },
	[REGISTER_RECUSALS] = { "recusals", "回避", "recusals", "recusal_fact", FACTS(recusal),
		.entity = "subject", NEED({ "执法证编号", "执法人员编号" }, { "统一社会信用代码" }),
		WANT(RECUSAL_SUBJECT), .finish = finish_recusal, .held = true, .sight = SIGHT_OWN,
		.giver = GIVER_MOTION },
	[REGISTER_EXPERTS] = { "experts", "专家库", "experts", "expert_fact", FACTS(expert),
		NEED({ "姓名" }, { "工作单位" }, { "专业领域" }), WANT(EXPERT_NAME, EXPERT_UNIT),
		.finish = finish_expert, KEY(EXPERT_DEPARTMENT, EXPERT_NAME, EXPERT_UNIT),
		.sight = SIGHT_ALL, .giver = GIVER_DEPARTMENT },
	[REGISTER_AGENCIES] = { "agencies", "专业机构", "agencies", "agency_fact", FACTS(agency),
		.entity = "id", NEED({ "统一社会信用代码" }, { "机构名称" }),
		WANT(AGENCY_ID, AGENCY_NAME), .finish = finish_agency, .sight = SIGHT_ALL,
		.giver = GIVER_DEPARTMENT },
	[REGISTER_AUTHORITIES] = { "authorities", "行政检查主体资格", "inspecting authorities",
		"authority_fact", FACTS(authority),
		NEED({ "部门", "主体名称" }, { "主体类别" }, { "执法依据" }),
		WANT(AUTHORITY_KIND, AUTHORITY_BASIS), KEY(AUTHORITY_DEPARTMENT, AUTHORITY_NAME),
		.finish = finish_authority, .sight = SIGHT_ALL, .giver = GIVER_OFFICE },
	[REGISTER_ITEMS] = { "items", "随机抽查事项清单", "inspection items", "item_fact",
		FACTS(item), NEED({ "部门", "编制单位" }, { "抽查事项" }, { "检查依据" }),
		WANT(ITEM_NAME, ITEM_BASIS),
		KEY(ITEM_DEPARTMENT, ITEM_UNIT, ITEM_CATEGORY, ITEM_NAME, ITEM_OBJECT),
		.finish = finish_item, .sight = SIGHT_ALL, .giver = GIVER_DEPARTMENT },
	[REGISTER_JOINT_ITEMS] = { "joint_items", "部门联合抽查事项清单", "joint inspection items",
		"joint_item_fact", FACTS(joint),
		NEED({ "抽查领域" }, { "抽查事项" }, { "发起部门" }),
		WANT(JOINT_FIELD, JOINT_NAME, JOINT_LEAD), .finish = finish_joint,
		KEY(JOINT_FIELD, JOINT_NAME, JOINT_OBJECT, JOINT_LEAD), .sight = SIGHT_ALL,
		.giver = GIVER_OFFICE },
	[REGISTER_CHECKLISTS] = { "checklists", "检查内容与标准", "checklists", "checklist_fact",
		FACTS(checklist), NEED({ "事项编号" }, { "检查内容" }),
		WANT(CHECKLIST_ITEM, CHECKLIST_CONTENT), KEY(CHECKLIST_ITEM, CHECKLIST_CONTENT),
		.sight = SIGHT_ALL, .giver = GIVER_DEPARTMENT },
	[REGISTER_REGIONS] = { "regions", "行政区划", "regions", "region_fact", FACTS(region),
		NEED({ "区划代码" }, { "区划名称" }), WANT(REGION_CODE, REGION_NAME),
		.finish = finish_region, .sight = SIGHT_ALL, .giver = GIVER_OFFICE },
	[REGISTER_CALENDAR] = { "calendar", "工作日历", "working days", "calendar_fact",
		FACTS(calendar), NEED({ "日期" }, { "是否工作日" }),
		WANT(CALENDAR_DATE, CALENDAR_WORKING), .finish = finish_calendar,
		.sight = SIGHT_ALL, .giver = GIVER_OFFICE },
	[REGISTER_LABELS] = { "labels", "标签", "labels", "label_fact", FACTS(label),
		.entity = "object", NEED(CODES, { "标签" }), WANT(LABEL_LABEL),
		.finish = finish_coded, KEY(LABEL_OBJECT, LABEL_LABEL, LABEL_FROM),
		.sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_LISTINGS] = { "listings", "名单", "listings", "listing_fact", FACTS(listing),
		.entity = "entity", NEED(CODES, { "名单" }, { "列入日期" }),
		WANT(LISTING_LIST, LISTING_FROM), .finish = finish_coded,
		KEY(LISTING_ENTITY, LISTING_LIST, LISTING_FROM, LISTING_DOCUMENT),
		.sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_COMMITMENTS] = { "commitments", "信用承诺", "commitments", "commitment_fact",
		FACTS(commitment), .entity = "entity", NEED(CODES, { "承诺类型" }, { "承诺日期" }),
		WANT(COMMITMENT_KIND, COMMITMENT_DATE), .finish = finish_coded,
		KEY(COMMITMENT_ENTITY, COMMITMENT_KIND, COMMITMENT_DATE, COMMITMENT_DOCUMENT),
		.sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_DECLARATIONS] = { "declarations", "自主申报", "declarations", "declaration_fact",
		FACTS(declaration), .entity = "entity", NEED(CODES, { "申报项目" }, { "申报内容" }),
		WANT(DECLARATION_FIELD, DECLARATION_VALUE), .finish = finish_coded,
		KEY(DECLARATION_ENTITY, DECLARATION_FIELD, DECLARATION_DATE), .sight = SIGHT_OWN,
		.giver = GIVER_DEPARTMENT },
	[REGISTER_EVENTS] = { "events", "信用事件", "credit events", "event_fact", FACTS(event),
		.entity = "entity", NEED(CODES, { "事件类型" }, { "发生日期" }),
		WANT(EVENT_KIND, EVENT_DATE), .finish = finish_coded,
		KEY(EVENT_ENTITY, EVENT_OBJECT, EVENT_KIND, EVENT_DATE, EVENT_DOCUMENT),
		.sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_PERMITS] = { "permits", "许可证", "permits", "permit_fact", FACTS(permit),
		.entity = "entity", NEED(CODES, { "许可证名称" }, { "许可证编号" }),
		WANT(PERMIT_NAME, PERMIT_NUMBER), .finish = finish_coded,
		KEY(PERMIT_ENTITY, PERMIT_OBJECT, PERMIT_NAME, PERMIT_NUMBER), .sight = SIGHT_OWN,
		.giver = GIVER_DEPARTMENT },
	[REGISTER_CHECKS] = { "checks", "既往检查", "past inspections", "check_fact", FACTS(check),
		.entity = "entity", NEED(CODES, { "检查日期" }), WANT(CHECK_DATE),
		.finish = finish_coded,
		KEY(CHECK_ENTITY, CHECK_OBJECT, CHECK_DATE, CHECK_DEPARTMENT, CHECK_AUTHORITY,
			CHECK_ITEM),
		.sight = SIGHT_OWN, .giver = GIVER_DEPARTMENT },
	[REGISTER_SUCCESSIONS] = { "successions", "主体变更", "successions", "succession_fact",
		FACTS(succession), .entity = "old",
		NEED({ "变更前代码" }, { "变更后代码" }, { "变更类型" }),
		WANT(SUCCESSION_OLD, SUCCESSION_NEW, SUCCESSION_KIND), .finish = finish_succession,
		KEY(SUCCESSION_OLD, SUCCESSION_NEW, SUCCESSION_KIND), .sight = SIGHT_OWN,
		.giver = GIVER_DEPARTMENT },
	[REGISTER_EXCEPTIONS] = { "exceptions", "历史赋码例外", "exceptional codes",
		"exception_fact", FACTS(exception), .entity = "code",
		NEED({ "统一社会信用代码" }, { "例外原因" }),
		WANT(EXCEPTION_CODE, EXCEPTION_REASON), .finish = finish_exception,
		.sight = SIGHT_OWN, .giver = GIVER_OFFICE },
	[REGISTER_GRADES] = { "grades", "分级结果", "grades", "grade_fact", FACTS(grade),
		.entity = "entity", NEED(CODES, { "分级来源" }, { "分级结果" }),
		WANT(GRADE_SOURCE, GRADE_VALUE), .finish = finish_coded,
		KEY(GRADE_ENTITY, GRADE_SOURCE, GRADE_FIELD, GRADE_DATE), .sight = SIGHT_NEED,
		.giver = GIVER_DEPARTMENT },
};

bool register_named(struct bytes name, enum register_id *id)
{
	for (unsigned i = 0; i < REGISTERS; i++)
		if (bytes_is(name, registers[i].name)) {
			*id = (enum register_id)i;
			return true;
		}
	return false;
}

size_t register_fact(enum register_id id, const char *name)
{
	const struct register_info *r = &registers[id];
	size_t i = 0;
	while (i < r->facts && strcmp(r->fact[i].name, name) != 0)
		i++;
	return i;
}
