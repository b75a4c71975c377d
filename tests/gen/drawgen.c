/* drawgen: a made-up district for the demo and the tests. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "planner/civil.h"
#include "sampler/base/text.h"
#include "tests/gen/gen.h"
#include "tests/gen/stream.h"

static const char usage[] =
	"drawgen district [OPTION]... --out DIR     entities.csv, inspectors.csv, recusals.csv\n"
	"drawgen inspectors --for LIST.csv [OPTION]... --out DIR\n"
	"                                           the last two, for the regions of a list\n"
	"drawgen frame [OPTION]... --out DIR        frame.tsv: fact columns, ascending, without a head\n"
	"  --entities N     objects (50000)       --seed TEXT       (drawd)\n"
	"  --inspectors N   (300)                 --date YYYY-MM-DD today in the files (2026-02-25)\n"
	"  --defects N      broken rows at the end of entities.csv (0)\n";

static void leave(const char *what)
{
	fprintf(stderr, "drawgen: %s\n%s", what, usage);
	exit(2);
}

static uint64_t number(const char *text, uint64_t least, uint64_t most)
{
	uint64_t v;
	if (!text_u64(bytes_of(text), most, &v) || v < least)
		leave(text);
	return v;
}

static void read_option(struct options *o, const char *name, const char *value)
{
	if (strcmp(name, "--out") == 0)
		o->out = value;
	else if (strcmp(name, "--seed") == 0)
		o->seed = value;
	else if (strcmp(name, "--for") == 0)
		o->list = value;
	else if (strcmp(name, "--entities") == 0)
		o->entities = number(value, 10, 20000000);
	else if (strcmp(name, "--inspectors") == 0)
		o->inspectors = (uint32_t)number(value, 1, 999999);
	else if (strcmp(name, "--defects") == 0)
		o->defects = (uint32_t)number(value, 0, 1000000);
	else if (strcmp(name, "--date") != 0 || !civil_parse(bytes_of(value), &o->date))
		leave(name);
}

int main(int argc, char **argv)
{
	struct options o = { .seed = "drawd",
		.entities = 50000,
		.inspectors = 300,
		.date = civil_day((struct civil){ 2026, 2, 25 }) };
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	for (int i = 2; i < argc; i += 2) {
		if (i + 1 == argc)
			leave(argv[i]);
		read_option(&o, argv[i], argv[i + 1]);
	}
	const char *what = argc > 1 ? argv[1] : "";
	if (o.out == NULL || (strcmp(what, "inspectors") == 0) != (o.list != NULL))
		leave("--out DIR is wanted, and --for with inspectors");
	if (mkdir(o.out, 0777) != 0 && access(o.out, W_OK) != 0) {
		perror(o.out);
		return 1;
	}
	if (strcmp(what, "frame") == 0) {
		write_frame(&o);
	} else if (strcmp(what, "district") == 0) {
		write_entities(&o);
		write_people(&o);
	} else if (strcmp(what, "inspectors") == 0) {
		write_people(&o);
	} else {
		leave(what);
	}
	return 0;
}
