#include "memory/address_space.h"

#include "base/assert.h"
#include "base/bits.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace ringer::memory {

static_assert(std::endian::native == std::endian::little, "guest and host share their byte order");

namespace {

bool overlap(GuestPhysical a, u64 a_size, GuestPhysical b, u64 b_size) {
    return a < b + b_size && b < a + a_size;
}

bool is_access_size(unsigned size) { return size <= 8 && std::has_single_bit(size); }

/// Where movable RAM lies while it is out of sight: beyond every physical address (52 bits), each slot by
/// itself.
constexpr GuestPhysical out_of_sight(std::size_t slot) { return u64{1} << 63 | u64{slot} << 40; }

u64 rest_of_page(GuestPhysical address) { return page_size - (address & (page_size - 1)); }

} // namespace

void AddressSpace::check_free(GuestPhysical base, u64 size) const {
    RINGER_ASSERT(size > 0);
    RINGER_ASSERT(size <= std::numeric_limits<u64>::max() - base);
    for (const Slot& slot : slots_)
        RINGER_ASSERT(slot.is_shadow || slot.is_movable || !overlap(base, size, slot.base, slot.host.size()));
    for (const Mapping& mapping : mappings_) RINGER_ASSERT(!overlap(base, size, mapping.base, mapping.size));
}

void AddressSpace::add_ram(RamSlot slot) {
    check_free(slot.base, slot.host.size());
    add_slot(slot, false);
}

void AddressSpace::add_shadow_ram(RamSlot slot) { add_slot(slot, true); }

std::size_t AddressSpace::add_movable_ram(std::span<u8> host) {
    const std::size_t number = slots_.size();
    Slot& slot = add_slot({out_of_sight(number), host}, false);
    slot.is_movable = true;
    set_access(slot, {.read = false, .write = false});
    return number;
}

AddressSpace::Slot& AddressSpace::add_slot(RamSlot slot, bool is_shadow) {
    const u64 size = slot.host.size();
    RINGER_ASSERT(size > 0 && is_aligned(slot.base, page_size) && is_aligned(size, page_size));
    for (const Slot& other : slots_) RINGER_ASSERT(!overlap(slot.base, size, other.base, other.host.size()));
    return slots_.emplace_back(Slot{{slot.base, slot.host}, std::vector<u8>(size >> page_shift), is_shadow});
}

void AddressSpace::set_shadow(GuestPhysical base, RamAccess access) {
    const auto place = std::ranges::find(slots_, base, &Slot::base);
    RINGER_ASSERT(place != slots_.end() && place->is_shadow);
    set_access(*place, access);
}

void AddressSpace::set_access(Slot& slot, RamAccess access) {
    for (std::size_t page = 0; page < slot.flags.size(); ++page) {
        u8& flags = slot.flags[page];
        if ((flags & page_has_code) && code_watcher_)
            code_watcher_->code_written(slot.base + (page << page_shift), page_size);
        flags = static_cast<u8>(access.write ? flags & ~page_read_only : flags | page_read_only);
    }
    slot.is_readable = access.read;
    if (code_watcher_) code_watcher_->ram_remapped();
}

bool AddressSpace::is_free_for(const Slot& slot, GuestPhysical base) const {
    const u64 size = slot.host.size();
    return is_aligned(base, page_size) && base <= out_of_sight(0) - size &&
           std::ranges::none_of(slots_,
                                [&](const Slot& other) {
                                    return &other != &slot &&
                                           overlap(base, size, other.base, other.host.size());
                                }) &&
           std::ranges::none_of(mappings_, [&](const Mapping& mapping) {
               return overlap(base, size, mapping.base, mapping.size);
           });
}

