#include "x86/testing/silicon_fixture.h"

#include <array>

/// Where memory operands lie, what is checked of them, and what is touched first.
namespace ringer::x86::testing {
namespace {

TEST_F(Silicon, SibWithoutBaseHasNoneWithRexB) {
    machine.set_memory(data, u32{0x1234});
    gpr(r13) = 0x4000;
    // mov ecx, [eax + 0x100000] with an address-size prefix
    ASSERT_EQ(step({0x67, 0x41, 0x8b, 0x0c, 0x05, 0x00, 0x00, 0x10, 0x00}), Flow::next);
    EXPECT_EQ(gpr(rcx), 0x1234);
}

TEST_F(Silicon, AccumulatorMovesToAndFromLowAddresses) {
    machine.set_memory(data, u8{0x77});
    ASSERT_EQ(step({0xa0, 0x00, 0x00, 0x10, 0, 0, 0, 0, 0}), Flow::next); // mov al, [data]
    EXPECT_EQ(gpr(rax), 0x77);
}

TEST_F(AmdSilicon, AlignmentIsCheckedForVectors) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 8;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x0f, 0x10, 0x06})); // movups xmm0, [rsi]
}

TEST_F(IntelSilicon, AlignmentIsNotCheckedForVectors) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 7;
    EXPECT_EQ(step({0x0f, 0x10, 0x06}), Flow::next);                        // movups xmm0, [rsi]
    EXPECT_TRUE(raises(Vector::alignment_check, {0x66, 0x0f, 0xd6, 0x06})); // movq [rsi], xmm0
    if (!has_avx()) return;
    EXPECT_EQ(step({0xc5, 0xfc, 0x10, 0x06}), Flow::next); // vmovups ymm0, [rsi]
}

TEST_F(Silicon, AlignmentIsCheckedForX87Numbers) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 8;
    EXPECT_TRUE(raises(Vector::alignment_check, {0xdb, 0x6e, 0x01})); // fld tword [rsi + 1]
    EXPECT_EQ(step({0xdb, 0x2e}), Flow::next);                        // fld tword [rsi]
    if (!has_avx()) return;
    gpr(rsi) = data + 16;
    EXPECT_EQ(step({0xc5, 0xfc, 0x10, 0x06}), Flow::next); // vmovups ymm0, [rsi]
}

TEST_F(Silicon, AlignmentIsNotCheckedForMaskedElements) {
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data;
    cpu.state.vector.ymm[1].fill(0xff);
    EXPECT_EQ(step({0xc4, 0xe2, 0x75, 0x2c, 0x46, 0x01}), Flow::next); // vmaskmovps ymm0, ymm1, [rsi + 1]
    EXPECT_EQ(step({0xc4, 0xe2, 0x75, 0x2e, 0x46, 0x01}), Flow::next); // vmaskmovps [rsi + 1], ymm1, ymm0
    EXPECT_EQ(step({0xc4, 0xe2, 0x75, 0x92, 0x44, 0x16, 0x01}), Flow::next) // vgatherdps ymm0,
        << "[rsi + ymm2 + 1], ymm1";
}

TEST_F(Silicon, AlignmentOfSaveAreasIsCheckedBeforeTheirOwn) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 2;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x0f, 0xae, 0x06})); // fxsave [rsi]
    gpr(rsi) = data + 8;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0xae, 0x06}));
}

TEST_F(AmdSilicon, AlignmentOfExtendedAreasIsTheirOwn) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 2;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0xae, 0x26})); // xsave [rsi]
}

TEST_F(IntelSilicon, AlignmentOfExtendedAreasIsCheckedBeforeTheirOwn) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 2;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x0f, 0xae, 0x26})); // xsave [rsi]
    gpr(rsi) = data + 4;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0xae, 0x26}));
}

TEST_F(AmdSilicon, OperandsDoNotLieAcrossTheEndOfASegment) {
    enter_compatibility_mode(3);
    EXPECT_TRUE(raises(Vector::general_protection, {0xa1, 0xfe, 0xff, 0xff, 0xff})); // mov eax, [0xfffffffe]
}

