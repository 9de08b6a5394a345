#pragma once

#include "x86/host_stub.h"

#include <optional>

namespace ringer::x86 {

/// Renames the registers of a vector instruction (operand i becomes XMMi+1, YMMi+1, MMi+1 or R8+i), puts
/// [RDI] in place of its memory operand, and describes the result. nullopt: it cannot be expressed like this.
std::optional<HostStub> describe_vector_instruction(const Decoded& decoded);

/// The same for an x87 instruction: stack registers stay, the memory operand becomes X87Frame::memory.
HostStub describe_x87_instruction(const Decoded& decoded);

/// What alignment, in bytes, a vector instruction asks of its memory operand; #GP otherwise. Intel SDM Vol.
/// 2A, table 2-18: legacy SSE's 16-byte operands are aligned but for a few instructions, AVX's are not but
/// for a few.
u8 alignment_of(const ZydisDecodedInstruction& instruction, unsigned memory_bytes, bool is_amd);

/// Whether rounding, denormals or exceptions matter: those are the classes of floating-point arithmetic.
/// Conversions with MMX registers have no class.
bool uses_mxcsr(const ZydisDecodedInstruction& instruction);

/// The machine code of a stub's function. Its argument, in RDI, is the frame.
std::string generate_vector_stub(const HostStub& stub);
std::string generate_x87_stub(const HostStub& stub);

/// Where a stub goes on after a SIMD exception: notes the fault in the VectorFrame at RDI and returns.
std::string generate_fault_exit();

} // namespace ringer::x86
