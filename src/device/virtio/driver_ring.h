#pragma once

#include "base/assert.h"
#include "device/virtio/virtio_ring.h"

#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace ringer::device::fixture {

/// RAM as a driver sees it.
class DriverMemory {
  public:
    static constexpr u64 size = 0x10'0000;

    explicit DriverMemory(std::vector<u8> contents = std::vector<u8>(size)) : bytes(std::move(contents)) {
        space.add_ram({0, bytes});
    }

    template <class T>
    T get(u64 address) const {
        T value;
        std::memcpy(&value, &bytes.at(address + sizeof(T) - 1) - (sizeof(T) - 1), sizeof(T));
        return value;
    }
    template <class T>
    void put(u64 address, T value) {
        std::memcpy(&bytes.at(address + sizeof(T) - 1) - (sizeof(T) - 1), &value, sizeof(T));
    }
    void put_bytes(u64 address, std::span<const u8> contents) {
        for (const u8 byte : contents) bytes.at(address++) = byte;
    }

    std::vector<u8> bytes;
    memory::AddressSpace space;
};

/// What a driver finds used.
struct Used {
    u16 id;
    u32 written;
    bool operator==(const Used&) const = default;
};

/// The driver's side of a virtqueue, written to the specification by itself so that it can tell whether the
/// device's is right. Descriptors are handed out one after the other and never while in use: tests keep no
/// more than a ring's worth under way.
class DriverRing {
  public:
    using Segments = std::vector<VirtioSegment>;

    DriverRing(DriverMemory& memory, const VirtioRingPlace& place) : memory_(memory), place_(place) {}
    virtual ~DriverRing() = default;

    const VirtioRingPlace& place() const { return place_; }

    /// Makes a buffer available and returns its id.
    virtual u16 add(const Segments& readable, const Segments& writable) = 0;
    /// The same by way of an indirect table, which is put at `table`.
    virtual u16 add_indirect(u64 table, const Segments& readable, const Segments& writable) = 0;
    virtual std::optional<Used> take_used() = 0;

    /// What the driver says of interrupts, and the device of notifications.
    virtual void want_no_interrupts() = 0;
    /// When as many buffers more were used.
    virtual void want_interrupt_after(u16 buffers) = 0;
    /// Whether the device wants to be notified of the buffer added last, by the event index.
    virtual bool must_notify() = 0;

  protected:
    static constexpr u16 has_next = 1, is_writable = 2, is_indirect = 4;

    DriverMemory& memory_;
    VirtioRingPlace place_;
};

class SplitDriverRing final : public DriverRing {
  public:
    using DriverRing::DriverRing;

    u16 add(const Segments& readable, const Segments& writable) override {
        const u16 head = put_chain(place_.descriptors, next_descriptor_, place_.size, readable, writable);
        next_descriptor_ =
            static_cast<u16>((next_descriptor_ + readable.size() + writable.size()) % place_.size);
        return offer(head);
    }
    u16 add_indirect(u64 table, const Segments& readable, const Segments& writable) override {
        const auto count = static_cast<u32>(readable.size() + writable.size());
        put_chain(table, 0, count, readable, writable);
        const u16 head = next_descriptor_++ % place_.size;
        put_descriptor(place_.descriptors + 16 * head, table, 16 * count, is_indirect, 0);
        return offer(head);
    }
    u16 offer(u16 head) {
        const u16 index = available_++;
        memory_.put<u16>(place_.driver + 4 + 2 * (index % place_.size), head);
        memory_.put<u16>(place_.driver + 2, available_);
        return head;
    }
    std::optional<Used> take_used() override {
        if (memory_.get<u16>(place_.device + 2) == used_) return std::nullopt;
        const u64 entry = place_.device + 4 + 8 * (used_++ % place_.size);
        return Used{static_cast<u16>(memory_.get<u32>(entry)), memory_.get<u32>(entry + 4)};
    }
    void want_no_interrupts() override { memory_.put<u16>(place_.driver, 1); }
    void want_interrupt_after(u16 buffers) override {
        memory_.put<u16>(place_.driver + 4 + 2 * place_.size, static_cast<u16>(used_ + buffers - 1));
    }
    bool must_notify() override {
        return memory_.get<u16>(place_.device + 4 + 8 * place_.size) == static_cast<u16>(available_ - 1);
    }
    void put_descriptor(u64 at, u64 address, u32 size, u16 flags, u16 next) {
        memory_.put(at, address);
        memory_.put(at + 8, size);
        memory_.put(at + 12, flags);
        memory_.put(at + 14, next);
    }

