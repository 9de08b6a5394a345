#pragma once

#include "base/result.h"
#include "device/network/frame_sink.h"
#include "host/network/user_network.h"

#include <string>
#include <vector>

namespace ringer::cli {

/// A network interface and what it is connected to.
struct NetOptions {
    std::vector<host::PortForward> forwards;
    device::MacAddress mac{};
};

/// Reads the values of all --net options: "user[,hostfwd=FORWARD]...[,mac=ADDRESS]", where FORWARD is
/// "tcp|udp:[HOSTADDRESS]:HOSTPORT-[GUESTADDRESS]:GUESTPORT". An interface that is given no address has one
/// by its number.
Result<std::vector<NetOptions>> parse_nets(const std::vector<std::string>& texts);

} // namespace ringer::cli
