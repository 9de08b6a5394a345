#include "engine/translator/access_plan.h"

#include "engine/translator/guest_block.h"
#include "x86/cpuid.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

/// Plans the accesses of a few instructions of 64-bit code.
class AccessPlan : public testing::Test {
  protected:
    const std::vector<AccessGroup>& plan(const std::vector<u8>& bytes) {
        analyze(
            guest_, address, bytes, model_, condition_, Checking::grouped,
            [this](GuestPhysical next) { return next == translated_; },
            [this](GuestPhysical at) { return at == seen_at_ ? seen_ : OperandRegions{}; });
        return guest_.groups;
    }

    static constexpr GuestPhysical address = 0x1000;

    Condition condition_{.view = 1, .sse = true, .avx = true};
    x86::CpuModel model_ = x86::host_model();
    GuestBlock guest_;
    GuestPhysical translated_ = 0; ///< Where there is a translation already.
    GuestPhysical seen_at_ = 0;    ///< Where code was seen already,
    OperandRegions seen_;          ///< and what of it.
};

TEST_F(AccessPlan, PushesShareOneCheck) {
    const auto& groups = plan({0x55, 0x53, 0x50}); // push rbp; push rbx; push rax
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].begin, -16);
    EXPECT_EQ(groups[0].end, 8);
    EXPECT_TRUE(groups[0].is_write);
    EXPECT_TRUE(guest_.instructions[0].stack.is_first);
    EXPECT_FALSE(guest_.instructions[2].stack.is_checked());
}

TEST_F(AccessPlan, RegistersAreFollowedThroughConstants) {
    // mov rdx, rdi; add rdx, 32; mov eax, [rdi]; mov ecx, [rdx - 8]
    const auto& groups = plan({0x48, 0x89, 0xfa, 0x48, 0x83, 0xc2, 0x20, 0x8b, 0x07, 0x8b, 0x4a, 0xf8});
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].end, 28);
    EXPECT_FALSE(groups[0].is_write);
}

TEST_F(AccessPlan, ALoadedBaseIsAnother) {
    EXPECT_TRUE(plan({0x48, 0x8b, 0x3f, 0x8b, 0x07}).empty()); // mov rdi, [rdi]; mov eax, [rdi]
}

TEST_F(AccessPlan, AnInterpretedInstructionForgetsAll) {
    // mov eax, [rdi]; cpuid; mov ecx, [rdi]
    EXPECT_TRUE(plan({0x8b, 0x07, 0x0f, 0xa2, 0x8b, 0x0f}).empty());
}

TEST_F(AccessPlan, AnotherSegmentBaseIsAnotherAddress) {
    // mov eax, gs:[8]; mov ecx, gs:[16]
    EXPECT_EQ(plan({0x65, 0x8b, 0x04, 0x25, 0x08, 0, 0, 0, 0x65, 0x8b, 0x0c, 0x25, 0x10, 0, 0, 0}).size(),
              1U);
    EXPECT_TRUE(plan({0x65, 0x8b, 0x04, 0x25, 0x08, 0,    0,    0, 0xf3, 0x48, 0x0f,
                      0xae, 0xdb, 0x65, 0x8b, 0x0c, 0x25, 0x10, 0, 0,    0})
                    .empty())
        << "with wrgsbase rbx between them";
    EXPECT_EQ(plan({0x8b, 0x07, 0xf3, 0x48, 0x0f, 0xae, 0xdb, 0x8b, 0x0f}).size(), 1U)
        << "but those without it are the same: mov eax, [rdi]; wrgsbase rbx; mov ecx, [rdi]";
}

TEST_F(AccessPlan, AWriteBehindABranchIsCheckedByItself) {
    EXPECT_EQ(plan({0x8b, 0x07, 0x89, 0x07}).size(), 1U); // mov eax, [rdi]; mov [rdi], eax
    EXPECT_TRUE(plan({0x8b, 0x07, 0x74, 0x00, 0x89, 0x07}).empty()) << "with jz between them";
}

