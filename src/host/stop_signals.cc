#include "host/stop_signals.h"

#include "base/assert.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace ringer::host {

namespace {

std::atomic<int> first_signal = 0;
std::atomic<int> signal_wake_descriptor = -1;
std::atomic<bool> window_changed = false;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free);

constexpr int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};

void ring(int descriptor) {
    const eventfd_t one = 1;
    // The only failure is a counter at its limit, which is as readable as it gets.
    [[maybe_unused]] const ssize_t written = ::write(descriptor, &one, sizeof(one));
}

void on_stop_signal(int number) {
    const int saved = errno;
    int none = 0;
    first_signal.compare_exchange_strong(none, number);
    ring(signal_wake_descriptor);
    errno = saved;
}

void on_window_change(int) {
    const int saved = errno;
    window_changed = true;
    ring(signal_wake_descriptor);
    errno = saved;
}

void handle(int number, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

/// A signal that was ignored when the process started (nohup) stays ignored.
bool ignored(int number) {
    struct sigaction action{};
    return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

StopSignals::StopSignals() : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    RINGER_ASSERT(wake_);
    RINGER_ASSERT(signal_wake_descriptor == -1);
    signal_wake_descriptor = wake_.get();
    first_signal = 0;
    for (const int number : stop_signals)
        if (!ignored(number)) handle(number, on_stop_signal);
    handle(SIGPIPE, SIG_IGN);
    window_changed = false;
    handle(SIGWINCH, on_window_change);
}

StopSignals::~StopSignals() {
    end_at_stop_signals();
    handle(SIGPIPE, SIG_DFL);
    handle(SIGWINCH, SIG_DFL);
    signal_wake_descriptor = -1;
}

int StopSignals::received() const { return first_signal; }

bool StopSignals::take_window_change() { return window_changed && window_changed.exchange(false); }

void StopSignals::wake() { ring(wake_.get()); }

void StopSignals::drain() {
    eventfd_t count;
    while (::read(wake_.get(), &count, sizeof(count)) > 0) {
    }
}

void end_at_stop_signals() {
    for (const int number : stop_signals)
        if (!ignored(number)) handle(number, SIG_DFL);
}

} // namespace ringer::host
