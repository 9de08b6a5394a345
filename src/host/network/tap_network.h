#pragma once

#include "base/result.h"
#include "world/network_link.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ringer::host {

/// A tap device of the host (Linux, Documentation/networking/tuntap.rst): an Ethernet interface whose other
/// end is the guest's. It is one that is there, or else is made for the time of the run, which takes
/// privileges.
class TapNetwork final : public world::NetworkLink {
  public:
    /// Whether an interface may have this name.
    static bool is_name(std::string_view name);

    /// `wake` is called, by the network's thread, when frames have come in for a guest that may not be
    /// looking. Errors and messages begin with `role`.
    static Result<std::unique_ptr<TapNetwork>> open(std::string_view role, const std::string& name,
                                                    std::function<void()> wake);
    ~TapNetwork() override;
    TapNetwork(const TapNetwork&) = delete;
    TapNetwork& operator=(const TapNetwork&) = delete;

    /// The size of the greatest packets, as the host's side was set to when it was opened.
    u16 mtu() const;

    bool is_up() const override;
    bool takes_offloads() const override { return true; }
    void set_offloads(const device::Offloads& offloads) override;
    bool receive(const TakeFrame& take) override;
    void send(const device::Frame& frame) override;

  private:
    class Tap;
    explicit TapNetwork(std::unique_ptr<Tap> tap);

    std::unique_ptr<Tap> tap_;
};

} // namespace ringer::host
