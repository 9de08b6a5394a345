#pragma once

#include "base/types.h"

#include <functional>
#include <span>
#include <vector>

namespace ringer::host {

/// Ethernet frames as they go over a stream, each after its length in 4 bytes, big-endian: as QEMU's network
/// back ends `socket` and `stream` have them.
class FrameStream {
  public:
    /// Puts a frame behind what `stream` has already.
    static void append(std::vector<u8>& stream, std::span<const u8> frame);

    /// The next piece of a stream, as it has come in. Calls `take` with each frame that it completes; what is
    /// too short for a frame is passed over. False: a length is none of a frame, so that this is no such
    /// stream; call it no more.
    [[nodiscard]] bool read(std::span<const u8> piece, const std::function<void(std::span<const u8>)>& take);

  private:
    std::vector<u8> begun_; ///< What has come of the next frame and its length.
};

} // namespace ringer::host
