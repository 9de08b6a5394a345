#include "host/outside.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace ringer::host {
namespace {

constexpr Nanoseconds millisecond = 1'000'000;

/// Puts other files in the place of standard input and output while it lives.
class Redirection {
  public:
    Redirection(int input, int output) : input_(dup(STDIN_FILENO)), output_(dup(STDOUT_FILENO)) {
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
    }
    ~Redirection() {
        dup2(input_.get(), STDIN_FILENO);
        dup2(output_.get(), STDOUT_FILENO);
    }

  private:
    Descriptor input_, output_;
};

struct Pipe {
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) == 0) {
            reader = Descriptor(ends[0]);
            writer = Descriptor(ends[1]);
        }
    }
    Descriptor reader, writer;
};

std::span<const u8> bytes(std::string_view text) {
    return {reinterpret_cast<const u8*>(text.data()), text.size()};
}

std::string received(HostOutside& outside) {
    std::array<u8, 16> buffer;
    const std::size_t count = outside.receive(0, buffer);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::unique_ptr<HostOutside> open_stdio() {
    return HostOutside::open({LineBackend::Kind::stdio, {}}).value();
}

TEST(HostOutside, CarriesBytesBothWays) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    EXPECT_EQ(received(*outside), "");
    ASSERT_EQ(write_all(input.writer.get(), bytes("typed\x01x")), 0);
    EXPECT_EQ(received(*outside), "typed\x01x");
    EXPECT_EQ(outside->request(), world::Outside::Request::none);
    outside->send(0, bytes("said"));
    std::array<char, 16> said;
    EXPECT_EQ(read(output.reader.get(), said.data(), said.size()), 4);
    EXPECT_EQ(std::string_view(said.data(), 4), "said");
}

TEST(HostOutside, KeepsInputThatTheMachineHasNoRoomFor) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    ASSERT_EQ(write_all(input.writer.get(), bytes("abc")), 0);
    std::array<u8, 1> one;
    for (const char expected : {'a', 'b', 'c'}) {
        ASSERT_EQ(outside->receive(0, one), 1u);
        EXPECT_EQ(one[0], expected);
    }
    EXPECT_EQ(outside->receive(1, one), 0u);
}

TEST(HostOutside, GivesTheConsoleWhatTheSerialPortHasNot) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside =
        HostOutside::open({LineBackend::Kind::none, {}}, {{LineBackend::Kind::stdio, {}}}).value();
    ASSERT_EQ(write_all(input.writer.get(), bytes("abc")), 0);
    std::array<u8, 16> buffer;
    EXPECT_EQ(outside->receive(world::first_serial_line, buffer), 0u);
    EXPECT_EQ(outside->receive(world::console_line, buffer), 3u);
    outside->send(world::first_serial_line, bytes("unheard"));
    outside->send(world::console_line, bytes("said"));
    std::array<char, 16> said;
    EXPECT_EQ(read(output.reader.get(), said.data(), said.size()), 4);
    EXPECT_FALSE(outside->console_size()) << "a pipe is no terminal";
}

TEST(HostOutside, TellsTheSizeOfTheConsolesTerminal) {
    const Descriptor terminal(posix_openpt(O_RDWR | O_NOCTTY));
    ASSERT_TRUE(terminal && grantpt(terminal.get()) == 0 && unlockpt(terminal.get()) == 0);
    const Descriptor line(open(ptsname(terminal.get()), O_RDWR | O_NOCTTY));
    const auto resize = [&](u16 columns, u16 rows) {
        const winsize size{.ws_row = rows, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        ASSERT_EQ(ioctl(terminal.get(), TIOCSWINSZ, &size), 0);
    };
    resize(80, 25);
    const Redirection redirection(line.get(), line.get());
    const auto outside =
        HostOutside::open({LineBackend::Kind::none, {}}, {{LineBackend::Kind::stdio, {}}}).value();
    EXPECT_EQ(outside->console_size(), (device::TerminalSize{80, 25}));
    resize(132, 43);
    // As the kernel does it for a terminal that controls the process.
    raise(SIGWINCH);
    outside->wait(std::nullopt);
    EXPECT_EQ(outside->console_size(), (device::TerminalSize{132, 43}));
}

TEST(HostOutside, WaitsForInputOrForTheTime) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    const Nanoseconds start = outside->monotonic();
    outside->wait(20 * millisecond);
    EXPECT_GE(outside->monotonic() - start, 20 * millisecond);
    ASSERT_EQ(write_all(input.writer.get(), bytes("k")), 0);
    outside->wait(std::nullopt);
    EXPECT_EQ(received(*outside), "k");
    outside->wake();
    outside->wait(std::nullopt);
}

TEST(HostOutside, DoesNotSpinAtTheEndOfInput) {
    Pipe input;
    const Pipe output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    input.writer.close();
    outside->wait(std::nullopt);
    EXPECT_EQ(received(*outside), "");
    const Nanoseconds start = outside->monotonic();
    outside->wait(20 * millisecond);
    EXPECT_GE(outside->monotonic() - start, 20 * millisecond);
}

