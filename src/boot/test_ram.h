#pragma once

#include "base/assert.h"
#include "machine/memory_layout.h"
#include "memory/address_space.h"

#include <cstdlib>
#include <memory>
#include <vector>

namespace ringer::boot {

/// Guest RAM of a size for tests; the host commits what is touched.
class TestRam {
  public:
    explicit TestRam(u64 bytes) : layout_(machine::MemoryLayout::of_size(bytes).value()) {
        for (const machine::MemoryRange& range : layout_.ram()) {
            blocks_.emplace_back(static_cast<u8*>(std::calloc(range.size, 1)));
            RINGER_ASSERT(blocks_.back() != nullptr);
            memory_.add_ram({range.base, {blocks_.back().get(), range.size}});
        }
    }

    memory::AddressSpace& memory() { return memory_; }
    const machine::MemoryLayout& layout() const { return layout_; }

    /// The little-endian T at `address`, which must be RAM.
    template <class T>
    T at(GuestPhysical address) const {
        T value;
        RINGER_ASSERT(memory_.read_ram(address, {reinterpret_cast<u8*>(&value), sizeof(T)}));
        return value;
    }

    std::vector<u8> bytes(GuestPhysical address, u64 size) const {
        std::vector<u8> result(size);
        RINGER_ASSERT(memory_.read_ram(address, result));
        return result;
    }

  private:
    struct Free {
        void operator()(u8* block) const { std::free(block); }
    };

    machine::MemoryLayout layout_;
    std::vector<std::unique_ptr<u8, Free>> blocks_;
    memory::AddressSpace memory_;
};

} // namespace ringer::boot
