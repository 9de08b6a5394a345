#pragma once

#include "base/types.h"
#include "memory/region.h"

#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace ringer::memory {

inline constexpr unsigned page_shift = 12;
inline constexpr u64 page_size = u64{1} << page_shift;

/// What is known of one page of guest RAM besides its contents.
enum PageFlag : u8 {
    page_has_code = 1,  ///< An engine holds decoded or translated instructions of this page.
    page_dirty = 2,     ///< Written since AddressSpace::take_dirty_pages() last cleared the flag.
    page_was_dirty = 4, ///< Written before that.
    page_read_only = 8, ///< Writes do not reach it (AddressSpace::set_shadow()).
};

/// One of them is set in every page that was ever written.
inline constexpr u8 page_touched = page_dirty | page_was_dirty;

/// A run of guest RAM, as KVM's memory slot: `host` holds the bytes of [base, base + host.size()).
/// Both are multiples of the page size, as is where the bytes lie if a translator is to run the guest: what a
/// guest's instruction aligns must be aligned for the host's. The owner of the bytes keeps them alive as long
/// as the slot.
struct RamSlot {
    GuestPhysical base;
    std::span<u8> host;
};

/// What of a page of RAM the vCPU reaches.
struct RamAccess {
    bool read = true;
    bool write = true;
};

/// Told when a page that an engine has marked with page_has_code is about to change.
class CodeWatcher {
  public:
    virtual ~CodeWatcher() = default;
    virtual void code_written(GuestPhysical address, u64 size) = 0;
    /// Other RAM can be read or written than before: where an address lies in host memory is to be asked
    /// anew.
    virtual void ram_remapped() = 0;
};

/// One guest address space: physical memory (RAM slots and device regions), or the x86 I/O ports (device
/// regions alone). Reads that nothing answers give all ones, writes vanish, as on a PC's bus.
///
/// Regions may not overlap one another or RAM, except for shadow RAM; that is asserted when they are added.
/// Movable RAM is only ever seen where nothing else is.
/// Where an access finds neither RAM nor a region, the backstop answers, if there is one.
class AddressSpace {
  public:
    void add_ram(RamSlot slot);

    /// Adds RAM that can be taken out of the vCPU's sight by set_shadow(): reads and writes that do not reach
    /// it go to the region behind it. All of it can be reached at first.
    void add_shadow_ram(RamSlot slot);

    /// What is reached of the slot of shadow RAM that was added at `base`.
    void set_shadow(GuestPhysical base, RamAccess access);

    /// Adds RAM of a device's own, which a base address register moves about. It lies out of sight, where no
    /// vCPU and no DMA reaches it, until move_ram() says otherwise. Returns the number of its slot.
    std::size_t add_movable_ram(std::span<u8> host);

    /// Has the movable RAM `slot` seen at `base`, or nowhere: nullopt, or when a region or other RAM answers
    /// for any part of that place. Code held of it is dropped.
    void move_ram(std::size_t slot, std::optional<GuestPhysical> base);

    /// Has accesses that nothing else answers answered by `region`, at offsets that are their addresses. Not
    /// owned; it must outlive the address space.
    void set_backstop(Region& region) { backstop_ = &region; }

    /// Maps [base, base + size) to `region`, which is not owned and must outlive the address space.
    void add_region(GuestPhysical base, u64 size, Region& region);

    /// Takes away the region that was added at `base` (a PCI BAR moves).
    void remove_region(GuestPhysical base);

    /// Where `address` lies in host memory, or nullptr when it is not RAM that can be read. Valid to the end
    /// of its page.
    u8* ram(GuestPhysical address) const;

    /// The same of RAM that can be written, and of RAM whether or not it can be reached.
    u8* writable_ram(GuestPhysical address) const;
    u8* any_ram(GuestPhysical address) const;

    /// The PageFlag bits of the page of RAM that holds `address`; nullptr when it is not RAM.
    u8* page_flags(GuestPhysical address) const;

    /// One access of 1, 2, 4 or 8 bytes by a vCPU, little-endian. An access that crosses from one page of RAM
    /// into another, or leaves a region, is split into bytes. When one of those is answered "not yet", the
    /// bytes before it have been accessed already and will be again.
    [[nodiscard]] Answer read(GuestPhysical address, unsigned size, u64& value);
    [[nodiscard]] Answer write(GuestPhysical address, unsigned size, u64 value);

    /// Copies between RAM and a buffer, for devices (DMA) and loaders. False, with nothing copied, when any
    /// part of the range is not RAM. Shadow RAM is reached whatever the vCPU sees of it.
    [[nodiscard]] bool read_ram(GuestPhysical address, std::span<u8> destination) const;
    [[nodiscard]] bool write_ram(GuestPhysical address, std::span<const u8> source);

    /// Must be called before RAM in [address, address + size) is written by way of ram(): drops code held of
    /// it and marks it dirty. The range lies within one page.
    void note_write(GuestPhysical address, u64 size);

    /// Whoever owns the host memory of RAM: makes it zeros and lets the host have it until it is written
    /// again.
    void set_releaser(std::function<void(std::span<u8>)> release) { release_ = std::move(release); }

    /// Makes the whole pages of [address, address + size) zeros, where they are RAM that neither moves nor is
    /// shadowed, and gives them back to whoever owns them. Code held of them is dropped, and they count as
    /// written; where they lie does not change. Returns how many bytes they were.
    u64 release_ram(GuestPhysical address, u64 size);

    /// The pages of RAM that were written since the last call, slot by slot in ascending order. They count as
    /// clean from now on, so a vCPU that writes them without note_write() has to be told
    /// (engine::Vcpu::watch_writes()).
    std::vector<GuestPhysical> take_dirty_pages();

    void watch_code(CodeWatcher* watcher) { code_watcher_ = watcher; }

    struct Slot : RamSlot {
        mutable std::vector<u8> flags; ///< One byte a page.
        bool is_shadow;
        bool is_readable = true;
        bool is_movable = false;
    };
    const std::vector<Slot>& ram_slots() const { return slots_; }

  private:
    struct Mapping {
        GuestPhysical base;
        u64 size;
        Region* region;
    };

    /// Asserts that [base, base + size) is not empty, does not wrap and is not in use.
    void check_free(GuestPhysical base, u64 size) const;
    Slot& add_slot(RamSlot slot, bool is_shadow);
    bool is_free_for(const Slot& slot, GuestPhysical base) const;
    /// Sets what the vCPU reaches of a slot.
    void set_access(Slot& slot, RamAccess access);
    const Slot* slot_at(GuestPhysical address) const;

    /// The rest of the slot that holds `address`, from there on; empty when it is not RAM.
    std::span<u8> ram_from(GuestPhysical address) const;

    bool is_ram(GuestPhysical address, u64 size) const;

    /// The region, or the backstop, that answers for all of an access, and the offset in it. nullptr: it
    /// reaches several, or there is none.
    struct Target {
        Region* region;
        u64 offset;
    };
    Target target_of(GuestPhysical address, unsigned size) const;

    Answer read_bytes(GuestPhysical address, unsigned size, u64& value);
    Answer write_bytes(GuestPhysical address, unsigned size, u64 value);

    std::vector<Slot> slots_;
    std::vector<Mapping> mappings_; ///< Sorted by base.
    Region* backstop_ = nullptr;
    CodeWatcher* code_watcher_ = nullptr;
    std::function<void(std::span<u8>)> release_; ///< Empty: nobody wants it back.
};

} // namespace ringer::memory
