#pragma once

#include "base/result.h"
#include "device/network/frame_sink.h"
#include "host/network/socket_address.h"
#include "world/network_link.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ringer::host {

/// A port of the host whose connections, or datagrams, go to one of the guest's. Both are of one IP version.
struct PortForward {
    enum class Protocol : u8 { tcp, udp };
    Protocol protocol = Protocol::tcp;
    SocketAddress host;
    SocketAddress guest; ///< Any address: the one that the guest has by DHCP, or makes by itself (IPv6).
    std::string text;    ///< As it was given, for errors.
};

/// A network without privileges, by libslirp: the guest is at 10.0.2.15 behind a router at 10.0.2.2 that
/// speaks for it with the host's own sockets, with DHCP and a DNS forwarder at 10.0.2.3. With IPv6, the
/// router fd00:10:0:2::2 advertises a prefix of which the guest makes its address (RFC 4862).
///
/// libslirp runs in a thread of its own, which alone calls it while it exists; frames are handed over in
/// queues of bounded size. What does not fit in them on its way to the guest is lost, as on a wire.
class UserNetwork final : public world::NetworkLink {
  public:
    /// The greatest IP packet that goes either way.
    static constexpr u16 mtu = 16'384;

    struct Options {
        bool ipv6 = true;
        /// The guest's, of which it makes its address.
        device::MacAddress mac{};
        std::vector<PortForward> forwards{};
    };

    /// `wake` is called, by the network's thread, when frames have come in for a guest that may not be
    /// looking. A port that cannot be had is an error that names `role`.
    static Result<std::unique_ptr<UserNetwork>> open(std::string_view role, const Options& options,
                                                     std::function<void()> wake);
    ~UserNetwork() override;
    UserNetwork(const UserNetwork&) = delete;
    UserNetwork& operator=(const UserNetwork&) = delete;

    bool is_up() const override { return true; }
    bool takes_offloads() const override { return false; }
    void set_offloads(const device::Offloads&) override {} // All frames that come in are complete.
    bool receive(const TakeFrame& take) override;
    void send(const device::Frame& frame) override;

  private:
    class Stack;
    explicit UserNetwork(std::unique_ptr<Stack> stack);

    std::unique_ptr<Stack> stack_;
};

} // namespace ringer::host
