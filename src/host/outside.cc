#include "host/outside.h"

#include "host/failure.h"
#include "host/file.h"
#include "host/process.h"
#include "host/screenshot_file.h"
#include "host/terminal_keys.h"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <utility>

namespace ringer::host {

namespace {

/// How much input is taken in ahead of the guest. A pipe with more is left waiting; from a terminal, more is
/// lost.
constexpr std::size_t typed_limit = 4096;

/// Waits for one of `events`; false when the time is over.
bool poll_for(std::span<pollfd> events, std::optional<Nanoseconds> at_most) {
    timespec limit{};
    if (at_most) {
        limit.tv_sec = static_cast<time_t>(*at_most / 1'000'000'000);
        limit.tv_nsec = static_cast<long>(*at_most % 1'000'000'000);
    }
    return ppoll(events.data(), events.size(), at_most ? &limit : nullptr, nullptr) > 0;
}

} // namespace

Result<std::unique_ptr<HostOutside>> HostOutside::open(const LineBackend& serial,
                                                       const std::optional<LineBackend>& console) {
    std::unique_ptr<HostOutside> outside(new HostOutside);
    // Devices' timers are a few microseconds ahead; the host would add 50 to each wait for one.
    prctl(PR_SET_TIMERSLACK, 1);
    TRY(outside->connect(world::first_serial_line, "--serial", serial));
    if (console) TRY(outside->connect(world::console_line, "--console", *console));
    return outside;
}

Result<void> HostOutside::connect(unsigned line, std::string_view role, const LineBackend& backend) {
    switch (backend.kind) {
    case LineBackend::Kind::none: return {};
    case LineBackend::Kind::file: return open_line(line, role, backend.path);
    case LineBackend::Kind::stdio: break;
    }
    if (standard_output_missing())
        return host_error("standard output: is closed; redirect it to a file, or give {} none", role);
    input_ = standard_input_missing() ? -1 : STDIN_FILENO;
    input_line_ = line;
    outputs_[line] = {.descriptor = STDOUT_FILENO, .name = "standard output"};
    if (input_ >= 0 && isatty(input_)) terminal_.emplace(input_);
    return {};
}

Result<void> HostOutside::open_line(unsigned line, std::string_view role, const std::string& path) {
    Output output{.file = TRY(open_output(role, path)), .name = fmt::format("{} {}", role, path)};
    output.descriptor = output.file.get();
    outputs_[line] = std::move(output);
    return {};
}

Result<void> HostOutside::log_firmware(std::string_view role, const std::string& path) {
    return open_line(world::firmware_line, role, path);
}

Result<void> HostOutside::show_text() {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return user_error("--display text: standard input and output are no terminal; give another display");
    input_ = STDIN_FILENO;
    terminal_.emplace(input_);
    outputs_[text_line] = {.descriptor = STDOUT_FILENO, .name = "standard output"};
    text_.emplace();
    tell(TextTerminal::begin);
    return {};
}

HostOutside::~HostOutside() {
    if (text_) tell(TextTerminal::end);
}

void HostOutside::tell(std::string_view text) {
    send(text_line, std::span(reinterpret_cast<const u8*>(text.data()), text.size()));
}

void HostOutside::set_timeout(Nanoseconds limit) { timeout_at_ = monotonic() + limit; }

Nanoseconds HostOutside::monotonic() { return monotonic_time(); }

u64 HostOutside::time_of_day() { return host::time_of_day(); }

bool HostOutside::wants_input() const {
    // A terminal is always listened to: the operator's Ctrl-A must work when the guest does not listen.
    return input_ >= 0 && (terminal_ || typed_.size() < typed_limit);
}

/// Takes what has come in, without waiting.
void HostOutside::take_input() {
    if (!wants_input()) return;
    pollfd input{input_, POLLIN, 0};
    if (poll(&input, 1, 0) <= 0) return;
    std::array<u8, 1024> keys;
    const ssize_t count = read(input_, keys.data(), keys.size());
    if (count > 0)
        take_keys(std::span(keys).first(static_cast<std::size_t>(count)));
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
        input_ = -1;
}

void HostOutside::take_keys(std::span<const u8> keys) {
    if (!terminal_) {
        typed_.insert(typed_.end(), keys.begin(), keys.end());
        return;
    }
    for (const u8 key : keys) {
        const auto command = escape_.take(key, typed_);
        if (command == EscapeFilter::Command::quit)
            quit_ = true;
        else if (command == EscapeFilter::Command::screenshot)
            screenshot_wanted_ = true;
        else if (command == EscapeFilter::Command::help)
            (void)write_all(STDERR_FILENO, std::span(reinterpret_cast<const u8*>(EscapeFilter::help.data()),
                                                     EscapeFilter::help.size()));
    }
    typed_.resize(std::min(typed_.size(), typed_limit));
    if (!text_) return;
    const auto events = keys_for(typed_);
    if (text_->keys.size() < typed_limit) text_->keys.insert(text_->keys.end(), events.begin(), events.end());
    typed_.clear();
}

std::optional<device::InputEvent> HostOutside::next_input() {
    if (text_) {
        take_input();
        if (!text_->keys.empty()) {
            const device::KeyEvent key = text_->keys.front();
            text_->keys.pop_front();
            text_->look_times.expect_news();
            return key;
        }
    }
    for (const auto& viewer : viewers_)
        if (const auto event = viewer->next_input()) return event;
    return std::nullopt;
}

void HostOutside::look(const display::Screen& screen) {
    for (const auto& viewer : viewers_) viewer->look(screen);
    if (screenshot_wanted_) save_screenshot(screen);
    if (!text_) return;
    const Nanoseconds now = monotonic();
    if (!text_->look_times.is_due(now)) return;
    const std::string update = text_->terminal.update(screen);
    text_->look_times.has_looked(now, !update.empty());
    tell(update);
}

void HostOutside::operate(device::VirtioBalloon& balloon) {
    for (const auto& viewer : viewers_) viewer->operate(balloon);
}

void HostOutside::save_screenshot(const display::Screen& screen) {
    screenshot_wanted_ = false;
    const auto name = host::save_screenshot(screen.picture());
    print_error(name ? fmt::format("ringer: the screen is saved in {}\n", *name)
                     : fmt::format("ringer: {}\n", name.error().message));
}

std::size_t HostOutside::receive(unsigned line, std::span<u8> buffer) {
    if (line != input_line_) return 0;
    take_input();
    const std::size_t count = std::min(buffer.size(), typed_.size());
    std::copy_n(typed_.begin(), count, buffer.begin());
    typed_.erase(typed_.begin(), typed_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
}

std::optional<device::TerminalSize> HostOutside::console_size() {
    if (!terminal_ || input_line_ != world::console_line) return std::nullopt;
    if (signals_.take_window_change() || !size_) size_ = terminal_size(input_);
    return size_;
}

/// Waits until the output takes some bytes. When the run is to end, it no longer waits; false when there is
/// no room.
bool HostOutside::wait_for_room(int output) {
    for (;;) {
        const bool ending = request() != Request::none;
        std::array<pollfd, 2> events{{{output, POLLOUT, 0}, {signals_.wake_descriptor(), POLLIN, 0}}};
        poll_for(events, ending ? Nanoseconds{0} : time_left({}));
        if (events[1].revents) {
            signals_.drain();
            woken_ = true;
        }
        if (events[0].revents || ending) return events[0].revents != 0;
    }
}

void HostOutside::send(unsigned line, std::span<const u8> contents) {
    const Output& output = outputs_.at(line);
    if (output.descriptor < 0) return;
    while (!contents.empty() && !failure_ && wait_for_room(output.descriptor)) {
        // A pipe with room takes PIPE_BUF bytes without blocking, so --timeout and signals are always heeded.
        const ssize_t written =
            ::write(output.descriptor, contents.data(), std::min<std::size_t>(contents.size(), PIPE_BUF));
        if (written >= 0)
            contents = contents.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR && errno != EAGAIN)
            failure_ =
                host_error(
                    "{}: cannot be written ({}); the guest's output would be lost, keep it open or send "
                    "it elsewhere",
                    output.name, reason(errno))
                    .error();
    }
}

std::optional<Nanoseconds> HostOutside::time_left(std::optional<Nanoseconds> at_most) {
    const auto limit = [&](std::optional<Nanoseconds> moment) {
        if (!moment) return;
        const Nanoseconds present = monotonic();
        const Nanoseconds left = *moment > present ? *moment - present : 0;
        at_most = std::min(left, at_most.value_or(left));
    };
    limit(timeout_at_);
    if (text_) limit(text_->look_times.next_if_overdue());
    for (const auto& viewer : viewers_) limit(viewer->next_look());
    return at_most;
}

void HostOutside::wait(std::optional<Nanoseconds> at_most) {
    if (std::exchange(woken_, false) || request() != Request::none) return;
    std::array<pollfd, 2> events{{{signals_.wake_descriptor(), POLLIN, 0}, {input_, POLLIN, 0}}};
    if (!poll_for(std::span(events).first(wants_input() ? 2 : 1), time_left(at_most))) return;
    if (events[0].revents) signals_.drain();
    if (events[1].revents) take_input();
}

void HostOutside::wake() { signals_.wake(); }

world::Outside::Request HostOutside::request() {
    if (failure_) return Request::failure;
    if (quit_ || signals_.received() != 0) return Request::quit;
    if (timeout_at_ && monotonic() >= *timeout_at_) return Request::timeout;
    return Request::none;
}

} // namespace ringer::host
