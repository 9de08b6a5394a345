#include "device/timer/pit8254.h"

#include "device/fixture/fixture.h"

#include <gtest/gtest.h>

#include <random>

namespace ringer::device {
namespace {

using fixture::in;
using fixture::out;

/// A counter of the 8254 that ticks, written pulse by pulse after the datasheet's mode definitions: what the
/// counter that computes must agree with.
class TickingCounter {
  public:
    void control(unsigned mode, u32 modulus) {
        mode_ = mode;
        modulus_ = modulus;
        out_ = mode != 0;
        written_ = loaded_ = load_next_ = triggered_ = armed_ = false;
    }

    void write(u32 count) {
        count_ = count;
        written_ = true;
        if (mode_ == 0) loaded_ = out_ = false;
        if (mode_ == 0 || mode_ == 4 || ((mode_ == 2 || mode_ == 3) && !loaded_)) load_next_ = true;
    }

    void gate(bool gate) {
        const bool rises = gate && !gate_;
        const bool falls = !gate && gate_;
        gate_ = gate;
        if (rises && written_ && mode_ != 0 && mode_ != 4) triggered_ = true;
        if (!falls || mode_ == 0 || mode_ == 1 || mode_ == 5) return;
        triggered_ = false;
        // In modes 2 and 3 GATE raises OUT. In mode 4 a strobe that is interrupted is over.
        if (loaded_) out_ = true;
    }

    void pulse() {
        if (std::exchange(load_next_, false) || std::exchange(triggered_, false))
            load();
        else if (loaded_)
            count();
    }

    bool out() const { return out_; }
    bool loaded() const { return loaded_; }
    u32 element() const { return element_ % modulus_; }

  private:
    void load() {
        loaded_ = armed_ = true;
        triggered_ = false;
        period_ = count_;
        element_ = mode_ == 3 ? count_ & ~1u : count_;
        out_ = mode_ != 0 && mode_ != 1;
    }

    void count() {
        const bool held = !gate_ && mode_ != 1 && mode_ != 5;
        if (held) return;
        switch (mode_) {
        case 2: count_rate(); break;
        case 3: count_square(); break;
        default: count_down(); break;
        }
    }

    void count_down() {
        if (mode_ >= 4) out_ = true;
        element_ = (element_ + modulus_ - 1) % modulus_;
        if (element_ == 0 && std::exchange(armed_, false)) out_ = mode_ < 4;
    }

    void count_rate() {
        if (--element_ == 0) element_ = count_;
        out_ = element_ != 1;
    }

    void count_square() {
        const bool lasts_longer = (period_ & 1) && out_;
        if (element_ > 0)
            element_ -= 2;
        else
            return next_half();
        if (element_ == 0 && !lasts_longer) next_half();
    }

    void next_half() {
        out_ = !out_;
        period_ = count_;
        element_ = count_ & ~1u;
    }

    unsigned mode_ = 0;
    u32 modulus_ = 0x10000;
    u32 count_ = 0;
    u32 period_ = 0;
    u32 element_ = 0;
    bool gate_ = false;
    bool out_ = false;
    bool written_ = false;
    bool loaded_ = false;
    bool load_next_ = false;
    bool triggered_ = false;
    bool armed_ = false; ///< The terminal count has not come yet.
};

u16 represent(u32 number, u32 modulus) {
    if (modulus == 0x10000) return static_cast<u16>(number);
    return static_cast<u16>(number / 1000 % 10 << 12 | number / 100 % 10 << 8 | number / 10 % 10 << 4 |
                            number % 10);
}

class Pit8254ModelTest : public ::testing::TestWithParam<unsigned> {
  protected:
    u32 random(u32 low, u32 high) { return std::uniform_int_distribution<u32>(low, high)(random_); }

    void program() {
        mode_ = random(0, 5);
        const bool bcd = random(0, 3) == 0;
        modulus_ = bcd ? 10'000 : 0x10000;
        out(pit_.counter_ports(), 3, static_cast<u8>(0xb0 | mode_ << 1 | (bcd ? 1 : 0)));
        model_.control(mode_, modulus_);
    }

    void write() {
        const u32 count = random(0, 9) ? random(2, 24) : random(2, modulus_);
        const u16 value = represent(count % modulus_, modulus_);
        out(pit_.counter_ports(), 2, static_cast<u8>(value));
        out(pit_.counter_ports(), 2, static_cast<u8>(value >> 8));
        model_.write(count);
    }

    void set_gate(bool gate) {
        out(pit_.control_port(), 0, gate ? 1 : 0);
        model_.gate(gate);
    }

    void run(u64 pulses) {
        for (u64 i = 0; i < pulses; ++i) model_.pulse();
        pulse_ += pulses;
        const u128 moment = (u128{pulse_} * 1'000'000'000 + Pit8254::frequency - 1) / Pit8254::frequency;
        fixture::run_until(clock_, timers_, static_cast<Nanoseconds>(moment));
    }

    void compare() {
        EXPECT_EQ((in(pit_.control_port(), 0) & 0x20) != 0, model_.out())
            << "mode " << mode_ << ", pulse " << pulse_;
        if (!model_.loaded()) return;
        out(pit_.counter_ports(), 3, 0x80);
        const u8 low = in(pit_.counter_ports(), 2);
        const u16 value = static_cast<u16>(low | in(pit_.counter_ports(), 2) << 8);
        EXPECT_EQ(value, represent(model_.element(), modulus_)) << "mode " << mode_ << ", pulse " << pulse_;
    }

    std::mt19937 random_{GetParam()};
    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    Pit8254 pit_{timers_};
    TickingCounter model_;
    unsigned mode_ = 0;
    u32 modulus_ = 0x10000;
    u64 pulse_ = 0;
};

TEST_P(Pit8254ModelTest, AgreesWithTheTickingCounter) {
    bool gate = false;
    program();
    for (unsigned step = 0; step < 5'000 && !HasFailure(); ++step) {
        switch (random(0, 19)) {
        case 0: program(); [[fallthrough]];
        case 1:
        case 2: write(); break;
        case 3:
        case 4:
        case 5: set_gate(gate = !gate); break;
        case 6: run(random(0, 70'000)); break;
        default: run(random(0, 30)); break;
        }
        compare();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Pit8254ModelTest, ::testing::Range(1u, 9u));

} // namespace
} // namespace ringer::device
