#include "device/virtio/virtio_net.h"

#include "device/virtio/virtio_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringer::device {
namespace {

using fixture::VirtioMachine;

class Recorder final : public FrameSink {
  public:
    void transmit(const Frame& frame) override {
        frames.emplace_back(frame.bytes.begin(), frame.bytes.end());
        offloads.push_back(frame.offload);
    }
    std::vector<std::vector<u8>> frames;
    std::vector<Offload> offloads;
};

class VirtioNetTest : public testing::TestWithParam<bool> {
  protected:
    explicit VirtioNetTest(bool has_offloads = false)
        : machine_([this, has_offloads](TimerQueue&) {
              const MacAddress mac{0x52, 0x54, 0, 0x12, 0x34, 0x56};
              return std::make_unique<VirtioNet>(sink_, VirtioNet::Options{mac, 9000, has_offloads});
          }) {}

    static constexpr u64 checksum = 1, merged = 1 << 15;
    static constexpr u64 header = 0xc000, data = 0x1'0000;
    static constexpr u16 receive_queue = 0, transmit_queue = 1;

    void start(u64 features = 0) { machine_.start(features | (GetParam() ? machine_.packed : 0), 2); }

    static std::vector<u8> frame(std::size_t size) {
        std::vector<u8> bytes(size);
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<u8>(i * 7 + i / 256);
        return bytes;
    }
    VirtioNet& net() { return static_cast<VirtioNet&>(machine_.function.device()); }
    fixture::DriverRing& ring(u16 queue) { return *machine_.rings[queue]; }
    bool receive(std::span<const u8> bytes, const Offload& offload = {}) {
        const bool taken = net().receive({bytes, offload});
        if (taken) net().end_of_frames();
        return taken;
    }
    std::span<u8> at(u64 address, u64 size) {
        return std::span(machine_.memory.bytes).subspan(address, size);
    }
    bool needs_reset() { return machine_.status() & machine_.needs_reset; }

    Recorder sink_;
    VirtioMachine machine_;
};

class OffloadingVirtioNetTest : public VirtioNetTest {
  protected:
    static constexpr u64 guest_checksum = 1 << 1, guest_tcp_4 = 1 << 7, guest_tcp_6 = 1 << 8,
                         host_tcp_4 = 1 << 11, host_tcp_6 = 1 << 12;

    OffloadingVirtioNetTest() : VirtioNetTest(true) {}

