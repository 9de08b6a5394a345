#pragma once

#include "case.h"
#include "x86/state.h"

#include <memory>
#include <string>
#include <vector>

namespace ringer::cases {

/// How a case ended, as every subject tells it.
struct Ending {
    enum class Kind : u8 {
        halted,    ///< At a HLT of its own; RIP points to it. At CPL 3 that is its #GP.
        exception, ///< By the exception `vector`; `state` is that of the interrupted program.
        shutdown,  ///< By a triple fault.
        runaway,   ///< Not within any number of instructions that a case could need.
    };
    Kind kind = Kind::runaway;
    x86::CpuState state{}; ///< `retired` does not count the HLT at the end.
    u64 vector = 0, error_code = 0;
    std::vector<u8> ram{}; ///< From address 0.

    /// On the real CPU only what a user-mode program has can be seen, and instructions are not counted.
    bool user_state_only = false;
};

/// Something that runs cases: an engine, or the real CPU.
class Subject {
  public:
    virtual ~Subject() = default;
    virtual std::string name() const = 0;
    virtual bool can_run(const Case& one) const = 0;
    virtual Ending run(const Case& one, const x86::CpuState& initial) = 0;
};

/// The real CPU, for cases of Mode::user64: in a child process that is entered, and left, by signals.
std::unique_ptr<Subject> real_cpu();

/// Every engine, each twice: once running freely, once stopped after every instruction.
std::vector<std::unique_ptr<Subject>> all_engines();

/// What is wrong with an ending, one line each.
std::vector<std::string> complaints(const Case& one, const x86::CpuState& initial, const Ending& ending);

} // namespace ringer::cases
