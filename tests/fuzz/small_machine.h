#pragma once

#include "base/assert.h"
#include "memory/address_space.h"
#include "x86/surroundings.h"
#include "x86/testing/test_machine.h"

#include <cstring>
#include <vector>

namespace ringer::fuzz {

/// RAM at 0, small enough to be made anew for each input, an interrupt controller that does what the input
/// says, and nothing else.
class SmallMachine final : public x86::Surroundings {
  public:
    static constexpr u64 ram_size = 0x1'4000;

    SmallMachine() { memory_.add_ram({.base = 0, .host = ram_}); }

    memory::AddressSpace& memory() override { return memory_; }
    memory::AddressSpace& ports() override { return ports_; }
    x86::testing::FakeInterruptController& interrupts() override { return interrupts_; }
    Nanoseconds now() const override { return 0; }

    /// All of RAM, which engines are told of. Only what differs is written.
    void set_ram(const std::vector<u8>& contents) {
        RINGER_ASSERT(contents.size() == ram_size);
        for (u64 page = 0; page < ram_size; page += memory::page_size) {
            if (std::memcmp(&ram_[page], &contents[page], memory::page_size) == 0) continue;
            memory_.note_write(page, memory::page_size);
            std::memcpy(&ram_[page], &contents[page], memory::page_size);
        }
    }
    const std::vector<u8>& ram() const { return ram_; }

  private:
    std::vector<u8> ram_ = std::vector<u8>(ram_size);
    memory::AddressSpace memory_, ports_;
    x86::testing::FakeInterruptController interrupts_;
};

} // namespace ringer::fuzz
