#include "device/virtio/virtio_pci.h"

#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

/// Has two queues, gives every buffer back at once, and keeps two bytes of configuration.
class EchoDevice final : public VirtioDevice {
  public:
    u16 type() const override { return 40; }
    u32 class_code() const override { return 0xff'0000; }
    u64 features() const override { return 1 << 3; }
    std::vector<u16> queue_sizes() const override { return {16, 64}; }
    u8 read_configuration(u64 offset) const override { return offset < 2 ? configuration.at(offset) : 0; }
    void write_configuration(u64 offset, u8 value) override {
        if (offset < 2) configuration.at(offset) = value;
    }
    void notified(unsigned index) override {
        notifications.push_back(index);
        if (index == 1) transport().configuration_changed();
        while (const auto buffer = transport().queue(index).take()) transport().queue(index).give(*buffer, 5);
        transport().finish(index);
    }
    void reset() override { ++resets; }
    void visit(state::Archive& archive) override { archive.field(64, "configuration", configuration); }

    std::array<u8, 2> configuration{0x11, 0x22};
    std::vector<unsigned> notifications;
    unsigned resets = 0;
};

class VirtioPciTest : public testing::Test {
  protected:
    u32 config(u8 offset, unsigned size) { return machine_.function.read_config(offset, size); }
    EchoDevice& device() { return static_cast<EchoDevice&>(machine_.function.device()); }
    /// Vector v sends interrupt 0x50 + v.
    void use_messages() {
        for (u32 vector = 0; vector < 3; ++vector) {
            machine_.put_msix(16 * vector, 0xfee0'0000);
            machine_.put_msix(16 * vector + 8, 0x50 + vector);
            machine_.put_msix(16 * vector + 12, 0);
        }
        machine_.function.write_config(0x42, 2, 0x8000);
    }
    void use_one_buffer(u16 queue) {
        machine_.rings[queue]->add({{0x9000, 4}}, {{0xa000, 8}});
        machine_.notify_queue(queue);
        EXPECT_TRUE(machine_.rings[queue]->take_used());
    }

    VirtioMachine machine_{[](TimerQueue&) { return std::make_unique<EchoDevice>(); }};
};

TEST_F(VirtioPciTest, TellsWhatItIs) {
    EXPECT_EQ(config(0x00, 4), 0x1068'1af4u);
    EXPECT_EQ(config(0x08, 4), 0xff00'0001u);
    EXPECT_EQ(config(0x2c, 2), 0x1af4u);
    EXPECT_EQ(config(0x3d, 1), 1u);
}

TEST_F(VirtioPciTest, TellsWhereItsStructuresAre) {
    std::map<u32, std::pair<u32, u32>> found; // offset and length by type
    for (u32 at = config(0x34, 1); at != 0; at = config(static_cast<u8>(at + 1), 1)) {
        if (config(static_cast<u8>(at), 1) != 0x09) continue;
        EXPECT_EQ(config(static_cast<u8>(at + 4), 1), 0u) << "bar";
        found[config(static_cast<u8>(at + 3), 1)] = {config(static_cast<u8>(at + 8), 4),
                                                     config(static_cast<u8>(at + 12), 4)};
        if (config(static_cast<u8>(at + 3), 1) == 2) {
            EXPECT_EQ(config(static_cast<u8>(at + 16), 4), 4u);
        }
    }
    using testing::Pair;
    EXPECT_THAT(found, testing::ElementsAre(Pair(1, Pair(0, 0x38)), Pair(2, Pair(0x3000, 0x1000)),
                                            Pair(3, Pair(0x1000, 1)), Pair(4, Pair(0x2000, 0x1000)),
                                            Pair(5, Pair(0, 0))));
}

TEST_F(VirtioPciTest, AgreesOnFeaturesThatItOffers) {
    EXPECT_EQ(machine_.offered(),
              machine_.version_1 | machine_.packed | machine_.indirect | machine_.event_index | 1 << 3);
    machine_.put(0, 4, 2);
    EXPECT_EQ(machine_.get(4, 4), 0u) << "there are two words";
    EXPECT_TRUE(machine_.negotiate(machine_.version_1 | 1 << 3));
    EXPECT_FALSE(machine_.negotiate(machine_.version_1 | 1 << 4)) << "not offered";
    EXPECT_FALSE(machine_.negotiate(1 << 3)) << "a driver for the legacy interface";
}

TEST_F(VirtioPciTest, KeepsFeaturesOnceTheyAreAgreedOn) {
    EXPECT_TRUE(machine_.negotiate(machine_.version_1));
    machine_.put(8, 4, 0);
    machine_.put(12, 4, 0xff);
    EXPECT_EQ(machine_.get(12, 4), 0u);
}

TEST_F(VirtioPciTest, DescribesItsQueues) {
    EXPECT_EQ(machine_.get(18, 2), 2u);
    machine_.put(22, 2, 1);
    EXPECT_EQ(machine_.get(24, 2), 64u);
    EXPECT_EQ(machine_.get(30, 2), 1u);
    machine_.put(32, 4, 0x1111'0000);
    machine_.put(36, 4, 0x2222);
    EXPECT_EQ(machine_.get(32, 8), 0x2222'1111'0000u);
    EXPECT_EQ(machine_.get(34, 4), 0x2222'1111u);
    machine_.put(22, 2, 2);
    EXPECT_EQ(machine_.get(24, 2), 0u) << "there is no such queue";
    machine_.put(24, 2, 8);
    machine_.put(28, 2, 1);
    EXPECT_EQ(machine_.get(28, 2), 0u);
}

TEST_F(VirtioPciTest, KeepsWhereAQueueIsOnceItIsEnabled) {
    machine_.start(0, 1);
    machine_.put(24, 2, 8);
    machine_.put(32, 8, 0x9000);
    machine_.put(28, 2, 0);
    EXPECT_EQ(machine_.get(24, 2), 16u);
    EXPECT_EQ(machine_.get(32, 8), 0x1000u);
    EXPECT_EQ(machine_.get(28, 2), 1u);
}

TEST_F(VirtioPciTest, BeginsWithDriverOk) {
    EXPECT_TRUE(machine_.negotiate(machine_.version_1));
    machine_.set_up_queue(0).add({{0x9000, 4}}, {});
    machine_.notify_queue(0);
    EXPECT_TRUE(device().notifications.empty());
    machine_.put_status(15);
    EXPECT_EQ(device().notifications, (std::vector<unsigned>{0, 1}));
    EXPECT_TRUE(machine_.rings[0]->take_used());
}

TEST_F(VirtioPciTest, ReachesMemoryOnlyAsBusMaster) {
    machine_.start(0, 1);
    machine_.function.write_config(0x04, 2, 2);
    machine_.rings[0]->add({{0x9000, 4}}, {});
    machine_.notify_queue(0);
    EXPECT_FALSE(machine_.rings[0]->take_used());
    machine_.function.write_config(0x04, 2, 6);
    EXPECT_TRUE(machine_.rings[0]->take_used());
}

TEST_F(VirtioPciTest, InterruptsByThePin) {
    machine_.start(0, 1);
    use_one_buffer(0);
    EXPECT_TRUE(machine_.pin.level());
    EXPECT_EQ(config(0x06, 2) & 8, 8u);
    machine_.function.write_config(0x04, 2, 0x406);
    EXPECT_FALSE(machine_.pin.level());
    machine_.function.write_config(0x04, 2, 6);
    EXPECT_TRUE(machine_.pin.level());
    machine_.function.read_config(0x06, 2);
    EXPECT_EQ(machine_.get(machine_.interrupt_status, 1), 3u) << "DRIVER_OK notified queue 1 as well";
    EXPECT_FALSE(machine_.pin.level());
    EXPECT_EQ(machine_.get(machine_.interrupt_status, 1), 0u);
    EXPECT_EQ(config(0x06, 2) & 8, 0u);
}

TEST_F(VirtioPciTest, InterruptsByMessages) {
    use_messages();
    EXPECT_TRUE(machine_.negotiate(machine_.version_1));
    machine_.put(16, 2, 2);
    EXPECT_EQ(machine_.get(16, 2), 2u);
    machine_.set_up_queue(0, 1);
    machine_.set_up_queue(1, 3);
    EXPECT_EQ(machine_.get(26, 2), 0xffffu) << "there are three vectors";
    machine_.put_status(15);
    EXPECT_EQ(machine_.messages.vectors, std::vector<u8>{0x52});
    use_one_buffer(0);
    EXPECT_EQ(machine_.messages.vectors, (std::vector<u8>{0x52, 0x51}));
    EXPECT_FALSE(machine_.pin.level());
    EXPECT_EQ(machine_.get(machine_.interrupt_status, 1), 2u);
}

TEST_F(VirtioPciTest, AsksForAResetWhenAQueueIsBroken) {
    use_messages();
    machine_.start(0, 1);
    machine_.put(16, 2, 0);
    machine_.messages.vectors.clear();
    machine_.memory.put<u16>(0x2002, 100); // more buffers than there are descriptors
    machine_.notify_queue(0);
    EXPECT_EQ(machine_.status(), 15 | machine_.needs_reset);
    EXPECT_EQ(machine_.messages.vectors, std::vector<u8>{0x50});
    device().notifications.clear();
    machine_.notify_queue(1);
    EXPECT_TRUE(device().notifications.empty());
    machine_.put_status(15);
    EXPECT_EQ(machine_.status(), 15 | machine_.needs_reset);

    machine_.memory.put<u16>(0x2002, 0);
    machine_.start(0, 1);
    use_one_buffer(0);
}

TEST_F(VirtioPciTest, AQueueThatCannotBeWhereItIsPutIsBroken) {
    EXPECT_TRUE(machine_.negotiate(machine_.version_1));
    machine_.put(22, 2, 0);
    machine_.put(32, 8, 0x1001);
    machine_.put(28, 2, 1);
    EXPECT_TRUE(machine_.status() & machine_.needs_reset);
}

TEST_F(VirtioPciTest, IsAsNewAfterAReset) {
    machine_.start(machine_.packed, 2);
    const unsigned resets = device().resets;
    machine_.put_status(0);
    EXPECT_EQ(machine_.status(), 0);
    EXPECT_EQ(device().resets, resets + 1);
    machine_.put(22, 2, 0);
    EXPECT_EQ(machine_.get(28, 2), 0u);
    EXPECT_EQ(machine_.get(32, 8), 0u);
    EXPECT_EQ(machine_.get(12, 4), 0u);
}

TEST_F(VirtioPciTest, ShowsTheDevicesConfiguration) {
    EXPECT_EQ(machine_.get(machine_.configuration, 4), 0x2211u);
    machine_.put(machine_.configuration + 1, 1, 0x33);
    EXPECT_EQ(machine_.get(machine_.configuration, 2), 0x3311u);
    EXPECT_EQ(machine_.get(machine_.configuration + 0xff8, 8), 0u);
}

TEST_F(VirtioPciTest, IsReachedByConfigurationSpaceToo) {
    u8 window = 0;
    for (u32 at = config(0x34, 1); at != 0; at = config(static_cast<u8>(at + 1), 1))
        if (config(static_cast<u8>(at), 1) == 9 && config(static_cast<u8>(at + 3), 1) == 5)
            window = static_cast<u8>(at);
    ASSERT_NE(window, 0);
    const auto put = [&](u8 offset, unsigned size, u32 value) {
        machine_.function.write_config(static_cast<u8>(window + offset), size, value);
    };
    const auto aim = [&](u32 bar, u32 offset, u32 length) {
        put(4, 1, bar);
        put(8, 4, offset);
        put(12, 4, length);
    };
    aim(0, machine_.configuration, 2);
    EXPECT_EQ(config(static_cast<u8>(window + 16), 4) & 0xffff, 0x2211u);
    aim(0, 20, 1);
    put(16, 4, 1);
    EXPECT_EQ(machine_.status(), 1);
    aim(1, 20, 1);
    put(16, 4, 3);
    aim(0, 20, 3);
    put(16, 4, 3);
    aim(0, 0xffff'fffc, 4);
    put(16, 4, 3);
    EXPECT_EQ(machine_.status(), 1) << "no such accesses";
}

TEST_F(VirtioPciTest, GoesOnAfterALoad) {
    machine_.start(machine_.packed, 2);
    use_one_buffer(0);
    VirtioPci copy("copy", std::make_unique<EchoDevice>(), machine_.memory.space, machine_.messages);
    fixture::copy(machine_.function, copy);
    EXPECT_EQ(fixture::saved(machine_.function), fixture::saved(copy));
    EXPECT_TRUE(copy.interrupt().level());
}

} // namespace
} // namespace ringer::device
