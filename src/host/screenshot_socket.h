#pragma once

#include "host/descriptor.h"

#include <sys/types.h>

#include <optional>

namespace ringer::host {

/// Where a running Ringer gives pictures of its screen: a Unix socket with an abstract name, which is gone
/// when the process is. Anybody may connect to such a name, and anybody may have taken it, so both sides ask
/// the kernel who the other one is.
///
/// Who connects is sent a PNG file, and the connection is closed.
namespace screenshot_socket {

/// Listens for process `pid`, this one; without a descriptor, errno tells why not.
Descriptor listen_as(pid_t pid);
/// Connects to that of process `pid`.
Descriptor connect_to(pid_t pid);

/// Who is at the other end of a connection.
struct Peer {
    pid_t pid;
    uid_t user;
};
std::optional<Peer> peer_of(const Descriptor& connection);

} // namespace screenshot_socket

} // namespace ringer::host
