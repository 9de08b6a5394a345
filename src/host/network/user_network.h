#pragma once

#include "base/result.h"
#include "world/network_link.h"

#include <netinet/in.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ringer::host {

/// A port of the host whose connections, or datagrams, go to one of the guest's.
struct PortForward {
    enum class Protocol : u8 { tcp, udp };
    Protocol protocol = Protocol::tcp;
    in_addr host_address{}; ///< Zero: all of the host's.
    u16 host_port = 0;
    in_addr guest_address{}; ///< Zero: the first that DHCP hands out.
    u16 guest_port = 0;
    std::string text; ///< As it was given, for errors.
};

/// A network without privileges, by libslirp: the guest is at 10.0.2.15 behind a router at 10.0.2.2 that
/// speaks for it with the host's own sockets, with DHCP and a DNS forwarder at 10.0.2.3.
///
/// libslirp runs in a thread of its own, which alone calls it while it exists; frames are handed over in
/// queues of bounded size. What does not fit in them on its way to the guest is lost, as on a wire.
class UserNetwork final : public world::NetworkLink {
  public:
    /// The greatest IP packet that goes either way.
    static constexpr u16 mtu = 16'384;

    /// `wake` is called, by the network's thread, when frames have come in for a guest that may not be
    /// looking. A port that cannot be had is an error that names `role`.
    static Result<std::unique_ptr<UserNetwork>>
    open(std::string_view role, const std::vector<PortForward>& forwards, std::function<void()> wake);
    ~UserNetwork() override;
    UserNetwork(const UserNetwork&) = delete;
    UserNetwork& operator=(const UserNetwork&) = delete;

    bool is_up() const override { return true; }
    bool receive(const std::function<bool(std::span<const u8>)>& take) override;
    void send(std::span<const u8> frame) override;

  private:
    class Stack;
    explicit UserNetwork(std::unique_ptr<Stack> stack);

    std::unique_ptr<Stack> stack_;
};

} // namespace ringer::host
