#pragma once

#include "base/assert.h"
#include "base/bits.h"
#include "x86/access.h"
#include "x86/cpuid.h"
#include "x86/decode.h"
#include "x86/testing/test_code_memory.h"

#include <optional>
#include <span>
#include <vector>

namespace ringer::x86::testing {

/// An interrupt controller whose answers the test sets.
class FakeInterruptController final : public InterruptController {
  public:
    std::optional<u8> waiting; ///< The vector that acknowledge() takes.
    u8 cr8 = 0;
    bool is_enabled = true;

    bool interrupt_pending() const override { return waiting.has_value(); }
    u8 acknowledge() override {
        RINGER_ASSERT(waiting);
        const u8 vector = *waiting;
        waiting.reset();
        return vector;
    }
    u8 task_priority() const override { return cr8; }
    void set_task_priority(u8 value) override { cr8 = value; }
    std::optional<u64> read_msr(u32) override { return std::nullopt; }
    bool write_msr(u32, u64, u64) override { return false; }
    void tsc_offset_changed(u64) override {}
    bool enabled() const override { return is_enabled; }
    u32 id() const override { return 0; }
};

/// A vCPU with 16 MiB of RAM at 0 and nothing else, in 64-bit mode at CPL 0. Linear addresses below 16 MiB
/// are mapped one to one by 4 KiB pages, everything above is not mapped.
class TestMachine final : public Surroundings {
  public:
    static constexpr u64 ram_size = 16 * MiB;
    /// Where step() puts its instruction unless RIP was moved.
    static constexpr u64 code_base = 0x10000;
    /// Free for the test's data: from here to page_tables.
    static constexpr u64 data_base = 0x100000;
    static constexpr u64 page_tables = 15 * MiB;

    explicit TestMachine(CpuModel model_ = host_model()) : model(with_stubs(std::move(model_), stubs_)) {
        memory_.add_ram({.base = 0, .host = ram_});
        build_page_tables();
        enter_long64(0);
    }

    memory::AddressSpace& memory() override { return memory_; }
    memory::AddressSpace& ports() override { return ports_; }
    FakeInterruptController& interrupts() override { return interrupts_; }
    Nanoseconds now() const override { return time; }

    void enter_long64(u8 cpl) {
        enter_flat(cpl, 0xa09b);
        cpu.state.cr0 |= cr0::pg;
        cpu.state.msr.efer |= efer::lme | efer::lma;
        state_changed(cpu);
    }
    /// Paging off, segments flat.
    void enter_protected32(u8 cpl) { enter_flat(cpl, 0xc09b); }
    void enter_protected16(u8 cpl) { enter_flat(cpl, 0x809b); }
    void enter_real() {
        cpu.state = reset_state();
        for (Segment& segment : cpu.state.segments)
            segment = {.selector = 0, .attributes = 0x93, .limit = 0xffff, .base = 0};
        cpu.state.segments[cs] = {.selector = 0x1000, .attributes = 0x93, .limit = 0xffff, .base = code_base};
        cpu.state.rip = 0;
        state_changed(cpu);
    }

    /// The page table entry of a linear address below 16 MiB. Bits 0 P, 1 R/W, 2 U/S, 63 XD. Call
    /// flush_tlb(cpu) after a change of a page that was in use.
    u64 page_entry(u64 linear) const { return memory_value<u64>(page_entry_address(linear)); }
    void set_page_entry(u64 linear, u64 entry) {
        set_memory(page_entry_address(linear), entry);
        flush_tlb(cpu);
    }

    template <class T>
    T memory_value(u64 physical) const {
        RINGER_ASSERT(physical + sizeof(T) <= ram_size);
        T value;
        __builtin_memcpy(&value, ram_.data() + physical, sizeof(T));
        return value;
    }
    template <class T>
    void set_memory(u64 physical, const T& value) {
        RINGER_ASSERT(physical + sizeof(T) <= ram_size);
        __builtin_memcpy(ram_.data() + physical, &value, sizeof(T));
    }

