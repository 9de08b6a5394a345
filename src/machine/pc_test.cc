#include "machine/pc.h"

#include "base/bits.h"
#include "machine/pc_platform.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace ringer::machine {
namespace {

const u64 host_memory = Pc::host_memory(MemoryLayout::of_size(64 * MiB).value());

/// Retires instructions that do nothing, but for those that the test gives an effect by their number. Takes
/// interrupts as soon as they are pending, and notes their vectors.
class ScriptedVcpu final : public engine::X86Vcpu {
  public:
    explicit ScriptedVcpu(x86::Surroundings& surroundings) : surroundings_(surroundings) {}

    std::map<u64, std::function<void(x86::Surroundings&)>> instructions;
    std::vector<u8> vectors;
    unsigned nmis = 0;
    unsigned writes_watched = 0;

    engine::RunResult run(engine::Budget budget) override {
        const u64 start = state_.retired;
        stop_ = false;
        while (state_.retired < start + budget.most && !stop_) {
            if (interrupt_) vectors.push_back(surroundings_.interrupts().acknowledge());
            ++state_.retired;
            if (const auto found = instructions.find(state_.retired); found != instructions.end())
                found->second(surroundings_);
        }
        return {engine::BudgetSpent{}, state_.retired - start};
    }

    void stop_soon() override { stop_ = true; }
    void kick() override {}
    void watch_writes() override { ++writes_watched; }
    u64 retired() const override { return state_.retired; }
    void reset() override { state_ = {}; }
    engine::Traits traits() const override { return {true, true, false}; }
    std::string_view engine_name() const override { return "scripted"; }
    void visit(state::Archive& archive) override { archive.field(1, "retired", state_.retired); }
    const x86::CpuState& state() const override { return state_; }
    void set_state(const x86::CpuState& state) override { state_ = state; }
    std::optional<GuestPhysical> translate(u64 linear) override { return linear; }
    x86::CodeMode code_mode() const override { return x86::CodeMode::real16; }
    void explain(u64) override {}
    const engine::Explanation* explanation() const override { return nullptr; }
    void set_interrupt(bool pending) override { interrupt_ = pending; }
    void nmi() override { ++nmis; }
    void init() override {}
    void startup(u8) override {}

  private:
    x86::Surroundings& surroundings_;
    x86::CpuState state_;
    bool stop_ = false;
    bool interrupt_ = false;
};

class QuietOutside final : public world::Outside {
  public:
    std::string input, output;
    std::deque<device::InputEvent> events;
    std::function<void(const display::Screen&)> on_look = [](const display::Screen&) {};

    std::optional<device::InputEvent> next_input() override {
        if (events.empty()) return std::nullopt;
        const device::InputEvent event = events.front();
        events.pop_front();
        return event;
    }
    void look(const display::Screen& screen) override { on_look(screen); }
    Nanoseconds monotonic() override { return 0; }
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
    void wait(std::optional<Nanoseconds>) override {}
    void wake() override {}
    Request request() override { return Request::none; }
};

void out(x86::Surroundings& s, u16 port, u8 value) {
    ASSERT_EQ(s.ports().write(port, 1, value), memory::Answer::now);
}

u64 in(x86::Surroundings& s, u16 port, unsigned size = 1) {
    u64 value = 0;
    EXPECT_EQ(s.ports().read(port, size, value), memory::Answer::now);
    return value & byte_mask(size);
}

class PcTest : public testing::Test {
  protected:
    ScriptedVcpu& vcpu() { return static_cast<ScriptedVcpu&>(pc_.vcpu()); }

    /// The n-th instruction does `effect`.
    void at(u64 n, std::function<void(x86::Surroundings&)> effect) {
        vcpu().instructions[n] = std::move(effect);
    }

    RunOutcome run(u64 instructions = 1'000'000) { return pc_.run({.max_instructions = instructions}); }

    /// Initializes the PICs with vectors from 0x20, as an operating system does, all lines open.
    static void open_pics(x86::Surroundings& s) {
        for (const auto& [port, vector, cascade] : {std::array{0x20, 0x20, 4}, std::array{0xa0, 0x28, 2}}) {
            out(s, static_cast<u16>(port), 0x11);
            for (const int value : {vector, cascade, 1, 0})
                out(s, static_cast<u16>(port + 1), static_cast<u8>(value));
        }
    }

