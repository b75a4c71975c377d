#include "daemon/columns.h"

#include <string.h>

#include "daemon/cell.h"

#define E IMPORT_ENTITIES
#define I IMPORT_INSPECTORS
#define R IMPORT_RECUSALS

static const struct column table[] = {
	/* 检查对象名录库 */
	{ E, "统一社会信用代码",
		"社会信用代码|信用代码|统一信用代码|统一代码|统一社会信用代码/注册号|主体代码|uscc",
		-1, cell_uscc },
	{ E, "注册号", "工商注册号|营业执照注册号|营业执照号|注册号/统一社会信用代码", -1,
		cell_regno },
	{ E, "检查对象编号", "对象编号|object", ENTITY_OBJECT, cell_object },
	{ E, "场所序号", "经营场所序号|检查对象序号|分场所序号", -1, cell_premises },
	{ E, "名称",
		"企业名称|主体名称|经营主体名称|市场主体名称|单位名称|检查对象名称|检查对象|商户名称|机构名称|字号名称|name",
		ENTITY_NAME, cell_text },
	{ E, "主体类型", "主体类型大类|经营主体类型|市场主体类型|kind", ENTITY_KIND, cell_kind },
	{ E, "企业类型", "企业(机构)类型|公司类型|类型|主体类型小类", ENTITY_KIND, cell_type },
	{ E, "成立日期",
		"注册日期|登记日期|成立时间|注册时间|设立日期|开业日期|核准设立日期|established",
		ENTITY_ESTABLISHED, cell_day },
	{ E, "登记状态", "经营状态|企业状态|主体状态|存续状态|状态|status", ENTITY_STATUS,
		cell_status },
	{ E, "状态日期",
		"状态起始日期|注销日期|吊销日期|注销/吊销日期|注吊销日期|迁出日期|歇业日期|歇业起始日期|since",
		ENTITY_SINCE, cell_day },
	{ E, "住所",
		"地址|注册地址|住所(经营场所)|住所/经营地址|经营场所|经营地址|主要经营场所|生产经营地址|住所地址|address",
		ENTITY_ADDRESS, cell_text },
	{ E, "经营范围", "业务范围|经营(业务)范围|许可经营项目|scope", ENTITY_SCOPE, cell_text },
	{ E, "行业", "行业代码|行业门类|所属行业|行业分类|国民经济行业|国民经济行业代码|industry",
		ENTITY_INDUSTRY, cell_industry },
	{ E, "行政区划",
		"行政区划代码|区划代码|区划|所属区划|地区代码|属地代码|街道代码|网格代码|region",
		ENTITY_REGION, cell_region },
	{ E, "标签", "分类标签|labels", ENTITY_LABELS, cell_labels },
	{ E, "上次检查日期", "最近检查日期|最近一次检查日期|上次抽查日期|检查记录|checked",
		ENTITY_CHECKED, cell_checked },
	{ E, "信用风险等级",
		"风险等级|信用等级|信用风险分类|信用风险分类等级|信用风险分类结果|风险分类等级|企业信用风险等级|风险分类|风险类别|class",
		ENTITY_CLASS, cell_class },
	{ E, "经度", "东经|lon|lng|longitude", ENTITY_X, cell_longitude },
	{ E, "纬度", "北纬|lat|latitude", ENTITY_Y, cell_latitude },
	{ E, "坐标", "经纬度|坐标(经度,纬度)", ENTITY_X, cell_place },
	{ E, "序号",
		"编号|主体身份代码|PriPID|法定代表人|负责人|经营者|联系人|联络员|联系电话|电话", -1,
		NULL },
	{ E, "登记机关", "属地监管机关|管辖单位|监管所|管辖所|管辖机关|监管机关|核准机关", -1,
		NULL },
	{ E, "注册资本",
		"注册资本(万元)|实缴制|币种|专项库编码|有无处罚|有无异常|有无预警|核准日期|营业期限",
		-1, NULL },
	{ E, "许可证名称", "许可证编号|许可证有效期至|许可证有效期|发证机关|许可证", -1, NULL },

	/* 执法检查人员名录库 */
	{ I, "姓名", "执法人员姓名|检查人员姓名|人员姓名|name", INSPECTOR_NAME, cell_text },
	{ I, "单位", "所属单位|工作单位|执法单位|单位名称|执法主体", -1, cell_unit },
	{ I, "部门", "所属部门|部门代码|执法部门|department", -1, cell_department },
	{ I, "执法证编号",
		"执法证号|行政执法证号|行政执法证编号|执法证件号|证件编号|证号|certificate",
		INSPECTOR_CERTIFICATE_NO, cell_certificate_no },
	{ I, "执法证有效期至", "执法证有效期|有效期至|有效期|证件有效期|证件有效期至",
		INSPECTOR_CERTIFICATE, cell_certificate },
	{ I, "地区/片区", "地区|片区|辖区|执法区域|管辖区域|区域|地区片区|regions",
		INSPECTOR_REGIONS, cell_regions },
	{ I, "执法事项清单范围", "执法事项范围|执法事项|可执法事项|事项范围|items", INSPECTOR_ITEMS,
		cell_items },
	{ I, "请假", "休假|请假期间|请假日期|leave", INSPECTOR_LEAVE, cell_leave },
	{ I, "每轮上限", "任务上限|检查上限|limit", INSPECTOR_LIMIT, cell_limit },
	{ I, "岗位状态", "在岗状态|人员状态|状态|active", INSPECTOR_ACTIVE, cell_active },
	{ I, "是否专家", "专家", INSPECTOR_ACTIVE, cell_expert },
	{ I, "序号", "编号|性别|层级|职务|岗位大类|学历|专业|学历/专业|职称|单位工号|工号|备注", -1,
		NULL },

	/* 回避 */
	{ R, "执法证编号",
		"执法证号|行政执法证号|行政执法证编号|执法证件号|证件编号|证号|certificate",
		RECUSAL_CERTIFICATE_NO, cell_certificate_no },
	{ R, "执法人员编号", "人员编号|检查人员编号|inspector", RECUSAL_INSPECTOR, cell_inspector },
	{ R, "单位", "所属单位|工作单位|执法单位|单位名称", -1, cell_unit },
	{ R, "部门", "所属部门|部门代码|执法部门|department", -1, cell_department },
	{ R, "统一社会信用代码",
		"检查对象编号|对象编号|回避对象|信用代码|社会信用代码|uscc|subject",
		RECUSAL_SUBJECT, cell_subject },
	{ R, "回避事由", "回避原因|事由|原因|与当事人关系|关系|ground", RECUSAL_GROUND, cell_text },
	{ R, "起始日期", "登记日期|申报日期|申请日期|日期|since", RECUSAL_SINCE, cell_day },
	{ R, "序号", "姓名|名称|企业名称|备注", -1, NULL },
};

