#include "../bench.h"

#define OF_EACH_SIZE(function) function##_small, function##_medium, function##_large
#define EACH_SIZE(function) &function##_small, &function##_medium, &function##_large

extern const struct Test OF_EACH_SIZE(memcpy), OF_EACH_SIZE(memmove), OF_EACH_SIZE(memset),
    OF_EACH_SIZE(strlen), OF_EACH_SIZE(memchr), OF_EACH_SIZE(memcmp), OF_EACH_SIZE(strcmp);
extern const struct Test movsb_medium, movsb_large, stosq_medium, stosq_large;

int main(int argc, char** argv) {
    static const struct Test* const tests[] = {EACH_SIZE(memcpy), EACH_SIZE(memmove), EACH_SIZE(memset),
                                               EACH_SIZE(strlen), EACH_SIZE(memchr),  EACH_SIZE(memcmp),
                                               EACH_SIZE(strcmp), &movsb_medium,      &movsb_large,
                                               &stosq_medium,     &stosq_large};
    return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
