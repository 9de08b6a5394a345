#pragma once

#include "device/network/frame_sink.h"
#include "device/virtio/virtio_device.h"

#include <array>
#include <span>
#include <vector>

namespace ringer::device {

/// A network interface (virtio 1.2, 5.1) with one queue in each direction. What the guest sends goes to a
/// FrameSink, and what it receives is offered to it between two runs of the vCPU.
class VirtioNet final : public VirtioDevice {
  public:
    static constexpr u16 queue_size = 256;

    struct Options {
        MacAddress mac;
        /// The greatest size of an IP packet, 68 to 65535; the driver is told when it is not Ethernet's own.
        u16 mtu = ethernet_mtu;
        /// Whether `sink` takes frames with something left to be done, so that the driver may leave it.
        bool has_offloads = false;
    };

    /// `sink` must outlive the device.
    VirtioNet(FrameSink& sink, const Options& options) : sink_(sink), options_(options) {}

    u16 type() const override { return 1; }
    u32 class_code() const override { return 0x02'0000; } // Ethernet
    u64 features() const override;
    std::vector<u16> queue_sizes() const override { return {queue_size, queue_size}; }
    u8 read_configuration(u64 offset) const override;
    void notified(unsigned index) override;
    void reset() override {}
    void visit(state::Archive& archive) override;

    /// Plugs the cable in, as it is in the beginning, or pulls it out. True: it was not so.
    bool set_link(bool is_up);

    /// Whether the driver may have room for a frame.
    bool can_receive() const;

    /// What may be left to be done on frames that are received.
    Offloads offloads() const;

    /// Gives the driver a frame of at most most_frame bytes. False: there is no room now, and the frame is to
    /// be offered again. A frame that will never fit is taken, and lost.
    bool receive(const Frame& frame);

    /// To be called after frames were received: interrupts the driver.
    void end_of_frames();

  private:
    void transmit_all();
    bool transmit(VirtioQueue& queue, const VirtioBuffer& buffer);
    bool finish_sent(Offload& offload);
    bool finish_received(std::span<u8> frame, Offload& offload) const;
    bool has_merged_buffers() const;
    std::optional<std::vector<VirtioBuffer>> take_room(VirtioQueue& queue, u64 size);

    struct State {
        bool link_is_up = true; ///< A reset does not change it.
    };

    FrameSink& sink_;
    const Options options_;
    State state_;
    std::vector<u8> frame_;
};

} // namespace ringer::device