void AddressSpace::move_ram(std::size_t number, std::optional<GuestPhysical> base) {
    Slot& slot = slots_.at(number);
    RINGER_ASSERT(slot.is_movable);
    const bool is_seen = base && is_free_for(slot, *base);
    const GuestPhysical place = is_seen ? *base : out_of_sight(number);
    if (place == slot.base) return;
    set_access(slot, {.read = false, .write = false});
    slot.base = place;
    if (is_seen) set_access(slot, {});
}

void AddressSpace::add_region(GuestPhysical base, u64 size, Region& region) {
    check_free(base, size);
    auto place = std::ranges::upper_bound(mappings_, base, {}, &Mapping::base);
    mappings_.insert(place, Mapping{base, size, &region});
}

void AddressSpace::remove_region(GuestPhysical base) {
    auto place = std::ranges::lower_bound(mappings_, base, {}, &Mapping::base);
    RINGER_ASSERT(place != mappings_.end() && place->base == base);
    mappings_.erase(place);
}

const AddressSpace::Slot* AddressSpace::slot_at(GuestPhysical address) const {
    for (const Slot& slot : slots_)
        if (address - slot.base < slot.host.size()) return &slot;
    return nullptr;
}

std::span<u8> AddressSpace::ram_from(GuestPhysical address) const {
    const Slot* const slot = slot_at(address);
    const bool is_out_of_sight = slot && slot->is_movable && !slot->is_readable;
    return slot && !is_out_of_sight ? slot->host.subspan(address - slot->base) : std::span<u8>();
}

u8* AddressSpace::ram(GuestPhysical address) const {
    const Slot* const slot = slot_at(address);
    return slot && slot->is_readable ? slot->host.data() + (address - slot->base) : nullptr;
}

u8* AddressSpace::writable_ram(GuestPhysical address) const {
    const u8* const flags = page_flags(address);
    return flags && !(*flags & page_read_only) ? any_ram(address) : nullptr;
}

u8* AddressSpace::any_ram(GuestPhysical address) const {
    const Slot* const slot = slot_at(address);
    return slot ? slot->host.data() + (address - slot->base) : nullptr;
}

u8* AddressSpace::page_flags(GuestPhysical address) const {
    const Slot* const slot = slot_at(address);
    return slot ? slot->flags.data() + ((address - slot->base) >> page_shift) : nullptr;
}

AddressSpace::Target AddressSpace::target_of(GuestPhysical address, unsigned size) const {
    const auto after = std::ranges::upper_bound(mappings_, address, {}, &Mapping::base);
    if (after != mappings_.begin()) {
        const Mapping& mapping = *std::prev(after);
        const u64 offset = address - mapping.base;
        if (offset < mapping.size) return {size <= mapping.size - offset ? mapping.region : nullptr, offset};
    }
    const bool reaches_a_region = after != mappings_.end() && after->base - address < size;
    return {reaches_a_region ? nullptr : backstop_, address};
}

Answer AddressSpace::read(GuestPhysical address, unsigned size, u64& value) {
    RINGER_ASSERT(is_access_size(size));
    if (const u8* host = ram(address)) {
        if (size > rest_of_page(address)) return read_bytes(address, size, value);
        value = 0;
        std::memcpy(&value, host, size);
        return Answer::now;
    }
    if (const auto [region, offset] = target_of(address, size); region) {
        value = 0;
        const Answer answer = region->read(offset, size, value);
        value &= byte_mask(size);
        return answer;
    }
    if (size > 1) return read_bytes(address, size, value);
    value = 0xff;
    return Answer::now;
}

Answer AddressSpace::read_bytes(GuestPhysical address, unsigned size, u64& value) {
    value = 0;
    for (unsigned i = 0; i < size; ++i) {
        u64 byte = 0;
        if (read(address + i, 1, byte) == Answer::not_yet) return Answer::not_yet;
        value |= byte << (8 * i);
    }
    return Answer::now;
}