    std::vector<u8> ram_ = std::vector<u8>(host_memory);
    QuietOutside outside_;
    Pc pc_{{MemoryLayout::of_size(64 * MiB).value(), ClockKind::instructions},
           ram_,
           outside_,
           [](x86::Surroundings& surroundings) { return std::make_unique<ScriptedVcpu>(surroundings); }};
};

TEST_F(PcTest, RamLiesWhereTheLayoutSays) {
    EXPECT_NE(pc_.memory().ram(0), nullptr);
    EXPECT_NE(pc_.memory().ram(64 * MiB - 1), nullptr);
    EXPECT_EQ(pc_.memory().ram(64 * MiB), nullptr);
    EXPECT_EQ(pc_.memory().ram(0xa'0000), nullptr);
}

TEST_F(PcTest, KeysReachTheGuest) {
    std::vector<u64> codes;
    at(10, [](x86::Surroundings& s) {
        out(s, 0x64, 0x60);
        out(s, 0x60, 0x41);
    });
    for (const u64 n : {200'000, 600'000})
        at(n, [&](x86::Surroundings& s) {
            if (in(s, 0x64) & 1) codes.push_back(in(s, 0x60));
        });
    outside_.events = {device::KeyEvent{0x1e, true}, device::KeyEvent{0x1e, false}};
    run();
    EXPECT_EQ(codes, (std::vector<u64>{0x1e, 0x9e}));
    EXPECT_TRUE(outside_.events.empty());
}

TEST_F(PcTest, MoreKeysThanAreTakenWait) {
    outside_.events.assign(100, device::KeyEvent{0x1e, true});
    run();
    EXPECT_FALSE(outside_.events.empty()) << "nobody reads them";
}

TEST_F(PcTest, TheOutsideSeesTheScreen) {
    at(10, [](x86::Surroundings& s) {
        for (const auto& [index, value] : {std::pair{1, 320}, {2, 200}, {3, 32}, {4, 0x41}}) {
            ASSERT_EQ(s.ports().write(0x1ce, 2, static_cast<u64>(index)), memory::Answer::now);
            ASSERT_EQ(s.ports().write(0x1cf, 2, static_cast<u64>(value)), memory::Answer::now);
        }
    });
    unsigned width = 0;
    outside_.on_look = [&](const display::Screen& screen) { width = screen.picture().width; };
    run();
    EXPECT_EQ(width, 320u);
}

TEST_F(PcTest, HasADisplayAdapter) {
    at(10, [](x86::Surroundings& s) {
        ASSERT_EQ(s.ports().write(0xcf8, 4, 0x8000'1000), memory::Answer::now);
        EXPECT_EQ(in(s, 0xcfc, 4), 0x1111'1234u);
        ASSERT_EQ(s.ports().write(0xcf8, 4, 0x8000'1010), memory::Answer::now);
        ASSERT_EQ(s.ports().write(0xcfc, 4, 0xe000'0000), memory::Answer::now);
        ASSERT_EQ(s.ports().write(0xcf8, 4, 0x8000'1004), memory::Answer::now);
        ASSERT_EQ(s.ports().write(0xcfc, 2, 3), memory::Answer::now);
        ASSERT_EQ(s.memory().write(0xe000'0123, 1, 0x42), memory::Answer::now);
    });
    const std::string before = pc_.digest();
    run();
    EXPECT_NE(pc_.memory().ram(0xe000'0123), nullptr);
    EXPECT_NE(pc_.digest(), before) << "video memory counts";
}

TEST_F(PcTest, TheGuestEndsTheRun) {
    struct Case {
        u16 port;
        u8 size;
        u16 value;
        EndReason reason;
        u32 code = 0;
    };
    const Case cases[] = {
        {0x604, 2, 0x2000, EndReason::power_off},
        {0x501, 1, 0x15, EndReason::debug_exit, 0x15},
        {0xf4, 1, 0x80, EndReason::debug_exit, 0x80},
        {0xcf9, 1, 0x06, EndReason::reset},
        {0x64, 1, 0xfe, EndReason::reset},
        {0x92, 1, 0x01, EndReason::reset},
        {0x505, 1, 0x01, EndReason::panic},
    };
    for (const Case& c : cases) {
        vcpu().reset();
        at(1234, [&](x86::Surroundings& s) {
            ASSERT_EQ(s.ports().write(c.port, c.size, c.value), memory::Answer::now);
        });
        const RunOutcome outcome = run();
        EXPECT_EQ(outcome.reason, c.reason) << std::hex << c.port;
        EXPECT_EQ(outcome.code, c.code);
        EXPECT_EQ(outcome.retired, 1234u);
    }
}

TEST_F(PcTest, TheConsoleIsTheFirstSerialPort) {
    outside_.input = "i";
    at(10, [](x86::Surroundings& s) { out(s, 0x3f8, 'o'); });
    at(20, [](x86::Surroundings& s) { out(s, 0x2f8, '-'); });
    at(30, [](x86::Surroundings& s) { EXPECT_EQ(in(s, 0x3f8), u64{'i'}); });
    run(100);
    EXPECT_EQ(outside_.output, "o");
}

TEST_F(PcTest, TheTimerInterruptsByThePicsAtExactIntervals) {
    at(1, [](x86::Surroundings& s) {
        open_pics(s);
        out(s, 0x43, 0x34); // Counter 0, both bytes, rate generator.
        out(s, 0x40, 0xa9);
        out(s, 0x40, 0x04); // 1193 pulses: 999847 ns.
    });
    run(4'000'000);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0x20})) << "a second one needs an end of interrupt";
    for (u64 n = 5'000'000; n < 15'000'000; n += 10'000)
        at(n, [](x86::Surroundings& s) { out(s, 0x20, 0x20); });
    vcpu().vectors.clear();
    run(15'000'000);
    EXPECT_EQ(vcpu().vectors, std::vector<u8>(vcpu().vectors.size(), 0x20));
    EXPECT_NEAR(static_cast<double>(vcpu().vectors.size()), 11, 1);
}

TEST_F(PcTest, SerialInputInterruptsByThePics) {
    at(1, [](x86::Surroundings& s) {
        open_pics(s);
        out(s, 0x3fc, 0x0a); // Request to send; OUT2 lets the interrupt through.
        out(s, 0x3f9, 0x01);
    });
    run(10);
    outside_.input = "k";
    run(100'000);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0x24}));
}

TEST_F(PcTest, IsaInterruptsReachTheIoApic) {
    const auto redirect = [](x86::Surroundings& s, u32 pin, u32 low) {
        for (const auto& [index, value] : {std::pair{0x10 + 2 * pin, low}, std::pair{0x11 + 2 * pin, 0u}}) {
            ASSERT_EQ(s.memory().write(pc::io_apic_base, 4, index), memory::Answer::now);
            ASSERT_EQ(s.memory().write(pc::io_apic_base + 0x10, 4, value), memory::Answer::now);
        }
    };
    at(1, [&](x86::Surroundings& s) {
        redirect(s, 2, 0x51);
        redirect(s, 3, 0x52);
        out(s, 0x2fc, 0x08);
        out(s, 0x2f9, 0x02); // THR empty, at once.
    });
    at(2, [&](x86::Surroundings& s) {
        out(s, 0x43, 0x30); // Counter 0, one shot.
        out(s, 0x40, 0x10);
        out(s, 0x40, 0x00);
    });
    run(100);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0x52}));
    run(100'000);
    EXPECT_EQ(vcpu().vectors.size(), 1u) << "0x51 waits for the end of 0x52, which is of the same priority";
    at(100'001, [&](x86::Surroundings& s) {
        ASSERT_EQ(s.memory().write(pc::local_apic_base + 0xb0, 4, 0), memory::Answer::now);
    });
    run(200'000);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0x52, 0x51}));
}

TEST_F(PcTest, TheLocalApicTimerFollowsTheTimeStampCounter) {
    constexpr u32 tsc_deadline = 0x6e0;
    at(1, [](x86::Surroundings& s) {
        ASSERT_EQ(s.memory().write(pc::local_apic_base + 0x320, 4, 0x400ef), memory::Answer::now);
        EXPECT_TRUE(s.interrupts().write_msr(tsc_deadline, 1'050'000, 1'000'000));
    });
    run(49'999);
    EXPECT_TRUE(vcpu().vectors.empty());
    run(50'010);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0xef}));
}

TEST_F(PcTest, ANewTimeStampMovesAnArmedDeadline) {
    at(1, [](x86::Surroundings& s) {
        ASSERT_EQ(s.memory().write(pc::local_apic_base + 0x320, 4, 0x400ef), memory::Answer::now);
        EXPECT_TRUE(s.interrupts().write_msr(0x6e0, 100'000, 0));
    });
    at(10, [](x86::Surroundings& s) { s.interrupts().tsc_offset_changed(50'000); });
    run(49'999);
    EXPECT_TRUE(vcpu().vectors.empty());
    run(50'010);
    EXPECT_EQ(vcpu().vectors, (std::vector<u8>{0xef}));
}

TEST_F(PcTest, ThePciBusHasItsHostBridge) {
    at(1, [](x86::Surroundings& s) {
        ASSERT_EQ(s.ports().write(0xcf8, 4, 0x8000'0000), memory::Answer::now);
        EXPECT_EQ(in(s, 0xcfc, 2), 0x8086u);
    });
    run(2);
}

TEST_F(PcTest, TimeDerivesFromInstructions) {
    at(5'000'000, [](x86::Surroundings& s) { EXPECT_EQ(s.now(), 5'000'000u); });
    at(6'000'000, [](x86::Surroundings& s) {
        EXPECT_NEAR(static_cast<double>(in(s, 0x608, 4)), 6e6 * 3.579545e6 / 1e9, 1);
    });
    run(7'000'000);
}

TEST_F(PcTest, TheDigestTellsMachinesApart) {
    const std::string fresh = pc_.digest();
    EXPECT_EQ(fresh.size(), 32u);
    EXPECT_EQ(pc_.digest(), fresh);

    const std::array<u8, 1> zero{0}, one{1};
    ASSERT_TRUE(pc_.memory().write_ram(0x5000, zero));
    EXPECT_EQ(pc_.digest(), fresh) << "a page of zeros is as good as one never written";
    ASSERT_TRUE(pc_.memory().write_ram(0x5000, one));
    const std::string first = pc_.digest();
    EXPECT_NE(first, fresh);
    ASSERT_TRUE(pc_.memory().write_ram(0x5000, zero));
    ASSERT_TRUE(pc_.memory().write_ram(0x6000, one));
    EXPECT_NE(pc_.digest(), first) << "where it lies counts";
    ASSERT_TRUE(pc_.memory().write_ram(0x6000, zero));
    EXPECT_EQ(pc_.digest(), fresh);

    run(10);
    const std::string later = pc_.digest();
    EXPECT_NE(later, fresh);
    at(11, [](x86::Surroundings& s) { out(s, 0x3ff, 0x5a); }); // A scratch register.
    run(11);
    EXPECT_NE(pc_.digest(), later);
}

TEST_F(PcTest, CountsTouchedRam) {
    EXPECT_EQ(pc_.ram_touched(), 0u);
    ASSERT_TRUE(pc_.memory().write_ram(0x5fff, std::array<u8, 2>{1, 2}));
    EXPECT_EQ(pc_.ram_touched(), 2 * memory::page_size);
}

TEST_F(PcTest, TellsWhatWasWrittenSinceItWasLastAsked) {
    const std::array<u8, 2> bytes{1, 2};
    ASSERT_TRUE(pc_.memory().write_ram(0x5fff, bytes));
    EXPECT_EQ(pc_.take_dirty_pages(), (std::vector<GuestPhysical>{0x5000, 0x6000}));
    EXPECT_EQ(vcpu().writes_watched, 1u);
    ASSERT_TRUE(pc_.memory().write_ram(0x6000, bytes));
    EXPECT_EQ(pc_.take_dirty_pages(), (std::vector<GuestPhysical>{0x6000}));
    EXPECT_TRUE(pc_.take_dirty_pages().empty());
    EXPECT_EQ(pc_.ram_touched(), 2 * memory::page_size);
}

class PcWithFirmwareTest : public testing::Test {
  protected:
    static Pc::MakeVcpu scripted() {
        return [](x86::Surroundings& surroundings) { return std::make_unique<ScriptedVcpu>(surroundings); };
    }
    u64 read(GuestPhysical address) {
        u64 value = 0;
        EXPECT_EQ(pc_.memory().read(address, 1, value), memory::Answer::now);
        return value;
    }

    std::vector<u8> firmware_ = std::vector<u8>(256 * KiB, 0xf0);
    std::vector<u8> ram_ = std::vector<u8>(host_memory);
    QuietOutside outside_;
    Pc pc_{{.layout = MemoryLayout::of_size(64 * MiB).value(),
            .clock = ClockKind::instructions,
            .firmware = firmware_,
            .restarts = true},
           ram_,
           outside_,
           scripted()};
    ScriptedVcpu& vcpu_ = static_cast<ScriptedVcpu&>(pc_.vcpu());
};

TEST_F(PcWithFirmwareTest, HasItBelow4GibAndBelow1Mib) {
    for (const GuestPhysical address : {0xfffc'0000u, 0xffff'ffffu, 0xe'0000u, 0xf'ffffu})
        EXPECT_EQ(read(address), 0xf0u) << address;
    EXPECT_EQ(read(0xfffb'ffff), 0xffu);
    EXPECT_EQ(read(0xd'ffff), 0xffu);
}

TEST_F(PcWithFirmwareTest, FirmwareIsHiddenBehindRam) {
    vcpu_.instructions[1] = [](x86::Surroundings& s) {
        ASSERT_EQ(s.ports().write(0xcf8, 4, 0x8000'0058), memory::Answer::now);
        out(s, 0xcfd, 0x30);
    };
    pc_.run({.max_instructions = 2});
    EXPECT_EQ(read(0xf'0000), 0u);
    EXPECT_EQ(read(0xe'0000), 0xf0u);
}

TEST_F(PcWithFirmwareTest, AResetStartsTheMachineAnew) {
    vcpu_.instructions[10] = [](x86::Surroundings& s) {
        out(s, 0x3ff, 0x5a); // A scratch register.
        out(s, 0xcf9, 0x06);
    };
    std::optional<u64> scratch;
    vcpu_.instructions[20] = [&](x86::Surroundings& s) { scratch = in(s, 0x3ff); };
    ASSERT_TRUE(pc_.memory().write_ram(0x5000, std::array<u8, 1>{7}));
    const RunOutcome outcome = pc_.run({.max_instructions = 30});
    EXPECT_EQ(outcome.reason, EndReason::instruction_limit);
    EXPECT_EQ(outcome.retired, 30u);
    EXPECT_EQ(scratch, 0u);
    EXPECT_EQ(read(0x5000), 7u) << "RAM stays";
}

TEST_F(PcTest, TwoRunsEndAlike) {
    const auto end_of_run = [this](u64 slice) {
        std::vector<u8> ram(host_memory);
        Pc pc({MemoryLayout::of_size(64 * MiB).value(), ClockKind::instructions}, ram, outside_,
              [](x86::Surroundings& surroundings) { return std::make_unique<ScriptedVcpu>(surroundings); });
        auto& cpu = static_cast<ScriptedVcpu&>(pc.vcpu());
        cpu.instructions[100] = [](x86::Surroundings& s) {
            open_pics(s);
            out(s, 0x43, 0x34);
            out(s, 0x40, 0);
            out(s, 0x40, 1);
        };
        for (u64 n = 1000; n < 3'000'000; n += 7'001)
            cpu.instructions[n] = [](x86::Surroundings& s) {
                out(s, 0x20, 0x20);
                out(s, 0x3f8, 'x');
            };
        for (u64 n = slice; n < 3'000'000; n += slice) pc.run({.max_instructions = n});
        pc.run({.max_instructions = 3'000'000});
        return pc.digest();
    };
    EXPECT_EQ(end_of_run(3'000'000), end_of_run(12'345));
}

} // namespace
} // namespace ringer::machine
