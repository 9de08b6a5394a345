#pragma once

#include "base/bits.h"
#include "memory/address_space.h"

#include <array>
#include <span>

/// The memory of a trial: pages at linear addresses that are the same in the native process and in the guest.
/// Whatever lies between them is mapped in neither.
namespace ringer::oracle::layout {

struct Page {
    u64 linear;
    bool writable;
    bool executable;
};

/// In the order of the memory object that holds them.
inline constexpr std::array<Page, 8> pages{{
    {0x1000'0000, false, true},
    {0x1000'1000, false, true},
    {0x2000'0000, true, false},
    {0x2000'1000, true, false},
    {0x2000'2000, true, false},
    {0x2000'3000, false, false},
    {0xffff'f000, true, false},      // Behind it, 32-bit addresses wrap around.
    {0x7fff'ffff'e000, true, false}, // The last page that Linux gives to a process.
}};
inline constexpr u64 page_size = memory::page_size;
inline constexpr u64 code = 0x1000'0000, code_size = 2 * page_size;
inline constexpr u64 data = 0x2000'0000, writable_size = 3 * page_size, data_size = 4 * page_size;
inline constexpr u64 last_page_of_4gib = 0xffff'f000, last_page = 0x7fff'ffff'e000;

inline constexpr std::size_t size = pages.size() * page_size;
inline constexpr std::size_t data_offset = code_size; ///< Of the memory object: what is not code.
inline constexpr std::size_t all_data_size = size - data_offset;

/// The rest of the memory object's page that holds `linear`, from there on; empty when it is not mapped.
inline std::span<u8> at(std::span<u8> object, u64 linear) {
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const u64 offset = linear - pages[i].linear;
        if (offset < page_size) return object.subspan(i * page_size + offset, page_size - offset);
    }
    return {};
}

/// Addresses that are not a process's: Linux does not tell whether they are mapped.
inline bool is_kernel(u64 linear) { return linear >= last_page + page_size; }

} // namespace ringer::oracle::layout
