#include "host/terminal.h"

#include "base/assert.h"

#include <sys/ioctl.h>
#include <termios.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace ringer::host {

namespace {

/// What a signal handler needs; written while `raw_descriptor` is -1.
termios original;
termios raw;
std::atomic<int> raw_descriptor = -1;

constexpr int fatal_signals[] = {SIGQUIT, SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS, SIGXCPU};

/// Async-signal-safe, as tcsetattr is (POSIX.1-2017, 2.4.3).
void put_back() {
    if (const int descriptor = raw_descriptor.load(); descriptor >= 0)
        tcsetattr(descriptor, TCSANOW, &original);
}

void make_raw() {
    if (const int descriptor = raw_descriptor.load(); descriptor >= 0) tcsetattr(descriptor, TCSANOW, &raw);
}

/// What was to be done on each of fatal_signals before: some may be faults of a guest.
std::array<struct sigaction, std::size(fatal_signals)> earlier;

void on_fatal_signal(int number, siginfo_t* information, void* context) {
    const auto index = std::ranges::find(fatal_signals, number) - std::begin(fatal_signals);
    if (const struct sigaction& before = earlier[static_cast<std::size_t>(index)];
        before.sa_flags & SA_SIGINFO) {
        before.sa_sigaction(number, information, context);
        struct sigaction now{};
        sigaction(number, nullptr, &now);
        if (now.sa_flags & SA_SIGINFO) return; // Otherwise it has left it to the default.
    }
    put_back();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void on_stop(int) {
    put_back();
    std::raise(SIGSTOP);
}

void on_continue(int) { make_raw(); }

void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

} // namespace

RawTerminal::RawTerminal(int descriptor) {
    RINGER_ASSERT(raw_descriptor == -1);
    if (tcgetattr(descriptor, &original) != 0) return;
    raw = original;
    cfmakeraw(&raw);
    raw.c_oflag = original.c_oflag;

    raw_descriptor = descriptor;
    std::atexit(put_back);
    struct sigaction action{};
    action.sa_sigaction = on_fatal_signal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < earlier.size(); ++i) sigaction(fatal_signals[i], &action, &earlier[i]);
    handle(SIGTSTP, on_stop, SA_RESTART);
    handle(SIGCONT, on_continue, SA_RESTART);
    make_raw();
}

RawTerminal::~RawTerminal() {
    put_back();
    raw_descriptor = -1;
    for (std::size_t i = 0; i < earlier.size(); ++i) sigaction(fatal_signals[i], &earlier[i], nullptr);
    handle(SIGTSTP, SIG_DFL, 0);
    handle(SIGCONT, SIG_DFL, 0);
}

device::TerminalSize terminal_size(int descriptor) {
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
    return {.columns = size.ws_col, .rows = size.ws_row};
}

} // namespace ringer::host
