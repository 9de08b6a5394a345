#pragma once

#include "base/types.h"
#include "case.h"
#include "memory/address_space.h"
#include "x86/state.h"
#include "x86/surroundings.h"

#include <memory>

namespace ringer::cases {

/// Addresses and selectors of the bare machine. case.inc has the same for the cases.
namespace layout {
inline constexpr u64 ram_size = 0x20'0000;
inline constexpr u64 handlers = 0x500; ///< One HLT for each vector: where a CPU halts tells the exception.
inline constexpr u64 gdt = 0x600;
inline constexpr u64 idt = 0x1000; ///< In real mode the vectors are at 0, as after reset.
inline constexpr u64 pml4 = 0x2000, pdpt = 0x3000, page_directory = 0x4000, page_table = 0x5000;
inline constexpr u64 tss = 0x6000;
inline constexpr u64 handler_stack = 0x7000; ///< The TSS's stack for CPL 0; in real mode everybody's.
inline constexpr u64 stack = 0x1f'0000;
inline constexpr u16 code64 = 0x08, data = 0x10, user_data = 0x1b, user_code64 = 0x23, code32 = 0x28;
inline constexpr u16 task = 0x48;
} // namespace layout

/// A CPU's surroundings that hold nothing but 2 MiB of RAM with descriptor tables, page tables, and a HLT
/// behind every vector. No interrupt ever comes, and time stands still.
class BareMachine final : public x86::Surroundings, private x86::InterruptController {
  public:
    /// Lays down the tables that `one`'s mode needs, and its code.
    explicit BareMachine(const Case& one);

    memory::AddressSpace& memory() override { return memory_; }
    memory::AddressSpace& ports() override { return ports_; }
    x86::InterruptController& interrupts() override { return *this; }
    Nanoseconds now() const override { return 0; }

    std::span<const u8> ram() const { return {ram_.get(), layout::ram_size}; }

  private:
    struct Free {
        void operator()(u8* bytes) const;
    };

    bool interrupt_pending() const override { return false; }
    u8 acknowledge() override { return 0; }
    u8 task_priority() const override { return 0; }
    void set_task_priority(u8) override {}
    std::optional<u64> read_msr(u32) override { return std::nullopt; }
    bool write_msr(u32, u64, u64) override { return false; }
    void tsc_offset_changed(u64) override {}
    bool enabled() const override { return false; }
    u32 id() const override { return 0; }

    void put(u64 address, u64 value, unsigned size);
    void put_descriptors();
    void put_page_tables();
    void put_gates(Mode mode);

    std::unique_ptr<u8[], Free> ram_;
    memory::AddressSpace memory_, ports_;
};

/// The state in which `one` starts: that of its mode, and what it gives.
Result<x86::CpuState> initial_state(const Case& one);

} // namespace ringer::cases
