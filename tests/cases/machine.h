#pragma once

#include "base/types.h"
#include "case.h"
#include "engine/x86_vcpu.h"
#include "memory/address_space.h"
#include "memory/shadow_space.h"
#include "x86/state.h"
#include "x86/surroundings.h"

#include <functional>
#include <memory>

namespace ringer::cases {

/// Addresses and selectors of what every machine holds. case.inc has the same for the cases.
namespace layout {
inline constexpr u64 ram_size = 0x20'0000; ///< What a case uses; a PC has more.
inline constexpr u64 handlers = 0x500; ///< One HLT for each vector: where a CPU halts tells the exception.
inline constexpr u64 gdt = 0x600;
inline constexpr u64 idt = 0x1000; ///< In real mode the vectors are at 0, as after reset.
inline constexpr u64 pml4 = 0x2000, pdpt = 0x3000, page_directory = 0x4000, page_table = 0x5000;
inline constexpr u64 tss = 0x6000;
inline constexpr u64 handler_stack = 0x7000;       ///< The TSS's stack for CPL 0; in real mode everybody's.
inline constexpr u64 apic_page_directory = 0x8000; ///< On a PC.
inline constexpr u64 stack = 0x1f'0000;
inline constexpr u16 code64 = 0x08, data = 0x10, user_data = 0x1b, user_code64 = 0x23, code32 = 0x28;
inline constexpr u16 task = 0x48;
} // namespace layout

/// What a case runs on: a CPU, and RAM with descriptor tables, page tables, a HLT behind every vector, and
/// the case's code.
class Machine {
  public:
    virtual ~Machine() = default;
    virtual engine::X86Vcpu& vcpu() = 0;
    virtual memory::AddressSpace& memory() = 0;

    /// Runs at most `budget` instructions: up to BudgetSpent, Shutdown, or a Hlt that is the end of the case.
    /// Any other exit means that the case cannot go on.
    virtual engine::Exit run(u64 budget) = 0;
};

/// With where the machine's RAM may be mapped, or nullptr.
using MakeVcpu =
    std::function<std::unique_ptr<engine::X86Vcpu>(x86::Surroundings&, memory::ShadowSpace* shadow_space)>;

/// The machine for `one`: nothing but a CPU and 2 MiB of RAM, where no interrupt ever comes and time stands
/// still; or a PC under the virtual clock, where the case ends at a HLT with interrupts disabled.
std::unique_ptr<Machine> make_machine(const Case& one, unsigned physical_address_bits,
                                      const MakeVcpu& make_vcpu);

/// The state in which `one` starts: that of its mode, and what it gives.
Result<x86::CpuState> initial_state(const Case& one);

} // namespace ringer::cases
