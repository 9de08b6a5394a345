#define REAL long double
#define NAME(x) x87_##x
#define SQUARE_ROOT sqrtl
#define BODY_STEPS 30000
#define MANDELBROT_ITERATIONS 2000
#include "bodies.inc"

const struct Test bodies_x87 = {
    .name = "bodies-x87", .meaning = "gravity between 6 bodies, on the x87", .run = x87_run_bodies};
const struct Test mandelbrot_x87 = {
    .name = "mandelbrot-x87", .meaning = "Mandelbrot's set, on the x87", .run = x87_run_mandelbrot};
