// Integer work as video encoders and image libraries do it, in SSE2 and AVX2: the sum of absolute differences
// of two pictures, their mixture with rounding and saturation, and a filter by multiplication and addition of
// words.

#include "../bench.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

enum { pixels = 16 * 1024, sse_rounds = 18000, avx_rounds = 32000 };

static unsigned char now[pixels] __attribute__((aligned(32))), before[pixels] __attribute__((aligned(32))),
    mixed[pixels] __attribute__((aligned(32)));

static bool has_avx2(void) { return __builtin_cpu_supports("avx2"); }

static void prepare(void) {
    uint64_t random = random_seed;
    for (int i = 0; i < pixels; ++i) {
        now[i] = (unsigned char)next_random(&random);
        before[i] = (unsigned char)(now[i] + next_random(&random) % 16);
    }
}

static uint64_t round_sse(__m128i weights) {
    __m128i differences = _mm_setzero_si128(), filtered = _mm_setzero_si128();
    const __m128i zero = _mm_setzero_si128();
    for (int at = 0; at < pixels; at += 16) {
        const __m128i a = _mm_load_si128((const __m128i*)(now + at));
        const __m128i b = _mm_load_si128((const __m128i*)(before + at));
        differences = _mm_add_epi64(differences, _mm_sad_epu8(a, b));
        const __m128i bright = _mm_subs_epu8(_mm_avg_epu8(a, b), _mm_min_epu8(a, b));
        _mm_store_si128((__m128i*)(mixed + at), bright);
        filtered = _mm_add_epi32(filtered, _mm_madd_epi16(_mm_unpacklo_epi8(a, zero), weights));
        filtered =
            _mm_sub_epi32(filtered, _mm_srai_epi32(_mm_madd_epi16(_mm_unpackhi_epi8(b, zero), weights), 2));
    }
    uint64_t sums[4];
    _mm_storeu_si128((__m128i*)sums, differences);
    _mm_storeu_si128((__m128i*)(sums + 2), filtered);
    return fnv(fnv_basis, sums, sizeof(sums));
}

AVX2 static uint64_t round_avx2(__m256i weights) {
    __m256i differences = _mm256_setzero_si256(), filtered = _mm256_setzero_si256();
    const __m256i zero = _mm256_setzero_si256();
    for (int at = 0; at < pixels; at += 32) {
        const __m256i a = _mm256_load_si256((const __m256i*)(now + at));
        const __m256i b = _mm256_load_si256((const __m256i*)(before + at));
        differences = _mm256_add_epi64(differences, _mm256_sad_epu8(a, b));
        const __m256i bright = _mm256_subs_epu8(_mm256_avg_epu8(a, b), _mm256_min_epu8(a, b));
        _mm256_store_si256((__m256i*)(mixed + at), bright);
        filtered = _mm256_add_epi32(filtered, _mm256_madd_epi16(_mm256_unpacklo_epi8(a, zero), weights));
        const __m256i taken = _mm256_srai_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi8(b, zero), weights), 2);
        filtered = _mm256_sub_epi32(filtered, taken);
    }
    uint64_t sums[8];
    _mm256_storeu_si256((__m256i*)sums, differences);
    _mm256_storeu_si256((__m256i*)(sums + 4), filtered);
    return fnv(fnv_basis, sums, sizeof(sums));
}

static uint64_t run_sse(void) {
    uint64_t checksum = 0;
    for (int i = 0; i < sse_rounds; ++i) checksum = checksum * 31 + round_sse(_mm_set1_epi16((short)i));
    return fnv(checksum, mixed, sizeof(mixed));
}

AVX2 static uint64_t run_avx2(void) {
    uint64_t checksum = 0;
    for (int i = 0; i < avx_rounds; ++i) checksum = checksum * 31 + round_avx2(_mm256_set1_epi16((short)i));
    return fnv(checksum, mixed, sizeof(mixed));
}

const struct Test pixels_sse2 = {.name = "pixels-sse2",
                                 .meaning = "differences, mixture and filter of pictures, in SSE2",
                                 .prepare = prepare,
                                 .run = run_sse};
const struct Test pixels_avx2 = {.name = "pixels-avx2",
                                 .meaning = "the same in AVX2",
                                 .prepare = prepare,
                                 .run = run_avx2,
                                 .possible = has_avx2};
