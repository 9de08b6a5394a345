// A loop of integer instructions that touch no memory: 12 instructions a round, so their number is known.

#include "marker.h"

#include <stdint.h>

enum { rounds = 50 * 1000 * 1000, instructions_per_round = 12 };

int main(void) {
    uint64_t a = 1, b = 2, c = 3, d = 4, left = rounds;
    begin("alu");
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
    end("alu", (uint64_t)rounds * instructions_per_round);
    return 0;
}
