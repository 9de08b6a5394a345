#pragma once

#include "engine/translator/context.h"
#include "x86/host_stub.h"

namespace ringer::engine::translator {

/// What translated code calls at a SideExit, which Context::resume tells by where the call returns to;
/// implemented by the engine. The vCPU's state is up to date, but for RIP, the flags, and what is Unsaved.
/// Returns where in translated code to go on, with what Context has for it; nullptr: all state is that to
/// leave with.
using TakeOver = const void* (*)(Context* context);

/// The pieces of code between C++ and translations.
///
/// Translated code holds the registers of host_registers.h. Vector registers and MXCSR are the guest's if
/// Context::vectors_live, and C++'s to use otherwise; every way out to C++ sees to that. The same holds for
/// the x87 registers and Context::x87_live.
class Runtime {
  public:
    /// Generates them at the start of `memory`.
    Runtime(Context& context, x86::CodeMemory memory, TakeOver take_over);

    /// How many bytes of the memory they take.
    std::size_t size() const { return size_; }

    /// Runs translated code until the engine has it leave.
    void enter(const void* code) const { enter_(&context_, code); }

    /// @name What translated code calls
    /// @{
    const void* call_engine = nullptr;    ///< At a SideExit.
    const u8* refused = nullptr;          ///< Does, for an access that was refused in the shadow space.
    const void* load_vectors = nullptr;   ///< Makes Context::vectors_live; changes EFLAGS not.
    const void* load_x87 = nullptr;       ///< Makes Context::x87_live; EFLAGS are lost.
    const void* evaluate_flags = nullptr; ///< Gets the flags of the record into EFLAGS. scratch_b is lost.
    /// Puts the time stamp counter into Context::time_stamp. CpuState::retired is exact. EFLAGS are lost.
    const void* read_time_stamp = nullptr;
    /// @}

  private:
    using Enter = void (*)(Context*, const void*);

    Context& context_;
    std::size_t size_ = 0;
    Enter enter_ = nullptr;
};

} // namespace ringer::engine::translator
