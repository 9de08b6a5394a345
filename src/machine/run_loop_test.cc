#include "machine/run_loop.h"

#include "device/serial/uart16550.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace ringer::machine {
namespace {

/// Retires instructions that do nothing, but for those that the test gives an effect by their number.
class ScriptedVcpu final : public engine::Vcpu {
  public:
    /// What the n-th instruction does; it may return an exit that ends the run.
    std::map<u64, std::function<std::optional<engine::Exit>()>> instructions;
    std::function<bool()> interrupt_pending = [] { return false; };
    /// Where each run stopped.
    std::vector<u64> stops;

    engine::RunResult run(engine::Budget budget) override {
        const u64 start = retired_;
        stop_ = false;
        if (halted_ && !interrupt_pending()) return {*halted_, 0};
        halted_.reset();
        engine::Exit exit = engine::BudgetSpent{};
        while (retired_ < start + budget.most && !stop_) {
            const auto next = instructions.upper_bound(retired_);
            if (next == instructions.end() || next->first > start + budget.most) {
                retired_ = start + budget.most;
                break;
            }
            retired_ = next->first;
            if (const auto ended = next->second()) {
                exit = *ended;
                if (const auto* const halt = std::get_if<engine::Hlt>(&exit))
                    halted_ = *halt;
                else if (std::holds_alternative<engine::Io>(exit))
                    --retired_; // An access without an answer has not completed.
                break;
            }
        }
        stops.push_back(retired_);
        return {exit, retired_ - start};
    }

    void stop_soon() override { stop_ = true; }
    void kick() override {}
    void watch_writes() override {}
    u64 retired() const override { return retired_; }
    void reset() override {}
    engine::Traits traits() const override { return {true, true, false}; }
    std::string_view engine_name() const override { return "scripted"; }
    void visit(state::Archive&) override {}

  private:
    u64 retired_ = 0;
    bool stop_ = false;
    std::optional<engine::Hlt> halted_;
};

/// A host whose time passes only in wait(), and whose events the test sets.
class ScriptedOutside final : public world::Outside {
  public:
    Nanoseconds time = 0;
    std::string input;
    std::string output;
    /// Called by each wait().
    std::function<void(std::optional<Nanoseconds>)> on_wait = [](auto) {};
    std::function<Request()> requested = [] { return Request::none; };
    unsigned waits = 0;

    Nanoseconds monotonic() override { return time; }
    u64 time_of_day() override { return 0; }
    std::size_t receive(unsigned port, std::span<u8> buffer) override {
        const std::size_t count = port == 0 ? std::min(buffer.size(), input.size()) : 0;
        std::copy_n(input.begin(), count, buffer.begin());
        input.erase(0, count);
        return count;
    }
    void send(unsigned port, std::span<const u8> contents) override {
        if (port == 0) output.append(contents.begin(), contents.end());
    }
    void wait(std::optional<Nanoseconds> at_most) override {
        ++waits;
        time += at_most.value_or(0);
        on_wait(at_most);
    }
    void wake() override {}
    Request request() override { return requested(); }
};

/// A drive's worker, whose one job is done when the test says so.
class ScriptedWorker final : public device::MediumWorker {
  public:
    bool is_done = false, is_finished = false;
    std::function<void()> on_delivery = [] {};

    void start(Job, Done) override {}
    void start_read(device::Medium::Read, Done) override {}
    bool deliver() override {
        if (!std::exchange(is_done, false)) return false;
        on_delivery();
        return true;
    }
    void finish() override { is_finished = true; }
    void abandon() override {}
};

/// A machine of a scripted vCPU, a clock, one serial port, and a drive's worker.
template <class Clock>
struct Machine {
    ScriptedVcpu vcpu;
    ScriptedOutside outside;
    Clock clock = make_clock();
    device::TimerQueue timers{clock};
    RunLoop* loop_address = nullptr;
    PanicWatch watch{timers, [this] { loop_address->end(EndReason::panic); }};
    SerialLine line{0, outside, &watch};
    device::Uart16550 uart{"serial0", line, timers};
    ScriptedWorker worker;
    RunLoop loop{{.vcpu = vcpu,
                  .clock = clock,
                  .timers = timers,
                  .outside = outside,
                  .panic_watch = watch,
                  .serial = {{uart, line}},
                  .workers = {&worker}}};

    Machine() { loop_address = &loop; }

    Clock make_clock() {
        const auto retired = [this] { return vcpu.retired(); };
        if constexpr (std::same_as<Clock, world::VirtualClock>)
            return Clock(retired);
        else
            return Clock(outside, retired);
    }