TEST_F(IntelSilicon, OperandsWrapAroundASegmentOf4Gib) {
    enter_compatibility_mode(3);
    EXPECT_TRUE(page_faults(0xffff'fffe, {0xa1, 0xfe, 0xff, 0xff, 0xff})); // mov eax, [0xfffffffe]
    cpu.state.segments[ds].base = 0x1000;
    EXPECT_TRUE(raises(Vector::general_protection, {0xa1, 0xfe, 0xff, 0xff, 0xff})) << "this is not flat";
    cpu.state.segments[ds].base = 0;
    cpu.state.segments[ds].limit = 0xffff'fffe;
    EXPECT_TRUE(raises(Vector::general_protection, {0xa1, 0xfe, 0xff, 0xff, 0xff}));
}

TEST_F(Silicon, SaveAreaInReadOnlySegmentIsAlignedFirst) {
    enter_compatibility_mode(3);
    check_alignment();
    cpu.state.segments[ds].attributes = 0xc0f1; // Read-only data
    gpr(rsi) = data + 2;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x0f, 0xae, 0x06})); // fxsave [esi]
    gpr(rsi) = data;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0xae, 0x06}));
}

TEST_F(Silicon, AlignmentOfBoundsIsThatOfEach) {
    enter_compatibility_mode(3);
    check_alignment();
    gpr(rsi) = data + 4;
    EXPECT_EQ(step({0x62, 0x06}), Flow::next); // bound eax, [esi]
    gpr(rsi) = data + 2;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x62, 0x06}));
}

TEST_F(Silicon, MaskedBytesAreAlignedQuadwords) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rdi) = data + 4;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x0f, 0xf7, 0xc1})); // maskmovq mm0, mm1
    gpr(rdi) = data + 8;
    EXPECT_EQ(step({0x66, 0x0f, 0xf7, 0xc1}), Flow::next); // maskmovdqu xmm0, xmm1
}

TEST_F(Silicon, MaskedBytesWrapByQuadword) {
    machine.enter_protected16(0);
    auto& ymm = cpu.state.vector.ymm;
    ymm[0].fill(0x42);
    ymm[1].fill(0x80);
    gpr(rdi) = 0xfff8;
    ASSERT_EQ(step({0x66, 0x0f, 0xf7, 0xc1}), Flow::next); // maskmovdqu xmm0, xmm1
    EXPECT_EQ(machine.memory_value<u8>(0xffff), 0x42);
    EXPECT_EQ(machine.memory_value<u8>(0), 0x42);
    EXPECT_EQ(machine.memory_value<u8>(0x10000), 0);
}

TEST_F(Silicon, MaskedBytesMustBeWritableThoughNoneIsSelected) {
    gpr(rdi) = not_mapped;
    cpu.state.x87.valid = 0;
    EXPECT_TRUE(page_faults(not_mapped, {0x0f, 0xf7, 0xc1})); // maskmovq mm0, mm1
    EXPECT_EQ(cpu.state.x87.valid, 0xff);                     // It has begun.
}

TEST_F(Silicon, AlignmentComesBeforeTheLimit) {
    machine.enter_protected32(0);
    cpu.state.segments[ss].limit = data + 0xf;
    gpr(rbp) = data + 8;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0x28, 0x45, 0x00})); // movaps xmm0, [ebp]
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0x58, 0x45, 0x00})); // addps xmm0, [ebp]
    gpr(rbp) = data + 16;
    EXPECT_TRUE(raises(Vector::stack_fault, {0x0f, 0x28, 0x45, 0x00}));
}

TEST_F(Silicon, SaveAreaIsWithinTheLimitBeforeItIsAligned) {
    machine.enter_protected32(0);
    cpu.state.segments[ss].limit = data;
    gpr(rbp) = data + 2;
    EXPECT_TRUE(raises(Vector::stack_fault, {0x0f, 0xae, 0x45, 0x00})); // fxsave [ebp]
    gpr(rbp) = data - 6;
    EXPECT_TRUE(raises(Vector::general_protection, {0x0f, 0xae, 0x45, 0x00}));
}

TEST_F(Silicon, NotrackChoosesDs) {
    machine.enter_protected32(0);
    cpu.state.segments[ds].base = data;
    machine.set_memory(data + 0x100, u32{0x1234});
    gpr(rbp) = 0x100;
    ASSERT_EQ(step({0x3e, 0xff, 0x65, 0x00}), Flow::branch); // notrack jmp ds:[ebp]
    EXPECT_EQ(cpu.state.rip, 0x1234);
}

