/* Arenas: memory that lives and dies together (a request, a round, a replay). */
#ifndef DRAWD_BASE_ARENA_H
#define DRAWD_BASE_ARENA_H

#include <stddef.h>

struct arena;

/* A new, empty arena. Out of memory ends the process: no caller can go on without it. */
struct arena *arena_new(void);

/* Free an arena and everything in it; NULL is allowed. */
void arena_free(struct arena *a);

/* n bytes, aligned for any type, never NULL. The memory is not cleared. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull, malloc));

/* count × size bytes, cleared; a product that overflows ends the process. */
void *arena_calloc(struct arena *a, size_t count, size_t size)
	__attribute__((returns_nonnull, malloc));

/* A copy of n bytes with a NUL after them. */
char *arena_strndup(struct arena *a, const char *s, size_t n) __attribute__((returns_nonnull));

/* A copy of a NUL-terminated string. */
char *arena_strdup(struct arena *a, const char *s) __attribute__((returns_nonnull));

/* printf into the arena. */
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), returns_nonnull));

/* Bytes handed out so far; tells how much a step needs. */
size_t arena_used(const struct arena *a);

/* Clear-up helper: `ARENA_AUTO a = arena_new();` frees at the end of the scope. */
void arena_freep(struct arena **a);
#define ARENA_AUTO __attribute__((cleanup(arena_freep))) struct arena *

#endif
