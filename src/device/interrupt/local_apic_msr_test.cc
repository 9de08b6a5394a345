#include "device/interrupt/apic_fixture.h"
#include "device/interrupt/local_apic.h"

#include <gtest/gtest.h>

namespace ringer::device {
namespace {

constexpr u64 page = 0xfee0'0000, bootstrap = 1 << 8, x2apic = 1 << 10, enable = 1 << 11;

class LocalApicMsrTest : public testing::Test {
  protected:
    std::optional<u64> read(u32 number) { return cpu_.apic.read_msr(number); }
    bool write(u32 number, u64 value) { return cpu_.write_msr(number, value); }
    void run_until(Nanoseconds target) { fixture::run_until(clock_, timers_, target); }

    fixture::ManualClock clock_;
    TimerQueue timers_{clock_};
    ApicBus bus_;
    fixture::ApicUnderTest cpu_{0x25, timers_, bus_};
};

TEST_F(LocalApicMsrTest, FaultsOnReservedBitsOfTheBase) {
    EXPECT_FALSE(write(0x1b, page | enable | 1 << 9));
    EXPECT_FALSE(write(0x1b, page | enable | 1));
    EXPECT_FALSE(write(0x1b, page | enable | u64{1} << 40));
    EXPECT_TRUE(write(0x1b, page | enable | u64{1} << 39));
    EXPECT_EQ(read(0x1b), page | enable | u64{1} << 39);
}

TEST_F(LocalApicMsrTest, AllowsTheTransitionsOfTheManualAlone) {
    enum Mode { off, xapic, x2, invalid };
    const u64 bits[] = {0, enable, enable | x2apic, x2apic};
    const bool allowed[3][4] = {
        {true, true, false, false}, {true, true, true, false}, {true, false, true, false}};
    for (Mode from : {off, xapic, x2}) {
        for (Mode to : {off, xapic, x2, invalid}) {
            cpu_.apic.reset();
            ASSERT_TRUE(write(0x1b, page | bits[from]));
            EXPECT_EQ(write(0x1b, page | bits[to]), allowed[from][to]) << from << " to " << to;
            EXPECT_EQ(read(0x1b), page | bits[allowed[from][to] ? to : from]);
        }
    }
}

TEST_F(LocalApicMsrTest, ShowsItsPageInXapicModeAtItsBaseAlone) {
    EXPECT_EQ(cpu_.read(0x30), 0x0105'0014u);
    ASSERT_TRUE(write(0x1b, 0x1234'5000 | enable));
    EXPECT_EQ(cpu_.read(0x30), 0xffff'ffffu);
    ASSERT_TRUE(write(0x1b, page | enable));
    ASSERT_TRUE(cpu_.enter_x2apic());
    EXPECT_EQ(cpu_.read(0x30), 0xffff'ffffu);
    cpu_.write(0x80, 0x20);
    EXPECT_EQ(cpu_.apic.task_priority(), 0);
}

TEST_F(LocalApicMsrTest, HasNoX2apicRegistersInXapicMode) {
    for (u32 number = 0x800; number < 0x900; ++number) {
        EXPECT_EQ(read(number), std::nullopt);
        EXPECT_FALSE(write(number, 0));
    }
    EXPECT_EQ(read(0x12), std::nullopt);
    EXPECT_FALSE(write(0x12, 0));
}

TEST_F(LocalApicMsrTest, HasExactlyTheX2apicRegistersOfTheManual) {
    ASSERT_TRUE(cpu_.enter_x2apic());
    for (u32 index = 0; index < 0x100; ++index) {
        const bool wide = index >= 0x10 && index < 0x28;
        const bool lvt = index >= 0x32 && index <= 0x37;
        const bool read_only =
            wide || index == 2 || index == 3 || index == 0xa || index == 0xd || index == 0x39;
        const bool read_write = lvt || index == 8 || index == 0xf || index == 0x28 || index == 0x30 ||
                                index == 0x38 || index == 0x3e;
        const bool write_only = index == 0xb || index == 0x3f;
        EXPECT_EQ(read(0x800 + index).has_value(), read_only || read_write) << index;
        EXPECT_EQ(write(0x800 + index, 0), read_write || write_only) << index;
    }
}

TEST_F(LocalApicMsrTest, FaultsOnReservedBitsInX2apicMode) {
    ASSERT_TRUE(cpu_.enter_x2apic());
    const std::pair<u32, u64> faults[] = {
        {0x808, 0x100},  {0x808, u64{1} << 32}, {0x80b, 1},      {0x80f, 0x400}, {0x828, 1},
        {0x830, 0x2000}, {0x830, 0x10'0000},    {0x832, 0x100},  {0x833, 0x800}, {0x835, 0x2'0000},
        {0x837, 0x400},  {0x838, u64{1} << 32}, {0x83e, 0b0100}, {0x83f, 0x100},
    };
    for (const auto& [number, value] : faults)
        EXPECT_FALSE(write(number, value)) << std::hex << number << " " << value;
    EXPECT_TRUE(write(0x830, 0x5041));
    EXPECT_EQ(read(0x830), 0x4041u) << "the xAPIC's delivery status bit is ignored";
}

TEST_F(LocalApicMsrTest, DerivesTheLogicalIdInX2apicMode) {
    cpu_.write(0xd0, 0xab00'0000);
    cpu_.write(0x310, 0xff00'0000);
    ASSERT_TRUE(cpu_.enter_x2apic());
    EXPECT_EQ(read(0x802), 0x25u);
    EXPECT_EQ(read(0x80d), 0x0002'0020u);
    EXPECT_EQ(read(0x830), 0u) << "the destination does not survive the change of mode";
}

TEST_F(LocalApicMsrTest, RunsAnInterruptThroughX2apicRegisters) {
    ASSERT_TRUE(cpu_.enter_x2apic());
    ASSERT_TRUE(write(0x80f, 0x1ff));
    ASSERT_TRUE(write(0x83f, 0x91));
    EXPECT_EQ(read(0x824), u64{1} << 17);
    EXPECT_EQ(read(0x830), 0u) << "SELF IPI leaves the ICR alone";
    EXPECT_EQ(cpu_.apic.acknowledge(), 0x91);
    EXPECT_EQ(read(0x814), u64{1} << 17);
    ASSERT_TRUE(write(0x80b, 0));
    EXPECT_EQ(read(0x814), 0u);
    ASSERT_TRUE(write(0x83f, 7));
    ASSERT_TRUE(write(0x828, 0));
    EXPECT_EQ(read(0x828), 0x20u);
}

TEST_F(LocalApicMsrTest, SendsToWideDestinationsInX2apicMode) {
    fixture::ApicUnderTest far(0x1234, timers_, bus_);
    ASSERT_TRUE(far.enter_x2apic());
    ASSERT_TRUE(far.write_msr(0x80f, 0x1ff));
    ASSERT_TRUE(cpu_.enter_x2apic());
    ASSERT_TRUE(write(0x830, u64{0x1234} << 32 | 0x4061));
    EXPECT_TRUE(far.pins.interrupt);
    EXPECT_EQ(far.apic.acknowledge(), 0x61);
    ASSERT_TRUE(write(0x830, u64{0x0123'0010} << 32 | 0x4871));
    EXPECT_EQ(far.apic.acknowledge(), 0x71) << "logical: cluster 0x123, member 4";
    ASSERT_TRUE(write(0x830, u64{0x0123'0020} << 32 | 0x4881));
    EXPECT_FALSE(far.pins.interrupt) << "another member";
}

TEST_F(LocalApicMsrTest, ArmsTheTscDeadlineWithTheOffset) {
    EXPECT_TRUE(write(0x6e0, 500));
    EXPECT_EQ(read(0x6e0), 0u) << "ignored outside of deadline mode";
    cpu_.enable();
    cpu_.write(0x320, 0x4'00ec);
    EXPECT_TRUE(cpu_.apic.write_msr(0x6e0, 10'500, 10'000));
    EXPECT_EQ(read(0x6e0), 10'500u);
    run_until(499);
    EXPECT_FALSE(cpu_.pins.interrupt);
    run_until(500);
    EXPECT_TRUE(cpu_.pins.interrupt);
    EXPECT_EQ(read(0x6e0), 0u);
}

TEST_F(LocalApicMsrTest, KeepsX2apicModeOverAnInit) {
    ASSERT_TRUE(cpu_.enter_x2apic());
    ASSERT_TRUE(write(0x80f, 0x1ff));
    ASSERT_TRUE(write(0x830, u64{0x25} << 32 | 0x4500));
    EXPECT_EQ(cpu_.pins.inits, 1u);
    EXPECT_EQ(read(0x80f), 0xffu);
    EXPECT_EQ(read(0x1b), page | enable | x2apic);
    cpu_.apic.reset();
    EXPECT_EQ(read(0x1b), page | enable) << "a reset does not";
}

TEST_F(LocalApicMsrTest, TellsTheBootstrapProcessor) {
    fixture::ApicUnderTest first(0, timers_, bus_);
    EXPECT_EQ(first.apic.read_msr(0x1b), page | enable | bootstrap);
}

} // namespace
} // namespace ringer::device
