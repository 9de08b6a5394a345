#pragma once

#include "device/storage/medium.h"

#include <sys/uio.h>

#include <functional>
#include <numeric>
#include <vector>

namespace ringer::host {

/// Pieces of memory as the host's calls take them.
inline std::vector<iovec> vectors_of(device::Medium::Pieces pieces) {
    std::vector<iovec> vectors;
    vectors.reserve(pieces.size());
    for (const std::span<u8> piece : pieces) vectors.push_back({piece.data(), piece.size()});
    return vectors;
}

/// In bytes, all together.
inline u64 size_of(device::Medium::Pieces pieces) {
    return std::transform_reduce(pieces.begin(), pieces.end(), u64{0}, std::plus{},
                                 [](std::span<u8> piece) { return piece.size(); });
}

} // namespace ringer::host
