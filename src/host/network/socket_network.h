#pragma once

#include "base/result.h"
#include "host/network/socket_address.h"
#include "world/network_link.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ringer::host {

/// Which end of a stream socket this is, and where.
struct SocketEnd {
    enum class Role : u8 { listener, connector };
    Role role;
    SocketAddress address;
    std::string text; ///< As it was given, for messages.
};

/// A cable to another machine's network interface, as a FrameStream over a socket. It is up while there is a
/// connection: a listener takes one after the other, and refuses those that come meanwhile; a connector tries
/// until there is one, and again when that has ended.
class SocketNetwork final : public world::NetworkLink {
  public:
    /// `wake` is called, by the network's thread, when frames have come in or the cable went up or down, for
    /// a guest that may not be looking. Errors and messages begin with `role`.
    static Result<std::unique_ptr<SocketNetwork>> open(std::string_view role, const SocketEnd& end,
                                                       std::function<void()> wake);
    ~SocketNetwork() override;
    SocketNetwork(const SocketNetwork&) = delete;
    SocketNetwork& operator=(const SocketNetwork&) = delete;

    bool is_up() const override;
    bool takes_offloads() const override { return false; }
    void set_offloads(const device::Offloads&) override {} // All frames that come in are complete.
    bool receive(const TakeFrame& take) override;
    void send(const device::Frame& frame) override;

  private:
    class Cable;
    explicit SocketNetwork(std::unique_ptr<Cable> cable);

    std::unique_ptr<Cable> cable_;
};

} // namespace ringer::host
