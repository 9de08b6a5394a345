#include "cli/net_options.h"

#include "cli/key_values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace ringer::cli {

namespace {

template <class T>
std::optional<T> parse_number(std::string_view text, int base) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Addresses of virtual machines that need not differ between hosts, as QEMU's users know them.
device::MacAddress default_mac(std::size_t number) {
    return {0x52, 0x54, 0x00, 0x12, 0x34, static_cast<u8>(0x56 + number)};
}

Result<device::MacAddress> parse_mac(std::string_view option, std::string_view text) {
    constexpr std::size_t size = 17;
    const auto bad = [&] {
        return user_error("{}: mac={} is no address of an interface; give one such as 52:54:00:12:34:56",
                          option, text);
    };
    if (text.size() != size) return bad();
    device::MacAddress mac;
    for (std::size_t i = 0; i < mac.size(); ++i) {
        const auto byte = parse_number<u8>(text.substr(3 * i, 2), 16);
        if (!byte || (i > 0 && text[3 * i - 1] != ':')) return bad();
        mac.at(i) = *byte;
    }
    constexpr u8 multicast = 1;
    if (mac[0] & multicast) return bad();
    return mac;
}

/// One end of a forward: "[ADDRESS]:PORT".
struct End {
    in_addr address{};
    u16 port;
};

std::optional<End> parse_end(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) return std::nullopt;
    const auto port = parse_number<u16>(text.substr(colon + 1), 10);
    if (!port || *port == 0) return std::nullopt;
    End end{.port = *port};
    const std::string address(text.substr(0, colon));
    if (!address.empty() && inet_pton(AF_INET, address.c_str(), &end.address) != 1) return std::nullopt;
    return end;
}

Result<host::PortForward> parse_forward(std::string_view option, const std::string& text) {
    using Protocol = host::PortForward::Protocol;
    const std::string_view whole = text;
    const std::size_t colon = whole.find(':'), dash = whole.find('-');
    const std::string_view protocol = whole.substr(0, colon);
    if ((protocol == "tcp" || protocol == "udp") && dash != whole.npos && colon < dash) {
        const auto host = parse_end(whole.substr(colon + 1, dash - colon - 1));
        const auto guest = parse_end(whole.substr(dash + 1));
        if (host && guest)
            return host::PortForward{protocol == "tcp" ? Protocol::tcp : Protocol::udp,
                                     host->address,
                                     host->port,
                                     guest->address,
                                     guest->port,
                                     text};
    }
    return user_error("{}: hostfwd={} is no pair of ports; give one such as tcp:127.0.0.1:2222-:22", option,
                      text);
}

Result<NetOptions> parse_net(const std::string& text, std::size_t number) {
    const std::string option = "--net " + text;
    const auto values = TRY(KeyValues::parse("--net", text, {"type", "mac"}, {}, {"hostfwd"}));
    if (values.value("type") != "user")
        return user_error("{}: '{}' is no network; give user", option, values.value("type").value_or(""));
    NetOptions options{.forwards = {}, .mac = default_mac(number)};
    if (const auto mac = values.value("mac")) options.mac = TRY(parse_mac(option, *mac));
    for (const std::string& forward : values.values("hostfwd"))
        options.forwards.push_back(TRY(parse_forward(option, forward)));
    return options;
}

} // namespace

Result<std::vector<NetOptions>> parse_nets(const std::vector<std::string>& texts) {
    constexpr std::size_t most = 8;
    if (texts.size() > most)
        return user_error("--net {}: is one too many; give at most {} network interfaces", texts[most], most);
    std::vector<NetOptions> nets;
    for (const std::string& text : texts) {
        const auto net = TRY(parse_net(text, nets.size()));
        if (std::ranges::any_of(nets, [&](const NetOptions& each) { return each.mac == net.mac; }))
            return user_error("--net {}: another interface has the same address; give each its own mac",
                              text);
        nets.push_back(net);
    }
    return nets;
}

} // namespace ringer::cli
