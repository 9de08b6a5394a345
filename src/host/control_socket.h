#pragma once

#include "host/descriptor.h"

#include <sys/types.h>

#include <optional>

namespace ringer::host {

/// Where a running Ringer is asked for things: a Unix socket with an abstract name, which is gone when the
/// process is. Anybody may connect to such a name, and anybody may have taken it, so both sides ask the
/// kernel who the other one is.
///
/// Who connects sends one line, is sent the answer, and the connection is closed:
/// - "screenshot": a PNG file;
/// - "balloon", or "balloon N" to make it N bytes large: a JSON object, which has "error" when that cannot
/// be.
namespace control_socket {

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

} // namespace control_socket

} // namespace ringer::host
