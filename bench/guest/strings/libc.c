// The string functions that libc picks for the CPU it runs on, over buffers of three sizes at changing
// alignments. They are called by pointers that the compiler cannot see through, or it would put code of its
// own in their place.

#include "../bench.h"

#include <string.h>

enum { small = 32, medium = 1024, large = 256 * 1024, alignments = 32 };
enum { small_calls = 10 * 1000 * 1000, medium_calls = 1800 * 1000 };

static unsigned char source[large + alignments], target[large + alignments + 64];

static void* (*volatile copy)(void*, const void*, size_t) = memcpy;
static void* (*volatile move)(void*, const void*, size_t) = memmove;
static void* (*volatile set)(void*, int, size_t) = memset;
static size_t (*volatile length_of)(const char*) = strlen;
static void* (*volatile find)(const void*, int, size_t) = memchr;
static int (*volatile compare)(const void*, const void*, size_t) = memcmp;
static int (*volatile compare_strings)(const char*, const char*) = strcmp;

// Letters without an end, the same in both buffers.
static void prepare(void) {
    for (size_t i = 0; i < sizeof(source); ++i) source[i] = (unsigned char)('a' + i % 23);
    memcpy(target, source, sizeof(source));
}

static size_t offset(uint32_t call) { return call % alignments; }

static uint64_t run_memcpy(size_t size, uint32_t calls) {
    for (uint32_t i = 0; i < calls; ++i) copy(target + offset(i), source + offset(i * 7), size);
    return fnv(fnv_basis, target, size);
}

// Source and target overlap.
static uint64_t run_memmove(size_t size, uint32_t calls) {
    prepare();
    for (uint32_t i = 0; i < calls; ++i) move(target + offset(i * 5), target + offset(i), size);
    return fnv(fnv_basis, target, size);
}

static uint64_t run_memset(size_t size, uint32_t calls) {
    for (uint32_t i = 0; i < calls; ++i) set(target + offset(i), (int)i, size);
    return fnv(fnv_basis, target, size);
}

static uint64_t run_strlen(size_t size, uint32_t calls) {
    uint64_t sum = 0;
    source[size - 1] = 0;
    for (uint32_t i = 0; i < calls; ++i) sum += length_of((const char*)source + offset(i) % (small - 1));
    prepare();
    return sum;
}

static uint64_t run_memchr(size_t size, uint32_t calls) {
    uint64_t sum = 0;
    source[size - 1] = 'z';
    for (uint32_t i = 0; i < calls; ++i) {
        const unsigned char* from = source + offset(i);
        sum += (uint64_t)((unsigned char*)find(from, 'z', size) - from);
    }
    prepare();
    return sum;
}

// The buffers differ in the last byte.
static uint64_t run_memcmp(size_t size, uint32_t calls) {
    uint64_t sum = 0;
    source[size - 1] = 'z';
    for (uint32_t i = 0; i < calls; ++i) sum += compare(target + offset(i), source + offset(i), size) < 0;
    prepare();
    return sum;
}

static uint64_t run_strcmp(size_t size, uint32_t calls) {
    uint64_t sum = 0;
    source[size - 1] = 0;
    for (uint32_t i = 0; i < calls; ++i) {
        sum += compare_strings((const char*)target + offset(i), (const char*)source + offset(i)) > 0;
    }
    prepare();
    return sum;
}

#define TEST(function, extent, calls, words)                                                                 \
    static uint64_t run_##function##_##extent(void) { return run_##function(extent, calls); }                \
    const struct Test function##_##extent = {.name = #function "-" #extent,                                  \
                                             .meaning = #function "() of " words,                            \
                                             .prepare = prepare,                                             \
                                             .run = run_##function##_##extent};
#define TESTS(function, large_calls)                                                                         \
    TEST(function, small, small_calls, "32 bytes")                                                           \
    TEST(function, medium, medium_calls, "1 KiB")                                                            \
    TEST(function, large, large_calls, "256 KiB")

TESTS(memcpy, 2500)
TESTS(memmove, 5000)
TESTS(memset, 6000)
TESTS(strlen, 8000)
TESTS(memchr, 8000)
TESTS(memcmp, 4000)
TESTS(strcmp, 4000)
