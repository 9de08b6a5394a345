#include "cli/net_options.h"

#include "cli/key_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace ringer::cli {

namespace {

template <class T>
std::optional<T> parse_number(std::string_view text, int base) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// FNV-1a.
u32 hash_of(std::string_view text) {
    u32 hash = 2'166'136'261;
    for (const char each : text) hash = (hash ^ static_cast<u8>(each)) * 16'777'619;
    return hash;
}

/// Addresses of virtual machines that need not differ between hosts, as QEMU's users know them. The two ends
/// of a cable have different ones, and so have the tap devices of a host, which may be on one bridge.
device::MacAddress default_mac(const NetOptions& options, std::size_t number) {
    device::MacAddress mac{0x52, 0x54, 0x00, 0x12, 0x34, static_cast<u8>(0x56 + number)};
    const auto* const socket = std::get_if<SocketNet>(&options.network);
    if (socket && socket->role == host::SocketEnd::Role::connector) ++mac[4];
    if (const auto* const tap = std::get_if<TapNet>(&options.network)) {
        const u32 number_of_name = hash_of(tap->name);
        for (unsigned i = 0; i < 3; ++i) mac.at(3 + i) = static_cast<u8>(number_of_name >> 8 * i);
    }
    return mac;
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

Result<host::PortForward> parse_forward(std::string_view option, const std::string& text) {
    using Protocol = host::PortForward::Protocol;
    const std::string_view whole = text;
    const std::size_t colon = whole.find(':'), dash = whole.find('-');
    const std::string_view protocol = whole.substr(0, colon);
    if ((protocol == "tcp" || protocol == "udp") && dash != whole.npos && colon < dash) {
        const auto host = host::SocketAddress::of_ip(whole.substr(colon + 1, dash - colon - 1));
        // Without an address, it is one of the same IP version.
        std::string to(whole.substr(dash + 1));
        if (to.starts_with(':') && host && host->family() == AF_INET6) to.insert(0, "[::]");
        const auto guest = host::SocketAddress::of_ip(to);
        if (host && guest && host->family() != guest->family())
            return user_error(
                "{}: hostfwd={} leads from one IP version to the other; give two addresses of one", option,
                text);
        if (host && guest)
            return host::PortForward{protocol == "tcp" ? Protocol::tcp : Protocol::udp, *host, *guest, text};
    }
    return user_error("{}: hostfwd={} is no pair of ports; give one such as tcp:127.0.0.1:2222-:22", option,
                      text);
}

Result<u16> parse_mtu(std::string_view option, std::string_view text) {
    constexpr u16 least = 68; // virtio 1.2, 5.1.4.1
    const auto mtu = parse_number<u16>(text, 10);
    if (!mtu || *mtu < least)
        return user_error("{}: mtu={} is no size of packets; give {} to {}", option, text, least, 0xffff);
    return *mtu;
}

Result<UserNet> parse_user(const std::string& option, const KeyValues& values) {
    UserNet user;
    const std::string ipv6 = values.value("ipv6").value_or("on");
    if (ipv6 != "on" && ipv6 != "off")
        return user_error("{}: ipv6={}: unknown; give on or off", option, ipv6);
    user.ipv6 = ipv6 == "on";
    for (const std::string& text : values.values("hostfwd")) {
        user.forwards.push_back(TRY(parse_forward(option, text)));
        if (user.forwards.back().host.family() == AF_INET6 && !user.ipv6)
            return user_error("{}: hostfwd={} needs IPv6, and ipv6=off leaves it out; give one of the two",
                              option, text);
    }
    return user;
}

/// "unix:PATH", or an address and port.
Result<SocketNet> parse_socket(const std::string& option, const KeyValues& values) {
    using Role = SocketNet::Role;
    constexpr std::string_view path_prefix = "unix:";
    const auto listen = values.value("listen"), connect = values.value("connect");
    if (listen.has_value() == connect.has_value())
        return user_error("{}: has {} end; give one of listen=127.0.0.1:5000 and connect=127.0.0.1:5000",
                          option, listen ? "more than one" : "no");
    const std::string text = listen ? *listen : *connect;
    if (text.starts_with(path_prefix)) {
        const auto address = host::SocketAddress::of_path(text.substr(path_prefix.size()));
        if (!address)
            return user_error("{}: {} is no path of a socket; give one of 1 to 107 characters", option, text);
        return SocketNet{listen ? Role::listener : Role::connector, *address, text};
    }
    const auto address = host::SocketAddress::of_ip(text);
    if (!address || (connect && address->is_any()))
        return user_error("{}: {} is no address and port; give some such as 127.0.0.1:5000, or unix:PATH",
                          option, text);
    return SocketNet{listen ? Role::listener : Role::connector, *address, text};
}

Result<TapNet> parse_tap(const std::string& option, const KeyValues& values) {
    const auto name = values.value("interface");
    if (!name) return user_error("{}: names no tap device; give one with interface=tap0", option);
    if (!host::TapNetwork::is_name(*name))
        return user_error("{}: {} is no name of an interface; give one of up to 15 characters such as tap0",
                          option, *name);
    return TapNet{*name};
}

/// That no key is given which goes with another type of network.
Result<void> check_keys(const std::string& option, const KeyValues& values, std::string_view type) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> owners{{{"hostfwd", "user"},
                                                                                   {"ipv6", "user"},
                                                                                   {"listen", "socket"},
                                                                                   {"connect", "socket"},
                                                                                   {"mtu", "socket"},
                                                                                   {"interface", "tap"}}};
    for (const auto& [key, owner] : owners)
        if (values.has(key) && owner != type)
            return user_error("{}: {} does not go with {}; give it with {}", option, key, type, owner);
    return {};
}

Result<NetOptions> parse_net(const std::string& text, std::size_t number) {
    const std::string option = "--net " + text;
    const auto values = TRY(KeyValues::parse(
        "--net", text, {"type", "mac", "listen", "connect", "mtu", "interface", "ipv6"}, {}, {"hostfwd"}));
    const std::string type = values.value("type").value_or("");
    if (type != "user" && type != "socket" && type != "tap")
        return user_error("{}: '{}' is no network; give user, socket or tap", option, type);
    TRY(check_keys(option, values, type));
    NetOptions options;
    if (type == "user") {
        options.network = TRY(parse_user(option, values));
        options.mtu = host::UserNetwork::mtu;
    } else if (type == "tap") {
        options.network = TRY(parse_tap(option, values));
    } else {
        options.network = TRY(parse_socket(option, values));
        if (const auto mtu = values.value("mtu")) options.mtu = TRY(parse_mtu(option, *mtu));
    }
    const auto mac = values.value("mac");
    options.mac = mac ? TRY(parse_mac(option, *mac)) : default_mac(options, number);
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
