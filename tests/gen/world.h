/* The made-up district: 澜州市澄湖区, region 330199, which no list of regions has. Names of
 * entities, streets and people are put together from syllables and belong to nobody. */
#ifndef DRAWD_TESTS_GEN_WORLD_H
#define DRAWD_TESTS_GEN_WORLD_H

#include <stddef.h>
#include <stdint.h>

#define WORLD_REGION "330199"
#define WORLD_CITY   "澜州市"
#define WORLD_NAME   "澄湖区"

enum { STREETS = 12, DOMAINS = 24, DEPARTMENTS = 12, SYLLABLES = 40, ITEMS_MAX = 12 };

struct street {
	const char *name;
	int32_t x, y; /* micro-degrees of its middle */
	uint32_t weight;
};
extern const struct street streets[STREETS];

/* A line of business. Words and scopes carry what the label rules look for. */
struct domain {
	uint32_t weight[3]; /* among enterprises, individuals, cooperatives */
	const char *word; /* in the name of an enterprise */
	const char *shop; /* ends the name of an individual's shop */
	const char *industry;
	const char *scope;
	const char *more; /* some have this in their scope as well: joint domains */
	const char *labels; /* for frame.tsv, which no label rules see */
};
extern const struct domain domains[DOMAINS];

/* 12 departments of etc/policy/district.conf, with items for those who may do some only. */
struct department_row {
	const char *code, *organisation, *office;
	uint32_t weight; /* share of the inspectors */
	const char *items[ITEMS_MAX];
};
extern const struct department_row departments[DEPARTMENTS];

extern const char *const syllables[SYLLABLES]; /* names of entities */
extern const char *const surnames[SYLLABLES], *const given_names[SYLLABLES]; /* people */

#endif