    /// Decodes and runs one instruction at CS:RIP, as an engine does: RIP moves on when it completes, and
    /// stays where it was when it does not.
    Flow step(std::span<const u8> bytes) {
        const u64 start = cpu.state.rip;
        Instruction instruction;
        RINGER_ASSERT(decode(bytes, cpu.code_mode, cpu.model, instruction) == DecodeStatus::ok);
        cpu.state.rip += instruction.length;
        const Flow flow = instruction.handler(cpu, instruction).flow();
        if (flow == Flow::exception || flow == Flow::again || flow == Flow::not_yet)
            cpu.state.rip = start;
        else
            ++cpu.state.retired;
        return flow;
    }
    Flow step(std::initializer_list<u8> bytes) { return step(std::span(bytes.begin(), bytes.size())); }

    /// step() raised exactly this exception.
    bool raises(Vector vector, std::span<const u8> bytes) {
        return step(bytes) == Flow::exception && cpu.exception.vector == vector;
    }
    bool raises(Vector vector, std::initializer_list<u8> bytes) {
        return raises(vector, std::span(bytes.begin(), bytes.size()));
    }

    Nanoseconds time = 0;

  private:
    static CpuModel with_stubs(CpuModel model, HostStubs& stubs) {
        model.stubs = &stubs;
        return model;
    }

    static constexpr u64 first_table = page_tables + 3 * memory::page_size;
    static u64 page_entry_address(u64 linear) {
        RINGER_ASSERT(linear < ram_size);
        return first_table + 8 * (linear / memory::page_size);
    }

    void build_page_tables() {
        constexpr u64 present_writable_user = 7;
        const u64 directory = page_tables + 2 * memory::page_size;
        set_memory(page_tables, (page_tables + memory::page_size) | present_writable_user);
        set_memory(page_tables + memory::page_size, directory | present_writable_user);
        for (u64 table = 0; table < ram_size / (2 * MiB); ++table)
            set_memory(directory + 8 * table,
                       (first_table + table * memory::page_size) | present_writable_user);
        for (u64 page = 0; page < ram_size; page += memory::page_size)
            set_memory(page_entry_address(page), page | present_writable_user);
    }

    void enter_flat(u8 cpl, u16 code_attributes) {
        CpuState& state = cpu.state;
        state = reset_state();
        const auto privilege = static_cast<u16>(cpl << 5);
        const u16 data_attributes = (code_attributes & 0x4000) ? 0xc093
                                    : code_attributes & 0x2000 ? 0xc093
                                                               : 0x8093;
        for (Segment& segment : state.segments) {
            segment = {.selector = static_cast<u16>(0x10 | cpl),
                       .attributes = static_cast<u16>(data_attributes | privilege),
                       .limit = 0xffff'ffff,
                       .base = 0};
        }
        state.segments[cs].selector = static_cast<u16>(0x8 | cpl);
        state.segments[cs].attributes = code_attributes | privilege;
        state.cpl = cpl;
        state.cr0 = cr0::pe | cr0::mp | cr0::et | cr0::ne | cr0::wp;
        state.cr3 = page_tables;
        state.cr4 = cr4::pae | cr4::osfxsr | cr4::osxmmexcpt | cr4::osxsave;
        state.xcr0 = model.xcr0_supported;
        state.msr.efer = efer::sce | efer::nxe;
        state.gpr[rsp] = data_base;
        state.rip = code_base;
        state.x87.control = 0x37f;
        state.x87.valid = 0;
        state_changed(cpu);
    }

    std::vector<u8> ram_ = std::vector<u8>(ram_size);
    memory::AddressSpace memory_;
    memory::AddressSpace ports_;
    FakeInterruptController interrupts_;
    TestCodeMemory code_;
    HostStubs stubs_{code_.memory()};

  public:
    const CpuModel model;
    Cpu cpu{*this, model};
};

} // namespace ringer::x86::testing
