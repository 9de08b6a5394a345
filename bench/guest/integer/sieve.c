#include "../bench.h"

#include <string.h>

enum { limit = 1 << 20, sweeps = 20 };

static unsigned char composite[limit];

static uint64_t count_primes(void) {
    uint64_t primes = 0;
    memset(composite, 0, sizeof(composite));
    for (uint32_t i = 2; i < limit; ++i) {
        if (composite[i]) continue;
        ++primes;
        for (uint64_t j = (uint64_t)i * i; j < limit; j += i) composite[j] = 1;
    }
    return primes;
}

static uint64_t run(void) {
    uint64_t primes = 0;
    for (int sweep = 0; sweep < sweeps; ++sweep) primes += count_primes();
    return primes;
}

const struct Test sieve = {.name = "sieve", .meaning = "primes below 2^20, by Eratosthenes", .run = run};
