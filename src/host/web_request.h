#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ringer::host {

/// What a browser asks for: the head of an HTTP/1.1 request (RFC 9112), as far as a page needs it. Its parts
/// lie in the text that it was read from.
struct WebRequest {
    static constexpr std::size_t longest_head =
        4096; ///< As libvncserver takes of one that becomes a WebSocket.

    std::string_view method, path; ///< The path without what follows a '?'.
    std::string_view host, origin; ///< Of the header fields of that name; empty: there is none.
    bool becomes_websocket = false;

    /// `head` ends with an empty line. nullopt: it is no request.
    static std::optional<WebRequest> parse(std::string_view head);

    /// Whether it comes from a page of ours, or from no page at all, and names this host by its address. A
    /// page of somebody else's, which a browser shows too, could otherwise reach the machine.
    bool is_our_own() const;
};

/// A file below the folder of the page, and what kind of file it is.
struct WebFile {
    std::string path, media_type;

    /// The one that a request's path names; nullopt when it can be none: it leads out of the folder, or is of
    /// a kind that pages do not have.
    static std::optional<WebFile> of_path(std::string_view path);
};

} // namespace ringer::host
