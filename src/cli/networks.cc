#include "cli/networks.h"

#include <functional>
#include <utility>
#include <variant>

namespace ringer::cli {

namespace {

/// A network that is open, with what is only known now.
struct Opened {
    std::unique_ptr<world::NetworkLink> link;
    u16 mtu;
};

class Opener {
  public:
    Opener(const NetOptions& options, world::Outside& outside) : options_(options), outside_(outside) {}

    Result<Opened> operator()(const UserNet& user) const {
        const host::UserNetwork::Options options{user.ipv6, options_.mac, user.forwards};
        return Opened{TRY(host::UserNetwork::open("--net user", options, wake())), options_.mtu};
    }
    Result<Opened> operator()(const SocketNet& socket) const {
        return Opened{TRY(host::SocketNetwork::open("--net socket", socket, wake())), options_.mtu};
    }
    Result<Opened> operator()(const TapNet& net) const {
        auto tap = TRY(host::TapNetwork::open("--net tap", net.name, wake()));
        const u16 mtu = tap->mtu();
        return Opened{std::move(tap), mtu};
    }

  private:
    std::function<void()> wake() const {
        return [&outside = outside_] { outside.wake(); };
    }

    const NetOptions& options_;
    world::Outside& outside_;
};

} // namespace

Result<Networks> Networks::open(const std::vector<NetOptions>& nets, world::Outside& outside) {
    Networks networks;
    for (const NetOptions& each : nets) {
        Opened opened = TRY(std::visit(Opener(each, outside), each.network));
        networks.interfaces_.push_back({*opened.link, {each.mac, opened.mtu, opened.link->takes_offloads()}});
        networks.links_.push_back(std::move(opened.link));
    }
    return networks;
}

} // namespace ringer::cli