TEST_F(AccessPlan, ABlockEndsAtABranchToCodeThatIsTranslated) {
    const std::vector<u8> code{0x8b, 0x07, 0x74, 0x00,
                               0x8b, 0x47, 0x08}; // mov eax, [rdi]; jz; mov eax, [rdi + 8]
    EXPECT_EQ(plan(code).size(), 1U);
    EXPECT_EQ(guest_.instructions.size(), 3U);
    translated_ = address + 4;
    EXPECT_TRUE(plan(code).empty());
    EXPECT_EQ(guest_.instructions.size(), 2U);
    plan({0x8b, 0x07, 0x74, 0x02, 0xff, 0xc9, 0x75, 0xf8}); // mov eax, [rdi]; jz; dec ecx; jnz back
    EXPECT_TRUE(guest_.has_loop) << "which is not cut in two";
}

TEST_F(AccessPlan, RoundsOfALoopShareChecks) {
    // mov eax, [rdi]; add rdi, 8; dec ecx; jnz back
    const auto& groups = plan({0x8b, 0x07, 0x48, 0x83, 0xc7, 0x08, 0xff, 0xc9, 0x75, 0xf6});
    ASSERT_EQ(groups.size(), 1U);
    EXPECT_EQ(groups[0].end, 28);
    ASSERT_EQ(guest_.instructions.size(), 16U);
    EXPECT_TRUE(guest_.instructions[3].goes_on_at_target);
    EXPECT_FALSE(guest_.instructions[15].goes_on_at_target);
}

TEST_F(AccessPlan, WhatOneRoundHadTogetherIsPlannedAnew) {
    // mov eax, [rdi]; mov ecx, [rdi + 4]; add rdi, 256; jnz back: two rounds are as much as is checked
    // together
    plan({0x8b, 0x07, 0x8b, 0x4f, 0x04, 0x48, 0x81, 0xc7, 0x00, 0x01, 0x00, 0x00, 0x75, 0xf2});
    ASSERT_EQ(guest_.instructions.size(), 16U);
    EXPECT_EQ(guest_.instructions[0].operand.group, guest_.instructions[5].operand.group);
    EXPECT_TRUE(guest_.instructions[8].operand.is_first);
    EXPECT_EQ(guest_.instructions[8].operand.group, guest_.instructions[13].operand.group);
    EXPECT_NE(guest_.instructions[0].operand.group, guest_.instructions[8].operand.group);
}

TEST_F(AccessPlan, ALoopThatSavesNoChecksIsNotRepeated) {
    // mov rdi, [rdi]; test rdi, rdi; jnz back; mov eax, [rsi]; hlt
    plan({0x48, 0x8b, 0x3f, 0x48, 0x85, 0xff, 0x75, 0xf8, 0x8b, 0x06, 0xf4});
    EXPECT_EQ(guest_.instructions.size(), 5U);
    EXPECT_TRUE(guest_.has_loop);
}

TEST_F(AccessPlan, FarApartOrAtTheEndOfTheDisplacementsIsAlone) {
    // mov eax, [rdi]; mov ecx, [rdi + 0x1000]
    EXPECT_TRUE(plan({0x8b, 0x07, 0x8b, 0x8f, 0x00, 0x10, 0x00, 0x00}).empty());
    // mov eax, [rdi - 0x80000000]; mov ecx, [rdi - 0x80000000]
    EXPECT_TRUE(plan({0x8b, 0x87, 0x00, 0x00, 0x00, 0x80, 0x8b, 0x8f, 0x00, 0x00, 0x00, 0x80}).empty());
}

/// Of users' code with a stack in the shadow space's upper region.
class StackPlan : public AccessPlan {
  protected:
    StackPlan() {
        condition_.view = 0;
        condition_.is_shadowed = condition_.has_high_stack = true;
    }
    /// The instructions that check RSP, by their numbers.
    std::vector<std::size_t> checks(const std::vector<u8>& bytes) {
        plan(bytes);
        std::vector<std::size_t> result;
        for (std::size_t i = 0; i < guest_.instructions.size(); ++i)
            if (guest_.instructions[i].checks_stack_pointer) result.push_back(i);
        return result;
    }
    using Numbers = std::vector<std::size_t>;
};

