#pragma once

#include "random.h"
#include "trial.h"

#include <span>
#include <vector>

namespace ringer::oracle {

/// RFLAGS of a user-mode program: status flags at random, others now and then.
u64 random_flags(Random& random);

/// @name What instructions expect to find in memory
/// @{
/// A save area of FXSAVE or XSAVE, mostly a sound one.
std::vector<u8> random_save_area(Random& random);

/// An x87 environment of 14 or 28 bytes; `step` is the size of its fields.
std::vector<u8> random_environment(unsigned step, Random& random);

/// `values` as an operand of so many words of `width` bytes.
std::vector<u8> words(std::span<const u64> values, unsigned width);
/// @}

} // namespace ringer::oracle
