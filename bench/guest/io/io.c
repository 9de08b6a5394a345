// Throughput of a disk, past the page cache, and of TCP connections to the host.
//
// usage: io DISK ADDRESS PORT
//
// Prints a line for each test: "IO name amount seconds", where the amount is MiB, or thousands of accesses, and the
// seconds are those of the fastest of some rounds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MIB = 1 << 20, PAGE = 4096, DISK_MIB = 256, ACCESSES = 4000, NET_MIB = 64, ROUNDS = 5 };

static char *buffer;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static const char *address;
static int port, disk;

// What a test does in a round.
static void sequential(int writes) {
    for (int i = 0; i < DISK_MIB; ++i) {
        const off_t at = (off_t)i * MIB;
        if ((writes ? pwrite(disk, buffer, MIB, at) : pread(disk, buffer, MIB, at)) != MIB) fail("disk");
    }
    if (writes && fdatasync(disk) != 0) fail("fdatasync");
}

static void sequential_write(void) { sequential(1); }
static void sequential_read(void) { sequential(0); }

static void at_random(int writes) {
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < ACCESSES; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const off_t at = (off_t)(state % (DISK_MIB * (uint64_t)(MIB / PAGE))) * PAGE;
        if ((writes ? pwrite(disk, buffer, PAGE, at) : pread(disk, buffer, PAGE, at)) != PAGE) fail("disk");
    }
}

static void random_write(void) { at_random(1); }
static void random_read(void) { at_random(0); }

static int connect_to_host(char order) {
    struct sockaddr_in host = {.sin_family = AF_INET, .sin_port = htons(port)};
    const int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (inet_pton(AF_INET, address, &host.sin_addr) != 1) fail(address);
    if (connect(connection, (struct sockaddr *)&host, sizeof(host)) != 0) fail("connect");
    if (write(connection, &order, 1) != 1) fail("write");
    return connection;
}

static void send_all(void) {
    const int connection = connect_to_host('s');
    for (long left = (long)NET_MIB * MIB; left > 0;) {
        const ssize_t count = write(connection, buffer, left < MIB ? left : MIB);
        if (count <= 0) fail("write");
        left -= count;
    }
    shutdown(connection, SHUT_WR);
    if (read(connection, buffer, 1) != 1) fail("the host has not received all");
    close(connection);
}

static void receive_all(void) {
    const int connection = connect_to_host('r');
    long received = 0;
    for (ssize_t count; (count = read(connection, buffer, MIB)) > 0;) received += count;
    if (received != (long)NET_MIB * MIB) fail("the host has not sent all");
    close(connection);
}

static void round_trips(void) {
    const int connection = connect_to_host('e');
    for (int i = 0; i < ACCESSES; ++i)
        if (write(connection, buffer, 1) != 1 || read(connection, buffer, 1) != 1) fail("round trip");
    close(connection);
}

static void run(const char *name, double amount, void (*test)(void)) {
    double fastest = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        const double start = now();
        test();
        const double seconds = now() - start;
        if (round == 0 || seconds < fastest) fastest = seconds;
    }
    printf("IO %s %g %.6f\n", name, amount, fastest);
    fflush(stdout);
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: %s DISK ADDRESS PORT\n", arguments[0]);
        return 2;
    }
    address = arguments[2];
    port = atoi(arguments[3]);
    if (posix_memalign((void **)&buffer, PAGE, MIB) != 0) fail("memory");
    memset(buffer, 0x5a, MIB);
    disk = open(arguments[1], O_RDWR | O_DIRECT);
    if (disk < 0) fail(arguments[1]);
    run("disk/sequential-write", DISK_MIB, sequential_write);
    run("disk/sequential-read", DISK_MIB, sequential_read);
    run("disk/random-read", ACCESSES / 1000.0, random_read);
    run("disk/random-write", ACCESSES / 1000.0, random_write);
    run("tcp/send", NET_MIB, send_all);
    run("tcp/receive", NET_MIB, receive_all);
    run("tcp/round-trips", ACCESSES / 1000.0, round_trips);
    return 0;
}
