#include "engine/interpreter/instruction_cache.h"

#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

namespace ringer::engine {
namespace {

using x86::CodeMode;
using x86::Instruction;
using Bytes = std::vector<u8>;

/// Finds instructions of which only numbers differ, one after the other, in a cache that has room for one.
class InstructionCacheTest : public testing::Test {
  protected:
    void expect_decoded(const Bytes& bytes, CodeMode mode = CodeMode::long64) {
        Instruction expected;
        ASSERT_EQ(decode(bytes, mode, model_, expected), x86::DecodeStatus::ok);
        for (const Instruction* const found :
             {cache_.find(bytes, mode, model_), cache_.find(bytes, mode, model_)}) {
            ASSERT_NE(found, nullptr);
            EXPECT_EQ(found->handler, expected.handler);
            EXPECT_EQ(found->length, expected.length);
            EXPECT_EQ(found->displacement, expected.displacement);
            EXPECT_EQ(found->immediate, expected.immediate);
            EXPECT_EQ(found->second_immediate, expected.second_immediate);
            EXPECT_EQ(found->operand, expected.operand);
        }
    }

    x86::testing::TestMachine machine_;
    const x86::CpuModel& model_ = machine_.model;
    InstructionCache cache_{1};
};

TEST_F(InstructionCacheTest, NumbersAreReadAnew) {
    expect_decoded(
        {0x48, 0x81, 0x44, 0x24, 0x10, 0x78, 0x56, 0x34, 0x12}); // add qword [rsp + 16], 0x12345678
    expect_decoded({0x48, 0x81, 0x44, 0x24, 0xf0, 0xff, 0xff, 0xff, 0xff}); // add qword [rsp - 16], -1
    expect_decoded({0x75, 0x05});                                           // jnz
    expect_decoded({0x75, 0xf0});
    expect_decoded({0xb8, 0x01, 0x00, 0x00, 0x00}); // mov eax, 1
    expect_decoded({0xb8, 0xff, 0xff, 0xff, 0xff});
    expect_decoded({0x8b, 0x05, 0x00, 0x01, 0x00, 0x00}); // mov eax, [rip + 256]
    expect_decoded({0x8b, 0x05, 0x00, 0xff, 0xff, 0xff});
}

TEST_F(InstructionCacheTest, NumbersThatAreElsewhereAreCompared) {
    expect_decoded({0xc8, 0x10, 0x00, 0x01}); // enter 16, 1
    expect_decoded({0xc8, 0x20, 0x00, 0x02});
    expect_decoded({0x66, 0x0f, 0x70, 0xc1, 0x1b}); // pshufd xmm0, xmm1, 27
    expect_decoded({0x66, 0x0f, 0x70, 0xc1, 0xe4});
    expect_decoded({0x48, 0xa1, 1, 2, 3, 4, 5, 6, 7, 8}); // mov rax, [0x0807060504030201]
    expect_decoded({0x48, 0xa1, 1, 2, 3, 4, 5, 6, 7, 9});
}

TEST_F(InstructionCacheTest, ModesAreToldApart) {
    expect_decoded({0x48, 0x05, 1, 0, 0, 0}, CodeMode::long64);      // add rax, 1
    expect_decoded({0x48, 0x05, 1, 0, 0, 0}, CodeMode::protected32); // dec eax
    expect_decoded({0x05, 1, 0, 0, 0}, CodeMode::protected32);
    expect_decoded({0x05, 1, 0, 0, 0}, CodeMode::protected16);
}

TEST_F(InstructionCacheTest, AKnownInstructionIsNotFoundInPartOfItsBytes) {
    expect_decoded({0xb8, 0x01, 0x00, 0x00, 0x00});
    EXPECT_EQ(cache_.find(Bytes{0xb8, 0x01, 0x00}, CodeMode::long64, model_), nullptr);
}

} // namespace
} // namespace ringer::engine
