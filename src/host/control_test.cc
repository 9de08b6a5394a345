#include "host/control_client.h"
#include "host/control_server.h"
#include "host/control_socket.h"
#include "host/screenshot_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace ringer::host {
namespace {

using testing::HasSubstr;

class RedScreen final : public display::Screen {
  public:
    display::Picture picture() const override { return {2, 1, {0xff0000, 0xff0000}}; }
    std::optional<display::TextScreen> text() const override { return std::nullopt; }
};

bool is_png(std::span<const u8> file) { return file.size() > 8 && file[0] == 0x89 && file[1] == 'P'; }

TEST(Screenshot, IsGivenToWhoAsks) {
    std::atomic<unsigned> wakes = 0;
    auto server = ControlServer::open([&] { ++wakes; }, std::nullopt);
    ASSERT_TRUE(server) << server.error().message;
    RedScreen screen;
    (*server)->look(screen);
    std::atomic<bool> done = false;
    std::thread machine([&] {
        while (!done) {
            (*server)->look(screen);
            std::this_thread::yield();
        }
    });
    for (unsigned time = 0; time < 2; ++time) {
        const auto file = request_screenshot(getpid());
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_TRUE(is_png(*file));
    }
    done = true;
    machine.join();
    EXPECT_EQ(wakes, 2u);
}

TEST(Screenshot, IsNotWaitedForWhenTheMachineEnds) {
    std::atomic<bool> asked = false;
    auto server = ControlServer::open([&] { asked = true; }, std::nullopt);
    ASSERT_TRUE(server);
    std::thread client([] {
        const auto file = request_screenshot(getpid());
        EXPECT_FALSE(file);
    });
    while (!asked) std::this_thread::yield();
    server->reset();
    client.join();
}

TEST(Screenshot, OfNoMachineIsRefused) {
    const auto file = request_screenshot(getpid());
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, HasSubstr("is no machine that this user runs"));
    EXPECT_EQ(file.error().blame, Blame::user);
}

TEST(Screenshot, IsNotTakenFromAnotherProcessThanTheOneMeant) {
    // This process listens by the name of its parent.
    const Descriptor listener = control_socket::listen_as(getppid());
    ASSERT_TRUE(listener);
    EXPECT_FALSE(request_screenshot(getppid()));
}

TEST(Screenshot, GoesToANewFileEachTime) {
    const auto before = std::filesystem::current_path();
    const auto folder =
        std::filesystem::temp_directory_path() / ("ringer-screenshots-" + std::to_string(getpid()));
    std::filesystem::create_directory(folder);
    std::filesystem::current_path(folder);
    const auto first = save_screenshot(RedScreen().picture()),
               second = save_screenshot(RedScreen().picture());
    ASSERT_TRUE(first && second);
    EXPECT_NE(*first, *second);
    EXPECT_GT(std::filesystem::file_size(*first), 8u);
    std::filesystem::current_path(before);
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace ringer::host
