#include "../bench.h"

enum { count = 600 * 1000, small = 12 };

static int32_t numbers[count];

static void insertion_sort(int32_t* at, int64_t size) {
    for (int64_t i = 1; i < size; ++i) {
        const int32_t value = at[i];
        int64_t j = i;
        for (; j > 0 && at[j - 1] > value; --j) at[j] = at[j - 1];
        at[j] = value;
    }
}

static int32_t median(int32_t a, int32_t b, int32_t c) {
    if (a > b) {
        const int32_t swap = a;
        a = b;
        b = swap;
    }
    return c < a ? a : c > b ? b : c;
}

// Hoare's partition; recurses into the left part only.
static void quicksort(int32_t* at, int64_t size) {
    while (size > small) {
        const int32_t pivot = median(at[0], at[size / 2], at[size - 1]);
        int64_t i = -1, j = size;
        for (;;) {
            while (at[++i] < pivot) {
            }
            while (at[--j] > pivot) {
            }
            if (i >= j) break;
            const int32_t swap = at[i];
            at[i] = at[j];
            at[j] = swap;
        }
        quicksort(at, j + 1);
        at += j + 1;
        size -= j + 1;
    }
    insertion_sort(at, size);
}

static uint64_t run(void) {
    uint64_t random = random_seed;
    for (int i = 0; i < count; ++i) numbers[i] = (int32_t)next_random(&random);
    quicksort(numbers, count);
    uint64_t checksum = fnv_basis;
    for (int i = 0; i < count; ++i) {
        if (i > 0 && numbers[i - 1] > numbers[i]) return 0;
        checksum = (checksum ^ (uint32_t)numbers[i]) * 31;
    }
    return checksum;
}

const struct Test sort = {.name = "sort", .meaning = "quicksort of 600,000 random integers", .run = run};
