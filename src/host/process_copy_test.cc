#include "host/process_copy.h"

#include "host/code_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>

namespace ringer::host {
namespace {

/// The answer of a copy that is made now.
std::string ask(std::function<std::string(std::string_view)> work, std::string_view request = "") {
    auto copy = ProcessCopy::make(std::move(work));
    EXPECT_TRUE(copy) << copy.error().message;
    auto answer = copy->ask(request);
    EXPECT_TRUE(answer) << answer.error().message;
    return *answer;
}

u64 call(const u8* code) {
    u64 (*function)();
    std::memcpy(&function, &code, sizeof(function));
    return function();
}

TEST(ProcessCopy, HasMemoryAsItWas) {
    int value = 1;
    auto copy = ProcessCopy::make([&](std::string_view request) {
        const int then = value;
        value = 100;
        return std::to_string(then) + std::string(request);
    });
    ASSERT_TRUE(copy) << copy.error().message;
    value = 2;
    EXPECT_EQ(copy->ask(" then").value(), "1 then");
    EXPECT_EQ(value, 2);
}

TEST(ProcessCopy, TakesAndGivesAnyBytes) {
    const auto echo = [](std::string_view request) { return std::string(request); };
    EXPECT_EQ(ask(echo), "");
    std::string large(3'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i);
    EXPECT_EQ(ask(echo, large), large);
}

TEST(ProcessCopy, CopiesCanBeCopied) {
    int depth = 0;
    std::function<std::string(std::string_view)> deeper = [&](std::string_view) {
        return ++depth == 5 ? std::to_string(depth) : ask(deeper);
    };
    EXPECT_EQ(ask(deeper), "5");
    EXPECT_EQ(depth, 0);
}

TEST(ProcessCopy, HasGeneratedCodeOfItsOwn) {
    CodeMemory memory = CodeMemory::allocate(1 << 20).value();
    const auto write_code = [&](u8 result) {
        const u8 code[] = {0xb8, result, 0, 0, 0, 0xc3}; // mov eax, result; ret
        std::memcpy(&memory.writable()[0x8000], code, sizeof(code));
    };
    const auto run = [&] { return std::to_string(call(memory.executable() + 0x8000)); };
    write_code(1);
    auto copy = ProcessCopy::make([&](std::string_view) {
        const std::string before = run();
        write_code(9);
        return before + run();
    });
    ASSERT_TRUE(copy) << copy.error().message;
    write_code(2);
    EXPECT_EQ(copy->ask("").value(), "19");
    EXPECT_EQ(run(), "2");
}

TEST(ProcessCopy, ACopyThatDiesIsAnError) {
    auto killed = ProcessCopy::make([](std::string_view) -> std::string {
        kill(getpid(), SIGTERM);
        return "survived";
    });
    ASSERT_TRUE(killed);
    const auto answer = killed->ask("");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().blame, Blame::host);
    EXPECT_NE(answer.error().message.find("signal 15"), std::string::npos) << answer.error().message;

    auto left = ProcessCopy::make([](std::string_view) -> std::string { _exit(3); });
    ASSERT_TRUE(left);
    EXPECT_FALSE(left->ask(""));
}

TEST(ProcessCopy, IsGoneWhenNobodyAsks) {
    std::array<int, 2> ends{};
    ASSERT_EQ(pipe(ends.data()), 0);
    {
        const auto copy = ProcessCopy::make([](std::string_view) { return std::string(); });
        ASSERT_TRUE(copy);
        close(ends[1]);
    }
    char byte = 0;
    EXPECT_EQ(read(ends[0], &byte, 1), 0) << "the copy held the other end of the pipe";
    close(ends[0]);
}

} // namespace
} // namespace ringer::host
