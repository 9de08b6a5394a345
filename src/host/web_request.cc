#include "host/web_request.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ringer::host {

namespace {

constexpr std::string_view line_end = "\r\n";

bool equals_without_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Cuts off what comes before `separator`, and both of `text`; nullopt when it is not there.
std::optional<std::string_view> cut(std::string_view& text, std::string_view separator) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view part = text.substr(0, at);
    text.remove_prefix(at + separator.size());
    return part;
}

void take_field(WebRequest& request, std::string_view name, std::string_view value) {
    if (equals_without_case(name, "host")) request.host = value;
    if (equals_without_case(name, "origin")) request.origin = value;
    if (equals_without_case(name, "upgrade"))
        request.becomes_websocket = equals_without_case(value, "websocket");
}

} // namespace

std::optional<WebRequest> WebRequest::parse(std::string_view head) {
    WebRequest request;
    auto first = cut(head, line_end);
    if (!first) return std::nullopt;
    const auto method = cut(*first, " "), target = cut(*first, " ");
    if (!method || !target || !first->starts_with("HTTP/1.") || !target->starts_with('/'))
        return std::nullopt;
    request.method = *method;
    request.path = target->substr(0, target->find('?'));
    for (;;) {
        auto line = cut(head, line_end);
        if (!line) return std::nullopt;
        if (line->empty()) return request;
        const auto name = cut(*line, ":");
        if (!name) return std::nullopt;
        take_field(request, *name, trimmed(*line));
    }
}

bool WebRequest::is_our_own() const {
    const std::string_view name = host.substr(0, host.find(':'));
    const bool is_address =
        !name.empty() && std::ranges::all_of(name, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    if (!is_address && !equals_without_case(name, "localhost")) return false;
    return origin.empty() || equals_without_case(origin, "http://" + std::string(host));
}

std::optional<WebFile> WebFile::of_path(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kinds{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".ttf", "font/ttf"},
        {".woff", "font/woff"},
        {".woff2", "font/woff2"},
        {".oga", "audio/ogg"},
        {".mp3", "audio/mpeg"},
    }};
    const auto is_plain = [](unsigned char c) {
        return std::isalnum(c) || c == '.' || c == '-' || c == '_' || c == '/';
    };
    if (!path.starts_with('/') || !std::ranges::all_of(path, is_plain)) return std::nullopt;
    // No part of it is hidden or leads upwards.
    if (path.find("/.") != std::string_view::npos) return std::nullopt;
    for (const auto& [ending, type] : kinds)
        if (path.ends_with(ending)) return WebFile{std::string(path.substr(1)), std::string(type)};
    return std::nullopt;
}

} // namespace ringer::host
