#pragma once

#include "engine/translator/access_plan.h"
#include "engine/translator/flags.h"
#include "engine/translator/host_registers.h"
#include "engine/translator/jump_cache.h"
#include "engine/translator/x87_image.h"
#include "memory/shadow_space.h"
#include "x86/cpu.h"

#include <array>

namespace ringer::engine {
class Translator;
}

namespace ringer::engine::translator {

/// What translated code addresses relative to RSP, which points here. So it does the vCPU's state, which must
/// lie within 2 GiB. What is used most comes first, in 128 bytes, where its addresses are short.
struct alignas(64) Context {
    u64 page_base = 0;  ///< The linear address of the page whose code runs.
    FlagRecord flags{}; ///< The guest's status flags at the start of every block.
    u64 capture = 0;    ///< An operand from which flags follow.
    std::array<u64, registers_in_memory.size()> registers{}; ///< Of the guest's: registers_in_memory.
    u32 tlb_index_bits = x86::Tlb::index_bits;               ///< Of an address.
    JumpTables jumps{};
    std::array<u64, most_groups> addends{}; ///< Of the groups of accesses that the block has checked.
    u64 target = 0;                         ///< Where a call goes on in the guest, and
    u64 target_code = 0;                    ///< in the code cache.
    u64 spilled = 0;                        ///< The value of a register that is lent within one instruction.
    /// Where accesses within a segment have to end, by x86::SegmentRegister, outside of 64-bit mode. 0: none
    /// may be made, or some may by rules that are left to the interpreter.
    struct SegmentEnds {
        u64 readable = 0, writable = 0;
    };
    std::array<SegmentEnds, 6> segment_ends{};
    u64 vectors_live = 0; ///< The guest's vector registers and MXCSR are in the host's.
    u64 x87_live = 0; ///< So are its x87 (and MMX) registers, but for the pointers to the last instruction.

    u64 shadow_low_end = memory::ShadowSpace::low_end; ///< Where its lower region ends.
    u64 shadow_addend = memory::ShadowSpace::gs_base;  ///< Of its upper region.

    u64 time_stamp = 0; ///< What Runtime::read_time_stamp has read.

    /// @name For Runtime::call_engine
    /// @{
    u64 host_stack = 0;
    u64 resume = 0; ///< Where the call returns to, and then where to go on, with
    u64 scratch_a = 0, scratch_b = 0;
    u8 restore_vectors = 0, restore_x87 = 0, restore_flags = 0; ///< and these in the host.
    /// @}

    u64 tlb_looks = 0; ///< How often translated code has looked at the TLB, if that is counted.
    bool counts_tlb_looks = false;

    u16 x87_control = 0; ///< What FLDCW loads, once it has been looked at.
    u32 mxcsr = 0;       ///< What LDMXCSR does.
    u32 host_mxcsr = 0;

    /// Code that gets the flags of a record into EFLAGS, by its code.
    std::array<const void*, FlagRecord::codes> flag_evaluators{};

    alignas(64) X87Image x87_image{}; ///< On the way between the host and the vCPU.

    x86::Cpu* cpu = nullptr;
    Translator* engine = nullptr;
};

/// The context with a stack below, for what calls and signals push while RSP points to the context. It starts
/// a page: a CPU takes a load for one of what was just stored if the lower 12 bits of their addresses are
/// equal, and the guest's accesses should meet the context's that way as rarely as they can.
struct ContextOnStack {
    alignas(4096) std::array<u8, 64 << 10> stack;
    Context context;
};

} // namespace ringer::engine::translator
