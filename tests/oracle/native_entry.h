#pragma once

#include "base/types.h"

#include <array>
#include <cstddef>

/// The way into a trial on the real CPU and out of it, below what C++ can express.
namespace ringer::oracle {

/// What native_entry.cc loads and saves around a trial. There is one, for its code to find by name.
struct alignas(64) NativeContext {
    std::array<u8, 1024> save_area; ///< For XRSTOR64, in the standard format.
    std::array<u64, 16> gpr;        ///< All but RSP.
    u64 rip, cs, rflags, rsp, ss;   ///< As IRETQ pops them.
    u64 fs_base, gs_base;
    u64 ds, es, fs, gs;

    /// @name The host's, kept while the trial runs
    /// @{
    u64 host_rsp, host_fs_base, host_gs_base;
    /// @}

    /// @name As the trial left them
    /// @{
    u64 left_fs_base, left_gs_base;
    u64 left_ds, left_es, left_fs, left_gs;
    /// @}

    u64 frame; ///< Where IRETQ finds its frame: `rip` and what follows it, or a copy.
};
extern "C" NativeContext ringer_oracle_context;

/// Loads everything from ringer_oracle_context and does not return, but by leave_trial() in a signal handler.
void enter_trial();

/// Takes the handler's thread back to where it called enter_trial(), which returns.
[[noreturn]] void leave_trial();

/// What a signal that may end a trial must be handled by: makes the segment registers, their bases and RFLAGS
/// the host's again, and calls ringer_oracle_on_signal.
void signal_entry();

extern "C" void ringer_oracle_on_signal(int number, void* information, void* context);

} // namespace ringer::oracle
