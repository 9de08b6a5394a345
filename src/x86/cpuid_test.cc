#include "x86/cpuid.h"

#include "x86/cpu_features.h"
#include "x86/testing/system_fixture.h"

#include <cpuid.h>

#include <cstring>

namespace ringer::x86::testing {

namespace {

class CpuidTest : public SystemFixture {
  protected:
    bool has(const Feature& feature) {
        const CpuidLeaf leaf = cpuid(cpu, feature.leaf, feature.subleaf);
        const std::array<u32, 4> registers{leaf.eax, leaf.ebx, leaf.ecx, leaf.edx};
        return registers[feature.where] >> feature.bit & 1;
    }
};

TEST_F(CpuidTest, LevelThreeWhereTheHostHasIt) {
    const bool host_has_avx2 = __builtin_cpu_supports("avx2");
    for (const Feature& feature :
         {feature::fpu, feature::cmpxchg16b, feature::lahf, feature::popcnt, feature::sse3, feature::sse4_1,
          feature::sse4_2, feature::ssse3, feature::syscall, feature::long_mode, feature::nx, feature::rdtscp,
          feature::hypervisor})
        EXPECT_TRUE(has(feature)) << feature.leaf << " bit " << int{feature.bit};
    for (const Feature& feature : {feature::avx, feature::avx2, feature::bmi1, feature::bmi2, feature::f16c,
                                   feature::fma, feature::lzcnt, feature::movbe, feature::xsave})
        EXPECT_EQ(has(feature), host_has_avx2) << feature.leaf << " bit " << int{feature.bit};
}

TEST_F(CpuidTest, NoInstructionThatTheHostLacks) {
    u32 eax, ebx, ecx, edx;
    __cpuid(1, eax, ebx, ecx, edx);
    constexpr u32 vector_bits =
        1 << 0 | 1 << 1 | 1 << 9 | 1 << 12 | 1 << 19 | 1 << 20 | 1 << 25 | 1 << 28 | 1 << 29;
    EXPECT_EQ(cpuid(cpu, 1, 0).ecx & vector_bits & ~ecx, 0u);
    constexpr u32 rdrand = u32{1} << 30;
    EXPECT_FALSE(cpuid(cpu, 1, 0).ecx & rdrand) << "entropy comes by the door";
    constexpr u32 avx512f = 1 << 16, rdseed = 1 << 18;
    EXPECT_FALSE(cpuid(cpu, 7, 0).ebx & (avx512f | rdseed));
}

TEST_F(CpuidTest, OsxsaveFollowsCr4) {
    cpu.state.cr4 &= ~cr4::osxsave;
    EXPECT_FALSE(has(feature::osxsave));
    cpu.state.cr4 |= cr4::osxsave;
    EXPECT_TRUE(has(feature::osxsave));
}

TEST_F(CpuidTest, ApicBitFollowsTheApic) {
    EXPECT_TRUE(has(feature::apic));
    machine.interrupts().is_enabled = false;
    EXPECT_FALSE(has(feature::apic));
}

TEST_F(CpuidTest, SaveAreaGrowsWithXcr0) {
    if (!has(feature::avx)) GTEST_SKIP() << "the host has no AVX";
    cpu.state.xcr0 = 3;
    EXPECT_EQ(cpuid(cpu, 0xd, 0).ebx, 576u);
    cpu.state.xcr0 = 7;
    EXPECT_EQ(cpuid(cpu, 0xd, 0).ebx, 832u);
    EXPECT_EQ(cpuid(cpu, 0xd, 0).ecx, 832u);
    EXPECT_EQ(cpuid(cpu, 0xd, 0).eax, 7u);
    const CpuidLeaf avx = cpuid(cpu, 0xd, 2);
    EXPECT_EQ(avx.eax + avx.ebx, 832u);
    EXPECT_EQ(cpuid(cpu, 0xd, 3).eax, 0u);
}

TEST_F(CpuidTest, OneCpuWithOneThread) {
    const CpuidLeaf thread = cpuid(cpu, 0xb, 0), core = cpuid(cpu, 0xb, 1), end = cpuid(cpu, 0xb, 2);
    EXPECT_EQ(thread.ecx, 0x100u);
    EXPECT_EQ(thread.ebx, 1u);
    EXPECT_EQ(core.ecx, 0x201u);
    EXPECT_EQ(end.ebx, 0u);
    EXPECT_EQ(end.ecx, 2u);
}

TEST_F(CpuidTest, HypervisorLeavesGiveTheClocks) {
    const CpuidLeaf leaf = cpuid(cpu, 0x4000'0000, 0);
    EXPECT_EQ(leaf.eax, 0x4000'0010u);
    std::array<u32, 3> words{leaf.ebx, leaf.ecx, leaf.edx};
    EXPECT_EQ(std::memcmp(words.data(), "RingerRinger", 12), 0);
    EXPECT_EQ(cpuid(cpu, 0x4000'0010, 0).eax, 1'000'000u);
    EXPECT_TRUE(has(feature::invariant_tsc));
}

TEST_F(CpuidTest, LeavesBeyondTheLast) {
    const CpuidLeaf beyond = cpuid(cpu, 0x1234, 0);
    const CpuidLeaf last = cpuid(cpu, cpuid(cpu, 0, 0).eax, 0);
    EXPECT_EQ(beyond.eax, cpu.model.is_amd ? 0 : last.eax);
    EXPECT_EQ(cpuid(cpu, 0x8000'0008, 0).eax, 48u << 8 | cpu.model.physical_bits);
    EXPECT_EQ(cpuid(cpu, 7, 1).eax, 0u);
}

TEST_F(CpuidTest, InstructionClearsUpperHalves) {
    cpu.gpr(rax) = 0xffff'ffff'0000'0000;
    cpu.gpr(rcx) = cpu.gpr(rdx) = cpu.gpr(rbx) = ~u64{0};
    ASSERT_EQ(machine.step({0x0f, 0xa2}), Flow::next);
    const CpuidLeaf leaf = cpuid(cpu, 0, 0);
    EXPECT_EQ(cpu.gpr(rax), leaf.eax);
    EXPECT_EQ(cpu.gpr(rbx), leaf.ebx);
    EXPECT_EQ(cpu.gpr(rcx), leaf.ecx);
    EXPECT_EQ(cpu.gpr(rdx), leaf.edx);
}

TEST_F(CpuidTest, ModelExposesWhatItTells) {
    CpuModel model = host_model();
    const auto exposes = [&](std::initializer_list<u8> bytes) {
        ZydisDecoder decoder;
        ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
        ZydisDecodedInstruction instruction;
        std::array<u8, 15> padded{};
        std::copy(bytes.begin(), bytes.end(), padded.begin());
        EXPECT_TRUE(ZYAN_SUCCESS(
            ZydisDecoderDecodeInstruction(&decoder, nullptr, padded.data(), padded.size(), &instruction)));
        return model.exposes(instruction);
    };
    const std::initializer_list<u8> movbe{0x0f, 0x38, 0xf0, 0x00}, rdrand{0x0f, 0xc7, 0xf0};
    const std::initializer_list<u8> evex{0x62, 0xf1, 0x7c, 0x48, 0x58, 0xc0}, incssp{0xf3, 0x0f, 0xae, 0xe8};
    EXPECT_TRUE(exposes({0x90}));
    EXPECT_FALSE(exposes(incssp));
    EXPECT_FALSE(exposes(rdrand));
    EXPECT_FALSE(exposes(evex));
    EXPECT_EQ(exposes(movbe), has(feature::movbe));
    model.leaves[{1, 0}].ecx = 0;
    EXPECT_FALSE(exposes(movbe));
}

} // namespace

} // namespace ringer::x86::testing
