#include "device/platform/acpi_pm.h"

#include "device/fixture/fixture.h"
#include "device/platform/power_probe.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

constexpr u64 status = 0, enable = 2, control = 4, timer = 8;
constexpr u16 timer_bit = 1 << 0, global_bit = 1 << 5, power_button_bit = 1 << 8, rtc_bit = 1 << 10;
constexpr u16 sleep_enable = 1 << 13;
/// The PM timer's top bit, of 24 or of 32, changes first at these moments.
constexpr Nanoseconds first_carry_24 = 2'343'484'438, first_carry_32 = 599'932'015'941;

class AcpiPmTest : public testing::Test {
  protected:
    u32 read(u64 offset, unsigned size = 2) { return get(pm_.pm_registers(), offset, size); }
    void write(u64 offset, u16 value) { put(pm_.pm_registers(), offset, 2, value); }
    u32 read_gpe(u64 offset) { return get(pm_.gpe0_registers(), offset, 2); }
    void write_gpe(u64 offset, u16 value) { put(pm_.gpe0_registers(), offset, 2, value); }
    void enable_acpi() { fixture::out(pm_.smi_command(), 0, AcpiPm::enable_command); }
    void run_until(Nanoseconds target) { fixture::run_until(clock_, timers_, target); }

    static u32 get(memory::Region& region, u64 offset, unsigned size) {
        u64 value = 0;
        EXPECT_EQ(region.read(offset, size, value), memory::Answer::now);
        return static_cast<u32>(value);
    }
    static void put(memory::Region& region, u64 offset, unsigned size, u64 value) {
        EXPECT_EQ(region.write(offset, size, value), memory::Answer::now);
    }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    fixture::PowerProbe power_;
    AcpiPm pm_{timers_, power_, 24};
    fixture::WireProbe sci_{pm_.sci()};
};

TEST_F(AcpiPmTest, TurnsTheMachineOffFromS5Alone) {
    write(control, 0);
    write(control, sleep_enable | 1 << 10);
    write(control, sleep_enable | 7 << 10);
    EXPECT_EQ(power_.power_offs, 0u);
    EXPECT_EQ(read(control), 7 << 10) << "SLP_EN reads as 0";
    write(control, sleep_enable | AcpiPm::soft_off_sleep_type << 10);
    EXPECT_EQ(power_.power_offs, 1u);
}

TEST_F(AcpiPmTest, TurnsOffByAByteWrite) {
    put(pm_.pm_registers(), control + 1, 1, sleep_enable >> 8);
    EXPECT_EQ(power_.power_offs, 1u);
}

TEST_F(AcpiPmTest, IsHandedOverByTheSmiCommandPort) {
    EXPECT_EQ(read(control), 0u);
    enable_acpi();
    EXPECT_EQ(read(control), 1u);
    EXPECT_EQ(fixture::in(pm_.smi_command(), 0), AcpiPm::enable_command);
    fixture::out(pm_.smi_command(), 0, 0x55);
    EXPECT_EQ(read(control), 1u);
    fixture::out(pm_.smi_command(), 0, AcpiPm::disable_command);
    EXPECT_EQ(read(control), 0u);
    fixture::out(pm_.smi_command(), 1, 0x77);
    EXPECT_EQ(fixture::in(pm_.smi_command(), 1), 0x77);
}

