#pragma once

#include "x86/testing/simd_error_recovery.h"
#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

/// For the rules that comparison with a real CPU has found (silicon_*_test.cc), one test for each. Rules of
/// one maker's CPUs alone are tested on a model that says so.
namespace ringer::x86::testing {

inline CpuModel model_of(bool is_amd) {
    CpuModel model = host_model();
    model.is_amd = is_amd;
    return model;
}

class Silicon : public ::testing::Test {
  protected:
    static constexpr u64 data = TestMachine::data_base;
    static constexpr u64 ram_end = TestMachine::ram_size; ///< Where mapped pages end.
    static constexpr u64 not_mapped = u64{1} << 30;
    static constexpr u64 not_canonical = u64{1} << 47;

    explicit Silicon(CpuModel model = host_model()) : machine(std::move(model)) {
        cpu.state.gpr[rsi] = cpu.state.gpr[rdi] = data;
    }

    Flow step(std::initializer_list<u8> bytes) { return machine.step(bytes); }
    bool raises(Vector vector, std::initializer_list<u8> bytes) { return machine.raises(vector, bytes); }
    /// #PF, whose CR2 is `address`.
    bool page_faults(u64 address, std::initializer_list<u8> bytes) {
        return raises(Vector::page_fault, bytes) && cpu.exception.address == address;
    }
    u64& gpr(Register number) { return cpu.state.gpr[number]; }
    u64 status() const { return machine.cpu.state.rflags & flag::status; }
    bool has_avx() const { return machine.model.xcr0_supported & 4; }

    /// At CPL 3, in 64-bit mode or as the machine is.
    void check_alignment() {
        cpu.state.cr0 |= cr0::am;
        cpu.state.rflags |= flag::ac;
        state_changed(cpu);
    }
    void enter_compatibility_mode(u8 cpl) {
        machine.enter_long64(cpl);
        cpu.state.segments[cs].attributes = static_cast<u16>(0xc09b | cpl << 5);
        state_changed(cpu);
    }
    /// Puts a descriptor table with a 32-bit code segment of CPL 0, which is returned, and data at 0x10.
    u16 put_descriptors() {
        constexpr u64 table = data + 0x8000;
        cpu.state.gdtr = {table, 0x17};
        machine.set_memory(table + 0x08, u64{0x00cf'9b00'0000'ffff});
        machine.set_memory(table + 0x10, u64{0x00cf'9300'0000'ffff});
        return 0x08;
    }

    TestMachine machine;
    Cpu& cpu = machine.cpu;
};

/// The fixture with a CPU of one maker.
template <class Fixture, bool is_amd>
class MadeBy : public Fixture {
  protected:
    MadeBy() : Fixture(model_of(is_amd)) {}
};

using AmdSilicon = MadeBy<Silicon, true>;
using IntelSilicon = MadeBy<Silicon, false>;

} // namespace ringer::x86::testing
