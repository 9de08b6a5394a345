#include "x86/control_registers.h"

#include "x86/testing/system_fixture.h"

namespace ringer::x86::testing {

namespace {

class ControlRegistersTest : public SystemFixture {
  protected:
    bool refuses_cr0(u64 value) { return refuses({0x0f, 0x22, 0xc0}, value); }
    bool refuses_cr3(u64 value) { return refuses({0x0f, 0x22, 0xd8}, value); }
    bool refuses_cr4(u64 value) { return refuses({0x0f, 0x22, 0xe0}, value); }
    bool refuses(std::initializer_list<u8> bytes, u64 value) {
        cpu.gpr(rax) = value;
        return raises(Vector::general_protection, 0, bytes);
    }
};

TEST_F(ControlRegistersTest, Cr0RefusesImpossibleCombinations) {
    const u64 good = cpu.state.cr0;
    EXPECT_TRUE(refuses_cr0(good & ~cr0::pe));
    EXPECT_TRUE(refuses_cr0(good | cr0::nw));
    EXPECT_TRUE(refuses_cr0(good | u64{1} << 32));
    EXPECT_TRUE(refuses_cr0(good & ~cr0::pg)) << "64-bit code cannot turn paging off";
    EXPECT_EQ(cpu.state.cr0, good);
    EXPECT_FALSE(refuses_cr0(good | cr0::ts));
    EXPECT_TRUE(cpu.state.cr0 & cr0::ts);
    ASSERT_EQ(machine.step({0x0f, 0x06}), Flow::end_block); // clts
    EXPECT_EQ(cpu.state.cr0, good);
}

TEST_F(ControlRegistersTest, PagingWithLmeNeedsPaeAndNoLongCodeSegment) {
    enter_protected32(0);
    cpu.state.msr.efer = efer::lme;
    cpu.state.cr4 = 0;
    const u64 on = cpu.state.cr0 | cr0::pg;
    EXPECT_TRUE(refuses_cr0(on));
    cpu.state.cr4 = cr4::pae;
    cpu.state.segments[cs].attributes |= 0x2000;
    EXPECT_TRUE(refuses_cr0(on));
    cpu.state.segments[cs].attributes &= ~0x2000;
    EXPECT_FALSE(refuses_cr0(on));
    EXPECT_TRUE(cpu.state.msr.efer & efer::lma);
    EXPECT_TRUE(refuses_cr4(0)) << "PAE stays in long mode";
    EXPECT_FALSE(refuses_cr0(cpu.state.cr0 & ~cr0::pg));
    EXPECT_FALSE(cpu.state.msr.efer & efer::lma);
}

TEST_F(ControlRegistersTest, PaePagingChecksItsPointerTable) {
    enter_protected32(0);
    cpu.state.cr4 = cr4::pae;
    cpu.state.msr.efer = 0;
    machine.set_memory<u64>(TestMachine::data_base, 1 | 1 << 1); // Reserved bit.
    cpu.state.cr3 = TestMachine::data_base;
    EXPECT_TRUE(refuses_cr0(cpu.state.cr0 | cr0::pg));
    machine.set_memory<u64>(TestMachine::data_base, 0);
    EXPECT_FALSE(refuses_cr0(cpu.state.cr0 | cr0::pg));
    machine.set_memory<u64>(TestMachine::data_base + 0x20, u64{1} << 63 | 1);
    EXPECT_TRUE(refuses_cr3(TestMachine::data_base + 0x20));
}

TEST_F(ControlRegistersTest, Cr4RefusesUnknownBitsAndPcidRules) {
    const u64 good = cpu.state.cr4;
    EXPECT_TRUE(refuses_cr4(good | cr4::la57));
    EXPECT_TRUE(refuses_cr4(good | cr4::pke));
    EXPECT_TRUE(refuses_cr4(good | u64{1} << 40));
    cpu.state.cr3 |= 5;
    EXPECT_TRUE(refuses_cr4(good | cr4::pcide));
    cpu.state.cr3 &= ~u64{0xfff};
    EXPECT_FALSE(refuses_cr4(good | cr4::pcide));
    EXPECT_FALSE(refuses_cr3(u64{1} << 63 | TestMachine::page_tables | 7));
    EXPECT_EQ(cpu.state.cr3, TestMachine::page_tables | 7);
    EXPECT_FALSE(refuses_cr4(good));
    EXPECT_TRUE(refuses_cr3(u64{1} << 63 | TestMachine::page_tables));
    EXPECT_TRUE(refuses_cr3(u64{1} << 45));
}

TEST_F(ControlRegistersTest, WritesNeedPrivilege) {
    enter_user64();
    EXPECT_TRUE(refuses_cr0(cpu.state.cr0));
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x20, 0xd8})); // mov rax, cr3
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x21, 0xf8})); // mov rax, dr7
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0x38})); // invlpg [rax]
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x09}));       // wbinvd
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x01, 0xf0})); // lmsw ax
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0xf4}));             // hlt
    EXPECT_TRUE(raises(Vector::general_protection, 0, {0x0f, 0x32}));       // rdmsr
}

