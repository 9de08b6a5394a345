#pragma once

#include "memory/address_space.h"

#include <algorithm>
#include <span>
#include <vector>

namespace ringer::fuzz {

/// Memory that is made once for all inputs, for new pages take longer than most inputs do: `size` zeros, if
/// every input leaves zeros behind.
template <u64 size>
std::span<u8> lasting_memory() {
    static std::vector<u8> bytes(size);
    return bytes;
}

/// Makes zeros at its end of all RAM that was written by way of an address space.
class Cleaner {
  public:
    explicit Cleaner(memory::AddressSpace& space) : space_(space) {}
    ~Cleaner() {
        for (const GuestPhysical page : space_.take_dirty_pages())
            std::fill_n(space_.any_ram(page), memory::page_size, u8{0});
    }
    Cleaner(const Cleaner&) = delete;
    Cleaner& operator=(const Cleaner&) = delete;

  private:
    memory::AddressSpace& space_;
};

} // namespace ringer::fuzz
