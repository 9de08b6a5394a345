#include "host/web_listener.h"

#include "host/failure.h"
#include "host/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace ringer::host {

namespace {

constexpr std::size_t most_connections = 64, largest_file = 4 << 20;
constexpr Nanoseconds patience = 10'000'000'000;

std::string response(std::string_view status, std::string_view fields, std::string_view body) {
    return fmt::format(
        "HTTP/1.1 {}\r\n{}Content-Length: {}\r\nCache-Control: no-cache\r\nConnection: close\r\n"
        "X-Content-Type-Options: nosniff\r\n\r\n{}",
        status, fields, body.size(), body);
}

std::string refusal(std::string_view status) {
    return response(status, "Content-Type: text/plain\r\n", std::string(status) + "\n");
}

std::optional<std::string> contents_of(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return std::nullopt;
    std::string contents;
    std::array<char, 65536> piece;
    for (;;) {
        const ssize_t count = ::read(file.get(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 || contents.size() > largest_file) return std::nullopt;
        if (count == 0) return contents;
        contents.append(piece.data(), static_cast<std::size_t>(count));
    }
}

} // namespace

Result<WebListener> WebListener::open(std::string_view role, const std::string& address, u16 port,
                                      std::string folder, std::string start, TakeSocket take_socket) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &place.sin_addr) != 1)
        return user_error("{}:{}: is no IPv4 address; give one such as 127.0.0.1", role, address);
    Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int again = 1;
    if (listener) setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &again, sizeof(again));
    if (!listener || bind(listener.get(), reinterpret_cast<const sockaddr*>(&place), sizeof(place)) != 0 ||
        listen(listener.get(), SOMAXCONN) != 0)
        return host_error("{}:{}:{}: cannot listen there ({}); give another address or port", role, address,
                          port, reason(errno));
    return WebListener(std::move(listener), std::move(folder), std::move(start), std::move(take_socket));
}

void WebListener::serve() {
    accept_all();
    std::erase_if(connections_, [this](Connection& each) { return !go_on(each); });
}

void WebListener::accept_all() {
    while (connections_.size() < most_connections) {
        Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!socket) return;
        connections_.push_back({std::move(socket), monotonic_time() + patience});
    }
}

bool WebListener::go_on(Connection& connection) {
    if (monotonic_time() > connection.deadline) return false;
    if (connection.answer.empty() && !read_request(connection)) return false;
    if (connection.answer.empty()) return true;
    while (connection.sent < connection.answer.size()) {
        const ssize_t count = send(connection.socket.get(), connection.answer.data() + connection.sent,
                                   connection.answer.size() - connection.sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        connection.sent += static_cast<std::size_t>(count);
    }
    return false;
}

/// Looks at what has come without taking it, for a WebSocket's request is libvncserver's to read. False when
/// the connection is done with.
bool WebListener::read_request(Connection& connection) {
    constexpr std::string_view end = "\r\n\r\n";
    std::array<char, WebRequest::longest_head> bytes;
    const int socket = connection.socket.get();
    const ssize_t count = recv(socket, bytes.data(), bytes.size(), MSG_PEEK);
    if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (count == 0) return false;
    const std::string_view seen(bytes.data(), static_cast<std::size_t>(count));
    const std::size_t at = seen.find(end);
    if (at == std::string_view::npos) return seen.size() < bytes.size();
    const std::size_t head_size = at + end.size();
    const auto request = WebRequest::parse(seen.substr(0, head_size));
    if (!request) {
        connection.answer = refusal("400 Bad Request");
    } else if (!request->is_our_own()) {
        connection.answer = refusal("403 Forbidden");
    } else if (request->becomes_websocket) {
        // It closes it from now on.
        const int taken = fcntl(socket, F_DUPFD_CLOEXEC, 0);
        if (taken >= 0) take_socket_(taken);
        return false;
    } else {
        connection.answer = answer_to(*request);
    }
    // Of what is not read, a connection that is closed would tell the browser as of a failure.
    (void)recv(socket, bytes.data(), bytes.size(), 0);
    return true;
}

std::string WebListener::answer_to(const WebRequest& request) const {
    if (request.method != "GET") return refusal("405 Method Not Allowed");
    if (request.path == "/") return response("302 Found", fmt::format("Location: {}\r\n", start_), "");
    const auto file = WebFile::of_path(request.path);
    const auto contents = file ? contents_of(folder_ + "/" + file->path) : std::nullopt;
    if (!contents) return refusal("404 Not Found");
    return response("200 OK", fmt::format("Content-Type: {}\r\n", file->media_type), *contents);
}

} // namespace ringer::host
