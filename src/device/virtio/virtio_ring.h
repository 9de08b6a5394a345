#pragma once

#include "device/virtio/virtio_buffer.h"
#include "state/archive.h"

#include <optional>

namespace ringer::device {

/// Where the three parts of a virtqueue lie and how many descriptors it has (virtio 1.2, 2.6).
struct VirtioRingPlace {
    u16 size = 0;
    GuestPhysical descriptors = 0; ///< The descriptor table, or the descriptor ring.
    GuestPhysical driver = 0;      ///< The available ring, or the driver's event suppression.
    GuestPhysical device = 0;      ///< The used ring, or the device's event suppression.
};
void visit(state::Archive& archive, VirtioRingPlace& place);

/// How far the device has come in a ring.
struct VirtioRingProgress {
    u16 next_available = 0;
    u16 next_used = 0;
    u16 reported_used = 0; ///< next_used when the driver was last considered for an interrupt.
    bool available_wrap = true, used_wrap = true; ///< The wrap counters of a packed ring (2.8.1).
    bool reported_wrap = true;                    ///< used_wrap along with reported_used.
};
void visit(state::Archive& archive, VirtioRingProgress& progress);

/// The features that change how a ring works.
struct VirtioRingFeatures {
    bool indirect = false, event_index = false, packed = false;
};

/// The device's side of a virtqueue's memory. Everything in it is the guest's and may be anything: where an
/// answer says so, the guest has broken a rule, and the device needs a reset.
class VirtioRing {
  public:
    enum class Taken : u8 { buffer, nothing, broken };

    /// More descriptors than this are broken, in whatever tables they are.
    static constexpr unsigned most_descriptors = 1024;

    virtual ~VirtioRing() = default;

    /// Takes the next available buffer.
    virtual Taken take(VirtioBuffer& buffer) = 0;

    /// Gives one back, with the number of bytes written to it. False: broken.
    virtual bool give(const VirtioBuffer& buffer, u32 written) = 0;

    /// Whether the driver wants to be interrupted for what was given back since the last time it was asked;
    /// nullopt: broken.
    virtual std::optional<bool> wants_interrupt() = 0;

    /// Asks the driver to notify of the next buffer that it makes available. False: broken.
    virtual bool ask_for_notification() = 0;
};

/// What the two kinds of ring share: accesses to memory, and descriptors that refer to tables of more.
class VirtioRingBase : public VirtioRing {
  protected:
    /// A descriptor, whose last two fields the kinds of ring order differently.
    struct Descriptor {
        u64 address;
        u32 size;
        u16 id, flags;
    };
    static constexpr u16 has_next = 1 << 0, is_writable = 1 << 1, is_indirect = 1 << 2;
    static constexpr u64 descriptor_size = 16;

    VirtioRingBase(memory::AddressSpace& memory, const VirtioRingPlace& place,
                   const VirtioRingFeatures& features, VirtioRingProgress& progress)
        : memory_(memory), place_(place), features_(features), progress_(progress) {}

    template <class T>
    [[nodiscard]] bool load(GuestPhysical address, T& value) const {
        return memory_.read_ram(address, std::span(reinterpret_cast<u8*>(&value), sizeof(value)));
    }
    template <class T>
    [[nodiscard]] bool store(GuestPhysical address, const T& value) {
        return memory_.write_ram(address, std::span(reinterpret_cast<const u8*>(&value), sizeof(value)));
    }

    /// Appends what a descriptor, which refers to no table, describes. False: broken.
    static bool append(VirtioBuffer& buffer, const Descriptor& descriptor);

    /// Whether `flags` make a descriptor of an indirect table of `size` bytes that is allowed.
    bool is_valid_table(u16 flags, u32 size) const;

    memory::AddressSpace& memory_;
    const VirtioRingPlace& place_;
    const VirtioRingFeatures& features_;
    VirtioRingProgress& progress_;
};

/// A split virtqueue (virtio 1.2, 2.7).
class VirtioSplitRing final : public VirtioRingBase {
  public:
    VirtioSplitRing(memory::AddressSpace& memory, const VirtioRingPlace& place,
                    const VirtioRingFeatures& features, VirtioRingProgress& progress)
        : VirtioRingBase(memory, place, features, progress) {}

    static bool is_valid(const VirtioRingPlace& place);

    Taken take(VirtioBuffer& buffer) override;
    bool give(const VirtioBuffer& buffer, u32 written) override;
    std::optional<bool> wants_interrupt() override;
    bool ask_for_notification() override;

  private:
    bool follow(VirtioBuffer& buffer, GuestPhysical table, u32 entries, u16 first, bool in_table);
};

/// A packed virtqueue (virtio 1.2, 2.8).
class VirtioPackedRing final : public VirtioRingBase {
  public:
    VirtioPackedRing(memory::AddressSpace& memory, const VirtioRingPlace& place,
                     const VirtioRingFeatures& features, VirtioRingProgress& progress)
        : VirtioRingBase(memory, place, features, progress) {}

    static bool is_valid(const VirtioRingPlace& place);

    Taken take(VirtioBuffer& buffer) override;
    bool give(const VirtioBuffer& buffer, u32 written) override;
    std::optional<bool> wants_interrupt() override;
    bool ask_for_notification() override;

  private:
    bool load_descriptor(u16 index, Descriptor& descriptor) const;
    bool append_table(VirtioBuffer& buffer, const Descriptor& descriptor);
    void advance(u16& index, bool& wrap, u16 count) const;
};

} // namespace ringer::device
