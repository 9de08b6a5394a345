#pragma once

#include "engine/translator/context.h"
#include "x86/host_stub.h"

namespace ringer::engine::translator {

/// Where in a translation an instruction is that the interpreter's function has to run.
struct Place {
    u16 number;  ///< In the block.
    bool leaves; ///< Translated code does not go on behind it in any case.
    u16 offset;  ///< In the page.

    u32 packed() const { return number | u32{leaves} << 15 | u32{offset} << 16; }
    static Place unpack(u32 packed) {
        return {static_cast<u16>(packed & 0x7fff), (packed >> 15 & 1) != 0, static_cast<u16>(packed >> 16)};
    }
};

/// An access that translated code has not found in the TLB.
struct Probe {
    u16 size;
    bool is_write;    ///< What is done now; only a write makes a page dirty.
    bool wants_write; ///< What is asked for.

    u32 packed() const { return size | u32{is_write} << 16 | u32{wants_write} << 17; }
    static Probe unpack(u32 packed) {
        return {static_cast<u16>(packed), (packed >> 16 & 1) != 0, (packed >> 17 & 1) != 0};
    }
};

/// Fills the TLB for it, and returns whether what is asked for may be done then.
using FillTlb = bool (*)(Context* context, u64 linear, u32 probe);

/// What runs the instruction at a place; implemented by the engine. The vCPU's state is up to date, except
/// for RIP, RFLAGS and the count of instructions, for which `place` stands. Returns the translated code to go
/// on with; nullptr: the state is that to leave with.
using RunInstruction = const void* (*)(Context* context, const x86::Instruction* instruction, u32 place);

/// The pieces of code between C++ and translations.
///
/// Translated code holds the registers of host_registers.h. Vector registers and MXCSR are the guest's if
/// Context::vectors_live, and C++'s to use otherwise; every way out to C++ sees to that. The same holds for
/// the x87 registers and Context::x87_live.
class Runtime {
  public:
    /// Generates them at the start of `memory`.
    Runtime(Context& context, x86::CodeMemory memory, RunInstruction run_instruction, FillTlb fill_tlb);

    /// How many bytes of the memory they take.
    std::size_t size() const { return size_; }

    /// Runs translated code until it leaves. RIP, the registers and the count are then in the vCPU's state,
    /// and the flags in the context's record.
    void enter(const void* code) const { enter_(&context_, code); }

    /// @name Where translated code jumps
    /// @{
    const void* leave = nullptr; ///< With RIP in scratch_a, and left_by in scratch_b.
    /// @}

    /// @name What it calls
    /// @{
    const void* interpret = nullptr;      ///< Instruction* in scratch_a, Place in scratch_b.
    const void* probe = nullptr;          ///< Linear address in scratch_a, Probe in scratch_b; the answer is
                                          ///< in Context::may_access.
    const void* load_vectors = nullptr;   ///< Makes Context::vectors_live; changes EFLAGS not.
    const void* load_x87 = nullptr;       ///< Makes Context::x87_live; EFLAGS are lost.
    const void* evaluate_flags = nullptr; ///< Turns the record of flags into FlagKind::status.
                                          /// @}

  private:
    using Enter = void (*)(Context*, const void*);

    Context& context_;
    std::size_t size_ = 0;
    Enter enter_ = nullptr;
};

} // namespace ringer::engine::translator
