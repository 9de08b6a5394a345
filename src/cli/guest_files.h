#pragma once

#include "base/result.h"
#include "cli/run_options.h"
#include "host/file.h"
#include "machine/pc.h"

#include <optional>

namespace ringer::cli {

/// The kernel and what goes with it, opened once: they may come through pipes.
class GuestFiles {
  public:
    static Result<GuestFiles> open(const RunOptions& options);

    /// Loads them into the machine's RAM, and sets its vCPU to the kernel's first instruction.
    Result<void> load_into(machine::Pc& pc, const RunOptions& options) const;

  private:
    explicit GuestFiles(host::InputFile kernel) : kernel_(std::move(kernel)) {}

    host::InputFile kernel_;
    std::optional<host::InputFile> initrd_;
};

} // namespace ringer::cli
