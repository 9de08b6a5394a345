#include "host/code_memory.h"

#include "host/fault_handler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstring>

namespace ringer::host {
namespace {

CodeMemory memory_with(std::initializer_list<u8> code) {
    auto memory = CodeMemory::allocate(8192);
    EXPECT_TRUE(memory.has_value());
    std::ranges::copy(code, memory->writable().begin());
    return std::move(*memory);
}

u64 call(const u8* code) {
    u64 (*function)();
    std::memcpy(&function, &code, sizeof(function));
    return function();
}

TEST(CodeMemory, RunsWhatIsWritten) {
    CodeMemory memory = memory_with({0xb8, 42, 0, 0, 0, 0xc3}); // mov eax, 42; ret
    EXPECT_EQ(call(memory.executable()), 42u);
    memory.writable()[1] = 7;
    EXPECT_EQ(call(memory.executable()), 7u);
    CodeMemory moved = std::move(memory);
    EXPECT_EQ(call(moved.executable()), 7u);
}

TEST(CodeMemory, IsNeverWritableWhereItRuns) {
    CodeMemory memory = memory_with({0xc3});
    EXPECT_DEATH(*const_cast<u8*>(memory.executable()) = 0, "");
    EXPECT_DEATH(call(memory.writable().data()), "");
}

TEST(CodeMemory, NamesTheRefusal) {
    const auto memory = CodeMemory::allocate(u64{1} << 60);
    ASSERT_FALSE(memory.has_value());
    EXPECT_EQ(memory.error().blame, Blame::host);
    EXPECT_NE(memory.error().message.find("code memory"), std::string::npos);
}

/// xor ecx, ecx; div ecx; ret, and behind it mov eax, 9; ret.
constexpr auto dividing_by_zero = {u8{0x31}, u8{0xc9}, u8{0xf7}, u8{0xf1}, u8{0xc3}, u8{0xb8},
                                   u8{9},    u8{0},    u8{0},    u8{0},    u8{0xc3}};

TEST(FaultRecovery, GoesOnElsewhere) {
    const CodeMemory memory = memory_with(dividing_by_zero);
    const FaultRecovery recovery({memory.executable(), 8192}, memory.executable() + 5);
    EXPECT_EQ(call(memory.executable()), 9u);
    EXPECT_EQ(call(memory.executable()), 9u);
}

TEST(FaultRecovery, LeavesOtherFaultsFatal) {
    const CodeMemory memory = memory_with(dividing_by_zero);
    const CodeMemory other = memory_with({0xc3});
    const FaultRecovery recovery({other.executable(), 8192}, other.executable());
    EXPECT_EXIT(call(memory.executable()), ::testing::KilledBySignal(SIGFPE), "");
}

} // namespace
} // namespace ringer::host