    /// Sends a frame of 3000 bytes with this header.
    void send(const Offload& offload) {
        const auto* const bytes = reinterpret_cast<const u8*>(&offload);
        machine_.memory.put_bytes(header, {bytes, bytes + sizeof(offload)});
        machine_.memory.put_bytes(data, frame(3000));
        ring(transmit_queue).add({{header, 12}, {data, 3000}}, {});
        machine_.notify_queue(transmit_queue);
        EXPECT_TRUE(ring(transmit_queue).take_used());
    }
};

TEST_P(VirtioNetTest, TellsItsAddressLinkAndMtu) {
    EXPECT_EQ(machine_.function.read_config(0x02, 2), 0x1041u);
    EXPECT_EQ(machine_.get(machine_.configuration, 4), 0x1200'5452u);
    EXPECT_EQ(machine_.get(machine_.configuration + 4, 2), 0x5634u);
    EXPECT_EQ(machine_.get(machine_.configuration + 6, 2), 1u);
    EXPECT_EQ(machine_.get(machine_.configuration + 10, 2), 9000u);
    EXPECT_TRUE(machine_.offered() & 1 << 3);
}

TEST_P(VirtioNetTest, SendsFrames) {
    start();
    const auto first = frame(60), second = frame(9014);
    machine_.memory.put_bytes(data, first);
    machine_.memory.put_bytes(data + 0x1000, second);
    ring(transmit_queue).add({{header, 12}, {data, 60}}, {});
    ring(transmit_queue).add({{header, 5}, {header, 7}, {data + 0x1000, 14}, {data + 0x100e, 9000}}, {});
    machine_.notify_queue(transmit_queue);
    EXPECT_THAT(sink_.frames, testing::ElementsAre(first, second));
    EXPECT_TRUE(ring(transmit_queue).take_used());
    EXPECT_TRUE(ring(transmit_queue).take_used());
    EXPECT_TRUE(machine_.pin.level());
}

TEST_P(VirtioNetTest, CompletesChecksums) {
    start(checksum);
    std::vector<u8> bytes = frame(61);
    machine_.memory.put<u8>(header, 1);
    machine_.memory.put<u16>(header + 6, 34);
    machine_.memory.put<u16>(header + 8, 6);
    machine_.memory.put_bytes(data, bytes);
    ring(transmit_queue).add({{header, 12}, {data, 61}}, {});
    machine_.notify_queue(transmit_queue);
    ASSERT_EQ(sink_.frames.size(), 1u);
    u32 sum = 0;
    for (std::size_t i = 34; i < 61; ++i) sum += i % 2 ? bytes[i] : bytes[i] << 8;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
    bytes[40] = static_cast<u8>(sum >> 8);
    bytes[41] = static_cast<u8>(sum);
    EXPECT_EQ(sink_.frames[0], bytes);
}

TEST_P(VirtioNetTest, DropsWhatIsNoFrame) {
    start(checksum);
    const auto send = [this](std::vector<VirtioSegment> segments) {
        ring(transmit_queue).add(segments, {});
        machine_.notify_queue(transmit_queue);
        EXPECT_TRUE(ring(transmit_queue).take_used());
    };
    send({{header, 12}, {data, 13}});
    send({{header, 12}, {data, 0x1'0100}});
    machine_.memory.put<u8>(header + 1, 1); // segmentation, which was not agreed on
    send({{header, 12}, {data, 60}});
    machine_.memory.put<u16>(header, 1);
    machine_.memory.put<u16>(header + 6, 0xffff);
    machine_.memory.put<u16>(header + 8, 0xffff);
    send({{header, 12}, {data, 60}});
    EXPECT_TRUE(sink_.frames.empty());
    EXPECT_FALSE(needs_reset());
}

TEST_P(VirtioNetTest, NeedsAResetAfterABufferWithoutAHeader) {
    start();
    ring(transmit_queue).add({{header, 11}}, {});
    machine_.notify_queue(transmit_queue);
    EXPECT_TRUE(needs_reset());
}

TEST_P(VirtioNetTest, ReceivesFrames) {
    start();
    EXPECT_FALSE(receive(frame(60))) << "there is no buffer";
    ring(receive_queue).add({}, {{header, 12}, {data, 1514}});
    EXPECT_TRUE(receive(frame(60)));
    EXPECT_EQ(ring(receive_queue).take_used()->written, 72u);
    EXPECT_THAT(at(header, 12), testing::ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0));
    EXPECT_THAT(at(data, 60), testing::ElementsAreArray(frame(60)));
    EXPECT_TRUE(machine_.pin.level());
    EXPECT_FALSE(receive(frame(60)));
}

TEST_P(VirtioNetTest, ASmallBufferLosesALargeFrame) {
    start();
    ring(receive_queue).add({}, {{header, 12}, {data, 100}});
    EXPECT_TRUE(receive(frame(101)));
    EXPECT_FALSE(ring(receive_queue).take_used());
    EXPECT_TRUE(receive(frame(100)));
    EXPECT_TRUE(ring(receive_queue).take_used());
}

TEST_P(VirtioNetTest, SpreadsAFrameOverMergedBuffers) {
    start(merged);
    const auto bytes = frame(2500);
    ring(receive_queue).add({}, {{data, 1024}});
    ring(receive_queue).add({}, {{data + 0x1000, 1024}});
    EXPECT_FALSE(receive(bytes)) << "there is not enough room yet";
    EXPECT_FALSE(ring(receive_queue).take_used());
    ring(receive_queue).add({}, {{data + 0x2000, 1024}});
    EXPECT_TRUE(receive(bytes));
    EXPECT_EQ(machine_.memory.get<u16>(data + 10), 3);
    std::vector<u8> found;
    for (const u64 part : {0u, 1u, 2u}) {
        const auto used = ring(receive_queue).take_used();
        ASSERT_TRUE(used);
        EXPECT_EQ(used->written, part == 2 ? 2512 - 2048 : 1024);
        found.insert(found.end(), &at(data + part * 0x1000, 1)[0],
                     &at(data + part * 0x1000, 1)[0] + used->written);
    }
    found.erase(found.begin(), found.begin() + 12);
    EXPECT_EQ(found, bytes);
}

TEST_P(VirtioNetTest, TellsThatTheCableIsPulledOut) {
    const auto link = [this] { return machine_.get(machine_.configuration + 6, 2); };
    EXPECT_TRUE(net().set_link(false));
    EXPECT_EQ(link(), 0u);
    start(1 << 16);
    EXPECT_FALSE(machine_.pin.level()) << "it was so before the driver began";
    EXPECT_FALSE(net().set_link(false));
    EXPECT_FALSE(machine_.pin.level());
    const u64 generation = machine_.get(21, 1);
    EXPECT_TRUE(net().set_link(true));
    EXPECT_TRUE(machine_.pin.level());
    EXPECT_EQ(machine_.get(machine_.interrupt_status, 1), 2u);
    EXPECT_NE(machine_.get(21, 1), generation);
    EXPECT_EQ(link(), 1u);
    net().set_link(false);
    machine_.put_status(0);
    EXPECT_EQ(link(), 0u) << "a reset plugs nothing in";
}

TEST_P(VirtioNetTest, SaysNothingOfACableToThoseWhoDoNotAsk) {
    start();
    EXPECT_TRUE(net().set_link(false));
    EXPECT_FALSE(machine_.pin.level());
}

TEST_P(VirtioNetTest, LosesFramesWhileItIsNotUsed) {
    EXPECT_TRUE(receive(frame(60)));
    start();
    machine_.put_status(0);
    EXPECT_TRUE(receive(frame(60)));
}

TEST_P(VirtioNetTest, NeedsAResetWhenABufferToReceiveIntoIsNoMemory) {
    start();
    ring(receive_queue).add({}, {{machine_.memory.size, 1514}});
    EXPECT_TRUE(receive(frame(60)));
    EXPECT_TRUE(needs_reset());
}

TEST_P(VirtioNetTest, OffersNoOffloadsThatItsLinkDoesNotTake) {
    EXPECT_EQ(machine_.offered() & 0xffff, 1u << 15 | 1 << 5 | 1 << 3 | 1);
    EXPECT_EQ(net().offloads(), Offloads{});
}

TEST_P(OffloadingVirtioNetTest, LeavesTheLinkWhatTheDriverLeaves) {
    start(checksum | host_tcp_4 | host_tcp_6);
    for (const u8 protocol : {Offload::tcp_4, Offload::tcp_6}) {
        send({Offload::needs_checksum, protocol, 54, 1460, 34, 16});
        ASSERT_EQ(sink_.frames.size(), 1u);
        EXPECT_EQ(sink_.frames[0], frame(3000));
        EXPECT_EQ(sink_.offloads[0].flags, Offload::needs_checksum);
        EXPECT_EQ(sink_.offloads[0].segmentation, protocol);
        EXPECT_EQ(sink_.offloads[0].segment_size, 1460);
        EXPECT_EQ(sink_.offloads[0].checksum_start, 34);
        EXPECT_EQ(sink_.offloads[0].checksum_offset, 16);
        sink_ = {};
    }
}

TEST_P(OffloadingVirtioNetTest, DropsWhatWasNotAgreedOnOrMakesNoSense) {
    start(checksum | host_tcp_4);
    send({Offload::needs_checksum, Offload::tcp_6, 54, 1460, 34, 16});
    send({Offload::needs_checksum, 3, 54, 1460, 34, 16});    // UDP
    send({Offload::needs_checksum, 0x81, 54, 1460, 34, 16}); // with congestion notification
    send({Offload::needs_checksum, Offload::tcp_4, 54, 0, 34, 16});
    send({0, Offload::tcp_4, 54, 1460, 34, 16});
    EXPECT_TRUE(sink_.frames.empty());
    EXPECT_FALSE(needs_reset());
}

TEST_P(OffloadingVirtioNetTest, LeavesTheDriverWhatItAgreedOn) {
    EXPECT_EQ(net().offloads(), Offloads{}) << "there is no driver";
    start(guest_checksum | guest_tcp_4);
    EXPECT_EQ(net().offloads(), (Offloads{.checksum = true, .tcp_4 = true}));
    ring(receive_queue).add({}, {{header, 12}, {data, 4000}});
    EXPECT_TRUE(receive(frame(3000), {Offload::needs_checksum, Offload::tcp_4, 54, 1460, 34, 16}));
    EXPECT_EQ(ring(receive_queue).take_used()->written, 3012u);
    EXPECT_THAT(at(header, 12),
                testing::ElementsAre(1, 1, 54, 0, 1460 % 256, 1460 / 256, 34, 0, 16, 0, 1, 0));
    EXPECT_THAT(at(data, 3000), testing::ElementsAreArray(frame(3000)));
    machine_.put_status(0);
    EXPECT_EQ(net().offloads(), Offloads{});
}

/// As after another driver, which agreed to more, has left.
TEST_P(OffloadingVirtioNetTest, FinishesFramesForADriverThatAgreedToNothing) {
    start();
    EXPECT_EQ(net().offloads(), Offloads{});
    ring(receive_queue).add({}, {{header, 12}, {data, 4000}});
    EXPECT_TRUE(receive(frame(3000), {Offload::needs_checksum, Offload::tcp_4, 54, 1460, 34, 16}));
    EXPECT_FALSE(ring(receive_queue).take_used()) << "it is lost";
    EXPECT_TRUE(receive(frame(61), {Offload::needs_checksum, 0, 0, 0, 34, 6}));
    EXPECT_EQ(ring(receive_queue).take_used()->written, 73u);
    EXPECT_THAT(at(header, 12), testing::ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0));
    std::vector<u8> complete = frame(61);
    ASSERT_TRUE(complete_checksum(complete, 34, 6));
    EXPECT_THAT(at(data, 61), testing::ElementsAreArray(complete));
}

INSTANTIATE_TEST_SUITE_P(Rings, OffloadingVirtioNetTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });
INSTANTIATE_TEST_SUITE_P(Rings, VirtioNetTest, testing::Bool(),
                         [](const auto& test) { return test.param ? "Packed" : "Split"; });

} // namespace
} // namespace ringer::device
