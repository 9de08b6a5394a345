// debug-exit VALUE: ends the machine by a write to its isa-debug-exit port; the monitor's exit status is then
// (VALUE << 1) | 1. Needs root in the guest. Returns only on a machine without that port.

#include <stdio.h>
#include <stdlib.h>
#include <sys/io.h>

enum { debug_exit_port = 0x501 };

int main(int count, char** arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: debug-exit VALUE\n");
        return 2;
    }
    if (ioperm(debug_exit_port, 1, 1) != 0) {
        perror("debug-exit: no access to the port");
        return 1;
    }
    outb(atoi(arguments[1]), debug_exit_port);
    fprintf(stderr, "debug-exit: this machine has no isa-debug-exit port\n");
    return 1;
}
