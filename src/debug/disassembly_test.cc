#include "debug/disassembly.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace ringer::debug {
namespace {

using x86::CodeMode;

std::string text(std::initializer_list<u8> bytes, CodeMode mode, u64 address = 0x1000) {
    const auto found = disassemble(std::span(bytes.begin(), bytes.size()), mode, address);
    return found ? found->text : "";
}

TEST(Disassembly, DependsOnTheMode) {
    EXPECT_EQ(text({0x48, 0x01, 0xd8}, CodeMode::long64), "add rax, rbx");
    EXPECT_EQ(text({0x48}, CodeMode::protected32), "dec eax");
    EXPECT_EQ(text({0x01, 0xd8}, CodeMode::protected16), "add ax, bx");
    EXPECT_EQ(text({0x01, 0xd8}, CodeMode::real16), "add ax, bx");
}

TEST(Disassembly, ShowsWhereABranchGoes) {
    EXPECT_EQ(text({0xeb, 0xfe}, CodeMode::long64, 0xffff'ffff'8100'0000), "jmp 0xFFFFFFFF81000000");
}

TEST(Disassembly, TellsTheLength) {
    const u8 bytes[] = {0xb8, 1, 2, 3, 4, 0x90};
    EXPECT_EQ(disassemble(bytes, CodeMode::protected32, 0)->length, 5u);
}

TEST(Disassembly, RefusesWhatIsNoInstruction) {
    EXPECT_FALSE(disassemble({}, CodeMode::long64, 0));
    EXPECT_EQ(text({0x06}, CodeMode::long64), "") << "push es does not exist there";
    EXPECT_EQ(text({0x48, 0x01}, CodeMode::long64), "") << "the end is missing";
}

} // namespace
} // namespace ringer::debug
