#include "host/network/user_network.h"

#include "base/assert.h"
#include "base/bits.h"
#include "host/descriptor.h"
#include "host/failure.h"
#include "host/network/frame_queue.h"
#include "host/process.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <slirp/libslirp.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <list>
#include <optional>
#include <thread>

namespace ringer::host {

namespace {

constexpr std::size_t most_queued = 4 * MiB;
/// How many frames are handed on before something else is looked at.
constexpr std::size_t frames_at_a_time = 256;
/// How long a guest that sends faster than the network's thread works has to wait before its frames are lost.
constexpr std::chrono::milliseconds longest_wait{100};

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
    void start();

    void send(std::span<const u8> frame);
    bool receive(const std::function<bool(std::span<const u8>)>& take) {
        return to_guest_.read(frames_at_a_time, take) > 0;
    }

  private:
    /// A moment at which libslirp wants to be called, in milliseconds of its clock.
    struct SlirpTimer {
        SlirpTimerCb expired;
        void* argument;
        std::optional<i64> due;
    };

    static const SlirpCb& callbacks();
    static Stack& of(void* opaque) { return *static_cast<Stack*>(opaque); }

    void run();
    void wake_thread() const;
    void wait_for_events();
    void expire_timers();
    int add_poll(int descriptor, int events);

    std::function<void()> wake_guest_;
    Descriptor wake_event_;
    FrameQueue to_guest_{most_queued}, to_network_{most_queued};
    std::list<SlirpTimer> timers_;
    std::vector<pollfd> polled_;
    Slirp* slirp_ = nullptr;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

const SlirpCb& UserNetwork::Stack::callbacks() {
    static constexpr SlirpCb table{
        .send_packet = [](const void* frame, std::size_t size, void* opaque) -> ssize_t {
            Stack& stack = of(opaque);
            const auto pushed = stack.to_guest_.push({static_cast<const u8*>(frame), size});
            if (pushed == FrameQueue::Pushed::first) stack.wake_guest_();
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
        .notify = [](void* opaque) { of(opaque).wake_thread(); },
        .init_completed = nullptr,
        .timer_new_opaque = nullptr,
    };
    return table;
}

UserNetwork::Stack::Stack(std::function<void()> wake)
    : wake_guest_(std::move(wake)), wake_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
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
    stopping_ = true;
    wake_thread();
    if (thread_.joinable()) thread_.join();
    if (slirp_) slirp_cleanup(slirp_);
}

Result<void> UserNetwork::Stack::forward(std::string_view role, const PortForward& forward) {
    if (!slirp_ || !wake_event_) return host_error("{}: user networking cannot be set up", role);
    if (slirp_add_hostfwd(slirp_, forward.protocol == PortForward::Protocol::udp, forward.host_address,
                          forward.host_port, forward.guest_address, forward.guest_port) != 0)
        return user_error("{} hostfwd={}: the host's port {} cannot be had ({}); give another one", role,
                          forward.text, forward.host_port, reason(errno));
    return {};
}

/// Signals are for the machine's thread.
void UserNetwork::Stack::start() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void UserNetwork::Stack::wake_thread() const {
    const u64 one = 1;
    (void)!::write(wake_event_.get(), &one, sizeof(one)); // When it is full, the thread is awake.
}

void UserNetwork::Stack::send(std::span<const u8> frame) {
    if (to_network_.push(frame, longest_wait) == FrameQueue::Pushed::first) wake_thread();
}

void UserNetwork::Stack::run() {
    while (!stopping_) {
        wait_for_events();
        const std::size_t taken = to_network_.read(frames_at_a_time, [this](std::span<const u8> frame) {
            slirp_input(slirp_, frame.data(), static_cast<int>(frame.size()));
            return true;
        });
        if (taken == frames_at_a_time) wake_thread(); // There may be more.
        expire_timers();
    }
}

int UserNetwork::Stack::add_poll(int descriptor, int events) {
    polled_.push_back({descriptor, poll_events(events), 0});
    return static_cast<int>(polled_.size() - 1);
}

/// Waits for sockets, timers, and frames from the guest, and lets libslirp see to its sockets.
void UserNetwork::Stack::wait_for_events() {
    polled_.assign(1, {wake_event_.get(), POLLIN, 0});
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
    u64 count = 0;
    if (polled_[0].revents) (void)!::read(wake_event_.get(), &count, sizeof(count));
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
    return stack_->receive(take);
}

void UserNetwork::send(std::span<const u8> frame) { stack_->send(frame); }

} // namespace ringer::host
