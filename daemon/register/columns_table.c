/* The columns of every register. */
#include <stddef.h>

#include "daemon/register/cell.h"
#include "daemon/register/columns.h"

/* What cannot be read in such a column is left out and said; the row goes in. */
#define SOFT         .soft = true
#define WORDS(table) .words = (table)
#define FREE         .words = NULL
/* The integers that are kept of it, as people read them. */
#define DEGREES .unit = UNIT_DEGREES
#define YUAN    .unit = UNIT_YUAN
#define WAN     .unit = UNIT_WAN

/* Names that many registers share. */
#define CODE_NAMES \
	"社会信用代码|信用代码|统一信用代码|统一代码|统一社会信用代码/注册号|主体代码|uscc"
#define REGNO_NAMES      "工商注册号|营业执照注册号|营业执照号|注册号/统一社会信用代码"
#define OBJECT_NAMES     "对象编号|object"
#define UNIT_NAMES       "所属单位|工作单位|执法单位|单位名称"
#define DEPARTMENT_NAMES "所属部门|部门代码|执法部门|部门名称|department"
#define CERTIFICATE_NAMES \
	"执法证号|行政执法证号|行政执法证编号|执法证件号|证件编号|证号|certificate"
#define PHONE_NAMES   "电话|手机|手机号|手机号码|联系方式|移动电话|phone"
#define CITIZEN_NAMES "身份证号码|公民身份号码|身份证|身份证件号码|id_no"
#define BASIS_NAMES   "抽查依据|法律依据|法定依据|设定依据|检查依据(法律法规)|basis"
#define UNTIL_NAMES   "有效期截止日期|结束日期|终止日期|until"
#define FROM_NAMES    "开始日期|from_date|from"

/* The code of an entity, in the order in which its names are asked for. */
#define CODE_COLUMNS(id) \
	{ id, "统一社会信用代码", CODE_NAMES, -1, cell_uscc, FREE }, \
		{ id, "注册号", REGNO_NAMES, -1, cell_regno, FREE }, \
	{ \
		id, "检查对象编号", OBJECT_NAMES, -1, cell_object, FREE \
	}

