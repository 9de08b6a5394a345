#include "../bench.h"

extern const struct Test bodies_x87, mandelbrot_x87, bodies_double, mandelbrot_double, bodies_float,
    mandelbrot_float, matrix_sse, dot_sse, pixels_sse2, matrix_avx, dot_avx, pixels_avx2;

int main(int argc, char** argv) {
    static const struct Test* const tests[] = {
        &bodies_x87, &mandelbrot_x87, &bodies_double, &mandelbrot_double, &bodies_float, &mandelbrot_float,
        &matrix_sse, &dot_sse,        &pixels_sse2,   &matrix_avx,        &dot_avx,      &pixels_avx2};
    return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
