#include "../bench.h"

#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { exchanges = 4000, forks = 200, executions = 100, exit_code = 7 };

static void send(int pipe, unsigned char value) {
    if (write(pipe, &value, 1) != 1) give_up("write");
}

static unsigned char receive(int pipe) {
    unsigned char value = 0;
    if (read(pipe, &value, 1) != 1) give_up("read");
    return value;
}

static int wait_for(pid_t child) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) give_up("a child");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// The child sends back what it gets, plus one.
static uint64_t run_pipe(void) {
    int there[2], back[2];
    if (pipe(there) != 0 || pipe(back) != 0) give_up("pipe");
    const pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < exchanges; ++i) send(back[1], (unsigned char)(receive(there[0]) + 1));
        _exit(0);
    }
    uint64_t sum = 0;
    for (int i = 0; i < exchanges; ++i) {
        send(there[1], (unsigned char)i);
        sum += receive(back[0]);
    }
    sum += (uint64_t)wait_for(child);
    for (int i = 0; i < 2; ++i) {
        close(there[i]);
        close(back[i]);
    }
    return sum;
}

static uint64_t run_fork(void) {
    uint64_t sum = 0;
    for (int i = 0; i < forks; ++i) {
        const pid_t child = fork();
        if (child == 0) _exit(exit_code);
        sum += (uint64_t)wait_for(child);
    }
    return sum;
}

static char tiny[4096];

// The program "tiny" lies beside this one.
static void find_tiny(void) {
    char self[sizeof(tiny) - sizeof("/tiny")] = "";
    if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) give_up("/proc/self/exe");
    snprintf(tiny, sizeof(tiny), "%s/tiny", dirname(self));
}

static uint64_t run_exec(void) {
    uint64_t sum = 0;
    for (int i = 0; i < executions; ++i) {
        const pid_t child = fork();
        if (child == 0) {
            execl(tiny, tiny, NULL);
            _exit(127);
        }
        sum += (uint64_t)wait_for(child);
    }
    return sum;
}

const struct Test pipe_test = {
    .name = "pipe", .meaning = "a byte to another process and back, by pipes", .run = run_pipe};
const struct Test fork_test = {.name = "fork", .meaning = "fork() and waitpid()", .run = run_fork};
const struct Test exec_test = {.name = "exec",
                               .meaning = "fork(), execve() of a tiny static program, waitpid()",
                               .prepare = find_tiny,
                               .run = run_exec};