  private:
    u16 put_chain(u64 table, u16 first, u32 entries, const Segments& readable, const Segments& writable) {
        const std::size_t count = readable.size() + writable.size();
        for (std::size_t i = 0; i < count; ++i) {
            const bool writes = i >= readable.size();
            const VirtioSegment& segment = writes ? writable[i - readable.size()] : readable[i];
            const u16 flags = (writes ? is_writable : 0) | (i + 1 < count ? has_next : 0);
            put_descriptor(table + 16 * ((first + i) % entries), segment.address, segment.size, flags,
                           static_cast<u16>((first + i + 1) % entries));
        }
        return first;
    }

    u16 next_descriptor_ = 0, available_ = 0, used_ = 0;
};

class PackedDriverRing final : public DriverRing {
  public:
    using DriverRing::DriverRing;

    u16 add(const Segments& readable, const Segments& writable) override {
        const std::size_t count = readable.size() + writable.size();
        const u16 id = next_id_++;
        slots_[id % slots_.size()] = static_cast<u16>(count);
        for (std::size_t i = 0; i < count; ++i) {
            const bool writes = i >= readable.size();
            const VirtioSegment& segment = writes ? writable[i - readable.size()] : readable[i];
            put(segment.address, segment.size, id,
                (writes ? is_writable : 0) | (i + 1 < count ? has_next : 0));
        }
        return id;
    }
    u16 add_indirect(u64 table, const Segments& readable, const Segments& writable) override {
        u64 at = table;
        for (const VirtioSegment& each : readable) at = put_entry(at, each, 0);
        for (const VirtioSegment& each : writable) at = put_entry(at, each, is_writable);
        const u16 id = next_id_++;
        slots_[id % slots_.size()] = 1;
        put(table, static_cast<u32>(at - table), id, is_indirect);
        return id;
    }
    std::optional<Used> take_used() override {
        const u64 at = place_.descriptors + 16 * used_;
        const u16 flags = memory_.get<u16>(at + 14);
        if ((flags >> 7 & 1) != used_wrap_ || (flags >> 15 & 1) != used_wrap_) return std::nullopt;
        const Used used{memory_.get<u16>(at + 12), memory_.get<u32>(at + 8)};
        advance(used_, used_wrap_, slots_[used.id % slots_.size()]);
        return used;
    }
    void want_no_interrupts() override { memory_.put<u16>(place_.driver + 2, 1); }
    /// Buffers of one descriptor.
    void want_interrupt_after(u16 buffers) override {
        u16 place = used_;
        bool wrap = used_wrap_;
        advance(place, wrap, static_cast<u16>(buffers - 1));
        memory_.put<u16>(place_.driver, static_cast<u16>(place | wrap << 15));
        memory_.put<u16>(place_.driver + 2, 2);
    }
    bool must_notify() override {
        const u16 flags = memory_.get<u16>(place_.device + 2);
        if (flags != 2) return flags == 0;
        return memory_.get<u16>(place_.device) == (last_ | last_wrap_ << 15);
    }

  private:
    u64 put_entry(u64 at, const VirtioSegment& segment, u16 flags) {
        memory_.put(at, segment.address);
        memory_.put(at + 8, segment.size);
        memory_.put<u16>(at + 14, flags);
        return at + 16;
    }
    void put(u64 address, u32 size, u16 id, u16 flags) {
        const u64 at = place_.descriptors + 16 * next_;
        memory_.put(at, address);
        memory_.put(at + 8, size);
        memory_.put(at + 12, id);
        memory_.put<u16>(at + 14, static_cast<u16>(flags | (wrap_ ? 1 << 7 : 1 << 15)));
        last_ = next_;
        last_wrap_ = wrap_;
        advance(next_, wrap_, 1);
    }
    void advance(u16& index, bool& wrap, u16 count) const {
        index = static_cast<u16>(index + count);
        if (index < place_.size) return;
        index = static_cast<u16>(index - place_.size);
        wrap = !wrap;
    }

    u16 next_ = 0, used_ = 0, last_ = 0, next_id_ = 100;
    bool wrap_ = true, used_wrap_ = true, last_wrap_ = true;
    std::array<u16, 256> slots_{};
};

inline std::unique_ptr<DriverRing> make_ring(bool packed, DriverMemory& memory,
                                             const VirtioRingPlace& place) {
    if (packed) return std::make_unique<PackedDriverRing>(memory, place);
    return std::make_unique<SplitDriverRing>(memory, place);
}

} // namespace ringer::device::fixture
