#include "host/network/tap_network.h"

#include "device/network/frame_sink.h"
#include "host/descriptor.h"
#include "host/failure.h"
#include "host/network/link_thread.h"
#include "host/process.h"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <utility>
#include <vector>

namespace ringer::host {

namespace {

constexpr const char* tun_device = "/dev/net/tun";
/// How many frames are read before something else is looked at.
constexpr unsigned frames_at_a_time = 256;

ifreq request_for(const std::string& name) {
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    return request;
}

/// What root runs for this user to have the tap device.
std::string commands_for(const std::string& name, bool is_there) {
    return fmt::format("{}ip tuntap add {} mode tap user {} && ip link set {} up",
                       is_there ? fmt::format("ip tuntap del {} mode tap && ", name) : "", name, user_name(),
                       name);
}

Result<Descriptor> open_tun(std::string_view subject) {
    Descriptor tun(::open(tun_device, O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (tun) return tun;
    const int error = errno;
    if (error == EACCES || error == EPERM)
        return host_error("{}: {} cannot be opened ({}); as root, run: chmod 666 {}", subject, tun_device,
                          reason(error), tun_device);
    return host_error("{}: {} cannot be opened ({}); as root, run: modprobe tun", subject, tun_device,
                      reason(error));
}

std::unexpected<Error> refusal(std::string_view subject, const std::string& name, int error) {
    const bool is_there = if_nametoindex(name.c_str()) != 0;
    switch (error) {
    case EPERM:
        return host_error("{}: {}; as root, run: {}", subject,
                          is_there ? "is a tap device of somebody else"
                                   : "is not there, and you may not make it",
                          commands_for(name, is_there));
    case EBUSY: return host_error("{}: is in use by another program; give another interface", subject);
    case EINVAL:
        return user_error("{}: is no tap device, or one of several queues; give another interface", subject);
    default: return host_error("{}: cannot be had ({}); give another interface", subject, reason(error));
    }
}

} // namespace

/// The tap device with its thread.
class TapNetwork::Tap {
  public:
    Tap(std::string subject, std::function<void()> wake)
        : subject_(std::move(subject)), thread_(std::move(wake)) {}
    ~Tap() { thread_.stop(); }
    Tap(const Tap&) = delete;
    Tap& operator=(const Tap&) = delete;

    Result<void> start(const std::string& name);

    LinkThread& thread() { return thread_; }
    u16 mtu() const { return mtu_; }
    bool is_up() const { return is_up_; }
    void set_offloads(const device::Offloads& offloads);

  private:
    void set_up(const std::string& name);
    void turn();
    void wait() const;
    void receive();
    void send();
    void go_down(int error);

    const std::string subject_;
    Descriptor tap_;
    u16 mtu_ = device::ethernet_mtu;
    std::vector<u8> frame_ = std::vector<u8>(device::most_frame);
    device::Offloads offloads_{};    ///< The machine's thread's.
    std::atomic<bool> is_up_ = true; ///< Until the device is removed.
    LinkThread thread_;
};

Result<void> TapNetwork::Tap::start(const std::string& name) {
    if (!thread_) return host_error("{}: has no thread ({}); close other programs", subject_, reason(errno));
    tap_ = TRY(open_tun(subject_));
    ifreq request = request_for(name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (ioctl(tap_.get(), TUNSETIFF, &request) != 0) return refusal(subject_, name, errno);
    set_up(name);
    thread_.start([this] { turn(); });
    return {};
}

/// Has the host's side up, where that is allowed, and learns its MTU.
void TapNetwork::Tap::set_up(const std::string& name) {
    const Descriptor control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request = request_for(name);
    if (!control || ioctl(control.get(), SIOCGIFFLAGS, &request) != 0) return;
    if (!(request.ifr_flags & IFF_UP)) {
        request.ifr_flags |= IFF_UP;
        if (ioctl(control.get(), SIOCSIFFLAGS, &request) != 0)
            spdlog::warn("{}: is down, and nothing passes; as root, run: ip link set {} up", subject_, name);
    }
    if (ioctl(control.get(), SIOCGIFMTU, &request) == 0)
        mtu_ = static_cast<u16>(std::clamp(request.ifr_mtu, 68, 0xffff));
}

void TapNetwork::Tap::turn() {
    wait();
    thread_.woken();
    if (is_up_) receive();
    send();
}

void TapNetwork::Tap::wait() const {
    std::array<pollfd, 2> events{
        {{thread_.wake_descriptor(), POLLIN, 0}, {is_up_ ? tap_.get() : -1, POLLIN, 0}}};
    poll(events.data(), events.size(), -1);
}

void TapNetwork::Tap::receive() {
    for (unsigned count = 0; count < frames_at_a_time; ++count) {
        device::Offload offload;
        const std::array<iovec, 2> parts{{{&offload, sizeof(offload)}, {frame_.data(), frame_.size()}}};
        const ssize_t size = ::readv(tap_.get(), parts.data(), parts.size());
        if (size < 0) {
            if (errno != EAGAIN && errno != EINTR) go_down(errno);
            return;
        }
        const std::size_t frame_size = static_cast<std::size_t>(size) - sizeof(offload);
        thread_.deliver({std::span(frame_).first(frame_size), offload});
    }
}

/// What the host does not take is lost.
void TapNetwork::Tap::send() {
    thread_.take_sent([this](const device::Frame& frame) {
        device::Offload offload = frame.offload;
        const std::array<iovec, 2> parts{
            {{&offload, sizeof(offload)}, {const_cast<u8*>(frame.bytes.data()), frame.bytes.size()}}};
        (void)!::writev(tap_.get(), parts.data(), parts.size());
        return true;
    });
}

void TapNetwork::Tap::set_offloads(const device::Offloads& offloads) {
    if (offloads == offloads_) return;
    offloads_ = offloads;
    unsigned flags = offloads.checksum ? TUN_F_CSUM : 0;
    if (offloads.tcp_4) flags |= TUN_F_TSO4;
    if (offloads.tcp_6) flags |= TUN_F_TSO6;
    // In vain when the device has been removed meanwhile.
    (void)ioctl(tap_.get(), TUNSETOFFLOAD, flags);
}

void TapNetwork::Tap::go_down(int error) {
    spdlog::warn("{}: is gone ({}); the guest's cable is out for the rest of the run", subject_,
                 reason(error));
    is_up_ = false;
    thread_.wake_guest();
}

bool TapNetwork::is_name(std::string_view name) {
    const auto is_bad = [](unsigned char c) {
        return c <= ' ' || c == '/' || c == ':' || c == '%' || c == 0x7f;
    };
    return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
           std::ranges::none_of(name, is_bad);
}

Result<std::unique_ptr<TapNetwork>> TapNetwork::open(std::string_view role, const std::string& name,
                                                     std::function<void()> wake) {
    auto tap = std::make_unique<Tap>(fmt::format("{},interface={}", role, name), std::move(wake));
    TRY(tap->start(name));
    return std::unique_ptr<TapNetwork>(new TapNetwork(std::move(tap)));
}

TapNetwork::TapNetwork(std::unique_ptr<Tap> tap) : tap_(std::move(tap)) {}

TapNetwork::~TapNetwork() = default;

u16 TapNetwork::mtu() const { return tap_->mtu(); }

bool TapNetwork::is_up() const { return tap_->is_up(); }

void TapNetwork::set_offloads(const device::Offloads& offloads) { tap_->set_offloads(offloads); }

bool TapNetwork::receive(const TakeFrame& take) { return tap_->thread().receive(take); }

void TapNetwork::send(const device::Frame& frame) {
    if (is_up()) tap_->thread().send(frame);
}

} // namespace ringer::host
