// A chase of pointers in random order through 4 MiB: every load waits for the one before it. 10 instructions
// a round.

#include "marker.h"

#include <stdint.h>
#include <stdlib.h>

enum { lines = 4 * 1024 * 1024 / 64, rounds = 2500 * 1000, instructions_per_round = 10 };

struct Line {
    struct Line* next;
    char rest[64 - sizeof(struct Line*)];
};

// Sattolo's shuffle gives one cycle through all lines; the generator is xorshift64, so every run has the same
// one.
static struct Line* make_cycle(void) {
    struct Line* line = aligned_alloc(4096, lines * sizeof(struct Line));
    uint32_t* order = malloc(lines * sizeof(uint32_t));
    uint64_t random = 88172645463325252u;
    for (uint32_t i = 0; i < lines; ++i) order[i] = i;
    for (uint32_t i = lines - 1; i > 0; --i) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const uint32_t j = (uint32_t)(random % i), swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (uint32_t i = 0; i < lines; ++i) line[order[i]].next = &line[order[(i + 1) % lines]];
    return line;
}

int main(void) {
    struct Line* at = make_cycle();
    uint64_t left = rounds;
    begin("memory");
    __asm__ volatile("1:\n\t"
                     ".rept 8\n\t"
                     "mov (%[at]), %[at]\n\t"
                     ".endr\n\t"
                     "dec %[left]\n\t"
                     "jnz 1b"
                     : [at] "+r"(at), [left] "+r"(left)
                     :
                     : "cc", "memory");
    end("memory", (uint64_t)rounds * instructions_per_round);
    return 0;
}
