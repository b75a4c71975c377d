#include "daemon/register/words.h"

#include <stddef.h>

#define END \
	{ \
		NULL, NULL \
	}

/* ---- objects ------------------------------------------------------------------------------- */

const struct cell_word words_kind[] = {
	{ "企业|enterprise|公司|法人企业|非法人企业", "enterprise" },
	{ "个体工商户|个体户|个体|individual", "individual" },
	{ "农民专业合作社|农专社|专业合作社|cooperative", "cooperative" },
	{ "外国企业代表机构|外企代表机构|代表机构|代表处|office", "office" },
	{ "其他|其它|other|事业单位|社会团体|民办非企业单位|社会服务机构|机关|基金会", "other" },
	END,
};
const struct cell_word words_status[] = {
	{ "存续|open|在营|开业|在业|正常|有效|在册|确立|登记成立|清算|清算中|正在清算|1", "open" },
	{ "注销|cancelled|已注销|撤销", "cancelled" },
	{ "吊销|revoked|已吊销", "revoked" },
	{ "迁出|moved|已迁出", "moved" },
	{ "歇业|suspended|歇业备案", "suspended" },
	END,
};
const struct cell_word words_class[] = {
	{ "A|a|A类|A级|A类企业|低|低风险|风险低|信用风险低|信用风险低(A)|A低", "A" },
	{ "B|b|B类|B级|B类企业|一般|中|一般风险|中风险|风险一般|信用风险一般|信用风险一般(B)",
		"B" },
	{ "C|c|C类|C级|C类企业|较高|中高|较高风险|中高风险|风险较高|信用风险较高|信用风险较高(C)",
		"C" },
	{ "D|d|D类|D级|D类企业|高|高风险|风险高|信用风险高|信用风险高(D)", "D" },
	{ "未分类|未评定|未定级|U", "" },
	END,
};
const struct cell_word words_category[] = {
	{ "场所|经营场所|主体|市场主体|经营主体|premises", "premises" },
	{ "产品|商品|product", "product" },
	{ "项目|工程|建设项目|project", "project" },
	{ "行为|活动|behaviour", "behaviour" },
	END,
};
const struct cell_word words_flag[] = {
	{ "是|有|√|对|有效|已|true|TRUE|t|yes|Y|y|1", "t" },
	{ "否|不是|没有|×|无效|未|false|FALSE|f|no|N|n|0", "f" },
	END,
};

/* ---- people -------------------------------------------------------------------------------- */

const struct cell_word words_active[] = {
	{ "在岗|在职|在编|正常|启用|有效|是|1|yes|TRUE|true|t", "t" },
	{ "停用|离岗|离职|退休|调离|调出|注销|无效|否|0|no|FALSE|false|f||借调|停职", "f" },
	END,
};
const struct cell_word words_valid[] = {
	{ "是|有效|在聘|聘用|续聘|在岗|在职|正常|启用|1|yes|TRUE|true|t", "t" },
	{ "否|无效|解聘|停聘|退出|停用|离岗|离职|退休|注销|0|no|FALSE|false|f||借调|停职", "f" },
	END,
};
const struct cell_word words_sex[] = {
	{ "男|男性|male|M", "male" },
	{ "女|女性|female|F", "female" },
	END,
};
const struct cell_word words_level[] = {
	{ "国家级|国家|部级|总局|中央|state", "state" },
	{ "省级|省|自治区|直辖市|省局|省厅|province", "province" },
	{ "市级|市|地级|地市级|设区市|州|市局|city", "city" },
	{ "县级|县|区|区县|县区|区级|区县级|县(区)|县级市|县局|区局|county", "county" },
	{ "乡级|乡|镇|街道|乡镇|乡镇街道|所|township", "township" },
	END,
};
const struct cell_word words_education[] = {
	{ "博士研究生|博士|doctor", "doctor" },
	{ "硕士研究生|硕士|研究生|master", "master" },
	{ "大学本科|本科|大学|学士|bachelor", "bachelor" },
	{ "大学专科|大专|专科|高职|college", "college" },
	{ "高中及以下|高中|中专|中技|技校|职高|初中|school", "school" },
	END,
};
const struct cell_word words_recusal[] = {
	{ "自行申请回避|自行申报|自行申请|本人申请|本人申报|自行回避|self", "self" },
	{ "曾任职单位|原工作单位|曾任职|原单位|employer", "employer" },
	{ "近亲属|亲属|亲属关系|kin", "kin" },
	{ "当事人申请|企业申请|被检查单位申请|entity", "entity" },
	{ "其他|其它|other", "other" },
	END,
};

/* ---- authorities and items ------------------------------------------------------------------ */

