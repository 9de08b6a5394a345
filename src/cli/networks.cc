#include "cli/networks.h"

#include <functional>

namespace ringer::cli {

namespace {

using Link = std::unique_ptr<world::NetworkLink>;

Result<Link> open_link(const UserNet& user, std::function<void()> wake) {
    return TRY(host::UserNetwork::open("--net user", user.forwards, std::move(wake)));
}

Result<Link> open_link(const SocketNet& socket, std::function<void()> wake) {
    return TRY(host::SocketNetwork::open("--net socket", socket, std::move(wake)));
}

} // namespace

Result<Networks> Networks::open(const std::vector<NetOptions>& nets, world::Outside& outside) {
    Networks networks;
    for (const NetOptions& each : nets) {
        const auto wake = [&outside] { outside.wake(); };
        networks.links_.push_back(
            TRY(std::visit([&](const auto& network) { return open_link(network, wake); }, each.network)));
        networks.interfaces_.push_back({*networks.links_.back(), {.mac = each.mac, .mtu = each.mtu}});
    }
    return networks;
}

} // namespace ringer::cli
