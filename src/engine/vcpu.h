#pragma once

#include "base/types.h"
#include "engine/activity.h"
#include "state/archive.h"

#include <map>
#include <string>
#include <string_view>
#include <variant>

namespace ringer::engine {

/// Why a run ended; the names are KVM's.
/// @{
struct Io { ///< A port access was answered "not yet".
    u16 port;
    u8 size;
    bool is_write;
};
struct Mmio { ///< A memory access was answered "not yet".
    GuestPhysical address;
    u8 size;
    bool is_write;
};
struct Hlt { ///< HLT completed, and no interrupt is pending.
    bool interruptible =
        true; ///< False: with interrupts disabled, so that only an NMI, INIT or reset ends it.
};
struct Shutdown {};    ///< A triple fault.
struct Debug {};       ///< A breakpoint of the debugger's, or the end of a single step.
struct BudgetSpent {}; ///< As many instructions as the Budget has have retired, but for its slack.
struct Interrupted {}; ///< kick() was called.
/// @}
using Exit = std::variant<Io, Mmio, Hlt, Shutdown, Debug, BudgetSpent, Interrupted>;

/// "io", "mmio", "hlt", ...: the name of an exit for statistics.
std::string_view name(const Exit& exit);

struct RunResult {
    Exit exit;
    u64 retired; ///< Instructions completed in this run.
};

/// How many instructions a run may take.
struct Budget {
    u64 most;
    u64 slack; ///< By so many fewer it may end as well, which is cheaper amid what an engine runs as one.

    // Implicit, as most runs are to end at a certain instruction.
    Budget(u64 instructions, u64 fewer = 0) : most(instructions), slack(fewer) {}
};

/// What an engine can promise. A feature that needs a trait refuses an engine without it.
struct Traits {
    bool exact_stop;  ///< Stops exactly at a budget without slack.
    bool exact_count; ///< Counts retired instructions exactly.
    bool concurrent;  ///< Several vCPUs may run at the same time.
};

/// What an engine has counted of its own work, by group and name, for statistics.
using Counters = std::map<std::string, std::map<std::string, u64>>;

/// A guest CPU as machine, debugger and snapshots know it, whatever its instruction set and engine.
class Vcpu {
  public:
    virtual ~Vcpu() = default;

    /// Runs until something needs the machine or the budget is spent. Interrupts that are pending are
    /// delivered on the way. On return the state is wholly up to date.
    virtual RunResult run(Budget budget) = 0;

    /// Makes a run stop after the current instruction: to be called by a device access in the middle of the
    /// run that moved a deadline. Deterministic.
    virtual void stop_soon() = 0;

    /// Makes a run, or the next one, return Interrupted soon. The only function that a signal handler may
    /// call.
    virtual void kick() = 0;

    /// Instructions completed since power-on. Exact also in the middle of a run, when a device asks.
    virtual u64 retired() const = 0;

    /// Makes the first write to each page of RAM be noted anew (memory::AddressSpace::note_write()), after
    /// dirty flags were cleared. Only between runs.
    virtual void watch_writes() = 0;

    virtual void reset() = 0;
    virtual Traits traits() const = 0;
    virtual std::string_view engine_name() const = 0;
    virtual Counters counters() const { return {}; }
    /// Any thread may ask.
    virtual Activity activity() const { return Activity::elsewhere; }
    virtual void visit(state::Archive& archive) = 0;
};

} // namespace ringer::engine