TEST_F(StackPlan, TheStackIsNotChecked) {
    // push rbp; mov rbp, rsp; mov rax, [rbp - 4]; mov ecx, [rsp + rax * 8]; mov edx, [rdi]; pop rbp
    const auto& groups =
        plan({0x55, 0x48, 0x89, 0xe5, 0x48, 0x8b, 0x45, 0xfc, 0x8b, 0x0c, 0xc4, 0x8b, 0x17, 0x5d});
    EXPECT_EQ(groups.size(), 2U) << "of RSP + RAX * 8 and of RDI";
    EXPECT_TRUE(guest_.instructions[0].stack.is_region_known());
    EXPECT_TRUE(guest_.instructions[2].operand.is_region_known());
    EXPECT_FALSE(guest_.instructions[3].operand.is_region_known());
    EXPECT_FALSE(guest_.instructions[4].operand.is_region_known());
    EXPECT_TRUE(guest_.instructions[5].stack.is_region_known());
}

TEST_F(StackPlan, AnAccessTellsWhereTheStackPointerIs) {
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0x74, 0x00}), Numbers{0}); // sub rsp, 8; jz
    EXPECT_EQ(checks({0x53, 0x48, 0x83, 0xec, 0x08, 0x74, 0x00}), Numbers{}) << "behind push rbx";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0x53, 0x74, 0x00}), Numbers{}) << "in front of it";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0x74, 0x00, 0x53}), Numbers{0}) << "but not behind the jump";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0x48, 0x83, 0xc4, 0x08, 0x74, 0x00}), Numbers{})
        << "nor if it has not moved in the end";
    EXPECT_EQ(checks({0x53, 0x48, 0x81, 0xec, 0x00, 0x00, 0x00, 0x50, 0x74, 0x00}), Numbers{1})
        << "push rbx; sub rsp, 0x50000000; jz";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0xe8, 0x00, 0x00, 0x00, 0x00}), Numbers{}) << "call";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0xff, 0xd0}), Numbers{}) << "call rax";
    EXPECT_EQ(checks({0xc2, 0xff, 0xff}), Numbers{}) << "ret 0xffff";
    EXPECT_EQ(checks({0x48, 0x83, 0xec, 0x08, 0xf3, 0x48, 0x0f, 0xae, 0xd3, 0x74, 0x00}), Numbers{0})
        << "sub rsp, 8; wrfsbase rbx, for which the engine does not look; jz";
}

TEST_F(StackPlan, AnotherStackIsChecked) {
    EXPECT_EQ(checks({0x48, 0x89, 0xc4, 0x53}), Numbers{0}) << "mov rsp, rax; push rbx";
    EXPECT_TRUE(guest_.instructions[1].stack.is_region_known());
    EXPECT_EQ(checks({0x5c, 0xc3}), Numbers{0}) << "pop rsp; ret";
    EXPECT_EQ(checks({0xc9, 0xc3}), Numbers{0}) << "leave; ret";
    EXPECT_EQ(checks({0x48, 0x89, 0xe5, 0x51, 0xc9, 0xc3}), Numbers{})
        << "mov rbp, rsp; push rcx; leave; ret";
    EXPECT_EQ(checks({0x48, 0x83, 0xe4, 0xf0, 0x53}), Numbers{0}) << "and rsp, -16; push rbx";
    EXPECT_EQ(checks({0x0f, 0xa2, 0x53}), Numbers{}) << "cpuid; push rbx";
    EXPECT_TRUE(guest_.instructions[1].stack.is_region_known()) << "as the engine has looked";
}

TEST_F(StackPlan, ElsewhereNothingIsKnownOfTheStack) {
    condition_.has_high_stack = false;
    EXPECT_EQ(checks({0x48, 0x89, 0xc4, 0x53, 0x74, 0x00}), Numbers{}); // mov rsp, rax; push rbx; jz
    EXPECT_TRUE(guest_.instructions[1].stack.is_first);
}

