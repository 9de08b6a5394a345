#pragma once

#include "base/result.h"
#include "cli/run_options.h"
#include "host/file.h"
#include "machine/pc.h"

#include <optional>

namespace ringer::cli {

/// What the machine starts with: firmware, or a kernel and what goes with it. Opened once: they may come
/// through pipes.
class GuestFiles {
  public:
    static Result<GuestFiles> open(const RunOptions& options);

    /// For machine::PcOptions; empty when a kernel is started without.
    std::span<const u8> firmware() const;

    /// The same of the display adapter's.
    std::span<const u8> vga_bios() const;

    /// Tells firmware of the machine; or loads the kernel into RAM and sets the vCPU to its first
    /// instruction.
    Result<void> load_into(machine::Pc& pc, const RunOptions& options) const;

  private:
    GuestFiles() = default;
    Result<void> load_kernel(machine::Pc& pc, const RunOptions& options) const;

    std::optional<host::InputFile> firmware_;
    std::optional<host::InputFile> vga_bios_;
    std::optional<host::InputFile> kernel_;
    std::optional<host::InputFile> initrd_;
};

} // namespace ringer::cli
