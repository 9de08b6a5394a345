#include "engine/translator/copy_plan.h"
#include "x86/cpuid.h"

#include <gtest/gtest.h>

namespace ringer::engine::translator {
namespace {

using Bytes = std::vector<u8>;

class InstructionCopy : public testing::Test {
  protected:
    /// How the copy of an instruction reads, in Intel's syntax.
    std::string copied(const Bytes& bytes, x86::CodeMode mode = x86::CodeMode::long64) {
        x86::Decoded decoded(mode, model_);
        x86::Instruction instruction;
        EXPECT_EQ(x86::decode(bytes, instruction, decoded), x86::DecodeStatus::ok);
        const auto plan = plan_copy(decoded, instruction.has_memory);
        if (!plan) return "no copy";
        const auto copy = copy_instruction(decoded, plan->substitution);
        ZydisDisassembledInstruction text;
        EXPECT_TRUE(ZYAN_SUCCESS(
            ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, 0, copy->bytes.data(), copy->length, &text)));
        EXPECT_EQ(text.info.length, copy->length);
        return text.text;
    }

    x86::CpuModel model_ = x86::host_model();
};

TEST_F(InstructionCopy, PinnedRegistersStandForThemselvesButRsp) {
    EXPECT_EQ(copied({0x48, 0x01, 0xd8}), "add rax, rbx");
    EXPECT_EQ(copied({0x48, 0x89, 0xe5}), "mov rbp, r14") << "mov rbp, rsp";
    EXPECT_EQ(copied({0x48, 0x83, 0xec, 0x28}), "sub r14, 0x28") << "sub rsp, 0x28";
    EXPECT_EQ(copied({0x40, 0x88, 0xf7}), "mov dil, sil");
}

TEST_F(InstructionCopy, RegistersThatLieInMemoryAreNamedThereWhereTheyCanBe) {
    EXPECT_EQ(copied({0x4c, 0x01, 0xf0}), "add rax, [rsp]") << "add rax, r14";
    EXPECT_EQ(copied({0x49, 0x01, 0xc6}), "add [rsp], rax") << "add r14, rax";
    EXPECT_EQ(copied({0x4c, 0x03, 0xf0}), "add [rsp], rax") << "the same by another opcode";
    EXPECT_EQ(copied({0x4d, 0x01, 0xfe}), "add [rsp], r10") << "add r14, r15";
    EXPECT_EQ(copied({0x44, 0x89, 0xd0}), "mov eax, [rsp]") << "mov eax, r10d";
    EXPECT_EQ(copied({0x44, 0x38, 0xd6}), "cmp sil, [rsp]") << "cmp sil, r10b";
    EXPECT_EQ(copied({0x44, 0x85, 0xd0}), "test [rsp], eax") << "test eax, r10d";
    EXPECT_EQ(copied({0x49, 0xc1, 0xea, 0x20}), "shr qword ptr [rsp], 0x20") << "shr r10, 32";
    EXPECT_EQ(copied({0x49, 0x0f, 0xaf, 0xd2}), "imul rdx, [rsp]") << "imul rdx, r10";
    EXPECT_EQ(copied({0x45, 0x0f, 0xb6, 0xca}), "movzx r9d, byte ptr [rsp]") << "movzx r9d, r10b";
    EXPECT_EQ(copied({0xc4, 0xc2, 0x70, 0xf2, 0xc2}), "andn eax, ecx, [rsp]") << "andn eax, ecx, r10d";
}

TEST_F(InstructionCopy, OthersAreBorrowed) {
    EXPECT_EQ(copied({0x49, 0x0f, 0xca}), "bswap r10");
    EXPECT_EQ(copied({0x41, 0xba, 0x78, 0x56, 0x34, 0x12}), "mov r10d, 0x12345678");
    EXPECT_EQ(copied({0x41, 0x89, 0xc2}), "mov r10d, eax") << "clears the upper half";
    EXPECT_EQ(copied({0x45, 0x89, 0xd6}), "mov r10d, [rsp]") << "mov r14d, r10d: one of the two";
    EXPECT_EQ(copied({0x41, 0x00, 0xc6}), "add r10b, al") << "add r14b, al";
    EXPECT_EQ(copied({0x4d, 0x85, 0xd2}), "test r10, r10") << "is loaded once";
    EXPECT_EQ(copied({0x4d, 0x31, 0xd2}), "xor r10, r10");
    EXPECT_EQ(copied({0x49, 0x87, 0xc2}), "xchg r10, rax") << "would lock";
    EXPECT_EQ(copied({0x49, 0xc1, 0xca, 0x05}), "ror r10, 0x05") << "OF would be another";
    EXPECT_EQ(copied({0x49, 0x0f, 0xa3, 0xc2}), "bt r10, rax") << "would reach beyond";
    EXPECT_EQ(copied({0x49, 0x0f, 0xc7, 0xf2}), "rdrand r10") << "would be something else";
    EXPECT_EQ(copied({0x66, 0x4d, 0x0f, 0x3a, 0x14, 0xd3, 0x00}), "pextrb r10d, xmm10, 0x00");
}

TEST_F(InstructionCopy, MemoryOperandsBecomeCheckedAddresses) {
    EXPECT_EQ(copied({0x8b, 0x44, 0xcb, 0x10}), "mov eax, [r10+r11*1]");
    EXPECT_EQ(copied({0x65, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0}), "mov rax, [r10+r11*1]");
    EXPECT_EQ(copied({0xf0, 0x48, 0x0f, 0xb1, 0x0f}), "cmpxchg [r10+r11*1], rcx")
        << "lock cmpxchg [rdi], rcx";
    EXPECT_EQ(copied({0x66, 0xc7, 0x00, 0x34, 0x12}), "mov word ptr [r10+r11*1], 0x1234");
}

TEST_F(InstructionCopy, HighBytesStandBesideAnAddressWithoutRexPrefix) {
    EXPECT_EQ(copied({0x8a, 0x64, 0x24, 0x08}), "mov ah, [rdx]") << "mov ah, [rsp + 8]";
    EXPECT_EQ(copied({0x88, 0x33}), "mov [rbx], dh") << "RDX is what it uses";
    EXPECT_EQ(copied({0x88, 0xe0}), "mov al, ah");
}

TEST_F(InstructionCopy, AddressesTakeNoMoreBytesThanTheyNeed) {
    const auto length = [this](const HostMemory& memory) {
        x86::Decoded decoded(x86::CodeMode::long64, model_);
        x86::Instruction instruction;
        EXPECT_EQ(x86::decode(Bytes{0x8b, 0x00}, instruction, decoded), x86::DecodeStatus::ok);
        Substitution substitution;
        substitution.memory = memory;
        const auto copy = copy_instruction(decoded, substitution);
        ZydisDisassembledInstruction text;
        EXPECT_TRUE(ZYAN_SUCCESS(
            ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, 0, copy->bytes.data(), copy->length, &text)));
        const ZydisDecodedOperandMem& written = text.operands[1].mem;
        EXPECT_EQ(written.disp.value, memory.displacement);
        EXPECT_EQ(ZydisRegisterGetId(written.base), memory.base);
        EXPECT_EQ(written.index == ZYDIS_REGISTER_NONE, memory.index == HostMemory::no_index);
        EXPECT_EQ(text.info.address_width, memory.is_32_bit ? 32 : 64);
        return copy->length;
    };
    EXPECT_EQ(length({x86::rbx}), 2);
    EXPECT_EQ(length({x86::rbp}), 3) << "has no form without a displacement";
    EXPECT_EQ(length({x86::rsp}), 3) << "has no form without a SIB byte";
    EXPECT_EQ(length({x86::r12}), 4) << "likewise, and REX";
    EXPECT_EQ(length({x86::r13, scratch_b}), 5);
    EXPECT_EQ(length({x86::rbx, HostMemory::no_index, -128}), 3);
    EXPECT_EQ(length({x86::rbx, HostMemory::no_index, 128}), 6);
    EXPECT_EQ(length({x86::rbx, scratch_b, 127}), 5);
    EXPECT_EQ(length({.base = x86::rbx, .is_32_bit = true}), 3) << "with an address-size prefix";
}

