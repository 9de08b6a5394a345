#pragma once

#include "random.h"
#include "x86/state.h"

#include <span>

/// Values where instructions tend to differ: boundaries, and what floating-point formats treat as special.
namespace ringer::oracle {

u64 random_integer(Random& random);

/// A linear address: mostly within the data pages, now and then at an edge, where it may not be written,
/// where nothing is mapped, beyond 4 GiB, in the kernel's half, or not canonical.
u64 random_address(Random& random);

/// One within the data pages, `room` bytes away from both ends of what can be written.
u64 ordinary_address(Random& random, u64 room);

/// Fills bytes with elements of one kind: integers or floating-point numbers of some size.
void fill_with_elements(Random& random, std::span<u8> bytes);

std::array<u8, 16> random_x87_register(Random& random);
x86::X87State random_x87_state(Random& random);
x86::VectorState random_vector_state(Random& random);
u16 random_selector(Random& random);

/// The contents of all data pages; `number` is below image_count.
inline constexpr u64 image_count = 32;
void fill_memory_image(u64 number, std::span<u8> bytes);

} // namespace ringer::oracle
