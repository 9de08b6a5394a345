// The kernel's work on page tables.

#include "../bench.h"

#include <sys/mman.h>

enum { page = 4096, mappings = 120, pages = 64, toggles = 4000 };

static unsigned char* map(void) {
    void* at = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) give_up("mmap");
    (void)madvise(at, pages * page, MADV_NOHUGEPAGE);
    return at;
}

static uint64_t run_fault(void) {
    uint64_t sum = 0;
    for (int i = 0; i < mappings; ++i) {
        unsigned char* at = map();
        for (int j = 0; j < pages; ++j) sum += ++at[j * page];
        munmap(at, pages * page);
    }
    return sum;
}

static uint64_t run_protect(void) {
    unsigned char* at = map();
    uint64_t sum = 0;
    for (int i = 0; i < toggles; ++i) {
        unsigned char* one = at + i % pages * page;
        if (mprotect(one, page, PROT_READ | PROT_WRITE) != 0) give_up("mprotect");
        ++*one;
        if (mprotect(one, page, PROT_READ) != 0) give_up("mprotect");
        sum += *one;
    }
    munmap(at, pages * page);
    return sum;
}

const struct Test page_fault = {
    .name = "page-fault", .meaning = "mmap(), the first touch of 64 pages, munmap()", .run = run_fault};
const struct Test protect = {
    .name = "mprotect", .meaning = "mprotect() of a page back and forth, with accesses", .run = run_protect};
