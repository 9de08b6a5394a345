#include "host/screenshot_server.h"

#include "display/png.h"
#include "host/failure.h"
#include "host/screenshot_socket.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

namespace ringer::host {

namespace {

/// A machine looks outside many times a second, unless its host's disk keeps it waiting.
constexpr std::chrono::seconds patience{20};

} // namespace

Result<std::unique_ptr<ScreenshotServer>> ScreenshotServer::open(std::function<void()> wake) {
    Descriptor listener = screenshot_socket::listen_as(getpid());
    if (!listener) return host_error("'ringer screenshot' will not find this machine: {}", reason(errno));
    Descriptor stop(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!stop) return host_error("'ringer screenshot' will not find this machine: {}", reason(errno));
    return std::unique_ptr<ScreenshotServer>(
        new ScreenshotServer(std::move(listener), std::move(stop), std::move(wake)));
}

ScreenshotServer::ScreenshotServer(Descriptor listener, Descriptor stop, std::function<void()> wake)
    : listener_(std::move(listener)), stop_(std::move(stop)), wake_(std::move(wake)) {
    // Signals are for the thread that runs the machine; this one inherits that they are blocked.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { serve(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ScreenshotServer::~ScreenshotServer() {
    {
        const std::scoped_lock lock(mutex_);
        ends_ = true;
    }
    looked_.notify_all();
    eventfd_write(stop_.get(), 1);
    thread_.join();
}

void ScreenshotServer::look(const display::Screen& screen) {
    if (!wanted_) return;
    const std::scoped_lock lock(mutex_);
    picture_ = screen.picture();
    wanted_ = false;
    looked_.notify_all();
}

std::optional<display::Picture> ScreenshotServer::next_picture() {
    std::unique_lock lock(mutex_);
    wanted_ = true;
    wake_();
    looked_.wait_for(lock, patience, [this] { return picture_ || ends_; });
    wanted_ = false;
    return std::exchange(picture_, std::nullopt);
}

void ScreenshotServer::serve() {
    for (;;) {
        std::array<pollfd, 2> events{{{stop_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
        if (poll(events.data(), events.size(), -1) < 0 && errno != EINTR) return;
        if (events[0].revents) return;
        const Descriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection) answer(connection);
    }
}

void ScreenshotServer::answer(const Descriptor& connection) {
    const auto peer = screenshot_socket::peer_of(connection);
    if (!peer || peer->user != geteuid()) return;
    const auto picture = next_picture();
    if (!picture) return;
    const auto file = display::png_of(*picture);
    if (!file) {
        spdlog::warn("{}", file.error().message);
        return;
    }
    // Whoever does not read is not waited for.
    const timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    (void)write_all(connection.get(), *file);
}

} // namespace ringer::host