const struct column *column_row(size_t i)
{
	return i < sizeof table / sizeof *table ? &table[i] : NULL;
}

/* ---- names of columns --------------------------------------------------------------------- */

enum { NAME_MAX_CHARS = 120 };

/* A name as it is compared: half-width, no blanks, no asterisk, ASCII in lower case. */
static struct bytes plain(struct bytes s, char out[NAME_MAX_CHARS])
{
	static const struct {
		const char *wide;
		char narrow;
	} signs[] = { { "（", '(' }, { "）", ')' }, { "／", '/' }, { "，", ',' }, { "＊", '*' } };
	size_t n = 0;
	s = cell_trim(s);
	while (s.n > 0 && n < NAME_MAX_CHARS) {
		size_t size = 1;
		char c = s.p[0];
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			if (bytes_starts(s, bytes_of(signs[i].wide))) {
				c = signs[i].narrow;
				size = 3;
			}
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c != '*' && c != ' ' && c != '\n')
			out[n++] = c;
		s = (struct bytes){ s.p + size, s.n - size };
	}
	return (struct bytes){ out, n };
}

static bool has_name(const struct column *c, struct bytes wanted)
{
	char one[NAME_MAX_CHARS];
	struct bytes rest = bytes_of(c->synonyms);
	bool more = true;
	if (bytes_equal(plain(bytes_of(c->name), one), wanted))
		return true;
	while (more)
		if (bytes_equal(plain(bytes_cut(&rest, '|', &more), one), wanted))
			return true;
	return false;
}

