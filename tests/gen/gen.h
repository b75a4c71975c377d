/* The generator's parts. */
#ifndef DRAWD_TESTS_GEN_GEN_H
#define DRAWD_TESTS_GEN_GEN_H

#include <stddef.h>
#include <stdint.h>

#include "planner/uscc.h"

struct options {
	const char *seed, *out;
	const char *list; /* entities.csv whose regions the inspectors are for */
	uint64_t entities;
	uint32_t inspectors, defects;
	int32_t date; /* "today" in the files */
};

/* Entity i of the district, the same whatever else is asked. Ids ascend bytewise with i. */
enum entity_kind { GEN_ENTERPRISE, GEN_INDIVIDUAL, GEN_COOPERATIVE };
struct entity {
	char code[USCC_LENGTH + 1]; /* "" for one with a registration number only */
	char number[REGNO_LENGTH + 1];
	unsigned premises; /* 1; 2 and more share the code of the entity before */
	enum entity_kind kind;
	size_t domain, street;
	char name[128], scope[512], address[128], type[64], region[16];
	char established[12], since[12], checked[12];
	const char *status; /* 存续 … */
	char class; /* A–D */
	int32_t x, y; /* micro-degrees */
	uint32_t capital; /* 万元 */
};
void entity_make(struct entity *e, const struct options *o, uint64_t i);

/* entities.csv with defects at its end; frame.tsv: the fact columns of PROTOCOL.md §5 in order. */
void write_entities(const struct options *o);
void write_frame(const struct options *o);
/* inspectors.csv and recusals.csv, for the district or for the list. */
void write_people(const struct options *o);

#endif
