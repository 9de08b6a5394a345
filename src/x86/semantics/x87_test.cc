#include "x86/testing/silicon_fixture.h"
#include "x86/x87_state.h"

#include <gtest/gtest.h>

namespace ringer::x86 {
namespace {

using testing::TestMachine;

constexpr u64 data = TestMachine::data_base;
constexpr u64 not_mapped = u64{1} << 30;

class X87 : public ::testing::Test {
  protected:
    X87() : machine(testing::model_of(true)) { cpu.state.gpr[rsi] = data; }

    Flow step(std::initializer_list<u8> bytes) { return machine.step(bytes); }
    u16 word(u64 offset) const { return machine.memory_value<u16>(data + offset); }
    u32 doubleword(u64 offset) const { return machine.memory_value<u32>(data + offset); }

    TestMachine machine;
    Cpu& cpu = machine.cpu;
    X87State& x87 = cpu.state.x87;
};

TEST_F(X87, NeedsItsControlBits) {
    cpu.state.cr0 |= cr0::ts;
    EXPECT_TRUE(machine.raises(Vector::device_not_available, {0xd9, 0xe8})); // fld1
    EXPECT_TRUE(machine.raises(Vector::device_not_available, {0xdb, 0xe3})); // fninit
    EXPECT_TRUE(machine.raises(Vector::device_not_available, {0x9b}));
    cpu.state.cr0 &= ~cr0::mp;
    EXPECT_EQ(step({0x9b}), Flow::next);
    cpu.state.cr0 = (cpu.state.cr0 & ~cr0::ts) | cr0::em;
    EXPECT_TRUE(machine.raises(Vector::device_not_available, {0xd9, 0xe8}));
    EXPECT_EQ(step({0x9b}), Flow::next);
}

TEST_F(X87, UnmaskedErrorWaitsForTheNextInstruction) {
    x87.control = 0x37f & ~x87_status::zero_divide;
    ASSERT_EQ(step({0xd9, 0xe8}), Flow::next); // fld1
    ASSERT_EQ(step({0xd9, 0xee}), Flow::next); // fldz
    ASSERT_EQ(step({0xdc, 0xf9}), Flow::next); // fdiv st1, st0
    EXPECT_EQ(x87.status & 0x80ff, 0x8084);
    EXPECT_EQ(x87.st[1][9], 0x3f); // The quotient was not stored.
    EXPECT_TRUE(machine.raises(Vector::x87_error, {0xd9, 0xe8}));
    EXPECT_TRUE(machine.raises(Vector::x87_error, {0x9b}));
    EXPECT_EQ(step({0xdf, 0xe0}), Flow::next); // fnstsw ax
    EXPECT_EQ(cpu.state.gpr[rax], x87.status);
    cpu.state.cr0 &= ~cr0::ne;
    EXPECT_EQ(step({0xd9, 0xe8}), Flow::next);
    EXPECT_EQ(x87.control, 0x37f & ~x87_status::zero_divide);
    EXPECT_EQ(x87.status & 0x80ff, 0x8084);
    cpu.state.cr0 |= cr0::ne;
    EXPECT_EQ(step({0xdb, 0xe2}), Flow::next); // fnclex
    EXPECT_EQ(step({0xd9, 0xe8}), Flow::next);
}

TEST_F(X87, UnmaskingARaisedFlagMakesItPending) {
    x87.status = x87_status::invalid;
    machine.set_memory(data, u16{0x37e});
    ASSERT_EQ(step({0xd9, 0x2e}), Flow::next); // fldcw
    EXPECT_TRUE(machine.raises(Vector::x87_error, {0xd9, 0x2e}));
    EXPECT_EQ(step({0xd9, 0x3e}), Flow::next); // fnstcw
    EXPECT_EQ(word(0), 0x37e);
}

TEST_F(X87, StoreThatFaultsDoesNotPop) {
    ASSERT_EQ(step({0xd9, 0xe8}), Flow::next);
    const X87State before = x87;
    cpu.state.gpr[rsi] = not_mapped;
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0xdd, 0x1e})); // fstp qword [rsi]
    EXPECT_EQ(x87.status, before.status);
    EXPECT_EQ(x87.valid, before.valid);
    EXPECT_EQ(x87.instruction_pointer, before.instruction_pointer);
}

TEST_F(X87, ResultThatIsInvalidAndUnmaskedIsNotStored) {
    x87.control = 0x37e;
    machine.set_memory(data, 1e300);
    ASSERT_EQ(step({0xdd, 0x06}), Flow::next); // fld qword [rsi]
    machine.set_memory(data, u64{0x5555});
    ASSERT_EQ(step({0xdf, 0x1e}), Flow::next); // fistp word [rsi]
    EXPECT_EQ(word(0), 0x5555);
    EXPECT_EQ(x87.top(), 7u);
    EXPECT_TRUE(x87.status & x87_status::summary);
}

