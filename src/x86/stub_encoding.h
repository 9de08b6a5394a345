#pragma once

#include "x86/host_stub.h"

#include <optional>

namespace ringer::x86 {

/// Renames the registers of a vector instruction (operand i becomes XMMi+1, YMMi+1, MMi+1 or R8+i), puts
/// [RDI] in place of its memory operand, and describes the result. nullopt: it cannot be expressed like this.
std::optional<HostStub> describe_vector_instruction(const Decoded& decoded);

/// The same for an x87 instruction: stack registers stay, the memory operand becomes X87Frame::memory.
HostStub describe_x87_instruction(const Decoded& decoded);

/// The machine code of a stub's function. Its argument, in RDI, is the frame.
std::string generate_vector_stub(const HostStub& stub);
std::string generate_x87_stub(const HostStub& stub);

/// Where a stub goes on after a SIMD exception: notes the fault in the VectorFrame at RDI and returns.
std::string generate_fault_exit();

} // namespace ringer::x86