TEST_F(Silicon, AddressesWrapInCompatibilityMode) {
    // The last 2 MiB below 4 GiB become the first.
    constexpr u64 tables = TestMachine::page_tables;
    machine.set_memory(tables + 0x1000 + 3 * 8, machine.memory_value<u64>(tables + 0x1000));
    machine.set_memory(tables + 0x2000 + 511 * 8, machine.memory_value<u64>(tables + 0x2000));
    machine.set_memory(0x1f'fffe, u16{0x1122});
    machine.set_memory(0, u16{0x3344});
    enter_compatibility_mode(0);
    // The segment's limit lets no access across its end, but its base may take it there.
    cpu.state.segments[ds].base = 0x10;
    gpr(rsi) = 0xffff'ffee;
    ASSERT_EQ(step({0x8b, 0x06}), Flow::next); // mov eax, [esi]
    EXPECT_EQ(gpr(rax), 0x3344'1122);
}

TEST_F(Silicon, X87NumbersWrapBehindTheirSignificand) {
    machine.enter_protected16(0);
    machine.set_memory(0xfff8, u64{0x8000'0000'0000'0000});
    machine.set_memory(0, u16{0x3fff});
    gpr(rsi) = 0xfff8;
    ASSERT_EQ(step({0xdb, 0x2c}), Flow::next); // fld tword [si]
    EXPECT_EQ(cpu.state.x87.st[0][9], 0x3f);
}

TEST_F(Silicon, X87NumberIsTouchedBeforeItsEndIsWithinTheLimit) {
    enter_compatibility_mode(0);
    cpu.state.segments[ds].limit = not_mapped + 8;
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0xdb, 0x2e})); // fld tword [esi]
    EXPECT_TRUE(page_faults(not_mapped, {0xdb, 0x3e})); // fstp tword [esi]
    cpu.state.segments[ds].limit = data + 8;
    gpr(rsi) = data;
    EXPECT_TRUE(raises(Vector::general_protection, {0xdb, 0x2e}));
}

TEST_F(Silicon, BoundsWrapBetweenThem) {
    machine.enter_protected16(0);
    machine.set_memory(0xfffc, u32{1});
    machine.set_memory(0, u32{3});
    gpr(rsi) = 0xfffc;
    gpr(rax) = 2;
    EXPECT_EQ(step({0x66, 0x62, 0x04}), Flow::next); // bound eax, [si]
}

TEST_F(Silicon, FarPointersWrapBehindTheirOffset) {
    machine.enter_protected16(0);
    const u16 code = put_descriptors();
    machine.set_memory(0xfffc, u32{0x5678});
    machine.set_memory(0, code);
    gpr(rsi) = 0xfffc;
    EXPECT_EQ(step({0x66, 0x0f, 0xb4, 0x04}), Flow::next); // lfs eax, [si]
    EXPECT_EQ(gpr(rax), 0x5678);
    EXPECT_EQ(cpu.state.segments[fs].selector, code);
    ASSERT_EQ(step({0x66, 0xff, 0x2c}), Flow::end_block); // jmp far [si]
    EXPECT_EQ(cpu.state.rip, 0x5678);
}

TEST_F(AmdSilicon, OffsetsFromFsAndGsAreCanonical) {
    cpu.state.segments[fs].base = data - not_canonical;
    gpr(rsi) = not_canonical;
    EXPECT_TRUE(raises(Vector::general_protection, {0x64, 0x8b, 0x06})); // mov eax, fs:[rsi]
    EXPECT_TRUE(raises(Vector::general_protection, {0x64, 0xac}));       // lodsb from fs
}

TEST_F(AmdSilicon, SaveAreasAreTouchedAtTheirEndFirst) {
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped + 511, {0x0f, 0xae, 0x06})); // fxsave [rsi]
    gpr(rsi) = ram_end - 2;
    EXPECT_TRUE(page_faults(ram_end + 11, {0x66, 0xd9, 0x36})); // fnstenv [rsi], 16 bits
}

TEST_F(AmdSilicon, ExtendedAreasAreTouchedAtTheirStartFirst) {
    constexpr u64 header = 512, header_end = header + 64;
    gpr(rax) = 3;
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0x0f, 0xae, 0x26})); // xsave [rsi]
    gpr(rsi) = ram_end - 64;
    EXPECT_TRUE(page_faults(ram_end - 64 + header_end - 1, {0x0f, 0xae, 0x26}));
    EXPECT_TRUE(page_faults(ram_end - 64 + header, {0x0f, 0xae, 0x2e})); // xrstor [rsi]
    if (!has_avx()) return;
    gpr(rax) = 7;
    gpr(rsi) = ram_end - header_end;
    EXPECT_TRUE(page_faults(ram_end - header_end + 831, {0x0f, 0xae, 0x2e}));
}

