#include "host/control_server.h"

#include "base/bits.h"
#include "display/png.h"
#include "host/blocked_signals.h"
#include "host/control_socket.h"
#include "host/failure.h"
#include "memory/address_space.h"

#include <nlohmann/json.hpp>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>

namespace ringer::host {

namespace {

using nlohmann::ordered_json;

/// A machine looks outside many times a second, unless its host's disk keeps it waiting. A guest that is
/// asked for statistics may have no time for that.
constexpr std::chrono::seconds patience{20}, patience_with_guest{2};

constexpr std::string_view not_found = "'ringer screenshot' and 'ringer balloon' will not find this machine";

/// The first line of what comes in; empty when there is none.
std::string read_request(const Descriptor& connection) {
    std::array<char, 64> bytes;
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t count = read(connection.get(), bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
        const std::string_view so_far(bytes.data(), size);
        if (const auto end = so_far.find('\n'); end != so_far.npos) return std::string(so_far.substr(0, end));
    }
    return {};
}

std::string to_json(const device::VirtioBalloon::Report& report) {
    ordered_json statistics = ordered_json::object();
    for (std::size_t tag = 0; tag < report.statistics.size(); ++tag)
        if (report.statistics[tag])
            statistics[std::string(device::VirtioBalloon::statistic_names[tag])] = *report.statistics[tag];
    const ordered_json json{{"target_bytes", u64{report.target_pages} * memory::page_size},
                            {"actual_bytes", u64{report.actual_pages} * memory::page_size},
                            {"released_bytes", report.released},
                            {"statistics", statistics}};
    return json.dump(2) + "\n";
}

std::string error_json(const std::string& message) { return ordered_json{{"error", message}}.dump() + "\n"; }

} // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::open(std::function<void()> wake,
                                                           std::optional<u64> memory) {
    Descriptor listener = control_socket::listen_as(getpid());
    if (!listener) return host_error("{}: {}", not_found, reason(errno));
    Descriptor stop(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!stop) return host_error("{}: {}", not_found, reason(errno));
    return std::unique_ptr<ControlServer>(
        new ControlServer(std::move(listener), std::move(stop), std::move(wake), memory));
}

ControlServer::ControlServer(Descriptor listener, Descriptor stop, std::function<void()> wake,
                             std::optional<u64> memory)
    : listener_(std::move(listener)), stop_(std::move(stop)), wake_(std::move(wake)), memory_(memory) {
    thread_ = with_signals_blocked([this] { return std::thread([this] { serve(); }); });
}

ControlServer::~ControlServer() {
    {
        const std::scoped_lock lock(mutex_);
        ends_ = true;
    }
    served_.notify_all();
    eventfd_write(stop_.get(), 1);
    thread_.join();
}

void ControlServer::look(const display::Screen& screen) {
    if (!wanted_) return;
    const std::scoped_lock lock(mutex_);
    if (!picture_wanted_) return;
    picture_ = screen.picture();
    picture_wanted_ = false;
    served_.notify_all();
}

void ControlServer::operate(device::VirtioBalloon& balloon) {
    if (!wanted_) return;
    const std::scoped_lock lock(mutex_);
    if (!balloon_ || balloon_->is_done()) return;
    if (!balloon_->is_told) {
        if (balloon_->pages) balloon.set_target(*balloon_->pages);
        balloon_->updates_before = balloon.report().updates;
        balloon_->expects_updates = balloon.ask_for_statistics();
        balloon_->is_told = true;
    }
    balloon_->report = balloon.report();
    if (balloon_->is_done()) served_.notify_all();
}

void ControlServer::wait_for(Lock& lock, const std::function<bool()>& is_done, std::chrono::seconds longest) {
    wanted_ = true;
    wake_();
    served_.wait_for(lock, longest, [&] { return is_done() || ends_; });
    wanted_ = false;
}

std::string ControlServer::picture_file() {
    std::optional<display::Picture> picture;
    {
        Lock lock(mutex_);
        picture_wanted_ = true;
        wait_for(lock, [this] { return picture_.has_value(); }, patience);
        picture_wanted_ = false;
        picture = std::exchange(picture_, std::nullopt);
    }
    if (!picture) return {};
    const auto file = display::png_of(*picture);
    if (file) return {file->begin(), file->end()};
    spdlog::warn("{}", file.error().message);
    return {};
}

/// `size` is what the balloon's is to be in bytes, in decimal; empty leaves it as it is.
std::string ControlServer::balloon_state(std::string_view size) {
    if (!memory_) return error_json("has no balloon; give 'ringer run' the option --balloon");
    BalloonRequest request{};
    if (!size.empty()) {
        u64 bytes = 0;
        const auto [end, failed] = std::from_chars(size.data(), size.data() + size.size(), bytes);
        if (failed != std::errc() || end != size.data() + size.size()) return {};
        if (bytes >= *memory_)
            return error_json(
                fmt::format("has {} MiB of memory; give a balloon that is smaller", *memory_ / MiB));
        request.pages = static_cast<u32>(bytes / memory::page_size);
    }
    Lock lock(mutex_);
    balloon_ = request;
    wait_for(lock, [this] { return balloon_->is_told; }, patience);
    // Without news of the guest's, what it has told before will do.
    if (balloon_->is_told) wait_for(lock, [this] { return balloon_->is_done(); }, patience_with_guest);
    const BalloonRequest done = *std::exchange(balloon_, std::nullopt);
    return done.is_told ? to_json(done.report) : std::string();
}

std::string ControlServer::answer_to(std::string_view request) {
    constexpr std::string_view balloon = "balloon", balloon_size = "balloon ";
    if (request == "screenshot") return picture_file();
    if (request == balloon) return balloon_state({});
    if (request.starts_with(balloon_size)) return balloon_state(request.substr(balloon_size.size()));
    return {};
}

void ControlServer::serve() {
    for (;;) {
        std::array<pollfd, 2> events{{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
        if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) return;
        if (events[0].revents) return;
        const Descriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection) answer(connection);
    }
}

void ControlServer::answer(const Descriptor& connection) {
    const auto peer = control_socket::peer_of(connection);
    if (!peer || peer->user != geteuid()) return;
    // Whoever says nothing, or does not read, is not waited for.
    constexpr timeval silence{.tv_sec = 2, .tv_usec = 0}, limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence));
    setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    const std::string contents = answer_to(read_request(connection));
    (void)write_all(connection.get(), {reinterpret_cast<const u8*>(contents.data()), contents.size()});
}

} // namespace ringer::host
