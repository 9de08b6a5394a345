#pragma once

#include "comparison.h"
#include "engine_cpu.h"
#include "native_cpu.h"

#include <string_view>

namespace ringer::oracle {

struct DuelResult {
    u64 native_vector = 0;
    bool endless = false; ///< Not run natively, since the engine does not end it.
    u64 engine_vector = 0;
    std::vector<Difference> differences;

    /// The instruction ran to its end, and the breakpoint behind it was met.
    bool completed() const { return !endless && is_end(native_vector); }
    bool engine_completed() const { return endless || is_end(engine_vector); }

    static bool is_end(u64 vector) { return vector == 3 || vector == 1; }
};

/// The real CPU and an engine, each running the same trial.
class Duel {
  public:
    explicit Duel(std::string_view engine) : engine_(engine, visible_descriptors(), load_local_segments()) {}

    bool is_amd() const { return engine_.model().is_amd; }

    DuelResult run(const Trial& trial);

    /// A simpler trial in which the same fields differ: registers at zero or their defaults, memory empty,
    /// as far as the difference stays.
    Trial shrink(const Trial& trial);

  private:
    EngineCpu engine_;
    NativeCpu native_; ///< After the engine, whose handler of SIGFPE it must find.
};

/// What an instruction is, what it was run on, and what came out differently.
std::string describe(const Trial& trial, const std::vector<Difference>& differences, bool is_amd);

} // namespace ringer::oracle
