#include "device/virtio/virtio_entropy.h"

#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

struct Machine : VirtioMachine {
    Machine()
        : VirtioMachine(
              [this](TimerQueue& queue) { return std::make_unique<VirtioEntropy>(queue, source); }) {}
    RepeatableEntropy source;
};

std::vector<u8> ask(VirtioMachine& machine, u32 size) {
    machine.rings[0]->add({}, {{0x1'0000, size}});
    machine.notify_queue(0);
    EXPECT_FALSE(machine.rings[0]->take_used()) << "not before a timer expires";
    machine.let_time_pass();
    const auto used = machine.rings[0]->take_used();
    EXPECT_TRUE(used);
    const auto bytes = std::span(machine.memory.bytes).subspan(0x1'0000, used->written);
    return {bytes.begin(), bytes.end()};
}

TEST(VirtioEntropy, FillsBuffers) {
    Machine machine;
    EXPECT_EQ(machine.function.read_config(0x02, 2), 0x1044u);
    machine.start(0, 1);
    const auto first = ask(machine, 64), second = ask(machine, 64);
    EXPECT_EQ(first.size(), 64u);
    EXPECT_NE(first, second);
    EXPECT_EQ(ask(machine, 100'000).size(), 4096u);
    EXPECT_TRUE(machine.pin.level());
}

TEST(VirtioEntropy, Repeats) {
    Machine machine, other;
    machine.start(0, 1);
    other.start(0, 1);
    EXPECT_EQ(ask(machine, 33), ask(other, 33));
}

TEST(VirtioEntropy, GoesOnAfterALoad) {
    Machine machine, loaded;
    machine.start(0, 1);
    ask(machine, 10);
    machine.notify_queue(0);
    fixture::copy(machine.function, loaded.function);
    EXPECT_EQ(fixture::saved(machine.function), fixture::saved(loaded.function));
    EXPECT_TRUE(loaded.timers.next_deadline());
    std::array<u8, 10> expected{}, found{};
    machine.source.fill(expected);
    loaded.source.fill(found);
    EXPECT_EQ(found, expected);
}

TEST(VirtioEntropy, NeedsAResetWhenABufferIsNoMemory) {
    Machine machine;
    machine.start(0, 1);
    machine.rings[0]->add({}, {{machine.memory.size, 8}});
    machine.notify_queue(0);
    machine.let_time_pass();
    EXPECT_TRUE(machine.status() & machine.needs_reset);
}

} // namespace
} // namespace ringer::device