const struct cell_word words_authority[] = {
	{ "法定行政机关|法定|行政机关|法定机关|statutory", "statutory" },
	{ "法律法规授权组织|授权|授权组织|法规授权|法律、法规授权的组织|authorised", "authorised" },
	{ "受委托组织|委托|委托组织|受委托|entrusted", "entrusted" },
	END,
};
const struct cell_word words_grade[] = {
	{ "一般检查事项|一般事项|一般抽查事项|一般|general", "general" },
	{ "重点检查事项|重点事项|重点抽查事项|重点|key", "key" },
	END,
};
const struct cell_word words_region[] = {
	{ "省级|省|自治区|直辖市|province", "province" },
	{ "地级|市级|市|地级市|地区|自治州|盟|city", "city" },
	{ "县级|县|区|区县|市辖区|县级市|旗|county", "county" },
	{ "乡级|乡|镇|街道|乡镇|township", "township" },
	{ "村级|村|社区|居委会|村委会|village", "village" },
	END,
};
const struct cell_word words_working[] = {
	{ "工作日|是|上班|补班|调休上班|班|1|true|TRUE|t|workday", "t" },
	{ "休息日|否|休息|放假|休|节假日|法定节假日|周末|0|false|FALSE|f|holiday", "f" },
	END,
};
const struct cell_word words_mode[] = {
	{ "现场检查|实地检查|现场|实地|site", "site" },
	{ "书面检查|书面|paper", "paper" },
	{ "网络检查|网络监测|网络|network", "network" },
	{ "抽样检测|检验检测|抽样检验|抽检|sample", "sample" },
	{ "非现场检查|非现场|远程检查|remote", "remote" },
	END,
};

/* ---- what is known of entities --------------------------------------------------------------- */

const struct cell_word words_listing[] = {
	{ "经营异常名录|经营异常|异常名录|异常|列入经营异常名录|abnormal", "abnormal" },
	{ "严重违法失信名单|严重违法|严重违法失信|严重违法失信企业名单|serious||黑名单|失信黑名单|严重失信主体名单",
		"serious" },
	{ "信用激励名单|激励|激励名单|守信激励|信用激励清单|incentive||红名单|守信红名单",
		"incentive" },
	{ "信用联盟|联盟|信用同盟|同盟|alliance", "alliance" },
	{ "其他|其它|other", "other" },
	END,
};
const struct cell_word words_commitment[] = {
	{ "告知承诺|审批替代型|证明事项告知承诺|证明事项型|approval", "approval" },
	{ "信用修复承诺|修复承诺|信用修复型|repair", "repair" },
	{ "主动公示承诺|主动公示型|主动承诺|voluntary", "voluntary" },
	{ "行业自律承诺|行业自律型|行业承诺|industry", "industry" },
	{ "容缺受理承诺|容缺受理型|容缺承诺|deferred", "deferred" },
	{ "其他|其它|other", "other" },
	END,
};
const struct cell_word words_outcome[] = {
	{ "已履行|履行|守诺|已履约|kept", "kept" },
	{ "违诺|未履行|违反承诺|未履约|broken", "broken" },
	{ "不实承诺|虚假承诺|不实|虚假|untrue", "untrue" },
	{ "待核查|履行中|未核查|未到期|pending", "pending" },
	END,
};
const struct cell_word words_event[] = {
	{ "行政处罚|处罚|penalty", "penalty" },
	{ "投诉举报|投诉|举报|complaint", "complaint" },
	{ "监督检查发现问题|检查发现问题|发现问题|finding", "finding" },
	{ "荣誉表彰|荣誉|表彰|奖励|honour", "honour" },
	{ "违诺失信|违诺|失信行为|dishonesty", "dishonesty" },
	{ "司法判决|司法|失信被执行人|court", "court" },
	{ "欠税欠费|欠税|欠费|欠薪|arrears", "arrears" },
	{ "其他|其它|other", "other" },
	END,
};
const struct cell_word words_permit[] = {
	{ "有效|正常|在期|valid", "valid" },
	{ "过期|到期|失效|expired", "expired" },
	{ "注销|已注销|cancelled", "cancelled" },
	{ "吊销|已吊销|revoked||撤销|已撤销", "revoked" },
	{ "暂停|中止|暂扣|suspended", "suspended" },
	END,
};
const struct cell_word words_succession[] = {
	{ "更码|代码变更|换码|赋码变更|recode", "recode" },
	{ "合并|吸收合并|新设合并|merge", "merge" },
	{ "分立|新设分立|派生分立|split", "split" },
	{ "迁移|迁入|迁出|跨区迁移|move", "move" },
	END,
};

/* ---- GB/T 4754-2017 ---------------------------------------------------------------------------
 */

