#pragma once

#include "base/result.h"
#include "cli/net_options.h"
#include "machine/pc.h"
#include "world/door.h"

#include <memory>
#include <vector>

namespace ringer::cli {

/// What a machine's network interfaces are connected to.
class Networks {
  public:
    /// They wake `outside`, which must outlive them.
    static Result<Networks> open(const std::vector<NetOptions>& nets, world::Outside& outside);

    /// As the machine has them; this must outlive it.
    const std::vector<machine::NetworkOptions>& interfaces() const { return interfaces_; }

  private:
    std::vector<std::unique_ptr<world::NetworkLink>> links_;
    std::vector<machine::NetworkOptions> interfaces_;
};

} // namespace ringer::cli
