// The lines by which whoever reads the console takes the time. It is taken outside, because a guest's clock
// may be anything.

#pragma once

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static inline void begin(const char* name) {
    printf("BENCH begin %s\n", name);
    fflush(stdout);
}

static inline void end(const char* name, uint64_t instructions) {
    printf("BENCH end %s %" PRIu64 "\n", name, instructions);
    fflush(stdout);
}
