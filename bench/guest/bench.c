#include "bench.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static void await_begin(const char* name) {
    const bool answered = getenv("BENCH_ANSWERED") != NULL;
    printf("BENCH %s %s\n", answered ? "ready" : "begin", name);
    fflush(stdout);
    if (answered) {
        char answer[64];
        if (read(STDIN_FILENO, answer, sizeof(answer)) <= 0) give_up("no answer");
    } else {
        (void)tcdrain(STDOUT_FILENO);
    }
}

static void run_test(const struct Test* test, unsigned long rounds) {
    if (test->possible && !test->possible()) {
        printf("BENCH skip %s\n", test->name);
        return;
    }
    if (test->prepare) test->prepare();
    for (unsigned long round = 0; round < rounds; ++round) {
        await_begin(test->name);
        const uint64_t checksum = test->run();
        printf("BENCH end %s %016" PRIx64 "\n", test->name, checksum);
        fflush(stdout);
    }
}

static const struct Test* find(const char* name, const struct Test* const* tests, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(tests[i]->name, name) == 0) return tests[i];
    }
    return NULL;
}

int run_tests(int argc, char** argv, const struct Test* const* tests, size_t count) {
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < count; ++i) printf("%s\t%s\n", tests[i]->name, tests[i]->meaning);
        return 0;
    }
    const unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    if (rounds == 0) {
        fprintf(stderr, "usage: %s --list | ROUNDS TEST...\n", argv[0]);
        return 2;
    }
    for (int i = 2; i < argc; ++i) {
        const struct Test* test = find(argv[i], tests, count);
        if (!test) {
            fprintf(stderr, "%s: there is no test '%s'; --list tells them\n", argv[0], argv[i]);
            return 2;
        }
        run_test(test, rounds);
    }
    return 0;
}

void give_up(const char* what) {
    perror(what);
    exit(1);
}