TEST_F(AcpiPmTest, CountsAt3579545Hertz) {
    EXPECT_EQ(read(timer, 4), 0u);
    clock_.set(1'000'000'000);
    EXPECT_EQ(read(timer, 4), 3'579'545u);
    EXPECT_EQ(read(timer + 2, 2), 3'579'545u >> 16);
    clock_.set(5'000'000'000);
    EXPECT_EQ(read(timer, 4), 17'897'725u & 0xff'ffff);
    write(timer, 0x1234);
    EXPECT_EQ(read(timer, 4), 17'897'725u & 0xff'ffff) << "read-only";
}

TEST_F(AcpiPmTest, CountsIn32BitsIfAsked) {
    AcpiPm wide(timers_, power_, 32);
    clock_.set(5'000'000'000);
    EXPECT_EQ(get(wide.pm_registers(), timer, 4), 17'897'725u);
    clock_.set(first_carry_32 - 1);
    EXPECT_EQ(get(wide.pm_registers(), status, 2), 0u);
    clock_.set(first_carry_32);
    EXPECT_EQ(get(wide.pm_registers(), status, 2), timer_bit);
    EXPECT_EQ(get(wide.pm_registers(), timer, 4), 0x8000'0000u);
}

TEST_F(AcpiPmTest, NotesEachChangeOfTheTimersTopBit) {
    clock_.set(first_carry_24 - 1);
    EXPECT_EQ(read(status), 0u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt) << "no need to wake for it";
    clock_.set(first_carry_24);
    EXPECT_EQ(read(status), timer_bit);
    write(status, timer_bit);
    EXPECT_EQ(read(status), 0u);
    clock_.set(2 * first_carry_24);
    EXPECT_EQ(read(status), timer_bit) << "from 1 to 0 too";
}

TEST_F(AcpiPmTest, InterruptsWhenTheTimerCarries) {
    enable_acpi();
    write(enable, timer_bit);
    EXPECT_EQ(timers_.next_deadline(), first_carry_24);
    run_until(first_carry_24);
    EXPECT_TRUE(sci_.level());
    EXPECT_EQ(timers_.next_deadline(), std::nullopt) << "nothing more to tell before it is cleared";
    write(status, timer_bit);
    EXPECT_FALSE(sci_.level());
    run_until(3 * first_carry_24);
    EXPECT_EQ(sci_.rises(), 2u);
}

TEST_F(AcpiPmTest, ACarryThatIsReadBeforeItsMomentIsServedStillInterrupts) {
    enable_acpi();
    write(enable, timer_bit);
    clock_.set(first_carry_24);
    EXPECT_EQ(read(status), timer_bit);
    EXPECT_TRUE(sci_.level());
}

TEST_F(AcpiPmTest, InterruptsForThePowerButtonUntilItIsCleared) {
    pm_.press_power_button();
    EXPECT_EQ(read(status), power_button_bit);
    write(enable, power_button_bit);
    EXPECT_FALSE(sci_.level()) << "not before ACPI is enabled";
    enable_acpi();
    EXPECT_TRUE(sci_.level());
    write(status, 0xffff & ~power_button_bit);
    EXPECT_TRUE(sci_.level());
    put(pm_.pm_registers(), status + 1, 1, power_button_bit >> 8);
    EXPECT_FALSE(sci_.level());
}

TEST_F(AcpiPmTest, KeepsTheEnableBitsThatExist) {
    write(enable, 0xffff);
    EXPECT_EQ(read(enable), timer_bit | global_bit | power_button_bit | rtc_bit);
    write(control, 0xffff & ~sleep_enable);
    EXPECT_EQ(read(control), 0x1c03u);
}

TEST_F(AcpiPmTest, InterruptsForGeneralPurposeEvents) {
    enable_acpi();
    pm_.raise_event(3);
    pm_.raise_event(12);
    EXPECT_FALSE(sci_.level());
    EXPECT_EQ(read_gpe(0), 0x1008u);
    write_gpe(2, 0x1000);
    EXPECT_EQ(read_gpe(2), 0x1000u);
    EXPECT_TRUE(sci_.level());
    write_gpe(0, 0x1000);
    EXPECT_FALSE(sci_.level());
    EXPECT_EQ(read_gpe(0), 0x0008u);
}

TEST_F(AcpiPmTest, AnswersEveryAccess) {
    for (u64 offset = 0; offset < AcpiPm::pm_size; ++offset) {
        for (unsigned size : {1u, 2u, 4u, 8u}) {
            if (offset + size > AcpiPm::pm_size) continue;
            put(pm_.pm_registers(), offset, size, ~u64{0} >> (64 - 8 * size));
            get(pm_.pm_registers(), offset, size);
        }
    }
    EXPECT_EQ(power_.power_offs, 0u) << "SLP_TYP was 7 each time";
    EXPECT_EQ(read(6), 0u) << "reserved";
}

TEST_F(AcpiPmTest, ResetClearsAllButTheTimer) {
    enable_acpi();
    write(enable, timer_bit | power_button_bit);
    pm_.press_power_button();
    clock_.set(1'000'000'000);
    pm_.reset();
    EXPECT_FALSE(sci_.level());
    EXPECT_EQ(read(status) + read(enable) + read(control), 0u);
    EXPECT_EQ(timers_.next_deadline(), std::nullopt);
    EXPECT_EQ(read(timer, 4), 3'579'545u);
}

TEST_F(AcpiPmTest, RestoresWireAndTimerWithoutPokingTheSink) {
    enable_acpi();
    write(enable, power_button_bit);
    pm_.press_power_button();
    AcpiPm loaded(timers_, power_, 24);
    fixture::WireProbe probe(loaded.sci());
    fixture::copy(pm_, loaded);
    EXPECT_TRUE(loaded.sci().level());
    EXPECT_EQ(probe.rises(), 0u);
    write(enable, timer_bit);
    fixture::copy(pm_, loaded);
    EXPECT_FALSE(loaded.sci().level());
    run_until(first_carry_24);
    EXPECT_EQ(probe.rises(), 1u);
}

} // namespace
} // namespace ringer::device
