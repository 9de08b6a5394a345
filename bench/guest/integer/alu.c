#include "../bench.h"

enum { rounds = 16 * 1000 * 1000 };

static uint64_t run(void) {
    uint64_t a = 1, b = 2, c = 3, d = 4, left = rounds;
    __asm__ volatile("1:\n\t"
                     "add %[a], %[b]\n\t"
                     "xor %[b], %[c]\n\t"
                     "lea 7(%[c], %[a], 4), %[d]\n\t"
                     "rol $13, %[d]\n\t"
                     "imul %[d], %[a]\n\t"
                     "sub %[c], %[b]\n\t"
                     "shr $3, %[c]\n\t"
                     "or %[d], %[c]\n\t"
                     "adc $0, %[a]\n\t"
                     "mov %[b], %[d]\n\t"
                     "dec %[left]\n\t"
                     "jnz 1b"
                     : [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d), [left] "+r"(left)
                     :
                     : "cc");
    return a ^ b ^ c ^ d;
}

const struct Test alu = {
    .name = "alu", .meaning = "a loop of 12 integer instructions without memory", .run = run};
