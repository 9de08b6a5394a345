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
#include <array>
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

in6_addr address_6(const char* text) {
    in6_addr result{};
    RINGER_ASSERT(inet_pton(AF_INET6, text, &result) == 1);
    return result;
}

constexpr const char* prefix_6 = "fd00:10:0:2::";
constexpr u8 prefix_length_6 = 64;

/// The address that an interface makes of the prefix and its own (RFC 4291, 2.5.1 and appendix A).
in6_addr own_address_6(const device::MacAddress& mac) {
    in6_addr result = address_6(prefix_6);
    constexpr u8 universal = 1 << 1;
    const std::array<u8, 8> identifier{
        static_cast<u8>(mac[0] ^ universal), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]};
    std::ranges::copy(identifier, result.s6_addr + prefix_length_6 / 8);
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
    Stack(const Options& options, std::function<void()> wake);
    ~Stack();
    Stack(const Stack&) = delete;
    Stack& operator=(const Stack&) = delete;

    Result<void> start(std::string_view role);

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

    Result<void> add_forward(std::string_view role, const PortForward& forward);
    void turn();
    void wait_for_events();
    void expire_timers();
    int add_poll(int descriptor, int events);

    const Options options_;
    std::list<SlirpTimer> timers_;
    std::vector<pollfd> polled_;
    Slirp* slirp_ = nullptr;
    LinkThread thread_;
};

const SlirpCb& UserNetwork::Stack::callbacks() {
    static constexpr SlirpCb table{
        .send_packet = [](const void* frame, std::size_t size, void* opaque) -> ssize_t {
            of(opaque).thread_.deliver(std::span(static_cast<const u8*>(frame), size));
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

UserNetwork::Stack::Stack(const Options& options, std::function<void()> wake)
    : options_(options), thread_(std::move(wake)) {
    SlirpConfig config{};
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork = address("10.0.2.0");
    config.vnetmask = address("255.255.255.0");
    config.vhost = address("10.0.2.2");
    config.vdhcp_start = address("10.0.2.15");
    config.vnameserver = address("10.0.2.3");
    config.in6_enabled = options.ipv6;
    config.vprefix_addr6 = address_6(prefix_6);
    config.vprefix_len = prefix_length_6;
    config.vhost6 = address_6("fd00:10:0:2::2");
    config.vnameserver6 = address_6("fd00:10:0:2::3");
    config.if_mtu = mtu;
    config.if_mru = mtu;
    slirp_ = slirp_new(&config, &callbacks(), this);
}

UserNetwork::Stack::~Stack() {
    thread_.stop();
    if (slirp_) slirp_cleanup(slirp_);
}

Result<void> UserNetwork::Stack::start(std::string_view role) {
    if (!slirp_ || !thread_)
        return host_error("{}: cannot be set up ({}); close other programs", role, reason(errno));
    for (const PortForward& each : options_.forwards) TRY(add_forward(role, each));
    thread_.start([this] { turn(); });
    return {};
}

Result<void> UserNetwork::Stack::add_forward(std::string_view role, const PortForward& forward) {
    const SocketAddress guest = forward.guest.family() == AF_INET6 && forward.guest.is_any()
                                    ? SocketAddress::of_ip(own_address_6(options_.mac), forward.guest.port())
                                    : forward.guest;
    const bool is_udp = forward.protocol == PortForward::Protocol::udp;
    // The same port by IPv4 is another forward.
    const int flags = (is_udp ? SLIRP_HOSTFWD_UDP : 0) | SLIRP_HOSTFWD_V6ONLY;
    if (slirp_add_hostxfwd(slirp_, forward.host.generic(), forward.host.size(), guest.generic(), guest.size(),
                           flags) != 0)
        return user_error("{} hostfwd={}: the host's port {} cannot be had ({}); give another one", role,
                          forward.text, forward.host.port(), reason(errno));
    return {};
}

void UserNetwork::Stack::turn() {
    wait_for_events();
    thread_.take_sent([this](const device::Frame& frame) {
        slirp_input(slirp_, frame.bytes.data(), static_cast<int>(frame.bytes.size()));
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

Result<std::unique_ptr<UserNetwork>> UserNetwork::open(std::string_view role, const Options& options,
                                                       std::function<void()> wake) {
    auto stack = std::make_unique<Stack>(options, std::move(wake));
    TRY(stack->start(role));
    return std::unique_ptr<UserNetwork>(new UserNetwork(std::move(stack)));
}

UserNetwork::UserNetwork(std::unique_ptr<Stack> stack) : stack_(std::move(stack)) {}

UserNetwork::~UserNetwork() = default;

bool UserNetwork::receive(const TakeFrame& take) { return stack_->thread().receive(take); }

void UserNetwork::send(const device::Frame& frame) { stack_->thread().send(frame); }

} // namespace ringer::host
