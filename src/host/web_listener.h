#pragma once

#include "base/result.h"
#include "base/types.h"
#include "host/descriptor.h"
#include "host/web_request.h"

#include <functional>
#include <string>
#include <vector>

namespace ringer::host {

/// Listens for browsers: gives them the files of a folder, and hands over the connections that are to become
/// WebSockets. Belongs to one thread, which calls serve() again and again and is never kept waiting.
class WebListener {
  public:
    /// Takes over a socket on which nothing has been read yet but the kernel holds a whole request.
    using TakeSocket = std::function<void(int socket)>;

    /// `start` is where "/" leads to. Errors name `role`, the option.
    static Result<WebListener> open(std::string_view role, const std::string& address, u16 port,
                                    std::string folder, std::string start, TakeSocket take_socket);

    /// Goes on with all that can go on now.
    void serve();

  private:
    struct Connection {
        Descriptor socket;
        Nanoseconds deadline; ///< When it is given up.
        std::string answer{}; ///< Empty: the request is not there yet.
        std::size_t sent = 0; ///< Of the answer.
    };

    WebListener(Descriptor listener, std::string folder, std::string start, TakeSocket take_socket)
        : listener_(std::move(listener)), folder_(std::move(folder)), start_(std::move(start)),
          take_socket_(std::move(take_socket)) {}

    void accept_all();
    /// False when the connection is done with.
    bool go_on(Connection& connection);
    bool read_request(Connection& connection);
    std::string answer_to(const WebRequest& request) const;

    Descriptor listener_;
    std::string folder_, start_;
    TakeSocket take_socket_;
    std::vector<Connection> connections_;
};

} // namespace ringer::host