static const struct column *find_plain(enum import_kind kind, struct bytes wanted)
{
	const struct column *c;
	for (size_t i = 0; wanted.n > 0 && (c = column_row(i)) != NULL; i++)
		if (c->kind == kind && has_name(c, wanted))
			return c;
	return NULL;
}

const struct column *column_find(enum import_kind kind, struct bytes name)
{
	char text[NAME_MAX_CHARS];
	struct bytes wanted = plain(name, text);
	const struct column *c = find_plain(kind, wanted);
	const char *remark = wanted.n > 0 ? memchr(wanted.p, '(', wanted.n) : NULL;
	if (c == NULL && remark != NULL)
		c = find_plain(kind, (struct bytes){ wanted.p, (size_t)(remark - wanted.p) });
	return c;
}

/* ---- headers ------------------------------------------------------------------------------ */

/* Of each line one column must be there. */
static const struct {
	enum import_kind kind;
	const char *one_of[3];
} needed[] = {
	{ E, { "统一社会信用代码", "注册号", "检查对象编号" } },
	{ E, { "名称" } },
	{ I, { "姓名" } },
	{ I, { "部门", "单位" } },
	{ I, { "执法证编号" } },
	{ I, { "执法证有效期至" } },
	{ R, { "执法证编号", "执法人员编号" } },
	{ R, { "统一社会信用代码" } },
};

static bool has(const struct header *h, const char *name)
{
	for (size_t i = 0; name != NULL && i < h->n; i++)
		if (h->column[i] != NULL && strcmp(h->column[i]->name, name) == 0)
			return true;
	return false;
}

static bool complete(const struct header *h, enum import_kind kind, const struct csv_record *record,
	struct err *e)
{
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		const char *const *one = needed[i].one_of;
		if (needed[i].kind != kind || has(h, one[0]) || has(h, one[1]) || has(h, one[2]))
			continue;
		struct bytes seen = record->n > 0 ? record->field[0] : (struct bytes){ "", 0 };
		return err_set(e, ERR_NO_COLUMN, "%s; line %llu: \"%.*s\" …", one[0],
			(unsigned long long)record->line, seen.n < 100 ? (int)seen.n : 0, seen.p);
	}
	return true;
}

/* Two names for one thing are a habit of tables; one name twice is an error of whoever made the
 * file, and which of the two is meant is not ours to guess. */
static bool once(const struct header *h, size_t i, const struct csv_record *record, struct err *e)
{
	char one[NAME_MAX_CHARS], other[NAME_MAX_CHARS];
	struct bytes name = plain(record->field[i], one);
	if (h->column[i]->check == NULL)
		return true;
	for (size_t k = h->earlier[i]; k > 0; k = h->earlier[k - 1])
		if (bytes_equal(plain(record->field[k - 1], other), name))
			return err_set(
				e, ERR_COLUMN_TWICE, "%zu = %zu: %.*s", k, i + 1, BYTES_ARG(name));
	return true;
}

bool header_read(struct header *h, enum import_kind kind, const struct csv_record *record,
	struct arena *a, struct err *e)
{
	struct buf unknown = buf_new(a, 0);
	h->n = record->n < CSV_FIELDS_MAX ? record->n : CSV_FIELDS_MAX;
	h->column = arena_calloc(a, h->n, sizeof(const struct column *));
	h->earlier = arena_calloc(a, h->n, sizeof *h->earlier);
	for (size_t i = 0; i < h->n; i++) {
		struct bytes name = cell_trim(record->field[i]);
		h->column[i] = column_find(kind, name);
		for (size_t k = 0; k < i && h->column[i] != NULL; k++)
			if (h->column[k] == h->column[i])
				h->earlier[i] = k + 1;
		if (h->column[i] != NULL && !once(h, i, record, e))
			return false;
		if (h->column[i] != NULL && h->column[i]->fact >= 0)
			h->said[h->column[i]->fact] = true;
		if (h->column[i] != NULL || name.n == 0 || name.n > NAME_MAX_CHARS ||
			unknown.n > 1000)
			continue;
		if (unknown.n > 0)
			buf_str(&unknown, "、");
		buf_bytes(&unknown, name);
	}
	h->unknown = buf_view(&unknown);
	return complete(h, kind, record, e);
}
