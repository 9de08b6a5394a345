#include "host/network/user_network.h"

#include "base/assert.h"
#include "host/failure.h"
#include "host/network/link_thread.h"
#include "host/process.h"

#include <arpa/inet.h>
#include <poll.h>
#include <slirp/libslirp.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <list>
#include <optional>
#include <vector>

namespace ringer::host {

namespace {

in_addr address(const char* text) {
    in_addr result{};
    RINGER_ASSERT(inet_pton(AF_INET, text, &result) == 1);
    return result;
}

constexpr short poll_events(int slirp_events) {
    short events = 0;
    if (slirp_events & SLIRP_POLL_IN) events |= POLLIN;
    if (slirp_events & SLIRP_POLL_OUT) events |= POLLOUT;
    if (slirp_events & SLIRP_POLL_PRI) events |= POLLPRI;
    return events;
}

constexpr int slirp_events(short poll_events) {
    int events = 0;
    if (poll_events & POLLIN) events |= SLIRP_POLL_IN;
    if (poll_events & POLLOUT) events |= SLIRP_POLL_OUT;
    if (poll_events & POLLPRI) events |= SLIRP_POLL_PRI;
    if (poll_events & POLLERR) events |= SLIRP_POLL_ERR;
    if (poll_events & POLLHUP) events |= SLIRP_POLL_HUP;
    return events;
}

} // namespace

/// libslirp with its thread.
class UserNetwork::Stack {
  public:
    explicit Stack(std::function<void()> wake);
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    /// Before start().
    Result<void> forward(std::string_view role, const PortForward& forward);
    void start() {
        thread_.start([this] { turn(); });
    }

    LinkThread& thread() { return thread_; }

  private:
    /// A moment at which libslirp wants to be called, in milliseconds of its clock.
    struct SlirpTimer {
        SlirpTimerCb expired;
        void* argument;
        std::optional<i64> due;
    };

    static const SlirpCb& callbacks();
    static Stack& of(void* opaque) { return *static_cast<Stack*>(opaque); }

    void turn();
    void wait_for_events();
    void expire_timers();
    int add_poll(int descriptor, int events);

    std::list<SlirpTimer> timers_;
    std::vector<pollfd> polled_;
    Slirp* slirp_ = nullptr;
    LinkThread thread_;
};

const SlirpCb& UserNetwork::Stack::callbacks() {
    static constexpr SlirpCb table{
        .send_packet = [](const void* frame, std::size_t size, void* opaque) -> ssize_t {
            of(opaque).thread_.deliver({static_cast<const u8*>(frame), size});
            return static_cast<ssize_t>(size);
        },
        .guest_error = [](const char* message,
                          void*) { spdlog::debug("network: the guest sent a bad packet: {}", message); },
        .clock_get_ns = [](void*) -> i64 { return static_cast<i64>(monotonic_time()); },
        .timer_new = [](SlirpTimerCb expired, void* argument, void* opaque) -> void* {
            return &of(opaque).timers_.emplace_back(SlirpTimer{expired, argument, {}});
        },
        .timer_free =
            [](void* timer, void* opaque) {
                of(opaque).timers_.remove_if([timer](const SlirpTimer& each) { return &each == timer; });
            },
        .timer_mod = [](void* timer, i64 due, void*) { static_cast<SlirpTimer*>(timer)->due = due; },
        .register_poll_fd = [](int, void*) {},
        .unregister_poll_fd = [](int, void*) {},
        .notify = [](void* opaque) { of(opaque).thread_.wake(); },
        .init_completed = nullptr,
        .timer_new_opaque = nullptr,
    };
    return table;
}

UserNetwork::Stack::Stack(std::function<void()> wake) : thread_(std::move(wake)) {
    SlirpConfig config{};
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork = address("10.0.2.0");
    config.vnetmask = address("255.255.255.0");
    config.vhost = address("10.0.2.2");
    config.vdhcp_start = address("10.0.2.15");
    config.vnameserver = address("10.0.2.3");
    config.if_mtu = mtu;
    config.if_mru = mtu;
    slirp_ = slirp_new(&config, &callbacks(), this);
}

UserNetwork::Stack::~Stack() {
    thread_.stop();
    if (slirp_) slirp_cleanup(slirp_);
}

Result<void> UserNetwork::Stack::forward(std::string_view role, const PortForward& forward) {
    if (!slirp_ || !thread_) return host_error("{}: user networking cannot be set up", role);
    if (slirp_add_hostfwd(slirp_, forward.protocol == PortForward::Protocol::udp, forward.host_address,
                          forward.host_port, forward.guest_address, forward.guest_port) != 0)
        return user_error("{} hostfwd={}: the host's port {} cannot be had ({}); give another one", role,
                          forward.text, forward.host_port, reason(errno));
    return {};
}

void UserNetwork::Stack::turn() {
    wait_for_events();
    thread_.take_sent([this](std::span<const u8> frame) {
        slirp_input(slirp_, frame.data(), static_cast<int>(frame.size()));
        return true;
    });
    expire_timers();
}

int UserNetwork::Stack::add_poll(int descriptor, int events) {
    polled_.push_back({descriptor, poll_events(events), 0});
    return static_cast<int>(polled_.size() - 1);
}

/// Waits for sockets, timers, and frames from the guest, and lets libslirp see to its sockets.
void UserNetwork::Stack::wait_for_events() {
    polled_.assign(1, {thread_.wake_descriptor(), POLLIN, 0});
    u32 timeout = ~u32{0};
    slirp_pollfds_fill(
        slirp_, &timeout,
        [](int descriptor, int events, void* opaque) { return of(opaque).add_poll(descriptor, events); },
        this);
    const auto present = static_cast<i64>(monotonic_time() / 1'000'000);
    for (const SlirpTimer& timer : timers_)
        if (timer.due) timeout = std::min(timeout, static_cast<u32>(std::max<i64>(0, *timer.due - present)));
    const int result =
        poll(polled_.data(), polled_.size(), timeout == ~u32{0} ? -1 : static_cast<int>(timeout));
    if (polled_[0].revents) thread_.woken();
    slirp_pollfds_poll(
        slirp_, result < 0,
        [](int index, void* opaque) {
            return slirp_events(of(opaque).polled_.at(static_cast<std::size_t>(index)).revents);
        },
        this);
}

void UserNetwork::Stack::expire_timers() {
    const auto present = static_cast<i64>(monotonic_time() / 1'000'000);
    for (SlirpTimer& timer : timers_)
        if (timer.due && *timer.due <= present) {
            timer.due.reset();
            timer.expired(timer.argument);
        }
}

Result<std::unique_ptr<UserNetwork>> UserNetwork::open(std::string_view role,
                                                       const std::vector<PortForward>& forwards,
                                                       std::function<void()> wake) {
    auto stack = std::make_unique<Stack>(std::move(wake));
    for (const PortForward& each : forwards) TRY(stack->forward(role, each));
    stack->start();
    return std::unique_ptr<UserNetwork>(new UserNetwork(std::move(stack)));
}

UserNetwork::UserNetwork(std::unique_ptr<Stack> stack) : stack_(std::move(stack)) {}

UserNetwork::~UserNetwork() = default;

bool UserNetwork::receive(const std::function<bool(std::span<const u8>)>& take) {
    return stack_->thread().receive(take);
}

void UserNetwork::send(std::span<const u8> frame) { stack_->thread().send(frame); }

} // namespace ringer::host