const struct cell_word words_industry[] = {
	{ "农、林、牧、渔业|农林牧渔业|农林牧渔", "A" },
	{ "农业|种植业", "A01" },
	{ "林业", "A02" },
	{ "畜牧业|养殖业", "A03" },
	{ "渔业", "A04" },
	{ "农、林、牧、渔专业及辅助性活动|农林牧渔服务业", "A05" },
	{ "采矿业", "B" },
	{ "煤炭开采和洗选业", "B06" },
	{ "石油和天然气开采业", "B07" },
	{ "黑色金属矿采选业", "B08" },
	{ "有色金属矿采选业", "B09" },
	{ "非金属矿采选业", "B10" },
	{ "开采专业及辅助性活动", "B11" },
	{ "其他采矿业", "B12" },
	{ "制造业", "C" },
	{ "农副食品加工业", "C13" },
	{ "食品制造业", "C14" },
	{ "酒、饮料和精制茶制造业", "C15" },
	{ "烟草制品业", "C16" },
	{ "纺织业", "C17" },
	{ "纺织服装、服饰业", "C18" },
	{ "皮革、毛皮、羽毛及其制品和制鞋业", "C19" },
	{ "木材加工和木、竹、藤、棕、草制品业", "C20" },
	{ "家具制造业", "C21" },
	{ "造纸和纸制品业", "C22" },
	{ "印刷和记录媒介复制业", "C23" },
	{ "文教、工美、体育和娱乐用品制造业", "C24" },
	{ "石油、煤炭及其他燃料加工业", "C25" },
	{ "化学原料和化学制品制造业", "C26" },
	{ "医药制造业", "C27" },
	{ "化学纤维制造业", "C28" },
	{ "橡胶和塑料制品业", "C29" },
	{ "非金属矿物制品业", "C30" },
	{ "黑色金属冶炼和压延加工业", "C31" },
	{ "有色金属冶炼和压延加工业", "C32" },
	{ "金属制品业", "C33" },
	{ "通用设备制造业", "C34" },
	{ "专用设备制造业", "C35" },
	{ "汽车制造业", "C36" },
	{ "铁路、船舶、航空航天和其他运输设备制造业", "C37" },
	{ "电气机械和器材制造业", "C38" },
	{ "计算机、通信和其他电子设备制造业", "C39" },
	{ "仪器仪表制造业", "C40" },
	{ "其他制造业", "C41" },
	{ "废弃资源综合利用业", "C42" },
	{ "金属制品、机械和设备修理业", "C43" },
	{ "电力、热力、燃气及水生产和供应业", "D" },
	{ "电力、热力生产和供应业", "D44" },
	{ "燃气生产和供应业", "D45" },
	{ "水的生产和供应业", "D46" },
	{ "建筑业", "E" },
	{ "房屋建筑业", "E47" },
	{ "土木工程建筑业", "E48" },
	{ "建筑安装业", "E49" },
	{ "建筑装饰、装修和其他建筑业", "E50" },
	{ "批发和零售业|批发零售业", "F" },
	{ "批发业", "F51" },
	{ "零售业", "F52" },
	{ "交通运输、仓储和邮政业", "G" },
	{ "铁路运输业", "G53" },
	{ "道路运输业", "G54" },
	{ "水上运输业", "G55" },
	{ "航空运输业", "G56" },
	{ "管道运输业", "G57" },
	{ "多式联运和运输代理业", "G58" },
	{ "装卸搬运和仓储业", "G59" },
	{ "邮政业", "G60" },
	{ "住宿和餐饮业|住宿餐饮业", "H" },
	{ "住宿业", "H61" },
	{ "餐饮业", "H62" },
	{ "信息传输、软件和信息技术服务业", "I" },
	{ "电信、广播电视和卫星传输服务", "I63" },
	{ "互联网和相关服务", "I64" },
	{ "软件和信息技术服务业", "I65" },
	{ "金融业", "J" },
	{ "货币金融服务", "J66" },
	{ "资本市场服务", "J67" },
	{ "保险业", "J68" },
	{ "其他金融业", "J69" },
	{ "房地产业", "K" }, /* also the name of division 70, the only one of K */
	{ "租赁和商务服务业", "L" },
	{ "租赁业", "L71" },
	{ "商务服务业", "L72" },
	{ "科学研究和技术服务业", "M" },
	{ "研究和试验发展", "M73" },
	{ "专业技术服务业", "M74" },
	{ "科技推广和应用服务业", "M75" },
	{ "水利、环境和公共设施管理业", "N" },
	{ "水利管理业", "N76" },
	{ "生态保护和环境治理业", "N77" },
	{ "公共设施管理业", "N78" },
	{ "土地管理业", "N79" },
	{ "居民服务、修理和其他服务业", "O" },
	{ "居民服务业", "O80" },
	{ "机动车、电子产品和日用产品修理业", "O81" },
	{ "其他服务业", "O82" },
	{ "教育", "P" }, /* also division 83 */
	{ "卫生和社会工作", "Q" },
	{ "卫生", "Q84" },
	{ "社会工作", "Q85" },
	{ "文化、体育和娱乐业", "R" },
	{ "新闻和出版业", "R86" },
	{ "广播、电视、电影和录音制作业|广播、电视、电影和影视录音制作业", "R87" },
	{ "文化艺术业", "R88" },
	{ "体育", "R89" },
	{ "娱乐业", "R90" },
	{ "公共管理、社会保障和社会组织", "S" },
	{ "中国共产党机关", "S91" },
	{ "国家机构", "S92" },
	{ "人民政协、民主党派", "S93" },
	{ "社会保障", "S94" },
	{ "群众团体、社会团体和其他成员组织", "S95" },
	{ "基层群众自治组织及其他组织|基层群众自治组织", "S96" },
	{ "国际组织", "T" }, /* also division 97 */
	END,
};
