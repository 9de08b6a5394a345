// The string instructions themselves, as kernels and some libraries use them.

#include "../bench.h"

enum { medium = 1024, large = 256 * 1024, medium_calls = 1000 * 1000, large_calls = 4000, alignments = 32 };

static unsigned char source[large + alignments], target[large + alignments];

static void prepare(void) {
    for (size_t i = 0; i < sizeof(source); ++i) source[i] = (unsigned char)i;
}

static uint64_t move_bytes(size_t size, uint32_t calls) {
    for (uint32_t i = 0; i < calls; ++i) {
        void* to = target + i % alignments;
        const void* from = source + i * 7 % alignments;
        size_t count = size;
        __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    }
    return fnv(fnv_basis, target, size);
}

static uint64_t store_quadwords(size_t size, uint32_t calls) {
    for (uint32_t i = 0; i < calls; ++i) {
        void* to = target + i % 4 * 8;
        size_t count = size / 8;
        __asm__ volatile("rep stosq"
                         : "+D"(to), "+c"(count)
                         : "a"(UINT64_C(0x0101010101010101) * i)
                         : "memory");
    }
    return fnv(fnv_basis, target, size);
}

static uint64_t run_movsb_medium(void) { return move_bytes(medium, medium_calls); }
static uint64_t run_movsb_large(void) { return move_bytes(large, large_calls); }
static uint64_t run_stosq_medium(void) { return store_quadwords(medium, medium_calls); }
static uint64_t run_stosq_large(void) { return store_quadwords(large, large_calls); }

const struct Test movsb_medium = {
    .name = "rep-movsb-medium", .meaning = "REP MOVSB of 1 KiB", .prepare = prepare, .run = run_movsb_medium};
const struct Test movsb_large = {
    .name = "rep-movsb-large", .meaning = "REP MOVSB of 256 KiB", .prepare = prepare, .run = run_movsb_large};
const struct Test stosq_medium = {
    .name = "rep-stosq-medium", .meaning = "REP STOSQ of 1 KiB", .prepare = prepare, .run = run_stosq_medium};
const struct Test stosq_large = {
    .name = "rep-stosq-large", .meaning = "REP STOSQ of 256 KiB", .prepare = prepare, .run = run_stosq_large};
