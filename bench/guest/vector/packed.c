// Products of matrices and of vectors, in packed SSE2 and AVX.

#include "../bench.h"

#include <immintrin.h>

#define AVX __attribute__((target("avx")))

enum {
    order = 96,
    sse_products = 120,
    avx_products = 300,
    length = 4096,
    sse_dots = 50000,
    avx_dots = 70000
};

static double left[order][order] __attribute__((aligned(32))),
    right[order][order] __attribute__((aligned(32))), product[order][order] __attribute__((aligned(32)));
static float one[length] __attribute__((aligned(32))), other[length] __attribute__((aligned(32)));

static bool has_avx(void) { return __builtin_cpu_supports("avx"); }

static void fill_matrices(void) {
    uint64_t random = random_seed;
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < order; ++j) {
            left[i][j] = (double)(next_random(&random) % 1000) / 7;
            right[i][j] = (double)(next_random(&random) % 1000) / 11;
        }
    }
}

static void fill_vectors(void) {
    uint64_t random = random_seed;
    for (int i = 0; i < length; ++i) {
        one[i] = (float)(next_random(&random) % 1000) / 7;
        other[i] = (float)(next_random(&random) % 1000) / 11;
    }
}

static void multiply_sse(void) {
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < order; j += 4) {
            __m128d low = _mm_setzero_pd(), high = _mm_setzero_pd();
            for (int k = 0; k < order; ++k) {
                const __m128d factor = _mm_set1_pd(left[i][k]);
                low = _mm_add_pd(low, _mm_mul_pd(factor, _mm_load_pd(&right[k][j])));
                high = _mm_add_pd(high, _mm_mul_pd(factor, _mm_load_pd(&right[k][j + 2])));
            }
            _mm_store_pd(&product[i][j], low);
            _mm_store_pd(&product[i][j + 2], high);
        }
    }
}

AVX static void multiply_avx(void) {
    for (int i = 0; i < order; ++i) {
        for (int j = 0; j < order; j += 8) {
            __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
            for (int k = 0; k < order; ++k) {
                const __m256d factor = _mm256_broadcast_sd(&left[i][k]);
                low = _mm256_add_pd(low, _mm256_mul_pd(factor, _mm256_load_pd(&right[k][j])));
                high = _mm256_add_pd(high, _mm256_mul_pd(factor, _mm256_load_pd(&right[k][j + 4])));
            }
            _mm256_store_pd(&product[i][j], low);
            _mm256_store_pd(&product[i][j + 4], high);
        }
    }
}

static uint64_t multiply_often(void (*multiply)(void), int times) {
    uint64_t checksum = fnv_basis;
    for (int i = 0; i < times; ++i) {
        left[0][0] = i;
        multiply();
        checksum = fnv(checksum, product[0], sizeof(product[0]));
    }
    return fnv(checksum, product, sizeof(product));
}

static uint64_t run_matrix_sse(void) { return multiply_often(multiply_sse, sse_products); }
static uint64_t run_matrix_avx(void) { return multiply_often(multiply_avx, avx_products); }

static uint64_t run_dot_sse(void) {
    uint64_t checksum = fnv_basis;
    for (int i = 0; i < sse_dots; ++i) {
        __m128 sums[2] = {_mm_setzero_ps(), _mm_set1_ps((float)i)};
        for (int at = 0; at < length; at += 8) {
            sums[0] = _mm_add_ps(sums[0], _mm_mul_ps(_mm_load_ps(one + at), _mm_load_ps(other + at)));
            sums[1] = _mm_add_ps(sums[1], _mm_mul_ps(_mm_load_ps(one + at + 4), _mm_load_ps(other + at + 4)));
        }
        checksum = fnv(checksum, sums, sizeof(sums));
    }
    return checksum;
}

AVX static uint64_t run_dot_avx(void) {
    uint64_t checksum = fnv_basis;
    for (int i = 0; i < avx_dots; ++i) {
        __m256 sums[2] = {_mm256_setzero_ps(), _mm256_set1_ps((float)i)};
        for (int at = 0; at < length; at += 16) {
            const __m256 low = _mm256_mul_ps(_mm256_load_ps(one + at), _mm256_load_ps(other + at));
            const __m256 high = _mm256_mul_ps(_mm256_load_ps(one + at + 8), _mm256_load_ps(other + at + 8));
            sums[0] = _mm256_add_ps(sums[0], low);
            sums[1] = _mm256_add_ps(sums[1], high);
        }
        checksum = fnv(checksum, sums, sizeof(sums));
    }
    return checksum;
}

const struct Test matrix_sse = {.name = "matrix-sse",
                                .meaning = "product of matrices, in packed SSE2 double",
                                .prepare = fill_matrices,
                                .run = run_matrix_sse};
const struct Test matrix_avx = {.name = "matrix-avx",
                                .meaning = "product of matrices, in packed AVX double",
                                .prepare = fill_matrices,
                                .run = run_matrix_avx,
                                .possible = has_avx};
const struct Test dot_sse = {.name = "dot-sse",
                             .meaning = "product of vectors, in packed SSE float",
                             .prepare = fill_vectors,
                             .run = run_dot_sse};
const struct Test dot_avx = {.name = "dot-avx",
                             .meaning = "product of vectors, in packed AVX float",
                             .prepare = fill_vectors,
                             .run = run_dot_avx,
                             .possible = has_avx};