static const struct column table[] = {
/* 检查对象名录库 */
#define ID REGISTER_ENTITIES
	{ ID, "统一社会信用代码", CODE_NAMES, -1, cell_uscc, FREE },
	{ ID, "注册号", REGNO_NAMES, ENTITY_REG_NO, cell_regno, FREE },
	{ ID, "检查对象编号", OBJECT_NAMES, ENTITY_OBJECT, cell_object, FREE },
	{ ID, "场所序号", "经营场所序号|检查对象序号|分场所序号", -1, cell_premises, FREE },
	{ ID, "名称",
		"企业名称|主体名称|经营主体名称|市场主体名称|单位名称|检查对象名称|检查对象|商户名称|机构名称|字号名称|被检查单位|name",
		ENTITY_NAME, cell_name, FREE },
	{ ID, "主体类型", "主体类型大类|经营主体类型|市场主体类型|kind", ENTITY_KIND, cell_kind,
		WORDS(words_kind) },
	{ ID, "企业类型", "企业(机构)类型|公司类型|类型|主体类型小类|type", ENTITY_TYPE, cell_type,
		FREE },
	{ ID, "对象类别", "检查对象类别|对象类型|检查对象类型|category", ENTITY_CATEGORY,
		cell_words, WORDS(words_category) },
	{ ID, "成立日期",
		"注册日期|登记日期|成立时间|注册时间|设立日期|开业日期|核准设立日期|established",
		ENTITY_ESTABLISHED, cell_day, FREE },
	{ ID, "登记状态", "经营状态|企业状态|主体状态|存续状态|状态|status", ENTITY_STATUS,
		cell_status, WORDS(words_status) },
	{ ID, "状态日期",
		"状态起始日期|注销日期|吊销日期|注销/吊销日期|注吊销日期|迁出日期|歇业日期|歇业起始日期|since",
		ENTITY_SINCE, cell_day, FREE },
	{ ID, "住所",
		"地址|注册地址|住所(经营场所)|住所/经营地址|经营场所|经营地址|主要经营场所|生产经营地址|住所地址|address",
		ENTITY_ADDRESS, cell_text, FREE },
	{ ID, "经营范围", "业务范围|经营(业务)范围|许可经营项目|scope", ENTITY_SCOPE, cell_long,
		FREE },
	{ ID, "行业", "行业代码|行业门类|所属行业|行业分类|国民经济行业|国民经济行业代码|industry",
		ENTITY_INDUSTRY, cell_industry, FREE },
	{ ID, "行业名称", "行业描述|industry_text", ENTITY_INDUSTRY_TEXT, cell_text, FREE },
	{ ID, "行政区划",
		"行政区划代码|区划代码|区划|所属区划|地区代码|属地代码|街道代码|网格代码|region",
		ENTITY_REGION, cell_region, FREE },
	{ ID, "标签", "分类标签|labels", ENTITY_LABELS, cell_labels, FREE },
	{ ID, "专项库", "专项库编码|专项库名称|pools", ENTITY_POOLS, cell_members, FREE },
	{ ID, "上次检查日期", "最近检查日期|最近一次检查日期|上次抽查日期|检查记录|checked",
		ENTITY_CHECKED, cell_checked, FREE },
	{ ID, "信用风险等级",
		"风险等级|信用等级|信用风险分类|信用风险分类等级|信用风险分类结果|风险分类等级|企业信用风险等级|风险分类|风险类别|class",
		ENTITY_CLASS, cell_class, WORDS(words_class) },
	{ ID, "经度", "东经|lon|lng|longitude", ENTITY_X, cell_longitude, FREE, DEGREES },
	{ ID, "纬度", "北纬|lat|latitude", ENTITY_Y, cell_latitude, FREE, DEGREES },
	{ ID, "经度(微度)", "经度（微度）", ENTITY_X, cell_micro, FREE, DEGREES },
	{ ID, "纬度(微度)", "纬度（微度）", ENTITY_Y, cell_micro, FREE, DEGREES },
	{ ID, "坐标", "经纬度|坐标(经度,纬度)", ENTITY_X, cell_place, FREE, DEGREES },
	{ ID, "主体身份代码", "PriPID|主体身份码", ENTITY_PRIPID, cell_foreign, FREE },
	{ ID, "登记机关", "核准机关|authority", ENTITY_AUTHORITY, cell_text, FREE },
	{ ID, "管辖单位", "属地监管机关|监管所|管辖所|管辖机关|监管机关|属地监管所|station",
		ENTITY_STATION, cell_text, FREE },
	{ ID, "注册资本(万元)", "注册资金(万元)|注册资本(万)|注册资本(金)(万元)", ENTITY_CAPITAL,
		cell_money_wan, SOFT, WAN },
	{ ID, "注册资本(元)", "注册资金(元)", ENTITY_CAPITAL, cell_money_yuan, SOFT, YUAN },
	{ ID, "注册资本", "注册资金|注册资本(金)|capital", ENTITY_CAPITAL, cell_capital, SOFT,
		WAN },
	{ ID, "注册资本(分)", "注册资本（分）", ENTITY_CAPITAL, cell_money_fen, SOFT, WAN },
	{ ID, "实缴资本(分)", "实缴资本（分）", ENTITY_PAID, cell_money_fen, SOFT, WAN },
	{ ID, "实缴资本(万元)", "实收资本(万元)|实缴(万元)", ENTITY_PAID, cell_money_wan, SOFT,
		WAN },
	{ ID, "实缴资本(元)", "实收资本(元)", ENTITY_PAID, cell_money_yuan, SOFT, YUAN },
	{ ID, "实缴资本", "实收资本|paid", ENTITY_PAID, cell_capital, SOFT, WAN },
	{ ID, "法定代表人", "负责人|经营者|投资人|法人|法人代表|法定代表人(负责人)|legal_person",
		ENTITY_LEGAL_PERSON, cell_name, FREE },
	{ ID, "联络员", "联系人|liaison", ENTITY_LIAISON, cell_personal, SOFT },
	{ ID, "联系电话", PHONE_NAMES, ENTITY_PHONE, cell_phone, SOFT },
	{ ID, "核准日期", "核准时间|发照日期|approved", ENTITY_APPROVED, cell_day, SOFT },
	{ ID, "营业期限至", "营业期限|经营期限|经营期限至|营业期限止|term", ENTITY_TERM, cell_until,
		SOFT },
	{ ID, "是否有效", "有效|active", ENTITY_ACTIVE, cell_words, WORDS(words_flag), SOFT },
	{ ID, "序号", "编号|备注|规则标签|实缴制|币种|有无处罚|有无异常|有无预警", -1, NULL, FREE },
	{ ID, "许可证名称", "许可证编号|许可证有效期至|许可证有效期|发证机关|许可证", -1, NULL,
		FREE },
#undef ID

/* 执法检查人员名录库 */
#define ID REGISTER_INSPECTORS
	{ ID, "姓名", "执法人员姓名|检查人员姓名|人员姓名|name", INSPECTOR_NAME, cell_name, FREE },
	{ ID, "单位", UNIT_NAMES "|执法主体", INSPECTOR_UNIT, cell_unit, FREE },
	{ ID, "部门", DEPARTMENT_NAMES, -1, cell_department, FREE },
	{ ID, "执法证编号", CERTIFICATE_NAMES, INSPECTOR_CERTIFICATE_NO, cell_certificate_no,
		FREE },
	{ ID, "执法证有效期至", "执法证有效期|有效期至|有效期|证件有效期|证件有效期至",
		INSPECTOR_CERTIFICATE, cell_until, FREE },
	{ ID, "省政府证编号", "省政府执法证编号|省证编号|省执法证编号", INSPECTOR_PROVINCE_NO,
		cell_certificate_no, SOFT },
	{ ID, "省政府证有效期至", "省政府证有效期|省证有效期至|省证有效期", INSPECTOR_PROVINCE,
		cell_until, SOFT },
	{ ID, "地区/片区", "地区|片区|辖区|执法区域|管辖区域|区域|地区片区|regions",
		INSPECTOR_REGIONS, cell_regions, FREE },
	{ ID, "执法事项清单范围", "执法事项范围|执法事项|可执法事项|事项范围|items",
		INSPECTOR_ITEMS, cell_items, FREE },
	{ ID, "请假", "休假|请假期间|请假日期|leave", INSPECTOR_LEAVE, cell_leave, FREE },
	{ ID, "每轮上限", "任务上限|检查上限|limit", INSPECTOR_LIMIT, cell_limit, FREE },
	{ ID, "岗位状态", "在岗状态|人员状态|状态|active", INSPECTOR_ACTIVE, cell_words,
		WORDS(words_active) },
	{ ID, "是否专家", "专家|expert", INSPECTOR_EXPERT, cell_expert, WORDS(words_flag) },
	{ ID, "业务专长", "专长|特长|业务特长|specialties", INSPECTOR_SPECIALTIES, cell_members,
		FREE },
	{ ID, "性别", "sex", INSPECTOR_SEX, cell_words, WORDS(words_sex), SOFT },
	{ ID, "层级", "执法层级|级别|level", INSPECTOR_LEVEL, cell_words, WORDS(words_level),
		SOFT },
	{ ID, "职务", "行政职务|duty", INSPECTOR_DUTY, cell_text, FREE },
	{ ID, "岗位大类", "岗位|岗位类别|post", INSPECTOR_POST, cell_text, FREE },
	{ ID, "专业", "所学专业|major", INSPECTOR_MAJOR, cell_text, FREE },
	{ ID, "学历", "文化程度|最高学历|education", INSPECTOR_EDUCATION, cell_words,
		WORDS(words_education), SOFT },
	{ ID, "职称", "技术职称|专业技术职称|title", INSPECTOR_TITLE, cell_text, FREE },
	{ ID, "单位工号", "工号|work_no", INSPECTOR_WORK_NO, cell_text, FREE },
	{ ID, "身份证号", CITIZEN_NAMES, INSPECTOR_ID_NO, cell_citizen, SOFT },
	{ ID, "联系电话", PHONE_NAMES, INSPECTOR_PHONE, cell_phone, SOFT },
	{ ID, "出生日期", "出生年月|生日|born", INSPECTOR_BORN, cell_born, SOFT },
	{ ID, "序号", "编号|备注|黑白名单|检查企业数量|学历/专业", -1, NULL, FREE },
#undef ID

/* 回避 */
#define ID REGISTER_RECUSALS
	{ ID, "执法证编号", CERTIFICATE_NAMES, RECUSAL_CERTIFICATE_NO, cell_certificate_no, FREE },
	{ ID, "执法人员编号", "人员编号|检查人员编号|inspector", RECUSAL_INSPECTOR, cell_inspector,
		FREE },
	{ ID, "单位", UNIT_NAMES, -1, cell_unit, FREE },
	{ ID, "部门", DEPARTMENT_NAMES, -1, cell_department, FREE },
	{ ID, "统一社会信用代码",
		"检查对象编号|对象编号|回避对象|信用代码|社会信用代码|uscc|subject",
		RECUSAL_SUBJECT, cell_subject, FREE },
	{ ID, "回避类型", "回避情形|类型|kind", RECUSAL_KIND, cell_words, WORDS(words_recusal),
		SOFT },
	{ ID, "回避事由", "回避原因|事由|原因|与当事人关系|关系|ground", RECUSAL_GROUND, cell_text,
		FREE },
	{ ID, "起始日期", "登记日期|申报日期|申请日期|日期|since", RECUSAL_SINCE, cell_day, FREE },
	{ ID, "序号", "姓名|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

/* 专家库 */
#define ID REGISTER_EXPERTS
	{ ID, "编号", "专家编号|id", EXPERT_ID, cell_id, FREE },
	{ ID, "部门", DEPARTMENT_NAMES, EXPERT_DEPARTMENT, cell_department, FREE },
	{ ID, "姓名", "专家姓名|name", EXPERT_NAME, cell_name, FREE },
	{ ID, "工作单位", "单位|所在单位|所属单位|单位名称|unit", EXPERT_UNIT, cell_text, FREE },
	{ ID, "专业领域", "专业|领域|研究方向|擅长领域|field", EXPERT_FIELD, cell_text, FREE },
	{ ID, "职称", "技术职称|职务|title", EXPERT_TITLE, cell_text, FREE },
	{ ID, "聘用起始日期", "聘任日期|聘用日期|" FROM_NAMES, EXPERT_FROM, cell_day, FREE },
	{ ID, "聘用截止日期", "聘期至|聘任截止日期|有效期至|" UNTIL_NAMES, EXPERT_UNTIL, cell_until,
		FREE },
	{ ID, "联系电话", PHONE_NAMES, EXPERT_PHONE, cell_phone, SOFT },
	{ ID, "身份证号", CITIZEN_NAMES, EXPERT_ID_NO, cell_citizen, SOFT },
	{ ID, "是否有效", "状态|在聘|是否在聘|active", EXPERT_ACTIVE, cell_words,
		WORDS(words_valid) },
	{ ID, "序号", "备注|性别", -1, NULL, FREE },
#undef ID

/* 专业机构 */
#define ID REGISTER_AGENCIES
	{ ID, "统一社会信用代码", CODE_NAMES, AGENCY_ID, cell_uscc, FREE },
	{ ID, "机构名称", "名称|单位名称|企业名称|name", AGENCY_NAME, cell_name, FREE },
	{ ID, "专业领域", "领域|业务领域|检验检测领域|field", AGENCY_FIELD, cell_text, FREE },
	{ ID, "资质", "资质名称|资质类别|qualification", AGENCY_QUALIFICATION, cell_text, FREE },
	{ ID, "资质证书编号", "证书编号|资质编号|certificate_no", AGENCY_CERTIFICATE_NO, cell_text,
		FREE },
	{ ID, "资质有效期至", "有效期至|证书有效期至|有效期|" UNTIL_NAMES, AGENCY_UNTIL, cell_until,
		FREE },
	{ ID, "部门", DEPARTMENT_NAMES, AGENCY_DEPARTMENT, cell_department, FREE },
	{ ID, "地址", "住所|机构地址|address", AGENCY_ADDRESS, cell_text, FREE },
	{ ID, "联系电话", PHONE_NAMES, AGENCY_PHONE, cell_phone, SOFT },
	{ ID, "序号", "编号|备注|联系人", -1, NULL, FREE },
#undef ID

/* 行政检查主体资格 */
#define ID REGISTER_AUTHORITIES
	{ ID, "部门", DEPARTMENT_NAMES, AUTHORITY_DEPARTMENT, cell_department, FREE },
	{ ID, "主体名称",
		"执法主体名称|执法主体|行政检查主体|行政检查主体名称|机关名称|单位|单位名称|name",
		AUTHORITY_NAME, cell_unit, FREE },
	{ ID, "主体类别", "主体性质|主体类型|执法主体类别|类别|kind", AUTHORITY_KIND, cell_words,
		WORDS(words_authority) },
	{ ID, "执法依据", "主体依据|授权依据|委托依据|检查依据|" BASIS_NAMES, AUTHORITY_BASIS,
		cell_long, FREE },
	{ ID, "执法区域", "管辖区域|行政区划|区域|region", AUTHORITY_REGION, cell_region, SOFT },
	{ ID, "公示日期", "公布日期|公告日期|published", AUTHORITY_PUBLISHED, cell_day, FREE },
	{ ID, "公示网址", "公布网址|公示链接|网址|url", AUTHORITY_URL, cell_text, FREE },
	{ ID, "起始日期", "生效日期|" FROM_NAMES, AUTHORITY_FROM, cell_day, FREE },
	{ ID, "截止日期", "有效期至|失效日期|" UNTIL_NAMES, AUTHORITY_UNTIL, cell_until, FREE },
	{ ID, "序号", "编号|备注", -1, NULL, FREE },
#undef ID

/* 随机抽查事项清单 */
#define ID REGISTER_ITEMS
	{ ID, "事项编号", "抽查事项编号|事项编码|事项代码|id", ITEM_ID, cell_id, FREE },
	{ ID, "部门", DEPARTMENT_NAMES "|发起部门", ITEM_DEPARTMENT, cell_department, FREE },
	{ ID, "编制单位", "编制单位名称|单位|单位名称|编制部门|unit", ITEM_UNIT, cell_unit, FREE },
	{ ID, "序号", "编号|number", ITEM_NUMBER, cell_text, FREE },
	{ ID, "抽查类别", "抽查类型|检查类别|category", ITEM_CATEGORY, cell_long, FREE },
	{ ID, "抽查事项", "抽查事项名称|检查事项|事项名称|检查事项名称|name", ITEM_NAME, cell_long,
		FREE },
	{ ID, "检查对象", "抽查对象|检查对象范围|抽查对象范围|object", ITEM_OBJECT, cell_long,
		FREE },
	{ ID, "事项类别", "事项类型|事项性质|重点或一般|grade", ITEM_GRADE, cell_words,
		WORDS(words_grade) },
	{ ID, "检查方式", "抽查方式|检查方法|methods", ITEM_METHODS, cell_text, FREE },
	{ ID, "检查主体", "检查主体(层级)|抽查主体|实施主体|实施机关|body", ITEM_BODY, cell_text,
		FREE },
	{ ID, "层级", "检查层级|实施层级|level", ITEM_LEVEL, cell_levels, FREE },
	{ ID, "检查依据", BASIS_NAMES, ITEM_BASIS, cell_long, FREE },
	{ ID, "检查内容", "抽查内容|抽查内容及要求|检查内容及要求|content", ITEM_CONTENT, cell_long,
		FREE },
	{ ID, "检查标准", "标准|检查要求|standard", ITEM_STANDARD, cell_long, FREE },
	{ ID, "抽查比例", "比例|抽查比例(%)|ratio", ITEM_RATIO, cell_text, FREE },
	{ ID, "抽查频次", "频次|抽查频率|frequency", ITEM_FREQUENCY, cell_text, FREE },
	{ ID, "检查人员要求", "人员要求|staff", ITEM_STAFF, cell_text, FREE },
	{ ID, "责任处室", "责任科室|牵头处室|office", ITEM_OFFICE, cell_text, FREE },
	{ ID, "涉及安全", "涉及人身财产公共安全|是否涉及安全|安全事项|safety", ITEM_SAFETY,
		cell_words, WORDS(words_flag) },
	{ ID, "抽查领域", "领域|field", ITEM_FIELD, cell_text, FREE },
	{ ID, "生效日期", "起始日期|实施日期|" FROM_NAMES, ITEM_FROM, cell_day, FREE },
	{ ID, "失效日期", "截止日期|有效期至|" UNTIL_NAMES, ITEM_UNTIL, cell_until, FREE },
	{ ID, "备注", "有效|说明", -1, NULL, FREE },
#undef ID

/* 部门联合抽查事项清单 */
#define ID REGISTER_JOINT_ITEMS
	{ ID, "事项编号", "抽查事项编号|事项编码|事项代码|id", JOINT_ID, cell_id, FREE },
	{ ID, "序号", "编号|number", JOINT_NUMBER, cell_text, FREE },
	{ ID, "抽查领域", "领域|监管领域|field", JOINT_FIELD, cell_text, FREE },
	{ ID, "抽查事项", "抽查事项名称|检查事项|事项名称|name", JOINT_NAME, cell_long, FREE },
	{ ID, "检查对象", "抽查对象|检查对象范围|抽查对象范围|object", JOINT_OBJECT, cell_long,
		FREE },
	{ ID, "发起部门", "牵头部门|牵头单位|责任部门|lead", JOINT_LEAD, cell_text, FREE },
	{ ID, "配合部门", "参与部门|联合部门|配合单位|partners", JOINT_PARTNERS, cell_long, FREE },
	{ ID, "检查依据", BASIS_NAMES, JOINT_BASIS, cell_long, FREE },
	{ ID, "事项类别", "事项类型|事项性质|重点或一般|grade", JOINT_GRADE, cell_words,
		WORDS(words_grade) },
	{ ID, "层级", "检查层级|实施层级|检查主体|level", JOINT_LEVEL, cell_levels, FREE },
	{ ID, "生效日期", "起始日期|实施日期|" FROM_NAMES, JOINT_FROM, cell_day, FREE },
	{ ID, "失效日期", "截止日期|有效期至|" UNTIL_NAMES, JOINT_UNTIL, cell_until, FREE },
	{ ID, "备注", "说明", -1, NULL, FREE },
#undef ID

/* 检查内容与标准 */
#define ID REGISTER_CHECKLISTS
	{ ID, "编号", "id", CHECKLIST_ID, cell_id, FREE },
	{ ID, "事项编号", "抽查事项编号|事项编码|事项代码|抽查事项|检查事项|事项名称|item",
		CHECKLIST_ITEM, cell_long, FREE },
	{ ID, "序号", "number", CHECKLIST_NUMBER, cell_text, FREE },
	{ ID, "检查内容", "检查要点|检查项目|检查项|content", CHECKLIST_CONTENT, cell_long, FREE },
	{ ID, "检查标准", "标准|判定标准|合格标准|standard", CHECKLIST_STANDARD, cell_long, FREE },
	{ ID, "检查方法", "检查方式|方法|method", CHECKLIST_METHOD, cell_long, FREE },
	{ ID, "检查依据", BASIS_NAMES, CHECKLIST_BASIS, cell_long, FREE },
	{ ID, "备注", "说明", -1, NULL, FREE },
#undef ID

/* 行政区划 */
#define ID REGISTER_REGIONS
	{ ID, "区划代码", "行政区划代码|代码|行政区划|code", REGION_CODE, cell_region_code, FREE },
	{ ID, "区划名称", "行政区划名称|名称|name", REGION_NAME, cell_text, FREE },
	{ ID, "级别", "层级|行政级别|level", REGION_LEVEL, cell_words, WORDS(words_region) },
	{ ID, "上级区划", "上级代码|上级区划代码|areaCode|cityCode|provinceCode|parent",
		REGION_PARENT, cell_region_code, FREE },
	{ ID, "启用日期", "生效日期|起始日期|" FROM_NAMES, REGION_FROM, cell_day, FREE },
	{ ID, "停用日期", "失效日期|截止日期|撤销日期|变更日期|" UNTIL_NAMES, REGION_UNTIL,
		cell_day, FREE },
	{ ID, "变更后代码", "新代码|现行代码|变更后区划代码|successor", REGION_SUCCESSOR,
		cell_region_code, FREE },
	{ ID, "序号", "编号|备注", -1, NULL, FREE },
#undef ID

/* 工作日历 */
#define ID REGISTER_CALENDAR
	{ ID, "日期", "date", CALENDAR_DATE, cell_day, FREE },
	{ ID, "是否工作日", "工作日|类型|日期类型|working", CALENDAR_WORKING, cell_words,
		WORDS(words_working) },
	{ ID, "节日名称", "节假日|名称|说明|备注|name", CALENDAR_NAME, cell_text, FREE },
	{ ID, "序号", "星期|编号", -1, NULL, FREE },
#undef ID

	/* 标签 */
	CODE_COLUMNS(REGISTER_LABELS),
#define ID REGISTER_LABELS
	{ ID, "场所序号", "经营场所序号", -1, cell_premises, FREE },
	{ ID, "标签", "标签代码|label", LABEL_LABEL, cell_label, FREE },
	{ ID, "起始日期", "贴标日期|日期|" FROM_NAMES, LABEL_FROM, cell_day, FREE },
	{ ID, "截止日期", "有效期至|到期日期|" UNTIL_NAMES, LABEL_UNTIL, cell_until, FREE },
	{ ID, "依据", "贴标依据|原因|说明|basis", LABEL_BASIS, cell_long, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

	/* 名单 */
	CODE_COLUMNS(REGISTER_LISTINGS),
#define ID REGISTER_LISTINGS
	{ ID, "名称", "企业名称|主体名称|单位名称|name", LISTING_NAME, cell_name, FREE },
	{ ID, "名单", "名单类型|名单类别|名单名称|list", LISTING_LIST, cell_words,
		WORDS(words_listing) },
	{ ID, "列入日期", "列入时间|认定日期|起始日期|" FROM_NAMES, LISTING_FROM, cell_day, FREE },
	{ ID, "截止日期", "有效期至|公示期至|期限至|" UNTIL_NAMES, LISTING_UNTIL, cell_until,
		FREE },
	{ ID, "移出日期", "移出时间|退出日期|removed", LISTING_REMOVED, cell_day, FREE },
	{ ID, "列入原因", "列入事由|认定理由|原因|reason", LISTING_REASON, cell_long, FREE },
	{ ID, "决定机关", "列入机关|作出决定机关|认定机关|authority", LISTING_AUTHORITY, cell_text,
		FREE },
	{ ID, "决定文书号", "决定书文号|文号|文书号|document", LISTING_DOCUMENT, cell_text, FREE },
	{ ID, "序号", "编号|备注", -1, NULL, FREE },
#undef ID

	/* 信用承诺 */
	CODE_COLUMNS(REGISTER_COMMITMENTS),
#define ID REGISTER_COMMITMENTS
	{ ID, "承诺类型", "承诺类别|类型|kind", COMMITMENT_KIND, cell_words,
		WORDS(words_commitment) },
	{ ID, "承诺内容", "承诺事由|承诺事项|内容|content", COMMITMENT_CONTENT, cell_long, FREE },
	{ ID, "承诺日期", "承诺作出日期|作出日期|承诺时间|日期|date", COMMITMENT_DATE, cell_day,
		FREE },
	{ ID, "履行情况", "履约情况|承诺履行情况|履行状态|outcome", COMMITMENT_OUTCOME, cell_words,
		WORDS(words_outcome) },
	{ ID, "核查日期", "检查日期|核查时间|checked", COMMITMENT_CHECKED, cell_day, FREE },
	{ ID, "受理机关", "承诺受理单位|受理单位|受理部门|authority", COMMITMENT_AUTHORITY,
		cell_text, FREE },
	{ ID, "文书号", "承诺书编号|承诺编号|document", COMMITMENT_DOCUMENT, cell_text, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

	/* 自主申报 */
	CODE_COLUMNS(REGISTER_DECLARATIONS),
#define ID REGISTER_DECLARATIONS
	{ ID, "申报项目", "申报事项|项目|field", DECLARATION_FIELD, cell_text, FREE },
	{ ID, "申报内容", "申报值|内容|value", DECLARATION_VALUE, cell_long, FREE },
	{ ID, "申报日期", "填报日期|申报时间|日期|date", DECLARATION_DATE, cell_day, FREE },
	{ ID, "是否核实", "核实|已核实|verified", DECLARATION_VERIFIED, cell_words,
		WORDS(words_flag) },
	{ ID, "核实部门", "核实单位|核实人|verified_by", DECLARATION_VERIFIED_BY, cell_text, FREE },
	{ ID, "核实日期", "核实时间|verified_on", DECLARATION_VERIFIED_ON, cell_day, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

	/* 信用事件 */
	CODE_COLUMNS(REGISTER_EVENTS),
#define ID REGISTER_EVENTS
	{ ID, "场所序号", "经营场所序号", -1, cell_premises, FREE },
	{ ID, "事件类型", "事件类别|类型|kind", EVENT_KIND, cell_words, WORDS(words_event) },
	{ ID, "监管领域", "领域|field", EVENT_FIELD, cell_text, FREE },
	{ ID, "发生日期", "处罚决定日期|决定日期|认定日期|事件日期|日期|date", EVENT_DATE, cell_day,
		FREE },
	{ ID, "认定机关", "处罚机关|决定机关|作出机关|处罚部门|authority", EVENT_AUTHORITY,
		cell_text, FREE },
	{ ID, "文书号", "行政处罚决定书文号|决定书文号|处罚文号|文号|document", EVENT_DOCUMENT,
		cell_text, FREE },
	{ ID, "事件内容", "处罚内容|内容|违法事实|处罚事由|content", EVENT_CONTENT, cell_long,
		FREE },
	{ ID, "金额", "金额(元)|罚款金额|罚款金额(元)|处罚金额|amount", EVENT_AMOUNT,
		cell_money_yuan, SOFT, YUAN },
	{ ID, "金额(万元)", "罚款金额(万元)|处罚金额(万元)", EVENT_AMOUNT, cell_money_wan, SOFT,
		WAN },
	{ ID, "金额(分)", "金额（分）", EVENT_AMOUNT, cell_money_fen, SOFT, YUAN },
	{ ID, "公示截止日期", "公示截止期|公示期限|公示期至|ends", EVENT_ENDS, cell_until, FREE },
	{ ID, "信用修复日期", "修复日期|repaired", EVENT_REPAIRED, cell_day, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

	/* 许可证 */
	CODE_COLUMNS(REGISTER_PERMITS),
#define ID REGISTER_PERMITS
	{ ID, "场所序号", "经营场所序号", -1, cell_premises, FREE },
	{ ID, "许可证名称", "许可名称|许可文件名称|证书名称|name", PERMIT_NAME, cell_text, FREE },
	{ ID, "许可证编号", "许可证号|许可编号|证书编号|number", PERMIT_NUMBER, cell_text, FREE },
	{ ID, "核准日期", "发证日期|许可日期|许可决定日期|起始日期|" FROM_NAMES, PERMIT_FROM,
		cell_day, FREE },
	{ ID, "有效期至", "有效期|许可证有效期至|许可证有效期|截止日期|" UNTIL_NAMES, PERMIT_UNTIL,
		cell_until, FREE },
	{ ID, "发证机关", "许可机关|发证部门|authority", PERMIT_AUTHORITY, cell_text, FREE },
	{ ID, "许可状态", "状态|许可证状态|state", PERMIT_STATE, cell_words, WORDS(words_permit) },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

	/* 既往检查 */
	CODE_COLUMNS(REGISTER_CHECKS),
#define ID REGISTER_CHECKS
	{ ID, "场所序号", "经营场所序号", -1, cell_premises, FREE },
	{ ID, "检查日期", "检查时间|抽查日期|检查完成日期|date", CHECK_DATE, cell_day, FREE },
	{ ID, "部门", DEPARTMENT_NAMES, CHECK_DEPARTMENT, cell_department, FREE },
	{ ID, "检查机关", "检查单位|检查部门|实施机关|单位|authority", CHECK_AUTHORITY, cell_unit,
		FREE },
	{ ID, "检查事项", "抽查事项|事项名称|item", CHECK_ITEM, cell_long, FREE },
	{ ID, "检查结果", "抽查结果|抽查检查结果|result", CHECK_RESULT, cell_long, FREE },
	{ ID, "检查方式", "核查方式|抽查方式|mode", CHECK_MODE, cell_words, WORDS(words_mode),
		SOFT },
	{ ID, "有因检查", "是否有因|是否有因检查|cause", CHECK_CAUSE, cell_words,
		WORDS(words_flag) },
	{ ID, "检查人员", "执法人员|检查人|inspectors", CHECK_INSPECTORS, cell_text, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

/* 主体变更 */
#define ID REGISTER_SUCCESSIONS
	{ ID, "变更前代码", "原代码|原统一社会信用代码|变更前统一社会信用代码|原注册号|old",
		SUCCESSION_OLD, cell_subject, FREE },
	{ ID, "变更后代码", "新代码|现统一社会信用代码|变更后统一社会信用代码|new", SUCCESSION_NEW,
		cell_subject, FREE },
	{ ID, "变更类型", "变更类别|类型|kind", SUCCESSION_KIND, cell_words,
		WORDS(words_succession) },
	{ ID, "变更日期", "变更时间|日期|date", SUCCESSION_DATE, cell_day, FREE },
	{ ID, "变更原因", "原因|说明|reason", SUCCESSION_REASON, cell_long, FREE },
	{ ID, "文书号", "文号|登记通知书文号|document", SUCCESSION_DOCUMENT, cell_text, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID

/* 历史赋码例外 */
#define ID REGISTER_EXCEPTIONS
	{ ID, "统一社会信用代码", CODE_NAMES "|注册号|工商注册号", EXCEPTION_CODE, cell_exception,
		FREE },
	{ ID, "名称", "企业名称|主体名称|单位名称|name", EXCEPTION_NAME, cell_name, FREE },
	{ ID, "例外原因", "原因|说明|reason", EXCEPTION_REASON, cell_long, FREE },
	{ ID, "证明文书", "文书号|文号|证明材料|document", EXCEPTION_DOCUMENT, cell_text, FREE },
	{ ID, "登记日期", "日期|核实日期|date", EXCEPTION_DATE, cell_day, FREE },
	{ ID, "序号", "编号|备注", -1, NULL, FREE },
#undef ID

	/* 分级结果 */
	CODE_COLUMNS(REGISTER_GRADES),
#define ID REGISTER_GRADES
	{ ID, "分级来源", "来源|数据来源|source", GRADE_SOURCE, cell_label, FREE },
	{ ID, "专业领域", "监管领域|领域|field", GRADE_FIELD, cell_label, FREE },
	{ ID, "分级标准", "标准|等级标准|scale", GRADE_SCALE, cell_label, FREE },
	{ ID, "分级结果", "风险等级|信用风险等级|信用等级|等级|评定结果|分类结果|value", GRADE_VALUE,
		cell_text, FREE },
	{ ID, "评定日期", "分级日期|分类日期|评定时间|日期|date", GRADE_DATE, cell_day, FREE },
	{ ID, "有效期至", "有效期|截止日期|" UNTIL_NAMES, GRADE_UNTIL, cell_until, FREE },
	{ ID, "评定机关", "评定单位|评定部门|authority", GRADE_AUTHORITY, cell_text, FREE },
	{ ID, "文书号", "文号|document", GRADE_DOCUMENT, cell_text, FREE },
	{ ID, "序号", "编号|名称|企业名称|备注", -1, NULL, FREE },
#undef ID
};

const struct column *column_row(size_t i)
{
	return i < sizeof table / sizeof *table ? &table[i] : NULL;
}
