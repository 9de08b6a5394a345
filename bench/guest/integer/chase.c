// A chase of pointers in random order: every load waits for the one before it.

#include "../bench.h"

#include <stdlib.h>

enum { lines = 4 * 1024 * 1024 / 64, hops = 2 * 1000 * 1000 };

struct Line {
    struct Line* next;
    uint64_t number;
    char rest[48];
};

static struct Line* start;

// Sattolo's shuffle gives one cycle through all lines.
static void prepare(void) {
    struct Line* line = aligned_alloc(4096, lines * sizeof(struct Line));
    uint32_t* order = malloc(lines * sizeof(uint32_t));
    if (!line || !order) give_up("chase: memory");
    uint64_t random = random_seed;
    for (uint32_t i = 0; i < lines; ++i) order[i] = i;
    for (uint32_t i = lines - 1; i > 0; --i) {
        const uint32_t j = (uint32_t)(next_random(&random) % i), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (uint32_t i = 0; i < lines; ++i) {
        line[order[i]].next = &line[order[(i + 1) % lines]];
        line[i].number = i;
    }
    start = line;
    free(order);
}

static uint64_t run(void) {
    const struct Line* at = start;
    for (int hop = 0; hop < hops; ++hop) at = at->next;
    return at->number;
}

const struct Test chase = {.name = "chase",
                           .meaning = "dependent loads in random order through 4 MiB",
                           .prepare = prepare,
                           .run = run};
