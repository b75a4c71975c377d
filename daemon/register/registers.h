/* The registers: one table of what this house keeps lists of (一单两库 and what belongs to them). A
 * row names the facts of a register, the columns of the files that bring them, and its fact table;
 * the parser, the import, templates, the API, drawctl and the manual walk it. The database has the
 * same table (drawd.register, sql/migrations/0004_register.sql); tests/db/registers.sh holds the
 * two together. A register is added here, there, and nowhere else. */
#ifndef DRAWD_REGISTERS_H
#define DRAWD_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/register/facts.h"
#include "sampler/base/bytes.h"

enum register_id {
	REGISTER_ENTITIES, /* 检查对象名录库 */
	REGISTER_INSPECTORS, /* 执法检查人员名录库 */
	REGISTER_RECUSALS, /* 回避 */
	REGISTER_EXPERTS, /* 专家库 */
	REGISTER_AGENCIES, /* 专业机构 */
	REGISTER_AUTHORITIES, /* 行政检查主体资格 */
	REGISTER_ITEMS, /* 随机抽查事项清单 */
	REGISTER_JOINT_ITEMS, /* 部门联合抽查事项清单 */
	REGISTER_CHECKLISTS, /* 检查内容与标准 */
	REGISTER_REGIONS, /* 行政区划 */
	REGISTER_CALENDAR, /* 工作日历 */
	REGISTER_LABELS, /* 标签 */
	REGISTER_LISTINGS, /* 名单: 异常, 严重违法, 激励, 联盟 */
	REGISTER_COMMITMENTS, /* 信用承诺 */
	REGISTER_DECLARATIONS, /* 自主申报 */
	REGISTER_EVENTS, /* 信用事件 */
	REGISTER_PERMITS, /* 许可证 */
	REGISTER_CHECKS, /* 既往检查 */
	REGISTER_SUCCESSIONS, /* 主体变更: 更码, 合并, 分立, 迁移 */
	REGISTER_EXCEPTIONS, /* 历史赋码例外 */
	REGISTER_GRADES, /* 分级结果 */
	REGISTERS
};

/* How a fact is written, once it is one (PROTOCOL.md §1 and §5 where the draw reads it). */
enum fact_form {
	FORM_TEXT,
	FORM_DATE, /* YYYY-MM-DD */
	FORM_TOKEN, /* a department, a label, or one of the words of its column */
	FORM_LIST, /* tokens joined by commas, ascending */
	FORM_CODE, /* of an entity or an object */
	FORM_NUMBER, /* a decimal integer */
	FORM_FLAG, /* t or f */
	FORM_PERSONAL, /* sealed by the worker: the mask, a space, base64 */
	FORMS
};
/* "text", "date", "token", "list", "code", "number", "flag", "personal" */
extern const char *const fact_form_names[FORMS];

/* Their names as a list of words, in order. */
#define REGISTER_WORDS \
	"entities,inspectors,recusals,experts,agencies,authorities,items,joint_items,checklists," \
	"regions,calendar,labels,listings,commitments,declarations,events,permits,checks," \
	"successions,exceptions,grades"

/* The figures of quality (sql/migrations/0015_quality.sql). */
#define QUALITY_FIGURES \
	"correctness,refused,completeness,age,timely,duplicate-name,duplicate-source,duplicate-address," \
	"unpooled"

struct fact {
	const char *name; /* column of the fact table, member of the API */
	enum fact_form form;
	const char *zh, *en;
};

/* Whose rows a department sees; coordinators and auditors see all. */
enum register_sight {
	SIGHT_OWN, /* of its own batches and of those of the whole installation */
	SIGHT_ALL, /* everybody's: what is published anyway */
	SIGHT_NEED, /* of its own batches only: whoever needs more is told the class (0017) */
};

/* Who may import it. */
enum register_giver {
	GIVER_DEPARTMENT, /* a department its own rows, a coordinator all */
	GIVER_OFFICE, /* coordinators only */
	GIVER_MOTION, /* two persons (recusals) */
};

struct row;
struct register_info { /* `register` is a word of C */
	const char *name; /* "entities": in the API, of drawctl, of a job */
	const char *zh, *en; /* 检查对象名录库 */
	const char *table; /* "entity_fact" */
	const struct fact *fact; /* fact[0] is the key: two rows of a file never share it */
	size_t facts;
	const char
		*entity; /* name of the fact that names the entity, NULL: none (for the dossier) */
	const char *const (*needed)[3]; /* of each line one column must be there; ended by NULLs */
	const signed char *wanted; /* facts that no row may leave empty; ended by −1 */
	const signed char *key; /* facts that make the key, where no finish makes it; ended by −1 */
	void (*finish)(struct row *r); /* all cells are in: derive and check; NULL: nothing to */
	bool held; /* its rows wait for the end of the file: the database gives their keys */
	enum register_sight sight;
	enum register_giver giver;
};

extern const struct register_info registers[REGISTERS];
/* The index of the register with this name. */
bool register_named(struct bytes name, enum register_id *id);
/* The place of a fact; facts where there is none. */
size_t register_fact(enum register_id id, const char *name);

#endif
