#include "../bench.h"

extern const struct Test alu, sieve, sort, fibonacci, ackermann, bytecode, chase, compress, siphash, sha256,
    atomics;

int main(int argc, char** argv) {
    static const struct Test* const tests[] = {&alu,   &sieve,    &sort,    &fibonacci, &ackermann, &bytecode,
                                               &chase, &compress, &siphash, &sha256,    &atomics};
    return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
