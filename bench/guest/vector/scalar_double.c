#define REAL double
#define NAME(x) double_##x
#define SQUARE_ROOT sqrt
#define BODY_STEPS 250000
#define MANDELBROT_ITERATIONS 5000
#include "bodies.inc"

const struct Test bodies_double = {.name = "bodies-double",
                                   .meaning = "gravity between 6 bodies, in scalar double",
                                   .run = double_run_bodies};
const struct Test mandelbrot_double = {.name = "mandelbrot-double",
                                       .meaning = "Mandelbrot's set, in scalar double",
                                       .run = double_run_mandelbrot};
