#include "engine/translator/translator.h"

#include "x86/testing/test_machine.h"

#include <gtest/gtest.h>

namespace ringer::engine {
namespace {

using x86::testing::TestCodeMemory;
using x86::testing::TestMachine;

x86::CpuModel with_translations(const TestCodeMemory& code) {
    x86::CpuModel model = x86::host_model();
    model.translations = code.memory();
    return model;
}

/// A loop of six instructions, which is one block.
class LoopTest : public ::testing::Test {
  protected:
    static constexpr u64 instructions_in_loop = 6;

    LoopTest() {
        constexpr std::array<u8, 12> loop{0xff, 0xc0,  // inc eax
                                          0xff, 0xc0,  // inc eax
                                          0xff, 0xc0,  // inc eax
                                          0xff, 0xc0,  // inc eax
                                          0xff, 0xc0,  // inc eax
                                          0xeb, 0xf4}; // jmp back to the start
        EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base, loop));
        translator.run(instructions_in_loop * 100); // Translated by now.
    }

    u64 rip_in_loop() const { return machine.cpu.state.rip - TestMachine::code_base; }

    TestCodeMemory code;
    TestMachine machine{with_translations(code)};
    Translator translator{machine.cpu};
};

TEST_F(LoopTest, ABudgetWithoutSlackIsSpentToTheLastInstruction) {
    const RunResult result = translator.run(instructions_in_loop * 10 + 2);
    EXPECT_TRUE(std::holds_alternative<BudgetSpent>(result.exit));
    EXPECT_EQ(result.retired, instructions_in_loop * 10 + 2);
    EXPECT_EQ(rip_in_loop(), 4u);
}

TEST_F(LoopTest, WithSlackARunEndsInFrontOfABlock) {
    const RunResult result = translator.run({instructions_in_loop * 10 + 2, instructions_in_loop});
    EXPECT_TRUE(std::holds_alternative<BudgetSpent>(result.exit));
    EXPECT_EQ(result.retired, instructions_in_loop * 10);
    EXPECT_EQ(rip_in_loop(), 0u);
}

TEST_F(LoopTest, WhatTheSlackDoesNotCoverIsInterpreted) {
    const RunResult result = translator.run({instructions_in_loop * 10 + 4, 2});
    EXPECT_EQ(result.retired, instructions_in_loop * 10 + 4);
}

} // namespace
} // namespace ringer::engine
