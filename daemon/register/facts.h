/* The facts of every register, in the order of the fact tables' columns
 * (daemon/register/registers.h). One list per register makes both its enum and its table: F(name of
 * the enumerator, name, form, 中文, English). The first is the key. */
#ifndef DRAWD_FACTS_H
#define DRAWD_FACTS_H

/* clang-format off */

#define FACTS_OF_ENTITY(F) \
	F(ENTITY_OBJECT, "object", FORM_CODE, "检查对象编号", "object") \
	F(ENTITY_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(ENTITY_NAME, "name", FORM_TEXT, "名称", "name") \
	F(ENTITY_KIND, "kind", FORM_TOKEN, "主体类型", "kind of entity") \
	F(ENTITY_INDUSTRY, "industry", FORM_TEXT, "行业", "industry (GB/T 4754)") \
	F(ENTITY_REGION, "region", FORM_TEXT, "行政区划", "region (GB/T 2260)") \
	F(ENTITY_ESTABLISHED, "established", FORM_DATE, "成立日期", "established") \
	F(ENTITY_STATUS, "status", FORM_TOKEN, "登记状态", "status") \
	F(ENTITY_SINCE, "since", FORM_DATE, "状态日期", "status since") \
	F(ENTITY_CLASS, "class", FORM_TOKEN, "信用风险等级", "credit risk class") \
	F(ENTITY_LABELS, "labels", FORM_LIST, "标签", "labels") \
	F(ENTITY_CHECKED, "checked", FORM_LIST, "上次检查日期", "last checked") \
	F(ENTITY_ADDRESS, "address", FORM_TEXT, "住所", "address") \
	F(ENTITY_SCOPE, "scope", FORM_TEXT, "经营范围", "scope of business") \
	F(ENTITY_X, "x", FORM_NUMBER, "经度", "longitude, micro-degrees") \
	F(ENTITY_Y, "y", FORM_NUMBER, "纬度", "latitude, micro-degrees") \
	F(ENTITY_MATCHED, "matched", FORM_LIST, "规则标签", "labels by rules") \
	F(ENTITY_REG_NO, "reg_no", FORM_TEXT, "注册号", "registration number") \
	F(ENTITY_PRIPID, "pripid", FORM_TEXT, "主体身份代码", "PriPID") \
	F(ENTITY_CATEGORY, "category", FORM_TOKEN, "对象类别", "category of object") \
	F(ENTITY_TYPE, "type", FORM_TEXT, "企业类型", "type of enterprise") \
	F(ENTITY_AUTHORITY, "authority", FORM_TEXT, "登记机关", "registration authority") \
	F(ENTITY_STATION, "station", FORM_TEXT, "管辖单位", "local station") \
	F(ENTITY_CAPITAL, "capital", FORM_NUMBER, "注册资本", "registered capital, fen") \
	F(ENTITY_PAID, "paid", FORM_NUMBER, "实缴资本", "paid-in capital, fen") \
	F(ENTITY_LEGAL_PERSON, "legal_person", FORM_TEXT, "法定代表人", "legal representative") \
	F(ENTITY_LIAISON, "liaison", FORM_PERSONAL, "联络员", "liaison") \
	F(ENTITY_PHONE, "phone", FORM_PERSONAL, "联系电话", "telephone") \
	F(ENTITY_APPROVED, "approved", FORM_DATE, "核准日期", "approved") \
	F(ENTITY_TERM, "term", FORM_DATE, "营业期限至", "term of business until") \
	F(ENTITY_POOLS, "pools", FORM_LIST, "专项库", "special pools") \
	F(ENTITY_ACTIVE, "active", FORM_FLAG, "是否有效", "in force") \
	F(ENTITY_INDUSTRY_TEXT, "industry_text", FORM_TEXT, "行业名称", "industry as written")

#define FACTS_OF_INSPECTOR(F) \
	F(INSPECTOR_KEY, "inspector", FORM_TEXT, "执法人员编号", "inspector") \
	F(INSPECTOR_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(INSPECTOR_NAME, "name", FORM_TEXT, "姓名", "name") \
	F(INSPECTOR_CERTIFICATE_NO, "certificate_no", FORM_TEXT, "执法证编号", "certificate number") \
	F(INSPECTOR_CERTIFICATE, "certificate", FORM_DATE, "执法证有效期至", "certificate until") \
	F(INSPECTOR_REGIONS, "regions", FORM_LIST, "地区/片区", "regions") \
	F(INSPECTOR_ITEMS, "items", FORM_LIST, "执法事项清单范围", "items") \
	F(INSPECTOR_LEAVE, "leave", FORM_LIST, "请假", "leave") \
	F(INSPECTOR_LIMIT, "lim", FORM_NUMBER, "每轮上限", "visits a round at most") \
	F(INSPECTOR_ACTIVE, "active", FORM_FLAG, "岗位状态", "in service") \
	F(INSPECTOR_UNIT, "unit", FORM_TEXT, "单位", "unit") \
	F(INSPECTOR_SEX, "sex", FORM_TOKEN, "性别", "sex") \
	F(INSPECTOR_LEVEL, "level", FORM_TOKEN, "层级", "level") \
	F(INSPECTOR_DUTY, "duty", FORM_TEXT, "职务", "duty") \
	F(INSPECTOR_POST, "post", FORM_TEXT, "岗位大类", "post") \
	F(INSPECTOR_MAJOR, "major", FORM_TEXT, "专业", "field of study") \
	F(INSPECTOR_EDUCATION, "education", FORM_TOKEN, "学历", "education") \
	F(INSPECTOR_TITLE, "title", FORM_TEXT, "职称", "title") \
	F(INSPECTOR_WORK_NO, "work_no", FORM_TEXT, "单位工号", "number in the unit") \
	F(INSPECTOR_EXPERT, "expert", FORM_FLAG, "是否专家", "expert") \
	F(INSPECTOR_PROVINCE_NO, "province_certificate_no", FORM_TEXT, "省政府证编号", "provincial certificate number") \
	F(INSPECTOR_PROVINCE, "province_certificate", FORM_DATE, "省政府证有效期至", "provincial certificate until") \
	F(INSPECTOR_SPECIALTIES, "specialties", FORM_LIST, "业务专长", "specialties") \
	F(INSPECTOR_ID_NO, "id_no", FORM_PERSONAL, "身份证号", "citizen ID") \
	F(INSPECTOR_PHONE, "phone", FORM_PERSONAL, "联系电话", "telephone") \
	F(INSPECTOR_BORN, "born", FORM_PERSONAL, "出生日期", "born")

#define FACTS_OF_RECUSAL(F) \
	F(RECUSAL_KEY, "id", FORM_TEXT, "编号", "id") \
	F(RECUSAL_INSPECTOR, "inspector", FORM_TEXT, "执法人员编号", "inspector") \
	F(RECUSAL_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(RECUSAL_CERTIFICATE_NO, "certificate_no", FORM_TEXT, "执法证编号", "certificate number") \
	F(RECUSAL_SUBJECT, "subject", FORM_CODE, "统一社会信用代码", "subject") \
	F(RECUSAL_GROUND, "ground", FORM_TEXT, "回避事由", "ground") \
	F(RECUSAL_SINCE, "since", FORM_DATE, "起始日期", "since") \
	F(RECUSAL_KIND, "kind", FORM_TOKEN, "回避类型", "kind of recusal")

#define FACTS_OF_EXPERT(F) \
	F(EXPERT_ID, "id", FORM_TEXT, "编号", "id") \
	F(EXPERT_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(EXPERT_NAME, "name", FORM_TEXT, "姓名", "name") \
	F(EXPERT_UNIT, "unit", FORM_TEXT, "工作单位", "unit") \
	F(EXPERT_FIELD, "field", FORM_TEXT, "专业领域", "field") \
	F(EXPERT_TITLE, "title", FORM_TEXT, "职称", "title") \
	F(EXPERT_FROM, "from_date", FORM_DATE, "聘用起始日期", "from") \
	F(EXPERT_UNTIL, "until", FORM_DATE, "聘用截止日期", "until") \
	F(EXPERT_PHONE, "phone", FORM_PERSONAL, "联系电话", "telephone") \
	F(EXPERT_ID_NO, "id_no", FORM_PERSONAL, "身份证号", "citizen ID") \
	F(EXPERT_ACTIVE, "active", FORM_FLAG, "是否有效", "in force")

#define FACTS_OF_AGENCY(F) \
	F(AGENCY_ID, "id", FORM_CODE, "统一社会信用代码", "USCC") \
	F(AGENCY_NAME, "name", FORM_TEXT, "机构名称", "name") \
	F(AGENCY_FIELD, "field", FORM_TEXT, "专业领域", "field") \
	F(AGENCY_QUALIFICATION, "qualification", FORM_TEXT, "资质", "qualification") \
	F(AGENCY_CERTIFICATE_NO, "certificate_no", FORM_TEXT, "资质证书编号", "certificate number") \
	F(AGENCY_UNTIL, "until", FORM_DATE, "资质有效期至", "valid until") \
	F(AGENCY_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(AGENCY_ADDRESS, "address", FORM_TEXT, "地址", "address") \
	F(AGENCY_PHONE, "phone", FORM_PERSONAL, "联系电话", "telephone")

#define FACTS_OF_AUTHORITY(F) \
	F(AUTHORITY_ID, "id", FORM_TOKEN, "部门代码", "id") \
	F(AUTHORITY_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(AUTHORITY_NAME, "name", FORM_TEXT, "主体名称", "name") \
	F(AUTHORITY_KIND, "kind", FORM_TOKEN, "主体类别", "kind of authority") \
	F(AUTHORITY_BASIS, "basis", FORM_TEXT, "执法依据", "legal basis") \
	F(AUTHORITY_REGION, "region", FORM_TEXT, "执法区域", "region") \
	F(AUTHORITY_PUBLISHED, "published", FORM_DATE, "公示日期", "published") \
	F(AUTHORITY_URL, "url", FORM_TEXT, "公示网址", "published at") \
	F(AUTHORITY_FROM, "from_date", FORM_DATE, "起始日期", "from") \
	F(AUTHORITY_UNTIL, "until", FORM_DATE, "截止日期", "until")

#define FACTS_OF_ITEM(F) \
	F(ITEM_ID, "id", FORM_TEXT, "事项编号", "id") \
	F(ITEM_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(ITEM_UNIT, "unit", FORM_TEXT, "编制单位", "issuing unit") \
	F(ITEM_NUMBER, "number", FORM_TEXT, "序号", "number") \
	F(ITEM_CATEGORY, "category", FORM_TEXT, "抽查类别", "category") \
	F(ITEM_NAME, "name", FORM_TEXT, "抽查事项", "item") \
	F(ITEM_OBJECT, "object", FORM_TEXT, "检查对象", "objects") \
	F(ITEM_GRADE, "grade", FORM_TOKEN, "事项类别", "general or key") \
	F(ITEM_METHODS, "methods", FORM_TEXT, "检查方式", "methods") \
	F(ITEM_BODY, "body", FORM_TEXT, "检查主体", "inspecting body") \
	F(ITEM_LEVEL, "level", FORM_LIST, "层级", "levels") \
	F(ITEM_BASIS, "basis", FORM_TEXT, "检查依据", "legal basis") \
	F(ITEM_CONTENT, "content", FORM_TEXT, "检查内容", "content") \
	F(ITEM_STANDARD, "standard", FORM_TEXT, "检查标准", "standard") \
	F(ITEM_RATIO, "ratio", FORM_TEXT, "抽查比例", "ratio") \
	F(ITEM_FREQUENCY, "frequency", FORM_TEXT, "抽查频次", "frequency") \
	F(ITEM_STAFF, "staff", FORM_TEXT, "检查人员要求", "requirements on staff") \
	F(ITEM_OFFICE, "office", FORM_TEXT, "责任处室", "office") \
	F(ITEM_SAFETY, "safety", FORM_FLAG, "涉及安全", "touches safety") \
	F(ITEM_FIELD, "field", FORM_TEXT, "抽查领域", "field") \
	F(ITEM_FROM, "from_date", FORM_DATE, "生效日期", "from") \
	F(ITEM_UNTIL, "until", FORM_DATE, "失效日期", "until")

#define FACTS_OF_JOINT(F) \
	F(JOINT_ID, "id", FORM_TEXT, "事项编号", "id") \
	F(JOINT_NUMBER, "number", FORM_TEXT, "序号", "number") \
	F(JOINT_FIELD, "field", FORM_TEXT, "抽查领域", "field") \
	F(JOINT_NAME, "name", FORM_TEXT, "抽查事项", "item") \
	F(JOINT_OBJECT, "object", FORM_TEXT, "检查对象", "objects") \
	F(JOINT_LEAD, "lead", FORM_TEXT, "发起部门", "lead department") \
	F(JOINT_PARTNERS, "partners", FORM_TEXT, "配合部门", "partner departments") \
	F(JOINT_BASIS, "basis", FORM_TEXT, "检查依据", "legal basis") \
	F(JOINT_GRADE, "grade", FORM_TOKEN, "事项类别", "general or key") \
	F(JOINT_LEVEL, "level", FORM_LIST, "层级", "levels") \
	F(JOINT_FROM, "from_date", FORM_DATE, "生效日期", "from") \
	F(JOINT_UNTIL, "until", FORM_DATE, "失效日期", "until")

#define FACTS_OF_CHECKLIST(F) \
	F(CHECKLIST_ID, "id", FORM_TEXT, "编号", "id") \
	F(CHECKLIST_ITEM, "item", FORM_TEXT, "事项编号", "item") \
	F(CHECKLIST_NUMBER, "number", FORM_TEXT, "序号", "number") \
	F(CHECKLIST_CONTENT, "content", FORM_TEXT, "检查内容", "content") \
	F(CHECKLIST_STANDARD, "standard", FORM_TEXT, "检查标准", "standard") \
	F(CHECKLIST_METHOD, "method", FORM_TEXT, "检查方法", "method") \
	F(CHECKLIST_BASIS, "basis", FORM_TEXT, "检查依据", "legal basis")

#define FACTS_OF_REGION(F) \
	F(REGION_ID, "id", FORM_TEXT, "编号", "id") \
	F(REGION_CODE, "code", FORM_TEXT, "区划代码", "code") \
	F(REGION_NAME, "name", FORM_TEXT, "区划名称", "name") \
	F(REGION_LEVEL, "level", FORM_TOKEN, "级别", "level") \
	F(REGION_PARENT, "parent", FORM_TEXT, "上级区划", "parent") \
	F(REGION_FROM, "from_date", FORM_DATE, "启用日期", "from") \
	F(REGION_UNTIL, "until", FORM_DATE, "停用日期", "until") \
	F(REGION_SUCCESSOR, "successor", FORM_TEXT, "变更后代码", "successor")

#define FACTS_OF_CALENDAR(F) \
	F(CALENDAR_ID, "id", FORM_DATE, "编号", "id") \
	F(CALENDAR_DATE, "date", FORM_DATE, "日期", "date") \
	F(CALENDAR_WORKING, "working", FORM_FLAG, "是否工作日", "working day") \
	F(CALENDAR_NAME, "name", FORM_TEXT, "节日名称", "name")

#define FACTS_OF_LABEL(F) \
	F(LABEL_ID, "id", FORM_TEXT, "编号", "id") \
	F(LABEL_OBJECT, "object", FORM_CODE, "检查对象编号", "object") \
	F(LABEL_LABEL, "label", FORM_TOKEN, "标签", "label") \
	F(LABEL_FROM, "from_date", FORM_DATE, "起始日期", "from") \
	F(LABEL_UNTIL, "until", FORM_DATE, "截止日期", "until") \
	F(LABEL_BASIS, "basis", FORM_TEXT, "依据", "basis")

#define FACTS_OF_LISTING(F) \
	F(LISTING_ID, "id", FORM_TEXT, "编号", "id") \
	F(LISTING_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(LISTING_NAME, "name", FORM_TEXT, "名称", "name") \
	F(LISTING_LIST, "list", FORM_TOKEN, "名单", "list") \
	F(LISTING_FROM, "from_date", FORM_DATE, "列入日期", "from") \
	F(LISTING_UNTIL, "until", FORM_DATE, "截止日期", "until") \
	F(LISTING_REMOVED, "removed", FORM_DATE, "移出日期", "removed") \
	F(LISTING_REASON, "reason", FORM_TEXT, "列入原因", "reason") \
	F(LISTING_AUTHORITY, "authority", FORM_TEXT, "决定机关", "authority") \
	F(LISTING_DOCUMENT, "document", FORM_TEXT, "决定文书号", "document")

#define FACTS_OF_COMMITMENT(F) \
	F(COMMITMENT_ID, "id", FORM_TEXT, "编号", "id") \
	F(COMMITMENT_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(COMMITMENT_KIND, "kind", FORM_TOKEN, "承诺类型", "kind of commitment") \
	F(COMMITMENT_CONTENT, "content", FORM_TEXT, "承诺内容", "content") \
	F(COMMITMENT_DATE, "date", FORM_DATE, "承诺日期", "date") \
	F(COMMITMENT_OUTCOME, "outcome", FORM_TOKEN, "履行情况", "outcome") \
	F(COMMITMENT_CHECKED, "checked", FORM_DATE, "核查日期", "checked") \
	F(COMMITMENT_AUTHORITY, "authority", FORM_TEXT, "受理机关", "authority") \
	F(COMMITMENT_DOCUMENT, "document", FORM_TEXT, "文书号", "document")

#define FACTS_OF_DECLARATION(F) \
	F(DECLARATION_ID, "id", FORM_TEXT, "编号", "id") \
	F(DECLARATION_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(DECLARATION_FIELD, "field", FORM_TEXT, "申报项目", "field") \
	F(DECLARATION_VALUE, "value", FORM_TEXT, "申报内容", "value") \
	F(DECLARATION_DATE, "date", FORM_DATE, "申报日期", "date") \
	F(DECLARATION_VERIFIED, "verified", FORM_FLAG, "是否核实", "verified") \
	F(DECLARATION_VERIFIED_BY, "verified_by", FORM_TEXT, "核实部门", "verified by") \
	F(DECLARATION_VERIFIED_ON, "verified_on", FORM_DATE, "核实日期", "verified on")

#define FACTS_OF_EVENT(F) \
	F(EVENT_ID, "id", FORM_TEXT, "编号", "id") \
	F(EVENT_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(EVENT_OBJECT, "object", FORM_CODE, "检查对象编号", "object") \
	F(EVENT_KIND, "kind", FORM_TOKEN, "事件类型", "kind of event") \
	F(EVENT_FIELD, "field", FORM_TEXT, "监管领域", "field") \
	F(EVENT_DATE, "date", FORM_DATE, "发生日期", "date") \
	F(EVENT_AUTHORITY, "authority", FORM_TEXT, "认定机关", "authority") \
	F(EVENT_DOCUMENT, "document", FORM_TEXT, "文书号", "document") \
	F(EVENT_CONTENT, "content", FORM_TEXT, "事件内容", "content") \
	F(EVENT_AMOUNT, "amount", FORM_NUMBER, "金额", "amount, fen") \
	F(EVENT_ENDS, "ends", FORM_DATE, "公示截止日期", "published until") \
	F(EVENT_REPAIRED, "repaired", FORM_DATE, "信用修复日期", "credit repaired")

#define FACTS_OF_PERMIT(F) \
	F(PERMIT_ID, "id", FORM_TEXT, "编号", "id") \
	F(PERMIT_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(PERMIT_OBJECT, "object", FORM_CODE, "检查对象编号", "object") \
	F(PERMIT_NAME, "name", FORM_TEXT, "许可证名称", "name") \
	F(PERMIT_NUMBER, "number", FORM_TEXT, "许可证编号", "number") \
	F(PERMIT_FROM, "from_date", FORM_DATE, "核准日期", "from") \
	F(PERMIT_UNTIL, "until", FORM_DATE, "有效期至", "until") \
	F(PERMIT_AUTHORITY, "authority", FORM_TEXT, "发证机关", "authority") \
	F(PERMIT_STATE, "state", FORM_TOKEN, "许可状态", "state")

#define FACTS_OF_CHECK(F) \
	F(CHECK_ID, "id", FORM_TEXT, "编号", "id") \
	F(CHECK_OBJECT, "object", FORM_CODE, "检查对象编号", "object") \
	F(CHECK_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(CHECK_DATE, "date", FORM_DATE, "检查日期", "date") \
	F(CHECK_DEPARTMENT, "department", FORM_TOKEN, "部门", "department") \
	F(CHECK_AUTHORITY, "authority", FORM_TEXT, "检查机关", "authority") \
	F(CHECK_ITEM, "item", FORM_TEXT, "检查事项", "item") \
	F(CHECK_RESULT, "result", FORM_TEXT, "检查结果", "result") \
	F(CHECK_MODE, "mode", FORM_TOKEN, "检查方式", "mode") \
	F(CHECK_CAUSE, "cause", FORM_FLAG, "有因检查", "for cause") \
	F(CHECK_INSPECTORS, "inspectors", FORM_TEXT, "检查人员", "inspectors")

#define FACTS_OF_SUCCESSION(F) \
	F(SUCCESSION_ID, "id", FORM_TEXT, "编号", "id") \
	F(SUCCESSION_OLD, "old", FORM_CODE, "变更前代码", "old code") \
	F(SUCCESSION_NEW, "new", FORM_CODE, "变更后代码", "new code") \
	F(SUCCESSION_KIND, "kind", FORM_TOKEN, "变更类型", "kind of succession") \
	F(SUCCESSION_DATE, "date", FORM_DATE, "变更日期", "date") \
	F(SUCCESSION_REASON, "reason", FORM_TEXT, "变更原因", "reason") \
	F(SUCCESSION_DOCUMENT, "document", FORM_TEXT, "文书号", "document")

#define FACTS_OF_EXCEPTION(F) \
	F(EXCEPTION_ID, "id", FORM_CODE, "编号", "id") \
	F(EXCEPTION_CODE, "code", FORM_CODE, "统一社会信用代码", "USCC") \
	F(EXCEPTION_NAME, "name", FORM_TEXT, "名称", "name") \
	F(EXCEPTION_REASON, "reason", FORM_TEXT, "例外原因", "reason") \
	F(EXCEPTION_DOCUMENT, "document", FORM_TEXT, "证明文书", "document") \
	F(EXCEPTION_DATE, "date", FORM_DATE, "登记日期", "date")

#define FACTS_OF_GRADE(F) \
	F(GRADE_ID, "id", FORM_TEXT, "编号", "id") \
	F(GRADE_ENTITY, "entity", FORM_CODE, "统一社会信用代码", "USCC") \
	F(GRADE_SOURCE, "source", FORM_TOKEN, "分级来源", "who graded (source of the risk model)") \
	F(GRADE_FIELD, "field", FORM_TOKEN, "专业领域", "professional field; empty: that of the source") \
	F(GRADE_SCALE, "scale", FORM_TOKEN, "分级标准", "scale; empty: that of the source") \
	F(GRADE_VALUE, "value", FORM_TEXT, "分级结果", "grade as it was given") \
	F(GRADE_DATE, "date", FORM_DATE, "评定日期", "date") \
	F(GRADE_UNTIL, "until", FORM_DATE, "有效期至", "valid until") \
	F(GRADE_AUTHORITY, "authority", FORM_TEXT, "评定机关", "authority") \
	F(GRADE_DOCUMENT, "document", FORM_TEXT, "文书号", "document")

/* clang-format on */

#define FACT_ENUM(id, name, form, zh, en) id,

enum entity_fact_id { FACTS_OF_ENTITY(FACT_ENUM) ENTITY_FACTS };
enum inspector_fact_id { FACTS_OF_INSPECTOR(FACT_ENUM) INSPECTOR_FACTS };
enum recusal_fact_id { FACTS_OF_RECUSAL(FACT_ENUM) RECUSAL_FACTS };
enum expert_fact_id { FACTS_OF_EXPERT(FACT_ENUM) EXPERT_FACTS };
enum agency_fact_id { FACTS_OF_AGENCY(FACT_ENUM) AGENCY_FACTS };
enum authority_fact_id { FACTS_OF_AUTHORITY(FACT_ENUM) AUTHORITY_FACTS };
enum item_fact_id { FACTS_OF_ITEM(FACT_ENUM) ITEM_FACTS };
enum joint_fact_id { FACTS_OF_JOINT(FACT_ENUM) JOINT_FACTS };
enum checklist_fact_id { FACTS_OF_CHECKLIST(FACT_ENUM) CHECKLIST_FACTS };
enum region_fact_id { FACTS_OF_REGION(FACT_ENUM) REGION_FACTS };
enum calendar_fact_id { FACTS_OF_CALENDAR(FACT_ENUM) CALENDAR_FACTS };
enum label_fact_id { FACTS_OF_LABEL(FACT_ENUM) LABEL_FACTS };
enum listing_fact_id { FACTS_OF_LISTING(FACT_ENUM) LISTING_FACTS };
enum commitment_fact_id { FACTS_OF_COMMITMENT(FACT_ENUM) COMMITMENT_FACTS };
enum declaration_fact_id { FACTS_OF_DECLARATION(FACT_ENUM) DECLARATION_FACTS };
enum event_fact_id { FACTS_OF_EVENT(FACT_ENUM) EVENT_FACTS };
enum permit_fact_id { FACTS_OF_PERMIT(FACT_ENUM) PERMIT_FACTS };
enum check_fact_id { FACTS_OF_CHECK(FACT_ENUM) CHECK_FACTS };
enum succession_fact_id { FACTS_OF_SUCCESSION(FACT_ENUM) SUCCESSION_FACTS };
enum exception_fact_id { FACTS_OF_EXCEPTION(FACT_ENUM) EXCEPTION_FACTS };
enum grade_fact_id { FACTS_OF_GRADE(FACT_ENUM) GRADE_FACTS };

enum { FACTS_MAX = 40 }; /* no register has more */

#endif