TEST(HostOutside, DoesNotSpinOnInputThatTheGuestDoesNotTake) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    ASSERT_EQ(write_all(input.writer.get(), std::vector<u8>(20'000, 'y')), 0);
    const Nanoseconds start = outside->monotonic();
    unsigned waits = 0;
    while (outside->monotonic() - start < 50 * millisecond) {
        outside->wait(20 * millisecond);
        ++waits;
    }
    EXPECT_LT(waits, 30u);
}

TEST(HostOutside, TurnsSignalsIntoARequest) {
    const auto outside = HostOutside::open({LineBackend::Kind::none, {}}).value();
    EXPECT_EQ(outside->request(), world::Outside::Request::none);
    raise(SIGTERM);
    raise(SIGINT);
    EXPECT_EQ(outside->request(), world::Outside::Request::quit);
    EXPECT_EQ(outside->stop_signal(), SIGTERM);
    outside->wait(std::nullopt);
}

TEST(HostOutside, TimesOut) {
    const auto outside = HostOutside::open({LineBackend::Kind::none, {}}).value();
    outside->set_timeout(10 * millisecond);
    EXPECT_EQ(outside->request(), world::Outside::Request::none);
    outside->wait(std::nullopt);
    EXPECT_EQ(outside->request(), world::Outside::Request::timeout);
}

TEST(HostOutside, TimesOutWhileNobodyReadsTheOutput) {
    const Pipe input, output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    outside->set_timeout(20 * millisecond);
    outside->send(0, std::vector<u8>(1'000'000, 'o'));
    EXPECT_EQ(outside->request(), world::Outside::Request::timeout);
}

TEST(HostOutside, ReportsAClosedOutput) {
    const Pipe input;
    Pipe output;
    const Redirection redirection(input.reader.get(), output.writer.get());
    const auto outside = open_stdio();
    output.reader.close();
    outside->send(0, bytes("lost"));
    EXPECT_EQ(outside->request(), world::Outside::Request::failure);
    ASSERT_TRUE(outside->failure());
    EXPECT_EQ(outside->failure()->blame, Blame::host);
    EXPECT_NE(outside->failure()->message.find("standard output"), std::string::npos);
}

TEST(HostOutside, WritesToAFile) {
    const std::string path = testing::TempDir() + "ringer-serial-" + std::to_string(getpid());
    {
        const auto outside = HostOutside::open({LineBackend::Kind::file, path}).value();
        outside->send(0, bytes("first "));
        outside->send(1, bytes("not this "));
        outside->send(0, bytes("second"));
    }
    std::string text;
    std::getline(std::ifstream(path), text);
    EXPECT_EQ(text, "first second");
    std::filesystem::remove(path);
}

/// Runs `body` in a child whose terminal is `terminal`; its wait status.
template <class Body>
int in_child(int terminal, Body body) {
    const pid_t child = fork();
    if (child == 0) {
        dup2(terminal, STDIN_FILENO);
        body();
        std::_Exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return status;
}

class TerminalTest : public testing::Test {
  protected:
    TerminalTest() : controller_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
        grantpt(controller_.get());
        unlockpt(controller_.get());
        terminal_ = Descriptor(open(ptsname(controller_.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    }

    bool is_raw() const {
        termios mode{};
        tcgetattr(terminal_.get(), &mode);
        return !(mode.c_lflag & (ICANON | ECHO | ISIG));
    }

    Descriptor controller_, terminal_;
};

TEST_F(TerminalTest, IsRawWhileHeld) {
    ASSERT_FALSE(is_raw());
    {
        const RawTerminal raw(terminal_.get());
        EXPECT_TRUE(is_raw());
    }
    EXPECT_FALSE(is_raw());
}

TEST_F(TerminalTest, IsPutBackByExit) {
    in_child(terminal_.get(), [&] {
        const RawTerminal raw(STDIN_FILENO);
        if (!is_raw()) std::_Exit(1);
        std::exit(0);
    });
    EXPECT_FALSE(is_raw());
}

TEST_F(TerminalTest, IsPutBackByAFatalSignal) {
    for (const int number : {SIGABRT, SIGQUIT, SIGSEGV}) {
        const int status = in_child(terminal_.get(), [&] {
            const RawTerminal raw(STDIN_FILENO);
            std::raise(number);
        });
        EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == number) << number;
        EXPECT_FALSE(is_raw());
    }
}

TEST_F(TerminalTest, LeavesSignalsToWhoHandledThemBefore) {
    const int status = in_child(terminal_.get(), [&] {
        static volatile std::sig_atomic_t handled = 0;
        struct sigaction action{};
        action.sa_sigaction = [](int, siginfo_t*, void*) { handled = 1; };
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, nullptr);
        const RawTerminal raw(STDIN_FILENO);
        std::raise(SIGSEGV);
        std::_Exit(handled == 1 && is_raw() ? 0 : 1);
    });
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(TerminalTest, ControlAIsTheOperators) {
    const Pipe output;
    const Redirection redirection(terminal_.get(), output.writer.get());
    const auto outside = open_stdio();
    ASSERT_EQ(write_all(controller_.get(), bytes("a\x01\x01\x03")), 0);
    EXPECT_EQ(received(*outside), "a\x01\x03");
    EXPECT_EQ(outside->request(), world::Outside::Request::none);
    ASSERT_EQ(write_all(controller_.get(), bytes("\x01x")), 0);
    outside->wait(std::nullopt);
    EXPECT_EQ(outside->request(), world::Outside::Request::quit);
    EXPECT_EQ(outside->stop_signal(), 0);
}

} // namespace
} // namespace ringer::host
