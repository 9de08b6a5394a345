#pragma once

#include "form.h"
#include "x86/state.h"

#include <array>
#include <string>
#include <vector>

namespace ringer::oracle {

/// Bytes that stand in memory instead of what the image holds there.
struct Patch {
    u64 linear;
    std::vector<u8> bytes;
};

/// What one instruction is run on.
struct Trial {
    CodeSize code_size = CodeSize::bits64;
    std::vector<u8> bytes; ///< The instruction.

    /// At RIP stand the instruction's bytes, all around them breakpoints. Of segments, selector and base
    /// count.
    x86::CpuState state;

    u64 image = 0;             ///< The data pages' contents, by number.
    bool empty_memory = false; ///< All zero instead.
    std::vector<Patch> patches;
};

/// What became of it.
struct Outcome {
    enum class End : u8 {
        exception, ///< The state is that of the interrupted program.
        endless,   ///< It was stopped.
        shutdown,  ///< A triple fault.
    };
    End end = End::exception;
    u64 vector = 0;
    u64 error_code = 0;
    x86::CpuState state; ///< CR2 is that of a page fault; else it says nothing.
};

} // namespace ringer::oracle