TEST_F(InstructionCopy, VexInstructionsKeepTheirVectorRegisters) {
    EXPECT_EQ(copied({0xc5, 0x35, 0xfe, 0x07}), "vpaddd ymm8, ymm9, [r10+r11*1]");
    EXPECT_EQ(copied({0xc4, 0xe3, 0x75, 0x4a, 0xc2, 0x30}), "vblendvps ymm0, ymm1, ymm2, ymm3");
    EXPECT_EQ(copied({0xc4, 0xc2, 0xe8, 0xf2, 0xc6}), "andn rax, rdx, [rsp]") << "andn rax, rdx, r14";
}

TEST_F(InstructionCopy, RepeatedPrefixesDoNotMakeItTooLong) {
    EXPECT_EQ(copied({0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x01, 0x00}),
              "add [r10+r11*1], ax");
    EXPECT_EQ(copied({0xf2, 0xf3, 0xf2, 0x66, 0xf0, 0x48, 0x81, 0x00, 1, 2, 3, 4}),
              "add qword ptr [r10+r11*1], 0x4030201")
        << "with three kinds of prefixes and LOCK";
}

TEST_F(InstructionCopy, WhereScratchRegistersAreTooFewOneThatIsNotUsedIsSpilled) {
    EXPECT_EQ(copied({0xc4, 0x42, 0xa8, 0xf2, 0xf7}), "andn r10, r11, [rsp]") << "andn r14, r10, r15";
    EXPECT_EQ(copied({0xc4, 0x62, 0xab, 0xf6, 0x30}), "mulx r11, r8, [r10+r11*1]") << "mulx r14, r10, [rax]";
}

