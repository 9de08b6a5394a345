#include "../bench.h"

enum { rounds = 6000 * 1000, counters = 16 };

static uint64_t counter[counters];
static uint32_t lock;

// An increment by LOCK XADD, one by a loop of LOCK CMPXCHG, and one under a lock that XCHG takes.
static uint64_t run(void) {
    uint64_t sum = 0;
    for (int i = 0; i < counters; ++i) counter[i] = 0;
    for (int i = 0; i < rounds; ++i) {
        uint64_t* at = &counter[i % counters];
        sum += __atomic_fetch_add(at, 3, __ATOMIC_SEQ_CST);
        uint64_t seen = __atomic_load_n(at, __ATOMIC_SEQ_CST);
        while (!__atomic_compare_exchange_n(at, &seen, seen * 5 + 1, false, __ATOMIC_SEQ_CST,
                                            __ATOMIC_SEQ_CST)) {
        }
        while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE)) {
        }
        ++*at;
        __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
    }
    return fnv(sum, counter, sizeof(counter));
}

const struct Test atomics = {.name = "atomics", .meaning = "LOCK XADD, LOCK CMPXCHG and XCHG", .run = run};