Answer AddressSpace::write(GuestPhysical address, unsigned size, u64 value) {
    RINGER_ASSERT(is_access_size(size));
    if (u8* host = writable_ram(address)) {
        if (size > rest_of_page(address)) return write_bytes(address, size, value);
        note_write(address, size);
        std::memcpy(host, &value, size);
        return Answer::now;
    }
    if (const auto [region, offset] = target_of(address, size); region)
        return region->write(offset, size, value & byte_mask(size));
    return size > 1 ? write_bytes(address, size, value) : Answer::now;
}

Answer AddressSpace::write_bytes(GuestPhysical address, unsigned size, u64 value) {
    for (unsigned i = 0; i < size; ++i)
        if (write(address + i, 1, value >> (8 * i)) == Answer::not_yet) return Answer::not_yet;
    return Answer::now;
}

bool AddressSpace::is_ram(GuestPhysical address, u64 size) const {
    while (size > 0) {
        const u64 here = ram_from(address).size();
        if (here == 0) return false;
        if (here >= size) return true;
        address += here;
        size -= here;
    }
    return true;
}

bool AddressSpace::read_ram(GuestPhysical address, std::span<u8> destination) const {
    if (!is_ram(address, destination.size())) return false;
    while (!destination.empty()) {
        const std::span<const u8> here = ram_from(address);
        const u64 size = std::min(destination.size(), here.size());
        std::memcpy(destination.data(), here.data(), size);
        destination = destination.subspan(size);
        address += size;
    }
    return true;
}

bool AddressSpace::write_ram(GuestPhysical address, std::span<const u8> source) {
    if (!is_ram(address, source.size())) return false;
    while (!source.empty()) {
        const u64 size = std::min(source.size(), rest_of_page(address));
        note_write(address, size);
        std::memcpy(any_ram(address), source.data(), size);
        source = source.subspan(size);
        address += size;
    }
    return true;
}

void AddressSpace::note_write(GuestPhysical address, u64 size) {
    u8* flags = page_flags(address);
    RINGER_ASSERT(flags && size <= rest_of_page(address));
    if ((*flags & page_has_code) && code_watcher_) code_watcher_->code_written(address, size);
    *flags |= page_dirty;
}

u64 AddressSpace::release_ram(GuestPhysical address, u64 size) {
    constexpr u64 most = std::numeric_limits<u64>::max() - page_size;
    if (address > most || size > most - address) return 0;
    const GuestPhysical end = align_down(address + size, page_size);
    u64 released = 0;
    for (u64 piece = page_size, at = align_up(address, page_size); at < end; at += piece) {
        const Slot* const slot = slot_at(at);
        piece = slot ? std::min(end - at, slot->base + slot->host.size() - at) : page_size;
        if (!slot || slot->is_shadow || slot->is_movable) continue;
        for (u64 page = at; page < at + piece; page += page_size) note_write(page, page_size);
        const std::span<u8> host = slot->host.subspan(at - slot->base, piece);
        if (release_)
            release_(host);
        else
            std::ranges::fill(host, u8{0});
        released += piece;
    }
    return released;
}

std::vector<GuestPhysical> AddressSpace::take_dirty_pages() {
    constexpr u64 dirty_anywhere = page_dirty * 0x0101'0101'0101'0101;
    std::vector<GuestPhysical> pages;
    for (const Slot& slot : slots_) {
        std::vector<u8>& flags = slot.flags;
        for (std::size_t first = 0; first < flags.size(); first += sizeof(u64)) {
            // Eight at a time, for most pages are clean.
            const std::size_t count = std::min(flags.size() - first, sizeof(u64));
            u64 eight = 0;
            std::memcpy(&eight, &flags[first], count);
            if (!(eight & dirty_anywhere)) continue;
            for (std::size_t page = first; page < first + count; ++page) {
                if (!(flags[page] & page_dirty)) continue;
                flags[page] = static_cast<u8>((flags[page] & ~page_dirty) | page_was_dirty);
                pages.push_back(slot.base + (u64{page} << page_shift));
            }
        }
    }
    return pages;
}

} // namespace ringer::memory
