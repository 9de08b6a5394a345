// System calls that do little, so that the way into the kernel and back counts.

#include "../bench.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { null_calls = 120 * 1000, reads = 80 * 1000, stats = 24 * 1000, signals = 10 * 1000, read_size = 16 };

// The process is not the same in every run, nor is its parent.
static uint64_t run_null(void) {
    const long parent = getppid();
    uint64_t same = 0;
    for (int i = 0; i < null_calls; ++i) same += syscall(SYS_getppid) == parent;
    return same;
}

static int zero;

static void open_zero(void) {
    zero = open("/dev/zero", O_RDONLY);
    if (zero < 0) give_up("/dev/zero");
}

static uint64_t run_read(void) {
    char buffer[read_size];
    uint64_t sum = 0;
    for (int i = 0; i < reads; ++i) {
        buffer[0] = 1;
        sum += (uint64_t)read(zero, buffer, sizeof(buffer)) + (uint64_t)buffer[0];
    }
    return sum;
}

static uint64_t run_stat(void) {
    struct stat found;
    uint64_t sum = 0;
    for (int i = 0; i < stats; ++i) sum += stat("/dev/null", &found) == 0 && S_ISCHR(found.st_mode);
    return sum;
}

static volatile uint64_t handled;

static void handle(int number) { handled += (uint64_t)number; }

static uint64_t run_signal(void) {
    const struct sigaction action = {.sa_handler = handle};
    if (sigaction(SIGUSR1, &action, NULL) != 0) give_up("sigaction");
    handled = 0;
    for (int i = 0; i < signals; ++i) raise(SIGUSR1);
    return handled;
}

const struct Test null_call = {.name = "null-call", .meaning = "getppid()", .run = run_null};
const struct Test read_call = {
    .name = "read", .meaning = "read() of 16 bytes of /dev/zero", .prepare = open_zero, .run = run_read};
const struct Test stat_call = {.name = "stat", .meaning = "stat() of /dev/null", .run = run_stat};
const struct Test signal_call = {
    .name = "signal", .meaning = "a signal to oneself, and its handler", .run = run_signal};
