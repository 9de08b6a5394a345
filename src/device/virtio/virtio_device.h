#pragma once

#include "device/virtio/virtio_queue.h"
#include "state/archive.h"

#include <vector>

namespace ringer::device {

/// Feature bits that are not of one type of device (virtio 1.2, 6).
namespace virtio_feature {
inline constexpr unsigned indirect_descriptors = 28, event_index = 29, version_1 = 32, packed_ring = 34;
} // namespace virtio_feature

/// What a device reaches through its transport.
class VirtioTransport {
  public:
    virtual ~VirtioTransport() = default;

    /// Whether the driver has begun to use the device and nothing keeps the device from working.
    virtual bool is_running() const = 0;

    /// Whether the feature of this bit was agreed on.
    virtual bool has(unsigned feature) const = 0;

    virtual VirtioQueue& queue(unsigned index) = 0;

    /// Interrupts the driver if it wants that for what was given back to queue `index`, and notices when a
    /// queue was found broken: what a device calls once it is done with a queue for now.
    virtual void finish(unsigned index) = 0;

    /// The device's configuration has changed by itself (4.1.4.3, 4.1.5.4).
    virtual void configuration_changed() = 0;
};

/// What makes a virtio device one of its type (virtio 1.2, 5): its features, its configuration and what it
/// does with its queues.
class VirtioDevice {
  public:
    virtual ~VirtioDevice() = default;

    /// The device ID (5), and the PCI class that goes with it.
    virtual u16 type() const = 0;
    virtual u32 class_code() const = 0;

    /// The bits offered besides those of the transport.
    virtual u64 features() const = 0;

    /// Whether packed rings are offered; split ones always are.
    virtual bool has_packed_rings() const { return true; }

    /// The greatest size of each queue; as many queues as there are.
    virtual std::vector<u16> queue_sizes() const = 0;

    /// A byte of the configuration; what lies past its end reads as 0.
    virtual u8 read_configuration(u64 offset) const = 0;
    virtual void write_configuration(u64, u8) {}

    /// There may be buffers in queue `index`: the driver has notified the device, or has begun to use it.
    virtual void notified(unsigned index) = 0;

    virtual void reset() = 0;

    /// As Device::visit().
    virtual void visit(state::Archive& archive) = 0;

    /// From now on it is behind `transport`, which must outlive its use.
    void attach(VirtioTransport& transport) { transport_ = &transport; }

  protected:
    VirtioTransport& transport() const { return *transport_; }

  private:
    VirtioTransport* transport_ = nullptr;
};

} // namespace ringer::device
