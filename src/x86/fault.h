#pragma once

#include "base/result.h"
#include "base/types.h"

#include <expected>

namespace ringer::x86 {

/// Exceptions and interrupts by vector (Intel SDM Vol. 3, table 6-1).
enum class Vector : u8 {
    divide_error = 0,
    debug = 1,
    nmi = 2,
    breakpoint = 3,
    overflow = 4,
    bound_range = 5,
    invalid_opcode = 6,
    device_not_available = 7,
    double_fault = 8,
    invalid_tss = 10,
    segment_not_present = 11,
    stack_fault = 12,
    general_protection = 13,
    page_fault = 14,
    x87_error = 16,
    alignment_check = 17,
    machine_check = 18,
    simd_error = 19,
};

/// An exception that an instruction, or the delivery of an event, has raised and that waits to be delivered.
struct Exception {
    Vector vector;
    bool has_error_code;
    u32 error_code;
    u64 address; ///< CR2 for a page fault; the DR6 bits for a debug exception.
};

/// Why an instruction did not complete. Details of an exception are in Cpu::exception.
enum class Stop : u8 {
    exception,
    not_yet, ///< A device has not answered yet: run the instruction again later.
};

/// The result of an operation on guest state that the guest may have made impossible.
template <class T>
using Guest = std::expected<T, Stop>;

/// How the interpreter goes on after an instruction.
enum class Flow : u8 {
    next,      ///< Completed; the instruction that follows is next.
    branch,    ///< Completed; RIP has changed, and nothing else that matters to what comes.
    end_block, ///< Completed; the mode, RFLAGS, the code ahead or anything else may have changed.
    again,     ///< Not completed: it goes on from the state reached (REP). RIP stays.
    exception, ///< Not completed; Cpu::exception says why.
    not_yet,   ///< Not completed; a device has not answered.
};

/// What an instruction's semantic function returns: a Flow, or what TRY hands up.
class Outcome {
  public:
    constexpr Outcome(Flow flow) : flow_(flow) {}
    constexpr Outcome(std::unexpected<Stop> stop)
        : flow_(stop.error() == Stop::exception ? Flow::exception : Flow::not_yet) {}
    constexpr Flow flow() const { return flow_; }

  private:
    Flow flow_;
};

struct Cpu;

/// Note `vector` in cpu.exception; return the result from the instruction: `return raise(cpu, Vector::...)`.
std::unexpected<Stop> raise(Cpu& cpu, Vector vector);
std::unexpected<Stop> raise(Cpu& cpu, Vector vector, u32 error_code);
std::unexpected<Stop> raise_page_fault(Cpu& cpu, u64 linear, u32 error_code);

/// #GP(error_code), #UD: the two most common.
inline std::unexpected<Stop> general_protection(Cpu& cpu, u32 error_code = 0) {
    return raise(cpu, Vector::general_protection, error_code);
}
inline std::unexpected<Stop> invalid_opcode(Cpu& cpu) { return raise(cpu, Vector::invalid_opcode); }

} // namespace ringer::x86
