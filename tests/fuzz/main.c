/* Runs a fuzz target over the files named, without a fuzzer: any compiler replays the corpus. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t n = 0, room = 0;

	if (f == NULL) {
		perror(path);
		exit(1);
	}
	do {
		if (n == room) {
			room = room == 0 ? 4096 : 2 * room;
			data = realloc(data, room);
			if (data == NULL)
				abort();
		}
		n += fread(data + n, 1, room - n, f);
	} while (n == room);
	fclose(f);

	/* an allocation of exactly n bytes lets the sanitizers see a read past the end */
	uint8_t *exact = realloc(data, n > 0 ? n : 1);
	if (exact == NULL)
		abort();
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("ok %d inputs\n", argc - 1);
	return 0;
}