TEST_F(ControlRegistersTest, Cr3DropsTranslations) {
    cpu.gpr(rbx) = TestMachine::data_base;
    ASSERT_EQ(machine.step({0x8b, 0x03}), Flow::next); // mov eax, [rbx]
    machine.set_memory<u64>(
        TestMachine::page_tables + 3 * memory::page_size + 8 * (TestMachine::data_base >> 12), 0);
    EXPECT_EQ(machine.step({0x8b, 0x03}), Flow::next) << "still cached";
    cpu.gpr(rax) = cpu.state.cr3;
    machine.step({0x0f, 0x22, 0xd8});
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0x8b, 0x03}));
}

TEST_F(ControlRegistersTest, InvlpgDropsOnePage) {
    cpu.gpr(rbx) = TestMachine::data_base;
    ASSERT_EQ(machine.step({0x8b, 0x03}), Flow::next);
    machine.set_memory<u64>(
        TestMachine::page_tables + 3 * memory::page_size + 8 * (TestMachine::data_base >> 12), 0);
    ASSERT_EQ(machine.step({0x0f, 0x01, 0x3b}), Flow::end_block); // invlpg [rbx]
    EXPECT_TRUE(machine.raises(Vector::page_fault, {0x8b, 0x03}));
}

TEST_F(ControlRegistersTest, InvpcidChecksItsDescriptor) {
    cpu.gpr(rbx) = TestMachine::data_base;
    const auto refused = [&](u64 type, u64 pcid, u64 address) {
        machine.set_memory(TestMachine::data_base, std::array{pcid, address});
        cpu.gpr(rax) = type;
        return raises(Vector::general_protection, 0, {0x66, 0x0f, 0x38, 0x82, 0x03});
    };
    EXPECT_FALSE(refused(2, 0, 0));
    EXPECT_FALSE(refused(0, 0, 0x1000));
    EXPECT_TRUE(refused(4, 0, 0));
    EXPECT_TRUE(refused(0, 0, u64{1} << 60));
    EXPECT_TRUE(refused(1, 3, 0)) << "PCIDs are off";
    EXPECT_TRUE(refused(2, 0x1000, 0));
}

TEST_F(ControlRegistersTest, TaskPriorityGoesToTheInterruptController) {
    cpu.gpr(rax) = 9;
    ASSERT_EQ(machine.step({0x44, 0x0f, 0x22, 0xc0}), Flow::end_block); // mov cr8, rax
    EXPECT_EQ(machine.interrupts().cr8, 9);
    ASSERT_EQ(machine.step({0x44, 0x0f, 0x20, 0xc1}), Flow::next); // mov rcx, cr8
    EXPECT_EQ(cpu.gpr(rcx), 9u);
    EXPECT_TRUE(refuses({0x44, 0x0f, 0x22, 0xc0}, 16));
}

TEST_F(ControlRegistersTest, LmswCannotLeaveProtectedMode) {
    cpu.gpr(rax) = cr0::ts;
    ASSERT_EQ(machine.step({0x0f, 0x01, 0xf0}), Flow::end_block); // lmsw ax
    EXPECT_EQ(cpu.state.cr0 & 0xf, cr0::pe | cr0::ts);
    ASSERT_EQ(machine.step({0x48, 0x0f, 0x01, 0xe1}), Flow::next); // smsw rcx
    EXPECT_EQ(cpu.gpr(rcx), cpu.state.cr0);
}

TEST_F(ControlRegistersTest, DebugRegistersKeepTheirFixedBits) {
    cpu.gpr(rax) = 0xffff'ffff;
    ASSERT_EQ(machine.step({0x0f, 0x23, 0xf0}), Flow::end_block); // mov dr6, rax
    EXPECT_EQ(cpu.state.dr6, 0xffff'effful);
    cpu.gpr(rax) = 0xffff'ffff & ~u64{1 << 13};
    ASSERT_EQ(machine.step({0x0f, 0x23, 0xf8}), Flow::end_block); // mov dr7, rax
    EXPECT_EQ(cpu.state.dr7, 0xffff'07fful);
    EXPECT_TRUE(refuses({0x0f, 0x23, 0xf8}, u64{1} << 32));
    cpu.state.dr7 |= dr7::gd;
    EXPECT_TRUE(machine.raises(Vector::debug, {0x0f, 0x21, 0xc0})); // mov rax, dr0
    EXPECT_EQ(cpu.exception.address, dr6::bd);
    cpu.state.cr4 |= cr4::de;
    EXPECT_TRUE(machine.raises(Vector::invalid_opcode, {0x0f, 0x21, 0xe0})); // mov rax, dr4
}

TEST_F(ControlRegistersTest, EferKeepsLmaAndRefusesReservedBits) {
    EXPECT_FALSE(write_efer(cpu, cpu.state.msr.efer | 2));
    EXPECT_FALSE(write_efer(cpu, efer::sce)) << "LME cannot change while paging is on";
    EXPECT_TRUE(write_efer(cpu, efer::lme | efer::sce));
    EXPECT_EQ(cpu.state.msr.efer, efer::lme | efer::sce | efer::lma);
}

} // namespace

} // namespace ringer::x86::testing