    /// The n-th instruction does `effect`.
    void at(u64 n, const std::function<void()>& effect) {
        vcpu.instructions[n] = [effect] {
            effect();
            return std::nullopt;
        };
    }
    void exit_at(u64 n, engine::Exit exit) {
        vcpu.instructions[n] = [exit] { return exit; };
    }
    void out(u64 offset, u8 value) { ASSERT_EQ(uart.write(offset, 1, value), memory::Answer::now); }
    void print(std::string_view text) {
        for (const char c : text) out(0, static_cast<u8>(c));
    }
    void enable_receive_interrupt() {
        out(4, 0x0b);
        out(1, 0x01);
        vcpu.interrupt_pending = [this] { return uart.interrupt().level(); };
    }
};

using Virtual = Machine<world::VirtualClock>;
using Host = Machine<world::HostClock>;

TEST(RunLoop, StopsExactlyAtTheInstructionLimit) {
    Virtual machine;
    const RunOutcome outcome = machine.loop.run({.max_instructions = 123'457});
    EXPECT_EQ(outcome.reason, EndReason::instruction_limit);
    EXPECT_EQ(outcome.retired, 123'457u);
    EXPECT_EQ(machine.vcpu.retired(), 123'457u);
}

TEST(RunLoop, ALimitInThePastRunsNothing) {
    Virtual machine;
    EXPECT_EQ(machine.loop.run({.max_instructions = 0}).retired, 0u);
    EXPECT_TRUE(machine.vcpu.stops.empty());
}

TEST(RunLoop, GoesOnAfterALimit) {
    Virtual machine;
    machine.exit_at(150, engine::Shutdown{});
    EXPECT_EQ(machine.loop.run({.max_instructions = 100}).reason, EndReason::instruction_limit);
    const RunOutcome outcome = machine.loop.run({});
    EXPECT_EQ(outcome.reason, EndReason::triple_fault);
    EXPECT_EQ(outcome.retired, 150u);
}

TEST(RunLoop, TimersExpireAtTheirInstruction) {
    Virtual machine;
    std::vector<u64> expired;
    device::Timer first(machine.timers, [&] { expired.push_back(machine.vcpu.retired()); });
    device::Timer second(machine.timers, [&] { expired.push_back(machine.vcpu.retired()); });
    first.arm(70'001);
    second.arm(1'234);
    machine.loop.run({.max_instructions = 100'000});
    EXPECT_EQ(expired, (std::vector<u64>{1'234, 70'001}));
}

TEST(RunLoop, HeedsADeadlineSetInTheMiddleOfARun) {
    Virtual machine;
    u64 expired = 0;
    device::Timer far(machine.timers, [] {});
    device::Timer timer(machine.timers, [&] { expired = machine.vcpu.retired(); });
    far.arm(40'000);
    machine.at(10'000, [&] { timer.arm(10'500); });
    machine.loop.run({.max_instructions = 60'000});
    EXPECT_EQ(expired, 10'500u);
    // A later deadline than the planned one, or none, interrupts nothing.
    machine.vcpu.stops.clear();
    machine.at(65'000, [&] { far.arm(999'999); });
    machine.at(66'000, [&] { far.disarm(); });
    far.arm(70'000);
    machine.loop.run({.max_instructions = 80'000});
    EXPECT_EQ(machine.vcpu.stops, (std::vector<u64>{70'000, 80'000}));
}

TEST(RunLoop, AHaltSkipsVirtualTimeToTheNextDeadline) {
    Virtual machine;
    bool interrupt = false;
    machine.vcpu.interrupt_pending = [&] { return interrupt; };
    device::Timer timer(machine.timers, [&] { interrupt = true; });
    timer.arm(5'000'000'000);
    machine.exit_at(100, engine::Hlt{});
    const RunOutcome outcome = machine.loop.run({.max_instructions = 1000});
    EXPECT_EQ(outcome.retired, 1000u);
    EXPECT_EQ(machine.clock.now(), 5'000'000'000u + 900);
    EXPECT_EQ(machine.outside.waits, 0u);
    EXPECT_EQ(outcome.exits.at("hlt"), 1u);
}

TEST(RunLoop, AHaltWaitsOnTheHost) {
    Host machine;
    bool interrupt = false;
    machine.vcpu.interrupt_pending = [&] { return interrupt; };
    device::Timer timer(machine.timers, [&] { interrupt = true; });
    timer.arm(5'000'000'000);
    machine.exit_at(100, engine::Hlt{});
    const RunOutcome outcome = machine.loop.run({.max_instructions = 1000});
    EXPECT_EQ(outcome.retired, 1000u);
    EXPECT_EQ(machine.outside.waits, 1u);
    EXPECT_EQ(machine.outside.time, 5'000'000'000u);
}

TEST(RunLoop, InputEndsAHalt) {
    Virtual machine;
    machine.enable_receive_interrupt();
    std::string got;
    machine.outside.on_wait = [&](auto at_most) {
        EXPECT_EQ(at_most, std::nullopt);
        machine.outside.input = "k";
    };
    machine.exit_at(100, engine::Hlt{});
    machine.at(101, [&] {
        u64 value = 0;
        ASSERT_EQ(machine.uart.read(0, 1, value), memory::Answer::now);
        got.push_back(static_cast<char>(value));
    });
    EXPECT_EQ(machine.loop.run({.max_instructions = 200}).retired, 200u);
    EXPECT_EQ(got, "k");
    EXPECT_EQ(machine.outside.waits, 1u);
}

TEST(RunLoop, InputThatCameBeforeTheHaltIsNotSleptOver) {
    Virtual machine;
    machine.enable_receive_interrupt();
    machine.vcpu.instructions[100] = [&] {
        machine.outside.input = "k";
        return engine::Hlt{};
    };
    EXPECT_EQ(machine.loop.run({.max_instructions = 200}).retired, 200u);
    EXPECT_EQ(machine.outside.waits, 0u);
}

TEST(RunLoop, LongInputArrivesInOrderAndWhole) {
    Virtual machine;
    machine.enable_receive_interrupt();
    const std::string all = "a line that is longer than the sixteen bytes of the receiver";
    machine.outside.input = all;
    std::string got;
    for (u64 n = 1000; n < 10'000'000; n += 1000)
        machine.at(n, [&] {
            u64 value = 0;
            while (machine.uart.interrupt().level()) {
                ASSERT_EQ(machine.uart.read(0, 1, value), memory::Answer::now);
                got.push_back(static_cast<char>(value));
            }
        });
    machine.loop.run({.max_instructions = 10'000'000});
    EXPECT_EQ(got, all);
}

TEST(RunLoop, CarriesOutputAndNeverHoldsMuch) {
    Virtual machine;
    machine.at(10, [&] { machine.print("hello "); });
    machine.at(20, [&] { machine.print("world"); });
    machine.at(30, [&] {
        machine.print(std::string(100'000, '.'));
        EXPECT_GT(machine.outside.output.size(), 90'000u);
    });
    machine.loop.run({.max_instructions = 40});
    EXPECT_EQ(machine.outside.output, "hello world" + std::string(100'000, '.'));
}

TEST(RunLoop, ADeviceEndsTheRunAtItsInstruction) {
    Virtual machine;
    machine.at(777, [&] {
        machine.print("bye");
        machine.loop.end(EndReason::debug_exit, 21);
        machine.loop.end(EndReason::power_off);
    });
    const RunOutcome outcome = machine.loop.run({});
    EXPECT_EQ(outcome.reason, EndReason::debug_exit);
    EXPECT_EQ(outcome.code, 21u);
    EXPECT_EQ(outcome.retired, 777u);
    EXPECT_EQ(machine.outside.output, "bye");
}

TEST(RunLoop, TheOutsideEndsTheRun) {
    using Request = world::Outside::Request;
    const std::pair<Request, EndReason> cases[] = {{Request::quit, EndReason::quit},
                                                   {Request::timeout, EndReason::timeout},
                                                   {Request::failure, EndReason::host_failure}};
    for (const auto& expected : cases) {
        Virtual machine;
        machine.outside.requested = [&] {
            return machine.vcpu.retired() < 1'000'000 ? Request::none : expected.first;
        };
        const RunOutcome outcome = machine.loop.run({});
        EXPECT_EQ(outcome.reason, expected.second);
        EXPECT_LT(outcome.retired, 1'200'000u);
    }
}

TEST(RunLoop, TheOperatorEndsAHaltForGood) {
    Host machine;
    machine.exit_at(100, engine::Hlt{.interruptible = false});
    bool quit = false;
    machine.outside.on_wait = [&](auto) { quit = machine.outside.waits == 3; };
    machine.outside.requested = [&] {
        return quit ? world::Outside::Request::quit : world::Outside::Request::none;
    };
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::quit);
    EXPECT_EQ(machine.outside.waits, 3u);
}

constexpr std::string_view panic_message =
    "[    1.5] Kernel panic - not syncing: Attempted to kill init!\r\n";
constexpr std::string_view panic_end = "[    1.6] ---[ end Kernel panic - not syncing: Attempted ]---\r\n";

TEST(RunLoop, AResetAfterAPanicIsAPanic) {
    Virtual machine;
    machine.at(100, [&] { machine.print(panic_message); });
    machine.at(200, [&] { machine.loop.end(EndReason::reset); });
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::panic);
}

TEST(RunLoop, ATripleFaultAfterAPanicIsAPanic) {
    Virtual machine;
    machine.at(100, [&] { machine.print(panic_message); });
    machine.exit_at(200, engine::Shutdown{});
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::panic);
}

TEST(RunLoop, AHaltForGoodAfterAPanicIsAPanic) {
    Virtual machine;
    machine.at(100, [&] { machine.print(panic_message); });
    machine.exit_at(200, engine::Hlt{.interruptible = false});
    const RunOutcome outcome = machine.loop.run({});
    EXPECT_EQ(outcome.reason, EndReason::panic);
    EXPECT_EQ(outcome.retired, 200u);
}

TEST(RunLoop, SilenceAfterTheEndOfAPanicIsAPanic) {
    Virtual machine;
    machine.at(100, [&] { machine.print(panic_message); });
    machine.at(200, [&] { machine.print(panic_end); });
    const RunOutcome outcome = machine.loop.run({});
    EXPECT_EQ(outcome.reason, EndReason::panic);
    EXPECT_EQ(outcome.retired, PanicWatch::silence + 200);
}

TEST(RunLoop, AGuestThatOnlyTellsOfAPanicLivesOn) {
    Virtual machine;
    machine.at(100, [&] { machine.print(panic_message); });
    machine.at(200, [&] { machine.print(panic_end); });
    machine.at(300, [&] { machine.print("# "); });
    machine.at(2 * PanicWatch::silence, [&] { machine.loop.end(EndReason::reset); });
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::reset);
}

TEST(RunLoop, APanicIsSeenOnTwoConsolesAtOnce) {
    Virtual machine;
    SerialLine other{1, machine.outside, &machine.watch};
    machine.at(100, [&] {
        for (const char c : panic_message) {
            machine.print({&c, 1});
            other.transmit(static_cast<u8>(c));
        }
    });
    machine.at(200, [&] { machine.loop.end(EndReason::reset); });
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::panic);
}

TEST(RunLoop, AGuestThatIdlesHasNotPanicked) {
    Virtual machine;
    bool interrupt = false;
    machine.vcpu.interrupt_pending = [&] { return interrupt; };
    device::Timer timer(machine.timers, [&] { interrupt = true; });
    timer.arm(1000);
    machine.at(100, [&] { machine.print(panic_message); });
    machine.at(200, [&] { machine.print(panic_end); });
    machine.exit_at(300, engine::Hlt{});
    machine.at(2 * PanicWatch::silence, [&] { machine.loop.end(EndReason::reset); });
    EXPECT_EQ(machine.loop.run({}).reason, EndReason::reset);
}

TEST(RunLoop, AnAccessWithoutAnAnswerWaitsAndRunsAgain) {
    Host machine;
    unsigned tries = 0;
    machine.vcpu.instructions[50] = [&]() -> std::optional<engine::Exit> {
        if (tries++ == 0) return engine::Io{0x1f0, 2, false};
        return std::nullopt;
    };
    machine.vcpu.instructions[51] = [&]() -> std::optional<engine::Exit> { return engine::Shutdown{}; };
    const RunOutcome outcome = machine.loop.run({});
    EXPECT_EQ(tries, 2u);
    EXPECT_EQ(machine.outside.waits, 1u);
    EXPECT_EQ(outcome.retired, 51u);
    EXPECT_EQ(outcome.exits.at("io"), 1u);
}

TEST(RunLoop, DeliversWhatAWorkerHasDoneToAHaltedVcpu) {
    Host machine;
    bool interrupt = false;
    machine.vcpu.interrupt_pending = [&] { return interrupt; };
    machine.worker.on_delivery = [&] { interrupt = true; };
    machine.outside.on_wait = [&](auto) { machine.worker.is_done = true; };
    machine.exit_at(10, engine::Hlt{.interruptible = true});
    EXPECT_EQ(machine.loop.run({.max_instructions = 20}).retired, 20u);
    EXPECT_TRUE(interrupt);
    EXPECT_EQ(machine.outside.waits, 1u);
}

TEST(RunLoop, DeliversWhatAWorkerHasDoneToABusyVcpu) {
    Host machine;
    std::optional<u64> delivered;
    machine.worker.on_delivery = [&] { delivered = machine.vcpu.retired(); };
    machine.at(10, [&] { machine.worker.is_done = true; });
    (void)machine.loop.run({.max_instructions = 1'000'000});
    ASSERT_TRUE(delivered);
    EXPECT_LT(*delivered, 200'000u);
}

TEST(RunLoop, LeavesNothingUnderWayWhenItEnds) {
    Host machine;
    (void)machine.loop.run({.max_instructions = 10});
    EXPECT_TRUE(machine.worker.is_finished);
}

} // namespace
} // namespace ringer::machine
