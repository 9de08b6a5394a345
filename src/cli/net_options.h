#pragma once

#include "base/result.h"
#include "device/network/frame_sink.h"
#include "host/network/socket_network.h"
#include "host/network/tap_network.h"
#include "host/network/user_network.h"

#include <string>
#include <variant>
#include <vector>

namespace ringer::cli {

/// What a network interface may be connected to.
/// @{
struct UserNet {
    bool ipv6 = true;
    std::vector<host::PortForward> forwards;
};
using SocketNet = host::SocketEnd;
struct TapNet {
    std::string name;
};
/// @}

/// A network interface and what it is connected to.
struct NetOptions {
    std::variant<UserNet, SocketNet, TapNet> network;
    device::MacAddress mac{};
    u16 mtu = device::ethernet_mtu; ///< Unless the network says otherwise once it is open.
};

/// Reads the values of all --net options: "TYPE[,KEY=VALUE]...", where the type is one of user, socket and
/// tap, and docs/guide/network.md tells of each type's keys. An interface that is given no address has one by
/// its number.
Result<std::vector<NetOptions>> parse_nets(const std::vector<std::string>& texts);

} // namespace ringer::cli
