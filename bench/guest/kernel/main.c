#include "../bench.h"

extern const struct Test null_call, read_call, stat_call, pipe_test, signal_call, page_fault, protect,
    fork_test, exec_test;

int main(int argc, char** argv) {
    static const struct Test* const tests[] = {&null_call,  &read_call, &stat_call, &pipe_test, &signal_call,
                                               &page_fault, &protect,   &fork_test, &exec_test};
    return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
