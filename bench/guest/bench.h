// What every program of the benchmark has in common: a table of tests, each of fixed work, and the lines by
// which whoever reads the console takes the time. It is taken outside, because a guest's clock may be
// anything.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct Test {
    const char* name;
    const char* meaning;    // of one line, for the reader of the results
    void (*prepare)(void);  // called once, before the time is taken; may be null
    uint64_t (*run)(void);  // the work; returns a checksum that is the same each time and on every machine
    bool (*possible)(void); // whether this CPU can run it; null: any can
};

// main() of a program with these tests: `PROGRAM --list`, or `PROGRAM ROUNDS TEST...`. Each round of a test
// prints "BENCH ready NAME", waits for a line of input, whose sending begins the time, and prints "BENCH end
// NAME CHECKSUM" when it is done: so a line that comes late can make a test seem slower only. Where nobody
// answers, without BENCH_ANSWERED in the environment, "BENCH begin NAME" begins the time. "BENCH skip NAME"
// stands for a test that the CPU cannot run.
int run_tests(int argc, char** argv, const struct Test* const* tests, size_t count);

// Marsaglia's xorshift64: every run has the same numbers. `state` must not be 0.
static inline uint64_t next_random(uint64_t* state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

enum { random_seed = 88172645 };

// FNV-1a, for checksums of results; begin with `fnv_basis`.
#define fnv_basis UINT64_C(0xcbf29ce484222325)

static inline uint64_t fnv(uint64_t hash, const void* data, size_t size) {
    for (const unsigned char *at = data, *end = at + size; at < end; ++at) {
        hash = (hash ^ *at) * UINT64_C(0x100000001b3);
    }
    return hash;
}

// Prints what went wrong with errno's text, and ends the program.
_Noreturn void give_up(const char* what);
