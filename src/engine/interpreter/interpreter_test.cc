#include "engine/interpreter/interpreter.h"

#include "x86/testing/test_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::engine {
namespace {

using x86::testing::TestMachine;

class InterpreterTest : public ::testing::TestWithParam<Interpreter::Caching> {
  protected:
    void write_code(u64 address, std::initializer_list<u8> bytes) {
        ASSERT_TRUE(machine.memory().write_ram(address, std::span(bytes.begin(), bytes.size())));
    }
    u64 gpr(x86::Register number) const { return machine.cpu.state.gpr[number]; }

    TestMachine machine;
    Interpreter interpreter{machine.cpu, GetParam()};
    static constexpr u64 code = TestMachine::code_base;
};

TEST_P(InterpreterTest, RunsToHltAndCountsIt) {
    write_code(code, {0xb8, 5, 0, 0, 0, // mov eax, 5
                      0x83, 0xc0, 2,    // add eax, 2
                      0xf4});           // hlt
    const RunResult result = interpreter.run(1000);
    EXPECT_TRUE(std::holds_alternative<Hlt>(result.exit));
    EXPECT_EQ(result.retired, 3u);
    EXPECT_EQ(gpr(x86::rax), 7u);
    EXPECT_EQ(machine.cpu.state.rip, code + 9);
}

TEST_P(InterpreterTest, StopsExactlyAtTheBudgetWhereverItFalls) {
    write_code(code, {0xff, 0xc0,   // inc eax
                      0xff, 0xc1,   // inc ecx
                      0xeb, 0xfa}); // jmp back to the start
    for (u64 total = 0; total < 100;) {
        const u64 budget = total % 7 + 1;
        const RunResult result = interpreter.run(budget);
        total += budget;
        EXPECT_TRUE(std::holds_alternative<BudgetSpent>(result.exit));
        EXPECT_EQ(result.retired, budget);
        EXPECT_EQ(machine.cpu.state.retired, total);
        EXPECT_EQ(gpr(x86::rax), (total + 2) / 3);
        EXPECT_EQ(gpr(x86::rcx), (total + 1) / 3);
    }
}

TEST_P(InterpreterTest, ABudgetOfZeroRunsNothing) {
    write_code(code, {0xff, 0xc0});
    EXPECT_TRUE(std::holds_alternative<BudgetSpent>(interpreter.run(0).exit));
    EXPECT_EQ(gpr(x86::rax), 0u);
}

TEST_P(InterpreterTest, ARepeatedInstructionCountsOnceHoweverLong) {
    machine.cpu.gpr(x86::rcx) = 1'000'000;
    machine.cpu.gpr(x86::rdi) = TestMachine::data_base;
    machine.cpu.gpr(x86::rax) = 0x5a;
    write_code(code, {0xf3, 0xaa, 0xf4}); // rep stosb; hlt
    const RunResult result = interpreter.run(1000);
    EXPECT_TRUE(std::holds_alternative<Hlt>(result.exit));
    EXPECT_EQ(result.retired, 2u);
    EXPECT_EQ(gpr(x86::rcx), 0u);
    EXPECT_EQ(machine.memory_value<u8>(TestMachine::data_base + 999'999), 0x5a);
    EXPECT_EQ(machine.memory_value<u8>(TestMachine::data_base + 1'000'000), 0);
}

TEST_P(InterpreterTest, SeesCodeThatItHasJustWrittenAheadInItsOwnBlock) {
    write_code(code, {0xc6, 0x05, 1, 0, 0, 0, 9, // mov byte [rip + 1], 9: the immediate below
                      0xb0, 1,                   // mov al, 1
                      0xf4});                    // hlt
    interpreter.run(1000);
    EXPECT_EQ(gpr(x86::rax), 9u);
}

TEST_P(InterpreterTest, SeesCodeThatADeviceHasWritten) {
    write_code(code, {0xb0, 1, 0xf4}); // mov al, 1; hlt
    interpreter.run(1000);
    write_code(code, {0xb0, 2, 0xf4});
    machine.cpu.state.rip = code;
    machine.cpu.state.activity = x86::Activity::running;
    interpreter.run(1000);
    EXPECT_EQ(gpr(x86::rax), 2u);
}

TEST_P(InterpreterTest, SeesCodeWrittenThroughAnotherMappingOfItsPage) {
    constexpr u64 alias = 0x20'0000;
    machine.set_page_entry(alias, code | 7);
    write_code(code, {0xb0, 1,                                     // mov al, 1
                      0x3c, 1, 0x75, 0x0a,                         // cmp al, 1; jne to the hlt
                      0xc6, 0x04, 0x25, 0x01, 0x00, 0x20, 0x00, 7, // mov byte [alias + 1], 7
                      0xeb, 0xf0,                                  // jmp to the start
                      0xf4});                                      // hlt
    interpreter.run(1000);
    EXPECT_EQ(gpr(x86::rax), 7u);
}

TEST_P(InterpreterTest, DataBesideCodeInOnePageKeepsItsValue) {
    write_code(code, {0xff, 0x05, 0xfa, 0x01, 0, 0, // inc dword [rip + 0x1fa]
                      0xff, 0xc9, 0x75, 0xf6,       // dec ecx; jnz to the start
                      0xf4});
    machine.cpu.gpr(x86::rcx) = 1000;
    interpreter.run(10'000);
    EXPECT_EQ(machine.memory_value<u32>(code + 0x200), 1000u);
}

TEST_P(InterpreterTest, RunsAnInstructionThatCrossesIntoAnotherPhysicalPage) {
    constexpr u64 page = 0x30'0000;
    machine.set_page_entry(page + 0x1000, 0x50'0000 | 7); // The next page lies elsewhere.
    machine.cpu.state.rip = page + 0xffe;
    write_code(page + 0xffe, {0xb8, 0x78});
    write_code(0x50'0000, {0x56, 0x34, 0x12, 0xf4}); // mov eax, 0x12345678; hlt
    const RunResult result = interpreter.run(1000);
    EXPECT_EQ(result.retired, 2u);
    EXPECT_EQ(gpr(x86::rax), 0x1234'5678u);
}

TEST_P(InterpreterTest, AnAddressSpaceSwitchFindsTheOtherCode) {
    constexpr u64 page = 0x30'0000;
    write_code(page, {0xb0, 1, 0xf4});
    write_code(0x50'0000, {0xb0, 2, 0xf4});
    for (const u64 target : {page, u64{0x50'0000}, page}) {
        machine.set_page_entry(page, target | 7);
        machine.cpu.state.rip = page;
        machine.cpu.state.activity = x86::Activity::running;
        interpreter.run(1000);
        EXPECT_EQ(gpr(x86::rax), target == page ? 1u : 2u);
    }
}

TEST_P(InterpreterTest, AKickEndsTheNextRunOnce) {
    write_code(code, {0xeb, 0xfe}); // jmp to itself
    machine.cpu.kicked = true;
    machine.cpu.request_check();
    const RunResult result = interpreter.run(1000);
    EXPECT_TRUE(std::holds_alternative<Interrupted>(result.exit));
    EXPECT_TRUE(std::holds_alternative<BudgetSpent>(interpreter.run(1000).exit));
}

TEST_P(InterpreterTest, AFaultWithoutHandlersShutsDown) {
    write_code(code, {0x0f, 0x0b}); // ud2
    const RunResult result = interpreter.run(1000);
    EXPECT_TRUE(std::holds_alternative<Shutdown>(result.exit));
    EXPECT_EQ(result.retired, 0u);
}

/// Answers only the second time that it is asked.
class LateRegion final : public memory::Region {
  public:
    memory::Answer read(u64, unsigned, u64& value) override {
        value = 0x42;
        return std::exchange(late, false) ? memory::Answer::not_yet : memory::Answer::now;
    }
    memory::Answer write(u64, unsigned, u64) override { return memory::Answer::now; }

    bool late = true;
};

TEST_P(InterpreterTest, AnAccessWithoutAnAnswerLeavesNoTraceAndRunsAgain) {
    LateRegion region;
    machine.ports().add_region(0x60, 1, region);
    write_code(code, {0xe4, 0x60, 0xf4}); // in al, 0x60; hlt
    const RunResult first = interpreter.run(1000);
    ASSERT_TRUE(std::holds_alternative<Io>(first.exit));
    EXPECT_EQ(std::get<Io>(first.exit).port, 0x60);
    EXPECT_EQ(first.retired, 0u);
    EXPECT_EQ(machine.cpu.state.rip, code);
    EXPECT_EQ(gpr(x86::rax), 0u);
    const RunResult second = interpreter.run(1000);
    EXPECT_TRUE(std::holds_alternative<Hlt>(second.exit));
    EXPECT_EQ(gpr(x86::rax), 0x42u);
}

TEST_P(InterpreterTest, ManyBlocksStayWithinTheCachesMemory) {
    // Each round changes the immediate, so that its block is decoded anew: far more than the cache holds.
    write_code(code, {0xff, 0x05, 0x01, 0, 0, 0, // inc dword [rip + 1]: the immediate below
                      0xb8, 0, 0, 0, 0,          // mov eax, 0
                      0xff, 0xc9, 0x75, 0xf1,    // dec ecx; jnz to the start
                      0xf4});
    machine.cpu.gpr(x86::rcx) = 150'000;
    const RunResult result = interpreter.run(10'000'000);
    EXPECT_TRUE(std::holds_alternative<Hlt>(result.exit));
    EXPECT_EQ(gpr(x86::rax), 150'000u);
}

TEST_P(InterpreterTest, WritesAreNotedAnewAfterEveryWriteTagIsTaken) {
    constexpr u64 page = 0x20'0000;
    machine.cpu.gpr(x86::rdi) = page;
    write_code(code, {0xff, 0x07,   // inc dword [rdi]
                      0xeb, 0xfc}); // jmp back to the start
    interpreter.run(100);
    EXPECT_THAT(machine.memory().take_dirty_pages(), ::testing::Contains(page));
    machine.cpu.tlb.revoke_writes();
    interpreter.run(100);
    EXPECT_THAT(machine.memory().take_dirty_pages(), ::testing::ElementsAre(page));
}

INSTANTIATE_TEST_SUITE_P(Caching, InterpreterTest,
                         ::testing::Values(Interpreter::Caching::blocks, Interpreter::Caching::none),
                         [](const auto& instance) {
                             return instance.param == Interpreter::Caching::blocks ? "Cached" : "Uncached";
                         });

} // namespace
} // namespace ringer::engine
