#define REAL float
#define NAME(x) float_##x
#define SQUARE_ROOT sqrtf
#define BODY_STEPS 250000
#define MANDELBROT_ITERATIONS 5000
#include "bodies.inc"

const struct Test bodies_float = {
    .name = "bodies-float", .meaning = "gravity between 6 bodies, in scalar float", .run = float_run_bodies};
const struct Test mandelbrot_float = {
    .name = "mandelbrot-float", .meaning = "Mandelbrot's set, in scalar float", .run = float_run_mandelbrot};