TEST_F(InstructionCopy, ShortFormsOf32BitCodeGetTheOnesOf64BitCode) {
    using enum x86::CodeMode;
    EXPECT_EQ(copied({0x40}, protected32), "inc eax");
    EXPECT_EQ(copied({0x4c}, protected32), "dec r14d") << "dec esp";
    EXPECT_EQ(copied({0x66, 0x4f}, protected32), "dec di");
    EXPECT_EQ(copied({0xa1, 0x78, 0x56, 0x34, 0x12}, protected32), "mov eax, [r10+r11*1]");
    EXPECT_EQ(copied({0xa2, 0x78, 0x56, 0x34, 0x12}, protected32), "mov [r10+r11*1], al");
    EXPECT_EQ(copied({0x82, 0xc1, 0x05}, protected32), "add cl, 0x05");
}

TEST_F(InstructionCopy, OperandsOf16BitCodeHaveItsSize) {
    using enum x86::CodeMode;
    EXPECT_EQ(copied({0x01, 0xd8}, real16), "add ax, bx");
    EXPECT_EQ(copied({0x66, 0x01, 0xd8}, real16), "add eax, ebx");
    EXPECT_EQ(copied({0x00, 0xd8}, protected16), "add al, bl");
    EXPECT_EQ(copied({0x43}, real16), "inc bx");
    EXPECT_EQ(copied({0x99}, real16), "cwd");
    EXPECT_EQ(copied({0x0f, 0xb7, 0xc3}, real16), "movzx ax, bx");
    EXPECT_EQ(copied({0x66, 0x0f, 0xb6, 0xc3}, real16), "movzx eax, bl");
    EXPECT_EQ(copied({0xd9, 0x07}, real16), "fld [r10+r11*1]");
    EXPECT_EQ(copied({0x66, 0x0f, 0x6f, 0x07}, protected16), "movdqa xmm0, [r10+r11*1]");
    EXPECT_EQ(copied({0x0f, 0x6e, 0xc0}, protected16), "movd mm0, eax");
}

TEST_F(InstructionCopy, BitsThatOnly64BitCodeHeedsAreCleared) {
    using enum x86::CodeMode;
    EXPECT_EQ(copied({0xc4, 0xe3, 0x75, 0x4a, 0xc2, 0xb0}, protected32), "vblendvps ymm0, ymm1, ymm2, ymm3");
    EXPECT_EQ(copied({0xc4, 0xe2, 0xe8, 0xf2, 0xc3}, protected32), "andn eax, edx, ebx");
    EXPECT_EQ(copied({0xc4, 0xe1, 0xf9, 0x6e, 0x07}, protected32), "vmovd xmm0, dword ptr [r10+r11*1]");
}

} // namespace
} // namespace ringer::engine::translator