TEST_F(X87, PointersNameTheLastComputation) {
    ASSERT_EQ(step({0xdd, 0x46, 0x20}), Flow::next); // fld qword [rsi+0x20]
    EXPECT_EQ(x87.instruction_pointer, TestMachine::code_base);
    EXPECT_EQ(x87.data_pointer, data + 0x20);
    EXPECT_EQ(x87.opcode, 0x546);
    ASSERT_EQ(step({0xd9, 0x3e}), Flow::next); // fnstcw
    EXPECT_EQ(x87.instruction_pointer, TestMachine::code_base);
}

TEST_F(X87, EnvironmentIn32BitFormat) {
    ASSERT_EQ(step({0xd9, 0xee}), Flow::next); // fldz
    ASSERT_EQ(step({0xdd, 0x46, 0x20}),
              Flow::next); // fld qword [rsi+0x20]: a denormal becomes a normal number
    x87.control = 0x340;
    ASSERT_EQ(step({0xd9, 0x36}), Flow::next); // fnstenv
    EXPECT_EQ(doubleword(0), 0xffff0340u);
    EXPECT_EQ(doubleword(4), 0xffff'3000u);
    EXPECT_EQ(doubleword(8), 0xffff'5fffu); // R7 and R6 zero, the rest empty
    EXPECT_EQ(doubleword(12), TestMachine::code_base + 2);
    EXPECT_EQ(doubleword(16), 0x546u << 16 | 0x8u);
    EXPECT_EQ(doubleword(20), data + 0x20);
    EXPECT_EQ(doubleword(24), 0xffff'0000u | 0x10u);
    EXPECT_EQ(x87.control, 0x37f);
    const X87State before = x87;
    ASSERT_EQ(step({0xdb, 0xe3}), Flow::next); // fninit
    EXPECT_EQ(x87.valid, 0);
    ASSERT_EQ(step({0xd9, 0x26}), Flow::next); // fldenv
    EXPECT_EQ(x87.control, 0x340);
    EXPECT_EQ(x87.status, before.status);
    EXPECT_EQ(x87.valid, before.valid);
    EXPECT_EQ(x87.opcode, before.opcode);
    EXPECT_EQ(x87.st, before.st);
}

TEST_F(X87, EnvironmentIn16BitRealFormat) {
    machine.enter_real();
    cpu.state.cr0 |= cr0::ne;
    cpu.state.segments[ds].base = 0xf0000;
    cpu.state.gpr[rsi] = 0x2000;
    ASSERT_EQ(step({0xdb, 0xe3}), Flow::next);
    ASSERT_EQ(step({0xd9, 0x04}), Flow::next); // fld dword [si]
    ASSERT_EQ(step({0xd9, 0x34}), Flow::next); // fnstenv [si]
    const auto field = [&](unsigned i) { return machine.memory_value<u16>(0xf2000 + 2 * i); };
    EXPECT_EQ(field(0), 0x37f);
    EXPECT_EQ(field(3), 2); // Linear 10002
    EXPECT_EQ(field(4), 0x1000 | 0x104);
    EXPECT_EQ(field(5), 0x2000); // Linear F2000
    EXPECT_EQ(field(6), 0xf000);
}

TEST_F(X87, SaveAndRestoreCarryTheWholeStack) {
    ASSERT_EQ(step({0xd9, 0xeb}), Flow::next); // fldpi
    ASSERT_EQ(step({0xd9, 0xe8}), Flow::next); // fld1
    const X87State before = x87;
    ASSERT_EQ(step({0xdd, 0x36}), Flow::next); // fnsave
    EXPECT_EQ(x87.valid, 0);
    EXPECT_EQ(x87.control, 0x37f);
    EXPECT_EQ(machine.memory_value<u16>(data + 28 + 8), 0x3fff); // ST(0) is 1.0.
    ASSERT_EQ(step({0xdd, 0x26}), Flow::next);                   // frstor
    EXPECT_EQ(x87.st, before.st);
    EXPECT_EQ(x87.status, before.status);
    EXPECT_EQ(x87.valid, before.valid);
    cpu.state.gpr[rsi] = data + 0x1000 - 100;
    machine.set_page_entry(data + 0x1000, 0);
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0xdd, 0x36}));
    EXPECT_EQ(x87.valid, before.valid);
    EXPECT_EQ(machine.memory_value<u32>(data + 0x1000 - 100), 0u);
}

} // namespace
} // namespace ringer::x86
