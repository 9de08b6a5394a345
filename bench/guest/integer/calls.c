#include "../bench.h"

#define AS_WRITTEN __attribute__((noinline, noclone, optimize("no-optimize-sibling-calls")))

enum { fibonacci_of = 35, ackermann_m = 3, ackermann_n = 7, ackermann_times = 20 };

AS_WRITTEN static uint64_t fib(uint64_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

AS_WRITTEN static uint64_t ack(uint64_t m, uint64_t n) {
    if (m == 0) return n + 1;
    if (n == 0) return ack(m - 1, 1);
    return ack(m - 1, ack(m, n - 1));
}

static uint64_t run_fibonacci(void) { return fib(fibonacci_of); }

static uint64_t run_ackermann(void) {
    uint64_t sum = 0;
    for (int i = 0; i < ackermann_times; ++i) sum += ack(ackermann_m, ackermann_n);
    return sum;
}

const struct Test fibonacci = {
    .name = "fibonacci", .meaning = "recursive calls: Fibonacci's numbers", .run = run_fibonacci};
const struct Test ackermann = {
    .name = "ackermann", .meaning = "deep recursive calls: Ackermann's function", .run = run_ackermann};
