#pragma once

#include "form.h"
#include "selectors.h"
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

/// What one instruction, or a sequence of them, is run on.
struct Trial {
    CodeSize code_size = CodeSize::bits64;
    std::vector<u8> bytes;   ///< The instructions.
    std::vector<u8> lengths; ///< Of each.

    /// At RIP stand the instruction's bytes, all around them breakpoints. Of segments, selector and base
    /// count.
    x86::CpuState state;

    u64 image = 0;             ///< The data pages' contents, by number.
    bool empty_memory = false; ///< All zero instead.
    std::vector<Patch> patches;

    /// Where RIP points.
    u64 code_address() const {
        return state.rip + (code_size == CodeSize::bits64 ? 0 : base_of(state.segments[x86::cs].selector));
    }
    bool is_sequence() const { return lengths.size() > 1; }
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