TEST_F(StackPlan, ASmallNumberBesideAPointerDoesNotLeadFar) {
    // movzx eax, al; mov ecx, [rdi + rax * 8]; mov rdx, [rax + rdi]; mov esi, [rdi - 8]
    const auto& groups = plan({0x0f, 0xb6, 0xc0, 0x8b, 0x0c, 0xc7, 0x48, 0x8b, 0x14, 0x38, 0x8b, 0x77, 0xf8});
    EXPECT_EQ(groups.size(), 1U);
    EXPECT_TRUE(guest_.instructions[1].operand.is_first);
    EXPECT_TRUE(guest_.instructions[1].operand.has_small_index);
    EXPECT_TRUE(guest_.instructions[2].operand.has_small_base);
    EXPECT_EQ(plan({0x8b, 0x0c, 0xc7, 0x8b, 0x14, 0x38}).size(), 2U) << "without MOVZX";
}

TEST_F(StackPlan, ASmallNumberIsAnAddressInTheLowerRegion) {
    // movsxd rax, ecx; mov edx, [rax * 8 + 0x10]; mov esi, [rax + rax * 2]; mov eax, fs:[rax]
    EXPECT_TRUE(
        plan({0x48, 0x63, 0xc1, 0x8b, 0x14, 0xc5, 0x10, 0, 0, 0, 0x8b, 0x34, 0x40, 0x64, 0x48, 0x8b, 0x00})
            .empty());
    EXPECT_EQ(guest_.instructions[1].operand.known_region, Region::low);
    EXPECT_EQ(guest_.instructions[2].operand.known_region, Region::low);
    EXPECT_FALSE(guest_.instructions[3].operand.is_region_known()) << "but not behind a segment's base";
}

TEST_F(StackPlan, WhatIsSmallTakesAnInstructionThatLeavesItSo) {
    const auto leaves_small = [this](std::vector<u8> bytes) {
        bytes.insert(bytes.end(), {0x8b, 0x14, 0x00}); // mov edx, [rax + rax]
        plan(bytes);
        return guest_.instructions.back().operand.is_region_known();
    };
    EXPECT_TRUE(leaves_small({0x01, 0xc8})) << "add eax, ecx";
    EXPECT_TRUE(leaves_small({0x48, 0x98})) << "cdqe";
    EXPECT_TRUE(leaves_small({0x48, 0x25, 0xff, 0xff, 0xff, 0x7f})) << "and rax, 0x7fffffff";
    EXPECT_TRUE(leaves_small({0x01, 0xc8, 0x48, 0x83, 0xc0, 0x08})) << "add eax, ecx; add rax, 8";
    EXPECT_TRUE(leaves_small({0x01, 0xc9, 0x48, 0x89, 0xc8})) << "add ecx, ecx; mov rax, rcx";
    EXPECT_FALSE(leaves_small({0x66, 0x01, 0xc8})) << "add ax, cx";
    EXPECT_FALSE(leaves_small({0x48, 0x01, 0xc8})) << "add rax, rcx";
    EXPECT_FALSE(leaves_small({0x48, 0x25, 0x00, 0x00, 0x00, 0x80})) << "and rax, -0x80000000";
    EXPECT_FALSE(leaves_small({0x01, 0xc8, 0x48, 0x05, 0, 0, 0, 0x40})) << "add eax, ecx; add rax, 1 << 30";
    EXPECT_FALSE(leaves_small({0x66, 0x0f, 0xbe, 0xc1})) << "movsx ax, cl";
    EXPECT_FALSE(leaves_small({0x0f, 0xbc, 0xc1})) << "bsf eax, ecx";
    EXPECT_FALSE(leaves_small({0x0f, 0xbd, 0xc1})) << "bsr eax, ecx";
    EXPECT_FALSE(leaves_small({0x0f, 0xb1, 0xca})) << "cmpxchg edx, ecx";
    EXPECT_FALSE(leaves_small({0x0f, 0xc7, 0x0f})) << "cmpxchg8b [rdi]";
    EXPECT_FALSE(leaves_small({0x0f, 0x45, 0xc1})) << "cmovnz eax, ecx";
    EXPECT_FALSE(leaves_small({0x01, 0xc8, 0x0f, 0xa2})) << "add eax, ecx; cpuid";
}

