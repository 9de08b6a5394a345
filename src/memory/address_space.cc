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

u64 rest_of_page(GuestPhysical address) { return page_size - (address & (page_size - 1)); }

} // namespace

void AddressSpace::check_free(GuestPhysical base, u64 size) const {
    RINGER_ASSERT(size > 0);
    RINGER_ASSERT(size <= std::numeric_limits<u64>::max() - base);
    for (const RamSlot& slot : slots_) RINGER_ASSERT(!overlap(base, size, slot.base, slot.host.size()));
    for (const Mapping& mapping : mappings_) RINGER_ASSERT(!overlap(base, size, mapping.base, mapping.size));
}

void AddressSpace::add_ram(RamSlot slot) {
    RINGER_ASSERT(is_aligned(slot.base, page_size) && is_aligned(slot.host.size(), page_size));
    check_free(slot.base, slot.host.size());
    slots_.push_back(slot);
    flags_.emplace_back(slot.host.size() >> page_shift);
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

std::span<u8> AddressSpace::ram_from(GuestPhysical address) const {
    for (const RamSlot& slot : slots_) {
        const u64 offset = address - slot.base;
        if (offset < slot.host.size()) return slot.host.subspan(offset);
    }
    return {};
}

u8* AddressSpace::ram(GuestPhysical address) const {
    for (const RamSlot& slot : slots_) {
        const u64 offset = address - slot.base;
        if (offset < slot.host.size()) return slot.host.data() + offset;
    }
    return nullptr;
}

u8* AddressSpace::page_flags(GuestPhysical address) const {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const u64 offset = address - slots_[i].base;
        if (offset < slots_[i].host.size()) return flags_[i].data() + (offset >> page_shift);
    }
    return nullptr;
}

const AddressSpace::Mapping* AddressSpace::mapping_at(GuestPhysical address) const {
    auto after = std::ranges::upper_bound(mappings_, address, {}, &Mapping::base);
    if (after == mappings_.begin()) return nullptr;
    const Mapping& mapping = *std::prev(after);
    return address - mapping.base < mapping.size ? &mapping : nullptr;
}

Answer AddressSpace::read(GuestPhysical address, unsigned size, u64& value) {
    RINGER_ASSERT(is_access_size(size));
    if (const u8* host = ram(address)) {
        if (size > rest_of_page(address)) return read_bytes(address, size, value);
        value = 0;
        std::memcpy(&value, host, size);
        return Answer::now;
    }
    const Mapping* mapping = mapping_at(address);
    if (mapping && size <= mapping->size - (address - mapping->base)) {
        value = 0;
        const Answer answer = mapping->region->read(address - mapping->base, size, value);
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
    if (u8* host = ram(address)) {
        if (size > rest_of_page(address)) return write_bytes(address, size, value);
        note_write(address, size);
        std::memcpy(host, &value, size);
        return Answer::now;
    }
    const Mapping* mapping = mapping_at(address);
    if (mapping && size <= mapping->size - (address - mapping->base))
        return mapping->region->write(address - mapping->base, size, value & byte_mask(size));
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
        std::memcpy(ram(address), source.data(), size);
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

std::vector<GuestPhysical> AddressSpace::take_dirty_pages() {
    constexpr u64 dirty_anywhere = page_dirty * 0x0101'0101'0101'0101;
    std::vector<GuestPhysical> pages;
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        std::vector<u8>& flags = flags_[slot];
        for (std::size_t first = 0; first < flags.size(); first += sizeof(u64)) {
            // Eight at a time, for most pages are clean.
            const std::size_t count = std::min(flags.size() - first, sizeof(u64));
            u64 eight = 0;
            std::memcpy(&eight, &flags[first], count);
            if (!(eight & dirty_anywhere)) continue;
            for (std::size_t page = first; page < first + count; ++page) {
                if (!(flags[page] & page_dirty)) continue;
                flags[page] = static_cast<u8>((flags[page] & ~page_dirty) | page_was_dirty);
                pages.push_back(slots_[slot].base + (u64{page} << page_shift));
            }
        }
    }
    return pages;
}

} // namespace ringer::memory