TEST_F(IntelSilicon, SaveAreasAreTouchedAtTheirEndFirst) {
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped + 511, {0x0f, 0xae, 0x06})); // fxsave [rsi]
    gpr(rax) = 3;
    EXPECT_TRUE(page_faults(not_mapped + 512 + 63, {0x0f, 0xae, 0x26})); // xsave [rsi]
    EXPECT_TRUE(page_faults(not_mapped + 512 + 8, {0x0f, 0xae, 0x2e}));  // xrstor [rsi]
}

TEST_F(IntelSilicon, EnvironmentsAreTouchedAtTheirStartAndThenAtTheirEnd) {
    gpr(rsi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped, {0xdd, 0x36})); // fnsave [rsi]
    gpr(rsi) = ram_end - 8;
    EXPECT_TRUE(page_faults(ram_end - 8 + 107, {0xdd, 0x36}));
}

TEST_F(IntelSilicon, MaskedStoresAreTouchedAtTheirStartAndThenAtTheirEnd) {
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    cpu.state.vector.ymm[1].fill(0xff);
    gpr(rsi) = ram_end - 8;
    EXPECT_TRUE(page_faults(ram_end + 7, {0xc4, 0xe2, 0x71, 0x2e, 0x06})); // vmaskmovps [rsi], xmm1, xmm0
    EXPECT_TRUE(page_faults(ram_end, {0xc4, 0xe2, 0x71, 0x2c, 0x06}));     // vmaskmovps xmm0, xmm1, [rsi]
    gpr(rdi) = not_mapped;
    EXPECT_TRUE(page_faults(not_mapped + 8, {0x66, 0x0f, 0xf7, 0xc1})); // maskmovdqu xmm0, xmm1
}

TEST_F(IntelSilicon, MaskedElementsDoNotWrapWith16BitAddresses) {
    if (!has_avx()) GTEST_SKIP() << "The host has no AVX";
    enter_compatibility_mode(0);
    cpu.state.segments[ds].limit = 0xffff;
    cpu.state.vector.ymm[1].fill(0xff);
    gpr(rsi) = 0xfff8;
    EXPECT_TRUE(raises(Vector::general_protection,
                       {0x67, 0xc4, 0xe2, 0x71, 0x2c, 0x04})); // vmaskmovps xmm0, xmm1, [si]
}

TEST_F(IntelSilicon, HalvesNeedNoAlignment) {
    machine.enter_long64(3);
    check_alignment();
    gpr(rsi) = data + 1;
    EXPECT_TRUE(raises(Vector::alignment_check, {0x48, 0x0f, 0x38, 0xf1, 0x06})); // movbe [rsi], rax
    EXPECT_EQ(step({0x66, 0x48, 0x0f, 0x38, 0xf1, 0x06}), Flow::next);
    EXPECT_EQ(step({0x66, 0x48, 0x0f, 0x38, 0xf0, 0x06}), Flow::next); // movbe rax, [rsi]
    if (!has_avx()) return;
    EXPECT_EQ(step({0xc4, 0xe2, 0x79, 0x13, 0x06}), Flow::next);       // vcvtph2ps xmm0, [rsi]
    EXPECT_EQ(step({0xc4, 0xe3, 0x79, 0x1d, 0x06, 0x00}), Flow::next); // vcvtps2ph [rsi], xmm0, 0
}

TEST_F(AmdSilicon, SaveAreasWrapInCompatibilityMode) {
    constexpr u64 tables = TestMachine::page_tables;
    machine.set_memory(tables + 0x1000 + 3 * 8, machine.memory_value<u64>(tables + 0x1000));
    machine.set_memory(tables + 0x2000 + 511 * 8, machine.memory_value<u64>(tables + 0x2000));
    enter_compatibility_mode(0);
    cpu.state.vector.ymm[6].fill(0x66); // At 256 of the area.
    gpr(rsi) = 0xffff'ff00;
    ASSERT_EQ(step({0x0f, 0xae, 0x06}), Flow::next); // fxsave [esi]
    EXPECT_EQ(machine.memory_value<u8>(0), 0x66);
}

TEST_F(AmdSilicon, ShaNeedsNoAlignment) {
    const CpuModel& model = machine.model;
    const auto leaf = model.leaves.find({7, 0});
    if (leaf == model.leaves.end() || !(leaf->second.ebx >> 29 & 1)) GTEST_SKIP() << "The host has no SHA";
    gpr(rsi) = data + 1;
    EXPECT_EQ(step({0x0f, 0x38, 0xc9, 0x06}), Flow::next); // sha1msg1 xmm0, [rsi]
}

} // namespace
} // namespace ringer::x86::testing
