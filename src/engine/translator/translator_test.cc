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

/// The loop overwrites the flags that it begins with, so that its next round does not need them; what runs
/// when it is left does.
TEST(RoundTest, FlagsAreThereWhereverARunEnds) {
    constexpr std::array<u8, 8> loop{0x01, 0xc3,  // add ebx, eax
                                     0x8b, 0x17,  // mov edx, [rdi]
                                     0x39, 0xcb,  // cmp ebx, ecx
                                     0x75, 0xf8}; // jne back to the start
    const auto start = [&](TestMachine& machine) {
        EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base, loop));
        machine.cpu.state.gpr[x86::rax] = 0x1234'5677;
        machine.cpu.state.gpr[x86::rcx] = 0x8000'0000;
        machine.cpu.state.gpr[x86::rdi] = TestMachine::data_base;
    };
    const TestCodeMemory code;
    TestMachine translated{with_translations(code)}, interpreted;
    start(translated);
    start(interpreted);
    Translator translator{translated.cpu, Translator::Variant::eager};
    Interpreter interpreter{interpreted.cpu};
    for (u64 budget = 1; budget < 200; ++budget) {
        translator.run(budget);
        interpreter.run(budget);
        ASSERT_EQ(translated.cpu.state.rflags, interpreted.cpu.state.rflags) << budget;
        ASSERT_EQ(translated.cpu.state.rip, interpreted.cpu.state.rip) << budget;
    }
    EXPECT_GT(translator.counters()["translations"]["made"], 0u);
}

/// Calls functions in the next page, one after the other, round and round.
class FunctionsTest : public ::testing::Test {
  protected:
    static constexpr u64 functions = 16, instructions_in_round = 3 * functions + 1;

    FunctionsTest() {
        constexpr u64 first_function = TestMachine::code_base + memory::page_size;
        constexpr u8 call_bytes = 7;
        std::array<u8, functions * call_bytes + 2> calls{};
        for (u8 i = 0; i < functions; ++i) {
            const std::array<u8, call_bytes> call{
                0xb8, i,   first_function >> 8 & 0xff, first_function >> 16 & 0xff, 0, // mov eax, function i
                0xff, 0xd0};                                                           // call eax
            std::ranges::copy(call, calls.begin() + i * call_bytes);
        }
        calls[functions * call_bytes] = 0xeb; // jmp back to the start
        calls.back() = static_cast<u8>(-static_cast<int>(calls.size()));
        std::array<u8, functions> returns;
        returns.fill(0xc3); // ret
        EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base, calls));
        EXPECT_TRUE(machine.memory().write_ram(first_function, returns));
        machine.cpu.state.gpr[x86::rsp] = TestMachine::data_base + memory::page_size;
    }

    u64 misses_of(u64 rounds) {
        const auto misses = [this] { return translator.counters()["misses"]["jump_cache"]; };
        const u64 before = misses();
        translator.run(rounds * instructions_in_round);
        return misses() - before;
    }

    TestCodeMemory code;
    TestMachine machine{with_translations(code)};
    Translator translator{machine.cpu};
};

TEST_F(FunctionsTest, WhatIsJumpedToIsFoundByPagesWhenMappingsWereDropped) {
    misses_of(30); // Translated by now.
    machine.cpu.tlb.flush();
    EXPECT_GE(misses_of(3), functions) << "nothing tells yet that it is jumps that lead there";
    machine.cpu.tlb.flush();
    EXPECT_LE(misses_of(3), 2U) << "one in each page";
}

/// It counts as one instruction, and takes as long as thousands.
TEST(LongStringTest, CodeIsLeftToLookAroundAsOftenAsTimeGoesBy) {
    const TestCodeMemory code;
    TestMachine machine(with_translations(code));
    Translator translator(machine.cpu);
    constexpr std::array<u8, 14> loop{0xbf, 0,    0,    0x10, 0, // mov edi, data_base
                                      0xb9, 0,    0x80, 0,    0, // mov ecx, 0x8000
                                      0xf3, 0xaa,                // rep stosb
                                      0xeb, 0xf2};               // jmp back to the start
    EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base, loop));
    const auto entries = [&] { return translator.counters()["dispatcher"]["entries"]; };
    translator.run(1000);
    const u64 before = entries();
    translator.run(4 * 1000);
    EXPECT_GT(entries() - before, 50u) << "1000 times 0x8000 bytes, of which 8 stand for an instruction";
}

/// Blocks of two instructions that lead to one another, more than the code cache has room for.
TEST(CodeCacheTest, CodeThatDoesNotFitRunsAllTheSame) {
    constexpr u64 blocks = 10'000, rounds = 3;
    constexpr std::array<u8, 4> block{0xff, 0xc0,                   // inc eax
                                      0xeb, 0x00};                  // jmp to what follows
    constexpr std::array<u8, 5> back{0xe9, 0xbb, 0x63, 0xff, 0xff}; // jmp to the first
    static_assert(blocks * block.size() + back.size() == 0x1'0000 - 0x63bb);
    const TestCodeMemory code(MiB);
    TestMachine machine{with_translations(code)};
    for (u64 i = 0; i < blocks; ++i)
        EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base + i * block.size(), block));
    EXPECT_TRUE(machine.memory().write_ram(TestMachine::code_base + blocks * block.size(), back));
    Translator translator{machine.cpu, Translator::Variant::eager};

    translator.run(rounds * (2 * blocks + 1));

    EXPECT_EQ(machine.cpu.state.gpr[x86::rax], rounds * blocks);
    EXPECT_EQ(machine.cpu.state.rip, TestMachine::code_base);
    EXPECT_GT(translator.counters()["code_cache"]["evictions"], 0u);
}

} // namespace
} // namespace ringer::engine
