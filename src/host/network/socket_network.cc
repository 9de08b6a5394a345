#include "host/network/socket_network.h"

#include "base/bits.h"
#include "host/failure.h"
#include "host/network/frame_stream.h"
#include "host/network/link_thread.h"
#include "host/process.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace ringer::host {

namespace {

/// How much goes to the kernel, or comes from it, with one call.
constexpr std::size_t piece_size = 256 * KiB;
/// After which time a connector tries again.
constexpr Nanoseconds retry_interval = 500'000'000;

Descriptor make_socket(const SocketAddress& address) {
    return Descriptor(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/// Whether a Unix socket is there that nobody listens on any more.
bool is_abandoned(const SocketAddress& address) {
    struct stat status{};
    if (stat(address.path().c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
    const Descriptor probe = make_socket(address);
    return probe && connect(probe.get(), address.generic(), address.size()) != 0 && errno == ECONNREFUSED;
}

/// A connector that asks often enough for a port of its own host gets one day that very port to ask from.
bool is_its_own_peer(const Descriptor& connection) {
    sockaddr_storage own{}, peer{};
    socklen_t own_size = sizeof(own), peer_size = sizeof(peer);
    return getsockname(connection.get(), reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
           getpeername(connection.get(), reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
           own.ss_family != AF_UNIX && own_size == peer_size && std::memcmp(&own, &peer, own_size) == 0;
}

/// Frames go out at once, and a host at the other end that is gone without a word is noticed in a minute.
void set_up_tcp(const Descriptor& connection) {
    const auto set = [&](int level, int option, int value) {
        (void)setsockopt(connection.get(), level, option, &value, sizeof(value));
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

} // namespace

/// The socket with its thread.
class SocketNetwork::Cable {
  public:
    Cable(std::string name, const SocketEnd& end, std::function<void()> wake)
        : name_(std::move(name)), end_(end), thread_(std::move(wake)) {}
    ~Cable();
    Cable(const Cable&) = delete;
    Cable& operator=(const Cable&) = delete;

    Result<void> start();

    LinkThread& thread() { return thread_; }
    bool is_up() const { return is_up_; }

  private:
    Result<void> listen();
    Result<void> try_to_bind(const Descriptor& listener);

    void turn();
    void wait() const;
    bool is_waiting_to_connect() const { return end_.role == SocketEnd::Role::connector && !connection_; }
    void accept();
    void connect();
    void end_connecting(int error);
    void come_up(Descriptor connection);
    void go_down(std::string_view why);
    void tell(std::string message);
    void receive();
    void send();

    const std::string name_;
    const SocketEnd end_;
    Descriptor listener_;
    bool has_path_ = false; ///< Which is to be removed in the end.

    Descriptor connecting_, connection_;
    Nanoseconds retry_at_ = 0;
    std::string told_; ///< What was said since anything came in, not to be said again.
    FrameStream incoming_;
    bool has_received_ = false; ///< By this connection.
    std::vector<u8> piece_ = std::vector<u8>(piece_size);
    std::vector<u8> outgoing_; ///< Frames of which `sent_` bytes have gone out.
    std::size_t sent_ = 0;
    std::atomic<bool> is_up_ = false;

    LinkThread thread_;
};

SocketNetwork::Cable::~Cable() {
    thread_.stop();
    if (has_path_) ::unlink(end_.address.path().c_str());
}

Result<void> SocketNetwork::Cable::start() {
    if (!thread_) return host_error("{}: has no thread ({}); close other programs", name_, reason(errno));
    if (end_.role == SocketEnd::Role::listener) TRY(listen());
    thread_.start([this] { turn(); });
    return {};
}

Result<void> SocketNetwork::Cable::listen() {
    Descriptor listener = make_socket(end_.address);
    if (!listener) return host_error("{}: has no socket ({}); give another address", name_, reason(errno));
    const int again = 1;
    setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &again, sizeof(again));
    TRY(try_to_bind(listener));
    if (::listen(listener.get(), 1) != 0)
        return host_error("{}: cannot listen there ({}); give another address", name_, reason(errno));
    listener_ = std::move(listener);
    return {};
}

Result<void> SocketNetwork::Cable::try_to_bind(const Descriptor& listener) {
    const SocketAddress& address = end_.address;
    const auto bind = [&] { return ::bind(listener.get(), address.generic(), address.size()) == 0; };
    bool is_bound = bind();
    if (!is_bound && errno == EADDRINUSE && is_abandoned(address)) {
        ::unlink(address.path().c_str());
        is_bound = bind();
    }
    if (!is_bound)
        return host_error("{}: cannot listen there ({}); give another {}", name_, reason(errno),
                          address.family() == AF_UNIX ? "path" : "address or port");
    has_path_ = address.family() == AF_UNIX;
    return {};
}

void SocketNetwork::Cable::turn() {
    wait();
    thread_.woken();
    if (listener_) accept();
    if (is_waiting_to_connect()) connect();
    if (connection_) receive();
    if (connection_)
        send();
    else
        thread_.take_sent([](const device::Frame&) { return true; });
}

void SocketNetwork::Cable::wait() const {
    std::array<pollfd, 3> events{{{thread_.wake_descriptor(), POLLIN, 0}, {listener_.get(), POLLIN, 0}}};
    events[2] = {connection_ ? connection_.get() : connecting_.get(), POLLOUT, 0};
    if (connection_) events[2].events = static_cast<short>(outgoing_.empty() ? POLLIN : POLLIN | POLLOUT);
    timespec limit{};
    const Nanoseconds present = monotonic_time();
    if (retry_at_ > present) limit.tv_nsec = static_cast<long>(retry_at_ - present);
    const bool retries = is_waiting_to_connect() && !connecting_;
    ppoll(events.data(), events.size(), retries ? &limit : nullptr, nullptr);
}

/// Those that come while there is a connection are closed, so that they learn of it.
void SocketNetwork::Cable::accept() {
    for (;;) {
        Descriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!connection) return;
        if (!connection_) come_up(std::move(connection));
    }
}

void SocketNetwork::Cable::connect() {
    if (connecting_) {
        pollfd event{connecting_.get(), POLLOUT, 0};
        int error = 0;
        socklen_t size = sizeof(error);
        if (poll(&event, 1, 0) <= 0) return;
        if (getsockopt(connecting_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        return end_connecting(error);
    }
    if (monotonic_time() < retry_at_) return;
    connecting_ = make_socket(end_.address);
    if (!connecting_) return end_connecting(errno);
    if (::connect(connecting_.get(), end_.address.generic(), end_.address.size()) == 0)
        return end_connecting(0);
    if (errno != EINPROGRESS) end_connecting(errno);
}

void SocketNetwork::Cable::end_connecting(int error) {
    Descriptor connection = std::exchange(connecting_, {});
    retry_at_ = monotonic_time() + retry_interval;
    if (error == 0 && is_its_own_peer(connection)) error = ECONNREFUSED;
    if (error == 0) return come_up(std::move(connection));
    tell(fmt::format("nobody answers there ({}); trying again until somebody does", reason(error)));
}

void SocketNetwork::Cable::come_up(Descriptor connection) {
    if (end_.address.family() != AF_UNIX) set_up_tcp(connection);
    connection_ = std::move(connection);
    incoming_ = {};
    has_received_ = false;
    outgoing_.clear();
    sent_ = 0;
    is_up_ = true;
    spdlog::info("{}: is connected", name_);
    thread_.wake_guest();
}

void SocketNetwork::Cable::go_down(std::string_view why) {
    connection_ = {};
    is_up_ = false;
    tell(fmt::format("the other end {}; {}", why,
                     listener_ ? "waiting for the next connection" : "trying to reach it again"));
    thread_.wake_guest();
}

void SocketNetwork::Cable::tell(std::string message) {
    if (message != told_) spdlog::warn("{}: {}", name_, message);
    told_ = std::move(message);
}

void SocketNetwork::Cable::receive() {
    const ssize_t count = recv(connection_.get(), piece_.data(), piece_.size(), 0);
    if (count == 0)
        return go_down(listener_ || has_received_ ? "has gone"
                                                  : "has hung up at once, as one that is connected already");
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR) go_down(fmt::format("is lost ({})", reason(errno)));
        return;
    }
    has_received_ = true;
    told_.clear();
    if (!incoming_.read(std::span(piece_).first(static_cast<std::size_t>(count)),
                        [this](std::span<const u8> frame) { thread_.deliver(frame); }))
        go_down("sends something that is no Ethernet");
}

/// As much as the kernel takes now. While it takes nothing, frames stay in their queue.
void SocketNetwork::Cable::send() {
    bool has_more = !outgoing_.empty();
    if (outgoing_.empty())
        thread_.take_sent([&](const device::Frame& frame) {
            has_more = outgoing_.size() >= piece_size;
            if (!has_more) FrameStream::append(outgoing_, frame.bytes);
            return !has_more;
        });
    if (outgoing_.empty()) return;
    const auto left = std::span<const u8>(outgoing_).subspan(sent_);
    const ssize_t count = ::send(connection_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (count < 0) {
        if (errno != EAGAIN && errno != EINTR) go_down(fmt::format("is lost ({})", reason(errno)));
        return;
    }
    sent_ += static_cast<std::size_t>(count);
    if (sent_ < outgoing_.size()) return;
    outgoing_.clear();
    sent_ = 0;
    if (has_more) thread_.wake();
}

Result<std::unique_ptr<SocketNetwork>> SocketNetwork::open(std::string_view role, const SocketEnd& end,
                                                           std::function<void()> wake) {
    auto cable = std::make_unique<Cable>(
        fmt::format("{},{}={}", role, end.role == SocketEnd::Role::listener ? "listen" : "connect", end.text),
        end, std::move(wake));
    TRY(cable->start());
    return std::unique_ptr<SocketNetwork>(new SocketNetwork(std::move(cable)));
}

SocketNetwork::SocketNetwork(std::unique_ptr<Cable> cable) : cable_(std::move(cable)) {}

SocketNetwork::~SocketNetwork() = default;

bool SocketNetwork::is_up() const { return cable_->is_up(); }

bool SocketNetwork::receive(const TakeFrame& take) { return cable_->thread().receive(take); }

void SocketNetwork::send(const device::Frame& frame) {
    if (is_up()) cable_->thread().send(frame);
}

} // namespace ringer::host