TEST_F(StackPlan, WhatIsBesideCodeIsInItsRegion) {
    const std::vector<u8> code{0x8b, 0x05, 0x00, 0x10, 0x00, 0x00}; // mov eax, [rip + 0x1000]
    EXPECT_EQ(plan(code).size(), 1U);
    guest_.code_region = Region::high;
    EXPECT_TRUE(plan(code).empty());
    EXPECT_EQ(guest_.instructions[0].operand.known_region, Region::high);
}

TEST_F(StackPlan, WhereAnAccessLiesIsToldByTheRegisterThatHasItsBaseAtTheStart) {
    // mov rbp, rdi; mov rax, [rbp + 8]; mov ecx, [rax]; mov edx, edx; mov ecx, [rsi + rdx * 4];
    // mov ecx, [rsi + r8]
    plan({0x48, 0x89, 0xfd, 0x48, 0x8b, 0x45, 0x08, 0x8b, 0x08, 0x89, 0xd2, 0x8b, 0x0c, 0x96, 0x42, 0x8b,
          0x0c, 0x06});
    EXPECT_EQ(guest_.instructions[1].operand.told_by, x86::rdi);
    EXPECT_EQ(guest_.instructions[2].operand.told_by, PlannedAccess::nobody) << "loaded";
    EXPECT_EQ(guest_.instructions[4].operand.told_by, x86::rsi) << "beside a small index";
    EXPECT_EQ(guest_.instructions[5].operand.told_by, PlannedAccess::nobody) << "beside any index";
}

/// Of 32-bit code in the shadow space, with flat segments but FS and GS.
class LowPlan : public AccessPlan {
  protected:
    LowPlan() {
        condition_ = {.view = 1,
                      .is_shadowed = true,
                      .mode = x86::CodeMode::protected32,
                      .flat_segments = 1 << x86::es | 1 << x86::cs | 1 << x86::ss | 1 << x86::ds,
                      .has_wide_stack = true,
                      .code_limit = 0xffff'ffff};
    }
};

TEST_F(LowPlan, AddressesOf32BitsAreInTheLowerRegion) {
    // push ebx; mov eax, [ebx + ecx * 4]; inc dword ptr [eax]; mov eax, gs:[0]; mov eax, [bx]; rep movsb
    const auto& groups =
        plan({0x53, 0x8b, 0x04, 0x8b, 0xff, 0x00, 0x65, 0xa1, 0, 0, 0, 0, 0x67, 0x8b, 0x07, 0xf3, 0xa4});
    EXPECT_TRUE(groups.empty());
    EXPECT_TRUE(guest_.instructions[0].stack.is_region_known());
    EXPECT_TRUE(guest_.instructions[1].operand.is_region_known());
    EXPECT_TRUE(guest_.instructions[2].operand.is_region_known());
    EXPECT_TRUE(guest_.instructions[3].operand.is_checked()) << "its segment may have a base and a limit";
    EXPECT_TRUE(guest_.instructions[4].operand.is_checked()) << "an address of 16 bits";
    EXPECT_FALSE(guest_.instructions[5].operand.is_shadowed);
}

TEST_F(AccessPlan, WhatWasSeenIsToldOfWhatFollowsEachBranch) {
    seen_at_ = address + 4;
    seen_.note(1, memory::ShadowSpace::high_begin);
    plan({0x8b, 0x07, 0x74, 0x10,   // mov eax, [rdi]; jz
          0x8b, 0x0b, 0x8b, 0x16}); // mov ecx, [rbx]; mov edx, [rsi]
    ASSERT_EQ(guest_.instructions.size(), 4U);
    EXPECT_FALSE(guest_.instructions[1].operand_seen.is_high);
    EXPECT_FALSE(guest_.instructions[2].operand_seen.is_high);
    EXPECT_TRUE(guest_.instructions[3].operand_seen.is_high);
}

} // namespace
} // namespace ringer::engine::translator
