#include "device/virtio/virtio_console.h"

#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringer::device {
namespace {

using fixture::DriverRing;
using fixture::VirtioMachine;

class Recorder final : public ByteSink {
  public:
    void transmit(u8 byte) override { text.push_back(static_cast<char>(byte)); }
    std::string text;
};

struct Machine : VirtioMachine {
    explicit Machine(std::optional<TerminalSize> size = std::nullopt)
        : VirtioMachine([this, size](TimerQueue& queue) {
              return std::make_unique<VirtioConsole>(queue, sink, size);
          }) {}

    VirtioConsole& console() { return static_cast<VirtioConsole&>(function.device()); }
    std::size_t receive(std::string_view text) {
        return console().receive({reinterpret_cast<const u8*>(text.data()), text.size()});
    }
    std::string_view at(u64 address, std::size_t size) {
        return {reinterpret_cast<const char*>(&memory.bytes.at(address)), size};
    }
    void put_text(u64 address, std::string_view text) {
        memory.put_bytes(address, {reinterpret_cast<const u8*>(text.data()), text.size()});
    }
    bool has_failed() { return status() & needs_reset; }

    Recorder sink;
};

constexpr u64 data = 0x1'0000;
constexpr u16 receive_queue = 0, transmit_queue = 1;

class VirtioConsoleTest : public testing::Test {
  protected:
    void start(Machine& machine, u64 features = 0) {
        machine.start(features, 2);
        EXPECT_EQ(machine.console().room(), 0u) << "the driver may not be ready yet";
        fixture::run_until(machine.clock, machine.timers, machine.clock.now() + 200'000'000);
    }
};

TEST_F(VirtioConsoleTest, SendsWhatTheDriverSays) {
    Machine machine;
    EXPECT_EQ(machine.function.read_config(0x02, 2), 0x1043u);
    start(machine);
    machine.put_text(data, "hello, world");
    machine.rings[transmit_queue]->add({{data, 5}, {data + 5, 7}}, {});
    machine.rings[transmit_queue]->add({{data, 2}}, {});
    machine.notify_queue(transmit_queue);
    EXPECT_EQ(machine.sink.text, "hello, worldhe") << "at once: drivers spin until it is gone";
    EXPECT_TRUE(machine.rings[transmit_queue]->take_used());
    EXPECT_TRUE(machine.rings[transmit_queue]->take_used());
    machine.let_time_pass();
    EXPECT_TRUE(machine.pin.level());
}

TEST_F(VirtioConsoleTest, OffersNoPackedRings) { EXPECT_FALSE(Machine().offered() & Machine::packed); }

TEST_F(VirtioConsoleTest, LeavesADriverAloneThatHasTakenItsBufferBack) {
    Machine machine;
    start(machine, VirtioMachine::event_index);
    DriverRing& ring = *machine.rings[transmit_queue];
    const auto send = [&] {
        ring.want_interrupt_after(1);
        ring.add({{data, 2}}, {});
        machine.notify_queue(transmit_queue);
    };
    for (unsigned i = 0; i < 3; ++i) {
        send();
        fixture::run_until(machine.clock, machine.timers, machine.clock.now() + 3'000);
        EXPECT_FALSE(machine.pin.level()) << "it may not have seen what was given back last";
        EXPECT_TRUE(ring.take_used());
        ring.want_interrupt_after(1);
    }
    machine.let_time_pass();
    EXPECT_FALSE(machine.pin.level());
    send();
    machine.let_time_pass();
    EXPECT_TRUE(machine.pin.level()) << "one that waits is told";
}

TEST_F(VirtioConsoleTest, SendsALargeBufferInPieces) {
    Machine machine;
    start(machine);
    const u32 size = 200'000;
    for (u32 i = 0; i < size; ++i) machine.memory.put<u8>(data + i, static_cast<u8>(i * 7 + i / 256));
    machine.rings[transmit_queue]->add({{data, size}}, {});
    machine.notify_queue(transmit_queue);
    const std::size_t first = machine.sink.text.size();
    EXPECT_LT(first, size) << "the vCPU is to run now and then";
    EXPECT_GT(first, 0u);
    EXPECT_FALSE(machine.rings[transmit_queue]->take_used());
    machine.notify_queue(transmit_queue);
    EXPECT_EQ(machine.sink.text.size(), first) << "and does, whatever the driver notifies of";
    machine.let_time_pass();
    EXPECT_EQ(machine.sink.text, machine.at(data, size));
    EXPECT_TRUE(machine.rings[transmit_queue]->take_used());
}

TEST_F(VirtioConsoleTest, ReceivesIntoOneBufferAfterTheOther) {
    Machine machine;
    EXPECT_EQ(machine.console().room(), 0u) << "nobody listens yet";
    start(machine);
    EXPECT_EQ(machine.receive("a"), 0u);
    machine.rings[receive_queue]->add({}, {{data, 2}, {data + 2, 2}});
    machine.rings[receive_queue]->add({}, {{data + 0x1000, 100}});
    EXPECT_EQ(machine.console().room(), 4u);
    EXPECT_EQ(machine.receive("typed"), 4u);
    EXPECT_EQ(machine.receive("d"), 1u);
    EXPECT_EQ(machine.at(data, 4), "type");
    EXPECT_EQ(machine.at(data + 0x1000, 1), "d");
    EXPECT_EQ(machine.rings[receive_queue]->take_used()->written, 4u);
    EXPECT_EQ(machine.rings[receive_queue]->take_used()->written, 1u);
    EXPECT_TRUE(machine.pin.level());
    EXPECT_EQ(machine.console().room(), 0u);
    EXPECT_FALSE(machine.has_failed());
}

TEST_F(VirtioConsoleTest, NeedsAResetAfterBuffersThatCannotBeUsed) {
    for (const VirtioSegment segment : {VirtioSegment{VirtioMachine::version_1, 8}, VirtioSegment{data, 0}}) {
        Machine machine;
        start(machine);
        machine.rings[receive_queue]->add({}, {segment});
        machine.receive("x");
        EXPECT_TRUE(machine.has_failed());
    }
    Machine machine;
    start(machine);
    machine.rings[transmit_queue]->add({{machine.memory.size, 8}}, {});
    machine.notify_queue(transmit_queue);
    machine.let_time_pass();
    EXPECT_TRUE(machine.has_failed());
}

TEST_F(VirtioConsoleTest, GoesOnAfterALoad) {
    Machine machine({{80, 25}}), loaded({{1, 1}});
    start(machine, 1);
    machine.rings[transmit_queue]->add({{data, 200'000}}, {});
    machine.notify_queue(transmit_queue);
    fixture::copy(machine.function, loaded.function);
    EXPECT_EQ(fixture::saved(machine.function), fixture::saved(loaded.function));
    loaded.memory.bytes = machine.memory.bytes;
    fixture::run_until(loaded.clock, loaded.timers, machine.clock.now() + 1'000'000);
    EXPECT_EQ(loaded.sink.text.size() + machine.sink.text.size(), 200'000u);
}

TEST(VirtioConsole, TellsTheSizeOfItsTerminal) {
    Machine machine({{80, 25}});
    EXPECT_TRUE(machine.offered() & 1);
    EXPECT_EQ(machine.get(machine.configuration, 4), 25u << 16 | 80);
    machine.start(1, 2);
    const u64 generation = machine.get(21, 1);
    EXPECT_FALSE(machine.console().resize({80, 25}));
    EXPECT_FALSE(machine.pin.level());
    EXPECT_TRUE(machine.console().resize({132, 43}));
    EXPECT_EQ(machine.get(machine.configuration, 4), 43u << 16 | 132);
    EXPECT_NE(machine.get(21, 1), generation);
    EXPECT_EQ(machine.get(machine.interrupt_status, 1), 2u);
    machine.put_status(0);
    EXPECT_EQ(machine.get(machine.configuration, 4), 43u << 16 | 132) << "a reset changes no terminal";
}

TEST(VirtioConsole, SaysNothingOfASizeThatNobodyAsksFor) {
    Machine machine({{80, 25}}), without_terminal;
    machine.start(0, 2);
    EXPECT_TRUE(machine.console().resize({132, 43}));
    EXPECT_FALSE(machine.pin.level());
    EXPECT_FALSE(without_terminal.offered() & 1);
}

TEST(VirtioConsole, HasAnEmergencyExit) {
    Machine machine;
    EXPECT_TRUE(machine.offered() & 4);
    machine.put(machine.configuration + 8, 4, '!');
    EXPECT_EQ(machine.sink.text, "!");
}

} // namespace
} // namespace ringer::device
